//! A small HTTP/1.1 client that keeps its connections: light, because it shares the cores with the server.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::process::thread_cpu_seconds;
use super::{number, ratio};

/// Largest answer that is read.
const MOST: usize = 8 << 20;
/// Answers of one run at most: bounds the memory of the measurement.
const MOST_ANSWERS: usize = 4_000_000;
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer; its bytes stay in the connection until the next request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    head: usize,
    pub(super) body: usize,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("{address} につながりません"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(256 << 10) })
    }

    /// Sends a request and reads the whole answer.
    pub(super) async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut answer: Option<Answer> = None;
        loop {
            if let Some(answer) = answer.filter(|a| self.buffer.len() >= a.head + a.body) {
                return Ok(answer);
            }
            if self.buffer.len() > MOST {
                bail!("the answer is longer than {MOST} bytes");
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server closed the connection");
            }
            if answer.is_none() {
                answer = read_head(&self.buffer)?;
            }
        }
    }

    pub(super) fn head(&self, answer: Answer) -> String {
        String::from_utf8_lossy(self.buffer.get(..answer.head).unwrap_or_default()).into_owned()
    }

    pub(super) fn text(&self, answer: Answer) -> String {
        let end = answer.head + answer.body;
        String::from_utf8_lossy(self.buffer.get(answer.head..end).unwrap_or_default()).into_owned()
    }
}

/// Reads the head of an answer, once it is there whole.
fn read_head(bytes: &[u8]) -> Result<Option<Answer>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default()).context("the head of an answer")?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let status: u16 = status.context("the answer is not HTTP/1.1")?;
    let mut length = None;
    for line in head.lines().skip(1) {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse().context("content-length")?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            bail!("this client does not read transfer-encoding {}", value.trim());
        }
    }
    let body = match (length, status) {
        (Some(length), _) => length,
        (None, 204 | 304) => 0,
        (None, _) => bail!("an answer without content-length"),
    };
    let head = end + 4;
    Ok(Some(Answer { status, head, body }))
}

/// The bytes of a GET.
pub(super) fn get(host: &str, path: &str, cookies: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookies}\r\naccept: */*\r\n\r\n").into_bytes()
}

/// The bytes of a POST of a form.
pub(super) fn post(host: &str, path: &str, cookies: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    let body = pairs.collect::<Vec<_>>().join("&");
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\ncookie: {cookies}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn encode(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// Cookies of one login, by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Cookies(BTreeMap<String, String>);

impl Cookies {
    /// Takes what the head of an answer sets.
    pub(super) fn take(&mut self, head: &str) {
        for line in head.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            if !name.eq_ignore_ascii_case("set-cookie") {
                continue;
            }
            let pair = value.split(';').next().unwrap_or_default().trim();
            if let Some((name, value)) = pair.split_once('=') {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// As a request carries them.
    pub(super) fn text(&self) -> String {
        let pairs = self.0.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }
}

/// A load: connections that send requests one after the other, each as soon as the last one is answered.
#[derive(Clone, Debug)]
pub(super) struct Load {
    pub(super) address: SocketAddr,
    pub(super) connections: usize,
    /// Not measured: caches fill, connections open.
    pub(super) warm_up: Duration,
    pub(super) measure: Duration,
}

/// What a load measured.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    /// Answers with status 200 within the measured time.
    pub(super) answers: u64,
    /// Answers with status 200, with those of the warming up.
    pub(super) all_answers: u64,
    /// Other answers and broken connections.
    pub(super) errors: u64,
    pub(super) seconds: f64,
    /// Bytes of all measured bodies.
    bytes: u64,
    /// Sorted, in microseconds.
    latencies: Vec<u32>,
    /// CPU seconds of the client in the measured time and the warming up.
    pub(super) client_cpu: f64,
}

impl Measured {
    pub(super) fn per_second(&self) -> f64 {
        ratio(number(self.answers), self.seconds)
    }

    /// Mean size of a body in bytes.
    pub(super) fn body(&self) -> u64 {
        self.bytes.checked_div(self.answers).unwrap_or(0)
    }

    /// Latency in milliseconds that so many in a thousand do not exceed.
    pub(super) fn latency(&self, permille: usize) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let at = (self.latencies.len() * permille / 1000).min(last);
        self.latencies.get(at).map_or(0.0, |us| f64::from(*us) / 1000.0)
    }
}

/// Sends the requests in a row over all connections, on one thread, and measures. Blocks until it is over.
pub(super) fn drive(load: &Load, requests: &[Vec<u8>]) -> Result<Measured> {
    let (load, requests) = (load.clone(), requests.to_vec());
    let thread = std::thread::Builder::new().name("client".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let before = thread_cpu_seconds().unwrap_or(0.0);
        let mut all = runtime.block_on(drive_all(&load, requests))?;
        all.client_cpu = thread_cpu_seconds().unwrap_or(0.0) - before;
        Ok(all)
    })?;
    thread.join().unwrap_or_else(|_| bail!("the client stopped"))
}

async fn drive_all(load: &Load, requests: Vec<Vec<u8>>) -> Result<Measured> {
    let local = tokio::task::LocalSet::new();
    let requests = std::rc::Rc::new(requests);
    let start = Instant::now() + load.warm_up;
    let end = start + load.measure;
    let mut tasks = Vec::new();
    for n in 0..load.connections {
        let (requests, address) = (std::rc::Rc::clone(&requests), load.address);
        let first = n * requests.len() / load.connections;
        let most = MOST_ANSWERS / load.connections;
        tasks.push(local.spawn_local(async move { drive_one(address, &requests, first, (start, end), most).await }));
    }
    let mut all = Measured::default();
    local
        .run_until(async {
            for task in tasks {
                let one = task.await.context("a connection")??;
                all.answers += one.answers;
                all.all_answers += one.all_answers;
                all.errors += one.errors;
                all.bytes += one.bytes;
                all.latencies.extend(one.latencies);
            }
            Ok::<(), anyhow::Error>(())
        })
        .await?;
    all.latencies.sort_unstable();
    all.seconds = load.measure.as_secs_f64();
    Ok(all)
}

async fn drive_one(
    address: SocketAddr,
    requests: &[Vec<u8>],
    first: usize,
    (start, end): (Instant, Instant),
    most: usize,
) -> Result<Measured> {
    let mut connection = Connection::open(address).await?;
    let mut measured = Measured::default();
    for request in requests.iter().cycle().skip(first).take(most) {
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        let answer = match tokio::time::timeout(PATIENCE, connection.send(request)).await {
            Ok(Ok(answer)) if answer.status == 200 => answer,
            Ok(Ok(_)) => {
                measured.errors += 1;
                continue;
            }
            Ok(Err(_)) | Err(_) => {
                measured.errors += 1;
                connection = Connection::open(address).await?;
                continue;
            }
        };
        let done = Instant::now();
        measured.all_answers += 1;
        if sent >= start && done <= end {
            measured.answers += 1;
            measured.bytes += u64::try_from(answer.body).unwrap_or(0);
            let micros = u32::try_from((done - sent).as_micros()).unwrap_or(u32::MAX);
            measured.latencies.push(micros);
        }
    }
    Ok(measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_when_they_are_whole() {
        assert!(read_head(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap().is_none());
        let answer = read_head(b"HTTP/1.1 303 See Other\r\nContent-Length: 12\r\n\r\nabc").unwrap().unwrap();
        assert_eq!((answer.status, answer.body), (303, 12));
        assert!(read_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(read_head(b"SSH-2.0\r\n\r\n").is_err());
    }

    #[test]
    fn cookies_are_kept_by_name() {
        let mut cookies = Cookies::default();
        cookies.take("HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/; HttpOnly\r\nset-cookie: b=2\r\n");
        cookies.take("HTTP/1.1 200 OK\r\nset-cookie: a=3\r\n");
        assert_eq!(cookies.text(), "a=3; b=2");
    }

    #[test]
    fn latencies_are_read_from_their_order() {
        let measured = Measured { latencies: (1..=1000).map(|n| n * 1000).collect(), ..Measured::default() };
        assert!((measured.latency(500) - 501.0).abs() < 0.1);
        assert!((measured.latency(990) - 991.0).abs() < 0.1);
        assert!((measured.latency(1000) - 1000.0).abs() < 0.1);
        assert!(Measured::default().latency(500).abs() < 0.1);
    }

    #[test]
    fn form_values_are_encoded() {
        assert_eq!(encode("a-b 介&="), "a-b%20%E4%BB%8B%26%3D");
    }
}
