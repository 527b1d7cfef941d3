//! Mail to a server by SMTP. What the server says decides whether a mail is tried again, given up, or done.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use kaigo_app::mail::{Letter, NotSent};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{SmtpTransport, Transport as _};

use crate::config::{MailSettings, MailTls};

/// Seconds for which a server may be silent.
const PATIENCE: Duration = Duration::from_secs(30);
/// Answers after which an address is not tried again: no such mailbox, not here, not allowed as a name (RFC 5321 §4.2.3). Other
/// permanent answers are about us, not about the address, and somebody can mend them.
const NO_SUCH_ADDRESS: [&str; 3] = ["550", "551", "553"];

/// A server for mail.
#[derive(Clone)]
pub(crate) struct Smtp {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Smtp {
    /// As the settings say. Nothing is sent yet.
    pub(crate) fn new(settings: &MailSettings, login: Option<(String, String)>) -> Result<Self> {
        let from: Mailbox = settings.from.parse().context("[mail] from：「名前 <name@example.jp>」の形で書いてください")?;
        let tls = match settings.tls {
            MailTls::None if is_this_machine(&settings.host) => Tls::None,
            MailTls::None => bail!(
                "[mail] tls = \"none\" は、この機械の中のサーバー（127.0.0.1）だけに使えます。\"starttls\" か \"tls\" にしてください。"
            ),
            MailTls::Starttls => Tls::Required(TlsParameters::new(settings.host.clone())?),
            MailTls::Tls => Tls::Wrapper(TlsParameters::new(settings.host.clone())?),
        };
        let builder = SmtpTransport::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        let builder = match login {
            Some((user, password)) => builder.credentials(Credentials::new(user, password)),
            None => builder,
        };
        Ok(Self { transport: builder.build(), from })
    }

    /// Sends one mail.
    pub(crate) async fn send(&self, letter: Letter) -> Result<(), NotSent> {
        let message = self.message(&letter).map_err(|e| NotSent::Never(format!("{e:#}")))?;
        let transport = self.transport.clone();
        let sent = tokio::task::spawn_blocking(move || transport.send(&message)).await;
        match sent {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let code = error.status().map(|code| code.to_string()).unwrap_or_default();
                let why = format!("{error}");
                Err(if NO_SUCH_ADDRESS.contains(&code.as_str()) { NotSent::Never(why) } else { NotSent::Later(why) })
            }
            Err(error) => Err(NotSent::Later(error.to_string())),
        }
    }

    fn message(&self, letter: &Letter) -> Result<Message> {
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        Ok(Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse()?)
            .subject(&letter.subject)
            .message_id(Some(format!("<{}@{}>", letter.mail_id, self.from.email.domain())))
            .raw_header(HeaderValue::new(name, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())?)
    }
}

/// Whether what is said to that host does not leave this machine.
fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
