//! Rules for crates: one folder per crate under its own name, and who may use whom (ARCHITECTURE.md, invariants).

use super::{File, Violation};

/// A dependency that must not be. `*` as the crate means every crate, `kaigo-*` as the dependency every crate of ours.
struct Ban {
    of: &'static str,
    on: &'static str,
    except: &'static [&'static str],
    why: &'static str,
}

const BANS: [Ban; 17] = [
    Ban { of: "kaigo-core", on: "kaigo-*", except: &[], why: "it is the words and rules that all others use" },
    Ban {
        of: "kaigo-interchange",
        on: "kaigo-*",
        except: &[],
        why: "it turns bytes into rows and knows no record kind",
    },
    Ban { of: "kaigo-careplan", on: "kaigo-store", except: &[], why: "it is pure: bytes in, values out" },
    Ban { of: "kaigo-careplan", on: "kaigo-app", except: &[], why: "it is pure: bytes in, values out" },
    Ban { of: "kaigo-careplan", on: "tokio", except: &[], why: "it is pure: no I/O, no async" },
    Ban {
        of: "kiban-agent",
        on: "kaigo-store",
        except: &[],
        why: "an office's program talks to the service by its API",
    },
    Ban { of: "kaigo-ledger", on: "kaigo-*", except: &[], why: "the log can be verified without the rest" },
    Ban { of: "*", on: "kaigo-web", except: &["kiban"], why: "only the program stands above the pages" },
    Ban { of: "*", on: "kiban", except: &[], why: "nothing stands above the program" },
    Ban {
        of: "*",
        on: "rusqlite",
        except: &["kaigo-store", "kiban"],
        why: "SQL lives in kaigo-store (kiban: load test floor)",
    },
    Ban {
        of: "*",
        on: "postgres",
        except: &["kaigo-store", "kaigo-testkit", "kiban"],
        why: "SQL lives in kaigo-store (kiban: load test floor)",
    },
    Ban { of: "*", on: "tokio-postgres", except: &["kaigo-store"], why: "SQL lives in kaigo-store" },
    Ban { of: "kaigo-store", on: "kaigo-app", except: &[], why: "use cases stand on the store" },
    Ban { of: "kaigo-app", on: "axum", except: &[], why: "use cases know no HTTP" },
    Ban { of: "kaigo-app", on: "askama", except: &[], why: "HTML lives in the templates of kaigo-web" },
    Ban { of: "kaigo-core", on: "serde", except: &[], why: "JSON shapes are not domain types" },
    Ban { of: "kaigo-core", on: "tokio", except: &[], why: "it is pure: no I/O, no async" },
];

/// Names that say nothing about the job of a crate.
const EMPTY_NAMES: [&str; 6] = ["utils", "util", "common", "shared", "helpers", "misc"];

/// One line of a dependency table: the crate's name and the line number.
struct Dependency {
    name: String,
    /// Only tests are built with it.
    is_dev: bool,
    line: usize,
}

pub(super) fn check(files: &[File]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in files {
        let Some(folder) = file.path.strip_prefix("crates/").and_then(|path| path.strip_suffix("/Cargo.toml")) else {
            continue;
        };
        violations.extend(check_name(file, folder));
        for dependency in dependencies(&file.text) {
            if dependency.name == "kaigo-testkit" && !dependency.is_dev {
                violations.push(file.violation(
                    dependency.line,
                    format!("{folder} depends on kaigo-testkit, which is for tests"),
                    "move the line to [dev-dependencies]",
                ));
            }
            // A program that speaks with the server is tested against the server.
            let is_server_of_tests = dependency.is_dev
                && folder == "kiban-agent"
                && matches!(dependency.name.as_str(), "kaigo-web" | "kaigo-store");
            for ban in BANS.iter().filter(|ban| !is_server_of_tests && ban.holds_for(folder, &dependency.name)) {
                violations.push(file.violation(
                    dependency.line,
                    format!("{folder} depends on {}: {}", dependency.name, ban.why),
                    "turn the dependency round, or move the code to the crate whose job it is (ARCHITECTURE.md)",
                ));
            }
        }
    }
    violations
}

impl Ban {
    fn holds_for(&self, crate_name: &str, dependency: &str) -> bool {
        let concerns_crate = self.of == crate_name || (self.of == "*" && !self.except.contains(&crate_name));
        let names_dependency =
            self.on.strip_suffix('*').map_or(self.on == dependency, |prefix| dependency.starts_with(prefix));
        concerns_crate && names_dependency
    }
}

fn check_name(file: &File, folder: &str) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut section = "";
    for (number, line) in file.lines() {
        if line.starts_with('[') {
            section = line.trim();
        }
        let Some(value) = line.strip_prefix("name = ").filter(|_| section == "[package]") else {
            continue;
        };
        let name = value.trim().trim_matches('"');
        if name != folder {
            let what = format!("the crate `{name}` lies in the folder `{folder}`");
            violations.push(file.violation(number, what, "give the folder the name of the crate"));
        }
        if name.split('-').any(|part| EMPTY_NAMES.contains(&part)) {
            let what = format!("`{name}` does not say what the crate is for");
            violations.push(file.violation(number, what, "name the crate after its one job"));
        }
    }
    violations
}

/// Names in `[dependencies]`, `[dev-dependencies]`, `[build-dependencies]` and their per-target forms.
fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found = Vec::new();
    let mut is_table = false;
    let mut is_dev = false;
    for (index, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            is_table = header.ends_with("dependencies");
            is_dev = header.contains("dev-dependencies");
            // [dependencies.name]
            if let Some((_, name)) = header.rsplit_once("dependencies.") {
                found.push(Dependency { name: name.to_owned(), is_dev, line: index + 1 });
            }
        } else if is_table && !line.is_empty() && !line.starts_with('#') {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default().trim_matches('"');
            found.push(Dependency { name: name.to_owned(), is_dev, line: index + 1 });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{file, lines_of};
    use super::*;

    fn manifest(name: &str, dependencies: &str) -> File {
        let text = format!("[package]\nname = \"{name}\"\n\n[dependencies]\n{dependencies}\n");
        file(&format!("crates/{name}/Cargo.toml"), &text)
    }

    #[test]
    fn allowed_directions_pass() {
        let files = [
            manifest("kiban", "kaigo-web.workspace = true\nrusqlite.workspace = true"),
            manifest("kaigo-web", "kaigo-app.workspace = true\naxum.workspace = true"),
            manifest("kaigo-store", "kaigo-core.workspace = true\nrusqlite.workspace = true\npostgres = \"0.19\""),
            manifest("kaigo-core", "jiff.workspace = true"),
        ];
        assert!(check(&files).is_empty());
    }

    #[test]
    fn forbidden_directions_are_found_at_their_line() {
        for (name, dependency) in [
            ("kaigo-core", "kaigo-store.workspace = true"),
            ("kaigo-ledger", "kaigo-core = { path = \"../kaigo-core\" }"),
            ("kaigo-interchange", "\"kaigo-core\" = \"1\""),
            ("kaigo-web", "rusqlite.workspace = true"),
            ("kaigo-web", "postgres.workspace = true"),
            ("kaigo-app", "kaigo-web.workspace = true"),
            ("kaigo-app", "axum.workspace = true"),
            ("kaigo-store", "kaigo-app.workspace = true"),
        ] {
            assert_eq!(lines_of(&check(&[manifest(name, dependency)])), [5], "{name} on {dependency}");
        }
    }

    #[test]
    fn dev_dependencies_and_table_headers_count() {
        let text = "[package]\nname = \"kaigo-core\"\n[dev-dependencies]\nkaigo-demo.workspace = true\n[dependencies.kaigo-app]\npath = \"x\"\n";
        assert_eq!(lines_of(&check(&[file("crates/kaigo-core/Cargo.toml", text)])), [4, 5]);
    }

    #[test]
    fn the_test_kit_is_for_tests() {
        assert_eq!(lines_of(&check(&[manifest("kaigo-app", "kaigo-testkit.workspace = true")])), [5]);
        let text = "[package]\nname = \"kaigo-app\"\n[dev-dependencies]\nkaigo-testkit.workspace = true\n";
        assert!(check(&[file("crates/kaigo-app/Cargo.toml", text)]).is_empty());
    }

    #[test]
    fn names_of_folders_and_crates_agree_and_say_something() {
        let text = "[package]\nname = \"kaigo-kore\"\n";
        assert_eq!(lines_of(&check(&[file("crates/kaigo-core/Cargo.toml", text)])), [2]);
        assert_eq!(lines_of(&check(&[manifest("kaigo-utils", "")])), [2]);
        assert!(check(&[manifest("kaigo-card", "")]).is_empty());
    }
}
