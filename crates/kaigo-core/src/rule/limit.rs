//! Limit of benefits a month (区分支給限度基準額), 介護保険法 43条・55条.

use jiff::civil::date;

use super::{Dated, at};
use crate::care_level::CareLevel;
use crate::code::Units;
use crate::date::Date;

/// Units a month by care level. 事業対象者 has the limit of 要支援1; a municipality may set up to that of 要支援2 (inferred).
pub static LIMITS: &[Dated<&[(CareLevel, Units)]>] = &[Dated {
    from: date(2019, 10, 1),
    until: None,
    value: &[
        (CareLevel::ProjectTarget, units(5_032)),
        (CareLevel::Support1, units(5_032)),
        (CareLevel::Support2, units(10_531)),
        (CareLevel::Care1, units(16_765)),
        (CareLevel::Care2, units(19_705)),
        (CareLevel::Care3, units(27_048)),
        (CareLevel::Care4, units(30_938)),
        (CareLevel::Care5, units(36_217)),
    ],
    source: "平成12年厚生省告示33号（令和元年10月1日から、令和8年度も同じ）",
}];

/// The national limit for that level on that day; none for 非該当 and for days before the table.
///
/// Where the level changes within a month the higher limit holds for the whole month (inferred).
pub fn monthly_limit(level: CareLevel, day: Date) -> Option<Units> {
    at(LIMITS, day)?.value.iter().find(|(row, _)| *row == level).map(|(_, units)| *units)
}

const fn units(n: i32) -> Units {
    crate::code::Amount(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_the_notice() {
        super::super::well_formed(LIMITS);
        let day = date(2026, 11, 22);
        for (level, want) in [
            (CareLevel::NotCertified, None),
            (CareLevel::ProjectTarget, Some(5_032)),
            (CareLevel::Support1, Some(5_032)),
            (CareLevel::Support2, Some(10_531)),
            (CareLevel::Care1, Some(16_765)),
            (CareLevel::Care2, Some(19_705)),
            (CareLevel::Care3, Some(27_048)),
            (CareLevel::Care4, Some(30_938)),
            (CareLevel::Care5, Some(36_217)),
        ] {
            assert_eq!(monthly_limit(level, day).map(|u| u.0), want, "{level:?}");
        }
        assert_eq!(monthly_limit(CareLevel::Care5, date(2019, 9, 30)), None);
    }
}
