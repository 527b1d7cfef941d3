//! 第3表: the week as blocks of time, the daily activities, and what is not weekly.

use super::cell::{Band, Coded, Day, FromCell};
use crate::layout::sheet3;
use crate::table::Row;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// A service on one weekday, as the file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeekService {
    /// 介護サービス内容.
    pub text: String,
    /// 曜日.
    pub weekday: Coded,
    /// From and until.
    pub band: Band,
}

/// A piece of a service as it is drawn: inside one day, beside those that overlap it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Place in [`Sheet3::services`].
    pub service: usize,
    /// 1 Monday to 7 Sunday.
    pub weekday: u8,
    /// First minute, 0 to 1439.
    pub from: u16,
    /// Minute after the last, at most 1440; more than `from`.
    pub until: u16,
    /// Which of the columns side by side, from 0.
    pub lane: u8,
    /// How many columns stand side by side there, at least 1.
    pub lanes: u8,
    /// Whether it is the part after midnight of a service of the day before.
    pub continued: bool,
}

/// 主な日常生活上の活動.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// What.
    pub text: String,
    /// When; start and end are the same for a moment (起床).
    pub band: Band,
}

/// 第3表 週間サービス計画表 (UP3KYO).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet3 {
    /// 週間サービス計画表作成年月日.
    pub made_on: Day,
    /// The services by weekday, in the order of the file.
    pub services: Vec<WeekService>,
    /// The services that can be drawn, by weekday and time. Those without a weekday or a time are only in `services`.
    pub blocks: Vec<Block>,
    /// Daily activities by time.
    pub activities: Vec<Activity>,
    /// 週単位以外のサービス.
    pub others: Vec<String>,
}

impl Sheet3 {
    pub(super) fn of_rows(rows: &[Row<'_>]) -> Self {
        let mut made = Self {
            made_on: rows.first().map(|row| Day::from_cell(row, sheet3::MADE_ON)).unwrap_or_default(),
            ..Self::default()
        };
        for row in rows {
            let filled = |columns: &[usize]| columns.iter().any(|column| !row.text(*column).is_empty());
            if filled(&[sheet3::SERVICE, sheet3::WEEKDAY, sheet3::SERVICE_FROM, sheet3::SERVICE_UNTIL]) {
                made.services.push(WeekService {
                    text: row.text(sheet3::SERVICE).to_owned(),
                    weekday: Coded::from_cell(row, sheet3::WEEKDAY),
                    band: Band::new(row.text(sheet3::SERVICE_FROM), row.text(sheet3::SERVICE_UNTIL)),
                });
            }
            if filled(&[sheet3::ACTIVITY, sheet3::ACTIVITY_FROM, sheet3::ACTIVITY_UNTIL]) {
                made.activities.push(Activity {
                    text: row.text(sheet3::ACTIVITY).to_owned(),
                    band: Band::new(row.text(sheet3::ACTIVITY_FROM), row.text(sheet3::ACTIVITY_UNTIL)),
                });
            }
            if filled(&[sheet3::OTHER]) {
                made.others.push(row.text(sheet3::OTHER).to_owned());
            }
        }
        made.activities.sort_by_key(|activity| activity.band.from.minutes.unwrap_or(u16::MAX));
        made.blocks = blocks(&made.services);
        made
    }

    /// Services that cannot be drawn in the week: no weekday, or no time.
    pub fn undrawn(&self) -> impl Iterator<Item = &WeekService> {
        let drawn = |place: usize| self.blocks.iter().any(|block| block.service == place);
        self.services.iter().enumerate().filter(move |(place, _)| !drawn(*place)).map(|(_, service)| service)
    }
}

fn blocks(services: &[WeekService]) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(services.len());
    for (place, service) in services.iter().enumerate() {
        let weekday = service.weekday.code.parse::<u8>().ok().filter(|day| (1..=7).contains(day));
        if let (Some(weekday), Some(from), Some(until)) =
            (weekday, service.band.from.minutes, service.band.until.minutes)
        {
            push(&mut blocks, place, weekday, (from, until));
        }
    }
    blocks.sort_by_key(|block| (block.weekday, block.from, block.until, block.service));
    lanes(&mut blocks);
    blocks
}

/// Adds a service; one that ends on the next day is drawn on both (how files write that, the standard does not say).
fn push(blocks: &mut Vec<Block>, service: usize, weekday: u8, (from, until): (u16, u16)) {
    let (from, until) = if from >= DAY { (from - DAY, until.saturating_sub(DAY)) } else { (from, until) };
    let block = |weekday, from, until, continued| Block { service, weekday, from, until, lane: 0, lanes: 1, continued };
    let rest = if until < from { until } else { until.saturating_sub(DAY) };
    let end = if until < from { DAY } else { until.min(DAY) };
    // A moment is drawn as the shortest block that can be seen.
    blocks.push(block(weekday, from, end.max((from + 15).min(DAY)), false));
    if rest > 0 {
        blocks.push(block(weekday % 7 + 1, 0, rest, true));
    }
}

/// Puts blocks that overlap side by side.
fn lanes(blocks: &mut [Block]) {
    let mut rest = blocks;
    while let Some(first) = rest.first() {
        let (weekday, mut end) = (first.weekday, first.until);
        let mut count = 0;
        for block in rest.iter() {
            if block.weekday != weekday || (count > 0 && block.from >= end) {
                break;
            }
            end = end.max(block.until);
            count += 1;
        }
        let (group, after) = rest.split_at_mut(count);
        let mut ends: Vec<u16> = Vec::new();
        for block in group.iter_mut() {
            let free = ends.iter().position(|end| *end <= block.from);
            let lane = free.unwrap_or(ends.len());
            match ends.get_mut(lane) {
                Some(end) => *end = block.until,
                None => ends.push(block.until),
            }
            block.lane = u8::try_from(lane).unwrap_or(u8::MAX);
        }
        let wide = u8::try_from(ends.len()).unwrap_or(u8::MAX);
        for block in group {
            block.lanes = wide;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::table::{Writer, read};

    fn sheet(rows: &[[&str; 8]]) -> Sheet3 {
        let mut writer = Writer::new(Kind::Sheet3);
        for row in rows {
            let mut cells = vec!["202407", "981019", "9900000018", "20261101", "20261101"];
            cells.extend(row);
            writer.push(&cells);
        }
        let read = read(Kind::Sheet3, &writer.finish().bytes);
        Sheet3::of_rows(&read.table.rows().collect::<Vec<_>>())
    }

    #[test]
    fn a_week_has_blocks_side_by_side_activities_and_the_rest() {
        let made = sheet(&[
            ["訪問介護", "1", "0900", "1000", "", "", "", ""],
            ["訪問看護", "1", "0930", "1030", "", "", "", ""],
            ["夜間対応", "7", "2300", "0100", "", "", "", ""],
            ["いつか", "", "0900", "1000", "", "", "", ""],
            ["", "", "", "", "夕食", "1800", "1900", ""],
            ["", "", "", "", "起床", "0600", "0600", ""],
            ["", "", "", "", "", "", "", "短期入所 月1回"],
        ]);
        let drawn: Vec<_> =
            made.blocks.iter().map(|b| (b.weekday, b.from, b.until, b.lane, b.lanes, b.continued)).collect();
        assert_eq!(
            drawn,
            [
                (1, 0, 60, 0, 1, true),
                (1, 540, 600, 0, 2, false),
                (1, 570, 630, 1, 2, false),
                (7, 1380, 1440, 0, 1, false),
            ]
        );
        assert_eq!(made.activities.iter().map(|a| a.text.as_str()).collect::<Vec<_>>(), ["起床", "夕食"]);
        assert_eq!(made.others, ["短期入所 月1回"]);
        assert_eq!(made.undrawn().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["いつか"]);
    }

    #[test]
    fn a_day_ends_at_2400_or_0000() {
        let made = sheet(&[["a", "2", "2200", "2400", "", "", "", ""], ["b", "3", "2200", "0000", "", "", "", ""]]);
        assert_eq!(made.blocks.iter().map(|b| (b.weekday, b.until)).collect::<Vec<_>>(), [(2, 1440), (3, 1440)]);
    }
}
