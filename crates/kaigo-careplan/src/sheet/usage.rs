//! 第6表 of one file: the printed lines with their 31 days, rebuilt from the records of single days.

use std::borrow::Cow;

use kaigo_core::date::weekday_ja;
use kaigo_core::service::ServiceKind;
use kaigo_core::text::halfwidth;

use super::cell::{Amount, Band, Clock, Coded, Day, FromCell, sheet};
use crate::layout::usage;
use crate::name::Month;
use crate::service_name::{is_monthly_add_on, kind_of, name_of};
use crate::table::Row;

/// A count of services on each day of a month, the first in front; none where no record stands.
pub type Days = [Option<u16>; 31];

sheet! {
    /// What a line of 第6表 is: a service at a time by an office (行情報).
    Service = usage {
        /// サービス開始時刻.
        from: Clock = FROM;
        /// サービス終了時刻.
        until: Clock = UNTIL;
        /// サービスコード.
        code: String = SERVICE;
        /// 単位数 after discount; not printed, so it makes no line of its own.
        units: Amount = UNITS;
        /// TAISコード.
        tais: String = TAIS;
        /// 福祉用具届出コード.
        equipment: String = EQUIPMENT;
        /// 用具名称（機種名）.
        equipment_name: String = EQUIPMENT_NAME;
        /// 明細判別コード.
        line_no: String = LINE;
        /// サービス事業者コード.
        office_no: String = OFFICE_NO;
        /// サービス事業所名.
        office_name: String = OFFICE_NAME;
        /// サテライト枝番.
        satellite: String = SATELLITE;
        /// ３０日超区分.
        over_30: Coded = OVER_30;
        /// 日割対象日: 31 characters, `1` on each day that is billed by the day; empty when not 日割り.
        prorated: String = DAYS;
    }
}

impl Service {
    /// Short name by the code.
    pub fn name(&self) -> String {
        name_of(&self.code).into_owned()
    }

    /// Kind of service by the code.
    pub fn kind(&self) -> Option<ServiceKind> {
        kind_of(&self.code)
    }

    /// 提供時間帯.
    pub fn band(&self) -> Band {
        Band { from: self.from.clone(), until: self.until.clone() }
    }

    /// Whether it counts once a month, however many days carry it.
    pub fn is_monthly(&self) -> bool {
        self.from.is_none() && is_monthly_add_on(&self.code)
    }

    /// What must be the same for two lines to be of one service, whatever the time.
    pub(crate) fn identity(&self) -> [Cow<'_, str>; 6] {
        let [code, tais, equipment] = self.goods();
        let [office, satellite, line] =
            [&self.office_no, &self.satellite, &self.line_no].map(|text| text.as_str().into());
        [code, tais, equipment, office, satellite, line]
    }

    /// サービスコード with the codes of the equipment in one spelling (the standard prints TAISコード with a full-width dash).
    pub(crate) fn goods(&self) -> [Cow<'_, str>; 3] {
        [Cow::Borrowed(self.code.as_str()), halfwidth(&self.tais), halfwidth(&self.equipment)]
    }

    /// Whether a day (from 1) is billed by the day.
    pub fn is_prorated_on(&self, day: u8) -> bool {
        let place = usize::from(day).checked_sub(1);
        place.and_then(|place| self.prorated.as_bytes().get(place)) == Some(&b'1')
    }
}

/// A line of 第6表.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageLine {
    /// What it is.
    pub service: Service,
    /// サービス回数 of each day.
    pub days: Days,
}

impl UsageLine {
    /// 合計回数.
    pub fn total(&self) -> u32 {
        total(&self.days)
    }
}

/// Sum of the counts.
pub fn total(days: &Days) -> u32 {
    days.iter().flatten().map(|count| u32::from(*count)).sum()
}

/// A record that fits no cell of the month: its day or its count cannot be read, or the day lies in another month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loose {
    /// Row of the file, from 1.
    pub row: u32,
    /// サービス利用日 as it is.
    pub date: Day,
    /// サービス回数 as it is.
    pub times: String,
    /// The rest.
    pub service: Service,
}

sheet! {
    /// 鑑 of 第6表: what stands above the grid.
    UsageHead = usage {
        /// 作成年月日.
        made_on: Day = MADE_ON;
        /// 対象年月 as the file has it.
        month: String = MONTH;
        /// プラン担当業者コード.
        plan_office: String = PLAN_OFFICE;
        /// プラン担当者名.
        planner: String = PLANNER;
        /// 前月までの短期入所利用日数.
        short_stay_before: Amount = SHORT_STAY_BEFORE;
        /// 更新業者コード.
        writer: String = WRITER;
    }
}

/// 第6表 サービス利用票 of one person and month, 予定 or 実績 (UPPLAN, UPJSK).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// 鑑, from the first record.
    pub head: UsageHead,
    /// The month, where 対象年月 is one.
    pub month: Option<Month>,
    /// The lines: by time, those without a time last; else in the order of the file.
    pub lines: Vec<UsageLine>,
    /// Records that fit no cell.
    pub loose: Vec<Loose>,
}

/// Columns that make a line: everything printed but the cells (No 10 and 14), the name of an office going with its number.
const LINE_COLUMNS: [usize; 11] = [
    usage::SERVICE,
    usage::FROM,
    usage::UNTIL,
    usage::OFFICE_NO,
    usage::TAIS,
    usage::EQUIPMENT,
    usage::EQUIPMENT_NAME,
    usage::LINE,
    usage::SATELLITE,
    usage::OVER_30,
    usage::DAYS,
];

impl Usage {
    pub(super) fn of_rows(rows: &[Row<'_>]) -> Self {
        let head = rows.first().map(UsageHead::of_row).unwrap_or_default();
        let month = Month::parse(&head.month);
        let mut made = Self { head, month, lines: Vec::new(), loose: Vec::new() };
        let mut firsts: Vec<&Row<'_>> = Vec::new();
        let mut last = 0;
        for row in rows {
            let times = row.text(usage::TIMES);
            let cell = day_in(month, row.text(usage::DATE)).zip(count(times));
            let Some((day, count)) = cell else {
                made.loose.push(Loose {
                    row: row.number(),
                    date: Day::from_cell(row, usage::DATE),
                    times: times.to_owned(),
                    service: Service::of_row(row),
                });
                continue;
            };
            let is_same = |first: &&Row<'_>| LINE_COLUMNS.iter().all(|column| first.text(*column) == row.text(*column));
            if !firsts.get(last).is_some_and(is_same) {
                last = firsts.iter().position(is_same).unwrap_or_else(|| {
                    firsts.push(row);
                    made.lines.push(UsageLine { service: Service::of_row(row), days: [None; 31] });
                    firsts.len() - 1
                });
            }
            if let Some(line) = made.lines.get_mut(last) {
                add(&mut line.days, day, count);
                if line.service.units.value.is_none_or(|units| units == 0) {
                    line.service.units = Amount::from_cell(row, usage::UNITS);
                }
            }
        }
        made.lines.sort_by_key(|line| order(&line.service));
        made
    }

    /// Sum of all counts.
    pub fn total(&self) -> u32 {
        self.lines.iter().map(UsageLine::total).sum()
    }
}

/// Lines with a time first, by time.
pub(crate) fn order(service: &Service) -> (u16, u16) {
    let minutes = |clock: &Clock| clock.minutes.unwrap_or(u16::MAX);
    (minutes(&service.from), minutes(&service.until))
}

/// Adds to the count of a day (from 1).
pub(crate) fn add(days: &mut Days, day: u8, count: u16) {
    if let Some(cell) = usize::from(day).checked_sub(1).and_then(|place| days.get_mut(place)) {
        *cell = Some(cell.unwrap_or(0).saturating_add(count));
    }
}

/// The count of a day (from 1).
pub(crate) fn get(days: &Days, day: u8) -> Option<u16> {
    usize::from(day).checked_sub(1).and_then(|place| days.get(place)).copied().flatten()
}

fn count(text: &str) -> Option<u16> {
    (text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// The day of the month (from 1) of a `YYYYMMDD`, if it lies in that month.
fn day_in(month: Option<Month>, date: &str) -> Option<u8> {
    let month = month?;
    if date.len() != 8 || Month::parse(date.get(..6)?)? != month {
        return None;
    }
    let day: u8 = date.get(6..)?.parse().ok()?;
    (day >= 1 && i16::from(day) <= i16::from(month.days())).then_some(day)
}

/// A day in the head of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridDay {
    /// 1 to 31.
    pub day: u8,
    /// 曜日 in one kanji.
    pub weekday: &'static str,
}

/// The days of a month.
pub fn days_of(month: Month) -> Vec<GridDay> {
    let date = |day: u8| kaigo_core::date::Date::new(month.year, month.month, i8::try_from(day).ok()?).ok();
    (1..=31).filter_map(|day| Some(GridDay { day, weekday: weekday_ja(date(day)?) })).collect()
}
