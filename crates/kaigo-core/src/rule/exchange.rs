//! Sizes and times of the exchange (ケアプランデータ連携): how much one upload may hold, how long what is kept.
//!
//! The limits of the running system are not public. These are ours; every page shows them before an upload.

use jiff::civil::date;

use super::{Dated, at};
use crate::date::Date;

/// Limits of one upload and of what it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file, unpacked.
    pub file_bytes: usize,
    /// Bytes of all files of a set.
    pub set_bytes: usize,
    /// Bytes of one upload, unpacked.
    pub upload_bytes: usize,
    /// Files of one upload, unpacked.
    pub upload_files: usize,
    /// Sets that one download holds.
    pub fetch_sets: usize,
    /// Days for which the bytes of a set are kept after it was sent.
    pub kept_days: i32,
    /// Days for which an upload waits to be sent.
    pub draft_days: i32,
    /// Days without a fetch after which the sender is told.
    pub waiting_days: i32,
}

const LIMITS_NOW: Limits = Limits {
    file_bytes: 20 << 20,
    set_bytes: 40 << 20,
    upload_bytes: 200 << 20,
    upload_files: 100_000,
    fetch_sets: 500,
    kept_days: 1_830,
    draft_days: 7,
    waiting_days: 3,
};

/// The limits.
pub static LIMITS: &[Dated<Limits>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: LIMITS_NOW,
    source: "本システムのきまり：1ファイル20MB、1組40MB、1回200MB・10万ファイルまで。送信から5年（1,830日）保存し、未送信は7日で消す。\
             現行システムの上限と保存期間は公表されていない",
}];

/// The limits that hold on that day.
pub fn limits(day: Date) -> Limits {
    at(LIMITS, day).map_or(LIMITS_NOW, |row| row.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_dated_and_fit_into_each_other() {
        super::super::well_formed(LIMITS);
        let limits = limits(date(2026, 11, 27));
        assert!(limits.file_bytes <= limits.set_bytes && limits.set_bytes <= limits.upload_bytes);
        assert!(limits.draft_days < limits.kept_days);
        // Sealed bytes and sizes stand in columns of 32 bits.
        assert!(i32::try_from(limits.set_bytes).is_ok());
    }
}
