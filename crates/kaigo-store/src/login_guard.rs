//! Wrong tries: by login, whether there is such an account or not, and by address. Both stand here as keyed digests only.
//!
//! A try is taken before the password is looked at, and given back after a success: tries that run at once count, too.

use crate::db::{Error, Tx};

statements! {
    FIND = "SELECT failed, locks, locked_until FROM login_guard WHERE guard = ?1";
    TAKE = "INSERT INTO login_guard (guard, failed, locks, locked_until, tried_at) VALUES (?1, 1, 0, NULL, ?2) ON CONFLICT (guard) DO UPDATE SET \
            failed = CASE WHEN login_guard.tried_at < ?3 THEN 1 ELSE login_guard.failed + 1 END, \
            locks = CASE WHEN login_guard.tried_at < ?3 THEN 0 ELSE login_guard.locks END, tried_at = excluded.tried_at RETURNING failed, locks";
    LOCK = "UPDATE login_guard SET failed = 0, locks = locks + 1, locked_until = ?2 WHERE guard = ?1";
    GIVE_BACK = "UPDATE login_guard SET failed = CASE WHEN failed = 0 THEN ?2 ELSE failed - 1 END, \
                 locks = CASE WHEN failed = 0 AND locks > 0 THEN locks - 1 ELSE locks END, locked_until = NULL WHERE guard = ?1";
    CLEAR = "DELETE FROM login_guard WHERE guard = ?1";
    HOLD = "INSERT INTO login_bucket (bucket, level, filled_at) VALUES (?1, 0, ?2) ON CONFLICT (bucket) DO UPDATE SET \
            level = login_bucket.level RETURNING level, filled_at";
    FILL = "INSERT INTO login_bucket (bucket, level, filled_at) VALUES (?1, ?2, ?3) ON CONFLICT (bucket) DO UPDATE SET \
            level = excluded.level, filled_at = excluded.filled_at";
    PURGE = "DELETE FROM login_guard WHERE tried_at < ?1 AND (locked_until IS NULL OR locked_until < ?1)";
    PURGE_BUCKETS = "DELETE FROM login_bucket WHERE filled_at < ?1";
}

/// Until when a login is locked, if it is.
pub fn locked_until(tx: &mut Tx<'_>, guard: &str) -> Result<Option<String>, Error> {
    let row = tx.query_opt(FIND, args![guard])?;
    row.map_or(Ok(None), |row| Ok(row.opt_text(2)?.map(str::to_owned)))
}

/// Takes a try. Answers how many failed with this one, and how often it was locked before; what is older than `since` is forgotten.
pub fn take(tx: &mut Tx<'_>, guard: &str, now: &str, since: &str) -> Result<(i64, i64), Error> {
    let row = tx.query_opt(TAKE, args![guard, now, since])?;
    row.map_or(Ok((1, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// Locks a login; its count begins anew.
pub fn lock(tx: &mut Tx<'_>, guard: &str, until: &str) -> Result<(), Error> {
    tx.execute(LOCK, args![guard, until]).map(drop)
}

/// Gives back a try that succeeded; a lock that it set is undone, and the count is `before` again.
pub fn give_back(tx: &mut Tx<'_>, guard: &str, before: i32) -> Result<(), Error> {
    tx.execute(GIVE_BACK, args![guard, before]).map(drop)
}

/// Forgets the wrong tries of a login.
pub fn clear(tx: &mut Tx<'_>, guard: &str) -> Result<(), Error> {
    tx.execute(CLEAR, args![guard]).map(drop)
}

/// How full a bucket was, and when that was noted. Until the transaction ends nobody else gets past this for the same bucket, so that
/// what is read here still holds when it is written.
pub fn hold(tx: &mut Tx<'_>, bucket: &str, now: &str) -> Result<(i64, String), Error> {
    let row = tx.query_opt(HOLD, args![bucket, now])?;
    row.map_or_else(|| Ok((0, now.to_owned())), |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

/// Notes how full a bucket is.
pub fn fill(tx: &mut Tx<'_>, bucket: &str, level: i64, now: &str) -> Result<(), Error> {
    tx.execute(FILL, args![bucket, level, now]).map(drop)
}

/// Forgets what is older than an instant.
pub fn purge(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    Ok(tx.execute(PURGE, args![before])? + tx.execute(PURGE_BUCKETS, args![before])?)
}
