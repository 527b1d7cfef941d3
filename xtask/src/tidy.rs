//! The house rules that no compiler checks: where SQL, engines and HTML may stand, which crate may use which, that the
//! documents name things that exist, and what must not stand in any file.
//!
//! Every rule is a function from file texts to violations, so that it is tested with a text that keeps it and one that
//! breaks it. Every violation says where, what, and how to mend.

mod documents;
mod layout;
mod page;
mod rust;
mod text;

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::process::{self, say};

/// A text file of the repository.
#[derive(Debug)]
struct File {
    /// Path from the root of the repository, with `/`.
    path: String,
    text: String,
}

impl File {
    fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// A violation on a line, counted from 1.
    fn violation(&self, line: usize, what: impl Into<String>, mend: impl Into<String>) -> Violation {
        Violation { path: self.path.clone(), line, what: what.into(), mend: mend.into(), is_warning: false }
    }

    /// The lines with their numbers from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.split('\n').enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// A broken rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    path: String,
    /// From 1.
    line: usize,
    what: String,
    mend: String,
    /// Printed, but does not fail the run.
    is_warning: bool,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_warning { "warning: " } else { "" };
        write!(out, "{}:{}: {kind}{}\n    mend: {}", self.path, self.line, self.what, self.mend)
    }
}

/// Checks the whole repository; true when no rule is broken.
pub(crate) fn run(place: &Place) -> Result<bool> {
    let (files, all_paths) = read_files(&place.root)?;
    let mut violations = check(&files, &all_paths);
    violations.sort();
    violations.dedup();
    for violation in &violations {
        say(&violation.to_string());
    }
    let broken = violations.iter().filter(|violation| !violation.is_warning).count();
    say(&format!("tidy: {} files, {broken} violations, {} warnings", all_paths.len(), violations.len() - broken));
    Ok(broken == 0)
}

fn check(files: &[File], all_paths: &[String]) -> Vec<Violation> {
    let mut violations = Vec::new();
    let allowed = page::allowed_links(files);
    let test_modules = rust::test_modules(files);
    for file in files {
        violations.extend(text::check(file));
        violations.extend(rust::check(file, &test_modules));
        violations.extend(page::check(file, &allowed));
        violations.extend(documents::check_lock_file(file));
    }
    violations.extend(layout::check(files));
    violations.extend(documents::check_architecture(files, all_paths));
    violations.extend(documents::check_glossary(files));
    violations
}

/// The files that are tracked or will be (not ignored): the texts, and the paths of all.
fn read_files(root: &Path) -> Result<(Vec<File>, Vec<String>)> {
    let mut list = Command::new("git");
    list.args(["-c", "core.quotePath=false", "ls-files", "--cached", "--others", "--exclude-standard"]);
    let listing = process::capture(list.current_dir(root))?;
    if !listing.succeeded {
        bail!("git cannot list the files of the repository");
    }
    let mut paths: Vec<String> = listing.output.lines().map(str::to_owned).collect();
    // A file that is removed but not yet committed is still listed.
    paths.retain(|path| root.join(path).is_file());
    paths.sort();
    paths.dedup();
    let mut files = Vec::new();
    for path in &paths {
        let bytes = std::fs::read(root.join(path)).with_context(|| format!("reading {path}"))?;
        // Images, and samples in MS932, are not texts for these rules.
        if let Ok(text) = String::from_utf8(bytes)
            && !text.contains('\0')
        {
            files.push(File { path: path.clone(), text });
        }
    }
    Ok((files, paths))
}

/// Whether a character can be part of an identifier.
fn is_word(character: char) -> bool {
    character == '_' || character.is_ascii_alphanumeric()
}

/// Where `word` stands in `text` as a whole word (bytes from the start of the text).
fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|head| head.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|tail| tail.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
fn file(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}

/// The lines on which a check found something.
#[cfg(test)]
fn lines_of(violations: &[Violation]) -> Vec<usize> {
    violations.iter().map(|violation| violation.line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert_eq!(find_word("let postgres::x", "postgres"), Some(4));
        assert_eq!(find_word("tokio_postgres::x", "postgres"), None);
        assert_eq!(find_word("postgresql postgres", "postgres"), Some(11));
    }

    #[test]
    fn a_violation_says_where_what_and_how_to_mend() {
        let violation = file("a.rs", "").violation(3, "tab", "use spaces");
        assert_eq!(violation.to_string(), "a.rs:3: tab\n    mend: use spaces");
    }
}
