//! Rules for Rust sources: where SQL, database engines and HTML may stand; how long a file may be.

mod source;

use self::source::Source;
use super::{File, Violation, find_word};

/// Statements begin with these words; in capitals they are SQL, not English.
const STATEMENTS: [&str; 11] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "DROP TABLE ",
    "ALTER TABLE ",
    "PRAGMA ",
    "COPY ",
];

/// What names an engine in code.
const ENGINE_NAMES: [&str; 5] = ["Db::Sqlite", "Db::Postgres", "rusqlite", "postgres", "tokio_postgres"];

/// Elements whose tags are found in string literals.
const ELEMENTS: [&str; 40] = [
    "html", "head", "body", "main", "nav", "header", "footer", "section", "article", "div", "span", "p", "a", "h1",
    "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "td", "th", "form", "input",
    "button", "select", "option", "label", "script", "style", "svg", "strong", "br",
];

/// Aim of the house for one file, without its tests.
const LONG_FILE: usize = 600;

pub(super) fn check(file: &File, test_modules: &[String]) -> Vec<Violation> {
    if !file.has_extension(&["rs"]) {
        return Vec::new();
    }
    let source = Source::read(&file.text);
    let mut violations = Vec::new();
    if file.is_in("crates") {
        violations.extend(sql(file, &source));
        violations.extend(engines(file, &source));
    }
    let is_test = file.path.contains("/tests/") || test_modules.contains(&file.path);
    // The demo writes documents (PDF), not pages. Tests may look for tags in a page.
    if file.is_in("crates") && !file.is_in("crates/kaigo-demo") && !is_test {
        violations.extend(html(file, &source));
    }
    let length = source.lines_before_tests();
    if length > LONG_FILE && !is_test {
        let what = format!("{length} lines without tests");
        let mend = format!("split the file by its parts; the aim is {LONG_FILE} at most");
        violations.push(Violation { is_warning: true, ..file.violation(1, what, mend) });
    }
    violations
}

/// The paths of modules in files of their own that are compiled for tests only (`#[cfg(test)] mod lint;`).
pub(super) fn test_modules(files: &[File]) -> Vec<String> {
    let mut paths = Vec::new();
    for file in files.iter().filter(|file| file.has_extension(&["rs"])) {
        let Some((folder, name)) = file.path.rsplit_once('/') else {
            continue;
        };
        let folder = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            name => format!("{folder}/{}", name.trim_end_matches(".rs")),
        };
        for module in Source::read(&file.text).test_module_files() {
            paths.push(format!("{folder}/{module}.rs"));
            paths.push(format!("{folder}/{module}/mod.rs"));
        }
    }
    paths
}

/// Where statements and engines stand beside the store: its own tests, the databases for tests, the measurement of the raw
/// floor, which needs bare statements, and the test that tampers with the access log behind the store's back, because no
/// function of the store may be able to do that; and the tests that bring standings into states that only years make.
fn may_name_the_database(path: &str) -> bool {
    [
        "crates/kaigo-store/tests/",
        "crates/kaigo-testkit/",
        "crates/kiban/src/loadtest",
        "crates/kaigo-app/tests/tamper.rs",
        "crates/kaigo-app/tests/standing/",
    ]
    .iter()
    .any(|allowed| path.starts_with(allowed))
}

fn sql(file: &File, source: &Source) -> Vec<Violation> {
    if file.is_in("crates/kaigo-store") || may_name_the_database(&file.path) {
        return Vec::new();
    }
    let statements =
        source.literals.iter().filter(|literal| STATEMENTS.iter().any(|word| begins_statement(&literal.text, word)));
    statements
        .map(|literal| {
            file.violation(literal.line, "SQL outside of kaigo-store", "add a function to kaigo-store and call it")
        })
        .collect()
}

/// Whether the word begins the literal, one of its lines, or a sub-statement in parentheses.
fn begins_statement(literal: &str, word: &str) -> bool {
    let lines = literal.lines().map(str::trim_start);
    lines.flat_map(|line| line.split('(')).any(|part| part.trim_start().starts_with(word))
}

fn engines(file: &File, source: &Source) -> Vec<Violation> {
    let is_engine_room = file.path == "crates/kaigo-store/src/db.rs" || file.is_in("crates/kaigo-store/src/db");
    if is_engine_room || may_name_the_database(&file.path) {
        return Vec::new();
    }
    let mut violations = Vec::new();
    for (index, line) in source.code.iter().enumerate() {
        let found = ENGINE_NAMES.iter().find(|name| names_engine(line, name));
        if let Some(name) = found {
            violations.push(file.violation(
                index + 1,
                format!("`{name}` outside of crates/kaigo-store/src/db.rs"),
                "write SQL that both engines understand, or put the difference behind a function of db.rs",
            ));
        }
    }
    violations
}

/// A variant, or a crate used as one: `rusqlite::…`, `use rusqlite;`.
fn names_engine(line: &str, name: &str) -> bool {
    let Some(at) = find_word(line, name) else { return false };
    let after = line.get(at + name.len()..).unwrap_or_default();
    name.contains("::") || after.starts_with("::") || (line.trim_start().starts_with("use ") && after.starts_with(';'))
}

fn html(file: &File, source: &Source) -> Vec<Violation> {
    let before_tests = source.lines_before_tests();
    let literals = source.literals.iter().filter(|literal| literal.line <= before_tests && holds_tag(&literal.text));
    literals
        .map(|literal| {
            file.violation(
                literal.line,
                "HTML in a Rust string",
                "put it into a template under crates/kaigo-web/templates",
            )
        })
        .collect()
}

fn holds_tag(literal: &str) -> bool {
    literal.split('<').skip(1).any(|piece| {
        let piece = piece.strip_prefix('/').unwrap_or(piece);
        let name: String = piece.chars().take_while(char::is_ascii_alphanumeric).collect();
        let after = piece.chars().nth(name.len());
        ELEMENTS.contains(&name.as_str())
            && after.is_some_and(|after| after == '>' || after == '/' || after.is_whitespace())
    })
}

#[cfg(test)]
mod tests {
    use super::super::{file, lines_of};
    use super::*;

    fn found(path: &str, text: &str) -> Vec<usize> {
        lines_of(&check(&file(path, text), &[]))
    }

    #[test]
    fn sql_stands_only_in_the_store() {
        let text = "fn a() {\n    run(\"SELECT 1\");\n    run(\n        r#\"\n  INSERT INTO a VALUES (1)\"#);\n}\n";
        assert_eq!(found("crates/kaigo-app/src/a.rs", text), [2, 4]);
        assert_eq!(found("crates/kaigo-app/tests/a.rs", text), [2, 4]);
        assert!(found("crates/kaigo-store/src/a.rs", text).is_empty());
        assert!(found("crates/kiban/src/loadtest/floor.rs", text).is_empty());
        assert!(found("crates/kaigo-app/tests/tamper.rs", text).is_empty());
        assert_eq!(found("crates/kiban/src/serve.rs", text), [2, 4]);
    }

    #[test]
    fn english_and_comments_are_not_sql() {
        let text = "// SELECT 1\nfn a() { say(\"Select a person, update the row, or delete from the list\"); }\n";
        assert!(found("crates/kaigo-app/src/a.rs", text).is_empty());
    }

    #[test]
    fn engines_are_named_only_in_db() {
        let text = "use rusqlite::Connection;\nuse tokio_postgres;\nmatch db { Db::Sqlite(_) => 1, Db::Postgres(_) => 2 }\npostgres::connect();\n";
        assert_eq!(found("crates/kaigo-store/src/person.rs", text), [1, 2, 3, 4]);
        assert!(found("crates/kaigo-store/src/db.rs", text).is_empty());
        assert!(found("crates/kaigo-store/src/db/postgres.rs", text).is_empty());
    }

    #[test]
    fn words_that_only_look_like_engines_pass() {
        let text = "// rusqlite::Connection\nlet postgres = url;\nlet a = \"postgres://\";\nmy_postgres::go();\nmod postgres;\n";
        assert!(found("crates/kiban/src/a.rs", text).is_empty());
    }

    #[test]
    fn html_stands_only_in_templates() {
        assert_eq!(found("crates/kaigo-web/src/a.rs", "let a = \"<div class=x>\";\nlet b = \"a</p>\";\n"), [1, 2]);
        assert!(found("crates/kaigo-demo/src/pdf.rs", "let a = \"<div class=x>\";\n").is_empty());
        assert!(found("crates/kaigo-web/tests/a.rs", "let a = \"<h1>\";\n").is_empty());
        assert!(
            found(
                "crates/kaigo-web/src/a.rs",
                "fn a() {}\n#[cfg(test)]\nmod tests {\n    const A: &str = \"<h1>\";\n}\n"
            )
            .is_empty()
        );
        assert!(
            found("crates/kaigo-web/src/a.rs", "let a = \"a < b, <file>, Vec<a>\".len();\nlet v: Vec<p> = x;\n").len()
                == 1
        );
        assert!(found("crates/kaigo-web/src/a.rs", "let a = \"a < p and <person> <input-file\";\n").is_empty());
    }

    #[test]
    fn modules_that_only_tests_compile_are_tests() {
        let parent = file("crates/a/src/view.rs", "#[cfg(test)]\nmod lint;\nmod page;\n#[cfg(test)]\nmod tests {\n}\n");
        let modules = test_modules(&[parent, file("crates/a/src/lib.rs", "#[cfg(test)] mod sample;\n")]);
        assert!(modules.contains(&"crates/a/src/view/lint.rs".to_owned()));
        assert!(modules.contains(&"crates/a/src/sample.rs".to_owned()));
        assert!(!modules.contains(&"crates/a/src/view/page.rs".to_owned()));
        let text = "let a = \"<h1>\";\n";
        assert!(check(&file("crates/a/src/view/lint.rs", text), &modules).is_empty());
        assert_eq!(lines_of(&check(&file("crates/a/src/view/page.rs", text), &modules)), [1]);
    }

    #[test]
    fn long_files_are_warned_about() {
        let long = "fn a() {}\n".repeat(601);
        let violations = check(&file("crates/kaigo-core/src/a.rs", &long), &[]);
        assert!(violations.len() == 1 && violations[0].is_warning);
        let with_tests = format!("{}#[cfg(test)]\nmod tests {{\n{long}}}\n", "fn a() {}\n".repeat(500));
        assert!(check(&file("crates/kaigo-core/src/a.rs", &with_tests), &[]).is_empty());
    }
}
