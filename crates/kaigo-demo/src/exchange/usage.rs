//! 第6表 and 第7表 of a person's month. Sums as the form's instructions have them: whole units, fractions of a yen dropped.

use kaigo_careplan::kind::Kind;
use kaigo_careplan::layout::{detail, usage};
use kaigo_careplan::name::Month;
use kaigo_core::date::Date;
use kaigo_core::id::OfficeNo;
use kaigo_core::record::certification::Certification;
use kaigo_core::service::ServiceKind;

use super::catalogue::{self, Goods, Service};
use super::month::{Visit, clock};
use super::plan::{about, limit};
use super::row::Row;
use super::who::User;

/// Rows of 第6表 (予定 or 実績).
pub(super) fn rows(
    user: &User,
    kind: Kind,
    month: Month,
    made_on: Date,
    visits: &[Visit],
    writer: OfficeNo,
) -> Vec<Row> {
    let planner = catalogue::manager(user.manager);
    let row = |visit: &Visit| {
        let partner = catalogue::partner(visit.partner);
        let day = Date::new(month.year, month.month, visit.day).unwrap_or(made_on);
        let row = about(user, kind)
            .day(usage::MADE_ON, made_on)
            .set(usage::MONTH, month.to_string())
            .set(usage::PLAN_OFFICE, planner.office_no().as_str())
            .set(usage::PLANNER, planner.who)
            .number(usage::UNITS, visit.service.units)
            .day(usage::DATE, day)
            .set(usage::FROM, clock(visit.time.map(|(from, _)| from)))
            .set(usage::UNTIL, clock(visit.time.map(|(_, until)| until)))
            .number(usage::TIMES, visit.times)
            .set(usage::SERVICE, visit.service.code)
            .set(usage::LINE, visit.line.map(|line| line.to_string()).unwrap_or_default())
            .set(usage::OFFICE_NO, partner.office_no().as_str())
            .set(usage::OFFICE_NAME, partner.name())
            .set(usage::OVER_30, "0")
            .set(usage::WRITER, writer.as_str());
        match visit.goods {
            Some(goods) => row.set(usage::TAIS, goods.tais).set(usage::EQUIPMENT_NAME, goods.name),
            None => row,
        }
    };
    visits.iter().map(row).collect()
}

/// A line of 第7表.
#[derive(Clone, Debug)]
struct Line {
    service: Service,
    goods: Option<Goods>,
    times: i32,
    units: i32,
}

/// The lines of one office and kind of service.
#[derive(Clone, Debug)]
struct Group {
    partner: usize,
    lines: Vec<Line>,
}

impl Group {
    fn units(&self) -> i32 {
        self.lines.iter().map(|line| line.units).sum()
    }
}

/// 包括報酬: a month's units, however many days.
fn is_monthly(kind: ServiceKind) -> bool {
    matches!(kind, ServiceKind::VisitingOwn | ServiceKind::DayOwn)
}

fn groups(visits: &[Visit]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for visit in visits {
        if groups.iter().all(|group| group.partner != visit.partner) {
            groups.push(Group { partner: visit.partner, lines: Vec::new() });
        }
        let Some(group) = groups.iter_mut().find(|group| group.partner == visit.partner) else { continue };
        let known = group
            .lines
            .iter_mut()
            .find(|line| line.service.code == visit.service.code && visit.goods.is_none() && line.goods.is_none());
        match known {
            Some(_) if is_monthly(catalogue::partner(visit.partner).kind) => {}
            Some(line) => {
                line.times += visit.times;
                line.units += visit.times * visit.service.units;
            }
            None => group.lines.push(Line {
                service: visit.service,
                goods: visit.goods,
                times: visit.times,
                units: visit.times * visit.service.units,
            }),
        }
    }
    groups
}

/// Units over the limit and within it, in yen.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    units: i32,
    over: i32,
    cost: i32,
    claim: i32,
    full: i32,
}

impl Sum {
    /// Fractions of the claim are dropped; an old program rounds them.
    fn of(units: i32, over: i32, price: i32, rate: i32, rounds: bool) -> Self {
        let cost = (units - over) * price / 100;
        let claim = if rounds { (cost * rate + 50) / 100 } else { cost * rate / 100 };
        Self { units, over, cost, claim, full: over * price / 100 }
    }

    fn add(&mut self, other: Self) {
        self.units += other.units;
        self.over += other.over;
        self.cost += other.cost;
        self.claim += other.claim;
        self.full += other.full;
    }

    fn put(self, row: Row) -> Row {
        row.number(detail::AMOUNT, self.units)
            .number(detail::UNITS_MANAGED, self.units)
            .number(detail::LIMIT_OVER, self.over)
            .number(detail::LIMIT_WITHIN, self.units - self.over)
            .number(detail::COST, self.cost)
            .number(detail::CLAIM, self.claim)
            .number(detail::SHARE, self.cost - self.claim)
            .number(detail::FULL_SHARE, self.full)
    }
}

/// Units above the limit of the month.
pub(super) fn over(certification: &Certification, month: Month, visits: &[Visit]) -> i32 {
    let units: i32 = groups(visits).iter().map(Group::units).sum();
    (units - limit(certification, month)).max(0)
}

/// Rows of 第7表: lines, a subtotal where an office has several lines of a kind, and the total.
pub(super) fn details(
    user: &User,
    certification: &Certification,
    month: Month,
    made_on: Date,
    visits: &[Visit],
    stays: Option<(i32, i32)>,
) -> Vec<Row> {
    let writer = catalogue::manager(user.manager).office_no();
    let new = |office: &str, name: &str, code: &str, units: i32, times: i32| {
        about(user, Kind::Detail)
            .day(detail::MADE_ON, made_on)
            .set(detail::MONTH, month.to_string())
            .set(detail::OFFICE_NAME, name)
            .set(detail::OFFICE_NO, office)
            .set(detail::SERVICE, code)
            .number(detail::UNITS, units)
            .number(detail::TIMES, times)
            .set(detail::OVER_30, "0")
            .set(detail::FIXED_OFFICE, "9999999999")
            .set(detail::WRITER, writer.as_str())
    };
    let groups = groups(visits);
    let mut left = over(certification, month, visits);
    // What is over the limit is taken from the largest group.
    let largest = groups.iter().max_by_key(|group| group.units()).map(|group| group.partner);
    let rate = user.rate(month);
    let mut total = Sum::default();
    let mut rows = Vec::new();
    for group in &groups {
        let partner = catalogue::partner(group.partner);
        let office_no = partner.office_no();
        let price = catalogue::unit_price(partner.kind, user.is_rural);
        let over = if Some(group.partner) == largest { std::mem::take(&mut left) } else { 0 };
        let sum = Sum::of(group.units(), over, price, rate, user.rounds);
        let priced = |row: Row| {
            sum.put(row)
                .set(detail::UNIT_PRICE, format!("{}.{:02}", price / 100, price % 100))
                .number(detail::BENEFIT_RATE, rate)
        };
        let is_single = group.lines.len() == 1;
        for line in &group.lines {
            let mut row = new(office_no.as_str(), partner.name(), line.service.code, line.service.units, line.times)
                .number(detail::AMOUNT, line.units)
                .number(detail::UNITS_MANAGED, line.units);
            if let Some(goods) = line.goods {
                row = row.set(detail::TAIS, goods.tais).set(detail::EQUIPMENT_NAME, goods.name);
            }
            if let (ServiceKind::ShortStay, Some((before, sum))) = (partner.kind, stays) {
                row = row
                    .number(detail::DAYS_BEFORE, before)
                    .number(detail::DAYS_PLANNED, sum - before)
                    .number(detail::DAYS_SUM, sum);
            }
            rows.push(if is_single { priced(row) } else { row });
        }
        if !is_single {
            let code = format!("{}AAAA", partner.kind.code());
            rows.push(priced(new(office_no.as_str(), partner.name(), &code, 0, 0)));
        }
        total.add(sum);
    }
    rows.push(total.put(new("9999999999", "", "999999", 0, 0)));
    rows
}
