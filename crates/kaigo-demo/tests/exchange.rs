//! The exchange of the demo seen from outside: files that read back, sums that agree, as many differences as in practice.

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::hash::{DefaultHasher, Hash, Hasher};
    use std::sync::LazyLock;

    use jiff::civil::date;
    use kaigo_careplan::attachment;
    use kaigo_careplan::batch::{OpenSet, sort};
    use kaigo_careplan::check::{Context, check_set};
    use kaigo_careplan::kind::{Kind, Unit};
    use kaigo_careplan::layout::{Form, Need, detail, usage};
    use kaigo_core::date::{Date, iso};
    use kaigo_core::finding::Severity;
    use kaigo_core::id::holds_individual_number;
    use kaigo_demo::exchange::{DemoAct, DemoExchange};
    use kaigo_demo::{DEMO_SCALE, DEMO_SEED, Nation};

    const TODAY: Date = date(2026, 11, 22);

    fn exchange(seed: u64, today: Date, scale: u64) -> DemoExchange {
        Nation::make(seed, today, scale).exchange()
    }

    /// The demo that everybody sees.
    fn demo() -> &'static DemoExchange {
        static DEMO: LazyLock<DemoExchange> = LazyLock::new(|| exchange(DEMO_SEED, TODAY, DEMO_SCALE));
        &DEMO
    }

    fn digest(exchange: &DemoExchange) -> u64 {
        let mut hasher = DefaultHasher::new();
        for send in &exchange.sends {
            for file in &send.files {
                (&file.name, &file.bytes).hash(&mut hasher);
            }
        }
        format!("{:?}", exchange.steps()).hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn same_seed_and_day_give_the_same_files_and_another_seed_others() {
        assert_eq!(digest(&exchange(1, TODAY, 200)), digest(&exchange(1, TODAY, 200)));
        assert_ne!(digest(&exchange(1, TODAY, 200)), digest(&exchange(2, TODAY, 200)));
    }

    fn opened(exchange: &DemoExchange) -> Vec<(usize, OpenSet)> {
        let mut sets = Vec::new();
        for (place, send) in exchange.sends.iter().enumerate() {
            let batch = sort(send.files.clone());
            assert!(batch.strays.is_empty(), "{:?}", batch.strays.iter().map(|s| &s.why).collect::<Vec<_>>());
            sets.extend(batch.sets.iter().map(|set| (place, set.open())));
        }
        sets
    }

    #[test]
    fn every_file_reads_back_without_problems_and_every_send_is_one_unit() {
        let exchange = demo();
        let mut units = BTreeSet::new();
        let mut kinds = BTreeSet::new();
        for (place, set) in opened(exchange) {
            let send = &exchange.sends[place];
            for file in &set.files {
                assert_eq!(file.problems, [], "{}", file.name);
                assert!(!file.table.text().contains('〓'), "{}", file.name);
                assert!(!holds_individual_number(file.table.text()), "{}", file.name);
                kinds.insert(file.parsed.kind);
            }
            assert_eq!((set.from, set.to.office_no == set.from.office_no), (send.from, false));
            if let Some(unit) = send.unit {
                assert_eq!((set.unit, set.to), (Some(unit), send.to), "{:?}", send.files[0].name);
                units.insert(unit);
            }
        }
        assert_eq!(units, Unit::ALL.iter().copied().collect());
        assert_eq!(kinds, Kind::ALL.iter().copied().collect());
    }

    /// Whether the text is what the column holds.
    fn fits(form: Form, text: &str) -> bool {
        let digits = |count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
        match form {
            Form::Version => text == "202407",
            Form::Insurer | Form::Month | Form::MonthOrZeros => digits(6),
            Form::Insured => text.len() == 10,
            Form::Office => digits(10),
            Form::Date => digits(8) && iso(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..])).is_some(),
            Form::DateOrZeros => digits(8),
            Form::Time => digits(4) && (text == "9999" || (&text[..2] < "24" && &text[2..] < "60")),
            Form::Number(most) => text.len() <= most && text.bytes().all(|b| b.is_ascii_digit()),
            Form::Decimal => text.len() == 5 && &text[2..3] == ".",
            Form::Code(table) => table.label(text).is_some(),
            Form::Service | Form::SummaryService => text.len() == 6,
            Form::ServiceKind => text.len() == 2,
            Form::Tais => text.len() == 12,
            Form::Days => text.len() == 31,
            Form::Postal => text.len() == 8,
            Form::Text(most) => text.len() <= most,
            Form::Free => true,
            Form::Unused => text.is_empty(),
        }
    }

    #[test]
    fn every_cell_is_what_its_column_holds() {
        let exchange = demo();
        let mut cells = 0;
        for (place, set) in opened(exchange) {
            if exchange.sends[place].is_draft() {
                continue;
            }
            for file in &set.files {
                for row in file.table.rows() {
                    for (column, item) in file.parsed.kind.items().iter().enumerate() {
                        let text = row.text(column);
                        let place = || format!("{} {} {} {text:?}", file.name, row.number(), item.name);
                        if text.is_empty() {
                            assert!(!matches!(item.need, Need::Required | Need::Presumed), "{}", place());
                        } else {
                            assert!(fits(item.form, text), "{}", place());
                        }
                        cells += 1;
                    }
                }
            }
        }
        assert!(cells > 100_000, "{cells}");
    }

    /// Codes of a severity with how often they are found.
    fn found(sets: &[(usize, OpenSet)], severity: Severity) -> BTreeMap<&'static str, Vec<String>> {
        let context = Context { today: Some(TODAY) };
        let mut codes: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (_, set) in sets {
            for finding in check_set(set, &context).into_iter().filter(|finding| finding.severity == severity) {
                let place =
                    format!("{} {:?} {:?} {}", finding.place.file, finding.place.row, finding.place.item, finding.say);
                codes.entry(finding.code).or_default().push(place);
            }
        }
        codes
    }

    #[test]
    fn what_was_sent_has_no_errors_and_few_warnings_and_the_draft_has() {
        let exchange = demo();
        let (drafts, sent): (Vec<_>, Vec<_>) =
            opened(exchange).into_iter().partition(|(place, _)| exchange.sends[*place].is_draft());
        assert_eq!(found(&sent, Severity::Error), BTreeMap::new());
        // Amounts that an old program rounded, a certification that ended within the month, and 実績 of an entrusted plan.
        let warnings = found(&sent, Severity::Warning);
        let known = ["claim-differs", "outside-validity", "plan-office"];
        assert!(warnings.contains_key("claim-differs"), "{warnings:#?}");
        assert!(warnings.keys().all(|code| known.contains(code)), "{warnings:#?}");
        assert!(warnings.values().map(Vec::len).sum::<usize>() < 60, "{warnings:#?}");
        assert_eq!(found(&drafts, Severity::Error).keys().collect::<Vec<_>>(), [&"equipment-code"]);
        assert!(found(&drafts, Severity::Note).contains_key("half-width-kana"));
    }

    #[test]
    fn a_send_is_one_set_and_a_serial_is_used_once() {
        let exchange = demo();
        let mut seen = BTreeSet::new();
        for send in exchange.sends.iter().filter(|send| !send.is_draft()) {
            let batch = sort(send.files.clone());
            assert_eq!(batch.sets.len(), 1, "{}", send.files[0].name);
            let set = &batch.sets[0];
            assert!(seen.insert((set.from, set.to, set.serial, set.unit, set.month)), "{}", send.files[0].name);
        }
    }

    #[test]
    fn pictures_are_pictures() {
        let exchange = demo();
        let pictures =
            exchange.sends.iter().flat_map(|send| &send.files).filter(|file| file.name.starts_with("UPKIHON_IMAGE_"));
        let mut count = 0;
        for picture in pictures {
            assert_eq!(attachment::look(&picture.bytes), Ok(attachment::Format::Jpeg));
            count += 1;
        }
        assert!(count > 5);
    }

    type Place = (String, String, String, String);
    type Days = BTreeMap<Place, Vec<String>>;

    /// Rows of the last plan and of the last result, by person, month, office and kind of service.
    fn days(exchange: &DemoExchange, kind: Kind) -> Days {
        let mut last = Days::new();
        for (place, set) in opened(exchange) {
            if exchange.sends[place].is_draft() || set.unit == Some(Unit::UsageAndResult) {
                continue;
            }
            let mut now = Days::new();
            if set.unit == Some(Unit::UsageDeletion) && kind == Kind::Planned {
                let gone = set.people();
                let to = set.to.office_no.to_string();
                last.retain(|key, _| key.2 != to || gone.iter().all(|own| own.insured_no != key.0 || own.key != key.1));
            }
            for row in set.table(kind).into_iter().flat_map(kaigo_careplan::table::Table::rows) {
                let service = row.text(usage::SERVICE);
                let key = (
                    row.text(usage::INSURED_NO).to_owned(),
                    row.text(usage::MONTH).to_owned(),
                    row.text(usage::OFFICE_NO).to_owned(),
                    service[..2].to_owned(),
                );
                let cells = [usage::DATE, usage::FROM, usage::UNTIL, usage::TIMES, usage::SERVICE, usage::TAIS];
                now.entry(key).or_default().push(cells.map(|cell| row.text(cell)).join(" "));
            }
            last.extend(now);
        }
        last
    }

    fn missing(from: &[String], other: &[String]) -> usize {
        let mut left = other.to_vec();
        from.iter()
            .filter(|row| {
                let found = left.iter().position(|own| own == *row);
                found.map(|place| left.remove(place)).is_none()
            })
            .count()
    }

    #[test]
    fn about_six_in_a_hundred_rows_differ() {
        let exchange = demo();
        let (planned, results) = (days(exchange, Kind::Planned), days(exchange, Kind::Result));
        let (mut rows, mut differences) = (0, 0);
        for (key, came) in &results {
            let plan = &planned[key];
            rows += plan.len();
            differences += missing(plan, came).max(missing(came, plan));
        }
        assert!(rows > 800, "{rows}");
        let share = differences * 1000 / rows;
        assert!((40..=90).contains(&share), "{differences} of {rows}");
    }

    #[test]
    fn kiyoshi_has_the_two_differences_of_the_story() {
        let exchange = demo();
        let (planned, results) = (days(exchange, Kind::Planned), days(exchange, Kind::Result));
        let key = |office: &str, kind: &str| {
            ("9900000456".to_owned(), "202610".to_owned(), office.to_owned(), kind.to_owned())
        };
        let offices: BTreeSet<_> = planned.keys().filter(|k| k.0 == "9900000456").map(|k| (&k.2, &k.3)).collect();
        assert_eq!(offices.len(), 3);
        let gone = |office, kind| {
            let (plan, came) = (&planned[&key(office, kind)], &results[&key(office, kind)]);
            let only = |a: &[String], b: &[String]| {
                a.iter().filter(|row| !b.contains(row)).map(|row| row[6..8].to_owned()).collect::<Vec<_>>()
            };
            (only(plan, came), only(came, plan))
        };
        let of = |kind: &str| offices.iter().find(|(_, own)| *own == kind).map(|(office, _)| office.as_str()).unwrap();
        assert_eq!(gone(of("11"), "11"), (vec!["12".to_owned()], vec!["13".to_owned()]));
        assert_eq!(gone(of("15"), "15"), (vec!["20".to_owned()], vec![]));
    }

    #[test]
    fn nobody_is_in_two_places_at_once() {
        let exchange = demo();
        for kind in [Kind::Planned, Kind::Result] {
            let mut moments: BTreeMap<(String, String), Vec<(String, String, String)>> = BTreeMap::new();
            for ((person, _, office, _), rows) in days(exchange, kind) {
                for row in rows {
                    let cells: Vec<&str> = row.split(' ').collect();
                    let (day, from, until) = (cells[0].to_owned(), cells[1].to_owned(), cells[2].to_owned());
                    if from != "9999" {
                        moments.entry((person.clone(), day)).or_default().push((from, until, office.clone()));
                    }
                }
            }
            assert!(moments.len() > 300);
            for (who, mut list) in moments {
                list.sort();
                list.dedup();
                for pair in list.windows(2) {
                    assert!(pair[0].1 <= pair[1].0, "{kind:?} {who:?} {pair:?}");
                }
            }
        }
    }

    #[test]
    fn sums_of_sheet_seven_agree_with_its_lines() {
        let exchange = demo();
        let (mut people, mut over) = (0, 0);
        for (_, set) in opened(exchange) {
            let Some(table) = set.table(Kind::Detail) else { continue };
            let mut sums: BTreeMap<String, (i64, i64, i64, i64)> = BTreeMap::new();
            for row in table.rows() {
                let number = |column| row.text(column).parse::<i64>().unwrap_or(0);
                let sum = sums.entry(row.text(detail::INSURED_NO).to_owned()).or_default();
                let code = row.text(detail::SERVICE);
                if code == "999999" {
                    people += 1;
                    over += number(detail::LIMIT_OVER);
                    assert_eq!(number(detail::AMOUNT), sum.0);
                    assert_eq!(number(detail::COST), sum.1);
                    assert_eq!(number(detail::CLAIM) + number(detail::SHARE), sum.1);
                    assert_eq!(number(detail::LIMIT_OVER) + number(detail::LIMIT_WITHIN), sum.0);
                    continue;
                }
                if code.ends_with("AAAA") {
                    assert_eq!(number(detail::AMOUNT), sum.3);
                    sum.3 = 0;
                } else {
                    sum.0 += number(detail::AMOUNT);
                    sum.3 = if row.text(detail::COST).is_empty() { sum.3 + number(detail::AMOUNT) } else { 0 };
                    let is_monthly = matches!(&code[..2], "A2" | "A6");
                    if !is_monthly {
                        assert_eq!(number(detail::AMOUNT), number(detail::UNITS) * number(detail::TIMES), "{code}");
                    }
                }
                sum.1 += number(detail::COST);
            }
        }
        assert!(people > 200, "{people}");
        assert!(over > 0, "somebody is over the limit");
    }

    #[test]
    fn receivers_did_what_the_pages_show() {
        let exchange = demo();
        let steps = exchange.steps();
        assert!(steps.is_sorted() && steps.iter().all(|step| step.at.date() < TODAY && !step.login.is_empty()));
        for act in [DemoAct::Send, DemoAct::Draft, DemoAct::Recall, DemoAct::Fetch, DemoAct::Import] {
            assert!(steps.iter().any(|step| step.act == act), "{act:?}");
        }
        let waits = |send: &&kaigo_demo::exchange::DemoSend| {
            !send.is_draft() && send.fetched_at.is_none() && send.recalled_at.is_none()
        };
        assert!(exchange.sends.iter().filter(waits).count() >= 4);
        let accounts = Nation::make(DEMO_SEED, TODAY, 100).accounts();
        for member in &exchange.members {
            let account = accounts.iter().find(|account| account.login == member.login).unwrap();
            assert_eq!(account.office_no, Some(member.office_no));
        }
        assert!(exchange.members.len() >= 12);
        for send in exchange.sends.iter().filter(|send| !send.is_draft()) {
            assert!(exchange.members.iter().any(|member| member.office_no == send.to.office_no));
        }
    }

    #[test]
    fn any_day_and_any_size_have_an_exchange() {
        let days = [date(2026, 12, 1), date(2027, 1, 31), date(2028, 2, 29), date(2027, 8, 7)];
        for (today, scale) in days.into_iter().zip([0, 60, 60, 200]) {
            let exchange = exchange(3, today, scale);
            assert!(exchange.sends.len() > 40, "{today} {scale} {}", exchange.sends.len());
            for (_, set) in opened(&exchange) {
                assert!(set.files.iter().all(|file| file.problems.is_empty()));
            }
        }
    }

    #[test]
    fn plans_do_not_read_alike() {
        use kaigo_careplan::layout::{sheet1, sheet2};
        let exchange = demo();
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let mut helps = BTreeSet::new();
        for (_, set) in opened(exchange) {
            for row in set.table(Kind::Sheet1).into_iter().flat_map(kaigo_careplan::table::Table::rows) {
                texts.insert(row.text(sheet1::INSURED_NO).to_owned(), row.text(sheet1::INTENTION).to_owned());
            }
            for row in set.table(Kind::Sheet2).into_iter().flat_map(kaigo_careplan::table::Table::rows) {
                helps.insert(row.text(sheet2::HELP).to_owned());
            }
        }
        let different: BTreeSet<&String> = texts.values().collect();
        assert!(texts.len() >= 30 && different.len() * 10 >= texts.len() * 8, "{} of {}", different.len(), texts.len());
        assert!(helps.len() >= 20, "{}", helps.len());
    }
}
