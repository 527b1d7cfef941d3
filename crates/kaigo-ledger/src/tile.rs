//! Tiles (C2SP tlog-tiles): 256 hashes in a file that never changes once it is full, under an address that says which.
//!
//! A tile of level `l` holds nodes of tree level `8·l`. What lies between is computed from them, so a proof for a leaf among
//! a hundred million reads a handful of files.

use crate::Hash;
use crate::tree::{Nodes, node};

/// Hashes of a full tile.
pub const WIDTH: u64 = 256;
/// Levels of the tree that a tile spans.
pub const HEIGHT: u32 = 8;

/// Which tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// Level, 0 to 63 (in practice 0 to 7).
    pub level: u32,
    /// Place in its level.
    pub index: u64,
    /// How many hashes it has, 1 to 256.
    pub width: u64,
}

impl Tile {
    /// The address below the log's prefix: `tile/0/x001/x234/067`, a partial one with `.p/` and its width.
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, place(self.index, self.width))
    }

    /// The address of the entries under a tile of level 0.
    pub fn entries_path(&self) -> String {
        format!("tile/entries/{}", place(self.index, self.width))
    }

    /// Reads an address; none for anything that [`Tile::path`] does not write.
    pub fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("tile/")?;
        let (level, rest) = rest.split_once('/')?;
        let level: u32 = level.parse().ok().filter(|level| *level < 64)?;
        let (place, width) = match rest.split_once(".p/") {
            Some((place, width)) => (place, width.parse().ok().filter(|width| (1..WIDTH).contains(width))?),
            None => (rest, WIDTH),
        };
        let mut index: u64 = 0;
        let mut pieces = place.split('/').peekable();
        while let Some(piece) = pieces.next() {
            let digits = if pieces.peek().is_some() { piece.strip_prefix('x')? } else { piece };
            if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        let tile = Self { level, index, width };
        (tile.path() == path).then_some(tile)
    }

    /// The tile that holds a full node of the tree in a log of that size, and where in it the node's leaves are: from, to.
    pub fn of_node(level: u32, index: u64, size: u64) -> (Self, u64, u64) {
        let (tile_level, within) = (level / HEIGHT, level % HEIGHT);
        // The node is computed from 2^within neighbours of the tile's own level.
        let first = index << within;
        let tile_index = first / WIDTH;
        let nodes = size >> (tile_level * HEIGHT);
        let width = (nodes - (tile_index * WIDTH).min(nodes)).min(WIDTH);
        let from = first % WIDTH;
        (Self { level: tile_level, index: tile_index, width }, from, from + (1 << within))
    }
}

fn place(index: u64, width: u64) -> String {
    let mut pieces = vec![format!("{:03}", index % 1000)];
    let mut rest = index / 1000;
    while rest > 0 {
        pieces.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    pieces.reverse();
    let path = pieces.join("/");
    if width == WIDTH { path } else { format!("{path}.p/{width}") }
}

/// Why a tile does not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadTile<E> {
    /// It could not be read.
    Unreadable(E),
    /// It has not the bytes that its width asks for.
    Short(Tile),
}

/// Nodes computed from tiles, which `read` fetches; each tile is fetched once.
pub struct FromTiles<R> {
    size: u64,
    read: R,
    kept: std::collections::BTreeMap<Tile, Vec<u8>>,
}

impl<R> FromTiles<R> {
    /// Reads nodes of a log of that size.
    pub fn new(size: u64, read: R) -> Self {
        Self { size, read, kept: std::collections::BTreeMap::new() }
    }

    /// How many tiles were fetched.
    pub fn fetched(&self) -> usize {
        self.kept.len()
    }
}

impl<E, R: FnMut(Tile) -> Result<Vec<u8>, E>> Nodes for FromTiles<R> {
    type Error = BadTile<E>;

    fn node(&mut self, level: u32, index: u64) -> Result<Hash, BadTile<E>> {
        let (tile, from, to) = Tile::of_node(level, index, self.size);
        if !self.kept.contains_key(&tile) {
            let bytes = (self.read)(tile).map_err(BadTile::Unreadable)?;
            self.kept.insert(tile, bytes);
        }
        let bytes = self.kept.get(&tile).map(Vec::as_slice).unwrap_or_default();
        let mut row: Vec<Hash> = Vec::new();
        for at in from..to {
            let place = usize::try_from(at * 32).unwrap_or(usize::MAX);
            let hash = bytes.get(place..place.saturating_add(32)).and_then(|piece| piece.try_into().ok());
            row.push(Hash(hash.ok_or(BadTile::Short(tile))?));
        }
        while row.len() > 1 {
            row = row.chunks(2).filter_map(|pair| Some(node(*pair.first()?, *pair.get(1)?))).collect();
        }
        row.first().copied().ok_or(BadTile::Short(tile))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::leaf;
    use crate::tree::{Frontier, consistency, extends, includes, inclusion, root};

    #[test]
    fn addresses_are_those_of_the_specification() {
        let path = |level, index, width| Tile { level, index, width }.path();
        assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(1, 0, 1), "tile/1/000.p/1");
        assert_eq!(Tile { level: 0, index: 999, width: 256 }.entries_path(), "tile/entries/999");
        for good in ["tile/0/x001/x234/067", "tile/3/000.p/17", "tile/0/x001/000"] {
            assert_eq!(Tile::parse(good).unwrap().path(), good);
        }
        for bad in
            ["tile/0/1", "tile/0/x000/001", "tile/0/000.p/256", "tile/64/000", "tile/0/x01/000", "tile/0/000/", "x"]
        {
            assert_eq!(Tile::parse(bad), None, "{bad}");
        }
    }

    /// Tiles of a log, as a directory would hold them.
    fn tiles(count: u64) -> (Frontier, BTreeMap<(u32, u64), Vec<u8>>) {
        let mut frontier = Frontier::default();
        let mut tiles: BTreeMap<(u32, u64), Vec<u8>> = BTreeMap::new();
        for n in 0..count {
            frontier.append(leaf(&n.to_be_bytes()), |level, index, hash| {
                if level % HEIGHT == 0 {
                    tiles.entry((level / HEIGHT, index / WIDTH)).or_default().extend(hash.0);
                }
            });
        }
        (frontier, tiles)
    }

    #[test]
    fn proofs_come_from_tiles_alone() {
        for size in [1, 2, 255, 256, 257, 1000, 65_536, 65_793, 70_001] {
            let (frontier, tiles) = tiles(size);
            let read = |tile: Tile| {
                let bytes = tiles.get(&(tile.level, tile.index)).ok_or("no such tile")?;
                bytes.get(..usize::try_from(tile.width * 32).unwrap()).map(<[u8]>::to_vec).ok_or("too short")
            };
            let mut nodes = FromTiles::new(size, read);
            let top = frontier.root();
            assert_eq!(root(&mut nodes, size).unwrap(), top);
            for index in [0, size / 3, size / 2, size - 1] {
                let proof = inclusion(&mut nodes, index, size).unwrap();
                assert!(includes(leaf(&index.to_be_bytes()), index, size, &proof, top), "{index} of {size}");
            }
            let old = (size / 2).max(1);
            let before = root(&mut nodes, old).unwrap();
            let proof = consistency(&mut nodes, old, size).unwrap();
            assert!(extends((old, before), (size, top), &proof), "{old} in {size}");
        }
    }

    #[test]
    fn a_proof_reads_a_handful_of_tiles() {
        let (_, tiles) = tiles(70_001);
        let read = |tile: Tile| tiles.get(&(tile.level, tile.index)).cloned().ok_or(());
        let mut nodes = FromTiles::new(70_001, read);
        inclusion(&mut nodes, 12_345, 70_001).unwrap();
        assert!(nodes.fetched() <= 5, "{}", nodes.fetched());
    }

    #[test]
    fn a_tile_that_is_too_short_is_told() {
        let mut nodes = FromTiles::new(300, |_| Ok::<_, ()>(vec![0; 31]));
        assert!(matches!(root(&mut nodes, 300), Err(BadTile::Short(_))));
    }
}
