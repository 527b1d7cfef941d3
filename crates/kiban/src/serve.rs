//! `kiban serve`: the server without anything of the demo.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use axum::http::HeaderName;
use clap::Args;
use kaigo_app::Ids;
use kaigo_app::card::Cards;
use kaigo_core::date::Date;
use kaigo_web::{Clock, Locks, Pace, Web};

use crate::cli::DataArgs;
use crate::config::{self, Said, SaidMail};
use crate::server;
use crate::smtp::Smtp;
use crate::surroundings::{database, database_name, now, open, runtime, say, smtp_login};
use crate::tls::{ClientCerts, Files, Tls};

/// Serve the pages of 介護WEBサービス from a data folder, as in production
///
/// Settings come from the built-in defaults, then from --config, then from the options here. The address of a PostgreSQL
/// database is given by --database or, with its password, by KIBAN_DATABASE_URL.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// Folder of the data: keys, documents and, without PostgreSQL, the embedded database [default: ./kiban-data]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Address and port to listen on; only this machine's own without --secure-cookies [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// PostgreSQL instead of the embedded database: postgres://USER@HOST/DATABASE (with a password: KIBAN_DATABASE_URL)
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The network to a PostgreSQL server on another machine is guarded by other means: TLS is not demanded (sslmode=disable, prefer, require)
    #[arg(long)]
    database_network_guarded: bool,
    /// Session cookies only over TLS; for a server behind a proxy that speaks TLS
    #[arg(long)]
    secure_cookies: bool,
    /// Server for mail, instead of the host and port of the settings: HOST:PORT
    #[arg(long, value_name = "HOST:PORT", value_parser = host_and_port)]
    smtp: Option<(String, u16)>,
    /// Folder with the trust anchors of マイナンバーカード (.cer, .crt, .pem) and lists of revoked certificates (.crl)
    #[arg(long, value_name = "DIR", requires = "card_origin")]
    card_anchor: Option<PathBuf>,
    /// Address of this service as the terminals that read cards are enrolled with: https://HOST
    #[arg(long, value_name = "URL", requires = "card_anchor")]
    card_origin: Option<String>,
    #[command(flatten)]
    tls: TlsArgs,
    /// Business day on which it plays, for rehearsals and tests; only on this machine's own addresses [default: the day in Japan]
    #[arg(long, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
    /// File of settings (TOML); --print-config shows what can stand in it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the default settings with their comments, and end
    #[arg(long)]
    print_config: bool,
}

/// TLS, and certificates of terminals.
#[derive(Args, Debug)]
struct TlsArgs {
    /// The server's certificate with its chain (PEM): speak TLS 1.3 here, without a proxy
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Certificates of another authority for terminals (PEM), beside the installation's own (kiban cert init)
    #[arg(long, value_name = "FILE", requires = "client_crl")]
    client_ca: Option<PathBuf>,
    /// Its revocation list (PEM or DER); read anew when it changes, and refuses everybody once it has run out
    #[arg(long, value_name = "FILE", requires = "client_ca")]
    client_crl: Option<PathBuf>,
    /// Whether terminals show certificates; required refuses who has none before any HTTP
    #[arg(long, value_enum, default_value_t = ClientCerts::Optional)]
    client_certs: ClientCerts,
    /// Offices need a certificate for everything but the way to one
    #[arg(long)]
    require_client_cert: bool,
    /// Address of a proxy whose headers are believed (X-Forwarded-For, X-Forwarded-Proto, --client-cert-header, --tls-version-header); several by repetition
    #[arg(long, value_name = "ADDRESS")]
    trusted_proxy: Vec<IpAddr>,
    /// Header in which a trusted proxy passes the verified certificate on: as RFC 9440, or PEM with %XX
    #[arg(long, value_name = "NAME", requires = "trusted_proxy")]
    client_cert_header: Option<HeaderName>,
    /// Header in which a trusted proxy says the version of TLS, as OpenSSL writes it (nginx: $ssl_protocol)
    #[arg(long, value_name = "NAME", requires = "trusted_proxy")]
    tls_version_header: Option<HeaderName>,
}

impl TlsArgs {
    fn files(&self) -> Files {
        let pair = |a: &Option<PathBuf>, b: &Option<PathBuf>| a.clone().zip(b.clone());
        Files {
            server: pair(&self.tls_cert, &self.tls_key),
            clients: pair(&self.client_ca, &self.client_crl),
            mode: self.client_certs,
        }
    }
}

pub(crate) fn run(args: &ServeArgs) -> Result<ExitCode> {
    if args.print_config {
        say(config::DEFAULTS.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let said = Said {
        data_dir: args.data_dir.clone(),
        listen: args.listen,
        secure_cookies: args.secure_cookies.then_some(true),
        connections: None,
        requests_per_minute: None,
        database_network_guarded: args.database_network_guarded.then_some(true),
        mail: args.smtp.clone().map(|(host, port)| SaidMail {
            host: Some(host),
            port: Some(port),
            ..SaidMail::default()
        }),
    };
    let settings = config::read(args.config.as_deref(), said)?;
    let secure_cookies = settings.secure_cookies || args.tls.tls_cert.is_some();
    refuse_open_network(settings.listen, secure_cookies)?;
    refuse_open_rehearsal(settings.listen, args.today)?;
    let data = DataArgs {
        data_dir: settings.data_dir.clone(),
        database: args.database.clone(),
        database_network_guarded: settings.database_network_guarded,
    };
    let config = database(&data, settings.connections);
    let mut app = open(&settings.data_dir, &config)?;
    let smtp = settings.mail.as_ref().map(|mail| Smtp::new(mail, smtp_login())).transpose()?;
    app.mail = settings.mail.as_ref().map(|mail| mail.site.clone());
    app.cards = match (&args.card_anchor, &args.card_origin) {
        (Some(folder), Some(origin)) => {
            // Said at the start, not when the first card lies on a reader.
            kaigo_card::trust::Lists::read(folder).with_context(|| folder.display().to_string())?;
            Some(Cards::folder(folder.clone(), Some(origin.trim_end_matches('/').to_owned())))
        }
        _ => None,
    };
    let ids = Ids::system();
    let (runtime, clock) = (runtime()?, Clock::new(now, args.today));
    let tls = runtime.block_on(Tls::open(args.tls.files(), app.clone(), clock.clone(), ids.clone()))?;
    if args.tls.require_client_cert && !tls.verifies() {
        bail!(
            "--require-client-cert：電子証明書を確かめる認証局がありません。kiban cert init で作るか、--client-ca で指してください。"
        );
    }
    let web = Web {
        app,
        clock,
        ids: ids.clone(),
        demo: None,
        secure_cookies,
        locks: Locks {
            require_certificate: args.tls.require_client_cert,
            trusted_proxies: args.tls.trusted_proxy.iter().map(IpAddr::to_canonical).collect(),
            passed: args.tls.client_cert_header.clone().map(|name| tls.passed(name)),
            tls_version: args.tls.tls_version_header.clone(),
        },
        pace: Pace::new(settings.requests_per_minute),
    };
    let place = format!("データ：{}　データベース：{}", settings.data_dir.display(), database_name(&config));
    runtime.block_on(server::run(web, settings.listen, ids.id(), smtp, Some(tls), |url| {
        say(&format!("{place}\n止めるには Ctrl-C を押してください。\nlistening {url}"));
    }))?;
    Ok(ExitCode::SUCCESS)
}

/// `HOST:PORT`.
fn host_and_port(text: &str) -> Result<(String, u16), String> {
    let (host, port) = text.rsplit_once(':').ok_or("HOST:PORT の形で書いてください")?;
    let port = port.parse().map_err(|_| "ポートは 1 から 65535 までの数です".to_owned())?;
    Ok((host.trim_matches(['[', ']']).to_owned(), port))
}

/// Without TLS the password and the session go over the wire as they are.
fn refuse_open_network(listen: SocketAddr, secure_cookies: bool) -> Result<()> {
    if listen.ip().is_loopback() || secure_cookies {
        return Ok(());
    }
    bail!(
        "{listen} はほかの機械からも届きます。TLSがないと、パスワードと記録がそのまま流れます。\
         --tls-cert と --tls-key でTLSを使うか、TLSを受けるプロキシのうしろに置き、--secure-cookies を付けて起動してください。\
         この機械だけで使うときは --listen 127.0.0.1:8080 にしてください。"
    )
}

/// Rules, deadlines and entries of the log of a day that is not today are for nobody but who rehearses.
fn refuse_open_rehearsal(listen: SocketAddr, today: Option<Date>) -> Result<()> {
    if today.is_none() || listen.ip().is_loopback() {
        return Ok(());
    }
    bail!(
        "--today は、練習と試験のためのものです。{listen} はほかの機械からも届くので、使えません。\
         --listen 127.0.0.1:8080 のように、この機械だけで使うか、--today を外してください。"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_day_is_played_on_this_machine_only() {
        let day = Some(jiff::civil::date(2026, 11, 22));
        let at = |listen: &str, day| refuse_open_rehearsal(listen.parse().unwrap(), day).is_ok();
        assert!(at("127.0.0.1:443", day) && at("[::1]:443", day) && at("0.0.0.0:443", None));
        assert!(!at("0.0.0.0:443", day) && !at("192.0.2.1:443", day));
    }

    #[test]
    fn only_this_machine_is_served_without_tls() {
        assert!(refuse_open_network("127.0.0.1:8080".parse().unwrap(), false).is_ok());
        assert!(refuse_open_network("[::1]:8080".parse().unwrap(), false).is_ok());
        assert!(refuse_open_network("0.0.0.0:8080".parse().unwrap(), true).is_ok());
        for open in ["0.0.0.0:8080", "192.0.2.1:80", "[::]:8080"] {
            let error = refuse_open_network(open.parse().unwrap(), false).unwrap_err().to_string();
            assert!(error.contains("--secure-cookies"), "{error}");
        }
    }
}
