//! 市町村の対応状況: who publishes what of which municipality; where an insurer works on this installation, its own first day counts.

use std::collections::BTreeMap;
use std::io::Cursor;

use kaigo_core::area::{self, Municipality};
use kaigo_core::date::Date;
use kaigo_core::policy::{Act, Caller, Item, Purpose, Refusal, decide_act};
use kaigo_core::readiness::{BadReadiness, Count, Origin, Readiness, State, Typed, has_started, items, read};
use kaigo_interchange::row::RowBuf;
use kaigo_interchange::table::{Format, TableReader};
use kaigo_store::db::Tx;
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::readiness::{self as store, By, Published};

use crate::{App, Ctx, Error, Wrong};

/// Columns of the file, in English and in Japanese.
pub const COLUMNS: [(&str, &str); 5] = [
    ("code", "市町村コード"),
    ("state", "対応状況"),
    ("starts_on", "開始日"),
    ("items", "共有する項目"),
    ("note", "備考"),
];
/// Bytes of a file.
pub const FILE_BYTES: usize = 1 << 20;
/// Findings that a page lists.
const FINDINGS: usize = 100;

/// One municipality with what is published of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 全国地方公共団体コード.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kana.
    pub name_kana: String,
    /// Name of the prefecture; empty for a fictional one.
    pub prefecture: String,
    /// State; undecided where nothing is published.
    pub state: State,
    /// First day.
    pub starts_on: Option<Date>,
    /// Items that are on, or will be.
    pub items: Vec<Item>,
    /// A sentence for readers.
    pub note: String,
    /// Who said so; none: nothing is published.
    pub origin: Option<Origin>,
    /// When (instant as text); empty where the installation's own setting counts.
    pub at: String,
}

impl Line {
    /// The two digits of its prefecture.
    pub fn area(&self) -> &str {
        self.code.get(..2).unwrap_or_default()
    }

    /// Whether it has started.
    pub fn has_started(&self, day: Date) -> bool {
        has_started(self.state, self.starts_on, day)
    }
}

/// Every municipality.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    /// By code; fictional ones of a demo last.
    pub lines: Vec<Line>,
    /// When something was published last (instant as text); may be empty.
    pub changed_at: String,
}

impl Board {
    /// Whether some lines are an example's.
    pub fn has_examples(&self) -> bool {
        self.lines.iter().any(|line| line.origin == Some(Origin::Example))
    }

    /// Counts of the country and of each prefecture, by its two digits.
    pub fn counts(&self, day: Date) -> (Count, BTreeMap<String, Count>) {
        let (mut all, mut by_area) = (Count::default(), BTreeMap::<String, Count>::new());
        for line in &self.lines {
            by_area.entry(line.area().to_owned()).or_default().add(line.state, line.starts_on, day);
            // What a demo made up is no municipality of the country.
            if !line.prefecture.is_empty() {
                all.add(line.state, line.starts_on, day);
            }
        }
        (all, by_area)
    }

    /// Lines that fit what somebody typed: name, kana, code.
    pub fn find<'a>(&'a self, typed: &str) -> Vec<&'a Line> {
        let digits = kaigo_core::text::halfwidth(typed);
        let is_code = digits.len() >= 2 && digits.bytes().all(|b| b.is_ascii_digit());
        let fits = |line: &&Line| {
            if is_code {
                line.code.starts_with(&*digits)
            } else {
                area::fits(&format!("{}{}", line.prefecture, line.name), &line.name_kana, typed)
            }
        };
        if typed.trim().is_empty() { Vec::new() } else { self.lines.iter().filter(fits).collect() }
    }
}

/// An insurer that works here, with the day from which it shares.
struct Own {
    insurer: Insurer,
    later: Vec<(Item, Date)>,
}

/// The insurers of this installation that have a first day, by the code of their municipality.
fn own(tx: &mut Tx<'_>, today: Date) -> Result<BTreeMap<String, Own>, Error> {
    let starts = store::item_starts(tx, today)?;
    let mut all = BTreeMap::new();
    for insurer in insurer::list(tx)? {
        let Some(code) = insurer.municipality_code.clone() else { continue };
        let of = |(no, code, value): &(String, String, String)| {
            if no != insurer.insurer_no.as_str() {
                return None;
            }
            Some((Item::parse(code.strip_prefix("start/")?).ok()?, value.parse().ok()?))
        };
        let later = starts.iter().filter_map(of).collect();
        all.insert(code, Own { insurer, later });
    }
    Ok(all)
}

fn line(m: (&str, &str, &str, &str), published: Option<&Published>, own: Option<&Own>, today: Date) -> Line {
    let (code, name, name_kana, prefecture) = m;
    let mut line = Line {
        code: code.to_owned(),
        name: name.to_owned(),
        name_kana: name_kana.to_owned(),
        prefecture: prefecture.to_owned(),
        state: State::Undecided,
        starts_on: None,
        items: Vec::new(),
        note: String::new(),
        origin: None,
        at: String::new(),
    };
    if let Some(Published { readiness: r, at, .. }) = published {
        line.state = r.state;
        line.starts_on = r.starts_on;
        line.items.clone_from(&r.items);
        line.note.clone_from(&r.note);
        line.origin = Some(r.origin);
        line.at.clone_from(at);
    }
    if let Some((own, started_on)) = own.and_then(|own| own.insurer.started_on.map(|on| (own, on))) {
        let day = started_on.max(today);
        line.state = State::Dated;
        line.starts_on = Some(started_on);
        line.items = items().filter(|item| own.later.iter().all(|(later, on)| later != item || *on <= day)).collect();
        line.origin = Some(Origin::Setting);
    }
    line
}

/// Every municipality with what is published of it.
pub async fn board(app: &App, ctx: &Ctx) -> Result<Board, Error> {
    let today = ctx.today;
    app.db
        .read(move |tx| {
            let published: BTreeMap<String, Published> =
                store::all(tx)?.into_iter().map(|p| (p.readiness.code.clone(), p)).collect();
            let own = own(tx, today)?;
            let of = |m: &Municipality| {
                line((m.code, m.name, m.name_kana, m.prefecture), published.get(m.code), own.get(m.code), today)
            };
            let mut lines: Vec<Line> = area::municipalities().iter().map(of).collect();
            let fictional = own.iter().filter(|(code, _)| area::municipality(code).is_none());
            lines.extend(fictional.map(|(code, own)| {
                let names = (code.as_str(), own.insurer.name.as_str(), own.insurer.name_kana.as_str(), "");
                line(names, published.get(code), Some(own), today)
            }));
            Ok(Board { lines, changed_at: store::last_change(tx)? })
        })
        .await
}

/// What was published of one municipality, the newest first.
pub async fn history(app: &App, code: &str) -> Result<Vec<Published>, Error> {
    let code = code.to_owned();
    app.db.read(move |tx| store::changes(tx, &code, 100).map_err(Error::from)).await
}

/// What an insurer's own page shows.
#[derive(Clone, Debug)]
pub struct OwnPage {
    /// The insurer.
    pub insurer: Insurer,
    /// What was published of its municipality, the newest first.
    pub history: Vec<Published>,
    /// What is published now.
    pub published: Option<Published>,
    /// Whether the caller may publish.
    pub may_publish: bool,
}

/// The municipality of the caller's insurer.
///
/// # Errors
/// [`Error::NotFound`] for anybody but an insurer's staff.
pub async fn own_page(app: &App, caller: &Caller) -> Result<OwnPage, Error> {
    decide_act(caller, Act::ListInsured)?;
    let Caller::Insurer(staff) = caller else { return Err(Error::NotFound) };
    let (insurer_no, may_publish) = (staff.insurer_no, decide_act(caller, Act::SetRules).is_ok());
    app.db
        .read(move |tx| {
            let insurer = insurer::find(tx, insurer_no)?.ok_or(Error::NotFound)?;
            let code = insurer.municipality_code.clone().unwrap_or_default();
            let (history, published) = (store::changes(tx, &code, 100)?, store::one(tx, &code)?);
            Ok(OwnPage { insurer, history, published, may_publish })
        })
        .await
}

fn by(ctx: &Ctx, caller: &Caller, submit_key: &str) -> By {
    By {
        change_id: ctx.ids.timed(ctx.now),
        at: ctx.instant(),
        name: crate::run::entry(ctx, caller, ("", ""), "", Purpose::Operation).account_name,
        account_id: caller.account_id().to_owned(),
        submit_key: if submit_key.is_empty() { ctx.ids.id() } else { submit_key.to_owned() },
    }
}

fn invalid(bad: &[BadReadiness]) -> Error {
    Error::Invalid(bad.iter().map(|b| Wrong { field: b.field(), code: b.code(), say: b.say() }).collect())
}

/// Publishes the state of the municipality of the caller's insurer.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers the insurer; [`Error::Invalid`] for what was typed; [`Error::Conflict`] if the
/// insurer is no single municipality.
pub async fn publish_own(app: &App, ctx: &Ctx, caller: &Caller, typed: &Typed, submit_key: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::SetRules)?;
    let page = own_page(app, caller).await?;
    let Some(code) = page.insurer.municipality_code else {
        let say =
            "広域連合などには、市町村コードがありません。構成する市町村の状況は、運営に知らせてください。".to_owned();
        return Err(Error::Conflict(say));
    };
    let typed = Typed { code: code.clone(), ..typed.clone() };
    let readiness = read(&typed, Origin::Insurer, &|known| known == code).map_err(|bad| invalid(&bad))?;
    let by = by(ctx, caller, submit_key);
    app.db.write(move |tx| store::put(tx, &grant, &readiness, &by).map(drop).map_err(Error::from)).await
}

/// Publishes the state of any municipality: the operator's desk.
///
/// # Errors
/// [`Error::Invalid`] for what was typed.
pub async fn publish(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    typed: &Typed,
    submit_key: &str,
) -> Result<Readiness, Error> {
    let grant = decide_act(caller, Act::ManageContent)?;
    let (typed, by, today) = (typed.clone(), by(ctx, caller, submit_key), ctx.today);
    app.db
        .write(move |tx| {
            let known = own(tx, today)?;
            let readiness =
                read(&typed, Origin::Operator, &|code| known.contains_key(code)).map_err(|bad| invalid(&bad))?;
            store::put(tx, &grant, &readiness, &by)?;
            Ok(readiness)
        })
        .await
}

/// What an import found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows read.
    pub rows: usize,
    /// Municipalities whose state changes.
    pub changed: usize,
    /// Municipalities whose state is the same.
    pub same: usize,
    /// What is wrong; nothing is taken then.
    pub findings: Vec<FileFinding>,
    /// How many findings there are that the list does not hold.
    pub more: usize,
}

/// Something wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFinding {
    /// Row as a spreadsheet shows it; 0: the file.
    pub row: u64,
    /// Heading of the column; empty: the row.
    pub column: String,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong and how to mend it.
    pub say: String,
}

/// Reads a file of states, and publishes what changes, all or nothing. The same file again changes nothing.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but the operator's desk. What is wrong with the file is in the report.
pub async fn import(app: &App, ctx: &Ctx, caller: &Caller, bytes: Vec<u8>, dry_run: bool) -> Result<Report, Error> {
    let grant = decide_act(caller, Act::ManageContent)?;
    let (by, today) = (by(ctx, caller, ""), ctx.today);
    app.db
        .write(move |tx| {
            let known = own(tx, today)?;
            let mut report = Report::default();
            let rows = read_file(&bytes, &|code| known.contains_key(code), &mut report);
            if !report.findings.is_empty() {
                return Ok(report);
            }
            let before: BTreeMap<String, Readiness> =
                store::all(tx)?.into_iter().map(|p| (p.readiness.code.clone(), p.readiness)).collect();
            for readiness in rows {
                let is_same = before.get(&readiness.code).is_some_and(|b| {
                    (b.state, b.starts_on, &b.items, &b.note)
                        == (readiness.state, readiness.starts_on, &readiness.items, &readiness.note)
                });
                if is_same {
                    report.same += 1;
                    continue;
                }
                report.changed += 1;
                if !dry_run {
                    store::put(tx, &grant, &readiness, &by)?;
                }
            }
            Ok::<_, Error>(report)
        })
        .await
}

fn read_file(bytes: &[u8], known: &dyn Fn(&str) -> bool, report: &mut Report) -> Vec<Readiness> {
    let say = |report: &mut Report, finding: FileFinding| {
        if report.findings.len() < FINDINGS { report.findings.push(finding) } else { report.more += 1 }
    };
    let whole = |row, code, text: String| FileFinding { row, column: String::new(), code, say: text };
    let Ok(mut reader) = TableReader::open(Cursor::new(bytes), Format::Csv) else {
        let text = "CSVとして読めません。見出しの行がある、UTF-8かシフトJISのCSVにしてください。".to_owned();
        say(report, whole(0, "readiness-file", text));
        return Vec::new();
    };
    let header = reader.header().to_vec();
    let places = COLUMNS.map(|(en, ja)| header.iter().position(|name| name == en || name == ja));
    for ((_, ja), place) in COLUMNS.iter().zip(places).take(2) {
        if place.is_none() {
            say(report, whole(1, "readiness-column", format!("「{ja}」の列がありません。見出しを確かめてください。")));
        }
    }
    let mut rows: Vec<Readiness> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut row = RowBuf::default();
    while report.findings.is_empty() || report.rows > 0 {
        match reader.next_row(&mut row) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                say(report, whole(row.number(), "readiness-file", "この行から先が読めません。".to_owned()));
                break;
            }
        }
        report.rows += 1;
        if let Some(problem) = row.problems().first() {
            say(report, whole(row.number(), problem.code(), format!("{}{}", problem.say(), problem.mend())));
            continue;
        }
        let cell =
            |n: usize| places.get(n).copied().flatten().and_then(|at| row.cell(at)).unwrap_or_default().to_owned();
        let typed = Typed { code: cell(0), state: cell(1), starts_on: cell(2), items: cell(3), note: cell(4) };
        match read(&typed, Origin::Operator, known) {
            Ok(one) if seen.insert(one.code.clone()) => rows.push(one),
            Ok(_) => say(
                report,
                whole(row.number(), "readiness-twice", "同じ市町村が2回出ています。1行にしてください。".to_owned()),
            ),
            Err(bad) => {
                for bad in bad {
                    let ja = COLUMNS.iter().find(|(en, _)| *en == bad.field()).map_or("", |(_, ja)| ja);
                    say(
                        report,
                        FileFinding { row: row.number(), column: ja.to_owned(), code: bad.code(), say: bad.say() },
                    );
                }
            }
        }
    }
    if report.rows == 0 && report.findings.is_empty() {
        say(report, whole(0, "readiness-empty", "行がありません。市町村ごとに1行ずつ入れてください。".to_owned()));
    }
    rows
}

/// Fills an empty list with example data: for the demo only.
pub async fn fill_examples(app: &App, ctx: &Ctx, rows: Vec<Readiness>) -> Result<(), Error> {
    let grant = decide_act(&Caller::Operator, Act::Operate).map_err(|_| Error::from(Refusal::NotAllowed))?;
    let by = By {
        change_id: ctx.ids.timed(ctx.now),
        at: ctx.instant(),
        name: "例（架空のデータ）".to_owned(),
        account_id: String::new(),
        submit_key: ctx.ids.id(),
    };
    app.db.write(move |tx| store::fill(tx, &grant, &rows, &by).map_err(Error::from)).await
}
