//! The record tables: one set of statements for every kind, made once from its column table.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use kaigo_core::layout::{Field, Record};
use kaigo_core::policy::{Grant, Item};
use kaigo_core::record::application::Application;
use kaigo_core::record::benefit::{EquipmentPurchase, HomeModification};
use kaigo_core::record::certification::{BenefitLimit, Certification};
use kaigo_core::record::consent::Consent;
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::record::life::LifeFeedback;
use kaigo_core::record::person::{InsuredPerson, Qualification};
use kaigo_core::record::plan_notice::PlanNotice;
use kaigo_core::record::relief::{BenefitRestriction, BurdenRatio, Relief};
use kaigo_core::record::{Common, DESK_FIRST};
use kaigo_core::{code::Void, for_each_record};

use crate::db::{Bulk, Error, Row, Tx, Value};

/// A row as it is kept: the record with its common columns and the load that brought it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<R> {
    /// 被保険者番号, 連番, 履歴番号, 取消区分.
    pub common: Common,
    /// Load that brought the row.
    pub load_no: i32,
    /// The record.
    pub record: R,
}

/// A segment of a person's records: every version that was ever published, the newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment<R> {
    /// Number of the segment (連番).
    pub record_no: i32,
    /// Versions, the newest first.
    pub versions: Vec<Stored<R>>,
}

impl<R> Segment<R> {
    /// The version that counts; none if the segment was taken back.
    pub fn current(&self) -> Option<&Stored<R>> {
        self.versions.first().filter(|row| row.common.void == Void::Valid)
    }
}

/// Which items of the sharing table a record kind belongs to: a grant must cover one of them.
pub trait Guarded: Record {
    /// The items.
    const ITEMS: &'static [Item];
}

macro_rules! guarded {
    ($($kind:ty => $items:expr),+ $(,)?) => { $(impl Guarded for $kind { const ITEMS: &'static [Item] = $items; })+ };
}
guarded! {
    InsuredPerson => Item::ALL,
    Qualification => &[Item::InsuredCertificate],
    Certification => &[Item::InsuredCertificate, Item::CertificationResult],
    BenefitLimit => &[Item::InsuredCertificate, Item::CertificationResult],
    BurdenRatio => &[Item::BurdenRatio],
    Relief => &[Item::Relief],
    BenefitRestriction => &[Item::InsuredCertificate],
    HomeModification => &[Item::Balances],
    EquipmentPurchase => &[Item::Balances],
    Application => &[Item::Progress],
    Survey => &[Item::Survey],
    DoctorOpinion => &[Item::DoctorOpinion],
    Consent => &[Item::ConsentStatus],
    PlanNotice => &[Item::InsuredCertificate],
    LifeFeedback => &[Item::Life],
}

/// Columns before those of the kind, in the order of every statement here.
const HEAD: [&str; 6] = ["insurer_no", "insured_no", "record_no", "load_no", "history_no", "void"];

/// The statements of one kind.
pub struct RecordSql {
    /// All rows of one person up to a load.
    pub of_person: &'static str,
    /// All rows of the persons after one, up to a load.
    pub page: &'static str,
    /// One row, to add.
    pub bulk: Bulk,
    /// Whether the insurer has any row up to a load.
    pub any: &'static str,
    /// Takes away the rows after a load.
    pub clear: &'static str,
    /// Rows of a load whose person is not there.
    pub orphans: &'static str,
    /// Counts the rows of a load.
    pub count: &'static str,
    /// The platform's own rows between two loads.
    pub desk_since: &'static str,
    /// The next persons of whom a load has rows.
    pub of_load: &'static str,
    /// All published rows of an office's people.
    pub own: &'static str,
    /// The next people of a load whom somebody is in charge of or who have an account, with the least 取消区分 of their rows.
    pub news: &'static str,
}

/// The statements of a kind; made at the first use and kept for the life of the program.
pub fn sql<R: Record>() -> &'static RecordSql {
    static ALL: OnceLock<RwLock<HashMap<&'static str, &'static RecordSql>>> = OnceLock::new();
    let all = ALL.get_or_init(RwLock::default);
    if let Some(sql) = all.read().unwrap_or_else(PoisonError::into_inner).get(R::NAME) {
        return sql;
    }
    let made: &'static RecordSql = Box::leak(Box::new(make::<R>()));
    all.write().unwrap_or_else(PoisonError::into_inner).entry(R::NAME).or_insert(made)
}

fn make<R: Record>() -> RecordSql {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let name = R::NAME;
    let own: Vec<&'static str> = R::COLUMNS.iter().map(|c| c.name).collect();
    let mut columns: Vec<&'static str> = HEAD.to_vec();
    columns.extend(&own);
    let read = columns.join(", ");
    columns.extend(R::DERIVED.iter().map(|(name, _)| *name));
    let marks: Vec<String> = (1..=columns.len()).map(|i| format!("?{i}")).collect();
    RecordSql {
        of_person: leak(format!(
            "SELECT {read} FROM {name} WHERE insurer_no = ?1 AND insured_no = ?2 AND load_no <= ?3 \
             ORDER BY record_no, load_no DESC, history_no DESC"
        )),
        page: leak(format!(
            "SELECT {read} FROM {name} WHERE insurer_no = ?1 AND insured_no > ?2 AND load_no <= ?3 \
             AND insured_no <= (SELECT max(p.insured_no) FROM (SELECT DISTINCT q.insured_no FROM {name} q \
             WHERE q.insurer_no = ?1 AND q.insured_no > ?2 ORDER BY q.insured_no LIMIT ?4) p) \
             ORDER BY insured_no, record_no, load_no DESC, history_no DESC"
        )),
        bulk: Bulk {
            table: name,
            insert: leak(format!("INSERT INTO {name} ({}) VALUES ({})", columns.join(", "), marks.join(", "))),
            columns: Box::leak(columns.into_boxed_slice()),
        },
        any: leak(format!("SELECT 1 FROM {name} WHERE insurer_no = ?1 AND load_no <= ?2 LIMIT 1")),
        clear: leak(format!("DELETE FROM {name} WHERE insurer_no = ?1 AND load_no > ?2")),
        orphans: leak(format!(
            "SELECT DISTINCT r.insured_no FROM {name} r WHERE r.insurer_no = ?1 AND r.load_no = ?2 AND NOT EXISTS \
             (SELECT 1 FROM insured_person p WHERE p.insurer_no = r.insurer_no AND p.insured_no = r.insured_no) \
             ORDER BY r.insured_no LIMIT ?3"
        )),
        count: leak(format!("SELECT count(*) FROM {name} WHERE insurer_no = ?1 AND load_no = ?2")),
        desk_since: leak(format!(
            "SELECT {read} FROM {name} WHERE insurer_no = ?1 AND load_no >= ?2 AND load_no <= ?3 \
             AND (record_no >= {DESK_FIRST} OR history_no >= {DESK_FIRST}) ORDER BY insured_no, record_no, load_no, history_no"
        )),
        of_load: leak(format!(
            "SELECT DISTINCT insured_no FROM {name} WHERE insurer_no = ?1 AND load_no = ?2 AND insured_no > ?3 \
             ORDER BY insured_no LIMIT ?4"
        )),
        own: leak(format!(
            "SELECT {} FROM charge c JOIN insurer i ON i.insurer_no = c.insurer_no JOIN {name} r ON r.insurer_no = c.insurer_no \
             AND r.insured_no = c.insured_no WHERE c.office_no = ?1 AND c.ended_on IS NULL AND c.closes_on >= ?2 \
             AND i.started_on <= ?2 AND r.load_no <= i.published_load \
             ORDER BY r.insurer_no, r.insured_no, r.record_no, r.load_no DESC, r.history_no DESC",
            read.split(", ").map(|column| format!("r.{column}")).collect::<Vec<_>>().join(", ")
        )),
        news: leak(format!(
            "SELECT r.insured_no, min(r.void) FROM {name} r WHERE r.insurer_no = ?1 AND r.load_no = ?2 AND r.insured_no > ?3 \
             AND r.insured_no <= ?4 AND (EXISTS (SELECT 1 FROM charge c WHERE c.insurer_no = r.insurer_no \
             AND c.insured_no = r.insured_no AND c.ended_on IS NULL AND c.closes_on >= ?5 AND c.started_on <= ?5) OR EXISTS \
             (SELECT 1 FROM account a WHERE a.insurer_no = r.insurer_no AND a.insured_no = r.insured_no AND a.disabled_at IS NULL)) \
             GROUP BY r.insured_no ORDER BY r.insured_no LIMIT ?6"
        )),
    }
}

/// The statements of every kind, for the test that prepares them.
pub(crate) fn statements() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut all = Vec::new();
    macro_rules! add {
        ($kind:ty) => {
            let s = sql::<$kind>();
            for (name, text) in [
                ("of_person", s.of_person),
                ("page", s.page),
                ("insert", s.bulk.insert),
                ("any", s.any),
                ("clear", s.clear),
                ("orphans", s.orphans),
                ("count", s.count),
                ("desk_since", s.desk_since),
                ("of_load", s.of_load),
                ("own", s.own),
                ("news", s.news),
            ] {
                all.push((<$kind as Record>::NAME, name, text));
            }
        };
    }
    for_each_record!(add);
    all
}

/// Reads the person's segments of one kind, as published up to a load.
///
/// # Errors
/// [`Error::NotCovered`] if the grant covers none of the kind's items.
pub fn of_person<R: Guarded>(tx: &mut Tx<'_>, grant: &Grant, published: i32) -> Result<Vec<Segment<R>>, Error> {
    if !R::ITEMS.iter().any(|item| grant.covers(*item)) {
        return Err(Error::NotCovered);
    }
    let rows = tx.query(sql::<R>().of_person, args![grant.insurer_no(), grant.insured_no(), published])?;
    group(rows)
}

/// Rows of one person as segments.
pub(crate) fn group<R: Record>(rows: Vec<Row>) -> Result<Vec<Segment<R>>, Error> {
    let mut segments: Vec<Segment<R>> = Vec::new();
    for row in rows {
        let stored = read::<R>(row)?;
        let record_no = stored.common.record_no.0;
        match segments.last_mut().filter(|s| s.record_no == record_no) {
            Some(segment) => segment.versions.push(stored),
            None => segments.push(Segment { record_no, versions: vec![stored] }),
        }
    }
    Ok(segments)
}

/// A row of a record table as its record. Texts are moved, not copied.
pub(crate) fn read<R: Record>(row: Row) -> Result<Stored<R>, Error> {
    let bad = || Error::Broken(format!("a stored {} cannot be read", R::NAME));
    let mut stored = Stored { common: Common::default(), load_no: 0, record: R::default() };
    let mut cells = row.into_values().into_iter().skip(1).map(Value::into_cell);
    let mut next = || cells.next().ok_or_else(bad)?;
    let common = &mut stored.common;
    common.insured_no.load(next()?).map_err(|_| bad())?;
    common.record_no.load(next()?).map_err(|_| bad())?;
    let mut load_no = kaigo_core::code::Amount::<0, { i32::MAX }>(0);
    load_no.load(next()?).map_err(|_| bad())?;
    stored.load_no = load_no.0;
    common.history_no.load(next()?).map_err(|_| bad())?;
    common.void.load(next()?).map_err(|_| bad())?;
    for column in R::COLUMNS {
        (column.get_mut)(&mut stored.record).load(next()?).map_err(|_| bad())?;
    }
    Ok(stored)
}

/// The values of a row in the order of [`RecordSql::bulk`].
pub(crate) fn values<'a, R: Record>(
    insurer_no: &'a kaigo_core::id::InsurerNo,
    load_no: i32,
    common: &'a Common,
    record: &'a R,
) -> Vec<Value<'a>> {
    let mut values = Vec::with_capacity(HEAD.len() + R::COLUMNS.len() + R::DERIVED.len());
    values.push(Value::from(insurer_no.as_str()));
    values.push(Value::from(common.insured_no.as_str()));
    values.push(Value::from(common.record_no.0));
    values.push(Value::from(load_no));
    values.push(Value::from(common.history_no.0));
    values.push(Value::from(common.void.code()));
    values.extend(R::COLUMNS.iter().map(|c| Value::from((c.get)(record).cell())));
    values.extend(R::DERIVED.iter().map(|(_, make)| Value::from(make(record))));
    values
}
