//! A private PostgreSQL server: its own data folder, port and password, never the machine's own cluster.
//!
//! Invariants: it listens on 127.0.0.1 only; it asks for a random password; it syncs to disk, because durability is tested;
//! text sorts by bytes (`'B' < 'a'`), as in the embedded database; it is stopped and its folder is removed when the value is
//! dropped, when a signal ends this program (`process::stop_everything_on_signal`), and when this program is killed.

use std::fmt::Write as _;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::place::{Place, is_executable};
use crate::process::{self, say};

/// Oldest major version that the store supports.
pub(crate) const OLDEST_VERSION: u32 = 15;

/// Name of the superuser, who may create databases.
const SUPERUSER: &str = "kiban";

/// Accounts that may run the server when we are root (PostgreSQL refuses to run as root), best first.
const SERVER_ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// Settings beside those of `initdb`: small, but safe on disk.
const SETTINGS: [&str; 12] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "shared_buffers=64MB",
    "max_connections=200",
    "max_wal_size=512MB",
    "jit=off",
    "logging_collector=off",
    "log_min_messages=warning",
    "timezone=UTC",
];

/// A running private server.
pub(crate) struct Server {
    child: Child,
    /// Holds the data folder and the server's log; removed at the end.
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    password: String,
}

impl Server {
    /// Makes a cluster and starts its server; returns when it accepts connections.
    pub(crate) fn start(place: &Place) -> Result<Self> {
        let programs =
            find_programs().context("no PostgreSQL server of version 15 or later: run `cargo xtask test` once")?;
        let account = ServerAccount::choose()?;
        let folder = make_folder(place, &account)?;
        match Self::start_in(&programs, &account, &folder) {
            Ok(server) => Ok(server),
            Err(error) => {
                drop(std::fs::remove_dir_all(&folder));
                Err(error)
            }
        }
    }

    fn start_in(programs: &Path, account: &ServerAccount, folder: &Path) -> Result<Self> {
        let password = random_hex(16)?;
        let password_file = folder.join("password");
        std::fs::write(&password_file, &password)?;
        account.give(&password_file)?;
        let data = folder.join("data");
        let outcome = process::capture_all(
            account
                .command(&programs.join("initdb"))
                .arg(format!("--pgdata={}", data.display()))
                .arg(format!("--username={SUPERUSER}"))
                .arg(format!("--pwfile={}", password_file.display()))
                .args(["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"])
                .current_dir(folder),
        )?;
        if !outcome.succeeded {
            bail!("initdb failed:\n{}", outcome.output);
        }
        std::fs::remove_file(&password_file)?;
        // Another program may take the free port before the server does; then try the next one.
        let mut last_error = None;
        for _ in 0..5 {
            match Self::start_on(programs, account, folder, free_port()?, &password) {
                Ok(server) => return Ok(server),
                Err(error) => last_error = Some(error),
            }
        }
        Err(last_error.context("at least one attempt")?)
    }

    fn start_on(programs: &Path, account: &ServerAccount, folder: &Path, port: u16, password: &str) -> Result<Self> {
        let log = std::fs::File::create(folder.join("server.log"))?;
        let mut command = account.command(&programs.join("postgres"));
        command.arg("-D").arg(folder.join("data")).args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.current_dir(folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        let child = command.spawn().context("starting the PostgreSQL server")?;
        process::register_server(child.id(), folder.to_path_buf());
        let mut server = Self {
            child,
            folder: folder.to_path_buf(),
            programs: programs.to_path_buf(),
            port,
            password: password.to_owned(),
        };
        if let Err(error) = server.wait_until_ready() {
            server.stop();
            return Err(error);
        }
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        loop {
            let mut probe = self.client("pg_isready");
            if process::capture_all(probe.arg("--quiet"))?.succeeded {
                return Ok(());
            }
            let has_ended = self.child.try_wait()?.is_some();
            if has_ended || started.elapsed() > Duration::from_mins(1) {
                let log = std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
                bail!("the private PostgreSQL server did not start:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Connection URL of the maintenance database, as a superuser who may create databases.
    pub(crate) fn url(&self) -> String {
        self.url_of("postgres")
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// Creates an empty database and returns its URL.
    pub(crate) fn create_database(&self, name: &str) -> Result<String> {
        let outcome = process::capture_all(self.client("createdb").arg(name))?;
        if !outcome.succeeded {
            bail!("createdb {name} failed: {}", outcome.output);
        }
        Ok(self.url_of(name))
    }

    /// A client program of the same version, told how to reach this server.
    fn client(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", SUPERUSER]);
        command.env("PGPASSWORD", &self.password).env("LC_ALL", "C");
        command
    }

    /// Stops the server; the folder stays.
    fn stop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: ends the sessions, writes a checkpoint.
        process::send_signal("INT", &self.child.id().to_string());
        if let Err(error) = process::wait_or_kill(&mut self.child, Duration::from_secs(20)) {
            say(&format!("note: the private PostgreSQL server: {error:#}"));
        }
        process::forget_server(self.child.id());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        if let Err(error) = std::fs::remove_dir_all(&self.folder)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            say(&format!("note: {} could not be removed: {error}", self.folder.display()));
        }
    }
}

/// Starts a server for a person at a terminal, prints its URL, and stops it on Enter or at the end of input.
pub(crate) fn serve_until_enter(place: &Place) -> Result<bool> {
    crate::prerequisites::for_postgres(place)?;
    let server = Server::start(place)?;
    say(&server.url());
    say("Enter or Ctrl-C stops the server and removes its data.");
    std::io::stdin().read_line(&mut String::new())?;
    drop(server);
    Ok(true)
}

/// The folder with the programs of the newest installed server; wrappers elsewhere in PATH come last.
pub(crate) fn find_programs() -> Option<PathBuf> {
    let mut folders: Vec<(u32, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        let Some(version) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        folders.push((version, entry.path().join("bin")));
    }
    folders.sort();
    let in_path = Place::find_program("postgres").and_then(|file| file.parent().map(Path::to_path_buf));
    let newest_first = folders.into_iter().rev().map(|(_, folder)| folder);
    newest_first.chain(in_path).find(|folder| is_complete(folder) && version_of(folder) >= Some(OLDEST_VERSION))
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres", "pg_isready", "createdb"].iter().all(|name| is_executable(&folder.join(name)))
}

/// Major version, from `postgres (PostgreSQL) 15.14 (Debian …)`.
fn version_of(folder: &Path) -> Option<u32> {
    let output = process::capture_all(Command::new(folder.join("postgres")).arg("--version")).ok()?.output;
    let number = output.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    number.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

/// Who runs the server.
enum ServerAccount {
    /// We ourselves: a plain user.
    Ourselves,
    /// This account, because we are root.
    Named(&'static str),
}

impl ServerAccount {
    fn choose() -> Result<Self> {
        if !is_root() {
            return Ok(Self::Ourselves);
        }
        let accounts = std::fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
        let exists = |name: &str| accounts.lines().any(|line| line.split(':').next() == Some(name));
        let name = SERVER_ACCOUNTS.into_iter().find(|name| exists(name));
        Ok(Self::Named(
            name.context("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`")?,
        ))
    }

    /// A command under this account. The kernel stops it when this program is killed.
    fn command(&self, program: &Path) -> Command {
        let setpriv = Place::find_program("setpriv");
        let mut command = match (self, setpriv) {
            (Self::Ourselves, None) => Command::new(program),
            (Self::Ourselves, Some(setpriv)) => {
                let mut command = Command::new(setpriv);
                command.args(["--pdeathsig=INT", "--"]).arg(program);
                command
            }
            (Self::Named(account), Some(setpriv)) => {
                let mut command = Command::new(setpriv);
                command.args([&format!("--reuid={account}"), "--init-groups", "--pdeathsig=INT"]);
                command.arg(format!("--regid={}", group_of(account))).arg("--").arg(program);
                command
            }
            (Self::Named(account), None) => {
                let mut command = Command::new("runuser");
                command.args(["-u", account, "--"]).arg(program);
                command
            }
        };
        command.env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGHOST").env_remove("PGPORT");
        command
    }

    /// Gives a file or folder to this account.
    fn give(&self, path: &Path) -> Result<()> {
        let Self::Named(account) = self else { return Ok(()) };
        let outcome = process::capture_all(Command::new("chown").arg(format!("{account}:")).arg(path))?;
        if !outcome.succeeded {
            bail!("chown {account}: {} failed: {}", path.display(), outcome.output);
        }
        Ok(())
    }

    /// Whether this account can reach the folder (a checkout in root's home is closed to others).
    fn can_enter(&self, folder: &Path) -> bool {
        let mut probe = self.command(Path::new("/usr/bin/test"));
        process::capture_all(probe.arg("-x").arg(folder)).is_ok_and(|outcome| outcome.succeeded)
    }
}

/// Primary group of an account; the account's own name where the machine does not say.
fn group_of(account: &str) -> String {
    let outcome = process::capture_all(Command::new("id").args(["-g", account]));
    match outcome {
        Ok(outcome) if outcome.succeeded => outcome.output.trim().to_owned(),
        Ok(_) | Err(_) => account.to_owned(),
    }
}

/// Whether this program runs as root.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// A new folder for one server, under target/ or, where the server's account cannot go there, in the temporary folder.
fn make_folder(place: &Place, account: &ServerAccount) -> Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    let name = format!("kiban-postgres-{}-{}", std::process::id(), random_hex(4)?);
    for parent in [place.target.clone(), std::env::temp_dir()] {
        remove_leftovers(&parent);
        let folder = parent.join(&name);
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("making {}", folder.display()))?;
        account.give(&folder)?;
        if account.can_enter(&folder) {
            return Ok(folder);
        }
        std::fs::remove_dir(&folder)?;
    }
    bail!("the account of the PostgreSQL server can enter neither {} nor the temporary folder", place.target.display())
}

/// Removes the folders of runs that were killed and could not do it themselves.
fn remove_leftovers(parent: &Path) {
    for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process =
            name.to_str().and_then(|name| name.strip_prefix("kiban-postgres-")).and_then(|rest| rest.split('-').next());
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Random bytes from the kernel, in hexadecimal.
fn random_hex(bytes: usize) -> Result<String> {
    let mut buffer = vec![0; bytes];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut buffer)?;
    let mut text = String::with_capacity(bytes * 2);
    for byte in buffer {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_passwords_have_the_length_asked_for_and_differ() {
        let (first, second) = (random_hex(16).unwrap(), random_hex(16).unwrap());
        assert_eq!(first.len(), 32);
        assert_ne!(first, second);
    }
}
