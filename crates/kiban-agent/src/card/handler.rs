//! Lets the links of the pages open this program, where the system has a file for that; elsewhere says what to do.

use std::path::{Path, PathBuf};

use super::Stop;
use super::person::Asks;

/// Installs the handler of `kiban-card:` for the user who runs this.
pub(super) fn install(asks: &mut impl Asks) -> Result<(), Stop> {
    let program = std::env::current_exe().map_err(|error| Stop::Usage(error.to_string()))?;
    if cfg!(windows) {
        asks.tell("次の3行を、登録する人のコマンドプロンプトで実行してください。");
        asks.tell(r#"reg add HKCU\Software\Classes\kiban-card /ve /d "URL:kiban-card" /f"#);
        asks.tell(r#"reg add HKCU\Software\Classes\kiban-card /v "URL Protocol" /d "" /f"#);
        let command = format!(r#"\"{}\" card answer \"%1\""#, program.display());
        asks.tell(&format!(r#"reg add HKCU\Software\Classes\kiban-card\shell\open\command /ve /d "{command}" /f"#));
        return Ok(());
    }
    if cfg!(target_os = "macos") {
        asks.tell("macOS では、スキーム kiban-card を持つアプリとして包む必要があります（docs/card.md）。");
        return Ok(());
    }
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = of("XDG_DATA_HOME").or_else(|| of("HOME").map(|home| home.join(".local/share")));
    let folder = data.ok_or_else(|| Stop::Usage("ホームのフォルダーがわかりません。".to_owned()))?.join("applications");
    let path = folder.join("kiban-agent-card.desktop");
    let failed = |error: std::io::Error| Stop::Usage(format!("{} に書けません：{error}", path.display()));
    std::fs::create_dir_all(&folder).map_err(failed)?;
    std::fs::write(&path, entry(&program)).map_err(failed)?;
    asks.tell(&format!("{} を作りました。続けて、これを1回実行してください：", path.display()));
    asks.tell("xdg-mime default kiban-agent-card.desktop x-scheme-handler/kiban-card");
    Ok(())
}

/// The entry as desktops read it.
fn entry(program: &Path) -> String {
    let program = program.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "[Desktop Entry]\nType=Application\nName=カードを読むプログラム（kiban-agent）\nExec=\"{program}\" card answer %u\nTerminal=true\n\
         NoDisplay=true\nMimeType=x-scheme-handler/kiban-card;\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_opens_the_link_in_a_terminal() {
        let text = entry(Path::new("/opt/kiban agent"));
        assert!(text.contains("Exec=\"/opt/kiban agent\" card answer %u\n"), "{text}");
        assert!(text.contains("x-scheme-handler/kiban-card") && text.contains("Terminal=true"));
    }
}
