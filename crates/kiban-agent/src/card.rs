//! 本人確認 by マイナンバーカード from this PC: enrolled once, then each link of a page is shown, signed by the card, and answered.
//!
//! Invariants: only the server that was pinned at enrolment is spoken to; the challenge is built here out of what is shown to the
//! person, never taken as a digest; the PIN is asked for after the match code, once, and goes to the card only.

mod answer;
mod handler;
mod home;
mod person;

use std::process::ExitCode;

use kaigo_card::certificate::hex;
use kaigo_card::device::DeviceKey;
use kaigo_card::protocol::{ENROL, Enrol, Enrolled};
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::home::{Home, Kept};
use self::person::{Asks, Console};
use crate::cli::{CardArgs, CardCommand, EnrolArgs};
use crate::server::{Problem, agent, refuse_open_wire};

/// Bytes of an answer of the server at most.
const MOST_JSON: u64 = 64 * 1024;

/// Why nothing came of it.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The command line, or a file that it names, does not fit.
    Usage(String),
    /// It was refused, by the server, the card or the person.
    Refused(String),
    /// The server was not reached.
    Unreachable(String),
    /// The server does not know this terminal, or not any more.
    Unknown(String),
}

impl Stop {
    fn exit(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreachable(_) => 3,
            Self::Unknown(_) => 4,
        }
    }

    fn say(&self) -> &str {
        match self {
            Self::Usage(say) | Self::Refused(say) | Self::Unreachable(say) | Self::Unknown(say) => say,
        }
    }
}

/// Runs `kiban-agent card …`.
pub(crate) fn run(args: &CardArgs) -> ExitCode {
    let mut console = Console::new();
    let ended = Home::at(args.config.as_deref()).and_then(|home| match &args.command {
        CardCommand::Enrol(args) => enrol(&home, args, &mut console),
        CardCommand::Answer(args) => answer::answer(&home, args, &mut console, answer::open_reader),
        CardCommand::Handler => handler::install(&mut console),
        CardCommand::Readers => answer::list_readers(&mut console),
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            console.tell(stop.say());
            ExitCode::from(stop.exit())
        }
    }
}

fn enrol(home: &Home, args: &EnrolArgs, console: &mut Console) -> Result<(), Stop> {
    let origin = args.server.trim_end_matches('/');
    let usage = |say: &str| Stop::Usage(say.to_owned());
    refuse_open_wire(origin, args.insecure_http)
        .map_err(|_| usage("--server は https:// で始まる、サーバーの住所にしてください。"))?;
    if origin.split_once("://").is_none_or(|(_, host)| host.contains('/')) {
        return Err(usage("--server は、https://ホスト名 までにしてください。"));
    }
    let code = match &args.code_from {
        Some(path) => person::first_line(path)?,
        None => console.ask("画面の登録コード："),
    };
    let secret = DeviceKey::make().ok_or_else(|| Stop::Refused("鍵を作れませんでした。".to_owned()))?;
    let key = DeviceKey::from_pkcs8(&secret).ok_or_else(|| Stop::Refused("鍵を作れませんでした。".to_owned()))?;
    let enrolled: Enrolled = post(origin, ENROL, &Enrol::new(&key, origin, code.trim())).map_err(|stop| match stop {
        Stop::Unknown(_) => Stop::Unknown(
            "登録コードが正しくないか、期限が切れているか、サーバーの住所がちがいます。画面「カードを読む端末」を見て、もう一度お願いします。"
                .to_owned(),
        ),
        Stop::Usage(_) | Stop::Refused(_) | Stop::Unreachable(_) => stop,
    })?;
    let kept = Kept {
        origin: origin.to_owned(),
        terminal_id: enrolled.terminal_id,
        office_no: enrolled.office_no,
        office_name: enrolled.office_name,
        name: enrolled.name,
        key: hex(&secret),
    };
    home.keep(&kept)?;
    console.tell(&format!("この端末を「{}」として、{} に登録しました。", kept.name, kept.office_name));
    Ok(())
}

/// Sends a message and reads the answer.
fn post<T: DeserializeOwned>(origin: &str, path: &str, message: &impl Serialize) -> Result<T, Stop> {
    let text = serde_json::to_string(message).map_err(|error| Stop::Refused(error.to_string()))?;
    let unreachable = |why: &dyn core::fmt::Display| {
        Stop::Unreachable(format!("サーバー {origin} につながりません（{why}）。ネットワークを確かめてください。"))
    };
    let request = agent(origin).post(format!("{origin}{path}")).header("content-type", "application/json");
    let mut response = request.send(&text).map_err(|error| unreachable(&error))?;
    let status = response.status();
    let body = response.body_mut().with_config().limit(MOST_JSON).read_to_string();
    let body = body.map_err(|error| unreachable(&error))?;
    if status.is_success() {
        return serde_json::from_str(&body)
            .map_err(|_| Stop::Refused(format!("サーバー {origin} の返事を読めません。住所を確かめてください。")));
    }
    let problem: Problem = serde_json::from_str(&body).unwrap_or_default();
    Err(match status.as_u16() {
        401 => Stop::Unknown(
            "サーバーがこの端末を知りません。登録が終わりにされたか、ほかのサーバーです。管理者に頼んで、登録しなおしてください。"
                .to_owned(),
        ),
        404 => Stop::Refused(
            "この依頼は、この事業所のものではないか、もうありません。暗証番号を入れずに、画面からやりなおしてください。".to_owned(),
        ),
        500..=599 => unreachable(&status),
        _ if problem.detail.is_empty() => Stop::Refused(format!("サーバーが受け付けませんでした（{status}）。")),
        _ => Stop::Refused(problem.detail),
    })
}
