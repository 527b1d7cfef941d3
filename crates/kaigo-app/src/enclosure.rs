//! Files that somebody encloses (添付): judged by what is in them, kept among the objects under their digest.

use kaigo_careplan::attachment::{self, Refused};
use kaigo_core::id::holds_individual_number;

use crate::{App, Error, Wrong};

/// Bytes of a file at most (手引き 令和8年度: 20 MB).
pub const MOST_BYTES: usize = 20 << 20;
/// Characters of a file's text that are looked at.
const MOST_TEXT: usize = 200_000;

/// A file as it came.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Name without its folder.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fine {
    /// Name, without what a name must not hold, with an ending that fits the content.
    pub name: String,
    /// Media type, from the content.
    pub media_type: &'static str,
    /// Bytes.
    pub size: i64,
    /// SHA-256: its name among the objects.
    pub digest: String,
    /// Text that could be read in it.
    pub text: String,
}

/// Judges a file and keeps its bytes.
///
/// # Errors
/// [`Error::Invalid`] at `field`: too large, neither PDF nor JPEG nor PNG, damaged, locked, active, or with a 個人番号.
pub async fn keep(app: &App, field: &'static str, given: &Given) -> Result<Fine, Error> {
    let (media_type, text) = judge(field, given)?;
    let digest = app.objects.put(&given.bytes).await?;
    let size = i64::try_from(given.bytes.len()).unwrap_or(i64::MAX);
    Ok(Fine { name: attachment::named(&clean(&given.name), media_type), media_type, size, digest, text })
}

/// Says what a file is and what it says.
///
/// # Errors
/// [`Error::Invalid`] with the first reason not to take it.
pub fn judge(field: &'static str, given: &Given) -> Result<(&'static str, String), Error> {
    let bad = |code: &'static str, say: String| Err(Error::Invalid(vec![Wrong { field, code, say }]));
    let name = clean(&given.name);
    if given.bytes.len() > MOST_BYTES {
        return bad("enclosure-large", format!("「{name}」は20MBをこえています。小さくして保存しなおしてください。"));
    }
    if given.bytes.is_empty() {
        return bad("enclosure-empty", format!("「{name}」は中身が空です。もとのファイルを確かめてください。"));
    }
    let refused = |why: Refused| match why {
        Refused::Format => bad(
            why.code(),
            format!(
                "「{name}」は、PDF・JPEG・PNG のどれでもありません。保存しなおしてください。拡張子を変えるだけでは中身は変わりません。"
            ),
        ),
        Refused::Damaged | Refused::Encrypted | Refused::Active | Refused::Ending | Refused::IndividualNumber => {
            bad(why.code(), format!("「{name}」：{}{}", why.say(), why.mend()))
        }
    };
    if holds_individual_number(&given.name) {
        return refused(Refused::IndividualNumber);
    }
    if given.bytes.starts_with(PNG) {
        return match png(&given.bytes) {
            Ok(()) => Ok(("image/png", String::new())),
            Err(why) => refused(why),
        };
    }
    match attachment::look(&given.bytes) {
        Ok(format) => Ok((format.media_type(), attachment::text(&given.bytes, MOST_TEXT))),
        Err(why) => refused(why),
    }
}

/// The name as it is shown: no folder, no control characters, nothing that ends a header line.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name: String = last.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '<' | '>')).take(100).collect();
    if name.trim().is_empty() { "ファイル".to_owned() } else { name }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Walks the chunks of a PNG and reads the texts among them.
fn png(bytes: &[u8]) -> Result<(), Refused> {
    let mut at = PNG.len();
    let mut is_first = true;
    loop {
        let head = bytes.get(at..at + 8).ok_or(Refused::Damaged)?;
        let (length, kind) = head.split_at(4);
        let length: [u8; 4] = length.try_into().map_err(|_| Refused::Damaged)?;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| Refused::Damaged)?;
        let end = at.checked_add(8).and_then(|n| n.checked_add(length)).ok_or(Refused::Damaged)?;
        let body = bytes.get(at + 8..end).ok_or(Refused::Damaged)?;
        if is_first && kind != b"IHDR" {
            return Err(Refused::Damaged);
        }
        is_first = false;
        match kind {
            b"tEXt" | b"iTXt" if holds_individual_number(&String::from_utf8_lossy(body)) => {
                return Err(Refused::IndividualNumber);
            }
            b"IEND" => return Ok(()),
            _ => {}
        }
        // Four bytes of check sum.
        at = end.checked_add(4).ok_or(Refused::Damaged)?;
    }
}

/// The bytes of a kept file.
///
/// # Errors
/// [`Error::NotFound`] if it is not there.
pub async fn open(app: &App, digest: &str) -> Result<Vec<u8>, Error> {
    app.objects.get(digest).await?.ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8], body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&length[..], kind, body, &[0; 4]].concat()
    }

    fn png_with(text: &str) -> Vec<u8> {
        [PNG, &chunk(b"IHDR", &[0; 13]), &chunk(b"tEXt", text.as_bytes()), &chunk(b"IDAT", b"x"), &chunk(b"IEND", b"")]
            .concat()
    }

    fn code(name: &str, bytes: Vec<u8>) -> &'static str {
        match judge("file", &Given { name: name.to_owned(), bytes }) {
            Ok((kind, _)) => kind,
            Err(Error::Invalid(wrong)) => wrong[0].code,
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn files_are_what_is_in_them() {
        assert_eq!(code("a.pdf", png_with("Comment\0screen")), "image/png");
        assert_eq!(code("a.png", b"MZ\x90\0".to_vec()), "attachment-format");
        assert_eq!(code("a.png", Vec::new()), "enclosure-empty");
        assert_eq!(code("a.png", png_with("Comment\0 123456789018")), "individual-number");
        assert_eq!(code("123456789018.png", png_with("")), "individual-number");
        let whole = png_with("x");
        assert_eq!(code("a.png", whole[..whole.len() - 6].to_vec()), "attachment-damaged");
        assert_eq!(code("a.png", [PNG, &[0xFF; 20]].concat()), "attachment-damaged");
        assert_eq!(code("a.png", vec![0; MOST_BYTES + 1]), "enclosure-large");
        assert_eq!(clean("C:\\x\\領収\"書\r\n.pdf"), "領収書.pdf");
    }
}
