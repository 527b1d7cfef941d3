//! Code tables of the standard (LAYOUT コード表), as code and label.

/// A code table: what may stand in a column, and what it means.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeTable {
    /// Japanese name.
    pub name: &'static str,
    /// Code and label of each row.
    pub rows: &'static [(&'static str, &'static str)],
}

impl CodeTable {
    /// The label of a code.
    pub fn label(&self, code: &str) -> Option<&'static str> {
        self.rows.iter().find(|(own, _)| *own == code).map(|(_, label)| *label)
    }

    /// The codes with their labels, for a sentence.
    pub fn known(&self) -> String {
        self.rows.iter().map(|(code, label)| format!("{code} {label}")).collect::<Vec<_>>().join("・")
    }
}

macro_rules! tables {
    ($($(#[$meta:meta])* $ident:ident $name:literal [$($code:literal $label:literal),+ $(,)?])+) => {
        $($(#[$meta])* pub static $ident: CodeTable = CodeTable { name: $name, rows: &[$(($code, $label)),+] };)+
    };
}

tables! {
    /// 計画書区分.
    PLAN_CLASS "計画書区分" ["11" "初回", "12" "紹介", "21" "継続", "51" "初回＆紹介", "52" "初回＆継続", "53" "紹介＆継続", "54" "初回＆紹介＆継続"]
    /// 認定状況区分.
    CERTIFICATION_STATE "認定状況区分" ["1" "申請中", "2" "認定済"]
    /// 要介護状態区分.
    CARE_LEVEL "要介護状態区分" ["06" "事業対象者", "12" "要支援１", "13" "要支援２", "21" "要介護１", "22" "要介護２", "23" "要介護３", "24" "要介護４", "25" "要介護５"]
    /// 要介護状態区分 of 利用者基本情報: 非該当 instead of 事業対象者.
    CARE_LEVEL_BASIC "要介護状態区分（利用者基本情報）" ["01" "非該当", "12" "要支援１", "13" "要支援２", "21" "要介護１", "22" "要介護２", "23" "要介護３", "24" "要介護４", "25" "要介護５"]
    /// 要支援状態区分 of 支援計画書: a code set of its own.
    SUPPORT_LEVEL "要支援状態区分" ["1" "要支援１", "2" "要支援２", "3" "地域支援事業"]
    /// 生活援助中心型の算定理由.
    HOUSEWORK_REASON "生活援助中心型の算定理由" ["1" "一人暮らし", "2" "家族等が障害、疾病等", "3" "その他"]
    /// 保険対象区分.
    COVERED "保険対象区分" ["Y" "対象", "N" "対象外"]
    /// 性別.
    SEX "性別" ["1" "男性", "2" "女性"]
    /// 曜日.
    WEEKDAY "曜日" ["1" "月", "2" "火", "3" "水", "4" "木", "5" "金", "6" "土", "7" "日"]
    /// ３０日超区分.
    OVER_30 "３０日超区分" ["0" "非該当", "1" "該当"]
    /// 計画種類 (予防).
    PLAN_TYPE "計画種類" ["1" "介護予防支援", "2" "介護予防ケアマネジメント"]
    /// 委託の有無.
    ENTRUSTED "委託の有無" ["1" "自前", "2" "委託"]
    /// 相談方法.
    CONSULTATION "相談方法" ["01" "来所", "02" "電話", "03" "その他"]
    /// 相談回数.
    CONSULTATION_COUNT "相談回数" ["01" "初回", "02" "再来"]
    /// 利用者の現況.
    SITUATION "利用者の現況" ["01" "在宅", "02" "入院又は入所中"]
    /// 障害高齢者の日常生活自立度.
    DISABILITY "障害高齢者の日常生活自立度" ["01" "自立", "11" "J1", "12" "J2", "21" "A1", "22" "A2", "31" "B1", "32" "B2", "41" "C1", "42" "C2"]
    /// 認知症高齢者の日常生活自立度.
    DEMENTIA "認知症高齢者の日常生活自立度" ["01" "自立", "02" "Ⅰ", "03" "Ⅱａ", "04" "Ⅱｂ", "05" "Ⅲａ", "06" "Ⅲｂ", "07" "Ⅳ", "08" "Ｍ"]
    /// 基本チェックリスト記入結果.
    CHECKLIST "基本チェックリスト記入結果" ["1" "事業対象者の該当あり", "2" "事業対象者の該当なし"]
    /// 1 or 0.
    YES_ZERO "該当区分" ["1" "該当", "0" "非該当"]
    /// 1 or 2.
    YES_TWO "有無" ["1" "有", "2" "無"]
    /// 要否.
    NEEDED "要否" ["1" "要", "2" "否"]
    /// 居住形態.
    DWELLING "居住形態" ["01" "自宅", "02" "借家", "03" "一戸建て", "04" "集合住宅", "05" "自宅・一戸建て", "06" "自宅・集合住宅", "07" "借家・一戸建て", "08" "借家・集合住宅"]
    /// 主治医・意見作成者フラグ.
    MAIN_DOCTOR "主治医・意見作成者フラグ" ["1" "主治医・意見作成者", "2" "それ以外"]
    /// 経過.
    COURSE "経過" ["01" "治療中", "02" "経過観察中", "03" "その他"]
}
