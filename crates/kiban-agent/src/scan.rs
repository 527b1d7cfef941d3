//! Finds the files to send in a folder and the folders inside.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use kaigo_careplan::batch::{InFile, Set};

use crate::folder::Folder;
use crate::pack::sha256;
use crate::report::Stop;

/// Bytes of the largest file that is read; the server takes less.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// How many folders may lie in one another.
const DEEPEST: usize = 16;

/// How a file looked from outside: when it differs, somebody is still writing.
pub(crate) type Look = HashMap<PathBuf, (u64, Option<SystemTime>)>;

/// The files of a folder.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// With their bytes.
    pub(crate) files: Vec<InFile>,
    /// Where the files of a name and SHA-256 lie, from the named folder.
    places: HashMap<(String, String), Vec<PathBuf>>,
    /// Files that are too large: path, size.
    pub(crate) too_large: Vec<(String, u64)>,
}

/// How the files look now.
pub(crate) fn look(folder: &Folder) -> Result<Look, Stop> {
    let mut look = Look::new();
    walk(folder, &mut |path, metadata| {
        look.insert(path.to_owned(), (metadata.len(), metadata.modified().ok()));
        Ok(())
    })?;
    Ok(look)
}

/// Reads the files of the look that still look so.
pub(crate) fn read(folder: &Folder, settled: Option<&Look>) -> Result<Found, Stop> {
    let mut found = Found::default();
    walk(folder, &mut |path, metadata| {
        let as_before = |look: &Look| look.get(path) == Some(&(metadata.len(), metadata.modified().ok()));
        if !settled.is_none_or(as_before) {
            return Ok(());
        }
        let near = path.strip_prefix(&folder.root).unwrap_or(path).to_owned();
        if metadata.len() > MOST_BYTES {
            found.too_large.push((near.display().to_string(), metadata.len()));
            return Ok(());
        }
        let bytes = match fs::read(path) {
            // Taken away between the look and the reading.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.places.entry((name.clone(), sha256(&bytes))).or_default().push(near);
        found.files.push(InFile { name, bytes });
        Ok(())
    })?;
    Ok(found)
}

impl Found {
    /// Where a file lies: all places with the same name and bytes.
    pub(crate) fn places(&self, name: &str, sha256: &str) -> &[PathBuf] {
        self.places.get(&(name.to_owned(), sha256.to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// Everything that travels with a set: its files, then what is attached; name and bytes.
pub(crate) fn members(set: &Set) -> impl Iterator<Item = (&str, &[u8])> {
    let files = set.files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()));
    files.chain(set.attachments.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())))
}

/// A digest of names and bytes of a set: the same files give the same one, wherever they lie.
pub(crate) fn digest(set: &Set) -> String {
    let mut lines: Vec<String> = members(set).map(|(name, bytes)| format!("{name}\0{}\n", sha256(bytes))).collect();
    lines.sort();
    sha256(lines.concat().as_bytes())
}

/// Calls `each` for every file, in the order of paths.
fn walk(folder: &Folder, each: &mut dyn FnMut(&Path, &fs::Metadata) -> io::Result<()>) -> Result<(), Stop> {
    let mut folders = vec![(folder.out.clone(), 0)];
    while let Some((here, depth)) = folders.pop() {
        let mut step = || -> io::Result<()> {
            let mut entries = fs::read_dir(&here)?.collect::<io::Result<Vec<_>>>()?;
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                let (path, name) = (entry.path(), entry.file_name());
                let name = name.to_string_lossy();
                // Hidden files, and those that office programs keep beside an open one.
                if name.starts_with('.') || name.starts_with("~$") || folder.passed_over.contains(&path) {
                    continue;
                }
                if entry.file_type()?.is_dir() {
                    if depth < DEEPEST {
                        folders.push((path, depth + 1));
                    }
                    continue;
                }
                match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_file() => each(&path, &metadata)?,
                    // A link to a folder, or to nothing; or a file that was taken away just now.
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        };
        step().map_err(|error| Stop::at(&here, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_are_meant_to_be_sent_are_found() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for path in [
            "a.CSV",
            "month/b.CSV",
            "month/deep/a.CSV",
            "sent/c.CSV",
            "in/d.CSV",
            ".hidden",
            "~$a.CSV",
            "month/in/e.CSV",
        ] {
            write(path, "x");
        }
        let folder = Folder::of_sending(root.path()).unwrap();
        write(".kiban-agent/f.CSV", "x");
        let found = read(&folder, None).unwrap();
        let mut names: Vec<&str> = found.files.iter().map(|file| file.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["a.CSV", "a.CSV", "b.CSV", "e.CSV"]);
        assert_eq!(found.places("a.CSV", &sha256(b"x")).len(), 2);

        let before = look(&folder).unwrap();
        write("month/b.CSV", "longer");
        write("new.CSV", "x");
        let settled = read(&folder, Some(&before)).unwrap();
        assert_eq!(settled.files.len(), 3, "what changed meanwhile waits");
    }
}
