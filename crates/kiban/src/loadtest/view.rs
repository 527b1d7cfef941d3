//! `kiban loadtest view`: audited views of a running server, beside the floor of the same run.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use kaigo_app::login::totp_at;
use kaigo_store::access_log;
use kaigo_store::db::{Config, Db};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Connection, Cookies, Load, Measured, drive, get, post};
use super::floor::Floor;
use super::process::{cpu_seconds, listener};
use super::scratch::{Scratch, Server};
use super::{number, ratio, rounded};
use crate::cli::{DataArgs, Format};
use crate::surroundings::{database, now, runtime, say};

/// Seconds of a time step of the second factor: a code can be used once.
const STEP_SECONDS: i64 = 30;
/// Not measured.
const WARM_UP: Duration = Duration::from_secs(2);

/// Measure audited views per second of a running demo server
///
/// Logs in as every member of staff in accounts.json, takes their people, and looks at 被保険者証など from many connections.
/// Then the same client and the same connections drive a bare server within this program: a page of the same size and one
/// durable insert per request, on a fresh database of the same kind on the same disk: once with many inserts in a commit, as
/// the server does it, and once with a commit for each. Prints all and the ratios.
///
/// Every view is a real one and stands in the people's logs: use a data folder of its own (`kiban demo --data-dir`).
#[derive(Args, Debug)]
pub(crate) struct ViewArgs {
    /// The running server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    data: DataArgs,
    /// Connections at once
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1024))]
    connections: u16,
    /// Measured seconds, of each of the two
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Process of the server, for its CPU time [default: whoever listens on the port]
    #[arg(long)]
    pid: Option<u32>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A line of accounts.json.
#[derive(Debug, Deserialize)]
struct Account {
    login: String,
    password: String,
    totp_secret: String,
    kind: String,
}

/// A measured server.
struct Side {
    measured: Measured,
    /// CPU seconds of the server.
    cpu: Option<f64>,
    /// Rows that became durable, by the database's own count.
    kept: i64,
}

pub(crate) fn run(args: &ViewArgs) -> Result<ExitCode> {
    let host = args.url.trim_end_matches('/').strip_prefix("http://").context("--url http://…")?;
    let address: SocketAddr = host.parse().context("--url http://127.0.0.1:PORT")?;
    let accounts = read_accounts(&args.data.data_dir)?;
    let config = database(&args.data, 2);
    let requests = runtime()?.block_on(log_in_all(address, host, &accounts))?;
    eprintln!("{}人のページを、{}本の接続で見ます。", requests.len(), args.connections);
    let load = Load {
        address,
        connections: usize::from(args.connections),
        warm_up: WARM_UP,
        measure: Duration::from_secs(args.seconds),
    };
    let views = measure_views(args, &load, &requests, &config)?;
    eprintln!("おなじ大きさのページと1行の書き込みだけのサーバーを測ります。");
    let floor = measure_floor(args, &load, host, &views.measured, &config, true)?;
    let single = measure_floor(args, &load, host, &views.measured, &config, false)?;
    let report = report(args, &views, (&floor, &single), requests.len());
    match args.format {
        Format::Text => say(&text(&report)),
        Format::Json => say(&serde_json::to_string_pretty(&report)?),
    }
    let no_errors = [&views, &floor, &single].iter().all(|side| side.measured.errors == 0);
    let is_sound = no_errors && is_audited(&views);
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every view that was answered is in the log.
fn is_audited(views: &Side) -> bool {
    u64::try_from(views.kept).unwrap_or(0) >= views.measured.all_answers
}

fn measure_views(args: &ViewArgs, load: &Load, requests: &[Vec<u8>], config: &Config) -> Result<Side> {
    let pid = args.pid.or_else(|| listener(load.address.port()));
    let cpu = || pid.and_then(cpu_seconds);
    let db = Db::open(config)?;
    let entries_before = entries(&db)?;
    let before = cpu();
    let measured = drive(load, requests)?;
    let after = cpu();
    Ok(Side {
        measured,
        cpu: before.zip(after).map(|(before, after)| after - before),
        kept: entries(&db)? - entries_before,
    })
}

fn measure_floor(
    args: &ViewArgs,
    load: &Load,
    host: &str,
    views: &Measured,
    config: &Config,
    grouped: bool,
) -> Result<Side> {
    let scratch = Scratch::make(&Server::of(config), &args.data.data_dir, "floor")?;
    let floor = Floor::start(&scratch.config, usize::try_from(views.body())?, grouped)?;
    let load = Load { address: floor.address, ..load.clone() };
    let before = cpu_seconds(std::process::id());
    let measured = drive(&load, &[get(host, "/page", "")])?;
    let after = cpu_seconds(std::process::id());
    let cpu = before.zip(after).map(|(before, after)| after - before - measured.client_cpu);
    Ok(Side { measured, cpu, kept: floor.rows()? })
}

/// Entries of all logs.
fn entries(db: &Db) -> Result<i64> {
    Ok(db.read_blocking(|tx| {
        let mut sum = 0;
        for insurer_no in access_log::logs(tx)? {
            sum += access_log::count(tx, &insurer_no)?.0;
        }
        Ok::<i64, kaigo_store::db::Error>(sum)
    })?)
}

fn report(args: &ViewArgs, views: &Side, (floor, single): (&Side, &Side), people: usize) -> Value {
    let share = |of: &Side| rounded(ratio(views.measured.per_second(), of.measured.per_second()), 3);
    json!({
        "connections": args.connections,
        "seconds": args.seconds,
        "people": people,
        "views": side(views),
        "floor": side(floor),
        "floor_with_a_commit_each": side(single),
        "ratio": share(floor),
        "ratio_with_a_commit_each": share(single),
        "every_view_is_in_the_log": is_audited(views),
    })
}

fn side(side: &Side) -> Value {
    let m = &side.measured;
    let per_answer = side.cpu.map(|cpu| rounded(ratio(cpu * 1e6, number(m.all_answers)), 1));
    json!({
        "per_second": rounded(m.per_second(), 0),
        "answers": m.answers,
        "errors": m.errors,
        "kept_rows": side.kept,
        "body_bytes": m.body(),
        "p50_ms": m.latency(500),
        "p90_ms": m.latency(900),
        "p99_ms": m.latency(990),
        "max_ms": m.latency(1000),
        "server_cpu_seconds": side.cpu.map(|cpu| rounded(cpu, 2)),
        "server_cpu_us_per_answer": per_answer,
        "client_cpu_seconds": rounded(m.client_cpu, 2),
    })
}

fn text(report: &Value) -> String {
    let line = |name: &str, side: &Value| {
        let field = |key: &str| side.get(key).map(Value::to_string).unwrap_or_default();
        format!(
            "{name}: {}/s, p50 {} ms, p90 {} ms, p99 {} ms, max {} ms; {} errors; body {} bytes; kept rows {}; CPU {} s server ({} us each), {} s client",
            field("per_second"),
            field("p50_ms"),
            field("p90_ms"),
            field("p99_ms"),
            field("max_ms"),
            field("errors"),
            field("body_bytes"),
            field("kept_rows"),
            field("server_cpu_seconds"),
            field("server_cpu_us_per_answer"),
            field("client_cpu_seconds"),
        )
    };
    let field = |key: &str| report.get(key).unwrap_or(&Value::Null);
    format!(
        "{} connections, {} s, {} people\n{}\n{}\n{}\nratio views/floor: {}, with a commit each: {}\nevery view is in the log: {}",
        field("connections"),
        field("seconds"),
        field("people"),
        line("views", field("views")),
        line("floor", field("floor")),
        line("floor with a commit each", field("floor_with_a_commit_each")),
        field("ratio"),
        field("ratio_with_a_commit_each"),
        field("every_view_is_in_the_log"),
    )
}

fn read_accounts(folder: &Path) -> Result<Vec<Account>> {
    let path: PathBuf = folder.join("accounts.json");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{}：`kiban demo` が書くファイルです", path.display()))?;
    let accounts: Vec<Account> = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    Ok(accounts.into_iter().filter(|account| account.kind == "staff").collect())
}

/// Logs in as everybody and answers the requests for their people's certificates, people of all in turn.
async fn log_in_all(address: SocketAddr, host: &str, accounts: &[Account]) -> Result<Vec<Vec<u8>>> {
    let mut connection = Connection::open(address).await?;
    let mut requests = Vec::new();
    for account in accounts {
        let secret = from_base32(&account.totp_secret).context("totp_secret")?;
        let known = Login { login: account.login.clone(), password: account.password.clone(), secret };
        let cookies = log_in(&mut connection, host, &known).await.with_context(|| account.login.clone())?;
        for charge in people(&mut connection, host, &cookies).await? {
            let request = get(host, &format!("/people/{charge}/certificates"), &cookies);
            // Whom the office may not see any more, or not yet, is not counted.
            if connection.send(&request).await?.status == 200 {
                requests.push(request);
            }
        }
    }
    if requests.is_empty() {
        bail!("no staff of accounts.json is in charge of anybody");
    }
    Ok(requests)
}

/// What somebody logs in with.
#[expect(clippy::struct_field_names, reason = "the login of a login is what is typed first")]
pub(super) struct Login {
    pub(super) login: String,
    pub(super) password: String,
    /// Secret of the second factor.
    pub(super) secret: Vec<u8>,
}

/// Logs in; answers the cookies. A code that was used before is waited for anew, once.
pub(super) async fn log_in(connection: &mut Connection, host: &str, account: &Login) -> Result<String> {
    let mut cookies = Cookies::default();
    let csrf = open_form(connection, host, "/login", &mut cookies).await?;
    let fields = [("csrf", csrf.as_str()), ("login", &account.login), ("password", &account.password), ("next", "")];
    let answer = connection.send(&post(host, "/login", &cookies.text(), &fields)).await?;
    cookies.take(&connection.head(answer));
    if answer.status != 303 {
        bail!("/login answered {}", answer.status);
    }
    for attempt in 0..2 {
        let csrf = open_form(connection, host, "/login/code", &mut cookies).await?;
        let code = totp_at(&account.secret, now());
        let fields = [("csrf", csrf.as_str()), ("code", &code), ("next", "")];
        let answer = connection.send(&post(host, "/login/code", &cookies.text(), &fields)).await?;
        cookies.take(&connection.head(answer));
        if answer.status == 303 {
            return Ok(cookies.text());
        }
        if answer.status != 422 || attempt > 0 {
            bail!("/login/code answered {}", answer.status);
        }
        eprintln!("{}：次の確認コードを待っています。", account.login);
        let left = STEP_SECONDS - now().as_second().rem_euclid(STEP_SECONDS);
        tokio::time::sleep(Duration::from_secs(left.unsigned_abs())).await;
    }
    bail!("no code was taken")
}

/// Opens a page with a form and answers the form's token.
async fn open_form(connection: &mut Connection, host: &str, path: &str, cookies: &mut Cookies) -> Result<String> {
    let answer = connection.send(&get(host, path, &cookies.text())).await?;
    cookies.take(&connection.head(answer));
    if answer.status != 200 {
        bail!("{path} answered {}", answer.status);
    }
    let page = connection.text(answer);
    let field = page.split("name=\"csrf\"").nth(1).unwrap_or_default();
    let value = field.split("value=\"").nth(1).and_then(|rest| rest.split('"').next());
    Ok(value.unwrap_or_default().to_owned())
}

/// The registrations on the pages of /people.
async fn people(connection: &mut Connection, host: &str, cookies: &str) -> Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for page in 1..=200 {
        let answer = connection.send(&get(host, &format!("/people?page={page}"), cookies)).await?;
        if answer.status != 200 {
            break;
        }
        let before = all.len();
        all.extend(charges_in(&connection.text(answer)));
        if all.len() == before {
            break;
        }
    }
    Ok(all)
}

/// Identifiers of registrations in the links of a page.
fn charges_in(page: &str) -> Vec<String> {
    let links = page.split("\"/people/").skip(1);
    let ids = links.filter_map(|rest| rest.split(['"', '/', '?']).next());
    ids.filter(|id| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit())).map(str::to_owned).collect()
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut kept, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for c in text.bytes() {
        let digit = match c {
            b'A'..=b'Z' => c - b'A',
            b'2'..=b'7' => c - b'2' + 26,
            _ => return None,
        };
        kept = (kept << 5) | u32::from(digit);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((kept >> bits) & 255).ok()?);
        }
        kept &= (1 << bits) - 1;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_back() {
        assert_eq!(from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap(), b"12345678901234567890");
        assert!(from_base32("a1").is_none());
    }

    #[test]
    fn links_to_people_are_found_once_each() {
        let id = "0123456789abcdef0123456789abcdef";
        let page = format!(
            "<a href=\"/people/{id}\">x</a> <a href=\"/people/{id}/certificates\">y</a> <a href=\"/people?page=2\">"
        );
        assert_eq!(charges_in(&page), [id, id]);
    }
}
