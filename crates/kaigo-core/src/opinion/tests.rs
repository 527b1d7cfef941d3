use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::finding::Severity;
use crate::survey::OPINION_ITEMS;

/// A form with which nothing is wrong.
fn good() -> OpinionForm {
    let mut form = OpinionForm::default();
    let answers = [
        ("0-0", "2026-11-22"),
        ("0-5", "海辺 一郎"),
        ("0-1", "令和8年11月10日"),
        ("0-2", "2"),
        ("0-3", "2"),
        ("1-1-1", "アルツハイマー型認知症"),
        ("1-1-1d", "平成30年4月頃"),
        ("1-2", "1"),
        ("1-3", "外来で内服を続けている。"),
        ("3-1-1", "4"),
        ("3-1-2", "3"),
        ("3-2-1", "2"),
        ("3-2-2", "2"),
        ("3-2-3", "1"),
        ("3-3-1", "2"),
        ("3-4-1", "2"),
        ("4-1-1", "2"),
        ("4-1-2", "1"),
        ("4-1-3", "1"),
        ("4-2-1", "1"),
        ("4-2-2", "1"),
        ("4-4", "1"),
        ("4-7", "2"),
    ];
    for (id, text) in answers {
        assert!(form.put(id, text), "{id}");
    }
    form
}

fn subject() -> Subject<'static> {
    Subject { today: Some(date(2026, 11, 22)), age: Some(88), previous: None }
}

/// The codes that are found when these fields are changed.
fn codes(changed: &[(&str, &str)]) -> Vec<(&'static str, Severity)> {
    let mut form = good();
    for (id, text) in changed {
        assert!(form.put(id, text), "{id}");
    }
    check(&form, &subject()).iter().map(|found| (found.code, found.severity)).collect()
}

#[test]
fn every_coded_item_is_a_field_in_its_section_and_every_explained_box_is_there() {
    for item in OPINION_ITEMS {
        let field = field(item.id).unwrap_or_else(|| panic!("{} is no field", item.id));
        assert_eq!((field.kind, field.choices().len()), (Kind::Coded, item.choices.len()));
        assert_eq!(SECTIONS[usize::from(field.section)].heading, item.group);
    }
    for (place, field) in FIELDS.iter().enumerate() {
        assert!(FIELDS.iter().take(place).all(|other| other.id != field.id), "{} twice", field.id);
        assert!(SECTIONS.iter().any(|section| section.no == field.section));
        if matches!(field.kind, Kind::Coded | Kind::Marked(_)) {
            assert!(!field.choices().is_empty(), "{} has no boxes", field.id);
        }
        if let Some((item, choice)) = field.of {
            let of = super::field(item).unwrap();
            assert!(choice == "*" || of.choices().iter().any(|c| c.code == choice), "{}", field.id);
        }
    }
    let counted: usize = SECTIONS.iter().map(|section| section.fields().count()).sum();
    assert_eq!(counted, FIELDS.len());
}

#[test]
fn a_good_form_has_nothing_found() {
    assert_eq!(codes(&[]), []);
}

#[test]
fn what_stops_is_an_error_and_what_is_inferred_warns() {
    use Severity::{Error, Note, Warning};
    let cases: &[(&[(&str, &str)], &[(&str, Severity)])] = &[
        (&[("0-1", "")], &[("opinion-required", Error)]),
        (&[("3-1-2", "")], &[("opinion-required", Error)]),
        (&[("4-7", "")], &[("opinion-expected", Warning)]),
        (&[("0-1", "きのう")], &[("opinion-value", Error)]),
        (&[("3-1-1", "77")], &[("opinion-value", Error)]),
        (&[("3-5-1w", "5000")], &[("opinion-value", Error)]),
        (&[("5", "番号は 1234 5678 9018 です")], &[("individual-number", Error)]),
        (&[("0-0", "2026-11-23")], &[("opinion-future", Error)]),
        (&[("0-0", "2026-11-09")], &[("opinion-order", Error)]),
        (&[("0-1", "2026-08-21")], &[("opinion-old-visit", Warning)]),
        (&[("0-1", "2026-08-22")], &[]),
        (&[("1-1-1d", "2027-01-01")], &[("opinion-onset", Warning)]),
        (&[("1-2", "2")], &[("opinion-detail", Warning)]),
        (&[("1-2", "2"), ("1-2t", "せん妄をくり返す")], &[]),
        (&[("1-2t", "せん妄をくり返す")], &[("opinion-stray", Warning)]),
        (&[("3-3-1", "1")], &[("opinion-boxes-missing", Warning)]),
        (&[("3-3-1", "1"), ("3-3-2", "3")], &[]),
        (&[("3-3-2", "3")], &[("opinion-none-and-boxes", Warning)]),
        (&[("3-5-8t", "顔面")], &[("opinion-stray", Warning)]),
        (&[("3-5-8", "2")], &[("opinion-detail", Warning)]),
        (&[("4-6-3", "2")], &[("opinion-detail", Warning)]),
        (&[("4-5", "1"), ("4-5u", "2")], &[("opinion-underline", Warning)]),
        (&[("3-1-2", "1"), ("3-2-1", "2")], &[("opinion-contradiction", Warning)]),
        (&[("3-1-1", "9"), ("4-1-1", "1")], &[("opinion-contradiction", Warning)]),
        (&[("2-2", "2")], &[("opinion-contradiction", Warning)]),
        (&[("2-2", "2"), ("3-5-13", "1"), ("3-5-13t", "仙骨部")], &[]),
        (&[("3-5-1h", "150"), ("3-5-1w", "150")], &[("opinion-figure", Warning)]),
        (&[("3-5-1h", "150.5"), ("3-5-1w", "３５．２")], &[("opinion-contradiction", Warning)]),
        (&[("5", "行\n行\n行\n行\n行\n行\n行\n行\n行")], &[("opinion-box-full", Warning)]),
    ];
    for (changed, want) in cases {
        assert_eq!(&codes(changed), want, "{changed:?}");
    }
    let mut previous = good();
    previous.put("5", "");
    let mut form = good();
    form.put("0-2", "1");
    let known = Subject { previous: Some(&previous), ..subject() };
    let found: Vec<_> = check(&form, &known).iter().map(|f| (f.code, f.severity)).collect();
    assert_eq!(found, [("opinion-count", Warning), ("opinion-as-before", Note)]);
    let mut young = good();
    young.put("1-1-1", "高血圧症");
    let found = check(&young, &Subject { age: Some(60), ..subject() });
    assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), ["opinion-specified-disease"]);
}

#[test]
fn every_code_that_is_found_is_listed_and_sentences_are_whole() {
    let mut form = OpinionForm::default();
    form.put("5", "1234 5678 9018");
    for found in check(&form, &subject()) {
        assert!(CODES.iter().any(|(code, _)| *code == found.code), "{}", found.code);
        assert!(found.say.ends_with('。') && found.mend.ends_with(['。', '）']), "{found:?}");
    }
    let errors = check(&OpinionForm::default(), &subject());
    assert_eq!(errors.iter().filter(|f| f.severity == Severity::Error).count(), 12);
}

#[test]
fn a_form_becomes_a_record_and_back() {
    let form = good();
    let record = form.record("R8-0001", "海辺内科クリニック", None).unwrap();
    assert_eq!(record.diagnosis.as_ref().map(Text::as_str), Some("アルツハイマー型認知症（発症 平成30年4月頃）"));
    assert!(record.items.has("3-1-2", "3") && record.items.has("4-7", "2"));
    assert_eq!(record.examined_on, Some(date(2026, 11, 10)));
    let back = OpinionForm::of_record(&record);
    assert!(changes(&form, &back).is_empty(), "{:?}", changes(&form, &back));
}

#[test]
fn copying_takes_the_patient_and_leaves_the_writing() {
    let mut form = OpinionForm::default();
    form.copy_from(&good());
    assert_eq!((form.raw("0-0"), form.raw("0-1"), form.raw("0-5"), form.raw("0-2")), ("", "", "", "2"));
    assert_eq!(form.raw("1-1-1"), "アルツハイマー型認知症");
    form.put("3-1-2", "5");
    form.put("3-3-1", "");
    let changed: Vec<_> = changes(&good(), &form).into_iter().map(|c| (c.field.id, c.before, c.after)).collect();
    let want = [("3-1-2", "Ⅱa", "Ⅲa"), ("3-3-1", "無", "")];
    assert_eq!(changed, want.map(|(id, before, after)| (id, before.to_owned(), after.to_owned())));
}

#[test]
fn texts_are_kept_as_typed_on_their_lines() {
    let mut form = OpinionForm::default();
    form.put("1-3", "一行\r\n二行\r\n");
    form.put("1-1-1", " 脳梗塞\n後遺症 ");
    form.put("4-3", "１，３");
    assert_eq!((form.raw("1-3"), form.raw("1-1-1"), form.raw("4-3")), ("一行\n二行", "脳梗塞 後遺症", "1,3"));
    assert!(!form.put("9-9", "x"));
    assert_eq!(form.count(), 3);
}

fn export_row(fill: &[(usize, &str)]) -> Vec<String> {
    let mut row = vec![String::new(); COLUMNS];
    for (no, cell) in fill {
        (*cell).clone_into(&mut row[no - 1]);
    }
    row
}

#[test]
fn of_an_export_only_what_is_certain_is_read() {
    let row = export_row(&[
        (1, "2"),
        (2, "医見書"),
        (4, "999001"),
        (6, "9900000123"),
        (14, "2026/11/20"),
        (20, "1"),
        (121, "独居。"),
    ]);
    let export = read_export(std::slice::from_ref(&row));
    assert_eq!((export.insurer_no.as_str(), export.insured_no.as_str()), ("999001", "9900000123"));
    assert_eq!((export.form.raw("0-0"), export.form.raw("5")), ("2026/11/20", "独居。"));
    assert_eq!((export.unread.as_slice(), export.cautions.len()), ([20].as_slice(), 0));
    let short = read_export(&[row[..100].to_vec()]);
    assert_eq!((short.form.count(), short.cautions.len()), (0, 1));
    assert_eq!(read_export(&[]).cautions.len(), 1);
    let bad = read_export(&[export_row(&[(14, "いつか"), (121, "1234 5678 9018")])]);
    assert_eq!((bad.form.count(), bad.cautions.len()), (0, 2));
    let mut headings = export_row(&[(1, "FormatVersion"), (30, "診断名2"), (31, "短期記憶")]);
    headings[13] = "記入日".to_owned();
    let named = read_export(&[headings, export_row(&[(30, "高血圧症"), (31, "2")])]);
    assert_eq!((named.form.raw("1-1-2"), named.unread.as_slice()), ("高血圧症", [31].as_slice()));
}

proptest! {
    #[test]
    fn nothing_typed_makes_a_form_panic(texts in proptest::collection::vec("\\PC{0,40}", FIELDS.len())) {
        let mut form = OpinionForm::default();
        for (field, text) in FIELDS.iter().zip(&texts) {
            form.put(field.id, text);
        }
        for found in check(&form, &subject()) {
            prop_assert!(!found.say.is_empty());
        }
        let _ = (form.items(), form.diagnosis(), form.record("1", "x", None));
        prop_assert!(changes(&form, &form.clone()).is_empty());
        for field in FIELDS {
            let _ = form.words(field);
        }
    }

    #[test]
    fn no_rows_make_the_reader_of_exports_panic(
        rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,12}", 0..130), 0..4),
        wide in proptest::collection::vec("\\PC{0,12}", COLUMNS),
    ) {
        let _ = read_export(&rows);
        let export = read_export(&[wide]);
        prop_assert!(export.form.count() <= 2);
    }
}
