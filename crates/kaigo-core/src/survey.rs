//! Items and choices of 認定調査票 (基本調査) and 主治医意見書, and how answers are written.
//!
//! Answers are `item=choice[,choice…]` joined by `;`: `1-1=2,3;1-3=1`. The wording of the choices is the criterion by which
//! a survey is judged, so the tables hold it verbatim. Nothing here computes a care level.
//! Sources: 認定調査員テキスト2009改訂版（令和6年4月改訂）, 主治医意見書（様式）.

mod basic;
mod opinion;
mod rare;

use std::borrow::Cow;

use crate::layout::{BadCell, Cell, Field, Shape};
use crate::text::halfwidth;

pub use basic::SURVEY_ITEMS;
pub use opinion::OPINION_ITEMS;
pub use rare::{RARE_COMBINATIONS, RareCombination};

/// What an item of 基本調査 asks for (評価軸).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// What the person can do (能力).
    Ability,
    /// What help is given (介助の方法).
    Care,
    /// Whether something is there (有無).
    Presence,
}

impl Axis {
    /// Japanese label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ability => "能力",
            Self::Care => "介助の方法",
            Self::Presence => "有無",
        }
    }
}

/// One choice of an item (選択肢).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Number of the choice.
    pub code: &'static str,
    /// Its wording.
    pub label: &'static str,
}

/// One item of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemDef {
    /// Number of the item: `1-10`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Heading of the group it stands in, with its number.
    pub group: &'static str,
    /// What it asks for; none in 主治医意見書 and where the form has none.
    pub axis: Option<Axis>,
    /// Whether several choices may be given.
    pub multi: bool,
    /// The choices in order.
    pub choices: &'static [Choice],
}

impl ItemDef {
    /// The choice with that number.
    pub fn choice(&self, code: &str) -> Option<&'static Choice> {
        self.choices.iter().find(|choice| choice.code == code)
    }
}

/// Longest text of answers, in characters.
const MAX: usize = 2000;

macro_rules! answers {
    ($(#[$meta:meta])* $name:ident, $items:expr, $table:literal, $shape:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Reads answers; full width and spaces are taken. Kept in the order of the form.
            pub fn parse(text: &str) -> Result<Self, BadCell> {
                canonical(text, $items, $table, $shape).map(Self)
            }

            /// The answers as they stand in files and tables.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether nothing is answered.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// The answered items with their choices, in the order of the form.
            pub fn entries(&self) -> Vec<(&'static ItemDef, Vec<&'static Choice>)> {
                entries(&self.0, $items)
            }

            /// The answered items under the headings of their groups, in the order of the form.
            pub fn groups(&self) -> Vec<AnswerGroup> {
                groups(self.entries())
            }

            /// Whether that choice of that item is given.
            pub fn has(&self, item: &str, choice: &str) -> bool {
                pairs(&self.0).any(|(id, codes)| id == item && codes.split(',').any(|code| code == choice))
            }
        }

        impl Field for $name {
            fn read(&mut self, text: &str) -> Result<(), BadCell> {
                *self = Self::parse(text)?;
                Ok(())
            }

            fn load(&mut self, cell: Cell<'_>) -> Result<(), BadCell> {
                self.0 = cell.into_text()?;
                Ok(())
            }

            fn cell(&self) -> Cell<'_> {
                Cell::Text(self.0.as_str().into())
            }

            fn shape() -> Shape {
                Shape::Text { max: MAX }
            }
        }
    };
}

answers! {
    /// Answers of 基本調査: `1-1=2,3;1-3=1`. Item `6` holds the twelve kinds of 特別な医療.
    SurveyItems, SURVEY_ITEMS, "基本調査の項目", "「項目=選択肢」を ; でつないだもの（例 1-1=2,3;1-3=1。同じ項目は1回、2つ以上選べるのは 1-1・1-2・6 だけ、「ない」はほかと一緒に選べない）"
}

answers! {
    /// Answers of 主治医意見書 that have codes: `1-2=1;3-1-1=5`. The numbers of the items are ours, after the form's sections.
    OpinionItems, OPINION_ITEMS, "主治医意見書の項目", "「項目=選択肢」を ; でつないだもの（例 1-2=1;3-1-1=5。同じ項目は1回、1つだけ選ぶ項目は選択肢も1つ）"
}

impl SurveyItems {
    /// Rare combinations of answers (警告コード 01–57): worth a second look, never a reason to refuse.
    pub fn warnings(&self) -> Vec<&'static RareCombination> {
        RARE_COMBINATIONS
            .iter()
            .filter(|rare| rare.answers.iter().all(|(item, choice)| self.has(item, choice)))
            .collect()
    }
}

/// Answers under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerGroup {
    /// Heading with its number.
    pub heading: &'static str,
    /// Items with their choices.
    pub entries: Vec<(&'static ItemDef, Vec<&'static Choice>)>,
}

fn canonical(
    text: &str,
    items: &'static [ItemDef],
    table: &'static str,
    want: &'static str,
) -> Result<String, BadCell> {
    let plain = halfwidth(text);
    let got = plain.chars().count();
    if got > MAX {
        return Err(BadCell::TooLong { max: MAX, got });
    }
    // For each item in the form's order the places of its choices, one bit each.
    let mut answers: Vec<u32> = vec![0; items.len()];
    // Forms are filled in their order: the next item is nearly always the one after.
    let mut next = 0;
    for part in plain.split([';', '\n', '\r']) {
        let part = compact(part);
        if part.is_empty() {
            continue;
        }
        let (id, codes) = part.split_once('=').ok_or(BadCell::Shape { want })?;
        let place = items
            .get(next)
            .filter(|item| item.id == id)
            .map(|_| next)
            .or_else(|| items.iter().position(|item| item.id == id))
            .ok_or_else(|| BadCell::UnknownCode { table, known: ids(items) })?;
        next = place + 1;
        let (Some(item), Some(answer)) = (items.get(place), answers.get_mut(place)) else { continue };
        let chosen = chosen(item, codes)?;
        let several = chosen.count_ones() > 1;
        let none_and_more = several && chosen & 1 == 1 && item.choices.first().is_some_and(|c| c.label == "ない");
        if *answer != 0 || none_and_more || (several && !item.multi) {
            return Err(BadCell::Shape { want });
        }
        *answer = chosen;
    }
    let mut written = String::with_capacity(plain.len());
    for (item, chosen) in items.iter().zip(answers).filter(|(_, chosen)| *chosen != 0) {
        if !written.is_empty() {
            written.push(';');
        }
        written.push_str(item.id);
        let mut mark = '=';
        for (place, choice) in (0_u32..).zip(item.choices) {
            if chosen >> place & 1 == 1 {
                written.push(mark);
                written.push_str(choice.code);
                mark = ',';
            }
        }
    }
    Ok(written)
}

/// The part without white space.
fn compact(part: &str) -> Cow<'_, str> {
    if part.contains(char::is_whitespace) {
        Cow::Owned(part.chars().filter(|c| !c.is_whitespace()).collect())
    } else {
        Cow::Borrowed(part)
    }
}

/// Places of the choices of an item, one bit each. No item has more than thirty-two choices.
fn chosen(item: &'static ItemDef, codes: &str) -> Result<u32, BadCell> {
    let mut chosen = 0;
    for code in codes.split([',', '、']) {
        let place = (0_u32..32).zip(item.choices).find(|(_, choice)| choice.code == code);
        let (place, _) = place.ok_or_else(|| BadCell::UnknownCode { table: item.name, known: choices(item) })?;
        chosen |= 1 << place;
    }
    Ok(chosen)
}

fn ids(items: &[ItemDef]) -> String {
    items.iter().map(|item| item.id).collect::<Vec<_>>().join("・")
}

fn choices(item: &ItemDef) -> String {
    let choices: Vec<String> = item.choices.iter().map(|c| format!("{}={} {}", item.id, c.code, c.label)).collect();
    choices.join("・")
}

fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(';').filter_map(|part| part.split_once('='))
}

fn entries(text: &str, items: &'static [ItemDef]) -> Vec<(&'static ItemDef, Vec<&'static Choice>)> {
    pairs(text)
        .filter_map(|(id, codes)| {
            let item = items.iter().find(|item| item.id == id)?;
            Some((item, codes.split(',').filter_map(|code| item.choice(code)).collect()))
        })
        .collect()
}

fn groups(entries: Vec<(&'static ItemDef, Vec<&'static Choice>)>) -> Vec<AnswerGroup> {
    let mut groups: Vec<AnswerGroup> = Vec::new();
    for entry in entries {
        let heading = entry.0.group;
        match groups.last_mut().filter(|group| group.heading == heading) {
            Some(group) => group.entries.push(entry),
            None => groups.push(AnswerGroup { heading, entries: vec![entry] }),
        }
    }
    groups
}

const fn choice(code: &'static str, label: &'static str) -> Choice {
    Choice { code, label }
}

const fn one(
    id: &'static str,
    name: &'static str,
    group: &'static str,
    axis: Option<Axis>,
    choices: &'static [Choice],
) -> ItemDef {
    ItemDef { id, name, group, axis, multi: false, choices }
}

const fn many(
    id: &'static str,
    name: &'static str,
    group: &'static str,
    axis: Option<Axis>,
    choices: &'static [Choice],
) -> ItemDef {
    ItemDef { id, name, group, axis, multi: true, choices }
}

/// 障害高齢者の日常生活自立度（寝たきり度）; codes of LIFE.
const BEDRIDDEN: &[Choice] = &[
    choice("1", "自立"),
    choice("2", "J1"),
    choice("3", "J2"),
    choice("4", "A1"),
    choice("5", "A2"),
    choice("6", "B1"),
    choice("7", "B2"),
    choice("8", "C1"),
    choice("9", "C2"),
];

#[cfg(test)]
mod tests;
