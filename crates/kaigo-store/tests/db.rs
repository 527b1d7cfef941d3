//! What `db.rs` must withstand on both engines: errors, panics, callers that go away, many at once, lost connections.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kaigo_store::db::{Config, Db, Error, Value};
use kaigo_testkit::{TestDb, both};

const PUT: &str = "INSERT INTO job_lease (job, holder, until_at) VALUES (?1, ?2, ?3)";
const COUNT: &str = "SELECT count(*) FROM job_lease";

fn put(db: &Db, job: &str) -> Result<(), Error> {
    let job = job.to_owned();
    db.write_blocking(move |tx| tx.execute(PUT, &[Value::from(&job), "x".into(), "y".into()]).map(drop))
}

fn count(db: &Db) -> i64 {
    db.read_blocking(|tx| tx.query_opt(COUNT, &[])?.unwrap().int(0)).unwrap_or_else(|e: Error| panic!("{e}"))
}

#[test]
fn an_error_leaves_nothing_behind_and_the_connection_goes_on() {
    both(|test| {
        let failed: Result<(), Error> = test.db.write_blocking(|tx| {
            tx.execute(PUT, &["a".into(), "x".into(), "y".into()])?;
            Err(Error::NotCovered)
        });
        assert_eq!(failed, Err(Error::NotCovered));
        assert_eq!(count(&test.db), 0);
        put(&test.db, "b").unwrap();
        assert_eq!(count(&test.db), 1);
    });
}

#[test]
fn a_failing_statement_is_a_conflict_and_leaves_nothing_behind() {
    both(|test| {
        put(&test.db, "a").unwrap();
        let failed: Result<(), Error> = test.db.write_blocking(|tx| {
            tx.execute(PUT, &["b".into(), "x".into(), "y".into()])?;
            tx.execute(PUT, &["a".into(), "x".into(), "y".into()]).map(drop)
        });
        assert!(matches!(failed, Err(Error::Conflict(_))), "{failed:?}");
        assert_eq!(count(&test.db), 1);
    });
}

#[test]
fn a_panic_leaves_nothing_behind_and_the_thread_goes_on() {
    both(|test| {
        let failed: Result<(), Error> = test.db.write_blocking(|tx| {
            tx.execute(PUT, &["a".into(), "x".into(), "y".into()])?;
            panic!("a unit of work that panics, on purpose");
        });
        assert!(matches!(failed, Err(Error::Broken(_))), "{failed:?}");
        assert_eq!(count(&test.db), 0);
        for i in 0..20 {
            put(&test.db, &format!("b{i}")).unwrap();
        }
        assert_eq!(count(&test.db), 20);
    });
}

#[test]
fn a_reader_changes_nothing() {
    both(|test| {
        let result: Result<u64, Error> =
            test.db.read_blocking(|tx| tx.execute(PUT, &["a".into(), "x".into(), "y".into()]));
        drop(result);
        assert_eq!(count(&test.db), 0);
    });
}

#[test]
fn a_caller_that_goes_away_does_not_stop_its_unit() {
    both(|test| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let mark = Arc::clone(&done);
        runtime.block_on(async {
            let unit = test.db.write(move |tx| {
                tx.execute(PUT, &["a".into(), "x".into(), "y".into()])?;
                mark.store(true, Ordering::SeqCst);
                Ok::<(), Error>(())
            });
            // Polled once, so that it is under way, and then dropped.
            tokio::select! { biased; _ = unit => {}, () = std::future::ready(()) => {} }
        });
        // Units of one writer run in order: when the next one has ended, the first has too. PostgreSQL has several.
        while !done.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        for i in 0..8 {
            put(&test.db, &format!("later{i}")).unwrap();
        }
        assert_eq!(count(&test.db), 9);
    });
}

#[test]
fn many_at_once_each_get_their_own_answer() {
    both(|test| {
        let threads: Vec<_> = (0..16)
            .map(|t| {
                let db = test.db.clone();
                std::thread::spawn(move || {
                    for i in 0..40 {
                        let odd = i % 2 == 1;
                        let job = format!("{t}-{i}");
                        let answer = db.write_blocking(move |tx| {
                            tx.execute(PUT, &[Value::from(&job), "x".into(), "y".into()])?;
                            if odd { Err(Error::NotCovered) } else { Ok(i) }
                        });
                        assert_eq!(answer, if odd { Err(Error::NotCovered) } else { Ok(i) });
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(count(&test.db), 16 * 20);
    });
}

#[test]
fn what_was_answered_is_there_for_another_process() {
    both(|test| {
        put(&test.db, "a").unwrap();
        let again = Db::open(&test.config).unwrap();
        assert_eq!(count(&again), 1);
    });
}

#[test]
fn a_lost_connection_is_made_anew() {
    let test: TestDb = kaigo_testkit::postgres();
    put(&test.db, "a").unwrap();
    let Config::Postgres { url, .. } = &test.config else { panic!("postgres") };
    let name = url.rsplit_once('/').unwrap().1;
    let mut admin = postgres::Client::connect(&kaigo_testkit::server(), postgres::NoTls).unwrap();
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", &[&name]).unwrap();
    // Each of the four connections may fail once, never twice: five tries always reach a fresh one.
    for i in 0..20 {
        let tries = (0..5).find(|_| put(&test.db, &format!("b{i}")).is_ok());
        assert!(tries.is_some(), "unit {i} never went through");
    }
    assert_eq!(count(&test.db), 21);
}

#[test]
fn a_server_with_another_order_of_texts_is_refused() {
    let mut admin = postgres::Client::connect(&kaigo_testkit::server(), postgres::NoTls).unwrap();
    let name = format!("kiban_order_{}", std::process::id());
    admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'ja' LC_COLLATE 'C' LC_CTYPE 'C'")).unwrap();
    let server = kaigo_testkit::server();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let opened = Db::open(&Config::Postgres { url, connections: 1, network_is_guarded: false });
    let refused = matches!(&opened, Err(Error::Broken(text)) if text.contains("collation"));
    drop(opened);
    admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    assert!(refused);
}
