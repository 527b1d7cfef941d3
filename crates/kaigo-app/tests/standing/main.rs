//! Standing that stays true, notices and mail through their use cases, on both engines.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod links;
mod mail;
mod notice;
mod presence;
mod world;
