//! 居宅サービス計画作成依頼届出 by proxy.

use crate::routes::{Handler, Route};

/// The URLs of this area.
pub(crate) fn routes() -> Vec<(Route, Handler)> {
    Vec::new()
}
