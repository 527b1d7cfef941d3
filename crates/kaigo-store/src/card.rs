//! Reading マイナンバーカード: an office's terminals, one-time transactions, and the links from cards to persons.
//!
//! A transaction goes one way: `waiting` → `fetched` → `known`, `new` or `failed`; `new` → `linked`. Each step is one conditional
//! update, so of two at once one does it and the other finds it done. Nothing here can tell whose card it was without the link.

use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};

macro_rules! terminal {
    () => {
        "office_no, terminal_id, name, device_key, activation_until, made_by, made_at, enrolled_at, last_used_at, ended_at"
    };
}

macro_rules! transaction {
    () => {
        "office_no, transaction_id, account_id, way, state, nonce, match_code, started_at, expires_at, terminal_id, answer_digest, \
         card_digest, token, not_after, failure, tries_left, check_id"
    };
}

statements! {
    ADD_TERMINAL = "INSERT INTO card_terminal (office_no, terminal_id, name, activation_digest, activation_until, device_key, made_by, \
                    made_at, enrolled_at, last_used_at, ended_at, submit_key) \
                    VALUES (?1, ?2, ?3, ?4, ?5, NULL, ?6, ?7, NULL, NULL, NULL, ?8)";
    TERMINAL_OF_KEY = "SELECT terminal_id FROM card_terminal WHERE office_no = ?1 AND submit_key = ?2";
    TERMINALS = concat!("SELECT ", terminal!(), " FROM card_terminal WHERE office_no = ?1 ORDER BY made_at DESC, terminal_id");
    TERMINAL = concat!("SELECT ", terminal!(), " FROM card_terminal WHERE office_no = ?1 AND terminal_id = ?2");
    BY_ACTIVATION = concat!("SELECT ", terminal!(), " FROM card_terminal WHERE activation_digest = ?1 AND device_key IS NULL AND ended_at IS NULL");
    ENROL = "UPDATE card_terminal SET device_key = ?3, enrolled_at = ?4, activation_digest = NULL \
             WHERE office_no = ?1 AND terminal_id = ?2 AND device_key IS NULL AND ended_at IS NULL";
    END_TERMINAL = "UPDATE card_terminal SET ended_at = ?3, activation_digest = NULL WHERE office_no = ?1 AND terminal_id = ?2 AND ended_at IS NULL";
    USED = "UPDATE card_terminal SET last_used_at = ?3 WHERE office_no = ?1 AND terminal_id = ?2";
    START = "INSERT INTO card_transaction (office_no, transaction_id, account_id, way, state, nonce, match_code, started_at, expires_at, \
             submit_key) VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?6, ?7, ?8, ?9)";
    OF_KEY = concat!("SELECT ", transaction!(), " FROM card_transaction WHERE office_no = ?1 AND account_id = ?2 AND submit_key = ?3");
    STARTED = "SELECT count(*) FROM card_transaction WHERE office_no = ?1 AND account_id = ?2 AND started_at > ?3";
    FIND = concat!("SELECT ", transaction!(), " FROM card_transaction WHERE office_no = ?1 AND transaction_id = ?2");
    FETCH = "UPDATE card_transaction SET state = 'fetched', terminal_id = ?3 WHERE office_no = ?1 AND transaction_id = ?2 AND state = 'waiting'";
    ANSWER = "UPDATE card_transaction SET state = ?4, answered_at = ?5, answer_digest = ?6, card_digest = ?7, token = ?8, not_after = ?9, \
              failure = ?10, tries_left = ?11, check_id = ?12 \
              WHERE office_no = ?1 AND transaction_id = ?2 AND terminal_id = ?3 AND state = 'fetched'";
    CANCEL = "UPDATE card_transaction SET state = 'failed', failure = ?3 WHERE office_no = ?1 AND transaction_id = ?2 \
              AND state IN ('waiting', 'fetched')";
    LINKED = "UPDATE card_transaction SET state = 'linked', check_id = ?3 WHERE office_no = ?1 AND transaction_id = ?2 AND state = 'new'";
    SWEEP = "DELETE FROM card_transaction WHERE expires_at < ?1";
    INDEXED = "SELECT insurer_no, insured_no FROM card_index WHERE card_digest = ?1";
    INDEX = "INSERT INTO card_index (card_digest, insurer_no, insured_no, link_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (card_digest) DO NOTHING";
    UNINDEX = "DELETE FROM card_index WHERE card_digest = ?1 AND insurer_no = ?2 AND insured_no = ?3";
    LINK = "INSERT INTO card_link (insurer_no, insured_no, link_id, card_digest, token, method, not_after, office_no, account_id, linked_at, \
            ended_at, end_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL, NULL)";
    LINKS = "SELECT link_id, card_digest, token, method, not_after, office_no, account_id, linked_at FROM card_link \
             WHERE insurer_no = ?1 AND insured_no = ?2 AND ended_at IS NULL ORDER BY linked_at, link_id";
    END_LINK = "UPDATE card_link SET ended_at = ?4, end_reason = ?5 WHERE insurer_no = ?1 AND insured_no = ?2 AND link_id = ?3 AND ended_at IS NULL";
}

/// A terminal that reads cards (カードを読む端末).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Office.
    pub office_no: OfficeNo,
    /// Random identifier.
    pub terminal_id: String,
    /// What the administrator called it.
    pub name: String,
    /// Its public key (Ed25519, hex), once enrolled.
    pub device_key: Option<String>,
    /// Until when the activation code is good.
    pub activation_until: String,
    /// Name of the administrator who made it.
    pub made_by: String,
    /// When it was made.
    pub made_at: String,
    /// When it was enrolled.
    pub enrolled_at: Option<String>,
    /// When it last fetched a transaction.
    pub last_used_at: Option<String>,
    /// When it was ended.
    pub ended_at: Option<String>,
}

/// A one-time transaction: one reading of one card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Office that asks.
    pub office_no: OfficeNo,
    /// Random identifier, 128 bits in hex.
    pub transaction_id: String,
    /// Account that asks.
    pub account_id: String,
    /// `pin` or `visual`.
    pub way: String,
    /// `waiting`, `fetched`, `known`, `new`, `linked`, `failed`.
    pub state: String,
    /// Random bytes, 64 hex digits.
    pub nonce: String,
    /// Two digits on both screens.
    pub match_code: String,
    /// When it began.
    pub started_at: String,
    /// From when on it is worth nothing.
    pub expires_at: String,
    /// Terminal that fetched it.
    pub terminal_id: Option<String>,
    /// Digest of the answer that was taken.
    pub answer_digest: Option<String>,
    /// Digest of the card, once read.
    pub card_digest: Option<String>,
    /// `card` or `phone`.
    pub token: Option<String>,
    /// Last moment of the certificate.
    pub not_after: Option<String>,
    /// Code of what went wrong.
    pub failure: Option<String>,
    /// Tries that a wrong PIN has left.
    pub tries_left: Option<i64>,
    /// The identity check that came of it.
    pub check_id: Option<String>,
}

/// What came of a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// `known`, `new` or `failed`.
    pub state: String,
    /// Digest of the answer.
    pub answer_digest: String,
    /// Digest of the card.
    pub card_digest: Option<String>,
    /// `card` or `phone`.
    pub token: Option<String>,
    /// Last moment of the certificate.
    pub not_after: Option<String>,
    /// Code of what went wrong.
    pub failure: Option<String>,
    /// Tries that a wrong PIN has left.
    pub tries_left: Option<i64>,
    /// The identity check.
    pub check_id: Option<String>,
}

/// A card that counts for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardLink {
    /// Random identifier.
    pub link_id: String,
    /// Salted digest of issuer and serial number.
    pub card_digest: String,
    /// `card` or `phone`.
    pub token: String,
    /// How the identity was shown when it was linked.
    pub method: String,
    /// Last moment of the certificate.
    pub not_after: String,
    /// Office that linked it.
    pub office_no: String,
    /// Account that linked it.
    pub account_id: String,
    /// When.
    pub linked_at: String,
}

fn office(grant: &ActGrant, act: Act) -> Result<OfficeNo, Error> {
    match grant.office_no() {
        Some(office_no) if grant.act() == act => Ok(office_no),
        _ => Err(Error::NotCovered),
    }
}

fn owned(row: &Row, at: usize) -> Result<String, Error> {
    row.text(at).map(str::to_owned)
}

fn maybe(row: &Row, at: usize) -> Result<Option<String>, Error> {
    row.opt_text(at).map(|text| text.map(str::to_owned))
}

fn read_terminal(row: &Row) -> Result<Terminal, Error> {
    Ok(Terminal {
        office_no: OfficeNo::parse(row.text(0)?).map_err(|_| Error::Broken("a terminal cannot be read".to_owned()))?,
        terminal_id: owned(row, 1)?,
        name: owned(row, 2)?,
        device_key: maybe(row, 3)?,
        activation_until: owned(row, 4)?,
        made_by: owned(row, 5)?,
        made_at: owned(row, 6)?,
        enrolled_at: maybe(row, 7)?,
        last_used_at: maybe(row, 8)?,
        ended_at: maybe(row, 9)?,
    })
}

fn read(row: &Row) -> Result<Transaction, Error> {
    Ok(Transaction {
        office_no: OfficeNo::parse(row.text(0)?)
            .map_err(|_| Error::Broken("a card transaction cannot be read".to_owned()))?,
        transaction_id: owned(row, 1)?,
        account_id: owned(row, 2)?,
        way: owned(row, 3)?,
        state: owned(row, 4)?,
        nonce: owned(row, 5)?,
        match_code: owned(row, 6)?,
        started_at: owned(row, 7)?,
        expires_at: owned(row, 8)?,
        terminal_id: maybe(row, 9)?,
        answer_digest: maybe(row, 10)?,
        card_digest: maybe(row, 11)?,
        token: maybe(row, 12)?,
        not_after: maybe(row, 13)?,
        failure: maybe(row, 14)?,
        tries_left: row.opt_int(15)?,
        check_id: maybe(row, 16)?,
    })
}

/// Makes a terminal that waits for its activation; with the same key again, nothing. Answers the identifier of what there is.
pub fn add_terminal(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    terminal: &Terminal,
    activation_digest: &str,
    submit_key: &str,
) -> Result<String, Error> {
    let office_no = office(grant, Act::ManageTerminals)?;
    if let Some(row) = tx.query_opt(TERMINAL_OF_KEY, args![office_no, submit_key])? {
        return owned(&row, 0);
    }
    let t = terminal;
    tx.execute(
        ADD_TERMINAL,
        args![
            office_no,
            &t.terminal_id,
            &t.name,
            activation_digest,
            &t.activation_until,
            &t.made_by,
            &t.made_at,
            submit_key
        ],
    )?;
    Ok(t.terminal_id.clone())
}

/// The office's terminals, the newest first.
pub fn terminals(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Terminal>, Error> {
    tx.query(TERMINALS, args![office(grant, Act::ManageTerminals)?])?.iter().map(read_terminal).collect()
}

/// Ends a terminal at once. Answers false if there is none to end.
pub fn end_terminal(tx: &mut Tx<'_>, grant: &ActGrant, terminal_id: &str, at: &str) -> Result<bool, Error> {
    Ok(tx.execute(END_TERMINAL, args![office(grant, Act::ManageTerminals)?, terminal_id, at])? == 1)
}

/// The terminal that waits for this activation code, if it was not used: asked before there is a caller.
pub fn by_activation(tx: &mut Tx<'_>, activation_digest: &str) -> Result<Option<Terminal>, Error> {
    tx.query_opt(BY_ACTIVATION, args![activation_digest])?.as_ref().map(read_terminal).transpose()
}

/// A terminal by its name of itself: asked before there is a caller.
pub fn terminal(tx: &mut Tx<'_>, office_no: OfficeNo, terminal_id: &str) -> Result<Option<Terminal>, Error> {
    tx.query_opt(TERMINAL, args![office_no, terminal_id])?.as_ref().map(read_terminal).transpose()
}

/// Keeps the key of a terminal; its activation code is used up. Answers false if it has one already.
pub fn enrol(tx: &mut Tx<'_>, terminal: &Terminal, device_key: &str, at: &str) -> Result<bool, Error> {
    Ok(tx.execute(ENROL, args![terminal.office_no, &terminal.terminal_id, device_key, at])? == 1)
}

/// Begins a transaction; with the same key again, the first one.
pub fn start(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    transaction: &Transaction,
    submit_key: &str,
) -> Result<Transaction, Error> {
    let office_no = office(grant, Act::CheckIdentity)?;
    let t = transaction;
    if let Some(row) = tx.query_opt(OF_KEY, args![office_no, &t.account_id, submit_key])? {
        return read(&row);
    }
    tx.execute(
        START,
        args![
            office_no,
            &t.transaction_id,
            &t.account_id,
            &t.way,
            &t.nonce,
            &t.match_code,
            &t.started_at,
            &t.expires_at,
            submit_key
        ],
    )?;
    Ok(t.clone())
}

/// How many transactions the account has begun since an instant.
pub fn started(tx: &mut Tx<'_>, grant: &ActGrant, account_id: &str, since: &str) -> Result<i64, Error> {
    let row = tx.query_opt(STARTED, args![office(grant, Act::CheckIdentity)?, account_id, since])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// A transaction of the office.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, transaction_id: &str) -> Result<Option<Transaction>, Error> {
    of_terminal(tx, office(grant, Act::CheckIdentity)?, transaction_id)
}

/// A transaction of the office whose terminal asks: its signature was checked before.
pub fn of_terminal(tx: &mut Tx<'_>, office_no: OfficeNo, transaction_id: &str) -> Result<Option<Transaction>, Error> {
    tx.query_opt(FIND, args![office_no, transaction_id])?.as_ref().map(read).transpose()
}

/// Gives a transaction to a terminal, once. Answers false if one has it.
pub fn fetch(tx: &mut Tx<'_>, terminal: &Terminal, transaction_id: &str, at: &str) -> Result<bool, Error> {
    tx.execute(USED, args![terminal.office_no, &terminal.terminal_id, at])?;
    Ok(tx.execute(FETCH, args![terminal.office_no, transaction_id, &terminal.terminal_id])? == 1)
}

/// Takes the answer of the terminal that fetched it, once. Answers false if there is one.
pub fn answer(
    tx: &mut Tx<'_>,
    terminal: &Terminal,
    transaction_id: &str,
    outcome: &Outcome,
    at: &str,
) -> Result<bool, Error> {
    let o = outcome;
    let done = tx.execute(
        ANSWER,
        args![
            terminal.office_no,
            transaction_id,
            &terminal.terminal_id,
            &o.state,
            at,
            &o.answer_digest,
            o.card_digest.as_ref(),
            o.token.as_ref(),
            o.not_after.as_ref(),
            o.failure.as_ref(),
            o.tries_left,
            o.check_id.as_ref()
        ],
    )?;
    Ok(done == 1)
}

/// Gives a transaction up. Answers false if it was over.
pub fn cancel(tx: &mut Tx<'_>, grant: &ActGrant, transaction_id: &str, failure: &str) -> Result<bool, Error> {
    Ok(tx.execute(CANCEL, args![office(grant, Act::CheckIdentity)?, transaction_id, failure])? == 1)
}

/// Notes that the new card of a transaction was linked. Answers false if it was before.
pub fn linked(tx: &mut Tx<'_>, grant: &ActGrant, transaction_id: &str, check_id: &str) -> Result<bool, Error> {
    Ok(tx.execute(LINKED, args![office(grant, Act::LinkCard)?, transaction_id, check_id])? == 1)
}

/// Removes transactions that ran out before an instant.
pub fn sweep(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    tx.execute(SWEEP, args![before])
}

/// Whose card it is, if it counts for somebody: for an identity check only.
pub fn whose(tx: &mut Tx<'_>, grant: &ActGrant, card_digest: &str) -> Result<Option<(InsurerNo, InsuredNo)>, Error> {
    office(grant, Act::CheckIdentity)?;
    let bad = |_| Error::Broken("a card's link cannot be read".to_owned());
    let row = tx.query_opt(INDEXED, args![card_digest])?;
    row.map(|row| Ok((InsurerNo::parse(row.text(0)?).map_err(bad)?, InsuredNo::parse(row.text(1)?).map_err(bad)?)))
        .transpose()
}

/// The cards that count for a person.
pub fn of_person(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
) -> Result<Vec<CardLink>, Error> {
    office(grant, Act::LinkCard)?;
    let read = |row: &Row| {
        Ok(CardLink {
            link_id: owned(row, 0)?,
            card_digest: owned(row, 1)?,
            token: owned(row, 2)?,
            method: owned(row, 3)?,
            not_after: owned(row, 4)?,
            office_no: owned(row, 5)?,
            account_id: owned(row, 6)?,
            linked_at: owned(row, 7)?,
        })
    };
    tx.query(LINKS, args![insurer_no, insured_no])?.iter().map(read).collect()
}

/// Lets a card count for a person. Answers false if it counts for somebody already.
pub fn link(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    link: &CardLink,
) -> Result<bool, Error> {
    let office_no = office(grant, Act::LinkCard)?;
    let l = link;
    if tx.execute(INDEX, args![&l.card_digest, insurer_no, insured_no, &l.link_id])? == 0 {
        return Ok(false);
    }
    tx.execute(
        LINK,
        args![
            insurer_no,
            insured_no,
            &l.link_id,
            &l.card_digest,
            &l.token,
            &l.method,
            &l.not_after,
            office_no,
            &l.account_id,
            &l.linked_at
        ],
    )?;
    Ok(true)
}

/// Ends a card's link, because the certificate was renewed.
pub fn end_link(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    link: &CardLink,
    (at, reason): (&str, &str),
) -> Result<(), Error> {
    office(grant, Act::LinkCard)?;
    tx.execute(UNINDEX, args![&link.card_digest, insurer_no, insured_no])?;
    tx.execute(END_LINK, args![insurer_no, insured_no, &link.link_id, at, reason]).map(drop)
}
