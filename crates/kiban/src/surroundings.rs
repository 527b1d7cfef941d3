//! What the program takes from its surroundings: the clock, the environment, the terminal, the data folder.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use jiff::Timestamp;
use kaigo_app::{App, setup};
use kaigo_store::db::Config;
use tokio::runtime::Runtime;

use crate::cli::DataArgs;

/// Name of the environment variable that holds the address of the database with its password.
const DATABASE_URL: &str = "KIBAN_DATABASE_URL";
/// Name of the embedded database in the data folder.
pub(crate) const SQLITE_FILE: &str = "kiban.db";
/// Connections to PostgreSQL where nothing else is said.
pub(crate) const CONNECTIONS: usize = 8;

/// The moment.
#[expect(clippy::disallowed_methods, reason = "here the clock is read; everything else gets the moment")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// The database of `--database` or of the environment; otherwise the embedded one in the data folder.
pub(crate) fn database(data: &DataArgs, connections: usize) -> Config {
    match postgres(data.database.as_ref(), data.database_network_guarded) {
        Some(Config::Postgres { url, network_is_guarded, .. }) => {
            Config::Postgres { url, connections, network_is_guarded }
        }
        Some(Config::Sqlite { .. }) | None => Config::Sqlite { path: data.data_dir.join(SQLITE_FILE) },
    }
}

/// The PostgreSQL server of `--database` or of the environment.
pub(crate) fn postgres(database: Option<&String>, network_is_guarded: bool) -> Option<Config> {
    let url = database.cloned().or_else(database_url)?;
    Some(Config::Postgres { url, connections: CONNECTIONS, network_is_guarded })
}

#[expect(clippy::disallowed_methods, reason = "the password of the database comes from here")]
fn database_url() -> Option<String> {
    std::env::var(DATABASE_URL).ok().filter(|url| !url.is_empty())
}

/// Name and password of the account at the server for mail, if it wants one.
#[expect(clippy::disallowed_methods, reason = "the password of the account comes from here")]
pub(crate) fn smtp_login() -> Option<(String, String)> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    named("KIBAN_SMTP_USER").zip(named("KIBAN_SMTP_PASSWORD"))
}

/// The database as a report may name it: without its password.
pub(crate) fn database_name(config: &Config) -> String {
    match config {
        Config::Sqlite { .. } => "SQLite".to_owned(),
        Config::Postgres { url, .. } => without_password(url),
    }
}

fn without_password(url: &str) -> String {
    if let Some((scheme, rest)) = url.split_once("://") {
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        // Everything before the last @ may belong to a password that was not escaped.
        return match place.rsplit_once('@') {
            Some((user, host)) => format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default()),
            None if query.contains('@') => format!("{scheme}://…"),
            None => format!("{scheme}://{place}"),
        };
    }
    let words = url.split_whitespace().filter(|word| !word.starts_with("password"));
    words.collect::<Vec<_>>().join(" ")
}

/// Opens an installation that is there.
pub(crate) fn open_existing(data: &DataArgs) -> Result<App> {
    let folder = &data.data_dir;
    if !folder.join("secret.key").is_file() {
        return Err(anyhow!(
            "{} にデータがありません。--data-dir でデータのフォルダーを指してください。",
            folder.display()
        ));
    }
    let config = database(data, CONNECTIONS);
    open(folder, &config)
}

/// Opens an installation; makes what is missing.
pub(crate) fn open(folder: &Path, config: &Config) -> Result<App> {
    setup::open(folder, config, now())
        .map_err(operator)
        .with_context(|| format!("データ（{}、{}）を開けません", folder.display(), database_name(config)))
}

/// An error of a use case, for the operator.
#[expect(clippy::needless_pass_by_value, reason = "it is what map_err passes")]
pub(crate) fn operator(error: kaigo_app::Error) -> anyhow::Error {
    match &error {
        kaigo_app::Error::Internal(text) => anyhow!("{text}"),
        kaigo_app::Error::NotFound
        | kaigo_app::Error::Forbidden(_)
        | kaigo_app::Error::Invalid(_)
        | kaigo_app::Error::Conflict(_)
        | kaigo_app::Error::TooMany { .. }
        | kaigo_app::Error::LoginNeeded
        | kaigo_app::Error::Busy => anyhow!("{}（{}）", error.say(), error.code()),
    }
}

/// A runtime for the async parts. The importers and the set-up run outside of it.
pub(crate) fn runtime() -> Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("threads")
}

/// Prints to standard output; that nobody reads it any more is no reason to stop.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    drop(writeln!(out, "{text}"));
    drop(out.flush());
}

/// Fills a text with blanks up to a width; a Japanese character is two wide.
pub(crate) fn pad(text: &str, width: usize) -> String {
    let wide: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(wide)))
}

/// Writes a file so that it is there whole or not at all, also after a crash.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let beside = path.with_file_name(format!("{name}.new"));
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        match path.parent() {
            Some(folder) => std::fs::File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    };
    write().with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            (
                "postgres://k:secret@db.example:5432/kiban?sslmode=x&password=secret",
                "postgres://k@db.example:5432/kiban",
            ),
            ("postgres://db/kiban", "postgres://db/kiban"),
            ("postgres://a:secret/x@secret@db/kiban", "postgres://a@db/kiban"),
            ("postgres://a:secret?x@db/kiban", "postgres://…"),
            ("host=db user=k password=secret dbname=kiban", "host=db user=k dbname=kiban"),
        ] {
            let name = without_password(url);
            assert!(!name.contains("secret"), "{name}");
            assert_eq!(name, shown);
        }
    }

    #[test]
    fn japanese_characters_are_two_wide() {
        assert_eq!(pad("介護a", 8), "介護a   ");
    }
}
