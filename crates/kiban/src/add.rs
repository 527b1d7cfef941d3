//! `kiban add`: an insurer, a medical institution, a board or an account, so that an installation can begin from nothing.

use std::io::BufRead as _;
use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use clap::{Args, Subcommand};
use kaigo_app::login::{NewAccount, NewOwner, create};
use kaigo_app::{App, Ctx, Error, Ids, setup};
use kaigo_core::date::parse_date;
use kaigo_core::id::{InstitutionNo, InsuredNo, InsurerNo, OfficeNo};
use kaigo_core::layout::BadCell;
use kaigo_core::policy::JobType;
use kaigo_store::institution::{Board, Institution};
use kaigo_store::insurer::Insurer;

use crate::cli::DataArgs;
use crate::demo::base32;
use crate::surroundings::{CONNECTIONS, database, now, open, operator, runtime, say};

/// Characters that a password has at least (NIST SP 800-63B-4, one of two factors).
const SHORTEST: usize = 8;

/// Add an insurer, a medical institution, a board, or an account to a data folder
#[derive(Args, Debug)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// An insurer (保険者), or new master data of one that is there
    Insurer(InsurerArgs),
    /// A medical institution (医療機関), or new master data of one that is there
    Institution(InstitutionArgs),
    /// A certification board (介護認定審査会) and the insurers that it serves
    Board(BoardArgs),
    /// An account; its password is read from standard input, the secret of the second factor is printed once
    Account(AccountArgs),
}

#[derive(Args, Debug)]
struct InsurerArgs {
    /// Insurer number (保険者番号), six digits
    #[arg(long, value_name = "NUMBER")]
    no: String,
    /// Name (保険者名)
    #[arg(long)]
    name: String,
    /// Name in kana
    #[arg(long)]
    kana: String,
    /// Telephone of the desk
    #[arg(long)]
    phone: Option<String>,
    /// First day of sharing (利用開始日); without it: not decided
    #[arg(long, value_name = "DATE")]
    started_on: Option<String>,
}

#[derive(Args, Debug)]
struct InstitutionArgs {
    /// Number of the institution (医療機関コード), ten digits
    #[arg(long, value_name = "NUMBER")]
    no: String,
    /// Name (医療機関名)
    #[arg(long)]
    name: String,
    /// Name in kana
    #[arg(long)]
    kana: String,
    /// Address
    #[arg(long)]
    address: Option<String>,
    /// Telephone
    #[arg(long)]
    phone: Option<String>,
}

#[derive(Args, Debug)]
struct BoardArgs {
    /// Identifier, of small letters, digits and hyphens
    #[arg(long)]
    id: String,
    /// Name (審査会の名前)
    #[arg(long)]
    name: String,
    /// Telephone of its secretariat
    #[arg(long)]
    phone: Option<String>,
    /// Insurer numbers that it serves, with commas between them
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', required = true)]
    insurers: Vec<String>,
}

#[derive(Args, Debug)]
struct AccountArgs {
    /// What its owner types at login
    #[arg(long)]
    login: String,
    /// The owner's name
    #[arg(long)]
    name: String,
    /// Office number (事業所番号), for staff of an office
    #[arg(long, value_name = "NUMBER", requires = "job", conflicts_with_all = ["insurer", "institution", "board"])]
    office: Option<String>,
    /// Job (職種): its code or name, for staff of an office or an institution
    #[arg(long)]
    job: Option<String>,
    /// The account administers the office or the insurer
    #[arg(long, conflicts_with_all = ["insured", "institution", "board"])]
    admin: bool,
    /// Insurer number: for its staff, or with --insured for a person
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["institution", "board"])]
    insurer: Option<String>,
    /// Insured person number (被保険者番号), for a person
    #[arg(long, value_name = "NUMBER", requires = "insurer")]
    insured: Option<String>,
    /// Number of a medical institution (医療機関コード), for its staff
    #[arg(long, value_name = "NUMBER", requires = "job", conflicts_with = "board")]
    institution: Option<String>,
    /// Identifier of a certification board, for its secretariat
    #[arg(long, value_name = "ID")]
    board: Option<String>,
}

pub(crate) fn run(args: &AddArgs) -> Result<ExitCode> {
    let app = open(&args.data.data_dir, &database(&args.data, CONNECTIONS))?;
    let ctx = Ctx::new(now(), Ids::system());
    match &args.what {
        What::Insurer(insurer) => add_insurer(&app, insurer)?,
        What::Institution(institution) => add_institution(&app, &ctx, institution)?,
        What::Board(board) => add_board(&app, board)?,
        What::Account(account) => add_account(&app, &ctx, account)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn add_insurer(app: &App, args: &InsurerArgs) -> Result<()> {
    let started_on = match &args.started_on {
        Some(text) => Some(parse_date(text).ok_or_else(|| anyhow!("--started-on {text} が日付として読めません。"))?),
        None => None,
    };
    let insurer = Insurer {
        insurer_no: InsurerNo::parse(&args.no).map_err(|bad| typed(&bad, "保険者番号"))?,
        name: args.name.clone(),
        name_kana: args.kana.clone(),
        municipality_code: None,
        phone: args.phone.clone(),
        started_on,
        published_load: 0,
        published_at: None,
    };
    if !insurer.insurer_no.check() {
        say("注意：保険者番号の検証番号が合いません。番号を確かめてください。");
    }
    let done = format!("保険者 {}（{}）を登録しました。", insurer.name, insurer.insurer_no);
    runtime()?.block_on(setup::put_insurers(app, vec![insurer])).map_err(operator)?;
    say(&done);
    Ok(())
}

fn add_institution(app: &App, ctx: &Ctx, args: &InstitutionArgs) -> Result<()> {
    let institution_no = InstitutionNo::parse(&args.no).map_err(|bad| typed(&bad, "医療機関コード"))?;
    if !institution_no.check() {
        say("注意：医療機関コードの検証番号が合いません。番号を確かめてください。");
    }
    let institution = Institution {
        institution_no,
        name: args.name.clone(),
        name_kana: args.kana.clone(),
        address: args.address.clone(),
        phone: args.phone.clone(),
    };
    runtime()?.block_on(setup::put_institutions(app, ctx, vec![institution])).map_err(operator)?;
    say(&format!("医療機関 {}（{institution_no}）を登録しました。", args.name));
    Ok(())
}

fn add_board(app: &App, args: &BoardArgs) -> Result<()> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if args.id.is_empty() || args.id.len() > 32 || !args.id.chars().all(is_plain) {
        bail!("--id は、英小文字・数字・ハイフンで32文字までにしてください。");
    }
    let insurers = args.insurers.iter().map(|no| InsurerNo::parse(no).map_err(|bad| typed(&bad, "保険者番号")));
    let insurers = insurers.collect::<Result<Vec<_>>>()?;
    let board = Board { board_id: args.id.clone(), name: args.name.clone(), phone: args.phone.clone() };
    runtime()?.block_on(setup::put_board(app, board, insurers)).map_err(operator)?;
    say(&format!("審査会 {}（{}）を登録しました。", args.name, args.id));
    Ok(())
}

/// Whose account it is to be.
fn owner(args: &AccountArgs) -> Result<NewOwner> {
    let insurer = |no: &str| InsurerNo::parse(no).map_err(|bad| typed(&bad, "保険者番号"));
    let job = |job: &str| JobType::parse(job).map_err(|bad| typed(&bad, "職種"));
    match (&args.office, &args.insurer, &args.insured, &args.institution, &args.board, &args.job) {
        (Some(office), None, None, None, None, Some(own)) => {
            let office = OfficeNo::parse(office).map_err(|bad| typed(&bad, "事業所番号"))?;
            Ok(NewOwner::Staff(office, job(own)?, args.admin))
        }
        (None, Some(no), Some(insured), None, None, _) => {
            let insured = InsuredNo::parse(insured).map_err(|bad| typed(&bad, "被保険者番号"))?;
            Ok(NewOwner::Person(insurer(no)?, insured))
        }
        (None, Some(no), None, None, None, _) => Ok(NewOwner::Insurer(insurer(no)?, args.admin)),
        (None, None, None, Some(no), None, Some(own)) => {
            let institution = InstitutionNo::parse(no).map_err(|bad| typed(&bad, "医療機関コード"))?;
            Ok(NewOwner::Medical(institution, job(own)?))
        }
        (None, None, None, None, Some(board), _) => Ok(NewOwner::Board(board.clone())),
        _ => bail!(
            "事業所の職員のアカウントには --office と --job を、保険者の職員には --insurer を、医療機関の職員には --institution と --job を、\
             審査会の事務局には --board を、本人のアカウントには --insurer と --insured を付けてください。"
        ),
    }
}

fn add_account(app: &App, ctx: &Ctx, args: &AccountArgs) -> Result<()> {
    let owner = owner(args)?;
    let password = read_password()?;
    let mut totp_secret = [0_u8; 20];
    let random = [ctx.ids.bytes(), ctx.ids.bytes()].concat();
    totp_secret.iter_mut().zip(random).for_each(|(o, b)| *o = b);
    let new = NewAccount { login_id: args.login.clone(), name: args.name.clone(), owner, password, totp_secret };
    let runtime = runtime()?;
    let account_id = runtime.block_on(create(app, ctx, new)).map_err(|error| {
        if matches!(error, Error::Conflict(_)) {
            anyhow!("ログインID {} は、もう使われています。", args.login)
        } else {
            operator(error)
        }
    })?;
    runtime.block_on(kaigo_app::account::own::demand_change(app, &account_id)).map_err(operator)?;
    let secret = base32(&totp_secret);
    say(&format!("アカウント {} を作りました。", args.login));
    say("パスワードは仮のものです。はじめのログインで、本人が変えます。");
    say("確認コードのアプリに、次の秘密の文字を登録してください（二度と表示しません）。");
    say(&format!("  {secret}"));
    say(&format!("  otpauth://totp/kaigo-kiban:{}?secret={secret}&issuer=kaigo-kiban", args.login));
    Ok(())
}

fn read_password() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    let long = password.chars().count();
    if long < SHORTEST {
        bail!("パスワードを標準入力から{SHORTEST}文字以上で入れてください。いま{long}文字です。");
    }
    Ok(password)
}

fn typed(bad: &BadCell, item: &str) -> anyhow::Error {
    anyhow!("{}{}", bad.say(item), bad.mend(item))
}
