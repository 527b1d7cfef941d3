//! Takes a load back: what stood before it is written anew under a load of its own. Nothing is deleted, and who saw the load's
//! rows meanwhile can still be understood from the log.
//!
//! What the desk has changed since on the platform itself stays: it is newer than the load, and somebody meant it.

use std::sync::Arc;

use jiff::Timestamp;
use kaigo_core::code::Void;
use kaigo_core::for_each_record;
use kaigo_core::layout::Record;
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::record::{Common, DESK_FIRST};
use kaigo_store::db::{self, Db};
use kaigo_store::feed::{self, KindCount, LoadRow, Undo};
use kaigo_store::load;
use kaigo_store::record::Stored;
use kaigo_store::time::instant;

use super::persons::counting;
use crate::{App, Ctx, Error, Wrong};

/// Persons read and written at once.
const PAGE: i32 = 500;
/// Characters of a reason.
const REASON: usize = 200;
/// The mode of a load that takes another one back.
pub const UNDO: &str = "undo";

/// The load that can be taken back, and what it did.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The load.
    pub load: LoadRow,
    /// What it did to each kind.
    pub kinds: Vec<KindCount>,
}

/// The last load that can be taken back. None: there is none, or what can be taken back has been.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers the insurer.
pub async fn preview(app: &App, _ctx: &Ctx, caller: &Caller) -> Result<Option<Preview>, Error> {
    let grant = decide_act(caller, Act::HideRecords)?;
    app.db
        .read(move |tx| {
            let Some(load) = target(&feed::loads(tx, &grant, i32::MAX, LOOK_BACK)?) else { return Ok(None) };
            let kinds = feed::kinds(tx, &grant, load.load_no, load.load_no)?;
            Ok(Some(Preview { load, kinds }))
        })
        .await
}

/// Loads that are looked through for the last one that counts.
const LOOK_BACK: i32 = 200;

/// The newest published load that is neither taken back nor took one back itself.
fn target(loads: &[LoadRow]) -> Option<LoadRow> {
    loads.iter().find(|l| l.state == "published" && l.mode != UNDO && l.undone.is_none()).cloned()
}

/// Takes a load back. Done twice with the same form, the second time answers the first one's.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers the insurer; [`Error::Invalid`] without a reason;
/// [`Error::Conflict`] if it is not the last load any more.
pub async fn undo(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    load_no: i32,
    reason: &str,
    submit_key: &str,
) -> Result<Undo, Error> {
    let hide = Arc::new(decide_act(caller, Act::HideRecords)?);
    let grant = Arc::new(decide_act(caller, Act::LoadRecords)?);
    let Caller::Insurer(staff) = caller else { return Err(Error::NotFound) };
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > REASON || kaigo_core::id::holds_individual_number(&reason) {
        let say = format!("とりけす理由を、{REASON}文字までで入れてください（マイナンバーは入れられません）。");
        return Err(Error::Invalid(vec![Wrong { field: "reason", code: "undo-reason", say }]));
    }
    let key = if submit_key.is_empty() { ctx.ids.id() } else { submit_key.to_owned() };
    let (by, now, db) = (staff.name.clone(), ctx.now, app.db.clone());
    let work = move || {
        let asked = { (Arc::clone(&hide), key.clone()) };
        let before = db.read_blocking(move |tx| feed::undo_of_key(tx, &asked.0, &asked.1))?;
        if let Some(done) = before {
            return Ok(done);
        }
        Undoing { db: &db, grant: &grant, now, load_no }.run(&hide, (by, reason, key))
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal("the undo was lost".to_owned()))?
}

struct Undoing<'a> {
    db: &'a Db,
    grant: &'a Arc<ActGrant>,
    now: Timestamp,
    /// The load that is taken back.
    load_no: i32,
}

impl Undoing<'_> {
    fn run(&self, hide: &Arc<ActGrant>, (by, reason, key): (String, String, String)) -> Result<Undo, Error> {
        let (begun, undone) = self.begin()?;
        let mut counts = Vec::new();
        let mut kept = 0;
        let mut result = Ok(());
        macro_rules! restore {
            ($kind:ty) => {
                if result.is_ok() {
                    result = self.restore::<$kind>(begun, &undone, &mut counts, &mut kept);
                }
            };
        }
        for_each_record!(restore);
        if let Err(error) = result {
            let grant = Arc::clone(self.grant);
            self.db.write_blocking(move |tx| load::abandon(tx, &grant, begun, "undo failed"))?;
            return Err(error.into());
        }
        let undo = Undo {
            load_no: self.load_no,
            undo_load_no: begun.load_no,
            restored: counts.iter().map(|c| c.corrected + c.dropped).sum(),
            kept,
            reason,
            by,
            at: instant(self.now),
        };
        let (grant, hide, now) = (Arc::clone(self.grant), Arc::clone(hide), instant(self.now));
        let done = undo.clone();
        let summary = format!("undo of={} restored={} kept={}", undo.load_no, undo.restored, undo.kept);
        self.db.write_blocking(move |tx| {
            counts.iter().try_for_each(|count| feed::count(tx, &grant, count))?;
            load::publish(tx, &grant, begun.load_no, &summary, &now)?;
            feed::note_undo(tx, &hide, &undo, &key)
        })?;
        Ok(done)
    }

    /// Begins the load that restores, if the one to take back is still the last one.
    fn begin(&self) -> Result<(load::Begun, Vec<i32>), Error> {
        let (grant, now, load_no) = (Arc::clone(self.grant), instant(self.now), self.load_no);
        self.db.write_blocking(move |tx| {
            let loads = feed::loads(tx, &grant, i32::MAX, LOOK_BACK)?;
            if target(&loads).is_none_or(|load| load.load_no != load_no) {
                return Err(Error::Conflict(
                    "そのあとに別の取込があったか、もうとりけされています。取込の一覧を開きなおして確かめてください。"
                        .to_owned(),
                ));
            }
            let undone = feed::undone(tx, &grant)?;
            let begun = load::begin(tx, &grant, UNDO, &now, &now)?.ok_or(Error::NotFound)?;
            Ok((begun, undone))
        })
    }

    fn restore<R: Record>(
        &self,
        begun: load::Begun,
        undone: &[i32],
        counts: &mut Vec<KindCount>,
        kept: &mut i64,
    ) -> Result<(), db::Error> {
        let mut after = String::new();
        let mut count = KindCount { load_no: begun.load_no, kind: R::NAME.to_owned(), ..KindCount::default() };
        loop {
            let (grant, undone, load_no) = (Arc::clone(self.grant), undone.to_vec(), self.load_no);
            let from = after.clone();
            let (rows, stayed, last) = self.db.read_blocking(move |tx| {
                let persons = feed::persons_of_load::<R>(tx, &grant, load_no, &from, PAGE)?;
                let (mut rows, mut stayed) = (Vec::new(), 0);
                for person in &persons {
                    let versions = load::of_person::<R>(tx, &grant, *person, begun.published)?;
                    stayed += restored(versions, load_no, &undone, &mut rows);
                }
                Ok::<_, db::Error>((rows, stayed, persons.last().copied()))
            })?;
            *kept += stayed;
            let gone = rows.iter().filter(|(common, _)| common.void == Void::Voided).count();
            count.dropped += i64::try_from(gone).unwrap_or(i64::MAX);
            count.corrected += i64::try_from(rows.len() - gone).unwrap_or(i64::MAX);
            if !rows.is_empty() {
                let grant = Arc::clone(self.grant);
                self.db.write_blocking(move |tx| load::append(tx, &grant, begun.load_no, &rows))?;
            }
            let Some(last) = last else { break };
            last.as_str().clone_into(&mut after);
        }
        if count.corrected + count.dropped > 0 {
            counts.push(count);
        }
        Ok(())
    }
}

fn is_desk(common: &Common) -> bool {
    common.record_no.0 >= DESK_FIRST || common.history_no.0 >= DESK_FIRST
}

/// What restores a person's segments that the load touched; answers how many the desk has changed since.
///
/// The versions come by 連番, the newest first.
fn restored<R: Record>(versions: Vec<Stored<R>>, load_no: i32, undone: &[i32], rows: &mut Vec<(Common, R)>) -> i64 {
    let mut kept = 0;
    let versions = counting(versions, undone);
    for segment in versions.chunk_by(|a, b| a.common.record_no == b.common.record_no) {
        if !segment.iter().any(|row| row.load_no == load_no && !is_desk(&row.common)) {
            continue;
        }
        let Some(newest) = segment.first() else { continue };
        if newest.load_no != load_no || is_desk(&newest.common) {
            kept += 1;
            continue;
        }
        let row = match segment.iter().find(|row| row.load_no < load_no) {
            Some(before) => (before.common, before.record.clone()),
            None => (Common { void: Void::Voided, ..newest.common }, newest.record.clone()),
        };
        rows.push(row);
    }
    kept
}

#[cfg(test)]
mod tests {
    use kaigo_core::code::Amount;
    use kaigo_core::record::consent::Consent;

    use super::*;

    fn row(record_no: i32, load_no: i32, history_no: i32, void: Void) -> Stored<Consent> {
        let common = Common { record_no: Amount(record_no), history_no: Amount(history_no), void, ..Common::default() };
        Stored { common, load_no, record: Consent::default() }
    }

    fn back(versions: Vec<Stored<Consent>>, undone: &[i32]) -> (Vec<(i32, i32, Void)>, i64) {
        let mut rows = Vec::new();
        let kept = restored(versions, 5, undone, &mut rows);
        (rows.iter().map(|(c, _)| (c.record_no.0, c.history_no.0, c.void)).collect(), kept)
    }

    #[test]
    fn the_version_before_comes_back_and_the_desk_stays() {
        use Void::{Valid, Voided};
        // Corrected by the load: the version before. New with the load: taken away. Dropped by it: back.
        let versions = vec![
            row(1, 5, 2, Valid),
            row(1, 3, 1, Valid),
            row(2, 5, 1, Valid),
            row(3, 5, 1, Voided),
            row(3, 2, 1, Valid),
            row(4, 3, 1, Valid),
        ];
        assert_eq!(back(versions, &[]), (vec![(1, 1, Valid), (2, 1, Voided), (3, 1, Valid)], 0));
        // The desk changed it since: it stays. What the desk wrote before the load comes back.
        let versions = vec![
            row(1, 6, DESK_FIRST, Valid),
            row(1, 5, 2, Valid),
            row(2, 5, 2, Valid),
            row(2, 4, DESK_FIRST, Valid),
            row(2, 3, 1, Valid),
            row(DESK_FIRST, 5, DESK_FIRST, Valid),
        ];
        assert_eq!(back(versions, &[]), (vec![(2, DESK_FIRST, Valid)], 1));
        // A later load was taken back: its rows and those that took it back do not count.
        let versions = vec![row(1, 8, 2, Valid), row(1, 7, 3, Valid), row(1, 5, 2, Valid), row(1, 3, 1, Valid)];
        assert_eq!(back(versions, &[7, 8]), (vec![(1, 1, Valid)], 0));
    }
}
