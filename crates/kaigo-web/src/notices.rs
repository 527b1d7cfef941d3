//! お知らせ: what happened, for whom it matters.

use crate::routes::{Handler, Route};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    Vec::new()
}
