//! 相手の事業所: the directory of offices, who takes part, favourites; joining the exchange.

use kaigo_core::id::OfficeNo;
use kaigo_core::kana::search_key;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::service::ServiceKind;
use kaigo_core::text::halfwidth;
use kaigo_store::exchange::member::Listed;
use kaigo_store::exchange::{list, member};

use super::mailbox::days_ago;
use super::{Partner, partner_of, staff};
use crate::{App, Ctx, Error};

/// Rows on one page of the directory.
pub const PAGE: usize = 50;
/// Days that count as «used last month».
const LATELY: i32 = 31;

/// Which offices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Only {
    /// All that are known.
    #[default]
    Everybody,
    /// Those that take part in the exchange.
    Members,
    /// Those that the office marked.
    Favourites,
}

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Part of the name, the kana, the telephone, the address or the number.
    pub text: String,
    /// Only offices with that service.
    pub service: Option<ServiceKind>,
    /// Which offices.
    pub only: Only,
    /// Page, from 0.
    pub page: usize,
}

/// An office of the directory.
#[derive(Clone, Debug)]
pub struct Row {
    /// Number, name, telephone, whether it takes part.
    pub partner: Partner,
    /// Kana.
    pub kana: String,
    /// Address.
    pub address: String,
    /// Its services.
    pub services: Vec<ServiceKind>,
    /// When it last sent or fetched.
    pub last_active_at: Option<String>,
    /// When the two offices last exchanged, within a month.
    pub last_exchanged_at: Option<String>,
    /// Whether the caller's office marked it.
    pub favourite: bool,
}

/// A page of the directory.
#[derive(Clone, Debug)]
pub struct Partners {
    /// Marked ones first, then those of the last month, then members, then by kana.
    pub rows: Vec<Row>,
    /// How many were found.
    pub found: usize,
}

/// Searches the directory. It is open data and names no person.
pub async fn search(app: &App, ctx: &Ctx, caller: &Caller, search: Search) -> Result<Partners, Error> {
    let grant = decide_act(caller, Act::ListSets)?;
    let since = days_ago(ctx, LATELY);
    let (offices, lately) = app
        .db
        .read(move |tx| {
            let offices = member::directory(tx, &grant)?;
            let lately = list::partners(tx, &grant, &since)?;
            Ok::<_, Error>((offices, lately))
        })
        .await?;
    let lately: std::collections::HashMap<String, String> = lately.into_iter().collect();
    let mut rows: Vec<Row> = offices
        .into_iter()
        .filter(|office| fits(office, &search))
        .map(|office| {
            let last_exchanged_at = lately.get(office.office_no.as_str()).cloned();
            row(office, last_exchanged_at)
        })
        .collect();
    rows.sort_by_cached_key(|row| {
        let no = row.partner.office_no;
        (!row.favourite, row.last_exchanged_at.is_none(), !row.partner.registered, search_key(&row.kana), no)
    });
    let found = rows.len();
    let rows = rows.into_iter().skip(search.page.saturating_mul(PAGE)).take(PAGE).collect();
    Ok(Partners { rows, found })
}

fn row(office: Listed, last_exchanged_at: Option<String>) -> Row {
    Row {
        partner: Partner {
            office_no: office.office_no,
            name: office.name,
            phone: office.phone,
            registered: office.joined_at.is_some(),
        },
        kana: office.name_kana,
        address: office.address.unwrap_or_default(),
        services: office.services.iter().filter_map(|code| ServiceKind::parse(code).ok()).collect(),
        last_active_at: office.last_active_at,
        last_exchanged_at,
        favourite: office.favourite,
    }
}

fn fits(office: &Listed, search: &Search) -> bool {
    let chosen = match search.only {
        Only::Everybody => true,
        Only::Members => office.joined_at.is_some(),
        Only::Favourites => office.favourite,
    };
    let serves = search.service.is_none_or(|kind| office.services.iter().any(|code| code == kind.code()));
    chosen && serves && (search.text.trim().is_empty() || matches(office, search.text.trim()))
}

fn matches(office: &Listed, text: &str) -> bool {
    let digits = |text: &str| halfwidth(text).chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let number = digits(text).to_ascii_uppercase();
    let is_number = !number.is_empty() && halfwidth(text).chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let by_number = is_number
        && (office.office_no.as_str().contains(&number)
            || office.phone.as_deref().is_some_and(|phone| digits(phone).contains(&number)));
    let folded = halfwidth(text).to_string();
    let holds = |field: &str| halfwidth(field).contains(&folded);
    let kana = search_key(text);
    by_number
        || holds(&office.name)
        || office.address.as_deref().is_some_and(holds)
        || (!kana.is_empty() && search_key(&office.name_kana).contains(&kana))
}

/// One office of the directory.
///
/// # Errors
/// [`Error::NotFound`] if it is not known.
pub async fn one(app: &App, _ctx: &Ctx, caller: &Caller, office_no: &str) -> Result<Partner, Error> {
    staff(caller)?;
    let office_no = OfficeNo::parse(office_no).map_err(|_| Error::NotFound)?;
    let partner = app.db.read(move |tx| partner_of(tx, office_no)).await?;
    if partner.name.is_empty() { Err(Error::NotFound) } else { Ok(partner) }
}

/// Marks an office as a favourite, or takes the mark away.
pub async fn favour(app: &App, _ctx: &Ctx, caller: &Caller, office_no: &str, mark: bool) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ListSets)?;
    let office_no = OfficeNo::parse(office_no).map_err(|_| Error::NotFound)?;
    app.db.write(move |tx| member::favour(tx, &grant, office_no, mark)).await.map_err(Error::from)
}

/// Enters the caller's office into the exchange. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers the office.
pub async fn join(app: &App, ctx: &Ctx, caller: &Caller) -> Result<(), Error> {
    let (grant, by, at) = (decide_act(caller, Act::JoinExchange)?, staff(caller)?.name.clone(), ctx.instant());
    app.db.write(move |tx| member::join(tx, &grant, &at, &by)).await.map_err(Error::from)
}

/// Whether the caller's office takes part in the exchange.
pub async fn is_member(app: &App, _ctx: &Ctx, caller: &Caller) -> Result<bool, Error> {
    let own = staff(caller)?.office_no;
    Ok(app.db.read(move |tx| member::joined_at(tx, own)).await?.is_some())
}
