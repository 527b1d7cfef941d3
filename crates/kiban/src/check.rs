//! `kiban check`: files of ケアプランデータ連携, checked without a server, and repaired where that is safe.

mod gather;
mod print;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use kaigo_app::ctx::day_in_japan;
use kaigo_careplan::batch::{Batch, InFile, sort};
use kaigo_careplan::check::{Context, check_batch};
use kaigo_careplan::repair::repair;

use crate::surroundings::{now, say};

/// Check files of ケアプランデータ連携: files, folders or zip archives
///
/// Sorts the files into sets (送信単位) and checks each by the standard 4.1: names, characters, every item, keys between files, sums.
/// Needs no server and no data folder, and writes nothing unless --repair is given. docs/findings.md lists what can be found.
///
/// Exit code 0: clean, or warnings and notes only; 1: errors, the receiver's software cannot take it; 2: the arguments cannot be used.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Files, folders (with everything in them) or zip archives
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write a copy with the safe mends into this new or empty folder, and report what remains in the copy
    #[arg(long, value_name = "DIR")]
    repair: Option<PathBuf>,
}

/// How to print what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For machines
    Json,
}

/// Exit status where the arguments cannot be used.
const UNUSABLE: u8 = 2;

pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode> {
    let batch = match usable(args) {
        Ok(batch) => batch,
        Err(error) => {
            eprintln!("エラー：{error:#}");
            return Ok(ExitCode::from(UNUSABLE));
        }
    };
    let batch = match &args.repair {
        None => batch,
        Some(folder) => repaired(&batch, folder, args.format)?,
    };
    let report = check_batch(&batch, &Context { today: Some(day_in_japan(now())) });
    match args.format {
        Format::Table => say(print::table(&report).trim_end()),
        Format::Json => say(&print::json(&report)?),
    }
    Ok(if report.summary().errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The files, and a folder for the copy that can be used.
fn usable(args: &CheckArgs) -> Result<Batch> {
    if let Some(folder) = &args.repair {
        fresh(folder, &args.paths)?;
    }
    let files = gather::files(&args.paths)?;
    if files.is_empty() {
        bail!("ファイルが1つもありません。フォルダーかファイルを確かめてください。");
    }
    Ok(sort(files))
}

/// The folder of the copy is new or empty, and no part of the originals.
fn fresh(folder: &Path, sources: &[PathBuf]) -> Result<()> {
    if folder.exists() {
        let mut inside = fs::read_dir(folder).with_context(|| format!("{} を開けません", folder.display()))?;
        if inside.next().is_some() {
            bail!("{} は空ではありません。新しいフォルダーか、空のフォルダーを指してください。", folder.display());
        }
    }
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| whole(path));
    let parent = |path: &Path| path.parent().map(real).zip(path.file_name()).map(|(parent, name)| parent.join(name));
    let copy = folder.canonicalize().ok().or_else(|| parent(&whole(folder))).unwrap_or_else(|| whole(folder));
    for source in sources {
        if copy.starts_with(real(source)) {
            bail!("{} は、もとのファイルの場所です。別のフォルダーを指してください。", folder.display());
        }
    }
    Ok(())
}

/// Writes the repaired copy, says what was mended, and answers the copy.
fn repaired(batch: &Batch, folder: &Path, format: Format) -> Result<Batch> {
    let repaired = repair(batch);
    fs::create_dir_all(folder).with_context(|| format!("{} を作れません", folder.display()))?;
    for (name, bytes) in &repaired.files {
        let path = free(folder, name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| format!("{} を作れません", parent.display()))?;
        }
        fs::write(&path, bytes).with_context(|| format!("{} を書けません", path.display()))?;
    }
    let text = print::mends(&repaired.done, repaired.files.len(), folder);
    match format {
        Format::Table => say(&text),
        Format::Json => eprintln!("{}", text.trim_end()),
    }
    Ok(sort(repaired.files.into_iter().map(|(name, bytes)| InFile { name, bytes }).collect()))
}

/// A place that is free: two files of one name get folders of their own.
fn free(folder: &Path, name: &str) -> PathBuf {
    // Names come from archives, too: a path in one must not lead out of the folder.
    let plain: String = name.chars().map(|c| if matches!(c, '/' | '\\' | ':' | '\0') { '_' } else { c }).collect();
    let plain = if matches!(plain.as_str(), "" | "." | "..") { "_".to_owned() } else { plain };
    let first = folder.join(&plain);
    if !first.exists() {
        return first;
    }
    (2..=100_000_u32).map(|n| folder.join(n.to_string()).join(&plain)).find(|path| !path.exists()).unwrap_or(first)
}
