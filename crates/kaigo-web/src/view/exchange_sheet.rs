//! The forms of a care plan on pages: 居宅サービス計画 (第1–3表), サービス利用票 (第6表) and 別表 (第7表), the forms of 介護予防; as they are
//! printed, compared, typed in, and handed over on paper.
//!
//! Every text stands as it came in the file; only codes, dates and amounts are put into words.

pub mod compare;
pub mod form;
pub mod grid;
pub mod paper;
pub mod results;

use askama::Template;

use super::exchange::Frame;
use super::{Chip, Link, Ruby, Shell, ruby};
use form::{DetailKind, Form, Page};

/// Who a page is about, as the files say it: the bar over the page.
#[derive(Clone, Debug)]
pub struct Head {
    /// 氏名; 「（お名前のないファイル）」 where no file of the set has it.
    pub name: String,
    /// フリガナ; may be empty.
    pub kana: String,
    /// 「1941年（昭和16年）9月3日」; may be empty.
    pub birth: String,
    /// 「85歳」; may be empty.
    pub age: String,
    /// 性別; may be empty.
    pub sex: String,
    /// Name of the insurer, or its number.
    pub insurer: String,
    /// 被保険者番号 in groups.
    pub number: String,
    /// 要介護状態区分, month.
    pub chips: Vec<Chip>,
}

impl Head {
    /// The name with its reading.
    pub fn ruby(&self) -> Vec<Ruby> {
        ruby(&self.name, &self.kana)
    }
}

/// GET `/exchange/sets/{s}/people/{p}` and `/exchange/drafts/{d}/sets/{n}/people/{p}`: one person's forms.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange_sheet/preview.html")]
pub struct Preview {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs of the exchange.
    pub frame: Frame,
    /// The person.
    pub head: Head,
    /// Way back to the set or the draft.
    pub back: Link,
    /// 「予定 2026年11月分」.
    pub what: String,
    /// From whom to whom, 連番, state.
    pub small: String,
    /// State of the set.
    pub chip: Option<Chip>,
    /// Whether it is still a draft: not sent.
    pub is_draft: bool,
    /// Neighbours in the set.
    pub previous: Option<Link>,
    /// Neighbours in the set.
    pub next: Option<Link>,
    /// Other pages about the same: compare, the original files.
    pub links: Vec<Link>,
    /// The forms.
    pub pages: Vec<Page>,
}
