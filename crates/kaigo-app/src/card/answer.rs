//! What a terminal fetches and answers. Nothing of a card is believed before its evidence was checked here.

use kaigo_card::certificate::{Fingerprint, Invalid, unhex};
use kaigo_card::challenge::Challenge;
use kaigo_card::jpki::{CardError, Evidence, Token};
use kaigo_card::protocol::{Answer, Fetch, Fetched, Said, Taken};
use kaigo_card::trust;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, Caller, Staff, decide_act};
use kaigo_store::account::{self, Owner};
use kaigo_store::card::{self as store, Outcome, Terminal, Transaction};
use kaigo_store::db::Tx;
use kaigo_store::office;

use super::transaction::{MATCH_CODE, PIN, say_failure, secret};
use super::{assurance, cards, digest_of_card, over};
use crate::identity::recognised;
use crate::keys::digest_of;
use crate::{App, Ctx, Error};

/// What a card is asked for, in the words that the person is shown.
pub const PURPOSE: &str = "担当事業所の登録のための本人確認";

/// The challenge of a transaction: the server and the terminal build the same.
fn challenge(transaction: &Transaction, origin: &str) -> Challenge {
    Challenge {
        origin: origin.to_owned(),
        transaction: transaction.transaction_id.clone(),
        purpose: PURPOSE.to_owned(),
        office_no: transaction.office_no.to_string(),
        nonce: transaction.nonce.clone(),
        issued_at: transaction.started_at.clone(),
    }
}

/// The enrolled terminal of that name, with its key.
fn enrolled(tx: &mut Tx<'_>, office_no: &str, terminal_id: &str) -> Result<(Terminal, String), Error> {
    let office_no = OfficeNo::parse(office_no).map_err(|_| Error::LoginNeeded)?;
    let found = store::terminal(tx, office_no, terminal_id)?.filter(|t| t.ended_at.is_none());
    let terminal = found.ok_or(Error::LoginNeeded)?;
    let key = terminal.device_key.clone().ok_or(Error::LoginNeeded)?;
    Ok((terminal, key))
}

/// The staff member who began a transaction, as long as the account may log in.
fn starter(tx: &mut Tx<'_>, transaction: &Transaction) -> Result<(Caller, Staff), Error> {
    let found = account::by_id(tx, &transaction.account_id)?.filter(|account| !account.disabled);
    let account = found.ok_or(Error::NotFound)?;
    let Owner::Staff { office_no, job, is_admin } = account.owner else { return Err(Error::NotFound) };
    if office_no != transaction.office_no {
        return Err(Error::NotFound);
    }
    let staff = Staff {
        account_id: account.account_id,
        office_no,
        office_name: office::name(tx, office_no)?.map(|(name, _)| name).unwrap_or_default(),
        services: office::services(tx, office_no)?,
        job,
        is_admin,
        name: account.name,
    };
    Ok((Caller::Staff(staff.clone()), staff))
}

/// The transaction of a link, for a terminal of the same office only.
fn of_link(app: &App, tx: &mut Tx<'_>, office_no: OfficeNo, id: &str, typed: &str) -> Result<Transaction, Error> {
    // Compared as digests: how long it takes tells nothing of the secret.
    if digest_of(&secret(&app.keys, id)) != digest_of(typed) {
        return Err(Error::NotFound);
    }
    store::of_terminal(tx, office_no, id)?.ok_or(Error::NotFound)
}

const RUN_OUT: &str = "この依頼は、もう終わっています。画面でもう一度「カードを読み取る」を押してください。";

/// Gives a terminal what a link asks for. The same terminal may ask again; no other one may.
///
/// # Errors
/// [`Error::LoginNeeded`] unless an enrolled terminal signed it for this origin; [`Error::NotFound`] for a link of another office or
/// one that was made up; [`Error::Invalid`] for a transaction that is over or in another terminal's hands.
pub async fn fetch(app: &App, ctx: &Ctx, origin: &str, message: &Fetch) -> Result<Fetched, Error> {
    cards(app)?;
    let (app_in, ctx, origin, message) = (app.clone(), ctx.clone(), origin.to_owned(), message.clone());
    app.db
        .write(move |tx| {
            let (terminal, key) = enrolled(tx, &message.office_no, &message.terminal_id)?;
            if !message.fits(&key, &origin) {
                return Err(Error::LoginNeeded);
            }
            let transaction = of_link(&app_in, tx, terminal.office_no, &message.transaction, &message.secret)?;
            if transaction.expires_at <= ctx.instant() {
                return Err(over("card-over", RUN_OUT));
            }
            if !store::fetch(tx, &terminal, &message.transaction, &ctx.instant())? {
                // Of two at once the other one may just have taken it.
                let now = store::of_terminal(tx, terminal.office_no, &message.transaction)?.ok_or(Error::NotFound)?;
                if now.state != "fetched" {
                    return Err(over("card-over", RUN_OUT));
                }
                if now.terminal_id.as_ref() != Some(&terminal.terminal_id) {
                    let say =
                        "この依頼は、ほかの端末で開かれています。画面でもう一度「カードを読み取る」を押してください。";
                    return Err(over("card-other-terminal", say));
                }
            }
            let (_, staff) = starter(tx, &transaction)?;
            Ok(Fetched {
                purpose: PURPOSE.to_owned(),
                office_no: transaction.office_no.to_string(),
                office_name: staff.office_name,
                staff_name: staff.name,
                nonce: transaction.nonce,
                issued_at: transaction.started_at,
                match_code: transaction.match_code,
                way: transaction.way,
            })
        })
        .await
}

/// Takes what a card said. The same answer again gets the same outcome; another one finds the transaction over.
///
/// # Errors
/// As [`fetch`]; a card that does not count is an outcome, not an error.
pub async fn answer(app: &App, ctx: &Ctx, origin: &str, message: &Answer) -> Result<Taken, Error> {
    let config = cards(app)?.clone();
    let (app_in, at, ask, pinned) = (app.clone(), ctx.instant(), message.clone(), origin.to_owned());
    let (terminal, transaction) = app.db.read(move |tx| signed(&app_in, tx, &ask, &pinned)).await?;
    let digest = digest_of(&serde_json::to_string(&message.said).unwrap_or_default());
    if let Some(taken) = repeated(&transaction, &digest)? {
        return Ok(taken);
    }
    if transaction.expires_at <= at || transaction.terminal_id.as_ref() != Some(&terminal.terminal_id) {
        return Err(over("card-over", RUN_OUT));
    }
    let (said, way, now) = (message.said.clone(), transaction.way.clone(), ctx.now.as_second());
    let asked = challenge(&transaction, origin);
    let judged = tokio::task::spawn_blocking(move || {
        let (anchors, status) = config.read()?;
        Ok::<_, Error>(judge(&said, &way, &asked, |der, signature| match signature {
            Some(evidence) => trust::evidence(evidence, &asked, (&anchors, status.as_ref()), now),
            None => trust::certificate(der, &anchors, status.as_ref(), now),
        }))
    });
    let judged = judged.await.map_err(|_| Error::Internal("a card's evidence could not be checked".to_owned()))??;
    let (keys, ctx) = (app.keys.clone(), ctx.clone());
    app.db
        .write(move |tx| {
            let mut outcome = Outcome { answer_digest: digest.clone(), ..Outcome::default() };
            match &judged {
                Err((code, left)) => {
                    "failed".clone_into(&mut outcome.state);
                    outcome.failure = Some(code.clone());
                    outcome.tries_left = left.map(i64::from);
                }
                Ok((fingerprint, token)) => {
                    let card = digest_of_card(&keys, fingerprint);
                    let (caller, staff) = starter(tx, &transaction)?;
                    let grant = decide_act(&caller, Act::CheckIdentity)?;
                    "new".clone_into(&mut outcome.state);
                    if let Some(whom) = store::whose(tx, &grant, &card)? {
                        let method = assurance(&transaction.way).code();
                        outcome.check_id = Some(recognised(tx, &ctx, (&caller, &staff, &grant), whom, method)?);
                        "known".clone_into(&mut outcome.state);
                    }
                    outcome.card_digest = Some(card);
                    outcome.token = Some(token.code().to_owned());
                    let until = jiff::Timestamp::from_second(fingerprint.not_after).unwrap_or(ctx.now);
                    outcome.not_after = Some(kaigo_store::time::instant(until));
                }
            }
            if !store::answer(tx, &terminal, &transaction.transaction_id, &outcome, &ctx.instant())? {
                // Of two at once, the earlier one counts; a check that this one made goes with the error.
                return Err(over("card-over", RUN_OUT));
            }
            Ok(taken(&outcome.state, outcome.failure.as_deref(), outcome.tries_left))
        })
        .await
}

/// The terminal and the transaction of an answer that the terminal signed.
fn signed(app: &App, tx: &mut Tx<'_>, message: &Answer, origin: &str) -> Result<(Terminal, Transaction), Error> {
    let (terminal, key) = enrolled(tx, &message.office_no, &message.terminal_id)?;
    let transaction = of_link(app, tx, terminal.office_no, &message.transaction, &message.secret);
    // A stranger's signature is told before anything of the transaction is.
    let nonce = transaction.as_ref().map_or("", |t| t.nonce.as_str());
    if !message.fits(&key, origin, nonce) {
        return Err(Error::LoginNeeded);
    }
    Ok((terminal, transaction?))
}

/// The outcome of an answer that was taken before, if this is the same one.
fn repeated(transaction: &Transaction, digest: &str) -> Result<Option<Taken>, Error> {
    match (&transaction.answer_digest, transaction.state.as_str()) {
        (Some(first), state) if first == digest => {
            let state = if state == "linked" { "new" } else { state };
            Ok(Some(taken(state, transaction.failure.as_deref(), transaction.tries_left)))
        }
        (None, "fetched") => Ok(None),
        _ => Err(over("card-over", RUN_OUT)),
    }
}

fn taken(state: &str, failure: Option<&str>, left: Option<i64>) -> Taken {
    let say = match (state, failure) {
        ("known", _) => "確認できました。画面で続けてください。カードを取ってかまいません。".to_owned(),
        ("new", _) => {
            "カードを確かめました。はじめてのカードなので、画面で続けてください。カードを取ってかまいません。"
                .to_owned()
        }
        (_, code) => say_failure(code.unwrap_or_default(), left),
    };
    Taken { outcome: state.to_owned(), say }
}

type Judged = Result<(Fingerprint, Token), (String, Option<u8>)>;

/// Judges what a card said: whose certificate it is, or the code of what is wrong.
fn judge(
    said: &Said,
    way: &str,
    challenge: &Challenge,
    check: impl FnOnce(&[u8], Option<&Evidence>) -> Result<Fingerprint, Invalid>,
) -> Judged {
    let wrong = |invalid: Invalid| (invalid.code().to_owned(), None);
    let token_of = |token: &str| Token::parse(token).ok_or_else(|| wrong(Invalid::Unreadable));
    let bytes_of = |hex: &str| unhex(hex).ok_or_else(|| wrong(Invalid::Unreadable));
    debug_assert!(challenge.bytes().is_some(), "no part of ours holds a zero byte");
    match said {
        Said::Failed { code, .. } if code == MATCH_CODE => Err((MATCH_CODE.to_owned(), None)),
        Said::Failed { code, left } => {
            let error = CardError::of_code(code, *left).unwrap_or(CardError::Refused(0));
            Err((error.code().to_owned(), left.filter(|_| error.code() == "card-pin-wrong")))
        }
        Said::Signed { certificate, signature, token } if way == PIN => {
            let token = token_of(token)?;
            let evidence = Evidence { certificate: bytes_of(certificate)?, signature: bytes_of(signature)?, token };
            let fingerprint = check(&evidence.certificate, Some(&evidence)).map_err(wrong)?;
            Ok((fingerprint, token))
        }
        Said::Shown { certificate, token } if way != PIN => {
            let token = token_of(token)?;
            let fingerprint = check(&bytes_of(certificate)?, None).map_err(wrong)?;
            Ok((fingerprint, token))
        }
        // A certificate without a signature where one was asked for, or the other way round.
        Said::Signed { .. } | Said::Shown { .. } => Err(wrong(Invalid::WrongSignature)),
    }
}
