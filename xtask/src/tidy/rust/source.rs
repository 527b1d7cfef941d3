//! Splits a Rust source into code, string literals and comments, as far as the rules need it. Not a parser.

/// A string literal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// Line of the opening quote, from 1.
    pub(super) line: usize,
    /// What stands between the quotes, escapes as written.
    pub(super) text: String,
}

/// The parts of one source file.
pub(super) struct Source {
    /// The lines without comments and without the insides of strings.
    pub(super) code: Vec<String>,
    /// All string literals in order.
    pub(super) literals: Vec<Literal>,
}

impl Source {
    /// Reads any text; on text that is not Rust the parts are meaningless, but it ends.
    pub(super) fn read(text: &str) -> Self {
        let mut reader = Reader {
            characters: text.chars().collect(),
            at: 0,
            source: Self { code: vec![String::new()], literals: Vec::new() },
        };
        while reader.step() {}
        reader.source
    }

    /// Names of the modules declared as `#[cfg(test)] mod NAME;`.
    pub(super) fn test_module_files(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut is_for_tests_only = false;
        for line in &self.code {
            is_for_tests_only |= is_for_tests(line);
            let item = line.trim_start().trim_start_matches("#[cfg(test)]").trim();
            if item.is_empty() || item.starts_with("#[") {
                continue;
            }
            let name = item.split_once("mod ").and_then(|(_, rest)| rest.strip_suffix(';'));
            names.extend(name.filter(|_| is_for_tests_only).map(str::to_owned));
            is_for_tests_only = false;
        }
        names
    }

    /// Number of lines before `#[cfg(test)] mod … {`; all lines when there is none.
    pub(super) fn lines_before_tests(&self) -> usize {
        let has_tests_below = |index: usize| {
            let next = self
                .code
                .iter()
                .skip(index + 1)
                .map(|line| line.trim())
                .find(|line| !line.is_empty() && !line.starts_with("#["));
            next.is_some_and(|line| line.contains("mod ") && line.ends_with('{'))
        };
        let lines = self.code.iter().enumerate();
        let start = lines
            .filter(|(_, line)| line.trim() == "#[cfg(test)]")
            .map(|(index, _)| index)
            .find(|index| has_tests_below(*index));
        // The last, empty line is the one after the final newline.
        start.unwrap_or(self.code.len() - usize::from(self.code.last().is_some_and(String::is_empty)))
    }
}

/// Whether the line is `#[cfg(test)]`, alone or before an item.
fn is_for_tests(line: &str) -> bool {
    line.trim_start().starts_with("#[cfg(test)]")
}

struct Reader {
    characters: Vec<char>,
    at: usize,
    source: Source,
}

impl Reader {
    /// Takes the next part; false at the end.
    fn step(&mut self) -> bool {
        let Some(character) = self.peek(0) else { return false };
        let next = self.peek(1);
        let is_in_word =
            self.at > 0 && self.characters.get(self.at - 1).is_some_and(|before| super::super::is_word(*before));
        match (character, next) {
            ('/', Some('/')) => self.skip_while(|character| character != '\n'),
            ('/', Some('*')) => self.block_comment(),
            ('"', _) => self.string(),
            ('r', Some('"' | '#')) if !is_in_word && self.is_raw_string(1) => self.raw_string(1),
            ('b', Some('r')) if !is_in_word && self.is_raw_string(2) => self.raw_string(2),
            ('\'', _) => self.character_or_lifetime(),
            _ => {
                self.keep(character);
                self.at += 1;
            }
        }
        true
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    /// Adds to the code; a newline begins the next line.
    fn keep(&mut self, character: char) {
        if character == '\n' {
            self.source.code.push(String::new());
        } else if let Some(line) = self.source.code.last_mut() {
            line.push(character);
        }
    }

    /// Passes over one character that is not code, but may end a line.
    fn skip(&mut self) {
        if self.peek(0) == Some('\n') {
            self.keep('\n');
        }
        self.at += 1;
    }

    fn skip_while(&mut self, holds: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&holds) {
            self.skip();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(character) = self.peek(0) {
            match (character, self.peek(1)) {
                ('/', Some('*')) => {
                    depth += 1;
                    self.at += 2;
                }
                ('*', Some('/')) => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.skip(),
            }
        }
    }

    fn string(&mut self) {
        let line = self.source.code.len();
        self.keep('"');
        self.at += 1;
        let mut text = String::new();
        while let Some(character) = self.peek(0).filter(|character| *character != '"') {
            text.push(character);
            self.skip();
            if character == '\\' {
                text.extend(self.peek(0));
                self.skip();
            }
        }
        self.keep('"');
        self.at += 1;
        self.source.literals.push(Literal { line, text });
    }

    fn hashes(&self, prefix: usize) -> usize {
        self.characters.iter().skip(self.at + prefix).take_while(|character| **character == '#').count()
    }

    fn is_raw_string(&self, prefix: usize) -> bool {
        self.peek(prefix + self.hashes(prefix)) == Some('"')
    }

    fn raw_string(&mut self, prefix: usize) {
        let line = self.source.code.len();
        let hashes = self.hashes(prefix);
        self.at += prefix + hashes + 1;
        self.keep('"');
        let mut text = String::new();
        while let Some(character) = self.peek(0) {
            if character == '"' && self.hashes(1) >= hashes {
                break;
            }
            text.push(character);
            self.skip();
        }
        self.keep('"');
        self.at += 1 + hashes;
        self.source.literals.push(Literal { line, text });
    }

    /// `'a'` and `'\n'` are characters, `'a` is a lifetime.
    fn character_or_lifetime(&mut self) {
        if self.peek(1) == Some('\\') {
            self.at += 3;
            self.skip_while(|character| character != '\'' && character != '\n');
            self.at += 1;
        } else if self.peek(2) == Some('\'') {
            self.at += 3;
        } else {
            self.keep('\'');
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(text: &str) -> Vec<(usize, String)> {
        Source::read(text).literals.into_iter().map(|literal| (literal.line, literal.text)).collect()
    }

    #[test]
    fn finds_literals_with_their_lines() {
        let text =
            "let a = \"one\";\nlet b = r#\"two \"quoted\"\nmore\"#;\nlet c = b\"three \\\" x\"; let d = br\"four\";\n";
        let expected = [(1, "one"), (2, "two \"quoted\"\nmore"), (4, "three \\\" x"), (4, "four")]
            .map(|(line, text)| (line, text.to_owned()));
        assert_eq!(literals(text), expected);
    }

    #[test]
    fn quotes_in_comments_and_characters_open_nothing() {
        let text = "// \"a\n/* \" /* nested \" */ \" */ let a: &'static str = x; let b = '\"'; let c = '\\''; let d = '\\\\'; f(\"z\")\n";
        assert_eq!(literals(text), [(2, "z".to_owned())]);
    }

    #[test]
    fn code_keeps_its_lines_and_loses_comments_and_strings() {
        let source = Source::read("a(\"x\ny\"); // c\nb::<'a>();\n");
        assert_eq!(source.code, ["a(\"", "\"); ", "b::<'a>();", ""]);
    }

    #[test]
    fn tests_begin_at_their_module() {
        assert_eq!(Source::read("fn a() {}\n\n#[cfg(test)]\nmod tests {\n}\n").lines_before_tests(), 2);
        assert_eq!(Source::read("#[cfg(test)]\nmod tests;\nfn a() {}\n").lines_before_tests(), 3);
        assert_eq!(Source::read("#[cfg(test)]\nfn a() {}\nfn b() {}\n").lines_before_tests(), 3);
    }

    #[test]
    fn any_text_ends() {
        for text in ["\"", "r#\"", "'", "/*", "'\\", "br##\"a\"#", "b\"\\"] {
            drop(Source::read(text));
        }
    }
}
