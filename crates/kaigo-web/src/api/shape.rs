//! The JSON shapes of the exchange. They are a contract with programs of other houses (docs/openapi.json), not domain types:
//! fields are added, never renamed.

use kaigo_core::finding::Finding;
use serde::Serialize;

/// One end of a set.
#[derive(Debug, Serialize)]
pub(super) struct End {
    /// 事業所番号.
    pub(super) office_no: String,
    /// Name of the office; empty where it is not known.
    pub(super) name: String,
    /// サービス種類コード of the file names; none in names of the third edition.
    pub(super) kind: Option<String>,
}

/// A file.
#[derive(Debug, Serialize)]
pub(super) struct File {
    pub(super) name: String,
    /// Bytes.
    pub(super) size: u64,
    /// SHA-256, hex.
    pub(super) sha256: String,
}

/// A finding, in the shape of `kiban check --format json`.
#[derive(Debug, Serialize)]
pub(super) struct FindingShape {
    severity: &'static str,
    code: &'static str,
    file: String,
    row: Option<u64>,
    column: Option<u32>,
    item: Option<String>,
    say: String,
    mend: String,
    source: &'static str,
}

impl From<&Finding> for FindingShape {
    fn from(finding: &Finding) -> Self {
        let (place, say, mend) = (finding.place.clone(), finding.say.clone(), finding.mend.clone());
        Self {
            severity: finding.severity.code(),
            code: finding.code,
            file: place.file,
            row: place.row,
            column: place.column,
            item: place.item,
            say,
            mend,
            source: finding.source,
        }
    }
}

impl FindingShape {
    pub(super) fn severity(&self) -> &'static str {
        self.severity
    }
}

/// A set of an upload, and what became of it.
#[derive(Debug, Serialize)]
pub(super) struct UploadedSet {
    /// Place in the upload, from 0.
    pub(super) place: usize,
    pub(super) from: End,
    pub(super) to: End,
    /// Code of the 送信単位.
    pub(super) unit: Option<&'static str>,
    /// 対象年月 `YYYYMM`.
    pub(super) month: Option<String>,
    /// 連番.
    pub(super) serial: String,
    pub(super) files: Vec<File>,
    pub(super) people_count: usize,
    /// Whether it can be sent.
    pub(super) verdict: String,
    /// What became of it, if sending was asked for.
    pub(super) outcome: Option<&'static str>,
    /// Why it was not sent.
    pub(super) code: Option<String>,
    /// The same as a sentence.
    pub(super) say: Option<String>,
    pub(super) set_id: Option<String>,
    pub(super) sent_at: Option<String>,
    pub(super) findings: Vec<FindingShape>,
}

/// A file of an upload that belongs to no set.
#[derive(Debug, Serialize)]
pub(super) struct Stray {
    pub(super) file: String,
    pub(super) code: String,
    pub(super) say: String,
}

/// How many of what.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    pub(super) sets: usize,
    pub(super) sent: usize,
    pub(super) repeated: usize,
    pub(super) refused: usize,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) notes: usize,
}

/// The answer to an upload.
#[derive(Debug, Serialize)]
pub(super) struct Uploaded {
    pub(super) draft_id: Option<String>,
    pub(super) sets: Vec<UploadedSet>,
    pub(super) strays: Vec<Stray>,
    pub(super) summary: Summary,
}

/// A set in a mailbox.
#[derive(Debug, Serialize)]
pub(super) struct SetRow {
    pub(super) set_id: String,
    pub(super) from: End,
    pub(super) to: End,
    pub(super) unit: Option<&'static str>,
    pub(super) month: Option<String>,
    pub(super) serial: String,
    /// `sent`, `fetched`, `imported`, `recalled`.
    pub(super) state: &'static str,
    pub(super) size: u64,
    pub(super) file_count: u64,
    pub(super) people_count: u64,
    pub(super) warning_count: u64,
    pub(super) sent_at: String,
    pub(super) fetched_at: Option<String>,
    pub(super) imported_at: Option<String>,
    pub(super) recalled_at: Option<String>,
}

/// A page of a mailbox, newest first.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) sets: Vec<SetRow>,
    /// What `before` has to be for the next page; none on the last.
    pub(super) next: Option<String>,
}

/// A person of a set: one for each document.
#[derive(Debug, Serialize)]
pub(super) struct Person {
    pub(super) place: usize,
    pub(super) insurer_no: String,
    pub(super) insured_no: String,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) doc: Option<&'static str>,
    pub(super) key: String,
    pub(super) deletes: bool,
    /// `current`, `replaced`, `withdrawn`.
    pub(super) state: &'static str,
}

/// A set with what belongs to it.
#[derive(Debug, Serialize)]
pub(super) struct SetShape {
    #[serde(flatten)]
    pub(super) row: SetRow,
    pub(super) files: Vec<File>,
    pub(super) people: Vec<Person>,
}
