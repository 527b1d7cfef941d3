//! The certification board (介護認定審査会): sessions, the cases before them, judgements, and the insurer's side of it.
//!
//! A board may serve several insurers. It sees numbers, not names; each paper that it opens is in the person's log. What it
//! says becomes a decision only when the insurer confirms it.

pub mod insurer;

use std::collections::BTreeMap;

use kaigo_core::care_level::CareLevel;
use kaigo_core::code::{ApplicationKind, SpecifiedDisease};
use kaigo_core::date::{Date, add_days, seireki};
use kaigo_core::id::InsurerNo;
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, BoardStaff, Caller, Item, Purpose, Refusal, decide_act};
use kaigo_core::record::application::Application;
use kaigo_core::record::certification::Certification;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::rule::case::{Before, Decision, Verdict};
use kaigo_core::rule::validity::{Months, months};
use kaigo_core::text::Text;
use kaigo_store::board::{self as store, BoardCase, Judgement, Session};
use kaigo_store::case::Change;
use kaigo_store::db::Tx;
use kaigo_store::notice::Notice;
use kaigo_store::record::{Segment, of_person};

use crate::case::{before, listed, name_of};
use crate::documents::DocumentId;
use crate::run::{Deed, Look, Target, act, look};
use crate::{App, Ctx, Error, Wrong};

/// Days back from which sessions are shown.
const SHOWN_DAYS: i32 = 60;

/// The secretariat of a board.
///
/// # Errors
/// [`Refusal::NotAllowed`] for anybody else.
pub fn staff(caller: &Caller) -> Result<&BoardStaff, Error> {
    match caller {
        Caller::Board(staff) => Ok(staff),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Refusal::NotAllowed.into()),
    }
}

/// The board's sessions, from two months ago on.
pub async fn sessions(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<Session>, Error> {
    let (from, caller) = (add_days(ctx.today, -SHOWN_DAYS), caller.clone());
    app.db
        .read(move |tx| {
            let grant = decide_act(&caller, Act::ListSessions)?;
            Ok(store::sessions(tx, &grant, from)?)
        })
        .await
}

/// A session as it is typed.
#[derive(Clone, Debug)]
pub struct SessionForm {
    /// Day.
    pub held_on: Date,
    /// Time of day, `14:00`.
    pub starts_at: String,
    /// Panel (合議体).
    pub panel: String,
    /// Place; may be empty.
    pub place: String,
    /// How many cases it takes.
    pub capacity: i32,
    /// How many members come; none: not known yet.
    pub members: Option<i32>,
    /// Key of the form.
    pub submit_key: String,
}

impl SessionForm {
    fn check(&self, today: Date) -> Result<(), Error> {
        let mut wrong = Vec::new();
        let mut add = |field, code, say: &str| wrong.push(Wrong { field, code, say: say.to_owned() });
        if self.held_on < today {
            add("held_on", "date-past", "開催日が過ぎています。きょうより後の日を入れてください。");
        }
        if !is_time(&self.starts_at) {
            add("starts_at", "cell-shape", "開始時刻は「14:00」のように入れてください。");
        }
        if self.panel.trim().is_empty() || self.panel.chars().count() > 40 {
            add("panel", "cell-missing", "合議体の名前を40文字までで入れてください（例：第1合議体）。");
        }
        if self.place.chars().count() > 60 {
            add("place", "cell-too-long", "場所は60文字までで入れてください。");
        }
        if !(1..=200).contains(&self.capacity) {
            add("capacity", "cell-range", "件数の上限は1から200までの数で入れてください。");
        }
        if self.members.is_some_and(|n| !(1..=20).contains(&n)) {
            add("members", "cell-range", "出席する委員の人数は1から20までの数で入れてください。");
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Whether the text is a time of day, `9:00` or `14:30`.
fn is_time(text: &str) -> bool {
    let Some((hour, minute)) = text.split_once(':') else { return false };
    let number = |t: &str, most: u8| t.bytes().all(|b| b.is_ascii_digit()) && t.parse::<u8>().is_ok_and(|n| n <= most);
    minute.len() == 2 && number(hour, 23) && number(minute, 59)
}

/// Plans a session. The same form sent again answers the first one.
///
/// # Errors
/// [`Error::Invalid`] for what does not fit.
pub async fn plan(app: &App, ctx: &Ctx, caller: &Caller, form: SessionForm) -> Result<String, Error> {
    form.check(ctx.today)?;
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::JudgeCase)?;
            let session = Session {
                board_id: staff(&caller)?.board_id.clone(),
                session_id: ctx.ids.id(),
                held_on: form.held_on,
                starts_at: form.starts_at,
                panel: form.panel.trim().to_owned(),
                place: form.place.trim().to_owned(),
                capacity: form.capacity,
                members: form.members,
                changed: None,
                is_open: true,
                closed: None,
                cases: 0,
                judged: 0,
            };
            let who = (name_of(&caller), ctx.instant());
            Ok(store::add_session(tx, &grant, &session, &form.submit_key, (&who.0, &who.1))?)
        })
        .await
}

/// Changes a session that is open, on top of the version that was `seen`. Its insurers are told of another day, time or place, and
/// the planned day of its cases follows. The same form again changes nothing more.
///
/// # Errors
/// [`Error::NotFound`] unless it is the board's; [`Error::Invalid`]; [`Error::Conflict`] if it is over, takes fewer cases than
/// it has, or somebody else changed it.
pub async fn change(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (session_id, seen): (&str, &str),
    form: SessionForm,
) -> Result<(), Error> {
    form.check(ctx.today)?;
    let (held_on, submit_key) = (form.held_on, form.submit_key.clone());
    let (ctx2, caller2, id, seen) = (ctx.clone(), caller.clone(), session_id.to_owned(), seen.to_owned());
    let cases = app
        .db
        .write(move |tx| {
            let grant = decide_act(&caller2, Act::JudgeCase)?;
            let before = store::session(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let now = Session {
                held_on: form.held_on,
                starts_at: form.starts_at,
                panel: form.panel.trim().to_owned(),
                place: form.place.trim().to_owned(),
                capacity: form.capacity,
                members: form.members,
                ..before.clone()
            };
            if !before.is_open {
                return Err(over());
            }
            if now.capacity < now.cases {
                let say =
                    format!("もう{}件が割り当てられています。件数の上限は、それより小さくできません。", now.cases);
                return Err(Error::Invalid(vec![Wrong { field: "capacity", code: "cell-range", say }]));
            }
            if now != before {
                let at = ctx2.instant();
                if !store::change(tx, &grant, &now, &seen, (&name_of(&caller2), &at))? {
                    let by = before.changed.map(|(by, _)| by).unwrap_or_default();
                    let say = format!("{by}さんが先に変えました。いまの内容とくらべて、もう一度入れてください。");
                    return Err(Error::Conflict(say));
                }
                tell_changed(tx, &ctx2, &grant, (&before, &now))?;
            }
            Ok(store::cases(tx, &grant, &id)?)
        })
        .await?;
    for case in cases {
        follow(app, ctx, caller, &case, (held_on, &submit_key)).await?;
    }
    Ok(())
}

/// The planned day of a case becomes the day of its session.
async fn follow(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    case: &BoardCase,
    (held_on, submit_key): (Date, &str),
) -> Result<(), Error> {
    let deed = Deed::new(Target::BoardCase(case.case_id.clone()), Act::JudgeCase, Purpose::Judgement)
        .reading(&[Item::Progress]);
    let (ctx2, by, record_no) = (ctx.clone(), name_of(caller), case.record_no);
    let key = crate::keys::digest_of(&format!("session {submit_key} {}", case.case_id));
    act(app, ctx, caller, deed, move |tx, given| {
        let applications = of_person::<Application>(tx, given.reads()?, given.published())?;
        let segment = applications.iter().find(|segment| segment.record_no == record_no);
        let Some(row) = segment.and_then(Segment::current) else { return Ok(()) };
        if row.record.board_planned_on == Some(held_on) || row.record.decided_on.is_some() {
            return Ok(());
        }
        let application = Application { board_planned_on: Some(held_on), ..row.record.clone() };
        let desk = kaigo_store::desk::open(tx, &given.act, &ctx2.instant())?;
        let seen = (row.load_no, row.common.history_no.0);
        kaigo_store::desk::correct(tx, desk, record_no, seen, &application)?;
        let newest = of_person::<Application>(tx, given.reads()?, desk.published())?;
        let newest = newest.iter().find(|segment| segment.record_no == record_no).and_then(Segment::current);
        let change = Change {
            insured_no: given.insured_no,
            record_no,
            submit_key: key.get(..32).unwrap_or_default().to_owned(),
            act: "board".to_owned(),
            version: newest.map_or(seen, |row| (row.load_no, row.common.history_no.0)),
            what: crate::case::differences(&row.record, &application).join("\n"),
            changed_by: by,
            changed_at: ctx2.instant(),
        };
        Ok(kaigo_store::case::changed(tx, &given.act, &ctx2.ids.timed(ctx2.now), &change)?)
    })
    .await
}

/// A session with its cases.
#[derive(Clone, Debug)]
pub struct SessionPage {
    /// The session.
    pub session: Session,
    /// Its cases in their order.
    pub cases: Vec<BoardCase>,
}

/// The board's session. Everybody whose case it has finds the list in their log, once a day and account.
///
/// # Errors
/// [`Error::NotFound`] unless it is the board's.
pub async fn session(app: &App, ctx: &Ctx, caller: &Caller, session_id: &str) -> Result<SessionPage, Error> {
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), session_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::ListSessions)?;
            let session = store::session(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let cases = store::cases(tx, &grant, &id)?;
            let people: Vec<_> = cases.iter().map(|case| (case.insurer_no, case.insured_no)).collect();
            listed(tx, &ctx, &caller, (Act::ListSessions, Purpose::Judgement), people)?;
            Ok(SessionPage { session, cases })
        })
        .await
}

/// Moves a case one place up in the order of its session, from the place at which it was seen: pressed twice, it moves once.
///
/// # Errors
/// [`Error::NotFound`] unless the case is the board's; [`Error::Conflict`] if the session is over.
pub async fn move_up(app: &App, caller: &Caller, (session_id, case_id): (&str, &str), seen: i32) -> Result<(), Error> {
    let (caller, session_id, case_id) = (caller.clone(), session_id.to_owned(), case_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::JudgeCase)?;
            let session = store::session(tx, &grant, &session_id)?.ok_or(Error::NotFound)?;
            if !session.is_open {
                return Err(over());
            }
            let cases = store::cases(tx, &grant, &session_id)?;
            let place = cases.iter().position(|case| case.case_id == case_id).ok_or(Error::NotFound)?;
            let stands = cases.get(place).is_some_and(|case| case.place == seen);
            let mut order: Vec<String> = cases.into_iter().map(|case| case.case_id).collect();
            if place > 0 && stands {
                order.swap(place, place - 1);
            }
            Ok(store::order(tx, &grant, &order)?)
        })
        .await
}

fn over() -> Error {
    Error::Conflict("この回はもう終わっています。".to_owned())
}

/// A case as a board sees it: no name, no number.
#[derive(Clone, Debug)]
pub struct CaseBefore {
    /// The case.
    pub case: BoardCase,
    /// Its session.
    pub session: Session,
    /// Age in full years on the day of the session.
    pub age: i16,
    /// Sex.
    pub sex: kaigo_core::code::Sex,
    /// The application.
    pub application: Application,
    /// The certification before.
    pub before: Before,
    /// 調査票, if it is there.
    pub survey: Option<DocumentId>,
    /// 意見書, if it is there.
    pub opinion: Option<DocumentId>,
    /// Months of validity by the rule if the level stays, and if it changes.
    pub months: (Option<Months>, Option<Months>),
    /// 特定疾病, of a person under 65.
    pub disease: Option<SpecifiedDisease>,
}

/// Looks at a case before the board.
///
/// # Errors
/// [`Error::NotFound`] unless it lies before the caller's board.
pub async fn case(app: &App, ctx: &Ctx, caller: &Caller, case_id: &str) -> Result<CaseBefore, Error> {
    const ITEMS: &[Item] = &[Item::Progress, Item::CertificationResult, Item::Survey, Item::DoctorOpinion];
    let what = Look::view(Target::BoardCase(case_id.to_owned()), ITEMS, Purpose::Judgement);
    let (caller2, id) = (caller.clone(), case_id.to_owned());
    look(app, ctx, caller, what, move |tx, seen| {
        let grant = decide_act(&caller2, Act::ListSessions)?;
        let case = store::case(tx, &grant, &id)?.ok_or(Error::NotFound)?;
        let session = store::session(tx, &grant, &case.session_id)?.ok_or(Error::NotFound)?;
        let published = seen.published();
        let people = of_person::<InsuredPerson>(tx, &seen.grant, published)?;
        let person = people.iter().find_map(Segment::current).ok_or(Error::NotFound)?;
        let applications = of_person::<Application>(tx, &seen.grant, published)?;
        let application = applications.iter().find(|segment| segment.record_no == case.record_no);
        let application = application.and_then(Segment::current).ok_or(Error::NotFound)?.record.clone();
        let certifications = of_person::<Certification>(tx, &seen.grant, published)?;
        let before = before(&certifications, &application);
        let number = application.application_no.as_str();
        let surveys = of_person::<Survey>(tx, &seen.grant, published)?;
        let survey =
            surveys.iter().rev().filter_map(Segment::current).find(|row| row.record.application_no.as_str() == number);
        let opinions = of_person::<DoctorOpinion>(tx, &seen.grant, published)?;
        let opinion =
            opinions.iter().rev().filter_map(Segment::current).find(|row| row.record.application_no.as_str() == number);
        let document = |item, record_no| DocumentId { item, record_no };
        let range = |same: bool| {
            let level = if same { before.care_level } else { None };
            months(Decision::validity(application.kind, level, before), application.applied_on)
        };
        Ok(CaseBefore {
            age: kaigo_core::date::age_on(person.record.born_on, session.held_on),
            sex: person.record.sex,
            survey: survey.map(|row| document(Item::Survey, row.common.record_no.0)),
            opinion: opinion.map(|row| document(Item::DoctorOpinion, row.common.record_no.0)),
            months: (range(true), range(false)),
            disease: kaigo_store::intake::find(tx, &seen.grant, case.record_no)?.disease,
            case,
            session,
            before,
            application,
        })
    })
    .await
}

/// A judgement as it is typed (二次判定).
#[derive(Clone, Debug)]
pub struct Verdicts {
    /// What the board says.
    pub verdict: Verdict,
    /// Level, with 認定.
    pub care_level: Option<CareLevel>,
    /// Months of validity, with 認定.
    pub months: Option<i32>,
    /// Opinion.
    pub opinion: Option<Text<400>>,
    /// Kinds of service it restricts to.
    pub designated_services: Option<Text<200>>,
    /// Why again, with 再調査 and 再審査.
    pub reason: Option<Text<200>>,
    /// Judgement that was seen: counts up with each.
    pub revision: i32,
}

impl Verdicts {
    fn check(&self, application: &Application, before: Before) -> Result<(), Error> {
        let mut wrong = Vec::new();
        let mut add = |field, code, say: String| wrong.push(Wrong { field, code, say });
        if self.verdict == Verdict::Certified {
            if self.care_level.is_none_or(|level| level < CareLevel::Support1) {
                add(
                    "level",
                    "level-missing",
                    "要介護状態区分を、要支援1から要介護5までの中から選んでください。".to_owned(),
                );
            }
            let case = Decision::validity(application.kind, self.care_level, before);
            match (self.months, months(case, application.applied_on)) {
                (None, _) => add("months", "months-missing", "有効月数を入れてください。".to_owned()),
                (Some(n), Some(range)) if !(range.min..=range.max).contains(&n) => {
                    let say = format!(
                        "有効月数は、この申請では{}か月から{}か月までです（施行規則38条・52条）。",
                        range.min, range.max
                    );
                    add("months", "months-range", say);
                }
                (Some(_), _) => {}
            }
        }
        if !self.verdict.decides() && self.reason.as_ref().is_none_or(Text::is_empty) {
            add("reason", "reason-missing", format!("{}にする理由を書いてください。", self.verdict.label()));
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}

/// Writes down what the board said. Said again in the same words on the same judgement, nothing more happens.
///
/// # Errors
/// [`Error::NotFound`] unless the case lies before the caller's board; [`Error::Invalid`]; [`Error::Conflict`] if the session
/// is over or somebody else wrote meanwhile.
pub async fn judge(app: &App, ctx: &Ctx, caller: &Caller, case_id: &str, said: Verdicts) -> Result<String, Error> {
    const ITEMS: &[Item] = &[Item::Progress, Item::CertificationResult];
    let deed = Deed::new(Target::BoardCase(case_id.to_owned()), Act::JudgeCase, Purpose::Judgement).reading(ITEMS);
    let (ctx2, caller2, id) = (ctx.clone(), caller.clone(), case_id.to_owned());
    act(app, ctx, caller, deed, move |tx, given| {
        let case = store::case(tx, &given.act, &id)?.ok_or(Error::NotFound)?;
        let session = store::session(tx, &given.act, &case.session_id)?.ok_or(Error::NotFound)?;
        let (read, published) = (given.reads()?, given.published());
        let applications = of_person::<Application>(tx, read, published)?;
        let application = applications.iter().find(|segment| segment.record_no == case.record_no);
        let application = application.and_then(Segment::current).ok_or(Error::NotFound)?.record.clone();
        let certifications = of_person::<Certification>(tx, read, published)?;
        said.check(&application, before(&certifications, &application))?;
        let certified = said.verdict == Verdict::Certified;
        let text = |text: Option<String>| text.filter(|t| !t.is_empty());
        let judgement = Judgement {
            verdict: said.verdict.code().to_owned(),
            care_level: said.care_level.filter(|_| certified).map(|level| level.code().to_owned()),
            valid_months: said.months.filter(|_| certified),
            opinion: text(said.opinion.map(|t| t.to_string())),
            designated_services: text(said.designated_services.map(|t| t.to_string())),
            reason: text(said.reason.filter(|_| !said.verdict.decides()).map(|t| t.to_string())),
            judged_by: name_of(&caller2),
            judged_at: ctx2.instant(),
        };
        let same = |known: &Judgement| {
            Judgement { judged_by: known.judged_by.clone(), judged_at: known.judged_at.clone(), ..judgement.clone() }
                == *known
        };
        if case.judgement.as_ref().is_some_and(same) {
            return Ok(case.session_id);
        }
        if !session.is_open {
            return Err(over());
        }
        if !store::judge(tx, &given.act, &id, said.revision, &judgement)? {
            let by = case.judgement.map(|known| known.judged_by).unwrap_or_default();
            return Err(Error::Conflict(format!(
                "{by}さんが先に判定を記録しました。いまの判定を確かめて、必要なら入れなおしてください。"
            )));
        }
        Ok(case.session_id)
    })
    .await
}

/// Closes a session: its insurers see the judgements. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::NotFound`] unless it is the board's; [`Error::Conflict`] while cases are without a judgement.
pub async fn close(app: &App, ctx: &Ctx, caller: &Caller, session_id: &str) -> Result<(), Error> {
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), session_id.to_owned());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::JudgeCase)?;
            let session = store::session(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if !session.is_open {
                return Ok(());
            }
            if session.judged < session.cases {
                let left = session.cases - session.judged;
                let say =
                    format!("判定を記録していない案件が{left}件あります。記録してから、会を終わりにしてください。");
                return Err(Error::Conflict(say));
            }
            let who = (name_of(&caller), ctx.instant());
            if store::close(tx, &grant, &id, (&who.0, &who.1))? {
                tell(tx, &ctx, (&grant, &session))?;
            }
            Ok(())
        })
        .await
}

/// Tells each insurer with a case before the session that the judgements are there.
fn tell(tx: &mut Tx<'_>, ctx: &Ctx, (grant, session): (&ActGrant, &Session)) -> Result<(), Error> {
    let name = format!("{}（{}）", seireki(session.held_on), session.panel);
    let notices: Vec<Notice> = counts(tx, grant, session)?
        .into_iter()
        .map(|(insurer_no, count)| {
            let note = format!("{name}の判定が届きました：{count}件");
            of_session(ctx, session, insurer_no, note, format!("session {}", session.session_id))
        })
        .collect();
    kaigo_store::notice::tell_all(tx, &notices).map_err(Error::from)
}

/// How many cases each insurer has before the session.
fn counts(tx: &mut Tx<'_>, grant: &ActGrant, session: &Session) -> Result<BTreeMap<InsurerNo, usize>, Error> {
    let mut counts = BTreeMap::new();
    for case in store::cases(tx, grant, &session.session_id)? {
        *counts.entry(case.insurer_no).or_default() += 1;
    }
    Ok(counts)
}

fn of_session(ctx: &Ctx, session: &Session, insurer_no: InsurerNo, note: String, key: String) -> Notice {
    Notice {
        to: Recipient::Insurer(insurer_no),
        topic: Topic::Board,
        about: None,
        href: format!("/insurer/board/{}", session.session_id),
        note,
        key,
        at: ctx.instant(),
    }
}

/// Tells each insurer with a case before the session that it is held on another day, at another time or place.
fn tell_changed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    grant: &ActGrant,
    (before, now): (&Session, &Session),
) -> Result<(), Error> {
    let when = |session: &Session| (session.held_on, session.starts_at.clone(), session.place.clone());
    if when(before) == when(now) {
        return Ok(());
    }
    let note = format!(
        "{}（{}）の会が、{} {}に変わりました　{}",
        seireki(before.held_on),
        before.panel,
        seireki(now.held_on),
        now.starts_at,
        now.place
    );
    let key = |insurer_no: InsurerNo| format!("session {} {} {insurer_no}", now.session_id, ctx.instant());
    let notices: Vec<Notice> = counts(tx, grant, now)?
        .into_keys()
        .map(|insurer_no| of_session(ctx, now, insurer_no, note.clone(), key(insurer_no)))
        .collect();
    kaigo_store::notice::tell_all(tx, &notices).map_err(Error::from)
}

/// The word for 申請区分 of a case; empty if it is not known.
pub fn kind_word(case: &BoardCase) -> &'static str {
    ApplicationKind::parse(&case.kind).map_or("", ApplicationKind::label)
}
