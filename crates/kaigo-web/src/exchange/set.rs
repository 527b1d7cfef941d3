//! One set, as both of its offices see it; fetching it, marking it, taking it back.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::mailbox::{self, Current, Event, PersonRow, SetPage, SetRow, State, Wanted};
use kaigo_app::exchange::send::Outcome;
use kaigo_app::exchange::withdrawal;
use kaigo_careplan::batch::Doc;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::name::End;

use super::{document, file, frame, inbox, late_chip, number, pages, partner, state_chip, what};
use crate::failure::{failure, moved, ok};
use crate::request::{Fields, Req, Staff, percent};
use crate::say;
use crate::view::certification::{Progress, Step, StepState};
use crate::view::exchange::Tab;
use crate::view::exchange::draft::Person;
use crate::view::exchange::set::{Can, Event as EventView, Recall, Set as View, Version, Withdraw};
use crate::view::{Chip, Fact, Link, Tone};

/// People on a page.
const PEOPLE: usize = 100;

/// GET /exchange/sets/{s}?page=
pub(crate) async fn show(Staff(req): Staff, Path(s): Path<String>) -> Response {
    match view(&req, &s).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn load(req: &Req, s: &str) -> Result<SetPage, Error> {
    mailbox::set(&req.web.app, &req.ctx, req.caller()?, s).await
}

async fn view(req: &Req, s: &str) -> Result<View, Error> {
    let set = load(req, s).await?;
    let row = &set.row;
    let page: usize = req.asked("page").parse().unwrap_or(0);
    let tab = if set.is_receiver { Tab::Inbox } else { Tab::Sent };
    let here = format!("/exchange/sets/{}", row.set_id);
    let (own, other) = offices(req, &set);
    Ok(View {
        shell: req.shell(),
        frame: frame(req, tab).await?,
        s: row.set_id.clone(),
        what: what(row.unit, row.month),
        partner: partner(&row.partner),
        is_receiver: set.is_receiver,
        chip: state_chip(row.state, set.is_receiver),
        progress: progress(req, &set),
        facts: facts(&set, &own, &other),
        people: set
            .people
            .iter()
            .skip(page.saturating_mul(PEOPLE))
            .take(PEOPLE)
            .map(|one| person(&here, one, row.is_purged))
            .collect(),
        person_count: set.people.len(),
        paging: pages(&here, page, PEOPLE, set.people.len()),
        files: set.files.iter().map(file).collect(),
        versions: versions(&set),
        findings: Vec::new(),
        events: set.events.iter().rev().map(|event| happened(&set, event, &own, &other)).collect(),
        can: can(&set),
    })
}

/// The names of the reader's office and of the other.
fn offices(req: &Req, set: &SetPage) -> (String, String) {
    let own = match req.caller() {
        Ok(kaigo_core::policy::Caller::Staff(staff)) => staff.office_name.clone(),
        _ => String::new(),
    };
    (own, partner(&set.row.partner).name)
}

fn facts(set: &SetPage, own: &str, other: &str) -> Vec<Fact> {
    let row = &set.row;
    let (from, to) = if set.is_receiver { (other, own) } else { (own, other) };
    let end = |label: &str, name: &str, end: End| {
        let kind = end.kind.map(|kind| format!("　{}（{}）", kind.label(), kind.code())).unwrap_or_default();
        Fact::new(label, name).note(format!("{}{kind}", end.office_no))
    };
    let mut facts = vec![
        end("送信元", from, row.from),
        end("送信先", to, row.to),
        Fact::new("連番", row.serial.clone()),
        Fact::new("大きさ", format!("{}ファイル　{}", row.file_count, say::bytes(row.size))),
    ];
    if row.warning_count > 0 {
        let fact = Fact::new("送る前の確かめ", "").chip(Tone::Warn, format!("注意 {}件", row.warning_count));
        facts.push(fact.note("注意があるまま送られました。相手のソフトで読めないほどのものではありません"));
    }
    if row.is_purged {
        facts.push(Fact::new("保存", "").chip(Tone::Plain, "保存の期間が終わりました"));
    }
    facts
}

/// 送信済 → 受信済 → 取込済, or where it was taken back.
fn progress(req: &Req, set: &SetPage) -> Progress {
    let row = &set.row;
    let step = |at: Option<&str>, done: &str, ahead: &str, is_next: bool| match at {
        Some(at) => Step { state: StepState::Done, title: done.to_owned(), when: say::instant(at) },
        None => Step {
            state: if is_next { StepState::Now } else { StepState::Next },
            title: ahead.to_owned(),
            when: String::new(),
        },
    };
    let mut steps = vec![step(Some(&row.sent_at), "送信済", "", false)];
    if row.state == State::Recalled {
        let when = row.recalled_at.as_deref().map(say::instant).unwrap_or_default();
        steps.push(Step { state: StepState::Stopped, title: "取下げ".to_owned(), when });
    } else {
        let fetched = row.fetched_at.as_deref();
        let waits = if set.is_receiver {
            "受信（ファイルを受け取る）"
        } else {
            "受信（相手が受け取るのを待っています）"
        };
        steps.push(step(fetched, "受信済", waits, true));
        let takes = "取込（介護ソフトに取り込む）";
        steps.push(step(row.imported_at.as_deref(), "取込済", takes, fetched.is_some()));
    }
    let is_late = !set.is_receiver && row.is_waiting;
    Progress {
        title: String::new(),
        say: if is_late {
            "電話などで、相手に届いたことを知らせてください。".to_owned()
        } else {
            String::new()
        },
        chip: is_late.then(|| late_chip(req)),
        steps,
        contact: String::new(),
    }
}

fn person(here: &str, one: &PersonRow, is_purged: bool) -> Person {
    let chip = match &one.current {
        Current::Yes if one.deletes => None,
        Current::Yes => Some(Chip::new(Tone::Good, "最新")),
        Current::Replaced { .. } => Some(Chip::new(Tone::Plain, "置き換え済み")),
        Current::Withdrawn { .. } => Some(Chip::new(Tone::Warn, "取消済み")),
    };
    Person {
        name: if one.name.is_empty() { number(&one.insured_no) } else { one.name.clone() },
        kana: one.kana.clone(),
        number: number(&one.insured_no),
        what: document(one.doc, &one.key, one.deletes),
        chip,
        href: if is_purged { String::new() } else { format!("{here}/people/{}", one.place) },
    }
}

/// The other sets of the same documents.
fn versions(set: &SetPage) -> Vec<Version> {
    let own = &set.row;
    let others = set.versions.iter().filter(|other| other.set_id != own.set_id);
    others
        .map(|other| {
            let is_newer = (&other.serial, &other.sent_at) > (&own.serial, &own.sent_at);
            let chip = match (other.state, is_newer) {
                (State::Recalled, _) => Chip::new(Tone::Warn, "取下げ"),
                (_, true) => Chip::new(Tone::Good, "これより新しい"),
                (_, false) => Chip::new(Tone::Plain, "これより前"),
            };
            Version { link: version_link(other), chip, small: format!("連番 {}", other.serial) }
        })
        .collect()
}

fn version_link(row: &SetRow) -> Link {
    let word = format!("{} に送られた {}", say::instant(&row.sent_at), what(row.unit, row.month));
    Link::new(word, format!("/exchange/sets/{}", row.set_id))
}

fn happened(set: &SetPage, event: &Event, own: &str, other: &str) -> EventView {
    let what = match event.what.as_str() {
        "sent" => "送りました",
        "fetched" => "受け取りました（ファイルを保存）",
        "fetched-again" => "もう一度、受け取りました（ファイルを保存）",
        "imported" => "介護ソフトに取り込みました",
        "recalled" => "取り下げました",
        "withdrawn" => "取り消しを送りました",
        "purged" => "保存の期間が終わり、ファイルの中身を消しました",
        other => other,
    };
    let office = if event.office_no == set.row.partner.office_no.as_str() { other } else { own };
    EventView { at: say::instant(&event.at), what: what.to_owned(), who: format!("{}　{office}", event.by_name) }
}

fn can(set: &SetPage) -> Can {
    let is_result = set.row.unit == Some(Unit::Result);
    Can {
        fetch: set.can_fetch,
        imported: set.can_import,
        recall: set.can_recall,
        withdraw: set.can_withdraw,
        receipt: true,
        compare: is_result || set.row.unit == Some(Unit::Usage),
        paper: !set.is_receiver && !set.row.is_purged && set.people.iter().any(|one| !one.deletes),
    }
}

/// POST /exchange/sets/{s}/fetch
pub(crate) async fn fetch(Staff(req): Staff, Path(s): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    inbox::download(&req, Wanted::These(vec![s]), "連携ファイル").await
}

/// POST /exchange/sets/{s}/imported
pub(crate) async fn imported(Staff(req): Staff, Path(s): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match mailbox::imported(&req.web.app, &req.ctx, caller, &s).await {
        Ok(()) => moved(&format!("/exchange/sets/{}?done=imported", percent(&s))),
        Err(error) => failure(&req, &error),
    }
}

/// What the sender's pages about taking back need.
async fn sent_set(req: &Req, s: &str) -> Result<SetPage, Error> {
    let set = load(req, s).await?;
    if set.is_receiver { Err(Error::NotFound) } else { Ok(set) }
}

/// GET /exchange/sets/{s}/recall
pub(crate) async fn recall_form(Staff(req): Staff, Path(s): Path<String>) -> Response {
    match recall_view(&req, &s).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn recall_view(req: &Req, s: &str) -> Result<Recall, Error> {
    let set = sent_set(req, s).await?;
    if !set.can_recall {
        let say = "取り下げられるのは、相手が受け取る前だけです。受け取ったあとは「取り消しを送る」を使ってください。";
        return Err(Error::Conflict(say.to_owned()));
    }
    Ok(Recall {
        shell: req.shell(),
        frame: frame(req, Tab::Sent).await?,
        s: set.row.set_id.clone(),
        what: what(set.row.unit, set.row.month),
        partner: partner(&set.row.partner),
        people: format!("{}人", set.row.person_count),
    })
}

/// POST /exchange/sets/{s}/recall
pub(crate) async fn recall(Staff(req): Staff, Path(s): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match mailbox::recall(&req.web.app, &req.ctx, caller, &s).await {
        Ok(()) => moved(&format!("/exchange/sets/{}?done=recalled", percent(&s))),
        Err(error) => failure(&req, &error),
    }
}

/// GET /exchange/sets/{s}/withdraw
pub(crate) async fn withdraw_form(Staff(req): Staff, Path(s): Path<String>) -> Response {
    match withdraw_view(&req, &s).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn withdraw_view(req: &Req, s: &str) -> Result<Withdraw, Error> {
    let set = sent_set(req, s).await?;
    if !set.can_withdraw {
        let say = "取り消せるものがありません。相手が受け取る前なら「取り下げる」を使ってください。";
        return Err(Error::Conflict(say.to_owned()));
    }
    let here = format!("/exchange/sets/{}", set.row.set_id);
    let still = |one: &&PersonRow| !matches!(one.current, Current::Withdrawn { .. }) && is_taken_back(&set, one.doc);
    let people: Vec<Person> =
        set.people.iter().filter(still).map(|one| person(&here, one, set.row.is_purged)).collect();
    Ok(Withdraw {
        shell: req.shell(),
        frame: frame(req, Tab::Sent).await?,
        s: set.row.set_id.clone(),
        what: what(set.row.unit, set.row.month),
        partner: partner(&set.row.partner),
        person_count: people.len(),
        people,
    })
}

/// Whether the deletion for the set takes that document back: of a 支援計画書 with 基本情報, the former only.
fn is_taken_back(set: &SetPage, doc: Option<Doc>) -> bool {
    match set.row.unit {
        Some(Unit::Prevention) => doc == Some(Doc::Prevention),
        Some(Unit::UsageAndResult) => doc == Some(Doc::Usage),
        _ => true,
    }
}

/// POST /exchange/sets/{s}/withdraw
pub(crate) async fn withdraw(Staff(req): Staff, Path(s): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match withdrawal::withdraw(&req.web.app, &req.ctx, caller, &s).await {
        Ok(result) => match result.outcome {
            Outcome::Sent { set_id, .. } | Outcome::Repeated { set_id, .. } => {
                moved(&format!("/exchange/sets/{set_id}?done=withdrawn"))
            }
            Outcome::Refused { say, .. } => failure(&req, &Error::Conflict(say)),
        },
        Err(error) => failure(&req, &error),
    }
}
