//! Who acts in a person's place (代理人): recorded by the insurer's clerk, ended by the person or a clerk, asked at every request.

use kaigo_core::date::{Date, age_on, parse_date};
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::kana::is_kana;
use kaigo_core::layout::BadCell;
use kaigo_core::policy::{Act, Caller, Item, ProxyFor, ProxyScope, Purpose};
use kaigo_core::proxy::{ProxyEvidence, ProxyKind};
use kaigo_core::text::Text;
use kaigo_store::db::{self, Tx};
use kaigo_store::proxy::{self, Proxy};
use kaigo_store::{insurer, letter};

use crate::person::{self, Head};
use crate::run::{Deed, Look, Target, act, look};
use crate::{App, Ctx, Error, Wrong};

/// The proxy of an account, if it stands on that day: asked at every request, so that an end counts at once.
pub(crate) fn acting(
    tx: &mut Tx<'_>,
    whom: (InsurerNo, InsuredNo),
    proxy_id: &str,
    today: Date,
) -> Result<Option<ProxyFor>, db::Error> {
    let Some(found) = proxy::find(tx, whom, proxy_id)?.filter(|proxy| proxy.stands(today)) else {
        return Ok(None);
    };
    let published = insurer::find(tx, whom.0)?.map_or(0, |insurer| insurer.published_load);
    Ok(Some(ProxyFor {
        proxy_id: found.proxy_id,
        person_name: letter::name(tx, whom, published)?.unwrap_or_default(),
        relation: found.relation,
        scope: found.scope,
        until: found.valid_until,
    }))
}

/// A proxy as a clerk types it.
#[derive(Clone, Debug, Default)]
pub struct TypedProxy {
    /// Kind ([`ProxyKind`] code).
    pub kind: String,
    /// 氏名.
    pub name: String,
    /// 氏名カナ.
    pub kana: String,
    /// 続柄; may be empty for legal proxies.
    pub relation: String,
    /// 生年月日.
    pub birth: String,
    /// Scope ([`ProxyScope`] code).
    pub scope: String,
    /// What was seen ([`ProxyEvidence`] code).
    pub evidence: String,
    /// First day; empty: today.
    pub from: String,
    /// Last day; empty: none.
    pub until: String,
    /// Key of the form.
    pub submit_key: String,
}

fn wrong(field: &'static str, code: &'static str, say: impl Into<String>) -> Wrong {
    Wrong { field, code, say: say.into() }
}

fn choice<T: Copy + Default>(read: Result<T, BadCell>, (field, say): (&'static str, &str), all: &mut Vec<Wrong>) -> T {
    read.unwrap_or_else(|bad| {
        all.push(wrong(field, bad.code(), say));
        T::default()
    })
}

fn words<const MAX: usize>(typed: &str, (field, ja): (&'static str, &str), all: &mut Vec<Wrong>) -> String {
    let read = match Text::<MAX>::parse(typed) {
        Ok(text) if text.is_empty() => Err(BadCell::Missing),
        Ok(text) => Ok(text.to_string()),
        Err(bad) => Err(bad),
    };
    read.unwrap_or_else(|bad| {
        all.push(wrong(field, bad.code(), format!("{}{}", bad.say(ja), bad.mend(ja))));
        String::new()
    })
}

fn day(typed: &str, (field, ja): (&'static str, &str), all: &mut Vec<Wrong>) -> Option<Date> {
    if typed.trim().is_empty() {
        return None;
    }
    let read = parse_date(typed);
    if read.is_none() {
        let bad = BadCell::Date;
        all.push(wrong(field, bad.code(), format!("{}{}", bad.say(ja), bad.mend(ja))));
    }
    read
}

impl TypedProxy {
    /// Reads what was typed; says of every field what is wrong.
    fn read(&self, ctx: &Ctx, recorded_by: &str) -> Result<Proxy, Error> {
        let mut all = Vec::new();
        let kind = choice(ProxyKind::parse(&self.kind), ("kind", "代理の種類を選んでください。"), &mut all);
        let scope = choice(ProxyScope::parse(&self.scope), ("scope", "代理の範囲を選んでください。"), &mut all);
        let evidence =
            choice(ProxyEvidence::parse(&self.evidence), ("evidence", "確認した書類を選んでください。"), &mut all);
        let name = words::<40>(&self.name, ("name", "氏名"), &mut all);
        let name_kana = words::<60>(&self.kana, ("kana", "氏名カナ"), &mut all);
        if !name_kana.is_empty() && !is_kana(&name_kana) {
            all.push(wrong("kana", "kana-shape", "氏名カナは、カタカナかひらがなで入れてください。"));
        }
        let relation = if self.relation.trim().is_empty() && kind.is_legal() { kind.label() } else { &self.relation };
        let relation = words::<20>(relation, ("relation", "続柄"), &mut all);
        let born_on = day(&self.birth, ("birth", "生年月日"), &mut all);
        if self.birth.trim().is_empty() {
            all.push(wrong("birth", "missing", "生年月日を入れてください。手紙の番号で登録するときに確かめます。"));
        } else if born_on.is_some_and(|on| age_on(on, ctx.today) < 18) {
            all.push(wrong("birth", "proxy-age", "代理人は18歳以上の方です。生年月日を確かめてください。"));
        }
        let valid_from = day(&self.from, ("from", "はじまりの日"), &mut all).unwrap_or(ctx.today);
        let valid_until = day(&self.until, ("until", "終わりの日"), &mut all);
        if valid_until.is_some_and(|until| until < valid_from) {
            all.push(wrong(
                "until",
                "period-reversed",
                "終わりの日が、はじまりの日より前です。日付を確かめてください。",
            ));
        }
        if all.is_empty() && !evidence.suffices(kind) {
            let say = if kind.is_legal() {
                "成年後見人などの登録には、登記事項証明書の確認が必要です。"
            } else {
                "家族の登録では、委任状、窓口での申し出、戸籍などのどれを確かめたかを選んでください。"
            };
            all.push(wrong("evidence", "proxy-evidence", say));
        }
        match born_on {
            Some(born_on) if all.is_empty() => Ok(Proxy {
                proxy_id: ctx.ids.id(),
                kind,
                name,
                name_kana,
                relation,
                born_on,
                scope,
                evidence,
                valid_from,
                valid_until,
                recorded_by: recorded_by.to_owned(),
                recorded_at: ctx.instant(),
                ended_at: None,
                ended_by: None,
                end_reason: None,
                submit_key: self.submit_key.clone(),
            }),
            _ => Err(Error::Invalid(all)),
        }
    }
}

/// Records a proxy of an insured person. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::Invalid`] for what does not fit; [`Error::NotFound`] for another insurer's person.
pub async fn record(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    typed: TypedProxy,
) -> Result<Proxy, Error> {
    let Caller::Insurer(staff) = caller else { return Err(Error::NotFound) };
    let new = typed.read(ctx, &staff.name)?;
    let deed = Deed::new(Target::Insured(insurer_no, insured_no), Act::ManageProxy, Purpose::Proxy);
    act(app, ctx, caller, deed, move |tx, right| Ok(proxy::insert(tx, &right.act, &new)?)).await
}

/// The reasons for which a proxy is ended: code and words.
pub const END_REASONS: &[(&str, &str)] = &[
    ("asked", "本人が希望した"),
    ("resigned", "代理人が希望した"),
    ("court", "後見などが終わった・替わった"),
    ("mistake", "まちがえて登録した"),
    ("deceased", "亡くなった"),
];

/// Ends a proxy: from the next request on they see nothing. Ended already, nothing more happens.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::NotFound`] if the person has no such proxy.
pub async fn end(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    target: Target,
    (proxy_id, reason): (&str, &str),
) -> Result<(), Error> {
    let Some((reason, _)) = END_REASONS.iter().find(|(code, _)| *code == reason) else {
        return Err(Error::Invalid(vec![wrong("reason", "missing", "終わりにする理由を選んでください。")]));
    };
    let by = crate::run::entry(ctx, caller, ("", ""), "", Purpose::Proxy).account_name;
    let (id, now) = (proxy_id.to_owned(), ctx.instant());
    let deed = Deed::new(target, Act::ManageProxy, Purpose::Proxy);
    act(app, ctx, caller, deed, move |tx, right| {
        let whom = (right.insurer.insurer_no, right.insured_no);
        let found = proxy::find(tx, whom, &id)?.ok_or(Error::NotFound)?;
        if found.ended_at.is_none() {
            proxy::end(tx, &right.act, &id, (&now, &by, reason))?;
            letter::revoke(tx, &right.act, Some(&id), &now)?;
        }
        Ok(())
    })
    .await
}

/// The proxies of a person.
#[derive(Clone, Debug)]
pub struct Family {
    /// The person.
    pub head: Head,
    /// Proxies, the newest first, ended ones too.
    pub proxies: Vec<Proxy>,
}

/// Looks at the proxies: the person at their own, a clerk at those of an insured person.
pub async fn view(app: &App, ctx: &Ctx, caller: &Caller, target: Target) -> Result<Family, Error> {
    let today = ctx.today;
    let what = Look::view(target, &[Item::ConsentStatus, Item::InsuredCertificate], Purpose::Proxy);
    look(app, ctx, caller, what, move |tx, seen| {
        Ok(Family { head: person::head(tx, seen, today)?, proxies: proxy::of_person(tx, &seen.grant)? })
    })
    .await
}
