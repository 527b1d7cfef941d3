//! A record kind is a struct and one table of columns; reading, writing, SQL, documentation walk that table.

use std::borrow::Cow;
use std::fmt;

/// Why one cell cannot be read. Carries data; [`BadCell::say`] makes the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadCell {
    /// A required cell is empty.
    Missing,
    /// The count of characters differs from the fixed length.
    Length {
        /// The fixed length.
        want: usize,
        /// What was given.
        got: usize,
    },
    /// More characters than the column takes.
    TooLong {
        /// The bound.
        max: usize,
        /// What was given.
        got: usize,
    },
    /// The characters do not form such a value; `want` describes one in Japanese.
    Shape {
        /// What is wanted, in Japanese.
        want: &'static str,
    },
    /// A code that is not in the code table of the column.
    UnknownCode {
        /// Name of the code table in Japanese.
        table: &'static str,
        /// The codes in the table, `12 要支援1・13 要支援2・…`.
        known: String,
    },
    /// A number outside the range.
    Range {
        /// Smallest value taken.
        min: i32,
        /// Largest value taken.
        max: i32,
    },
    /// A date that is not in the calendar or cannot be understood.
    Date,
    /// A control character.
    Control(char),
    /// Twelve digits that can be an individual number (個人番号).
    IndividualNumber,
    /// The database holds a value of another type; a defect of the program, never of a user's input.
    Stored,
}

impl BadCell {
    /// Stable code of the error, listed in docs/errors.md.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "cell-missing",
            Self::Length { .. } => "cell-length",
            Self::TooLong { .. } => "cell-too-long",
            Self::Shape { .. } => "cell-shape",
            Self::UnknownCode { .. } => "cell-unknown-code",
            Self::Range { .. } => "cell-range",
            Self::Date => "cell-date",
            Self::Control(_) => "cell-control",
            Self::IndividualNumber => "individual-number",
            Self::Stored => "cell-stored",
        }
    }

    /// What is wrong with the item called `item`, one Japanese sentence.
    pub fn say(&self, item: &str) -> String {
        match self {
            Self::Missing => format!("{item}が入っていません。"),
            Self::Length { want, got } => format!("{item}は{want}けたです。いま{got}けたです。"),
            Self::TooLong { max, got } => format!("{item}は{max}文字までです。いま{got}文字です。"),
            Self::Shape { want } => format!("{item}は{want}です。"),
            Self::UnknownCode { table, .. } => format!("{item}のコードが「{table}」の表にありません。"),
            Self::Range { min, max } => format!("{item}は{min}から{max}までの数です。"),
            Self::Date => format!("{item}が日付として読めません。"),
            Self::Control(c) => format!("{item}に使えない制御文字（U+{:04X}）があります。", u32::from(*c)),
            Self::IndividualNumber => {
                format!("{item}に個人番号（マイナンバー）とみられる12けたの数字があります。個人番号は取り扱いません。")
            }
            Self::Stored => format!("{item}の保存された値が読めません。"),
        }
    }

    /// How to mend it, one Japanese sentence.
    pub fn mend(&self, item: &str) -> String {
        match self {
            Self::Missing => format!("{item}を入れてください。"),
            Self::Length { want, .. } => format!("{item}を{want}けたで入れてください。"),
            Self::TooLong { max, .. } => format!("{max}文字以内に短くしてください。"),
            Self::Shape { want } => format!("{item}を{want}で入れてください。"),
            Self::UnknownCode { known, .. } => format!("次のどれかにしてください：{known}"),
            Self::Range { min, max } => format!("{min}から{max}までの半角数字で入れてください。"),
            Self::Date => "例のように入れてください：1940-03-02、19400302、昭和15年3月2日、S15.3.2".to_owned(),
            Self::Control(_) => "その文字を取りのぞいてください。".to_owned(),
            Self::IndividualNumber => {
                "その数字を消してください。被保険者番号は10けたです（番号法により個人番号は保存できません）。"
                    .to_owned()
            }
            Self::Stored => "システムの管理者に知らせてください。".to_owned(),
        }
    }
}

/// One value on its way to or from a file or a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A whole number; the databases keep 32 bits.
    Int(i32),
    /// Text; dates are `YYYY-MM-DD`.
    Text(Cow<'a, str>),
}

impl Cell<'_> {
    /// The text, or [`BadCell::Stored`].
    pub fn into_text(self) -> Result<String, BadCell> {
        match self {
            Self::Text(text) => Ok(text.into_owned()),
            Self::Null | Self::Int(_) => Err(BadCell::Stored),
        }
    }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Int(n) => write!(f, "{n}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// The kind of value a column takes, for documentation and the table definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A national identifier of fixed length.
    Id {
        /// Japanese name.
        ja: &'static str,
        /// Characters.
        len: usize,
        /// Description of the form.
        example: &'static str,
    },
    /// Free text.
    Text {
        /// Most characters taken.
        max: usize,
    },
    /// A calendar date.
    Date,
    /// A code out of a table.
    Code {
        /// Japanese name of the table.
        table: &'static str,
        /// Code and label of each row.
        rows: Vec<(&'static str, &'static str)>,
    },
    /// A whole number.
    Int {
        /// Unit in Japanese (円, 単位, 回 …), may be empty.
        unit: &'static str,
        /// Smallest value taken.
        min: i32,
        /// Largest value taken.
        max: i32,
    },
    /// Yes or no: `1` or `0`.
    Flag,
}

impl Shape {
    /// Whether the column is an `INTEGER` in the database (else `TEXT`).
    pub fn is_integer(&self) -> bool {
        matches!(self, Self::Int { .. } | Self::Flag)
    }
}

/// A value that can stand in a column.
pub trait Field {
    /// Reads what a person or another system wrote; kind to spelling, strict about meaning. Never given empty text
    /// unless the column is optional.
    fn read(&mut self, text: &str) -> Result<(), BadCell>;

    /// Reads back what [`Field::cell`] wrote.
    fn load(&mut self, cell: Cell<'_>) -> Result<(), BadCell> {
        match cell {
            Cell::Text(text) => self.read(&text),
            Cell::Null | Cell::Int(_) => Err(BadCell::Stored),
        }
    }

    /// The value for a table or a file.
    fn cell(&self) -> Cell<'_>;

    /// What kind of value this is.
    fn shape() -> Shape
    where
        Self: Sized;

    /// Whether an empty cell is a value of this type.
    fn optional() -> bool
    where
        Self: Sized,
    {
        false
    }
}

impl<F: Field + Default> Field for Option<F> {
    fn read(&mut self, text: &str) -> Result<(), BadCell> {
        if text.trim().is_empty() {
            *self = None;
            return Ok(());
        }
        let mut value = F::default();
        value.read(text)?;
        *self = Some(value);
        Ok(())
    }

    fn load(&mut self, cell: Cell<'_>) -> Result<(), BadCell> {
        if cell == Cell::Null {
            *self = None;
            return Ok(());
        }
        let mut value = F::default();
        value.load(cell)?;
        *self = Some(value);
        Ok(())
    }

    fn cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Null, Field::cell)
    }

    fn shape() -> Shape {
        F::shape()
    }

    fn optional() -> bool {
        true
    }
}

impl Field for bool {
    fn read(&mut self, text: &str) -> Result<(), BadCell> {
        *self = match crate::text::halfwidth(text).as_ref() {
            "1" => true,
            "0" | "" => false,
            _ => {
                return Err(BadCell::Shape { want: "1（はい）か0（いいえ）" });
            }
        };
        Ok(())
    }

    fn load(&mut self, cell: Cell<'_>) -> Result<(), BadCell> {
        *self = match cell {
            Cell::Int(1) => true,
            Cell::Int(0) => false,
            Cell::Null | Cell::Int(_) | Cell::Text(_) => return Err(BadCell::Stored),
        };
        Ok(())
    }

    fn cell(&self) -> Cell<'_> {
        Cell::Int(i32::from(*self))
    }

    fn shape() -> Shape {
        Shape::Flag
    }

    fn optional() -> bool {
        true
    }
}

/// One column of a record kind `R`.
pub struct Column<R> {
    /// Name in the database, in JSON and in a CSV header: the field's name.
    pub name: &'static str,
    /// Japanese heading, also taken in a CSV header.
    pub ja: &'static str,
    /// Meaning, unit, source; for docs/feed.md.
    pub note: &'static str,
    /// What kind of value it takes.
    pub shape: fn() -> Shape,
    /// Whether an empty cell is fine.
    pub optional: fn() -> bool,
    /// The field of a record.
    pub get: fn(&R) -> &dyn Field,
    /// The field of a record, to change.
    pub get_mut: fn(&mut R) -> &mut dyn Field,
}

/// A record kind that a municipality's feed carries, one struct and one table.
pub trait Record: Default + Clone + Send + Sync + 'static {
    /// Name of the kind: of the table, of the feed file (`certification.csv`) and in the manifest.
    const NAME: &'static str;
    /// Japanese name.
    const JA: &'static str;
    /// The columns in file order, without the common ones (see [`crate::record::Common`]).
    const COLUMNS: &'static [Column<Self>];
    /// Further columns of the table that are computed from the record, never in a file: name and value.
    const DERIVED: &'static [(&'static str, fn(&Self) -> String)] = &[];

    /// Rules across the fields of one record. Returns what is wrong, with the column it is about.
    fn rules(&self) -> Vec<Trouble> {
        Vec::new()
    }
}

/// A rule across fields that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Whether the record cannot be taken (else a warning).
    pub error: bool,
    /// Stable code, listed in docs/errors.md.
    pub code: &'static str,
    /// Japanese heading of the column to look at.
    pub item: &'static str,
    /// What is wrong.
    pub say: String,
    /// How to mend it.
    pub mend: String,
}

/// Describes one field of a record struct: `column!(field: Type, "見出し", "meaning")`.
#[macro_export]
macro_rules! column {
    ($field:ident: $type:ty, $ja:literal, $note:literal) => {
        $crate::layout::Column {
            name: stringify!($field),
            ja: $ja,
            note: $note,
            shape: <$type as $crate::layout::Field>::shape,
            optional: <$type as $crate::layout::Field>::optional,
            get: |record| &record.$field,
            get_mut: |record| &mut record.$field,
        }
    };
}

/// Reads one cell into its column; an empty cell of a required column is [`BadCell::Missing`].
pub fn read_cell<R>(column: &Column<R>, record: &mut R, text: &str) -> Result<(), BadCell> {
    if text.trim().is_empty() && !(column.optional)() {
        return Err(BadCell::Missing);
    }
    (column.get_mut)(record).read(text)
}
