use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

#[test]
fn the_tables_hold_the_whole_forms() {
    let questions = SURVEY_ITEMS.iter().filter(|item| item.id.split('-').next().is_some_and(|g| g < "6")).count();
    assert_eq!(questions, 55);
    let abilities = SURVEY_ITEMS.iter().filter(|item| item.axis == Some(Axis::Ability)).count();
    assert_eq!(abilities, 18);
    assert_eq!(SURVEY_ITEMS.len(), 58);
    for items in [SURVEY_ITEMS, OPINION_ITEMS] {
        let ids: BTreeSet<_> = items.iter().map(|item| item.id).collect();
        assert_eq!(ids.len(), items.len());
        for item in items {
            let codes: Vec<_> = item.choices.iter().map(|c| c.code.parse::<usize>().unwrap()).collect();
            assert_eq!(codes, (1..=item.choices.len()).collect::<Vec<_>>(), "{}", item.id);
        }
    }
}

#[test]
fn answers_are_read_and_kept_in_order() {
    for (text, want) in [
        ("1-1=2,3;1-3=1", "1-1=2,3;1-3=1"),
        ("1-3=1;1-1=3,2", "1-1=2,3;1-3=1"),
        (" １－１＝２，３；１－３＝１； ", "1-1=2,3;1-3=1"),
        ("1-1=2、3\n1-3=1\r\n", "1-1=2,3;1-3=1"),
        ("1-1=2,2", "1-1=2"),
        ("6=12,1", "6=1,12"),
        ("", ""),
    ] {
        assert_eq!(SurveyItems::parse(text).unwrap().as_str(), want, "{text}");
    }
    assert_eq!(OpinionItems::parse("3-1-1=5;1-2=1").unwrap().as_str(), "1-2=1;3-1-1=5");
}

#[test]
fn what_is_wrong_is_named() {
    for text in ["1-3=1,2", "1-3", "1-3=1;1-3=1", "1-1=1,2", "寝返り"] {
        assert_eq!(SurveyItems::parse(text).unwrap_err().code(), "cell-shape", "{text}");
    }
    let unknown = SurveyItems::parse("9-9=1").unwrap_err();
    assert!(
        matches!(&unknown, BadCell::UnknownCode { table: "基本調査の項目", known } if known.starts_with("1-1・1-2"))
    );
    let unknown = SurveyItems::parse("1-3=4").unwrap_err();
    assert!(
        matches!(&unknown, BadCell::UnknownCode { table: "寝返り", known } if known.starts_with("1-3=1 つかまらないで"))
    );
    assert_eq!(SurveyItems::parse("1-3=").unwrap_err().code(), "cell-unknown-code");
    assert_eq!(OpinionItems::parse("1-3=1").unwrap_err().code(), "cell-unknown-code");
    assert_eq!(SurveyItems::parse(&"1-3=1;".repeat(400)).unwrap_err().code(), "cell-too-long");
}

#[test]
fn answers_are_shown_by_group() {
    let items = SurveyItems::parse("1-1=2,3;1-3=1;2-4=4;7-1=5").unwrap();
    let groups = items.groups();
    let headings: Vec<_> = groups.iter().map(|g| g.heading).collect();
    assert_eq!(headings, ["1 身体機能・起居動作", "2 生活機能", "7 日常生活自立度"]);
    let (item, chosen) = &groups[0].entries[0];
    assert_eq!(item.name, "麻痺等の有無");
    assert_eq!(chosen.iter().map(|c| c.label).collect::<Vec<_>>(), ["左上肢", "右上肢"]);
    assert_eq!(groups[2].entries[0].1[0].label, "A2");
    assert!(items.has("1-1", "3") && !items.has("1-1", "4"));
}

#[test]
fn rare_combinations_warn() {
    assert_eq!(RARE_COMBINATIONS.len(), 57);
    for (i, rare) in RARE_COMBINATIONS.iter().enumerate() {
        assert_eq!(rare.code, format!("{:02}", i + 1));
        for (id, code) in rare.answers {
            let item = SURVEY_ITEMS.iter().find(|item| item.id == *id).unwrap();
            assert!(item.choice(code).is_some(), "{} {id}={code}", rare.code);
        }
    }
    let codes = |text: &str| -> Vec<&str> {
        SurveyItems::parse(text).unwrap().warnings().iter().map(|rare| rare.code).collect()
    };
    assert_eq!(codes("1-3=3;1-10=1"), ["01"]);
    assert_eq!(codes("1-3=3;1-10=2"), [""; 0]);
    assert_eq!(codes("1-12=5;3-2=1;3-3=1;3-4=1;3-5=1;3-6=1;3-7=1"), ["27"]);
    assert_eq!(codes("1-12=5;3-2=1;3-3=1;3-4=1;3-5=1;3-6=1;3-7=2"), [""; 0]);
    assert_eq!(RARE_COMBINATIONS[0].say(), "1-3 寝返り「できない」と 1-10 洗身「介助されていない」");
}

proptest! {
    #[test]
    fn read_back_what_was_written(picks in proptest::collection::vec((0..58_usize, 0..12_usize), 0..80)) {
        let mut seen = BTreeSet::new();
        let text: Vec<String> = picks
            .into_iter()
            .filter(|(item, _)| seen.insert(*item))
            .map(|(item, choice)| {
                let item = &SURVEY_ITEMS[item];
                format!("{}={}", item.id, item.choices[choice % item.choices.len()].code)
            })
            .collect();
        let items = SurveyItems::parse(&text.join(";")).unwrap();
        prop_assert_eq!(items.entries().len(), text.len());
        prop_assert_eq!(SurveyItems::parse(items.as_str()).unwrap(), items.clone());
        let mut loaded = SurveyItems::default();
        loaded.load(items.cell()).unwrap();
        prop_assert_eq!(loaded, items);
    }

    #[test]
    fn never_panics(text in "([0-9]-[0-9]{1,2}=[0-9,]{0,5};?|\\PC){0,12}") {
        for answers in [SurveyItems::parse(&text).map(|a| a.groups()), OpinionItems::parse(&text).map(|a| a.groups())].into_iter().flatten() {
            prop_assert!(answers.iter().all(|group| !group.entries.is_empty()));
        }
    }
}
