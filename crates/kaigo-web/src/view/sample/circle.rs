//! The office's side of the circle: applications under way, consent, 届出, plans, LIFE; the person's papers and LIFE.

use kaigo_core::plain::Saying;

use super::{add, exchange_sheet};
use crate::view::cases::{CaseRow, Cases};
use crate::view::citizen::Myself;
use crate::view::consent::{OfficeConsent, OfficeConsentPaper};
use crate::view::documents::{Document, Original};
use crate::view::filing::{
    Answer, Change, CheckLine, ColumnCheck, Confirm, ConfirmLine, Contact, Filing, FilingLine, FilingRow, Filings,
    Form, Inbox, InboxRow, Services, Start, WayFrame,
};
use crate::view::my::{MyLife, MyPaper, MySheet};
use crate::view::person::PersonFrame;
use crate::view::plans::{Life, LifeSheet, MyPlan, Plan, PlanRow, Plans, SentRow};
use crate::view::{Absence, Chip, Choice, Fact, FieldError, Link, Notice, Paging, Shell, Side, Tone, Who};

const KEY: &str = "00112233445566778899aabbccddeeff";

pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    cases(pages);
    consent(pages);
    way(pages);
    filings(pages);
    inbox(pages);
    plans(pages);
    life(pages);
    my(pages);
}

fn chosen(mut choice: Choice) -> Choice {
    choice.chosen = true;
    choice
}

fn cases(pages: &mut Vec<(String, String)>) {
    let row = CaseRow {
        href: "/people/4f7a/certification".into(),
        name: "久城 トメ".into(),
        kana: "クシロ トメ".into(),
        insurer: "みなと川市".into(),
        kind: "更新申請".into(),
        applied: "2026年10月2日".into(),
        age: Chip::new(Tone::Bad, "52日目"),
        steps: vec!["認定調査".into(), "主治医意見書".into()],
        due: "見込み 2026年12月4日".into(),
        due_note: "審査会 11月26日 予定".into(),
        mark: Some(Chip::new(Tone::Bad, "30日をこえています")),
        slow: vec!["主治医意見書 48日（目安13日）".into()],
        changes: vec!["調査実施日：（なし） → 2026年11月19日".into()],
    };
    let quiet = CaseRow { mark: None, slow: Vec::new(), changes: Vec::new(), due_note: String::new(), ..row.clone() };
    let list = Cases {
        shell: Shell { here: "/cases".into(), ..Shell::sample() },
        errors: Vec::new(),
        absence: None,
        hides_all: false,
        hidden: vec![Notice {
            tone: Tone::Plain,
            heading: "山ノ端町の方（2人）の進み具合は出ていません".into(),
            say: "この保険者は、まだ介護情報基盤を使いはじめていません。".into(),
        }],
        steps: vec![chosen(Choice::new("survey", "認定調査待ち（3）")), Choice::new("board", "審査会待ち（1）")],
        marks: vec![Choice::new("over", "30日をすぎた（1）")],
        orders: vec![Choice::new("", "申請の古い順"), Choice::new("mark", "期限・目安をすぎた順")],
        changed: true,
        changes: 1,
        found: "2件".into(),
        narrowed: true,
        rows: vec![row, quiet],
        paging: Paging { next: Some("/cases?page=1".into()), ..Paging::default() },
    };
    add(pages, "office-cases", &list);
    let none = Cases { rows: Vec::new(), hidden: Vec::new(), narrowed: false, ..list.clone() };
    add(pages, "office-cases-none", &none);
    add(pages, "office-cases-hidden", &Cases { rows: Vec::new(), hides_all: true, ..list });
    let say = "この情報を共有してよいかが、国の共有のきまりで確かめられていません。".to_owned();
    let absence = Some(Absence::NotShared { rule: "unverified-cell".into(), say });
    add(pages, "office-cases-not-shared", &Cases { absence, ..none });
}

fn consent(pages: &mut Vec<(String, String)>) {
    let text = vec!["同意しなくても、サービスの利用ができなくなることはありません。".to_owned()];
    let page = OfficeConsent {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        state: Chip::new(Tone::Plain, "まだ同意していません"),
        stands: false,
        errors: Vec::new(),
        submit_key: KEY.into(),
        given_by: vec![Choice::new("1", "本人"), Choice::new("2", "家族")],
        giver: "久城 <花子>（長女）".into(),
        methods: vec![Choice::new("paper", "書面"), Choice::new("screen", "窓口の画面")],
        on: "令和8年11月22日".into(),
        version: "第1版".into(),
        text: text.clone(),
        taker: "出雲 太郎（介護支援専門員）　居宅介護支援事業所 みなと".into(),
        insurer: "みなと川市".into(),
        history: vec![Fact::new("2026年11月2日", "同意の取り消し　本人（本人の画面・本人の画面）")],
    };
    add(pages, "consent", &page);
    let stands = OfficeConsent { stands: true, state: Chip::new(Tone::Good, "同意しています"), ..page.clone() };
    add(pages, "consent-stands", &stands);
    let errors = ["given_by", "giver", "method", "on", "confirmed"]
        .map(|field| FieldError::new(field, format!("{field}を確かめてください。")));
    add(pages, "consent-invalid", &OfficeConsent { errors: errors.to_vec(), ..page });
    let paper = OfficeConsentPaper {
        shell: Shell::sample(),
        c: "4f7a".into(),
        insurer: "みなと川市".into(),
        version: "第1版".into(),
        text,
        person: vec![Fact::new("氏名", "久城 トメ"), Fact::new("被保険者番号", "9900 000 123")],
        taken: Vec::new(),
        taker: "出雲 太郎（介護支援専門員）".into(),
        office: "居宅介護支援事業所 みなと".into(),
    };
    add(pages, "consent-paper", &paper);
    let taken = vec![Fact::new("同意の日", "令和8年11月22日"), Fact::new("同意した人", "久城 花子（長女）")];
    add(pages, "consent-paper-taken", &OfficeConsentPaper { taken, ..paper });
}

fn frame() -> WayFrame {
    WayFrame {
        place: "2／4".into(),
        back: Link::new("前にもどる", "/people/4f7a/filing"),
        saved: "11月22日 9:15 出雲 太郎さんが保存".into(),
        deadline: Fact::new("届出の期限", "みなと川市：利用を始める月の末日まで")
            .chip(Tone::Good, "11月30日まで（あと8日）"),
    }
}

fn line() -> FilingLine {
    FilingLine {
        href: format!("/filings/{KEY}"),
        receipt: "20261122-BCDFG".into(),
        what: "居宅サービス・新規".into(),
        start: "2026年12月1日".into(),
        state: Chip::new(Tone::Info, "確認待ち"),
        filed: "11月22日 9:15　出雲 太郎".into(),
    }
}

fn check(severity: Tone, word: &str) -> CheckLine {
    CheckLine {
        chip: Chip::new(severity, word),
        say: "いまの届出は「居宅介護支援事業所 かもめ」です。".into(),
        mend: "受理されると、その届出は前の日で終わります。".into(),
        link: (word == "誤り").then(|| Link::new("直す", "/people/4f7a/filing")),
    }
}

#[expect(clippy::too_many_lines, reason = "a list of samples")]
fn way(pages: &mut Vec<(String, String)>) {
    let start = Start {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        errors: Vec::new(),
        way: frame(),
        form: "居宅サービス計画作成依頼（変更）届出書".into(),
        why: "要介護3の認定が有効です。".into(),
        is_provisional: true,
        variants: vec![
            chosen(Choice::new("home", "居宅サービス計画作成依頼（変更）届出書")),
            Choice::new("prevention", "介護予防サービス計画作成依頼（変更）届出書"),
        ],
        unfit: vec![Fact::new("小規模多機能型居宅介護", "この事業所は小規模多機能型居宅介護ではありません。")],
        instead: Vec::new(),
        start: "令和8年12月1日".into(),
        others: Vec::new(),
        others_text: String::new(),
        standing: "いま有効な届出はありません。".into(),
        self_made: vec!["ご本人が計画を作るときは、市町村の窓口に届け出ます。".into()],
        own: vec![line()],
        has_draft: true,
    };
    add(pages, "filing-start", &start);
    let errors = vec![FieldError::new("start", "「計画の作成を始める日」を入れてください。")];
    add(pages, "filing-start-invalid", &Start { errors, ..start.clone() });
    let others = vec![Choice::new("no", "なし"), chosen(Choice::new("yes", "あり"))];
    let errors = vec![FieldError::new("others_text", "サービスの名前を入れてください。")];
    let with_services =
        Start { errors, variants: Vec::new(), others, others_text: "訪問<看護>".into(), ..start.clone() };
    add(pages, "filing-start-services", &with_services);
    let none = Start {
        form: String::new(),
        variants: Vec::new(),
        instead: vec!["介護予防の届出は、地域包括支援センターが出します。".into()],
        own: Vec::new(),
        has_draft: false,
        ..start
    };
    add(pages, "filing-start-none", &none);
    let change = Change {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        errors: Vec::new(),
        way: frame(),
        why: "いまの届出は「居宅介護支援事業所 かもめ」です。変更の日は2026年12月1日です。".into(),
        reasons: vec![Choice::new("wish", "本人・家族の希望"), Choice::new("other", "その他")],
        reason_text: "<家族>と同居".into(),
    };
    add(pages, "filing-change", &change);
    let errors = vec![FieldError::new("reason", "変更の理由を選んでください。")];
    add(pages, "filing-change-invalid", &Change { errors, ..change });
    let services = Services {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        errors: Vec::new(),
        way: frame(),
        month: "2026年12月".into(),
        others: vec![Choice::new("no", "なし"), chosen(Choice::new("yes", "あり"))],
        others_text: "訪問看護".into(),
    };
    add(pages, "filing-services", &services);
    let errors = vec![FieldError::new("others", "ありかなしを選んでください。")];
    add(pages, "filing-services-invalid", &Services { errors, ..services });
    let contact = Contact {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        errors: Vec::new(),
        way: frame(),
        name: "出雲 太郎".into(),
        phone: "00-0000-0000".into(),
        asks_entrusted: true,
        entrusted: String::new(),
    };
    add(pages, "filing-contact", &contact);
    let errors = vec![FieldError::new("phone", "電話番号を、市外局番から入れてください。例：00-0000-0000")];
    add(pages, "filing-contact-invalid", &Contact { errors, ..contact });
    let confirm = Confirm {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        errors: Vec::new(),
        way: frame(),
        form: "居宅サービス計画作成依頼（変更）届出書".into(),
        lines: vec![
            ConfirmLine { fact: Fact::new("区分", "新規"), change: None },
            ConfirmLine {
                fact: Fact::new("計画の作成を始める日", "令和8年12月1日"),
                change: Some("/people/4f7a/filing".into()),
            },
        ],
        checks: vec![check(Tone::Info, "参考"), check(Tone::Bad, "誤り")],
        late: Some(Notice {
            tone: Tone::Bad,
            heading: "届出の期限を過ぎています".into(),
            say: "11月分は、償還払いになります。".into(),
        }),
        insurer: "みなと川市".into(),
        submit_key: KEY.into(),
        can_file: true,
    };
    add(pages, "filing-confirm", &confirm);
    add(pages, "filing-confirm-stopped", &Confirm { can_file: false, late: None, ..confirm });
}

fn filings(pages: &mut Vec<(String, String)>) {
    let filing = Filing {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        f: KEY.into(),
        receipt: "20261122-BCDFG".into(),
        state: Chip::new(Tone::Bad, "差戻し"),
        next: "市町村が差し戻しました。理由を読んで、直して出しなおしてください。".into(),
        returned: Some(Notice {
            tone: Tone::Bad,
            heading: "差し戻されました：開始の日".into(),
            say: "12月1日からにしてください".into(),
        }),
        facts: vec![Fact::new("区分", "新規"), Fact::many("変更の理由", vec!["その他".into(), "同居".into()])],
        history: vec![Fact::new("届出", "2026年11月22日 9:15　出雲 太郎")],
        can_withdraw: false,
        can_mend: true,
    };
    add(pages, "filing-returned", &filing);
    let waiting = Filing { returned: None, can_withdraw: true, can_mend: false, ..filing };
    add(pages, "filing-waiting", &waiting);
    let list = Filings {
        shell: Shell { here: "/filings".into(), ..Shell::sample() },
        errors: Vec::new(),
        number: String::new(),
        filters: vec![Link::new("すべて 2", ""), Link::new("確認待ち 1", "/filings?state=filed")],
        rows: vec![
            FilingRow { line: line(), name: "久城 トメ".into(), is_open: true, insurer: "みなと川市".into() },
            FilingRow {
                line: line(), name: "担当を終わった方".into(), is_open: false, insurer: "980011".into()
            },
        ],
        drafts: vec![(
            Link::new("久城 トメ さんの届出をつづける", "/people/4f7a/filing"),
            "11月22日 9:15 出雲 太郎".into(),
        )],
        paging: Paging::default(),
    };
    add(pages, "filings", &list);
    let errors = vec![FieldError::new("number", "その番号の方は、担当している方の中にいません。")];
    add(pages, "filings-none", &Filings { errors, number: "99".into(), rows: Vec::new(), drafts: Vec::new(), ..list });
    let form = Form {
        shell: Shell::sample(),
        back: Link::new("届出にもどる", format!("/filings/{KEY}")),
        title: "居宅サービス計画作成依頼（変更）届出書".into(),
        division: "新規".into(),
        person: vec![Fact::new("氏名", "久城 トメ")],
        office: vec![Fact::new("事業所名", "居宅介護支援事業所 みなと")],
        more: vec![Fact::new("変更年月日", "令和8年12月1日")],
        addressee: "みなと川市長".into(),
        filed: "令和8年11月22日".into(),
        receipt: "20261122-BCDFG".into(),
        columns: vec![("被保険者資格".into(), "確認済".into()), ("届出の重複".into(), String::new())],
    };
    add(pages, "filing-form", &form);
}

fn inbox(pages: &mut Vec<(String, String)>) {
    let who = Who { name: "市川 恵子".into(), role: "職員".into(), office: "みなと川市".into() };
    let shell = Shell { side: Side::Insurer, who: Some(who), here: "/insurer/filings".into(), ..Shell::sample() };
    let list = Inbox {
        shell: shell.clone(),
        done: None,
        filters: vec![Link::new("確認待ち 1", "")],
        is_waiting: true,
        rows: vec![InboxRow {
            f: KEY.into(),
            name: "久城 トメ".into(),
            number: "9900 000 123".into(),
            line: line(),
            office: "居宅介護支援事業所 みなと".into(),
            age: Chip::new(Tone::Plain, "3日"),
            checks: vec![Chip::new(Tone::Warn, "期限おくれ")],
            is_clean: true,
        }],
        clean: 1,
        paging: Paging::default(),
    };
    add(pages, "inbox", &list);
    add(pages, "inbox-none", &Inbox { rows: Vec::new(), clean: 0, ..list });
    let answer = Answer {
        shell,
        errors: Vec::new(),
        f: KEY.into(),
        receipt: "20261122-BCDFG".into(),
        person: vec![Fact::new("氏名", "久城 トメ")],
        person_href: format!("/insurer/people/{KEY}"),
        state: Chip::new(Tone::Info, "確認待ち"),
        decided: String::new(),
        facts: vec![Fact::new("区分", "新規")],
        columns: vec![ColumnCheck {
            label: "被保険者資格".into(),
            chip: Chip::new(Tone::Good, "問題なし"),
            lines: vec![check(Tone::Warn, "注意")],
        }],
        others: vec![check(Tone::Info, "参考")],
        effect: vec!["みなとの届出は、令和8年11月30日で終わります。".into()],
        notices: vec![Fact::new("居宅介護支援事業所 かもめ", "2024年12月1日から")],
        earlier: vec![line()],
        is_waiting: true,
        is_doubtful: true,
        reasons: vec![Choice::new("start", "開始の日"), Choice::new("other", "その他")],
        text: "12月1日からに<してください>".into(),
    };
    add(pages, "filing-answer", &answer);
    let errors = vec![FieldError::new("reason", "差し戻す理由を選んでください。")];
    add(pages, "filing-answer-invalid", &Answer { errors, ..answer.clone() });
    let decided = "河野 剛さんが 11月22日 9:15 に受理しました".into();
    add(pages, "filing-answered", &Answer { is_waiting: false, is_doubtful: false, decided, ..answer });
}

fn plans(pages: &mut Vec<(String, String)>) {
    let page = Plans {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        absence: Some(Absence::NoConsent {
            say: "ご本人の包括的同意が記録されていません。".into()
        }),
        rows: vec![PlanRow {
            href: format!("/people/4f7a/plans/{KEY}"),
            what: "居宅サービス計画（2026年11月1日作成）".into(),
            office: "居宅介護支援事業所 みなと".into(),
            registered: "2026年11月20日　出雲 太郎".into(),
            withdraw: Some(format!("/people/4f7a/plans/{KEY}/withdraw")),
        }],
        sent: vec![SentRow { set: KEY.into(), place: 1, what: "11月の予定".into(), sent: "11月1日 9:00".into() }],
    };
    add(pages, "plans", &page);
    let none = Plans { absence: None, rows: Vec::new(), sent: Vec::new(), ..page };
    add(pages, "plans-none", &none);
    let plan = Plan {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        back: Link::new("ケアプラン", "/people/4f7a/plans"),
        what: "居宅サービス計画（2026年11月1日作成）".into(),
        small: "居宅介護支援事業所 みなと　登録 2026年11月20日".into(),
        pages: exchange_sheet::forms(),
    };
    add(pages, "plan", &plan);
    let mine = MyPlan {
        shell: Shell::sample_citizen(),
        what: plan.what.clone(),
        small: plan.small.clone(),
        pages: plan.pages.clone(),
    };
    add(pages, "my-plan", &mine);
}

fn original() -> Original {
    Original { href: "/people/4f7a/life/1/file".into(), what: "PDF、214 KB".into(), digest: "5f2a90c1e7b34d68".into() }
}

fn life(pages: &mut Vec<(String, String)>) {
    let sheet = LifeSheet {
        period: "2026年4月1日から 2026年9月30日まで".into(),
        office: "通所介護 ひだまり　通所介護".into(),
        chip: Some(Chip::new(Tone::Info, "この事業所")),
        facts: vec![Fact::new("ADL（Barthel Index）", "65→70")],
        n: "1".into(),
        original: Some(original()),
    };
    let other = LifeSheet { n: "2".into(), chip: None, original: None, ..sheet.clone() };
    let page = Life {
        shell: Shell::sample(),
        person: PersonFrame::sample(),
        own_only: true,
        sheets: vec![sheet, other],
        errors: Vec::new(),
        purposes: vec![Choice::new("care-plan", "ケアプランの作成・見直し")],
    };
    add(pages, "life", &page);
    let errors = vec![FieldError::new("purpose-1", "開く目的を選んでください。目的は記録に残ります。")];
    add(pages, "life-invalid", &Life { errors, ..page.clone() });
    add(pages, "life-none", &Life { sheets: Vec::new(), own_only: false, ..page });
}

fn my(pages: &mut Vec<(String, String)>) {
    for (name, document, lead) in [
        ("survey", Document::sample(), &Saying::SURVEY_PAPER),
        ("opinion", Document::sample_opinion(), &Saying::OPINION_PAPER),
    ] {
        let page = MyPaper {
            shell: Shell::sample_citizen(),
            me: Myself::sample(),
            title: document.title,
            lead,
            facts: document.facts,
            original: Some(Original { href: "/my/documents/survey-1/file".into(), ..original() }),
            groups: document.groups,
            remarks: document.remarks,
        };
        add(pages, &format!("my-paper-{name}"), &page);
    }
    let sheet = MySheet {
        period: "2026年4月1日から 2026年9月30日まで".into(),
        office: "通所介護 ひだまり".into(),
        facts: vec![Fact::new("体重", "52.1kg")],
        link: Some(Link::new("もとの紙を見る", "/my/life/1/file")),
    };
    let page = MyLife { shell: Shell::sample_citizen(), me: Myself::sample(), sheets: vec![sheet] };
    add(pages, "my-life", &page);
    add(pages, "my-life-none", &MyLife { sheets: Vec::new(), ..page });
}
