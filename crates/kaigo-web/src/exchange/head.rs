//! Who a page is about, as the files say it.

use kaigo_careplan::sheet::{Day, PersonSheets};
use kaigo_core::date::age_on;
use kaigo_core::id::InsurerNo;

use super::forms::birth;
use super::number;
use crate::request::Req;
use crate::view::exchange_sheet::Head;
use crate::view::{Chip, Tone};

/// Where no file of a set has the name.
const NAMELESS: &str = "（お名前のないファイル）";

/// A person as a row of the mailbox or an upload has it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named<'a> {
    /// 保険者番号 as written.
    pub(super) insurer_no: &'a str,
    /// 被保険者番号 as written.
    pub(super) insured_no: &'a str,
    /// 氏名; may be empty.
    pub(super) name: &'a str,
    /// フリガナ; may be empty.
    pub(super) kana: &'a str,
}

/// The name to show.
pub(super) fn name(name: &str) -> String {
    if name.trim().is_empty() { NAMELESS.to_owned() } else { name.to_owned() }
}

/// Name of the insurer, where it is one of ours; its number otherwise.
pub(super) async fn insurer(req: &Req, no: &str) -> String {
    let Ok(insurer_no) = InsurerNo::parse(no) else { return no.to_owned() };
    let found = req.web.app.db.read(move |tx| kaigo_store::insurer::find(tx, insurer_no)).await;
    found.ok().flatten().map_or_else(|| no.to_owned(), |insurer| insurer.name)
}

/// The bar over the page; names come from the sheets, else from the row.
pub(super) async fn head(req: &Req, sheets: &PersonSheets, row: Named<'_>) -> Head {
    let first = |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
    let born: &Day = &sheets.born_on;
    let age = born.date.map(|born| format!("{}歳", age_on(born, req.ctx.today))).unwrap_or_default();
    let supplements = sheets.months.iter().filter_map(|month| month.supplement.as_ref());
    let plans = sheets.care_plans.iter().filter_map(|plan| plan.supplement.as_ref());
    let level = supplements.chain(plans).map(|s| s.items.care_level.to_string()).find(|level| !level.is_empty());
    let months = sheets.months.iter().filter_map(|month| kaigo_careplan::name::Month::parse(&month.month));
    let mut chips: Vec<Chip> = level.map(|level| Chip::new(Tone::Info, level)).into_iter().collect();
    chips.extend(months.map(|month| Chip::new(Tone::Plain, format!("{}分", month.label()))));
    Head {
        name: name(&first(&sheets.name, row.name)),
        kana: first(&sheets.kana, row.kana),
        birth: birth(born),
        age,
        sex: sheets.sex.to_string(),
        insurer: insurer(req, &first(&sheets.insurer_no, row.insurer_no)).await,
        number: number(&first(&sheets.insured_no, row.insured_no)),
        chips,
    }
}
