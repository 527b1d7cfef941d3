//! マイナンバーカード for the check of an identity: the application JPKI (公的個人認証) of the card, as far as 利用者証明 needs it.
//!
//! What is read: the token's label, the certificate of 利用者証明, how many tries the PIN has left. What is done: the PIN is shown
//! to the card, and the card signs a challenge that this crate builds itself. The applications that hold the 個人番号 are
//! named nowhere in this crate, so no path of it can select them; `tests/cards.rs` watches every exchange.
//!
//! No official specification of the commands is public; they follow open implementations that agree with each other
//! (INFERRED). Nothing assumes one kind of key: algorithm and hash come from the certificate.

pub mod apdu;
pub mod certificate;
pub mod challenge;
pub mod device;
pub mod jpki;
pub mod pin;
pub mod protocol;
#[cfg(feature = "pcsc")]
pub mod reader;
pub mod recorded;
#[cfg(feature = "virtual")]
pub mod test_card;
#[cfg(feature = "virtual")]
pub mod test_set;
pub mod transport;
pub mod trust;
#[cfg(feature = "virtual")]
pub mod virtual_card;
#[cfg(feature = "virtual")]
pub mod vpcd;
