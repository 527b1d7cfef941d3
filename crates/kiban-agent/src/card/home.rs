//! What an enrolled terminal keeps: its key and the server it belongs to, readable by its user only.

use std::env::var_os;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use kaigo_card::certificate::unhex;
use kaigo_card::device::DeviceKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize as _;

use super::Stop;

/// The folder.
pub(crate) struct Home(PathBuf);

/// What is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Origin of the server.
    pub(crate) origin: String,
    /// This terminal.
    pub(crate) terminal_id: String,
    /// Its office.
    pub(crate) office_no: String,
    /// The office's name.
    pub(crate) office_name: String,
    /// What the administrator called it.
    pub(crate) name: String,
    /// Its private key, PKCS#8 in hex.
    pub(crate) key: String,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl Kept {
    /// The key.
    pub(crate) fn device(&self) -> Option<DeviceKey> {
        DeviceKey::from_pkcs8(&unhex(&self.key)?)
    }
}

impl Home {
    /// The folder that was named, or the one of the user's settings.
    pub(crate) fn at(named: Option<&Path>) -> Result<Self, Stop> {
        let of = |name: &str| var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let usual = || {
            if cfg!(windows) {
                of("APPDATA")
            } else if cfg!(target_os = "macos") {
                of("HOME").map(|home| home.join("Library/Application Support"))
            } else {
                of("XDG_CONFIG_HOME").or_else(|| of("HOME").map(|home| home.join(".config")))
            }
        };
        let found = named.map(Path::to_path_buf).or_else(|| usual().map(|folder| folder.join("kiban-agent")));
        found
            .map(Self)
            .ok_or_else(|| Stop::Usage("設定のフォルダーがわかりません。--config で指定してください。".to_owned()))
    }

    fn file(&self) -> PathBuf {
        self.0.join("terminal.json")
    }

    /// What was kept at enrolment.
    pub(crate) fn read(&self) -> Result<Kept, Stop> {
        let path = self.file();
        let missing = || {
            Stop::Usage(
                "このパソコンは、まだカードを読む端末として登録されていません。kiban-agent card enrol を実行してください。".to_owned(),
            )
        };
        let mut text = fs::read_to_string(&path).map_err(|_| missing())?;
        let kept = serde_json::from_str(&text);
        text.zeroize();
        kept.map_err(|_| Stop::Usage(format!("{} が壊れています。登録しなおしてください。", path.display())))
    }

    /// Keeps it, whole or not at all.
    pub(crate) fn keep(&self, kept: &Kept) -> Result<(), Stop> {
        let path = self.file();
        let failed = |error: std::io::Error| Stop::Usage(format!("{} に書けません：{error}", path.display()));
        let mut text = serde_json::to_string_pretty(kept).map_err(|error| Stop::Usage(error.to_string()))?;
        fs::create_dir_all(&self.0).map_err(failed)?;
        let new = self.0.join("terminal.json.new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        text.zeroize();
        fs::rename(&new, &path).map_err(failed)
    }
}
