//! What is under way between the municipality, the doctor, the board, the offices and the people on the demo's first day:
//! played through the use cases, each step with the clock of its moment. As much of it as the nation has people for.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use kaigo_app::board::insurer as before_board;
use kaigo_app::board::{self, SessionForm, Verdicts};
use kaigo_app::case::{self, Asked as AskedFor, CaseId};
use kaigo_app::citizen;
use kaigo_app::filing::{self, Draft, answer as notices};
use kaigo_app::opinion::ask::{Asked, ask};
use kaigo_app::opinion::{Content, answer, write};
use kaigo_app::question::{self, NewQuestion};
use kaigo_app::setup::{self, PastCharge};
use kaigo_app::{App, Ctx};
use kaigo_core::care_level::CareLevel;
use kaigo_core::date::{Date, add_days};
use kaigo_core::filing::{ChangeReason, ReturnReason};
use kaigo_core::finding::Severity;
use kaigo_core::id::{InstitutionNo, InsurerNo};
use kaigo_core::opinion::request::{CountKind, PlaceKind};
use kaigo_core::policy::Caller;
use kaigo_core::rule::case::Verdict;
use kaigo_core::text::Text;
use kaigo_demo::Nation;
use kaigo_store::access_log::Before;
use kaigo_store::case::{After, CaseRow, Wanted};

use crate::surroundings::operator;

/// Everybody who can log in, by login.
type Callers = BTreeMap<&'static str, Caller>;
/// A moment so many days before the demo's day, at an hour and a minute.
type Moment<'a> = &'a dyn Fn(i32, i8, i8) -> Result<Ctx>;

/// The stage with everything that the scenes need.
struct Stage<'a> {
    app: &'a App,
    nation: &'a Nation,
    callers: &'a Callers,
    moment: Moment<'a>,
}

/// Plays everything.
pub(super) async fn load(app: &App, nation: &Nation, callers: &Callers, moment: Moment<'_>) -> Result<()> {
    let stage = Stage { app, nation, callers, moment };
    let mut waiting = stage.open_cases("gathering").await?;
    waiting.extend(stage.open_cases("opinion").await?);
    stage.opinions(&waiting).await?;
    let complete = stage.open_cases("assign").await?;
    stage.board(&complete).await?;
    stage.notices().await?;
    stage.question().await
}

impl Stage<'_> {
    fn who(&self, login: &'static str) -> Result<&Caller> {
        self.callers.get(login).context(login)
    }

    fn at(&self, days_ago: i32, hour: i8, minute: i8) -> Result<Ctx> {
        (self.moment)(days_ago, hour, minute)
    }

    /// Open cases of みなと川市 at a step that no story tells of, the oldest first.
    async fn open_cases(&self, step: &str) -> Result<Vec<CaseRow>> {
        let ctx = self.at(16, 8, 40)?;
        let wanted = Wanted {
            kind: String::new(),
            step: step.to_owned(),
            from: Date::constant(1, 1, 1),
            until: Date::constant(9999, 12, 31),
            noticed: "",
            late: None,
        };
        let clerk = self.who("shiyakusho")?;
        let listed = case::list(self.app, &ctx, clerk, AskedFor::Listed(wanted), After::default()).await;
        let mut rows = listed.map_err(operator)?.rows;
        rows.retain(|row| !self.nation.is_of_story(row.insured_no));
        Ok(rows)
    }

    fn institution(&self) -> Result<InstitutionNo> {
        match self.who("umibe")? {
            Caller::Medical(staff) => Ok(staff.institution_no),
            other @ (Caller::Staff(_)
            | Caller::Person { .. }
            | Caller::Insurer(_)
            | Caller::Board(_)
            | Caller::InsurerSystem { .. }
            | Caller::Operator) => anyhow::bail!("{other:?} is no physician"),
        }
    }

    /// Requests for opinions to the physician of the story: one overdue, one to be mended, one submitted, one begun, one due soon,
    /// one new.
    async fn opinions(&self, open: &[CaseRow]) -> Result<()> {
        let fits = |row: &&CaseRow| row.opinion_received_on.is_none() && row.computed_on.is_none();
        let mut waiting = open.iter().filter(fits);
        // Days ago on which it was asked for, days from today until it is due.
        let plan = [(16, -3), (12, 1), (11, 2), (6, 2), (9, 3), (1, 12)];
        for (place, (asked, due)) in plan.into_iter().enumerate() {
            let Some(row) = waiting.find(|row| row.applied_on <= add_days(self.nation.today(), -asked)) else {
                continue;
            };
            let request = self.ask(row, asked, due).await?;
            match place {
                1 => self.returned(&request).await?,
                2 => drop(self.submit(&request, 1).await?),
                3 => drop(self.draft(&request, 1, true).await?),
                _ => {}
            }
        }
        Ok(())
    }

    async fn ask(&self, row: &CaseRow, asked: i32, due: i32) -> Result<String> {
        let ctx = self.at(asked, 10, 5)?;
        let clerk = self.who("shiyakusho")?;
        let wish = Asked {
            record_no: row.record_no,
            institution_no: self.institution()?,
            physician: "海部 進".to_owned(),
            count_kind: CountKind::Again,
            place_kind: PlaceKind::Home,
            due_on: add_days(self.nation.today(), due),
            note: "ご自宅での生活の様子も、わかる範囲でお書きください。".to_owned(),
            with_previous: true,
            submit_key: ctx.ids.id(),
        };
        ask(self.app, &ctx, clerk, (insurer_of(clerk)?, row.insured_no), wish).await.map_err(operator)
    }

    /// The physician types; `half` leaves what is asked about mind and body.
    async fn draft(&self, request: &str, days_ago: i32, half: bool) -> Result<i32> {
        let (ctx, doctor) = (self.at(days_ago, 12, 40)?, self.who("umibe")?);
        let opened = write::open(self.app, &ctx, doctor, request).await.map_err(operator)?;
        let mut content = opened.draft.content;
        fill(&mut content, ctx.today, half);
        let saved = write::save(self.app, &ctx, doctor, request, (opened.draft.revision, content)).await;
        match saved.map_err(operator)? {
            write::Saved::Kept { revision, .. } => Ok(revision),
            write::Saved::Behind(_) => anyhow::bail!("somebody else wrote the draft"),
        }
    }

    async fn submit(&self, request: &str, days_ago: i32) -> Result<i32> {
        let revision = self.draft(request, days_ago, false).await?;
        let ctx = self.at(days_ago, 12, 52)?;
        let key = ctx.ids.id();
        write::submit(self.app, &ctx, self.who("umibe")?, request, (revision, &key)).await.map_err(operator)
    }

    async fn returned(&self, request: &str) -> Result<()> {
        let place = self.submit(request, 3).await?;
        let ctx = self.at(2, 9, 30)?;
        let reason = "「症状としての安定性」が「安定」になっていますが、特記すべき事項に入院の予定が書かれています。確かめてください。";
        let back = answer::send_back(self.app, &ctx, self.who("shiyakusho")?, request, (place, reason));
        back.await.map_err(operator)
    }

    /// A session last week, judged, of which one case is decided and the others wait for the clerk; one next week.
    async fn board(&self, open: &[CaseRow]) -> Result<()> {
        let ready = |row: &&CaseRow| row.computed_on.is_some() && row.judged_on.is_none() && row.outcome.is_none();
        let mut ready = open.iter().filter(ready);
        let past = self.session(-7, 15, "第1合議体").await?;
        let next = self.session(5, 4, "第2合議体").await?;
        let ended: Vec<&CaseRow> = ready.by_ref().take(3).collect();
        if !ended.is_empty() {
            self.assign(&past, 10, &ended).await?;
            let decided = self.judge(&past).await?;
            let bulk = self.at(6, 9, 15)?;
            let (clerk, key) = (self.who("shiyakusho")?, bulk.ids.id());
            let first: Vec<String> = decided.into_iter().take(1).collect();
            let done = before_board::confirm(self.app, &bulk, clerk, (&key, &past), (first, bulk.today));
            done.await.map_err(operator)?;
        }
        let coming: Vec<&CaseRow> = ready.take(5).collect();
        if !coming.is_empty() {
            self.assign(&next, 2, &coming).await?;
        }
        Ok(())
    }

    /// Plans a session so many days from today.
    async fn session(&self, on: i32, planned_days_ago: i32, panel: &str) -> Result<String> {
        let ctx = self.at(planned_days_ago, 9, 0)?;
        let form = SessionForm {
            held_on: add_days(self.nation.today(), on),
            starts_at: "14:00".to_owned(),
            panel: panel.to_owned(),
            place: "みなと川市役所 3階 会議室".to_owned(),
            capacity: 35,
            submit_key: ctx.ids.id(),
        };
        board::plan(self.app, &ctx, self.who("shinsakai")?, form).await.map_err(operator)
    }

    async fn assign(&self, session: &str, days_ago: i32, rows: &[&CaseRow]) -> Result<()> {
        let (ctx, clerk) = (self.at(days_ago, 16, 10)?, self.who("shiyakusho")?);
        let insurer_no = insurer_of(clerk)?;
        let pick =
            |row: &&CaseRow| (CaseId { insurer_no, insured_no: row.insured_no, record_no: row.record_no }, row.version);
        let picks = rows.iter().map(pick).collect();
        let key = ctx.ids.id();
        before_board::assign(self.app, &ctx, clerk, (&key, session), picks).await.map_err(operator)
    }

    /// The board judges what lies before it and closes the session; answers its cases.
    async fn judge(&self, session: &str) -> Result<Vec<String>> {
        let (ctx, secretary) = (self.at(7, 14, 20)?, self.who("shinsakai")?);
        let page = board::session(self.app, &ctx, secretary, session).await.map_err(operator)?;
        let mut judged = Vec::new();
        for case in page.cases {
            board::case(self.app, &ctx, secretary, &case.case_id).await.map_err(operator)?;
            let said = Verdicts {
                verdict: Verdict::Certified,
                care_level: Some(CareLevel::Care2),
                months: Some(12),
                opinion: Text::parse("転倒に注意し、通いの場への参加を続けることが望ましい。").ok(),
                designated_services: None,
                reason: None,
                revision: case.revision,
            };
            board::judge(self.app, &ctx, secretary, &case.case_id, said).await.map_err(operator)?;
            judged.push(case.case_id);
        }
        let over = self.at(7, 15, 50)?;
        board::close(self.app, &over, secretary, session).await.map_err(operator)?;
        Ok(judged)
    }

    /// People who come to みなと from another office: two notices wait for the municipality, one was given back, one is accepted.
    async fn notices(&self) -> Result<()> {
        let izumo = self.who("izumo")?;
        let Caller::Staff(staff) = izumo else { anyhow::bail!("izumo works in an office") };
        let clerk = self.who("shiyakusho")?;
        let insurer_no = insurer_of(clerk)?;
        let mut filed: i32 = 0;
        for i in self.nation.range_of(insurer_no).take(400) {
            let records = self.nation.person(i);
            let maker = records.plan_notice.last().and_then(|row| row.record.office_no);
            if filed == 4
                || maker.is_none_or(|maker| maker == staff.office_no)
                || self.nation.is_of_story(records.insured_no)
            {
                continue;
            }
            let days_ago = 4 - filed;
            let charge = PastCharge {
                office_no: staff.office_no,
                office_name: staff.office_name.clone(),
                insurer_no,
                insured_no: records.insured_no,
                days_ago: days_ago + 1,
                closes_on: None,
                by: staff.name.clone(),
            };
            let ctx = self.at(0, 7, 0)?;
            let made = setup::past_charges(self.app, &ctx, vec![charge]).await.map_err(operator)?;
            let charge_id = made.into_iter().next().context("a registration")?;
            let Some(filing_id) = self.file(&charge_id, days_ago).await? else { continue };
            let answered = self.at(days_ago - 1, 11, 0)?;
            match filed {
                0 => drop(notices::accept(self.app, &answered, clerk, &filing_id, true).await.map_err(operator)?),
                1 => {
                    let why = "開始の日が、前の事業所の最後の日と重なっています。引きつぎの日を確かめてください。";
                    let back = notices::give_back(self.app, &answered, clerk, &filing_id, (ReturnReason::Start, why));
                    drop(back.await.map_err(operator)?);
                }
                _ => {}
            }
            filed += 1;
        }
        Ok(())
    }

    /// Files a notice, if one can be filed about the person.
    async fn file(&self, charge_id: &str, days_ago: i32) -> Result<Option<String>> {
        let izumo = self.who("izumo")?;
        let step = |minute| self.at(days_ago, 17, minute);
        let way = match filing::way(self.app, &step(1)?, izumo, charge_id).await {
            Ok(way) => way,
            Err(kaigo_app::Error::Forbidden(_)) => return Ok(None),
            Err(error) => return Err(operator(error)),
        };
        let draft = Draft {
            variant: way.proposal.variant,
            start_on: Some(step(1)?.today),
            reason: Some(ChangeReason::Wish),
            reason_text: "ご自宅に近い事業所に変えたいとのご希望です。".to_owned(),
            ..way.draft
        };
        let way = filing::save(self.app, &step(6)?, izumo, charge_id, draft).await.map_err(operator)?;
        if way.answers.is_none() || way.checks.iter().any(|check| check.severity == Severity::Error) {
            filing::discard(self.app, &step(7)?, izumo, charge_id).await.map_err(operator)?;
            return Ok(None);
        }
        let ctx = step(8)?;
        let key = ctx.ids.id();
        filing::file(self.app, &ctx, izumo, charge_id, &key).await.map(Some).map_err(operator)
    }

    /// 久城 トメ asks about the newest look of the service office.
    async fn question(&self) -> Result<()> {
        let (ctx, tome) = (self.at(1, 19, 30)?, self.who("tome")?);
        let log = citizen::my_log(self.app, &ctx, tome, Before::default()).await.map_err(operator)?;
        let entry = log.entries.iter().find(|placed| placed.entry.account_name == "海野 修");
        let asked = NewQuestion {
            entry_id: entry.map(|placed| placed.entry.entry_id.clone()),
            body: "福祉用具の事業所の方が、なぜ私の記録を見たのか教えてください。歩行器を借りる話のためでしょうか。"
                .to_owned(),
            submit_key: ctx.ids.id(),
        };
        question::ask(self.app, &ctx, tome, asked).await.map(drop).map_err(operator)
    }
}

fn insurer_of(caller: &Caller) -> Result<InsurerNo> {
    case::insurer_of(caller).map_err(operator)
}

/// Answers of an opinion, by our numbers: what the boxes about illness and care say, then what those about mind and body say.
const ILLNESS: &[(&str, &str)] = &[
    ("0-2", "2"),
    ("0-3", "2"),
    ("1-1-1", "アルツハイマー型認知症"),
    ("1-1-1d", "平成30年4月頃"),
    ("1-2", "1"),
    ("1-3", "外来で内服を続けている。血圧は落ち着いている。来月、白内障の手術で2日の入院を予定している。"),
];
const MIND_AND_BODY: &[(&str, &str)] = &[
    ("3-1-1", "4"),
    ("3-1-2", "3"),
    ("3-2-1", "2"),
    ("3-2-2", "2"),
    ("3-2-3", "1"),
    ("3-3-1", "2"),
    ("3-4-1", "2"),
    ("4-1-1", "2"),
    ("4-1-2", "1"),
    ("4-1-3", "1"),
    ("4-2-1", "1"),
    ("4-2-2", "1"),
    ("4-4", "1"),
    ("4-7", "2"),
];

fn fill(content: &mut Content, today: Date, half: bool) {
    content.form.put("0-0", &today.to_string());
    content.form.put("0-1", &add_days(today, -4).to_string());
    content.form.put("0-5", "海部 進");
    for (field, text) in ILLNESS {
        content.form.put(field, text);
    }
    if !half {
        for (field, text) in MIND_AND_BODY {
            content.form.put(field, text);
        }
    }
}
