//! A heap of files for a test: the clean samples, and ways to spoil them.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]
#![allow(dead_code, clippy::allow_attributes, reason = "not every test spoils in every way")]

use std::path::{Path, PathBuf};

use encoding_rs::SHIFT_JIS;
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Kind;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/careplan/clean")
}

/// The clean files of one folder, or of all.
pub(crate) fn clean(unit: &str) -> Vec<InFile> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir() && (unit.is_empty() || path.ends_with(unit)));
    folders.sort();
    let mut files = Vec::new();
    for folder in folders {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push(InFile { name, bytes: std::fs::read(path).unwrap() });
        }
    }
    assert!(!files.is_empty(), "no clean samples of {unit}");
    files
}

/// A heap that is spoiled step by step.
pub(crate) struct Heap(pub(crate) Vec<InFile>);

impl Heap {
    /// The clean files of a unit.
    pub(crate) fn of(unit: &str) -> Self {
        Self(clean(unit))
    }

    fn file(&mut self, kind: Kind) -> &mut InFile {
        let found = self.0.iter_mut().find(|file| Kind::of_name(&file.name) == Some(kind));
        found.unwrap_or_else(|| panic!("no {kind:?}"))
    }

    /// Puts a text into a cell: row from 1, column from 0 as the layouts name it.
    pub(crate) fn cell(mut self, kind: Kind, row: usize, column: usize, text: &str) -> Self {
        let file = self.file(kind);
        let (old, _, _) = SHIFT_JIS.decode(&file.bytes);
        let mut rows = split(&old);
        text.clone_into(&mut rows[row - 1][column]);
        file.bytes = join(&rows);
        self
    }

    /// Changes the rows.
    pub(crate) fn rows(mut self, kind: Kind, change: impl FnOnce(&mut Vec<Vec<String>>)) -> Self {
        let file = self.file(kind);
        let (old, _, _) = SHIFT_JIS.decode(&file.bytes);
        let mut rows = split(&old);
        change(&mut rows);
        file.bytes = join(&rows);
        self
    }

    /// Changes the bytes.
    pub(crate) fn bytes(mut self, kind: Kind, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Self {
        let file = self.file(kind);
        file.bytes = change(&file.bytes);
        self
    }

    /// Changes the text; characters that MS932 has not are written as UTF-8.
    pub(crate) fn utf8(self, kind: Kind, change: impl FnOnce(&str) -> String) -> Self {
        self.bytes(kind, |bytes| change(&SHIFT_JIS.decode(bytes).0).into_bytes())
    }

    /// Changes the name of one file.
    pub(crate) fn name(mut self, kind: Kind, from: &str, to: &str) -> Self {
        let file = self.file(kind);
        assert!(file.name.contains(from), "{} has no {from}", file.name);
        file.name = file.name.replace(from, to);
        self
    }

    /// Changes all names.
    pub(crate) fn names(mut self, from: &str, to: &str) -> Self {
        for file in &mut self.0 {
            file.name = file.name.replace(from, to);
        }
        self
    }

    /// Takes a file away.
    pub(crate) fn without(mut self, kind: Kind) -> Self {
        self.0.retain(|file| Kind::of_name(&file.name) != Some(kind));
        self
    }

    /// Adds a copy of a file of this heap.
    pub(crate) fn with_copy(mut self, kind: Kind) -> Self {
        let copy = self.file(kind).clone();
        self.0.push(copy);
        self
    }

    /// Adds a file.
    pub(crate) fn with(mut self, name: &str, bytes: &[u8]) -> Self {
        self.0.push(InFile { name: name.to_owned(), bytes: bytes.to_vec() });
        self
    }
}

/// Rows and cells as they stand, quotation marks included; the samples have no comma or break outside of free text.
fn split(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for character in text.chars() {
        match character {
            '"' => {
                quoted = !quoted;
                cell.push('"');
            }
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    rows
}

fn join(rows: &[Vec<String>]) -> Vec<u8> {
    let text: String = rows.iter().map(|row| row.join(",") + "\r\n").collect();
    // 外字 of a test stand as U+E000: F040 in MS932.
    let mut bytes = Vec::new();
    for part in text.split_inclusive('\u{E000}') {
        let plain = part.trim_end_matches('\u{E000}');
        bytes.extend_from_slice(&SHIFT_JIS.encode(plain).0);
        if plain.len() < part.len() {
            bytes.extend([0xF0, 0x40]);
        }
    }
    bytes
}
