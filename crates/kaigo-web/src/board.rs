//! The certification board's pages (介護認定審査会).

use crate::routes::{Handler, Route};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    Vec::new()
}
