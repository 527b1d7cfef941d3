//! Pages for what cannot be done: what happened, what to do, the way back.

use askama::Template;
use kaigo_core::policy::Refusal;

use super::{Absence, Shell};

/// An error page; the status is set by the handler.
#[derive(Clone, Debug, Template)]
#[template(path = "page/error.html")]
pub struct ErrorPage {
    /// Surroundings.
    pub shell: Shell,
    /// What happened.
    pub kind: ErrorKind,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum ErrorKind {
    /// 403: visible, but a rule forbids it.
    Forbidden {
        /// Which rule, in the look of its reason.
        absence: Absence,
    },
    /// 404: not there, or not for this reader; the two look the same.
    NotFound,
    /// 422 without a form to show again.
    Invalid {
        /// 何が + どうすれば.
        say: String,
    },
    /// 429.
    TooMany {
        /// How long to wait: 「12分」.
        wait: String,
    },
    /// 500.
    Internal {
        /// To name at the help desk.
        request_id: String,
    },
    /// 503: busy or in maintenance.
    Busy,
    /// The session ended, or the form's `csrf` did not fit.
    SessionExpired {
        /// Page to return to after login; local path or empty.
        next: String,
    },
}

impl ErrorPage {
    /// Whether it is the certificate of the terminal that is missing: then the way to one is shown.
    pub fn needs_certificate(&self) -> bool {
        let ErrorKind::Forbidden { absence: Absence::NotShared { rule, .. } } = &self.kind else { return false };
        rule == Refusal::NoCertificate.code()
    }
}

impl ErrorKind {
    /// The heading.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Forbidden { .. } => "この内容は見られません",
            Self::NotFound => "ページが見つかりません",
            Self::Invalid { .. } => "受け付けられませんでした",
            Self::TooMany { .. } => "しばらく待ってください",
            Self::Internal { .. } => "うまく動きませんでした",
            Self::Busy => "ただいま混み合っています",
            Self::SessionExpired { .. } => "ログインしなおしてください",
        }
    }
}
