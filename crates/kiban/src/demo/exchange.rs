//! The exchange of the demo (ケアプランデータ連携): played through the use cases, or written as files for other programs.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use jiff::civil::{DateTime, time};
use kaigo_app::exchange::send::Outcome;
use kaigo_app::exchange::{mailbox, partner, send, upload};
use kaigo_app::{App, Ctx};
use kaigo_core::date::add_days;
use kaigo_core::policy::Caller;
use kaigo_demo::Nation;
use kaigo_demo::exchange::{DemoAct, DemoExchange, DemoSend};

use crate::surroundings::{operator, say};

/// Everybody who can log in, by login.
type Callers = BTreeMap<&'static str, Caller>;

/// Offices joined the exchange this many days before its first month.
const JOINED_DAYS_BEFORE: i32 = 40;

/// Plays what the offices did, in time order, each step with the clock of its moment.
pub(super) async fn load(
    app: &App,
    exchange: &DemoExchange,
    callers: &Callers,
    moment: &dyn Fn(DateTime) -> Result<Ctx>,
) -> Result<()> {
    let first =
        exchange.months.first().and_then(|month| month.first_day()).context("the exchange has a first month")?;
    let joined = moment(add_days(first, -JOINED_DAYS_BEFORE).to_datetime(time(9, 0, 0, 0)))?;
    for member in &exchange.members {
        partner::join(app, &joined, &administrator(of(callers, member.login)?)).await.map_err(operator)?;
    }
    let mut sent: BTreeMap<usize, String> = BTreeMap::new();
    for step in exchange.steps() {
        let (ctx, caller) = (moment(step.at)?, of(callers, step.login)?);
        let set_id = || sent.get(&step.send).cloned().context("what is fetched was sent");
        match step.act {
            DemoAct::Send => {
                let own = exchange.sends.get(step.send).context("a step is about a send")?;
                sent.insert(step.send, send_one(app, &ctx, caller, own).await?);
            }
            DemoAct::Draft => {
                let own = exchange.sends.get(step.send).context("a step is about a send")?;
                upload::keep(app, &ctx, caller, own.files.clone()).await.map(drop).map_err(operator)?;
            }
            DemoAct::Recall => mailbox::recall(app, &ctx, caller, &set_id()?).await.map_err(operator)?,
            DemoAct::Fetch => {
                let wanted = mailbox::Wanted::These(vec![set_id()?]);
                mailbox::fetch(app, &ctx, caller, wanted).await.map(drop).map_err(operator)?;
            }
            DemoAct::Import => mailbox::imported(app, &ctx, caller, &set_id()?).await.map_err(operator)?,
        }
    }
    Ok(())
}

fn of<'a>(callers: &'a Callers, login: &'static str) -> Result<&'a Caller> {
    callers.get(login).context(login)
}

/// Sends the files, which are one set, and answers its identifier.
async fn send_one(app: &App, ctx: &Ctx, caller: &Caller, own: &DemoSend) -> Result<String> {
    let direct = send::direct(app, ctx, caller, own.files.clone()).await.map_err(operator)?;
    let name = || own.files.first().map(|file| file.name.clone()).unwrap_or_default();
    match direct.results.into_iter().next().map(|result| result.outcome) {
        Some(Outcome::Sent { set_id, .. } | Outcome::Repeated { set_id, .. }) => Ok(set_id),
        Some(Outcome::Refused { code, say }) => bail!("{}：{say}（{code}）", name()),
        None => bail!("{}：送る組になりません。", name()),
    }
}

/// The same person as an administrator of the office, as whom the office joined.
fn administrator(caller: &Caller) -> Caller {
    match caller.clone() {
        Caller::Staff(mut staff) => {
            staff.is_admin = true;
            Caller::Staff(staff)
        }
        other @ (Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_)) => other,
    }
}

/// Writes the files of every office by month into a folder that holds nothing yet.
pub(super) fn export(nation: &Nation, folder: &Path) -> Result<ExitCode> {
    let place = || folder.display().to_string();
    std::fs::create_dir_all(folder).with_context(place)?;
    if std::fs::read_dir(folder).with_context(place)?.next().is_some() {
        bail!("{} は空ではありません。空のフォルダーを指してください。何も書いていません。", folder.display());
    }
    let exchange = nation.exchange();
    exchange.write(folder).with_context(place)?;
    let files: usize = exchange.sends.iter().map(|send| send.files.len()).sum();
    say(&format!("{} に、{}組・{files}ファイルを書きました。", folder.display(), exchange.sends.len()));
    Ok(ExitCode::SUCCESS)
}
