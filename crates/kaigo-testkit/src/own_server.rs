//! A PostgreSQL server of a test's own: with TLS, with its own rules of who comes in, and with a log to look into.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, date_time_ymd,
};

use crate::template;

/// Name of the superuser.
const SUPERUSER: &str = "kiban";
/// Its password.
pub const PASSWORD: &str = "only-for-this-test";
/// Accounts that may run the server when we are root: PostgreSQL refuses to run as root.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];

/// An authority of the test.
pub struct Authority {
    /// Its certificate (PEM).
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// A new one; all of them have the same name.
    #[expect(clippy::new_without_default, reason = "each is another one")]
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self { pem: params.self_signed(&key).unwrap().pem(), issuer: Issuer::new(params, key) }
    }

    /// Certificate and key of a server with a name; `until`: its last year.
    pub fn server(&self, name: &str, until: i32) -> (String, String) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(until, 1, 1));
        self.signed(&params)
    }

    /// Certificate and key of a role.
    pub fn client(&self, role: &str) -> (String, String) {
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, role);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.signed(&params)
    }

    fn signed(&self, params: &CertificateParams) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}

/// A server that goes away with this value.
pub struct OwnServer {
    child: Child,
    folder: tempfile::TempDir,
    account: Option<String>,
    /// Its port on 127.0.0.1.
    pub port: u16,
}

impl OwnServer {
    /// Starts a server with a certificate and its key (PEM), the authority of clients (PEM), and the lines of `pg_hba.conf`.
    pub fn start(certificate: &str, key: &str, clients: &str, rules: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("kiban-own-server-").tempdir().unwrap();
        let account = account();
        give(account.as_deref(), folder.path());
        let data = folder.path().join("data");
        let password = folder.path().join("password");
        fs::write(&password, PASSWORD).unwrap();
        give(account.as_deref(), &password);
        let made = command(account.as_deref(), &program("initdb"))
            .arg(format!("--pgdata={}", data.display()))
            .arg(format!("--username={SUPERUSER}"))
            .arg(format!("--pwfile={}", password.display()))
            .args(["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = fs::File::create(folder.path().join("server.log")).unwrap();
        for (name, text) in
            [("server.pem", certificate), ("server.key", key), ("clients.pem", clients), ("pg_hba.conf", rules)]
        {
            put(account.as_deref(), &data.join(name), text);
        }
        let mut server = command(account.as_deref(), &program("postgres"));
        server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "ssl=on",
            "ssl_cert_file=server.pem",
            "ssl_key_file=server.key",
            "ssl_ca_file=clients.pem",
            "log_connections=on",
            "fsync=off",
            "shared_buffers=16MB",
            "timezone=UTC",
        ] {
            server.args(["-c", setting]);
        }
        server.current_dir(folder.path()).stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let started = Self { child: server.spawn().unwrap(), folder, account, port };
        started.wait();
        started
    }

    /// Exchanges the server's certificate; the next connection gets it.
    pub fn certify(&self, certificate: &str, key: &str) {
        let data = self.folder.path().join("data");
        put(self.account.as_deref(), &data.join("server.pem"), certificate);
        put(self.account.as_deref(), &data.join("server.key"), key);
        let before = self.log().matches("received SIGHUP").count();
        self.admin().batch_execute("SELECT pg_reload_conf()").unwrap();
        // The postmaster says it, reads the files, and only then takes the next connection.
        let until = Instant::now() + Duration::from_secs(10);
        while self.log().matches("received SIGHUP").count() == before {
            assert!(Instant::now() < until, "the server did not read its files anew:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A connection of the superuser, for which the rules must let 127.0.0.1 in.
    pub fn admin(&self) -> Client {
        Client::connect(&self.url("postgres"), NoTls).expect("the rules let the superuser in")
    }

    /// The address of a database, as the superuser, without a word of TLS.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database as ours have to be.
    pub fn create_database(&self, name: &str) {
        self.admin().batch_execute(&template::create_database(name, "template0")).unwrap();
    }

    /// What the server has written so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("server.log")).unwrap()
    }

    fn wait(&self) {
        let until = Instant::now() + Duration::from_mins(1);
        while Client::connect(&self.url("postgres"), NoTls).is_err() {
            assert!(Instant::now() < until, "the server did not start:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // The fast shutdown: it ends its processes and takes its shared memory along.
        drop(Command::new("kill").args(["-INT", &self.child.id().to_string()]).status());
        let until = Instant::now() + Duration::from_secs(10);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A program of the newest server that is installed, or of the one in the path.
fn program(name: &str) -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin").join(name))))
        .filter(|(_, path)| path.is_file())
        .collect();
    found.sort();
    found.pop().map_or_else(|| PathBuf::from(name), |(_, path)| path)
}

fn account() -> Option<String> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0);
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let is_there = |name: &str| accounts.lines().any(|line| line.split(':').next() == Some(name));
    let name = ACCOUNTS.into_iter().find(|name| is_there(name));
    is_root.then(|| name.expect("an account that may run PostgreSQL").to_owned())
}

/// A command under the account; it ends with us.
fn command(account: Option<&str>, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(account) = account {
        let group = Command::new("id").args(["-g", account]).output().unwrap();
        let group = String::from_utf8_lossy(&group.stdout).trim().to_owned();
        command.args([&format!("--reuid={account}"), &format!("--regid={group}"), "--init-groups"]);
    }
    command.args(["--pdeathsig=INT", "--"]).arg(program).env("LC_ALL", "C");
    command
}

fn give(account: Option<&str>, path: &Path) {
    let Some(account) = account else { return };
    let given = Command::new("chown").arg(format!("{account}:")).arg(path).status().unwrap();
    assert!(given.success(), "chown {}", path.display());
}

/// A file of the server's, closed to others.
fn put(account: Option<&str>, path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    give(account, path);
}
