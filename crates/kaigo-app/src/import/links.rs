//! Import of links of numbers (番号の引継ぎ): which number of a person goes on as which other one.
//!
//! A move tells the offices in charge that the identity has to be checked anew; a merger of municipalities or a corrected number
//! takes their standing along. Either way no record of the one number is ever shown under the other.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use kaigo_core::date::both;
use kaigo_core::finding::Severity;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::rule::moving::{self, LinkKind};
use kaigo_store::db::{self, Db, Tx};
use kaigo_store::insurer;
use kaigo_store::notice::{self, Notice};
use kaigo_store::presence::{self, Link};

use super::rows::{self, Column, Looker, RowsReport};
use super::{ImportError, Progress};
use crate::Ctx;

/// The columns.
pub(super) const COLUMNS: &[Column] = &[
    ("insurer_no", "保険者番号"),
    ("insured_no", "被保険者番号"),
    ("to_insurer_no", "新しい保険者番号"),
    ("to_insured_no", "新しい被保険者番号"),
    ("kind", "引継ぎの理由"),
    ("moved_on", "異動年月日"),
];

/// Imports files of links. An insurer may link its own people's old numbers; the operator all.
///
/// # Errors
/// A file cannot be read, or the store fails; links recorded before stay, and the same import can be run again.
pub fn links(
    db: &Db,
    ctx: &Ctx,
    caller: &Caller,
    files: &[PathBuf],
    dry_run: bool,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<RowsReport, ImportError> {
    let grant = Arc::new(decide_act(caller, Act::LoadClaims).map_err(|_| db::Error::NotCovered)?);
    let known: HashSet<InsurerNo> =
        db.read_blocking(insurer::list)?.into_iter().map(|insurer| insurer.insurer_no).collect();
    let mut report = RowsReport { dry_run, ..RowsReport::default() };
    for path in files {
        let mut changed = 0;
        let mut take = |looker: &mut Looker<'_>| {
            if let Some(link) = row(looker, &known, grant.insurer_no())
                && !dry_run
            {
                let (ctx, grant) = (ctx.clone(), Arc::clone(&grant));
                changed += u64::from(db.write_blocking(move |tx| record(tx, &ctx, &grant, &link))?);
            }
            Ok(())
        };
        let mut file = rows::read(path, COLUMNS, &mut report.findings, progress, &mut take)?;
        file.changed = changed;
        report.files.push(file);
    }
    report.findings.close();
    Ok(report)
}

fn row(looker: &mut Looker<'_>, known: &HashSet<InsurerNo>, own: Option<InsurerNo>) -> Option<Link> {
    let from = (looker.read(0, InsurerNo::parse), looker.read(1, InsuredNo::parse));
    let to = (looker.read(2, InsurerNo::parse), looker.read(3, InsuredNo::parse));
    let kind = looker.read(4, LinkKind::parse);
    let moved_on = looker.read(5, rows::day);
    let link = Link { from: (from.0?, from.1?), to: (to.0?, to.1?), kind: kind?, moved_on: moved_on? };
    if own.is_some_and(|own| own != link.from.0) {
        let mend = "前の番号が自分の保険者の行だけにしてください。";
        looker.say(Severity::Error, 0, ("claim-foreign", "ほかの保険者の被保険者の行です。", mend));
        return None;
    }
    for (column, insurer_no) in [(0, link.from.0), (2, link.to.0)] {
        if !known.contains(&insurer_no) {
            let mend = "保険者番号を確かめてください。新しい保険者は、先に登録してください。";
            looker.say(Severity::Error, column, ("claim-insurer", "登録されていない保険者です。", mend));
            return None;
        }
    }
    if let Err(bad) = moving::check(link.kind, link.from, link.to) {
        looker.say(Severity::Error, 4, (bad.code(), bad.say(), "番号か、引継ぎの理由を確かめてください。"));
        return None;
    }
    Some(link)
}

/// Records a link, lets standings go along where the kind says so, and tells the offices. Answers whether it was new.
fn record(tx: &mut Tx<'_>, ctx: &Ctx, grant: &ActGrant, link: &Link) -> Result<bool, db::Error> {
    let now = ctx.instant();
    if !presence::link(tx, grant, link, &now)? {
        return Ok(false);
    }
    let mut notices = Vec::new();
    for (charge_id, office_no, _) in presence::standing_of(tx, link.from, ctx.today)? {
        let new_id = ctx.ids.id();
        let carried = link.kind.carries() && presence::carry(tx, grant, link, (&charge_id, &new_id), &now)?;
        let (about, place, word) = if carried {
            (link.to, new_id, "番号が変わりました。担当は続いています")
        } else {
            (link.from, charge_id, link.kind.label())
        };
        notices.push(Notice {
            to: Recipient::Office(office_no),
            topic: Topic::PersonMoved,
            about: Some(about),
            href: format!("/people/{place}/certificates"),
            note: format!("{word}（{}）", both(link.moved_on)),
            key: format!("moved {} {} {}", link.from.0, link.from.1, link.moved_on),
            at: now.clone(),
        });
    }
    notice::tell_all(tx, &notices)?;
    Ok(true)
}
