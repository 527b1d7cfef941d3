//! The mailboxes of the exchange on both engines: who sees what, what counts, what happens once.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::sync::Arc;

use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant, Caller, JobType, Staff, decide_act};
use kaigo_store::db::{Error, Tx};
use kaigo_store::exchange::person::PersonRow;
use kaigo_store::exchange::set::{EventRow, FileRow, SetRow};
use kaigo_store::exchange::{draft, entry, list, member, person, set, token};
use kaigo_testkit::{TestDb, both};

const PLANNER: &str = "9870000017";
const SERVICE: &str = "9870000025";
const STRANGER: &str = "9870000033";
const AT: &str = "2026-11-01T00:00:00.000Z";
const LATER: &str = "2026-11-02T00:00:00.000Z";

fn office(no: &str) -> OfficeNo {
    OfficeNo::parse(no).unwrap()
}

fn grant(no: &str, act: Act) -> ActGrant {
    let staff = Staff {
        account_id: "a".to_owned(),
        office_no: office(no),
        office_name: "事業所".to_owned(),
        services: Vec::new(),
        job: JobType::Clerk,
        is_admin: true,
        name: "担当".to_owned(),
    };
    decide_act(&Caller::Staff(staff), act).unwrap()
}

fn operator() -> ActGrant {
    decide_act(&Caller::Operator, Act::Operate).unwrap()
}

fn new_set(set_id: &str, serial: &str) -> SetRow {
    SetRow {
        to_office_no: office(SERVICE),
        set_id: set_id.to_owned(),
        from_office_no: office(PLANNER),
        from_kind: "43".to_owned(),
        to_kind: "11".to_owned(),
        serial: serial.to_owned(),
        unit: "usage".to_owned(),
        month: "202611".to_owned(),
        digest: format!("digest of {set_id}"),
        size: 3,
        file_count: 1,
        person_count: 1,
        warning_count: 0,
        state: "sent".to_owned(),
        sent_at: AT.to_owned(),
        sent_by: "出雲".to_owned(),
        fetched_at: None,
        fetched_by: None,
        imported_at: None,
        imported_by: None,
        recalled_at: None,
        recalled_by: None,
        purged_at: None,
    }
}

fn file(set_id: &str) -> FileRow {
    FileRow {
        place: 0,
        name: format!("{set_id}.CSV"),
        sha256: "00".to_owned(),
        size: 3,
        object: None,
        sealed: vec![0, 255, 1],
    }
}

fn planned(deletes: bool) -> PersonRow {
    PersonRow {
        service_kind: "11".to_owned(),
        insurer_no: "981019".to_owned(),
        insured_no: "9900000018".to_owned(),
        name: "久城 トメ".to_owned(),
        doc: "usage".to_owned(),
        doc_key: "202611".to_owned(),
        deletes,
        ..PersonRow::default()
    }
}

/// Runs a unit of work and answers what it answers.
fn write<T: Send + 'static>(
    test: &TestDb,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    test.db.write_blocking(work)
}

fn send(test: &TestDb, set_id: &str, serial: &str, deletes: bool) -> SetRow {
    let row = new_set(set_id, serial);
    let sent = row.clone();
    write(test, move |tx| {
        let grant = grant(PLANNER, Act::SendSet);
        set::insert(tx, &grant, &sent, &[file(&sent.set_id)])?;
        person::insert(tx, &grant, &sent, &[planned(deletes)])
    })
    .unwrap();
    row
}

/// What came after the only document of a set: `-` for nothing, `replaced by …`, `withdrawn by …`.
fn after(test: &TestDb, row: &SetRow) -> String {
    let row = row.clone();
    let people = write(test, move |tx| person::of_set(tx, &grant(SERVICE, Act::ListSets), &row)).unwrap();
    let person = &people[0];
    match (&person.replaced_by, &person.withdrawn_by) {
        (None, None) => "-".to_owned(),
        (Some(by), None) => format!("replaced by {by}"),
        (None, Some(by)) => format!("withdrawn by {by}"),
        (Some(_), Some(_)) => "both".to_owned(),
    }
}

#[test]
fn a_set_is_seen_by_its_two_offices_and_nobody_else() {
    both(|test| {
        let row = send(test, "one", "20261101090000", false);
        for (no, is_party) in [(PLANNER, true), (SERVICE, true), (STRANGER, false)] {
            let wanted = row.clone();
            let (found, files) = write(test, move |tx| {
                let grant = grant(no, Act::OpenSet);
                let found = set::find(tx, &grant, "one")?;
                Ok((found, set::files(tx, &grant, &wanted)))
            })
            .unwrap();
            assert_eq!(found.as_ref(), is_party.then_some(&row), "{no}");
            let want = if is_party { Ok(vec![file("one")]) } else { Err(Error::NotCovered) };
            assert_eq!(files, want, "{no}");
        }
        let unknown = write(test, |tx| set::find(tx, &grant(PLANNER, Act::OpenSet), "two")).unwrap();
        assert_eq!(unknown, None);
        let whose = write(test, |tx| person::whose(tx, "one")).unwrap();
        assert_eq!(whose, [("981019".to_owned(), "9900000018".to_owned())]);
    });
}

#[test]
fn only_the_sender_sends_and_only_the_receiver_fetches() {
    both(|test| {
        let row = new_set("one", "20261101090000");
        for (no, act) in [(SERVICE, Act::SendSet), (PLANNER, Act::OpenSet), (PLANNER, Act::JoinExchange)] {
            let row = row.clone();
            let done = write(test, move |tx| set::insert(tx, &grant(no, act), &row, &[]));
            assert_eq!(done, Err(Error::NotCovered), "{no} {act:?}");
        }
        let row = send(test, "one", "20261101090000", false);
        let (a, b) = (row.clone(), row.clone());
        let by_sender = write(test, move |tx| set::fetched(tx, &grant(PLANNER, Act::FetchSet), &a, LATER, "x"));
        assert_eq!(by_sender, Err(Error::NotCovered));
        let by_receiver = write(test, move |tx| set::recalled(tx, &grant(SERVICE, Act::RecallSet), &b, LATER, "x"));
        assert_eq!(by_receiver, Err(Error::NotCovered));
    });
}

#[test]
fn states_go_one_way_and_each_step_happens_once() {
    both(|test| {
        let row = send(test, "one", "20261101090000", false);
        let step = |what: &'static str, at: &'static str| {
            let row = row.clone();
            write(test, move |tx| match what {
                "fetch" => set::fetched(tx, &grant(SERVICE, Act::FetchSet), &row, at, "浜"),
                "import" => set::imported(tx, &grant(SERVICE, Act::FetchSet), &row, at, "浜"),
                _ => set::recalled(tx, &grant(PLANNER, Act::RecallSet), &row, at, "出雲"),
            })
            .unwrap()
        };
        assert!(!step("import", AT), "what was not fetched is not imported");
        assert!(step("fetch", AT));
        assert!(!step("fetch", LATER), "the first fetch counts");
        assert!(!step("recall", LATER), "what was fetched is not taken back");
        assert!(step("import", LATER));
        assert!(!step("import", LATER));
        let found = write(test, |tx| set::find(tx, &grant(PLANNER, Act::ListSets), "one")).unwrap().unwrap();
        assert_eq!((found.state.as_str(), found.fetched_at.as_deref()), ("imported", Some(AT)));
    });
}

#[test]
fn the_natural_key_stands_once_until_it_is_recalled() {
    both(|test| {
        let row = send(test, "one", "20261101090000", false);
        let again = new_set("two", "20261101090000");
        let twice = {
            let again = again.clone();
            write(test, move |tx| set::insert(tx, &grant(PLANNER, Act::SendSet), &again, &[]))
        };
        assert_eq!(twice, Ok(false), "and nothing is changed");
        assert_eq!(test.dump("exchange_set").len(), 1);
        let natural = |again: SetRow| write(test, move |tx| set::same(tx, &grant(PLANNER, Act::SendSet), &again));
        assert_eq!(natural(again.clone()).unwrap(), Some(row.clone()));
        let recalled = row.clone();
        let done = write(test, move |tx| {
            let grant = grant(PLANNER, Act::RecallSet);
            person::recall(tx, &grant, &recalled)?;
            set::recalled(tx, &grant, &recalled, LATER, "出雲")
        });
        assert_eq!(done, Ok(true));
        assert_eq!(natural(again).unwrap(), None);
        send(test, "two", "20261101090000", false);
        let seen = |no| write(test, move |tx| set::find(tx, &grant(no, Act::ListSets), "one")).unwrap().is_some();
        assert!(seen(PLANNER) && !seen(SERVICE), "the receiver sees nothing of what was taken back");
    });
}

#[test]
fn the_last_serial_wins_however_they_arrive() {
    both(|test| {
        let third = send(test, "third", "20261103090000", false);
        let first = send(test, "first", "20261101090000", false);
        assert_eq!((after(test, &first), after(test, &third)), ("replaced by third".to_owned(), "-".to_owned()));
        let second = send(test, "second", "20261102090000", true);
        assert_eq!(after(test, &first), "withdrawn by second");
        assert_eq!(after(test, &second), "replaced by third");
        let fourth = send(test, "fourth", "20261104090000", false);
        assert_eq!(after(test, &third), "replaced by fourth");
        let recalled = fourth.clone();
        write(test, move |tx| person::recall(tx, &grant(PLANNER, Act::RecallSet), &recalled)).unwrap();
        assert_eq!(after(test, &third), "-", "what a recalled set had replaced counts again");
        let late = send(test, "late", "20261102120000", false);
        assert_eq!(
            (after(test, &second), after(test, &late)),
            ("replaced by late".to_owned(), "replaced by third".to_owned())
        );
    });
}

#[test]
fn other_documents_and_other_kinds_of_service_are_left_alone() {
    both(|test| {
        let one = send(test, "one", "20261101090000", false);
        for (n, change) in [
            |p: &mut PersonRow| "11".clone_into(&mut p.doc_key),
            |p: &mut PersonRow| "care-plan".clone_into(&mut p.doc),
            |p: &mut PersonRow| "15".clone_into(&mut p.service_kind),
            |p: &mut PersonRow| "9900000026".clone_into(&mut p.insured_no),
            |p: &mut PersonRow| "981027".clone_into(&mut p.insurer_no),
        ]
        .into_iter()
        .enumerate()
        {
            let row = new_set(&format!("other-{n}"), &format!("2026110209000{n}"));
            let mut person = planned(false);
            change(&mut person);
            write(test, move |tx| {
                let grant = grant(PLANNER, Act::SendSet);
                set::insert(tx, &grant, &row, &[])?;
                person::insert(tx, &grant, &row, &[person])
            })
            .unwrap();
            assert_eq!(after(test, &one), "-", "{n}");
        }
    });
}

fn wanted(before: Option<(String, String)>, most: i32) -> list::Wanted {
    list::Wanted { state: String::new(), partner: String::new(), before, most }
}

#[test]
fn lists_are_paged_by_time_and_counted() {
    both(|test| {
        let rows: Vec<SetRow> =
            (0..5).map(|n| send(test, &format!("set-{n}"), &format!("2026110109000{n}"), false)).collect();
        let ids = |page: &[SetRow]| page.iter().map(|row| row.set_id.clone()).collect::<Vec<_>>();
        let page = |no: &'static str, wanted: list::Wanted| {
            write(test, move |tx| {
                let grant = grant(no, Act::ListSets);
                Ok((list::inbox(tx, &grant, &wanted)?, list::sent(tx, &grant, &wanted)?))
            })
            .unwrap()
        };
        let (inbox, sent) = page(SERVICE, wanted(None, 3));
        assert_eq!((ids(&inbox).join(" "), sent.len()), ("set-4 set-3 set-2".to_owned(), 0));
        let last = inbox.last().map(|row| (row.sent_at.clone(), row.set_id.clone()));
        assert_eq!(ids(&page(SERVICE, wanted(last, 3)).0), ["set-1", "set-0"]);
        assert_eq!(page(PLANNER, wanted(None, 50)).1.len(), 5);
        assert_eq!(page(STRANGER, wanted(None, 50)), (Vec::new(), Vec::new()));
        let row = rows[0].clone();
        write(test, move |tx| set::fetched(tx, &grant(SERVICE, Act::FetchSet), &row, LATER, "浜")).unwrap();
        let fetched = list::Wanted { state: "fetched".to_owned(), ..wanted(None, 50) };
        assert_eq!(ids(&page(SERVICE, fetched).0), ["set-0"]);
        let from_nobody = list::Wanted { partner: STRANGER.to_owned(), ..wanted(None, 50) };
        assert_eq!(page(SERVICE, from_nobody).0, []);
        let counts = |no| write(test, move |tx| list::counts(tx, &grant(no, Act::ListSets), LATER)).unwrap();
        assert_eq!((counts(SERVICE), counts(PLANNER), counts(STRANGER)), ((4, 0), (0, 4), (0, 0)));
        let unread = write(test, |tx| list::unread(tx, &grant(SERVICE, Act::FetchSet), 2)).unwrap();
        assert_eq!(ids(&unread), ["set-1", "set-2"], "the oldest first: the order in which they must be taken");
    });
}

#[test]
fn a_month_has_what_was_sent_and_what_was_received() {
    both(|test| {
        send(test, "one", "20261101090000", false);
        let month = |no, is_sender, key: &'static str| {
            let rows =
                write(test, move |tx| list::month(tx, &grant(no, Act::ListSets), is_sender, "usage", key)).unwrap();
            rows.into_iter().map(|row| (row.set.set_id, row.person.name)).collect::<Vec<_>>()
        };
        let one = [("one".to_owned(), "久城 トメ".to_owned())];
        assert_eq!((month(PLANNER, true, "202611"), month(SERVICE, false, "202611")), (one.to_vec(), one.to_vec()));
        assert_eq!(month(PLANNER, false, "202611"), []);
        assert_eq!(month(STRANGER, true, "202611"), []);
        assert_eq!(month(SERVICE, false, "202610"), []);
    });
}

#[test]
fn an_upload_belongs_to_its_office_and_keeps_its_first_answer() {
    both(|test| {
        let row = draft::DraftRow {
            draft_id: "d".to_owned(),
            made_at: AT.to_owned(),
            made_by: "出雲".to_owned(),
            state: "open".to_owned(),
            digest: "digest".to_owned(),
        };
        let files = [draft::DraftFile {
            place: 0,
            name: "A.CSV".to_owned(),
            sha256: "00".to_owned(),
            size: 1,
            sealed: vec![0],
        }];
        let (kept, with) = (row.clone(), files.clone());
        write(test, move |tx| draft::insert(tx, &grant(PLANNER, Act::SendSet), &kept, &with)).unwrap();
        let find = |no| {
            write(test, move |tx| {
                let grant = grant(no, Act::SendSet);
                let same = draft::same(tx, &grant, "digest")?;
                Ok((draft::find(tx, &grant, "d")?, same, draft::files(tx, &grant, "d")?, draft::open(tx, &grant)?))
            })
            .unwrap()
        };
        assert_eq!(find(PLANNER), (Some(row.clone()), Some(row.clone()), files.to_vec(), vec![row]));
        assert_eq!(find(STRANGER), (None, None, Vec::new(), Vec::new()));
        let result = |outcome: &str, set_id: Option<&str>| draft::ResultRow {
            place: 0,
            set_id: set_id.map(str::to_owned),
            outcome: outcome.to_owned(),
            code: String::new(),
            say: String::new(),
            at: AT.to_owned(),
        };
        let answers = [result("refused", None), result("sent", Some("one")), result("refused", None)];
        for (note, want) in [(0, 0), (1, 1), (2, 1)] {
            let noted = answers[note].clone();
            let results = write(test, move |tx| {
                let grant = grant(PLANNER, Act::SendSet);
                draft::result(tx, &grant, "d", &noted)?;
                draft::results(tx, &grant, "d")
            })
            .unwrap();
            assert_eq!(results, [answers[want].clone()], "what was sent stays noted");
        }
        write(test, |tx| draft::set_state(tx, &grant(PLANNER, Act::SendSet), "d", "discarded")).unwrap();
        assert_eq!(find(PLANNER).1, None, "only an open upload is found again");
        let purged = write(test, |tx| draft::purge(tx, &operator(), LATER, 10)).unwrap();
        assert_eq!((purged, find(PLANNER).0), (1, None));
        assert_eq!(test.dump("exchange_draft_file").len() + test.dump("exchange_draft_result").len(), 0);
        let by_office = write(test, |tx| draft::purge(tx, &grant(PLANNER, Act::SendSet), LATER, 10));
        assert_eq!(by_office, Err(Error::NotCovered));
    });
}

#[test]
fn two_who_type_the_same_result_do_not_overwrite_each_other() {
    both(|test| {
        let row = entry::EntryRow {
            entry_id: "e".to_owned(),
            month: "202611".to_owned(),
            insurer_no: "981019".to_owned(),
            insured_no: "9900000018".to_owned(),
            partner_no: PLANNER.to_owned(),
            planned_set: "one".to_owned(),
            planned_place: 0,
            state: "open".to_owned(),
            revision: 1,
            sealed: vec![1],
            sent_set: None,
            updated_at: AT.to_owned(),
            updated_by: "浜".to_owned(),
        };
        let begin = |entry_id: &str| {
            let row = entry::EntryRow { entry_id: entry_id.to_owned(), ..row.clone() };
            write(test, move |tx| entry::begin(tx, &grant(SERVICE, Act::EnterResult), &row)).unwrap()
        };
        assert_eq!(begin("e"), row);
        assert_eq!(begin("f").entry_id, "e", "a planned use has one entry");
        let save = |revision| {
            let save = move |tx: &mut Tx<'_>| {
                entry::save(tx, &grant(SERVICE, Act::EnterResult), ("e", revision), &[2], LATER, "浜")
            };
            write(test, save).unwrap()
        };
        assert!(save(1));
        assert!(!save(1), "somebody saved in between");
        let found = |no| write(test, move |tx| entry::find(tx, &grant(no, Act::EnterResult), "e")).unwrap();
        assert_eq!(found(SERVICE).map(|e| (e.revision, e.sealed)), Some((2, vec![2])));
        assert_eq!(found(STRANGER), None);
        write(test, |tx| entry::sent(tx, &grant(SERVICE, Act::EnterResult), "e", "two", LATER, "浜")).unwrap();
        assert_eq!(found(SERVICE).map(|e| e.state), Some("sent".to_owned()));
        assert!(save(2));
        assert_eq!(found(SERVICE).map(|e| e.state), Some("open".to_owned()), "changed after it was sent");
    });
}

#[test]
fn members_favourites_and_tokens_are_the_offices_own() {
    both(|test| {
        let join = || write(test, |tx| member::join(tx, &grant(SERVICE, Act::JoinExchange), AT, "浜")).unwrap();
        join();
        join();
        let joined = |no| write(test, move |tx| member::joined_at(tx, office(no))).unwrap();
        assert_eq!((joined(SERVICE).as_deref(), joined(PLANNER)), (Some(AT), None));
        let active = |now: &'static str, since: &'static str| {
            write(test, move |tx| member::active(tx, office(SERVICE), now, since)).unwrap();
        };
        active(LATER, AT);
        assert!(test.dump("exchange_member")[0].contains(&format!("|{AT}|")), "noted in that hour already");
        active(LATER, LATER);
        assert!(test.dump("exchange_member")[0].contains(LATER));

        let row = token::TokenRow {
            token_id: "t".to_owned(),
            office_no: SERVICE.to_owned(),
            account_id: "a".to_owned(),
            name: "夜間の受信".to_owned(),
            made_at: AT.to_owned(),
            last_used_at: None,
            ended_at: None,
        };
        let kept = row.clone();
        write(test, move |tx| token::insert(tx, &grant(SERVICE, Act::JoinExchange), "digest", &kept)).unwrap();
        let list = |no| write(test, move |tx| token::of_office(tx, &grant(no, Act::JoinExchange))).unwrap();
        assert_eq!((list(SERVICE), list(STRANGER)), (vec![row.clone()], Vec::new()));
        let end = |no| write(test, move |tx| token::end(tx, &grant(no, Act::JoinExchange), "t", LATER)).unwrap();
        let good = || write(test, |tx| token::by_digest(tx, "digest")).unwrap();
        assert!(!end(STRANGER));
        assert_eq!(good(), Some(row));
        assert!(end(SERVICE) && !end(SERVICE));
        assert_eq!(good(), None);
    });
}

#[test]
fn bytes_go_after_their_time_and_the_rest_stays() {
    both(|test| {
        let row = send(test, "one", "20261101090000", false);
        let old = |before: &'static str| write(test, move |tx| set::old(tx, &operator(), before, 10)).unwrap();
        assert_eq!((old(AT).len(), old(LATER)), (0, vec![row.clone()]));
        let by_office = write(test, |tx| set::old(tx, &grant(PLANNER, Act::SendSet), LATER, 10));
        assert_eq!(by_office, Err(Error::NotCovered));
        let purged = row.clone();
        write(test, move |tx| set::purge(tx, &operator(), &purged, LATER)).unwrap();
        assert_eq!(old(LATER), []);
        let files = write(test, move |tx| set::files(tx, &grant(SERVICE, Act::FetchSet), &row)).unwrap();
        assert_eq!(files, [FileRow { sealed: Vec::new(), ..file("one") }]);
    });
}

#[test]
fn events_are_in_order() {
    both(|test| {
        let row = send(test, "one", "20261101090000", false);
        let event = |what: &str, no: &str| EventRow {
            what: what.to_owned(),
            at: AT.to_owned(),
            by_name: "だれか".to_owned(),
            office_no: no.to_owned(),
        };
        let all = Arc::new([event("sent", PLANNER), event("fetched", SERVICE)]);
        let (events, of) = (Arc::clone(&all), row.clone());
        write(test, move |tx| {
            set::event(tx, &of, "2", &events[1])?;
            set::event(tx, &of, "1", &events[0])
        })
        .unwrap();
        let found = write(test, move |tx| set::events(tx, &grant(SERVICE, Act::ListSets), &row)).unwrap();
        assert_eq!(found, *all);
    });
}
