//! How fast a log grows beside the hashes that it cannot do without, and how long a proof takes in a long log.
//!
//! `cargo bench -p kaigo-ledger -- 100`: the log has so many million leaves (10 without a number). Its leaves are real; of the tiles of
//! the lowest level, those that the proofs ask for are made before the clock runs, so that reading a tile is copying it.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::indexing_slicing, reason = "a program for developers")]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::hint::black_box;
use std::time::Instant;

use kaigo_ledger::grow::{Growth, Made, commitment};
use kaigo_ledger::tile::{FromTiles, Tile};
use kaigo_ledger::tree::{consistency, extends, includes, inclusion, node, root};
use kaigo_ledger::{Hash, leaf};

fn entry(n: u64) -> Hash {
    leaf(&commitment(&n.to_be_bytes()))
}

fn main() {
    let millions: u64 = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(10);
    let size = millions * 1_000_000 + 12_345;

    // The floor: the hashes alone, a commitment, a leaf and one inner node for each entry (there are as many nodes as leaves).
    let floor_count = 1_000_000;
    let start = Instant::now();
    let mut last = Hash([0; 32]);
    for n in 0..floor_count {
        last = node(last, entry(n));
    }
    black_box(last);
    let floor = start.elapsed().as_secs_f64() / 1e6;

    let start = Instant::now();
    let mut growth = Growth::default();
    let mut upper: BTreeMap<(u32, u64), Vec<u8>> = BTreeMap::new();
    let keep = |made: Vec<Made>, upper: &mut BTreeMap<(u32, u64), Vec<u8>>| {
        for tile in made.into_iter().filter(|tile| tile.level > 0) {
            upper.insert((tile.level, tile.index), tile.hashes);
        }
    };
    for n in 0..size {
        growth.append(entry(n));
        // As the job does: what changed is kept after every batch.
        if n % 2_000 == 0 {
            let made = growth.changed();
            keep(black_box(made), &mut upper);
        }
    }
    let made = growth.changed();
    keep(made, &mut upper);
    let each = start.elapsed().as_secs_f64() / f64::from(u32::try_from(size).unwrap());
    println!("appends   {:>10.0}/s   floor {:>10.0}/s   {:.2} times the floor", 1.0 / each, 1.0 / floor, each / floor);

    let lowest = |tile: Tile| -> Vec<u8> {
        (tile.index * 256..tile.index * 256 + tile.width).flat_map(|n| entry(n).0).collect()
    };
    let higher = |tile: Tile| upper[&(tile.level, tile.index)][..usize::try_from(tile.width * 32).unwrap()].to_vec();
    let rounds: u64 = 200;
    let places = |round: u64| (round * 7_919_993 % size, (round + 1) * 4_999_999 % size + 1);
    let mut low: BTreeMap<Tile, Vec<u8>> = BTreeMap::new();
    for round in 0..rounds {
        let (index, old) = places(round);
        let mut nodes = FromTiles::new(size, |tile: Tile| {
            let bytes =
                if tile.level == 0 { low.entry(tile).or_insert_with(|| lowest(tile)).clone() } else { higher(tile) };
            Ok::<_, Infallible>(bytes)
        });
        inclusion(&mut nodes, index, size).unwrap();
        root(&mut nodes, old).unwrap();
        consistency(&mut nodes, old, size).unwrap();
    }
    let read = |tile: Tile| Ok::<_, Infallible>(if tile.level == 0 { low[&tile].clone() } else { higher(tile) });
    let top = growth.root();
    let mut took = [0.0, 0.0];
    for round in 0..rounds {
        let (index, old) = places(round);
        let start = Instant::now();
        let mut nodes = FromTiles::new(size, read);
        let proof = inclusion(&mut nodes, index, size).unwrap();
        assert!(includes(entry(index), index, size, &proof, top));
        took[0] += start.elapsed().as_secs_f64();
        let before = root(&mut FromTiles::new(size, read), old).unwrap();
        let start = Instant::now();
        let mut nodes = FromTiles::new(size, read);
        let proof = consistency(&mut nodes, old, size).unwrap();
        assert!(extends((old, before), (size, top), &proof));
        took[1] += start.elapsed().as_secs_f64();
    }
    let each = |took: f64| took * 1000.0 / 200.0;
    println!("inclusion   {:.3} ms in a log of {size}, made and checked", each(took[0]));
    println!("consistency {:.3} ms, made and checked", each(took[1]));
}
