//! 居宅サービス計画作成依頼届出: the way to a notice, its state, the office's list, the form; the municipality's inbox.

use askama::Template;

use super::person::PersonFrame;
use super::{Chip, Choice, Fact, FieldError, Link, Notice, Paging, Shell};

/// What every page of the way shows around its question.
#[derive(Clone, Debug)]
pub struct WayFrame {
    /// 「2／4」.
    pub place: String,
    /// Page before.
    pub back: Link,
    /// 「出雲 太郎さんが 9:15 に保存」; empty: nothing is saved yet.
    pub saved: String,
    /// By when, and how it stands to that.
    pub deadline: Fact,
}

impl WayFrame {
    /// The deadline as a list of one.
    pub fn deadlines(&self) -> &[Fact] {
        std::slice::from_ref(&self.deadline)
    }
}

/// Something to know before filing, or that a clerk checks.
#[derive(Clone, Debug)]
pub struct CheckLine {
    /// How bad.
    pub chip: Chip,
    /// What.
    pub say: String,
    /// What to do; may be empty.
    pub mend: String,
    /// The page on which it is mended, for what stops the filing.
    pub link: Option<Link>,
}

/// A notice in a list.
#[derive(Clone, Debug)]
pub struct FilingLine {
    /// Its page.
    pub href: String,
    /// 受付番号.
    pub receipt: String,
    /// 「居宅サービス・新規」.
    pub what: String,
    /// 「2026年12月1日から」.
    pub start: String,
    /// Where it stands.
    pub state: Chip,
    /// When it was filed, by whom.
    pub filed: String,
}

/// GET `/people/{c}/filing`: which form, from when. Fields: `csrf`, `variant`, `start`, `others`, `others_text`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/start.html")]
pub struct Start {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Wrong input; `field` is `start`, `variant` or empty.
    pub errors: Vec<FieldError>,
    /// Around the question; `back` leads to the office's list.
    pub way: WayFrame,
    /// Name of the form that is proposed; empty: none fits.
    pub form: String,
    /// Why.
    pub why: String,
    /// For a 暫定 plan.
    pub is_provisional: bool,
    /// Where several fit: to choose from.
    pub variants: Vec<Choice>,
    /// Forms that do not fit, with the reason.
    pub unfit: Vec<Fact>,
    /// What to do instead, where none fits.
    pub instead: Vec<String>,
    /// 開始の日 as typed.
    pub start: String,
    /// Other services in that month, where they are asked here: なし or あり; else empty. Fields: `others`, `others_text`.
    pub others: Vec<Choice>,
    /// Their names, as typed.
    pub others_text: String,
    /// The notice that stands today: a sentence.
    pub standing: String,
    /// What the person does who makes the plan without an office.
    pub self_made: Vec<String>,
    /// The office's own notices about the person.
    pub own: Vec<FilingLine>,
    /// Whether there is a draft to throw away.
    pub has_draft: bool,
}

/// GET `/people/{c}/filing/change`: why the office changes. Fields: `csrf`, `reason`, `reason_text`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/change.html")]
pub struct Change {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Wrong input; `field` is `reason` or `reason_text`.
    pub errors: Vec<FieldError>,
    /// Around the question.
    pub way: WayFrame,
    /// Why it is a change, and from when.
    pub why: String,
    /// Reasons.
    pub reasons: Vec<Choice>,
    /// In words, as typed.
    pub reason_text: String,
}

/// GET `/people/{c}/filing/services`: services in the month of the start. Fields: `csrf`, `others`, `others_text`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/services.html")]
pub struct Services {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Wrong input; `field` is `others` or `others_text`.
    pub errors: Vec<FieldError>,
    /// Around the question.
    pub way: WayFrame,
    /// 「2026年12月」.
    pub month: String,
    /// あり or なし.
    pub others: Vec<Choice>,
    /// Names of the services, as typed.
    pub others_text: String,
}

/// GET `/people/{c}/filing/contact`: whom to call; 委託先. Fields: `csrf`, `name`, `phone`, `entrusted`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/contact.html")]
pub struct Contact {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Wrong input; `field` is `name`, `phone` or `entrusted`.
    pub errors: Vec<FieldError>,
    /// Around the question.
    pub way: WayFrame,
    /// Name, as typed.
    pub name: String,
    /// Telephone, as typed.
    pub phone: String,
    /// Whether 委託先 is asked.
    pub asks_entrusted: bool,
    /// 委託先, as typed.
    pub entrusted: String,
}

/// A line of the last page with the page that changes it.
#[derive(Clone, Debug)]
pub struct ConfirmLine {
    /// What was answered.
    pub fact: Fact,
    /// Where to change it; none for what the records say.
    pub change: Option<String>,
}

/// GET `/people/{c}/filing/confirm`: everything once more. Fields: `csrf`, `submit_key`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/confirm.html")]
pub struct Confirm {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// What stops the filing.
    pub errors: Vec<FieldError>,
    /// Around the question.
    pub way: WayFrame,
    /// Name of the form.
    pub form: String,
    /// What is filed.
    pub lines: Vec<ConfirmLine>,
    /// What to know.
    pub checks: Vec<CheckLine>,
    /// It is late: what follows.
    pub late: Option<Notice>,
    /// To whom it goes.
    pub insurer: String,
    /// Key of this form.
    pub submit_key: String,
    /// Whether it can be filed.
    pub can_file: bool,
}

/// GET `/filings/{f}`: a notice and where it stands.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/filing.html")]
pub struct Filing {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Identifier.
    pub f: String,
    /// 受付番号.
    pub receipt: String,
    /// Where it stands.
    pub state: Chip,
    /// What comes next, or what to do.
    pub next: String,
    /// It was given back: why.
    pub returned: Option<Notice>,
    /// What was filed.
    pub facts: Vec<Fact>,
    /// Who did what when.
    pub history: Vec<Fact>,
    /// Can be taken back.
    pub can_withdraw: bool,
    /// Can be mended and filed anew.
    pub can_mend: bool,
}

/// One line of the office's list.
#[derive(Clone, Debug)]
pub struct FilingRow {
    /// The notice.
    pub line: FilingLine,
    /// Name of the person; 「担当を終わった方」 without a link where the office is not in charge any more.
    pub name: String,
    /// Whether the page can be opened.
    pub is_open: bool,
    /// 保険者.
    pub insurer: String,
}

/// GET `/filings?state=&before=&number=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/list.html")]
pub struct Filings {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `number`.
    pub errors: Vec<FieldError>,
    /// 被保険者番号 of whose notice is to be begun, as typed.
    pub number: String,
    /// Filters with their counts; the chosen one has an empty `href`.
    pub filters: Vec<Link>,
    /// Notices, the newest first.
    pub rows: Vec<FilingRow>,
    /// Ways that were begun.
    pub drafts: Vec<(Link, String)>,
    /// Neighbours.
    pub paging: Paging,
}

/// GET `/filings/{f}/form` and `/insurer/filings/{f}/form`: the national form, for paper.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/form.html")]
pub struct Form {
    /// Surroundings.
    pub shell: Shell,
    /// Where it was opened.
    pub back: Link,
    /// Name of the form.
    pub title: String,
    /// 「新規」 or 「変更」.
    pub division: String,
    /// 被保険者.
    pub person: Vec<Fact>,
    /// 事業所.
    pub office: Vec<Fact>,
    /// 変更, 小規模多機能, 委託先.
    pub more: Vec<Fact>,
    /// 「みなと川市長」.
    pub addressee: String,
    /// 「令和8年11月22日」.
    pub filed: String,
    /// 受付番号.
    pub receipt: String,
    /// 保険者確認欄: heading and whether it was checked.
    pub columns: Vec<(String, String)>,
}

/// One line of the municipality's inbox.
#[derive(Clone, Debug)]
pub struct InboxRow {
    /// Identifier; the tick box is `f-<id>`.
    pub f: String,
    /// Name.
    pub name: String,
    /// 被保険者番号.
    pub number: String,
    /// The notice.
    pub line: FilingLine,
    /// Office.
    pub office: String,
    /// 「3日」 since it came.
    pub age: Chip,
    /// What was found: short.
    pub checks: Vec<Chip>,
    /// Can be accepted at once.
    pub is_clean: bool,
}

/// GET `/insurer/filings?state=&from=`. Posts to `/insurer/filings/accept`: `csrf`, `f-<id>`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/inbox.html")]
pub struct Inbox {
    /// Surroundings.
    pub shell: Shell,
    /// What became of many.
    pub done: Option<Notice>,
    /// Filters with their counts; the chosen one has an empty `href`.
    pub filters: Vec<Link>,
    /// Whether these wait for an answer.
    pub is_waiting: bool,
    /// The notices.
    pub rows: Vec<InboxRow>,
    /// How many can be accepted at once.
    pub clean: usize,
    /// Neighbours.
    pub paging: Paging,
}

/// One column of 保険者確認欄.
#[derive(Clone, Debug)]
pub struct ColumnCheck {
    /// As it stands on the form.
    pub label: String,
    /// In order, or not.
    pub chip: Chip,
    /// What was found.
    pub lines: Vec<CheckLine>,
}

/// GET `/insurer/filings/{f}`. Posts to `…/accept` (`csrf`, `despite`) and `…/return` (`csrf`, `reason`, `text`).
#[derive(Clone, Debug, Template)]
#[template(path = "page/filing/answer.html")]
pub struct Answer {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `despite`, `reason`, `text` or empty.
    pub errors: Vec<FieldError>,
    /// Identifier.
    pub f: String,
    /// 受付番号.
    pub receipt: String,
    /// The person.
    pub person: Vec<Fact>,
    /// The person's page.
    pub person_href: String,
    /// Where it stands, who decided.
    pub state: Chip,
    /// 「河野 剛さんが 11月22日 9:15 に受理しました」; empty while it waits.
    pub decided: String,
    /// What was filed.
    pub facts: Vec<Fact>,
    /// 保険者確認欄.
    pub columns: Vec<ColumnCheck>,
    /// What else to know.
    pub others: Vec<CheckLine>,
    /// What accepting does: sentences.
    pub effect: Vec<String>,
    /// Notices that stand or stood.
    pub notices: Vec<Fact>,
    /// Other notices about the person.
    pub earlier: Vec<FilingLine>,
    /// Whether it can be answered.
    pub is_waiting: bool,
    /// Whether something must be looked at before accepting.
    pub is_doubtful: bool,
    /// Reasons to give it back.
    pub reasons: Vec<Choice>,
    /// In words, as typed.
    pub text: String,
}
