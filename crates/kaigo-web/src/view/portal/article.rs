//! Articles: お知らせ, マガジン, よくある質問.

use askama::Template;

use crate::view::Shell;
use crate::view::markdown::Piece;

/// An article in a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Kind or group, a short word.
    pub word: String,
    /// Title.
    pub title: String,
    /// Summary; may be empty.
    pub summary: String,
    /// When it was shown first: 「2026年11月20日」.
    pub on: String,
    /// Where.
    pub href: String,
}

/// GET `/portal/news`, `/portal/magazine`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/articles.html")]
pub struct Articles {
    /// Surroundings.
    pub shell: Shell,
    /// 「お知らせ」.
    pub heading: &'static str,
    /// What these are.
    pub lead: &'static str,
    /// The newest first.
    pub lines: Vec<Line>,
}

/// GET `/portal/faq`: every question with its answer.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/faq.html")]
pub struct Faq {
    /// Surroundings.
    pub shell: Shell,
    /// Groups.
    pub groups: Vec<Group>,
}

/// A group of questions.
#[derive(Clone, Debug)]
pub struct Group {
    /// Code, for addresses on the page.
    pub code: &'static str,
    /// Heading.
    pub heading: &'static str,
    /// Questions.
    pub questions: Vec<Question>,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    /// Where it stands alone.
    pub href: String,
    /// The question.
    pub title: String,
    /// The answer.
    pub body: Vec<Piece>,
}

/// GET `/portal/news/{a}`, `/portal/magazine/{a}`, `/portal/faq/{a}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/article.html")]
pub struct Article {
    /// Surroundings.
    pub shell: Shell,
    /// The list it belongs to.
    pub list_href: &'static str,
    /// Its word.
    pub list: &'static str,
    /// Group; may be empty.
    pub word: String,
    /// Title.
    pub title: String,
    /// Summary; may be empty.
    pub summary: String,
    /// When it was shown first.
    pub on: String,
    /// When it was changed; empty: never.
    pub changed: String,
    /// Text.
    pub body: Vec<Piece>,
}

/// GET `/portal/feed.atom`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/feed.xml", escape = "html")]
pub struct Feed {
    /// Address of the service, without a slash at the end.
    pub base: String,
    /// When the newest entry changed.
    pub updated: String,
    /// The newest first.
    pub entries: Vec<Entry>,
}

/// An entry of the feed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Path.
    pub href: String,
    /// When it was shown first (RFC 3339).
    pub published: String,
    /// When it was changed.
    pub updated: String,
    /// Words.
    pub summary: String,
}
