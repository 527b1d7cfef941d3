//! What is under way between the municipality, the doctor, the board, the offices and the people on the demo's first day:
//! played through the use cases, each step with the clock of its moment. As much of it as the nation has people for.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use kaigo_app::board::insurer as before_board;
use kaigo_app::board::{self, SessionForm, Verdicts};
use kaigo_app::case::days::{self, Days};
use kaigo_app::case::{self, Asked as AskedFor, CaseId, Edit, survey};
use kaigo_app::citizen;
use kaigo_app::disaster::{self, Proposal};
use kaigo_app::filing::{self, Draft, answer as notices};
use kaigo_app::opinion::ask::{Asked, ask};
use kaigo_app::opinion::{Content, answer, write};
use kaigo_app::plans;
use kaigo_app::question::{self, NewQuestion};
use kaigo_app::run::Target;
use kaigo_app::setting::{self, Typed};
use kaigo_app::setup::{self, PastCharge};
use kaigo_app::{App, Ctx};
use kaigo_core::care_level::CareLevel;
use kaigo_core::code::ApplicationKind;
use kaigo_core::date::{Date, add_days, days_until};
use kaigo_core::filing::{ChangeReason, ReturnReason};
use kaigo_core::finding::Severity;
use kaigo_core::id::{InstitutionNo, InsurerNo};
use kaigo_core::opinion::request::{CountKind, PlaceKind};
use kaigo_core::policy::Caller;
use kaigo_core::rule::case::{Milestone, Verdict};
use kaigo_core::rule::insurer::Key;
use kaigo_core::rule::insurer::switch::Switch;
use kaigo_core::survey::SurveyItems;
use kaigo_core::text::Text;
use kaigo_demo::Nation;
use kaigo_store::access_log::Before;
use kaigo_store::case::{After, CaseRow, Wanted};

use super::build::Registered;
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
pub(super) async fn load(
    app: &App,
    nation: &Nation,
    callers: &Callers,
    charges: &[Registered],
    moment: Moment<'_>,
) -> Result<()> {
    let stage = Stage { app, nation, callers, moment };
    let mut waiting = stage.open_cases("gathering").await?;
    waiting.extend(stage.open_cases("opinion").await?);
    stage.opinions(&waiting).await?;
    let gathered = stage.open_cases("computed").await?;
    stage.compute(&gathered).await?;
    let mut complete = stage.open_cases("assign").await?;
    // The municipality's own system had planned a day for these, and no session yet.
    complete.extend(stage.open_cases("board").await?);
    stage.board(&complete).await?;
    stage.notices().await?;
    stage.plans(charges).await?;
    stage.disaster().await?;
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
            | Caller::Operator
            | Caller::OperatorStaff(_)
            | Caller::Supporter(_)) => anyhow::bail!("{other:?} is no physician"),
        }
    }

    /// Requests for opinions to the physician of the story: one overdue, one to be mended, one submitted, one begun, one due soon,
    /// one new.
    async fn opinions(&self, open: &[CaseRow]) -> Result<()> {
        self.hands_opinions_on().await?;
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

    /// みなと川市 hands the last opinion to whoever is asked next, so that the physician of the story has it beside the form.
    async fn hands_opinions_on(&self) -> Result<()> {
        let ctx = self.at(20, 9, 30)?;
        let typed = Typed {
            key: Key::Switch(Switch::OtherOpinion).code(),
            value: "yes".to_owned(),
            from: String::new(),
            source: "みなと川市 個人情報の取扱要綱（架空）".to_owned(),
        };
        setting::set(self.app, &ctx, self.who("kaigoka")?, &typed, &ctx.ids.id()).await.map_err(operator)
    }

    async fn ask(&self, row: &CaseRow, asked: i32, due: i32) -> Result<String> {
        let ctx = self.at(asked, 10, 5)?;
        let clerk = self.who("shiyakusho")?;
        let is_first = row.kind == ApplicationKind::New.code();
        let count_kind = if is_first { CountKind::First } else { CountKind::Again };
        let wish = Asked {
            record_no: row.record_no,
            institution_no: self.institution()?,
            physician: "海部 進".to_owned(),
            count_kind,
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
        // Judged a week ago: what was complete three days before.
        let early = |row: &&CaseRow| row.computed_on.is_some_and(|on| on <= add_days(self.nation.today(), -10));
        let (early, rest): (Vec<&CaseRow>, Vec<&CaseRow>) = ready.by_ref().partition(early);
        let (ended, later) = early.split_at(early.len().min(3));
        let ended: Vec<&CaseRow> = ended.to_vec();
        if !ended.is_empty() {
            self.surveys(&ended, 10).await?;
            self.assign(&past, 10, &ended).await?;
            let decided = self.judge(&past).await?;
            let bulk = self.at(6, 9, 15)?;
            let (clerk, key) = (self.who("shiyakusho")?, bulk.ids.id());
            let first: Vec<String> = decided.into_iter().take(1).collect();
            let done = before_board::confirm(self.app, &bulk, clerk, (&key, &past), (first, bulk.today));
            done.await.map_err(operator)?;
        }
        let coming: Vec<&CaseRow> = later.iter().copied().chain(rest).take(5).collect();
        if !coming.is_empty() {
            self.surveys(&coming, 2).await?;
            self.assign(&next, 2, &coming).await?;
        }
        Ok(())
    }

    /// The clerk writes down what the computer said (一次判定) of cases that have both papers, the day after the later of them.
    async fn compute(&self, rows: &[CaseRow]) -> Result<()> {
        let (clerk, today) = (self.who("shiyakusho")?, self.nation.today());
        let insurer_no = insurer_of(clerk)?;
        for row in rows.iter().take(9) {
            let id = CaseId { insurer_no, insured_no: row.insured_no, record_no: row.record_no };
            let seen = self.at(1, 11, 0)?;
            let page = case::view(self.app, &seen, clerk, id).await.map_err(operator)?;
            let papers = page.application.survey_received_on.max(page.application.opinion_received_on);
            let Some(on) = papers.map(|on| add_days(on, 1)).filter(|on| *on < today) else { continue };
            let ctx = self.at(days_until(on, today), 15, 30)?;
            let days = Days {
                days: vec![(Milestone::Computed, Some(on))],
                institution: None,
                computed: Some((level_of(row), Some(523))),
            };
            let edit = Edit { id, seen: page.version, submit_key: ctx.ids.id(), form: "days" };
            days::set(self.app, &ctx, clerk, edit, days).await.map_err(operator)?;
        }
        Ok(())
    }

    /// The clerk types the 認定調査票 of cases that have none: the board reads it.
    async fn surveys(&self, rows: &[&CaseRow], days_ago: i32) -> Result<()> {
        let (ctx, clerk) = (self.at(days_ago, 10, 20)?, self.who("shiyakusho")?);
        let insurer_no = insurer_of(clerk)?;
        for row in rows {
            let id = CaseId { insurer_no, insured_no: row.insured_no, record_no: row.record_no };
            let page = case::view(self.app, &ctx, clerk, id).await.map_err(operator)?;
            let (Some(surveyed_on), None) = (page.application.surveyed_on, &page.survey) else { continue };
            let typed = survey::Typed {
                surveyed_on,
                surveyor: Text::parse("みなと調査センター").ok(),
                place: Text::parse("自宅内").ok(),
                items: SurveyItems::parse(SURVEY).map_err(|bad| anyhow::anyhow!(bad.code()))?,
                remarks: Text::parse(REMARKS).ok(),
                received_on: page.application.survey_received_on,
            };
            let edit = Edit { id, seen: page.version, submit_key: ctx.ids.id(), form: "survey" };
            survey::put(self.app, &ctx, clerk, edit, typed).await.map_err(operator)?;
        }
        for row in rows {
            let id = CaseId { insurer_no, insured_no: row.insured_no, record_no: row.record_no };
            let page = case::view(self.app, &ctx, clerk, id).await.map_err(operator)?;
            if page.computed.is_none() {
                let days = Days { computed: Some((level_of(row), Some(523))), ..Days::default() };
                let edit = Edit { id, seen: page.version, submit_key: ctx.ids.id(), form: "days" };
                days::set(self.app, &ctx, clerk, edit, days).await.map_err(operator)?;
            }
        }
        Ok(())
    }

    /// みなと registers the newest plan that it sent, for some of its people (交付用登録).
    async fn plans(&self, charges: &[Registered]) -> Result<()> {
        let (ctx, izumo) = (self.at(2, 17, 40)?, self.who("izumo")?);
        let Caller::Staff(staff) = izumo else { anyhow::bail!("izumo works in an office") };
        let mut registered = 0;
        for (_, charge_id) in charges.iter().filter(|(charge, _)| charge.office_no == staff.office_no) {
            let target = Target::Charge(charge_id.clone());
            let found = match plans::of_person(self.app, &ctx, izumo, target).await {
                Ok(found) => found,
                Err(kaigo_app::Error::Forbidden(_)) => continue,
                Err(error) => return Err(operator(error)),
            };
            let Some(sent) = found.sent.first() else { continue };
            let place = usize::try_from(sent.place).unwrap_or(0);
            match plans::deliver(self.app, &ctx, izumo, charge_id, (&sent.set_id, place)).await {
                Ok(_) => registered += 1,
                Err(kaigo_app::Error::Forbidden(_) | kaigo_app::Error::NotFound) => {}
                Err(error) => return Err(operator(error)),
            }
            if registered == 6 {
                break;
            }
        }
        Ok(())
    }

    /// A clerk has proposed a disaster mode this morning: it waits for an administrator.
    async fn disaster(&self) -> Result<()> {
        let (ctx, clerk) = (self.at(0, 8, 15)?, self.who("shiyakusho")?);
        let insurer_no = insurer_of(clerk)?;
        let insurers = self.nation.insurers();
        let area = insurers.iter().find(|i| i.insurer_no == insurer_no).context("the insurer of the story")?;
        let proposal = Proposal {
            name: "大雨による川ぞいの浸水".to_owned(),
            areas: area.municipality_code.to_string(),
            offices: String::new(),
            from: ctx.today.to_string(),
            until: add_days(ctx.today, 13).to_string(),
            reason: "避難所に証を持たずに来た方を、受け入れた事業所が支えるため。".to_owned(),
        };
        disaster::propose(self.app, &ctx, clerk, &proposal, &ctx.ids.id()).await.map(drop).map_err(operator)
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
            members: Some(5),
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

/// What the computer says of a case: one of three levels, by the number of the person.
fn level_of(row: &CaseRow) -> CareLevel {
    match row.insured_no.as_str().bytes().map(u32::from).sum::<u32>() % 3 {
        0 => CareLevel::Care1,
        1 => CareLevel::Care2,
        _ => CareLevel::Care3,
    }
}

fn insurer_of(caller: &Caller) -> Result<InsurerNo> {
    case::insurer_of(caller).map_err(operator)
}

/// Answers of a 認定調査票 for somebody who needs help with walking and bathing, and forgets.
const SURVEY: &str = "1-1=5;1-2=1;1-3=2;1-4=2;1-5=1;1-6=2;1-7=2;1-8=2;1-9=2;1-10=2;1-11=1;1-12=1;1-13=2;2-1=1;2-2=2;2-3=1;2-4=1;2-5=2;\
                      2-6=2;2-7=1;2-8=1;2-9=1;2-10=2;2-11=2;2-12=3;3-1=1;3-2=2;3-3=1;3-4=2;3-5=1;3-6=2;3-7=1";
const REMARKS: &str =
    "1-7 屋内は手すりにつかまって歩く。\n1-10 背中と足先を娘が洗う。\n3-4 昼に食べたものを、夕方には覚えていない。";

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
