//! The tab 認定書類: the list, opening one for a purpose, the original.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kaigo_app::Error;
use kaigo_app::documents::{self, Content, DocumentId, Documents, Line, Opened, PURPOSES};
use kaigo_core::date::seireki;
use kaigo_core::opinion::{Kind, OpinionForm, SECTIONS};
use kaigo_core::policy::{Caller, Item, Purpose, Refusal};
use kaigo_core::survey::AnswerGroup;
use kaigo_core::text::Text;

use crate::failure::{failure, ok, page};
use crate::person::frame;
use crate::request::{Req, Staff};
use crate::say;
use crate::view::documents::{
    Document as View, DocumentRow, DocumentState, Documents as ListView, Item as ViewItem, ItemGroup, Original, Remark,
    Viewing,
};
use crate::view::{Choice, Fact, FieldError};

/// GET /people/{c}/documents
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    list(&req, &c, None).await
}

async fn list(req: &Req, c: &str, wrong: Option<DocumentId>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(req, &Error::LoginNeeded);
    };
    match documents::list(&req.web.app, &req.ctx, caller, c).await {
        Ok(all) => {
            let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            page(status, &list_page(req, &all, wrong))
        }
        Err(error) => failure(req, &error),
    }
}

fn list_page(req: &Req, all: &Documents, wrong: Option<DocumentId>) -> ListView {
    let missing = |(i, line): (usize, &Line)| row(i, line);
    ListView {
        shell: req.shell(),
        person: frame(req, &all.head),
        absence: None,
        errors: wrong
            .map(|id| {
                FieldError::new(format!("purpose-{}", id.text()), "開く目的を選んでください。目的は記録に残ります。")
            })
            .into_iter()
            .collect(),
        rows: all.lines.iter().enumerate().map(missing).collect(),
        purposes: PURPOSES.iter().map(|p| Choice::new(p.code(), p.label())).collect(),
    }
}

fn row(i: usize, line: &Line) -> DocumentRow {
    let application = line.application.as_ref();
    let source = [line.by.clone(), line.on.map(seireki)].into_iter().flatten().collect::<Vec<_>>().join("　");
    let state = match (&line.refused, line.id) {
        (Some(refusal @ (Refusal::NoConsent | Refusal::ConsentWithdrawn { .. })), _) => {
            let word = if *refusal == Refusal::NoConsent { "同意がありません" } else { "同意の取消し" };
            DocumentState::NoConsent { word: word.to_owned(), say: format!("{}{}", refusal.say(), refusal.mend()) }
        }
        (Some(refusal), _) => DocumentState::NotShared { say: format!("{}{}", refusal.say(), refusal.mend()) },
        (None, Some(_)) => DocumentState::Ready {
            opened: if line.new { "新しく届きました".to_owned() } else { String::new() },
        },
        (None, None) => awaited(line),
    };
    DocumentRow {
        d: line.id.map_or_else(|| format!("missing-{i}"), DocumentId::text),
        title: line.item.label().to_owned(),
        application: application
            .map(|a| format!("{}申請（{}）", a.kind.label(), seireki(a.applied_on)))
            .unwrap_or_default(),
        source,
        state,
    }
}

/// Why a document of a running application is not there yet.
fn awaited(line: &Line) -> DocumentState {
    let Some(a) = &line.application else {
        return DocumentState::Missing { say: "まだ登録されていません。".to_owned() };
    };
    let received = if line.item == Item::Survey { a.survey_received_on } else { a.opinion_received_on };
    match (received, line.item) {
        (Some(_), _) => DocumentState::AfterDecision {
            when: a.board_planned_on.map(|on| format!("審査会 {} 予定", say::short(on))).unwrap_or_default(),
        },
        (None, Item::Survey) => {
            let on = a.survey_requested_on.map(|on| format!("（{}に依頼）", say::short(on))).unwrap_or_default();
            DocumentState::Missing { say: format!("認定調査が終わるのを待っています{on}。") }
        }
        (None, _) => {
            let by = a.institution.as_ref().map(ToString::to_string).unwrap_or_default();
            let on =
                a.opinion_requested_on.map(|on| format!("（{} {}に依頼）", by, say::short(on))).unwrap_or_default();
            DocumentState::Missing { say: format!("主治医意見書が届くのを待っています{on}。") }
        }
    }
}

/// The purpose that was chosen, if it is one of those offered.
fn chosen(req: &Req) -> Option<Purpose> {
    Purpose::parse(req.asked("purpose")).ok().filter(|p| PURPOSES.contains(p))
}

/// GET /people/{c}/documents/{d}?purpose=
pub(crate) async fn open(Staff(req): Staff, Path((c, d)): Path<(String, String)>) -> Response {
    let Some(id) = DocumentId::parse(&d) else {
        return failure(&req, &Error::NotFound);
    };
    let Some(purpose) = chosen(&req) else {
        return list(&req, &c, Some(id)).await;
    };
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match documents::open(&req.web.app, &req.ctx, caller, &c, (id, purpose)).await {
        Ok(opened) => ok(&document(&req, &opened, id, purpose)),
        Err(error) => failure(&req, &error),
    }
}

/// GET /people/{c}/documents/{d}/file?purpose=
pub(crate) async fn file(Staff(req): Staff, Path((c, d)): Path<(String, String)>) -> Response {
    let Some(id) = DocumentId::parse(&d) else {
        return failure(&req, &Error::NotFound);
    };
    let Some(purpose) = chosen(&req) else {
        return list(&req, &c, Some(id)).await;
    };
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match documents::fetch(&req.web.app, &req.ctx, caller, &c, (id, purpose)).await {
        Ok((media_type, bytes)) => {
            let kind =
                HeaderValue::from_str(&media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
            let name = HeaderValue::from_str(&format!("inline; filename=\"{}\"", id.text()))
                .unwrap_or(HeaderValue::from_static("inline"));
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
        }
        Err(error) => failure(&req, &error),
    }
}

fn document(req: &Req, opened: &Opened, id: DocumentId, purpose: Purpose) -> View {
    let person = frame(req, &opened.head);
    let href = format!("{}/file?purpose={}", person.at(&format!("documents/{}", id.text())), purpose.code());
    let (facts, mut groups, remarks) = shown(&opened.content);
    if let Some(form) = &opened.full {
        add_texts(&mut groups, form);
    }
    View {
        shell: req.shell(),
        person,
        title: id.item.label().to_owned(),
        facts,
        groups,
        remarks,
        original: opened.file.as_ref().map(|f| Original {
            href,
            what: format!("{}、{} KB", media_word(&f.media_type), (f.size + 1023) / 1024),
            digest: f.sha256.get(..16).unwrap_or_default().to_owned(),
        }),
        viewing: viewing(req, purpose),
    }
}

/// What a document says: head, answers, 特記事項.
pub(crate) fn shown(content: &Content) -> (Vec<Fact>, Vec<ItemGroup>, Vec<Remark>) {
    match content {
        Content::Survey(s) => {
            let facts = vec![
                Fact::new("調査実施日", seireki(s.surveyed_on)),
                Fact::new("実施場所", s.place.as_ref().map_or_else(|| "記載なし".to_owned(), ToString::to_string)),
                Fact::new("所属機関", s.surveyor.as_ref().map_or_else(|| "記載なし".to_owned(), ToString::to_string)),
                Fact::new("申請番号", s.application_no.to_string()),
            ];
            (facts, groups(&s.items.groups()), remarks(s.remarks.as_ref().map(Text::as_str)))
        }
        Content::Opinion(o) => {
            let text = |t: Option<String>| t.unwrap_or_else(|| "記載なし".to_owned());
            let facts = vec![
                Fact::new("記入日", seireki(o.written_on)),
                Fact::new("医療機関", o.institution.to_string()),
                Fact::new("医師", text(o.physician.as_ref().map(ToString::to_string))),
                Fact::new("最終診察日", text(o.examined_on.map(seireki))),
                Fact::many("診断名", lines(o.diagnosis.as_ref().map(Text::as_str))),
                Fact::many("経過・治療内容", lines(o.course.as_ref().map(Text::as_str))),
            ];
            (facts, groups(&o.items.groups()), remarks(o.remarks.as_ref().map(Text::as_str)))
        }
    }
}

/// Adds what is written between the boxes of an opinion that was submitted here. The diagnoses, the course and 特記事項 stand in the
/// head and at the end already.
fn add_texts(groups: &mut Vec<ItemGroup>, form: &OpinionForm) {
    const SHOWN: &[&str] = &["0-0", "0-1", "0-5", "1-3", "5"];
    for section in SECTIONS {
        let is_shown = |id: &str| SHOWN.contains(&id) || id.starts_with("1-1-");
        let texts = section.fields().filter(|field| !matches!(field.kind, Kind::Coded) && !is_shown(field.id));
        let items: Vec<ViewItem> = texts
            .filter(|field| !form.is_blank(field.id))
            .map(|field| ViewItem {
                no: String::new(),
                name: field.name.to_owned(),
                choices: Vec::new(),
                text: form.words(field),
            })
            .collect();
        if items.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|group| group.heading == section.heading) {
            Some(group) => group.items.extend(items),
            None => groups.push(ItemGroup { heading: section.heading.to_owned(), items }),
        }
    }
}

fn viewing(req: &Req, purpose: Purpose) -> Viewing {
    let (who, office) = match req.caller() {
        Ok(Caller::Staff(s)) => (say::who(&s.name, Some(s.job.code())), s.office_name.clone()),
        _ => (String::new(), String::new()),
    };
    Viewing { who, office, at: say::moment(req.ctx.now), purpose: purpose.label().to_owned() }
}

fn media_word(media_type: &str) -> &str {
    match media_type {
        "application/pdf" => "PDF",
        "image/png" => "PNG",
        "image/jpeg" => "JPEG",
        other => other,
    }
}

fn groups(all: &[AnswerGroup]) -> Vec<ItemGroup> {
    all.iter()
        .map(|group| ItemGroup {
            heading: group.heading.to_owned(),
            items: group
                .entries
                .iter()
                .map(|(item, chosen)| ViewItem {
                    no: item.id.to_owned(),
                    name: item.name.to_owned(),
                    choices: item
                        .choices
                        .iter()
                        .map(|c| Choice {
                            value: c.code.to_owned(),
                            word: c.label.to_owned(),
                            chosen: chosen.iter().any(|x| x.code == c.code),
                        })
                        .collect(),
                    text: String::new(),
                })
                .collect(),
        })
        .collect()
}

fn lines(text: Option<&str>) -> Vec<String> {
    text.map(|t| t.lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// 特記事項: an item number, a space, a sentence on each line.
fn remarks(text: Option<&str>) -> Vec<Remark> {
    lines(text)
        .into_iter()
        .map(|line| match line.split_once(' ').filter(|(no, _)| no.starts_with(|c: char| c.is_ascii_digit())) {
            Some((no, text)) => Remark { no: no.to_owned(), text: text.to_owned() },
            None => Remark { no: String::new(), text: line },
        })
        .collect()
}
