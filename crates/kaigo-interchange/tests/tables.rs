//! Tables in files: what good files give, what bad files say, and that no bytes make the readers panic.

use std::io::Cursor;

use kaigo_interchange::encoding::{Encoding, Unmappable, detect, holds_private_use, to_ms932};
use kaigo_interchange::problem::{Error, Position, Problem, ProblemKind};
use kaigo_interchange::row::RowBuf;
use kaigo_interchange::table::{Format, TableReader};
use kaigo_interchange::write::{Ending, Style, csv_line};
use proptest::prelude::*;

const PLAIN: Style = Style { ending: Ending::CrLf, guard_formulas: false };

/// Everything of a file: header, rows with their numbers, problems, and why reading stopped.
#[derive(Debug, Default)]
struct Read {
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    problems: Vec<Problem>,
    stopped: Option<Problem>,
}

fn read(bytes: &[u8], format: Format<'_>) -> Read {
    let mut out = Read::default();
    let mut table = match TableReader::open(Cursor::new(bytes), format) {
        Ok(table) => table,
        Err(error) => {
            out.stopped = Some(bad(error));
            return out;
        }
    };
    let mut row = RowBuf::default();
    loop {
        match table.next_row(&mut row) {
            Ok(true) => {
                out.rows.push((row.number(), row.cells().map(str::to_owned).collect()));
                out.problems.extend_from_slice(row.problems());
            }
            Ok(false) => break,
            Err(error) => {
                out.stopped = Some(bad(error));
                break;
            }
        }
    }
    out.header = table.header().to_vec();
    out
}

fn bad(error: Error) -> Problem {
    let Error::Bad(problem) = error else {
        unreachable!("a cursor does not fail: {error}");
    };
    problem
}

fn csv(text: &str) -> Read {
    read(text.as_bytes(), Format::Csv)
}

fn rows(read: &Read) -> Vec<(u64, Vec<&str>)> {
    read.rows.iter().map(|(n, cells)| (*n, cells.iter().map(String::as_str).collect())).collect()
}

#[test]
fn every_line_ending_reads_the_same() {
    for end in ["\n", "\r\n", "\r"] {
        let file = ["a,b", "1,2", "", "3,\"x\ny\"", "5,6"].join(end);
        let got = csv(&file);
        assert_eq!(got.header, ["a", "b"], "{end:?}");
        assert_eq!(rows(&got), [(2, vec!["1", "2"]), (4, vec!["3", "x\ny"]), (5, vec!["5", "6"])], "{end:?}");
        assert_eq!(got.problems, [], "{end:?}");
    }
}

#[test]
fn encodings_are_found_and_read() {
    let text = "氏名,フリガナ\r\n髙橋 ①郎,ﾀｶﾊｼ\r\n";
    let mut ms932 = Vec::new();
    assert_eq!(to_ms932(text, &mut ms932), []);
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (format!("\u{FEFF}{text}").into_bytes(), Encoding::Utf8Bom),
        (ms932, Encoding::Ms932),
    ] {
        assert_eq!(detect(&mut Cursor::new(&bytes)).unwrap(), encoding);
        let got = read(&bytes, Format::Csv);
        assert_eq!(got.header, ["氏名", "フリガナ"]);
        assert_eq!(rows(&got), [(2, vec!["髙橋 ①郎", "ﾀｶﾊｼ"])]);
        assert_eq!(got.problems, []);
    }
}

#[test]
fn broken_bytes_are_named_and_do_not_change_the_encoding() {
    let mut bytes = "氏名,住所\nみなと花子,みなと川市\n".as_bytes().to_vec();
    let at = bytes.iter().position(|b| *b == b'\n').unwrap() + 1;
    bytes.insert(at, 0x82);
    let got = read(&bytes, Format::Csv);
    assert_eq!(
        got.problems,
        [Problem {
            kind: ProblemKind::Undecodable(Encoding::Utf8),
            at: Position { row: 2, column: Some(1), byte: Some(u64::try_from(at).unwrap()) },
        }]
    );
    assert_eq!(rows(&got)[0].1[0], "\u{FFFD}みなと花子");

    let mut ms932 = Vec::new();
    to_ms932("氏名,住所\n花子,", &mut ms932);
    ms932.extend(b"\xFD\n");
    let got = read(&ms932, Format::Csv);
    assert_eq!(got.problems[0].at, Position { row: 2, column: Some(2), byte: Some(15) });
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    for (bytes, code) in [
        (&b""[..], "file-no-header"),
        (b"\r\n\r\n", "file-no-header"),
        (b"PK\x03\x04rest", "file-spreadsheet"),
        (b"\xFF\xFEa\0", "file-utf16"),
        (b"a,b,a\n", "file-same-heading"),
    ] {
        let stopped = read(bytes, Format::Csv).stopped.unwrap();
        assert_eq!(stopped.code(), code);
        assert!(!stopped.say().is_empty() && !stopped.mend().is_empty());
    }
}

#[test]
fn ragged_rows_and_quotes_are_said_and_reading_goes_on() {
    let got = csv("a,b\n1\n2,3,\n4,5,6\n7,8\" wide\n9,10\n");
    let kinds: Vec<_> = got.problems.iter().map(|p| (p.at.row, p.code())).collect();
    assert_eq!(kinds, [(2, "file-ragged-row"), (4, "file-ragged-row"), (5, "file-quotes")]);
    assert_eq!(rows(&got).last().unwrap(), &(6, vec!["9", "10"]));
}

#[test]
fn an_open_quotation_mark_does_not_swallow_a_large_file() {
    let mut file = "a,b\n1,\"open\n".to_owned();
    for _ in 0..200_000 {
        file.push_str("1234567890,1234567890\n");
    }
    let stopped = csv(&file).stopped.unwrap();
    assert_eq!((stopped.code(), stopped.at.row), ("file-row-too-long", 2));

    let short = csv("a,b\n1,\"open\n2,3\n");
    assert_eq!(
        short.problems[0],
        Problem { kind: ProblemKind::Quotes, at: Position { row: 2, column: None, byte: None } }
    );
}

#[test]
fn json_objects_become_rows() {
    let file = r#" [ {"b":"x \"y\" }","a":12,"z":{"q":[1,{}]}}, {"a":null,"b":true,"c":-1.5}, {} ] "#;
    let got = read(file.as_bytes(), Format::Json(&["a", "b"]));
    assert_eq!(got.header, ["a", "b", "z", "c"]);
    assert_eq!(
        rows(&got),
        [(1, vec!["12", "x \"y\" }", ""]), (2, vec!["", "1", "", "-1.5"]), (3, vec!["", "", "", ""]),]
    );
    assert_eq!(
        got.problems,
        [Problem {
            kind: ProblemKind::JsonNested("z".to_owned()),
            at: Position { row: 1, column: Some(3), byte: None },
        }]
    );
    assert_eq!(got.stopped, None);
}

#[test]
fn bad_json_is_said_with_its_object() {
    let codes = |text: &str| {
        let got = read(text.as_bytes(), Format::Json(&["a"]));
        let all: Vec<_> = got.problems.iter().chain(&got.stopped).map(|p| (p.at.row, p.code())).collect();
        all
    };
    assert_eq!(codes(r#"[{"a":1},{"a" 2},{"a":3}]"#), [(2, "json-object")]);
    assert_eq!(codes(r#"[{"a":1,"a":2}]"#), [(1, "json-same-name")]);
    assert_eq!(codes(r#"{"a":1}"#), [(1, "json-shape")]);
    assert_eq!(codes(""), [(1, "json-shape")]);
    assert_eq!(codes(r#"[{"a":1},"#), [(1, "json-end")]);
    assert_eq!(codes(r#"[{"a":1}] x"#), [(1, "json-end")]);
    assert_eq!(codes(r#"[{"a":"1"#), [(1, "json-end")]);
    assert_eq!(codes("[]"), []);
}

#[test]
fn ms932_is_written_strictly() {
    let mut out = Vec::new();
    let missing = to_ms932("a〜𠮷①", &mut out);
    assert_eq!(missing, [Unmappable { index: 1, character: '〜' }, Unmappable { index: 2, character: '𠮷' },]);
    assert_eq!(out, [b'a', 0x87, 0x40]);
    assert!(holds_private_use("山\u{E000}田") && !holds_private_use("髙橋"));
}

#[test]
fn formulas_are_guarded_for_people_only() {
    let mut out = String::new();
    let style = Style { ending: Ending::Lf, guard_formulas: true };
    csv_line(&mut out, ["=HYPERLINK(\"x\")", "-5", "@a", ""], style);
    assert_eq!(out, "\"'=HYPERLINK(\"\"x\"\")\",-5,'@a,\n");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        read(&bytes, Format::Csv);
        read(&bytes, Format::Json(&["a", "b"]));
    }

    #[test]
    fn no_table_like_bytes_panic(text in "[a\",\r\n\\[\\]{}:\\\\0あ]{0,200}") {
        read(text.as_bytes(), Format::Csv);
        read(text.as_bytes(), Format::Json(&["a", "b"]));
    }

    #[test]
    fn what_is_written_reads_back(table in proptest::collection::vec(proptest::collection::vec(any::<String>(), 3), 0..20)) {
        let mut file = String::new();
        csv_line(&mut file, ["a", "b", "c"], PLAIN);
        for cells in &table {
            csv_line(&mut file, cells, PLAIN);
        }
        let got = csv(&file);
        let cells: Vec<_> = got.rows.iter().map(|(_, cells)| cells.clone()).collect();
        prop_assert_eq!(cells, table);
        prop_assert_eq!(got.problems, []);
    }

    #[test]
    fn cells_are_those_of_the_csv_library(text in "[ab\",\r\n]{0,80}") {
        let file = format!("h\n{text}");
        let got = csv(&file);
        let mut library = csv::ReaderBuilder::new().flexible(true).from_reader(file.as_bytes());
        let want: Vec<Vec<String>> = library
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect();
        let cells: Vec<_> = got.rows.iter().map(|(_, cells)| cells.clone()).collect();
        prop_assert_eq!(cells, want);
    }

    #[test]
    fn ms932_comes_back(text in any::<String>()) {
        let mut bytes = Vec::new();
        let missing: Vec<usize> = to_ms932(&text, &mut bytes).iter().map(|m| m.index).collect();
        let kept: String = text.chars().enumerate().filter(|(i, _)| !missing.contains(i)).map(|(_, c)| c).collect();
        let (back, _, broken) = encoding_rs::SHIFT_JIS.decode(&bytes);
        prop_assert!(!broken);
        prop_assert_eq!(back, kept);
    }
}
