//! A small writer of PDF: A4 pages of Japanese text and lines, in a font that every viewer brings or replaces.
//!
//! The font is one of the predefined Japanese ones (HeiseiKakuGo-W5 with UniJIS-UTF16-H) and is not embedded, so a file is
//! a few kilobytes. ISO 32000-1 §9.7.5.2 (predefined CMaps), §9.7.4.2 (CIDFont widths).

use std::fmt::Write as _;

use kaigo_core::date::{Date, both};
use kaigo_core::record::document::{DoctorOpinion, Survey};
use kaigo_core::record::person::InsuredPerson;
use kaigo_core::survey::AnswerGroup;

const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const LEFT: f32 = 48.0;
const RIGHT: f32 = WIDTH - LEFT;
const TOP: f32 = HEIGHT - 56.0;
const BOTTOM: f32 = 64.0;

/// Pages in the making.
struct Paper {
    pages: Vec<String>,
    /// Height of the next line's base.
    y: f32,
}

impl Paper {
    fn new() -> Self {
        Self { pages: vec![String::new()], y: TOP }
    }

    fn page(&mut self) -> &mut String {
        if self.pages.is_empty() {
            self.pages.push(String::new());
        }
        let last = self.pages.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "a page was put there if there was none")]
        &mut self.pages[last]
    }

    fn put(&mut self, x: f32, y: f32, size: f32, text: &str) {
        let mut hex = String::with_capacity(text.len() * 2);
        for unit in text.encode_utf16() {
            let _ = write!(hex, "{unit:04X}");
        }
        let _ = writeln!(self.page(), "BT /F1 {size:.1} Tf {x:.1} {y:.1} Td <{hex}> Tj ET");
    }

    fn rule(&mut self, y: f32) {
        let _ = writeln!(self.page(), "0.6 w {LEFT:.1} {y:.1} m {RIGHT:.1} {y:.1} l S");
    }

    /// Makes room for a block of that height, on a new page if need be.
    fn room(&mut self, height: f32) {
        if self.y - height < BOTTOM {
            self.pages.push(String::new());
            self.y = TOP;
        }
    }

    fn title(&mut self, text: &str) {
        self.put(LEFT, self.y, 18.0, text);
        self.y -= 14.0;
        self.rule(self.y);
        self.y -= 20.0;
    }

    fn heading(&mut self, text: &str) {
        self.room(60.0);
        self.y -= 8.0;
        self.put(LEFT, self.y, 12.0, text);
        self.y -= 5.0;
        self.rule(self.y);
        self.y -= 15.0;
    }

    /// A label and its value beside it, wrapped.
    fn pair(&mut self, label: &str, value: &str) {
        for (n, line) in wrap(value, 36).into_iter().enumerate() {
            self.room(16.0);
            if n == 0 {
                self.put(LEFT, self.y, 10.0, label);
            }
            self.put(LEFT + 130.0, self.y, 10.0, &line);
            self.y -= 16.0;
        }
    }

    fn paragraph(&mut self, text: &str) {
        for line in text.lines().flat_map(|line| wrap(line, 48)) {
            self.room(16.0);
            self.put(LEFT, self.y, 10.0, &line);
            self.y -= 16.0;
        }
    }

    /// The answers, group by group, item and choice on a line.
    fn answers(&mut self, groups: &[AnswerGroup]) {
        for group in groups {
            self.heading(group.heading);
            for (item, choices) in &group.entries {
                let labels: Vec<&str> = choices.iter().map(|choice| choice.label).collect();
                let name = wrap(&format!("{} {}", item.id, item.name), 24);
                let label = wrap(&labels.join("、"), 24);
                for n in 0..name.len().max(label.len()) {
                    self.room(14.0);
                    for (x, lines) in [(LEFT, &name), (LEFT + 250.0, &label)] {
                        self.put(x, self.y, 9.5, lines.get(n).map_or("", String::as_str));
                    }
                    self.y -= 14.0;
                }
            }
        }
    }

    /// Puts the footers and joins everything into a file.
    fn finish(mut self) -> Vec<u8> {
        let total = self.pages.len();
        for page in 0..total {
            let footer = format!("架空のデータ　　{} / {total}", page + 1);
            let mut foot = Self { pages: vec![String::new()], y: TOP };
            foot.rule(44.0);
            foot.put(LEFT, 30.0, 9.0, &footer);
            if let (Some(body), Some(foot)) = (self.pages.get_mut(page), foot.pages.first()) {
                body.push_str(foot);
            }
        }
        assemble(&self.pages)
    }
}

/// Breaks a line after `width` full-width characters; ASCII counts half.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![];
    for part in text.lines() {
        let mut line = String::new();
        let mut used = 0;
        for c in part.chars() {
            let w = if c.is_ascii() { 1 } else { 2 };
            // A line does not begin with a closing mark.
            if used + w > width * 2 && !matches!(c, '。' | '、' | '」' | '）') {
                lines.push(core::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += w;
        }
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// Objects 1 to 5 are catalog, page tree, font, descendant font and descriptor; then a page and its content each.
fn assemble(pages: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", 6 + n * 2)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R /Lang (ja-JP) >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5-UniJIS-UTF16-H /Encoding /UniJIS-UTF16-H /DescendantFonts [4 0 R] >>".to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> /FontDescriptor 5 0 R /DW 1000 /W [1 230 500] >>".to_owned(),
        "<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922] /ItalicAngle 0 /Ascent 752 /Descent -221 /CapHeight 737 /StemV 60 >>".to_owned(),
    ];
    for (n, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH:.0} {HEIGHT:.0}] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            7 + n * 2
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}endstream", content.len()));
    }
    let mut out = String::from("%PDF-1.5\n");
    let mut places = Vec::with_capacity(objects.len());
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let start = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(out, "{place:010} 00000 n ");
    }
    let _ = write!(out, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.into_bytes()
}

fn optional(date: Option<Date>) -> String {
    date.map(both).unwrap_or_default()
}

fn head(paper: &mut Paper, insured_no: &str, person: &InsuredPerson) {
    paper.pair("被保険者番号", insured_no);
    paper.pair("氏名", &format!("{}（{}）", person.name, person.name_kana));
    paper.pair("生年月日", &both(person.born_on));
    paper.pair("性別", person.sex.label());
    paper.pair("住所", person.address.as_str());
}

/// The sheet of 認定調査票 as a PDF.
pub(crate) fn survey(insured_no: &str, person: &InsuredPerson, survey: &Survey) -> Vec<u8> {
    let mut paper = Paper::new();
    paper.title("認定調査票");
    head(&mut paper, insured_no, person);
    paper.pair("調査実施日", &both(survey.surveyed_on));
    paper.pair("所属機関", survey.surveyor.as_ref().map_or("", |t| t.as_str()));
    paper.pair("実施場所", survey.place.as_ref().map_or("", |t| t.as_str()));
    paper.answers(&survey.items.groups());
    paper.heading("特記事項");
    paper.paragraph(survey.remarks.as_ref().map_or("", |t| t.as_str()));
    paper.finish()
}

/// The sheet of 主治医意見書 as a PDF.
pub(crate) fn opinion(insured_no: &str, person: &InsuredPerson, opinion: &DoctorOpinion) -> Vec<u8> {
    let mut paper = Paper::new();
    paper.title("主治医意見書");
    head(&mut paper, insured_no, person);
    paper.pair("記入日", &both(opinion.written_on));
    paper.pair("医療機関名", opinion.institution.as_str());
    paper.pair("医師氏名", opinion.physician.as_ref().map_or("", |t| t.as_str()));
    paper.pair("最終診察日", &optional(opinion.examined_on));
    paper.pair("診断名", opinion.diagnosis.as_ref().map_or("", |t| t.as_str()));
    paper.heading("症状の経過と治療の内容");
    paper.paragraph(opinion.course.as_ref().map_or("", |t| t.as_str()));
    paper.answers(&opinion.items.groups());
    paper.heading("特記すべき事項");
    paper.paragraph(opinion.remarks.as_ref().map_or("", |t| t.as_str()));
    paper.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_within_the_width() {
        assert_eq!(wrap("あいうえお", 3), ["あいう", "えお"]);
        assert_eq!(wrap("あいう。えお", 3), ["あいう。", "えお"]);
        assert_eq!(wrap("abcdefg", 3), ["abcdef", "g"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn the_table_of_places_points_at_objects() {
        let mut paper = Paper::new();
        paper.title("題");
        paper.paragraph(&"文。\n".repeat(100));
        let text = String::from_utf8(paper.finish()).unwrap();
        let start: usize = text.lines().rev().nth(1).unwrap().parse().unwrap();
        assert!(text[start..].starts_with("xref\n"));
        let places = text[start..].lines().skip(3).take_while(|line| line.ends_with(" n "));
        let mut objects = 0;
        for (n, line) in places.enumerate() {
            let place: usize = line[..10].parse().unwrap();
            assert!(text[place..].starts_with(&format!("{} 0 obj", n + 1)));
            objects = n + 1;
        }
        assert!(objects >= 5 + 2 * 2, "{objects}: more than one page");
    }
}
