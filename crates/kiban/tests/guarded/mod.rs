//! A PostgreSQL server that takes nobody without TLS and a certificate, with a role that owns the tables and one for daily use.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use kaigo_testkit::own_server::{Authority, OwnServer};

/// The superuser sets it up; everybody else shows a certificate.
const RULES: &str = "host all kiban 127.0.0.1/32 scram-sha-256\nhostssl all all 127.0.0.1/32 cert\n";

pub(crate) struct Guarded {
    pub(crate) server: OwnServer,
    folder: tempfile::TempDir,
}

impl Guarded {
    /// A server with an empty database.
    pub(crate) fn start() -> Self {
        let (ours, theirs) = (Authority::new(), Authority::new());
        let (certificate, key) = ours.server("127.0.0.1", 2090);
        let server = OwnServer::start(&certificate, &key, &ours.pem, RULES);
        server.create_database("kiban");
        let roles = "CREATE ROLE owner LOGIN; CREATE ROLE daily LOGIN; ALTER DATABASE kiban OWNER TO owner";
        server.admin().batch_execute(roles).unwrap();
        let guarded = Self { server, folder: tempfile::tempdir().unwrap() };
        guarded.file("ca.pem", &ours.pem);
        guarded.file("stranger.pem", &theirs.pem);
        for role in ["owner", "daily"] {
            let (certificate, key) = ours.client(role);
            guarded.file(&format!("{role}.pem"), &certificate);
            guarded.file(&format!("{role}.key"), &key);
        }
        guarded
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The address of the database for a role.
    pub(crate) fn url(&self, role: &str) -> String {
        self.url_with(role, "ca.pem")
    }

    /// The same with the authority of a file.
    pub(crate) fn url_with(&self, role: &str, authority: &str) -> String {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        format!(
            "postgres://{role}@127.0.0.1:{}/kiban?sslmode=verify-full&sslrootcert={}&sslcert={}&sslkey={}",
            self.server.port,
            path(authority),
            path(&format!("{role}.pem")),
            path(&format!("{role}.key"))
        )
    }

    /// Makes the tables and gives the daily role its rights, as the manual says.
    pub(crate) fn grant(&self) {
        let output = Command::new(env!("CARGO_BIN_EXE_kiban"))
            .args(["db", "grant", "--role", "daily"])
            .env("KIBAN_DATABASE_URL", self.url("owner"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
