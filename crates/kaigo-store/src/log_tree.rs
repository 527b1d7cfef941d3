//! The public form of the access log: trees over commitments, in tiles, with signed heads (C2SP tlog-tiles, tlog-checkpoint).
//!
//! Nothing here tells anything about a person: leaves are commitments with a random salt. So no function asks for a grant.
//! A tree grows in the transaction that gives the entries their places, and can be made again from them.

use std::collections::BTreeMap;

use kaigo_ledger::Hash;
use kaigo_ledger::grow::{FULL, Growth, Made, bundled, unfinished};

use crate::db::{Error, Row, Tx};

/// Name of the tree over all others.
pub const ROOT: &str = "root";
/// Leaves under one tile of the lowest level.
const WIDTH: u64 = 256;

statements! {
    TREE = "SELECT size, peaks, rooted_size FROM log_tree WHERE log_name = ?1";
    TREES = "SELECT log_name, size, rooted_size FROM log_tree WHERE log_name <> 'root' ORDER BY log_name";
    PUT_TREE = "INSERT INTO log_tree (log_name, size, rooted_size, peaks) VALUES (?1, ?2, 0, ?3) \
                ON CONFLICT (log_name) DO UPDATE SET size = excluded.size, peaks = excluded.peaks";
    ROOTED = "UPDATE log_tree SET rooted_size = ?2 WHERE log_name = ?1";
    TILE = "SELECT hashes FROM log_tile WHERE log_name = ?1 AND level = ?2 AND tile_no = ?3";
    PUT_TILE = "INSERT INTO log_tile (log_name, level, tile_no, hashes) VALUES (?1, ?2, ?3, ?4) \
                ON CONFLICT (log_name, level, tile_no) DO UPDATE SET hashes = excluded.hashes";
    BUNDLE = "SELECT entries FROM log_bundle WHERE log_name = ?1 AND bundle_no = ?2";
    PUT_BUNDLE = "INSERT INTO log_bundle (log_name, bundle_no, entries) VALUES (?1, ?2, ?3) \
                  ON CONFLICT (log_name, bundle_no) DO UPDATE SET entries = excluded.entries";
    PUT_CHECKPOINT = "INSERT INTO log_checkpoint (log_name, size, note, made_at) VALUES (?1, ?2, ?3, ?4) \
                      ON CONFLICT (log_name, size) DO NOTHING";
    CHECKPOINT = "SELECT size, note, made_at FROM log_checkpoint WHERE log_name = ?1 ORDER BY size DESC LIMIT 1";
    CHECKPOINT_OF = "SELECT size, note, made_at FROM log_checkpoint WHERE log_name = ?1 AND size = ?2";
    CHECKPOINTS = "SELECT size, note, made_at FROM log_checkpoint WHERE log_name = ?1 AND size > ?2 ORDER BY size LIMIT ?3";
    COSIGNED = "SELECT max(size) FROM log_cosignature WHERE log_name = ?1";
    LINES = "SELECT line FROM log_cosignature WHERE log_name = ?1 AND size = ?2 ORDER BY verifier";
    LAST_LINES = "SELECT c.verifier, c.size, c.signed_at FROM log_cosignature c WHERE c.log_name = ?1 AND c.size = \
                  (SELECT max(d.size) FROM log_cosignature d WHERE d.log_name = c.log_name AND d.verifier = c.verifier) ORDER BY c.verifier";
    PUT_LINE = "INSERT INTO log_cosignature (log_name, size, verifier, line, signed_at) VALUES (?1, ?2, ?3, ?4, ?5) \
                ON CONFLICT (log_name, size, verifier) DO NOTHING";
    WITNESSES = "SELECT verifier, added_by, added_at FROM log_witness WHERE log_name = ?1 AND ended_at IS NULL ORDER BY added_at, verifier";
    PUT_WITNESS = "INSERT INTO log_witness (log_name, verifier, added_by, added_at, ended_at) VALUES (?1, ?2, ?3, ?4, NULL) \
                   ON CONFLICT (log_name, verifier) DO UPDATE SET ended_at = NULL";
    END_WITNESS = "UPDATE log_witness SET ended_at = ?3 WHERE log_name = ?1 AND verifier = ?2 AND ended_at IS NULL";
}

/// Makes the signed head of a log: name, size, root.
pub type Headed<'a> = &'a (dyn Fn(&str, u64, Hash) -> Result<String, Error> + Sync);

/// A signed head that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Number of leaves.
    pub size: u64,
    /// The signed note.
    pub note: String,
    /// When it was made.
    pub made_at: String,
}

/// A log with its sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Name: the insurer's number.
    pub log_name: String,
    /// Number of leaves.
    pub size: u64,
    /// Number of leaves when its head was last put into the tree over all.
    pub rooted_size: u64,
}

/// Who may sign a log's heads beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Public key as it is published: `name+id+key`.
    pub verifier: String,
    /// Who registered it.
    pub added_by: String,
    /// When.
    pub added_at: String,
}

/// Number of leaves of a log; 0 if it has no tree yet.
pub fn size(tx: &mut Tx<'_>, log_name: &str) -> Result<u64, Error> {
    tx.query_opt(TREE, args![log_name])?.map_or(Ok(0), |row| unsigned(&row, 0))
}

/// All logs but the one over all.
pub fn trees(tx: &mut Tx<'_>) -> Result<Vec<Tree>, Error> {
    let rows = tx.query(TREES, &[])?;
    rows.iter()
        .map(|row| {
            Ok(Tree { log_name: row.text(0)?.to_owned(), size: unsigned(row, 1)?, rooted_size: unsigned(row, 2)? })
        })
        .collect()
}

/// Notes that the log's head of that size is in the tree over all.
pub fn rooted(tx: &mut Tx<'_>, log_name: &str, size: u64) -> Result<(), Error> {
    tx.execute(ROOTED, args![log_name, signed(size)?]).map(drop)
}

/// Appends entries to a log's tree, keeps the tiles and bundles that changed, and the signed head.
///
/// # Errors
/// [`Error::Broken`] if the kept tree does not hold together.
pub fn grow(tx: &mut Tx<'_>, log_name: &str, entries: &[Vec<u8>], head: Headed<'_>, now: &str) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let broken = || Error::Broken(format!("the tree of {log_name}"));
    let (start, peaks) = match tx.query_opt(TREE, args![log_name])? {
        Some(row) => (unsigned(&row, 0)?, hashes(row.bytes(1)?).ok_or_else(broken)?),
        None => (0, Vec::new()),
    };
    let mut tails = BTreeMap::new();
    for (level, index) in unfinished(start) {
        let kept = tile(tx, log_name, level, index)?.ok_or_else(broken)?;
        tails.insert(level, kept);
    }
    let mut growth = Growth::resume(start, peaks, tails).ok_or_else(broken)?;
    let mut bundles: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    if !start.is_multiple_of(WIDTH) {
        let kept = bundle(tx, log_name, start / WIDTH)?.ok_or_else(broken)?;
        bundles.insert(start / WIDTH, kept);
    }
    for entry in entries {
        let bytes = bundled(entry).ok_or_else(broken)?;
        bundles.entry(growth.size() / WIDTH).or_default().extend(bytes);
        growth.append(kaigo_ledger::leaf(entry));
    }
    for made in growth.changed() {
        let level = i64::from(made.level);
        tx.execute(PUT_TILE, args![log_name, level, signed(made.index)?, made.hashes.as_slice()])?;
    }
    for (number, bytes) in &bundles {
        tx.execute(PUT_BUNDLE, args![log_name, signed(*number)?, bytes.as_slice()])?;
    }
    let peaks: Vec<u8> = growth.peaks().iter().flat_map(|hash| hash.0).collect();
    tx.execute(PUT_TREE, args![log_name, signed(growth.size())?, peaks.as_slice()])?;
    let note = head(log_name, growth.size(), growth.root())?;
    tx.execute(PUT_CHECKPOINT, args![log_name, signed(growth.size())?, note, now]).map(drop)
}

/// The hashes of a tile as far as it is filled.
pub fn tile(tx: &mut Tx<'_>, log_name: &str, level: u32, index: u64) -> Result<Option<Vec<u8>>, Error> {
    let row = tx.query_opt(TILE, args![log_name, i64::from(level), signed(index)?])?;
    row.map(|row| row.bytes(0).map(<[u8]>::to_vec)).transpose()
}

/// The entries under a tile of the lowest level, as far as it is filled, each with its length before it.
pub fn bundle(tx: &mut Tx<'_>, log_name: &str, index: u64) -> Result<Option<Vec<u8>>, Error> {
    let row = tx.query_opt(BUNDLE, args![log_name, signed(index)?])?;
    row.map(|row| row.bytes(0).map(<[u8]>::to_vec)).transpose()
}

/// The newest signed head.
pub fn checkpoint(tx: &mut Tx<'_>, log_name: &str) -> Result<Option<Kept>, Error> {
    tx.query_opt(CHECKPOINT, args![log_name])?.as_ref().map(kept).transpose()
}

/// The signed head of a size.
pub fn checkpoint_of(tx: &mut Tx<'_>, log_name: &str, size: u64) -> Result<Option<Kept>, Error> {
    tx.query_opt(CHECKPOINT_OF, args![log_name, signed(size)?])?.as_ref().map(kept).transpose()
}

/// Signed heads above a size, in order.
pub fn checkpoints(tx: &mut Tx<'_>, log_name: &str, above: u64, limit: i32) -> Result<Vec<Kept>, Error> {
    tx.query(CHECKPOINTS, args![log_name, signed(above)?, limit])?.iter().map(kept).collect()
}

/// The newest head that a witness has signed, with the lines of all witnesses under it.
pub fn cosigned(tx: &mut Tx<'_>, log_name: &str) -> Result<Option<Kept>, Error> {
    let newest = tx.query_opt(COSIGNED, args![log_name])?.map(|row| row.opt_int(0)).transpose()?.flatten();
    let Some(size) = newest else { return Ok(None) };
    let size = u64::try_from(size).map_err(|_| Error::Broken("a cosignature".to_owned()))?;
    let Some(mut kept) = checkpoint_of(tx, log_name, size)? else { return Ok(None) };
    for line in tx.query(LINES, args![log_name, signed(size)?])? {
        kept.note.push_str(line.text(0)?);
    }
    Ok(Some(kept))
}

/// The last head that each witness signed: key, size, when.
pub fn last_cosignatures(tx: &mut Tx<'_>, log_name: &str) -> Result<Vec<(String, u64, String)>, Error> {
    let rows = tx.query(LAST_LINES, args![log_name])?;
    rows.iter().map(|row| Ok((row.text(0)?.to_owned(), unsigned(row, 1)?, row.text(2)?.to_owned()))).collect()
}

/// Keeps a witness's line under the head of a size. A repeat changes nothing.
pub fn add_cosignature(
    tx: &mut Tx<'_>,
    log_name: &str,
    size: u64,
    (verifier, line): (&str, &str),
    now: &str,
) -> Result<(), Error> {
    tx.execute(PUT_LINE, args![log_name, signed(size)?, verifier, line, now]).map(drop)
}

/// Who may sign the log's heads now.
pub fn witnesses(tx: &mut Tx<'_>, log_name: &str) -> Result<Vec<Witness>, Error> {
    let rows = tx.query(WITNESSES, args![log_name])?;
    rows.iter()
        .map(|row| {
            Ok(Witness {
                verifier: row.text(0)?.to_owned(),
                added_by: row.text(1)?.to_owned(),
                added_at: row.text(2)?.to_owned(),
            })
        })
        .collect()
}

/// Registers a witness.
pub fn add_witness(tx: &mut Tx<'_>, log_name: &str, verifier: &str, by: &str, now: &str) -> Result<(), Error> {
    tx.execute(PUT_WITNESS, args![log_name, verifier, by, now]).map(drop)
}

/// Ends a witness; what it signed stays.
pub fn end_witness(tx: &mut Tx<'_>, log_name: &str, verifier: &str, now: &str) -> Result<bool, Error> {
    Ok(tx.execute(END_WITNESS, args![log_name, verifier, now])? == 1)
}

/// Compares the kept tiles, bundles and heads of a log with those that its leaves make. Fed in order.
pub struct Check {
    log_name: String,
    growth: Growth,
    bundle: Vec<u8>,
}

impl Check {
    /// Starts with the first leaf of a log.
    pub fn new(log_name: &str) -> Self {
        Self { log_name: log_name.to_owned(), growth: Growth::default(), bundle: Vec::new() }
    }

    /// The next leaf. Full tiles and bundles are compared at once. Answers the addresses of those that differ.
    pub fn take(&mut self, tx: &mut Tx<'_>, entry: &[u8]) -> Result<Vec<String>, Error> {
        self.growth.append(kaigo_ledger::leaf(entry));
        self.bundle.extend(bundled(entry).unwrap_or_default());
        if self.growth.size().is_multiple_of(WIDTH) { self.compared(tx, false) } else { Ok(Vec::new()) }
    }

    /// Compares what is not compared yet, after the last leaf.
    pub fn compare(&mut self, tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
        self.compared(tx, true)
    }

    fn compared(&mut self, tx: &mut Tx<'_>, is_end: bool) -> Result<Vec<String>, Error> {
        let mut wrong = Vec::new();
        let unfinished = if is_end { unfinished(self.growth.size()) } else { Vec::new() };
        let tails = unfinished.into_iter().filter_map(|(level, index)| {
            let hashes = self.growth.tail(level)?.to_vec();
            Some(Made { level, index, hashes })
        });
        let tails: Vec<Made> = tails.collect();
        // What is not full yet grows with the leaves that come: judged at the end.
        let full = self.growth.changed().into_iter().filter(|made| made.hashes.len() == FULL);
        for made in full.chain(tails) {
            let kept = tile(tx, &self.log_name, made.level, made.index)?;
            if kept.as_deref() != Some(made.hashes.as_slice()) {
                wrong.push(format!("tile/{}/{}", made.level, made.index));
            }
        }
        let size = self.growth.size();
        let number = size.checked_sub(1).map(|last| last / WIDTH).filter(|_| !self.bundle.is_empty());
        let Some(number) = number else { return Ok(wrong) };
        if bundle(tx, &self.log_name, number)?.as_deref() != Some(self.bundle.as_slice()) {
            wrong.push(format!("tile/entries/{number}"));
        }
        if size.is_multiple_of(WIDTH) {
            self.bundle.clear();
        }
        Ok(wrong)
    }

    /// Number of leaves taken.
    pub fn size(&self) -> u64 {
        self.growth.size()
    }

    /// The root of the leaves taken.
    pub fn root(&self) -> Hash {
        self.growth.root()
    }
}

fn kept(row: &Row) -> Result<Kept, Error> {
    Ok(Kept { size: unsigned(row, 0)?, note: row.text(1)?.to_owned(), made_at: row.text(2)?.to_owned() })
}

fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    bytes.chunks(32).map(|piece| piece.try_into().ok().map(Hash)).collect()
}

fn unsigned(row: &Row, i: usize) -> Result<u64, Error> {
    u64::try_from(row.int(i)?).map_err(|_| Error::Broken("a size below zero".to_owned()))
}

fn signed(n: u64) -> Result<i64, Error> {
    i64::try_from(n).map_err(|_| Error::Broken("a size beyond counting".to_owned()))
}
