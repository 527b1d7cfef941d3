//! What one insurer (保険者) sets for itself: first days of sharing, cells of the sharing table, deadlines, thresholds.
//!
//! Municipalities differ in these, and the differences are what offices ask about on the telephone. So each is a dated value
//! with a source, set by the insurer's administrators and shown wherever it matters. What the national table closes stays
//! closed, and where it asks for consent, consent stays needed: see [`may_set`].

pub mod switch;

use core::fmt::Write as _;

use jiff::civil::date;

use self::switch::Switch;
use super::filing::FilingDeadline;
use super::{Dated, at};
use crate::date::{Date, parse_date, seireki};
use crate::id::holds_individual_number;
use crate::policy::{Cell, Item, JobType, Matrix, Reader};
use crate::progress::StepKind;
use crate::rule::charge::GRACE;
use crate::rule::filing::FILING;

/// What can be set (設定の項目).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// First day of sharing (利用開始日) of the insurer.
    Start,
    /// First day of sharing of one item, where it is later than the insurer's.
    ItemStart(Item),
    /// Condition of one cell of the sharing table.
    Cell(Item, Reader),
    /// By when a 届出 is to be filed.
    FilingDeadline,
    /// Usual days until a step of an application is done; a case that takes longer is marked.
    UsualDays(StepKind),
    /// Days since the application after which a case is marked as close to its limit of 30 days.
    CaseWarning,
    /// Version of the explained text of the consent (同意の説明文の版).
    ConsentText,
    /// Who may ask for certification documents on paper, and with what: a sentence for the offices.
    PaperRequests,
    /// Months without a claim after which an office is not in charge any more.
    GraceMonths,
    /// Something that is done or not.
    Switch(Switch),
}

/// Steps of an application whose usual days can be set.
const STEPS: [StepKind; 3] = [StepKind::Survey, StepKind::Opinion, StepKind::Board];

impl Key {
    /// Everything that can be set, in the order of the pages.
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Start];
        all.extend(Item::ALL.iter().filter(|item| has_start(**item)).map(|item| Self::ItemStart(*item)));
        for item in Item::ALL {
            all.extend(Reader::ALL.iter().map(|reader| Self::Cell(*item, *reader)));
        }
        all.push(Self::FilingDeadline);
        all.extend(STEPS.map(Self::UsualDays));
        all.extend([Self::CaseWarning, Self::ConsentText, Self::PaperRequests, Self::GraceMonths]);
        all.extend(Switch::ALL.iter().map(|switch| Self::Switch(*switch)));
        all
    }

    /// As it stands in tables, addresses and exports: `start/survey`, `cell/survey/facility`, `filing-deadline`.
    pub fn code(self) -> String {
        match self {
            Self::Start => "start".to_owned(),
            Self::ItemStart(item) => format!("start/{}", item.code()),
            Self::Cell(item, reader) => format!("cell/{}/{}", item.code(), reader.code()),
            Self::FilingDeadline => "filing-deadline".to_owned(),
            Self::UsualDays(step) => format!("usual-days/{}", step.code()),
            Self::CaseWarning => "case-warning".to_owned(),
            Self::ConsentText => "consent-text".to_owned(),
            Self::PaperRequests => "paper-requests".to_owned(),
            Self::GraceMonths => "grace-months".to_owned(),
            Self::Switch(switch) => format!("switch/{}", switch.code()),
        }
    }

    /// Reads [`Key::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().into_iter().find(|key| key.code() == code)
    }

    /// What it is, in Japanese.
    pub fn label(self) -> String {
        match self {
            Self::Start => "利用開始日（すべての項目）".to_owned(),
            Self::ItemStart(item) => format!("{}の利用開始日", item.label()),
            Self::Cell(item, reader) => format!("{}を{}が見る条件", item.label(), reader.label()),
            Self::FilingDeadline => "居宅サービス計画作成依頼届出の期限".to_owned(),
            Self::UsualDays(step) => format!("{}の目安の日数", step.label()),
            Self::CaseWarning => "申請からの日数の注意（30日の期限の前）".to_owned(),
            Self::ConsentText => "同意の説明文の版".to_owned(),
            Self::PaperRequests => "紙での認定書類の請求（だれが、何を持って）".to_owned(),
            Self::GraceMonths => "請求がないときに担当が終わるまでの月数".to_owned(),
            Self::Switch(switch) => switch.label().to_owned(),
        }
    }

    /// What to type, in Japanese.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Start | Self::ItemStart(_) => "例：令和9年4月1日、2027/4/1",
            Self::Cell(..) | Self::FilingDeadline | Self::Switch(_) => "",
            Self::UsualDays(_) => "1から60までの日数です。",
            Self::CaseWarning => "10から30までの日数です。",
            Self::ConsentText => "版の記号です。例：2026-04",
            Self::PaperRequests => "事業所の画面にそのまま出ます。300文字までです。",
            Self::GraceMonths => "1から12までの月数です。",
        }
    }

    /// What holds where the insurer sets nothing.
    pub fn default_value(self, standard: &Matrix, day: Date) -> Value {
        match self {
            Self::Cell(item, reader) => Value::Cell(standard.cell(item, reader, day)),
            Self::FilingDeadline => Value::Deadline(at(FILING, day).map(|row| row.value).unwrap_or_default()),
            Self::UsualDays(step) => usual(step, day).map_or(Value::Default, Value::Number),
            Self::CaseWarning => at(CASE_WARNING, day).map_or(Value::Default, |row| Value::Number(row.value)),
            Self::GraceMonths => at(GRACE, day).map_or(Value::Default, |row| Value::Number(row.value.months)),
            Self::Switch(switch) => Value::Flag(switch.usual(day)),
            Self::Start | Self::ItemStart(_) | Self::ConsentText | Self::PaperRequests => Value::Default,
        }
    }
}

/// Whether an item can have a first day of its own: what the platform itself keeps has none.
fn has_start(item: Item) -> bool {
    !matches!(item, Item::ConsentStatus | Item::AccessLog | Item::CarePlan)
}

/// National target of a step, in days.
fn usual(step: StepKind, day: Date) -> Option<i32> {
    let usual = at(crate::progress::USUAL, day)?.value;
    match step {
        StepKind::Survey => Some(usual.survey.target),
        StepKind::Opinion => Some(usual.opinion.target),
        StepKind::Board => Some(usual.board.target),
        StepKind::Received | StepKind::Computed | StepKind::Decision => None,
    }
}

/// Days since the application after which a case is marked, where an insurer sets nothing.
pub static CASE_WARNING: &[Dated<i32>] = &[Dated {
    from: date(2026, 4, 1),
    until: None,
    value: 23,
    source: "推定（本システムのきまり）：延期通知を出すかを決めるために、30日の1週間前",
}];

/// A value that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Back to what holds without a setting.
    Default,
    /// A day.
    Day(Date),
    /// A condition of the sharing table.
    Cell(Cell),
    /// A deadline of the 届出.
    Deadline(FilingDeadline),
    /// Days or months.
    Number(i32),
    /// A sentence or a version.
    Text(String),
    /// Done or not.
    Flag(bool),
}

/// Why a value cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadValue {
    /// It cannot be read as such a value.
    Shape,
    /// The national table does not leave this to the insurer.
    NotYours,
    /// It holds what can be an individual number (個人番号).
    IndividualNumber,
}

impl BadValue {
    /// Stable code, listed in docs/errors.md.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shape => "setting-shape",
            Self::NotYours => "setting-not-yours",
            Self::IndividualNumber => "individual-number",
        }
    }

    /// What is wrong and how to mend it, Japanese.
    pub fn say(&self, key: Key) -> String {
        match self {
            Self::Shape => format!("「{}」の値として読めません。{}", key.label(), key.hint()),
            Self::NotYours => {
                "国の共有のきまりより広く見せることはできません。同意が要るものを、同意なしにすることもできません。選べるものの中から選んでください。"
                    .to_owned()
            }
            Self::IndividualNumber => {
                "個人番号（マイナンバー）とみられる12けたの数字があります。消してください。個人番号は取り扱いません。"
                    .to_owned()
            }
        }
    }
}

impl Value {
    /// As it stands in the table: `default`, `2027-04-01`, `consent`, `month-end`, `14`, the text itself after `text:`.
    pub fn code(&self) -> String {
        match self {
            Self::Default => "default".to_owned(),
            Self::Day(day) => day.to_string(),
            Self::Cell(cell) => cell_code(*cell).to_owned(),
            Self::Deadline(deadline) => deadline.code(),
            Self::Number(n) => n.to_string(),
            Self::Text(text) => format!("text:{text}"),
            Self::Flag(on) => if *on { "yes" } else { "no" }.to_owned(),
        }
    }

    /// Reads what [`Value::code`] wrote, or what somebody typed for that key.
    ///
    /// # Errors
    /// Why it cannot be such a value, or why the insurer may not set it.
    pub fn parse(key: Key, text: &str, standard: &Matrix, from: Date) -> Result<Self, BadValue> {
        let text = text.trim();
        if text == "default" {
            return Ok(Self::Default);
        }
        let number = |min: i32, max: i32| {
            let plain = crate::text::halfwidth(text);
            let n: i32 = plain.trim().parse().map_err(|_| BadValue::Shape)?;
            if (min..=max).contains(&n) { Ok(Self::Number(n)) } else { Err(BadValue::Shape) }
        };
        match key {
            Key::Start | Key::ItemStart(_) => parse_date(text).map(Self::Day).ok_or(BadValue::Shape),
            Key::Cell(item, reader) => {
                let cell = parse_cell(text).ok_or(BadValue::Shape)?;
                let official = standard.cell(item, reader, from);
                if may_set(official, item, reader, cell) { Ok(Self::Cell(cell)) } else { Err(BadValue::NotYours) }
            }
            Key::FilingDeadline => FilingDeadline::parse(text).map(Self::Deadline).ok_or(BadValue::Shape),
            Key::UsualDays(_) => number(1, 60),
            Key::CaseWarning => number(10, 30),
            Key::GraceMonths => number(1, 12),
            Key::ConsentText => line(text, 20),
            Key::PaperRequests => line(text, 300),
            Key::Switch(_) => match text {
                "yes" => Ok(Self::Flag(true)),
                "no" => Ok(Self::Flag(false)),
                _ => Err(BadValue::Shape),
            },
        }
    }

    /// The value in words.
    pub fn say(&self) -> String {
        match self {
            Self::Default => "設定なし（標準のとおり）".to_owned(),
            Self::Day(day) => format!("{}から", seireki(*day)),
            Self::Cell(cell) => say_cell(*cell).to_owned(),
            Self::Deadline(deadline) => deadline.say(),
            Self::Number(n) => n.to_string(),
            Self::Text(text) => text.clone(),
            Self::Flag(on) => switch::say(*on).to_owned(),
        }
    }
}

fn line(text: &str, max: usize) -> Result<Value, BadValue> {
    let text = text.strip_prefix("text:").unwrap_or(text).trim();
    if holds_individual_number(text) {
        return Err(BadValue::IndividualNumber);
    }
    if text.is_empty() || text.chars().count() > max || text.chars().any(|c| c.is_control() && c != '\n' && c != '\r') {
        return Err(BadValue::Shape);
    }
    Ok(Value::Text(text.to_owned()))
}

/// A cell's code in settings; jobs other than 介護支援専門員 are not offered.
pub fn cell_code(cell: Cell) -> &'static str {
    match cell {
        Cell::Closed => "closed",
        Cell::Open | Cell::Consent | Cell::ConsentByJob(_) | Cell::Own | Cell::DualProvider | Cell::Unverified => {
            cell.mark()
        }
    }
}

/// Reads [`cell_code`]; only conditions that somebody can choose.
fn parse_cell(code: &str) -> Option<Cell> {
    const CHOICES: [Cell; 6] = [
        Cell::Open,
        Cell::Consent,
        Cell::ConsentByJob(JobType::CareManager),
        Cell::Own,
        Cell::DualProvider,
        Cell::Closed,
    ];
    CHOICES.into_iter().find(|cell| cell_code(*cell) == code)
}

/// A condition of the sharing table in words.
pub fn say_cell(cell: Cell) -> &'static str {
    match cell {
        Cell::Open => "見られる",
        Cell::Consent => "同意があれば見られる",
        Cell::ConsentByJob(_) => "同意があれば介護支援専門員だけが見られる",
        Cell::Own => "自分で作ったものだけ見られる",
        Cell::DualProvider => "介護サービスも行う医療機関だけ、同意があれば見られる",
        Cell::Closed => "見られない",
        Cell::Unverified => "見られない（国のきまりが未確認）",
    }
}

/// Whether an insurer may set a cell so: stricter than the official condition, or an unverified one opened.
///
/// Never looser than what is verified, never without a consent that is asked for. The insurer's own column, and who sees the
/// access log, are nobody's to change; the person's own column knows open and closed only.
pub fn may_set(official: Cell, item: Item, reader: Reader, wanted: Cell) -> bool {
    choices(official, item, reader).contains(&wanted)
}

/// The conditions an insurer may choose for a cell, the official one first unless it is unverified.
pub fn choices(official: Cell, item: Item, reader: Reader) -> Vec<Cell> {
    let manager = Cell::ConsentByJob(JobType::CareManager);
    if item == Item::AccessLog || item == Item::ConsentStatus {
        return Vec::new();
    }
    match reader {
        Reader::Insurer => Vec::new(),
        Reader::Person => match official {
            Cell::Open => vec![Cell::Open, Cell::Closed],
            Cell::Unverified => vec![Cell::Closed, Cell::Open],
            Cell::Consent | Cell::ConsentByJob(_) | Cell::Own | Cell::DualProvider | Cell::Closed => Vec::new(),
        },
        Reader::CareManagement | Reader::FacilityWithCareManager | Reader::OtherOffice => match official {
            Cell::Open => vec![Cell::Open, Cell::Consent, manager, Cell::Closed],
            Cell::Consent => vec![Cell::Consent, manager, Cell::Closed],
            Cell::ConsentByJob(job) => vec![Cell::ConsentByJob(job), Cell::Closed],
            Cell::Own => vec![Cell::Own, Cell::Closed],
            Cell::Unverified => vec![Cell::Closed, manager, Cell::Consent, Cell::Open],
            Cell::DualProvider | Cell::Closed => Vec::new(),
        },
        Reader::MedicalInstitution => match official {
            Cell::Open => vec![Cell::Open, Cell::Consent, Cell::Closed],
            Cell::Consent => vec![Cell::Consent, Cell::Closed],
            Cell::DualProvider => vec![Cell::DualProvider, Cell::Closed],
            Cell::Own => vec![Cell::Own, Cell::Closed],
            Cell::Unverified => vec![Cell::Closed, Cell::Consent],
            Cell::ConsentByJob(_) | Cell::Closed => Vec::new(),
        },
    }
}

/// One value that an insurer set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What.
    pub key: Key,
    /// To what.
    pub value: Value,
    /// First day on which it holds; until the next setting of the same key begins.
    pub valid_from: Date,
    /// Where it stands: ordinance, notice, decision; typed by who set it.
    pub source: String,
}

/// The settings that hold on a day: of each key the one that began last; of two that began on one day the later in the list.
pub fn standing(settings: &[Setting], day: Date) -> Vec<&Setting> {
    let mut standing: Vec<&Setting> = Vec::new();
    for setting in settings.iter().filter(|s| s.valid_from <= day) {
        match standing.iter_mut().find(|s| s.key == setting.key) {
            Some(known) if known.valid_from <= setting.valid_from => *known = setting,
            Some(_) => {}
            None => standing.push(setting),
        }
    }
    standing.retain(|s| s.value != Value::Default);
    standing.sort_by_key(|s| s.key);
    standing
}

/// What holds for one insurer on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// First days of single items.
    pub starts: Vec<(Item, Date)>,
    /// Cells that differ from the sharing table, with the day since which.
    pub cells: Vec<(Item, Reader, Cell, Date)>,
    /// By when a 届出 is to be filed.
    pub filing_deadline: FilingDeadline,
    /// Usual days of the steps that the insurer set.
    pub usual_days: Vec<(StepKind, i32)>,
    /// Days since the application after which a case is marked.
    pub case_warning: i32,
    /// Version of the consent's text, if the insurer set one.
    pub consent_text: Option<String>,
    /// Who may ask for documents on paper, if the insurer says so.
    pub paper_requests: Option<String>,
    /// Months without a claim after which an office is not in charge any more; none: the rule's.
    pub grace_months: Option<i32>,
    /// What the insurer switched itself.
    pub switches: Vec<(Switch, bool)>,
}

impl Rules {
    /// The rules that hold on a day.
    pub fn on(settings: &[Setting], day: Date) -> Self {
        let mut rules = Self::standard(day);
        for setting in standing(settings, day) {
            rules.take(setting);
        }
        rules
    }

    /// What holds where nothing is set.
    pub fn standard(day: Date) -> Self {
        Self {
            starts: Vec::new(),
            cells: Vec::new(),
            filing_deadline: at(FILING, day).map(|row| row.value).unwrap_or_default(),
            usual_days: Vec::new(),
            case_warning: at(CASE_WARNING, day).map_or(30, |row| row.value),
            consent_text: None,
            paper_requests: None,
            grace_months: None,
            switches: Vec::new(),
        }
    }

    fn take(&mut self, setting: &Setting) {
        match (setting.key, &setting.value) {
            (Key::ItemStart(item), Value::Day(on)) => self.starts.push((item, *on)),
            (Key::Cell(item, reader), Value::Cell(cell)) => {
                self.cells.push((item, reader, *cell, setting.valid_from));
            }
            (Key::FilingDeadline, Value::Deadline(deadline)) => self.filing_deadline = *deadline,
            (Key::UsualDays(step), Value::Number(days)) => self.usual_days.push((step, *days)),
            (Key::CaseWarning, Value::Number(days)) => self.case_warning = *days,
            (Key::ConsentText, Value::Text(text)) => self.consent_text = Some(text.clone()),
            (Key::PaperRequests, Value::Text(text)) => self.paper_requests = Some(text.clone()),
            (Key::GraceMonths, Value::Number(months)) => self.grace_months = Some(*months),
            (Key::Switch(switch), Value::Flag(on)) => self.switches.push((switch, *on)),
            // The insurer's first day stands with the insurer itself; a value of another kind cannot have been set.
            (
                Key::Start
                | Key::ItemStart(_)
                | Key::Cell(..)
                | Key::FilingDeadline
                | Key::UsualDays(_)
                | Key::CaseWarning
                | Key::ConsentText
                | Key::PaperRequests
                | Key::GraceMonths
                | Key::Switch(_),
                _,
            ) => {}
        }
    }

    /// The sharing table as it holds for this insurer; what it may not set is passed over.
    pub fn matrix(&self, standard: &Matrix, day: Date) -> Matrix {
        let mut matrix = standard.clone();
        for (item, reader, cell, from) in &self.cells {
            if may_set(standard.cell(*item, *reader, day), *item, *reader, *cell) {
                matrix.set(*item, *reader, *cell, (*from).min(day));
            }
        }
        matrix
    }

    /// Whether the sharing table is the standard one.
    pub fn changes_cells(&self) -> bool {
        !self.cells.is_empty()
    }

    /// Whether something is done at this insurer on a day.
    pub fn is_on(&self, switch: Switch, day: Date) -> bool {
        let own = self.switches.iter().find(|(s, _)| *s == switch);
        own.map_or_else(|| switch.usual(day), |(_, on)| *on)
    }

    /// Usual days of a step: the insurer's, or the national target.
    pub fn usual(&self, step: StepKind, day: Date) -> Option<i32> {
        self.usual_days.iter().find(|(s, _)| *s == step).map(|(_, days)| *days).or_else(|| usual(step, day))
    }
}

/// The settings as text, one a line: `2026-12-01 cell/survey/facility consent+job # source`.
pub fn print(settings: &[Setting]) -> String {
    let mut out = String::new();
    for s in settings {
        let value = s.value.code().replace(['\n', '\r'], " ");
        let _ = writeln!(out, "{} {} {} # {}", s.valid_from, s.key.code(), value, s.source.replace(['\n', '\r'], " "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = date(2026, 11, 22);

    fn setting(key: Key, value: Value, from: Date) -> Setting {
        Setting { key, value, valid_from: from, source: "市の要綱".to_owned() }
    }

    #[test]
    fn keys_and_values_read_back() {
        super::super::well_formed(CASE_WARNING);
        let standard = Matrix::standard();
        let all = Key::all();
        assert!(all.len() > 100);
        for key in &all {
            assert_eq!(Key::parse(&key.code()), Some(*key));
            assert!(!key.label().is_empty());
            let value = key.default_value(&standard, DAY);
            assert!(!value.say().is_empty());
        }
        assert_eq!(Key::parse("cell/survey/nobody"), None);
        let cases = [
            (Key::Start, "令和9年4月1日", Value::Day(date(2027, 4, 1)), "2027-04-01"),
            (Key::ItemStart(Item::Survey), "2027/4/1", Value::Day(date(2027, 4, 1)), "2027-04-01"),
            (
                Key::Cell(Item::Survey, Reader::FacilityWithCareManager),
                "consent+job",
                Value::Cell(Cell::ConsentByJob(JobType::CareManager)),
                "consent+job",
            ),
            (
                Key::FilingDeadline,
                "days-after-result:14",
                Value::Deadline(FilingDeadline::DaysAfterResult(14)),
                "days-after-result:14",
            ),
            (Key::GraceMonths, "６", Value::Number(6), "6"),
            (Key::ConsentText, "2026-04", Value::Text("2026-04".to_owned()), "text:2026-04"),
        ];
        for (key, typed, want, code) in cases {
            let value = Value::parse(key, typed, &standard, DAY).unwrap();
            assert_eq!((value.code().as_str(), &value), (code, &want));
            assert_eq!(Value::parse(key, code, &standard, DAY).unwrap(), want);
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_reason() {
        let standard = Matrix::standard();
        let parse = |key, text: &str| Value::parse(key, text, &standard, DAY);
        assert_eq!(parse(Key::GraceMonths, "0"), Err(BadValue::Shape));
        assert_eq!(parse(Key::GraceMonths, "13"), Err(BadValue::Shape));
        assert_eq!(parse(Key::Start, "いつか"), Err(BadValue::Shape));
        assert_eq!(parse(Key::PaperRequests, "番号 123456789018 の方"), Err(BadValue::IndividualNumber));
        assert_eq!(parse(Key::PaperRequests, &"あ".repeat(301)), Err(BadValue::Shape));
        let survey = |reader, text| parse(Key::Cell(Item::Survey, reader), text);
        assert_eq!(survey(Reader::OtherOffice, "open"), Err(BadValue::NotYours));
        assert_eq!(survey(Reader::CareManagement, "open"), Err(BadValue::NotYours));
        assert_eq!(survey(Reader::CareManagement, "unverified"), Err(BadValue::Shape));
        for bad in [BadValue::Shape, BadValue::NotYours, BadValue::IndividualNumber] {
            assert!(!bad.say(Key::GraceMonths).is_empty() && !bad.code().is_empty());
        }
    }

    /// How much a cell lets through: a setting may only go down, but for unverified ones.
    fn width(cell: Cell) -> u8 {
        match cell {
            Cell::Open => 5,
            Cell::Consent => 4,
            Cell::ConsentByJob(_) => 3,
            Cell::DualProvider => 2,
            Cell::Own => 1,
            Cell::Closed | Cell::Unverified => 0,
        }
    }

    #[test]
    fn no_setting_loosens_a_verified_cell_or_drops_a_consent() {
        let standard = Matrix::standard();
        let mut changeable = 0;
        for item in Item::ALL {
            for reader in Reader::ALL {
                let official = standard.cell(*item, *reader, DAY);
                let choices = choices(official, *item, *reader);
                changeable += usize::from(!choices.is_empty());
                for choice in choices {
                    assert!(may_set(official, *item, *reader, choice));
                    if official != Cell::Unverified {
                        assert!(width(choice) <= width(official), "{item:?} {reader:?} {official:?} → {choice:?}");
                    }
                }
                assert!(!may_set(Cell::Closed, *item, *reader, Cell::Open));
                assert!(!may_set(Cell::Consent, *item, *reader, Cell::Open));
                assert!(!may_set(official, Item::AccessLog, *reader, Cell::Closed));
            }
        }
        assert!(changeable > 40, "{changeable}");
    }

    #[test]
    fn the_last_that_began_holds_and_default_takes_it_back() {
        let cell = Key::Cell(Item::Survey, Reader::FacilityWithCareManager);
        let manager = Cell::ConsentByJob(JobType::CareManager);
        let settings = [
            setting(cell, Value::Cell(manager), date(2026, 10, 1)),
            setting(Key::FilingDeadline, Value::Deadline(FilingDeadline::MonthEnd), date(2026, 4, 1)),
            setting(cell, Value::Default, date(2027, 1, 1)),
            setting(Key::ItemStart(Item::Survey), Value::Day(date(2027, 2, 1)), date(2026, 4, 1)),
        ];
        let rules = Rules::on(&settings, DAY);
        assert_eq!(rules.filing_deadline, FilingDeadline::MonthEnd);
        assert_eq!(rules.starts, [(Item::Survey, date(2027, 2, 1))]);
        let standard = Matrix::standard();
        let cell_on = |day| {
            let rules = Rules::on(&settings, day);
            rules.matrix(&standard, day).cell(Item::Survey, Reader::FacilityWithCareManager, day)
        };
        assert_eq!(cell_on(date(2026, 9, 30)), Cell::Unverified);
        assert_eq!(cell_on(date(2026, 10, 1)), manager);
        assert_eq!(cell_on(date(2026, 12, 31)), manager);
        assert_eq!(cell_on(date(2027, 1, 1)), Cell::Unverified);
        // The other cells are as they were.
        let matrix = rules.matrix(&standard, DAY);
        for item in Item::ALL {
            for reader in Reader::ALL {
                if (*item, *reader) != (Item::Survey, Reader::FacilityWithCareManager) {
                    assert_eq!(matrix.cell(*item, *reader, DAY), standard.cell(*item, *reader, DAY));
                }
            }
        }
    }

    #[test]
    fn of_two_settings_of_one_day_the_later_one_counts() {
        let settings = [
            setting(Key::GraceMonths, Value::Number(4), DAY),
            setting(Key::GraceMonths, Value::Number(5), DAY),
            setting(Key::CaseWarning, Value::Number(20), date(2026, 12, 1)),
        ];
        let rules = Rules::on(&settings, DAY);
        assert_eq!((rules.grace_months, rules.case_warning), (Some(5), 23));
        assert!(print(&settings).contains("2026-11-22 grace-months 5 # 市の要綱"));
        assert_eq!(rules.usual(StepKind::Survey, DAY), Some(7));
        let key = Key::Switch(Switch::OtherOpinion);
        assert!(!rules.is_on(Switch::OtherOpinion, DAY));
        assert!(Rules::on(&[setting(key, Value::Flag(true), DAY)], DAY).is_on(Switch::OtherOpinion, DAY));
        assert_eq!((key.code().as_str(), Key::parse(&key.code())), ("switch/other-opinion", Some(key)));
    }
}
