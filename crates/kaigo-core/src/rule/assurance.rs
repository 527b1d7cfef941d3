//! How surely somebody's identity was shown (本人確認の確からしさ), and how surely an act needs it.
//!
//! 国 names two ways (マイナンバーカード, 被保険者証) and the disaster mode; which act needs which is not published: inferred.

use jiff::civil::date;

use super::{Dated, at};
use crate::codes;
use crate::date::Date;
use crate::policy::Act;

codes! {
    /// How an identity was shown (本人確認の方法). The code stands in checks, registrations and the log.
    Assurance, "本人確認の方法", {
        CardPin = "card-pin" "マイナンバーカードと暗証番号",
        CardVisual = "card-visual" "マイナンバーカードと顔の見比べ（目視）",
        InsuredCertificate = "insured-certificate" "被保険者証の4項目",
        Disaster = "disaster" "災害時の確認（証なし）",
    }
}

/// The ways that are good enough for an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The act.
    pub act: Act,
    /// Any of these; the act is not listed if it needs none.
    pub any_of: &'static [Assurance],
}

const NEEDED_NOW: &[Needed] = &[
    Needed {
        act: Act::RegisterCharge,
        any_of: &[Assurance::CardPin, Assurance::CardVisual, Assurance::InsuredCertificate, Assurance::Disaster],
    },
    // A card is bound to a person only while it lies there; a paper alone or a disaster binds none.
    Needed { act: Act::LinkCard, any_of: &[Assurance::CardPin, Assurance::CardVisual] },
];

/// What acts need, by day. What is not listed needs no new check: the registration stands as long as it stands.
pub static NEEDED: &[Dated<&[Needed]>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: NEEDED_NOW,
    source: "本人確認の方法2つと災害時：介護情報基盤の説明資料（国保中央会, 2025）。操作ごとの必要は推定（公表なし）",
}];

/// Whether a way of showing an identity is good enough for an act on that day.
pub fn is_enough(assurance: Assurance, act: Act, day: Date) -> bool {
    let rows = at(NEEDED, day).map_or(NEEDED_NOW, |row| row.value);
    rows.iter().find(|row| row.act == act).is_none_or(|row| row.any_of.contains(&assurance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::well_formed;

    #[test]
    fn a_registration_takes_each_way_and_a_link_only_the_card() {
        well_formed(NEEDED);
        let day = date(2026, 11, 22);
        for way in Assurance::ALL {
            assert!(is_enough(*way, Act::RegisterCharge, day), "{way:?}");
            assert!(is_enough(*way, Act::KeepCharge, day), "an act that needs no new check: {way:?}");
            let is_card = matches!(way, Assurance::CardPin | Assurance::CardVisual);
            assert_eq!(is_enough(*way, Act::LinkCard, day), is_card, "{way:?}");
        }
    }
}
