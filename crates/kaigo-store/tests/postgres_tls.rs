//! TLS to a real PostgreSQL server: who it is is known before it learns anything, and it knows who we are.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kaigo_store::db::{Config, Db, Error};
use kaigo_testkit::own_server::{Authority, OwnServer, PASSWORD};

/// The superuser comes in as the tests of the database need it; the others only over TLS, `card` by its certificate alone.
const RULES: &str = "host all kiban 127.0.0.1/32 scram-sha-256\n\
     hostssl all card 127.0.0.1/32 cert\n\
     hostssl all clerk 127.0.0.1/32 scram-sha-256\n";

struct Place(tempfile::TempDir);

impl Place {
    fn file(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }
}

fn open(url: String) -> Result<Db, Error> {
    Db::open(&Config::Postgres { url, connections: 1, network_is_guarded: false })
}

fn why(opened: Result<Db, Error>) -> String {
    opened.err().map(|e| e.to_string()).unwrap_or_default()
}

/// Version of TLS and name in the client's certificate, as the server sees them.
fn seen(db: &Db) -> (Option<String>, Option<String>) {
    let row = db
        .read_blocking(|tx| {
            tx.query_opt("SELECT version, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[])
        })
        .unwrap_or_else(|e: Error| panic!("{e}"))
        .unwrap();
    (row.opt_text(0).unwrap().map(str::to_owned), row.opt_text(1).unwrap().map(str::to_owned))
}

/// The address of the server by a name, whoever answers to that name elsewhere.
fn named(port: u16, role: &str, rest: &str) -> String {
    format!(
        "host=db.example hostaddr=127.0.0.1 port={port} dbname=tls user={role} password={PASSWORD} sslmode=verify-full {rest}"
    )
}

fn root(path: &Path) -> String {
    format!("sslrootcert={}", path.display())
}

#[test]
fn a_server_is_known_by_its_certificate_before_it_learns_anything() {
    let place = Place(tempfile::tempdir().unwrap());
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (certificate, key) = ours.server("db.example", 2090);
    let server = OwnServer::start(&certificate, &key, &ours.pem, RULES);
    server.create_database("tls");
    server.admin().batch_execute(&format!("CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}'")).unwrap();
    let (ca, stranger) = (place.file("ca.pem", &ours.pem), place.file("stranger.pem", &theirs.pem));

    let db = open(named(server.port, "clerk", &root(&ca))).unwrap();
    assert_eq!(seen(&db), (Some("TLSv1.3".to_owned()), None));
    drop(db);
    // The same role without TLS is not let in by the server, so that what went through above was TLS.
    let plain = open(format!("postgres://clerk:{PASSWORD}@127.0.0.1:{}/tls?sslmode=disable", server.port));
    assert!(why(plain).contains("no encryption"));
    // Where nobody wants to know who it is, TLS is spoken all the same.
    for mode in ["prefer", "require"] {
        let db = open(format!("postgres://clerk:{PASSWORD}@127.0.0.1:{}/tls?sslmode={mode}", server.port)).unwrap();
        assert_eq!(seen(&db).0.as_deref(), Some("TLSv1.3"), "{mode}");
    }

    let came = |log: &str| log.matches("user=clerk").count();
    let before = came(&server.log());
    assert!(before > 0, "the log names who came");
    let wrong = why(open(named(server.port, "clerk", &root(&stranger))));
    assert!(wrong.contains("invalid peer certificate") && wrong.contains("sslrootcert"), "{wrong}");
    let system = why(open(named(server.port, "clerk", "sslrootcert=system")));
    assert!(system.contains("UnknownIssuer") || system.contains("認証局がありません"), "{system}");
    let name = format!(
        "postgres://clerk:{PASSWORD}@127.0.0.1:{}/tls?sslmode=verify-full&sslrootcert={}",
        server.port,
        ca.display()
    );
    let wrong = why(open(name.clone()));
    assert!(wrong.contains("not valid for name"), "{wrong}");
    let (certificate, key) = ours.server("db.example", 2002);
    server.certify(&certificate, &key);
    let wrong = why(open(named(server.port, "clerk", &root(&ca))));
    assert!(wrong.contains("expired"), "{wrong}");
    assert!(!wrong.contains(PASSWORD), "{wrong}");
    assert_eq!(came(&server.log()), before, "nobody of those learned the name of a role");
    // An address is a name, too.
    let (certificate, key) = ours.server("127.0.0.1", 2090);
    server.certify(&certificate, &key);
    open(name).unwrap();
}

#[test]
fn who_poses_as_the_server_gets_nothing() {
    let place = Place(tempfile::tempdir().unwrap());
    let (ours, theirs) = (Authority::new(), Authority::new());
    let ca = place.file("ca.pem", &ours.pem);
    for speaks_tls in [true, false] {
        let (certificate, key) = theirs.server("db.example", 2090);
        let posing = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = posing.local_addr().unwrap().port();
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = posing.accept().unwrap();
            // Who goes on talking to it waits for an answer.
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut asked = [0; 8];
            stream.read_exact(&mut asked).unwrap();
            assert_eq!(asked, [0, 0, 0, 8, 4, 210, 22, 47], "the first thing asked is TLS");
            let mut heard = Vec::new();
            if speaks_tls {
                stream.write_all(b"S").unwrap();
                let mut tls = rustls_server(&certificate, &key);
                let mut stream = rustls::Stream::new(&mut tls, &mut stream);
                drop(stream.read_to_end(&mut heard));
            } else {
                stream.write_all(b"N").unwrap();
                drop(stream.read_to_end(&mut heard));
            }
            heard
        });
        let refused = why(open(named(port, "clerk", &root(&ca))));
        assert!(refused.contains("パスワードは送っていません"), "{refused}");
        assert_eq!(heard.join().unwrap(), Vec::<u8>::new());
    }
}

fn rustls_server(certificate: &str, key: &str) -> rustls::ServerConnection {
    use rustls::pki_types::pem::PemObject as _;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![rustls::pki_types::CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            rustls::pki_types::PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    rustls::ServerConnection::new(Arc::new(config)).unwrap()
}

#[test]
fn a_certificate_opens_the_way_without_a_password() {
    let place = Place(tempfile::tempdir().unwrap());
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (certificate, key) = ours.server("db.example", 2090);
    let server = OwnServer::start(&certificate, &key, &ours.pem, RULES);
    server.create_database("tls");
    server.admin().batch_execute("CREATE ROLE card LOGIN").unwrap();
    let ca = place.file("ca.pem", &ours.pem);
    let shown = |name: &str, (certificate, key): (String, String)| {
        let certificate = place.file(&format!("{name}.pem"), &certificate);
        let key = place.file(&format!("{name}.key"), &key);
        format!("{} sslcert={} sslkey={}", root(&ca), certificate.display(), key.display())
    };
    let card = shown("card", ours.client("card"));
    let db = open(named(server.port, "card", &card)).unwrap();
    assert_eq!(seen(&db), (Some("TLSv1.3".to_owned()), Some("/CN=card".to_owned())));
    drop(db);

    let none = why(open(named(server.port, "card", &root(&ca))));
    assert!(none.contains("valid client certificate"), "{none}");
    let somebody = why(open(named(server.port, "card", &shown("clerk", ours.client("clerk")))));
    assert!(somebody.contains("certificate authentication failed"), "{somebody}");
    assert!(open(named(server.port, "card", &shown("forged", theirs.client("card")))).is_err());

    let (a, b) = (ours.client("card"), ours.client("card"));
    let mixed = why(open(named(server.port, "card", &shown("mixed", (a.0, b.1)))));
    assert!(mixed.contains("合いません"), "{mixed}");
    let key = place.0.path().join("card.key");
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let open_key = why(open(named(server.port, "card", &card)));
    assert!(open_key.contains("chmod 600"), "{open_key}");
}
