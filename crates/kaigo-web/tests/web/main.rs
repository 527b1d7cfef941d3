//! The pages as a browser without JavaScript meets them, on both engines: who may come, what is shown, what is kept.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod api;
mod board;
mod cases;
mod charge;
mod circle_strangers;
mod citizen;
mod consent;
mod disaster;
mod documents;
mod exchange_mailbox;
mod exchange_month;
mod exchange_send;
mod exchange_sheets;
mod exchange_strangers;
mod exchange_world;
mod exports;
mod feed;
mod filing;
mod identity;
mod individual_number;
mod kept;
mod letter;
mod login;
mod looks;
mod medical;
mod notices;
mod page;
mod pages;
mod plans;
mod question;
mod queue;
mod rules;
mod strangers;
mod world;
