//! Moving and loss: what becomes of an office's sight of a person who is not insured here any more, or not under this number.
//!
//! Records belong to (insurer, number) and are never mixed. A person who moves to another insurer gets another number: the office
//! checks the identity anew there, and the old sight closes after the settlement of claims. A number that only changes its name
//! (merged municipalities, a new 広域連合, a corrected number) is the same person by the insurer's own word: the standing goes along.
//! 住所地特例 and moves within a 広域連合 change nothing: the insurer stays.

use super::charge::settled_until;
use crate::code::LossReason;
use crate::codes;
use crate::date::Date;
use crate::id::{InsuredNo, InsurerNo};

codes! {
    /// Why a person has another number now (番号の引継ぎの理由). Our own table.
    LinkKind, "引継ぎの理由", {
        Moved = "moved" "転出・転入",
        Merged = "merged" "市町村の合併・広域連合の再編",
        Renumbered = "renumbered" "被保険者番号の変更",
    }
}

impl LinkKind {
    /// Whether the standing of an office goes along: only where it is the same person by the insurer's own word, at the same place.
    pub fn carries(self) -> bool {
        match self {
            Self::Moved => false,
            Self::Merged | Self::Renumbered => true,
        }
    }
}

/// A number of a person: the key of all records.
pub type Number = (InsurerNo, InsuredNo);

/// Why two numbers cannot be linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadLink {
    /// Both are the same.
    Same,
    /// A move or a merger leads to another insurer.
    SameInsurer,
    /// A change of the number stays with its insurer.
    OtherInsurer,
}

impl BadLink {
    /// Stable code, listed in docs/errors.md.
    pub fn code(self) -> &'static str {
        match self {
            Self::Same => "link-same",
            Self::SameInsurer => "link-same-insurer",
            Self::OtherInsurer => "link-other-insurer",
        }
    }

    /// What is wrong, one Japanese sentence.
    pub fn say(self) -> &'static str {
        match self {
            Self::Same => "前の番号と新しい番号が同じです。",
            Self::SameInsurer => "転出や合併なのに、保険者番号が前と同じです。",
            Self::OtherInsurer => "番号の変更なのに、保険者番号が前とちがいます。",
        }
    }
}

/// Whether the two numbers can be linked for that reason.
///
/// # Errors
/// What does not fit.
pub fn check(kind: LinkKind, from: Number, to: Number) -> Result<(), BadLink> {
    if from == to {
        return Err(BadLink::Same);
    }
    match kind {
        LinkKind::Moved | LinkKind::Merged if from.0 == to.0 => Err(BadLink::SameInsurer),
        LinkKind::Renumbered if from.0 != to.0 => Err(BadLink::OtherInsurer),
        LinkKind::Moved | LinkKind::Merged | LinkKind::Renumbered => Ok(()),
    }
}

/// The loss of a qualification as the office is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Day of the loss (資格喪失年月日).
    pub on: Date,
    /// Why (資格喪失事由), where the insurer says it.
    pub reason: Option<LossReason>,
}

impl Loss {
    /// Last day on which the office may look, to settle its claims ([`SETTLEMENT`](super::charge::SETTLEMENT)).
    pub fn settled_until(self) -> Date {
        settled_until(self.on)
    }

    /// What happened, a heading.
    pub fn heading(self) -> &'static str {
        match self.reason {
            Some(LossReason::MovedOut) => "転出されました",
            Some(LossReason::Death) => "お亡くなりになりました",
            Some(LossReason::Exempted) => "適用除外の施設に入られました",
            Some(LossReason::Other) | None => "この保険者の資格を失っています",
        }
    }

    /// What the office does now.
    pub fn advice(self) -> &'static str {
        match self.reason {
            Some(LossReason::MovedOut) => {
                "新しい保険者で本人確認をしてください。前の保険者の記録と新しい保険者の記録は、別々に出ます。"
            }
            Some(LossReason::Death) => "お悔やみ申し上げます。残っている請求を整理してください。",
            Some(LossReason::Exempted | LossReason::Other) | None => {
                "サービスが続いているときは、保険者の窓口に確かめてください。"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn number(insurer: &str, insured: &str) -> Number {
        (InsurerNo::parse(insurer).unwrap(), InsuredNo::parse(insured).unwrap())
    }

    #[test]
    fn a_move_leads_elsewhere_and_a_new_number_does_not() {
        let (here, there) = (number("322040", "9900000123"), number("131011", "9900000123"));
        let renamed = number("322040", "9900000124");
        assert_eq!(check(LinkKind::Moved, here, there), Ok(()));
        assert_eq!(check(LinkKind::Merged, here, there), Ok(()));
        assert_eq!(check(LinkKind::Renumbered, here, renamed), Ok(()));
        assert_eq!(check(LinkKind::Moved, here, here), Err(BadLink::Same));
        assert_eq!(check(LinkKind::Merged, here, renamed), Err(BadLink::SameInsurer));
        assert_eq!(check(LinkKind::Renumbered, here, there), Err(BadLink::OtherInsurer));
    }

    #[test]
    fn only_the_same_person_by_the_insurers_word_takes_the_standing_along() {
        let carrying: Vec<LinkKind> = LinkKind::ALL.iter().copied().filter(|kind| kind.carries()).collect();
        assert_eq!(carrying, [LinkKind::Merged, LinkKind::Renumbered]);
    }

    #[test]
    fn the_old_sight_closes_after_the_settlement() {
        let loss = Loss { on: date(2026, 8, 31), reason: Some(LossReason::MovedOut) };
        assert_eq!(loss.settled_until(), date(2027, 2, 28));
        assert!(!crate::rule::charge::is_settled(loss.on, loss.settled_until()));
        assert!(crate::rule::charge::is_settled(loss.on, loss.settled_until().tomorrow().unwrap()));
        for reason in LossReason::ALL.iter().copied().map(Some).chain([None]) {
            let loss = Loss { reason, ..loss };
            assert!(!loss.heading().is_empty() && !loss.advice().is_empty());
        }
    }
}
