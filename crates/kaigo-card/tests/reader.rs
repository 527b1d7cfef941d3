//! The same cards over real PC/SC: the system's pcscd with the virtual reader of vpcd, our card behind its socket, and OpenSC as an
//! independent reader beside us. Needs Debian's pcscd, vsmartcard-vpcd and opensc; the gate installs them.
#![cfg(all(feature = "pcsc", target_os = "linux"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use kaigo_card::certificate::Certificate;
use kaigo_card::challenge::Challenge;
use kaigo_card::jpki::{AskPin, CardError, TriesLeft, prove};
use kaigo_card::pin::Pin;
use kaigo_card::reader;
use kaigo_card::test_set::{self, CardFile, Kind, PIN};
use kaigo_card::transport::Broken;
use kaigo_card::trust::{self, Lists};
use kaigo_card::virtual_card::VirtualCard;
use kaigo_card::vpcd;

const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
const LIMIT: Duration = Duration::from_secs(20);

/// A pcscd with a configuration of its own: two virtual readers, nothing else of this machine.
struct Pcscd {
    child: Child,
    ports: [u16; 2],
}

impl Pcscd {
    fn start(folder: &Path) -> Self {
        assert!(
            Path::new(DRIVER).exists(),
            "Debian's vsmartcard-vpcd is not installed: apt-get install vsmartcard-vpcd"
        );
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        // vpcd opens two readers, on this port and on the next one.
        let ports = [port, port + 1];
        let config = folder.join("reader.conf");
        let text = format!(
            "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME /dev/null:0x{port:04X}\nLIBPATH {DRIVER}\nCHANNELID 0x{port:04X}\n"
        );
        std::fs::write(&config, text).unwrap();
        std::fs::create_dir_all("/run/pcscd").expect("this test needs to run as root, or /run/pcscd to be there");
        let mut command = Command::new("pcscd");
        command.args(["--foreground", "--config"]).arg(&config);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("pcscd is installed");
        Self { child, ports }
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        // SIGTERM, so that it takes its socket away.
        drop(Command::new("kill").arg(self.child.id().to_string()).status());
        drop(self.child.wait());
    }
}

fn address(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn wait_until(what: &str, mut is: impl FnMut() -> bool) {
    let until = Instant::now() + LIMIT;
    while !is() {
        assert!(Instant::now() < until, "{what}: not within {LIMIT:?}");
        sleep(Duration::from_millis(50));
    }
}

/// A card on a reader, until it is taken away.
struct Laid {
    card: Arc<Mutex<VirtualCard>>,
    wire: TcpStream,
    thread: Option<JoinHandle<()>>,
    over: Arc<AtomicBool>,
}

impl Laid {
    fn on(port: u16, card: VirtualCard) -> Self {
        let mut wire = TcpStream::connect(address(port)).unwrap();
        wire.set_nodelay(true).unwrap();
        let (ours, card) = (wire.try_clone().unwrap(), Arc::new(Mutex::new(card)));
        let (inside, over) = (Arc::clone(&card), Arc::new(AtomicBool::new(false)));
        let ended = Arc::clone(&over);
        let thread = thread::spawn(move || {
            drop(vpcd::serve(&mut inside.lock().unwrap(), &mut wire));
            drop(wire.shutdown(std::net::Shutdown::Both));
            ended.store(true, Ordering::Relaxed);
        });
        Self { card, wire: ours, thread: Some(thread), over }
    }

    /// Takes the card away; it is as it was left.
    fn take(mut self) -> VirtualCard {
        drop(self.wire.flush());
        drop(self.wire.shutdown(std::net::Shutdown::Both));
        self.thread.take().unwrap().join().unwrap();
        self.card.lock().unwrap().clone()
    }
}

struct Person(&'static str, u32);

impl AskPin for Person {
    fn pin(&mut self, _tries: TriesLeft) -> Option<Pin> {
        self.1 += 1;
        Pin::parse(self.0)
    }

    fn go_on_with_last_try(&mut self) -> bool {
        true
    }
}

fn challenge() -> Challenge {
    Challenge {
        origin: "https://kaigo.example".to_owned(),
        transaction: "00112233445566778899aabbccddeeff".to_owned(),
        purpose: "担当事業所の登録のための本人確認".to_owned(),
        office_no: "9870100126".to_owned(),
        nonce: "ab".repeat(32),
        issued_at: "2026-11-22T01:00:00Z".to_owned(),
    }
}

/// Waits until so many readers have a card.
fn wait_for_cards(count: usize) {
    wait_until(&format!("{count} cards are seen"), || reader::cards().is_ok_and(|cards| cards.len() == count));
}

/// pcscd looks at a virtual reader twice a second: a card that is laid sooner than that after another one was taken is not noticed.
fn let_the_reader_notice() {
    wait_for_cards(0);
    sleep(Duration::from_millis(1200));
}

/// Lays the card on the first reader and lets it prove: what came of it, and the card afterwards.
fn over_the_reader(pcscd: &Pcscd, card: VirtualCard, pin: &'static str) -> (Result<Vec<u8>, CardError>, VirtualCard) {
    let laid = Laid::on(pcscd.ports[0], card);
    wait_for_cards(1);
    let proved = reader::open(None).map_err(CardError::Broken).and_then(|card| {
        let evidence = prove(card, &challenge(), &mut Person(pin, 0))?;
        let bytes = challenge().bytes().unwrap();
        Certificate::parse(&evidence.certificate).unwrap().check_signature(&bytes, &evidence.signature).unwrap();
        Ok(evidence.certificate)
    });
    let card = laid.take();
    let_the_reader_notice();
    (proved, card)
}

#[test]
fn cards_on_a_real_reader_say_what_they_say_in_memory() {
    let place = tempfile::tempdir().unwrap();
    test_set::make(place.path(), 2026).unwrap();
    let cards = test_set::read(place.path()).unwrap();
    let lists = Lists::read(&place.path().join("anchors")).unwrap();
    assert_eq!(reader::open(None).map(drop), Err(Broken::NoReader), "a pcscd of this machine runs already: stop it");
    let pcscd = Pcscd::start(place.path());
    wait_until("an empty reader is told", || reader::open(None).map(drop) == Err(Broken::NoCard));

    for file in &cards {
        let in_memory = prove(file.insert().unwrap(), &challenge(), &mut Person(PIN, 0)).map(|e| e.certificate);
        let (real, _) = over_the_reader(&pcscd, file.insert().unwrap(), PIN);
        match (&in_memory, &real) {
            (Ok(one), Ok(other)) => assert_eq!(one, other, "{:?}", file.kind),
            (Err(CardError::Broken(Broken::Removed)), Err(CardError::Broken(_))) => {}
            (one, other) => assert_eq!(one, other, "{:?}", file.kind),
        }
    }
    let normal: &CardFile = cards.iter().find(|file| file.kind == Kind::Normal).unwrap();
    // One wrong try is one try, and the card keeps it.
    let (wrong, card) = over_the_reader(&pcscd, normal.insert().unwrap(), "9999");
    assert_eq!((wrong, card.tries()), (Err(CardError::WrongPin { left: 2 }), 2));
    let (good, card) = over_the_reader(&pcscd, card, PIN);
    assert_eq!(card.tries(), 3);
    let at = 1_795_309_200;
    trust::certificate(&good.unwrap(), lists.anchors(), &lists, at).unwrap();

    // Two cards: which one is meant has to be said.
    let (one, two) = (Laid::on(pcscd.ports[0], card), Laid::on(pcscd.ports[1], normal.insert().unwrap()));
    wait_for_cards(2);
    let several = reader::open(None).map(drop).unwrap_err();
    let Broken::SeveralCards(names) = &several else { panic!("{several:?}") };
    assert!(names.len() == 2 && several.say().contains("2枚"));
    drop(reader::open(Some(&names[1])).unwrap());
    drop(two.take());
    wait_for_cards(1);
    an_independent_reader_reads_the_same(&normal.card.certificate);
    assert!(!one.over.load(Ordering::Relaxed));
    drop(one.take());
}

/// OpenSC knows the application JPKI: it finds the certificate by its own driver, and gives the same bytes.
fn an_independent_reader_reads_the_same(certificate: &[u8]) {
    let out = Command::new("pkcs15-tool").args(["--read-certificate", "1"]).output().expect("opensc is installed");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    let pem = text.find("-----BEGIN").map(|at| &text[at..]);
    assert!(pem.is_some(), "no certificate: {text}{said}");
    let pem = pem.unwrap();
    let pem = x509_parser::pem::Pem::iter_from_buffer(pem.as_bytes()).next().unwrap().unwrap();
    assert_eq!(pem.contents, certificate, "OpenSC reads the same certificate");
    let select = "00:A4:04:0C:0A:D3:92:F0:00:26:01:00:00:00:01";
    let out = Command::new("opensc-tool").args(["-s", select]).output().expect("opensc is installed");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(text.contains("SW1=0x90, SW2=0x00"), "{text}{}", String::from_utf8_lossy(&out.stderr));
}
