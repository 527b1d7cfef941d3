//! Documents of a feed: checked where rows name them, kept before the rows are published.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::hash::{Hash as _, Hasher as _};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kaigo_core::policy::ActGrant;
use kaigo_store::db::{self, Db};
use kaigo_store::feed;
use kaigo_store::load::{self, Document};
use kaigo_store::objects::{Objects, sha256_hex};

use super::ImportError;
use super::known::PersonKey;
use super::manifest::is_plain_name;
use super::report::{Findings, file_error};

/// Folder of the documents within the feed.
pub(super) const FOLDER: &str = "documents";
/// Largest document, bytes.
const LARGEST: u64 = 20 * 1024 * 1024;
/// Documents written with one commit.
const BATCH: usize = 200;

/// Why a row's document cannot be taken: code, sentence, mend.
pub(super) type Fault = (&'static str, &'static str, &'static str);

/// The documents that rows of a feed name.
pub(super) struct Documents {
    folder: PathBuf,
    /// Whose each document is, by a hash of its name.
    owners: HashMap<u64, PersonKey>,
    /// Names of the documents to keep.
    wanted: BTreeSet<String>,
}

impl Documents {
    pub(super) fn new(feed: &Path) -> Self {
        Self { folder: feed.join(FOLDER), owners: HashMap::new(), wanted: BTreeSet::new() }
    }

    /// Whether the name can be that of the person's document; a document belongs to one person.
    pub(super) fn claim(&mut self, name: &str, person: PersonKey) -> Result<(), Fault> {
        if !is_plain_name(name) {
            return Err((
                "document-name",
                "ファイル名として使えない文字があるか、フォルダーが付いています。",
                "documents フォルダーの中のファイルの名前だけを入れてください。",
            ));
        }
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let owner = *self.owners.entry(hasher.finish()).or_insert(person);
        if owner == person {
            Ok(())
        } else {
            Err((
                "document-shared",
                "同じファイルをほかの人の記録も使っています。",
                "人ごとに別のファイルにしてください。",
            ))
        }
    }

    /// Checks the document of a row that is to be taken, and takes it on the list.
    pub(super) fn want(&mut self, name: &str) -> Result<(), Fault> {
        let path = self.folder.join(name);
        let missing =
            ("document-missing", "documents フォルダーにこのファイルがありません。", "ファイルを入れてください。");
        let about = fs::symlink_metadata(&path).map_err(|_| missing)?;
        if !about.is_file() {
            return Err(missing);
        }
        if about.len() > LARGEST {
            return Err((
                "document-too-large",
                "ファイルが20MBを超えています。",
                "画像を小さくするなどして、20MBまでにしてください。",
            ));
        }
        let mut start = Vec::new();
        let read = File::open(&path).and_then(|file| file.take(8).read_to_end(&mut start));
        if read.is_err() || media_type(&start).is_none() {
            return Err((
                "document-type",
                "ファイルの中身がPDF・PNG・JPEGのどれでもありません。",
                "PDF・PNG・JPEGのどれかにしてください。",
            ));
        }
        self.wanted.insert(name.to_owned());
        Ok(())
    }

    /// Keeps the documents: their bytes in the object store, their names in the load. In a dry run only checks.
    ///
    /// A name that is published already must keep its bytes: otherwise an old record would show a new document.
    pub(super) fn keep(&self, keeper: &Keeper<'_>, published: i32, findings: &mut Findings) -> Result<(), ImportError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(ImportError::io(&self.folder))?;
        let mut batch: Vec<(String, Document)> = Vec::new();
        for name in &self.wanted {
            let path = self.folder.join(name);
            let bytes = fs::read(&path).map_err(ImportError::io(&path))?;
            let sha256 = sha256_hex(&bytes);
            let (grant, file) = (Arc::clone(keeper.grant), name.clone());
            let before = keeper.db.read_blocking(move |tx| feed::find_document(tx, &grant, &file, published))?;
            match before {
                Some(before) if before.sha256 == sha256 => continue,
                Some(_) => {
                    let say = format!("文書 {name} は、前に取り込んだ同じ名前の文書と中身が違います。");
                    findings.push(file_error(
                        name,
                        "document-reused",
                        &say,
                        "新しい名前を付けて、記録の履歴番号を1つ増やしてください。",
                    ));
                    continue;
                }
                None => {}
            }
            let (Some(load_no), true) = (keeper.load_no, findings.errors() == 0 || keeper.skip_bad_rows) else {
                continue;
            };
            runtime.block_on(keeper.objects.put(&bytes))?;
            let media_type = media_type(&bytes).unwrap_or("application/octet-stream").to_owned();
            let size = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
            batch.push((name.clone(), Document { sha256, media_type, size }));
            if batch.len() == BATCH {
                keeper.add(load_no, std::mem::take(&mut batch))?;
            }
        }
        match keeper.load_no {
            Some(load_no) if !batch.is_empty() => Ok(keeper.add(load_no, batch)?),
            Some(_) | None => Ok(()),
        }
    }
}

/// Where documents go.
pub(super) struct Keeper<'a> {
    pub(super) db: &'a Db,
    pub(super) objects: &'a Objects,
    pub(super) grant: &'a Arc<ActGrant>,
    /// None in a dry run.
    pub(super) load_no: Option<i32>,
    pub(super) skip_bad_rows: bool,
}

impl Keeper<'_> {
    fn add(&self, load_no: i32, batch: Vec<(String, Document)>) -> Result<(), db::Error> {
        let grant = Arc::clone(self.grant);
        self.db.write_blocking(move |tx| {
            batch.iter().try_for_each(|(name, document)| load::add_document(tx, &grant, load_no, name, document))
        })
    }
}

/// Media type by the first bytes.
fn media_type(start: &[u8]) -> Option<&'static str> {
    if start.starts_with(b"%PDF-") {
        Some("application/pdf")
    } else if start.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if start.starts_with(b"\xFF\xD8\xFF") {
        Some("image/jpeg")
    } else {
        None
    }
}
