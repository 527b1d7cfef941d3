//! The clerk's pages of insured persons: search, one person, consent, proxies, letters, questions, who looked.

use askama::Template;

use super::citizen::LogRow;
use super::my::{ProxyCard, QuestionCard};
use super::{Chip, Choice, Fact, FieldError, Link, Paging, Shell};

/// GET `/insurer/people?q=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/search.html")]
pub struct InsuredSearch {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `q`.
    pub errors: Vec<FieldError>,
    /// As typed.
    pub q: String,
    /// Something was searched for.
    pub searched: bool,
    /// Who was found.
    pub rows: Vec<InsuredRow>,
    /// Neighbours.
    pub paging: Paging,
}

/// One person that was found.
#[derive(Clone, Debug)]
pub struct InsuredRow {
    /// The person's page.
    pub href: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 生年月日 with age.
    pub birth: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// 住所.
    pub address: String,
}

/// What the pages of one person start with.
#[derive(Clone, Debug)]
pub struct InsuredFrame {
    /// Opaque reference, for addresses.
    pub p: String,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 生年月日 with age.
    pub birth: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// State of the certification.
    pub chips: Vec<Chip>,
}

/// GET `/insurer/people/{p}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/person.html")]
pub struct InsuredPerson {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: InsuredFrame,
    /// The certification and the address.
    pub facts: Vec<Fact>,
    /// Applications for certification, each with how it stands.
    pub applications: Vec<(Link, Chip)>,
    /// The consent that stands.
    pub consent: Chip,
    /// A consent stands: it can be withdrawn.
    pub stands: bool,
    /// Offices in charge.
    pub offices: usize,
    /// Proxies.
    pub proxies: Vec<ProxyCard>,
    /// Letters: when, to whom, state.
    pub letters: Vec<LetterRow>,
    /// Key of the form of a letter.
    pub submit_key: String,
    /// Questions.
    pub questions: Vec<(String, QuestionCard)>,
    /// The last entries of the log.
    pub log: Vec<LogRow>,
}

/// A letter in a list.
#[derive(Clone, Debug)]
pub struct LetterRow {
    /// Identifier, for the address.
    pub id: String,
    /// 「2026年11月22日 10:00」.
    pub issued: String,
    /// To whom.
    pub to: String,
    /// State.
    pub chip: Chip,
}

/// GET `/insurer/people/{p}/log`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/log.html")]
pub struct InsuredLog {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: InsuredFrame,
    /// Entries, the newest first; the time with its day.
    pub rows: Vec<LogRow>,
    /// Neighbours.
    pub paging: Paging,
}

/// GET/POST `/insurer/people/{p}/consent`. Fields: `csrf`, `submit_key`, `given_by`, `proxy_id`, `method`, `on`, `text_version`,
/// `explained`; for a withdrawal `given_by`, `agreed`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/consent.html")]
pub struct InsuredConsent {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: InsuredFrame,
    /// State.
    pub state: Chip,
    /// A consent stands: the page withdraws it. Else it takes one.
    pub stands: bool,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Key of the form.
    pub submit_key: String,
    /// Who gives or withdraws.
    pub given_by: Vec<Choice>,
    /// On paper or on a screen.
    pub methods: Vec<Choice>,
    /// Proxies that stand; may be empty.
    pub proxies: Vec<Choice>,
    /// Day of the signature as typed.
    pub on: String,
    /// Version of the text.
    pub version: String,
    /// The text that is explained.
    pub text: Vec<String>,
    /// Who loses or wins sight of what.
    pub readers: Vec<super::my::ConsentReader>,
    /// What happened before.
    pub history: Vec<Fact>,
}

/// GET/POST `/insurer/people/{p}/proxies/new`. Fields as `TypedProxy` and `csrf`, `submit_key`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/proxy.html")]
pub struct NewProxy {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: InsuredFrame,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Key of the form.
    pub submit_key: String,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Scopes.
    pub scopes: Vec<Choice>,
    /// What was seen.
    pub evidence: Vec<Choice>,
    /// As typed: name, kana, relation, birth, from, until.
    pub typed: [String; 6],
}

/// GET/POST `/insurer/people/{p}/proxies/{x}/end`. Fields: `csrf`, `reason`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/proxy_end.html")]
pub struct ProxyEnd {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: InsuredFrame,
    /// The proxy.
    pub proxy: ProxyCard,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Reasons.
    pub reasons: Vec<Choice>,
}

/// GET `/insurer/people/{p}/letters/{l}`: printed, A4.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/letter.html")]
pub struct LetterPaper {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: InsuredFrame,
    /// To whom the letter goes.
    pub to: String,
    /// For whom, if the letter goes to a proxy.
    pub represents: String,
    /// Where the letter goes; empty for a proxy.
    pub address: String,
    /// 保険者番号.
    pub insurer_no: String,
    /// 保険者名.
    pub insurer: String,
    /// Telephone of the desk.
    pub phone: String,
    /// Last day.
    pub until: String,
    /// The code; none on a later day, or once it was used.
    pub code: Option<String>,
}

/// GET `/insurer/questions`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/questions.html")]
pub struct Questions {
    /// Surroundings.
    pub shell: Shell,
    /// Without an answer, the oldest first.
    pub open: Vec<QuestionLine>,
    /// Answered ones, the newest first.
    pub answered: Vec<QuestionLine>,
}

/// A line of the inbox.
#[derive(Clone, Debug)]
pub struct QuestionLine {
    /// Where.
    pub href: String,
    /// Who asked.
    pub who: String,
    /// When.
    pub at: String,
    /// Its beginning.
    pub start: String,
    /// How long it waits, or when it was answered.
    pub chip: Chip,
}

/// GET/POST `/insurer/questions/{q}`. Fields: `csrf`, `answer`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insured/question.html")]
pub struct QuestionView {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: InsuredFrame,
    /// Identifier, for the address.
    pub q: String,
    /// The question.
    pub card: QuestionCard,
    /// Wrong input; `field` is `answer`.
    pub errors: Vec<FieldError>,
    /// As typed.
    pub answer: String,
}

impl InsuredFrame {
    /// The person's page.
    pub fn href(&self) -> String {
        format!("/insurer/people/{}", self.p)
    }
}
