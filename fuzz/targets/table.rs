//! Any bytes as a file of any kind: read without panic; what has no problems comes back byte for byte.
#![no_main]

use kaigo_careplan::kind::Kind;
use kaigo_careplan::table::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let kind = Kind::ALL[usize::from(*first) % Kind::ALL.len()];
    let opened = read(kind, bytes);
    for row in opened.table.rows() {
        assert_eq!(row.texts().count(), row.len());
        for column in 0..row.len() {
            let _ = (row.is_quoted(column), row.file_column(column));
        }
    }
    let again = read(kind, &opened.table.to_bytes());
    let cells = |table: &kaigo_careplan::table::Table| -> Vec<Vec<String>> {
        table.rows().map(|row| row.texts().map(str::to_owned).collect()).collect()
    };
    if opened.problems.is_empty() {
        assert_eq!(cells(&opened.table), cells(&again.table));
        assert!(again.problems.is_empty(), "{:?}", again.problems);
        assert_eq!(again.table.to_bytes(), opened.table.to_bytes());
    }
});
