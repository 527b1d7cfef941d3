//! Starting other programs, reading them live, and stopping all of them when this program is told to stop.
//!
//! Each child runs in its own process group, so that a browser started by a runner started by us is stopped with it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::count::Count;
use crate::place::Place;

/// What must be stopped and removed when a signal ends this program.
static RUNNING: Mutex<Running> = Mutex::new(Running { groups: Vec::new(), servers: Vec::new() });

struct Running {
    groups: Vec<u32>,
    servers: Vec<(u32, PathBuf)>,
}

/// Prints one line to standard output.
#[expect(clippy::print_stdout, reason = "a program for people at a terminal; this is its one door to it")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// What a finished program left.
pub(crate) struct Outcome {
    /// Whether it ended with status 0.
    pub(crate) succeeded: bool,
    /// The tests it reported.
    pub(crate) count: Count,
    /// What it wrote, when it was captured.
    pub(crate) output: String,
}

impl Outcome {
    /// True when it ended well and reported no failed and no ignored test.
    pub(crate) fn passed(&self) -> bool {
        self.succeeded && self.count.failed == 0 && self.count.ignored == 0
    }
}

/// A cargo command in the repository, with the settings that are the same for every step of a run
/// (other settings per step would make cargo build everything again).
pub(crate) fn cargo(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(&place.cargo);
    command.args(arguments).current_dir(&place.root).env("CARGO_TARGET_DIR", &place.target);
    // The variables of the package that cargo runs (us) must not reach the builds of others.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH"] {
        command.env_remove(name);
    }
    if place.is_ci {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Runs to the end, passing every line on to the terminal at once and counting the tests reported on standard output.
pub(crate) fn stream(command: &mut Command) -> Result<Outcome> {
    run_through(command.stderr(Stdio::inherit()), true)
}

/// Runs to the end and keeps standard output; standard error passes on to the terminal.
pub(crate) fn capture(command: &mut Command) -> Result<Outcome> {
    run_through(command.stderr(Stdio::inherit()), false)
}

/// Runs to the end in silence and keeps standard output and standard error together.
pub(crate) fn capture_all(command: &mut Command) -> Result<Outcome> {
    let name = name_of(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("could not start {name}"))?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok(Outcome { succeeded: output.status.success(), count: Count::default(), output: text })
}

fn run_through(command: &mut Command, is_live: bool) -> Result<Outcome> {
    let name = name_of(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
    let mut child = command.spawn().with_context(|| format!("could not start {name}"))?;
    let _group = Group::register(child.id());
    let mut outcome = Outcome { succeeded: false, count: Count::default(), output: String::new() };
    let mut lines = BufReader::new(child.stdout.take().context("the output is piped")?);
    let mut bytes = Vec::new();
    while lines.read_until(b'\n', &mut bytes)? > 0 {
        let line = String::from_utf8_lossy(&bytes);
        if is_live {
            outcome.count.add(Count::of_line(&line));
            let mut terminal = std::io::stdout().lock();
            terminal.write_all(line.as_bytes())?;
            terminal.flush()?;
        } else {
            outcome.output.push_str(&line);
        }
        bytes.clear();
    }
    outcome.succeeded = child.wait().with_context(|| format!("waiting for {name}"))?.success();
    Ok(outcome)
}

fn name_of(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Keeps a child's process group on the list of what to stop.
struct Group(u32);

impl Group {
    fn register(id: u32) -> Self {
        running(|list| list.groups.push(id));
        Self(id)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        running(|list| list.groups.retain(|id| *id != self.0));
    }
}

/// Keeps a server and its folder on the list of what to stop and remove.
pub(crate) fn register_server(id: u32, folder: PathBuf) {
    running(|list| list.servers.push((id, folder)));
}

/// Takes a server off the list once it is stopped and removed.
pub(crate) fn forget_server(id: u32) {
    running(|list| list.servers.retain(|(other, _)| *other != id));
}

fn running<T>(use_list: impl FnOnce(&mut Running) -> T) -> T {
    use_list(&mut RUNNING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// From now on SIGINT, SIGTERM and SIGHUP stop all children, remove the private servers, and end this program.
pub(crate) fn stop_everything_on_signal() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("listening for signals")?;
    thread::spawn(move || {
        let Some(signal) = signals.forever().next() else { return };
        // The lock is kept until the end: nothing new may start.
        let list = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        for group in &list.groups {
            send_signal("TERM", &format!("-{group}"));
        }
        for (server, folder) in &list.servers {
            send_signal("INT", &server.to_string());
            wait_until_gone(*server, Duration::from_secs(10));
            send_signal("KILL", &server.to_string());
            drop(std::fs::remove_dir_all(folder));
        }
        say("\nstopped by a signal; the private servers are stopped and removed");
        std::process::exit(128 + signal);
    });
    Ok(())
}

/// Sends a signal to a process (`123`) or to a process group (`-123`). A process that is gone already is fine.
pub(crate) fn send_signal(signal: &str, to: &str) {
    // The shell's own kill: /bin/kill is not on every machine.
    let script = format!("kill -s {signal} -- {to} 2>/dev/null");
    drop(Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).status());
}

/// Waits until a process has ended, at most the given time; true when it has.
fn wait_until_gone(id: u32, at_most: Duration) -> bool {
    let started = Instant::now();
    while is_alive(id) {
        if started.elapsed() > at_most {
            return false;
        }
        thread::sleep(Duration::from_millis(20));
    }
    true
}

/// Whether a process exists and is not a zombie waiting for its parent.
fn is_alive(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}

/// Waits until a child has ended, at most the given time; kills it after that.
pub(crate) fn wait_or_kill(child: &mut Child, at_most: Duration) -> Result<()> {
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed() > at_most {
            child.kill()?;
            child.wait()?;
            bail!("it did not stop within {} s and was killed", at_most.as_secs());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
