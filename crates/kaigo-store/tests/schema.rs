//! The schema is the same on both engines, the checked-in snapshots are true, and every statement prepares.

use kaigo_core::for_each_record;
use kaigo_core::layout::Record;
use kaigo_store::db::Error;
use kaigo_testkit::{both, postgres, sqlite};

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let (a, b) = (sqlite().db.catalog().unwrap(), postgres().db.catalog().unwrap());
    assert!(a.len() > 150, "the catalog is read: {}", a.len());
    assert_eq!(a, b);
}

#[test]
fn snapshots_are_true() {
    for (db, file) in [(sqlite(), "schema.sqlite.sql"), (postgres(), "schema.postgres.sql")] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
        let now = format!(
            "-- The schema as the engine has it; where it differs, the test `schema` of kaigo-store leaves the new one beside this file.\n{}",
            db.db.schema().unwrap()
        );
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        if kept != now {
            std::fs::write(path.with_file_name(format!("{file}.new")), &now).unwrap();
        }
        assert!(kept == now, "docs/{file} is not the schema; look at docs/{file}.new and take it over");
    }
}

#[test]
fn every_statement_prepares_with_its_parameters_in_order() {
    both(|test| {
        for (module, name, sql) in kaigo_store::statements() {
            let count = test
                .db
                .write_blocking(move |tx| tx.prepare(sql))
                .unwrap_or_else(|e: Error| panic!("{} {module}::{name}: {e}\n{sql}", test.db.engine_name()));
            for i in 1..=count {
                assert!(sql.contains(&format!("?{i}")), "{module}::{name} has no ?{i}");
            }
            assert!(!sql.contains(&format!("?{}", count + 1)), "{module}::{name} has more than {count}");
            assert!(!sql.contains('$'), "{module}::{name}: placeholders are ?1");
        }
    });
}

#[test]
fn column_tables_are_the_columns_of_the_database() {
    let catalog = sqlite().db.catalog().unwrap();
    macro_rules! check {
        ($kind:ty) => {
            let table = <$kind as Record>::NAME;
            let mut want: Vec<String> = <$kind as Record>::COLUMNS
                .iter()
                .map(|c| {
                    let kind = if (c.shape)().is_integer() { "INTEGER" } else { "TEXT" };
                    // A flag is optional in a file (empty is no) but always there in the table.
                    let null = (c.optional)() && (c.shape)() != kaigo_core::layout::Shape::Flag;
                    format!("{table}.{} {kind}{}", c.name, if null { "" } else { " NOT NULL" })
                })
                .collect();
            for head in [
                "insurer_no TEXT",
                "insured_no TEXT",
                "record_no INTEGER",
                "load_no INTEGER",
                "history_no INTEGER",
                "void TEXT",
            ] {
                want.push(format!("{table}.{head} NOT NULL"));
            }
            for (name, _) in <$kind as Record>::DERIVED {
                want.push(format!("{table}.{name} TEXT NOT NULL"));
            }
            want.sort();
            let have: Vec<String> = catalog.iter().filter(|c| c.starts_with(&format!("{table}."))).cloned().collect();
            assert_eq!(have, want);
        };
    }
    for_each_record!(check);
}
