//! What is wrong with a file as a table, with its place; callers turn it into findings.

use std::{fmt, io};

use crate::encoding::Encoding;

/// Where a problem is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Row as a spreadsheet shows it, from 1; in JSON the count of the object in its array, from 1.
    pub row: u64,
    /// Column, from 1, if it is about one.
    pub column: Option<u32>,
    /// Byte in the file, from 0, where it is known exactly.
    pub byte: Option<u64>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Bytes that are no characters in the encoding of the file; they are read as U+FFFD.
    Undecodable(Encoding),
    /// The row has fewer cells than the header, or more that are not empty.
    Ragged {
        /// Cells of the header.
        want: usize,
        /// Cells of the row.
        got: usize,
    },
    /// The quotation marks of the row do not pair up.
    Quotes,
    /// The row goes on longer than any row should; nothing after it is read.
    RowTooLong {
        /// Most bytes of a row.
        limit: usize,
    },
    /// More columns than any table should have; nothing after it is read.
    TooManyColumns {
        /// Most columns.
        limit: usize,
    },
    /// The file holds no header row, or nothing at all.
    NoHeader,
    /// Two columns have the same heading.
    SameHeading(String),
    /// The file is UTF-16.
    Utf16,
    /// The file is a spreadsheet program's own (xlsx, xls).
    Spreadsheet,
    /// The JSON is not an array of objects.
    JsonShape,
    /// One JSON object cannot be read.
    JsonObject,
    /// A JSON value is an array or an object.
    JsonNested(String),
    /// A JSON object has the same name twice.
    JsonSameName(String),
    /// The JSON ends before its array does, or goes on after it.
    JsonEnd,
}

/// A problem and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub kind: ProblemKind,
    /// Where.
    pub at: Position,
}

impl Problem {
    /// A problem of a whole row.
    pub(crate) fn row(kind: ProblemKind, row: u64) -> Self {
        Self { kind, at: Position { row, ..Position::default() } }
    }

    /// Stable code of the problem, listed in docs/errors.md.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ProblemKind::Undecodable(_) => "file-undecodable",
            ProblemKind::Ragged { .. } => "file-ragged-row",
            ProblemKind::Quotes => "file-quotes",
            ProblemKind::RowTooLong { .. } => "file-row-too-long",
            ProblemKind::TooManyColumns { .. } => "file-too-many-columns",
            ProblemKind::NoHeader => "file-no-header",
            ProblemKind::SameHeading(_) => "file-same-heading",
            ProblemKind::Utf16 => "file-utf16",
            ProblemKind::Spreadsheet => "file-spreadsheet",
            ProblemKind::JsonShape => "json-shape",
            ProblemKind::JsonObject => "json-object",
            ProblemKind::JsonNested(_) => "json-nested",
            ProblemKind::JsonSameName(_) => "json-same-name",
            ProblemKind::JsonEnd => "json-end",
        }
    }

    /// What is wrong, one Japanese sentence.
    pub fn say(&self) -> String {
        match &self.kind {
            ProblemKind::Undecodable(encoding) => match self.at.byte {
                Some(byte) => {
                    format!("{}の文字として読めないバイトがあります（先頭から{byte}バイトめ）。", encoding.label())
                }
                None => format!("{}の文字として読めないバイトがあります。", encoding.label()),
            },
            ProblemKind::Ragged { want, got } => {
                format!("列の数が見出しと違います。見出しは{want}列、この行は{got}列です。")
            }
            ProblemKind::Quotes => "引用符（\"）の数が合っていません。".to_owned(),
            ProblemKind::RowTooLong { limit } => {
                format!("1行が長すぎます（{limit}バイトを超えました）。ここで読むのをやめました。")
            }
            ProblemKind::TooManyColumns { limit } => {
                format!("列が多すぎます（{limit}列を超えました）。ここで読むのをやめました。")
            }
            ProblemKind::NoHeader => "見出しの行がありません。".to_owned(),
            ProblemKind::SameHeading(name) => format!("見出し「{name}」が2つあります。"),
            ProblemKind::Utf16 => "文字コードがUTF-16です。".to_owned(),
            ProblemKind::Spreadsheet => "表計算ソフトのファイル（xlsxなど）のままです。".to_owned(),
            ProblemKind::JsonShape => "JSONが「オブジェクトの配列」になっていません。".to_owned(),
            ProblemKind::JsonObject => "JSONのこのオブジェクトが読めません。".to_owned(),
            ProblemKind::JsonNested(name) => format!("「{name}」の値が配列かオブジェクトになっています。"),
            ProblemKind::JsonSameName(name) => format!("「{name}」が1つのオブジェクトに2つあります。"),
            ProblemKind::JsonEnd => {
                "JSONが配列の終わりで終わっていません。途中で切れている可能性があります。".to_owned()
            }
        }
    }

    /// How to mend it, one Japanese sentence.
    pub fn mend(&self) -> String {
        match &self.kind {
            ProblemKind::Undecodable(_) => "その文字を入れなおすか、ファイルをUTF-8で保存しなおしてください。",
            ProblemKind::Ragged { .. } => {
                "コンマの数を確かめてください。値の中にコンマや改行があるときは、その値を \" で囲んでください。"
            }
            ProblemKind::Quotes => "値の中の \" は \"\" と2つ続けて書き、その値の前後を \" で囲んでください。",
            ProblemKind::RowTooLong { .. } => "この行の引用符（\"）が閉じているか確かめてください。",
            ProblemKind::TooManyColumns { .. } => "列の数を確かめてください。",
            ProblemKind::NoHeader => "1行めに列の名前を入れてください。",
            ProblemKind::SameHeading(_) => "どちらか1つの列にしてください。",
            ProblemKind::Utf16 => "UTF-8（BOM付きでもよい）かShift_JIS（MS932）で保存しなおしてください。",
            ProblemKind::Spreadsheet => "表計算ソフトで「CSV UTF-8」の形式を選んで保存しなおしてください。",
            ProblemKind::JsonShape => "[ {…}, {…} ] の形にしてください。",
            ProblemKind::JsonObject => "このオブジェクトの引用符、コンマ、かっこを確かめてください。",
            ProblemKind::JsonNested(_) => "文字列か数にしてください。",
            ProblemKind::JsonSameName(_) => "どちらか1つにしてください。",
            ProblemKind::JsonEnd => "ファイルを作りなおすか、送りなおしてください。",
        }
        .to_owned()
    }
}

/// Why no further row can be read.
#[derive(Debug)]
pub enum Error {
    /// The reader of the caller failed.
    Io(io::Error),
    /// The file itself is at fault.
    Bad(Problem),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Bad(problem)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "ファイルが読めません（{error}）。"),
            Self::Bad(problem) => write!(f, "{}行め：{}{}", problem.at.row, problem.say(), problem.mend()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Bad(_) => None,
        }
    }
}
