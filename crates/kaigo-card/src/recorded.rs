//! An exchange with a card, written down: for tests against what a real card once answered, and to watch what is sent.

use crate::apdu::{Answer, Command};
use crate::transport::{Broken, CardTransport};

/// Plays a recorded exchange: the commands have to come as they were recorded.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    steps: Vec<(Command, Answer)>,
    at: usize,
}

impl Recorded {
    /// An exchange of these steps.
    pub fn new(steps: Vec<(Command, Answer)>) -> Self {
        Self { steps, at: 0 }
    }

    /// Whether every step was played.
    pub fn is_over(&self) -> bool {
        self.at == self.steps.len()
    }
}

impl CardTransport for Recorded {
    fn transmit(&mut self, command: &Command) -> Result<Answer, Broken> {
        match self.steps.get(self.at) {
            Some((want, answer)) if want == command => {
                self.at += 1;
                Ok(answer.clone())
            }
            Some((want, _)) => Err(Broken::Garbled(format!("recorded {want:?}, got {command:?}"))),
            None => Err(Broken::Removed),
        }
    }
}

/// Lets commands through and keeps them: what was sent to a card. A PIN is kept as that it was sent only.
pub struct Watched<T> {
    inner: T,
    sent: Vec<String>,
}

impl<T: CardTransport> Watched<T> {
    /// Watches a card.
    pub fn new(inner: T) -> Self {
        Self { inner, sent: Vec::new() }
    }

    /// What was sent, each as [`Command`] prints itself.
    pub fn sent(&self) -> &[String] {
        &self.sent
    }
}

impl<T: CardTransport> CardTransport for Watched<T> {
    fn transmit(&mut self, command: &Command) -> Result<Answer, Broken> {
        self.sent.push(format!("{command:?}"));
        self.inner.transmit(command)
    }
}
