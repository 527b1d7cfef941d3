//! Cases of certification: the list, one day for many, one case with its history and papers.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::case::bulk::{self, Planned};
use kaigo_app::case::{self, Asked, CaseId, CaseList, CasePage, paper};
use kaigo_app::documents::{Content, DocumentId};
use kaigo_app::{App, Error};
use kaigo_core::care_level::CareLevel;
use kaigo_core::code::ApplicationKind;
use kaigo_core::date::{Date, days_until, parse_date, seireki};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::rule::case::{CaseAge, CaseStep, Milestone, Verdict, due_on};
use kaigo_core::statistics::tenths;
use kaigo_core::text::halfwidth;
use kaigo_store::board::{BoardCase, Judgement};
use kaigo_store::case::{After, BulkRow, CaseRow, Wanted};

use crate::failure::{failure, invalid, moved, ok, page};
use crate::person::date_fact;
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::view::insurer::cases::{
    BulkDone, BulkLine, BulkPreview, CaseLine, CaseList as ListView, CaseView, HistoryLine, Paper as PaperView,
};
use crate::view::insurer::{CaseFrame, Count, WorkLine, chosen};
use crate::view::{Chip, Fact, FieldError, Link, Notice, Paging, Tone};
use crate::{certification, documents, say};

/// The URLs of cases.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/cases", Insurer, "list-insured", get(list)),
        row("POST", "/insurer/cases/bulk", Insurer, "manage-case", post(bulk_preview)),
        row("POST", "/insurer/cases/bulk/do", Insurer, "manage-case", post(bulk_do)),
        row("GET", "/insurer/cases/bulk/{t}", Insurer, "list-insured", get(bulk_done)),
        row("GET", "/insurer/cases/{p}/{n}", Insurer, "progress", get(show)),
        row("GET", "/insurer/cases/{p}/{n}/papers/{d}", Insurer, "survey,doctor-opinion", get(open)),
        row("GET", "/insurer/cases/{p}/{n}/papers/{d}/file", Insurer, "survey,doctor-opinion", get(file)),
    ]
}

/// What waits among the cases, and the open ones by step.
pub(crate) async fn glance(req: &Req) -> Result<(Vec<WorkLine>, Vec<Count>), Error> {
    let all = case::glance(&req.web.app, &req.ctx, req.caller()?).await?;
    let line = |tone, heading: &str, count, say: &str, href: &str| WorkLine {
        tone: if count == 0 { Tone::Plain } else { tone },
        heading: heading.to_owned(),
        count,
        unit: "件",
        say: say.to_owned(),
        href: href.to_owned(),
    };
    let ages = &all.ages;
    let lines = vec![
        line(
            Tone::Bad,
            "30日をすぎて、延期通知のない申請",
            ages.over,
            "延期の理由と処理見込日を知らせてください。",
            "/insurer/cases?age=over",
        ),
        line(Tone::Warn, "30日の期限まで7日以内の申請", ages.soon, "", "/insurer/cases?age=soon"),
        line(
            Tone::Warn,
            "延期の処理見込日をすぎた申請",
            ages.expected,
            "あらためて知らせるか、決定してください。",
            "/insurer/cases?late=expected",
        ),
        line(Tone::Info, "審査会の判定が出て、決定を待つ申請", all.judged, "", "/insurer/board"),
        line(Tone::Warn, "依頼から7日をすぎて届かない調査票", ages.survey, "", "/insurer/cases?late=survey"),
        line(Tone::Warn, "依頼から13日をすぎて届かない主治医意見書", ages.opinion, "", "/insurer/cases?late=opinion"),
    ];
    Ok((lines, steps(&all.steps, "", "")))
}

fn steps(counts: &[(String, i64)], current: &str, kind: &str) -> Vec<Count> {
    let of = |step: CaseStep| counts.iter().find(|(code, _)| code == step.code()).map_or(0, |(_, count)| *count);
    let kind = if kind.is_empty() { String::new() } else { format!("&kind={kind}") };
    CaseStep::ALL
        .iter()
        .filter(|step| **step != CaseStep::Ended)
        .map(|step| Count {
            word: step.label().to_owned(),
            count: say::grouped(&of(*step)),
            href: format!("/insurer/cases?step={}{kind}", step.code()),
            current: current == step.code(),
        })
        .collect()
}

/// GET /insurer/cases
async fn list(Insurer(req): Insurer) -> Response {
    match list_view(&req, &[], Vec::new()).await {
        Ok(view) if view.errors.is_empty() => ok(&view),
        Ok(view) => invalid(&view),
        Err(error) => failure(&req, &error),
    }
}

/// What the query asks for; the errors of what cannot be understood.
fn asked(req: &Req) -> (Asked, Vec<FieldError>) {
    let step = CaseStep::parse(req.asked("step")).map_or("", CaseStep::code);
    let kind = ApplicationKind::parse(req.asked("kind")).map_or("", ApplicationKind::code);
    let age = CaseAge::parse(req.asked("age")).ok();
    let (from, until) = age.map_or((Date::MIN, Date::MAX), |age| age.applied(req.ctx.today));
    // Days before the year 0 do not sort as text.
    let from = from.max(Date::constant(1, 1, 1));
    let noticed = match age {
        Some(CaseAge::Noticed) => "yes",
        Some(CaseAge::Over) => "no",
        Some(CaseAge::InTime | CaseAge::Soon | CaseAge::VeryOld) | None => "",
    };
    // 「30日超」 holds the very old ones too: who looks for what is late wants them all.
    let from = if matches!(age, Some(CaseAge::Over | CaseAge::Noticed)) { Date::constant(1, 1, 1) } else { from };
    let wanted = Wanted {
        kind: kind.to_owned(),
        step: step.to_owned(),
        from,
        until,
        noticed,
        late: case::late_ones(req.asked("late"), req.ctx.today),
    };
    let q = req.asked("q").trim();
    let plain = halfwidth(q).replace([' ', '-'], "");
    let digits = plain.strip_prefix(['H', 'h']).unwrap_or(&plain);
    if q.is_empty() {
        return (Asked::Listed(wanted), Vec::new());
    }
    if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
        return match InsuredNo::parse(&plain) {
            Ok(number) => (Asked::Number(number), Vec::new()),
            Err(bad) => {
                let say = format!("{}{}", bad.say("被保険者番号"), bad.mend("被保険者番号"));
                (Asked::Listed(wanted), vec![FieldError::new("q", say)])
            }
        };
    }
    (Asked::Kana(q.to_owned()), Vec::new())
}

fn after(req: &Req) -> After {
    let text = req.asked("after");
    let mut parts = text.rsplitn(3, '_');
    let (record_no, insured_no, key) = (parts.next(), parts.next(), parts.next());
    match (record_no.and_then(|n| n.parse().ok()), insured_no, key) {
        (Some(record_no), Some(insured_no), Some(key)) => {
            After { key: key.to_owned(), insured_no: insured_no.to_owned(), record_no }
        }
        _ => After::default(),
    }
}

async fn list_view(req: &Req, ticked: &[String], more: Vec<FieldError>) -> Result<ListView, Error> {
    let (asked, mut errors) = asked(req);
    errors.extend(more);
    let caller = req.caller()?;
    let insurer_no = case::insurer_of(caller)?;
    let searched = !matches!(asked, Asked::Listed(_));
    let all = case::list(&req.web.app, &req.ctx, caller, asked, after(req)).await?;
    let (step, age, kind) = (req.asked("step"), req.asked("age"), req.asked("kind"));
    let query = |name: &str| {
        let value = req.asked(name);
        if value.is_empty() { String::new() } else { format!("&{name}={}", crate::request::percent(value)) }
    };
    let kept: String = ["step", "age", "late", "kind", "q"].map(query).concat();
    let next = all.next.as_ref().map(|after| {
        let place = format!("{}_{}_{}", after.key, after.insured_no, after.record_no);
        format!("/insurer/cases?after={}{kept}", crate::request::percent(&place))
    });
    let first = (!req.asked("after").is_empty()).then(|| format!("/insurer/cases?{}", kept.trim_start_matches('&')));
    Ok(ListView {
        shell: req.shell(),
        errors,
        q: req.asked("q").to_owned(),
        steps: with_all(steps(&all.steps, step, kind), (all.ages.open, step.is_empty() && age.is_empty() && !searched)),
        ages: ages(&all, age),
        kinds: chosen(ApplicationKind::ALL.iter().map(|kind| (kind.code(), kind.label())), kind),
        step: step.to_owned(),
        age: age.to_owned(),
        found: found(&all, searched),
        rows: all.rows.iter().map(|row| line(req, insurer_no, row, ticked)).collect(),
        milestones: Milestone::ALL
            .iter()
            .filter(|milestone| milestone.in_bulk())
            .map(|milestone| crate::view::Choice::new(milestone.code(), milestone.label()))
            .collect(),
        day: seireki(req.ctx.today),
        paging: Paging { previous: first, next, say: String::new() },
    })
}

fn with_all(mut counts: Vec<Count>, (open, current): (i64, bool)) -> Vec<Count> {
    let word = "進んでいるもの全部".to_owned();
    let all = Count { word, count: say::grouped(&open), href: "/insurer/cases".to_owned(), current };
    counts.insert(0, all);
    let ended = "/insurer/cases?step=ended".to_owned();
    counts.push(Count { word: CaseStep::Ended.label().to_owned(), count: String::new(), href: ended, current: false });
    counts
}

fn ages(all: &CaseList, current: &str) -> Vec<Count> {
    let ages = &all.ages;
    [(CaseAge::Over, ages.over), (CaseAge::Noticed, ages.noticed), (CaseAge::Soon, ages.soon)]
        .map(|(age, count)| Count {
            word: age.label().to_owned(),
            count: say::grouped(&count),
            href: format!("/insurer/cases?age={}", age.code()),
            current: current == age.code(),
        })
        .into()
}

fn found(all: &CaseList, searched: bool) -> String {
    match (all.rows.len(), searched) {
        (0, true) => "見つかりませんでした".to_owned(),
        (count, true) => format!("{count}件が見つかりました"),
        (count, false) => format!("{count}件を表示しています（古い順）"),
    }
}

/// `/insurer/cases/{p}/{n}`.
pub(crate) fn href(app: &App, insurer_no: InsurerNo, insured_no: InsuredNo, record_no: i32) -> String {
    format!("/insurer/cases/{}/{record_no}", app.keys.person_ref(insurer_no, insured_no))
}

/// `pick-{p}-{n}`.
pub(crate) fn pick(app: &App, insurer_no: InsurerNo, insured_no: InsuredNo, record_no: i32) -> String {
    format!("pick-{}-{record_no}", app.keys.person_ref(insurer_no, insured_no))
}

fn line(req: &Req, insurer_no: InsurerNo, row: &CaseRow, ticked: &[String]) -> CaseLine {
    let app = &req.web.app;
    let pick = pick(app, insurer_no, row.insured_no, row.record_no);
    CaseLine {
        ticked: ticked.contains(&pick),
        pick,
        seen: seen_text(row.version),
        href: href(app, insurer_no, row.insured_no, row.record_no),
        name: row.name.clone(),
        number: say::number(row.insured_no),
        kind: kind_word(&row.kind).to_owned(),
        applied: seireki(row.applied_on),
        step: CaseStep::parse(&row.step).map_or("", CaseStep::label).to_owned(),
        age: age_chip(row.applied_on, row.delay_notified_on, row.is_open, req.ctx.today),
        due: match (row.is_open, row.expected_on) {
            (false, _) => row.decided_on.map(|on| format!("{}に決定", seireki(on))).unwrap_or_default(),
            (true, Some(on)) => format!("見込み {}", seireki(on)),
            (true, None) => seireki(due_on(row.applied_on)),
        },
        is_open: row.is_open,
    }
}

/// The word of a 申請区分.
pub(crate) fn kind_word(code: &str) -> &'static str {
    ApplicationKind::parse(code).map_or("", ApplicationKind::label)
}

/// 「51日目」 with its weight.
pub(crate) fn age_chip(applied_on: Date, noticed: Option<Date>, is_open: bool, today: Date) -> Chip {
    let word = format!("{}日目", days_until(applied_on, today) + 1);
    if !is_open {
        return Chip::new(Tone::Plain, "終わり");
    }
    match CaseAge::of(applied_on, noticed, today) {
        CaseAge::InTime => Chip::new(Tone::Plain, word),
        CaseAge::Soon => Chip::new(Tone::Warn, word),
        CaseAge::Noticed => Chip::new(Tone::Warn, format!("{word}・延期通知ずみ")),
        CaseAge::Over | CaseAge::VeryOld => Chip::new(Tone::Bad, word),
    }
}

/// The version in a form: `12-5003`.
pub(crate) fn seen_text((load_no, history_no): (i32, i32)) -> String {
    format!("{load_no}-{history_no}")
}

/// Reads [`seen_text`]; anything else is no version that there is.
pub(crate) fn seen(text: &str) -> (i32, i32) {
    let parts = text.split_once('-').and_then(|(load, history)| Some((load.parse().ok()?, history.parse().ok()?)));
    parts.unwrap_or((-1, -1))
}

/// The key of a form; a form without one gets one of its own and is never a repeat.
pub(crate) fn submit_key(req: &Req, fields: &Fields) -> String {
    key_or_new(req, fields.get("submit_key"))
}

/// The same for a key from elsewhere.
pub(crate) fn key_or_new(req: &Req, key: &str) -> String {
    let fits = key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit());
    if fits { key.to_owned() } else { req.ctx.ids.id() }
}

/// The ticked cases of a form with the versions that were seen.
pub(crate) fn picks(req: &Req, fields: &Fields) -> Vec<(CaseId, (i32, i32))> {
    let ticked = fields.ticked("pick-");
    ticked
        .into_iter()
        .filter_map(|name| Some((CaseId::parse_pick(&req.web.app, name)?, seen(fields.get(&format!("pick-{name}"))))))
        .collect()
}

/// POST /insurer/cases/bulk
async fn bulk_preview(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let (picks, milestone) = (picks(&req, &fields), Milestone::parse(fields.get("milestone")));
    let day = parse_date(fields.get("day"));
    let mut errors = Vec::new();
    if picks.is_empty() {
        errors.push(FieldError::new("", "申請が選ばれていません。表の左の箱で選んでください。"));
    } else if picks.len() > bulk::MOST {
        errors.push(FieldError::new("", format!("一度に変えられるのは {}件までです。", bulk::MOST)));
    }
    let milestone = milestone.ok().filter(|milestone| milestone.in_bulk());
    if milestone.is_none() {
        errors.push(FieldError::new("milestone", "どの日付に入れるかを選んでください。"));
    }
    if day.is_none() {
        errors.push(FieldError::new("day", "日付が読めません。例のように入れてください：2026年11月22日、R8.11.22"));
    }
    let (Some(milestone), Some(day), true) = (milestone, day, errors.is_empty()) else {
        let ticked: Vec<String> = fields.ticked("pick-").iter().map(|name| format!("pick-{name}")).collect();
        return match list_view(&req, &ticked, errors).await {
            Ok(view) => invalid(&ListView { day: fields.get("day").to_owned(), ..view }),
            Err(error) => failure(&req, &error),
        };
    };
    match preview(&req, (milestone, day), picks).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn preview(
    req: &Req,
    (milestone, day): (Milestone, Date),
    picks: Vec<(CaseId, (i32, i32))>,
) -> Result<BulkPreview, Error> {
    let caller = req.caller()?;
    let insurer_no = case::insurer_of(caller)?;
    let ids = picks.iter().map(|(id, _)| *id).collect();
    let planned = bulk::preview(&req.web.app, &req.ctx, caller, ids, (milestone, day)).await?;
    let line = |planned: &Planned| {
        let row = &planned.row;
        BulkLine {
            href: href(&req.web.app, insurer_no, row.insured_no, row.record_no),
            pick: (pick(&req.web.app, insurer_no, row.insured_no, row.record_no), seen_text(row.version)),
            name: row.name.clone(),
            number: say::number(row.insured_no),
            before: planned.before.map(seireki).unwrap_or_default(),
            say: planned.say.clone(),
        }
    };
    let hidden = |name: &str, value: String| (name.to_owned(), value);
    Ok(BulkPreview {
        shell: req.shell(),
        what: format!("{}を {} にする", milestone.label(), seireki(day)),
        hidden: vec![
            hidden("milestone", milestone.code().to_owned()),
            hidden("day", day.to_string()),
            hidden("submit_key", req.ctx.ids.id()),
        ],
        will: planned.iter().filter(|planned| planned.will).map(line).collect(),
        wont: planned.iter().filter(|planned| !planned.will).map(line).collect(),
    })
}

/// POST /insurer/cases/bulk/do
async fn bulk_do(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let milestone = Milestone::parse(fields.get("milestone")).ok().filter(|milestone| milestone.in_bulk());
    let (Some(milestone), Some(day), Ok(caller)) = (milestone, parse_date(fields.get("day")), req.caller()) else {
        return moved("/insurer/cases");
    };
    let (key, picks) = (submit_key(&req, &fields), picks(&req, &fields));
    match bulk::run(&req.web.app, &req.ctx, caller, (&key, milestone, day), picks).await {
        Ok(()) => moved(&format!("/insurer/cases/bulk/{key}")),
        Err(error) => failure(&req, &error),
    }
}

/// GET /insurer/cases/bulk/{t}
async fn bulk_done(Insurer(req): Insurer, Path(t): Path<String>) -> Response {
    match bulk_view(&req, &t).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn bulk_view(req: &Req, bulk_id: &str) -> Result<BulkDone, Error> {
    let caller = req.caller()?;
    let insurer_no = case::insurer_of(caller)?;
    let (bulk, rows) = bulk::outcome(&req.web.app, &req.ctx, caller, bulk_id).await?;
    let line = |row: &BulkRow| BulkLine {
        href: href(&req.web.app, insurer_no, row.insured_no, row.record_no),
        pick: (String::new(), String::new()),
        name: row.name.clone(),
        number: say::number(row.insured_no),
        before: String::new(),
        say: row.say.clone(),
    };
    let done: Vec<BulkLine> = rows.iter().filter(|row| row.outcome == "done").map(line).collect();
    Ok(BulkDone {
        shell: req.shell(),
        what: bulk.what,
        by: format!("{}　{}", bulk.made_by, say::instant(&bulk.made_at)),
        done: done.len(),
        rest: rows.iter().filter(|row| row.outcome != "done").map(line).collect(),
        lines: done,
    })
}

/// What the pages of a case start with.
pub(crate) fn frame(req: &Req, all: &CasePage) -> CaseFrame {
    let a = &all.application;
    let is_open = all.timeline.ended.is_none();
    CaseFrame {
        href: href(&req.web.app, all.id.insurer_no, all.id.insured_no, all.id.record_no),
        name: all.head.person.name.to_string(),
        kana: all.head.person.name_kana.to_string(),
        birth: say::birth(all.head.person.born_on),
        number: say::number(all.head.insured_no),
        application: format!("{}申請（{}）", a.kind.label(), seireki(a.applied_on)),
        chips: vec![
            Chip::new(Tone::Info, CaseStep::of(a).label()),
            age_chip(a.applied_on, a.delay_notified_on, is_open, req.ctx.today),
        ],
        is_open,
    }
}

/// Looks at the case of a URL.
pub(crate) async fn look(req: &Req, p: &str, n: &str) -> Result<CasePage, Error> {
    let id = CaseId::parse(&req.web.app, p, n)?;
    case::view(&req.web.app, &req.ctx, req.caller()?, id).await
}

/// GET /insurer/cases/{p}/{n}
async fn show(Insurer(req): Insurer, Path((p, n)): Path<(String, String)>) -> Response {
    match look(&req, &p, &n).await {
        Ok(all) => ok(&case_view(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn case_view(req: &Req, all: &CasePage) -> CaseView {
    let a = &all.application;
    let mut notices: Vec<Notice> = all.findings.iter().map(|finding| warning(&finding.say)).collect();
    if all.timeline.is_over_30_days && all.timeline.ended.is_none() && a.delay_notified_on.is_none() {
        let say = format!(
            "期限は {} でした。「延期通知」の画面で、理由と処理見込日を知らせてください。",
            seireki(all.timeline.due_on)
        );
        notices.insert(0, Notice { tone: Tone::Bad, heading: "30日をすぎて、延期通知がありません".to_owned(), say });
    }
    CaseView {
        shell: req.shell(),
        case: frame(req, all),
        notices,
        progress: certification::steps(a, &all.timeline, "", false),
        next: CaseStep::of(a).next().to_owned(),
        facts: facts(all),
        papers: papers(req, all),
        missing: missing(all),
        board: all.board.iter().map(board_fact).collect(),
        result: result(all),
        history: all
            .history
            .iter()
            .map(|version| HistoryLine {
                by: version.by.clone().unwrap_or_else(|| "市町村のシステムからの取込".to_owned()),
                at: say::instant(&version.at),
                what: version.what.clone(),
            })
            .collect(),
    }
}

/// A warning in one line.
pub(crate) fn warning(say: &str) -> Notice {
    Notice { tone: Tone::Warn, heading: say.to_owned(), say: String::new() }
}

fn facts(all: &CasePage) -> Vec<Fact> {
    let a = &all.application;
    let mut facts = vec![
        Fact::new("申請番号", a.application_no.to_string()),
        Fact::new("申請区分", a.kind.label()),
        date_fact("申請年月日", Some(a.applied_on)),
        date_fact("30日の期限", Some(all.timeline.due_on)),
    ];
    facts.extend(a.filed_by.map(|office| Fact::new("提出代行事業所番号", office.to_string())));
    facts.push(Fact::new("医療機関", a.institution.as_ref().map(ToString::to_string).unwrap_or_default()));
    facts.extend(all.asked.disease.map(|disease| Fact::new("特定疾病", disease.label())));
    if !all.asked.contact.is_empty() {
        facts.push(Fact::new("調査の連絡先", all.asked.contact.clone()));
    }
    facts.extend(Milestone::ALL.iter().map(|milestone| date_fact(milestone.label(), milestone.of(a))));
    facts.extend(a.delay_reason.as_ref().map(|reason| Fact::new("延期の理由", reason.to_string())));
    facts.extend(all.computed.as_ref().map(|computed| {
        let word = computed_word(&computed.care_level, computed.minutes_tenths);
        Fact::new("一次判定の結果", word).note(format!("{}　{}", computed.set_by, say::instant(&computed.set_at)))
    }));
    facts
}

/// 「要介護2（52.3分）」.
pub(crate) fn computed_word(level: &str, minutes: Option<i32>) -> String {
    let level = CareLevel::parse(level).map_or("", CareLevel::label);
    minutes.map_or_else(|| level.to_owned(), |minutes| format!("{level}（{}分）", tenths(minutes)))
}

fn papers(req: &Req, all: &CasePage) -> Vec<Link> {
    let base = href(&req.web.app, all.id.insurer_no, all.id.insured_no, all.id.record_no);
    [all.survey_id(), all.opinion_id()]
        .into_iter()
        .flatten()
        .map(|id| Link::new(id.item.label(), format!("{base}/papers/{}", id.text())))
        .chain(all.opinion.is_none().then(|| Link::new("主治医意見書を依頼する", format!("{base}/opinion"))))
        .collect()
}

fn missing(all: &CasePage) -> Vec<String> {
    let mut missing = Vec::new();
    if all.survey.is_none() {
        missing.push("認定調査票は、まだ登録されていません。「認定調査票」の画面で入れられます。".to_owned());
    }
    if all.opinion.is_none() {
        missing.push(
            "主治医意見書は、まだ登録されていません。「主治医意見書を依頼する」から、医療機関に依頼できます。"
                .to_owned(),
        );
    }
    missing
}

fn board_fact(case: &BoardCase) -> Fact {
    let chip = match case.state.as_str() {
        "confirmed" => (Tone::Good, "決定ずみ"),
        "returned" => (Tone::Warn, "もどった"),
        "judged" => (Tone::Info, "判定あり"),
        _ => (Tone::Plain, "判定まち"),
    };
    let label = format!("対象者番号 {}", case.place);
    // What a board says is shown once it is confirmed.
    let lines = match (&case.judgement, case.state.as_str()) {
        (Some(judgement), "confirmed" | "returned") => judgement_lines(judgement),
        _ => Vec::new(),
    };
    Fact::many(label, lines).chip(chip.0, chip.1)
}

/// What a board said, a line each.
pub(crate) fn judgement_lines(judgement: &Judgement) -> Vec<String> {
    let verdict = Verdict::parse(&judgement.verdict).map_or("", Verdict::label);
    let level = judgement.care_level.as_deref().and_then(|code| CareLevel::parse(code).ok());
    let mut first = verdict.to_owned();
    if let Some(level) = level {
        first.extend(["　", level.label()]);
    }
    if let Some(months) = judgement.valid_months {
        first.extend(["　有効 ".to_owned(), months.to_string(), "か月".to_owned()]);
    }
    let more = [
        ("意見", &judgement.opinion),
        ("サービスの種類の指定", &judgement.designated_services),
        ("理由", &judgement.reason),
    ];
    let more = more.into_iter().filter_map(|(word, text)| text.as_ref().map(|text| format!("{word}：{text}")));
    [first].into_iter().chain(more).collect()
}

fn result(all: &CasePage) -> Vec<Fact> {
    let a = &all.application;
    let Some(outcome) = a.outcome else { return Vec::new() };
    let mut facts = vec![Fact::new("結果", outcome.label()), date_fact("決定日", a.decided_on)];
    facts.extend(a.care_level.map(|level| Fact::new("要介護状態区分", level.label())));
    if let Some(certification) = &all.certification {
        facts.push(Fact::new("認定有効期間", say::period(certification.valid_from, certification.valid_until)));
        facts.extend(certification.opinion.as_ref().map(|text| Fact::new("審査会の意見", text.to_string())));
        facts.extend(
            certification.designated_services.as_ref().map(|text| Fact::new("サービスの種類の指定", text.to_string())),
        );
    }
    facts
}

/// GET /insurer/cases/{p}/{n}/papers/{d}
async fn open(Insurer(req): Insurer, Path((p, n, d)): Path<(String, String, String)>) -> Response {
    let opened = async {
        let (id, document) = named(&req, &p, &n, &d)?;
        let opened = paper::open(&req.web.app, &req.ctx, req.caller()?, id, document).await?;
        let base = href(&req.web.app, id.insurer_no, id.insured_no, id.record_no);
        let original = opened.file.as_ref().map(|_| Link::new("もとの書類を開く", format!("{base}/papers/{d}/file")));
        Ok::<_, Error>(paper_view(&req, (document, &opened.content), Link::new("認定申請", base), original, false))
    };
    match opened.await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

fn named(req: &Req, p: &str, n: &str, d: &str) -> Result<(CaseId, DocumentId), Error> {
    let id = CaseId::parse(&req.web.app, p, n)?;
    Ok((id, DocumentId::parse(d).ok_or(Error::NotFound)?))
}

/// A paper as a page. `nameless`: for a board, without who wrote it.
pub(crate) fn paper_view(
    req: &Req,
    (id, content): (DocumentId, &Content),
    back: Link,
    original: Option<Link>,
    nameless: bool,
) -> PaperView {
    let (facts, groups, remarks) = documents::shown(content);
    let hidden = ["所属機関", "医療機関", "医師", "申請番号"];
    let shell = req.shell();
    let who = shell.who.as_ref().map(|who| format!("閲覧：{}　{}　", who.office, who.name)).unwrap_or_default();
    let warnings = match content {
        Content::Survey(survey) => {
            survey.items.warnings().iter().map(|rare| format!("{}　{}", rare.code, rare.say())).collect()
        }
        Content::Opinion(_) => Vec::new(),
    };
    PaperView {
        viewing: format!("{who}{}", shell.now),
        shell,
        back,
        title: id.item.label().to_owned(),
        facts: facts.into_iter().filter(|fact| !(nameless && hidden.contains(&fact.label.as_str()))).collect(),
        groups,
        remarks,
        warnings,
        original,
    }
}

/// GET /insurer/cases/{p}/{n}/papers/{d}/file
async fn file(Insurer(req): Insurer, Path((p, n, d)): Path<(String, String, String)>) -> Response {
    let fetched = async {
        let (id, document) = named(&req, &p, &n, &d)?;
        paper::fetch(&req.web.app, &req.ctx, req.caller()?, id, document).await
    };
    match fetched.await {
        Ok(found) => documents::original(found, &d),
        Err(error) => failure(&req, &error),
    }
}

/// A page with the status of what happened: 409 where somebody else was first, 422 where something is wrong.
pub(crate) fn answered(conflict: bool, errors: &[FieldError], view: &impl askama::Template) -> Response {
    let status = if conflict {
        StatusCode::CONFLICT
    } else if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page(status, view)
}
