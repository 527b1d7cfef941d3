//! 取出し: what arose on the platform since a day, as CSV for the municipality's own system: accepted 届出, changed cases,
//! opinions, results — every row of the desk, in the columns of the feed — and the consents taken or withdrawn here.

use std::collections::BTreeSet;

use jiff::tz::{Offset, TimeZone};
use kaigo_core::date::{Date, parse_date};
use kaigo_core::for_each_record;
use kaigo_core::id::InsuredNo;
use kaigo_core::layout::{Field, Record};
use kaigo_core::policy::{Act, Caller, Item, Purpose, decide_act};
use kaigo_core::record::COMMON;
use kaigo_interchange::write::{Ending, Style, csv_line};
use kaigo_store::consent::{self, ConsentAct};
use kaigo_store::db::Tx;
use kaigo_store::export::{self as store, Run};
use kaigo_store::objects::sha256_hex;
use kaigo_store::record::Stored;
use kaigo_store::{access_log, time};

use crate::run::entry;
use crate::{App, Ctx, Error, Wrong};

/// A file to take home.
#[derive(Clone, Debug)]
pub struct Export {
    /// The zip.
    pub bytes: Vec<u8>,
    /// Kind and rows.
    pub counts: Vec<(&'static str, usize)>,
}

/// What was taken out before, the newest first.
pub async fn runs(app: &App, _ctx: &Ctx, caller: &Caller) -> Result<Vec<Run>, Error> {
    let grant = decide_act(caller, Act::Export)?;
    app.db.read(move |tx| store::runs(tx, &grant, 50)).await.map_err(Error::from)
}

/// Takes out what arose since a day. Everybody whose rows are in it has it in their log.
///
/// # Errors
/// [`Error::Invalid`] for a day that cannot be read or lies ahead.
pub async fn make(app: &App, ctx: &Ctx, caller: &Caller, since: &str) -> Result<Export, Error> {
    let grant = decide_act(caller, Act::Export)?;
    let Caller::Insurer(staff) = caller else { return Err(Error::NotFound) };
    let Some(since) = parse_date(since).filter(|day| *day <= ctx.today) else {
        let say = "いつからかを、きょうまでの日付で入れてください。例：令和8年11月1日、2026/11/1".to_owned();
        return Err(Error::Invalid(vec![Wrong { field: "since", code: "cell-date", say }]));
    };
    let (ctx, caller, insurer_no, by) = (ctx.clone(), caller.clone(), staff.insurer_no, staff.name.clone());
    app.db
        .write(move |tx| {
            let instant = start_of(since)?;
            let bounds = store::bounds(tx, &grant, &instant)?;
            let mut taken = Taken::default();
            macro_rules! take {
                ($kind:ty) => {
                    let rows = store::rows::<$kind>(tx, &grant, bounds)?;
                    taken.rows::<$kind>(&rows);
                };
            }
            for_each_record!(take);
            taken.consents(&consent::since(tx, &grant, &instant)?);
            let files = taken.files.iter().map(|(name, text)| ("", name.as_str(), text.as_bytes()));
            let export = Export { bytes: kaigo_careplan::pack::pack(files), counts: taken.counts };
            let counts: Vec<String> = export.counts.iter().map(|(kind, n)| format!("{kind}={n}")).collect();
            let run = Run {
                since_on: since.to_string(),
                made_by: by,
                made_at: ctx.instant(),
                counts: counts.join(" "),
                sha256: sha256_hex(&export.bytes),
            };
            store::put_run(tx, &grant, &ctx.ids.id(), &run)?;
            for person in &taken.people {
                note(tx, &ctx, &caller, insurer_no.as_str(), *person)?;
            }
            Ok(export)
        })
        .await
}

fn start_of(day: Date) -> Result<String, Error> {
    let zone = TimeZone::fixed(Offset::from_seconds(9 * 3600).unwrap_or(Offset::UTC));
    let zoned = day.to_zoned(zone).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(time::instant(zoned.timestamp()))
}

fn note(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, insurer_no: &str, person: InsuredNo) -> Result<(), Error> {
    let mut entry = entry(ctx, caller, (insurer_no, person.as_str()), Act::Export.code(), Purpose::Operation);
    Item::Progress.code().clone_into(&mut entry.items);
    access_log::append(tx, &entry).map_err(Error::from)
}

const STYLE: Style = Style { ending: Ending::CrLf, guard_formulas: false };

/// Files on their way into the zip.
#[derive(Default)]
struct Taken {
    files: Vec<(String, String)>,
    counts: Vec<(&'static str, usize)>,
    people: BTreeSet<InsuredNo>,
}

impl Taken {
    fn rows<R: Record>(&mut self, rows: &[Stored<R>]) {
        if rows.is_empty() {
            return;
        }
        let mut text = "\u{feff}".to_owned();
        csv_line(&mut text, COMMON.iter().map(|c| c.0).chain(R::COLUMNS.iter().map(|c| c.name)), STYLE);
        for row in rows {
            let c = &row.common;
            let common = [c.insured_no.cell(), c.record_no.cell(), c.history_no.cell(), c.void.cell()];
            let own = R::COLUMNS.iter().map(|column| (column.get)(&row.record).cell());
            let cells: Vec<String> = common.into_iter().chain(own).map(|cell| cell.to_string()).collect();
            csv_line(&mut text, cells, STYLE);
            self.people.insert(c.insured_no);
        }
        self.files.push((format!("{}.csv", R::NAME), text));
        self.counts.push((R::NAME, rows.len()));
    }

    fn consents(&mut self, acts: &[ConsentAct]) {
        if acts.is_empty() {
            return;
        }
        let mut text = "\u{feff}".to_owned();
        let head = [
            "insured_no",
            "step",
            "acted_on",
            "recorded_at",
            "desk",
            "office_no",
            "given_by",
            "text_version",
            "method",
        ];
        csv_line(&mut text, head, STYLE);
        for act in acts {
            let office = act.office_no.map(|no| no.to_string()).unwrap_or_default();
            let cells = [
                act.insured_no.to_string(),
                act.step.code().to_owned(),
                act.acted_on.to_string(),
                act.acted_at.clone(),
                act.desk.code().to_owned(),
                office,
                act.given_by.code().to_owned(),
                act.text_version.clone(),
                act.method.code().to_owned(),
            ];
            csv_line(&mut text, cells, STYLE);
            self.people.insert(act.insured_no);
        }
        self.files.push(("consent_act.csv".to_owned(), text));
        self.counts.push(("consent_act", acts.len()));
    }
}
