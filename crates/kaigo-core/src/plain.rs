//! Plain Japanese for the person's own pages: readings (ふりがな) of the words that these pages use, and the second register
//! (やさしい日本語) of their key sentences.
//!
//! Readings come from our own list of words, the longest match first; a word that is not in the list gets none. Readings of
//! names are never made up: they come from the records or not at all.
//! Source of the register: 在留支援のためのやさしい日本語ガイドライン (出入国在留管理庁・文化庁, 2020-08): one idea per sentence,
//! short sentences, plain words, important terms kept and explained in 〈 〉.

mod saying;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use saying::{SAYINGS, Saying};

/// The words, one a line: kanji with their reading in brackets, kana as they are: `受[う]け付[つ]け`. `#` before a word: only
/// after a digit (`#日[にち]`). `//` begins a comment.
const WORDS: &str = include_str!("plain/words.txt");

/// A piece of text with its reading, if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text as written.
    pub base: &'a str,
    /// How it is read, in hiragana; none where the text is its own reading or is not in the list.
    pub reading: Option<&'static str>,
}

/// A word of the list.
struct Word {
    key: String,
    /// Length of each part in bytes of the key, with its reading.
    parts: Vec<(usize, Option<&'static str>)>,
    after_digit: bool,
}

/// The words by their first character, the longest first.
static LIST: LazyLock<HashMap<char, Vec<Word>>> = LazyLock::new(|| {
    let mut list: HashMap<char, Vec<Word>> = HashMap::new();
    for line in WORDS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        for word in line.split_whitespace().filter_map(word) {
            if let Some(first) = word.key.chars().next() {
                list.entry(first).or_default().push(word);
            }
        }
    }
    for words in list.values_mut() {
        words.sort_by_key(|word| std::cmp::Reverse(word.key.len()));
    }
    list
});

/// Reads `受[う]け付[つ]け`.
fn word(text: &'static str) -> Option<Word> {
    let (after_digit, mut rest) = match text.strip_prefix('#') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut word = Word { key: String::new(), parts: Vec::new(), after_digit };
    while let Some((before, after)) = rest.split_once('[') {
        let (reading, after) = after.split_once(']')?;
        // What the reading is of: the kanji and digits before the bracket.
        let start = before
            .char_indices()
            .rev()
            .take_while(|(_, c)| is_kanji(*c) || c.is_numeric())
            .last()
            .map_or(before.len(), |(at, _)| at);
        let (kana, base) = (before.get(..start)?, before.get(start..)?);
        if !kana.is_empty() {
            word.key.push_str(kana);
            word.parts.push((kana.len(), None));
        }
        word.key.push_str(base);
        word.parts.push((base.len(), Some(reading)));
        rest = after;
    }
    if !rest.is_empty() {
        word.key.push_str(rest);
        word.parts.push((rest.len(), None));
    }
    Some(word)
}

/// Whether the character is a kanji, whose reading a reader may not know.
pub fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '々')
}

/// Cuts a text into pieces with readings; together they are the text. Words are found from the left, the longest first.
pub fn readings(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut at, mut plain_from, mut before) = (0, 0, None);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        if let Some(word) = find(first, rest, before) {
            push_plain(&mut pieces, text, plain_from, at);
            for (len, reading) in &word.parts {
                if let Some(base) = text.get(at..at + len) {
                    pieces.push(Piece { base, reading: *reading });
                }
                at += len;
            }
            plain_from = at;
            before = word.key.chars().next_back();
        } else {
            at += first.len_utf8();
            before = Some(first);
        }
    }
    push_plain(&mut pieces, text, plain_from, text.len());
    pieces
}

fn push_plain<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str, from: usize, until: usize) {
    if let Some(base) = text.get(from..until).filter(|base| !base.is_empty()) {
        pieces.push(Piece { base, reading: None });
    }
}

fn find(first: char, rest: &str, before: Option<char>) -> Option<&'static Word> {
    let after_digit = before.is_some_and(char::is_numeric);
    // A word that begins with a digit is that number and no longer one: 「1人」 but not in 「21人」.
    let number = first.is_numeric();
    LIST.get(&first)?.iter().find(|word| {
        rest.starts_with(word.key.as_str()) && (!word.after_digit || after_digit) && !(number && after_digit)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn is_kana(c: char) -> bool {
        matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー')
    }

    fn read(text: &str) -> String {
        let piece = |p: &Piece<'_>| match p.reading {
            Some(reading) => format!("{}({reading})", p.base),
            None => p.base.to_owned(),
        };
        readings(text).iter().map(piece).collect()
    }

    #[test]
    fn the_longest_word_is_read() {
        assert_eq!(read("認定"), "認定(にんてい)");
        assert_eq!(read("要介護認定の申請"), "要介護認定(ようかいごにんてい)の申請(しんせい)");
        assert_eq!(read("受け付けました"), "受(う)け付(つ)けました");
        assert_eq!(read("いま、10月2日です。"), "いま、10月(がつ)2日(にち)です。");
        assert_eq!(read("毎月1日、3か月、日が"), "毎月(まいつき)1日(にち)、3か月(げつ)、日(ひ)が");
        assert_eq!(read("1人と21人"), "1人(ひとり)と21人(にん)");
        assert_eq!(read(""), "");
    }

    #[test]
    fn names_get_no_reading() {
        assert_eq!(read("久城 トメ"), "久城 トメ");
    }

    #[test]
    fn the_list_is_well_formed() {
        let mut seen = HashSet::new();
        let mut count = 0;
        for text in WORDS.lines().filter(|line| !line.starts_with("//")).flat_map(str::split_whitespace) {
            let word = word(text).expect(text);
            count += 1;
            assert!(seen.insert((word.key.clone(), word.after_digit)), "{text} twice");
            let mut at = 0;
            for (len, reading) in &word.parts {
                let base = &word.key[at..at + len];
                at += len;
                match reading {
                    Some(reading) => {
                        assert!(!reading.is_empty() && reading.chars().all(is_kana), "{text}");
                        assert!(base.chars().any(is_kanji), "{text}");
                    }
                    None => assert!(!base.chars().any(is_kanji), "{text}: a kanji without reading"),
                }
            }
        }
        assert!(count > 250, "{count}");
    }

    proptest! {
        #[test]
        fn pieces_are_the_text(text in "[認定要介護申請一二あアa1年月日、]{0,30}|\\PC{0,20}") {
            let pieces = readings(&text);
            prop_assert_eq!(pieces.iter().map(|p| p.base).collect::<String>(), text);
        }
    }
}
