//! `kiban verify-receipt`: checks a receipt (送信証明) of the exchange without any data of the installation.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use kaigo_app::exchange::receipt::{Broken, ReceiptFile, Statement, verify, verify_file};
use serde_json::{Value, json};

use crate::cli::Format;
use crate::surroundings::say;

/// Check a receipt (送信証明) of the exchange, offline
///
/// Checks the signature over the whole receipt, with --key that it was made by that installation, and with --files that the files
/// in a folder are byte for byte those that were sent. Exit code 0: everything fits; 1: something does not; 2: the receipt or a
/// folder cannot be read.
#[derive(Args, Debug)]
pub(crate) struct VerifyReceiptArgs {
    /// The receipt as it was downloaded (JSON)
    receipt: PathBuf,
    /// Public key of the installation, 64 hex digits, as its operator publishes it (`kiban verify-log` prints it)
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
    /// Folder with the files of the set
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &VerifyReceiptArgs) -> Result<ExitCode> {
    let text = match std::fs::read_to_string(&args.receipt).with_context(|| args.receipt.display().to_string()) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("エラー：{error:#}");
            return Ok(ExitCode::from(2));
        }
    };
    let stated = verify(&text, args.key.as_deref());
    let mut broken = Vec::new();
    match (&stated, &args.files) {
        (Ok(statement), Some(folder)) => broken.extend(compare(statement, folder)),
        (Ok(_), None) => {}
        (Err(why), _) => broken.push(why.clone()),
    }
    let statement = stated.ok();
    say(&match args.format {
        Format::Text => text_of(statement.as_ref(), &broken, args),
        Format::Json => serde_json::to_string_pretty(&machine(statement.as_ref(), &broken)?)?,
    });
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What differs between the statement and the files of a folder.
fn compare(statement: &Statement, folder: &Path) -> Vec<Broken> {
    let of = |file: &ReceiptFile| {
        let ReceiptFile { name, .. } = file;
        match std::fs::read(folder.join(name)) {
            Ok(bytes) => verify_file(file, &bytes).err(),
            Err(_) => Some(Broken::FileMissing { name: name.clone() }),
        }
    };
    statement.files.iter().filter_map(of).collect()
}

fn text_of(statement: Option<&Statement>, broken: &[Broken], args: &VerifyReceiptArgs) -> String {
    let mut lines: Vec<String> = broken.iter().map(|why| format!("エラー：{}{}", why.say(), why.mend())).collect();
    if let Some(s) = statement {
        lines.push(format!("送信元：{} {}", s.from.office_no, s.from.name));
        lines.push(format!("送信先：{} {}", s.to.office_no, s.to.name));
        lines.push(format!("内容：{}　連番 {}", s.unit, s.serial));
        lines.push(format!("送信：{}（{}）", s.sent_at, s.sent_by));
        lines.push(format!("受信：{}", s.fetched_at.as_deref().unwrap_or("まだ")));
        lines.extend(s.files.iter().map(|f| format!("{}  {}（{}バイト）", f.sha256, f.name, f.size)));
    }
    if broken.is_empty() {
        let key = if args.key.is_some() { "指定された鍵で" } else { "送信証明の中の鍵で" };
        let files = if args.files.is_some() { "ファイルも、送られたものと同じです。" } else { "" };
        lines.push(format!("{key}署名が合いました。{files}"));
    }
    lines.join("\n")
}

fn machine(statement: Option<&Statement>, broken: &[Broken]) -> Result<Value> {
    let wrong: Vec<Value> =
        broken.iter().map(|why| json!({ "code": why.code(), "say": why.say(), "mend": why.mend() })).collect();
    Ok(json!({ "valid": broken.is_empty(), "statement": serde_json::to_value(statement)?, "wrong": wrong }))
}
