//! Import of claim presence (請求の有無): of each office, person and month, whether a claim came, came late or was sent back.
//!
//! The operator brings the claims of all insurers, an insurer those of its own people. The order of files does not matter and a file
//! that comes twice changes nothing; a row with an error is left out and said.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use kaigo_core::date::{Date, add_months};
use kaigo_core::finding::Severity;
use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::rule::presence::ClaimPresence;
use kaigo_store::db::{self, Db};
use kaigo_store::insurer;
use kaigo_store::presence::{self, Claim, Load};
use kaigo_store::time::instant;

use super::rows::{self, Column, Looker, RowsReport};
use super::{ImportError, Progress};
use crate::ctx::day_in_japan;

/// The columns.
pub(super) const COLUMNS: &[Column] = &[
    ("insurer_no", "保険者番号"),
    ("insured_no", "被保険者番号"),
    ("office_no", "事業所番号"),
    ("service_month", "サービス提供年月"),
    ("state", "請求の状態"),
    ("received_month", "受付年月"),
];
/// Rows written with one commit.
const BATCH: usize = 5_000;
/// Months after which a claim cannot be made any more (介護保険法200条: two years).
const LAPSED: i32 = 24;

/// Imports files of claim presence.
///
/// # Errors
/// A file cannot be read, or the store fails; rows committed before stay, and the same import can be run again.
pub fn claims(
    db: &Db,
    caller: &Caller,
    files: &[PathBuf],
    dry_run: bool,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<RowsReport, ImportError> {
    let grant = Arc::new(decide_act(caller, Act::LoadClaims).map_err(|_| db::Error::NotCovered)?);
    let known: HashSet<InsurerNo> =
        db.read_blocking(insurer::list)?.into_iter().map(|insurer| insurer.insurer_no).collect();
    let judge = Judge { known, own: grant.insurer_no(), today: day_in_japan(now) };
    let mut report = RowsReport { dry_run, ..RowsReport::default() };
    let at = instant(now);
    for path in files {
        let (mut batch, mut changed) = (Vec::with_capacity(BATCH), 0);
        let mut take = |looker: &mut Looker<'_>| {
            batch.extend(judge.row(looker));
            if batch.len() == BATCH {
                changed += put(db, &grant, std::mem::take(&mut batch), dry_run, &at)?;
            }
            Ok(())
        };
        let mut file = rows::read(path, COLUMNS, &mut report.findings, progress, &mut take)?;
        changed += put(db, &grant, batch, dry_run, &at)?;
        file.changed = changed;
        if !dry_run && file.taken > 0 {
            let count = |n: u64| i32::try_from(n).unwrap_or(i32::MAX);
            let load = Load {
                load_id: file.digest.clone(),
                file: file.name.clone(),
                loaded_by: grant.insurer_no().map_or_else(|| "operator".to_owned(), |no| no.to_string()),
                loaded_at: at.clone(),
                rows: count(file.rows),
                changed: count(file.changed),
            };
            db.write_blocking(move |tx| presence::loaded(tx, &load))?;
        }
        report.files.push(file);
    }
    report.findings.close();
    Ok(report)
}

fn put(db: &Db, grant: &Arc<ActGrant>, batch: Vec<Claim>, dry_run: bool, now: &str) -> Result<u64, db::Error> {
    if dry_run || batch.is_empty() {
        return Ok(0);
    }
    let (grant, now) = (Arc::clone(grant), now.to_owned());
    db.write_blocking(move |tx| presence::put(tx, &grant, batch, &now))
}

struct Judge {
    known: HashSet<InsurerNo>,
    /// The insurer that loads; none: the operator.
    own: Option<InsurerNo>,
    today: Date,
}

impl Judge {
    fn row(&self, looker: &mut Looker<'_>) -> Option<Claim> {
        let insurer_no = looker.read(0, InsurerNo::parse);
        let insured_no = looker.read(1, InsuredNo::parse);
        let office_no = looker.read(2, OfficeNo::parse);
        let service_month = looker.read(3, rows::month);
        let state = looker.read(4, ClaimPresence::parse);
        let received_month = looker.read(5, rows::month);
        let claim = Claim {
            insurer_no: insurer_no?,
            insured_no: insured_no?,
            office_no: office_no?,
            service_month: service_month?,
            received_month: received_month?,
            state: state?,
        };
        self.fits(&claim, looker).then_some(claim)
    }

    fn fits(&self, claim: &Claim, looker: &mut Looker<'_>) -> bool {
        let mut wrong = |column, code, say: &str, mend: &str| {
            looker.say(Severity::Error, column, (code, say, mend));
            false
        };
        let mut fits = true;
        if self.own.is_some_and(|own| own != claim.insurer_no) {
            let mend = "自分の保険者の行だけにしてください。ほかの保険者の分は、その保険者か運用者が取り込みます。";
            fits = wrong(0, "claim-foreign", "ほかの保険者の被保険者の行です。", mend);
        } else if !self.known.contains(&claim.insurer_no) {
            let mend = "保険者番号を確かめてください。新しい保険者は、先に登録してください。";
            fits = wrong(0, "claim-insurer", "登録されていない保険者です。", mend);
        }
        if claim.service_month > claim.received_month {
            let mend = "サービス提供年月と受付年月が入れかわっていないか、確かめてください。";
            fits = wrong(5, "claim-order", "受付年月が、サービス提供年月より前です。", mend);
        }
        if claim.received_month > self.today.first_of_month() {
            fits = wrong(5, "claim-future", "受付年月が、まだ来ていない月です。", "受付年月を確かめてください。");
        }
        if fits && add_months(claim.service_month, LAPSED) < claim.received_month {
            let say = "サービスの月から2年をすぎて受け付けられた請求です（時効）。";
            looker.say(Severity::Warning, 3, ("claim-lapsed", say, "正しければ、そのままで取り込みます。"));
        }
        fits
    }
}
