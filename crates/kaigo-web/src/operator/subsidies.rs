//! 助成金の審査.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::subsidy::{self, Decision, Review};
use kaigo_core::date::{parse_date, seireki};
use kaigo_core::subsidy::State as Stand;

use crate::failure::{failure, moved, ok, page};
use crate::mypage::subsidy as office;
use crate::mypage::{field_errors, talk};
use crate::request::{Fields, Operator, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::{Count, WorkLine};
use crate::view::mypage::subsidy::{DeskLine, DeskSubsidies, DeskSubsidy};
use crate::view::{FieldError, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Operator;
    vec![
        row("GET", "/operator/subsidies", Operator, "review-subsidy", get(list)),
        row("POST", "/operator/subsidies/payments", Operator, "review-subsidy", post(payments)),
        row("GET", "/operator/subsidies/{a}", Operator, "review-subsidy", get(show)),
        row("POST", "/operator/subsidies/{a}", Operator, "review-subsidy", post(decide)),
        row("GET", "/operator/subsidies/{a}/files/{n}", Operator, "review-subsidy", get(file)),
    ]
}

/// What waits here.
pub(crate) async fn glance(req: &Req) -> Result<Vec<WorkLine>, Error> {
    let counts = subsidy::waiting(&req.web.app, req.caller()?).await?;
    let line = |state: Stand, heading: &str| {
        let found = counts.iter().find(|(code, ..)| code == state.code());
        let count = found.map_or(0, |(_, n, _)| *n);
        let oldest = found.map(|(_, _, at)| say::instant(at)).filter(|at| !at.is_empty());
        WorkLine {
            tone: if count > 0 { Tone::Warn } else { Tone::Plain },
            heading: heading.to_owned(),
            count,
            unit: "件",
            say: oldest.map(|at| format!("いちばん古いものは{at}")).unwrap_or_default(),
            href: format!("/operator/subsidies?state={}", state.code()),
        }
    };
    Ok(vec![line(Stand::Filed, "審査を待っている助成金の申請"), line(Stand::Granted, "振込を待っている助成金")])
}

/// GET /operator/subsidies
async fn list(Operator(req): Operator) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let (state, q) = (req.asked("state"), req.asked("q"));
    let all = subsidy::list(&req.web.app, caller, (state, q)).await;
    let counts = subsidy::waiting(&req.web.app, caller).await;
    let (all, counts) = match (all, counts) {
        (Ok(all), Ok(counts)) => (all, counts),
        (Err(error), _) | (_, Err(error)) => return failure(&req, &error),
    };
    let number = |code: &str| -> i64 {
        let fits = |state: &str| if code.is_empty() { state != Stand::Draft.code() } else { state == code };
        counts.iter().filter(|(state, ..)| fits(state)).map(|(_, n, _)| n).sum()
    };
    let states = Stand::ALL.iter().filter(|s| **s != Stand::Draft).map(|s| (s.code(), s.label()));
    ok(&DeskSubsidies {
        shell: req.shell(),
        counts: std::iter::once(("", "すべて"))
            .chain(states)
            .map(|(code, word)| Count {
                word: word.to_owned(),
                count: say::grouped(&number(code)),
                href: format!("/operator/subsidies?state={code}&q={}", percent(q)),
                current: state == code,
            })
            .collect(),
        state: state.to_owned(),
        q: q.to_owned(),
        lines: all
            .iter()
            .map(|a| DeskLine {
                href: format!("/operator/subsidies/{}", a.application_id),
                office: a.office_name.clone(),
                no: a.office_no.to_string(),
                filed: a.filed_on.map(seireki).unwrap_or_default(),
                yen: format!("{}円", say::grouped(&a.grant_yen)),
                pay_by: a.pay_by.map(seireki).unwrap_or_default(),
                chip: office::chip(a.state),
            })
            .collect(),
    })
}

fn view(req: &Req, found: &Review, fields: Option<&Fields>, errors: Vec<FieldError>) -> DeskSubsidy {
    let a = &found.application;
    let typed = |name: &str| fields.map(|f| f.get(name).to_owned()).filter(|text| !text.is_empty());
    DeskSubsidy {
        shell: req.shell(),
        errors,
        id: a.application_id.clone(),
        office: a.office_name.clone(),
        chip: office::chip(a.state),
        facts: office::facts(found),
        rows: office::rows(&found.form),
        files: office::files(found, &format!("/operator/subsidies/{}/files", a.application_id)),
        findings: office::found(&found.findings, ""),
        events: office::events(&found.events),
        is_filed: a.state == Stand::Filed,
        is_granted: a.state == Stand::Granted,
        grant: typed("grant").unwrap_or_else(|| found.amounts.grant.to_string()),
        reason: typed("reason").unwrap_or_default(),
        paid_on: typed("paid_on").unwrap_or_default(),
    }
}

async fn one(req: &Req, id: &str, fields: Option<&Fields>, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    match subsidy::review(&req.web.app, &req.ctx, caller, id).await {
        Ok(found) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &view(req, &found, fields, errors))
        }
        Err(error) => failure(req, &error),
    }
}

/// GET /operator/subsidies/{a}
async fn show(Operator(req): Operator, Path(a): Path<String>) -> Response {
    one(&req, &a, None, Vec::new()).await
}

/// POST /operator/subsidies/{a}
async fn decide(Operator(req): Operator, Path(a): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let (app, ctx) = (&req.web.app, &req.ctx);
    let digits: String =
        kaigo_core::text::halfwidth(fields.get("grant")).chars().filter(char::is_ascii_digit).collect();
    let reason = fields.get("reason").to_owned();
    let done = match fields.get("decision") {
        "grant" => subsidy::decide(app, ctx, caller, &a, Decision::Grant(digits.parse().unwrap_or(0))).await,
        "refuse" => subsidy::decide(app, ctx, caller, &a, Decision::Refuse(reason)).await,
        "return" => subsidy::decide(app, ctx, caller, &a, Decision::Return(reason)).await,
        "paid" => {
            if let Some(on) = parse_date(fields.get("paid_on")) {
                subsidy::paid(app, ctx, caller, &a, on).await
            } else {
                let say = "振込日を、2026年12月25日 のように入れてください。";
                return one(&req, &a, Some(&fields), vec![FieldError::new("paid_on", say)]).await;
            }
        }
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(()) => moved("/operator/subsidies?state=filed&done=subsidy-decided"),
        Err(error) => match field_errors(error) {
            Ok(errors) => one(&req, &a, Some(&fields), errors).await,
            Err(error) => failure(&req, &error),
        },
    }
}

/// POST /operator/subsidies/payments: a form, because taking it is noted.
async fn payments(Operator(req): Operator, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match subsidy::payments_csv(&req.web.app, &req.ctx, caller).await {
        Ok(text) => {
            let name = format!("joseikin-{}.csv", say::file_stamp(req.ctx.now));
            talk::attachment(&name, "text/csv; charset=utf-8", text.into_bytes())
        }
        Err(error) => failure(&req, &error),
    }
}

/// GET /operator/subsidies/{a}/files/{n}
async fn file(Operator(req): Operator, Path((a, n)): Path<(String, String)>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match subsidy::file_of(&req.web.app, caller, &a, n.parse().unwrap_or(0)).await {
        Ok((file, bytes)) => talk::attachment(&file.name, &file.media_type, bytes),
        Err(error) => failure(&req, &error),
    }
}
