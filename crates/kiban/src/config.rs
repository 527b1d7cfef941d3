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
}

/// What a file, or the command line, says of them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) secure_cookies: Option<bool>,
    pub(crate) connections: Option<usize>,
}

impl Said {
    /// What this says, or else what the other says.
    fn or(self, other: Self) -> Self {
        Self {
            data_dir: self.data_dir.or(other.data_dir),
            listen: self.listen.or(other.listen),
            secure_cookies: self.secure_cookies.or(other.secure_cookies),
            connections: self.connections.or(other.connections),
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
        assert!(!settings.secure_cookies);
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
