//! ファイルを送る: the files come in and are checked; nothing is sent yet.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::upload;
use kaigo_core::rule::exchange::{Limits, limits};

use super::frame;
pub(crate) use super::parts::MOST_BYTES;
use super::parts::{self, Upload};
use crate::Web;
use crate::failure::{failure, moved, ok, page};
use crate::request::{Req, Staff};
use crate::say;
use crate::view::exchange::Tab;
use crate::view::exchange::send::Send as View;
use crate::view::{FieldError, Link};

/// GET /exchange/send
pub(crate) async fn form(Staff(req): Staff) -> Response {
    match view(&req, Vec::new()).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn view(req: &Req, errors: Vec<FieldError>) -> Result<View, Error> {
    let limits = limits(req.ctx.today);
    let open = upload::open(&req.web.app, &req.ctx, req.caller()?).await?;
    let link = |draft: &upload::OpenDraft| {
        Link::new(
            format!("{} に確かめたもの（{}）", say::short_instant(&draft.made_at), draft.made_by),
            format!("/exchange/drafts/{}", draft.draft_id),
        )
    };
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Send).await?,
        errors,
        limits: sentences(limits),
        most_bytes: limits.upload_bytes,
        most_file_bytes: limits.file_bytes,
        most_files: limits.upload_files,
        open: open.iter().map(link).collect(),
    })
}

/// The limits as the page says them before anything is chosen.
fn sentences(limits: Limits) -> Vec<String> {
    let mega = |bytes: usize| format!("{}MB", bytes >> 20);
    let years = limits.kept_days / 365;
    vec![
        format!(
            "1つのファイルは {}まで、1つの相手への1組は {}まで、1回に {}・{}ファイルまでです。ZIPは、開いたあとの大きさで数えます。",
            mega(limits.file_bytes),
            mega(limits.set_bytes),
            mega(limits.upload_bytes),
            say::grouped(&limits.upload_files)
        ),
        format!("送ったファイルは、送った日から {}日（およそ{years}年）保存します。", say::grouped(&limits.kept_days)),
        format!("確かめただけで送らなかったファイルは、{}日たつと消えます。", limits.draft_days),
    ]
}

/// POST /exchange/send
pub(crate) async fn upload(Staff(req): Staff, State(web): State<Arc<Web>>, request: Request) -> Response {
    let limits = limits(req.ctx.today);
    let (status, say) = match parts::read(&req, &web, request, limits).await {
        Err(page) => return page,
        Ok(Upload::Files(files)) if files.is_empty() => {
            let say = "ファイルが選ばれていません。介護ソフトから出したファイルかフォルダーを選んでください。";
            (StatusCode::UNPROCESSABLE_ENTITY, vec![say.to_owned()])
        }
        Ok(Upload::Files(files)) => {
            let Ok(caller) = req.caller() else {
                return failure(&req, &Error::LoginNeeded);
            };
            match upload::keep(&req.web.app, &req.ctx, caller, files).await {
                Ok(draft) => return moved(&format!("/exchange/drafts/{draft}")),
                Err(Error::Invalid(wrong)) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, wrong.into_iter().map(|w| w.say).collect())
                }
                Err(error) => return failure(&req, &error),
            }
        }
        Ok(Upload::TooMuch) => {
            let say = format!(
                "1回に送れる大きさ（{}MB・{}ファイル）をこえています。いくつかに分けて、入れなおしてください。",
                limits.upload_bytes >> 20,
                say::grouped(&limits.upload_files)
            );
            (StatusCode::PAYLOAD_TOO_LARGE, vec![say])
        }
        Ok(Upload::Broken) => {
            let say = "ファイルが途中で切れたようです。もう一度、選びなおして送ってください。";
            (StatusCode::UNPROCESSABLE_ENTITY, vec![say.to_owned()])
        }
    };
    let errors = say.into_iter().map(|say| FieldError::new("files", say)).collect();
    match view(&req, errors).await {
        Ok(view) => page(status, &view),
        Err(error) => failure(&req, &error),
    }
}
