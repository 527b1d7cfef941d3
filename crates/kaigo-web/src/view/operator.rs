//! The operator's desk (運営) and the pages of who sets up offices.

pub mod content;

use askama::Template;

use super::Shell;
use super::insurer::WorkLine;

/// GET `/operator`: what waits today.
#[derive(Clone, Debug, Template)]
#[template(path = "page/operator/home.html")]
pub struct OperatorHome {
    /// Surroundings.
    pub shell: Shell,
    /// 「2026年11月22日（日）」.
    pub today: String,
    /// What waits, the most pressing first.
    pub lines: Vec<WorkLine>,
}
