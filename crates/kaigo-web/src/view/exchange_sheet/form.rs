//! The printed forms (標準様式, 老企第29号; 介護予防支援の様式), box by box.

use super::grid::Grid;

/// One form with its heading.
#[derive(Clone, Debug)]
pub struct Page {
    /// Anchor: `sheet1`; with a number where a person has several of a kind.
    pub id: String,
    /// Word of the tab: 「第1表」.
    pub tab: String,
    /// Title as printed: 「居宅サービス計画書（１）」.
    pub title: String,
    /// 「作成年月日 2026年10月25日」; may be empty.
    pub made: String,
    /// What stands on it.
    pub form: Form,
}

/// What stands on a form.
#[derive(Clone, Debug)]
pub enum Form {
    /// 第1表.
    Plan(Box<Plan>),
    /// 第2表.
    Goals(Goals),
    /// 第3表.
    Week(Week),
    /// 第6表.
    Usage(Box<Usage>),
    /// 第7表.
    Detail(Detail),
    /// 利用者基本情報, 支援計画書: boxes and tables.
    Boxes(Boxes),
}

/// A word to circle on paper: 「初回・紹介・継続」.
#[derive(Clone, Debug)]
pub struct Circled {
    /// The word.
    pub word: String,
    /// Circled.
    pub chosen: bool,
}

impl Circled {
    /// A word.
    pub fn new(word: impl Into<String>, chosen: bool) -> Self {
        Self { word: word.into(), chosen }
    }
}

/// Label and value of a box; several lines in the value stand as they came.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// Label as printed.
    pub label: String,
    /// Value; may be empty.
    pub value: String,
}

impl Labelled {
    /// A labelled value.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// 居宅サービス計画書（１）.
#[derive(Clone, Debug)]
pub struct Plan {
    /// 初回・紹介・継続.
    pub classes: Vec<Circled>,
    /// 認定済・申請中.
    pub states: Vec<Circled>,
    /// 利用者名.
    pub name: String,
    /// 生年月日.
    pub birth: String,
    /// 住所.
    pub address: String,
    /// 居宅サービス計画作成者氏名.
    pub author: String,
    /// 居宅介護支援事業者・事業所名及び所在地.
    pub office: String,
    /// 居宅サービス計画作成（変更）日.
    pub plan_date: String,
    /// 初回居宅サービス計画作成日.
    pub first_date: String,
    /// 認定日.
    pub certified: String,
    /// 認定の有効期間.
    pub valid: String,
    /// 要介護状態区分.
    pub levels: Vec<Circled>,
    /// 利用者及び家族の生活に対する意向を踏まえた課題分析の結果.
    pub analysis: String,
    /// 介護認定審査会の意見及びサービスの種類の指定.
    pub opinion: String,
    /// 総合的な援助の方針.
    pub policy: String,
    /// 生活援助中心型の算定理由.
    pub reasons: Vec<Circled>,
    /// The text of その他.
    pub reason: String,
}

/// A cell that spans rows.
#[derive(Clone, Debug)]
pub struct Span {
    /// Its text.
    pub text: String,
    /// 期間; may be empty, and is only printed for goals.
    pub period: String,
    /// How many rows.
    pub rows: usize,
}

/// A row of 第2表: one 援助内容.
#[derive(Clone, Debug)]
pub struct GoalRow {
    /// 生活全般の解決すべき課題, in the first row of its block.
    pub need: Option<Span>,
    /// 長期目標, in the first row of its block.
    pub long: Option<Span>,
    /// 短期目標, in the first row of its block.
    pub short: Option<Span>,
    /// サービス内容.
    pub help: String,
    /// ※1: 「○」 where 保険給付の対象; what is no code stays as it came.
    pub covered: String,
    /// サービス種別.
    pub service: String,
    /// ※2 サービス提供事業所.
    pub office: String,
    /// 頻度.
    pub frequency: String,
    /// 期間.
    pub period: String,
}

/// 居宅サービス計画書（２）.
#[derive(Clone, Debug)]
pub struct Goals {
    /// 利用者名.
    pub name: String,
    /// The rows.
    pub rows: Vec<GoalRow>,
}

/// A block of 第3表.
#[derive(Clone, Debug)]
pub struct Block {
    /// First half hour of the day, 0 to 47.
    pub from: u8,
    /// Half hours, at least 1.
    pub length: u8,
    /// 0 to 3; above 0 where another block of the day stands beside it.
    pub lane: u8,
    /// 「9:00～10:00」.
    pub time: String,
    /// What.
    pub text: String,
}

/// A weekday of 第3表.
#[derive(Clone, Debug)]
pub struct Weekday {
    /// 「月」.
    pub word: String,
    /// Its blocks, the earliest first.
    pub blocks: Vec<Block>,
}

/// 週間サービス計画表.
#[derive(Clone, Debug)]
pub struct Week {
    /// 利用者名.
    pub name: String,
    /// 月 to 日.
    pub days: Vec<Weekday>,
    /// 主な日常生活上の活動.
    pub activities: Vec<Block>,
    /// 週単位以外のサービス, and rows that have no place in the week.
    pub others: Vec<String>,
}

/// サービス利用票（兼居宅サービス計画）.
#[derive(Clone, Debug)]
pub struct Usage {
    /// The head of the form (鑑), box by box.
    pub head: Vec<Labelled>,
    /// 認定済・申請中.
    pub states: Vec<Circled>,
    /// 月間サービス計画及び実績の記録.
    pub grid: Grid,
}

/// What a row of 第7表 is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetailKind {
    /// A service.
    Line,
    /// 種類別の小計.
    Subtotal,
    /// 合計.
    Total,
}

impl DetailKind {
    /// Value of `data-kind`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Subtotal => "subtotal",
            Self::Total => "total",
        }
    }
}

/// A row of 第7表.
#[derive(Clone, Debug)]
pub struct DetailRow {
    /// What it is.
    pub kind: DetailKind,
    /// 事業所名.
    pub office: String,
    /// 事業所番号.
    pub number: String,
    /// サービス内容／種類.
    pub service: String,
    /// サービスコード.
    pub code: String,
    /// The seventeen amounts from 単位数 to 利用者負担（全額負担分）, with separators.
    pub amounts: Vec<String>,
}

/// サービス利用票別表.
#[derive(Clone, Debug)]
pub struct Detail {
    /// 利用者名, 被保険者番号, month.
    pub head: Vec<Labelled>,
    /// 区分支給限度管理・利用者負担計算.
    pub rows: Vec<DetailRow>,
    /// 種類別支給限度管理: 種類, 基準額, 合計単位数, 超える単位数.
    pub limits: Vec<[String; 4]>,
    /// 要介護認定期間中の短期入所利用日数: 前月まで, 当月, 累積.
    pub short_stay: [String; 3],
}

/// A cell of a table of texts.
#[derive(Clone, Debug)]
pub struct Spanned {
    /// Its text.
    pub text: String,
    /// How many rows it spans.
    pub rows: usize,
}

impl Spanned {
    /// A cell of one row.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), rows: 1 }
    }
}

/// A table of texts.
#[derive(Clone, Debug)]
pub struct TextTable {
    /// Its heading.
    pub heading: String,
    /// Headings of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<Spanned>>,
}

/// Boxes under one heading.
#[derive(Clone, Debug)]
pub struct BoxGroup {
    /// Its heading.
    pub heading: String,
    /// Its boxes.
    pub boxes: Vec<Labelled>,
}

/// A form of boxes and tables: 利用者基本情報, 介護予防サービス・支援計画書.
#[derive(Clone, Debug)]
pub struct Boxes {
    /// Groups of boxes.
    pub groups: Vec<BoxGroup>,
    /// 別表.
    pub tables: Vec<TextTable>,
}
