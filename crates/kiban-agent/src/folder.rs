//! The folders of one run: what is sent, where to receive, where sent files go, what is remembered.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::durable;
use crate::report::Stop;

/// Name of the folder in which the program remembers what it did.
pub(crate) const STATE: &str = ".kiban-agent";
/// Name of the folder into which sent files are moved.
const SENT: &str = "sent";
/// Name of the folder into which a watched folder receives.
const IN: &str = "in";
/// Name of the folder from which a watched folder sends.
const OUT: &str = "out";

/// The folders of one run.
#[derive(Debug)]
pub(crate) struct Folder {
    /// The folder that the user named.
    pub(crate) root: PathBuf,
    /// Files to send lie here and in folders inside.
    pub(crate) out: PathBuf,
    /// Folders in which no file is looked for.
    pub(crate) passed_over: Vec<PathBuf>,
    /// Received sets are placed here.
    pub(crate) received: PathBuf,
    /// Sent files are moved here.
    pub(crate) sent: PathBuf,
    /// What is remembered.
    pub(crate) state: PathBuf,
}

impl Folder {
    /// `send DIR`.
    pub(crate) fn of_sending(root: &Path) -> Result<Self, Stop> {
        existing(root)?;
        Self::make(root, root.to_owned(), root.join(IN))
    }

    /// `receive DIR`; makes DIR when it is not there.
    pub(crate) fn of_receiving(root: &Path) -> Result<Self, Stop> {
        durable::make_folder(root).map_err(|error| Stop::at(root, &error))?;
        Self::make(root, root.to_owned(), root.to_owned())
    }

    /// `watch DIR`; makes out and in when they are not there.
    pub(crate) fn of_watching(root: &Path) -> Result<Self, Stop> {
        existing(root)?;
        let folder = Self::make(root, root.join(OUT), root.join(IN))?;
        for part in [&folder.out, &folder.received] {
            durable::make_folder(part).map_err(|error| Stop::at(part, &error))?;
        }
        Ok(folder)
    }

    fn make(root: &Path, out: PathBuf, received: PathBuf) -> Result<Self, Stop> {
        let (sent, state) = (root.join(SENT), root.join(STATE));
        durable::make_folder(&state).map_err(|error| Stop::at(&state, &error))?;
        let passed_over = vec![root.join(IN), sent.clone(), state.clone()];
        Ok(Self { root: root.to_owned(), out, passed_over, received, sent, state })
    }

    /// Keeps a second program out of the same folder until the answer is dropped, or the process ends in any way.
    pub(crate) fn lock(&self) -> Result<File, Stop> {
        let path = self.state.join("lock");
        let file = File::options().create(true).append(true).open(&path).map_err(|error| Stop::at(&path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Stop::Busy(format!(
                "{} では、もう一つの kiban-agent が動いています。終わってから、もう一度実行してください。",
                self.root.display()
            ))),
            Err(TryLockError::Error(error)) => Err(Stop::at(&path, &error)),
        }
    }
}

fn existing(root: &Path) -> Result<(), Stop> {
    if root.is_dir() {
        return Ok(());
    }
    Err(Stop::Usage(format!("フォルダー {} がありません。場所を確かめてください。", root.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_program_at_a_time() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::of_watching(root.path()).unwrap();
        assert!(folder.out.is_dir() && folder.received.is_dir());
        let lock = folder.lock().unwrap();
        assert!(matches!(folder.lock(), Err(Stop::Busy(_))));
        drop(lock);
        assert!(folder.lock().is_ok());
        assert!(matches!(Folder::of_sending(&root.path().join("none")), Err(Stop::Usage(_))));
    }
}
