//! ポータル: the public pages. No login; small, printable, without a script of their own.

pub mod article;
pub mod map;
pub mod readiness;
pub mod simulator;
pub mod usage;

use askama::Template;

use super::{Chip, Link, NavLink, Shell};

/// The stylesheet of the public pages, served as `/assets/portal.css`.
pub const PORTAL_STYLESHEET: &str = include_str!("../../assets/portal.css");

/// The navigation of the portal, with the part that a path belongs to.
pub fn nav(path: &str) -> Vec<NavLink> {
    const LINKS: [(&str, &str); 8] = [
        ("/portal", "ポータル"),
        ("/portal/guide", "導入の手引き"),
        ("/portal/readiness", "市町村の対応状況"),
        ("/portal/usage", "利用状況"),
        ("/portal/simulator", "シミュレーション"),
        ("/portal/faq", "よくある質問"),
        ("/portal/magazine", "マガジン"),
        ("/portal/news", "お知らせ"),
    ];
    let is_in = |href: &str| {
        path == href || (href != "/portal" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
    };
    LINKS.into_iter().map(|(href, word)| NavLink { href, word, is_current: is_in(href), count: 0 }).collect()
}

/// GET `/portal`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/home.html")]
pub struct Home {
    /// Surroundings.
    pub shell: Shell,
    /// Maintenance that is under way or near: what is shown above everything.
    pub maintenance: Vec<MaintenanceLine>,
    /// The newest notices.
    pub news: Vec<article::Line>,
    /// The newest magazine.
    pub magazine: Vec<article::Line>,
    /// Questions that come first.
    pub faq: Vec<article::Line>,
    /// Municipalities with a date, of how many: 「1,024 / 1,741」; empty where nothing is published.
    pub dated: String,
    /// The same in per cent.
    pub dated_percent: usize,
    /// Offices registered for the exchange, of how many; empty where nothing was counted.
    pub registered: String,
}

/// A maintenance.
#[derive(Clone, Debug)]
pub struct MaintenanceLine {
    /// State as a chip.
    pub chip: Chip,
    /// What is done.
    pub title: String,
    /// 「2026年12月6日 21:00から 12月7日 6:00まで」.
    pub when: String,
    /// What cannot be used.
    pub effect: String,
    /// When it was written.
    pub said: String,
}

/// GET `/portal/maintenance`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/maintenance.html")]
pub struct MaintenancePage {
    /// Surroundings.
    pub shell: Shell,
    /// Under way and to come.
    pub coming: Vec<MaintenanceLine>,
    /// Over.
    pub past: Vec<MaintenanceLine>,
}

/// GET `/portal/guide`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/guide.html")]
pub struct Guide {
    /// Surroundings.
    pub shell: Shell,
}

/// GET `/portal/for/{audience}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/audience.html")]
pub struct Audience {
    /// Surroundings.
    pub shell: Shell,
    /// Whom it is for.
    pub heading: &'static str,
    /// What it gives them.
    pub lead: &'static str,
    /// What they can do: what, how.
    pub points: &'static [(&'static str, &'static str)],
    /// What is not needed or does not happen, for those who worry.
    pub worries: &'static [(&'static str, &'static str)],
    /// Where to go on.
    pub next: Vec<Link>,
}

/// GET `/portal/accessibility`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/accessibility.html")]
pub struct Accessibility {
    /// Surroundings.
    pub shell: Shell,
}

/// GET `/portal/contact`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/contact.html")]
pub struct Contact {
    /// Surroundings.
    pub shell: Shell,
}

/// GET `/portal/open-data`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/open_data.html")]
pub struct OpenData {
    /// Surroundings.
    pub shell: Shell,
}

/// GET `/portal/en`: home and guide in English.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/english.html")]
pub struct English {
    /// Surroundings.
    pub shell: Shell,
    /// Municipalities with a date, of how many.
    pub dated: String,
}

/// GET `/portal/search`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/search.html")]
pub struct Search {
    /// Surroundings.
    pub shell: Shell,
    /// What was typed.
    pub query: String,
    /// Pages of the portal that fit.
    pub pages: Vec<Link>,
    /// Articles that fit.
    pub articles: Vec<article::Line>,
    /// Municipalities that fit.
    pub municipalities: Vec<Link>,
}

impl Search {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.pages.len() + self.articles.len() + self.municipalities.len()
    }
}
