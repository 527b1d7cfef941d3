//! How the service itself is, on the desk's first page: feeds, jobs, certificates, mail.

use kaigo_app::Error;
use kaigo_app::health::{self, Health};
use kaigo_core::date::seireki;

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

/// Mail that waits or was given up.
async fn mail(req: &Req) -> Result<Vec<WorkLine>, Error> {
    let (waiting, failed, sent) = kaigo_app::mail::counts(&req.web.app).await?;
    let say = format!("送れたものは{}通です。", say::grouped(&sent));
    Ok(vec![
        line(Tone::Bad, "送れなかったメール", (failed, "通"), String::new()),
        line(Tone::Info, "送信を待っているメール", (waiting, "通"), say),
    ])
}
