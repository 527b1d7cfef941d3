//! Any cells, written and read again: the same cells, and the same bytes when written once more.
#![no_main]

use kaigo_careplan::kind::Kind;
use kaigo_careplan::layout::Form;
use kaigo_careplan::table::{Writer, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, Vec<Vec<String>>)| {
    let kind = Kind::ALL[usize::from(data.0) % Kind::ALL.len()];
    if kind == Kind::BasicImage {
        return;
    }
    let rows: Vec<Vec<String>> = data
        .1
        .into_iter()
        .map(|mut cells| {
            cells.resize(kind.items().len(), String::new());
            for (cell, item) in cells.iter_mut().zip(kind.items()) {
                // Only free text may hold anything; the rest is half-width.
                cell.retain(|c| c != '\u{FEFF}' && (item.form == Form::Free || c.is_ascii_alphanumeric()));
            }
            "202407".clone_into(&mut cells[0]);
            cells
        })
        .collect();
    let mut writer = Writer::new(kind);
    for row in &rows {
        writer.push(row);
    }
    let written = writer.finish();
    if rows.is_empty() || !written.unmappable.is_empty() {
        return;
    }
    let opened = read(kind, &written.bytes);
    let cells: Vec<Vec<String>> = opened.table.rows().map(|row| row.texts().map(str::to_owned).collect()).collect();
    assert!(opened.problems.is_empty(), "{:?}", opened.problems);
    assert_eq!(cells, rows);
    assert_eq!(opened.table.to_bytes(), written.bytes);
});
