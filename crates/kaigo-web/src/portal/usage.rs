//! 利用状況: page, map, one prefecture, JSON and CSV. Only figures that may be published come here.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::usage::{self, Board, say as figure};
use kaigo_core::area::{municipality, prefecture};
use kaigo_core::usage::{NATION, Published, Shown as Figure, UNKNOWN, map_level};
use serde::Serialize;

use super::map::{FICTIONAL, Shown, level, map};
use crate::failure::{failure, ok};
use crate::request::Visitor;
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::portal::map::{AreaTile, Map};
use crate::view::portal::usage as view;

pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::Anybody;
    vec![
        row("GET", "/portal/usage", Anybody, "-", get(page)),
        row("GET", "/portal/usage/map.svg", Anybody, "-", get(drawing)),
        row("GET", "/portal/usage.json", Anybody, "-", get(json)),
        row("GET", "/portal/usage.csv", Anybody, "-", get(csv)),
        row("GET", "/portal/usage/{area}", Anybody, "-", get(area)),
    ]
}

const LEGEND: [(&str, &str); 6] = [
    ("0", "先月のやりとりなし"),
    ("1", "5%未満"),
    ("2", "5%〜20%未満"),
    ("3", "20%〜50%未満"),
    ("4", "50%以上"),
    ("none", "5未満・非公表"),
];

/// 「2026年10月」 of `2026-10`.
fn month_word(month: &str) -> String {
    match month.split_once('-') {
        Some((year, month)) => format!("{year}年{}月", month.trim_start_matches('0')),
        None => String::new(),
    }
}

fn percent(n: i64, of: i64) -> String {
    if of == 0 { String::new() } else { format!("（{}%）", n * 100 / of) }
}

/// A share in tenths of a per cent: 「99.5%」.
fn tenths(n: i64) -> String {
    format!("{}.{}%", n / 10, n % 10)
}

fn figures(name: String, href: String, p: &Published) -> view::Row {
    let active = p.active.exact().map(|n| percent(n, p.registered)).unwrap_or_default();
    view::Row {
        name,
        href,
        offices: say::grouped(&p.offices),
        registered: format!("{}{}", say::grouped(&p.registered), percent(p.registered, p.offices)),
        active: format!("{}{active}", figure(p.active)),
        pairs: figure(p.pairs),
        sent: figure(p.sent),
        success: p.success.map_or_else(|| "－".to_owned(), tenths),
    }
}

fn area_name(board: &Board, area: &str) -> String {
    if area == UNKNOWN || area.starts_with(UNKNOWN) {
        return "所在地が分からない事業所".to_owned();
    }
    if area.len() == 2 {
        return prefecture(area).map_or(FICTIONAL, |p| p.name).to_owned();
    }
    let known = municipality(area).map(|m| m.name.to_owned());
    known.or_else(|| board.names.get(area).cloned()).unwrap_or_else(|| area.to_owned())
}

fn prefectures(board: &Board) -> impl Iterator<Item = (&String, &Published)> {
    board.areas.iter().filter(|(area, _)| area.len() == 2 && *area != NATION)
}

fn nobody() -> Published {
    let none = Figure::Exact(0);
    Published { offices: 0, registered: 0, active: none, pairs: none, sent: none, success: None }
}

fn country(board: &Board) -> Map {
    let fictional: Vec<String> = prefectures(board)
        .map(|(area, _)| area)
        .filter(|area| prefecture(area).is_none() && *area != UNKNOWN)
        .cloned()
        .collect();
    let show = |code: &str| {
        let p = board.areas.get(code).copied().unwrap_or_else(nobody);
        let value = match p.active.exact() {
            Some(0) => "－".to_owned(),
            Some(n) if p.offices > 0 => format!("{}%", n * 100 / p.offices),
            Some(_) | None => figure(p.active),
        };
        Shown {
            value,
            level: level(map_level(&p)),
            say: format!(
                "事業所{}のうち、登録{}、先月にやりとりした事業所{}",
                say::grouped(&p.offices),
                say::grouped(&p.registered),
                figure(p.active)
            ),
        }
    };
    let label = "都道府県ごとの、先月にやりとりした事業所の割合（分母はその県の事業所）の地図";
    map(label, LEGEND.to_vec(), "/portal/usage", &fictional, &show)
}

/// GET /portal/usage
async fn page(Visitor(req): Visitor) -> Response {
    let board = match usage::board(&req.web.app).await {
        Ok(board) => board,
        Err(error) => return failure(&req, &error),
    };
    let whole = board.areas.get(NATION).copied().unwrap_or_else(nobody);
    let rows = prefectures(&board).map(|(area, p)| {
        let href = if area == UNKNOWN { String::new() } else { format!("/portal/usage/{area}") };
        figures(area_name(&board, area), href, p)
    });
    ok(&view::Usage {
        shell: req.shell(),
        month: board.run.as_ref().map(|run| month_word(&run.month)).unwrap_or_default(),
        counted: board.run.as_ref().map(|run| say::instant(&run.computed_at)).unwrap_or_default(),
        whole: figures("全国".to_owned(), String::new(), &whole),
        map: country(&board),
        rows: rows.collect(),
        history: board.history.iter().map(|m| figures(month_word(&m.month), String::new(), &m.published)).collect(),
    })
}

/// GET /portal/usage/{area}: two digits of a prefecture.
async fn area(Visitor(req): Visitor, Path(area): Path<String>) -> Response {
    let board = match usage::board(&req.web.app).await {
        Ok(board) => board,
        Err(error) => return failure(&req, &error),
    };
    let whole = match board.areas.get(&area) {
        Some(p) if area.len() == 2 && area != NATION => *p,
        // A prefecture of which no office is known.
        None if prefecture(&area).is_some() => nobody(),
        Some(_) | None => return failure(&req, &Error::NotFound),
    };
    let parts: Vec<(&String, &Published)> =
        board.areas.iter().filter(|(part, _)| part.len() == 6 && part.starts_with(area.as_str())).collect();
    let tile = |(part, p): &(&String, &Published)| AreaTile {
        href: String::new(),
        word: area_name(&board, part),
        value: match p.active.exact() {
            Some(0) => "－".to_owned(),
            Some(_) | None => figure(p.active),
        },
        level: level(map_level(p)),
    };
    let name = area_name(&board, &area);
    ok(&view::Area {
        shell: req.shell(),
        month: board.run.as_ref().map(|run| month_word(&run.month)).unwrap_or_default(),
        whole: figures(name.clone(), String::new(), &whole),
        name,
        tiles: parts.iter().map(tile).collect(),
        legend: LEGEND.to_vec(),
        rows: parts.iter().map(|(part, p)| figures(area_name(&board, part), String::new(), p)).collect(),
    })
}

/// GET /portal/usage/map.svg
async fn drawing(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    match usage::board(&req.web.app).await {
        Ok(board) => {
            let month = board.run.as_ref().map(|run| month_word(&run.month)).unwrap_or_default();
            let source = format!("介護情報基盤ポータル「利用状況」{month}（分母：その県の事業所）");
            super::readiness::svg(&req, &headers, country(&board), source)
        }
        Err(error) => failure(&req, &error),
    }
}

/// An area in JSON. A figure that is not published is null, with the reason beside it.
#[derive(Serialize)]
struct Shape<'a> {
    area: &'a str,
    name: String,
    offices: i64,
    registered: i64,
    active: Option<i64>,
    active_note: &'static str,
    pairs: Option<i64>,
    pairs_note: &'static str,
    sent: Option<i64>,
    sent_note: &'static str,
    success_percent: Option<String>,
}

#[derive(Serialize)]
struct All<'a> {
    month: Option<&'a str>,
    computed_at: Option<&'a str>,
    denominators: [(&'static str, &'static str); 4],
    suppression: &'static str,
    areas: Vec<Shape<'a>>,
}

fn note(shown: Figure) -> &'static str {
    match shown {
        Figure::Exact(_) => "",
        Figure::Few => "less-than-5",
        Figure::Hidden => "withheld",
    }
}

/// GET /portal/usage.json
async fn json(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    let board = match usage::board(&req.web.app).await {
        Ok(board) => board,
        Err(error) => return failure(&req, &error),
    };
    let all = All {
        month: board.run.as_ref().map(|run| run.month.as_str()),
        computed_at: board.run.as_ref().map(|run| run.computed_at.as_str()),
        denominators: [
            ("registered", "offices"),
            ("active", "registered"),
            ("success_percent", "sent"),
            ("map", "active / offices"),
        ],
        suppression: "1 to 4 are withheld (less-than-5), and what would give them away (withheld); 0 is published",
        areas: board
            .areas
            .iter()
            .map(|(area, p)| Shape {
                area,
                name: if area == NATION { "全国".to_owned() } else { area_name(&board, area) },
                offices: p.offices,
                registered: p.registered,
                active: p.active.exact(),
                active_note: note(p.active),
                pairs: p.pairs.exact(),
                pairs_note: note(p.pairs),
                sent: p.sent.exact(),
                sent_note: note(p.sent),
                success_percent: p.success.map(|n| format!("{}.{}", n / 10, n % 10)),
            })
            .collect(),
    };
    match serde_json::to_vec(&all) {
        Ok(body) => super::open(&headers, "application/json", body),
        Err(_) => failure(&req, &Error::Internal("the figures cannot be written".to_owned())),
    }
}

/// GET /portal/usage.csv
async fn csv(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    let board = match usage::board(&req.web.app).await {
        Ok(board) => board,
        Err(error) => return failure(&req, &error),
    };
    let heads = [
        "月",
        "地域コード",
        "地域",
        "事業所数",
        "登録事業所数",
        "先月にやりとりした事業所数",
        "やりとりした組",
        "送った組",
        "届いた割合(%)",
    ];
    let month = board.run.as_ref().map(|run| run.month.clone()).unwrap_or_default();
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for (area, p) in &board.areas {
        rows.push(vec![
            month.clone(),
            area.clone(),
            if area == NATION { "全国".to_owned() } else { area_name(&board, area) },
            p.offices.to_string(),
            p.registered.to_string(),
            p.active.code(),
            p.pairs.code(),
            p.sent.code(),
            p.success.map(|n| format!("{}.{}", n / 10, n % 10)).unwrap_or_default(),
        ]);
    }
    super::open(&headers, "text/csv; charset=utf-8", super::csv(&rows))
}
