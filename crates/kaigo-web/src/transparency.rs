//! The public form of the access log: heads and tiles for anybody (C2SP tlog-tiles), a person's proofs, an insurer's witnesses.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::transparency::{self, Proven};
use kaigo_store::access_log::Entry;
use kaigo_store::log_tree::ROOT;

use crate::Web;
use crate::citizen::myself;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Anybody, Fields, Insurer, Myself, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::transparency::{InsurerLog, LogHead, ProofPage, PublicLogs, WitnessLine};
use crate::view::{Fact, FieldError};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![
        row("GET", "/portal/log", Access::Anybody, "-", get(public)),
        row("GET", "/log/{log}/checkpoint", Access::Anybody, "-", get(checkpoint)),
        row("GET", "/log/{log}/cosigned", Access::Anybody, "-", get(cosigned)),
        row("GET", "/log/{log}/key", Access::Anybody, "-", get(key)),
        row("GET", "/log/{log}/tile/{*rest}", Access::Anybody, "-", get(piece)),
        row("GET", "/my/log/{x}/proof", Access::Myself, "access-log", get(proof)),
        row("GET", "/my/log/{x}/proof.json", Access::Myself, "access-log", get(proof_file)),
        row("GET", "/insurer/log", Access::Insurer, "list-insured", get(insurer)),
        row("POST", "/insurer/log/witness", Access::Insurer, "set-rules", post(add_witness)),
        row("POST", "/insurer/log/witness/end", Access::Insurer, "set-rules", post(end_witness)),
        row("POST", "/insurer/log/cosignature", Access::Insurer, "list-insured", post(cosignature)),
    ]
}

/// 「1,204」.
fn counted(n: u64) -> String {
    kaigo_core::code::thousands(i32::try_from(n).unwrap_or(i32::MAX))
}

/// GET /portal/log
async fn public(Anybody(req): Anybody) -> Response {
    match transparency::logs(&req.web.app).await {
        Ok(logs) => {
            let key = logs.iter().find(|log| log.log_name == ROOT).map(|log| log.verifier.clone()).unwrap_or_default();
            let heads = logs.into_iter().map(|log| LogHead {
                is_root: log.log_name == ROOT,
                href: format!("/log/{}/checkpoint", log.log_name),
                size: counted(log.head.size),
                at: say::instant(&log.head.made_at),
                name: log.log_name,
            });
            ok(&PublicLogs { shell: req.shell(), key, logs: heads.collect() })
        }
        Err(error) => failure(&req, &error),
    }
}

/// What anybody may keep: a file that never changes, or one that grows within seconds.
fn file(kind: &'static str, body: Vec<u8>, is_final: bool) -> Response {
    let cache = if is_final { "public, max-age=31536000, immutable" } else { "public, max-age=2" };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, body).into_response()
}

/// A failure for programs that read the log: a line of text.
fn refused(error: &Error) -> Response {
    let status = match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Error::Forbidden(_)
        | Error::Invalid(_)
        | Error::Conflict(_)
        | Error::TooMany { .. }
        | Error::LoginNeeded
        | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    (status, "ありません。\n").into_response()
}

const TEXT: &str = "text/plain; charset=utf-8";

/// GET /log/{log}/checkpoint
async fn checkpoint(State(web): State<Arc<Web>>, Path(log): Path<String>) -> Response {
    match transparency::checkpoint(&web.app, &log).await {
        Ok(note) => file(TEXT, note.into_bytes(), false),
        Err(error) => refused(&error),
    }
}

/// GET /log/{log}/cosigned
async fn cosigned(State(web): State<Arc<Web>>, Path(log): Path<String>) -> Response {
    match transparency::cosigned(&web.app, &log).await {
        Ok(note) => file(TEXT, note.into_bytes(), false),
        Err(error) => refused(&error),
    }
}

/// GET /log/{log}/key
async fn key(State(web): State<Arc<Web>>, Path(log): Path<String>) -> Response {
    // Only of logs that there are: the name goes into the key's text.
    let known = transparency::checkpoint(&web.app, &log).await;
    match known.and_then(|_| transparency::verifier(&web.app.keys, &log)) {
        Ok(verifier) => file(TEXT, format!("{}\n", verifier.text()).into_bytes(), false),
        Err(error) => refused(&error),
    }
}

/// GET /log/{log}/tile/{*rest}
async fn piece(State(web): State<Arc<Web>>, Path((log, rest)): Path<(String, String)>) -> Response {
    match transparency::piece(&web.app, &log, &format!("tile/{rest}")).await {
        // A partial tile never changes either: its width stands in its address.
        Ok((bytes, _)) => file("application/octet-stream", bytes, true),
        Err(error) => refused(&error),
    }
}

async fn proven(req: &Req, entry_id: &str) -> Result<Proven, Error> {
    transparency::prove(&req.web.app, &req.ctx, req.caller()?, entry_id).await
}

fn facts(e: &Entry) -> Vec<Fact> {
    let who = say::who(&e.account_name, e.job.as_deref());
    let mut facts = vec![
        Fact::new("いつ", say::instant(&e.completed_at)),
        Fact::new("だれが", who).as_is(),
        Fact::new("何を", say::what(&e.act, &e.items, e.document.as_deref())),
    ];
    if let Some(office) = &e.office_name {
        facts.insert(2, Fact::new("どこの", office.clone()).as_is());
    }
    facts
}

/// GET /my/log/{x}/proof
async fn proof(Myself(req): Myself, Path(entry): Path<String>) -> Response {
    match proven(&req, &entry).await {
        Ok(all) => ok(&ProofPage {
            shell: req.shell(),
            me: myself(&all.head),
            facts: facts(&all.entry.entry),
            entry,
            place: all.proof.as_ref().map(|proof| counted(proof.index + 1)),
        }),
        Err(error) => failure(&req, &error),
    }
}

/// GET /my/log/{x}/proof.json
async fn proof_file(Myself(req): Myself, Path(entry): Path<String>) -> Response {
    let proof = proven(&req, &entry).await.and_then(|all| all.proof.ok_or(Error::NotFound));
    match proof {
        Ok(proof) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (
                    header::CONTENT_DISPOSITION,
                    HeaderValue::from_static("attachment; filename=\"kiroku-no-shoumei.json\""),
                ),
            ];
            (headers, serde_json::to_string_pretty(&proof).unwrap_or_default()).into_response()
        }
        Err(error) => failure(&req, &error),
    }
}

async fn insurer_page(req: &Req, typed: Option<&Fields>, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let all = match transparency::witness_page(&req.web.app, caller).await {
        Ok(all) => all,
        Err(error) => return failure(req, &error),
    };
    let signed = |key: &str| {
        let found = all.signed.iter().find(|(verifier, ..)| verifier == key);
        found.map_or_else(
            || "まだ署名していません".to_owned(),
            |(_, size, at)| format!("{size}番までを{}に署名", say::instant(at)),
        )
    };
    let witnesses = all.witnesses.iter().map(|witness| WitnessLine {
        name: witness.verifier.split('+').next().unwrap_or_default().to_owned(),
        added: format!("{}　{}", say::instant(&witness.added_at), witness.added_by),
        signed: signed(&witness.verifier),
        verifier: witness.verifier.clone(),
    });
    let is_admin = matches!(caller, kaigo_core::policy::Caller::Insurer(staff) if staff.is_admin);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = InsurerLog {
        shell: req.shell(),
        is_admin,
        head: all.head.as_ref().map(|kept| kept.note.clone()).unwrap_or_default(),
        verifier: all.verifier.clone(),
        witnesses: witnesses.collect(),
        errors,
        typed_key: typed.map_or_else(String::new, |fields| fields.get("verifier").to_owned()),
        typed_note: typed.map_or_else(String::new, |fields| fields.get("note").to_owned()),
    };
    page(status, &view)
}

/// GET /insurer/log
async fn insurer(Insurer(req): Insurer) -> Response {
    insurer_page(&req, None, Vec::new()).await
}

async fn done(req: &Req, fields: &Fields, done: Result<(), Error>, word: &str) -> Response {
    match done {
        Ok(()) => moved(&format!("/insurer/log?done={word}")),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            insurer_page(req, Some(fields), errors).await
        }
        Err(error) => failure(req, &error),
    }
}

/// POST /insurer/log/witness
async fn add_witness(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["verifier"]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let added = transparency::add_witness(&req.web.app, &req.ctx, caller, fields.get("verifier")).await;
    done(&req, &fields, added, "witness-added").await
}

/// POST /insurer/log/witness/end
async fn end_witness(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["verifier"]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let ended = transparency::end_witness(&req.web.app, &req.ctx, caller, fields.get("verifier")).await;
    done(&req, &fields, ended, "witness-ended").await
}

/// POST /insurer/log/cosignature
async fn cosignature(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &["note"]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let note = fields.get("note").replace("\r\n", "\n");
    let taken = transparency::take_own_cosignature(&req.web.app, &req.ctx, caller, &note).await;
    done(&req, &fields, taken.map(drop), "cosigned").await
}

/// What was done on these pages.
pub(crate) fn said(done: &str) -> Option<(&'static str, &'static str)> {
    Some(match done {
        "witness-added" => ("立会人を登録しました", "この鍵で署名された控えを受け付けます。"),
        "witness-ended" => ("立会人を終わりにしました", "これまでの署名は残ります。"),
        "cosigned" => ("立会人の署名を受け取りました", "署名つきの控えとして公開しました。"),
        _ => return None,
    })
}
