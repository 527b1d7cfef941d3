//! 利用登録 of an office: the issued login with its provisional password, a confirmed address, the administrator's account with a second
//! factor. Nothing counts before its end.
//!
//! What is wrong is said in one sentence and in the same time, whether there is such a login or not; tries are counted for every
//! login alike.

mod import;

use jiff::SignedDuration;
use kaigo_core::claim_id::ClaimId;
use kaigo_core::date::iso;
use kaigo_core::layout::BadCell;
use kaigo_core::notice::is_address;
use kaigo_core::policy::{Act, Caller, JobType, decide_act};
use kaigo_core::text::{Text, halfwidth};
use kaigo_store::account::{self, Account, Owner};
use kaigo_store::db::Tx;
use kaigo_store::mail::{self, Mail};
use kaigo_store::registration::{self, Chosen, Claim, Registration};
use kaigo_store::time::{instant, parse_instant};
use kaigo_store::{admin_log, office};

pub use import::{Issued, IssuedFinding, IssuedReport, issue};

use crate::keys::digest_of;
use crate::letter::{base32, plain, same};
use crate::login::totp_at;
use crate::{App, Ctx, Error, Wrong, guard};

/// Wrong tries with one login within an hour, after which one has to wait.
const TRIES_AN_HOUR: i64 = 5;
/// Minutes from the login to the end of the registration.
const MINUTES: i64 = 60;
/// Minutes for which a mailed code is good.
pub const CODE_MINUTES: i64 = 30;
/// Wrong codes after which a new one is needed.
const CODE_TRIES: i64 = 5;
/// Seconds before another code can be asked for.
const CODE_EVERY_SECONDS: i64 = 60;

/// How far a registration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The address of mail is missing.
    Address,
    /// Its code is missing.
    Code,
    /// Name, login and password are missing.
    Account,
    /// The second factor is to be proved.
    Factor,
    /// It is done.
    Done,
}

/// A registration under way as its pages show it.
#[derive(Clone, Debug)]
pub struct Begun {
    /// How far it is.
    pub stage: Stage,
    /// Office number.
    pub office_no: String,
    /// Name of the office.
    pub office_name: String,
    /// The address that was typed.
    pub address: Option<String>,
    /// The code, where this service sends no mail and the page must show it itself.
    pub shown_code: Option<String>,
    /// Login that was chosen.
    pub login: Option<String>,
    /// For the app: the secret in base 32, and the address that its QR code carries.
    pub factor: Option<(String, String)>,
}

/// What is chosen for the account of the office's administrator.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// 氏名.
    pub name: String,
    /// 職種, its code.
    pub job: String,
    /// ログインID.
    pub login: String,
    /// パスワード.
    pub password: String,
    /// The same again.
    pub again: String,
}

fn wrong(field: &'static str, code: &'static str, say: impl Into<String>) -> Error {
    Error::Invalid(vec![Wrong { field, code, say: say.into() }])
}

/// One sentence for everything that does not fit.
fn no_match() -> Error {
    wrong(
        "claim_id",
        "register-no-match",
        "IDと仮のパスワードの組み合わせが合わないか、使える期間がすぎています。通知書のとおりに入れてください。すでに登録した事業所は、ログインの画面から入ってください。",
    )
}

/// Refuses while there were too many wrong tries: how many within the hour, and when the first of them was.
fn too_many(ctx: &Ctx, (tries, first): &(i64, String)) -> Result<(), Error> {
    if *tries < TRIES_AN_HOUR {
        return Ok(());
    }
    let wait = parse_instant(first)?.as_second() + 3600 - ctx.now.as_second();
    Err(Error::TooMany { minutes: (wait.max(1) + 59) / 60 })
}

/// Begins with an issued login; answers the token of the registration, for a cookie.
///
/// # Errors
/// [`Error::Invalid`] in one sentence for everything that does not fit; [`Error::TooMany`] after too many tries with one login within
/// an hour, whether there is such a login or not.
pub async fn begin(app: &App, ctx: &Ctx, claim_id: &str, password: &str) -> Result<String, Error> {
    let id = ClaimId::parse(claim_id).map_err(|bad| {
        let say = if matches!(bad, BadCell::Missing) {
            "電子請求受付システムのIDを入れてください。"
        } else {
            "IDは、KJ と12けたの数字です。通知書のとおりに入れてください。"
        };
        wrong("claim_id", "register-shape", say)
    })?;
    let key = digest_of(&format!("claim {}", id.as_str()));
    let hour_ago = instant(ctx.now - SignedDuration::from_hours(1));
    let (id_text, try_key, since) = (id.as_str().to_owned(), key.clone(), hour_ago.clone());
    let (tried, claim) = app
        .db
        .read(move |tx| {
            let tried = registration::tried(tx, &try_key, &since)?;
            Ok::<_, Error>((tried, registration::find_claim(tx, &id_text)?))
        })
        .await?;
    too_many(ctx, &tried)?;
    let hash = claim.as_ref().map_or("", |c| c.password_hash.as_str());
    let fits = app.passwords.fits(password, hash).await?;
    let today = ctx.today;
    let good = claim.filter(|c| fits && c.state == "issued" && iso(&c.valid_until).is_some_and(|until| today <= until));
    let token = format!("{}{}", ctx.ids.id(), ctx.ids.id());
    let (digest, ctx, keys) = (digest_of(&token), ctx.clone(), std::sync::Arc::clone(&app.keys));
    let begun = app
        .db
        .write(move |tx| {
            guard::one_by_one(tx, &ctx, &keys, &key)?;
            // Once more: others that were sent at the same time have been judged since. What comes too late is told nothing, right or not.
            too_many(&ctx, &registration::tried(tx, &key, &hour_ago)?)?;
            let Some(claim) = good else {
                let day_ago = instant(ctx.now - SignedDuration::from_hours(24));
                registration::note_try(tx, &key, &ctx.ids.id(), (&ctx.instant(), &day_ago))?;
                return Ok(false);
            };
            let until = instant(ctx.now + SignedDuration::from_mins(MINUTES));
            registration::begin(tx, (&ctx.ids.id(), &digest), &claim, (&ctx.instant(), &until))?;
            Ok::<_, Error>(true)
        })
        .await?;
    if begun { Ok(token) } else { Err(no_match()) }
}

fn found(tx: &mut Tx<'_>, ctx: &Ctx, token: &str) -> Result<Registration, Error> {
    registration::find(tx, &digest_of(token), &ctx.instant())?.ok_or(Error::NotFound)
}

fn stage(r: &Registration) -> Stage {
    match (r.done_at.is_some(), r.address.is_some(), r.confirmed_at.is_some(), r.chosen.is_some()) {
        (true, ..) => Stage::Done,
        (false, false, ..) => Stage::Address,
        (false, true, false, _) => Stage::Code,
        (false, true, true, false) => Stage::Account,
        (false, true, true, true) => Stage::Factor,
    }
}

/// The registration of a token.
///
/// # Errors
/// [`Error::NotFound`] if there is none, or its time is over.
pub async fn begun(app: &App, ctx: &Ctx, token: &str) -> Result<Begun, Error> {
    let (ctx, keys, token) = (ctx.clone(), std::sync::Arc::clone(&app.keys), token.to_owned());
    let without_mail = app.mail.is_none();
    app.db
        .read(move |tx| {
            let r = found(tx, &ctx, &token)?;
            let on_list = registration::find_claim(tx, &r.claim_id)?.map(|c| c.office_name).unwrap_or_default();
            let office_name = office::name(tx, r.office_no)?.map_or(on_list, |(name, _)| name);
            let factor = match &r.chosen {
                Some(chosen) if r.done_at.is_none() => {
                    let secret = keys.data().open(&format!("totp/{}", chosen.account_id), &chosen.totp_sealed)?;
                    let secret = base32(&secret);
                    let login = &chosen.login_id;
                    let uri = format!("otpauth://totp/kaigo-kiban:{login}?secret={secret}&issuer=kaigo-kiban");
                    Some((secret, uri))
                }
                Some(_) | None => None,
            };
            let stage = stage(&r);
            Ok(Begun {
                shown_code: (without_mail && stage == Stage::Code).then(|| code_of(&keys, &r)),
                stage,
                office_no: r.office_no.to_string(),
                office_name,
                login: r.chosen.as_ref().map(|c| c.login_id.clone()),
                address: r.address,
                factor,
            })
        })
        .await
}

/// The six digits of the code that counts now, made with the secret of the installation: no table holds it.
fn code_of(keys: &crate::keys::Keys, r: &Registration) -> String {
    let address = r.address.as_deref().unwrap_or_default();
    let bytes = keys.code_bytes(&format!("registration {} {} {address}", r.registration_id, r.code_no));
    let number = bytes.iter().take(8).fold(0_u64, |n, b| (n << 8) | u64::from(*b));
    format!("{:06}", number % 1_000_000)
}

/// Keeps the address for security mail (セキュリティ用メールアドレス) and sends a code to it.
///
/// # Errors
/// A sentence for what is no address; [`Error::TooMany`] right after another code; [`Error::NotFound`] without a registration.
pub async fn put_address(app: &App, ctx: &Ctx, token: &str, typed: &str) -> Result<(), Error> {
    let address = halfwidth(typed).trim().to_owned();
    if !is_address(&address) || kaigo_core::id::holds_individual_number(&address) {
        return Err(wrong("address", "mail-address", "メールアドレスを、name@example.jp のような形で入れてください。"));
    }
    let (ctx, keys, token) = (ctx.clone(), std::sync::Arc::clone(&app.keys), token.to_owned());
    let sends = app.mail.is_some();
    app.db
        .write(move |tx| {
            let r = found(tx, &ctx, &token)?;
            if r.done_at.is_some() {
                return Ok(());
            }
            let last = r.code_at.as_deref().and_then(|at| parse_instant(at).ok());
            if last.is_some_and(|at| ctx.now < at + SignedDuration::from_secs(CODE_EVERY_SECONDS)) {
                return Err(Error::TooMany { minutes: 1 });
            }
            registration::put_address(tx, &r.registration_id, &address, &ctx.instant())?;
            let r = found(tx, &ctx, &token)?;
            if sends {
                let letter = Mail {
                    mail_id: ctx.ids.id(),
                    account_id: r.registration_id.clone(),
                    kind: "registration".to_owned(),
                    address,
                    subject: "【介護WEBサービス】利用登録の確認コード".to_owned(),
                    body: code_text(&code_of(&keys, &r)),
                    tries: 0,
                    made_at: ctx.instant(),
                };
                mail::enqueue(tx, &letter, r.code_no)?;
            }
            Ok(())
        })
        .await
}

fn code_text(code: &str) -> String {
    format!(
        "介護WEBサービスの利用登録で、このアドレスが入力されました。\n\n確認コード：{code}\n\n\
         利用登録の画面に、{CODE_MINUTES}分以内に入れてください。\n心あたりがないときは、このメールを捨ててください。何も始まりません。\n"
    )
}

/// Confirms the address by its code.
///
/// # Errors
/// A sentence for a wrong code, or one that is too old.
pub async fn confirm(app: &App, ctx: &Ctx, token: &str, typed: &str) -> Result<(), Error> {
    let typed: String = halfwidth(typed).chars().filter(char::is_ascii_digit).collect();
    let (ctx, keys, token) = (ctx.clone(), std::sync::Arc::clone(&app.keys), token.to_owned());
    let fits = app
        .db
        .write(move |tx| {
            let r = found(tx, &ctx, &token)?;
            if r.confirmed_at.is_some() {
                return Ok(true);
            }
            let made = r.code_at.as_deref().and_then(|at| parse_instant(at).ok());
            let is_good = made.is_some_and(|at| ctx.now <= at + SignedDuration::from_mins(CODE_MINUTES));
            if !is_good || r.code_tries >= CODE_TRIES {
                let say = "確認コードの期限がすぎたか、まちがいが続きました。もう一度、アドレスを入れて確認コードを送ってください。";
                return Err(wrong("code", "mail-code-old", say));
            }
            let fits = same(&code_of(&keys, &r), &typed);
            if fits {
                registration::confirm(tx, &r.registration_id, &ctx.instant())?;
            } else {
                registration::miss(tx, &r.registration_id)?;
            }
            Ok(fits)
        })
        .await?;
    if fits {
        Ok(())
    } else {
        Err(wrong("code", "mail-code-wrong", "確認コードがちがいます。届いたメールの6けたの数字を入れてください。"))
    }
}

/// Reads what was chosen; says of every field what is wrong.
fn check(typed: &Typed, office_no: &str) -> Result<(String, JobType, String), Error> {
    let mut all = Vec::new();
    let mut bad = |field, code, say: &str| all.push(Wrong { field, code, say: say.to_owned() });
    let name = match Text::<60>::parse(&typed.name) {
        Ok(name) if !name.is_empty() => name.to_string(),
        Ok(_) | Err(_) => {
            bad("name", "missing", "氏名を60文字までで入れてください。");
            String::new()
        }
    };
    let job = JobType::parse(&typed.job).ok();
    if job.is_none() {
        bad("job", "missing", "職種を選んでください。");
    }
    let login = halfwidth(&typed.login).to_lowercase();
    let fits = login.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(&b));
    if !(4..=40).contains(&login.len()) || !fits {
        bad("login", "login-shape", "ログインIDは、半角の英字と数字で4文字から40文字までにしてください。");
    }
    if let Err(weak) = crate::password::judge(&typed.password, false, &[&login, office_no]) {
        bad("password", weak.code(), &weak.say());
    }
    if typed.password != typed.again {
        bad("again", "password-again", "2つのパスワードがちがいます。同じものを入れてください。");
    }
    match (all.is_empty(), job) {
        (true, Some(job)) => Ok((name, job, login)),
        _ => Err(Error::Invalid(all)),
    }
}

/// Keeps name, login and password of the administrator; nothing of it counts before [`finish`].
///
/// # Errors
/// [`Error::Invalid`] for what does not fit, a login that is taken, or the provisional password again.
pub async fn choose(app: &App, ctx: &Ctx, token: &str, typed: &Typed) -> Result<(), Error> {
    let (ctx2, token2) = (ctx.clone(), token.to_owned());
    let (r, claim) = app
        .db
        .read(move |tx| {
            let r = found(tx, &ctx2, &token2)?;
            let claim = registration::find_claim(tx, &r.claim_id)?.ok_or(Error::NotFound)?;
            Ok::<_, Error>((r, claim))
        })
        .await?;
    if r.done_at.is_some() {
        return Ok(());
    }
    let (name, job, login) = check(typed, r.office_no.as_str())?;
    if app.passwords.fits(&typed.password, &claim.password_hash).await? {
        return Err(wrong(
            "password",
            "password-provisional",
            "仮のパスワードは使えません。新しいパスワードを決めてください。",
        ));
    }
    let password_hash = app.passwords.hash(&typed.password, ctx.ids.bytes()).await?;
    let (ctx, keys, token) = (ctx.clone(), std::sync::Arc::clone(&app.keys), token.to_owned());
    app.db
        .write(move |tx| {
            let r = found(tx, &ctx, &token)?;
            if account::by_login(tx, &login)?.is_some() {
                let say = "そのログインIDは、ほかの人が使っています。別のものにしてください。";
                return Err(wrong("login", "login-taken", say));
            }
            let account_id = r.chosen.map_or_else(|| ctx.ids.timed(ctx.now), |before| before.account_id);
            let secret: Vec<u8> = [ctx.ids.bytes(), ctx.ids.bytes()].concat().into_iter().take(20).collect();
            let totp_sealed = keys.data().seal(&format!("totp/{account_id}"), &secret)?;
            let job = job.code().to_owned();
            let chosen = Chosen { account_id, login_id: login, name, job, password_hash, totp_sealed };
            if registration::choose(tx, &r.registration_id, &chosen)? { Ok(()) } else { Err(Error::NotFound) }
        })
        .await
}

/// Proves the second factor and makes the account; the issued login is used up. Done twice, nothing more happens.
///
/// # Errors
/// [`Error::Invalid`] for a wrong code; [`Error::Conflict`] if the login was used or the name of it taken meanwhile.
pub async fn finish(app: &App, ctx: &Ctx, token: &str, typed: &str) -> Result<(), Error> {
    let (ctx, keys, token, typed) = (ctx.clone(), std::sync::Arc::clone(&app.keys), token.to_owned(), plain(typed));
    app.db
        .write(move |tx| {
            let r = found(tx, &ctx, &token)?;
            if r.done_at.is_some() {
                return Ok(());
            }
            let chosen = r.chosen.clone().ok_or(Error::NotFound)?;
            let secret = keys.data().open(&format!("totp/{}", chosen.account_id), &chosen.totp_sealed)?;
            let near = [-30, 0, 30].map(|seconds| totp_at(&secret, ctx.now + SignedDuration::from_secs(seconds)));
            if !near.iter().any(|code| same(code, &typed)) {
                let say = "確認コードがちがいます。アプリに出ている新しい6けたの数字を入れてください。";
                return Err(wrong("code", "code-wrong", say));
            }
            make(tx, &ctx, &r, chosen)
        })
        .await
}

fn make(tx: &mut Tx<'_>, ctx: &Ctx, r: &Registration, chosen: Chosen) -> Result<(), Error> {
    let taken =
        || Error::Conflict("このIDは、すでに登録に使われています。ログインの画面から入ってください。".to_owned());
    if !registration::done(tx, r, &chosen.account_id, &ctx.instant())? {
        return Err(taken());
    }
    let job = JobType::parse(&chosen.job).map_err(|_| Error::Internal("a job cannot be read".to_owned()))?;
    let (account_id, name) = (chosen.account_id.clone(), chosen.name.clone());
    let new = Account {
        account_id: chosen.account_id,
        login_id: chosen.login_id,
        owner: Owner::Staff { office_no: r.office_no, job, is_admin: true },
        name: chosen.name,
        password_hash: chosen.password_hash,
        totp_sealed: chosen.totp_sealed,
        totp_used_step: 0,
        failed_count: 0,
        locked_until: None,
        disabled: false,
        must_change: false,
    };
    account::insert(tx, &new, &ctx.instant())?;
    let entry = admin_log::Entry {
        owner_kind: admin_log::OFFICE.to_owned(),
        owner_no: r.office_no.as_str().to_owned(),
        entry_id: ctx.ids.timed(ctx.now),
        done_at: ctx.instant(),
        account_id,
        account_name: name.clone(),
        act: "register-office".to_owned(),
        subject: name,
        detail: "電子請求受付システムのIDで登録した管理者".to_owned(),
    };
    admin_log::append(tx, &entry).map_err(Error::from)
}

/// Issued logins for the desk, by state and office.
pub async fn list(app: &App, caller: &Caller, (state, search): (&str, &str)) -> Result<Vec<Claim>, Error> {
    let grant = decide_act(caller, Act::ManageOffices)?;
    let (state, search) = (state.to_owned(), halfwidth(search).into_owned());
    app.db.read(move |tx| registration::list(tx, &grant, &state, &search, 200).map_err(Error::from)).await
}

/// How many logins there are of each state.
pub async fn counts(app: &App, caller: &Caller) -> Result<Vec<(String, i64)>, Error> {
    decide_act(caller, Act::ManageOffices)?;
    app.db.read(|tx| registration::counts(tx).map_err(Error::from)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_said() {
        let codes = |typed: &Typed| match check(typed, "9870100011") {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(all)) => all.into_iter().map(|w| w.code).collect::<Vec<_>>(),
            Err(other) => panic!("{other:?}"),
        };
        let fine = Typed {
            name: "港 明子".to_owned(),
            job: JobType::Clerk.code().to_owned(),
            login: "minato-kanri".to_owned(),
            password: "toudai-no-akari".to_owned(),
            again: "toudai-no-akari".to_owned(),
        };
        assert!(codes(&fine).is_empty());
        assert_eq!(codes(&Typed::default()).len(), 4, "name, job, login, password");
        for weak in ["x-minato-kanri", "kkkkkkkkk", "kaigohoken"] {
            let typed = Typed { password: weak.to_owned(), again: weak.to_owned(), ..fine.clone() };
            assert_eq!(codes(&typed).len(), 1, "{weak}");
        }
        assert_eq!(codes(&Typed { again: "x".to_owned(), ..fine }), ["password-again"]);
    }
}
