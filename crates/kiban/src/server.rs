//! A running server: the pages, the background jobs beside them, and a quiet end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use kaigo_app::exchange::tidy;
use kaigo_app::{App, Ids, licence, mail, news, notice, pki, presence, seal, transparency, usage};
use kaigo_web::{Clock, Web};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::smtp::Smtp;
use crate::tls::{self, Tls};

/// How often run-out sessions are removed.
const SWEEP: Duration = Duration::from_mins(1);
/// How often it is looked whether standings are to be recomputed.
const STANDINGS: Duration = Duration::from_mins(1);
/// How often it is looked whether a load has news to be told.
const NEWS: Duration = Duration::from_secs(5);
/// How often it is looked which certificates of terminals end, and which licences renew themselves.
const CERTIFICATES: Duration = Duration::from_hours(1);
/// How often it is looked whether mail is due.
const MAILS: Duration = Duration::from_secs(5);
/// How long requests that are under way may take after the signal to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(15);

/// Serves until SIGTERM or Ctrl-C; finishes the requests under way and seals the log once more.
///
/// `holder` names this process in the leases of jobs; `ready` gets the URL once connections are taken.
pub(crate) async fn run(
    web: Web,
    listen: SocketAddr,
    holder: String,
    smtp: Option<Smtp>,
    tls: Option<Tls>,
    ready: impl FnOnce(&str),
) -> Result<()> {
    // Before anything else, so that a signal that comes while we say that we are ready ends us quietly, too.
    let mut signals = Signals::new()?;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("{listen} で待てません（ほかのプログラムが使っていませんか。--port か --listen で変えられます）")
    })?;
    let address = listener.local_addr()?;
    let job = Job { app: web.app.clone(), clock: web.clock.clone(), ids: web.ids.clone(), holder };
    let (stop, stopped) = watch::channel(false);
    let jobs = tokio::spawn(job.clone().run(stopped.clone()));
    // Beside the seals, which must not wait for a long run or for a slow server.
    let standings = tokio::spawn(job.clone().standings(stopped.clone()));
    let told_news = tokio::spawn(job.clone().news(stopped.clone()));
    let mails = smtp.map(|smtp| tokio::spawn(job.clone().mails(smtp, stopped.clone())));
    let certificates = tokio::spawn(job.clone().certificates(stopped.clone()));
    let mut until = stopped;
    let end = async move { told(&mut until).await };
    let followed = tls.clone().map(|tls| tokio::spawn(tls.follow()));
    let mut pages = if let Some(tls) = tls.filter(Tls::speaks) {
        let pages = tokio::spawn(kaigo_web::serve_on(tls.listen(listener)?, web, end));
        ready(&format!("https://{}:{}", tls::host(address.ip()), address.port()));
        pages
    } else {
        let pages = tokio::spawn(kaigo_web::serve(listener, web, end));
        ready(&format!("http://{address}"));
        pages
    };
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
    if let Some(followed) = followed {
        followed.abort();
    }
    jobs.await?;
    certificates.await?;
    standings.await?;
    told_news.await?;
    if let Some(mut mails) = mails
        && timeout(LAST_REQUESTS, &mut mails).await.is_err()
    {
        mails.abort();
    }
    let ctx = job.clock.ctx(&job.ids);
    kaigo_app::attempt::keep(&job.app, &ctx).await.map_err(crate::surroundings::operator)?;
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
        let caught_up = transparency::catch_up(&self.app, &self.clock.ctx(&self.ids), None).await;
        Failing::default().saw("公開の記録簿の作成", caught_up.map(drop));
        let mut seals = interval(Duration::from_millis(seal::EVERY_MILLIS));
        seals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut sweeps = interval(SWEEP);
        sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = Failing::default();
        loop {
            let done = tokio::select! {
                () = told(&mut stopped) => return,
                _ = seals.tick() => self.seal().await,
                _ = sweeps.tick() => self.sweep().await,
            };
            failing.saw("定期の処理", done);
        }
    }

    /// Recomputes standings from claims: once a day and whatever is asked for. A stop ends it between two steps; another start goes on.
    async fn standings(self, mut stopped: watch::Receiver<bool>) {
        let mut ticks = interval(STANDINGS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = Failing::default();
        loop {
            tokio::select! {
                () = told(&mut stopped) => return,
                _ = ticks.tick() => {}
            }
            let done = tokio::select! {
                () = told(&mut stopped) => return,
                done = self.standing() => done,
            };
            failing.saw("担当の期限の計算", done);
        }
    }

    async fn standing(&self) -> Result<(), kaigo_app::Error> {
        let ctx = self.clock.ctx(&self.ids);
        if !presence::work(&self.app, &ctx, &self.holder).await?.is_empty() {
            notice::tidy(&self.app, &ctx).await?;
            mail::tidy(&self.app, &ctx).await?;
        }
        Ok(())
    }

    /// Tells offices and people what loads brought and what ends soon. A stop ends it between two steps; another start goes on.
    async fn news(self, mut stopped: watch::Receiver<bool>) {
        let mut ticks = interval(NEWS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = Failing::default();
        loop {
            tokio::select! {
                () = told(&mut stopped) => return,
                _ = ticks.tick() => {}
            }
            let ctx = self.clock.ctx(&self.ids);
            let done = tokio::select! {
                () = told(&mut stopped) => return,
                done = news::work(&self.app, &ctx, &self.holder) => done,
            };
            failing.saw("取込のお知らせ", done.map(drop));
        }
    }

    /// Tells offices which certificates of terminals end; renews the licences that renew themselves.
    async fn certificates(self, mut stopped: watch::Receiver<bool>) {
        let mut ticks = interval(CERTIFICATES);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut failing, mut licences) = (Failing::default(), Failing::default());
        loop {
            tokio::select! {
                () = told(&mut stopped) => return,
                _ = ticks.tick() => {}
            }
            let ctx = self.clock.ctx(&self.ids);
            let done = tokio::select! {
                () = told(&mut stopped) => return,
                done = pki::watch::work(&self.app, &ctx, &self.holder) => done,
            };
            failing.saw("電子証明書の期限のお知らせ", done.map(drop));
            let renewed = tokio::select! {
                () = told(&mut stopped) => return,
                renewed = licence::work(&self.app, &ctx, &self.holder) => renewed,
            };
            licences.saw("ライセンスの自動更新", renewed.map(drop));
        }
    }

    /// Sends mail. A stop waits for the one that is under way, so that it is marked as sent.
    async fn mails(self, smtp: Smtp, mut stopped: watch::Receiver<bool>) {
        let mut ticks = interval(MAILS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing = Failing::default();
        loop {
            tokio::select! {
                () = told(&mut stopped) => return,
                _ = ticks.tick() => {}
            }
            let ctx = self.clock.ctx(&self.ids);
            let done = mail::work(&self.app, &ctx, &self.holder, |letter| smtp.send(letter)).await;
            failing.saw("メールの送信", done.map(drop));
        }
    }

    async fn seal(&self) -> Result<(), kaigo_app::Error> {
        let ctx = self.clock.ctx(&self.ids);
        seal::run(&self.app, &ctx, &self.holder).await?;
        transparency::root(&self.app, &ctx, &self.holder).await.map(drop)
    }

    async fn sweep(&self) -> Result<(), kaigo_app::Error> {
        let ctx = self.clock.ctx(&self.ids);
        seal::sweep(&self.app, &ctx).await?;
        usage::work(&self.app, &ctx, &self.holder).await?;
        kaigo_app::card::transaction::sweep(&self.app, &ctx).await?;
        tidy::run(&self.app, &ctx).await.map(drop)
    }
}

/// Whether a job fails: said once, until it works again.
#[derive(Default)]
struct Failing(bool);

impl Failing {
    fn saw(&mut self, job: &str, done: Result<(), kaigo_app::Error>) {
        match done {
            Ok(()) => self.0 = false,
            Err(error) if !self.0 => {
                self.0 = true;
                eprintln!("{job}ができません。続けて試します：{:#}", crate::surroundings::operator(error));
            }
            Err(_) => {}
        }
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
