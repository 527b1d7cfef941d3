//! What an insurer switches on or off (保険者が選べること): where the law and the notices leave it to the municipality, or are silent.

use jiff::civil::date;

use super::super::{Dated, at};
use crate::codes;
use crate::date::Date;

codes! {
    /// What an insurer may switch (選べること). Our own table.
    Switch, "保険者が選べること", {
        OfficeConsent = "office-consent" "事業所が市町村に代わって同意を受け付けること",
        FilingPending = "filing-pending" "届出のときに、認定の申請中であることを事業所に示すこと",
        OtherOpinion = "other-opinion" "ほかの医療機関が書いた前回の意見書を、作成依頼に付けること",
    }
}

const fn since_start(value: bool, source: &'static str) -> [Dated<bool>; 1] {
    [Dated { from: date(2026, 4, 1), until: None, value, source }]
}

static OFFICE_CONSENT: [Dated<bool>; 1] = since_start(
    true,
    "介護保険部会 2025-04（包括的同意）：市町村が受け付けるまでのあいだ、居宅介護支援と施設・居住系が代わって受け付けられる",
);
static FILING_PENDING: [Dated<bool>; 1] = since_start(
    true,
    "推定（本システムのきまり）：暫定の計画の届出は、申請中かどうかで書き方と期限が変わる。示すのは、申請中であること・申請区分・申請日だけ",
);
static OTHER_OPINION: [Dated<bool>; 1] = since_start(
    false,
    "共有する情報の項目の表：医療機関は自分で作成した主治医意見書だけ（医療介護連携の進め方 資料1）。ほかの医療機関の分は、保険者が根拠を示すときだけ",
);

impl Switch {
    /// What holds without a setting, with its source.
    pub fn rows(self) -> &'static [Dated<bool>] {
        match self {
            Self::OfficeConsent => &OFFICE_CONSENT,
            Self::FilingPending => &FILING_PENDING,
            Self::OtherOpinion => &OTHER_OPINION,
        }
    }

    /// What holds on a day without a setting.
    pub fn usual(self, day: Date) -> bool {
        at(self.rows(), day).is_some_and(|row| row.value)
    }
}

/// On or off in words.
pub fn say(on: bool) -> &'static str {
    if on { "する" } else { "しない" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_has_a_rule_with_a_source() {
        for switch in Switch::ALL {
            super::super::super::well_formed(switch.rows());
        }
        let usual: Vec<bool> = Switch::ALL.iter().map(|s| s.usual(date(2026, 11, 22))).collect();
        assert_eq!(usual, [true, true, false]);
        assert!(!Switch::OfficeConsent.usual(date(2026, 3, 31)), "nothing holds before the platform begins");
    }
}
