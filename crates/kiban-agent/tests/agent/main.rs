//! The program as a care software starts it: against answers that no good server gives, and against a real one.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod canned;
mod cut;
mod exchange;
mod program;
mod wire;
mod world;
