//! The server's JSON API (docs/openapi.json), as far as this program needs it: with retries, and downloads that go on where
//! they broke off.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::http::{Response, StatusCode, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Proxy, RequestBuilder};

use crate::report::{FindingLine, Stop};

/// Bytes of the longest JSON answer: a draft with all its findings.
const MOST_JSON: u64 = 64 * 1024 * 1024;
/// The longest wait before a request is tried again, also when the server asks for more.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// The server, and who asks.
pub(crate) struct Server {
    agent: Agent,
    base: String,
    bearer: String,
    retries: u32,
}

/// Why a request gave nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The run ends.
    Stop(Stop),
    /// There is no such set, or not for this office, or no more.
    NotFound,
    /// The server refuses the request; the rest of the run goes on.
    Refused(Problem),
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// What the server says when it refuses (RFC 9457).
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Problem {
    #[serde(default)]
    pub(crate) code: String,
    #[serde(default)]
    pub(crate) detail: String,
}

/// How one try ended.
enum Once {
    /// Worth another try, after this time if the server says so.
    Again(String, Option<Duration>),
    Failed(Failure),
}

/// One end of a set.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct EndShape {
    pub(crate) office_no: String,
}

/// A file as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct FileShape {
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
}

/// A set of an upload.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct UploadedSet {
    pub(crate) files: Vec<FileShape>,
    pub(crate) verdict: String,
    #[serde(default)]
    pub(crate) say: Option<String>,
    #[serde(default)]
    pub(crate) outcome: Option<String>,
    #[serde(default)]
    pub(crate) set_id: Option<String>,
    #[serde(default)]
    pub(crate) sent_at: Option<String>,
    #[serde(default)]
    pub(crate) findings: Vec<FindingLine>,
}

/// The answer to an upload.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Uploaded {
    pub(crate) sets: Vec<UploadedSet>,
}

/// A line of the inbox.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct InboxRow {
    pub(crate) set_id: String,
}

/// A page of the inbox.
#[derive(Clone, Debug, Deserialize)]
struct InboxPage {
    sets: Vec<InboxRow>,
    next: Option<String>,
}

/// A set with its files.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SetShape {
    pub(crate) from: EndShape,
    pub(crate) to: EndShape,
    pub(crate) unit: Option<String>,
    pub(crate) month: Option<String>,
    pub(crate) serial: String,
    pub(crate) sent_at: String,
    pub(crate) files: Vec<FileShape>,
}

impl Server {
    /// A server by its address.
    pub(crate) fn new(address: &str, token: &str, insecure_http: bool, retries: u32) -> Result<Self, Stop> {
        let base = address.trim_end_matches('/');
        refuse_open_wire(base, insecure_http)?;
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            let say =
                "トークンのファイルの中身が、トークンではないようです。画面に出たトークンを1行だけ入れてください。";
            return Err(Stop::Usage(say.to_owned()));
        }
        let agent = agent(base);
        Ok(Self { agent, base: base.to_owned(), bearer: format!("Bearer {token}"), retries })
    }

    /// The address.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Sends a set, packed as zip. A repeat gets the first answer.
    pub(crate) fn upload(&self, packed: &[u8], key: &str) -> Result<Uploaded, Failure> {
        self.patiently(|| {
            let request = self
                .agent
                .post(self.at("uploads?send=true"))
                .header("authorization", &self.bearer)
                .header("content-type", "application/zip")
                .header("idempotency-key", key);
            json(judged(request.send(packed).map_err(|error| broken(&error))?)?)
        })
    }

    /// The sets that came, oldest first; only new ones, or all.
    pub(crate) fn inbox(&self, all: bool) -> Result<Vec<InboxRow>, Failure> {
        let state = if all { "" } else { "sent" };
        let (mut rows, mut before) = (Vec::new(), String::new());
        loop {
            let page: InboxPage = self.patiently(|| {
                let request = self.get("inbox").query("state", state).query("before", &before);
                json(judged(request.call().map_err(|error| broken(&error))?)?)
            })?;
            rows.extend(page.sets);
            match page.next {
                Some(next) if next != before => before = next,
                Some(_) | None => break,
            }
        }
        rows.reverse();
        Ok(rows)
    }

    /// A set with the digests of its files.
    pub(crate) fn set(&self, set_id: &str) -> Result<SetShape, Failure> {
        self.patiently(|| {
            let request = self.get(&format!("sets/{set_id}"));
            json(judged(request.call().map_err(|error| broken(&error))?)?)
        })
    }

    /// Fetches the files of a set as zip into a file, at most so many bytes; goes on where an earlier try broke off.
    pub(crate) fn download(&self, set_id: &str, into: &Path, most: u64) -> Result<(), Failure> {
        self.patiently(|| {
            let here = |error: io::Error| Once::Failed(Stop::at(into, &error).into());
            let there = fs::metadata(into).map_or(0, |metadata| metadata.len());
            let mut request = self.get(&format!("sets/{set_id}/files"));
            if there > 0 {
                request = request.header("range", format!("bytes={there}-"));
            }
            let response = request.call().map_err(|error| broken(&error))?;
            let mut file = match response.status() {
                // All of it is here already; whether it is right, the digests say.
                StatusCode::RANGE_NOT_SATISFIABLE => return Ok(()),
                StatusCode::PARTIAL_CONTENT if starts_at(&response) == Some(there) => {
                    File::options().append(true).open(into).map_err(here)?
                }
                _ => File::create(into).map_err(here)?,
            };
            let mut body = judged(response)?.into_body().into_with_config().limit(most).reader();
            let mut chunk = vec![0_u8; 64 * 1024];
            loop {
                let count = body.read(&mut chunk).map_err(|error| Once::Again(error.to_string(), None))?;
                let Some(bytes) = chunk.get(..count).filter(|bytes| !bytes.is_empty()) else {
                    return file.sync_all().map_err(here);
                };
                file.write_all(bytes).map_err(here)?;
            }
        })
    }

    fn at(&self, path: &str) -> String {
        format!("{}/api/v1/exchange/{path}", self.base)
    }

    fn get(&self, path: &str) -> RequestBuilder<ureq::typestate::WithoutBody> {
        self.agent.get(self.at(path)).header("authorization", &self.bearer)
    }

    /// Tries again with growing waits while the server cannot be reached or is busy.
    fn patiently<T>(&self, mut once: impl FnMut() -> Result<T, Once>) -> Result<T, Failure> {
        let mut tries = 0;
        loop {
            match once() {
                Ok(answer) => return Ok(answer),
                Err(Once::Failed(failure)) => return Err(failure),
                Err(Once::Again(why, _)) if tries >= self.retries => {
                    let say = format!(
                        "サーバー {} につながりません（{why}）。ネットワークを確かめて、もう一度実行してください。送受信の途中の記録は残っています。",
                        self.base
                    );
                    return Err(Stop::Unreachable(say).into());
                }
                Err(Once::Again(_, asked)) => {
                    thread::sleep(asked.unwrap_or_else(|| wait(tries)).min(LONGEST_WAIT));
                    tries += 1;
                }
            }
        }
    }
}

/// How this program speaks HTTP to the server at that address.
pub(crate) fn agent(base: &str) -> Agent {
    // The system's own trust: a server of one's own may have a certificate of one's own authority.
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    // Through a proxy only inside TLS: it would read the token otherwise.
    let proxy = if base.starts_with("https://") { Proxy::try_from_env() } else { None };
    let config = Agent::config_builder()
        .proxy(proxy)
        .http_status_as_error(false)
        // A redirect could carry the token elsewhere.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .tls_config(tls)
        .user_agent(concat!("kiban-agent/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_send_body(Some(Duration::from_mins(5)))
        .timeout_recv_response(Some(Duration::from_mins(2)))
        .timeout_recv_body(Some(Duration::from_mins(10)))
        .build();
    config.new_agent()
}

/// A quarter of a second, a half, one …; a little apart for each process, so that many offices do not come back at once.
fn wait(tries: u32) -> Duration {
    let apart = u64::from(std::process::id() % 250);
    Duration::from_millis((250 << tries.min(8)) + apart)
}

/// Without TLS, only to this machine.
pub(crate) fn refuse_open_wire(base: &str, insecure_http: bool) -> Result<(), Stop> {
    let uri: Uri = base.parse().map_err(|_| not_an_address(base))?;
    let host = uri.host().ok_or_else(|| not_an_address(base))?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_own = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if is_own || insecure_http => Ok(()),
        Some("http") => Err(Stop::Usage(format!(
            "{base} は暗号化されていないため、トークンとファイルがそのまま流れます。https:// で始まる住所にしてください。\
             閉じたネットワークの中だけで使うときは --insecure-http を付けてください。"
        ))),
        _ => Err(not_an_address(base)),
    }
}

fn not_an_address(base: &str) -> Stop {
    Stop::Usage(format!("{base} はサーバーの住所として読めません。https://ホスト名 の形で入れてください。"))
}

/// A request that got no answer.
fn broken(error: &ureq::Error) -> Once {
    Once::Again(error.to_string(), None)
}

/// Where the bytes of a partial answer begin.
fn starts_at(response: &Response<Body>) -> Option<u64> {
    let range = response.headers().get("content-range")?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

/// The answer if it is one; otherwise what to do.
fn judged(mut response: Response<Body>) -> Result<Response<Body>, Once> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let asked = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    let text = response.body_mut().with_config().limit(MOST_JSON).read_to_string().unwrap_or_default();
    let problem: Problem = serde_json::from_str(&text).unwrap_or_default();
    Err(match status.as_u16() {
        401 => {
            let say = "サーバーがトークンを受け付けません。期限が切れたか、止められています。「プログラム用トークン」の画面で新しく作り、ファイルを入れかえてください。";
            Once::Failed(Stop::Token(say.to_owned()).into())
        }
        404 if !problem.code.is_empty() => Once::Failed(Failure::NotFound),
        // 409: the same was just sent on another way; the repeat gets its answer.
        408 | 409 | 429 | 500..=599 => {
            let say = if problem.detail.is_empty() { status.to_string() } else { problem.detail };
            Once::Again(say, asked.map(Duration::from_secs))
        }
        400..=499 if !problem.code.is_empty() => Once::Failed(Failure::Refused(problem)),
        _ => Once::Failed(Stop::Answer(no_api(status)).into()),
    })
}

fn no_api(status: StatusCode) -> String {
    format!("サーバーの返事を読めません（{status}）。--server の住所が、このサービスの住所か確かめてください。")
}

fn json<T: DeserializeOwned>(mut response: Response<Body>) -> Result<T, Once> {
    let status = response.status();
    let text = response
        .body_mut()
        .with_config()
        .limit(MOST_JSON)
        .read_to_string()
        .map_err(|error| Once::Again(error.to_string(), None))?;
    serde_json::from_str(&text).map_err(|_| Once::Failed(Stop::Answer(no_api(status)).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_goes_in_the_clear_only_to_this_machine() {
        for own in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80", "https://kiban.example/"] {
            assert!(Server::new(own, "t", false, 0).is_ok(), "{own}");
        }
        for other in
            ["http://kiban.example", "http://192.0.2.1", "http://127.0.0.1.example", "http://localhost.example"]
        {
            assert!(matches!(Server::new(other, "t", false, 0), Err(Stop::Usage(_))), "{other}");
            assert!(Server::new(other, "t", true, 0).is_ok(), "{other}");
        }
        for bad in ["kiban.example", "", "ftp://kiban.example", "https://", "file:///etc"] {
            assert!(matches!(Server::new(bad, "t", true, 0), Err(Stop::Usage(_))), "{bad}");
        }
        for bad in ["", "two words", "line\nline", "全角"] {
            assert!(matches!(Server::new("https://kiban.example", bad, false, 0), Err(Stop::Usage(_))), "{bad}");
        }
    }

    #[test]
    fn waits_grow_and_end() {
        assert!(wait(0) < wait(2) && wait(2) < wait(4));
        assert!(wait(60) < Duration::from_secs(70));
    }
}
