//! お知らせ: what happened, for whom it matters; and mail that says so.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::notice::{self, Page, Search};
use kaigo_app::{Error, mail};
use kaigo_core::notice::{Frequency, Topic};
use kaigo_core::policy::Caller;
use kaigo_store::notice::Told;

use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Req, Somebody, local, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::notices::{MailSettings, NoticeRow, Notices};
use crate::view::{Chip, Choice, FieldError, Paging, Tone};

/// The URLs of this area. Everybody has a box of their own; `{n}` is a notice in it.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Somebody;
    vec![
        row("GET", "/notices", Somebody, "-", get(list)),
        row("POST", "/notices/read", Somebody, "-", post(read_all)),
        row("GET", "/notices/{n}", Somebody, "-", get(open)),
        row("POST", "/notices/{n}/read", Somebody, "-", post(read_one)),
        row("GET", "/notices/mail", Somebody, "-", get(mail_form)),
        row("POST", "/notices/mail", Somebody, "-", post(mail_save)),
        row("POST", "/notices/mail/address", Somebody, "-", post(mail_address)),
        row("POST", "/notices/mail/code", Somebody, "-", post(mail_code)),
        row("POST", "/notices/mail/forget", Somebody, "-", post(mail_forget)),
    ]
}

/// GET /notices?topic=&read=all&before=
async fn list(Somebody(req): Somebody) -> Response {
    let before = Some(req.asked("before")).filter(|b| !b.is_empty()).map(str::to_owned);
    let search = Search { topic: Topic::parse(req.asked("topic")).ok(), with_read: req.asked("read") == "all", before };
    let found = match req.caller() {
        Ok(caller) => notice::list(&req.web.app, &req.ctx, caller, search.clone()).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(found) => ok(&view(&req, &search, &found)),
        Err(error) => failure(&req, &error),
    }
}

fn view(req: &Req, search: &Search, found: &Page) -> Notices {
    let box_of = req.caller().ok().and_then(notice::box_of);
    let offered = box_of.map(|to| Topic::of(to.kind())).unwrap_or_default();
    let unread = |topic: Topic| found.unread.iter().find(|(t, _)| *t == topic).map_or(0, |(_, n)| *n);
    let others = found.unread.iter().map(|(topic, _)| *topic).filter(|topic| !offered.contains(topic));
    let topics = offered.iter().copied().chain(others).map(|topic| {
        let word = match unread(topic) {
            0 => topic.label().to_owned(),
            n => format!("{}（{n}件）", topic.label()),
        };
        Choice { chosen: search.topic == Some(topic), ..Choice::new(topic.code(), word) }
    });
    let all: i64 = found.unread.iter().map(|(_, n)| n).sum();
    let older = found.rows.last().filter(|_| found.more).map(|(told, _)| {
        let read = if search.with_read { "all" } else { "" };
        let topic = search.topic.map_or("", Topic::code);
        format!("/notices?topic={topic}&read={read}&before={}", percent(&told.notice_id))
    });
    let newest = found.rows.iter().find(|(told, _)| told.read_at.is_none());
    Notices {
        shell: req.shell(),
        topics: topics.collect(),
        topic: search.topic.map_or("", Topic::code).to_owned(),
        with_read: search.with_read,
        found: match all {
            0 => "まだ確認していないお知らせはありません".to_owned(),
            n => format!("まだ確認していないお知らせは{}件です", say::grouped(&n)),
        },
        newest: newest.map(|(told, _)| told.notice_id.clone()).unwrap_or_default(),
        rows: found.rows.iter().map(|(told, name)| notice_row(req, told, name.as_deref())).collect(),
        is_shared: !matches!(req.caller(), Ok(Caller::Person { .. })),
        paging: Paging { next: older, ..Paging::default() },
    }
}

fn notice_row(req: &Req, told: &Told, name: Option<&str>) -> NoticeRow {
    let tone = match (told.read_at.is_some(), told.topic.is_pressing()) {
        (true, _) => Tone::Plain,
        (false, true) => Tone::Warn,
        (false, false) => Tone::Info,
    };
    let whom = match (name, told.about, req.caller()) {
        (Some(name), _, _) => format!("{name} さん"),
        // One's own notices are about oneself.
        (None, None, _) | (None, Some(_), Ok(Caller::Person { .. })) => String::new(),
        (None, Some(_), Ok(Caller::Insurer(_))) => "被保険者1名".to_owned(),
        (None, Some(_), Ok(Caller::Medical(_) | Caller::Board(_))) => "対象者1名".to_owned(),
        (None, Some(_), _) => "利用者1名".to_owned(),
    };
    let at = say::short_instant(&told.told_at);
    let read_by = told.read_at.as_deref().map(|when| {
        let when = say::short_instant(when);
        told.read_by
            .as_deref()
            .filter(|by| !by.is_empty())
            .map_or_else(|| format!("{when} に確認"), |by| format!("{by} さんが {when} に確認"))
    });
    NoticeRow {
        n: told.notice_id.clone(),
        chip: Chip::new(tone, told.topic.label()),
        whom,
        text: told.topic.say().to_owned(),
        small: if told.note.is_empty() { at } else { format!("{}　{at}", told.note) },
        is_unread: told.read_at.is_none(),
        read_by: read_by.unwrap_or_default(),
    }
}

/// GET /notices/{n}: it is read, and the place is shown. Done twice, it stays read.
async fn open(Somebody(req): Somebody, Path(n): Path<String>) -> Response {
    let opened = match req.caller() {
        Ok(caller) => notice::open(&req.web.app, &req.ctx, caller, &n).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(href) => moved(local(&href)),
        Err(error) => failure(&req, &error),
    }
}

/// POST /notices/{n}/read
async fn read_one(Somebody(req): Somebody, Path(n): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let done = match req.caller() {
        Ok(caller) => notice::mark_read(&req.web.app, &req.ctx, caller, &n).await,
        Err(error) => Err(error),
    };
    let back = local(fields.get("back"));
    match done {
        Ok(()) => moved(if back.starts_with("/notices") { back } else { "/notices" }),
        Err(error) => failure(&req, &error),
    }
}

/// POST /notices/read
async fn read_all(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let topic = Topic::parse(fields.get("topic")).ok();
    let done = match req.caller() {
        Ok(caller) => notice::mark_all_read(&req.web.app, &req.ctx, caller, fields.get("newest"), topic).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => moved(&format!("/notices?topic={}&done=notices-read", topic.map_or("", Topic::code))),
        Err(error) => failure(&req, &error),
    }
}

/// What was typed and what is wrong with it.
#[derive(Default)]
struct Typed {
    errors: Vec<FieldError>,
    address: String,
    /// How often and about what, where that was sent.
    choice: Option<(Option<Frequency>, Vec<Topic>)>,
}

/// GET /notices/mail
async fn mail_form(Somebody(req): Somebody) -> Response {
    mail_page(&req, Typed::default()).await
}

async fn mail_page(req: &Req, typed: Typed) -> Response {
    let found = match req.caller() {
        Ok(caller) => mail::view(&req.web.app, &req.ctx, caller).await,
        Err(error) => Err(error),
    };
    let all = match found {
        Ok(all) => all,
        Err(error) => return failure(req, &error),
    };
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (frequency, topics) = typed.choice.unwrap_or((Some(all.setting.frequency), all.setting.topics));
    let refused = all.setting.refused_at.as_deref().map(|at| {
        format!(
            "{} に、相手のサーバーに断られました。アドレスを確かめて、もう一度登録してください。",
            say::short_instant(at)
        )
    });
    let choice = |f: &Frequency| Choice { chosen: frequency == Some(*f), ..Choice::new(f.code(), f.label()) };
    let topic = |t: &Topic| Choice { chosen: topics.contains(t), ..Choice::new(t.code(), t.label()) };
    let view = MailSettings {
        shell: req.shell(),
        errors: typed.errors,
        offered: all.offered,
        address: all.setting.address.unwrap_or_default(),
        refused: refused.unwrap_or_default(),
        waiting: all.setting.new_address.filter(|_| all.code_waits).unwrap_or_default(),
        typed: typed.address,
        frequencies: Frequency::ALL.iter().map(choice).collect(),
        topics: all.topics.iter().map(topic).collect(),
    };
    page(status, &view)
}

/// The page again with the sentences, or the failure.
async fn again(req: &Req, error: Error, typed: Typed) -> Response {
    match error {
        Error::Invalid(wrong) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            mail_page(req, Typed { errors, ..typed }).await
        }
        other @ (Error::NotFound
        | Error::Forbidden(_)
        | Error::Conflict(_)
        | Error::TooMany { .. }
        | Error::LoginNeeded
        | Error::Busy
        | Error::Internal(_)) => failure(req, &other),
    }
}

/// POST /notices/mail
async fn mail_save(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let topics: Vec<Topic> = fields.ticked("topic-").into_iter().filter_map(|code| Topic::parse(code).ok()).collect();
    let Ok(frequency) = Frequency::parse(fields.get("frequency")) else {
        let errors = vec![FieldError::new("frequency", "メールの回数を選んでください。")];
        return mail_page(&req, Typed { errors, choice: Some((None, topics)), ..Typed::default() }).await;
    };
    let saved = match req.caller() {
        Ok(caller) => mail::save(&req.web.app, &req.ctx, caller, frequency, topics.clone()).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) => moved("/notices/mail?done=mail-saved"),
        Err(error) => again(&req, error, Typed { choice: Some((Some(frequency), topics)), ..Typed::default() }).await,
    }
}

/// POST /notices/mail/address: codes for the login and warnings go there, so that it is changed only with a fresh proof.
async fn mail_address(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &["address"]) {
        return page;
    }
    if let Err(page) = crate::account::sure(&req, "/notices/mail") {
        return page;
    }
    let address = fields.get("address");
    let asked = match req.caller() {
        Ok(caller) => mail::ask_code(&req.web.app, &req.ctx, caller, address).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(()) => moved("/notices/mail?done=mail-code"),
        Err(error) => again(&req, error, Typed { address: address.to_owned(), ..Typed::default() }).await,
    }
}

/// POST /notices/mail/code
async fn mail_code(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let confirmed = match req.caller() {
        Ok(caller) => mail::confirm(&req.web.app, &req.ctx, caller, fields.get("code")).await,
        Err(error) => Err(error),
    };
    match confirmed {
        Ok(()) => moved("/notices/mail?done=mail-confirmed"),
        Err(error) => again(&req, error, Typed::default()).await,
    }
}

/// POST /notices/mail/forget: warnings reach nobody afterwards.
async fn mail_forget(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    if let Err(page) = crate::account::sure(&req, "/notices/mail") {
        return page;
    }
    let forgotten = match req.caller() {
        Ok(caller) => mail::forget(&req.web.app, &req.ctx, caller).await,
        Err(error) => Err(error),
    };
    match forgotten {
        Ok(()) => moved("/notices/mail?done=mail-forgotten"),
        Err(error) => failure(&req, &error),
    }
}

/// What was done on these pages.
pub(crate) fn done(done: &str) -> Option<(&'static str, &'static str)> {
    Some(match done {
        "notices-read" => ("確認済みにしました", "「確認済みも出す」を選ぶと、また見られます。"),
        "mail-code" => ("確認コードを送りました", "届いたメールの6けたの数字を、下に入れてください。"),
        "mail-confirmed" => ("アドレスを登録しました", "お知らせがあると、このアドレスにメールが届きます。"),
        "mail-saved" => ("メールの設定を変えました", ""),
        "mail-forgotten" => ("アドレスを消しました", "もうメールは届きません。"),
        _ => return None,
    })
}
