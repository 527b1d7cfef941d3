//! ポータル: articles in versions, and maintenance. No personal data; anybody reads what is shown.

use kaigo_core::layout::BadCell;
use kaigo_core::policy::{Act, ActGrant};
use kaigo_core::portal::{ArticleKind, MaintenanceState, Topic, VersionState};

use crate::db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "v.article_id, v.version, v.kind, v.topic, v.state, v.show_from, v.place, v.title, v.summary, v.body, v.keywords, v.saved_at, v.saved_by"
    };
}

macro_rules! maintenance {
    () => {
        "m.maintenance_id, m.version, m.state, m.starts_at, m.ends_at, m.title, m.effect, m.saved_at, m.saved_by"
    };
}

statements! {
    // The newest version that is no draft and whose moment has come; gone if that one was withdrawn.
    SHOWN = concat!("SELECT ", columns!(), ", (SELECT min(f.show_from) FROM portal_version f WHERE f.article_id = v.article_id AND f.state = 'public') \
             FROM portal_version v WHERE v.state = 'public' AND v.show_from <= ?1 AND (?2 = '' OR v.kind = ?2) AND NOT EXISTS \
             (SELECT 1 FROM portal_version w WHERE w.article_id = v.article_id AND w.state <> 'draft' AND w.show_from <= ?1 AND w.version > v.version) \
             ORDER BY v.place, 14 DESC, v.article_id");
    SHOWN_ONE = concat!("SELECT ", columns!(), ", (SELECT min(f.show_from) FROM portal_version f WHERE f.article_id = v.article_id AND f.state = 'public') \
                 FROM portal_version v WHERE v.article_id = ?2 AND v.state = 'public' AND v.show_from <= ?1 AND NOT EXISTS \
                 (SELECT 1 FROM portal_version w WHERE w.article_id = v.article_id AND w.state <> 'draft' AND w.show_from <= ?1 AND w.version > v.version)");
    LATEST = concat!("SELECT ", columns!(), ", v.show_from FROM portal_version v WHERE NOT EXISTS (SELECT 1 FROM portal_version w WHERE \
              w.article_id = v.article_id AND w.version > v.version) ORDER BY v.kind, v.place, v.saved_at DESC, v.article_id");
    VERSIONS = concat!("SELECT ", columns!(), ", v.show_from FROM portal_version v WHERE v.article_id = ?1 ORDER BY v.version DESC");
    OF_KEY = concat!("SELECT ", columns!(), ", v.show_from FROM portal_version v WHERE v.submit_key = ?1");
    SAVE = "INSERT INTO portal_version (article_id, version, kind, topic, state, show_from, place, title, summary, body, keywords, saved_at, saved_by, \
            account_id, submit_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    MAINTENANCES = concat!("SELECT ", maintenance!(), " FROM portal_maintenance m WHERE m.ends_at >= ?1 AND NOT EXISTS (SELECT 1 FROM portal_maintenance w \
                    WHERE w.maintenance_id = m.maintenance_id AND w.version > m.version) ORDER BY m.starts_at, m.maintenance_id");
    MAINTENANCE = concat!("SELECT ", maintenance!(), " FROM portal_maintenance m WHERE m.maintenance_id = ?1 ORDER BY m.version DESC");
    MAINTENANCE_OF_KEY = concat!("SELECT ", maintenance!(), " FROM portal_maintenance m WHERE m.submit_key = ?1");
    PLAN = "INSERT INTO portal_maintenance (maintenance_id, version, state, starts_at, ends_at, title, effect, saved_at, saved_by, account_id, submit_key) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
}

/// A version of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Identifier of the article, random.
    pub article_id: String,
    /// From 1.
    pub version: i32,
    /// Kind.
    pub kind: ArticleKind,
    /// Group; counts for questions only.
    pub topic: Topic,
    /// State.
    pub state: VersionState,
    /// First moment on which it is shown (instant as text).
    pub show_from: String,
    /// Order among its kind: small ones first.
    pub place: i32,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Text, Markdown.
    pub body: String,
    /// Other words under which it is found.
    pub keywords: String,
    /// When it was saved.
    pub saved_at: String,
    /// Who saved it.
    pub saved_by: String,
    /// When the article was shown first; for an editor the version's own moment.
    pub first_at: String,
}

/// A maintenance, in a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maintenance {
    /// Identifier, random.
    pub maintenance_id: String,
    /// From 1.
    pub version: i32,
    /// State.
    pub state: MaintenanceState,
    /// First moment (instant as text).
    pub starts_at: String,
    /// End.
    pub ends_at: String,
    /// What is done.
    pub title: String,
    /// What cannot be used.
    pub effect: String,
    /// When it was saved.
    pub saved_at: String,
    /// Who saved it.
    pub saved_by: String,
}

fn may(grant: &ActGrant) -> Result<(), Error> {
    if matches!(grant.act(), Act::ManageContent | Act::Operate) { Ok(()) } else { Err(Error::NotCovered) }
}

/// Articles that are shown at a moment; an empty kind takes all.
pub fn shown(tx: &mut Tx<'_>, now: &str, kind: Option<ArticleKind>) -> Result<Vec<Version>, Error> {
    tx.query(SHOWN, args![now, kind.map_or("", ArticleKind::code)])?.iter().map(read).collect()
}

/// One article that is shown at a moment.
pub fn shown_one(tx: &mut Tx<'_>, now: &str, article_id: &str) -> Result<Option<Version>, Error> {
    tx.query_opt(SHOWN_ONE, args![now, article_id])?.as_ref().map(read).transpose()
}

/// The newest version of every article, drafts too.
pub fn latest(tx: &mut Tx<'_>, grant: &ActGrant) -> Result<Vec<Version>, Error> {
    may(grant)?;
    tx.query(LATEST, &[])?.iter().map(read).collect()
}

/// Every version of an article, the newest first.
pub fn versions(tx: &mut Tx<'_>, grant: &ActGrant, article_id: &str) -> Result<Vec<Version>, Error> {
    may(grant)?;
    tx.query(VERSIONS, args![article_id])?.iter().map(read).collect()
}

/// The version that a form made.
pub fn of_key(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Version>, Error> {
    may(grant)?;
    tx.query_opt(OF_KEY, args![submit_key])?.as_ref().map(read).transpose()
}

/// Adds a version.
///
/// # Errors
/// [`Error::Conflict`] if the version is there already: somebody else saved first.
pub fn save(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    v: &Version,
    (account_id, submit_key): (&str, &str),
) -> Result<(), Error> {
    may(grant)?;
    tx.execute(
        SAVE,
        args![
            &v.article_id,
            v.version,
            v.kind.code(),
            v.topic.code(),
            v.state.code(),
            &v.show_from,
            v.place,
            &v.title,
            &v.summary,
            &v.body,
            &v.keywords,
            &v.saved_at,
            &v.saved_by,
            account_id,
            submit_key
        ],
    )
    .map(drop)
}

/// Maintenances that end at or after a moment, the first ones first.
pub fn maintenances(tx: &mut Tx<'_>, since: &str) -> Result<Vec<Maintenance>, Error> {
    tx.query(MAINTENANCES, args![since])?.iter().map(read_maintenance).collect()
}

/// Every version of a maintenance, the newest first.
pub fn maintenance(tx: &mut Tx<'_>, maintenance_id: &str) -> Result<Vec<Maintenance>, Error> {
    tx.query(MAINTENANCE, args![maintenance_id])?.iter().map(read_maintenance).collect()
}

/// The maintenance that a form made.
pub fn maintenance_of_key(tx: &mut Tx<'_>, grant: &ActGrant, submit_key: &str) -> Result<Option<Maintenance>, Error> {
    may(grant)?;
    tx.query_opt(MAINTENANCE_OF_KEY, args![submit_key])?.as_ref().map(read_maintenance).transpose()
}

/// Adds a version of a maintenance.
///
/// # Errors
/// [`Error::Conflict`] if the version is there already: somebody else saved first.
pub fn plan(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    m: &Maintenance,
    (account_id, submit_key): (&str, &str),
) -> Result<(), Error> {
    may(grant)?;
    tx.execute(
        PLAN,
        args![
            &m.maintenance_id,
            m.version,
            m.state.code(),
            &m.starts_at,
            &m.ends_at,
            &m.title,
            &m.effect,
            &m.saved_at,
            &m.saved_by,
            account_id,
            submit_key
        ],
    )
    .map(drop)
}

fn code<T>(row: &Row, i: usize, parse: fn(&str) -> Result<T, BadCell>) -> Result<T, Error> {
    parse(row.text(i)?).map_err(|_| Error::Broken("a code of the portal".to_owned()))
}

fn small(row: &Row, i: usize) -> Result<i32, Error> {
    Ok(i32::try_from(row.int(i)?).unwrap_or(i32::MAX))
}

fn read(row: &Row) -> Result<Version, Error> {
    let text = |i: usize| row.text(i).map(str::to_owned);
    Ok(Version {
        article_id: text(0)?,
        version: small(row, 1)?,
        kind: code(row, 2, ArticleKind::parse)?,
        topic: code(row, 3, Topic::parse)?,
        state: code(row, 4, VersionState::parse)?,
        show_from: text(5)?,
        place: small(row, 6)?,
        title: text(7)?,
        summary: text(8)?,
        body: text(9)?,
        keywords: text(10)?,
        saved_at: text(11)?,
        saved_by: text(12)?,
        first_at: text(13)?,
    })
}

fn read_maintenance(row: &Row) -> Result<Maintenance, Error> {
    let text = |i: usize| row.text(i).map(str::to_owned);
    Ok(Maintenance {
        maintenance_id: text(0)?,
        version: small(row, 1)?,
        state: code(row, 2, MaintenanceState::parse)?,
        starts_at: text(3)?,
        ends_at: text(4)?,
        title: text(5)?,
        effect: text(6)?,
        saved_at: text(7)?,
        saved_by: text(8)?,
    })
}
