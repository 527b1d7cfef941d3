//! The job that seals the access log within a second, and the proof that nothing in it was changed.

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;
use kaigo_ledger::{Hash, genesis, leaf, link, seal_text};
use kaigo_store::access_log::{self, Placed, Seal};
use kaigo_store::time::instant;
use kaigo_store::{account, lease};

use crate::keys::seal_fits;
use crate::{App, Ctx, Error, transparency};

/// How often the job runs, in milliseconds: entries have their place within a second.
pub const EVERY_MILLIS: u64 = 400;
/// Entries that one transaction seals at most.
const BATCH: i32 = 2_000;

/// Seals what waits, if this process has the lease. Answers how many entries got their place.
pub async fn run(app: &App, ctx: &Ctx, holder: &str) -> Result<usize, Error> {
    let mut sealed = 0;
    loop {
        let (at, keys, holder) = (ctx.clone(), app.keys.clone(), holder.to_owned());
        let (n, lagging) = app
            .db
            .write(move |tx| {
                let until = instant(at.now + SignedDuration::from_secs(5));
                if !lease::take(tx, "seal-log", &holder, &until, &at.instant())? {
                    return Ok((0, Vec::new()));
                }
                let head = |log: &str, size, root| transparency::signed_head(&keys, log, size, root);
                let sealed = access_log::seal(tx, BATCH, &at.instant(), &|text| keys.sign_seal(text), &head)?;
                Ok::<_, Error>(sealed)
            })
            .await?;
        if !lagging.is_empty() {
            transparency::catch_up(app, ctx, Some(lagging)).await?;
        }
        sealed += n;
        if n < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(sealed);
        }
    }
}

/// Removes sessions that ran out so long ago that no form of theirs is carried any more.
pub async fn sweep(app: &App, ctx: &Ctx) -> Result<u64, Error> {
    crate::attempt::keep(app, ctx).await?;
    let since = crate::kept::since(ctx);
    let ctx = ctx.clone();
    app.db
        .write(move |tx| {
            crate::account::purge(tx, &ctx)?;
            account::purge_sessions(tx, &since).map_err(Error::from)
        })
        .await
}

/// The head of one insurer's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Entries that have their place.
    pub entries: i64,
    /// Entries that wait for theirs.
    pub waiting: i64,
    /// The chain's head, hex.
    pub head: String,
}

/// What a verification found.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// Heads by insurer, as recomputed.
    pub heads: BTreeMap<String, Head>,
    /// What is wrong, Japanese sentences; empty: nothing.
    pub wrong: Vec<String>,
}

/// Recomputes every chain from its entries, compares it with what is kept and with the signed seals.
///
/// `known`: heads that were noted earlier, as (insurer, number of entries, head): each must still be on the chain. That is
/// what shows a log that was cut off or rebuilt by somebody who holds the keys.
pub async fn verify(app: &App, public: &str, known: &[(String, i64, String)]) -> Result<Proof, Error> {
    let mut proof = Proof::default();
    let mut logs = app.db.read(|tx| access_log::logs(tx).map_err(Error::from)).await?;
    logs.extend(known.iter().map(|(insurer_no, _, _)| insurer_no.clone()));
    logs.sort();
    logs.dedup();
    for insurer_no in logs {
        let expected =
            known.iter().filter(|(no, _, _)| *no == insurer_no).map(|(_, n, head)| (*n, head.clone())).collect();
        verify_one(app, public, &insurer_no, expected, &mut proof).await?;
    }
    transparency::verify::root(app, &mut proof.wrong).await?;
    Ok(proof)
}

/// Seals and entries are read in pages: a log of any length takes the same memory. What is sealed while this runs is judged too.
async fn verify_one(
    app: &App,
    public: &str,
    insurer_no: &str,
    known: HashMap<i64, String>,
    proof: &mut Proof,
) -> Result<(), Error> {
    let name = insurer_no.to_owned();
    let mut chain = Chain { head: genesis(&name), name, seq: 0, seal_no: 0, known };
    loop {
        let (name, seal_no, seq) = (chain.name.clone(), chain.seal_no, chain.seq);
        let (seals, beyond) = app
            .db
            .read(move |tx| {
                let seals = access_log::seals(tx, &name, seal_no, 1_000)?;
                let beyond = if seals.is_empty() { access_log::after(tx, &name, seq, 1)? } else { Vec::new() };
                Ok::<_, Error>((seals, beyond))
            })
            .await?;
        let Some(last) = seals.last().map(|s| s.last_seq) else {
            if !beyond.is_empty() {
                let sealed = chain.seq;
                let whole = chain.walk(app, i64::MAX, &HashMap::new(), &mut proof.wrong).await?;
                if whole {
                    let (name, seq) = (&chain.name, chain.seq);
                    proof.wrong.push(format!("{name}：封印は{sealed}番まで、記録は{seq}番までで、合いません。"));
                }
                return Ok(());
            }
            break;
        };
        let heads = chain.take_seals(&seals, public, &mut proof.wrong);
        if !chain.walk(app, last, &heads, &mut proof.wrong).await? {
            return Ok(());
        }
        if chain.seq < last {
            let (name, seq) = (&chain.name, chain.seq);
            proof.wrong.push(format!("{name}：封印は{last}番まで、記録は{seq}番までで、合いません。"));
            return Ok(());
        }
    }
    for n in chain.known.keys().filter(|n| **n > chain.seq) {
        let (name, seq) = (&chain.name, chain.seq);
        proof
            .wrong
            .push(format!("{name}：控えでは{n}番までありましたが、いまは{seq}番までです（切り取られています）。"));
    }
    transparency::verify::insurer(app, &chain.name, chain.seq, &mut proof.wrong).await?;
    let name = chain.name.clone();
    let (_, waiting) = app.db.read(move |tx| access_log::count(tx, &name).map_err(Error::from)).await?;
    proof.heads.insert(chain.name, Head { entries: chain.seq, waiting, head: chain.head.to_hex() });
    Ok(())
}

/// A chain under verification.
struct Chain {
    name: String,
    seq: i64,
    seal_no: i64,
    head: Hash,
    known: HashMap<i64, String>,
}

impl Chain {
    /// Checks the order and the signatures of the next seals; answers their heads by place.
    fn take_seals(&mut self, seals: &[Seal], public: &str, wrong: &mut Vec<String>) -> HashMap<i64, String> {
        let mut before = self.seq;
        for seal in seals {
            if seal.seal_no != self.seal_no + 1 || seal.last_seq <= before {
                wrong.push(format!("{}：封印{}番の順番が正しくありません。", self.name, seal.seal_no));
            }
            let head = Hash::from_hex(&seal.head).unwrap_or(Hash([0; 32]));
            let text = seal_text(&self.name, seal.seal_no, seal.last_seq, head, &seal.sealed_at);
            if !seal_fits(public, &text, &seal.signature) {
                wrong.push(format!("{}：封印{}番の署名が合いません。", self.name, seal.seal_no));
            }
            (self.seal_no, before) = (seal.seal_no, seal.last_seq);
        }
        seals.iter().map(|s| (s.last_seq, s.head.clone())).collect()
    }

    /// Takes the entries up to a place, page by page. Answers false when the rest cannot be judged any more.
    async fn walk(
        &mut self,
        app: &App,
        last: i64,
        heads: &HashMap<i64, String>,
        wrong: &mut Vec<String>,
    ) -> Result<bool, Error> {
        while self.seq < last {
            let (name, seq) = (self.name.clone(), self.seq);
            let rows = app.db.read(move |tx| access_log::after(tx, &name, seq, 5_000).map_err(Error::from)).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows.iter().filter(|row| row.seq.is_none_or(|seq| seq <= last)) {
                if !self.step(row, heads, wrong) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Takes the next entry. Answers false when the rest cannot be judged any more.
    fn step(&mut self, row: &Placed, heads: &HashMap<i64, String>, wrong: &mut Vec<String>) -> bool {
        let seq = row.seq.unwrap_or(0);
        if seq != self.seq + 1 {
            let (name, from, to) = (&self.name, self.seq + 1, seq - 1);
            wrong.push(format!(
                "{name}：{from}番から{to}番までの記録がありません（抜き取られたか、差し込まれています）。"
            ));
            return false;
        }
        self.seq = seq;
        self.head = link(self.head, leaf(&row.entry.bytes()));
        let hex = self.head.to_hex();
        let found = if row.chain.as_deref() != Some(hex.as_str()) {
            "番の記録が書きかえられています。"
        } else if heads.get(&seq).is_some_and(|head| *head != hex) {
            "番までの記録が、封印したときとちがいます。"
        } else if self.known.get(&seq).is_some_and(|head| *head != hex) {
            "番までの記録が、控えておいた値とちがいます（作りなおされています）。"
        } else {
            return true;
        };
        wrong.push(format!("{}：{seq}{found}", self.name));
        false
    }
}
