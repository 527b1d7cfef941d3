//! The five steps to first use (導入の5つのステップ): what is there, what is missing, what to do next.

use crate::codes;
use crate::date::{Date, seireki};

codes! {
    /// A step (導入のステップ), in order.
    Step, "導入のステップ", {
        Registration = "registration" "利用登録をする",
        Certificate = "certificate" "電子証明書を用意する",
        Terminal = "terminal" "パソコンとカードリーダーを準備する",
        Staff = "staff" "職員のアカウントを作る",
        Start = "start" "使いはじめる",
    }
}

impl Step {
    /// What the step is for, for somebody who begins.
    pub fn why(self) -> &'static str {
        match self {
            Self::Registration => {
                "電子請求受付システムのID（KJと12けたの数字）と仮のパスワードで、事業所の管理者のアカウントを作ります。IDは国保連から紙で届きます。"
            }
            Self::Certificate => {
                "この事業所のパソコンであることを示す電子証明書です。新しく申し込むと、届くまでに1か月ほどかかることがあります。"
            }
            Self::Terminal => {
                "Windows 11 と新しいブラウザーのパソコンを使います。マイナンバーカードで本人確認をするときは、カードリーダーも用意します。カードリーダーがなくても、被保険者証で始められます。"
            }
            Self::Staff => {
                "一人に一つのアカウントを作ります。職種によって、見られる情報が決まります。2つめの確認（アプリやパスキー）も、一人ずつ設定します。"
            }
            Self::Start => {
                "ケアプラン連携の利用を始め、本人確認をして利用者を登録します。市町村が準備を終えた方から、情報が見られます。"
            }
        }
    }
}

/// Whether something is known and there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known {
    /// It cannot be seen from here.
    #[default]
    Unknown,
    /// It is not there.
    No,
    /// It was asked for.
    Asked,
    /// It is there; until that day, where it ends.
    Yes(Option<Date>),
}

/// A browser as it names itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// 「Microsoft Edge 131」; empty if it cannot be told.
    pub name: String,
    /// Whether the pages work in it.
    pub fits: Option<bool>,
    /// 「Windows」, 「iPad」 …; empty if it cannot be told.
    pub system: &'static str,
}

/// Versions from which the pages are tested. Below, security updates have ended. Our own rule.
const OLDEST: [(&str, &str, u32); 4] = [
    ("Edg/", "Microsoft Edge", 120),
    ("Firefox/", "Firefox", 115),
    ("Chrome/", "Google Chrome", 120),
    ("Version/", "Safari", 16),
];

impl Browser {
    /// Reads what the browser says of itself (User-Agent). A guess: it says what it likes.
    pub fn of(agent: &str) -> Self {
        let system = [
            ("iPad", "iPad"),
            ("iPhone", "iPhone"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Macintosh", "Mac"),
            ("CrOS", "Chromebook"),
            ("Linux", "Linux"),
        ];
        let system = system.iter().find(|(mark, _)| agent.contains(mark)).map_or("", |(_, word)| word);
        if agent.contains("MSIE") || agent.contains("Trident/") {
            return Self { name: "Internet Explorer".to_owned(), fits: Some(false), system };
        }
        for (mark, name, oldest) in OLDEST {
            let Some((_, rest)) = agent.split_once(mark) else { continue };
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let Ok(version) = digits.parse::<u32>() else { continue };
            return Self { name: format!("{name} {version}"), fits: Some(version >= oldest), system };
        }
        Self { name: String::new(), fits: None, system }
    }
}

/// A municipality of the office's own people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// Name.
    pub name: String,
    /// First day of sharing.
    pub started_on: Option<Date>,
}

/// How a request came over the network, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// TLS of that version (`TLSv1.3`).
    Tls(&'static str),
    /// https up to a trusted proxy, which did not say the version.
    Https,
    /// Without TLS, as a trusted proxy says.
    Plain,
}

impl Wire {
    /// Reads a version as OpenSSL writes it (nginx: `$ssl_protocol`, HAProxy: `%[ssl_fc_protocol]`).
    pub fn of_version(text: &str) -> Option<Self> {
        ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1", "SSLv3"].into_iter().find(|known| *known == text).map(Self::Tls)
    }
}

/// What is known of an office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Accounts of its administrators.
    pub admins: i64,
    /// Certificate.
    pub certificate: Known,
    /// How this request came, where it is known.
    pub wire: Option<Wire>,
    /// The browser that looks; none: nobody of the office looks.
    pub browser: Option<Browser>,
    /// Reader of cards.
    pub reader: Known,
    /// Accounts that are not suspended.
    pub staff: i64,
    /// Day on which it joined the exchange.
    pub joined_on: Option<Date>,
    /// How many persons it is in charge of.
    pub people: i64,
    /// Sets that it ever sent or received.
    pub sets: i64,
    /// Municipalities of its own people.
    pub municipalities: Vec<Municipality>,
}

/// State of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is left to do.
    Done,
    /// It works, and something can be better.
    Nearly,
    /// Something is missing.
    Missing,
}

/// A line of the diagnosis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whether it is there; none: it cannot be seen from here.
    pub fine: Option<bool>,
    /// What is so.
    pub say: String,
}

/// A step as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Step.
    pub step: Step,
    /// State.
    pub state: State,
    /// What was found.
    pub lines: Vec<Line>,
    /// What to do next: word and place; none: nothing.
    pub next: Option<(&'static str, &'static str)>,
}

/// Judges the steps.
pub fn judge(facts: &Facts, today: Date) -> Vec<Judged> {
    vec![registration(facts), certificate(facts, today), terminal(facts), staff(facts), start(facts, today)]
}

fn line(fine: bool, say: impl Into<String>) -> Line {
    Line { fine: Some(fine), say: say.into() }
}

fn unseen(say: impl Into<String>) -> Line {
    Line { fine: None, say: say.into() }
}

fn registration(facts: &Facts) -> Judged {
    let done = facts.admins > 0;
    let lines = vec![if done {
        line(true, format!("管理者のアカウントが{}つあります。", facts.admins))
    } else {
        line(false, "管理者のアカウントがありません。")
    }];
    let next = (!done).then_some(("利用登録をする", "/portal/register"));
    Judged { step: Step::Registration, state: if done { State::Done } else { State::Missing }, lines, next }
}

fn certificate(facts: &Facts, today: Date) -> Judged {
    let (state, said) = match facts.certificate {
        Known::Unknown => (State::Nearly, unseen("このシステムからは、証明書があるか分かりません。")),
        Known::No => (State::Missing, line(false, "電子証明書がありません。")),
        Known::Asked => (State::Nearly, line(false, "電子証明書を申請中です。届くまでお待ちください。")),
        Known::Yes(Some(until)) if until < today => {
            (State::Missing, line(false, format!("電子証明書は{}に期限が切れました。", seireki(until))))
        }
        Known::Yes(Some(until)) => {
            (State::Done, line(true, format!("電子証明書があります（{}まで）。", seireki(until))))
        }
        Known::Yes(None) => (State::Done, line(true, "電子証明書があります。")),
    };
    let next = (state != State::Done).then_some(("証明書のページを開く", "/office/certificates"));
    Judged { step: Step::Certificate, state, lines: vec![said], next }
}

fn terminal(facts: &Facts) -> Judged {
    let mut lines = Vec::new();
    let mut fits = true;
    if let Some(browser) = &facts.browser {
        let place = if browser.system.is_empty() { String::new() } else { format!("（{}）", browser.system) };
        lines.push(match browser.fits {
            Some(true) => line(true, format!("このブラウザーで使えます：{}{place}", browser.name)),
            Some(false) => {
                fits = false;
                line(false, format!("このブラウザーは古いため、安全に使えません：{}{place}。新しい Edge か Chrome を使ってください。", browser.name))
            }
            None => unseen("ブラウザーの種類が分かりません。新しい Edge か Chrome をおすすめします。"),
        });
        if browser.system == "Windows" {
            lines.push(unseen("Windows 10 は更新が終わっています。Windows 11 か確かめてください（ブラウザーからは見分けられません）。"));
        }
    }
    lines.push(match facts.wire {
        Some(Wire::Tls("TLSv1.3")) => line(true, "通信は TLS 1.3 で守られています。"),
        Some(Wire::Tls(other)) => {
            fits = false;
            line(false, format!("通信が {other} です。TLS 1.3 が必要です。"))
        }
        Some(Wire::Https) => {
            line(true, "通信は https（TLS）で守られています。TLSの版は、このページからは分かりません。")
        }
        Some(Wire::Plain) => {
            fits = false;
            line(false, "通信が守られていません（http）。アドレスの先頭を https:// にして、開きなおしてください。")
        }
        None => unseen("通信の方式は、このページからは分かりません。アドレスが https:// で始まるか確かめてください。"),
    });
    let reader = match facts.reader {
        Known::Unknown => {
            unseen("カードリーダーは、このページからは分かりません。なくても、被保険者証で本人確認ができます。")
        }
        Known::No => line(false, "カードリーダーの登録がありません。なくても、被保険者証で本人確認ができます。"),
        Known::Asked => line(false, "カードリーダーの登録の途中です。"),
        Known::Yes(_) => line(true, "カードリーダーが登録されています。"),
    };
    lines.push(reader);
    let state = match (fits, facts.reader, facts.browser.as_ref().and_then(|b| b.fits)) {
        (false, ..) => State::Missing,
        (true, Known::Yes(_), Some(true)) => State::Done,
        (true, ..) => State::Nearly,
    };
    let next = (state != State::Done).then_some(("助成金を調べる", "/office/subsidy"));
    Judged { step: Step::Terminal, state, lines, next }
}

fn staff(facts: &Facts) -> Judged {
    let (state, said) = match facts.staff {
        0 => (State::Missing, line(false, "職員のアカウントがありません。")),
        1 => (State::Nearly, line(true, "アカウントは1つです。一人に一つずつ作ると、だれが見たかが記録に残ります。")),
        n => (State::Done, line(true, format!("アカウントが{n}つあります。すべてに2つめの確認が付いています。"))),
    };
    let next = (state != State::Done).then_some(("職員を招く", "/office/accounts"));
    Judged { step: Step::Staff, state, lines: vec![said], next }
}

fn start(facts: &Facts, today: Date) -> Judged {
    let mut lines = vec![match facts.joined_on {
        Some(on) => line(true, format!("ケアプラン連携を{}に始めました。", seireki(on))),
        None => line(false, "ケアプラン連携を、まだ始めていません。"),
    }];
    lines.push(if facts.sets > 0 {
        line(true, "ケアプランデータを送ったか、受け取りました。")
    } else {
        line(false, "ケアプランデータを、まだ送り受けしていません。")
    });
    lines.push(if facts.people > 0 {
        line(true, format!("{}人の担当事業所です。", facts.people))
    } else {
        line(false, "担当する利用者が、まだ登録されていません。")
    });
    for place in &facts.municipalities {
        lines.push(match place.started_on {
            Some(on) if on <= today => line(true, format!("{}：{}から見られます。", place.name, seireki(on))),
            Some(on) => line(false, format!("{}：{}から見られるようになります。", place.name, seireki(on))),
            None => line(false, format!("{}：開始日はまだ決まっていません。", place.name)),
        });
    }
    let next = if facts.joined_on.is_none() {
        Some(("ケアプラン連携を始める", "/exchange"))
    } else if facts.people == 0 {
        Some(("本人確認をする", "/identity"))
    } else if facts.sets == 0 {
        Some(("ケアプランを送る", "/exchange/send"))
    } else {
        None
    };
    let state = match (facts.joined_on.is_some(), next.is_some()) {
        (_, false) => State::Done,
        (true, true) => State::Nearly,
        (false, true) => State::Missing,
    };
    Judged { step: Step::Start, state, lines, next }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn browsers_by_what_they_say() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0";
        let old = "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko";
        let pad = "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1";
        for (agent, name, fits, system) in [
            (edge, "Microsoft Edge 131", Some(true), "Windows"),
            (old, "Internet Explorer", Some(false), "Windows"),
            (pad, "Safari 17", Some(true), "iPad"),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:99.0) Gecko/20100101 Firefox/99.0",
                "Firefox 99",
                Some(false),
                "Linux",
            ),
            ("", "", None, ""),
            ("curl/8", "", None, ""),
            ("Chrome/x", "", None, ""),
        ] {
            assert_eq!(Browser::of(agent), Browser { name: name.to_owned(), fits, system }, "{agent}");
        }
    }

    #[test]
    fn nothing_there_leads_through_the_steps() {
        let judged = judge(&Facts { certificate: Known::No, ..Facts::default() }, TODAY);
        assert_eq!(judged.len(), Step::ALL.len());
        assert!(judged.iter().zip(Step::ALL).all(|(j, step)| j.step == *step && j.next.is_some()));
        assert_eq!(judged[0].next, Some(("利用登録をする", "/portal/register")));
    }

    #[test]
    fn everything_there_is_done() {
        let facts = Facts {
            admins: 1,
            certificate: Known::Yes(Some(date(2027, 3, 31))),
            wire: Some(Wire::Tls("TLSv1.3")),
            browser: Some(Browser { name: "Microsoft Edge 131".to_owned(), fits: Some(true), system: "Mac" }),
            reader: Known::Yes(None),
            staff: 3,
            joined_on: Some(date(2026, 5, 1)),
            people: 12,
            sets: 4,
            municipalities: vec![Municipality {
                name: "みなと川市".to_owned(), started_on: Some(date(2026, 10, 1))
            }],
        };
        let judged = judge(&facts, TODAY);
        assert!(judged.iter().all(|j| j.state == State::Done && j.next.is_none()), "{judged:?}");
        let late = Facts { certificate: Known::Yes(Some(date(2026, 11, 21))), ..facts.clone() };
        assert_eq!(judge(&late, TODAY)[1].state, State::Missing);
        let with = |wire: Option<Wire>| judge(&Facts { wire, ..facts.clone() }, TODAY)[2].clone();
        for bad in [Wire::Tls("TLSv1.2"), Wire::Plain] {
            assert_eq!(with(Some(bad)).state, State::Missing, "{bad:?}");
        }
        for fine in [Some(Wire::Https), None] {
            assert_eq!(with(fine).state, State::Done, "{fine:?}");
        }
        assert_eq!(Wire::of_version("TLSv1.3"), Some(Wire::Tls("TLSv1.3")));
        assert_eq!(Wire::of_version("<b>"), None);
    }
}
