//! A Merkle tree over leaves in order (RFC 6962 §2, RFC 9162 §2.1): appending, roots, proofs of inclusion and consistency.
//!
//! A node `(level, index)` is the root of a full subtree of 2^level leaves, the `index`-th of its level. Who keeps those nodes
//! (memory, tiles, a database) can give any proof by reading about 2·log₂ of them.

use ring::digest::{Context, SHA256};

use crate::{Hash, finish, sha256};

/// The root of two subtrees (RFC 6962 §2.1).
pub fn node(left: Hash, right: Hash) -> Hash {
    let mut context = Context::new(&SHA256);
    context.update(&[1]);
    context.update(&left.0);
    context.update(&right.0);
    finish(context)
}

/// The root of the tree without leaves.
pub fn empty_root() -> Hash {
    sha256(b"")
}

/// What is needed to append: the roots of the full subtrees, the largest first. At most 64 hashes, however large the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a tree of that size, from its peaks; none if their number is not that of the size.
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        let count = usize::try_from(size.count_ones()).ok()?;
        (peaks.len() == count).then_some(Self { size, peaks })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The peaks, the largest first.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Appends a leaf; tells `full` of every node that is complete now: level, index, hash.
    pub fn append(&mut self, leaf: Hash, mut full: impl FnMut(u32, u64, Hash)) {
        full(0, self.size, leaf);
        let mut hash = leaf;
        // As many subtrees end here as the size has ones at its end.
        for level in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            hash = node(left, hash);
            full(level + 1, self.size >> (level + 1), hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root() };
        peaks.fold(*last, |right, left| node(*left, right))
    }
}

/// Where full nodes are read.
pub trait Nodes {
    /// Why one cannot be read.
    type Error;

    /// The node of that level and index; its subtree is full.
    fn node(&mut self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

/// The largest power of two below `n`, for `n` of at least two.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The root over leaves from `begin` to before `end`; `begin` is a multiple of the power of two that the range begins with.
fn range_root<N: Nodes>(nodes: &mut N, begin: u64, end: u64) -> Result<Hash, N::Error> {
    let mut at = begin;
    let mut parts = Vec::new();
    while at < end {
        let level = (end - at).ilog2();
        parts.push(nodes.node(level, at >> level)?);
        at += 1 << level;
    }
    let mut parts = parts.into_iter().rev();
    let Some(last) = parts.next() else { return Ok(empty_root()) };
    Ok(parts.fold(last, |right, left| node(left, right)))
}

/// The root of the tree of that size.
pub fn root<N: Nodes>(nodes: &mut N, size: u64) -> Result<Hash, N::Error> {
    range_root(nodes, 0, size)
}

/// Proof that the leaf at `index` is in the tree of that size: the hashes beside its path, from the leaf up. Empty for a
/// leaf that is not there.
pub fn inclusion<N: Nodes>(nodes: &mut N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    if index >= size {
        return Ok(Vec::new());
    }
    let mut beside = Vec::new();
    let (mut begin, mut end) = (0, size);
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if index < middle {
            beside.push((middle, end));
            end = middle;
        } else {
            beside.push((begin, middle));
            begin = middle;
        }
    }
    beside.into_iter().rev().map(|(begin, end)| range_root(nodes, begin, end)).collect()
}

/// Whether the proof shows that the leaf is at that index of the tree (RFC 9162 §2.1.3.2).
pub fn includes(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = leaf;
    for beside in proof {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            hash = node(*beside, hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(hash, *beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && hash == root
}

/// Proof that the tree of the first size is the beginning of the one of the second. Empty for equal sizes and an empty tree.
pub fn consistency<N: Nodes>(nodes: &mut N, old: u64, new: u64) -> Result<Vec<Hash>, N::Error> {
    if old == 0 || old >= new {
        return Ok(Vec::new());
    }
    // RFC 6962 §2.1.2, from the root down; written from the leaf up.
    let (mut begin, mut end) = (0, new);
    let mut whole = true;
    let mut parts = Vec::new();
    loop {
        if old == end {
            if !whole {
                parts.push((begin, end));
            }
            break;
        }
        let middle = begin + split(end - begin);
        if old <= middle {
            parts.push((middle, end));
            end = middle;
        } else {
            parts.push((begin, middle));
            begin = middle;
            whole = false;
        }
    }
    parts.into_iter().rev().map(|(begin, end)| range_root(nodes, begin, end)).collect()
}

/// Whether the proof shows that the old tree is the beginning of the new one (RFC 9162 §2.1.4.2).
pub fn extends((old, old_root): (u64, Hash), (new, new_root): (u64, Hash), proof: &[Hash]) -> bool {
    if old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    if old == 0 {
        return proof.is_empty() && old_root == empty_root();
    }
    let mut rest = proof.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { rest.next().copied() };
    let Some(first) = first else { return false };
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut from_old, mut from_new) = (first, first);
    for beside in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            from_old = node(*beside, from_old);
            from_new = node(*beside, from_new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node(from_new, *beside);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && from_old == old_root && from_new == new_root
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::leaf;

    /// A tree whose nodes are all kept.
    #[derive(Default)]
    struct Kept {
        frontier: Frontier,
        nodes: BTreeMap<(u32, u64), Hash>,
    }

    impl Kept {
        fn of(leaves: &[Vec<u8>]) -> Self {
            let mut kept = Self::default();
            for entry in leaves {
                let Self { frontier, nodes } = &mut kept;
                frontier.append(leaf(entry), |level, index, hash| {
                    assert!(nodes.insert((level, index), hash).is_none(), "a node is full once");
                });
            }
            kept
        }
    }

    impl Nodes for Kept {
        type Error = Infallible;

        fn node(&mut self, level: u32, index: u64) -> Result<Hash, Infallible> {
            Ok(self.nodes[&(level, index)])
        }
    }

    /// The root as RFC 6962 §2.1 defines it.
    fn defined(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => empty_root(),
            [one] => leaf(one),
            many => {
                let (left, right) = many.split_at(usize::try_from(split(u64::try_from(many.len()).unwrap())).unwrap());
                node(defined(left), defined(right))
            }
        }
    }

    #[test]
    fn roots_are_those_of_the_reference_tree() {
        let leaves: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut frontier = Frontier::default();
        assert_eq!(frontier.root().to_hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (entry, root) in leaves.iter().zip(roots) {
            frontier.append(leaf(entry), |_, _, _| ());
            assert_eq!(frontier.root().to_hex(), root);
        }
    }

    fn trees() -> impl Strategy<Value = Vec<Vec<u8>>> {
        prop::collection::vec(prop::collection::vec(any::<u8>(), 0..4), 1..140)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn every_leaf_is_proved_and_no_other(leaves in trees(), other: [u8; 5]) {
            let mut kept = Kept::of(&leaves);
            let size = u64::try_from(leaves.len()).unwrap();
            let top = kept.frontier.root();
            prop_assert_eq!(top, defined(&leaves));
            prop_assert_eq!(root(&mut kept, size).unwrap(), top);
            for (index, entry) in (0_u64..).zip(&leaves) {
                let proof = inclusion(&mut kept, index, size).unwrap();
                prop_assert!(includes(leaf(entry), index, size, &proof, top));
                prop_assert!(!includes(leaf(&other), index, size, &proof, top));
                let mut longer = proof.clone();
                longer.push(top);
                prop_assert!(!includes(leaf(entry), index, size, &longer, top));
            }
            prop_assert!(!includes(leaf(&leaves[0]), size, size, &[], top));
        }

        #[test]
        fn every_beginning_is_proved_and_no_other(leaves in trees(), at: prop::sample::Index) {
            let mut kept = Kept::of(&leaves);
            let new = u64::try_from(leaves.len()).unwrap();
            let top = kept.frontier.root();
            for old in 0..=new {
                let before = defined(&leaves[..usize::try_from(old).unwrap()]);
                let proof = consistency(&mut kept, old, new).unwrap();
                prop_assert!(extends((old, before), (new, top), &proof), "{} in {}", old, new);
                prop_assert!(old == new || !extends((new, top), (old, before), &proof));
                if old > 0 {
                    // One leaf of the beginning changed: its root is no beginning of this tree.
                    let mut changed = leaves[..usize::try_from(old).unwrap()].to_vec();
                    let i = at.index(changed.len());
                    changed[i].push(1);
                    prop_assert!(!extends((old, defined(&changed)), (new, top), &proof));
                }
            }
        }

        #[test]
        fn a_frontier_goes_on_where_it_was_kept(leaves in trees(), at: prop::sample::Index) {
            let stop = at.index(leaves.len());
            let first = Kept::of(&leaves[..stop]).frontier;
            let mut again = Frontier::from_peaks(first.size(), first.peaks().to_vec()).unwrap();
            leaves[stop..].iter().for_each(|entry| again.append(leaf(entry), |_, _, _| ()));
            prop_assert_eq!(again.root(), defined(&leaves));
            prop_assert!(Frontier::from_peaks(first.size() + 1, first.peaks().to_vec()).is_none()
                || (first.size() + 1).count_ones() == first.size().count_ones());
        }
    }
}
