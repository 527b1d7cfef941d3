//! Writing CSV lines (RFC 4180).

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// How a line ends.
    pub ending: Ending,
    /// Guard cells that a spreadsheet would run as a formula (`=`, `+`, `-`, `@` …) with a leading apostrophe. For files
    /// that people open; never for files that programs read back.
    pub guard_formulas: bool,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Line feed.
    Lf,
    /// Carriage return and line feed, as the national files have it.
    CrLf,
}

/// Appends one line; cells are quoted where they must be.
pub fn csv_line<C: AsRef<str>>(out: &mut String, cells: impl IntoIterator<Item = C>, style: Style) {
    let start = out.len();
    let mut first = true;
    for cell in cells {
        if !first {
            out.push(',');
        }
        first = false;
        let cell = cell.as_ref();
        let guard = if style.guard_formulas && runs_as_formula(cell) { "'" } else { "" };
        if cell.contains(['"', ',', '\r', '\n']) || cell.starts_with('\u{FEFF}') || cell.trim().len() != cell.len() {
            out.push('"');
            out.push_str(guard);
            for (i, part) in cell.split('"').enumerate() {
                if i > 0 {
                    out.push_str("\"\"");
                }
                out.push_str(part);
            }
            out.push('"');
        } else {
            out.push_str(guard);
            out.push_str(cell);
        }
    }
    if out.len() == start && !first {
        out.push_str("\"\"");
    }
    out.push_str(match style.ending {
        Ending::Lf => "\n",
        Ending::CrLf => "\r\n",
    });
}

/// Whether a spreadsheet would take the cell for a formula; a plain negative number is none.
fn runs_as_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) && cell.parse::<i64>().is_err()
}
