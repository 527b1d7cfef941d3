//! What the program says: sentences for people, or one JSON object a line for programs (docs/agent.md); and its exit code.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use kaigo_careplan::kind::Unit;
use kaigo_core::finding::Finding;
use serde::{Deserialize, Serialize};

/// Why a run ends before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The command line, or a folder that it names, does not fit.
    Usage(String),
    /// Another program works in the same folder.
    Busy(String),
    /// A file or folder here cannot be read or written.
    Local(String),
    /// The server was not reached, also after the retries.
    Unreachable(String),
    /// The server refuses the token.
    Token(String),
    /// The server answers what this program does not understand.
    Answer(String),
}

impl Stop {
    /// A file or folder that cannot be read or written.
    pub(crate) fn at(path: &Path, error: &io::Error) -> Self {
        Self::Local(format!("{} を読み書きできません：{error}", path.display()))
    }

    fn exit(&self) -> u8 {
        match self {
            Self::Busy(_) | Self::Local(_) | Self::Answer(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
            Self::Token(_) => 4,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Busy(_) => "folder-in-use",
            Self::Local(_) => "local",
            Self::Unreachable(_) => "unreachable",
            Self::Token(_) => "token",
            Self::Answer(_) => "answer",
        }
    }

    fn say(&self) -> &str {
        match self {
            Self::Usage(say)
            | Self::Busy(say)
            | Self::Local(say)
            | Self::Unreachable(say)
            | Self::Token(say)
            | Self::Answer(say) => say,
        }
    }
}

/// A finding, in the shape of `kiban check --format json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FindingLine {
    pub(crate) severity: String,
    pub(crate) code: String,
    pub(crate) file: String,
    pub(crate) row: Option<u64>,
    pub(crate) column: Option<u32>,
    pub(crate) item: Option<String>,
    pub(crate) say: String,
    pub(crate) mend: String,
    pub(crate) source: String,
}

impl From<&Finding> for FindingLine {
    fn from(finding: &Finding) -> Self {
        Self {
            severity: finding.severity.code().to_owned(),
            code: finding.code.to_owned(),
            file: finding.place.file.clone(),
            row: finding.place.row,
            column: finding.place.column,
            item: finding.place.item.clone(),
            say: finding.say.clone(),
            mend: finding.mend.clone(),
            source: finding.source.to_owned(),
        }
    }
}

impl FindingLine {
    fn text(&self) -> String {
        let kind = match self.severity.as_str() {
            "error" => "エラー",
            "warning" => "注意",
            _ => "お知らせ",
        };
        let mut text = format!("  {kind} {}", self.file);
        if let Some(row) = self.row {
            let _ = write!(text, " {row}行目");
        }
        if let Some(item) = &self.item {
            let _ = write!(text, " {item}");
        }
        let _ = write!(text, "：{}{}（{}）", self.say, self.mend, self.code);
        text
    }
}

/// What a set is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct SetLine {
    /// 送信元事業所番号.
    pub(crate) from: String,
    /// 送信先事業所番号.
    pub(crate) to: String,
    /// Code of the unit (送信単位).
    pub(crate) unit: Option<String>,
    /// 対象年月 `YYYYMM`.
    pub(crate) month: Option<String>,
    /// 連番.
    pub(crate) serial: String,
    /// Names of the files.
    pub(crate) files: Vec<String>,
}

impl SetLine {
    fn text(&self, partner: &str) -> String {
        let unit = self.unit.as_deref().and_then(Unit::parse).map_or("種類のわからない組", Unit::label);
        let month = self.month.as_deref().map(|month| format!(" {month}")).unwrap_or_default();
        format!("{unit}{month} {partner} 連番{} {}ファイル", self.serial, self.files.len())
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Event {
    /// The server took a set; `repeated` if it had taken the same one before.
    Sent {
        set_id: String,
        #[serde(flatten)]
        set: SetLine,
        sent_at: Option<String>,
        repeated: bool,
        findings: Vec<FindingLine>,
    },
    /// A set was not sent.
    Refused {
        /// `check`: here, before sending; `server`: by the server.
        by: &'static str,
        #[serde(flatten)]
        set: SetLine,
        code: String,
        say: String,
        findings: Vec<FindingLine>,
    },
    /// A file belongs to no set; `refused` if its name looks as if it were meant to.
    Skipped { file: String, code: &'static str, say: String, refused: bool },
    /// The files of a sent set were moved to this folder.
    Moved { set_id: String, folder: String },
    /// A set is in its folder.
    Received {
        set_id: String,
        #[serde(flatten)]
        set: SetLine,
        sent_at: String,
        folder: String,
    },
    /// A set could not be received.
    NotReceived { set_id: String, code: String, say: String },
    /// The sender recalled a set before it was received.
    Gone { set_id: String, say: String },
    /// A part of a watch failed; the next round tries again. Or the run ended early.
    Error { code: &'static str, say: String },
    /// The last line.
    Summary {
        sent: u64,
        repeated: u64,
        unchanged: u64,
        refused: u64,
        skipped: u64,
        moved: u64,
        received: u64,
        gone: u64,
        exit: u8,
    },
}

impl Event {
    fn text(&self) -> String {
        match self {
            Self::Sent { set, repeated, findings, .. } => {
                let did = if *repeated { "すでに送ってあります" } else { "送りました" };
                lines(format!("{did}：{}", set.text(&format!("→ {}", set.to))), findings)
            }
            Self::Refused { by, set, say, findings, .. } => {
                let who = if *by == "check" {
                    "送る前の確認で見つかりました"
                } else {
                    "サーバーが受け取りませんでした"
                };
                lines(format!("送れません：{}\n  {who}。{say}", set.text(&format!("→ {}", set.to))), findings)
            }
            Self::Skipped { file, say, .. } => format!("送らないファイル：{file}　{say}"),
            Self::Moved { set_id, folder } => format!("移しました：{set_id} → {folder}"),
            Self::Received { set, folder, .. } => {
                format!("受け取りました：{} → {folder}", set.text(&format!("{} から", set.from)))
            }
            Self::NotReceived { set_id, say, .. } => format!("受け取れません：{set_id}　{say}"),
            Self::Gone { set_id, say } => format!("取り下げられました：{set_id}　{say}"),
            Self::Error { say, .. } => format!("エラー：{say}"),
            Self::Summary { sent, repeated, unchanged, refused, skipped, received, .. } => format!(
                "送信 {sent}件（すでに送信済み {}件）、送れないもの {refused}件、送らないファイル {skipped}件、受信 {received}件",
                repeated + unchanged
            ),
        }
    }
}

fn lines(head: String, findings: &[FindingLine]) -> String {
    findings.iter().fold(head, |mut text, finding| {
        text.push('\n');
        text.push_str(&finding.text());
        text
    })
}

/// Says what happens, and counts it.
#[derive(Debug)]
pub(crate) struct Report {
    json: bool,
    sent: u64,
    repeated: u64,
    unchanged: u64,
    refused: u64,
    skipped: u64,
    moved: u64,
    received: u64,
    gone: u64,
    /// Exit code so far.
    exit: u8,
}

impl Report {
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json,
            sent: 0,
            repeated: 0,
            unchanged: 0,
            refused: 0,
            skipped: 0,
            moved: 0,
            received: 0,
            gone: 0,
            exit: 0,
        }
    }

    /// Says it.
    pub(crate) fn say(&mut self, event: &Event) {
        match event {
            Event::Sent { repeated: false, .. } => self.sent += 1,
            Event::Sent { repeated: true, .. } => self.repeated += 1,
            Event::Refused { .. } | Event::Skipped { refused: true, .. } | Event::NotReceived { .. } => {
                self.refused += 1;
                self.exit = self.exit.max(1);
            }
            Event::Skipped { refused: false, .. } => self.skipped += 1,
            Event::Moved { .. } => self.moved += 1,
            Event::Received { .. } => self.received += 1,
            Event::Gone { .. } => self.gone += 1,
            Event::Error { .. } | Event::Summary { .. } => {}
        }
        self.print(event);
    }

    /// A set that was sent in an earlier run.
    pub(crate) fn count_unchanged(&mut self) {
        self.unchanged += 1;
    }

    /// A round of a watch ended early; the next one tries again.
    pub(crate) fn fail(&mut self, stop: &Stop) {
        self.exit = self.exit.max(stop.exit());
        self.print(&Event::Error { code: stop.code(), say: stop.say().to_owned() });
    }

    /// The last line; the exit code.
    pub(crate) fn end(mut self, ended: &Result<(), Stop>) -> u8 {
        if let Err(stop) = ended {
            self.fail(stop);
        }
        let summary = Event::Summary {
            sent: self.sent,
            repeated: self.repeated,
            unchanged: self.unchanged,
            refused: self.refused,
            skipped: self.skipped,
            moved: self.moved,
            received: self.received,
            gone: self.gone,
            exit: self.exit,
        };
        self.print(&summary);
        self.exit
    }

    /// Prints; that nobody reads it any more is no reason to stop.
    fn print(&self, event: &Event) {
        let text = if self.json { serde_json::to_string(event).unwrap_or_default() } else { event.text() };
        let mut out = io::stdout().lock();
        drop(writeln!(out, "{text}"));
        drop(out.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_object_with_its_event() {
        let set = SetLine { from: "9870000017".to_owned(), unit: Some("usage".to_owned()), ..SetLine::default() };
        let event = Event::Refused {
            by: "check",
            set,
            code: "findings".to_owned(),
            say: "直してください。".to_owned(),
            findings: vec![FindingLine {
                severity: "error".to_owned(),
                code: "required-empty".to_owned(),
                file: "UPPLAN.CSV".to_owned(),
                row: Some(3),
                column: Some(2),
                item: Some("保険者番号".to_owned()),
                say: "空です。".to_owned(),
                mend: "入れてください。".to_owned(),
                source: "§3".to_owned(),
            }],
        };
        let value = serde_json::to_value(&event).unwrap();
        assert_eq!(
            (&value["event"], &value["from"], &value["by"]),
            (&"refused".into(), &"9870000017".into(), &"check".into())
        );
        assert!(
            event.text().contains("  エラー UPPLAN.CSV 3行目 保険者番号：空です。入れてください。（required-empty）")
        );
    }

    #[test]
    fn the_worst_decides_the_exit_code() {
        let mut report = Report::new(true);
        report.fail(&Stop::Unreachable("x".to_owned()));
        report.fail(&Stop::Local("x".to_owned()));
        assert_eq!(report.end(&Ok(())), 3);
        assert_eq!(Report::new(true).end(&Err(Stop::Token("x".to_owned()))), 4);
        assert_eq!(Report::new(false).end(&Ok(())), 0);
    }
}
