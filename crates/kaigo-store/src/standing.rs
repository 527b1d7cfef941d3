//! What the policy needs to know of a caller and a person, read in the transaction of the look itself.
//!
//! These functions run before there is a grant, so they answer states and days, never records.

use kaigo_core::code::Void;
use kaigo_core::consent_text::ConsentStep;
use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::ConsentStanding;
use kaigo_core::record::consent::Consent;

use crate::consent::{self, ConsentAct};
use crate::db::{Error, Tx};
use crate::record;

statements! {
    LOST = "SELECT lost_on, void FROM qualification WHERE insurer_no = ?1 AND insured_no = ?2 AND load_no <= ?3 \
            ORDER BY record_no DESC, load_no DESC, history_no DESC LIMIT 1";
}

/// State of the comprehensive consent on a day, weighed from the municipality's records and what was done on the platform.
///
/// A withdrawal on the platform beats every consent given on or before its day, whatever a later feed says; a later consent
/// stands again. A consent on the platform stands until something withdraws it that it did not know of.
pub fn consent(
    tx: &mut Tx<'_>,
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    published: i32,
    today: Date,
) -> Result<ConsentStanding, Error> {
    let rows = tx.query(record::sql::<Consent>().of_person, args![insurer_no, insured_no, published])?;
    let mut seen = None;
    let mut records = Vec::new();
    for row in rows {
        let stored = record::read::<Consent>(row)?;
        let newest_of_segment = seen != Some(stored.common.record_no);
        seen = Some(stored.common.record_no);
        if newest_of_segment && stored.common.void == Void::Valid && stored.record.given_on <= today {
            records.push((stored.load_no, stored.record));
        }
    }
    let act = consent::newest(tx, insurer_no, insured_no, today)?;
    Ok(weigh(&records, act.as_ref(), today))
}

/// The consent that stands: `records` with the loads that brought them, and the newest act on the platform.
fn weigh(records: &[(i32, Consent)], act: Option<&ConsentAct>, today: Date) -> ConsentStanding {
    let ended = |record: &Consent| record.withdrawn_on.filter(|on| *on <= today);
    match act {
        None => {
            if records.iter().any(|(_, record)| record.stands(today)) {
                return ConsentStanding::Stands;
            }
            let last = records.iter().filter_map(|(_, record)| ended(record)).max();
            last.map_or(ConsentStanding::None, ConsentStanding::Withdrawn)
        }
        Some(act) if act.step == ConsentStep::Withdrawn => {
            let later = |record: &&Consent| record.given_on > act.acted_on;
            let mut newer = records.iter().map(|(_, record)| record).filter(later).peekable();
            if newer.peek().is_none() {
                return ConsentStanding::Withdrawn(act.acted_on);
            }
            let newer: Vec<&Consent> = newer.collect();
            if newer.iter().any(|record| record.stands(today)) {
                return ConsentStanding::Stands;
            }
            let last = newer.iter().filter_map(|record| ended(record)).max();
            ConsentStanding::Withdrawn(last.unwrap_or(act.acted_on))
        }
        Some(act) => {
            // On the same day only a later load can tell of a withdrawal that came after.
            let after = |load_no: i32, on: Date| on > act.acted_on || (on == act.acted_on && load_no > act.seen_load);
            let withdrawn =
                records.iter().filter_map(|(load_no, record)| ended(record).filter(|on| after(*load_no, *on))).max();
            let stands = |on: Date| records.iter().any(|(_, record)| record.given_on >= on && record.stands(today));
            match withdrawn {
                Some(on) if !stands(on) => ConsentStanding::Withdrawn(on),
                Some(_) | None => ConsentStanding::Stands,
            }
        }
    }
}

/// The day on which the qualification was lost, if it was.
pub fn lost_on(
    tx: &mut Tx<'_>,
    insurer_no: InsurerNo,
    insured_no: InsuredNo,
    published: i32,
) -> Result<Option<Date>, Error> {
    match tx.query_opt(LOST, args![insurer_no, insured_no, published])? {
        Some(row) if row.text(1)? == Void::Valid.code() => row.opt_date(0),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kaigo_core::code::ConsentBy;
    use kaigo_core::consent_text::{ConsentDesk, ConsentMethod};

    use super::*;

    fn day(d: i8) -> Date {
        date(2026, 11, d)
    }

    fn record(load_no: i32, given: i8, withdrawn: Option<i8>) -> (i32, Consent) {
        (load_no, Consent { given_on: day(given), withdrawn_on: withdrawn.map(day), ..Consent::default() })
    }

    fn act(step: ConsentStep, on: i8) -> ConsentAct {
        ConsentAct {
            insured_no: InsuredNo::default(),
            act_id: String::new(),
            step,
            acted_on: day(on),
            acted_at: String::new(),
            desk: ConsentDesk::Person,
            office_no: None,
            given_by: ConsentBy::Person,
            proxy_id: None,
            text_version: String::new(),
            method: ConsentMethod::Portal,
            seen_load: 5,
            account_id: String::new(),
            account_name: String::new(),
            submit_key: String::new(),
            giver: String::new(),
        }
    }

    #[test]
    fn the_newest_word_counts() {
        use ConsentStanding::{None, Stands, Withdrawn};
        use ConsentStep::{Given, Withdrawn as Back};
        let cases = [
            ("nothing", vec![], Option::None, None),
            ("the record", vec![record(1, 1, Option::None)], Option::None, Stands),
            ("the record, ended", vec![record(1, 1, Some(10))], Option::None, Withdrawn(day(10))),
            ("to end tomorrow", vec![record(1, 1, Some(23))], Option::None, Stands),
            ("taken back here", vec![record(1, 1, Option::None)], Some((Back, 15)), Withdrawn(day(15))),
            ("the next feed still says yes", vec![record(9, 15, Option::None)], Some((Back, 15)), Withdrawn(day(15))),
            ("a later consent", vec![record(9, 16, Option::None)], Some((Back, 15)), Stands),
            ("a later one, ended too", vec![record(9, 16, Some(18))], Some((Back, 15)), Withdrawn(day(18))),
            ("given here", vec![], Some((Given, 20)), Stands),
            ("given here after a withdrawal", vec![record(5, 1, Some(20))], Some((Given, 20)), Stands),
            ("a later load ends it that day", vec![record(6, 1, Some(20))], Some((Given, 20)), Withdrawn(day(20))),
            ("ended there later", vec![record(6, 1, Some(21))], Some((Given, 20)), Withdrawn(day(21))),
            (
                "and given there again",
                vec![record(6, 1, Some(21)), record(7, 21, Option::None)],
                Some((Given, 20)),
                Stands,
            ),
            ("not yet ended there", vec![record(6, 1, Some(23))], Some((Given, 20)), Stands),
        ];
        for (what, records, done, want) in cases {
            let act = done.map(|(step, on)| act(step, on));
            assert_eq!(weigh(&records, act.as_ref(), day(22)), want, "{what}");
        }
    }
}
