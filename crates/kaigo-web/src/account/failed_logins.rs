//! ログインの失敗: those of an office's or an insurer's accounts for who administers them; everybody's, and what was refused, for the desk.

use axum::response::Response;
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::attempt::{self, HOURS, PAGE};
use kaigo_store::attempt::Failure;

use super::colleagues::Desk;
use crate::failure::{failure, ok};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::account::{FailedLogins, FailureRow};

/// The URLs of this area.
pub(super) fn routes() -> Vec<(Route, Handler)> {
    vec![
        row("GET", "/office/failed-logins", Access::Staff, "manage-staff", get(list)),
        row("GET", "/insurer/failed-logins", Access::Insurer, "manage-staff", get(list)),
        row("GET", "/operator/failed-logins", Access::Operator, "manage-staff", get(list)),
    ]
}

/// GET {base}/failed-logins. Query: `before`, the minute and the key of the last row seen.
async fn list(desk: Desk) -> Response {
    match page(&desk).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&desk.req, &error),
    }
}

async fn page(desk: &Desk) -> Result<FailedLogins, Error> {
    let req = &desk.req;
    let caller = req.caller()?;
    let before = req.asked("before").split_once('_').map(|(minute, key)| (minute.to_owned(), key.to_owned()));
    let rows = attempt::list(&req.web.app, caller, before).await?;
    let is_desk = desk.base == "/operator";
    let refused = if is_desk { attempt::refused(&req.web.app, &req.ctx, caller).await? } else { Vec::new() };
    let is_full = rows.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
    let last = rows.last().filter(|_| is_full);
    Ok(FailedLogins {
        shell: req.shell(),
        base: desk.base.to_owned(),
        days: attempt::DAYS,
        hours: HOURS,
        next: last.map(|f| format!("{}/failed-logins?before={}_{}", desk.base, f.minute, f.failure_key)),
        rows: rows.iter().map(failed).collect(),
        refused: refused
            .into_iter()
            .map(|(hour, kind, times)| {
                [say::instant(&format!("{hour}:00:00.000Z")), kind.label().to_owned(), say::grouped(&times)]
            })
            .collect(),
    })
}

fn failed(f: &Failure) -> FailureRow {
    let who = match (&f.account_id, f.login.as_str()) {
        (Some(_), login) => format!("{}（{login}）", f.name.as_deref().unwrap_or("名前なし")),
        (None, _) if f.what == "passkey-wrong" => "わかりません".to_owned(),
        (None, "") => "登録のないID（ほかにも多数）".to_owned(),
        (None, mark) if f.what == "login-unknown" => format!("登録のないID（{mark}）"),
        // A lock tells nobody whether there is such a login.
        (None, mark) if f.what == "locked" => format!("登録のないIDか、ご本人のID（{mark}）"),
        (None, mark) => format!("ご本人のID（{mark}）"),
    };
    let place = if f.place.is_empty() { "わかりません" } else { &f.place };
    FailureRow {
        at: say::instant(&f.last_at),
        who,
        owner: match f.owner_kind.as_str() {
            "office" => format!("事業所 {}", f.owner_no),
            "insurer" => format!("保険者 {}", f.owner_no),
            "operator" => "運営".to_owned(),
            _ => "－".to_owned(),
        },
        what: word(&f.what).to_owned(),
        times: say::grouped(&f.times),
        place: if f.is_spread { format!("{place} ほか") } else { place.to_owned() },
        browser: f.browser.clone(),
    }
}

/// What was wrong, in words.
fn word(what: &str) -> &'static str {
    match what {
        "password-wrong" => "パスワードがちがう",
        "password-again-wrong" => "ログイン中の確かめで、パスワードがちがう",
        "code-wrong" => "確認コードがちがう",
        "passkey-wrong" => "パスキーを確かめられない",
        "login-unknown" => "登録のないログインID",
        "account-stopped" => "利用を止めたアカウント",
        "locked" => "まちがいが続いたため、待つ時間のあいだ",
        "certificate-revoked" => "端末の電子証明書が失効している",
        "certificate-of-another" => "ほかの事業所の端末の電子証明書",
        _ => "そのほか",
    }
}
