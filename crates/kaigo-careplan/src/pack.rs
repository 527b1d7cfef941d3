//! Zip archives: what an office drops into the page, and what it takes home.
//!
//! An archive from a stranger is unpacked within bounds that are counted while bytes come out, never by what it says of
//! itself. Names are read as UTF-8 or as MS932, as Windows writes them; folders are dropped, archives in archives are not opened.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::batch::InFile;

/// How much may come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of one file.
    pub file_bytes: usize,
    /// Bytes of all files.
    pub all_bytes: usize,
    /// Count of files.
    pub files: usize,
}

/// Why a file or archive could not be unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unpackable {
    /// The archive is damaged or of a kind that cannot be read.
    Damaged {
        /// Its name.
        name: String,
    },
    /// It has a password.
    Encrypted {
        /// Its name.
        name: String,
    },
    /// An archive within an archive.
    Nested {
        /// Its name.
        name: String,
    },
    /// One file is larger than a file may be.
    FileTooLarge {
        /// Its name.
        name: String,
        /// Most bytes.
        limit: usize,
    },
    /// All files together are larger than an upload may be.
    TooLarge {
        /// Most bytes.
        limit: usize,
    },
    /// More files than an upload may have.
    TooMany {
        /// Most files.
        limit: usize,
    },
}

impl Unpackable {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged { .. } => "zip-damaged",
            Self::Encrypted { .. } => "zip-encrypted",
            Self::Nested { .. } => "zip-nested",
            Self::FileTooLarge { .. } => "upload-file-too-large",
            Self::TooLarge { .. } => "upload-too-large",
            Self::TooMany { .. } => "upload-too-many",
        }
    }

    /// What is wrong and how to mend it, Japanese.
    pub fn say(&self) -> String {
        let megabytes = |bytes: usize| format!("{}MB", bytes >> 20);
        match self {
            Self::Damaged { name } => {
                format!("{name} は、zipとして開けません。もう一度作るか、zipにせずファイルのまま選んでください。")
            }
            Self::Encrypted { name } => {
                format!("{name} にはパスワードがかかっています。パスワードを外して、もう一度選んでください。")
            }
            Self::Nested { name } => {
                format!("{name} は、zipの中のzipです。中のzipを取りだして、それを選んでください。")
            }
            Self::FileTooLarge { name, limit } => {
                format!("{name} は大きすぎます。1つのファイルは{}までです。", megabytes(*limit))
            }
            Self::TooLarge { limit } => {
                format!("全部で{}までです。いくつかに分けて送ってください。", megabytes(*limit))
            }
            Self::TooMany { limit } => {
                format!("一度に選べるのは{limit}ファイルまでです。いくつかに分けて送ってください。")
            }
        }
    }
}

/// Opens the archives among the files; the others pass as they are. Hidden files of operating systems are left out.
///
/// # Errors
/// The first thing that cannot be unpacked or is beyond the bounds.
pub fn unpack(files: Vec<InFile>, bounds: Bounds) -> Result<Vec<InFile>, Unpackable> {
    let mut out = Taken { files: Vec::new(), bytes: 0, bounds };
    for file in files {
        if file.bytes.starts_with(b"PK\x03\x04") || file.bytes.starts_with(b"PK\x05\x06") {
            archive(&file, &mut out)?;
        } else {
            out.take(base_name(&file.name), file.bytes)?;
        }
    }
    Ok(out.files)
}

struct Taken {
    files: Vec<InFile>,
    bytes: usize,
    bounds: Bounds,
}

impl Taken {
    fn take(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), Unpackable> {
        if is_litter(name) {
            return Ok(());
        }
        let Bounds { file_bytes, all_bytes, files } = self.bounds;
        if bytes.len() > file_bytes {
            return Err(Unpackable::FileTooLarge { name: name.to_owned(), limit: file_bytes });
        }
        self.bytes += bytes.len();
        if self.bytes > all_bytes {
            return Err(Unpackable::TooLarge { limit: all_bytes });
        }
        if self.files.len() >= files {
            return Err(Unpackable::TooMany { limit: files });
        }
        self.files.push(InFile { name: name.to_owned(), bytes });
        Ok(())
    }
}

fn archive(file: &InFile, out: &mut Taken) -> Result<(), Unpackable> {
    let damaged = || Unpackable::Damaged { name: base_name(&file.name).to_owned() };
    let mut zip = ZipArchive::new(Cursor::new(&file.bytes)).map_err(|_| damaged())?;
    for index in 0..zip.len() {
        let inner = match zip.by_index(index) {
            Ok(inner) => inner,
            Err(zip::result::ZipError::UnsupportedArchive(_) | zip::result::ZipError::InvalidPassword) => {
                return Err(Unpackable::Encrypted { name: base_name(&file.name).to_owned() });
            }
            Err(_) => return Err(damaged()),
        };
        if inner.is_dir() {
            continue;
        }
        let name = decode_name(inner.name_raw());
        let name = base_name(&name).to_owned();
        if inner.encrypted() {
            return Err(Unpackable::Encrypted { name });
        }
        if is_litter(&name) {
            continue;
        }
        let limit = out.bounds.file_bytes.min(out.bounds.all_bytes.saturating_sub(out.bytes));
        let mut bytes = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        inner.take(most).read_to_end(&mut bytes).map_err(|_| damaged())?;
        if bytes.starts_with(b"PK\x03\x04") {
            return Err(Unpackable::Nested { name });
        }
        out.take(&name, bytes)?;
    }
    Ok(())
}

fn decode_name(raw: &[u8]) -> String {
    core::str::from_utf8(raw)
        .map_or_else(|_| encoding_rs::SHIFT_JIS.decode_without_bom_handling(raw).0.into_owned(), str::to_owned)
}

/// The name without its folders.
pub fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// What operating systems put beside files.
fn is_litter(name: &str) -> bool {
    name.is_empty() || name.starts_with("._") || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// Packs files into an archive, each under its folder (empty for none). The time in it is fixed, so that the same files give
/// the same bytes.
pub fn pack<'a>(files: impl IntoIterator<Item = (&'a str, &'a str, &'a [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (folder, name, bytes) in files {
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        // Writing into memory fails only for names longer than a zip can hold; such a file is left out.
        if zip.start_file(path, options).is_ok() && zip.write_all(bytes).is_err() {
            break;
        }
    }
    zip.finish().map(Cursor::into_inner).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUNDS: Bounds = Bounds { file_bytes: 1000, all_bytes: 2500, files: 4 };

    fn zip(name: &str, files: &[(&str, &str, &[u8])]) -> InFile {
        InFile { name: name.to_owned(), bytes: pack(files.iter().copied()) }
    }

    #[test]
    fn archives_are_opened_and_folders_dropped() {
        let files = unpack(
            vec![
                zip("a.zip", &[("202611", "A.CSV", b"1"), ("", "予定.CSV", b"2"), ("__MACOSX", "._A.CSV", b"x")]),
                InFile { name: "C:\\export\\B.CSV".to_owned(), bytes: b"3".to_vec() },
            ],
            BOUNDS,
        )
        .unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["A.CSV", "予定.CSV", "B.CSV"]);
    }

    #[test]
    fn bounds_are_counted_on_what_comes_out() {
        let big = vec![b'0'; 1001];
        assert_eq!(
            unpack(vec![zip("a.zip", &[("", "A.CSV", &big)])], BOUNDS),
            Err(Unpackable::FileTooLarge { name: "A.CSV".to_owned(), limit: 1000 })
        );
        let fits = vec![b'0'; 900];
        let three = [("", "A", fits.as_slice()), ("", "B", &fits), ("", "C", &fits)];
        assert!(matches!(
            unpack(vec![zip("a.zip", &three)], BOUNDS),
            Err(Unpackable::FileTooLarge { .. } | Unpackable::TooLarge { .. })
        ));
        let many = [("", "A", &b"1"[..]), ("", "B", b"1"), ("", "C", b"1"), ("", "D", b"1"), ("", "E", b"1")];
        assert_eq!(unpack(vec![zip("a.zip", &many)], BOUNDS), Err(Unpackable::TooMany { limit: 4 }));
        let inner = pack([("", "A", &b"1"[..])]);
        assert_eq!(
            unpack(vec![zip("a.zip", &[("", "b.zip", &inner)])], BOUNDS),
            Err(Unpackable::Nested { name: "b.zip".to_owned() })
        );
        let mut cut = zip("a.zip", &three);
        cut.bytes.truncate(30);
        assert_eq!(unpack(vec![cut], BOUNDS), Err(Unpackable::Damaged { name: "a.zip".to_owned() }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_unpacked_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let bytes = [&b"PK\x03\x04"[..], &bytes].concat();
            let _ = unpack(vec![InFile { name: "x.zip".to_owned(), bytes }], BOUNDS);
        }
    }
}
