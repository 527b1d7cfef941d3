//! 助成金: guide and list, the form, what would bounce, what was filed, on paper.

use askama::Template;

use crate::view::{Chip, Choice, Fact, FieldError, Link, Shell};

/// An application in a list.
#[derive(Clone, Debug)]
pub struct ApplicationLine {
    /// Where.
    pub href: String,
    /// 「2026年度　30,000円」.
    pub word: String,
    /// Small line.
    pub small: String,
    /// State.
    pub chip: Chip,
}

/// GET `/office/subsidy`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/subsidy.html")]
pub struct SubsidyHome {
    /// Surroundings.
    pub shell: Shell,
    /// 「2026年5月7日から2027年3月12日まで」.
    pub window: String,
    /// Whether it is open today.
    pub is_open: bool,
    /// Groups: name, readers, ceiling.
    pub ceilings: Vec<[String; 3]>,
    /// The office's own group and ceiling.
    pub own: String,
    /// Source of the rules.
    pub source: String,
    /// Applications.
    pub lines: Vec<ApplicationLine>,
    /// Whether another can be begun.
    pub may_begin: bool,
    /// Whether the reader administers the office.
    pub may_manage: bool,
    /// Key of the form.
    pub submit_key: String,
}

/// A line of a receipt in the form.
#[derive(Clone, Debug)]
pub struct LineFields {
    /// Number from 1.
    pub n: usize,
    /// Name of the field of its kind.
    pub kind_name: String,
    /// Kinds of cost.
    pub kinds: Vec<Choice>,
    /// 品名, for the heading.
    pub item: String,
    /// The other fields: name, label, hint, value, width, input mode.
    pub fields: Vec<(String, &'static str, &'static str, String, &'static str, &'static str)>,
    /// Whether it is shown from the start.
    pub is_open: bool,
}

/// Files of one kind.
#[derive(Clone, Debug)]
pub struct FilesOf {
    /// Code of the kind.
    pub code: String,
    /// Kind.
    pub label: String,
    /// What it must show.
    pub hint: String,
    /// Files: link, small line, where it is taken out.
    pub files: Vec<(Link, String, String)>,
}

/// A finding.
#[derive(Clone, Debug)]
pub struct Found {
    /// Weight.
    pub chip: Chip,
    /// What is wrong, and what to do.
    pub say: String,
    /// What to do.
    pub mend: String,
    /// Where it is mended.
    pub href: String,
}

/// GET `/office/subsidy/{a}` while it can be changed.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/subsidy_form.html")]
pub struct SubsidyForm {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong with what was just sent.
    pub errors: Vec<FieldError>,
    /// Identifier.
    pub id: String,
    /// Revision that the form was made from.
    pub revision: i64,
    /// State.
    pub chip: Chip,
    /// What the desk wrote; empty for a draft.
    pub reason: Vec<String>,
    /// 事業所番号 and 事業所名.
    pub office: String,
    /// Values by name.
    pub address: String,
    /// 電話番号.
    pub phone: String,
    /// 担当者.
    pub contact: String,
    /// Services.
    pub services: Vec<Choice>,
    /// 対応機種.
    pub is_compatible: bool,
    /// Lines of receipts.
    pub lines: Vec<LineFields>,
    /// Amounts: label and value.
    pub amounts: Vec<(String, String)>,
    /// 銀行 or ゆうちょ.
    pub posts: Vec<Choice>,
    /// Values of the bank: field, label, hint, value.
    pub bank: Vec<(&'static str, &'static str, &'static str, String)>,
    /// 口座の種類.
    pub account_kinds: Vec<Choice>,
    /// As whom the screen was opened.
    pub screen_users: Vec<Choice>,
    /// Number on the screen.
    pub screen_office_no: String,
    /// 備考.
    pub note: String,
    /// Files by kind.
    pub files: Vec<FilesOf>,
    /// What would bounce.
    pub findings: Vec<Found>,
    /// How many of them stand in the way.
    pub bounces: usize,
}

/// GET `/office/subsidy/{a}/check`: the last look before it is filed.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/subsidy_check.html")]
pub struct SubsidyCheck {
    /// Surroundings.
    pub shell: Shell,
    /// Identifier.
    pub id: String,
    /// Revision.
    pub revision: i64,
    /// What would bounce, and what is worth another look.
    pub findings: Vec<Found>,
    /// How many stand in the way.
    pub bounces: usize,
    /// What is filed.
    pub facts: Vec<Fact>,
    /// Lines of receipts.
    pub rows: Vec<Vec<String>>,
    /// When it is decided and paid, if it is filed today.
    pub expected: String,
}

/// GET `/office/subsidy/{a}` once it was filed, and `/office/subsidy/{a}/print`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/office/subsidy_show.html")]
pub struct SubsidyShow {
    /// Surroundings.
    pub shell: Shell,
    /// Identifier.
    pub id: String,
    /// State.
    pub chip: Chip,
    /// What comes next.
    pub say: String,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Lines of receipts.
    pub rows: Vec<Vec<String>>,
    /// Files.
    pub files: Vec<(Link, String)>,
    /// What happened: when, what, who, remark.
    pub events: Vec<[String; 4]>,
    /// Whether it can be withdrawn.
    pub may_withdraw: bool,
}

/// GET `/operator/subsidies`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/subsidies.html")]
pub struct DeskSubsidies {
    /// Surroundings.
    pub shell: Shell,
    /// States with their counts.
    pub counts: Vec<crate::view::insurer::Count>,
    /// State that is shown; kept by the search.
    pub state: String,
    /// What was searched for.
    pub q: String,
    /// Lines: where, office, number, filed, amount, state.
    pub lines: Vec<DeskLine>,
}

/// A line of the desk's list.
#[derive(Clone, Debug)]
pub struct DeskLine {
    /// Where.
    pub href: String,
    /// Office.
    pub office: String,
    /// Number.
    pub no: String,
    /// When it was filed.
    pub filed: String,
    /// Amount.
    pub yen: String,
    /// By when the money comes.
    pub pay_by: String,
    /// State.
    pub chip: Chip,
}

/// GET `/operator/subsidies/{a}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/subsidy.html")]
pub struct DeskSubsidy {
    /// Surroundings.
    pub shell: Shell,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Identifier.
    pub id: String,
    /// Office.
    pub office: String,
    /// State.
    pub chip: Chip,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Lines of receipts.
    pub rows: Vec<Vec<String>>,
    /// Files.
    pub files: Vec<(Link, String)>,
    /// What the checks say today.
    pub findings: Vec<Found>,
    /// What happened: when, what, who, remark.
    pub events: Vec<[String; 4]>,
    /// Whether it is under review.
    pub is_filed: bool,
    /// Whether it waits for its payment.
    pub is_granted: bool,
    /// Amount to grant.
    pub grant: String,
    /// Reason, as typed.
    pub reason: String,
    /// Day of payment, as typed.
    pub paid_on: String,
}
