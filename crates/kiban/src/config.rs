//! The settings of `serve`: defaults, then the file, then the command line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// The defaults, commented; an operator copies this file.
pub(crate) const DEFAULTS: &str = include_str!("config.default.toml");

/// Settings of a running server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) data_dir: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) secure_cookies: bool,
    pub(crate) connections: usize,
    pub(crate) requests_per_minute: u32,
    /// The operator vouches for the network to a database on another machine.
    pub(crate) database_network_guarded: bool,
    pub(crate) mail: Option<MailSettings>,
}

/// A server for mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailSettings {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: MailTls,
    pub(crate) from: String,
    pub(crate) site: String,
    /// Certificates of an authority of one's own (PEM) that the server's certificate may be signed by, beside those of the system.
    pub(crate) ca: Option<PathBuf>,
}

/// How the way to the server is guarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailTls {
    /// Asked for with STARTTLS, and nothing is sent without it.
    #[default]
    Starttls,
    /// From the first byte on.
    Tls,
    /// Not at all: only to this machine.
    None,
}

/// What a file says of it; a command line names only the server.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaidMail {
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) tls: Option<MailTls>,
    pub(crate) from: Option<String>,
    pub(crate) site: Option<String>,
    pub(crate) ca: Option<PathBuf>,
}

impl SaidMail {
    fn or(self, other: Self) -> Self {
        Self {
            host: self.host.or(other.host),
            port: self.port.or(other.port),
            tls: self.tls.or(other.tls),
            from: self.from.or(other.from),
            site: self.site.or(other.site),
            ca: self.ca.or(other.ca),
        }
    }

    /// The settings; none without a host.
    fn settings(self) -> Result<Option<MailSettings>> {
        let Some(host) = self.host.filter(|host| !host.is_empty()) else { return Ok(None) };
        let site = self.site.context("[mail] site：このサービスのアドレス（https://…）を書いてください")?;
        Ok(Some(MailSettings {
            host,
            port: self.port.unwrap_or(587),
            tls: self.tls.unwrap_or_default(),
            from: self.from.context("[mail] from：差出人を書いてください")?,
            site: site.trim_end_matches('/').to_owned(),
            ca: self.ca,
        }))
    }
}

/// What a file, or the command line, says of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) secure_cookies: Option<bool>,
    pub(crate) connections: Option<usize>,
    pub(crate) requests_per_minute: Option<u32>,
    pub(crate) database_network_guarded: Option<bool>,
    pub(crate) mail: Option<SaidMail>,
}

impl Said {
    /// What this says, or else what the other says.
    fn or(self, other: Self) -> Self {
        Self {
            data_dir: self.data_dir.or(other.data_dir),
            listen: self.listen.or(other.listen),
            secure_cookies: self.secure_cookies.or(other.secure_cookies),
            connections: self.connections.or(other.connections),
            requests_per_minute: self.requests_per_minute.or(other.requests_per_minute),
            database_network_guarded: self.database_network_guarded.or(other.database_network_guarded),
            mail: match (self.mail, other.mail) {
                (Some(mine), Some(theirs)) => Some(mine.or(theirs)),
                (mine, theirs) => mine.or(theirs),
            },
        }
    }
}

/// Puts the settings together.
pub(crate) fn read(file: Option<&Path>, command_line: Said) -> Result<Settings> {
    let mut said = command_line;
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        said = said.or(toml::from_str(&text).with_context(|| path.display().to_string())?);
    }
    let said = said.or(toml::from_str(DEFAULTS).context("config.default.toml")?);
    Ok(Settings {
        data_dir: said.data_dir.context("data_dir")?,
        listen: said.listen.context("listen")?,
        secure_cookies: said.secure_cookies.context("secure_cookies")?,
        connections: said.connections.context("connections")?.clamp(1, 200),
        requests_per_minute: said.requests_per_minute.context("requests_per_minute")?,
        database_network_guarded: said.database_network_guarded.context("database_network_guarded")?,
        mail: said.mail.unwrap_or_default().settings()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_wins_over_the_file_and_the_file_over_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kiban.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:9000\"\nconnections = 3\n").unwrap();
        let said = Said { listen: Some("127.0.0.1:9001".parse().unwrap()), ..Said::default() };
        let settings = read(Some(&file), said).unwrap();
        assert_eq!(settings.listen.port(), 9001);
        assert_eq!(settings.connections, 3);
        assert_eq!(settings.data_dir, Path::new("./kiban-data"));
        assert_eq!(settings.requests_per_minute, 600);
        assert!(!settings.secure_cookies && !settings.database_network_guarded);
    }

    #[test]
    fn mail_needs_a_server_a_sender_and_an_address_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kiban.toml");
        assert_eq!(read(None, Said::default()).unwrap().mail, None);
        std::fs::write(&file, "[mail]\nfrom = \"a@example.jp\"\nsite = \"https://example.jp/\"\n").unwrap();
        assert_eq!(read(Some(&file), Said::default()).unwrap().mail, None);
        let smtp = SaidMail { host: Some("mail.example.jp".to_owned()), port: Some(25), ..SaidMail::default() };
        let mail = read(Some(&file), Said { mail: Some(smtp), ..Said::default() }).unwrap().mail.unwrap();
        assert_eq!((mail.port, mail.tls, mail.site.as_str()), (25, MailTls::Starttls, "https://example.jp"));
        std::fs::write(&file, "[mail]\nhost = \"mail.example.jp\"\n").unwrap();
        assert!(format!("{:#}", read(Some(&file), Said::default()).unwrap_err()).contains("site"));
        std::fs::write(&file, "[mail]\nhost = \"mail.example.jp\"\npassword = \"x\"\n").unwrap();
        assert!(read(Some(&file), Said::default()).is_err(), "a password stands in no file");
    }

    #[test]
    fn an_unknown_name_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kiban.toml");
        std::fs::write(&file, "lisen = \"127.0.0.1:9000\"\n").unwrap();
        let error = format!("{:#}", read(Some(&file), Said::default()).unwrap_err());
        assert!(error.contains("lisen"), "{error}");
    }
}
