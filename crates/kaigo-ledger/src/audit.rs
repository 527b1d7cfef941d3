//! A log judged from outside, with nothing but a public key and what anybody can read of it (C2SP tlog-tiles).

use std::collections::{BTreeMap, BTreeSet};

use crate::grow::{Growth, unbundle};
use crate::note::{Checkpoint, Note, Verifier};
use crate::tile::{FromTiles, Tile, WIDTH};
use crate::tree::{consistency, extends, root};
use crate::{Hash, leaf};

/// What is wrong with a log, or why it cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong<E> {
    /// A piece cannot be read: its address, why.
    Unreadable(String, E),
    /// The head is no head of this log, or not signed by its key.
    Head,
    /// A bundle of entries is too short or too long: its address.
    Bundle(String),
    /// A tile is not the one that the entries make: its address.
    Tile(String),
    /// The entries do not make the root of the head.
    Root,
    /// The log is shorter than it was, or was made anew: the size that was known.
    Forked(u64),
}

/// Where pieces of a log are read, by their addresses below the log's.
pub trait Source {
    /// Why one cannot be read.
    type Error;

    /// The bytes of a piece: `checkpoint`, `tile/0/000`, `tile/entries/000.p/12`.
    fn read(&mut self, path: &str) -> Result<Vec<u8>, Self::Error>;
}

/// The signed head of a log.
///
/// # Errors
/// [`Wrong::Head`] if the key did not sign it or it is another log's.
pub fn head<S: Source>(source: &mut S, key: &Verifier) -> Result<(Checkpoint, Note), Wrong<S::Error>> {
    let path = "checkpoint";
    let bytes = source.read(path).map_err(|e| Wrong::Unreadable(path.to_owned(), e))?;
    signed(&bytes, key).ok_or(Wrong::Head)
}

/// The head that a note tells, if the key signed it.
pub fn signed(bytes: &[u8], key: &Verifier) -> Option<(Checkpoint, Note)> {
    let note = Note::parse(core::str::from_utf8(bytes).ok()?)?;
    let head = Checkpoint::parse(note.text()).filter(|head| head.origin == key.name)?;
    key.verify(&note)?;
    Some((head, note))
}

/// Reads the whole log: every entry, every tile. `known`: sizes and roots that were seen earlier or elsewhere, each must be a
/// beginning of this log. `each` gets every entry with its place, from 0.
///
/// # Errors
/// The first thing that is wrong.
pub fn whole<S: Source>(
    source: &mut S,
    key: &Verifier,
    known: &[(u64, Hash)],
    mut each: impl FnMut(u64, &[u8]),
) -> Result<Checkpoint, Wrong<S::Error>> {
    let (head, _) = head(source, key)?;
    let wanted: BTreeSet<u64> = known.iter().map(|(size, _)| *size).collect();
    let mut roots: BTreeMap<u64, Hash> = BTreeMap::new();
    let mut growth = Growth::default();
    roots.insert(0, growth.root());
    while growth.size() < head.size {
        let index = growth.size() / WIDTH;
        let width = (head.size - growth.size()).min(WIDTH);
        let path = Tile { level: 0, index, width }.entries_path();
        let bytes = source.read(&path).map_err(|e| Wrong::Unreadable(path.clone(), e))?;
        let entries = unbundle(&bytes, usize::MAX).filter(|entries| u64::try_from(entries.len()) == Ok(width));
        for entry in entries.ok_or(Wrong::Bundle(path))? {
            each(growth.size(), entry);
            growth.append(leaf(entry));
            if wanted.contains(&growth.size()) {
                roots.insert(growth.size(), growth.root());
            }
        }
        let is_last = growth.size() == head.size;
        for made in growth.changed() {
            let width = u64::try_from(made.hashes.len() / 32).unwrap_or(0);
            if width < WIDTH && !is_last {
                continue;
            }
            compare(source, Tile { level: made.level, index: made.index, width }, &made.hashes)?;
        }
    }
    // What did not change with the last bundle is a tile that is not full yet, too.
    for (level, index) in crate::grow::unfinished(head.size) {
        if let Some(hashes) = growth.tail(level) {
            let width = u64::try_from(hashes.len() / 32).unwrap_or(0);
            compare(source, Tile { level, index, width }, hashes)?;
        }
    }
    if growth.root() != head.root {
        return Err(Wrong::Root);
    }
    match known.iter().find(|(size, root)| roots.get(size) != Some(root)) {
        Some((size, _)) => Err(Wrong::Forked(*size)),
        None => Ok(head),
    }
}

fn compare<S: Source>(source: &mut S, tile: Tile, hashes: &[u8]) -> Result<(), Wrong<S::Error>> {
    let path = tile.path();
    let kept = source.read(&path).map_err(|e| Wrong::Unreadable(path.clone(), e))?;
    if kept == hashes { Ok(()) } else { Err(Wrong::Tile(path)) }
}

/// The newest head, if what is known is a beginning of its log; reads a handful of tiles, however long the log is. A size of 0
/// knows nothing.
///
/// # Errors
/// The first thing that is wrong.
pub fn goes_on<S: Source>(
    source: &mut S,
    key: &Verifier,
    (size, known): (u64, Hash),
) -> Result<(Checkpoint, Note), Wrong<S::Error>> {
    let (head, note) = head(source, key)?;
    if head.size < size {
        return Err(Wrong::Forked(size));
    }
    let mut failed = None;
    let mut nodes = FromTiles::new(head.size, |tile: Tile| {
        let path = tile.path();
        source.read(&path).map_err(|e| failed = Some(Wrong::Unreadable(path, e)))
    });
    let proof = root(&mut nodes, head.size).and_then(|top| Ok((top, consistency(&mut nodes, size, head.size)?)));
    drop(nodes);
    if let Some(failed) = failed {
        return Err(failed);
    }
    let Ok((top, proof)) = proof else { return Err(Wrong::Root) };
    if top != head.root {
        return Err(Wrong::Root);
    }
    if size > 0 && !extends((size, known), (head.size, head.root), &proof) {
        return Err(Wrong::Forked(size));
    }
    Ok((head, note))
}

#[cfg(test)]
mod tests {
    use ring::signature::{Ed25519KeyPair, KeyPair as _};

    use super::*;
    use crate::grow::bundled;
    use crate::note::Kind;

    const NAME: &str = "kaigo-kiban/test/981019";

    /// A log as a folder would hold it.
    #[derive(Clone)]
    struct Folder(BTreeMap<String, Vec<u8>>);

    impl Source for Folder {
        type Error = ();

        fn read(&mut self, path: &str) -> Result<Vec<u8>, ()> {
            self.0.get(path).cloned().ok_or(())
        }
    }

    fn key() -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
    }

    fn verifier() -> Verifier {
        Verifier::new(NAME, Kind::Ed25519, key().public_key().as_ref().try_into().unwrap()).unwrap()
    }

    fn log(entries: &[Vec<u8>]) -> (Folder, Hash) {
        let mut files = BTreeMap::new();
        let mut growth = Growth::default();
        for chunk in entries.chunks(256) {
            let index = growth.size() / 256;
            let width = u64::try_from(chunk.len()).unwrap();
            let bytes = chunk.iter().flat_map(|entry| bundled(entry).unwrap()).collect();
            files.insert(Tile { level: 0, index, width }.entries_path(), bytes);
            for entry in chunk {
                growth.append(leaf(entry));
            }
            for made in growth.changed() {
                let width = u64::try_from(made.hashes.len() / 32).unwrap();
                if width < 256 && usize::try_from(growth.size()).unwrap() < entries.len() {
                    continue;
                }
                files.insert(Tile { level: made.level, index: made.index, width }.path(), made.hashes);
            }
        }
        for (level, index) in crate::grow::unfinished(growth.size()) {
            let hashes = growth.tail(level).unwrap().to_vec();
            let width = u64::try_from(hashes.len() / 32).unwrap();
            files.insert(Tile { level, index, width }.path(), hashes);
        }
        let head = Checkpoint { origin: NAME.to_owned(), size: growth.size(), root: growth.root() };
        let mut note = Note::new(&head.text()).unwrap();
        note.sign(NAME, &key());
        files.insert("checkpoint".to_owned(), note.to_string().into_bytes());
        (Folder(files), growth.root())
    }

    fn entries(count: u32) -> Vec<Vec<u8>> {
        (0..count).map(|n| n.to_be_bytes().to_vec()).collect()
    }

    #[test]
    fn a_log_that_is_right_is_found_right() {
        for count in [1, 255, 256, 257, 1000] {
            let (mut folder, top) = log(&entries(count));
            let mut seen = 0;
            let head = whole(&mut folder, &verifier(), &[(u64::from(count), top)], |_, _| seen += 1).unwrap();
            assert_eq!((head.size, seen), (u64::from(count), count));
            let half = u64::from(count).div_ceil(2);
            let (_, before) = log(&entries(u32::try_from(half).unwrap()));
            whole(&mut folder, &verifier(), &[(half, before)], |_, _| {}).unwrap();
            goes_on(&mut folder, &verifier(), (half, before)).unwrap();
            goes_on(&mut folder, &verifier(), (0, before)).unwrap();
        }
    }

    #[test]
    fn every_changed_byte_is_found() {
        let (folder, _) = log(&entries(700));
        for path in folder.0.keys() {
            for place in [0, 40, usize::MAX] {
                let mut changed = folder.clone();
                let bytes = changed.0.get_mut(path).unwrap();
                let place = place.min(bytes.len() - 2);
                bytes[place] ^= 1;
                assert!(whole(&mut changed, &verifier(), &[], |_, _| {}).is_err(), "{path} at {place}");
            }
            let mut gone = folder.clone();
            gone.0.remove(path);
            assert!(whole(&mut gone, &verifier(), &[], |_, _| {}).is_err(), "{path} is not there");
        }
    }

    #[test]
    fn a_log_that_was_cut_off_or_made_anew_is_found_by_who_knew_it() {
        let (_, before) = log(&entries(300));
        let mut other = entries(700);
        other[17] = b"another story".to_vec();
        let (mut forked, _) = log(&other);
        let (mut cut, _) = log(&entries(200));
        for folder in [&mut forked, &mut cut] {
            whole(folder, &verifier(), &[], |_, _| {}).unwrap();
            assert_eq!(whole(folder, &verifier(), &[(300, before)], |_, _| {}), Err(Wrong::Forked(300)));
            assert_eq!(goes_on(folder, &verifier(), (300, before)).err(), Some(Wrong::Forked(300)));
        }
    }

    #[test]
    fn another_key_or_another_log_is_no_head_of_this_one() {
        let (mut folder, _) = log(&entries(3));
        let other = Ed25519KeyPair::from_seed_unchecked(&[8; 32]).unwrap();
        let strange = Verifier::new(NAME, Kind::Ed25519, other.public_key().as_ref().try_into().unwrap()).unwrap();
        assert_eq!(head(&mut folder, &strange).err(), Some(Wrong::Head));
        let renamed = verifier().renamed("kaigo-kiban/test/983015").unwrap();
        assert_eq!(head(&mut folder, &renamed).err(), Some(Wrong::Head));
    }
}
