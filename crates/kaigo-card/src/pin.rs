//! The PIN of 利用者証明: four digits, wiped when it goes away, never printed.

use core::fmt;

use zeroize::Zeroize;

/// A PIN (暗証番号) of four digits.
pub struct Pin([u8; 4]);

impl Pin {
    /// Reads four digits, full-width ones too. None for anything else; what was typed is not repeated.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = text.trim().chars().map(|c| match c {
            '０'..='９' => c.to_digit(10).or_else(|| u32::from(c).checked_sub(u32::from('０'))),
            c => c.to_digit(10),
        });
        let mut out = [0_u8; 4];
        for slot in &mut out {
            *slot = b'0' + u8::try_from(digits.next()??).ok()?;
        }
        digits.next().is_none().then_some(Self(out))
    }

    /// The digits as the card takes them.
    pub fn digits(&self) -> &[u8; 4] {
        &self.0
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(****)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_and_nothing_else() {
        assert_eq!(Pin::parse(" 0471 ").unwrap().digits(), b"0471");
        assert_eq!(Pin::parse("０４７１").unwrap().digits(), b"0471");
        for bad in ["", "123", "12345", "12a4", "-123", "１２３", "12 34"] {
            assert!(Pin::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{:?}", Pin::parse("0471")), "Some(Pin(****))");
    }
}
