//! お知らせ: the box, and the settings of mail.

use askama::Template;

use super::{Chip, Choice, FieldError, Paging, Shell};

/// GET `/notices`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/notices.html")]
pub struct Notices {
    /// Surroundings.
    pub shell: Shell,
    /// Topics to choose from (field `topic`), each with how many are unread.
    pub topics: Vec<Choice>,
    /// Topic that the list is narrowed to; empty: all.
    pub topic: String,
    /// Whether read ones are listed, too (field `read`, value `all`).
    pub with_read: bool,
    /// 「まだ読んでいないお知らせは3件です」.
    pub found: String,
    /// The notices, newest first.
    pub rows: Vec<NoticeRow>,
    /// The newest one of the page, up to which 「すべて」 marks (field `newest`); empty: nothing unread is shown.
    pub newest: String,
    /// Whether colleagues share the box.
    pub is_shared: bool,
    /// Where older ones are.
    pub paging: Paging,
}

/// A notice. Opening it is GET `/notices/{n}`; marking it POST `/notices/{n}/read`.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    /// Identifier, `{n}`.
    pub n: String,
    /// Topic.
    pub chip: Chip,
    /// Whom it is about: a name of one's own list, or 「利用者1名」; empty: about nobody else.
    pub whom: String,
    /// What happened.
    pub text: String,
    /// A few more words and when it was told.
    pub small: String,
    /// Whether nobody has read it.
    pub is_unread: bool,
    /// Who read it and when: 「出雲 太郎 さんが 11月22日 9:15 に確認」.
    pub read_by: String,
}

/// GET `/notices/mail`.
#[derive(Clone, Debug, Template)]
#[template(path = "page/notices_mail.html")]
pub struct MailSettings {
    /// Surroundings.
    pub shell: Shell,
    /// Wrong input; `field` is `address`, `code`, `frequency`, `topics`.
    pub errors: Vec<FieldError>,
    /// Whether mail is sent here at all.
    pub offered: bool,
    /// The address that counts; empty: none.
    pub address: String,
    /// The address was refused by its server since then; empty: it was not.
    pub refused: String,
    /// The address that waits for its code; empty: none.
    pub waiting: String,
    /// Address as typed.
    pub typed: String,
    /// How often (field `frequency`).
    pub frequencies: Vec<Choice>,
    /// About what (fields `topic-…`).
    pub topics: Vec<Choice>,
}
