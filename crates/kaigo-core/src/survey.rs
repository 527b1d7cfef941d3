//! Items and choices of 認定調査票 and 主治医意見書.

use crate::layout::{BadCell, Cell, Field, Shape};

/// Answers of 基本調査, `1-1=2,3;1-3=1`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SurveyItems(String);

/// Answers of 主治医意見書 that have codes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpinionItems(String);

impl Field for SurveyItems {
    fn read(&mut self, text: &str) -> Result<(), BadCell> {
        text.clone_into(&mut self.0);
        Ok(())
    }
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self.0.as_str().into())
    }
    fn shape() -> Shape {
        Shape::Text { max: 2000 }
    }
}

impl Field for OpinionItems {
    fn read(&mut self, text: &str) -> Result<(), BadCell> {
        text.clone_into(&mut self.0);
        Ok(())
    }
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self.0.as_str().into())
    }
    fn shape() -> Shape {
        Shape::Text { max: 2000 }
    }
}
