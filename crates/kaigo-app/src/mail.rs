//! Mail that there is something to read: an address that its owner confirmed, digests without personal data, a queue that survives.
//!
//! A digest is made once (its number is the account's next), in the transaction that ends its being due. A mail is taken before it
//! is sent and marked afterwards; a process that dies in between leaves it to a second try under the same `Message-ID`. So a digest is
//! sent at least once, and twice only when the process died between the server's word and the mark.

use std::fmt::Write as _;

use std::future::Future;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use kaigo_core::date::add_days;
use kaigo_core::id::holds_individual_number;
use kaigo_core::notice::{Frequency, Recipient, Topic, is_address};
use kaigo_core::policy::Caller;
use kaigo_store::account::{self, Owner};
use kaigo_store::db::Tx;
use kaigo_store::mail::{self, Mail, Setting};
use kaigo_store::time::{instant, parse_instant};
use kaigo_store::{lease, notice};

use crate::keys::digest_of;
use crate::notice::box_of;
use crate::{App, Ctx, Error, Wrong};

/// Minutes for which a code is good.
pub const CODE_MINUTES: i64 = 30;
/// Wrong codes after which a new one is needed.
pub const CODE_TRIES: i64 = 5;
/// Seconds before another code can be asked for.
pub const CODE_EVERY_SECONDS: i64 = 60;
/// Minutes until the next try after the first, second, … one. After the last the mail is given up.
pub const WAIT_MINUTES: [i64; 9] = [1, 5, 15, 60, 120, 240, 480, 720, 1_440];
/// Days for which it is remembered that a mail was sent.
const KEPT_DAYS: i32 = 90;
/// Boxes, settings, mails of one step.
const STEP: i32 = 200;
/// Name of the job's lease, and seconds for which a step has it.
const JOB: (&str, i64) = ("mail", 120);

/// What the settings' page shows.
#[derive(Clone, Debug)]
pub struct MailPage {
    /// Whether this service sends mail at all.
    pub offered: bool,
    /// What is set.
    pub setting: Setting,
    /// Whether a code waits to be typed.
    pub code_waits: bool,
    /// What the account can be told of.
    pub topics: &'static [Topic],
}

/// Looks at the account's own setting.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller) -> Result<MailPage, Error> {
    let (own, now) = (Own::of(caller)?, ctx.now);
    let topics = Topic::of(own.to.kind());
    let setting = app.db.read(move |tx| own.setting(tx)).await?;
    let code_waits = setting.new_address.is_some() && code_is_good(&setting, now);
    Ok(MailPage { offered: app.mail.is_some(), setting, code_waits, topics })
}

/// An account and its box.
#[derive(Clone)]
struct Own {
    account_id: String,
    to: Recipient,
}

impl Own {
    fn of(caller: &Caller) -> Result<Self, Error> {
        let to = box_of(caller).ok_or(Error::NotFound)?;
        Ok(Self { account_id: caller.account_id().to_owned(), to })
    }

    /// What is set; at first: no address, once a day, about everything.
    fn setting(&self, tx: &mut Tx<'_>) -> Result<Setting, Error> {
        if let Some(setting) = mail::find(tx, &self.account_id)? {
            let (recipient_kind, recipient_no) = (self.to.kind(), self.to.no().to_owned());
            return Ok(Setting { recipient_kind, recipient_no, ..setting });
        }
        Ok(Setting {
            account_id: self.account_id.clone(),
            recipient_kind: self.to.kind(),
            recipient_no: self.to.no().to_owned(),
            address: None,
            new_address: None,
            code_digest: None,
            code_at: None,
            code_tries: 0,
            code_no: 0,
            frequency: Frequency::Daily,
            topics: Topic::of(self.to.kind()).to_vec(),
            digest_no: 0,
            refused_at: None,
        })
    }
}

fn wrong(field: &'static str, code: &'static str, say: &str) -> Error {
    Error::Invalid(vec![Wrong { field, code, say: say.to_owned() }])
}

fn code_is_good(setting: &Setting, now: Timestamp) -> bool {
    let made = setting.code_at.as_deref().and_then(|at| parse_instant(at).ok());
    setting.code_tries < CODE_TRIES && made.is_some_and(|at| now <= at + SignedDuration::from_mins(CODE_MINUTES))
}

/// Sends a code to an address, which counts once the code was typed.
///
/// # Errors
/// A sentence for what is no address; [`Error::TooMany`] right after another code; [`Error::Conflict`] where no mail is sent.
pub async fn ask_code(app: &App, ctx: &Ctx, caller: &Caller, address: &str) -> Result<(), Error> {
    if app.mail.is_none() {
        return Err(Error::Conflict("このシステムでは、メールを送る設定がされていません。".to_owned()));
    }
    let address = kaigo_core::text::halfwidth(address).trim().to_owned();
    if !is_address(&address) || holds_individual_number(&address) {
        let say = "メールアドレスを、name@example.jp のような形で入れてください。";
        return Err(wrong("address", "mail-address", say));
    }
    let (own, ctx) = (Own::of(caller)?, ctx.clone());
    app.db
        .write(move |tx| {
            let setting = own.setting(tx)?;
            let last = setting.code_at.as_deref().and_then(|at| parse_instant(at).ok());
            if last.is_some_and(|at| ctx.now < at + SignedDuration::from_secs(CODE_EVERY_SECONDS)) {
                return Err(Error::TooMany { minutes: 1 });
            }
            let code = new_code(&ctx);
            let serial = setting.code_no + 1;
            let letter = Mail {
                mail_id: ctx.ids.id(),
                account_id: own.account_id.clone(),
                kind: "code".to_owned(),
                address: address.clone(),
                subject: "【介護WEBサービス】メールアドレスの確認".to_owned(),
                body: code_text(&code),
                tries: 0,
                made_at: ctx.instant(),
            };
            mail::enqueue(tx, &letter, serial)?;
            let setting = Setting {
                code_digest: Some(code_digest(&own.account_id, &address, &code)),
                new_address: Some(address),
                code_at: Some(ctx.instant()),
                code_tries: 0,
                code_no: serial,
                ..setting
            };
            mail::put(tx, &setting, &ctx.instant()).map_err(Error::from)
        })
        .await
}

/// Six digits.
pub(crate) fn new_code(ctx: &Ctx) -> String {
    let number = ctx.ids.bytes().iter().take(8).fold(0_u64, |n, b| (n << 8) | u64::from(*b));
    format!("{:06}", number % 1_000_000)
}

fn code_digest(account_id: &str, address: &str, code: &str) -> String {
    digest_of(&format!("mail {account_id} {address} {code}"))
}

fn code_text(code: &str) -> String {
    format!(
        "介護WEBサービスのお知らせを、このアドレスで受け取る手続きです。\n\n確認コード：{code}\n\n\
         「メールの設定」の画面に、{CODE_MINUTES}分以内に入れてください。\n心あたりがないときは、このメールを捨ててください。何も始まりません。\n"
    )
}

/// Confirms an address by the code that was sent to it.
///
/// # Errors
/// A sentence for a wrong code, or one that is too old.
pub async fn confirm(app: &App, ctx: &Ctx, caller: &Caller, code: &str) -> Result<(), Error> {
    let typed: String = kaigo_core::text::halfwidth(code).chars().filter(char::is_ascii_digit).collect();
    let (own, ctx) = (Own::of(caller)?, ctx.clone());
    let fits = app
        .db
        .write(move |tx| {
            let setting = own.setting(tx)?;
            let Some(address) = setting.new_address.clone().filter(|_| code_is_good(&setting, ctx.now)) else {
                let say = "確認コードの期限がすぎたか、まちがいが続きました。もう一度、アドレスを入れて確認コードを送ってください。";
                return Err(wrong("code", "mail-code-old", say));
            };
            let digest = code_digest(&own.account_id, &address, &typed);
            let fits = setting.code_digest.as_deref() == Some(digest.as_str());
            let setting = if fits {
                Setting {
                    address: Some(address),
                    new_address: None,
                    code_digest: None,
                    code_at: None,
                    code_tries: 0,
                    refused_at: None,
                    ..setting
                }
            } else {
                Setting { code_tries: setting.code_tries + 1, ..setting }
            };
            mail::put(tx, &setting, &ctx.instant())?;
            Ok(fits)
        })
        .await?;
    if fits {
        return Ok(());
    }
    Err(wrong("code", "mail-code-wrong", "確認コードがちがいます。届いたメールの6けたの数字を入れてください。"))
}

/// Sets how often mail comes, and about what.
///
/// # Errors
/// A sentence if mail should come about nothing.
pub async fn save(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    frequency: Frequency,
    topics: Vec<Topic>,
) -> Result<(), Error> {
    let own = Own::of(caller)?;
    let offered = Topic::of(own.to.kind());
    let topics: Vec<Topic> = topics.into_iter().filter(|topic| offered.contains(topic)).collect();
    if topics.is_empty() && frequency != Frequency::Never {
        let say = "受け取るお知らせを1つ以上選ぶか、「送らない」を選んでください。";
        return Err(wrong("topics", "mail-topics", say));
    }
    let now = ctx.instant();
    app.db
        .write(move |tx| {
            let setting = own.setting(tx)?;
            mail::put(tx, &Setting { frequency, topics, ..setting }, &now).map_err(Error::from)
        })
        .await
}

/// Forgets the address. What waits to be sent to it is not sent any more.
pub async fn forget(app: &App, ctx: &Ctx, caller: &Caller) -> Result<(), Error> {
    let (own, now) = (Own::of(caller)?, ctx.instant());
    app.db
        .write(move |tx| {
            let setting = own.setting(tx)?;
            let setting = Setting {
                address: None,
                new_address: None,
                code_digest: None,
                code_at: None,
                refused_at: None,
                ..setting
            };
            mail::put(tx, &setting, &now)?;
            mail::withdraw(tx, &own.account_id, &now).map(drop).map_err(Error::from)
        })
        .await
}

/// A mail on its way to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Names the mail in its `Message-ID`: the same at every try.
    pub mail_id: String,
    /// Address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// Why the server did not take a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// It may take it later: not reachable, busy, greylisting (4xx).
    Later(String),
    /// It never will (5xx): the address is wrong.
    Never(String),
}

/// What a step of the job did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Digests made.
    pub made: usize,
    /// Mails that the server took.
    pub sent: usize,
    /// Mails to be tried again.
    pub later: usize,
    /// Mails that were given up.
    pub failed: usize,
}

/// The job, one step: decides whose digest is due when, makes due digests, sends what waits. Only the process with the lease does.
pub async fn work<F, R>(app: &App, ctx: &Ctx, holder: &str, send: F) -> Result<Done, Error>
where
    F: Fn(Letter) -> R,
    R: Future<Output = Result<(), NotSent>>,
{
    let Some(site) = app.mail.clone() else { return Ok(Done::default()) };
    let (ctx2, holder2) = (ctx.clone(), holder.to_owned());
    let made = app
        .db
        .write(move |tx| {
            if !lease(tx, &ctx2, &holder2)? {
                return Ok(None);
            }
            schedule(tx, ctx2.now)?;
            digests(tx, &ctx2, &site).map(Some)
        })
        .await?;
    let Some(made) = made else { return Ok(Done::default()) };
    let mut done = Done { made, ..Done::default() };
    let now = ctx.instant();
    let waiting = app.db.read(move |tx| mail::due(tx, &now, STEP).map_err(Error::from)).await?;
    for letter in waiting {
        one(app, ctx, holder, letter, &send, &mut done).await?;
    }
    Ok(done)
}

fn lease(tx: &mut Tx<'_>, ctx: &Ctx, holder: &str) -> Result<bool, Error> {
    let until = instant(ctx.now + SignedDuration::from_secs(JOB.1));
    lease::take(tx, JOB.0, holder, &until, &ctx.instant()).map_err(Error::from)
}

/// For every box with something new: when the digests of those who want to know are due.
fn schedule(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Error> {
    let japan = Offset::from_seconds(9 * 3600).unwrap_or(Offset::UTC);
    let civil = japan.to_datetime(now);
    let mut due = Vec::new();
    for frequency in Frequency::ALL {
        if let Some(at) = frequency.due(civil).and_then(|at| japan.to_timestamp(at).ok()) {
            due.push((*frequency, instant(at)));
        }
    }
    for (kind, no, topic) in notice::take_fresh(tx, STEP)? {
        for (frequency, at) in &due {
            mail::wake(tx, (&kind, &no), topic, *frequency, at)?;
        }
    }
    Ok(())
}

/// Makes the digests that are due. What was read in the meantime is not told.
fn digests(tx: &mut Tx<'_>, ctx: &Ctx, site: &str) -> Result<usize, Error> {
    let mut made = 0;
    for setting in mail::due_settings(tx, &ctx.instant(), STEP)? {
        if !mail::digested(tx, &setting)? {
            continue;
        }
        let (Some(address), Some(to)) = (setting.address.clone(), still_own(tx, &setting)?) else { continue };
        if setting.refused_at.is_some() {
            continue;
        }
        let mut unread = notice::unread_by_topic(tx, &to)?;
        unread.retain(|(topic, _)| setting.topics.contains(topic));
        let count: i64 = unread.iter().map(|(_, n)| n).sum();
        if count == 0 {
            continue;
        }
        let letter = Mail {
            mail_id: ctx.ids.id(),
            account_id: setting.account_id.clone(),
            kind: "digest".to_owned(),
            address,
            subject: format!("【介護WEBサービス】お知らせが{count}件あります"),
            body: digest_text(&unread, count, site),
            tries: 0,
            made_at: ctx.instant(),
        };
        mail::enqueue(tx, &letter, setting.digest_no + 1)?;
        made += 1;
    }
    Ok(made)
}

/// The box of the setting, if the account still belongs to it.
fn still_own(tx: &mut Tx<'_>, setting: &Setting) -> Result<Option<Recipient>, Error> {
    let Some(account) = account::by_id(tx, &setting.account_id)?.filter(|a| !a.disabled) else { return Ok(None) };
    let to = match account.owner {
        Owner::Staff { office_no, .. } => Recipient::Office(office_no),
        Owner::Insurer { insurer_no, .. } => Recipient::Insurer(insurer_no),
        Owner::Medical { institution_no, .. } => Recipient::Institution(institution_no),
        Owner::Board { board_id } => Recipient::Board(board_id),
        Owner::Operator { .. } => Recipient::Operator,
        Owner::Person { .. } | Owner::Supporter { .. } => Recipient::Account(account.account_id),
    };
    let same = to.kind() == setting.recipient_kind && to.no() == setting.recipient_no;
    Ok(same.then_some(to))
}

/// How many there are of each topic, and where to look. No name, no number, no link into anybody's record.
fn digest_text(unread: &[(Topic, i64)], count: i64, site: &str) -> String {
    let mut text = format!("まだ確認していないお知らせが{count}件あります。\n\n");
    for (topic, n) in unread {
        let _ = writeln!(text, "・{}　{n}件", topic.label());
    }
    let _ = write!(
        text,
        "\nログインして確かめてください。\n{site}/notices\n\n\
         このメールには、個人の情報は入っていません。返信しても、だれにも届きません。\n\
         メールの回数を変える・やめる：{site}/notices/mail\n"
    );
    text
}

async fn one<F, R>(app: &App, ctx: &Ctx, holder: &str, letter: Mail, send: &F, done: &mut Done) -> Result<(), Error>
where
    F: Fn(Letter) -> R,
    R: Future<Output = Result<(), NotSent>>,
{
    let tries = usize::try_from(letter.tries).unwrap_or(usize::MAX);
    let wait = WAIT_MINUTES.get(tries).copied();
    let next = instant(ctx.now + SignedDuration::from_mins(wait.unwrap_or(1_440)));
    let (ctx2, holder2, taken) = (ctx.clone(), holder.to_owned(), letter.clone());
    let mine = app
        .db
        .write(move |tx| Ok::<_, Error>(lease(tx, &ctx2, &holder2)? && mail::take(tx, &taken, &ctx2.instant(), &next)?))
        .await?;
    if !mine {
        return Ok(());
    }
    let sent = send(Letter {
        mail_id: letter.mail_id.clone(),
        to: letter.address.clone(),
        subject: letter.subject.clone(),
        body: letter.body.clone(),
    })
    .await;
    match &sent {
        Ok(()) => done.sent += 1,
        Err(NotSent::Later(_)) if wait.is_some() => done.later += 1,
        Err(NotSent::Later(_) | NotSent::Never(_)) => done.failed += 1,
    }
    let (now, last) = (ctx.instant(), wait.is_none());
    app.db
        .write(move |tx| {
            match sent {
                Ok(()) => mail::sent(tx, &letter.mail_id, &now)?,
                Err(NotSent::Later(why)) if !last => mail::later(tx, &letter.mail_id, &short(&why))?,
                Err(NotSent::Later(why)) => mail::failed(tx, &letter.mail_id, &now, &short(&why))?,
                Err(NotSent::Never(why)) => {
                    mail::failed(tx, &letter.mail_id, &now, &short(&why))?;
                    mail::refused(tx, &letter.account_id, &letter.address, &now)?;
                }
            }
            Ok(())
        })
        .await
}

/// A server's words, cut: they are for the operator.
fn short(why: &str) -> String {
    why.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Removes mails that are done for `KEPT_DAYS` days.
pub async fn tidy(app: &App, ctx: &Ctx) -> Result<u64, Error> {
    let before = format!("{}T00:00:00.000Z", add_days(ctx.today, -KEPT_DAYS));
    app.db.write(move |tx| mail::purge(tx, &before).map_err(Error::from)).await
}

/// The address that the account's owner confirmed, and that its server did not refuse.
pub(crate) fn confirmed(tx: &mut Tx<'_>, account_id: &str) -> Result<Option<String>, Error> {
    let setting = mail::find(tx, account_id)?;
    Ok(setting.filter(|setting| setting.refused_at.is_none()).and_then(|setting| setting.address))
}

/// A moment as a mail names it: `2026年11月22日 9時15分`.
pub(crate) fn japan_time(at: Timestamp) -> String {
    let civil = Offset::from_seconds(9 * 3600).unwrap_or(Offset::UTC).to_datetime(at);
    format!("{}年{}月{}日 {}時{:02}分", civil.year(), civil.month(), civil.day(), civil.hour(), civil.minute())
}

/// Sends a mail at once to the address that the account's owner confirmed. Answers whether there is one.
pub(crate) fn urgent(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    account_id: &str,
    kind: &str,
    (subject, body): (&str, &str),
) -> Result<bool, Error> {
    let Some(address) = confirmed(tx, account_id)? else { return Ok(false) };
    let letter = Mail {
        mail_id: ctx.ids.id(),
        account_id: account_id.to_owned(),
        kind: kind.to_owned(),
        address,
        subject: subject.to_owned(),
        body: body.to_owned(),
        tries: 0,
        made_at: ctx.instant(),
    };
    // Each is a mail of its own: a random number of 31 bits.
    let serial = ctx.ids.bytes().iter().take(4).fold(0_i64, |n, b| (n << 8) | i64::from(*b)) & 0x7fff_ffff;
    mail::enqueue(tx, &letter, serial)?;
    Ok(true)
}

/// How many mails wait, failed, were sent: for the operator.
pub async fn counts(app: &App) -> Result<(i64, i64, i64), Error> {
    app.db.read(|tx| mail::counts(tx).map_err(Error::from)).await
}
