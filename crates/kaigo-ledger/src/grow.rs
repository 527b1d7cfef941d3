//! A log that grows: what has to be kept between two batches of leaves, and which tiles each batch makes or changes.
//!
//! The same code makes the tiles that are kept and the ones that a verifier expects, so that every byte of them is compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::tile::{HEIGHT, WIDTH};
use crate::tree::Frontier;
use crate::{Hash, sha256};

/// Bytes of a full tile.
pub const FULL: usize = 256 * 32;

/// A tile as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Level of the tile.
    pub level: u32,
    /// Place in its level.
    pub index: u64,
    /// Its hashes one after the other, 1 to 256 of 32 bytes.
    pub hashes: Vec<u8>,
}

/// A log that grows.
#[derive(Clone, Debug, Default)]
pub struct Growth {
    frontier: Frontier,
    tails: BTreeMap<u32, Vec<u8>>,
    full: Vec<Made>,
    touched: BTreeSet<u32>,
}

/// How many nodes of the tile's level a tree of that size has.
fn nodes(size: u64, level: u32) -> u64 {
    size.checked_shr(level.saturating_mul(HEIGHT)).unwrap_or(0)
}

/// The level and the place of every tile that is not full in a log of that size.
pub fn unfinished(size: u64) -> Vec<(u32, u64)> {
    (0..8)
        .filter(|level| !nodes(size, *level).is_multiple_of(WIDTH))
        .map(|level| (level, nodes(size, level) / WIDTH))
        .collect()
}

impl Growth {
    /// Goes on with a log of that size, from its peaks and the tiles of [`unfinished`]; none if they do not fit together.
    pub fn resume(size: u64, peaks: Vec<Hash>, tails: BTreeMap<u32, Vec<u8>>) -> Option<Self> {
        let frontier = Frontier::from_peaks(size, peaks)?;
        let fits = |level: u32| {
            let kept = tails.get(&level).map_or(0, Vec::len);
            u64::try_from(kept).ok() == Some(nodes(size, level) % WIDTH * 32)
        };
        (0..8).all(fits).then_some(Self { frontier, tails, ..Self::default() })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The peaks, the largest first.
    pub fn peaks(&self) -> &[Hash] {
        self.frontier.peaks()
    }

    /// The hashes of the last tile of a level, while it is not full.
    pub fn tail(&self, level: u32) -> Option<&[u8]> {
        self.tails.get(&level).map(Vec::as_slice).filter(|tail| !tail.is_empty())
    }

    /// Appends a leaf.
    pub fn append(&mut self, leaf: Hash) {
        let Self { frontier, tails, full, touched } = self;
        frontier.append(leaf, |level, index, hash| {
            if !level.is_multiple_of(HEIGHT) {
                return;
            }
            let level = level / HEIGHT;
            let tail = tails.entry(level).or_default();
            tail.extend_from_slice(&hash.0);
            touched.insert(level);
            if tail.len() == FULL {
                full.push(Made { level, index: index / WIDTH, hashes: std::mem::take(tail) });
            }
        });
    }

    /// The tiles that were finished or changed since the last call.
    pub fn changed(&mut self) -> Vec<Made> {
        let mut changed = std::mem::take(&mut self.full);
        let size = self.frontier.size();
        for level in std::mem::take(&mut self.touched) {
            let Some(tail) = self.tails.get(&level).filter(|tail| !tail.is_empty()) else { continue };
            changed.push(Made { level, index: nodes(size, level) / WIDTH, hashes: tail.clone() });
        }
        changed
    }
}

/// What a log says in public of an entry that nobody but those concerned may read: SHA-256 over the entry's bytes, which hold
/// a random salt of 128 bits. Whoever has the entry can show that it is this one; nobody else learns anything from it.
pub fn commitment(entry: &[u8]) -> [u8; 32] {
    sha256(&[b"kaigo-commitment/1", entry].concat()).0
}

/// An entry of a bundle (C2SP tlog-tiles): length as two bytes, then the bytes; none above 65,535 bytes.
pub fn bundled(entry: &[u8]) -> Option<Vec<u8>> {
    let length = u16::try_from(entry.len()).ok()?;
    Some([&length.to_be_bytes()[..], entry].concat())
}

/// The entries of a bundle, at most so many; none if the bytes end within one.
pub fn unbundle(mut bytes: &[u8], most: usize) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() && entries.len() < most {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bytes = rest;
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::leaf;

    fn grown(from: u64, to: u64, growth: &mut Growth) {
        (from..to).for_each(|n| growth.append(leaf(&n.to_be_bytes())));
    }

    #[test]
    fn a_log_that_stopped_goes_on_as_if_it_had_not() {
        for (first, second) in [(0, 1), (1, 255), (255, 2), (256, 1), (300, 66_000), (65_536, 256), (65_535, 2)] {
            let mut whole = Growth::default();
            grown(0, first + second, &mut whole);
            let mut kept: BTreeMap<(u32, u64), Vec<u8>> = BTreeMap::new();
            let mut growth = Growth::default();
            grown(0, first, &mut growth);
            kept.extend(growth.changed().into_iter().map(|made| ((made.level, made.index), made.hashes)));
            // Only what a table keeps is carried over.
            let tails = unfinished(first).into_iter().map(|at| (at.0, kept[&at].clone())).collect();
            let mut growth = Growth::resume(first, growth.peaks().to_vec(), tails).unwrap();
            grown(first, first + second, &mut growth);
            kept.extend(growth.changed().into_iter().map(|made| ((made.level, made.index), made.hashes)));
            assert_eq!(growth.root(), whole.root(), "{first} + {second}");
            let all = whole.changed().into_iter().map(|made| ((made.level, made.index), made.hashes)).collect();
            assert_eq!(kept, all, "{first} + {second}");
        }
    }

    #[test]
    fn what_does_not_fit_together_is_not_gone_on_with() {
        let mut growth = Growth::default();
        grown(0, 300, &mut growth);
        let peaks = growth.peaks().to_vec();
        assert!(Growth::resume(300, peaks.clone(), BTreeMap::new()).is_none());
        let short = BTreeMap::from([(0, vec![0; 43 * 32]), (1, vec![0; 32])]);
        assert!(Growth::resume(300, peaks, short).is_none());
    }

    proptest! {
        #[test]
        fn bundles_read_back(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..20)) {
            let bytes: Vec<u8> = entries.iter().flat_map(|entry| bundled(entry).unwrap()).collect();
            prop_assert_eq!(unbundle(&bytes, 256).unwrap(), entries);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = unbundle(&bytes, 256);
        }
    }
}
