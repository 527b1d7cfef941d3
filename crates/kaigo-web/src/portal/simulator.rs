//! かんたんシミュレーション: everything stands in the address, so an outcome can be sent to a colleague; works without a script.

use axum::response::Response;
use axum::routing::get;
use kaigo_core::simulator::{Breakeven, FIELDS, Field, Inputs, OfficeSort, Outcome, Task, fee, simulate, usual};
use kaigo_core::text::halfwidth;

use crate::failure::{invalid, ok};
use crate::request::{Req, Visitor};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::portal::simulator as view;
use crate::view::{Choice, FieldError};

/// Height of a pair of bars.
const PAIR: u32 = 46;
/// Width of the longest bar.
const WIDE: i64 = 420;

pub(super) fn routes() -> Vec<(Route, Handler)> {
    vec![row("GET", "/portal/simulator", Access::Anybody, "-", get(show))]
}

/// A number of the form: its name among the inputs, its label, its unit.
type Number = (&'static str, &'static str, &'static str);

const OFFICE: [Number; 4] = [
    ("clients", "利用者", "人"),
    ("staff", "作業をする職員", "人"),
    ("partners", "やりとりする相手の事業所", "か所"),
    ("joined", "そのうち、データでやりとりできる相手", "か所"),
];

const MONEY: [Number; 8] = [
    ("wage", "1時間あたりの人件費", "円"),
    ("sheets", "印刷する枚数", "枚"),
    ("sheet_yen", "1枚の費用", "円"),
    ("letters", "郵送する通数", "通"),
    ("letter_yen", "1通の費用", "円"),
    ("faxes", "FAXの回数", "回"),
    ("fax_yen", "1回の費用", "円"),
    ("trips_yen", "持って行くための交通費", "円"),
];

const HONEST: [Number; 3] = [
    ("remains", "作業の時間は何分の1になるか", "分の1"),
    ("double_minutes", "紙とデータの二重運用にかかる時間（事業所全体）", "分"),
    ("fee_year", "利用料（1年）", "円"),
];

fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

/// GET /portal/simulator
async fn show(Visitor(req): Visitor) -> Response {
    let sort = OfficeSort::parse(req.asked("sort")).unwrap_or_default();
    let start = if req.asked("preset") == "official" { Inputs::official() } else { Inputs::usual(sort, req.ctx.today) };
    let mut inputs = start;
    let mut errors = Vec::new();
    for (name, label, _) in OFFICE.iter().chain(&MONEY).chain(&HONEST).copied() {
        match (typed(&req, name), field(name)) {
            (Typed::Number(n), Some(field)) => (field.set)(&mut inputs, n),
            (Typed::Bad, _) => errors.push(wrong(name, label)),
            (Typed::Missing | Typed::Number(_), _) => {}
        }
    }
    for (task, place) in Task::ALL.iter().zip(inputs.minutes.iter_mut()) {
        match typed(&req, task.code()) {
            Typed::Missing => {}
            Typed::Number(n) => *place = n,
            Typed::Bad => errors.push(wrong(task.code(), task.label())),
        }
    }
    if inputs.joined > inputs.partners && errors.is_empty() {
        let say = "「データでやりとりできる相手」は、「やりとりする相手の事業所」の数までにしてください。";
        errors.push(FieldError::new("joined", say));
    }
    let view = page(&req, &inputs.within(), errors);
    if view.errors.is_empty() { ok(&view) } else { invalid(&view) }
}

enum Typed {
    Missing,
    Number(i64),
    Bad,
}

fn typed(req: &Req, name: &str) -> Typed {
    let text = halfwidth(req.asked(name)).replace(',', "");
    if text.is_empty() {
        return Typed::Missing;
    }
    text.parse().ok().filter(|n: &i64| (0..=10_000_000).contains(n)).map_or(Typed::Bad, Typed::Number)
}

fn wrong(name: &'static str, label: &str) -> FieldError {
    FieldError::new(name, format!("「{label}」は、0以上の整数で入れてください。"))
}

fn page(req: &Req, inputs: &Inputs, errors: Vec<FieldError>) -> view::Simulator {
    let value = |name: &str, n: i64| {
        let asked = req.asked(name);
        if errors.is_empty() || asked.is_empty() { n.to_string() } else { asked.to_owned() }
    };
    let fields = |numbers: &[Number]| {
        numbers
            .iter()
            .map(|&(name, label, unit)| {
                let n = field(name).map_or(0, |field| (field.get)(inputs));
                view::Field { name, label, unit, value: value(name, n) }
            })
            .collect()
    };
    let tasks = Task::ALL.iter().zip(inputs.minutes).map(|(task, n)| view::Field {
        name: task.code(),
        label: task.label(),
        unit: "分",
        value: value(task.code(), n),
    });
    let (yen, source) = fee(req.ctx.today);
    let groups = vec![
        view::Fields { legend: "事業所", hint: "", fields: fields(&OFFICE) },
        view::Fields {
            legend: "いまの作業にかかる時間（1か月、職員1人あたり）",
            hint: "はじめに入っている数字は、公開されている調査の中央値です。自分の事業所の数字に直すと、正確になります。",
            fields: tasks.collect(),
        },
        view::Fields { legend: "いまの費用（1か月）", hint: "", fields: fields(&MONEY) },
        view::Fields {
            legend: "使い始めてからのこと",
            hint: "公式の試算には入っていない、二重運用の時間も数えます。相手がそろうまでは、紙とデータの両方の手間がかかるからです。",
            fields: fields(&HONEST),
        },
    ];
    let sort = OfficeSort::ALL
        .iter()
        .map(|sort| Choice { chosen: *sort == inputs.sort, ..Choice::new(sort.code(), sort.label()) });
    view::Simulator {
        shell: req.shell(),
        outcome: errors.is_empty().then(|| outcome(inputs)),
        errors,
        sorts: sort.collect(),
        groups,
        sources: vec![usual(req.ctx.today).source.to_owned(), source.to_owned()],
        fee: format!("いまの利用料は年{}円です。", say::grouped(&yen)),
    }
}

/// An amount with its sign: 「816,000円」「−21,000円」.
pub(crate) fn yen(n: i64) -> String {
    if n < 0 { format!("−{}円", say::grouped(&-n)) } else { format!("{}円", say::grouped(&n)) }
}

/// 「33時間20分」「−30分」, with its sign.
pub(crate) fn hours(minutes: i64) -> String {
    let sign = if minutes < 0 { "−" } else { "" };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, minutes) => format!("{sign}{minutes}分"),
        (hours, minutes) => format!("{sign}{hours}時間{minutes}分"),
    }
}

fn outcome(inputs: &Inputs) -> view::Outcome {
    let out = simulate(*inputs);
    let (now, after) = out.costs.iter().fold((0, 0), |(now, after), c| (now + c.now, after + c.after));
    view::Outcome {
        net_year: yen(out.net_year),
        saves: out.net_year >= 0,
        cash_year: yen(out.cash_year),
        net_month: yen(out.net_month),
        hours: hours(out.minutes),
        per_client: if inputs.clients == 0 { String::new() } else { format!("{}分", out.minutes / inputs.clients) },
        double_year: yen(out.double * 12),
        breakeven: match out.breakeven {
            Breakeven::AtOnce => "使い始めるとすぐに、費用より節約が大きくなります。".to_owned(),
            Breakeven::From(share) => {
                format!("相手の{share}%以上がデータでやりとりできると、費用より節約が大きくなります。")
            }
            Breakeven::Never => {
                "この数字では、相手の全部がデータでやりとりできても、費用のほうが大きくなります。".to_owned()
            }
        },
        share: format!("{}か所のうち{}か所", inputs.partners, inputs.joined),
        costs: costs(&out),
        sums: (yen(now), yen(after), yen(now - after)),
        height: PAIR * u32::try_from(out.costs.len()).unwrap_or(0) + 8,
        link: format!("/portal/simulator?{}", inputs.line()),
        keep: format!("/office/savings/keep?{}", inputs.line()),
    }
}

fn costs(out: &Outcome) -> Vec<view::Cost> {
    let most = out.costs.iter().map(|c| c.now.max(c.after)).max().unwrap_or(0).max(1);
    let wide = |n: i64| u32::try_from(n.max(0) * WIDE / most).unwrap_or(0);
    out.costs
        .iter()
        .zip(0..)
        .map(|(c, n)| view::Cost {
            label: c.label,
            now: yen(c.now),
            after: yen(c.after),
            saved: yen(c.now - c.after),
            y: n * PAIR + 4,
            now_width: wide(c.now),
            after_width: wide(c.after),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_is_asked_for_under_a_name_of_its_own() {
        let mut names: Vec<&str> = OFFICE.iter().chain(&MONEY).chain(&HONEST).map(|n| n.0).collect();
        names.sort_unstable();
        let mut known: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        known.sort_unstable();
        assert_eq!(names, known);
        known.extend(["sort", "preset"]);
        assert!(
            !Task::ALL.iter().any(|task| known.contains(&task.code())),
            "a task has a name of its own in the address"
        );
        assert!(outcome(&Inputs::official()).link.contains("&wage=1860&") && yen(-21_000) == "−21,000円");
    }

    #[test]
    fn the_official_example_is_said_as_it_was_published() {
        let out = outcome(&Inputs::official());
        assert_eq!((out.net_year.as_str(), out.cash_year.as_str()), ("816,000円", "72,000円"));
        assert_eq!((out.net_month.as_str(), out.hours.as_str()), ("68,000円", "33時間20分"));
        assert_eq!(out.sums.2, "68,000円", "the table adds up to the month");
        assert_eq!(out.costs.first().map(|c| c.now_width), Some(420));
    }
}
