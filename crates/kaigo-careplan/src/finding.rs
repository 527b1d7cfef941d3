//! What is found in exchange files: the catalogue of codes, and findings with place, sentence and mend.
//!
//! An error is what the receiver's software cannot take. What public text leaves open ([`Basis::Inferred`]) is never one.

mod catalogue;

use kaigo_core::finding::{Finding, Place};

pub use self::catalogue::Code;

/// How well a rule is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Stated in the text of the standard.
    Confirmed,
    /// Concluded from it, from practice, or from the instructions of the printed forms (推定).
    Inferred,
    /// A law, or a bound of this program.
    House,
}

impl Basis {
    /// Japanese label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Confirmed => "確認済み",
            Self::Inferred => "推定",
            Self::House => "法令・本プログラム",
        }
    }
}

impl Code {
    /// Reads the stable code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|own| own.code() == code).copied()
    }

    /// A finding of this code: what is wrong there, with the general mend of the code.
    pub fn finding(self, place: Place, say: String) -> Finding {
        self.with_mend(place, say, self.mend().to_owned())
    }

    /// A finding of this code with a mend of its own.
    pub fn with_mend(self, place: Place, say: String, mend: String) -> Finding {
        Finding { severity: self.severity(), place, code: self.code(), say, mend, source: self.source() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kaigo_core::finding::Severity;

    use super::*;

    #[test]
    fn codes_are_unique_and_complete() {
        let codes: BTreeSet<&str> = Code::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
        for code in Code::ALL {
            let name = code.code();
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{name}");
            assert!(code.title().ends_with('。') && code.mend().ends_with('。') && !code.source().is_empty(), "{name}");
            assert_eq!(Code::parse(name), Some(*code));
        }
    }

    #[test]
    fn what_is_inferred_is_never_an_error() {
        for code in Code::ALL {
            assert!(code.basis() != Basis::Inferred || code.severity() != Severity::Error, "{}", code.code());
        }
    }
}
