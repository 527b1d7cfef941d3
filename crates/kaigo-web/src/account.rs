//! アカウントの安全: one's own ways in, sessions and what happened; the way in with an invitation. Administrators: `colleagues.rs`.

pub(crate) mod colleagues;
mod failed_logins;
mod invitation;
mod passkeys;

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::account::{invitation::may_invite, own};
use kaigo_core::policy::Caller;

pub(crate) use passkeys::{At, can_use};

use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Req, Somebody, local, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::start::{in_fours, qr};
use crate::view::account::{Codes, EventRow, PasskeyRow, Password, Prove, Safety, SessionRow, Totp};
use crate::view::{Chip, FieldError, Link, Tone};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Somebody;
    let mut routes = vec![
        row("GET", "/account", Somebody, "-", get(safety)),
        row("GET", "/account/prove", Somebody, "-", get(prove_form)),
        row("POST", "/account/prove", Somebody, "-", post(prove)),
        row("POST", "/account/prove/mail", Somebody, "-", post(prove_by_mail)),
        row("GET", "/account/password", Somebody, "-", get(password_form)),
        row("POST", "/account/password", Somebody, "-", post(password)),
        row("GET", "/account/totp", Somebody, "-", get(totp_form)),
        row("POST", "/account/totp", Somebody, "-", post(totp)),
        row("GET", "/account/codes", Somebody, "-", get(codes_form)),
        row("POST", "/account/codes", Somebody, "-", post(codes)),
        row("POST", "/account/sessions/others/end", Somebody, "-", post(end_others)),
        row("POST", "/account/sessions/{s}/end", Somebody, "-", post(end_session)),
    ];
    routes.extend(passkeys::routes());
    routes.extend(invitation::routes());
    routes.extend(colleagues::routes());
    routes.extend(failed_logins::routes());
    routes
}

/// What was done on these pages.
pub(crate) fn done(done: &str) -> Option<(&'static str, &'static str)> {
    Some(match done {
        "password-changed" => (
            "パスワードを変えました",
            "ほかの端末は、すべてログアウトしました。次から新しいパスワードを使ってください。",
        ),
        "totp-changed" => ("認証アプリを新しくしました", "前のアプリの確認コードは、もう使えません。"),
        "passkey-added" => {
            ("パスキーを登録しました", "次から、ログイン画面の「パスキーでログインする」だけで入れます。")
        }
        "passkey-named" => ("パスキーの名前を変えました", ""),
        "passkey-removed" => ("パスキーを消しました", "端末の側に残っているものは、端末の設定で消してください。"),
        "session-ended" => ("ログアウトさせました", "その端末では、もう何も見られません。"),
        "joined-in" => ("登録が終わりました", "いま決めたログインIDとパスワードで、ログインしてください。"),
        other => return colleagues::done(other),
    })
}

/// What is wrong with the fields; anything else stays an error.
pub(crate) fn wrongs(error: Error) -> Result<Vec<FieldError>, Error> {
    match error {
        Error::Invalid(wrong) => Ok(wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()),
        other @ (Error::NotFound
        | Error::Forbidden(_)
        | Error::Conflict(_)
        | Error::TooMany { .. }
        | Error::LoginNeeded
        | Error::Busy
        | Error::Internal(_)) => Err(other),
    }
}

pub(crate) fn status(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// Changes ask for a fresh proof of who sits there; without one: the page that takes it, and back to `next`.
#[expect(clippy::result_large_err, reason = "the refusal is the page itself, once a request")]
pub(crate) fn sure(req: &Req, next: &str) -> Result<(), Response> {
    match &req.login {
        Some(login) if login.is_sure(req.ctx.now) => Ok(()),
        Some(_) => Err(moved(&format!("/account/prove?next={}", percent(next)))),
        None => Err(failure(req, &Error::LoginNeeded)),
    }
}

/// The session's token.
pub(crate) fn token_of(req: &Req) -> &str {
    req.token.as_deref().unwrap_or_default()
}

/// GET /account
async fn safety(Somebody(req): Somebody, at: At) -> Response {
    let seen = match req.caller() {
        Ok(caller) => own::view(&req.web.app, &req.ctx, caller, token_of(&req)).await,
        Err(error) => Err(error),
    };
    match seen {
        Ok(seen) => ok(&page_of(&req, seen, at.site.is_some())),
        Err(error) => failure(&req, &error),
    }
}

fn page_of(req: &Req, seen: own::Safety, can_use_passkeys: bool) -> Safety {
    Safety {
        shell: req.shell(),
        login: seen.login,
        can_use_passkeys,
        passkeys: seen.passkeys.into_iter().map(passkey).collect(),
        codes_left: seen.codes_left,
        address: seen.address.unwrap_or_default(),
        has_mail: seen.has_mail,
        sessions: seen.sessions.into_iter().map(session).collect(),
        events: seen.events.iter().map(event).collect(),
        admin: admin_links(req),
    }
}

/// What an administrator does from here.
fn admin_links(req: &Req) -> Vec<Link> {
    let Ok(caller) = req.caller() else { return Vec::new() };
    if !may_invite(caller) {
        return Vec::new();
    }
    let base = match caller {
        Caller::Staff(_) => "/office",
        Caller::Insurer(_) => "/insurer",
        Caller::OperatorStaff(_) => "/operator",
        Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::Supporter(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator => return Vec::new(),
    };
    let mut links = vec![
        Link::new("職員のアカウント", format!("{base}/accounts")),
        Link::new("管理の記録", format!("{base}/admin-log")),
        Link::new("ログインの失敗", format!("{base}/failed-logins")),
    ];
    if base == "/office" {
        links.insert(1, Link::new("職員の閲覧記録", "/office/log"));
    }
    links
}

fn passkey(p: kaigo_store::passkey::Passkey) -> PasskeyRow {
    PasskeyRow {
        id: p.passkey_id,
        name: p.name,
        made: say::instant(&p.made_at),
        used: p.used_at.as_deref().map(say::instant).unwrap_or_default(),
        is_synced: p.is_synced,
    }
}

fn from(place: &str, browser: &str) -> String {
    match (place.is_empty(), browser.is_empty()) {
        (true, true) => "わかりません".to_owned(),
        (true, false) => browser.to_owned(),
        (false, true) => place.to_owned(),
        (false, false) => format!("{browser}　{place}"),
    }
}

fn way(code: &str) -> &'static str {
    match code {
        "totp" => "パスワードと認証アプリ",
        "paper" => "パスワードと予備の番号",
        "mail" => "パスワードとメールの確認コード",
        "passkey" => "パスキー",
        _ => "",
    }
}

fn session((s, is_own): (kaigo_store::account::OpenSession, bool)) -> SessionRow {
    SessionRow {
        id: s.session_id,
        is_own,
        from: from(&s.place, &s.browser),
        since: say::instant(&s.created_at),
        way: way(&s.way).to_owned(),
    }
}

fn event(e: &kaigo_store::account::Event) -> EventRow {
    let noted = |word: &str| if e.note.is_empty() { word.to_owned() } else { format!("{word}：{}", e.note) };
    let (tone, what) = match e.what.as_str() {
        "password" => (Tone::Info, "パスワードを変えました".to_owned()),
        "totp" => (Tone::Info, "認証アプリを新しくしました".to_owned()),
        "codes" => (Tone::Info, "予備の番号を新しくしました".to_owned()),
        "passkey-added" => (Tone::Info, noted("パスキーを登録しました")),
        "passkey-removed" => (Tone::Info, noted("パスキーを消しました")),
        "passkey-copied" => {
            (Tone::Bad, noted("写されたかもしれないパスキーが使われました。このパスキーを消してください"))
        }
        "session-ended" => (Tone::Info, "ほかの端末をログアウトさせました".to_owned()),
        "joined" => (Tone::Info, format!("{}さんの招待で登録しました", e.note)),
        other => {
            if let Some(code) = other.strip_prefix("login-") {
                (Tone::Plain, format!("ログイン（{}）", way(code)))
            } else {
                let act = kaigo_app::account::colleagues::word(other.trim_start_matches("by-admin-"));
                (Tone::Info, format!("{}さんがアカウントを変えました（{act}）", e.note))
            }
        }
    };
    EventRow { at: say::instant(&e.happened_at), chip: Chip::new(tone, what), from: from(&e.place, &e.browser) }
}

/// GET /account/prove
async fn prove_form(Somebody(req): Somebody, at: At) -> Response {
    prove_page(&req, &at, local(req.asked("next")), Vec::new()).await
}

pub(crate) async fn prove_page(req: &Req, at: &At, next: &str, errors: Vec<FieldError>) -> Response {
    let has_passkey = can_use(req, at).await;
    let ways = match req.caller() {
        Ok(caller) => own::ways_to_prove(&req.web.app, caller).await,
        Err(error) => Err(error),
    };
    let (login, mail) = match ways {
        Ok(ways) => ways,
        Err(error) => return failure(req, &error),
    };
    let demo_code = crate::login::demo_code(req, &login);
    let view = Prove { shell: req.shell(), errors, next: next.to_owned(), has_passkey, mail, demo_code };
    page(status(&view.errors), &view)
}

/// POST /account/prove/mail: sends a code to the confirmed address.
async fn prove_by_mail(Somebody(req): Somebody, at: At, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let next = local(fields.get("next"));
    let done = match req.caller() {
        Ok(caller) => own::send_code(&req.web.app, &req.ctx, caller, token_of(&req)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => moved(&format!("/account/prove?done=mail-code&next={}", percent(next))),
        Err(Error::TooMany { .. }) => {
            prove_page(&req, &at, next, vec![FieldError::new("", crate::login::SENT_BEFORE)]).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /account/prove
async fn prove(Somebody(req): Somebody, at: At, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let next = local(fields.get("next"));
    let done = match req.caller() {
        Ok(caller) => {
            let typed = (fields.get("password"), fields.get("code"));
            own::prove(&req.web.app, &req.ctx, caller, token_of(&req), typed).await
        }
        Err(error) => Err(error),
    };
    match done.map_err(wrongs) {
        Ok(()) => moved(if next == "/" { "/account" } else { next }),
        Err(Ok(errors)) => prove_page(&req, &at, next, errors).await,
        Err(Err(error)) => failure(&req, &error),
    }
}

/// Whether the password is provisional.
fn is_first(req: &Req) -> bool {
    req.login.as_ref().is_some_and(|login| login.must_change)
}

/// A provisional password is changed before anything else, without another proof.
#[expect(clippy::result_large_err, reason = "the refusal is the page itself, once a request")]
fn sure_or_first(req: &Req) -> Result<(), Response> {
    if is_first(req) { Ok(()) } else { sure(req, "/account/password") }
}

/// GET /account/password
async fn password_form(Somebody(req): Somebody) -> Response {
    if let Err(response) = sure_or_first(&req) {
        return response;
    }
    ok(&Password { is_first: is_first(&req), shell: req.shell(), errors: Vec::new() })
}

/// POST /account/password
async fn password(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(response) = sure_or_first(&req) {
        return response;
    }
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let (old, new) = (fields.get("password"), fields.get("new_password"));
    let done = match req.caller() {
        Ok(caller) => own::change_password(&req.web.app, &req.ctx, caller, token_of(&req), (old, new)).await,
        Err(error) => Err(error),
    };
    match done.map_err(wrongs) {
        Ok(()) if is_first(&req) => moved("/?done=password-changed"),
        Ok(()) => moved("/account?done=password-changed"),
        Err(Ok(errors)) => page(status(&errors), &Password { is_first: is_first(&req), shell: req.shell(), errors }),
        Err(Err(error)) => failure(&req, &error),
    }
}

/// GET /account/totp
async fn totp_form(Somebody(req): Somebody) -> Response {
    if let Err(response) = sure(&req, "/account/totp") {
        return response;
    }
    let key = req.ctx.ids.id();
    totp_page(&req, &key, Vec::new()).await
}

async fn totp_page(req: &Req, key: &str, errors: Vec<FieldError>) -> Response {
    let new = match req.caller() {
        Ok(caller) => own::new_totp(&req.web.app, caller, key).await,
        Err(error) => Err(error),
    };
    match new {
        Ok(new) => {
            let view = Totp {
                shell: req.shell(),
                errors,
                key: key.to_owned(),
                secret: in_fours(&new.secret),
                qr: qr(&new.uri),
            };
            page(status(&view.errors), &view)
        }
        Err(error) => failure(req, &error),
    }
}

/// POST /account/totp
async fn totp(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    if let Err(response) = sure(&req, "/account/totp") {
        return response;
    }
    let key = fields.get("key");
    let done = match req.caller() {
        Ok(caller) => own::set_totp(&req.web.app, &req.ctx, caller, key, fields.get("code")).await,
        Err(error) => Err(error),
    };
    match done.map_err(wrongs) {
        Ok(()) => moved("/account?done=totp-changed"),
        // A form that no page of ours made.
        Err(Err(Error::NotFound)) => moved("/account/totp"),
        Err(Ok(errors)) => totp_page(&req, key, errors).await,
        Err(Err(error)) => failure(&req, &error),
    }
}

/// GET /account/codes
async fn codes_form(Somebody(req): Somebody) -> Response {
    if let Err(response) = sure(&req, "/account/codes") {
        return response;
    }
    ok(&Codes { key: req.ctx.ids.id(), shell: req.shell(), codes: Vec::new() })
}

/// POST /account/codes: the answer shows the numbers, once.
async fn codes(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    if let Err(response) = sure(&req, "/account/codes") {
        return response;
    }
    let key = fields.get("key");
    let codes = match req.caller() {
        Ok(caller) => own::new_codes(&req.web.app, &req.ctx, caller, key).await,
        Err(error) => Err(error),
    };
    match codes {
        Ok(codes) => ok(&Codes { key: key.to_owned(), shell: req.shell(), codes }),
        // A form that no page of ours made.
        Err(Error::NotFound) => moved("/account/codes"),
        Err(error) => failure(&req, &error),
    }
}

/// POST /account/sessions/{s}/end
async fn end_session(
    Somebody(req): Somebody,
    axum::extract::Path(s): axum::extract::Path<String>,
    fields: Fields,
) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => own::end_session(&req.web.app, &req.ctx, caller, &s).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => moved("/account?done=session-ended"),
        Err(error) => failure(&req, &error),
    }
}

/// POST /account/sessions/others/end
async fn end_others(Somebody(req): Somebody, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let done = match req.caller() {
        Ok(caller) => own::end_others(&req.web.app, &req.ctx, caller, token_of(&req)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => moved("/account?done=session-ended"),
        Err(error) => failure(&req, &error),
    }
}
