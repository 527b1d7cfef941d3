//! PDF and JPEG beside a set: what they are by their content, and whether they hold what must not travel.
//!
//! The standard knows one picture (家族構成); in practice signed plans travel as PDF with the set they belong to. A file is judged by
//! its bytes, never by its name. The search for a 個人番号 reads the text of a PDF through its own character maps and the comments of a
//! JPEG; it cannot read a number that is only a picture (a scan), and says nothing about it.

mod pdf;

use kaigo_core::id::holds_individual_number;

/// What an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
}

impl Format {
    /// The media type that it is answered with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Whether a name ends as files of this kind do.
    pub fn fits(self, name: &str) -> bool {
        fits(name, self.media_type())
    }
}

/// How names of files of a media type end, the usual ending first; none for a kind that is not taken anywhere.
pub fn endings(media_type: &str) -> &'static [&'static str] {
    match media_type {
        "application/pdf" => &["pdf"],
        "image/jpeg" => &["jpg", "jpeg"],
        "image/png" => &["png"],
        _ => &[],
    }
}

/// Whether a name ends as files of that media type do.
pub fn fits(name: &str, media_type: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    endings(media_type).iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// The name with an ending that fits its content: as it is, or with the usual ending behind it. What a computer does with a file it
/// decides by that ending.
pub fn named(name: &str, media_type: &str) -> String {
    match endings(media_type).first() {
        Some(usual) if !fits(name, media_type) => format!("{name}.{usual}"),
        _ => name.to_owned(),
    }
}

/// Why an attachment is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refused {
    /// Neither PDF nor JPEG by its content.
    Format,
    /// Cut off, or damaged.
    Damaged,
    /// Protected by a password: nobody but the recipient of the password could read or check it.
    Encrypted,
    /// Holds a program, another file or a command to start something.
    Active,
    /// Its name ends as files of another kind do.
    Ending,
    /// Twelve digits that can be a 個人番号.
    IndividualNumber,
}

impl Refused {
    /// Every reason, for the list of errors.
    pub const ALL: [Self; 6] =
        [Self::Format, Self::Damaged, Self::Encrypted, Self::Active, Self::Ending, Self::IndividualNumber];

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Format => "attachment-format",
            Self::Damaged => "attachment-damaged",
            Self::Encrypted => "attachment-encrypted",
            Self::Active => "attachment-active",
            Self::Ending => "attachment-ending",
            Self::IndividualNumber => "individual-number",
        }
    }

    /// What is wrong, one Japanese sentence.
    pub fn say(self) -> &'static str {
        match self {
            Self::Format => "添付できるのは、PDFとJPEGの画像だけです。このファイルの中身は、どちらでもありません。",
            Self::Damaged => "このファイルは途中で切れているか、こわれています。",
            Self::Encrypted => "パスワードで保護されたPDFは、相手が開けず、中身も確かめられないため、送れません。",
            Self::Active => "このPDFには、プログラムや別のファイルが埋めこまれています。安全のため送れません。",
            Self::Ending => "ファイルの名前の終わり（拡張子）が、中身の種類とちがいます。",
            Self::IndividualNumber => {
                "このファイルに個人番号（マイナンバー）とみられる12けたの数字があります。個人番号は取り扱いません。"
            }
        }
    }

    /// How to mend it, one Japanese sentence.
    pub fn mend(self) -> &'static str {
        match self {
            Self::Format => "PDFかJPEGで保存しなおしてください。拡張子を変えるだけでは中身は変わりません。",
            Self::Damaged => "もとのソフトで開けるか確かめて、もう一度保存してください。",
            Self::Encrypted => "パスワードを外して保存しなおしてください。送った内容は相手の事業所だけが見られます。",
            Self::Active => "「印刷」からPDFとして保存しなおすと、埋めこまれたものは取りのぞかれます。",
            Self::Ending => "名前の終わりを、中身がPDFなら「.pdf」、JPEGの画像なら「.jpg」に変えてください。",
            Self::IndividualNumber => {
                "その数字を消すか、塗りつぶした紙を読みとりなおしてください。被保険者番号は10けたです。"
            }
        }
    }
}

/// Says what an attachment is, or why it is not taken.
///
/// # Errors
/// The first reason not to take it.
pub fn look(bytes: &[u8]) -> Result<Format, Refused> {
    if bytes.starts_with(b"%PDF-") {
        pdf::check(bytes).map(|()| Format::Pdf)
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        jpeg(bytes).map(|()| Format::Jpeg)
    } else {
        Err(Refused::Format)
    }
}

/// The text that could be read in an attachment, by every map and plain encoding, one reading a line; empty for a picture. At most
/// `most` characters. It says what is there, never that something is not there.
pub fn text(bytes: &[u8], most: usize) -> String {
    if bytes.starts_with(b"%PDF-") { pdf::text(bytes).chars().take(most).collect() } else { String::new() }
}

/// Walks the segments of a JPEG up to the picture and reads the texts among them.
fn jpeg(bytes: &[u8]) -> Result<(), Refused> {
    let mut at = 2;
    loop {
        let (Some(0xFF), Some(marker)) = (bytes.get(at), bytes.get(at + 1)) else { return Err(Refused::Damaged) };
        match marker {
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 => return Err(Refused::Damaged),
            _ => {
                let (Some(high), Some(low)) = (bytes.get(at + 2), bytes.get(at + 3)) else {
                    return Err(Refused::Damaged);
                };
                let len = usize::from(*high) * 256 + usize::from(*low);
                let body = bytes.get(at + 4..at + 2 + len).ok_or(Refused::Damaged)?;
                if matches!(marker, 0xE0..=0xEF | 0xFE) && texts(body).iter().any(|text| holds_individual_number(text))
                {
                    return Err(Refused::IndividualNumber);
                }
                at += 2 + len;
                if *marker == 0xDA {
                    break;
                }
            }
        }
    }
    let ends =
        bytes.get(at..).is_some_and(|rest| rest.windows(2).rev().take(64 * 1024).any(|pair| pair == [0xFF, 0xD9]));
    if ends { Ok(()) } else { Err(Refused::Damaged) }
}

/// The bytes as the texts they may be.
fn texts(bytes: &[u8]) -> [String; 3] {
    let pairs = |big: bool| {
        let units = bytes.chunks_exact(2).map(|pair| match pair {
            [a, b] if big => u16::from_be_bytes([*a, *b]),
            [a, b] => u16::from_le_bytes([*a, *b]),
            _ => 0,
        });
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect()
    };
    [String::from_utf8_lossy(bytes).into_owned(), pairs(true), pairs(false)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_ends_as_its_content_does() {
        for (name, media_type, right) in [
            ("同意書.pdf", "application/pdf", "同意書.pdf"),
            ("同意書.PDF", "application/pdf", "同意書.PDF"),
            ("写真.jpeg", "image/jpeg", "写真.jpeg"),
            ("写真.png", "image/jpeg", "写真.png.jpg"),
            ("画面.pdf.html", "image/png", "画面.pdf.html.png"),
            ("pdf", "application/pdf", "pdf.pdf"),
            ("a.exe", "application/octet-stream", "a.exe"),
        ] {
            assert_eq!(named(name, media_type), right);
        }
    }

    fn jpeg_with(comment: &[u8]) -> Vec<u8> {
        let len = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xFE, len[0], len[1]];
        bytes.extend(comment);
        bytes.extend([0xFF, 0xDA, 0x00, 0x02, 0x11, 0x22, 0xFF, 0xD9]);
        bytes
    }

    #[test]
    fn pictures_are_known_by_their_bytes() {
        assert_eq!(look(&jpeg_with(b"family")), Ok(Format::Jpeg));
        assert_eq!(look(&jpeg_with("本人 1234 5678 9018".as_bytes())), Err(Refused::IndividualNumber));
        let cut = jpeg_with(b"family");
        assert_eq!(look(&cut[..cut.len() - 4]), Err(Refused::Damaged));
        assert_eq!(look(b"MZ\x90\x00"), Err(Refused::Format));
        assert_eq!(look(b""), Err(Refused::Format));
    }

    #[test]
    fn sentences_are_whole() {
        for why in Refused::ALL {
            assert!(why.say().ends_with('。') && why.mend().ends_with('。'), "{why:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), head in 0..3) {
            let head: &[u8] = match head { 0 => b"%PDF-1.4\n", 1 => &[0xFF, 0xD8, 0xFF], _ => b"" };
            let _ = look(&[head, &bytes].concat());
        }
    }
}
