//! 居宅サービス計画作成依頼届出 by proxy: the way to a notice, its state, the office's list. The municipality's side is in
//! `insurer/filings.rs`.

mod desk;
mod way;

use axum::routing::{get, post};
use kaigo_app::filing::OfficeCard;
use kaigo_app::person::Head;
use kaigo_core::care_level::CareLevel;
use kaigo_core::date::{seireki, wareki};
use kaigo_core::filing::{Check, Column, Division, FilingState, OtherServices, Step};
use kaigo_core::finding::Severity;
use kaigo_core::id::OfficeNo;
use kaigo_store::filing::Filing;

use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::filing::{CheckLine, FilingLine, Form};
use crate::view::{Chip, Fact, Link, Shell, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    let mut routes = own();
    routes.extend(crate::plans::routes());
    routes.extend(crate::life::routes());
    routes
}

fn own() -> Vec<(Route, Handler)> {
    use Access::Staff;
    vec![
        row("GET", "/people/{c}/filing", Staff, "file-notice", get(way::start)),
        row("POST", "/people/{c}/filing", Staff, "file-notice", post(way::save_start)),
        row("GET", "/people/{c}/filing/change", Staff, "file-notice", get(way::change)),
        row("POST", "/people/{c}/filing/change", Staff, "file-notice", post(way::save_change)),
        row("GET", "/people/{c}/filing/services", Staff, "file-notice", get(way::services)),
        row("POST", "/people/{c}/filing/services", Staff, "file-notice", post(way::save_services)),
        row("GET", "/people/{c}/filing/contact", Staff, "file-notice", get(way::contact)),
        row("POST", "/people/{c}/filing/contact", Staff, "file-notice", post(way::save_contact)),
        row("GET", "/people/{c}/filing/confirm", Staff, "file-notice", get(way::confirm)),
        row("POST", "/people/{c}/filing/confirm", Staff, "file-notice", post(way::file)),
        row("POST", "/people/{c}/filing/discard", Staff, "file-notice", post(way::discard)),
        row("GET", "/filings", Staff, "list-own", get(desk::list)),
        row("GET", "/filings/{f}", Staff, "file-notice", get(desk::show)),
        row("GET", "/filings/{f}/form", Staff, "file-notice", get(desk::form)),
        row("POST", "/filings/{f}/withdraw", Staff, "file-notice", post(desk::withdraw)),
        row("POST", "/filings/{f}/mend", Staff, "file-notice", post(desk::mend)),
    ]
}

/// Where a notice stands.
pub(crate) fn state_chip(state: FilingState) -> Chip {
    let tone = match state {
        FilingState::Filed => Tone::Info,
        FilingState::Accepted => Tone::Good,
        FilingState::Returned => Tone::Bad,
        FilingState::Withdrawn => Tone::Plain,
    };
    Chip::new(tone, state.label())
}

/// A notice as a line.
pub(crate) fn line(filing: &Filing, href: String) -> FilingLine {
    FilingLine {
        href,
        receipt: filing.receipt_no.clone(),
        what: format!("{}・{}", filing.variant.short(), filing.division.label()),
        start: seireki(filing.start_on),
        state: state_chip(filing.state),
        filed: format!("{}　{}", say::short_instant(&filing.filed_at), filing.filed_by),
    }
}

/// A check as a line. `at`: the person's pages of the way, where an error is mended.
pub(crate) fn check_line(check: &Check, at: Option<&str>) -> CheckLine {
    let tone = match check.severity {
        Severity::Note => Tone::Info,
        Severity::Warning => Tone::Warn,
        Severity::Error => Tone::Bad,
    };
    let link = at.filter(|_| check.severity == Severity::Error).map(|at| Link::new("直す", page_of(at, check.step)));
    CheckLine { chip: Chip::new(tone, check.severity.label()), say: check.say.clone(), mend: check.mend.clone(), link }
}

/// The page of a question.
fn page_of(at: &str, step: Step) -> String {
    match step {
        Step::Start => at.to_owned(),
        Step::Change | Step::Services | Step::Contact | Step::Confirm => format!("{at}/{}", step.code()),
    }
}

/// What was filed.
pub(crate) fn facts(filing: &Filing, entrusted: Option<&str>) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("届出書の種類", filing.variant.label()),
        Fact::new("区分", filing.division.label()),
        Fact::new("計画の作成を始める日", format!("{}（{}）", wareki(filing.start_on), seireki(filing.start_on))),
        Fact::new("事業所", format!("{}（{}）", filing.office_name, filing.office_no)),
    ];
    if filing.is_provisional {
        facts.push(Fact::new("暫定", "認定の申請中の届出です"));
    }
    if filing.division == Division::Change {
        facts.push(Fact::many("変更の理由", reason(filing)));
    }
    facts.extend(filing.others.as_ref().map(|others| Fact::new("開始の月のほかのサービス", services(others))));
    facts.extend(filing.entrusted_no.map(|no| Fact::new("委託先", office(entrusted, no))));
    facts.push(Fact::new("連絡先", format!("{}　{}", filing.contact_name, filing.contact_phone)));
    facts
}

fn reason(filing: &Filing) -> Vec<String> {
    let label = filing.reason.map(|reason| reason.label().to_owned());
    label.into_iter().chain(Some(filing.reason_text.clone()).filter(|text| !text.is_empty())).collect()
}

fn services(others: &OtherServices) -> String {
    match others {
        OtherServices::No => "なし".to_owned(),
        OtherServices::Yes(names) => format!("あり（{names}）"),
    }
}

fn office(name: Option<&str>, no: OfficeNo) -> String {
    match name {
        Some(name) => format!("{name}（{no}）"),
        None => no.to_string(),
    }
}

/// Whose notice and of which office: for the form on paper.
pub(crate) struct Paper<'a> {
    pub(crate) head: &'a Head,
    pub(crate) filing: &'a Filing,
    pub(crate) office: &'a OfficeCard,
    pub(crate) entrusted: Option<&'a str>,
}

/// The national form.
pub(crate) fn paper(shell: Shell, back: Link, all: &Paper<'_>) -> Form {
    let (filing, person) = (all.filing, &all.head.person);
    let checked = if filing.state == FilingState::Accepted { "確認済" } else { "" };
    let level = all.head.certification.as_ref().filter(|_| all.head.certified_today).map(|c| c.care_level);
    let mut more = Vec::new();
    if filing.division == Division::Change {
        more.push(Fact::many("事業所を変更する場合の事由等", reason(filing)));
        more.push(Fact::new("変更年月日", wareki(filing.start_on)));
    }
    let others = filing.others.as_ref();
    more.extend(others.map(|others| Fact::new("利用開始月における居宅サービス等の利用の有無", services(others))));
    more.extend(filing.entrusted_no.map(|no| Fact::new("委託先の居宅介護支援事業所", office(all.entrusted, no))));
    Form {
        shell,
        back,
        title: filing.variant.label().to_owned(),
        division: filing.division.label().to_owned(),
        person: vec![
            Fact::new("フリガナ", person.name_kana.to_string()),
            Fact::new("氏名", person.name.to_string()),
            Fact::new("被保険者番号", say::number(all.head.insured_no)),
            Fact::new("生年月日", wareki(person.born_on)),
            Fact::new("性別", person.sex.label()),
            Fact::new("要介護状態区分", level.map_or("（申請中・認定なし）", CareLevel::label)),
            Fact::new("住所", person.address.to_string()),
        ],
        office: vec![
            Fact::new("事業所名", filing.office_name.clone()),
            Fact::new("事業所番号", filing.office_no.to_string()),
            Fact::new("所在地", all.office.address.clone()),
            Fact::new("電話番号", filing.contact_phone.clone()),
            Fact::new("計画の作成（サービス）開始年月日", wareki(filing.start_on)),
            Fact::new("届出を代行した人", filing.filed_by.clone()),
        ],
        more,
        addressee: format!("{}長", all.head.insurer.name),
        filed: wareki(filing.filed_on),
        receipt: filing.receipt_no.clone(),
        columns: Column::ALL.iter().map(|column| (column.label().to_owned(), checked.to_owned())).collect(),
    }
}
