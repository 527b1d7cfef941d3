//! The public form of the access log: signed heads, the tree over all insurers' logs, proofs, witnesses.
//!
//! A log's name stands in its heads as `kaigo-kiban/<key>/<insurer or root>`, where `<key>` names the installation's public key: it
//! does not change when the installation moves to another address.

pub(crate) mod verify;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use kaigo_core::policy::{Act, Caller, Item, Purpose, decide_act};
use kaigo_ledger::grow::commitment;
use kaigo_ledger::note::{Checkpoint, Kind, Note, Verifier};
use kaigo_ledger::tile::{FromTiles, Tile};
use kaigo_ledger::tree::{includes, inclusion};
use kaigo_ledger::{Hash, leaf, sha256};
use kaigo_store::access_log::{self, Placed};
use kaigo_store::db::Tx;
use kaigo_store::log_tree::{self, Kept, ROOT, Witness};
use kaigo_store::time::{instant, parse_instant};
use kaigo_store::{db, lease};
use ring::signature::KeyPair as _;
use serde::{Deserialize, Serialize};

use crate::keys::Keys;
use crate::person::{self, Head};
use crate::run::{Look, Target, look};
use crate::{App, Ctx, Error, Wrong};

/// Seconds between two heads of the tree over all logs, at least.
pub const ROOT_SECONDS: i64 = 10;
/// Entries by which a log that is older than its tree catches up in one transaction.
const BATCH: i32 = 2_000;

/// What a tree over all logs holds of one: its head's text.
fn head_text(keys: &Keys, log_name: &str, size: u64, root: Hash) -> String {
    Checkpoint { origin: origin(keys, log_name), size, root }.text()
}

/// Name of a log of this installation, as it stands in its heads.
pub fn origin(keys: &Keys, log_name: &str) -> String {
    let key = sha256(keys.log().public_key().as_ref()).to_hex();
    format!("kaigo-kiban/{}/{log_name}", key.get(..16).unwrap_or_default())
}

/// The public key of a log of this installation, as it is published.
///
/// # Errors
/// [`Error::Internal`] for a name that cannot stand in a note.
pub fn verifier(keys: &Keys, log_name: &str) -> Result<Verifier, Error> {
    let public = keys.log().public_key().as_ref().try_into().ok();
    public
        .and_then(|public| Verifier::new(&origin(keys, log_name), Kind::Ed25519, public))
        .ok_or_else(|| Error::Internal("the name of a log".to_owned()))
}

/// The signed head of a log.
pub(crate) fn signed_head(keys: &Keys, log_name: &str, size: u64, root: Hash) -> Result<String, db::Error> {
    let text = head_text(keys, log_name, size, root);
    let mut note = Note::new(&text).ok_or_else(|| db::Error::Broken("a head of the log".to_owned()))?;
    note.sign(&origin(keys, log_name), keys.log());
    Ok(note.to_string())
}

/// Lets trees catch up with logs that are older than they are; at a start, and when a job finds one that lags.
pub async fn catch_up(app: &App, ctx: &Ctx, logs: Option<Vec<String>>) -> Result<usize, Error> {
    let logs = match logs {
        Some(logs) => logs,
        None => app.db.read(|tx| access_log::logs(tx).map_err(Error::from)).await?,
    };
    let mut taken = 0;
    for log_name in logs {
        loop {
            let (name, keys, now) = (log_name.clone(), app.keys.clone(), ctx.instant());
            let head = move |log: &str, size, root| signed_head(&keys, log, size, root);
            let n = app
                .db
                .write(move |tx| access_log::catch_up(tx, &name, BATCH, &now, &head).map_err(Error::from))
                .await?;
            taken += n;
            if n < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                break;
            }
        }
    }
    Ok(taken)
}

/// Puts the heads of the logs that grew into the tree over all, if this process has the lease and the last time is long enough ago.
/// Answers how many.
pub async fn root(app: &App, ctx: &Ctx, holder: &str) -> Result<usize, Error> {
    let now = ctx.now;
    if !app.db.read(move |tx| is_due(tx, now)).await? {
        return Ok(0);
    }
    let (ctx, keys, holder) = (ctx.clone(), app.keys.clone(), holder.to_owned());
    app.db
        .write(move |tx| {
            let until = instant(ctx.now + SignedDuration::from_secs(5));
            if !lease::take(tx, "root-log", &holder, &until, &ctx.instant())? || !is_due(tx, ctx.now)? {
                return Ok(0);
            }
            put_heads(tx, &keys, &ctx.instant())
        })
        .await
}

fn is_due(tx: &mut Tx<'_>, now: Timestamp) -> Result<bool, Error> {
    if let Some(last) = log_tree::checkpoint(tx, ROOT)? {
        let last = parse_instant(&last.made_at)?;
        if now.as_second() - last.as_second() < ROOT_SECONDS {
            return Ok(false);
        }
    }
    Ok(log_tree::trees(tx)?.iter().any(|tree| tree.size > tree.rooted_size))
}

fn put_heads(tx: &mut Tx<'_>, keys: &Keys, now: &str) -> Result<usize, Error> {
    let mut heads = Vec::new();
    for tree in log_tree::trees(tx)? {
        if tree.size <= tree.rooted_size {
            continue;
        }
        let kept = log_tree::checkpoint_of(tx, &tree.log_name, tree.size)?;
        let note = kept.and_then(|kept| Note::parse(&kept.note));
        let note = note.ok_or_else(|| Error::Internal(format!("the head of {}", tree.log_name)))?;
        heads.push(note.text().as_bytes().to_vec());
        log_tree::rooted(tx, &tree.log_name, tree.size)?;
    }
    log_tree::grow(tx, ROOT, &heads, &|log, size, root| signed_head(keys, log, size, root), now)?;
    Ok(heads.len())
}

/// A log as its public page shows it.
#[derive(Clone, Debug)]
pub struct PublicLog {
    /// Name: the insurer's number, or `root`.
    pub log_name: String,
    /// The newest head.
    pub head: Kept,
    /// The public key, as it is published.
    pub verifier: String,
}

/// All logs with their newest heads, the one over all first.
pub async fn logs(app: &App) -> Result<Vec<PublicLog>, Error> {
    let keys = app.keys.clone();
    app.db
        .read(move |tx| {
            let names = log_tree::trees(tx)?.into_iter().map(|tree| tree.log_name);
            let mut logs = Vec::new();
            for log_name in std::iter::once(ROOT.to_owned()).chain(names) {
                let Some(head) = log_tree::checkpoint(tx, &log_name)? else { continue };
                logs.push(PublicLog { verifier: verifier(&keys, &log_name)?.text(), log_name, head });
            }
            Ok(logs)
        })
        .await
}

/// The newest signed head of a log.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub async fn checkpoint(app: &App, log_name: &str) -> Result<String, Error> {
    let name = log_name.to_owned();
    let kept = app.db.read(move |tx| log_tree::checkpoint(tx, &name).map_err(Error::from)).await?;
    kept.map(|kept| kept.note).ok_or(Error::NotFound)
}

/// The newest head that a witness signed, with all signatures.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub async fn cosigned(app: &App, log_name: &str) -> Result<String, Error> {
    let name = log_name.to_owned();
    let kept = app.db.read(move |tx| log_tree::cosigned(tx, &name).map_err(Error::from)).await?;
    kept.map(|kept| kept.note).ok_or(Error::NotFound)
}

/// A piece of a log by its address below the log's (`tile/0/x001/067`, `tile/entries/000.p/12`), and whether it can still grow.
///
/// # Errors
/// [`Error::NotFound`] for anything that is not there (yet).
pub async fn piece(app: &App, log_name: &str, path: &str) -> Result<(Vec<u8>, bool), Error> {
    let (tile, is_entries) = match path.strip_prefix("tile/entries/") {
        Some(rest) => (Tile::parse(&format!("tile/0/{rest}")), true),
        None => (Tile::parse(path), false),
    };
    let tile = tile.ok_or(Error::NotFound)?;
    let name = log_name.to_owned();
    let bytes = app
        .db
        .read(move |tx| {
            let width = usize::try_from(tile.width).unwrap_or(0);
            if is_entries {
                let bytes = log_tree::bundle(tx, &name, tile.index)?.unwrap_or_default();
                let kept = kaigo_ledger::grow::unbundle(&bytes, width).filter(|entries| entries.len() == width);
                let cut = kept.map(|entries| entries.iter().map(|entry| entry.len() + 2).sum::<usize>());
                return Ok::<_, Error>(cut.and_then(|cut| bytes.get(..cut).map(<[u8]>::to_vec)));
            }
            let hashes = log_tree::tile(tx, &name, tile.level, tile.index)?.unwrap_or_default();
            Ok(hashes.get(..width * 32).map(<[u8]>::to_vec))
        })
        .await?;
    bytes.map(|bytes| (bytes, tile.width < 256)).ok_or(Error::NotFound)
}

/// What a person can take home about one entry: it can be checked with nothing but the installation's public key.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EntryProof {
    /// `kaigo-entry-proof/1`.
    pub format: String,
    /// The entry, field by field, in the order in which its bytes are made.
    pub entry: Vec<Option<String>>,
    /// Its place in the log, from 0.
    pub index: u64,
    /// Hashes beside the way from the leaf to the root, base64.
    pub proof: Vec<String>,
    /// The signed head of the log.
    pub checkpoint: String,
}

/// Names of an entry's fields, in order.
pub const FIELDS: [&str; 18] = [
    "insurer_no",
    "entry_id",
    "insured_no",
    "account_id",
    "account_name",
    "office_no",
    "office_name",
    "job",
    "act",
    "items",
    "document",
    "purpose",
    "outcome",
    "rule",
    "consent_used",
    "request_id",
    "completed_at",
    "salt",
];

/// An entry of the person's own log with its proof.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The person.
    pub head: Head,
    /// The entry.
    pub entry: Placed,
    /// The proof; none while the entry waits for its place (at most some seconds).
    pub proof: Option<EntryProof>,
}

/// The proof that an entry of the person's own log stands in the public log.
///
/// # Errors
/// [`Error::NotFound`] if the log has no such entry.
pub async fn prove(app: &App, ctx: &Ctx, caller: &Caller, entry_id: &str) -> Result<Proven, Error> {
    let (entry_id, today) = (entry_id.to_owned(), ctx.today);
    let what = Look::view(Target::Myself, &[Item::AccessLog, Item::InsuredCertificate], Purpose::Own);
    look(app, ctx, caller, what, move |tx, seen| {
        if let Some(refusal) = seen.refusal(Item::AccessLog) {
            return Err(refusal.clone().into());
        }
        let entry = access_log::of_person_one(tx, &seen.grant, &entry_id)?.ok_or(Error::NotFound)?;
        let proof = proof_of(tx, &entry)?;
        Ok(Proven { head: person::head(tx, seen, today)?, entry, proof })
    })
    .await
}

fn proof_of(tx: &mut Tx<'_>, placed: &Placed) -> Result<Option<EntryProof>, Error> {
    let log_name = placed.entry.insurer_no.clone();
    let index = placed.seq.and_then(|seq| u64::try_from(seq - 1).ok());
    let (Some(index), Some(kept)) = (index, log_tree::checkpoint(tx, &log_name)?) else { return Ok(None) };
    if index >= kept.size {
        return Ok(None);
    }
    let mut nodes = FromTiles::new(kept.size, |tile: Tile| {
        let bytes = log_tree::tile(tx, &log_name, tile.level, tile.index)?;
        bytes.ok_or_else(|| db::Error::Broken(format!("{} of {log_name}", tile.path())))
    });
    let proof = inclusion(&mut nodes, index, kept.size)
        .map_err(|_| Error::Internal(format!("the tree of {log_name} does not hold together")))?;
    let proof = proof.iter().map(|hash| hash.to_hex()).collect();
    let entry = placed.entry.fields();
    Ok(Some(EntryProof { format: PROOF.to_owned(), entry, index, proof, checkpoint: kept.note }))
}

/// Name and version of the proof's format.
const PROOF: &str = "kaigo-entry-proof/1";

/// What a proof shows, once it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The log's name.
    pub origin: String,
    /// Entries in the log when the head was signed.
    pub size: u64,
    /// The entry by the names of its fields.
    pub fields: BTreeMap<&'static str, String>,
}

/// Checks a proof with nothing but a public key of the installation (of any of its logs).
///
/// # Errors
/// [`Error::Invalid`] with what does not fit.
pub fn check_proof(proof: &EntryProof, key: &Verifier) -> Result<Shown, Error> {
    let wrong = |say: &str| Error::Invalid(vec![Wrong { field: "proof", code: "proof-wrong", say: say.to_owned() }]);
    if proof.format != PROOF || proof.entry.len() != FIELDS.len() {
        return Err(wrong("証明のファイルの形式がちがいます。"));
    }
    let note = Note::parse(&proof.checkpoint).ok_or_else(|| wrong("証明の中の署名つきの控えが読めません。"))?;
    let head = Checkpoint::parse(note.text()).ok_or_else(|| wrong("証明の中の署名つきの控えが読めません。"))?;
    let fields: BTreeMap<&'static str, String> =
        FIELDS.into_iter().zip(&proof.entry).filter_map(|(name, value)| Some((name, value.clone()?))).collect();
    let insurer_no = fields.get("insurer_no").map_or("", String::as_str);
    if !head.origin.ends_with(&format!("/{insurer_no}")) {
        return Err(wrong("記録の保険者と、署名つきの控えの記録簿がちがいます。"));
    }
    let base = |name: &str| name.rsplit_once('/').map(|(base, _)| base.to_owned());
    let signer = key.renamed(&head.origin).filter(|_| base(&key.name) == base(&head.origin));
    if signer.is_none_or(|signer| signer.verify(&note).is_none()) {
        return Err(wrong("控えの署名が、この公開鍵のものではありません。"));
    }
    let hashes: Option<Vec<Hash>> = proof.proof.iter().map(|hex| Hash::from_hex(hex)).collect();
    let hashes = hashes.ok_or_else(|| wrong("証明の値が読めません。"))?;
    let bytes = access_log::bytes_of(&proof.entry).ok_or_else(|| wrong("記録の項目が足りません。"))?;
    if !includes(leaf(&commitment(&bytes)), proof.index, head.size, &hashes, head.root) {
        return Err(wrong("この内容の記録は、その場所にありません。書きかえられているか、別の記録の証明です。"));
    }
    Ok(Shown { origin: head.origin, size: head.size, fields })
}

/// What an insurer's page about its public log shows.
#[derive(Clone, Debug)]
pub struct WitnessPage {
    /// The newest head.
    pub head: Option<Kept>,
    /// Public key of the log.
    pub verifier: String,
    /// Who may sign beside it.
    pub witnesses: Vec<Witness>,
    /// The last head that each signed: key, size, when.
    pub signed: Vec<(String, u64, String)>,
}

fn insurer(caller: &Caller, act: Act) -> Result<(String, String), Error> {
    let grant = decide_act(caller, act)?;
    let insurer_no = grant.insurer_no().ok_or(Error::NotFound)?;
    Ok((insurer_no.to_string(), crate::case::name_of(caller)))
}

/// The insurer's own log and its witnesses.
pub async fn witness_page(app: &App, caller: &Caller) -> Result<WitnessPage, Error> {
    let (log_name, _) = insurer(caller, Act::ListInsured)?;
    let verifier = verifier(&app.keys, &log_name)?.text();
    app.db
        .read(move |tx| {
            Ok(WitnessPage {
                head: log_tree::checkpoint(tx, &log_name)?,
                verifier,
                witnesses: log_tree::witnesses(tx, &log_name)?,
                signed: log_tree::last_cosignatures(tx, &log_name)?,
            })
        })
        .await
}

/// Registers who may sign the heads of the insurer's log beside it: the insurer itself, an auditor.
///
/// # Errors
/// [`Error::Invalid`] for what is no public key of a witness.
pub async fn add_witness(app: &App, ctx: &Ctx, caller: &Caller, key: &str) -> Result<(), Error> {
    let (log_name, by) = insurer(caller, Act::SetRules)?;
    let key = Verifier::parse(key.trim()).filter(|key| key.kind == Kind::Cosignature);
    let Some(key) = key else {
        return Err(Error::Invalid(vec![Wrong {
            field: "verifier",
            code: "witness-key",
            say: "立会人の公開鍵として読めません。kiban cosign --new-key が出した1行を、そのまま貼ってください。"
                .to_owned(),
        }]));
    };
    let now = ctx.instant();
    app.db.write(move |tx| log_tree::add_witness(tx, &log_name, &key.text(), &by, &now).map_err(Error::from)).await
}

/// Ends a witness.
///
/// # Errors
/// [`Error::NotFound`] if there is none with that key.
pub async fn end_witness(app: &App, ctx: &Ctx, caller: &Caller, key: &str) -> Result<(), Error> {
    let (log_name, _) = insurer(caller, Act::SetRules)?;
    let (key, now) = (key.to_owned(), ctx.instant());
    let ended = app.db.write(move |tx| log_tree::end_witness(tx, &log_name, &key, &now).map_err(Error::from)).await?;
    ended.then_some(()).ok_or(Error::NotFound)
}

/// Takes a head of the insurer's own log that a registered witness signed.
///
/// # Errors
/// As [`take_cosignature`].
pub async fn take_own_cosignature(app: &App, ctx: &Ctx, caller: &Caller, note: &str) -> Result<usize, Error> {
    let (log_name, _) = insurer(caller, Act::ListInsured)?;
    take_cosignature(app, ctx, &log_name, note).await
}

/// Takes a head that a registered witness signed. Needs no login: the signature says who.
///
/// # Errors
/// [`Error::Invalid`] if it is no head of this log, or no registered witness signed it.
pub async fn take_cosignature(app: &App, ctx: &Ctx, log_name: &str, note: &str) -> Result<usize, Error> {
    let wrong =
        |say: &str| Error::Invalid(vec![Wrong { field: "note", code: "cosignature-wrong", say: say.to_owned() }]);
    let note = Note::parse(note).ok_or_else(|| wrong("署名つきの控えとして読めません。"))?;
    let head = Checkpoint::parse(note.text()).ok_or_else(|| wrong("署名つきの控えとして読めません。"))?;
    let (name, now) = (log_name.to_owned(), ctx.instant());
    let taken = app
        .db
        .write(move |tx| {
            let kept = log_tree::checkpoint_of(tx, &name, head.size)?.and_then(|kept| Note::parse(&kept.note));
            if kept.is_none_or(|kept| kept.text() != note.text()) {
                return Ok::<_, Error>(None);
            }
            let mut taken = 0;
            for witness in log_tree::witnesses(tx, &name)? {
                let Some(line) = Verifier::parse(&witness.verifier).and_then(|key| note.line_of(&key)) else {
                    continue;
                };
                log_tree::add_cosignature(tx, &name, head.size, (&witness.verifier, &line), &now)?;
                taken += 1;
            }
            Ok(Some(taken))
        })
        .await?;
    match taken {
        None => Err(wrong("この記録簿が出した控えではありません。")),
        Some(0) => Err(wrong("登録された立会人の署名がありません。")),
        Some(taken) => Ok(taken),
    }
}
