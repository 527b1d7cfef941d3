//! The days of a case: every milestone in one form, 一次判定, and the notice of delay.

use kaigo_core::care_level::CareLevel;
use kaigo_core::date::Date;
use kaigo_core::policy::Caller;
use kaigo_core::rule::case::{CaseFinding, DelayNotice, Milestone, check_days};
use kaigo_core::text::Text;
use kaigo_store::case::{self as store, Computed};

use super::{Edit, Edited, edit, stop};
use crate::{App, Ctx, Error, Wrong};

/// The days as they are typed; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct Days {
    /// Milestones with their new days; `None` takes a day away.
    pub days: Vec<(Milestone, Option<Date>)>,
    /// Medical institution (医療機関名), if it is to change.
    pub institution: Option<Option<Text<60>>>,
    /// 一次判定: level and 基準時間 in tenths of a minute, if it is to change.
    pub computed: Option<(CareLevel, Option<i32>)>,
}

/// Changes the days of a case.
///
/// # Errors
/// As `edit`; [`Error::Invalid`] for days that cannot be.
pub async fn set(app: &App, ctx: &Ctx, caller: &Caller, what: Edit, days: Days) -> Result<Edited, Error> {
    let today = ctx.today;
    let record_no = what.id.record_no;
    edit(app, ctx, caller, what, move |tx, bench, application| {
        for (milestone, day) in &days.days {
            milestone.set(application, *day);
        }
        if let Some(institution) = days.institution {
            application.institution = institution.filter(|name| !name.is_empty());
        }
        stop(&only(&check_days(application, today), &days.days))?;
        let mut said = Vec::new();
        if let Some((level, minutes_tenths)) = days.computed {
            let computed = Computed {
                care_level: level.code().to_owned(),
                minutes_tenths,
                set_by: bench.by.to_owned(),
                set_at: bench.ctx.instant(),
            };
            store::put_computed(tx, bench.grant, record_no, &computed)?;
            said.push(format!("一次判定の結果：{}", level.label()));
        }
        Ok(said)
    })
    .await
}

/// The findings about the days that were typed: an old mistake elsewhere does not stop a new day.
fn only(findings: &[CaseFinding], typed: &[(Milestone, Option<Date>)]) -> Vec<CaseFinding> {
    let is_typed = |field: &str| typed.iter().any(|(milestone, _)| milestone.code() == field);
    findings.iter().filter(|finding| is_typed(finding.field)).cloned().collect()
}

/// Notes a notice of delay (延期通知, 27条11項).
///
/// # Errors
/// As `edit`; [`Error::Invalid`] for a notice that says too little or too late a day.
pub async fn delay(app: &App, ctx: &Ctx, caller: &Caller, what: Edit, notice: DelayNotice) -> Result<Edited, Error> {
    let today = ctx.today;
    let reason = Text::parse(&notice.reason_text()).map_err(|bad| {
        let say = format!("{}{}", bad.say("理由"), bad.mend("理由"));
        Error::Invalid(vec![Wrong { field: "words", code: bad.code(), say }])
    })?;
    edit(app, ctx, caller, what, move |_, _, application| {
        stop(&notice.check(application, today))?;
        application.delay_notified_on = Some(notice.notified_on);
        application.expected_on = Some(notice.expected_on);
        application.delay_reason = Some(reason);
        Ok(Vec::new())
    })
    .await
}
