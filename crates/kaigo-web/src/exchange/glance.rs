//! ようす: what came, what the partners have not fetched; joining the exchange.

use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::mailbox::{self, Filter, SetRow, State};
use kaigo_app::exchange::{board, partner as directory};
use kaigo_careplan::name::Month;
use kaigo_core::rule::exchange::limits;

use super::{is_admin, partner, what};
use crate::failure::{failure, moved, ok};
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::exchange::{Count, Frame, Glance as View, Tab};
use crate::view::home::{Queue, QueueRow};
use crate::view::{Chip, Link, Tone};

/// Sets of a list on this page.
const FEW: usize = 5;

/// GET /exchange
pub(crate) async fn show(Staff(req): Staff) -> Response {
    match view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn view(req: &Req) -> Result<View, Error> {
    let (app, ctx, caller) = (&req.web.app, &req.ctx, req.caller()?);
    let summary = mailbox::summary(app, ctx, caller).await?;
    let waiting = mailbox::sent(app, ctx, caller, &unfetched(), "").await?;
    let waiting: Vec<&SetRow> = waiting.rows.iter().filter(|row| row.is_waiting).collect();
    let days = limits(ctx.today).waiting_days;
    let last = Month::of(ctx.today).previous();
    let missing = board::missing(app, ctx, caller, last).await?;
    let count = |word: &str, count, unit: &str, href: String| Count {
        word: word.to_owned(),
        count,
        unit: unit.to_owned(),
        chip: None,
        href,
    };
    Ok(View {
        shell: req.shell(),
        frame: Frame { tab: Tab::Glance, unread: summary.unread, is_admin: is_admin(req) },
        today: say::with_weekday(ctx.today),
        is_member: summary.is_member,
        waiting_days: days,
        counts: vec![
            count(
                &format!("{}月の実績がまだ", last.month),
                missing.results,
                "人分",
                format!("/exchange/board?month={last}&show=missing"),
            ),
            count(
                &format!("{days}日たっても受け取られていない"),
                summary.waiting,
                "件",
                "/exchange/sent?state=sent".to_owned(),
            ),
        ],
        unread: unread(req, summary.unread).await?,
        waiting: Queue {
            count: summary.waiting,
            rows: waiting.iter().take(FEW).map(|row| waits(row)).collect(),
            more: (summary.waiting > FEW.min(waiting.len()))
                .then(|| Link::new("受け取られていないものを全部見る", "/exchange/sent?state=sent")),
        },
    })
}

/// Sets that nobody has fetched.
fn unfetched() -> Filter {
    Filter { state: Some(State::Sent), partner: None }
}

/// The newest unread sets, as lines of a queue.
pub(crate) async fn unread(req: &Req, count: usize) -> Result<Queue, Error> {
    if count == 0 {
        return Ok(Queue::default());
    }
    let found = mailbox::inbox(&req.web.app, &req.ctx, req.caller()?, &unfetched(), "").await?;
    Ok(Queue {
        count,
        rows: found.rows.iter().take(FEW).map(news).collect(),
        more: (count > FEW).then(|| Link::new("届いたものを全部見る", "/exchange/inbox?state=sent")),
    })
}

fn news(row: &SetRow) -> QueueRow {
    let href = format!("/exchange/sets/{}", row.set_id);
    QueueRow {
        chip: Chip::new(Tone::Info, "ケアプラン連携"),
        text: format!("{} から {}（{}人）", partner(&row.partner).name, what(row.unit, row.month), row.person_count),
        href: href.clone(),
        small: format!("{} に届きました　未読", say::short_instant(&row.sent_at)),
        action: Some(Link::new("見る", href)),
    }
}

fn waits(row: &SetRow) -> QueueRow {
    let shown = partner(&row.partner);
    let phone = if shown.phone.is_empty() { String::new() } else { format!("　電話 {}", shown.phone) };
    QueueRow {
        chip: Chip::new(Tone::Warn, "未受信"),
        text: format!("{} へ {}（{}人）", shown.name, what(row.unit, row.month), row.person_count),
        href: format!("/exchange/sets/{}", row.set_id),
        small: format!("{} に送りました{phone}", say::short_instant(&row.sent_at)),
        action: None,
    }
}

/// POST /exchange/join
pub(crate) async fn join(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match directory::join(&req.web.app, &req.ctx, caller).await {
        Ok(()) => moved("/exchange?done=joined"),
        Err(error) => failure(&req, &error),
    }
}
