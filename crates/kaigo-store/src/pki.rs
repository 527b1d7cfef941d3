//! The certification authority and the certificates of terminals (端末の電子証明書). No personal data but names of staff.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::terminal::{RevokeReason, TerminalState, TerminalWay};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "office_no, certificate_id, terminal_no, terminal_name, way, csr, renews, state, requested_at, requested_account, requested_by, \
         submit_key, decided_at, decided_by, reason, serial, certificate, not_before, not_after, delivered_at, delivered_by, revoked_at, \
         revoked_by, revoke_reason"
    };
}

statements! {
    PUT_AUTHORITY = "INSERT INTO pki_authority (authority_id, kind, certificate, key_sealed, not_after, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    AUTHORITIES = "SELECT authority_id, kind, certificate, key_sealed, not_after, made_at FROM pki_authority ORDER BY made_at DESC, kind, authority_id";
    INSERT = concat!("INSERT INTO terminal_certificate (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, \
              ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)");
    BY_KEY = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE office_no = ?1 AND submit_key = ?2");
    ONE = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE office_no = ?1 AND certificate_id = ?2");
    OF_OFFICE = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE office_no = ?1 ORDER BY certificate_id DESC LIMIT 300");
    LAST_TERMINAL = "SELECT coalesce(max(terminal_no), 0) FROM terminal_certificate WHERE office_no = ?1";
    WAITING = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE state = 'requested' ORDER BY requested_at, certificate_id LIMIT 200");
    COUNT = "SELECT count(*), coalesce(min(requested_at), '') FROM terminal_certificate WHERE state = 'requested'";
    BY_STATE = "SELECT state, count(*) FROM terminal_certificate GROUP BY state";
    FOUND = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE certificate_id = ?1");
    BY_SERIAL = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE serial = ?1");
    ENDING = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE state = 'issued' AND not_after > ?1 AND not_after <= ?2 \
              ORDER BY not_after, certificate_id LIMIT ?3");
    RENEWED = "SELECT count(*) FROM terminal_certificate WHERE office_no = ?1 AND renews = ?2 AND state IN ('requested', 'approved', 'issued')";
    SEARCH = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE office_no = ?1 AND certificate_id < ?2 ORDER BY certificate_id DESC LIMIT 100");
    RECENT = concat!("SELECT ", columns!(), " FROM terminal_certificate WHERE certificate_id < ?1 ORDER BY certificate_id DESC LIMIT 100");
    DECIDE = "UPDATE terminal_certificate SET state = ?3, decided_at = ?4, decided_by = ?5, reason = ?6 \
              WHERE office_no = ?1 AND certificate_id = ?2 AND state = 'requested'";
    WITHDRAW = "UPDATE terminal_certificate SET state = 'withdrawn' WHERE office_no = ?1 AND certificate_id = ?2 AND state IN ('requested', 'approved')";
    ISSUE = "UPDATE terminal_certificate SET state = 'issued', serial = ?3, certificate = ?4, not_before = ?5, not_after = ?6, delivered_at = ?7, delivered_by = ?8 \
             WHERE office_no = ?1 AND certificate_id = ?2 AND state = 'approved'";
    REVOKE = "UPDATE terminal_certificate SET state = 'revoked', revoked_at = ?3, revoked_by = ?4, revoke_reason = ?5 \
              WHERE office_no = ?1 AND certificate_id = ?2 AND state = 'issued'";
    REVOKED = "SELECT serial, revoked_at, revoke_reason FROM terminal_certificate WHERE state = 'revoked' AND serial IS NOT NULL AND not_after > ?1 ORDER BY serial";
    REVISION = "SELECT count(*), coalesce(max(revoked_at), '') FROM terminal_certificate WHERE state = 'revoked'";
    BIND = "INSERT INTO session_certificate (session_digest, serial, bound_at) VALUES (?1, ?2, ?3) ON CONFLICT (session_digest) DO NOTHING";
    BOUND = "SELECT serial FROM session_certificate WHERE session_digest = ?1";
    UNBIND = "DELETE FROM session_certificate WHERE bound_at < ?1 AND NOT EXISTS (SELECT 1 FROM session s WHERE s.session_digest = session_certificate.session_digest)";
    CLOSE_BOUND = "DELETE FROM session WHERE session_digest IN (SELECT session_digest FROM session_certificate WHERE serial = ?1)";
}

/// A certificate of the authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Identifier, random.
    pub authority_id: String,
    /// `root` or `issuing`.
    pub kind: String,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// The key, PKCS#8, sealed for the place `pki/{authority_id}`; none for a root.
    pub key_sealed: Option<Vec<u8>>,
    /// Its end.
    pub not_after: String,
    /// When it was made.
    pub made_at: String,
}

/// An application for a certificate of a terminal, and the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Office.
    pub office_no: OfficeNo,
    /// Identifier, sorted by time.
    pub certificate_id: String,
    /// Which of the office's terminals: 1 and up.
    pub terminal_no: u32,
    /// How the office calls the terminal.
    pub terminal_name: String,
    /// How the key comes to the terminal.
    pub way: TerminalWay,
    /// The request with the terminal's own public key, DER.
    pub csr: Option<Vec<u8>>,
    /// Identifier of the certificate that this one follows.
    pub renews: Option<String>,
    /// Where it stands.
    pub state: TerminalState,
    /// When it was asked for.
    pub requested_at: String,
    /// Account that asked.
    pub requested_account: String,
    /// Its owner's name.
    pub requested_by: String,
    /// Key of the form.
    pub submit_key: String,
    /// When it was decided.
    pub decided_at: Option<String>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Serial number of the certificate, hex.
    pub serial: Option<String>,
    /// The certificate, DER.
    pub certificate: Option<Vec<u8>>,
    /// First instant.
    pub not_before: Option<String>,
    /// Last instant.
    pub not_after: Option<String>,
    /// When its key or certificate was handed over.
    pub delivered_at: Option<String>,
    /// To whom.
    pub delivered_by: Option<String>,
    /// When it was revoked.
    pub revoked_at: Option<String>,
    /// By whom.
    pub revoked_by: Option<String>,
    /// Why.
    pub revoke_reason: Option<RevokeReason>,
}

/// A certificate as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Serial number, hex.
    pub serial: String,
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// First instant.
    pub not_before: String,
    /// Last instant.
    pub not_after: String,
}

/// A line of the revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Serial number, hex.
    pub serial: String,
    /// Since when.
    pub at: String,
    /// Why.
    pub reason: RevokeReason,
}

fn office(grant: &ActGrant) -> Result<OfficeNo, Error> {
    match (grant.act(), grant.office_no()) {
        (Act::ManageCertificates, Some(office_no)) => Ok(office_no),
        _ => Err(Error::NotCovered),
    }
}

fn desk(grant: &ActGrant) -> Result<(), Error> {
    if matches!(grant.act(), Act::IssueCertificate | Act::Operate) { Ok(()) } else { Err(Error::NotCovered) }
}

/// Whose application it is: the office's own, or anybody's for the desk.
fn may(grant: &ActGrant, office_no: OfficeNo) -> Result<(), Error> {
    if grant.act() == Act::ManageCertificates {
        return if office(grant)? == office_no { Ok(()) } else { Err(Error::NotCovered) };
    }
    desk(grant)
}

/// Adds a certificate of the authority.
pub fn put_authority(tx: &mut Tx<'_>, grant: &ActGrant, a: &Authority) -> Result<(), Error> {
    desk(grant)?;
    let key = a.key_sealed.as_deref();
    tx.execute(PUT_AUTHORITY, args![&a.authority_id, &a.kind, a.certificate.as_slice(), key, &a.not_after, &a.made_at])
        .map(drop)
}

/// The certificates of the authority, the newest first.
pub fn authorities(tx: &mut Tx<'_>) -> Result<Vec<Authority>, Error> {
    tx.query(AUTHORITIES, args![])?
        .iter()
        .map(|row| {
            Ok(Authority {
                authority_id: row.text(0)?.to_owned(),
                kind: row.text(1)?.to_owned(),
                certificate: row.bytes(2)?.to_vec(),
                key_sealed: row.opt_bytes(3)?.map(<[u8]>::to_vec),
                not_after: row.text(4)?.to_owned(),
                made_at: row.text(5)?.to_owned(),
            })
        })
        .collect()
}

/// Adds an application. Sent twice with one key, the first one is answered.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, t: &Terminal) -> Result<Terminal, Error> {
    may(grant, t.office_no)?;
    if let Some(row) = tx.query_opt(BY_KEY, args![t.office_no, &t.submit_key])? {
        return read(&row);
    }
    tx.execute(
        INSERT,
        args![
            t.office_no,
            &t.certificate_id,
            i32::try_from(t.terminal_no).unwrap_or(i32::MAX),
            &t.terminal_name,
            t.way.code(),
            t.csr.as_deref(),
            t.renews.as_ref(),
            t.state.code(),
            &t.requested_at,
            &t.requested_account,
            &t.requested_by,
            &t.submit_key,
            t.decided_at.as_ref(),
            t.decided_by.as_ref(),
            t.reason.as_ref(),
            t.serial.as_ref(),
            t.certificate.as_deref(),
            t.not_before.as_ref(),
            t.not_after.as_ref(),
            t.delivered_at.as_ref(),
            t.delivered_by.as_ref(),
            t.revoked_at.as_ref(),
            t.revoked_by.as_ref(),
            t.revoke_reason.map(RevokeReason::code)
        ],
    )?;
    Ok(t.clone())
}

/// The next number of a terminal of the office.
pub fn next_terminal(tx: &mut Tx<'_>, grant: &ActGrant, office_no: OfficeNo) -> Result<u32, Error> {
    may(grant, office_no)?;
    let last = tx.query_opt(LAST_TERMINAL, args![office_no])?.map_or(Ok(0), |row| row.int(0))?;
    Ok(u32::try_from(last).unwrap_or(0).saturating_add(1))
}

/// The office's applications, the newest first.
pub fn of_office(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Terminal>, Error> {
    tx.query(OF_OFFICE, args![office(grant)?])?.iter().map(read).collect()
}

/// One of the office's applications.
pub fn one(tx: &mut Tx<'_>, grant: &ActGrant, certificate_id: &str) -> Result<Option<Terminal>, Error> {
    tx.query_opt(ONE, args![office(grant)?, certificate_id])?.as_ref().map(read).transpose()
}

/// An application of any office, for the desk.
pub fn found(tx: &mut Tx<'_>, grant: &ActGrant, certificate_id: &str) -> Result<Option<Terminal>, Error> {
    desk(grant)?;
    tx.query_opt(FOUND, args![certificate_id])?.as_ref().map(read).transpose()
}

/// The certificate of a serial number, for the desk and the program.
pub fn by_serial(tx: &mut Tx<'_>, grant: &ActGrant, serial: &str) -> Result<Option<Terminal>, Error> {
    desk(grant)?;
    tx.query_opt(BY_SERIAL, args![serial])?.as_ref().map(read).transpose()
}

/// Where the certificate of a serial number stands; none: this installation did not issue it. Tells nothing but the state.
pub fn state(tx: &mut Tx<'_>, serial: &str) -> Result<Option<TerminalState>, Error> {
    Ok(tx.query_opt(BY_SERIAL, args![serial])?.as_ref().map(read).transpose()?.map(|t| t.state))
}

/// Applications that wait for a decision, the oldest first.
pub fn waiting(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Terminal>, Error> {
    desk(grant)?;
    tx.query(WAITING, args![])?.iter().map(read).collect()
}

/// How many wait, and since when the oldest one does.
pub fn count(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<(i64, String), Error> {
    desk(grant)?;
    tx.query_opt(COUNT, args![])?.map_or(Ok((0, String::new())), |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

/// How many there are of each state.
pub fn by_state(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<(TerminalState, i64)>, Error> {
    desk(grant)?;
    tx.query(BY_STATE, args![])?
        .iter()
        .map(|row| Ok((TerminalState::parse(row.text(0)?).map_err(|_| broken())?, row.int(1)?)))
        .collect()
}

/// Applications before one, the newest first: of one office, or of all.
pub fn before(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    office_no: Option<OfficeNo>,
    certificate_id: &str,
) -> Result<Vec<Terminal>, Error> {
    desk(grant)?;
    match office_no {
        Some(office_no) => tx.query(SEARCH, args![office_no, certificate_id])?.iter().map(read).collect(),
        None => tx.query(RECENT, args![certificate_id])?.iter().map(read).collect(),
    }
}

/// Certificates in use that end after one instant and not after another, the first ones first.
pub fn ending(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (after, until): (&str, &str),
    most: i32,
) -> Result<Vec<Terminal>, Error> {
    desk(grant)?;
    tx.query(ENDING, args![after, until, most])?.iter().map(read).collect()
}

/// Whether a certificate has a follower that was not refused.
pub fn is_renewed(tx: &mut Tx<'_>, office_no: OfficeNo, certificate_id: &str) -> Result<bool, Error> {
    Ok(tx.query_opt(RENEWED, args![office_no, certificate_id])?.map_or(Ok(0), |row| row.int(0))? > 0)
}

/// Approves or refuses. Answers false if it did not wait any more.
pub fn decide(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (office_no, certificate_id): (OfficeNo, &str),
    state: TerminalState,
    (now, by, reason): (&str, &str, Option<&str>),
) -> Result<bool, Error> {
    desk(grant)?;
    Ok(tx.execute(DECIDE, args![office_no, certificate_id, state.code(), now, by, reason])? == 1)
}

/// The office takes its application back.
pub fn withdraw(tx: &mut Tx<'_>, grant: &ActGrant, certificate_id: &str) -> Result<bool, Error> {
    Ok(tx.execute(WITHDRAW, args![office(grant)?, certificate_id])? == 1)
}

/// Keeps the certificate that was made. Answers false if it was not approved, or was made before.
pub fn issue(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (office_no, certificate_id): (OfficeNo, &str),
    issued: &Issued,
    (now, by): (&str, &str),
) -> Result<bool, Error> {
    may(grant, office_no)?;
    let i = issued;
    Ok(tx.execute(
        ISSUE,
        args![office_no, certificate_id, &i.serial, i.certificate.as_slice(), &i.not_before, &i.not_after, now, by],
    )? == 1)
}

/// Revokes, and ends the sessions that were opened with it. Answers false if it was not in use.
pub fn revoke(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    terminal: &Terminal,
    reason: RevokeReason,
    (now, by): (&str, &str),
) -> Result<bool, Error> {
    may(grant, terminal.office_no)?;
    let done = tx.execute(REVOKE, args![terminal.office_no, &terminal.certificate_id, now, by, reason.code()])? == 1;
    if let (true, Some(serial)) = (done, &terminal.serial) {
        tx.execute(CLOSE_BOUND, args![serial])?;
    }
    Ok(done)
}

/// What the revocation list holds: revoked, and not at its end before an instant. Public.
pub fn revoked(tx: &mut Tx<'_>, since: &str) -> Result<Vec<Revoked>, Error> {
    tx.query(REVOKED, args![since])?
        .iter()
        .map(|row| {
            Ok(Revoked {
                serial: row.text(0)?.to_owned(),
                at: row.text(1)?.to_owned(),
                reason: RevokeReason::parse(row.text(2)?).map_err(|_| broken())?,
            })
        })
        .collect()
}

/// Changes whenever a certificate is revoked.
pub fn revision(tx: &mut Tx<'_>) -> Result<(i64, String), Error> {
    tx.query_opt(REVISION, args![])?.map_or(Ok((0, String::new())), |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
}

/// Binds a session to the certificate that it was opened with.
pub fn bind(tx: &mut Tx<'_>, session_digest: &str, serial: &str, now: &str) -> Result<(), Error> {
    tx.execute(BIND, args![session_digest, serial, now]).map(drop)
}

/// The certificate that a session is bound to.
pub fn bound(tx: &mut Tx<'_>, session_digest: &str) -> Result<Option<String>, Error> {
    tx.query_opt(BOUND, args![session_digest])?.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Forgets bindings of sessions that are over, if they were made before an instant.
pub fn purge_bindings(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    tx.execute(UNBIND, args![before])
}

fn broken() -> Error {
    Error::Broken("a certificate of a terminal cannot be read".to_owned())
}

fn read(row: &Row) -> Result<Terminal, Error> {
    let bad = |_| broken();
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    Ok(Terminal {
        office_no: OfficeNo::parse(row.text(0)?).map_err(bad)?,
        certificate_id: text(1)?,
        terminal_no: u32::try_from(row.int(2)?).map_err(|_| broken())?,
        terminal_name: text(3)?,
        way: TerminalWay::parse(row.text(4)?).map_err(|_| broken())?,
        csr: row.opt_bytes(5)?.map(<[u8]>::to_vec),
        renews: opt(6)?,
        state: TerminalState::parse(row.text(7)?).map_err(|_| broken())?,
        requested_at: text(8)?,
        requested_account: text(9)?,
        requested_by: text(10)?,
        submit_key: text(11)?,
        decided_at: opt(12)?,
        decided_by: opt(13)?,
        reason: opt(14)?,
        serial: opt(15)?,
        certificate: row.opt_bytes(16)?.map(<[u8]>::to_vec),
        not_before: opt(17)?,
        not_after: opt(18)?,
        delivered_at: opt(19)?,
        delivered_by: opt(20)?,
        revoked_at: opt(21)?,
        revoked_by: opt(22)?,
        revoke_reason: row.opt_text(23)?.map(|t| RevokeReason::parse(t).map_err(|_| broken())).transpose()?,
    })
}
