//! Rules for every text file: white space, notes to oneself, paths of somebody's machine.

use super::{File, Violation, find_word};

/// Files that people or our programs write line by line. Golden files and snapshots are kept byte for byte.
const WRITTEN: [&str; 12] = ["rs", "toml", "md", "html", "css", "js", "mjs", "json", "sql", "sh", "yml", "txt"];

/// Written in two parts, so that this file does not break its own rule.
const NOTES: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const MACHINE_PATHS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

pub(super) fn check(file: &File) -> Vec<Violation> {
    let mut violations = Vec::new();
    let is_written = (file.has_extension(&WRITTEN) && !file.is_in("samples")) || file.path == ".ci/run";
    for (number, line) in file.lines() {
        if let Some(path) = MACHINE_PATHS.iter().find(|path| stands_free(line, path)) {
            violations.push(file.violation(
                number,
                format!("`{path}` is a path of one machine"),
                "use a path relative to the repository, or a temporary folder",
            ));
        }
        if !is_written {
            continue;
        }
        if line.ends_with([' ', '\t', '\r']) {
            violations.push(file.violation(number, "white space at the end of the line", "remove it"));
        }
        if file.has_extension(&["rs"]) && line.contains('\t') {
            violations.push(file.violation(number, "a tab", "indent with spaces; write \\t in a string"));
        }
        if let Some(note) = NOTES.iter().find(|note| find_word(line, note).is_some() && !names_an_issue(line, note)) {
            violations.push(file.violation(
                number,
                format!("{note} without an issue number"),
                format!("open an issue and write `{note}(#12): …`, or do it now"),
            ));
        }
    }
    violations
}

/// Whether the path begins here, and is not the middle of another (`a/work/b`) or of a word.
fn stands_free(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|head| head.chars().next_back());
        before.is_none_or(|character| !character.is_alphanumeric() && !"_-./}*".contains(character))
    })
}

fn names_an_issue(line: &str, note: &str) -> bool {
    let after = line.split_once(note).map_or("", |(_, after)| after);
    let number = after.trim_start_matches(['(', ' ']).strip_prefix('#');
    number.is_some_and(|number| number.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::{file, lines_of};
    use super::*;

    #[test]
    fn white_space_at_the_end_and_tabs_are_found() {
        let text = "fn a() {} \n\tfn b() {}\nfn c() {}\n";
        assert_eq!(lines_of(&check(&file("crates/a/src/lib.rs", text))), [1, 2]);
        assert!(check(&file("crates/a/src/lib.rs", "fn a() {}\n")).is_empty());
        assert!(check(&file("samples/feed/a.csv", "a, \n")).is_empty(), "golden files are kept as they are");
    }

    #[test]
    fn notes_need_an_issue() {
        let note = NOTES[0];
        assert_eq!(lines_of(&check(&file("a.md", &format!("{note}: later")))), [1]);
        assert_eq!(lines_of(&check(&file("a.rs", &format!("// {note}(someone): later")))), [1]);
        assert!(check(&file("a.rs", &format!("// {note}(#12): later"))).is_empty());
        assert!(check(&file("a.rs", &format!("let {note}S = 1;"))).is_empty(), "only as a whole word");
    }

    #[test]
    fn paths_of_a_machine_are_found_in_every_text() {
        let [first, second, ..] = MACHINE_PATHS;
        assert_eq!(lines_of(&check(&file("samples/a.csv", &format!("x,{first}main\n")))), [1]);
        assert_eq!(lines_of(&check(&file("docs/a.md", &format!("see `{second}x`\n")))), [1]);
        assert!(check(&file("docs/a.md", &format!("see `../..{first}x` and team{first}x\n"))).is_empty());
    }
}
