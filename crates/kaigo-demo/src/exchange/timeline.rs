//! The moments of the exchange: what happened before today, in time order.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::{SignedDuration, ToSpan as _};
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::{Month, Serial};

use super::DemoSend;
use super::catalogue::Party;
use super::row::Envelope;
use crate::day::plus;

/// A day on which offices work: Saturday and Sunday become Monday.
pub(super) fn workday(day: Date) -> Date {
    let ahead = [(Weekday::Saturday, 2), (Weekday::Sunday, 1)];
    let days = ahead.iter().find(|(weekday, _)| *weekday == day.weekday()).map_or(0, |(_, days)| *days);
    plus(day, days)
}

/// The last working day before that day.
pub(super) fn workday_before(day: Date) -> Date {
    (1..=3).map(|days| plus(day, -days)).find(|own| workday(*own) == *own).unwrap_or(day)
}

/// What is sent up to yesterday.
pub(super) struct Timeline {
    today: Date,
    pub(super) sends: Vec<DemoSend>,
}

/// How fast a receiver is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Receiver {
    /// Fetches on the same or the next working day and imports.
    Prompt,
    /// Fetches, but has not imported.
    FetchesOnly,
    /// Has not fetched.
    Absent,
}

impl Timeline {
    pub(super) fn new(today: Date) -> Self {
        Self { today, sends: Vec::new() }
    }

    /// The envelope of what is sent then: the serial is of the moment of export, some minutes before.
    pub(super) fn envelope(&self, at: DateTime, from: &Party, to: &Party) -> Option<Envelope> {
        let seconds = i64::try_from(self.sends.len() % 50).unwrap_or(0);
        let made = at.saturating_sub(SignedDuration::from_secs(420 - seconds));
        let text = made.strftime("%Y%m%d%H%M%S").to_string();
        Some(Envelope { from: from.end(), to: to.end(), serial: Serial::parse(&text)? })
    }

    /// Adds a send, unless it is of today or later. Answers its place.
    pub(super) fn send(
        &mut self,
        at: DateTime,
        ends: (&Party, &Party),
        what: (Month, Unit),
        receiver: Receiver,
        files: impl FnOnce(&Envelope) -> Vec<InFile>,
    ) -> Option<usize> {
        if at.date() >= self.today {
            return None;
        }
        let ((from, to), (month, unit)) = (ends, what);
        let envelope = self.envelope(at, from, to)?;
        let files = files(&envelope);
        let pace = self.sends.len();
        let soon = if pace.is_multiple_of(3) {
            at.saturating_add(95.minutes())
        } else {
            workday(plus(at.date(), 1)).at(8, 45, 0, 0).saturating_add(minutes(pace))
        };
        let fetched_at = Some(soon).filter(|moment| receiver != Receiver::Absent && moment.date() < self.today);
        let imported_at =
            fetched_at.filter(|_| receiver == Receiver::Prompt).map(|moment| moment.saturating_add(12.minutes()));
        self.sends.push(DemoSend {
            at,
            login: from.login,
            receiver: to.login,
            from: from.end(),
            to: to.end(),
            month,
            unit: Some(unit),
            files,
            recalled_at: None,
            fetched_at,
            imported_at,
        });
        Some(pace)
    }

    /// Adds files that were uploaded but not sent.
    pub(super) fn draft(&mut self, at: DateTime, ends: (&Party, &Party), month: Month, files: Vec<InFile>) {
        let (from, to) = ends;
        self.sends.push(DemoSend {
            at,
            login: from.login,
            receiver: "",
            from: from.end(),
            to: to.end(),
            month,
            unit: None,
            files,
            recalled_at: None,
            fetched_at: None,
            imported_at: None,
        });
    }

    /// In time order; a send keeps its place among those of the same moment.
    pub(super) fn finish(mut self) -> Vec<DemoSend> {
        self.sends.sort_by_key(|send| send.at);
        self.sends
    }
}

fn minutes(pace: usize) -> jiff::Span {
    i64::try_from(pace * 7 % 55).unwrap_or(0).minutes()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn offices_rest_on_saturday_and_sunday() {
        assert_eq!(workday(date(2026, 11, 21)), date(2026, 11, 23));
        assert_eq!(workday(date(2026, 11, 22)), date(2026, 11, 23));
        assert_eq!(workday(date(2026, 11, 24)), date(2026, 11, 24));
        assert_eq!(workday_before(date(2026, 11, 22)), date(2026, 11, 20));
        assert_eq!(workday_before(date(2026, 11, 24)), date(2026, 11, 23));
    }
}
