//! Use cases: check, do, log, commit. No HTTP, no SQL.
//!
//! Start with `certification.rs`: one page of code with a command, the policy's question, a look into the store and the log
//! entry. Every look at a person goes through [`run::look`].

pub mod account;
pub mod attempt;
pub mod board;
pub mod card;
pub mod case;
pub mod certificates;
pub mod certification;
pub mod charge;
pub mod citizen;
pub mod consent;
pub mod corporation;
pub mod ctx;
pub mod disaster;
pub mod documents;
pub mod enclosure;
pub mod error;
pub mod exchange;
pub mod export;
pub mod filing;
pub mod guard;
pub mod health;
pub mod identity;
pub mod import;
pub mod inquiry;
pub mod insured;
pub mod kept;
pub mod keys;
pub mod letter;
pub mod licence;
pub mod life;
pub mod log_export;
pub mod login;
pub mod mail;
pub mod news;
pub mod notice;
pub mod opinion;
pub mod passkey;
pub mod password;
pub mod person;
pub mod pki;
pub mod plans;
pub mod portal;
pub mod presence;
pub mod proxy;
pub mod question;
pub mod queue;
pub mod readiness;
pub mod registration;
pub mod run;
pub mod savings;
pub mod seal;
pub mod setting;
pub mod setup;
pub mod steps;
pub mod subsidy;
pub mod support;
pub mod transparency;
pub mod usage;

use std::sync::Arc;

use kaigo_core::policy::Matrix;
use kaigo_store::db::Db;
use kaigo_store::objects::Objects;

pub use crate::ctx::{Ctx, Ids};
pub use crate::error::{Error, Wrong};
use crate::keys::Keys;
use crate::login::Passwords;

/// Everything a use case works with. Cheap to clone, the same for all requests; keeps no state of its own.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The documents.
    pub objects: Objects,
    /// Keys of this installation.
    pub keys: Arc<Keys>,
    /// The access policy in force.
    pub matrix: Arc<Matrix>,
    /// The password checker with its bounded memory.
    pub passwords: Passwords,
    /// Address of this service as mails name it; none: no server for mail is configured, and nobody is offered any.
    pub mail: Option<String>,
    /// How cards are read; none: no trust anchors are configured, and the way by card is not offered.
    pub cards: Option<card::Cards>,
    /// What this process refused and has not yet added to the counts that are kept.
    pub refused: Arc<attempt::Counts>,
}

impl App {
    /// Puts an application together.
    pub fn new(db: Db, objects: Objects, keys: Keys) -> Self {
        Self {
            db,
            objects,
            keys: Arc::new(keys),
            matrix: Arc::new(Matrix::standard()),
            passwords: Passwords::new(login::CHECKS_AT_ONCE),
            mail: None,
            cards: None,
            refused: Arc::default(),
        }
    }
}
