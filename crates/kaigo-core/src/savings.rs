//! 試算と実際: what an office's exchange of a month came to, counted, beside what かんたんシミュレーション said beforehand.
//!
//! Counted are sets, persons, partners and the time until a set was fetched; sheets that were not printed follow from the persons
//! by [`SHEETS`]. Time cannot be counted: the estimate's minutes are multiplied by the share of partners that was really reached,
//! and the page says so.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;

use crate::date::Date;
use crate::rule::{Dated, at};
use crate::simulator::{Cost, Inputs, OfficeSort, fee, round};

/// Sheets of paper that one person's documents in a set stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheets {
    /// Sent by 居宅介護支援: サービス提供票 and its 別表.
    pub care_management: i64,
    /// Sent by the other offices: サービス提供票 with the results written in.
    pub service: i64,
}

/// Sheets by day. INFERRED: other enclosures (第1–3表) are not counted, so it is rather too few.
pub static SHEETS: &[Dated<Sheets>] = &[Dated {
    from: date(2023, 4, 20),
    until: None,
    value: SHEETS_NOW,
    source: "サービス提供票1枚とその別表1枚。実績を返すときは提供票1枚（本システムの推定）",
}];

const SHEETS_NOW: Sheets = Sheets { care_management: 2, service: 1 };

/// Sheets of a person's documents that an office of this kind sends on a day, with the source.
pub fn sheets_of(sort: OfficeSort, day: Date) -> (i64, &'static str) {
    let (sheets, source) = at(SHEETS, day).map_or((SHEETS_NOW, ""), |row| (row.value, row.source));
    let n = match sort {
        OfficeSort::CareManagement => sheets.care_management,
        OfficeSort::Service => sheets.service,
    };
    (n, source)
}

/// A set that an office sent or received, without a person's name. Recalled ones are left out by who reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Whether the office sent it.
    pub is_sent: bool,
    /// 事業所番号 of the other office.
    pub partner: String,
    /// Persons in it.
    pub people: i64,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When the receiver fetched it.
    pub fetched_at: Option<Timestamp>,
}

/// What was counted of a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// Offices of which a set was fetched, or which fetched one.
    pub partners: i64,
    /// Sets sent.
    pub sent: i64,
    /// Persons in them.
    pub sent_people: i64,
    /// Of the sets sent, those that were fetched.
    pub fetched: i64,
    /// Sets received.
    pub received: i64,
    /// Persons in them.
    pub received_people: i64,
    /// Minutes from sending to fetching, of the sets sent and fetched: the middle one. None: nothing was fetched.
    pub wait_minutes: Option<i64>,
}

/// Counts.
pub fn count(carried: &[Carried]) -> Month {
    let mut month = Month::default();
    let mut partners = BTreeSet::new();
    let mut waits = Vec::new();
    for set in carried {
        if set.is_sent {
            month.sent += 1;
            month.sent_people += set.people;
        } else {
            month.received += 1;
            month.received_people += set.people;
        }
        if let Some(fetched_at) = set.fetched_at {
            partners.insert(set.partner.as_str());
            if set.is_sent {
                month.fetched += 1;
                waits.push(fetched_at.duration_since(set.sent_at).as_mins().max(0));
            }
        }
    }
    waits.sort_unstable();
    month.partners = i64::try_from(partners.len()).unwrap_or(i64::MAX);
    month.wait_minutes = waits.get(waits.len().saturating_sub(1) / 2).copied();
    month
}

/// What a month saved, in the estimate's kinds of cost, yen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Partners, all together: those of the estimate, or more if more were reached.
    pub partners: i64,
    /// Sheets that were not printed.
    pub sheets: i64,
    /// Letters and fax calls that were not made.
    pub dispatches: i64,
    /// Minutes that were saved, after double running; below zero: it cost time.
    pub minutes: i64,
    /// Costs by kind, without the exchange and with it.
    pub costs: Vec<Cost>,
    /// Saved, all together.
    pub net: i64,
}

/// What a month came to: counted sheets and dispatches at the estimate's prices, the estimate's minutes and trips at the share of
/// partners that was reached, double running as estimated unless nothing was exchanged or no partner is left on paper, the fee as it was.
///
/// No more paper, letters or calls can be saved than the office said it needs.
pub fn settle(estimate: &Inputs, month: &Month, first: Date) -> Settled {
    let i = estimate.within();
    let partners = i.partners.max(month.partners).max(1);
    let reached = month.partners;
    let minutes = i.minutes_now();
    let labour_now = round(minutes * i.wage, 60);
    let labour = round(reached * (i.remains - 1) * minutes * i.wage, partners * i.remains * 60);
    let sheets = month.sent_people.saturating_mul(sheets_of(i.sort, first).0).clamp(0, i.sheets);
    let needed = i.letters + i.faxes;
    let dispatches = month.sent.clamp(0, needed);
    let share = |yen: i64| round(yen * dispatches, needed.max(1));
    let (letters, faxes) = (i.letters * i.letter_yen, i.faxes * i.fax_yen);
    let trips = round(i.trips_yen * reached, partners);
    let is_idle = month.sent + month.received == 0;
    let double_minutes = if is_idle || reached == partners { 0 } else { i.double_minutes };
    let double = round(double_minutes * i.wage, 60);
    let fee = round(fee(first).0, 12);
    let cost = |label, now: i64, saved: i64| Cost { label, now, after: now - saved };
    let costs = vec![
        cost("人件費", labour_now, labour),
        cost("印刷費", i.sheets * i.sheet_yen, sheets * i.sheet_yen),
        cost("郵送費", letters, share(letters)),
        cost("通信費（FAX）", faxes, share(faxes)),
        cost("交通費", i.trips_yen, trips),
        cost("二重運用の人件費", 0, -double),
        cost("利用料", 0, -fee),
    ];
    Settled {
        partners,
        sheets,
        dispatches,
        minutes: round(reached * (i.remains - 1) * minutes, partners * i.remains) - double_minutes,
        net: costs.iter().map(|c| c.now - c.after).sum(),
        costs,
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;
    use crate::rule::well_formed;
    use crate::simulator::simulate;

    fn set(is_sent: bool, partner: &str, people: i64, wait_minutes: Option<i64>) -> Carried {
        let sent_at: Timestamp = "2026-10-05T00:00:00Z".parse().unwrap();
        let fetched_at = wait_minutes.map(|n| sent_at + SignedDuration::from_mins(n));
        Carried { is_sent, partner: partner.to_owned(), people, sent_at, fetched_at }
    }

    #[test]
    fn a_partner_counts_once_and_only_when_something_arrived() {
        well_formed(SHEETS);
        let month = count(&[
            set(true, "a", 10, Some(30)),
            set(true, "a", 5, Some(90)),
            set(false, "a", 12, Some(5)),
            set(false, "b", 3, Some(5)),
            set(true, "c", 4, None),
            set(true, "d", 1, Some(1_000)),
            set(false, "e", 1, None),
        ]);
        let counted = Month {
            partners: 3,
            sent: 4,
            sent_people: 20,
            fetched: 3,
            received: 3,
            received_people: 16,
            wait_minutes: Some(90),
        };
        assert_eq!(month, counted);
        assert_eq!(count(&[]), Month::default());
        let even = [set(true, "a", 1, Some(10)), set(true, "a", 1, Some(20))];
        assert_eq!(count(&even).wait_minutes, Some(10), "of two, the shorter one");
    }

    #[test]
    fn the_estimate_come_true_is_the_estimate() {
        let day = date(2026, 10, 1);
        let estimate = Inputs::official();
        let month = Month { partners: 40, sent: 104, sent_people: 90, fetched: 104, ..Month::default() };
        let settled = settle(&estimate, &month, day);
        assert_eq!(settled.net, simulate(estimate).net_month);
        assert_eq!((settled.sheets, settled.dispatches, settled.minutes), (180, 104, 2_000));
        assert_eq!(settled.costs, simulate(estimate).costs);
    }

    #[test]
    fn half_of_the_partners_and_a_third_of_the_paper() {
        let estimate = Inputs { double_minutes: 60, ..Inputs::official() };
        let month = Month { partners: 20, sent: 52, sent_people: 30, ..Month::default() };
        let settled = settle(&estimate, &month, date(2026, 10, 1));
        let saved: Vec<i64> = settled.costs.iter().map(|c| c.now - c.after).collect();
        assert_eq!(saved, [31_000, 600, 840, 840, 420, -1_860, 0]);
        assert_eq!((settled.sheets, settled.minutes, settled.net), (60, 1_000 - 60, 31_840));
        let all = settle(&estimate, &Month { partners: 40, ..month }, date(2026, 10, 1));
        assert_eq!(all.costs.get(5).map(|c| c.after), Some(0), "nobody is left on paper");
        // When there was a fee, it counts.
        let before = settle(&estimate, &month, date(2025, 4, 1));
        assert_eq!(before.net, 31_840 - 1_750);
    }

    #[test]
    fn more_partners_than_estimated_are_all_of_them() {
        let estimate = Inputs { partners: 4, joined: 2, ..Inputs::official() };
        let settled = settle(&estimate, &Month { partners: 9, ..Month::default() }, date(2026, 10, 1));
        assert_eq!((settled.partners, settled.minutes), (9, 2_000));
        let nothing = settle(&Inputs { double_minutes: 60, ..estimate }, &Month::default(), date(2026, 10, 1));
        assert_eq!((nothing.net, nothing.minutes, nothing.sheets), (0, 0, 0));
    }

    proptest! {
        #[test]
        fn no_more_is_saved_than_was_spent(partners in 0_i64..100, sent in 0_i64..1_000, sent_people in any::<i64>(), n in any::<i64>()) {
            let estimate = Inputs { partners: n, sheets: n, letters: n, faxes: n, double_minutes: 0, ..Inputs::official() };
            let month = Month { partners, sent, sent_people, ..Month::default() };
            let settled = settle(&estimate, &month, date(2026, 10, 1));
            prop_assert!(settled.costs.iter().all(|c| (0..=c.now).contains(&c.after)));
        }
    }
}
