//! The demo's virtual reader: the whole way without a card, a reader or a program. Its routes are added by the demo only.
//!
//! It is an enrolled terminal like any other and goes through the same use cases; only the card is in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use kaigo_app::Error;
use kaigo_app::card::answer;
use kaigo_app::card::transaction::{MATCH_CODE, Stand};
use kaigo_card::challenge::Challenge;
use kaigo_card::device::DeviceKey;
use kaigo_card::jpki::{AskPin, CardError, TriesLeft, prove, show};
use kaigo_card::pin::Pin;
use kaigo_card::protocol::{Answer, Fetch, Fetched, Link, Said, Terminal};
use kaigo_card::transport::CardTransport;
use kaigo_core::policy::Caller;

use super::{look, origin};
use crate::Web;
use crate::failure::{failure, invalid, moved, ok};
use crate::request::{Fields, Req, Staff};
use crate::view::card::VirtualReader;
use crate::view::{Choice, FieldError};

/// Cards that can be put on a reader that is none, and the terminals that have it.
#[derive(Clone)]
pub struct DemoCards {
    /// The cards.
    pub cards: Vec<DemoCard>,
    /// PIN of every card.
    pub pin: String,
    /// Key of the virtual terminals.
    pub key: Arc<DeviceKey>,
    /// Terminal of each office (事業所番号).
    pub terminals: BTreeMap<String, String>,
}

/// A card of the demo.
#[derive(Clone)]
pub struct DemoCard {
    /// Its name.
    pub name: String,
    /// What it is.
    pub word: String,
    /// Puts it on the reader.
    pub insert: Arc<dyn Fn() -> Option<Box<dyn CardTransport + Send>> + Send + Sync>,
}

impl core::fmt::Debug for DemoCards {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let names: Vec<&str> = self.cards.iter().map(|card| card.name.as_str()).collect();
        f.debug_tuple("DemoCards").field(&names).finish()
    }
}

/// The URLs that only the demo has.
pub(crate) fn routes() -> Vec<(&'static str, MethodRouter<Arc<Web>>)> {
    vec![("/demo/card/{id}", get(form).merge(post(read)))]
}

/// What the reader needs to know of a transaction.
struct Asked<'a> {
    demo: &'a DemoCards,
    link: Link,
    office_no: String,
    terminal_id: &'a str,
    origin: String,
    fetched: Fetched,
}

impl Asked<'_> {
    fn terminal(&self) -> Terminal<'_> {
        Terminal { office_no: &self.office_no, terminal_id: self.terminal_id, origin: &self.origin }
    }
}

/// Fetches the transaction as a terminal does; only what the logged-in staff member began.
async fn ask<'a>(req: &'a Req, headers: &HeaderMap, id: &str) -> Result<Asked<'a>, Error> {
    let demo = req.web.demo.as_ref().and_then(|demo| demo.cards.as_ref()).ok_or(Error::NotFound)?;
    let Caller::Staff(staff) = req.caller()? else { return Err(Error::NotFound) };
    let shown = look(req, headers, id).await?;
    if !matches!(shown.stand, Stand::Waiting | Stand::Reading) {
        return Err(Error::NotFound);
    }
    let office_no = staff.office_no.to_string();
    let terminal_id = demo.terminals.get(&office_no).ok_or(Error::NotFound)?;
    let origin = origin(&req.web, headers);
    let secret = kaigo_app::card::transaction::link_secret(&req.web.app, id);
    let link = Link::new(&origin, id, &secret);
    let terminal = Terminal { office_no: &office_no, terminal_id, origin: &origin };
    let message = Fetch::new(&demo.key, terminal, (&link.transaction, &link.secret));
    let fetched = answer::fetch(&req.web.app, &req.ctx, &origin, &message).await?;
    Ok(Asked { demo, link, office_no, terminal_id, origin, fetched })
}

fn view(req: &Req, id: &str, asked: &Asked<'_>, chosen: &str, errors: Vec<FieldError>) -> VirtualReader {
    let choice = |card: &DemoCard| Choice { chosen: card.name == chosen, ..Choice::new(&*card.name, &*card.word) };
    VirtualReader {
        shell: req.shell(),
        id: id.to_owned(),
        errors,
        who: format!("{}　{}", asked.fetched.office_name, asked.fetched.staff_name),
        purpose: asked.fetched.purpose.clone(),
        match_code: asked.fetched.match_code.clone(),
        way: asked.fetched.way.clone(),
        cards: asked.demo.cards.iter().map(choice).collect(),
        pin: asked.demo.pin.clone(),
    }
}

/// GET /demo/card/{id}
async fn form(Staff(req): Staff, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match ask(&req, &headers, &id).await {
        Ok(asked) => ok(&view(&req, &id, &asked, "", Vec::new())),
        Err(Error::NotFound | Error::Invalid(_)) => moved(&format!("/card/{id}")),
        Err(error) => failure(&req, &error),
    }
}

/// Somebody who typed a PIN into the form.
struct Typed {
    pin: Option<Pin>,
    goes_on: bool,
}

impl AskPin for Typed {
    fn pin(&mut self, _tries: TriesLeft) -> Option<Pin> {
        self.pin.take()
    }

    fn go_on_with_last_try(&mut self) -> bool {
        self.goes_on
    }
}

/// POST /demo/card/{id}
async fn read(Staff(req): Staff, Path(id): Path<String>, headers: HeaderMap, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let asked = match ask(&req, &headers, &id).await {
        Ok(asked) => asked,
        Err(Error::NotFound | Error::Invalid(_)) => return moved(&format!("/card/{id}")),
        Err(error) => return failure(&req, &error),
    };
    let pin = Pin::parse(fields.get("pin"));
    let mut errors = Vec::new();
    if !["yes", "no"].contains(&fields.get("same")) {
        errors.push(FieldError::new("same", "画面の番号と同じかどうかを選んでください。"));
    }
    let is_same = fields.get("same") == "yes";
    if is_same && asked.fetched.way == "pin" && pin.is_none() {
        errors.push(FieldError::new("pin", "暗証番号は、4けたの数字です。"));
    }
    let card = asked.demo.cards.iter().find(|card| card.name == fields.get("card"));
    let Some(card) = card.and_then(|card| (card.insert)()).filter(|_| errors.is_empty()) else {
        return invalid(&view(&req, &id, &asked, fields.get("card"), errors));
    };
    let person = Typed { pin, goes_on: fields.get("go_on") == "yes" };
    let said = if is_same { said(card, &asked, person) } else { failed(MATCH_CODE, None) };
    let link = (&*asked.link.transaction, &*asked.link.secret);
    let message = Answer::new(&asked.demo.key, asked.terminal(), link, &asked.fetched.nonce, said);
    match answer::answer(&req.web.app, &req.ctx, &asked.origin, &message).await {
        Ok(_) | Err(Error::Invalid(_)) => moved(&format!("/card/{id}")),
        Err(error) => failure(&req, &error),
    }
}

fn failed(code: &str, left: Option<u8>) -> Said {
    Said::Failed { code: code.to_owned(), left }
}

fn said(card: Box<dyn CardTransport + Send>, asked: &Asked<'_>, mut person: Typed) -> Said {
    let hex = kaigo_card::certificate::hex;
    let result = if asked.fetched.way == "pin" {
        let challenge = Challenge {
            origin: asked.origin.clone(),
            transaction: asked.link.transaction.clone(),
            purpose: asked.fetched.purpose.clone(),
            office_no: asked.fetched.office_no.clone(),
            nonce: asked.fetched.nonce.clone(),
            issued_at: asked.fetched.issued_at.clone(),
        };
        prove(card, &challenge, &mut person).map(|evidence| Said::Signed {
            certificate: hex(&evidence.certificate),
            signature: hex(&evidence.signature),
            token: evidence.token.code().to_owned(),
        })
    } else {
        show(card)
            .map(|(token, certificate)| Said::Shown { certificate: hex(&certificate), token: token.code().to_owned() })
    };
    result.unwrap_or_else(|error| match error {
        CardError::WrongPin { left } => failed(error.code(), Some(left)),
        CardError::Broken(_)
        | CardError::NotMyNumberCard
        | CardError::Locked
        | CardError::GivenUp
        | CardError::BadCertificate(_)
        | CardError::Refused(_)
        | CardError::BadChallenge => failed(error.code(), None),
    })
}
