//! Offices (事業所) and their services: open data, no personal data.

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::service::ServiceKind;

use crate::db::{Error, Tx};

statements! {
    UPSERT = "INSERT INTO office (office_no, name, name_kana, municipality_code, address, building, latitude, longitude, phone, fax, \
              corporate_no, corporate_name, url, loaded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) \
              ON CONFLICT (office_no) DO UPDATE SET name = excluded.name, name_kana = excluded.name_kana, \
              municipality_code = excluded.municipality_code, address = excluded.address, building = excluded.building, \
              latitude = excluded.latitude, longitude = excluded.longitude, phone = excluded.phone, fax = excluded.fax, \
              corporate_no = excluded.corporate_no, corporate_name = excluded.corporate_name, url = excluded.url, \
              loaded_at = excluded.loaded_at";
    UPSERT_SERVICE = "INSERT INTO office_service (office_no, service_kind, weekdays, weekdays_note, capacity, shared_service, \
              standard_kaigo, standard_shogai, remarks, loaded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
              ON CONFLICT (office_no, service_kind) DO UPDATE SET weekdays = excluded.weekdays, weekdays_note = excluded.weekdays_note, \
              capacity = excluded.capacity, shared_service = excluded.shared_service, standard_kaigo = excluded.standard_kaigo, \
              standard_shogai = excluded.standard_shogai, remarks = excluded.remarks, loaded_at = excluded.loaded_at";
    NAME = "SELECT name, phone FROM office WHERE office_no = ?1";
    CARD = "SELECT name, phone, address FROM office WHERE office_no = ?1";
    CORPORATION = "SELECT corporate_name FROM office WHERE office_no = ?1";
    SERVICES = "SELECT service_kind FROM office_service WHERE office_no = ?1 ORDER BY service_kind";
    COUNT = "SELECT (SELECT count(*) FROM office), (SELECT count(*) FROM office_service)";
}

/// An office as the open data of 介護サービス情報公表 has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    /// Office number (事業所番号).
    pub office_no: OfficeNo,
    /// Name (事業所名).
    pub name: String,
    /// Name in kana (事業所名カナ).
    pub name_kana: String,
    /// Municipality code (都道府県コード又は市町村コード).
    pub municipality_code: Option<String>,
    /// Address (住所).
    pub address: Option<String>,
    /// Building (方書).
    pub building: Option<String>,
    /// Latitude as published.
    pub latitude: Option<String>,
    /// Longitude as published.
    pub longitude: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
    /// Corporate number (法人番号).
    pub corporate_no: Option<String>,
    /// Corporation (法人の名称).
    pub corporate_name: Option<String>,
    /// URL.
    pub url: Option<String>,
}

/// A service of an office as the open data has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeService {
    /// Office number.
    pub office_no: OfficeNo,
    /// Kind of service.
    pub kind: ServiceKind,
    /// Days of the week (利用可能曜日).
    pub weekdays: Option<String>,
    /// Remarks on the days (利用可能曜日特記事項).
    pub weekdays_note: Option<String>,
    /// Capacity (定員); none where `0` is published.
    pub capacity: Option<i32>,
    /// 高齢者の方と障害者の方が同時一体的に利用できるサービス.
    pub shared_service: Option<String>,
    /// 介護保険の通常の指定基準を満たしている.
    pub standard_kaigo: Option<String>,
    /// 障害福祉の通常の指定基準を満たしている.
    pub standard_shogai: Option<String>,
    /// Remarks (備考).
    pub remarks: Option<String>,
}

fn may(grant: &ActGrant) -> Result<(), Error> {
    if grant.act() == Act::Operate { Ok(()) } else { Err(Error::NotCovered) }
}

/// Adds or changes an office.
pub fn put(tx: &mut Tx<'_>, grant: &ActGrant, office: &Office, now: &str) -> Result<(), Error> {
    may(grant)?;
    let o = office;
    tx.execute(
        UPSERT,
        args![
            o.office_no,
            &o.name,
            &o.name_kana,
            o.municipality_code.as_ref(),
            o.address.as_ref(),
            o.building.as_ref(),
            o.latitude.as_ref(),
            o.longitude.as_ref(),
            o.phone.as_ref(),
            o.fax.as_ref(),
            o.corporate_no.as_ref(),
            o.corporate_name.as_ref(),
            o.url.as_ref(),
            now
        ],
    )
    .map(drop)
}

/// Adds or changes a service of an office.
pub fn put_service(tx: &mut Tx<'_>, grant: &ActGrant, service: &OfficeService, now: &str) -> Result<(), Error> {
    may(grant)?;
    let s = service;
    tx.execute(
        UPSERT_SERVICE,
        args![
            s.office_no,
            s.kind.code(),
            s.weekdays.as_ref(),
            s.weekdays_note.as_ref(),
            s.capacity,
            s.shared_service.as_ref(),
            s.standard_kaigo.as_ref(),
            s.standard_shogai.as_ref(),
            s.remarks.as_ref(),
            now
        ],
    )
    .map(drop)
}

/// Name and telephone of an office.
pub fn name(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Option<(String, Option<String>)>, Error> {
    let row = tx.query_opt(NAME, args![office_no])?;
    row.map(|row| Ok((row.text(0)?.to_owned(), row.opt_text(1)?.map(str::to_owned)))).transpose()
}

/// Name, telephone and address of an office, as the open data have them.
pub type Card = (String, Option<String>, Option<String>);

/// Name, telephone and address of an office.
pub fn card(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Option<Card>, Error> {
    let opt = |text: Option<&str>| text.map(str::to_owned);
    let row = tx.query_opt(CARD, args![office_no])?;
    row.map(|row| Ok((row.text(0)?.to_owned(), opt(row.opt_text(1)?), opt(row.opt_text(2)?)))).transpose()
}

/// Name of the corporation of an office.
pub fn corporation(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Option<String>, Error> {
    let row = tx.query_opt(CORPORATION, args![office_no])?;
    row.map_or(Ok(None), |row| Ok(row.opt_text(0)?.map(str::to_owned)))
}

/// The services of an office.
pub fn services(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Vec<ServiceKind>, Error> {
    let rows = tx.query(SERVICES, args![office_no])?;
    rows.iter()
        .map(|row| ServiceKind::parse(row.text(0)?).map_err(|_| Error::Broken("service_kind".to_owned())))
        .collect()
}

/// How many offices and services are known.
pub fn count(tx: &mut Tx<'_>) -> Result<(i64, i64), Error> {
    tx.query_opt(COUNT, &[])?.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}
