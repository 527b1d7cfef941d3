//! One person's forms of a set or of an upload, as they are printed.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::mailbox::{self, Current, PersonRow};
use kaigo_app::exchange::{compare, partner as directory, upload};
use kaigo_careplan::batch::{Doc, SetPerson};
use kaigo_careplan::sheet::{PersonSheets, of_person};
use kaigo_core::policy::Caller;

use super::forms::{Look, pages};
use super::head::{Named, head, name};
use super::{document, frame, partner, what};
use crate::failure::{failure, ok};
use crate::request::{Req, Staff};
use crate::say;
use crate::view::exchange::{Partner, Tab};
use crate::view::exchange_sheet::Preview;
use crate::view::exchange_sheet::form::Page;
use crate::view::{Chip, Link, Tone};

/// A place in a set or an upload, as it stands in an address.
///
/// # Errors
/// [`Error::NotFound`] for anything else.
pub(super) fn place(text: &str) -> Result<usize, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// GET /exchange/sets/{s}/people/{p}
pub(crate) async fn of_set(Staff(req): Staff, Path((s, p)): Path<(String, String)>) -> Response {
    match sent(&req, &s, &p).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn sent(req: &Req, s: &str, p: &str) -> Result<Preview, Error> {
    let p = place(p)?;
    let seen = mailbox::open(&req.web.app, &req.ctx, req.caller()?, s, Some(p)).await?;
    let row = seen.people.get(p).ok_or(Error::NotFound)?;
    let sheets = of_person(&seen.set, &row.insurer_no, &row.insured_no);
    let (known, kana) = if row.name.is_empty() && sheets.name.is_empty() {
        known_name(req, row).await?
    } else {
        (row.name.clone(), row.kana.clone())
    };
    let named = Named { insurer_no: &row.insurer_no, insured_no: &row.insured_no, name: &known, kana: &kana };
    let head = head(req, &sheets, named).await;
    let other = partner(&seen.row.partner);
    let (tab, way) =
        if seen.is_receiver { (Tab::Inbox, "から届きました") } else { (Tab::Sent, "に送りました") };
    let link = |at: usize| {
        let row = seen.people.get(at)?;
        Some(Link::new(name(&row.name), format!("/exchange/sets/{s}/people/{at}")))
    };
    let is_month = matches!(row.doc, Some(Doc::Usage | Doc::Result));
    let mut links = vec![Link::new(
        if is_month { "予定と実績を見くらべる" } else { "前の版と見くらべる" },
        format!("/exchange/compare/{s}/{p}"),
    )];
    if seen.is_receiver && row.doc == Some(Doc::Usage) {
        links.push(Link::new("実績を入力する", format!("/exchange/results?month={}", row.key)));
    }
    Ok(Preview {
        shell: req.shell(),
        frame: frame(req, tab).await?,
        back: Link::new(what(seen.row.unit, seen.row.month), format!("/exchange/sets/{s}")),
        what: document(row.doc, &row.key, row.deletes),
        small: format!("{} に {} {way}　連番 {}", say::instant(&seen.row.sent_at), other.name, seen.row.serial),
        chip: Some(current(row)),
        is_draft: false,
        previous: p.checked_sub(1).and_then(link),
        next: link(p + 1),
        links,
        pages: forms(req, &sheets, "", seen.is_receiver, &head.insurer, &[(other.number, other.name)]),
        head,
    })
}

/// The name of somebody whom the set does not name.
async fn known_name(req: &Req, row: &PersonRow) -> Result<(String, String), Error> {
    compare::name_of(&req.web.app, req.caller()?, row).await
}

/// Whether the document still counts.
fn current(row: &PersonRow) -> Chip {
    match row.current {
        Current::Yes if row.deletes => Chip::new(Tone::Warn, "取消"),
        Current::Yes => Chip::new(Tone::Good, "最新"),
        Current::Replaced { .. } => Chip::new(Tone::Warn, "置き換え済"),
        Current::Withdrawn { .. } => Chip::new(Tone::Bad, "取消済"),
    }
}

/// GET /exchange/drafts/{d}/sets/{n}/people/{p}
pub(crate) async fn of_draft(Staff(req): Staff, Path((d, n, p)): Path<(String, String, String)>) -> Response {
    match draft(&req, &d, &n, &p).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn draft(req: &Req, d: &str, n: &str, p: &str) -> Result<Preview, Error> {
    let (n, p) = (place(n)?, place(p)?);
    let (set, people) = upload::set_of_draft(&req.web.app, &req.ctx, req.caller()?, d, n, Some(p)).await?;
    let row = people.get(p).ok_or(Error::NotFound)?;
    let sheets = of_person(&set.open(), &row.insurer_no, &row.insured_no);
    let other = office(req, set.to.office_no.as_str()).await?;
    let link = |at: usize| {
        let row = people.get(at)?;
        Some(Link::new(name(&row.name), format!("/exchange/drafts/{d}/sets/{n}/people/{at}")))
    };
    let head = head(req, &sheets, named(row)).await;
    Ok(Preview {
        shell: req.shell(),
        frame: frame(req, Tab::Send).await?,
        back: Link::new("送る前の確かめ", format!("/exchange/drafts/{d}")),
        what: document(row.doc, &row.key, row.deletes),
        small: format!("送信先 {}　連番 {}", other.name, set.serial),
        chip: Some(Chip::new(Tone::Plain, "まだ送っていません")),
        is_draft: true,
        previous: p.checked_sub(1).and_then(link),
        next: link(p + 1),
        links: Vec::new(),
        pages: forms(req, &sheets, "", false, &head.insurer, &[(other.number, other.name)]),
        head,
    })
}

/// An office by its number; one that the directory does not know by its number alone.
pub(super) async fn office(req: &Req, number: &str) -> Result<Partner, Error> {
    match directory::one(&req.web.app, &req.ctx, req.caller()?, number).await {
        Ok(found) => Ok(partner(&found)),
        Err(Error::NotFound) => {
            Ok(Partner { name: number.to_owned(), number: number.to_owned(), phone: String::new() })
        }
        Err(error) => Err(error),
    }
}

pub(super) fn named(row: &SetPerson) -> Named<'_> {
    Named { insurer_no: &row.insurer_no, insured_no: &row.insured_no, name: &row.name, kana: &row.kana }
}

/// The office's own number and name: with the partner's they name the offices of 第6表.
pub(super) fn own_office(req: &Req) -> (String, String) {
    match req.caller() {
        Ok(Caller::Staff(staff)) => (staff.office_no.to_string(), staff.office_name.clone()),
        _ => Default::default(),
    }
}

/// The forms with the names of both ends.
pub(super) fn forms(
    req: &Req,
    sheets: &PersonSheets,
    prefix: &str,
    is_provider: bool,
    insurer: &str,
    others: &[(String, String)],
) -> Vec<Page> {
    let mut offices = vec![own_office(req)];
    offices.extend_from_slice(others);
    pages(sheets, Look { prefix, is_provider, insurer, offices: &offices })
}
