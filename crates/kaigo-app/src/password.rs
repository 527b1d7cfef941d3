//! What a password must be (NIST SP 800-63B-4): long enough, no composition rules, no periodic change, none that everybody tries first.
//!
//! Two judges, both offline. zxcvbn carries the thirty thousand passwords that leaked most often and knows their disguises: what it
//! finds in fewer than a million guesses (`EASY`) is refused. It knows no Japanese: a few hundred words of our own
//! (`password/common.txt`), alone or in a row, disguised (`P@ssw0rd`), with a year or an exclamation mark at the end; rows of the
//! keyboard; numbers. A password of which nothing else is left counts as common, and so does every number of up to twelve digits. Words of
//! the context (login, office, service) do not count for length, either.

use std::sync::LazyLock;

/// Characters of a password that is the only proof.
pub const SHORTEST_ALONE: usize = 15;
/// Characters of a password beside a second factor.
pub const SHORTEST: usize = 8;
/// Characters at most: so that a check stays a check.
pub const LONGEST: usize = 128;
/// Characters that must be left when everything common was taken away.
const OWN: usize = 4;

/// Guesses, as a power of ten, within which an easy password falls.
const EASY: f64 = 6.0;
/// Characters that zxcvbn is given: what is longer is not found in its lists.
const LISTED: usize = 40;

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// Shorter than this many characters.
    Short(usize),
    /// Longer than [`LONGEST`].
    Long,
    /// One of those that everybody tries first.
    Common,
    /// It is made of the login, the name or the office.
    Context,
}

impl Weak {
    /// Stable code, listed in docs/errors.md.
    pub fn code(self) -> &'static str {
        match self {
            Self::Short(_) => "password-short",
            Self::Long => "password-long",
            Self::Common => "password-common",
            Self::Context => "password-login",
        }
    }

    /// What is wrong and how to mend it, Japanese.
    pub fn say(self) -> String {
        match self {
            Self::Short(least) => format!("パスワードは{least}文字以上にしてください。"),
            Self::Long => format!("パスワードは{LONGEST}文字までにしてください。"),
            Self::Common => {
                "よく使われるパスワードは、見破られやすいので使えません。関係のない言葉をいくつか並べるなど、別のものにしてください。".to_owned()
            }
            Self::Context => "ログインID・名前・事業所名からできたパスワードは使えません。別のものにしてください。".to_owned(),
        }
    }
}

/// The common words, the longest first.
static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("password/common.txt").lines();
    let mut words: Vec<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
});

/// Rows along which fingers slide.
const ROWS: [&str; 9] = [
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "ちとしはきくまのりれけむつさそひこみもねるめろ",
];

/// Judges a password. `context`: the login, the owner's name, the office's name, as far as they are known.
///
/// # Errors
/// What is wrong with it.
pub fn judge(password: &str, is_alone: bool, context: &[&str]) -> Result<(), Weak> {
    let length = password.chars().count();
    let least = if is_alone { SHORTEST_ALONE } else { SHORTEST };
    if length < least {
        return Err(Weak::Short(least));
    }
    if length > LONGEST {
        return Err(Weak::Long);
    }
    let lower = password.to_lowercase();
    if (length <= 12 && lower.chars().all(|c| c.is_ascii_digit())) || left(&lower, &[]) < OWN {
        return Err(Weak::Common);
    }
    if length <= LISTED && zxcvbn::zxcvbn(password, &[]).guesses_log10() < EASY {
        return Err(Weak::Common);
    }
    let own: Vec<String> = context
        .iter()
        .flat_map(|text| {
            text.split(|c: char| c.is_whitespace() || "@._-".contains(c)).map(str::to_lowercase).collect::<Vec<_>>()
        })
        .chain(context.iter().map(|text| text.to_lowercase()))
        .filter(|word| word.chars().count() >= 3)
        .collect();
    if own.iter().any(|word| lower.contains(word)) && left(&lower, &own) < OWN {
        return Err(Weak::Context);
    }
    Ok(())
}

/// How many characters nothing common stands for, however the word is written.
fn left(lower: &str, own: &[String]) -> usize {
    let plain = undisguised(lower);
    [lower.to_owned(), plain].into_iter().map(|text| rest(&text, own)).min().unwrap_or(0)
}

/// Letters that stand behind the usual disguises.
fn undisguised(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0' => 'o',
            '1' | '!' | '|' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            '8' => 'b',
            '9' => 'g',
            other => other,
        })
        .collect()
}

/// What is left of a text without rows of the keyboard, repetitions and common words: letters count one, three others count one.
fn rest(text: &str, own: &[String]) -> usize {
    let mut text = text.to_owned();
    let mut own: Vec<&str> = own.iter().map(String::as_str).collect();
    own.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in own.iter().chain(WORDS.iter()).filter(|word| word.chars().count() >= 3) {
        text = text.replace(word, " ");
    }
    let pieces: Vec<String> = text.split(' ').map(without_rows).collect();
    let left = pieces.concat();
    let letters = left.chars().filter(|c| c.is_alphabetic()).count();
    letters + (left.chars().count() - letters) / 3
}

/// A piece without what is a row of three or more, forwards or backwards, or one character again and again.
fn without_rows(piece: &str) -> String {
    let chars: Vec<char> = piece.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(first) = chars.get(at) {
        let run = longest_run(chars.get(at..).unwrap_or_default());
        if run >= 3 {
            at += run;
        } else {
            out.push(*first);
            at += 1;
        }
    }
    out
}

/// How many characters from the first on are one row, or the same.
fn longest_run(chars: &[char]) -> usize {
    let same = chars.iter().take_while(|c| Some(*c) == chars.first()).count();
    let along = |row: &str| {
        let row: Vec<char> = row.chars().collect();
        row.iter()
            .position(|c| Some(c) == chars.first())
            .map_or(0, |from| row.iter().skip(from).zip(chars).take_while(|(a, b)| a == b).count())
    };
    let rows = ROWS.iter().flat_map(|row| [(*row).to_owned(), row.chars().rev().collect::<String>()]);
    rows.map(|row| along(&row)).chain([same]).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> &'static str {
        judge(password, false, &["izumo", "出雲 太郎", "居宅介護支援事業所 みなと"]).map_or_else(Weak::code, |()| "")
    }

    #[test]
    fn the_words_are_sorted_and_stand_there_once() {
        let lines: Vec<&str> =
            include_str!("password/common.txt").lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 250 && lines.windows(2).all(|two| two[0] < two[1]), "sorted, each once");
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for common in [
            "password",
            "Password1!",
            "P@ssw0rd",
            "passw0rd2026",
            "12345678",
            "123456789012",
            "19550412",
            "11111111",
            "qwertyui",
            "qwerty123",
            "1qaz2wsx",
            "1q2w3e4r",
            "asdfasdf",
            "zzzzzzzzz",
            "abcd1234",
            "sakura2024",
            "Tokyo2020!",
            "iloveyou",
            "dragon12",
            "kaigo123",
            "kaigohoken",
            "kaigokaigo",
            "welcome1",
            "letmein1",
            "a1234567",
            "87654321",
            "passwordpassword",
            "adminadmin123",
            "qazwsxedc",
            "pokemon1",
            "nippon123",
            "himitsu1",
            "trustno1",
        ] {
            assert_eq!(code(common), "password-common", "{common}");
        }
    }

    #[test]
    fn what_leaked_most_often_is_refused() {
        // Of the first hundreds and of the last thousands of the list, as they are and as people change them.
        for leaked in [
            "corvette",
            "midnight",
            "q1w2e3r4",
            "baseball",
            "football",
            "jennifer",
            "superman",
            "mercedes",
            "marlboro",
            "steelers",
            "computer",
            "liverpool",
            "chocolate",
            "butterfly",
            "Corvette1",
            "M1dn1ght",
            "c0rv3tt3",
            "ettevroc",
            "elephant",
            "skywalker",
            "spiderman",
            "evangelion",
            "yamamoto",
            "nakamura",
        ] {
            assert_eq!(code(leaked), "password-common", "{leaked}");
        }
    }

    #[test]
    fn what_is_ones_own_is_taken_whatever_it_is_made_of() {
        for fine in [
            "umi-to-yama-7",
            "correct horse battery staple",
            "ゆうがたの みかんと ふね",
            "k8#vTq2x",
            "tsukimi zakuro rakuda",
            "あさごはんは納豆とたまご",
            "🐢🐢🐟🐟🦉🦉ことり みつけた",
            "password of my grandmother's boat",
        ] {
            assert_eq!(code(fine), "", "{fine}");
        }
        assert_eq!(code("4719 8826 0357 1194"), "", "a long number that is no row");
        assert_eq!(code(&"na gu mo ".repeat(14)), "", "126 characters");
        assert_eq!(code(&"na gu mo ".repeat(15)), "password-long");
    }

    #[test]
    fn length_is_what_counts() {
        assert_eq!(code("k8#vTq2"), "password-short");
        assert_eq!(judge("k8#vTq2x", true, &[]), Err(Weak::Short(15)));
        assert_eq!(judge("tsukimi zakuro", true, &[]), Err(Weak::Short(15)));
        assert_eq!(judge("tsukimi zakuroo", true, &[]), Ok(()));
        // Characters, not bytes.
        assert_eq!(code("みかんとふねと"), "password-short");
        assert_eq!(code("みかんとふねとり"), "");
    }

    #[test]
    fn words_of_the_context_are_no_password() {
        assert_eq!(code("izumo-2026"), "password-login");
        assert_eq!(code("xizumoizumox"), "password-login");
        assert_eq!(code("みなと事業所みなと"), "password-login");
        assert_eq!(code("izumo eats zakuro daily"), "");
    }
}
