//! The list of issued logins (電子請求ログイン情報): read row by row, provisional passwords kept as digests only.

use std::io::Cursor;

use kaigo_core::claim_id::ClaimId;
use kaigo_core::date::{Date, add_days, parse_date};
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, ActGrant, Caller, decide_act};
use kaigo_core::text::Text;
use kaigo_interchange::problem::Error as TableError;
use kaigo_interchange::row::RowBuf;
use kaigo_interchange::table::{Format, TableReader};
use kaigo_store::registration::{self, Claim};

use crate::{App, Ctx, Error, support};

/// The columns: name, and the same in Japanese.
const COLUMNS: [(&str, &str); 5] = [
    ("claim_id", "電子請求受付システムID"),
    ("password", "仮パスワード"),
    ("office_no", "事業所番号"),
    ("office_name", "事業所名"),
    ("valid_until", "有効期限"),
];
/// Days for which a provisional password is good where the list names no day. Our own rule.
const VALID_DAYS: i32 = 180;
/// Findings that are kept; more are counted.
const MOST_FINDINGS: usize = 200;

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedFinding {
    /// Line of the file, from 1.
    pub row: u64,
    /// Column, Japanese.
    pub column: &'static str,
    /// What is wrong.
    pub say: String,
    /// What to do.
    pub mend: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuedReport {
    /// Rows read.
    pub rows: u64,
    /// Logins added or given a new provisional password.
    pub taken: u64,
    /// Logins that were used already and stay as they are.
    pub used: u64,
    /// Rows left out because of a finding.
    pub bad: u64,
    /// What was found, the first ones.
    pub findings: Vec<IssuedFinding>,
}

impl IssuedReport {
    fn find(&mut self, row: u64, column: &'static str, say: impl Into<String>, mend: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(IssuedFinding { row, column, say: say.into(), mend: mend.into() });
        }
    }
}

/// A row that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Login.
    pub claim_id: ClaimId,
    /// Provisional password: in memory only.
    pub password: String,
    /// Office.
    pub office_no: OfficeNo,
    /// Its name on the list.
    pub office_name: String,
    /// Last day of the provisional password.
    pub valid_until: Date,
}

/// Takes a list: CSV in UTF-8 or MS932 with the columns of `COLUMNS` (有効期限 may be empty). A row with a finding is left out.
///
/// # Errors
/// [`Error::Forbidden`] for who is not the operator. A file that cannot be read at all is a finding.
pub async fn issue(app: &App, ctx: &Ctx, caller: &Caller, bytes: &[u8], dry_run: bool) -> Result<IssuedReport, Error> {
    let grant = match decide_act(caller, Act::ManageOffices) {
        Ok(grant) => grant,
        Err(_) => decide_act(caller, Act::Operate)?,
    };
    let mut report = IssuedReport::default();
    let rows = read(bytes, ctx.today, &mut report);
    if dry_run {
        report.taken = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        return Ok(report);
    }
    let by = match caller {
        Caller::OperatorStaff(s) => s.name.clone(),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::Supporter(_) => "運営".to_owned(),
    };
    for issued in rows {
        let claim = Claim {
            claim_id: issued.claim_id.as_str().to_owned(),
            office_no: issued.office_no,
            office_name: issued.office_name,
            password_hash: app.passwords.hash(&issued.password, ctx.ids.bytes()).await?,
            state: "issued".to_owned(),
            valid_until: issued.valid_until.to_string(),
            issued_at: ctx.instant(),
            issued_by: by.clone(),
            used_at: None,
            account_id: None,
        };
        if put(app, grant.clone(), claim).await? {
            report.taken += 1;
        } else {
            report.used += 1;
        }
    }
    let (ctx, caller, detail) = (ctx.clone(), caller.clone(), format!("{}件", report.taken));
    app.db
        .write(move |tx| {
            support::desk_log(tx, &ctx, &caller, ("import-office-ids", "電子請求受付システムのID", &detail))
        })
        .await?;
    Ok(report)
}

async fn put(app: &App, grant: ActGrant, claim: Claim) -> Result<bool, Error> {
    app.db.write(move |tx| registration::put_claim(tx, &grant, &claim).map_err(Error::from)).await
}

/// Reads the rows that can be taken; the others are findings.
fn read(bytes: &[u8], today: Date, report: &mut IssuedReport) -> Vec<Issued> {
    let mut table = match TableReader::open(Cursor::new(bytes), Format::Csv) {
        Ok(table) => table,
        Err(error) => {
            broken(&error, report);
            return Vec::new();
        }
    };
    let fits = |(got, (name, ja)): (&String, &(&str, &str))| got == name || got == ja;
    let header = table.header();
    if header.len() != COLUMNS.len() || !header.iter().zip(&COLUMNS).all(fits) {
        let names: Vec<&str> = COLUMNS.iter().map(|(_, ja)| *ja).collect();
        let say = "見出しがちがいます。";
        report.find(1, "見出し", say, format!("1行めを「{}」にしてください。", names.join(",")));
        return Vec::new();
    }
    let mut rows: Vec<Issued> = Vec::new();
    let mut row = RowBuf::default();
    loop {
        match table.next_row(&mut row) {
            Ok(true) => {}
            Ok(false) => return rows,
            Err(error) => {
                broken(&error, report);
                return rows;
            }
        }
        report.rows += 1;
        let no = row.number();
        match one(&row, no, today, report) {
            Some(issued) if rows.iter().any(|r| r.claim_id == issued.claim_id) => {
                report.bad += 1;
                report.find(no, COLUMNS[0].1, "同じIDの行が、前にもあります。", "重なった行を消してください。");
            }
            Some(issued) => rows.push(issued),
            None => report.bad += 1,
        }
    }
}

fn broken(error: &TableError, report: &mut IssuedReport) {
    let (row, say) = match error {
        TableError::Io(_) => (1, "ファイルを読めません。".to_owned()),
        TableError::Bad(problem) => (problem.at.row, problem.say()),
    };
    report.bad += 1;
    report.find(row, "ファイル", say, "CSV（UTF-8 か Shift_JIS）で保存しなおしてください。");
}

fn one(row: &RowBuf, no: u64, today: Date, report: &mut IssuedReport) -> Option<Issued> {
    let cell = |n: usize| row.cell(n).unwrap_or_default().trim();
    let claim_id = ClaimId::parse(cell(0));
    if claim_id.is_err() {
        report.find(no, COLUMNS[0].1, "IDは、KJ と12けたの数字です。", "通知書のとおりに直してください。");
    }
    let password = cell(1).to_owned();
    if password.chars().count() < 6 {
        report.find(no, COLUMNS[1].1, "仮パスワードが6文字より短いです。", "6文字以上の仮パスワードにしてください。");
    }
    let office_no = OfficeNo::parse(cell(2)).ok().filter(OfficeNo::check);
    if office_no.is_none() {
        report.find(
            no,
            COLUMNS[2].1,
            "事業所番号が正しくありません（10けた・検証番号）。",
            "指定通知書の番号に直してください。",
        );
    }
    let office_name = Text::<100>::parse(cell(3)).ok().filter(|name| !name.is_empty());
    if office_name.is_none() {
        report.find(no, COLUMNS[3].1, "事業所名がないか、100文字をこえています。", "事業所名を入れてください。");
    }
    let valid_until = if cell(4).is_empty() { Some(add_days(today, VALID_DAYS)) } else { parse_date(cell(4)) };
    if valid_until.is_none() {
        report.find(
            no,
            COLUMNS[4].1,
            "有効期限が日付ではありません。",
            "2027-03-31 のように書くか、空にしてください。",
        );
    }
    let password = (password.chars().count() >= 6).then_some(password);
    Some(Issued {
        claim_id: claim_id.ok()?,
        password: password?,
        office_no: office_no?,
        office_name: office_name?.to_string(),
        valid_until: valid_until?,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_list_is_read_row_by_row() {
        let today = date(2026, 11, 22);
        let good = OfficeNo::from_body(*b"987010001");
        let text = format!(
            "電子請求受付システムID,仮パスワード,事業所番号,事業所名,有効期限\r\n\
             KJ000000000001,kari-1234,{good},みなと,2027-03-31\r\n\
             KJ123456789018,kari-1234,{good},みなと,\r\n\
             KJ1,kari,12,,いつか\r\n\
             kj000000000001,kari-9999,{good},みなと,\r\n"
        );
        let mut report = IssuedReport::default();
        let rows = read(text.as_bytes(), today, &mut report);
        assert_eq!(rows.len(), 2, "twelve digits that could be something else are an ID all the same: {report:?}");
        assert_eq!(rows[0].valid_until, date(2027, 3, 31));
        assert_eq!((report.rows, report.bad), (4, 2));
        let columns: Vec<(u64, &str)> = report.findings.iter().map(|f| (f.row, f.column)).collect();
        let third =
            [(4, "電子請求受付システムID"), (4, "仮パスワード"), (4, "事業所番号"), (4, "事業所名"), (4, "有効期限")];
        assert_eq!(columns[..5], third);
        assert_eq!(columns[5], (5, "電子請求受付システムID"));
    }

    #[test]
    fn another_header_takes_nothing() {
        let mut report = IssuedReport::default();
        assert!(read(b"a,b\r\n1,2\r\n", date(2026, 11, 22), &mut report).is_empty());
        assert_eq!(report.findings.len(), 1);
    }
}
