//! The manifest of a feed: what it holds, from whom, and whether it is whole.

use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path};

use jiff::Timestamp;
use kaigo_core::for_each_record;
use kaigo_core::id::{InsurerNo, holds_individual_number};
use kaigo_core::layout::Record;
use serde::Deserialize;

use super::ImportError;
use super::report::{Findings, file_error};

/// Name of the manifest in the feed's folder.
pub(super) const MANIFEST: &str = "manifest.json";

/// What a feed's rows mean for records that it does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Each file lists everything that stands: what is missing is dropped.
    Full,
    /// Only new and changed rows.
    Delta,
}

impl Mode {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Delta => "delta",
        }
    }
}

/// A manifest that can be followed.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    pub(super) insurer_no: InsurerNo,
    pub(super) insurer_name: String,
    pub(super) made_at: Timestamp,
    pub(super) mode: Mode,
    pub(super) files: Vec<ManifestFile>,
}

/// A file as the manifest has it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ManifestFile {
    /// Name in the feed's folder, ending in `.csv` or `.json`.
    pub(super) name: String,
    /// Record kind.
    pub(super) kind: String,
    /// Data rows.
    pub(super) rows: u64,
    /// SHA-256 of its bytes in hex, if given.
    pub(super) sha256: Option<String>,
}

#[derive(Deserialize)]
struct Written {
    format: String,
    insurer_no: String,
    #[serde(default)]
    insurer_name: String,
    made_at: String,
    mode: String,
    files: Vec<ManifestFile>,
}

/// Reads the manifest. `None`: it cannot be followed, and the findings say why.
pub(super) fn read(folder: &Path, findings: &mut Findings) -> Result<Option<Manifest>, ImportError> {
    let path = folder.join(MANIFEST);
    let mut text = Vec::new();
    let file = File::open(&path).map_err(ImportError::io(&path))?;
    file.take(LARGEST).read_to_end(&mut text).map_err(ImportError::io(&path))?;
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
    let mut bad = |code, say: &str, mend: &str| findings.push(file_error(MANIFEST, code, say, mend));
    let written: Written = match serde_json::from_slice(text) {
        Ok(written) => written,
        Err(error) => {
            let say = format!("manifest.json が読めません（{}行め、{}字めのあたり）。", error.line(), error.column());
            bad("manifest-shape", &say, "docs/feed.md の例のとおりの項目があるか確かめてください。");
            return Ok(None);
        }
    };
    if written.format != FORMAT {
        bad(
            "manifest-format",
            "フィードの形式がこのプログラムのものと違います。",
            "format を kaigo-feed/1 にしてください。",
        );
    }
    if holds_individual_number(&written.insurer_name) {
        bad(
            "individual-number",
            "insurer_name に個人番号（マイナンバー）とみられる12けたの数字があります。個人番号は取り扱いません。",
            "その数字を消してください。",
        );
    }
    let insurer_no = InsurerNo::parse(&written.insurer_no);
    if let Err(cell) = &insurer_no {
        bad("manifest-insurer", &cell.say("insurer_no（保険者番号）"), &cell.mend("insurer_no"));
    }
    let made_at: Result<Timestamp, _> = written.made_at.parse();
    if made_at.is_err() {
        bad(
            "manifest-made-at",
            "made_at が日時として読めません。",
            "2026-11-20T05:10:00+09:00 のように入れてください。",
        );
    }
    let mode = match written.mode.as_str() {
        "full" => Some(Mode::Full),
        "delta" => Some(Mode::Delta),
        _ => {
            bad(
                "manifest-mode",
                "mode が full でも delta でもありません。",
                "full（全件）か delta（差分）にしてください。",
            );
            None
        }
    };
    check_files(&written.files, findings);
    Ok(match (insurer_no, made_at, mode) {
        (Ok(insurer_no), Ok(made_at), Some(mode)) if findings.errors() == 0 => {
            Some(Manifest { insurer_no, insurer_name: written.insurer_name, made_at, mode, files: written.files })
        }
        _ => None,
    })
}

fn check_files(files: &[ManifestFile], findings: &mut Findings) {
    let mut kinds: Vec<&str> = Vec::new();
    macro_rules! name {
        ($kind:ty) => {
            kinds.push(<$kind as Record>::NAME);
        };
    }
    for_each_record!(name);
    for (i, file) in files.iter().enumerate() {
        let mut bad = |code, say: &str, mend: &str| findings.push(file_error(MANIFEST, code, say, mend));
        if !kinds.contains(&file.kind.as_str()) {
            let say = format!("files の{}番めの kind は、決められた記録の種類ではありません。", i + 1);
            bad("manifest-kind", &say, &format!("次のどれかにしてください：{}", kinds.join("・")));
        } else if files.iter().take(i).any(|other| other.kind == file.kind) {
            let say = format!("種類 {} のファイルが2つあります。", file.kind);
            bad("manifest-kind-twice", &say, "1つの種類は1つのファイルにまとめてください。");
        }
        if !is_plain_name(&file.name) || table_format(&file.name).is_none() {
            let say = format!("files の{}番めの name がファイル名として使えません。", i + 1);
            bad("manifest-name", &say, "フォルダーを付けない名前で、.csv か .json で終わるようにしてください。");
        }
    }
}

/// Format of a table in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableFormat {
    Csv,
    Json,
}

/// The format by the end of the name; `None`: no table.
pub(super) fn table_format(name: &str) -> Option<TableFormat> {
    match Path::new(name).extension()?.to_str()? {
        "csv" => Some(TableFormat::Csv),
        "json" => Some(TableFormat::Json),
        _ => None,
    }
}

/// Whether the text is the name of a file right in its folder.
pub(super) fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
        && !name.contains(['/', '\\', ':'])
        && !name.starts_with('.')
        && !name.chars().any(char::is_control)
}

const FORMAT: &str = "kaigo-feed/1";
/// A manifest is a page, not a book.
const LARGEST: u64 = 4 * 1024 * 1024;
