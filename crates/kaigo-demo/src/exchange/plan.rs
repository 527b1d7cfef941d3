//! 第1〜3表 and 利用者補足情報 of a person.

use kaigo_careplan::kind::Kind;
use kaigo_careplan::layout::{sheet1, sheet2, sheet3, supplement};
use kaigo_careplan::name::Month;
use kaigo_core::code::Sex;
use kaigo_core::date::Date;
use kaigo_core::record::certification::Certification;
use kaigo_core::rule::limit::monthly_limit;
use kaigo_core::service::ServiceKind;

use super::catalogue::{self, BODY1, BODY2};
use super::month::{Pick, What, clock};
use super::row::{Row, digits};
use super::who::User;
use super::words::{self, Aim, Family};

/// Postal code of every fictional address.
const POSTAL: &str = "000-0101";

/// 区分支給限度基準額 of that month in units.
pub(super) fn limit(certification: &Certification, month: Month) -> i32 {
    let day = month.first_day().unwrap_or(certification.valid_from);
    monthly_limit(certification.care_level, day).map_or(5032, |units| units.0)
}

/// The town, and the block with its number.
fn address(text: &str) -> (String, String) {
    text.find("99番").map_or_else(
        || (text.to_owned(), String::new()),
        |at| (text.get(..at).unwrap_or_default().to_owned(), text.get(at..).unwrap_or_default().to_owned()),
    )
}

/// A telephone number of the person.
pub(super) fn phone(user: &User) -> String {
    format!("00-0000-{:04}", 3000 + user.number * 7 % 6000)
}

/// `1` or `2`.
pub(super) fn sex(user: &User) -> &'static str {
    match user.sex {
        Sex::Male => "1",
        Sex::Female => "2",
    }
}

/// A row about the person.
pub(super) fn about(user: &User, kind: Kind) -> Row {
    Row::new(kind, user.insurer_no.as_str(), user.insured_no.as_str())
}

/// What 大谷 清 wishes, who likes fishing and 将棋.
const KIYOSHI_WISH: &str = "好きな将棋と釣りの話ができる相手がいるとうれしい。";

/// Who of the family helps.
pub(super) fn family(user: &User) -> Family {
    let list = match user.sex {
        Sex::Male => words::OF_MEN,
        Sex::Female => words::OF_WOMEN,
    };
    words::pick(list, user.number + user.number / 7)
}

/// What a 利用者補足情報 belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// 第1〜3表 of that day.
    Plan(Date),
    /// 第6・7表 of that month, with units over the limit and days of 短期入所 before.
    Usage { over: i32, stays: Option<(i32, i32)> },
}

/// 利用者補足情報.
pub(super) fn supplement(user: &User, certification: &Certification, month: Month, role: Role) -> Row {
    let (town, block) = address(&user.address);
    let planner = catalogue::manager(user.manager).office_no();
    let mut row = about(user, Kind::Supplement)
        .set(supplement::KANA, user.kana.clone())
        .set(supplement::NAME, user.name.clone())
        .set(supplement::SEX, sex(user))
        .day(supplement::BORN_ON, user.born_on)
        .set(supplement::POSTAL, POSTAL)
        .set(supplement::ADDRESS1, town)
        .set(supplement::ADDRESS2, block)
        .set(supplement::PHONE, phone(user))
        .day(supplement::CERTIFIED_ON, certification.certified_on)
        .day(supplement::LIMIT_FROM, certification.valid_from)
        .set(supplement::LIMIT_UNTIL, certification.valid_until.map(digits).unwrap_or_default())
        .set(supplement::CERTIFICATION_STATE, "2")
        .set(supplement::CARE_LEVEL, certification.care_level.code())
        .number(supplement::LIMIT, limit(certification, month))
        .set(supplement::CONSENT_OFFICE, planner.as_str())
        .set(supplement::WRITER, planner.as_str());
    match role {
        Role::Plan(day) => row.set(supplement::PLAN_DATE, digits(day)).set(supplement::MONTH, "000000"),
        Role::Usage { over, stays } => {
            if let Some((before, sum)) = stays {
                row = row.number(supplement::SHORT_STAY_BEFORE, before).number(supplement::SHORT_STAY_SUM, sum);
            }
            row.set(supplement::PLAN_DATE, "00000000")
                .set(supplement::MONTH, month.to_string())
                .number(supplement::OVER_TOTAL, over)
        }
    }
}

/// 第1表.
pub(super) fn sheet1(user: &User, certification: &Certification, made_on: Date) -> Row {
    let (town, block) = address(&user.address);
    let planner = catalogue::manager(user.manager);
    let office = planner.office();
    let (office_town, office_block) = address(office.map_or("", |own| own.address.as_str()));
    let n = user.number;
    let family = family(user);
    let wish = if user.is_kiyoshi() { KIYOSHI_WISH } else { words::pick(words::WISHES, n) };
    let intention = format!(
        "（本人）{wish}\r\n（{}）{}\r\n（課題分析の結果）{}",
        family.who,
        family.wish,
        words::pick(words::ANALYSES, n + n / 7 * 2)
    );
    let policy = format!(
        "{}\r\n緊急のとき：{}　{}　／　主治医　{}",
        words::pick(words::POLICIES, n + n / 7),
        family.who,
        phone(user),
        words::pick(crate::office::CLINICS, n)
    );
    let opinion = certification.opinion.as_ref().map_or("特になし", |text| text.as_str());
    let first = user.first_plan.min(made_on);
    let row = about(user, Kind::Sheet1)
        .day(sheet1::MADE_ON, made_on)
        .set(sheet1::POSTAL, POSTAL)
        .set(sheet1::ADDRESS1, town)
        .set(sheet1::ADDRESS2, block)
        .set(sheet1::PLANNER, planner.who)
        .set(sheet1::OFFICE_NAME, planner.name())
        .set(sheet1::OFFICE_POSTAL, POSTAL)
        .set(sheet1::OFFICE_ADDRESS1, office_town)
        .set(sheet1::OFFICE_ADDRESS2, office_block)
        .set(sheet1::OFFICE_NO, planner.office_no().as_str())
        .day(sheet1::PLAN_DATE, made_on)
        .day(sheet1::FIRST_PLAN_DATE, first)
        .set(sheet1::PLAN_CLASS, if first == made_on { "11" } else { "21" })
        .set(sheet1::CERTIFICATION_STATE, "2")
        .day(sheet1::CERTIFIED_ON, certification.certified_on)
        .day(sheet1::VALID_FROM, certification.valid_from)
        .set(sheet1::VALID_UNTIL, certification.valid_until.map(digits).unwrap_or_default())
        .set(sheet1::CARE_LEVEL, certification.care_level.code())
        .set(sheet1::INTENTION, intention)
        .set(sheet1::BOARD_OPINION, opinion)
        .set(sheet1::POLICY, policy)
        .set(sheet1::WRITER, planner.office_no().as_str());
    if user.uses.iter().any(is_housework) {
        row.set(sheet1::HOUSEWORK_REASON, if family.alone { "1" } else { "2" })
    } else {
        row
    }
}

fn is_housework(own: &super::month::Use) -> bool {
    let What::Weekly { pick: Pick::Fixed(service), .. } = &own.what else { return false };
    service.code.starts_with("1172") || service.code.starts_with("1173")
}

/// The wording that fits the service.
fn aim_of(user: &User, place: usize, own: &super::month::Use) -> Aim {
    let at = user.number * 3 + place;
    let kind = catalogue::partner(own.partner).kind;
    if let What::Rental(goods) = &own.what {
        // Bed, wheelchair, handrail, walker: the need that they answer.
        let fitting = match goods.first().copied() {
            Some(catalogue::BED) => 0,
            Some(catalogue::WHEELCHAIR) => 1,
            Some(catalogue::WALKER) => 3,
            _ => 2,
        };
        return words::pick(words::RENTAL, fitting);
    }
    let lists = [
        (ServiceKind::HomeHelp, if is_housework(own) { words::HOUSE } else { words::BODY }),
        (ServiceKind::HomeNursing, words::NURSE),
        (ServiceKind::DayRehabilitation, words::REHAB),
        (ServiceKind::ShortStay, words::STAY),
    ];
    let list = lists.iter().find(|(own, _)| *own == kind).map_or(words::DAY, |(_, list)| *list);
    words::pick(list, at)
}

fn frequency(own: &super::month::Use) -> String {
    match &own.what {
        What::Weekly { days, .. } => format!("週{}回", days.len()),
        What::Rental(_) => "毎日".to_owned(),
        What::Stay { days, .. } => format!("月1回（{days}日間）"),
    }
}

/// The short form of plans: `R8.9.1～R9.8.31` (with the wave that MS932 has).
fn period(from: Date, months: i32) -> String {
    let until = crate::day::plus(crate::day::plus_months(from, months), -1);
    let short = |day: Date| format!("R{}.{}.{}", day.year() - 2018, day.month(), day.day());
    format!("{}～{}", short(from), short(until))
}

/// 第2表: a need for each service, and one that people answer themselves.
pub(super) fn sheet2(user: &User, made_on: Date) -> Vec<Row> {
    let writer = catalogue::manager(user.manager).office_no();
    let start = crate::day::plus_months(made_on, 1).first_of_month();
    let new = |need: usize, help: i64| {
        about(user, Kind::Sheet2)
            .day(sheet2::MADE_ON, made_on)
            .day(sheet2::PLAN_DATE, made_on)
            .set(sheet2::NEED_NO, need.to_string())
            .set(sheet2::GOAL_NO, "1")
            .number(sheet2::HELP_NO, help)
            .set(sheet2::PERIOD, period(start, 6))
            .set(sheet2::WRITER, writer.as_str())
    };
    let goals = |row: Row, aim: Aim| {
        row.set(sheet2::NEED, aim.need)
            .set(sheet2::LONG_GOAL, aim.long)
            .set(sheet2::SHORT_GOAL, aim.short)
            .set(sheet2::LONG_PERIOD, period(start, 12))
            .set(sheet2::SHORT_PERIOD, period(start, 6))
    };
    let mut rows = Vec::new();
    for (place, own) in user.uses.iter().enumerate() {
        let partner = catalogue::partner(own.partner);
        let aim = aim_of(user, place, own);
        let row = new(place + 1, 1)
            .set(sheet2::HELP, aim.help)
            .set(sheet2::COVERED, "Y")
            .set(sheet2::SERVICE, partner.kind.label())
            .set(sheet2::OFFICE_NO, partner.office_no().as_str())
            .set(sheet2::OFFICE_NAME, partner.name())
            .set(sheet2::FREQUENCY, frequency(own));
        rows.push(goals(row, aim));
        if place == 0 {
            // Need and goals as above: merged on the print, so empty here.
            let who = family(user).who;
            rows.push(
                new(1, 2)
                    .set(sheet2::HELP, "できたことをほめ、手順を紙に書いて見える所に貼る")
                    .set(sheet2::SERVICE, format!("家族（{who}）"))
                    .set(sheet2::FREQUENCY, "随時"),
            );
        }
    }
    let (aim, who, often) = words::pick(words::OWN, user.number);
    let row =
        new(user.uses.len() + 1, 1).set(sheet2::HELP, aim.help).set(sheet2::SERVICE, who).set(sheet2::FREQUENCY, often);
    rows.push(goals(row, aim));
    rows
}

/// 第3表: the week of services, the day's activities, what is not weekly.
pub(super) fn sheet3(user: &User, certification: &Certification, made_on: Date) -> Vec<Row> {
    let new = || about(user, Kind::Sheet3).day(sheet3::MADE_ON, made_on).day(sheet3::PLAN_DATE, made_on);
    let mut rows = Vec::new();
    let mut others = Vec::new();
    for own in &user.uses {
        let kind = catalogue::partner(own.partner).kind.label();
        match &own.what {
            What::Weekly { pick, days, time, .. } => {
                let service = pick.service(certification.care_level);
                let text = if service == BODY1 || service == BODY2 {
                    format!("{kind}（{}）", service.name)
                } else {
                    kind.to_owned()
                };
                for day in days {
                    rows.push(
                        new()
                            .set(sheet3::SERVICE, text.clone())
                            .number(sheet3::WEEKDAY, *day)
                            .set(sheet3::SERVICE_FROM, clock(Some(time.0)))
                            .set(sheet3::SERVICE_UNTIL, clock(Some(time.1))),
                    );
                }
            }
            What::Rental(list) => {
                let names: Vec<&str> = list.iter().map(|place| catalogue::goods(*place).name).collect();
                others.push(format!("{kind}：{}", names.join("、")));
            }
            What::Stay { days, .. } => others.push(format!("{kind}：月1回（{days}日間）")),
        }
    }
    let (aim, who, often) = words::pick(words::OWN, user.number);
    others.push(format!("{who}：{}（{often}）", aim.help));
    for (text, from, until) in words::pick(words::DAYS, user.number) {
        rows.push(
            new()
                .set(sheet3::ACTIVITY, *text)
                .set(sheet3::ACTIVITY_FROM, clock(Some(*from)))
                .set(sheet3::ACTIVITY_UNTIL, clock(Some(*until))),
        );
    }
    rows.extend(others.into_iter().map(|text| new().set(sheet3::OTHER, text)));
    rows
}
