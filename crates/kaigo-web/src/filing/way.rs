//! The way to a notice: one thing on a page, back keeps the answers, the last page shows everything once more.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::filing::{self as app, Draft, Way};
use kaigo_core::date::{parse_date, seireki, wareki};
use kaigo_core::filing::{ChangeReason, Division, FilingState, OtherServices, Step, Variant, self_made};
use kaigo_core::finding::Severity;
use kaigo_core::id::OfficeNo;
use kaigo_core::layout::BadCell;
use kaigo_core::rule::filing::Timeliness;
use kaigo_core::text::Text;

use super::{check_line, line, page_of, services as services_word};
use crate::failure::{failure, moved, page};
use crate::person::frame;
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::filing::{Change, Confirm, ConfirmLine, Contact, Services, Start, WayFrame};
use crate::view::{Choice, Fact, FieldError, Link, Notice, Tone};

/// Characters that a free text may have.
const MOST: usize = 200;

fn base(c: &str) -> String {
    format!("/people/{c}/filing")
}

async fn open(req: &Req, c: &str) -> Result<Way, Error> {
    app::way(&req.web.app, &req.ctx, req.caller()?, c).await
}

/// Saves a changed draft.
async fn save(req: &Req, c: &str, draft: Draft) -> Result<Way, Error> {
    app::save(&req.web.app, &req.ctx, req.caller()?, c, draft).await
}

fn status(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// What surrounds the question of a page.
fn around(req: &Req, way: &Way, c: &str, step: Step) -> WayFrame {
    let steps = way.steps();
    let at = steps.iter().position(|s| *s == step);
    let before = at.and_then(|at| at.checked_sub(1)).and_then(|place| steps.get(place));
    let back = match before {
        Some(before) => Link::new("前にもどる", page_of(&base(c), *before)),
        None if at.is_none() => Link::new("確認にもどる", page_of(&base(c), Step::Confirm)),
        None => Link::new("届出の一覧", "/filings"),
    };
    let saved = way.saved.as_ref().map(|(at, by)| format!("{} {by}さんが保存", say::short_instant(at)));
    WayFrame {
        place: at.map(|at| format!("{}／{}", at + 1, steps.len())).unwrap_or_default(),
        back,
        saved: saved.unwrap_or_default(),
        deadline: deadline(req, way),
    }
}

/// By when, and how the notice stands to that.
fn deadline(req: &Req, way: &Way) -> Fact {
    let fact = Fact::new("届出の期限", format!("{}：{}", way.head.insurer.name, way.deadline.say()));
    match way.timeliness {
        Some(Timeliness::InTime(last)) => {
            let left = kaigo_core::date::days_until(req.ctx.today, last);
            let word = if left == 0 {
                "きょうまで".to_owned()
            } else {
                format!("{}まで（あと{left}日）", say::short(last))
            };
            fact.chip(if left <= 3 { Tone::Warn } else { Tone::Good }, word)
        }
        Some(Timeliness::Open) => fact.chip(Tone::Info, "結果が出てから数えます"),
        Some(Timeliness::LateSameMonth(last) | Timeliness::LateNextMonth(last)) => {
            fact.chip(Tone::Bad, format!("{}を過ぎています", say::short(last)))
        }
        None => fact,
    }
}

/// GET /people/{c}/filing
pub(crate) async fn start(Staff(req): Staff, Path(c): Path<String>) -> Response {
    match open(&req, &c).await {
        Ok(way) => start_page(&req, &way, &c, None, Vec::new()),
        Err(error) => failure(&req, &error),
    }
}

fn start_page(req: &Req, way: &Way, c: &str, typed: Option<&str>, errors: Vec<FieldError>) -> Response {
    let fitting: Vec<_> = way.proposal.fits.iter().filter(|fit| fit.fits).collect();
    let chosen = way.draft.variant.or(way.proposal.variant);
    let why = fitting.iter().find(|fit| Some(fit.variant) == chosen).map(|fit| fit.why.clone()).unwrap_or_default();
    let variants = if fitting.len() > 1 {
        let choice = |fit: &&kaigo_core::filing::Fit| Choice {
            value: fit.variant.code().to_owned(),
            word: fit.variant.label().to_owned(),
            chosen: Some(fit.variant) == chosen,
        };
        fitting.iter().map(choice).collect()
    } else {
        Vec::new()
    };
    let proposed = way.draft.start_on.unwrap_or(req.ctx.today);
    let view = Start {
        shell: req.shell(),
        person: frame(req, &way.head),
        way: around(req, way, c, Step::Start),
        form: chosen.filter(|_| !fitting.is_empty()).map(|v| v.label().to_owned()).unwrap_or_default(),
        why,
        is_provisional: way.proposal.is_provisional,
        variants,
        unfit: way
            .proposal
            .fits
            .iter()
            .filter(|fit| !fit.fits)
            .map(|fit| Fact::new(fit.variant.label(), fit.why.clone()))
            .collect(),
        instead: way.proposal.instead.clone(),
        start: typed.map_or_else(|| wareki(proposed), str::to_owned),
        others: if way.asks_services_at_start() { others(way) } else { Vec::new() },
        others_text: others_text(way).to_owned(),
        standing: standing(way),
        self_made: self_made().iter().map(|say| (*say).to_owned()).collect(),
        own: way.own.iter().map(|filing| line(filing, format!("/filings/{}", filing.filing_id))).collect(),
        has_draft: way.saved.is_some(),
        errors,
    };
    page(status(&view.errors), &view)
}

fn standing(way: &Way) -> String {
    match &way.standing {
        None => "いま有効な届出はありません。".to_owned(),
        Some((notice, _)) if notice.office_no == Some(way.office.office_no) => {
            format!("いまは、この事業所の届出が有効です（{}から）。", seireki(notice.from))
        }
        Some((notice, name)) if name.is_empty() => {
            format!("いまの届出は「{}」です（{}から）。", notice.maker.label(), seireki(notice.from))
        }
        Some((notice, name)) => format!("いまの届出は「{name}」です（{}から）。", seireki(notice.from)),
    }
}

/// The field at which a finding of a page is mended.
fn field(step: Step, code: &str) -> &'static str {
    match (step, code) {
        (Step::Start, "filing-wrong-level" | "filing-office-service") | (Step::Confirm, _) => "",
        (Step::Start, _) => "start",
        (Step::Change, _) => "reason",
        (Step::Services, _) => "others",
        (Step::Contact, _) => "entrusted",
    }
}

fn wrong_at(way: &Way, step: Step) -> Vec<FieldError> {
    way.wrong_at(step)
        .into_iter()
        .map(|check| FieldError::new(field(step, check.code), format!("{}{}", check.say, check.mend)))
        .collect()
}

/// POST /people/{c}/filing
pub(crate) async fn save_start(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let way = match open(&req, &c).await {
        Ok(way) => way,
        Err(error) => return failure(&req, &error),
    };
    let typed = fields.get("start");
    let Some(start_on) = parse_date(typed) else {
        let say = if typed.trim().is_empty() { BadCell::Missing } else { BadCell::Date }.mend("計画の作成を始める日");
        return start_page(&req, &way, &c, Some(typed), vec![FieldError::new("start", say)]);
    };
    let variant = Variant::parse(fields.get("variant")).ok().or(way.draft.variant);
    let mut draft = Draft { start_on: Some(start_on), variant, ..way.draft.clone() };
    if way.asks_services_at_start() {
        match answered(&fields) {
            Ok(others) => draft.others = others,
            Err(wrong) => return start_page(&req, &way, &c, Some(typed), vec![wrong]),
        }
    }
    match save(&req, &c, draft).await {
        Ok(way) => {
            let mut errors = wrong_at(&way, Step::Start);
            if way.draft.variant.is_none() {
                errors.insert(0, FieldError::new("", unfit(&way)));
            }
            if way.asks_services_at_start() {
                errors.extend(wrong_services(&way));
            }
            if errors.is_empty() {
                next(&way, &c, Step::Start)
            } else {
                start_page(&req, &way, &c, Some(typed), errors)
            }
        }
        Err(error) => failure(&req, &error),
    }
}

/// That no form fits, and why.
fn unfit(way: &Way) -> String {
    let why: String = way.proposal.fits.iter().map(|fit| fit.why.as_str()).take(1).collect();
    format!("この事業所から出せる届出はありません。{why}")
}

/// The page that comes next: the first that is not answered yet, or that stands behind this one.
fn next(way: &Way, c: &str, step: Step) -> Response {
    moved(&page_of(&base(c), way.after(step)))
}

/// The way, if the question of a page belongs to it; else where to go.
async fn asked(req: &Req, c: &str, step: Step) -> Result<Way, Response> {
    let way = open(req, c).await.map_err(|error| failure(req, &error))?;
    // What is answered already, or asked with the day, is changed on a page of its own.
    let is_asked = match step {
        Step::Contact => true,
        Step::Services => way.asks_services(),
        Step::Start | Step::Change | Step::Confirm => way.steps().contains(&step),
    };
    if way.answers.is_none() || !is_asked {
        return Err(moved(&base(c)));
    }
    Ok(way)
}

/// A free text within its bound.
fn bounded(text: &str, field: &str, ja: &str) -> Result<String, FieldError> {
    match Text::<MOST>::parse(text) {
        Ok(text) => Ok(text.as_str().replace(['\r', '\n'], " ")),
        Err(bad) => Err(FieldError::new(field, format!("{}{}", bad.say(ja), bad.mend(ja)))),
    }
}

/// GET /people/{c}/filing/change
pub(crate) async fn change(Staff(req): Staff, Path(c): Path<String>) -> Response {
    match asked(&req, &c, Step::Change).await {
        Ok(way) => change_page(&req, &way, &c, Vec::new()),
        Err(response) => response,
    }
}

fn change_page(req: &Req, way: &Way, c: &str, errors: Vec<FieldError>) -> Response {
    let reasons = ChangeReason::ALL.iter().map(|reason| Choice {
        value: reason.code().to_owned(),
        word: reason.label().to_owned(),
        chosen: way.draft.reason == Some(*reason),
    });
    let why = way.division.as_ref().map(|(_, why)| why.clone()).unwrap_or_default();
    let from = way.draft.start_on.map(|day| format!("変更の日は{}です。", seireki(day))).unwrap_or_default();
    let view = Change {
        shell: req.shell(),
        person: frame(req, &way.head),
        errors,
        way: around(req, way, c, Step::Change),
        why: format!("{why}{from}"),
        reasons: reasons.collect(),
        reason_text: way.draft.reason_text.clone(),
    };
    page(status(&view.errors), &view)
}

/// POST /people/{c}/filing/change
pub(crate) async fn save_change(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let mut way = match asked(&req, &c, Step::Change).await {
        Ok(way) => way,
        Err(response) => return response,
    };
    way.draft.reason = ChangeReason::parse(fields.get("reason")).ok();
    fields.get("reason_text").clone_into(&mut way.draft.reason_text);
    match bounded(fields.get("reason_text"), "reason_text", "理由の補足") {
        Ok(text) => way.draft.reason_text = text,
        Err(wrong) => return change_page(&req, &way, &c, vec![wrong]),
    }
    match save(&req, &c, way.draft).await {
        Ok(way) => {
            let mut errors = wrong_at(&way, Step::Change);
            if way.draft.reason == Some(ChangeReason::Other) {
                for error in &mut errors {
                    "reason_text".clone_into(&mut error.field);
                }
            }
            if errors.is_empty() { next(&way, &c, Step::Change) } else { change_page(&req, &way, &c, errors) }
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /people/{c}/filing/services
pub(crate) async fn services(Staff(req): Staff, Path(c): Path<String>) -> Response {
    match asked(&req, &c, Step::Services).await {
        Ok(way) => services_page(&req, &way, &c, Vec::new()),
        Err(response) => response,
    }
}

/// なし or あり.
fn others(way: &Way) -> Vec<Choice> {
    let chosen = match &way.draft.others {
        None => "",
        Some(OtherServices::No) => "no",
        Some(OtherServices::Yes(_)) => "yes",
    };
    let choice =
        |value: &str, word: &str| Choice { value: value.to_owned(), word: word.to_owned(), chosen: chosen == value };
    vec![choice("no", "なし"), choice("yes", "あり")]
}

fn others_text(way: &Way) -> &str {
    match &way.draft.others {
        None | Some(OtherServices::No) => "",
        Some(OtherServices::Yes(names)) => names.as_str(),
    }
}

/// What was answered about other services.
fn answered(fields: &Fields) -> Result<Option<OtherServices>, FieldError> {
    let names = bounded(fields.get("others_text"), "others_text", "サービスの名前")?;
    Ok(match fields.get("others") {
        "no" => Some(OtherServices::No),
        "yes" => Some(OtherServices::Yes(names)),
        _ => None,
    })
}

/// What is wrong with that answer, at its field.
fn wrong_services(way: &Way) -> Vec<FieldError> {
    let mut errors = wrong_at(way, Step::Services);
    if matches!(way.draft.others, Some(OtherServices::Yes(_))) {
        for error in &mut errors {
            "others_text".clone_into(&mut error.field);
        }
    }
    errors
}

fn services_page(req: &Req, way: &Way, c: &str, errors: Vec<FieldError>) -> Response {
    let month = way.draft.start_on.unwrap_or(req.ctx.today);
    let view = Services {
        shell: req.shell(),
        person: frame(req, &way.head),
        errors,
        way: around(req, way, c, Step::Services),
        month: format!("{}年{}月", month.year(), month.month()),
        others: others(way),
        others_text: others_text(way).to_owned(),
    };
    page(status(&view.errors), &view)
}

/// POST /people/{c}/filing/services
pub(crate) async fn save_services(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let mut way = match asked(&req, &c, Step::Services).await {
        Ok(way) => way,
        Err(response) => return response,
    };
    match answered(&fields) {
        Ok(others) => way.draft.others = others,
        Err(wrong) => return services_page(&req, &way, &c, vec![wrong]),
    }
    match save(&req, &c, way.draft).await {
        Ok(way) => {
            let errors = wrong_services(&way);
            if errors.is_empty() { next(&way, &c, Step::Services) } else { services_page(&req, &way, &c, errors) }
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /people/{c}/filing/contact
pub(crate) async fn contact(Staff(req): Staff, Path(c): Path<String>) -> Response {
    match asked(&req, &c, Step::Contact).await {
        Ok(way) => contact_page(&req, &way, &c, Vec::new()),
        Err(response) => response,
    }
}

fn contact_page(req: &Req, way: &Way, c: &str, errors: Vec<FieldError>) -> Response {
    let view = Contact {
        shell: req.shell(),
        person: frame(req, &way.head),
        errors,
        way: around(req, way, c, Step::Contact),
        name: way.draft.contact_name.clone(),
        phone: way.draft.contact_phone.clone(),
        asks_entrusted: way.draft.variant == Some(Variant::Prevention),
        entrusted: way.draft.entrusted.clone(),
    };
    page(status(&view.errors), &view)
}

/// POST /people/{c}/filing/contact
pub(crate) async fn save_contact(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let mut way = match asked(&req, &c, Step::Contact).await {
        Ok(way) => way,
        Err(response) => return response,
    };
    let mut errors = Vec::new();
    way.draft.contact_name = fields.get("name").trim().to_owned();
    way.draft.contact_phone = fields.get("phone").trim().to_owned();
    way.draft.entrusted = kaigo_core::text::halfwidth(fields.get("entrusted")).trim().to_owned();
    if way.draft.contact_name.is_empty() || way.draft.contact_name.chars().count() > 40 {
        errors.push(FieldError::new("name", "担当者の名前を、40文字までで入れてください。"));
    }
    let phone = kaigo_core::text::halfwidth(&way.draft.contact_phone).into_owned();
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if !(9..=13).contains(&digits) || !phone.chars().all(|c| c.is_ascii_digit() || "-()+ ".contains(c)) {
        errors.push(FieldError::new("phone", "電話番号を、市外局番から入れてください。例：00-0000-0000"));
    } else {
        way.draft.contact_phone = phone;
    }
    if !way.draft.entrusted.is_empty() {
        match OfficeNo::parse(&way.draft.entrusted) {
            Ok(no) if no.check() => {}
            Ok(_) => errors.push(FieldError::new(
                "entrusted",
                "委託先の事業所番号の最後の数字が合いません。番号を確かめてください。",
            )),
            Err(bad) => {
                let ja = "委託先の事業所番号";
                errors.push(FieldError::new("entrusted", format!("{}{}", bad.say(ja), bad.mend(ja))));
            }
        }
    }
    if !errors.is_empty() {
        return contact_page(&req, &way, &c, errors);
    }
    match save(&req, &c, way.draft).await {
        Ok(way) => {
            let errors = wrong_at(&way, Step::Contact);
            if errors.is_empty() { next(&way, &c, Step::Contact) } else { contact_page(&req, &way, &c, errors) }
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /people/{c}/filing/confirm
pub(crate) async fn confirm(Staff(req): Staff, Path(c): Path<String>) -> Response {
    match asked(&req, &c, Step::Confirm).await {
        Ok(way) => confirm_page(&req, &way, &c, StatusCode::OK, &req.ctx.ids.id()),
        Err(response) => response,
    }
}

fn confirm_page(req: &Req, way: &Way, c: &str, status: StatusCode, submit_key: &str) -> Response {
    let at = base(c);
    let errors: Vec<FieldError> = if status == StatusCode::OK {
        Vec::new()
    } else {
        let stops = way.checks.iter().filter(|check| check.severity == Severity::Error);
        stops.map(|check| FieldError::new("", check.say.clone())).collect()
    };
    let timeliness = way.timeliness;
    let start = way.draft.start_on.unwrap_or(req.ctx.today);
    let late = timeliness.filter(|t| t.is_late()).map(|t| Notice {
        tone: Tone::Bad,
        heading: "届出の期限を過ぎています".to_owned(),
        say: t.consequences(start).concat(),
    });
    let view = Confirm {
        shell: req.shell(),
        person: frame(req, &way.head),
        way: around(req, way, c, Step::Confirm),
        form: way.draft.variant.map(|v| v.label().to_owned()).unwrap_or_default(),
        lines: lines(req, way, &at),
        checks: way
            .checks
            .iter()
            .filter(|check| check.code != "filing-late")
            .map(|check| check_line(check, Some(&at)))
            .collect(),
        late,
        insurer: way.head.insurer.name.clone(),
        submit_key: submit_key.to_owned(),
        can_file: !way.checks.iter().any(|check| check.severity == Severity::Error),
        errors,
    };
    page(status, &view)
}

/// What is filed, with where each is changed.
fn lines(req: &Req, way: &Way, at: &str) -> Vec<ConfirmLine> {
    let fixed = |fact| ConfirmLine { fact, change: None };
    let asked = |fact, step| ConfirmLine { fact, change: Some(page_of(at, step)) };
    let (division, why) = way.division.clone().unwrap_or((Division::New, String::new()));
    let start = way.draft.start_on.unwrap_or(req.ctx.today);
    let mut lines = vec![
        fixed(Fact::new("区分", division.label()).note(why)),
        asked(Fact::new("計画の作成を始める日", format!("{}（{}）", wareki(start), seireki(start))), Step::Start),
        fixed(Fact::new("事業所", format!("{}（{}）", way.office.name, way.office.office_no))),
        fixed(Fact::new("所在地", way.office.address.clone())),
        fixed(deadline(req, way)),
    ];
    if division == Division::Change {
        let reason = way.draft.reason.map(|reason| reason.label().to_owned());
        let text = Some(way.draft.reason_text.clone()).filter(|text| !text.is_empty());
        lines.push(asked(Fact::many("変更の理由", reason.into_iter().chain(text).collect()), Step::Change));
    }
    if way.draft.variant.is_some_and(Variant::is_multifunctional) {
        let word = way.draft.others.as_ref().map(services_word).unwrap_or_default();
        lines.push(asked(Fact::new("開始の月のほかのサービス", word), Step::Services));
    }
    if way.draft.variant == Some(Variant::Prevention) {
        let word = match (&way.entrusted, way.draft.entrusted.as_str()) {
            (_, "") => "委託しない".to_owned(),
            (Some(name), no) => format!("{name}（{no}）"),
            (None, no) => no.to_owned(),
        };
        lines.push(asked(Fact::new("委託先", word), Step::Contact));
    }
    let contact = format!("{}　{}", way.draft.contact_name, way.draft.contact_phone);
    lines.push(asked(Fact::new("連絡先", contact), Step::Contact));
    if way.draft.replaces.is_some() {
        lines.push(fixed(Fact::new("出しなおし", "差し戻された届出を直したものです")));
    }
    lines
}

/// POST /people/{c}/filing/confirm
pub(crate) async fn file(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let key = fields.get("submit_key");
    let done = match req.caller() {
        Ok(caller) => app::file(&req.web.app, &req.ctx, caller, &c, key).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(filing_id) => moved(&format!("/filings/{filing_id}?done=filed")),
        Err(Error::Conflict(say)) => match asked(&req, &c, Step::Confirm).await {
            Ok(way) if way.checks.iter().any(|check| check.severity == Severity::Error) => {
                confirm_page(&req, &way, &c, StatusCode::CONFLICT, key)
            }
            // Somebody of the office filed it meanwhile: the list of the person's notices shows it.
            Ok(_) => failure(&req, &Error::Conflict(say)),
            Err(response) => elsewhere(&req, &c).await.unwrap_or(response),
        },
        Err(error) => failure(&req, &error),
    }
}

/// The notice that a colleague filed while this page stood open.
async fn elsewhere(req: &Req, c: &str) -> Option<Response> {
    let way = open(req, c).await.ok()?;
    let waiting = way.own.iter().find(|filing| filing.state == FilingState::Filed)?;
    Some(moved(&format!("/filings/{}?done=filed-before", waiting.filing_id)))
}

/// POST /people/{c}/filing/discard
pub(crate) async fn discard(Staff(req): Staff, Path(c): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => app::discard(&req.web.app, &req.ctx, caller, &c).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => moved(&base(&c)),
        Err(error) => failure(&req, &error),
    }
}
