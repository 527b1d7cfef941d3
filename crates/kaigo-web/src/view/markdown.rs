//! A text of the operator in pieces, for `part/markdown.html`.

/// An element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A paragraph.
    Paragraph,
    /// A heading of this level; 0: a bold paragraph.
    Heading(u8),
    /// A list.
    List,
    /// A numbered list.
    Ordered,
    /// A line of a list.
    Item,
    /// What somebody else said.
    Quote,
    /// Lines as they stand.
    Block,
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// Struck out.
    Struck,
    /// A table.
    Table,
    /// Its head.
    Head,
    /// A cell of its head.
    HeadCell,
    /// A row of its body.
    Row,
    /// A cell of its body.
    Cell,
}

/// A piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// A word of a program.
    Code(String),
    /// The line ends here.
    Break,
    /// A rule across the page.
    Rule,
    /// An element begins.
    Open(Mark),
    /// An element ends.
    Close(Mark),
    /// A link begins.
    Link {
        /// Where; judged.
        href: String,
        /// It leads to another site.
        outside: bool,
    },
    /// A link ends.
    LinkEnd {
        /// It leads to another site.
        outside: bool,
    },
}
