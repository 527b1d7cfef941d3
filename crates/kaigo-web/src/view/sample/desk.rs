//! Samples of the desk's cases and of a board.

use crate::view::board::{Case, CaseLine as BoardCaseLine, Session, SessionEdit, Sessions, Sheet, SheetRow};
use crate::view::certification::{Progress, Step, StepState};
use crate::view::documents::{Item, ItemGroup, Remark};
use crate::view::insurer::board::{BoardLine, BoardOf, BoardSession, Boards, SessionLine, Unassign};
use crate::view::insurer::cases::{BulkDone, BulkLine, BulkPreview, CaseLine, CaseList, CaseView, HistoryLine, Paper};
use crate::view::insurer::forms::{
    AskedForm, DaysForm, DelayForm, DelayLetter, IntakeForm, ResultCheck, ResultForm, SurveyForm, SurveyGroup,
    SurveyItem,
};
use crate::view::insurer::statistics::{Bar, Chart, MonthLine, Statistics};
use crate::view::insurer::{Basis, CaseFrame, Conflict, Count, DayField, InsurerHome, WorkLine};
use crate::view::{Chip, Choice, Fact, FieldError, Link, Notice, Paging, Shell, Side, Tone, Who};

const HREF: &str = "/insurer/cases/8c1f2b7e90aa4d538f2c1b7e90aa4d53/5001";

fn shell(side: Side) -> Shell {
    let who = Who { name: "市川 恵子".into(), role: String::new(), office: "みなと川市".into() };
    Shell { side, who: Some(who), here: HREF.into(), ..Shell::sample() }
}

fn choices() -> Vec<Choice> {
    vec![Choice::new("1", "認定"), Choice { chosen: true, ..Choice::new("2", "非該当") }]
}

fn frame() -> CaseFrame {
    CaseFrame {
        href: HREF.into(),
        name: "久城 トメ".into(),
        kana: "クシロ トメ".into(),
        birth: "1938年（昭和13年）4月12日".into(),
        number: "9900 000 123".into(),
        application: "更新申請（2026年10月2日）".into(),
        chips: vec![Chip::new(Tone::Info, "審査会まち"), Chip::new(Tone::Bad, "52日目")],
        is_open: true,
    }
}

fn basis() -> Basis {
    Basis { seen: "12-5003".into(), submit_key: "8f2c1b7e90aa4d538f2c1b7e90aa4d53".into() }
}

fn conflict() -> Conflict {
    let row = ("調査実施日".to_owned(), "2026年11月4日".to_owned(), "2026年11月5日".to_owned());
    Conflict { say: "河野 剛さんが先に変えました。".into(), rows: vec![row] }
}

fn facts() -> Vec<Fact> {
    vec![Fact::new("申請番号", "2026-10-0123"), Fact::new("医療機関", "")]
}

fn day(name: &str) -> DayField {
    DayField {
        name: name.into(), label: "調査実施日".into(), value: "R8.11.5".into(), hint: "例：R8.11.5".into()
    }
}

fn counts(current: bool) -> Vec<Count> {
    let href = "/insurer/cases?step=survey".to_owned();
    vec![Count { word: "調査まち".into(), count: "12".into(), href, current }]
}

/// Every page with its notable states.
pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    lists(pages);
    forms(pages);
    boards(pages);
    super::add(pages, "statistics", &statistics());
}

#[expect(clippy::too_many_lines, reason = "a list of samples")]
fn lists(pages: &mut Vec<(String, String)>) {
    let line = WorkLine {
        tone: Tone::Bad,
        heading: "30日をすぎて、延期通知のない申請".into(),
        count: 3,
        unit: "件",
        say: "延期の理由と処理見込日を知らせてください。".into(),
        href: "/insurer/cases?age=over".into(),
    };
    let shell = || shell(Side::Insurer);
    let home = InsurerHome {
        shell: shell(),
        insurer: "みなと川市".into(),
        today: "2026年11月22日（日）".into(),
        lines: vec![line],
        steps: counts(false),
    };
    super::add(pages, "insurer-home", &home);
    let row = CaseLine {
        pick: "pick-8c1f2b7e90aa4d538f2c1b7e90aa4d53-5001".into(),
        seen: "12-5003".into(),
        ticked: true,
        href: HREF.into(),
        name: "久城 トメ".into(),
        number: "9900 000 123".into(),
        kind: "更新".into(),
        applied: "2026年10月2日".into(),
        step: "審査会まち".into(),
        age: Chip::new(Tone::Bad, "52日目"),
        due: "2026年11月1日".into(),
        is_open: true,
    };
    let list = CaseList {
        shell: shell(),
        errors: Vec::new(),
        q: String::new(),
        steps: counts(true),
        ages: counts(false),
        kinds: choices(),
        step: "survey".into(),
        age: String::new(),
        found: "1件を表示しています（古い順）".into(),
        rows: vec![row],
        milestones: choices(),
        day: "2026年11月22日".into(),
        paging: Paging { next: Some("/insurer/cases?after=x".into()), ..Paging::default() },
    };
    super::add(pages, "cases", &list);
    let errors = vec![FieldError::new("day", "日付が読めません。"), FieldError::new("q", "10けたです。")];
    super::add(pages, "cases-invalid", &CaseList { errors, ..list });
    let bulk_line = || BulkLine {
        href: HREF.into(),
        pick: ("pick-8c1f-5001".into(), "12-5003".into()),
        name: "久城 トメ".into(),
        number: "9900 000 123".into(),
        before: String::new(),
        say: "いまの日付を書きかえます。".into(),
    };
    let what = || "調査票受領日を 2026年11月22日 にする".to_owned();
    let preview = BulkPreview {
        shell: shell(),
        what: what(),
        hidden: vec![("day".into(), "2026-11-22".into())],
        will: vec![bulk_line()],
        wont: vec![bulk_line()],
    };
    super::add(pages, "bulk", &preview);
    let by = "市川 恵子　2026年11月22日 9:15".to_owned();
    let (rest, lines) = (vec![bulk_line()], vec![bulk_line()]);
    super::add(pages, "bulk-done", &BulkDone { shell: shell(), what: what(), by, done: 1, rest, lines });
    let step = Step { state: StepState::Now, title: "認定調査".into(), when: "2026年11月5日".into() };
    let progress = Progress {
        title: "更新申請の進み具合".into(),
        say: "申請から52日目です。".into(),
        chip: Some(Chip::new(Tone::Warn, "30日をこえています")),
        steps: vec![step],
        contact: String::new(),
    };
    let case = CaseView {
        shell: shell(),
        case: frame(),
        notices: vec![Notice {
            tone: Tone::Bad,
            heading: "延期通知がありません".into(),
            say: "知らせてください。".into(),
        }],
        progress,
        next: "審査会の判定を待ちます。".into(),
        facts: facts(),
        papers: vec![Link::new("認定調査票", format!("{HREF}/papers/survey-1"))],
        missing: vec!["主治医意見書は、まだ登録されていません。".into()],
        board: facts(),
        result: Vec::new(),
        history: vec![HistoryLine {
            by: "市川 恵子".into(),
            at: "2026年11月22日 9:15".into(),
            what: vec!["調査実施日".into()],
        }],
    };
    super::add(pages, "case", &case);
    let item = |choices, text: &str| Item { no: "1-3".into(), name: "寝返り".into(), choices, text: text.into() };
    let paper = Paper {
        shell: shell(),
        back: Link::new("認定申請", HREF),
        title: "認定調査票".into(),
        viewing: "閲覧：みなと川市　市川 恵子".into(),
        facts: facts(),
        groups: vec![ItemGroup {
            heading: "1 身体機能・起居動作".into(),
            items: vec![item(choices(), ""), item(Vec::new(), "なし")],
        }],
        remarks: vec![Remark { no: "1-3".into(), text: "手すりにつかまる。".into() }],
        warnings: vec!["01　1-3 寝返り「できない」".into()],
        original: Some(Link::new("もとの書類を開く", format!("{HREF}/papers/survey-1/file"))),
    };
    super::add(pages, "case-paper", &paper);
}

#[expect(clippy::too_many_lines, reason = "a list of samples")]
fn forms(pages: &mut Vec<(String, String)>) {
    let shell = || shell(Side::Insurer);
    let days = DaysForm {
        shell: shell(),
        case: frame(),
        errors: vec![FieldError::new("surveyed", "日付として読めません。")],
        conflict: None,
        basis: basis(),
        days: vec![day("surveyed")],
        institution: String::new(),
        levels: choices(),
        minutes: "52.3".into(),
        warnings: Vec::new(),
    };
    super::add(pages, "case-days-invalid", &days);
    super::add(pages, "case-days-conflict", &DaysForm { errors: Vec::new(), conflict: Some(conflict()), ..days });
    let delay = DelayForm {
        shell: shell(),
        case: frame(),
        errors: vec![FieldError::new("words", "理由を書いてください。"), FieldError::new("reason", "選んでください。")],
        conflict: Some(conflict()),
        basis: basis(),
        due: "2026年11月1日".into(),
        known: "2026年10月30日に通知しました。".into(),
        notified_on: "2026年11月22日".into(),
        expected_on: String::new(),
        reasons: choices(),
        words: String::new(),
    };
    super::add(pages, "case-delay-invalid", &delay);
    let letter = DelayLetter {
        shell: shell(),
        back: format!("{HREF}/delay"),
        on: "2026年（令和8年）11月22日".into(),
        address: "みなと川市港町1-2".into(),
        name: "久城 トメ".into(),
        number: "9900 000 123".into(),
        insurer: "みなと川市".into(),
        phone: "00-0000-0000".into(),
        applied: "2026年（令和8年）10月2日".into(),
        kind: "更新".into(),
        expected: "2026年（令和8年）12月20日".into(),
        reason: "主治医意見書の作成に日数を要するため".into(),
    };
    super::add(pages, "case-delay-letter", &letter);
    let result = ResultForm {
        shell: shell(),
        case: frame(),
        errors: vec![FieldError::new("level", "選んでください。")],
        conflict: None,
        basis: basis(),
        facts: facts(),
        outcomes: choices(),
        decided_on: "2026年11月22日".into(),
        levels: choices(),
        months: "12".into(),
        months_hint: "ふつうは12か月".into(),
        opinion: "水分をとること。".into(),
        designated: String::new(),
    };
    super::add(pages, "case-result-invalid", &result);
    let check = ResultCheck {
        shell: shell(),
        case: frame(),
        facts: facts(),
        warnings: vec![Notice { tone: Tone::Warn, heading: "判定日がありません".into(), say: String::new() }],
        effects: vec!["すぐに見えます。".into()],
        hidden: vec![("seen".into(), "12-5003".into())],
    };
    super::add(pages, "case-result-check", &check);
    survey(pages);
    let intake = IntakeForm {
        shell: shell(),
        errors: vec![FieldError::new("kind", "申請区分を選んでください。")],
        number: "9900000123".into(),
        person: facts(),
        warnings: vec![Notice { tone: Tone::Warn, heading: "認定があります".into(), say: String::new() }],
        submit_key: "8f2c".into(),
        kinds: choices(),
        applied_on: "2026年11月22日".into(),
        application_no: String::new(),
        filed_by: String::new(),
        institution: String::new(),
        diseases: choices(),
        contact: "長女 久城 花子　午前中".into(),
    };
    super::add(pages, "case-new-invalid", &intake);
    let asked = AskedForm {
        shell: shell(),
        case: frame(),
        errors: vec![FieldError::new("disease", "65歳以上の方に、特定疾病は入れません。")],
        conflict: Some(conflict()),
        basis: basis(),
        diseases: choices(),
        contact: String::new(),
    };
    super::add(pages, "case-asked-invalid", &asked);
    super::add(pages, "case-asked", &AskedForm { errors: Vec::new(), conflict: None, ..asked });
    super::add(
        pages,
        "case-new",
        &IntakeForm { errors: Vec::new(), person: Vec::new(), warnings: Vec::new(), ..intake },
    );
}

fn survey(pages: &mut Vec<(String, String)>) {
    let item = |field: &str, multi| SurveyItem {
        no: "1-1".into(),
        name: "麻痺等の有無".into(),
        field: field.into(),
        multi,
        choices: choices(),
    };
    let items = vec![item("i-1-1", true), item("i-1-3", false)];
    let form = SurveyForm {
        shell: shell(Side::Insurer),
        case: frame(),
        errors: vec![FieldError::new("files", "PDFかJPEGのファイルを選んでください。")],
        conflict: None,
        basis: basis(),
        warnings: vec!["01　1-3 寝返り「できない」".into()],
        days: vec![day("surveyed_on")],
        surveyor: String::new(),
        place: String::new(),
        groups: vec![SurveyGroup { heading: "1 身体機能・起居動作".into(), anchor: "group-1".into(), items }],
        remarks: String::new(),
        file: "desk-8f2c.pdf".into(),
        contact: "長女 久城 花子　午前中".into(),
        answered: "62項目のうち 12項目".into(),
    };
    super::add(pages, "case-survey-invalid", &form);
    super::add(pages, "case-survey-conflict", &SurveyForm { errors: Vec::new(), conflict: Some(conflict()), ..form });
}

fn session_line(href: &str) -> SessionLine {
    SessionLine {
        href: href.into(),
        when: "2026年11月26日（木） 14:00".into(),
        panel: "第1合議体".into(),
        place: "市役所".into(),
        count: "12件／40件まで".into(),
        judged: "8件".into(),
        chip: Chip::new(Tone::Info, "受付中"),
    }
}

#[expect(clippy::too_many_lines, reason = "a list of samples")]
fn boards(pages: &mut Vec<(String, String)>) {
    let of = BoardOf {
        name: "みなと川地区介護認定審査会".into(), sessions: vec![session_line("/insurer/board/8f2c")]
    };
    let list = Boards { shell: shell(Side::Insurer), boards: vec![of], waiting: "3件".into() };
    super::add(pages, "insurer-boards", &list);
    let line = |pick: &str| BoardLine {
        pick: pick.into(),
        value: "yes".into(),
        place: "1".into(),
        href: HREF.into(),
        name: "久城 トメ".into(),
        number: "9900 000 123".into(),
        application: "更新申請（2026年10月2日）".into(),
        judgement: vec!["認定　要介護3".into()],
        chip: Chip::new(Tone::Info, "決定まち"),
        remove: "/insurer/board/8f2c/cases/8f2d/remove".into(),
    };
    let session = BoardSession {
        shell: shell(Side::Insurer),
        errors: vec![FieldError::new("decided_on", "きょうまでの日付です。")],
        href: "/insurer/board/8f2c".into(),
        title: "2026年11月26日（木）　第1合議体".into(),
        facts: facts(),
        is_open: true,
        submit_key: "8f2c".into(),
        cases: vec![line("case-8f2d")],
        can_confirm: true,
        decided_on: "きのう".into(),
        waiting: vec![line("pick-8f2d-1")],
    };
    super::add(pages, "insurer-board-session-invalid", &session);
    let unassign = Unassign {
        shell: shell(Side::Insurer),
        back: "/insurer/board/8f2c".into(),
        href: "/insurer/board/8f2c/cases/8f2d/remove".into(),
        facts: facts(),
        submit_key: "8f2c".into(),
    };
    super::add(pages, "insurer-board-remove", &unassign);
    let sessions = Sessions {
        shell: shell(Side::Board),
        errors: vec![FieldError::new("held_on", "開催日を入れてください。")],
        board: "みなと川地区介護認定審査会".into(),
        serves: "2つの保険者を受け持っています".into(),
        coming: vec![session_line("/board/sessions/8f2c")],
        past: Vec::new(),
        submit_key: "8f2c".into(),
        held_on: String::new(),
        starts_at: "14:00".into(),
        panel: String::new(),
        place: String::new(),
        capacity: "30".into(),
        members: String::new(),
    };
    super::add(pages, "board-sessions-invalid", &sessions);
    let edit = SessionEdit {
        shell: shell(Side::Board),
        errors: vec![FieldError::new("members", "出席する委員の人数は1から20までの数で入れてください。")],
        conflict: "審 まことさんが先に変えました。".into(),
        href: "/board/sessions/8f2c".into(),
        title: "2026年11月26日（木）　第1合議体".into(),
        submit_key: "8f2c".into(),
        seen: String::new(),
        held_on: "2026年11月26日".into(),
        starts_at: "14:00".into(),
        panel: "第1合議体".into(),
        place: String::new(),
        capacity: "30".into(),
        members: "0".into(),
    };
    super::add(pages, "board-session-edit-invalid", &edit);
    let sheet = Sheet {
        shell: shell(Side::Board),
        back: Link::new("第1合議体", "/board/sessions/8f2c"),
        heading: "審査会結果一覧".into(),
        title: "2026年11月26日（木）　第1合議体".into(),
        place: "市役所 3階".into(),
        note: "氏名と被保険者番号は出しません。".into(),
        columns: vec!["保険者", "二次判定"],
        rows: vec![SheetRow { place: "1".into(), cells: vec![vec!["みなと川市".into()], vec!["認定".into()]] }],
    };
    super::add(pages, "board-sheet", &sheet);
    super::add(pages, "board-sheet-none", &Sheet { rows: Vec::new(), ..sheet });
    let case_line = BoardCaseLine {
        place: "1".into(),
        href: "/board/cases/8f2d".into(),
        insurer: "みなと川市".into(),
        kind: "更新".into(),
        computed: "要介護2（52.3分）".into(),
        judgement: String::new(),
        chip: Chip::new(Tone::Plain, "判定まち"),
        up: "/board/sessions/8f2c/cases/8f2d/up".into(),
    };
    let one = Session {
        shell: shell(Side::Board),
        errors: Vec::new(),
        href: "/board/sessions/8f2c".into(),
        title: "2026年11月26日（木）　第1合議体".into(),
        facts: facts(),
        is_open: true,
        cases: vec![case_line],
    };
    super::add(pages, "board-session", &one);
    let case = Case {
        shell: shell(Side::Board),
        errors: vec![FieldError::new("verdict", "判定を選んでください。")],
        conflict: "審 まことさんが先に判定を記録しました。".into(),
        href: "/board/cases/8f2d".into(),
        back: Link::new("第1合議体", "/board/sessions/8f2c"),
        title: "対象者番号 1".into(),
        facts: facts(),
        papers: vec![Link::new("認定調査票", "/board/cases/8f2d/papers/survey-1")],
        missing: vec!["主治医意見書は、まだ登録されていません。".into()],
        is_open: true,
        judgement: facts(),
        revision: "1".into(),
        verdicts: choices(),
        levels: choices(),
        months: "12".into(),
        months_hint: "ふつうは12か月".into(),
        opinion: String::new(),
        designated: String::new(),
        reason: String::new(),
    };
    super::add(pages, "board-case-invalid", &case);
}

fn statistics() -> Statistics {
    let bar =
        Bar { x: 12, y: 60, width: 22, height: 120, look: "k-bar__used", word: "12".into(), middle: 24, word_y: 55 };
    let chart = |title: &str| Chart {
        title: title.into(),
        width: 440,
        series: vec![("申請".into(), "k-bar__used")],
        bars: vec![bar.clone()],
        words: vec![(36, "10月".into())],
    };
    Statistics {
        shell: shell(Side::Insurer),
        errors: Vec::new(),
        from: choices(),
        until: choices(),
        span: "2026年6月から 2026年11月まで".into(),
        summary: vec!["決定は 12件です。".into()],
        counts: chart("申請と決定の件数"),
        shares: chart("30日以内に決定した割合"),
        months: vec![MonthLine { month: "2026年10月".into(), cells: vec!["12".into(); 6] }],
        steps: vec![vec!["認定調査".into(); 6]],
        open: vec![("0〜14日".into(), "12".into())],
        csv: "/insurer/statistics.csv?from=2026-06&until=2026-11".into(),
    }
}
