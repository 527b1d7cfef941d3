//! Rules for documents: what they name exists. And for lock files: they name no host.

use std::collections::HashSet;

use super::{File, Violation, is_word};

const ARCHITECTURE: &str = "ARCHITECTURE.md";
const GLOSSARY: &str = "docs/glossary.md";

/// Endings that make a word without `/` the name of a file.
const FILE_ENDINGS: [&str; 10] = [".rs", ".md", ".toml", ".html", ".sql", ".mjs", ".out", ".css", ".js", ".json"];

/// Folders that do not exist in a fresh clone.
const MADE_FOLDERS: [&str; 2] = ["target", "kiban-data"];

/// Every path in backticks in ARCHITECTURE.md exists.
pub(super) fn check_architecture(files: &[File], all_paths: &[String]) -> Vec<Violation> {
    let Some(document) = files.iter().find(|file| file.path == ARCHITECTURE) else {
        return vec![missing(ARCHITECTURE, "write the picture, the map, the invariants and the walkthroughs")];
    };
    let tops: HashSet<&str> = all_paths.iter().filter_map(|path| path.split('/').next()).collect();
    let mut violations = Vec::new();
    for (number, line) in document.lines() {
        // Every second part lies between backticks.
        for span in line.split('`').skip(1).step_by(2) {
            let path = span.strip_prefix("./").unwrap_or(span).trim_end_matches('/');
            if is_path(path, &tops) && !exists(path, all_paths) {
                violations.push(document.violation(
                    number,
                    format!("`{span}` does not exist"),
                    "name the file or folder where it is now, from the root of the repository",
                ));
            }
        }
    }
    violations
}

fn is_path(span: &str, tops: &HashSet<&str>) -> bool {
    let is_plain = span.chars().all(|character| is_word(character) || "./-".contains(character));
    let has_ending = FILE_ENDINGS.iter().any(|ending| span.len() > ending.len() && span.ends_with(ending));
    let top = span.split('/').next().unwrap_or_default();
    is_plain
        && !MADE_FOLDERS.contains(&top)
        && !span.starts_with('/')
        && (has_ending || (span.contains('/') && tops.contains(top)))
}

/// A path from the root, or the bare name of some file.
fn exists(path: &str, all_paths: &[String]) -> bool {
    all_paths.iter().any(|known| {
        let rest = known.strip_prefix(path);
        let is_same_or_folder = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_same_or_folder || (!path.contains('/') && known.rsplit('/').next() == Some(path))
    })
}

/// Every identifier in the first column of the glossary's tables stands somewhere in the code.
pub(super) fn check_glossary(files: &[File]) -> Vec<Violation> {
    let Some(glossary) = files.iter().find(|file| file.path == GLOSSARY) else {
        return vec![missing(GLOSSARY, "write the table: identifier, Japanese term, meaning, source")];
    };
    let code = files.iter().filter(|file| file.is_in("crates") && file.has_extension(&["rs"]));
    let words: HashSet<&str> = code.flat_map(|file| file.text.split(|character| !is_word(character))).collect();
    let mut violations = Vec::new();
    let mut rows = 0;
    let mut is_body = false;
    for (number, line) in glossary.lines() {
        let Some(row) = line.strip_prefix('|') else {
            is_body = false;
            continue;
        };
        if row.chars().all(|character| "|-: ".contains(character)) {
            is_body = true;
            continue;
        }
        if !is_body {
            continue;
        }
        rows += 1;
        let cell = row.split('|').next().unwrap_or_default();
        for identifier in identifiers(cell).filter(|identifier| !words.contains(identifier)) {
            violations.push(glossary.violation(
                number,
                format!("`{identifier}` stands nowhere in the code"),
                "write the identifier as the code has it, or remove the row",
            ));
        }
    }
    if rows == 0 {
        violations.push(missing(GLOSSARY, "write the table: identifier, Japanese term, meaning, source"));
    }
    violations
}

/// The identifiers of a cell: those in backticks, or all words when there are no backticks.
fn identifiers(cell: &str) -> impl Iterator<Item = &str> {
    let has_ticks = cell.contains('`');
    let parts = cell.split('`').enumerate().filter(move |(index, _)| !has_ticks || index % 2 == 1);
    parts.flat_map(|(_, part)| part.split(|character| !is_word(character))).filter(|word| !word.is_empty())
}

/// package-lock.json pins versions and digests, not the host that somebody downloaded from.
pub(super) fn check_lock_file(file: &File) -> Vec<Violation> {
    if !file.path.ends_with("package-lock.json") {
        return Vec::new();
    }
    let lines = file.lines().filter(|(_, line)| line.trim_start().starts_with("\"resolved\""));
    lines
        .map(|(number, _)| {
            file.violation(
                number,
                "the lock file names a host",
                "run npm with the settings of e2e/.npmrc, which leave it out",
            )
        })
        .collect()
}

fn missing(path: &str, mend: &str) -> Violation {
    let what = "the document is missing or empty".to_owned();
    Violation { path: path.to_owned(), line: 1, what, mend: mend.to_owned(), is_warning: false }
}

#[cfg(test)]
mod tests {
    use super::super::{file, lines_of};
    use super::*;

    fn paths() -> Vec<String> {
        ["crates/kaigo-core/src/id.rs", "docs/errors.md", "xtask/src/main.rs"].map(str::to_owned).to_vec()
    }

    #[test]
    fn paths_in_the_architecture_exist() {
        let good = "See `crates/kaigo-core/`, `docs/errors.md`, `id.rs`, `./xtask`, `cargo xtask test`, `GET/POST`, `target/x.rs`, `/login`.";
        assert!(check_architecture(&[file(ARCHITECTURE, good)], &paths()).is_empty());
    }

    #[test]
    fn paths_that_do_not_exist_are_found() {
        let bad = "ok\n`crates/kaigo-card/`\n`routes.rs` and `docs/decisions`\n`crates/kaigo-co`";
        assert_eq!(lines_of(&check_architecture(&[file(ARCHITECTURE, bad)], &paths())), [2, 3, 3, 4]);
        assert_eq!(check_architecture(&[], &paths()).len(), 1, "a missing document is a violation");
    }

    #[test]
    fn glossary_names_identifiers_of_the_code() {
        let code = file("crates/kaigo-core/src/id.rs", "pub struct InsurerNo; const CARE_LEVEL: u8 = 1; fn kana() {}");
        let table = "| identifier | 日本語 |\n|---|---|\n| `InsurerNo` | 保険者番号 |\n| `kana`, `CARE_LEVEL` (code) | カナ |\n";
        assert!(check_glossary(&[file(GLOSSARY, table), code]).is_empty());
    }

    #[test]
    fn glossary_rows_without_code_are_found() {
        let code = file("crates/kaigo-core/src/id.rs", "struct InsurerNo;");
        let table = "# Words\n\n| identifier | 日本語 |\n|:--|---|\n| InsurerNo | a |\n| `InsuredNo` | b |\n| `Insurer` | c |\n";
        assert_eq!(lines_of(&check_glossary(&[file(GLOSSARY, table), code])), [6, 7]);
        assert_eq!(check_glossary(&[file(GLOSSARY, "nothing yet\n")]).len(), 1);
        assert_eq!(check_glossary(&[]).len(), 1);
    }

    #[test]
    fn lock_files_name_no_host() {
        let with_host = "{\n  \"version\": \"1\",\n  \"resolved\": \"https://example.jp/a.tgz\"\n}\n";
        assert_eq!(lines_of(&check_lock_file(&file("e2e/package-lock.json", with_host))), [3]);
        assert!(check_lock_file(&file("e2e/package-lock.json", "{\n  \"version\": \"1\"\n}\n")).is_empty());
    }
}
