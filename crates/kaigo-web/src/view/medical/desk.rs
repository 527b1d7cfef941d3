//! The municipality's side of opinions: requests by due day, a new one, what was received.

use askama::Template;

use super::sheet::Sheet;
use super::{ChangeRow, EventRow, FoundRow, PaperRow};
use crate::view::{Chip, Choice, Fact, FieldError, Link, Notice, Paging, Shell};

/// One request in the insurer's list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// 氏名.
    pub name: String,
    /// 被保険者番号 in groups.
    pub number: String,
    /// Whom it went to.
    pub institution: String,
    /// 「11月1日」.
    pub asked: String,
    /// 「11月14日」.
    pub due: String,
    /// How near.
    pub chip: Chip,
    /// Reminded, returned; may be empty.
    pub note: String,
}

/// GET `/insurer/opinions?state=&after=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/opinions.html")]
pub struct Opinions {
    /// Surroundings.
    pub shell: Shell,
    /// States with their counts: word with count, address; the current one has an empty address.
    pub states: Vec<Link>,
    /// Heading of the state that is shown.
    pub heading: String,
    /// Requests by due day.
    pub rows: Vec<Row>,
    /// The next page.
    pub paging: Paging,
}

/// GET/POST `/insurer/cases/{p}/{n}/opinion`. Fields: `csrf`, `submit_key`, `institution`, `physician`, `count_kind`, `place_kind`,
/// `due_on`, `note`, `with_previous`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/opinion_new.html")]
pub struct New {
    /// Surroundings.
    pub shell: Shell,
    /// Where it posts.
    pub action: String,
    /// The case.
    pub back: String,
    /// Whose.
    pub name: String,
    /// Person and application.
    pub facts: Vec<Fact>,
    /// A request of this application is not over: nothing can be asked.
    pub notice: Option<Notice>,
    /// Where that one is.
    pub running: Option<Link>,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Key of this form.
    pub submit_key: String,
    /// Institutions.
    pub institutions: Vec<Choice>,
    /// 医師氏名.
    pub physician: String,
    /// 新規・継続.
    pub counts: Vec<Choice>,
    /// 在宅・施設.
    pub places: Vec<Choice>,
    /// 提出期限.
    pub due_on: String,
    /// A word to the physician.
    pub note: String,
    /// The last opinion, which can be sent along: 「海辺内科クリニック 2026年5月1日」.
    pub previous: Option<String>,
    /// To whom it is not sent, by the insurer's rules; may be empty.
    pub previous_note: String,
    /// It is.
    pub with_previous: bool,
}

/// GET `/insurer/opinions/{r}`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/opinion.html")]
pub struct Opinion {
    /// Surroundings.
    pub shell: Shell,
    /// `/insurer/opinions/{r}`.
    pub base: String,
    /// Whose.
    pub name: String,
    /// How far.
    pub chips: Vec<Chip>,
    /// The request.
    pub facts: Vec<Fact>,
    /// Wrong input; `field` is `reason`.
    pub errors: Vec<FieldError>,
    /// The submission that waits: its place.
    pub waiting: Option<i32>,
    /// What is found in the last submission.
    pub found: Vec<FoundRow>,
    /// What changed against the previous opinion; none if there is none.
    pub changes: Option<Vec<ChangeRow>>,
    /// The last submission as it is printed.
    pub sheet: Option<Sheet>,
    /// The file that came with it: its name and size; may be empty.
    pub file: String,
    /// What was submitted, in order.
    pub papers: Vec<PaperRow>,
    /// What happened, in order.
    pub events: Vec<EventRow>,
    /// The institution can be reminded today.
    pub can_remind: bool,
    /// The request can be taken back.
    pub can_cancel: bool,
    /// The reason that was typed for sending it back.
    pub reason: String,
}

/// GET/POST `/insurer/opinions/{r}/cancel`. Fields: `csrf`, `reason`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/opinion_cancel.html")]
pub struct Cancel {
    /// Surroundings.
    pub shell: Shell,
    /// `/insurer/opinions/{r}`.
    pub base: String,
    /// Whose.
    pub name: String,
    /// Whom it went to.
    pub institution: String,
    /// Wrong input; `field` is `reason`.
    pub errors: Vec<FieldError>,
    /// Reasons.
    pub reasons: Vec<Choice>,
}
