//! The papers of a case at the desk and before a board: each opening is logged by itself.

use kaigo_core::policy::{Caller, Item, Purpose};
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_store::db::Tx;
use kaigo_store::load::{self, Document as Stored};
use kaigo_store::record::{Guarded, Segment, of_person};

use super::CaseId;
use crate::documents::{Content, DocumentId};
use crate::run::{Look, Seen, Target, look};
use crate::{App, Ctx, Error};

/// A paper that was opened.
#[derive(Clone, Debug)]
pub struct Paper {
    /// What it says.
    pub content: Content,
    /// The original, if there is a file.
    pub file: Option<Stored>,
}

fn opening(target: Target, id: DocumentId, purpose: Purpose, act: &'static str) -> Look {
    let items: &'static [Item] = if id.item == Item::Survey { &[Item::Survey] } else { &[Item::DoctorOpinion] };
    Look { target, items, act, document: Some(id.text()), purpose }
}

/// Opens a paper of a case at the municipality.
///
/// # Errors
/// [`Error::NotFound`] if it is not there or not of the clerk's insurer.
pub async fn open(app: &App, ctx: &Ctx, caller: &Caller, case: CaseId, id: DocumentId) -> Result<Paper, Error> {
    open_at(app, ctx, caller, opening(case.target(), id, Purpose::Case, "open-document"), id).await
}

/// Opens a paper of a case before the caller's board.
///
/// # Errors
/// [`Error::NotFound`] if the case is not before that board.
pub async fn open_before_board(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    case_id: &str,
    id: DocumentId,
) -> Result<Paper, Error> {
    let target = Target::BoardCase(case_id.to_owned());
    open_at(app, ctx, caller, opening(target, id, Purpose::Judgement, "open-document"), id).await
}

async fn open_at(app: &App, ctx: &Ctx, caller: &Caller, what: Look, id: DocumentId) -> Result<Paper, Error> {
    look(app, ctx, caller, what, move |tx, seen| {
        let content = content(tx, seen, id)?;
        let file = stored(tx, seen, &content)?;
        Ok(Paper { content, file })
    })
    .await
}

/// Fetches the original of a paper of a case at the municipality: media type and bytes.
///
/// # Errors
/// As [`open`].
pub async fn fetch(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    case: CaseId,
    id: DocumentId,
) -> Result<(String, Vec<u8>), Error> {
    let what = opening(case.target(), id, Purpose::Case, "fetch-document");
    let found = look(app, ctx, caller, what, move |tx, seen| {
        let content = content(tx, seen, id)?;
        stored(tx, seen, &content)?.ok_or(Error::NotFound)
    })
    .await?;
    let bytes = app.objects.get(&found.sha256).await?.ok_or(Error::NotFound)?;
    Ok((found.media_type, bytes))
}

fn content(tx: &mut Tx<'_>, seen: &Seen, id: DocumentId) -> Result<Content, Error> {
    Ok(if id.item == Item::Survey {
        Content::Survey(Box::new(segment::<Survey>(tx, seen, id.record_no)?))
    } else {
        Content::Opinion(Box::new(segment::<DoctorOpinion>(tx, seen, id.record_no)?))
    })
}

fn segment<R: Guarded>(tx: &mut Tx<'_>, seen: &Seen, record_no: i32) -> Result<R, Error> {
    let segments = of_person::<R>(tx, &seen.grant, seen.published())?;
    let found = segments.iter().find(|s| s.record_no == record_no).and_then(Segment::current);
    found.map(|row| row.record.clone()).ok_or(Error::NotFound)
}

fn stored(tx: &mut Tx<'_>, seen: &Seen, content: &Content) -> Result<Option<Stored>, Error> {
    let file = match content {
        Content::Survey(survey) => survey.file.as_ref(),
        Content::Opinion(opinion) => opinion.file.as_ref(),
    };
    match file {
        Some(file) => Ok(load::find_document(tx, seen.insurer.insurer_no, file.as_str(), seen.published())?),
        None => Ok(None),
    }
}
