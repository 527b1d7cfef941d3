//! An upload: what would go to whom, the one confirmation, what became of it.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::send::{self, Outcome};
use kaigo_app::exchange::upload::{self, Draft, DraftSet, DraftState, Verdict};
use kaigo_careplan::batch::SetPerson;
use kaigo_core::finding::Severity;

use super::{document, file, finding, frame, number, pages, partner, what};
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Req, Staff, percent};
use crate::say;
use crate::view::exchange::Tab;
use crate::view::exchange::draft::{
    Confirm, ConfirmRow, Draft as View, DraftSet as SetView, DraftState as StateView, File, Group, OneSet, Person,
    Stray,
};
use crate::view::{Chip, FieldError, Link, Tone};

/// People of a set on the page of the whole upload: the others have a page of their own.
const FEW_PEOPLE: usize = 5;
/// Findings of a set there.
const FEW_FINDINGS: usize = 3;
/// People on a page of one set.
const PEOPLE: usize = 100;
/// Findings on a page of one set.
const FINDINGS: usize = 200;

/// GET /exchange/drafts/{d}
pub(crate) async fn show(Staff(req): Staff, Path(d): Path<String>) -> Response {
    match load(&req, &d).await {
        Ok(draft) => match view(&req, &draft).await {
            Ok(view) => ok(&view),
            Err(error) => failure(&req, &error),
        },
        Err(error) => failure(&req, &error),
    }
}

async fn load(req: &Req, d: &str) -> Result<Draft, Error> {
    upload::draft(&req.web.app, &req.ctx, req.caller()?, d).await
}

async fn view(req: &Req, draft: &Draft) -> Result<View, Error> {
    let state = match draft.state {
        DraftState::Open => StateView::Open,
        DraftState::Sent => StateView::Sent,
        DraftState::Discarded => StateView::Discarded,
    };
    let mut groups: BTreeMap<(u8, &str), Group> = BTreeMap::new();
    let worst = worst_of(draft);
    for set in &draft.sets {
        let no = set.to.office_no.as_str();
        let rank = worst.get(no).copied().unwrap_or_default();
        let group =
            groups.entry((rank, no)).or_insert_with(|| Group { partner: partner(&set.partner), sets: Vec::new() });
        group.sets.push(one(draft, set, FEW_FINDINGS, 0..FEW_PEOPLE));
    }
    let ready = draft.sets.iter().filter(|set| can_go(&set.verdict));
    let mut receivers: Vec<&str> = ready.clone().map(|set| set.to.office_no.as_str()).collect();
    receivers.sort_unstable();
    receivers.dedup();
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Send).await?,
        d: draft.draft_id.clone(),
        made: format!("{} に {} が入れました", say::instant(&draft.made_at), draft.made_by),
        state,
        counts: counts(draft),
        groups: groups.into_values().collect(),
        strays: draft.strays.iter().map(|s| Stray { name: s.name.clone(), say: s.say.clone() }).collect(),
        ready: ready.count(),
        receivers: receivers.len(),
    })
}

/// Whether a set can be sent.
fn can_go(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Ready | Verdict::Warned)
}

/// Order of the receivers: what must be mended, what cannot go, what can, what is done.
fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Blocked | Verdict::WrongSender | Verdict::SameOffice => 0,
        Verdict::NotRegistered => 1,
        Verdict::Warned => 2,
        Verdict::Ready => 3,
        Verdict::AlreadySent { .. } => 4,
    }
}

/// The rank of each receiver: that of its worst set.
fn worst_of(draft: &Draft) -> BTreeMap<&str, u8> {
    let mut worst: BTreeMap<&str, u8> = BTreeMap::new();
    for set in &draft.sets {
        let own = rank(&set.verdict);
        worst.entry(set.to.office_no.as_str()).and_modify(|rank| *rank = own.min(*rank)).or_insert(own);
    }
    worst
}

/// 送れます, 注意, 直してください, …: the state of a set in a word.
fn chip(draft: &Draft, set: &DraftSet) -> Chip {
    let count = |severity| set.findings.iter().filter(|f| f.severity == severity).count();
    match &set.verdict {
        Verdict::Ready => Chip::new(Tone::Good, "送れます"),
        Verdict::Warned => Chip::new(Tone::Warn, format!("注意 {}件", count(Severity::Warning))),
        Verdict::Blocked => Chip::new(Tone::Bad, format!("直してください {}件", count(Severity::Error))),
        Verdict::WrongSender => Chip::new(Tone::Bad, "送信元がちがいます"),
        Verdict::SameOffice => Chip::new(Tone::Bad, "同じ事業所です"),
        Verdict::NotRegistered => Chip::new(Tone::Warn, "登録なし"),
        Verdict::AlreadySent { same: true, .. } if draft.state == DraftState::Sent => {
            Chip::new(Tone::Good, "送りました")
        }
        Verdict::AlreadySent { .. } => Chip::new(Tone::Info, "もう送りました"),
    }
}

/// What the state means and what to do.
fn meaning(draft: &Draft, set: &DraftSet) -> String {
    match &set.verdict {
        Verdict::AlreadySent { at, same: true, .. } if draft.state == DraftState::Sent => {
            format!("{} に送りました。", say::instant(at))
        }
        Verdict::AlreadySent { at, .. } => format!("{} に送っています。{}", say::instant(at), set.verdict.say()),
        Verdict::WrongSender => format!("送信元は {} です。{}", set.from.office_no, set.verdict.say()),
        Verdict::Ready | Verdict::Warned | Verdict::Blocked | Verdict::SameOffice | Verdict::NotRegistered => {
            set.verdict.say().to_owned()
        }
    }
}

fn actions(draft: &Draft, set: &DraftSet) -> Vec<Link> {
    match &set.verdict {
        Verdict::NotRegistered => vec![
            Link::new(
                "送付状をつけて印刷する",
                format!("/exchange/drafts/{}/sets/{}/paper", draft.draft_id, set.place),
            ),
            Link::new("お誘いの手紙を作る", format!("/exchange/partners/{}/letter", set.to.office_no)),
        ],
        Verdict::AlreadySent { set_id, .. } => {
            vec![
                Link::new("送ったものを見る", format!("/exchange/sets/{set_id}")),
                Link::new("送信証明", format!("/exchange/sets/{set_id}/receipt")),
            ]
        }
        Verdict::Ready | Verdict::Warned | Verdict::Blocked | Verdict::WrongSender | Verdict::SameOffice => Vec::new(),
    }
}

fn one(draft: &Draft, set: &DraftSet, findings: usize, people: std::ops::Range<usize>) -> SetView {
    let mut sorted: Vec<_> = set.findings.iter().collect();
    sorted.sort_by_key(|found| std::cmp::Reverse(found.severity));
    SetView {
        n: set.place,
        what: what(set.unit, set.month),
        small: format!("{}人　{}ファイル　連番 {}", heads(&set.people), set.files.len(), set.serial),
        chip: chip(draft, set),
        say: meaning(draft, set),
        actions: actions(draft, set),
        findings: sorted.iter().take(findings).map(|found| finding(found)).collect(),
        finding_count: set.findings.len(),
        people: set
            .people
            .iter()
            .enumerate()
            .skip(people.start)
            .take(people.len())
            .map(|(p, who)| person(draft, set, p, who))
            .collect(),
        person_count: set.people.len(),
    }
}

/// How many people; somebody may have several documents in a set.
fn heads(people: &[SetPerson]) -> usize {
    let mut whom: Vec<(&str, &str)> = people.iter().map(|p| (p.insurer_no.as_str(), p.insured_no.as_str())).collect();
    whom.sort_unstable();
    whom.dedup();
    whom.len()
}

fn person(draft: &Draft, set: &DraftSet, p: usize, who: &SetPerson) -> Person {
    Person {
        name: if who.name.is_empty() { number(&who.insured_no) } else { who.name.clone() },
        kana: who.kana.clone(),
        number: number(&who.insured_no),
        what: document(who.doc, &who.key, who.deletes),
        chip: None,
        href: format!("/exchange/drafts/{}/sets/{}/people/{p}", draft.draft_id, set.place),
    }
}

/// How many sets stand where.
fn counts(draft: &Draft) -> Vec<Chip> {
    let is_sent = draft.state == DraftState::Sent;
    let kinds: [(&str, Tone, fn(&Verdict) -> bool); 5] = [
        ("直してください", Tone::Bad, |v| rank(v) == 0),
        ("登録なし", Tone::Warn, |v| rank(v) == 1),
        ("注意", Tone::Warn, |v| rank(v) == 2),
        ("送れます", Tone::Good, |v| rank(v) == 3),
        (if is_sent { "送りました" } else { "もう送りました" }, Tone::Info, |v| rank(v) == 4),
    ];
    let count = |is: fn(&Verdict) -> bool| draft.sets.iter().filter(|set| is(&set.verdict)).count();
    kinds
        .into_iter()
        .map(|(word, tone, is)| (word, tone, count(is)))
        .filter(|(_, _, count)| *count > 0)
        .map(|(word, tone, count)| Chip::new(tone, format!("{word} {count}組")))
        .collect()
}

/// GET /exchange/drafts/{d}/sets/{n}?page=
pub(crate) async fn one_set(Staff(req): Staff, Path((d, n)): Path<(String, String)>) -> Response {
    let page = req.asked("page").parse::<usize>().unwrap_or(0);
    match load(&req, &d).await {
        Ok(draft) => match draft.sets.iter().find(|set| set.place.to_string() == n) {
            Some(set) => match one_view(&req, &draft, set, page).await {
                Ok(view) => ok(&view),
                Err(error) => failure(&req, &error),
            },
            None => failure(&req, &Error::NotFound),
        },
        Err(error) => failure(&req, &error),
    }
}

async fn one_view(req: &Req, draft: &Draft, set: &DraftSet, page: usize) -> Result<OneSet, Error> {
    let first = page.saturating_mul(PEOPLE);
    Ok(OneSet {
        shell: req.shell(),
        frame: frame(req, Tab::Send).await?,
        d: draft.draft_id.clone(),
        partner: partner(&set.partner),
        set: one(draft, set, FINDINGS, first..first.saturating_add(PEOPLE)),
        files: set.files.iter().map(|info| File { sha256: String::new(), ..file(info) }).collect(),
        paging: pages(
            &format!("/exchange/drafts/{}/sets/{}", draft.draft_id, set.place),
            page,
            PEOPLE,
            set.people.len(),
        ),
    })
}

/// GET /exchange/drafts/{d}/confirm
pub(crate) async fn confirm(Staff(req): Staff, Path(d): Path<String>) -> Response {
    confirmation(&req, &d, Vec::new()).await
}

async fn confirmation(req: &Req, d: &str, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match load(req, d).await {
        // What was put away has nothing to confirm.
        Ok(draft) if draft.state == DraftState::Discarded => moved(&format!("/exchange/drafts/{}", draft.draft_id)),
        Ok(draft) => match frame(req, Tab::Send).await {
            Ok(frame) => page(status, &confirm_view(req, &draft, frame, errors)),
            Err(error) => failure(req, &error),
        },
        Err(error) => failure(req, &error),
    }
}

fn confirm_view(req: &Req, draft: &Draft, frame: crate::view::exchange::Frame, errors: Vec<FieldError>) -> Confirm {
    let rows: Vec<ConfirmRow> = draft
        .sets
        .iter()
        .filter(|set| can_go(&set.verdict))
        .map(|set| ConfirmRow {
            n: set.place,
            partner: partner(&set.partner),
            what: what(set.unit, set.month),
            people: heads(&set.people),
            chip: chip(draft, set),
            chosen: errors.is_empty(),
        })
        .collect();
    let mut receivers: Vec<&str> = rows.iter().map(|row| row.partner.number.as_str()).collect();
    receivers.sort_unstable();
    receivers.dedup();
    let receivers = receivers.len();
    let left: Vec<String> = counts(draft)
        .into_iter()
        .filter(|chip| chip.word.starts_with("直してください") || chip.word.starts_with("登録なし"))
        .map(|chip| chip.word)
        .collect();
    let first = rows.first().map(|row| format!("set-{}", row.n)).unwrap_or_default();
    Confirm {
        shell: req.shell(),
        frame,
        errors: errors.into_iter().map(|error| FieldError { field: first.clone(), ..error }).collect(),
        d: draft.draft_id.clone(),
        people: rows.iter().map(|row| row.people).sum(),
        receivers,
        rows,
        left: if left.is_empty() { String::new() } else { format!("{}は、送りません。", left.join("、")) },
    }
}

/// POST /exchange/drafts/{d}/send
pub(crate) async fn send(Staff(req): Staff, Path(d): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let places: Vec<usize> = fields.ticked("set-").into_iter().filter_map(|n| n.parse().ok()).collect();
    if places.is_empty() {
        let say = "送るものを1つ以上選んでください。送らないときは「まだ送らないでもどる」を押してください。";
        return confirmation(&req, &d, vec![FieldError::new("", say)]).await;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match send::send(&req.web.app, &req.ctx, caller, &d, &places).await {
        Ok(results) => {
            let is_any = results.iter().any(|result| !matches!(result.outcome, Outcome::Refused { .. }));
            let done = if is_any { "set-sent" } else { "set-none" };
            moved(&format!("/exchange/drafts/{}?done={done}", percent(&d)))
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /exchange/drafts/{d}/discard
pub(crate) async fn discard(Staff(req): Staff, Path(d): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else {
        return failure(&req, &Error::LoginNeeded);
    };
    match upload::discard(&req.web.app, &req.ctx, caller, &d).await {
        Ok(()) => moved(&format!("/exchange/drafts/{}?done=discarded", percent(&d))),
        Err(error) => failure(&req, &error),
    }
}
