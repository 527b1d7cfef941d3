//! What changed in the pattern of services from one month to another: services, weekdays, times.

use std::collections::BTreeMap;

use kaigo_core::date::weekday_ja;

use crate::name::Month;
use crate::sheet::{Band, Service, Usage};

/// Weekdays from Monday on.
const WEEK: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// What changed about a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new; with its weekdays, 「月・木」, where it has a time.
    Began(String),
    /// It is gone; with the weekdays it had.
    Ended(String),
    /// Other weekdays, as they were and as they are.
    Weekdays(String, String),
    /// Another time on the same weekdays, as it was and as it is.
    Time(Band, Band),
}

/// A change from one month to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthChange {
    /// サービス事業者コード.
    pub office_no: String,
    /// サービス事業所名.
    pub office_name: String,
    /// サービスコード.
    pub code: String,
    /// Short name of the service.
    pub name: String,
    /// 提供時間帯: as it was, where it was there.
    pub band: Band,
    /// What changed.
    pub change: Change,
}

impl MonthChange {
    /// The change in words, without the office.
    pub fn say(&self) -> String {
        let name = self.name.as_str();
        let time = if self.band.is_none() { String::new() } else { format!("（{}）", self.band) };
        let on = |days: &str| if days.is_empty() { String::new() } else { format!("{days}曜日の") };
        match &self.change {
            Change::Began(days) => format!("{}{name}{time}がはじまりました", on(days)),
            Change::Ended(days) => format!("{}{name}{time}がなくなりました", on(days)),
            Change::Weekdays(from, to) => format!("{name}{time}が {from}曜日から {to}曜日になりました"),
            Change::Time(from, to) => format!("{name}の時間が {from}から {to}になりました"),
        }
    }
}

/// One service at one time in a month.
struct Pattern<'a> {
    service: &'a Service,
    /// On which weekdays from Monday on; all false where no time is shown, since the day then says little.
    week: [bool; 7],
}

/// The changes from an earlier month to a later one, by office and service.
pub fn of_months(old: &Usage, new: &Usage) -> Vec<MonthChange> {
    let (mut before, mut after) = (patterns(old), patterns(new));
    let mut all = Vec::new();
    before.retain(|key, own| {
        let Some(other) = after.remove(key) else { return true };
        if own.week != other.week {
            all.push(change(own, Change::Weekdays(days(own.week), days(other.week))));
        }
        false
    });
    for (key, own) in before {
        let same = |(other, pattern): &(&Key, &Pattern<'_>)| other.0 == key.0 && pattern.week == own.week;
        let found = after.iter().find(same).map(|(key, _)| key.clone());
        match found.and_then(|key| after.remove(&key)) {
            Some(other) => all.push(change(&own, Change::Time(own.service.band(), other.service.band()))),
            None => all.push(change(&own, Change::Ended(days(own.week)))),
        }
    }
    all.extend(after.values().map(|own| change(own, Change::Began(days(own.week)))));
    all.sort_by(|a, b| (&a.office_no, &a.code, &a.band).cmp(&(&b.office_no, &b.code, &b.band)));
    all
}

/// Office and goods; from and until.
type Key = (([String; 3], String), [String; 2]);

fn patterns(usage: &Usage) -> BTreeMap<Key, Pattern<'_>> {
    let mut made: BTreeMap<Key, Pattern<'_>> = BTreeMap::new();
    for line in usage.lines.iter().filter(|line| line.total() > 0) {
        let service = &line.service;
        let times = [&service.from, &service.until].map(|time| if time.is_none() { "" } else { &time.raw }.to_owned());
        let key = ((service.goods().map(std::borrow::Cow::into_owned), service.office_no.clone()), times);
        let pattern = made.entry(key).or_insert(Pattern { service, week: [false; 7] });
        for (day, times) in (1..).zip(line.days) {
            if times.is_some_and(|times| times > 0) && !service.from.is_none() {
                mark(&mut pattern.week, usage.month, day);
            }
        }
    }
    made
}

fn mark(week: &mut [bool; 7], month: Option<Month>, day: i8) {
    let date = month.and_then(|month| kaigo_core::date::Date::new(month.year, month.month, day).ok());
    let place = date.and_then(|date| WEEK.iter().position(|weekday| *weekday == weekday_ja(date)));
    if let Some(own) = place.and_then(|place| week.get_mut(place)) {
        *own = true;
    }
}

fn days(week: [bool; 7]) -> String {
    let names: Vec<&str> = WEEK.into_iter().zip(week).filter(|(_, on)| *on).map(|(name, _)| name).collect();
    names.join("・")
}

fn change(own: &Pattern<'_>, change: Change) -> MonthChange {
    MonthChange {
        office_no: own.service.office_no.clone(),
        office_name: own.service.office_name.clone(),
        code: own.service.code.clone(),
        name: own.service.name(),
        band: own.service.band(),
        change,
    }
}
