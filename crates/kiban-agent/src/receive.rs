//! Receiving: what is new, each set into a folder of its own that appears whole.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::durable;
use crate::folder::Folder;
use crate::journal::Journal;
use crate::pack::unpack;
use crate::report::{Event, Report, SetLine, Stop};
use crate::send::is_plain;
use crate::server::{Failure, Server, SetShape};

/// Bytes that an archive may have beside the bytes of each of its files.
const AROUND_A_FILE: u64 = 4 * 1024;
/// Names that Windows keeps for devices.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

/// One round of receiving: what was begun, then what is new; with `all` also what was fetched elsewhere.
pub(crate) fn receive(
    folder: &Folder,
    journal: &mut Journal,
    server: &Server,
    all: bool,
    report: &mut Report,
) -> Result<(), Stop> {
    let parts = folder.state.join("part");
    durable::make_folder(&parts).map_err(|error| Stop::at(&parts, &error))?;
    let mut round = Round { folder, journal, server, report, parts };
    for (set_id, placing) in round.journal.begun() {
        round.set(&set_id, placing)?;
    }
    let rows = match server.inbox(all) {
        Ok(rows) => rows,
        Err(Failure::Stop(stop)) => return Err(stop),
        Err(Failure::NotFound) => {
            return Err(Stop::Answer("サーバーに受け口がありません。--server の住所を確かめてください。".to_owned()));
        }
        Err(Failure::Refused(problem)) => return Err(Stop::Answer(problem.detail)),
    };
    for row in rows {
        let begun_now = round.journal.begun().iter().any(|(set_id, _)| *set_id == row.set_id);
        if !round.journal.is_finished(&row.set_id) && !begun_now {
            round.set(&row.set_id, None)?;
        }
    }
    Ok(())
}

struct Round<'a> {
    folder: &'a Folder,
    journal: &'a mut Journal,
    server: &'a Server,
    report: &'a mut Report,
    /// Where sets grow before they get their place.
    parts: PathBuf,
}

impl Round<'_> {
    fn set(&mut self, set_id: &str, placing: Option<String>) -> Result<(), Stop> {
        if !is_plain(set_id) {
            let say = "サーバーの付けた番号を、フォルダーの名前にできません。".to_owned();
            self.report.say(&Event::NotReceived { set_id: set_id.to_owned(), code: "set-id".to_owned(), say });
            return Ok(());
        }
        let grown = self.parts.join(set_id);
        if let Some(name) = placing
            && !grown.exists()
        {
            // Killed after the rename: it is in its place, and perhaps already taken away by the care software.
            self.forget(set_id);
            self.journal.note_received(set_id)?;
            let event = Event::Received {
                set_id: set_id.to_owned(),
                set: SetLine::default(),
                sent_at: String::new(),
                folder: name,
            };
            self.report.say(&event);
            return Ok(());
        }
        let set = match self.server.set(set_id) {
            Ok(set) => set,
            Err(failure) => return self.failed(set_id, failure),
        };
        if let Some(name) = set.files.iter().map(|file| &file.name).find(|name| !is_safe(name)) {
            let say = format!("ファイルの名前 {name} は、この機械では使えません。");
            self.report.say(&Event::NotReceived { set_id: set_id.to_owned(), code: "file-name".to_owned(), say });
            return Ok(());
        }
        self.journal.note_receiving(set_id)?;
        let files = match self.files(set_id, &set) {
            Ok(files) => files,
            Err(failure) => return self.failed(set_id, failure),
        };
        self.place(set_id, &set, &files)
    }

    /// The bytes of the files, each with the SHA-256 that the server announced.
    fn files(&self, set_id: &str, set: &SetShape) -> Result<Vec<Vec<u8>>, Failure> {
        let part = self.parts.join(format!("{set_id}.zip"));
        let wanted: Vec<_> = set.files.iter().map(|file| (file.name.clone(), file.size, file.sha256.clone())).collect();
        let around = AROUND_A_FILE * (u64::try_from(wanted.len()).unwrap_or(u64::MAX / AROUND_A_FILE - 1) + 1);
        let most = wanted.iter().fold(around, |sum, (_, size, _)| sum.saturating_add(*size));
        let mut why = String::new();
        // What is left of an earlier try may be of another moment: the second time begins from nothing.
        for _ in 0..2 {
            self.server.download(set_id, &part, most)?;
            let file = fs::File::open(&part).map_err(|error| Stop::at(&part, &error))?;
            match unpack(io::BufReader::new(file), &wanted) {
                Ok(files) => return Ok(files),
                Err(differs) => why = differs,
            }
            fs::remove_file(&part).map_err(|error| Stop::at(&part, &error))?;
        }
        let detail =
            format!("届いたファイルが、サーバーの知らせたものと合いません（{why}）。次の受信で、もう一度試します。");
        Err(Failure::Refused(crate::server::Problem { code: "digest".to_owned(), detail }))
    }

    /// Writes the folder beside its place, then moves it there in one step.
    fn place(&mut self, set_id: &str, set: &SetShape, files: &[Vec<u8>]) -> Result<(), Stop> {
        let grown = self.parts.join(set_id);
        let write = || -> io::Result<()> {
            if grown.exists() {
                fs::remove_dir_all(&grown)?;
            }
            fs::create_dir(&grown)?;
            for (file, bytes) in set.files.iter().zip(files) {
                durable::write_new(&grown.join(&file.name), bytes)?;
            }
            durable::sync_folder(&grown)?;
            durable::sync_folder(&self.parts)
        };
        write().map_err(|error| Stop::at(&grown, &error))?;
        let place = free_place(&self.folder.received, set);
        let name = place.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.journal.note_placing(set_id, &name)?;
        durable::rename(&grown, &place).map_err(|error| Stop::at(&place, &error))?;
        self.journal.note_received(set_id)?;
        self.forget(set_id);
        self.report.say(&Event::Received {
            set_id: set_id.to_owned(),
            set: SetLine {
                from: set.from.office_no.clone(),
                to: set.to.office_no.clone(),
                unit: set.unit.clone(),
                month: set.month.clone(),
                serial: set.serial.clone(),
                files: set.files.iter().map(|file| file.name.clone()).collect(),
            },
            sent_at: set.sent_at.clone(),
            folder: name,
        });
        Ok(())
    }

    fn failed(&mut self, set_id: &str, failure: Failure) -> Result<(), Stop> {
        match failure {
            Failure::Stop(stop) => Err(stop),
            Failure::NotFound => {
                self.forget(set_id);
                self.journal.note_gone(set_id)?;
                let say = "受け取る前に、送信元が取り下げました。".to_owned();
                self.report.say(&Event::Gone { set_id: set_id.to_owned(), say });
                Ok(())
            }
            Failure::Refused(problem) => {
                let (code, say) = (problem.code, problem.detail);
                self.report.say(&Event::NotReceived { set_id: set_id.to_owned(), code, say });
                Ok(())
            }
        }
    }

    /// Removes the archive that is needed no more; one that stays hurts nothing.
    fn forget(&self, set_id: &str) {
        drop(fs::remove_file(self.parts.join(format!("{set_id}.zip"))));
    }
}

/// A name for the folder of a set that says what it is, and that nothing has yet.
fn free_place(received: &Path, set: &SetShape) -> PathBuf {
    let plain = |text: &str| -> String { text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect() };
    let month = set.month.as_deref().unwrap_or("000000");
    let parts = [&set.from.office_no, set.unit.as_deref().unwrap_or("set"), month, &set.serial];
    let name = parts.map(plain).join("_");
    let free = (1_u32..).map(|n| received.join(if n == 1 { name.clone() } else { format!("{name}_{n}") }));
    free.into_iter().find(|path| !path.exists()).unwrap_or_else(|| received.join(name))
}

/// Whether a file's name stays in its folder on every system.
fn is_safe(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    !name.is_empty()
        && name.len() <= 200
        && !name.starts_with('.')
        && !name.ends_with(['.', ' '])
        && !name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|'])
        && !name.contains(char::is_control)
        && !DEVICES.contains(&stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_the_server_stays_in_its_folder() {
        for good in ["UPPLAN_202611_9870000017_43_9870000025_11_20261101090000.CSV", "計画書.pdf", "CONTRACT.pdf"] {
            assert!(is_safe(good), "{good}");
        }
        for bad in ["", ".", "..", "../x", "a/b", "a\\b", "C:x", ".hidden", "x.", "x ", "nul", "COM1.CSV", "a\nb"] {
            assert!(!is_safe(bad), "{bad:?}");
        }
    }
}
