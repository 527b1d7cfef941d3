//! きょうの仕事: the work queue of an office.

use askama::Template;

use super::{Chip, Link, Shell};

/// GET `/`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/home.html")]
pub struct Home {
    /// Surroundings.
    pub shell: Shell,
    /// 「2026年11月22日（日）」.
    pub today: String,
    /// How far an office is that has nothing to do here yet; empty for every other.
    pub begins: String,
    /// 届きました: new results, new documents, changed certificates.
    pub arrived: Queue,
    /// 期限が近いもの: 認定 60/30/0 days, 証 30 days, end of charge.
    pub expiring: Queue,
    /// 進行中の申請: counts by step, in the order of the procedure.
    pub steps: Vec<StepCount>,
    /// 進行中の申請: the applications.
    pub pending: Queue,
}

/// A section of the queue.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// How many there are in all (may be more than `rows`).
    pub count: usize,
    /// The first ones.
    pub rows: Vec<QueueRow>,
    /// Link to all of them.
    pub more: Option<Link>,
}

/// One line of the queue.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Kind or urgency.
    pub chip: Chip,
    /// The sentence; it is the link.
    pub text: String,
    /// Where the sentence leads.
    pub href: String,
    /// Source and as-of; may be empty.
    pub small: String,
    /// Button at the right.
    pub action: Option<Link>,
}

/// How many applications stand at a step.
#[derive(Clone, Debug)]
pub struct StepCount {
    /// Step, 「認定調査待ち」.
    pub word: String,
    /// Number of applications.
    pub count: usize,
}
