//! Real readers over PC/SC.

use std::ffi::CString;

use pcsc::{Card, Context, Disposition, Error, MAX_BUFFER_SIZE, Protocols, Scope, ShareMode};

use crate::apdu::{Answer, Command};
use crate::transport::{Broken, CardTransport};

/// A card on a reader. Taken away from it: [`Broken::Removed`]. Given back when the value goes: the card forgets the PIN.
pub struct ReaderCard {
    card: Option<Card>,
}

/// The readers that have a card on them, by name.
///
/// # Errors
/// [`Broken::NoReader`] if no reader is there.
pub fn cards() -> Result<Vec<String>, Broken> {
    let context = context()?;
    let readers = context.list_readers_owned().map_err(|_| Broken::NoReader)?;
    if readers.is_empty() {
        return Err(Broken::NoReader);
    }
    let with_card = readers.into_iter().filter(|reader| connect(&context, reader).is_ok());
    Ok(with_card.map(|reader| reader.to_string_lossy().into_owned()).collect())
}

/// The card on the reader of that name, or on the only reader that has one.
///
/// # Errors
/// No reader, no card, several cards and no name.
pub fn open(reader: Option<&str>) -> Result<ReaderCard, Broken> {
    let context = context()?;
    let name = if let Some(name) = reader {
        name.to_owned()
    } else {
        let mut cards = cards()?;
        match cards.len() {
            0 => return Err(Broken::NoCard),
            1 => cards.remove(0),
            _ => return Err(Broken::SeveralCards(cards)),
        }
    };
    let name = CString::new(name).map_err(|_| Broken::NoReader)?;
    Ok(ReaderCard { card: Some(connect(&context, &name)?) })
}

fn context() -> Result<Context, Broken> {
    Context::establish(Scope::User).map_err(|_| Broken::NoReader)
}

fn connect(context: &Context, reader: &CString) -> Result<Card, Broken> {
    context.connect(reader, ShareMode::Shared, Protocols::ANY).map_err(broken)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "fifty ways of failing that we treat alike")]
fn broken(error: Error) -> Broken {
    match error {
        Error::NoSmartcard => Broken::NoCard,
        Error::RemovedCard | Error::ResetCard | Error::UnpoweredCard => Broken::Removed,
        Error::NoService | Error::NoReadersAvailable | Error::UnknownReader | Error::ReaderUnavailable => {
            Broken::NoReader
        }
        other => Broken::Garbled(other.to_string()),
    }
}

impl CardTransport for ReaderCard {
    fn transmit(&mut self, command: &Command) -> Result<Answer, Broken> {
        let card = self.card.as_ref().ok_or(Broken::Removed)?;
        let mut buffer = [0; MAX_BUFFER_SIZE];
        let got = card.transmit(&command.bytes(), &mut buffer).map_err(broken)?;
        Answer::parse(got).ok_or_else(|| Broken::Garbled("no status word".to_owned()))
    }
}

impl Drop for ReaderCard {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            // Whatever comes of it, the card loses its power when it is taken away.
            drop(card.disconnect(Disposition::ResetCard));
        }
    }
}
