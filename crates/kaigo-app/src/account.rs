//! Accounts: what their owners change, and what administrators do with those of their colleagues.
//!
//! What happens to an account is noted for its owner (`account_event`), and told by mail where an address was confirmed.

pub mod colleagues;
pub mod invitation;
pub mod mail_code;
pub mod own;
pub mod passkeys;
pub mod staff_log;

use jiff::SignedDuration;
use kaigo_store::account::{self as store, Event};
use kaigo_store::db::Tx;
use kaigo_store::time::instant;

use crate::{App, Ctx, Error};

/// Days for which it is shown what happened to an account.
pub const EVENT_DAYS: i64 = 400;

/// Notes for its owner what happened to an account.
pub(crate) fn note(tx: &mut Tx<'_>, ctx: &Ctx, account_id: &str, what: &str, note: &str) -> Result<(), Error> {
    let event = Event {
        what: what.to_owned(),
        happened_at: ctx.instant(),
        place: ctx.came.place(),
        browser: ctx.came.family(),
        note: note.to_owned(),
    };
    store::add_event(tx, account_id, &ctx.ids.timed(ctx.now), &event).map_err(Error::from)
}

/// Tells the owner of an account by mail, where an address was confirmed and this service sends mail.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    app: &App,
    ctx: &Ctx,
    account_id: &str,
    subject: &str,
    say: &str,
) -> Result<(), Error> {
    let Some(site) = &app.mail else { return Ok(()) };
    let body = format!(
        "{say}\n日時：{}\n\nご自分でしたことなら、何もしなくてかまいません。\n\
         心あたりがないときは、すぐに「アカウントの安全」の画面でほかの端末をログアウトし、パスワードを変えて、事業所の管理者に知らせてください。\n{site}/account\n",
        crate::mail::japan_time(ctx.now)
    );
    crate::mail::urgent(tx, ctx, account_id, "security", (&format!("【介護WEBサービス】{subject}"), &body)).map(drop)
}

/// Forgets what no longer counts: old events, wrong tries, challenges that were answered.
pub(crate) fn purge(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    store::purge_events(tx, &instant(ctx.now - SignedDuration::from_hours(24 * EVENT_DAYS)))?;
    kaigo_store::passkey::purge(tx, &ctx.instant())?;
    crate::attempt::purge(tx, ctx)?;
    crate::guard::purge(tx, ctx)
}
