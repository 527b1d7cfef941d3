//! Time and randomness as parameters.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::tz::Offset;
use kaigo_core::date::Date;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

/// What a use case may know of the world: the moment, the day, a source of identifiers, the request.
#[derive(Clone)]
pub struct Ctx {
    /// The moment.
    pub now: Timestamp,
    /// The day in Japan, on which rules are judged. The demo and tests may set another one than the moment's.
    pub today: Date,
    /// Identifiers and salts.
    pub ids: Ids,
    /// The request, for the log and for error pages.
    pub request_id: String,
}

impl Ctx {
    /// A context at a moment, judged on the day of that moment in Japan.
    pub fn new(now: Timestamp, ids: Ids) -> Self {
        let request_id = ids.id();
        Self { now, today: day_in_japan(now), ids, request_id }
    }

    /// The moment as the store writes it.
    pub fn instant(&self) -> String {
        kaigo_store::time::instant(self.now)
    }
}

/// The calendar day in Japan (UTC+9, no summer time).
pub fn day_in_japan(at: Timestamp) -> Date {
    Offset::from_seconds(9 * 3600).unwrap_or(Offset::UTC).to_datetime(at).date()
}

/// A source of random bytes: the system's, or a repeatable one for tests.
#[derive(Clone)]
pub struct Ids(Source);

#[derive(Clone)]
enum Source {
    System(SystemRandom),
    Seeded(u64, Arc<AtomicU64>),
}

impl Ids {
    /// The system's randomness.
    pub fn system() -> Self {
        Self(Source::System(SystemRandom::new()))
    }

    /// The same bytes for the same seed, for tests only.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(seed, Arc::new(AtomicU64::new(0))))
    }

    /// Sixteen random bytes.
    pub fn bytes(&self) -> [u8; 16] {
        let mut out = [0_u8; 16];
        match &self.0 {
            Source::System(random) => {
                // Without randomness nothing may go on: an identifier that can be guessed opens a session.
                while random.fill(&mut out).is_err() {
                    std::thread::yield_now();
                }
            }
            Source::Seeded(seed, counter) => {
                let n = counter.fetch_add(1, Ordering::Relaxed);
                let hash = digest(&SHA256, &[seed.to_be_bytes(), n.to_be_bytes()].concat());
                out.iter_mut().zip(hash.as_ref()).for_each(|(o, b)| *o = *b);
            }
        }
        out
    }

    /// A random identifier, 32 hex digits (128 bits).
    pub fn id(&self) -> String {
        hex(&self.bytes())
    }

    /// An identifier that sorts by time: 12 hex digits of milliseconds and 20 of randomness.
    pub fn timed(&self, now: Timestamp) -> String {
        let mut id = format!("{:012x}", now.as_millisecond().max(0));
        id.push_str(self.id().get(..20).unwrap_or_default());
        id
    }
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |n: u8| DIGITS.get(usize::from(n)).copied().unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}
