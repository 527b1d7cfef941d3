//! Answers a link: what is asked, the match code, the card, the evidence.

use std::thread;
use std::time::{Duration, Instant};

use kaigo_card::certificate::hex;
use kaigo_card::challenge::Challenge;
use kaigo_card::jpki::{CardError, prove, show};
use kaigo_card::protocol::{ANSWER, Answer, FETCH, Fetch, Fetched, Link, Said, Taken, Terminal};
use kaigo_card::transport::{Broken, CardTransport};

use super::home::Home;
use super::person::{Asks, Holder};
use super::{Stop, post};
use crate::cli::AnswerArgs;

/// How often it is looked for a card.
const LOOK: Duration = Duration::from_millis(250);
/// Code by which the server knows that the two screens differed.
const MATCH_CODE: &str = "card-match-code";

/// The card on a reader of this PC.
#[cfg(feature = "pcsc")]
pub(super) fn open_reader(name: Option<&str>) -> Result<Box<dyn CardTransport>, Broken> {
    kaigo_card::reader::open(name).map(|card| -> Box<dyn CardTransport> { Box::new(card) })
}

/// Without the system's library no reader is there.
#[cfg(not(feature = "pcsc"))]
pub(super) fn open_reader(_name: Option<&str>) -> Result<Box<dyn CardTransport>, Broken> {
    Err(Broken::NoReader)
}

/// Lists the readers that have a card.
pub(super) fn list_readers(asks: &mut impl Asks) -> Result<(), Stop> {
    #[cfg(feature = "pcsc")]
    {
        let refused = |broken: &Broken| Stop::Refused(broken.say());
        let names = kaigo_card::reader::cards().map_err(|broken| refused(&broken))?;
        if names.is_empty() {
            return Err(refused(&Broken::NoCard));
        }
        for name in &names {
            asks.tell(name);
        }
        Ok(())
    }
    #[cfg(not(feature = "pcsc"))]
    {
        asks.tell("");
        Err(Stop::Refused(Broken::NoReader.say()))
    }
}

/// Answers the link.
pub(super) fn answer<A: Asks>(
    home: &Home,
    args: &AnswerArgs,
    asks: &mut A,
    open: impl Fn(Option<&str>) -> Result<Box<dyn CardTransport>, Broken>,
) -> Result<(), Stop> {
    let link = Link::parse(&args.link).ok_or_else(|| {
        Stop::Usage("リンクを読めません。本人確認の画面のボタンから、もう一度開いてください。".to_owned())
    })?;
    let kept = home.read()?;
    if !link.is_of(&kept.origin) {
        return Err(Stop::Refused(format!(
            "このリンクは、登録したサーバー {} のものではありません。だれかが送ってきたリンクなら、開かないでください。",
            kept.origin
        )));
    }
    let key =
        kept.device().ok_or_else(|| Stop::Usage("この端末の鍵が壊れています。登録しなおしてください。".to_owned()))?;
    let terminal = Terminal { office_no: &kept.office_no, terminal_id: &kept.terminal_id, origin: &kept.origin };
    let names = (&*link.transaction, &*link.secret);
    let fetched: Fetched = post(&kept.origin, FETCH, &Fetch::new(&key, terminal, names))?;
    tell_who(asks, &kept.origin, &fetched);
    let said = if is_same(args, asks, &fetched.match_code)? {
        read(args, asks, &fetched, &kept.origin, &link.transaction, open)
    } else {
        Said::Failed { code: MATCH_CODE.to_owned(), left: None }
    };
    let message = Answer::new(&key, terminal, names, &fetched.nonce, said);
    let taken: Taken = post(&kept.origin, ANSWER, &message)?;
    if taken.outcome == "failed" {
        return Err(Stop::Refused(taken.say));
    }
    asks.tell(&taken.say);
    Ok(())
}

fn tell_who(asks: &mut impl Asks, origin: &str, fetched: &Fetched) {
    asks.tell(&format!("サーバー　　：{origin}"));
    asks.tell(&format!("頼んでいる人：{}　{}", fetched.office_name, fetched.staff_name));
    asks.tell(&format!("何のため　　：{}", fetched.purpose));
    asks.tell(&format!("確かめる番号：{}", fetched.match_code));
}

/// Whether the page shows the same two digits.
fn is_same(args: &AnswerArgs, asks: &mut impl Asks, match_code: &str) -> Result<bool, Stop> {
    match &args.match_code {
        Some(code) => Ok(code == match_code),
        None if asks.is_there() => {
            let said = asks.ask("本人確認の画面にも、この番号が出ていますか。出ていれば「はい」と入れてください：");
            Ok(said == "はい")
        }
        None => Err(Stop::Usage("画面の番号を --match-code で指定してください。".to_owned())),
    }
}

/// Lets the card say what is asked.
fn read<A: Asks>(
    args: &AnswerArgs,
    asks: &mut A,
    fetched: &Fetched,
    origin: &str,
    transaction: &str,
    open: impl Fn(Option<&str>) -> Result<Box<dyn CardTransport>, Broken>,
) -> Said {
    let card = match wait_for(args, asks, open) {
        Ok(card) => card,
        Err(broken) => return failed(&CardError::Broken(broken)),
    };
    let result = if fetched.way == "visual" {
        show(card)
            .map(|(token, certificate)| Said::Shown { certificate: hex(&certificate), token: token.code().to_owned() })
    } else {
        // Built here, out of what was shown: nothing that a page made up is ever signed.
        let challenge = Challenge {
            origin: origin.to_owned(),
            transaction: transaction.to_owned(),
            purpose: fetched.purpose.clone(),
            office_no: fetched.office_no.clone(),
            nonce: fetched.nonce.clone(),
            issued_at: fetched.issued_at.clone(),
        };
        let mut holder = Holder { asks, pin_from: args.pin_from.clone(), last_try: args.last_try };
        prove(card, &challenge, &mut holder).map(|evidence| Said::Signed {
            certificate: hex(&evidence.certificate),
            signature: hex(&evidence.signature),
            token: evidence.token.code().to_owned(),
        })
    };
    result.unwrap_or_else(|error| failed(&error))
}

fn failed(error: &CardError) -> Said {
    let left = match error {
        CardError::WrongPin { left } => Some(*left),
        CardError::Broken(_)
        | CardError::NotMyNumberCard
        | CardError::Locked
        | CardError::GivenUp
        | CardError::BadCertificate(_)
        | CardError::Refused(_)
        | CardError::BadChallenge => None,
    };
    Said::Failed { code: error.code().to_owned(), left }
}

/// Waits until a card lies on the reader. Nothing else is tried again by itself.
fn wait_for(
    args: &AnswerArgs,
    asks: &mut impl Asks,
    open: impl Fn(Option<&str>) -> Result<Box<dyn CardTransport>, Broken>,
) -> Result<Box<dyn CardTransport>, Broken> {
    let until = Instant::now() + Duration::from_secs(args.wait);
    let mut told = false;
    loop {
        match open(args.reader.as_deref()) {
            Err(Broken::NoCard) if Instant::now() < until => {
                if !told {
                    asks.tell("マイナンバーカードを、カードリーダーに置いてください。");
                    told = true;
                }
                thread::sleep(LOOK);
            }
            other => return other,
        }
    }
}
