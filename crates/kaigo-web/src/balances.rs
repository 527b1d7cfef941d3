//! The tab 住宅改修・福祉用具.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::certificates::{self, Balances as All};
use kaigo_core::code::{ClaimState, Yen};
use kaigo_core::date::{Date, seireki};

use crate::failure::{failure, ok};
use crate::person::frame;
use crate::request::{Req, Staff};
use crate::view::balances::{Balance, Balances as View, UseRow};
use crate::view::{Chip, Tone};

/// GET /people/{c}/balances
pub(crate) async fn tab(Staff(req): Staff, Path(c): Path<String>) -> Response {
    let Ok(caller) = req.caller() else {
        return failure(&req, &kaigo_app::Error::LoginNeeded);
    };
    match certificates::balances(&req.web.app, &req.ctx, caller, &c).await {
        Ok(all) => ok(&page(&req, &all)),
        Err(error) => failure(&req, &error),
    }
}

fn page(req: &Req, all: &All) -> View {
    View { shell: req.shell(), person: frame(req, &all.head), absence: None, blocks: vec![home(all), equipment(all)] }
}

fn yen(amount: Yen) -> u32 {
    u32::try_from(amount.0).unwrap_or(0)
}

fn state(state: ClaimState, counts: bool) -> Chip {
    match state {
        ClaimState::Paid if counts => Chip::new(Tone::Good, "支給済み"),
        ClaimState::Paid => Chip::new(Tone::Plain, "いまの限度額に数えません"),
        ClaimState::Applied | ClaimState::Approved => Chip::new(Tone::Warn, state.label()),
        ClaimState::Refused | ClaimState::Withdrawn => Chip::new(Tone::Plain, state.label()),
    }
}

/// The day of the work; before it begins, the day of the application.
fn work_day(started: Option<Date>, applied: Option<Date>) -> String {
    match (started, applied) {
        (Some(on), _) => seireki(on),
        (None, Some(on)) => format!("{}申請（着工前）", seireki(on)),
        (None, None) => "着工前".to_owned(),
    }
}

/// Sentences beside the amounts; what the amounts say themselves is left out.
fn explain(sentences: &[String]) -> Vec<String> {
    sentences.iter().filter(|say| !say.starts_with("使った額は")).cloned().collect()
}

fn home(all: &All) -> Balance {
    let b = &all.home;
    let mut works = all.works.clone();
    works.sort_by_key(|w| std::cmp::Reverse(w.started_on.or(w.applied_on)));
    Balance {
        id: "home".to_owned(),
        heading: "住宅改修".to_owned(),
        over: "いまの住まいについて".to_owned(),
        limit: yen(b.limit),
        used: yen(b.used),
        pending: yen(b.pending),
        remaining: yen(b.remaining),
        explain: explain(&b.explain),
        resets: "転居したとき、または要介護状態が3段階以上重くなったとき（1回だけ）に、あらためて限度額まで使えます。工事の前に、事前の申請が必要です。".to_owned(),
        rows: works
            .iter()
            .map(|w| UseRow {
                on: work_day(w.started_on, w.applied_on),
                what: w.content.to_string(),
                by: String::new(),
                cost: yen(w.covered_cost),
                chip: state(w.state, b.works.contains(w)),
            })
            .collect(),
    }
}

fn equipment(all: &All) -> Balance {
    let b = &all.equipment;
    let mut purchases = all.purchases.clone();
    purchases.sort_by_key(|p| std::cmp::Reverse(p.purchased_on));
    let in_year = |on: Date| kaigo_core::date::fiscal_year(on) == b.fiscal_year;
    Balance {
        id: "equipment".to_owned(),
        heading: "福祉用具購入".to_owned(),
        over: format!("{}年度（{}年3月31日まで）", b.fiscal_year, b.fiscal_year + 1),
        limit: yen(b.limit),
        used: yen(b.used),
        pending: yen(b.pending),
        remaining: yen(b.remaining),
        explain: explain(&b.explain),
        resets: format!("{}年4月1日から、あらためて限度額まで使えます。", b.fiscal_year + 1),
        rows: purchases
            .iter()
            .map(|p| UseRow {
                on: seireki(p.purchased_on),
                what: format!("{}　{}", p.kind.label(), p.product),
                by: p.office_no.map(|no| format!("事業所番号 {no}")).unwrap_or_default(),
                cost: yen(p.covered_cost),
                chip: state(p.state, in_year(p.purchased_on)),
            })
            .collect(),
    }
}
