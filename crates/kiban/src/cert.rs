//! `kiban cert`: the authority of the installation, certificates of terminals and servers, and test cards.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow, bail};
use clap::{Args, Subcommand};
use kaigo_app::pki::{ca, desk, office};
use kaigo_app::{App, Ctx, Error, Ids};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, Caller, JobType, OperatorStaff, Staff, decide_act};
use kaigo_core::terminal::{RevokeReason, TerminalState};
use kaigo_store::pki::{self, Terminal};

use crate::cert_card;
use crate::cli::DataArgs;
use crate::surroundings::{now, open_existing, operator, runtime, say};
use crate::tls;

/// Make and keep certificates; make test cards
#[derive(Args, Debug)]
pub(crate) struct CertArgs {
    #[command(subcommand)]
    command: CertCommand,
}

#[derive(Debug, Subcommand)]
enum CertCommand {
    /// Make the authority: a root, whose key goes into a file to be kept elsewhere, and an issuing authority in the data folder
    Init(InitArgs),
    /// Issue a certificate for a terminal of an office, as a PKCS#12 file
    Issue(IssueArgs),
    /// Issue the certificate that follows one, as a PKCS#12 file
    Renew(RenewArgs),
    /// Revoke a certificate at once
    Revoke(RevokeArgs),
    /// List the certificates of terminals
    List(ListArgs),
    /// Write the revocation list of now (DER)
    Crl(OutArgs),
    /// Write the authority's certificates (PEM)
    Ca(OutArgs),
    /// Issue a certificate for a server in one's own network, with its key (PEM)
    Server(ServerArgs),
    TestCard(cert_card::TestCardArgs),
    InsertCard(cert_card::InsertCardArgs),
}

#[derive(Args, Debug)]
struct InitArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Name of who runs the authority
    #[arg(long, value_name = "NAME", default_value = "介護情報基盤")]
    organization: String,
    /// File for the root's key (PEM), readable by its owner only; move it away from this machine
    #[arg(long, value_name = "FILE")]
    root_key: PathBuf,
}

#[derive(Args, Debug)]
struct IssueArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Office number (事業所番号), ten digits
    #[arg(long, value_name = "NUMBER")]
    office: String,
    /// How the office calls the terminal
    #[arg(long, value_name = "NAME")]
    terminal: String,
    /// File for key and certificate (PKCS#12)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Args, Debug)]
struct RenewArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Serial number of the certificate in use, hex
    #[arg(long, value_name = "SERIAL")]
    serial: String,
    /// File for key and certificate (PKCS#12)
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Args, Debug)]
struct RevokeArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Serial number, hex
    #[arg(long, value_name = "SERIAL")]
    serial: String,
    /// Why: lost, leaked, replaced, closed or operator
    #[arg(long, value_name = "REASON")]
    reason: String,
}

#[derive(Args, Debug)]
struct ListArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Of one office only
    #[arg(long, value_name = "NUMBER")]
    office: Option<String>,
}

#[derive(Args, Debug)]
struct OutArgs {
    #[command(flatten)]
    data: DataArgs,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Args, Debug)]
struct ServerArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Name or address of the server; several by repetition
    #[arg(long, value_name = "NAME", required = true)]
    name: Vec<String>,
    /// Address at which browsers find the revocation list: http(s)://HOST/pki/crl.der
    #[arg(long, value_name = "URL")]
    crl_url: Option<String>,
    /// Folder for server.crt (with the chain) and server.key
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(crate) fn run(args: &CertArgs) -> Result<ExitCode> {
    match &args.command {
        CertCommand::Init(args) => init(args),
        CertCommand::Issue(args) => issue(args),
        CertCommand::Renew(args) => renew(args),
        CertCommand::Revoke(args) => revoke(args),
        CertCommand::List(args) => list(args),
        CertCommand::Crl(args) => crl(args),
        CertCommand::Ca(args) => anchors(args),
        CertCommand::Server(args) => server(args),
        CertCommand::TestCard(args) => cert_card::test_card(args),
        CertCommand::InsertCard(args) => cert_card::insert_card(args),
    }
}

fn ctx() -> Ctx {
    Ctx::new(now(), Ids::system())
}

/// Writes a file that only its owner reads. One that is there stays.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| path.display().to_string())?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(|| path.display().to_string())
}

fn init(args: &InitArgs) -> Result<ExitCode> {
    if args.root_key.exists() {
        bail!("{} は、もうあります。", args.root_key.display());
    }
    let app = open_existing(&args.data)?;
    let made = runtime()?.block_on(ca::init(&app, &ctx(), &args.organization)).map_err(operator)?;
    write_secret(&args.root_key, made.root_key_pem.as_bytes())?;
    say(&format!(
        "認証局を作りました。\n  ルートの鍵：{}（この機械の外の、鍵のかかる場所に移してください）\n  発行局の鍵：データのフォルダーの中（暗号化）\n",
        args.root_key.display()
    ));
    say(made.root_pem.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// Who acts here: the operator, at the machine itself.
fn desk_caller() -> Caller {
    let staff = OperatorStaff { account_id: String::new(), name: "kiban cert".to_owned(), is_admin: true };
    Caller::OperatorStaff(staff)
}

/// The same in an office's place, for what its administrator does otherwise.
fn office_caller(office_no: OfficeNo) -> Caller {
    Caller::Staff(Staff {
        account_id: String::new(),
        office_no,
        office_name: String::new(),
        services: Vec::new(),
        job: JobType::Clerk,
        is_admin: true,
        name: "kiban cert".to_owned(),
    })
}

/// Asks, approves and hands over in one go. Answers the file, the code that opens it, and the terminal.
pub(crate) async fn issue_now(
    app: &App,
    ctx: &Ctx,
    office_no: OfficeNo,
    terminal: &str,
) -> Result<(Vec<u8>, String, Terminal), Error> {
    let (office_side, desk_side) = (office_caller(office_no), desk_caller());
    let new = office::NewTerminals {
        names: terminal.to_owned(),
        way: "file".to_owned(),
        csr: String::new(),
        submit_key: ctx.ids.id(),
    };
    let asked = office::request(app, ctx, &office_side, &new).await?.pop().ok_or(Error::NotFound)?;
    desk::approve(app, ctx, &desk_side, &asked.certificate_id).await?;
    hand_over(app, ctx, office_no, &asked.certificate_id).await
}

async fn hand_over(app: &App, ctx: &Ctx, office_no: OfficeNo, id: &str) -> Result<(Vec<u8>, String, Terminal), Error> {
    let caller = office_caller(office_no);
    let file = office::deliver(app, ctx, &caller, id).await?;
    let kept = office::view(app, ctx, &caller, id).await?.terminal;
    Ok((file.bytes, ca::code(app, id), kept))
}

fn told(out: &Path, code: &str, terminal: &Terminal) {
    say(&format!(
        "{} に書きました。\n  端末：{}\n  シリアル番号：{}\n  期限：{}\n  ファイルを開く番号：{code}\n番号は、ファイルとは別の道で渡してください。",
        out.display(),
        terminal.terminal_name,
        terminal.serial.as_deref().unwrap_or_default(),
        terminal.not_after.as_deref().unwrap_or_default()
    ));
}

fn issue(args: &IssueArgs) -> Result<ExitCode> {
    let office_no =
        OfficeNo::parse(&args.office).map_err(|bad| anyhow!("{}{}", bad.say("事業所番号"), bad.mend("事業所番号")))?;
    let app = open_existing(&args.data)?;
    let made = runtime()?.block_on(issue_now(&app, &ctx(), office_no, &args.terminal)).map_err(operator)?;
    write_secret(&args.out, &made.0)?;
    told(&args.out, &made.1, &made.2);
    Ok(ExitCode::SUCCESS)
}

/// The certificate of a serial number.
async fn found(app: &App, serial: &str) -> Result<Terminal, Error> {
    let grant = decide_act(&Caller::Operator, Act::Operate)?;
    let serial = serial.trim().to_ascii_lowercase();
    app.db.read(move |tx| pki::by_serial(tx, &grant, &serial)).await?.ok_or(Error::NotFound)
}

fn renew(args: &RenewArgs) -> Result<ExitCode> {
    let app = open_existing(&args.data)?;
    let ctx = ctx();
    let made = runtime()?.block_on(async {
        let old = found(&app, &args.serial).await?;
        let next = office::renew(&app, &ctx, &office_caller(old.office_no), &old.certificate_id, "cert").await?;
        hand_over(&app, &ctx, old.office_no, &next.certificate_id).await
    });
    let made = made.map_err(operator)?;
    write_secret(&args.out, &made.0)?;
    told(&args.out, &made.1, &made.2);
    Ok(ExitCode::SUCCESS)
}

fn revoke(args: &RevokeArgs) -> Result<ExitCode> {
    if RevokeReason::parse(&args.reason).is_err() {
        bail!("--reason は lost・leaked・replaced・closed・operator のどれかです。");
    }
    let app = open_existing(&args.data)?;
    let done = runtime()?.block_on(async {
        let old = found(&app, &args.serial).await?;
        desk::revoke(&app, &ctx(), &desk_caller(), &old.certificate_id, &args.reason).await.map(|()| old)
    });
    let old = done.map_err(operator)?;
    say(&format!("失効しました：{}　{}　{}", old.office_no, old.terminal_name, args.serial));
    Ok(ExitCode::SUCCESS)
}

fn list(args: &ListArgs) -> Result<ExitCode> {
    let app = open_existing(&args.data)?;
    let typed = args.office.clone().unwrap_or_default();
    let desk = runtime()?.block_on(desk::desk(&app, &ctx(), &desk_caller(), &typed, "")).map_err(operator)?;
    for line in desk.found {
        let t = line.terminal;
        let state = match (&t.not_after, t.state) {
            (Some(end), TerminalState::Issued) if *end < ctx().instant() => "期限切れ",
            _ => t.state.label(),
        };
        let serial = t.serial.unwrap_or_default();
        let end = t.not_after.unwrap_or_default();
        say(&format!("{}\t{}\t{}\t{state}\t{serial}\t{end}", t.office_no, t.terminal_no, t.terminal_name));
    }
    Ok(ExitCode::SUCCESS)
}

fn crl(args: &OutArgs) -> Result<ExitCode> {
    let app = open_existing(&args.data)?;
    let list = runtime()?.block_on(ca::crl(&app, &ctx())).map_err(operator)?;
    std::fs::write(&args.out, list).with_context(|| args.out.display().to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn anchors(args: &OutArgs) -> Result<ExitCode> {
    let app = open_existing(&args.data)?;
    let all = runtime()?.block_on(ca::anchors(&app)).map_err(operator)?;
    let text: String = all.iter().map(|der| ca::pem("CERTIFICATE", der)).collect();
    std::fs::write(&args.out, text).with_context(|| args.out.display().to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the certificate of a server with its chain, and its key.
pub(crate) async fn write_server(app: &App, names: &[String], crl: Option<&str>, folder: &Path) -> Result<()> {
    let (app2, names, crl) = (app.clone(), names.to_vec(), crl.map(str::to_owned));
    let made = app.db.read(move |tx| {
        let issuing = ca::issuing(tx, &app2)?;
        let pair = issuing.server(&ctx(), &names, crl.as_deref())?;
        Ok::<_, Error>((pair, issuing.certificate))
    });
    let (pair, chain) = made.await.map_err(operator)?;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let (certificate, key) = (folder.join("server.crt"), folder.join("server.key"));
    if key.exists() {
        std::fs::remove_file(&key)?;
    }
    write_secret(&key, ca::pem("PRIVATE KEY", &pair.key).as_bytes())?;
    let text = ca::pem("CERTIFICATE", &pair.issued.certificate) + &ca::pem("CERTIFICATE", &chain);
    std::fs::write(&certificate, text).with_context(|| certificate.display().to_string())
}

fn server(args: &ServerArgs) -> Result<ExitCode> {
    let app = open_existing(&args.data)?;
    let names = tls::names(&args.name);
    runtime()?.block_on(write_server(&app, &names, args.crl_url.as_deref(), &args.out))?;
    say(&format!("{} に server.crt と server.key を書きました。", args.out.display()));
    Ok(ExitCode::SUCCESS)
}
