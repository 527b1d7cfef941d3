//! Passkeys (WebAuthn), challenges that were answered, and codes by mail in place of the second factor.

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "account_id, passkey_id, credential_id, rp_id, public_key, sign_count, is_synced, name, made_at, used_at"
    };
}

statements! {
    INSERT = concat!("INSERT INTO passkey (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL)");
    OF_ACCOUNT = concat!("SELECT ", columns!(), " FROM passkey WHERE account_id = ?1 ORDER BY made_at, passkey_id");
    BY_CREDENTIAL = concat!("SELECT ", columns!(), " FROM passkey WHERE credential_id = ?1");
    USED = "UPDATE passkey SET sign_count = ?3, used_at = ?4 WHERE account_id = ?1 AND passkey_id = ?2";
    RENAME = "UPDATE passkey SET name = ?3 WHERE account_id = ?1 AND passkey_id = ?2";
    REMOVE = "DELETE FROM passkey WHERE account_id = ?1 AND passkey_id = ?2";
    REMOVE_ALL = "DELETE FROM passkey WHERE account_id = ?1";
    ANSWER = "INSERT INTO passkey_challenge (challenge, ends_at) VALUES (?1, ?2) ON CONFLICT (challenge) DO NOTHING";
    PURGE = "DELETE FROM passkey_challenge WHERE ends_at < ?1";
    MAIL_CODE = "SELECT code_digest, made_at, tries FROM login_mail_code WHERE account_id = ?1";
    PUT_MAIL_CODE = "INSERT INTO login_mail_code (account_id, code_digest, made_at, tries) VALUES (?1, ?2, ?3, 0) ON CONFLICT (account_id) \
                     DO UPDATE SET code_digest = excluded.code_digest, made_at = excluded.made_at, tries = 0";
    MISS_MAIL_CODE = "UPDATE login_mail_code SET tries = tries + 1 WHERE account_id = ?1";
    DROP_MAIL_CODE = "DELETE FROM login_mail_code WHERE account_id = ?1";
    CODES_LEFT = "SELECT count(*) FROM recovery_code WHERE account_id = ?1 AND used_at IS NULL";
    HAS_CODE = "SELECT count(*) FROM recovery_code WHERE account_id = ?1 AND code_digest = ?2";
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Whose.
    pub account_id: String,
    /// Our name for it, random.
    pub passkey_id: String,
    /// The authenticator's name for it, base64url.
    pub credential_id: String,
    /// The host for which it was made.
    pub rp_id: String,
    /// Public key in COSE form.
    pub public_key: Vec<u8>,
    /// The authenticator's counter when it was last used; 0: it does not count.
    pub sign_count: u32,
    /// Whether it is shared between its owner's devices.
    pub is_synced: bool,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub made_at: String,
    /// When it was last used.
    pub used_at: Option<String>,
}

fn passkey(row: &Row) -> Result<Passkey, Error> {
    let own = |i: usize| Ok::<_, Error>(row.text(i)?.to_owned());
    Ok(Passkey {
        account_id: own(0)?,
        passkey_id: own(1)?,
        credential_id: own(2)?,
        rp_id: own(3)?,
        public_key: row.bytes(4)?.to_vec(),
        sign_count: row.text(5)?.parse().map_err(|_| Error::Broken("a passkey's counter".to_owned()))?,
        is_synced: row.flag(6)?,
        name: own(7)?,
        made_at: own(8)?,
        used_at: row.opt_text(9)?.map(str::to_owned),
    })
}

/// Adds a passkey.
///
/// # Errors
/// [`Error::Conflict`] if the authenticator's name for it is known already.
pub fn insert(tx: &mut Tx<'_>, p: &Passkey) -> Result<(), Error> {
    let args = args![
        &p.account_id,
        &p.passkey_id,
        &p.credential_id,
        &p.rp_id,
        p.public_key.as_slice(),
        p.sign_count.to_string(),
        p.is_synced,
        &p.name,
        &p.made_at
    ];
    tx.execute(INSERT, args).map(drop)
}

/// The account's passkeys, the oldest first.
pub fn of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<Passkey>, Error> {
    tx.query(OF_ACCOUNT, args![account_id])?.iter().map(passkey).collect()
}

/// The passkey with the authenticator's name.
pub fn by_credential(tx: &mut Tx<'_>, credential_id: &str) -> Result<Option<Passkey>, Error> {
    tx.query_opt(BY_CREDENTIAL, args![credential_id])?.as_ref().map(passkey).transpose()
}

/// Notes that a passkey was used, with the authenticator's counter.
pub fn used(tx: &mut Tx<'_>, p: &Passkey, sign_count: u32, now: &str) -> Result<(), Error> {
    tx.execute(USED, args![&p.account_id, &p.passkey_id, sign_count.to_string(), now]).map(drop)
}

/// Gives a passkey another name; whether it is the account's.
pub fn rename(tx: &mut Tx<'_>, account_id: &str, passkey_id: &str, name: &str) -> Result<bool, Error> {
    Ok(tx.execute(RENAME, args![account_id, passkey_id, name])? == 1)
}

/// Removes a passkey; whether it was the account's.
pub fn remove(tx: &mut Tx<'_>, account_id: &str, passkey_id: &str) -> Result<bool, Error> {
    Ok(tx.execute(REMOVE, args![account_id, passkey_id])? == 1)
}

/// Removes all passkeys of an account. Answers how many.
pub fn remove_all(tx: &mut Tx<'_>, account_id: &str) -> Result<u64, Error> {
    tx.execute(REMOVE_ALL, args![account_id])
}

/// Takes the answer to a challenge. Answers false if it was answered before.
pub fn answer(tx: &mut Tx<'_>, challenge: &str, ends_at: &str) -> Result<bool, Error> {
    Ok(tx.execute(ANSWER, args![challenge, ends_at])? == 1)
}

/// Forgets challenges that nobody can answer any more.
pub fn purge(tx: &mut Tx<'_>, now: &str) -> Result<u64, Error> {
    tx.execute(PURGE, args![now])
}

/// The account's last code by mail: its digest, when it was made, wrong codes since.
pub fn mail_code(tx: &mut Tx<'_>, account_id: &str) -> Result<Option<(String, String, i64)>, Error> {
    let row = tx.query_opt(MAIL_CODE, args![account_id])?;
    row.map_or(Ok(None), |row| Ok(Some((row.text(0)?.to_owned(), row.text(1)?.to_owned(), row.int(2)?))))
}

/// Keeps a code by mail; the one before counts no more.
pub fn put_mail_code(tx: &mut Tx<'_>, account_id: &str, digest: &str, now: &str) -> Result<(), Error> {
    tx.execute(PUT_MAIL_CODE, args![account_id, digest, now]).map(drop)
}

/// Counts a wrong code.
pub fn miss_mail_code(tx: &mut Tx<'_>, account_id: &str) -> Result<(), Error> {
    tx.execute(MISS_MAIL_CODE, args![account_id]).map(drop)
}

/// Uses the code up.
pub fn drop_mail_code(tx: &mut Tx<'_>, account_id: &str) -> Result<(), Error> {
    tx.execute(DROP_MAIL_CODE, args![account_id]).map(drop)
}

/// How many numbers on paper the account has left.
pub fn codes_left(tx: &mut Tx<'_>, account_id: &str) -> Result<i64, Error> {
    tx.query_opt(CODES_LEFT, args![account_id])?.map_or(Ok(0), |row| row.int(0))
}

/// Whether a number on paper is one of the account's, used or not.
pub fn has_code(tx: &mut Tx<'_>, account_id: &str, digest: &str) -> Result<bool, Error> {
    Ok(tx.query_opt(HAS_CODE, args![account_id, digest])?.map_or(Ok(0), |row| row.int(0))? > 0)
}
