//! Starts the program and reads what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder of an office, with its token.
pub(crate) struct Desk {
    folder: TempDir,
    server: String,
}

/// What the program did.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) events: Vec<Value>,
    pub(crate) text: String,
}

impl Desk {
    pub(crate) fn new(server: &str, token: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("dir")).unwrap();
        std::fs::write(folder.path().join("token.txt"), format!("{token}\n")).unwrap();
        Self { folder, server: server.to_owned() }
    }

    /// The folder that the program works in.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("dir")
    }

    /// The command, not yet started.
    pub(crate) fn command(&self, what: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kiban-agent"));
        command.arg(what).arg(self.dir()).args(["--server", &self.server, "--json", "--token-file"]);
        command.arg(self.folder.path().join("token.txt")).args(more);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, what: &str, more: &[&str]) -> Ran {
        Ran::of(&self.command(what, more).output().unwrap())
    }

    /// Files below a folder with their bytes, by path; what the program remembers is left out.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.dir(), &self.dir(), &mut found);
        found.sort();
        found
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with(".kiban-agent") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let near = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            found.push((near, std::fs::read(&path).unwrap()));
        }
    }
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        let events = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let errors = String::from_utf8_lossy(&output.stderr);
        Self { exit: output.status.code().unwrap_or(-1), events, text: format!("{text}{errors}") }
    }

    /// It ended so.
    #[track_caller]
    pub(crate) fn is(&self, exit: i32) -> &Self {
        assert_eq!(self.exit, exit, "{}", self.text);
        if !self.events.is_empty() {
            assert_eq!(self.events.last().unwrap()["exit"], exit, "{}", self.text);
        }
        self
    }

    /// Events of a name.
    pub(crate) fn all(&self, event: &str) -> Vec<&Value> {
        self.events.iter().filter(|value| value["event"] == event).collect()
    }

    /// The only event of a name.
    #[track_caller]
    pub(crate) fn only(&self, event: &str) -> &Value {
        let all = self.all(event);
        assert_eq!(all.len(), 1, "{event}: {}", self.text);
        all[0]
    }
}
