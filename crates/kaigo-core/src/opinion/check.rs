//! What a municipality would send an opinion back for, found before it is sent.
//!
//! Errors stop: without the item the opinion cannot be used, or it cannot be read. Everything that rests on experience (推定) warns only:
//! a physician who means it so submits it so.

use super::field::{FIELDS, Field, Kind, Need};
use super::{Answer, OpinionForm, field};
use crate::date::{Date, add_months, parse_date, seireki};
use crate::finding::Severity;
use crate::layout::BadCell;

/// Something about an opinion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Stable code, listed in [`CODES`].
    pub code: &'static str,
    /// The field it is about.
    pub field: &'static Field,
    /// How bad it is: an error stops the submission.
    pub severity: Severity,
    /// What is wrong, a Japanese sentence.
    pub say: String,
    /// How to mend it, a Japanese sentence.
    pub mend: String,
}

/// Every code with what it means.
pub const CODES: &[(&str, &str)] = &[
    ("opinion-required", "なくては意見書として使えない項目が空いている"),
    ("opinion-expected", "市町村から問い合わせが来ることの多い項目が空いている（推定）"),
    ("opinion-value", "書かれた文字が、その項目の値として読めない"),
    ("individual-number", "個人番号とみられる12けたの数字がある"),
    ("opinion-future", "記入日が先の日になっている"),
    ("opinion-order", "最終診察日が記入日よりあとになっている"),
    ("opinion-old-visit", "最終診察日から3か月より長くたっている（推定）"),
    ("opinion-onset", "発症年月日が記入日よりあとになっている"),
    ("opinion-detail", "チェックした項目に、書くべき説明がない"),
    ("opinion-stray", "説明だけがあって、その項目にチェックがない"),
    ("opinion-boxes-missing", "「有」なのに、どれかが選ばれていない"),
    ("opinion-none-and-boxes", "「無」なのに、どれかが選ばれている"),
    ("opinion-underline", "必要とされていないサービスが「特に必要性の高いもの」に入っている"),
    ("opinion-contradiction", "2つの答えがかみ合わない（推定）"),
    ("opinion-figure", "身長と体重の組みあわせがめずらしい（推定）"),
    ("opinion-count", "作成回数と前回の意見書の有無がかみ合わない"),
    ("opinion-box-full", "様式の枠の行数を超えている"),
    ("opinion-as-before", "経過と特記が前回と一字も変わっていない（推定）"),
    ("opinion-specified-disease", "65歳未満なのに、診断名に特定疾病が見あたらない"),
];

/// What is known of the patient beside the form.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// Day of checking.
    pub today: Option<Date>,
    /// Age on that day.
    pub age: Option<i16>,
    /// The previous opinion, if one is known.
    pub previous: Option<&'a OpinionForm>,
}

/// Everything that is found, errors first, then in the order of the form.
pub fn check(form: &OpinionForm, subject: &Subject<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for field in FIELDS {
        one(form, field, &mut found);
    }
    days(form, subject, &mut found);
    lists(form, &mut found);
    for pair in CONTRADICTIONS {
        contradiction(form, pair, &mut found);
    }
    figures(form, &mut found);
    history(form, subject, &mut found);
    let place = |found: &Found| FIELDS.iter().position(|field| field.id == found.field.id);
    found.sort_by_key(|found| (std::cmp::Reverse(found.severity), place(found)));
    found
}

/// A finding at a field; nothing if there is no such field.
fn add(
    found: &mut Vec<Found>,
    code: &'static str,
    severity: Severity,
    id: &str,
    (say, mend): (impl Into<String>, impl Into<String>),
) {
    if let Some(field) = field(id) {
        found.push(Found { code, field, severity, say: say.into(), mend: mend.into() });
    }
}

/// What can be said of a field alone, and of the box that it explains.
fn one(form: &OpinionForm, field: &'static Field, found: &mut Vec<Found>) {
    let short = field.name.split('（').next().unwrap_or(field.name);
    match form.answer(field) {
        Err(bad) => {
            let code = if bad == BadCell::IndividualNumber { bad.code() } else { "opinion-value" };
            add(found, code, Severity::Error, field.id, (bad.say(short), bad.mend(short)));
        }
        Ok(Answer::Empty) if field.need == Need::Required => {
            let say = format!("{}が書かれていません。", field.name);
            add(found, "opinion-required", Severity::Error, field.id, (say, required_mend(field)));
        }
        Ok(Answer::Empty) if field.need == Need::Expected => {
            let say = format!("{}が書かれていません。", field.name);
            let mend = "わからないときは、そのままでも提出できます。市町村から問い合わせが来ることがあります。";
            add(found, "opinion-expected", Severity::Warning, field.id, (say, mend));
        }
        Ok(Answer::Text(text)) => full(field, &text, found),
        Ok(Answer::Empty | Answer::Choices(_) | Answer::Date(_) | Answer::Tenths(_)) => {}
    }
    let Some((item, choice)) = field.of else { return };
    let ticked = if choice == "*" { !form.is_blank(item) } else { form.has(item, choice) };
    let name = super::field(item).map_or("", |item| item.name);
    match (ticked, form.is_blank(field.id)) {
        (true, true) => {
            let say = format!("{name}にチェックがありますが、{}が書かれていません。", field.name);
            let mend = format!("{}を書いてください。", field.name);
            add(found, "opinion-detail", Severity::Warning, field.id, (say, mend));
        }
        // What to mind about food may be written of anybody.
        (false, false) if field.id != "4-2-3t" => {
            let say = format!("{}が書かれていますが、{name}にチェックがありません。", field.name);
            let mend = format!("{name}も選ぶか、書いたものを消してください。");
            add(found, "opinion-stray", Severity::Warning, item, (say, mend));
        }
        (true, false) | (false, true | false) => {}
    }
}

fn required_mend(field: &Field) -> String {
    match field.kind {
        Kind::Coded | Kind::Marked(_) => format!("{}を選んでください。", field.name),
        Kind::Text { .. } | Kind::Lines { .. } | Kind::Date | Kind::Figure { .. } => {
            format!("{}を書いてください。", field.name)
        }
    }
}

/// More lines than the box of the form has.
fn full(field: &'static Field, text: &str, found: &mut Vec<Found>) {
    let Kind::Lines { rows, .. } = field.kind else { return };
    let used: usize = text.split('\n').map(|line| line.chars().count().div_ceil(57).max(1)).sum();
    if used > rows {
        let say = format!("{}は様式の枠が{rows}行です。いま{used}行分あります。", field.name);
        let mend = "短くしてください。このまま提出すると、印刷したときに枠が広がります。";
        add(found, "opinion-box-full", Severity::Warning, field.id, (say, mend));
    }
}

fn days(form: &OpinionForm, subject: &Subject<'_>, found: &mut Vec<Found>) {
    let (written, examined) = (form.date("0-0"), form.date("0-1"));
    if let (Some(written), Some(today)) = (written, subject.today)
        && written > today
    {
        let say = format!("記入日が先の日（{}）になっています。", seireki(written));
        add(found, "opinion-future", Severity::Error, "0-0", (say, "今日か、それより前の日にしてください。"));
    }
    let last = written.or(subject.today);
    let (Some(examined), Some(last)) = (examined, last) else { return };
    if examined > last {
        let say = format!("最終診察日（{}）が、記入日（{}）よりあとです。", seireki(examined), seireki(last));
        add(found, "opinion-order", Severity::Error, "0-1", (say, "どちらかの日を直してください。"));
    } else if add_months(examined, 3) < last {
        let say = format!("最終診察日（{}）から3か月より長くたっています。", seireki(examined));
        let mend = "いまの状態がわかる診察のあとで書いてください。日付のまちがいなら直してください。";
        add(found, "opinion-old-visit", Severity::Warning, "0-1", (say, mend));
    }
    for id in ["1-1-1d", "1-1-2d", "1-1-3d"] {
        if let Some(onset) = parse_date(form.raw(id)).filter(|onset| *onset > last) {
            let say = format!("発症年月日（{}）が、記入日よりあとです。", seireki(onset));
            add(found, "opinion-onset", Severity::Warning, id, (say, "年号か年のまちがいでないか確かめてください。"));
        }
    }
}

/// 「有」 and 「無」 against the lists behind them.
fn lists(form: &OpinionForm, found: &mut Vec<Found>) {
    for (yes_no, list, what) in [("0-3", "0-4", "科"), ("3-3-1", "3-3-2", "症状")] {
        let name = field(yes_no).map_or("", |f| f.name);
        let is_blank = form.is_blank(list);
        if form.has(yes_no, "1") && is_blank {
            let say = format!("{name}が「有」ですが、{what}が1つも選ばれていません。");
            let mend = format!("あてはまる{what}を選んでください。");
            add(found, "opinion-boxes-missing", Severity::Warning, list, (say, mend));
        } else if !form.has(yes_no, "1") && !is_blank {
            let say = format!("{what}が選ばれていますが、{name}が「有」になっていません。");
            let mend = format!("「有」にするか、{what}のチェックをはずしてください。");
            add(found, "opinion-none-and-boxes", Severity::Warning, yes_no, (say, mend));
        }
    }
    let extra = form.raw("4-5u").split(',').any(|code| !code.is_empty() && !form.has("4-5", code));
    if extra {
        let say = "「特に必要性の高いもの」に、医学的管理の必要性で選ばれていないサービスがあります。";
        add(found, "opinion-underline", Severity::Warning, "4-5u", (say, "医学的管理の必要性のほうも選んでください。"));
    }
}

/// Two answers that hardly go together (推定): item, choices; item, choices; how it is said.
struct Contradiction {
    one: (&'static str, &'static [&'static str]),
    other: (&'static str, &'static [&'static str]),
    say: &'static str,
}

const fn pair(
    one: (&'static str, &'static [&'static str]),
    other: (&'static str, &'static [&'static str]),
    say: &'static str,
) -> Contradiction {
    Contradiction { one, other, say }
}

static CONTRADICTIONS: &[Contradiction] = &[
    pair(("3-1-2", &["1"]), ("3-2-1", &["2"]), "認知症の自立度が「自立」ですが、短期記憶が「問題あり」です。"),
    pair(
        ("3-1-2", &["1"]),
        ("3-2-2", &["3", "4"]),
        "認知症の自立度が「自立」ですが、認知能力に見守り以上の困難があります。",
    ),
    pair(("3-1-2", &["1"]), ("3-3-1", &["1"]), "認知症の自立度が「自立」ですが、BPSDが「有」です。"),
    pair(
        ("3-1-2", &["5", "6", "7", "8"]),
        ("3-2-1", &["1"]),
        "認知症の自立度がⅢ以上ですが、短期記憶が「問題なし」です。",
    ),
    pair(("3-1-2", &["5", "6", "7", "8"]), ("3-2-2", &["1"]), "認知症の自立度がⅢ以上ですが、認知能力が「自立」です。"),
    pair(("3-1-2", &["8"]), ("3-3-1", &["2"]), "認知症の自立度が「M」ですが、BPSDが「無」です。"),
    pair(("3-1-1", &["6", "7", "8", "9"]), ("4-1-1", &["1"]), "寝たきり度がB・Cですが、屋外歩行が「自立」です。"),
    pair(("3-1-1", &["1", "2", "3"]), ("4-1-1", &["3"]), "寝たきり度が自立・Jですが、屋外歩行を「していない」です。"),
    pair(("3-1-1", &["1", "2", "3"]), ("4-2-1", &["2"]), "寝たきり度が自立・Jですが、食事行為が「全面介助」です。"),
    pair(("3-1-1", &["8", "9"]), ("3-3-2", &["7"]), "寝たきり度がCですが、「徘徊」が選ばれています。"),
    pair(("4-1-1", &["1"]), ("4-1-2", &["3"]), "屋外歩行が「自立」ですが、車いすを主に他人が操作しています。"),
    pair(
        ("2-1", &["9"]),
        ("4-2-1", &["1"]),
        "経管栄養を受けていますが、食事行為が「自立ないし何とか自分で食べられる」です。",
    ),
    pair(("1-2", &["1"]), ("4-4", &["3"]), "症状が「安定」ですが、維持・改善の見通しが「不明」です。"),
];

fn contradiction(form: &OpinionForm, pair: &Contradiction, found: &mut Vec<Found>) {
    let holds = |(item, codes): (&str, &[&str])| codes.iter().any(|code| form.has(item, code));
    if holds(pair.one) && holds(pair.other) {
        let mend = "まちがいでなければ、特記すべき事項にそのわけを書くと、問い合わせがへります。";
        add(found, "opinion-contradiction", Severity::Warning, pair.other.0, (pair.say, mend));
    }
}

/// Figures that hardly go together; what is treated, but not described.
fn figures(form: &OpinionForm, found: &mut Vec<Found>) {
    if form.has("2-2", "2") && form.is_blank("3-5-13") {
        let say = "特別な医療に「褥瘡の処置」がありますが、身体の状態の褥瘡に程度がありません。";
        add(found, "opinion-contradiction", Severity::Warning, "3-5-13", (say, "褥瘡の部位と程度も書いてください。"));
    }
    let tenths = |id: &str| match field(id).map(|field| form.answer(field)) {
        Some(Ok(Answer::Tenths(tenths))) => Some(u64::from(tenths)),
        Some(Ok(Answer::Empty | Answer::Choices(_) | Answer::Text(_) | Answer::Date(_)) | Err(_)) | None => None,
    };
    let (Some(height), Some(weight)) = (tenths("3-5-1h"), tenths("3-5-1w")) else { return };
    // kg / m², from tenths of kg and of cm: times 100 for whole numbers.
    let bmi = weight * 10_000_000 / (height * height).max(1);
    if !(1_000..=4_500).contains(&bmi) {
        let say = "身長と体重の組みあわせが、めったにない値です。";
        add(
            found,
            "opinion-figure",
            Severity::Warning,
            "3-5-1w",
            (say, "けたや単位のまちがいでないか確かめてください。"),
        );
    } else if bmi < 1_600 && form.has("4-2-2", "1") {
        let say = "やせ（BMI 16未満）ですが、現在の栄養状態が「良好」です。";
        add(found, "opinion-contradiction", Severity::Warning, "4-2-2", (say, "体重と栄養状態を確かめてください。"));
    }
}

/// The sixteen specified diseases (特定疾病, 施行令2条) by words that stand in their names.
const SPECIFIED: &[&str] = &[
    "がん",
    "癌",
    "悪性",
    "肉腫",
    "白血病",
    "リウマチ",
    "筋萎縮性側索硬化",
    "ALS",
    "後縦靱帯骨化",
    "後縦靭帯骨化",
    "骨粗鬆",
    "骨粗しょう",
    "初老期",
    "若年性",
    "アルツハイマー",
    "認知症",
    "核上性麻痺",
    "皮質基底核",
    "パーキンソン",
    "脊髄小脳",
    "脊柱管狭窄",
    "早老症",
    "ウェルナー",
    "多系統萎縮",
    "糖尿病性",
    "脳血管",
    "脳梗塞",
    "脳出血",
    "くも膜下",
    "閉塞性動脈硬化",
    "慢性閉塞性肺",
    "COPD",
    "肺気腫",
    "気管支喘息",
    "変形性膝関節",
    "変形性股関節",
    "変形性関節",
];

fn history(form: &OpinionForm, subject: &Subject<'_>, found: &mut Vec<Found>) {
    if let Some(age) = subject.age.filter(|age| *age < 65)
        && !form.is_blank("1-1-1")
    {
        let names = ["1-1-1", "1-1-2", "1-1-3"].map(|id| form.raw(id)).join(" ");
        if !SPECIFIED.iter().any(|word| names.contains(word)) {
            let say = format!("{age}歳の方ですが、診断名に特定疾病が見あたりません。");
            let mend = "第2号被保険者は、特定疾病による場合だけ認定されます。診断名1に特定疾病の名前を書いてください。";
            add(found, "opinion-specified-disease", Severity::Warning, "1-1-1", (say, mend));
        }
    }
    let Some(previous) = subject.previous else { return };
    if form.has("0-2", "1") {
        let say = "作成回数が「初回」ですが、前回の意見書があります。";
        let mend = "ほかの医療機関の意見書であれば、このままでかまいません。";
        add(found, "opinion-count", Severity::Warning, "0-2", (say, mend));
    }
    let same = |id: &str| !form.is_blank(id) && form.raw(id) == previous.raw(id);
    if same("1-3") && (same("5") || form.is_blank("5")) {
        let say = "経過と特記すべき事項が、前回とまったく同じです。";
        let mend = "この間に変わったことがあれば書きたしてください。変わりがなければ、このままでかまいません。";
        add(found, "opinion-as-before", Severity::Note, "1-3", (say, mend));
    }
}
