//! Insurers (保険者): master data and since when they share.

use kaigo_core::date::Date;
use kaigo_core::id::InsurerNo;
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};

statements! {
    FIND = "SELECT i.insurer_no, i.name, i.name_kana, i.municipality_code, i.phone, i.started_on, i.published_load, l.published_at \
            FROM insurer i LEFT JOIN feed_load l ON l.insurer_no = i.insurer_no AND l.load_no = i.published_load WHERE i.insurer_no = ?1";
    LIST = "SELECT i.insurer_no, i.name, i.name_kana, i.municipality_code, i.phone, i.started_on, i.published_load, l.published_at \
            FROM insurer i LEFT JOIN feed_load l ON l.insurer_no = i.insurer_no AND l.load_no = i.published_load ORDER BY i.insurer_no";
    UPSERT = "INSERT INTO insurer (insurer_no, name, name_kana, municipality_code, phone, started_on, published_load) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0) ON CONFLICT (insurer_no) DO UPDATE SET name = excluded.name, \
              name_kana = excluded.name_kana, municipality_code = excluded.municipality_code, phone = excluded.phone, \
              started_on = excluded.started_on";
}

/// An insurer (保険者): a municipality or a 広域連合.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insurer {
    /// Insurer number (保険者番号).
    pub insurer_no: InsurerNo,
    /// Name (保険者名).
    pub name: String,
    /// Name in kana.
    pub name_kana: String,
    /// Municipality code, if it is one municipality.
    pub municipality_code: Option<String>,
    /// Telephone of the desk.
    pub phone: Option<String>,
    /// First day of sharing (利用開始日); none: not decided.
    pub started_on: Option<Date>,
    /// The load whose rows are seen.
    pub published_load: i32,
    /// When that load was published (instant as text).
    pub published_at: Option<String>,
}

/// Finds an insurer.
pub fn find(tx: &mut Tx<'_>, insurer_no: InsurerNo) -> Result<Option<Insurer>, Error> {
    tx.query_opt(FIND, args![insurer_no])?.as_ref().map(read).transpose()
}

/// All insurers by number.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Insurer>, Error> {
    tx.query(LIST, &[])?.iter().map(read).collect()
}

/// Adds or changes an insurer; what is published is not touched.
pub fn put(tx: &mut Tx<'_>, grant: &ActGrant, insurer: &Insurer) -> Result<(), Error> {
    if grant.act() != Act::Operate {
        return Err(Error::NotCovered);
    }
    tx.execute(
        UPSERT,
        args![
            insurer.insurer_no,
            &insurer.name,
            &insurer.name_kana,
            insurer.municipality_code.as_ref(),
            insurer.phone.as_ref(),
            insurer.started_on
        ],
    )
    .map(drop)
}

fn read(row: &Row) -> Result<Insurer, Error> {
    Ok(Insurer {
        insurer_no: InsurerNo::parse(row.text(0)?).map_err(|_| Error::Broken("insurer_no".to_owned()))?,
        name: row.text(1)?.to_owned(),
        name_kana: row.text(2)?.to_owned(),
        municipality_code: row.opt_text(3)?.map(str::to_owned),
        phone: row.opt_text(4)?.map(str::to_owned),
        started_on: row.opt_date(5)?,
        published_load: i32::try_from(row.int(6)?).unwrap_or(0),
        published_at: row.opt_text(7)?.map(str::to_owned),
    })
}
