//! 助成金, from the office's side: guide, form, files, check, filing.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::subsidy::{self, Filed, LINES, Page, Typed};
use kaigo_core::date::seireki;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::service::ServiceKind;
use kaigo_core::subsidy::check::{Finding, Form, ScreenUser, Weight};
use kaigo_core::subsidy::{self as rule, Amounts, CostKind, DocumentKind};
use kaigo_store::subsidy::{Application, Event, File};

use super::{field_errors, read_upload, talk, upload};
use crate::Web;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::mypage::subsidy as view;
use crate::view::{Chip, Choice, Fact, FieldError, Link, Tone};

/// The URLs of this part.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Staff;
    let enclose = post(enclose).layer(DefaultBodyLimit::max(upload::most(1)));
    vec![
        row("GET", "/office/subsidy", Staff, "view-office", get(guide)),
        row("POST", "/office/subsidy", Staff, "manage-office", post(begin)),
        row("GET", "/office/subsidy/{a}", Staff, "manage-office", get(show)),
        row("POST", "/office/subsidy/{a}", Staff, "manage-office", post(save)),
        row("POST", "/office/subsidy/{a}/files", Staff, "manage-office", enclose),
        row("GET", "/office/subsidy/{a}/files/{n}", Staff, "manage-office", get(file)),
        row("POST", "/office/subsidy/{a}/files/{n}/remove", Staff, "manage-office", post(remove)),
        row("GET", "/office/subsidy/{a}/check", Staff, "manage-office", get(check)),
        row("POST", "/office/subsidy/{a}/file", Staff, "manage-office", post(file_it)),
        row("POST", "/office/subsidy/{a}/withdraw", Staff, "manage-office", post(withdraw)),
    ]
}

/// State as a chip.
pub(crate) fn chip(state: rule::State) -> Chip {
    let tone = match state {
        rule::State::Draft | rule::State::Withdrawn => Tone::Plain,
        rule::State::Filed => Tone::Info,
        rule::State::Returned => Tone::Warn,
        rule::State::Granted | rule::State::Paid => Tone::Good,
        rule::State::Refused => Tone::Bad,
    };
    Chip::new(tone, state.label())
}

fn yen(amount: i64) -> String {
    format!("{}円", say::grouped(&amount))
}

fn line(a: &Application) -> view::ApplicationLine {
    let small = match a.filed_at.as_deref() {
        Some(at) => format!("{}に提出", say::instant(at)),
        None => format!("{}に書きはじめ（{}）", say::instant(&a.made_at), a.made_by),
    };
    view::ApplicationLine {
        href: format!("/office/subsidy/{}", a.application_id),
        word: format!("{}年度　{}", a.fiscal_year, yen(a.grant_yen)),
        small,
        chip: chip(a.state),
    }
}

async fn guide_view(req: &Req) -> Result<view::SubsidyHome, Error> {
    let (caller, today) = (req.caller()?, req.ctx.today);
    let Caller::Staff(staff) = caller else { return Err(Error::NotFound) };
    let may_manage = decide_act(caller, Act::ManageOffice).is_ok();
    let own = if may_manage { subsidy::mine(&req.web.app, caller).await? } else { Vec::new() };
    let rules = rule::year(today);
    let year = rules.map(|row| row.value);
    let ceiling = rule::ceiling(&staff.services, today);
    Ok(view::SubsidyHome {
        shell: req.shell(),
        window: year.map(|y| say::period(y.opens, Some(y.closes))).unwrap_or_default(),
        is_open: year.is_some_and(|y| (y.opens..=y.closes).contains(&today)),
        ceilings: year
            .map(|y| {
                y.ceilings
                    .iter()
                    .map(|c| [c.group.label().to_owned(), format!("{}台まで", c.readers), yen(i64::from(c.yen))])
                    .collect()
            })
            .unwrap_or_default(),
        own: ceiling
            .map(|c| format!("{}　{}台まで　{}まで", c.group.label(), c.readers, yen(i64::from(c.yen))))
            .unwrap_or_default(),
        source: rules.map_or("", |row| row.source).to_owned(),
        may_begin: may_manage && !own.iter().any(|a| a.state.counts()),
        lines: own.iter().map(line).collect(),
        may_manage,
        submit_key: req.ctx.ids.id(),
    })
}

/// GET /office/subsidy
async fn guide(Staff(req): Staff) -> Response {
    match guide_view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/subsidy
async fn begin(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let key = fields.get("submit_key");
    let key = if key.is_empty() { req.ctx.ids.id() } else { key.to_owned() };
    match subsidy::begin(&req.web.app, &req.ctx, caller, key).await {
        Ok(id) => moved(&format!("/office/subsidy/{id}")),
        Err(error) => failure(&req, &error),
    }
}

/// Findings with the place where each is mended.
pub(crate) fn found(findings: &[Finding], base: &str) -> Vec<view::Found> {
    findings
        .iter()
        .map(|f| view::Found {
            chip: match f.weight {
                Weight::Bounce => Chip::new(Tone::Bad, "もどされます"),
                Weight::Caution => Chip::new(Tone::Warn, "注意"),
            },
            say: f.say.clone(),
            mend: f.mend.to_owned(),
            href: if f.field.is_empty() || base.is_empty() { String::new() } else { format!("{base}#{}", f.field) },
        })
        .collect()
}

fn bounces(findings: &[Finding]) -> usize {
    findings.iter().filter(|f| f.weight == Weight::Bounce).count()
}

fn choices(all: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    all.iter().map(|(value, word)| Choice { chosen: *value == chosen, ..Choice::new(*value, *word) }).collect()
}

fn line_fields(typed: &Typed, n: usize) -> view::LineFields {
    let get = |name: &str| typed.get(&format!("{name}-{n}")).cloned().unwrap_or_default();
    let kinds: Vec<(&str, &str)> = CostKind::ALL.iter().map(|kind| (kind.code(), kind.label())).collect();
    let field = |name: &str, label, hint, width, mode| (format!("{name}-{n}"), label, hint, get(name), width, mode);
    let fields = vec![
        field("item", "品名", "領収書のとおりに。「一式」は使えません。", "full", "text"),
        field("model", "型番", "カードリーダーのときは必ず", "wide", "text"),
        field("quantity", "数量", "", "code", "numeric"),
        field("yen", "金額（税込、円）", "この行の合計", "wide", "numeric"),
        field("paid_on", "領収日", "例：2026年10月1日、R8.10.1", "date", "text"),
        field("purpose", "用途（但し書き）", "", "full", "text"),
        field("addressee", "宛名", "事業所名か法人名", "full", "text"),
    ];
    let is_open = n == 1 || fields.iter().any(|(_, _, _, value, ..)| !value.is_empty());
    view::LineFields {
        n,
        kind_name: format!("kind-{n}"),
        kinds: choices(&kinds, &get("kind")),
        item: get("item"),
        fields,
        is_open,
    }
}

fn amounts(a: &Amounts) -> Vec<(String, String)> {
    let row = |label: &str, value: u32| (label.to_owned(), yen(i64::from(value)));
    vec![
        row("Ａ カードリーダー", a.readers),
        row("Ｂ 接続サポート等", a.support),
        row("総事業費（Ａ＋Ｂ）", a.total),
        row("限度額", a.ceiling),
        row("選定額（少ないほう）", a.chosen),
        row("交付額（千円未満切り捨て）", a.grant),
    ]
}

fn hint(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passbook => "表紙のうらの、金融機関・支店・口座番号・カタカナの名義が見える面",
        DocumentKind::Designation => "サービスごとに1つ",
        DocumentKind::Receipt => "型番・数量・金額の内訳・用途・宛名・日付が分かるもの",
        DocumentKind::Screen => "管理者か一般ユーザでログインした管理メニューで、事業所番号と事業所名が見えるもの",
    }
}

fn files_of(page: &Page) -> Vec<view::FilesOf> {
    let base = format!("/office/subsidy/{}/files", page.application.application_id);
    DocumentKind::ALL
        .iter()
        .map(|kind| view::FilesOf {
            code: kind.code().to_owned(),
            label: kind.label().to_owned(),
            hint: hint(*kind).to_owned(),
            files: page
                .files
                .iter()
                .filter(|f| f.kind == *kind)
                .map(|f| {
                    let link = Link::new(f.name.clone(), format!("{base}/{}", f.file_no));
                    (link, size(f), format!("{base}/{}/remove", f.file_no))
                })
                .collect(),
        })
        .collect()
}

fn size(f: &File) -> String {
    say::bytes(u64::try_from(f.size).unwrap_or(0))
}

/// Services to tick: those of the office first, then every other that the subsidy knows and that was ticked.
fn services(page: &Page) -> Vec<Choice> {
    let mut kinds: Vec<ServiceKind> = page.services.clone();
    kinds.extend(page.form.services.iter().filter(|kind| !page.services.contains(kind)));
    kinds
        .into_iter()
        .map(|kind| Choice {
            chosen: page.form.services.contains(&kind),
            ..Choice::new(kind.code(), format!("{}（{}）", kind.label(), kind.code()))
        })
        .collect()
}

fn form_view(req: &Req, page: &Page, errors: Vec<FieldError>) -> view::SubsidyForm {
    let (a, typed) = (&page.application, &page.typed);
    let get = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let reason = page.events.iter().rfind(|e| e.what == "returned").filter(|_| a.state == rule::State::Returned);
    let bank = [
        ("bank_name", "金融機関名", ""),
        ("bank_code", "金融機関コード", "4けた。ゆうちょ銀行は 9900"),
        ("branch_name", "支店名", "ゆうちょ銀行は振込用の店名（例：〇一八）"),
        ("branch_code", "支店コード", "3けた"),
        ("account_no", "口座番号", "7けた。足りないときは前に0を付ける"),
        ("holder", "口座名義（カタカナ）", "通帳の見開きのとおり。小さい字（ャュョッ）は大きい字で"),
    ];
    view::SubsidyForm {
        shell: req.shell(),
        errors,
        id: a.application_id.clone(),
        revision: a.revision,
        chip: chip(a.state),
        reason: reason.map(|e| e.say.lines().map(str::to_owned).collect()).unwrap_or_default(),
        office: format!("{}　{}", a.office_no, a.office_name),
        address: get("address"),
        phone: get("phone"),
        contact: get("contact"),
        services: services(page),
        is_compatible: page.form.is_compatible,
        lines: (1..=LINES).map(|n| line_fields(typed, n)).collect(),
        amounts: amounts(&page.amounts),
        posts: choices(&[("bank", "銀行など"), ("post", "ゆうちょ銀行")], &get("post")),
        bank: bank.iter().map(|(name, label, hint)| (*name, *label, *hint, get(name))).collect(),
        account_kinds: choices(&[("ordinary", "普通"), ("current", "当座")], &get("account_kind")),
        screen_users: choices(
            &[("member", "管理者ユーザか一般ユーザ"), ("office", "事業所ユーザ（KJで始まるID）")],
            &get("screen_user"),
        ),
        screen_office_no: get("screen_office_no"),
        note: get("note"),
        files: files_of(page),
        findings: found(&page.findings, &format!("/office/subsidy/{}", a.application_id)),
        bounces: bounces(&page.findings),
    }
}

/// Lines of receipts for a table.
pub(crate) fn rows(form: &Form) -> Vec<Vec<String>> {
    form.said()
        .map(|(_, l)| {
            vec![
                l.kind.map_or("", CostKind::label).to_owned(),
                l.item.clone(),
                l.model.clone(),
                l.quantity.to_string(),
                yen(i64::from(l.yen)),
                l.paid_on.map(seireki).unwrap_or_default(),
                l.purpose.clone(),
                l.addressee.clone(),
            ]
        })
        .collect()
}

/// What is filed, as facts.
pub(crate) fn facts(page: &Page) -> Vec<Fact> {
    let (a, form, bank) = (&page.application, &page.form, &page.form.bank);
    let kind = if bank.account_kind == "current" { "当座" } else { "普通" };
    let screen = match form.screen_user {
        ScreenUser::Member => "管理者ユーザか一般ユーザ",
        ScreenUser::OfficeUser => "事業所ユーザ",
        ScreenUser::Unsaid => "",
    };
    let mut facts = vec![
        Fact::new("事業所", format!("{}　{}", a.office_no, a.office_name)).as_is(),
        Fact::new("所在地", form.address.clone()).as_is(),
        Fact::new("電話番号・担当者", format!("{}　{}", form.phone, form.contact)).as_is(),
        Fact::many("サービス種類", form.services.iter().map(|k| format!("{}（{}）", k.label(), k.code())).collect()),
        Fact::new("カードリーダーの対応の確認", if form.is_compatible { "した" } else { "していない" }),
    ];
    facts.extend(amounts(&page.amounts).into_iter().map(|(label, value)| Fact::new(label, value)));
    facts.push(
        Fact::many(
            "振込先",
            vec![
                format!("{}（{}）　{}（{}）", bank.bank_name, bank.bank_code, bank.branch_name, bank.branch_code),
                format!("{kind}　{}", bank.account_no),
                bank.holder.clone(),
            ],
        )
        .as_is(),
    );
    facts.push(Fact::new("画面の写し", format!("{screen}　{}", form.screen_office_no)));
    facts.push(Fact::new("備考", page.typed.get("note").cloned().unwrap_or_default()).as_is());
    facts
}

/// What happened, for a table.
pub(crate) fn events(events: &[Event]) -> Vec<[String; 4]> {
    let word = |what: &str| match what {
        "begun" => "書きはじめ".to_owned(),
        "filed" => "提出".to_owned(),
        other => rule::State::parse(other).map_or_else(|_| other.to_owned(), |state| state.label().to_owned()),
    };
    events.iter().map(|e| [say::instant(&e.at), word(&e.what), e.by_name.clone(), e.say.clone()]).collect()
}

/// What comes next, in one sentence.
fn next(a: &Application) -> String {
    let expected = a.filed_on.map(rule::expected);
    match (a.state, expected) {
        (rule::State::Filed, Some(when)) => format!(
            "審査中です。結果は{}までに、振込は{}までの予定です。",
            seireki(when.decided_by),
            seireki(when.paid_by)
        ),
        (rule::State::Granted, _) => format!(
            "{}の交付が決まりました。{}までに振り込まれます。",
            yen(a.grant_yen),
            a.pay_by.map(seireki).unwrap_or_default()
        ),
        (rule::State::Paid, _) => {
            let due = a.paid_on.map(rule::tax_report_due).map(seireki).unwrap_or_default();
            format!(
                "{}に振り込まれました。消費税の仕入控除税額の報告は、{due}までです。",
                a.paid_on.map(seireki).unwrap_or_default()
            )
        }
        (rule::State::Refused, _) => "交付されないことになりました。理由は、下の経過に出ています。".to_owned(),
        (rule::State::Withdrawn, _) => "取り下げました。受付期間のうちは、新しく申請できます。".to_owned(),
        (rule::State::Filed | rule::State::Draft | rule::State::Returned, _) => String::new(),
    }
}

fn show_view(req: &Req, page: &Page) -> view::SubsidyShow {
    let a = &page.application;
    let base = format!("/office/subsidy/{}/files", a.application_id);
    view::SubsidyShow {
        shell: req.shell(),
        id: a.application_id.clone(),
        chip: chip(a.state),
        say: next(a),
        facts: facts(page),
        rows: rows(&page.form),
        files: files(page, &base),
        events: events(&page.events),
        may_withdraw: a.state == rule::State::Filed,
    }
}

/// Files as links with a small line.
pub(crate) fn files(page: &Page, base: &str) -> Vec<(Link, String)> {
    page.files
        .iter()
        .map(|f| {
            (Link::new(f.name.clone(), format!("{base}/{}", f.file_no)), format!("{}　{}", f.kind.label(), size(f)))
        })
        .collect()
}

async fn one(req: &Req, id: &str, typed: Option<Typed>, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    match subsidy::view(&req.web.app, &req.ctx, caller, id).await {
        Ok(mut found) if found.application.state.is_open() => {
            if let Some(typed) = typed {
                // What was typed stays in the form, though it was not kept.
                found.typed = typed;
            }
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            page(status, &form_view(req, &found, errors))
        }
        Ok(found) => ok(&show_view(req, &found)),
        Err(error) => failure(req, &error),
    }
}

/// GET /office/subsidy/{a}
async fn show(Staff(req): Staff, Path(a): Path<String>) -> Response {
    one(&req, &a, None, Vec::new()).await
}

/// POST /office/subsidy/{a}
async fn save(Staff(req): Staff, Path(a): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let typed: Typed = fields.all().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let revision = fields.get("revision").parse().unwrap_or(0);
    match subsidy::save(&req.web.app, &req.ctx, caller, &a, (revision, typed.clone())).await {
        Ok(()) if fields.get("next") == "check" => moved(&format!("/office/subsidy/{a}/check")),
        Ok(()) => moved(&format!("/office/subsidy/{a}?done=subsidy-saved")),
        Err(error) => match field_errors(error) {
            Ok(errors) => one(&req, &a, Some(typed), errors).await,
            Err(error) => failure(&req, &error),
        },
    }
}

/// POST /office/subsidy/{a}/files
async fn enclose(Staff(req): Staff, State(web): State<Arc<Web>>, Path(a): Path<String>, request: Request) -> Response {
    let upload = match read_upload(&req, &web, request, 1).await {
        Ok(upload) => upload,
        Err(page) => return page,
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let kind = DocumentKind::parse(upload.fields.get("kind")).ok();
    let (Some(kind), Some(given)) = (kind, upload.files.into_iter().next()) else {
        let place = kind.map_or_else(String::new, |kind| format!("f-{}", kind.code()));
        return one(
            &req,
            &a,
            None,
            vec![FieldError::new(place, "ファイルを選んでから、「添付する」を押してください。")],
        )
        .await;
    };
    match subsidy::enclose(&req.web.app, &req.ctx, caller, &a, (kind, given)).await {
        Ok(()) => moved(&format!("/office/subsidy/{a}?done=subsidy-enclosed#file-{}", kind.code())),
        Err(error) => match field_errors(error) {
            Ok(errors) => {
                let at = errors.into_iter().map(|e| FieldError::new(format!("f-{}", kind.code()), e.say)).collect();
                one(&req, &a, None, at).await
            }
            Err(error) => failure(&req, &error),
        },
    }
}

/// GET /office/subsidy/{a}/files/{n}
async fn file(Staff(req): Staff, Path((a, n)): Path<(String, String)>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match subsidy::file_bytes(&req.web.app, caller, &a, n.parse().unwrap_or(0)).await {
        Ok((file, bytes)) => talk::attachment(&file.name, &file.media_type, bytes),
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/subsidy/{a}/files/{n}/remove
async fn remove(Staff(req): Staff, Path((a, n)): Path<(String, String)>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match subsidy::remove(&req.web.app, &req.ctx, caller, &a, n.parse().unwrap_or(0)).await {
        Ok(()) => moved(&format!("/office/subsidy/{a}?done=subsidy-removed")),
        Err(error) => failure(&req, &error),
    }
}

fn check_view(req: &Req, found_page: &Page) -> view::SubsidyCheck {
    let a = &found_page.application;
    let when = rule::expected(req.ctx.today);
    view::SubsidyCheck {
        shell: req.shell(),
        id: a.application_id.clone(),
        revision: a.revision,
        findings: found(&found_page.findings, &format!("/office/subsidy/{}", a.application_id)),
        bounces: bounces(&found_page.findings),
        facts: facts(found_page),
        rows: rows(&found_page.form),
        expected: format!(
            "きょう提出すると、結果は{}までに、振込は{}までの予定です。",
            seireki(when.decided_by),
            seireki(when.paid_by)
        ),
    }
}

/// GET /office/subsidy/{a}/check
async fn check(Staff(req): Staff, Path(a): Path<String>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match subsidy::view(&req.web.app, &req.ctx, caller, &a).await {
        Ok(found) if found.application.state.is_open() => ok(&check_view(&req, &found)),
        Ok(_) => moved(&format!("/office/subsidy/{a}")),
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/subsidy/{a}/file
async fn file_it(Staff(req): Staff, Path(a): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let revision = fields.get("revision").parse().unwrap_or(0);
    match subsidy::file(&req.web.app, &req.ctx, caller, &a, revision).await {
        Ok(Filed::Done) => moved(&format!("/office/subsidy/{a}?done=subsidy-filed")),
        Ok(Filed::Bounces(_)) => match subsidy::view(&req.web.app, &req.ctx, caller, &a).await {
            Ok(found) => page(StatusCode::UNPROCESSABLE_ENTITY, &check_view(&req, &found)),
            Err(error) => failure(&req, &error),
        },
        Err(error) => failure(&req, &error),
    }
}

/// POST /office/subsidy/{a}/withdraw
async fn withdraw(Staff(req): Staff, Path(a): Path<String>, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match subsidy::withdraw(&req.web.app, &req.ctx, caller, &a).await {
        Ok(()) => moved(&format!("/office/subsidy/{a}?done=subsidy-withdrawn")),
        Err(error) => failure(&req, &error),
    }
}
