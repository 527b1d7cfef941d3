//! 申請の受付: a new application is put in at the desk.

use kaigo_core::code::{ApplicationKind, SpecifiedDisease};
use kaigo_core::date::{Date, add_days, age_on, seireki};
use kaigo_core::id::{InsuredNo, OfficeNo};
use kaigo_core::policy::{Act, Caller, Item, Purpose};
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::Certification;
use kaigo_core::rule::case::CaseFinding;
use kaigo_core::rule::validity::{can_renew, renewal_opens};
use kaigo_core::text::Text;
use kaigo_store::case::{self as store, Change};
use kaigo_store::desk;
use kaigo_store::intake::{self as asked, Asked};
use kaigo_store::record::{Segment, of_person};

use super::{CaseId, Edit, Edited, edit, insurer_of, name_of, stop};
use crate::keys::letters_of;
use crate::person::{self, Head};
use crate::run::{Deed, Look, Target, act, look};
use crate::{App, Ctx, Error};

/// The person for whom an application is put in.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// The person.
    pub head: Head,
    /// Applications that are under way: 連番, kind, day.
    pub open: Vec<(i32, ApplicationKind, Date)>,
    /// Last day of the certification that stands.
    pub valid_until: Option<Date>,
}

/// Looks at the person of a number, before an application is put in.
///
/// # Errors
/// [`Error::NotFound`] if the insurer knows no such person.
pub async fn applicant(app: &App, ctx: &Ctx, caller: &Caller, insured_no: InsuredNo) -> Result<Applicant, Error> {
    const ITEMS: &[Item] = &[Item::InsuredCertificate, Item::CertificationResult, Item::Progress];
    let what = Look::view(Target::Insured(insurer_of(caller)?, insured_no), ITEMS, Purpose::Case);
    let today = ctx.today;
    look(app, ctx, caller, what, move |tx, seen| {
        let head = person::head(tx, seen, today)?;
        let applications = of_person::<Application>(tx, &seen.grant, seen.published())?;
        let current = applications.iter().filter_map(Segment::current);
        let open = current.filter(|row| row.record.outcome.is_none() && row.record.decided_on.is_none());
        let certifications = of_person::<Certification>(tx, &seen.grant, seen.published())?;
        Ok(Applicant {
            open: open.map(|row| (row.common.record_no.0, row.record.kind, row.record.applied_on)).collect(),
            valid_until: certifications
                .iter()
                .filter_map(Segment::current)
                .filter_map(|row| row.record.valid_until)
                .max(),
            head,
        })
    })
    .await
}

/// An application as it is typed.
#[derive(Clone, Debug)]
pub struct Intake {
    /// The person.
    pub insured_no: InsuredNo,
    /// 申請区分.
    pub kind: ApplicationKind,
    /// 申請年月日.
    pub applied_on: Date,
    /// 申請番号; made here if none is given.
    pub application_no: Option<Text<20>>,
    /// Office that filed it (提出代行).
    pub filed_by: Option<OfficeNo>,
    /// Medical institution that is to write the opinion.
    pub institution: Option<Text<60>>,
    /// 特定疾病, of a person under 65.
    pub disease: Option<SpecifiedDisease>,
    /// 調査の連絡先: whom the surveyor calls.
    pub contact: Option<Text<200>>,
    /// Key of the form.
    pub submit_key: String,
}

/// Age from which a person is insured of the first class (第1号被保険者, 法9条1号): certified whatever the cause.
const FIRST_CLASS_AGE: i16 = 65;

/// Age by law on that day: it is reached at the end of the day before the birthday (年齢計算ニ関スル法律).
fn legal_age(born_on: Date, day: Date) -> i16 {
    age_on(born_on, add_days(day, 1))
}

/// What a specified disease says of a person of that age: those under 65 need one, others have none (法7条3項2号).
fn check_disease(disease: Option<SpecifiedDisease>, age: i16) -> Option<CaseFinding> {
    let found = |error, code, say: String| Some(CaseFinding { error, code, field: "disease", say });
    match disease {
        None if age < FIRST_CLASS_AGE => {
            let say = format!(
                "申請の日に{age}歳の方（第2号被保険者）ですが、特定疾病が入っていません。申請書の欄を確かめてください。"
            );
            found(false, "disease-missing", say)
        }
        Some(_) if age >= FIRST_CLASS_AGE => {
            let say =
                format!("申請の日に{age}歳の方（第1号被保険者）に、特定疾病は入れません。「なし」にしてください。");
            found(true, "disease-first-class", say)
        }
        None | Some(_) => None,
    }
}

impl Intake {
    /// What is wrong with it, or worth a second look.
    pub fn check(&self, applicant: &Applicant, today: Date) -> Vec<CaseFinding> {
        let mut found: Vec<CaseFinding> =
            check_disease(self.disease, legal_age(applicant.head.person.born_on, self.applied_on))
                .into_iter()
                .collect();
        let mut say = |error: bool, code: &'static str, field: &'static str, say: String| {
            found.push(CaseFinding { error, code, field, say });
        };
        if self.applied_on > today {
            say(true, "date-ahead", "applied_on", "申請日がきょうより後です。日付を確かめてください。".to_owned());
        }
        if let Some((_, kind, on)) = applicant.open.iter().find(|(_, kind, _)| *kind == self.kind) {
            let sentence = format!(
                "{}の{}申請が、いま進んでいます。同じ申請でないか確かめてください。",
                seireki(*on),
                kind.label()
            );
            say(true, "case-open", "kind", sentence);
        }
        match (self.kind, applicant.valid_until) {
            (ApplicationKind::Renewal, None) => {
                let sentence = "いままでの認定が見あたりません。更新でなく、新規ではないか確かめてください。";
                say(false, "no-certification", "kind", sentence.to_owned());
            }
            (ApplicationKind::Renewal, Some(until)) if !can_renew(until, self.applied_on) => {
                let sentence = format!(
                    "更新の申請ができるのは、{}から{}までです（施行規則39条・54条）。",
                    seireki(renewal_opens(until)),
                    seireki(until)
                );
                say(false, "outside-renewal", "applied_on", sentence);
            }
            (ApplicationKind::New, Some(until)) if until >= self.applied_on => {
                let sentence =
                    format!("{}までの認定があります。更新か区分変更ではないか確かめてください。", seireki(until));
                say(false, "certified-already", "kind", sentence);
            }
            (
                ApplicationKind::New
                | ApplicationKind::Renewal
                | ApplicationKind::Change
                | ApplicationKind::ExOfficio
                | ApplicationKind::MovedIn,
                _,
            ) => {}
        }
        found
    }
}

/// Puts an application in. The same form sent again answers the first case.
///
/// # Errors
/// [`Error::NotFound`] if the insurer knows no such person; [`Error::Invalid`]; [`Error::Conflict`] if the number is taken.
pub async fn put(app: &App, ctx: &Ctx, caller: &Caller, intake: Intake) -> Result<CaseId, Error> {
    let applicant = applicant(app, ctx, caller, intake.insured_no).await?;
    let insurer_no = insurer_of(caller)?;
    let deed = Deed::new(Target::Insured(insurer_no, intake.insured_no), Act::ManageCase, Purpose::Case);
    let (ctx2, by) = (ctx.clone(), name_of(caller));
    act(app, ctx, caller, deed, move |tx, given| {
        let ctx = ctx2;
        let insured_no = intake.insured_no;
        if let Some(change) = store::change_of(tx, &given.act, &intake.submit_key)? {
            return Ok(CaseId { insurer_no, insured_no: change.insured_no, record_no: change.record_no });
        }
        stop(&intake.check(&applicant, ctx.today))?;
        let made = made_number(intake.applied_on, &intake.submit_key);
        let number = intake.application_no.clone().filter(|no| !no.is_empty());
        let number = number.map_or_else(|| Text::parse(&made), Ok);
        let number = number.map_err(|bad| Error::Internal(bad.code().to_owned()))?;
        if store::has_application(tx, &given.act, number.as_str())? {
            return Err(Error::Invalid(vec![crate::Wrong {
                field: "application_no",
                code: "application-no-taken",
                say: "同じ申請番号の申請があります。番号を確かめてください。".to_owned(),
            }]));
        }
        let application = Application {
            application_no: number,
            kind: intake.kind,
            applied_on: intake.applied_on,
            filed_by: intake.filed_by,
            institution: intake.institution.clone().filter(|name| !name.is_empty()),
            ..Application::default()
        };
        let desk = desk::open(tx, &given.act, &ctx.instant())?;
        let record_no = desk::add(tx, desk, &application)?;
        let told = Asked {
            disease: intake.disease,
            contact: intake.contact.as_ref().map(ToString::to_string).unwrap_or_default(),
        };
        if told != Asked::default() {
            asked::put(tx, &given.act, record_no, &told, (&by, &ctx.instant()))?;
        }
        store::refresh(tx, insurer_no, insured_no)?;
        let row = store::find(tx, &given.act, insured_no, record_no)?;
        let change = Change {
            insured_no,
            record_no,
            submit_key: intake.submit_key.clone(),
            act: "new".to_owned(),
            version: row.ok_or_else(|| Error::Internal("a new case is not listed".to_owned()))?.version,
            what: format!("{}申請を受け付けました。", intake.kind.label()),
            changed_by: by,
            changed_at: ctx.instant(),
        };
        store::changed(tx, &given.act, &ctx.ids.timed(ctx.now), &change)?;
        Ok(CaseId { insurer_no, insured_no, record_no })
    })
    .await
}

/// 申請番号 where the municipality gives none: the day, and letters of the form's key.
fn made_number(applied_on: Date, key: &str) -> String {
    let day: String = applied_on.to_string().chars().filter(char::is_ascii_digit).collect();
    format!("K{day}-{}", letters_of(key.get(..6).unwrap_or("000000")))
}

/// Changes what was asked at the intake.
///
/// # Errors
/// As `edit`; [`Error::Invalid`] for a specified disease of a person who is 65 or older.
pub async fn change(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    what: Edit,
    (disease, contact): (Option<SpecifiedDisease>, Option<Text<200>>),
) -> Result<Edited, Error> {
    let (applicant, record_no) = (applicant(app, ctx, caller, what.id.insured_no).await?, what.id.record_no);
    let born_on = applicant.head.person.born_on;
    edit(app, ctx, caller, what, move |tx, bench, application| {
        stop(check_disease(disease, legal_age(born_on, application.applied_on)).as_slice())?;
        let before = asked::to_change(tx, bench.grant, record_no)?;
        let now = Asked { disease, contact: contact.map(|text| text.to_string()).unwrap_or_default() };
        if before == now {
            return Ok(Vec::new());
        }
        asked::put(tx, bench.grant, record_no, &now, (bench.by, &bench.ctx.instant()))?;
        let word = |disease: Option<SpecifiedDisease>| disease.map_or("（なし）", SpecifiedDisease::label);
        let mut said = Vec::new();
        if before.disease != now.disease {
            said.push(format!("特定疾病：{} → {}", word(before.disease), word(now.disease)));
        }
        if before.contact != now.contact {
            said.push("調査の連絡先を直しました。".to_owned());
        }
        Ok(said)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_number_is_never_taken_for_an_individual_number() {
        let day = kaigo_core::date::parse_date("2026-11-22").unwrap();
        let mut all = std::collections::HashSet::new();
        for n in 0..10_000 {
            let made = made_number(day, &format!("{n:04}ab{n:026}"));
            assert_eq!(Text::<20>::parse(&made).as_ref().map(Text::as_str), Ok(made.as_str()));
            all.insert(made);
        }
        assert_eq!(all.len(), 10_000);
    }

    #[test]
    fn a_specified_disease_belongs_to_those_under_65() {
        let some = Some(SpecifiedDisease::Parkinsonism);
        let codes = |disease, age| check_disease(disease, age).map(|found| (found.error, found.code));
        assert_eq!(codes(None, 64), Some((false, "disease-missing")));
        assert_eq!(codes(some, 64), None);
        assert_eq!(codes(None, 65), None);
        assert_eq!(codes(some, 65), Some((true, "disease-first-class")));
        assert_eq!(SpecifiedDisease::ALL.len(), 16, "施行令2条 has sixteen items");
    }
}
