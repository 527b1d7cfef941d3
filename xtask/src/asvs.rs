//! `cargo xtask asvs`: the table docs/asvs.toml (OWASP ASVS: requirement → tests or reason) has no hole, and docs/asvs.md is what it says.
//!
//! A hole: a requirement of a chapter without an entry, an entry without test and reason, a test that no source has, an entry twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use toml::{Table, Value};

use crate::place::Place;
use crate::process::say;

/// What an entry may say of its requirement, and the word of the printed table.
const STATES: [(&str, &str); 4] =
    [("holds", "holds"), ("by-design", "by design"), ("open", "**open**"), ("none", "does not apply")];

/// An entry.
struct Entry {
    what: String,
    state: String,
    tests: Vec<String>,
    reason: String,
}

/// A chapter of the standard.
struct Chapter {
    id: String,
    name: String,
    level: i64,
    requirements: Vec<String>,
    /// Why it has no table.
    open: String,
}

/// Checks the table; writes docs/asvs.md, or compares it. True when there is no hole.
pub(crate) fn run(place: &Place, write: bool) -> Result<bool> {
    let text = std::fs::read_to_string(place.root.join("docs/asvs.toml")).context("docs/asvs.toml")?;
    let (chapters, entries, mut holes) = read(&text)?;
    let known = tests(&place.root.join("crates"))?;
    holes.extend(judge(&chapters, &entries, &known));
    let page = print(&chapters, &entries);
    let file = place.root.join("docs/asvs.md");
    if write {
        std::fs::write(&file, &page).context("docs/asvs.md")?;
    } else if std::fs::read_to_string(&file).unwrap_or_default() != page {
        holes.push(
            "docs/asvs.md is not what the table says: run `cargo xtask asvs`, read the change, commit it".to_owned(),
        );
    }
    for hole in &holes {
        say(&format!("asvs: {hole}"));
    }
    let open = entries.values().filter(|e| e.state == "open").count();
    say(&format!("asvs: {} requirements, {open} open, {} holes", entries.len(), holes.len()));
    Ok(holes.is_empty())
}

fn text(table: &Table, name: &str) -> String {
    table.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'a>(table: &'a Table, name: &str) -> impl Iterator<Item = &'a Table> {
    table.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

fn read(source: &str) -> Result<(Vec<Chapter>, BTreeMap<String, Entry>, Vec<String>)> {
    let table: Table = source.parse().context("docs/asvs.toml")?;
    let chapters: Vec<Chapter> = list(&table, "chapter")
        .map(|c| Chapter {
            id: text(c, "id"),
            name: text(c, "name"),
            level: c.get("level").and_then(Value::as_integer).unwrap_or(0),
            requirements: text(c, "requirements").split_whitespace().map(str::to_owned).collect(),
            open: text(c, "open"),
        })
        .collect();
    if chapters.is_empty() {
        bail!("docs/asvs.toml names no chapter");
    }
    let (mut entries, mut twice) = (BTreeMap::new(), Vec::new());
    for r in list(&table, "requirement") {
        let named = r.get("tests").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let entry = Entry {
            what: text(r, "what"),
            state: text(r, "state"),
            tests: named.map(str::to_owned).collect(),
            reason: text(r, "reason"),
        };
        let id = text(r, "id");
        if entries.insert(id.clone(), entry).is_some() {
            twice.push(format!("{id} stands there twice"));
        }
    }
    Ok((chapters, entries, twice))
}

fn judge(chapters: &[Chapter], entries: &BTreeMap<String, Entry>, known: &BTreeSet<String>) -> Vec<String> {
    let mut holes = Vec::new();
    let mut wanted = BTreeSet::new();
    for chapter in chapters {
        if chapter.requirements.is_empty() == chapter.open.is_empty() {
            holes.push(format!("{}: either requirements, or why there is no table", chapter.id));
        }
        for id in &chapter.requirements {
            wanted.insert(id);
            if !entries.contains_key(id) {
                holes.push(format!("{id} has no entry"));
            }
        }
    }
    for (id, entry) in entries {
        if !wanted.contains(id) {
            holes.push(format!("{id} belongs to no chapter of the table"));
        }
        if !STATES.iter().any(|(state, _)| *state == entry.state) {
            holes.push(format!("{id}: `{}` is no state", entry.state));
        }
        if entry.what.is_empty() || (entry.tests.is_empty() && entry.reason.is_empty()) {
            holes.push(format!("{id} has neither test nor reason"));
        }
        if entry.state == "holds" && entry.tests.is_empty() {
            holes.push(format!("{id} holds, but no test shows it"));
        }
        if entry.state == "open" && entry.reason.is_empty() {
            holes.push(format!("{id} is open and does not say what is missing"));
        }
        for test in entry.tests.iter().filter(|test| !known.contains(*test)) {
            holes.push(format!("{id}: no test is called {test}"));
        }
    }
    holes
}

/// Names of all tests in the sources.
fn tests(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                names_in(&std::fs::read_to_string(&path)?, &mut names);
            }
        }
    }
    Ok(names)
}

/// The function after each `#[test]`, other attributes between them.
fn names_in(source: &str, names: &mut BTreeSet<String>) {
    let mut waits = false;
    for line in source.lines().map(str::trim) {
        if line == "#[test]" {
            waits = true;
        } else if let (true, Some(rest)) = (waits, line.strip_prefix("fn ")) {
            names.insert(rest.split(['(', '<']).next().unwrap_or_default().to_owned());
            waits = false;
        }
    }
}

fn print(chapters: &[Chapter], entries: &BTreeMap<String, Entry>) -> String {
    let mut out = String::from(
        "# OWASP ASVS 5.0.0\n\nPrinted by `cargo xtask asvs` from docs/asvs.toml. Do not edit. Numbers and levels are the standard's; the words are\n\
         ours and short.\n",
    );
    for chapter in chapters {
        let _ = write!(out, "\n## {} {} (level {})\n\n", chapter.id, chapter.name, chapter.level);
        if !chapter.open.is_empty() {
            let _ = writeln!(out, "{}", chapter.open);
            continue;
        }
        out.push_str("| | requirement | state | tests | reason |\n| --- | --- | --- | --- | --- |\n");
        for id in &chapter.requirements {
            let Some(entry) = entries.get(id) else { continue };
            let word = STATES.iter().find(|(state, _)| *state == entry.state).map_or("", |(_, word)| word);
            let tests = entry.tests.iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", ");
            let _ = writeln!(out, "| {id} | {} | {word} | {tests} | {} |", entry.what, entry.reason);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[chapter]]\nid = \"V6\"\nname = \"x\"\nlevel = 3\nrequirements = \"6.1.1\"\n\
                        [[requirement]]\nid = \"6.1.1\"\nwhat = \"x\"\nstate = \"holds\"\ntests = [\"a_test\"]\n";

    fn holes(text: &str) -> Vec<String> {
        let (chapters, entries, mut holes) = read(text).unwrap_or_default();
        holes.extend(judge(&chapters, &entries, &BTreeSet::from(["a_test".to_owned()])));
        holes
    }

    #[test]
    fn every_hole_is_found() {
        assert_eq!(holes(GOOD), Vec::<String>::new());
        for (from, to) in [
            ("requirements = \"6.1.1\"", "requirements = \"6.1.1 6.1.2\""),
            ("requirements = \"6.1.1\"", "requirements = \"6.1.3\""),
            ("\"a_test\"", "\"another\""),
            ("tests = [\"a_test\"]", ""),
            ("tests = [\"a_test\"]", "reason = \"x\""),
            ("\"holds\"", "\"perhaps\""),
            ("\"holds\"", "\"open\""),
        ] {
            assert!(!holes(&GOOD.replace(from, to)).is_empty(), "{from} → {to}");
        }
    }

    #[test]
    fn tests_are_known_by_the_name_after_their_attribute() {
        let mut names = BTreeSet::new();
        names_in("#[test]\n#[cfg(unix)]\nfn one() {}\nfn two() {}\n    #[test]\n    fn three() {}", &mut names);
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["one", "three"]);
    }
}
