//! ケアプラン連携: an office in the last week of a month, with a partner for each state.

use super::add;
use crate::view::certification::{Progress, Step, StepState};
use crate::view::exchange::board::{Board, BoardRow, BoardSide, Cell};
use crate::view::exchange::draft::{
    Confirm, ConfirmRow, Draft, DraftSet, DraftState, File, Finding, Group, OneSet, Person, Stray,
};
use crate::view::exchange::mailbox::{Filter, Inbox, Sent, SetRow};
use crate::view::exchange::partners::{PartnerRow, Partners};
use crate::view::exchange::receipt::Receipt;
use crate::view::exchange::send::Send;
use crate::view::exchange::set::{Can, Event, Recall, Set, Version, Withdraw};
use crate::view::exchange::tokens::{Made, TokenRow, Tokens};
use crate::view::exchange::{Count, Frame, Glance, Partner, Tab};
use crate::view::home::{Queue, QueueRow};
use crate::view::{Chip, Choice, Fact, FieldError, Link, Paging, Shell, Tone};

const D: &str = "0f3b6a1c9d4e5f60718293a4b5c6d7e8";
const S: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
const SUM: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const ENDS: &str = "9870000017_43_9870000025_11_20261101090000.CSV";

fn frame(tab: Tab) -> Frame {
    Frame { tab, unread: 2, is_admin: true }
}

fn shell(here: &str) -> Shell {
    Shell { here: here.into(), ..Shell::sample() }
}

fn hamanasu() -> Partner {
    Partner { name: "訪問介護 はまなす".into(), number: "9870000025".into(), phone: "00-1111-2222".into() }
}

fn unknown() -> Partner {
    Partner { name: "9870000990".into(), number: "9870000990".into(), phone: String::new() }
}

fn queue(tone: Tone, word: &str, text: &str, small: &str) -> Queue {
    let href = format!("/exchange/sets/{S}");
    let row = QueueRow {
        chip: Chip::new(tone, word),
        text: text.into(),
        href: href.clone(),
        small: small.into(),
        action: Some(Link::new("見る", href)),
    };
    Queue { count: 2, rows: vec![row], more: Some(Link::new("届いたものを全部見る", "/exchange/inbox")) }
}

impl Glance {
    fn sample() -> Self {
        let count = |word: &str, count, chip| Count {
            word: word.into(),
            count,
            unit: "件".into(),
            chip,
            href: "/exchange/board".into(),
        };
        Self {
            shell: shell("/exchange"),
            frame: frame(Tab::Glance),
            today: "2026年11月22日（日）".into(),
            is_member: true,
            waiting_days: 3,
            counts: vec![
                count("10月の実績がまだ", 3, Some(Chip::new(Tone::Warn, "確かめる"))),
                count("3日たっても受け取られていない", 1, None),
                count("予定とのちがい", 0, None),
            ],
            unread: queue(
                Tone::Info,
                "実績",
                "訪問介護 はまなす から 2026年10月分の実績（8人）",
                "11月21日 17:42 に届きました　未読",
            ),
            waiting: queue(
                Tone::Warn,
                "3日たちました",
                "通所介護 ひだまり へ 2026年11月分の予定（12人）",
                "11月18日 9:00 に送りました",
            ),
        }
    }
}

fn finding(tone: Tone, word: &str) -> Finding {
    Finding {
        chip: Chip::new(tone, word),
        place: format!("UPPLAN_202611_{ENDS}　12行目　TAISコード（14列目）"),
        say: "福祉用具貸与の行に、TAISコードも届出コードもありません。".into(),
        mend: "介護ソフトで、その用具のTAISコードを入れて、もう一度ファイルを出してください。".into(),
        rule: "equipment-code-missing　標準仕様 4.1 §4.3".into(),
    }
}

fn person(name: &str, chip: Option<Chip>) -> Person {
    Person {
        name: name.into(),
        kana: "クシロ トメ".into(),
        number: "9900 000 123".into(),
        what: "2026年11月分の予定".into(),
        chip,
        href: format!("/exchange/sets/{S}/people/0"),
    }
}

fn set(n: usize, chip: Chip, say: &str) -> DraftSet {
    DraftSet {
        n,
        what: "2026年11月分の予定（第6・7表）".into(),
        small: "3人　3ファイル　連番 20261101090000".into(),
        chip,
        say: say.into(),
        actions: Vec::new(),
        findings: Vec::new(),
        finding_count: 0,
        people: vec![person("久城 トメ", None), person("大谷 清", None)],
        person_count: 3,
    }
}

impl Draft {
    fn sample() -> Self {
        let mut warned = set(1, Chip::new(Tone::Warn, "注意 1件"), "");
        warned.findings = vec![finding(Tone::Warn, "注意")];
        warned.finding_count = 1;
        let mut blocked = set(
            2,
            Chip::new(Tone::Bad, "直してください 14件"),
            "このままでは、相手のソフトで読めません。直して入れなおしてください。",
        );
        blocked.findings = vec![finding(Tone::Bad, "エラー"), finding(Tone::Plain, "お知らせ")];
        blocked.finding_count = 14;
        let mut stranger = set(
            3,
            Chip::new(Tone::Warn, "登録なし"),
            "この事業所は、まだケアプラン連携を始めていません。印刷して渡せます。",
        );
        stranger.actions = vec![
            Link::new("送付状をつけて印刷する", format!("/exchange/drafts/{D}/sets/3/paper")),
            Link::new("お誘いの手紙を作る", "/exchange/partners/9870000990/letter"),
        ];
        let mut done =
            set(4, Chip::new(Tone::Info, "もう送りました"), "2026年11月20日 9:00 に、同じ内容を送っています。");
        done.actions = vec![Link::new("送ったものを見る", format!("/exchange/sets/{S}"))];
        Self {
            shell: shell(&format!("/exchange/drafts/{D}")),
            frame: frame(Tab::Send),
            d: D.into(),
            made: "2026年11月22日 9:15 に確かめました".into(),
            state: DraftState::Open,
            counts: vec![
                Chip::new(Tone::Good, "送れます 1組"),
                Chip::new(Tone::Warn, "注意 1組"),
                Chip::new(Tone::Bad, "直してください 1組"),
            ],
            groups: vec![
                Group { partner: unknown(), sets: vec![blocked, stranger] },
                Group {
                    partner: hamanasu(), sets: vec![set(0, Chip::new(Tone::Good, "送れます"), ""), warned, done]
                },
            ],
            strays: vec![Stray {
                name: "利用者<一覧>.xlsx".into(),
                say: "標準仕様のファイルの名前ではありません。".into(),
            }],
            ready: 2,
            receivers: 1,
        }
    }
}

impl Confirm {
    fn sample() -> Self {
        let row = |n, chip| ConfirmRow {
            n,
            partner: hamanasu(),
            what: "2026年11月分の予定（第6・7表）".into(),
            people: 3,
            chip,
            chosen: true,
        };
        Self {
            shell: shell(&format!("/exchange/drafts/{D}/confirm")),
            frame: frame(Tab::Send),
            errors: Vec::new(),
            d: D.into(),
            rows: vec![row(0, Chip::new(Tone::Good, "送れます")), row(1, Chip::new(Tone::Warn, "注意 1件"))],
            receivers: 1,
            people: 6,
            left: "直してください 1組、登録なし 1組は、まだ送りません。".into(),
        }
    }
}

fn file() -> File {
    File {
        name: format!("UPPLAN_202611_{ENDS}"),
        kind: "第6表（サービス利用票）予定".into(),
        size: "4.2 KB".into(),
        sha256: SUM.into(),
    }
}

fn filter() -> Filter {
    Filter {
        states: vec![Choice { chosen: true, ..Choice::new("", "すべて") }, Choice::new("sent", "未読")],
        partner: "9870000025".into(),
        partner_name: "訪問介護 はまなす".into(),
        is_set: true,
    }
}

fn row(n: usize, chip: Chip) -> SetRow {
    SetRow {
        s: format!("{n:032x}"),
        what: "2026年10月分の実績（第6表）".into(),
        partner: hamanasu(),
        people: "8人".into(),
        chip,
        at: "11月22日 8:31".into(),
        sent_at: "11月21日 17:42".into(),
        late: (n == 0).then(|| Chip::new(Tone::Warn, "3日たっても受け取られていません")),
        is_unread: n == 0,
        can_fetch: n < 3,
    }
}

fn rows() -> Vec<SetRow> {
    let chips = [
        Chip::new(Tone::Info, "未読"),
        Chip::new(Tone::Plain, "受信済"),
        Chip::new(Tone::Good, "取込済"),
        Chip::new(Tone::Warn, "取下げ"),
    ];
    chips.into_iter().enumerate().map(|(n, chip)| row(n, chip)).collect()
}

impl Set {
    fn sample() -> Self {
        let step = |state, title: &str, when: &str| Step { state, title: title.into(), when: when.into() };
        Self {
            shell: shell(&format!("/exchange/sets/{S}")),
            frame: frame(Tab::Inbox),
            s: S.into(),
            what: "2026年10月分の実績（第6表）".into(),
            partner: hamanasu(),
            is_receiver: true,
            chip: Chip::new(Tone::Info, "未読"),
            progress: Progress {
                title: String::new(),
                say: String::new(),
                chip: None,
                steps: vec![
                    step(StepState::Done, "送信済", "2026年11月21日 17:42　津和野 さくら"),
                    step(StepState::Now, "受信済", ""),
                    step(StepState::Next, "取込済", ""),
                ],
                contact: String::new(),
            },
            facts: vec![
                Fact::new("送信元", "訪問介護 はまなす").note("9870000025　訪問介護（11）"),
                Fact::new("送信先", "居宅介護支援事業所 みなと").note("9870000017　居宅介護支援（43）"),
                Fact::new("連番", "20261101090000"),
                Fact::new("大きさ", "3ファイル　14.8 KB"),
            ],
            people: vec![
                person("久城 トメ", Some(Chip::new(Tone::Good, "最新"))),
                person("大谷 清", Some(Chip::new(Tone::Plain, "置き換え済み"))),
                Person {
                    href: String::new(),
                    kana: String::new(),
                    ..person("9900000999", Some(Chip::new(Tone::Warn, "取消済み")))
                },
            ],
            person_count: 3,
            paging: Paging::default(),
            files: vec![file()],
            versions: vec![Version {
                link: Link::new(
                    "2026年11月20日 9:00 に届いたもの（連番 20261120090000）",
                    format!("/exchange/sets/{D}"),
                ),
                chip: Chip::new(Tone::Good, "新しい"),
                small: "2人が同じ".into(),
            }],
            findings: vec![finding(Tone::Warn, "注意")],
            events: vec![Event {
                at: "2026年11月21日 17:42".into(),
                what: "送りました".into(),
                who: "津和野 さくら　訪問介護 はまなす".into(),
            }],
            can: Can {
                fetch: true,
                imported: true,
                recall: true,
                withdraw: true,
                receipt: true,
                compare: true,
                paper: true,
            },
        }
    }
}

impl Partners {
    fn sample() -> Self {
        let row = |partner: Partner, is_member: bool| PartnerRow {
            partner,
            kana: "ホウモンカイゴ ハマナス".into(),
            city: "みなと川市".into(),
            services: "訪問介護、訪問型サービス".into(),
            chip: if is_member {
                Chip::new(Tone::Good, "連携できます")
            } else {
                Chip::new(Tone::Plain, "まだ登録がありません")
            },
            active: if is_member { "最後に使った日 11月21日".into() } else { String::new() },
            recent: is_member.then(|| Chip::new(Tone::Info, "先月やりとりあり")),
            is_favourite: is_member,
            is_member,
        };
        Self {
            shell: shell("/exchange/partners?q=はま"),
            frame: frame(Tab::Partners),
            q: "はま".into(),
            services: vec![Choice::new("11", "訪問介護")],
            only: vec![
                Choice { chosen: true, ..Choice::new("", "すべて") },
                Choice::new("members", "連携できる事業所"),
            ],
            found: "2事業所".into(),
            rows: vec![row(hamanasu(), true), row(unknown(), false)],
            paging: Paging::default(),
        }
    }
}

impl Board {
    fn sample() -> Self {
        let cell = |tone, word: &str, at: &str| Cell {
            chip: Chip::new(tone, word),
            at: at.into(),
            href: if at.is_empty() { String::new() } else { format!("/exchange/sets/{S}") },
        };
        let row = |planned, result, differences: Option<Chip>| BoardRow {
            name: "大谷 清".into(),
            small: "オオタニ キヨシ".into(),
            partner: hamanasu(),
            planned,
            result,
            differences: differences.map(|chip| (chip, format!("/exchange/compare/{S}/0"))),
        };
        Self {
            shell: shell("/exchange/board?month=202610"),
            frame: frame(Tab::Board),
            month: "2026年10月".into(),
            previous: Link::new("9月", "/exchange/board?month=202609"),
            next: Link::new("11月", "/exchange/board?month=202611"),
            counts: vec![Count {
                word: "実績がまだ".into(),
                count: 1,
                unit: "件".into(),
                chip: None,
                href: "/exchange/board?month=202610".into(),
            }],
            show: vec![Choice { chosen: true, ..Choice::new("", "すべて") }, Choice::new("missing", "まだのものだけ")],
            code: "202610".into(),
            side: BoardSide::Plans,
            rows: vec![
                row(cell(Tone::Warn, "まだ", ""), cell(Tone::Warn, "まだ", ""), None),
                row(
                    cell(Tone::Good, "取込済", "9月25日 9:00"),
                    cell(Tone::Info, "未読", "11月2日 10:14"),
                    Some(Chip::new(Tone::Warn, "ちがい 2件")),
                ),
            ],
            paging: Paging { next: Some("/exchange/board?page=1".into()), ..Paging::default() },
        }
    }
}

impl Tokens {
    fn sample() -> Self {
        let row = |name: &str, ended: &str| TokenRow {
            id: S.into(),
            name: name.into(),
            made: "2026年11月1日　出雲 太郎".into(),
            used: String::new(),
            ended: ended.into(),
        };
        Self {
            shell: shell("/exchange/tokens"),
            frame: frame(Tab::Tokens),
            errors: Vec::new(),
            name: String::new(),
            made: Some(Made { name: "事務所のパソコン".into(), token: SUM.into() }),
            rows: vec![row("事務所のパソコン", ""), row("前のパソコン", "2026年11月20日")],
        }
    }
}

/// The pages of the exchange and their notable states.
pub(super) fn pages(pages: &mut Vec<(String, String)>) {
    add(pages, "exchange", &Glance::sample());
    let outside = Glance {
        is_member: false,
        unread: Queue::default(),
        waiting: Queue::default(),
        frame: Frame { unread: 0, ..frame(Tab::Glance) },
        ..Glance::sample()
    };
    add(pages, "exchange-outside", &outside);
    sending(pages);
    mailbox(pages);
    add(pages, "exchange-partners", &Partners::sample());
    add(pages, "exchange-partners-none", &Partners { rows: Vec::new(), found: "0事業所".into(), ..Partners::sample() });
    add(pages, "exchange-board", &Board::sample());
    add(pages, "exchange-board-none", &Board { rows: Vec::new(), ..Board::sample() });
    add(pages, "exchange-tokens", &Tokens::sample());
    let say = "何に使うかを入れてください。例：事務所のパソコン";
    let invalid = Tokens { errors: vec![FieldError::new("name", say)], made: None, ..Tokens::sample() };
    add(pages, "exchange-tokens-invalid", &invalid);
}

fn sending(pages: &mut Vec<(String, String)>) {
    let send = Send {
        shell: shell("/exchange/send"),
        frame: frame(Tab::Send),
        errors: Vec::new(),
        limits: vec!["1つのファイルは 20MBまで、1回に 200MB・100,000ファイルまでです。".into()],
        most_bytes: 200 << 20,
        most_file_bytes: 20 << 20,
        most_files: 100_000,
        open: vec![Link::new("11月22日 9:15 に確かめたもの", format!("/exchange/drafts/{D}"))],
    };
    add(pages, "exchange-send", &send);
    let say = "ファイルが選ばれていません。介護ソフトから出したファイルを選んでください。";
    add(pages, "exchange-send-invalid", &Send { errors: vec![FieldError::new("files", say)], ..send });
    add(pages, "exchange-draft", &Draft::sample());
    let nothing = Draft { ready: 0, receivers: 0, groups: Vec::new(), counts: Vec::new(), ..Draft::sample() };
    add(pages, "exchange-draft-nothing", &nothing);
    add(pages, "exchange-draft-sent", &Draft { state: DraftState::Sent, ..Draft::sample() });
    add(pages, "exchange-draft-discarded", &Draft { state: DraftState::Discarded, ..nothing });
    let mut blocked = set(2, Chip::new(Tone::Bad, "直してください 14件"), "直して入れなおしてください。");
    blocked.findings = vec![finding(Tone::Bad, "エラー"), finding(Tone::Warn, "注意")];
    blocked.finding_count = 14;
    let one = OneSet {
        shell: shell(&format!("/exchange/drafts/{D}/sets/2")),
        frame: frame(Tab::Send),
        d: D.into(),
        partner: hamanasu(),
        set: blocked,
        files: vec![File { sha256: String::new(), ..file() }],
        paging: Paging::default(),
    };
    add(pages, "exchange-draft-set", &one);
    add(pages, "exchange-confirm", &Confirm::sample());
    let say = "送るものを1つ以上選んでください。";
    let invalid = Confirm { errors: vec![FieldError::new("set-0", say)], ..Confirm::sample() };
    add(pages, "exchange-confirm-invalid", &invalid);
    add(pages, "exchange-confirm-none", &Confirm { rows: Vec::new(), ..Confirm::sample() });
}

fn mailbox(pages: &mut Vec<(String, String)>) {
    let inbox = Inbox {
        shell: shell("/exchange/inbox?state="),
        frame: frame(Tab::Inbox),
        errors: Vec::new(),
        filter: filter(),
        rows: rows(),
        paging: Paging { next: Some("/exchange/inbox?before=abc".into()), ..Paging::default() },
    };
    add(pages, "exchange-inbox", &inbox);
    let say = "受け取るものを1つ以上選んでください。";
    let invalid = Inbox { errors: vec![FieldError::new(format!("set-{:032x}", 0), say)], ..inbox };
    add(pages, "exchange-inbox-invalid", &invalid);
    let sent = Sent {
        shell: shell("/exchange/sent"),
        frame: frame(Tab::Sent),
        filter: filter(),
        rows: rows(),
        paging: Paging::default(),
    };
    add(pages, "exchange-sent", &sent);
    let none = Sent { rows: Vec::new(), filter: Filter { is_set: false, ..filter() }, ..sent };
    add(pages, "exchange-sent-none", &none);
    add(pages, "exchange-set", &Set::sample());
    let mine = Set { is_receiver: false, can: Can::default(), versions: Vec::new(), ..Set::sample() };
    add(pages, "exchange-set-sender", &mine);
    let recall = Recall {
        shell: shell("/exchange/sets/x/recall"),
        frame: frame(Tab::Sent),
        s: S.into(),
        what: "2026年11月分の予定（第6・7表）".into(),
        partner: hamanasu(),
        people: "3人".into(),
    };
    add(pages, "exchange-recall", &recall);
    let withdraw = Withdraw {
        shell: shell("/exchange/sets/x/withdraw"),
        frame: frame(Tab::Sent),
        s: S.into(),
        what: "2026年11月分の予定（第6・7表）".into(),
        partner: hamanasu(),
        people: vec![person("久城 トメ", None)],
        person_count: 1,
    };
    add(pages, "exchange-withdraw", &withdraw);
    let groups: Vec<String> = SUM.as_bytes().chunks(8).map(|c| String::from_utf8_lossy(c).into_owned()).collect();
    let receipt = Receipt {
        shell: shell("/exchange/sets/x/receipt"),
        frame: frame(Tab::Sent),
        s: S.into(),
        what: "2026年11月分の予定（第6・7表）".into(),
        facts: Set::sample().facts,
        files: vec![file()],
        signature: groups.clone(),
        public_key: groups,
        issued: "2026年11月22日 9:15".into(),
    };
    add(pages, "exchange-receipt", &receipt);
}
