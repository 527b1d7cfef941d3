//! Articles: read by anybody once their moment has come; written by the operator's desk in versions that nothing overwrites.

use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_core::portal::{
    ArticleKind, BODY, BadText, KEYWORDS, SUMMARY, TITLE, Topic, VersionState, query_words, score, text,
};
use kaigo_store::portal::{self as store, Version};

use super::{text_of, typed_moment};
use crate::{App, Ctx, Error, Wrong};

/// Articles that are shown now, of one kind or of all.
pub async fn shown(app: &App, ctx: &Ctx, kind: Option<ArticleKind>) -> Result<Vec<Version>, Error> {
    let now = ctx.instant();
    app.db.read(move |tx| store::shown(tx, &now, kind).map_err(Error::from)).await
}

/// One article that is shown now.
///
/// # Errors
/// [`Error::NotFound`] for a draft, a withdrawn one, one whose moment has not come, and what is not there: they look the same.
pub async fn one(app: &App, ctx: &Ctx, kind: ArticleKind, article_id: &str) -> Result<Version, Error> {
    let (now, id) = (ctx.instant(), article_id.to_owned());
    let found = app.db.read(move |tx| store::shown_one(tx, &now, &id).map_err(Error::from)).await?;
    found.filter(|version| version.kind == kind).ok_or(Error::NotFound)
}

/// Articles that hold every word of a query, the best first.
pub async fn search(app: &App, ctx: &Ctx, query: &str) -> Result<Vec<Version>, Error> {
    let words = query_words(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let all = shown(app, ctx, None).await?;
    let mut found: Vec<(u32, Version)> = all
        .into_iter()
        .map(|v| (score(&words, &v.title, &[&v.summary, &v.body, &v.keywords, v.topic.label()]), v))
        .filter(|(score, _)| *score > 0)
        .collect();
    found.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| y.first_at.cmp(&x.first_at)));
    Ok(found.into_iter().map(|(_, v)| v).collect())
}

/// A line of the editor's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The newest version.
    pub newest: Version,
    /// The version that readers see now.
    pub shown: Option<Version>,
}

/// Every article, for the operator's desk.
pub async fn list(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Vec<Line>, Error> {
    let grant = decide_act(caller, Act::ManageContent)?;
    let now = ctx.instant();
    app.db
        .read(move |tx| {
            let shown = store::shown(tx, &now, None)?;
            let all = store::latest(tx, &grant)?;
            let line = |newest: Version| {
                let shown = shown.iter().find(|v| v.article_id == newest.article_id).cloned();
                Line { newest, shown }
            };
            Ok(all.into_iter().map(line).collect())
        })
        .await
}

/// Every version of an article, the newest first, for the operator's desk.
///
/// # Errors
/// [`Error::NotFound`] if there is none.
pub async fn versions(app: &App, caller: &Caller, article_id: &str) -> Result<Vec<Version>, Error> {
    let grant = decide_act(caller, Act::ManageContent)?;
    let id = article_id.to_owned();
    let all = app.db.read(move |tx| store::versions(tx, &grant, &id).map_err(Error::from)).await?;
    if all.is_empty() { Err(Error::NotFound) } else { Ok(all) }
}

/// An article as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Code of the kind.
    pub kind: String,
    /// Code of the group; for questions only.
    pub topic: String,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Text, Markdown.
    pub body: String,
    /// Other words under which it is found.
    pub keywords: String,
    /// Order among its kind; empty: 100.
    pub place: String,
    /// First day; empty: at once.
    pub show_day: String,
    /// Time of that day.
    pub show_time: String,
}

/// An article that can be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Kind.
    pub kind: ArticleKind,
    /// Group.
    pub topic: Topic,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Text.
    pub body: String,
    /// Other words.
    pub keywords: String,
    /// Order.
    pub place: i32,
    /// First moment (instant as text).
    pub show_from: String,
}

/// Judges what was typed.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong.
pub fn judge(ctx: &Ctx, typed: &Typed) -> Result<Judged, Error> {
    let mut wrong = Vec::new();
    let mut take = |field: &'static str, judged: Result<String, BadText>| {
        judged.unwrap_or_else(|bad| {
            wrong.push(Wrong { field, code: bad.code(), say: bad.say() });
            String::new()
        })
    };
    let title = take("title", text("題名", &typed.title, TITLE, true)).replace('\n', " ");
    let summary = take("summary", text("概要", &typed.summary, SUMMARY, false)).replace('\n', " ");
    let body = take("body", text("本文", &typed.body, BODY, true));
    let keywords = take("keywords", text("検索のことば", &typed.keywords, KEYWORDS, false)).replace('\n', " ");
    let kind = ArticleKind::parse(&typed.kind);
    if kind.is_err() {
        let say = "記事の種類を選んでください。".to_owned();
        wrong.push(Wrong { field: "kind", code: "portal-kind", say });
    }
    let kind = kind.unwrap_or_default();
    let topic = Topic::parse(&typed.topic).unwrap_or_default();
    let plain = kaigo_core::text::halfwidth(&typed.place);
    let place = if plain.is_empty() { Some(100) } else { plain.parse().ok().filter(|n| (1..=9_999).contains(n)) };
    if place.is_none() {
        let say = "並び順は、1から9999までの数字で入れてください。小さいほど上に出ます。".to_owned();
        wrong.push(Wrong { field: "place", code: "portal-place", say });
    }
    let show_from = if typed.show_day.trim().is_empty() && typed.show_time.trim().is_empty() {
        Some(ctx.now)
    } else {
        typed_moment(&typed.show_day, &typed.show_time).filter(|at| *at >= ctx.now)
    };
    if show_from.is_none() {
        let say = "公開の日時は、いまより後を入れてください。すぐに公開するときは、空のままにしてください。".to_owned();
        wrong.push(Wrong { field: "show_day", code: "portal-moment", say });
    }
    match (place, show_from) {
        (Some(place), Some(at)) if wrong.is_empty() => {
            Ok(Judged { kind, topic, title, summary, body, keywords, place, show_from: text_of(at) })
        }
        _ => Err(Error::Invalid(wrong)),
    }
}

/// What is to be saved of which article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saving {
    /// The article; none: a new one.
    pub article_id: Option<String>,
    /// The newest version that the editor saw; 0 for a new article.
    pub seen: i32,
    /// State that it gets.
    pub state: VersionState,
    /// Key of the form.
    pub submit_key: String,
}

/// Saves a version. The same form again answers the version that it made first.
///
/// # Errors
/// [`Error::Invalid`] for what was typed; [`Error::Conflict`] if a colleague saved since the editor looked.
pub async fn save(app: &App, ctx: &Ctx, caller: &Caller, typed: &Typed, saving: Saving) -> Result<Version, Error> {
    let grant = decide_act(caller, Act::ManageContent)?;
    let name = crate::run::entry(ctx, caller, ("", ""), "", kaigo_core::policy::Purpose::Operation).account_name;
    let account = caller.account_id().to_owned();
    let judged = judge(ctx, typed)?;
    let (id, now) = (saving.article_id.clone().unwrap_or_else(|| ctx.ids.id()), ctx.instant());
    let key = if saving.submit_key.is_empty() { ctx.ids.id() } else { saving.submit_key.clone() };
    app.db
        .write(move |tx| {
            if let Some(before) = store::of_key(tx, &grant, &key)? {
                return Ok(before);
            }
            let newest = store::versions(tx, &grant, &id)?.into_iter().next();
            let seen = newest.as_ref().map_or(0, |v| v.version);
            if saving.article_id.is_some() && newest.is_none() {
                return Err(Error::NotFound);
            }
            if seen != saving.seen {
                return Err(changed(newest.map_or_else(String::new, |v| v.saved_by).as_str()));
            }
            let withdrawn = saving.state == VersionState::Withdrawn;
            let version = Version {
                article_id: id,
                version: seen + 1,
                kind: newest.as_ref().map_or(judged.kind, |v| v.kind),
                topic: judged.topic,
                state: saving.state,
                show_from: if withdrawn { now.clone() } else { judged.show_from.clone() },
                place: judged.place,
                title: judged.title,
                summary: judged.summary,
                body: judged.body,
                keywords: judged.keywords,
                saved_at: now,
                saved_by: name,
                first_at: judged.show_from,
            };
            store::save(tx, &grant, &version, (&account, &key))?;
            Ok(version)
        })
        .await
}

/// Takes an article from the readers' eyes: its newest text stays, as a version that is not shown.
///
/// # Errors
/// [`Error::NotFound`] if there is none; [`Error::Conflict`] if a colleague saved since the editor looked.
pub async fn withdraw(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    article_id: &str,
    seen: i32,
    submit_key: &str,
) -> Result<Version, Error> {
    let newest = versions(app, caller, article_id).await?.into_iter().next().ok_or(Error::NotFound)?;
    let typed = Typed {
        kind: newest.kind.code().to_owned(),
        topic: newest.topic.code().to_owned(),
        title: newest.title,
        summary: newest.summary,
        body: newest.body,
        keywords: newest.keywords,
        place: newest.place.to_string(),
        show_day: String::new(),
        show_time: String::new(),
    };
    let saving = Saving {
        article_id: Some(article_id.to_owned()),
        seen,
        state: VersionState::Withdrawn,
        submit_key: submit_key.to_owned(),
    };
    save(app, ctx, caller, &typed, saving).await
}

fn changed(by: &str) -> Error {
    Error::Conflict(format!(
        "この間に{by}さんが保存しました。書いた文は消えていません。別の画面で新しい版を開き、見くらべてから保存しなおしてください。"
    ))
}
