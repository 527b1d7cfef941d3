//! 登録番号の手紙: issued and printed by the clerk.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::letter;
use kaigo_core::date::seireki;

use super::people::{frame, whom};
use crate::failure::{failure, moved, ok};
use crate::request::{Fields, Insurer};
use crate::view::insured::LetterPaper;

/// POST /insurer/people/{p}/letters. Fields: `csrf`, `submit_key`, `proxy_id`.
pub(crate) async fn issue(Insurer(req): Insurer, Path(p): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let whom = match whom(&req, &p) {
        Ok(whom) => whom,
        Err(response) => return response,
    };
    let (proxy_id, key) = (fields.get("proxy_id"), fields.get("submit_key"));
    let proxy_id = (!proxy_id.is_empty()).then(|| proxy_id.to_owned());
    let key = if key.is_empty() { req.ctx.ids.id() } else { key.to_owned() };
    match letter::issue(&req.web.app, &req.ctx, caller, whom, (proxy_id, key)).await {
        Ok(letter) => moved(&format!("/insurer/people/{p}/letters/{}", letter.letter_id)),
        Err(error) => failure(&req, &error),
    }
}

/// GET /insurer/people/{p}/letters/{l}
pub(crate) async fn print(Insurer(req): Insurer, Path((p, l)): Path<(String, String)>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    let whom = match whom(&req, &p) {
        Ok(whom) => whom,
        Err(response) => return response,
    };
    match letter::print(&req.web.app, &req.ctx, caller, whom, &l).await {
        Ok(all) => {
            let name = all.head.person.name.to_string();
            let (to, represents, address) = match &all.proxy {
                Some(proxy) => (proxy.name.clone(), name, String::new()),
                None => (name, String::new(), all.head.person.address.to_string()),
            };
            ok(&LetterPaper {
                shell: req.shell(),
                person: frame(&req, &all.head),
                to,
                represents,
                address,
                insurer_no: all.head.insurer.insurer_no.to_string(),
                insurer: all.head.insurer.name.clone(),
                phone: all.head.insurer.phone.clone().unwrap_or_default(),
                until: seireki(all.letter.valid_until),
                code: all.code,
            })
        }
        Err(error) => failure(&req, &error),
    }
}
