//! The logs for another system: entries of the access log and of the administrative log as JSON, one line each, and a position from which it
//! goes on without a gap and without one twice.
//!
//! Access log: in the order of each insurer's chain, from which every entry's leaf in the public log follows; so who keeps the lines can tell
//! that none is missing, and prove each against a signed head. Administrative log: in the order of identifiers, which begin with the time.
//! A transaction that began earlier may commit later, so the last [`SETTLE_MINUTES`] are looked at again and what was told is left out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use kaigo_ledger::grow::commitment;
use kaigo_store::access_log::{self, Placed};
use kaigo_store::admin_log::{self, NO_KEY, OPERATOR};
use kaigo_store::log_tree;
use kaigo_store::time::{instant, parse_instant};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::ctx::hex;
use crate::transparency::FIELDS;
use crate::{App, Ctx, Error};

/// Entries that one step takes of one log.
pub const STEP: i32 = 1_000;
/// Minutes of identifiers in which an entry may still appear before one that was told.
pub const SETTLE_MINUTES: i64 = 10;
/// Hex digits of an identifier that are its time in milliseconds.
const TIME_DIGITS: usize = 12;

/// What was told already.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Of each insurer's chain: how many entries are told or left out; the next leaf.
    access: BTreeMap<String, i64>,
    /// First instant that is asked for.
    since: Option<String>,
    /// Of the administrative log: the greatest identifier that was told.
    admin: String,
    /// Those of its last minutes: identifier, kind and number of the owner.
    recent: BTreeSet<(String, String, String)>,
}

impl Position {
    /// From the beginning, or from a moment on.
    pub fn new(since: Option<Timestamp>) -> Self {
        Self { since: since.map(instant), ..Self::default() }
    }

    /// Whether nothing was told yet.
    pub fn is_new(&self) -> bool {
        self.access.is_empty() && self.admin.is_empty()
    }

    /// Notes that a line was told. None: it is none of ours, or does not follow.
    pub fn told(&mut self, line: &str) -> Option<()> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        match value.get("log")?.as_str()? {
            "access" => {
                let (log_name, leaf) = (text("log_name")?, value.get("leaf")?.as_i64()?);
                self.access.insert(log_name, leaf + 1);
            }
            "admin" => self.told_admin((text("entry_id")?, text("owner_kind")?, text("owner_no")?)),
            _ => return None,
        }
        Some(())
    }

    fn told_admin(&mut self, key: (String, String, String)) {
        if key.0 > self.admin {
            self.admin.clone_from(&key.0);
        }
        self.recent.insert(key);
        let settled = self.settled();
        self.recent.retain(|(id, _, _)| *id >= settled);
    }

    /// The identifier before which nothing appears any more.
    fn settled(&self) -> String {
        let last = self.admin.get(..TIME_DIGITS).and_then(|digits| i64::from_str_radix(digits, 16).ok());
        let since = self.since.as_deref().and_then(|since| parse_instant(since).ok()).map(Timestamp::as_millisecond);
        let settled = last.map(|last| last - SETTLE_MINUTES * 60_000);
        since.max(settled).map_or_else(String::new, time_of)
    }
}

fn time_of(millis: i64) -> String {
    format!("{:012x}", millis.max(0))
}

/// The next lines after a position, at most some thousand; empty: everything was told. Who writes them tells the position each one.
///
/// # Errors
/// As the database has them.
pub async fn next(app: &App, position: &Position) -> Result<Vec<String>, Error> {
    let position = position.clone();
    app.db
        .read(move |tx| {
            let mut lines = Vec::new();
            for tree in log_tree::trees(tx)? {
                let told = match position.access.get(&tree.log_name) {
                    Some(told) => *told,
                    None => first_leaf(tx, &tree.log_name, position.since.as_deref())?,
                };
                if u64::try_from(told).is_ok_and(|told| told >= tree.size) {
                    continue;
                }
                let placed = access_log::after(tx, &tree.log_name, told, STEP)?;
                lines.extend(placed.iter().filter_map(|placed| access_line(placed, tree.size)));
            }
            let mut after = (position.settled(), String::new(), String::new());
            loop {
                let entries = admin_log::after(tx, (&after.0, &after.1, &after.2), STEP)?;
                let Some(last) = entries.last() else { break };
                after = key_of(last);
                let new = entries.iter().filter(|entry| !position.recent.contains(&key_of(entry)));
                let before = lines.len();
                lines.extend(new.map(admin_line));
                if lines.len() > before {
                    break;
                }
            }
            Ok(lines)
        })
        .await
}

/// How many entries of a chain lie before a moment: what is asked for goes on from there without a gap.
fn first_leaf(tx: &mut kaigo_store::db::Tx<'_>, log_name: &str, since: Option<&str>) -> Result<i64, Error> {
    let Some(since) = since else { return Ok(0) };
    let first = access_log::first_since(tx, log_name, since)?;
    Ok(first.map_or(i64::MAX, |seq| seq - 1))
}

/// One line; none for an entry that has no leaf yet.
fn access_line(placed: &Placed, size: u64) -> Option<String> {
    let leaf = placed.seq? - 1;
    if u64::try_from(leaf).ok()? >= size {
        return None;
    }
    let fields = FIELDS.into_iter().zip(placed.entry.fields());
    let entry: Map<String, Value> = fields.map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
    let line = json!({
        "log": "access",
        "log_name": placed.entry.insurer_no,
        "leaf": leaf,
        "commitment": hex(&commitment(&placed.entry.bytes())),
        "chain": placed.chain,
        "entry": entry,
    });
    Some(line.to_string())
}

fn key_of(e: &admin_log::Entry) -> (String, String, String) {
    (e.entry_id.clone(), e.owner_kind.clone(), e.owner_no.clone())
}

fn admin_line(e: &admin_log::Entry) -> String {
    let line = json!({
        "log": "admin",
        "entry_id": e.entry_id,
        "owner_kind": e.owner_kind,
        "owner_no": e.owner_no,
        "done_at": e.done_at,
        "account_id": e.account_id,
        "account_name": e.account_name,
        "act": e.act,
        "subject": e.subject,
        "detail": e.detail,
    });
    line.to_string()
}

/// Notes in the administrative log that the logs begin to leave for another system.
///
/// # Errors
/// As the database has them.
pub async fn begun(app: &App, ctx: &Ctx, since: Option<Timestamp>) -> Result<(), Error> {
    let entry = admin_log::Entry {
        owner_kind: OPERATOR.to_owned(),
        owner_no: NO_KEY.to_owned(),
        entry_id: ctx.ids.timed(ctx.now),
        done_at: ctx.instant(),
        account_id: NO_KEY.to_owned(),
        account_name: "kiban log export".to_owned(),
        act: "export-all-logs".to_owned(),
        subject: "すべての閲覧記録と管理の記録".to_owned(),
        detail: since
            .map_or_else(|| "はじめから".to_owned(), |since| format!("{}から", crate::mail::japan_time(since))),
    };
    app.db.write(move |tx| admin_log::append(tx, &entry).map_err(Error::from)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_minutes_are_kept_in_mind() {
        let mut position = Position::new(None);
        let id = |minute: i64| format!("{}{:020x}", time_of(minute * 60_000), minute);
        for minute in 0..60 {
            let line = json!({"log": "admin", "entry_id": id(minute), "owner_kind": "office", "owner_no": "1"});
            position.told(&line.to_string()).unwrap();
        }
        assert_eq!(position.recent.len(), 11);
        assert_eq!(position.settled(), time_of(49 * 60_000));
        // One that comes late moves nothing back.
        let late = json!({"log": "admin", "entry_id": id(55), "owner_kind": "office", "owner_no": "2"});
        position.told(&late.to_string()).unwrap();
        assert_eq!((position.recent.len(), position.admin), (12, id(59)));
        assert_eq!(Position::default().told("{\"log\": \"other\"}"), None);
    }
}
