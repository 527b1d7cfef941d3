//! File names: the control information of a file (送信元, 送信先, 対象年月, 連番) stands in its name (LAYOUT ファイル名).

use core::fmt;

use kaigo_core::id::OfficeNo;
use kaigo_core::service::ServiceKind;

use crate::kind::Kind;

/// Month of service (サービス提供年月).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year of the calendar.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// Reads `YYYYMM`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 6 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (year, month) = (text.get(..4)?.parse().ok()?, text.get(4..)?.parse().ok()?);
        (year >= 2000 && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The first day.
    pub fn first_day(self) -> Option<kaigo_core::date::Date> {
        kaigo_core::date::Date::new(self.year, self.month, 1).ok()
    }

    /// How many days it has.
    pub fn days(self) -> i8 {
        self.first_day().map_or(31, kaigo_core::date::Date::days_in_month)
    }

    /// The month of a day.
    pub fn of(day: kaigo_core::date::Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 { Self { year: self.year + 1, month: 1 } } else { Self { month: self.month + 1, ..self } }
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        if self.month == 1 { Self { year: self.year - 1, month: 12 } } else { Self { month: self.month - 1, ..self } }
    }

    /// 「2026年11月」.
    pub fn label(self) -> String {
        format!("{}年{}月", self.year, self.month)
    }
}

/// `YYYYMM`, as files and the database have it.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}", self.year, self.month)
    }
}

/// 連番: fourteen digits, `YYYYMMDDHHMMSS`, the same on all files of a set; sets are taken in its order (§2.5).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial([u8; 14]);

impl Serial {
    /// Reads fourteen digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 14] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_digit).then_some(Self(bytes))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether the digits are a moment of the calendar.
    pub fn is_moment(&self) -> bool {
        let text = self.as_str();
        let part = |from: usize, to: usize| text.get(from..to).and_then(|t| t.parse::<i8>().ok()).unwrap_or(-1);
        let year = text.get(..4).and_then(|t| t.parse::<i16>().ok()).unwrap_or(0);
        jiff_date(year, part(4, 6), part(6, 8))
            && (0..24).contains(&part(8, 10))
            && (0..60).contains(&part(10, 12))
            && (0..60).contains(&part(12, 14))
    }
}

fn jiff_date(year: i16, month: i8, day: i8) -> bool {
    kaigo_core::date::Date::new(year, month, day).is_ok()
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({})", self.as_str())
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the name writes the kinds of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// 3.x: no kinds of service.
    Third,
    /// 4.0: three characters (サービスコード); the first two are the kind (inferred).
    FourZero,
    /// 4.1: two characters (サービス種類コード).
    FourOne,
}

/// Office and kind of service at one end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End {
    /// 事業所番号.
    pub office_no: OfficeNo,
    /// サービス種類コード; none in names of 3.x.
    pub kind: Option<ServiceKind>,
}

/// What a file's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName {
    /// Kind of file.
    pub kind: Kind,
    /// 対象年月; none where the kind has none, and for the `000000` of a 利用者補足情報 that belongs to 第1〜3表.
    pub month: Option<Month>,
    /// 送信元.
    pub from: End,
    /// 送信先.
    pub to: End,
    /// 連番.
    pub serial: Serial,
    /// 枝番 of a picture, 1 to 9999.
    pub branch: Option<u16>,
    /// How the kinds of service are written.
    pub form: Form,
}

/// Why a name cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadName {
    /// It begins with none of the prefixes of the standard.
    Prefix,
    /// It has not the count of parts that its kind has.
    Parts {
        /// The kind by its prefix.
        kind: Kind,
    },
    /// One part is not what must stand there; `part` is its Japanese name.
    Part {
        /// The kind by its prefix.
        kind: Kind,
        /// Japanese name of the part.
        part: &'static str,
        /// What stands there.
        got: String,
    },
    /// The extension is not `.CSV` (`.jpg` for the picture).
    Extension {
        /// The kind by its prefix.
        kind: Kind,
    },
}

impl FileName {
    /// Reads a name without its folder. Case of prefix and extension does not matter.
    ///
    /// # Errors
    /// What in the name is not as the standard has it.
    pub fn parse(name: &str) -> Result<Self, BadName> {
        let kind = Kind::of_name(name).ok_or(BadName::Prefix)?;
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let is_image = kind == Kind::BasicImage;
        let fits = if is_image {
            extension.eq_ignore_ascii_case("jpg") || extension.eq_ignore_ascii_case("jpeg")
        } else {
            extension.eq_ignore_ascii_case("csv")
        };
        if !fits {
            return Err(BadName::Extension { kind });
        }
        let mut parts: Vec<&str> = stem.get(kind.prefix().len() + 1..).unwrap_or_default().split('_').collect();
        let bad = |part: &'static str, got: &str| BadName::Part { kind, part, got: got.to_owned() };
        let branch = if is_image {
            let got = parts.pop().ok_or(BadName::Parts { kind })?;
            let read = (got.len() == 4 && got.bytes().all(|b| b.is_ascii_digit())).then(|| got.parse().ok()).flatten();
            Some(read.ok_or_else(|| bad("枝番", got))?)
        } else {
            None
        };
        let month = match kind.has_month() {
            true if parts.is_empty() => return Err(BadName::Parts { kind }),
            true => {
                let got = parts.remove(0);
                let none = kind == Kind::Supplement && got == "000000";
                if none { None } else { Some(Month::parse(got).ok_or_else(|| bad("対象年月", got))?) }
            }
            false => {
                // The body of the standard prints UPKIHON_000000_…; the annex has no such part.
                if parts.len() > 3 && parts.first() == Some(&"000000") {
                    parts.remove(0);
                }
                None
            }
        };
        let office = |got: &str, part| OfficeNo::parse(got).map_err(|_| bad(part, got));
        let service = |got: &str, part| {
            let two = if got.len() == 3 { got.get(..2).unwrap_or(got) } else { got };
            let known = ServiceKind::ALL.iter().find(|k| k.code().eq_ignore_ascii_case(two)).copied();
            known.ok_or_else(|| bad(part, got))
        };
        let serial = |got: &str| Serial::parse(got).ok_or_else(|| bad("連番", got));
        match parts.as_slice() {
            [from, to, number] => Ok(Self {
                kind,
                month,
                from: End { office_no: office(from, "送信元事業所番号")?, kind: None },
                to: End { office_no: office(to, "送信先事業所番号")?, kind: None },
                serial: serial(number)?,
                branch,
                form: Form::Third,
            }),
            [from, from_kind, to, to_kind, number] => Ok(Self {
                kind,
                month,
                from: End {
                    office_no: office(from, "送信元事業所番号")?,
                    kind: Some(service(from_kind, "送信元サービス種類コード")?),
                },
                to: End {
                    office_no: office(to, "送信先事業所番号")?,
                    kind: Some(service(to_kind, "送信先サービス種類コード")?),
                },
                serial: serial(number)?,
                branch,
                form: if from_kind.len() == 3 || to_kind.len() == 3 { Form::FourZero } else { Form::FourOne },
            }),
            _ => Err(BadName::Parts { kind }),
        }
    }
}

/// The name as 4.1 writes it (3.x where the kinds of service are not known).
impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_", self.kind.prefix())?;
        if self.kind.has_month() {
            match self.month {
                Some(month) => write!(f, "{month}_")?,
                None => f.write_str("000000_")?,
            }
        }
        let end = |f: &mut fmt::Formatter<'_>, end: &End| match end.kind {
            Some(kind) => write!(f, "{}_{}_", end.office_no, kind.code()),
            None => write!(f, "{}_", end.office_no),
        };
        end(f, &self.from)?;
        end(f, &self.to)?;
        write!(f, "{}", self.serial)?;
        match self.branch {
            Some(branch) => write!(f, "_{branch:04}.jpg"),
            None => f.write_str(".CSV"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_names_are_read_and_written_back() {
        for name in [
            "UPHOSOKU_000000_0300000100_43_0300000005_11_20191025200201.CSV",
            "UPHOSOKU_201909_0300000100_43_0300000005_11_20191025200201.CSV",
            "UP1KYO_0300000100_43_0300000005_11_20191025200201.CSV",
            "UPPLAN_201912_0300000100_43_0300000005_11_20191025200201.CSV",
            "UPJSK_201912_0300000005_A2_0300000100_43_20191025200201.CSV",
            "UPPLAN_201912_0300000100_0300000005_20191025200201.CSV",
            "UPKIHON_SUB1_0300000100_46_0300000005_A2_20191025200201.CSV",
            "UPKIHON_IMAGE_0300000100_46_0300000005_A2_20191025200201_0002.jpg",
            "UPYOBO_SUB_0300000100_46_0300000005_A2_20191025200201.CSV",
        ] {
            let read = FileName::parse(name).unwrap();
            assert_eq!(read.to_string(), name);
        }
        let slip = FileName::parse("UPKIHON_000000_0300000100_46_0300000005_A2_20191025200201.csv").unwrap();
        assert_eq!((slip.kind, slip.form), (Kind::Basic, Form::FourOne));
        let four_zero = FileName::parse("UPPLAN_202504_0300000100_431_0300000005_111_20250425200201.CSV").unwrap();
        assert_eq!((four_zero.form, four_zero.to.kind), (Form::FourZero, Some(ServiceKind::HomeHelp)));
    }

    #[test]
    fn wrong_names_say_which_part() {
        let part = |name: &str| match FileName::parse(name) {
            Err(BadName::Part { part, .. }) => part.to_owned(),
            other => format!("{other:?}"),
        };
        assert_eq!(part("UPPLAN_201913_0300000100_43_0300000005_11_20191025200201.CSV"), "対象年月");
        assert_eq!(part("UPPLAN_201912_030000010_43_0300000005_11_20191025200201.CSV"), "送信元事業所番号");
        assert_eq!(part("UPPLAN_201912_0300000100_4X_0300000005_11_20191025200201.CSV"), "送信元サービス種類コード");
        assert_eq!(part("UPPLAN_201912_0300000100_43_0300000005_11_2019102520020.CSV"), "連番");
        assert_eq!(FileName::parse("PLAN.CSV"), Err(BadName::Prefix));
        assert_eq!(FileName::parse("UPPLAN_201912.CSV"), Err(BadName::Parts { kind: Kind::Planned }));
        assert_eq!(
            FileName::parse("UPPLAN_201912_0300000100_43_0300000005_11_20191025200201.xlsx"),
            Err(BadName::Extension { kind: Kind::Planned })
        );
        assert_eq!(FileName::parse("UPHOSOKU_\u{332}x"), Err(BadName::Extension { kind: Kind::Supplement }));
    }
}
