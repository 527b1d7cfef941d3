//! A wire to the server on which a test kills the program after so many bytes.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

/// What happened on the wire.
enum News {
    /// So many bytes went over it.
    Reached,
    /// The program ended by itself.
    Ended,
}

/// The wire.
pub(crate) struct Wire {
    pub(crate) url: String,
    left: Arc<AtomicI64>,
    news: Receiver<News>,
    tell: Sender<News>,
}

/// What becomes of the bytes after the last one that counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// They never arrive: the program is killed while it waits.
    Silence,
    /// They arrive: the program is killed in the middle of whatever it does.
    More,
}

impl Wire {
    pub(crate) fn new(server: SocketAddr, then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tell, news) = channel();
        let left = Arc::new(AtomicI64::new(i64::MAX));
        let (count, speak) = (Arc::clone(&left), Mutex::new(tell.clone()));
        thread::spawn(move || {
            for near in listener.incoming() {
                let (near, far) = (near.unwrap(), TcpStream::connect(server).unwrap());
                for (from, to) in [(near.try_clone().unwrap(), far.try_clone().unwrap()), (far, near)] {
                    let (count, tell) = (Arc::clone(&count), speak.lock().unwrap().clone());
                    thread::spawn(move || forward(from, to, then, &count, &tell));
                }
            }
        });
        Self { url, left, news, tell }
    }

    /// Starts a command and kills it after so many bytes; whether it was killed.
    pub(crate) fn kill_after(&self, bytes: i64, mut command: Command) -> bool {
        while self.news.try_recv().is_ok() {}
        self.left.store(bytes, Ordering::SeqCst);
        let mut child = command.spawn().unwrap();
        let (mut out, tell) = (child.stdout.take().unwrap(), self.tell.clone());
        let reader = thread::spawn(move || {
            std::io::copy(&mut out, &mut std::io::sink()).unwrap();
            drop(tell.send(News::Ended));
        });
        let killed = matches!(self.news.recv().unwrap(), News::Reached);
        if killed {
            child.kill().unwrap();
        }
        child.wait().unwrap();
        reader.join().unwrap();
        self.left.store(i64::MAX, Ordering::SeqCst);
        killed
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, then: Then, left: &AtomicI64, tell: &Sender<News>) {
    let mut chunk = [0_u8; 256];
    loop {
        let count = from.read(&mut chunk).unwrap_or(0);
        if count == 0 {
            drop(to.shutdown(Shutdown::Write));
            return;
        }
        let before = left.fetch_sub(i64::try_from(count).unwrap(), Ordering::SeqCst);
        let after = before - i64::try_from(count).unwrap();
        if before > 0 && after <= 0 {
            drop(tell.send(News::Reached));
        }
        // Silence holds both streams open until the other end is gone.
        if (after > 0 || then == Then::More) && to.write_all(&chunk[..count]).is_err() {
            return;
        }
    }
}
