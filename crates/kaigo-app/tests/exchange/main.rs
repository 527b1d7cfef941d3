//! The exchange through its use cases, on both engines: what is sent once, who sees it, what their logs say.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod log;
mod mailbox;
mod send;
mod world;
