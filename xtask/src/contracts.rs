//! The generated files that are checked in (text contracts): the program prints them, the tree must hold the same text.
//!
//! `docs/schema.sqlite.sql` and `docs/schema.postgres.sql` are not here: a test of the store compares them.

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::process::{self, say};

/// Name for `kiban doc NAME`, and the file that holds its text.
const CONTRACTS: [(&str, &str); 7] = [
    ("feed", "docs/feed.md"),
    ("errors", "docs/errors.md"),
    ("findings", "docs/findings.md"),
    ("authz", "docs/authz.out"),
    ("routes", "docs/routes.out"),
    ("cli", "docs/cli.out"),
    ("openapi", "docs/openapi.json"),
];

/// Builds the program; fails when it does not compile.
pub(crate) fn build_program(place: &Place) -> Result<()> {
    if !process::stream(&mut process::cargo(place, &["build", "--package", "kiban"]))?.succeeded {
        bail!("the program does not build");
    }
    Ok(())
}

/// Writes every generated file from the program as it is now.
pub(crate) fn write(place: &Place) -> Result<bool> {
    build_program(place)?;
    for (name, path) in CONTRACTS {
        let text = print(place, name)?;
        let file = place.root.join(path);
        if std::fs::read_to_string(&file).is_ok_and(|old| old == text) {
            say(&format!("same     {path}"));
            continue;
        }
        std::fs::write(&file, text).with_context(|| format!("writing {path}"))?;
        say(&format!("written  {path}"));
    }
    Ok(true)
}

/// Compares every generated file with what the built program prints; true when all are the same.
pub(crate) fn check(place: &Place) -> bool {
    let mut all_same = true;
    for (name, path) in CONTRACTS {
        let found = std::fs::read_to_string(place.root.join(path)).unwrap_or_default();
        let difference = match print(place, name) {
            Ok(text) => first_difference(&found, &text),
            Err(error) => Some(format!("{error:#}")),
        };
        match difference {
            None => say(&format!("same     {path}")),
            Some(difference) => {
                all_same = false;
                say(&format!(
                    "differs  {path}: {difference}\n         mend: run `cargo xtask gen`, read the change, commit it"
                ));
            }
        }
    }
    all_same
}

fn print(place: &Place, name: &str) -> Result<String> {
    let mut command = std::process::Command::new(place.kiban());
    let outcome = process::capture(command.args(["doc", name]).current_dir(&place.root))?;
    if !outcome.succeeded {
        bail!("`kiban doc {name}` failed");
    }
    if outcome.output.trim().is_empty() {
        bail!("`kiban doc {name}` printed nothing");
    }
    Ok(outcome.output)
}

/// Where two texts first differ, in words; nothing when they are the same.
fn first_difference(found: &str, wanted: &str) -> Option<String> {
    if found == wanted {
        return None;
    }
    if found.is_empty() {
        return Some("the file is missing or empty".to_owned());
    }
    let mut found_lines = found.lines();
    for (index, wanted_line) in wanted.lines().enumerate() {
        let found_line = found_lines.next().unwrap_or("(end of file)");
        if found_line != wanted_line {
            return Some(format!(
                "line {}\n         in the file: {found_line}\n         as printed:  {wanted_line}",
                index + 1
            ));
        }
    }
    Some("the file goes on after the end of the printed text, or ends without a newline".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_texts_do_not_differ() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    }

    #[test]
    fn names_the_first_line_that_differs() {
        let difference = first_difference("a\nb\n", "a\nc\n").unwrap();
        assert!(difference.starts_with("line 2\n"), "{difference}");
        assert!(first_difference("", "a\n").unwrap().contains("missing"));
        assert!(first_difference("a\nb\n", "a\n").unwrap().contains("goes on"));
        assert!(first_difference("a\n", "a\nb\n").unwrap().contains("(end of file)"));
    }
}
