//! Databases for one measurement: made fresh beside the data, gone afterwards.

use std::path::Path;

use anyhow::{Context as _, Result};
use clap::Args;
use kaigo_store::db::{Config, bare_connection};
use tempfile::TempDir;

/// A fresh, empty database that goes away with this value.
pub(super) struct Scratch {
    pub(super) config: Config,
    /// A folder for whatever else the measurement needs.
    pub(super) folder: TempDir,
    made: Option<Made>,
}

/// A server that databases for one measurement are made on.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Server {
    /// A PostgreSQL server (any database on it; fresh ones are made and removed) instead of the embedded database
    #[arg(long, value_name = "URL")]
    pub(super) database: Option<String>,
    /// The network to a server on another machine is guarded by other means: TLS is not demanded (sslmode=disable, prefer, require)
    #[arg(long)]
    pub(super) database_network_guarded: bool,
}

impl Server {
    /// The server of a database.
    pub(super) fn of(config: &Config) -> Self {
        match config {
            Config::Sqlite { .. } => Self::default(),
            Config::Postgres { url, network_is_guarded, .. } => {
                Self { database: Some(url.clone()), database_network_guarded: *network_is_guarded }
            }
        }
    }
}

struct Made {
    server: String,
    network_is_guarded: bool,
    name: String,
}

impl Scratch {
    /// A fresh database: on the server of that address, or an embedded one in a folder within `beside`.
    pub(super) fn make(server: &Server, beside: &Path, purpose: &str) -> Result<Self> {
        std::fs::create_dir_all(beside).with_context(|| beside.display().to_string())?;
        let folder = tempfile::Builder::new().prefix("loadtest-").tempdir_in(beside)?;
        let network_is_guarded = server.database_network_guarded;
        let Some(server) = &server.database else {
            let path = folder.path().join("kiban.db");
            return Ok(Self { config: Config::Sqlite { path }, folder, made: None });
        };
        let name = format!("kiban_loadtest_{purpose}_{}", std::process::id());
        let mut client = bare_connection(server, network_is_guarded).context("PostgreSQL")?;
        client
            .batch_execute(&format!(
                "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            ))
            .context("CREATE DATABASE")?;
        let made = Made { server: server.clone(), network_is_guarded, name };
        let url = with_database(server, &made.name)?;
        Ok(Self { config: Config::Postgres { url, connections: 8, network_is_guarded }, folder, made: Some(made) })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(Made { server, network_is_guarded, name }) = &self.made
            && let Ok(mut client) = bare_connection(server, *network_is_guarded)
        {
            drop(client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        }
    }
}

/// The address with another database in it.
fn with_database(url: &str, name: &str) -> Result<String> {
    let (base, query) = match url.split_once('?') {
        Some((base, query)) => (base, format!("?{query}")),
        None => (url, String::new()),
    };
    let (scheme, rest) = base.split_once("://").context("the address must look like postgres://USER@HOST/DATABASE")?;
    let authority = rest.split('/').next().unwrap_or(rest);
    Ok(format!("{scheme}://{authority}/{name}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_of_an_address_is_replaced() {
        for (url, wanted) in
            [("postgres://u:p@h:5/d?a=b", "postgres://u:p@h:5/n?a=b"), ("postgres://h", "postgres://h/n")]
        {
            assert_eq!(with_database(url, "n").unwrap(), wanted);
        }
        assert!(with_database("host=h", "n").is_err());
    }
}
