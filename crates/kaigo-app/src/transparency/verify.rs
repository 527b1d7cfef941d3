//! The proof from inside that the public trees are those of the entries: every tile, bundle and signed head is made again and compared.

use std::collections::HashMap;

use kaigo_ledger::grow::{commitment, unbundle};
use kaigo_ledger::note::{Checkpoint, Note, Verifier};
use kaigo_store::access_log;
use kaigo_store::db::Tx;
use kaigo_store::log_tree::{self, Check, Kept, ROOT};

use super::verifier;
use crate::{App, Error};

/// Entries of a page.
const PAGE: i32 = 5_000;

/// Compares an insurer's tree with its entries up to a place; pushes what is wrong, Japanese sentences.
pub(crate) async fn insurer(app: &App, log_name: &str, entries: i64, wrong: &mut Vec<String>) -> Result<(), Error> {
    let key = verifier(&app.keys, log_name)?;
    let mut check = Check::new(log_name);
    loop {
        let (name, key) = (log_name.to_owned(), key.clone());
        let page = app.db.read(move |tx| page_of_entries(tx, &name, &key, check)).await?;
        check = page.check;
        wrong.extend(page.wrong);
        if page.taken == 0 || wrong.len() > MOST {
            break;
        }
    }
    // The log may have grown since the chain was read.
    if i64::try_from(check.size()).unwrap_or(i64::MAX) < entries {
        wrong.push(format!("{log_name}：公開の記録簿は{}番まで、記録は{entries}番までで、合いません。", check.size()));
    }
    Ok(())
}

/// Compares the tree over all logs with its own entries, and those with the heads of the logs.
pub(crate) async fn root(app: &App, wrong: &mut Vec<String>) -> Result<(), Error> {
    let key = verifier(&app.keys, ROOT)?;
    let mut check = Check::new(ROOT);
    loop {
        let key = key.clone();
        let page = app.db.read(move |tx| page_of_heads(tx, &key, check)).await?;
        check = page.check;
        wrong.extend(page.wrong);
        if page.taken == 0 || wrong.len() > MOST {
            return Ok(());
        }
    }
}

/// Findings after which the rest is not looked at any more.
const MOST: usize = 100;

struct Page {
    check: Check,
    taken: usize,
    wrong: Vec<String>,
}

fn page_of_entries(tx: &mut Tx<'_>, log_name: &str, key: &Verifier, mut check: Check) -> Result<Page, Error> {
    let start = check.size();
    let size = log_tree::size(tx, log_name)?;
    let rows = access_log::after(tx, log_name, i64::try_from(start).unwrap_or(i64::MAX), PAGE)?;
    let left = usize::try_from(size.saturating_sub(start)).unwrap_or(usize::MAX);
    let mut heads = heads(tx, log_name, start)?;
    let mut wrong = Vec::new();
    let mut taken = 0;
    for row in rows.iter().take(left) {
        let bad = check.take(tx, &commitment(&row.entry.bytes()))?;
        wrong.extend(bad.iter().map(|piece| format!("{log_name}：公開の記録簿の{piece}が、記録と合いません。")));
        if let Some(kept) = heads.remove(&check.size()) {
            wrong.extend(judge(log_name, key, &kept, &check));
        }
        taken += 1;
    }
    if check.size() == size {
        let bad = check.compare(tx)?;
        wrong.extend(bad.iter().map(|piece| format!("{log_name}：公開の記録簿の{piece}が、記録と合いません。")));
    } else if taken == 0 {
        // Both grow in one transaction.
        wrong.push(format!("{log_name}：公開の記録簿は{size}番まで、記録は{}番までで、合いません。", check.size()));
    }
    Ok(Page { check, taken, wrong })
}

fn page_of_heads(tx: &mut Tx<'_>, key: &Verifier, mut check: Check) -> Result<Page, Error> {
    let start = check.size();
    let size = log_tree::size(tx, ROOT)?;
    let bytes = log_tree::bundle(tx, ROOT, start / 256)?.unwrap_or_default();
    let mut heads = heads(tx, ROOT, start)?;
    let mut wrong = Vec::new();
    let mut taken = 0;
    if start < size {
        let entries = unbundle(&bytes, 256).unwrap_or_default();
        for entry in entries {
            let bad = check.take(tx, entry)?;
            wrong.extend(bad.iter().map(|piece| format!("全体の記録簿の{piece}が合いません。")));
            if let Some(kept) = heads.remove(&check.size()) {
                wrong.extend(judge("全体の記録簿", key, &kept, &check));
            }
            if !is_head(tx, entry)? {
                wrong.push(format!("全体の記録簿の{}番が、保険者の記録簿の控えと合いません。", check.size()));
            }
            taken += 1;
        }
        if taken == 0 {
            wrong.push("全体の記録簿の中身が足りません。".to_owned());
        }
    }
    if check.size() == size {
        let bad = check.compare(tx)?;
        wrong.extend(bad.iter().map(|piece| format!("全体の記録簿の{piece}が合いません。")));
    }
    Ok(Page { check, taken, wrong })
}

/// The signed heads of a log above a size, as far as a page reaches.
fn heads(tx: &mut Tx<'_>, log_name: &str, above: u64) -> Result<HashMap<u64, Kept>, Error> {
    let kept = log_tree::checkpoints(tx, log_name, above, PAGE)?;
    Ok(kept.into_iter().map(|kept| (kept.size, kept)).collect())
}

fn judge(log_name: &str, key: &Verifier, kept: &Kept, check: &Check) -> Option<String> {
    let note = Note::parse(&kept.note);
    let head = note.as_ref().and_then(|note| Checkpoint::parse(note.text()));
    let right = Checkpoint { origin: key.name.clone(), size: check.size(), root: check.root() };
    let size = check.size();
    if head.as_ref() != Some(&right) {
        return Some(format!("{log_name}：{size}番までの控えの値が、記録と合いません。"));
    }
    let signed = note.is_some_and(|note| key.verify(&note).is_some());
    (!signed).then(|| format!("{log_name}：{size}番までの控えの署名が合いません。"))
}

/// Whether an entry of the tree over all is a head that its log has.
fn is_head(tx: &mut Tx<'_>, entry: &[u8]) -> Result<bool, Error> {
    let text = core::str::from_utf8(entry).ok();
    let Some(head) = text.and_then(Checkpoint::parse) else { return Ok(false) };
    let Some((_, log_name)) = head.origin.rsplit_once('/') else { return Ok(false) };
    let kept = log_tree::checkpoint_of(tx, log_name, head.size)?;
    Ok(kept.and_then(|kept| Note::parse(&kept.note)).is_some_and(|note| Some(note.text()) == text))
}
