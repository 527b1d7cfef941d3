//! How many requests somebody who is logged in may send: enough for the fastest worker, too few to carry a register away.
//!
//! A bucket for each account fills with so many requests a minute and holds as many. It is kept in this process only: several
//! processes let as many times more through, and a restart forgets. Who is not logged in is slowed where it matters, at every guess
//! (`kaigo_app::guard`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use kaigo_app::Error;
use kaigo_core::policy::Caller;

/// Accounts that are remembered at once.
const MOST: usize = 20_000;

/// A limit for each account; none by default.
#[derive(Clone, Default)]
pub struct Pace {
    a_minute: u32,
    buckets: Arc<Mutex<HashMap<String, Bucket>>>,
}

/// What an account has left, in thousandths of a request, and when that was computed.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: i64,
    at: Timestamp,
}

impl Pace {
    /// So many requests a minute; 0: as many as somebody likes.
    pub fn new(a_minute: u32) -> Self {
        Self { a_minute, ..Self::default() }
    }

    fn full(&self) -> i64 {
        i64::from(self.a_minute) * 1_000
    }

    /// What is in a bucket by now. A clock that went back adds nothing.
    fn filled(&self, bucket: Bucket, now: Timestamp) -> i64 {
        let passed = now.as_millisecond().saturating_sub(bucket.at.as_millisecond()).max(0);
        bucket.left.saturating_add(passed.saturating_mul(i64::from(self.a_minute)) / 60).min(self.full())
    }

    /// Takes a request from a caller's bucket. Programs have one of their own.
    ///
    /// # Errors
    /// [`Error::TooMany`] if it is empty.
    pub(crate) fn take(&self, caller: &Caller, is_program: bool, now: Timestamp) -> Result<(), Error> {
        if self.a_minute == 0 {
            return Ok(());
        }
        let key = format!("{} {}", if is_program { "program" } else { "browser" }, caller.account_id());
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| self.filled(*bucket, now) < self.full());
            if buckets.len() >= MOST {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket { left: self.full(), at: now });
        *bucket = Bucket { left: self.filled(*bucket, now), at: now };
        if bucket.left < 1_000 {
            return Err(Error::TooMany { minutes: 1 });
        }
        bucket.left -= 1_000;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use kaigo_core::policy::OperatorStaff;

    use super::*;

    fn somebody(account_id: &str) -> Caller {
        Caller::OperatorStaff(OperatorStaff { account_id: account_id.to_owned(), name: String::new(), is_admin: false })
    }

    #[test]
    fn a_bucket_empties_and_fills_again_and_is_nobody_elses() {
        let (pace, one, two) = (Pace::new(3), somebody("1"), somebody("2"));
        let mut now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        for _ in 0..3 {
            pace.take(&one, false, now).unwrap();
        }
        assert!(matches!(pace.take(&one, false, now), Err(Error::TooMany { minutes: 1 })));
        pace.take(&two, false, now).unwrap();
        pace.take(&one, true, now).unwrap();
        now += SignedDuration::from_secs(20);
        pace.take(&one, false, now).unwrap();
        pace.take(&one, false, now).unwrap_err();
        // A clock that goes back gives nothing; an hour fills it once, not sixty times.
        pace.take(&one, false, now - SignedDuration::from_hours(1)).unwrap_err();
        now += SignedDuration::from_hours(1);
        let taken = (0..100).take_while(|_| pace.take(&one, false, now).is_ok()).count();
        assert_eq!(taken, 3);
        let free = Pace::default();
        assert!((0..10_000).all(|_| free.take(&one, false, now).is_ok()));
    }

    #[test]
    fn many_accounts_are_forgotten_rather_than_kept_for_ever() {
        let pace = Pace::new(2);
        let now: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        for n in 0..MOST + 10 {
            pace.take(&somebody(&n.to_string()), false, now).unwrap();
        }
        assert!(pace.buckets.lock().unwrap().len() <= MOST);
    }
}
