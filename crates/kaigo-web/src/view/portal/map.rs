//! The tile map: 47 squares, each a link; a prefecture's municipalities as a list of tiles.

use askama::Template;

/// Width of a tile, in units of the drawing.
const TILE: u32 = 64;
/// Height of a tile.
const HIGH: u32 = 56;
/// Space between tiles.
const GAP: u32 = 4;

/// A map.
#[derive(Clone, Debug)]
pub struct Map {
    /// What it shows, for those who do not see it.
    pub label: String,
    /// Width of the drawing.
    pub width: u32,
    /// Height of the drawing.
    pub height: u32,
    /// Tiles in the order of codes.
    pub tiles: Vec<Tile>,
    /// What the grounds mean.
    pub legend: Vec<(&'static str, &'static str)>,
}

/// A tile of the map.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Where it leads.
    pub href: String,
    /// Name, short.
    pub word: String,
    /// Figure, short.
    pub value: String,
    /// Ground: `0` to `4`, `none`.
    pub level: &'static str,
    /// What is heard after name and figure: 「19市町村のうち12が開始日を公表」.
    pub say: String,
}

impl Tile {
    /// Middle of the tile.
    pub fn middle(&self) -> u32 {
        self.x + TILE / 2
    }

    /// Line of the name.
    pub fn word_y(&self) -> u32 {
        self.y + 25
    }

    /// Line of the figure.
    pub fn value_y(&self) -> u32 {
        self.y + 44
    }
}

impl Map {
    /// A map of the country with room for the prefectures of a demo in its upper left.
    pub fn new(label: impl Into<String>, legend: Vec<(&'static str, &'static str)>, tiles: Vec<Tile>) -> Self {
        let (columns, rows) = (u32::from(kaigo_core::area::COLUMNS), u32::from(kaigo_core::area::ROWS));
        Self {
            label: label.into(),
            width: columns * (TILE + GAP) - GAP,
            height: rows * (HIGH + GAP) - GAP,
            tiles,
            legend,
        }
    }

    /// Corner of the tile in a column and row.
    pub fn place(column: u8, row: u8) -> (u32, u32) {
        (u32::from(column) * (TILE + GAP), u32::from(row) * (HIGH + GAP))
    }
}

/// GET `/portal/…/map.svg`: the map as a drawing of its own, for other people's pages.
#[derive(Clone, Debug, Template)]
#[template(path = "page/portal/map.svg", escape = "html")]
pub struct Drawing {
    /// The map.
    pub map: Map,
    /// Source and day, written below.
    pub source: String,
}

impl Drawing {
    /// Colour of a ground and of the words on it.
    pub fn colours(level: &str) -> (&'static str, &'static str) {
        match level {
            "1" => ("#d9e6ff", "#000060"),
            "2" => ("#9db7f9", "#000060"),
            "3" => ("#4979f5", "#000000"),
            "4" => ("#0017c1", "#ffffff"),
            "none" => ("#e6e6e6", "#1a1a1a"),
            _ => ("#ffffff", "#1a1a1a"),
        }
    }
}

/// A tile of a municipality, in a list.
#[derive(Clone, Debug)]
pub struct AreaTile {
    /// Where it leads; empty: nowhere.
    pub href: String,
    /// Name.
    pub word: String,
    /// Figure or state.
    pub value: String,
    /// Ground.
    pub level: &'static str,
}
