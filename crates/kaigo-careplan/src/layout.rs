//! The columns of every kind of file, as tables: reading, checking, writing, documentation and sheets walk them.
//!
//! Each kind is a module with the place of every column by name (`usage::DATE`) and the table itself (`usage::ITEMS`).

mod month;
mod plan;
mod preventive;
pub mod tables;

pub use month::{detail, planned_deletion, result_deletion, usage};
pub use plan::{sheet1, sheet1_deletion, sheet2, sheet3, supplement};
pub use preventive::{
    basic, basic_day, basic_deletion, basic_illness, prevention, prevention_deletion, prevention_support,
};
use tables::CodeTable;

/// What a column holds (項目長, 書式).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// CSVバージョン, six digits.
    Version,
    /// 保険者番号, six digits.
    Insurer,
    /// 被保険者番号, ten characters; `H` and nine digits for 生保単独.
    Insured,
    /// A ten-character 事業所番号.
    Office,
    /// `YYYYMMDD`.
    Date,
    /// `YYYYMMDD`, or `00000000` for «belongs to 第6・7表».
    DateOrZeros,
    /// `YYYYMM`.
    Month,
    /// `YYYYMM`, or `000000` for «belongs to 第1〜3表».
    MonthOrZeros,
    /// `HHMM`; `9999` where no time is shown.
    Time,
    /// Digits, at most so many.
    Number(usize),
    /// `99.99`.
    Decimal,
    /// A code out of a table.
    Code(&'static CodeTable),
    /// サービスコード: kind of service (2) and item (4).
    Service,
    /// サービスコード, or the code of a sum: `11AAAA`, `11EEEE`, `11ZZZZ`, `999999`.
    SummaryService,
    /// サービス種類コード.
    ServiceKind,
    /// TAISコード: `00001-000010`.
    Tais,
    /// 31 digits, `1` on each day that is billed.
    Days,
    /// `690-0000`: three and four digits.
    Postal,
    /// Other half-width text, at most so many characters.
    Text(usize),
    /// フリーテキスト: quoted, no limit.
    Free,
    /// «Not used».
    Unused,
}

/// Whether a column must be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Marked 必須 in the layout.
    Required,
    /// Taken as required, but the mark is inferred: empty is a warning, never an error.
    Presumed,
    /// Required under a condition that the checks know.
    Conditional,
    /// May be empty.
    Optional,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Japanese name (項目名).
    pub name: &'static str,
    /// What it holds.
    pub form: Form,
    /// Whether it must be filled.
    pub need: Need,
}

/// Declares a layout: `columns! { /// doc  module { NAME "項目名" Form Need; … } }` gives `module::NAME` (place from 0) and
/// `module::ITEMS`.
#[macro_export]
macro_rules! columns {
    ($(#[$meta:meta])* $module:ident { $($name:ident $ja:literal $form:ident $(($arg:expr))? $need:ident;)+ }) => {
        $(#[$meta])*
        pub mod $module {
            #[allow(clippy::wildcard_imports, unused_imports, clippy::allow_attributes, reason = "not every table names every form")]
            use super::*;
            $crate::columns!(@place 0_usize; $($name $ja;)+);
            /// The columns in order.
            pub const ITEMS: &[Item] = &[$(Item { name: $ja, form: $form $(($arg))?, need: $need }),+];
        }
    };
    (@place $at:expr; $name:ident $ja:literal; $($rest:tt)*) => {
        #[doc = $ja]
        pub const $name: usize = $at;
        $crate::columns!(@place $at + 1; $($rest)*);
    };
    (@place $at:expr;) => {};
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;

    #[test]
    fn counts_of_columns_are_those_of_the_standard() {
        let want = [
            (Kind::Supplement, 63),
            (Kind::Sheet1, 28),
            (Kind::Sheet1Deletion, 4),
            (Kind::Sheet2, 22),
            (Kind::Sheet3, 13),
            (Kind::Planned, 25),
            (Kind::PlannedDeletion, 4),
            (Kind::Result, 25),
            (Kind::ResultDeletion, 6),
            (Kind::Detail, 37),
            (Kind::Basic, 71),
            (Kind::BasicDay, 7),
            (Kind::BasicIllness, 11),
            (Kind::BasicDeletion, 4),
            (Kind::Prevention, 57),
            (Kind::PreventionSupport, 17),
            (Kind::PreventionDeletion, 4),
        ];
        for (kind, count) in want {
            assert_eq!(kind.items().len(), count, "{kind:?}");
        }
        assert_eq!((usage::TAIS, usage::UNUSED, detail::UNIT_PRICE, supplement::MONTH), (15, 24, 22, 62));
        assert_eq!(basic::ITEMS[basic::IMAGE].name, "家族構成 画像ファイル名");
        assert_eq!((basic::IMAGE, prevention::CHECK_EXERCISE, prevention::CONSENTED_BY), (61, 42, 56));
    }
}
