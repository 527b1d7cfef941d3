//! Import: a municipality's feed and the national open data of offices, checked row by row, published all or nothing.
//!
//! A feed's rows go into the store under a load number that nobody sees; one small transaction publishes them. So a crash or
//! a fault leaves what was there. What is wrong with the data is a list of findings, never an error of the program.
//! Memory stays flat: one batch of rows, 16 bytes for each version of a segment that is compared with, 8 for each row read.
//! `docs/feed.md` describes the format; it is [`feed_doc`].

pub mod browser;
pub mod claims;
mod doc;
mod document;
pub mod feed;
pub mod history;
mod kind;
mod known;
pub mod links;
mod load;
mod manifest;
pub mod office;
mod persons;
pub mod report;
mod rows;
mod sheet;
pub mod undo;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use kaigo_store::db;

pub use self::rows::{RowsFile, RowsReport};

/// Why an import could not be carried through, beside what is wrong with the data.
#[derive(Debug)]
pub enum ImportError {
    /// A file or folder cannot be read.
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The store failed.
    Store(db::Error),
}

impl ImportError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}

impl From<db::Error> for ImportError {
    fn from(error: db::Error) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "{} が読めません（{source}）。", path.display()),
            Self::Store(error) => write!(f, "データベースに書けません（{error}）。前の記録はそのままです。"),
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Store(error) => Some(error),
        }
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// File that is being read.
    pub file: &'a str,
    /// Rows read, of all files.
    pub rows: u64,
    /// Rows there should be in all files; 0 where that is not known.
    pub total: u64,
}

/// The description of the feed format, `docs/feed.md`, made from the column tables.
pub fn feed_doc() -> String {
    doc::feed_doc()
}
