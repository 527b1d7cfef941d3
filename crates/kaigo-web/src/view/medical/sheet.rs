//! The printed form 主治医意見書: two sheets of A4.

use std::collections::BTreeMap;

use crate::view::Choice;

/// What stands on the form, ready to print.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// 氏名.
    pub name: String,
    /// ふりがな.
    pub kana: String,
    /// 生年月日 in 和暦.
    pub birth: String,
    /// 「88歳」.
    pub age: String,
    /// 性別.
    pub sex: String,
    /// 保険者.
    pub insurer: String,
    /// 被保険者番号.
    pub number: String,
    /// 申請番号.
    pub application: String,
    /// 医療機関名.
    pub institution: String,
    /// Boxes by field, ticked or not.
    pub boxes: BTreeMap<String, Vec<Choice>>,
    /// Texts by field.
    pub texts: BTreeMap<String, String>,
    /// A scan is the opinion: its name; may be empty.
    pub file: String,
    /// 「提出前の下書き」; may be empty.
    pub mark: String,
}

impl Sheet {
    /// The boxes of a field.
    pub fn boxes(&self, id: &str) -> &[Choice] {
        self.boxes.get(id).map_or(&[], Vec::as_slice)
    }

    /// The text of a field.
    pub fn text(&self, id: &str) -> &str {
        self.texts.get(id).map_or("", String::as_str)
    }

    /// Whether a box is underlined: 特に必要性の高いもの.
    pub fn is_underlined(&self, code: &str) -> bool {
        self.boxes("4-5u").iter().any(|choice| choice.value == code && choice.chosen)
    }
}
