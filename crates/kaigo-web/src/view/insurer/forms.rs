//! Forms that change a case.

use askama::Template;

use super::{Basis, CaseFrame, Conflict, DayField};
use crate::view::{Choice, Fact, FieldError, Notice, Shell};

/// GET/POST `/insurer/cases/{p}/{n}/days`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/days.html")]
pub struct DaysForm {
    /// Surroundings.
    pub shell: Shell,
    /// Whose case.
    pub case: CaseFrame,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// What somebody else wrote meanwhile.
    pub conflict: Option<Conflict>,
    /// Hidden fields.
    pub basis: Basis,
    /// The days.
    pub days: Vec<DayField>,
    /// 医療機関名 (field `institution`).
    pub institution: String,
    /// Level of 一次判定 (field `computed_level`).
    pub levels: Vec<Choice>,
    /// 基準時間 in minutes (field `computed_minutes`).
    pub minutes: String,
    /// What is odd about the days as they are.
    pub warnings: Vec<Notice>,
}

/// GET/POST `/insurer/cases/{p}/{n}/delay`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/delay.html")]
pub struct DelayForm {
    /// Surroundings.
    pub shell: Shell,
    /// Whose case.
    pub case: CaseFrame,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// What somebody else wrote meanwhile.
    pub conflict: Option<Conflict>,
    /// Hidden fields.
    pub basis: Basis,
    /// 「2026年11月1日（30日目）」.
    pub due: String,
    /// A notice was sent before; empty = none.
    pub known: String,
    /// Day of the notice (field `notified_on`).
    pub notified_on: String,
    /// Expected day (field `expected_on`).
    pub expected_on: String,
    /// Reasons (field `reason`).
    pub reasons: Vec<Choice>,
    /// Further words (field `words`).
    pub words: String,
}

/// GET `/insurer/cases/{p}/{n}/delay/letter`: one A4 page.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/delay_letter.html")]
pub struct DelayLetter {
    /// Surroundings.
    pub shell: Shell,
    /// Where to go back.
    pub back: String,
    /// Day of the notice.
    pub on: String,
    /// Address of the person.
    pub address: String,
    /// 氏名.
    pub name: String,
    /// 被保険者番号.
    pub number: String,
    /// Name of the insurer.
    pub insurer: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// 申請年月日 in both calendars.
    pub applied: String,
    /// 申請区分.
    pub kind: String,
    /// 処理見込日.
    pub expected: String,
    /// Why.
    pub reason: String,
}

/// GET/POST `/insurer/cases/{p}/{n}/result`: typed, then checked.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/result.html")]
pub struct ResultForm {
    /// Surroundings.
    pub shell: Shell,
    /// Whose case.
    pub case: CaseFrame,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// What somebody else wrote meanwhile.
    pub conflict: Option<Conflict>,
    /// Hidden fields.
    pub basis: Basis,
    /// What is known: certification before, judgement of the board.
    pub facts: Vec<Fact>,
    /// Outcomes (field `outcome`).
    pub outcomes: Vec<Choice>,
    /// Day of the decision (field `decided_on`).
    pub decided_on: String,
    /// Levels (field `level`).
    pub levels: Vec<Choice>,
    /// Months of validity (field `months`).
    pub months: String,
    /// What the rule says about the months.
    pub months_hint: String,
    /// 審査会の意見 (field `opinion`).
    pub opinion: String,
    /// サービスの種類の指定 (field `designated`).
    pub designated: String,
}

/// POST `/insurer/cases/{p}/{n}/result` without `confirm`: look once more, then keep.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/result_check.html")]
pub struct ResultCheck {
    /// Surroundings.
    pub shell: Shell,
    /// Whose case.
    pub case: CaseFrame,
    /// What will be kept.
    pub facts: Vec<Fact>,
    /// Worth a second look.
    pub warnings: Vec<Notice>,
    /// What happens then, a sentence each.
    pub effects: Vec<String>,
    /// Hidden fields.
    pub hidden: Vec<(String, String)>,
}

/// GET/POST `/insurer/cases/{p}/{n}/survey`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/survey.html")]
pub struct SurveyForm {
    /// Surroundings.
    pub shell: Shell,
    /// Whose case.
    pub case: CaseFrame,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// What somebody else wrote meanwhile.
    pub conflict: Option<Conflict>,
    /// Hidden fields.
    pub basis: Basis,
    /// Rare combinations of the answers as they are kept.
    pub warnings: Vec<String>,
    /// 調査実施日, 調査票受領日.
    pub days: Vec<DayField>,
    /// 所属機関 (field `surveyor`).
    pub surveyor: String,
    /// 実施場所 (field `place`).
    pub place: String,
    /// The items by group.
    pub groups: Vec<SurveyGroup>,
    /// 特記事項 (field `remarks`).
    pub remarks: String,
    /// Name of the sheet that is kept; empty = none.
    pub file: String,
    /// Whom the surveyor calls to agree on a day; empty = nobody was named.
    pub contact: String,
    /// How many items are answered: 「62項目のうち 12項目」.
    pub answered: String,
}

/// Items under one heading.
#[derive(Clone, Debug)]
pub struct SurveyGroup {
    /// Heading with its number.
    pub heading: String,
    /// `id` to jump to.
    pub anchor: String,
    /// Items.
    pub items: Vec<SurveyItem>,
}

/// One item of 基本調査.
#[derive(Clone, Debug)]
pub struct SurveyItem {
    /// 「1-10」.
    pub no: String,
    /// Its name.
    pub name: String,
    /// Field: `i-1-10`; with several choices each has a field of its own, `i-1-1-2`.
    pub field: String,
    /// Whether several may be chosen.
    pub multi: bool,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// GET `/insurer/cases/new?number=`, POST `/insurer/cases/new`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/intake.html")]
pub struct IntakeForm {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// 被保険者番号 as typed (field `number`).
    pub number: String,
    /// The person, once the number is known; empty before.
    pub person: Vec<Fact>,
    /// Worth a second look.
    pub warnings: Vec<Notice>,
    /// Key of the form.
    pub submit_key: String,
    /// 申請区分 (field `kind`).
    pub kinds: Vec<Choice>,
    /// 申請年月日 (field `applied_on`).
    pub applied_on: String,
    /// 申請番号 (field `application_no`).
    pub application_no: String,
    /// 提出代行事業所番号 (field `filed_by`).
    pub filed_by: String,
    /// 医療機関名 (field `institution`).
    pub institution: String,
    /// 特定疾病 (field `disease`).
    pub diseases: Vec<Choice>,
    /// 調査の連絡先 (field `contact`).
    pub contact: String,
}

/// GET/POST `/insurer/cases/{p}/{n}/intake`: what was asked at the intake.
#[derive(Clone, Debug, Template)]
#[template(path = "page/insurer/asked.html")]
pub struct AskedForm {
    /// Surroundings.
    pub shell: Shell,
    /// Whose case.
    pub case: CaseFrame,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// What somebody else wrote meanwhile.
    pub conflict: Option<Conflict>,
    /// Hidden fields.
    pub basis: Basis,
    /// 特定疾病 (field `disease`).
    pub diseases: Vec<Choice>,
    /// 調査の連絡先 (field `contact`).
    pub contact: String,
}
