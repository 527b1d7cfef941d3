//! What happens in the month, on which day, and how each of it is done at a browser.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use kaigo_core::date::add_days;
use kaigo_core::id::{InstitutionNo, InsuredNo};
use kaigo_core::record::application::Application;
use kaigo_demo::records::Row;

use super::DAYS;
use super::actor::Actor;
use super::form::Form;
use super::world::World;

/// Days between taking in and writing the opinion, and between that and what comes then.
const UNTIL_OPINION: usize = 3;
const UNTIL_READY: usize = 5;
/// Days on which applications are taken in.
const INTAKE_DAYS: usize = 14;
/// The board meets from this day on.
const FIRST_SESSION: usize = UNTIL_READY + 1;

/// Who does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Clerk,
    Doctor,
    Manager,
    Board,
}

/// Something that somebody does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Job {
    /// An application is taken in, and the opinion asked for.
    Intake(usize),
    /// The opinion is written and submitted.
    Opinion(usize),
    /// The opinion is accepted, the survey noted, the case computed.
    Ready(usize),
    /// Cases are put before a session.
    Assign(usize),
    /// The session judges and ends.
    Judge(usize),
    /// Its judgements become decisions.
    Confirm(usize),
    /// A care manager looks at somebody.
    Look(usize),
    /// A care manager files a notice.
    Notice(usize),
}

impl Job {
    pub(super) fn who(self) -> Who {
        match self {
            Self::Intake(_) | Self::Ready(_) | Self::Assign(_) | Self::Confirm(_) => Who::Clerk,
            Self::Opinion(_) => Who::Doctor,
            Self::Judge(_) => Who::Board,
            Self::Look(_) | Self::Notice(_) => Who::Manager,
        }
    }
}

/// How much of everything.
pub(super) struct Amount {
    pub(super) applications: usize,
    pub(super) sessions: usize,
    pub(super) looks: usize,
    pub(super) notices: usize,
}

/// The month: jobs of each day in their order, and the people who apply.
pub(super) struct Month {
    pub(super) days: Vec<Vec<Job>>,
    pub(super) cases: Cases,
}

/// An application under way.
#[derive(Clone, Debug)]
pub(super) struct Case {
    insured_no: InsuredNo,
    /// 申請区分.
    kind: &'static str,
    /// `/insurer/cases/{p}/{n}`, once it is taken in.
    place: String,
    /// Request for the opinion.
    request: String,
}

/// Plans the month.
pub(super) fn month(world: &World, amount: &Amount) -> Month {
    let cases = applicants(world, amount.applications);
    let mut days: Vec<Vec<Job>> = vec![Vec::new(); DAYS];
    let mut put = |day: usize, job: Job| {
        if let Some(jobs) = days.get_mut(day.min(DAYS - 1)) {
            jobs.push(job);
        }
    };
    for n in 0..cases.len() {
        let day = n * INTAKE_DAYS / cases.len().max(1);
        put(day, Job::Intake(n));
        put(day + UNTIL_OPINION, Job::Opinion(n));
        put(day + UNTIL_READY, Job::Ready(n));
    }
    // A session: put together on one day, held on the next one, confirmed on the day after.
    for n in 0..amount.sessions {
        let day = FIRST_SESSION + n * (DAYS - 2 - FIRST_SESSION) / amount.sessions.max(1);
        put(day, Job::Assign(n));
        put(day + 1, Job::Judge(n));
        put(day + 2, Job::Confirm(n));
    }
    // Looks come in the mornings of all days, more of them around the 10th; notices at the ends of both half months.
    for n in 0..amount.looks {
        let spread = n * (DAYS + 6) / amount.looks.max(1);
        put(if spread < DAYS { spread } else { 6 + spread % 3 }, Job::Look(n));
    }
    for n in 0..amount.notices {
        put(if n % 3 == 0 { 9 } else { DAYS - 2 - n % 2 }, Job::Notice(n));
    }
    for jobs in &mut days {
        mix(jobs);
    }
    Month { days, cases: cases.into_iter().map(Mutex::new).collect() }
}

/// Shuffles the jobs of a day, always alike.
fn mix(jobs: &mut [Job]) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for n in (1..jobs.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap_or(0) % (n + 1);
        jobs.swap(n, other);
    }
}

/// Days after a decision after which every feed knows it.
const SETTLED_DAYS: i32 = 21;

/// The first people of the ward for whom no application is under way.
fn applicants(world: &World, most: usize) -> Vec<Case> {
    let loaded = &world.loaded;
    let start = loaded.nation.range_of(loaded.insurer_no).start;
    let people = (start..start + loaded.persons).map(|i| loaded.nation.person(i));
    // The feed was made some days ago: what was decided since is still under way in it.
    let settled = add_days(loaded.nation.today(), -SETTLED_DAYS);
    people
        .filter(|records| {
            let ended = |row: &Row<Application>| {
                row.record.outcome.is_some() && row.record.decided_on.is_some_and(|on| on <= settled)
            };
            records.application.iter().all(ended)
                && records.qualification.iter().all(|row| row.record.lost_on.is_none())
        })
        .take(most)
        .map(|records| Case {
            insured_no: records.insured_no,
            // 区分変更 for who is certified, 新規 for the others.
            kind: if records.certification.is_empty() { "1" } else { "3" },
            place: String::new(),
            request: String::new(),
        })
        .collect()
}

/// Cases that are under way.
type Cases = Vec<Mutex<Case>>;

/// What the jobs work on.
pub(super) struct Round {
    cases: Cases,
    /// Sessions that were planned: their identifiers.
    sessions: Vec<Mutex<String>>,
    charges: Vec<(String, InsuredNo)>,
    institution: InstitutionNo,
    /// Cases of one session.
    capacity: usize,
}

/// Boxes that a physician ticks and what is typed, by the names of the form.
const OPINION: &[(&str, &str)] = &[
    ("0-1", "2026-11-18"),
    ("0-2", "2"),
    ("0-3", "2"),
    ("1-1-1", "アルツハイマー型認知症"),
    ("1-1-1d", "平成30年4月頃"),
    ("1-2", "1"),
    ("1-3", "外来で内服を続けている。"),
    ("3-1-1", "4"),
    ("3-1-2", "3"),
    ("3-2-1", "2"),
    ("3-2-2", "2"),
    ("3-2-3", "1"),
    ("3-3-1", "2"),
    ("3-4-1", "2"),
    ("4-1-1", "2"),
    ("4-1-2", "1"),
    ("4-1-3.1", "yes"),
    ("4-2-1", "1"),
    ("4-2-2", "1"),
    ("4-4", "1"),
    ("4-7", "2"),
];

impl Round {
    pub(super) fn new(world: &World, cases: Cases, sessions: usize) -> Self {
        let capacity = (cases.len() / sessions.max(1) + 2).min(180);
        Self {
            cases,
            sessions: (0..sessions).map(|_| Mutex::default()).collect(),
            charges: world.charges.clone(),
            institution: world.institution,
            capacity,
        }
    }

    /// Does a job.
    pub(super) async fn play(&self, job: &Job, actor: &mut Actor) -> Result<()> {
        match *job {
            Job::Intake(n) => self.intake(n, actor).await,
            Job::Opinion(n) => self.opinion(n, actor).await,
            Job::Ready(n) => self.ready(n, actor).await,
            Job::Assign(n) => self.assign(n, actor).await,
            Job::Judge(n) => self.judge(n, actor).await,
            Job::Confirm(n) => self.confirm(n, actor).await,
            Job::Look(n) => self.look(n, actor).await,
            Job::Notice(n) => self.notice(n, actor).await,
        }
    }

    fn case(&self, n: usize) -> Result<Case> {
        let case = self.cases.get(n).context("a case")?;
        Ok(case.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn keep(&self, n: usize, change: impl FnOnce(&mut Case)) {
        if let Some(case) = self.cases.get(n) {
            change(&mut case.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn session(&self, n: usize) -> Result<String> {
        let session = self.sessions.get(n).context("a session")?;
        let id = session.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if id.is_empty() {
            bail!("the session was not planned")
        }
        Ok(id)
    }

    async fn intake(&self, n: usize, actor: &mut Actor) -> Result<()> {
        let case = self.case(n)?;
        let about = Some(case.insured_no);
        let path = format!("/insurer/cases/new?number={}", case.insured_no);
        let form = actor.form("intake form", (&path, "/insurer/cases/new"), about).await?;
        let form = form.with("kind", case.kind).with("application_no", &format!("L-{n}"));
        let form = form.with("institution", "測定内科").with("looked", "yes");
        let came = actor.send("intake", &form, about).await?;
        let place = came.location.split('?').next().unwrap_or_default().to_owned();
        self.keep(n, |case| place.clone_into(&mut case.place));
        let form = actor.form("opinion request form", (&format!("{place}/opinion"), "/opinion"), about).await?;
        let form =
            form.with("institution", self.institution.as_str()).with("count_kind", "again").with("place_kind", "home");
        let came = actor.send("opinion request", &form, about).await?;
        let id =
            came.location.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
        let id = if id.len() == 32 { id } else { self.request_on(actor, &place, about).await? };
        self.keep(n, |case| case.request = id);
        Ok(())
    }

    /// The request that the page of a case leads to.
    async fn request_on(&self, actor: &mut Actor, place: &str, about: Option<InsuredNo>) -> Result<String> {
        let came = actor.look("case", place, about).await?;
        let link = came.html.split("/insurer/opinions/").skip(1).filter_map(|rest| rest.get(..32)).last();
        Ok(link.context("the case leads to its request")?.to_owned())
    }

    async fn opinion(&self, n: usize, actor: &mut Actor) -> Result<()> {
        let case = self.case(n)?;
        if case.request.is_empty() {
            return Ok(());
        }
        let about = Some(case.insured_no);
        let base = format!("/medical/requests/{}", case.request);
        actor.look("requests", "/medical", None).await?;
        actor.look("request", &base, about).await?;
        let mut form = actor.form("opinion form", (&format!("{base}/form"), "/form"), about).await?;
        for (field, text) in OPINION {
            form = form.with(&format!("f-{field}"), text);
        }
        actor.send("opinion save", &form.with("act", "check"), about).await?;
        let form = actor.form("opinion check", (&format!("{base}/check"), "/submit"), about).await?;
        let came = actor.send("opinion submit", &form, about).await?;
        actor.look("opinion receipt", &came.location, about).await.map(drop)
    }

    async fn ready(&self, n: usize, actor: &mut Actor) -> Result<()> {
        let case = self.case(n)?;
        if case.request.is_empty() {
            return Ok(());
        }
        let about = Some(case.insured_no);
        let path = format!("/insurer/opinions/{}", case.request);
        let form = actor.form("opinion to accept", (&path, "/accept"), about).await?;
        actor.send("opinion accept", &form, about).await?;
        let form = actor.form("days form", (&format!("{}/days", case.place), "/days"), about).await?;
        let form = ["survey-requested", "surveyed", "survey-received", "computed"]
            .into_iter()
            .fold(form, |form, day| form.with(day, "2026-11-22"));
        let form = form.with("computed_level", "22").with("computed_minutes", "52.3");
        actor.send("days", &form, about).await.map(drop)
    }

    async fn assign(&self, n: usize, actor: &mut Actor) -> Result<()> {
        let id = self.session(n)?;
        let page = format!("/insurer/board/{id}");
        let came = actor.look("session of the clerk", &page, None).await?;
        let Some(form) = Form::of(&came.html, "/assign") else { return Ok(()) };
        // The last session takes all that is left.
        let most = if n + 1 == self.sessions.len() { 190 } else { self.capacity };
        let boxes = form.boxes("pick-");
        if boxes.is_empty() {
            return Ok(());
        }
        let form = boxes.into_iter().take(most).fold(form, |form, (name, value)| form.with(&name, &value));
        actor.send("session assign", &form, None).await.map(drop)
    }

    async fn judge(&self, n: usize, actor: &mut Actor) -> Result<()> {
        let page = format!("/board/sessions/{}", self.session(n)?);
        let came = actor.look("session", &page, None).await?;
        let mut cases: Vec<&str> =
            came.html.split("\"/board/cases/").skip(1).filter_map(|rest| rest.get(..32)).collect();
        cases.sort_unstable();
        cases.dedup();
        for case in cases {
            let path = format!("/board/cases/{case}");
            let form = actor.form("board case", (&path, &path), None).await?;
            let form = form.with("verdict", "certified").with("level", "22").with("months", "12");
            actor.send("board judge", &form, None).await?;
        }
        let form = actor.form("session", (&page, "/close"), None).await?;
        actor.send("session close", &form, None).await.map(drop)
    }

    async fn confirm(&self, n: usize, actor: &mut Actor) -> Result<()> {
        let page = format!("/insurer/board/{}", self.session(n)?);
        let came = actor.look("session of the clerk", &page, None).await?;
        let Some(form) = Form::of(&came.html, "/confirm") else { return Ok(()) };
        let form = form.boxes("case-").into_iter().fold(form, |form, (name, value)| form.with(&name, &value));
        let came = actor.send("session confirm", &form, None).await?;
        actor.look("what was done", &came.location, None).await.map(drop)
    }

    async fn look(&self, n: usize, actor: &mut Actor) -> Result<()> {
        let Some((charge, person)) = self.charges.get(n % self.charges.len().max(1)) else { return Ok(()) };
        let tab = ["certification", "certificates", "certification", "balances"]
            .get(n % 4)
            .copied()
            .unwrap_or("certification");
        actor.look("care manager", &format!("/people/{charge}/{tab}"), Some(*person)).await.map(drop)
    }

    async fn notice(&self, n: usize, actor: &mut Actor) -> Result<()> {
        let Some((charge, person)) = self.charges.get(n) else { return Ok(()) };
        let (about, base) = (Some(*person), format!("/people/{charge}/filing"));
        let came = actor.look("notice", &base, about).await?;
        let Some(form) = Form::of(&came.html, "/filing") else { return Ok(()) };
        let form = form.with("start", "2026-11-22");
        let variant = form.boxes("variant").into_iter().next();
        let mut form = variant.into_iter().fold(form, |form, (name, value)| form.with(&name, &value));
        // Page after page, until the number of the receipt. The draft stands in the log once a day, not at every page.
        for _ in 0..6 {
            let came = actor.offer("notice", &form, None).await?;
            // No form fits the person, or one stands already: the page says so.
            if came.status != 303 {
                return Ok(());
            }
            if came.location.starts_with("/filings/") {
                actor.touch(*person);
                return actor.look("notice filed", &came.location, about).await.map(drop);
            }
            let place = came.location.split('?').next().unwrap_or_default().to_owned();
            let next = actor.look("notice", &came.location, None).await?;
            let Some(found) = Form::of(&next.html, &place) else { return Ok(()) };
            form = match place.rsplit('/').next() {
                Some("change") => found.with("reason", "wish").with("reason_text", ""),
                Some("services") => found.with("others", "no"),
                _ => found,
            };
        }
        bail!("the way to a notice is longer than six pages")
    }

    /// Plans the sessions of the month: their identifiers are needed by who puts cases before them.
    pub(super) async fn plan_sessions(&self, actor: &mut Actor) -> Result<()> {
        for (n, session) in self.sessions.iter().enumerate() {
            let form = actor.form("board", ("/board", "/board/sessions"), None).await?;
            let form = form.with("held_on", "2026-11-22").with("starts_at", "14:00").with("capacity", "200");
            let came =
                actor.send("session plan", &form.with("panel", &format!("合議体{n}")).with("place", ""), None).await?;
            let id = came.location.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
            id.clone_into(&mut session.lock().unwrap_or_else(PoisonError::into_inner));
        }
        Ok(())
    }
}
