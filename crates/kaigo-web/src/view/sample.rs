//! Sample values of every page (synthetic people, 22 November 2026), and the list of all rendered samples.

mod account;
mod card;
mod circle;
mod citizen;
mod desk;
mod exchange;
mod exchange_sheet;
mod municipality;
mod my;
mod notices;
mod opinion;
mod person;
mod pki;
mod portal;
mod staff;

use askama::Template;

use super::balances::Balances;
use super::certificates::Certificates;
use super::certification::Certification;
use super::charge::{Charge, ChargeEnd};
use super::citizen::{My, MyCertification, MyLog};
use super::documents::{Document, Documents};
use super::error_page::{ErrorKind, ErrorPage};
use super::history::History;
use super::home::{Home, Queue};
use super::identity::{Identity, IdentityOutcome, Register};
use super::login::{KeptForm, Login, LoginCode, LoginLocked};
use super::people::People;
use super::{Absence, FieldError, Help, Notice, Paging, Shell, Side, TextSize, Tone, Who};

impl Shell {
    /// Surroundings of a staff page in the demo.
    pub(crate) fn sample() -> Self {
        Self {
            side: Side::Staff,
            demo: true,
            text_size: TextSize::Standard,
            here: "/people?row=%E3%81%8B".into(),
            csrf: "8f2c1b7e90aa4d53".into(),
            who: Some(Who {
                name: "出雲 太郎".into(),
                role: "介護支援専門員".into(),
                office: "居宅介護支援事業所 みなと".into(),
            }),
            now: "2026年11月22日 9:15".into(),
            unread: 0,
            session_seconds: Some(1800),
            furigana: false,
            easy: false,
            notices: Vec::new(),
            help: Help {
                name: "介護WEBサービス ヘルプデスク".into(),
                phone: "00-0000-0000".into(),
                hours: "平日 8時30分から17時30分".into(),
            },
        }
    }

    /// Surroundings before login.
    pub(crate) fn sample_public() -> Self {
        Self { side: Side::Public, who: None, session_seconds: None, ..Self::sample() }
    }

    /// Surroundings of the person's own pages.
    pub(crate) fn sample_citizen() -> Self {
        let who = Who { name: "久城 トメ".into(), role: String::new(), office: String::new() };
        Self { side: Side::Citizen, who: Some(who), here: "/my".into(), ..Self::sample() }
    }
}

/// Every page and its notable states: (file name, HTML).
pub(crate) fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    entry(&mut pages);
    staff(&mut pages);
    person(&mut pages);
    citizen(&mut pages);
    my::pages(&mut pages);
    exchange::pages(&mut pages);
    exchange_sheet::pages(&mut pages);
    desk::pages(&mut pages);
    municipality::pages(&mut pages);
    opinion::pages(&mut pages);
    notices::pages(&mut pages);
    account::pages(&mut pages);
    portal::pages(&mut pages);
    circle::pages(&mut pages);
    card::pages(&mut pages);
    pki::pages(&mut pages);
    errors(&mut pages);
    pages
}

fn add(pages: &mut Vec<(String, String)>, name: &str, page: &impl Template) {
    pages.push((name.to_owned(), page.render().unwrap()));
}

fn entry(pages: &mut Vec<(String, String)>) {
    add(pages, "login", &Login::sample());
    let wrong = "ログインIDかパスワードがちがいます。もう一度入力してください。";
    let invalid = Login {
        errors: vec![
            FieldError::new("login", wrong),
            FieldError::new("", "あと3回まちがえると、15分間ログインできなくなります。"),
        ],
        login: "<izumo>".into(),
        demo_accounts: Vec::new(),
        ..Login::sample()
    };
    add(pages, "login-invalid", &invalid);
    add(pages, "login-code", &LoginCode::sample());
    let wrong = "確認コードは6けたの数字で入力してください。いま5けたです。";
    let invalid = LoginCode { errors: vec![FieldError::new("code", wrong)], demo_code: None, ..LoginCode::sample() };
    add(pages, "login-code-invalid", &invalid);
    add(pages, "login-locked", &LoginLocked::sample());
    add(pages, "login-carrying", &Login { kept: "5f".repeat(40), ..Login::sample() });
    add(pages, "kept-form", &KeptForm::sample());
}

fn staff(pages: &mut Vec<(String, String)>) {
    add(pages, "home", &Home::sample());
    let empty = Home {
        begins: "5つのうち、1つが終わりました。次は「電子証明書を用意する」です。".into(),
        arrived: Queue::default(),
        expiring: Queue::default(),
        steps: Vec::new(),
        pending: Queue::default(),
        ..Home::sample()
    };
    add(pages, "home-empty", &empty);
    add(pages, "identity", &Identity::sample());
    add(pages, "identity-invalid", &Identity::sample_invalid());
    let not_started = IdentityOutcome::NotStarted {
        insurer: "浜田市".into(),
        since: "2027年3月1日から".into(),
        items: vec!["認定調査票は 2027年6月1日から".into()],
    };
    let too_many = IdentityOutcome::TooMany { wait: "12分".into() };
    let outcomes = [
        ("identity-no-match", IdentityOutcome::NoMatch),
        ("identity-not-started", not_started),
        ("identity-too-many", too_many),
    ];
    for (name, outcome) in outcomes {
        let page = Identity { outcome: Some(outcome), ..Identity::sample_typed() };
        add(pages, name, &page);
    }
    add(pages, "register", &Register::sample());
    let say = "原本を見て確かめたら、四角に印をつけてください。見ていないときは、登録できません。";
    let invalid = Register { errors: vec![FieldError::new("seen", say)], seen: false, ..Register::sample() };
    add(pages, "register-invalid", &invalid);
    add(pages, "people", &People::sample());
    let none = People {
        q: "ヤマタ".into(),
        rows: Vec::new(),
        found: "0人".into(),
        paging: Paging::default(),
        ..People::sample()
    };
    add(pages, "people-none", &none);
}

fn person(pages: &mut Vec<(String, String)>) {
    let registered = Notice {
        tone: Tone::Good,
        heading: "担当事業所として登録しました".into(),
        say: "登録 2026年11月22日 9:14　担当は 2027年2月28日までです。".into(),
    };
    let mut page = Certificates::sample();
    add(pages, "certificates", &page);
    page.shell.notices = vec![registered];
    page.cards = Vec::new();
    page.person.registered = None;
    let absences = [
        ("not-started", Absence::NotStarted { insurer: "益田市".into(), since: "2027年3月1日".into() }),
        ("not-shared", Absence::NotShared { rule: "R7".into(), say: "訪問介護の事業所には共有されない内容です".into() }),
        ("no-consent", Absence::NoConsent { say: "認定調査票と主治医意見書は、ご本人の同意があるときだけ見られます。同意は、認定の申請のときに市町村へ出すか、居宅介護支援事業所が代わりに受けられます。".into() }),
        ("charge-ended", Absence::ChargeEnded { on: "2026年10月31日".into() }),
        ("nothing-yet", Absence::NothingYet { say: "益田市から、まだ証の登録がありません".into() }),
    ];
    for (name, absence) in absences {
        page.absence = Some(absence);
        add(pages, &format!("certificates-{name}"), &page);
    }
    add(pages, "certification", &Certification::sample());
    let quiet = Certification { pending: None, current: Vec::new(), past: Vec::new(), ..Certification::sample() };
    add(pages, "certification-none", &quiet);
    add(pages, "documents", &Documents::sample());
    let say = "「認定調査票」を開く目的を選んでください。";
    let invalid = Documents { errors: vec![FieldError::new("purpose-7k2m", say)], ..Documents::sample() };
    add(pages, "documents-invalid", &invalid);
    add(pages, "document", &Document::sample());
    add(pages, "document-opinion", &Document::sample_opinion());
    add(pages, "balances", &Balances::sample());
    add(pages, "history", &History::sample());
    add(pages, "charge", &Charge::sample());
    add(pages, "charge-end", &ChargeEnd::sample());
    let invalid = ChargeEnd {
        errors: vec![FieldError::new("reason", "やめる理由を選んでください。")],
        ..ChargeEnd::sample()
    };
    add(pages, "charge-end-invalid", &invalid);
}

fn citizen(pages: &mut Vec<(String, String)>) {
    add(pages, "my", &My::sample());
    let mut huge = My::sample();
    huge.shell.text_size = TextSize::Huge;
    add(pages, "my-huge", &huge);
    let absences = [
        ("not-started", Absence::NotStarted { insurer: "益田市".into(), since: "2027年3月1日".into() }),
        ("nothing-yet", Absence::NothingYet { say: "益田市から、まだ証の登録がありません".into() }),
        (
            "not-shared",
            Absence::NotShared {
                rule: "R1".into(), say: "この内容は、この画面では見られません".into()
            },
        ),
    ];
    for (name, absence) in absences {
        let mut page = My { absence: Some(absence), ..My::sample() };
        page.me.registered = None;
        add(pages, &format!("my-{name}"), &page);
    }
    add(pages, "my-certification", &MyCertification::sample());
    add(pages, "my-log", &MyLog::sample());
}

fn errors(pages: &mut Vec<(String, String)>) {
    let say = "主治医意見書は、居宅介護支援事業所のケアマネジャーだけが見られます。";
    let kinds = [
        ("403", ErrorKind::Forbidden { absence: Absence::NotShared { rule: "R6".into(), say: say.into() } }),
        ("404", ErrorKind::NotFound),
        (
            "422",
            ErrorKind::Invalid {
                say: "ファイルが選ばれていません。ファイルを選んでから送ってください。".into()
            },
        ),
        ("429", ErrorKind::TooMany { wait: "1分".into() }),
        ("500", ErrorKind::Internal { request_id: "01JD8Z6Q".into() }),
        ("503", ErrorKind::Busy),
        ("session", ErrorKind::SessionExpired { next: "/people?row=あ".into() }),
    ];
    for (name, kind) in kinds {
        let staff = ErrorPage { shell: Shell::sample(), kind: kind.clone() };
        add(pages, &format!("error-{name}"), &staff);
        let citizen = ErrorPage { shell: Shell::sample_citizen(), kind: kind.clone() };
        add(pages, &format!("error-{name}-citizen"), &citizen);
        let public = ErrorPage { shell: Shell::sample_public(), kind };
        add(pages, &format!("error-{name}-public"), &public);
    }
}
