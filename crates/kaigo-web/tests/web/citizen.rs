//! The person's own pages: readings over every word, やさしい日本語, and that they say the same as before.

use crate::page::Page;
use crate::world::{USUAL, on_both};

/// Every page of the person that needs nothing else.
const PAGES: &[&str] = &[
    "/my",
    "/my/certification",
    "/my/documents",
    "/my/plans",
    "/my/log",
    "/my/consent",
    "/my/consent/give",
    "/my/consent/withdraw",
    "/my/family",
    "/my/questions",
    "/my/questions/new",
    "/my/nothing-there",
];

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '々')
}

/// Text of a page that holds kanji without a reading: outside of ruby, of what cannot have one, and of names.
fn unread(page: &Page) -> Vec<String> {
    let body = page.html.split_once("<body").unwrap().1;
    let (mut unread, mut quiet): (Vec<String>, Option<(String, usize)>) = (Vec::new(), None);
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let leaves = matches!(name.as_str(), "ruby" | "option" | "textarea" | "script" | "svg" | "code");
        match &mut quiet {
            Some((inside, depth)) if *inside == name => {
                *depth = if tag.starts_with('/') { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    quiet = None;
                }
            }
            None if !tag.starts_with('/') && (leaves || tag.contains(" data-as-is")) => quiet = Some((name, 1)),
            Some(_) | None => {}
        }
        if quiet.is_none() && text.chars().any(is_kanji) {
            unread.push(text.trim().to_owned());
        }
    }
    unread
}

#[test]
fn every_word_of_the_persons_pages_has_a_reading() {
    on_both(USUAL, async |world| {
        let mut missing = Vec::new();
        for who in ["kiyoshi", "tome"] {
            let mut me = world.login(who).await;
            for words in ["usual", "easy"] {
                let plain = me.get("/my").await;
                assert!(!plain.has("<rt>かいご"), "off at first, and off again");
                me.post("/preferences/reading", &[("furigana", "on"), ("back", "/my")]).await.moves_to("/my");
                me.post("/preferences/reading", &[("words", words), ("back", "/my")]).await.moves_to("/my");
                for path in PAGES {
                    let page = me.get(path).await;
                    assert!(page.has("<rt>"), "{path}: {}", page.html);
                    missing.extend(unread(&page).into_iter().map(|text| format!("{path}: {text}")));
                }
                me.post("/preferences/reading", &[("furigana", "off"), ("back", "/my")]).await.moves_to("/my");
            }
        }
        let mut nobody = world.browser();
        nobody.get("/start").await;
        nobody.post("/preferences/reading", &[("furigana", "on"), ("back", "/start")]).await.moves_to("/start");
        missing.extend(unread(&nobody.get("/start").await));
        assert!(!nobody.get("/login").await.has("<rt>"), "the pages of the staff stay as they are");
        missing.sort();
        missing.dedup();
        assert!(missing.is_empty(), "without a reading:\n{}", missing.join("\n"));
    });
}

#[test]
fn easy_japanese_says_it_shorter() {
    on_both(USUAL, async |world| {
        let mut me = world.login("kiyoshi").await;
        assert!(me.get("/my/log").await.has("だれが・いつ・何のために見たか"));
        me.post("/preferences/reading", &[("words", "easy"), ("back", "//evil.example")]).await.moves_to("/");
        let page = me.get("/my/log").await;
        assert!(
            page.has("この記録は消えません。") && page.has("aria-pressed=\"true\">やさしい日本語"),
            "{}",
            page.html
        );
        me.post("/preferences/reading", &[("words", "usual"), ("back", "/my")]).await.moves_to("/my");
        assert!(me.get("/my/log").await.has("だれが・いつ・何のために見たか"));
    });
}
