//! Bytes as an answer, whole or the part that a resuming client asks for (RFC 9110 §14).

use std::ops::Range;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kaigo_store::objects::sha256_hex;

/// What a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<usize>),
    Nothing,
}

/// The part of so many bytes that the headers ask for. What is not one plain range counts as the whole.
fn asked(headers: &HeaderMap, etag: &str, length: usize) -> Asked {
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known != etag) {
        return Asked::Whole;
    }
    let Some((first, last)) =
        text(header::RANGE).and_then(|range| range.trim().strip_prefix("bytes=")?.split_once('-'))
    else {
        return Asked::Whole;
    };
    match (first.trim(), last.trim()) {
        ("", last) => match last.parse::<usize>() {
            Ok(0) => Asked::Nothing,
            Ok(count) => Asked::Part(length.saturating_sub(count)..length),
            Err(_) => Asked::Whole,
        },
        (first, last) => {
            let end =
                if last.is_empty() { Some(length) } else { last.parse::<usize>().ok().map(|l| l.saturating_add(1)) };
            match (first.parse::<usize>(), end) {
                (Ok(first), Some(end)) if first < end.min(length) => Asked::Part(first..end.min(length)),
                (Ok(first), Some(end)) if first < end || first >= length => Asked::Nothing,
                _ => Asked::Whole,
            }
        }
    }
}

/// Bytes as a file to keep, or the part of them that was asked for.
pub(crate) fn file(headers: &HeaderMap, kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let (etag, length) = (format!("\"{}\"", sha256_hex(&bytes)), bytes.len());
    let (status, range, body) = match asked(headers, &etag, length) {
        Asked::Whole => (StatusCode::OK, None, bytes),
        Asked::Part(part) => {
            let range = format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1));
            let body = bytes.get(part).map(<[u8]>::to_vec).unwrap_or_default();
            (StatusCode::PARTIAL_CONTENT, Some(range), body)
        }
        Asked::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, Some(format!("bytes */{length}")), Vec::new()),
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, kind);
    set(header::ETAG, &etag);
    set(header::ACCEPT_RANGES, "bytes");
    let name = crate::request::percent(name);
    set(header::CONTENT_DISPOSITION, &format!("attachment; filename*=UTF-8''{name}"));
    if let Some(range) = range {
        set(header::CONTENT_RANGE, &range);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(range: &str, if_range: Option<&str>) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        if let Some(known) = if_range {
            headers.insert(header::IF_RANGE, HeaderValue::from_str(known).unwrap());
        }
        asked(&headers, "\"e\"", 10)
    }

    #[test]
    fn a_part_is_what_was_asked_for() {
        assert_eq!(asked(&HeaderMap::new(), "\"e\"", 10), Asked::Whole);
        for (range, part) in [("bytes=0-", 0..10), ("bytes=4-", 4..10), ("bytes=4-5", 4..6), ("bytes=4-99", 4..10)] {
            assert_eq!(ask(range, None), Asked::Part(part), "{range}");
        }
        assert_eq!(ask("bytes=-3", None), Asked::Part(7..10));
        assert_eq!(ask("bytes=-30", None), Asked::Part(0..10));
        for nothing in ["bytes=10-", "bytes=10-12", "bytes=99-", "bytes=-0"] {
            assert_eq!(ask(nothing, None), Asked::Nothing, "{nothing}");
        }
        for whole in ["", "bytes", "bytes=", "bytes=a-b", "bytes=5-4", "lines=1-2", "bytes=0-1,4-5", "bytes=--1"] {
            assert_eq!(ask(whole, None), Asked::Whole, "{whole}");
        }
    }

    #[test]
    fn a_part_of_something_else_is_not_given() {
        assert_eq!(ask("bytes=4-", Some("\"e\"")), Asked::Part(4..10));
        assert_eq!(ask("bytes=4-", Some("\"other\"")), Asked::Whole);
    }
}
