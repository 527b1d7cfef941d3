//! 試算と実際: the estimate of かんたんシミュレーション beside what was counted.

use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use kaigo_app::Error;
use kaigo_app::savings::{self, Counted, Savings};
use kaigo_core::date::seireki;
use kaigo_core::savings::sheets_of;
use kaigo_core::simulator::{FIELDS, Inputs, Task, simulate, usual};

use super::field_errors;
use crate::failure::{failure, invalid, moved, ok, page};
use crate::portal::simulator::{hours, yen};
use crate::request::{Fields, Req, Staff};
use crate::routes::{Access, Handler, Route, row};
use crate::say;
use crate::view::mypage::{Card, Savings as View, SavingsKeep, SavingsRow};
use crate::view::{Chip, Fact, FieldError, Link, Tone};

/// The URLs of this part.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    use Access::Staff;
    vec![
        row("GET", "/office/savings", Staff, "view-office", get(show)),
        row("GET", "/office/savings/keep", Staff, "view-office", get(ask)),
        row("POST", "/office/savings/keep", Staff, "manage-office", post(keep)),
    ]
}

fn month_word(counted: &Counted) -> String {
    format!("{}年{}月", counted.first.year(), counted.first.month())
}

/// The card of the first page.
pub(super) fn card(own: &Savings) -> Card {
    let (chip, say) = match (own.newest(), own.ready_on, own.joined_on) {
        (Some(counted), ..) => (
            Chip::new(Tone::Info, month_word(counted)),
            format!(
                "1か月で{}、時間で{}。相手{}か所のうち{}か所とデータでやりとりしました。",
                saved(counted.settled.net),
                hours(counted.settled.minutes),
                counted.settled.partners,
                counted.month.partners
            ),
        ),
        (None, Some(ready_on), _) => {
            (Chip::new(Tone::Plain, "数えています"), format!("丸1か月の数は、{}から出ます。", seireki(ready_on)))
        }
        (None, None, _) => {
            (Chip::new(Tone::Plain, "まだ"), "ケアプラン連携を始めると、実際の数を試算とくらべられます。".to_owned())
        }
    };
    Card { title: "試算と実際".to_owned(), chip, say, link: Link::new("開く", "/office/savings") }
}

/// 「31,840円の節約」「1,860円の増」.
fn saved(net: i64) -> String {
    if net < 0 { format!("{}の増", yen(-net)) } else { format!("{}の節約", yen(net)) }
}

fn grouped(n: i64) -> String {
    say::grouped(&n)
}

/// 「40分」「3時間5分」「2日4時間」.
fn wait(minutes: i64) -> String {
    match (minutes / 1_440, minutes % 1_440 / 60, minutes % 60) {
        (0, 0, m) => format!("{m}分"),
        (0, h, m) => format!("{h}時間{m}分"),
        (d, h, _) => format!("{d}日{h}時間"),
    }
}

fn share(part: i64, of: i64) -> String {
    if of == 0 { "−".to_owned() } else { format!("{}%", (100 * part + of / 2) / of) }
}

type Cell = Box<dyn Fn(&Counted) -> String>;

/// Rows of the table: what was counted, and what follows from it.
fn groups(own: &Savings) -> Vec<(&'static str, Vec<SavingsRow>)> {
    let i = own.inputs.within();
    let estimate = simulate(i);
    let part = |n: i64| (n * i.joined + i.partners.max(1) / 2) / i.partners.max(1);
    let row = |label: &'static str, estimate: String, cell: Cell| SavingsRow {
        label,
        estimate,
        months: own.months.iter().map(cell).collect(),
    };
    let none = || "−".to_owned();
    let places = |n: i64| format!("{}か所", grouped(n));
    let sets = |sets: i64, people: i64| format!("{}件（{}人分）", grouped(sets), grouped(people));
    let counted = vec![
        row("データでやりとりした相手", places(i.joined), Box::new(move |c| places(c.month.partners))),
        row("相手のうちの割合", share(i.joined, i.partners), Box::new(|c| share(c.month.partners, c.settled.partners))),
        row("送ったデータ", none(), Box::new(move |c| sets(c.month.sent, c.month.sent_people))),
        row("そのうち相手が受け取ったもの", none(), Box::new(|c| share(c.month.fetched, c.month.sent))),
        row(
            "受け取られるまでの時間（まん中の値）",
            none(),
            Box::new(|c| c.month.wait_minutes.map_or_else(|| "−".to_owned(), wait)),
        ),
        row("受け取ったデータ", none(), Box::new(move |c| sets(c.month.received, c.month.received_people))),
    ];
    let mut computed = vec![
        row(
            "印刷しなかった紙",
            format!("{}枚", grouped(part(i.sheets))),
            Box::new(|c| format!("{}枚", grouped(c.settled.sheets))),
        ),
        row(
            "送らなかったFAX・郵便",
            format!("{}回", grouped(part(i.letters + i.faxes))),
            Box::new(|c| format!("{}回", grouped(c.settled.dispatches))),
        ),
        row("減った時間", hours(estimate.minutes), Box::new(|c| hours(c.settled.minutes))),
    ];
    for (n, cost) in estimate.costs.iter().enumerate() {
        let cell: Cell = Box::new(move |c| c.settled.costs.get(n).map_or_else(String::new, |c| yen(c.now - c.after)));
        computed.push(row(cost.label, yen(cost.now - cost.after), cell));
    }
    vec![("数えたもの", counted), ("数えたものから計算したもの（円は、減った金額）", computed)]
}

/// Why the month is unlike the estimate, and what would help.
fn why(own: &Savings, counted: &Counted) -> String {
    let i = own.inputs.within();
    let reached = counted.month.partners;
    if reached < i.joined {
        format!(
            "試算では相手{}か所とデータでやりとりすることにしていましたが、実際は{reached}か所でした。相手がふえると、試算に近づきます。",
            i.joined
        )
    } else {
        "試算で見こんだとおりか、それより多くデータでやりとりしています。".to_owned()
    }
}

async fn view(req: &Req) -> Result<View, Error> {
    let own = savings::view(&req.web.app, &req.ctx, req.caller()?).await?;
    let estimate = simulate(own.inputs);
    let newest = own.newest();
    let notice = match (own.joined_on, own.ready_on) {
        (None, _) => {
            Some(("まだケアプラン連携を始めていません", "始めると、次の月から、実際の数がここに出ます。".to_owned()))
        }
        (_, Some(ready_on)) => Some((
            "数えはじめたところです",
            format!("丸1か月の数は、{}から出ます。下の表の数は、まだ途中です。", seireki(ready_on)),
        )),
        _ => None,
    };
    let (_, source) = sheets_of(own.inputs.sort, req.ctx.today);
    Ok(View {
        shell: req.shell(),
        notice,
        headline: newest.map(|c| (format!("{}の実際", month_word(c)), saved(c.settled.net))),
        saves: newest.is_none_or(|c| c.settled.net >= 0),
        beside: format!("試算では、1か月で{}、時間で{}でした。", saved(estimate.net_month), hours(estimate.minutes)),
        why: newest.map(|c| why(&own, c)).unwrap_or_default(),
        heads: own
            .months
            .iter()
            .map(|c| {
                let note = if c.is_whole { String::new() } else { format!("{}日分（途中）", c.days) };
                (month_word(c), note)
            })
            .collect(),
        groups: groups(&own),
        sums: (yen(estimate.net_month), own.months.iter().map(|c| yen(c.settled.net)).collect()),
        estimate: facts(&own.inputs, own.kept.as_ref()),
        is_kept: own.kept.is_some(),
        again: format!("/portal/simulator?{}", own.inputs.line()),
        may_manage: own.may_manage,
        sources: (source, usual(req.ctx.today).source),
    })
}

/// The estimate in a few facts.
fn facts(inputs: &Inputs, kept: Option<&(String, String)>) -> Vec<Fact> {
    let outcome = simulate(*inputs);
    let mut facts = vec![
        Fact::new("事業所の種類", inputs.sort.label()),
        Fact::new(
            "相手の事業所",
            format!("{}か所のうち{}か所とデータで", grouped(inputs.partners), grouped(inputs.joined)),
        ),
        Fact::new(
            "いまの作業の時間",
            format!("1か月に{}（{}人で）", hours(inputs.minutes_now()), grouped(inputs.staff)),
        ),
        Fact::new("試算の結果", format!("1か月で{}、1年で{}", saved(outcome.net_month), saved(outcome.net_year))),
    ];
    if let Some((at, by)) = kept {
        facts.push(Fact::new("残した人", format!("{by}　{}", say::instant(at))));
    }
    facts
}

/// GET /office/savings
async fn show(Staff(req): Staff) -> Response {
    match view(&req).await {
        Ok(view) => ok(&view),
        Err(error) => failure(&req, &error),
    }
}

/// The inputs in the address, as the simulator writes them.
fn line(req: &Req) -> String {
    let names = FIELDS.iter().map(|field| field.name).chain(Task::ALL.iter().map(|task| task.code()));
    let asked = std::iter::once("sort").chain(names).map(|name| (name, req.asked(name)));
    asked
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

fn keep_view(req: &Req, line: &str) -> Result<SavingsKeep, Error> {
    let inputs = savings::read_line(&req.ctx, line)?;
    let may_manage = kaigo_core::policy::decide_act(req.caller()?, kaigo_core::policy::Act::ManageOffice).is_ok();
    Ok(SavingsKeep {
        shell: req.shell(),
        errors: Vec::new(),
        facts: facts(&inputs, None),
        inputs: inputs.line(),
        again: format!("/portal/simulator?{}", inputs.line()),
        may_manage,
    })
}

/// What cannot be kept, said on the page.
fn bad(req: &Req, errors: Vec<FieldError>) -> Response {
    invalid(&SavingsKeep {
        shell: req.shell(),
        errors,
        facts: Vec::new(),
        inputs: String::new(),
        again: "/portal/simulator".to_owned(),
        may_manage: false,
    })
}

fn refused(req: &Req, error: Error) -> Response {
    match field_errors(error) {
        Ok(errors) => bad(req, errors),
        Err(error) => failure(req, &error),
    }
}

/// GET /office/savings/keep
async fn ask(Staff(req): Staff) -> Response {
    let line = line(&req);
    if line.is_empty() {
        return moved("/office/savings");
    }
    match keep_view(&req, &line) {
        Ok(view) => page(StatusCode::OK, &view),
        Err(error) => refused(&req, error),
    }
}

/// POST /office/savings/keep
async fn keep(Staff(req): Staff, fields: Fields) -> Response {
    if let Err(response) = fields.check(&req, &[]) {
        return response;
    }
    let Ok(caller) = req.caller() else { return failure(&req, &Error::LoginNeeded) };
    match savings::keep(&req.web.app, &req.ctx, caller, fields.get("inputs")).await {
        Ok(()) => moved("/office/savings?done=estimate-kept"),
        Err(error) => refused(&req, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_times_and_shares_are_said_for_people() {
        assert_eq!((saved(31_840).as_str(), saved(-1_860).as_str()), ("31,840円の節約", "1,860円の増"));
        assert_eq!([0, 59, 61, 1_500].map(wait), ["0分", "59分", "1時間1分", "1日1時間"]);
        assert_eq!([share(1, 3), share(0, 0), share(5, 5)], ["33%", "−", "100%"]);
    }
}
