//! Words and rules of Japan's long-term care insurance (介護保険), without I/O, async, clock or randomness.
//!
//! Read `policy` first: it decides who may see what and is the only maker of a [`policy::Grant`].

pub mod area;
pub mod care_level;
pub mod claim_id;
pub mod code;
pub mod consent_text;
pub mod date;
pub mod filing;
pub mod finding;
pub mod id;
pub mod inquiry;
pub mod kana;
pub mod layout;
pub mod licence;
pub mod notice;
pub mod opinion;
pub mod plain;
pub mod policy;
pub mod portal;
pub mod progress;
pub mod proxy;
pub mod readiness;
pub mod record;
pub mod rule;
pub mod savings;
pub mod service;
pub mod simulator;
pub mod statistics;
pub mod steps;
pub mod subsidy;
pub mod survey;
pub mod terminal;
pub mod text;
pub mod usage;
