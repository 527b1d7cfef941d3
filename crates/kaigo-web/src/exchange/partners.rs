//! 相手の事業所: the directory, and the office's own marks in it.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::partner::{self, Only, PAGE, Row, Search};
use kaigo_core::service::ServiceKind;

use super::{frame, pages, partner as shown};
use crate::failure::{failure, moved, ok};
use crate::request::{Fields, Req, Staff, local, percent};
use crate::say;
use crate::view::exchange::Tab;
use crate::view::exchange::partners::{PartnerRow, Partners as View};
use crate::view::{Chip, Choice, Tone};

/// Kinds of service whose offices exchange most, for the search.
const SERVICES: &[&str] = &[
    "43", "46", "11", "12", "13", "14", "15", "16", "17", "21", "22", "71", "72", "73", "76", "77", "78", "62", "63",
    "64", "66", "67", "24", "25", "A2", "A6",
];

/// GET /exchange/partners?q=&service=&only=&page=
pub(crate) async fn list(Staff(req): Staff) -> Response {
    match view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn view(req: &Req) -> Result<View, Error> {
    let only = match req.asked("only") {
        "members" => Only::Members,
        "favourites" => Only::Favourites,
        _ => Only::Everybody,
    };
    let page: usize = req.asked("page").parse().unwrap_or(0);
    let wanted = Search {
        text: req.asked("q").trim().to_owned(),
        service: ServiceKind::parse(req.asked("service")).ok(),
        only,
        page,
    };
    let found = partner::search(&req.web.app, &req.ctx, req.caller()?, wanted).await?;
    let choices = [("", "すべて"), ("members", "連携できる事業所"), ("favourites", "よく使う事業所")];
    let kept = ["q", "service", "only"].map(|name| format!("{name}={}", percent(req.asked(name)))).join("&");
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Partners).await?,
        q: req.asked("q").to_owned(),
        services: services(req.asked("service")),
        only: choices.map(|(v, word)| Choice { chosen: v == req.asked("only"), ..Choice::new(v, word) }).into(),
        found: format!("{}事業所", say::grouped(&found.found)),
        rows: found.rows.iter().map(row).collect(),
        paging: pages(&format!("/exchange/partners?{kept}"), page, PAGE, found.found),
    })
}

fn services(chosen: &str) -> Vec<Choice> {
    let kinds = SERVICES.iter().filter_map(|code| ServiceKind::parse(code).ok());
    kinds.map(|kind| Choice { chosen: kind.code() == chosen, ..Choice::new(kind.code(), kind.label()) }).collect()
}

fn row(row: &Row) -> PartnerRow {
    let is_member = row.partner.registered;
    PartnerRow {
        partner: shown(&row.partner),
        kana: row.kana.clone(),
        city: row.address.clone(),
        services: row.services.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("、"),
        chip: if is_member {
            Chip::new(Tone::Good, "連携できます")
        } else {
            Chip::new(Tone::Plain, "まだ登録がありません")
        },
        active: row
            .last_active_at
            .as_deref()
            .filter(|_| is_member)
            .and_then(say::day_of)
            .map(|day| format!("最後に使った日 {}", say::short(day)))
            .unwrap_or_default(),
        recent: row.last_exchanged_at.as_ref().map(|_| Chip::new(Tone::Info, "この1か月にやりとりあり")),
        is_favourite: row.favourite,
        is_member,
    }
}

/// POST /exchange/partners/{o}/favourite
pub(crate) async fn favourite(Staff(req): Staff, Path(o): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let mark = fields.get("favourite") == "yes";
    match favour(&req, &o, mark).await {
        Ok(()) => moved(&back(fields.get("back"), if mark { "favourite" } else { "not-favourite" })),
        Err(error) => failure(&req, &error),
    }
}

async fn favour(req: &Req, o: &str, mark: bool) -> Result<(), Error> {
    let (app, ctx, caller) = (&req.web.app, &req.ctx, req.caller()?);
    // Only what stands in the directory can be marked.
    partner::one(app, ctx, caller, o).await?;
    partner::favour(app, ctx, caller, o, mark).await
}

/// The list as it was, with a word about what was done.
fn back(asked: &str, done: &str) -> String {
    let list =
        Some(local(asked)).filter(|path| *path == "/exchange/partners" || path.starts_with("/exchange/partners?"));
    let (path, query) = list.and_then(|list| list.split_once('?')).unwrap_or(("/exchange/partners", ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("done="));
    let query = kept.chain([format!("done={done}").as_str()]).collect::<Vec<_>>().join("&");
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn the_way_back_leads_to_the_list_and_nowhere_else() {
        assert_eq!(back("/exchange/partners?q=a&done=x", "y"), "/exchange/partners?q=a&done=y");
        for odd in
            ["", "/", "/people?q=a", "//elsewhere.example", "https://elsewhere.example", "/exchange/partners/1/letter"]
        {
            assert_eq!(back(odd, "y"), "/exchange/partners?done=y", "{odd}");
        }
    }
}
