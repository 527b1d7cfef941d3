//! National identifiers and their check digits.
//!
//! A number whose check digit does not fit is still a number: published samples and about 0.1 % of real office numbers
//! do not fit. So `parse` looks at the shape only, `check` answers whether the digit fits, and importers warn.
//! Sources: 総合事業における事業所番号の考え方 (事業所番号), 保険者番号等設定要領, 全国地方公共団体コード仕様.

use core::fmt;

use crate::layout::{BadCell, Cell, Field, Shape};
use crate::text::halfwidth;

/// Insurer number (証記載保険者番号): six digits, 都道府県 2 + 市区町村 3 + 検証番号 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct InsurerNo([u8; 6]);

/// Insured person number (被保険者番号): ten characters, unique only within an insurer.
///
/// Ten digits, or `H` and nine digits for people on public assistance who are not insured (みなし2号).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct InsuredNo([u8; 10]);

/// Office number (介護保険事業所番号): ten characters; only the third may be a letter (A–Z without I, O, Q).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OfficeNo([u8; 10]);

/// Municipality code (全国地方公共団体コード): six digits, the last one a mod-11 check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct MunicipalityCode([u8; 6]);

/// Corporate number (法人番号): thirteen digits, the first one a mod-9 check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CorporateNo([u8; 13]);

/// Number of a medical institution (医療機関コード, ten digits): 都道府県 2 + 点数表 1 + 医療機関コード 7 with its check digit.
/// Where the institution also gives care services (みなし指定), its 事業所番号 is the same number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct InstitutionNo([u8; 10]);

macro_rules! identifier {
    ($name:ident, $len:literal, $ja:literal, $example:literal, $accept:expr) => {
        impl $name {
            /// Reads the number as people type it: full-width digits, spaces and hyphens are taken.
            pub fn parse(text: &str) -> Result<Self, BadCell> {
                let plain = halfwidth(text);
                let mut out = [0_u8; $len];
                let mut n = 0_usize;
                for byte in plain.bytes().filter(|b| !matches!(b, b' ' | b'-')) {
                    if let Some(slot) = out.get_mut(n) {
                        *slot = byte.to_ascii_uppercase();
                    }
                    n += 1;
                }
                if n != $len {
                    return Err(BadCell::Length { want: $len, got: n });
                }
                let accept: fn(usize, u8) -> bool = $accept;
                if out.iter().enumerate().all(|(i, &b)| accept(i, b)) {
                    Ok(Self(out))
                } else {
                    Err(BadCell::Shape { want: $example })
                }
            }

            /// The number as it is printed.
            pub fn as_str(&self) -> &str {
                core::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl Field for $name {
            fn read(&mut self, text: &str) -> Result<(), BadCell> {
                *self = Self::parse(text)?;
                Ok(())
            }

            fn cell(&self) -> Cell<'_> {
                Cell::Text(self.as_str().into())
            }

            fn shape() -> Shape {
                Shape::Id { ja: $ja, len: $len, example: $example }
            }
        }
    };
}

identifier!(InsurerNo, 6, "保険者番号", "6けたの数字", |_, b| b.is_ascii_digit());
identifier!(InsuredNo, 10, "被保険者番号", "10けたの数字、またはHと9けたの数字", |i, b| b
    .is_ascii_digit()
    || (i == 0 && b == b'H'));
identifier!(
    OfficeNo,
    10,
    "事業所番号",
    "10けたの英数字（英字は3けためだけ、I・O・Qを除く）",
    |i, b| b.is_ascii_digit() || (i == 2 && letter_value(b).is_some())
);
identifier!(MunicipalityCode, 6, "全国地方公共団体コード", "6けたの数字", |_, b| b.is_ascii_digit());
identifier!(InstitutionNo, 10, "医療機関コード", "10けたの数字", |_, b| b.is_ascii_digit());
identifier!(CorporateNo, 13, "法人番号", "13けたの数字", |_, b| b.is_ascii_digit());

impl InsurerNo {
    /// Whether the check digit fits (モジュラス10 ウェイト2-1 分割).
    pub fn check(&self) -> bool {
        fits_mod10(&self.0)
    }

    /// Completes a five-digit body with its check digit.
    pub fn from_body(body: [u8; 5]) -> Self {
        let mut out = [b'0'; 6];
        out.iter_mut().zip(body).for_each(|(o, b)| *o = b);
        if let Some(last) = out.last_mut() {
            *last = b'0' + mod10(&body);
        }
        Self(out)
    }
}

impl InstitutionNo {
    /// Whether the check digit fits by either rule in use (see [`OfficeNo::check`]).
    pub fn check(&self) -> bool {
        fits_mod10(&self.0) || self.0.get(3..).is_some_and(fits_mod10)
    }

    /// The same number as the number of a care office (みなし指定の事業所番号).
    pub fn office_no(&self) -> OfficeNo {
        OfficeNo(self.0)
    }

    /// Completes a nine-digit body with its check digit.
    pub fn from_body(body: [u8; 9]) -> Self {
        let mut out = [b'0'; 10];
        out.iter_mut().zip(body).for_each(|(o, b)| *o = b);
        if let Some(last) = out.last_mut() {
            *last = b'0' + mod10(&body);
        }
        Self(out)
    }
}

impl InsuredNo {
    /// Whether this is a number of public assistance (`H`, みなし2号): 10/10 public expense, no certificate.
    pub fn is_public_assistance(&self) -> bool {
        self.0.first() == Some(&b'H')
    }
}

impl OfficeNo {
    /// Whether the check digit fits by either rule in use.
    ///
    /// All prefectures compute it over nine characters; 埼玉・千葉・東京・神奈川 compute it over the last six for medical
    /// numbers (third character 1, 3, 4, 5 or 6). 99.87 % of the numbers published in open data fit.
    pub fn check(&self) -> bool {
        let medical = matches!(self.0.get(2), Some(b'1' | b'3' | b'4' | b'5' | b'6'));
        fits_mod10(&self.0) || (medical && self.0.get(3..).is_some_and(fits_mod10))
    }

    /// Completes a nine-character body with its check digit.
    pub fn from_body(body: [u8; 9]) -> Self {
        let mut out = [b'0'; 10];
        out.iter_mut().zip(body).for_each(|(o, b)| *o = b);
        if let Some(last) = out.last_mut() {
            *last = b'0' + mod10(&body);
        }
        Self(out)
    }
}

impl MunicipalityCode {
    /// Whether the check digit fits (mod 11, weights 6-5-4-3-2).
    pub fn check(&self) -> bool {
        let sum: u32 = self.0.iter().zip([6, 5, 4, 3, 2]).map(|(b, w)| u32::from(b - b'0') * w).sum();
        self.0.get(5).is_some_and(|b| u32::from(b - b'0') == (11 - sum % 11) % 10)
    }

    /// The insurer number of a municipality that is its own insurer: same five digits, other check digit.
    pub fn insurer_no(&self) -> InsurerNo {
        let mut body = [b'0'; 5];
        body.iter_mut().zip(self.0).for_each(|(o, b)| *o = b);
        InsurerNo::from_body(body)
    }
}

impl CorporateNo {
    /// Whether the check digit fits: 9 − (Σ P·Q mod 9), Q = 1, 2, 1, 2 … from the lowest digit.
    pub fn check(&self) -> bool {
        let sum: u32 =
            self.0.iter().skip(1).rev().zip([1, 2].into_iter().cycle()).map(|(b, w)| u32::from(b - b'0') * w).sum();
        self.0.first().is_some_and(|b| u32::from(b - b'0') == 9 - sum % 9)
    }
}

/// Whether the text holds a number that may be an individual number (個人番号).
///
/// Twelve digits in a row (full-width, spaced in fours or hyphenated too) whose mod-11 check digit fits. Such text is
/// refused at every door: the individual number never enters this system (番号法).
pub fn holds_individual_number(text: &str) -> bool {
    if text.len() < 12 || !may_hold_twelve_digits(text) {
        return false;
    }
    let plain = halfwidth(text);
    let mut groups: Vec<String> = Vec::new();
    let mut after_digit = false;
    for c in plain.chars() {
        match c {
            '0'..='9' => {
                match groups.last_mut().filter(|_| after_digit) {
                    Some(group) => group.push(c),
                    None => groups.push(c.to_string()),
                }
                after_digit = true;
            }
            ' ' | '-' | '\u{3000}' | '‐' | '−' | 'ー' | '－' if after_digit => after_digit = false,
            _ => {
                if chain_holds_individual_number(&groups) {
                    return true;
                }
                groups.clear();
                after_digit = false;
            }
        }
    }
    chain_holds_individual_number(&groups)
}

/// A quick look: whether twelve digits can stand together at all once the text is folded. Most text has too few and is not
/// folded. Errs towards yes: whatever is neither letter, kana nor ideograph keeps a chain of digits going.
fn may_hold_twelve_digits(text: &str) -> bool {
    let mut digits = 0_u32;
    for c in text.chars() {
        match c {
            '0'..='9' => digits += 1,
            // Kana and ideographs; the enclosed numbers between them fold to digits.
            'A'..='Z' | 'a'..='z' | '\u{3041}'..='\u{3191}' | '\u{3400}'..='\u{9FFF}' => digits = 0,
            c if !c.is_ascii() && c.is_numeric() => digits += 4,
            _ => {}
        }
        if digits >= 12 {
            return true;
        }
    }
    false
}

/// Looks at groups of digits with one space or hyphen between them: all of them together, each alone, and three fours,
/// so that a date or telephone number beside it does not hide the number.
fn chain_holds_individual_number(groups: &[String]) -> bool {
    let fits = |parts: &[String]| {
        let digits = parts.concat();
        digits.len() == 12 && fits_individual(digits.as_bytes())
    };
    fits(groups)
        || groups.iter().any(|group| fits(core::slice::from_ref(group)))
        || groups.windows(3).any(|three| three.iter().all(|group| group.len() == 4) && fits(three))
}

/// Check digit of the individual number: 11 − (Σ P·Q mod 11), Q = 2…7, 2…6 from the lowest; a remainder ≤ 1 gives 0.
fn fits_individual(digits: &[u8]) -> bool {
    let sum: u32 =
        digits.iter().rev().skip(1).zip([2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6]).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let rest = sum % 11;
    let want = if rest <= 1 { 0 } else { 11 - rest };
    digits.last().is_some_and(|b| u32::from(b - b'0') == want)
}

/// Value of a letter in the mod-10 rule: A=10 … Z=32, skipping I, O and Q; a digit counts as itself.
fn letter_value(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'I' | b'O' | b'Q' => None,
        b'A'..=b'Z' => {
            let skipped = u32::from(byte > b'I') + u32::from(byte > b'O') + u32::from(byte > b'Q');
            Some(u32::from(byte - b'A') + 10 - skipped)
        }
        _ => None,
    }
}

/// Check digit by モジュラス10 ウェイト2-1 分割.
fn mod10(body: &[u8]) -> u8 {
    let sum: u32 = body
        .iter()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(&b, w)| {
            let product = letter_value(b).unwrap_or(0) * w;
            product / 10 + product % 10
        })
        .sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

fn fits_mod10(number: &[u8]) -> bool {
    number.split_last().is_some_and(|(last, body)| *last == b'0' + mod10(body))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn published_insurer_numbers_fit() {
        for no in ["435073", "322040", "131011"] {
            assert!(InsurerNo::parse(no).unwrap().check(), "{no}");
        }
        assert!(!InsurerNo::parse("322041").unwrap().check());
    }

    #[test]
    fn office_numbers_fit_with_letters() {
        for no in ["3290800022", "2794900205", "11A2232614", "3290800220", "3210811604", "3250880022"] {
            assert!(OfficeNo::parse(no).unwrap().check(), "{no}");
        }
        assert!(OfficeNo::parse("32I0800022").is_err());
        assert_eq!(letter_value(b'Z'), Some(32));
    }

    #[test]
    fn municipality_codes_fit() {
        for no in ["131016", "322041", "011029"] {
            assert!(MunicipalityCode::parse(no).unwrap().check(), "{no}");
        }
        assert_eq!(MunicipalityCode::parse("322041").unwrap().insurer_no().as_str(), "322040");
    }

    #[test]
    fn typed_numbers_are_read_kindly() {
        assert_eq!(InsuredNo::parse("９９００ 000-123").unwrap().as_str(), "9900000123");
        assert_eq!(InsuredNo::parse("h123456789").unwrap().as_str(), "H123456789");
        assert_eq!(InsuredNo::parse("123456789"), Err(BadCell::Length { want: 10, got: 9 }));
    }

    #[test]
    fn individual_numbers_are_noticed() {
        assert!(holds_individual_number("受付1・番号１２３４－５６７８－９０１８"));
        assert!(holds_individual_number("⑫3456789018"), "an enclosed number folds to digits");
        // 123456789018 is the sample number printed in public guidance; its check digit fits.
        assert!(holds_individual_number("番号は１２３４ ５６７８ ９０１８ です"));
        assert!(holds_individual_number("1234-5678-9018"));
        assert!(!holds_individual_number("123456789012"));
        assert!(!holds_individual_number("1234567890181"));
    }

    #[test]
    fn neighbours_do_not_hide_an_individual_number() {
        for text in
            ["1940-03-02 123456789018", "123456789018 5", "1 1234 5678 9018", "0856-22-0000 1234-5678-9018 まで"]
        {
            assert!(holds_individual_number(text), "{text}");
        }
        assert!(!holds_individual_number("0856-22-0000 9900000123 3290800022"));
    }

    /// Completes eleven digits by 番号利用法の省令5条, written as the ordinance has it: P(n), Q(n), n from the lowest digit.
    fn individual(body: &[u8; 11]) -> String {
        let sum: u32 = (1..=11_u32)
            .map(|n| {
                let p = u32::from(body[11 - usize::try_from(n).unwrap()]);
                p * if n <= 6 { n + 1 } else { n - 5 }
            })
            .sum();
        let check = if sum % 11 <= 1 { 0 } else { 11 - sum % 11 };
        let digits: String = body.iter().map(|d| char::from(b'0' + d)).collect();
        format!("{digits}{check}")
    }

    proptest! {
        #[test]
        fn numbers_read_back(text in "[0-9]{13}", letter in "[0-9A-HJ-NPR-Z]") {
            let no = InsurerNo::parse(&text[..6]).unwrap();
            prop_assert_eq!(InsurerNo::parse(no.as_str()), Ok(no));
            let no = InsuredNo::parse(&text[..10]).unwrap();
            prop_assert_eq!(InsuredNo::parse(no.as_str()), Ok(no));
            let no = OfficeNo::parse(&format!("{}{letter}{}", &text[..2], &text[3..10])).unwrap();
            prop_assert_eq!(OfficeNo::parse(no.as_str()), Ok(no));
            let no = CorporateNo::parse(&text).unwrap();
            prop_assert_eq!(CorporateNo::parse(no.as_str()), Ok(no));
            let mut loaded = CorporateNo::default();
            loaded.load(no.cell()).unwrap();
            prop_assert_eq!(loaded, no);
        }

        #[test]
        fn a_wrong_digit_of_an_insurer_number_is_noticed(body in "[0-9]{5}", place in 0..6_usize, other in 1..10_u8) {
            let no = InsurerNo::from_body(body.as_bytes().try_into().unwrap());
            prop_assert!(no.check());
            let mut wrong = no.as_str().as_bytes().to_vec();
            wrong[place] = b'0' + (wrong[place] - b'0' + other) % 10;
            prop_assert!(!InsurerNo::parse(core::str::from_utf8(&wrong).unwrap()).unwrap().check());
        }

        #[test]
        fn completed_office_numbers_fit(body in "[0-9]{2}[0-9A-HJ-NPR-Z][0-9]{6}") {
            let no = OfficeNo::from_body(body.as_bytes().try_into().unwrap());
            prop_assert!(no.check());
            prop_assert_eq!(OfficeNo::parse(no.as_str()), Ok(no));
        }

        #[test]
        fn every_individual_number_is_noticed(body in proptest::array::uniform11(0..10_u8), wide: bool, form in 0..4_usize) {
            let no = individual(&body);
            let written = match form {
                0 => no.clone(),
                1 => format!("{}-{}-{}", &no[..4], &no[4..8], &no[8..]),
                2 => format!("番号 {} {} {} です", &no[..4], &no[4..8], &no[8..]),
                _ => format!("1940-03-02 {no}"),
            };
            let written: String = if wide {
                written.chars().map(|c| if c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c }).collect()
            } else {
                written
            };
            prop_assert!(holds_individual_number(&written), "{}", written);
            // Another check digit is another number.
            let other = format!("{}{}", &no[..11], (no.as_bytes()[11] - b'0' + 1) % 10);
            prop_assert!(!holds_individual_number(&other));
        }

        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = holds_individual_number(&text);
            let _ = (InsurerNo::parse(&text), InsuredNo::parse(&text), OfficeNo::parse(&text), CorporateNo::parse(&text));
            if let Ok(code) = MunicipalityCode::parse(&text) {
                prop_assert!(code.insurer_no().check());
            }
        }

        #[test]
        fn numbers_of_the_system_are_no_individual_numbers(text in "[0-9]{10}") {
            prop_assert!(!holds_individual_number(&text));
        }
    }
}
