//! Proxies (代理人): who may act in a person's place, in what, from when until when.

use kaigo_core::date::Date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant, Grant, Item, ProxyScope};
use kaigo_core::proxy::{ProxyEvidence, ProxyKind};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "proxy_id, kind, name, name_kana, relation, born_on, scope, evidence, valid_from, valid_until, recorded_by, recorded_at, ended_at, \
         ended_by, end_reason, submit_key"
    };
}

statements! {
    INSERT = concat!("INSERT INTO proxy (insurer_no, insured_no, ", columns!(), ") \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, NULL, NULL, NULL, ?15)");
    BY_KEY = concat!("SELECT ", columns!(), " FROM proxy WHERE insurer_no = ?1 AND insured_no = ?2 AND submit_key = ?3");
    FIND = concat!("SELECT ", columns!(), " FROM proxy WHERE insurer_no = ?1 AND insured_no = ?2 AND proxy_id = ?3");
    OF_PERSON = concat!("SELECT ", columns!(), " FROM proxy WHERE insurer_no = ?1 AND insured_no = ?2 ORDER BY recorded_at DESC, proxy_id");
    END = "UPDATE proxy SET ended_at = ?4, ended_by = ?5, end_reason = ?6 \
           WHERE insurer_no = ?1 AND insured_no = ?2 AND proxy_id = ?3 AND ended_at IS NULL";
}

/// A proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Identifier, random.
    pub proxy_id: String,
    /// Kind.
    pub kind: ProxyKind,
    /// Name.
    pub name: String,
    /// Name in kana.
    pub name_kana: String,
    /// Relation (続柄), e.g. 長女; for legal proxies the kind in words.
    pub relation: String,
    /// Birth date: asked for with the code of the letter.
    pub born_on: Date,
    /// What may be seen and done.
    pub scope: ProxyScope,
    /// What the clerk saw.
    pub evidence: ProxyEvidence,
    /// First day.
    pub valid_from: Date,
    /// Last day, if there is one.
    pub valid_until: Option<Date>,
    /// Name of the clerk who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: String,
    /// When it was ended.
    pub ended_at: Option<String>,
    /// Name of who ended it.
    pub ended_by: Option<String>,
    /// Why, code of the form.
    pub end_reason: Option<String>,
    /// Key of the form.
    pub submit_key: String,
}

impl Proxy {
    /// Whether the proxy may act on that day.
    pub fn stands(&self, today: Date) -> bool {
        self.ended_at.is_none() && self.valid_from <= today && self.valid_until.is_none_or(|until| today <= until)
    }
}

fn person(grant: &ActGrant) -> Result<(InsurerNo, InsuredNo), Error> {
    match grant.person() {
        Some(person) if grant.act() == Act::ManageProxy => Ok(person),
        _ => Err(Error::NotCovered),
    }
}

/// Records a proxy. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::NotCovered`] unless the grant is an insurer's for [`Act::ManageProxy`]: a person ends proxies, but records none.
pub fn insert(tx: &mut Tx<'_>, grant: &ActGrant, proxy: &Proxy) -> Result<Proxy, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    if grant.insurer_no().is_none() {
        return Err(Error::NotCovered);
    }
    if let Some(row) = tx.query_opt(BY_KEY, args![insurer_no, insured_no, &proxy.submit_key])? {
        return read(&row);
    }
    tx.execute(
        INSERT,
        args![
            insurer_no,
            insured_no,
            &proxy.proxy_id,
            proxy.kind.code(),
            &proxy.name,
            &proxy.name_kana,
            &proxy.relation,
            proxy.born_on,
            proxy.scope.code(),
            proxy.evidence.code(),
            proxy.valid_from,
            proxy.valid_until,
            &proxy.recorded_by,
            &proxy.recorded_at,
            &proxy.submit_key
        ],
    )?;
    Ok(proxy.clone())
}

/// Ends a proxy at once. Answers false if there is none of that number or it had ended.
pub fn end(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    proxy_id: &str,
    (now, by, reason): (&str, &str, &str),
) -> Result<bool, Error> {
    let (insurer_no, insured_no) = person(grant)?;
    Ok(tx.execute(END, args![insurer_no, insured_no, proxy_id, now, by, reason])? == 1)
}

/// The person's proxies, the newest first, ended ones too.
pub fn of_person(tx: &mut Tx<'_>, grant: &Grant) -> Result<Vec<Proxy>, Error> {
    if !grant.covers(Item::ConsentStatus) {
        return Err(Error::NotCovered);
    }
    tx.query(OF_PERSON, args![grant.insurer_no(), grant.insured_no()])?.iter().map(read).collect()
}

/// The proxy of an account, before there is a grant: asked at every request, so that an end counts at once.
pub fn find(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    proxy_id: &str,
) -> Result<Option<Proxy>, Error> {
    tx.query_opt(FIND, args![insurer_no, insured_no, proxy_id])?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Proxy, Error> {
    let bad = |_| Error::Broken("a proxy cannot be read".to_owned());
    let text = |i: usize| row.text(i).map(str::to_owned);
    let opt = |i: usize| row.opt_text(i).map(|t| t.map(str::to_owned));
    Ok(Proxy {
        proxy_id: text(0)?,
        kind: ProxyKind::parse(row.text(1)?).map_err(bad)?,
        name: text(2)?,
        name_kana: text(3)?,
        relation: text(4)?,
        born_on: row.date(5)?,
        scope: ProxyScope::parse(row.text(6)?).map_err(bad)?,
        evidence: ProxyEvidence::parse(row.text(7)?).map_err(bad)?,
        valid_from: row.date(8)?,
        valid_until: row.opt_date(9)?,
        recorded_by: text(10)?,
        recorded_at: text(11)?,
        ended_at: opt(12)?,
        ended_by: opt(13)?,
        end_reason: opt(14)?,
        submit_key: text(15)?,
    })
}
