//! The certification authority of the installation and the certificates of terminals (介護DX証明書's role).
//!
//! `ca` makes keys, certificates and revocation lists; `office` is what an office's administrator does, `desk` what the operator does;
//! `watch` tells of ends. A root signs one issuing authority and leaves the installation; the issuing key is sealed in the database, so
//! that every process can issue. The key of a terminal is kept nowhere: it is made while its file is handed over, or never leaves the
//! terminal (CSR).

pub mod ca;
pub mod desk;
pub mod office;
pub mod watch;

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::Caller;
use kaigo_core::terminal::TerminalCertificate;
use kaigo_store::account::{Account, Owner};
use kaigo_store::admin_log;
use kaigo_store::db::Tx;
use kaigo_store::pki;

use crate::{Ctx, Error, Wrong};

/// Whether an account may be used on a terminal with that certificate: staff on their own office's only. Others have none.
fn fits(certificate: &TerminalCertificate, owner: &Owner) -> bool {
    match owner {
        Owner::Staff { office_no, .. } => *office_no == certificate.office_no,
        Owner::Medical { institution_no, .. } => institution_no.office_no() == certificate.office_no,
        // Who has no office may use any terminal: the certificate gives them nothing.
        Owner::Person { .. }
        | Owner::Insurer { .. }
        | Owner::Board { .. }
        | Owner::Operator { .. }
        | Owner::Supporter { .. } => true,
    }
}

/// Binds a session that is opened to the certificate of its terminal.
///
/// # Errors
/// [`Error::Invalid`] if the certificate is of another office than the account, or was revoked.
pub(crate) fn open_session(tx: &mut Tx<'_>, ctx: &Ctx, digest: &str, account: &Account) -> Result<(), Error> {
    let Some(certificate) = &ctx.terminal else { return Ok(()) };
    if !fits(certificate, &account.owner) {
        return Err(Error::Invalid(vec![Wrong {
            field: "password",
            code: "certificate-of-another",
            say: kaigo_core::policy::Refusal::ForeignCertificate.say()
                + kaigo_core::policy::Refusal::ForeignCertificate.mend(),
        }]));
    }
    if is_revoked(tx, certificate)? {
        return Err(Error::Invalid(vec![Wrong {
            field: "password",
            code: "certificate-revoked",
            say: "この端末の電子証明書は失効しています。事業所の管理者に確かめてください。".to_owned(),
        }]));
    }
    pki::bind(tx, digest, &certificate.serial, &ctx.instant()).map_err(Error::from)
}

/// Whether a session may be used on this terminal: with the certificate that it was opened with and no other; without one only if it was
/// opened without. A certificate of another office, or one that was revoked meanwhile, opens nothing.
pub(crate) fn session_fits(tx: &mut Tx<'_>, ctx: &Ctx, digest: &str, account: &Account) -> Result<bool, Error> {
    let bound = pki::bound(tx, digest)?;
    match (&bound, &ctx.terminal) {
        (None, None) => Ok(true),
        (Some(_), None) => Ok(false),
        (bound, Some(certificate)) => Ok(bound.as_ref().is_none_or(|serial| *serial == certificate.serial)
            && fits(certificate, &account.owner)
            && !is_revoked(tx, certificate)?),
    }
}

fn is_revoked(tx: &mut Tx<'_>, certificate: &TerminalCertificate) -> Result<bool, Error> {
    Ok(pki::state(tx, &certificate.serial)? == Some(kaigo_core::terminal::TerminalState::Revoked))
}

/// Name of who acts, for logs.
fn name(caller: &Caller) -> &str {
    match caller {
        Caller::Staff(s) => &s.name,
        Caller::OperatorStaff(s) => &s.name,
        Caller::Person { name, .. } => name,
        Caller::Insurer(s) => &s.name,
        Caller::Medical(s) => &s.name,
        Caller::Board(s) => &s.name,
        Caller::Supporter(s) => &s.name,
        Caller::InsurerSystem { .. } | Caller::Operator => "運営のプログラム",
    }
}

/// Writes an act into the administrative log of the office.
fn log(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    office_no: OfficeNo,
    (act, subject, detail): (&str, &str, &str),
) -> Result<(), Error> {
    let entry = admin_log::Entry {
        owner_kind: admin_log::OFFICE.to_owned(),
        owner_no: office_no.to_string(),
        entry_id: ctx.ids.timed(ctx.now),
        done_at: ctx.instant(),
        account_id: caller.account_id().to_owned(),
        account_name: name(caller).to_owned(),
        act: act.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_owned(),
    };
    admin_log::append(tx, &entry).map_err(Error::from)
}

fn wrong(field: &'static str, code: &'static str, say: impl Into<String>) -> Error {
    Error::Invalid(vec![Wrong { field, code, say: say.into() }])
}
