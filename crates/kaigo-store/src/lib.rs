//! The only crate with SQL: SQLite and PostgreSQL from one text.
//!
//! Functions on personal data take a grant that only [`kaigo_core::policy`] makes. Lookups answer `Option`.

#[macro_use]
pub mod db;
pub mod access_log;
pub mod account;
pub mod admin_log;
pub mod attempt;
pub mod board;
pub mod card;
pub mod case;
pub mod charge;
pub mod circle;
pub mod colleague;
pub mod consent;
pub mod delivery;
pub mod desk;
pub mod disaster;
pub mod exchange;
pub mod export;
pub mod feed;
pub mod filing;
pub mod identity;
pub mod inquiry;
pub mod institution;
pub mod insured;
pub mod insurer;
pub mod intake;
pub mod lease;
pub mod letter;
pub mod licence;
pub mod load;
pub mod log_tree;
pub mod login_guard;
pub mod mail;
mod many;
pub mod member;
pub mod migrate;
pub mod news;
pub mod notice;
pub mod objects;
pub mod office;
pub mod opinion;
pub mod passkey;
pub mod pki;
pub mod portal;
pub mod presence;
pub mod proxy;
pub mod question;
pub mod queue;
pub mod readiness;
pub mod record;
pub mod registration;
pub mod savings;
pub mod setting;
pub mod standing;
pub mod subsidy;
pub mod support;
pub mod time;
pub mod usage;

/// Every statement of this crate: module, name, text. The test that prepares each on both engines walks it.
pub fn statements() -> Vec<(&'static str, &'static str, &'static str)> {
    let modules = [
        ("access_log", access_log::STATEMENTS),
        ("account", account::STATEMENTS),
        ("admin_log", admin_log::STATEMENTS),
        ("attempt", attempt::STATEMENTS),
        ("board", board::STATEMENTS),
        ("card", card::STATEMENTS),
        ("case", case::STATEMENTS),
        ("charge", charge::STATEMENTS),
        ("circle", circle::STATEMENTS),
        ("colleague", colleague::STATEMENTS),
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
        ("inquiry", inquiry::STATEMENTS),
        ("institution", institution::STATEMENTS),
        ("insured", insured::STATEMENTS),
        ("insurer", insurer::STATEMENTS),
        ("intake", intake::STATEMENTS),
        ("lease", lease::STATEMENTS),
        ("letter", letter::STATEMENTS),
        ("licence", licence::STATEMENTS),
        ("load", load::STATEMENTS),
        ("log_tree", log_tree::STATEMENTS),
        ("login_guard", login_guard::STATEMENTS),
        ("mail", mail::STATEMENTS),
        ("member", member::STATEMENTS),
        ("migrate", migrate::STATEMENTS),
        ("news", news::STATEMENTS),
        ("notice", notice::STATEMENTS),
        ("office", office::STATEMENTS),
        ("opinion", opinion::STATEMENTS),
        ("opinion::asked", opinion::asked::STATEMENTS),
        ("opinion::paper", opinion::paper::STATEMENTS),
        ("pki", pki::STATEMENTS),
        ("passkey", passkey::STATEMENTS),
        ("portal", portal::STATEMENTS),
        ("presence", presence::STATEMENTS),
        ("proxy", proxy::STATEMENTS),
        ("question", question::STATEMENTS),
        ("queue", queue::STATEMENTS),
        ("readiness", readiness::STATEMENTS),
        ("registration", registration::STATEMENTS),
        ("savings", savings::STATEMENTS),
        ("setting", setting::STATEMENTS),
        ("standing", standing::STATEMENTS),
        ("subsidy", subsidy::STATEMENTS),
        ("support", support::STATEMENTS),
        ("usage", usage::STATEMENTS),
    ];
    let mut all: Vec<_> =
        modules.iter().flat_map(|(module, list)| list.iter().map(|(name, sql)| (*module, *name, *sql))).collect();
    all.extend(record::statements());
    all.extend(notice::many().map(|(name, sql)| ("notice", name, sql)));
    all.extend(presence::many().map(|(name, sql)| ("presence", name, sql)));
    all
}
