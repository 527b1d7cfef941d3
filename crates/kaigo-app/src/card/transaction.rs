//! One-time transactions: begun on a page, good for three minutes, for one card and one answer.

use jiff::SignedDuration;
use kaigo_card::jpki::CardError;
use kaigo_card::protocol::Link;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_store::card::{self as store, Transaction};
use kaigo_store::time::{instant, parse_instant};

use super::{cards, staff};
use crate::ctx::hex;
use crate::keys::Keys;
use crate::{App, Ctx, Error, Wrong};

/// Seconds in which a transaction is good.
pub const SECONDS: i64 = 180;
/// Transactions that an account begins in an hour at most.
pub const MOST_AN_HOUR: i64 = 60;
/// The card signs, after the person's PIN.
pub const PIN: &str = "pin";
/// The certificate is read, and staff compare the face with the photograph on the card.
pub const VISUAL: &str = "visual";
/// The two screens showed different codes.
pub const MATCH_CODE: &str = "card-match-code";
/// Staff gave it up on the page.
const CANCELLED: &str = "card-cancelled";

/// A transaction on its page.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What is asked, and how far it is.
    pub transaction: Transaction,
    /// How it stands.
    pub stand: Stand,
    /// The link that opens the terminal's program, as long as it waits.
    pub link: Option<String>,
    /// Seconds until it runs out.
    pub seconds: i64,
}

/// How a transaction stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// No terminal has fetched it.
    Waiting,
    /// A terminal has it: the card is being read.
    Reading,
    /// The person is known: the identity check goes on.
    Known {
        /// The check.
        check_id: String,
    },
    /// The card is good and counts for nobody yet.
    New,
    /// Nothing came of it.
    Failed {
        /// Code of what went wrong.
        code: String,
        /// What happened and what to do.
        say: String,
    },
    /// Three minutes went by.
    RunOut,
}

impl Stand {
    /// A word that changes with the state: the page that waits compares it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reading => "reading",
            Self::Known { .. } => "known",
            Self::New => "new",
            Self::Failed { .. } => "failed",
            Self::RunOut => "run-out",
        }
    }
}

/// What a failure code means, for staff.
pub fn say_failure(code: &str, left: Option<i64>) -> String {
    let left = left.and_then(|left| u8::try_from(left).ok());
    let known = CardError::of_code(code, left).map(|error| error.say());
    let invalid = || {
        let all = kaigo_card::certificate::Invalid::ALL;
        all.into_iter().find(|invalid| invalid.code() == code).map(|invalid| invalid.say().to_owned())
    };
    known.or_else(invalid).unwrap_or_else(|| {
        match code {
            MATCH_CODE => "画面の番号と、カードを読むプログラムの番号がちがいました。ほかの画面の依頼が混ざったか、だれかが別の依頼を開かせようとしています。はじめからやりなおし、続くときは運営に連絡してください。",
            CANCELLED => "カードでの確認をやめました。",
            _ => "カードを読み取れませんでした。はじめからもう一度お願いします。",
        }
        .to_owned()
    })
}

/// The secret of a transaction's link: made of its identifier with the installation's secret, so that no table holds it.
pub(crate) fn secret(keys: &Keys, transaction_id: &str) -> String {
    let bytes = keys.code_bytes(&format!("card-transaction {transaction_id}"));
    hex(bytes.first_chunk::<16>().map_or(&bytes[..], |half| &half[..]))
}

/// The secret of a transaction's link, for the demo's virtual reader: a real terminal has it from the link.
pub fn link_secret(app: &App, transaction_id: &str) -> String {
    secret(&app.keys, transaction_id)
}

/// Begins a transaction; answers its identifier. The same form again is the same transaction.
///
/// # Errors
/// [`Error::Invalid`] for an unknown way; [`Error::TooMany`].
pub async fn start(app: &App, ctx: &Ctx, caller: &Caller, way: &str, submit_key: &str) -> Result<String, Error> {
    cards(app)?;
    let grant = decide_act(caller, Act::CheckIdentity)?;
    let own = staff(caller)?;
    if ![PIN, VISUAL].contains(&way) {
        let say = "カードの読み方を選んでください。".to_owned();
        return Err(Error::Invalid(vec![Wrong { field: "way", code: "card-way", say }]));
    }
    let [first, ..] = ctx.ids.bytes();
    let transaction = Transaction {
        office_no: own.office_no,
        transaction_id: ctx.ids.id(),
        account_id: own.account_id.clone(),
        way: way.to_owned(),
        state: "waiting".to_owned(),
        nonce: format!("{}{}", ctx.ids.id(), ctx.ids.id()),
        match_code: (10 + u32::from(first) % 90).to_string(),
        started_at: ctx.instant(),
        expires_at: instant(ctx.now + SignedDuration::from_secs(SECONDS)),
        terminal_id: None,
        answer_digest: None,
        card_digest: None,
        token: None,
        not_after: None,
        failure: None,
        tries_left: None,
        check_id: None,
    };
    let key = if submit_key.is_empty() { ctx.ids.id() } else { submit_key.to_owned() };
    let hour_ago = instant(ctx.now - SignedDuration::from_hours(1));
    app.db
        .write(move |tx| {
            if store::started(tx, &grant, &transaction.account_id, &hour_ago)? >= MOST_AN_HOUR {
                return Err(Error::TooMany { minutes: 60 });
            }
            Ok(store::start(tx, &grant, &transaction, &key)?.transaction_id)
        })
        .await
}

/// A transaction of the caller's own.
///
/// # Errors
/// [`Error::NotFound`] for anybody else's.
pub async fn show(app: &App, ctx: &Ctx, caller: &Caller, origin: &str, id: &str) -> Result<Shown, Error> {
    cards(app)?;
    let grant = decide_act(caller, Act::CheckIdentity)?;
    let (account_id, transaction_id) = (staff(caller)?.account_id.clone(), id.to_owned());
    let found = app.db.read(move |tx| store::find(tx, &grant, &transaction_id)).await?;
    let transaction = found.filter(|t| t.account_id == account_id).ok_or(Error::NotFound)?;
    let left = parse_instant(&transaction.expires_at)?.as_second() - ctx.now.as_second();
    let run_out = transaction.expires_at <= ctx.instant();
    let stand = match (transaction.state.as_str(), &transaction.check_id) {
        ("waiting" | "fetched", _) if run_out => Stand::RunOut,
        ("waiting", _) => Stand::Waiting,
        ("fetched", _) => Stand::Reading,
        ("known" | "linked", Some(check_id)) => Stand::Known { check_id: check_id.clone() },
        ("new", _) => Stand::New,
        _ => {
            let code = transaction.failure.clone().unwrap_or_default();
            Stand::Failed { say: say_failure(&code, transaction.tries_left), code }
        }
    };
    let is_open = stand == Stand::Waiting;
    let link = is_open.then(|| Link::new(origin, id, &secret(&app.keys, id)).to_string());
    Ok(Shown { transaction, stand, link, seconds: left.max(0) })
}

/// Gives a transaction up; what is over already stays as it is.
///
/// # Errors
/// [`Error::NotFound`] for anybody else's.
pub async fn cancel(app: &App, ctx: &Ctx, caller: &Caller, id: &str) -> Result<(), Error> {
    show(app, ctx, caller, "", id).await?;
    let (grant, id) = (decide_act(caller, Act::CheckIdentity)?, id.to_owned());
    app.db.write(move |tx| store::cancel(tx, &grant, &id, CANCELLED).map_err(Error::from)).await.map(drop)
}

/// Removes transactions that ran out a day ago.
pub async fn sweep(app: &App, ctx: &Ctx) -> Result<u64, Error> {
    let before = instant(ctx.now - SignedDuration::from_hours(24));
    app.db.write(move |tx| store::sweep(tx, &before).map_err(Error::from)).await
}
