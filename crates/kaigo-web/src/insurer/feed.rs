//! 記録の取込: a feed through the browser, its report, the history of loads, taking the last one back.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::import::browser::{self, Allowed, Clock, Ended, Looked, Report, ReportFinding};
use kaigo_app::import::history::{self, KindHealth};
use kaigo_app::import::undo;
use kaigo_core::date::seireki;
use kaigo_core::policy::{Act, decide_act};
use kaigo_core::rule::exchange::{Limits, limits};
use kaigo_core::rule::feed::Freshness;
use kaigo_store::feed::{KindCount, LoadRow, Upload as Kept};

use crate::Web;
use crate::exchange::parts::{self, Upload};
use crate::failure::{failure, moved, ok, page};
use crate::request::{Fields, Insurer, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::WorkLine;
use crate::view::insurer::feed as view;
use crate::view::{Chip, Choice, Fact, FieldError, Link, Paging, Tone};

/// Findings on one page.
const FINDINGS: usize = 100;
/// A job that takes no longer than this has its answer on the next page.
const PATIENCE: Duration = Duration::from_secs(3);
/// Bytes of a request at most: who sends a little too much shall read why.
const MOST_REQUEST: usize = 300 << 20;

/// The URLs of the feed.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    let upload = post(upload).layer(DefaultBodyLimit::max(MOST_REQUEST));
    vec![
        row("GET", "/insurer/feed", Insurer, "load-records", get(form)),
        row("POST", "/insurer/feed", Insurer, "load-records", upload),
        row("GET", "/insurer/feed/uploads/{u}", Insurer, "load-records", get(show)),
        row("GET", "/insurer/feed/uploads/{u}/report.json", Insurer, "load-records", get(report_json)),
        row("GET", "/insurer/feed/uploads/{u}/report.csv", Insurer, "load-records", get(report_csv)),
        row("POST", "/insurer/feed/uploads/{u}/check", Insurer, "load-records", post(check)),
        row("POST", "/insurer/feed/uploads/{u}/publish", Insurer, "load-records", post(publish)),
        row("POST", "/insurer/feed/uploads/{u}/discard", Insurer, "load-records", post(discard)),
        row("GET", "/insurer/feed/loads", Insurer, "load-records", get(loads)),
        row("GET", "/insurer/feed/loads/{n}", Insurer, "load-records", get(load)),
        row("GET", "/insurer/feed/undo", Insurer, "hide-records", get(undo_form)),
        row("POST", "/insurer/feed/undo", Insurer, "hide-records", post(undo_do)),
    ]
}

/// What the first page of the municipality says of the feed.
pub(crate) async fn glance(req: &Req) -> Result<WorkLine, Error> {
    let health = history::health(&req.web.app, &req.ctx, req.caller()?).await?;
    let troubles = i64::try_from(health.troubles()).unwrap_or(i64::MAX);
    let say = match health.last_on {
        Some((on, days)) => format!("最後の取込は{}（{days}日前）です。", seireki(on)),
        None => "まだ取込がありません。".to_owned(),
    };
    Ok(WorkLine {
        tone: if troubles == 0 { Tone::Plain } else { Tone::Warn },
        heading: "記録の取込で、確かめたい種類".to_owned(),
        count: troubles,
        unit: "種類",
        say,
        href: "/insurer/feed".to_owned(),
    })
}

fn clock(req: &Req) -> Clock {
    let (web, ids) = (Arc::clone(&req.web), req.web.ids.clone());
    Arc::new(move || web.clock.ctx(&ids).now)
}

fn bounds(req: &Req) -> Limits {
    Limits { upload_bytes: browser::MOST_BYTES, upload_files: browser::MOST_FILES, ..limits(req.ctx.today) }
}

/// GET /insurer/feed
async fn form(Insurer(req): Insurer) -> Response {
    match overview(&req, Vec::new()).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

async fn overview(req: &Req, errors: Vec<FieldError>) -> Result<view::Feed, Error> {
    let (app, ctx, caller) = (&req.web.app, &req.ctx, req.caller()?);
    let health = history::health(app, ctx, caller).await?;
    let uploads = browser::uploads(app, ctx, caller).await?;
    let last = match health.last_on {
        Some((on, 0)) => format!("最後の取込は、きょう（{}）です。", seireki(on)),
        Some((on, days)) => format!("最後の取込は{}で、{days}日前です。", seireki(on)),
        None => "まだ取込がありません。".to_owned(),
    };
    Ok(view::Feed {
        shell: req.shell(),
        errors,
        last,
        chip: fresh(health.freshness, false),
        kinds: health.kinds.iter().map(kind_line).collect(),
        uploads: uploads.iter().map(upload_line).collect(),
        limits: format!(
            "1回に{}MB・{}ファイルまでです。大きいときは、zip にしてください。",
            browser::MOST_BYTES >> 20,
            say::grouped(&browser::MOST_FILES)
        ),
        may_hide: decide_act(caller, Act::HideRecords).is_ok(),
    })
}

fn fresh(freshness: Option<Freshness>, fell: bool) -> Chip {
    match (freshness, fell) {
        (None, _) => Chip::new(Tone::Warn, "まだありません"),
        (Some(Freshness::Late), _) => Chip::new(Tone::Bad, "止まっています"),
        (Some(_), true) => Chip::new(Tone::Bad, "急に減りました"),
        (Some(Freshness::Old), false) => Chip::new(Tone::Warn, "日がたっています"),
        (Some(Freshness::Fresh), false) => Chip::new(Tone::Good, "届いています"),
    }
}

fn kind_line(kind: &KindHealth) -> view::KindLine {
    let last = match (kind.last_on, kind.days) {
        (Some(on), Some(days)) => format!("{}（{days}日前）", seireki(on)),
        _ => String::new(),
    };
    let counts = kind.last.as_ref().map(|c| {
        let rows = say::grouped(&c.rows);
        format!(
            "{rows}行（追加{}・訂正{}・取下げ{}）",
            say::grouped(&c.inserted),
            say::grouped(&c.corrected),
            say::grouped(&c.dropped)
        )
    });
    let full = kind.full.map(|(now, before)| match before {
        Some(before) => format!("{}件（その前 {}件）", say::grouped(&now), say::grouped(&before)),
        None => format!("{}件", say::grouped(&now)),
    });
    view::KindLine {
        label: kind.label.to_owned(),
        last,
        counts: counts.unwrap_or_default(),
        full: full.unwrap_or_default(),
        chip: fresh(kind.freshness, kind.fell),
    }
}

fn state_chip(upload: &Kept, report: Option<&Report>) -> Chip {
    match (upload.state.as_str(), report.map(|r| r.summary.outcome.as_str())) {
        ("kept", _) => Chip::new(Tone::Plain, "まだ確かめていません"),
        ("checking", _) => Chip::new(Tone::Info, "確かめています"),
        ("publishing", _) => Chip::new(Tone::Info, "取り込んでいます"),
        ("published", Some("unchanged")) => Chip::new(Tone::Good, "変わりなし"),
        ("published", _) => Chip::new(Tone::Good, "取り込みました"),
        ("discarded", _) => Chip::new(Tone::Plain, "取り消しました"),
        (_, Some("errors")) => Chip::new(Tone::Bad, "エラーがあります"),
        (_, Some("asked")) => Chip::new(Tone::Bad, "消える記録が多すぎます"),
        (_, Some("unchanged")) => Chip::new(Tone::Good, "変わりなし"),
        _ => Chip::new(Tone::Good, "取り込めます"),
    }
}

fn upload_line(upload: &Kept) -> view::UploadLine {
    let report: Option<Report> = serde_json::from_str(&upload.report).ok();
    view::UploadLine {
        word: format!("{} に {} が入れました", say::short_instant(&upload.uploaded_at), upload.uploaded_by),
        href: format!("/insurer/feed/uploads/{}", upload.upload_id),
        chip: state_chip(upload, report.as_ref()),
    }
}

/// POST /insurer/feed
async fn upload(Insurer(req): Insurer, State(web): State<Arc<Web>>, request: Request) -> Response {
    let files = match parts::read(&req, &web, request, bounds(&req)).await {
        Err(page) => return page,
        Ok(Upload::Files(files)) => files,
        Ok(Upload::TooMuch) => {
            let say = format!(
                "1回に入れられる大きさ（{}MB）をこえています。zip にするか、分けてください。",
                browser::MOST_BYTES >> 20
            );
            return again(&req, StatusCode::PAYLOAD_TOO_LARGE, say).await;
        }
        Ok(Upload::Broken) => {
            let say = "ファイルが途中で切れたようです。もう一度、選びなおして送ってください。".to_owned();
            return again(&req, StatusCode::UNPROCESSABLE_ENTITY, say).await;
        }
    };
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let kept = match browser::keep(&req.web.app, &req.ctx, caller, files).await {
        Ok(id) => id,
        Err(Error::Invalid(wrong)) => {
            let say = wrong.into_iter().map(|w| w.say).collect::<Vec<_>>().join(" ");
            return again(&req, StatusCode::UNPROCESSABLE_ENTITY, say).await;
        }
        Err(error) => return failure(&req, &error),
    };
    let looked = browser::look(&req.web.app, &req.ctx, caller, &kept).await;
    if looked.is_ok_and(|l| l.upload.state == "kept") {
        match browser::check(&req.web.app, &req.ctx, caller, &kept, clock(&req)).await {
            Ok(ended) => wait(ended).await,
            Err(error) => return failure(&req, &error),
        }
    }
    moved(&format!("/insurer/feed/uploads/{kept}"))
}

async fn again(req: &Req, status: StatusCode, say: String) -> Response {
    match overview(req, vec![FieldError::new("files", say)]).await {
        Ok(view) => page(status, &view),
        Err(error) => failure(req, &error),
    }
}

/// Waits a little: a small feed is done before its page is asked for.
async fn wait(ended: Option<Ended>) {
    if let Some(ended) = ended {
        let _ = tokio::time::timeout(PATIENCE, ended).await;
    }
}

/// GET /insurer/feed/uploads/{u}
async fn show(Insurer(req): Insurer, Path(u): Path<String>) -> Response {
    upload_page(&req, &u, Vec::new(), "").await
}

async fn upload_page(req: &Req, u: &str, errors: Vec<FieldError>, number: &str) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let looked = match browser::look(&req.web.app, &req.ctx, caller, u).await {
        Ok(looked) => looked,
        Err(error) => return failure(req, &error),
    };
    match history::health(&req.web.app, &req.ctx, caller).await {
        Ok(health) => page(status, &upload_view(req, &looked, &health.kinds, errors, number)),
        Err(error) => failure(req, &error),
    }
}

fn upload_view(
    req: &Req,
    looked: &Looked,
    kinds: &[KindHealth],
    errors: Vec<FieldError>,
    number: &str,
) -> view::Upload {
    let upload = &looked.upload;
    let running = matches!(upload.state.as_str(), "checking" | "publishing") && !looked.is_dead;
    let none = Report::default();
    let report = looked.report.as_ref().unwrap_or(&none);
    let outcome = report.summary.outcome.as_str();
    let is_checked = upload.state == "checked" && !looked.is_stale;
    let hides: Vec<String> = report
        .findings
        .iter()
        .filter(|f| matches!(f.code.as_str(), "feed-drops" | "feed-blanks"))
        .map(|f| format!("{}：{}", f.item.clone().unwrap_or_default(), f.say))
        .collect();
    let skip = if is_checked && report.can_skip() {
        format!(
            "エラーのある{}行を除いて取り込む（その人の前の記録は、そのままです）",
            say::grouped(&report.summary.skipped)
        )
    } else {
        String::new()
    };
    let fits = matches!(outcome, "checked" | "asked") || !skip.is_empty();
    let (findings, found, paging) = findings(req, report, &upload.upload_id);
    view::Upload {
        href: format!("/insurer/feed/uploads/{}", upload.upload_id),
        facts: upload_facts(looked),
        chip: state_chip(upload, looked.report.as_ref()),
        say: meaning(looked, report, running),
        running,
        can_check: looked.is_dead
            || matches!(upload.state.as_str(), "kept")
            || (upload.state == "checked" && (looked.is_stale || outcome == "errors")),
        can_discard: matches!(upload.state.as_str(), "kept" | "checked"),
        can_publish: is_checked && fits && (hides.is_empty() || looked.may_hide),
        digest: upload.digest.clone(),
        skip,
        needs_admin: is_checked && !hides.is_empty() && !looked.may_hide,
        number_hint: say::grouped(&report.number_to_type()),
        number: number.to_owned(),
        hides: if upload.state == "checked" { hides } else { Vec::new() },
        rows: report_rows(report, kinds),
        counts: finding_counts(report),
        severities: choices(
            req.asked("severity"),
            &[("", "すべて"), ("error", "エラー"), ("warning", "注意"), ("note", "お知らせ")],
        ),
        files: file_choices(req.asked("file"), report),
        findings,
        found,
        paging,
        load: upload
            .published_load
            .map(|n| Link::new(format!("第{n}回の取込を見る"), format!("/insurer/feed/loads/{n}"))),
        errors,
        shell: req.shell(),
    }
}

fn upload_facts(looked: &Looked) -> Vec<Fact> {
    let upload = &looked.upload;
    let names: Vec<String> = looked
        .files
        .iter()
        .take(5)
        .map(|file| format!("{}（{}）", file.name, say::bytes(u64::try_from(file.size).unwrap_or(0))))
        .collect();
    let more = looked.files.len().saturating_sub(5);
    let mut files = Fact::many("ファイル", names);
    if more > 0 {
        files = files.note(format!("ほかに{more}ファイル"));
    }
    let mut facts = vec![
        Fact::new("入れた人", format!("{}　{}", upload.uploaded_by, say::instant(&upload.uploaded_at))),
        files,
        Fact::new("確認の記号（SHA-256）", upload.digest.clone()),
    ];
    if let (Some(by), Some(at)) = (&upload.published_by, &upload.published_at) {
        facts.push(Fact::new("取り込んだ人", format!("{by}　{}", say::instant(at))));
    }
    facts
}

fn meaning(looked: &Looked, report: &Report, running: bool) -> String {
    let upload = &looked.upload;
    if running {
        let of = if upload.rows_total > 0 { format!("／{}", say::grouped(&upload.rows_total)) } else { String::new() };
        return format!("{}{of}行まで読みました。{}", say::grouped(&upload.rows_done), upload.current_file);
    }
    if looked.is_dead {
        return "途中で止まったようです。前の記録はそのままです。もう一度確かめてください。".to_owned();
    }
    if looked.is_stale {
        return "確かめたあとに、別の取込がありました。もう一度確かめてください。".to_owned();
    }
    let say = match (upload.state.as_str(), report.summary.outcome.as_str()) {
        ("kept", _) => "まだ確かめていません。",
        ("discarded", _) => "この取込は、取り消されました。何も変えていません。",
        ("published" | _, "unchanged") => "前に取り込んだ内容と同じです。何も変えるものはありません。",
        ("published", _) => "取り込みました。担当の事業所やご本人に、すぐに見えています。",
        (_, "errors") => "エラーがあるため、このままでは取り込めません。前の記録はそのままです。",
        (_, "asked") => "消える記録か、空になる項目が多すぎるため、止めました。前の記録はそのままです。",
        _ => "確かめました。まだ取り込んでいません。内容を見て、よければ「取り込む」を押してください。",
    };
    say.to_owned()
}

fn report_rows(report: &Report, kinds: &[KindHealth]) -> Vec<view::CountRow> {
    let known = history::kinds();
    let label =
        |kind: &str| known.iter().find(|(k, _)| *k == kind).map_or_else(|| kind.to_owned(), |(_, ja)| (*ja).to_owned());
    let rows = report.files.iter().map(|f| view::CountRow {
        label: label(&f.kind),
        counts: [f.rows, f.inserted, f.corrected, f.unchanged, f.dropped, f.skipped].map(|n| say::grouped(&n)),
        before: kinds
            .iter()
            .find(|k| k.kind == f.kind)
            .and_then(|k| k.last.as_ref())
            .map(|last| format!("{}行", say::grouped(&last.rows)))
            .unwrap_or_default(),
    });
    rows.collect()
}

fn finding_counts(report: &Report) -> Vec<Chip> {
    let s = &report.summary;
    [(s.errors, Tone::Bad, "エラー"), (s.warnings, Tone::Warn, "注意"), (s.notes, Tone::Info, "お知らせ")]
        .into_iter()
        .filter(|(n, _, _)| *n > 0)
        .map(|(n, tone, word)| Chip::new(tone, format!("{word} {}件", say::grouped(&n))))
        .collect()
}

fn choices(chosen: &str, all: &[(&str, &str)]) -> Vec<Choice> {
    all.iter().map(|(value, word)| Choice { chosen: *value == chosen, ..Choice::new(*value, *word) }).collect()
}

fn file_choices(chosen: &str, report: &Report) -> Vec<Choice> {
    let mut files: Vec<&str> = report.findings.iter().map(|f| f.file.as_str()).filter(|f| !f.is_empty()).collect();
    files.dedup();
    files.sort_unstable();
    files.dedup();
    let mut all = vec![Choice { chosen: chosen.is_empty(), ..Choice::new("", "すべて") }];
    all.extend(files.into_iter().map(|file| Choice { chosen: file == chosen, ..Choice::new(file, file) }));
    all
}

fn findings(req: &Req, report: &Report, upload_id: &str) -> (Vec<view::Finding>, String, Paging) {
    let (severity, file) = (req.asked("severity"), req.asked("file"));
    let fits =
        |f: &&ReportFinding| (severity.is_empty() || f.severity == severity) && (file.is_empty() || f.file == file);
    let all: Vec<&ReportFinding> = report.findings.iter().filter(fits).collect();
    let at: usize = req.asked("page").parse().unwrap_or(0);
    let first = at.saturating_mul(FINDINGS);
    let shown: Vec<view::Finding> = all.iter().skip(first).take(FINDINGS).map(|f| finding(f)).collect();
    let link = |n: usize| {
        format!("/insurer/feed/uploads/{upload_id}?severity={}&file={}&page={n}", percent(severity), percent(file))
    };
    let paging = Paging {
        previous: at.checked_sub(1).map(link),
        next: (first.saturating_add(FINDINGS) < all.len()).then(|| link(at + 1)),
        say: if all.len() > FINDINGS { format!("{}件めから", say::grouped(&(first + 1))) } else { String::new() },
    };
    (shown, format!("{}件", say::grouped(&all.len())), paging)
}

fn finding(f: &ReportFinding) -> view::Finding {
    let row = f.row.map(|n| format!(" {}行め", say::grouped(&n))).unwrap_or_default();
    let column = f.column.map(|n| format!(" {n}列め")).unwrap_or_default();
    let item = f.item.as_ref().map(|item| format!("「{item}」")).unwrap_or_default();
    let chip = match f.severity.as_str() {
        "error" => Chip::new(Tone::Bad, "エラー"),
        "warning" => Chip::new(Tone::Warn, "注意"),
        _ => Chip::new(Tone::Info, "お知らせ"),
    };
    view::Finding {
        chip,
        place: format!("{}{row}{column}{item}", f.file),
        code: f.code.clone(),
        say: f.say.clone(),
        mend: match f.code.as_str() {
            // The report speaks of the command line; here an administrator types the number.
            "feed-drops" | "feed-blanks" => {
                "ファイルが途中で切れていないか確かめてください。正しければ、管理者が件数を入れて取り込めます。"
                    .to_owned()
            }
            _ => f.mend.clone(),
        },
    }
}

/// GET /insurer/feed/uploads/{u}/report.json
async fn report_json(Insurer(req): Insurer, Path(u): Path<String>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match browser::look(&req.web.app, &req.ctx, caller, &u).await {
        Ok(looked) if looked.report.is_some() => attachment("application/json", "torikomi-report.json", looked.json),
        Ok(_) => failure(&req, &Error::NotFound),
        Err(error) => failure(&req, &error),
    }
}

/// GET /insurer/feed/uploads/{u}/report.csv
async fn report_csv(Insurer(req): Insurer, Path(u): Path<String>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match browser::look(&req.web.app, &req.ctx, caller, &u).await {
        Ok(Looked { report: Some(report), .. }) => {
            attachment("text/csv; charset=utf-8", "torikomi-report.csv", csv(&report))
        }
        Ok(_) => failure(&req, &Error::NotFound),
        Err(error) => failure(&req, &error),
    }
}

/// The findings as spreadsheet programs of this country open them: UTF-8 with BOM, CRLF.
fn csv(report: &Report) -> String {
    let mut text = "\u{feff}区分,ファイル,行,列,項目,記号,内容,直し方\r\n".to_owned();
    for f in &report.findings {
        let number = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
        let cells = [
            f.severity.clone(),
            f.file.clone(),
            number(f.row),
            number(f.column.map(u64::from)),
            f.item.clone().unwrap_or_default(),
            f.code.clone(),
            f.say.clone(),
            f.mend.clone(),
        ];
        let line: Vec<String> = cells.iter().map(|cell| cell_of(cell)).collect();
        text.push_str(&line.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell of a CSV; what a spreadsheet would take for a formula gets an apostrophe.
fn cell_of(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn attachment(kind: &'static str, name: &str, body: String) -> Response {
    let place = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let place = place.unwrap_or(HeaderValue::from_static("attachment"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, place)], body)
        .into_response()
}

/// POST /insurer/feed/uploads/{u}/check
async fn check(Insurer(req): Insurer, Path(u): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match browser::check(&req.web.app, &req.ctx, caller, &u, clock(&req)).await {
        Ok(ended) => {
            wait(ended).await;
            moved(&format!("/insurer/feed/uploads/{}", percent(&u)))
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/feed/uploads/{u}/publish
async fn publish(Insurer(req): Insurer, Path(u): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let number = fields.get("number").trim();
    let allowed = Allowed {
        digest: fields.get("digest").to_owned(),
        skip_bad_rows: fields.get("skip") == "yes",
        number: (!number.is_empty()).then(|| number.to_owned()),
    };
    match browser::publish(&req.web.app, &req.ctx, caller, &u, &allowed, clock(&req)).await {
        Ok(ended) => {
            wait(ended).await;
            moved(&format!("/insurer/feed/uploads/{}", percent(&u)))
        }
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            upload_page(&req, &u, errors, number).await
        }
        Err(error) => failure(&req, &error),
    }
}

/// POST /insurer/feed/uploads/{u}/discard
async fn discard(Insurer(req): Insurer, Path(u): Path<String>, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match browser::discard(&req.web.app, &req.ctx, caller, &u).await {
        Ok(()) => moved("/insurer/feed?done=feed-discarded"),
        Err(error) => failure(&req, &error),
    }
}

fn mode(load: &LoadRow) -> &'static str {
    match load.mode.as_str() {
        "full" => "全件",
        "delta" => "差分",
        "undo" => "とりけし",
        _ => "",
    }
}

fn load_chip(load: &LoadRow) -> Chip {
    match (load.state.as_str(), &load.undone) {
        (_, Some(_)) => Chip::new(Tone::Warn, "とりけされました"),
        ("published", None) => Chip::new(Tone::Good, "取り込みました"),
        ("loading", None) => Chip::new(Tone::Info, "取り込んでいます"),
        _ => Chip::new(Tone::Plain, "取り込みませんでした"),
    }
}

fn who(load: &LoadRow) -> String {
    load.published_by.clone().or_else(|| load.uploaded_by.clone()).unwrap_or_else(|| "保険者のシステム".to_owned())
}

/// GET /insurer/feed/loads?before=
async fn loads(Insurer(req): Insurer) -> Response {
    let before: i32 = req.asked("before").parse().unwrap_or(i32::MAX);
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match history::loads(&req.web.app, &req.ctx, caller, before).await {
        Ok(all) => {
            let is_full = i32::try_from(all.len()).is_ok_and(|n| n == history::PAGE);
            let next = all.last().filter(|_| is_full).map(|l| format!("/insurer/feed/loads?before={}", l.load_no));
            let previous = (before != i32::MAX).then(|| "/insurer/feed/loads".to_owned());
            let rows = all.iter().map(load_line).collect();
            ok(&view::Loads { shell: req.shell(), rows, paging: Paging { previous, next, say: String::new() } })
        }
        Err(error) => failure(&req, &error),
    }
}

fn load_line(load: &LoadRow) -> view::LoadLine {
    view::LoadLine {
        name: format!("第{}回", load.load_no),
        href: format!("/insurer/feed/loads/{}", load.load_no),
        at: say::instant(load.published_at.as_deref().unwrap_or(&load.started_at)),
        mode: mode(load).to_owned(),
        chip: load_chip(load),
        by: who(load),
    }
}

fn load_facts(load: &LoadRow) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("種別", mode(load)),
        Fact::new("作られた日時", say::instant(&load.made_at)),
        Fact::new("取り込んだ日時", load.published_at.as_deref().map(say::instant).unwrap_or_default()),
        Fact::new("取り込んだ人", who(load)),
    ];
    if let Some(undone) = &load.undone {
        facts.push(
            Fact::new("とりけし", format!("{}　{}", undone.by, say::instant(&undone.at)))
                .note(format!("理由：{}（第{}回で元にもどしました）", undone.reason, undone.undo_load_no)),
        );
    }
    facts
}

fn kind_rows(kinds: &[KindCount]) -> Vec<view::CountRow> {
    let order = history::kinds();
    let rows = order.iter().filter_map(|(kind, ja)| kinds.iter().find(|c| c.kind == *kind).map(|c| (ja, c)));
    rows.map(|(ja, c)| view::CountRow {
        label: (*ja).to_owned(),
        counts: [c.rows, c.inserted, c.corrected, c.unchanged, c.dropped, c.skipped].map(|n| say::grouped(&n)),
        before: String::new(),
    })
    .collect()
}

/// GET /insurer/feed/loads/{n}
async fn load(Insurer(req): Insurer, Path(n): Path<String>) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let Ok(n) = n.parse::<i32>() else { return failure(&req, &Error::NotFound) };
    match history::load(&req.web.app, &req.ctx, caller, n).await {
        Ok((load, kinds)) => ok(&view::Load {
            shell: req.shell(),
            title: format!("第{n}回の取込"),
            chip: load_chip(&load),
            facts: load_facts(&load),
            rows: kind_rows(&kinds),
        }),
        Err(error) => failure(&req, &error),
    }
}

/// GET /insurer/feed/undo
async fn undo_form(Insurer(req): Insurer) -> Response {
    undo_page(&req, Vec::new(), "", "").await
}

async fn undo_page(req: &Req, errors: Vec<FieldError>, reason: &str, key: &str) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let preview = match undo::preview(&req.web.app, &req.ctx, caller).await {
        Ok(preview) => preview,
        Err(error) => return failure(req, &error),
    };
    let submit_key = if key.is_empty() { req.ctx.ids.id() } else { key.to_owned() };
    let empty = view::Undo {
        shell: req.shell(),
        errors,
        title: String::new(),
        load_no: String::new(),
        submit_key,
        facts: Vec::new(),
        rows: Vec::new(),
        reason: reason.to_owned(),
    };
    let view = match preview {
        Some(p) => view::Undo {
            title: format!("第{}回の取込", p.load.load_no),
            load_no: p.load.load_no.to_string(),
            facts: load_facts(&p.load),
            rows: kind_rows(&p.kinds),
            ..empty
        },
        None => empty,
    };
    page(status, &view)
}

/// POST /insurer/feed/undo
async fn undo_do(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let load_no: i32 = fields.get("load_no").parse().unwrap_or(0);
    let (reason, key) = (fields.get("reason"), fields.get("submit_key"));
    match undo::undo(&req.web.app, &req.ctx, caller, load_no, reason, key).await {
        Ok(done) => moved(&format!("/insurer/feed/loads/{}?done=feed-undone", done.load_no)),
        Err(Error::Invalid(wrong)) => {
            let errors = wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect();
            let kept = if kaigo_core::id::holds_individual_number(reason) { "" } else { reason };
            undo_page(&req, errors, kept, key).await
        }
        Err(error) => failure(&req, &error),
    }
}
