//! 介護WEBサービス: routes, pages, sessions. Server-rendered, plain forms, works without JavaScript.
//!
//! `routes.rs` is the table of every URL. A handler turns a form into a command, calls a use case of `kaigo-app`, and maps its
//! answer into a view struct (`view/`), which has a template of its own (`templates/`). No SQL, no HTML in Rust.

mod account;
mod api;
mod balances;
mod board;
mod card;
mod cases;
mod certificates;
mod certification;
mod charge;
mod citizen;
mod consent;
mod documents;
mod exchange;
mod failure;
mod filing;
mod form_file;
mod furigana;
mod history;
mod home;
mod identity;
mod insurer;
mod kept;
mod life;
mod login;
mod markdown;
mod medical;
mod mypage;
mod notices;
mod operator;
mod pace;
mod peer;
mod people;
mod person;
mod pki;
mod plans;
mod portal;
mod request;
mod routes;
mod say;
mod start;
mod support;
mod transparency;
pub mod view;

use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;
use kaigo_app::{App, Ctx, Ids};
use kaigo_core::date::Date;

pub use crate::api::openapi::openapi_text;
pub use crate::card::demo::{DemoCard, DemoCards};
pub use crate::pace::Pace;
pub use crate::peer::{Locks, Passed, Peer};
pub use crate::routes::{Access, Route, router, routes, routes_text};

/// What the pages are served from.
pub struct Web {
    /// The use cases.
    pub app: App,
    /// The clock.
    pub clock: Clock,
    /// Identifiers.
    pub ids: Ids,
    /// What the demo shows on its pages; none in production.
    pub demo: Option<Demo>,
    /// Whether the cookie is for TLS only (`Secure`).
    pub secure_cookies: bool,
    /// What is asked of the terminals.
    pub locks: Locks,
    /// How fast somebody who is logged in may go.
    pub pace: Pace,
}

/// The clock: the moment, and the business day if it is not the moment's.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    today: Option<Date>,
}

impl Clock {
    /// A clock that reads the moment from `now` and judges rules on `today`, or on the moment's day in Japan.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static, today: Option<Date>) -> Self {
        Self { now: Arc::new(now), today }
    }

    /// The context of one request.
    pub fn ctx(&self, ids: &Ids) -> Ctx {
        let mut ctx = Ctx::new((self.now)(), ids.clone());
        if let Some(today) = self.today {
            ctx.today = today;
        }
        ctx
    }
}

/// What the demo shows on its pages so that anybody can try it.
#[derive(Clone, Debug, Default)]
pub struct Demo {
    /// Who can log in.
    pub accounts: Vec<DemoAccount>,
    /// Whose identity can be checked.
    pub people: Vec<DemoPerson>,
    /// Issued logins of offices that can be tried for the registration: identifier, provisional password, office.
    pub claims: Vec<(String, String, String)>,
    /// Cards that can be put on a reader that is none.
    pub cards: Option<DemoCards>,
}

/// Who can log in to the demo.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Name.
    pub name: String,
    /// Office and job, or 本人.
    pub role: String,
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
    /// Secret of the second factor.
    pub totp_secret: [u8; 20],
}

/// Whose identity can be checked in the demo: the four items of the 被保険者証.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// Name.
    pub name: String,
    /// What this person shows.
    pub what: String,
    /// 保険者番号.
    pub insurer_no: String,
    /// 被保険者番号.
    pub insured_no: String,
    /// 氏名カナ.
    pub kana: String,
    /// 生年月日 as on the card.
    pub birth: String,
}

/// Serves until `stop` is ready; requests under way are finished.
pub async fn serve(
    listener: tokio::net::TcpListener,
    web: Web,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    serve_on(peer::Plain(listener), web, stop).await
}

/// Serves connections that tell who is at their other end: those of TLS with certificates.
pub async fn serve_on<L>(listener: L, web: Web, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()>
where
    L: axum::serve::Listener<Addr = Peer>,
{
    let service = router(web).into_make_service_with_connect_info::<Peer>();
    axum::serve(peer::Told(listener), service).with_graceful_shutdown(stop).await
}
