//! The person's consent, proxies, questions and papers; the way in with a letter; the clerk's page of one person.

use kaigo_core::consent_text;
use kaigo_core::plain::Saying;

use super::add;
use crate::view::citizen::{LogRow, Myself};
use crate::view::insured::{
    InsuredConsent, InsuredFrame, InsuredLog, InsuredPerson, InsuredRow, InsuredSearch, LetterPaper, LetterRow,
    NewProxy, ProxyEnd, QuestionLine, QuestionView, Questions,
};
use crate::view::my::{
    Ask, ConsentConfirm, ConsentReader, ConsentReceipt, FamilyEnd, MyConsent, MyDocument, MyDocuments, MyFamily,
    MyPlans, MyQuestions, ProxyCard, QuestionCard,
};
use crate::view::start::{Qr, StartAccount, StartCode, StartFactor};
use crate::view::{Chip, Choice, Fact, FieldError, Link, Paging, Shell, Side, Tone, Who};

const KEY: &str = "00112233445566778899aabbccddeeff";

fn shell() -> Shell {
    Shell::sample_citizen()
}

fn clerk() -> Shell {
    let who = Who { name: "市川 恵子".into(), role: "職員".into(), office: "みなと川市".into() };
    Shell { side: Side::Insurer, who: Some(who), here: "/insurer/people".into(), ..Shell::sample() }
}

fn start() -> Shell {
    Shell { here: "/start".into(), ..Shell::sample_public() }
}

fn text() -> Vec<Saying> {
    consent_text::TEXTS.iter().flat_map(|text| text.sentences.iter().copied()).collect()
}

fn readers() -> Vec<ConsentReader> {
    vec![
        ConsentReader {
            name: "居宅介護支援事業所 みなと".into(), items: "認定調査票・主治医意見書".into()
        },
        ConsentReader { name: "訪問介護 はまなす".into(), items: String::new() },
    ]
}

fn history() -> Vec<Fact> {
    vec![Fact::new("2026年11月22日", "同意　本人（本人の画面・本人の画面）").note("受付 2026年11月22日 9:15")]
}

fn proxy() -> ProxyCard {
    ProxyCard {
        id: KEY.into(),
        name: "久城 花子".into(),
        facts: vec![
            Fact::new("種類", "家族・親族"),
            Fact::new("続柄", "長女").as_is(),
            Fact::new("見られる範囲", "すべて"),
        ],
        chip: Chip::new(Tone::Good, "いま代理の人です"),
        can_end: true,
    }
}

fn question(answered: bool) -> QuestionCard {
    QuestionCard {
        asked: "2026年11月22日 9:15　久城 トメ".into(),
        about: "2026年11月21日 10:02　出雲 太郎（介護支援専門員）　居宅介護支援事業所 みなと　被保険者証を見ました"
            .into(),
        body: vec!["この人は、<だれ>ですか。".into()],
        answer: if answered { vec!["担当のケアマネジャーです。".into()] } else { Vec::new() },
        answered: if answered { "2026年11月23日 10:00　市川 恵子".into() } else { String::new() },
        is_new: answered,
    }
}

fn reasons() -> Vec<Choice> {
    vec![Choice::new("asked", "本人が希望した"), Choice::new("deceased", "亡くなった")]
}

fn frame() -> InsuredFrame {
    InsuredFrame {
        p: KEY.into(),
        name: "久城 トメ".into(),
        kana: "クシロ トメ".into(),
        birth: "1938年（昭和13年）4月12日生　88歳".into(),
        number: "9900 000 123".into(),
        chips: vec![Chip::new(Tone::Info, "要介護3")],
    }
}

fn log_row() -> LogRow {
    LogRow {
        id: KEY.into(),
        own: false,
        time: "2026年11月22日 9:15".into(),
        who: "出雲 太郎（介護支援専門員）".into(),
        office: "居宅介護支援事業所 みなと".into(),
        what: "被保険者証を見ました".into(),
        why: "資格の確認".into(),
        refused: true,
    }
}

/// Every page of these and its notable states.
pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    own(pages);
    people(pages);
    letters(pages);
    counter(pages);
}

fn own(pages: &mut Vec<(String, String)>) {
    for stands in [true, false] {
        let state = if stands {
            Chip::new(Tone::Good, "同意しています")
        } else {
            Chip::new(Tone::Plain, "まだ同意していません")
        };
        let (readers, history) = if stands { (readers(), history()) } else { (Vec::new(), Vec::new()) };
        let page = MyConsent { shell: shell(), me: Myself::sample(), state, stands, text: text(), readers, history };
        add(pages, &format!("my-consent-{stands}"), &page);
        let wrong = FieldError::new("agreed", "上のことを読んで、四角に印をつけてください。");
        let mut page = ConsentConfirm {
            shell: shell(),
            me: Myself::sample(),
            withdraw: stands,
            errors: Vec::new(),
            submit_key: KEY.into(),
            version: "第1版".into(),
            text: text(),
            readers: readers_of(stands),
        };
        add(pages, &format!("my-consent-confirm-{stands}"), &page);
        page.errors.push(wrong);
        add(pages, &format!("my-consent-confirm-{stands}-invalid"), &page);
    }
    let heading = "同意の取り消しを受け付けました".to_owned();
    add(
        pages,
        "my-consent-receipt",
        &ConsentReceipt { shell: shell(), me: Myself::sample(), heading, facts: history() },
    );
    let row = |link: Option<Link>, why: &str| MyDocument {
        title: "認定調査票".into(),
        source: "更新申請（2026年10月2日）".into(),
        link,
        why: why.into(),
    };
    let rows =
        vec![row(Some(Link::new("読む", "/my/documents/survey-1")), ""), row(None, "まだ市町村に届いていません。")];
    add(
        pages,
        "my-documents",
        &MyDocuments { shell: shell(), me: Myself::sample(), absence: None, rows: rows.clone(), asks: true },
    );
    add(pages, "my-plans", &MyPlans { shell: shell(), me: Myself::sample(), plans: rows });
    add(pages, "my-plans-none", &MyPlans { shell: shell(), me: Myself::sample(), plans: Vec::new() });
}

fn readers_of(stands: bool) -> Vec<ConsentReader> {
    if stands { readers() } else { Vec::new() }
}

fn people(pages: &mut Vec<(String, String)>) {
    for acting in [true, false] {
        let page = MyFamily { shell: shell(), me: Myself::sample(), proxies: vec![proxy()], acting };
        add(pages, &format!("my-family-{acting}"), &page);
    }
    add(
        pages,
        "my-family-none",
        &MyFamily { shell: shell(), me: Myself::sample(), proxies: Vec::new(), acting: false },
    );
    let mut page =
        FamilyEnd { shell: shell(), me: Myself::sample(), proxy: proxy(), errors: Vec::new(), reasons: reasons() };
    add(pages, "my-family-end", &page);
    page.errors.push(FieldError::new("reason", "終わりにする理由を選んでください。"));
    add(pages, "my-family-end-invalid", &page);
    let mut page = Ask {
        shell: shell(),
        me: Myself::sample(),
        about: vec![Fact::new("いつ", "2026年11月21日 10:02")],
        entry: KEY.into(),
        submit_key: KEY.into(),
        errors: Vec::new(),
        body: "<だれ>".into(),
    };
    add(pages, "my-ask", &page);
    page.errors.push(FieldError::new("body", "聞きたいことを書いてください。"));
    add(pages, "my-ask-invalid", &page);
    let questions = vec![question(true), question(false)];
    add(pages, "my-questions", &MyQuestions { shell: shell(), me: Myself::sample(), questions });
    add(pages, "my-questions-none", &MyQuestions { shell: shell(), me: Myself::sample(), questions: Vec::new() });
}

fn letters(pages: &mut Vec<(String, String)>) {
    let mut page = StartCode {
        shell: start(),
        errors: Vec::new(),
        insurer_no: String::new(),
        insured_no: String::new(),
        birth: String::new(),
    };
    add(pages, "start", &page);
    page.errors.push(FieldError::new("", "番号・生年月日・登録番号の組み合わせが合いません。"));
    page.errors.push(FieldError::new("code", "登録番号を入れてください。"));
    add(pages, "start-invalid", &page);
    let mut page = StartAccount {
        shell: start(),
        errors: Vec::new(),
        name: "久城 花子".into(),
        represents: "久城 トメ".into(),
        again: true,
        login: "hanako".into(),
        factor: "paper".into(),
    };
    add(pages, "start-account", &page);
    page.errors.push(FieldError::new("password", "パスワードは8文字以上にしてください。"));
    page.errors.push(FieldError::new("factor", "2つめの確認の方法を選んでください。"));
    add(pages, "start-account-invalid", &page);
    let qr = Qr { size: 29, path: "M4 4h1v1h-1z".into() };
    let codes = vec!["ABCD-2345".to_owned(), "EFGH-6789".to_owned()];
    for app in [Some(("ABCD EFGH".to_owned(), qr)), None] {
        let name = if app.is_some() { "start-factor-app" } else { "start-factor-paper" };
        let mut page =
            StartFactor { shell: start(), errors: Vec::new(), login: "hanako".into(), app, codes: codes.clone() };
        add(pages, name, &page);
        page.errors.push(FieldError::new("code", "番号がちがいます。"));
        add(pages, &format!("{name}-invalid"), &page);
    }
    let mut page = LetterPaper {
        shell: clerk(),
        person: frame(),
        to: "久城 花子".into(),
        represents: "久城 トメ".into(),
        address: String::new(),
        insurer_no: "981019".into(),
        insurer: "みなと川市".into(),
        phone: "00-0000-0001".into(),
        until: "2026年12月22日".into(),
        code: Some("ABCD-EFGH-2345".into()),
    };
    add(pages, "insured-letter", &page);
    page.code = None;
    add(pages, "insured-letter-later", &page);
}

#[expect(clippy::too_many_lines, reason = "a list of samples")]
fn counter(pages: &mut Vec<(String, String)>) {
    let row = InsuredRow {
        href: format!("/insurer/people/{KEY}"),
        name: "久城 トメ".into(),
        kana: "クシロ トメ".into(),
        birth: "1938年（昭和13年）4月12日　88歳".into(),
        number: "9900 000 123".into(),
        address: "みなと川市汐見台1-2-3".into(),
    };
    let mut page = InsuredSearch {
        shell: clerk(),
        errors: Vec::new(),
        q: "クシロ".into(),
        searched: true,
        rows: vec![row],
        paging: Paging::default(),
    };
    add(pages, "insured-search", &page);
    page.rows.clear();
    add(pages, "insured-search-none", &page);
    page.errors.push(FieldError::new("q", "氏名カナは、2文字以上を入れてください。"));
    page.searched = false;
    add(pages, "insured-search-invalid", &page);
    let letter = LetterRow {
        id: KEY.into(),
        issued: "2026年11月22日 9:15".into(),
        to: "ご本人あて".into(),
        chip: Chip::new(Tone::Info, "2026年12月22日まで使えます"),
    };
    let person = InsuredPerson {
        shell: clerk(),
        person: frame(),
        facts: vec![Fact::new("住所", "みなと川市汐見台1-2-3")],
        applications: vec![(
            Link::new("更新申請　2026年（令和8年）10月1日に申請", "/insurer/cases/x/1"),
            Chip::new(Tone::Info, "進んでいます"),
        )],
        consent: Chip::new(Tone::Good, "同意しています"),
        stands: true,
        offices: 3,
        proxies: vec![proxy()],
        letters: vec![letter],
        submit_key: KEY.into(),
        questions: vec![(KEY.into(), question(false))],
        log: vec![log_row()],
    };
    add(pages, "insured-person", &person);
    let rows = vec![log_row()];
    add(pages, "insured-log", &InsuredLog { shell: clerk(), person: frame(), rows, paging: Paging::default() });
    let mut page = InsuredConsent {
        shell: clerk(),
        person: frame(),
        state: Chip::new(Tone::Plain, "まだ同意していません"),
        stands: false,
        errors: Vec::new(),
        submit_key: KEY.into(),
        given_by: vec![Choice::new("1", "本人"), Choice::new("2", "家族")],
        methods: vec![Choice::new("paper", "書面"), Choice::new("screen", "窓口の画面")],
        proxies: vec![Choice::new(KEY, "久城 花子（長女）")],
        on: String::new(),
        version: "第1版".into(),
        text: text().iter().map(|s| s.usual.to_owned()).collect(),
        readers: readers(),
        history: history(),
    };
    add(pages, "insured-consent", &page);
    page.stands = true;
    page.errors.push(FieldError::new("given_by", "申し出た人を選んでください。"));
    page.errors.push(FieldError::new("confirmed", "説明して確かめたら、四角に印をつけてください。"));
    add(pages, "insured-consent-invalid", &page);
    let mut page = NewProxy {
        shell: clerk(),
        person: frame(),
        errors: Vec::new(),
        submit_key: KEY.into(),
        kinds: vec![Choice::new("family", "家族・親族")],
        scopes: vec![Choice::new("everything", "すべて")],
        evidence: vec![Choice::new("at-the-desk", "本人が窓口で申し出た")],
        typed: Default::default(),
    };
    add(pages, "insured-proxy", &page);
    page.errors.push(FieldError::new("name", "氏名を入れてください。"));
    add(pages, "insured-proxy-invalid", &page);
    let mut page = ProxyEnd { shell: clerk(), person: frame(), proxy: proxy(), errors: Vec::new(), reasons: reasons() };
    add(pages, "insured-proxy-end", &page);
    page.errors.push(FieldError::new("reason", "終わりにする理由を選んでください。"));
    add(pages, "insured-proxy-end-invalid", &page);
    let line = |tone| QuestionLine {
        href: format!("/insurer/questions/{KEY}"),
        who: "久城 トメ".into(),
        at: "2026年11月22日 9:15".into(),
        start: "この人は、<だれ>ですか。".into(),
        chip: Chip::new(tone, "3日たちました"),
    };
    let page = Questions { shell: clerk(), open: vec![line(Tone::Warn)], answered: vec![line(Tone::Good)] };
    add(pages, "insured-questions", &page);
    add(pages, "insured-questions-none", &Questions { shell: clerk(), open: Vec::new(), answered: Vec::new() });
    for answered in [true, false] {
        let mut page = QuestionView {
            shell: clerk(),
            person: frame(),
            q: KEY.into(),
            card: question(answered),
            errors: Vec::new(),
            answer: String::new(),
        };
        add(pages, &format!("insured-question-{answered}"), &page);
        page.errors.push(FieldError::new("answer", "回答を書いてください。"));
        if !answered {
            add(pages, "insured-question-invalid", &page);
        }
    }
}
