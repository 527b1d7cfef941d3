//! Samples of the public pages and of the pages that write them.

use askama::Template;
use kaigo_core::area::PREFECTURES;

use super::add;
use crate::markdown::{Headings, pieces};
use crate::view::markdown::Piece;
use crate::view::operator::content as desk;
use crate::view::portal as view;
use crate::view::portal::article::{Article, Articles, Entry, Faq, Feed, Group, Line, Question};
use crate::view::portal::map::{AreaTile, Drawing, Map, Tile};
use crate::view::portal::readiness as ready;
use crate::view::portal::simulator;
use crate::view::portal::usage;
use crate::view::{Chip, Choice, Fact, FieldError, Link, Shell, Tone};

fn shell(here: &str) -> Shell {
    Shell { here: here.into(), ..Shell::sample_public() }
}

fn line(title: &str) -> Line {
    Line {
        word: "お知らせ".into(),
        title: title.into(),
        summary: "短い説明です。".into(),
        on: "2026年11月20日".into(),
        href: "/portal/news/00".into(),
    }
}

fn text() -> Vec<Piece> {
    pieces(
        "## 見出し\n\n本文と[案内](/portal/guide)。\n\n- 一\n- **二**\n\n| 数 | 分母 |\n|---|---|\n| 登録 | 事業所 |",
        Headings::From(2),
    )
}

fn maintenance() -> Vec<view::MaintenanceLine> {
    vec![view::MaintenanceLine {
        chip: Chip::new(Tone::Warn, "予定"),
        title: "定期メンテナンス".into(),
        when: "2026年11月27日 21:00から 11月28日 6:00まで".into(),
        effect: "すべての画面が使えません。".into(),
        said: "2026年11月1日 11:00".into(),
    }]
}

fn map() -> Map {
    let tile = |p: &kaigo_core::area::Prefecture| {
        let (x, y) = Map::place(p.column, p.row);
        Tile {
            x,
            y,
            href: format!("/portal/readiness/{}", p.code()),
            word: p.short().into(),
            value: "12/19".into(),
            level: ["0", "1", "2", "3", "4", "none"][usize::from(p.no % 6)],
            say: "19市町村のうち12が開始日を公表".into(),
        }
    };
    let legend = vec![("0", "なし"), ("4", "9割以上"), ("none", "非公表")];
    Map::new("開始日を公表した市町村の数の地図", legend, PREFECTURES.iter().map(tile).collect())
}

fn tiles() -> Vec<AreaTile> {
    let tile = |word: &str, level| AreaTile {
        href: "/portal/readiness/322041".into(),
        word: word.into(),
        value: "2027年4月".into(),
        level,
    };
    vec![tile("益田市", "4"), AreaTile { href: String::new(), ..tile("浜田市", "none") }]
}

fn counts(name: &str) -> ready::CountRow {
    let text = |n: &str| n.to_owned();
    ready::CountRow {
        name: name.into(),
        href: "/portal/readiness/32".into(),
        all: text("19"),
        started: text("3"),
        dated: text("12"),
        percent: text("63%"),
        adjusting: text("4"),
        undecided: text("3"),
    }
}

fn town() -> ready::Line {
    ready::Line {
        name: "島根県益田市".into(),
        kana: "マスダシ".into(),
        href: "/portal/readiness/322041".into(),
        chip: Chip::new(Tone::Info, "2027年4月1日から"),
        items: "被保険者証・認定調査票".into(),
        source: "例（架空のデータ）（2026年11月19日）".into(),
    }
}

fn changes() -> Vec<ready::Change> {
    vec![ready::Change {
        at: "2026年11月19日 9:00".into(),
        say: "2027年4月1日から".into(),
        items: "被保険者証".into(),
        note: "準備中".into(),
        by: "市町村が公表".into(),
    }]
}

fn entry() -> ready::Form {
    let choice = |value: &str, word: &str, chosen| Choice { chosen, ..Choice::new(value, word) };
    ready::Form {
        code: "322041".into(),
        states: vec![choice("dated", "開始日が決まっている", true), choice("undecided", "未定", false)],
        starts_on: "2027年4月1日".into(),
        items: vec![choice("survey", "認定調査票", true)],
        note: String::new(),
        submit_key: "ab".repeat(16),
    }
}

fn figures(name: &str, href: &str) -> usage::Row {
    usage::Row {
        name: name.into(),
        href: href.into(),
        offices: "120".into(),
        registered: "60（50%）".into(),
        active: "31（51%）".into(),
        pairs: "5未満".into(),
        sent: "非公表".into(),
        success: "－".into(),
    }
}

/// Every page.
pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    doors(pages);
    articles(pages);
    data(pages);
    simulators(pages);
    writers(pages);
}

fn doors(pages: &mut Vec<(String, String)>) {
    let home = view::Home {
        shell: shell("/portal"),
        maintenance: maintenance(),
        news: vec![line("お知らせの題名")],
        magazine: vec![line("マガジンの題名")],
        faq: vec![line("質問")],
        dated: "1,200 / 1,741".into(),
        dated_percent: 68,
        registered: "60 / 120".into(),
    };
    add(pages, "portal", &home);
    let empty = view::Home {
        maintenance: Vec::new(),
        news: Vec::new(),
        magazine: Vec::new(),
        faq: Vec::new(),
        dated: String::new(),
        registered: String::new(),
        ..home
    };
    add(pages, "portal-empty", &empty);
    add(pages, "portal-guide", &view::Guide { shell: shell("/portal/guide") });
    let audience = view::Audience {
        shell: shell("/portal/for/office"),
        heading: "介護事業所の方へ",
        lead: "入口です。",
        points: &[("証の確認", "画面で確かめられます。")],
        worries: &[("費用", "かかりません。")],
        next: vec![Link::new("導入の手引き", "/portal/guide"), Link::new("ログイン", "/login")],
    };
    add(pages, "portal-audience", &audience);
    add(pages, "portal-accessibility", &view::Accessibility { shell: shell("/portal/accessibility") });
    add(pages, "portal-contact", &view::Contact { shell: shell("/portal/contact") });
    add(pages, "portal-open-data", &view::OpenData { shell: shell("/portal/open-data") });
    add(pages, "portal-english", &view::English { shell: shell("/portal/en"), dated: "1,200 / 1,741".into() });
    let maintenance =
        view::MaintenancePage { shell: shell("/portal/maintenance"), coming: maintenance(), past: Vec::new() };
    add(pages, "portal-maintenance", &maintenance);
    let search = view::Search {
        shell: shell("/portal/search?q=%E3%81%82"),
        query: "ます".into(),
        pages: vec![Link::new("導入の手引き", "/portal/guide")],
        articles: vec![line("質問")],
        municipalities: vec![Link::new("島根県益田市（未定）", "/portal/readiness/322041")],
    };
    add(pages, "portal-search", &search);
    let nothing = view::Search { pages: Vec::new(), articles: Vec::new(), municipalities: Vec::new(), ..search };
    add(pages, "portal-search-nothing", &nothing);
}

fn articles(pages: &mut Vec<(String, String)>) {
    let list = Articles {
        shell: shell("/portal/news"),
        heading: "お知らせ",
        lead: "新しいものから。",
        lines: vec![line("題名")],
    };
    add(pages, "portal-news", &list);
    let article = Article {
        shell: shell("/portal/news/00"),
        list_href: "/portal/news",
        list: "お知らせ",
        word: String::new(),
        title: "題名".into(),
        summary: "概要".into(),
        on: "2026年11月20日".into(),
        changed: "2026年11月21日".into(),
        body: text(),
    };
    add(pages, "portal-article", &article);
    let faq = Faq {
        shell: shell("/portal/faq"),
        groups: vec![Group {
            code: "platform",
            heading: "介護情報基盤について",
            questions: vec![Question {
                href: "/portal/faq/00".into(),
                title: "何ですか".into(),
                body: pieces("# これは\n\n共通のしくみです。", Headings::Bold),
            }],
        }],
    };
    add(pages, "portal-faq", &faq);
}

fn data(pages: &mut Vec<(String, String)>) {
    let list = ready::Readiness {
        shell: shell("/portal/readiness"),
        has_examples: true,
        changed: "2026年11月19日 9:00".into(),
        whole: counts("全国"),
        map: map(),
        rows: vec![counts("島根県")],
        query: "ます".into(),
        found: vec![town()],
        own: vec![town()],
    };
    add(pages, "portal-readiness", &list);
    let area = ready::Area {
        shell: shell("/portal/readiness/32"),
        has_examples: true,
        name: "島根県".into(),
        counts: counts("島根県"),
        tiles: tiles(),
        legend: vec![("4", "利用中"), ("0", "未定")],
        state: String::new(),
        lines: vec![town()],
    };
    add(pages, "portal-readiness-area", &area);
    let one = ready::One {
        shell: shell("/portal/readiness/322041"),
        is_example: true,
        prefecture: ("島根県".into(), "/portal/readiness/32".into()),
        name: "益田市".into(),
        chip: Chip::new(Tone::Info, "2027年4月1日から"),
        facts: vec![Fact::new("備考", "準備中")],
        history: changes(),
    };
    add(pages, "portal-readiness-one", &one);
    let figures_page = usage::Usage {
        shell: shell("/portal/usage"),
        month: "2026年10月".into(),
        counted: "2026年11月22日 5:00".into(),
        whole: figures("全国", ""),
        map: map(),
        rows: vec![figures("島根県", "/portal/usage/32")],
        history: vec![figures("2026年10月", "")],
    };
    add(pages, "portal-usage", &figures_page);
    add(pages, "portal-usage-empty", &usage::Usage { month: String::new(), ..figures_page });
    let area = usage::Area {
        shell: shell("/portal/usage/32"),
        name: "島根県".into(),
        month: "2026年10月".into(),
        whole: figures("島根県", ""),
        tiles: tiles(),
        legend: vec![("4", "50%以上"), ("none", "非公表")],
        rows: vec![figures("益田市", "")],
    };
    add(pages, "portal-usage-area", &area);
}

fn simulators(pages: &mut Vec<(String, String)>) {
    let field = |name, label| simulator::Field { name, label, unit: "分", value: "30".into() };
    let cost = |label, y| simulator::Cost {
        label,
        now: "93,000円".into(),
        after: "31,000円".into(),
        saved: "62,000円".into(),
        y,
        now_width: 420,
        after_width: 140,
    };
    let page = simulator::Simulator {
        shell: shell("/portal/simulator"),
        errors: Vec::new(),
        sorts: vec![Choice::new("care-management", "居宅介護支援"), Choice::new("service", "サービス事業所")],
        groups: vec![simulator::Fields {
            legend: "いまの作業にかかる時間",
            hint: "中央値です。",
            fields: vec![field("fax", "FAXで送る"), field("wage", "1時間あたりの人件費")],
        }],
        outcome: Some(simulator::Outcome {
            net_year: "816,000円".into(),
            saves: true,
            cash_year: "72,000円".into(),
            net_month: "68,000円".into(),
            hours: "33時間20分".into(),
            per_client: "20分".into(),
            double_year: "0円".into(),
            breakeven: "使い始めるとすぐに、費用より節約が大きくなります。".into(),
            share: "40か所のうち40か所".into(),
            costs: vec![cost("人件費", 4), cost("印刷費", 50)],
            sums: ("99,000円".into(), "31,000円".into(), "68,000円".into()),
            height: 100,
            link: "/portal/simulator?sort=service&wage=1860".into(),
            keep: "/office/savings/keep?sort=service&wage=1860".into(),
        }),
        sources: vec!["調査".into()],
        fee: "いまの利用料は年0円です。".into(),
    };
    add(pages, "portal-simulator", &page);
    let wrong = "「FAXで送る」は、0以上の整数で入れてください。";
    let invalid = simulator::Simulator { errors: vec![FieldError::new("fax", wrong)], outcome: None, ..page };
    add(pages, "portal-simulator-invalid", &invalid);
}

fn writers(pages: &mut Vec<(String, String)>) {
    let chip = || Chip::new(Tone::Good, "公開中");
    let line = desk::Line {
        kind: "お知らせ".into(),
        title: "題名".into(),
        href: "/operator/content/00".into(),
        chip: chip(),
        waits: "公開していない下書きがあります".into(),
        saved: "中央 結　2026年11月20日 10:00".into(),
    };
    let kinds = vec![("/operator/content".to_owned(), "すべて　1".to_owned(), true)];
    add(pages, "operator-content", &desk::Contents { shell: Shell::sample(), kinds, lines: vec![line] });
    let version = || desk::VersionLine {
        word: "第2版".into(),
        href: "/operator/content/00/versions/2".into(),
        chip: chip(),
        from: "2026年11月20日 10:00".into(),
        saved: "中央 結　2026年11月20日 10:00".into(),
        title: "題名".into(),
    };
    let edit = desk::Edit {
        shell: Shell::sample(),
        errors: Vec::new(),
        action: "/operator/content/new".into(),
        is_new: true,
        chip: chip(),
        kinds: vec![Choice::new("news", "お知らせ"), Choice::new("faq", "よくある質問")],
        topics: vec![Choice::new("platform", "介護情報基盤について")],
        title: "題名".into(),
        summary: String::new(),
        body: "<b>本文</b>".into(),
        keywords: String::new(),
        place: "100".into(),
        show_day: String::new(),
        show_time: String::new(),
        seen: 2,
        submit_key: "cd".repeat(16),
        preview: Some(pieces("## 見出し\n\n本文", Headings::From(3))),
        versions: vec![version()],
        public: "/portal/news/00".into(),
    };
    add(pages, "operator-content-new", &edit);
    let invalid = desk::Edit {
        errors: vec![
            FieldError::new("title", "題名を入れてください。"),
            FieldError::new("kind", "記事の種類を選んでください。"),
        ],
        preview: None,
        ..edit
    };
    add(pages, "operator-content-invalid", &invalid);
    let page = desk::VersionPage {
        shell: Shell::sample(),
        href: "/operator/content/00".into(),
        line: version(),
        summary: "概要".into(),
        body: text(),
        source: "## 見出し".into(),
    };
    add(pages, "operator-content-version", &page);
    maintenance_forms(pages);
    readiness_forms(pages);
}

fn maintenance_forms(pages: &mut Vec<(String, String)>) {
    let chip = Chip::new(Tone::Good, "公開中");
    let maintenance = desk::Maintenance {
        shell: Shell::sample(),
        errors: vec![FieldError::new("end_day", "終わりは、始まりより後で入れてください。")],
        action: "/operator/maintenance/00".into(),
        is_new: false,
        title: "定期メンテナンス".into(),
        effect: "使えません。".into(),
        start_day: "2026年11月27日".into(),
        start_time: "21:00".into(),
        end_day: "2026年11月26日".into(),
        end_time: "6:00".into(),
        cancelled: false,
        seen: 1,
        submit_key: "ef".repeat(16),
        lines: vec![desk::MaintenanceLine {
            href: "/operator/maintenance/00".into(),
            title: "定期メンテナンス".into(),
            when: "2026年11月27日 21:00から".into(),
            chip,
            saved: "第1版".into(),
        }],
    };
    add(pages, "operator-maintenance-invalid", &maintenance);
}

fn readiness_forms(pages: &mut Vec<(String, String)>) {
    let list = ready::OperatorList {
        shell: Shell::sample(),
        errors: Vec::new(),
        whole: counts("全国"),
        query: "ます".into(),
        found: vec![town()],
        report: Some(ready::Report {
            say: "3行を読みました。".into(),
            findings: vec![("3行め　開始日".into(), "開始日を入れてください。".into(), "readiness-no-day")],
            more: 2,
        }),
    };
    add(pages, "operator-readiness", &list);
    let one = ready::OperatorForm {
        shell: Shell::sample(),
        errors: vec![FieldError::new("starts_on", "開始日を入れてください。")],
        name: "島根県益田市".into(),
        entry: entry(),
        history: changes(),
    };
    add(pages, "operator-readiness-one-invalid", &one);
    let own = ready::InsurerForm {
        shell: Shell::sample(),
        errors: Vec::new(),
        insurer: "益田市".into(),
        may_publish: true,
        is_municipality: true,
        href: "/portal/readiness/322041".into(),
        setting: "2026年4月1日".into(),
        entry: entry(),
        history: Vec::new(),
    };
    add(pages, "insurer-readiness", &own);
}

#[test]
fn drawings_and_feeds_are_whole() {
    let svg = Drawing { map: map(), source: "出典 <1>".into() }.render().unwrap();
    assert_eq!(svg.matches("</g").count(), 47);
    assert!(svg.contains("出典 &#60;1&#62;") && svg.trim_end().ends_with("svg>"), "{svg}");
    let entry = Entry {
        id: "urn:x".into(),
        title: "a<b".into(),
        href: "/portal/news/0".into(),
        published: "2026-11-20T00:00:00Z".into(),
        updated: "2026-11-20T00:00:00Z".into(),
        summary: "&".into(),
    };
    let feed =
        Feed { base: "https://kiban.example".into(), updated: "2026-11-20T00:00:00Z".into(), entries: vec![entry] };
    let feed = feed.render().unwrap();
    assert!(
        feed.starts_with("<?xml") && feed.contains("a&#60;b") && feed.contains("https://kiban.example/portal/news/0")
    );
}
