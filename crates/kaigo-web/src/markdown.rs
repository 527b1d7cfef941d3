//! The operator's Markdown as pieces that a template writes out: no HTML passes through, links lead only where they may.
//!
//! pulldown-cmark reads; what comes out is a flat list of opened and closed elements, balanced as the reader's events are. Raw HTML
//! is shown as the text it is; pictures become their words; a link that is neither local nor `https:`, `mailto:`, `tel:` is its text.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::view::markdown::{Mark, Piece};

/// Bytes that are read at most: the store's texts are shorter.
const MOST: usize = 100_000;

/// How headings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Headings {
    /// From this level on, without a gap.
    From(u8),
    /// As bold paragraphs: where the text stands inside a list of questions.
    Bold,
}

/// Reads a text.
pub(crate) fn pieces(text: &str, headings: Headings) -> Vec<Piece> {
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= MOST).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    let mut reading = Reading { out: Vec::new(), links: Vec::new(), headings, level: 0, in_head: false };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        reading.take(event);
    }
    reading.out
}

/// A text without its marks, for summaries and feeds.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::new();
    for piece in pieces(text, Headings::Bold) {
        match piece {
            Piece::Text(text) | Piece::Code(text) => out.push_str(&text),
            Piece::Break | Piece::Close(Mark::Paragraph | Mark::Item | Mark::Row | Mark::Heading(_)) => out.push(' '),
            Piece::Open(_) | Piece::Close(_) | Piece::Link { .. } | Piece::LinkEnd { .. } | Piece::Rule => {}
        }
    }
    out.trim().to_owned()
}

struct Reading {
    out: Vec<Piece>,
    /// Whether each link that is open leads somewhere, and if so outside.
    links: Vec<Option<bool>>,
    headings: Headings,
    level: u8,
    in_head: bool,
}

impl Reading {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(&tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.out.push(Piece::Text(text.into_string()));
            }
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.out.push(Piece::Code(text.into_string()));
            }
            // A line end that somebody typed is meant.
            Event::SoftBreak | Event::HardBreak => self.out.push(Piece::Break),
            Event::Rule => self.out.push(Piece::Rule),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn heading(&mut self, level: u8) -> Mark {
        match self.headings {
            Headings::From(first) => {
                let wanted = first + level.saturating_sub(1);
                let most = if self.level == 0 { first } else { self.level + 1 };
                self.level = wanted.min(most).min(6);
                Mark::Heading(self.level)
            }
            Headings::Bold => Mark::Heading(0),
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let mark = match tag {
            Tag::Paragraph | Tag::HtmlBlock => Mark::Paragraph,
            Tag::Heading { level, .. } => self.heading(heading_no(*level)),
            Tag::BlockQuote(_) => Mark::Quote,
            Tag::CodeBlock(_) => Mark::Block,
            Tag::List(None) => Mark::List,
            Tag::List(Some(_)) => Mark::Ordered,
            Tag::Item => Mark::Item,
            Tag::Emphasis => Mark::Emphasis,
            Tag::Strong => Mark::Strong,
            Tag::Strikethrough => Mark::Struck,
            Tag::Table(_) => Mark::Table,
            Tag::TableHead => {
                self.in_head = true;
                Mark::Head
            }
            Tag::TableRow => Mark::Row,
            Tag::TableCell => {
                if self.in_head {
                    Mark::HeadCell
                } else {
                    Mark::Cell
                }
            }
            Tag::Link { dest_url, .. } => {
                let leads = target(dest_url);
                self.links.push(leads);
                if let Some(outside) = leads {
                    self.out.push(Piece::Link { href: dest_url.to_string(), outside });
                }
                return;
            }
            Tag::Image { .. }
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => return,
        };
        self.out.push(Piece::Open(mark));
    }

    fn close(&mut self, tag: TagEnd) {
        let mark = match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => Mark::Paragraph,
            TagEnd::Heading(_) => match self.headings {
                Headings::From(_) => Mark::Heading(self.level),
                Headings::Bold => Mark::Heading(0),
            },
            TagEnd::BlockQuote(_) => Mark::Quote,
            TagEnd::CodeBlock => Mark::Block,
            TagEnd::List(false) => Mark::List,
            TagEnd::List(true) => Mark::Ordered,
            TagEnd::Item => Mark::Item,
            TagEnd::Emphasis => Mark::Emphasis,
            TagEnd::Strong => Mark::Strong,
            TagEnd::Strikethrough => Mark::Struck,
            TagEnd::Table => Mark::Table,
            TagEnd::TableHead => {
                self.in_head = false;
                Mark::Head
            }
            TagEnd::TableRow => Mark::Row,
            TagEnd::TableCell => {
                if self.in_head {
                    Mark::HeadCell
                } else {
                    Mark::Cell
                }
            }
            TagEnd::Link => {
                if let Some(Some(outside)) = self.links.pop() {
                    self.out.push(Piece::LinkEnd { outside });
                }
                return;
            }
            TagEnd::Image
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => return,
        };
        self.out.push(Piece::Close(mark));
    }
}

fn heading_no(level: pulldown_cmark::HeadingLevel) -> u8 {
    use pulldown_cmark::HeadingLevel::{H1, H2, H3, H4, H5, H6};
    match level {
        H1 => 1,
        H2 => 2,
        H3 => 3,
        H4 => 4,
        H5 => 5,
        H6 => 6,
    }
}

/// Whether an address leads outside; none: it leads nowhere that we would send anybody.
fn target(address: &str) -> Option<bool> {
    let address = address.trim();
    if address.chars().any(|c| c.is_control() || c == '\\') {
        return None;
    }
    if address.starts_with('#') || (address.starts_with('/') && !address.starts_with("//")) {
        return Some(false);
    }
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("https://") {
        return Some(true);
    }
    (lower.starts_with("mailto:") || lower.starts_with("tel:")).then_some(false)
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(source = "{% import \"part/markdown.html\" as markdown %}{{ markdown::render(pieces) }}", ext = "html")]
    struct Page {
        pieces: Vec<Piece>,
    }

    fn html(text: &str) -> String {
        Page { pieces: pieces(text, Headings::From(2)) }.render().unwrap()
    }

    #[test]
    fn plain_texts_become_plain_elements() {
        let page = html("# 見出し\n\n本文の**大事**な所と[案内](/portal/guide)。\n\n- 一\n- 二\n\n1. あ\n2. い\n");
        for part in [
            "<h2 class=\"k-h2\">見出し</h2>",
            "<strong>大事</strong>",
            "<a href=\"/portal/guide\">案内</a>",
            "<ul class=\"k-bullets\"><li>一</li><li>二</li></ul>",
            "<ol class=\"p-ordered\"><li>あ</li><li>い</li></ol>",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let page = html("| 列 | 数 |\n|---|---|\n| あ | 1 |\n");
        assert!(page.contains("<th scope=\"col\">列</th>") && page.contains("<td>あ</td>"), "{page}");
        assert!(page.contains("</thead><tbody>") && page.contains("</tbody></table>"), "{page}");
    }

    #[test]
    fn headings_leave_no_gap() {
        let page = html("### 深い\n\n###### もっと\n\n# 浅い");
        assert!(
            page.contains("<h2 ") && page.contains("<h3 ") && !page.contains("<h4") && !page.contains("<h1"),
            "{page}"
        );
        let bold = pieces("## 中の見出し", Headings::Bold);
        assert_eq!(bold.first(), Some(&Piece::Open(Mark::Heading(0))));
    }

    #[test]
    fn nothing_of_html_passes() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "あ<b onclick=\"x\">い</b>",
            "[押す](javascript:alert(1))",
            "[押す](JaVaScRiPt:alert(1))",
            "[押す](data:text/html,x)",
            "[押す](//evil.example)",
            "[押す](\\\\evil.example)",
            "[押す](http://plain.example)",
            "[押す](vbscript:x)",
            "<https://evil.example/\"onmouseover=\"x>",
            "![絵](https://evil.example/a.png)",
            "[押す]( /\\evil.example )",
            "[a](/x\" onclick=\"alert(1))",
        ] {
            let page = html(text);
            let tags: Vec<&str> = page.split('<').skip(1).map(|t| t.split('>').next().unwrap()).collect();
            for tag in tags {
                let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
                assert!(["p", "a", "br", "strong", "h2", "span"].contains(&name), "{text}: {tag}");
                assert!(!tag.contains(" on") && !tag.to_lowercase().contains("script:"), "{text}: {tag}");
                if name == "a" && !tag.starts_with('/') {
                    let href = tag.split("href=\"").nth(1).unwrap();
                    assert!(
                        href.starts_with('/') && !href.starts_with("//") || href.starts_with("https://"),
                        "{text}: {tag}"
                    );
                }
            }
        }
        let outside = html("[省](https://www.mhlw.go.jp/)");
        assert!(outside.contains("rel=\"noopener noreferrer\"") && outside.contains("外部"), "{outside}");
    }

    #[test]
    fn what_is_opened_is_closed() {
        let texts = [
            "- a\n  - b\n\n> q **x *y***",
            "| a\n|-\n| [x](/y",
            "***a** b*",
            "1. x\n\n   ```\n   <c>\n   ```",
            "# a\n## b ~~c~~",
        ];
        for text in texts {
            let mut open = Vec::new();
            for piece in pieces(text, Headings::From(2)) {
                match piece {
                    Piece::Open(mark) => open.push(mark),
                    Piece::Close(mark) => assert_eq!(open.pop(), Some(mark), "{text}"),
                    Piece::Text(_)
                    | Piece::Code(_)
                    | Piece::Break
                    | Piece::Rule
                    | Piece::Link { .. }
                    | Piece::LinkEnd { .. } => {}
                }
            }
            assert!(open.is_empty(), "{text}");
        }
    }

    #[test]
    fn the_plain_text_is_short_words() {
        assert_eq!(plain("# あ\n\n**い**う [え](/x)\n- お"), "あ いう え お");
    }
}
