//! Mail to a server by SMTP. What the server says decides whether a mail is tried again, given up, or done.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use kaigo_app::mail::{Letter, NotSent};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
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
        let from: Mailbox =
            settings.from.parse().context("[mail] from：「名前 <name@example.jp>」の形で書いてください")?;
        let tls = match settings.tls {
            MailTls::None if is_this_machine(&settings.host) => Tls::None,
            MailTls::None => bail!(
                "[mail] tls = \"none\" は、この機械の中のサーバー（127.0.0.1）だけに使えます。\"starttls\" か \"tls\" にしてください。"
            ),
            MailTls::Starttls => Tls::Required(trusted(settings)?),
            MailTls::Tls => Tls::Wrapper(trusted(settings)?),
        };
        let builder =
            SmtpTransport::builder_dangerous(&settings.host).port(settings.port).tls(tls).timeout(Some(PATIENCE));
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

/// Whom the server's certificate may be signed by: those that this machine trusts, and the authority of the settings. The name in it
/// must be the host's.
fn trusted(settings: &MailSettings) -> Result<TlsParameters> {
    let mut tls = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca {
        let pem = std::fs::read(path).with_context(|| format!("[mail] ca：{}", path.display()))?;
        let bad = || format!("[mail] ca：{} は証明書（PEM）として読めません", path.display());
        // A file without any certificate reads as none at all.
        if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
            bail!(bad());
        }
        tls = tls.add_root_certificate(Certificate::from_pem(&pem).with_context(bad)?);
    }
    Ok(tls.build()?)
}

/// Whether what is said to that host does not leave this machine.
fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A real server (Debian's python3-aiosmtpd): takes mail on loopback, refuses `nobody@`, is too busy for `busy@`, and prints what it
    /// took, one line of JSON each. It ends when its input does.
    const SERVER: &str = r"
import json, ssl, sys, threading
from aiosmtpd.controller import Controller
class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('nobody@'):
            return '550 5.1.1 no such user'
        if address.startswith('busy@'):
            return '451 4.7.1 try again later'
        envelope.rcpt_tos.append(address)
        return '250 OK'
    async def handle_DATA(self, server, session, envelope):
        print(json.dumps([envelope.mail_from, envelope.rcpt_tos, envelope.content.decode('ascii')]), flush=True)
        return '250 taken'
more = {}
if len(sys.argv) > 2:
    way = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    way.load_cert_chain(sys.argv[3])
    more = {'ssl_context': way} if sys.argv[2] == 'tls' else {'tls_context': way, 'require_starttls': True}
controller = Controller(Handler(), hostname='127.0.0.1', port=int(sys.argv[1]), **more)
controller.start()
print('ready', flush=True)
sys.stdin.read()
controller.stop()
";

    struct Server {
        child: Child,
        lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
    }

    impl Server {
        fn start(port: u16) -> Self {
            Self::guarded(port, &[])
        }

        /// With how the way is guarded (`starttls`, `tls`) and the file of key and certificate.
        fn guarded(port: u16, how: &[&str]) -> Self {
            // Not the first python3 of the path, which may be another one than Debian's.
            let mut child = Command::new("/usr/bin/python3")
                .args(["-c", SERVER, &port.to_string()])
                .args(how)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("python3 with aiosmtpd: apt-get install python3-aiosmtpd");
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            assert_eq!(lines.next().unwrap().unwrap(), "ready");
            Self { child, lines }
        }

        /// The next mail: sender, recipients, text with its headers.
        fn took(&mut self) -> (String, Vec<String>, String) {
            serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
        }
    }

    impl Drop for Server {
        fn drop(&mut self) {
            drop(self.child.stdin.take().map(|mut input| input.flush()));
            drop(self.child.wait());
        }
    }

    fn free_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    fn smtp(port: u16) -> Smtp {
        let settings = MailSettings {
            host: "127.0.0.1".to_owned(),
            port,
            tls: MailTls::None,
            from: "介護WEBサービス <no-reply@kiban.example.jp>".to_owned(),
            site: "https://kiban.example.jp".to_owned(),
            ca: None,
        };
        Smtp::new(&settings, None).unwrap()
    }

    /// An authority and a certificate of it for a name: the authority's PEM, and key and certificate of the server in one.
    fn signed(name: &str) -> (String, String) {
        let (key, own) = (rcgen::KeyPair::generate().unwrap(), rcgen::KeyPair::generate().unwrap());
        let mut authority = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let root = authority.self_signed(&key).unwrap();
        let issuer = rcgen::Issuer::new(authority, key);
        let leaf = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&own, &issuer).unwrap();
        (root.pem(), format!("{}{}", own.serialize_pem(), leaf.pem()))
    }

    #[tokio::test]
    async fn over_tls_mail_goes_to_the_server_whose_certificate_fits_and_to_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let (ca, server) = signed("127.0.0.1");
        let (stranger, _) = signed("127.0.0.1");
        let (other_ca, other_name) = signed("mail.example.jp");
        let (ca, stranger, other_ca) =
            (file("ca.pem", &ca), file("stranger.pem", &stranger), file("other.pem", &other_ca));
        let (server, other_name) = (file("server.pem", &server), file("other-name.pem", &other_name));
        for (word, tls) in [("starttls", MailTls::Starttls), ("tls", MailTls::Tls)] {
            let to = |port: u16, ca: Option<&std::path::PathBuf>, tls| {
                let settings = MailSettings {
                    host: "127.0.0.1".to_owned(),
                    port,
                    tls,
                    from: "no-reply@kiban.example.jp".to_owned(),
                    site: "https://kiban.example.jp".to_owned(),
                    ca: ca.cloned(),
                };
                Smtp::new(&settings, None).unwrap()
            };
            let port = free_port();
            let mut taking = Server::guarded(port, &[word, server.to_str().unwrap()]);
            to(port, Some(&ca), tls).send(letter("minato@example.jp")).await.unwrap();
            assert_eq!(taking.took().1, ["minato@example.jp"], "{word}");
            // Signed by somebody else, by nobody whom this machine knows: nothing is said to it, and the mail waits.
            for wrong in [Some(&stranger), None] {
                let refused = to(port, wrong, tls).send(letter("hidden@example.jp")).await;
                assert!(matches!(refused, Err(NotSent::Later(_))), "{word} {refused:?}");
            }
            // In the clear to a server that wants TLS: refused as well, and never given up for the address.
            if tls == MailTls::Starttls {
                let refused = to(port, None, MailTls::None).send(letter("hidden@example.jp")).await;
                assert!(matches!(refused, Err(NotSent::Later(_))), "{refused:?}");
            }
            drop(taking);
            // The right authority, another name.
            let port = free_port();
            let mut posing = Server::guarded(port, &[word, other_name.to_str().unwrap()]);
            let refused = to(port, Some(&other_ca), tls).send(letter("hidden@example.jp")).await;
            assert!(matches!(refused, Err(NotSent::Later(_))), "{word} {refused:?}");
            drop(posing.child.stdin.take());
            assert!(posing.lines.next().is_none(), "nothing was taken");
        }
        // A server without TLS gets nothing where TLS is asked for.
        let port = free_port();
        let mut plain = Server::start(port);
        let settings = MailSettings {
            host: "127.0.0.1".to_owned(),
            port,
            tls: MailTls::Starttls,
            from: "no-reply@kiban.example.jp".to_owned(),
            site: "https://kiban.example.jp".to_owned(),
            ca: Some(ca),
        };
        let refused = Smtp::new(&settings, None).unwrap().send(letter("hidden@example.jp")).await;
        assert!(matches!(refused, Err(NotSent::Later(_))), "{refused:?}");
        drop(plain.child.stdin.take());
        assert!(plain.lines.next().is_none(), "nothing was taken");
        let no_pem = file("no.pem", "nothing");
        assert!(Smtp::new(&MailSettings { ca: Some(no_pem), ..settings }, None).is_err());
    }

    fn letter(to: &str) -> Letter {
        Letter {
            mail_id: "00112233445566778899aabbccddeeff".to_owned(),
            to: to.to_owned(),
            subject: "【介護WEBサービス】お知らせが2件あります".to_owned(),
            body: "まだ確認していないお知らせが2件あります。\n".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_real_server_takes_refuses_and_comes_back() {
        let port = free_port();
        let smtp = smtp(port);
        let down = smtp.send(letter("minato@example.jp")).await;
        assert!(matches!(down, Err(NotSent::Later(_))), "{down:?}");
        let mut server = Server::start(port);
        smtp.send(letter("minato@example.jp")).await.unwrap();
        let (from, to, text) = server.took();
        assert_eq!((from.as_str(), to), ("no-reply@kiban.example.jp", vec!["minato@example.jp".to_owned()]));
        assert!(text.contains("Message-ID: <00112233445566778899aabbccddeeff@kiban.example.jp>"), "{text}");
        assert!(text.contains("Auto-Submitted: auto-generated") && text.contains("Date: "), "{text}");
        assert!(
            text.contains("Subject: =?utf-8?b?") && text.contains("Content-Type: text/plain; charset=utf-8"),
            "{text}"
        );
        let refused = smtp.send(letter("nobody@example.jp")).await;
        assert!(matches!(&refused, Err(NotSent::Never(why)) if why.contains("no such user")), "{refused:?}");
        let busy = smtp.send(letter("busy@example.jp")).await;
        assert!(matches!(&busy, Err(NotSent::Later(_))), "{busy:?}");
        assert!(matches!(smtp.send(letter("not an address")).await, Err(NotSent::Never(_))));
        drop(server);
        assert!(matches!(smtp.send(letter("minato@example.jp")).await, Err(NotSent::Later(_))));
        let mut server = Server::start(port);
        smtp.send(letter("minato@example.jp")).await.unwrap();
        assert_eq!(server.took().1, ["minato@example.jp"]);
    }

    #[test]
    fn mail_leaves_this_machine_only_over_tls() {
        let settings = |host: &str, tls| MailSettings {
            host: host.to_owned(),
            port: 587,
            tls,
            from: "no-reply@example.jp".to_owned(),
            site: "https://example.jp".to_owned(),
            ca: None,
        };
        assert!(Smtp::new(&settings("mail.example.jp", MailTls::None), None).is_err());
        for host in ["127.0.0.1", "::1", "localhost"] {
            assert!(Smtp::new(&settings(host, MailTls::None), None).is_ok(), "{host}");
        }
        assert!(Smtp::new(&settings("mail.example.jp", MailTls::Starttls), None).is_ok());
    }
}
