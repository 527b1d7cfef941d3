//! Accounts of one owner (an office, an insurer, the operator) for its administrators, and invitations of colleagues.
//!
//! The right to it is the act 職員のアカウントの管理; it covers the owner's own accounts and no others. Functions on an invitation that
//! was begun run for somebody who has no account yet, so they take no right.

use kaigo_core::policy::{Act, ActGrant, JobType};

use crate::account::{Account, Owner};
use crate::admin_log::{INSURER, NO_KEY, OFFICE, OPERATOR};
use crate::db::{Error, Row, Tx};
use crate::{account, passkey};

macro_rules! line {
    () => {
        "SELECT a.account_id, a.created_at, a.left_at, a.state_note, (SELECT max(e.happened_at) FROM account_event e WHERE e.account_id = a.account_id \
         AND e.what LIKE 'login-%'), (SELECT count(*) FROM passkey p WHERE p.account_id = a.account_id) FROM account a WHERE "
    };
}

macro_rules! invitation {
    () => {
        "owner_kind, owner_no, invitation_id, name, job, is_admin, account_id, is_again, invited_by, invited_account, invited_at, valid_until, \
         login_id, password_hash, totp_sealed, factor, used_at, revoked_at, submit_key"
    };
}

statements! {
    OF_OFFICE = concat!(line!(), "a.kind = 'staff' AND a.office_no = ?1 ORDER BY a.created_at, a.account_id");
    OF_INSURER = concat!(line!(), "a.kind = 'insurer' AND a.insurer_no = ?1 ORDER BY a.created_at, a.account_id");
    OF_OPERATOR = concat!(line!(), "a.kind = 'operator' AND ?1 = '-' ORDER BY a.created_at, a.account_id");
    SUSPEND = "UPDATE account SET disabled_at = ?2, state_note = ?3 WHERE account_id = ?1 AND disabled_at IS NULL";
    RESUME = "UPDATE account SET disabled_at = NULL, state_note = NULL WHERE account_id = ?1 AND left_at IS NULL";
    LEAVE = "UPDATE account SET disabled_at = coalesce(disabled_at, ?2), left_at = ?2, state_note = ?3 WHERE account_id = ?1 AND left_at IS NULL";
    END_TOKENS = "UPDATE api_token SET ended_at = ?2 WHERE account_id = ?1 AND ended_at IS NULL";
    SET_JOB = "UPDATE account SET job = ?2 WHERE account_id = ?1";
    SET_ADMIN = "UPDATE account SET is_admin = ?2 WHERE account_id = ?1";
    INVITE = "INSERT INTO invitation (owner_kind, owner_no, invitation_id, code_digest, name, job, is_admin, account_id, is_again, invited_by, \
              invited_account, invited_at, valid_until, submit_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    BY_KEY = concat!("SELECT ", invitation!(), " FROM invitation WHERE owner_kind = ?1 AND owner_no = ?2 AND submit_key = ?3");
    INVITATION = concat!("SELECT ", invitation!(), " FROM invitation WHERE owner_kind = ?1 AND owner_no = ?2 AND invitation_id = ?3");
    OPEN = concat!("SELECT ", invitation!(), " FROM invitation WHERE owner_kind = ?1 AND owner_no = ?2 AND used_at IS NULL AND revoked_at IS NULL \
            ORDER BY invited_at DESC, invitation_id");
    REVOKE = "UPDATE invitation SET revoked_at = ?4, start_digest = NULL WHERE owner_kind = ?1 AND owner_no = ?2 AND invitation_id = ?3 \
              AND used_at IS NULL AND revoked_at IS NULL";
    REVOKE_OF = "UPDATE invitation SET revoked_at = ?2, start_digest = NULL WHERE account_id = ?1 AND used_at IS NULL AND revoked_at IS NULL";
    REVOKE_BY = "UPDATE invitation SET revoked_at = ?2, start_digest = NULL WHERE invited_account = ?1 AND used_at IS NULL AND revoked_at IS NULL";
    BY_CODE = concat!("SELECT ", invitation!(), " FROM invitation WHERE code_digest = ?1 AND used_at IS NULL AND revoked_at IS NULL AND valid_until > ?2");
    START = "UPDATE invitation SET start_digest = ?4, start_until = ?5 WHERE owner_kind = ?1 AND owner_no = ?2 AND invitation_id = ?3 \
             AND used_at IS NULL AND revoked_at IS NULL";
    STARTED = concat!("SELECT ", invitation!(), " FROM invitation WHERE start_digest = ?1 AND start_until > ?2 AND revoked_at IS NULL");
    CHOOSE = "UPDATE invitation SET login_id = ?4, password_hash = ?5, totp_sealed = ?6, factor = ?7 WHERE owner_kind = ?1 AND owner_no = ?2 \
              AND invitation_id = ?3 AND used_at IS NULL AND revoked_at IS NULL";
    USE = "UPDATE invitation SET used_at = ?4, password_hash = NULL, totp_sealed = NULL WHERE owner_kind = ?1 AND owner_no = ?2 \
           AND invitation_id = ?3 AND used_at IS NULL AND revoked_at IS NULL";
    RENEW = "UPDATE account SET login_id = ?2, password_hash = ?3, totp_sealed = ?4, totp_used_step = 0, must_change = NULL, password_at = ?5 WHERE account_id = ?1";
}

/// Whose accounts the right covers: kind and key, as in the administrative log.
///
/// # Errors
/// [`Error::NotCovered`] for a right to something else.
pub fn owner(grant: &ActGrant) -> Result<(&'static str, String), Error> {
    if grant.act() != Act::ManageStaff {
        return Err(Error::NotCovered);
    }
    Ok(match (grant.office_no(), grant.insurer_no()) {
        (Some(office_no), _) => (OFFICE, office_no.to_string()),
        (None, Some(insurer_no)) => (INSURER, insurer_no.to_string()),
        (None, None) => (OPERATOR, NO_KEY.to_owned()),
    })
}

/// An account as its administrator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// The account.
    pub account: Account,
    /// Since when.
    pub created_at: String,
    /// Since when its owner is no colleague any more.
    pub left_at: Option<String>,
    /// Why it is switched off.
    pub state_note: Option<String>,
    /// The last login.
    pub last_login: Option<String>,
    /// How many passkeys it has.
    pub passkeys: i64,
}

impl Colleague {
    /// Job of the account, for staff of an office.
    pub fn job(&self) -> Option<JobType> {
        job_of(&self.account.owner)
    }

    /// Whether the account administers.
    pub fn is_admin(&self) -> bool {
        match self.account.owner {
            Owner::Staff { is_admin, .. } | Owner::Insurer { is_admin, .. } | Owner::Operator { is_admin } => is_admin,
            Owner::Person { .. } | Owner::Medical { .. } | Owner::Board { .. } | Owner::Supporter { .. } => false,
        }
    }
}

fn job_of(owner: &Owner) -> Option<JobType> {
    match owner {
        Owner::Staff { job, .. } | Owner::Medical { job, .. } => Some(*job),
        Owner::Person { .. }
        | Owner::Insurer { .. }
        | Owner::Board { .. }
        | Owner::Operator { .. }
        | Owner::Supporter { .. } => None,
    }
}

/// The owner's accounts, the oldest first; also of those who left.
pub fn list(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Colleague>, Error> {
    let (kind, no) = owner(grant)?;
    let sql = match kind {
        OFFICE => OF_OFFICE,
        INSURER => OF_INSURER,
        _ => OF_OPERATOR,
    };
    let rows = tx.query(sql, args![&no])?;
    let own = |row: &Row, i: usize| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(account) = account::by_id(tx, row.text(0)?)? else { continue };
        all.push(Colleague {
            account,
            created_at: row.text(1)?.to_owned(),
            left_at: own(row, 2)?,
            state_note: own(row, 3)?,
            last_login: own(row, 4)?,
            passkeys: row.int(5)?,
        });
    }
    Ok(all)
}

/// Switches an account off; its sessions end. The account is one of [`list`].
pub fn suspend(tx: &mut Tx<'_>, _grant: &ActGrant, account_id: &str, now: &str, note: &str) -> Result<bool, Error> {
    account::close_all(tx, account_id)?;
    Ok(tx.execute(SUSPEND, args![account_id, now, note])? == 1)
}

/// Switches an account on again, unless its owner left.
pub fn resume(tx: &mut Tx<'_>, _grant: &ActGrant, account_id: &str) -> Result<bool, Error> {
    Ok(tx.execute(RESUME, args![account_id])? == 1)
}

/// Ends an account for good: sessions, passkeys, tokens of programs and open invitations of its owner end with it.
pub fn leave(tx: &mut Tx<'_>, _grant: &ActGrant, account_id: &str, now: &str, note: &str) -> Result<bool, Error> {
    account::close_all(tx, account_id)?;
    passkey::remove_all(tx, account_id)?;
    tx.execute(END_TOKENS, args![account_id, now])?;
    tx.execute(REVOKE_OF, args![account_id, now])?;
    tx.execute(REVOKE_BY, args![account_id, now])?;
    Ok(tx.execute(LEAVE, args![account_id, now, note])? == 1)
}

/// Sets the job of an account.
pub fn set_job(tx: &mut Tx<'_>, _grant: &ActGrant, account_id: &str, job: JobType) -> Result<(), Error> {
    tx.execute(SET_JOB, args![account_id, job.code()]).map(drop)
}

/// Sets whether an account administers.
pub fn set_admin(tx: &mut Tx<'_>, _grant: &ActGrant, account_id: &str, is_admin: bool) -> Result<(), Error> {
    tx.execute(SET_ADMIN, args![account_id, is_admin]).map(drop)
}

/// An invitation of a colleague.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Kind of the owner.
    pub owner_kind: String,
    /// Key of the owner.
    pub owner_no: String,
    /// Random identifier; the code is made of it.
    pub invitation_id: String,
    /// Name of who is invited.
    pub name: String,
    /// Job, for staff of an office.
    pub job: Option<JobType>,
    /// Whether the account administers.
    pub is_admin: bool,
    /// The account that is made, or that is there already.
    pub account_id: String,
    /// The account is there: it gets a new password and a new second factor.
    pub is_again: bool,
    /// Name of who invited.
    pub invited_by: String,
    /// Account of who invited.
    pub invited_account: String,
    /// When.
    pub invited_at: String,
    /// Until when it is good.
    pub valid_until: String,
    /// What was chosen so far: login, hash, sealed TOTP secret, `app` or `paper`.
    pub chosen: Option<Chosen>,
    /// When it was used.
    pub used_at: Option<String>,
    /// When it was taken back.
    pub revoked_at: Option<String>,
    /// Key of the form that made it.
    pub submit_key: String,
}

/// What was chosen for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Login.
    pub login_id: String,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// The TOTP secret, sealed.
    pub totp_sealed: Vec<u8>,
    /// `app` or `paper`.
    pub factor: String,
}

fn invitation(row: &Row) -> Result<Invitation, Error> {
    let own = |i: usize| Ok::<_, Error>(row.text(i)?.to_owned());
    let opt = |i: usize| Ok::<_, Error>(row.opt_text(i)?.map(str::to_owned));
    let job = row.opt_text(4)?.map(JobType::parse).transpose();
    let chosen = match (opt(12)?, opt(13)?, row.opt_text(15)?) {
        (Some(login_id), Some(password_hash), Some(factor)) => {
            Some(Chosen { login_id, password_hash, totp_sealed: row.bytes(14)?.to_vec(), factor: factor.to_owned() })
        }
        _ => None,
    };
    Ok(Invitation {
        owner_kind: own(0)?,
        owner_no: own(1)?,
        invitation_id: own(2)?,
        name: own(3)?,
        job: job.map_err(|_| Error::Broken("the job of an invitation".to_owned()))?,
        is_admin: row.flag(5)?,
        account_id: own(6)?,
        is_again: row.flag(7)?,
        invited_by: own(8)?,
        invited_account: own(9)?,
        invited_at: own(10)?,
        valid_until: own(11)?,
        chosen,
        used_at: opt(16)?,
        revoked_at: opt(17)?,
        submit_key: own(18)?,
    })
}

/// Keeps an invitation by the digest of its code; earlier ones of the same account are taken back. Sent twice with one key, the first
/// one is answered.
pub fn invite(tx: &mut Tx<'_>, grant: &ActGrant, code_digest: &str, new: &Invitation) -> Result<Invitation, Error> {
    let (kind, no) = owner(grant)?;
    if let Some(row) = tx.query_opt(BY_KEY, args![kind, &no, &new.submit_key])? {
        return invitation(&row);
    }
    tx.execute(REVOKE_OF, args![&new.account_id, &new.invited_at])?;
    let args = args![
        kind,
        &no,
        &new.invitation_id,
        code_digest,
        &new.name,
        new.job.map(JobType::code),
        new.is_admin,
        &new.account_id,
        new.is_again,
        &new.invited_by,
        &new.invited_account,
        &new.invited_at,
        &new.valid_until,
        &new.submit_key
    ];
    tx.execute(INVITE, args)?;
    Ok(new.clone())
}

/// The owner's invitation with that identifier.
pub fn find(tx: &mut Tx<'_>, grant: &ActGrant, invitation_id: &str) -> Result<Option<Invitation>, Error> {
    let (kind, no) = owner(grant)?;
    tx.query_opt(INVITATION, args![kind, &no, invitation_id])?.as_ref().map(invitation).transpose()
}

/// The owner's invitations that were neither used nor taken back, the newest first.
pub fn open(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Invitation>, Error> {
    let (kind, no) = owner(grant)?;
    tx.query(OPEN, args![kind, &no])?.iter().map(invitation).collect()
}

/// Takes an invitation back; whether there was one to take back.
pub fn revoke(tx: &mut Tx<'_>, grant: &ActGrant, invitation_id: &str, now: &str) -> Result<bool, Error> {
    let (kind, no) = owner(grant)?;
    Ok(tx.execute(REVOKE, args![kind, &no, invitation_id, now])? == 1)
}

/// The invitation of a code, if it counts.
pub fn by_code(tx: &mut Tx<'_>, code_digest: &str, now: &str) -> Result<Option<Invitation>, Error> {
    tx.query_opt(BY_CODE, args![code_digest, now])?.as_ref().map(invitation).transpose()
}

/// Begins with an invitation in one browser; another browser that began before is out.
pub fn start(tx: &mut Tx<'_>, i: &Invitation, digest: &str, until: &str) -> Result<bool, Error> {
    Ok(tx.execute(START, args![&i.owner_kind, &i.owner_no, &i.invitation_id, digest, until])? == 1)
}

/// The invitation of a start, also if it was used meanwhile.
pub fn started(tx: &mut Tx<'_>, digest: &str, now: &str) -> Result<Option<Invitation>, Error> {
    tx.query_opt(STARTED, args![digest, now])?.as_ref().map(invitation).transpose()
}

/// Keeps what was chosen.
pub fn choose(tx: &mut Tx<'_>, i: &Invitation, c: &Chosen) -> Result<bool, Error> {
    let args = args![
        &i.owner_kind,
        &i.owner_no,
        &i.invitation_id,
        &c.login_id,
        &c.password_hash,
        c.totp_sealed.as_slice(),
        &c.factor
    ];
    Ok(tx.execute(CHOOSE, args)? == 1)
}

/// Uses an invitation up; whether it still counted.
pub fn use_up(tx: &mut Tx<'_>, i: &Invitation, now: &str) -> Result<bool, Error> {
    Ok(tx.execute(USE, args![&i.owner_kind, &i.owner_no, &i.invitation_id, now])? == 1)
}

/// Gives an account that is there new ways in: the old ones end, and so do its sessions.
pub fn renew(tx: &mut Tx<'_>, account_id: &str, c: &Chosen, now: &str) -> Result<(), Error> {
    account::close_all(tx, account_id)?;
    passkey::remove_all(tx, account_id)?;
    tx.execute(RENEW, args![account_id, &c.login_id, &c.password_hash, c.totp_sealed.as_slice(), now]).map(drop)
}
