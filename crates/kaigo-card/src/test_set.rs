//! A set of test cards in a folder: a test issuer of today and of the next generation, and one card of each kind that comes over
//! the counter. For tests and the demo; nothing of a real card is in it.

use std::fs;
use std::io;
use std::path::Path;

use crate::certificate::{KeyKind, hex, unhex};
use crate::test_card::{CannotMake, TestCard, TestIssuer, Validity};
use crate::virtual_card::{Trouble, VirtualCard};

/// What kind of test card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A good one.
    Normal,
    /// Another good one, of somebody else.
    Second,
    /// A good one with one try of the PIN left.
    OneTry,
    /// The PIN is locked.
    Locked,
    /// The certificate ran out.
    Expired,
    /// The certificate was revoked.
    Revoked,
    /// Issued by nobody who is trusted.
    Foreign,
    /// Keys and hash of the next generation.
    Next,
    /// The renewed certificate of the holder of the first.
    Renewed,
    /// Taken away while it is read.
    Removed,
    /// No マイナンバーカード.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Normal,
        Self::Second,
        Self::OneTry,
        Self::Locked,
        Self::Expired,
        Self::Revoked,
        Self::Foreign,
        Self::Next,
        Self::Renewed,
        Self::Removed,
        Self::Other,
    ];

    /// Name of its file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Second => "second",
            Self::OneTry => "one-try",
            Self::Locked => "locked",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Foreign => "foreign",
            Self::Next => "next",
            Self::Renewed => "renewed",
            Self::Removed => "removed",
            Self::Other => "other",
        }
    }

    /// What it is, for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Normal => "ふつうのカード",
            Self::Second => "ほかの人のカード",
            Self::OneTry => "暗証番号をあと1回しか試せないカード",
            Self::Locked => "暗証番号がロックされたカード",
            Self::Expired => "電子証明書の期限が切れたカード",
            Self::Revoked => "電子証明書が失効したカード",
            Self::Foreign => "発行者を確かめられないカード",
            Self::Next => "次のカード（楕円曲線の鍵）",
            Self::Renewed => "電子証明書を更新したカード",
            Self::Removed => "読み取りの途中で離れるカード",
            Self::Other => "マイナンバーカードではないカード",
        }
    }

    fn serial(self) -> u64 {
        let place = Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default();
        1001 + u64::try_from(place).unwrap_or_default()
    }
}

/// PIN of every test card.
pub const PIN: &str = "0471";
/// First line of the file of a card.
const HEAD: &str = "kaigo-kiban TEST card 1";

/// A card out of its file.
pub struct CardFile {
    /// Kind.
    pub kind: Kind,
    /// Certificate and key.
    pub card: TestCard,
}

impl CardFile {
    /// The card as it lies on a reader.
    pub fn insert(&self) -> Option<VirtualCard> {
        let pin = *crate::pin::Pin::parse(PIN)?.digits();
        let card = self.card.card(pin)?;
        Some(match self.kind {
            Kind::OneTry => card.with_tries(1),
            Kind::Locked => card.with_tries(0),
            Kind::Removed => card.with_trouble(Trouble::RemovedAfter(6)),
            Kind::Other => card.with_trouble(Trouble::OtherCard),
            Kind::Normal
            | Kind::Second
            | Kind::Expired
            | Kind::Revoked
            | Kind::Foreign
            | Kind::Next
            | Kind::Renewed => card,
        })
    }

    fn text(&self) -> String {
        let (certificate, key) = (hex(&self.card.certificate), hex(&self.card.key));
        format!("{HEAD}\n{}\n{}\n{certificate}\n{key}\n", self.kind.name(), self.card.serial)
    }

    /// Reads a file of [`make`].
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        let bad = || io::Error::new(io::ErrorKind::InvalidData, format!("{} is no test card", path.display()));
        let mut lines = text.lines();
        if lines.next() != Some(HEAD) {
            return Err(bad());
        }
        let name = lines.next().ok_or_else(bad)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(bad)?;
        let serial = lines.next().and_then(|line| line.parse().ok()).ok_or_else(bad)?;
        let certificate = lines.next().and_then(unhex).ok_or_else(bad)?;
        let key = lines.next().and_then(unhex).ok_or_else(bad)?;
        Ok(Self { kind, card: TestCard { certificate, key, serial } })
    }
}

/// Makes the set: `anchors/` as a server takes it (certificates and lists), and a file `NAME.card` for each kind.
///
/// `year` is the current one; certificates hold from three years before it to six after it.
///
/// # Errors
/// A key could not be made, or a file not written.
pub fn make(folder: &Path, year: i32) -> io::Result<()> {
    let failed = |e: CannotMake| io::Error::other(e.0);
    let span: Validity = ((year - 3, 1, 1), (year + 6, 12, 31));
    let over: Validity = ((year - 3, 1, 1), (year - 1, 12, 31));
    let today = TestIssuer::make("TEST CA", KeyKind::Rsa, span).map_err(failed)?;
    let next = TestIssuer::make("TEST CA NEXT", KeyKind::P384, span).map_err(failed)?;
    let foreign = TestIssuer::make("TEST CA", KeyKind::P384, span).map_err(failed)?;
    let anchors = folder.join("anchors");
    fs::create_dir_all(&anchors)?;
    for (name, issuer) in [("test", &today), ("test-next", &next)] {
        let revoked = if name == "test" { vec![Kind::Revoked.serial()] } else { Vec::new() };
        fs::write(anchors.join(format!("{name}.cer")), issuer.anchor())?;
        fs::write(anchors.join(format!("{name}.crl")), issuer.list(&revoked, span).map_err(failed)?)?;
    }
    for kind in Kind::ALL {
        let (issuer, validity) = match kind {
            Kind::Expired => (&today, over),
            Kind::Foreign => (&foreign, span),
            Kind::Next => (&next, span),
            Kind::Normal
            | Kind::Second
            | Kind::OneTry
            | Kind::Locked
            | Kind::Revoked
            | Kind::Renewed
            | Kind::Removed
            | Kind::Other => (&today, span),
        };
        let card = issuer.issue(kind.serial(), validity).map_err(failed)?;
        write_private(&folder.join(format!("{}.card", kind.name())), &CardFile { kind, card }.text())?;
    }
    Ok(())
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// The cards of a folder of [`make`].
///
/// # Errors
/// A file is missing or no card.
pub fn read(folder: &Path) -> io::Result<Vec<CardFile>> {
    Kind::ALL.into_iter().map(|kind| CardFile::read(&folder.join(format!("{}.card", kind.name())))).collect()
}
