//! The end of a case: 認定, 非該当, 取下げ, 却下. A certification and its limit are seen at once by those who may see them.

use kaigo_core::code::{Amount, LimitKind, Outcome};
use kaigo_core::date::{Date, add_days};
use kaigo_core::layout::Record;
use kaigo_core::policy::Caller;
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_core::rule::case::Decision;
use kaigo_core::rule::limit::monthly_limit;
use kaigo_core::text::Text;
use kaigo_store::board;
use kaigo_store::case::{self as store};
use kaigo_store::db::Tx;
use kaigo_store::desk::{self, Desk};
use kaigo_store::record::{Segment, Stored};

use super::{Bench, Edit, Edited, before, edit, is_of, stop};
use crate::{App, Ctx, Error};

/// A result as it is to be kept.
#[derive(Clone, Debug)]
pub struct Result {
    /// Outcome, day, level, months.
    pub decision: Decision,
    /// Opinion of the board (認定審査会の意見).
    pub opinion: Option<Text<400>>,
    /// Kinds of service it restricts to (サービスの種類の指定).
    pub designated_services: Option<Text<200>>,
}

/// Decides a case, or corrects what was decided.
///
/// # Errors
/// As `edit`; [`Error::Invalid`] for a result that cannot be.
pub async fn decide(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    what: Edit,
    result: Result,
) -> core::result::Result<Edited, Error> {
    let record_no = what.id.record_no;
    edit(app, ctx, caller, what, move |tx, bench, application| put(tx, bench, (record_no, application), &result)).await
}

/// Writes a result: into the application, and the certification with its limit beside it.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    bench: &mut Bench<'_>,
    (record_no, application): (i32, &mut Application),
    result: &Result,
) -> core::result::Result<Vec<String>, Error> {
    let certifications = store::segments::<Certification>(tx, bench.grant)?;
    let before = before(&certifications, application);
    let decision = &result.decision;
    stop(&decision.check(application, before, bench.ctx.today))?;
    application.outcome = Some(decision.outcome);
    application.decided_on = Some(decision.decided_on);
    application.care_level = decision.care_level;
    application.valid_months = decision.months.map(Amount);
    let mut said = Vec::new();
    if matches!(decision.outcome, Outcome::Withdrawn | Outcome::Dismissed)
        && board::withdraw(tx, bench.grant, record_no)? > 0
    {
        said.push("審査会の割当をはずしました。".to_owned());
    }
    let own = certifications.iter().find(|s| s.current().is_some_and(|row| is_of(application, &row.record)));
    match (decision.outcome, decision.care_level, decision.months) {
        (Outcome::Certified, Some(level), Some(months)) => {
            let (valid_from, valid_until) = Decision::period(application, before, months);
            let certification = Certification {
                care_level: level,
                certified_on: decision.decided_on,
                valid_from,
                valid_until: Some(valid_until),
                opinion: result.opinion.clone().filter(|text| !text.is_empty()),
                designated_services: result.designated_services.clone().filter(|text| !text.is_empty()),
                application_no: Some(application.application_no.clone()),
            };
            let desk = bench.desk(tx)?;
            said.extend(certify(tx, desk, (&certifications, own), &certification)?);
            let old = own.and_then(Segment::current).map(|row| row.record.valid_from);
            said.extend(limit(tx, bench, desk, (old, &certification))?);
        }
        _ => {
            if let Some(row) = own.and_then(Segment::current) {
                let desk = bench.desk(tx)?;
                take_back(tx, desk, row)?;
                said.push("この申請の認定を取り消しました。".to_owned());
                for row in limits(tx, bench)?.iter().filter(|limit| limit.record.valid_from == row.record.valid_from) {
                    take_back(tx, desk, row)?;
                }
            }
        }
    }
    Ok(said)
}

/// Adds the certification, or corrects the one of this application; one that it overlaps ends the day before.
fn certify(
    tx: &mut Tx<'_>,
    desk: Desk,
    (all, own): (&[Segment<Certification>], Option<&Segment<Certification>>),
    certification: &Certification,
) -> core::result::Result<Vec<String>, Error> {
    let mut said = Vec::new();
    for segment in all.iter().filter(|segment| own.is_none_or(|own| own.record_no != segment.record_no)) {
        let Some(row) = segment.current() else { continue };
        if overlaps((row.record.valid_from, row.record.valid_until), certification.valid_from) {
            let valid_until = Some(add_days(certification.valid_from, -1));
            correct(tx, desk, row, &Certification { valid_until, ..row.record.clone() })?;
            said.push("前の認定の期間を、新しい認定の前の日までにしました。".to_owned());
        }
    }
    match own.and_then(Segment::current) {
        Some(row) if row.record == *certification => {}
        Some(row) => {
            said.extend(super::differences(&row.record, certification));
            correct(tx, desk, row, certification)?;
        }
        None => {
            desk::add(tx, desk, certification)?;
            said.push(format!("{}の認定を登録しました。", certification.care_level.label()));
        }
    }
    Ok(said)
}

/// Adds the monthly limit that belongs to the certification, or corrects it.
fn limit(
    tx: &mut Tx<'_>,
    bench: &Bench<'_>,
    desk: Desk,
    (old, certification): (Option<Date>, &Certification),
) -> core::result::Result<Vec<String>, Error> {
    let Some(units) = monthly_limit(certification.care_level, certification.valid_from) else { return Ok(Vec::new()) };
    let wanted = BenefitLimit {
        kind: LimitKind::Total,
        service_kind: None,
        units,
        valid_from: certification.valid_from,
        valid_until: certification.valid_until,
    };
    let rows = limits(tx, bench)?;
    let own = rows.iter().find(|row| Some(row.record.valid_from) == old.or(Some(wanted.valid_from)));
    for row in rows.iter().filter(|row| own.is_none_or(|own| own.common.record_no != row.common.record_no)) {
        if overlaps((row.record.valid_from, row.record.valid_until), wanted.valid_from) {
            let valid_until = Some(add_days(wanted.valid_from, -1));
            correct(tx, desk, row, &BenefitLimit { valid_until, ..row.record.clone() })?;
        }
    }
    match own {
        Some(row) if row.record == wanted => Ok(Vec::new()),
        Some(row) => correct(tx, desk, row, &wanted).map(|()| vec![format!("支給限度額：{units}単位／月")]),
        None => {
            desk::add(tx, desk, &wanted)?;
            Ok(vec![format!("支給限度額：{units}単位／月")])
        }
    }
}

/// The limits over all services that count.
fn limits(tx: &mut Tx<'_>, bench: &Bench<'_>) -> core::result::Result<Vec<Stored<BenefitLimit>>, Error> {
    let segments = store::segments::<BenefitLimit>(tx, bench.grant)?;
    let total = |row: &&Stored<BenefitLimit>| row.record.kind == LimitKind::Total;
    Ok(segments.iter().filter_map(Segment::current).filter(total).cloned().collect())
}

/// Whether a period that began before runs into the new one.
fn overlaps((from, until): (Date, Option<Date>), new: Date) -> bool {
    from < new && until.is_none_or(|until| until >= new)
}

fn correct<R: Record>(tx: &mut Tx<'_>, desk: Desk, row: &Stored<R>, record: &R) -> core::result::Result<(), Error> {
    Ok(desk::correct(tx, desk, row.common.record_no.0, (row.load_no, row.common.history_no.0), record)?)
}

fn take_back<R: Record>(tx: &mut Tx<'_>, desk: Desk, row: &Stored<R>) -> core::result::Result<(), Error> {
    Ok(desk::take_back(tx, desk, row.common.record_no.0, (row.load_no, row.common.history_no.0), &row.record)?)
}
