//! A database is copied to the other engine and back, and every row is the same.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_store::access_log::{self, Entry};
use kaigo_store::account::{self, Account, Owner};
use kaigo_store::db::copy::{compare, copy};
use kaigo_store::db::{Db, Error};
use kaigo_testkit::{postgres, sqlite};

/// More than two pages of entries, texts that a COPY has to escape, bytes that are no text, cells with nothing in them.
fn fill(db: &Db) {
    db.write_blocking(|tx| {
        for n in 0..4_100 {
            access_log::append(tx, &entry(n))?;
        }
        account::insert(tx, &account(), "2026-11-22T01:00:00.000Z")
    })
    .unwrap();
}

fn entry(n: u32) -> Entry {
    let odd = n % 2 == 1;
    Entry {
        insurer_no: "981019".to_owned(),
        entry_id: format!("{n:032x}"),
        insured_no: "9900000017".to_owned(),
        account_id: "a".to_owned(),
        account_name: "出雲\t太郎\\N\n\r\u{1f33b}".to_owned(),
        office_no: None,
        office_name: odd.then(String::new),
        job: None,
        act: "view".to_owned(),
        items: String::new(),
        document: None,
        purpose: "operation".to_owned(),
        outcome: "done".to_owned(),
        rule: odd.then(|| "\\".to_owned()),
        consent_used: odd,
        request_id: "r".to_owned(),
        completed_at: "2026-11-22T01:00:00.000Z".to_owned(),
        salt: "s".to_owned(),
    }
}

fn account() -> Account {
    Account {
        account_id: "a".to_owned(),
        login_id: "tome".to_owned(),
        owner: Owner::Person {
            insurer_no: InsurerNo::parse("981019").unwrap(),
            insured_no: InsuredNo::parse("9900000017").unwrap(),
            proxy_id: None,
        },
        name: "久城 トメ".to_owned(),
        password_hash: "x".to_owned(),
        totp_sealed: vec![0, 255, 92, 10, 9, 39, 128],
        totp_used_step: 0,
        failed_count: 0,
        locked_until: None,
        disabled: false,
        must_change: false,
    }
}

#[test]
fn every_row_is_the_same_on_the_other_engine_and_back() {
    let (first, second, third) = (sqlite(), postgres(), sqlite());
    fill(&first.db);
    let copied = copy(&first.db, &second.db).unwrap();
    let rows = |table: &str| copied.iter().find(|c| c.table == table).unwrap().rows;
    assert_eq!((rows("access_log"), rows("account"), rows("insurer")), (4_100, 1, 0));
    assert_eq!(compare(&first.db, &second.db).unwrap(), Vec::<String>::new());
    assert_eq!(copy(&second.db, &third.db).unwrap(), copied);
    assert_eq!(compare(&first.db, &third.db).unwrap(), Vec::<String>::new());
    // By another way than the copy's own comparison.
    for table in first.tables() {
        if table != "schema_version" {
            assert_eq!(first.dump(&table), second.dump(&table), "{table}");
            assert_eq!(first.dump(&table), third.dump(&table), "{table}");
        }
    }
    let kept = third.db.read_blocking(|tx| account::by_login(tx, "tome")).unwrap().unwrap();
    assert_eq!(kept, account());
}

#[test]
fn a_difference_is_found_and_a_full_target_refused() {
    let (first, second) = (sqlite(), postgres());
    fill(&first.db);
    copy(&first.db, &second.db).unwrap();
    assert!(matches!(copy(&first.db, &second.db), Err(Error::Conflict(_))));
    second.run("UPDATE access_log SET salt = 't' WHERE entry_id = '00000000000000000000000000000fff'");
    let differences = compare(&first.db, &second.db).unwrap();
    assert_eq!(differences.len(), 1);
    assert!(differences[0].contains("access_log") && differences[0].contains("fff"), "{differences:?}");
    second.run("DELETE FROM account");
    assert_eq!(compare(&first.db, &second.db).unwrap().len(), 2);
}
