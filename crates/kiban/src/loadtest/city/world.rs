//! The ward of `loadtest city`: its records, who works there, a server on a free port.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context as _, Result};
use kaigo_app::login::{self, NewAccount, NewOwner};
use kaigo_app::setup::{self, PastCharge};
use kaigo_app::{Ctx, Ids, seal};
use kaigo_core::id::{InstitutionNo, InsuredNo, OfficeNo};
use kaigo_core::policy::JobType;
use kaigo_core::service::ServiceKind;
use kaigo_store::institution::{Board, Institution};
use kaigo_store::office::{Office, OfficeService};
use kaigo_web::{Clock, Web};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use super::super::client::Connection;
use super::super::import::{Loaded, load};
use super::super::scratch::Scratch;
use super::super::view::{Login, log_in};
use crate::surroundings::{now, operator, runtime};

/// Who works: login, name.
pub(super) const CLERKS: [(&str, &str); 3] = [("clerk1", "職員 一"), ("clerk2", "職員 二"), ("clerk3", "職員 三")];
pub(super) const DOCTORS: [(&str, &str); 3] = [("doctor1", "医師 一"), ("doctor2", "医師 二"), ("doctor3", "医師 三")];
pub(super) const MANAGERS: [(&str, &str); 3] =
    [("manager1", "専門員 一"), ("manager2", "専門員 二"), ("manager3", "専門員 三")];
pub(super) const SECRETARY: (&str, &str) = ("board1", "事務局 一");

const PASSWORD: &str = "a-password-of-the-loadtest";
/// The day on which the ward plays.
const DAY: kaigo_core::date::Date = jiff::civil::date(2026, 11, 22);

/// The ward, running.
pub(super) struct World {
    pub(super) loaded: Loaded,
    pub(super) address: SocketAddr,
    pub(super) runtime: Runtime,
    pub(super) institution: InstitutionNo,
    /// Registrations of the office: identifier and person.
    pub(super) charges: Vec<(String, InsuredNo)>,
    stop: watch::Sender<bool>,
    _scratch: Scratch,
}

fn ctx() -> Ctx {
    let mut ctx = Ctx::new(now(), Ids::system());
    ctx.today = DAY;
    ctx
}

/// The number of the office.
fn office_no() -> OfficeNo {
    OfficeNo::from_body(*b"987099999")
}

impl World {
    /// Loads the ward, makes who works in it, and starts the server.
    pub(super) fn start(scratch: Scratch, persons: u64, charges: usize) -> Result<Self> {
        let loaded = load(&scratch, persons)?;
        let runtime = runtime()?;
        let institution = InstitutionNo::from_body(*b"981099999");
        let people = runtime.block_on(people(&loaded, institution, charges))?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let web = Web {
            app: loaded.app.clone(),
            clock: Clock::new(now, Some(DAY)),
            ids: Ids::system(),
            demo: None,
            secure_cookies: false,
            locks: kaigo_web::Locks::default(),
            pace: kaigo_web::Pace::default(),
        };
        let (stop, stopped) = watch::channel(false);
        let mut told = stopped.clone();
        runtime.spawn(async move {
            kaigo_web::serve(listener, web, async move { drop(told.wait_for(|s| *s).await) }).await
        });
        let (app, mut told) = (loaded.app.clone(), stopped);
        // The job that gives the entries of the logs their places, as in every server.
        runtime.spawn(async move {
            loop {
                tokio::select! {
                    _ = told.wait_for(|stop| *stop) => return,
                    () = tokio::time::sleep(Duration::from_millis(seal::EVERY_MILLIS)) => {}
                }
                if let Err(error) = seal::run(&app, &ctx(), "city").await {
                    eprintln!("{error:?}");
                }
            }
        });
        Ok(Self { loaded, address, runtime, institution, charges: people, stop, _scratch: scratch })
    }

    /// Logs in as everybody of a list; answers the names with their cookies.
    pub(super) fn enter(&self, who: &[(&'static str, &'static str)]) -> Result<Vec<(&'static str, String)>> {
        self.runtime.block_on(async {
            let mut all = Vec::new();
            for (login, name) in who {
                let mut connection = Connection::open(self.address).await?;
                let account =
                    Login { login: (*login).to_owned(), password: PASSWORD.to_owned(), secret: secret(login).to_vec() };
                all.push((*name, log_in(&mut connection, &self.address.to_string(), &account).await.context(*login)?));
            }
            Ok(all)
        })
    }

    /// Seals what is left and ends the server.
    pub(super) fn end(&self) -> Result<()> {
        self.stop.send_replace(true);
        self.runtime.block_on(seal::run(&self.loaded.app, &ctx(), "city")).map(drop).map_err(operator)
    }
}

fn secret(login: &str) -> [u8; 20] {
    let mut secret = *b"loadtest-city-secret";
    secret.iter_mut().zip(login.bytes()).for_each(|(byte, own)| *byte ^= own);
    secret
}

/// Institution, board, office, accounts, registrations.
async fn people(loaded: &Loaded, institution_no: InstitutionNo, most: usize) -> Result<Vec<(String, InsuredNo)>> {
    let app = &loaded.app;
    let institution = Institution {
        institution_no,
        name: "測定内科".to_owned(),
        name_kana: "ソクテイナイカ".to_owned(),
        address: None,
        phone: Some("00-0000-0000".to_owned()),
    };
    setup::put_institutions(app, &ctx(), vec![institution]).await.map_err(operator)?;
    let board = Board { board_id: "city".to_owned(), name: "測定の審査会".to_owned(), phone: None };
    setup::put_board(app, board, vec![loaded.insurer_no]).await.map_err(operator)?;
    let office = Office {
        office_no: office_no(),
        name: "測定の居宅介護支援事業所".to_owned(),
        phone: Some("00-0000-0001".to_owned()),
        ..Office::default()
    };
    let service = OfficeService {
        office_no: office_no(),
        kind: ServiceKind::CareManagement,
        weekdays: None,
        weekdays_note: None,
        capacity: None,
        shared_service: None,
        standard_kaigo: None,
        standard_shogai: None,
        remarks: None,
    };
    setup::put_office(app, &ctx(), office, vec![service]).await.map_err(operator)?;
    let owners = [
        (&CLERKS[..], NewOwner::Insurer(loaded.insurer_no, false)),
        (&DOCTORS[..], NewOwner::Medical(institution_no, JobType::Physician)),
        (&MANAGERS[..], NewOwner::Staff(office_no(), JobType::CareManager, false)),
        (&[SECRETARY][..], NewOwner::Board("city".to_owned())),
    ];
    for (who, owner) in owners {
        for (login, name) in who {
            let new = NewAccount {
                login_id: (*login).to_owned(),
                name: (*name).to_owned(),
                owner: owner.clone(),
                password: PASSWORD.to_owned(),
                totp_secret: secret(login),
            };
            login::create(app, &ctx(), new).await.map_err(operator)?;
        }
    }
    registrations(loaded, most).await
}

/// The office is in charge of the last people of the ward; of the first ones applications are made.
async fn registrations(loaded: &Loaded, most: usize) -> Result<Vec<(String, InsuredNo)>> {
    let start = loaded.nation.range_of(loaded.insurer_no).start;
    let people: Vec<InsuredNo> = (start..start + loaded.persons)
        .rev()
        .map(|i| loaded.nation.person(i))
        .filter(|records| records.qualification.iter().all(|row| row.record.lost_on.is_none()))
        .take(most)
        .map(|records| records.insured_no)
        .collect();
    let mut all = Vec::with_capacity(people.len());
    for some in people.chunks(500) {
        let charges = some.iter().map(|insured_no| PastCharge {
            office_no: office_no(),
            office_name: "測定の居宅介護支援事業所".to_owned(),
            insurer_no: loaded.insurer_no,
            insured_no: *insured_no,
            days_ago: 2,
            closes_on: None,
            by: "専門員 一".to_owned(),
        });
        let ids = setup::past_charges(&loaded.app, &ctx(), charges.collect()).await.map_err(operator)?;
        all.extend(ids.into_iter().zip(some.iter().copied()));
    }
    Ok(all)
}
