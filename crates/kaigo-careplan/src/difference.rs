//! Differences between 予定 and 実績, between two versions of a 予定, and between two care plans: found, named, said in words.
//!
//! The standard has no link between the records of 予定 and 実績 (§4.3), so they are matched by office and kind of service, then
//! by day, service and time: first what is the same, then what is nearest.

mod months;
mod plan;
#[cfg(test)]
mod tests;
mod usage;

use kaigo_core::date::{Date, weekday_ja};

pub use self::months::{Change, MonthChange, of_months};
pub use self::plan::{PlanChange, PlanDifference, of_plans};
pub use self::usage::{of_person, of_usages, of_versions};
use crate::name::Month;
use crate::sheet::{Band, Service};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// 予定 and 実績.
    Result,
    /// An earlier 予定 and a later one.
    Version,
}

/// A service at a time on a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct On {
    /// Day of the month, from 1.
    pub day: u8,
    /// 提供時間帯.
    pub band: Band,
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// 中止: planned, not done.
    Cancelled {
        /// When; for what counts once a month its first day.
        on: On,
        /// 回数.
        times: u16,
        /// Whether it counts once a month.
        monthly: bool,
    },
    /// Done, not planned.
    Added {
        /// When; for what counts once a month its first day.
        on: On,
        /// 回数.
        times: u16,
        /// Whether it counts once a month.
        monthly: bool,
    },
    /// On another day.
    DayMoved {
        /// As planned.
        from: On,
        /// As done.
        to: On,
    },
    /// On the same day at another time.
    TimeMoved {
        /// Day of the month.
        day: u8,
        /// As planned.
        from: Band,
        /// As done.
        to: Band,
    },
    /// Another 回数.
    CountChanged {
        /// When it was done.
        on: On,
        /// As planned.
        from: u16,
        /// As done.
        to: u16,
    },
    /// At the same time, another サービスコード of the same kind of service.
    CodeChanged {
        /// When.
        on: On,
        /// The code that was done; the planned one is that of the difference.
        to: String,
    },
    /// 福祉用具: the same サービスコード, another article.
    EquipmentChanged {
        /// Day of the month.
        day: u8,
        /// TAISコード or 届出コード as planned.
        from: String,
        /// As done.
        to: String,
    },
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What is compared.
    pub basis: Basis,
    /// The month of service.
    pub month: Option<Month>,
    /// サービス事業者コード.
    pub office_no: String,
    /// サービス事業所名.
    pub office_name: String,
    /// サービスコード, as planned where it was planned.
    pub code: String,
    /// Short name of the service.
    pub name: String,
    /// What differs.
    pub what: What,
    /// Names of add-ons that differ in the same way and belong to the service.
    pub with: Vec<String>,
}

impl Difference {
    fn new(basis: Basis, month: Option<Month>, service: &Service, what: What) -> Self {
        Self {
            basis,
            month,
            office_no: service.office_no.clone(),
            office_name: service.office_name.clone(),
            code: service.code.clone(),
            name: service.name(),
            what,
            with: Vec::new(),
        }
    }

    /// A stable code of what differs.
    pub fn what_code(&self) -> &'static str {
        match self.what {
            What::Cancelled { .. } => "cancelled",
            What::Added { .. } => "added",
            What::DayMoved { .. } => "day-moved",
            What::TimeMoved { .. } => "time-moved",
            What::CountChanged { .. } => "count-changed",
            What::CodeChanged { .. } => "code-changed",
            What::EquipmentChanged { .. } => "equipment-changed",
        }
    }

    /// A word for what differs.
    pub fn label(&self) -> &'static str {
        let is_result = self.basis == Basis::Result;
        match self.what {
            What::Cancelled { .. } if is_result => "中止",
            What::Cancelled { .. } => "なくなった",
            What::Added { .. } if is_result => "予定にない",
            What::Added { .. } => "ふえた",
            What::DayMoved { .. } => "日がかわった",
            What::TimeMoved { .. } => "時間がかわった",
            What::CountChanged { .. } => "回数がかわった",
            What::CodeChanged { .. } => "サービスがかわった",
            What::EquipmentChanged { .. } => "用具がかわった",
        }
    }

    /// The day (from 1) on which it shows: as planned where it was planned.
    pub fn day(&self) -> u8 {
        match &self.what {
            What::Cancelled { on, .. }
            | What::Added { on, .. }
            | What::DayMoved { from: on, .. }
            | What::CountChanged { on, .. }
            | What::CodeChanged { on, .. } => on.day,
            What::TimeMoved { day, .. } | What::EquipmentChanged { day, .. } => *day,
        }
    }

    /// The difference in words, without the office.
    pub fn say(&self) -> String {
        let mut said = self.say_what();
        if !self.with.is_empty() {
            for part in ["（", self.with.join("・").as_str(), "も同じです）"] {
                said.push_str(part);
            }
        }
        said
    }

    fn say_what(&self) -> String {
        let name = self.name.as_str();
        let is_result = self.basis == Basis::Result;
        match &self.what {
            What::Cancelled { monthly: true, .. } if is_result => format!("{name}（月に1回）が実績にありません"),
            What::Cancelled { monthly: true, .. } => format!("{name}（月に1回）がなくなりました"),
            What::Added { monthly: true, .. } if is_result => format!("予定にない{name}（月に1回）があります"),
            What::Added { monthly: true, .. } => format!("{name}（月に1回）がふえました"),
            What::Cancelled { on, .. } if is_result => format!("{}の{name}がありません", self.say_on(on)),
            What::Cancelled { on, .. } => format!("{}の{name}がなくなりました", self.say_on(on)),
            What::Added { on, .. } if is_result => {
                format!("{}に予定にない{name}{}があります", self.say_day(on.day), brackets(&on.band))
            }
            What::Added { on, .. } => format!("{}に{name}{}がふえました", self.say_day(on.day), brackets(&on.band)),
            What::DayMoved { from, to } => {
                let time = if from.band == to.band { String::new() } else { brackets(&to.band) };
                format!("{}の{name}が {}{time}になりました", self.say_day(from.day), self.say_day(to.day))
            }
            What::TimeMoved { day, from, to } => {
                format!("{}の{name}の時間が {}から {}になりました", self.say_day(*day), time(from), time(to))
            }
            What::CountChanged { on, from, to } if is_result => {
                format!("{}の{name}が {from}回の予定で {to}回でした", self.say_on(on))
            }
            What::CountChanged { on, from, to } => {
                format!("{}の{name}が {from}回から {to}回になりました", self.say_on(on))
            }
            What::CodeChanged { on, to } => {
                let to_name = crate::service_name::name_of(to);
                format!("{}の{name}が {to_name}になりました", self.say_on(on))
            }
            What::EquipmentChanged { day, from, to } => {
                format!("{}の{name}が {}から {}になりました", self.say_day(*day), article(from), article(to))
            }
        }
    }

    /// 「12日（月）」.
    fn say_day(&self, day: u8) -> String {
        let date = self.month.and_then(|m| Date::new(m.year, m.month, i8::try_from(day).ok()?).ok());
        date.map_or_else(|| format!("{day}日"), |date| format!("{day}日（{}）", weekday_ja(date)))
    }

    /// 「12日（月）09:30」.
    fn say_on(&self, on: &On) -> String {
        let from = if on.band.is_none() { String::new() } else { on.band.from.to_string() };
        format!("{}{from}", self.say_day(on.day))
    }
}

fn brackets(band: &Band) -> String {
    if band.is_none() { String::new() } else { format!("（{band}）") }
}

fn time(band: &Band) -> String {
    if band.is_none() { "時刻なし".to_owned() } else { band.to_string() }
}

fn article(code: &str) -> String {
    if code.is_empty() { "用具コードなし".to_owned() } else { format!("用具 {code}") }
}

/// How many differences of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// 中止.
    pub cancelled: u32,
    /// 予定にない.
    pub added: u32,
    /// 日がかわった.
    pub day_moved: u32,
    /// 時間がかわった.
    pub time_moved: u32,
    /// 回数がかわった.
    pub count_changed: u32,
    /// サービスがかわった.
    pub code_changed: u32,
    /// 用具がかわった.
    pub equipment_changed: u32,
}

impl Summary {
    /// Counts.
    pub fn of(differences: &[Difference]) -> Self {
        let mut made = Self::default();
        for difference in differences {
            *match difference.what {
                What::Cancelled { .. } => &mut made.cancelled,
                What::Added { .. } => &mut made.added,
                What::DayMoved { .. } => &mut made.day_moved,
                What::TimeMoved { .. } => &mut made.time_moved,
                What::CountChanged { .. } => &mut made.count_changed,
                What::CodeChanged { .. } => &mut made.code_changed,
                What::EquipmentChanged { .. } => &mut made.equipment_changed,
            } += 1;
        }
        made
    }

    /// All of them.
    pub fn total(&self) -> u32 {
        self.cancelled
            + self.added
            + self.day_moved
            + self.time_moved
            + self.count_changed
            + self.code_changed
            + self.equipment_changed
    }
}
