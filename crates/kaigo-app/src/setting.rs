//! An insurer's own rules in force (保険者のきまり): its cells of the sharing table, first days, deadlines; and how they are set.
//!
//! A setting is looked at before it counts: [`preview`] says how many offices and people would gain or lose sight of what.

use std::sync::Arc;

use kaigo_core::date::{Date, parse_date, seireki};
use kaigo_core::id::InsurerNo;
use kaigo_core::policy::{
    Act, Caller, Cell, ConsentStanding, InsurerStaff, Item, JobType, Matrix, Reader, Staff, decide_act,
};
use kaigo_core::rule::insurer::{self as rule, Key, Rules, Setting, Value};
use kaigo_core::service::ServiceKind;
use kaigo_store::db::{self, Tx};
use kaigo_store::insurer::{self, Insurer};
use kaigo_store::office;
use kaigo_store::setting::{self as store, Change, InCharge};

use crate::{App, Ctx, Error, Wrong};

/// What the policy is asked with for one insurer on one day.
#[derive(Clone, Debug)]
pub struct InForce {
    /// The sharing table, with the insurer's own cells.
    pub matrix: Arc<Matrix>,
    /// First days of single items.
    pub item_starts: Vec<(Item, Date)>,
}

/// The rules of an insurer on a day: the platform's, changed by what the insurer set.
pub fn in_force(
    tx: &mut Tx<'_>,
    matrix: &Arc<Matrix>,
    insurer_no: InsurerNo,
    today: Date,
) -> Result<InForce, db::Error> {
    let rules = rules(tx, matrix, insurer_no, today)?;
    let matrix = if rules.changes_cells() { Arc::new(rules.matrix(matrix, today)) } else { Arc::clone(matrix) };
    Ok(InForce { matrix, item_starts: rules.starts })
}

/// What an insurer set, as it holds on a day.
pub fn rules(tx: &mut Tx<'_>, standard: &Matrix, insurer_no: InsurerNo, today: Date) -> Result<Rules, db::Error> {
    let set = store::of_insurer(tx, insurer_no, today)?;
    let settings: Vec<Setting> = set.iter().filter_map(|(key, value)| read(key, value, today, standard)).collect();
    Ok(Rules::on(&settings, today))
}

/// First days of single items that an insurer set: for pages that say since when something can be seen.
pub fn item_starts(tx: &mut Tx<'_>, insurer_no: InsurerNo, today: Date) -> Result<Vec<(Item, Date)>, db::Error> {
    Ok(rules(tx, &Matrix::standard(), insurer_no, today)?.starts)
}

/// A row of the table as a setting. One that this program does not know, or that is not the insurer's to set any more, is
/// passed over: the standard holds.
fn read(key: &str, value: &str, valid_from: Date, standard: &Matrix) -> Option<Setting> {
    let key = Key::parse(key)?;
    let value = Value::parse(key, value, standard, valid_from).ok()?;
    Some(Setting { key, value, valid_from, source: String::new() })
}

/// The rules of an insurer for pages that show them.
pub async fn of_insurer(app: &App, ctx: &Ctx, insurer_no: InsurerNo) -> Result<Rules, Error> {
    let (matrix, today) = (Arc::clone(&app.matrix), ctx.today);
    app.db.read(move |tx| rules(tx, &matrix, insurer_no, today)).await.map_err(Error::from)
}

/// Everything that the insurer set and can set.
#[derive(Clone, Debug)]
pub struct Page {
    /// The insurer.
    pub insurer: Insurer,
    /// Every setting, past and to come, by key and first day.
    pub settings: Vec<Setting>,
    /// What holds today.
    pub rules: Rules,
    /// The sharing table without the insurer's settings.
    pub standard: Arc<Matrix>,
    /// How the settings were made, the newest first.
    pub changes: Vec<Change>,
    /// Whether the caller may set.
    pub may_set: bool,
}

/// The insurer's rules, for its own staff.
pub async fn page(app: &App, ctx: &Ctx, caller: &Caller) -> Result<Page, Error> {
    let grant = decide_act(caller, Act::ListInsured)?;
    let insurer_no = staff(caller)?.insurer_no;
    let may_set = decide_act(caller, Act::SetRules).is_ok();
    let (standard, today) = (Arc::clone(&app.matrix), ctx.today);
    app.db
        .read(move |tx| {
            let insurer = insurer::find(tx, insurer_no)?.ok_or(Error::NotFound)?;
            let every = store::every(tx, insurer_no)?;
            let settings: Vec<Setting> =
                every.iter().filter_map(|(key, from, value)| read(key, value, *from, &standard)).collect();
            let rules = Rules::on(&settings, today);
            let changes = store::changes(tx, &grant, 200)?;
            Ok(Page { insurer, settings, rules, standard, changes, may_set })
        })
        .await
}

fn staff(caller: &Caller) -> Result<&InsurerStaff, Error> {
    match caller {
        Caller::Insurer(staff) => Ok(staff),
        Caller::Staff(_)
        | Caller::Person { .. }
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Error::NotFound),
    }
}

/// A setting as typed.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// First day; empty: today.
    pub from: String,
    /// Where it stands: ordinance, notice, decision.
    pub source: String,
}

/// Characters of a source.
const SOURCE: usize = 100;

fn parse(typed: &Typed, standard: &Matrix, today: Date) -> Result<Setting, Error> {
    let key = Key::parse(&typed.key).ok_or(Error::NotFound)?;
    let mut wrong = Vec::new();
    let is_start = matches!(key, Key::Start | Key::ItemStart(_));
    let from = if is_start || typed.from.trim().is_empty() { Some(today) } else { parse_date(&typed.from) };
    let from = from.filter(|from| *from >= today);
    if from.is_none() {
        let say = "いつからかは、きょうか、それより後の日を入れてください。さかのぼっては変えられません。";
        wrong.push(Wrong { field: "from", code: "setting-from", say: say.to_owned() });
    }
    let value = Value::parse(key, &typed.value, standard, from.unwrap_or(today));
    let value = match value {
        Ok(Value::Default) if key == Key::Start => {
            let say = "利用開始日は、なしにはできません。日付を入れてください。";
            wrong.push(Wrong { field: "value", code: "setting-shape", say: say.to_owned() });
            None
        }
        Ok(value) => Some(value),
        Err(bad) => {
            wrong.push(Wrong { field: "value", code: bad.code(), say: bad.say(key) });
            None
        }
    };
    let source = typed.source.trim();
    if source.is_empty() || source.chars().count() > SOURCE || kaigo_core::id::holds_individual_number(source) {
        let say = format!("根拠（要綱・決裁など）を、{SOURCE}文字までで入れてください。マイナンバーは入れられません。");
        wrong.push(Wrong { field: "source", code: "setting-source", say });
    }
    match (from, value) {
        (Some(valid_from), Some(value)) if wrong.is_empty() => {
            Ok(Setting { key, value, valid_from, source: source.to_owned() })
        }
        _ => Err(Error::Invalid(wrong)),
    }
}

/// What a setting would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The setting.
    pub setting: Setting,
    /// What holds now, in words.
    pub before: String,
    /// What would hold, in words.
    pub after: String,
    /// Offices whose sight changes, the most people first.
    pub offices: Vec<OfficeEffect>,
    /// What no count says.
    pub notes: Vec<String>,
}

/// What would change for one office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeEffect {
    /// The office's name.
    pub name: String,
    /// Of how many people it would see what it does not see now.
    pub gains: usize,
    /// Of how many people it would not see any more what it sees now.
    pub loses: usize,
}

impl Preview {
    /// Offices that gain, people they gain; offices that lose, people they lose.
    pub fn sums(&self) -> (usize, usize, usize, usize) {
        let of = |count: fn(&OfficeEffect) -> usize| {
            let hit: Vec<usize> = self.offices.iter().map(count).filter(|n| *n > 0).collect();
            (hit.len(), hit.iter().sum())
        };
        let ((gain_offices, gains), (lose_offices, loses)) = (of(|o| o.gains), of(|o| o.loses));
        (gain_offices, gains, lose_offices, loses)
    }

    /// The effect in one line, kept with the setting.
    pub fn say(&self) -> String {
        let (gain_offices, gains, lose_offices, loses) = self.sums();
        let mut parts = Vec::new();
        if gains > 0 {
            parts.push(format!("{gain_offices}事業所・のべ{gains}人分が見られるようになる"));
        }
        if loses > 0 {
            parts.push(format!("{lose_offices}事業所・のべ{loses}人分が見られなくなる"));
        }
        if parts.is_empty() {
            parts.push("担当事業所の見え方は変わらない".to_owned());
        }
        parts.join("、")
    }
}

/// Says what a setting would do; changes nothing.
///
/// # Errors
/// [`Error::Forbidden`] unless the caller administers the insurer; [`Error::Invalid`] for what cannot be set.
pub async fn preview(app: &App, ctx: &Ctx, caller: &Caller, typed: &Typed) -> Result<Preview, Error> {
    let grant = decide_act(caller, Act::SetRules)?;
    let insurer_no = staff(caller)?.insurer_no;
    let setting = parse(typed, &app.matrix, ctx.today)?;
    let (standard, today) = (Arc::clone(&app.matrix), ctx.today);
    app.db.read(move |tx| effect(tx, &grant, &standard, insurer_no, setting, today)).await
}

/// Sets a value. The same form again changes nothing.
///
/// # Errors
/// As [`preview`].
pub async fn set(app: &App, ctx: &Ctx, caller: &Caller, typed: &Typed, submit_key: &str) -> Result<(), Error> {
    let grant = decide_act(caller, Act::SetRules)?;
    let own = staff(caller)?.clone();
    let key = if submit_key.is_empty() { ctx.ids.id() } else { submit_key.to_owned() };
    let (standard, ctx, typed, submit_key) = (Arc::clone(&app.matrix), ctx.clone(), typed.clone(), key);
    app.db
        .write(move |tx| {
            if store::of_key(tx, &grant, &submit_key)?.is_some() {
                return Ok(());
            }
            let setting = parse(&typed, &standard, ctx.today)?;
            let preview = effect(tx, &grant, &standard, own.insurer_no, setting, ctx.today)?;
            let setting = &preview.setting;
            let change = Change {
                change_id: ctx.ids.timed(ctx.now),
                setting: setting.key.code(),
                valid_from: setting.valid_from,
                value: setting.value.code(),
                source: setting.source.clone(),
                effect: preview.say(),
                set_by: own.name.clone(),
                set_at: ctx.instant(),
            };
            store::set(tx, &grant, &change, &own.account_id, &submit_key)?;
            if let (Key::Start, Value::Day(day)) = (setting.key, &setting.value) {
                store::set_start(tx, &grant, Some(*day))?;
            }
            Ok(())
        })
        .await
}

/// Where offices stand on a day: the insurer's start, the item's own, the table.
struct Side {
    started_on: Option<Date>,
    rules: Rules,
    matrix: Matrix,
}

impl Side {
    fn of(settings: &[Setting], started_on: Option<Date>, standard: &Matrix, day: Date) -> Self {
        let rules = Rules::on(settings, day);
        let matrix = rules.matrix(standard, day);
        Self { started_on, rules, matrix }
    }

    /// Whether an office in those columns sees the item of somebody with that consent on the day.
    fn sees(&self, item: Item, readers: &[Reader], consent: ConsentStanding, day: Date) -> bool {
        let own = self.rules.starts.iter().find(|(started, _)| *started == item).map(|(_, on)| *on);
        if self.started_on.is_none_or(|on| own.map_or(on, |own| own.max(on)) > day) {
            return false;
        }
        let has_consent = match consent {
            ConsentStanding::Stands => true,
            ConsentStanding::Withdrawn(on) => on > day,
            ConsentStanding::None => false,
        };
        readers.iter().any(|reader| match self.matrix.cell(item, *reader, day) {
            Cell::Open | Cell::Own => true,
            Cell::Consent | Cell::ConsentByJob(_) => has_consent,
            Cell::DualProvider | Cell::Closed | Cell::Unverified => false,
        })
    }
}

fn effect(
    tx: &mut Tx<'_>,
    grant: &kaigo_core::policy::ActGrant,
    standard: &Matrix,
    insurer_no: InsurerNo,
    setting: Setting,
    today: Date,
) -> Result<Preview, Error> {
    let insurer = insurer::find(tx, insurer_no)?.ok_or(Error::NotFound)?;
    let every = store::every(tx, insurer_no)?;
    let settings: Vec<Setting> =
        every.iter().filter_map(|(key, from, value)| read(key, value, *from, standard)).collect();
    let mut next = settings.clone();
    next.push(setting.clone());
    let mut started_next = insurer.started_on;
    if let (Key::Start, Value::Day(day)) = (setting.key, &setting.value) {
        started_next = Some(*day);
    }
    let day = compared_on(&setting, &settings, insurer.started_on, today);
    let before = Side::of(&settings, insurer.started_on, standard, day);
    let after = Side::of(&next, started_next, standard, day);
    let item = match setting.key {
        Key::Start => Some(Item::InsuredCertificate),
        Key::ItemStart(item) | Key::Cell(item, _) => Some(item),
        Key::FilingDeadline
        | Key::UsualDays(_)
        | Key::CaseWarning
        | Key::ConsentText
        | Key::PaperRequests
        | Key::GraceMonths
        | Key::Switch(_) => None,
    };
    let offices = match item {
        Some(item) => {
            let charges = store::in_charge(tx, grant, insurer.published_load, today, true)?;
            per_office(tx, &charges, |readers, consent| {
                (before.sees(item, readers, consent, day), after.sees(item, readers, consent, day))
            })?
        }
        None => Vec::new(),
    };
    let said = |side: &Side| words(setting.key, side, standard, day);
    let preview = Preview { before: said(&before), after: said(&after), offices, notes: notes(&setting), setting };
    Ok(preview)
}

/// The day on which before and after are compared: where a start moves, a day between the two.
fn compared_on(setting: &Setting, settings: &[Setting], started_on: Option<Date>, today: Date) -> Date {
    let old = match setting.key {
        Key::Start => started_on,
        Key::ItemStart(item) => {
            let rules = Rules::on(settings, today);
            rules.starts.iter().find(|(started, _)| *started == item).map(|(_, on)| *on).or(started_on)
        }
        Key::Cell(..)
        | Key::FilingDeadline
        | Key::UsualDays(_)
        | Key::CaseWarning
        | Key::ConsentText
        | Key::PaperRequests
        | Key::GraceMonths
        | Key::Switch(_) => return setting.valid_from.max(today),
    };
    match (&setting.value, old) {
        (Value::Day(new), Some(old)) => (*new).min(old).max(today),
        (Value::Day(new), None) => (*new).max(today),
        (
            Value::Default | Value::Cell(_) | Value::Deadline(_) | Value::Number(_) | Value::Text(_) | Value::Flag(_),
            _,
        ) => started_on.unwrap_or(today).max(today),
    }
}

fn per_office(
    tx: &mut Tx<'_>,
    charges: &[InCharge],
    sees: impl Fn(&[Reader], ConsentStanding) -> (bool, bool),
) -> Result<Vec<OfficeEffect>, db::Error> {
    let mut offices = Vec::new();
    for people in charges.chunk_by(|a, b| a.office_no == b.office_no) {
        let Some(first) = people.first() else { continue };
        let no = kaigo_core::id::OfficeNo::parse(&first.office_no);
        let services = no.map_or(Ok(Vec::new()), |no| office::services(tx, no))?;
        let readers = readers(services);
        let mut effect = OfficeEffect { name: first.office_name.clone(), ..OfficeEffect::default() };
        for person in people {
            match sees(&readers, person.consent) {
                (false, true) => effect.gains += 1,
                (true, false) => effect.loses += 1,
                (true, true) | (false, false) => {}
            }
        }
        if effect.gains + effect.loses > 0 {
            offices.push(effect);
        }
    }
    offices.sort_by_key(|o| std::cmp::Reverse(o.gains + o.loses));
    Ok(offices)
}

/// The columns in which an office with those services stands.
fn readers(services: Vec<ServiceKind>) -> Vec<Reader> {
    Staff {
        account_id: String::new(),
        office_no: kaigo_core::id::OfficeNo::default(),
        office_name: String::new(),
        services,
        job: JobType::CareManager,
        is_admin: false,
        name: String::new(),
    }
    .readers()
}

/// What holds for a key, in words.
fn words(key: Key, side: &Side, standard: &Matrix, day: Date) -> String {
    let none = || Value::Default.say();
    match key {
        Key::Start => {
            side.started_on.map_or_else(|| "決まっていません".to_owned(), |on| format!("{}から", seireki(on)))
        }
        Key::ItemStart(item) => side
            .rules
            .starts
            .iter()
            .find(|(started, _)| *started == item)
            .map_or_else(|| "保険者の利用開始日から".to_owned(), |(_, on)| format!("{}から", seireki(*on))),
        Key::Cell(item, reader) => rule::say_cell(side.matrix.cell(item, reader, day)).to_owned(),
        Key::FilingDeadline => side.rules.filing_deadline.say(),
        Key::UsualDays(step) => side.rules.usual(step, day).map_or_else(none, |days| format!("{days}日")),
        Key::CaseWarning => format!("{}日", side.rules.case_warning),
        Key::ConsentText => side.rules.consent_text.clone().unwrap_or_else(none),
        Key::PaperRequests => side.rules.paper_requests.clone().unwrap_or_else(none),
        Key::GraceMonths => match (side.rules.grace_months, key.default_value(standard, day)) {
            (Some(months), _) | (None, Value::Number(months)) => format!("{months}か月"),
            (
                None,
                Value::Default | Value::Day(_) | Value::Cell(_) | Value::Deadline(_) | Value::Text(_) | Value::Flag(_),
            ) => none(),
        },
        Key::Switch(switch) => rule::switch::say(side.rules.is_on(switch, day)).to_owned(),
    }
}

fn notes(setting: &Setting) -> Vec<String> {
    let mut notes = Vec::new();
    match setting.key {
        Key::Cell(item, Reader::Person) => {
            notes.push(format!("ご本人（と代理の方）の画面の「{}」の見え方が変わります。", item.label()));
        }
        Key::Cell(_, Reader::MedicalInstitution) => {
            notes.push("主治医意見書の作成を依頼している医療機関の見え方が変わります。".to_owned());
        }
        Key::Cell(..)
        | Key::Start
        | Key::ItemStart(_)
        | Key::FilingDeadline
        | Key::UsualDays(_)
        | Key::CaseWarning
        | Key::ConsentText
        | Key::PaperRequests
        | Key::GraceMonths => {}
        Key::Switch(switch) => {
            let source = switch.rows().last().map_or("", |row| row.source);
            notes.push(format!("標準の根拠：{source}"));
        }
    }
    if let Value::Cell(Cell::ConsentByJob(job)) = setting.value {
        notes.push(format!("職種が「{}」のアカウントだけが見られます。ほかの職種の方は見られません。", job.label()));
    }
    if matches!(setting.key, Key::Start | Key::ItemStart(_)) {
        notes.push("ご本人の画面も、同じ日から見られるようになります。".to_owned());
    }
    notes
}
