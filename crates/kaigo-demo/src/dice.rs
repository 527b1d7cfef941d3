//! Chance with a fixed seed: the same seed, stream and questions give the same answers on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of chance; each person, account and document has its own, so that none depends on another.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream with that number under that seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number from 0 to below `n`.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(n);
        u32::try_from(wide >> 32).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u32::try_from(high.saturating_sub(low).saturating_add(1)).unwrap_or(1);
        low.saturating_add(i32::try_from(self.below(span)).unwrap_or(0))
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the list, each as likely as the other.
    pub(crate) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let n = u32::try_from(list.len()).unwrap_or(0);
        let at = usize::try_from(self.below(n)).unwrap_or(0);
        list.get(at).copied().unwrap_or_default()
    }

    /// One of the list, the earlier the likelier (a long-tailed list such as surnames by frequency).
    pub(crate) fn pick_early<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let n = u64::try_from(list.len()).unwrap_or(0);
        let roll = u64::from(self.0.next_u32());
        let square = (roll * roll) >> 32;
        let at = usize::try_from((square * n) >> 32).unwrap_or(0);
        list.get(at).copied().unwrap_or_default()
    }

    /// One of the list by weight.
    pub(crate) fn weighted<T: Copy + Default>(&mut self, list: &[(T, u32)]) -> T {
        let total = list.iter().map(|(_, weight)| weight).sum();
        let mut roll = self.below(total);
        for (value, weight) in list {
            if roll < *weight {
                return *value;
            }
            roll -= weight;
        }
        T::default()
    }

    /// Fills bytes, for demo-only secrets.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_in_range_and_repeats() {
        let mut one = Dice::new(7, 3);
        let mut two = Dice::new(7, 3);
        let mut other = Dice::new(7, 4);
        let mut same = 0;
        for _ in 0..1000 {
            let roll = one.between(-3, 3);
            assert!((-3..=3).contains(&roll));
            assert_eq!(roll, two.between(-3, 3));
            same += u32::from(roll == other.between(-3, 3));
        }
        assert!(same < 300, "streams must differ, {same} of 1000 equal");
    }

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::new(1, 1);
        let hits = (0..10_000).filter(|_| dice.weighted(&[(1, 85), (2, 15)]) == 1).count();
        assert!((8_300..8_700).contains(&hits), "{hits}");
    }
}
