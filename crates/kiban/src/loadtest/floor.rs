//! The floor of `loadtest view`: the least that any server of this house must do for an audited view — a page, and one durable
//! insert before it leaves.
//!
//! Measured twice: with the house's group commit (many inserts, one fsync), which is the strict floor, and with a transaction
//! and an fsync for each insert, which is what a server without it pays.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use kaigo_store::args;
use kaigo_store::db::{Config, Db, Error};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Mutex;

const CREATE: &str = "CREATE TABLE floor_log (entry_id TEXT NOT NULL PRIMARY KEY, entry TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO floor_log (entry_id, entry) VALUES (?1, ?2)";
const COUNT: &str = "SELECT count(*) FROM floor_log";
/// About as long as an entry of the access log.
const ENTRY: usize = 480;

/// The bare server.
pub(super) struct Floor {
    pub(super) address: SocketAddr,
    db: Db,
    _runtime: Runtime,
}

impl Floor {
    /// Starts it on a free port over an empty database, with pages of that many bytes. Not `grouped`: one insert at a time, each
    /// with a commit of its own.
    pub(super) fn start(config: &Config, page: usize, grouped: bool) -> Result<Self> {
        let db = Db::open(config)?;
        db.write_blocking(|tx| tx.execute(CREATE, args![]).map(drop))?;
        let runtime = crate::surroundings::runtime()?;
        let state = Arc::new(State {
            db: db.clone(),
            page: "x".repeat(page),
            entry: "e".repeat(ENTRY),
            next: AtomicU64::new(0),
            alone: (!grouped).then(|| Mutex::new(())),
        });
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/page", get(move || page_of(Arc::clone(&state))));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, db, _runtime: runtime })
    }

    /// How many inserts are in the database.
    pub(super) fn rows(&self) -> Result<i64> {
        let row = self.db.read_blocking(|tx| tx.query_opt(COUNT, args![]))?;
        Ok(row.context("count")?.int(0)?)
    }
}

struct State {
    db: Db,
    page: String,
    entry: String,
    next: AtomicU64,
    /// Held during an insert, so that no other one shares its commit.
    alone: Option<Mutex<()>>,
}

async fn page_of(state: Arc<State>) -> Response {
    let id = format!("{:032x}", state.next.fetch_add(1, Ordering::Relaxed));
    let entry = state.entry.clone();
    let _turn = match &state.alone {
        Some(alone) => Some(alone.lock().await),
        None => None,
    };
    let done: Result<u64, Error> =
        state.db.write(move |tx| tx.execute(INSERT, args![id.as_str(), entry.as_str()])).await;
    match done {
        Ok(_) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], state.page.clone()).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
