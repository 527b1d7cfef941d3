//! `kiban demo`: a fictional nation in a folder, served to whoever wants to try.

mod build;
mod circle;
mod exchange;
mod folder;
mod welcome;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use kaigo_app::Ids;
use kaigo_app::ctx::day_in_japan;
use kaigo_core::date::{Date, both};
use kaigo_demo::{DEMO_SCALE, DEMO_SEED, Nation};
use kaigo_web::{Clock, Demo, DemoPerson, Web};

use self::build::Build;
use self::folder::{Folder, Found, Manifest};
pub(crate) use self::welcome::base32;
use crate::cli::DataArgs;
use crate::server;
use crate::surroundings::{CONNECTIONS, database, database_name, now, open, runtime, say};

/// Make a fictional nation in a data folder and serve it on this machine
///
/// The first start builds the data through the same importers that a municipality uses; a later start reuses it. Prints who can
/// log in, and `listening URL` alone on a line as soon as connections are taken. accounts.json in the folder is for programs.
#[derive(Args, Debug)]
pub(crate) struct DemoArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Build the data anew; deletes only what the demo made before
    #[arg(long)]
    fresh: bool,
    #[command(flatten)]
    data: DataArgs,
    /// Business day on which the demo plays [default: the day in Japan]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// How many persons the nation has (the people of the story are always there)
    #[arg(long, value_name = "N", default_value_t = DEMO_SCALE, value_parser = clap::value_parser!(u64).range(1..=2_000_000))]
    persons: u64,
    /// Write the files of three months of ケアプランデータ連携 into an empty folder, and end; no data folder, no server
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
}

pub(crate) fn run(args: &DemoArgs) -> Result<ExitCode> {
    let today = args.today.unwrap_or_else(|| day_in_japan(now()));
    if let Some(folder) = &args.export {
        return exchange::export(&Nation::make(DEMO_SEED, today, args.persons), folder);
    }
    let config = database(&args.data, CONNECTIONS);
    let folder = Folder::take(&args.data.data_dir, &database_name(&config))?;
    let found = folder.found()?;
    let ids = Ids::system();
    let holder = ids.id();
    let (app, manifest) = match found {
        Found::Ready(manifest) if !args.fresh => {
            tell_reuse(&folder, &manifest, args, today);
            (open(folder.path(), &config)?, manifest)
        }
        found @ (Found::Empty | Found::Unfinished | Found::Ready(_)) => {
            let manifest = Manifest::new(DEMO_SEED, today, args.persons, &database_name(&config));
            folder.clear(&found, &config, &manifest)?;
            let app = open(folder.path(), &config)?;
            let nation = Nation::make(manifest.seed, today, manifest.persons);
            Build::new(&app, &ids, &nation, &folder)?.run(&holder)?;
            folder.complete(&manifest)?;
            (app, manifest)
        }
    };
    let nation = Nation::make(manifest.seed, manifest.today, manifest.persons);
    let accounts = welcome::accounts(&nation);
    folder.write_accounts(&accounts)?;
    let web = Web {
        app,
        clock: Clock::new(now, args.today),
        ids,
        demo: Some(Demo {
            people: people(&nation),
            accounts: accounts.iter().map(welcome::Known::for_pages).collect(),
        }),
        secure_cookies: false,
    };
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    runtime()?.block_on(server::run(web, listen, holder, None, |url| {
        say(&welcome::block(url, &nation, &accounts, now()));
        say(&format!("listening {url}"));
    }))?;
    Ok(ExitCode::SUCCESS)
}

fn tell_reuse(folder: &Folder, manifest: &Manifest, args: &DemoArgs, today: Date) {
    say(&format!("{} にあるデモのデータを使います。", folder.path().display()));
    if manifest.today != today {
        say(&format!(
            "このデータは{}のものです。日付を{}に合わせて作りなおすには、--fresh を付けて起動してください。",
            both(manifest.today),
            both(today)
        ));
    }
    if manifest.persons != args.persons {
        say(&format!(
            "このデータは{}人です。{}人にするには、--fresh を付けて起動してください。",
            manifest.persons, args.persons
        ));
    }
    if manifest.version != env!("CARGO_PKG_VERSION") {
        say(&format!(
            "このデータは版 {} のプログラムが作りました。作りなおすには、--fresh を付けて起動してください。",
            manifest.version
        ));
    }
}

/// Whose identity can be checked: the person whom nobody has registered.
fn people(nation: &Nation) -> Vec<DemoPerson> {
    let four = nation.unregistered();
    vec![DemoPerson {
        name: four.name.to_owned(),
        what: "まだだれの担当にもなっていない方".to_owned(),
        insurer_no: four.insurer_no.to_string(),
        insured_no: four.insured_no.to_string(),
        kana: four.name_kana.to_owned(),
        birth: both(four.born_on),
    }]
}
