//! The first use of a card: it is linked to the person whose 被保険者証 lies beside it. A renewed certificate takes the place of the
//! earlier one of the same kind of token.

use jiff::SignedDuration;
use kaigo_core::date::parse_date;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::layout::BadCell;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::rule::assurance::is_enough;
use kaigo_store::access_log;
use kaigo_store::card::{self as store, CardLink, Transaction};
use kaigo_store::db::Tx;
use kaigo_store::time::instant;

use super::{assurance, cards, staff};
use crate::identity::{Checked, USE_WITHIN_MINUTES, act_entry, compare, keep};
use crate::{App, Ctx, Error, Wrong};

/// What staff read from the 被保険者証, as typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 生年月日.
    pub birth: String,
    /// Staff compared the names and the face on the card with the 被保険者証 and the person.
    pub seen: bool,
}

/// Links the card of a transaction to a person; answers as an identity check does. Done twice, the second time answers the first check.
///
/// # Errors
/// [`Error::NotFound`] unless the transaction is the caller's own, read a new card, and is fresh; [`Error::Invalid`] for what cannot be
/// read or was not compared; [`Error::Conflict`] if the card counts for somebody by now.
pub async fn link(app: &App, ctx: &Ctx, caller: &Caller, id: &str, typed: &Typed) -> Result<Checked, Error> {
    cards(app)?;
    let (ctx, caller, id, typed) = (ctx.clone(), caller.clone(), id.to_owned(), typed.clone());
    app.db.write(move |tx| link_in(tx, &ctx, &caller, &id, &typed)).await
}

fn link_in(tx: &mut Tx<'_>, ctx: &Ctx, caller: &Caller, id: &str, typed: &Typed) -> Result<Checked, Error> {
    let grant = decide_act(caller, Act::CheckIdentity)?;
    let own = staff(caller)?;
    let found = store::find(tx, &grant, id)?.filter(|t| t.account_id == own.account_id);
    let transaction = found.ok_or(Error::NotFound)?;
    if let ("linked", Some(check_id)) = (transaction.state.as_str(), &transaction.check_id) {
        return Ok(Checked::Match { check_id: check_id.clone() });
    }
    let oldest = instant(ctx.now - SignedDuration::from_mins(USE_WITHIN_MINUTES));
    if transaction.state != "new" || transaction.started_at < oldest {
        return Err(Error::NotFound);
    }
    let mut wrong = Vec::new();
    let insurer_no =
        keep(InsurerNo::parse(&typed.insurer_no), &typed.insurer_no, "insurer_no", "保険者番号", &mut wrong);
    let insured_no =
        keep(InsuredNo::parse(&typed.insured_no), &typed.insured_no, "insured_no", "被保険者番号", &mut wrong);
    let birth = parse_date(&typed.birth).ok_or(BadCell::Date);
    let born_on = keep(birth, &typed.birth, "birth", "生年月日", &mut wrong);
    if !typed.seen {
        let say = "カードと被保険者証の氏名・生年月日が同じで、カードの顔写真がご本人であることを見比べたら、チェックを入れてください。";
        wrong.push(Wrong { field: "seen", code: "card-not-compared", say: say.to_owned() });
    }
    let (Some(insurer_no), Some(insured_no), Some(born_on), true) = (insurer_no, insured_no, born_on, wrong.is_empty())
    else {
        return Err(Error::Invalid(wrong));
    };
    let way = assurance(&transaction.way);
    let linking = decide_act(caller, Act::LinkCard)?;
    if !is_enough(way, Act::LinkCard, ctx.today) {
        let say = "この確認のしかたでは、カードを登録できません。".to_owned();
        return Err(Error::Invalid(vec![Wrong { field: "", code: "assurance-too-weak", say }]));
    }
    let whom = (insurer_no, insured_no);
    let checked = compare(tx, ctx, (caller, own, &grant), whom, way.code(), |person| person.born_on == born_on)?;
    let Checked::Match { check_id } = &checked else { return Ok(checked) };
    if !store::linked(tx, &linking, id, check_id)? {
        return Err(Error::NotFound);
    }
    let link = new_link(ctx, &transaction, way.code(), &own.account_id)?;
    for earlier in store::of_person(tx, &linking, whom)?.iter().filter(|l| l.token == link.token) {
        store::end_link(tx, &linking, whom, earlier, (&ctx.instant(), "renewed"))?;
    }
    if !store::link(tx, &linking, whom, &link)? {
        return Err(Error::Conflict(
            "このカードは、たったいま登録されました。はじめからもう一度カードを読み取ってください。".to_owned(),
        ));
    }
    let mut entry = act_entry(ctx, caller, whom, Act::LinkCard);
    entry.document = Some(way.code().to_owned());
    access_log::append(tx, &entry)?;
    Ok(checked)
}

fn new_link(ctx: &Ctx, transaction: &Transaction, method: &str, account_id: &str) -> Result<CardLink, Error> {
    let missing = || Error::Internal("a card transaction holds no card".to_owned());
    let t = transaction;
    Ok(CardLink {
        link_id: ctx.ids.id(),
        card_digest: t.card_digest.clone().ok_or_else(missing)?,
        token: t.token.clone().ok_or_else(missing)?,
        method: method.to_owned(),
        not_after: t.not_after.clone().ok_or_else(missing)?,
        office_no: t.office_no.to_string(),
        account_id: account_id.to_owned(),
        linked_at: ctx.instant(),
    })
}
