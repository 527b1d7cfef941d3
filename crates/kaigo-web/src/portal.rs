//! ポータル: public pages, without a login. Data that others read (JSON, CSV, ICS, Atom, SVG) may be kept by caches for an hour.

mod articles;
mod audience;
pub(crate) mod maintenance;
mod map;
pub(crate) mod readiness;
pub(crate) mod simulator;
pub(crate) mod usage;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use kaigo_app::{Error, portal, readiness as ready};
use kaigo_core::portal::ArticleKind;

use crate::failure::{failure, ok};
use crate::request::{Req, Visitor};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::portal as view;

/// The URLs of the portal.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Anybody;
    let mut table = vec![
        row("GET", "/portal", Anybody, "-", get(home)),
        row("GET", "/portal/en", Anybody, "-", get(english)),
        row("GET", "/portal/guide", Anybody, "-", get(guide)),
        row("GET", "/portal/for/{audience}", Anybody, "-", get(audience::show)),
        row("GET", "/portal/accessibility", Anybody, "-", get(accessibility)),
        row("GET", "/portal/contact", Anybody, "-", get(contact)),
        row("GET", "/portal/open-data", Anybody, "-", get(open_data)),
        row("GET", "/assets/portal.css", Anybody, "-", get(stylesheet)),
    ];
    table.extend(articles::routes());
    table.extend(maintenance::routes());
    table.extend(readiness::routes());
    table.extend(usage::routes());
    table.extend(simulator::routes());
    table
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"))], view::PORTAL_STYLESHEET)
        .into_response()
}

/// GET /portal
pub(crate) async fn home(Visitor(req): Visitor) -> Response {
    match home_view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn home_view(req: &Req) -> Result<view::Home, Error> {
    let app = &req.web.app;
    let all = portal::content::shown(app, &req.ctx, None).await?;
    let of = |kind: ArticleKind, most: usize| {
        let mut own: Vec<_> = all.iter().filter(|v| v.kind == kind).collect();
        if kind != ArticleKind::Faq {
            own.sort_by(|a, b| b.first_at.cmp(&a.first_at));
        }
        own.into_iter().take(most).map(articles::line).collect::<Vec<_>>()
    };
    let soon = portal::maintenance::soon(app, &req.ctx).await?;
    let board = ready::board(app, &req.ctx).await?;
    let (whole, _) = board.counts(req.ctx.today);
    let counted = kaigo_app::usage::board(app).await?;
    let nation = counted.areas.get(kaigo_core::usage::NATION);
    Ok(view::Home {
        shell: req.shell(),
        maintenance: soon.iter().map(|m| maintenance::line(req, m)).collect(),
        news: of(ArticleKind::News, 4),
        magazine: of(ArticleKind::Magazine, 2),
        faq: of(ArticleKind::Faq, 5),
        dated: dated(&whole),
        dated_percent: whole.dated_percent(),
        registered: nation
            .filter(|n| n.offices > 0)
            .map(|n| format!("{} / {}", say::grouped(&n.registered), say::grouped(&n.offices)))
            .unwrap_or_default(),
    })
}

/// 「1,024 / 1,741」; empty where nothing is published.
fn dated(whole: &kaigo_core::readiness::Count) -> String {
    if whole.dated + whole.adjusting == 0 {
        return String::new();
    }
    format!("{} / {}", say::grouped(&whole.dated), say::grouped(&whole.all))
}

/// GET /portal/en
async fn english(Visitor(req): Visitor) -> Response {
    match ready::board(&req.web.app, &req.ctx).await {
        Ok(board) => ok(&view::English { shell: req.shell(), dated: dated(&board.counts(req.ctx.today).0) }),
        Err(error) => failure(&req, &error),
    }
}

/// GET /portal/guide
async fn guide(Visitor(req): Visitor) -> Response {
    ok(&view::Guide { shell: req.shell() })
}

/// GET /portal/accessibility
async fn accessibility(Visitor(req): Visitor) -> Response {
    ok(&view::Accessibility { shell: req.shell() })
}

/// GET /portal/contact
async fn contact(Visitor(req): Visitor) -> Response {
    ok(&view::Contact { shell: req.shell() })
}

/// GET /portal/open-data
async fn open_data(Visitor(req): Visitor) -> Response {
    ok(&view::OpenData { shell: req.shell() })
}

/// Open data: anybody's page and program may read it and keep it for an hour; who has the same bytes already gets none.
pub(crate) fn open(asked: &HeaderMap, kind: &'static str, body: Vec<u8>) -> Response {
    let digest = ring::digest::digest(&ring::digest::SHA256, &body);
    let tag = format!("\"{}\"", kaigo_app::ctx::hex(digest.as_ref().get(..16).unwrap_or_default()));
    let is_same = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|known| known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
    let mut response = if is_same { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// Rows as CSV with CRLF and a mark of UTF-8, as spreadsheets want it; a cell that begins like a formula is quoted with a space.
pub(crate) fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = String::from("\u{FEFF}");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| csv_cell(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out.into_bytes()
}

fn csv_cell(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!(" {cell}") } else { cell.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_files_are_quoted_and_no_formulas() {
        let rows = [vec!["名前".to_owned(), "a,b\"c\"".to_owned()], vec!["=1+1".to_owned(), "二行\nです".to_owned()]];
        let text = String::from_utf8(csv(&rows)).unwrap();
        assert_eq!(text, "\u{FEFF}名前,\"a,b\"\"c\"\"\"\r\n =1+1,\"二行\nです\"\r\n");
    }

    #[test]
    fn who_has_the_bytes_gets_none() {
        let first = open(&HeaderMap::new(), "text/csv; charset=utf-8", b"a".to_vec());
        let tag = first.headers().get(header::ETAG).unwrap().clone();
        assert_eq!(first.headers().get(header::CACHE_CONTROL).unwrap(), "public, max-age=3600");
        let mut asked = HeaderMap::new();
        asked.insert(header::IF_NONE_MATCH, tag);
        assert_eq!(open(&asked, "text/csv", b"a".to_vec()).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(open(&asked, "text/csv", b"b".to_vec()).status(), StatusCode::OK);
    }
}
