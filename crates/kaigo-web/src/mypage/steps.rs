//! The five steps: of the office, and for who has no login yet.

use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::steps::{self, Connection};
use kaigo_core::steps::{Browser, Facts, Judged, Known, State, judge};

use crate::failure::{failure, ok};
use crate::request::{Anybody, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::view::mypage::{PublicSteps, StepCard, Steps};
use crate::view::{Chip, Link, Tone};

/// The URLs of this part.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![
        row("GET", "/office/steps", Access::Staff, "view-office", get(show)),
        row("GET", "/portal/start", Access::Anybody, "-", get(public)),
    ]
}

/// What the connection tells of who looks.
pub(crate) fn connection(req: &Req) -> Connection {
    Connection { agent: req.agent.clone(), wire: req.wire }
}

/// The state of a step as a chip.
pub(crate) fn mark(state: State) -> Chip {
    match state {
        State::Done => Chip::new(Tone::Good, "完了"),
        State::Nearly => Chip::new(Tone::Info, "もう少し"),
        State::Missing => Chip::new(Tone::Warn, "これから"),
    }
}

/// A step as a card. `known` holds the pages that there are: a link that leads nowhere is not offered.
pub(crate) fn card((n, judged): (usize, &Judged), known: &[&str]) -> StepCard {
    let line = |fine: Option<bool>| match fine {
        Some(true) => Chip::new(Tone::Good, "よい"),
        Some(false) => Chip::new(Tone::Warn, "まだ"),
        None => Chip::new(Tone::Plain, "要確認"),
    };
    StepCard {
        number: format!("ステップ{}", n + 1),
        title: judged.step.label().to_owned(),
        why: judged.step.why().to_owned(),
        chip: mark(judged.state),
        lines: judged.lines.iter().map(|l| (line(l.fine), l.say.clone())).collect(),
        next: judged.next.filter(|(_, href)| known.contains(href)).map(|(word, href)| Link::new(word, href)),
    }
}

/// GET /office/steps
async fn show(Staff(req): Staff) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match steps::view(&req.web.app, &req.ctx, caller, &connection(&req)).await {
        Ok(judged) => {
            let done = judged.iter().filter(|j| j.state == State::Done).count();
            let known = crate::routes::paths();
            let steps = judged.iter().enumerate().map(|step| card(step, &known)).collect();
            ok(&Steps {
                shell: req.shell(),
                sum: if done == judged.len() {
                    format!("{done}つとも終わりました。")
                } else {
                    format!("{}つのうち、{done}つが終わりました。", judged.len())
                },
                steps,
            })
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /portal/start
async fn public(Anybody(req): Anybody) -> Response {
    let facts = Facts { certificate: Known::Unknown, browser: Some(Browser::of(&req.agent)), ..Facts::default() };
    let known = crate::routes::paths();
    let steps = judge(&facts, req.ctx.today)
        .iter()
        .enumerate()
        .map(|(n, judged)| {
            let mut card = card((n, judged), &known);
            // Nothing is known of an office that nobody has named: only the browser can be looked at.
            if n != 2 {
                card.lines.clear();
            }
            card.chip = Chip::new(Tone::Plain, format!("{}/5", n + 1));
            card.next = None;
            card
        })
        .collect();
    ok(&PublicSteps { shell: req.shell(), steps })
}
