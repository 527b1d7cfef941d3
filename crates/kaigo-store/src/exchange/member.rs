//! Offices of the exchange: who takes part, the directory, favourites.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};

use super::{office, office_at, opt_owned, owned};
use crate::db::{Error, Tx};

statements! {
    JOIN = "INSERT INTO exchange_member (office_no, joined_at, joined_by, last_active_at) VALUES (?1, ?2, ?3, ?2) \
            ON CONFLICT (office_no) DO NOTHING";
    ACTIVE = "UPDATE exchange_member SET last_active_at = ?2 WHERE office_no = ?1 AND last_active_at < ?3";
    LOCK = "UPDATE exchange_member SET last_active_at = last_active_at WHERE office_no = ?1";
    IS_MEMBER = "SELECT joined_at FROM exchange_member WHERE office_no = ?1";
    DIRECTORY = "SELECT o.office_no, o.name, o.name_kana, o.phone, o.municipality_code, o.address, m.joined_at, m.last_active_at, f.partner_no \
                 FROM office o LEFT JOIN exchange_member m ON m.office_no = o.office_no LEFT JOIN exchange_favourite f ON f.office_no = ?1 \
                 AND f.partner_no = o.office_no WHERE o.office_no <> ?1 ORDER BY o.name_kana, o.office_no";
    SERVICES = "SELECT office_no, service_kind FROM office_service ORDER BY office_no, service_kind";
    FAVOUR = "INSERT INTO exchange_favourite (office_no, partner_no) VALUES (?1, ?2) ON CONFLICT (office_no, partner_no) DO NOTHING";
    UNFAVOUR = "DELETE FROM exchange_favourite WHERE office_no = ?1 AND partner_no = ?2";
}

/// An office of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// 事業所番号.
    pub office_no: OfficeNo,
    /// Name.
    pub name: String,
    /// Kana.
    pub name_kana: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Municipality code.
    pub municipality_code: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// When it joined the exchange, if it did.
    pub joined_at: Option<String>,
    /// When it last sent or fetched.
    pub last_active_at: Option<String>,
    /// Whether the asking office marked it.
    pub favourite: bool,
    /// サービス種類コード of its services.
    pub services: Vec<String>,
}

/// Enters the grant's office as a member; entering it again changes nothing.
pub fn join(tx: &mut Tx<'_>, grant: &ActGrant, at: &str, by: &str) -> Result<(), Error> {
    tx.execute(JOIN, args![office(grant, &[Act::JoinExchange])?, at, by]).map(drop)
}

/// Notes that an office sent or fetched; not more often than `unless_since` says.
pub fn active(tx: &mut Tx<'_>, office_no: OfficeNo, at: &str, unless_since: &str) -> Result<(), Error> {
    tx.execute(ACTIVE, args![office_no, at, unless_since]).map(drop)
}

/// Holds an office's mailbox until the end of the transaction, so that two sets with the same document settle which one counts
/// one after the other. Who holds several takes them in the order of their numbers.
pub fn hold(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<(), Error> {
    tx.execute(LOCK, args![office_no]).map(drop)
}

/// When the office joined; none if it did not. Not personal data.
pub fn joined_at(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Option<String>, Error> {
    tx.query_opt(IS_MEMBER, args![office_no])?.map(|row| owned(&row, 0)).transpose()
}

/// Every other office that is known, by kana.
pub fn directory(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Listed>, Error> {
    let own = office(grant, &[Act::ListSets])?;
    let mut services: std::collections::HashMap<String, Vec<String>> = std::collections::HashMap::new();
    for row in tx.query(SERVICES, &[])? {
        services.entry(owned(&row, 0)?).or_default().push(owned(&row, 1)?);
    }
    tx.query(DIRECTORY, args![own])?
        .iter()
        .map(|row| {
            Ok(Listed {
                office_no: office_at(row, 0)?,
                name: owned(row, 1)?,
                name_kana: owned(row, 2)?,
                phone: opt_owned(row, 3)?,
                municipality_code: opt_owned(row, 4)?,
                address: opt_owned(row, 5)?,
                joined_at: opt_owned(row, 6)?,
                last_active_at: opt_owned(row, 7)?,
                favourite: row.opt_text(8)?.is_some(),
                services: services.remove(row.text(0)?).unwrap_or_default(),
            })
        })
        .collect()
}

/// Marks a partner, or takes the mark away.
pub fn favour(tx: &mut Tx<'_>, grant: &ActGrant, partner: OfficeNo, is_favourite: bool) -> Result<(), Error> {
    let own = office(grant, &[Act::ListSets])?;
    tx.execute(if is_favourite { FAVOUR } else { UNFAVOUR }, args![own, partner]).map(drop)
}
