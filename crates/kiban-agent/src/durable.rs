//! Writing so that a crash leaves the old or the new, never a half.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Makes what was done to the entries of a folder durable: new, renamed and removed files.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows has no such call; its file system keeps the order of renames by itself.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes a folder with those above it, durable.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    folder.parent().filter(|above| !above.as_os_str().is_empty()).map_or(Ok(()), sync_folder)
}

/// Writes a file that is new, durable with its bytes; its folder is made durable by the caller.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Renames and makes it durable in both folders.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    for folder in [to.parent(), from.parent()].into_iter().flatten() {
        sync_folder(folder)?;
    }
    Ok(())
}
