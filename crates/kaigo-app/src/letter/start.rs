//! From a letter to an account: the code, then login, password and second factor, then the proof that the factor works.
//!
//! Whoever does this has no account. What is wrong is said in one sentence, whatever it was; tries are counted for every number
//! alike, so that waiting does not tell whether there is a letter.

use jiff::SignedDuration;
use kaigo_core::date::parse_date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::layout::BadCell;
use kaigo_core::policy::{Caller, Purpose};
use kaigo_store::access_log::{self, Entry, Outcome};
use kaigo_store::account::{self, Account, Owner};
use kaigo_store::db::Tx;
use kaigo_store::letter::{self, Letter};
use kaigo_store::time::{instant, parse_instant};
use kaigo_store::{insurer, proxy};

use super::{code, grouped, letter_code, plain, recovery_digest};
use crate::keys::{Keys, digest_of};
use crate::login::totp_at;
use crate::run::entry;
use crate::{App, Ctx, Error, Wrong};

/// Wrong codes for one number within an hour, after which one has to wait.
const TRIES_AN_HOUR: i64 = 5;
/// Minutes from the code to the end of the registration.
const START_MINUTES: i64 = 30;
/// Recovery codes of an account.
const CODES: usize = 10;

/// What is typed from the letter.
#[derive(Clone, Debug, Default)]
pub struct TypedStart {
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 生年月日 of who the letter is addressed to.
    pub birth: String,
    /// 登録番号.
    pub code: String,
}

/// What is chosen for the account.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// ログインID.
    pub login: String,
    /// パスワード.
    pub password: String,
    /// `app` or `paper`.
    pub factor: String,
}

/// A start under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Name of who registers.
    pub name: String,
    /// Name of the person represented, for a proxy.
    pub represents: Option<String>,
    /// The login that the person has already.
    pub login: Option<String>,
    /// Whether login and password were chosen.
    pub chosen: bool,
    /// Whether the registration is done.
    pub done: bool,
}

/// What the second factor is made of, shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// The login that was chosen.
    pub login: String,
    /// For the app: the secret in base 32, and the address that its QR code carries. None: on paper only.
    pub app: Option<(String, String)>,
    /// The recovery codes, each good once.
    pub codes: Vec<String>,
}

fn wrong(field: &'static str, code: &'static str, say: impl Into<String>) -> Error {
    Error::Invalid(vec![Wrong { field, code, say: say.into() }])
}

/// One sentence for everything that does not fit.
fn no_match() -> Error {
    wrong(
        "",
        "start-no-match",
        "番号・生年月日・登録番号の組み合わせが合いません。手紙のとおりに入れてください。期限が過ぎた手紙や、新しい手紙が届く前の古い手紙は使えません。",
    )
}

struct Typed {
    whom: (InsurerNo, InsuredNo),
    born_on: kaigo_core::date::Date,
    code: String,
}

fn read(typed: &TypedStart) -> Result<Typed, Error> {
    let mut all = Vec::new();
    let mut bad = |field: &'static str, ja: &str, text: &str, bad: BadCell| {
        let bad = if text.trim().is_empty() { BadCell::Missing } else { bad };
        all.push(Wrong { field, code: bad.code(), say: format!("{}{}", bad.say(ja), bad.mend(ja)) });
    };
    let insurer_no =
        InsurerNo::parse(&typed.insurer_no).map_err(|b| bad("insurer_no", "保険者番号", &typed.insurer_no, b)).ok();
    let insured_no =
        InsuredNo::parse(&typed.insured_no).map_err(|b| bad("insured_no", "被保険者番号", &typed.insured_no, b)).ok();
    let born_on = parse_date(&typed.birth);
    if born_on.is_none() {
        bad("birth", "生年月日", &typed.birth, BadCell::Date);
    }
    let code = plain(&typed.code);
    if code.len() != 12 {
        bad("code", "登録番号", &typed.code, BadCell::Length { want: 12, got: code.len() });
    }
    match (insurer_no, insured_no, born_on) {
        (Some(insurer_no), Some(insured_no), Some(born_on)) if all.is_empty() => {
            Ok(Typed { whom: (insurer_no, insured_no), born_on, code })
        }
        _ => Err(Error::Invalid(all)),
    }
}

/// An entry of somebody who has no account yet.
fn start_entry(ctx: &Ctx, letter: &Letter, act: &str) -> Entry {
    let whom = (letter.insurer_no.as_str(), letter.insured_no.as_str());
    let mut entry = entry(ctx, &Caller::Operator, whom, act, Purpose::Own);
    "start".clone_into(&mut entry.account_id);
    let who = if letter.proxy_id.is_some() {
        "手紙の登録番号を入れた人（代理）"
    } else {
        "手紙の登録番号を入れた人"
    };
    who.clone_into(&mut entry.account_name);
    entry
}

/// Whether two texts of one length are the same, in the same time whatever they are.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0_u8, |diff, (x, y)| diff | (x ^ y)) == 0
}

/// Begins with a letter; answers the token of the start, for a cookie.
///
/// # Errors
/// [`Error::Invalid`] for the shape of a field, and in one sentence for everything that does not fit; [`Error::TooMany`] after
/// too many wrong codes for one number within an hour, whether there is a letter or not.
pub async fn begin(app: &App, ctx: &Ctx, typed: &TypedStart) -> Result<String, Error> {
    let typed = read(typed)?;
    let (ctx, keys) = (ctx.clone(), std::sync::Arc::clone(&app.keys));
    let token = format!("{}{}", ctx.ids.id(), ctx.ids.id());
    let digest = digest_of(&token);
    let found = app.db.write(move |tx| begin_in(tx, &ctx, &keys, &typed, &digest)).await?;
    if found { Ok(token) } else { Err(no_match()) }
}

fn begin_in(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys, typed: &Typed, digest: &str) -> Result<bool, Error> {
    let hour_ago = instant(ctx.now - SignedDuration::from_hours(1));
    let (tries, first) = letter::tried(tx, typed.whom, &hour_ago)?;
    if tries >= TRIES_AN_HOUR {
        let wait = parse_instant(&first)?.as_second() + 3600 - ctx.now.as_second();
        return Err(Error::TooMany { minutes: (wait.max(1) + 59) / 60 });
    }
    let published = insurer::find(tx, typed.whom.0)?.map_or(0, |insurer| insurer.published_load);
    let live = letter::live(tx, typed.whom, ctx.today)?;
    for letter in &live {
        let born_on = match &letter.proxy_id {
            Some(id) => proxy::find(tx, typed.whom, id)?.filter(|p| p.stands(ctx.today)).map(|p| p.born_on),
            None => letter::born_on(tx, typed.whom, published)?,
        };
        let fits = same(&letter_code(keys, letter), &typed.code);
        if fits && born_on == Some(typed.born_on) {
            let until = instant(ctx.now + SignedDuration::from_mins(START_MINUTES));
            letter::start(tx, letter, digest, &until)?;
            access_log::append(tx, &start_entry(ctx, letter, "start-account"))?;
            return Ok(true);
        }
    }
    let day_ago = instant(ctx.now - SignedDuration::from_hours(24));
    letter::note_try(tx, typed.whom, &ctx.ids.id(), (&ctx.instant(), &day_ago))?;
    if let Some(letter) = live.first() {
        letter::miss(tx, typed.whom, ctx.today)?;
        let mut entry = start_entry(ctx, letter, "start-account");
        Outcome::Refused.code().clone_into(&mut entry.outcome);
        entry.rule = Some("start-no-match".to_owned());
        access_log::append(tx, &entry)?;
    }
    Ok(false)
}

/// The letter of a start, with the names that its pages show.
fn found(tx: &mut Tx<'_>, ctx: &Ctx, token: &str) -> Result<(Letter, Begun), Error> {
    let letter = letter::started(tx, &digest_of(token), &ctx.instant())?.ok_or(Error::NotFound)?;
    let whom = (letter.insurer_no, letter.insured_no);
    let published = insurer::find(tx, letter.insurer_no)?.map_or(0, |insurer| insurer.published_load);
    let person = letter::name(tx, whom, published)?.ok_or(Error::NotFound)?;
    let (name, represents) = match &letter.proxy_id {
        Some(id) => {
            let proxy = proxy::find(tx, whom, id)?.filter(|p| p.stands(ctx.today)).ok_or(Error::NotFound)?;
            (proxy.name, Some(person))
        }
        None => (person, None),
    };
    let login = letter::account(tx, whom, letter.proxy_id.as_deref())?.map(|(_, login)| login);
    let (chosen, done) = (letter.chosen.is_some(), letter.used_at.is_some());
    Ok((letter, Begun { name, represents, login, chosen, done }))
}

/// The start of a token.
///
/// # Errors
/// [`Error::NotFound`] if there is none, or its time is over.
pub async fn started(app: &App, ctx: &Ctx, token: &str) -> Result<Begun, Error> {
    let (ctx, token) = (ctx.clone(), token.to_owned());
    app.db.read(move |tx| found(tx, &ctx, &token).map(|(_, begun)| begun)).await
}

/// Reads what was chosen; says of every field what is wrong.
fn check(chosen: &Chosen) -> Result<(String, String), Error> {
    let mut all = Vec::new();
    let mut bad = |field, code, say: &str| all.push(Wrong { field, code, say: say.to_owned() });
    let login = kaigo_core::text::halfwidth(&chosen.login).to_lowercase();
    let fits = login.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(&b));
    if !(4..=40).contains(&login.len()) || !fits {
        bad("login", "login-shape", "ログインIDは、半角の英字と数字で4文字から40文字までにしてください。");
    }
    if let Err(weak) = crate::password::judge(&chosen.password, false, &[&login]) {
        bad("password", weak.code(), &weak.say());
    }
    if !matches!(chosen.factor.as_str(), "app" | "paper") {
        bad("factor", "missing", "2つめの確認の方法を選んでください。");
    }
    if all.is_empty() { Ok((login, chosen.factor.clone())) } else { Err(Error::Invalid(all)) }
}

/// Keeps login, password and kind of the second factor; nothing of it counts before [`finish`].
///
/// # Errors
/// [`Error::Invalid`] for what does not fit, and for a login that is taken.
pub async fn choose(app: &App, ctx: &Ctx, token: &str, chosen: &Chosen) -> Result<(), Error> {
    let (login, factor) = check(chosen)?;
    started(app, ctx, token).await?;
    let password_hash = app.passwords.hash(&chosen.password, ctx.ids.bytes()).await?;
    let (ctx, keys, token) = (ctx.clone(), std::sync::Arc::clone(&app.keys), token.to_owned());
    app.db
        .write(move |tx| {
            let (letter, begun) = found(tx, &ctx, &token)?;
            if begun.done {
                return Ok(());
            }
            let whom = (letter.insurer_no, letter.insured_no);
            let own = letter::account(tx, whom, letter.proxy_id.as_deref())?.map(|(id, _)| id);
            if account::by_login(tx, &login)?.is_some_and(|other| Some(&other.account_id) != own.as_ref()) {
                return Err(wrong(
                    "login",
                    "login-taken",
                    "そのログインIDは、ほかの人が使っています。別のものにしてください。",
                ));
            }
            let account_id = own.unwrap_or_else(|| ctx.ids.timed(ctx.now));
            let secret: Vec<u8> = [ctx.ids.bytes(), ctx.ids.bytes()].concat().into_iter().take(20).collect();
            let totp_sealed = keys.data().seal(&format!("totp/{account_id}"), &secret)?;
            let chosen = letter::Chosen { account_id, login_id: login, password_hash, totp_sealed, factor };
            if letter::choose(tx, &letter, &chosen)? { Ok(()) } else { Err(Error::NotFound) }
        })
        .await
}

fn codes(keys: &Keys, letter: &Letter, account_id: &str) -> Vec<String> {
    (0..CODES).map(|n| grouped(&code(keys, &format!("recovery {account_id} {} {n}", letter.letter_id), 8))).collect()
}

/// Base 32 of RFC 4648 without padding, as authenticator apps take it.
pub(crate) fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |i| (byte >> i) & 1)).collect();
    bits.chunks(5)
        .map(|chunk| chunk.iter().fold(0_usize, |n, bit| n * 2 + usize::from(*bit)) << (5 - chunk.len()))
        .map(|n| char::from(DIGITS.get(n).copied().unwrap_or(b'A')))
        .collect()
}

/// What the second factor is made of: shown until it is proved, on the browser that began.
///
/// # Errors
/// [`Error::NotFound`] without a start, or before anything was chosen.
pub async fn factor(app: &App, ctx: &Ctx, token: &str) -> Result<Factor, Error> {
    let (ctx, keys, token) = (ctx.clone(), std::sync::Arc::clone(&app.keys), token.to_owned());
    app.db
        .read(move |tx| {
            let (letter, _) = found(tx, &ctx, &token)?;
            let chosen = letter.chosen.clone().ok_or(Error::NotFound)?;
            let secret = keys.data().open(&format!("totp/{}", chosen.account_id), &chosen.totp_sealed)?;
            let app = (chosen.factor == "app").then(|| {
                let secret = base32(&secret);
                let uri = format!("otpauth://totp/kaigo-kiban:{}?secret={secret}&issuer=kaigo-kiban", chosen.login_id);
                (secret, uri)
            });
            Ok(Factor { codes: codes(&keys, &letter, &chosen.account_id), login: chosen.login_id, app })
        })
        .await
}

/// Proves the second factor and makes the account, or gives the one that was there its new login. Done twice, nothing more
/// happens.
///
/// # Errors
/// [`Error::Invalid`] for a wrong code; [`Error::NotFound`] without a start.
pub async fn finish(app: &App, ctx: &Ctx, token: &str, typed: &str) -> Result<(), Error> {
    let (ctx, keys, token, typed) = (ctx.clone(), std::sync::Arc::clone(&app.keys), token.to_owned(), plain(typed));
    app.db.write(move |tx| finish_in(tx, &ctx, &keys, &token, &typed)).await
}

fn finish_in(tx: &mut Tx<'_>, ctx: &Ctx, keys: &Keys, token: &str, typed: &str) -> Result<(), Error> {
    let (letter, begun) = found(tx, ctx, token)?;
    if begun.done {
        return Ok(());
    }
    let chosen = letter.chosen.clone().ok_or(Error::NotFound)?;
    let secret = keys.data().open(&format!("totp/{}", chosen.account_id), &chosen.totp_sealed)?;
    let codes = codes(keys, &letter, &chosen.account_id);
    let fits = if chosen.factor == "app" {
        [-30, 0, 30].iter().any(|s| same(&totp_at(&secret, ctx.now + SignedDuration::from_secs(*s)), typed))
    } else {
        codes.first().is_some_and(|first| same(&plain(first), typed))
    };
    if !fits {
        let say = if chosen.factor == "app" {
            "確認コードがちがいます。アプリに出ている6けたの数字を入れてください。"
        } else {
            "番号がちがいます。紙の1番めの番号を入れてください。"
        };
        return Err(wrong("code", "code-wrong", say));
    }
    if !letter::use_up(tx, &letter, &ctx.instant())? {
        return Ok(());
    }
    if account::by_id(tx, &chosen.account_id)?.is_some() {
        letter::reset(tx, &chosen)?;
    } else {
        let new = Account {
            account_id: chosen.account_id.clone(),
            login_id: chosen.login_id.clone(),
            owner: Owner::Person {
                insurer_no: letter.insurer_no,
                insured_no: letter.insured_no,
                proxy_id: letter.proxy_id.clone(),
            },
            name: begun.name,
            password_hash: chosen.password_hash.clone(),
            totp_sealed: chosen.totp_sealed.clone(),
            totp_used_step: 0,
            failed_count: 0,
            locked_until: None,
            disabled: false,
            must_change: false,
        };
        account::insert(tx, &new, &ctx.instant())?;
    }
    let digests: Vec<String> = codes.iter().map(|code| recovery_digest(keys, &chosen.account_id, code)).collect();
    letter::set_recovery(tx, &chosen.account_id, &digests)?;
    let mut entry = start_entry(ctx, &letter, "open-account");
    entry.account_id = chosen.account_id;
    access_log::append(tx, &entry).map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_32_is_that_of_rfc_4648() {
        for (text, want) in
            [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(text.as_bytes()), want);
        }
    }

    #[test]
    fn what_is_chosen_is_checked() {
        let fields = |login: &str, password: &str, factor: &str| {
            let chosen = Chosen { login: login.into(), password: password.into(), factor: factor.into() };
            match check(&chosen) {
                Ok(_) => Vec::new(),
                Err(Error::Invalid(all)) => all.iter().map(|w| w.code).collect(),
                Err(other) => panic!("{other:?}"),
            }
        };
        assert!(fields("hanako2", "umi-to-yama-7", "paper").is_empty());
        assert_eq!(fields("あ", "short", ""), ["login-shape", "password-short", "missing"]);
        assert_eq!(fields("hanako2", "Password", "app"), ["password-common"]);
        assert_eq!(fields("hanako2", "zzzzzzzzz", "app"), ["password-common"]);
        assert_eq!(fields("tsuru77", "xtsuru77x", "app"), ["password-login"]);
    }
}
