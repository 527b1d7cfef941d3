//! Terminals that read cards: made by the office's administrator, enrolled once with an activation code, ended at once.

use jiff::SignedDuration;
use kaigo_card::device;
use kaigo_card::protocol::{Enrol, Enrolled};
use kaigo_core::id::holds_individual_number;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_store::card::{self as store, Terminal};
use kaigo_store::office;
use kaigo_store::time::instant;

use super::{cards, staff};
use crate::keys::digest_of;
use crate::letter::{code, grouped, plain};
use crate::{App, Ctx, Error, Wrong};

/// Hours in which an activation code is good.
pub const CODE_HOURS: i64 = 24;
/// Characters of a code: 30 signs each, 59 bits.
const CODE: usize = 12;
/// Characters of a name.
const NAME: usize = 40;

/// A terminal on the administrator's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The terminal.
    pub terminal: Terminal,
    /// Its activation code, as long as it waits for it and the code is good.
    pub code: Option<String>,
}

fn code_of(app: &App, terminal_id: &str) -> String {
    code(&app.keys, &format!("card-terminal {terminal_id}"), CODE)
}

/// The office's terminals, the newest first; codes of those that wait.
pub async fn list(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<Line>, Error> {
    cards(app)?;
    let grant = decide_act(caller, Act::ManageTerminals)?;
    let terminals = app.db.read(move |tx| store::terminals(tx, &grant)).await?;
    let now = ctx.instant();
    let line = |terminal: Terminal| {
        let waits = terminal.device_key.is_none() && terminal.ended_at.is_none() && now < terminal.activation_until;
        let code = waits.then(|| grouped(&code_of(app, &terminal.terminal_id)));
        Line { terminal, code }
    };
    Ok(terminals.into_iter().map(line).collect())
}

/// Makes a terminal; the page shows its activation code. The same form again is the same terminal.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty or too long.
pub async fn make(app: &App, ctx: &Ctx, caller: &Caller, name: &str, submit_key: &str) -> Result<String, Error> {
    cards(app)?;
    let grant = decide_act(caller, Act::ManageTerminals)?;
    let own = staff(caller)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME || holds_individual_number(name) {
        let say = format!("どのパソコンかがわかる名前を、{NAME}文字までで入れてください。");
        return Err(Error::Invalid(vec![Wrong { field: "name", code: "terminal-name", say }]));
    }
    let terminal_id = ctx.ids.id();
    let digest = digest_of(&code_of(app, &terminal_id));
    let terminal = Terminal {
        office_no: own.office_no,
        terminal_id,
        name: name.to_owned(),
        device_key: None,
        activation_until: instant(ctx.now + SignedDuration::from_hours(CODE_HOURS)),
        made_by: own.name.clone(),
        made_at: ctx.instant(),
        enrolled_at: None,
        last_used_at: None,
        ended_at: None,
    };
    let key = if submit_key.is_empty() { ctx.ids.id() } else { submit_key.to_owned() };
    app.db.write(move |tx| store::add_terminal(tx, &grant, &terminal, &digest, &key).map_err(Error::from)).await
}

/// Ends a terminal at once.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's and was not ended.
pub async fn end(app: &App, ctx: &Ctx, caller: &Caller, terminal_id: &str) -> Result<(), Error> {
    cards(app)?;
    let (grant, id, at) = (decide_act(caller, Act::ManageTerminals)?, terminal_id.to_owned(), ctx.instant());
    let ended = app.db.write(move |tx| store::end_terminal(tx, &grant, &id, &at)).await?;
    if ended { Ok(()) } else { Err(Error::NotFound) }
}

/// Enrols a terminal with its activation code. The same message again gets the same answer.
///
/// # Errors
/// [`Error::LoginNeeded`] for a code that is not known, was used or ran out, and for a signature that is not the key's.
pub async fn enrol(app: &App, ctx: &Ctx, origin: &str, message: &Enrol) -> Result<Enrolled, Error> {
    cards(app)?;
    if !device::is_public_key(&message.device_key) || !message.fits(origin) {
        return Err(Error::LoginNeeded);
    }
    let digest = digest_of(&plain(&message.code));
    let (key, now) = (message.device_key.clone(), ctx.instant());
    app.db
        .write(move |tx| {
            let terminal = store::by_activation(tx, &digest)?.filter(|t| now < t.activation_until);
            let terminal = terminal.ok_or(Error::LoginNeeded)?;
            if !store::enrol(tx, &terminal, &key, &now)? {
                return Err(Error::LoginNeeded);
            }
            let office_name = office::name(tx, terminal.office_no)?.map(|(name, _)| name).unwrap_or_default();
            Ok(Enrolled {
                terminal_id: terminal.terminal_id,
                office_no: terminal.office_no.to_string(),
                office_name,
                name: terminal.name,
            })
        })
        .await
}
