//! Tokens of an office's own programs. Only their digests are kept.

use kaigo_core::policy::{Act, ActGrant};

use super::{office, opt_owned, owned};
use crate::db::{Error, Row, Tx};

statements! {
    INSERT = "INSERT INTO api_token (token_digest, token_id, office_no, account_id, name, made_at, last_used_at, ended_at) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, NULL)";
    OF_OFFICE = "SELECT token_id, office_no, account_id, name, made_at, last_used_at, ended_at FROM api_token WHERE office_no = ?1 \
                 ORDER BY made_at DESC, token_id";
    BY_DIGEST = "SELECT token_id, office_no, account_id, name, made_at, last_used_at, ended_at FROM api_token WHERE token_digest = ?1 \
                 AND ended_at IS NULL";
    END = "UPDATE api_token SET ended_at = ?3 WHERE office_no = ?1 AND token_id = ?2 AND ended_at IS NULL";
    USED = "UPDATE api_token SET last_used_at = ?2 WHERE token_digest = ?1";
}

/// A token, without itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Random identifier, to end it by.
    pub token_id: String,
    /// The office whose program has it.
    pub office_no: String,
    /// The account that made it and answers for what it does.
    pub account_id: String,
    /// What its maker called it.
    pub name: String,
    /// When it was made.
    pub made_at: String,
    /// When it was last used.
    pub last_used_at: Option<String>,
    /// When it was ended.
    pub ended_at: Option<String>,
}

fn read(row: &Row) -> Result<TokenRow, Error> {
    Ok(TokenRow {
        token_id: owned(row, 0)?,
        office_no: owned(row, 1)?,
        account_id: owned(row, 2)?,
        name: owned(row, 3)?,
        made_at: owned(row, 4)?,
        last_used_at: opt_owned(row, 5)?,
        ended_at: opt_owned(row, 6)?,
    })
}

/// Keeps a token by its digest.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, digest: &str, token: &TokenRow) -> Result<(), Error> {
    let own = office(grant, &[Act::JoinExchange])?;
    let t = token;
    tx.execute(INSERT, args![digest, &t.token_id, own, &t.account_id, &t.name, &t.made_at]).map(drop)
}

/// The office's tokens, the newest first.
pub fn of_office(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<TokenRow>, Error> {
    tx.query(OF_OFFICE, args![office(grant, &[Act::JoinExchange])?])?.iter().map(read).collect()
}

/// The token with that digest, if it was not ended: asked before there is a caller.
pub fn by_digest(tx: &mut Tx<'_>, digest: &str) -> Result<Option<TokenRow>, Error> {
    tx.query_opt(BY_DIGEST, args![digest])?.as_ref().map(read).transpose()
}

/// Ends a token; whether there was one to end.
pub fn end(tx: &mut Tx<'_>, grant: &ActGrant, token_id: &str, at: &str) -> Result<bool, Error> {
    Ok(tx.execute(END, args![office(grant, &[Act::JoinExchange])?, token_id, at])? == 1)
}

/// Notes that a token was used.
pub fn used(tx: &mut Tx<'_>, digest: &str, at: &str) -> Result<(), Error> {
    tx.execute(USED, args![digest, at]).map(drop)
}
