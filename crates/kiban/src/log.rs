//! `kiban log export`: the logs for another system, as lines of JSON.
//!
//! What was told is kept in a file beside. With `--out` the lines themselves decide: after a crash between a line and its note, the note
//! is made anew from the lines, and a line that is not whole is cut off; so nothing is missing and nothing there twice. Through a pipe
//! nobody can know what the other end has kept; what was on its way when the program was killed comes again.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use kaigo_app::log_export::{self, Position};
use kaigo_app::{App, Ctx, Ids};
use kaigo_core::date::Date;
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::cli::DataArgs;
use crate::surroundings::{now, open_existing, operator, runtime, write_whole};

/// How often it is looked for more, with --follow.
const LOOK: Duration = Duration::from_secs(2);

/// Hand the logs to another system
#[derive(Args, Debug)]
pub(crate) struct LogArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Export(ExportArgs),
}

/// Write the access log (閲覧履歴) and the administrative log (管理の記録) as JSON, one entry a line
///
/// Each entry of the access log carries the number of its leaf in the public log, so that the other system can tell that none is
/// missing. Run again, it goes on where it stopped. The lines hold personal data: guard them as the database. Exit code 0: everything
/// that was there is written.
#[derive(Args, Debug)]
struct ExportArgs {
    /// File to which the lines are added; it may be moved away in between [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// File that keeps what was written [default: with --out that file's name with .cursor; otherwise nothing is kept]
    #[arg(long, value_name = "FILE")]
    cursor: Option<PathBuf>,
    /// Begin with this day (in Japan) instead of with the first entry; counts only where nothing was written yet
    #[arg(long, value_name = "YYYY-MM-DD")]
    since: Option<Date>,
    /// Go on when everything is written, and wait for more
    #[arg(long)]
    follow: bool,
}

/// What was written.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// Public key of the installation: another one's logs are none of this.
    installation: String,
    /// Bytes in the file of --out, and the device's number of that file: a file that was moved away is another one.
    bytes: u64,
    inode: u64,
    position: Position,
}

pub(crate) fn run(args: &LogArgs) -> Result<ExitCode> {
    let What::Export(export) = &args.what;
    let app = open_existing(&args.data)?;
    let mut writer = Writer::open(export, &app)?;
    let runtime = runtime()?;
    if writer.cursor.position.is_new() {
        let ctx = Ctx::new(now(), Ids::system());
        runtime.block_on(log_export::begun(&app, &ctx, since(export)?)).map_err(operator)?;
    }
    let mut is_failing = false;
    loop {
        match step(&runtime, &app, &mut writer) {
            Ok(true) => is_failing = false,
            Ok(false) if !export.follow => return Ok(ExitCode::SUCCESS),
            Ok(false) => {
                is_failing = false;
                std::thread::sleep(LOOK);
            }
            Err(Failed::Read(error)) if export.follow => {
                if !is_failing {
                    eprintln!("記録を読めません。続けて試します：{error:#}");
                }
                is_failing = true;
                std::thread::sleep(LOOK);
            }
            Err(Failed::Read(error) | Failed::Write(error)) => return Err(error),
        }
    }
}

enum Failed {
    Read(anyhow::Error),
    Write(anyhow::Error),
}

/// Writes some lines; answers whether there were any.
fn step(runtime: &Runtime, app: &App, writer: &mut Writer) -> Result<bool, Failed> {
    let lines = runtime.block_on(log_export::next(app, &writer.cursor.position));
    let lines = lines.map_err(|error| Failed::Read(operator(error)))?;
    writer.write(&lines).map_err(Failed::Write)?;
    Ok(!lines.is_empty())
}

/// The instant at which the first day begins in Japan.
fn since(args: &ExportArgs) -> Result<Option<Timestamp>> {
    let Some(day) = args.since else { return Ok(None) };
    let japan = jiff::tz::Offset::from_seconds(9 * 3600)?;
    Ok(Some(japan.to_timestamp(day.at(0, 0, 0, 0))?))
}

/// Where the lines go, and what is kept of them.
struct Writer {
    /// None: standard output.
    out: Option<(PathBuf, File)>,
    kept: Option<PathBuf>,
    cursor: Cursor,
}

impl Writer {
    fn open(args: &ExportArgs, app: &App) -> Result<Self> {
        let beside = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(".cursor");
            PathBuf::from(name)
        };
        let kept = args.cursor.clone().or_else(|| args.out.as_deref().map(beside));
        let installation = app.keys.seal_public();
        let mut cursor = match kept.as_deref().map(std::fs::read_to_string) {
            Some(Ok(text)) => serde_json::from_str(&text).context("どこまで書き出したかのファイルとして読めません")?,
            Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).context("どこまで書き出したかのファイルが読めません");
            }
            Some(Err(_)) | None => {
                let position = Position::new(since(args)?);
                Cursor { installation: installation.clone(), bytes: 0, inode: 0, position }
            }
        };
        if cursor.installation != installation {
            bail!(
                "どこまで書き出したかのファイルは、別のデータのものです。--cursor か --out で、別のファイルを指してください。"
            );
        }
        let out = match &args.out {
            Some(path) => Some((path.clone(), reopen(path, &mut cursor).with_context(|| path.display().to_string())?)),
            None => None,
        };
        let writer = Self { out, kept, cursor };
        // What the lines themselves told is noted at once: the file may be moved away before there is more.
        if writer.out.is_some() {
            writer.note()?;
        }
        Ok(writer)
    }

    fn note(&self) -> Result<()> {
        match &self.kept {
            Some(path) => write_whole(path, &(serde_json::to_string(&self.cursor)? + "\n")),
            None => Ok(()),
        }
    }

    /// Writes lines so that they are on disk, then keeps how far it came.
    fn write(&mut self, lines: &[String]) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut text = lines.join("\n");
        text.push('\n');
        if let Some((path, file)) = &mut self.out {
            if inode(std::fs::metadata(&*path).ok().as_ref()) != self.cursor.inode {
                // Moved away: the rest goes into a new one.
                *file = reopen(path, &mut self.cursor).with_context(|| path.display().to_string())?;
            }
            file.write_all(text.as_bytes())?;
            file.sync_data()?;
            self.cursor.bytes += u64::try_from(text.len())?;
        } else {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
        for line in lines {
            self.cursor.position.told(line).context("a line of ours")?;
        }
        self.note()
    }
}

/// Opens the file for more lines. Where it is the one of before, lines behind the last note are noted, and what is no whole line is cut off.
fn reopen(path: &Path, cursor: &mut Cursor) -> Result<File> {
    let mut options = File::options();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let data = file.metadata()?;
    let (own, length) = (inode(Some(&data)), data.len());
    if cursor.inode == 0 && length > 0 && cursor.bytes == 0 && !cursor.position.is_new() {
        bail!("ほかの書き出しのファイルです。--out で別のファイルを指してください。");
    }
    if own != cursor.inode || length < cursor.bytes {
        // A new file: what is in it is read from its beginning, which is nothing unless the note was lost with the first lines.
        (cursor.inode, cursor.bytes) = (own, 0);
    }
    file.seek(SeekFrom::Start(cursor.bytes))?;
    let mut lines = BufReader::new(&file);
    loop {
        let mut line = String::new();
        let read = lines.read_line(&mut line)?;
        if !line.ends_with('\n') {
            break;
        }
        cursor.position.told(&line).context("記録の書き出しではない行があります")?;
        cursor.bytes += u64::try_from(read)?;
    }
    file.set_len(cursor.bytes)?;
    Ok(file)
}

#[cfg(unix)]
fn inode(data: Option<&std::fs::Metadata>) -> u64 {
    data.map_or(0, std::os::unix::fs::MetadataExt::ino)
}

#[cfg(not(unix))]
fn inode(data: Option<&std::fs::Metadata>) -> u64 {
    u64::from(data.is_some())
}
