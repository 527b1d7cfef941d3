//! The municipality's desk (保険者): the day's work, cases, boards, statistics.

pub mod board;
pub mod cases;
pub mod disaster;
pub mod exports;
pub mod feed;
pub mod forms;
pub mod rules;
pub mod statistics;

use askama::Template;

use super::{Choice, Shell, Tone};

/// GET `/insurer`: what waits today.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/home.html")]
pub struct InsurerHome {
    /// Surroundings.
    pub shell: Shell,
    /// Name of the insurer.
    pub insurer: String,
    /// 「2026年11月22日（日）」.
    pub today: String,
    /// What waits, the most pressing first.
    pub lines: Vec<WorkLine>,
    /// Open cases by step.
    pub steps: Vec<Count>,
}

/// One kind of work that waits.
#[derive(Clone, Debug)]
pub struct WorkLine {
    /// How pressing it is.
    pub tone: Tone,
    /// 「30日をすぎて、延期通知のない申請」.
    pub heading: String,
    /// How many; 0 = nothing waits.
    pub count: i64,
    /// Unit of the count: 件, 人.
    pub unit: &'static str,
    /// What is to be done; may be empty.
    pub say: String,
    /// Where.
    pub href: String,
}

/// A number that leads to what it counts.
#[derive(Clone, Debug)]
pub struct Count {
    /// What is counted.
    pub word: String,
    /// 「1,204」.
    pub count: String,
    /// Where the counted things are.
    pub href: String,
    /// Whether this is shown now.
    pub current: bool,
}

/// What a case's pages start with.
#[derive(Clone, Debug)]
pub struct CaseFrame {
    /// `/insurer/cases/{p}/{n}`.
    pub href: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 「1938年（昭和13年）4月12日」.
    pub birth: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// 「更新申請（2026年10月2日）」.
    pub application: String,
    /// State of the case and of its 30 days.
    pub chips: Vec<super::Chip>,
    /// Whether it is still open.
    pub is_open: bool,
}

/// What somebody else wrote meanwhile, beside what was typed.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Who, and what to do.
    pub say: String,
    /// Where the two differ: item, now, typed.
    pub rows: Vec<(String, String, String)>,
}

/// The hidden fields of a form that changes a case.
#[derive(Clone, Debug)]
pub struct Basis {
    /// Load and 履歴番号 that was seen: `12-5003`.
    pub seen: String,
    /// Key of the form.
    pub submit_key: String,
}

/// One box of a form of days.
#[derive(Clone, Debug)]
pub struct DayField {
    /// Field.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What is typed.
    pub value: String,
    /// Small line.
    pub hint: String,
}

/// A list of choices for a select, with one chosen.
pub(crate) fn chosen(choices: impl IntoIterator<Item = (&'static str, &'static str)>, value: &str) -> Vec<Choice> {
    choices
        .into_iter()
        .map(|(code, word)| Choice { value: code.to_owned(), word: word.to_owned(), chosen: code == value })
        .collect()
}
