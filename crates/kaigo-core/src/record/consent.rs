//! Comprehensive consent (包括的同意).

use crate::code::{ConsentBy, ConsentTaker};
use crate::column;
use crate::date::Date;
use crate::id::OfficeNo;
use crate::layout::{Column, Record, Trouble};
use crate::text::Text;

/// Comprehensive consent (包括的同意): evaluated at each read, never copied into a grant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consent {
    /// Day it was given (同意年月日).
    pub given_on: Date,
    /// Who took it (同意取得者区分).
    pub taken_by: ConsentTaker,
    /// Office that took it in the municipality's place (取得事業所番号).
    pub office_no: Option<OfficeNo>,
    /// Who gave it (同意者区分).
    pub given_by: ConsentBy,
    /// Version of the text that was explained (同意書の版).
    pub text_version: Text<20>,
    /// Day it was taken back (撤回年月日).
    pub withdrawn_on: Option<Date>,
}

impl Record for Consent {
    const NAME: &'static str = "consent";
    const JA: &'static str = "同意";
    const COLUMNS: &'static [Column<Self>] = &[
        column!(given_on: Date, "同意年月日", ""),
        column!(taken_by: ConsentTaker, "同意取得者区分", ""),
        column!(office_no: Option<OfficeNo>, "取得事業所番号", "事業所が市町村に代わって取ったときだけ"),
        column!(given_by: ConsentBy, "同意者区分", ""),
        column!(text_version: Text<20>, "同意書の版", "説明した文の版"),
        column!(withdrawn_on: Option<Date>, "撤回年月日", "その日から効力を失う"),
    ];

    fn rules(&self) -> Vec<Trouble> {
        super::period_rule(Some(self.given_on), self.withdrawn_on, "撤回年月日")
    }
}

impl Consent {
    /// Whether the consent stands on that day.
    pub fn stands(&self, today: Date) -> bool {
        self.given_on <= today && self.withdrawn_on.is_none_or(|on| today < on)
    }
}
