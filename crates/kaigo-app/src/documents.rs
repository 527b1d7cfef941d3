//! The tab 認定書類: 認定調査票 and 主治医意見書. Each opening is logged by itself, with its purpose.

mod missing;

use std::sync::Arc;

use kaigo_core::date::Date;
use kaigo_core::opinion::OpinionForm;
use kaigo_core::policy::{Caller, Cell, Item, Matrix, Purpose, Reader, Refusal};
use kaigo_core::record::application::Application;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::rule::insurer::switch::Switch;
use kaigo_store::db::Tx;
use kaigo_store::load::{self, Document as Stored};
use kaigo_store::opinion::asked;
use kaigo_store::record::{Guarded, Segment, of_person};

pub use self::missing::Missing;
use self::missing::missing;
use crate::person::{self, Head, last_look};
use crate::run::{Look, Seen, Target, look};
use crate::{App, Ctx, Error, setting};

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
    pub on: Option<Date>,
    /// Who made it: the surveyor's organisation, the medical institution.
    pub by: Option<String>,
    /// Why it cannot be opened, if so.
    pub refused: Option<Refusal>,
    /// Why it is not there, if it could be opened.
    pub missing: Option<Missing>,
    /// Whether it came since the office last looked.
    pub new: bool,
}

impl Line {
    fn of(item: Item) -> Self {
        Self { id: None, item, application: None, on: None, by: None, refused: None, missing: None, new: false }
    }
}

/// The list of documents.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The person.
    pub head: Head,
    /// The lines, the newest application first.
    pub lines: Vec<Line>,
    /// Items that the national table shows to the caller and this insurer does not.
    pub closed_here: Vec<Item>,
    /// Whether the caller's office takes consents in the municipality's place.
    pub takes_consent: bool,
    /// Who may ask the insurer for the papers on paper, in the insurer's words.
    pub on_paper: Option<String>,
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
    let (ctx2, caller2, matrix) = (ctx.clone(), caller.clone(), Arc::clone(&app.matrix));
    look(app, ctx, caller, what, move |tx, seen| {
        let today = ctx2.today;
        let since = last_look(tx, &ctx2, seen, "documents")?.map(|look| look.load_no);
        let rules = setting::rules(tx, &matrix, seen.insurer.insurer_no, today)?;
        let shows_progress = seen.grant.covers(Item::Progress);
        let applications = if shows_progress { applications(tx, seen)? } else { Vec::new() };
        let asked = if shows_progress { asked::of_person(tx, &seen.grant)? } else { Vec::new() };
        let (mut lines, mut closed_here) = (Vec::new(), Vec::new());
        for item in [Item::Survey, Item::DoctorOpinion] {
            if let Some(refusal) = seen.refusal(item) {
                if *refusal == Refusal::NotShared && shown_elsewhere(&matrix, &caller2, item, today) {
                    closed_here.push(item);
                }
                lines.push(Line { refused: Some(refusal.clone()), ..Line::of(item) });
                continue;
            }
            let (there, gone) = if item == Item::Survey {
                papers::<Survey>(tx, seen, since)?
            } else {
                papers::<DoctorOpinion>(tx, seen, since)?
            };
            for (place, application) in applications.iter().enumerate() {
                let no = application.application_no.as_str();
                // Of those that have ended only the last one is missed.
                if (application.outcome.is_some() && place > 0) || there.iter().any(|(own, _)| own == no) {
                    continue;
                }
                let asked = asked.iter().find(|asked| asked.application_no == no);
                let taken_back = gone.iter().any(|own| own == no);
                let missing = missing(item, application, (asked, taken_back), &rules, today);
                let application = Some(application.clone());
                lines.push(Line { application, missing: Some(missing), ..Line::of(item) });
            }
            lines.extend(there.into_iter().map(|(no, line)| Line {
                application: applications.iter().find(|a| a.application_no.as_str() == no).cloned(),
                ..line
            }));
        }
        let takes_consent = matches!(&caller2, Caller::Staff(staff) if staff.may_take_consent())
            && rules.is_on(Switch::OfficeConsent, today);
        Ok(Documents {
            head: person::head(tx, seen, today)?,
            lines,
            closed_here,
            takes_consent,
            on_paper: rules.paper_requests,
        })
    })
    .await
}

/// Whether the national table shows the item to the caller, in whatever way.
fn shown_elsewhere(standard: &Matrix, caller: &Caller, item: Item, today: Date) -> bool {
    let readers = match caller {
        Caller::Staff(staff) => staff.readers(),
        Caller::Person { .. } => vec![Reader::Person],
        Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Vec::new(),
    };
    readers.iter().any(|reader| match standard.cell(item, *reader, today) {
        Cell::Open | Cell::Consent | Cell::ConsentByJob(_) => true,
        Cell::Own | Cell::DualProvider | Cell::Closed | Cell::Unverified => false,
    })
}

fn applications(tx: &mut Tx<'_>, seen: &Seen) -> Result<Vec<Application>, Error> {
    let segments = of_person::<Application>(tx, &seen.grant, seen.published())?;
    let mut all: Vec<_> = segments.iter().filter_map(Segment::current).map(|row| row.record.clone()).collect();
    all.sort_by_key(|a| std::cmp::Reverse(a.applied_on));
    Ok(all)
}

/// A paper of an application: the lists need its application, day and maker.
trait Paper: Guarded {
    const ITEM: Item;
    fn application_no(&self) -> String;
    fn on(&self) -> Date;
    fn by(&self) -> Option<String>;
}

impl Paper for Survey {
    const ITEM: Item = Item::Survey;
    fn application_no(&self) -> String {
        self.application_no.to_string()
    }
    fn on(&self) -> Date {
        self.surveyed_on
    }
    fn by(&self) -> Option<String> {
        self.surveyor.as_ref().map(ToString::to_string)
    }
}

impl Paper for DoctorOpinion {
    const ITEM: Item = Item::DoctorOpinion;
    fn application_no(&self) -> String {
        self.application_no.to_string()
    }
    fn on(&self) -> Date {
        self.written_on
    }
    fn by(&self) -> Option<String> {
        Some(self.institution.to_string())
    }
}

/// Papers with the numbers of their applications, the newest first; and the applications whose paper was taken back.
type Papers = (Vec<(String, Line)>, Vec<String>);

fn papers<P: Paper>(tx: &mut Tx<'_>, seen: &Seen, since: Option<i32>) -> Result<Papers, Error> {
    let segments = of_person::<P>(tx, &seen.grant, seen.published())?;
    let (mut there, mut gone) = (Vec::new(), Vec::new());
    for segment in segments.iter().rev() {
        let Some(row) = segment.current() else {
            gone.extend(segment.versions.first().map(|row| row.record.application_no()));
            continue;
        };
        let id = Some(DocumentId { item: P::ITEM, record_no: segment.record_no });
        let new = since.is_some_and(|load| row.load_no > load);
        let line = Line { id, on: Some(row.record.on()), by: row.record.by(), new, ..Line::of(P::ITEM) };
        there.push((row.record.application_no(), line));
    }
    Ok((there, gone))
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

/// Opens a document for a purpose: an office of one of its people, the person of themself.
///
/// # Errors
/// The refusal, if the policy does not show it; [`Error::NotFound`] if it is not there.
pub async fn open(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    target: Target,
    (id, purpose): (DocumentId, Purpose),
) -> Result<Opened, Error> {
    let what = look_at(target, id, purpose, "open-document");
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
    target: Target,
    (id, purpose): (DocumentId, Purpose),
) -> Result<(String, Vec<u8>), Error> {
    let what = look_at(target, id, purpose, "fetch-document");
    let found = look(app, ctx, caller, what, move |tx, seen| {
        let content = content(tx, seen, id)?;
        stored(tx, seen, &content)?.ok_or(Error::NotFound)
    })
    .await?;
    let bytes = app.objects.get(&found.sha256).await?.ok_or(Error::NotFound)?;
    Ok((found.media_type, bytes))
}

fn look_at(target: Target, id: DocumentId, purpose: Purpose, act: &'static str) -> Look {
    let items: &'static [Item] = if id.item == Item::Survey {
        &[Item::Survey, Item::InsuredCertificate]
    } else {
        &[Item::DoctorOpinion, Item::InsuredCertificate]
    };
    Look { target, items, act, document: Some(id.text()), purpose }
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
        Some(file) => Ok(load::find_document(tx, seen.insurer.insurer_no, file.as_str(), seen.published())?),
        None => Ok(None),
    }
}
