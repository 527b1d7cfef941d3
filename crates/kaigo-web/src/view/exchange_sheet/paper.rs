//! On paper, for partners that are not registered: the forms with a cover sheet, and a letter that invites.

use askama::Template;

use super::form::{DetailKind, Form, Labelled, Page};
use crate::view::exchange::{Frame, Partner};
use crate::view::{Link, Shell};

/// One person's forms on paper.
#[derive(Clone, Debug)]
pub struct PaperPerson {
    /// 氏名.
    pub name: String,
    /// 被保険者番号 in groups.
    pub number: String,
    /// The forms.
    pub pages: Vec<Page>,
}

/// GET `/exchange/drafts/{d}/sets/{n}/paper` and `/exchange/sets/{s}/paper`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange_sheet/paper.html")]
pub struct Paper {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs of the exchange.
    pub frame: Frame,
    /// Way back.
    pub back: Link,
    /// 「予定（第6・7表） 2026年11月分」.
    pub what: String,
    /// To whom.
    pub to: Partner,
    /// From whom.
    pub from: Partner,
    /// Who prints it: name and job.
    pub writer: String,
    /// 「2026年11月22日（日）」.
    pub today: String,
    /// How many forms, without the cover.
    pub count: usize,
    /// How many of each form.
    pub facts: Vec<Labelled>,
    /// The people.
    pub people: Vec<PaperPerson>,
}

/// GET `/exchange/partners/{o}/letter`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange_sheet/letter.html")]
pub struct Letter {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs of the exchange.
    pub frame: Frame,
    /// To whom.
    pub to: Partner,
    /// From whom.
    pub from: Partner,
    /// Who writes: name and job.
    pub writer: String,
    /// 「2026年11月22日」.
    pub today: String,
    /// Whether the office takes part already.
    pub is_registered: bool,
}
