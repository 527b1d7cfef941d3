//! The forms of 介護予防 on a page: 利用者基本情報 and 支援計画書, as boxes and tables.

use kaigo_careplan::sheet::{Basic, BasicItems, Coded, Prevention};

use super::forms::{birth, boxed, join, period, unit};
use crate::view::exchange_sheet::form::{BoxGroup, Boxes, Labelled, Spanned, TextTable};

fn group(heading: &str, boxes: Vec<Labelled>) -> BoxGroup {
    BoxGroup { heading: heading.to_owned(), boxes }
}

fn table<const N: usize>(heading: &str, heads: [&str; N], rows: Vec<[String; N]>) -> TextTable {
    let row = |row: [String; N]| row.map(Spanned::new).into();
    TextTable {
        heading: heading.to_owned(),
        heads: heads.map(str::to_owned).into(),
        rows: rows.into_iter().map(row).collect(),
    }
}

/// 「該当」 of several columns by name: 「身障・難病」.
fn chosen(columns: &[(&str, &Coded)]) -> String {
    columns.iter().filter(|(_, coded)| coded.code == "1").map(|(word, _)| *word).collect::<Vec<_>>().join("・")
}

fn with_note(coded: &Coded, note: &str) -> String {
    if note.is_empty() { coded.to_string() } else { format!("{coded}（{note}）") }
}

/// 利用者基本情報.
pub(super) fn basic_form(basic: &Basic) -> Boxes {
    let i = &basic.items;
    let mut groups = vec![consultation(i), person(i)];
    groups.extend(life(i));
    Boxes { groups, tables: basic_tables(basic) }
}

/// 相談.
fn consultation(i: &BasicItems) -> BoxGroup {
    group(
        "相談",
        vec![
            boxed("作成担当者", &i.author),
            boxed("相談日", &i.consulted_on),
            boxed("相談方法", with_note(&i.method, &i.method_other)),
            boxed("相談回数（前回）", format!("{}　{}", i.count, i.previous_on).trim()),
            boxed("計画種類", &i.plan_type),
            boxed("委託の有無", &i.entrusted),
        ],
    )
}

/// 本人.
fn person(i: &BasicItems) -> BoxGroup {
    group(
        "本人",
        vec![
            boxed("氏名", format!("{}　{}", i.name, i.kana).trim()),
            boxed("生年月日・性別", format!("{}　{}", birth(&i.born_on), i.sex).trim()),
            boxed("住所", &i.address),
            boxed("電話・FAX", format!("{}　{}", i.phone, i.fax).trim()),
            boxed("本人の現況", with_note(&i.situation, &i.situation_note)),
            boxed("障害高齢者の日常生活自立度", &i.disability),
            boxed("認知症高齢者の日常生活自立度", &i.dementia),
            boxed("認定情報", format!("{}　{}", i.care_level, period(&i.valid_from, &i.valid_until)).trim()),
            boxed("前回の介護度", &i.previous_level),
            boxed("基本チェックリスト記入結果", format!("{}　{}", i.checklist, i.checklist_on).trim()),
            boxed(
                "障害等認定",
                join(&[
                    &chosen(&[
                        ("身障", &i.physical),
                        ("療育", &i.intellectual),
                        ("精神", &i.mental),
                        ("難病", &i.intractable),
                    ]),
                    &i.disability_note,
                ]),
            ),
            boxed("本人の住居環境", join(&[&i.dwelling.to_string(), &unit(&i.floor, "階"), &modified(&i.modified)])),
            boxed(
                "経済状況",
                join(&[
                    &chosen(&[
                        ("国民年金", &i.pension_national),
                        ("厚生年金", &i.pension_employee),
                        ("障害年金", &i.pension_disability),
                        ("生活保護", &i.assistance),
                    ]),
                    &i.economy,
                ]),
            ),
            boxed("来所者（相談者）", join(&[&i.visitor, &i.visitor_relation, &i.visitor_address, &i.visitor_phone])),
            boxed("家族関係等の状況", &i.family),
            boxed("家族構成の画像", &i.image),
        ],
    )
}

/// 今までの生活, services, consent.
fn life(i: &BasicItems) -> [BoxGroup; 2] {
    [
        group(
            "介護予防に関する事項",
            vec![
                boxed("今までの生活", &i.life),
                boxed("１日の生活・すごし方", &i.day),
                boxed("趣味・楽しみ・特技", &i.hobby),
                boxed("友人・地域との関係", &i.friends),
            ],
        ),
        group(
            "現在利用しているサービス、同意",
            vec![
                boxed("公的サービス", &i.public_services),
                boxed("非公的サービス", &i.other_services),
                boxed("同意日", &i.consented_on),
                boxed("同意者氏名", &i.consented_by),
            ],
        ),
    ]
}

/// 緊急連絡先 and 別表.
fn basic_tables(basic: &Basic) -> Vec<TextTable> {
    let contacts = basic.contacts.iter().map(|c| [&c.name, &c.relation, &c.address, &c.phone].map(String::clone));
    let days = basic.day_habits.iter().map(|d| [&d.time, &d.person, &d.family].map(String::clone));
    let illness = |l: &kaigo_careplan::sheet::Illness| {
        let doctor = if l.is_main_doctor.code == "1" {
            format!("{}（主治医・意見作成者）", l.doctor)
        } else {
            l.doctor.clone()
        };
        [l.when.clone(), l.illness.clone(), doctor, l.doctor_phone.clone(), l.course.to_string(), l.treatment.clone()]
    };
    vec![
        table("緊急連絡先", ["氏名", "続柄", "住所・連絡先", "電話番号"], contacts.collect()),
        table("１日の生活・すごし方", ["時間", "本人", "介護者・家族"], days.collect()),
        table(
            "現病歴・既往歴と経過",
            ["年月日", "病名", "医療機関・医師名", "電話番号", "経過", "治療中の場合は内容"],
            basic.illnesses.iter().map(illness).collect(),
        ),
    ]
}

fn modified(coded: &Coded) -> String {
    if coded.code.is_empty() { String::new() } else { format!("住宅改修 {coded}") }
}

/// 介護予防サービス・支援計画書.
pub(super) fn prevention_form(prevention: &Prevention) -> Boxes {
    let i = &prevention.items;
    let groups = vec![
        group(
            "計画",
            vec![
                boxed("No.・利用者名", join(&[&i.file_no, &i.name])),
                boxed("計画作成（変更）日（初回作成日）", format!("{}（{}）", i.plan_date, i.first_on)),
                boxed("認定年月日", &i.certified_on),
                boxed("認定の有効期間", period(&i.valid_from, &i.valid_until)),
                boxed("計画書区分", &i.plan_class),
                boxed("認定状況・要支援状態区分", format!("{}　{}", i.certification_state, i.support_level).trim()),
                boxed("計画作成者氏名", join(&[&i.planner_center, &i.planner])),
                boxed(
                    "計画作成事業者・事業所名及び所在地",
                    join(&[&i.office_name, &i.office_address, &i.office_phone]),
                ),
                boxed("担当地域包括支援センター", &i.center),
                boxed("計画種類・委託の有無", format!("{}　{}", i.plan_type, i.entrusted).trim()),
                boxed("目標とする生活（1日）", &i.goal_day),
                boxed("目標とする生活（1年）", &i.goal_year),
            ],
        ),
        group(
            "方針と意見",
            vec![
                boxed("健康状態について（留意点）", &i.health_note),
                boxed("妥当な支援の実施に向けた方針", &i.support_policy),
                boxed("総合的な方針", &i.policy),
                boxed("地域包括支援センターの意見", &i.center_opinion),
                boxed("同意日", &i.consented_on),
                boxed("同意者氏名", &i.consented_by),
            ],
        ),
    ];
    let area = |a: &kaigo_careplan::sheet::Area| {
        let need = if a.has_need.code.is_empty() { a.need.clone() } else { format!("（{}）{}", a.has_need, a.need) };
        [a.name.to_owned(), a.now.clone(), a.wish.clone(), need]
    };
    let program = |p: &kaigo_careplan::sheet::Program| [p.name.to_owned(), p.checked.to_string(), p.needed.to_string()];
    Boxes {
        groups,
        tables: vec![
            table(
                "アセスメント領域",
                ["領域", "現在の状況", "本人・家族の意欲・意向", "領域における課題（背景・原因）"],
                prevention.areas.iter().map(area).collect(),
            ),
            supports(prevention),
            table(
                "基本チェックリストと事業プログラム",
                ["項目", "該当数", "事業プログラム"],
                prevention.programs.iter().map(program).collect(),
            ),
        ],
    }
}

/// 支援計画, with its merged cells.
fn supports(prevention: &Prevention) -> TextTable {
    let heads = [
        "総合的課題",
        "課題に対する目標と具体策の提案",
        "具体策についての意向 本人・家族",
        "目標",
        "支援のポイント",
        "セルフケアや家族の支援、インフォーマルサービス",
        "介護保険サービス又は地域支援事業",
        "サービス種別",
        "事業所（利用先）",
        "期間",
    ];
    let spans = |texts: &[String], rows: usize| {
        texts.iter().map(|text| Spanned { text: text.clone(), rows }).collect::<Vec<_>>()
    };
    let row = |row: &kaigo_careplan::sheet::SupportRow| {
        let need = row.need.iter().flat_map(|need| spans(&need.texts, need.rows));
        let support = row.support.iter().flat_map(|support| spans(&support.texts, support.rows));
        let service = [&row.service.service, &row.service.office, &row.service.period];
        need.chain(support).chain(service.map(|text| Spanned::new(text.clone()))).collect()
    };
    TextTable {
        heading: "支援計画".to_owned(),
        heads: heads.map(str::to_owned).into(),
        rows: prevention.supports.iter().map(row).collect(),
    }
}
