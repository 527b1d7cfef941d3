//! A code by mail in place of the second factor: only to an address that was confirmed before, good for ten minutes, once, and in the
//! browser alone that asked for it: who reads the mail and knows the password elsewhere gets nowhere with it.
//!
//! It is the weakest of the ways (NIST SP 800-63B-4 does not count mail as one), here because offices know it from 電子請求; a passkey
//! or an authenticator is offered first.

use jiff::SignedDuration;
use kaigo_store::account::Account;
use kaigo_store::db::Tx;
use kaigo_store::passkey as store;
use kaigo_store::time::parse_instant;

use crate::keys::digest_of;
use crate::{App, Ctx, Error};

/// Minutes for which a code is good.
pub const MINUTES: i64 = 10;
/// Wrong codes after which a new one is needed.
const TRIES: i64 = 5;
/// Seconds before another code can be asked for.
const EVERY_SECONDS: i64 = 60;

/// The confirmed address, as it is shown to who knows the password only: `i•••@example.jp`. None: no code can be sent.
pub async fn offered(app: &App, account_id: &str) -> Result<Option<String>, Error> {
    if app.mail.is_none() {
        return Ok(None);
    }
    let id = account_id.to_owned();
    let address = app.db.read(move |tx| crate::mail::confirmed(tx, &id)).await?;
    Ok(address.as_deref().map(masked))
}

fn masked(address: &str) -> String {
    let (name, host) = address.split_once('@').unwrap_or((address, ""));
    format!("{}•••@{host}", name.chars().next().map(String::from).unwrap_or_default())
}

/// What a code is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// The second step of a login.
    Login,
    /// A proof before a change of the account.
    Proof,
}

impl For {
    fn subject(self) -> &'static str {
        match self {
            Self::Login => "【介護WEBサービス】ログインの確認コード",
            Self::Proof => "【介護WEBサービス】本人の確認コード",
        }
    }

    /// What the mail says around the code.
    fn body(self, code: &str) -> String {
        let (what, place, strange) = match self {
            Self::Login => ("ログインするための", "ログインの画面", "ログインした覚えがないときは"),
            Self::Proof => (
                "アカウントの変更の前に、ご本人か確かめるための",
                "本人の確認の画面",
                "アカウントを変えようとした覚えがないときは",
            ),
        };
        format!(
            "介護WEBサービスに{what}確認コードです。\n\n確認コード：{code}\n\n\
             {place}に、{MINUTES}分以内に入れてください。ほかの人に教えないでください。\n\
             {strange}、だれかがあなたのパスワードを知っています。すぐにパスワードを変えて、管理者に知らせてください。\n"
        )
    }
}

/// Sends a code to the account of the session that waits for one.
///
/// # Errors
/// [`Error::LoginNeeded`] without such a session; [`Error::TooMany`] right after another code; [`Error::NotFound`] without a confirmed
/// address.
pub async fn send(app: &App, ctx: &Ctx, token: &str) -> Result<(), Error> {
    let account = crate::login::waiting(app, ctx, token).await?.account;
    send_to(app, ctx, (account, token), For::Login).await
}

/// Sends a code to an account's confirmed address, good in one session.
pub(super) async fn send_to(app: &App, ctx: &Ctx, (account, token): (Account, &str), wanted: For) -> Result<(), Error> {
    if app.mail.is_none() {
        return Err(Error::NotFound);
    }
    let (ctx, session) = (ctx.clone(), digest_of(token));
    app.db
        .write(move |tx| {
            let id = account.account_id.as_str();
            if let Some((_, made_at, _)) = store::mail_code(tx, id)?
                && ctx.now < parse_instant(&made_at)? + SignedDuration::from_secs(EVERY_SECONDS)
            {
                return Err(Error::TooMany { minutes: 1 });
            }
            let code = crate::mail::new_code(&ctx);
            store::put_mail_code(tx, id, &digest((id, &session), &code), &ctx.instant())?;
            let mail = (wanted.subject(), wanted.body(&code));
            let sent = crate::mail::urgent(tx, &ctx, id, "login-code", (mail.0, &mail.1))?;
            if sent { Ok(()) } else { Err(Error::NotFound) }
        })
        .await
}

fn digest((account_id, session): (&str, &str), code: &str) -> String {
    digest_of(&format!("login mail {account_id} {session} {code}"))
}

/// Whether the code is the account's and was asked for in that session; it is used up, and a wrong one counts.
pub(crate) fn fits(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (account_id, session): (&str, &str),
    typed: &str,
) -> Result<bool, Error> {
    let Some((want, made_at, tries)) = store::mail_code(tx, account_id)? else { return Ok(false) };
    let ends = parse_instant(&made_at)? + SignedDuration::from_mins(MINUTES);
    if ctx.now > ends || tries >= TRIES {
        return Ok(false);
    }
    if want == digest((account_id, session), typed) {
        store::drop_mail_code(tx, account_id)?;
        return Ok(true);
    }
    store::miss_mail_code(tx, account_id)?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_is_shown_so_that_only_its_owner_knows_it() {
        assert_eq!(super::masked("izumo@example.jp"), "i•••@example.jp");
        assert_eq!(super::masked("出雲@example.jp"), "出•••@example.jp");
    }
}
