//! Forms that change a case: its days, the notice of delay with its letter, the result.
//!
//! Each form carries the version that was seen. Who comes second gets the form again with 409: what stands now beside what
//! was typed, who was first, and the typed values still in the fields.

use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::case::days::{self, Days};
use kaigo_app::case::{CaseId, CasePage, Edit, result};
use kaigo_core::care_level::CareLevel;
use kaigo_core::code::Outcome;
use kaigo_core::date::{Date, both, parse_date, seireki};
use kaigo_core::rule::case::{Decision, DelayNotice, DelayReason, Milestone};
use kaigo_core::rule::validity::months;
use kaigo_core::statistics::tenths;
use kaigo_core::text::{Text, halfwidth};

use super::cases::{answered, frame, judgement_lines, look, seen, seen_text, submit_key, warning};
use crate::failure::{failure, moved, ok};
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::forms::{DaysForm, DelayForm, DelayLetter, ResultCheck, ResultForm};
use crate::view::insurer::{Basis, Conflict, DayField, chosen};
use crate::view::{Choice, Fact, FieldError};

/// The URLs of these forms.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/cases/{p}/{n}/days", Insurer, "progress", get(days_form)),
        row("POST", "/insurer/cases/{p}/{n}/days", Insurer, "manage-case", axum::routing::post(days_post)),
        row("GET", "/insurer/cases/{p}/{n}/delay", Insurer, "progress", get(delay_form)),
        row("POST", "/insurer/cases/{p}/{n}/delay", Insurer, "manage-case", axum::routing::post(delay_post)),
        row("GET", "/insurer/cases/{p}/{n}/delay/letter", Insurer, "progress", get(letter)),
        row("GET", "/insurer/cases/{p}/{n}/result", Insurer, "progress", get(result_form)),
        row("POST", "/insurer/cases/{p}/{n}/result", Insurer, "manage-case", axum::routing::post(result_post)),
    ]
}

/// What was typed, or nothing yet.
pub(crate) struct Typed<'a> {
    pub(crate) fields: Option<&'a Fields>,
    pub(crate) errors: Vec<FieldError>,
    /// Who was first, if somebody was.
    pub(crate) conflict: Option<String>,
}

impl Typed<'_> {
    pub(crate) fn nothing() -> Self {
        Self { fields: None, errors: Vec::new(), conflict: None }
    }

    /// What was typed in the field, else what is there.
    pub(crate) fn or(&self, name: &str, now: impl Into<String>) -> String {
        self.fields.map_or_else(|| now.into(), |fields| fields.get(name).to_owned())
    }

    /// What somebody else wrote, beside what was typed: item, now, typed.
    pub(crate) fn conflict(&self, rows: Vec<(String, String, String)>) -> Option<Conflict> {
        let differ = |(_, now, typed): &(String, String, String)| now != typed;
        let say = self.conflict.clone()?;
        Some(Conflict { say, rows: rows.into_iter().filter(differ).collect() })
    }
}

/// The hidden fields of a form on the case as it is now.
pub(crate) fn basis(req: &Req, all: &CasePage, typed: &Typed<'_>) -> Basis {
    let key = match (typed.fields, &typed.conflict) {
        // A form that only has to be mended stays the same form; one on a new version is a new one.
        (Some(fields), None) => submit_key(req, fields),
        _ => req.ctx.ids.id(),
    };
    // A form that is shown again after a mistake keeps the version that its values were typed on.
    let seen = match (typed.fields, &typed.conflict) {
        (Some(fields), None) if !fields.get("seen").is_empty() => fields.get("seen").to_owned(),
        _ => seen_text(all.version),
    };
    Basis { seen, submit_key: key }
}

/// The change that a form asks for.
pub(crate) fn edit(req: &Req, id: CaseId, fields: &Fields, form: &'static str) -> Edit {
    Edit { id, seen: seen(fields.get("seen")), submit_key: submit_key(req, fields), form }
}

/// What comes of an error: the form again, or the page of the failure.
pub(crate) fn again(fields: &Fields, error: Error) -> Result<Typed<'_>, Error> {
    match error {
        Error::Invalid(wrong) => {
            let errors = wrong.into_iter().map(|wrong| FieldError::new(wrong.field, wrong.say)).collect();
            Ok(Typed { fields: Some(fields), errors, conflict: None })
        }
        Error::Conflict(say) => Ok(Typed { fields: Some(fields), errors: Vec::new(), conflict: Some(say) }),
        other @ (Error::NotFound
        | Error::Forbidden(_)
        | Error::TooMany { .. }
        | Error::LoginNeeded
        | Error::Busy
        | Error::Internal(_)) => Err(other),
    }
}

/// A day as typed; nothing is no day.
pub(crate) fn day(fields: &Fields, name: &'static str, label: &str, errors: &mut Vec<FieldError>) -> Option<Date> {
    let text = fields.get(name).trim();
    let day = parse_date(text);
    if !text.is_empty() && day.is_none() {
        let say =
            format!("{label}が日付として読めません。例のように入れてください：2026年11月22日、R8.11.22、20261122");
        errors.push(FieldError::new(name, say));
    }
    day
}

/// A text as typed, within its bound.
pub(crate) fn text<const MAX: usize>(
    fields: &Fields,
    name: &'static str,
    label: &str,
    errors: &mut Vec<FieldError>,
) -> Option<Text<MAX>> {
    match Text::parse(fields.get(name)) {
        Ok(text) => Some(text),
        Err(bad) => {
            errors.push(FieldError::new(name, format!("{}{}", bad.say(label), bad.mend(label))));
            None
        }
    }
}

/// The levels that a certification can have.
pub(crate) fn levels(value: &str) -> Vec<Choice> {
    let certified = CareLevel::ALL.iter().filter(|level| **level >= CareLevel::Support1);
    chosen(certified.map(|level| (level.code(), level.label())), value)
}

fn shown(day: Option<Date>) -> String {
    day.map(seireki).unwrap_or_default()
}

/// GET /insurer/cases/{p}/{n}/days
async fn days_form(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>) -> Response {
    days_page(&req, (&p, &n), Typed::nothing()).await
}

async fn days_page(req: &Req, (p, n): (&str, &str), typed: Typed<'_>) -> Response {
    match look(req, p, n).await {
        Ok(all) => answered(typed.conflict.is_some(), &typed.errors, &days_view(req, &all, &typed)),
        Err(error) => failure(req, &error),
    }
}

fn days_view(req: &Req, all: &CasePage, typed: &Typed<'_>) -> DaysForm {
    let a = &all.application;
    let field = |milestone: &Milestone| DayField {
        name: milestone.code().to_owned(),
        label: milestone.label().to_owned(),
        value: typed.or(milestone.code(), shown(milestone.of(a))),
        hint: String::new(),
    };
    let editable: Vec<Milestone> = Milestone::ALL.iter().copied().filter(|milestone| milestone.in_bulk()).collect();
    let institution = a.institution.as_ref().map(ToString::to_string).unwrap_or_default();
    let level = all.computed.as_ref().map(|computed| computed.care_level.clone()).unwrap_or_default();
    let minutes = all.computed.as_ref().and_then(|computed| computed.minutes_tenths).map(tenths).unwrap_or_default();
    let same_day = |text: String| parse_date(&text).map_or(text, seireki);
    let mut rows: Vec<(String, String, String)> = editable
        .iter()
        .map(|milestone| {
            (milestone.label().to_owned(), shown(milestone.of(a)), same_day(typed.or(milestone.code(), "")))
        })
        .collect();
    rows.push(("医療機関名".to_owned(), institution.clone(), typed.or("institution", "")));
    DaysForm {
        shell: req.shell(),
        case: frame(req, all),
        errors: typed.errors.clone(),
        conflict: typed.conflict(rows),
        basis: basis(req, all, typed),
        days: editable.iter().map(field).collect(),
        institution: typed.or("institution", institution),
        levels: chosen(
            CareLevel::ALL.iter().map(|level| (level.code(), level.label())),
            &typed.or("computed_level", level),
        ),
        minutes: typed.or("computed_minutes", minutes),
        warnings: all.findings.iter().map(|finding| warning(&finding.say)).collect(),
    }
}

/// POST /insurer/cases/{p}/{n}/days
async fn days_post(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let mut errors = Vec::new();
    let typed = read_days(&fields, &mut errors);
    if !errors.is_empty() {
        return days_page(&req, (&p, &n), Typed { fields: Some(&fields), errors, conflict: None }).await;
    }
    let done = async {
        let id = CaseId::parse(&req.web.app, &p, &n)?;
        days::set(&req.web.app, &req.ctx, req.caller()?, edit(&req, id, &fields, "days"), typed).await
    };
    match done.await {
        Ok(_) => moved(&format!("/insurer/cases/{p}/{n}?done=case-kept")),
        Err(error) => match again(&fields, error) {
            Ok(typed) => days_page(&req, (&p, &n), typed).await,
            Err(error) => failure(&req, &error),
        },
    }
}

fn read_days(fields: &Fields, errors: &mut Vec<FieldError>) -> Days {
    let editable = Milestone::ALL.iter().copied().filter(|milestone| milestone.in_bulk());
    let days =
        editable.map(|milestone| (milestone, day(fields, milestone.code(), milestone.label(), errors))).collect();
    let institution = text::<60>(fields, "institution", "医療機関名", errors).map(Some);
    let level = CareLevel::parse(fields.get("computed_level")).ok();
    let minutes = minutes(fields.get("computed_minutes"));
    if minutes.is_none() {
        let say = "基準時間は「52.3」のように、分で入れてください。";
        errors.push(FieldError::new("computed_minutes", say));
    }
    Days { days, institution, computed: level.map(|level| (level, minutes.flatten())) }
}

/// Minutes with at most one decimal, as tenths; nothing is nothing.
#[expect(clippy::option_option, reason = "nothing typed and something unreadable are two things")]
fn minutes(text: &str) -> Option<Option<i32>> {
    let plain = halfwidth(text);
    if plain.is_empty() {
        return Some(None);
    }
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, "0"));
    let whole: i32 = whole.parse().ok().filter(|n| (0..=999).contains(n))?;
    let part: i32 = part.parse().ok().filter(|n| (0..=9).contains(n))?;
    Some(Some(whole * 10 + part))
}

/// GET /insurer/cases/{p}/{n}/delay
async fn delay_form(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>) -> Response {
    delay_page(&req, (&p, &n), Typed::nothing()).await
}

async fn delay_page(req: &Req, (p, n): (&str, &str), typed: Typed<'_>) -> Response {
    let all = match look(req, p, n).await {
        Ok(all) => all,
        Err(error) => return failure(req, &error),
    };
    let a = &all.application;
    let known = match (a.delay_notified_on, a.expected_on) {
        (Some(on), Some(expected)) => {
            format!("{}に通知しました。処理見込日は {} です。", seireki(on), seireki(expected))
        }
        (Some(on), None) => format!("{}に通知しました。", seireki(on)),
        (None, _) => String::new(),
    };
    let reason = a.delay_reason.as_ref().map(ToString::to_string).unwrap_or_default();
    let rows = vec![
        ("通知日".to_owned(), shown(a.delay_notified_on), typed.or("notified_on", "")),
        ("処理見込日".to_owned(), shown(a.expected_on), typed.or("expected_on", "")),
        ("延期の理由".to_owned(), reason, typed.or("words", "")),
    ];
    let view = DelayForm {
        shell: req.shell(),
        case: frame(req, &all),
        errors: typed.errors.clone(),
        conflict: typed.conflict(rows),
        basis: basis(req, &all, &typed),
        due: seireki(all.timeline.due_on),
        known,
        notified_on: typed.or("notified_on", seireki(req.ctx.today)),
        expected_on: typed.or("expected_on", shown(a.expected_on)),
        reasons: chosen(DelayReason::ALL.iter().map(|reason| (reason.code(), reason.label())), &typed.or("reason", "")),
        words: typed.or("words", ""),
    };
    answered(typed.conflict.is_some(), &typed.errors, &view)
}

/// POST /insurer/cases/{p}/{n}/delay
async fn delay_post(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let mut errors = Vec::new();
    let notified_on = day(&fields, "notified_on", "通知日", &mut errors);
    let expected_on = day(&fields, "expected_on", "処理見込日", &mut errors);
    let reason = DelayReason::parse(fields.get("reason")).ok();
    let mut needed = |name: &str, there: bool, say: &str| {
        if !there && !errors.iter().any(|error| error.field == name) {
            errors.push(FieldError::new(name, say));
        }
    };
    needed("notified_on", notified_on.is_some(), "通知日を入れてください。");
    needed("expected_on", expected_on.is_some(), "処理見込日を入れてください。");
    needed("reason", reason.is_some(), "延期の理由を選んでください。");
    let (Some(notified_on), Some(expected_on), Some(reason)) = (notified_on, expected_on, reason) else {
        return delay_page(&req, (&p, &n), Typed { fields: Some(&fields), errors, conflict: None }).await;
    };
    let notice = DelayNotice { notified_on, expected_on, reason, words: fields.get("words").to_owned() };
    let done = async {
        let id = CaseId::parse(&req.web.app, &p, &n)?;
        days::delay(&req.web.app, &req.ctx, req.caller()?, edit(&req, id, &fields, "delay"), notice).await
    };
    match done.await {
        Ok(_) => moved(&format!("/insurer/cases/{p}/{n}/delay/letter")),
        Err(error) => match again(&fields, error) {
            Ok(typed) => delay_page(&req, (&p, &n), typed).await,
            Err(error) => failure(&req, &error),
        },
    }
}

/// GET /insurer/cases/{p}/{n}/delay/letter
async fn letter(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>) -> Response {
    let all = match look(&req, &p, &n).await {
        Ok(all) => all,
        Err(error) => return failure(&req, &error),
    };
    let a = &all.application;
    let (Some(on), Some(expected)) = (a.delay_notified_on, a.expected_on) else {
        return moved(&format!("/insurer/cases/{p}/{n}/delay"));
    };
    ok(&DelayLetter {
        shell: req.shell(),
        back: format!("/insurer/cases/{p}/{n}/delay"),
        on: both(on),
        address: all.head.person.address.to_string(),
        name: all.head.person.name.to_string(),
        number: say::number(all.head.insured_no),
        insurer: all.head.insurer.name.clone(),
        phone: all.head.insurer.phone.clone().unwrap_or_default(),
        applied: both(a.applied_on),
        kind: a.kind.label().to_owned(),
        expected: both(expected),
        reason: a.delay_reason.as_ref().map(ToString::to_string).unwrap_or_default(),
    })
}

/// GET /insurer/cases/{p}/{n}/result
async fn result_form(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>) -> Response {
    result_page(&req, (&p, &n), Typed::nothing()).await
}

async fn result_page(req: &Req, (p, n): (&str, &str), typed: Typed<'_>) -> Response {
    match look(req, p, n).await {
        Ok(all) => answered(typed.conflict.is_some(), &typed.errors, &result_view(req, &all, &typed)),
        Err(error) => failure(req, &error),
    }
}

fn result_view(req: &Req, all: &CasePage, typed: &Typed<'_>) -> ResultForm {
    let a = &all.application;
    let mut facts = Vec::new();
    if let Some(level) = all.before.care_level {
        let until = all.before.valid_until.map(|until| format!("（{}まで）", seireki(until))).unwrap_or_default();
        facts.push(Fact::new("前の認定", format!("{}{until}", level.label())));
    }
    let judged = all.board.iter().find(|case| matches!(case.state.as_str(), "confirmed" | "returned"));
    facts.extend(
        judged.and_then(|case| case.judgement.as_ref()).map(|j| Fact::many("審査会の判定", judgement_lines(j))),
    );
    let outcome = a.outcome.map_or("", Outcome::code);
    let level = a.care_level.map_or("", CareLevel::code);
    let n = a.valid_months.map(|n| n.0.to_string()).unwrap_or_default();
    let (opinion, designated) = all.certification.as_ref().map_or_else(Default::default, |c| {
        let text = |text: Option<String>| text.unwrap_or_default();
        (
            text(c.opinion.as_ref().map(ToString::to_string)),
            text(c.designated_services.as_ref().map(ToString::to_string)),
        )
    });
    let word = |code: &str| Outcome::parse(code).map_or(String::new(), |outcome| outcome.label().to_owned());
    let rows = vec![
        ("結果".to_owned(), word(outcome), word(&typed.or("outcome", ""))),
        ("決定日".to_owned(), shown(a.decided_on), typed.or("decided_on", "")),
        ("要介護状態区分".to_owned(), level_word(level), level_word(&typed.or("level", ""))),
        ("有効月数".to_owned(), n.clone(), typed.or("months", "")),
    ];
    ResultForm {
        shell: req.shell(),
        case: frame(req, all),
        errors: typed.errors.clone(),
        conflict: typed.conflict(rows),
        basis: basis(req, all, typed),
        facts,
        outcomes: chosen(Outcome::ALL.iter().map(|o| (o.code(), o.label())), &typed.or("outcome", outcome)),
        decided_on: typed.or("decided_on", seireki(a.decided_on.unwrap_or(req.ctx.today))),
        levels: levels(&typed.or("level", level)),
        months: typed.or("months", n),
        months_hint: months_hint(all),
        opinion: typed.or("opinion", opinion),
        designated: typed.or("designated", designated),
    }
}

fn level_word(code: &str) -> String {
    CareLevel::parse(code).map_or(String::new(), |level| level.label().to_owned())
}

/// What the rule says about the months of this case.
fn months_hint(all: &CasePage) -> String {
    let a = &all.application;
    let range = |level| months(Decision::validity(a.kind, level, all.before), a.applied_on);
    let words = |range: kaigo_core::rule::validity::Months| {
        format!("ふつうは{}か月、{}か月から{}か月まで", range.usual, range.min, range.max)
    };
    match (all.before.care_level.and_then(|level| range(Some(level))), range(None)) {
        (Some(same), Some(other)) if same != other => {
            format!("区分が前と同じなら{}。違うなら{}", words(same), words(other))
        }
        (_, Some(other)) => words(other),
        (_, None) => String::new(),
    }
}

/// POST /insurer/cases/{p}/{n}/result
async fn result_post(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let mut errors = Vec::new();
    let typed = read_result(&fields, &mut errors);
    let Some(typed) = typed.filter(|_| errors.is_empty() && fields.get("back").is_empty()) else {
        return result_page(&req, (&p, &n), Typed { fields: Some(&fields), errors, conflict: None }).await;
    };
    if fields.get("confirm").is_empty() {
        return check_page(&req, (&p, &n), &fields, &typed).await;
    }
    let done = async {
        let id = CaseId::parse(&req.web.app, &p, &n)?;
        result::decide(&req.web.app, &req.ctx, req.caller()?, edit(&req, id, &fields, "result"), typed).await
    };
    match done.await {
        Ok(_) => moved(&format!("/insurer/cases/{p}/{n}?done=case-decided")),
        Err(error) => match again(&fields, error) {
            Ok(typed) => result_page(&req, (&p, &n), typed).await,
            Err(error) => failure(&req, &error),
        },
    }
}

fn read_result(fields: &Fields, errors: &mut Vec<FieldError>) -> Option<result::Result> {
    let outcome = Outcome::parse(fields.get("outcome")).ok();
    if outcome.is_none() {
        errors.push(FieldError::new("outcome", "結果を選んでください。"));
    }
    let decided_on = day(fields, "decided_on", "決定日", errors);
    if decided_on.is_none() && fields.get("decided_on").trim().is_empty() {
        errors.push(FieldError::new("decided_on", "決定日を入れてください。"));
    }
    let plain = halfwidth(fields.get("months"));
    let months: Option<i32> = plain.parse().ok().filter(|n| (1..=99).contains(n));
    if !plain.is_empty() && months.is_none() {
        errors.push(FieldError::new("months", "有効月数は、数で入れてください。"));
    }
    let opinion = text::<400>(fields, "opinion", "審査会の意見", errors);
    let designated_services = text::<200>(fields, "designated", "サービスの種類の指定", errors);
    let care_level = CareLevel::parse(fields.get("level")).ok();
    let decision = Decision { outcome: outcome?, decided_on: decided_on?, care_level, months };
    Some(result::Result { decision, opinion, designated_services })
}

async fn check_page(req: &Req, (p, n): (&str, &str), fields: &Fields, typed: &result::Result) -> Response {
    let all = match look(req, p, n).await {
        Ok(all) => all,
        Err(error) => return failure(req, &error),
    };
    if seen(fields.get("seen")) != all.version {
        let say = "この申請は、ほかの人が先に変えました。いまの内容とくらべて、もう一度入れてください。".to_owned();
        return result_page(req, (p, n), Typed { fields: Some(fields), errors: Vec::new(), conflict: Some(say) }).await;
    }
    let decision = &typed.decision;
    let found = decision.check(&all.application, all.before, req.ctx.today);
    let errors: Vec<FieldError> =
        found.iter().filter(|f| f.error).map(|f| FieldError::new(f.field, f.say.clone())).collect();
    if !errors.is_empty() {
        return result_page(req, (p, n), Typed { fields: Some(fields), errors, conflict: None }).await;
    }
    let mut facts =
        vec![Fact::new("結果", decision.outcome.label()), Fact::new("決定日", seireki(decision.decided_on))];
    let mut effects = vec!["ご本人・担当の事業所の画面に、すぐに出ます。".to_owned()];
    if let (Outcome::Certified, Some(level), Some(months)) = (decision.outcome, decision.care_level, decision.months) {
        let (from, until) = Decision::period(&all.application, all.before, months);
        facts.push(Fact::new("要介護状態区分", level.label()));
        facts.push(Fact::new("認定有効期間", say::period(from, Some(until))).note(format!("{months}か月")));
        facts.push(Fact::new("審査会の意見", typed.opinion.as_ref().map(ToString::to_string).unwrap_or_default()));
        facts.push(Fact::new(
            "サービスの種類の指定",
            typed.designated_services.as_ref().map(ToString::to_string).unwrap_or_default(),
        ));
        effects.push("被保険者証の認定と、支給限度額が、この期間で登録されます。".to_owned());
        if all.before.valid_until.is_some_and(|old| old >= from) {
            effects.push("前の認定の期間は、新しい認定の前の日までになります。".to_owned());
        }
    }
    let names = ["seen", "submit_key", "outcome", "decided_on", "level", "months", "opinion", "designated"];
    ok(&ResultCheck {
        shell: req.shell(),
        case: frame(req, &all),
        facts,
        warnings: found.iter().map(|f| warning(&f.say)).collect(),
        effects,
        hidden: names.iter().map(|name| ((*name).to_owned(), fields.get(name).to_owned())).collect(),
    })
}
