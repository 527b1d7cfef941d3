//! Forms that came after their session had run out: sealed, carried through the login by the browser, and given back to the
//! same account only. Nothing of them is stored on the server.

use jiff::SignedDuration;
use kaigo_store::account;
use kaigo_store::time::instant;

use crate::ctx::hex;
use crate::keys::unhex;
use crate::{App, Ctx, Error};

/// Hours for which a form is carried, and for which a session that has run out is remembered for its sake.
pub const HOURS: i64 = 12;
/// Bytes of a form that is carried at most.
pub const BYTES: usize = 256 * 1024;
/// For what such forms are sealed.
const PLACE: &str = "kept-form/1";

/// A form that was carried through a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Where it was sent: path and query.
    pub path: String,
    /// Its fields, as the browser wrote them.
    pub body: String,
}

/// What a sealed form turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The account's own.
    Own(Kept),
    /// Another account's.
    Foreign,
    /// Too old, or not what was sealed.
    Gone,
}

/// Whose session made the form with that token: also one that ran out not long ago. None after a logout.
pub async fn owner(app: &App, ctx: &Ctx, csrf: &str) -> Result<Option<String>, Error> {
    let (csrf, since) = (csrf.to_owned(), since(ctx));
    app.db.read(move |tx| account::owner_of_form(tx, &csrf, &since).map_err(Error::from)).await
}

/// Sessions and forms from before this instant are of no use any more.
pub(crate) fn since(ctx: &Ctx) -> String {
    instant(ctx.now.checked_sub(SignedDuration::from_hours(HOURS)).unwrap_or(ctx.now))
}

/// Seals a form for its account, hex.
pub fn seal(app: &App, ctx: &Ctx, account_id: &str, form: &Kept) -> Result<String, Error> {
    let text = [account_id, &ctx.now.as_second().to_string(), &form.path, &form.body].join("\n");
    Ok(hex(&app.keys.data().seal(PLACE, text.as_bytes())?))
}

/// Opens what [`seal`] made.
pub fn open(app: &App, ctx: &Ctx, account_id: &str, sealed: &str) -> Found {
    let plain = unhex(sealed).and_then(|bytes| app.keys.data().open(PLACE, &bytes).ok());
    let Some(text) = plain.and_then(|bytes| String::from_utf8(bytes).ok()) else { return Found::Gone };
    let mut parts = text.splitn(4, '\n');
    let (Some(owner), Some(at), Some(path), Some(body)) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Found::Gone;
    };
    let age = at.parse::<i64>().map_or(i64::MAX, |at| ctx.now.as_second().saturating_sub(at));
    if age > HOURS * 3600 {
        Found::Gone
    } else if owner == account_id {
        Found::Own(Kept { path: path.to_owned(), body: body.to_owned() })
    } else {
        Found::Foreign
    }
}
