//! Cases of certification at the municipality's desk: the lists, one case, and everything a clerk does with it.
//!
//! Read `edit` first: whoever changes an application says which version they saw; the change, its note in the history,
//! the projection and the log entry are one transaction, and what is changed is seen at once by those who may see it.

pub mod bulk;
pub mod days;
pub mod intake;
pub mod paper;
pub mod result;
pub mod survey;

use kaigo_core::date::{Date, add_days, iso, seireki};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::kana::search_key;
use kaigo_core::layout::{Column, Record, Shape};
use kaigo_core::notice::Topic;
use kaigo_core::policy::{Act, ActGrant, Caller, Item, Matrix, Purpose, Refusal, decide_act};
use kaigo_core::progress::{self, Timeline};
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::Certification;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::rule::case::{Before, CaseFinding, check_days, thresholds};
use kaigo_core::statistics::{Figures, figures};
use kaigo_store::access_log;
use kaigo_store::board::{self, BoardCase};
use kaigo_store::case::{self as store, After, Ages, CaseRow, Change, Computed, Late, Wanted};
use kaigo_store::db::Tx;
use kaigo_store::desk;
use kaigo_store::record::{Guarded, Segment, Stored, of_person};

use crate::documents::DocumentId;
use crate::keys::digest_of;
use crate::notice::{Telling, tell_in_charge, tell_person};
use crate::person::{self, Head};
use crate::run::{Deed, Given, Look, Seen, Target, act, entry, look};
use crate::{App, Ctx, Error};

/// Cases on a page.
pub const PAGE: i32 = 50;

/// Which case: whose, and the 連番 of the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseId {
    /// The insurer.
    pub insurer_no: InsurerNo,
    /// The person.
    pub insured_no: InsuredNo,
    /// The application.
    pub record_no: i32,
}

impl CaseId {
    /// Reads the two parts of a URL.
    ///
    /// # Errors
    /// [`Error::NotFound`] for anything that is none.
    pub fn parse(app: &App, person: &str, number: &str) -> Result<Self, Error> {
        let (insurer_no, insured_no) = app.keys.person_of_ref(person).ok_or(Error::NotFound)?;
        let record_no = number.parse().ok().filter(|n| (1..=9999).contains(n)).ok_or(Error::NotFound)?;
        Ok(Self { insurer_no, insured_no, record_no })
    }

    /// Reads `{p}-{n}`, as the boxes of a list name it.
    pub fn parse_pick(app: &App, pick: &str) -> Option<Self> {
        let (person, number) = pick.split_once('-')?;
        Self::parse(app, person, number).ok()
    }

    fn target(self) -> Target {
        Target::Insured(self.insurer_no, self.insured_no)
    }
}

/// The insurer of a clerk.
///
/// # Errors
/// [`Refusal::NotAllowed`] for anybody else.
pub fn insurer_of(caller: &Caller) -> Result<InsurerNo, Error> {
    match caller {
        Caller::Insurer(staff) => Ok(staff.insurer_no),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Refusal::NotAllowed.into()),
    }
}

/// Name of who acts, for the history of a case.
pub(crate) fn name_of(caller: &Caller) -> String {
    match caller {
        Caller::Insurer(staff) => staff.name.clone(),
        Caller::Board(staff) => staff.name.clone(),
        Caller::Medical(staff) => staff.name.clone(),
        Caller::Staff(staff) => staff.name.clone(),
        Caller::Person { name, .. } => name.clone(),
        Caller::OperatorStaff(staff) => staff.name.clone(),
        Caller::Supporter(staff) => staff.name.clone(),
        Caller::InsurerSystem { .. } | Caller::Operator => "システム".to_owned(),
    }
}

/// Enters that these people were shown in a list of the desk: once a day and account (docs/decisions/0006).
pub(crate) fn listed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    (act, purpose): (Act, Purpose),
    people: impl IntoIterator<Item = (InsurerNo, InsuredNo)>,
) -> Result<(), Error> {
    let mut seen = std::collections::HashSet::new();
    let day: String = ctx.today.to_string().chars().filter(char::is_ascii_digit).collect();
    for (insurer_no, insured_no) in people {
        if seen.insert((insurer_no, insured_no)) {
            let mut entry = entry(ctx, caller, (insurer_no.as_str(), insured_no.as_str()), act.code(), purpose);
            let once = format!("{} {} {insured_no} {}", act.code(), entry.account_id, ctx.today);
            entry.entry_id = format!("{day}{}", digest_of(&once).get(..24).unwrap_or_default());
            Item::Progress.code().clone_into(&mut entry.items);
            access_log::append(tx, &entry)?;
        }
    }
    Ok(())
}

/// What cases a clerk asks for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// Open ones by step, kind and age, or the ended ones.
    Listed(Wanted),
    /// Those of the person with this number.
    Number(InsuredNo),
    /// Those of people whose kana begins like this.
    Kana(String),
}

/// A page of cases.
#[derive(Clone, Debug)]
pub struct CaseList {
    /// The cases; at most [`PAGE`].
    pub rows: Vec<CaseRow>,
    /// Where the next page starts, if there is one.
    pub next: Option<After>,
    /// Open cases by step: code and count.
    pub steps: Vec<(String, i64)>,
    /// Open cases that are late in some way.
    pub ages: Ages,
}

/// Lists cases. Everybody on the page finds the list in their log, once a day and account.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but a clerk.
pub async fn list(app: &App, ctx: &Ctx, caller: &Caller, asked: Asked, after: After) -> Result<CaseList, Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let mut rows = match &asked {
                Asked::Listed(wanted) => store::list(tx, &grant, wanted, &after, PAGE + 1)?,
                Asked::Number(number) => store::of_person(tx, &grant, *number)?,
                Asked::Kana(kana) => store::by_kana(tx, &grant, &search_key(kana), &after, PAGE + 1)?,
            };
            let page = usize::try_from(PAGE).unwrap_or(50);
            let more = rows.len() > page;
            rows.truncate(page);
            let next = rows.last().filter(|_| more).map(|row| After {
                key: match asked {
                    Asked::Kana(_) => row.kana_key.clone(),
                    Asked::Listed(_) | Asked::Number(_) => row.applied_on.to_string(),
                },
                insured_no: row.insured_no.to_string(),
                record_no: row.record_no,
            });
            let insurer_no = insurer_of(&caller)?;
            let people: Vec<_> = rows.iter().map(|row| (insurer_no, row.insured_no)).collect();
            listed(tx, &ctx, &caller, (Act::ListInsured, Purpose::Case), people)?;
            let steps = store::steps(tx, &grant)?;
            Ok(CaseList { rows, next, steps, ages: store::ages(tx, &grant, late(ctx.today))? })
        })
        .await
}

/// Open cases in which something is late: a survey, an opinion, or the expected day has passed.
pub fn late_ones(what: &str, today: Date) -> Option<(&'static str, Date)> {
    let late = late(today);
    match what {
        "survey" => Some(("survey", late.survey)),
        "opinion" => Some(("opinion", late.opinion)),
        "expected" => Some(("expected", late.today)),
        _ => None,
    }
}

/// From which days on cases count as late today.
fn late(today: Date) -> Late {
    let limits = thresholds(today);
    let ago = |days: i32| add_days(today, -days);
    Late { over: ago(30), soon: ago(30 - limits.soon), survey: ago(limits.survey), opinion: ago(limits.opinion), today }
}

/// The desk's cases at a glance: numbers only.
#[derive(Clone, Debug)]
pub struct Glance {
    /// Open cases that are late in some way.
    pub ages: Ages,
    /// Open cases by step.
    pub steps: Vec<(String, i64)>,
    /// Judgements of boards that wait to be confirmed.
    pub judged: i64,
}

/// Counts the desk's cases. Nobody is shown.
pub async fn glance(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Glance, Error> {
    let (today, caller) = (ctx.today, caller.clone());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let ages = store::ages(tx, &grant, late(today))?;
            Ok(Glance { ages, steps: store::steps(tx, &grant)?, judged: board::waiting(tx, &grant)? })
        })
        .await
}

/// Figures of the insurer from a month to a month. Only days are read, no one's name or number.
pub async fn statistics(app: &App, ctx: &Ctx, caller: &Caller, (from, until): (Date, Date)) -> Result<Figures, Error> {
    let (today, caller) = (ctx.today, caller.clone());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ListInsured)?;
            let days = store::days(tx, &grant, from.first_of_month())?;
            Ok(figures(&days, from, until, today))
        })
        .await
}

/// One version of a case: who made it, and what it changed.
#[derive(Clone, Debug)]
pub struct Version {
    /// Who; `None` for the municipality's own system.
    pub by: Option<String>,
    /// When, as stored; empty if the version came with a load.
    pub at: String,
    /// Load and 履歴番号.
    pub version: (i32, i32),
    /// What changed, a line each; empty for the first version.
    pub what: Vec<String>,
    /// Whether the desk wrote something that is no part of the application (一次判定, a document).
    pub beside: bool,
}

/// One case with all that belongs to it.
#[derive(Clone, Debug)]
pub struct CasePage {
    /// Which.
    pub id: CaseId,
    /// The person.
    pub head: Head,
    /// The application as it counts now.
    pub application: Application,
    /// Load and 履歴番号 of that version: a change is made on top of it.
    pub version: (i32, i32),
    /// How far it is.
    pub timeline: Timeline,
    /// What is odd about its days.
    pub findings: Vec<CaseFinding>,
    /// Every version, the newest first.
    pub history: Vec<Version>,
    /// 一次判定.
    pub computed: Option<Computed>,
    /// 調査票 of this application, with the 連番.
    pub survey: Option<(i32, Survey)>,
    /// 主治医意見書 of this application, with the 連番 and the institution.
    pub opinion: Option<(i32, DoctorOpinion)>,
    /// The times that it lay before a board, the newest first.
    pub board: Vec<BoardCase>,
    /// The certification before.
    pub before: Before,
    /// The certification that this application led to.
    pub certification: Option<Certification>,
    /// What was asked at the intake: 特定疾病 and whom the surveyor calls.
    pub asked: kaigo_store::intake::Asked,
}

impl CasePage {
    /// The 調査票 as a document.
    pub fn survey_id(&self) -> Option<DocumentId> {
        self.survey.as_ref().map(|(record_no, _)| DocumentId { item: Item::Survey, record_no: *record_no })
    }

    /// The 意見書 as a document.
    pub fn opinion_id(&self) -> Option<DocumentId> {
        self.opinion.as_ref().map(|(record_no, _)| DocumentId { item: Item::DoctorOpinion, record_no: *record_no })
    }
}

const ITEMS: &[Item] =
    &[Item::InsuredCertificate, Item::CertificationResult, Item::Progress, Item::Survey, Item::DoctorOpinion];

/// Looks at a case.
///
/// # Errors
/// [`Error::NotFound`] unless it is a case of the clerk's insurer.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, id: CaseId) -> Result<CasePage, Error> {
    let what = Look::view(id.target(), ITEMS, Purpose::Case);
    let today = ctx.today;
    look(app, ctx, caller, what, move |tx, seen| page(tx, seen, id, today)).await
}

fn page(tx: &mut Tx<'_>, seen: &Seen, id: CaseId, today: Date) -> Result<CasePage, Error> {
    let applications = of_person::<Application>(tx, &seen.grant, seen.published())?;
    let segment = applications.into_iter().find(|s| s.record_no == id.record_no).ok_or(Error::NotFound)?;
    let current = segment.current().ok_or(Error::NotFound)?;
    let (application, version) = (current.record.clone(), (current.load_no, current.common.history_no.0));
    let changes = store::changes(tx, &seen.grant, id.record_no)?;
    let certifications = of_person::<Certification>(tx, &seen.grant, seen.published())?;
    let certification = certifications
        .iter()
        .filter_map(Segment::current)
        .find(|row| is_of(&application, &row.record))
        .map(|row| row.record.clone());
    let number = application.application_no.as_str();
    Ok(CasePage {
        id,
        head: person::head(tx, seen, today)?,
        timeline: progress::timeline(&application, today),
        findings: check_days(&application, today),
        history: history(&segment, &changes),
        computed: store::computed(tx, &seen.grant, id.record_no)?,
        survey: newest::<Survey>(tx, seen, |survey| survey.application_no.as_str() == number)?,
        opinion: newest::<DoctorOpinion>(tx, seen, |opinion| opinion.application_no.as_str() == number)?,
        board: board::of_application(tx, &seen.grant, id.record_no)?,
        before: before(&certifications, &application),
        certification,
        asked: kaigo_store::intake::find(tx, &seen.grant, id.record_no)?,
        application,
        version,
    })
}

fn newest<R: Guarded>(tx: &mut Tx<'_>, seen: &Seen, belongs: impl Fn(&R) -> bool) -> Result<Option<(i32, R)>, Error> {
    if !R::ITEMS.iter().any(|item| seen.grant.covers(*item)) {
        return Ok(None);
    }
    let segments = of_person::<R>(tx, &seen.grant, seen.published())?;
    let found = segments.iter().rev().find_map(|segment| {
        let row = segment.current().filter(|row| belongs(&row.record))?;
        Some((segment.record_no, row.record.clone()))
    });
    Ok(found)
}

/// Whether a certification came of the application.
fn is_of(application: &Application, certification: &Certification) -> bool {
    certification.application_no.as_ref().is_some_and(|no| *no == application.application_no)
}

/// The certification before an application: the last one that began by its day and did not come of it.
pub(crate) fn before(certifications: &[Segment<Certification>], application: &Application) -> Before {
    let others = certifications
        .iter()
        .filter_map(Segment::current)
        .filter(|row| !is_of(application, &row.record) && row.record.valid_from <= application.applied_on);
    let last = others.max_by_key(|row| row.record.valid_from).map(|row| &row.record);
    Before {
        care_level: last.map(|certification| certification.care_level),
        valid_until: last.and_then(|certification| certification.valid_until),
    }
}

/// Who made which version, and what it changed.
fn history(segment: &Segment<Application>, changes: &[Change]) -> Vec<Version> {
    let version = |row: &Stored<Application>| (row.load_no, row.common.history_no.0);
    let older = segment.versions.iter().skip(1).map(Some).chain([None]);
    let mut all: Vec<Version> = segment
        .versions
        .iter()
        .zip(older)
        .map(|(row, older)| {
            let change = changes.iter().find(|change| change.version == version(row));
            Version {
                by: change.map(|change| change.changed_by.clone()),
                at: change.map(|change| change.changed_at.clone()).unwrap_or_default(),
                version: version(row),
                what: older.map(|older| differences(&older.record, &row.record)).unwrap_or_default(),
                beside: false,
            }
        })
        .collect();
    for change in changes {
        let own = all.iter_mut().find(|version| version.version == change.version && version.at == change.changed_at);
        match own {
            Some(version) => {
                for line in change.what.lines().filter(|line| !line.is_empty()) {
                    if !version.what.iter().any(|known| known == line) {
                        version.what.push(line.to_owned());
                    }
                }
            }
            None => all.push(Version {
                by: Some(change.changed_by.clone()),
                at: change.changed_at.clone(),
                version: change.version,
                what: change.what.lines().map(str::to_owned).collect(),
                beside: true,
            }),
        }
    }
    all.sort_by(|a, b| (b.version.0, &b.at, b.version.1).cmp(&(a.version.0, &a.at, a.version.1)));
    all
}

/// What differs between two records, a line for each column: `調査実施日：2026年11月5日 → （なし）`.
pub fn differences<R: Record>(before: &R, after: &R) -> Vec<String> {
    let say = |column: &Column<R>, record: &R| said(column, record);
    R::COLUMNS
        .iter()
        .map(|column| (column, say(column, before), say(column, after)))
        .filter(|(_, before, after)| before != after)
        .map(|(column, before, after)| format!("{}：{before} → {after}", column.ja))
        .collect()
}

/// The value of a column as people read it.
fn said<R>(column: &Column<R>, record: &R) -> String {
    let text = (column.get)(record).cell().to_string();
    if text.is_empty() {
        return "（なし）".to_owned();
    }
    match (column.shape)() {
        Shape::Date => iso(&text).map_or(text, seireki),
        Shape::Code { rows, .. } => {
            rows.iter().find(|(code, _)| *code == text).map_or(text.clone(), |(_, label)| (*label).to_owned())
        }
        Shape::Id { .. } | Shape::Text { .. } | Shape::Int { .. } | Shape::Flag => text,
    }
}

/// A change that is to be made.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Of which case.
    pub id: CaseId,
    /// Load and 履歴番号 that the editor saw.
    pub seen: (i32, i32),
    /// Key of the form: sent twice it changes once.
    pub submit_key: String,
    /// In which form, for the history.
    pub form: &'static str,
}

/// What a change finds at hand.
pub(crate) struct Bench<'a> {
    /// The right to it.
    pub(crate) grant: &'a ActGrant,
    /// The context.
    pub(crate) ctx: &'a Ctx,
    /// Who.
    pub(crate) by: &'a str,
    /// The desk; opened when something is written.
    desk: Option<desk::Desk>,
}

impl Bench<'_> {
    /// The desk of the person.
    pub(crate) fn desk(&mut self, tx: &mut Tx<'_>) -> Result<desk::Desk, Error> {
        if let Some(desk) = self.desk {
            return Ok(desk);
        }
        let desk = desk::open(tx, self.grant, &self.ctx.instant())?;
        self.desk = Some(desk);
        Ok(desk)
    }
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It is done, now or by the same form before.
    Done,
    /// Nothing differs from what was there.
    Same,
}

/// Changes a case. `change` is given the application as it counts and answers what it did beside it, in words.
///
/// # Errors
/// [`Error::NotFound`] unless it is a case of the clerk's insurer; [`Error::Conflict`] if somebody changed it since it was
/// seen, saying who; whatever `change` answers.
pub(crate) async fn edit<F>(app: &App, ctx: &Ctx, caller: &Caller, edit: Edit, change: F) -> Result<Edited, Error>
where
    F: FnOnce(&mut Tx<'_>, &mut Bench<'_>, &mut Application) -> Result<Vec<String>, Error> + Send + 'static,
{
    let deed = Deed::new(edit.id.target(), Act::ManageCase, Purpose::Case);
    let (ctx2, by, matrix) = (ctx.clone(), name_of(caller), app.matrix.clone());
    act(app, ctx, caller, deed, move |tx, given: &Given| {
        if store::change_of(tx, &given.act, &edit.submit_key)?.is_some() {
            return Ok(Edited::Done);
        }
        let segments = store::segments::<Application>(tx, &given.act)?;
        let segment = segments.iter().find(|segment| segment.record_no == edit.id.record_no);
        let current = segment.and_then(Segment::current).ok_or(Error::NotFound)?;
        if (current.load_no, current.common.history_no.0) != edit.seen {
            return Err(overtaken(tx, &given.act, edit.id.record_no));
        }
        let mut bench = Bench { grant: &given.act, ctx: &ctx2, by: &by, desk: None };
        let mut application = current.record.clone();
        let mut what = change(tx, &mut bench, &mut application)?;
        let differs = differences(&current.record, &application);
        if differs.is_empty() && what.is_empty() {
            return Ok(Edited::Same);
        }
        let mut version = edit.seen;
        if !differs.is_empty() {
            let desk = bench.desk(tx)?;
            desk::correct(tx, desk, edit.id.record_no, edit.seen, &application)?;
            store::refresh(tx, edit.id.insurer_no, edit.id.insured_no)?;
            let row = store::find(tx, &given.act, edit.id.insured_no, edit.id.record_no)?;
            version = row.ok_or_else(|| Error::Internal("a changed case is not listed".to_owned()))?.version;
        }
        if !differs.is_empty() {
            let decided = application.outcome != current.record.outcome;
            tell(tx, &matrix, &ctx2, &edit, (decided, &differs))?;
        }
        what.splice(..0, differs);
        note(tx, &given.act, &ctx2, &edit, (version, &what, &by))?;
        Ok(Edited::Done)
    })
    .await
}

/// Tells the offices in charge and the person that the case has moved; what it says stands on their pages only.
fn tell(
    tx: &mut Tx<'_>,
    matrix: &Matrix,
    ctx: &Ctx,
    edit: &Edit,
    (decided, differs): (bool, &[String]),
) -> Result<(), Error> {
    let names: Vec<&str> = differs.iter().filter_map(|line| line.split('：').next()).take(4).collect();
    let person = (edit.id.insurer_no, edit.id.insured_no);
    let topic = if decided { Topic::ResultDecided } else { Topic::MilestoneChanged };
    let (note, key) = (if decided { String::new() } else { names.join("・") }, format!("case {}", edit.submit_key));
    let telling = Telling { topic, tab: "certification", note: &note, key: &key };
    tell_in_charge(tx, matrix, ctx, person, &telling)?;
    tell_person(tx, ctx, person, &Telling { tab: "/my/certification", ..telling })
}

fn note(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    ctx: &Ctx,
    edit: &Edit,
    (version, what, by): ((i32, i32), &[String], &str),
) -> Result<(), Error> {
    let change = Change {
        insured_no: edit.id.insured_no,
        record_no: edit.id.record_no,
        submit_key: edit.submit_key.clone(),
        act: edit.form.to_owned(),
        version,
        what: what.join("\n"),
        changed_by: by.to_owned(),
        changed_at: ctx.instant(),
    };
    Ok(store::changed(tx, grant, &ctx.ids.timed(ctx.now), &change)?)
}

/// The sentence for the second of two editors.
fn overtaken(tx: &mut Tx<'_>, grant: &ActGrant, record_no: i32) -> Error {
    let by = store::changes_on(tx, grant, record_no).ok().and_then(|changes| changes.into_iter().next());
    Error::Conflict(match by {
        Some(change) => {
            format!("{}さんが先に変えました。いまの内容とくらべて、もう一度入れてください。", change.changed_by)
        }
        None => {
            "市町村のシステムからの取込で、先に変わりました。いまの内容とくらべて、もう一度入れてください。".to_owned()
        }
    })
}

/// The errors among findings as an error; warnings pass.
pub(crate) fn stop(findings: &[CaseFinding]) -> Result<(), Error> {
    let wrong: Vec<crate::Wrong> = findings
        .iter()
        .filter(|finding| finding.error)
        .map(|finding| crate::Wrong { field: finding.field, code: finding.code, say: finding.say.clone() })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}
