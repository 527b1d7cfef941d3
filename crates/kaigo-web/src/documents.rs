//! The tab 認定書類: the list, opening one for a purpose, the original.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kaigo_app::Error;
use kaigo_app::documents::{self, Content, DocumentId, Documents, Line, Missing, Opened, PURPOSES};
use kaigo_app::run::Target;
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
use crate::view::{Choice, Fact, FieldError, Link};

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
    let person = frame(req, &all.head);
    ListView {
        absence: None,
        errors: wrong
            .map(|id| {
                FieldError::new(format!("purpose-{}", id.text()), "開く目的を選んでください。目的は記録に残ります。")
            })
            .into_iter()
            .collect(),
        rows: all.lines.iter().enumerate().map(|(i, line)| row(all, &person.c, i, line)).collect(),
        purposes: PURPOSES.iter().map(|p| Choice::new(p.code(), p.label())).collect(),
        on_paper: all.on_paper.clone().unwrap_or_default(),
        shell: req.shell(),
        person,
    }
}

fn row(all: &Documents, c: &str, i: usize, line: &Line) -> DocumentRow {
    let application = line.application.as_ref();
    let source = [line.by.clone(), line.on.map(seireki)].into_iter().flatten().collect::<Vec<_>>().join("　");
    let state = match (&line.refused, &line.missing) {
        (Some(refusal), _) => refused(all, c, line.item, refusal),
        (None, Some(missing)) => {
            let (word, say) = awaited(line.item, missing);
            DocumentState::Missing { word: word.to_owned(), say }
        }
        (None, None) => DocumentState::Ready {
            opened: if line.new { "新しく届きました".to_owned() } else { String::new() },
        },
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

/// Why the account may not open such a paper, as precisely as it is known.
fn refused(all: &Documents, c: &str, item: Item, refusal: &Refusal) -> DocumentState {
    let (insurer, paper) = (&all.head.insurer.name, item.label());
    if matches!(refusal, Refusal::NoConsent | Refusal::ConsentWithdrawn { .. }) {
        let word = if *refusal == Refusal::NoConsent { "同意がありません" } else { "同意の取消し" };
        let link = all.takes_consent.then(|| Link::new("この事業所で同意を受け付ける", format!("/people/{c}/consent")));
        let how = if link.is_some() {
            "ご本人の同意は、この事業所でも受け付けられます。"
        } else {
            "同意は、市町村の窓口か、ご本人の画面で受け付けます。ご本人に確かめてください。"
        };
        return DocumentState::NoConsent { word: word.to_owned(), say: format!("{}{how}", refusal.say()), link };
    }
    let (word, say) = if let Refusal::InsurerNotStarted { from } = refusal {
        let when = from
            .map_or_else(|| "開始日はまだ決まっていません".to_owned(), |on| format!("{}から見られます", seireki(on)));
        ("市町村の準備中", format!("{insurer}は、{paper}の共有をまだ始めていません。{when}。"))
    } else if *refusal == Refusal::NotShared && all.closed_here.contains(&item) {
        let say = format!(
            "{insurer}は、保険者のきまりで、{paper}をこの種類の事業所には見せないことにしています。国の共有のきまりでは見られるものです。必要なときは、{insurer}の窓口にたずねてください。"
        );
        ("見られません", say)
    } else if *refusal == Refusal::NotShared {
        let say = format!(
            "{paper}は、国の共有のきまりで、この種類の事業所には共有されません。必要なときは、担当のケアマネジャーにたずねてください。"
        );
        ("見られません", say)
    } else {
        let word =
            if matches!(refusal, Refusal::WrongJob { .. }) { "職種がちがいます" } else { "見られません" };
        (word, format!("{}{}", refusal.say(), refusal.mend()))
    };
    DocumentState::NotShared { word: word.to_owned(), say, rule: refusal.code().to_owned() }
}

/// Why a paper is not there: a word and a sentence.
pub(crate) fn awaited(item: Item, missing: &Missing) -> (&'static str, String) {
    let paper = item.label();
    let survey = item == Item::Survey;
    match missing {
        Missing::NotAsked if survey => ("まだありません", "認定調査は、まだ依頼されていません。".to_owned()),
        Missing::NotAsked => ("まだありません", "主治医意見書は、まだ依頼されていません。".to_owned()),
        Missing::Asked { by, on, due_on, is_named } => {
            let to = by.as_ref().map(|by| format!("{by}に")).unwrap_or_default();
            let until = match (due_on, is_named) {
                (Some(due), true) => format!("期限は{}です。", seireki(*due)),
                (Some(due), false) => format!("目安は{}ごろです。", seireki(*due)),
                (None, _) => String::new(),
            };
            let what = if survey {
                "認定調査を依頼して、終わるのを待っています。"
            } else {
                "依頼して、届くのを待っています。"
            };
            ("まだありません", format!("{}に{to}{what}{until}", seireki(*on)))
        }
        Missing::Planned { on } => ("まだありません", format!("{}に認定調査の予定です。", seireki(*on))),
        Missing::Surveyed { on } => {
            ("まだありません", format!("{}に調査は終わりました。調査票が届くのを待っています。", seireki(*on)))
        }
        Missing::SentBack { by, due_on } => {
            ("差戻し中", format!("届いたものに直すところがあり、{by}に戻しています。期限は{}です。", seireki(*due_on)))
        }
        Missing::Declined { by } => {
            ("まだありません", format!("{by}は書けないとの返事でした。ほかの医療機関への依頼を待っています。"))
        }
        Missing::Submitted { by } => ("確認中", format!("{by}から提出されました。市町村が内容を確かめています。")),
        Missing::Received { on, board_on } => {
            let board = board_on.map(|on| format!("（審査会 {} 予定）", say::short(on))).unwrap_or_default();
            let say = format!(
                "{}に市町村に届きました。登録されるまで、おそくとも審査会の結果{board}までお待ちください。",
                seireki(*on)
            );
            ("審査会のあと", say)
        }
        Missing::TakenBack => (
            "取消し",
            format!(
                "市町村が{paper}の登録を取り消しました。あらためて登録されるのを待つか、市町村の窓口にたずねてください。"
            ),
        ),
        Missing::Ended(outcome) => {
            ("作られません", format!("この申請は「{}」で終わったため、{paper}は作られません。", outcome.label()))
        }
        Missing::NotNeeded => {
            ("作られません", format!("前の市町村の認定を引き継ぐ申請のため、{paper}は作られません。"))
        }
        Missing::NotRegistered => (
            "登録がありません",
            format!(
                "認定は終わりましたが、市町村が{paper}を登録していません。必要なときは、市町村の窓口にたずねてください。"
            ),
        ),
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
    match documents::open(&req.web.app, &req.ctx, caller, Target::Charge(c), (id, purpose)).await {
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
    match documents::fetch(&req.web.app, &req.ctx, caller, Target::Charge(c), (id, purpose)).await {
        Ok(found) => original(found, &id.text()),
        Err(error) => failure(&req, &error),
    }
}

/// An original as it came: media type and bytes, under a name of ours with the ending of its content.
pub(crate) fn original((media_type, bytes): (String, Vec<u8>), name: &str) -> Response {
    let kind = HeaderValue::from_str(&media_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let name = format!("inline; filename=\"{}\"", kaigo_careplan::attachment::named(&name, &media_type));
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("inline"));
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response()
}

fn document(req: &Req, opened: &Opened, id: DocumentId, purpose: Purpose) -> View {
    let person = frame(req, &opened.head);
    let href = format!("{}/file?purpose={}", person.at(&format!("documents/{}", id.text())), purpose.code());
    let (facts, groups, remarks) = whole(opened);
    View {
        shell: req.shell(),
        person,
        title: id.item.label().to_owned(),
        facts,
        groups,
        remarks,
        original: opened.file.as_ref().map(|file| file_of(file, href)),
        viewing: viewing(req, purpose),
    }
}

/// An original beside what it says.
pub(crate) fn file_of(file: &kaigo_store::load::Document, href: String) -> Original {
    Original {
        href,
        what: format!("{}、{} KB", media_word(&file.media_type), (file.size + 1023) / 1024),
        digest: file.sha256.get(..16).unwrap_or_default().to_owned(),
    }
}

/// [`shown`], with what is written between the boxes where the opinion was submitted here.
pub(crate) fn whole(opened: &Opened) -> (Vec<Fact>, Vec<ItemGroup>, Vec<Remark>) {
    let (facts, mut groups, remarks) = shown(&opened.content);
    if let Some(form) = &opened.full {
        add_texts(&mut groups, form);
    }
    (facts, groups, remarks)
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
