//! 本人確認 by マイナンバーカード: the page that waits for the card, the first use of a card, terminals, the demo's virtual reader.

use askama::Template;

use super::start::Qr;
use super::{Choice, FieldError, Shell};

/// GET `/card/{t}`: waits for a terminal, or says what became of it.
#[derive(Clone, Debug, Template)]
#[template(path = "page/card/wait.html")]
pub struct CardWait {
    /// Surroundings.
    pub shell: Shell,
    /// The transaction.
    pub id: String,
    /// `pin` or `visual`.
    pub way: String,
    /// How it stands: `waiting`, `reading`, `failed`, `run-out`.
    pub state: &'static str,
    /// Two digits that the terminal shows, too.
    pub match_code: String,
    /// Link that opens the terminal's program, while it waits for one.
    pub link: Option<String>,
    /// The link for a second device.
    pub qr: Option<Qr>,
    /// 「あと2分10秒」.
    pub left: String,
    /// What went wrong.
    pub say: String,
    /// Key of the form that begins anew.
    pub submit_key: String,
    /// The reader administers the office.
    pub is_admin: bool,
    /// The demo's virtual reader can be used.
    pub has_virtual: bool,
}

/// GET/POST `/card/{t}` once a new card was read. Fields: `csrf`, `insurer_no`, `insured_no`, `birth`, `seen`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/card/link.html")]
pub struct CardLinkForm {
    /// Surroundings.
    pub shell: Shell,
    /// The transaction.
    pub id: String,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// 保険者番号 as typed.
    pub insurer_no: String,
    /// 被保険者番号 as typed.
    pub insured_no: String,
    /// 生年月日 as typed.
    pub birth: String,
    /// The box was ticked.
    pub seen: bool,
    /// Why nobody was found: a sentence; empty otherwise.
    pub outcome: String,
}

/// GET/POST `/card/terminals`. Fields: `csrf`, `submit_key`, `name`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/card/terminals.html")]
pub struct CardTerminals {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Name as typed.
    pub name: String,
    /// Key of the form.
    pub submit_key: String,
    /// Address of the server as the terminal's program is told.
    pub origin: String,
    /// The terminals.
    pub rows: Vec<TerminalRow>,
}

/// A terminal.
#[derive(Clone, Debug)]
pub struct TerminalRow {
    /// Identifier.
    pub id: String,
    /// What the administrator called it.
    pub name: String,
    /// Activation code while it waits for it: 「ABCD-EFGH-JKLM」.
    pub code: Option<String>,
    /// Until when the code is good.
    pub code_until: String,
    /// When it was enrolled; empty: not yet.
    pub enrolled: String,
    /// When it was last used; empty: never.
    pub used: String,
    /// When it was ended; empty: it counts.
    pub ended: String,
}

/// GET/POST `/demo/card/{t}`: a reader that is none. Fields: `csrf`, `card`, `pin`, `go_on`, `same`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/card/reader.html")]
pub struct VirtualReader {
    /// Surroundings.
    pub shell: Shell,
    /// The transaction.
    pub id: String,
    /// Wrong input.
    pub errors: Vec<FieldError>,
    /// Office and staff that ask.
    pub who: String,
    /// What for.
    pub purpose: String,
    /// Two digits that the page shows, too.
    pub match_code: String,
    /// `pin` or `visual`.
    pub way: String,
    /// The cards.
    pub cards: Vec<Choice>,
    /// PIN of every card.
    pub pin: String,
}

/// The answers to the question for the match code.
pub fn same_choices() -> Vec<Choice> {
    vec![Choice::new("yes", "同じ番号です"), Choice::new("no", "ちがう番号です")]
}
