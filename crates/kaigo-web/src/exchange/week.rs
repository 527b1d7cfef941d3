//! 第3表 on a page: blocks of half hours, side by side where they meet.

use kaigo_careplan::sheet::{Band, Sheet3, WeekService};

use crate::view::exchange_sheet::form::{Block, Week, Weekday};

/// Lanes of a day at most; what is more stands in the last.
const LANES: u8 = 4;
/// Half hours of a day.
const SLOTS: u16 = 48;

/// The week of a person.
pub(super) fn week(name: &str, sheet: &Sheet3) -> Week {
    let day = |(at, word): (u8, &str)| {
        let blocks = sheet.blocks.iter().filter(|block| block.weekday == at).filter_map(|block| {
            let service = sheet.services.get(block.service)?;
            let text =
                if block.continued { format!("（前日から）{}", service.text) } else { service.text.clone() };
            Some(slot(block.from, block.until, service.band.to_string(), text))
        });
        Weekday { word: word.to_owned(), blocks: side_by_side(blocks.collect()) }
    };
    let mut others: Vec<String> = sheet.others.clone();
    others.extend(sheet.undrawn().map(undrawn));
    let mut activities = Vec::new();
    for activity in &sheet.activities {
        match (activity.band.from.minutes, activity.band.until.minutes) {
            (Some(from), until) => {
                activities.push(slot(from, until.unwrap_or(from), time(&activity.band), activity.text.clone()));
            }
            (None, _) => others.push(activity.text.clone()),
        }
    }
    Week {
        name: name.to_owned(),
        days: (1..).zip(["月", "火", "水", "木", "金", "土", "日"]).map(day).collect(),
        activities: side_by_side(activities),
        others,
    }
}

/// A moment is said once.
fn time(band: &Band) -> String {
    if band.from == band.until { band.from.to_string() } else { band.to_string() }
}

/// A service that has no place in the week.
fn undrawn(service: &WeekService) -> String {
    let parts = [service.text.clone(), service.weekday.to_string(), service.band.to_string()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　")
}

fn slot(from: u16, until: u16, time: String, text: String) -> Block {
    let first = (from / 30).min(SLOTS - 1);
    let end = until.div_ceil(30).clamp(first + 1, SLOTS);
    let small = |count: u16| u8::try_from(count).unwrap_or(1);
    Block { from: small(first), length: small(end - first), lane: 0, time, text }
}

/// Gives blocks that meet in a half hour a lane each.
fn side_by_side(mut blocks: Vec<Block>) -> Vec<Block> {
    blocks.sort_by_key(|block| (block.from, block.length));
    let mut ends: Vec<u8> = Vec::new();
    for block in &mut blocks {
        let end = block.from.saturating_add(block.length);
        let free = ends.iter().position(|lane| *lane <= block.from).unwrap_or(ends.len());
        match ends.get_mut(free) {
            Some(lane) => *lane = end,
            None => ends.push(end),
        }
        block.lane = u8::try_from(free).unwrap_or(LANES).min(LANES - 1);
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_that_meet_stand_side_by_side() {
        let block = |from, until| slot(from, until, String::new(), String::new());
        let blocks = side_by_side(vec![block(600, 660), block(570, 600), block(570, 585), block(585, 600)]);
        let places: Vec<_> = blocks.iter().map(|b| (b.from, b.length, b.lane)).collect();
        assert_eq!(places, [(19, 1, 0), (19, 1, 1), (19, 1, 2), (20, 2, 0)]);
    }

    #[test]
    fn no_time_leaves_the_day() {
        for (from, until) in [(0, 0), (1439, 1440), (1440, 1740), (600, 0), (u16::MAX, u16::MAX)] {
            let block = slot(from, until, String::new(), String::new());
            assert!(block.length >= 1 && block.from + block.length <= 48, "{from} {until}: {block:?}");
        }
    }
}
