//! The fields of the form in its order: what stands in each, and which must be filled.
//!
//! Source: 主治医意見書（様式, 令和8年4月から。医師の同意欄は様式からなくなった）. Numbers of fields are ours, section first; lengths are those of
//! existing software (診断名30字, 発症年月日15字, 経過57字×5行, 特記57字×8行); the wording of section 4 is inferred.

use crate::survey::{Choice, ItemDef, OPINION_ITEMS};

/// How a field is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Boxes of the item with the same number in [`OPINION_ITEMS`].
    Coded,
    /// Boxes of another item's choices: those of them that are underlined on paper.
    Marked(&'static str),
    /// One line of at most so many characters.
    Text {
        /// Characters.
        max: usize,
    },
    /// Several lines.
    Lines {
        /// Characters that are taken.
        max: usize,
        /// Lines that fit the box of the form, of 57 characters each.
        rows: usize,
    },
    /// A day.
    Date,
    /// A figure with at most one decimal.
    Figure {
        /// Smallest, whole.
        min: i32,
        /// Largest, whole.
        max: i32,
        /// `cm`, `kg`.
        unit: &'static str,
    },
}

/// Whether a field must be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The opinion cannot be used without it: the days, the first diagnosis, what the judging by computer takes.
    Required,
    /// A municipality asks back when it is empty (推定).
    Expected,
    /// May be empty.
    Free,
}

/// One field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Our number: `3-5-9t`.
    pub id: &'static str,
    /// Name on the form.
    pub name: &'static str,
    /// Section, 0 to 5.
    pub section: u8,
    /// How it is filled.
    pub kind: Kind,
    /// Whether it must be.
    pub need: Need,
    /// The box that it explains: item and choice, `*` for any choice.
    pub of: Option<(&'static str, &'static str)>,
    /// Whether it is copied from a previous opinion.
    pub carries: bool,
}

impl Field {
    /// The coded item, for boxes.
    pub fn item(&self) -> Option<&'static ItemDef> {
        let id = match self.kind {
            Kind::Coded => self.id,
            Kind::Marked(item) => item,
            Kind::Text { .. } | Kind::Lines { .. } | Kind::Date | Kind::Figure { .. } => return None,
        };
        OPINION_ITEMS.iter().find(|item| item.id == id)
    }

    /// The boxes; none for other kinds.
    pub fn choices(&self) -> &'static [Choice] {
        self.item().map_or(&[], |item| item.choices)
    }

    /// Whether several boxes may be ticked.
    pub fn is_many(&self) -> bool {
        matches!(self.kind, Kind::Marked(_)) || self.item().is_some_and(|item| item.multi)
    }

    /// Unit of a figure; empty for other kinds.
    pub fn unit(&self) -> &'static str {
        match self.kind {
            Kind::Figure { unit, .. } => unit,
            Kind::Coded | Kind::Marked(_) | Kind::Text { .. } | Kind::Lines { .. } | Kind::Date => "",
        }
    }

    /// Explains a box.
    const fn of(self, item: &'static str, choice: &'static str) -> Self {
        Self { of: Some((item, choice)), ..self }
    }

    /// Belongs to one writing: not copied.
    const fn once(self) -> Self {
        Self { carries: false, ..self }
    }

    const fn required(self) -> Self {
        Self { need: Need::Required, ..self }
    }

    const fn expected(self) -> Self {
        Self { need: Need::Expected, ..self }
    }
}

const fn make(section: u8, id: &'static str, name: &'static str, kind: Kind) -> Field {
    Field { id, name, section, kind, need: Need::Free, of: None, carries: true }
}

const fn boxes(section: u8, id: &'static str, name: &'static str) -> Field {
    make(section, id, name, Kind::Coded)
}

const fn line(section: u8, id: &'static str, name: &'static str, max: usize) -> Field {
    make(section, id, name, Kind::Text { max })
}

const fn lines(section: u8, id: &'static str, name: &'static str, max: usize, rows: usize) -> Field {
    make(section, id, name, Kind::Lines { max, rows })
}

const fn day(section: u8, id: &'static str, name: &'static str) -> Field {
    make(section, id, name, Kind::Date)
}

/// The field with that number.
pub fn field(id: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.id == id)
}

/// A section of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// 0 to 5.
    pub no: u8,
    /// Heading, with its number from 1 on.
    pub heading: &'static str,
}

impl Section {
    /// Its fields in order.
    pub fn fields(self) -> impl Iterator<Item = &'static Field> {
        FIELDS.iter().filter(move |field| field.section == self.no)
    }
}

/// The sections.
pub static SECTIONS: &[Section] = &[
    Section { no: 0, heading: "0 意見書について" },
    Section { no: 1, heading: "1 傷病に関する意見" },
    Section { no: 2, heading: "2 特別な医療（過去14日間）" },
    Section { no: 3, heading: "3 心身の状態に関する意見" },
    Section { no: 4, heading: "4 生活機能とサービスに関する意見" },
    Section { no: 5, heading: "5 特記すべき事項" },
];

/// Every field in the order of the form.
pub static FIELDS: &[Field] = &[
    day(0, "0-0", "記入日").required().once(),
    line(0, "0-5", "医師氏名", 40).required().once(),
    day(0, "0-1", "最終診察日").required().once(),
    boxes(0, "0-2", "意見書作成回数").required().once(),
    boxes(0, "0-3", "他科受診の有無").expected(),
    boxes(0, "0-4", "他科"),
    line(0, "0-4t", "他科（その他）", 30).of("0-4", "13"),
    line(1, "1-1-1", "診断名1（特定疾病、または生活機能低下の直接の原因となっている傷病名）", 30).required(),
    line(1, "1-1-1d", "発症年月日1", 15).expected(),
    line(1, "1-1-2", "診断名2", 30),
    line(1, "1-1-2d", "発症年月日2", 15),
    line(1, "1-1-3", "診断名3", 30),
    line(1, "1-1-3d", "発症年月日3", 15),
    boxes(1, "1-2", "症状としての安定性").required(),
    line(1, "1-2t", "不安定なときの具体的な状況", 100).of("1-2", "2"),
    lines(1, "1-3", "傷病・特定疾病の経過と、投薬内容を含む治療内容", 600, 5).expected(),
    boxes(2, "2-1", "処置内容"),
    boxes(2, "2-2", "特別な対応"),
    boxes(2, "2-3", "失禁への対応"),
    boxes(3, "3-1-1", "障害高齢者の日常生活自立度（寝たきり度）").required(),
    boxes(3, "3-1-2", "認知症高齢者の日常生活自立度").required(),
    boxes(3, "3-2-1", "短期記憶").required(),
    boxes(3, "3-2-2", "日常の意思決定を行うための認知能力").required(),
    boxes(3, "3-2-3", "自分の意思の伝達能力").required(),
    boxes(3, "3-3-1", "認知症の行動・心理症状（BPSD）の有無").expected(),
    boxes(3, "3-3-2", "認知症の行動・心理症状（BPSD）"),
    line(3, "3-3-2t", "BPSD（その他）", 30).of("3-3-2", "12"),
    boxes(3, "3-4-1", "その他の精神・神経症状の有無").expected(),
    line(3, "3-4-1t", "症状名", 40).of("3-4-1", "1"),
    boxes(3, "3-4-2", "専門医受診の有無"),
    line(3, "3-4-2t", "受診している科", 20).of("3-4-2", "1"),
    boxes(3, "3-5-1", "利き腕"),
    make(3, "3-5-1h", "身長", Kind::Figure { min: 80, max: 220, unit: "cm" }),
    make(3, "3-5-1w", "体重", Kind::Figure { min: 15, max: 250, unit: "kg" }),
    boxes(3, "3-5-2", "過去6か月の体重の変化"),
    boxes(3, "3-5-3", "四肢欠損"),
    line(3, "3-5-3t", "四肢欠損の部位", 30).of("3-5-3", "1"),
    boxes(3, "3-5-4", "麻痺（右上肢）"),
    boxes(3, "3-5-5", "麻痺（左上肢）"),
    boxes(3, "3-5-6", "麻痺（右下肢）"),
    boxes(3, "3-5-7", "麻痺（左下肢）"),
    boxes(3, "3-5-8", "麻痺（その他）"),
    line(3, "3-5-8t", "麻痺（その他）の部位", 30).of("3-5-8", "*"),
    boxes(3, "3-5-9", "筋力の低下"),
    line(3, "3-5-9t", "筋力の低下の部位", 30).of("3-5-9", "*"),
    boxes(3, "3-5-10", "関節の拘縮"),
    line(3, "3-5-10t", "関節の拘縮の部位", 30).of("3-5-10", "*"),
    boxes(3, "3-5-11", "関節の痛み"),
    line(3, "3-5-11t", "関節の痛みの部位", 30).of("3-5-11", "*"),
    boxes(3, "3-5-12", "失調・不随意運動"),
    boxes(3, "3-5-13", "褥瘡"),
    line(3, "3-5-13t", "褥瘡の部位", 30).of("3-5-13", "*"),
    boxes(3, "3-5-14", "その他の皮膚疾患"),
    line(3, "3-5-14t", "その他の皮膚疾患の部位", 30).of("3-5-14", "*"),
    boxes(4, "4-1-1", "屋外歩行").expected(),
    boxes(4, "4-1-2", "車いすの使用").expected(),
    boxes(4, "4-1-3", "歩行補助具・装具の使用").expected(),
    boxes(4, "4-2-1", "食事行為").required(),
    boxes(4, "4-2-2", "現在の栄養状態").expected(),
    line(4, "4-2-3t", "栄養・食生活上の留意点", 60).of("4-2-2", "2"),
    boxes(4, "4-3", "現在あるかまたは今後発生の可能性の高い状態"),
    line(4, "4-3t", "状態（その他）", 30).of("4-3", "14"),
    line(4, "4-3p", "対処方針", 100).of("4-3", "*"),
    boxes(4, "4-4", "サービス利用による生活機能の維持・改善の見通し").expected(),
    boxes(4, "4-5", "医学的管理の必要性"),
    make(4, "4-5u", "特に必要性の高いもの（紙では下線）", Kind::Marked("4-5")),
    line(4, "4-5t", "その他の医療系サービス", 30).of("4-5", "12"),
    boxes(4, "4-6-1", "サービス提供時の留意事項（血圧）"),
    line(4, "4-6-1t", "血圧についての留意事項", 50).of("4-6-1", "2"),
    boxes(4, "4-6-2", "サービス提供時の留意事項（摂食）"),
    line(4, "4-6-2t", "摂食についての留意事項", 50).of("4-6-2", "2"),
    boxes(4, "4-6-3", "サービス提供時の留意事項（嚥下）"),
    line(4, "4-6-3t", "嚥下についての留意事項", 50).of("4-6-3", "2"),
    boxes(4, "4-6-4", "サービス提供時の留意事項（移動）"),
    line(4, "4-6-4t", "移動についての留意事項", 50).of("4-6-4", "2"),
    boxes(4, "4-6-5", "サービス提供時の留意事項（運動）"),
    line(4, "4-6-5t", "運動についての留意事項", 50).of("4-6-5", "2"),
    line(4, "4-6-6t", "その他の留意事項", 60),
    boxes(4, "4-7", "感染症の有無").expected(),
    line(4, "4-7t", "感染症の名前", 40).of("4-7", "1"),
    lines(5, "5", "特記すべき事項", 1000, 8),
];
