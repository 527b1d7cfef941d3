//! The municipality's pages (保険者).

use crate::routes::{Handler, Route};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    Vec::new()
}
