//! 利用状況.

use askama::Template;

use super::map::{AreaTile, Map};
use crate::view::Shell;

/// Figures of an area.
#[derive(Clone, Debug)]
pub struct Row {
    /// Name.
    pub name: String,
    /// Where; empty: nowhere.
    pub href: String,
    /// Offices.
    pub offices: String,
    /// Registered offices, with their share.
    pub registered: String,
    /// Active offices, with their share of the registered ones.
    pub active: String,
    /// Pairs.
    pub pairs: String,
    /// Sets sent.
    pub sent: String,
    /// Share of sets that arrived.
    pub success: String,
}

/// GET `/portal/usage`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/usage.html")]
pub struct Usage {
    /// Surroundings.
    pub shell: Shell,
    /// 「2026年10月」; empty: nothing was counted yet.
    pub month: String,
    /// When it was counted.
    pub counted: String,
    /// The country.
    pub whole: Row,
    /// The map.
    pub map: Map,
    /// By prefecture.
    pub rows: Vec<Row>,
    /// By month, the country; the name is the month.
    pub history: Vec<Row>,
}

/// GET `/portal/usage/{area}`: a prefecture.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/usage_area.html")]
pub struct Area {
    /// Surroundings.
    pub shell: Shell,
    /// Name.
    pub name: String,
    /// Month.
    pub month: String,
    /// The prefecture.
    pub whole: Row,
    /// Tiles.
    pub tiles: Vec<AreaTile>,
    /// What the grounds mean.
    pub legend: Vec<(&'static str, &'static str)>,
    /// By municipality.
    pub rows: Vec<Row>,
}
