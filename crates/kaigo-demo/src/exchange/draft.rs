//! A draft with the mistakes that real files have: uploaded, checked, not sent.

use jiff::civil::Date;
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Kind;
use kaigo_careplan::layout::{detail, supplement, usage};
use kaigo_careplan::name::FileName;
use kaigo_careplan::table::{Writer, read};

use super::catalogue::{self, AJISAI, HAMANASU_HELP, MINATO, UMINEKO_RENTAL};
use super::files;
use super::story::Story;
use super::timeline::workday_before;

/// Uploaded on the last working day by みなと: a rented thing without its code, a name in half-width kana, an office that has not joined.
pub(super) fn keep(story: &mut Story<'_>, today: Date) {
    let at = workday_before(today).at(17, 35, 0, 0);
    let minato = catalogue::manager(MINATO);
    let mut out: Vec<InFile> = Vec::new();
    let mut first = None;
    for partner in [HAMANASU_HELP, UMINEKO_RENTAL, AJISAI] {
        let party = catalogue::partner(partner);
        let Some(envelope) = story.line.envelope(at, &minato, &party) else { continue };
        let files = match story.of_pair(2, MINATO, partner, true).first() {
            Some(course) => files::usage(&envelope, &[course], true, at.date()),
            None => continue,
        };
        for mut file in files {
            spoil(&mut file, partner);
            out.push(file);
        }
        first.get_or_insert(party);
    }
    if let Some(party) = first {
        let month = story.month(2);
        story.line.draft(at, (&minato, &party), month, out);
    }
}

/// Puts in the mistake of that partner's set.
fn spoil(file: &mut InFile, partner: usize) {
    let Ok(name) = FileName::parse(&file.name) else { return };
    let column = match (partner, name.kind) {
        (UMINEKO_RENTAL, Kind::Planned) => usage::TAIS,
        (UMINEKO_RENTAL, Kind::Detail) => detail::TAIS,
        (HAMANASU_HELP, Kind::Supplement) => supplement::KANA,
        _ => return,
    };
    let read = read(name.kind, &file.bytes);
    let mut writer = Writer::new(name.kind);
    let mut done = false;
    for row in read.table.rows() {
        let mut cells: Vec<String> = row.texts().map(str::to_owned).collect();
        if let Some(cell) = cells.get_mut(column).filter(|cell| !done && !cell.is_empty()) {
            *cell = if name.kind == Kind::Supplement { half_width(cell) } else { String::new() };
            done = true;
        }
        writer.push(&cells);
    }
    file.bytes = writer.finish().bytes;
}

/// ｶﾅ as old programs write names; sounds with a mark become two characters.
fn half_width(kana: &str) -> String {
    const WIDE: &str = "ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロワヲンー ";
    const NARROW: &[&str] = &[
        "ｧ", "ｱ", "ｨ", "ｲ", "ｩ", "ｳ", "ｪ", "ｴ", "ｫ", "ｵ", "ｶ", "ｶﾞ", "ｷ", "ｷﾞ", "ｸ", "ｸﾞ", "ｹ", "ｹﾞ", "ｺ", "ｺﾞ", "ｻ", "ｻﾞ",
        "ｼ", "ｼﾞ", "ｽ", "ｽﾞ", "ｾ", "ｾﾞ", "ｿ", "ｿﾞ", "ﾀ", "ﾀﾞ", "ﾁ", "ﾁﾞ", "ｯ", "ﾂ", "ﾂﾞ", "ﾃ", "ﾃﾞ", "ﾄ", "ﾄﾞ", "ﾅ", "ﾆ", "ﾇ",
        "ﾈ", "ﾉ", "ﾊ", "ﾊﾞ", "ﾊﾟ", "ﾋ", "ﾋﾞ", "ﾋﾟ", "ﾌ", "ﾌﾞ", "ﾌﾟ", "ﾍ", "ﾍﾞ", "ﾍﾟ", "ﾎ", "ﾎﾞ", "ﾎﾟ", "ﾏ", "ﾐ", "ﾑ", "ﾒ", "ﾓ",
        "ｬ", "ﾔ", "ｭ", "ﾕ", "ｮ", "ﾖ", "ﾗ", "ﾘ", "ﾙ", "ﾚ", "ﾛ", "ﾜ", "ｦ", "ﾝ", "ｰ", " ",
    ];
    let narrow = |wide: char| WIDE.chars().position(|own| own == wide).and_then(|place| NARROW.get(place).copied());
    kana.chars().map(|wide| narrow(wide).map_or_else(|| wide.to_string(), str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::half_width;

    #[test]
    fn kana_become_narrow_with_their_marks() {
        assert_eq!(half_width("タカツ フミ"), "ﾀｶﾂ ﾌﾐ");
        assert_eq!(half_width("ガッコウ ヘパ"), "ｶﾞｯｺｳ ﾍﾊﾟ");
    }
}
