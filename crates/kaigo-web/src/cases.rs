//! 進行中の申請: the applications of an office's own people that are under way.

use axum::response::Response;
use axum::routing::get;
use kaigo_app::queue::PAGE;
use kaigo_app::queue::cases::{self, Case, Cases, Hidden, Order, Wanted};
use kaigo_core::date::seireki;
use kaigo_core::progress::pace::Mark;
use kaigo_core::progress::{StepKind, StepState};

use crate::certification::mark;
use crate::failure::{failure, ok};
use crate::request::{Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::cases::{CaseRow, Cases as View};
use crate::view::{Chip, Choice, Notice, Paging, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![row("GET", "/cases", Access::Staff, "list-own", get(list))]
}

/// In which order: value and word.
const ORDERS: [(&str, &str, Order); 3] = [
    ("", "申請の古い順", Order::Age),
    ("mark", "期限・目安をすぎた順", Order::Mark),
    ("name", "五十音順", Order::Name),
];

/// What the query asks for; what cannot be understood asks for everything.
fn wanted(req: &Req) -> Wanted {
    let order = ORDERS.iter().find(|(code, ..)| *code == req.asked("sort")).map_or(Order::Age, |(_, _, order)| *order);
    Wanted {
        step: StepKind::ALL.into_iter().find(|kind| kind.code() == req.asked("step")),
        mark: Mark::parse(req.asked("mark")).ok(),
        changed: req.asked("changed") == "yes",
        order,
        page: req.asked("page").parse().unwrap_or(0),
    }
}

/// GET /cases?step=&mark=&changed=&sort=&page=
pub(crate) async fn list(Staff(req): Staff) -> Response {
    let wanted = wanted(&req);
    let found = match req.caller() {
        Ok(caller) => cases::cases(&req.web.app, &req.ctx, caller, wanted).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => ok(&page(&req, &all, &wanted)),
        Err(error) => failure(&req, &error),
    }
}

fn page(req: &Req, all: &Cases, wanted: &Wanted) -> View {
    let link = |page: usize| {
        let step = wanted.step.map_or("", StepKind::code);
        let mark = wanted.mark.map_or("", Mark::code);
        let changed = if wanted.changed { "yes" } else { "" };
        let sort = ORDERS.iter().find(|(.., order)| *order == wanted.order).map_or("", |(code, ..)| *code);
        format!("/cases?step={step}&mark={mark}&changed={changed}&sort={sort}&page={page}")
    };
    let (first, last) = (all.page * PAGE, all.page * PAGE + all.cases.len());
    let choice = |value: &str, word: String, chosen: bool| Choice { value: value.to_owned(), word, chosen };
    View {
        shell: req.shell(),
        errors: Vec::new(),
        // Nobody's progress is shown: then the page is about the reason.
        absence: match all.hidden.as_slice() {
            [only] if all.seen == 0 => Some(say::absence(&only.refusal, &only.insurer_name)),
            _ => None,
        },
        hides_all: all.seen == 0 && !all.hidden.is_empty(),
        hidden: all.hidden.iter().map(hidden).collect(),
        steps: all
            .steps
            .iter()
            .map(|(kind, n)| choice(kind.code(), format!("{}待ち（{n}）", kind.label()), wanted.step == Some(*kind)))
            .collect(),
        marks: all
            .marks
            .iter()
            .map(|(mark, n)| choice(mark.code(), format!("{}（{n}）", mark.label()), wanted.mark == Some(*mark)))
            .collect(),
        orders: ORDERS
            .iter()
            .map(|(code, word, order)| choice(code, (*word).to_owned(), wanted.order == *order))
            .collect(),
        changed: wanted.changed,
        changes: all.changed,
        found: format!("{}件", all.found),
        narrowed: all.found < all.all,
        rows: all.cases.iter().map(|case| case_row(req, case)).collect(),
        paging: Paging {
            previous: (all.page > 0).then(|| link(all.page.saturating_sub(1))),
            next: (last < all.found).then(|| link(all.page + 1)),
            say: if all.found > PAGE { format!("{}件目から{last}件目まで", first + 1) } else { String::new() },
        },
    }
}

/// Whose progress does not stand in the list, and why.
fn hidden(hidden: &Hidden) -> Notice {
    Notice {
        tone: Tone::Plain,
        heading: format!("{}の方（{}人）の進み具合は出ていません", hidden.insurer_name, hidden.people),
        say: format!("{}{}（きまりの記号：{}）", hidden.refusal.say(), hidden.refusal.mend(), hidden.refusal.code()),
    }
}

fn case_row(req: &Req, case: &Case) -> CaseRow {
    let (member, application, line) = (&case.member, &case.application, &case.progress);
    let now = line.steps.iter().filter(|step| step.state == StepState::Now);
    let waiting = now.clone().count();
    let planned = application.board_planned_on.filter(|on| *on >= req.ctx.today);
    let due = match application.expected_on {
        Some(on) => format!("見込み {}", seireki(on)),
        None => seireki(line.due_on),
    };
    let late = application.expected_on.is_some_and(|on| on < req.ctx.today);
    CaseRow {
        href: format!("/people/{}/certification", member.charge.charge_id),
        name: member.person.as_ref().map_or_else(|| say::number(member.charge.insured_no), |p| p.name.to_string()),
        kana: member.person.as_ref().map(|p| p.name_kana.to_string()).unwrap_or_default(),
        insurer: member.insurer_name.clone(),
        kind: format!("{}申請", application.kind.label()),
        applied: seireki(application.applied_on),
        age: Chip::new(
            match case.pace.mark {
                Mark::OnTime => Tone::Plain,
                Mark::Slow | Mark::Near => Tone::Warn,
                Mark::Over => Tone::Bad,
            },
            format!("{}日目", line.days_since_application + 1),
        ),
        steps: now.map(|step| step.label.to_owned()).collect(),
        due,
        due_note: match (late, planned) {
            (true, _) => "見込みの日をすぎています".to_owned(),
            (false, Some(on)) => format!("審査会 {} 予定", say::short(on)),
            (false, None) => String::new(),
        },
        mark: mark(case.pace.mark),
        slow: case
            .pace
            .slow
            .iter()
            .map(|slow| {
                // Two steps run side by side: only then it must be said which.
                let which = if waiting > 1 { format!("{} ", slow.kind.label()) } else { String::new() };
                format!("{which}{}日たちました（目安{}日）", slow.days, slow.usual)
            })
            .collect(),
        changes: case.changes.clone(),
    }
}
