//! The address of a PostgreSQL server as its operators know it, and how the way there is guarded.
//!
//! `sslmode`, `sslrootcert`, `sslcert` and `sslkey` are taken out here: the driver knows only the first, and not all of its words.
//! Another machine is reached over TLS with a verified name, or not at all, unless the operator vouches for the network.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use postgres::config::{Host, SslMode};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Error;

/// Where the server is and how it is spoken to. Cheap to clone.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) config: postgres::Config,
    pub(super) tls: MakeRustlsConnect,
}

impl Address {
    /// Reads an address; `network_is_guarded`: the operator vouches for the way there.
    ///
    /// # Errors
    /// [`Error::Broken`] with a sentence for the operator, if it cannot be read, if its files cannot, or if it would go to another
    /// machine unguarded.
    pub(super) fn read(text: &str, network_is_guarded: bool) -> Result<Self, Error> {
        let (rest, said) = take_out(text)?;
        let mut config: postgres::Config =
            rest.parse().map_err(|e| Error::Broken(format!("データベースのアドレスが読めません（{}）", causes(&e))))?;
        let guard = said.guard(is_this_machine(&config))?;
        if guard != Guard::Verified && !is_this_machine(&config) && !network_is_guarded {
            return Err(Error::Broken(format!(
                "データベースは別の機械にあります。sslmode={} では、通信を読まれたり、にせのサーバーにつながったりしても分かりません。\
                 sslmode=verify-full にしてください（認証局の証明書は sslrootcert=ファイル）。\
                 専用線やVPNなど、ほかの方法で守られているときだけ、--database-network-guarded を付けてください。",
                guard.word()
            )));
        }
        config.ssl_mode(match guard {
            Guard::None => SslMode::Disable,
            Guard::Prefer => SslMode::Prefer,
            Guard::Require | Guard::Verified => SslMode::Require,
        });
        let tls = MakeRustlsConnect::new(said.client(guard)?);
        Ok(Self { config, tls })
    }
}

/// How the way to the server is guarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guard {
    /// Not at all.
    None,
    /// By TLS where the server offers it, whoever it is.
    Prefer,
    /// By TLS, whoever the server is.
    Require,
    /// By TLS with a server that has a certificate for the name in the address.
    Verified,
}

impl Guard {
    fn word(self) -> &'static str {
        match self {
            Self::None => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::Verified => "verify-full",
        }
    }
}

/// What the address says of TLS.
#[derive(Debug, Default, PartialEq, Eq)]
struct Said {
    mode: Option<String>,
    root: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

impl Said {
    /// Keeps a parameter if it is one of ours.
    fn take(&mut self, name: &str, value: &str) -> bool {
        match name {
            "sslmode" => self.mode = Some(value.to_owned()),
            "sslrootcert" => self.root = Some(PathBuf::from(value)),
            "sslcert" => self.certificate = Some(PathBuf::from(value)),
            "sslkey" => self.key = Some(PathBuf::from(value)),
            _ => return false,
        }
        true
    }

    fn guard(&self, is_this_machine: bool) -> Result<Guard, Error> {
        let guard = match self.mode.as_deref() {
            Some("disable") => Guard::None,
            Some("prefer") => Guard::Prefer,
            Some("require") => Guard::Require,
            // Who names an authority or a certificate wants TLS.
            None if is_this_machine && *self == Self::default() => Guard::None,
            Some("verify-full") | None => Guard::Verified,
            Some(other) => {
                return Err(Error::Broken(format!(
                    "sslmode={other} は使えません。disable、prefer、require、verify-full のどれかにしてください。"
                )));
            }
        };
        if self.root.is_some() && guard != Guard::Verified {
            return Err(Error::Broken(format!(
                "sslrootcert は sslmode=verify-full と使います。sslmode={} では、サーバーの証明書を確かめません。",
                guard.word()
            )));
        }
        if self.certificate.is_some() && guard == Guard::None {
            return Err(Error::Broken("sslcert は、sslmode=disable では使えません。".to_owned()));
        }
        Ok(guard)
    }

    fn client(&self, guard: Guard) -> Result<ClientConfig, Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|e| Error::Broken(e.to_string()))?;
        let builder = if guard == Guard::Verified {
            builder.with_root_certificates(self.roots()?)
        } else {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        };
        match (&self.certificate, &self.key) {
            (None, None) => Ok(builder.with_no_client_auth()),
            (Some(certificate), Some(key)) => {
                closed_to_others(key)?;
                let private = PrivateKeyDer::from_pem_file(key).map_err(|e| unreadable("sslkey", key, &e))?;
                builder.with_client_auth_cert(certificates("sslcert", certificate)?, private).map_err(|e| {
                    Error::Broken(format!(
                        "sslcert と sslkey が合いません（{}、{}：{e}）",
                        certificate.display(),
                        key.display()
                    ))
                })
            }
            (Some(_), None) | (None, Some(_)) => {
                Err(Error::Broken("sslcert と sslkey は、両方書いてください。".to_owned()))
            }
        }
    }

    /// The authorities of `sslrootcert`; without it, or with the word `system`, those that this machine trusts.
    fn roots(&self) -> Result<RootCertStore, Error> {
        let mut roots = RootCertStore::empty();
        match self.root.as_deref().filter(|path| *path != Path::new("system")) {
            Some(path) => {
                for certificate in certificates("sslrootcert", path)? {
                    roots.add(certificate).map_err(|e| unreadable("sslrootcert", path, &e))?;
                }
            }
            None => {
                roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
        if roots.is_empty() {
            return Err(Error::Broken(
                "データベースのサーバーの証明書を確かめる認証局がありません。sslrootcert=ファイル で指してください。"
                    .to_owned(),
            ));
        }
        Ok(roots)
    }
}

fn certificates(name: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let all = read.map_err(|e| unreadable(name, path, &e))?;
    if all.is_empty() { Err(unreadable(name, path, &"no certificate in it")) } else { Ok(all) }
}

fn unreadable(name: &str, path: &Path, why: &dyn std::fmt::Display) -> Error {
    Error::Broken(format!("{name} の {} を、証明書や鍵（PEM）として読めません（{why}）", path.display()))
}

/// The same demand as that of PostgreSQL's own clients: a key that others can read is none.
#[cfg(unix)]
fn closed_to_others(key: &Path) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt as _;
    let data = std::fs::metadata(key).map_err(|e| unreadable("sslkey", key, &e))?;
    // One of root's may be readable by a group that it gives to the program.
    let open = if data.uid() == 0 { 0o037 } else { 0o077 };
    if data.mode() & open == 0 {
        return Ok(());
    }
    Err(Error::Broken(format!("sslkey の {} を、ほかの人も読めます。chmod 600 にしてください。", key.display())))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can refuse")]
fn closed_to_others(_: &Path) -> Result<(), Error> {
    Ok(())
}

/// Whether no network lies between: a socket, or an address of this machine's own.
fn is_this_machine(config: &postgres::Config) -> bool {
    // Where there are addresses, names only say what stands in the certificate.
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

/// Takes what we know of TLS out of an address of either form; the rest is for the driver.
fn take_out(text: &str) -> Result<(String, Said), Error> {
    let mut said = Said::default();
    if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
        let mut rest = String::new();
        for (word, name, value) in words(text) {
            if !said.take(name, &value) {
                rest.push_str(word);
                rest.push(' ');
            }
        }
        return Ok((rest, said));
    }
    // A question mark before the first @ belongs to a password that was not escaped.
    let place = text.find('@').unwrap_or(0);
    let Some(mark) = text.get(place..).and_then(|after| after.find('?')).map(|at| place + at) else {
        return Ok((text.to_owned(), said));
    };
    let (base, query) = text.split_at(mark);
    let mut rest = Vec::new();
    for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !said.take(&decoded(name)?, &decoded(value)?) {
            rest.push(pair);
        }
    }
    let mark = if rest.is_empty() { "" } else { "?" };
    Ok((format!("{base}{mark}{}", rest.join("&")), said))
}

fn decoded(text: &str) -> Result<Cow<'_, str>, Error> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map_err(|e| Error::Broken(format!("データベースのアドレスが読めません（{e}）")))
}

/// The words of `host=… user='…'`, each as it stands with its name and its value, in the manner of libpq.
fn words(text: &str) -> Vec<(&str, &str, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some(equals) = rest.find('=') else {
            // The driver says what is wrong with it.
            found.push((rest, "", String::new()));
            break;
        };
        let (name, after) = rest.split_at(equals);
        let after = after.trim_start_matches('=');
        let blanks = after.len() - after.trim_start().len();
        let after = after.trim_start();
        let quoted = after.starts_with('\'');
        let (mut value, mut escaped, mut end) = (String::new(), false, after.len());
        for (at, c) in after.char_indices().skip(usize::from(quoted)) {
            if escaped {
                value.push(c);
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if quoted && c == '\'' {
                end = at + 1;
                break;
            } else if !quoted && c.is_whitespace() {
                end = at;
                break;
            } else {
                value.push(c);
            }
        }
        let (word, next) = rest.split_at(equals + 1 + blanks + end);
        found.push((word, name.trim(), value));
        rest = next.trim_start();
    }
    found
}

/// An error with what caused it: the driver's own sentence does not say it.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let more = cause.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        next = cause.source();
    }
    text
}

/// Takes any certificate, as `prefer` and `require` are meant: the way is hidden, its end is not known.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(text: &str) -> Guard {
        let (rest, said) = take_out(text).unwrap();
        said.guard(is_this_machine(&rest.parse().unwrap())).unwrap()
    }

    fn refusal(text: &str) -> String {
        Address::read(text, false).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_the_driver_does_not_know_is_taken_out_and_the_rest_stays() {
        let root = |path: &str| Some(PathBuf::from(path));
        for (text, rest, mode, path) in [
            (
                "postgres://k:p%3F@h:5/d?sslmode=verify-full&sslrootcert=/etc/%E8%A8%BC.pem&connect_timeout=3",
                "postgres://k:p%3F@h:5/d?connect_timeout=3",
                Some("verify-full"),
                root("/etc/証.pem"),
            ),
            ("postgres://k:a?sslmode=x@h/d?sslmode=require", "postgres://k:a?sslmode=x@h/d", Some("require"), None),
            ("postgresql://h/d", "postgresql://h/d", None, None),
            (
                r"host=h password='a \' sslmode=disable' sslmode = prefer sslrootcert='/a b/c.pem' dbname=d",
                r"host=h password='a \' sslmode=disable' dbname=d ",
                Some("prefer"),
                root("/a b/c.pem"),
            ),
        ] {
            let (left, said) = take_out(text).unwrap();
            assert_eq!((left.as_str(), said.mode.as_deref(), said.root), (rest, mode, path), "{text}");
            left.parse::<postgres::Config>().unwrap();
        }
    }

    #[test]
    fn this_machine_needs_no_tls_and_another_is_verified() {
        for text in [
            "postgres://k@localhost/d",
            "postgres://k@127.0.0.1/d",
            "postgres://k@[::1]/d",
            "host=/run/postgresql user=k",
            "postgres:///d?host=%2Frun%2Fpostgresql",
            "host=db.example hostaddr=127.0.0.1 user=k",
        ] {
            assert_eq!(guard(text), Guard::None, "{text}");
        }
        for text in [
            "postgres://k@db.example/d",
            "postgres://k@192.0.2.1/d",
            "postgres://k@localhost,db.example/d",
            "host=localhost hostaddr=192.0.2.1 user=k",
            "postgres://k@localhost.example/d",
            "postgres://k@localhost/d?sslrootcert=/ca.pem",
        ] {
            assert_eq!(guard(text), Guard::Verified, "{text}");
        }
    }

    #[test]
    fn another_machine_is_reached_unguarded_only_where_the_operator_vouches_for_the_network() {
        for mode in ["disable", "prefer", "require"] {
            let url = format!("postgres://k:secret@db.example/d?sslmode={mode}");
            let why = refusal(&url);
            assert!(why.contains("--database-network-guarded") && why.contains(mode), "{why}");
            assert!(!why.contains("secret"), "{why}");
            assert!(Address::read(&url, true).is_ok());
            assert!(Address::read(&format!("postgres://k@127.0.0.1/d?sslmode={mode}"), false).is_ok());
        }
    }

    #[test]
    fn what_does_not_fit_together_is_said() {
        let folder = std::env::temp_dir();
        let missing = folder.join("kiban-no-such.pem");
        let missing = missing.to_str().unwrap();
        for (query, says) in [
            ("sslmode=verify-ca", "verify-full"),
            ("sslmode=allow", "verify-full"),
            ("sslmode=require&sslrootcert=/ca.pem", "sslrootcert"),
            ("sslmode=disable&sslcert=/a.pem&sslkey=/b.pem", "sslcert"),
            ("sslmode=require&sslcert=/a.pem", "両方"),
            ("sslmode=require&sslkey=/a.pem", "両方"),
            (&format!("sslrootcert={missing}"), missing),
            ("sslmode=%FF", "アドレス"),
            ("no_such=1", "no_such"),
        ] {
            let why = refusal(&format!("postgres://k:secret@localhost/d?{query}"));
            assert!(why.contains(says) && !why.contains("secret"), "{query}: {why}");
        }
    }
}
