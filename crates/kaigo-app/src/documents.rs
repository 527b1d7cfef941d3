//! The tab 認定書類: 認定調査票 and 主治医意見書. Each opening is logged by itself, with its purpose.

use kaigo_core::opinion::OpinionForm;
use kaigo_core::policy::{Caller, Item, Purpose, Refusal};
use kaigo_core::record::application::Application;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_store::case;
use kaigo_store::db::Tx;
use kaigo_store::load::{self, Document as Stored};
use kaigo_store::record::{Guarded, Segment, of_person};

use crate::person::{self, Head, last_look};
use crate::run::{Look, Seen, Target, look};
use crate::{App, Ctx, Error};

/// Purposes for which staff may open a certification document.
pub const PURPOSES: &[Purpose] = &[Purpose::CarePlan, Purpose::Conference, Purpose::Renewal, Purpose::Service];

/// Which document: its kind and the number of its segment (連番), `survey-1`, `opinion-2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentId {
    /// 認定調査票 or 主治医意見書.
    pub item: Item,
    /// Number of the segment.
    pub record_no: i32,
}

impl DocumentId {
    /// Reads `survey-1` or `opinion-2`.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, no) = text.split_once('-')?;
        let item = match kind {
            "survey" => Item::Survey,
            "opinion" => Item::DoctorOpinion,
            _ => return None,
        };
        let record_no = no.parse().ok().filter(|n| (1..=9999).contains(n))?;
        Some(Self { item, record_no })
    }

    /// As [`DocumentId::parse`] reads it.
    pub fn text(self) -> String {
        let kind = if self.item == Item::Survey { "survey" } else { "opinion" };
        format!("{kind}-{}", self.record_no)
    }
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The document, if it is there.
    pub id: Option<DocumentId>,
    /// 認定調査票 or 主治医意見書.
    pub item: Item,
    /// The application it belongs to.
    pub application: Option<Application>,
    /// Day of the survey or of writing.
    pub on: Option<kaigo_core::date::Date>,
    /// Who made it: the surveyor's organisation, the medical institution.
    pub by: Option<String>,
    /// Why it cannot be opened, if so.
    pub refused: Option<Refusal>,
    /// Whether it came since the office last looked.
    pub new: bool,
}

/// The list of documents.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The person.
    pub head: Head,
    /// The lines, the newest application first.
    pub lines: Vec<Line>,
}

/// Lists what documents there are and what is missing and why. The list shows no content of a document.
pub async fn list(app: &App, ctx: &Ctx, caller: &Caller, charge_id: &str) -> Result<Documents, Error> {
    list_of(app, ctx, caller, Target::Charge(charge_id.to_owned())).await
}

/// [`list`] of whomever the caller may look at.
pub async fn list_of(app: &App, ctx: &Ctx, caller: &Caller, target: Target) -> Result<Documents, Error> {
    const ITEMS: &[Item] = &[Item::InsuredCertificate, Item::Progress, Item::Survey, Item::DoctorOpinion];
    let purpose = if target == Target::Myself { Purpose::Own } else { Purpose::Certification };
    let what = Look::view(target, ITEMS, purpose);
    let what = Look { act: "list-documents", ..what };
    let ctx2 = ctx.clone();
    look(app, ctx, caller, what, move |tx, seen| {
        let since = last_look(tx, &ctx2, seen, "documents")?.map(|look| look.load_no);
        let applications = if seen.grant.covers(Item::Progress) { applications(tx, seen)? } else { Vec::new() };
        let mut lines = Vec::new();
        for item in [Item::Survey, Item::DoctorOpinion] {
            if let Some(refusal) = seen.refusal(item) {
                let refused = Some(refusal.clone());
                lines.push(Line { id: None, item, application: None, on: None, by: None, refused, new: false });
                continue;
            }
            let there = if item == Item::Survey { surveys(tx, seen, since)? } else { opinions(tx, seen, since)? };
            for application in applications.iter().filter(|a| a.outcome.is_none()) {
                if !there.iter().any(|(no, _)| *no == application.application_no.as_str()) {
                    let application = Some(application.clone());
                    lines.push(Line { id: None, item, application, on: None, by: None, refused: None, new: false });
                }
            }
            lines.extend(there.into_iter().map(|(no, line)| Line {
                application: applications.iter().find(|a| a.application_no.as_str() == no).cloned(),
                ..line
            }));
        }
        Ok(Documents { head: person::head(tx, seen, ctx2.today)?, lines })
    })
    .await
}

fn applications(tx: &mut Tx<'_>, seen: &Seen) -> Result<Vec<Application>, Error> {
    let segments = of_person::<Application>(tx, &seen.grant, seen.published())?;
    let mut all: Vec<_> = segments.iter().filter_map(Segment::current).map(|row| row.record.clone()).collect();
    all.sort_by_key(|a| std::cmp::Reverse(a.applied_on));
    Ok(all)
}

fn surveys(tx: &mut Tx<'_>, seen: &Seen, since: Option<i32>) -> Result<Vec<(String, Line)>, Error> {
    let segments = of_person::<Survey>(tx, &seen.grant, seen.published())?;
    let lines = segments.iter().rev().filter_map(|segment| {
        let row = segment.current()?;
        let by = row.record.surveyor.as_ref().map(ToString::to_string);
        let new = since.is_some_and(|load| row.load_no > load);
        let id = Some(DocumentId { item: Item::Survey, record_no: segment.record_no });
        let on = Some(row.record.surveyed_on);
        let line = Line { id, item: Item::Survey, application: None, on, by, refused: None, new };
        Some((row.record.application_no.to_string(), line))
    });
    Ok(lines.collect())
}

fn opinions(tx: &mut Tx<'_>, seen: &Seen, since: Option<i32>) -> Result<Vec<(String, Line)>, Error> {
    let segments = of_person::<DoctorOpinion>(tx, &seen.grant, seen.published())?;
    let lines = segments.iter().rev().filter_map(|segment| {
        let row = segment.current()?;
        let by = Some(row.record.institution.to_string());
        let new = since.is_some_and(|load| row.load_no > load);
        let id = Some(DocumentId { item: Item::DoctorOpinion, record_no: segment.record_no });
        let on = Some(row.record.written_on);
        let line = Line { id, item: Item::DoctorOpinion, application: None, on, by, refused: None, new };
        Some((row.record.application_no.to_string(), line))
    });
    Ok(lines.collect())
}

/// A document that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The person.
    pub head: Head,
    /// Its content.
    pub content: Content,
    /// The original, if there is a file.
    pub file: Option<Stored>,
    /// The whole form, where the opinion was submitted on the platform.
    pub full: Option<OpinionForm>,
}

/// What a document says.
#[derive(Clone, Debug)]
pub enum Content {
    /// 認定調査票.
    Survey(Box<Survey>),
    /// 主治医意見書.
    Opinion(Box<DoctorOpinion>),
}

/// Opens a document for a purpose.
///
/// # Errors
/// The refusal, if the policy does not show it; [`Error::NotFound`] if it is not there.
pub async fn open(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    charge_id: &str,
    (id, purpose): (DocumentId, Purpose),
) -> Result<Opened, Error> {
    let what = look_at(charge_id, id, purpose, "open-document");
    let (app2, today) = (app.clone(), ctx.today);
    look(app, ctx, caller, what, move |tx, seen| {
        let content = content(tx, seen, id)?;
        let file = stored(tx, seen, &content)?;
        let full = match &content {
            Content::Survey(_) => None,
            Content::Opinion(_) => crate::opinion::of_record(&app2, tx, &seen.grant, id.record_no)?,
        };
        let full = full.map(|paper| paper.sheet.form());
        Ok(Opened { head: person::head(tx, seen, today)?, content, file, full })
    })
    .await
}

/// Fetches the original of a document for a purpose: media type and bytes.
///
/// # Errors
/// As [`open`].
pub async fn fetch(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    charge_id: &str,
    (id, purpose): (DocumentId, Purpose),
) -> Result<(String, Vec<u8>), Error> {
    let what = look_at(charge_id, id, purpose, "fetch-document");
    let found = look(app, ctx, caller, what, move |tx, seen| {
        let content = content(tx, seen, id)?;
        stored(tx, seen, &content)?.ok_or(Error::NotFound)
    })
    .await?;
    let bytes = app.objects.get(&found.sha256).await?.ok_or(Error::NotFound)?;
    Ok((found.media_type, bytes))
}

fn look_at(charge_id: &str, id: DocumentId, purpose: Purpose, act: &'static str) -> Look {
    let items: &'static [Item] = if id.item == Item::Survey {
        &[Item::Survey, Item::InsuredCertificate]
    } else {
        &[Item::DoctorOpinion, Item::InsuredCertificate]
    };
    Look { target: Target::Charge(charge_id.to_owned()), items, act, document: Some(id.text()), purpose }
}

fn content(tx: &mut Tx<'_>, seen: &Seen, id: DocumentId) -> Result<Content, Error> {
    if let Some(refusal) = seen.refusal(id.item) {
        return Err(refusal.clone().into());
    }
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
        Some(file) => {
            let (insurer_no, file) = (seen.insurer.insurer_no, file.as_str());
            match load::find_document(tx, insurer_no, file, seen.published())? {
                Some(found) => Ok(Some(found)),
                None => Ok(case::find_document(tx, insurer_no, file)?),
            }
        }
        None => Ok(None),
    }
}
