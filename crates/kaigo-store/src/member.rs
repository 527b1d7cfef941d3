//! One login, several offices (複数の事業所): invitations, memberships, the office for which a session acts.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant, JobType};

use crate::db::{Error, Row, Tx};

macro_rules! member_columns {
    () => {
        "m.account_id, m.office_no, m.member_id, m.job, m.is_admin, m.joined_at, m.invited_by, m.ended_at, a.name, coalesce(o.name, '')"
    };
}

macro_rules! invitation_columns {
    () => {
        "office_no, invitation_id, for_name, job, is_admin, made_at, made_by, expires_at, used_at, used_by"
    };
}

statements! {
    OF_ACCOUNT = concat!("SELECT ", member_columns!(), " FROM office_member m JOIN account a ON a.account_id = m.account_id \
                  LEFT JOIN office o ON o.office_no = m.office_no WHERE m.account_id = ?1 AND m.ended_at IS NULL ORDER BY m.office_no");
    OF_OFFICE = concat!("SELECT ", member_columns!(), " FROM office_member m JOIN account a ON a.account_id = m.account_id \
                 LEFT JOIN office o ON o.office_no = m.office_no WHERE m.office_no = ?1 ORDER BY m.joined_at DESC, m.member_id");
    JOIN = "INSERT INTO office_member (account_id, office_no, member_id, job, is_admin, joined_at, invited_by, ended_at, ended_by) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, NULL) ON CONFLICT DO NOTHING";
    END = "UPDATE office_member SET ended_at = ?3, ended_by = ?4 WHERE office_no = ?1 AND member_id = ?2 AND ended_at IS NULL";
    INVITE = "INSERT INTO office_invitation (office_no, invitation_id, code_digest, for_name, job, is_admin, made_at, made_by, expires_at, \
              used_at, used_by, submit_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, NULL, ?10) ON CONFLICT DO NOTHING";
    BY_KEY = concat!("SELECT ", invitation_columns!(), " FROM office_invitation WHERE office_no = ?1 AND submit_key = ?2");
    BY_CODE = concat!("SELECT ", invitation_columns!(), " FROM office_invitation WHERE code_digest = ?1");
    INVITATIONS = concat!("SELECT ", invitation_columns!(), " FROM office_invitation WHERE office_no = ?1 ORDER BY made_at DESC, invitation_id LIMIT 50");
    USE = "UPDATE office_invitation SET used_at = ?3, used_by = ?4 WHERE office_no = ?1 AND invitation_id = ?2 AND used_at IS NULL";
    ACTING = "SELECT m.office_no, m.job, m.is_admin, coalesce(o.name, '') FROM session_office s JOIN office_member m ON m.office_no = s.office_no \
              LEFT JOIN office o ON o.office_no = m.office_no WHERE s.session_digest = ?1 AND m.account_id = ?2 AND m.ended_at IS NULL";
    SWITCH = "INSERT INTO session_office (session_digest, office_no) VALUES (?1, ?2) ON CONFLICT (session_digest) DO UPDATE SET office_no = excluded.office_no";
    BACK = "DELETE FROM session_office WHERE session_digest = ?1";
    PURGE = "DELETE FROM session_office WHERE session_digest NOT IN (SELECT session_digest FROM session)";
}

/// Where an account works besides its own office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Account.
    pub account_id: String,
    /// Office.
    pub office_no: OfficeNo,
    /// Identifier.
    pub member_id: String,
    /// Job there.
    pub job: JobType,
    /// Whether it administers that office.
    pub is_admin: bool,
    /// Since when.
    pub joined_at: String,
    /// Name of who invited.
    pub invited_by: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// Name of the account's owner.
    pub name: String,
    /// Name of the office.
    pub office_name: String,
}

/// An invitation into an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Office.
    pub office_no: OfficeNo,
    /// Identifier.
    pub invitation_id: String,
    /// Whom it is meant for, as the administrator wrote.
    pub for_name: String,
    /// Job there.
    pub job: JobType,
    /// Whether they will administer the office.
    pub is_admin: bool,
    /// When it was made.
    pub made_at: String,
    /// Name of who made it.
    pub made_by: String,
    /// Until when it is good.
    pub expires_at: String,
    /// When it was used.
    pub used_at: Option<String>,
    /// Name of who used it.
    pub used_by: Option<String>,
}

fn office_no(text: &str) -> Result<OfficeNo, Error> {
    OfficeNo::parse(text).map_err(|_| Error::Broken("office_member.office_no".to_owned()))
}

fn job(text: &str) -> Result<JobType, Error> {
    JobType::parse(text).map_err(|_| Error::Broken("office_member.job".to_owned()))
}

fn own(grant: &ActGrant, acts: &[Act]) -> Result<OfficeNo, Error> {
    grant.office_no().filter(|_| acts.contains(&grant.act())).ok_or(Error::NotCovered)
}

fn member(row: &Row) -> Result<Member, Error> {
    let text = |i: usize| row.text(i).map(str::to_owned);
    Ok(Member {
        account_id: text(0)?,
        office_no: office_no(row.text(1)?)?,
        member_id: text(2)?,
        job: job(row.text(3)?)?,
        is_admin: row.flag(4)?,
        joined_at: text(5)?,
        invited_by: text(6)?,
        ended_at: row.opt_text(7)?.map(str::to_owned),
        name: text(8)?,
        office_name: text(9)?,
    })
}

fn invitation(row: &Row) -> Result<Invitation, Error> {
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    Ok(Invitation {
        office_no: office_no(row.text(0)?)?,
        invitation_id: text(1)?,
        for_name: text(2)?,
        job: job(row.text(3)?)?,
        is_admin: row.flag(4)?,
        made_at: text(5)?,
        made_by: text(6)?,
        expires_at: text(7)?,
        used_at: opt(8)?,
        used_by: opt(9)?,
    })
}

/// The other offices of an account.
pub fn of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<Member>, Error> {
    tx.query(OF_ACCOUNT, args![account_id])?.iter().map(member).collect()
}

/// Who of other offices works in the office of the grant, now and before.
pub fn of_office(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Member>, Error> {
    tx.query(OF_OFFICE, args![own(grant, &[Act::ManageOffice])?])?.iter().map(member).collect()
}

/// Adds an invitation. Sent twice with one key, the first one is answered.
pub fn invite(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    new: &Invitation,
    (code_digest, submit_key): (&str, &str),
) -> Result<Invitation, Error> {
    let office_no = own(grant, &[Act::ManageOffice])?;
    if let Some(row) = tx.query_opt(BY_KEY, args![office_no, submit_key])? {
        return invitation(&row);
    }
    let args = args![
        office_no,
        &new.invitation_id,
        code_digest,
        &new.for_name,
        new.job.code(),
        new.is_admin,
        &new.made_at,
        &new.made_by,
        &new.expires_at,
        submit_key
    ];
    tx.execute(INVITE, args)?;
    Ok(new.clone())
}

/// Invitations of the office, the newest first.
pub fn invitations(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Invitation>, Error> {
    tx.query(INVITATIONS, args![own(grant, &[Act::ManageOffice])?])?.iter().map(invitation).collect()
}

/// The invitation of a code's digest.
pub fn by_code(tx: &mut Tx<'_>, code_digest: &str) -> Result<Option<Invitation>, Error> {
    tx.query_opt(BY_CODE, args![code_digest])?.as_ref().map(invitation).transpose()
}

/// Uses an invitation and joins its office. Answers false if it was used before.
pub fn join(
    tx: &mut Tx<'_>,
    invitation: &Invitation,
    (account_id, name, member_id): (&str, &str, &str),
    now: &str,
) -> Result<bool, Error> {
    if tx.execute(USE, args![invitation.office_no, &invitation.invitation_id, now, name])? != 1 {
        return Ok(false);
    }
    let args = args![
        account_id,
        invitation.office_no,
        member_id,
        invitation.job.code(),
        invitation.is_admin,
        now,
        &invitation.made_by
    ];
    tx.execute(JOIN, args).map(|_| true)
}

/// Ends a membership in the office of the grant. Answers false if there is none.
pub fn end(tx: &mut Tx<'_>, grant: &ActGrant, member_id: &str, (now, by): (&str, &str)) -> Result<bool, Error> {
    Ok(tx.execute(END, args![own(grant, &[Act::ManageOffice])?, member_id, now, by])? == 1)
}

/// The office for which a session of the account acts, where it is not the account's own: number, job, administrator, name.
pub fn acting(
    tx: &mut Tx<'_>,
    session_digest: &str,
    account_id: &str,
) -> Result<Option<(OfficeNo, JobType, bool, String)>, Error> {
    let Some(row) = tx.query_opt(ACTING, args![session_digest, account_id])? else { return Ok(None) };
    Ok(Some((office_no(row.text(0)?)?, job(row.text(1)?)?, row.flag(2)?, row.text(3)?.to_owned())))
}

/// Lets a session act for another office; none: for the account's own again. Forgets sessions that have ended.
pub fn switch(tx: &mut Tx<'_>, session_digest: &str, to: Option<OfficeNo>) -> Result<(), Error> {
    tx.execute(PURGE, &[])?;
    match to {
        Some(office_no) => tx.execute(SWITCH, args![session_digest, office_no]).map(drop),
        None => tx.execute(BACK, args![session_digest]).map(drop),
    }
}
