//! The operator's desk for the subsidy: what waits, one application, the decision, payments.

use std::fmt::Write as _;

use kaigo_core::date::Date;
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, Caller, Refusal, decide_act};
use kaigo_core::subsidy::State;
use kaigo_core::text::Text;
use kaigo_store::notice::Notice;
use kaigo_store::subsidy::{self, Application, File};

use super::{Page, opened, page};
use crate::{App, Ctx, Error, Wrong, enclosure, support};

/// Lines of the list.
const MOST: i32 = 200;

/// A line of the desk's list.
pub type Listed = Application;

/// An application as the desk sees it.
pub type Review = Page;

/// What the desk decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Granted, with so many yen.
    Grant(i64),
    /// Sent back with what is to be mended.
    Return(String),
    /// Refused with the reason.
    Refuse(String),
}

fn name(caller: &Caller) -> Result<String, Error> {
    match caller {
        Caller::OperatorStaff(s) => Ok(s.name.clone()),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::Supporter(_) => Err(Refusal::NotAllowed.into()),
    }
}

/// Applications by state and office, the oldest first.
pub async fn list(app: &App, caller: &Caller, (state, search): (&str, &str)) -> Result<Vec<Listed>, Error> {
    let grant = decide_act(caller, Act::ReviewSubsidy)?;
    let (state, search) = (state.to_owned(), kaigo_core::text::halfwidth(search).into_owned());
    app.db.read(move |tx| subsidy::list(tx, &grant, (&state, &search), MOST).map_err(Error::from)).await
}

/// How many applications there are of each state, and when the oldest was filed.
pub async fn waiting(app: &App, caller: &Caller) -> Result<Vec<(String, i64, String)>, Error> {
    decide_act(caller, Act::ReviewSubsidy)?;
    app.db.read(|tx| subsidy::counts(tx).map_err(Error::from)).await
}

/// One application. That the desk saw the number of a bank account stands in the administrative log.
///
/// # Errors
/// [`Error::NotFound`] for a draft, too.
pub async fn review(app: &App, ctx: &Ctx, caller: &Caller, application_id: &str) -> Result<Review, Error> {
    let grant = decide_act(caller, Act::ReviewSubsidy)?;
    let (ctx, keys, id) = (ctx.clone(), std::sync::Arc::clone(&app.keys), application_id.to_owned());
    let caller = caller.clone();
    app.db
        .write(move |tx| {
            let a = subsidy::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            support::desk_log(tx, &ctx, &caller, ("view-subsidy", a.office_no.as_str(), &a.office_name))?;
            page(tx, &ctx, &keys, &grant, a)
        })
        .await
}

/// A file of an application: its row and its bytes.
///
/// # Errors
/// [`Error::NotFound`] for what is not there.
pub async fn file_of(app: &App, caller: &Caller, application_id: &str, file_no: i64) -> Result<(File, Vec<u8>), Error> {
    let grant = decide_act(caller, Act::ReviewSubsidy)?;
    let id = application_id.to_owned();
    let file = app
        .db
        .read(move |tx| {
            let a = subsidy::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let files = subsidy::files(tx, &grant, &a)?;
            files.into_iter().find(|f| f.file_no == file_no).ok_or(Error::NotFound)
        })
        .await?;
    let bytes = enclosure::open(app, &file.digest).await?;
    Ok((file, bytes))
}

fn reason(typed: &str) -> Result<String, Error> {
    let wrong = |code, say| Err(Error::Invalid(vec![Wrong { field: "reason", code, say }]));
    match Text::<1000>::parse(typed) {
        Ok(text) if text.is_empty() => wrong("missing", "理由を書いてください。事業所がそのまま読みます。".to_owned()),
        Ok(text) => Ok(text.to_string()),
        Err(bad) => wrong(bad.code(), format!("{}{}", bad.say("理由"), bad.mend("理由"))),
    }
}

/// Decides. The same decision again is no conflict.
///
/// # Errors
/// [`Error::Invalid`] without a reason, or with more yen than the ceiling; [`Error::Conflict`] if it is not under review.
pub async fn decide(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    application_id: &str,
    decision: Decision,
) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ReviewSubsidy)?;
    let by = name(caller)?;
    let (state, say) = match &decision {
        Decision::Grant(yen) => (State::Granted, format!("交付額 {yen}円")),
        Decision::Return(text) => (State::Returned, reason(text)?),
        Decision::Refuse(text) => (State::Refused, reason(text)?),
    };
    let (ctx, keys, id, caller) =
        (ctx.clone(), std::sync::Arc::clone(&app.keys), application_id.to_owned(), caller.clone());
    app.db
        .write(move |tx| {
            let a = subsidy::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if a.state == state && a.decided_by.as_deref() == Some(by.as_str()) {
                return Ok(());
            }
            let yen = match decision {
                Decision::Grant(yen) => {
                    let computed = i64::from(page(tx, &ctx, &keys, &grant, a.clone())?.amounts.grant);
                    if yen <= 0 || yen % 1_000 != 0 || yen > computed {
                        let say = format!("交付額は、千円単位で{computed}円までです。");
                        return Err(Error::Invalid(vec![Wrong { field: "grant", code: "subsidy-grant", say }]));
                    }
                    yen
                }
                Decision::Return(_) | Decision::Refuse(_) => a.grant_yen,
            };
            if !subsidy::decide(tx, &grant, &a, state, (&ctx.instant(), &by, yen))? {
                return Err(Error::Conflict(
                    "審査中ではありません。ほかの人が先に決めたか、取り下げられています。".to_owned(),
                ));
            }
            subsidy::event(tx, &grant, &a, state.code(), (&ctx.instant(), &by, &say))?;
            support::desk_log(
                tx,
                &ctx,
                &caller,
                (&format!("subsidy-{}", state.code()), a.office_no.as_str(), &a.office_name),
            )?;
            let notice = Notice {
                to: Recipient::Office(a.office_no),
                topic: Topic::SubsidyDecided,
                about: None,
                href: format!("/office/subsidy/{}", a.application_id),
                note: state.label().to_owned(),
                key: format!("subsidy-decided {} {}", a.application_id, a.revision),
                at: ctx.instant(),
            };
            kaigo_store::notice::tell(tx, &notice).map_err(Error::from)
        })
        .await
}

/// Notes that the money was sent.
///
/// # Errors
/// [`Error::Conflict`] unless it is granted.
pub async fn paid(app: &App, ctx: &Ctx, caller: &Caller, application_id: &str, on: Date) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ReviewSubsidy)?;
    let (by, ctx, id) = (name(caller)?, ctx.clone(), application_id.to_owned());
    app.db
        .write(move |tx| {
            let a = subsidy::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if a.state == State::Paid {
                return Ok(());
            }
            if !subsidy::pay(tx, &grant, &a, on)? {
                return Err(Error::Conflict("交付が決まった申請ではありません。".to_owned()));
            }
            subsidy::event(tx, &grant, &a, "paid", (&ctx.instant(), &by, &format!("振込日 {on}")))?;
            Ok(())
        })
        .await
}

/// A cell of CSV: quoted, and never a formula.
fn cell(text: &str) -> String {
    let start = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{start}{}\"", text.replace('"', "\"\""))
}

/// Payments of granted applications as CSV (UTF-8 with a mark, as spreadsheets take it). Who took it stands in the administrative log.
pub async fn payments_csv(app: &App, ctx: &Ctx, caller: &Caller) -> Result<String, Error> {
    let grant = decide_act(caller, Act::ReviewSubsidy)?;
    let (keys, ctx, caller) = (std::sync::Arc::clone(&app.keys), ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let mut out = String::from("\u{FEFF}事業所番号,事業所名,交付額,支払期限,金融機関コード,金融機関名,支店コード,支店名,口座の種類,口座番号,口座名義\r\n");
            let granted = subsidy::list(tx, &grant, (State::Granted.code(), ""), i32::MAX)?;
            for a in &granted {
                let typed = opened(&keys, a)?;
                let get = |name: &str| typed.get(name).map_or("", String::as_str);
                let kind = if get("account_kind") == "current" { "当座" } else { "普通" };
                let pay_by = a.pay_by.map(|d| d.to_string()).unwrap_or_default();
                let cells = [
                    a.office_no.as_str(),
                    &a.office_name,
                    &a.grant_yen.to_string(),
                    &pay_by,
                    get("bank_code"),
                    get("bank_name"),
                    get("branch_code"),
                    get("branch_name"),
                    kind,
                    get("account_no"),
                    get("holder"),
                ];
                let line: Vec<String> = cells.iter().map(|text| cell(text)).collect();
                let _ = write!(out, "{}\r\n", line.join(","));
            }
            support::desk_log(tx, &ctx, &caller, ("payments-csv", "助成金の支払", &format!("{}件", granted.len())))?;
            Ok(out)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_no_formulas() {
        assert_eq!(cell("みなと\"会\""), "\"みなと\"\"会\"\"\"");
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
    }
}
