//! 届いたもの: the list, and fetching the files.

use axum::http::StatusCode;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::mailbox::{self, Fetched, Wanted};
use kaigo_careplan::kind::Unit;
use kaigo_careplan::pack::pack;

use super::{asked_filter, attachment, filter_view, frame, older, set_row};
use crate::failure::{failure, page};
use crate::request::{Fields, Req, Staff};
use crate::say;
use crate::view::FieldError;
use crate::view::exchange::Tab;
use crate::view::exchange::mailbox::Inbox as View;

/// GET /exchange/inbox?state=&partner=&before=
pub(crate) async fn list(Staff(req): Staff) -> Response {
    answer(&req, Vec::new()).await
}

async fn answer(req: &Req, errors: Vec<FieldError>) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match view(req, errors).await {
        Ok(view) => page(status, &view),
        Err(error) => failure(req, &error),
    }
}

async fn view(req: &Req, errors: Vec<FieldError>) -> Result<View, Error> {
    let found = mailbox::inbox(&req.web.app, &req.ctx, req.caller()?, &asked_filter(req), req.asked("before")).await?;
    let rows: Vec<_> = found.rows.iter().map(|row| set_row(req, row, true)).collect();
    // The first box that can be ticked carries the sentence.
    let first = rows.iter().find(|row| row.can_fetch).map(|row| format!("set-{}", row.s)).unwrap_or_default();
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Inbox).await?,
        errors: errors.into_iter().map(|error| FieldError { field: first.clone(), ..error }).collect(),
        filter: filter_view(req, &rows, true),
        paging: older(req, "/exchange/inbox", found.next.as_deref()),
        rows,
    })
}

/// POST /exchange/inbox: the files of the ticked sets, or of all new ones.
pub(crate) async fn fetch(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let ticked: Vec<String> = fields.ticked("set-").into_iter().map(str::to_owned).collect();
    let wanted = if fields.get("all") == "new" { Wanted::AllNew } else { Wanted::These(ticked) };
    if matches!(&wanted, Wanted::These(sets) if sets.is_empty()) {
        let say = "受け取るものを1つ以上選んでください。";
        return answer(&req, vec![FieldError::new("", say)]).await;
    }
    download(&req, wanted, "連携ファイル").await
}

/// Fetches sets and answers with one archive, in which each set has a folder of its own.
pub(super) async fn download(req: &Req, wanted: Wanted, name: &str) -> Response {
    match archive(req, wanted).await {
        Ok(bytes) => attachment("application/zip", &format!("{name}_{}.zip", say::file_stamp(req.ctx.now)), bytes),
        Err(error) => failure(req, &error),
    }
}

async fn archive(req: &Req, wanted: Wanted) -> Result<Vec<u8>, Error> {
    let sets = mailbox::fetch(&req.web.app, &req.ctx, req.caller()?, wanted).await?;
    if sets.is_empty() {
        let say = "新しく受け取るものは、もうありません。一覧を開きなおしてください。";
        return Err(Error::Conflict(say.to_owned()));
    }
    let folders: Vec<String> = sets.iter().map(folder).collect();
    let files = sets.iter().zip(&folders).flat_map(|(set, folder)| {
        set.files.iter().map(|file| (folder.as_str(), file.name.as_str(), file.bytes.as_slice()))
    });
    Ok(pack(files))
}

/// Where the files of a set lie in the archive. By sender, then in the order in which they must be taken.
fn folder(set: &Fetched) -> String {
    let unit = set.row.unit.map_or("files", Unit::code);
    format!("{}_{}_{unit}", set.row.from.office_no, set.row.serial)
}
