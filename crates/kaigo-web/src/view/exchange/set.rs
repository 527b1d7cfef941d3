//! One set, as both of its offices see it; taking it back.

use askama::Template;

use super::draft::{File, Finding, Person};
use super::{Frame, Partner};
use crate::view::certification::Progress;
use crate::view::{Chip, Fact, Link, Paging, Shell};

/// GET `/exchange/sets/{s}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/set.html")]
pub struct Set {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Identifier, `{s}`.
    pub s: String,
    /// 「2026年10月分の実績（第6表）」.
    pub what: String,
    /// The office at the other end.
    pub partner: Partner,
    /// Whether this office received it; otherwise it sent it.
    pub is_receiver: bool,
    /// Where it stands.
    pub chip: Chip,
    /// 送信済 → 受信済 → 取込済, with times.
    pub progress: Progress,
    /// Ends, 連番, sizes.
    pub facts: Vec<Fact>,
    /// People of this page.
    pub people: Vec<Person>,
    /// How many people there are in all.
    pub person_count: usize,
    /// Where the other people are.
    pub paging: Paging,
    /// The files.
    pub files: Vec<File>,
    /// Earlier and later sets of the same documents.
    pub versions: Vec<Version>,
    /// What the check said of it when it was sent.
    pub findings: Vec<Finding>,
    /// Who did what when, newest first.
    pub events: Vec<Event>,
    /// What this office may do.
    pub can: Can,
}

/// What an office may do with a set.
#[expect(clippy::struct_excessive_bools, reason = "a row of buttons, each there or not")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Can {
    /// Fetch the files.
    pub fetch: bool,
    /// Say that they are in the care software.
    pub imported: bool,
    /// Take it back before the partner fetches it.
    pub recall: bool,
    /// Withdraw it after the partner fetched it.
    pub withdraw: bool,
    /// Have a receipt.
    pub receipt: bool,
    /// Compare 予定 and 実績.
    pub compare: bool,
    /// Print it for handing over.
    pub paper: bool,
}

/// An earlier or later set of the same documents.
#[derive(Clone, Debug)]
pub struct Version {
    /// 「2026年11月1日 9:00　連番 20261101090000」, leading to the set.
    pub link: Link,
    /// 最新, 置き換え済み, 取消済み, このページ.
    pub chip: Chip,
    /// How many people the two have in common; may be empty.
    pub small: String,
}

/// Somebody did something.
#[derive(Clone, Debug)]
pub struct Event {
    /// 「2026年11月21日 17:42」.
    pub at: String,
    /// 「受け取りました（ファイルを保存）」.
    pub what: String,
    /// 「出雲 太郎　居宅介護支援事業所 みなと」.
    pub who: String,
}

/// GET `/exchange/sets/{s}/recall`: before the partner fetches it.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/recall.html")]
pub struct Recall {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Identifier, `{s}`.
    pub s: String,
    /// What it is.
    pub what: String,
    /// Who would not get it.
    pub partner: Partner,
    /// 「3人」.
    pub people: String,
}

/// GET `/exchange/sets/{s}/withdraw`: after the partner fetched it.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/withdraw.html")]
pub struct Withdraw {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Identifier, `{s}`.
    pub s: String,
    /// What it is.
    pub what: String,
    /// Who has it.
    pub partner: Partner,
    /// Whose documents are taken back.
    pub people: Vec<Person>,
    /// How many people there are in all.
    pub person_count: usize,
}
