//! Notices: told in the transaction of what they tell about, kept in the box of who is told.
//!
//! The box is shared: what one member of a house has read is read for the house, with the name of who did. A notice holds no
//! personal data; `about` is the key by which a reader with the right to it finds the name.

use kaigo_core::id::{InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::notice::{Recipient, Topic};
use ring::digest::{SHA256, digest};

use crate::db::{Error, Row, Tx, Value};
use crate::many::Many;
use crate::time::parse_instant;

macro_rules! columns {
    () => {
        "notice_id, topic, insurer_no, insured_no, href, note, told_at, read_at, read_by"
    };
}

statements! {
    // The empty filter takes everything; read ones are left out unless they are asked for.
    LIST = concat!("SELECT ", columns!(), " FROM notice WHERE recipient_kind = ?1 AND recipient_no = ?2 AND notice_id < ?3 \
            AND (?4 = '' OR topic = ?4) ORDER BY notice_id DESC LIMIT ?5");
    LIST_UNREAD = concat!("SELECT ", columns!(), " FROM notice WHERE recipient_kind = ?1 AND recipient_no = ?2 AND notice_id < ?3 \
            AND (?4 = '' OR topic = ?4) AND read_at IS NULL ORDER BY notice_id DESC LIMIT ?5");
    FIND = concat!("SELECT ", columns!(), " FROM notice WHERE recipient_kind = ?1 AND recipient_no = ?2 AND notice_id = ?3");
    UNREAD = "SELECT count(*) FROM (SELECT 1 FROM notice WHERE recipient_kind = ?1 AND recipient_no = ?2 AND read_at IS NULL LIMIT ?3) x";
    READ = "UPDATE notice SET read_at = ?4, read_by = ?5 WHERE recipient_kind = ?1 AND recipient_no = ?2 AND notice_id = ?3 AND read_at IS NULL";
    READ_ALL = "UPDATE notice SET read_at = ?5, read_by = ?6 WHERE recipient_kind = ?1 AND recipient_no = ?2 AND notice_id <= ?3 \
                AND (?4 = '' OR topic = ?4) AND read_at IS NULL";
    BY_TOPIC = "SELECT topic, count(*) FROM notice WHERE recipient_kind = ?1 AND recipient_no = ?2 AND read_at IS NULL GROUP BY topic";
    PURGE = "DELETE FROM notice WHERE told_at < ?1";
    IN_CHARGE = "SELECT charge_id, office_no FROM charge WHERE insurer_no = ?1 AND insured_no = ?2 AND ended_on IS NULL AND closes_on >= ?3 \
                 AND started_on <= ?3 ORDER BY office_no, started_on DESC, charge_id";
    ACCOUNTS = "SELECT account_id FROM account WHERE insurer_no = ?1 AND insured_no = ?2 AND kind = 'person' AND disabled_at IS NULL ORDER BY account_id";
    HEARD = "SELECT 1 FROM notice WHERE recipient_kind = ?1 AND recipient_no = ?2 AND insurer_no = ?3 AND insured_no = ?4 AND told_at = ?5 \
             AND topic IN ('result-decided', 'filing-accepted') LIMIT 1";
    LIES = "SELECT 1 FROM notice WHERE recipient_kind = ?1 AND recipient_no = ?2 AND topic = ?3 AND href = ?4 AND note = ?5 AND read_at IS NULL LIMIT 1";
    FRESH = "SELECT DISTINCT recipient_kind, recipient_no, topic FROM notice WHERE fresh = 1 ORDER BY recipient_kind, recipient_no, topic LIMIT ?1";
    TAKEN = "UPDATE notice SET fresh = 0 WHERE recipient_kind = ?1 AND recipient_no = ?2 AND topic = ?3 AND fresh = 1";
}

/// Adds notices; one of the same key to the same recipient is there already.
static TELL: Many = Many::new(
    "INSERT INTO notice (recipient_kind, recipient_no, notice_id, topic, insurer_no, insured_no, href, note, once_key, told_at, fresh, read_at, \
     read_by) VALUES",
    13,
    "ON CONFLICT DO NOTHING",
);

/// The statements over many rows.
pub(crate) fn many() -> [(&'static str, &'static str); 2] {
    [("TELL", TELL.full()), ("TELL_ONE", TELL.single())]
}

/// What somebody is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Who.
    pub to: Recipient,
    /// About what.
    pub topic: Topic,
    /// About whom; none: about nobody.
    pub about: Option<(InsurerNo, InsuredNo)>,
    /// Local path of the recipient's page where it is seen.
    pub href: String,
    /// A few words without personal data, may be empty.
    pub note: String,
    /// What it tells: told again with the same key, it is the same notice.
    pub key: String,
    /// When (instant as text).
    pub at: String,
}

/// Tells it. Commit it with what it tells about.
///
/// # Errors
/// The instant is none.
pub fn tell(tx: &mut Tx<'_>, notice: &Notice) -> Result<(), Error> {
    tell_all(tx, core::slice::from_ref(notice))
}

/// Tells many at once.
pub fn tell_all(tx: &mut Tx<'_>, notices: &[Notice]) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(notices.len());
    for n in notices {
        rows.push(vec![
            Value::from(n.to.kind().code()),
            Value::from(n.to.no()),
            Value::from(id_of(n)?),
            Value::from(n.topic.code()),
            Value::from(n.about.map(|(insurer_no, _)| insurer_no)),
            Value::from(n.about.map(|(_, insured_no)| insured_no)),
            Value::from(&n.href),
            Value::from(n.note.chars().take(120).collect::<String>()),
            Value::from(&n.key),
            Value::from(&n.at),
            Value::from(true),
            Value::Null,
            Value::Null,
        ]);
    }
    TELL.run(tx, rows).map(drop)
}

/// Twelve hex digits of the moment, by which boxes are sorted, and twenty of what it tells.
fn id_of(notice: &Notice) -> Result<String, Error> {
    let millis = parse_instant(&notice.at)?.as_millisecond().max(0);
    let what = format!("{}\n{}\n{}", notice.to.kind().code(), notice.to.no(), notice.key);
    let hash = digest(&SHA256, what.as_bytes());
    let tail: Vec<String> = hash.as_ref().iter().take(10).map(|b| format!("{b:02x}")).collect();
    let tail = tail.concat();
    Ok(format!("{millis:012x}{tail}"))
}

/// A notice in its box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Identifier; sorts by time.
    pub notice_id: String,
    /// About what.
    pub topic: Topic,
    /// About whom.
    pub about: Option<(InsurerNo, InsuredNo)>,
    /// Where it is seen.
    pub href: String,
    /// A few words.
    pub note: String,
    /// When it was told.
    pub told_at: String,
    /// When it was read.
    pub read_at: Option<String>,
    /// Name of who read it.
    pub read_by: Option<String>,
}

fn read(row: &Row) -> Result<Told, Error> {
    let bad = |_| Error::Broken("a notice cannot be read".to_owned());
    let about = match (row.opt_text(2)?, row.opt_text(3)?) {
        (Some(a), Some(b)) => Some((InsurerNo::parse(a).map_err(bad)?, InsuredNo::parse(b).map_err(bad)?)),
        _ => None,
    };
    Ok(Told {
        notice_id: row.text(0)?.to_owned(),
        topic: Topic::parse(row.text(1)?).map_err(bad)?,
        about,
        href: row.text(4)?.to_owned(),
        note: row.text(5)?.to_owned(),
        told_at: row.text(6)?.to_owned(),
        read_at: row.opt_text(7)?.map(str::to_owned),
        read_by: row.opt_text(8)?.map(str::to_owned),
    })
}

/// Which notices of a box.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only those of a topic.
    pub topic: Option<Topic>,
    /// Read ones, too.
    pub with_read: bool,
    /// Older than this one; none: the newest.
    pub before: Option<String>,
    /// At most so many.
    pub most: i32,
}

/// Notices of a box, the newest first.
pub fn list(tx: &mut Tx<'_>, to: &Recipient, wanted: &Wanted) -> Result<Vec<Told>, Error> {
    let sql = if wanted.with_read { LIST } else { LIST_UNREAD };
    let before = wanted.before.as_deref().unwrap_or("g");
    let topic = wanted.topic.map_or("", Topic::code);
    tx.query(sql, args![to.kind().code(), to.no(), before, topic, wanted.most])?.iter().map(read).collect()
}

/// One notice of a box.
pub fn find(tx: &mut Tx<'_>, to: &Recipient, notice_id: &str) -> Result<Option<Told>, Error> {
    tx.query_opt(FIND, args![to.kind().code(), to.no(), notice_id])?.as_ref().map(read).transpose()
}

/// How many are unread, counted up to a bound.
pub fn unread(tx: &mut Tx<'_>, to: &Recipient, most: i32) -> Result<i64, Error> {
    tx.query_opt(UNREAD, args![to.kind().code(), to.no(), most])?.map_or(Ok(0), |row| row.int(0))
}

/// Marks a notice as read by somebody of that name. Read before, it stays as it was.
pub fn mark_read(tx: &mut Tx<'_>, to: &Recipient, notice_id: &str, (now, by): (&str, &str)) -> Result<(), Error> {
    tx.execute(READ, args![to.kind().code(), to.no(), notice_id, now, by]).map(drop)
}

/// Marks the notices up to one as read, of a topic or of all. Answers how many were unread.
pub fn mark_all_read(
    tx: &mut Tx<'_>,
    to: &Recipient,
    (newest, topic): (&str, Option<Topic>),
    (now, by): (&str, &str),
) -> Result<u64, Error> {
    let topic = topic.map_or("", Topic::code);
    tx.execute(READ_ALL, args![to.kind().code(), to.no(), newest, topic, now, by])
}

/// How many are unread of each topic.
pub fn unread_by_topic(tx: &mut Tx<'_>, to: &Recipient) -> Result<Vec<(Topic, i64)>, Error> {
    let rows = tx.query(BY_TOPIC, args![to.kind().code(), to.no()])?;
    let mut all = rows
        .iter()
        .map(|row| {
            let topic = Topic::parse(row.text(0)?).map_err(|_| Error::Broken("notice.topic".to_owned()))?;
            Ok((topic, row.int(1)?))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    all.sort_unstable();
    Ok(all)
}

/// Removes notices that were told before an instant.
pub fn purge(tx: &mut Tx<'_>, before: &str) -> Result<u64, Error> {
    tx.execute(PURGE, args![before])
}

/// The offices in charge of a person on a day, each with its newest registration.
pub fn in_charge(
    tx: &mut Tx<'_>,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    today: kaigo_core::date::Date,
) -> Result<Vec<(String, OfficeNo)>, Error> {
    let rows = tx.query(IN_CHARGE, args![insurer_no, insured_no, today])?;
    let mut all: Vec<(String, OfficeNo)> = Vec::with_capacity(rows.len());
    for row in &rows {
        let office_no = OfficeNo::parse(row.text(1)?).map_err(|_| Error::Broken("charge.office_no".to_owned()))?;
        if all.last().is_none_or(|(_, last)| *last != office_no) {
            all.push((row.text(0)?.to_owned(), office_no));
        }
    }
    Ok(all)
}

/// Whether somebody was told at that moment that a result was decided or a notice accepted: the change of the certificate that came of
/// it is no news to them.
pub fn heard(
    tx: &mut Tx<'_>,
    to: &Recipient,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    at: &str,
) -> Result<bool, Error> {
    Ok(tx.query_opt(HEARD, args![to.kind().code(), to.no(), insurer_no, insured_no, at])?.is_some())
}

/// Whether an unread notice of that topic, place and words lies in a box.
pub fn lies(tx: &mut Tx<'_>, to: &Recipient, topic: Topic, href: &str, note: &str) -> Result<bool, Error> {
    Ok(tx.query_opt(LIES, args![to.kind().code(), to.no(), topic.code(), href, note])?.is_some())
}

/// The person's own accounts and those that act for them.
pub fn accounts_of(tx: &mut Tx<'_>, (insurer_no, insured_no): (InsurerNo, InsuredNo)) -> Result<Vec<String>, Error> {
    tx.query(ACCOUNTS, args![insurer_no, insured_no])?.iter().map(|row| Ok(row.text(0)?.to_owned())).collect()
}

/// Takes boxes with notices that no mail was thought of yet: kind and number of who was told, topic. What is told meanwhile stays
/// for the next time.
pub fn take_fresh(tx: &mut Tx<'_>, most: i32) -> Result<Vec<(String, String, Topic)>, Error> {
    let rows = tx.query(FRESH, args![most])?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let topic = Topic::parse(row.text(2)?).map_err(|_| Error::Broken("notice.topic".to_owned()))?;
        tx.execute(TAKEN, args![row.text(0)?, row.text(1)?, row.text(2)?])?;
        all.push((row.text(0)?.to_owned(), row.text(1)?.to_owned(), topic));
    }
    Ok(all)
}
