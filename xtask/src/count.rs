//! Counts tests from the lines that cargo's test harness and the e2e runner print.

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Tests that ran and held.
    pub(crate) passed: u64,
    /// Tests that ran and did not hold.
    pub(crate) failed: u64,
    /// Tests that did not run. The house has none; a gate step with any of them fails.
    pub(crate) ignored: u64,
}

impl Count {
    /// Adds another count.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// Reads one line of output: cargo's `test result: ok. 3 passed; 0 failed; 0 ignored; …` or the e2e runner's own
    /// `3 passed, 0 failed`. Any other line counts nothing.
    pub(crate) fn of_line(line: &str) -> Self {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("test result: ") {
            let Some((_, numbers)) = rest.split_once(". ") else {
                return Self::default();
            };
            return Self::of_parts(numbers.split(';'));
        }
        let is_runner_line = {
            let words: Vec<&str> = line.split(' ').collect();
            matches!(words.as_slice(), [passed, "passed,", failed, "failed"] if is_number(passed) && is_number(failed))
        };
        if is_runner_line { Self::of_parts(line.split(',')) } else { Self::default() }
    }

    fn of_parts<'line>(parts: impl Iterator<Item = &'line str>) -> Self {
        let mut count = Self::default();
        for part in parts {
            let Some((number, what)) = part.trim().split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what {
                "passed" => count.passed += number,
                "failed" => count.failed += number,
                "ignored" => count.ignored += number,
                _ => {}
            }
        }
        count
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Removes terminal colour codes (`ESC [ … m`).
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            for code in characters.by_ref() {
                if code.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_result_line_of_cargo() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s";
        assert_eq!(Count::of_line(line), Count { passed: 12, failed: 0, ignored: 1 });
        let line = "test result: FAILED. 2 passed; 5 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s";
        assert_eq!(Count::of_line(line), Count { passed: 2, failed: 5, ignored: 0 });
    }

    #[test]
    fn reads_through_colours() {
        let line = "test result: \u{1b}[32mok\u{1b}[0m. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(Count::of_line(line).passed, 7);
    }

    #[test]
    fn reads_the_line_of_the_browser_runner() {
        assert_eq!(Count::of_line("4 passed, 1 failed"), Count { passed: 4, failed: 1, ignored: 0 });
    }

    #[test]
    fn counts_nothing_in_other_lines() {
        for line in
            ["test login ... ok", "we had 4 passed, 1 failed", "4 passed", "", "running 3 tests", "x passed, y failed"]
        {
            assert_eq!(Count::of_line(line), Count::default(), "{line}");
        }
    }
}
