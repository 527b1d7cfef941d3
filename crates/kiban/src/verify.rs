//! `kiban verify-log`: proves that nothing in the access log was changed, removed or inserted.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use kaigo_app::seal::{self, Proof};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cli::{DataArgs, Format};
use crate::outside;
use crate::surroundings::{open_existing, operator, runtime, say, write_whole};

/// Prove that nothing in the access log (閲覧履歴) was changed, removed or inserted
///
/// Recomputes the hash chain of every insurer, compares it with the places that are kept and with the signed seals, and prints
/// the head of every chain. A head noted elsewhere (--save, then later --known) shows even a log that was cut off or made
/// anew by somebody who holds the keys. Exit code 0: nothing is wrong; 1: something is wrong, or it could not be checked.
#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Compare with the heads in this file, which --save wrote earlier
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// Write the heads into this file (JSON); keep it where the operator of the server cannot change it
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Judge from outside: read the public logs at this address (or in a folder with the same files), without any data folder
    #[arg(long, value_name = "URL", requires = "key")]
    from: Option<String>,
    /// Public key of the installation's log, as its page 公開記録簿 shows it
    #[arg(long, value_name = "KEY", requires = "from")]
    key: Option<String>,
    /// Public key of a witness; may be repeated
    #[arg(long, value_name = "KEY", requires = "from")]
    witness: Vec<String>,
    /// How many of the witnesses must have signed a head of each log
    #[arg(long, value_name = "N", default_value_t = 0, requires = "from")]
    need: usize,
}

/// The head of a chain as it is kept elsewhere.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
struct KeptHead {
    insurer: String,
    entries: i64,
    head: String,
}

pub(crate) fn run(args: &VerifyArgs) -> Result<ExitCode> {
    if let (Some(from), Some(key)) = (&args.from, &args.key) {
        return outside::verify(&outside::Outside {
            from,
            key,
            known: args.known.as_deref(),
            save: args.save.as_deref(),
            witnesses: &args.witness,
            need: args.need,
        });
    }
    let known = args.known.as_deref().map(read_known).transpose()?.unwrap_or_default();
    let app = open_existing(&args.data)?;
    let known: Vec<(String, i64, String)> = known.into_iter().map(|k| (k.insurer, k.entries, k.head)).collect();
    let public = app.keys.seal_public();
    let proof = runtime()?.block_on(seal::verify(&app, &public, &known)).map_err(operator)?;
    let is_right = proof.wrong.is_empty();
    match args.format {
        Format::Text => say(&text(&proof)),
        Format::Json => say(&serde_json::to_string_pretty(&machine(&proof, &public))?),
    }
    // A log that is wrong leaves no heads behind that somebody could take for right ones.
    if let Some(path) = args.save.as_deref().filter(|_| is_right) {
        write_whole(path, &(serde_json::to_string_pretty(&heads(&proof))? + "\n"))?;
    }
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_known(path: &Path) -> Result<Vec<KeptHead>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{}：--save で書いたファイルではありません", path.display()))
}

fn heads(proof: &Proof) -> Vec<KeptHead> {
    let heads = proof.heads.iter().map(|(insurer, head)| KeptHead {
        insurer: insurer.clone(),
        entries: head.entries,
        head: head.head.clone(),
    });
    heads.collect()
}

fn machine(proof: &Proof, public: &str) -> serde_json::Value {
    let waiting: i64 = proof.heads.values().map(|head| head.waiting).sum();
    json!({
        "ok": proof.wrong.is_empty(),
        "heads": heads(proof),
        "waiting": waiting,
        "wrong": proof.wrong,
        "seal_public_key": public,
    })
}

fn text(proof: &Proof) -> String {
    let mut lines = Vec::new();
    for (insurer, head) in &proof.heads {
        let waiting =
            if head.waiting > 0 { format!("（封印を待つ記録 {}件）", head.waiting) } else { String::new() };
        lines.push(format!("{insurer}　{}件　{}{waiting}", head.entries, head.head));
    }
    if proof.heads.is_empty() && proof.wrong.is_empty() {
        lines.push("閲覧履歴はまだありません。".to_owned());
    }
    if proof.wrong.is_empty() {
        lines.push("閲覧履歴に、変えられたところ、抜かれたところ、差し込まれたところはありません。".to_owned());
    } else {
        lines.push("閲覧履歴が正しくありません。データベースをそのまま残し、責任者に知らせてください。".to_owned());
        lines.extend(proof.wrong.iter().map(|wrong| format!("・{wrong}")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kaigo_app::seal::Head;

    #[test]
    fn saved_heads_are_read_back() {
        let mut proof = Proof::default();
        let head = Head { entries: 3, waiting: 1, head: "ab".to_owned() };
        proof.heads.insert("981019".to_owned(), head);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("heads.json");
        write_whole(&path, &serde_json::to_string(&heads(&proof)).unwrap()).unwrap();
        assert_eq!(read_known(&path).unwrap(), heads(&proof));
        std::fs::write(&path, "[{\"insurer\":1}]").unwrap();
        assert!(read_known(&path).is_err());
    }

    #[test]
    fn what_is_wrong_is_said_for_people_and_for_machines() {
        let proof = Proof {
            wrong: vec!["981019：2番の記録が書きかえられています。".to_owned()], ..Proof::default()
        };
        assert!(text(&proof).contains("・981019"));
        assert_eq!(machine(&proof, "k")["ok"], false);
    }
}
