//! ケアプラン (交付用登録) and LIFE of a person.

use askama::Template;

use super::documents::Original;
use super::exchange_sheet::form::{DetailKind, Form, Page};
use super::person::PersonFrame;
use super::{Absence, Chip, Choice, Fact, FieldError, Link, Shell};

/// A registered plan in the list.
#[derive(Clone, Debug)]
pub struct PlanRow {
    /// Its page.
    pub href: String,
    /// 「居宅サービス計画（2026年11月1日作成）」.
    pub what: String,
    /// The office that made it.
    pub office: String,
    /// When it was registered, by whom.
    pub registered: String,
    /// The form's address that takes it back, for the office that made it.
    pub withdraw: Option<String>,
}

/// A document that the office sent and can register.
#[derive(Clone, Debug)]
pub struct SentRow {
    /// Identifier of the set.
    pub set: String,
    /// Place of the person in it.
    pub place: i32,
    /// What.
    pub what: String,
    /// When it was sent.
    pub sent: String,
}

/// GET `/people/{c}/plans`. Posts to `…/plans/deliver`: `csrf`, `set`, `place`; `…/plans/{v}/withdraw`: `csrf`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/plans.html")]
pub struct Plans {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Why those of other offices are not shown.
    pub absence: Option<Absence>,
    /// Registered plans.
    pub rows: Vec<PlanRow>,
    /// What the office sent and can register.
    pub sent: Vec<SentRow>,
}

/// GET `/people/{c}/plans/{v}`: the forms of a plan.
#[derive(Clone, Debug, Template)]
#[template(path = "page/plan.html")]
pub struct Plan {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Where it stands in the list.
    pub back: Link,
    /// What.
    pub what: String,
    /// Who made it and when it was registered.
    pub small: String,
    /// The forms.
    pub pages: Vec<Page>,
}

/// A feedback sheet.
#[derive(Clone, Debug)]
pub struct LifeSheet {
    /// 「2026年4月1日から 2026年9月30日まで」.
    pub period: String,
    /// Office and service.
    pub office: String,
    /// The office's own.
    pub chip: Option<Chip>,
    /// Items.
    pub facts: Vec<Fact>,
    /// Number of the sheet, for addresses and ids.
    pub n: String,
    /// The original file.
    pub original: Option<Original>,
}

impl LifeSheet {
    /// Id of the purpose select of this sheet.
    pub fn purpose_id(&self) -> String {
        format!("purpose-{}", self.n)
    }
}

/// GET `/people/{c}/life`. The original: `…/life/{n}/file?purpose=`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/life.html")]
pub struct Life {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Only the office's own sheets are shown.
    pub own_only: bool,
    /// Sheets, the newest first.
    pub sheets: Vec<LifeSheet>,
    /// Wrong input (no purpose chosen); `field` is `purpose-{n}`.
    pub errors: Vec<FieldError>,
    /// Purposes to choose from (field `purpose`).
    pub purposes: Vec<Choice>,
}

/// GET `/my/plans/{v}`: the forms of a plan for the person.
#[derive(Clone, Debug, Template)]
#[template(path = "page/plan_mine.html")]
pub struct MyPlan {
    /// Surroundings.
    pub shell: Shell,
    /// What.
    pub what: String,
    /// Who made it and when it was registered.
    pub small: String,
    /// The forms.
    pub pages: Vec<Page>,
}
