//! The tab 認定, and the timeline that the person's page shares.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::certification::{self, CertificationPage};
use kaigo_app::run::Target;
use kaigo_core::date::{Date, seireki};
use kaigo_core::progress::pace::{Mark, Slow};
use kaigo_core::progress::{self, StepState as State, Timeline};
use kaigo_core::record::application::Application;
use kaigo_core::text::Text;

use crate::failure::{failure, ok};
use crate::person::{frame, marked};
use crate::request::{Req, Staff};
use crate::say;
use crate::view::certification::{Certification as View, PastCertification, Progress, Step, StepState};
use crate::view::{Chip, Fact, Tone};

/// GET /people/{c}/certification
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &kaigo_app::Error::LoginNeeded);
    };
    match certification::view(&req.web.app, &req.ctx, caller, Target::Charge(c)).await {
        Ok(all) => ok(&page(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn page(req: &Req, all: &CertificationPage) -> View {
    let contact = contact(all);
    View {
        shell: req.shell(),
        person: frame(req, &all.head),
        absence: all.progress_refused.as_ref().map(|refusal| say::absence(refusal, &all.head.insurer.name)),
        changes: all.changes.as_ref().map(|(_, lines)| lines.clone()).unwrap_or_default(),
        since: all.changes.as_ref().map(|(at, _)| say::short_instant(at)).unwrap_or_default(),
        slow: all.pace.as_ref().map(|pace| pace.slow.iter().map(slow).collect()).unwrap_or_default(),
        pending: all.progress.as_ref().map(|(a, line)| Progress {
            chip: all.pace.as_ref().and_then(|pace| mark(pace.mark)),
            ..steps(a, line, &contact, false)
        }),
        current: current(all, req.ctx.today),
        coming: all.certification.coming.iter().flat_map(|m| facts(&m.record, req.ctx.today)).collect(),
        past: all
            .certification
            .past
            .iter()
            .map(|m| PastCertification {
                period: say::period(m.record.valid_from, m.record.valid_until),
                level: m.record.care_level.label().to_owned(),
                decided_on: seireki(m.record.certified_on),
                kind: kind_of(all, m.record.application_no.as_ref().map(Text::as_str)),
            })
            .collect(),
    }
}

fn kind_of(all: &CertificationPage, application_no: Option<&str>) -> String {
    let found = all.applications.iter().find(|a| Some(a.application_no.as_str()) == application_no);
    found.map(|a| a.kind.label().to_owned()).unwrap_or_default()
}

pub(crate) fn contact(all: &CertificationPage) -> String {
    let insurer = &all.head.insurer;
    format!("{} 介護保険担当 {}", insurer.name, insurer.phone.as_deref().unwrap_or_default())
}

/// The certification that stands, as facts.
pub(crate) fn current(all: &CertificationPage, today: Date) -> Vec<Fact> {
    let Some(now) = all.certification.now.first() else {
        return Vec::new();
    };
    let mut list = facts(&now.record, today);
    if let Some(first) = list.first_mut() {
        *first = marked(first.clone(), now, "前回");
    }
    list.extend(
        all.limits
            .now
            .iter()
            .filter(|l| l.record.service_kind.is_none())
            .map(|l| Fact::new("区分支給限度基準額", format!("1か月 {} 単位", l.record.units))),
    );
    list
}

fn facts(c: &kaigo_core::record::certification::Certification, today: Date) -> Vec<Fact> {
    let mut valid = Fact::new("認定有効期間", say::period(c.valid_from, c.valid_until));
    valid.chip = c.valid_until.and_then(|until| say::expiry(until, today));
    let mut facts = vec![
        Fact::new("要介護状態区分", c.care_level.label()),
        valid,
        Fact::new("認定年月日", seireki(c.certified_on)),
        Fact::new("審査会の意見", c.opinion.as_ref().map_or_else(|| "なし".to_owned(), ToString::to_string)),
    ];
    facts.extend(c.designated_services.as_ref().map(|s| Fact::new("サービスの種類の指定", s.to_string())));
    facts
}

/// How an application keeps pace, where it does not.
pub(crate) fn mark(mark: Mark) -> Option<Chip> {
    match mark {
        Mark::OnTime => None,
        Mark::Slow => Some(Chip::new(Tone::Warn, "目安より遅れています")),
        Mark::Near => Some(Chip::new(Tone::Warn, "30日の期限が近い")),
        Mark::Over => Some(Chip::new(Tone::Bad, "30日をこえています")),
    }
}

/// A step that takes longer than usual, in a sentence.
pub(crate) fn slow(slow: &Slow) -> String {
    format!(
        "{}：{}から{}日たちました（目安は{}日、{}日すぎています）",
        slow.kind.label(),
        say::short(slow.since),
        slow.days,
        slow.usual,
        slow.over()
    )
}

/// The timeline of an application. `plain`: in the words of the person's pages.
pub(crate) fn steps(a: &Application, line: &Timeline, contact: &str, plain: bool) -> Progress {
    let say = match (&line.delay, line.ended) {
        (_, Some(_)) => {
            if plain {
                line.what_next_plain.clone()
            } else {
                line.what_next.clone()
            }
        }
        (Some(delay), None) => format!("申請から{}日目です。{}", line.days_since_application + 1, delay.say),
        (None, None) => {
            let next = if plain { &line.what_next_plain } else { &line.what_next };
            format!("申請から{}日目です。{next}", line.days_since_application + 1)
        }
    };
    let late = line.is_over_30_days && line.ended.is_none();
    Progress {
        title: format!("{}申請の進み具合", a.kind.label()),
        say,
        chip: late.then(|| Chip::new(Tone::Warn, "30日をこえています")),
        steps: line.steps.iter().map(|s| step(s, plain)).collect(),
        contact: if late { contact.to_owned() } else { String::new() },
    }
}

fn step(s: &progress::Step, plain: bool) -> Step {
    let title = if plain { s.plain } else { s.label }.to_owned();
    // The note of a step to come says its planned day itself.
    let day = s.date.filter(|_| matches!(s.state, State::Done { .. }) || s.note.is_none()).map(|on| match s.state {
        State::Done { .. } => seireki(on),
        State::Now | State::ToCome | State::Skipped => format!("{}の見込み", seireki(on)),
    });
    let when = [day, s.note.clone()].into_iter().flatten().collect::<Vec<_>>().join("　");
    let state = match s.state {
        State::Done { .. } => StepState::Done,
        State::Now => StepState::Now,
        State::ToCome => StepState::Next,
        State::Skipped => StepState::Stopped,
    };
    Step { state, title, when }
}
