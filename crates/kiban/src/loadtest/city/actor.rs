//! Somebody at a browser: asks, sends forms, keeps the time of every answer and what must stand in the logs.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Result, bail};
use kaigo_core::id::InsuredNo;

use super::super::client::{Connection, get, post};
use super::form::Form;

/// What all actors measured: micros by kind, errors, and the requests that were acknowledged about a person.
#[derive(Default)]
pub(super) struct Book {
    /// Micros of each answer, by kind.
    pub(super) micros: BTreeMap<&'static str, Vec<u64>>,
    /// Answers that were not as they should be: kind and what came.
    pub(super) errors: Vec<String>,
    /// Acknowledged requests about a person: by number and name of who asked.
    pub(super) touched: BTreeMap<(InsuredNo, String), u64>,
}

/// Where all actors write.
pub(super) type Shared = Arc<Mutex<Book>>;

/// Somebody who is logged in, on one connection.
pub(super) struct Actor {
    connection: Connection,
    address: SocketAddr,
    host: String,
    cookies: String,
    /// Name as the logs have it.
    name: String,
    book: Shared,
}

/// An answer that came.
pub(super) struct Came {
    pub(super) status: u16,
    pub(super) html: String,
    /// Where it sends the browser.
    pub(super) location: String,
}

impl Actor {
    pub(super) async fn new(address: SocketAddr, who: (&str, &str), book: &Shared) -> Result<Self> {
        Ok(Self {
            connection: Connection::open(address).await?,
            address,
            host: address.to_string(),
            cookies: who.1.to_owned(),
            name: who.0.to_owned(),
            book: Arc::clone(book),
        })
    }

    /// Looks at a page; `about`: whose.
    pub(super) async fn look(&mut self, kind: &'static str, path: &str, about: Option<InsuredNo>) -> Result<Came> {
        let request = get(&self.host, path, &self.cookies);
        self.ask(kind, path, &request, about, &[200]).await
    }

    /// Sends a form that may be answered by a page that says why not.
    pub(super) async fn offer(&mut self, kind: &'static str, form: &Form, about: Option<InsuredNo>) -> Result<Came> {
        let request = post(&self.host, &form.action, &self.cookies, &form.fields());
        self.ask(kind, &form.action, &request, about, &[303, 200, 422]).await
    }

    /// Sends a form; it must lead on.
    pub(super) async fn send(&mut self, kind: &'static str, form: &Form, about: Option<InsuredNo>) -> Result<Came> {
        let request = post(&self.host, &form.action, &self.cookies, &form.fields());
        self.ask(kind, &form.action, &request, about, &[303]).await
    }

    /// Looks at a page and reads its form.
    pub(super) async fn form(
        &mut self,
        kind: &'static str,
        (path, action): (&str, &str),
        about: Option<InsuredNo>,
    ) -> Result<Form> {
        let came = self.look(kind, path, about).await?;
        if let Some(form) = Form::of(&came.html, action) {
            Ok(form)
        } else {
            self.wrong(format!("{kind}: {path} has no form for {action}"));
            bail!("{kind}: {path} has no form for {action}")
        }
    }

    /// An answer about this person was given: it must stand in the log.
    pub(super) fn touch(&self, person: InsuredNo) {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        *book.touched.entry((person, self.name.clone())).or_default() += 1;
    }

    fn wrong(&self, what: String) {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).errors.push(what);
    }

    async fn ask(
        &mut self,
        kind: &'static str,
        path: &str,
        request: &[u8],
        about: Option<InsuredNo>,
        wanted: &[u16],
    ) -> Result<Came> {
        let begun = Instant::now();
        let answer = match self.connection.send(request).await {
            Ok(answer) => answer,
            Err(error) => {
                self.wrong(format!("{kind}: {path}: {error:#}"));
                self.connection = Connection::open(self.address).await?;
                return Err(error);
            }
        };
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let (head, html) = (self.connection.head(answer), self.connection.text(answer));
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        book.micros.entry(kind).or_default().push(micros);
        if !wanted.contains(&answer.status) {
            let why = html.split("<main").nth(1).unwrap_or(&html);
            let words: String = why.split(['<', '>']).skip(1).step_by(2).collect();
            let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect();
            book.errors.push(format!("{kind}: {path} answered {}: {words}", answer.status));
            bail!("{kind}: {path} answered {}", answer.status);
        }
        drop(book);
        if let Some(person) = about {
            self.touch(person);
        }
        let location = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
        });
        Ok(Came { status: answer.status, html, location: location.unwrap_or_default() })
    }
}
