//! Samples of the pages of opinions, on both sides.

use kaigo_app::opinion::Content;
use kaigo_core::opinion::{OpinionForm, changes, check};

use super::add;
use crate::medical::form::sections;
use crate::medical::show::{change, filled, found};
use crate::view::medical::desk::{Cancel, New, Opinion, Opinions, Row};
use crate::view::medical::sheet::Sheet;
use crate::view::medical::{
    Certificate, Check, Decline, EventRow, Form, Paper, PaperRow, Patient, Receipt, Request, RequestRow, Requests,
    Upload,
};
use crate::view::{Chip, Choice, Fact, FieldError, Link, Notice, Paging, Shell, Side, Tone, Who};

fn shell(side: Side) -> Shell {
    let (name, role, office) = match side {
        Side::Medical => ("海辺 一郎", "医師", "海辺内科クリニック"),
        Side::Insurer | Side::Staff | Side::Citizen | Side::Board | Side::Public | Side::Operator | Side::Supporter => {
            ("市川 恵子", "職員", "みなと川市")
        }
    };
    let who = Who { name: name.into(), role: role.into(), office: office.into() };
    Shell { side, who: Some(who), here: side.home().to_owned(), ..Shell::sample() }
}

fn patient() -> Patient {
    Patient {
        name: "久城 トメ".into(),
        kana: "クシロ トメ".into(),
        birth: "1938年（昭和13年）4月12日".into(),
        age: "88歳".into(),
        sex: "女".into(),
        insurer: "益田市".into(),
        number: "9900 000 123".into(),
        chips: vec![Chip::new(Tone::Warn, "あと4日"), Chip::new(Tone::Plain, "継続・在宅")],
        base: "/medical/requests/00112233445566778899aabbccddeeff".into(),
    }
}

fn previous() -> OpinionForm {
    let mut form = OpinionForm::default();
    for (id, text) in [
        ("0-0", "2026-05-01"),
        ("0-3", "2"),
        ("1-1-1", "アルツハイマー型認知症"),
        ("1-2", "1"),
        ("1-3", "外来で内服を続けている。"),
        ("3-1-1", "4"),
        ("3-1-2", "3"),
        ("3-5-9", "2"),
        ("3-5-9t", "両下肢"),
        ("4-5", "1,2"),
        ("4-5u", "2"),
        ("5", "独居。"),
    ] {
        form.put(id, text);
    }
    form
}

fn content() -> Content {
    let mut form = OpinionForm::default();
    form.copy_from(&previous());
    form.put("3-1-2", "5");
    form.put("0-1", "<きのう>");
    Content { form, copied: true, ..Content::default() }
}

fn sheet() -> Sheet {
    Sheet {
        name: "久城 トメ".into(),
        kana: "クシロ トメ".into(),
        birth: "昭和13年4月12日".into(),
        age: "88歳".into(),
        sex: "女".into(),
        insurer: "益田市".into(),
        number: "9900 000 123".into(),
        application: "00000123-1".into(),
        institution: "海辺内科クリニック".into(),
        ..filled(&previous())
    }
}

fn paper_row() -> PaperRow {
    PaperRow {
        place: 1,
        receipt: "OP-BCDF-GHJK".into(),
        at: "2026年11月22日 9:15".into(),
        by: "海辺 一郎".into(),
        chip: Chip::new(Tone::Bad, "差戻し"),
        reason: "夜間の状態を、くわしく書いてください。".into(),
        file: "意見書.pdf（214.0 KB）".into(),
    }
}

fn event() -> EventRow {
    EventRow {
        at: "2026年11月22日 9:15".into(), what: "提出（OP-BCDF-GHJK）".into(), by: "海辺 一郎".into()
    }
}

fn form() -> Form {
    Form {
        shell: shell(Side::Medical),
        patient: patient(),
        errors: Vec::new(),
        returned: Some("夜間の状態を、くわしく書いてください。".into()),
        sections: sections(&content(), Some(&previous()), None),
        revision: 3,
        saved: "10:15".into(),
        previous: Some("2026年5月1日".into()),
        copied: 9,
        file: "意見書.pdf（214.0 KB）".into(),
    }
}

pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    medical(pages);
    desk(pages);
}

fn medical(pages: &mut Vec<(String, String)>) {
    let row = RequestRow {
        href: patient().base,
        name: "久城 トメ".into(),
        kana: "クシロ トメ".into(),
        age: "88歳 女".into(),
        insurer: "益田市".into(),
        class: "継続・在宅".into(),
        due: "12月5日".into(),
        chip: Chip::new(Tone::Warn, "あと4日"),
        note: "11月30日に催促がありました".into(),
    };
    let requests = Requests { shell: shell(Side::Medical), open: vec![row.clone()], more: true, done: vec![row] };
    add(pages, "medical", &requests);
    add(pages, "medical-none", &Requests { open: Vec::new(), done: Vec::new(), more: false, ..requests });
    let request = Request {
        shell: shell(Side::Medical),
        patient: patient(),
        notices: vec![Notice {
            tone: Tone::Warn, heading: "市町村から差し戻されました".into(), say: "理由".into()
        }],
        facts: vec![Fact::new("提出期限", "2026年12月5日")],
        write: Some("直して出しなおす".into()),
        has_previous: true,
        can_decline: true,
        papers: vec![paper_row()],
        events: vec![event()],
    };
    add(pages, "medical-request", &request);
    add(pages, "medical-form", &form());
    let mut other = content().form;
    other.put("5", "ほかの画面");
    let say = "最終診察日が日付として読めません。";
    let invalid = Form {
        errors: vec![FieldError::new("f-0-1", say), FieldError::new("f-3-1-2", "違います。")],
        sections: sections(&content(), Some(&previous()), Some(&other)),
        ..form()
    };
    add(pages, "medical-form-invalid", &invalid);
    let judged = check(&content().form, &kaigo_core::opinion::Subject::default());
    let (errors, warnings) = judged.split_at(judged.len() / 2);
    let check = Check {
        shell: shell(Side::Medical),
        patient: patient(),
        errors: errors.iter().map(found).collect(),
        warnings: warnings.iter().map(found).collect(),
        changes: Some(changes(&previous(), &content().form).iter().map(change).collect()),
        sheet: sheet(),
        can_submit: false,
        revision: 3,
        submit_key: "00112233445566778899aabbccddeeff".into(),
    };
    add(pages, "medical-check", &check);
    let fine = Check { errors: Vec::new(), warnings: Vec::new(), changes: None, can_submit: true, ..check };
    add(pages, "medical-check-fine", &fine);
    let paper = Paper {
        shell: shell(Side::Medical),
        back: (patient().base, "この依頼".into()),
        title: "主治医意見書（提出前）".into(),
        sheet: Sheet { mark: "提出前".into(), file: "意見書.pdf".into(), ..sheet() },
    };
    add(pages, "medical-paper", &paper);
    after(pages);
}

/// The receipt, and the other ways out.
fn after(pages: &mut Vec<(String, String)>) {
    let receipt = Receipt {
        shell: shell(Side::Medical),
        patient: patient(),
        receipt: "OP-BCDF-GHJK".into(),
        facts: vec![Fact::new("提出した時刻", "2026年11月22日 9:15")],
        place: 1,
        phone: "00-0000-0000".into(),
    };
    add(pages, "medical-receipt", &receipt);
    let upload =
        Upload { shell: shell(Side::Medical), patient: patient(), errors: Vec::new(), file: "意見書.pdf".into() };
    add(pages, "medical-upload", &upload);
    let say = "ファイルを選んでください。";
    add(pages, "medical-upload-invalid", &Upload { errors: vec![FieldError::new("file", say)], ..upload });
    let say = "書けない理由を、300文字以内で書いてください。";
    let decline = Decline {
        shell: shell(Side::Medical),
        patient: patient(),
        errors: vec![FieldError::new("reason", say)],
        reason: String::new(),
    };
    add(pages, "medical-decline-invalid", &decline);
    let facts = vec![Fact::new("被保険者番号", "9900 000 123")];
    let certificate = Certificate { shell: shell(Side::Medical), patient: patient(), absence: None, facts };
    add(pages, "medical-certificate", &certificate);
}

fn desk(pages: &mut Vec<(String, String)>) {
    let base = "/insurer/opinions/00112233445566778899aabbccddeeff";
    let row = Row {
        href: base.into(),
        name: "久城 トメ".into(),
        number: "9900 000 123".into(),
        institution: "海辺内科クリニック".into(),
        asked: "11月1日".into(),
        due: "11月14日".into(),
        chip: Chip::new(Tone::Bad, "8日すぎています"),
        note: "催促 1回（11月20日）".into(),
    };
    let list = Opinions {
        shell: shell(Side::Insurer),
        states: vec![Link::new("依頼中 1", "requested"), Link::new("受理 20", "accepted")],
        heading: "依頼中".into(),
        rows: vec![row],
        paging: Paging { next: Some("/insurer/opinions?state=requested".into()), ..Paging::default() },
    };
    add(pages, "insurer-opinions", &list);
    let choices = |words: &[&str]| words.iter().map(|word| Choice::new(*word, *word)).collect::<Vec<_>>();
    let new = New {
        shell: shell(Side::Insurer),
        action: "/insurer/cases/00112233445566778899aabbccddeeff/1/opinion".into(),
        back: "/insurer/cases/00112233445566778899aabbccddeeff/1".into(),
        name: "久城 トメ".into(),
        facts: vec![Fact::new("被保険者番号", "9900 000 123")],
        notice: None,
        running: None,
        errors: Vec::new(),
        submit_key: "00112233445566778899aabbccddeeff".into(),
        institutions: choices(&["海辺内科クリニック"]),
        physician: String::new(),
        counts: choices(&["新規", "継続"]),
        places: choices(&["在宅", "施設"]),
        due_on: "令和8年12月5日".into(),
        note: String::new(),
        previous: Some("海辺内科クリニック 2026年5月1日".into()),
        previous_note: "「海辺内科クリニック」に依頼するときだけ、いっしょに送ります。".into(),
        with_previous: true,
    };
    add(pages, "insurer-opinion-new", &new);
    let errors = vec![FieldError::new("institution", "医療機関を選んでください。")];
    add(pages, "insurer-opinion-new-invalid", &New { errors, ..new.clone() });
    let notice = Some(Notice { tone: Tone::Info, heading: "もう依頼しています".into(), say: String::new() });
    let running = Some(Link::new("この依頼を見る", base));
    add(pages, "insurer-opinion-running", &New { notice, running, ..new });
    let judged = check(&previous(), &kaigo_core::opinion::Subject::default());
    let opinion = Opinion {
        shell: shell(Side::Insurer),
        base: base.into(),
        name: "久城 トメ".into(),
        chips: vec![Chip::new(Tone::Info, "確認待ち")],
        facts: vec![Fact::new("依頼日", "2026年11月1日")],
        errors: Vec::new(),
        waiting: Some(1),
        found: judged.iter().map(found).collect(),
        changes: Some(Vec::new()),
        sheet: Some(sheet()),
        file: "意見書.pdf".into(),
        papers: vec![paper_row()],
        events: vec![event()],
        can_remind: true,
        can_cancel: true,
        reason: String::new(),
    };
    add(pages, "insurer-opinion", &opinion);
    let errors = vec![FieldError::new("reason", "差し戻す理由を書いてください。")];
    add(pages, "insurer-opinion-invalid", &Opinion { errors, ..opinion });
    let cancel = Cancel {
        shell: shell(Side::Insurer),
        base: base.into(),
        name: "久城 トメ".into(),
        institution: "海辺内科クリニック".into(),
        errors: vec![FieldError::new("reason", "取り消す理由を選んでください。")],
        reasons: choices(&["まちがえて依頼した"]),
    };
    add(pages, "insurer-opinion-cancel-invalid", &cancel);
}
