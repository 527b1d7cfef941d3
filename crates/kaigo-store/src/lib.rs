//! The only crate with SQL: SQLite and PostgreSQL from one text.
//!
//! Functions on personal data take a grant that only [`kaigo_core::policy`] makes. Lookups answer `Option`.

#[macro_use]
pub mod db;
pub mod access_log;
pub mod account;
pub mod charge;
pub mod exchange;
pub mod identity;
pub mod insurer;
pub mod lease;
pub mod load;
pub mod migrate;
pub mod objects;
pub mod office;
pub mod queue;
pub mod record;
pub mod standing;
pub mod time;

/// Every statement of this crate: module, name, text. The test that prepares each on both engines walks it.
pub fn statements() -> Vec<(&'static str, &'static str, &'static str)> {
    let modules = [
        ("access_log", access_log::STATEMENTS),
        ("account", account::STATEMENTS),
        ("charge", charge::STATEMENTS),
        ("exchange::draft", exchange::draft::STATEMENTS),
        ("exchange::entry", exchange::entry::STATEMENTS),
        ("exchange::list", exchange::list::STATEMENTS),
        ("exchange::member", exchange::member::STATEMENTS),
        ("exchange::person", exchange::person::STATEMENTS),
        ("exchange::set", exchange::set::STATEMENTS),
        ("exchange::token", exchange::token::STATEMENTS),
        ("identity", identity::STATEMENTS),
        ("insurer", insurer::STATEMENTS),
        ("lease", lease::STATEMENTS),
        ("load", load::STATEMENTS),
        ("migrate", migrate::STATEMENTS),
        ("office", office::STATEMENTS),
        ("queue", queue::STATEMENTS),
        ("standing", standing::STATEMENTS),
    ];
    let mut all: Vec<_> =
        modules.iter().flat_map(|(module, list)| list.iter().map(|(name, sql)| (*module, *name, *sql))).collect();
    all.extend(record::statements());
    all
}
