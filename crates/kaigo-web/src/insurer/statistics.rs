//! Figures of the desk: a table, bars that repeat it for the eye, and a CSV.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use kaigo_app::Error;
use kaigo_app::case;
use kaigo_core::date::{Date, add_months, iso, last_day_of_month};
use kaigo_core::progress::{StepKind, USUAL};
use kaigo_core::rule::at;
use kaigo_core::statistics::{AGE_BANDS, Figures, STEPS, Took, share, tenths};

use crate::failure::{failure, invalid, ok};
use crate::request::{Insurer, Req};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::insurer::statistics::{Bar, Chart, MonthLine, Statistics};
use crate::view::{Choice, FieldError};

/// Months that can be chosen, counted back from this one.
const MONTHS: i32 = 60;
/// Months at once.
const MOST: i32 = 24;

/// The URLs of the figures.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    vec![
        row("GET", "/insurer/statistics", Access::Insurer, "list-insured", get(show)),
        row("GET", "/insurer/statistics.csv", Access::Insurer, "list-insured", get(csv)),
    ]
}

/// First and last day of what is asked for: half a year if nothing is.
fn span(req: &Req) -> (Date, Date, Vec<FieldError>) {
    let month = |name: &str| iso(&format!("{}-01", req.asked(name)));
    let today = req.ctx.today.first_of_month();
    let until = month("until").unwrap_or(today).min(today);
    let from = month("from").unwrap_or(add_months(until, -5));
    let mut errors = Vec::new();
    if from > until || from < add_months(until, -(MOST - 1)) {
        let say = format!("はじめの月は、おわりの月より前の、{MOST}か月以内の月にしてください。");
        errors.push(FieldError::new("from", say));
        return (add_months(until, -5), last_day_of_month(until), errors);
    }
    (from, last_day_of_month(until), errors)
}

/// GET /insurer/statistics
async fn show(Insurer(req): Insurer) -> Response {
    let (from, until, errors) = span(&req);
    match figures(&req, from, until).await {
        Ok(all) => {
            let view = view(&req, &all, (from, until), errors);
            if view.errors.is_empty() { ok(&view) } else { invalid(&view) }
        }
        Err(error) => failure(&req, &error),
    }
}

async fn figures(req: &Req, from: Date, until: Date) -> Result<Figures, Error> {
    case::statistics(&req.web.app, &req.ctx, req.caller()?, (from, until)).await
}

fn month_code(month: Date) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

fn month_word(month: Date) -> String {
    format!("{}年{}月", month.year(), month.month())
}

fn choices(req: &Req, chosen: Date) -> Vec<Choice> {
    (0..MONTHS)
        .map(|n| add_months(req.ctx.today.first_of_month(), -n))
        .map(|month| Choice {
            value: month_code(month),
            word: month_word(month),
            chosen: month == chosen.first_of_month(),
        })
        .collect()
}

fn days(took: Option<Took>, which: fn(Took) -> i32) -> String {
    took.map_or_else(|| "－".to_owned(), |took| format!("{}日", tenths(which(took))))
}

fn percent(share: Option<i32>) -> String {
    share.map_or_else(|| "－".to_owned(), |share| format!("{}%", tenths(share)))
}

fn view(req: &Req, all: &Figures, (from, until): (Date, Date), errors: Vec<FieldError>) -> Statistics {
    let decision = all.took.last().copied().flatten();
    let (decided, within) = all.decided;
    Statistics {
        shell: req.shell(),
        errors,
        from: choices(req, from),
        until: choices(req, until),
        span: format!("{}から {}まで", month_word(from), month_word(until)),
        summary: vec![
            format!(
                "決定は {}件。うち30日以内は {}件（{}）です。",
                say::grouped(&decided),
                say::grouped(&within),
                percent(share(within, decided))
            ),
            format!(
                "申請から決定まで、平均 {}、中央値 {}です（全国平均は令和5年度 39.8日、30日以内 25.1%）。",
                days(decision, |took| took.mean),
                days(decision, |took| took.median)
            ),
        ],
        counts: counts_chart(all),
        shares: shares_chart(all),
        months: all
            .months
            .iter()
            .map(|month| {
                let took = month.took.last().copied().flatten();
                MonthLine {
                    month: month_word(month.month),
                    cells: vec![
                        say::grouped(&month.applied),
                        say::grouped(&month.decided),
                        say::grouped(&month.within),
                        percent(month.share()),
                        days(took, |took| took.mean),
                        days(took, |took| took.median),
                    ],
                }
            })
            .collect(),
        steps: STEPS.iter().zip(&all.took).map(|(step, took)| step_line(*step, *took, until)).collect(),
        open: AGE_BANDS
            .iter()
            .zip(all.open)
            .map(|((first, last), count)| {
                let band = last.map_or_else(|| format!("{first}日以上"), |last| format!("{first}〜{last}日"));
                (band, say::grouped(&count))
            })
            .collect(),
        csv: format!("/insurer/statistics.csv?from={}&until={}", month_code(from), month_code(until)),
    }
}

fn step_word(step: StepKind) -> &'static str {
    match step {
        StepKind::Received => "申請受付",
        StepKind::Survey => "認定調査（依頼から受領）",
        StepKind::Opinion => "主治医意見書（依頼から受領）",
        StepKind::Computed => "一次判定（書類がそろってから）",
        StepKind::Board => "審査会（一次判定から判定）",
        StepKind::Decision => "申請から決定",
    }
}

fn step_line(step: StepKind, took: Option<Took>, day: Date) -> Vec<String> {
    let usual = at(USUAL, day).and_then(|row| match step {
        StepKind::Survey => Some(row.value.survey),
        StepKind::Opinion => Some(row.value.opinion),
        StepKind::Board => Some(row.value.board),
        StepKind::Received | StepKind::Computed | StepKind::Decision => None,
    });
    vec![
        step_word(step).to_owned(),
        took.map_or_else(|| "0".to_owned(), |took| say::grouped(&took.count)),
        days(took, |took| took.mean),
        days(took, |took| took.median),
        usual.map_or_else(|| "－".to_owned(), |usual| format!("{}日", tenths(usual.mean_tenths))),
        usual.map_or_else(|| "－".to_owned(), |usual| format!("{}日", usual.target)),
    ]
}

/// Height of the drawing area and where it ends.
const HEIGHT: i32 = 150;
const FLOOR: i32 = 180;
/// Width of a month.
const STEP: i32 = 72;

fn chart(title: &str, series: Vec<(String, &'static str)>, months: &[(Date, Vec<(i32, String)>)], top: i32) -> Chart {
    let top = top.max(1);
    let mut bars = Vec::new();
    let mut words = Vec::new();
    let count = i32::try_from(series.len().max(1)).unwrap_or(1);
    let width = 48 / count;
    let mut left = 12;
    let natural = |n: i32| u32::try_from(n).unwrap_or(0);
    let several = months.len() > 12;
    for (month, values) in months {
        words.push((natural(left + 24), format!("{}月", month.month())));
        let mut x = left;
        for ((value, word), (_, look)) in values.iter().zip(&series) {
            let height = value.saturating_mul(HEIGHT) / top;
            bars.push(Bar {
                x: natural(x),
                y: natural(FLOOR - height),
                width: natural(width - 2),
                height: natural(height),
                look,
                // In a narrow drawing the numbers would lie upon each other; the table has them.
                word: if several { String::new() } else { word.clone() },
                middle: natural(x + width / 2),
                word_y: natural(FLOOR - height - 5),
            });
            x += width;
        }
        left += STEP;
    }
    Chart { title: title.to_owned(), width: natural(left + 12), series, bars, words }
}

fn counts_chart(all: &Figures) -> Chart {
    let top = all.months.iter().map(|month| month.applied.max(month.decided)).max().unwrap_or(1);
    let months = all.months.iter().map(|month| {
        let bar = |n: i32| (n, say::grouped(&n));
        (month.month, vec![bar(month.applied), bar(month.decided)])
    });
    let series = vec![("申請".to_owned(), "k-bar__used"), ("決定".to_owned(), "k-bar__pending")];
    chart("申請と決定の件数", series, &months.collect::<Vec<_>>(), top)
}

fn shares_chart(all: &Figures) -> Chart {
    let months = all.months.iter().map(|month| {
        let share = month.share();
        (month.month, vec![(share.unwrap_or(0), percent(share))])
    });
    chart("30日以内に決定した割合", vec![("30日以内".to_owned(), "k-bar__used")], &months.collect::<Vec<_>>(), 1000)
}

/// GET /insurer/statistics.csv
async fn csv(Insurer(req): Insurer) -> Response {
    let (from, until, _) = span(&req);
    match figures(&req, from, until).await {
        Ok(all) => {
            let name = format!("attachment; filename=\"statistics-{}-{}.csv\"", month_code(from), month_code(until));
            let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
            let kind = HeaderValue::from_static("text/csv; charset=utf-8");
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], sheet(&all)).into_response()
        }
        Err(error) => failure(&req, &error),
    }
}

/// The figures as CSV with a mark of UTF-8, so that table programs read it; numbers without units.
fn sheet(all: &Figures) -> String {
    let mut lines = vec!["月,申請,決定,30日以内,割合（%）".to_owned()];
    let heads = STEPS
        .iter()
        .flat_map(|step| ["件数", "平均（日）", "中央値（日）"].map(|what| format!(",{} {what}", step_word(*step))));
    if let Some(first) = lines.first_mut() {
        first.extend(heads);
    }
    for month in &all.months {
        let mut line = format!("{},{},{},{},", month_code(month.month), month.applied, month.decided, month.within);
        line.push_str(&month.share().map(tenths).unwrap_or_default());
        for took in &month.took {
            match took {
                Some(took) => line.extend([
                    ",".to_owned(),
                    [took.count.to_string(), tenths(took.mean), tenths(took.median)].join(","),
                ]),
                None => line.push_str(",0,,"),
            }
        }
        lines.push(line);
    }
    format!("\u{FEFF}{}\r\n", lines.join("\r\n"))
}
