//! The fictional insurers (保険者). Numbers begin with 98, which is no prefecture; real ones begin with 01 to 47.

use kaigo_core::date::Date;
use kaigo_core::id::{InsurerNo, MunicipalityCode};

use crate::day;

/// A fictional insurer (保険者).
#[derive(Clone, Debug, PartialEq)]
pub struct DemoInsurer {
    /// Insurer number (証記載保険者番号).
    pub insurer_no: InsurerNo,
    /// Name (保険者名).
    pub name: &'static str,
    /// Name in kana.
    pub name_kana: &'static str,
    /// Code of the municipality (全国地方公共団体コード).
    pub municipality_code: MunicipalityCode,
    /// First day on which offices may see this insurer's records (開始日); may be ahead.
    pub started_on: Date,
    /// Telephone of the counter.
    pub phone: &'static str,
}

/// Index of みなと川市 in [`all`].
pub(crate) const MINATO: usize = 0;
/// Index of 山ノ端町 in [`all`].
pub(crate) const YAMANOHA: usize = 1;
/// Index of しおかぜ広域連合 in [`all`].
pub(crate) const SHIOKAZE: usize = 2;

/// Five-digit bodies of the insurer numbers and municipality codes.
const BODIES: [[u8; 5]; 3] = [*b"98101", *b"98301", *b"98901"];

/// Number of an insurer by its index.
pub(crate) fn number(index: usize) -> InsurerNo {
    InsurerNo::from_body(BODIES.get(index).copied().unwrap_or(*b"98999"))
}

/// Municipality code of an insurer by its index.
pub(crate) fn municipality(index: usize) -> MunicipalityCode {
    let body = BODIES.get(index).copied().unwrap_or(*b"98999");
    let sum: u32 = body.iter().zip([6, 5, 4, 3, 2]).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let digits = String::from_utf8_lossy(&body).into_owned();
    MunicipalityCode::parse(&format!("{digits}{}", (11 - sum % 11) % 10)).unwrap_or_default()
}

/// Name of an insurer by its index.
pub(crate) fn name(index: usize) -> &'static str {
    NAMES.get(index).map_or("", |n| n.0)
}

const NAMES: [(&str, &str, &str); 3] = [
    ("みなと川市", "ミナトガワシ", "00-0000-0101"),
    ("山ノ端町", "ヤマノハチョウ", "00-0000-0301"),
    ("しおかぜ広域連合", "シオカゼコウイキレンゴウ", "00-0000-0901"),
];

/// The three insurers: one of middle size, one small, one that has not started.
pub(crate) fn all(today: Date) -> Vec<DemoInsurer> {
    let later = day::plus_months(day::fiscal_year(day::plus(today, 60)), 12);
    let starts = [day::plus_months(today, -7).first_of_month(), day::plus_months(today, -4).first_of_month(), later];
    NAMES
        .iter()
        .zip(starts)
        .enumerate()
        .map(|(index, ((name, name_kana, phone), started_on))| DemoInsurer {
            insurer_no: number(index),
            name,
            name_kana,
            municipality_code: municipality(index),
            started_on,
            phone,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_fit_and_belong_to_no_prefecture() {
        for insurer in all(date(2026, 11, 22)) {
            assert!(insurer.insurer_no.check());
            assert!(insurer.municipality_code.check());
            assert_eq!(insurer.municipality_code.insurer_no(), insurer.insurer_no);
            for no in [insurer.insurer_no.as_str(), insurer.municipality_code.as_str()] {
                let prefecture: u32 = no[..2].parse().unwrap();
                assert!(prefecture > 47, "{no}");
            }
        }
    }

    #[test]
    fn one_has_not_started_whatever_the_day() {
        for month in 1..=12 {
            let today = date(2026, month, 15);
            let starts: Vec<Date> = all(today).iter().map(|i| i.started_on).collect();
            assert!(starts[MINATO] < today && starts[YAMANOHA] < today);
            assert!(day::between(today, starts[SHIOKAZE]) >= 60, "{today} {}", starts[SHIOKAZE]);
        }
        assert_eq!(all(date(2026, 11, 22))[SHIOKAZE].started_on, date(2027, 4, 1));
    }
}
