//! What the pages show: plain, display-ready structs, one per page, each with its template.
//!
//! The structs know no store and no use case: handlers map the app's values into them. Every text arrives ready to read
//! (dates in both calendars, numbers grouped); only yen amounts stay numbers, because a bar is drawn from them.
//! The look follows デジタル庁デザインシステム (DADS): token values and class conventions, own rules; WCAG 2.2 AA.

pub mod account;
pub mod balances;
pub mod board;
pub mod card;
pub mod cases;
pub mod certificates;
pub mod certification;
pub mod charge;
pub mod citizen;
pub mod consent;
pub mod documents;
pub mod error_page;
pub mod exchange;
pub mod exchange_sheet;
pub mod filing;
pub mod history;
pub mod home;
pub mod identity;
pub mod insured;
pub mod insurer;
pub mod login;
pub mod markdown;
pub mod medical;
pub mod my;
pub mod mypage;
pub mod notices;
pub mod operator;
pub mod operator_desk;
pub mod people;
pub mod person;
pub mod pki;
pub mod plans;
pub mod portal;
pub mod start;
pub mod transparency;

#[cfg(test)]
mod lint;
#[cfg(test)]
mod sample;

/// The one stylesheet, served as `/assets/app.css`.
pub const STYLESHEET: &str = include_str!("../assets/app.css");

/// The one ES module, served as `/assets/app.js`. Every page works without it.
pub const SCRIPT: &str = include_str!("../assets/app.js");

/// The ES module that takes a page off the screen when its session is over, served as `/assets/session.js`.
pub const SESSION_SCRIPT: &str = include_str!("../assets/session.js");

/// The icon of the browser tab, served as `/assets/icon.svg`.
pub const ICON: &str = include_str!("../assets/icon.svg");

/// The stylesheet of the forms of a care plan, served as `/assets/sheet.css` to the pages that show them.
pub const SHEET_STYLESHEET: &str = include_str!("../assets/sheet.css");

/// The ES module of the grid in which results are typed, served as `/assets/sheet.js`.
pub const SHEET_SCRIPT: &str = include_str!("../assets/sheet.js");

/// Changes whenever a stylesheet or a script changes, so all may be cached for ever under `?v=`.
pub const ASSET_VERSION: u64 = mix(
    mix(
        mix(
            mix(mix(mix(0xcbf2_9ce4_8422_2325, STYLESHEET.as_bytes()), SCRIPT.as_bytes()), SESSION_SCRIPT.as_bytes()),
            SHEET_STYLESHEET.as_bytes(),
        ),
        SHEET_SCRIPT.as_bytes(),
    ),
    portal::PORTAL_STYLESHEET.as_bytes(),
);

/// What surrounds every page: who is looking, how large the text is, what to say at the top.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Which side of the service the reader is on; decides navigation and base text size.
    pub side: Side,
    /// Shows the banner 「デモ環境：架空のデータです」.
    pub demo: bool,
    /// Size the reader chose (cookie).
    pub text_size: TextSize,
    /// Path and query of this page, to come back to after POST /preferences/text-size (field `back`).
    pub here: String,
    /// Hidden value of every form (field `csrf`).
    pub csrf: String,
    /// Who is logged in; `None` on the login pages.
    pub who: Option<Who>,
    /// When the page was made, for print: 「2026年11月22日 9:15」.
    pub now: String,
    /// Notices (お知らせ) that were not read.
    pub unread: u32,
    /// The reader wants readings over the words (ふりがな; cookie). They are added to the whole page at its end.
    pub furigana: bool,
    /// The reader wants やさしい日本語 (cookie).
    pub easy: bool,
    /// Seconds until the session ends; the script warns two minutes before (WCAG 2.2.1). `None` = no warning.
    pub session_seconds: Option<u32>,
    /// Messages about what has just happened (after POST → 303).
    pub notices: Vec<Notice>,
    /// Whom to call; the same on every page (WCAG 3.2.6).
    pub help: Help,
}

impl Shell {
    /// Whether the page is for the person: large text, plain words, switches for readings and やさしい日本語.
    pub fn is_plain(&self) -> bool {
        self.side == Side::Citizen || (self.side == Side::Public && self.path().starts_with("/start"))
    }

    /// A key sentence in the register that the reader chose.
    pub fn say(&self, saying: &kaigo_core::plain::Saying) -> &'static str {
        if self.easy { saying.easy } else { saying.usual }
    }

    /// Path of this page, without its query: where a form of the page narrows it.
    pub fn path(&self) -> &str {
        self.here.split('?').next().unwrap_or("/")
    }

    /// The navigation of the side, with the link that the page belongs to: the one with the longest common path.
    pub fn nav(&self) -> Vec<NavLink> {
        let path = self.path();
        let home = self.side.home();
        let under = |href: &str| {
            path == href || (href != home && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
        };
        let links = self.side.links();
        let current = links.iter().map(|(href, _)| *href).filter(|href| under(href)).max_by_key(|href| href.len());
        links
            .iter()
            .map(|&(href, word)| NavLink {
                href,
                word,
                is_current: current == Some(href),
                count: if href == "/notices" { self.unread } else { 0 },
            })
            .collect()
    }
}

/// Side of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Not logged in: no navigation.
    Public,
    /// Office staff: 17 px.
    Staff,
    /// The person or family: 18 px, plain words.
    Citizen,
    /// Staff of a municipality (保険者).
    Insurer,
    /// Staff of a medical institution.
    Medical,
    /// The secretariat of a certification board.
    Board,
    /// The operator's desk (運営).
    Operator,
    /// Who sets up offices (導入支援事業者).
    Supporter,
}

/// A link of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavLink {
    /// Where.
    pub href: &'static str,
    /// The word.
    pub word: &'static str,
    /// Whether the page belongs there.
    pub is_current: bool,
    /// A number beside the word; 0 shows none.
    pub count: u32,
}

impl Side {
    /// The first page of the side.
    pub fn home(&self) -> &'static str {
        match self {
            Self::Public => "/portal",
            Self::Staff => "/",
            Self::Citizen => "/my",
            Self::Insurer => "/insurer",
            Self::Medical => "/medical",
            Self::Board => "/board",
            Self::Operator => "/operator",
            Self::Supporter => "/support",
        }
    }

    /// The navigation: where, and the word.
    fn links(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Public => &[],
            Self::Staff => &[
                ("/", "きょうの仕事"),
                ("/people", "利用者"),
                ("/cases", "進行中の申請"),
                ("/filings", "届出"),
                ("/exchange", "ケアプラン連携"),
                ("/identity", "本人確認"),
                ("/office", "マイページ"),
                ("/notices", "お知らせ"),
            ],
            Self::Citizen => &[
                ("/my", "わたしの証"),
                ("/my/certification", "認定"),
                ("/my/documents", "書類"),
                ("/my/plans", "ケアプラン"),
                ("/my/log", "だれが見たか"),
                ("/my/consent", "同意"),
                ("/my/family", "代理の人"),
                ("/notices", "お知らせ"),
            ],
            Self::Insurer => &[
                ("/insurer", "きょうの仕事"),
                ("/insurer/cases", "認定申請"),
                ("/insurer/opinions", "意見書"),
                ("/insurer/board", "審査会"),
                ("/insurer/filings", "届出"),
                ("/insurer/people", "被保険者"),
                ("/insurer/questions", "問い合わせ"),
                ("/insurer/feed", "記録の取込"),
                ("/insurer/rules", "きまり"),
                ("/insurer/statistics", "統計"),
                ("/insurer/disaster", "災害時"),
                ("/notices", "お知らせ"),
            ],
            Self::Medical => &[("/medical", "意見書の依頼"), ("/notices", "お知らせ")],
            Self::Board => &[("/board", "審査会"), ("/notices", "お知らせ")],
            Self::Operator => &[
                ("/operator", "きょうの仕事"),
                ("/operator/inquiries", "問い合わせ"),
                ("/operator/subsidies", "助成金"),
                ("/operator/offices", "利用登録"),
                ("/operator/certificates", "電子証明書"),
                ("/operator/content", "ポータルの記事"),
                ("/operator/maintenance", "メンテナンス"),
                ("/operator/readiness", "市町村の対応状況"),
                ("/notices", "お知らせ"),
            ],
            Self::Supporter => &[("/support", "支援する事業所"), ("/notices", "お知らせ")],
        }
    }
}

/// Text size (文字サイズ): percentage of the browser's own size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextSize {
    /// 標準, 100 %.
    #[default]
    Standard,
    /// 大, 118 %.
    Large,
    /// 特大, 137 %.
    Huge,
}

impl TextSize {
    /// All sizes, in the order of the control.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Large, Self::Huge];

    /// Value of the form field `size` and of the cookie.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Large => "large",
            Self::Huge => "huge",
        }
    }

    /// Word on the button.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Standard => "標準",
            Self::Large => "大",
            Self::Huge => "特大",
        }
    }

    /// Reads `code`; `None` for anything else.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.code() == code)
    }
}

/// Who is logged in.
#[derive(Clone, Debug)]
pub struct Who {
    /// 氏名.
    pub name: String,
    /// 職種 of the account, e.g. 介護支援専門員; empty for a citizen.
    pub role: String,
    /// 事業所名; empty for a citizen.
    pub office: String,
}

/// Help contact in the footer.
#[derive(Clone, Debug)]
pub struct Help {
    /// Name of the desk.
    pub name: String,
    /// Telephone number as printed.
    pub phone: String,
    /// Opening hours.
    pub hours: String,
}

/// Meaning of a chip or notice; shown as shape and colour beside the word, never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// No weight.
    Plain,
    /// Worth knowing.
    Info,
    /// In order.
    Good,
    /// Attention soon.
    Warn,
    /// Act now, or failed.
    Bad,
}

impl Tone {
    /// Value of `data-tone`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A state as word + shape + colour.
#[derive(Clone, Debug)]
pub struct Chip {
    /// Meaning.
    pub tone: Tone,
    /// The word, short: 「あと9日」「要介護3」.
    pub word: String,
}

impl Chip {
    /// A chip.
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self { tone, word: word.into() }
    }
}

/// A message at the top of a page.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Meaning.
    pub tone: Tone,
    /// One line.
    pub heading: String,
    /// What happens next; may be empty.
    pub say: String,
}

/// A wrong input: 何が + どうすれば. The same sentence stands in the summary and at the field.
#[derive(Clone, Debug)]
pub struct FieldError {
    /// `name` (and id) of the field; empty for the whole form.
    pub field: String,
    /// The sentence.
    pub say: String,
}

impl FieldError {
    /// An error at a field.
    pub fn new(field: impl Into<String>, say: impl Into<String>) -> Self {
        Self { field: field.into(), say: say.into() }
    }
}

/// The sentence at a field, if it is wrong. For the templates.
pub fn error_at<'a>(errors: &'a [FieldError], field: &str) -> Option<&'a str> {
    errors.iter().find(|error| error.field == field).map(|error| error.say.as_str())
}

/// A link with a word for it.
#[derive(Clone, Debug)]
pub struct Link {
    /// What the reader gets.
    pub word: String,
    /// Where.
    pub href: String,
}

impl Link {
    /// A link.
    pub fn new(word: impl Into<String>, href: impl Into<String>) -> Self {
        Self { word: word.into(), href: href.into() }
    }
}

/// One choice of a select or of radios.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Value that the form sends.
    pub value: String,
    /// Word that the reader sees.
    pub word: String,
    /// Chosen now.
    pub chosen: bool,
}

impl Choice {
    /// A choice that is not chosen.
    pub fn new(value: impl Into<String>, word: impl Into<String>) -> Self {
        Self { value: value.into(), word: word.into(), chosen: false }
    }
}

/// One line of a summary list (dt/dd).
#[derive(Clone, Debug)]
pub struct Fact {
    /// Heading as on the form (様式).
    pub label: String,
    /// Value, one string per line; empty = shown as 「（なし）」.
    pub lines: Vec<String>,
    /// State beside the value.
    pub chip: Option<Chip>,
    /// Small line below: source, meaning.
    pub note: Option<String>,
    /// Changed since the reader's last look: 「前回の確認（7月28日）のあとに変わりました。前は 1割」.
    pub change: Option<String>,
    /// The value is a name or somebody's own words: no readings are added.
    pub as_is: bool,
}

impl Fact {
    /// A fact of one line; an empty value gives no line.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        let value = value.into();
        let lines = if value.is_empty() { Vec::new() } else { vec![value] };
        Self::many(label, lines)
    }

    /// A fact of several lines.
    pub fn many(label: impl Into<String>, lines: Vec<String>) -> Self {
        Self { label: label.into(), lines, chip: None, note: None, change: None, as_is: false }
    }

    /// With a state.
    #[must_use]
    pub fn chip(self, tone: Tone, word: impl Into<String>) -> Self {
        Self { chip: Some(Chip::new(tone, word)), ..self }
    }

    /// With a small line.
    #[must_use]
    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..self }
    }

    /// A name or somebody's own words.
    #[must_use]
    pub fn as_is(self) -> Self {
        Self { as_is: true, ..self }
    }

    /// Marked as changed since the last look.
    #[must_use]
    pub fn changed(self, how: impl Into<String>) -> Self {
        Self { change: Some(how.into()), ..self }
    }
}

/// Keyset paging: where the neighbours are.
#[derive(Clone, Debug, Default)]
pub struct Paging {
    /// Newer or earlier page.
    pub previous: Option<String>,
    /// Next page.
    pub next: Option<String>,
    /// What is shown: 「51件目から100件目まで」; may be empty.
    pub say: String,
}

/// Why a part of a page shows nothing. The reasons look different, because each asks for something else.
#[derive(Clone, Debug)]
pub enum Absence {
    /// The insurer has not begun to share (市町村の開始前).
    NotStarted {
        /// Name of the insurer.
        insurer: String,
        /// 「2027年3月1日から」, or 「開始日はまだ決まっていません」.
        since: String,
    },
    /// The access rules do not give this to the office's service or the account's 職種 (platform.md §3.1 R5–R7).
    NotShared {
        /// Code of the rule, as in docs/errors.md.
        rule: String,
        /// The rule in words.
        say: String,
    },
    /// The person's consent (包括的同意) is not recorded.
    NoConsent {
        /// What was asked for and how consent is given.
        say: String,
    },
    /// The office is no longer 担当事業所.
    ChargeEnded {
        /// When it ended, 「2026年10月31日」.
        on: String,
    },
    /// Shared, but the insurer has registered nothing.
    NothingYet {
        /// What is not there and when it usually comes.
        say: String,
    },
}

/// A part of a name with its reading, for `<ruby>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruby {
    /// 漢字.
    pub base: String,
    /// よみ.
    pub reading: String,
}

impl Ruby {
    /// The name is not its own reading (トメ, ふみ).
    pub fn needed(&self) -> bool {
        hiragana(&self.base) != hiragana(&self.reading)
    }
}

/// Pairs a name and its フリガナ word by word; one pair when the words do not match in number. Readings are never made up.
pub fn ruby(name: &str, reading: &str) -> Vec<Ruby> {
    let bases: Vec<&str> = name.split_whitespace().collect();
    let readings: Vec<&str> = reading.split_whitespace().collect();
    if bases.len() == readings.len() {
        let pair = |(base, reading): (&str, &str)| Ruby { base: base.to_owned(), reading: reading.to_owned() };
        bases.into_iter().zip(readings).map(pair).collect()
    } else {
        vec![Ruby { base: name.to_owned(), reading: reading.to_owned() }]
    }
}

/// Katakana → hiragana, for readings on citizen pages.
pub fn hiragana(text: &str) -> String {
    let fold = |c: char| match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        other => other,
    };
    text.chars().map(fold).collect()
}

/// An amount with separators: 118000 → 「118,000円」.
pub fn yen(amount: u32) -> String {
    let digits = amount.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push('円');
    text
}

/// FNV-1a over bytes, at compile time.
const fn mix(start: u64, bytes: &[u8]) -> u64 {
    let mut hash = start;
    let mut rest = bytes;
    while let [first, others @ ..] = rest {
        hash = (hash ^ u64::from_le_bytes([*first, 0, 0, 0, 0, 0, 0, 0])).wrapping_mul(0x0100_0000_01b3);
        rest = others;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::{Ruby, TextSize, hiragana, ruby, yen};

    #[test]
    fn amounts_have_separators() {
        let texts = [0, 999, 1000, 118_000, 1_234_567].map(yen);
        assert_eq!(texts, ["0円", "999円", "1,000円", "118,000円", "1,234,567円"]);
    }

    #[test]
    fn readings_pair_word_by_word_or_not_at_all() {
        let pair = |base: &str, reading: &str| Ruby { base: base.into(), reading: reading.into() };
        assert_eq!(ruby("久城 トメ", "クシロ トメ"), [pair("久城", "クシロ"), pair("トメ", "トメ")]);
        assert_eq!(ruby("久城　トメ", "クシロトメ"), [pair("久城　トメ", "クシロトメ")]);
        assert!(pair("久城", "クシロ").needed() && !pair("ふみ", "フミ").needed());
        assert_eq!(hiragana("ヴァンヶー ン"), "ゔぁんゖー ん");
    }

    #[test]
    fn text_size_codes_read_back() {
        for size in TextSize::ALL {
            assert_eq!(TextSize::read(size.code()), Some(size));
        }
        assert_eq!(TextSize::read("100"), None);
    }
}
