//! Differences between two care plans: texts of 第1表 and rows of 第2表.

use crate::sheet::{CarePlan, FullRow, Sheet1, Sheet2};

/// What differs between two plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanChange {
    /// A text is another; `item` is its Japanese name.
    Changed {
        /// Name of the item.
        item: &'static str,
        /// In the earlier plan.
        from: String,
        /// In the later plan.
        to: String,
    },
    /// A row of 第2表 is new.
    Added,
    /// A row of 第2表 is gone.
    Removed,
}

/// One difference between two plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDifference {
    /// Where: 「第1表」, or the サービス内容 of the row of 第2表.
    pub place: String,
    /// What.
    pub change: PlanChange,
}

impl PlanDifference {
    /// The difference in words.
    pub fn say(&self) -> String {
        let place = &self.place;
        match &self.change {
            PlanChange::Changed { item, from, to } if from.is_empty() => {
                format!("{place}：{item}に「{to}」が書かれました")
            }
            PlanChange::Changed { item, from, to } if to.is_empty() => {
                format!("{place}：{item}の「{from}」がなくなりました")
            }
            PlanChange::Changed { item, from, to } => {
                format!("{place}：{item}が「{from}」から「{to}」になりました")
            }
            PlanChange::Added => format!("{place}：援助内容がふえました"),
            PlanChange::Removed => format!("{place}：援助内容がなくなりました"),
        }
    }
}

/// The differences between an earlier and a later plan.
pub fn of_plans(old: &CarePlan, new: &CarePlan) -> Vec<PlanDifference> {
    let mut all = Vec::new();
    if let (Some(old), Some(new)) = (&old.sheet1, &new.sheet1) {
        for (item, from, to) in texts(&head(old), &head(new)) {
            all.push(PlanDifference { place: "第1表".to_owned(), change: PlanChange::Changed { item, from, to } });
        }
    }
    let rows = |plan: &'_ Option<Sheet2>| plan.clone().unwrap_or_default();
    let (old, new) = (rows(&old.sheet2), rows(&new.sheet2));
    goals(&old.full_rows(), &new.full_rows(), &mut all);
    all
}

/// Items that differ, with both texts.
fn texts(old: &[(&'static str, String)], new: &[(&'static str, String)]) -> Vec<(&'static str, String, String)> {
    let pairs = old.iter().zip(new).filter(|((_, from), (_, to))| from != to);
    pairs.map(|((item, from), (_, to))| (*item, from.clone(), to.clone())).collect()
}

/// What of 第1表 is compared; dates and numbers of the making of the plan are not.
fn head(sheet: &Sheet1) -> [(&'static str, String); 9] {
    [
        ("意向を踏まえた課題分析の結果", sheet.intention.clone()),
        ("認定審査会の意見", sheet.board_opinion.clone()),
        ("総合的な援助の方針", sheet.policy.clone()),
        ("要介護状態区分", sheet.care_level.to_string()),
        ("認定の有効期間の開始日", sheet.valid_from.to_string()),
        ("認定の有効期間の終了日", sheet.valid_until.to_string()),
        ("生活援助中心型の算定理由", sheet.housework_reason.to_string()),
        ("その他の理由", sheet.other_reason.clone()),
        ("計画作成者", sheet.planner.clone()),
    ]
}

fn row(row: &FullRow<'_>) -> [(&'static str, String); 12] {
    let help = row.help;
    [
        ("課題", row.need.to_owned()),
        ("長期目標", row.long.to_owned()),
        ("長期目標の期間", row.long_period.to_owned()),
        ("短期目標", row.short.to_owned()),
        ("短期目標の期間", row.short_period.to_owned()),
        ("サービス内容", help.help.clone()),
        ("保険給付の対象", help.covered.to_string()),
        ("サービス種別", help.service.clone()),
        ("事業所番号", help.office_no.clone()),
        ("サービス提供事業所", help.office_name.clone()),
        ("頻度", help.frequency.clone()),
        ("期間", help.period.clone()),
    ]
}

/// Matches rows that are the same, then those that have most in common (more than half), then tells the rest.
fn goals(old: &[FullRow<'_>], new: &[FullRow<'_>], all: &mut Vec<PlanDifference>) {
    let (old, new): (Vec<_>, Vec<_>) = (old.iter().map(row).collect(), new.iter().map(row).collect());
    let mut scored = Vec::new();
    for (o, from) in old.iter().enumerate() {
        for (n, to) in new.iter().enumerate() {
            let differ = texts(from, to).len();
            if differ <= 5 {
                scored.push((differ, o.abs_diff(n), o, n));
            }
        }
    }
    scored.sort_unstable();
    let (mut old_taken, mut new_taken) = (vec![false; old.len()], vec![false; new.len()]);
    let mut changed = Vec::new();
    for (_, _, o, n) in scored {
        if let (Some(o_taken), Some(n_taken)) = (old_taken.get_mut(o), new_taken.get_mut(n))
            && !*o_taken
            && !*n_taken
        {
            (*o_taken, *n_taken) = (true, true);
            changed.push((n, o));
        }
    }
    changed.sort_unstable();
    for (n, o) in changed {
        if let (Some(from), Some(to)) = (old.get(o), new.get(n)) {
            for (item, from, to) in texts(from, to) {
                all.push(PlanDifference { place: place(old.get(o)), change: PlanChange::Changed { item, from, to } });
            }
        }
    }
    let rest = |taken: Vec<bool>| taken.into_iter().enumerate().filter(|(_, taken)| !taken).map(|(place, _)| place);
    for o in rest(old_taken) {
        all.push(PlanDifference { place: place(old.get(o)), change: PlanChange::Removed });
    }
    for n in rest(new_taken) {
        all.push(PlanDifference { place: place(new.get(n)), change: PlanChange::Added });
    }
}

/// 「第2表 掃除（訪問介護）」.
fn place(row: Option<&[(&'static str, String); 12]>) -> String {
    let text = |item| row.into_iter().flatten().find(|(name, _)| *name == item).map_or("", |(_, text)| text.as_str());
    match (text("サービス内容"), text("サービス種別")) {
        ("", "") => "第2表".to_owned(),
        (help, "") => format!("第2表 {help}"),
        ("", service) => format!("第2表 {service}"),
        (help, service) => format!("第2表 {help}（{service}）"),
    }
}
