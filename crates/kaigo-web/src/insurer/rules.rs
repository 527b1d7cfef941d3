//! きまり: the insurer's rules as data: what holds, what may be set, what that would do.

use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::setting::{self, Page, Preview, Typed};
use kaigo_core::date::seireki;
use kaigo_core::policy::{Item, Reader};
use kaigo_core::rule::filing::FilingDeadline;
use kaigo_core::rule::insurer::{Key, Value, cell_code, choices, say_cell};

use crate::failure::{failure, invalid, moved, ok};
use crate::request::{Fields, Insurer, Req, percent};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::rules as view;
use crate::view::{Chip, Choice, FieldError, Tone};

/// Offices that a preview lists.
const OFFICES: usize = 50;

/// The URLs of rules.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Insurer;
    vec![
        row("GET", "/insurer/rules", Insurer, "list-insured", get(show)),
        row("POST", "/insurer/rules", Insurer, "set-rules", post(set)),
        row("GET", "/insurer/rules/edit", Insurer, "set-rules", get(edit)),
        row("POST", "/insurer/rules/preview", Insurer, "set-rules", post(preview)),
    ]
}

/// GET /insurer/rules
async fn show(Insurer(req): Insurer) -> Response {
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match setting::page(&req.web.app, &req.ctx, caller).await {
        Ok(page) => ok(&rules_view(&req, &page)),
        Err(error) => failure(&req, &error),
    }
}

fn rules_view(req: &Req, page: &Page) -> view::Rules {
    let mut starts = Vec::new();
    let mut others = Vec::new();
    for key in Key::all() {
        match key {
            Key::Start | Key::ItemStart(_) => starts.push(line(req, page, key)),
            Key::Cell(..) => {}
            Key::FilingDeadline
            | Key::UsualDays(_)
            | Key::CaseWarning
            | Key::ConsentText
            | Key::PaperRequests
            | Key::GraceMonths
            | Key::Switch(_) => others.push(line(req, page, key)),
        }
    }
    view::Rules {
        shell: req.shell(),
        insurer: page.insurer.name.clone(),
        may_set: page.may_set,
        starts,
        others,
        readers: Reader::ALL.iter().map(|reader| reader.label().to_owned()).collect(),
        cells: Item::ALL.iter().map(|item| cell_row(req, page, *item)).collect(),
        changes: page.changes.iter().map(|change| change_line(page, change)).collect(),
    }
}

/// The value that the insurer set and that holds today.
fn held(req: &Req, page: &Page, key: Key) -> Option<Value> {
    let standing = kaigo_core::rule::insurer::standing(&page.settings, req.ctx.today);
    standing.into_iter().find(|s| s.key == key).map(|s| s.value.clone())
}

fn later(req: &Req, page: &Page, key: Key) -> String {
    let mut later: Vec<String> = page
        .settings
        .iter()
        .filter(|s| s.key == key && s.valid_from > req.ctx.today)
        .map(|s| format!("{}から：{}", seireki(s.valid_from), with_unit(key, &s.value)))
        .collect();
    later.sort();
    later.join("、")
}

fn with_unit(key: Key, value: &Value) -> String {
    let unit = match (key, value) {
        (Key::UsualDays(_) | Key::CaseWarning, Value::Number(_)) => "日",
        (Key::GraceMonths, Value::Number(_)) => "か月",
        _ => "",
    };
    format!("{}{unit}", value.say())
}

fn value_now(req: &Req, page: &Page, key: Key) -> (String, bool) {
    if key == Key::Start {
        let say =
            page.insurer.started_on.map_or_else(|| "決まっていません".to_owned(), |on| format!("{}から", seireki(on)));
        return (say, page.settings.iter().any(|s| s.key == Key::Start));
    }
    match held(req, page, key) {
        Some(value) => (with_unit(key, &value), true),
        None if matches!(key, Key::ItemStart(_)) => ("保険者の利用開始日と同じ".to_owned(), false),
        None => (with_unit(key, &key.default_value(&page.standard, req.ctx.today)), false),
    }
}

fn line(req: &Req, page: &Page, key: Key) -> view::RuleLine {
    let (value, is_set) = value_now(req, page, key);
    view::RuleLine {
        label: key.label(),
        value,
        chip: if is_set { Chip::new(Tone::Info, "保険者の設定") } else { Chip::new(Tone::Plain, "標準") },
        later: later(req, page, key),
        href: edit_path(key),
    }
}

fn edit_path(key: Key) -> String {
    format!("/insurer/rules/edit?key={}", percent(&key.code()))
}

fn cell_row(req: &Req, page: &Page, item: Item) -> view::CellRow {
    let today = req.ctx.today;
    let matrix = page.rules.matrix(&page.standard, today);
    let cells = Reader::ALL.iter().map(|reader| {
        let key = Key::Cell(item, *reader);
        let (now, official) = (matrix.cell(item, *reader, today), page.standard.cell(item, *reader, today));
        view::CellShown {
            value: say_cell(now).to_owned(),
            official: if now == official { String::new() } else { say_cell(official).to_owned() },
            href: if choices(official, item, *reader).is_empty() { String::new() } else { edit_path(key) },
            later: later(req, page, key),
        }
    });
    view::CellRow { item: item.label().to_owned(), cells: cells.collect() }
}

fn change_line(page: &Page, change: &kaigo_store::setting::Change) -> view::ChangeLine {
    let key = Key::parse(&change.setting);
    let value = key.and_then(|key| {
        Value::parse(key, &change.value, &page.standard, change.valid_from).ok().map(|v| with_unit(key, &v))
    });
    view::ChangeLine {
        at: say::instant(&change.set_at),
        by: change.set_by.clone(),
        label: key.map_or_else(|| change.setting.clone(), Key::label),
        value: value.unwrap_or_else(|| change.value.clone()),
        from: seireki(change.valid_from),
        source: change.source.clone(),
        effect: change.effect.clone(),
    }
}

/// GET /insurer/rules/edit?key=
async fn edit(Insurer(req): Insurer) -> Response {
    let typed = Typed {
        key: req.asked("key").to_owned(),
        value: req.asked("value").to_owned(),
        from: req.asked("from").to_owned(),
        source: req.asked("source").to_owned(),
    };
    edit_page(&req, &typed, Vec::new()).await
}

async fn edit_page(req: &Req, typed: &Typed, errors: Vec<FieldError>) -> Response {
    let Ok(caller) = req.caller() else { return failure(req, &Error::LoginNeeded) };
    let page = match setting::page(&req.web.app, &req.ctx, caller).await {
        Ok(page) => page,
        Err(error) => return failure(req, &error),
    };
    if !page.may_set {
        return failure(req, &kaigo_core::policy::Refusal::NotAllowed.into());
    }
    let Some(key) = Key::parse(&typed.key) else { return failure(req, &Error::NotFound) };
    let options = options(req, &page, key, &typed.value);
    if options.is_empty() && matches!(key, Key::Cell(..)) {
        return failure(req, &Error::NotFound);
    }
    let view = view::RuleEdit {
        shell: req.shell(),
        key: typed.key.clone(),
        label: key.label(),
        now: value_now(req, &page, key).0,
        hint: key.hint().to_owned(),
        choices: options,
        value: shown(&typed.value),
        from: shown(&typed.from),
        asks_from: !matches!(key, Key::Start | Key::ItemStart(_)),
        source: shown(&typed.source),
        can_reset: key != Key::Start,
        errors,
    };
    if view.errors.is_empty() { ok(&view) } else { invalid(&view) }
}

/// An individual number is not written back into the page.
fn shown(text: &str) -> String {
    if kaigo_core::id::holds_individual_number(text) { String::new() } else { text.to_owned() }
}

fn options(req: &Req, page: &Page, key: Key, typed: &str) -> Vec<Choice> {
    let mut all: Vec<(String, String)> = match key {
        Key::Cell(item, reader) => {
            let official = page.standard.cell(item, reader, req.ctx.today);
            choices(official, item, reader)
                .into_iter()
                .map(|cell| (cell_code(cell).to_owned(), say_cell(cell).to_owned()))
                .collect()
        }
        Key::FilingDeadline => [
            FilingDeadline::BeforeUse,
            FilingDeadline::MonthEnd,
            FilingDeadline::MonthEndMinus(0),
            FilingDeadline::MonthEndMinus(1),
            FilingDeadline::DaysAfterResult(14),
        ]
        .into_iter()
        .map(|deadline| (deadline.code(), deadline.say()))
        .collect(),
        Key::Switch(_) => [true, false].into_iter().map(|on| (Value::Flag(on).code(), Value::Flag(on).say())).collect(),
        Key::Start
        | Key::ItemStart(_)
        | Key::UsualDays(_)
        | Key::CaseWarning
        | Key::ConsentText
        | Key::PaperRequests
        | Key::GraceMonths => return Vec::new(),
    };
    if all.is_empty() {
        return Vec::new();
    }
    all.push(("default".to_owned(), "標準にもどす".to_owned()));
    all.into_iter().map(|(value, word)| Choice { chosen: value == typed, ..Choice::new(value, word) }).collect()
}

fn typed(fields: &Fields) -> Typed {
    Typed {
        key: fields.get("key").to_owned(),
        value: fields.get("value").to_owned(),
        from: fields.get("from").to_owned(),
        source: fields.get("source").to_owned(),
    }
}

fn wrong_fields(wrong: Vec<kaigo_app::Wrong>) -> Vec<FieldError> {
    wrong.into_iter().map(|w| FieldError::new(w.field, w.say)).collect()
}

/// POST /insurer/rules/preview
async fn preview(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let typed = typed(&fields);
    match setting::preview(&req.web.app, &req.ctx, caller, &typed).await {
        Ok(preview) => ok(&preview_view(&req, &typed, &preview)),
        Err(Error::Invalid(wrong)) => edit_page(&req, &typed, wrong_fields(wrong)).await,
        Err(error) => failure(&req, &error),
    }
}

fn preview_view(req: &Req, typed: &Typed, preview: &Preview) -> view::RulePreview {
    let people = |n: usize| if n == 0 { String::new() } else { format!("{}人", say::grouped(&n)) };
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let query = [("key", &typed.key), ("value", &typed.value), ("from", &typed.from), ("source", &typed.source)]
        .map(|(name, value)| format!("{name}={}", percent(value)))
        .join("&");
    view::RulePreview {
        shell: req.shell(),
        label: preview.setting.key.label(),
        before: preview.before.clone(),
        after: preview.after.clone(),
        from: seireki(preview.setting.valid_from),
        say: preview.say(),
        offices: preview
            .offices
            .iter()
            .take(OFFICES)
            .map(|o| view::OfficeLine { name: o.name.clone(), gains: people(o.gains), loses: people(o.loses) })
            .collect(),
        more: preview.offices.len().saturating_sub(OFFICES),
        notes: preview.notes.clone(),
        hidden: vec![
            field("key", &typed.key),
            field("value", &typed.value),
            field("from", &preview.setting.valid_from.to_string()),
            field("source", &typed.source),
            field("submit_key", &req.ctx.ids.id()),
        ],
        back: format!("/insurer/rules/edit?{query}"),
    }
}

/// POST /insurer/rules
async fn set(Insurer(req): Insurer, fields: Fields) -> Response {
    if let Err(page) = fields.check(&req, &[]) {
        return page;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    let typed = typed(&fields);
    match setting::set(&req.web.app, &req.ctx, caller, &typed, fields.get("submit_key")).await {
        Ok(()) => moved("/insurer/rules?done=rule-set"),
        Err(Error::Invalid(wrong)) => edit_page(&req, &typed, wrong_fields(wrong)).await,
        Err(error) => failure(&req, &error),
    }
}
