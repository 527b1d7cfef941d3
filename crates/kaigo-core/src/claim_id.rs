//! The login of 電子請求受付システム: `KJ` and twelve digits. Issued to an office by 国保連 on paper, with a provisional password.
//!
//! Twelve digits can look like a 個人番号 by chance. They are read here, as a whole and with their letters, before anything else
//! judges the text; the identifier never stands in an address.

use crate::layout::BadCell;
use crate::text::halfwidth;

/// 電子請求受付システムのユーザID.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(String);

impl ClaimId {
    /// Reads one as it stands on the notice; width, case, spaces and hyphens do not count.
    ///
    /// # Errors
    /// [`BadCell::Length`] or [`BadCell::Shape`] for anything else.
    pub fn parse(text: &str) -> Result<Self, BadCell> {
        let plain: String = halfwidth(text).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let plain = plain.to_ascii_uppercase();
        if plain.is_empty() {
            return Err(BadCell::Missing);
        }
        let digits = plain.strip_prefix("KJ").ok_or(BadCell::Length { want: 14, got: plain.chars().count() })?;
        if digits.len() == 12 && digits.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(plain))
        } else {
            Err(BadCell::Length { want: 14, got: plain.chars().count() })
        }
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For pages that others may see over the shoulder: 「KJ…8901」.
    pub fn masked(&self) -> String {
        format!("KJ…{}", self.0.get(10..).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn identifiers_are_read_kindly_and_strictly() {
        assert_eq!(ClaimId::parse("ｋｊ 1234-5678-9012").unwrap().as_str(), "KJ123456789012");
        assert_eq!(ClaimId::parse("KJ123456789012").unwrap().masked(), "KJ…9012");
        for bad in ["", "KJ", "123456789012", "KJ12345678901", "KJ1234567890123", "KX123456789012", "KJ12345678901A"] {
            assert!(ClaimId::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC*") {
            if let Ok(id) = ClaimId::parse(&text) {
                prop_assert_eq!(id.as_str().len(), 14);
            }
        }
    }
}
