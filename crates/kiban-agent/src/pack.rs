//! A set out of the archive that it came in, each file as it was announced; SHA-256.

use std::collections::HashMap;
use std::io::{Read, Seek};

use ring::digest::{SHA256, digest};
use zip::ZipArchive;

/// SHA-256 as hex digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    digest(&SHA256, bytes).as_ref().iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Takes files out of an archive: exactly those that are wanted, each by name with its size and SHA-256.
///
/// # Errors
/// What differs.
pub(crate) fn unpack(archive: impl Read + Seek, wanted: &[(String, u64, String)]) -> Result<Vec<Vec<u8>>, String> {
    let mut archive = ZipArchive::new(archive).map_err(|error| error.to_string())?;
    let mut found: HashMap<String, Vec<u8>> = HashMap::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| error.to_string())?;
        let raw = entry.name_raw().to_vec();
        let name = String::from_utf8(raw).map_err(|_| "a name is not UTF-8".to_owned())?;
        let Some((_, size, _)) = wanted.iter().find(|(wanted, ..)| *wanted == name) else {
            return Err(format!("{name} was not announced"));
        };
        let mut bytes = Vec::new();
        // One byte more than announced shows that it is longer.
        entry.by_ref().take(size.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if found.insert(name, bytes).is_some() {
            return Err("a name stands there twice".to_owned());
        }
    }
    let take = |(name, _, sum): &(String, u64, String)| match found.remove(name) {
        Some(bytes) if sha256(&bytes) == *sum => Ok(bytes),
        Some(_) => Err(format!("{name} has other bytes than announced")),
        None => Err(format!("{name} is missing")),
    };
    wanted.iter().map(take).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use kaigo_careplan::pack::pack;

    use super::*;

    #[test]
    fn what_is_packed_comes_out_again() {
        let files = [("a.CSV", &b"1,2\r\n"[..]), ("UPKIHON_IMAGE.jpg", &[0xFF, 0xD8, 0, 1][..])];
        let packed = pack(files.map(|(name, bytes)| ("", name, bytes)));
        let wanted: Vec<_> = files
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), u64::try_from(bytes.len()).unwrap(), sha256(bytes)))
            .collect();
        assert_eq!(unpack(Cursor::new(&packed), &wanted).unwrap(), files.map(|(_, bytes)| bytes.to_vec()));

        let damaged = |change: &dyn Fn(&mut Vec<(String, u64, String)>)| {
            let mut wanted = wanted.clone();
            change(&mut wanted);
            unpack(Cursor::new(&packed), &wanted).unwrap_err()
        };
        assert!(damaged(&|w| w[0].2 = sha256(b"other")).contains("other bytes"));
        assert!(damaged(&|w| w[0].1 = 2).contains("other bytes"));
        assert!(damaged(&|w| w.push(("b".to_owned(), 0, sha256(b"")))).contains("missing"));
        assert!(damaged(&|w| drop(w.remove(0))).contains("not announced"));
        assert!(unpack(Cursor::new(&packed[..packed.len() / 2]), &wanted).is_err());
    }

    #[test]
    fn sums_are_those_of_fips_180() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
