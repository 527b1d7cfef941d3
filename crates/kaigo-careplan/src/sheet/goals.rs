//! 第2表: rows as printed, with the cells that the print merges given back their spans.

use super::cell::{Coded, Day, FromCell, sheet};
use crate::layout::sheet2;
use crate::table::Row;

/// A cell that spans rows of the print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// 課題ＮＯ or 援助目標ＮＯ as the file has it.
    pub no: String,
    /// The text.
    pub text: String,
    /// 期間 of a goal; free text.
    pub period: String,
    /// How many rows it spans, at least 1.
    pub rows: usize,
}

sheet! {
    /// 援助内容: one row of 第2表.
    Help = sheet2 {
        /// 援助内容ＮＯ.
        no: String = HELP_NO;
        /// サービス内容.
        help: String = HELP;
        /// 保険対象区分 (※1): empty counts as not covered in the worked example of the standard.
        covered: Coded = COVERED;
        /// サービス種別: free text.
        service: String = SERVICE;
        /// サービス事業者コード; empty for informal help.
        office_no: String = OFFICE_NO;
        /// サービス事業所名 (※2).
        office_name: String = OFFICE_NAME;
        /// 頻度.
        frequency: String = FREQUENCY;
        /// 実施期間.
        period: String = PERIOD;
    }
}

/// A row of 第2表; merged cells stand in their first row only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoalRow {
    /// 生活全般の解決すべき課題（ニーズ）.
    pub need: Option<Span>,
    /// 長期目標 with its 期間.
    pub long: Option<Span>,
    /// 短期目標 with its 期間.
    pub short: Option<Span>,
    /// 援助内容.
    pub help: Help,
}

/// 第2表 居宅サービス計画書（２） (UP2KYO).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet2 {
    /// 居宅計画書作成年月日.
    pub made_on: Day,
    /// The rows in the order of print.
    pub rows: Vec<GoalRow>,
}

/// A row with the texts of its merged cells written out, for comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullRow<'a> {
    /// 課題.
    pub need: &'a str,
    /// 長期目標.
    pub long: &'a str,
    /// 長期期間.
    pub long_period: &'a str,
    /// 短期目標.
    pub short: &'a str,
    /// 短期期間.
    pub short_period: &'a str,
    /// 援助内容.
    pub help: &'a Help,
}

impl Sheet2 {
    pub(super) fn of_rows(rows: &[Row<'_>]) -> Self {
        let mut rows: Vec<&Row<'_>> = rows.iter().collect();
        sort(&mut rows);
        let mut made = Self {
            made_on: rows.first().map(|row| Day::from_cell(row, sheet2::MADE_ON)).unwrap_or_default(),
            rows: Vec::with_capacity(rows.len()),
        };
        let mut open = Open::default();
        for row in rows {
            open.push(row, &mut made.rows);
        }
        made
    }

    /// The rows with merged cells repeated.
    pub fn full_rows(&self) -> Vec<FullRow<'_>> {
        let (mut need, mut long, mut short) = (None, None, None);
        let mut full = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            need = row.need.as_ref().or(need);
            long = row.long.as_ref().or(long);
            short = row.short.as_ref().or(short);
            let ((long, long_period), (short, short_period)) = (text(long), text(short));
            full.push(FullRow { need: text(need).0, long, long_period, short, short_period, help: &row.help });
        }
        full
    }
}

fn text(span: Option<&Span>) -> (&str, &str) {
    span.map_or(("", ""), |span| (span.text.as_str(), span.period.as_str()))
}

/// Rows come in the order of 課題ＮＯ, 援助目標ＮＯ, 援助内容ＮＯ; where all three are numbers everywhere, that order is made.
fn sort(rows: &mut [&Row<'_>]) {
    let trio = |row: &Row<'_>| -> Option<[u32; 3]> {
        let number = |column| row.text(column).parse().ok();
        Some([number(sheet2::NEED_NO)?, number(sheet2::GOAL_NO)?, number(sheet2::HELP_NO)?])
    };
    if rows.iter().all(|row| trio(row).is_some()) {
        rows.sort_by_key(|row| trio(row));
    }
}

/// Places of the spans that still grow.
#[derive(Default)]
struct Open {
    need: Option<usize>,
    long: Option<usize>,
    short: Option<usize>,
}

impl Open {
    /// An empty text or the same text again goes on with the cell above (LAYOUT 第2表); a new 課題 begins everything anew.
    fn push(&mut self, row: &Row<'_>, rows: &mut Vec<GoalRow>) {
        let cell = |no, text, period: Option<usize>| Span {
            no: row.text(no).to_owned(),
            text: row.text(text).to_owned(),
            period: period.map_or("", |column| row.text(column)).to_owned(),
            rows: 1,
        };
        let place = rows.len();
        let mut made = GoalRow { help: Help::of_row(row), ..GoalRow::default() };

        let need = cell(sheet2::NEED_NO, sheet2::NEED, None);
        let above = self.need.and_then(|at| rows.get_mut(at)?.need.as_mut());
        let is_new = take(above, &need, |above| above.no != need.no);
        if is_new {
            (self.need, self.long, self.short) = (Some(place), None, None);
            made.need = Some(need);
        }

        let long = cell(sheet2::GOAL_NO, sheet2::LONG_GOAL, Some(sheet2::LONG_PERIOD));
        let above = self.long.and_then(|at| rows.get_mut(at)?.long.as_mut());
        if take(above, &long, |_| false) {
            (self.long, self.short) = (Some(place), None);
            made.long = Some(long);
        }

        let short = cell(sheet2::GOAL_NO, sheet2::SHORT_GOAL, Some(sheet2::SHORT_PERIOD));
        let above = self.short.and_then(|at| rows.get_mut(at)?.short.as_mut());
        if take(above, &short, |above| above.no != short.no && !short.text.is_empty()) {
            self.short = Some(place);
            made.short = Some(short);
        }
        rows.push(made);
    }
}

/// Whether the cell is a new one; else the one above grows by a row.
fn take(above: Option<&mut Span>, cell: &Span, splits: impl Fn(&Span) -> bool) -> bool {
    let Some(above) = above else { return true };
    let differs = |own: &str, upper: &str| !own.is_empty() && own != upper;
    if splits(above) || differs(&cell.text, &above.text) || differs(&cell.period, &above.period) {
        return true;
    }
    above.rows += 1;
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Kind;
    use crate::table::{Writer, read};

    fn sheet(rows: &[[&str; 7]]) -> Sheet2 {
        let mut writer = Writer::new(Kind::Sheet2);
        for [need_no, need, goal_no, long, short, help_no, help] in rows {
            let mut cells =
                vec!["202407", "981019", "9900000018", "20261101", "20261101", need_no, need, goal_no, long, short];
            cells.extend(["", "", help_no, help]);
            writer.push(&cells);
        }
        let read = read(Kind::Sheet2, &writer.finish().bytes);
        Sheet2::of_rows(&read.table.rows().collect::<Vec<_>>())
    }

    fn spans(sheet: &Sheet2) -> Vec<[(String, usize); 3]> {
        let show = |span: &Option<Span>| span.as_ref().map_or((String::new(), 0), |s| (s.text.clone(), s.rows));
        sheet.rows.iter().map(|row| [show(&row.need), show(&row.long), show(&row.short)]).collect()
    }

    /// The worked example of the standard: two 短期目標 under one 援助目標ＮＯ.
    #[test]
    fn merged_cells_come_back_as_spans() {
        let rows = [
            ["1", "課題１", "1", "長期１", "短期１", "1", "サービス1"],
            ["1", "", "1", "", "", "2", "サービス2"],
            ["1", "", "1", "", "短期２", "3", "サービス3"],
            ["1", "", "2", "長期２", "短期３", "1", "サービス4"],
            ["2", "課題２", "1", "長期３", "短期４", "1", "サービス5"],
        ];
        let c = |text: &str, rows| (text.to_owned(), rows);
        let n = || (String::new(), 0);
        let want = [
            [c("課題１", 4), c("長期１", 3), c("短期１", 2)],
            [n(), n(), n()],
            [n(), n(), c("短期２", 1)],
            [n(), c("長期２", 1), c("短期３", 1)],
            [c("課題２", 1), c("長期３", 1), c("短期４", 1)],
        ];
        let printed = sheet(&rows);
        assert_eq!(spans(&printed), want);

        let mut repeated = rows;
        repeated[1] = ["1", "課題１", "1", "長期１", "短期１", "2", "サービス2"];
        repeated[2] = ["1", "課題１", "1", "長期１", "短期２", "3", "サービス3"];
        repeated[3][1] = "課題１";
        assert_eq!(spans(&sheet(&repeated)), want, "repeated texts are the same print");

        let mut turned = rows;
        turned.reverse();
        assert_eq!(spans(&sheet(&turned)), want, "the numbers give the order");
        assert_eq!(printed.full_rows()[1].short, "短期１");
    }

    #[test]
    fn without_numbers_the_order_of_the_file_stays() {
        let made =
            sheet(&[["", "乙", "", "", "", "", "a"], ["", "", "", "", "", "", "b"], ["", "甲", "", "", "", "", "c"]]);
        let needs: Vec<_> = made.rows.iter().map(|row| row.need.as_ref().map(|s| (s.text.as_str(), s.rows))).collect();
        assert_eq!(needs, [Some(("乙", 2)), None, Some(("甲", 1))]);
    }
}
