//! Pages of the person (本人・家族): own certificates, progress, allowances, and who looked.

use askama::Template;

use super::certification::Progress;
use super::{Absence, Fact, Paging, Ruby, Shell, hiragana, ruby};

/// Whose page it is.
#[derive(Clone, Debug)]
pub struct Myself {
    /// 氏名, without さん.
    pub name: String,
    /// フリガナ (katakana); shown in hiragana.
    pub kana: String,
    /// 「1938年（昭和13年）4月12日」.
    pub birth: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// 保険者名.
    pub insurer: String,
    /// The insurer's name in hiragana; may be empty.
    pub insurer_yomi: String,
    /// Telephone of the insurer's desk.
    pub phone: String,
    /// When the insurer registered what is shown; `None` when nothing is shown.
    pub registered: Option<String>,
}

impl Myself {
    /// Name with reading in hiragana.
    pub fn ruby(&self) -> Vec<Ruby> {
        ruby(&self.name, &hiragana(&self.kana))
    }
}

/// GET `/my`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my.html")]
pub struct My {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Why nothing is shown.
    pub absence: Option<Absence>,
    /// What happens next, one plain sentence each.
    pub next: Vec<String>,
    /// Own certificates.
    pub cards: Vec<PlainCard>,
    /// 「この30日で 12回」.
    pub looks: String,
}

/// A certificate in plain words.
#[derive(Clone, Debug)]
pub struct PlainCard {
    /// Anchor, ASCII.
    pub id: String,
    /// 「介護保険負担割合証」.
    pub title: String,
    /// What it is for, in plain words: 「サービスを つかったときに、あなたが はらう わりあいの 証明です。」.
    pub plain: String,
    /// Lines; a `note` explains the term.
    pub facts: Vec<Fact>,
}

/// GET `/my/certification`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my_certification.html")]
pub struct MyCertification {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Why nothing is shown.
    pub absence: Option<Absence>,
    /// Running application.
    pub pending: Option<Progress>,
    /// The certification that holds.
    pub current: Vec<Fact>,
}

/// GET `/my/log`: だれが見たか, complete.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my_log.html")]
pub struct MyLog {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Newest day first.
    pub days: Vec<LogDay>,
    /// Answers of the municipality that were not read.
    pub answers: i64,
    /// Neighbours.
    pub paging: Paging,
}

/// The looks of one day.
#[derive(Clone, Debug)]
pub struct LogDay {
    /// 「2026年11月22日（日）」.
    pub day: String,
    /// Newest first.
    pub rows: Vec<LogRow>,
}

/// One look.
#[derive(Clone, Debug)]
pub struct LogRow {
    /// Identifier of the entry, to ask about it.
    pub id: String,
    /// The person's own doing.
    pub own: bool,
    /// 「9:15」.
    pub time: String,
    /// 氏名（職種）, or 「あなた」.
    pub who: String,
    /// 事業所名 or 市町村名; empty for oneself.
    pub office: String,
    /// What was looked at.
    pub what: String,
    /// Purpose in plain words; may be empty.
    pub why: String,
    /// The look was refused: nothing was shown.
    pub refused: bool,
}
