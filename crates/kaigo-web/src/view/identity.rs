//! 本人確認 by 被保険者証 (four items), and the registration as 担当事業所.

use askama::Template;

use super::{Choice, FieldError, Shell};

/// GET/POST `/identity`. Fields: `csrf`, `insurer_no`, `insured_no`, `kana`, `birth`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/identity.html")]
pub struct Identity {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is one of the field names.
    pub errors: Vec<FieldError>,
    /// The four items as typed.
    pub typed: IdentityTyped,
    /// Answer to a complete input that did not lead to a person.
    pub outcome: Option<IdentityOutcome>,
    /// People to try; empty outside the demo.
    pub demo_people: Vec<DemoPerson>,
    /// A disaster mode is open to the office.
    pub has_disaster: bool,
    /// The way by card; none where no anchors are configured.
    pub card: Option<CardOffer>,
}

/// The way by card on the page of 本人確認.
#[derive(Clone, Debug)]
pub struct CardOffer {
    /// Key of the form.
    pub submit_key: String,
    /// The reader administers the office, and may enrol terminals.
    pub is_admin: bool,
}

/// The four items as typed, kept after an error.
#[derive(Clone, Debug, Default)]
pub struct IdentityTyped {
    /// 保険者番号, six digits.
    pub insurer_no: String,
    /// 被保険者番号, ten characters.
    pub insured_no: String,
    /// 氏名カナ.
    pub kana: String,
    /// 生年月日, 和暦 or 西暦.
    pub birth: String,
}

/// Why four well-formed items did not lead to a person.
#[derive(Clone, Debug)]
pub enum IdentityOutcome {
    /// Does not tell whether the person exists.
    NoMatch,
    /// The insurer does not share yet.
    NotStarted {
        /// Name of the insurer.
        insurer: String,
        /// 「2027年3月1日から」, or that it is not known.
        since: String,
        /// Items that come later: 「認定調査票は 2027年6月1日から」.
        items: Vec<String>,
    },
    /// Too many tries; the form is not shown.
    TooMany {
        /// How long to wait: 「12分」.
        wait: String,
    },
}

impl Identity {
    /// The form is not shown for now.
    pub fn closed(&self) -> bool {
        matches!(self.outcome, Some(IdentityOutcome::TooMany { .. }))
    }
}

/// A synthetic person to try.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// 氏名.
    pub name: String,
    /// What this person shows: 「更新申請中」.
    pub what: String,
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 氏名カナ.
    pub kana: String,
    /// 生年月日 as on the 被保険者証.
    pub birth: String,
}

/// GET/POST `/identity/{id}`: confirm and register. Fields: `csrf`, `seen` (checkbox, value `yes`).
#[derive(Clone, Debug, Template)]
#[template(path = "page/register.html")]
pub struct Register {
    /// Surroundings.
    pub shell: Shell,
    /// Opaque id of the identity check.
    pub id: String,
    /// Wrong input; `field` is `seen` or empty.
    pub errors: Vec<FieldError>,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// 「1938年（昭和13年）4月12日」.
    pub birth: String,
    /// 「88歳」.
    pub age: String,
    /// 保険者名.
    pub insurer: String,
    /// 被保険者番号, grouped.
    pub number: String,
    /// Last day of the charge unless it is kept up: 「2027年2月28日」.
    pub until: String,
    /// Name of the disaster under whose mode the person was found, without a certificate.
    pub disaster: Option<String>,
    /// How the identity was shown: code of an `Assurance`.
    pub method: String,
    /// The box was ticked.
    pub seen: bool,
}

/// GET/POST `/identity/disaster`. Fields: `csrf`, `mode`, `kana`, `birth`, `age`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/identity_disaster.html")]
pub struct DisasterSearch {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Disaster modes that the office may use today; empty: there is none.
    pub modes: Vec<Choice>,
    /// 氏名カナ as typed.
    pub kana: String,
    /// 生年月日 as typed.
    pub birth: String,
    /// 年齢 as typed.
    pub age: String,
    /// Why nobody is shown.
    pub outcome: Option<DisasterOutcome>,
}

/// Why a search under a disaster mode shows nobody.
#[derive(Clone, Debug)]
pub enum DisasterOutcome {
    /// Nobody fits.
    Nobody,
    /// Several fit: more has to be known.
    Several,
    /// Too many tries.
    TooMany {
        /// How long to wait.
        wait: String,
    },
}
