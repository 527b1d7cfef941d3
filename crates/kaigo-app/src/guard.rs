//! Who guesses waits: five wrong tries lock a login, longer each time, and an address that is wrong too often has to wait, too.
//!
//! A login that nobody has is locked like any other, so that a lock tells nothing. A try is taken before the password is looked at and
//! given back when it was right. Neither logins nor addresses stand in the tables, only keyed digests of them.

use jiff::SignedDuration;
use kaigo_store::db::Tx;
use kaigo_store::login_guard;
use kaigo_store::time::{instant, parse_instant};

use crate::ctx::hex;
use crate::keys::Keys;
use crate::login::TRIES;
use crate::{App, Ctx, Error};

/// Minutes of the first lock, the second, and every one after it.
pub const LOCK_MINUTES: [i64; 3] = [15, 30, 60];
/// Hours after the last try, after which its count and locks are forgotten.
pub const FORGET_HOURS: i64 = 24;
/// Wrong tries that an address has at once (one office may share one address).
pub const ADDRESS_TRIES: i64 = 30;
/// Seconds in which an address gets one more try.
pub const ADDRESS_SECONDS: i64 = 60;

/// What stands for a login.
fn guard_of(keys: &Keys, login: &str) -> String {
    hex(&keys.code_bytes(&format!("login guard {}", login.trim().to_lowercase())))
}

/// What stands for the address that a request came from; none if it is not known.
fn bucket_of(keys: &Keys, ctx: &Ctx) -> Option<String> {
    let network = ctx.came.network()?;
    Some(hex(&keys.code_bytes(&format!("login address {network}"))))
}

/// Takes a try for a login from where the request came.
///
/// # Errors
/// [`Error::TooMany`] while the login is locked, or the address has none left.
pub(crate) async fn take(app: &App, ctx: &Ctx, login: &str) -> Result<(), Error> {
    let (keys, ctx, login) = (std::sync::Arc::clone(&app.keys), ctx.clone(), login.to_owned());
    app.db
        .write(move |tx| {
            let guard = guard_of(&keys, &login);
            take_of_address(tx, &ctx, &keys)?;
            let since = instant(ctx.now - SignedDuration::from_hours(FORGET_HOURS));
            let (failed, locks) = login_guard::take(tx, &guard, &ctx.instant(), &since)?;
            // Asked after the try was taken, which waits for others of the same moment; a refusal takes nothing.
            if let Some(until) = login_guard::locked_until(tx, &guard)? {
                let left = parse_instant(&until)?.as_second() - ctx.now.as_second();
                if left > 0 {
                    return Err(Error::TooMany { minutes: (left + 59) / 60 });
                }
            }
            if failed >= i64::from(TRIES) {
                let minutes = usize::try_from(locks).ok().and_then(|n| LOCK_MINUTES.get(n).copied()).unwrap_or(60);
                let until = instant(ctx.now + SignedDuration::from_mins(minutes));
                login_guard::lock(tx, &guard, &until)?;
            }
            Ok(())
        })
        .await
}

/// Takes a try of the address alone: for codes that belong to no login.
pub(crate) fn take_of_address(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys) -> Result<(), Error> {
    let Some(bucket) = bucket_of(keys, ctx) else { return Ok(()) };
    let level = level(tx, ctx, &bucket)?;
    if level > (ADDRESS_TRIES - 1) * ADDRESS_SECONDS {
        let left = level - (ADDRESS_TRIES - 1) * ADDRESS_SECONDS;
        return Err(Error::TooMany { minutes: (left + 59) / 60 });
    }
    login_guard::fill(tx, &bucket, level + ADDRESS_SECONDS, &ctx.instant()).map_err(Error::from)
}

/// Lets what is counted under a name be counted by one request after the other, until the transaction ends.
pub(crate) fn one_by_one(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys, name: &str) -> Result<(), Error> {
    let bucket = hex(&keys.code_bytes(&format!("one by one {name}")));
    login_guard::hold(tx, &bucket, &ctx.instant()).map(drop).map_err(Error::from)
}

/// How full the address's bucket is now, in seconds that it takes to run empty.
fn level(tx: &mut Tx<'_>, ctx: &Ctx, bucket: &str) -> Result<i64, Error> {
    let (level, at) = login_guard::hold(tx, bucket, &ctx.instant())?;
    let passed = (ctx.now.as_second() - parse_instant(&at)?.as_second()).max(0);
    Ok((level - passed).max(0))
}

/// Gives the address its try back: it was right.
pub(crate) fn address_was_right(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys) -> Result<(), Error> {
    let Some(bucket) = bucket_of(keys, ctx) else { return Ok(()) };
    let level = (level(tx, ctx, &bucket)? - ADDRESS_SECONDS).max(0);
    login_guard::fill(tx, &bucket, level, &ctx.instant()).map_err(Error::from)
}

/// The try was right, but the login is not over: it does not count.
pub(crate) fn right(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys, login: &str) -> Result<(), Error> {
    address_was_right(tx, ctx, keys)?;
    login_guard::give_back(tx, &guard_of(keys, login), TRIES - 1).map_err(Error::from)
}

/// The login is over: its wrong tries are forgotten.
pub(crate) fn passed(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys, login: &str) -> Result<(), Error> {
    address_was_right(tx, ctx, keys)?;
    login_guard::clear(tx, &guard_of(keys, login)).map_err(Error::from)
}

/// Forgets what no longer counts.
pub(crate) fn purge(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    login_guard::purge(tx, &instant(ctx.now - SignedDuration::from_hours(FORGET_HOURS)))?;
    Ok(())
}
