//! What was done, one JSON object a line, appended and made durable before the next step: a program that is killed at any
//! moment goes on from here.
//!
//! Order of sending: the server's answer, then `sent`. Killed between them: the set goes up once more, and the server answers
//! with the first result. Order of moving: `moving`, the renames, `moved`. Order of receiving: `receiving`, the bytes, the
//! finished folder beside its place, `placing`, one rename, `received`. The rename is the moment in which a set is placed: a
//! `placing` whose finished folder is gone has happened.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::durable;
use crate::report::Stop;

/// A file of the user's that is moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Moving {
    /// Path from the named folder.
    pub(crate) path: PathBuf,
    /// SHA-256 as it was sent, hex.
    pub(crate) sha256: String,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "kebab-case")]
enum Line {
    /// The journal is about this server.
    Server { url: String },
    /// A set with this digest was taken by the server.
    Sent { digest: String, set_id: String },
    /// These files of a sent set are being moved.
    Moving { set_id: String, files: Vec<Moving> },
    /// They are moved.
    Moved { set_id: String },
    /// The bytes of a set are about to be asked for: from now on the server may show it as fetched.
    Receiving { set_id: String },
    /// The finished folder is about to get its place, by this name.
    Placing { set_id: String, folder: String },
    /// It is in its place.
    Received { set_id: String },
    /// The sender recalled it before it could be received.
    Gone { set_id: String },
}

/// What was done.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    path: PathBuf,
    sent: HashMap<String, String>,
    moving: BTreeMap<String, Vec<Moving>>,
    /// Begun and not placed; with the folder's name once it is about to be placed.
    receiving: BTreeMap<String, Option<String>>,
    finished: HashSet<String>,
}

impl Journal {
    /// Opens the journal in a state folder, or begins one for this server.
    pub(crate) fn open(state: &Path, server: &str) -> Result<Self, Stop> {
        let path = state.join("journal.jsonl");
        let open = || -> io::Result<(File, Vec<u8>)> {
            let bytes = match std::fs::read(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                other => other?,
            };
            let file = File::options().create(true).append(true).open(&path)?;
            durable::sync_folder(state)?;
            Ok((file, bytes))
        };
        let (file, bytes) = open().map_err(|error| Stop::at(&path, &error))?;
        let mut journal = Self {
            file,
            path,
            sent: HashMap::new(),
            moving: BTreeMap::new(),
            receiving: BTreeMap::new(),
            finished: HashSet::new(),
        };
        let known = journal.read(&bytes)?;
        match known {
            Some(url) if url != server => Err(Stop::Usage(format!(
                "このフォルダーの記録（{}）は、別のサーバー {url} とのものです。フォルダーを分けてください。",
                journal.path.display()
            ))),
            Some(_) => Ok(journal),
            None => {
                journal.write(&Line::Server { url: server.to_owned() })?;
                Ok(journal)
            }
        }
    }

    /// Takes the lines in; the server's address, if it stands there.
    fn read(&mut self, bytes: &[u8]) -> Result<Option<String>, Stop> {
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if whole < bytes.len() {
            // The last line was being written when the program ended: it did not happen.
            let length = u64::try_from(whole).unwrap_or(0);
            let cut = self.file.set_len(length).and_then(|()| self.file.sync_all());
            cut.map_err(|error| Stop::at(&self.path, &error))?;
        }
        let mut server = None;
        // A damaged line is passed over: what it said is asked of the server once more, which knows what was done.
        let lines = bytes.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n');
        for line in lines.filter_map(|line| serde_json::from_slice(line).ok()) {
            if let Line::Server { url } = &line {
                server = Some(url.clone());
            }
            self.take(line);
        }
        Ok(server)
    }

    fn take(&mut self, line: Line) {
        match line {
            Line::Server { .. } => {}
            Line::Sent { digest, set_id } => drop(self.sent.insert(digest, set_id)),
            Line::Moving { set_id, files } => drop(self.moving.insert(set_id, files)),
            Line::Moved { set_id } => drop(self.moving.remove(&set_id)),
            Line::Receiving { set_id } => {
                self.receiving.entry(set_id).or_insert(None);
            }
            Line::Placing { set_id, folder } => drop(self.receiving.insert(set_id, Some(folder))),
            Line::Received { set_id } | Line::Gone { set_id } => {
                self.receiving.remove(&set_id);
                self.finished.insert(set_id);
            }
        }
    }

    fn write(&mut self, line: &Line) -> Result<(), Stop> {
        let append = || -> io::Result<()> {
            let mut text = serde_json::to_vec(line)?;
            text.push(b'\n');
            (&self.file).write_all(&text)?;
            self.file.sync_all()
        };
        append().map_err(|error| Stop::at(&self.path, &error))?;
        self.take(line.clone());
        Ok(())
    }

    /// The set that the server made of files with this digest.
    pub(crate) fn sent(&self, digest: &str) -> Option<&str> {
        self.sent.get(digest).map(String::as_str)
    }

    /// Moves that were begun.
    pub(crate) fn moves(&self) -> Vec<(String, Vec<Moving>)> {
        self.moving.iter().map(|(set_id, files)| (set_id.clone(), files.clone())).collect()
    }

    /// Sets that were begun and are not in their place; with the folder's name if the rename was next.
    pub(crate) fn begun(&self) -> Vec<(String, Option<String>)> {
        self.receiving.iter().map(|(set_id, folder)| (set_id.clone(), folder.clone())).collect()
    }

    /// Whether a set was received here, or is gone.
    pub(crate) fn is_finished(&self, set_id: &str) -> bool {
        self.finished.contains(set_id)
    }

    pub(crate) fn note_sent(&mut self, digest: &str, set_id: &str) -> Result<(), Stop> {
        self.write(&Line::Sent { digest: digest.to_owned(), set_id: set_id.to_owned() })
    }

    pub(crate) fn note_moving(&mut self, set_id: &str, files: Vec<Moving>) -> Result<(), Stop> {
        self.write(&Line::Moving { set_id: set_id.to_owned(), files })
    }

    pub(crate) fn note_moved(&mut self, set_id: &str) -> Result<(), Stop> {
        self.write(&Line::Moved { set_id: set_id.to_owned() })
    }

    pub(crate) fn note_receiving(&mut self, set_id: &str) -> Result<(), Stop> {
        if self.receiving.contains_key(set_id) {
            return Ok(());
        }
        self.write(&Line::Receiving { set_id: set_id.to_owned() })
    }

    pub(crate) fn note_placing(&mut self, set_id: &str, folder: &str) -> Result<(), Stop> {
        self.write(&Line::Placing { set_id: set_id.to_owned(), folder: folder.to_owned() })
    }

    pub(crate) fn note_received(&mut self, set_id: &str) -> Result<(), Stop> {
        self.write(&Line::Received { set_id: set_id.to_owned() })
    }

    pub(crate) fn note_gone(&mut self, set_id: &str) -> Result<(), Stop> {
        self.write(&Line::Gone { set_id: set_id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "https://kiban.example";

    #[test]
    fn a_program_that_was_killed_goes_on_where_it_was() {
        let state = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(state.path(), SERVER).unwrap();
        journal.note_sent("d1", "s1").unwrap();
        let files = vec![Moving { path: "a/b.CSV".into(), sha256: "00".to_owned() }];
        journal.note_moving("s1", files.clone()).unwrap();
        journal.note_receiving("r1").unwrap();
        journal.note_receiving("r1").unwrap();
        journal.note_receiving("r2").unwrap();
        journal.note_placing("r2", "folder").unwrap();
        journal.note_receiving("r3").unwrap();
        journal.note_received("r3").unwrap();
        journal.note_gone("r4").unwrap();
        drop(journal);

        let path = state.path().join("journal.jsonl");
        let whole = std::fs::read(&path).unwrap();
        for torn in ["{", "{\"did\":\"received\",\"set_id\":\"r1\"}", "\u{1F600}"] {
            std::fs::write(&path, [&whole, torn.as_bytes()].concat()).unwrap();
            let mut journal = Journal::open(state.path(), SERVER).unwrap();
            assert_eq!(journal.sent("d1"), Some("s1"));
            assert_eq!(journal.moves(), [("s1".to_owned(), files.clone())]);
            assert_eq!(journal.begun(), [("r1".to_owned(), None), ("r2".to_owned(), Some("folder".to_owned()))]);
            assert!(journal.is_finished("r3") && journal.is_finished("r4") && !journal.is_finished("r1"));
            journal.note_moved("s1").unwrap();
            assert!(
                Journal::open(state.path(), SERVER).unwrap().moves().is_empty(),
                "what follows a torn line is read"
            );
        }
    }

    #[test]
    fn a_damaged_line_is_passed_over() {
        let state = tempfile::tempdir().unwrap();
        let text = "{\"did\":\"server\",\"url\":\"https://kiban.example\"}\n\u{0}\u{0}\nx\n{\"did\":\"sent\",\"digest\":\"d\",\"set_id\":\"s\"}\n";
        std::fs::write(state.path().join("journal.jsonl"), text).unwrap();
        assert_eq!(Journal::open(state.path(), SERVER).unwrap().sent("d"), Some("s"));
    }

    #[test]
    fn a_folder_belongs_to_one_server() {
        let state = tempfile::tempdir().unwrap();
        drop(Journal::open(state.path(), SERVER).unwrap());
        assert!(Journal::open(state.path(), SERVER).is_ok());
        assert!(matches!(Journal::open(state.path(), "https://other.example"), Err(Stop::Usage(_))));
    }
}
