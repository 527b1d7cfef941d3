//! 助成金の申請: an office writes, checks, files, takes back; the desk decides, returns with reasons, pays.
//!
//! What is typed is kept as it was typed, so that nothing is lost on the way; it is sealed, because it holds the number of a bank
//! account. The findings are computed anew at every look.

mod desk;

use std::collections::BTreeMap;

use kaigo_core::date::{fiscal_year, parse_date};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::service::ServiceKind;
use kaigo_core::subsidy::check::{self, Bank, Before, Enclosed, Finding, Form, Line, ScreenUser};
use kaigo_core::subsidy::{self as rule, Amounts, CostKind, DocumentKind, State};
use kaigo_core::text::{Text, halfwidth};
use kaigo_store::db::Tx;
use kaigo_store::notice::Notice;
use kaigo_store::office;
use kaigo_store::subsidy::{self, Application, Event, File};

pub use desk::{Decision, Listed, Review, decide, file_of, list, paid, payments_csv, review, waiting};

use crate::enclosure::{self, Fine, Given};
use crate::keys::Keys;
use crate::{App, Ctx, Error, Wrong, steps, support};

/// Lines of receipts that the form has.
pub const LINES: usize = 6;
/// Files of each kind at most (手引き 令和8年度).
pub const FILES: usize = 5;

/// What was typed, by the name of the field.
pub type Typed = BTreeMap<String, String>;

/// Fields that the form knows besides lines and services.
const FIELDS: [&str; 14] = [
    "address",
    "phone",
    "contact",
    "compatible",
    "post",
    "bank_code",
    "bank_name",
    "branch_code",
    "branch_name",
    "account_kind",
    "account_no",
    "holder",
    "screen_user",
    "screen_office_no",
];
/// Fields of a line.
const LINE_FIELDS: [&str; 8] = ["kind", "item", "model", "quantity", "yen", "paid_on", "purpose", "addressee"];

/// An application as its office sees it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The application.
    pub application: Application,
    /// What was typed.
    pub typed: Typed,
    /// The same, read.
    pub form: Form,
    /// Computed amounts.
    pub amounts: Amounts,
    /// Files.
    pub files: Vec<File>,
    /// What happened.
    pub events: Vec<Event>,
    /// What would make it bounce, while it is open.
    pub findings: Vec<Finding>,
    /// Services of the office as the open data have them.
    pub services: Vec<ServiceKind>,
}

fn place(application_id: &str) -> String {
    format!("subsidy/{application_id}")
}

/// Keeps what the form knows, within bounds.
///
/// # Errors
/// [`Error::Invalid`] for a text that is too long or holds what it must not.
pub fn known(fields: &Typed) -> Result<Typed, Error> {
    let mut out = Typed::new();
    let mut wrong = Vec::new();
    for (name, value) in fields {
        let is_line = LINE_FIELDS.iter().any(|field| {
            let n =
                name.strip_prefix(field).and_then(|rest| rest.strip_prefix('-')).and_then(|n| n.parse::<usize>().ok());
            n.is_some_and(|n| (1..=LINES).contains(&n))
        });
        let is_service = name.strip_prefix("service-").is_some_and(|code| ServiceKind::parse(code).is_ok());
        if !is_line && !is_service && name != "note" && !FIELDS.contains(&name.as_str()) {
            continue;
        }
        let read = if name == "note" {
            Text::<1000>::parse(value).map(|t| t.to_string())
        } else {
            Text::<200>::parse(value).map(|t| t.to_string())
        };
        match read {
            Ok(text) if text.is_empty() => {}
            Ok(text) => {
                out.insert(name.clone(), text);
            }
            Err(bad) => wrong.push(Wrong {
                field: "",
                code: bad.code(),
                say: format!("{}{}", bad.say("入力"), bad.mend("入力")),
            }),
        }
    }
    if wrong.is_empty() { Ok(out) } else { Err(Error::Invalid(wrong)) }
}

fn number(text: &str) -> u32 {
    let plain: String = halfwidth(text).chars().filter(|c| !matches!(c, ',' | '円' | '台' | '¥' | ' ')).collect();
    plain.parse().unwrap_or(0)
}

fn plain(text: &str) -> String {
    halfwidth(text).chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// Reads what was typed.
fn form_of(typed: &Typed, (office_no, office_name, corporation): (&str, &str, &str)) -> Form {
    let get = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let lines = (1..=LINES)
        .map(|n| {
            let of = |name: &str| get(&format!("{name}-{n}"));
            Line {
                kind: CostKind::parse(&of("kind")).ok(),
                item: of("item"),
                model: of("model"),
                quantity: number(&of("quantity")),
                yen: number(&of("yen")),
                paid_on: parse_date(&of("paid_on")),
                purpose: of("purpose"),
                addressee: of("addressee"),
            }
        })
        .collect();
    let services = typed.keys().filter_map(|k| ServiceKind::parse(k.strip_prefix("service-")?).ok()).collect();
    Form {
        office_no: office_no.to_owned(),
        office_name: office_name.to_owned(),
        corporation: corporation.to_owned(),
        address: get("address"),
        phone: get("phone"),
        contact: get("contact"),
        services,
        is_compatible: typed.contains_key("compatible"),
        lines,
        bank: Bank {
            is_post: get("post") == "post",
            bank_code: plain(&get("bank_code")),
            bank_name: get("bank_name"),
            branch_code: plain(&get("branch_code")),
            branch_name: get("branch_name"),
            account_kind: get("account_kind"),
            account_no: plain(&get("account_no")),
            holder: get("holder"),
        },
        screen_user: match get("screen_user").as_str() {
            "member" => ScreenUser::Member,
            "office" => ScreenUser::OfficeUser,
            _ => ScreenUser::Unsaid,
        },
        screen_office_no: get("screen_office_no"),
    }
}

fn sealed(keys: &Keys, application_id: &str, typed: &Typed) -> Result<Vec<u8>, Error> {
    let bytes = serde_json::to_vec(typed).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(keys.data().seal(&place(application_id), &bytes)?)
}

fn opened(keys: &Keys, a: &Application) -> Result<Typed, Error> {
    let bytes = keys.data().open(&place(&a.application_id), &a.sealed)?;
    serde_json::from_slice(&bytes).map_err(|e| Error::Internal(e.to_string()))
}

fn enclosed(keys: &Keys, a: &Application, files: &[File]) -> Result<Vec<Enclosed>, Error> {
    files
        .iter()
        .map(|file| {
            let text = keys.data().open(&format!("{}/{}", place(&a.application_id), file.digest), &file.sealed_text)?;
            Ok(Enclosed {
                kind: file.kind,
                name: file.name.clone(),
                digest: file.digest.clone(),
                text: String::from_utf8_lossy(&text).into_owned(),
            })
        })
        .collect()
}

/// Applications of the caller's office, the newest first.
pub async fn mine(app: &App, caller: &Caller) -> Result<Vec<Application>, Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    app.db.read(move |tx| subsidy::of_office(tx, &grant).map_err(Error::from)).await
}

/// Begins an application, or answers the one that is open.
///
/// # Errors
/// [`Error::Conflict`] if one of the office counts already.
pub async fn begin(app: &App, ctx: &Ctx, caller: &Caller, submit_key: String) -> Result<String, Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (staff, ctx, keys) = (steps::staff(caller)?.clone(), ctx.clone(), std::sync::Arc::clone(&app.keys));
    app.db
        .write(move |tx| {
            let own = subsidy::of_office(tx, &grant)?;
            if let Some(open) = own.iter().find(|a| a.state.is_open()) {
                return Ok(open.application_id.clone());
            }
            if own.iter().any(|a| a.state.counts()) {
                return Err(Error::Conflict(
                    "この事業所番号では、すでに申請があります。助成は1事業所番号につき1回です。".to_owned(),
                ));
            }
            let application_id = ctx.ids.id();
            let (_, phone, address) = office::card(tx, staff.office_no)?.unwrap_or_default();
            let mut typed = Typed::new();
            for (name, value) in [("phone", phone), ("address", address), ("contact", Some(staff.name.clone()))] {
                if let Some(value) = value {
                    typed.insert(name.to_owned(), value);
                }
            }
            for service in office::services(tx, staff.office_no)? {
                if rule::group_of(service).is_some() {
                    typed.insert(format!("service-{}", service.code()), "on".to_owned());
                }
            }
            let new = Application {
                office_no: staff.office_no,
                office_name: staff.office_name.clone(),
                fiscal_year: i64::from(fiscal_year(ctx.today)),
                state: State::Draft,
                revision: 1,
                sealed: sealed(&keys, &application_id, &typed)?,
                total_yen: 0,
                grant_yen: 0,
                made_at: ctx.instant(),
                made_by: staff.name.clone(),
                filed_on: None,
                filed_at: None,
                decided_at: None,
                decided_by: None,
                pay_by: None,
                paid_on: None,
                application_id,
            };
            let kept = subsidy::begin(tx, &grant, &new, &submit_key)?;
            if kept.application_id == new.application_id {
                subsidy::event(tx, &grant, &kept, "begun", (&ctx.instant(), &staff.name, ""))?;
            }
            Ok(kept.application_id)
        })
        .await
}

/// Puts a page together from an application that the caller may touch.
fn page(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys, grant: &ActGrant, a: Application) -> Result<Page, Error> {
    let typed = opened(keys, &a)?;
    let corporation = office::corporation(tx, a.office_no)?.unwrap_or_default();
    let form = form_of(&typed, (a.office_no.as_str(), &a.office_name, &corporation));
    let files = subsidy::files(tx, grant, &a)?;
    let has_counted = grant.act() == Act::ManageOffice
        && subsidy::of_office(tx, grant)?
            .iter()
            .any(|other| other.application_id != a.application_id && other.state.counts() && !other.state.is_open());
    let findings = if a.state.is_open() || grant.act() == Act::ReviewSubsidy {
        let day = if a.state.is_open() { ctx.today } else { a.filed_on.unwrap_or(ctx.today) };
        check::check(&form, &enclosed(keys, &a, &files)?, Before { has_counted }, day)
    } else {
        Vec::new()
    };
    Ok(Page {
        amounts: form.amounts(a.filed_on.filter(|_| !a.state.is_open()).unwrap_or(ctx.today)),
        events: subsidy::events(tx, grant, &a)?,
        services: office::services(tx, a.office_no)?,
        application: a,
        typed,
        form,
        files,
        findings,
    })
}

/// One application of the caller's office.
///
/// # Errors
/// [`Error::NotFound`] for another office's.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, application_id: &str) -> Result<Page, Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (ctx, keys, id) = (ctx.clone(), std::sync::Arc::clone(&app.keys), application_id.to_owned());
    app.db
        .read(move |tx| {
            let a = subsidy::own(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            page(tx, &ctx, &keys, &grant, a)
        })
        .await
}

fn changed() -> Error {
    Error::Conflict("ほかの画面で先に変えられたか、すでに提出されています。開きなおして確かめてください。".to_owned())
}

/// Keeps what was typed, over the revision that the page was made from.
///
/// # Errors
/// [`Error::Conflict`] if somebody else changed it since.
pub async fn save(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    application_id: &str,
    (revision, typed): (i64, Typed),
) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let typed = known(&typed)?;
    let (today, keys, id) = (ctx.today, std::sync::Arc::clone(&app.keys), application_id.to_owned());
    app.db
        .write(move |tx| {
            let a = subsidy::own(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if opened(&keys, &a)? == typed {
                // The same form again.
                return if a.state.is_open() { Ok(()) } else { Err(changed()) };
            }
            if a.revision != revision {
                return Err(changed());
            }
            let form = form_of(&typed, (a.office_no.as_str(), &a.office_name, ""));
            let amounts = form.amounts(today);
            let bytes = sealed(&keys, &a.application_id, &typed)?;
            let yen = (i64::from(amounts.total), i64::from(amounts.grant));
            if subsidy::save(tx, &grant, &a, &bytes, yen)? { Ok(()) } else { Err(changed()) }
        })
        .await
}

/// Encloses a file. The same file of the same kind again is there already.
///
/// # Errors
/// [`Error::Invalid`] for a file that is not taken, or one too many of its kind.
pub async fn enclose(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    application_id: &str,
    (kind, given): (DocumentKind, Given),
) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let by = steps::staff(caller)?.name.clone();
    let id = application_id.to_owned();
    let (first, own) = (grant.clone(), id.clone());
    // Before anything is kept: is it the office's own, and open?
    let open = app.db.read(move |tx| subsidy::own(tx, &first, &own).map_err(Error::from)).await?;
    if !open.ok_or(Error::NotFound)?.state.is_open() {
        return Err(changed());
    }
    let fine = enclosure::keep(app, "file", &given).await?;
    let (ctx, keys) = (ctx.clone(), std::sync::Arc::clone(&app.keys));
    app.db
        .write(move |tx| {
            let a = subsidy::own(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if !a.state.is_open() {
                return Err(changed());
            }
            let files = subsidy::files(tx, &grant, &a)?;
            let of_kind: Vec<&File> = files.iter().filter(|f| f.kind == kind).collect();
            if of_kind.iter().any(|f| f.digest == fine.digest) {
                return Ok(());
            }
            if of_kind.len() >= FILES {
                let say = format!("{}は{FILES}つまでです。いらないものを外してから、添付してください。", kind.label());
                return Err(Error::Invalid(vec![Wrong { field: "file", code: "enclosure-count", say }]));
            }
            let file = file_row(&keys, &a, kind, fine, (&ctx.instant(), &by))?;
            subsidy::add_file(tx, &grant, &a, &file)?;
            Ok(())
        })
        .await
}

fn file_row(
    keys: &Keys,
    a: &Application,
    kind: DocumentKind,
    fine: Fine,
    (at, by): (&str, &str),
) -> Result<File, Error> {
    let sealed_text =
        keys.data().seal(&format!("{}/{}", place(&a.application_id), fine.digest), fine.text.as_bytes())?;
    Ok(File {
        file_no: 0,
        kind,
        name: fine.name,
        media_type: fine.media_type.to_owned(),
        size: fine.size,
        digest: fine.digest,
        sealed_text,
        added_at: at.to_owned(),
        added_by: by.to_owned(),
    })
}

/// Takes a file out.
///
/// # Errors
/// [`Error::NotFound`] for another office's; [`Error::Conflict`] once it was filed.
pub async fn remove(app: &App, ctx: &Ctx, caller: &Caller, application_id: &str, file_no: i64) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (now, id) = (ctx.instant(), application_id.to_owned());
    app.db
        .write(move |tx| {
            let a = subsidy::own(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if !a.state.is_open() {
                return Err(changed());
            }
            subsidy::remove_file(tx, &grant, &a, file_no, &now)?;
            Ok(())
        })
        .await
}

/// A file of an application of the caller's office: its row and its bytes.
///
/// # Errors
/// [`Error::NotFound`] for another office's.
pub async fn file_bytes(
    app: &App,
    caller: &Caller,
    application_id: &str,
    file_no: i64,
) -> Result<(File, Vec<u8>), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let id = application_id.to_owned();
    let file = app
        .db
        .read(move |tx| {
            let a = subsidy::own(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            let files = subsidy::files(tx, &grant, &a)?;
            files.into_iter().find(|f| f.file_no == file_no).ok_or(Error::NotFound)
        })
        .await?;
    let bytes = enclosure::open(app, &file.digest).await?;
    Ok((file, bytes))
}

/// What became of a filing.
#[derive(Clone, Debug)]
pub enum Filed {
    /// It lies before the desk.
    Done,
    /// It would bounce: these findings stand in the way.
    Bounces(Vec<Finding>),
}

/// Files it. Filed before, nothing more happens.
///
/// # Errors
/// [`Error::Conflict`] if somebody else changed it since the page was made, or another application counts.
pub async fn file(app: &App, ctx: &Ctx, caller: &Caller, application_id: &str, revision: i64) -> Result<Filed, Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (staff, ctx, keys) = (steps::staff(caller)?.clone(), ctx.clone(), std::sync::Arc::clone(&app.keys));
    let id = application_id.to_owned();
    app.db
        .write(move |tx| {
            let a = subsidy::own(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if a.state == State::Filed {
                return Ok(Filed::Done);
            }
            if !a.state.is_open() || a.revision != revision {
                return Err(changed());
            }
            let all = page(tx, &ctx, &keys, &grant, a.clone())?;
            if !check::may_file(&all.findings) {
                return Ok(Filed::Bounces(all.findings));
            }
            let expected = rule::expected(ctx.today);
            let year = i64::from(fiscal_year(ctx.today));
            if !subsidy::file(tx, &grant, &a, (year, ctx.today, expected.paid_by), &ctx.instant())? {
                return Err(changed());
            }
            subsidy::event(tx, &grant, &a, "filed", (&ctx.instant(), &staff.name, ""))?;
            support::log(tx, &ctx, &staff, "file-subsidy", &format!("{}円", all.amounts.grant))?;
            let notice = Notice {
                to: Recipient::Operator,
                topic: Topic::SubsidyFiled,
                about: None,
                href: format!("/operator/subsidies/{}", a.application_id),
                note: staff.office_name.clone(),
                key: format!("subsidy-filed {} {}", a.application_id, a.revision),
                at: ctx.instant(),
            };
            kaigo_store::notice::tell(tx, &notice)?;
            Ok(Filed::Done)
        })
        .await
}

/// Takes it back before it is decided.
///
/// # Errors
/// [`Error::Conflict`] once it was decided.
pub async fn withdraw(app: &App, ctx: &Ctx, caller: &Caller, application_id: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (staff, ctx, id) = (steps::staff(caller)?.clone(), ctx.clone(), application_id.to_owned());
    app.db
        .write(move |tx| {
            let a = subsidy::own(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            if a.state == State::Withdrawn {
                return Ok(());
            }
            if !subsidy::withdraw(tx, &grant, &a)? {
                return Err(Error::Conflict(
                    "審査が終わったため、取り下げられません。問い合わせてください。".to_owned(),
                ));
            }
            subsidy::event(tx, &grant, &a, "withdrawn", (&ctx.instant(), &staff.name, ""))?;
            support::log(tx, &ctx, &staff, "withdraw-subsidy", "")
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_form_knows_is_kept_as_typed() {
        let typed = [
            ("address", "みなと川市"),
            ("yen-1", "８，９８０円"),
            ("yen-9", "1"),
            ("service-43", "on"),
            ("service-ZZ", "on"),
            ("csrf", "x"),
            ("item-1", " "),
        ];
        let typed: Typed = typed.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let kept = known(&typed).unwrap();
        assert_eq!(kept.keys().map(String::as_str).collect::<Vec<_>>(), ["address", "service-43", "yen-1"]);
        let form = form_of(&kept, ("1", "a", ""));
        assert_eq!((form.lines[0].yen, form.services.len()), (8_980, 1));
        let number = Typed::from([("holder".to_owned(), "123456789018".to_owned())]);
        assert!(matches!(known(&number), Err(Error::Invalid(_))), "an individual number enters nowhere");
    }
}
