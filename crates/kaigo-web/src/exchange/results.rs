//! 実績 typed in the browser: the month's users, the grid to type in, the look before sending, sending.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::results::{self, Entry, EntryState, Row};
use kaigo_app::exchange::send::Outcome;
use kaigo_careplan::name::Month;

use super::entry::{self, Opened};
use super::head::name;
use super::preview::place;
use super::typed::{Typed, add_line, change_time};
use super::{frame, number, partner};
use crate::failure::{failure, invalid, moved, ok, page};
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::exchange::Tab;
use crate::view::exchange_sheet::results::{ResultRow, Results as View};
use crate::view::{Chip, FieldError, Link, Notice, Tone};

/// GET /exchange/results?month=
pub(crate) async fn list(Staff(req): Staff) -> Response {
    match list_view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn list_view(req: &Req) -> Result<View, Error> {
    // 実績 are typed when the month is over: early in a month it is the one before that is asked for.
    let today = Month::of(req.ctx.today);
    let usual = if req.ctx.today.day() <= 15 { today.previous() } else { today };
    let month = Month::parse(req.asked("month")).unwrap_or(usual);
    let mut rows = results::month(&req.web.app, &req.ctx, req.caller()?, month).await?;
    rows.sort_by_key(rank);
    let link = |month: Month| Link::new(format!("{}月", month.month), format!("/exchange/results?month={month}"));
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Results).await?,
        month: month.label(),
        previous: link(month.previous()),
        next: link(month.next()),
        counts: counts(&rows),
        rows: rows.iter().map(row).collect(),
    })
}

/// What is left to do comes first.
fn rank(row: &Row) -> u8 {
    match &row.entry {
        None => 0,
        Some((_, EntryState::Open, _)) => 1,
        Some((_, EntryState::Sent, _)) => 2,
    }
}

fn state(rank: u8) -> (Tone, &'static str) {
    match rank {
        0 => (Tone::Warn, "まだ"),
        1 => (Tone::Info, "入力中"),
        _ => (Tone::Good, "送りました"),
    }
}

fn counts(rows: &[Row]) -> Vec<Chip> {
    let count = |wanted: u8| rows.iter().filter(|row| rank(row) == wanted).count();
    let all = [0, 1, 2].map(|wanted| (state(wanted), count(wanted)));
    all.into_iter().filter(|(_, n)| *n > 0).map(|((tone, word), n)| Chip::new(tone, format!("{word} {n}人"))).collect()
}

fn row(row: &Row) -> ResultRow {
    let (tone, word) = state(rank(row));
    let at = match &row.entry {
        Some((_, EntryState::Open, at)) => format!("{} 保存", say::short_instant(at)),
        Some((_, EntryState::Sent, at)) => say::short_instant(at),
        None => String::new(),
    };
    let link = row.entry.as_ref().map(|(entry_id, state, _)| {
        let word = if *state == EntryState::Sent { "見る・直す" } else { "つづける" };
        Link::new(word, format!("/exchange/results/{entry_id}"))
    });
    ResultRow {
        name: name(&row.name),
        kana: row.kana.clone(),
        number: number(&row.insured_no),
        partner: partner(&row.partner).name,
        chip: Chip::new(tone, word),
        at,
        link,
        set: row.planned_set.clone(),
        person: row.planned_place.to_string(),
    }
}

/// POST /exchange/results/start
pub(crate) async fn start(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    match begin(&req, fields.get("set"), fields.get("person")).await {
        Ok(entry_id) => moved(&format!("/exchange/results/{entry_id}")),
        Err(error) => failure(&req, &error),
    }
}

async fn begin(req: &Req, set: &str, person: &str) -> Result<String, Error> {
    results::start(&req.web.app, &req.ctx, req.caller()?, set, place(person)?).await
}

async fn open(req: &Req, e: &str) -> Result<Opened, Error> {
    entry::open(req, results::load(&req.web.app, &req.ctx, req.caller()?, e).await?)
}

/// GET /exchange/results/{e}
pub(crate) async fn show(Staff(req): Staff, Path(e): Path<String>) -> Response {
    let opened = match open(&req, &e).await {
        Ok(opened) => opened,
        Err(error) => return failure(&req, &error),
    };
    let typed = Typed::of_entry(&opened.entry);
    match entry::view(&req, &opened, &typed, Vec::new()).await {
        Ok(mut view) => {
            if req.asked("done") == "saved" {
                view.shell.notices.push(Notice {
                    tone: Tone::Good,
                    heading: "保存しました".to_owned(),
                    say: "まだ送っていません。つづきは、いつでも入力できます。".to_owned(),
                });
            }
            ok(&view)
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /exchange/results/{e}: saves what was typed, and does what the button says.
pub(crate) async fn save(Staff(req): Staff, Path(e): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let mut opened = match open(&req, &e).await {
        Ok(opened) => opened,
        Err(error) => return failure(&req, &error),
    };
    let typed = Typed::read(&fields, &opened.entry);
    let mut errors = typed.apply(&mut opened.entry);
    let act = fields.get("act");
    match act {
        "copy" => {
            // What cannot be read is replaced by the plan, too.
            errors.clear();
            opened.copy_planned();
        }
        "time" => errors.extend(change_time(&mut opened.entry, &typed.more)),
        "add" => {
            let own = opened.own_office();
            errors.extend(add_line(&mut opened.entry, &typed.more, (&own.0, &own.1)));
        }
        other => {
            let gone = other.strip_prefix("remove-").and_then(|place| place.parse::<usize>().ok());
            if let Some(gone) = gone {
                opened.remove(gone);
            }
        }
    }
    if !errors.is_empty() {
        return again(&req, &opened, &typed, errors).await;
    }
    let revision = fields.get("revision").parse().unwrap_or(opened.stored.revision);
    match store(&req, &opened, revision).await {
        Ok(()) => moved(&match act {
            "confirm" => format!("/exchange/results/{e}/confirm"),
            "copy" | "time" | "add" => format!("/exchange/results/{e}#entry"),
            _ => format!("/exchange/results/{e}?done=saved"),
        }),
        Err(Error::Conflict(say)) => again(&req, &opened, &typed, vec![FieldError::new("", say)]).await,
        Err(error) => failure(&req, &error),
    }
}

/// Saves; that the same was saved already is no conflict.
async fn store(req: &Req, opened: &Opened, revision: i32) -> Result<(), Error> {
    let content = opened.entry.to_bytes();
    let saved = results::save(&req.web.app, &req.ctx, req.caller()?, &opened.stored.entry_id, revision, &content).await;
    match saved {
        Err(Error::Conflict(_)) if opened.stored.content == content => Ok(()),
        other => other,
    }
}

async fn again(req: &Req, opened: &Opened, typed: &Typed, errors: Vec<FieldError>) -> Response {
    match entry::view(req, opened, typed, errors).await {
        Ok(view) => invalid(&view),
        Err(error) => failure(req, &error),
    }
}

/// GET /exchange/results/{e}/confirm
pub(crate) async fn confirm(Staff(req): Staff, Path(e): Path<String>) -> Response {
    match open(&req, &e).await {
        Ok(opened) => look(&req, &opened, None).await,
        Err(error) => failure(&req, &error),
    }
}

async fn look(req: &Req, opened: &Opened, refused: Option<String>) -> Response {
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    match entry::confirm(req, opened, refused).await {
        Ok(view) => page(status, &view),
        Err(error) => failure(req, &error),
    }
}

/// POST /exchange/results/{e}/send
pub(crate) async fn send(Staff(req): Staff, Path(e): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let opened = match open(&req, &e).await {
        Ok(opened) => opened,
        Err(error) => return failure(&req, &error),
    };
    match deliver(&req, &opened).await {
        Ok(Outcome::Sent { set_id, .. } | Outcome::Repeated { set_id, .. }) => {
            moved(&format!("/exchange/sets/{set_id}"))
        }
        Ok(Outcome::Refused { say, .. }) => look(&req, &opened, Some(say)).await,
        Err(error) => failure(&req, &error),
    }
}

async fn deliver(req: &Req, opened: &Opened) -> Result<Outcome, Error> {
    let stored: &Entry = &opened.stored;
    // Sent as it stands: the second press of the button sends nothing.
    if let (EntryState::Sent, Some(set_id)) = (stored.state, &stored.sent_set) {
        return Ok(Outcome::Repeated { set_id: set_id.clone(), at: String::new() });
    }
    let blocked = opened.blocked(req)?;
    if let Some(say) = blocked.into_iter().next() {
        return Ok(Outcome::Refused { code: "result-blocked".to_owned(), say });
    }
    let files = opened.files(req)?;
    let sent = results::send(&req.web.app, &req.ctx, req.caller()?, &stored.entry_id, files).await?;
    // A refusal of one of several kinds of service is said; otherwise the first set is shown.
    let is_refused = |outcome: &Outcome| matches!(outcome, Outcome::Refused { .. });
    let mut outcomes: Vec<Outcome> = sent.into_iter().map(|result| result.outcome).collect();
    outcomes.sort_by_key(|outcome| !is_refused(outcome));
    outcomes.into_iter().next().ok_or_else(|| Error::Internal("an entry made no set".to_owned()))
}
