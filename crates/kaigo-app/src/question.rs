//! Questions about the access log (閲覧についての問い合わせ): asked by the person with the entry attached, answered by a clerk.

use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::notice::{Recipient, Topic};
use kaigo_core::policy::{Act, Caller, Item, Purpose, Refusal, decide_act};
use kaigo_core::text::Text;
use kaigo_store::access_log::{self, Entry};
use kaigo_store::db::Tx;
use kaigo_store::notice::Notice;
use kaigo_store::question::{self, Question};

use crate::insured;
use crate::notice::{self, Telling};
use crate::person::{self, Head};
use crate::run::{Deed, Look, Target, act, look};
use crate::{App, Ctx, Error, Wrong};

/// Questions on one page of the inbox.
pub const PAGE: usize = 50;
/// Characters that a question or an answer may have.
pub const LENGTH: usize = 1000;

/// A question with the entry that it is about.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// The entry of the log.
    pub entry: Option<Entry>,
}

/// The person's questions.
#[derive(Clone, Debug)]
pub struct Mine {
    /// The person.
    pub head: Head,
    /// Questions, the newest first.
    pub questions: Vec<Asked>,
}

/// A question as it is typed.
#[derive(Clone, Debug)]
pub struct NewQuestion {
    /// The entry of the log that it is about.
    pub entry_id: Option<String>,
    /// What is asked.
    pub body: String,
    /// Key of the form.
    pub submit_key: String,
}

fn text(field: &'static str, ja: &str, typed: &str) -> Result<String, Error> {
    let say = |code, say: String| Err(Error::Invalid(vec![Wrong { field, code, say }]));
    match Text::<LENGTH>::parse(typed) {
        Ok(text) if text.is_empty() => say("missing", format!("{ja}を書いてください。")),
        Ok(text) => Ok(text.to_string()),
        Err(bad) => say(bad.code(), format!("{}{}", bad.say(ja), bad.mend(ja))),
    }
}

/// The form of a question: the person, and the entry it is about.
///
/// # Errors
/// [`Error::NotFound`] if the person's log has no such entry.
pub async fn form(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    entry_id: Option<String>,
) -> Result<(Head, Option<Entry>), Error> {
    let today = ctx.today;
    let what = Look::view(Target::Myself, &[Item::AccessLog, Item::InsuredCertificate], Purpose::Question);
    look(app, ctx, caller, what, move |tx, seen| {
        if let Some(refusal) = seen.refusal(Item::AccessLog) {
            return Err(refusal.clone().into());
        }
        let entry = match &entry_id {
            Some(id) => Some(access_log::of_person_one(tx, &seen.grant, id)?.ok_or(Error::NotFound)?.entry),
            None => None,
        };
        Ok((person::head(tx, seen, today)?, entry))
    })
    .await
}

/// Asks. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::Invalid`] for an empty or too long text, or one with an individual number.
pub async fn ask(app: &App, ctx: &Ctx, caller: &Caller, new: NewQuestion) -> Result<Question, Error> {
    let body = text("body", "聞きたいこと", &new.body)?;
    let deed = Deed::new(Target::Myself, Act::AskQuestion, Purpose::Question).reading(&[Item::AccessLog]);
    let (ctx2, caller2) = (ctx.clone(), caller.clone());
    act(app, ctx, caller, deed, move |tx, right| {
        if let Some(id) = &new.entry_id {
            access_log::of_person_one(tx, right.reads()?, id)?.ok_or(Error::NotFound)?;
        }
        let asked = Question {
            insured_no: right.insured_no,
            question_id: ctx2.ids.id(),
            entry_id: new.entry_id,
            body,
            account_id: caller2.account_id().to_owned(),
            asked_by: crate::run::entry(&ctx2, &caller2, ("", ""), "", Purpose::Question).account_name,
            asked_at: ctx2.instant(),
            answer: None,
            answered_by: None,
            answered_at: None,
            read_at: None,
            submit_key: new.submit_key,
        };
        let kept = question::insert(tx, &right.act, &asked)?;
        let insurer_no = right.insurer.insurer_no;
        kaigo_store::notice::tell(
            tx,
            &Notice {
                to: Recipient::Insurer(insurer_no),
                topic: Topic::QuestionAsked,
                about: Some((insurer_no, right.insured_no)),
                href: format!("/insurer/questions/{}", kept.question_id),
                note: String::new(),
                key: format!("question-asked {}", kept.question_id),
                at: ctx2.instant(),
            },
        )?;
        Ok(kept)
    })
    .await
}

/// The person's questions with their answers; what is shown counts as read.
pub async fn mine(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Mine, Error> {
    let ctx2 = ctx.clone();
    let what = Look::view(Target::Myself, &[Item::AccessLog, Item::InsuredCertificate], Purpose::Question);
    look(app, ctx, caller, what, move |tx, seen| {
        if let Some(refusal) = seen.refusal(Item::AccessLog) {
            return Err(refusal.clone().into());
        }
        let mut questions = Vec::new();
        for question in question::of_person(tx, &seen.grant)? {
            questions.push(with_entry(tx, &seen.grant, question)?);
        }
        question::mark_read(tx, &seen.grant, &ctx2.instant())?;
        Ok(Mine { head: person::head(tx, seen, ctx2.today)?, questions })
    })
    .await
}

fn with_entry(tx: &mut Tx<'_>, grant: &kaigo_core::policy::Grant, question: Question) -> Result<Asked, Error> {
    let entry = match &question.entry_id {
        Some(id) => access_log::of_person_one(tx, grant, id)?.map(|placed| placed.entry),
        None => None,
    };
    Ok(Asked { question, entry })
}

/// A line of the inbox.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The person's insurer.
    pub insurer_no: InsurerNo,
    /// Who asks: the person, or who acts in their place.
    pub question: Question,
}

/// The inbox of the insurer: questions that wait, the oldest first, and the last answered ones. That the names were listed is
/// entered in each person's log, once a day.
pub async fn inbox(app: &App, ctx: &Ctx, caller: &Caller) -> Result<(Vec<Waiting>, Vec<Waiting>), Error> {
    let (ctx, caller) = (ctx.clone(), caller.clone());
    app.db
        .write(move |tx| {
            let grant = decide_act(&caller, Act::AnswerQuestion)?;
            let insurer_no = grant.insurer_no().ok_or(Refusal::NotAllowed)?;
            let limit = i32::try_from(PAGE).unwrap_or(50);
            let open = question::open(tx, &grant, ("", ""), limit)?;
            let answered = question::answered(tx, &grant, ("9999", ""), limit)?;
            for question in open.iter().chain(&answered) {
                insured::listed(tx, &ctx, &caller, (insurer_no, question.insured_no), Purpose::Question)?;
            }
            let line = |question| Waiting { insurer_no, question };
            Ok((open.into_iter().map(line).collect(), answered.into_iter().map(line).collect()))
        })
        .await
}

/// A question as the clerk sees it.
#[derive(Clone, Debug)]
pub struct QuestionPage {
    /// The person.
    pub head: Head,
    /// The question with its entry.
    pub asked: Asked,
}

async fn target(app: &App, caller: &Caller, question_id: &str) -> Result<(InsurerNo, InsuredNo), Error> {
    let Caller::Insurer(staff) = caller else { return Err(Error::NotFound) };
    let (insurer_no, id) = (staff.insurer_no, question_id.to_owned());
    let found = app.db.read(move |tx| question::whose(tx, insurer_no, &id).map_err(Error::from)).await?;
    found.map(|insured_no| (insurer_no, insured_no)).ok_or(Error::NotFound)
}

/// Looks at one question.
///
/// # Errors
/// [`Error::NotFound`] unless it was asked of the caller's insurer.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, question_id: &str) -> Result<QuestionPage, Error> {
    let (insurer_no, insured_no) = target(app, caller, question_id).await?;
    let (today, id) = (ctx.today, question_id.to_owned());
    let items = &[Item::AccessLog, Item::InsuredCertificate];
    let what = Look::view(Target::Insured(insurer_no, insured_no), items, Purpose::Question);
    look(app, ctx, caller, what, move |tx, seen| {
        let all = question::of_person(tx, &seen.grant)?;
        let question = all.into_iter().find(|q| q.question_id == id).ok_or(Error::NotFound)?;
        let asked = with_entry(tx, &seen.grant, question)?;
        Ok(QuestionPage { head: person::head(tx, seen, today)?, asked })
    })
    .await
}

/// Answers a question.
///
/// # Errors
/// [`Error::Conflict`] if a colleague answered first; the same answer of the same clerk again is no conflict.
pub async fn answer(app: &App, ctx: &Ctx, caller: &Caller, question_id: &str, typed: &str) -> Result<(), Error> {
    let body = text("answer", "回答", typed)?;
    let (insurer_no, insured_no) = target(app, caller, question_id).await?;
    let Caller::Insurer(staff) = caller else { return Err(Error::NotFound) };
    let (id, name, ctx2) = (question_id.to_owned(), staff.name.clone(), ctx.clone());
    let deed = Deed::new(Target::Insured(insurer_no, insured_no), Act::AnswerQuestion, Purpose::Question)
        .reading(&[Item::AccessLog]);
    act(app, ctx, caller, deed, move |tx, right| {
        if question::answer(tx, &right.act, &id, (&body, &name, &ctx2.instant()))? {
            let key = format!("question-answered {id}");
            let telling = Telling { topic: Topic::QuestionAnswered, tab: "/my/questions", note: "", key: &key };
            return notice::tell_person(tx, &ctx2, (insurer_no, insured_no), &telling);
        }
        let before = question::of_person(tx, right.reads()?)?.into_iter().find(|q| q.question_id == id);
        let before = before.ok_or(Error::NotFound)?;
        if before.answer.as_deref() == Some(body.as_str()) && before.answered_by.as_deref() == Some(name.as_str()) {
            return Ok(());
        }
        let by = before.answered_by.unwrap_or_default();
        Err(Error::Conflict(format!("{by}さんが先に回答しています。画面を開きなおして確かめてください。")))
    })
    .await
}

/// How many questions wait for the caller's insurer, and since when the oldest one does.
pub async fn waiting(app: &App, caller: &Caller) -> Result<(i64, String), Error> {
    let Caller::Insurer(staff) = caller else { return Err(Refusal::NotAllowed.into()) };
    let insurer_no = staff.insurer_no;
    app.db.read(move |tx| question::waiting(tx, insurer_no).map_err(Error::from)).await
}
