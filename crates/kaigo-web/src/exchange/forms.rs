//! The forms of a person as the pages show them: from the sheets of a set into boxes, rows and words.

use std::fmt::Display;

use kaigo_careplan::layout::tables;
use kaigo_careplan::sheet::{
    Amount, Coded, Day, DetailKind as SheetKind, DetailRow as SheetRow, Grid as SheetGrid, MonthSheets, PersonSheets,
    Sheet1, Sheet2, Sheet3, Supplement, Usage as SheetUsage,
};
use kaigo_core::date::both;

use super::grid::plain_grid;
use super::preventive::{basic_form, prevention_form};
use crate::view::exchange_sheet::form::{
    Circled, Detail, DetailKind, DetailRow, Form, GoalRow, Goals, Labelled, Page, Plan, Span, Usage, Week,
};

/// How the forms are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'a> {
    /// Before the anchors, where several people stand on a page.
    pub(super) prefix: &'a str,
    /// For the office that provides: 第6表 is サービス提供票 then.
    pub(super) is_provider: bool,
    /// Name of the insurer, where it is known.
    pub(super) insurer: &'a str,
    /// Numbers and names of the offices at both ends: 第6表 has the planner's number only.
    pub(super) offices: &'a [(String, String)],
}

/// All forms of a person, in the order of the standard.
pub(super) fn pages(sheets: &PersonSheets, look: Look<'_>) -> Vec<Page> {
    let mut pages = Vec::new();
    let who = Who { sheets, look };
    for plan in &sheets.care_plans {
        let supplement = plan.supplement.as_ref();
        if let Some(sheet) = &plan.sheet1 {
            pages.push(Who::page(
                "第1表",
                "居宅サービス計画書（１）",
                &sheet.made_on,
                Form::Plan(Box::new(who.plan(sheet, supplement))),
            ));
        }
        if let Some(sheet) = &plan.sheet2 {
            pages.push(Who::page("第2表", "居宅サービス計画書（２）", &sheet.made_on, Form::Goals(who.goals(sheet))));
        }
        if let Some(sheet) = &plan.sheet3 {
            pages.push(Who::page("第3表", "週間サービス計画表", &sheet.made_on, Form::Week(who.week(sheet))));
        }
    }
    for month in &sheets.months {
        who.month(month, &mut pages);
    }
    for basic in &sheets.basics {
        pages.push(Who::page("基本情報", "利用者基本情報", &Day::default(), Form::Boxes(basic_form(basic))));
    }
    for prevention in &sheets.preventions {
        let form = Form::Boxes(prevention_form(prevention));
        pages.push(Who::page("支援計画書", "介護予防サービス・支援計画書", &Day::default(), form));
    }
    // Several plans of one person: each form has an anchor of its own.
    for (at, page) in pages.iter_mut().enumerate() {
        page.id = format!("{}form-{at}", look.prefix);
    }
    pages
}

/// 「1941年（昭和16年）9月3日」; what is no day as it is.
pub(super) fn birth(day: &Day) -> String {
    day.date.map_or_else(|| day.raw.clone(), both)
}

/// 「2026年7月1日から 2028年6月30日まで」.
pub(super) fn period(from: &Day, until: &Day) -> String {
    match (from.raw.is_empty(), until.raw.is_empty()) {
        (true, true) => String::new(),
        (_, true) => format!("{from}から"),
        _ => format!("{from}から {until}まで"),
    }
}

/// The words to circle; a code that is none of them stands beside them as it is.
fn circled(coded: &Coded, words: &[(&str, &str)]) -> Vec<Circled> {
    let mut all: Vec<Circled> = words.iter().map(|(code, word)| Circled::new(*word, *code == coded.code)).collect();
    if !coded.code.is_empty() && !all.iter().any(|word| word.chosen) {
        all.push(Circled::new(coded.to_string(), true));
    }
    all
}

/// 計画書区分: combinations circle several words.
fn plan_class(coded: &Coded) -> Vec<Circled> {
    let Some(label) = coded.label else {
        return circled(coded, &[("11", "初回"), ("12", "紹介"), ("21", "継続")]);
    };
    ["初回", "紹介", "継続"].into_iter().map(|word| Circled::new(word, label.contains(word))).collect()
}

fn states(coded: &Coded) -> Vec<Circled> {
    circled(coded, &[("2", "認定済"), ("1", "申請中")])
}

fn levels(coded: &Coded) -> Vec<Circled> {
    let words: Vec<(&str, &str)> =
        tables::CARE_LEVEL.rows.iter().filter(|(code, _)| code.starts_with('2')).copied().collect();
    circled(coded, &words)
}

/// The lines that say something, with the unit behind.
pub(super) fn unit(amount: &Amount, unit: &str) -> String {
    if amount.value.is_some() { format!("{amount}{unit}") } else { amount.to_string() }
}

pub(super) fn boxed(label: &str, value: impl Display) -> Labelled {
    Labelled::new(label, value.to_string())
}

struct Who<'a> {
    sheets: &'a PersonSheets,
    look: Look<'a>,
}

impl Who<'_> {
    fn page(tab: &str, title: &str, made_on: &Day, form: Form) -> Page {
        let made = if made_on.raw.is_empty() { String::new() } else { format!("作成年月日 {made_on}") };
        Page { id: String::new(), tab: tab.to_owned(), title: title.to_owned(), made, form }
    }

    fn plan(&self, sheet: &Sheet1, supplement: Option<&Supplement>) -> Plan {
        let own = [sheet.address1.as_str(), sheet.address2.as_str()].concat();
        let address = if own.is_empty() { supplement.map(Supplement::address).unwrap_or_default() } else { own };
        let office = [sheet.office_name.as_str(), sheet.office_address1.as_str(), sheet.office_address2.as_str()];
        Plan {
            classes: plan_class(&sheet.plan_class),
            states: states(&sheet.certification_state),
            name: self.sheets.name.clone(),
            birth: birth(&self.sheets.born_on),
            address,
            author: sheet.planner.clone(),
            office: office.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　"),
            plan_date: sheet.plan_date.to_string(),
            first_date: sheet.first_plan_date.to_string(),
            certified: sheet.certified_on.to_string(),
            valid: period(&sheet.valid_from, &sheet.valid_until),
            levels: levels(&sheet.care_level),
            analysis: sheet.intention.clone(),
            opinion: sheet.board_opinion.clone(),
            policy: sheet.policy.clone(),
            reasons: circled(&sheet.housework_reason, tables::HOUSEWORK_REASON.rows),
            reason: sheet.other_reason.clone(),
        }
    }

    fn goals(&self, sheet: &Sheet2) -> Goals {
        let span = |span: &Option<kaigo_careplan::sheet::Span>| {
            span.as_ref().map(|span| Span { text: span.text.clone(), period: span.period.clone(), rows: span.rows })
        };
        let row = |row: &kaigo_careplan::sheet::GoalRow| GoalRow {
            need: span(&row.need),
            long: span(&row.long),
            short: span(&row.short),
            help: row.help.help.clone(),
            covered: match row.help.covered.code.as_str() {
                "Y" => "○".to_owned(),
                "N" => String::new(),
                other => other.to_owned(),
            },
            service: row.help.service.clone(),
            office: row.help.office_name.clone(),
            frequency: row.help.frequency.clone(),
            period: row.help.period.clone(),
        };
        Goals { name: self.sheets.name.clone(), rows: sheet.rows.iter().map(row).collect() }
    }

    fn week(&self, sheet: &Sheet3) -> Week {
        super::week::week(&self.sheets.name, sheet)
    }

    fn month(&self, month: &MonthSheets, pages: &mut Vec<Page>) {
        let results: Vec<&SheetUsage> = month.result.iter().collect();
        let grid = SheetGrid::of(month.planned.as_ref(), &results, &kaigo_careplan::sheet::Cover::Nothing);
        let when = grid.month.map_or_else(|| month.month.clone(), kaigo_careplan::name::Month::label);
        if month.planned.is_some() || month.result.is_some() {
            let title = if self.look.is_provider {
                "サービス提供票"
            } else {
                "サービス利用票（兼居宅サービス計画）"
            };
            let usage = self.usage(month, &grid, &when);
            pages.push(Self::page(
                "第6表",
                &format!("{when}分 {title}"),
                &grid.head.made_on,
                Form::Usage(Box::new(usage)),
            ));
        }
        if let Some(sheet) = &month.detail {
            let title =
                if self.look.is_provider { "サービス提供票別表" } else { "サービス利用票別表" };
            let detail = self.detail(sheet, month.supplement.as_ref());
            pages.push(Self::page("第7表", &format!("{when}分 {title}"), &sheet.made_on, Form::Detail(detail)));
        }
    }

    fn usage(&self, month: &MonthSheets, grid: &SheetGrid, when: &str) -> Usage {
        let items = month.supplement.as_ref().map(|supplement| &supplement.items);
        let text = |get: fn(&kaigo_careplan::sheet::SupplementItems) -> String| items.map(get).unwrap_or_default();
        let mut level = text(|i| i.care_level.to_string());
        if let Some(i) = items.filter(|i| !i.previous_level.code.is_empty() && !i.level_changed_on.raw.is_empty()) {
            level = format!("{} → {}（{}から）", i.previous_level, i.care_level, i.level_changed_on);
        }
        let planner = join(&[&self.office(&grid.head.plan_office), &grid.head.planner]);
        let head = vec![
            boxed("保険者番号", &self.sheets.insurer_no),
            boxed("保険者名", self.look.insurer),
            boxed("被保険者番号", &self.sheets.insured_no),
            boxed(
                "フリガナ 被保険者氏名",
                [self.sheets.kana.as_str(), "\n", self.sheets.name.as_str()].concat().trim(),
            ),
            boxed("生年月日", birth(&self.sheets.born_on)),
            boxed("性別", &self.sheets.sex),
            boxed("要介護状態区分", level),
            boxed("区分支給限度基準額", text(|i| unit(&i.limit, "単位/月"))),
            boxed("限度額適用期間", text(|i| period(&i.limit_from, &i.limit_until))),
            boxed("前月までの短期入所利用日数", text(|i| unit(&i.short_stay_before, "日"))),
            boxed("居宅介護支援事業所 担当者名", planner),
            boxed("届出年月日", ""),
        ];
        Usage {
            head,
            states: items.map(|i| states(&i.certification_state)).unwrap_or_default(),
            grid: plain_grid(grid, &format!("{} さん {when}分の月間サービス計画及び実績の記録", self.sheets.name)),
        }
    }

    fn office(&self, number: &str) -> String {
        let known = self.look.offices.iter().find(|(own, _)| own == number);
        known.map_or_else(|| number.to_owned(), |(_, name)| name.clone())
    }

    fn detail(&self, sheet: &kaigo_careplan::sheet::Detail, supplement: Option<&Supplement>) -> Detail {
        let limits = supplement.map(|s| s.kind_limits.as_slice()).unwrap_or_default();
        let limit = |l: &kaigo_careplan::sheet::KindLimit| {
            [l.kind.to_string(), l.limit.to_string(), l.total.to_string(), l.over.to_string()]
        };
        let days = &sheet.short_stay;
        Detail {
            head: vec![
                boxed("被保険者番号", &self.sheets.insured_no),
                boxed("利用者名", &self.sheets.name),
                boxed("区分支給限度基準額", supplement.map(|s| unit(&s.items.limit, "単位/月")).unwrap_or_default()),
                boxed(
                    "限度を超える単位数の合計",
                    supplement.map(|s| s.items.over_total.to_string()).unwrap_or_default(),
                ),
            ],
            rows: sheet.rows.iter().map(detail_row).collect(),
            limits: limits.iter().map(limit).collect(),
            short_stay: [&days.before, &days.planned, &days.sum].map(Amount::to_string),
        }
    }
}

fn detail_row(row: &SheetRow) -> DetailRow {
    let i = &row.items;
    let amounts = [
        &i.units,
        &i.rate,
        &i.units_discounted,
        &i.times,
        &i.amount,
        &i.units_managed,
        &i.kind_over,
        &i.kind_within,
        &i.limit_over,
        &i.limit_within,
    ];
    let money = [&i.cost, &i.benefit_rate, &i.claim, &i.fixed_share, &i.share, &i.full_share];
    let mut all: Vec<String> = amounts.into_iter().map(Amount::to_string).collect();
    all.push(i.unit_price.clone());
    all.extend(money.into_iter().map(Amount::to_string));
    let note = [i.tais.as_str(), i.equipment.as_str(), i.equipment_name.as_str()];
    let note: Vec<&str> = note.into_iter().filter(|part| !part.is_empty()).collect();
    let service = if note.is_empty() { row.label() } else { format!("{}　{}", row.label(), note.join(" ")) };
    DetailRow {
        kind: match row.kind {
            SheetKind::Line => DetailKind::Line,
            SheetKind::Subtotal | SheetKind::SubtotalOutside | SheetKind::SubtotalOver30 => DetailKind::Subtotal,
            SheetKind::Total => DetailKind::Total,
        },
        office: i.office_name.clone(),
        number: i.office_no.clone(),
        service,
        code: if row.kind == SheetKind::Line { i.code.clone() } else { String::new() },
        amounts: all,
    }
}

/// What says something, side by side.
pub(super) fn join(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("　")
}

#[cfg(test)]
mod tests {
    use kaigo_careplan::batch::sort;
    use kaigo_careplan::kind::Unit;
    use kaigo_careplan::sheet::of_everyone;
    use kaigo_demo::{DEMO_SEED, Nation};

    use super::*;

    const LOOK: Look<'_> = Look { prefix: "", is_provider: false, insurer: "みなと川市", offices: &[] };

    /// Every set of the demo with the titles of everyone's forms.
    fn demo() -> Vec<(Unit, Vec<Vec<Page>>)> {
        let today = kaigo_core::date::Date::new(2026, 11, 22).unwrap();
        let sends = Nation::make(DEMO_SEED, today, 40).exchange().sends;
        let sets = sends.into_iter().flat_map(|send| sort(send.files).sets);
        let known = sets.filter_map(|set| Some((set.unit?, set.open())));
        known.map(|(unit, set)| (unit, of_everyone(&set).iter().map(|person| pages(person, LOOK)).collect())).collect()
    }

    #[test]
    fn each_unit_has_its_forms() {
        let demo = demo();
        for (unit, forms) in [
            (Unit::CarePlan, &["第1表", "第2表", "第3表"][..]),
            (Unit::Usage, &["第6表", "第7表"]),
            (Unit::Result, &["第6表"]),
            (Unit::Prevention, &["支援計画書"]),
        ] {
            let people: Vec<_> = demo.iter().filter(|(own, _)| *own == unit).flat_map(|(_, people)| people).collect();
            assert!(!people.is_empty(), "{unit:?}");
            for pages in people {
                let tabs: Vec<&str> = pages.iter().map(|page| page.tab.as_str()).collect();
                assert!(forms.iter().all(|form| tabs.contains(form)), "{unit:?}: {tabs:?}");
            }
        }
    }

    #[test]
    fn values_stand_in_their_boxes() {
        let demo = demo();
        let pages = demo.iter().flat_map(|(_, people)| people.iter().flatten());
        let (mut plans, mut usages, mut details) = (0, 0, 0);
        for page in pages {
            match &page.form {
                Form::Plan(plan) => {
                    plans += 1;
                    assert!(!plan.name.is_empty() && plan.birth.contains('（') && plan.levels.iter().any(|l| l.chosen));
                    assert_eq!(plan.classes.len(), 3, "{:?}", plan.classes);
                }
                Form::Usage(usage) => {
                    usages += 1;
                    let days = usage.grid.days.len();
                    assert!((28..=31).contains(&days));
                    assert!(usage.grid.lines.iter().all(|line| line.upper.len() == days && line.lower.len() == days));
                }
                Form::Detail(detail) => {
                    details += 1;
                    assert!(detail.rows.iter().all(|row| row.amounts.len() == 17));
                    assert_eq!(detail.rows.iter().filter(|row| row.kind == DetailKind::Total).count(), 1);
                }
                Form::Goals(_) | Form::Week(_) | Form::Boxes(_) => {}
            }
        }
        assert!(plans > 0 && usages > 0 && details > 0);
    }

    #[test]
    fn what_no_table_knows_is_shown_as_it_is() {
        let odd = Coded { code: "99".to_owned(), label: None };
        assert!(plan_class(&odd).iter().any(|word| word.chosen && word.word == "99"));
        assert!(
            levels(&Coded { code: "12".to_owned(), label: Some("要支援１") })
                .last()
                .is_some_and(|l| l.word == "要支援１")
        );
        assert!(states(&Coded::default()).iter().all(|word| !word.chosen));
    }
}
