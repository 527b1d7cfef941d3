//! An upload, checked: what would go to whom, what is wrong with it, the one confirmation, what became of it.

use askama::Template;

use super::{Frame, Partner};
use crate::view::{Chip, FieldError, Link, Paging, Shell};

/// GET `/exchange/drafts/{d}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/draft.html")]
pub struct Draft {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Identifier of the upload, `{d}`.
    pub d: String,
    /// When and by whom it was uploaded.
    pub made: String,
    /// Where the upload stands.
    pub state: DraftState,
    /// How many sets stand where: 送れます, 注意, 直してください, …
    pub counts: Vec<Chip>,
    /// Receivers with what would go to them; those with trouble first.
    pub groups: Vec<Group>,
    /// Files that belong to no set.
    pub strays: Vec<Stray>,
    /// How many sets can be sent.
    pub ready: usize,
    /// How many offices would get something.
    pub receivers: usize,
}

impl Draft {
    /// Whether it waits to be sent.
    pub fn is_open(&self) -> bool {
        self.state == DraftState::Open
    }

    /// Whether something of it can still be sent.
    pub fn can_send(&self) -> bool {
        self.state != DraftState::Discarded && self.ready > 0
    }
}

/// Where an upload stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// Checked, not sent.
    Open,
    /// Sent, wholly or as far as it could be.
    Sent,
    /// Put away.
    Discarded,
}

/// One receiver.
#[derive(Clone, Debug)]
pub struct Group {
    /// The receiver.
    pub partner: Partner,
    /// What would go there.
    pub sets: Vec<DraftSet>,
}

/// One set of an upload.
#[derive(Clone, Debug)]
pub struct DraftSet {
    /// Place in the upload, `{n}`.
    pub n: usize,
    /// 「2026年11月分の予定（第6・7表）」.
    pub what: String,
    /// 「3人　3ファイル　連番 …」.
    pub small: String,
    /// 送れます, 注意, 直してください, 登録なし, もう送りました.
    pub chip: Chip,
    /// What that means and what to do; may be empty.
    pub say: String,
    /// What to do about it: print the set, write an invitation, see what was sent.
    pub actions: Vec<Link>,
    /// What is wrong, the worst first; the first ones.
    pub findings: Vec<Finding>,
    /// How many findings there are in all.
    pub finding_count: usize,
    /// The people, the first ones.
    pub people: Vec<Person>,
    /// How many people there are in all.
    pub person_count: usize,
}

/// Something to mend or to know.
#[derive(Clone, Debug)]
pub struct Finding {
    /// エラー, 注意, お知らせ.
    pub chip: Chip,
    /// 「UPPLAN_….CSV　12行目　サービスコード（14列目）」.
    pub place: String,
    /// What is wrong.
    pub say: String,
    /// How to mend it; may be empty.
    pub mend: String,
    /// Code and source of the rule: 「span-length　標準仕様 §4.3」.
    pub rule: String,
}

/// A person of a set.
#[derive(Clone, Debug)]
pub struct Person {
    /// 氏名; the number where the files have no name.
    pub name: String,
    /// フリガナ; may be empty.
    pub kana: String,
    /// 「益田市　9900 000 123」.
    pub number: String,
    /// What the set carries of the person: 「2026年11月分の予定」.
    pub what: String,
    /// 最新, 置き換え済み, 取消済み; none in an upload.
    pub chip: Option<Chip>,
    /// The printed sheets; empty where there is nothing to see.
    pub href: String,
}

/// A file of no set.
#[derive(Clone, Debug)]
pub struct Stray {
    /// Its name.
    pub name: String,
    /// Why it is not taken, and what to do.
    pub say: String,
}

/// GET `/exchange/drafts/{d}/sets/{n}`: everybody in one set, and everything that is wrong with it.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/draft_set.html")]
pub struct OneSet {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Identifier of the upload, `{d}`.
    pub d: String,
    /// The receiver.
    pub partner: Partner,
    /// The set, with all findings and the people of this page.
    pub set: DraftSet,
    /// Names and sizes of the files.
    pub files: Vec<File>,
    /// Where the other people are.
    pub paging: Paging,
}

/// A file of a set.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its kind: 「第6表（サービス利用票）予定」.
    pub kind: String,
    /// 「4.2 KB」.
    pub size: String,
    /// SHA-256 in hexadecimal digits; empty before it is sent.
    pub sha256: String,
}

/// GET `/exchange/drafts/{d}/confirm`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/confirm.html")]
pub struct Confirm {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Wrong input; `field` is `set-{n}` of the first row.
    pub errors: Vec<FieldError>,
    /// Identifier of the upload, `{d}`.
    pub d: String,
    /// What can be sent, ticked.
    pub rows: Vec<ConfirmRow>,
    /// How many offices get something.
    pub receivers: usize,
    /// How many people's papers go out.
    pub people: usize,
    /// What stays behind: 「直してください 2組、登録なし 1組は送りません」; may be empty.
    pub left: String,
}

/// One set that can be sent.
#[derive(Clone, Debug)]
pub struct ConfirmRow {
    /// Place in the upload.
    pub n: usize,
    /// The receiver.
    pub partner: Partner,
    /// What goes there.
    pub what: String,
    /// How many people.
    pub people: usize,
    /// 送れます or 注意 n件.
    pub chip: Chip,
    /// Whether it is ticked.
    pub chosen: bool,
}
