//! The way to a card: a reader, a card in memory, or an exchange that was recorded.

use crate::apdu::{Answer, Command};

/// Why a card cannot be talked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// No program for readers runs, or no reader is plugged in.
    NoReader,
    /// Several readers have a card: which one is meant?
    SeveralCards(Vec<String>),
    /// No card lies on the reader.
    NoCard,
    /// The card was taken away in the middle.
    Removed,
    /// What came back is no answer of a card, or the reader failed.
    Garbled(String),
}

impl Broken {
    /// One of each, for the list of errors.
    pub fn samples() -> Vec<Self> {
        let two = vec!["1".to_owned(), "2".to_owned()];
        vec![Self::NoReader, Self::SeveralCards(two), Self::NoCard, Self::Removed, Self::Garbled(String::new())]
    }

    /// Stable code, listed in docs/errors.md.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoReader => "card-no-reader",
            Self::SeveralCards(_) => "card-several",
            Self::NoCard => "card-none",
            Self::Removed => "card-removed",
            Self::Garbled(_) => "card-garbled",
        }
    }

    /// What happened and what to do, for whoever stands before the reader.
    pub fn say(&self) -> String {
        match self {
            Self::NoReader => {
                "カードリーダーが見つかりません。つながっているか、電源が入っているかを確かめてください。".to_owned()
            }
            Self::SeveralCards(readers) => {
                format!("カードが{}枚置かれています。ご本人のカード1枚だけにしてください。", readers.len())
            }
            Self::NoCard => {
                "カードが読み取れません。マイナンバーカードを、カードリーダーに置きなおしてください。".to_owned()
            }
            Self::Removed => {
                "読み取りの途中でカードが離れました。置きなおして、はじめからもう一度お願いします。".to_owned()
            }
            Self::Garbled(_) => {
                "カードリーダーから正しい答えが返りません。リーダーをつなぎなおして、もう一度お願いします。".to_owned()
            }
        }
    }
}

/// Something that carries commands to a card.
pub trait CardTransport {
    /// Sends a command and waits for the answer.
    ///
    /// # Errors
    /// Why no answer came.
    fn transmit(&mut self, command: &Command) -> Result<Answer, Broken>;
}

impl<T: CardTransport + ?Sized> CardTransport for &mut T {
    fn transmit(&mut self, command: &Command) -> Result<Answer, Broken> {
        (**self).transmit(command)
    }
}

impl<T: CardTransport + ?Sized> CardTransport for Box<T> {
    fn transmit(&mut self, command: &Command) -> Result<Answer, Broken> {
        (**self).transmit(command)
    }
}
