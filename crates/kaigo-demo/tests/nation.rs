//! The demo nation seen from outside: what the importers will read, and whether it is what it claims to be.

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::hash::{DefaultHasher, Hash, Hasher};
    use std::io;

    use jiff::civil::date;
    use kaigo_core::care_level::CareLevel;
    use kaigo_core::code::{ApplicationKind, Outcome};
    use kaigo_core::date::Date;
    use kaigo_core::id::{InsurerNo, holds_individual_number};
    use kaigo_core::layout::{Cell, read_cell};
    use kaigo_core::rule::burden::amount_differences;
    use kaigo_core::rule::limit::monthly_limit;
    use kaigo_demo::account::DemoRole;
    use kaigo_demo::feed::FeedPlan;
    use kaigo_demo::records::{Kind, PersonRecords, Row, Walk};
    use kaigo_demo::{DEMO_SCALE, DEMO_SEED, Nation};

    const TODAY: Date = date(2026, 11, 22);

    fn nation() -> Nation {
        Nation::make(DEMO_SEED, TODAY, DEMO_SCALE)
    }

    fn everyone(nation: &Nation) -> impl Iterator<Item = PersonRecords> {
        (0..nation.scale()).map(|i| nation.person(i))
    }

    type Files = BTreeMap<String, Vec<u8>>;

    fn written(nation: &Nation, plan: &FeedPlan) -> Files {
        let mut files = Files::new();
        let range = nation.range_of(plan.insurer_no);
        let mut out = |path: &str, bytes: &[u8]| -> io::Result<()> {
            files.entry(path.to_owned()).or_default().extend_from_slice(bytes);
            Ok(())
        };
        nation.stream_feed(plan, range, &mut out).unwrap();
        files
    }

    fn digest(nation: &Nation) -> u64 {
        let mut hasher = DefaultHasher::new();
        for plan in nation.feeds() {
            written(nation, &plan).hash(&mut hasher);
        }
        nation.office_files().hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn same_seed_gives_the_same_bytes_and_another_seed_others() {
        let small = |seed| Nation::make(seed, TODAY, 200);
        assert_eq!(digest(&small(1)), digest(&small(1)));
        assert_ne!(digest(&small(1)), digest(&small(2)));
    }

    #[test]
    fn a_person_does_not_depend_on_the_size_of_the_nation() {
        let (small, large) = (nation(), Nation::make(DEMO_SEED, TODAY, 2_000_000));
        assert_eq!(small.person(300), large.person(300));
        assert!(large.range_of(small.insurers()[0].insurer_no).end > 1_500_000);
    }

    /// Reads every cell back through its own column, in the file form.
    struct ReadBack {
        rows: usize,
        texts: BTreeSet<String>,
    }

    impl Walk for ReadBack {
        fn rows<R: Kind>(&mut self, rows: &[Row<R>]) {
            for row in rows {
                let mut again = R::default();
                for column in R::COLUMNS {
                    let text = (column.get)(&row.record).cell().to_string();
                    read_cell(column, &mut again, &text)
                        .unwrap_or_else(|e| panic!("{} {} {text:?}: {e:?}", R::NAME, column.name));
                    assert!(!holds_individual_number(&text), "{} {}: {text}", R::NAME, column.name);
                    if let Cell::Text(value) = (column.get)(&row.record).cell() {
                        assert!(!value.is_empty(), "{} {} is empty text", R::NAME, column.name);
                        self.texts.insert(value.into_owned());
                    }
                }
                assert!(again == row.record, "{} changes on the way", R::NAME);
                let errors: Vec<_> = row.record.rules().into_iter().filter(|t| t.error).collect();
                assert!(errors.is_empty(), "{} {errors:?}", R::NAME);
                self.rows += 1;
            }
        }
    }

    #[test]
    fn every_record_is_read_back_as_it_was() {
        let nation = nation();
        let mut reader = ReadBack { rows: 0, texts: BTreeSet::new() };
        for person in everyone(&nation) {
            person.walk(&mut reader);
            person.known_on(TODAY).walk(&mut reader);
        }
        assert!(reader.rows > 15_000, "{}", reader.rows);
    }

    #[test]
    fn numbers_are_unique_and_fictional() {
        let nation = nation();
        let mut seen = BTreeSet::new();
        for person in everyone(&nation) {
            assert!(seen.insert((person.insurer_no, person.insured_no)), "{:?} twice", person.insured_no);
            assert!(person.insurer_no.as_str().starts_with("98"));
            let no = person.insured_no.as_str().to_owned();
            assert!(no.starts_with("99") || no.starts_with("H99"), "{no}");
            let address = person.insured_person[0].record.address.as_str().to_owned();
            assert!(address.ends_with("99番99号"), "{address}");
            let kana = person.insured_person[0].record.name_kana.as_str().to_owned();
            assert!(
                kana.split(' ').count() == 2 && kana.chars().all(|c| matches!(c, 'ァ'..='ヶ' | 'ー' | ' ')),
                "{kana}"
            );
        }
    }

    #[test]
    fn terms_follow_one_another_and_limits_follow_levels() {
        for person in everyone(&nation()) {
            let no = person.insured_no;
            // The last history of each term counts.
            let latest: BTreeMap<i32, &_> =
                person.certification.iter().map(|row| (row.common.record_no.0, &row.record)).collect();
            let terms: Vec<_> = latest.values().collect();
            for pair in terms.windows(2) {
                let until = pair[0].valid_until.unwrap();
                assert_eq!(until.tomorrow().unwrap(), pair[1].valid_from, "{no}: no gap, no overlap");
            }
            for (row, limit) in person.certification.iter().zip(&person.benefit_limit) {
                assert_eq!((row.common, row.known_on), (limit.common, limit.known_on));
                let (term, limit) = (&row.record, &limit.record);
                assert_eq!(Some(limit.units), monthly_limit(term.care_level, TODAY), "{no} {:?}", term.care_level);
                assert_eq!((term.valid_from, term.valid_until), (limit.valid_from, limit.valid_until));
            }
        }
    }

    #[test]
    fn drawn_terms_keep_to_the_months_of_the_rules() {
        let nation = nation();
        for person in everyone(&nation).filter(|p| p.insured_no.as_str() > "991") {
            for row in &person.application {
                let a = &row.record;
                let Some(months) = a.valid_months.map(|m| m.0) else {
                    continue;
                };
                let most = match a.kind {
                    ApplicationKind::New | ApplicationKind::Change => 12,
                    ApplicationKind::Renewal => 48,
                    ApplicationKind::ExOfficio | ApplicationKind::MovedIn => 0,
                };
                assert!((3..=most).contains(&months), "{:?} {months}", a.kind);
                let term =
                    person.certification.iter().find(|c| c.record.application_no.as_ref() == Some(&a.application_no));
                let term = &term.unwrap().record;
                assert_eq!(Some(term.certified_on), a.decided_on);
                assert_eq!(Some(term.care_level), a.care_level);
                let until = term.valid_until.unwrap();
                assert_eq!(until, until.last_of_month(), "ends with a month");
            }
        }
    }

    #[test]
    fn steps_of_applications_are_in_order() {
        for person in everyone(&nation()) {
            for row in &person.application {
                let a = &row.record;
                let chains = [
                    [
                        Some(a.applied_on),
                        a.survey_requested_on,
                        a.surveyed_on,
                        a.survey_received_on,
                        a.computed_on,
                        a.judged_on,
                    ],
                    [
                        Some(a.applied_on),
                        a.opinion_requested_on,
                        a.opinion_received_on,
                        a.computed_on,
                        a.board_planned_on,
                        a.decided_on,
                    ],
                ];
                for chain in chains {
                    let days: Vec<Date> = chain.into_iter().flatten().collect();
                    assert!(days.is_sorted(), "{} {days:?}", person.insured_no);
                }
                if let Some(delay) = a.delay_notified_on {
                    assert!(delay <= a.applied_on.checked_add(jiff::Span::new().days(30)).unwrap());
                    assert!(a.expected_on.is_some() && a.delay_reason.is_some());
                }
            }
        }
    }

    #[test]
    fn relief_amounts_are_those_of_the_notice() {
        let mut seen = 0;
        for person in everyone(&nation()) {
            for row in &person.relief {
                let differences = amount_differences(&row.record);
                assert!(differences.is_empty(), "{:?} {differences:?}", row.record);
                seen += 1;
            }
        }
        assert!(seen > 200, "{seen}");
    }

    #[test]
    fn nothing_known_on_a_day_lies_after_it() {
        let day = TODAY;
        for person in everyone(&nation()) {
            let known = person.known_on(day);
            for row in &known.application {
                let a = &row.record;
                let steps = [
                    Some(a.applied_on),
                    a.surveyed_on,
                    a.opinion_received_on,
                    a.computed_on,
                    a.decided_on,
                    a.delay_notified_on,
                ];
                assert!(steps.into_iter().flatten().all(|on| on <= day), "{a:?}");
                assert_eq!(a.outcome.is_some(), a.decided_on.is_some());
                assert!(a.care_level.is_none() || a.outcome.is_some_and(|o| o != Outcome::Withdrawn));
            }
            assert!(known.certification.iter().all(|row| row.record.certified_on <= day));
            let runs = known.application.iter().any(|row| row.record.decided_on.is_none());
            let papers = known.survey.iter().any(|s| {
                known
                    .application
                    .iter()
                    .any(|a| a.record.decided_on.is_none() && a.record.application_no == s.record.application_no)
            });
            assert!(!(runs && papers), "documents come with the decision");
        }
    }

    #[test]
    fn people_are_spread_as_described() {
        let nation = nation();
        let all: Vec<PersonRecords> = everyone(&nation).map(|p| p.known_on(TODAY)).collect();
        let share = |n: usize| n * 100 / all.len();
        let person = |p: &PersonRecords| p.insured_person[0].record.clone();
        let women = all.iter().filter(|p| person(p).sex == kaigo_core::code::Sex::Female).count();
        let old = all.iter().filter(|p| person(p).born_on <= date(1951, 11, 22)).count();
        let consent = all.iter().filter(|p| p.consent.iter().any(|c| c.record.stands(TODAY))).count();
        let running = all.iter().filter(|p| p.application.iter().any(|a| a.record.decided_on.is_none())).count();
        assert!((60..=70).contains(&share(women)), "women {}", share(women));
        assert!((78..=88).contains(&share(old)), "75 and older {}", share(old));
        assert!((68..=85).contains(&share(consent)), "consent {}", share(consent));
        assert!(running > 100, "running applications {running}");
        for days in [-1, 9, 25, 30, 55] {
            let until = TODAY.saturating_add(jiff::Span::new().days(days));
            let ends = |p: &&PersonRecords| p.certification.iter().any(|c| c.record.valid_until == Some(until));
            assert!(all.iter().any(|p| ends(&p)), "someone's certification ends in {days} days");
        }
    }

    fn find(nation: &Nation, no: &str) -> PersonRecords {
        everyone(nation).find(|p| p.insured_no.as_str() == no).unwrap().known_on(TODAY)
    }

    #[test]
    fn the_story_holds_on_any_day() {
        for today in [TODAY, date(2026, 8, 1), date(2027, 2, 28), date(2027, 4, 1), date(2028, 2, 29)] {
            let nation = Nation::make(DEMO_SEED, today, 100);
            let day = |n: i32| today.saturating_add(jiff::Span::new().days(n));
            let tome = everyone(&nation).find(|p| p.insured_no.as_str() == "9900000123").unwrap().known_on(today);
            assert_eq!(tome.certification.len(), 1);
            assert_eq!(tome.certification[0].record.valid_until, Some(day(9)));
            let application = &tome.application[0].record;
            assert_eq!(application.board_planned_on, Some(day(4)));
            assert!(application.computed_on.is_some() && application.judged_on.is_none());
            assert_eq!(application.delay_notified_on, Some(day(-21)));
            assert_eq!(tome.home_modification[0].record.covered_cost.0, 118_000);
            let shares: Vec<&str> = tome.burden_ratio.iter().map(|row| row.record.share.label()).collect();
            assert_eq!(shares, ["1割", "2割"]);
        }
        let nation = nation();
        let kiyoshi = find(&nation, "9900000456");
        assert_eq!((kiyoshi.survey.len(), kiyoshi.doctor_opinion.len()), (1, 1));
        assert!(kiyoshi.survey[0].record.file.is_some());
        let fumi = find(&nation, "9900000461");
        assert_eq!(fumi.certification.last().unwrap().record.care_level, CareLevel::Care2);
        assert_eq!(fumi.certification.last().unwrap().record.valid_from, date(2026, 12, 1));
        assert_eq!(fumi.certification.last().unwrap().record.valid_until, Some(date(2029, 11, 30)));
        assert!(find(&nation, "9900000482").consent.is_empty());
        assert!(find(&nation, "9900000494").consent[0].record.withdrawn_on.is_some());
        assert!(find(&nation, "H990000012").insured_person[0].record.issued_on.is_none());
    }

    #[test]
    fn feeds_say_what_they_hold_and_the_delta_brings_news() {
        let nation = nation();
        for plan in nation.feeds() {
            let files = written(&nation, &plan);
            let manifest = String::from_utf8(files["manifest.json"].clone()).unwrap();
            for line in manifest.lines().filter(|line| line.contains("\"kind\"")) {
                let name = line.split('"').nth(3).unwrap();
                let rows: usize = line.rsplit(':').next().unwrap().trim_end_matches(['}', ',']).parse().unwrap();
                let text = String::from_utf8(files[name].clone()).unwrap();
                let records = if plan.folder == "yamanoha" {
                    text.matches("{\"insured_no\"").count()
                } else {
                    // Line breaks inside quotes belong to the record.
                    text.split('"').step_by(2).map(|outside| outside.matches('\n').count()).sum::<usize>() - 1
                };
                assert_eq!(records, rows, "{} {name}", plan.folder);
            }
            for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("documents/")) {
                assert!(bytes.starts_with(b"%PDF-1.5") && bytes.ends_with(b"%%EOF\n"), "{name}");
            }
        }
        let plans = nation.feeds();
        let (full, delta) = (written(&nation, &plans[0]), written(&nation, &plans[1]));
        let documents = |files: &Files| files.keys().filter(|name| name.starts_with("documents/")).count();
        assert!((10..=120).contains(&documents(&full)), "{}", documents(&full));
        let text = |files: &Files, name: &str| String::from_utf8(files[name].clone()).unwrap();
        for (no, file) in [
            ("9900000456", "survey.csv"),
            ("9900000456", "certification.csv"),
            ("9900000461", "certification.csv"),
            ("9900000568", "burden_ratio.csv"),
            ("9900000123", "application.csv"),
        ] {
            let in_delta = text(&delta, file).contains(no);
            assert!(in_delta || file == "application.csv", "{no} {file}");
        }
        assert!(documents(&delta) >= 2, "{}", documents(&delta));
        assert!(text(&delta, "burden_ratio.csv").contains("9900000568,2,2,0,2,"));
        let sizes: usize = delta.values().map(Vec::len).sum();
        assert!(sizes * 5 < full.values().map(Vec::len).sum(), "a delta is small");
    }

    #[test]
    fn a_folder_holds_what_the_stream_gave() {
        let nation = Nation::make(DEMO_SEED, TODAY, 60);
        let folder = tempfile::tempdir().unwrap();
        nation.write_all(folder.path()).unwrap();
        for plan in nation.feeds() {
            for (name, bytes) in written(&nation, &plan) {
                let path = folder.path().join("feeds").join(&plan.folder).join(&name);
                assert_eq!(std::fs::read(&path).unwrap(), bytes, "{name}");
            }
        }
        assert!(folder.path().join("offices/jigyosho_430.csv").exists());
    }

    #[test]
    fn charges_name_people_and_offices_that_exist() {
        let nation = nation();
        let people: BTreeSet<(InsurerNo, _)> = everyone(&nation).map(|p| (p.insurer_no, p.insured_no)).collect();
        let offices: BTreeSet<_> = nation.offices().into_iter().map(|o| o.office_no).collect();
        let charges = nation.charges();
        let mut seen = BTreeSet::new();
        for charge in &charges {
            assert!(people.contains(&(charge.insurer_no, charge.insured_no)));
            assert!(offices.contains(&charge.office_no));
            assert!(seen.insert((charge.office_no, charge.insurer_no, charge.insured_no)), "{charge:?} twice");
        }
        let accounts = nation.accounts();
        let of = |login: &str| accounts.iter().find(|a| a.login == login).unwrap().office_no.unwrap();
        let people_of = |login: &str| -> BTreeSet<_> {
            charges.iter().filter(|c| c.office_no == of(login)).map(|c| (c.insurer_no, c.insured_no)).collect()
        };
        assert_eq!(people_of("izumo").len(), 40);
        assert!(people_of("izumo").is_disjoint(&people_of("kamome")));
        assert!(people_of("hamanasu").is_subset(&people_of("izumo")));
        assert_eq!(charges.iter().filter(|c| c.closes_in_days == Some(12)).count(), 1);
        let four = nation.unregistered();
        assert!(!charges.iter().any(|c| c.insured_no == four.insured_no));
        let person = find(&nation, four.insured_no.as_str());
        assert_eq!(person.insured_person[0].record.born_on, four.born_on);
        for account in accounts.iter().filter(|a| a.role == DemoRole::Citizen) {
            assert!(people.contains(&account.insured.unwrap()));
        }
        for view in nation.past_views() {
            let charge = charges.iter().find(|c| c.office_no == view.office_no && c.insured_no == view.insured_no);
            let days_ago = TODAY.since(view.at.date()).unwrap().get_days();
            assert!(charge.is_some_and(|c| c.registered_days_ago >= days_ago), "{view:?} {charge:?}");
        }
    }
}
