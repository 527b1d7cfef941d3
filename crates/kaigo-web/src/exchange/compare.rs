//! 予定 against 実績 of one person and month, and two versions of a document: the differences in words, then the 31 days.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::Error;
use kaigo_app::exchange::compare::{self, Side, Sides};
use kaigo_app::exchange::mailbox::SetRow;
use kaigo_careplan::batch::Doc;
use kaigo_careplan::difference::{
    Difference, PlanChange, PlanDifference, Summary, What, of_plans, of_usages, of_versions,
};
use kaigo_careplan::name::Month;
use kaigo_careplan::sheet::{Cover, Grid as SheetGrid, MonthSheets, PersonSheets, Usage, of_person};

use super::grid::{Lines, marked_grid};
use super::head::{Named, head};
use super::preview::place;
use super::{document, frame};
use crate::failure::{failure, ok};
use crate::request::{Req, Staff};
use crate::say;
use crate::view::exchange::Tab;
use crate::view::exchange_sheet::compare::{Compare as View, Difference as DifferenceView};
use crate::view::exchange_sheet::grid::Grid;
use crate::view::{Chip, Choice, Link, Tone};

/// GET /exchange/compare/{s}/{p}?with=&only=
pub(crate) async fn show(Staff(req): Staff, Path((s, p)): Path<(String, String)>) -> Response {
    match view(&req, &s, &p).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

/// What was compared.
struct Compared {
    missing: String,
    against: String,
    differences: Vec<DifferenceView>,
    counts: Vec<Chip>,
    grid: Grid,
    hidden: usize,
}

async fn view(req: &Req, s: &str, p: &str) -> Result<View, Error> {
    let sides = compare::sides(&req.web.app, &req.ctx, req.caller()?, s, place(p)?, req.asked("with")).await?;
    let person = sides.own.person()?.clone();
    let sheets = sheets_of(&sides.own)?;
    let lines = Lines::parse(req.asked("only"));
    let month = Month::parse(&person.key);
    let compared = match &sides.other {
        Some(other) => versions(&sides.own, other, &sheets, lines)?,
        None => results(&sides, month, lines)?,
    };
    // 実績 have no name: it stands in the 予定.
    let naming = sides.planned.as_ref().unwrap_or(&sides.own);
    let (named, sheets) = (naming.person()?, sheets_of(naming)?);
    let (name, kana) = if named.name.is_empty() {
        compare::name_of(&req.web.app, req.caller()?, &person).await?
    } else {
        (named.name.clone(), named.kana.clone())
    };
    let named = Named { insurer_no: &person.insurer_no, insured_no: &person.insured_no, name: &name, kana: &kana };
    let title = match (month, &sides.other) {
        (Some(month), None) => format!("{}の予定と実績", month.label()),
        _ => format!("{}の2つの版", document(person.doc, &person.key, false)),
    };
    let back = month.map_or_else(
        || Link::new("もとの組", format!("/exchange/sets/{s}")),
        |month| Link::new(format!("{}月のまとめ", month.month), format!("/exchange/board?month={month}")),
    );
    Ok(View {
        shell: req.shell(),
        frame: frame(req, Tab::Board).await?,
        head: head(req, &sheets, named).await,
        back,
        title,
        sources: sources(&sides),
        missing: compared.missing,
        against: compared.against,
        counts: compared.counts,
        differences: compared.differences,
        hidden: compared.hidden,
        views: views(req, lines, !compared.grid.days.is_empty()),
        versions: choices(&sides, req.asked("with")),
        links: links(&sides),
        grid: compared.grid,
    })
}

pub(super) fn sheets_of(side: &Side) -> Result<PersonSheets, Error> {
    let person = side.person()?;
    Ok(of_person(&side.seen.set, &person.insurer_no, &person.insured_no))
}

/// The person's month of a side.
fn month_of(side: &Side) -> Result<MonthSheets, Error> {
    let key = &side.person()?.key;
    let months = sheets_of(side)?.months;
    Ok(months.into_iter().find(|month| month.month == *key).unwrap_or_default())
}

/// 予定 against 実績.
fn results(sides: &Sides, month: Option<Month>, lines: Lines) -> Result<Compared, Error> {
    let planned = sides.planned.as_ref().map(month_of).transpose()?.and_then(|month| month.planned);
    let mut usages = Vec::new();
    for side in &sides.results {
        usages.extend(month_of(side)?.result.map(|usage| (side.seen.set.from, usage)));
    }
    let cover = Cover::of_results(usages.iter().map(|(from, usage)| (*from, usage)));
    let refs: Vec<&Usage> = usages.iter().map(|(_, usage)| usage).collect();
    let sheet = SheetGrid::of(planned.as_ref(), &refs, &cover);
    let word = month.map(Month::label).unwrap_or_default();
    let has_both = planned.is_some() && !refs.is_empty();
    let found = if has_both { of_usages(planned.as_ref(), &refs, &cover) } else { Vec::new() };
    // Until there is something to compare with, all lines are shown.
    let lines = if has_both { lines } else { Lines::All };
    let caption = format!("{word}の予定と実績");
    let (grid, hidden) = marked_grid(&sheet, &caption, ["予定", "実績"], lines);
    Ok(Compared {
        missing: missing(sides, planned.is_some(), !refs.is_empty(), &word),
        against: "予定".to_owned(),
        counts: counts(&found),
        differences: found.iter().map(difference).collect(),
        grid,
        hidden,
    })
}

fn missing(sides: &Sides, has_planned: bool, has_result: bool, month: &str) -> String {
    let partner = &sides.own.seen.row.partner;
    let name = if partner.name.is_empty() { partner.office_no.as_str() } else { &partner.name };
    match (has_planned, has_result) {
        (true, true) => String::new(),
        (true, false) => {
            format!("{name}との {month}の実績が、まだありません。実績が届くか、送ると、ここでくらべられます。")
        }
        (false, true) => {
            format!("{name}との {month}の予定が見つかりません。取り消されたか、この仕組みの外で送られています。")
        }
        (false, false) => "くらべられる中身がありません。取消のファイルか、中身のないファイルです。".to_owned(),
    }
}

/// Two versions of one document, the earlier 連番 first.
fn versions(own: &Side, other: &Side, sheets: &PersonSheets, lines: Lines) -> Result<Compared, Error> {
    let is_later = other.seen.row.serial > own.seen.row.serial;
    let (old, new) = if is_later { (own, other) } else { (other, own) };
    let mut compared = Compared {
        missing: String::new(),
        against: "前の版".to_owned(),
        differences: Vec::new(),
        counts: Vec::new(),
        grid: Grid {
            caption: String::new(),
            upper: "前".to_owned(),
            lower: "あと".to_owned(),
            days: Vec::new(),
            lines: Vec::new(),
            loose: Vec::new(),
        },
        hidden: 0,
    };
    match own.person()?.doc {
        Some(doc @ (Doc::Usage | Doc::Result)) => {
            let usage = |month: MonthSheets| if doc == Doc::Usage { month.planned } else { month.result };
            let (old, new) = (usage(month_of(old)?).unwrap_or_default(), usage(month_of(new)?).unwrap_or_default());
            let found = of_versions(&old, &new);
            let sheet = SheetGrid::of(Some(&old), &[&new], &Cover::All);
            (compared.grid, compared.hidden) = marked_grid(&sheet, "前の版とあとの版", ["前", "あと"], lines);
            compared.counts = counts(&found);
            compared.differences = found.iter().map(difference).collect();
        }
        Some(Doc::CarePlan) => {
            let (first, second) = (sheets_of(old)?, sheets_of(new)?);
            if let (Some(old), Some(new)) = (first.care_plans.first(), second.care_plans.first()) {
                let found = of_plans(old, new);
                if !found.is_empty() {
                    compared.counts.push(Chip::new(Tone::Warn, format!("{}件", found.len())));
                }
                compared.differences = found.iter().map(plan_difference).collect();
            }
        }
        Some(Doc::Basic | Doc::Prevention) | None => {
            let name = if sheets.name.is_empty() { "この方" } else { &sheets.name };
            compared.missing =
                format!("{name}さんのこの書類は、版をくらべられません。それぞれの書類を開いて見てください。");
        }
    }
    Ok(compared)
}

fn tone(what: &What) -> Tone {
    match what {
        What::Cancelled { .. } => Tone::Bad,
        What::Added { .. } => Tone::Info,
        What::DayMoved { .. }
        | What::TimeMoved { .. }
        | What::CountChanged { .. }
        | What::CodeChanged { .. }
        | What::EquipmentChanged { .. } => Tone::Warn,
    }
}

/// One difference in words.
pub(super) fn difference(found: &Difference) -> DifferenceView {
    let office = if found.office_name.is_empty() { &found.office_no } else { &found.office_name };
    DifferenceView { chip: Chip::new(tone(&found.what), found.label()), office: office.clone(), say: found.say() }
}

fn plan_difference(found: &PlanDifference) -> DifferenceView {
    let chip = match found.change {
        PlanChange::Changed { .. } => Chip::new(Tone::Warn, "書きかわった"),
        PlanChange::Added => Chip::new(Tone::Info, "ふえた"),
        PlanChange::Removed => Chip::new(Tone::Bad, "なくなった"),
    };
    DifferenceView { chip, office: String::new(), say: found.say() }
}

/// How many of each kind, the worst first.
pub(super) fn counts(found: &[Difference]) -> Vec<Chip> {
    let mut counts: Vec<(&str, Tone, usize)> = Vec::new();
    for one in found {
        match counts.iter_mut().find(|(word, _, _)| *word == one.label()) {
            Some((_, _, count)) => *count += 1,
            None => counts.push((one.label(), tone(&one.what), 1)),
        }
    }
    counts.sort_by_key(|(_, tone, _)| *tone != Tone::Bad);
    debug_assert_eq!(counts.iter().map(|(_, _, n)| n).sum::<usize>(), found.len());
    debug_assert_eq!(usize::try_from(Summary::of(found).total()), Ok(found.len()));
    counts.into_iter().map(|(word, tone, count)| Chip::new(tone, format!("{word} {count}件"))).collect()
}

/// Where both sides come from.
fn sources(sides: &Sides) -> Vec<String> {
    let say = |word: &str, side: &Side| {
        let row = &side.seen.row;
        let partner =
            if row.partner.name.is_empty() { row.partner.office_no.to_string() } else { row.partner.name.clone() };
        let way = if side.seen.is_receiver { "から届きました" } else { "に送りました" };
        format!("{word}：{} に {partner} {way}（連番 {}）", say::instant(&row.sent_at), row.serial)
    };
    let planned = sides.planned.iter().map(|side| say("予定", side));
    let results = sides.results.iter().map(|side| say("実績", side));
    let versions = sides.other.iter().flat_map(|other| [say("開いた版", &sides.own), say("くらべる版", other)]);
    planned.chain(results).chain(versions).collect()
}

fn views(req: &Req, lines: Lines, has_grid: bool) -> Vec<Link> {
    if !has_grid {
        return Vec::new();
    }
    let with = req.asked("with");
    let path = req.here.split('?').next().unwrap_or("/");
    let href = |lines: Lines| format!("{path}?with={}&only={}", crate::request::percent(with), lines.code());
    let all =
        [(Lines::Differing, "ちがいだけ見る"), (Lines::Covered, "くらべた行を見る"), (Lines::All, "全部の行を見る")];
    all.into_iter().filter(|(other, _)| *other != lines).map(|(other, word)| Link::new(word, href(other))).collect()
}

/// What else it can be compared with.
fn choices(sides: &Sides, with: &str) -> Vec<Choice> {
    let own = &sides.own.seen.row.set_id;
    let mut choices = vec![Choice { chosen: with.is_empty(), ..Choice::new("", "予定と実績") }];
    let word = |row: &SetRow| format!("{}に送られた版（連番 {}）", say::instant(&row.sent_at), row.serial);
    choices.extend(
        sides
            .versions
            .iter()
            .filter(|row| row.set_id != *own)
            .map(|row| Choice { chosen: row.set_id == with, ..Choice::new(&row.set_id, word(row)) }),
    );
    if choices.len() > 1 { choices } else { Vec::new() }
}

/// The forms of both sides.
fn links(sides: &Sides) -> Vec<Link> {
    let link = |word: &str, side: &Side| {
        Link::new(word, format!("/exchange/sets/{}/people/{}", side.seen.row.set_id, side.place))
    };
    let planned = sides.planned.iter().map(|side| link("予定の書類を見る", side));
    let results = sides.results.iter().map(|side| link("実績の書類を見る", side));
    let other =
        sides.other.iter().flat_map(|other| [link("開いた版の書類", &sides.own), link("くらべる版の書類", other)]);
    planned.chain(results).chain(other).collect()
}
