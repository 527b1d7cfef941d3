//! Any text as a file's name: read without panic, and what it means is written and read the same.
#![no_main]

use kaigo_careplan::name::{FileName, Form};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|name: &str| {
    if let Ok(read) = FileName::parse(name) {
        let again = FileName::parse(&read.to_string());
        let want = FileName { form: if read.form == Form::FourZero { Form::FourOne } else { read.form }, ..read };
        assert_eq!(again, Ok(want));
    }
});
