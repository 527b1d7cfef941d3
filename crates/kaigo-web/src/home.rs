//! きょうの仕事: what arrived, what ends, what is under way.

use axum::response::Response;
use kaigo_app::exchange::mailbox;
use kaigo_app::queue::{self, Arrived, Ending, Expiring, Member, News, Queue as All, Running};
use kaigo_app::{Error, steps};
use kaigo_core::date::seireki;
use kaigo_core::policy::{Caller, Item};
use kaigo_core::progress::StepKind;
use kaigo_core::progress::pace::Mark;
use kaigo_core::rule::expiry;
use kaigo_core::steps::{State, Step};

use crate::exchange::glance;
use crate::failure::{failure, moved, ok};
use crate::request::{Req, Visitor};
use crate::say;
use crate::view::home::{Home, Queue, QueueRow, StepCount};
use crate::view::{Chip, Link, Tone};

/// GET /
pub(crate) async fn home(Visitor(mut req): Visitor) -> Response {
    if let Some((login, error)) = req.barred.take() {
        req.login = Some(login);
        return failure(&req, &error);
    }
    if req.login.is_none() {
        // Who was logged in before is told that this ended; everybody else sees what this is.
        return moved(if req.token.is_some() { "/login?next=%2F&done=expired" } else { "/portal" });
    }
    let caller = match req.caller() {
        Ok(Caller::Person { .. }) => return moved("/my"),
        Ok(Caller::Insurer(_)) => return moved("/insurer"),
        Ok(Caller::Medical(_)) => return moved("/medical"),
        Ok(Caller::Board(_)) => return moved("/board"),
        Ok(Caller::OperatorStaff(_)) => return moved("/operator"),
        Ok(Caller::Supporter(_)) => return moved("/support"),
        Ok(caller) => caller,
        Err(error) => return failure(&req, &error),
    };
    match desk(&req, caller).await {
        Ok(home) => ok(&home),
        Err(error) => failure(&req, &error),
    }
}

async fn desk(req: &Req, caller: &Caller) -> Result<Home, Error> {
    let all = queue::today(&req.web.app, &req.ctx, caller).await?;
    let unread = mailbox::summary(&req.web.app, &req.ctx, caller).await?.unread;
    let home = page(req, &all, glance::unread(req, unread).await?);
    let has_nothing = [&home.arrived, &home.expiring, &home.pending].iter().all(|queue| queue.count == 0);
    let begins = if has_nothing { begins(req, caller).await? } else { String::new() };
    Ok(Home { begins, ..home })
}

/// How far an office is that has not begun to work here yet; empty if it has.
async fn begins(req: &Req, caller: &Caller) -> Result<String, Error> {
    let judged = steps::view(&req.web.app, &req.ctx, caller, &crate::mypage::steps::connection(req)).await?;
    let works = judged.iter().any(|j| j.step == Step::Start && j.state == State::Done);
    let next = judged.iter().find(|j| j.state == State::Missing).or_else(|| judged.iter().find(|j| j.next.is_some()));
    let Some(next) = next.filter(|_| !works) else { return Ok(String::new()) };
    let done = judged.iter().filter(|j| j.state == State::Done).count();
    Ok(format!("{}つのうち、{done}つが終わりました。次は「{}」です。", judged.len(), next.step.label()))
}

fn page(req: &Req, all: &All, unread: Queue) -> Home {
    // What came from partners stands before what came from insurers: somebody waits for it.
    let records = section(all.arrived.iter().map(arrived).collect(), all.counts.arrived);
    let arrived = Queue {
        count: unread.count + records.count,
        more: unread.more.or(records.more),
        rows: unread.rows.into_iter().chain(records.rows).collect(),
    };
    Home {
        shell: req.shell(),
        today: say::with_weekday(req.ctx.today),
        begins: String::new(),
        arrived,
        expiring: section(all.expiring.iter().map(|e| expiring(req, e)).collect(), all.counts.expiring),
        steps: counts(&all.counts.waiting),
        pending: Queue {
            more: (!all.counts.waiting.is_empty()).then(|| cases(all.counts.late)),
            ..section(all.running.iter().map(|r| running(req, r)).collect(), all.counts.waiting.len())
        },
    }
}

fn section(rows: Vec<QueueRow>, count: usize) -> Queue {
    let more = (count > rows.len()).then(|| Link::new("利用者の一覧で見る", "/people"));
    Queue { count, rows, more }
}

/// To the list of applications under way: to the late ones first, if there are any.
fn cases(late: usize) -> Link {
    if late == 0 {
        Link::new("進行中の申請をすべて見る", "/cases")
    } else {
        Link::new(format!("進行中の申請をすべて見る（気をつけるもの {late}件）"), "/cases?sort=mark")
    }
}

fn name(m: &Member) -> String {
    m.person.as_ref().map_or_else(|| say::number(m.charge.insured_no), |p| format!("{} さん", p.name))
}

fn to(m: &Member, tab: &str) -> String {
    format!("/people/{}/{tab}", m.charge.charge_id)
}

fn arrived(a: &Arrived) -> QueueRow {
    let m = &a.member;
    let (word, text, tab, button) = match &a.what {
        News::Result(c) => {
            let text = format!("{}：{}（{}）", name(m), c.care_level.label(), say::period(c.valid_from, c.valid_until));
            ("認定結果", text, "certification", "確認する")
        }
        News::Certificate(which) => {
            ("証の変更", format!("{}：{which}が変わりました", name(m)), "certificates", "確認する")
        }
        News::Progress(lines) => {
            let which: Vec<&str> = lines.iter().filter_map(|line| line.split('：').next()).take(3).collect();
            let more = if lines.len() > which.len() { "ほか" } else { "" };
            let text = format!("{}：{}{more}が変わりました", name(m), which.join("・"));
            ("申請の進み", text, "certification", "確認する")
        }
        News::Documents(items) => {
            let which: Vec<&str> = items.iter().copied().map(Item::label).collect();
            let text = format!("{}：{}が見られるようになりました", name(m), which.join("・"));
            ("認定書類", text, "documents", "開く")
        }
    };
    QueueRow {
        chip: Chip::new(Tone::Info, word),
        text,
        href: to(m, tab),
        small: format!("{}が登録", m.insurer_name),
        action: Some(Link::new(button, to(m, tab))),
    }
}

fn expiring(req: &Req, e: &Expiring) -> QueueRow {
    let m = &e.member;
    let today = req.ctx.today;
    let chip = say::expiry(e.until, today).unwrap_or_else(|| Chip::new(Tone::Warn, expiry::label(e.until, today)));
    let (what, tab, button) = match e.what {
        Ending::Certification if e.running.is_some() => ("認定有効期間", "certification", "進み具合"),
        Ending::Certification => ("認定有効期間", "certification", "認定を見る"),
        Ending::BurdenRatio => ("負担割合証", "certificates", "確認する"),
        Ending::Relief => ("負担限度額認定証など", "certificates", "確認する"),
        Ending::Charge => ("担当の期限", "charge", "続ける・終わる"),
    };
    let small = match (&e.running, e.what) {
        (Some((a, line)), _) => {
            let planned = a.board_planned_on.map(|on| format!("・審査会 {} 予定", say::short(on))).unwrap_or_default();
            format!(
                "{}申請 {} 受付済み{planned}（{}日目）",
                a.kind.label(),
                say::short(a.applied_on),
                line.days_since_application + 1
            )
        }
        (None, Ending::Certification) => "更新申請がまだありません".to_owned(),
        (None, Ending::BurdenRatio | Ending::Relief) => "次の証はまだ登録されていません".to_owned(),
        (None, Ending::Charge) => "サービスが続いているときは、担当を続けてください".to_owned(),
    };
    QueueRow {
        chip,
        text: format!("{}：{what} {}まで", name(m), seireki(e.until)),
        href: to(m, tab),
        small,
        action: Some(Link::new(button, to(m, tab))),
    }
}

fn counts(all: &[Option<StepKind>]) -> Vec<StepCount> {
    StepKind::ALL
        .into_iter()
        .map(|kind| StepCount {
            word: format!("{}待ち", kind.label()),
            count: all.iter().filter(|step| **step == Some(kind)).count(),
        })
        .filter(|c| c.count > 0)
        .collect()
}

fn running(req: &Req, r: &Running) -> QueueRow {
    let m = &r.member;
    let days = r.progress.days_since_application + 1;
    let tone = match r.pace.mark {
        Mark::OnTime => Tone::Plain,
        Mark::Slow | Mark::Near => Tone::Warn,
        Mark::Over => Tone::Bad,
    };
    let late: Vec<String> = r
        .pace
        .slow
        .iter()
        .map(|slow| format!("{}が目安（{}日）を{}日すぎています", slow.kind.label(), slow.usual, slow.over()))
        .collect();
    let late = if late.is_empty() { String::new() } else { format!("　{}", late.join("、")) };
    let word = if r.pace.mark == Mark::Over { format!("{days}日目・30日超") } else { format!("{days}日目") };
    let step = queue::waiting(&r.progress).map_or_else(String::new, |kind| format!("{}を待っています", kind.label()));
    let from = format!("{}申請 {}", r.application.kind.label(), say::short(r.application.applied_on));
    let planned = r.application.board_planned_on.filter(|on| *on >= req.ctx.today);
    let planned = planned.map(|on| format!("　審査会 {} 予定", say::short(on))).unwrap_or_default();
    QueueRow {
        chip: Chip::new(tone, word),
        text: format!("{}：{step}", name(m)),
        href: to(m, "certification"),
        small: format!("{from}{planned}{late}"),
        action: None,
    }
}
