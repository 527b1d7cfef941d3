//! What a use case answers when it cannot do what was asked: each variant is what the caller can do next.

use kaigo_core::policy::Refusal;
use kaigo_store::db;

/// Why a use case did not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// There is nothing there, or nothing that the caller may know of.
    NotFound,
    /// The policy says no, and the caller may know why.
    Forbidden(Refusal),
    /// What was typed does not fit: mend it and try again.
    Invalid(Vec<Wrong>),
    /// Something else happened first: look again. The sentence tells what.
    Conflict(String),
    /// Too many tries: wait this many minutes.
    TooMany {
        /// Minutes until the next try.
        minutes: i64,
    },
    /// Log in first, or again.
    LoginNeeded,
    /// The system is overloaded or restarting: try again in a moment.
    Busy,
    /// A defect or a damage; the text is for the operator, not for the user.
    Internal(String),
}

/// One field that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Name of the field in the form or command.
    pub field: &'static str,
    /// Stable code, listed in docs/errors.md.
    pub code: &'static str,
    /// What is wrong and how to mend it, Japanese.
    pub say: String,
}

impl Error {
    /// Stable code, listed in docs/errors.md.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden(refusal) => refusal.code(),
            Self::Invalid(_) => "invalid",
            Self::Conflict(_) => "conflict",
            Self::TooMany { .. } => "too-many-tries",
            Self::LoginNeeded => "login-needed",
            Self::Busy => "busy",
            Self::Internal(_) => "internal",
        }
    }

    /// What the user reads, Japanese.
    pub fn say(&self) -> String {
        match self {
            Self::NotFound => "お探しのページや方は見つかりません。".to_owned(),
            Self::Forbidden(refusal) => refusal.say(),
            Self::Invalid(wrong) => wrong.iter().map(|w| w.say.as_str()).collect::<Vec<_>>().join("\n"),
            Self::Conflict(say) => say.clone(),
            Self::TooMany { minutes } => {
                format!(
                    "まちがいが続いたため、いまは受け付けられません。{minutes}分たってから、もう一度お試しください。"
                )
            }
            Self::LoginNeeded => "ログインしてください。".to_owned(),
            Self::Busy => "いま混み合っています。少し待ってから、もう一度お試しください。".to_owned(),
            Self::Internal(_) => {
                "システムの不具合で、表示できませんでした。入力した内容は保存されていません。".to_owned()
            }
        }
    }

    /// One of each, for the list of errors.
    pub fn samples() -> Vec<Self> {
        vec![
            Self::NotFound,
            Self::Conflict("ほかの操作が先に行われました。画面を開きなおして確かめてください。".to_owned()),
            Self::TooMany { minutes: 15 },
            Self::LoginNeeded,
            Self::Busy,
            Self::Internal(String::new()),
        ]
    }
}

impl From<db::Error> for Error {
    fn from(e: db::Error) -> Self {
        match e {
            db::Error::Conflict(_) => {
                Self::Conflict("ほかの操作が先に行われました。画面を開きなおして確かめてください。".to_owned())
            }
            db::Error::Busy(_) => Self::Busy,
            db::Error::Broken(text) => Self::Internal(text),
            db::Error::NotCovered => Self::Internal("the grant does not cover this".to_owned()),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        if refusal.is_visible() { Self::Forbidden(refusal) } else { Self::NotFound }
    }
}
