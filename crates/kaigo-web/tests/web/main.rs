//! The pages as a browser without JavaScript meets them, on both engines: who may come, what is shown, what is kept.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod api;
mod charge;
mod documents;
mod exchange_mailbox;
mod exchange_month;
mod exchange_send;
mod exchange_sheets;
mod exchange_strangers;
mod exchange_world;
mod identity;
mod individual_number;
mod login;
mod looks;
mod page;
mod pages;
mod queue;
mod strangers;
mod world;
