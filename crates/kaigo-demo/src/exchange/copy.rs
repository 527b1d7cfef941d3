//! A set once more between other offices and under another 連番: many sets out of one, for load and crash tests.

use kaigo_careplan::batch::InFile;
use kaigo_careplan::name::{FileName, Serial};
use kaigo_core::id::OfficeNo;

use super::DemoSend;

impl DemoSend {
    /// The files as `from` would send them to `to`. Office numbers are ten characters of ASCII, and no character of MS932 ends
    /// like a digit: so they are replaced in the bytes, and nothing else changes.
    pub fn copied(&self, from: OfficeNo, to: OfficeNo, serial: Serial) -> Vec<InFile> {
        let renamed = |file: &InFile| match FileName::parse(&file.name) {
            Ok(mut name) => {
                (name.from.office_no, name.to.office_no, name.serial) = (from, to, serial);
                name.to_string()
            }
            Err(_) => file.name.clone(),
        };
        let pairs = [(self.from.office_no, from), (self.to.office_no, to)];
        self.files.iter().map(|file| InFile { name: renamed(file), bytes: replaced(&file.bytes, &pairs) }).collect()
    }
}

fn replaced(bytes: &[u8], pairs: &[(OfficeNo, OfficeNo)]) -> Vec<u8> {
    // Numbers as arrays: comparing ten bytes at every place is then a few machine words, and a load test measures the server.
    let ten = |no: &OfficeNo| no.as_str().as_bytes().first_chunk::<10>().copied().unwrap_or_default();
    let pairs: Vec<([u8; 10], [u8; 10])> = pairs.iter().map(|(old, new)| (ten(old), ten(new))).collect();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while let Some(here) = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<10>) {
        let found = pairs.iter().find(|(old, _)| here == old);
        at += found.map_or(1, |_| 10);
        if let Some((_, new)) = found {
            *here = *new;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_replaced_and_nothing_else() {
        let office = |no: &str| OfficeNo::parse(no).unwrap();
        let pairs = [(office("9870000017"), office("9870000025")), (office("9870000025"), office("9870000017"))];
        let swapped = replaced(b"x,9870000017,\x83\x5c9870000025,987000001", &pairs);
        assert_eq!(swapped, b"x,9870000025,\x83\x5c9870000017,987000001");
    }
}
