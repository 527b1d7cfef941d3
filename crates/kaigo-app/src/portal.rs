//! ポータル: what anybody may read, and how the operator's desk writes it. Nothing here touches a person's record.

pub mod content;
pub mod maintenance;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use kaigo_core::date::parse_date;
use kaigo_core::text::halfwidth;
use kaigo_store::time::instant;

/// A moment that somebody typed as a day and a time in Japan.
pub(crate) fn typed_moment(day: &str, time: &str) -> Option<Timestamp> {
    let day = parse_date(day)?;
    let time = typed_time(time)?;
    at_japan(day.to_datetime(time))
}

/// The instant of a time in Japan.
pub(crate) fn at_japan(at: DateTime) -> Option<Timestamp> {
    let zone = TimeZone::fixed(Offset::from_seconds(9 * 3600).ok()?);
    at.to_zoned(zone).ok().map(|zoned| zoned.timestamp())
}

/// `9:00`, `0900`, `９時`, `9時30分`; empty: midnight.
fn typed_time(text: &str) -> Option<Time> {
    let text = halfwidth(text);
    let plain = text.trim().replace('時', ":").replace('分', "");
    let plain = plain.trim_end_matches(':');
    if plain.is_empty() {
        return Some(Time::midnight());
    }
    let (hour, minute) = match plain.split_once([':', '：']) {
        Some((hour, minute)) => (hour, minute),
        None if plain.len() >= 3 => plain.split_at_checked(plain.len() - 2)?,
        None => (plain, "0"),
    };
    let (hour, minute): (i8, i8) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    Time::new(hour, minute, 0, 0).ok()
}

/// The moment as the store writes it.
fn text_of(at: Timestamp) -> String {
    instant(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_many_spellings() {
        let at = |time: &str| typed_moment("2026-11-22", time).map(|t| t.to_string());
        let nine = Some("2026-11-22T00:00:00Z".to_owned());
        for time in ["9:00", "09:00", "900", "0900", "９時", "9時00分", "9", "９：００"] {
            assert_eq!(at(time), nine, "{time}");
        }
        assert_eq!(at(""), Some("2026-11-21T15:00:00Z".to_owned()));
        assert_eq!(at("21時30分"), Some("2026-11-22T12:30:00Z".to_owned()));
        for bad in ["24:00", "9:60", "あさ", "-1", "9:0:0"] {
            assert_eq!(at(bad), None, "{bad}");
        }
        assert_eq!(typed_moment("いつか", "9:00"), None);
    }
}
