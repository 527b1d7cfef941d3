//! 市町村の対応状況: page, map, one prefecture, one municipality, JSON and CSV.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::readiness::{self, Board, Line};
use kaigo_core::area::prefecture;
use kaigo_core::date::seireki;
use kaigo_core::policy::Item;
use kaigo_core::readiness::{Count, Origin, State, item_codes, say as said};
use kaigo_store::readiness::Published;
use serde::Serialize;

use super::map::{FICTIONAL, Shown, level, map};
use crate::failure::{failure, ok};
use crate::request::{Req, Visitor};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::portal::map::{AreaTile, Drawing, Map};
use crate::view::portal::readiness as view;
use crate::view::{Chip, Fact, Tone};

/// Municipalities that a search lists.
const FOUND: usize = 50;

pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::Anybody;
    vec![
        row("GET", "/portal/readiness", Anybody, "-", get(page)),
        row("GET", "/portal/readiness/map.svg", Anybody, "-", get(drawing)),
        row("GET", "/portal/readiness.json", Anybody, "-", get(json)),
        row("GET", "/portal/readiness.csv", Anybody, "-", get(csv)),
        row("GET", "/portal/readiness/{area}", Anybody, "-", get(area)),
    ]
}

/// State as a chip.
pub(crate) fn chip(req: &Req, line: &Line) -> Chip {
    let tone = match line.state {
        State::Dated if line.has_started(req.ctx.today) => Tone::Good,
        State::Dated => Tone::Info,
        State::Adjusting => Tone::Warn,
        State::Undecided => Tone::Plain,
    };
    let word = if line.has_started(req.ctx.today) { "利用中" } else { line.state.label() };
    match line.state {
        State::Dated => Chip::new(
            tone,
            format!("{}（{word}）", said(line.state, line.starts_on)).replace("（開始日が決まっている）", ""),
        ),
        State::Adjusting | State::Undecided => Chip::new(tone, word),
    }
}

/// Items in words.
pub(crate) fn items(items: &[Item]) -> String {
    items.iter().map(|item| item.label()).collect::<Vec<_>>().join("・")
}

fn source(line: &Line) -> String {
    let on = say::day_of(&line.at).map(|on| format!("（{}）", seireki(on))).unwrap_or_default();
    line.origin.map(|origin| format!("{}{on}", origin.label())).unwrap_or_default()
}

/// A municipality as a line; with its prefecture where the list holds several.
pub(crate) fn line(req: &Req, line: &Line, with_prefecture: bool, base: &str) -> view::Line {
    view::Line {
        name: if with_prefecture { format!("{}{}", line.prefecture, line.name) } else { line.name.clone() },
        kana: line.name_kana.clone(),
        href: format!("{base}/{}", line.code),
        chip: chip(req, line),
        items: items(&line.items),
        source: source(line),
    }
}

/// Counts as a row.
pub(crate) fn count_row(name: &str, href: String, count: &Count) -> view::CountRow {
    view::CountRow {
        name: name.to_owned(),
        href,
        all: say::grouped(&count.all),
        started: say::grouped(&count.started),
        dated: say::grouped(&count.dated),
        percent: format!("{}%", count.dated_percent()),
        adjusting: say::grouped(&count.adjusting),
        undecided: say::grouped(&count.undecided),
    }
}

const LEGEND: [(&str, &str); 5] = [
    ("0", "開始日を公表した市町村なし"),
    ("1", "1割未満〜3割未満"),
    ("2", "3割〜6割未満"),
    ("3", "6割〜9割未満"),
    ("4", "9割以上"),
];

fn country(board: &Board, req: &Req) -> Map {
    let (_, by_area) = board.counts(req.ctx.today);
    let fictional: Vec<String> = by_area.keys().filter(|code| prefecture(code).is_none()).cloned().collect();
    let show = |code: &str| {
        let count = by_area.get(code).copied().unwrap_or_default();
        let step = match count.dated_percent() {
            0 if count.dated == 0 => 0,
            0..30 => 1,
            30..60 => 2,
            60..90 => 3,
            _ => 4,
        };
        Shown {
            value: format!("{}/{}", count.dated, count.all),
            level: level(Some(step)),
            say: format!("{}市町村のうち{}が開始日を公表、{}が利用中", count.all, count.dated, count.started),
        }
    };
    map("都道府県ごとの、開始日を公表した市町村の数の地図", LEGEND.to_vec(), "/portal/readiness", &fictional, &show)
}

/// GET /portal/readiness
async fn page(Visitor(req): Visitor) -> Response {
    let board = match readiness::board(&req.web.app, &req.ctx).await {
        Ok(board) => board,
        Err(error) => return failure(&req, &error),
    };
    let (whole, by_area) = board.counts(req.ctx.today);
    let query = req.asked("q").trim().to_owned();
    let rows = by_area.iter().map(|(code, count)| {
        count_row(prefecture(code).map_or(FICTIONAL, |p| p.name), format!("/portal/readiness/{code}"), count)
    });
    let base = "/portal/readiness";
    ok(&view::Readiness {
        shell: req.shell(),
        has_examples: board.has_examples(),
        changed: say::instant(&board.changed_at),
        whole: count_row("全国", String::new(), &whole),
        map: country(&board, &req),
        rows: rows.collect(),
        found: board.find(&query).into_iter().take(FOUND).map(|l| line(&req, l, true, base)).collect(),
        query,
        own: board
            .lines
            .iter()
            .filter(|l| l.origin == Some(Origin::Setting))
            .take(FOUND)
            .map(|l| line(&req, l, true, base))
            .collect(),
    })
}

/// GET /portal/readiness/{area}: two digits of a prefecture, or the code of a municipality.
async fn area(Visitor(req): Visitor, Path(area): Path<String>) -> Response {
    let board = match readiness::board(&req.web.app, &req.ctx).await {
        Ok(board) => board,
        Err(error) => return failure(&req, &error),
    };
    if area.len() == 2 { prefecture_page(&req, &board, &area) } else { municipality_page(&req, &board, &area).await }
}

fn tile_level(req: &Req, line: &Line) -> &'static str {
    match line.state {
        State::Dated if line.has_started(req.ctx.today) => "4",
        State::Dated => "2",
        State::Adjusting => "1",
        State::Undecided => "0",
    }
}

fn prefecture_page(req: &Req, board: &Board, area: &str) -> Response {
    let own: Vec<&Line> = board.lines.iter().filter(|line| line.area() == area).collect();
    if own.is_empty() {
        return failure(req, &Error::NotFound);
    }
    let mut count = Count::default();
    for line in &own {
        count.add(line.state, line.starts_on, req.ctx.today);
    }
    let name = prefecture(area).map_or(FICTIONAL, |p| p.name);
    let state = req.asked("state");
    let wanted = |l: &&&Line| state.is_empty() || l.state.code() == state;
    ok(&view::Area {
        shell: req.shell(),
        has_examples: own.iter().any(|line| line.origin == Some(Origin::Example)),
        name: name.to_owned(),
        counts: count_row(name, String::new(), &count),
        tiles: own
            .iter()
            .map(|l| AreaTile {
                href: format!("/portal/readiness/{}", l.code),
                word: l.name.clone(),
                value: match l.state {
                    State::Dated => {
                        l.starts_on.map(|on| format!("{}年{}月", on.year(), on.month())).unwrap_or_default()
                    }
                    State::Adjusting => "調整中".to_owned(),
                    State::Undecided => "未定".to_owned(),
                },
                level: tile_level(req, l),
            })
            .collect(),
        legend: vec![("4", "利用中"), ("2", "開始日が決まっている"), ("1", "日程を調整中"), ("0", "未定")],
        state: state.to_owned(),
        lines: own.iter().filter(wanted).map(|l| line(req, l, false, "/portal/readiness")).collect(),
    })
}

/// Publications as lines of a history.
pub(crate) fn history(all: &[Published]) -> Vec<view::Change> {
    let change = |p: &Published| view::Change {
        at: say::instant(&p.at),
        say: said(p.readiness.state, p.readiness.starts_on),
        items: items(&p.readiness.items),
        note: p.readiness.note.clone(),
        by: p.readiness.origin.label().to_owned(),
    };
    all.iter().map(change).collect()
}

async fn municipality_page(req: &Req, board: &Board, code: &str) -> Response {
    let Some(line) = board.lines.iter().find(|line| line.code == code) else {
        return failure(req, &Error::NotFound);
    };
    let all = match readiness::history(&req.web.app, code).await {
        Ok(all) => all,
        Err(error) => return failure(req, &error),
    };
    let name = prefecture(line.area()).map_or(FICTIONAL, |p| p.name);
    let mut facts = vec![
        Fact::new("対応状況", "").chip(chip(req, line).tone, chip(req, line).word),
        Fact::new("共有する項目", items(&line.items)),
        Fact::new("備考", &line.note),
        Fact::new("情報の出どころ", source(line)),
        Fact::new("全国地方公共団体コード", &line.code),
    ];
    if line.state == State::Dated && line.items.is_empty() {
        facts.insert(2, Fact::new("項目について", "まだ公表されていません。市町村に確かめてください。"));
    }
    ok(&view::One {
        shell: req.shell(),
        is_example: line.origin == Some(Origin::Example),
        prefecture: (name.to_owned(), format!("/portal/readiness/{}", line.area())),
        name: line.name.clone(),
        chip: chip(req, line),
        facts,
        history: history(&all),
    })
}

/// GET /portal/readiness/map.svg
async fn drawing(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    match readiness::board(&req.web.app, &req.ctx).await {
        Ok(board) => {
            let note = if board.has_examples() { "（例：架空のデータ）" } else { "" };
            let source = format!("介護情報基盤ポータル「市町村の対応状況」{}現在{note}", seireki(req.ctx.today));
            svg(&req, &headers, country(&board, &req), source)
        }
        Err(error) => failure(&req, &error),
    }
}

/// A map as a drawing of its own.
pub(super) fn svg(req: &Req, headers: &HeaderMap, map: Map, source: String) -> Response {
    match askama::Template::render(&Drawing { map, source }) {
        Ok(text) => super::open(headers, "image/svg+xml", text.into_bytes()),
        Err(_) => failure(req, &Error::Internal("the map cannot be drawn".to_owned())),
    }
}

/// A municipality in JSON.
#[derive(Serialize)]
struct Shape<'a> {
    code: &'a str,
    prefecture: &'a str,
    name: &'a str,
    name_kana: &'a str,
    state: &'static str,
    starts_on: Option<String>,
    started: bool,
    items: Vec<&'static str>,
    note: &'a str,
    origin: Option<&'static str>,
    updated_at: Option<&'a str>,
}

#[derive(Serialize)]
struct All<'a> {
    as_of: String,
    /// Some of it is made up: a demo.
    example: bool,
    updated_at: &'a str,
    municipalities: Vec<Shape<'a>>,
}

fn shape<'a>(req: &Req, line: &'a Line) -> Shape<'a> {
    Shape {
        code: &line.code,
        prefecture: &line.prefecture,
        name: &line.name,
        name_kana: &line.name_kana,
        state: line.state.code(),
        starts_on: line.starts_on.map(|on| on.to_string()),
        started: line.has_started(req.ctx.today),
        items: line.items.iter().map(|item| item.code()).collect(),
        note: &line.note,
        origin: line.origin.map(Origin::code),
        updated_at: (!line.at.is_empty()).then_some(line.at.as_str()),
    }
}

/// GET /portal/readiness.json
async fn json(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    let board = match readiness::board(&req.web.app, &req.ctx).await {
        Ok(board) => board,
        Err(error) => return failure(&req, &error),
    };
    let all = All {
        as_of: req.ctx.today.to_string(),
        example: board.has_examples(),
        updated_at: &board.changed_at,
        municipalities: board.lines.iter().map(|line| shape(&req, line)).collect(),
    };
    match serde_json::to_vec(&all) {
        Ok(body) => super::open(&headers, "application/json", body),
        Err(_) => failure(&req, &Error::Internal("the list cannot be written".to_owned())),
    }
}

/// GET /portal/readiness.csv: the columns are those that the operator's desk imports, with names before them.
async fn csv(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    let board = match readiness::board(&req.web.app, &req.ctx).await {
        Ok(board) => board,
        Err(error) => return failure(&req, &error),
    };
    let heads = [
        "都道府県",
        "市町村",
        "カナ",
        "市町村コード",
        "対応状況",
        "開始日",
        "共有する項目",
        "備考",
        "情報の出どころ",
        "公表日時",
    ];
    let mut rows = vec![heads.map(str::to_owned).to_vec()];
    for line in &board.lines {
        rows.push(vec![
            line.prefecture.clone(),
            line.name.clone(),
            line.name_kana.clone(),
            line.code.clone(),
            line.state.label().to_owned(),
            line.starts_on.map(|on| on.to_string()).unwrap_or_default(),
            item_codes(&line.items),
            line.note.clone(),
            line.origin.map(|origin| origin.label().to_owned()).unwrap_or_default(),
            line.at.clone(),
        ]);
    }
    super::open(&headers, "text/csv; charset=utf-8", super::csv(&rows))
}
