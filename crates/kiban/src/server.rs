//! A running server: the pages, the background jobs beside them, and a quiet end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use kaigo_app::exchange::tidy;
use kaigo_app::{App, Ids, seal};
use kaigo_web::{Clock, Web};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often run-out sessions are removed.
const SWEEP: Duration = Duration::from_mins(1);
/// How long requests that are under way may take after the signal to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(15);

/// Serves until SIGTERM or Ctrl-C; finishes the requests under way and seals the log once more.
///
/// `holder` names this process in the leases of jobs; `ready` gets the URL once connections are taken.
pub(crate) async fn run(web: Web, listen: SocketAddr, holder: String, ready: impl FnOnce(&str)) -> Result<()> {
    // Before anything else, so that a signal that comes while we say that we are ready ends us quietly, too.
    let mut signals = Signals::new()?;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("{listen} で待てません（ほかのプログラムが使っていませんか。--port か --listen で変えられます）")
    })?;
    let address = listener.local_addr()?;
    let job = Job { app: web.app.clone(), clock: web.clock.clone(), ids: web.ids.clone(), holder };
    let (stop, stopped) = watch::channel(false);
    let jobs = tokio::spawn(job.clone().run(stopped.clone()));
    let mut until = stopped;
    let pages = tokio::spawn(kaigo_web::serve(listener, web, async move {
        told(&mut until).await;
    }));
    ready(&format!("http://{address}"));
    let mut pages = pages;
    tokio::select! {
        () = signals.any() => {}
        ended = &mut pages => return ended?.context("the server"),
    }
    eprintln!("終わります。処理中のものを済ませています。");
    stop.send_replace(true);
    match timeout(LAST_REQUESTS, &mut pages).await {
        Ok(ended) => ended?.context("the server")?,
        Err(_) => pages.abort(),
    }
    jobs.await?;
    job.seal().await.map_err(crate::surroundings::operator)
}

/// Waits for the word to stop.
async fn told(stopped: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone: then the process ends as well.
    drop(stopped.wait_for(|stop| *stop).await);
}

/// The background jobs.
#[derive(Clone)]
struct Job {
    app: App,
    clock: Clock,
    ids: Ids,
    holder: String,
}

impl Job {
    async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut seals = interval(Duration::from_millis(seal::EVERY_MILLIS));
        seals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sweeps = interval(SWEEP);
        sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = false;
        loop {
            let done = tokio::select! {
                () = told(&mut stopped) => return,
                _ = seals.tick() => self.seal().await,
                _ = sweeps.tick() => self.sweep().await,
            };
            match done {
                Ok(()) => failing = false,
                Err(error) if !failing => {
                    failing = true;
                    eprintln!("定期の処理ができません。続けて試します：{:#}", crate::surroundings::operator(error));
                }
                Err(_) => {}
            }
        }
    }

    async fn seal(&self) -> Result<(), kaigo_app::Error> {
        seal::run(&self.app, &self.clock.ctx(&self.ids), &self.holder).await.map(drop)
    }

    async fn sweep(&self) -> Result<(), kaigo_app::Error> {
        let ctx = self.clock.ctx(&self.ids);
        seal::sweep(&self.app, &ctx).await?;
        tidy::run(&self.app, &ctx).await.map(drop)
    }
}

/// The signals that end the program.
struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn any(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn any(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}
