//! A thread as its pages show it, for the office, the desk and who follows it by a code.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use kaigo_app::inquiry::{Thread, Written};
use kaigo_core::inquiry::{Kind, State};
use kaigo_store::inquiry::Inquiry;

use super::Upload;
use crate::request::percent;
use crate::say;
use crate::view::mypage::{InquiryLine, Said};
use crate::view::{Chip, Choice, Link, Tone};

/// State of a thread.
pub(crate) fn chip(state: &str) -> Chip {
    match State::parse(state) {
        Ok(State::New) => Chip::new(Tone::Warn, State::New.label()),
        Ok(State::Answered) => Chip::new(Tone::Good, State::Answered.label()),
        Ok(State::Waiting) => Chip::new(Tone::Info, State::Waiting.label()),
        Ok(State::Closed) | Err(_) => Chip::new(Tone::Plain, State::Closed.label()),
    }
}

/// Kind in words.
pub(crate) fn kind(code: &str) -> &'static str {
    Kind::parse(code).map_or("", Kind::label)
}

/// Kinds to choose from.
pub(crate) fn kinds(chosen: &str) -> Vec<Choice> {
    Kind::ALL
        .iter()
        .map(|kind| Choice { chosen: kind.code() == chosen, ..Choice::new(kind.code(), kind.label()) })
        .collect()
}

/// A line of a list.
pub(crate) fn line(inquiry: &Inquiry, base: &str, with_who: bool) -> InquiryLine {
    let who = if with_who { format!("　{}", inquiry.who) } else { String::new() };
    InquiryLine {
        href: format!("{base}/{}", inquiry.inquiry_id),
        subject: inquiry.subject.clone(),
        small: format!("{}{who}　{}", kind(&inquiry.kind), say::instant(&inquiry.last_at)),
        chip: chip(&inquiry.state),
    }
}

/// What was said; `files` is where the files are, empty where they are not shown.
pub(crate) fn said(thread: &Thread, files: &str) -> Vec<Said> {
    thread
        .messages
        .iter()
        .map(|m| Said {
            side: if m.side == "operator" { Chip::new(Tone::Info, "運営") } else { Chip::new(Tone::Plain, "質問") },
            head: format!("{}　{}", m.author, say::instant(&m.at)),
            lines: m.body.lines().map(str::to_owned).collect(),
            files: thread
                .files
                .iter()
                .filter(|f| f.message_no == m.message_no && !files.is_empty())
                .map(|f| {
                    let size = say::bytes(u64::try_from(f.size).unwrap_or(0));
                    Link::new(format!("{}（{size}）", f.name), format!("{files}/{}/{}", f.message_no, f.file_no))
                })
                .collect(),
        })
        .collect()
}

/// What a form brought.
pub(crate) fn written(upload: Upload) -> Written {
    let get = |name: &str| upload.fields.get(name).to_owned();
    Written {
        kind: get("kind"),
        subject: get("subject"),
        body: get("body"),
        name: get("name"),
        address: get("address"),
        submit_key: get("submit_key"),
        files: upload.files,
    }
}

/// A file to save: never shown by the browser in the name of this site.
pub(crate) fn attachment(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let name = kaigo_careplan::attachment::named(name, media_type);
    let place = format!("attachment; filename*=UTF-8''{}", percent(&name));
    let place = HeaderValue::from_str(&place).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, place)], bytes).into_response()
}
