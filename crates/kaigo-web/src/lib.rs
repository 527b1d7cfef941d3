//! Placeholder.
pub mod view;
