//! Readings over the words of a page (ふりがな): walks the rendered page and gives every word of our list its reading.
//!
//! Text keeps its place and its order, so the page stays what it was for search, copy and screen readers. Left alone: what has
//! a reading already, what is no text to read (titles, choices of a select, scripts), and what is marked `data-as-is`: names of
//! people and free text of others, whose readings nobody may make up. `data-yomi` carries a reading that the records have.

use std::fmt::Write as _;

use askama::Template;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use kaigo_core::plain::readings;

use crate::Web;
use crate::request::{FURIGANA, cookie};

/// Whether the reader wants readings.
pub(crate) fn wanted(web: &Web, headers: &HeaderMap) -> bool {
    cookie(web, headers, FURIGANA).as_deref() == Some("on")
}

/// Bytes that a page of the person may have.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// Adds the readings to an answer, if it is one of the person's pages.
pub(crate) async fn with_readings(response: Response) -> Response {
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, PAGE_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // Only the person's pages are in the words of our list; their first element says so.
    let head = bytes.get(..400.min(bytes.len())).unwrap_or_default();
    match core::str::from_utf8(&bytes) {
        Ok(html) if head.windows(9).any(|part| part == b"k-citizen") => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(furigana(html)))
        }
        _ => Response::from_parts(parts, Body::from(bytes)),
    }
}

/// A word with its reading.
#[derive(Template)]
#[template(path = "part/ruby.html")]
struct Ruby<'a> {
    base: &'a str,
    reading: &'a str,
}

/// Elements whose text gets no readings: it is not shown, or cannot hold marks.
const LEFT_ALONE: [&str; 9] = ["title", "script", "style", "option", "textarea", "ruby", "svg", "code", "head"];

/// Elements without an end tag.
const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "rect", "path"];

/// Adds the readings.
pub(crate) fn furigana(html: &str) -> String {
    let mut out = String::with_capacity(html.len() * 2);
    let mut rest = html;
    // The element inside of which everything is left alone, with how many of its name are open.
    let mut quiet: Option<(String, usize)> = None;
    // The reading of the element that has just begun.
    let mut own: Option<String> = None;
    while let Some(start) = rest.find('<') {
        let (text, from_tag) = rest.split_at(start);
        write_text(&mut out, text, quiet.is_some(), own.take());
        let (tag, after) = from_tag.split_at(tag_end(from_tag));
        rest = after;
        out.push_str(tag);
        let name = name_of(tag);
        match &mut quiet {
            Some((inside, depth)) if *inside == name => {
                if tag.starts_with("</") {
                    *depth -= 1;
                } else {
                    *depth += 1;
                }
                if *depth == 0 {
                    quiet = None;
                }
            }
            Some(_) => {}
            None if tag.starts_with("</") || tag.starts_with("<!") || VOID.contains(&name) => {}
            None if LEFT_ALONE.contains(&name) || attribute(tag, "data-as-is").is_some() => {
                quiet = Some((name.to_owned(), 1));
            }
            None => own = attribute(tag, "data-yomi").filter(|yomi| !yomi.is_empty()).map(str::to_owned),
        }
    }
    write_text(&mut out, rest, quiet.is_some(), own);
    out
}

fn write_text(out: &mut String, text: &str, quiet: bool, own: Option<String>) {
    if quiet || text.is_ascii() {
        out.push_str(text);
        return;
    }
    if let Some(reading) = own {
        let _ = Ruby { base: text, reading: &reading }.render_into(out);
        return;
    }
    for piece in readings(text) {
        match piece.reading {
            Some(reading) => {
                let _ = Ruby { base: piece.base, reading }.render_into(out);
            }
            None => {
                let _ = out.write_str(piece.base);
            }
        }
    }
}

/// Behind the tag's `>`; one inside quotes does not count.
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// The value of an attribute; empty if it has none.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!(" {name}"))?;
    match after.strip_prefix("=\"") {
        Some(value) => value.split('"').next(),
        None if after.starts_with([' ', '>', '/']) => Some(""),
        None => None,
    }
}

/// What of a page has a kanji that nobody reads aloud, for the tests: text outside of what is left alone.
#[cfg(test)]
pub(crate) fn unread(html: &str) -> Vec<String> {
    let mut unread = Vec::new();
    let mut quiet: Option<(String, usize)> = None;
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, from_tag) = rest.split_at(start);
        if quiet.is_none() && text.chars().any(kaigo_core::plain::is_kanji) {
            unread.push(text.trim().to_owned());
        }
        let (tag, after) = from_tag.split_at(tag_end(from_tag));
        rest = after;
        let name = name_of(tag);
        match &mut quiet {
            Some((inside, depth)) if *inside == name => {
                *depth = if tag.starts_with("</") { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    quiet = None;
                }
            }
            None if !(tag.starts_with("</") || tag.starts_with("<!") || VOID.contains(&name))
                && (LEFT_ALONE.contains(&name) || attribute(tag, "data-as-is").is_some()) =>
            {
                quiet = Some((name.to_owned(), 1));
            }
            Some(_) | None => {}
        }
    }
    unread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_get_readings_and_the_rest_stays() {
        let page = "<p class=\"a>b\">認定の申請</p><title>認定</title><b data-as-is>認定 <i>介護</i></b><br>&#38;介護";
        let html = furigana(page);
        assert!(html.starts_with("<p class=\"a>b\"><ruby>認定<rp>"), "{html}");
        assert!(html.contains("<rt>しんせい</rt>"), "{html}");
        assert!(html.contains("<title>認定</title><b data-as-is>認定 <i>介護</i></b><br>&#38;<ruby>介護"), "{html}");
        assert_eq!(furigana(&furigana("<p>介護</p>")), furigana("<p>介護</p>"), "twice is once");
    }

    #[test]
    fn readings_of_the_records_are_taken() {
        let html = furigana("<span data-yomi=\"みなとかわし\">みなと川市</span>の<span data-yomi=\"\">介護</span>");
        assert!(html.contains("みなと川市<rp>（</rp><rt>みなとかわし</rt>"), "{html}");
        assert!(html.contains("<rt>かいご</rt>"), "{html}");
    }

    #[test]
    fn what_has_no_reading_is_found() {
        assert_eq!(unread(&furigana("<p>認定と鼕</p><p data-as-is>鼕</p>")), ["と鼕"]);
    }
}
