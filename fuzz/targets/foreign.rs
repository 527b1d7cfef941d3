//! Any bytes as an archive, as an attachment and as results typed by hand: judged and read without panic, within bounds.
#![no_main]

use kaigo_careplan::attachment::look;
use kaigo_careplan::batch::InFile;
use kaigo_careplan::pack::{Bounds, unpack};
use kaigo_careplan::result::ResultEntry;
use libfuzzer_sys::fuzz_target;

const BOUNDS: Bounds = Bounds { file_bytes: 1 << 20, all_bytes: 4 << 20, files: 100 };

fuzz_target!(|data: &[u8]| {
    for head in [&b""[..], b"PK\x03\x04", b"%PDF-1.7\n", &[0xFF, 0xD8, 0xFF]] {
        let bytes = [head, data].concat();
        let _ = look(&bytes);
        if let Ok(files) = unpack(vec![InFile { name: "a.zip".to_owned(), bytes }], BOUNDS) {
            assert!(files.len() <= BOUNDS.files);
            assert!(files.iter().map(|file| file.bytes.len()).sum::<usize>() <= BOUNDS.all_bytes);
        }
    }
    if let Ok(entry) = ResultEntry::from_bytes(data) {
        let again = ResultEntry::from_bytes(&entry.to_bytes());
        assert_eq!(again.as_ref().ok(), Some(&entry));
    }
});
