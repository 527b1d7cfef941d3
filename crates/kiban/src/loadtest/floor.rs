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

const CREATE_ROWS: &str = "CREATE TABLE floor_row (row_id TEXT NOT NULL PRIMARY KEY, bytes TEXT NOT NULL)";
const INSERT_ROW: &str = "INSERT INTO floor_row (row_id, bytes) VALUES (?1, ?2)";

/// The floor of `loadtest exchange`: rows of so many bytes, nothing else.
#[derive(Clone)]
pub(super) struct Rows {
    db: Db,
    bytes: Arc<String>,
    next: Arc<AtomicU64>,
    alone: Option<Arc<Mutex<()>>>,
}

impl Rows {
    /// An empty table in an empty database. Not `grouped`: one insert at a time, each with a commit of its own.
    pub(super) fn make(config: &Config, bytes: usize, grouped: bool) -> Result<Self> {
        let db = Db::open(config)?;
        db.write_blocking(|tx| tx.execute(CREATE_ROWS, args![]).map(drop))?;
        let alone = (!grouped).then(|| Arc::new(Mutex::new(())));
        Ok(Self { db, bytes: Arc::new(noise(bytes)), next: Arc::new(AtomicU64::new(0)), alone })
    }

    /// Inserts one row; it is durable when this returns.
    pub(super) async fn insert(&self) -> Result<()> {
        let id = format!("{:032x}", self.next.fetch_add(1, Ordering::Relaxed));
        let bytes = Arc::clone(&self.bytes);
        let _turn = match &self.alone {
            Some(alone) => Some(alone.lock().await),
            None => None,
        };
        let done: Result<u64, Error> =
            self.db.write(move |tx| tx.execute(INSERT_ROW, args![id.as_str(), bytes.as_str()])).await;
        done.map(drop).context("insert")
    }
}

/// Text that no engine can compress, so that as many bytes are written as are counted.
fn noise(bytes: usize) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from(state % 64).ok().and_then(|n| char::from_u32(48 + n)).unwrap_or('0')
    };
    (0..bytes).map(|_| next()).collect()
}
