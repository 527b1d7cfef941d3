//! 閲覧についての問い合わせ: the clerk's inbox, one question, the answer.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::question::{self, Waiting};
use kaigo_core::date::days_until;

use super::people::frame;
use crate::citizen;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insured::{QuestionLine, QuestionView, Questions};
use crate::view::insurer::WorkLine;
use crate::view::{Chip, FieldError, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/questions", Insurer, "answer-question", get(list)),
        row("GET", "/insurer/questions/{q}", Insurer, "access-log", get(show)),
        row("POST", "/insurer/questions/{q}", Insurer, "answer-question", post(answer)),
    ]
}

/// What waits here, for the first page of the municipality.
pub(crate) async fn glance(req: &Req) -> Result<Vec<WorkLine>, Error> {
    let (count, oldest) = question::waiting(&req.web.app, req.caller()?).await?;
    let say =
        if oldest.is_empty() { String::new() } else { format!("いちばん古いものは{}", say::instant(&oldest)) };
    Ok(vec![WorkLine {
        tone: if count > 0 { Tone::Warn } else { Tone::Plain },
        heading: "回答を待っている問い合わせ".to_owned(),
        count,
        unit: "件",
        say,
        href: "/insurer/questions".to_owned(),
    }])
}

fn line(req: &Req, waiting: &Waiting) -> QuestionLine {
    let q = &waiting.question;
    let chip = if let Some(at) = &q.answered_at {
        Chip::new(Tone::Good, format!("{}に回答", say::short_instant(at)))
    } else {
        let days = say::day_of(&q.asked_at).map_or(0, |on| days_until(on, req.ctx.today));
        Chip::new(if days > 7 { Tone::Bad } else { Tone::Warn }, format!("{days}日たちました"))
    };
    QuestionLine {
        href: format!("/insurer/questions/{}", q.question_id),
        who: q.asked_by.clone(),
        at: say::instant(&q.asked_at),
        start: q.body.chars().take(60).collect(),
        chip,
    }
}

/// GET /insurer/questions
async fn list(Insurer(req): Insurer) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match question::inbox(&req.web.app, &req.ctx, caller).await {
        Ok((open, answered)) => ok(&Questions {
            shell: req.shell(),
            open: open.iter().map(|q| line(&req, q)).collect(),
            answered: answered.iter().map(|q| line(&req, q)).collect(),
        }),
        Err(error) => failure(&req, &error),
    }
}

async fn one(req: &Req, q: &str, typed: &str, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(req, &Error::LoginNeeded);
    };
    match question::view(&req.web.app, &req.ctx, caller, q).await {
        Ok(all) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(
                status,
                &QuestionView {
                    shell: req.shell(),
                    person: frame(req, &all.head),
                    q: q.to_owned(),
                    card: citizen::question::card(&all.asked),
                    errors,
                    answer: typed.to_owned(),
                },
            )
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /insurer/questions/{q}
async fn show(Insurer(req): Insurer, Path(q): Path<String>) -> Response {
    one(&req, &q, "", Vec::new()).await
}

/// POST /insurer/questions/{q}
async fn answer(Insurer(req): Insurer, Path(q): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let typed = fields.get("answer");
    match question::answer(&req.web.app, &req.ctx, caller, &q, typed).await {
        Ok(()) => moved("/insurer/questions?done=answered"),
        Err(Error::Invalid(wrong)) => {
            one(&req, &q, typed, wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()).await
        }
        Err(error) => failure(&req, &error),
    }
}
