//! The exchange of the demo (ケアプランデータ連携): as files for other programs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use kaigo_demo::Nation;

use crate::surroundings::say;

/// Writes the files of every office by month into a folder that holds nothing yet.
pub(super) fn export(nation: &Nation, folder: &Path) -> Result<ExitCode> {
    let place = || folder.display().to_string();
    std::fs::create_dir_all(folder).with_context(place)?;
    if std::fs::read_dir(folder).with_context(place)?.next().is_some() {
        bail!("{} は空ではありません。空のフォルダーを指してください。何も書いていません。", folder.display());
    }
    let exchange = nation.exchange();
    exchange.write(folder).with_context(place)?;
    let files: usize = exchange.sends.iter().map(|send| send.files.len()).sum();
    say(&format!("{} に、{}組・{files}ファイルを書きました。", folder.display(), exchange.sends.len()));
    Ok(ExitCode::SUCCESS)
}
