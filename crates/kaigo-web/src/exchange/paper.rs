//! On paper, for partners that do not take part: the forms of everybody with a cover sheet, and a letter that invites.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::{mailbox, partner as directory, upload};
use kaigo_careplan::batch::OpenSet;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::Month;
use kaigo_careplan::sheet::of_everyone;
use kaigo_core::date::seireki;
use kaigo_core::policy::Caller;

use super::head::{insurer, name};
use super::preview::{forms, office, own_office, place};
use super::{frame, number, partner, what};
use crate::failure::{failure, ok};
use crate::request::{Req, Staff};
use crate::say;
use crate::view::Link;
use crate::view::exchange::{Partner, Tab};
use crate::view::exchange_sheet::form::Labelled;
use crate::view::exchange_sheet::paper::{Letter, Paper as View, PaperPerson};

/// GET /exchange/sets/{s}/paper
pub(crate) async fn of_set(Staff(req): Staff, Path(s): Path<String>) -> Response {
    match sent(&req, &s).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn sent(req: &Req, s: &str) -> Result<View, Error> {
    // Who receives a set has no cover to write: for them there is no such page, and nobody is entered in a log.
    if mailbox::set(&req.web.app, &req.ctx, req.caller()?, s).await?.is_receiver {
        return Err(Error::NotFound);
    }
    let seen = mailbox::open(&req.web.app, &req.ctx, req.caller()?, s, None).await?;
    let back = Link::new("送ったもの", format!("/exchange/sets/{s}"));
    paper(req, &seen.set, (seen.row.unit, seen.row.month), partner(&seen.row.partner), (Tab::Sent, back)).await
}

/// GET /exchange/drafts/{d}/sets/{n}/paper
pub(crate) async fn of_draft(Staff(req): Staff, Path((d, n)): Path<(String, String)>) -> Response {
    match draft(&req, &d, &n).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn draft(req: &Req, d: &str, n: &str) -> Result<View, Error> {
    let n = place(n)?;
    let (set, _) = upload::set_of_draft(&req.web.app, &req.ctx, req.caller()?, d, n, None).await?;
    let to = office(req, set.to.office_no.as_str()).await?;
    let back = Link::new("送る前の確かめ", format!("/exchange/drafts/{d}"));
    paper(req, &set.open(), (set.unit, set.month), to, (Tab::Send, back)).await
}

async fn paper(
    req: &Req,
    set: &OpenSet,
    (unit, month): (Option<Unit>, Option<Month>),
    to: Partner,
    (tab, back): (Tab, Link),
) -> Result<View, Error> {
    let mut people = Vec::new();
    let ends = [(to.number.clone(), to.name.clone())];
    for (at, sheets) in of_everyone(set).iter().enumerate() {
        let insurer = insurer(req, &sheets.insurer_no).await;
        let pages = forms(req, sheets, &format!("person-{at}-"), true, &insurer, &ends);
        people.push(PaperPerson { name: name(&sheets.name), number: number(&sheets.insured_no), pages });
    }
    Ok(View {
        shell: req.shell(),
        frame: frame(req, tab).await?,
        back,
        what: what(unit, month),
        to,
        from: own(req).await?,
        writer: writer(req),
        today: say::with_weekday(req.ctx.today),
        count: people.iter().map(|person| person.pages.len()).sum(),
        facts: facts(&people),
        people,
    })
}

/// How many of each form. No names: a cover sheet is what a wrong receiver reads first.
fn facts(people: &[PaperPerson]) -> Vec<Labelled> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for page in people.iter().flat_map(|person| &person.pages) {
        match counts.iter_mut().find(|(tab, _)| *tab == page.tab) {
            Some((_, count)) => *count += 1,
            None => counts.push((&page.tab, 1)),
        }
    }
    counts.into_iter().map(|(tab, count)| Labelled::new(tab, format!("{count}部"))).collect()
}

/// The office that writes.
async fn own(req: &Req) -> Result<Partner, Error> {
    let (number, name) = own_office(req);
    Ok(Partner { name, ..office(req, &number).await? })
}

/// Who writes: name and job.
fn writer(req: &Req) -> String {
    match req.caller() {
        Ok(Caller::Staff(staff)) => format!("{}（{}）", staff.name, say::job_word(staff.job)),
        _ => String::new(),
    }
}

/// GET /exchange/partners/{o}/letter
pub(crate) async fn letter(Staff(req): Staff, Path(o): Path<String>) -> Response {
    match invitation(&req, &o).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn invitation(req: &Req, o: &str) -> Result<Letter, Error> {
    let found = directory::one(&req.web.app, &req.ctx, req.caller()?, o).await?;
    Ok(Letter {
        shell: req.shell(),
        frame: frame(req, Tab::Partners).await?,
        is_registered: found.registered,
        to: partner(&found),
        from: own(req).await?,
        writer: writer(req),
        today: seireki(req.ctx.today),
    })
}
