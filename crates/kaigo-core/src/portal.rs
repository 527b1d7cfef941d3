//! ポータル: articles that the operator writes (お知らせ, マガジン, よくある質問), when they are shown, and how they are found; maintenance.
//!
//! Nothing is overwritten: each saving is a version. What readers see at a moment is the newest version that is no draft and
//! whose first moment has come; so publishing later needs no job, and a draft on top of a published text changes nothing.

use core::fmt::Write as _;

use crate::codes;
use crate::id::holds_individual_number;
use crate::kana::{kanji_key, search_key};

codes! {
    /// Kind of article (記事の種類).
    ArticleKind, "記事の種類", {
        News = "news" "お知らせ",
        Magazine = "magazine" "マガジン",
        Faq = "faq" "よくある質問",
    }
}

codes! {
    /// Group of a question (質問の分類).
    Topic, "質問の分類", {
        Platform = "platform" "介護情報基盤について",
        Introduction = "introduction" "導入・準備",
        Exchange = "exchange" "ケアプランデータ連携",
        Portal = "portal" "ポータルについて",
        Person = "person" "ご本人・ご家族",
    }
}

codes! {
    /// State of a version (版の状態).
    VersionState, "版の状態", {
        Draft = "draft" "下書き",
        Public = "public" "公開",
        Withdrawn = "withdrawn" "公開をやめた",
    }
}

codes! {
    /// State of a maintenance (メンテナンスの状態).
    MaintenanceState, "メンテナンスの状態", {
        Planned = "planned" "予定",
        Cancelled = "cancelled" "中止",
    }
}

/// Characters of a title.
pub const TITLE: usize = 80;
/// Characters of a summary.
pub const SUMMARY: usize = 200;
/// Characters of a text.
pub const BODY: usize = 12_000;
/// Characters of the other words under which an article is found.
pub const KEYWORDS: usize = 300;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadText {
    /// It is empty.
    Missing(&'static str),
    /// It has more characters than this.
    Long(&'static str, usize),
    /// It holds what can be an individual number.
    IndividualNumber,
}

impl BadText {
    /// Stable code, listed in docs/errors.md.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "portal-missing",
            Self::Long(..) => "portal-long",
            Self::IndividualNumber => "individual-number",
        }
    }

    /// What is wrong and how to mend it.
    pub fn say(&self) -> String {
        match self {
            Self::Missing(what) => format!("{what}を入れてください。"),
            Self::Long(what, most) => format!("{what}は{most}文字までにしてください。"),
            Self::IndividualNumber => {
                "個人番号（マイナンバー）とみられる12けたの数字があります。消してください。個人番号は取り扱いません。"
                    .to_owned()
            }
        }
    }
}

/// Checks a text: there (if it must be), not too long, no individual number. Answers it trimmed, with line ends as `\n`.
///
/// # Errors
/// What is wrong.
pub fn text(what: &'static str, typed: &str, most: usize, required: bool) -> Result<String, BadText> {
    let text = typed.replace("\r\n", "\n");
    let text: String = text.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect();
    if required && text.is_empty() {
        return Err(BadText::Missing(what));
    }
    if text.chars().count() > most {
        return Err(BadText::Long(what, most));
    }
    if holds_individual_number(&text) {
        return Err(BadText::IndividualNumber);
    }
    Ok(text)
}

/// Text as it is compared in a search: kana of one kind, without width, small kana, long marks, spaces; variants of kanji folded.
pub fn search_text(text: &str) -> String {
    kanji_key(&search_key(text))
}

/// Words of a query, folded; a text fits if it holds all of them.
pub fn query_words(query: &str) -> Vec<String> {
    let words = query.split(char::is_whitespace).map(search_text).filter(|word| !word.is_empty());
    words.take(8).collect()
}

/// How well a text fits: 0 not at all; in the title counts more than in the text.
pub fn score(words: &[String], title: &str, others: &[&str]) -> u32 {
    let title = search_text(title);
    let others: Vec<String> = others.iter().map(|text| search_text(text)).collect();
    let mut score = 0;
    for word in words {
        let in_title = title.contains(word.as_str());
        let in_others = others.iter().any(|text| text.contains(word.as_str()));
        if !in_title && !in_others {
            return 0;
        }
        score += if in_title { 10 } else { 1 };
    }
    score
}

/// A maintenance as the calendar file (RFC 5545) has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEvent {
    /// Identifier, the same for all versions.
    pub id: String,
    /// Version, from 0.
    pub sequence: i64,
    /// First moment, `20261122T010000Z`.
    pub starts: String,
    /// End, the same form.
    pub ends: String,
    /// When it was written, the same form.
    pub stamp: String,
    /// What is done.
    pub title: String,
    /// What cannot be used.
    pub effect: String,
    /// It does not take place.
    pub cancelled: bool,
}

/// The calendar file: CRLF, lines folded at 75 octets between characters, text escaped.
pub fn calendar(name: &str, events: &[CalendarEvent]) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//kaigo-kiban//maintenance//JA");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("X-WR-CALNAME", &escape(name));
    for event in events {
        line("BEGIN", "VEVENT");
        line("UID", &format!("{}@kaigo-kiban", event.id));
        line("SEQUENCE", &event.sequence.to_string());
        line("DTSTAMP", &event.stamp);
        line("DTSTART", &event.starts);
        line("DTEND", &event.ends);
        line("SUMMARY", &escape(&event.title));
        line("DESCRIPTION", &escape(&event.effect));
        line("STATUS", if event.cancelled { "CANCELLED" } else { "CONFIRMED" });
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn fold(out: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            width = 1;
        }
        let _ = write!(out, "{c}");
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_judged() {
        assert_eq!(text("題名", "  お知らせ\r\nです ", 80, true).unwrap(), "お知らせ\nです");
        assert_eq!(text("題名", " ", 80, true), Err(BadText::Missing("題名")));
        assert_eq!(text("概要", "", 80, false).unwrap(), "");
        assert_eq!(text("題名", "ああ", 1, true), Err(BadText::Long("題名", 1)));
        assert_eq!(text("本文", "123456789018", 80, true), Err(BadText::IndividualNumber));
        assert_eq!(text("本文", "a\u{0}b\u{7}c", 80, true).unwrap(), "abc");
    }

    #[test]
    fn searches_forgive_kana_width_and_spaces() {
        let title = "サービス提供票を送るには";
        let body = "ケアプランデータ連携で、居宅介護支援事業所から送ります。";
        for query in ["さーびす", "ｻｰﾋﾞｽ 提供票", "サービス　送る", "けあぷらん", "居宅介護支援", "ケアプラン サービス"]
        {
            assert!(score(&query_words(query), title, &[body]) > 0, "{query}");
        }
        for query in ["助成金", "サービス 助成金"] {
            assert_eq!(score(&query_words(query), title, &[body]), 0, "{query}");
        }
        assert!(query_words(" 　").is_empty());
        let words = query_words("サービス");
        assert!(score(&words, title, &[body]) > score(&words, "ほか", &["サービス"]));
    }

    #[test]
    fn the_calendar_file_is_as_the_standard_says() {
        let event = CalendarEvent {
            id: "abc".to_owned(),
            sequence: 1,
            starts: "20261122T130000Z".to_owned(),
            ends: "20261122T210000Z".to_owned(),
            stamp: "20261101T000000Z".to_owned(),
            title: "定期メンテナンス、第2回; 全機能".to_owned(),
            effect: format!("{}\n電話は使えます, 平日のみ", "すべての画面が使えません。".repeat(5)),
            cancelled: false,
        };
        let text = calendar("メンテナンス", std::slice::from_ref(&event));
        assert!(text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains("SUMMARY:定期メンテナンス、第2回\\; 全機能\r\n"), "{whole}");
        assert!(whole.contains("使えません。\\n電話は使えます\\, 平日のみ\r\n"), "{whole}");
        assert!(whole.contains("UID:abc@kaigo-kiban\r\nSEQUENCE:1\r\n") && whole.contains("STATUS:CONFIRMED"));
        let cancelled = CalendarEvent { cancelled: true, ..event };
        assert!(calendar("", &[cancelled]).contains("STATUS:CANCELLED"));
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_line(title in "\\PC*", effect in any::<String>()) {
            let event = CalendarEvent { id: "a".to_owned(), sequence: 0, starts: String::new(), ends: String::new(), stamp: String::new(), title, effect, cancelled: false };
            let text = calendar("x", &[event]);
            prop_assert_eq!(text.matches("\r\nBEGIN:").count() + text.matches("\r\nEND:").count(), 3);
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
        }
    }
}
