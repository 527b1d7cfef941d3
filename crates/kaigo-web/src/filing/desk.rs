//! The office's notices: the list, one of them, the form on paper, taking back, mending.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::filing::{self as app, FilingPage, Filings};
use kaigo_app::queue::{self, Search};
use kaigo_core::filing::FilingState;
use kaigo_core::rule::filing::first_bill;

use super::{Paper, facts, line, paper, state_chip};
use crate::failure::{failure, moved, ok, page};
use crate::person::frame;
use crate::request::{Fields, Req, Staff, percent};
use crate::say;
use crate::view::filing::{Filing as View, FilingRow, Filings as ListView};
use crate::view::{Fact, FieldError, Link, Notice, Paging, Tone};

/// GET /filings?state=&before=&number=
pub(crate) async fn list(Staff(req): Staff) -> Response {
    let mut errors = Vec::new();
    if !req.asked("number").trim().is_empty() {
        match begin(&req, req.asked("number").trim()).await {
            Ok(Some(place)) => return moved(&place),
            Ok(None) => errors.push(FieldError::new(
                "number",
                "その番号の方は、担当している方の中にいません。番号を確かめるか、本人確認をして登録してください。",
            )),
            Err(error) => return failure(&req, &error),
        }
    }
    let state = FilingState::parse(req.asked("state")).ok();
    let found = match req.caller() {
        Ok(caller) => app::list(&req.web.app, &req.ctx, caller, state, req.asked("before")).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(all) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &list_page(&req, &all, state, errors))
        }
        Err(error) => failure(&req, &error),
    }
}

/// Where a notice about the person with that number is begun; where several have it, the list of them.
async fn begin(req: &Req, number: &str) -> Result<Option<String>, Error> {
    let search = Search { number: number.to_owned(), ..Search::default() };
    let found = queue::people(&req.web.app, &req.ctx, req.caller()?, search).await?;
    Ok(match found.members.as_slice() {
        [] => None,
        [one] => Some(format!("/people/{}/filing", one.charge.charge_id)),
        [_, _, ..] => Some(format!("/people?number={}", percent(number))),
    })
}

fn list_page(req: &Req, all: &Filings, state: Option<FilingState>, errors: Vec<FieldError>) -> ListView {
    let count = |wanted| all.counts.iter().find(|(state, _)| *state == wanted).map_or(0, |(_, n)| *n);
    let sum: i64 = all.counts.iter().map(|(_, n)| n).sum();
    let mut filters = vec![Link::new(format!("すべて {sum}"), if state.is_none() { "" } else { "/filings" })];
    for wanted in FilingState::ALL {
        let href = if state == Some(*wanted) { String::new() } else { format!("/filings?state={}", wanted.code()) };
        filters.push(Link::new(format!("{} {}", wanted.label(), count(*wanted)), href));
    }
    let rows = all.lines.iter().map(|row| {
        let name = row.member.as_ref().and_then(|m| m.person.as_ref()).map(|p| p.name.to_string());
        FilingRow {
            line: line(&row.filing, format!("/filings/{}", row.filing.filing_id)),
            is_open: name.is_some(),
            name: name.unwrap_or_else(|| "担当を終わった方".to_owned()),
            insurer: row
                .member
                .as_ref()
                .map_or_else(|| row.filing.insurer_no.to_string(), |member| member.insurer_name.clone()),
        }
    });
    let drafts = all.drafts.iter().filter_map(|(member, at, by)| {
        let name = member.person.as_ref()?.name.to_string();
        let link =
            Link::new(format!("{name} さんの届出をつづける"), format!("/people/{}/filing", member.charge.charge_id));
        Some((link, format!("{} {by}", say::short_instant(at))))
    });
    let next = all.next.as_ref().map(|before| {
        let state = state.map(|s| format!("state={}&", s.code())).unwrap_or_default();
        format!("/filings?{state}before={}", percent(before))
    });
    ListView {
        shell: req.shell(),
        errors,
        number: req.asked("number").to_owned(),
        filters,
        rows: rows.collect(),
        drafts: drafts.collect(),
        paging: Paging { previous: None, next, say: String::new() },
    }
}

async fn open(req: &Req, f: &str) -> Result<FilingPage, Error> {
    app::view(&req.web.app, &req.ctx, req.caller()?, f).await
}

/// GET /filings/{f}
pub(crate) async fn show(Staff(req): Staff, Path(f): Path<String>) -> Response {
    match open(&req, &f).await {
        Ok(all) => ok(&view(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn view(req: &Req, all: &FilingPage) -> View {
    let filing = &all.filing;
    let state = filing.state;
    let next = match state {
        FilingState::Filed => format!(
            "{}の介護保険担当が確かめています。受理されると、被保険者証の居宅介護支援事業所がこの事業所に替わります。結果はお知らせに出ます。",
            all.head.insurer.name
        ),
        FilingState::Accepted => {
            let bill = first_bill(filing.start_on);
            format!(
                "受理されました。被保険者証の居宅介護支援事業所は、この事業所です。{}月分の給付管理票は{}月10日までに出します。",
                filing.start_on.month(),
                bill.month()
            )
        }
        FilingState::Returned => "市町村が差し戻しました。理由を読んで、直して出しなおしてください。".to_owned(),
        FilingState::Withdrawn => "取り下げました。必要なときは、もう一度届け出てください。".to_owned(),
    };
    let mut history = vec![Fact::new("届出", format!("{}　{}", say::instant(&filing.filed_at), filing.filed_by))];
    if let (Some(at), Some(by)) = (&filing.decided_at, &filing.decided_by) {
        history.push(Fact::new(state.label(), format!("{}　{by}", say::instant(at))));
    }
    if let Some(before) = &filing.replaces {
        history.push(Fact::new(
            "直す前の届出",
            format!("差し戻された届出を直したものです（{}）", before.get(..8).unwrap_or(before)),
        ));
    }
    View {
        shell: req.shell(),
        person: frame(req, &all.head),
        f: filing.filing_id.clone(),
        receipt: filing.receipt_no.clone(),
        state: state_chip(state),
        next,
        returned: (state == FilingState::Returned).then(|| Notice {
            tone: Tone::Bad,
            heading: format!("差し戻されました：{}", filing.return_reason.map_or("", |reason| reason.label())),
            say: filing.return_text.clone(),
        }),
        facts: facts(filing, all.entrusted.as_deref()),
        history,
        can_withdraw: state == FilingState::Filed,
        can_mend: state == FilingState::Returned,
    }
}

/// GET /filings/{f}/form
pub(crate) async fn form(Staff(req): Staff, Path(f): Path<String>) -> Response {
    match open(&req, &f).await {
        Ok(all) => {
            let entrusted = all.entrusted.as_deref();
            let sheet = Paper { head: &all.head, filing: &all.filing, office: &all.office, entrusted };
            ok(&paper(req.shell(), Link::new("届出にもどる", format!("/filings/{f}")), &sheet))
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /filings/{f}/withdraw
pub(crate) async fn withdraw(Staff(req): Staff, Path(f): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => app::withdraw(&req.web.app, &req.ctx, caller, &f).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => moved(&format!("/filings/{f}?done=filing-withdrawn")),
        Err(error) => failure(&req, &error),
    }
}

/// POST /filings/{f}/mend
pub(crate) async fn mend(Staff(req): Staff, Path(f): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => app::mend(&req.web.app, &req.ctx, caller, &f).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(charge_id) => moved(&format!("/people/{charge_id}/filing")),
        Err(error) => failure(&req, &error),
    }
}
