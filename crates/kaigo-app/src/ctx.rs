//! Time and randomness as parameters.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::tz::Offset;
use kaigo_core::date::Date;
use kaigo_core::terminal::TerminalCertificate;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

/// What a use case may know of the world: the moment, the day, a source of identifiers, the request.
#[derive(Clone)]
pub struct Ctx {
    /// The moment.
    pub now: Timestamp,
    /// The day in Japan, on which rules are judged. The demo and tests may set another one than the moment's.
    pub today: Date,
    /// Identifiers and salts.
    pub ids: Ids,
    /// The request, for the log and for error pages.
    pub request_id: String,
    /// Where the request came from.
    pub came: Came,
    /// The certificate of the terminal that the request came from, verified; none: it showed none.
    pub terminal: Option<Arc<TerminalCertificate>>,
}

/// Where a request came from, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// The address of the browser: of the connection, or what a trusted proxy says.
    pub address: Option<IpAddr>,
    /// What the browser says of itself (`User-Agent`).
    pub browser: String,
}

impl Came {
    /// The network that counts as one for limits: an IPv4 address, the first 64 bits of an IPv6 address.
    pub fn network(&self) -> Option<String> {
        Some(match self.address?.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => first_of(address, 4),
        })
    }

    /// The address without its end, as it is kept and shown: `203.0.113.*`, `2001:db8:1:*`. Empty if it is not known.
    pub fn place(&self) -> String {
        match self.address.map(|address| address.to_canonical()) {
            Some(IpAddr::V4(address)) => {
                let [a, b, c, _] = address.octets();
                format!("{a}.{b}.{c}.*")
            }
            Some(IpAddr::V6(address)) => first_of(address, 3),
            None => String::new(),
        }
    }

    /// Family of browser and system, as it is kept and shown: `Edge（Windows）`. Empty if the browser says nothing.
    pub fn family(&self) -> String {
        let says = |mark: &str| self.browser.contains(mark);
        let first = |list: &[(&str, &'static str)]| list.iter().find(|(mark, _)| says(mark)).map(|(_, name)| *name);
        if self.browser.trim().is_empty() {
            return String::new();
        }
        // Each names those it descends from, too: the order counts.
        let browser = first(&[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("FxiOS/", "Firefox"),
            ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ]);
        let system = first(&[
            ("Windows", "Windows"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Mac OS X", "Mac"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ]);
        format!("{}（{}）", browser.unwrap_or("ほかのブラウザー"), system.unwrap_or("ほかの機器"))
    }
}

/// The first groups of an IPv6 address.
fn first_of(address: std::net::Ipv6Addr, groups: usize) -> String {
    let shown: Vec<String> = address.segments().iter().take(groups).map(|group| format!("{group:x}")).collect();
    format!("{}:*", shown.join(":"))
}

impl Ctx {
    /// A context at a moment, judged on the day of that moment in Japan.
    pub fn new(now: Timestamp, ids: Ids) -> Self {
        let request_id = ids.id();
        Self { now, today: day_in_japan(now), ids, request_id, came: Came::default(), terminal: None }
    }

    /// The moment as the store writes it.
    pub fn instant(&self) -> String {
        kaigo_store::time::instant(self.now)
    }
}

/// The calendar day in Japan (UTC+9, no summer time).
pub fn day_in_japan(at: Timestamp) -> Date {
    Offset::from_seconds(9 * 3600).unwrap_or(Offset::UTC).to_datetime(at).date()
}

/// A source of random bytes: the system's, or a repeatable one for tests.
#[derive(Clone)]
pub struct Ids(Source);

#[derive(Clone)]
enum Source {
    System(SystemRandom),
    Seeded(u64, Arc<AtomicU64>),
}

impl Ids {
    /// The system's randomness.
    pub fn system() -> Self {
        Self(Source::System(SystemRandom::new()))
    }

    /// The same bytes for the same seed, for tests only.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(seed, Arc::new(AtomicU64::new(0))))
    }

    /// Sixteen random bytes.
    pub fn bytes(&self) -> [u8; 16] {
        let mut out = [0_u8; 16];
        match &self.0 {
            Source::System(random) => {
                // Without randomness nothing may go on: an identifier that can be guessed opens a session.
                while random.fill(&mut out).is_err() {
                    std::thread::yield_now();
                }
            }
            Source::Seeded(seed, counter) => {
                let n = counter.fetch_add(1, Ordering::Relaxed);
                let hash = digest(&SHA256, &[seed.to_be_bytes(), n.to_be_bytes()].concat());
                out.iter_mut().zip(hash.as_ref()).for_each(|(o, b)| *o = *b);
            }
        }
        out
    }

    /// A random identifier, 32 hex digits (128 bits).
    pub fn id(&self) -> String {
        hex(&self.bytes())
    }

    /// An identifier that sorts by time: 12 hex digits of milliseconds and 20 of randomness.
    pub fn timed(&self, now: Timestamp) -> String {
        let mut id = format!("{:012x}", now.as_millisecond().max(0));
        id.push_str(self.id().get(..20).unwrap_or_default());
        id
    }
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |n: u8| DIGITS.get(usize::from(n)).copied().unwrap_or('0');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_end_and_browsers_their_versions() {
        let came = |address: &str, browser: &str| Came { address: address.parse().ok(), browser: browser.to_owned() };
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0";
        let here = came("203.0.113.77", edge);
        assert_eq!((here.place().as_str(), here.family().as_str()), ("203.0.113.*", "Edge（Windows）"));
        assert_eq!(here.network().as_deref(), Some("203.0.113.77"));
        let phone = came(
            "2001:db8:1:2:3:4:5:6",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
        );
        assert_eq!((phone.place().as_str(), phone.family().as_str()), ("2001:db8:1:*", "Safari（iPhone）"));
        assert_eq!(phone.network().as_deref(), Some("2001:db8:1:2:*"));
        assert_eq!(came("::ffff:192.0.2.9", "").place(), "192.0.2.*");
        let nowhere = came("", "curl/8");
        assert_eq!((nowhere.place().as_str(), nowhere.network()), ("", None));
        assert_eq!(nowhere.family(), "ほかのブラウザー（ほかの機器）");
    }
}
