//! The access log judged from outside: `verify-log --from`, `verify-proof`, `cosign`. Nothing of the installation's data is needed.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use kaigo_app::transparency::{EntryProof, check_proof};
use kaigo_ledger::Hash;
use kaigo_ledger::audit::{Source, Wrong, goes_on, signed, whole};
use kaigo_ledger::note::{Checkpoint, Kind, Verifier};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};

use crate::surroundings::{now, say, write_whole};

/// A log read over HTTP or in a folder.
struct Pieces {
    from: String,
    log: String,
    agent: ureq::Agent,
}

impl Pieces {
    fn of(from: &str, log: &str) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build();
        Self { from: from.trim_end_matches('/').to_owned(), log: log.to_owned(), agent: config.into() }
    }
}

impl Source for Pieces {
    type Error = String;

    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let place = format!("{}/log/{}/{path}", self.from, self.log);
        if !self.from.starts_with("http://") && !self.from.starts_with("https://") {
            return fs::read(&place).map_err(|e| e.to_string());
        }
        let mut answer = self.agent.get(&place).call().map_err(|e| e.to_string())?;
        answer.body_mut().with_config().limit(32 << 20).read_to_vec().map_err(|e| e.to_string())
    }
}

/// Where a log was found right: kept by who verifies, compared the next time.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
struct KnownHead {
    origin: String,
    size: u64,
    root: String,
}

impl KnownHead {
    fn of(head: &Checkpoint) -> Self {
        Self { origin: head.origin.clone(), size: head.size, root: head.root.to_hex() }
    }
}

/// What `verify-log --from` is asked.
pub(crate) struct Outside<'a> {
    pub(crate) from: &'a str,
    pub(crate) key: &'a str,
    pub(crate) known: Option<&'a Path>,
    pub(crate) save: Option<&'a Path>,
    pub(crate) witnesses: &'a [String],
    pub(crate) need: usize,
}

/// Judges every log of an installation from outside.
pub(crate) fn verify(asked: &Outside<'_>) -> Result<ExitCode> {
    let key = root_key(asked.key)?;
    let witnesses: Vec<Verifier> = asked.witnesses.iter().map(|text| witness_key(text)).collect::<Result<_>>()?;
    let known: Vec<KnownHead> = match asked.known {
        Some(path) => serde_json::from_str(&fs::read_to_string(path).with_context(|| path.display().to_string())?)
            .with_context(|| format!("{}：--from をつけて --save で書いたファイルではありません", path.display()))?,
        None => Vec::new(),
    };
    let known_of = |origin: &str| -> Result<Vec<(u64, Hash)>> {
        let own = known.iter().filter(|known| known.origin == origin);
        own.map(|known| Ok((known.size, Hash::from_hex(&known.root).context("a root of 64 hex digits")?))).collect()
    };
    let mut wrong = Vec::new();
    let mut right: Vec<KnownHead> = Vec::new();
    // The log over all says which logs there are, and what each was at many moments.
    let mut heads: BTreeMap<String, Vec<(u64, Hash)>> = BTreeMap::new();
    let mut strange = 0;
    let found =
        whole(&mut Pieces::of(asked.from, "root"), &key, &known_of(&key.name)?, |_, entry| match core::str::from_utf8(
            entry,
        )
        .ok()
        .and_then(Checkpoint::parse)
        {
            Some(head) => heads.entry(head.origin).or_default().push((head.size, head.root)),
            None => strange += 1,
        });
    match found {
        Ok(head) => right.push(KnownHead::of(&head)),
        Err(why) => wrong.push(format!("全体の記録簿：{}", sentence(&why))),
    }
    if strange > 0 {
        wrong.push(format!("全体の記録簿：控えではないものが{strange}件あります。"));
    }
    for lost in known.iter().filter(|known| known.origin != key.name && !heads.contains_key(&known.origin)) {
        wrong.push(format!("{}：控えにあった記録簿がなくなっています。", lost.origin));
    }
    for (origin, told) in &heads {
        let name = origin.rsplit_once('/').map_or(origin.as_str(), |(_, name)| name);
        let Some(own) = key.renamed(origin).filter(|_| base(origin) == base(&key.name)) else {
            wrong.push(format!("{origin}：この設置の記録簿ではありません。"));
            continue;
        };
        let known: Vec<(u64, Hash)> = told.iter().copied().chain(known_of(origin)?).collect();
        let mut pieces = Pieces::of(asked.from, name);
        match whole(&mut pieces, &own, &known, |_, _| {}) {
            Ok(head) => right.push(KnownHead::of(&head)),
            Err(why) => wrong.push(format!("{name}：{}", sentence(&why))),
        }
        if asked.need > 0 {
            wrong.extend(
                witnessed(&mut pieces, &own, &known, &witnesses, asked.need).map(|say| format!("{name}：{say}")),
            );
        }
    }
    for head in &right {
        say(&format!("{}　{}件　{}", head.origin, head.size, head.root));
    }
    if wrong.is_empty() {
        say("公開の記録簿に、変えられたところ、抜かれたところ、差し込まれたところはありません。");
        if let Some(path) = asked.save {
            write_whole(path, &(serde_json::to_string_pretty(&right)? + "\n"))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    say("公開の記録簿が正しくないか、確かめられません。読めたものをそのまま残し、市町村と運営者に知らせてください。");
    for wrong in &wrong {
        say(&format!("・{wrong}"));
    }
    Ok(ExitCode::FAILURE)
}

/// What is missing of the witnesses' signatures under a head of the log.
fn witnessed(
    pieces: &mut Pieces,
    key: &Verifier,
    known: &[(u64, Hash)],
    witnesses: &[Verifier],
    need: usize,
) -> Option<String> {
    let Ok(bytes) = pieces.read("cosigned") else { return Some("立会人の署名がありません。".to_owned()) };
    let Some((head, note)) = signed(&bytes, key) else {
        return Some("立会人の署名した控えが読めません。".to_owned());
    };
    let count = witnesses.iter().filter(|witness| witness.verify(&note).is_some()).count();
    if count < need {
        return Some(format!("立会人の署名が{count}人分です（{need}人分が必要です）。"));
    }
    let mut all = known.to_vec();
    all.push((head.size, head.root));
    whole(pieces, key, &all, |_, _| {}).err().map(|why| sentence(&why))
}

fn sentence(why: &Wrong<String>) -> String {
    match why {
        Wrong::Unreadable(path, why) => format!("{path}が読めません（{why}）。"),
        Wrong::Head => "控えの署名が、この公開鍵のものではありません。".to_owned(),
        Wrong::Bundle(path) => format!("{path}の件数が合いません。"),
        Wrong::Tile(path) => format!("{path}が、中身と合いません。"),
        Wrong::Root => "中身と、署名つきの控えの値が合いません。".to_owned(),
        Wrong::Forked(size) => {
            format!("{size}番まであった記録が、いまの記録簿では短くなっているか、作りなおされています。")
        }
    }
}

fn base(name: &str) -> Option<&str> {
    name.rsplit_once('/').map(|(base, _)| base)
}

fn log_key(text: &str) -> Result<Verifier> {
    let key = Verifier::parse(text.trim()).filter(|key| key.kind == Kind::Ed25519);
    key.context("公開鍵として読めません。公開記録簿のページにある1行を、そのまま渡してください")
}

fn root_key(text: &str) -> Result<Verifier> {
    let key = log_key(text)?;
    let root = base(&key.name).and_then(|base| key.renamed(&format!("{base}/root")));
    root.context("公開鍵の名前が、この形式ではありません")
}

fn witness_key(text: &str) -> Result<Verifier> {
    let key = Verifier::parse(text.trim()).filter(|key| key.kind == Kind::Cosignature);
    key.context("立会人の公開鍵として読めません。kiban cosign --new-key が出した1行を渡してください")
}

/// Check the proof of one entry of the access log (閲覧履歴), offline
///
/// The file is what a person saves on the page 「この記録の証明」. Exit code 0: the entry stands in the log as it is in the file;
/// 1: it does not, or the file cannot be read.
#[derive(Args, Debug)]
pub(crate) struct VerifyProofArgs {
    /// The proof as it was saved (JSON)
    proof: PathBuf,
    /// Public key of the installation's log, as its page 公開記録簿 shows it
    #[arg(long, value_name = "KEY")]
    key: String,
}

pub(crate) fn verify_proof(args: &VerifyProofArgs) -> Result<ExitCode> {
    let text = fs::read_to_string(&args.proof).with_context(|| args.proof.display().to_string())?;
    let proof: EntryProof = serde_json::from_str(&text).context("証明のファイルとして読めません")?;
    match check_proof(&proof, &log_key(&args.key)?) {
        Ok(shown) => {
            say(&format!("この記録は、{}の{}件のうちの{}番目にあります。", shown.origin, shown.size, proof.index + 1));
            for name in ["completed_at", "office_name", "account_name", "act", "items", "purpose", "outcome"] {
                if let Some(value) = shown.fields.get(name) {
                    say(&format!("  {name}　{value}"));
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            say(&format!("証明が合いません：{}", error.say()));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Sign the head of a public log as a witness (立会人)
///
/// Checks that what was signed the last time is a beginning of the log as it is now, signs its newest head, and prints it; the
/// municipality puts it into its page 公開記録簿と立会人. A log that was cut off or made anew is not signed. Exit code 0: signed; 1: not.
#[derive(Args, Debug)]
pub(crate) struct CosignArgs {
    /// Make a new key of a witness with this name and print its public half; --secret says into which file
    #[arg(long, value_name = "NAME", conflicts_with_all = ["from", "log", "key", "state"])]
    new_key: Option<String>,
    /// File with the witness's key
    #[arg(long, value_name = "FILE")]
    secret: PathBuf,
    /// Address of the installation
    #[arg(long, value_name = "URL", required_unless_present = "new_key")]
    from: Option<String>,
    /// Number of the insurer
    #[arg(long, value_name = "NO", required_unless_present = "new_key")]
    log: Option<String>,
    /// Public key of the installation's log
    #[arg(long, value_name = "KEY", required_unless_present = "new_key")]
    key: Option<String>,
    /// File that keeps what was signed the last time
    #[arg(long, value_name = "FILE", required_unless_present = "new_key")]
    state: Option<PathBuf>,
}

pub(crate) fn cosign(args: &CosignArgs) -> Result<ExitCode> {
    if let Some(name) = &args.new_key {
        return new_key(name, &args.secret);
    }
    let (Some(from), Some(log), Some(key), Some(state)) = (&args.from, &args.log, &args.key, &args.state) else {
        bail!("--from, --log, --key, --state");
    };
    let (name, pair) = read_secret(&args.secret)?;
    let key = log_key(key)?;
    let own = base(&key.name).and_then(|base| key.renamed(&format!("{base}/{log}")));
    let own = own.context("公開鍵の名前が、この形式ではありません")?;
    let before = match fs::read_to_string(state) {
        Ok(text) => {
            let known: KnownHead = serde_json::from_str(&text).with_context(|| state.display().to_string())?;
            if known.origin != own.name {
                bail!("{}は、別の記録簿の控えです", state.display());
            }
            (known.size, Hash::from_hex(&known.root).context("a root of 64 hex digits")?)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => (0, Hash([0; 32])),
        Err(error) => return Err(error).with_context(|| state.display().to_string()),
    };
    match goes_on(&mut Pieces::of(from, log), &own, before) {
        Ok((head, mut note)) => {
            // Kept before it is signed: a witness that lost its memory could sign two stories.
            write_whole(state, &(serde_json::to_string_pretty(&KnownHead::of(&head))? + "\n"))?;
            note.cosign(&name, &pair, u64::try_from(now().as_second()).unwrap_or(0));
            say(note.to_string().trim_end_matches('\n'));
            Ok(ExitCode::SUCCESS)
        }
        Err(why) => {
            eprintln!("署名しません：{}", sentence(&why));
            Ok(ExitCode::FAILURE)
        }
    }
}

fn new_key(name: &str, path: &Path) -> Result<ExitCode> {
    let mut seed = [0_u8; 32];
    SystemRandom::new().fill(&mut seed).ok().context("no randomness")?;
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed).ok().context("a key")?;
    let verifier = public_half(name, &pair)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| path.display().to_string())?;
    file.write_all(format!("{name}\n{}\n", Hash(seed).to_hex()).as_bytes())?;
    file.sync_all()?;
    say(&verifier.text());
    Ok(ExitCode::SUCCESS)
}

fn public_half(name: &str, pair: &Ed25519KeyPair) -> Result<Verifier> {
    let public = pair.public_key().as_ref().try_into().ok().context("a public key")?;
    Verifier::new(name, Kind::Cosignature, public).context("立会人の名前に、空白や「+」は使えません")
}

fn read_secret(path: &Path) -> Result<(String, Ed25519KeyPair)> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut lines = text.lines();
    let name = lines.next().context("the name of the witness")?.to_owned();
    let seed = lines.next().and_then(Hash::from_hex).context("立会人の鍵のファイルではありません")?;
    let pair = Ed25519KeyPair::from_seed_unchecked(&seed.0).ok().context("a key")?;
    Ok((name, pair))
}
