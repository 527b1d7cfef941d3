//! `kiban db`: from the embedded database to PostgreSQL, or back; a role for daily use.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use kaigo_store::db::copy::{compare, copy};
use kaigo_store::db::{Config, Db};
use kaigo_store::migrate;

use crate::surroundings::{CONNECTIONS, database_name, now, postgres, say};

/// Work on databases as a whole
#[derive(Args, Debug)]
pub(crate) struct DbArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Copy(CopyArgs),
    Grant(GrantArgs),
}

/// Let a role for daily use read and write a PostgreSQL database, but change no table
///
/// Run it as the role that owns the tables, at the beginning and after each new version of this program: it brings the tables up to
/// date and gives the role the rights that the program needs, and no more. Afterwards run `kiban serve` as that role.
#[derive(Args, Debug)]
struct GrantArgs {
    /// Name of the role; it is there already (CREATE ROLE … LOGIN)
    #[arg(long, value_name = "NAME")]
    role: String,
    /// PostgreSQL as the role that owns the tables: postgres://OWNER@HOST/DATABASE (with a password: KIBAN_DATABASE_URL)
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The network to a server on another machine is guarded by other means: TLS is not demanded (sslmode=disable, prefer, require)
    #[arg(long)]
    database_network_guarded: bool,
    /// Print the statements and change nothing
    #[arg(long)]
    print: bool,
}

/// Copy a database into an empty one, and compare the two row by row
///
/// Stop the server first. Keys and documents stay in the data folder: afterwards `kiban serve --data-dir DIR --database URL` goes
/// on with the copy.
#[derive(Args, Debug)]
struct CopyArgs {
    /// File of an embedded database (kiban.db), or postgres://…
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    /// postgres://… of an empty database, or a file that is not there yet
    #[arg(long, value_name = "FILE|URL")]
    to: String,
    /// The network to a PostgreSQL server on another machine is guarded by other means: TLS is not demanded (sslmode=disable, prefer, require)
    #[arg(long)]
    database_network_guarded: bool,
}

pub(crate) fn run(args: &DbArgs) -> Result<ExitCode> {
    match &args.what {
        What::Copy(args) => copy_all(args),
        What::Grant(args) => grant(args),
    }
}

fn grant(args: &GrantArgs) -> Result<ExitCode> {
    let Some(config) = postgres(args.database.as_ref(), args.database_network_guarded) else {
        bail!(
            "PostgreSQL のアドレスを、--database か KIBAN_DATABASE_URL で指してください。組み込みのデータベース（SQLite）にロールはありません。"
        );
    };
    if args.print {
        let db = Db::open(&config).with_context(|| database_name(&config))?;
        say(&db.role_grants(&args.role)?.join("\n"));
        return Ok(ExitCode::SUCCESS);
    }
    let db = open(&config)?;
    db.grant_role(&args.role).with_context(|| database_name(&config))?;
    say(&format!(
        "表を版{}にし、ロール {} に、行を読み書きする権限だけを付けました。kiban serve は、このロールで動かしてください。",
        migrate::newest(),
        args.role
    ));
    Ok(ExitCode::SUCCESS)
}

fn copy_all(args: &CopyArgs) -> Result<ExitCode> {
    let (from, to) =
        (config(&args.from, args.database_network_guarded), config(&args.to, args.database_network_guarded));
    if let Config::Sqlite { path } = &from
        && !path.is_file()
    {
        bail!("{} がありません。", path.display());
    }
    let source = open(&from)?;
    let target = open(&to)?;
    let copied = copy(&source, &target).with_context(|| format!("{} への写し", database_name(&to)))?;
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    for table in copied.iter().filter(|table| table.rows > 0) {
        say(&format!("{}\t{}行", table.table, table.rows));
    }
    let differences = compare(&source, &target)?;
    if differences.is_empty() {
        say(&format!("{rows}行を写し、すべての行が同じであることを確かめました。"));
        return Ok(ExitCode::SUCCESS);
    }
    bail!(
        "写した内容が元とちがいます。写している間に、元が変わったのかもしれません。サーバーを止め、空のデータベースにやりなおしてください。\n{}",
        differences.join("\n")
    )
}

fn config(place: &str, network_is_guarded: bool) -> Config {
    if place.starts_with("postgres://") || place.starts_with("postgresql://") {
        Config::Postgres { url: place.to_owned(), connections: CONNECTIONS, network_is_guarded }
    } else {
        Config::Sqlite { path: PathBuf::from(place) }
    }
}

/// Opens a database with the newest schema.
fn open(config: &Config) -> Result<Db> {
    let db = Db::open(config).with_context(|| database_name(config))?;
    migrate::migrate(&db, now())?;
    Ok(db)
}
