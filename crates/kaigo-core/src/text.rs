//! Free text with a bound, and the folding of full-width characters.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::id::holds_individual_number;
use crate::layout::{BadCell, Cell, Field, Shape};

/// Free text of at most `MAX` characters. Never holds an individual number (個人番号).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// Takes text that fits: within the bound, no control characters but line breaks, no individual number.
    pub fn parse(text: &str) -> Result<Self, BadCell> {
        let trimmed = text.trim();
        let got = trimmed.chars().count();
        if got > MAX {
            return Err(BadCell::TooLong { max: MAX, got });
        }
        if let Some(c) = trimmed.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(BadCell::Control(c));
        }
        if holds_individual_number(trimmed) {
            return Err(BadCell::IndividualNumber);
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const MAX: usize> core::fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> Field for Text<MAX> {
    fn read(&mut self, text: &str) -> Result<(), BadCell> {
        *self = Self::parse(text)?;
        Ok(())
    }

    fn load(&mut self, cell: Cell<'_>) -> Result<(), BadCell> {
        self.0 = cell.into_text()?;
        Ok(())
    }

    fn cell(&self) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(&self.0))
    }

    fn shape() -> Shape {
        Shape::Text { max: MAX }
    }
}

/// Folds full-width letters, digits, spaces and signs to half width (NFKC) and trims; plain ASCII is not copied.
pub fn halfwidth(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfkc().map(|c| if matches!(c, '‐' | '−' | '–' | '—' | 'ー') { '-' } else { c }).collect())
}
