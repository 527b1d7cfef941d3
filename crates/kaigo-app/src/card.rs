//! 本人確認 by マイナンバーカード: terminals, one-time transactions, what a card proved, and the link from a card to a person.
//!
//! 1. Staff begin a transaction on a page ([`transaction::start`]); its link opens the program of an enrolled terminal.
//! 2. The terminal fetches what is asked ([`answer::fetch`]), shows it and the match code, lets the card sign, and answers
//!    ([`answer::answer`]). Evidence is checked here: challenge, chain, validity, use, revocation.
//! 3. A card that counts for a person is recognised. A new one is linked by number, birth date and what staff see ([`link::link`]).
//!
//! Of a card only a digest of issuer and serial number is kept, salted with the installation's secret, and the last moment of its
//! certificate.

pub mod answer;
pub mod link;
pub mod terminal;
pub mod transaction;

use std::path::PathBuf;
use std::sync::Arc;

use kaigo_card::certificate::Fingerprint;
use kaigo_card::trust::{CertStatus, Lists};
use kaigo_core::policy::{Caller, Staff};
use kaigo_core::rule::assurance::Assurance;

use crate::ctx::hex;
use crate::keys::Keys;
use crate::{App, Error, Wrong};

/// How cards are read at this installation.
#[derive(Clone)]
pub struct Cards {
    trust: Trust,
    /// Origin of the service as terminals pin it, `https://kaigo.example.jp`; none: this machine only, whatever its port (the demo).
    pub origin: Option<String>,
}

#[derive(Clone)]
enum Trust {
    /// Anchors and lists of revoked certificates, read anew for each card: lists change every day.
    Folder(PathBuf),
    /// Fixed ones, with another source of revocation.
    Given(Vec<Vec<u8>>, Arc<dyn CertStatus>),
}

impl Cards {
    /// Anchors and lists from a folder.
    pub fn folder(folder: PathBuf, origin: Option<String>) -> Self {
        Self { trust: Trust::Folder(folder), origin }
    }

    /// Fixed anchors (DER), and another source of revocation.
    pub fn given(anchors: Vec<Vec<u8>>, status: Arc<dyn CertStatus>, origin: Option<String>) -> Self {
        Self { trust: Trust::Given(anchors, status), origin }
    }

    fn read(&self) -> Result<(Vec<Vec<u8>>, Arc<dyn CertStatus>), Error> {
        match &self.trust {
            Trust::Given(anchors, status) => Ok((anchors.clone(), Arc::clone(status))),
            Trust::Folder(folder) => {
                let lists = Lists::read(folder)
                    .map_err(|e| Error::Internal(format!("trust anchors of cards in {}: {e}", folder.display())))?;
                Ok((lists.anchors().to_vec(), Arc::new(lists)))
            }
        }
    }
}

/// The configuration, if cards are read here.
///
/// # Errors
/// [`Error::NotFound`]: without anchors there is nothing of this.
fn cards(app: &App) -> Result<&Cards, Error> {
    app.cards.as_ref().ok_or(Error::NotFound)
}

fn staff(caller: &Caller) -> Result<&Staff, Error> {
    match caller {
        Caller::Staff(staff) => Ok(staff),
        Caller::Insurer(_)
        | Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Error::NotFound),
    }
}

/// What is kept of a card: HMAC over issuer and serial number with the installation's secret, hex.
fn digest_of_card(keys: &Keys, fingerprint: &Fingerprint) -> String {
    hex(&keys.code_bytes(&format!("card 1\n{}\n{}", fingerprint.issuer, fingerprint.serial)))
}

/// How a transaction shows an identity.
fn assurance(way: &str) -> Assurance {
    if way == transaction::VISUAL { Assurance::CardVisual } else { Assurance::CardPin }
}

fn over(code: &'static str, say: &str) -> Error {
    Error::Invalid(vec![Wrong { field: "transaction", code, say: say.to_owned() }])
}
