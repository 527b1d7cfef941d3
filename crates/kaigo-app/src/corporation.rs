//! One login, several offices of a corporation (複数の事業所): invited by each office's administrator, switched, looked at together.

use jiff::SignedDuration;
use kaigo_core::id::OfficeNo;
use kaigo_core::licence::Standing;
use kaigo_core::notice::Recipient;
use kaigo_core::policy::{Act, Caller, JobType, Staff, decide_act};
use kaigo_core::text::Text;
use kaigo_store::account::{self, Owner};
use kaigo_store::db::Tx;
use kaigo_store::member::{self, Invitation, Member};
use kaigo_store::time::instant;
use kaigo_store::{licence, notice, office, support};

use crate::keys::digest_of;
use crate::letter::{self, plain};
use crate::{App, Ctx, Error, Wrong, steps};

/// Days for which an invitation is good.
pub const VALID_DAYS: i64 = 7;

/// An office of the login, with what waits there. Counts only.
#[derive(Clone, Debug)]
pub struct Office {
    /// Number.
    pub office_no: OfficeNo,
    /// Name.
    pub name: String,
    /// Job there.
    pub job: JobType,
    /// Whether the login administers it.
    pub is_admin: bool,
    /// Whether it is the office of the session now.
    pub is_current: bool,
    /// Unread notices.
    pub unread: i64,
    /// Sets received this month.
    pub received: i64,
    /// Sets sent this month.
    pub sent: i64,
    /// How its licence stands.
    pub licence: Standing,
}

/// What an administrator sees of the office: invitations and who of other offices works here.
#[derive(Clone, Debug)]
pub struct Inside {
    /// Invitations, the newest first.
    pub invitations: Vec<Invitation>,
    /// Members from elsewhere.
    pub members: Vec<Member>,
}

/// The offices of the caller's login; the account's own first.
pub async fn offices(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<Office>, Error> {
    decide_act(caller, Act::ViewOffice)?;
    let (staff, ctx) = (steps::staff(caller)?.clone(), ctx.clone());
    app.db
        .read(move |tx| {
            let mut places = Vec::new();
            if let Some(own) = account::by_id(tx, &staff.account_id)?
                && let Owner::Staff { office_no, job, is_admin } = own.owner
            {
                places.push((office_no, job, is_admin));
            }
            places.extend(member::of_account(tx, &staff.account_id)?.iter().map(|m| (m.office_no, m.job, m.is_admin)));
            places.into_iter().map(|place| glance(tx, &ctx, &staff, place)).collect()
        })
        .await
}

fn glance(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    staff: &Staff,
    (office_no, job, is_admin): (OfficeNo, JobType, bool),
) -> Result<Office, Error> {
    // The month as it is in Japan: its first day begins nine hours before that of UTC.
    let first = ctx.today.first_of_month().at(0, 0, 0, 0);
    let since = jiff::tz::Offset::from_seconds(9 * 3600).unwrap_or(jiff::tz::Offset::UTC).to_timestamp(first);
    let since = since.map(instant).unwrap_or_default();
    let (received, sent) = support::month(tx, office_no, &since)?;
    let periods: Vec<_> = licence::of_office(tx, office_no)?.iter().map(|l| (l.from_on, l.until_on)).collect();
    Ok(Office {
        name: office::name(tx, office_no)?.map(|(name, _)| name).unwrap_or_default(),
        job,
        is_admin,
        is_current: office_no == staff.office_no,
        unread: notice::unread(tx, &Recipient::Office(office_no), crate::notice::MOST_COUNTED)?,
        received,
        sent,
        licence: kaigo_core::licence::standing(&periods, ctx.today),
        office_no,
    })
}

/// What an administrator sees.
pub async fn inside(app: &App, caller: &Caller) -> Result<Inside, Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    app.db
        .read(move |tx| {
            Ok::<_, Error>(Inside {
                invitations: member::invitations(tx, &grant)?,
                members: member::of_office(tx, &grant)?,
            })
        })
        .await
}

/// The code of an invitation, made with the secret of the installation.
fn code_of(app: &App, office_no: OfficeNo, submit_key: &str) -> String {
    letter::code(&app.keys, &format!("invitation {office_no} {submit_key}"), 12)
}

/// Invites somebody with a login of another office; answers the code, in groups of four, shown once. Sent twice with one key, it is
/// the same code.
///
/// # Errors
/// [`Error::Invalid`] for what does not fit.
pub async fn invite(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (for_name, job, is_admin): (&str, &str, bool),
    submit_key: String,
) -> Result<String, Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let staff = steps::staff(caller)?.clone();
    let mut wrong = Vec::new();
    let for_name = Text::<60>::parse(for_name).ok().filter(|name| !name.is_empty());
    if for_name.is_none() {
        wrong.push(Wrong {
            field: "for_name",
            code: "missing",
            say: "招く人の名前を60文字までで入れてください。".to_owned(),
        });
    }
    let job = JobType::parse(job).ok();
    if job.is_none() {
        wrong.push(Wrong { field: "job", code: "missing", say: "職種を選んでください。".to_owned() });
    }
    let (Some(for_name), Some(job)) = (for_name, job) else { return Err(Error::Invalid(wrong)) };
    let code = code_of(app, staff.office_no, &submit_key);
    let new = Invitation {
        office_no: staff.office_no,
        invitation_id: ctx.ids.id(),
        for_name: for_name.to_string(),
        job,
        is_admin,
        made_at: ctx.instant(),
        made_by: staff.name.clone(),
        expires_at: instant(ctx.now + SignedDuration::from_hours(24 * VALID_DAYS)),
        used_at: None,
        used_by: None,
    };
    let (digest, ctx) = (digest_of(&format!("invitation {code}")), ctx.clone());
    app.db
        .write(move |tx| {
            let kept = member::invite(tx, &grant, &new, (&digest, &submit_key))?;
            if kept.invitation_id == new.invitation_id {
                crate::support::log(tx, &ctx, &staff, "invite-login", &new.for_name)?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(letter::grouped(&code))
}

/// Takes an invitation: the caller's login works for that office, too. Taken twice by the same login, nothing more happens.
///
/// # Errors
/// [`Error::Invalid`] in one sentence for every code that fits nothing.
pub async fn accept(app: &App, ctx: &Ctx, caller: &Caller, typed: &str) -> Result<(), Error> {
    decide_act(caller, Act::ViewOffice)?;
    let (staff, ctx) = (steps::staff(caller)?.clone(), ctx.clone());
    let digest = digest_of(&format!("invitation {}", plain(typed)));
    app.db
        .write(move |tx| {
            let no = || {
                let say = "その招待コードは使えません。7日をすぎたか、すでに使われています。招いた事業所の管理者に聞いてください。";
                Error::Invalid(vec![Wrong { field: "code", code: "invitation-code", say: say.to_owned() }])
            };
            let found = member::by_code(tx, &digest)?.ok_or_else(no)?;
            let own = member::of_account(tx, &staff.account_id)?;
            if own.iter().any(|m| m.office_no == found.office_no) {
                return Ok(());
            }
            let is_home = account::by_id(tx, &staff.account_id)?.is_some_and(
                |a| matches!(a.owner, Owner::Staff { office_no, .. } if office_no == found.office_no),
            );
            if is_home || found.expires_at < ctx.instant() {
                return Err(no());
            }
            let who = (staff.account_id.as_str(), staff.name.as_str(), ctx.ids.id());
            if !member::join(tx, &found, (who.0, who.1, &who.2), &ctx.instant())? {
                return Err(no());
            }
            let there = Staff { office_no: found.office_no, ..staff.clone() };
            crate::support::log(tx, &ctx, &there, "join-login", &staff.name)
        })
        .await
}

/// Ends a membership in the caller's office: from the next request on nothing of it is seen.
///
/// # Errors
/// [`Error::NotFound`] for what is not the office's own.
pub async fn end(app: &App, ctx: &Ctx, caller: &Caller, member_id: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::ManageOffice)?;
    let (staff, ctx, id) = (steps::staff(caller)?.clone(), ctx.clone(), member_id.to_owned());
    app.db
        .write(move |tx| {
            let all = member::of_office(tx, &grant)?;
            let one = all.iter().find(|m| m.member_id == id).ok_or(Error::NotFound)?;
            if member::end(tx, &grant, &id, (&ctx.instant(), &staff.name))? {
                crate::support::log(tx, &ctx, &staff, "end-login", &one.name)?;
            }
            Ok(())
        })
        .await
}

/// Lets the session act for another office of the login.
///
/// # Errors
/// [`Error::NotFound`] for an office that is none of the login's.
pub async fn switch(app: &App, caller: &Caller, token: &str, office_no: &str) -> Result<(), Error> {
    decide_act(caller, Act::ViewOffice)?;
    let account_id = steps::staff(caller)?.account_id.clone();
    let to = OfficeNo::parse(office_no).map_err(|_| Error::NotFound)?;
    let digest = digest_of(token);
    app.db
        .write(move |tx| {
            let is_home = account::by_id(tx, &account_id)?
                .is_some_and(|a| matches!(a.owner, Owner::Staff { office_no, .. } if office_no == to));
            if is_home {
                return member::switch(tx, &digest, None).map_err(Error::from);
            }
            if !member::of_account(tx, &account_id)?.iter().any(|m| m.office_no == to) {
                return Err(Error::NotFound);
            }
            member::switch(tx, &digest, Some(to)).map_err(Error::from)
        })
        .await
}

/// The caller of a session as it acts now: for another office of the login, if it was switched there and the membership stands.
pub(crate) fn switched(tx: &mut Tx<'_>, session_digest: &str, caller: Caller) -> Result<Caller, Error> {
    let Caller::Staff(staff) = caller else { return Ok(caller) };
    let Some((office_no, job, is_admin, office_name)) = member::acting(tx, session_digest, &staff.account_id)? else {
        return Ok(Caller::Staff(staff));
    };
    let services = office::services(tx, office_no)?;
    Ok(Caller::Staff(Staff { office_no, office_name, services, job, is_admin, ..staff }))
}
