//! 送信証明: as a page to print, and as a file that is verified without this service.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::mailbox;
use kaigo_app::exchange::receipt::{Party, Receipt, Statement};
use kaigo_careplan::kind::{Kind, Unit};
use kaigo_careplan::name::Month;
use kaigo_core::service::ServiceKind;

use super::{attachment, frame, what};
use crate::failure::{failure, ok};
use crate::request::{Req, Staff};
use crate::say;
use crate::view::Fact;
use crate::view::exchange::Tab;
use crate::view::exchange::draft::File;
use crate::view::exchange::receipt::Receipt as View;

/// GET /exchange/sets/{s}/receipt
pub(crate) async fn show(Staff(req): Staff, Path(s): Path<String>) -> Response {
    match view(&req, &s).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn load(req: &Req, s: &str) -> Result<(Receipt, Statement), Error> {
    let receipt = mailbox::receipt(&req.web.app, &req.ctx, req.caller()?, s).await?;
    let statement = serde_json::from_str(&receipt.payload).map_err(|e| Error::Internal(e.to_string()))?;
    Ok((receipt, statement))
}

async fn view(req: &Req, s: &str) -> Result<View, Error> {
    let (receipt, stated) = load(req, s).await?;
    let month = stated.month.as_deref().and_then(Month::parse);
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Sent).await?,
        s: stated.set_id.clone(),
        what: what(Unit::parse(&stated.unit), month),
        facts: facts(&stated),
        files: stated
            .files
            .iter()
            .map(|file| File {
                name: file.name.clone(),
                kind: Kind::of_name(&file.name).map_or("添付", Kind::label).to_owned(),
                size: say::bytes(file.size),
                sha256: file.sha256.clone(),
            })
            .collect(),
        signature: groups(&receipt.signature),
        public_key: groups(&receipt.public_key),
        issued: say::instant(&stated.issued_at),
    })
}

fn facts(stated: &Statement) -> Vec<Fact> {
    let mut facts = vec![party("送信元", &stated.from), party("送信先", &stated.to)];
    facts.push(Fact::new("連番", stated.serial.clone()));
    facts.push(Fact::new("送信した日時", format!("{}　{}", say::instant(&stated.sent_at), stated.sent_by)));
    let later = [
        ("相手が受け取った日時", &stated.fetched_at),
        ("相手が取り込んだ日時", &stated.imported_at),
        ("取り下げた日時", &stated.recalled_at),
    ];
    facts.extend(later.into_iter().filter_map(|(label, at)| Some(Fact::new(label, say::instant(at.as_deref()?)))));
    if stated.fetched_at.is_none() && stated.recalled_at.is_none() {
        facts.push(Fact::new("相手が受け取った日時", "").chip(crate::view::Tone::Plain, "まだ受け取られていません"));
    }
    facts
}

fn party(label: &str, party: &Party) -> Fact {
    let kind = ServiceKind::parse(&party.kind).map(|kind| format!("　{}（{}）", kind.label(), party.kind));
    Fact::new(label, party.name.clone()).note(format!("事業所番号 {}{}", party.office_no, kind.unwrap_or_default()))
}

/// Digits in groups of eight, which a person can compare.
fn groups(hex: &str) -> Vec<String> {
    hex.as_bytes().chunks(8).map(|group| String::from_utf8_lossy(group).into_owned()).collect()
}

/// GET /exchange/sets/{s}/receipt.json
pub(crate) async fn file(Staff(req): Staff, Path(s): Path<String>) -> Response {
    match load(&req, &s).await {
        Ok((receipt, stated)) => match serde_json::to_vec_pretty(&receipt) {
            Ok(bytes) => {
                let name = format!("送信証明_{}_{}_{}.json", stated.from.office_no, stated.to.office_no, stated.serial);
                attachment("application/json", &name, bytes)
            }
            Err(error) => failure(&req, &Error::Internal(error.to_string())),
        },
        Err(error) => failure(&req, &error),
    }
}
