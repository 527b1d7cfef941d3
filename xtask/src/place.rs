//! Where things are: the repository, cargo's target directory, and what the surroundings say.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository and the surroundings of this run.
pub(crate) struct Place {
    /// Root of the repository, absolute.
    pub(crate) root: PathBuf,
    /// Cargo's target directory, absolute.
    pub(crate) target: PathBuf,
    /// Whether `CI=true` (or `CI=1`) is set: then builds leave no incremental files behind.
    pub(crate) is_ci: bool,
    /// The cargo that runs us.
    pub(crate) cargo: OsString,
}

impl Place {
    /// Finds the repository from this package's folder, and the target directory from this program's own path.
    pub(crate) fn find() -> Result<Self> {
        let manifest_dir =
            variable("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest_dir.parent().context("xtask lies in the repository")?.to_path_buf();
        let program = std::env::current_exe().context("the path of this program")?;
        // target/debug/xtask
        let target = program.ancestors().nth(2).context("xtask lies in target/debug")?.to_path_buf();
        let is_ci = variable("CI").is_some_and(|value| value == "true" || value == "1");
        let cargo = variable("CARGO").unwrap_or_else(|| "cargo".into());
        Ok(Self { root, target, is_ci, cargo })
    }

    /// The built program of operators and vendors.
    pub(crate) fn kiban(&self) -> PathBuf {
        self.target.join("debug/kiban")
    }

    /// Looks a program up in PATH.
    pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
        let path = variable("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_executable(file))
    }
}

/// Reads one environment variable; empty counts as unset.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether the file exists and has any execute bit.
pub(crate) fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
