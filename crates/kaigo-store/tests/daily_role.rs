//! The role for daily use on a real server: every statement of ours passes, and no table can be changed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use kaigo_store::db::{Config, Db, Error, Value};
use kaigo_store::migrate;
use kaigo_testkit::now;
use kaigo_testkit::own_server::{Authority, OwnServer, PASSWORD};

fn open(server: &OwnServer, role: &str) -> Db {
    let url = format!("postgres://{role}:{PASSWORD}@127.0.0.1:{}/daily", server.port);
    Db::open(&Config::Postgres { url, connections: 1, network_is_guarded: false }).unwrap()
}

/// A server with a database whose tables the role `owner` owns, and a role `daily` without any right.
fn server() -> OwnServer {
    let authority = Authority::new();
    let (certificate, key) = authority.server("127.0.0.1", 2090);
    let server = OwnServer::start(&certificate, &key, &authority.pem, "host all all 127.0.0.1/32 scram-sha-256\n");
    server.create_database("daily");
    server
        .admin()
        .batch_execute(&format!(
            "CREATE ROLE owner LOGIN PASSWORD '{PASSWORD}'; CREATE ROLE daily LOGIN PASSWORD '{PASSWORD}'; \
             ALTER DATABASE daily OWNER TO owner"
        ))
        .unwrap();
    server
}

fn run(db: &Db, sql: &str) -> Result<u64, Error> {
    let sql: &'static str = Box::leak(sql.to_owned().into_boxed_str());
    db.write_blocking(move |tx| tx.execute(sql, &[]))
}

fn refused(db: &Db, sql: &str) {
    match run(db, sql) {
        Err(Error::Broken(why)) if why.contains("42501") => {}
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn the_daily_role_runs_every_statement_and_changes_no_table() {
    let server = server();
    let owner = open(&server, "owner");
    migrate::migrate(&owner, now()).unwrap();
    owner.grant_role("daily").unwrap();
    // Once more, as after each new version.
    let lines = owner.grant_role("daily").unwrap();
    assert!(lines.iter().any(|line| line.contains("UPDATE (chain, seq) ON \"public\".access_log TO \"daily\"")));

    let daily = open(&server, "daily");
    migrate::migrate(&daily, now()).unwrap();
    let mut looked = 0;
    for (module, name, sql) in kaigo_store::statements() {
        if module == "migrate" && name == "RECORD" {
            continue;
        }
        // EXPLAIN asks for the rights of what it explains, and runs nothing.
        let sql: &'static str = Box::leak(format!("EXPLAIN {sql}").into_boxed_str());
        let explained: Result<(), Error> = daily.write_blocking(move |tx| {
            let nulls = vec![Value::Null; tx.prepare(sql)?];
            tx.query(sql, &nulls).map(drop)
        });
        explained.unwrap_or_else(|e| panic!("{module}::{name}: {e}"));
        looked += 1;
    }
    assert!(looked > 400, "{looked}");

    // The server only warns, and gives nothing: see below.
    run(&daily, "GRANT DELETE ON access_log TO daily").unwrap();
    for sql in [
        "CREATE TABLE x (y TEXT)",
        "ALTER TABLE account ADD COLUMN y TEXT",
        "DROP TABLE account",
        "TRUNCATE account",
        "CREATE INDEX y ON account (login)",
        "CREATE SCHEMA y",
        "INSERT INTO schema_version (version, applied_at) VALUES (99, 'x')",
        "DELETE FROM access_log",
        "TRUNCATE access_log",
        "UPDATE access_log SET account_name = 'x'",
        "UPDATE access_log SET completed_at = 'x'",
        "DELETE FROM access_seal",
        "UPDATE access_seal SET head = 'x'",
        "DELETE FROM admin_log",
        "UPDATE admin_log SET subject = 'x'",
        "DELETE FROM log_checkpoint",
    ] {
        refused(&daily, sql);
    }
    run(&daily, "UPDATE access_log SET seq = 1, chain = 'x' WHERE seq IS NULL").unwrap();
}

#[test]
fn who_may_not_define_tables_is_told_what_to_run() {
    let server = server();
    let (owner, daily) = (open(&server, "owner"), open(&server, "daily"));
    let says = |done: Result<(), Error>, words: &[&str]| match done {
        Err(Error::Broken(why)) => assert!(words.iter().all(|word| why.contains(word)), "{why}"),
        other => panic!("{other:?}"),
    };
    // Nothing is there yet.
    says(migrate::migrate(&daily, now()), &["版0", "kiban db grant --role"]);
    migrate::migrate(&owner, now()).unwrap();
    says(migrate::migrate(&daily, now()), &["読めません", "kiban db grant --role"]);
    owner.grant_role("daily").unwrap();
    migrate::migrate(&daily, now()).unwrap();
    // A version behind.
    run(&owner, "DELETE FROM schema_version WHERE version = (SELECT max(version) FROM schema_version)").unwrap();
    let before = migrate::newest() - 1;
    says(migrate::migrate(&daily, now()), &[&format!("版{before}"), "kiban db grant --role"]);
    assert_eq!(migrate::version(&daily).unwrap(), before);
}

#[test]
fn a_role_that_could_change_tables_all_the_same_gets_nothing() {
    let server = server();
    let owner = open(&server, "owner");
    migrate::migrate(&owner, now()).unwrap();
    let says = |role: &str, word: &str| match owner.grant_role(role) {
        Err(Error::Broken(why)) => assert!(why.contains(word), "{why}"),
        other => panic!("{role}: {other:?}"),
    };
    says("no\"body", "CREATE ROLE \"no\"\"body\" LOGIN");
    says("kiban", "SUPERUSER");
    says("owner", "別のもの");
    server.admin().batch_execute("CREATE ROLE deputy LOGIN IN ROLE owner").unwrap();
    says("deputy", "別のもの");
    run(&owner, "GRANT CREATE ON SCHEMA public TO PUBLIC").unwrap();
    says("daily", "REVOKE CREATE ON SCHEMA");
    let daily = open(&server, "daily");
    refused(&daily, "DELETE FROM login_guard");
    run(&owner, "REVOKE CREATE ON SCHEMA public FROM PUBLIC").unwrap();
    owner.grant_role("daily").unwrap();
    run(&daily, "DELETE FROM login_guard").unwrap();

    let sqlite = kaigo_testkit::sqlite();
    assert!(matches!(sqlite.db.grant_role("daily"), Err(Error::Broken(why)) if why.contains("SQLite")));
}
