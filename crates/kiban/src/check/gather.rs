//! Paths to files: folders with everything in them, archives unpacked, all within bounds.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use kaigo_careplan::batch::InFile;
use kaigo_careplan::pack::{Bounds, unpack};

/// How much is read at once.
const BOUNDS: Bounds = Bounds { file_bytes: 1 << 30, all_bytes: 2 << 30, files: 200_000 };
/// How deep folders are read; a loop of links would have no end.
const DEEPEST: usize = 32;

/// The files under the paths, in the order of their names.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<InFile>> {
    let mut found = Vec::new();
    let mut size = 0_u64;
    for path in paths {
        let meta = fs::metadata(path).with_context(|| format!("{} がありません", path.display()))?;
        if meta.is_dir() {
            folder(path, 0, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    let mut files = Vec::with_capacity(found.len());
    for path in found {
        let bytes = fs::metadata(&path).map(|meta| meta.len()).unwrap_or_default();
        size = size.saturating_add(bytes);
        if size > u64::try_from(BOUNDS.all_bytes).unwrap_or(u64::MAX) {
            bail!("ファイルが全部で2GBを超えます。フォルダーを分けて、少しずつ見てください。");
        }
        let bytes = fs::read(&path).with_context(|| format!("{} を読めません", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(InFile { name, bytes });
    }
    unpack(files, BOUNDS).map_err(|error| anyhow::anyhow!("{}（{}）", error.say(), error.code()))
}

fn folder(path: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    if depth > DEEPEST {
        bail!("{} は、フォルダーの入れ子が深すぎます。", path.display());
    }
    let mut entries = fs::read_dir(path)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .with_context(|| format!("{} を開けません", path.display()))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().with_context(|| entry.path().display().to_string())?;
        if kind.is_dir() {
            folder(&entry.path(), depth + 1, found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
        if found.len() > BOUNDS.files {
            bail!("ファイルが{}個を超えます。フォルダーを分けて、少しずつ見てください。", BOUNDS.files);
        }
    }
    Ok(())
}
