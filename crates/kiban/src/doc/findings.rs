//! Every code that is found in exchange files (docs/findings.md).

use std::fmt::Write as _;

use kaigo_careplan::finding::Code;
use kaigo_core::finding::Severity;

/// The whole document.
pub(super) fn table() -> String {
    let mut text = "# Findings of `kiban check`\n\n\
        What can be found in files of ケアプランデータ連携 (standard 4.1), with what it says in general, the mend, and the place of the\n\
        rule. A report says the same with the values it found. An error is what the receiver's software cannot take; what public text\n\
        leaves open (推定) is a warning or a note at most. Printed by `kiban doc findings`.\n\n\
        `kiban check --format json` prints one object:\n\
        `{\"files\":[{\"name\",\"kind\",\"version\",\"rows\"}],\"findings\":[{\"severity\",\"code\",\"file\",\"row\",\"column\",\"item\",\"say\",\"mend\",\"source\"}],\"summary\":{\"errors\",\"warnings\",\"notes\"}}`.\n\
        `kind` is the first part of the name; `kind`, `version`, `row`, `column` and `item` can be null; rows and columns count from 1.\n\
        A code that stands more than fifty times in a file is told fifty times, then once as `more`.\n"
        .to_owned();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "\n## {} ({})\n\n| code | 何が | どうすれば | もと | 根拠 |\n|---|---|---|---|---|\n",
            severity.label(),
            severity.code()
        );
        for code in Code::ALL.iter().filter(|code| code.severity() == severity) {
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | {} | {} |",
                code.code(),
                code.title(),
                code.mend(),
                code.source(),
                code.basis().label()
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once() {
        let text = table();
        for code in Code::ALL {
            assert_eq!(text.matches(&format!("| `{}` |", code.code())).count(), 1, "{}", code.code());
        }
    }
}
