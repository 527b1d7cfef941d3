//! 認定: the running application, the certification that holds, earlier ones.

use askama::Template;

use super::person::PersonFrame;
use super::{Absence, Chip, Fact, Shell};

/// GET `/people/{c}/certification`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/certification.html")]
pub struct Certification {
    /// Surroundings.
    pub shell: Shell,
    /// Whose.
    pub person: PersonFrame,
    /// Why the progress is not shown.
    pub absence: Option<Absence>,
    /// What changed of the running application since the office last looked, a line each.
    pub changes: Vec<String>,
    /// When that was: 「11月20日 9:15」; empty without changes.
    pub since: String,
    /// Steps that take longer than usual, a sentence each.
    pub slow: Vec<String>,
    /// The running application, or the last one until its result was seen.
    pub pending: Option<Progress>,
    /// Lines of the certification that holds; empty = no certification.
    pub current: Vec<Fact>,
    /// Lines of a decided certification that begins later.
    pub coming: Vec<Fact>,
    /// Earlier certifications, newest first.
    pub past: Vec<PastCertification>,
}

/// How far an application is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// 「更新申請の進み具合」.
    pub title: String,
    /// Days and delay in one line: 「申請から 51日目」; may be empty.
    pub say: String,
    /// 遅れています and the like.
    pub chip: Option<Chip>,
    /// Steps in order.
    pub steps: Vec<Step>,
    /// Whom to ask at the insurer: 「益田市 介護保険課 00-0000-0000」; may be empty.
    pub contact: String,
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it stands.
    pub state: StepState,
    /// 「認定調査が終わりました」.
    pub title: String,
    /// Dates; may be empty.
    pub when: String,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Finished.
    Done,
    /// Waiting for this one.
    Now,
    /// Later.
    Next,
    /// The procedure ended here (取下げ, 却下, 資格喪失).
    Stopped,
}

impl StepState {
    /// Value of `data-state`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Next => "next",
            Self::Stopped => "stopped",
        }
    }

    /// Word for it, so that the shape is not the only sign.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "済み",
            Self::Now => "いまここ",
            Self::Next => "これから",
            Self::Stopped => "終わり",
        }
    }
}

/// An earlier certification.
#[derive(Clone, Debug)]
pub struct PastCertification {
    /// Valid period.
    pub period: String,
    /// 要介護状態区分.
    pub level: String,
    /// 認定年月日.
    pub decided_on: String,
    /// 申請区分: 新規, 更新, 区分変更.
    pub kind: String,
}
