//! The text that is explained before somebody consents (包括的同意の説明文), by version, and how a consent is taken.
//!
//! A version never changes once somebody consented to it: what changes is a new row. The words follow 介護情報利活用WG
//! 中間とりまとめ 2024-03 and 社会保障審議会 介護保険部会 2025-04 (包括的同意); the national model text is not public yet, so
//! these are our own words (推定).

use crate::codes;
use crate::date::Date;
use crate::plain::Saying;

codes! {
    /// What was done with the consent (同意・撤回). Our own table.
    ConsentStep, "同意の区分", { Given = "given" "同意", Withdrawn = "withdrawn" "撤回" }
}

codes! {
    /// Where it was taken (受け付けたところ). Our own table.
    ConsentDesk, "受付の区分", { Insurer = "insurer" "市町村", Office = "office" "事業所", Person = "person" "本人の画面" }
}

codes! {
    /// How it was expressed (方法). Our own table.
    ConsentMethod, "同意の方法", { Paper = "paper" "書面", Screen = "screen" "窓口の画面", Portal = "portal" "本人の画面" }
}

/// A version of the explained text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentText {
    /// Name of the version, as the records carry it (同意書の版).
    pub version: &'static str,
    /// First day on which it is explained.
    pub from: Date,
    /// The sentences, in both registers.
    pub sentences: &'static [Saying],
    /// Where it stands.
    pub source: &'static str,
}

/// The versions, the oldest first.
pub const TEXTS: &[ConsentText] = &[ConsentText {
    version: "第1版",
    from: jiff::civil::date(2026, 4, 1),
    sentences: &[
        Saying {
            usual: "認定のときに作られた「認定調査票」と「主治医意見書」を、あなたを担当する次のところが、仕事に必要なときに見られるようにします。",
            easy: "認定のときの書類を、あなたを担当する人が見てもいいですか。",
        },
        Saying {
            usual: "見られるのは、居宅介護支援事業所などのケアマネジャーと、国の共有のきまりで認められたところだけです。",
            easy: "見る人は、ケアマネジャーなどです。国のきまりで決まっています。",
        },
        Saying {
            usual: "一度同意すると、事業所が替わっても、そのたびに同意する必要はありません。",
            easy: "1回同意すると、事業所が変わっても、また聞かれません。",
        },
        Saying {
            usual: "同意しなくても、認定の申請やサービスの利用ができなくなることはありません。",
            easy: "同意しなくても、サービスは使えます。",
        },
        Saying {
            usual: "同意は、いつでも取り消せます。取り消すと、そのときから見られなくなります。",
            easy: "同意は、いつでもやめられます。やめると、すぐに見られなくなります。",
        },
        Saying {
            usual: "だれが・いつ・何を見たかは、すべて記録されます。あなたは、その記録を見ることができます。",
            easy: "だれが見たかは、書いて残します。あなたは、それを見ることができます。",
        },
    ],
    source: "推定：介護情報利活用WG 中間とりまとめ 2024-03、介護保険部会 2025-04 の考え方による（国の様式は未公表）",
}];

/// The version that is explained on a day.
pub fn current(today: Date) -> Option<&'static ConsentText> {
    TEXTS.iter().rev().find(|text| text.from <= today)
}

/// The version of that name.
pub fn find(version: &str) -> Option<&'static ConsentText> {
    TEXTS.iter().find(|text| text.version == version)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::date;

    use super::*;

    #[test]
    fn versions_are_in_order_and_named_once() {
        let names: HashSet<&str> = TEXTS.iter().map(|text| text.version).collect();
        assert_eq!(names.len(), TEXTS.len());
        assert!(TEXTS.windows(2).all(|pair| pair[0].from < pair[1].from));
        // The records hold a version in twenty characters.
        assert!(TEXTS.iter().all(|text| !text.sentences.is_empty() && text.version.chars().count() <= 20));
    }

    #[test]
    fn the_version_of_a_day() {
        assert_eq!(current(date(2026, 3, 31)), None);
        assert_eq!(current(date(2026, 4, 1)).map(|text| text.version), Some("第1版"));
        assert_eq!(find("第1版"), current(date(2027, 1, 1)));
        assert_eq!(find("第0版"), None);
    }

    #[test]
    fn the_easy_register_is_short() {
        for sentence in TEXTS.iter().flat_map(|text| text.sentences).flat_map(|s| s.easy.split('。')) {
            assert!(sentence.chars().count() <= 40, "{sentence}");
        }
    }
}
