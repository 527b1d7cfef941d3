//! The operator's desk writes お知らせ, マガジン and よくある質問: draft, preview, publish now or later, withdraw; every saving stays.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::portal::content::{self, Saving, Typed};
use kaigo_core::portal::{ArticleKind, Topic, VersionState};
use kaigo_store::portal::Version;

use crate::failure::{failure, moved, ok, page};
use crate::markdown::{Headings, pieces};
use crate::request::{Fields, Operator, Req, masked};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::operator::content as view;
use crate::view::{Chip, Choice, FieldError, Tone};

/// The URLs of articles.
pub(super) fn routes() -> Vec<(Route, Handler)> {
    use Access::Operator;
    vec![
        row("GET", "/operator/content", Operator, "manage-content", get(list)),
        row("GET", "/operator/content/new", Operator, "manage-content", get(new)),
        row("POST", "/operator/content/new", Operator, "manage-content", post(add)),
        row("GET", "/operator/content/{a}", Operator, "manage-content", get(edit)),
        row("POST", "/operator/content/{a}", Operator, "manage-content", post(save)),
        row("GET", "/operator/content/{a}/versions/{n}", Operator, "manage-content", get(version)),
    ]
}

fn shown_chip(req: &Req, newest: Option<&Version>, shown: Option<&Version>) -> Chip {
    match (shown, newest) {
        (Some(_), _) => Chip::new(Tone::Good, "公開中"),
        (None, Some(v)) if v.state == VersionState::Public && v.show_from > req.ctx.instant() => {
            Chip::new(Tone::Info, "公開の予約")
        }
        (None, Some(v)) if v.state == VersionState::Withdrawn => Chip::new(Tone::Plain, "公開をやめた"),
        (None, _) => Chip::new(Tone::Plain, "下書き"),
    }
}

fn waits(req: &Req, line: &content::Line) -> String {
    let v = &line.newest;
    match v.state {
        VersionState::Draft if line.shown.is_some() => "公開していない下書きがあります".to_owned(),
        VersionState::Public if v.show_from > req.ctx.instant() => {
            format!("{}に公開します", say::instant(&v.show_from))
        }
        VersionState::Draft | VersionState::Public | VersionState::Withdrawn => String::new(),
    }
}

/// GET /operator/content
async fn list(Operator(req): Operator) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let all = match content::list(&req.web.app, &req.ctx, caller).await {
        Ok(all) => all,
        Err(error) => return failure(&req, &error),
    };
    let kind = req.asked("kind");
    let mut kinds = vec![("/operator/content".to_owned(), format!("すべて　{}", all.len()), kind.is_empty())];
    kinds.extend(ArticleKind::ALL.iter().map(|k| {
        let count = all.iter().filter(|line| line.newest.kind == *k).count();
        (format!("/operator/content?kind={}", k.code()), format!("{}　{count}", k.label()), kind == k.code())
    }));
    let wanted = |line: &&content::Line| kind.is_empty() || line.newest.kind.code() == kind;
    let lines = all.iter().filter(wanted).map(|line| view::Line {
        kind: line.newest.kind.label().to_owned(),
        title: line.newest.title.clone(),
        href: format!("/operator/content/{}", line.newest.article_id),
        chip: shown_chip(&req, Some(&line.newest), line.shown.as_ref()),
        waits: waits(&req, line),
        saved: format!("{}　{}", line.newest.saved_by, say::instant(&line.newest.saved_at)),
    });
    ok(&view::Contents { shell: req.shell(), kinds, lines: lines.collect() })
}

/// What the form holds.
struct Form {
    typed: Typed,
    seen: i32,
    submit_key: String,
}

fn form(fields: &Fields) -> Form {
    let own = |name: &str| fields.get(name).to_owned();
    Form {
        typed: Typed {
            kind: own("kind"),
            topic: own("topic"),
            title: own("title"),
            summary: own("summary"),
            body: own("body"),
            keywords: own("keywords"),
            place: own("place"),
            show_day: own("show_day"),
            show_time: own("show_time"),
        },
        seen: fields.get("seen").parse().unwrap_or(0),
        submit_key: own("submit_key"),
    }
}

fn of_version(v: &Version) -> Typed {
    Typed {
        kind: v.kind.code().to_owned(),
        topic: v.topic.code().to_owned(),
        title: v.title.clone(),
        summary: v.summary.clone(),
        body: v.body.clone(),
        keywords: v.keywords.clone(),
        place: v.place.to_string(),
        show_day: String::new(),
        show_time: String::new(),
    }
}

fn version_line(v: &Version) -> view::VersionLine {
    let tone = match v.state {
        VersionState::Public => Tone::Good,
        VersionState::Draft | VersionState::Withdrawn => Tone::Plain,
    };
    view::VersionLine {
        word: format!("第{}版", v.version),
        href: format!("/operator/content/{}/versions/{}", v.article_id, v.version),
        chip: Chip::new(tone, v.state.label()),
        from: if v.state == VersionState::Draft { String::new() } else { say::instant(&v.show_from) },
        saved: format!("{}　{}", v.saved_by, say::instant(&v.saved_at)),
        title: v.title.clone(),
    }
}

/// The page of the form, for a new article or one that is there.
async fn edit_page(
    req: &Req,
    article: Option<&str>,
    form: Option<Form>,
    errors: Vec<FieldError>,
    with_preview: bool,
) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let versions = match article {
        Some(id) => match content::versions(&req.web.app, caller, id).await {
            Ok(versions) => versions,
            Err(error) => return failure(req, &error),
        },
        None => Vec::new(),
    };
    let newest = versions.first();
    let now = req.ctx.instant();
    let live = versions.iter().find(|v| v.state != VersionState::Draft && v.show_from <= now);
    let live = live.filter(|v| v.state == VersionState::Public);
    let form = form.unwrap_or_else(|| Form {
        typed: newest.map_or_else(|| Typed { kind: req.asked("kind").to_owned(), ..Typed::default() }, of_version),
        seen: newest.map_or(0, |v| v.version),
        submit_key: req.ctx.ids.id(),
    });
    let t = form.typed;
    let action = article.map_or_else(|| "/operator/content/new".to_owned(), |id| format!("/operator/content/{id}"));
    let choice = |code: &str, label: &str, chosen: &str| Choice { chosen: code == chosen, ..Choice::new(code, label) };
    let heads = if t.kind == ArticleKind::Faq.code() { Headings::Bold } else { Headings::From(3) };
    let view = view::Edit {
        shell: req.shell(),
        action,
        is_new: article.is_none(),
        chip: shown_chip(req, newest, live),
        kinds: ArticleKind::ALL.iter().map(|k| choice(k.code(), k.label(), &t.kind)).collect(),
        topics: Topic::ALL.iter().map(|k| choice(k.code(), k.label(), &t.topic)).collect(),
        preview: with_preview.then(|| pieces(&masked(&t.body), heads)),
        title: masked(&t.title),
        summary: masked(&t.summary),
        body: masked(&t.body),
        keywords: masked(&t.keywords),
        place: t.place,
        show_day: t.show_day,
        show_time: t.show_time,
        seen: form.seen,
        submit_key: form.submit_key,
        versions: versions.iter().map(version_line).collect(),
        public: live.map(|v| format!("/portal/{}/{}", v.kind.code(), v.article_id)).unwrap_or_default(),
        errors,
    };
    page(if view.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &view)
}

/// GET /operator/content/new
async fn new(Operator(req): Operator) -> Response {
    edit_page(&req, None, None, Vec::new(), false).await
}

/// GET /operator/content/{a}
async fn edit(Operator(req): Operator, Path(a): Path<String>) -> Response {
    edit_page(&req, Some(&a), None, Vec::new(), false).await
}

/// POST /operator/content/new
async fn add(Operator(req): Operator, fields: Fields) -> Response {
    taken(&req, None, &fields).await
}

/// POST /operator/content/{a}
async fn save(Operator(req): Operator, Path(a): Path<String>, fields: Fields) -> Response {
    taken(&req, Some(&a), &fields).await
}

async fn taken(req: &Req, article: Option<&str>, fields: &Fields) -> Response {
    // The form's own fields say themselves what is wrong, so that nothing typed is lost.
    if let Err(response) = fields.check(req, &["title", "summary", "body", "keywords"]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let mut form = form(fields);
    if let Some(id) = article {
        // The kind stays what it was.
        match content::versions(&req.web.app, caller, id).await {
            Ok(versions) => {
                form.typed.kind = versions.first().map(|v| v.kind.code().to_owned()).unwrap_or_default();
            }
            Err(error) => return failure(req, &error),
        }
    }
    let state = match fields.get("act") {
        "publish" => VersionState::Public,
        "withdraw" => VersionState::Withdrawn,
        "draft" => VersionState::Draft,
        _ => {
            let errors = match content::judge(&req.ctx, &form.typed) {
                Ok(_) => Vec::new(),
                Err(Error::Invalid(wrong)) => wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect(),
                Err(error) => return failure(req, &error),
            };
            return edit_page(req, article, Some(form), errors, true).await;
        }
    };
    let done = if let (VersionState::Withdrawn, Some(id)) = (state, article) {
        content::withdraw(&req.web.app, &req.ctx, caller, id, form.seen, &form.submit_key).await
    } else {
        let saving = Saving {
            article_id: article.map(str::to_owned),
            seen: form.seen,
            state,
            submit_key: form.submit_key.clone(),
        };
        content::save(&req.web.app, &req.ctx, caller, &form.typed, saving).await
    };
    match done {
        Ok(v) => moved(&format!("/operator/content/{}?done=content-{}", v.article_id, v.state.code())),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            edit_page(req, article, Some(form), errors, false).await
        }
        // What was typed stays; the editor decides after having looked.
        Err(Error::Conflict(say)) => edit_page(req, article, Some(form), vec![FieldError::new("", say)], false).await,
        Err(error) => failure(req, &error),
    }
}

/// GET /operator/content/{a}/versions/{n}
async fn version(Operator(req): Operator, Path((a, n)): Path<(String, String)>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match content::versions(&req.web.app, caller, &a).await {
        Ok(versions) => match versions.iter().find(|v| v.version.to_string() == n) {
            Some(v) => ok(&view::VersionPage {
                shell: req.shell(),
                href: format!("/operator/content/{a}"),
                line: version_line(v),
                summary: v.summary.clone(),
                body: pieces(&v.body, Headings::From(2)),
                source: v.body.clone(),
            }),
            None => failure(&req, &Error::NotFound),
        },
        Err(error) => failure(&req, &error),
    }
}
