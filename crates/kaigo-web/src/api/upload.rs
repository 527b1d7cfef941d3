//! Files come in, are checked, and are sent where that is asked for.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name as careplan;
use kaigo_core::rule::exchange::{Limits, limits};

use kaigo_app::Error;
use kaigo_app::exchange::send::{self, Direct, Outcome, SendResult};
use kaigo_app::exchange::upload::{self, Draft, DraftSet, DraftStray, Verdict};
use kaigo_app::exchange::{FileInfo, Partner};
use kaigo_core::finding::{Finding, Severity};
use kaigo_core::policy::Caller;

use super::Program;
use super::problem::{Malformed, malformed};
use super::shape::{End, File, FindingShape, Stray, Summary, Uploaded, UploadedSet};
use crate::Web;

/// Bytes of a request at most: more than an upload may hold, because a form has something around its files.
pub(crate) const MOST_BYTES: usize = 256 << 20;

/// Codes of what a set can be.
pub(super) const VERDICTS: [&str; 8] = [
    "ready",
    "warned",
    "blocked",
    "wrong-sender",
    "same-office",
    "not-registered",
    "already-sent",
    "same-serial-different",
];

/// POST /api/v1/exchange/uploads
pub(crate) async fn upload(program: Program, State(web): State<Arc<Web>>, request: Request) -> Response {
    let files = match files(&web, request, limits(program.ctx.today)).await {
        Ok(files) => files,
        Err(kind) => return malformed(&program.ctx, kind),
    };
    let done = match program.asked("send") {
        "true" => send_now(&program, files).await,
        "" | "false" => check(&program, files).await,
        _ => return malformed(&program.ctx, Malformed::Request),
    };
    program.answer(done)
}

/// Sends at once what can go.
async fn send_now(program: &Program, files: Vec<InFile>) -> Result<Uploaded, Error> {
    let Direct { results, strays } = send::direct(&program.web.app, &program.ctx, &program.caller, files).await?;
    let sets = results.into_iter().map(|result| sent(&program.caller, result));
    Ok(uploaded(None, sets.collect(), strays))
}

/// Keeps a draft, for a look on the pages.
async fn check(program: &Program, files: Vec<InFile>) -> Result<Uploaded, Error> {
    let (app, ctx, caller) = (&program.web.app, &program.ctx, &program.caller);
    let draft_id = upload::keep(app, ctx, caller, files).await?;
    let Draft { sets, strays, .. } = upload::draft(app, ctx, caller, &draft_id).await?;
    let sets = sets.into_iter().map(|set| checked(caller, set));
    Ok(uploaded(Some(draft_id), sets.collect(), strays))
}

fn uploaded(draft_id: Option<String>, sets: Vec<UploadedSet>, strays: Vec<DraftStray>) -> Uploaded {
    let came_to = |outcome: &str| sets.iter().filter(|set| set.outcome == Some(outcome)).count();
    let found = |severity: Severity| {
        sets.iter().flat_map(|set| &set.findings).filter(|finding| finding.severity() == severity.code()).count()
    };
    let summary = Summary {
        sets: sets.len(),
        sent: came_to("sent"),
        repeated: came_to("repeated"),
        refused: came_to("refused"),
        errors: found(Severity::Error),
        warnings: found(Severity::Warning),
        notes: found(Severity::Note),
    };
    let strays = strays.into_iter().map(|stray| Stray { file: stray.name, code: stray.code, say: stray.say });
    Uploaded { draft_id, strays: strays.collect(), summary, sets }
}

fn checked(caller: &Caller, set: DraftSet) -> UploadedSet {
    let say = set.verdict.say();
    let (set_id, sent_at) = match &set.verdict {
        Verdict::AlreadySent { set_id, at, same: true } => (Some(set_id.clone()), Some(at.clone())),
        Verdict::AlreadySent { same: false, .. }
        | Verdict::Ready
        | Verdict::Warned
        | Verdict::Blocked
        | Verdict::WrongSender
        | Verdict::SameOffice
        | Verdict::NotRegistered => (None, None),
    };
    UploadedSet {
        place: set.place,
        from: from(caller, set.from),
        to: to(&set.partner, set.to),
        unit: set.unit.map(Unit::code),
        month: set.month.map(|month| month.to_string()),
        serial: set.serial.to_string(),
        files: set.files.into_iter().map(file).collect(),
        people_count: set.people.len(),
        verdict: set.verdict.code().to_owned(),
        outcome: None,
        code: (!say.is_empty()).then(|| set.verdict.code().to_owned()),
        say: (!say.is_empty()).then(|| say.to_owned()),
        set_id,
        sent_at,
        findings: shapes(&set.findings),
    }
}

fn sent(caller: &Caller, result: SendResult) -> UploadedSet {
    let is_warned = result.findings.iter().any(|finding| finding.severity == Severity::Warning);
    let verdict = if is_warned { Verdict::Warned } else { Verdict::Ready };
    let (outcome, verdict, refusal, set) = match result.outcome {
        Outcome::Sent { set_id, at } => ("sent", verdict.code().to_owned(), None, Some((set_id, at))),
        Outcome::Repeated { set_id, at } => ("repeated", "already-sent".to_owned(), None, Some((set_id, at))),
        Outcome::Refused { code, say } => ("refused", code.clone(), Some((code, say)), None),
    };
    let ((code, say), (set_id, sent_at)) = (refusal.unzip(), set.unzip());
    UploadedSet {
        place: result.place,
        from: from(caller, result.set.from),
        to: to(&result.partner, result.set.to),
        unit: result.set.unit.map(Unit::code),
        month: result.set.month.map(|month| month.to_string()),
        serial: result.set.serial.to_string(),
        files: result.files.into_iter().map(file).collect(),
        people_count: result.people,
        verdict,
        outcome: Some(outcome),
        code,
        say,
        set_id,
        sent_at,
        findings: shapes(&result.findings),
    }
}

fn shapes(findings: &[Finding]) -> Vec<FindingShape> {
    findings.iter().map(FindingShape::from).collect()
}

pub(super) fn file(info: FileInfo) -> File {
    File { name: info.name, size: info.size, sha256: info.sha256 }
}

/// The end from which it goes; its name is known if it is the caller's own office.
fn from(caller: &Caller, end: careplan::End) -> End {
    let name = match caller {
        Caller::Staff(staff) if staff.office_no == end.office_no => staff.office_name.clone(),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => String::new(),
    };
    shape_of(end, name)
}

fn to(partner: &Partner, end: careplan::End) -> End {
    shape_of(end, partner.name.clone())
}

pub(super) fn shape_of(end: careplan::End, name: String) -> End {
    End { office_no: end.office_no.to_string(), name, kind: end.kind.map(|kind| kind.code().to_owned()) }
}

/// Reads the files of a request: one archive, or a form with files.
async fn files(web: &Arc<Web>, request: Request, limits: Limits) -> Result<Vec<InFile>, Malformed> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/zip" => {
            let announced =
                request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
            if announced.is_some_and(|bytes: usize| bytes > limits.upload_bytes) {
                return Err(Malformed::TooLarge);
            }
            match to_bytes(request.into_body(), limits.upload_bytes).await {
                Ok(bytes) if bytes.starts_with(b"PK") => {
                    Ok(vec![InFile { name: "upload.zip".to_owned(), bytes: bytes.into() }])
                }
                Err(error) if is_too_large(&error) => Err(Malformed::TooLarge),
                Ok(_) | Err(_) => Err(Malformed::Request),
            }
        }
        "multipart/form-data" => form(web, request, limits).await,
        _ => Err(Malformed::MediaType),
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.to_string().contains("length limit"))
}

async fn form(web: &Arc<Web>, request: Request, limits: Limits) -> Result<Vec<InFile>, Malformed> {
    let mut parts = Multipart::from_request(request, web).await.map_err(|_| Malformed::Request)?;
    let (mut files, mut left) = (Vec::new(), limits.upload_bytes);
    let broken = |status: StatusCode| {
        if status == StatusCode::PAYLOAD_TOO_LARGE { Malformed::TooLarge } else { Malformed::Request }
    };
    while let Some(mut part) = parts.next_field().await.map_err(|error| broken(error.status()))? {
        // Other fields say nothing that is asked.
        let name = part.file_name().map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(|error| broken(error.status()))? {
            left = left.checked_sub(piece.len()).ok_or(Malformed::TooLarge)?;
            bytes.extend_from_slice(&piece);
        }
        if files.len() >= limits.upload_files {
            return Err(Malformed::TooLarge);
        }
        files.extend(name.map(|name| InFile { name, bytes }));
    }
    Ok(files)
}
