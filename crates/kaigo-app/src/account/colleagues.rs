//! What administrators do with the accounts of their colleagues: an office, an insurer, the operator's desk, each its own.
//!
//! Every change is in the administrative log, in the same transaction. An end is an end at once: sessions are closed, tokens of programs
//! end, and who is asked next reads the account anew.

use kaigo_core::id::{InsuredNo, InsurerNo, holds_individual_number};
use kaigo_core::policy::{
    Act, ActGrant, Caller, ChargeStanding, ConsentStanding, Item, JobType, Staff, Standing, decide, decide_act,
};
use kaigo_core::service::ServiceKind;
use kaigo_store::admin_log::{self, Entry};
use kaigo_store::colleague::{self as store, Colleague, Invitation, owner};
use kaigo_store::db::Tx;
use kaigo_store::office;

use super::{note, tell};
use crate::{App, Ctx, Error, Wrong};

/// Characters of a reason at most.
pub const NOTE: usize = 200;
/// Entries of the administrative log on a page.
pub const PAGE: i32 = 100;

/// What the list shows.
#[derive(Clone, Debug)]
pub struct Colleagues {
    /// Accounts, the oldest first.
    pub accounts: Vec<Colleague>,
    /// Invitations that wait.
    pub invitations: Vec<Invitation>,
    /// Services of the office; empty for others.
    pub services: Vec<ServiceKind>,
}

fn wrong(field: &'static str, code: &'static str, say: impl Into<String>) -> Error {
    Error::Invalid(vec![Wrong { field, code, say: say.into() }])
}

/// Who asks, with the right to it.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) grant: ActGrant,
    pub(super) account_id: String,
    pub(super) name: String,
}

impl Asker {
    pub(crate) fn of(caller: &Caller) -> Result<Self, Error> {
        let grant = decide_act(caller, Act::ManageStaff)?;
        let name = match caller {
            Caller::Staff(s) => &s.name,
            Caller::Insurer(s) => &s.name,
            Caller::OperatorStaff(s) => &s.name,
            Caller::Person { .. }
            | Caller::Medical(_)
            | Caller::Board(_)
            | Caller::Supporter(_)
            | Caller::InsurerSystem { .. }
            | Caller::Operator => return Err(Error::NotFound),
        };
        Ok(Self { grant, account_id: caller.account_id().to_owned(), name: name.clone() })
    }

    /// Writes down what was done.
    pub(super) fn log(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        act: &str,
        (subject, detail): (&str, &str),
    ) -> Result<(), Error> {
        let (owner_kind, owner_no) = owner(&self.grant)?;
        let entry = Entry {
            owner_kind: owner_kind.to_owned(),
            owner_no,
            entry_id: ctx.ids.timed(ctx.now),
            done_at: ctx.instant(),
            account_id: self.account_id.clone(),
            account_name: self.name.clone(),
            act: act.to_owned(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        };
        admin_log::append(tx, &entry).map_err(Error::from)
    }
}

/// The accounts and open invitations of the caller's office, insurer or desk.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers it.
pub async fn list(app: &App, caller: &Caller) -> Result<Colleagues, Error> {
    let asker = Asker::of(caller)?;
    app.db
        .read(move |tx| {
            let services = match asker.grant.office_no() {
                Some(office_no) => office::services(tx, office_no)?,
                None => Vec::new(),
            };
            Ok(Colleagues {
                accounts: store::list(tx, &asker.grant)?,
                invitations: store::open(tx, &asker.grant)?,
                services,
            })
        })
        .await
}

/// One of the owner's accounts.
pub(super) fn one(tx: &mut Tx<'_>, grant: &ActGrant, account_id: &str) -> Result<Colleague, Error> {
    let all = store::list(tx, grant)?;
    all.into_iter().find(|c| c.account.account_id == account_id).ok_or(Error::NotFound)
}

/// One account of the caller's office, insurer or desk.
///
/// # Errors
/// [`Error::NotFound`] for anybody else's.
pub async fn view(app: &App, caller: &Caller, account_id: &str) -> Result<(Colleague, Vec<ServiceKind>), Error> {
    let (asker, id) = (Asker::of(caller)?, account_id.to_owned());
    app.db
        .read(move |tx| {
            let services = match asker.grant.office_no() {
                Some(office_no) => office::services(tx, office_no)?,
                None => Vec::new(),
            };
            Ok((one(tx, &asker.grant, &id)?, services))
        })
        .await
}

/// What an account of an office sees of a person in its charge: service kinds × job, by the sharing table. Of each item whether it is
/// open, asks for the person's consent, or is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Shown.
    Open,
    /// Shown with the person's consent.
    Consent,
    /// Not shown.
    Closed,
}

/// What a job sees in an office with these services.
pub fn sights(app: &App, ctx: &Ctx, services: &[ServiceKind], job: JobType) -> Vec<(Item, Sight)> {
    let caller = Caller::Staff(Staff {
        account_id: String::new(),
        office_no: kaigo_core::id::OfficeNo::default(),
        office_name: String::new(),
        services: services.to_vec(),
        job,
        is_admin: false,
        name: String::new(),
    });
    let standing = |consent| Standing {
        charge: Some(ChargeStanding { from: ctx.today, until: ctx.today }),
        consent,
        insurer_started_on: Some(ctx.today),
        ..Standing::default()
    };
    let whom = (InsurerNo::default(), InsuredNo::default());
    let sees = |item: Item, consent| decide(&app.matrix, &caller, whom, &[item], &standing(consent), ctx.today).is_ok();
    Item::ALL
        .iter()
        .map(|item| {
            let sight = if sees(*item, ConsentStanding::None) {
                Sight::Open
            } else if sees(*item, ConsentStanding::Stands) {
                Sight::Consent
            } else {
                Sight::Closed
            };
            (*item, sight)
        })
        .collect()
}

/// What is done with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Switched off for a while, and why.
    Suspend(String),
    /// Switched on again.
    Resume,
    /// Ended for good (退職・異動), and why.
    Leave(String),
    /// Another job (職種).
    Job(JobType),
    /// Whether it administers.
    Admin(bool),
    /// It administers in the place of who says so.
    Transfer,
}

impl Change {
    fn act(&self) -> &'static str {
        match self {
            Self::Suspend(_) => "suspend",
            Self::Resume => "resume",
            Self::Leave(_) => "leave",
            Self::Job(_) => "job",
            Self::Admin(true) => "admin",
            Self::Admin(false) => "no-admin",
            Self::Transfer => "transfer",
        }
    }
}

/// Changes an account of the caller's office, insurer or desk. What is so already stays so, and is not written down again.
///
/// # Errors
/// [`Error::NotFound`] for anybody else's; [`Error::Conflict`] where nobody would administer any more, for one's own suspension, and for
/// who left; [`Error::Invalid`] for a reason that is missing or too long.
pub async fn change(app: &App, ctx: &Ctx, caller: &Caller, account_id: &str, change: Change) -> Result<(), Error> {
    let asker = Asker::of(caller)?;
    if let Change::Suspend(why) | Change::Leave(why) = &change {
        reason(why)?;
    }
    let (app2, ctx, id) = (app.clone(), ctx.clone(), account_id.to_owned());
    app.db.write(move |tx| change_in(tx, &app2, &ctx, &asker, &id, &change)).await
}

fn reason(why: &str) -> Result<(), Error> {
    let why = why.trim();
    if why.is_empty() || why.chars().count() > NOTE || holds_individual_number(why) {
        let say = format!("理由を{NOTE}文字までで入れてください。あとで確かめるときに使います。");
        return Err(wrong("reason", "account-reason", say));
    }
    Ok(())
}

fn change_in(tx: &mut Tx<'_>, app: &App, ctx: &Ctx, asker: &Asker, id: &str, change: &Change) -> Result<(), Error> {
    let all = store::list(tx, &asker.grant)?;
    let whom = all.iter().find(|c| c.account.account_id == id).ok_or(Error::NotFound)?;
    let is_self = id == asker.account_id;
    if whom.left_at.is_some() {
        if matches!(change, Change::Leave(_)) {
            return Ok(());
        }
        return Err(Error::Conflict(
            "この人は利用を終わりました。もう一度使うときは、新しく招待してください。".to_owned(),
        ));
    }
    let others = all.iter().filter(|c| c.account.account_id != id && c.is_admin() && !c.account.disabled).count();
    let takes_admin = matches!(change, Change::Suspend(_) | Change::Leave(_) | Change::Admin(false));
    if takes_admin && whom.is_admin() && others == 0 {
        return Err(Error::Conflict(
            "管理者がいなくなるため、できません。先に、ほかの人を管理者にしてください。".to_owned(),
        ));
    }
    if is_self && matches!(change, Change::Suspend(_) | Change::Transfer) {
        return Err(Error::Conflict("ご自分のアカウントには、できません。ほかの管理者に頼んでください。".to_owned()));
    }
    if whom.account.disabled && matches!(change, Change::Admin(true) | Change::Transfer) {
        return Err(Error::Conflict("利用を止めている人は、管理者にできません。先に再開してください。".to_owned()));
    }
    let now = ctx.instant();
    let detail = match change {
        Change::Suspend(why) => {
            if whom.account.disabled {
                return Ok(());
            }
            store::suspend(tx, &asker.grant, id, &now, why.trim())?;
            why.trim().to_owned()
        }
        Change::Leave(why) => {
            store::leave(tx, &asker.grant, id, &now, why.trim())?;
            why.trim().to_owned()
        }
        Change::Resume => {
            if !whom.account.disabled {
                return Ok(());
            }
            store::resume(tx, &asker.grant, id)?;
            String::new()
        }
        Change::Job(job) => {
            let before = whom.job().ok_or(Error::NotFound)?;
            if before == *job {
                return Ok(());
            }
            store::set_job(tx, &asker.grant, id, *job)?;
            format!("{}→{}", before.label(), job.label())
        }
        Change::Admin(is_admin) => {
            if whom.is_admin() == *is_admin {
                return Ok(());
            }
            store::set_admin(tx, &asker.grant, id, *is_admin)?;
            String::new()
        }
        Change::Transfer => {
            store::set_admin(tx, &asker.grant, id, true)?;
            store::set_admin(tx, &asker.grant, &asker.account_id, false)?;
            format!("{}から引き継ぎ", asker.name)
        }
    };
    asker.log(tx, ctx, change.act(), (&whom.account.name, &detail))?;
    note(tx, ctx, id, &format!("by-admin-{}", change.act()), &asker.name)?;
    let say = format!("{}さんが、あなたのアカウントを変えました（{}）。", asker.name, word(change.act()));
    tell(tx, app, ctx, id, "アカウントが変わりました", &say)
}

/// What an act of the administrative log is called.
pub fn word(act: &str) -> &'static str {
    match act {
        "suspend" => "利用の停止",
        "resume" => "利用の再開",
        "leave" => "利用の終了",
        "job" => "職種の変更",
        "admin" => "管理者にした",
        "no-admin" => "管理者からはずした",
        "transfer" => "管理の引き継ぎ",
        "invite" => "招待",
        "reissue" => "ログインの作りなおし",
        "revoke-invitation" => "招待の取り消し",
        "join" => "招待からの登録",
        "view-log" => "職員の閲覧記録の確認",
        "export-log" => "職員の閲覧記録の取り出し",
        "export-all-logs" => "記録の書き出しの開始",
        _ => "その他の操作",
    }
}

/// The administrative log of the caller's office or insurer, before an entry (`g`: the newest), the newest first. The operator's desk sees
/// everybody's.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers it.
pub async fn admin_log(app: &App, caller: &Caller, before: &str) -> Result<Vec<Entry>, Error> {
    let asker = Asker::of(caller)?;
    let before = if before.is_empty() { "g".to_owned() } else { before.to_owned() };
    app.db
        .read(move |tx| {
            let (kind, no) = owner(&asker.grant)?;
            if kind == admin_log::OPERATOR {
                return admin_log::all(tx, &before, PAGE).map_err(Error::from);
            }
            admin_log::of_owner(tx, (kind, &no), &before, PAGE).map_err(Error::from)
        })
        .await
}
