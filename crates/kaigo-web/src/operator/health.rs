//! How the service itself is, on the desk's first page: feeds, jobs, certificates, mail.

use kaigo_app::health::{self, Health};
use kaigo_app::{Error, attempt};
use kaigo_core::date::seireki;
use kaigo_core::policy::Caller;

use crate::request::Req;
use crate::say;
use crate::view::Tone;
use crate::view::insurer::WorkLine;

/// Municipalities that are named in a line; the others are counted.
const NAMED: usize = 5;

/// What somebody should look at, and what is fine.
pub(super) async fn lines(req: &Req) -> Result<Vec<WorkLine>, Error> {
    let health = health::view(&req.web.app, &req.ctx, req.caller()?).await?;
    let mut lines = vec![feeds(&health)];
    lines.extend(jobs(&health));
    lines.extend(certificates(&health));
    lines.extend(mail(req).await?);
    lines.push(refused(req).await?);
    Ok(lines)
}

fn line(tone: Tone, heading: impl Into<String>, (count, unit): (i64, &'static str), say: String) -> WorkLine {
    let tone = if count > 0 { tone } else { Tone::Plain };
    WorkLine { tone, heading: heading.into(), count, unit, say, href: String::new() }
}

fn number(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

fn feeds(health: &Health) -> WorkLine {
    let named = health.feeds.iter().take(NAMED).map(|feed| match feed.last_on {
        Some(on) => format!("{}（最後の取込は{}）", feed.insurer, seireki(on)),
        None => format!("{}（一度も取り込まれていません）", feed.insurer),
    });
    let more = health.feeds.len().saturating_sub(NAMED);
    let rest = (more > 0).then(|| format!("ほか{more}市町村"));
    let say = named.chain(rest).collect::<Vec<_>>().join("、");
    let tone = if health.feeds.iter().any(|feed| feed.is_late) { Tone::Bad } else { Tone::Warn };
    line(tone, "記録の取込がおくれている市町村", (number(health.feeds.len()), "件"), say)
}

fn jobs(health: &Health) -> Vec<WorkLine> {
    let say = if health.jobs.is_empty() {
        "自動の処理は、すべて動いています。".to_owned()
    } else {
        format!("{}。サーバーが動いているか確かめてください。", health.jobs.join("、"))
    };
    vec![
        line(Tone::Bad, "止まっている自動の処理", (number(health.jobs.len()), "件"), say),
        line(Tone::Warn, "途中で止まっているファイルの取込", (health.uploads, "件"), String::new()),
    ]
}

fn certificates(health: &Health) -> Vec<WorkLine> {
    let heading = format!("{}日以内に期限が切れる端末の電子証明書", health.certificate_days);
    let ending = line(Tone::Warn, heading, (health.certificates, "件"), String::new());
    let mut lines = vec![WorkLine { href: "/operator/certificates#ending-heading".to_owned(), ..ending }];
    if let Some(until) = &health.authority_until {
        let say = format!("{}まで。過ぎると、どの端末の電子証明書も使えなくなります。", say::instant(until));
        let authority = line(Tone::Bad, "発行局の期限", (1, "件"), say);
        lines.push(WorkLine { href: "/operator/certificates#authority-heading".to_owned(), ..authority });
    }
    lines
}

/// What was refused before anybody looked at it, by kind; the hours stand on a page of those who administer the desk.
async fn refused(req: &Req) -> Result<WorkLine, Error> {
    let caller = req.caller()?;
    let rows = attempt::refused(&req.web.app, &req.ctx, caller).await?;
    let total = rows.iter().map(|(_, _, times)| times).sum();
    let kinds = attempt::Refused::ALL.into_iter().filter_map(|kind| {
        let times: i64 = rows.iter().filter(|(_, k, _)| *k == kind).map(|(_, _, times)| times).sum();
        (times > 0).then(|| format!("{} {}", kind.label(), say::grouped(&times)))
    });
    let most = rows.iter().max_by_key(|(_, _, times)| *times);
    let most = most.map(|(hour, kind, times)| {
        let hour = say::instant(&format!("{hour}:00:00.000Z"));
        format!("いちばん多かったのは{hour}からの1時間の「{}」{}件です。", kind.label(), say::grouped(times))
    });
    let says = kinds.collect::<Vec<_>>().join("、");
    let say = most.map_or_else(String::new, |most| format!("{says}。{most}"));
    let heading = format!("断った送信や接続（この{}時間）", attempt::HOURS);
    let line = line(Tone::Info, heading, (total, "件"), say);
    let may_see = matches!(caller, Caller::OperatorStaff(staff) if staff.is_admin);
    let href = if may_see { "/operator/failed-logins#refused-heading" } else { "" };
    Ok(WorkLine { href: href.to_owned(), ..line })
}

/// Mail that waits or was given up.
async fn mail(req: &Req) -> Result<Vec<WorkLine>, Error> {
    let (waiting, failed, sent) = kaigo_app::mail::counts(&req.web.app).await?;
    let say = format!("送れたものは{}通です。", say::grouped(&sent));
    Ok(vec![
        line(Tone::Bad, "送れなかったメール", (failed, "通"), String::new()),
        line(Tone::Info, "送信を待っているメール", (waiting, "通"), say),
    ])
}
