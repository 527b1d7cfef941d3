//! Tokens of an office's own programs: made and ended by its administrator, shown once, kept as a digest.

use kaigo_core::policy::{Act, Caller, Staff, decide_act};
use kaigo_store::account::{self, Owner};
use kaigo_store::exchange::token::{self as store, TokenRow};
use kaigo_store::office;

use super::{seconds_from_now, staff};
use crate::keys::digest_of;
use crate::{App, Ctx, Error, Wrong};

/// How a token begins, so that a person or a scanner knows one.
const PREFIX: &str = "kiban_";
/// Characters of a token's name.
const NAME: usize = 40;

/// A new token: shown once.
#[derive(Clone, Debug)]
pub struct New {
    /// Identifier, to end it by.
    pub token_id: String,
    /// The token itself.
    pub token: String,
}

/// Makes a token for a program of the office.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers the office; [`Error::Invalid`] for a name that is empty or too long.
pub async fn make(app: &App, ctx: &Ctx, caller: &Caller, name: &str) -> Result<New, Error> {
    let grant = decide_act(caller, Act::JoinExchange)?;
    let own = staff(caller)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME || kaigo_core::id::holds_individual_number(name) {
        let say = format!("どのパソコンや仕組みで使うかがわかる名前を、{NAME}文字までで入れてください。");
        return Err(Error::Invalid(vec![Wrong { field: "name", code: "token-name", say }]));
    }
    let token = format!("{PREFIX}{}{}", ctx.ids.id(), ctx.ids.id());
    let row = TokenRow {
        token_id: ctx.ids.id(),
        office_no: own.office_no.to_string(),
        account_id: own.account_id.clone(),
        name: name.to_owned(),
        made_at: ctx.instant(),
        last_used_at: None,
        ended_at: None,
    };
    let (digest, token_id) = (digest_of(&token), row.token_id.clone());
    app.db.write(move |tx| store::insert(tx, &grant, &digest, &row)).await?;
    Ok(New { token_id, token })
}

/// The office's tokens, the newest first.
pub async fn list(app: &App, _ctx: &Ctx, caller: &Caller) -> Result<Vec<TokenRow>, Error> {
    let grant = decide_act(caller, Act::JoinExchange)?;
    app.db.read(move |tx| store::of_office(tx, &grant)).await.map_err(Error::from)
}

/// Ends a token at once.
///
/// # Errors
/// [`Error::NotFound`] unless it is the office's and was not ended.
pub async fn end(app: &App, ctx: &Ctx, caller: &Caller, token_id: &str) -> Result<(), Error> {
    let (grant, id, at) = (decide_act(caller, Act::JoinExchange)?, token_id.to_owned(), ctx.instant());
    let ended = app.db.write(move |tx| store::end(tx, &grant, &id, &at)).await?;
    if ended { Ok(()) } else { Err(Error::NotFound) }
}

/// The caller behind a token: the account that made it, as long as it may log in.
///
/// # Errors
/// [`Error::LoginNeeded`] for a token that is not known, was ended, or whose account was switched off.
pub async fn caller(app: &App, ctx: &Ctx, token: &str) -> Result<Caller, Error> {
    if !token.starts_with(PREFIX) {
        return Err(Error::LoginNeeded);
    }
    let digest = digest_of(token);
    let key = digest.clone();
    let found = app
        .db
        .read(move |tx| {
            let Some(row) = store::by_digest(tx, &key)? else { return Ok(None) };
            let Some(account) = account::by_id(tx, &row.account_id)? else { return Ok(None) };
            let Owner::Staff { office_no, job, .. } = account.owner else { return Ok(None) };
            if account.disabled || office_no.as_str() != row.office_no {
                return Ok(None);
            }
            let services = office::services(tx, office_no)?;
            let office_name = office::name(tx, office_no)?.map(|(name, _)| name).unwrap_or_default();
            let staff = Staff {
                account_id: account.account_id,
                office_no,
                office_name,
                services,
                job,
                // A program sends and fetches; it does not administer.
                is_admin: false,
                name: format!("{}（{}）", account.name, row.name),
            };
            Ok::<_, Error>(Some((staff, row.last_used_at)))
        })
        .await?;
    let (staff, last_used) = found.ok_or(Error::LoginNeeded)?;
    let at = ctx.instant();
    // Written down at most once a minute: a program may ask every few seconds.
    if last_used.is_none_or(|last| last < seconds_from_now(ctx, -60)) {
        app.db.write(move |tx| store::used(tx, &digest, &at)).await?;
    }
    Ok(Caller::Staff(staff))
}
