//! The medical institution's pages: 主治医意見書.

use crate::routes::{Handler, Route};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    Vec::new()
}
