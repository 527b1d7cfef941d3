//! 相手の事業所: who takes part, and how to reach those who do not yet.

use askama::Template;

use super::{Frame, Partner};
use crate::view::{Chip, Choice, Paging, Shell};

/// GET `/exchange/partners`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/exchange/partners.html")]
pub struct Partners {
    /// Surroundings.
    pub shell: Shell,
    /// Tabs.
    pub frame: Frame,
    /// Name, kana, telephone, city or number as typed (field `q`).
    pub q: String,
    /// Kinds of service to choose from (field `service`).
    pub services: Vec<Choice>,
    /// Who is listed (field `only`): everybody, members, favourites.
    pub only: Vec<Choice>,
    /// 「12事業所」.
    pub found: String,
    /// The offices.
    pub rows: Vec<PartnerRow>,
    /// Where the others are.
    pub paging: Paging,
}

/// One office of the directory.
#[derive(Clone, Debug)]
pub struct PartnerRow {
    /// The office.
    pub partner: Partner,
    /// フリガナ.
    pub kana: String,
    /// 市町村.
    pub city: String,
    /// Kinds of service, in one line.
    pub services: String,
    /// 連携できます or まだ登録がありません.
    pub chip: Chip,
    /// When it was last active; may be empty.
    pub active: String,
    /// 先月やりとりあり; may be absent.
    pub recent: Option<Chip>,
    /// Whether it is a favourite.
    pub is_favourite: bool,
    /// Whether it takes part in the exchange.
    pub is_member: bool,
}
