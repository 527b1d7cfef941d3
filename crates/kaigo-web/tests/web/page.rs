//! A page that came back, and a browser that asks for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use tower::ServiceExt as _;

use crate::world::World;

/// A page that came back.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// The bytes as text.
    pub(crate) html: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where it sends the browser.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.html.contains(text)
    }

    /// The page goes on elsewhere, there.
    #[track_caller]
    pub(crate) fn moves_to(&self, there: &str) {
        assert_eq!((self.status, self.location()), (303, there), "{}", self.html);
    }

    /// The page asks for a login, and leads back here after it.
    #[track_caller]
    pub(crate) fn wants_login(&self, here: &str) {
        let place = self.location().split("&done=").next().unwrap();
        let want: String = format!("/login?next={}", encode(here)).replace("%2D", "-");
        assert_eq!((self.status, place), (303, want.as_str()), "{}", self.html);
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.html);
        self
    }

    /// Values of an attribute, in order.
    pub(crate) fn all(&self, attribute: &str) -> Vec<String> {
        values(&self.html, attribute)
    }

    /// What a form of the page would send by itself: its hidden fields.
    pub(crate) fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let start = self.html.find(&format!("action=\"{action}\"")).expect("the form is there");
        let form = self.html[start..].split("</form>").next().unwrap();
        let inputs = form.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
        inputs
            .filter(|input| input.contains("type=\"hidden\""))
            .map(|input| (values(input, "name").remove(0), plain(&values(input, "value").remove(0))))
            .collect()
    }

    /// The page without what differs from one request to the next: form token, identifiers that the test knows.
    pub(crate) fn without(&self, own: &[&str]) -> String {
        let mut text = self.html.clone();
        for token in values(&self.html, "value")
            .into_iter()
            .filter(|v| v.len() == 64 && v.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            text = text.replace(&token, "");
        }
        own.iter().filter(|own| !own.is_empty()).fold(text, |text, own| text.replace(own, "…"))
    }
}

/// Undoes what templates escape.
fn plain(text: &str) -> String {
    text.replace("&#38;", "&").replace("&#34;", "\"").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">")
}

fn values(text: &str, attribute: &str) -> Vec<String> {
    let mark = format!(" {attribute}=\"");
    text.split(&mark).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Text for a query or a form.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, b| {
        if b.is_ascii_alphanumeric() {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
        out
    })
}

/// A browser: cookies, the form token of the last page, headers that it sends with everything.
#[derive(Clone)]
pub(crate) struct Browser<'w> {
    world: &'w World<'w>,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) csrf: String,
    /// What it says about where a POST comes from.
    pub(crate) from: Vec<(&'static str, &'static str)>,
    /// The address of the connection, and what the browser calls itself; nothing: neither is known.
    pub(crate) came: Option<(std::net::IpAddr, &'static str)>,
    /// What stands in every request beside.
    pub(crate) says: Vec<(&'static str, &'static str)>,
    /// The certificate that its terminal shows.
    pub(crate) terminal: Option<std::sync::Arc<kaigo_core::terminal::TerminalCertificate>>,
}

impl<'w> Browser<'w> {
    pub(crate) fn new(world: &'w World<'w>) -> Self {
        let from = vec![("sec-fetch-site", "same-origin"), ("origin", "http://kiban.test")];
        Self {
            world,
            cookies: BTreeMap::new(),
            csrf: String::new(),
            from,
            came: None,
            says: Vec::new(),
            terminal: None,
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let page = self.ask("GET", path, String::new()).await;
        assert!(page.status < 500, "GET {path}: {}", page.html);
        page
    }

    /// Sends a form with the token of the last page, unless the fields name one.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let mut all = fields.to_vec();
        if !fields.iter().any(|(name, _)| *name == "csrf") {
            all.push(("csrf", &csrf));
        }
        let form: Vec<String> = all.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let page = self.ask("POST", path, form.join("&")).await;
        assert!(page.status < 500, "POST {path}: {}", page.html);
        page
    }

    /// Sends files with the token of the last page, as a form for files does.
    pub(crate) async fn upload(&mut self, path: &str, files: &[(&str, &[u8])]) -> Page {
        let csrf = self.csrf.clone();
        let page = self.send_parts(path, &[("csrf", &csrf)], files).await;
        assert!(page.status < 500, "POST {path}: {}", page.html);
        page
    }

    /// Sends fields and files without judging the answer.
    pub(crate) async fn send_parts(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Page {
        const EDGE: &str = "kiban-test-edge";
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"Content-Type: application/octet-stream\r\n\r\n");
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        self.send("POST", path, &format!("multipart/form-data; boundary={EDGE}"), body).await
    }

    /// Asks without judging the answer.
    pub(crate) async fn ask(&mut self, method: &str, path: &str, body: String) -> Page {
        self.send(method, path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Posts bytes of any kind without judging the answer.
    pub(crate) async fn raw(&mut self, path: &str, kind: &str, body: Vec<u8>) -> Page {
        self.send("POST", path, kind, body).await
    }

    async fn send(&mut self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> Page {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "kiban.test");
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        request = self.says.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        if method == "POST" {
            request = request.header(header::CONTENT_TYPE, kind);
            request = self.from.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        }
        let mut request = request.body(Body::from(body)).unwrap();
        if let Some((address, agent)) = self.came {
            let peer = kaigo_web::Peer { address: Some(address), ..kaigo_web::Peer::default() };
            request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
            request.headers_mut().insert(header::USER_AGENT, header::HeaderValue::from_static(agent));
        }
        if let Some(certificate) = &self.terminal {
            let peer = kaigo_web::Peer {
                address: self.came.map(|c| c.0),
                certificate: Some(certificate.clone()),
                ..kaigo_web::Peer::default()
            };
            request.extensions_mut().insert(axum::extract::ConnectInfo(peer));
        }
        let answer = self.world.router().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let page = Page {
            status: parts.status.as_u16(),
            html: String::from_utf8_lossy(&bytes).into_owned(),
            headers: parts.headers,
            bytes,
        };
        self.keep(&page);
        page
    }

    /// Keeps cookies and the form token, as a browser does.
    fn keep(&mut self, page: &Page) {
        for cookie in page.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let token = page.html.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(token) = token {
            token.clone_into(&mut self.csrf);
        }
    }

    /// The session's token.
    pub(crate) fn token(&self) -> &str {
        self.cookies.get("kiban_session").or(self.cookies.get("__Host-kiban_session")).map_or("", String::as_str)
    }
}
