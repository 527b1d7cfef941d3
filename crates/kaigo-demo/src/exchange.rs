//! Three months of ケアプランデータ連携 among the offices of the demo: what was sent, fetched, imported, recalled and withdrawn.
//!
//! Pure and seeded like everything here. Service codes are of the real kinds, but units and amounts are fictional. About six in
//! a hundred rows of 実績 differ from the 予定, as in practice.

mod catalogue;
mod copy;
mod draft;
mod files;
mod month;
mod plan;
mod preventive;
mod row;
mod story;
mod timeline;
mod usage;
mod who;
mod words;

use std::io;
use std::path::Path;

use jiff::civil::DateTime;
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::{End, Month};
use kaigo_core::id::OfficeNo;

use crate::Nation;

/// Something that an office does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DemoAct {
    /// Sends the set.
    Send,
    /// Uploads the files, looks at the findings, does not send.
    Draft,
    /// Takes the set back before it was fetched (取下げ).
    Recall,
    /// Fetches the set (受信).
    Fetch,
    /// Says that its software has taken it (取込).
    Import,
}

/// Files that travel together, or that wait as a draft, and what becomes of them.
#[derive(Clone, Debug)]
pub struct DemoSend {
    /// When they were sent or uploaded, in Japanese time.
    pub at: DateTime,
    /// Who sends, by login.
    pub login: &'static str,
    /// Who receives, by login; empty for an office that has not joined and for drafts.
    pub receiver: &'static str,
    /// 送信元.
    pub from: End,
    /// 送信先; of a draft for several offices, the first.
    pub to: End,
    /// Month of the business, for the folder of an export: that of the plan or of the service.
    pub month: Month,
    /// What it is; none for a draft of several sets.
    pub unit: Option<Unit>,
    /// The files.
    pub files: Vec<InFile>,
    /// When it was taken back.
    pub recalled_at: Option<DateTime>,
    /// When the receiver fetched it.
    pub fetched_at: Option<DateTime>,
    /// When the receiver's software took it.
    pub imported_at: Option<DateTime>,
}

impl DemoSend {
    /// Whether it is a draft that nobody has sent.
    pub fn is_draft(&self) -> bool {
        self.unit.is_none()
    }
}

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DemoStep {
    /// When, in Japanese time.
    pub at: DateTime,
    /// Place of the send in [`DemoExchange::sends`].
    pub send: usize,
    /// What.
    pub act: DemoAct,
    /// Who, by login.
    pub login: &'static str,
}

/// An office that exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoMember {
    /// Office.
    pub office_no: OfficeNo,
    /// Who works at it, by login.
    pub login: &'static str,
}

/// The exchange of three months.
#[derive(Clone, Debug)]
pub struct DemoExchange {
    /// The month before last, the last, this one.
    pub months: [Month; 3],
    /// Offices that have joined.
    pub members: Vec<DemoMember>,
    /// Everything sent up to yesterday, in time order.
    pub sends: Vec<DemoSend>,
}

impl DemoExchange {
    pub(crate) fn make(nation: &Nation) -> Self {
        story::tell(nation)
    }

    /// What happened, in time order.
    pub fn steps(&self) -> Vec<DemoStep> {
        let mut steps = Vec::new();
        for (send, own) in self.sends.iter().enumerate() {
            let first = if own.is_draft() { DemoAct::Draft } else { DemoAct::Send };
            steps.push(DemoStep { at: own.at, send, act: first, login: own.login });
            let later = [
                (own.recalled_at, DemoAct::Recall, own.login),
                (own.fetched_at, DemoAct::Fetch, own.receiver),
                (own.imported_at, DemoAct::Import, own.receiver),
            ];
            steps.extend(later.into_iter().filter_map(|(at, act, login)| Some(DemoStep { at: at?, send, act, login })));
        }
        steps.sort();
        steps
    }

    /// Writes the files as `FOLDER/<office>/<YYYYMM>/…`, drafts under `下書き`, and a README.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("README.md"), README)?;
        for send in &self.sends {
            let mut place = folder.join(send.from.office_no.as_str()).join(send.month.to_string());
            if send.is_draft() {
                place.push("下書き");
            }
            std::fs::create_dir_all(&place)?;
            for file in &send.files {
                std::fs::write(place.join(&file.name), &file.bytes)?;
            }
        }
        Ok(())
    }
}

const README: &str = "\
# 架空のケアプランデータ

`kiban demo --export` が書いたファイルです。人も事業所もすべて架空で、単位数と金額は実際の請求には使えません。

- `<送信元の事業所番号>/<年月>/` に、その事業所がその月の分として送ったCSV（ケアプランデータ連携標準仕様 4.1版）が入っています。
- 連番（ファイル名の14けた）が同じファイルが、まとめて送られる組です。
- `下書き` には、まだ送っていない、直すところのあるファイルが入っています。
- 予定と実績は、100行のうち6行ほどがちがいます（中止、日の変更、時刻のずれ、追加など）。

確かめるには：`kiban check <フォルダー>`
";
