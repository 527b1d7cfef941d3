//! What the importer asks of a record kind beyond its columns: cautions, and the document it names.

use kaigo_core::code::LimitKind;
use kaigo_core::kana::is_kana;
use kaigo_core::layout::{Record, Trouble};
use kaigo_core::record::application::Application;
use kaigo_core::record::benefit::{EquipmentPurchase, HomeModification};
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_core::record::consent::Consent;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::record::life::LifeFeedback;
use kaigo_core::record::person::{InsuredPerson, Qualification};
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::record::relief::{BenefitRestriction, BurdenRatio, Relief};
use kaigo_core::rule::burden::{AMOUNTS, amount_differences};
use kaigo_core::rule::{at, limit::LIMITS};
use kaigo_core::survey::RARE_COMBINATIONS;
use kaigo_core::text::Text;

/// A record kind of a feed.
pub(super) trait Kind: Record {
    /// What someone should look at, with where the rule stands; the record is taken all the same.
    fn cautions(&self) -> Vec<(Trouble, &'static str)> {
        Vec::new()
    }

    /// Name of the document's file, if the record names one.
    fn document(&self) -> Option<&str> {
        None
    }
}

impl Kind for Qualification {}
impl Kind for Certification {}
impl Kind for BurdenRatio {}
impl Kind for BenefitRestriction {}
impl Kind for HomeModification {}
impl Kind for EquipmentPurchase {}
impl Kind for Application {}
impl Kind for Consent {}
impl Kind for PlanNotice {}

impl Kind for LifeFeedback {
    fn document(&self) -> Option<&str> {
        self.file.as_ref().map(Text::as_str)
    }
}

impl Kind for InsuredPerson {
    fn cautions(&self) -> Vec<(Trouble, &'static str)> {
        if is_kana(self.name_kana.as_str()) {
            return Vec::new();
        }
        let say = "氏名カナにカナでない文字があります。本人確認で一致しないおそれがあります。".to_owned();
        vec![(caution("kana-shape", "氏名カナ", say, "カタカナで入れてください。"), "")]
    }
}

impl Kind for BenefitLimit {
    fn cautions(&self) -> Vec<(Trouble, &'static str)> {
        let row = match self.kind {
            LimitKind::Total => at(LIMITS, self.valid_from),
            LimitKind::ByService => None,
        };
        let Some(row) = row.filter(|row| row.value.iter().all(|(_, units)| *units != self.units)) else {
            return Vec::new();
        };
        let say = format!("支給限度基準額（{}単位）が、どの要介護状態区分の額とも違います。", self.units);
        vec![(caution("limit-amount", "支給限度基準額", say, "単位数を確かめてください。"), row.source)]
    }
}

impl Kind for Relief {
    fn cautions(&self) -> Vec<(Trouble, &'static str)> {
        let source = at(AMOUNTS, self.valid_from).map_or("", |row| row.source);
        let differences = amount_differences(self).into_iter().map(|d| {
            let say = format!("{}（{}円）が、この段階の定めの額（{}円）と違います。", d.item, d.got, d.want);
            (
                caution(
                    "relief-amount",
                    d.item,
                    say,
                    "段階と額を確かめてください。特例減額などであれば、このままで構いません。",
                ),
                source,
            )
        });
        differences.collect()
    }
}

impl Kind for Survey {
    fn cautions(&self) -> Vec<(Trouble, &'static str)> {
        // Asking `SurveyItems::warnings` reads the text anew for each combination; a feed has many surveys.
        let text = self.items.as_str();
        let mut given: Vec<(&str, &str)> = text
            .split(';')
            .filter_map(|part| part.split_once('='))
            .flat_map(|(item, codes)| codes.split(',').map(move |code| (item, code)))
            .collect();
        given.sort_unstable();
        let rare =
            RARE_COMBINATIONS.iter().filter(|rare| rare.answers.iter().all(|pair| given.binary_search(pair).is_ok()));
        rare.map(|rare| {
            let say = format!("基本調査にまれな組合せがあります（警告コード{}：{}）。", rare.code, rare.say());
            (
                caution("survey-rare", "基本調査", say, "調査票の記入を確かめてください。"),
                "認定調査員テキスト2009改訂版",
            )
        })
        .collect()
    }

    fn document(&self) -> Option<&str> {
        self.file.as_ref().map(Text::as_str)
    }
}

impl Kind for DoctorOpinion {
    fn document(&self) -> Option<&str> {
        self.file.as_ref().map(Text::as_str)
    }
}

fn caution(code: &'static str, item: &'static str, say: String, mend: &str) -> Trouble {
    Trouble { error: false, code, item, say, mend: mend.to_owned() }
}
