//! Receipts (送信証明): what was sent from whom to whom and when, signed, so that anybody can check it without this program's data.
//!
//! The signature covers the exact text of `payload`; nothing is formatted again before it is checked.

use kaigo_store::objects::sha256_hex;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::keys::{Keys, seal_fits};

/// Name of the format, the first thing a checker looks at.
pub const FORMAT: &str = "kaigo-kiban-receipt/1";

/// A signed receipt as it is downloaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// [`FORMAT`].
    pub format: String,
    /// The statement: JSON text of a [`Statement`], signed byte for byte.
    pub payload: String,
    /// Ed25519 signature over the bytes of `payload`, hex.
    pub signature: String,
    /// Public key of the installation, hex. To be compared with one known from elsewhere.
    pub public_key: String,
}

/// What a receipt states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The set.
    pub set_id: String,
    /// 送信元.
    pub from: Party,
    /// 送信先.
    pub to: Party,
    /// 送信単位, by its code.
    pub unit: String,
    /// 対象年月 `YYYYMM`, where the set has one.
    pub month: Option<String>,
    /// 連番.
    pub serial: String,
    /// The files, byte for byte known by their digests.
    pub files: Vec<ReceiptFile>,
    /// When it was accepted (RFC 3339, UTC).
    pub sent_at: String,
    /// Who sent it.
    pub sent_by: String,
    /// When the partner fetched it first.
    pub fetched_at: Option<String>,
    /// When the partner took it into its software.
    pub imported_at: Option<String>,
    /// When it was recalled.
    pub recalled_at: Option<String>,
    /// When the receipt was written.
    pub issued_at: String,
}

/// One end of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// 事業所番号.
    pub office_no: String,
    /// 事業所名 as known when the receipt was written.
    pub name: String,
    /// サービス種類コード, empty where the names of the files have none.
    pub kind: String,
}

/// One file of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
}

/// Signs a statement.
///
/// # Errors
/// [`Error::Internal`] if it cannot be written as JSON.
pub fn sign(keys: &Keys, statement: &Statement) -> Result<Receipt, Error> {
    let payload = serde_json::to_string(statement).map_err(|e| Error::Internal(e.to_string()))?;
    let signature = keys.sign_seal(&signed_text(&payload));
    Ok(Receipt { format: FORMAT.to_owned(), payload, signature, public_key: keys.seal_public() })
}

/// What is signed: the format's name stands before the payload, so that a seal of the log can never pass for a receipt.
fn signed_text(payload: &str) -> String {
    format!("{FORMAT}\n{payload}")
}

/// Why a receipt does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is no receipt of this format.
    Format,
    /// The signature does not fit: the text was changed.
    Signature,
    /// The signature fits its own key, but that is not the key of the installation that was asked for.
    Key,
    /// A file differs from what the receipt states.
    File {
        /// Its name.
        name: String,
    },
    /// A file that the receipt states is not there.
    FileMissing {
        /// Its name.
        name: String,
    },
}

impl Broken {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Format => "receipt-format",
            Self::Signature => "receipt-signature",
            Self::Key => "receipt-key",
            Self::File { .. } => "receipt-file",
            Self::FileMissing { .. } => "receipt-file-missing",
        }
    }

    /// What is wrong, a Japanese sentence.
    pub fn say(&self) -> String {
        match self {
            Self::Format => "このファイルは、送信証明（JSON）として読めません。".to_owned(),
            Self::Signature => "署名が合いません。送信証明の内容が書きかえられています。".to_owned(),
            Self::Key => "署名は正しい形ですが、指定された鍵のものではありません。".to_owned(),
            Self::File { name } => format!("{name} の中身が、送信証明と違います。"),
            Self::FileMissing { name } => format!("送信証明にある {name} が見つかりません。"),
        }
    }

    /// What to do, a Japanese sentence.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Format => "ダウンロードしたままの receipt.json を指定してください。",
            Self::Signature => "送った事業所か受け取った事業所で、送信証明をもう一度ダウンロードしてください。",
            Self::Key => "サービスの運用者が公表している公開鍵を確かめてください。",
            Self::File { .. } => "保存したあとに書きかえていないか、確かめてください。",
            Self::FileMissing { .. } => "受け取ったままのフォルダーを指定してください。",
        }
    }
}

/// Checks a receipt without any data of the installation; `known_key` is its public key (hex), if it is known from elsewhere.
///
/// # Errors
/// Why it does not hold.
pub fn verify(text: &str, known_key: Option<&str>) -> Result<Statement, Broken> {
    let receipt: Receipt = serde_json::from_str(text).map_err(|_| Broken::Format)?;
    if receipt.format != FORMAT {
        return Err(Broken::Format);
    }
    if !seal_fits(&receipt.public_key, &signed_text(&receipt.payload), &receipt.signature) {
        return Err(Broken::Signature);
    }
    if known_key.is_some_and(|key| !key.trim().eq_ignore_ascii_case(&receipt.public_key)) {
        return Err(Broken::Key);
    }
    serde_json::from_str(&receipt.payload).map_err(|_| Broken::Format)
}

/// Compares a file with what a receipt states of it.
///
/// # Errors
/// [`Broken::File`] if its bytes are not those that were sent.
pub fn verify_file(stated: &ReceiptFile, bytes: &[u8]) -> Result<(), Broken> {
    let same = u64::try_from(bytes.len()) == Ok(stated.size) && sha256_hex(bytes) == stated.sha256;
    if same { Ok(()) } else { Err(Broken::File { name: stated.name.clone() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(seed: u8) -> Keys {
        Keys::from_secret(&[seed; 32]).unwrap()
    }

    fn statement() -> Statement {
        let party =
            |no: &str| Party {
                office_no: no.to_owned(), name: "事業所 \"みなと\"".to_owned(), kind: "43".to_owned()
            };
        Statement {
            set_id: "0123".to_owned(),
            from: party("9870000017"),
            to: party("9870000025"),
            unit: "usage".to_owned(),
            month: Some("202611".to_owned()),
            serial: "20261101090000".to_owned(),
            files: vec![ReceiptFile { name: "UPPLAN.CSV".to_owned(), size: 3, sha256: sha256_hex(b"abc") }],
            sent_at: "2026-11-01T00:00:00.000Z".to_owned(),
            sent_by: "出雲 太郎".to_owned(),
            fetched_at: None,
            imported_at: None,
            recalled_at: None,
            issued_at: "2026-11-01T00:00:01.000Z".to_owned(),
        }
    }

    #[test]
    fn a_receipt_holds_until_a_letter_is_changed() {
        let receipt = sign(&keys(1), &statement()).unwrap();
        let text = serde_json::to_string_pretty(&receipt).unwrap();
        assert_eq!(verify(&text, None), Ok(statement()));
        assert_eq!(verify(&text, Some(&keys(1).seal_public())), Ok(statement()));
        assert_eq!(verify(&text, Some(&keys(2).seal_public())), Err(Broken::Key));
        assert_eq!(verify(&text.replace("9870000025", "9870000033"), None), Err(Broken::Signature));
        assert_eq!(verify(&text.replace("receipt/1", "receipt/2"), None), Err(Broken::Format));
        assert_eq!(verify("{}", None), Err(Broken::Format));
        let forged = Receipt { public_key: keys(2).seal_public(), ..receipt };
        assert_eq!(verify(&serde_json::to_string(&forged).unwrap(), None), Err(Broken::Signature));
    }

    #[test]
    fn files_are_compared_byte_for_byte() {
        let stated = &statement().files[0];
        assert_eq!(verify_file(stated, b"abc"), Ok(()));
        assert_eq!(verify_file(stated, b"abd"), Err(Broken::File { name: "UPPLAN.CSV".to_owned() }));
    }
}
