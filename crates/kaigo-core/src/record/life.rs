//! Feedback of LIFE about one user (利用者フィードバック票), as the platform is to share it from 2027 on.

use crate::column;
use crate::date::Date;
use crate::id::OfficeNo;
use crate::layout::{Column, Record, Trouble};
use crate::service::ServiceKind;
use crate::text::Text;

/// Feedback sheet of LIFE about one user (利用者フィードバック票). Made from what one office sent to LIFE, so that office is its maker.
///
/// The columns are ours: the layout by which LIFE hands it over is not published.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LifeFeedback {
    /// Office that sent the data (事業所番号).
    pub office_no: OfficeNo,
    /// Its service (サービス種類コード).
    pub service_kind: ServiceKind,
    /// First day of the period that is looked at (対象期間 開始).
    pub period_from: Date,
    /// Last day (対象期間 終了).
    pub period_until: Date,
    /// Items, `name=value;`: 「ADL（Barthel Index）=65→70;」.
    pub items: Option<Text<4000>>,
    /// File in the feed's `documents` folder (ファイル名).
    pub file: Option<Text<120>>,
}

impl LifeFeedback {
    /// The items as name and value, in order; what has no `=` has an empty value.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        let text = self.items.as_ref().map_or("", Text::as_str);
        text.split(';')
            .map(str::trim)
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').map_or((pair, ""), |(name, value)| (name.trim(), value.trim())))
            .collect()
    }
}

impl Record for LifeFeedback {
    const NAME: &'static str = "life_feedback";
    const JA: &'static str = "LIFE 利用者フィードバック票";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(office_no: OfficeNo, "事業所番号", "LIFE に登録した事業所"),
        column!(service_kind: ServiceKind, "サービス種類コード", "その事業所のサービス"),
        column!(period_from: Date, "対象期間開始年月日", ""),
        column!(period_until: Date, "対象期間終了年月日", ""),
        column!(items: Option<Text<4000>>, "項目", "名前=値 を ; でつなぐ。様式は公表されていないため、本システムの約束"),
        column!(file: Option<Text<120>>, "ファイル名", "documents フォルダーの中の PDF・PNG・JPEG"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.period_from), Some(self.period_until), "対象期間終了年月日")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_pairs() {
        let feedback = LifeFeedback {
            items: Some(Text::parse("ADL=65→70; 体重 = 52.1kg ;;備考").unwrap()),
            ..LifeFeedback::default()
        };
        assert_eq!(feedback.pairs(), [("ADL", "65→70"), ("体重", "52.1kg"), ("備考", "")]);
        assert!(LifeFeedback::default().pairs().is_empty());
    }

    #[test]
    fn a_period_does_not_end_before_it_begins() {
        let mut feedback =
            LifeFeedback { period_from: crate::date::iso("2026-06-01").unwrap(), ..LifeFeedback::default() };
        feedback.period_until = crate::date::iso("2026-05-31").unwrap();
        assert_eq!(feedback.rules().len(), 1);
        feedback.period_until = crate::date::iso("2026-06-01").unwrap();
        assert!(feedback.rules().is_empty());
    }
}
