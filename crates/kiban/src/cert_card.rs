//! `kiban cert test-card` and `kiban cert insert-card`: cards for tests and the demo, and a way to lay one on a virtual reader.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use kaigo_app::ctx::day_in_japan;
use kaigo_card::test_set::{self, CardFile, Kind, PIN};
use kaigo_card::vpcd;

use crate::surroundings::{now, say};

/// Make a test issuer and a set of test cards for 本人確認 (nothing of a real card is in them)
///
/// DIR/anchors is what `kiban serve --card-anchor` takes; each DIR/NAME.card is one card. All have the PIN 0471.
#[derive(Args, Debug)]
pub(crate) struct TestCardArgs {
    /// Folder to write into; made if it is missing
    dir: PathBuf,
}

/// Lay a test card on the virtual reader of vpcd (vsmartcard), until the reader lets go of it
#[derive(Args, Debug)]
pub(crate) struct InsertCardArgs {
    /// The card: a file that `kiban cert test-card` wrote
    card: PathBuf,
    /// Address of the virtual reader [default: 127.0.0.1:35963]
    #[arg(long, value_name = "ADDRESS:PORT")]
    reader: Option<SocketAddr>,
}

pub(crate) fn test_card(args: &TestCardArgs) -> Result<ExitCode> {
    let year = i32::from(day_in_japan(now()).year());
    test_set::make(&args.dir, year).with_context(|| args.dir.display().to_string())?;
    say(&format!("試験用の発行者：{}", args.dir.join("anchors").display()));
    for kind in Kind::ALL {
        say(&format!(
            "{}：{}（暗証番号 {PIN}）",
            args.dir.join(format!("{}.card", kind.name())).display(),
            kind.word()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn insert_card(args: &InsertCardArgs) -> Result<ExitCode> {
    let file = CardFile::read(&args.card)?;
    let mut card = file.insert().with_context(|| format!("{} の鍵を読めません", args.card.display()))?;
    let reader = args.reader.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, vpcd::PORT)));
    say(&format!("「{}」を仮想のリーダー {reader} に置きます。取るには Ctrl-C を押してください。", file.kind.word()));
    vpcd::insert(&mut card, reader).with_context(|| format!("{reader} に仮想のリーダーがありません"))?;
    say("リーダーがカードを離しました。");
    Ok(ExitCode::SUCCESS)
}
