//! TLS 1.3 by rustls, with certificates of terminals: refused before any HTTP, looked at again when a session is resumed, and ended
//! when they are revoked.
//!
//! Files and the database are looked at every two seconds: a new certificate of the server, a new authority or a new revocation list
//! counts without a restart. Then tickets of before are worth nothing: who comes again shows the certificate again. What cannot be
//! read leaves everything as it was, and a revocation list that has run out refuses every certificate: nothing fails open.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use axum::http::{HeaderMap, HeaderName};
use clap::ValueEnum;
use kaigo_app::attempt::Refused;
use kaigo_app::ctx::Came;
use kaigo_app::pki::ca;
use kaigo_app::{App, Ids};
use kaigo_core::steps::Wire;
use kaigo_core::terminal::TerminalCertificate;
use kaigo_web::{Clock, Passed, Peer};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{ProtocolVersion, RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{interval, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::surroundings::now;

/// Time that a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes under way at once; more wait in the queue of the system.
const HANDSHAKES: usize = 512;
/// How often files and the database are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// Seconds after which a revocation list of our own is made anew though nothing changed: long before it runs out.
const OWN_CRL_SECONDS: i64 = 12 * 3600;

/// Whether terminals show a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClientCerts {
    /// None is asked for.
    Off,
    /// Asked for; who has none comes in all the same. Municipalities, people and the operator have none.
    #[default]
    Optional,
    /// Who has none is refused before any HTTP.
    Required,
}

/// Where the certificates are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// The server's certificate with its chain (PEM) and its key (PEM); none: a proxy speaks TLS.
    pub(crate) server: Option<(PathBuf, PathBuf)>,
    /// Another authority beside the installation's own, and its revocation list (PEM or DER).
    pub(crate) clients: Option<(PathBuf, PathBuf)>,
    /// Whether terminals show certificates.
    pub(crate) mode: ClientCerts,
}

impl Files {
    fn all(&self) -> impl Iterator<Item = &Path> {
        let pairs = self.server.iter().chain(self.clients.iter());
        pairs.flat_map(|(a, b)| [a.as_path(), b.as_path()])
    }
}

/// What counts now.
struct Current {
    acceptor: Option<TlsAcceptor>,
    verifier: Option<Arc<dyn ClientCertVerifier>>,
    revoked: HashSet<String>,
}

/// What counts now, exchanged while connections are open.
pub(crate) struct Live {
    current: RwLock<Arc<Current>>,
    generation: AtomicU64,
}

impl Live {
    fn now(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, current: Current) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(current);
        self.generation.fetch_add(1, Ordering::Release);
    }

    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }
}

/// What has to change for everything to be read anew.
#[derive(PartialEq, Eq)]
struct Stamp {
    files: Vec<Option<(SystemTime, u64)>>,
    revision: (i64, String),
    authorities: usize,
    half_day: i64,
}

/// Certificates of the server and of terminals.
#[derive(Clone)]
pub(crate) struct Tls {
    files: Files,
    app: App,
    clock: Clock,
    ids: Ids,
    live: Arc<Live>,
}

impl Tls {
    /// Reads everything once.
    ///
    /// # Errors
    /// What is missing or does not fit together.
    pub(crate) async fn open(files: Files, app: App, clock: Clock, ids: Ids) -> Result<Self> {
        let empty = Current { acceptor: None, verifier: None, revoked: HashSet::new() };
        let live = Arc::new(Live { current: RwLock::new(Arc::new(empty)), generation: AtomicU64::new(0) });
        let tls = Self { files, app, clock, ids, live };
        let first = tls.read().await?;
        if first.verifier.is_none() && tls.files.mode == ClientCerts::Required {
            bail!(
                "端末の電子証明書を確かめる認証局がありません。kiban cert init で作るか、--client-ca で指してください。"
            );
        }
        tls.live.put(first);
        Ok(tls)
    }

    /// Whether certificates of terminals can be verified.
    pub(crate) fn verifies(&self) -> bool {
        self.live.now().verifier.is_some()
    }

    /// Whether this program speaks TLS itself.
    pub(crate) fn speaks(&self) -> bool {
        self.files.server.is_some()
    }

    async fn stamp(&self) -> Result<Stamp> {
        let files = self.files.all().map(|path| {
            let data = std::fs::metadata(path).ok()?;
            Some((data.modified().ok()?, data.len()))
        });
        let files = files.collect();
        let (revision, authorities) = self
            .app
            .db
            .read(|tx| {
                Ok::<_, kaigo_store::db::Error>((
                    kaigo_store::pki::revision(tx)?,
                    kaigo_store::pki::authorities(tx)?.len(),
                ))
            })
            .await?;
        Ok(Stamp { files, revision, authorities, half_day: now().as_second().div_euclid(OWN_CRL_SECONDS) })
    }

    async fn read(&self) -> Result<Current> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let (verifier, revoked) = match self.files.mode {
            ClientCerts::Off => (None, HashSet::new()),
            ClientCerts::Optional | ClientCerts::Required => self.verifier(&provider).await?,
        };
        let Some((certificate, key)) = &self.files.server else {
            return Ok(Current { acceptor: None, verifier, revoked });
        };
        let chain = certificates(certificate)?;
        let key = PrivateKeyDer::from_pem_file(key).with_context(|| key.display().to_string())?;
        let config =
            ServerConfig::builder_with_provider(provider).with_protocol_versions(&[&rustls::version::TLS13])?;
        let config = match &verifier {
            Some(verifier) => config.with_client_cert_verifier(Arc::clone(verifier)),
            None => config.with_no_client_auth(),
        };
        let mut config = config.with_single_cert(chain, key).context("サーバーの電子証明書と鍵が合いません")?;
        // Keys of tickets live in this process only: a ticket of before a change, or of another process, is not read.
        config.ticketer = rustls::crypto::ring::Ticketer::new()?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Current { acceptor: Some(TlsAcceptor::from(Arc::new(config))), verifier, revoked })
    }

    async fn verifier(
        &self,
        provider: &Arc<rustls::crypto::CryptoProvider>,
    ) -> Result<(Option<Arc<dyn ClientCertVerifier>>, HashSet<String>)> {
        let mut roots = RootCertStore::empty();
        let mut lists = Vec::new();
        if ca::is_there(&self.app).await.map_err(crate::surroundings::operator)? {
            for anchor in ca::anchors(&self.app).await.map_err(crate::surroundings::operator)? {
                roots.add(CertificateDer::from(anchor))?;
            }
            let ctx = self.clock.ctx(&self.ids);
            lists.push(ca::crl(&self.app, &ctx).await.map_err(crate::surroundings::operator)?);
        }
        if let Some((authority, list)) = &self.files.clients {
            for anchor in certificates(authority)? {
                roots.add(anchor).with_context(|| authority.display().to_string())?;
            }
            lists.push(revocations(list)?);
        }
        if roots.is_empty() {
            return Ok((None, HashSet::new()));
        }
        let revoked = lists.iter().filter_map(|der| ca::serials(der)).flatten().collect();
        let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .with_crls(lists.into_iter().map(CertificateRevocationListDer::from))
            .only_check_end_entity_revocation()
            .enforce_revocation_expiration();
        let builder = if self.files.mode == ClientCerts::Optional { builder.allow_unauthenticated() } else { builder };
        Ok((Some(builder.build()?), revoked))
    }

    /// Reads anew what changes, until the program ends.
    pub(crate) async fn follow(self) {
        let mut ticks = interval(LOOK);
        let mut last = self.stamp().await.ok();
        let mut failing = false;
        loop {
            ticks.tick().await;
            let outcome = async {
                let stamp = self.stamp().await?;
                if last.as_ref() != Some(&stamp) {
                    self.live.put(self.read().await?);
                    last = Some(stamp);
                }
                Ok::<_, anyhow::Error>(())
            }
            .await;
            match outcome {
                Ok(()) => failing = false,
                Err(error) if !failing => {
                    failing = true;
                    eprintln!("電子証明書を読みなおせません。前のもので続けます：{error:#}");
                }
                Err(_) => {}
            }
        }
    }

    /// Connections of a listener, each after its handshake.
    pub(crate) fn listen(&self, listener: TcpListener) -> io::Result<TlsListener> {
        let local = listener.local_addr()?;
        let (done, incoming) = mpsc::channel(64);
        let (live, refused) = (Arc::clone(&self.live), Arc::clone(&self.app.refused));
        tokio::spawn(async move {
            let turns = Arc::new(Semaphore::new(HANDSHAKES));
            loop {
                let Ok(turn) = Arc::clone(&turns).acquire_owned().await else { return };
                let (stream, from) = match listener.accept().await {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        // Mostly too many open files: a moment later there is one again.
                        if error.kind() != io::ErrorKind::ConnectionAborted {
                            tokio::time::sleep(Duration::from_millis(100)).await;
                        }
                        continue;
                    }
                };
                let (live, done, refused) = (Arc::clone(&live), done.clone(), Arc::clone(&refused));
                tokio::spawn(async move {
                    let shaken = timeout(HANDSHAKE, shake(&live, stream, from)).await;
                    drop(turn);
                    match shaken {
                        Ok(Ok(connection)) => drop(done.send(connection).await),
                        Ok(Err(Some(why))) => refused.add(Refused::Handshake, &place(from), &why),
                        Ok(Err(None)) | Err(_) => {}
                    }
                });
            }
        });
        Ok(TlsListener { incoming, local })
    }

    /// What reads and verifies the certificate that a proxy passes on in a header: RFC 9440 (`:BASE64:`), or PEM with `%XX` as nginx
    /// (`$ssl_client_escaped_cert`) and others write it.
    pub(crate) fn passed(&self, header: HeaderName) -> Passed {
        let live = Arc::clone(&self.live);
        Arc::new(move |headers: &HeaderMap| {
            let mut values = headers.get_all(&header).iter();
            let value = values.next()?.to_str().ok()?;
            if values.next().is_some() {
                return None;
            }
            let der = passed_der(value)?;
            verified(&live.now(), &der)
        })
    }
}

/// Verifies a certificate as the handshake would, without the proof of the key: that is the proxy's word.
fn verified(current: &Current, der: &[u8]) -> Option<TerminalCertificate> {
    let moment = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(now().as_second()).ok()?));
    let certificate = CertificateDer::from(der);
    current.verifier.as_ref()?.verify_client_cert(&certificate, &[], moment).ok()?;
    ca::terminal_of(der)
}

/// The bytes of a certificate as a proxy writes it: `:base64:` (RFC 9440), or PEM with escapes.
fn passed_der(value: &str) -> Option<Vec<u8>> {
    passed_bytes(value).filter(|bytes| !bytes.is_empty())
}

fn passed_bytes(value: &str) -> Option<Vec<u8>> {
    if let Some(inner) = value.trim().strip_prefix(':').and_then(|v| v.strip_suffix(':')) {
        let text = format!("-----BEGIN CERTIFICATE-----\n{inner}\n-----END CERTIFICATE-----\n");
        return CertificateDer::from_pem_slice(text.as_bytes()).ok().map(|c| c.to_vec());
    }
    let mut text = Vec::with_capacity(value.len());
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            text.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            text.push(byte);
        }
    }
    CertificateDer::from_pem_slice(&text).ok().map(|c| c.to_vec())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let all: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).with_context(|| path.display().to_string())?.collect();
    let all = all.with_context(|| path.display().to_string())?;
    if all.is_empty() {
        bail!("{} に電子証明書（PEM）がありません", path.display());
    }
    Ok(all)
}

fn revocations(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let der = match CertificateRevocationListDer::from_pem_slice(&bytes) {
        Ok(list) => list.to_vec(),
        Err(_) => bytes,
    };
    ca::serials(&der).with_context(|| format!("{} は失効リスト（CRL）として読めません", path.display()))?;
    Ok(der)
}

/// The handshake of one connection, and what is asked of it beyond: a resumed session shows no certificate, so what is kept of it
/// is looked at as if it did.
///
/// # Errors
/// Why there is none, in TLS's words or ours; none: the other end went away or took too long to say anything.
async fn shake(live: &Arc<Live>, stream: TcpStream, from: SocketAddr) -> Result<(Connection, Peer), Option<String>> {
    let generation = live.generation();
    let current = live.now();
    stream.set_nodelay(true).map_err(|_| None)?;
    let acceptor = current.acceptor.clone().ok_or(None)?;
    let stream = acceptor.accept(stream).await.map_err(|e| tls_error(&e))?;
    let wire = stream.get_ref().1.protocol_version().and_then(named).map(Wire::Tls);
    let leaf = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first()).cloned();
    let mut certificate = None;
    if let Some(leaf) = leaf {
        if ca::ends(&leaf).is_none_or(|end| end < now().as_second()) {
            return Err(Some("the certificate ran out".to_owned()));
        }
        // One that names no terminal says nothing about an office: as if none had been shown.
        certificate = ca::terminal_of(&leaf).map(Arc::new);
    }
    let connection = Connection {
        stream,
        serial: certificate.as_ref().map(|c| c.serial.clone()),
        live: Arc::clone(live),
        generation,
    };
    if connection.is_revoked() {
        return Err(Some("the certificate was revoked".to_owned()));
    }
    Ok((connection, Peer { address: Some(from.ip()), certificate, wire }))
}

/// What TLS says of a handshake that failed; none where the connection only ended.
fn tls_error(error: &io::Error) -> Option<String> {
    error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()).map(ToString::to_string)
}

/// Where a connection came from, as far as it is written down.
fn place(from: SocketAddr) -> String {
    Came { address: Some(from.ip()), ..Came::default() }.place()
}

/// A version of TLS as the pages name it.
fn named(version: ProtocolVersion) -> Option<&'static str> {
    let known = [(ProtocolVersion::TLSv1_3, "TLSv1.3"), (ProtocolVersion::TLSv1_2, "TLSv1.2")];
    known.into_iter().find_map(|(of, name)| (of == version).then_some(name))
}

/// A connection after its handshake: ends at the next reading once its certificate is revoked.
pub(crate) struct Connection {
    stream: TlsStream<TcpStream>,
    serial: Option<String>,
    live: Arc<Live>,
    generation: u64,
}

impl Connection {
    fn is_revoked(&self) -> bool {
        self.serial.as_ref().is_some_and(|serial| self.live.now().revoked.contains(serial))
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let generation = self.live.generation();
        if generation != self.generation {
            if self.is_revoked() {
                return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
            }
            self.generation = generation;
        }
        let polled = Pin::new(&mut self.stream).poll_read(context, into);
        // What came in while nobody looked: judged before anybody sees it.
        if polled.is_ready() && self.live.generation() != self.generation && self.is_revoked() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        polled
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }
}

/// Connections after their handshakes.
pub(crate) struct TlsListener {
    incoming: mpsc::Receiver<(Connection, Peer)>,
    local: SocketAddr,
}

impl axum::serve::Listener for TlsListener {
    type Io = Connection;
    type Addr = Peer;

    async fn accept(&mut self) -> (Connection, Peer) {
        match self.incoming.recv().await {
            Some(connection) => connection,
            // The task that accepts never ends before the program does.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Peer> {
        Ok(Peer { address: Some(self.local.ip()), ..Peer::default() })
    }
}

/// How an address is told in a URL: this machine by its name, which certificates bear.
pub(crate) fn host(address: std::net::IpAddr) -> String {
    match address {
        loopback if loopback.is_loopback() => "localhost".to_owned(),
        std::net::IpAddr::V4(v4) => v4.to_string(),
        std::net::IpAddr::V6(v6) => format!("[{v6}]"),
    }
}

/// Names of a server, for its certificate: without doubles, in order.
pub(crate) fn names(typed: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    typed.iter().map(|n| n.trim().to_owned()).filter(|n| !n.is_empty() && seen.insert(n.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passed_certificate_is_read_in_both_spellings_and_nothing_else_is() {
        let der = b"0\x03abc";
        let pem = ca::pem("CERTIFICATE", der);
        let inner: String = pem.lines().filter(|l| !l.starts_with('-')).collect();
        assert_eq!(passed_der(&format!(":{inner}:")).as_deref(), Some(&der[..]));
        let escaped = pem.bytes().map(|b| format!("%{b:02X}")).collect::<Vec<_>>().concat();
        assert_eq!(passed_der(&escaped).as_deref(), Some(&der[..]));
        for bad in ["", ":", "::", "abc", "%", "%2", "%zz", ":!!:", "-----BEGIN CERTIFICATE-----"] {
            assert_eq!(passed_der(bad), None, "{bad}");
        }
    }
}
