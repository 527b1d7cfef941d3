//! The forms of a care plan: one person's month with two differences, the forms of a plan, an entry of results, paper.

use super::add;
use crate::view::exchange::{Frame, Partner, Tab};
use crate::view::exchange_sheet::compare::{Compare, Difference};
use crate::view::exchange_sheet::form::{
    Block, BoxGroup, Boxes, Circled, Detail, DetailKind, DetailRow, Form, GoalRow, Goals, Labelled, Page, Plan, Span,
    Spanned, TextTable, Usage, Week, Weekday,
};
use crate::view::exchange_sheet::grid::{Cell, Day, DayLook, Grid, Line, Mark};
use crate::view::exchange_sheet::paper::{Letter, Paper, PaperPerson};
use crate::view::exchange_sheet::results::{Entry, EntryConfirm, EntryLine, More, ResultRow, Results};
use crate::view::exchange_sheet::{Head, Preview};
use crate::view::{Chip, Choice, FieldError, Link, Shell, Tone};

const S: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
const E: &str = "0f3b6a1c9d4e5f60718293a4b5c6d7e8";

fn shell(here: &str) -> Shell {
    Shell { here: here.into(), ..Shell::sample() }
}

fn frame(tab: Tab) -> Frame {
    Frame { tab, unread: 2, is_admin: false }
}

fn head() -> Head {
    Head {
        name: "大谷 清".into(),
        kana: "オオタニ キヨシ".into(),
        birth: "1941年（昭和16年）9月3日".into(),
        age: "85歳".into(),
        sex: "男性".into(),
        insurer: "みなと川市".into(),
        number: "9900 000 456".into(),
        chips: vec![Chip::new(Tone::Info, "要介護3"), Chip::new(Tone::Plain, "2026年10月分")],
    }
}

/// October 2026, which begins on a Thursday.
fn days() -> Vec<Day> {
    let words = ["木", "金", "土", "日", "月", "火", "水"];
    let look = |at: u8| match at % 7 {
        2 => DayLook::Saturday,
        3 => DayLook::Sunday,
        _ => DayLook::Week,
    };
    let day = |at: u8| Day { day: at + 1, weekday: words[usize::from(at % 7)].into(), look: look(at) };
    (0..31).map(day).collect()
}

fn cells(planned: &[usize], real: &[usize]) -> (Vec<Cell>, Vec<Cell>) {
    let text = |has: bool| if has { "1".into() } else { String::new() };
    let upper = (1..=31).map(|day| Cell { text: text(planned.contains(&day)), mark: Mark::Same });
    let lower = (1..=31).map(|day| match (planned.contains(&day), real.contains(&day)) {
        (true, false) => Cell { text: "1".into(), mark: Mark::Cut },
        (false, true) => Cell { text: "1".into(), mark: Mark::Added },
        (_, has) => Cell { text: text(has), mark: Mark::Same },
    });
    (upper.collect(), lower.collect())
}

fn line([time, service, code, note, office]: [&str; 5], planned: &[usize], real: &[usize]) -> Line {
    let (upper, lower) = cells(planned, real);
    Line {
        time: time.into(),
        service: service.into(),
        code: code.into(),
        note: note.into(),
        office: office.into(),
        upper,
        upper_sum: planned.len().to_string(),
        lower,
        lower_sum: real.len().to_string(),
        chip: None,
    }
}

const VISITS: [usize; 9] = [1, 5, 8, 12, 15, 19, 22, 26, 29];
const MOVED: [usize; 9] = [1, 5, 8, 13, 15, 19, 22, 26, 29];
const DAY_CARE: [usize; 9] = [2, 6, 9, 13, 16, 20, 23, 27, 30];
const CANCELLED: [usize; 8] = [2, 6, 9, 13, 16, 23, 27, 30];

fn lines() -> Vec<Line> {
    let mut bath = line(["9:15～16:20", "入浴介助加算Ⅰ", "155301", "", "通所介護 ひだまり"], &DAY_CARE, &DAY_CARE);
    bath.lower[5] = Cell { text: "2".into(), mark: Mark::Changed };
    bath.chip = Some(Chip::new(Tone::Warn, "回数がちがう"));
    vec![
        line(["9:30～10:00", "身体介護1", "111111", "", "訪問介護 はまなす"], &VISITS, &MOVED),
        line(["9:15～16:20", "通所介護 要介護3", "152243", "", "通所介護 ひだまり"], &DAY_CARE, &CANCELLED),
        bath,
        line(["", "福祉用具貸与 車いす", "171001", "00001-000010 車いすA", "福祉用具 さんいん"], &[1], &[1]),
    ]
}

fn grid(lines: Vec<Line>) -> Grid {
    Grid {
        caption: "大谷 清 さん 2026年10月の予定と実績".into(),
        upper: "予定".into(),
        lower: "実績".into(),
        days: days(),
        lines,
        loose: Vec::new(),
    }
}

fn difference(tone: Tone, word: &str, office: &str, say: &str) -> Difference {
    Difference { chip: Chip::new(tone, word), office: office.into(), say: say.into() }
}

fn differences() -> Vec<Difference> {
    vec![
        difference(Tone::Warn, "日がかわった", "訪問介護 はまなす", "12日（月）の身体介護1が 13日（火）に"),
        difference(Tone::Bad, "中止", "通所介護 ひだまり", "20日（火）の通所介護がありません"),
        difference(Tone::Warn, "回数がちがう", "通所介護 ひだまり", "6日（火）の入浴介助加算Ⅰが 1回から 2回に"),
    ]
}

fn counts() -> Vec<Chip> {
    let chip = |tone, word: &str| Chip::new(tone, word);
    vec![chip(Tone::Bad, "中止 1件"), chip(Tone::Warn, "日がかわった 1件"), chip(Tone::Warn, "回数がちがう 1件")]
}

impl Compare {
    fn sample() -> Self {
        Self {
            shell: shell(&format!("/exchange/compare/{S}/0")),
            frame: frame(Tab::Board),
            head: head(),
            back: Link::new("10月のまとめ", "/exchange/board?month=202610"),
            title: "10月の予定と実績".into(),
            sources: vec![
                "予定：居宅介護支援事業所 みなと　9月25日 10:12 に送信".into(),
                "実績：訪問介護 はまなす　11月2日 17:40 に届きました".into(),
            ],
            missing: String::new(),
            against: "予定".into(),
            counts: counts(),
            differences: differences(),
            grid: grid(lines()),
            hidden: 0,
            views: vec![Link::new("ちがいだけ見る", format!("/exchange/compare/{S}/0?only=differences"))],
            versions: vec![
                Choice { chosen: true, ..Choice::new("", "実績（11月2日）") },
                Choice::new(S, "予定のまえの版（9月20日）"),
            ],
            links: vec![Link::new("もとの書類", format!("/exchange/sets/{S}/people/0"))],
        }
    }

    /// As large as a month can be: sixty lines.
    fn sample_large() -> Self {
        let lines = lines().into_iter().cycle().take(60).collect();
        Self { grid: grid(lines), ..Self::sample() }
    }
}

fn circled(words: &[&str], chosen: usize) -> Vec<Circled> {
    words.iter().enumerate().map(|(at, word)| Circled::new(*word, at == chosen)).collect()
}

fn labelled(pairs: &[(&str, &str)]) -> Vec<Labelled> {
    pairs.iter().map(|(label, value)| Labelled::new(*label, *value)).collect()
}

fn page(id: &str, tab: &str, title: &str, form: Form) -> Page {
    Page { id: id.into(), tab: tab.into(), title: title.into(), made: "作成年月日 2026年9月25日".into(), form }
}

/// The forms of one person.
pub(super) fn forms() -> Vec<Page> {
    vec![plan(), goals(), week(), usage()]
}

fn plan() -> Page {
    let plan = Plan {
        classes: circled(&["初回", "紹介", "継続"], 2),
        states: circled(&["認定済", "申請中"], 0),
        name: "大谷 清".into(),
        birth: "1941年（昭和16年）9月3日".into(),
        address: "みなと川市 港町1-2-3".into(),
        author: "出雲 太郎".into(),
        office: "居宅介護支援事業所 みなと　みなと川市 中央4-5".into(),
        plan_date: "2026年9月25日".into(),
        first_date: "2024年4月10日".into(),
        certified: "2026年6月20日".into(),
        valid: "2026年7月1日から 2028年6月30日まで".into(),
        levels: circled(&["要介護1", "要介護2", "要介護3", "要介護4", "要介護5"], 2),
        analysis: "本人：家の中を自分で歩きたい。風呂に安心して入りたい。\n家族（長女）：昼間ひとりになる時間がこわい。".into(),
        opinion: "特になし".into(),
        policy: "転ばずに家ですごせるように、訪問介護と通所介護で身のまわりを支えます。\n緊急の連絡先：長女 花子 00-2222-3333".into(),
        reasons: circled(&["一人暮らし", "家族等が障害、疾病等", "その他"], 0),
        reason: String::new(),
    };
    page("sheet1", "第1表", "居宅サービス計画書（１）", Form::Plan(Box::new(plan)))
}

fn goals() -> Page {
    let span = |text: &str, period: &str, rows| Some(Span { text: text.into(), period: period.into(), rows });
    let period = "2026年10月から 2027年3月まで";
    let row = |help: &str, service: &str, office: &str| GoalRow {
        need: None,
        long: None,
        short: None,
        help: help.into(),
        covered: "○".into(),
        service: service.into(),
        office: office.into(),
        frequency: "週2回".into(),
        period: period.into(),
    };
    let rows = vec![
        GoalRow {
            need: span("家の中を自分で歩き、転ばずにすごしたい", "", 3),
            long: span("転ばずに家ですごせる", period, 3),
            short: span("トイレまで手すりで歩ける", period, 2),
            ..row("起き上がり・移動の介助", "訪問介護", "訪問介護 はまなす")
        },
        row("足の運動", "通所介護", "通所介護 ひだまり"),
        GoalRow {
            short: span("外出を楽しめる", period, 1),
            ..row("車いすの貸与", "福祉用具貸与", "福祉用具 さんいん")
        },
    ];
    page("sheet2", "第2表", "居宅サービス計画書（２）", Form::Goals(Goals { name: "大谷 清".into(), rows }))
}

fn week() -> Page {
    let block =
        |from, length, lane, time: &str, text: &str| Block { from, length, lane, time: time.into(), text: text.into() };
    let day = |(at, word): (usize, &&str)| Weekday {
        word: (*word).into(),
        blocks: match at {
            0 | 3 => vec![block(19, 1, 0, "9:30～10:00", "訪問介護"), block(19, 2, 1, "9:30～10:30", "訪問看護")],
            1 | 4 => vec![block(18, 14, 0, "9:15～16:20", "通所介護")],
            _ => Vec::new(),
        },
    };
    let week = Week {
        name: "大谷 清".into(),
        days: ["月", "火", "水", "木", "金", "土", "日"].iter().enumerate().map(day).collect(),
        activities: vec![
            block(12, 1, 0, "6:00", "起床"),
            block(24, 2, 0, "12:00～13:00", "昼食"),
            block(42, 1, 0, "21:00", "就寝"),
        ],
        others: vec!["福祉用具貸与（車いす）".into(), "短期入所 2か月に1回".into()],
    };
    page("sheet3", "第3表", "週間サービス計画表", Form::Week(week))
}

fn usage() -> Page {
    let head = labelled(&[
        ("保険者番号", "980011"),
        ("保険者名", "みなと川市"),
        ("被保険者番号", "9900000456"),
        ("被保険者氏名", "大谷 清（オオタニ キヨシ）"),
        ("生年月日", "1941年9月3日"),
        ("性別", "男性"),
        ("要介護状態区分", "要介護3"),
        ("区分支給限度基準額", "27,048単位/月"),
        ("限度額適用期間", "2026年7月から 2028年6月まで"),
        ("前月までの短期入所利用日数", "14日"),
        ("居宅介護支援事業所", "居宅介護支援事業所 みなと"),
        ("担当者名", "出雲 太郎"),
    ]);
    let usage = Usage { head, states: circled(&["認定済", "申請中"], 0), grid: grid(lines()) };
    page("sheet6", "第6表", "2026年10月分 サービス利用票（兼居宅サービス計画）", Form::Usage(Box::new(usage)))
}

fn detail() -> Page {
    let amounts = |units: &str| {
        let mut all = vec![String::new(); 17];
        all[0] = units.into();
        all[4] = "2,250".into();
        all[16] = "0".into();
        all
    };
    let row = |kind, service: &str, code: &str| DetailRow {
        kind,
        office: "訪問介護 はまなす".into(),
        number: "9870000025".into(),
        service: service.into(),
        code: code.into(),
        amounts: amounts("250"),
    };
    let detail = Detail {
        head: labelled(&[("被保険者番号", "9900000456"), ("利用者名", "大谷 清")]),
        rows: vec![
            row(DetailKind::Line, "身体介護1", "111111"),
            row(DetailKind::Subtotal, "訪問介護 合計", ""),
            row(DetailKind::Total, "", ""),
        ],
        limits: Vec::new(),
        short_stay: ["14".into(), "0".into(), "14".into()],
    };
    page("sheet7", "第7表", "2026年10月分 サービス利用票別表", Form::Detail(detail))
}

fn basic() -> Page {
    let group = BoxGroup {
        heading: "基本情報".into(),
        boxes: labelled(&[("本人の現況", "在宅"), ("障害高齢者の日常生活自立度", "J2")]),
    };
    let table = TextTable {
        heading: "1日の生活・すごし方".into(),
        heads: vec!["時間".into(), "本人".into(), "介護者・家族".into()],
        rows: vec![["6:00", "起床", ""].map(Spanned::new).into()],
    };
    page("basic", "基本情報", "利用者基本情報", Form::Boxes(Boxes { groups: vec![group], tables: vec![table] }))
}

impl Preview {
    fn sample() -> Self {
        Self {
            shell: shell(&format!("/exchange/sets/{S}/people/0")),
            frame: frame(Tab::Inbox),
            head: head(),
            back: Link::new("届いたファイル", format!("/exchange/sets/{S}")),
            what: "居宅サービス計画と予定".into(),
            small: "居宅介護支援事業所 みなと から　連番 20260925101200".into(),
            chip: Some(Chip::new(Tone::Good, "最新")),
            is_draft: false,
            previous: None,
            next: Some(Link::new("久城 トメ", format!("/exchange/sets/{S}/people/1"))),
            links: vec![Link::new("予定と実績を見くらべる", format!("/exchange/compare/{S}/0"))],
            pages: vec![plan(), goals(), week(), usage(), detail(), basic()],
        }
    }
}

impl Results {
    fn sample() -> Self {
        let row = |name: &str, chip, at: &str, link| ResultRow {
            name: name.into(),
            kana: "オオタニ キヨシ".into(),
            number: "9900 000 456".into(),
            partner: "居宅介護支援事業所 みなと".into(),
            chip,
            at: at.into(),
            link,
            set: S.into(),
            person: "0".into(),
        };
        let go = |word: &str| Some(Link::new(word, format!("/exchange/results/{E}")));
        Self {
            shell: shell("/exchange/results?month=202610"),
            frame: frame(Tab::Results),
            month: "2026年10月".into(),
            previous: Link::new("9月", "/exchange/results?month=202609"),
            next: Link::new("11月", "/exchange/results?month=202611"),
            counts: vec![Chip::new(Tone::Warn, "まだ 1人"), Chip::new(Tone::Info, "入力中 1人")],
            rows: vec![
                row("大谷 清", Chip::new(Tone::Warn, "まだ"), "", None),
                row("久城 トメ", Chip::new(Tone::Info, "入力中"), "11月2日 9:10 保存", go("つづける")),
                row("三上 サダ", Chip::new(Tone::Good, "送りました"), "11月2日 17:40", go("見る")),
            ],
        }
    }
}

impl Entry {
    fn sample() -> Self {
        let texts =
            |days: &[usize]| (1..=31).map(|day| if days.contains(&day) { "1".into() } else { String::new() }).collect();
        let line = |place, service: &str, timed: bool, planned: &[usize], typed: &[usize]| EntryLine {
            place,
            service: service.into(),
            code: "111111".into(),
            note: String::new(),
            from: "9:30".into(),
            until: "10:00".into(),
            timed,
            planned: texts(planned),
            typed: cells(planned, typed).1.into_iter().map(typed_cell).collect(),
            planned_sum: planned.len().to_string(),
            sum: typed.len().to_string(),
            added: planned.is_empty(),
        };
        Self {
            shell: shell(&format!("/exchange/results/{E}")),
            frame: frame(Tab::Results),
            head: head(),
            e: E.into(),
            revision: 3,
            title: "2026年10月の実績".into(),
            partner: "居宅介護支援事業所 みなと".into(),
            saved: "保存 11月2日 9:14".into(),
            errors: Vec::new(),
            days: days(),
            lines: vec![
                line(1, "身体介護1", true, &VISITS, &MOVED),
                line(2, "生活援助2", true, &[], &[7]),
                line(3, "訪問介護処遇改善加算Ⅰ", false, &[31], &[31]),
            ],
            timed: vec![Choice::new("1", "9:30～10:00 身体介護1")],
            services: vec![Choice::new("111111", "身体介護1")],
            more: More::default(),
            others: Some(grid(lines().into_iter().skip(1).collect())),
        }
    }

    fn sample_invalid() -> Self {
        let say = "身体介護1の12日は、0から99までの数字で入れてください。";
        let time = "身体介護1の開始時刻は、9:30 や 0930 のように入れてください。";
        let mut page = Self::sample();
        page.lines[0].typed[11].text = "a".into();
        page.lines[0].from = "朝".into();
        page.errors = vec![FieldError::new("1.12", say), FieldError::new("1.from", time)];
        page
    }

    fn sample_large() -> Self {
        let page = Self::sample();
        let line = |place| EntryLine { place, ..page.lines[0].clone() };
        Self { lines: (1..=60).map(line).collect(), ..page }
    }
}

fn typed_cell(cell: Cell) -> Cell {
    if cell.mark == Mark::Cut { Cell { text: String::new(), ..cell } } else { cell }
}

impl EntryConfirm {
    fn sample() -> Self {
        Self {
            shell: shell(&format!("/exchange/results/{E}/confirm")),
            frame: frame(Tab::Results),
            head: head(),
            e: E.into(),
            title: "2026年10月の実績".into(),
            partner: "居宅介護支援事業所 みなと".into(),
            blocked: Vec::new(),
            counts: counts(),
            differences: differences(),
            sums: vec![["身体介護1".into(), "9".into(), "9".into()]],
            grid: grid(lines().into_iter().take(1).collect()),
        }
    }
}

fn hamanasu() -> Partner {
    Partner { name: "訪問介護 はまなす".into(), number: "9870000025".into(), phone: "00-1111-2222".into() }
}

fn minato() -> Partner {
    Partner {
        name: "居宅介護支援事業所 みなと".into(), number: "9870000017".into(), phone: "00-3333-4444".into()
    }
}

impl Paper {
    fn sample() -> Self {
        let person =
            PaperPerson { name: "大谷 清".into(), number: "9900 000 456".into(), pages: vec![usage(), detail()] };
        Self {
            shell: shell(&format!("/exchange/drafts/{E}/sets/0/paper")),
            frame: frame(Tab::Send),
            back: Link::new("送る前の確かめ", format!("/exchange/drafts/{E}")),
            what: "予定（第6・7表） 2026年10月分".into(),
            to: hamanasu(),
            from: minato(),
            writer: "出雲 太郎（介護支援専門員）".into(),
            today: "2026年9月25日（金）".into(),
            count: 2,
            facts: labelled(&[("第6表", "1部"), ("第7表", "1部")]),
            people: vec![person],
        }
    }
}

impl Letter {
    fn sample() -> Self {
        Self {
            shell: shell("/exchange/partners/9870000025/letter"),
            frame: frame(Tab::Partners),
            to: hamanasu(),
            from: minato(),
            writer: "出雲 太郎（介護支援専門員）".into(),
            today: "2026年11月22日".into(),
            is_registered: false,
        }
    }
}

pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    add(pages, "sheet-preview", &Preview::sample());
    let none = Preview { pages: Vec::new(), chip: None, next: None, is_draft: true, ..Preview::sample() };
    add(pages, "sheet-preview-none", &none);
    add(pages, "sheet-compare", &Compare::sample());
    let same = Compare { differences: Vec::new(), counts: Vec::new(), ..Compare::sample() };
    add(pages, "sheet-compare-same", &same);
    let say = "10月の実績は、まだ届いていません。";
    let missing = Compare { missing: say.into(), differences: Vec::new(), ..Compare::sample() };
    add(pages, "sheet-compare-missing", &missing);
    add(pages, "sheet-compare-large", &Compare::sample_large());
    add(pages, "sheet-results", &Results::sample());
    add(pages, "sheet-results-none", &Results { rows: Vec::new(), counts: Vec::new(), ..Results::sample() });
    add(pages, "sheet-entry", &Entry::sample());
    add(pages, "sheet-entry-invalid", &Entry::sample_invalid());
    add(pages, "sheet-entry-large", &Entry::sample_large());
    add(pages, "sheet-confirm", &EntryConfirm::sample());
    let blocked =
        EntryConfirm { blocked: vec!["実績が1回も入っていません。".into()], ..EntryConfirm::sample() };
    add(pages, "sheet-confirm-blocked", &blocked);
    add(pages, "sheet-paper", &Paper::sample());
    add(pages, "sheet-letter", &Letter::sample());
}
