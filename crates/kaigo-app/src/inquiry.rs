//! 問い合わせ to the operator: threads of an office, or of anybody who got a code to follow them.

use jiff::SignedDuration;
use kaigo_core::inquiry::{Kind, State};
use kaigo_core::kana::kanji_key;
use kaigo_core::notice::{Recipient, Topic, is_address};
use kaigo_core::policy::{Act, Caller, Refusal, decide_act};
use kaigo_core::text::{Text, halfwidth};
use kaigo_store::db::Tx;
use kaigo_store::inquiry::{self, File, Inquiry, Message, Saying};
use kaigo_store::notice::Notice;
use kaigo_store::time::instant;

use crate::enclosure::{self, Fine, Given};
use crate::letter::{self, plain};
use crate::{App, Ctx, Error, Wrong, steps, support};

/// Files of one message at most.
pub const FILES: usize = 3;
/// Threads without a login that are taken within ten minutes, from everybody together.
const OPEN_DOOR: i64 = 30;
/// Threads of a list.
const MOST: i32 = 200;

/// What is written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Kind, its code.
    pub kind: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Name, of who has no login.
    pub name: String,
    /// Address of mail, of who has no login; may be empty.
    pub address: String,
    /// Key of the form.
    pub submit_key: String,
    /// Files.
    pub files: Vec<Given>,
}

/// A thread with everything said in it.
#[derive(Clone, Debug)]
pub struct Thread {
    /// The thread.
    pub inquiry: Inquiry,
    /// What was said.
    pub messages: Vec<Message>,
    /// Files.
    pub files: Vec<File>,
}

fn text<const N: usize>(field: &'static str, ja: &str, typed: &str, wrong: &mut Vec<Wrong>) -> String {
    let mut say = |code, say: String| wrong.push(Wrong { field, code, say });
    match Text::<N>::parse(typed) {
        Ok(text) if text.is_empty() => say("missing", format!("{ja}を書いてください。")),
        Ok(text) => return text.to_string(),
        Err(bad) => say(bad.code(), format!("{}{}", bad.say(ja), bad.mend(ja))),
    }
    String::new()
}

/// As it is searched: kana, width and case do not count.
fn search_key(text: &str) -> String {
    kanji_key(&halfwidth(text)).to_lowercase()
}

async fn kept(app: &App, given: &[Given]) -> Result<Vec<Fine>, Error> {
    if given.len() > FILES {
        let say = format!("ファイルは、1回に{FILES}つまでです。");
        return Err(Error::Invalid(vec![Wrong { field: "files", code: "enclosure-count", say }]));
    }
    let mut fine = Vec::with_capacity(given.len());
    for file in given {
        fine.push(enclosure::keep(app, "files", file).await?);
    }
    Ok(fine)
}

#[expect(clippy::too_many_arguments, reason = "the columns of a saying")]
fn saying(
    side: &'static str,
    author: &str,
    body: String,
    state: State,
    ctx: &Ctx,
    key: &str,
    files: Vec<Fine>,
) -> Saying {
    Saying {
        side,
        author: author.to_owned(),
        search: search_key(&body),
        body,
        at: ctx.instant(),
        submit_key: key.to_owned(),
        files: files
            .into_iter()
            .map(|f| File {
                message_no: 0,
                file_no: 0,
                name: f.name,
                media_type: f.media_type.to_owned(),
                size: f.size,
                digest: f.digest,
            })
            .collect(),
        state: state.code(),
    }
}

fn tell_desk(tx: &mut Tx<'_>, ctx: &Ctx, inquiry: &Inquiry, key: &str) -> Result<(), Error> {
    let notice = Notice {
        to: Recipient::Operator,
        topic: Topic::InquiryAsked,
        about: None,
        href: format!("/operator/inquiries/{}", inquiry.inquiry_id),
        note: inquiry.subject.chars().take(60).collect(),
        key: format!("inquiry-asked {} {key}", inquiry.inquiry_id),
        at: ctx.instant(),
    };
    kaigo_store::notice::tell(tx, &notice).map_err(Error::from)
}

/// Opens a thread of the caller's office. Sent twice with one key, the first thread is answered.
///
/// # Errors
/// [`Error::Invalid`] for what does not fit.
pub async fn ask(app: &App, ctx: &Ctx, caller: &Caller, written: Written) -> Result<String, Error> {
    decide_act(caller, Act::AskOperator)?;
    let staff = steps::staff(caller)?.clone();
    let mut wrong = Vec::new();
    let subject = text::<60>("subject", "件名", &written.subject, &mut wrong);
    let body = text::<2000>("body", "内容", &written.body, &mut wrong);
    let kind = Kind::parse(&written.kind).ok();
    if kind.is_none() {
        wrong.push(Wrong { field: "kind", code: "missing", say: "種類を選んでください。".to_owned() });
    }
    let (true, Some(kind)) = (wrong.is_empty(), kind) else { return Err(Error::Invalid(wrong)) };
    let files = kept(app, &written.files).await?;
    let new = Inquiry {
        inquiry_id: ctx.ids.id(),
        office_no: Some(staff.office_no),
        who: format!("{}　{}", staff.office_name, staff.name),
        kind: kind.code().to_owned(),
        subject,
        state: State::New.code().to_owned(),
        account_id: Some(staff.account_id.clone()),
        address: None,
        opened_at: ctx.instant(),
        last_at: ctx.instant(),
    };
    let mut first = saying("asker", &staff.name, body, State::New, ctx, &written.submit_key, files);
    first.search = format!("{} {} {}", search_key(&new.who), search_key(&new.subject), first.search);
    let ctx = ctx.clone();
    app.db
        .write(move |tx| {
            let kept = inquiry::open(tx, &new, None, &first)?;
            if kept.inquiry_id == new.inquiry_id {
                tell_desk(tx, &ctx, &kept, "1")?;
            }
            Ok(kept.inquiry_id)
        })
        .await
}

/// The code of a thread, made of its key with the secret of the installation: the same form again gives the same code.
fn code_of(app: &App, submit_key: &str) -> String {
    letter::code(&app.keys, &format!("inquiry {submit_key}"), 12)
}

fn code_digest(app: &App, typed: &str) -> String {
    crate::ctx::hex(&app.keys.code_bytes(&format!("inquiry digest {}", plain(typed))))
}

/// Opens a thread without a login; answers the code by which it is followed, in groups of four.
///
/// # Errors
/// [`Error::Invalid`] for what does not fit; [`Error::TooMany`] when too much comes at once.
pub async fn ask_openly(app: &App, ctx: &Ctx, written: &Written) -> Result<String, Error> {
    let mut wrong = Vec::new();
    let name = text::<60>("name", "お名前", &written.name, &mut wrong);
    let subject = text::<60>("subject", "件名", &written.subject, &mut wrong);
    let body = text::<2000>("body", "内容", &written.body, &mut wrong);
    let kind = Kind::parse(&written.kind).ok();
    if kind.is_none() {
        wrong.push(Wrong { field: "kind", code: "missing", say: "種類を選んでください。".to_owned() });
    }
    let address = halfwidth(&written.address).trim().to_owned();
    if !address.is_empty() && !is_address(&address) {
        let say = "メールアドレスを、name@example.jp のような形で入れるか、空にしてください。".to_owned();
        wrong.push(Wrong { field: "address", code: "mail-address", say });
    }
    let (true, Some(kind)) = (wrong.is_empty(), kind) else { return Err(Error::Invalid(wrong)) };
    let code = code_of(app, &written.submit_key);
    let digest = code_digest(app, &code);
    let new = Inquiry {
        inquiry_id: ctx.ids.id(),
        office_no: None,
        who: name.clone(),
        kind: kind.code().to_owned(),
        subject,
        state: State::New.code().to_owned(),
        account_id: None,
        address: (!address.is_empty()).then_some(address),
        opened_at: ctx.instant(),
        last_at: ctx.instant(),
    };
    let mut first = saying("asker", &name, body, State::New, ctx, &written.submit_key, Vec::new());
    first.search = format!("{} {} {}", search_key(&new.who), search_key(&new.subject), first.search);
    let ctx = ctx.clone();
    app.db
        .write(move |tx| {
            let since = instant(ctx.now - SignedDuration::from_mins(10));
            if inquiry::by_code(tx, &digest)?.is_none() && inquiry::recent(tx, &since)? >= OPEN_DOOR {
                return Err(Error::TooMany { minutes: 10 });
            }
            let kept = inquiry::open(tx, &new, Some(&digest), &first)?;
            if kept.inquiry_id == new.inquiry_id {
                tell_desk(tx, &ctx, &kept, "1")?;
            }
            Ok(())
        })
        .await?;
    Ok(letter::grouped(&code))
}

fn thread(tx: &mut Tx<'_>, inquiry: Inquiry) -> Result<Thread, Error> {
    Ok(Thread { messages: inquiry::messages(tx, &inquiry)?, files: inquiry::files(tx, &inquiry)?, inquiry })
}

/// The thread of a code.
///
/// # Errors
/// [`Error::Invalid`] in one sentence for every code that fits nothing. Twelve characters out of thirty cannot be guessed.
pub async fn follow(app: &App, typed: &str) -> Result<Thread, Error> {
    let digest = code_digest(app, typed);
    app.db
        .read(move |tx| {
            if let Some(found) = inquiry::by_code(tx, &digest)? {
                thread(tx, found)
            } else {
                let say = "その受付番号の問い合わせは見つかりません。控えのとおりに入れてください。".to_owned();
                Err(Error::Invalid(vec![Wrong { field: "code", code: "inquiry-code", say }]))
            }
        })
        .await
}

/// Says more in a thread that is followed by its code.
///
/// # Errors
/// As [`follow`], and [`Error::Invalid`] for an empty text.
pub async fn reply_openly(app: &App, ctx: &Ctx, code: &str, written: &Written) -> Result<(), Error> {
    let found = follow(app, code).await?;
    let mut wrong = Vec::new();
    let body = text::<2000>("body", "内容", &written.body, &mut wrong);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let who = found.inquiry.who.clone();
    let next = saying("asker", &who, body, State::New, ctx, &written.submit_key, Vec::new());
    let ctx = ctx.clone();
    app.db
        .write(move |tx| {
            if inquiry::say(tx, &found.inquiry, &next)? {
                tell_desk(tx, &ctx, &found.inquiry, &next.submit_key)?;
            }
            Ok(())
        })
        .await
}

/// Threads of the caller's office.
pub async fn mine(app: &App, caller: &Caller, search: &str) -> Result<Vec<Inquiry>, Error> {
    let grant = decide_act(caller, Act::AskOperator)?;
    let search = search_key(search);
    app.db.read(move |tx| inquiry::of_office(tx, &grant, &search, MOST).map_err(Error::from)).await
}

/// One thread of the caller's office.
///
/// # Errors
/// [`Error::NotFound`] for another office's.
pub async fn view(app: &App, caller: &Caller, inquiry_id: &str) -> Result<Thread, Error> {
    let grant = decide_act(caller, Act::AskOperator)?;
    let id = inquiry_id.to_owned();
    app.db
        .read(move |tx| {
            let found = inquiry::own(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            thread(tx, found)
        })
        .await
}

/// Says more in a thread of the caller's office.
///
/// # Errors
/// [`Error::NotFound`] for another office's; [`Error::Invalid`] for an empty text.
pub async fn reply(app: &App, ctx: &Ctx, caller: &Caller, inquiry_id: &str, written: &Written) -> Result<(), Error> {
    let found = view(app, caller, inquiry_id).await?;
    let name = steps::staff(caller)?.name.clone();
    let mut wrong = Vec::new();
    let body = text::<2000>("body", "内容", &written.body, &mut wrong);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let files = kept(app, &written.files).await?;
    let next = saying("asker", &name, body, State::New, ctx, &written.submit_key, files);
    let ctx = ctx.clone();
    app.db
        .write(move |tx| {
            if inquiry::say(tx, &found.inquiry, &next)? {
                tell_desk(tx, &ctx, &found.inquiry, &next.submit_key)?;
            }
            Ok(())
        })
        .await
}

/// Ends a thread of the caller's office. Saying more opens it again.
///
/// # Errors
/// [`Error::NotFound`] for another office's.
pub async fn close(app: &App, ctx: &Ctx, caller: &Caller, inquiry_id: &str) -> Result<(), Error> {
    let found = view(app, caller, inquiry_id).await?;
    let now = ctx.instant();
    app.db
        .write(move |tx| inquiry::set_state(tx, &found.inquiry, State::Closed.code(), &now).map_err(Error::from))
        .await
}

/// A file of a thread: its row and its bytes.
///
/// # Errors
/// [`Error::NotFound`] for what is not in it.
pub async fn file(app: &App, thread: &Thread, (message_no, file_no): (i64, i64)) -> Result<(File, Vec<u8>), Error> {
    let found =
        thread.files.iter().find(|f| (f.message_no, f.file_no) == (message_no, file_no)).ok_or(Error::NotFound)?;
    let bytes = enclosure::open(app, &found.digest).await?;
    Ok((found.clone(), bytes))
}

/// Threads for the desk by state and words, the most pressing first.
pub async fn list(app: &App, caller: &Caller, (state, search): (&str, &str)) -> Result<Vec<Inquiry>, Error> {
    let grant = decide_act(caller, Act::AnswerInquiry)?;
    let (state, search) = (state.to_owned(), search_key(search));
    app.db.read(move |tx| inquiry::list(tx, &grant, &state, &search, MOST).map_err(Error::from)).await
}

/// How many threads there are of each state, and since when the oldest waits.
pub async fn waiting(app: &App, caller: &Caller) -> Result<Vec<(String, i64, String)>, Error> {
    decide_act(caller, Act::AnswerInquiry)?;
    app.db.read(|tx| inquiry::counts(tx).map_err(Error::from)).await
}

/// One thread for the desk.
///
/// # Errors
/// [`Error::NotFound`] for what is not there.
pub async fn open(app: &App, caller: &Caller, inquiry_id: &str) -> Result<Thread, Error> {
    let grant = decide_act(caller, Act::AnswerInquiry)?;
    let id = inquiry_id.to_owned();
    app.db
        .read(move |tx| {
            let found = inquiry::find(tx, &grant, &id)?.ok_or(Error::NotFound)?;
            thread(tx, found)
        })
        .await
}

/// Answers, or says that it is looked into (`waiting`). Sent twice with one key, it is said once.
///
/// # Errors
/// [`Error::Invalid`] for an empty text.
pub async fn answer(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    inquiry_id: &str,
    (written, state): (&Written, State),
) -> Result<(), Error> {
    let found = open(app, caller, inquiry_id).await?;
    let Caller::OperatorStaff(staff) = caller else { return Err(Refusal::NotAllowed.into()) };
    let mut wrong = Vec::new();
    let body = text::<2000>("body", "回答", &written.body, &mut wrong);
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let files = kept(app, &written.files).await?;
    let next = saying("operator", &staff.name, body, state, ctx, &written.submit_key, files);
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            if !inquiry::say(tx, &found.inquiry, &next)? {
                return Ok(());
            }
            support::desk_log(tx, &ctx, &caller, ("answer-inquiry", &found.inquiry.who, &found.inquiry.subject))?;
            let Some(office_no) = found.inquiry.office_no else { return Ok(()) };
            let notice = Notice {
                to: Recipient::Office(office_no),
                topic: Topic::InquiryAnswered,
                about: None,
                href: format!("/office/inquiries/{}", found.inquiry.inquiry_id),
                note: found.inquiry.subject.chars().take(60).collect(),
                key: format!("inquiry-answered {} {}", found.inquiry.inquiry_id, next.submit_key),
                at: ctx.instant(),
            };
            kaigo_store::notice::tell(tx, &notice).map_err(Error::from)
        })
        .await
}

/// Ends a thread from the desk.
///
/// # Errors
/// [`Error::NotFound`] for what is not there.
pub async fn finish(app: &App, ctx: &Ctx, caller: &Caller, inquiry_id: &str) -> Result<(), Error> {
    let found = open(app, caller, inquiry_id).await?;
    let now = ctx.instant();
    app.db
        .write(move |tx| inquiry::set_state(tx, &found.inquiry, State::Closed.code(), &now).map_err(Error::from))
        .await
}
