//! Code tables of the records. Codes are the national ones where a national table is public; the rest are ours and say so.

use crate::layout::{BadCell, Cell, Field, Shape};
use crate::text::halfwidth;

/// Declares a code table: an enum with its code and Japanese label.
#[macro_export]
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident, $ja:literal, { $($(#[$vmeta:meta])* $variant:ident = $code:literal $label:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vmeta])* #[doc = $label] $variant),+
        }

        impl $name {
            /// Every code in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Japanese name of the code table.
            pub const TABLE: &'static str = $ja;

            /// The code as it stands in files and tables.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The Japanese label.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }

            /// Reads a code, or the label spelled out.
            pub fn parse(text: &str) -> Result<Self, $crate::layout::BadCell> {
                $crate::code::find(text, Self::ALL, Self::code, Self::label).ok_or_else(|| {
                    $crate::layout::BadCell::UnknownCode {
                        table: $ja,
                        known: [$(concat!($code, " ", $label)),+].join("・"),
                    }
                })
            }
        }

        impl Default for $name {
            fn default() -> Self {
                $crate::code::first(Self::ALL)
            }
        }

        impl $crate::layout::Field for $name {
            fn read(&mut self, text: &str) -> Result<(), $crate::layout::BadCell> {
                *self = Self::parse(text)?;
                Ok(())
            }
            fn cell(&self) -> $crate::layout::Cell<'_> {
                $crate::layout::Cell::Text(self.code().into())
            }
            fn shape() -> $crate::layout::Shape {
                $crate::layout::Shape::Code { table: $ja, rows: vec![$(($code, $label)),+] }
            }
        }
    };
}

/// The first entry of a code table, which is never empty.
#[expect(clippy::indexing_slicing, reason = "codes! makes tables of at least one entry")]
pub(crate) fn first<T: Copy>(all: &[T]) -> T {
    all[0]
}

/// Finds a code or label; a one-digit code may be written for `01` and the like only where no other code is meant.
pub(crate) fn find<T: Copy>(
    text: &str,
    all: &[T],
    code: fn(T) -> &'static str,
    label: fn(T) -> &'static str,
) -> Option<T> {
    let plain = halfwidth(text);
    all.iter().copied().find(|&v| code(v) == plain).or_else(|| all.iter().copied().find(|&v| label(v) == text.trim()))
}

/// A whole number with a unit and a range: yen, benefit units, counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount<const MIN: i32, const MAX: i32>(pub i32);

/// Yen (円), zero to 99,999,999.
pub type Yen = Amount<0, 99_999_999>;
/// Benefit units (単位) a month, zero to 999,999.
pub type Units = Amount<0, 999_999>;
/// A small number, zero to 9,999.
pub type Small = Amount<0, 9_999>;

impl<const MIN: i32, const MAX: i32> core::fmt::Display for Amount<MIN, MAX> {
    /// With thousands separators: `200,000`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&thousands(self.0))
    }
}

/// A number with thousands separators.
pub fn thousands(n: i32) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + 5);
    if n < 0 {
        out.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

impl<const MIN: i32, const MAX: i32> Field for Amount<MIN, MAX> {
    fn read(&mut self, text: &str) -> Result<(), BadCell> {
        let plain = halfwidth(text);
        let digits: String = plain.chars().filter(|c| *c != ',').collect();
        let n: i32 = digits.parse().map_err(|_| BadCell::Range { min: MIN, max: MAX })?;
        if !(MIN..=MAX).contains(&n) {
            return Err(BadCell::Range { min: MIN, max: MAX });
        }
        self.0 = n;
        Ok(())
    }

    fn load(&mut self, cell: Cell<'_>) -> Result<(), BadCell> {
        match cell {
            Cell::Int(n) => {
                self.0 = n;
                Ok(())
            }
            Cell::Null | Cell::Text(_) => Err(BadCell::Stored),
        }
    }

    fn cell(&self) -> Cell<'_> {
        Cell::Int(self.0)
    }

    fn shape() -> Shape {
        Shape::Int { unit: "", min: MIN, max: MAX }
    }
}

codes! {
    /// Sex (性別コード), as in the claims interface and LIFE.
    Sex, "性別コード", { Male = "1" "男", Female = "2" "女" }
}

codes! {
    /// Kind of insured person (被保険者区分), 介護保険法 9条.
    InsuredClass, "被保険者区分", { First = "1" "第1号被保険者", Second = "2" "第2号被保険者" }
}

codes! {
    /// Why a qualification was lost (資格喪失事由). Our own table.
    LossReason, "資格喪失事由", {
        MovedOut = "1" "転出", Death = "2" "死亡", Exempted = "3" "適用除外", Other = "9" "その他",
    }
}

codes! {
    /// Specified disease (特定疾病): only by one of these is a person under 65 certified. 介護保険法施行令 第2条, in its order; the numbers
    /// are those of its items.
    SpecifiedDisease, "特定疾病", {
        Cancer = "01" "がん（医師が回復の見込みがないと判断したもの）",
        RheumatoidArthritis = "02" "関節リウマチ",
        AmyotrophicLateralSclerosis = "03" "筋萎縮性側索硬化症",
        OssifiedLigament = "04" "後縦靱帯骨化症",
        OsteoporosisWithFracture = "05" "骨折を伴う骨粗鬆症",
        PresenileDementia = "06" "初老期における認知症",
        Parkinsonism = "07" "進行性核上性麻痺、大脳皮質基底核変性症及びパーキンソン病",
        SpinocerebellarDegeneration = "08" "脊髄小脳変性症",
        SpinalStenosis = "09" "脊柱管狭窄症",
        Progeria = "10" "早老症",
        MultipleSystemAtrophy = "11" "多系統萎縮症",
        DiabeticComplications = "12" "糖尿病性神経障害、糖尿病性腎症及び糖尿病性網膜症",
        CerebrovascularDisease = "13" "脳血管疾患",
        ArteriosclerosisObliterans = "14" "閉塞性動脈硬化症",
        ObstructivePulmonaryDisease = "15" "慢性閉塞性肺疾患",
        Osteoarthritis = "16" "両側の膝関節又は股関節に著しい変形を伴う変形性関節症",
    }
}

codes! {
    /// Kind of benefit limit (限度額の種類), 介護保険法 43条.
    LimitKind, "限度額区分", { Total = "1" "区分支給限度基準額", ByService = "2" "種類支給限度基準額" }
}

codes! {
    /// Share of the cost borne by the user (利用者負担の割合).
    BurdenShare, "負担割合", { Ten = "1" "1割", Twenty = "2" "2割", Thirty = "3" "3割" }
}

codes! {
    /// Kind of relief certificate (減免・減額認定証の種類). Our own table over the groups of the forms.
    ReliefKind, "減免区分", {
        BurdenCap = "1" "負担限度額認定証",
        WelfareCorporation = "2" "社会福祉法人等利用者負担軽減確認証",
        ShareReduction = "3" "利用者負担額減額・免除認定証",
        SpecialCap = "4" "特定負担限度額認定証",
        HomeHelp = "5" "訪問介護等利用者負担額減額認定証",
    }
}

codes! {
    /// Stage of the burden cap (利用者負担段階). Stage 4 has no relief. An open list: a split of stage 3 is planned.
    BurdenStage, "利用者負担段階", {
        One = "1" "第1段階", Two = "2" "第2段階", ThreeOne = "31" "第3段階①", ThreeTwo = "32" "第3段階②", Four = "4" "第4段階",
    }
}

codes! {
    /// Kind of benefit restriction for unpaid premiums (給付制限), 介護保険法 66–69条.
    RestrictionKind, "給付制限区分", {
        PaymentMethod = "1" "支払方法変更（償還払い化）",
        Withheld = "2" "保険給付の一時差止",
        Reduced = "3" "給付額減額",
        SecondClass = "4" "第2号被保険者の給付差止",
    }
}

codes! {
    /// State of a claim for 住宅改修費 or 福祉用具購入費. Our own table.
    ClaimState, "支給状態", {
        Applied = "1" "申請中", Approved = "2" "事前承認", Paid = "3" "支給決定", Refused = "4" "不支給", Withdrawn = "5" "取下げ",
    }
}

codes! {
    /// Kind of equipment (特定福祉用具の種目), including the kinds that can be rented or bought since 2024-04.
    EquipmentKind, "特定福祉用具種目", {
        Toilet = "1" "腰掛便座",
        ExcretionParts = "2" "自動排泄処理装置の交換可能部品",
        ExcretionSensor = "3" "排泄予測支援機器",
        Bath = "4" "入浴補助用具",
        PortableBath = "5" "簡易浴槽",
        LiftSling = "6" "移動用リフトのつり具の部分",
        Slope = "7" "固定用スロープ",
        Walker = "8" "歩行器",
        Stick = "9" "歩行補助つえ",
    }
}

codes! {
    /// Kind of application for certification (申請区分). Our own table.
    ApplicationKind, "申請区分", {
        New = "1" "新規", Renewal = "2" "更新", Change = "3" "区分変更", ExOfficio = "4" "職権", MovedIn = "5" "転入",
    }
}

codes! {
    /// How an application ended (審査結果). Our own table.
    Outcome, "審査結果", {
        Certified = "1" "認定", NotCertified = "2" "非該当", Withdrawn = "3" "取下げ", Dismissed = "4" "却下",
    }
}

codes! {
    /// Who makes the care plan (居宅サービス計画作成区分).
    PlanMaker, "居宅サービス計画作成区分", {
        CareManagement = "1" "居宅介護支援事業所", Own = "2" "自己作成", Prevention = "3" "介護予防支援事業所・地域包括支援センター",
    }
}

codes! {
    /// Who took a consent (同意取得者区分). Our own table.
    ConsentTaker, "同意取得者区分", { Insurer = "1" "市町村", Office = "2" "事業所" }
}

codes! {
    /// Who gave a consent in the person's place (代理). Our own table.
    ConsentBy, "同意者区分", { Person = "1" "本人", Family = "2" "家族", Guardian = "3" "成年後見人等" }
}

codes! {
    /// Whether a row takes an earlier one back (取消区分).
    Void, "取消区分", { Valid = "0" "有効", Voided = "1" "取消" }
}
