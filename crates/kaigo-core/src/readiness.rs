//! 市町村の対応状況: since when each municipality uses the platform, as published: dated, adjusting, undecided.
//!
//! The three states are those of the published list (利用開始日 = the day on which the work with the platform starts; 日程調整中 =
//! the builder is adjusting; 未定 = not begun). A state is what somebody published: an insurer, the operator, or a file; where
//! an insurer of this installation has a first day among its rules, that day is what counts.

use std::collections::BTreeSet;

use crate::area::{Municipality, municipality};
use crate::codes;
use crate::date::{Date, parse_date, seireki};
use crate::id::holds_individual_number;
use crate::policy::Item;
use crate::text::halfwidth;

codes! {
    /// How far a municipality is (対応状況).
    State, "対応状況", {
        Dated = "dated" "開始日が決まっている",
        Adjusting = "adjusting" "日程を調整中",
        Undecided = "undecided" "未定",
    }
}

codes! {
    /// Who said so (情報の出どころ).
    Origin, "情報の出どころ", {
        Insurer = "insurer" "市町村が公表",
        Operator = "operator" "運営が登録",
        Setting = "setting" "この基盤の設定",
        Example = "example" "例（架空のデータ）",
    }
}

/// Characters of a note.
pub const NOTE: usize = 200;

/// What is published of one municipality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// 全国地方公共団体コード.
    pub code: String,
    /// How far it is.
    pub state: State,
    /// First day; always there where the state is dated, never otherwise.
    pub starts_on: Option<Date>,
    /// Items that are shared from then on; empty: not published.
    pub items: Vec<Item>,
    /// A sentence for readers; may be empty.
    pub note: String,
    /// Who said so.
    pub origin: Origin,
}

/// Whether it has started on a day.
pub fn has_started(state: State, starts_on: Option<Date>, day: Date) -> bool {
    state == State::Dated && starts_on.is_some_and(|on| on <= day)
}

/// The state in a word or two, with its day: 「2027年4月1日から」.
pub fn say(state: State, starts_on: Option<Date>) -> String {
    match (state, starts_on) {
        (State::Dated, Some(on)) => format!("{}から", seireki(on)),
        (State::Dated | State::Adjusting | State::Undecided, _) => state.label().to_owned(),
    }
}

/// Items that can stand in a publication: what a municipality shares.
pub fn items() -> impl Iterator<Item = Item> {
    let own = [Item::ConsentStatus, Item::AccessLog, Item::CarePlan];
    Item::ALL.iter().copied().filter(move |item| !own.contains(item))
}

/// Codes of items as they stand in tables and files: `survey insured-certificate`.
pub fn item_codes(items: &[Item]) -> String {
    items.iter().map(|item| item.code()).collect::<Vec<_>>().join(" ")
}

/// Reads [`item_codes`], also labels; separators are spaces, commas, 、 and ・ between codes.
pub fn parse_items(text: &str) -> Option<Vec<Item>> {
    let words = text.split([' ', ',', '、', '/', '　', ';']).map(str::trim).filter(|word| !word.is_empty());
    let mut found = BTreeSet::new();
    for word in words {
        found.insert(Item::parse(word).ok().filter(|item| items().any(|known| known == *item))?);
    }
    Some(found.into_iter().collect())
}

/// What somebody typed, or a row of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// 全国地方公共団体コード: six digits, or five without the check digit.
    pub code: String,
    /// Code or label of the state.
    pub state: String,
    /// First day.
    pub starts_on: String,
    /// Items.
    pub items: String,
    /// Note.
    pub note: String,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadReadiness {
    /// No such municipality.
    UnknownCode,
    /// No such state.
    UnknownState,
    /// A dated state without a day, or one that cannot be read.
    NoDay,
    /// A day, though the state is not dated.
    DayWithoutState,
    /// An item that is not known.
    UnknownItem,
    /// The note is too long.
    LongNote,
    /// A field holds what can be an individual number.
    IndividualNumber,
}

impl BadReadiness {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::UnknownCode,
        Self::UnknownState,
        Self::NoDay,
        Self::DayWithoutState,
        Self::UnknownItem,
        Self::LongNote,
        Self::IndividualNumber,
    ];

    /// Stable code, listed in docs/errors.md.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownCode => "readiness-municipality",
            Self::UnknownState => "readiness-state",
            Self::NoDay => "readiness-no-day",
            Self::DayWithoutState => "readiness-day-without-state",
            Self::UnknownItem => "readiness-item",
            Self::LongNote => "readiness-note",
            Self::IndividualNumber => "individual-number",
        }
    }

    /// Column of the file and field of the form.
    pub fn field(self) -> &'static str {
        match self {
            Self::UnknownCode => "code",
            Self::UnknownState => "state",
            Self::NoDay | Self::DayWithoutState => "starts_on",
            Self::UnknownItem => "items",
            Self::LongNote | Self::IndividualNumber => "note",
        }
    }

    /// What is wrong and how to mend it.
    pub fn say(self) -> String {
        match self {
            Self::UnknownCode => {
                "市町村コードが、全国地方公共団体コードの一覧にありません。6けたの数字で入れてください。".to_owned()
            }
            Self::UnknownState => {
                "対応状況は、dated（決まっている）・adjusting（調整中）・undecided（未定）のどれかで入れてください。".to_owned()
            }
            Self::NoDay => "開始日を入れてください。例：2027年4月1日、2027/4/1".to_owned(),
            Self::DayWithoutState => {
                "開始日が決まっているときだけ、開始日を入れられます。状況を「開始日が決まっている」にするか、開始日を消してください。".to_owned()
            }
            Self::UnknownItem => {
                "共有する項目が読めません。survey（認定調査票）などの記号を、空白で区切って入れてください。".to_owned()
            }
            Self::LongNote => format!("備考は{NOTE}文字までにしてください。"),
            Self::IndividualNumber => {
                "個人番号（マイナンバー）とみられる12けたの数字があります。消してください。個人番号は取り扱いません。".to_owned()
            }
        }
    }
}

/// The municipality of a code of six digits, or of the five digits without the check digit.
pub fn find(code: &str) -> Option<&'static Municipality> {
    let code = halfwidth(code.trim());
    if code.len() == 5 {
        return crate::area::municipalities().iter().find(|m| m.code.starts_with(&*code));
    }
    municipality(&code)
}

/// Reads what was typed. `known` says which codes beside the national list there are (fictional insurers of a demo).
///
/// # Errors
/// Everything that is wrong, field by field.
pub fn read(typed: &Typed, origin: Origin, known: &dyn Fn(&str) -> bool) -> Result<Readiness, Vec<BadReadiness>> {
    let mut bad = Vec::new();
    let plain = halfwidth(typed.code.trim()).to_string();
    let code = find(&typed.code).map(|m| m.code.to_owned()).or_else(|| known(&plain).then_some(plain));
    if code.is_none() {
        bad.push(BadReadiness::UnknownCode);
    }
    let state = State::parse(typed.state.trim()).ok();
    if state.is_none() {
        bad.push(BadReadiness::UnknownState);
    }
    let day = typed.starts_on.trim();
    let starts_on = if day.is_empty() { None } else { parse_date(day) };
    match state {
        Some(State::Dated) if starts_on.is_none() => bad.push(BadReadiness::NoDay),
        Some(State::Adjusting | State::Undecided) if !day.is_empty() => bad.push(BadReadiness::DayWithoutState),
        Some(State::Dated | State::Adjusting | State::Undecided) | None => {}
    }
    let items = parse_items(&typed.items);
    if items.is_none() {
        bad.push(BadReadiness::UnknownItem);
    }
    let note = typed.note.trim();
    if holds_individual_number(note) {
        bad.push(BadReadiness::IndividualNumber);
    } else if note.chars().count() > NOTE || note.chars().any(char::is_control) {
        bad.push(BadReadiness::LongNote);
    }
    match (code, state, items) {
        (Some(code), Some(state), Some(items)) if bad.is_empty() => {
            Ok(Readiness { code, state, starts_on, items, note: note.to_owned(), origin })
        }
        _ => Err(bad),
    }
}

/// How many municipalities are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of the area.
    pub all: usize,
    /// Started already.
    pub started: usize,
    /// Dated, started or not.
    pub dated: usize,
    /// Adjusting.
    pub adjusting: usize,
    /// Undecided, and those of whom nothing is published.
    pub undecided: usize,
}

impl Count {
    /// Counts one more.
    pub fn add(&mut self, state: State, starts_on: Option<Date>, day: Date) {
        self.all += 1;
        match state {
            State::Dated => self.dated += 1,
            State::Adjusting => self.adjusting += 1,
            State::Undecided => self.undecided += 1,
        }
        self.started += usize::from(has_started(state, starts_on, day));
    }

    /// Share of those that are dated, in per cent, rounded down.
    pub fn dated_percent(&self) -> usize {
        (self.dated * 100).checked_div(self.all).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn typed(code: &str, state: &str, day: &str, items: &str, note: &str) -> Typed {
        let own = str::to_owned;
        Typed { code: own(code), state: own(state), starts_on: own(day), items: own(items), note: own(note) }
    }

    fn judged(t: &Typed) -> Result<Readiness, Vec<BadReadiness>> {
        read(t, Origin::Operator, &|code| code == "981010")
    }

    #[test]
    fn good_rows_are_read_in_many_spellings() {
        let one = judged(&typed("322041", "dated", "令和9年4月1日", "survey doctor-opinion", " 準備中 ")).unwrap();
        assert_eq!((one.code.as_str(), one.state), ("322041", State::Dated));
        assert_eq!(one.starts_on, Some(date(2027, 4, 1)));
        assert_eq!(one.items, [Item::Survey, Item::DoctorOpinion]);
        assert_eq!(one.note, "準備中");
        let other = judged(&typed("３２２０４", "日程を調整中", "", "認定調査票、被保険者証", "")).unwrap();
        assert_eq!((other.code.as_str(), other.state, other.starts_on), ("322041", State::Adjusting, None));
        assert_eq!(other.items, [Item::InsuredCertificate, Item::Survey]);
        assert_eq!(judged(&typed("981010", "undecided", "", "", "")).unwrap().code, "981010");
        assert_eq!(parse_items(&item_codes(&one.items)), Some(one.items));
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let bad = judged(&typed("999999", "soon", "", "unknown", &"あ".repeat(201))).unwrap_err();
        let want =
            [BadReadiness::UnknownCode, BadReadiness::UnknownState, BadReadiness::UnknownItem, BadReadiness::LongNote];
        assert_eq!(bad, want);
        for (t, want) in [
            (typed("322041", "dated", "", "", ""), BadReadiness::NoDay),
            (typed("322041", "dated", "いつか", "", ""), BadReadiness::NoDay),
            (typed("322041", "undecided", "2027/4/1", "", ""), BadReadiness::DayWithoutState),
            (typed("322041", "undecided", "", "access-log", ""), BadReadiness::UnknownItem),
            (typed("322041", "undecided", "", "", "番号は 123456789018"), BadReadiness::IndividualNumber),
            (typed("", "undecided", "", "", ""), BadReadiness::UnknownCode),
        ] {
            assert_eq!(judged(&t), Err(vec![want]), "{t:?}");
        }
        let mut codes: Vec<&str> = BadReadiness::ALL.iter().map(|bad| bad.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), BadReadiness::ALL.len());
    }

    #[test]
    fn counts_add_up() {
        let today = date(2026, 11, 22);
        let mut count = Count::default();
        assert_eq!(count.dated_percent(), 0);
        count.add(State::Dated, Some(date(2026, 11, 22)), today);
        count.add(State::Dated, Some(date(2026, 11, 23)), today);
        count.add(State::Adjusting, None, today);
        count.add(State::Undecided, None, today);
        assert_eq!(count, Count { all: 4, started: 1, dated: 2, adjusting: 1, undecided: 1 });
        assert_eq!(count.dated_percent(), 50);
        assert_eq!(say(State::Dated, Some(today)), "2026年11月22日から");
        assert_eq!(say(State::Undecided, None), "未定");
    }
}
