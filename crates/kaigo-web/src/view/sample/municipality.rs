//! The feed, the rules, disaster mode and exports of a municipality.

use super::add;
use crate::view::identity::{DisasterOutcome, DisasterSearch};
use crate::view::insurer::disaster::{DisasterLine, DisasterNew, DisasterPage, Disasters, UseLine};
use crate::view::insurer::exports::{Exports, RunLine};
use crate::view::insurer::feed::{CountRow, Feed, Finding, KindLine, Load, LoadLine, Loads, Undo, Upload, UploadLine};
use crate::view::insurer::rules::{CellRow, CellShown, ChangeLine, OfficeLine, RuleEdit, RuleLine, RulePreview, Rules};
use crate::view::{Chip, Choice, Fact, FieldError, Paging, Shell, Side, Tone, Who};

fn shell() -> Shell {
    let who = Who { name: "河野 剛".into(), role: "管理者".into(), office: "みなと川市".into() };
    Shell { side: Side::Insurer, who: Some(who), here: "/insurer/feed".into(), ..Shell::sample() }
}

/// The pages.
pub(crate) fn pages(pages: &mut Vec<(String, String)>) {
    feed(pages);
    rules(pages);
    disaster(pages);
    let runs = vec![RunLine {
        at: "2026年11月22日 9:15".into(),
        by: "市川 恵子".into(),
        since: "2026-11-01".into(),
        counts: "plan_notice=3".into(),
        sha256: "0".repeat(64),
    }];
    let page = Exports { shell: shell(), errors: Vec::new(), since: String::new(), rows: runs };
    add(pages, "exports", &page);
    let errors = vec![FieldError::new("since", "いつからかを、きょうまでの日付で入れてください。")];
    add(pages, "exports-invalid", &Exports { errors, rows: Vec::new(), ..page });
}

fn count_row() -> CountRow {
    CountRow {
        label: "被保険者".into(),
        counts: ["1,204", "3", "2", "1,199", "0", "0"].map(Into::into),
        before: "1,201行".into(),
    }
}

fn upload() -> Upload {
    Upload {
        shell: shell(),
        errors: Vec::new(),
        href: "/insurer/feed/uploads/4f7a".into(),
        facts: vec![Fact::new("入れた人", "市川 恵子　2026年11月22日 9:15")],
        chip: Chip::new(Tone::Bad, "消える記録が多すぎます"),
        say: "消える記録か、空になる項目が多すぎるため、止めました。前の記録はそのままです。".into(),
        running: false,
        can_check: true,
        can_discard: true,
        can_publish: true,
        digest: "0".repeat(64),
        skip: "エラーのある2行を除いて取り込む".into(),
        hides: vec!["支給限度額：前にあった120件のうち110件がファイルにありません。".into()],
        needs_admin: false,
        number_hint: "110".into(),
        number: String::new(),
        rows: vec![count_row()],
        counts: vec![Chip::new(Tone::Bad, "エラー 2件")],
        severities: vec![Choice::new("", "すべて"), Choice::new("error", "エラー")],
        files: vec![Choice::new("", "すべて"), Choice::new("survey.csv", "survey.csv")],
        findings: vec![Finding {
            chip: Chip::new(Tone::Bad, "エラー"),
            place: "survey.csv 12行め 3列め「調査実施日」".into(),
            code: "cell-date".into(),
            say: "調査実施日が日付として読めません。".into(),
            mend: "例のように入れてください：2026-11-02".into(),
        }],
        found: "2件".into(),
        paging: Paging::default(),
        load: None,
    }
}

fn feed(pages: &mut Vec<(String, String)>) {
    let kind = KindLine {
        label: "被保険者".into(),
        last: "2026年11月20日（2日前）".into(),
        counts: "1,204行（追加3・訂正2・取下げ0）".into(),
        full: "1,204件（その前 1,201件）".into(),
        chip: Chip::new(Tone::Good, "届いています"),
    };
    let line = UploadLine {
        word: "11月22日 9:15 に 市川 恵子 が入れました".into(),
        href: "/insurer/feed/uploads/4f7a".into(),
        chip: Chip::new(Tone::Good, "取り込めます"),
    };
    let page = Feed {
        shell: shell(),
        errors: Vec::new(),
        last: "最後の取込は2026年11月20日で、2日前です。".into(),
        chip: Chip::new(Tone::Good, "届いています"),
        kinds: vec![kind],
        uploads: vec![line],
        limits: "1回に256MBまでです。".into(),
        may_hide: true,
    };
    add(pages, "feed", &page);
    let errors = vec![FieldError::new("files", "ファイルが選ばれていません。")];
    add(pages, "feed-invalid", &Feed { errors, uploads: Vec::new(), ..page });
    add(pages, "feed-upload", &upload());
    let errors = vec![FieldError::new("number", "件数 110 を、同じ数字で入れてください。")];
    add(pages, "feed-upload-invalid", &Upload { errors, number: "7".into(), ..upload() });
    let running = Upload {
        running: true,
        can_check: false,
        can_publish: false,
        hides: Vec::new(),
        counts: Vec::new(),
        findings: Vec::new(),
        rows: Vec::new(),
        ..upload()
    };
    add(pages, "feed-upload-running", &running);
    let load = LoadLine {
        name: "第12回".into(),
        href: "/insurer/feed/loads/12".into(),
        at: "2026年11月20日 5:10".into(),
        mode: "差分".into(),
        chip: Chip::new(Tone::Good, "取り込みました"),
        by: "保険者のシステム".into(),
    };
    add(pages, "feed-loads", &Loads { shell: shell(), rows: vec![load], paging: Paging::default() });
    let facts = vec![Fact::new("種別", "差分")];
    let load = Load {
        shell: shell(),
        title: "第12回の取込".into(),
        chip: Chip::new(Tone::Good, "取り込みました"),
        facts: facts.clone(),
        rows: vec![count_row()],
    };
    add(pages, "feed-load", &load);
    let undo = Undo {
        shell: shell(),
        errors: vec![FieldError::new("reason", "とりけす理由を入れてください。")],
        title: "第12回の取込".into(),
        load_no: "12".into(),
        submit_key: "k".into(),
        facts,
        rows: vec![count_row()],
        reason: String::new(),
    };
    add(pages, "feed-undo-invalid", &undo);
    add(pages, "feed-undo-none", &Undo { errors: Vec::new(), title: String::new(), ..undo });
}

fn rules(pages: &mut Vec<(String, String)>) {
    let line = |label: &str| RuleLine {
        label: label.into(),
        value: "14日".into(),
        chip: Chip::new(Tone::Info, "保険者の設定"),
        later: "2027年4月1日から：7日".into(),
        href: "/insurer/rules/edit?key=usual-days%2Fsurvey".into(),
    };
    let cell = |value: &str, official: &str| CellShown {
        value: value.into(),
        official: official.into(),
        href: "/insurer/rules/edit?key=cell%2Fsurvey%2Ffacility".into(),
        later: String::new(),
    };
    let change = ChangeLine {
        at: "2026年11月22日 9:15".into(),
        by: "河野 剛".into(),
        label: "認定調査票を施設・小多機などが見る条件".into(),
        value: "見られない".into(),
        from: "2026年12月1日".into(),
        source: "要綱 第5条".into(),
        effect: "2事業所・のべ9人分が見られなくなる".into(),
    };
    let page = Rules {
        shell: shell(),
        insurer: "みなと川市".into(),
        may_set: true,
        starts: vec![line("認定調査票の利用開始日")],
        others: vec![line("認定調査の目安の日数")],
        readers: vec!["本人".into(), "市町村".into()],
        cells: vec![CellRow {
            item: "認定調査票".into(),
            cells: vec![cell("見られない", "見られる"), cell("見られる", "")],
        }],
        changes: vec![change],
    };
    add(pages, "rules", &page);
    add(pages, "rules-clerk", &Rules { may_set: false, changes: Vec::new(), ..page });
    let edit = RuleEdit {
        shell: shell(),
        errors: Vec::new(),
        key: "filing-deadline".into(),
        label: "居宅サービス計画作成依頼届出の期限".into(),
        now: "使いはじめる日まで".into(),
        hint: String::new(),
        choices: vec![Choice::new("month-end", "月末まで"), Choice::new("default", "標準にもどす")],
        value: String::new(),
        from: String::new(),
        asks_from: true,
        source: String::new(),
        can_reset: true,
    };
    add(pages, "rule-edit", &edit);
    let errors = vec![FieldError::new("value", "読めません。"), FieldError::new("source", "根拠を入れてください。")];
    add(pages, "rule-edit-invalid", &RuleEdit { errors, choices: Vec::new(), hint: "1から60まで".into(), ..edit });
    let preview = RulePreview {
        shell: shell(),
        label: "認定調査票を施設・小多機などが見る条件".into(),
        before: "見られる".into(),
        after: "見られない".into(),
        from: "2026年12月1日".into(),
        say: "2事業所・のべ9人分が見られなくなる".into(),
        offices: vec![OfficeLine { name: "かもめ苑".into(), gains: String::new(), loses: "9人".into() }],
        more: 1,
        notes: vec!["職種のことば。".into()],
        hidden: vec![("key".into(), "x".into())],
        back: "/insurer/rules/edit?key=x".into(),
    };
    add(pages, "rule-preview", &preview);
}

fn disaster(pages: &mut Vec<(String, String)>) {
    let line = DisasterLine {
        name: "令和8年台風第21号".into(),
        href: "/insurer/disaster/4f7a".into(),
        period: "2026年11月22日から 2026年11月30日まで".into(),
        by: "市川 恵子".into(),
        chip: Chip::new(Tone::Warn, "承認を待っています"),
    };
    add(pages, "disasters", &Disasters { shell: shell(), rows: vec![line] });
    let new = DisasterNew {
        shell: shell(),
        errors: vec![FieldError::new("areas", "団体コードを入れてください。")],
        submit_key: "k".into(),
        name: "台風".into(),
        areas: String::new(),
        offices: String::new(),
        from: String::new(),
        until: String::new(),
        reason: String::new(),
    };
    add(pages, "disaster-new-invalid", &new);
    let one = UseLine {
        href: "/insurer/disaster/4f7a/uses/1".into(),
        id: "1".into(),
        at: "2026年11月22日 9:15".into(),
        by: "みなと（出雲 太郎）".into(),
        asked: "カスガ ミツ 87歳".into(),
        outcome: "1人が見つかり、担当として登録しました".into(),
        number: "9900 000 555".into(),
        chip: Chip::new(Tone::Warn, "まだ点検していません"),
        review: "市川 恵子".into(),
        note: String::new(),
    };
    let page = DisasterPage {
        shell: shell(),
        errors: Vec::new(),
        href: "/insurer/disaster/4f7a".into(),
        name: "令和8年台風第21号".into(),
        chip: Chip::new(Tone::Bad, "使われています"),
        facts: vec![Fact::new("期間", "2026年11月22日から")],
        may_decide: true,
        why_not: "承認できるのは、別の管理者です。".into(),
        may_end: true,
        count: "1件".into(),
        uses: vec![one],
    };
    add(pages, "disaster", &page);
    let search = DisasterSearch {
        shell: Shell::sample(),
        errors: Vec::new(),
        modes: vec![Choice::new("4f7a", "みなと川市（台風、2026年11月30日まで）")],
        kana: String::new(),
        birth: String::new(),
        age: String::new(),
        outcome: None,
    };
    add(pages, "identity-disaster", &search);
    let errors = vec![FieldError::new("birth", "生年月日か年齢の、どちらかを入れてください。")];
    add(pages, "identity-disaster-invalid", &DisasterSearch { errors, ..search.clone() });
    for (name, outcome) in [
        ("nobody", DisasterOutcome::Nobody),
        ("several", DisasterOutcome::Several),
        ("too-many", DisasterOutcome::TooMany { wait: "12分".into() }),
    ] {
        let page = DisasterSearch { outcome: Some(outcome), ..search.clone() };
        add(pages, &format!("identity-disaster-{name}"), &page);
    }
    add(pages, "identity-disaster-none", &DisasterSearch { modes: Vec::new(), ..search });
}
