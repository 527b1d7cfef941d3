//! `kiban loadtest handshake`: TLS handshakes with certificates of terminals, beside bare rustls in the same run.
//!
//! Both are asked by the same client in turns, full and resumed. A handshake counts when the first ticket has come: in TLS 1.3 the
//! client is done before the server has looked at its certificate, and a ticket is what the server sends once it has.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use kaigo_app::pki::ca::{self, Holder, Pair, Purpose};
use kaigo_app::{App, Ctx, Ids};
use kaigo_core::id::OfficeNo;
use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, ClientConnection, HandshakeKind, RootCertStore, ServerConfig};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use super::{number, ratio, rounded};
use crate::cert;
use crate::cli::Format;
use crate::surroundings::{now, open, operator, runtime, say};

/// How long one handshake may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Not measured, of each part: connections open, tables are in memory.
const WARM_UP: Duration = Duration::from_millis(500);
const HOST: &str = "localhost";

/// Measure TLS handshakes with client certificates
///
/// Makes an authority, a server's and a terminal's certificate in a folder of its own, starts `kiban serve --client-certs required` as
/// a process of its own, and a bare rustls server with the same keys that does nothing after the handshake. The same client asks both
/// in turns: full handshakes, then resumed ones. Prints handshakes per second (medians of the rounds) and how many times as long ours
/// take.
#[derive(Args, Debug)]
pub(crate) struct HandshakeArgs {
    /// Threads that ask
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: u8,
    /// Rounds; each asks both servers
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    rounds: u8,
    /// Seconds of each part of a round (there are four)
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Folder in which data and keys are made, and removed afterwards
    #[arg(long, value_name = "DIR", default_value = "./kiban-data")]
    work: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Keys and certificates of the run.
struct Keys {
    folder: TempDir,
    anchors: Vec<Vec<u8>>,
    terminal: Pair,
}

impl Keys {
    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn tls(&self) -> PathBuf {
        self.folder.path().join("tls")
    }

    fn make(work: &Path) -> Result<Self> {
        std::fs::create_dir_all(work).with_context(|| work.display().to_string())?;
        let folder = tempfile::Builder::new().prefix("loadtest-").tempdir_in(work)?;
        let data = folder.path().join("data");
        let app = open(&data, &kaigo_store::db::Config::Sqlite { path: data.join("kiban.db") })?;
        let tls = folder.path().join("tls");
        let (anchors, terminal) = runtime()?.block_on(async {
            ca::init(&app, &ctx(), "測定").await.map_err(operator)?;
            cert::write_server(&app, &[HOST.to_owned()], None, &tls).await?;
            let anchors = ca::anchors(&app).await.map_err(operator)?;
            let terminal = terminal(&app).await.map_err(operator)?;
            Ok::<_, anyhow::Error>((anchors, terminal))
        })?;
        Ok(Self { folder, anchors, terminal })
    }

    fn roots(&self) -> Result<RootCertStore> {
        let mut roots = RootCertStore::empty();
        for anchor in &self.anchors {
            roots.add(CertificateDer::from(anchor.clone()))?;
        }
        Ok(roots)
    }

    /// What a client shows and keeps.
    fn client(&self, resumes: bool) -> Result<Arc<ClientConfig>> {
        let chain = vec![CertificateDer::from(self.terminal.issued.certificate.clone())];
        let key = PrivateKeyDer::try_from(self.terminal.key.clone()).map_err(anyhow::Error::msg)?;
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])?;
        let mut config = config.with_root_certificates(self.roots()?).with_client_auth_cert(chain, key)?;
        if !resumes {
            config.resumption = Resumption::disabled();
        }
        Ok(Arc::new(config))
    }

    /// The bare server: the same keys, versions, tickets and authorities, and nothing of ours.
    fn bare(&self) -> Result<Arc<ServerConfig>> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let chain = CertificateDer::pem_file_iter(self.tls().join("server.crt"))?.collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_file(self.tls().join("server.key"))?;
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(self.roots()?), Arc::clone(&provider)).build()?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_client_cert_verifier(verifier);
        let mut config = config.with_single_cert(chain, key)?;
        config.ticketer = rustls::crypto::ring::Ticketer::new()?;
        Ok(Arc::new(config))
    }
}

fn ctx() -> Ctx {
    Ctx::new(now(), Ids::system())
}

async fn terminal(app: &App) -> Result<Pair, kaigo_app::Error> {
    let holder =
        Holder { office_no: OfficeNo::from_body(*b"137000000"), office_name: "測定".to_owned(), terminal_no: 1 };
    let app2 = app.clone();
    app.db.read(move |tx| ca::issuing(tx, &app2)?.pair(&ctx(), &holder, 30, Purpose::Terminal)).await
}

/// Our server, as a process of its own.
struct Ours {
    child: Child,
    address: SocketAddr,
}

impl Ours {
    fn start(keys: &Keys) -> Result<Self> {
        let tls = keys.tls();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--listen", "127.0.0.1:0", "--client-certs", "required", "--data-dir"]).arg(keys.data());
        command.arg("--tls-cert").arg(tls.join("server.crt")).arg("--tls-key").arg(tls.join("server.key"));
        let mut child = command.env_remove("KIBAN_DATABASE_URL").stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().context("stdout")?;
        for line in BufReader::new(out).lines() {
            if let Some(port) = line?.strip_prefix("listening https://localhost:") {
                let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.trim().parse()?));
                return Ok(Self { child, address });
            }
        }
        drop(child.kill());
        drop(child.wait());
        bail!("kiban serve が始まりませんでした")
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The bare server, within this program.
struct Bare {
    address: SocketAddr,
    _runtime: Runtime,
}

impl Bare {
    fn start(config: Arc<ServerConfig>) -> Result<Self> {
        let runtime = runtime()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let acceptor = TlsAcceptor::from(config);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    if stream.set_nodelay(true).is_err() {
                        return;
                    }
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    // Until the client goes away.
                    let mut byte = [0];
                    drop(stream.read(&mut byte).await);
                });
            }
        });
        Ok(Self { address, _runtime: runtime })
    }
}

/// One handshake, until the server has looked at the certificate.
fn shake(address: SocketAddr, config: &Arc<ClientConfig>) -> Result<HandshakeKind> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut connection = ClientConnection::new(Arc::clone(config), ServerName::try_from(HOST)?)?;
    while connection.is_handshaking() || connection.tls13_tickets_received() == 0 {
        if connection.complete_io(&mut stream)? == (0, 0) {
            bail!("the server closed the connection");
        }
    }
    connection.handshake_kind().context("no handshake")
}

/// Handshakes per second of all threads together. Every one must be of the kind that is measured.
fn measure(keys: &Keys, address: SocketAddr, resumes: bool, threads: u8, span: Duration) -> Result<f64> {
    let wanted = if resumes { HandshakeKind::Resumed } else { HandshakeKind::Full };
    let configs: Vec<_> = (0..threads).map(|_| keys.client(resumes)).collect::<Result<_>>()?;
    let counts = std::thread::scope(|scope| {
        let ask = |config: Arc<ClientConfig>| {
            scope.spawn(move || {
                // The first one of a client that resumes is a full one: it brings the tickets.
                shake(address, &config)?;
                let start = Instant::now() + WARM_UP;
                let end = start + span;
                let mut count = 0_u64;
                loop {
                    let began = Instant::now();
                    if began >= end {
                        return Ok(count);
                    }
                    let kind = shake(address, &config)?;
                    if kind != wanted {
                        bail!("a handshake was {kind:?}");
                    }
                    if began >= start && Instant::now() <= end {
                        count += 1;
                    }
                }
            })
        };
        let all: Vec<_> = configs.into_iter().map(ask).collect();
        let joined = all.into_iter().map(|thread| thread.join().unwrap_or_else(|_| bail!("a client stopped")));
        joined.collect::<Result<Vec<u64>>>()
    })?;
    Ok(ratio(number(counts.iter().sum()), span.as_secs_f64()))
}

/// The middle one.
fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}

fn compare(keys: &Keys, args: &HandshakeArgs, (ours, bare): (SocketAddr, SocketAddr), resumes: bool) -> Result<Value> {
    let span = Duration::from_secs(args.seconds);
    let (mut own, mut floor, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..args.rounds {
        let of_ours = || measure(keys, ours, resumes, args.threads, span);
        let of_bare = || measure(keys, bare, resumes, args.threads, span);
        // Who is asked first takes turns, too.
        let (a, b) = if round % 2 == 0 {
            let a = of_ours()?;
            (a, of_bare()?)
        } else {
            let b = of_bare()?;
            (of_ours()?, b)
        };
        own.push(a);
        floor.push(b);
        times.push(ratio(b, a));
    }
    Ok(json!({
        "per_second": rounded(median(own), 0),
        "bare_per_second": rounded(median(floor), 0),
        "times_the_floor": rounded(median(times), 2),
    }))
}

pub(crate) fn run(args: &HandshakeArgs) -> Result<ExitCode> {
    let keys = Keys::make(&args.work)?;
    let ours = Ours::start(&keys)?;
    let bare = Bare::start(keys.bare()?)?;
    let both = (ours.address, bare.address);
    eprintln!("電子証明書つきのTLSの接続を、rustlsだけのサーバーと交互に測ります。");
    let full = compare(&keys, args, both, false)?;
    let resumed = compare(&keys, args, both, true)?;
    let report = json!({ "threads": args.threads, "rounds": args.rounds, "full": full, "resumed": resumed });
    match args.format {
        Format::Text => say(&text(&report)),
        Format::Json => say(&serde_json::to_string_pretty(&report)?),
    }
    Ok(ExitCode::SUCCESS)
}

fn text(report: &Value) -> String {
    let line = |kind: &str| {
        let field = |name: &str| report.get(kind).and_then(|r| r.get(name)).map(Value::to_string).unwrap_or_default();
        format!(
            "{kind:8} {} /s   bare rustls {} /s   ours take {} times as long",
            field("per_second"),
            field("bare_per_second"),
            field("times_the_floor")
        )
    };
    format!("handshakes with a client certificate (medians)\n{}\n{}", line("full"), line("resumed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_server_is_asked_in_full_and_resumed() {
        let place = tempfile::tempdir().unwrap();
        let keys = Keys::make(place.path()).unwrap();
        let bare = Bare::start(keys.bare().unwrap()).unwrap();
        for resumes in [false, true] {
            let found = measure(&keys, bare.address, resumes, 2, Duration::from_secs(1)).unwrap();
            assert!(found > 1.0, "{found}");
        }
        // Who shows no certificate gets no ticket, so that it is never counted.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let nobody = ClientConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS13]);
        let nobody = nobody.unwrap().with_root_certificates(keys.roots().unwrap()).with_no_client_auth();
        assert!(shake(bare.address, &Arc::new(nobody)).is_err());
    }

    #[test]
    fn the_middle_is_told() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        assert!(median(Vec::new()).abs() < 1e-9);
    }
}
