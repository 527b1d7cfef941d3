//! The other end of a connection: its address, and the certificate of its terminal where TLS or a trusted proxy showed one.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};

use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::extract::{MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::serve::{IncomingStream, Listener};
use kaigo_app::ctx::Came;
use kaigo_app::{Ctx, Error};
use kaigo_core::policy::{Caller, Refusal};
use kaigo_core::rule::terminal::needed;
use kaigo_core::steps::Wire;
use kaigo_core::terminal::TerminalCertificate;
use tokio::net::{TcpListener, TcpStream};

use crate::Web;

/// Who is at the other end.
#[derive(Clone, Debug, Default)]
pub struct Peer {
    /// The address; none: not by a network (tests).
    pub address: Option<IpAddr>,
    /// The certificate of the terminal, verified in the handshake; none: it showed none.
    pub certificate: Option<Arc<TerminalCertificate>>,
    /// How it came: TLS that was agreed on here, or what a trusted proxy says; none: no TLS here, and nobody says more.
    pub wire: Option<Wire>,
}

/// A listener whose connections tell who is at their other end. A type of ours, because axum speaks for all others itself.
pub(crate) struct Told<L>(pub(crate) L);

impl<L: Listener<Addr = Peer>> Listener for Told<L> {
    type Io = L::Io;
    type Addr = Peer;

    async fn accept(&mut self) -> (L::Io, Peer) {
        self.0.accept().await
    }

    fn local_addr(&self) -> std::io::Result<Peer> {
        self.0.local_addr()
    }
}

impl<L: Listener<Addr = Peer>> Connected<IncomingStream<'_, Told<L>>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Told<L>>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Connections without TLS.
pub(crate) struct Plain(pub(crate) TcpListener);

impl Listener for Plain {
    type Io = TcpStream;
    type Addr = Peer;

    async fn accept(&mut self) -> (TcpStream, Peer) {
        let (stream, address): (TcpStream, SocketAddr) = Listener::accept(&mut self.0).await;
        (stream, Peer { address: Some(address.ip()), ..Peer::default() })
    }

    fn local_addr(&self) -> std::io::Result<Peer> {
        let address = self.0.local_addr()?;
        Ok(Peer { address: Some(address.ip()), ..Peer::default() })
    }
}

/// Reads and verifies the certificate that a proxy passes on.
pub type Passed = Arc<dyn Fn(&HeaderMap) -> Option<TerminalCertificate> + Send + Sync>;

/// What an installation asks of the terminals, and whom it believes.
#[derive(Clone, Default)]
pub struct Locks {
    /// Offices need a certificate for what [`kaigo_core::rule::terminal::NEEDS`] says.
    pub require_certificate: bool,
    /// Addresses of proxies whose headers are believed. From anybody else they count for nothing.
    pub trusted_proxies: Vec<IpAddr>,
    /// How a trusted proxy passes the certificate on; none: it does not.
    pub passed: Option<Passed>,
    /// The header in which a trusted proxy says the version of TLS; none: it does not.
    pub tls_version: Option<HeaderName>,
}

fn is_proxy(address: Option<IpAddr>, web: &Web) -> bool {
    address.is_some_and(|address| web.locks.trusted_proxies.contains(&address.to_canonical()))
}

/// The address that came to a trusted proxy.
fn behind(proxy: Option<IpAddr>, headers: &HeaderMap, web: &Web) -> Option<IpAddr> {
    // Each proxy adds the address it saw at the end: the last one that is no proxy of ours is who came.
    let said = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let named: Vec<IpAddr> = said.flat_map(|v| v.split(',')).filter_map(|a| a.trim().parse().ok()).collect();
    named.into_iter().rev().find(|a| !is_proxy(Some(*a), web)).or(proxy)
}

/// Where a request came from, as far as it is written down: an address without its end.
pub(crate) fn place_of(request: &Request, web: &Web) -> String {
    let direct = request.extensions().get::<ConnectInfo<Peer>>().and_then(|info| info.0.address);
    let address = if is_proxy(direct, web) { behind(direct, request.headers(), web) } else { direct };
    Came { address, ..Came::default() }.place()
}

/// Who is at the other end of a request: of the connection, or what a trusted proxy says of who is behind it.
pub(crate) fn peer(parts: &Parts, web: &Web) -> Peer {
    let direct = parts.extensions.get::<ConnectInfo<Peer>>().map(|info| info.0.clone()).unwrap_or_default();
    if !is_proxy(direct.address, web) {
        return direct;
    }
    let address = behind(direct.address, &parts.headers, web);
    let passed = web.locks.passed.as_ref().and_then(|read| read(&parts.headers)).map(Arc::new);
    let wire = wire(&parts.headers, web, passed.is_some());
    Peer { address, certificate: passed, wire }
}

/// What a trusted proxy says of the connection on its other side.
fn wire(headers: &HeaderMap, web: &Web, showed_certificate: bool) -> Option<Wire> {
    let last = |name: &HeaderName| headers.get_all(name).iter().next_back().and_then(|v| v.to_str().ok());
    if let Some(wire) = web.locks.tls_version.as_ref().and_then(last).and_then(|v| Wire::of_version(v.trim())) {
        return Some(wire);
    }
    // Only a handshake shows a certificate.
    if showed_certificate {
        return Some(Wire::Https);
    }
    let said = headers.get_all("x-forwarded-proto").iter().filter_map(|v| v.to_str().ok());
    let all: Vec<&str> = said.flat_map(|v| v.split(',')).map(str::trim).collect();
    // With several proxies each must have been come to by TLS.
    match all.as_slice() {
        [] => None,
        all if all.iter().all(|one| *one == "https") => Some(Wire::Https),
        all if all.contains(&"http") => Some(Wire::Plain),
        _ => None,
    }
}

/// Puts where a request came from, and from which terminal, into its context. Answers how it came.
pub(crate) fn place(ctx: &mut Ctx, parts: &Parts, web: &Web) -> Option<Wire> {
    let peer = peer(parts, web);
    let browser = parts.headers.get(axum::http::header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    ctx.came.address = peer.address;
    browser.clone_into(&mut ctx.came.browser);
    ctx.terminal = peer.certificate;
    peer.wire
}

/// The act or item that the table of URLs names for a path; `-` for one that is not in the table.
fn action_of(parts: &Parts) -> &'static str {
    static TABLE: OnceLock<HashMap<(&'static str, &'static str), &'static str>> = OnceLock::new();
    let table = TABLE
        .get_or_init(|| crate::routes().into_iter().map(|route| ((route.method, route.path), route.action)).collect());
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    table.get(&(parts.method.as_str(), path)).copied().unwrap_or("-")
}

/// What belongs to the account and the session themselves, and needs no certificate: nobody could come to one otherwise.
const FREE: &[&str] = &["/account", "/session/", "/logout", "/login", "/preferences/", "/office/steps"];

/// Whether the caller may come from this terminal to this page.
///
/// # Errors
/// [`Refusal::ForeignCertificate`] for a program on another office's terminal; [`Refusal::NoCertificate`] where one is asked for.
pub(crate) fn judge(web: &Web, ctx: &Ctx, caller: &Caller, parts: &Parts) -> Result<(), Error> {
    if let (Caller::Staff(staff), Some(certificate)) = (caller, &ctx.terminal)
        && staff.office_no != certificate.office_no
    {
        return Err(Refusal::ForeignCertificate.into());
    }
    let path = parts.uri.path();
    if !web.locks.require_certificate || ctx.terminal.is_some() || FREE.iter().any(|free| path.starts_with(free)) {
        return Ok(());
    }
    if needed(caller, action_of(parts), ctx.today) { Err(Refusal::NoCertificate.into()) } else { Ok(()) }
}
