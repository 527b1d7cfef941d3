//! お知らせ, マガジン, よくある質問, search, and the feed of what is new.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header;
use axum::response::Response;
use axum::routing::get;
use kaigo_app::portal::content;
use kaigo_app::{Error, readiness as ready};
use kaigo_core::portal::{ArticleKind, Topic, query_words, score};
use kaigo_store::portal::Version;

use crate::failure::{failure, ok};
use crate::markdown::{Headings, pieces, plain};
use crate::request::{Req, Visitor};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::Link;
use crate::view::portal as portal_view;
use crate::view::portal::article as view;

/// Municipalities that a search lists.
const MUNICIPALITIES: usize = 12;
/// Entries of the feed.
const ENTRIES: usize = 30;

pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::Anybody;
    vec![
        row("GET", "/portal/news", Anybody, "-", get(news)),
        row("GET", "/portal/news/{a}", Anybody, "-", get(one_news)),
        row("GET", "/portal/magazine", Anybody, "-", get(magazine)),
        row("GET", "/portal/magazine/{a}", Anybody, "-", get(one_magazine)),
        row("GET", "/portal/faq", Anybody, "-", get(faq)),
        row("GET", "/portal/faq/{a}", Anybody, "-", get(one_faq)),
        row("GET", "/portal/search", Anybody, "-", get(search)),
        row("GET", "/portal/feed.atom", Anybody, "-", get(feed)),
    ]
}

/// Where an article stands.
pub(crate) fn href(version: &Version) -> String {
    format!("/portal/{}/{}", version.kind.code(), version.article_id)
}

fn on(instant: &str) -> String {
    say::day_of(instant).map(kaigo_core::date::seireki).unwrap_or_default()
}

/// An article as a line.
pub(super) fn line(version: &Version) -> view::Line {
    let word = if version.kind == ArticleKind::Faq { version.topic.label() } else { version.kind.label() };
    view::Line {
        word: word.to_owned(),
        title: version.title.clone(),
        summary: version.summary.clone(),
        on: on(&version.first_at),
        href: href(version),
    }
}

async fn list(req: &Req, kind: ArticleKind, heading: &'static str, lead: &'static str) -> Response {
    match content::shown(&req.web.app, &req.ctx, Some(kind)).await {
        Ok(mut all) => {
            all.sort_by(|a, b| b.first_at.cmp(&a.first_at));
            ok(&view::Articles { shell: req.shell(), heading, lead, lines: all.iter().map(line).collect() })
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /portal/news
async fn news(Visitor(req): Visitor) -> Response {
    list(&req, ArticleKind::News, "お知らせ", "運営からのお知らせです。新しいものから並んでいます。").await
}

/// GET /portal/magazine
async fn magazine(Visitor(req): Visitor) -> Response {
    list(&req, ArticleKind::Magazine, "マガジン", "使い始めた事業所や市町村の話を、ゆっくり読めます。").await
}

async fn one(req: &Req, kind: ArticleKind, id: &str) -> Response {
    match content::one(&req.web.app, &req.ctx, kind, id).await {
        Ok(v) => {
            let (list_href, list) = match kind {
                ArticleKind::News => ("/portal/news", "お知らせ"),
                ArticleKind::Magazine => ("/portal/magazine", "マガジン"),
                ArticleKind::Faq => ("/portal/faq", "よくある質問"),
            };
            ok(&view::Article {
                shell: req.shell(),
                list_href,
                list,
                word: if kind == ArticleKind::Faq { v.topic.label().to_owned() } else { String::new() },
                on: on(&v.first_at),
                changed: if on(&v.show_from) == on(&v.first_at) { String::new() } else { on(&v.show_from) },
                body: pieces(&v.body, Headings::From(2)),
                title: v.title,
                summary: v.summary,
            })
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /portal/news/{a}
async fn one_news(Visitor(req): Visitor, Path(id): Path<String>) -> Response {
    one(&req, ArticleKind::News, &id).await
}

/// GET /portal/magazine/{a}
async fn one_magazine(Visitor(req): Visitor, Path(id): Path<String>) -> Response {
    one(&req, ArticleKind::Magazine, &id).await
}

/// GET /portal/faq/{a}
async fn one_faq(Visitor(req): Visitor, Path(id): Path<String>) -> Response {
    one(&req, ArticleKind::Faq, &id).await
}

/// GET /portal/faq
async fn faq(Visitor(req): Visitor) -> Response {
    let all = match content::shown(&req.web.app, &req.ctx, Some(ArticleKind::Faq)).await {
        Ok(all) => all,
        Err(error) => return failure(&req, &error),
    };
    let group = |topic: &Topic| view::Group {
        code: topic.code(),
        heading: topic.label(),
        questions: all
            .iter()
            .filter(|v| v.topic == *topic)
            .map(|v| view::Question { href: href(v), title: v.title.clone(), body: pieces(&v.body, Headings::Bold) })
            .collect(),
    };
    let groups: Vec<view::Group> = Topic::ALL.iter().map(group).filter(|group| !group.questions.is_empty()).collect();
    ok(&view::Faq { shell: req.shell(), groups })
}

/// Pages that are always there, with the words under which they are found.
const PAGES: &[(&str, &str, &str)] = &[
    (
        "/portal/guide",
        "導入の手引き（5つのステップ）",
        "はじめかた 準備 手順 登録 証明書 ログイン 介護WEBサービス せつぞく",
    ),
    ("/portal/for/office", "介護事業所の方へ", "居宅介護支援 ケアマネジャー 訪問介護 通所介護 施設"),
    ("/portal/for/medical", "医療機関の方へ", "主治医意見書 病院 診療所 しゅじい"),
    ("/portal/for/municipality", "市町村の方へ", "保険者 自治体 役所 しちょうそん"),
    ("/portal/for/person", "ご本人・ご家族の方へ", "利用者 本人 家族 代理 手紙 介護保険証"),
    ("/portal/readiness", "市町村の対応状況", "開始日 いつから 自治体 対応 準備状況 しちょうそん"),
    ("/portal/usage", "利用状況（地図と表）", "普及 事業所数 連携 地図 統計"),
    ("/portal/simulator", "かんたんシミュレーション", "削減 費用 効果 時間 人件費 FAX 試算"),
    ("/portal/maintenance", "メンテナンスの予定", "停止 使えない 障害 カレンダー"),
    ("/portal/open-data", "オープンデータ", "JSON CSV API データ ダウンロード"),
    ("/portal/accessibility", "アクセシビリティ方針", "ウェブアクセシビリティ 読み上げ 文字サイズ JIS WCAG"),
    ("/portal/contact", "お問い合わせ", "電話 ヘルプデスク 窓口 といあわせ"),
    ("/login", "ログイン", "パスワード 入口"),
];

/// GET /portal/search
async fn search(Visitor(req): Visitor) -> Response {
    let query = req.asked("q").trim().to_owned();
    let words = query_words(&query);
    let found = async {
        let articles = content::search(&req.web.app, &req.ctx, &query).await?;
        let board =
            if words.is_empty() { ready::Board::default() } else { ready::board(&req.web.app, &req.ctx).await? };
        Ok::<_, Error>((articles, board))
    };
    match found.await {
        Ok((articles, board)) => {
            let municipality = |line: &&ready::Line| {
                let state = kaigo_core::readiness::say(line.state, line.starts_on);
                Link::new(
                    format!("{}{}（{state}）", line.prefecture, line.name),
                    format!("/portal/readiness/{}", line.code),
                )
            };
            let fits = |(_, title, more): &&(&str, &str, &str)| !words.is_empty() && score(&words, title, &[more]) > 0;
            ok(&portal_view::Search {
                shell: req.shell(),
                pages: PAGES.iter().filter(fits).map(|(href, title, _)| Link::new(*title, *href)).collect(),
                articles: articles.iter().map(line).collect(),
                municipalities: board.find(&query).iter().take(MUNICIPALITIES).map(municipality).collect(),
                query,
            })
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /portal/feed.atom
async fn feed(Visitor(req): Visitor, headers: HeaderMap) -> Response {
    let mut all = match content::shown(&req.web.app, &req.ctx, None).await {
        Ok(all) => all,
        Err(error) => return failure(&req, &error),
    };
    all.retain(|v| v.kind != ArticleKind::Faq);
    all.sort_by(|a, b| b.show_from.cmp(&a.show_from));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if req.web.secure_cookies { "https" } else { "http" };
    let entry = |v: &Version| view::Entry {
        id: format!("urn:kaigo-kiban:{}", v.article_id),
        title: v.title.clone(),
        href: href(v),
        published: v.first_at.clone(),
        updated: v.show_from.clone(),
        summary: if v.summary.is_empty() { plain(&v.body).chars().take(200).collect() } else { v.summary.clone() },
    };
    let feed = view::Feed {
        base: format!("{scheme}://{host}"),
        updated: all.first().map_or_else(|| "2026-04-01T00:00:00Z".to_owned(), |v| v.show_from.clone()),
        entries: all.iter().take(ENTRIES).map(entry).collect(),
    };
    match askama::Template::render(&feed) {
        Ok(text) => super::open(&headers, "application/atom+xml; charset=utf-8", text.into_bytes()),
        Err(_) => failure(&req, &Error::Internal("the feed cannot be written".to_owned())),
    }
}
