//! The tiles of the country, with what a page wants to show on each.

use kaigo_core::area::PREFECTURES;

use crate::view::portal::map::{Map, Tile};

/// What stands on a tile.
pub(super) struct Shown {
    /// Figure, short.
    pub(super) value: String,
    /// Ground.
    pub(super) level: &'static str,
    /// The sentence after the name.
    pub(super) say: String,
}

/// A map of all prefectures, and of the fictional one of a demo if it has one.
pub(super) fn map(
    label: &str,
    legend: Vec<(&'static str, &'static str)>,
    base: &str,
    fictional: &[String],
    show: &dyn Fn(&str) -> Shown,
) -> Map {
    let mut tiles: Vec<Tile> =
        PREFECTURES.iter().map(|p| tile(base, (&p.code(), p.short()), (p.column, p.row), show(&p.code()))).collect();
    for (code, row) in fictional.iter().zip(0..4_u8) {
        tiles.push(tile(base, (code, "架空県"), (0, row), show(code)));
    }
    Map::new(label, legend, tiles)
}

/// Name of the prefecture that a demo makes up.
pub(super) const FICTIONAL: &str = "架空県（デモ）";

fn tile(base: &str, (code, short): (&str, &str), (column, row): (u8, u8), shown: Shown) -> Tile {
    let (x, y) = Map::place(column, row);
    Tile {
        x,
        y,
        href: format!("{base}/{code}"),
        word: short.to_owned(),
        say: shown.say,
        value: shown.value,
        level: shown.level,
    }
}

/// A ground by its step.
pub(super) fn level(step: Option<u8>) -> &'static str {
    match step {
        Some(0) => "0",
        Some(1) => "1",
        Some(2) => "2",
        Some(3) => "3",
        Some(_) => "4",
        None => "none",
    }
}
