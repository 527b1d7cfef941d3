//! Instants as fixed-width text that sorts: RFC 3339, UTC, milliseconds.

use jiff::Timestamp;

use crate::db::Error;

/// `2026-11-22T08:42:10.123Z`.
pub fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Reads back what [`instant`] wrote.
pub fn parse_instant(text: &str) -> Result<Timestamp, Error> {
    text.parse().map_err(|_| Error::Broken("a stored instant is no instant".to_owned()))
}
