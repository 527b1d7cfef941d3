//! The only crate with SQL: SQLite and PostgreSQL from one text.
//!
//! Functions on personal data take a grant that only [`kaigo_core::policy`] makes. Lookups answer `Option`.

#[macro_use]
pub mod db;
pub mod access_log;
pub mod account;
pub mod board;
pub mod case;
pub mod charge;
pub mod circle;
pub mod consent;
pub mod delivery;
pub mod desk;
pub mod disaster;
pub mod exchange;
pub mod export;
pub mod feed;
pub mod filing;
pub mod identity;
pub mod institution;
pub mod insured;
pub mod insurer;
pub mod lease;
pub mod letter;
pub mod load;
pub mod mail;
mod many;
pub mod migrate;
pub mod notice;
pub mod objects;
pub mod office;
pub mod opinion;
pub mod presence;
pub mod proxy;
pub mod question;
pub mod queue;
pub mod record;
pub mod setting;
pub mod standing;
pub mod time;

/// Every statement of this crate: module, name, text. The test that prepares each on both engines walks it.
pub fn statements() -> Vec<(&'static str, &'static str, &'static str)> {
    let modules = [
        ("access_log", access_log::STATEMENTS),
        ("account", account::STATEMENTS),
        ("board", board::STATEMENTS),
        ("case", case::STATEMENTS),
        ("charge", charge::STATEMENTS),
        ("circle", circle::STATEMENTS),
        ("consent", consent::STATEMENTS),
        ("delivery", delivery::STATEMENTS),
        ("desk", desk::STATEMENTS),
        ("disaster", disaster::STATEMENTS),
        ("exchange::draft", exchange::draft::STATEMENTS),
        ("exchange::entry", exchange::entry::STATEMENTS),
        ("exchange::list", exchange::list::STATEMENTS),
        ("exchange::member", exchange::member::STATEMENTS),
        ("exchange::person", exchange::person::STATEMENTS),
        ("exchange::set", exchange::set::STATEMENTS),
        ("exchange::token", exchange::token::STATEMENTS),
        ("export", export::STATEMENTS),
        ("feed", feed::STATEMENTS),
        ("filing", filing::STATEMENTS),
        ("identity", identity::STATEMENTS),
        ("institution", institution::STATEMENTS),
        ("insured", insured::STATEMENTS),
        ("insurer", insurer::STATEMENTS),
        ("lease", lease::STATEMENTS),
        ("letter", letter::STATEMENTS),
        ("load", load::STATEMENTS),
        ("mail", mail::STATEMENTS),
        ("migrate", migrate::STATEMENTS),
        ("notice", notice::STATEMENTS),
        ("office", office::STATEMENTS),
        ("opinion", opinion::STATEMENTS),
        ("opinion::paper", opinion::paper::STATEMENTS),
        ("presence", presence::STATEMENTS),
        ("proxy", proxy::STATEMENTS),
        ("question", question::STATEMENTS),
        ("queue", queue::STATEMENTS),
        ("setting", setting::STATEMENTS),
        ("standing", standing::STATEMENTS),
    ];
    let mut all: Vec<_> =
        modules.iter().flat_map(|(module, list)| list.iter().map(|(name, sql)| (*module, *name, *sql))).collect();
    all.extend(record::statements());
    all.extend(notice::many().map(|(name, sql)| ("notice", name, sql)));
    all.extend(presence::many().map(|(name, sql)| ("presence", name, sql)));
    all
}
