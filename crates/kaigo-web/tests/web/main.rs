//! The pages as a browser without JavaScript meets them, on both engines: who may come, what is shown, what is kept.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly"
)]

mod account;
mod api;
mod areas_strangers;
mod attacks;
mod attempts;
mod board;
mod card;
mod cases;
mod charge;
mod circle_strangers;
mod citizen;
mod consent;
mod disaster;
mod documents;
mod double_submit;
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
mod mypage;
mod news;
mod notices;
mod office_side;
mod page;
mod pages;
mod plans;
mod portal;
mod question;
mod queue;
mod rules;
mod savings;
mod strangers;
mod terminal;
mod union;
mod world;
