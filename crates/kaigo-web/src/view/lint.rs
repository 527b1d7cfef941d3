//! Checks over every rendered sample: structure, accessibility, our own vocabulary of classes, nothing from outside.
//! A stand-in for axe where there is no browser; the browser tests run axe as well.

use std::collections::BTreeSet;

use super::medical::OPINION_STYLESHEET;
use super::portal::PORTAL_STYLESHEET;
use super::{SCRIPT, SESSION_SCRIPT, SHEET_SCRIPT, SHEET_STYLESHEET, STYLESHEET, sample};

/// A start tag: name and attributes in order.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

/// Reads the start tags of our own, well-formed HTML.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with(['/', '!']) {
            continue;
        }
        let end = tag_end(rest);
        tags.push(tag(&rest[..end]));
        rest = &rest[end..];
    }
    tags
}

/// Where the tag closes; a `>` inside quotes does not count.
fn tag_end(text: &str) -> usize {
    let mut quoted = false;
    for (index, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return index,
            _ => {}
        }
    }
    panic!("a tag does not close: {}", &text[..text.len().min(80)]);
}

fn tag(text: &str) -> Tag {
    let text = text.trim_end_matches('/');
    let (name, mut rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let key_end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..key_end].to_owned();
        rest = &rest[key_end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let (inside, after) = quoted.split_once('"').unwrap();
            value = inside.to_owned();
            rest = after;
        }
        attributes.push((key, value));
    }
    Tag { name: name.to_owned(), attributes }
}

/// Classes that the stylesheets know.
fn known_classes() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    for part in [STYLESHEET, SHEET_STYLESHEET, OPINION_STYLESHEET, PORTAL_STYLESHEET]
        .iter()
        .flat_map(|sheet| sheet.split('.').skip(1))
    {
        let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(part.len());
        known.insert(part[..end].to_owned());
    }
    known
}

fn check_structure(tags: &[Tag], html: &str, wrong: &mut Vec<String>) {
    let mut say = |what: String| wrong.push(what);
    if tags.iter().filter(|tag| tag.is("h1")).count() != 1 {
        say("not exactly one h1".into());
    }
    if !tags.iter().any(|tag| tag.is("html") && tag.get("lang") == Some("ja")) {
        say("lang is not ja".into());
    }
    let title =
        html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map_or("", |(title, _)| title);
    if !title.ends_with(" - 介護WEBサービス") || title.starts_with(' ') || title.contains('\n') {
        say(format!("title: {title}"));
    }
    let has_error = html.contains("id=\"error-summary\"") || html.contains("id=\"outcome\"");
    if title.starts_with("エラー：") != has_error {
        say("title and error summary disagree".into());
    }
    let mut level = 0;
    for tag in tags {
        let Some(next) = tag.name.strip_prefix('h').and_then(|digit| digit.parse::<u8>().ok()) else {
            continue;
        };
        if level == 0 && next > 2 || level > 0 && next > level + 1 {
            say(format!("heading h{next} after h{level}"));
        }
        level = next;
    }
    for name in ["main", "header", "footer", "title"] {
        if tags.iter().filter(|tag| tag.is(name)).count() != 1 {
            say(format!("not exactly one {name}"));
        }
    }
}

fn check_ids(tags: &[Tag], wrong: &mut Vec<String>) {
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        if id.is_empty() || !ids.insert(id) {
            wrong.push(format!("id twice or empty: {id}"));
        }
    }
    let labels: BTreeSet<&str> = tags.iter().filter(|tag| tag.is("label")).filter_map(|tag| tag.get("for")).collect();
    for tag in tags {
        for key in ["aria-describedby", "aria-labelledby", "for", "data-copy"] {
            for target in tag.get(key).unwrap_or("").split_whitespace() {
                if !ids.contains(target) {
                    wrong.push(format!("{key} leads nowhere: {target}"));
                }
            }
        }
        if let Some(target) = tag.get("href").and_then(|href| href.strip_prefix('#'))
            && !ids.contains(target)
        {
            wrong.push(format!("link leads nowhere: #{target}"));
        }
        let control = ["input", "select", "textarea"].contains(&tag.name.as_str()) && tag.get("type") != Some("hidden");
        let named = tag.get("aria-label").or(tag.get("aria-labelledby")).is_some();
        let labelled = named || tag.get("id").is_some_and(|id| labels.contains(id));
        if control && !labelled {
            wrong.push(format!("no label: {:?}", tag.get("name")));
        }
    }
}

fn check_tags(tags: &[Tag], wrong: &mut Vec<String>) {
    let known = known_classes();
    for tag in tags {
        if tag.is("th") && tag.get("scope").is_none() {
            wrong.push("th without scope".into());
        }
        if tag.is("style") || tag.is("script") && tag.get("src").is_none() {
            wrong.push(format!("inline {}", tag.name));
        }
        for (key, value) in &tag.attributes {
            if key == "style" || key.starts_with("on") || key.contains('"') {
                wrong.push(format!("attribute {key}"));
            }
            let address = ["src", "href", "action"].contains(&key.as_str());
            if address && (value.contains("//") || value.starts_with("http")) {
                wrong.push(format!("another origin: {value}"));
            }
            if key == "class" {
                let unknown = value.split_whitespace().filter(|class| !known.contains(*class));
                wrong.extend(unknown.map(|class| format!("class not in the stylesheet: {class}")));
            }
        }
    }
}

/// Every form that changes something carries the token; every element that opens a list of fields names it.
fn check_forms(html: &str, wrong: &mut Vec<String>) {
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or("");
        let posts = form.split('>').next().unwrap_or("").contains("method=\"post\"");
        if posts != form.contains("name=\"csrf\"") {
            wrong.push("a form posts without csrf, or shows it in a URL".into());
        }
    }
}

#[test]
fn every_page_is_well_built() {
    let mut report = Vec::new();
    for (name, html) in sample::pages() {
        let tags = tags(&html);
        let mut wrong = Vec::new();
        check_structure(&tags, &html, &mut wrong);
        check_ids(&tags, &mut wrong);
        check_tags(&tags, &mut wrong);
        check_forms(&html, &mut wrong);
        report.extend(wrong.into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

#[test]
fn the_same_sentence_stands_in_the_summary_and_at_the_field() {
    for (name, html) in sample::pages().into_iter().filter(|(name, _)| name.ends_with("-invalid")) {
        let summary = html.split("id=\"error-summary\"").nth(1).unwrap().split("</ul>").next().unwrap();
        let links: Vec<&str> = summary.split("<a href=\"#").skip(1).collect();
        assert!(!links.is_empty(), "{name}");
        for link in links {
            let (field, rest) = link.split_once("\">").unwrap();
            let say = rest.split("</a>").next().unwrap();
            let at_field = html.split(&format!("id=\"{field}-error\"")).nth(1).unwrap().split("</p>").next().unwrap();
            assert!(at_field.ends_with(say), "{name}: {field}");
        }
    }
}

#[test]
fn what_was_typed_is_kept_and_escaped() {
    let pages = sample::pages();
    let find = |name: &str| pages.iter().find(|(page, _)| page == name).map(|(_, html)| html.as_str()).unwrap();
    assert!(find("login-invalid").contains("value=\"&#60;izumo&#62;\""));
    assert!(find("identity-invalid").contains("value=\"昭和65年1月1日\""));
    assert!(find("error-session").contains("/login?next=%2Fpeople%3Frow%3D%E3%81%82\""));
}

#[test]
fn a_list_of_fifty_stays_small() {
    let (_, html) = sample::pages().into_iter().find(|(name, _)| name == "people").unwrap();
    assert!(html.len() < 150_000, "{}", html.len());
    assert!(STYLESHEET.len() + SCRIPT.len() + SESSION_SCRIPT.len() < 60_000);
}

#[test]
fn a_month_of_sixty_lines_stays_small() {
    for name in ["sheet-compare-large", "sheet-entry-large"] {
        let (_, html) = sample::pages().into_iter().find(|(page, _)| page == name).unwrap();
        assert!(html.len() < 150_000, "{name}: {}", html.len());
    }
    assert!(SHEET_STYLESHEET.len() + SHEET_SCRIPT.len() < 30_000);
}

/// Writes the samples for looking at: `target/view-samples/*.html` with the assets beside them.
#[test]
fn samples_can_be_looked_at() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/view-samples");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("app.css"), STYLESHEET).unwrap();
    std::fs::write(folder.join("app.js"), SCRIPT).unwrap();
    std::fs::write(folder.join("session.js"), SESSION_SCRIPT).unwrap();
    std::fs::write(folder.join("sheet.css"), SHEET_STYLESHEET).unwrap();
    std::fs::write(folder.join("sheet.js"), SHEET_SCRIPT).unwrap();
    let pages = sample::pages();
    for (name, html) in &pages {
        std::fs::write(folder.join(format!("{name}.html")), html.replace("/assets/", "")).unwrap();
    }
    let written = std::fs::read_dir(&folder).unwrap().count();
    assert!(written >= pages.len() + 5);
}
