//! 月のまとめ: who is missing, user by user.

use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::board::{self, Cell, Row, Side};
use kaigo_careplan::name::Month;

use super::{frame, number, pages, partner, state_chip};
use crate::failure::{failure, ok};
use crate::request::{Req, Staff};
use crate::say;
use crate::view::exchange::board::{Board as View, BoardRow, BoardSide, Cell as CellView};
use crate::view::exchange::{Count, Tab};
use crate::view::{Chip, Choice, Link, Tone};

/// Lines on a page.
const ROWS: usize = 200;

/// GET /exchange/board?month=&show=&page=
pub(crate) async fn show(Staff(req): Staff) -> Response {
    match view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn view(req: &Req) -> Result<View, Error> {
    let this = Month::of(req.ctx.today);
    // Months that no file can have are the month of today.
    let far = |month: &Month| month.year >= 2000 && month.year <= this.year + 1;
    let month = Month::parse(req.asked("month")).filter(far).unwrap_or(this);
    let mut found = board::month(&req.web.app, &req.ctx, req.caller()?, month).await?;
    let is_over = month < this;
    found.rows.sort_by_key(|row| (row.planned.is_some(), row.result.is_some() || !is_over, row.differences == Some(0)));
    let page: usize = req.asked("page").parse().unwrap_or(0);
    let shown: Vec<&Row> = match req.asked("show") {
        "missing" => found.rows.iter().filter(|row| lacks(row, is_over)).collect(),
        "different" => found.rows.iter().filter(|row| row.differences.is_some_and(|n| n > 0)).collect(),
        _ => found.rows.iter().collect(),
    };
    let choices = [("", "すべて"), ("missing", "まだのものだけ"), ("different", "ちがいがあるものだけ")];
    let link = |month: Month| Link::new(month.label(), format!("/exchange/board?month={month}"));
    let asked = req.asked("show");
    let show = if choices.iter().any(|(value, _)| *value == asked) { asked } else { "" };
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Board).await?,
        month: month.label(),
        previous: link(month.previous()),
        next: link(month.next()),
        counts: counts(&found.rows, is_over),
        show: choices.map(|(v, word)| Choice { chosen: v == show, ..Choice::new(v, word) }).into(),
        code: month.to_string(),
        side: side(&found.rows),
        rows: shown.iter().skip(page.saturating_mul(ROWS)).take(ROWS).map(|row| line(row, is_over)).collect(),
        paging: pages(&format!("/exchange/board?month={month}&show={show}"), page, ROWS, shown.len()),
    })
}

fn side(rows: &[Row]) -> BoardSide {
    let is = |side| rows.iter().any(|row| row.side == side);
    match (is(Side::Planner), is(Side::Service)) {
        (true, true) => BoardSide::Both,
        (false, true) => BoardSide::Serves,
        (_, false) => BoardSide::Plans,
    }
}

/// Whether something is missing that should be there by now: 実績 come after the month.
fn lacks(row: &Row, is_over: bool) -> bool {
    row.planned.is_none() || (is_over && row.result.is_none())
}

fn counts(rows: &[Row], is_over: bool) -> Vec<Count> {
    let count = |word: &str, count: usize, tone: Tone| Count {
        word: word.to_owned(),
        count,
        unit: "件".to_owned(),
        chip: (count > 0 && tone == Tone::Warn).then(|| Chip::new(tone, "確かめる")),
        href: String::new(),
    };
    let differs = |row: &&Row| row.differences.is_some_and(|n| n > 0);
    let mut all = vec![count("予定がまだ", rows.iter().filter(|row| row.planned.is_none()).count(), Tone::Warn)];
    if is_over {
        all.push(count("実績がまだ", rows.iter().filter(|row| row.result.is_none()).count(), Tone::Warn));
    }
    all.push(count("予定とちがう", rows.iter().filter(differs).count(), Tone::Warn));
    all.push(count("予定と同じ", rows.iter().filter(|row| row.differences == Some(0)).count(), Tone::Plain));
    all
}

fn line(row: &Row, is_over: bool) -> BoardRow {
    let is_planner = row.side == Side::Planner;
    let compared = row.result.as_ref().map(|cell| format!("/exchange/compare/{}/{}", cell.set_id, cell.place));
    let differences = row.differences.zip(compared).map(|(count, href)| match count {
        0 => (Chip::new(Tone::Good, "同じ"), href),
        count => (Chip::new(Tone::Warn, format!("ちがい {count}件")), href),
    });
    BoardRow {
        name: if row.name.is_empty() { number(&row.insured_no) } else { row.name.clone() },
        small: if row.kana.is_empty() { number(&row.insured_no) } else { row.kana.clone() },
        partner: partner(&row.partner),
        planned: cell(row.planned.as_ref(), is_planner, true),
        result: cell(row.result.as_ref(), !is_planner, is_over),
        differences,
    }
}

/// `is_sender`: whether this office sends the document; `is_due`: whether it should be there by now.
fn cell(cell: Option<&Cell>, is_sender: bool, is_due: bool) -> CellView {
    match cell {
        Some(cell) => CellView {
            chip: state_chip(cell.state, !is_sender),
            at: format!("{} {}", say::short_instant(&cell.at), if is_sender { "送信" } else { "着" }),
            href: format!("/exchange/sets/{}", cell.set_id),
        },
        None => CellView {
            chip: match (is_due, is_sender) {
                (false, _) => Chip::new(Tone::Plain, "月が終わってから"),
                (true, true) => Chip::new(Tone::Warn, "まだ送っていません"),
                (true, false) => Chip::new(Tone::Warn, "まだ届いていません"),
            },
            at: String::new(),
            href: String::new(),
        },
    }
}
