//! Sending: sort, check here, send set after set in the order in which they must be taken, remember.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use kaigo_careplan::batch::{Batch, InFile, Set, Stray, Why, sort};
use kaigo_careplan::check::{Context, check_set};
use kaigo_careplan::name::BadName;
use kaigo_careplan::pack::pack;
use kaigo_core::finding::{Finding, Severity};

use crate::durable;
use crate::folder::Folder;
use crate::journal::{Journal, Moving};
use crate::pack::sha256;
use crate::report::{Event, FindingLine, Report, SetLine, Stop};
use crate::scan::{self, Found};
use crate::server::{Failure, FileShape, Server, UploadedSet};

/// How to send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    /// Whether sent files are moved away.
    pub(crate) moves: bool,
    /// How long a file must stay the same before it is sent.
    pub(crate) settle: Option<Duration>,
}

/// What earlier rounds of a watch said already.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    /// Sets and files that this program refused, by digest.
    told: HashSet<String>,
    /// Sets that the server refused, by digest: how often, and the round in which they are tried again.
    refused: HashMap<String, (u32, u64)>,
    round: u64,
}

/// One round of sending.
pub(crate) fn send(
    folder: &Folder,
    journal: &mut Journal,
    server: &Server,
    wish: &Wish,
    memo: &mut Memo,
    report: &mut Report,
) -> Result<(), Stop> {
    memo.round += 1;
    for (set_id, files) in journal.moves() {
        move_away(folder, journal, report, &set_id, &files)?;
    }
    let found = match wish.settle {
        None => scan::read(folder, None)?,
        Some(settle) => {
            let look = scan::look(folder)?;
            if look.is_empty() {
                return Ok(());
            }
            thread::sleep(settle);
            scan::read(folder, Some(&look))?
        }
    };
    let mut round = Round { folder, journal, server, wish, memo, report };
    round.all(found)
}

struct Round<'a> {
    folder: &'a Folder,
    journal: &'a mut Journal,
    server: &'a Server,
    wish: &'a Wish,
    memo: &'a mut Memo,
    report: &'a mut Report,
}

impl Round<'_> {
    fn all(&mut self, mut found: Found) -> Result<(), Stop> {
        for (file, size) in &found.too_large {
            if self.memo.told.insert(format!("{file}\0{size}")) {
                let say = format!("大きすぎて送れません（{}MB）。", size / 1024 / 1024);
                self.report.say(&Event::Skipped { file: file.clone(), code: "too-large", say, refused: true });
            }
        }
        let Batch { sets, strays } = sort(std::mem::take(&mut found.files));
        for stray in &strays {
            self.stray(stray);
        }
        for set in &sets {
            self.set(set, &found)?;
        }
        Ok(())
    }

    fn stray(&mut self, stray: &Stray) {
        let InFile { name, bytes } = &stray.file;
        if !self.memo.told.insert(format!("{name}\0{}", sha256(bytes))) {
            return;
        }
        let (code, say, refused) = match &stray.why {
            Why::Name(BadName::Prefix) => {
                ("not-of-the-standard", "ケアプランデータ連携のファイルの名前ではありません。".to_owned(), false)
            }
            Why::Twice => ("twice", "同じ名前で同じ中身のファイルが、ほかにもあります。".to_owned(), false),
            Why::Attachment => (
                "attachment",
                "PDFや画像は、名前の終わりを送る組のファイルと同じ（…_連番.pdf）にすると、いっしょに送れます。"
                    .to_owned(),
                false,
            ),
            Why::Refused(refused) => (refused.code(), format!("{}{}", refused.say(), refused.mend()), true),
            Why::Name(bad) => ("name", bad_name(bad), true),
        };
        self.report.say(&Event::Skipped { file: name.clone(), code, say, refused });
    }

    fn set(&mut self, set: &Set, found: &Found) -> Result<(), Stop> {
        let digest = scan::digest(set);
        if let Some(set_id) = self.journal.sent(&digest).map(str::to_owned) {
            self.report.count_unchanged();
            return self.after(set, found, &set_id);
        }
        if self.memo.refused.get(&digest).is_some_and(|(_, round)| *round > self.memo.round) {
            return Ok(());
        }
        let findings = findings_of(set);
        let lines: Vec<FindingLine> = findings.iter().map(FindingLine::from).collect();
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            if self.memo.told.insert(digest) {
                let say = "下のところを直してから、もう一度書き出してください。".to_owned();
                let code = "findings".to_owned();
                self.report.say(&Event::Refused { by: "check", set: line(set), code, say, findings: lines });
            }
            return Ok(());
        }
        let packed = pack(scan::members(set).map(|(name, bytes)| ("", name, bytes)));
        match self.server.upload(&packed, &digest) {
            Ok(answer) => match <[UploadedSet; 1]>::try_from(answer.sets) {
                Ok([uploaded]) => self.answered(set, found, digest, uploaded),
                Err(_) => Err(Stop::Answer("サーバーの返事が、送った組と合いません。".to_owned())),
            },
            Err(Failure::Stop(stop)) => Err(stop),
            Err(Failure::NotFound) => Err(Stop::Answer(
                "サーバーに受け口がありません。--server の住所と、この事業所がケアプラン連携を始めているかを確かめてください。".to_owned(),
            )),
            Err(Failure::Refused(problem)) => {
                self.refused(set, digest, problem.code, problem.detail, Vec::new());
                Ok(())
            }
        }
    }

    fn answered(&mut self, set: &Set, found: &Found, digest: String, uploaded: UploadedSet) -> Result<(), Stop> {
        let repeated = uploaded.outcome.as_deref() == Some("repeated");
        match uploaded.set_id {
            Some(set_id) if repeated || uploaded.outcome.as_deref() == Some("sent") => {
                if !same_files(set, &uploaded.files) {
                    return Err(Stop::Answer("サーバーに届いたファイルが、送ったものと合いません。".to_owned()));
                }
                self.journal.note_sent(&digest, &set_id)?;
                self.memo.refused.remove(&digest);
                self.report.say(&Event::Sent {
                    set_id: set_id.clone(),
                    set: line(set),
                    sent_at: uploaded.sent_at,
                    repeated,
                    findings: uploaded.findings,
                });
                self.after(set, found, &set_id)
            }
            _ => {
                let say = uploaded.say.unwrap_or_default();
                self.refused(set, digest, uploaded.verdict, say, uploaded.findings);
                Ok(())
            }
        }
    }

    /// The server says no. A watch tries again, each time later: the partner may begin to take part, somebody may mend it.
    fn refused(&mut self, set: &Set, digest: String, code: String, say: String, findings: Vec<FindingLine>) {
        let round = self.memo.round;
        let entry = self.memo.refused.entry(digest).or_insert((0, 0));
        let first = entry.0 == 0;
        *entry = (entry.0 + 1, round + (2_u64 << entry.0.min(7)));
        if first {
            self.report.say(&Event::Refused { by: "server", set: line(set), code, say, findings });
        }
    }

    /// Moves the files of a sent set away, where that is wished.
    fn after(&mut self, set: &Set, found: &Found, set_id: &str) -> Result<(), Stop> {
        if !self.wish.moves {
            return Ok(());
        }
        let places = scan::members(set).flat_map(|(name, bytes)| {
            let sha256 = sha256(bytes);
            let paths: Vec<PathBuf> = found.places(name, &sha256).to_vec();
            paths.into_iter().map(move |path| Moving { path, sha256: sha256.clone() })
        });
        let files: Vec<Moving> = places.collect();
        self.journal.note_moving(set_id, files.clone())?;
        move_away(self.folder, self.journal, self.report, set_id, &files)
    }
}

/// Everything that the receiver's software could not take, and what somebody should look at.
fn findings_of(set: &Set) -> Vec<Finding> {
    check_set(&set.open(), &Context::default())
}

/// Moves files to the folder of their set, where they are still what was sent.
fn move_away(
    folder: &Folder,
    journal: &mut Journal,
    report: &mut Report,
    set_id: &str,
    files: &[Moving],
) -> Result<(), Stop> {
    if !is_plain(set_id) {
        return Err(Stop::Answer(format!("サーバーの付けた番号 {set_id} を、フォルダーの名前にできません。")));
    }
    let target = folder.sent.join(set_id);
    let one = |file: &Moving| -> io::Result<()> {
        let from = folder.root.join(&file.path);
        match fs::read(&from) {
            Ok(bytes) if sha256(&bytes) == file.sha256 => {}
            // Somebody wrote another one under the name meanwhile: it stays.
            Ok(_) => return Ok(()),
            // Moved by the run that was killed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
        let name = file.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let free = (1..).map(|n| target.join(if n == 1 { name.clone() } else { format!("{name}.{n}") }));
        let to = free.into_iter().find(|path| !path.exists()).unwrap_or_else(|| target.join(&name));
        durable::rename(&from, &to)
    };
    let all = || -> io::Result<()> {
        durable::make_folder(&folder.sent)?;
        durable::make_folder(&target)?;
        files.iter().try_for_each(one)
    };
    all().map_err(|error| Stop::at(&target, &error))?;
    journal.note_moved(set_id)?;
    report.say(&Event::Moved { set_id: set_id.to_owned(), folder: target.display().to_string() });
    Ok(())
}

/// Whether an identifier of the server's can stand in a path here.
pub(crate) fn is_plain(id: &str) -> bool {
    (1..=80).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether the server got each file with the bytes that were sent.
fn same_files(set: &Set, files: &[FileShape]) -> bool {
    scan::members(set).count() == files.len()
        && scan::members(set).all(|(name, bytes)| {
            let sha256 = sha256(bytes);
            files.iter().any(|file| file.name == name && file.sha256 == sha256)
        })
}

fn line(set: &Set) -> SetLine {
    SetLine {
        from: set.from.office_no.to_string(),
        to: set.to.office_no.to_string(),
        unit: set.unit.map(|unit| unit.code().to_owned()),
        month: set.month.map(|month| month.to_string()),
        serial: set.serial.as_str().to_owned(),
        files: scan::members(set).map(|(name, _)| name.to_owned()).collect(),
    }
}

fn bad_name(bad: &BadName) -> String {
    match bad {
        BadName::Part { part, .. } => {
            format!("ファイルの名前の「{part}」が読めません。ケアソフトから、もう一度書き出してください。")
        }
        BadName::Prefix | BadName::Parts { .. } | BadName::Extension { .. } => {
            "ファイルの名前が、標準の形ではありません。ケアソフトから、もう一度書き出してください。".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> Set {
        let files = names.iter().map(|name| InFile { name: (*name).to_owned(), bytes: name.as_bytes().to_vec() });
        sort(files.collect()).sets.remove(0)
    }

    #[test]
    fn a_move_that_was_begun_is_finished_and_hurts_nothing() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::of_sending(root.path()).unwrap();
        let mut journal = Journal::open(&folder.state, "https://kiban.example").unwrap();
        let mut report = Report::new(true);
        let write = |name: &str, text: &str| fs::write(root.path().join(name), text).unwrap();
        write("a.CSV", "a");
        write("b.CSV", "b is another one by now");
        fs::create_dir_all(root.path().join("sent/s1")).unwrap();
        write("sent/s1/a.CSV", "an earlier one");
        let of = |name: &str, text: &str| Moving { path: name.into(), sha256: sha256(text.as_bytes()) };
        let files = vec![of("a.CSV", "a"), of("b.CSV", "b"), of("moved.CSV", "c")];
        journal.note_moving("s1", files).unwrap();
        for (set_id, files) in journal.moves() {
            move_away(&folder, &mut journal, &mut report, &set_id, &files).unwrap();
        }
        let read = |name: &str| fs::read_to_string(root.path().join(name)).unwrap();
        assert_eq!(read("sent/s1/a.CSV"), "an earlier one");
        assert_eq!(read("sent/s1/a.CSV.2"), "a");
        assert_eq!(read("b.CSV"), "b is another one by now");
        assert!(journal.moves().is_empty());
        assert!(move_away(&folder, &mut journal, &mut report, "../../x", &[]).is_err());
    }

    #[test]
    fn the_server_must_have_got_the_same_bytes() {
        let set = set(&["UPJSK_202611_9870000025_11_9870000017_43_20261101090000.CSV"]);
        let shape = |sum: &[u8]| FileShape { name: set.files[0].name.clone(), size: 1, sha256: sha256(sum) };
        assert!(same_files(&set, &[shape(&set.files[0].bytes)]));
        assert!(!same_files(&set, &[shape(b"other")]));
        assert!(!same_files(&set, &[]));
    }

    #[test]
    fn a_digest_is_of_names_and_bytes() {
        let ends = "9870000025_11_9870000017_43_20261101090000.CSV";
        let one = set(&[&format!("UPJSK_202611_{ends}")]);
        let mut other = one.clone();
        assert_eq!(scan::digest(&one), scan::digest(&other));
        other.files[0].bytes.push(b'x');
        assert_ne!(scan::digest(&one), scan::digest(&other));
    }
}
