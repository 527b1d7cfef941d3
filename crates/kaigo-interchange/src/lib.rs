//! Bytes ↔ rows: character encodings, CSV and JSON tables, positions of what is wrong. Knows no record kind.
//!
//! Start with [`TableReader::open`](table::TableReader::open): it finds the encoding, reads the header and then gives one
//! row after the other in a reused buffer, so a file of any size takes the memory of one row. No bytes make it panic: what
//! cannot be read is a [`Problem`](problem::Problem) with its place, a Japanese sentence and a mend.
//!
//! ```
//! use std::io::Cursor;
//! use kaigo_interchange::{row::RowBuf, table::{Format, TableReader}};
//!
//! let file = Cursor::new("被保険者番号,氏名\r\n9900000018,\"みなと 花子\"\r\n");
//! let mut table = TableReader::open(file, Format::Csv)?;
//! assert_eq!(table.header(), ["被保険者番号", "氏名"]);
//! let mut row = RowBuf::default();
//! assert!(table.next_row(&mut row)?);
//! assert_eq!((row.number(), row.cell(1)), (2, Some("みなと 花子")));
//! assert!(!table.next_row(&mut row)?);
//! # Ok::<(), kaigo_interchange::problem::Error>(())
//! ```

pub mod encoding;
pub mod problem;
pub mod row;
pub mod table;
pub mod write;

mod csv_rows;
mod json_rows;
