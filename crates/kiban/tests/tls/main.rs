//! TLS 1.3 with certificates of terminals, against the program itself over loopback: who is refused before any HTTP.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and certificates hold by the real clock"
)]

mod scan;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use kaigo_app::attempt::{self, Refused};
use kaigo_app::pki::ca::{self, Holder, Pair, Purpose};
use kaigo_app::pki::{desk, office};
use kaigo_app::{App, Ctx, Ids, setup};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Caller, JobType, OperatorStaff, Staff};
use kaigo_store::db::Config;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, HandshakeKind, RootCertStore, StreamOwned};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kiban");

fn ctx() -> Ctx {
    Ctx::new(Timestamp::now(), Ids::system())
}

fn open(data: &Path) -> App {
    setup::open(data, &Config::Sqlite { path: data.join("kiban.db") }, Timestamp::now()).unwrap()
}

/// A server that runs.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(data: &Path, tls: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data).env_remove("KIBAN_DATABASE_URL");
        command.arg("--tls-cert").arg(tls.join("server.crt")).arg("--tls-key").arg(tls.join("server.key")).args(more);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut server = Self { child, port: 0 };
        for line in out.lines() {
            if let Some(url) = line.unwrap().strip_prefix("listening https://localhost:") {
                server.port = url.trim().parse().unwrap();
                return server;
            }
        }
        panic!("the server ended");
    }
}

impl Server {
    /// SIGTERM, and the end.
    fn stop(mut self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a client shows: key and certificate; none.
fn client(
    roots: &[Vec<u8>],
    own: Option<&Pair>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Arc<ClientConfig> {
    let mut trusted = RootCertStore::empty();
    for root in roots {
        trusted.add(CertificateDer::from(root.clone())).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    let config = config.with_root_certificates(trusted);
    Arc::new(match own {
        Some(pair) => {
            let chain = vec![CertificateDer::from(pair.issued.certificate.clone())];
            config.with_client_auth_cert(chain, PrivateKeyDer::try_from(pair.key.clone()).unwrap()).unwrap()
        }
        None => config.with_no_client_auth(),
    })
}

const NEW: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];
const OLD: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];

/// Asks for the page of health. The answer with its headers, and how the handshake went; none: refused before any HTTP.
fn ask(server: &Server, config: &Arc<ClientConfig>) -> Option<(String, HandshakeKind)> {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::clone(config), name).unwrap();
    let stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut tls = StreamOwned::new(connection, stream);
    tls.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut text = String::new();
    // Who does not say goodbye has said everything all the same.
    let read = tls.read_to_string(&mut text);
    if text.is_empty() {
        assert!(read.is_err() || text.is_empty());
        return None;
    }
    Some((text, tls.conn.handshake_kind().unwrap()))
}

fn admin(office_no: OfficeNo) -> Caller {
    Caller::Staff(Staff {
        account_id: String::new(),
        office_no,
        office_name: String::new(),
        services: Vec::new(),
        job: JobType::Clerk,
        is_admin: true,
        name: "港 明子".to_owned(),
    })
}

fn make(runtime: &Runtime, app: &App, holder: &Holder, days: i64, purpose: Purpose) -> Pair {
    let (app2, holder) = (app.clone(), holder.clone());
    let made = app.db.read(move |tx| ca::issuing(tx, &app2)?.pair(&ctx(), &holder, days, purpose));
    runtime.block_on(made).unwrap()
}

/// A certificate through the office's and the desk's acts, so that it can be revoked.
fn registered(runtime: &Runtime, app: &App, office_no: OfficeNo) -> (Pair, String) {
    runtime.block_on(async {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let csr = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
        let new = office::NewTerminals {
            names: "パソコン".to_owned(),
            way: "csr".to_owned(),
            csr,
            submit_key: "1".to_owned(),
        };
        let asked = office::request(app, &ctx(), &admin(office_no), &new).await.unwrap().remove(0);
        desk::approve(app, &ctx(), &operator(), &asked.certificate_id).await.unwrap();
        let kept = office::view(app, &ctx(), &admin(office_no), &asked.certificate_id).await.unwrap().terminal;
        let issued = kaigo_store::pki::Issued {
            serial: kept.serial.unwrap(),
            certificate: kept.certificate.unwrap(),
            not_before: kept.not_before.unwrap(),
            not_after: kept.not_after.unwrap(),
        };
        (Pair { key: key.serialize_der(), issued }, asked.certificate_id)
    })
}

fn operator() -> Caller {
    Caller::OperatorStaff(OperatorStaff { account_id: String::new(), name: "中央 結".to_owned(), is_admin: true })
}

#[test]
fn who_has_no_good_certificate_is_refused_before_any_http() {
    let folder = TempDir::new().unwrap();
    let (data, tls) = (folder.path().join("data"), folder.path().join("tls"));
    let runtime = Runtime::new().unwrap();
    let app = open(&data);
    let run = |arguments: &[&str]| {
        let done = Command::new(PROGRAM).args(arguments).arg("--data-dir").arg(&data).output().unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let key = folder.path().join("root.key");
    run(&["cert", "init", "--root-key", key.to_str().unwrap()]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    }
    run(&["cert", "server", "--name", "localhost", "--out", tls.to_str().unwrap()]);
    let roots = runtime.block_on(ca::anchors(&app)).unwrap();
    let holder =
        Holder { office_no: OfficeNo::from_body(*b"137000000"), office_name: "みなと".to_owned(), terminal_no: 9 };
    let (good, id) = registered(&runtime, &app, holder.office_no);
    let server = Server::start(&data, &tls, &["--client-certs", "required"]);

    let good = client(&roots, Some(&good), NEW);
    let (answer, kind) = ask(&server, &good).expect("a good certificate comes in");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    assert_eq!(kind, HandshakeKind::Full);
    // A resumed session is the one of the certificate it began with.
    assert_eq!(ask(&server, &good).unwrap().1, HandshakeKind::Resumed);

    let other = folder.path().join("other");
    let foreign_app = open(&other);
    runtime.block_on(ca::init(&foreign_app, &ctx(), "別の認証局")).unwrap();
    let foreign = make(&runtime, &foreign_app, &holder, 30, Purpose::Terminal);
    let late = make(&runtime, &app, &holder, -1, Purpose::Terminal);
    let wrong = make(&runtime, &app, &holder, 30, Purpose::Server);
    for (who, own) in [
        ("nobody", None),
        ("another authority's", Some(&foreign)),
        ("run out", Some(&late)),
        ("a server's", Some(&wrong)),
    ] {
        assert_eq!(ask(&server, &client(&roots, own, NEW)).map(|a| a.0), None, "{who}");
    }
    assert_eq!(ask(&server, &client(&roots, None, OLD)).map(|a| a.0), None, "TLS 1.2");

    // Revoked: refused within seconds, also who would resume.
    runtime.block_on(office::revoke(&app, &ctx(), &admin(holder.office_no), &id, "lost")).unwrap();
    let started = Instant::now();
    while ask(&server, &good).is_some() {
        assert!(started.elapsed() < Duration::from_secs(30), "a revoked certificate still comes in");
        std::thread::sleep(Duration::from_millis(200));
    }
    // What was refused is counted, also what happened since the last minute; the good ones are not.
    server.stop();
    let desk = OperatorStaff { account_id: "unei".to_owned(), name: "運営".to_owned(), is_admin: true };
    let counted = runtime.block_on(attempt::refused(&app, &ctx(), &Caller::OperatorStaff(desk))).unwrap();
    let times: i64 = counted.iter().filter(|(_, kind, _)| *kind == Refused::Handshake).map(|(_, _, times)| times).sum();
    assert!((6..100).contains(&times) && counted.iter().all(|(_, kind, _)| *kind == Refused::Handshake), "{counted:?}");

    // Where certificates are optional, who has none comes in; who shows a bad one does not.
    let server = Server::start(&data, &tls, &[]);
    assert!(ask(&server, &client(&roots, None, NEW)).is_some());
    assert!(ask(&server, &client(&roots, Some(&foreign), NEW)).is_none());
    assert!(ask(&server, &good).is_none());
}
