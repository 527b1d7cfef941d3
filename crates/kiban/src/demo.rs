//! `kiban demo`: a fictional nation in a folder, served to whoever wants to try.

mod build;
mod cards;
mod certificates;
mod circle;
mod exchange;
mod folder;
mod office;
mod portal;
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
use crate::tls::{ClientCerts, Files, Tls};

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
    /// Speak TLS, with certificates of terminals that lie ready in the data folder (tls/)
    #[arg(long)]
    tls: bool,
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
            // Keys of cards take some seconds: beside the build, not after it.
            let data = folder.path().to_owned();
            let making = std::thread::spawn(move || cards::make(&data, today));
            Build::new(&app, &ids, &nation, &folder)?.run(&holder)?;
            making.join().map_err(|_| anyhow::anyhow!("the demo's cards"))??;
            folder.complete(&manifest)?;
            (app, manifest)
        }
    };
    let nation = Nation::make(manifest.seed, manifest.today, manifest.persons);
    let accounts = welcome::accounts(&nation);
    folder.write_accounts(&accounts)?;
    cards::make(folder.path(), manifest.today)?;
    let mut app = app;
    app.cards = Some(cards::config(folder.path()));
    let runtime = runtime()?;
    let reader = runtime.block_on(cards::reader(&app, &ids, &nation, folder.path()))?;
    runtime.block_on(certificates::make(&app, &ids, &nation, folder.path()))?;
    let clock = Clock::new(now, args.today);
    let tls = if args.tls { Some(open_tls(&runtime, &app, &clock, &ids, folder.path())?) } else { None };
    let web = Web {
        app,
        clock,
        ids,
        demo: Some(Demo {
            people: people(&nation),
            accounts: accounts.iter().map(welcome::Known::for_pages).collect(),
            claims: office::claims(&nation),
            cards: Some(reader),
        }),
        secure_cookies: args.tls,
        locks: kaigo_web::Locks::default(),
        pace: kaigo_web::Pace::default(),
    };
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    runtime.block_on(server::run(web, listen, holder, None, tls, |url| {
        say(&welcome::block(url, &nation, &accounts, now()));
        if args.tls {
            say(&told_certificates(folder.path()));
        }
        say(&format!("listening {url}"));
    }))?;
    Ok(ExitCode::SUCCESS)
}

fn open_tls(
    runtime: &tokio::runtime::Runtime,
    app: &kaigo_app::App,
    clock: &Clock,
    ids: &Ids,
    data: &std::path::Path,
) -> Result<Tls> {
    let own = data.join(certificates::FOLDER);
    let files = Files {
        server: Some((own.join("server.crt"), own.join("server.key"))),
        clients: None,
        mode: ClientCerts::Optional,
    };
    runtime.block_on(Tls::open(files, app.clone(), clock.clone(), ids.clone()))
}

/// How to import what lies ready.
fn told_certificates(data: &std::path::Path) -> String {
    let own = data.join(certificates::FOLDER);
    format!(
        "電子証明書（{}）：\n  ca.crt        ブラウザーの「認証局証明書」に取り込むと、警告が出なくなります\n  \
         minato-admin.p12  ブラウザーの「個人の証明書」に取り込むと、その端末から電子証明書を見せられます\n  \
         codes.txt     ファイルを開く番号\n",
        own.display()
    )
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
