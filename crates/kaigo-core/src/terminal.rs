//! Electronic certificates of an office's terminals (端末の電子証明書; the role of 介護DX証明書, 介護保険証明書).
//!
//! A certificate says in one URI of its subject alternative names which office and which of its terminals holds the key:
//! `urn:kaigo-kiban:office:1370000001:terminal:3`. Nothing else of it is trusted to name an office.

use crate::codes;
use crate::id::OfficeNo;

codes! {
    /// Where the application for a certificate stands (申込みの状態). Our own table.
    TerminalState, "電子証明書の状態", {
        Requested = "requested" "審査を待っています",
        Approved = "approved" "受け取れます",
        Refused = "refused" "認められませんでした",
        Withdrawn = "withdrawn" "取り下げました",
        Issued = "issued" "使えます",
        Revoked = "revoked" "失効しました",
    }
}

codes! {
    /// How the key comes to the terminal (受け取り方). Our own table.
    TerminalWay, "電子証明書の受け取り方", {
        File = "file" "ファイルで受け取る（PKCS#12）",
        Csr = "csr" "端末で作った鍵を使う（CSR）",
    }
}

codes! {
    /// Why a certificate was revoked (失効の理由). Our own table; the code of RFC 5280 stands at [`RevokeReason::rfc5280`].
    RevokeReason, "失効の理由", {
        Lost = "lost" "端末をなくした・盗まれた",
        Leaked = "leaked" "鍵がもれたおそれがある",
        Replaced = "replaced" "端末や電子証明書を取りかえた",
        Closed = "closed" "端末を使わなくなった",
        Operator = "operator" "運営の判断",
    }
}

impl RevokeReason {
    /// `CRLReason` of RFC 5280, section 5.3.1.
    pub fn rfc5280(self) -> u8 {
        match self {
            Self::Lost | Self::Leaked => 1,
            Self::Replaced => 4,
            Self::Closed => 5,
            Self::Operator => 9,
        }
    }
}

/// The certificate that came with a connection: verified, and of which terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalCertificate {
    /// Serial number, lower-case hex without leading zeros.
    pub serial: String,
    /// The office.
    pub office_no: OfficeNo,
    /// Which of the office's terminals: 1 and up.
    pub terminal_no: u32,
}

/// Before the office's number in the URI.
const OFFICE: &str = "urn:kaigo-kiban:office:";
/// Before the terminal's number.
const TERMINAL: &str = ":terminal:";

/// The URI that names office and terminal in a certificate.
pub fn urn(office_no: OfficeNo, terminal_no: u32) -> String {
    format!("{OFFICE}{office_no}{TERMINAL}{terminal_no}")
}

/// Office and terminal of a URI; none for any other.
pub fn parse_urn(uri: &str) -> Option<(OfficeNo, u32)> {
    let (office, terminal) = uri.strip_prefix(OFFICE)?.split_once(TERMINAL)?;
    let no: u32 = terminal.parse().ok()?;
    // One spelling only.
    (no >= 1 && no.to_string() == terminal).then_some(())?;
    Some((OfficeNo::parse(office).ok()?, no))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_uri_names_one_terminal_and_nothing_else_does() {
        let office = OfficeNo::parse("1370000001").unwrap();
        assert_eq!(parse_urn(&urn(office, 12)), Some((office, 12)));
        for bad in [
            "",
            "urn:kaigo-kiban:office:1370000001",
            "urn:kaigo-kiban:office:1370000001:terminal:",
            "urn:kaigo-kiban:office:1370000001:terminal:0",
            "urn:kaigo-kiban:office:1370000001:terminal:01",
            "urn:kaigo-kiban:office:1370000001:terminal:+1",
            "urn:kaigo-kiban:office:137000000:terminal:1",
            "URN:kaigo-kiban:office:1370000001:terminal:1",
            " urn:kaigo-kiban:office:1370000001:terminal:1",
        ] {
            assert_eq!(parse_urn(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_read_as_a_terminal_that_is_not_written_so(text in "\\PC*") {
            if let Some((office, no)) = parse_urn(&text) {
                prop_assert_eq!(urn(office, no), text);
            }
        }
    }
}
