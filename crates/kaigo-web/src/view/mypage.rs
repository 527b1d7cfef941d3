//! My page of an office (マイページ): steps, licence, subsidy, inquiries, other offices, supporters.

pub mod register;
pub mod subsidy;

use askama::Template;

use super::{Chip, Choice, Fact, FieldError, Link, Shell};

/// GET `/office`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/home.html")]
pub struct OfficeHome {
    /// Surroundings.
    pub shell: Shell,
    /// 事業所番号.
    pub office_no: String,
    /// 事業所名.
    pub office: String,
    /// Procedures with their state.
    pub cards: Vec<Card>,
    /// Further pages of the office.
    pub links: Vec<Link>,
}

/// A procedure on the first page.
#[derive(Clone, Debug)]
pub struct Card {
    /// What it is.
    pub title: String,
    /// State.
    pub chip: Chip,
    /// One sentence.
    pub say: String,
    /// Where, and the word for it.
    pub link: Link,
}

/// A step as it stands.
#[derive(Clone, Debug)]
pub struct StepCard {
    /// 「ステップ1」.
    pub number: String,
    /// What is to be done.
    pub title: String,
    /// What it is for.
    pub why: String,
    /// State.
    pub chip: Chip,
    /// What was found, each with its mark.
    pub lines: Vec<(Chip, String)>,
    /// What to do next.
    pub next: Option<Link>,
}

/// GET `/office/steps`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/steps.html")]
pub struct Steps {
    /// Surroundings.
    pub shell: Shell,
    /// 「5つのうち3つが終わりました」.
    pub sum: String,
    /// Steps in order.
    pub steps: Vec<StepCard>,
}

/// GET `/portal/start`: the five steps for who has no login yet.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/start.html")]
pub struct PublicSteps {
    /// Surroundings.
    pub shell: Shell,
    /// Steps in order; what can be seen of the browser only.
    pub steps: Vec<StepCard>,
}

/// GET `/office/licence`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/licence.html")]
pub struct Licence {
    /// Surroundings.
    pub shell: Shell,
    /// State.
    pub chip: Chip,
    /// One sentence about it.
    pub say: String,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Licences: number, period, fee, applied.
    pub rows: Vec<[String; 4]>,
    /// Word of the button to apply; empty if there is nothing to apply for.
    pub apply: String,
    /// Whether it renews itself.
    pub auto_renew: bool,
    /// Whether the reader may change something.
    pub may_manage: bool,
    /// Rules: period, fee, source.
    pub rules: Vec<[String; 3]>,
    /// Key of the form.
    pub submit_key: String,
}

/// GET `/office/licence/proof`: what an audit asks for, on paper.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/licence_proof.html")]
pub struct LicenceProof {
    /// Surroundings.
    pub shell: Shell,
    /// Facts about office, licence, exchange.
    pub facts: Vec<Fact>,
    /// Licences: number, period, fee, applied.
    pub rows: Vec<[String; 4]>,
}

/// A row of the table of estimate and counts.
#[derive(Clone, Debug)]
pub struct SavingsRow {
    /// What.
    pub label: &'static str,
    /// As estimated for a month.
    pub estimate: String,
    /// As it was, by month in the order of the heads.
    pub months: Vec<String>,
}

/// GET `/office/savings`: the simulator's estimate beside what was counted.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/savings.html")]
pub struct Savings {
    /// Surroundings.
    pub shell: Shell,
    /// Why there is no whole month yet: heading and sentence.
    pub notice: Option<(&'static str, String)>,
    /// The newest whole month, and what it saved.
    pub headline: Option<(String, String)>,
    /// Whether it saved.
    pub saves: bool,
    /// What the estimate said.
    pub beside: String,
    /// Why they differ; empty without a whole month.
    pub why: String,
    /// Months, the newest first, with a note where they are not whole.
    pub heads: Vec<(String, String)>,
    /// Rows: what was counted, what follows from it, with the words for that.
    pub groups: Vec<(&'static str, Vec<SavingsRow>)>,
    /// Saved all together: as estimated, and by month.
    pub sums: (String, Vec<String>),
    /// The estimate in a few facts.
    pub estimate: Vec<Fact>,
    /// Whether the office kept one; otherwise it is the usual one.
    pub is_kept: bool,
    /// The simulator with these inputs.
    pub again: String,
    /// Whether the reader may keep another one.
    pub may_manage: bool,
    /// Where the sheets and the usual values are from.
    pub sources: (&'static str, &'static str),
}

/// GET `/office/savings/keep`: asks before an estimate is kept.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/savings_keep.html")]
pub struct SavingsKeep {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// The estimate in a few facts; empty where it cannot be read.
    pub facts: Vec<Fact>,
    /// The inputs as a line.
    pub inputs: String,
    /// The simulator with these inputs.
    pub again: String,
    /// Whether the reader may keep it.
    pub may_manage: bool,
}

/// A line of a list of inquiries.
#[derive(Clone, Debug)]
pub struct InquiryLine {
    /// Where.
    pub href: String,
    /// Subject.
    pub subject: String,
    /// Kind, who, when.
    pub small: String,
    /// State.
    pub chip: Chip,
}

/// GET `/office/inquiries`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/inquiries.html")]
pub struct Inquiries {
    /// Surroundings.
    pub shell: Shell,
    /// Words searched for.
    pub q: String,
    /// Threads, the newest first.
    pub lines: Vec<InquiryLine>,
}

/// GET `/office/inquiries/new`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/inquiry_new.html")]
pub struct InquiryNew {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Key of the form.
    pub submit_key: String,
}

/// Something said in a thread.
#[derive(Clone, Debug)]
pub struct Said {
    /// 「運営」 or 「事業所」.
    pub side: Chip,
    /// Name and time.
    pub head: String,
    /// Text by lines.
    pub lines: Vec<String>,
    /// Files.
    pub files: Vec<Link>,
}

/// GET `/office/inquiries/{i}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/inquiry.html")]
pub struct Inquiry {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Identifier.
    pub id: String,
    /// Subject.
    pub subject: String,
    /// Kind and number.
    pub small: String,
    /// State.
    pub chip: Chip,
    /// Whether it is closed.
    pub is_closed: bool,
    /// What was said.
    pub said: Vec<Said>,
    /// Text of the answer.
    pub body: String,
    /// Key of the form.
    pub submit_key: String,
}

/// An office of the login.
#[derive(Clone, Debug)]
pub struct OfficeLine {
    /// Number.
    pub no: String,
    /// Name.
    pub name: String,
    /// Job there.
    pub job: String,
    /// Whether it is the one that is worked for now.
    pub is_current: bool,
    /// Unread notices, sets received, sets sent.
    pub counts: [i64; 3],
    /// Licence.
    pub licence: Chip,
}

/// GET `/office/all`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/all.html")]
pub struct Offices {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Offices of the login.
    pub offices: Vec<OfficeLine>,
    /// Sums of the counts.
    pub sums: [i64; 3],
    /// Whether the reader administers the office.
    pub may_manage: bool,
    /// Name of the office that is worked for now.
    pub office: String,
    /// A code that was just made, and for whom.
    pub made: Option<(String, String)>,
    /// Whom an invitation is for.
    pub for_name: String,
    /// Jobs.
    pub jobs: Vec<Choice>,
    /// Invitations: for whom, job, state.
    pub invitations: Vec<(String, String, Chip)>,
    /// Members from elsewhere: identifier, name, small line, whether it stands.
    pub members: Vec<(String, String, String, bool)>,
    /// Key of the form.
    pub submit_key: String,
}

/// GET `/office/support`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/support.html")]
pub struct Support {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Firms that are entrusted: identifier, name, since when.
    pub now: Vec<(String, String, String)>,
    /// Those that were: name, period.
    pub before: Vec<(String, String)>,
    /// Firms that can be entrusted.
    pub firms: Vec<Choice>,
}

/// An office of a supporter.
#[derive(Clone, Debug)]
pub struct SupportedLine {
    /// Where.
    pub href: String,
    /// Name.
    pub name: String,
    /// Number and telephone.
    pub small: String,
    /// State of each step: number and title, mark.
    pub marks: Vec<(String, Chip)>,
    /// What to do next.
    pub next: String,
}

/// GET `/support`: the offices that entrusted this firm.
#[derive(Clone, Debug, Template)]
#[template(path = "page/support/home.html")]
pub struct SupporterHome {
    /// Surroundings.
    pub shell: Shell,
    /// Offices.
    pub offices: Vec<SupportedLine>,
}

/// GET `/support/offices/{o}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/support/office.html")]
pub struct SupportedOffice {
    /// Surroundings.
    pub shell: Shell,
    /// Name.
    pub name: String,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Steps.
    pub steps: Vec<StepCard>,
}
