//! Pages of the person: consent, proxies, questions, papers, plans.

use askama::Template;
use kaigo_core::plain::Saying;

use super::citizen::Myself;
use super::documents::{ItemGroup, Original, Remark};
use super::{Absence, Chip, Choice, Fact, FieldError, Link, Shell};

/// GET `/my/consent`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/consent.html")]
pub struct MyConsent {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// What stands, as a word with its tone.
    pub state: Chip,
    /// Whether a consent stands: it can be withdrawn; else it can be given.
    pub stands: bool,
    /// The text that is explained.
    pub text: Vec<Saying>,
    /// Who loses sight of what: name, last day, items.
    pub readers: Vec<ConsentReader>,
    /// What happened before, the newest first.
    pub history: Vec<Fact>,
}

/// An office that sees papers by the consent.
#[derive(Clone, Debug)]
pub struct ConsentReader {
    /// 事業所名.
    pub name: String,
    /// 「認定調査票・主治医意見書」; empty if it sees none by the consent.
    pub items: String,
}

/// GET/POST `/my/consent/give` and `/my/consent/withdraw`: confirm. Fields: `csrf`, `submit_key`, `agreed`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/consent_confirm.html")]
pub struct ConsentConfirm {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Withdraw, not give.
    pub withdraw: bool,
    /// Wrong input; `field` is `agreed`.
    pub errors: Vec<FieldError>,
    /// Key of the form.
    pub submit_key: String,
    /// Version of the text.
    pub version: String,
    /// The text that is explained.
    pub text: Vec<Saying>,
    /// Offices in charge with what hangs on the consent.
    pub readers: Vec<ConsentReader>,
}

/// GET `/my/consent/receipt`: what was done last.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/receipt.html")]
pub struct ConsentReceipt {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// 「同意を取り消しました」.
    pub heading: String,
    /// What, when, number.
    pub facts: Vec<Fact>,
}

/// GET `/my/family`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/family.html")]
pub struct MyFamily {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Proxies, standing ones first.
    pub proxies: Vec<ProxyCard>,
    /// A proxy looks at the page: nothing can be ended.
    pub acting: bool,
}

/// A proxy.
#[derive(Clone, Debug)]
pub struct ProxyCard {
    /// Identifier, for the address.
    pub id: String,
    /// 氏名.
    pub name: String,
    /// Kind, relation, scope, period.
    pub facts: Vec<Fact>,
    /// Standing, ended, to come.
    pub chip: Chip,
    /// Can be ended.
    pub can_end: bool,
}

/// GET/POST `/my/family/{x}/end`. Fields: `csrf`, `reason`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/family_end.html")]
pub struct FamilyEnd {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// The proxy.
    pub proxy: ProxyCard,
    /// Wrong input; `field` is `reason`.
    pub errors: Vec<FieldError>,
    /// Reasons.
    pub reasons: Vec<Choice>,
}

/// GET/POST `/my/questions/new?entry=`. Fields: `csrf`, `submit_key`, `entry`, `body`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/ask.html")]
pub struct Ask {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// The entry of the log that it is about.
    pub about: Vec<Fact>,
    /// Its identifier; empty without one.
    pub entry: String,
    /// Key of the form.
    pub submit_key: String,
    /// Wrong input; `field` is `body`.
    pub errors: Vec<FieldError>,
    /// What was typed.
    pub body: String,
}

/// GET `/my/questions`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/questions.html")]
pub struct MyQuestions {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Questions, the newest first.
    pub questions: Vec<QuestionCard>,
}

/// A question with its answer.
#[derive(Clone, Debug)]
pub struct QuestionCard {
    /// Who asked and when.
    pub asked: String,
    /// The entry that it is about, in one line; may be empty.
    pub about: String,
    /// The question, a line each.
    pub body: Vec<String>,
    /// The answer, a line each; empty while it is awaited.
    pub answer: Vec<String>,
    /// Who answered and when.
    pub answered: String,
    /// The answer was not read before.
    pub is_new: bool,
}

/// GET `/my/documents`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/documents.html")]
pub struct MyDocuments {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Why nothing is shown.
    pub absence: Option<Absence>,
    /// What there is, and what not and why.
    pub rows: Vec<MyDocument>,
    /// Something is not shown: how to ask for a copy (開示請求).
    pub asks: bool,
}

/// A paper.
#[derive(Clone, Debug)]
pub struct MyDocument {
    /// 認定調査票 or 主治医意見書.
    pub title: String,
    /// Which application, who made it, when; may be empty.
    pub source: String,
    /// Where it is read, if it may be.
    pub link: Option<Link>,
    /// Why not; empty if it may be.
    pub why: String,
}

/// GET `/my/documents/{d}`: a paper in whole.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/document.html")]
pub struct MyPaper {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// 認定調査票 or 主治医意見書.
    pub title: String,
    /// What such a paper is.
    pub lead: &'static Saying,
    /// Head: days, who wrote it.
    pub facts: Vec<Fact>,
    /// The original file.
    pub original: Option<Original>,
    /// Items in the order of the form.
    pub groups: Vec<ItemGroup>,
    /// 特記事項.
    pub remarks: Vec<Remark>,
}

/// A feedback sheet of LIFE.
#[derive(Clone, Debug)]
pub struct MySheet {
    /// 「2026年4月1日から 2026年9月30日まで」.
    pub period: String,
    /// The office that sent the data.
    pub office: String,
    /// Items.
    pub facts: Vec<Fact>,
    /// The original.
    pub link: Option<Link>,
}

/// GET `/my/life`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/life.html")]
pub struct MyLife {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Sheets, the newest first.
    pub sheets: Vec<MySheet>,
}

/// GET `/my/plans`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/my/plans.html")]
pub struct MyPlans {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub me: Myself,
    /// Plans that offices delivered: what, who made it, where it is read.
    pub plans: Vec<MyDocument>,
}
