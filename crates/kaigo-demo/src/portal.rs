//! The portal of the fictional platform: articles, maintenance, and states of municipalities that are made up.
//!
//! The states carry the mark of an example: no real municipality's plan is told. The texts speak of this platform only.

mod text;

use kaigo_core::area::municipalities;
use kaigo_core::date::{Date, add_days, add_months};
use kaigo_core::policy::Item;
use kaigo_core::portal::{ArticleKind, Topic};
use kaigo_core::readiness::{Origin, Readiness, State};

pub use self::text::ARTICLES;

/// An article of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoArticle {
    /// Kind.
    pub kind: ArticleKind,
    /// Group, for questions.
    pub topic: Topic,
    /// Title.
    pub title: &'static str,
    /// Summary; may be empty.
    pub summary: &'static str,
    /// Text, Markdown.
    pub body: &'static str,
    /// Other words under which it is found.
    pub keywords: &'static str,
    /// Order among its kind.
    pub place: i32,
    /// Published so many days before the demo's day; below zero: that many days later, by schedule.
    pub days_ago: i32,
    /// It stays a draft.
    pub is_draft: bool,
}

/// A maintenance of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoMaintenance {
    /// What is done.
    pub title: &'static str,
    /// What cannot be used.
    pub effect: &'static str,
    /// Days from the demo's day; below zero: past.
    pub in_days: i32,
    /// Hour of the start.
    pub from_hour: i8,
    /// Hours that it takes.
    pub hours: i32,
    /// It does not take place.
    pub cancelled: bool,
}

/// Maintenance: one past, one near, one later, one cancelled.
pub const MAINTENANCE: &[DemoMaintenance] = &[
    DemoMaintenance {
        title: "定期メンテナンス（10月）",
        effect: "すべての画面と、プログラムからの送受信が使えませんでした。予定どおりに終わりました。",
        in_days: -35,
        from_hour: 21,
        hours: 9,
        cancelled: false,
    },
    DemoMaintenance {
        title: "定期メンテナンス",
        effect: "すべての画面と、プログラムからの送受信が使えません。送信は、終わってからもう一度お願いします。",
        in_days: 5,
        from_hour: 21,
        hours: 9,
        cancelled: false,
    },
    DemoMaintenance {
        title: "データベースの入れ替え",
        effect: "すべての画面が使えません。公開のデータ（JSON・CSV）は、前の日のものを出します。",
        in_days: 33,
        from_hour: 20,
        hours: 34,
        cancelled: false,
    },
    DemoMaintenance {
        title: "回線の切り替え",
        effect: "5分ほど、つながりにくくなる予定でした。日を改めて知らせます。",
        in_days: 12,
        from_hour: 2,
        hours: 1,
        cancelled: true,
    },
];

/// A number from a code that looks like chance and is always the same.
fn dice(code: &str, salt: u32) -> u32 {
    code.bytes().fold(0x811c_9dc5 ^ salt, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) >> 7
}

/// Made-up states of all municipalities: about a quarter in use, more than half dated, the rest adjusting or undecided.
pub fn readiness(today: Date) -> Vec<Readiness> {
    let items = [Item::InsuredCertificate, Item::BurdenRatio, Item::Relief, Item::CertificationResult, Item::Progress];
    let more = [Item::Survey, Item::DoctorOpinion, Item::Balances];
    municipalities()
        .iter()
        .filter_map(|m| {
            let roll = dice(m.code, 1) % 100;
            let month = |from: u32, most: u32| i32::try_from(from + dice(m.code, 2) % most).unwrap_or(0);
            let first = today.first_of_month();
            let (state, starts_on) = match roll {
                0..24 => (State::Dated, Some(add_months(first, -month(0, 7)))),
                24..78 => (State::Dated, Some(add_months(first, month(1, 16)))),
                78..91 => (State::Adjusting, None),
                91..96 => (State::Undecided, None),
                // Nothing is published of some.
                _ => return None,
            };
            let mut shared = if starts_on.is_some() { items.to_vec() } else { Vec::new() };
            if starts_on.is_some() && !dice(m.code, 3).is_multiple_of(3) {
                shared.extend(more);
            }
            shared.sort();
            let note = if starts_on.is_some() && dice(m.code, 4).is_multiple_of(9) {
                "認定調査票と主治医意見書は、3か月後から共有します。（例）"
            } else {
                ""
            };
            Some(Readiness {
                code: m.code.to_owned(),
                state,
                starts_on,
                items: shared,
                note: note.to_owned(),
                origin: Origin::Example,
            })
        })
        .collect()
}

/// Day and hour on which a maintenance begins, and how many hours later it ends.
pub fn begins(maintenance: &DemoMaintenance, today: Date) -> (Date, i8, i32) {
    (add_days(today, maintenance.in_days), maintenance.from_hour, maintenance.hours)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kaigo_core::readiness::Count;

    use super::*;

    #[test]
    fn states_are_made_up_always_the_same_and_say_so() {
        let today = date(2026, 11, 22);
        let all = readiness(today);
        assert_eq!(all, readiness(today));
        assert!(all.len() > 1_600 && all.len() < 1_741, "{}", all.len());
        assert!(all.iter().all(|r| r.origin == Origin::Example && (r.state == State::Dated) == r.starts_on.is_some()));
        let mut count = Count::default();
        for r in &all {
            count.add(r.state, r.starts_on, today);
        }
        assert!(
            count.started > 300 && count.dated > 1_200 && count.adjusting > 100 && count.undecided > 40,
            "{count:?}"
        );
    }

    #[test]
    fn articles_are_enough_and_fit() {
        let of = |kind| ARTICLES.iter().filter(|a| a.kind == kind && !a.is_draft).count();
        assert!(of(ArticleKind::Faq) >= 15 && of(ArticleKind::Magazine) >= 2 && of(ArticleKind::News) >= 4);
        for a in ARTICLES {
            assert!(a.title.chars().count() <= kaigo_core::portal::TITLE, "{}", a.title);
            assert!(a.summary.chars().count() <= kaigo_core::portal::SUMMARY, "{}", a.title);
            assert!(!a.body.is_empty() && !a.body.contains("http"), "{}", a.title);
            assert!(!kaigo_core::id::holds_individual_number(a.body));
        }
        assert!(MAINTENANCE.len() >= 3 && MAINTENANCE.iter().any(|m| m.cancelled));
    }
}
