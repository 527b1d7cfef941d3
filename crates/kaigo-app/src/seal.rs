//! The job that seals the access log within a second, and the proof that nothing in it was changed.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use kaigo_ledger::{Hash, genesis, leaf, link, seal_text};
use kaigo_store::access_log::{self, Placed, Seal};
use kaigo_store::time::instant;
use kaigo_store::{account, lease};

use crate::keys::seal_fits;
use crate::{App, Ctx, Error};

/// How often the job runs, in milliseconds: entries have their place within a second.
pub const EVERY_MILLIS: u64 = 400;
/// Entries that one transaction seals at most.
const BATCH: i32 = 2_000;

/// Seals what waits, if this process has the lease. Answers how many entries got their place.
pub async fn run(app: &App, ctx: &Ctx, holder: &str) -> Result<usize, Error> {
    let mut sealed = 0;
    loop {
        let (ctx, keys, holder) = (ctx.clone(), app.keys.clone(), holder.to_owned());
        let n = app
            .db
            .write(move |tx| {
                let until = instant(ctx.now + SignedDuration::from_secs(5));
                if !lease::take(tx, "seal-log", &holder, &until, &ctx.instant())? {
                    return Ok(0);
                }
                Ok::<_, Error>(access_log::seal(tx, BATCH, &ctx.instant(), &|text| keys.sign_seal(text))?)
            })
            .await?;
        sealed += n;
        if n < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(sealed);
        }
    }
}

/// Removes sessions that have run out.
pub async fn sweep(app: &App, ctx: &Ctx) -> Result<u64, Error> {
    let now = ctx.instant();
    app.db.write(move |tx| account::purge_sessions(tx, &now).map_err(Error::from)).await
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
    Ok(proof)
}

async fn verify_one(
    app: &App,
    public: &str,
    insurer_no: &str,
    known: Vec<(i64, String)>,
    proof: &mut Proof,
) -> Result<(), Error> {
    let mut chain = Chain { name: insurer_no.to_owned(), seq: 0, head: genesis(insurer_no), known, seals: Vec::new() };
    chain.seals = all_seals(app, insurer_no).await?;
    chain.check_seals(public, &mut proof.wrong);
    loop {
        let (name, seq) = (chain.name.clone(), chain.seq);
        let rows = app.db.read(move |tx| access_log::after(tx, &name, seq, 5_000).map_err(Error::from)).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            if !chain.step(row, &mut proof.wrong) {
                return Ok(());
            }
        }
    }
    chain.end(&mut proof.wrong);
    let name = chain.name.clone();
    let (_, waiting) = app.db.read(move |tx| access_log::count(tx, &name).map_err(Error::from)).await?;
    proof.heads.insert(chain.name.clone(), Head { entries: chain.seq, waiting, head: chain.head.to_hex() });
    Ok(())
}

async fn all_seals(app: &App, insurer_no: &str) -> Result<Vec<Seal>, Error> {
    let mut all: Vec<Seal> = Vec::new();
    loop {
        let (name, last) = (insurer_no.to_owned(), all.last().map_or(0, |s| s.seal_no));
        let page = app.db.read(move |tx| access_log::seals(tx, &name, last, 5_000).map_err(Error::from)).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// A chain under verification.
struct Chain {
    name: String,
    seq: i64,
    head: Hash,
    known: Vec<(i64, String)>,
    seals: Vec<Seal>,
}

impl Chain {
    fn check_seals(&self, public: &str, wrong: &mut Vec<String>) {
        let mut before = (0, 0);
        for seal in &self.seals {
            if seal.seal_no != before.0 + 1 || seal.last_seq <= before.1 {
                wrong.push(format!("{}：封印{}番の順番が正しくありません。", self.name, seal.seal_no));
            }
            let head = Hash::from_hex(&seal.head).unwrap_or(Hash([0; 32]));
            let text = seal_text(&self.name, seal.seal_no, seal.last_seq, head, &seal.sealed_at);
            if !seal_fits(public, &text, &seal.signature) {
                wrong.push(format!("{}：封印{}番の署名が合いません。", self.name, seal.seal_no));
            }
            before = (seal.seal_no, seal.last_seq);
        }
    }

    /// Takes the next entry. Answers false when the rest cannot be judged any more.
    fn step(&mut self, row: &Placed, wrong: &mut Vec<String>) -> bool {
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
        if row.chain.as_deref() != Some(self.head.to_hex().as_str()) {
            wrong.push(format!("{}：{seq}番の記録が書きかえられています。", self.name));
            return false;
        }
        let hex = self.head.to_hex();
        if self.seals.iter().any(|s| s.last_seq == seq && s.head != hex) {
            wrong.push(format!("{}：{seq}番までの記録が、封印したときとちがいます。", self.name));
            return false;
        }
        if self.known.iter().any(|(n, head)| *n == seq && *head != hex) {
            wrong.push(format!(
                "{}：{seq}番までの記録が、控えておいた値とちがいます（作りなおされています）。",
                self.name
            ));
            return false;
        }
        true
    }

    fn end(&self, wrong: &mut Vec<String>) {
        let sealed = self.seals.last().map_or(0, |s| s.last_seq);
        if sealed != self.seq {
            wrong.push(format!("{}：封印は{sealed}番まで、記録は{}番までで、合いません。", self.name, self.seq));
        }
        for (n, _) in self.known.iter().filter(|(n, _)| *n > self.seq) {
            wrong.push(format!(
                "{}：控えでは{n}番までありましたが、いまは{}番までです（切り取られています）。",
                self.name, self.seq
            ));
        }
    }
}
