//! Rules for templates and assets: no other origin, and nothing that the content security policy would block.

use super::{File, Violation, is_word};

/// One link per line that a page or asset may hold: an exact beginning. `#` begins a comment.
const ALLOWED_LINKS: &str = "xtask/allowed-links.txt";

/// Attributes that make the browser load something or go somewhere.
const SCHEMES: [&str; 4] = ["http://", "https://", "ws://", "wss://"];
const OPEN_ADDRESSES: [&str; 8] =
    ["src=\"//", "href=\"//", "action=\"//", "src='//", "href='//", "url(//", "url(\"//", "url('//"];

/// The allowed beginnings of links.
pub(super) fn allowed_links(files: &[File]) -> Vec<&str> {
    let list = files.iter().find(|file| file.path == ALLOWED_LINKS).map_or("", |file| file.text.as_str());
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

pub(super) fn check(file: &File, allowed: &[&str]) -> Vec<Violation> {
    let is_page = file.path.contains("/templates/");
    let is_asset = file.path.contains("/assets/");
    if !file.is_in("crates") || !(is_page || is_asset) {
        return Vec::new();
    }
    let mut violations = links_out(file, allowed);
    if is_page {
        violations.extend(inline_code(file));
    }
    violations
}

fn links_out(file: &File, allowed: &[&str]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (number, line) in file.lines() {
        for scheme in SCHEMES {
            for (at, _) in line.match_indices(scheme) {
                let (head, link) = (line.get(..at).unwrap_or_default(), line.get(at..).unwrap_or_default());
                // "ws://" must not be the end of another word; a name space is a name, nobody loads it.
                let is_word_end = head.chars().next_back().is_some_and(is_word);
                let is_name_space =
                    head.ends_with('"') && head.rsplit([' ', '<']).next().is_some_and(|name| name.starts_with("xmlns"));
                if is_word_end || is_name_space || allowed.iter().any(|allowed| link.starts_with(allowed)) {
                    continue;
                }
                let shown: String =
                    link.chars().take_while(|character| !"\"' )<>".contains(*character)).take(80).collect();
                violations.push(file.violation(
                    number,
                    format!("a link to another origin: {shown}"),
                    format!(
                        "serve the file from the program; if people must follow the link, list it in {ALLOWED_LINKS}"
                    ),
                ));
            }
        }
        if let Some(address) = OPEN_ADDRESSES.iter().find(|address| line.contains(**address)) {
            violations.push(file.violation(
                number,
                format!("{address} goes to another origin"),
                "begin the path with one /",
            ));
        }
    }
    violations
}

/// `style=`, `on…=` and `<style>`, and `<script>` without `src`: the policy has no `unsafe-inline`.
fn inline_code(file: &File) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut at_line = 1;
    // A tag may go over several lines, so the text is cut at `<`, not at line ends.
    for piece in file.text.split('<') {
        let tag = piece.split('>').next().unwrap_or_default();
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        if !name.is_empty() {
            let (what, mend) = match name.as_str() {
                "style" => ("a <style> element", "put the rules into a style sheet under assets/"),
                "script" if !has_attribute(tag, "src") => {
                    ("an inline <script>", "put the code into a module under assets/")
                }
                _ if has_attribute(tag, "style") => ("a style= attribute", "give the element a class"),
                _ if has_event_handler(tag) => ("an on…= attribute", "add the listener in a module under assets/"),
                _ => ("", ""),
            };
            if !what.is_empty() {
                violations.push(file.violation(at_line, what, mend));
            }
        }
        at_line += piece.matches('\n').count();
    }
    violations
}

fn attributes(tag: &str) -> impl Iterator<Item = &str> {
    tag.split_whitespace().skip(1).filter_map(|word| word.split_once('=')).map(|(name, _)| name)
}

fn has_attribute(tag: &str, wanted: &str) -> bool {
    attributes(tag).any(|name| name.eq_ignore_ascii_case(wanted))
}

fn has_event_handler(tag: &str) -> bool {
    attributes(tag).any(|name| {
        let name = name.to_lowercase();
        name.strip_prefix("on")
            .is_some_and(|event| event.len() > 2 && event.chars().all(|letter| letter.is_ascii_lowercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{file, lines_of};
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        lines_of(&check(&file("crates/kaigo-web/templates/page/a.html", text), &["https://www.example.go.jp/help"]))
    }

    #[test]
    fn a_clean_page_passes() {
        let page = "<!doctype html>\n<link rel=\"stylesheet\" href=\"/assets/a.css\">\n\
                    <svg xmlns=\"http://www.w3.org/2000/svg\"></svg>\n<script type=\"module\" src=\"/assets/a.js\"></script>\n\
                    <a href=\"https://www.example.go.jp/help/1\">help</a> {% if a < b %} <p class=\"style\">on = one</p>";
        assert!(found(page).is_empty(), "{:?}", found(page));
    }

    #[test]
    fn links_to_other_origins_are_found() {
        assert_eq!(found("<p>\n<img src=\"https://cdn.example.com/a.png\">"), [2]);
        assert_eq!(found("<a href=\"http://example.com\">x</a>"), [1]);
        assert_eq!(found("<script src=\"//example.com/a.js\"></script>"), [1]);
        let asset = file("crates/kaigo-web/assets/a.css", "a {\n  background: url(https://example.com/a.png);\n}\n");
        assert_eq!(lines_of(&check(&asset, &[])), [2]);
    }

    #[test]
    fn inline_code_is_found() {
        assert_eq!(found("<p style=\"color: red\">"), [1]);
        assert_eq!(found("<p\n  class=\"a\"\n  style=\"color: red\">"), [1]);
        assert_eq!(found("<p>\n<script>go()</script>"), [2]);
        assert_eq!(found("<style>p {}</style>"), [1]);
        assert_eq!(found("<button type=\"button\" onclick=\"go()\">"), [1]);
    }

    #[test]
    fn other_files_are_not_pages() {
        assert!(check(&file("docs/a.md", "https://example.com <p style=\"x\">"), &[]).is_empty());
    }

    #[test]
    fn the_list_of_allowed_links_skips_comments() {
        let list = file(ALLOWED_LINKS, "# why\nhttps://a.example/\n\n");
        assert_eq!(allowed_links(&[list]), ["https://a.example/"]);
    }
}
