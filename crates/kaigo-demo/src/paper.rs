//! What stands in 認定調査票 and 主治医意見書: coherent answers by severity, and plain sentences.

use crate::dice::Dice;

/// How a person is: severity 0 (要支援1) to 6 (要介護5) and dementia 0 (none) to 3 (marked).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// 0 for 要支援1 and lighter, 6 for 要介護5.
    pub(crate) severity: usize,
    /// 0 none, 1 slight, 2 clear, 3 marked.
    pub(crate) dementia: usize,
    /// Main diagnosis, an index into the list of this module.
    pub(crate) illness: usize,
}

/// Answers of 基本調査 by severity, one digit for each of 要支援1 to 要介護5.
#[rustfmt::skip]
const BODY: &[(&str, &str)] = &[
    ("1-3", "1122223"), ("1-4", "2222233"), ("1-5", "1112223"), ("1-6", "1122233"), ("1-7", "1222233"), ("1-8", "2222233"),
    ("1-9", "2223333"), ("1-10", "1122233"), ("1-11", "1122333"), ("1-12", "1111112"), ("1-13", "1112223"), ("2-1", "1111234"),
    ("2-2", "1112234"), ("2-3", "1111122"), ("2-4", "1111233"), ("2-5", "1112344"), ("2-6", "1111344"), ("2-7", "1112233"),
    ("2-8", "1111233"), ("2-9", "1111233"), ("2-10", "1112334"), ("2-11", "1122334"), ("2-12", "1122333"),
];

/// Answers by dementia, one digit for each of none, slight, clear, marked.
#[rustfmt::skip]
const MIND: &[(&str, &str)] = &[
    ("3-1", "1112"), ("3-2", "1122"), ("3-3", "1112"), ("3-4", "1222"), ("3-5", "1111"), ("3-6", "1122"), ("3-7", "1112"), ("3-8", "1112"),
    ("3-9", "1112"), ("4-1", "1122"), ("4-2", "1112"), ("4-3", "1111"), ("4-4", "1112"), ("4-5", "1122"), ("4-6", "1112"), ("4-7", "1112"),
    ("4-8", "1112"), ("4-9", "1112"), ("4-10", "1111"), ("4-11", "1111"), ("4-12", "1233"), ("4-13", "1111"), ("4-14", "1112"), ("4-15", "1112"),
];

/// Answers of group 5 by severity.
#[rustfmt::skip]
const LIFE: &[(&str, &str)] = &[
    ("5-1", "1122333"), ("5-2", "1122333"), ("5-3", "1122334"), ("5-4", "1111111"), ("5-5", "2334444"), ("5-6", "2334444"),
];

fn answer(digits: &str, at: usize) -> char {
    digits.chars().nth(at).unwrap_or('1')
}

/// Answers of 基本調査 in the grammar `1-1=2,3;1-3=1`.
pub(crate) fn survey_items(condition: Condition) -> String {
    let Condition { severity, dementia, illness } = condition;
    let stroke = illness == STROKE;
    let mut out = String::with_capacity(520);
    out.push_str(if stroke {
        "1-1=3,5"
    } else if severity >= 3 {
        "1-1=4,5"
    } else {
        "1-1=1"
    });
    out.push_str(if severity >= 4 {
        ";1-2=2,4"
    } else if severity >= 2 {
        ";1-2=4"
    } else {
        ";1-2=1"
    });
    let mut put = |item: &str, choice: char| {
        out.push(';');
        out.push_str(item);
        out.push('=');
        out.push(choice);
    };
    for (item, digits) in BODY {
        put(item, answer(digits, severity));
    }
    for (item, digits) in MIND {
        put(item, answer(digits, dementia));
    }
    for (item, digits) in LIFE {
        put(item, answer(digits, severity));
    }
    put("7-1", answer("3344568", severity));
    put("7-2", answer("1247", dementia));
    out
}

struct Remark {
    item: &'static str,
    from: usize,
    to: usize,
    dementia: usize,
    text: &'static str,
}

/// Remarks by severity range and least dementia.
#[rustfmt::skip]
const REMARKS: &[Remark] = &[
    Remark { item: "1-1", from: 3, to: 6, dementia: 0, text: "両足に力が入りにくく、いすに座って足を上げるとすぐに下がる。" },
    Remark { item: "1-4", from: 0, to: 4, dementia: 0, text: "ベッドの柵につかまって起き上がる。朝は体がこわばり、時間がかかる。" },
    Remark { item: "1-7", from: 1, to: 4, dementia: 0, text: "家の中は壁や家具につかまって歩く。外では歩行器を使う。" },
    Remark { item: "1-7", from: 5, to: 6, dementia: 0, text: "支えがあっても歩けない。移動は車いすを家族が押している。" },
    Remark { item: "1-10", from: 2, to: 4, dementia: 0, text: "背中と足先は手が届かず、通所介護の職員が洗っている。" },
    Remark { item: "1-11", from: 2, to: 3, dementia: 0, text: "足のつめは家族が切っている。手のつめは時間をかければ自分で切れるときもある。" },
    Remark { item: "1-13", from: 2, to: 6, dementia: 0, text: "正面からゆっくり話せば聞き取れる。補聴器は使っていない。" },
    Remark { item: "2-1", from: 5, to: 6, dementia: 0, text: "ベッドから車いすへは、介助者が体を支えて移している。1日に6回ほどある。" },
    Remark { item: "2-2", from: 4, to: 4, dementia: 0, text: "夜間のトイレはふらつくため、家族がそばについている。" },
    Remark { item: "2-4", from: 5, to: 6, dementia: 0, text: "おかずを小さく切ると自分で食べるが、途中で疲れるため後半は介助している。" },
    Remark { item: "2-5", from: 4, to: 4, dementia: 0, text: "日中はトイレで行う。夜間はリハビリパンツを使い、朝に家族が片づけている。" },
    Remark { item: "2-5", from: 5, to: 6, dementia: 0, text: "終日おむつを使い、1日6回交換している。尿意を伝えることは少ない。" },
    Remark { item: "2-12", from: 0, to: 1, dementia: 0, text: "週に2回、通所介護へ出かける。そのほかの外出は月に1回の受診だけである。" },
    Remark { item: "3-4", from: 0, to: 6, dementia: 1, text: "調査の前に何をしていたかをたずねたが、思い出せなかった。" },
    Remark { item: "3-8", from: 1, to: 4, dementia: 3, text: "夕方になると家の中を歩き回ることが週に2回ほどある。声をかけると落ち着く。" },
    Remark { item: "4-1", from: 0, to: 6, dementia: 2, text: "財布を取られたと家族を責めることが月に2回ほどある。いっしょに探すと収まる。" },
    Remark { item: "4-5", from: 0, to: 6, dementia: 2, text: "同じ話を1時間に何度もする。家族はそのつど返事をしている。" },
    Remark { item: "4-12", from: 0, to: 6, dementia: 2, text: "火の消し忘れがあったため、こんろを電気のものに替え、家族が元の電源を切っている。" },
    Remark { item: "5-1", from: 2, to: 3, dementia: 0, text: "薬は家族が1回分ずつ箱に分け、飲んだかどうかを電話で確かめている。" },
    Remark { item: "5-2", from: 2, to: 6, dementia: 0, text: "通帳と支払いは長女が管理している。本人は小づかいだけを持っている。" },
    Remark { item: "5-5", from: 1, to: 2, dementia: 0, text: "重い物は持てないため、買い物は訪問介護に頼んでいる。品物は本人が決める。" },
    Remark { item: "5-6", from: 1, to: 2, dementia: 0, text: "ご飯は自分で炊く。おかずは配食を利用し、温めて食べている。" },
    Remark { item: "7-1", from: 0, to: 2, dementia: 0, text: "家の中のことはおおむね自分で行う。介助があれば外出する。" },
    Remark { item: "7-2", from: 0, to: 6, dementia: 2, text: "日常生活に支障のある行動があり、だれかが気をつけていれば暮らせる。" },
];

/// 特記事項, one line for each entry: item number, space, text.
pub(crate) fn remarks(condition: Condition, dice: &mut Dice) -> String {
    let mut out = String::with_capacity(900);
    for remark in REMARKS {
        if remark.item == "1-1" && condition.illness == STROKE {
            out.push_str("1-1 右の手足に力が入りにくい。右手は物を押さえるときだけ使う。");
            continue;
        }
        let fits = (remark.from..=remark.to).contains(&condition.severity) && condition.dementia >= remark.dementia;
        if fits && dice.percent(70) {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(remark.item);
            out.push(' ');
            out.push_str(remark.text);
        }
    }
    if out.is_empty() {
        out.push_str("1-8 いすから立ち上がるときは、ひじ掛けを押して立つ。");
    }
    out
}

struct Illness {
    diagnosis: &'static str,
    course: &'static str,
}

/// Index of the stroke in [`ILLNESSES`]; its paralysis stands in 1-1.
pub(crate) const STROKE: usize = 1;
/// Index of dementia in [`ILLNESSES`].
pub(crate) const DEMENTIA: usize = 2;

#[rustfmt::skip]
const ILLNESSES: &[Illness] = &[
    Illness { diagnosis: "変形性膝関節症\n高血圧症", course: "両膝の痛みがあり、長く歩くことができない。月に1回の受診で痛み止めと降圧薬を処方している。血圧は落ち着いている。" },
    Illness { diagnosis: "脳梗塞後遺症\n高血圧症", course: "右の手足に麻痺が残っている。再発を防ぐ薬を続けている。退院のあとは通所でのリハビリテーションにより、歩く力を保っている。" },
    Illness { diagnosis: "アルツハイマー型認知症\n高血圧症", course: "数年前から物忘れが進んだ。認知症の薬を処方している。昼間の活動を増やすと夜はよく眠れる。" },
    Illness { diagnosis: "慢性心不全\n糖尿病", course: "動くと息切れがある。利尿薬と血糖を下げる薬を処方している。体重が3日で2kg増えたときは早めの受診を勧めている。" },
    Illness { diagnosis: "大腿骨頸部骨折術後\n骨粗鬆症", course: "転倒して骨折し、手術を受けた。骨を強くする薬を続けている。転倒をおそれて動くことが減っている。" },
    Illness { diagnosis: "パーキンソン病", course: "手のふるえと小刻みな歩き方がある。薬の効く時間が短くなり、1日4回に分けて処方している。" },
    Illness { diagnosis: "腰部脊柱管狭窄症\n白内障", course: "10分ほど歩くと両足がしびれる。休むとまた歩ける。痛み止めと血の巡りをよくする薬を処方している。" },
];

/// How many illnesses there are.
pub(crate) const ILLNESS_COUNT: u32 = 7;

/// 診断名, one a line.
pub(crate) fn diagnosis(condition: Condition) -> &'static str {
    ILLNESSES.get(condition.illness).map_or("", |i| i.diagnosis)
}

/// 経過及び投薬内容を含む治療内容.
pub(crate) fn course(condition: Condition) -> &'static str {
    ILLNESSES.get(condition.illness).map_or("", |i| i.course)
}

/// 特記すべき事項 of the opinion.
pub(crate) fn opinion_remarks(condition: Condition) -> &'static str {
    match (condition.severity, condition.dementia) {
        (_, 3) => "日中も見守りが必要な状態です。家族の負担が大きいため、短期入所の利用が望まれます。",
        (0..=1, _) => "家に閉じこもらないよう、通いの場や通所のサービスを続けることが望まれます。",
        (2..=3, _) => "転倒に注意が必要です。手すりの取り付けと、通所でのリハビリテーションが望まれます。",
        _ => "床ずれと誤嚥に注意が必要です。訪問看護による観察と、福祉用具の活用が望まれます。",
    }
}

/// Physicians, fictional.
pub(crate) const PHYSICIANS: &[&str] = &["潮見 健", "浜中 亜希子", "灯台 守"];

/// Opinions of the board (認定審査会の意見); mostly none.
pub(crate) const BOARD_OPINIONS: &[&str] = &[
    "状態の維持が見込まれます。",
    "リハビリテーションの継続により、改善が見込まれます。",
    "転倒に気をつけ、住まいの環境を整えることが望まれます。",
];

/// Reasons of delay (延期の理由).
pub(crate) const DELAY_REASONS: &[&str] = &[
    "主治医意見書の提出を待っているため",
    "認定調査の日程の調整に時間を要したため",
    "申請が多く、審査会の開催を待っているため",
];

/// Coded answers of 主治医意見書, in agreement with those of the survey.
pub(crate) fn opinion_items(condition: Condition) -> String {
    let Condition { severity, dementia, illness } = condition;
    let heavy = severity >= 4;
    let stroke = illness == STROKE;
    let mut out: Vec<(&str, &str)> = vec![("0-2", "2"), ("0-3", "2")];
    out.push(("1-2", if illness == 5 { "2" } else { "1" }));
    out.push(("3-1-1", ["3", "3", "4", "4", "5", "6", "8"].get(severity).copied().unwrap_or("4")));
    out.push(("3-1-2", ["1", "2", "4", "7"].get(dementia).copied().unwrap_or("1")));
    out.push(("3-2-1", if dementia >= 1 { "2" } else { "1" }));
    out.push(("3-2-2", ["1", "2", "3", "4"].get(dementia).copied().unwrap_or("1")));
    out.push(("3-2-3", ["1", "1", "2", "3"].get(dementia).copied().unwrap_or("1")));
    out.push(("3-3-1", if dementia >= 2 { "1" } else { "2" }));
    match dementia {
        2 => out.push(("3-3-2", "2,8")),
        3 => out.push(("3-3-2", "2,3,7")),
        _ => {}
    }
    out.extend([("3-5-1", "1"), ("3-5-2", if heavy { "3" } else { "2" })]);
    if stroke {
        out.extend([("3-5-4", "2"), ("3-5-6", "2")]);
    }
    if severity >= 2 {
        out.push(("3-5-9", if heavy { "3" } else { "2" }));
    }
    out.push(("4-1-1", ["1", "1", "2", "2", "2", "3", "3"].get(severity).copied().unwrap_or("2")));
    out.push(("4-1-2", if severity >= 5 { "3" } else { "1" }));
    out.push(("4-1-3", if severity >= 5 || severity == 0 { "1" } else { "2" }));
    out.push(("4-2-1", if severity == 6 { "2" } else { "1" }));
    out.push(("4-2-2", if severity == 6 { "2" } else { "1" }));
    out.push(("4-3", if heavy { "1,2,4" } else { "2,3" }));
    out.push(("4-4", if heavy { "3" } else { "1" }));
    out.push(("4-5", if heavy { "1,2" } else { "9" }));
    out.extend([("4-6-1", "1"), ("4-6-2", "1"), ("4-6-3", if severity == 6 { "2" } else { "1" })]);
    out.extend([("4-6-4", if severity >= 2 { "2" } else { "1" }), ("4-6-5", "1"), ("4-7", "2")]);
    let pairs: Vec<String> = out.into_iter().map(|(item, choice)| format!("{item}={choice}")).collect();
    pairs.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kaigo_core::survey::{OPINION_ITEMS, OpinionItems, SURVEY_ITEMS, SurveyItems};

    fn conditions() -> impl Iterator<Item = Condition> {
        (0..7).flat_map(|severity| {
            (0..4).flat_map(move |dementia| (0..7).map(move |illness| Condition { severity, dementia, illness }))
        })
    }

    #[test]
    fn answers_are_complete_and_free_of_rare_combinations() {
        for condition in conditions() {
            let items = SurveyItems::parse(&survey_items(condition)).unwrap();
            assert_eq!(items.entries().len() + 1, SURVEY_ITEMS.len(), "all but 特別な医療: {condition:?}");
            let warnings: Vec<_> = items.warnings().iter().map(|w| w.answers).collect();
            assert!(warnings.is_empty(), "{condition:?} {warnings:?}");
        }
    }

    #[test]
    fn opinions_are_read_and_agree_with_the_survey() {
        for condition in conditions() {
            let opinion = OpinionItems::parse(&opinion_items(condition)).unwrap();
            let survey = SurveyItems::parse(&survey_items(condition)).unwrap();
            assert!(opinion.entries().len() > 15 && opinion.entries().len() < OPINION_ITEMS.len());
            for code in ["1", "2", "4", "7"] {
                assert_eq!(opinion.has("3-1-2", code), survey.has("7-2", code), "{condition:?}");
            }
        }
    }

    #[test]
    fn remarks_name_items_of_the_form() {
        for condition in conditions() {
            let text = remarks(condition, &mut Dice::new(1, 1));
            for line in text.lines() {
                let item = line.split(' ').next().unwrap();
                assert!(SURVEY_ITEMS.iter().any(|def| def.id == item), "{line}");
            }
        }
    }
}
