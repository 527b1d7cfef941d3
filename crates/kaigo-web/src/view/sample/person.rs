//! One person: certificates, certification, documents, balances, history, charge.

use crate::view::balances::{Balance, Balances, UseRow};
use crate::view::certificates::{CertificateCard, Certificates, Face, PastSegment};
use crate::view::certification::{Certification, PastCertification, Progress, Step, StepState};
use crate::view::charge::{Charge, ChargeEnd, ClaimRow};
use crate::view::documents::{
    Document, DocumentRow, DocumentState, Documents, Item, ItemGroup, Original, Remark, Viewing,
};
use crate::view::history::{History, LookRow};
use crate::view::person::PersonFrame;
use crate::view::{Absence, Chip, Choice, Fact, Link, Notice, Paging, Shell, Tone};

impl PersonFrame {
    pub(crate) fn sample() -> Self {
        Self {
            c: "4f7a".into(),
            name: "久城 トメ".into(),
            kana: "クシロ トメ".into(),
            birth: "1938年（昭和13年）4月12日".into(),
            age: "88歳".into(),
            sex: "女".into(),
            number: "9900 000 123".into(),
            insurer: "益田市".into(),
            chips: vec![
                Chip::new(Tone::Info, "要介護3"),
                Chip::new(Tone::Warn, "更新申請中"),
                Chip::new(Tone::Bad, "認定 あと9日"),
            ],
            registered: Some("2026年11月20日 5:10".into()),
            moved: None,
        }
    }
}

fn insured_card() -> CertificateCard {
    let first = vec![
        Fact::new("番号", "9900 000 123"),
        Fact::new("住所", "島根県益田市架空町 1-2-3"),
        Fact::new("フリガナ", "クシロ トメ"),
        Fact::new("氏名", "久城 トメ"),
        Fact::new("生年月日", "1938年（昭和13年）4月12日"),
        Fact::new("性別", "女"),
        Fact::new("交付年月日", "2024年（令和6年）11月28日"),
        Fact::new("保険者番号・名称", "322040　益田市"),
    ];
    let second = vec![
        Fact::new("要介護状態区分等", "要介護3"),
        Fact::new("認定年月日", "2024年11月26日"),
        Fact::new("認定の有効期間", "2024年12月1日から 2026年11月30日まで").chip(Tone::Bad, "あと9日"),
        Fact::new("区分支給限度基準額", "27,048単位／月").note("2024年12月1日から 2026年11月30日まで"),
        Fact::new("うち種類支給限度基準額", ""),
        Fact::new("認定審査会の意見及びサービスの種類の指定", ""),
    ];
    let third = vec![
        Fact::new("給付制限", ""),
        Fact::many(
            "居宅介護支援事業者等と届出年月日",
            vec!["居宅介護支援事業所 みなと　2024年12月3日".into(), "益田市地域包括支援センター　2021年4月1日".into()],
        ),
        Fact::new("介護保険施設等", ""),
    ];
    let face = |heading: &str, facts| Face { heading: heading.into(), facts };
    CertificateCard {
        id: "insured".into(),
        title: "介護保険被保険者証".into(),
        chip: Some(Chip::new(Tone::Good, "有効")),
        absence: None,
        faces: vec![
            face("（一）被保険者", first),
            face("（二）認定", second),
            face("（三）給付制限・事業者・施設", third),
        ],
        coming: Vec::new(),
        past: vec![PastSegment {
            period: "2022年12月1日から 2024年11月30日まで".into(),
            summary: "要介護2　19,705単位／月".into(),
            known: "2022年11月25日".into(),
        }],
    }
}

fn other_cards() -> Vec<CertificateCard> {
    let card = |id: &str, title: &str| CertificateCard {
        id: id.into(),
        title: title.into(),
        chip: None,
        absence: None,
        faces: Vec::new(),
        coming: Vec::new(),
        past: Vec::new(),
    };
    let group = |heading: &str, facts| vec![Face { heading: heading.into(), facts }];
    let burden = vec![
        Fact::new("利用者負担の割合", "2割").changed("前は 1割でした"),
        Fact::new("適用期間", "2026年8月1日から 2027年7月31日まで"),
        Fact::new("交付年月日", "2026年7月15日"),
    ];
    let limits = vec![
        Fact::new("利用者負担段階", "第3段階②"),
        Fact::new("食費の負担限度額", "施設 1,420円／日　短期入所 1,360円／日"),
        Fact::many(
            "居住費・滞在費の負担限度額",
            vec![
                "ユニット型個室 1,470円／日".into(),
                "従来型個室（特養等） 980円／日".into(),
                "多床室（特養等） 530円／日".into(),
            ],
        ),
        Fact::new("適用期間", "2026年8月1日から 2027年7月31日まで"),
    ];
    let coming =
        vec![Fact::new("利用者負担の割合", "1割"), Fact::new("適用期間", "2026年12月1日から 2027年7月31日まで")];
    let missing =
        Absence::NothingYet { say: "社会福祉法人等利用者負担軽減の登録はありません".into() };
    vec![
        CertificateCard {
            chip: Some(Chip::new(Tone::Good, "有効")),
            faces: group("", burden),
            coming: group("2026年12月1日から", coming),
            past: vec![PastSegment {
                period: "2025年8月1日から 2026年7月31日まで".into(),
                summary: "1割".into(),
                known: "2025年7月16日".into(),
            }],
            ..card("burden", "介護保険負担割合証")
        },
        CertificateCard {
            chip: Some(Chip::new(Tone::Good, "有効")),
            faces: group("", limits),
            ..card("limit", "介護保険負担限度額認定証")
        },
        CertificateCard { absence: Some(missing), ..card("relief", "そのほかの減免") },
    ]
}

impl Certificates {
    pub(crate) fn sample() -> Self {
        let mut cards = vec![insured_card()];
        cards.extend(other_cards());
        Self {
            shell: Shell::sample(),
            person: PersonFrame::sample(),
            absence: None,
            changes: 1,
            last_look: "7月28日".into(),
            cards,
        }
    }
}

impl Progress {
    pub(crate) fn sample() -> Self {
        let step = |state, title: &str, when: &str| Step { state, title: title.into(), when: when.into() };
        Self {
            title: "更新申請の進み具合".into(),
            say: "申請から 51日目".into(),
            chip: Some(Chip::new(Tone::Warn, "延期の通知あり")),
            steps: vec![
                step(StepState::Done, "申請を受け付けました", "2026年10月2日　更新"),
                step(StepState::Done, "認定調査が終わりました", "10月19日（依頼から 12日）"),
                step(StepState::Done, "主治医意見書が届きました", "11月5日　益田中央クリニック"),
                step(
                    StepState::Now,
                    "審査会を待っています",
                    "11月26日 予定　法定の30日をこえたため、11月1日に延期の通知",
                ),
                step(StepState::Next, "結果が決まります", "決まると、この画面と「きょうの仕事」に出ます"),
            ],
            contact: "益田市 介護保険課 00-0000-0001".into(),
        }
    }
}

impl Certification {
    pub(crate) fn sample() -> Self {
        let past = |period: &str, level: &str, on: &str, kind: &str| PastCertification {
            period: period.into(),
            level: level.into(),
            decided_on: on.into(),
            kind: kind.into(),
        };
        Self {
            shell: Shell::sample(),
            person: PersonFrame::sample(),
            absence: None,
            changes: vec!["調査票受領日：（なし） → 2026年10月19日".into()],
            since: "10月15日 9:02".into(),
            slow: vec!["主治医意見書：10月5日から48日たちました（目安は13日、35日すぎています）".into()],
            pending: Some(Progress::sample()),
            current: vec![
                Fact::new("要介護状態区分", "要介護3"),
                Fact::new("認定有効期間", "2024年12月1日から 2026年11月30日まで").chip(Tone::Bad, "あと9日"),
                Fact::new("認定年月日", "2024年11月26日"),
                Fact::new("区分支給限度基準額", "27,048単位／月"),
                Fact::new("審査会の意見", ""),
            ],
            coming: Vec::new(),
            past: vec![
                past("2022年12月1日から 2024年11月30日まで", "要介護2", "2022年11月22日", "更新"),
                past("2021年12月3日から 2022年11月30日まで", "要介護1", "2022年1月11日", "新規"),
            ],
        }
    }
}

impl Documents {
    pub(crate) fn sample() -> Self {
        let row = |d: &str, title: &str, application: &str, source: &str, state| DocumentRow {
            d: d.into(),
            title: title.into(),
            application: application.into(),
            source: source.into(),
            state,
        };
        let (renewal, first) = ("更新申請（2026年10月2日）", "更新申請（2024年10月4日）");
        let opened = "前回：2026年1月12日 出雲 太郎 が開きました（居宅サービス計画の作成）";
        let after = || DocumentState::Missing {
            word: "審査会のあと".into(),
            say: "2026年10月19日に市町村に届きました。審査会（11月26日 予定）のあとに見られます。".into(),
        };
        Self {
            shell: Shell::sample(),
            person: PersonFrame::sample(),
            absence: None,
            errors: Vec::new(),
            rows: vec![
                row("new1", "認定調査票", renewal, "益田市 2026年10月19日", after()),
                row(
                    "new2",
                    "主治医意見書",
                    renewal,
                    "",
                    DocumentState::Missing {
                        word: "まだありません".into(),
                        say: "2026年10月5日に益田中央クリニックに依頼して、届くのを待っています。".into(),
                    },
                ),
                row(
                    "7k2m",
                    "認定調査票",
                    first,
                    "益田市 2024年10月21日",
                    DocumentState::Ready { opened: opened.into() },
                ),
                row(
                    "8p3x",
                    "主治医意見書",
                    first,
                    "益田中央クリニック 2024年10月30日",
                    DocumentState::Ready { opened: String::new() },
                ),
                row(
                    "9q4z",
                    "認定調査票",
                    "新規申請（2021年12月3日）",
                    "",
                    DocumentState::NoConsent {
                        word: "同意がありません".into(),
                        say: "ご本人の包括的同意が記録されていないため、見られません。".into(),
                        link: Some(Link::new("この事業所で同意を受け付ける", "/people/4f7a/consent")),
                    },
                ),
                row(
                    "9q5z",
                    "主治医意見書",
                    "新規申請（2021年12月3日）",
                    "",
                    DocumentState::NotShared {
                        word: "見られません".into(),
                        rule: "not-shared".into(),
                        say: "この書類は、計画を作る居宅介護支援事業所だけが見られます。".into(),
                    },
                ),
            ],
            purposes: vec![
                Choice::new("plan", "居宅サービス計画の作成"),
                Choice::new("review", "計画の見直し・モニタリング"),
                Choice::new("meeting", "サービス担当者会議"),
                Choice::new("emergency", "急な体調の変化への対応"),
            ],
            on_paper: "担当の介護支援専門員が、介護支援専門員証を持って窓口に来てください。".into(),
        }
    }
}

fn item(no: &str, name: &str, choices: &[&str], chosen: &[usize]) -> Item {
    let pick = |(index, word): (usize, &&str)| Choice {
        value: (index + 1).to_string(),
        word: (*word).to_owned(),
        chosen: chosen.contains(&(index + 1)),
    };
    Item {
        no: no.into(),
        name: name.into(),
        choices: choices.iter().enumerate().map(pick).collect(),
        text: String::new(),
    }
}

impl Document {
    pub(crate) fn sample() -> Self {
        let hold = ["つかまらないでできる", "何かにつかまればできる", "できない"];
        let care = ["介助されていない", "見守り等", "一部介助", "全介助"];
        let limbs = ["ない", "左上肢", "右上肢", "左下肢", "右下肢", "その他（四肢の欠損）"];
        let hearing = [
            "普通",
            "普通の声がやっと聞き取れる",
            "かなり大きな声なら何とか聞き取れる",
            "ほとんど聞えない",
            "聞えているのか判断不能",
        ];
        let body = vec![
            item("1-1", "麻痺等の有無", &limbs, &[3, 5]),
            item("1-3", "寝返り", &hold, &[2]),
            item("1-4", "起き上がり", &hold, &[2]),
            item("1-13", "聴力", &hearing, &[3]),
        ];
        let life =
            vec![item("2-1", "移乗", &care, &[2]), item("2-2", "移動", &care, &[3]), item("2-5", "排尿", &care, &[3])];
        let group = |heading: &str, items| ItemGroup { heading: heading.into(), items };
        let remark = |no: &str, text: &str| Remark { no: no.into(), text: text.into() };
        Self {
            shell: Shell::sample(),
            person: PersonFrame::sample(),
            title: "認定調査票".into(),
            facts: vec![
                Fact::new("調査の実施日", "2024年10月21日　自宅内"),
                Fact::new("調査した人", "調査 花子（益田市）"),
                Fact::new("申請", "更新申請（2024年10月4日）"),
            ],
            groups: vec![group("第1群　身体機能・起居動作", body), group("第2群　生活機能", life)],
            remarks: vec![
                remark("1-1", "右上下肢に麻痺がある。右手は肩の高さまで上がらない。"),
                remark(
                    "2-2",
                    "室内は手すりを使って歩くが、夜間はふらつくため、家族がトイレまで手を引いている（毎晩2回）。",
                ),
            ],
            original: Some(Original {
                href: "/people/4f7a/documents/7k2m/original".into(),
                what: "PDF、4ページ、214 KB".into(),
                digest: "9c1f 04ab 77d2 e310".into(),
            }),
            viewing: Viewing {
                who: "出雲 太郎（介護支援専門員）".into(),
                office: "居宅介護支援事業所 みなと".into(),
                at: "2026年11月22日 9:15".into(),
                purpose: "居宅サービス計画の作成".into(),
            },
        }
    }

    pub(crate) fn sample_opinion() -> Self {
        let text = |no: &str, name: &str, text: &str| Item {
            no: no.into(),
            name: name.into(),
            choices: Vec::new(),
            text: text.into(),
        };
        let mut unstable = item("", "症状としての安定性", &["安定", "不安定", "不明"], &[2]);
        unstable.text = "血圧の変動が大きく、月に1回ほどめまいがある。".into();
        let items = vec![
            text("1", "診断名", "脳梗塞後遺症（2019年6月）\n高血圧症"),
            unstable,
            text("", "経過及び治療内容", ""),
        ];
        let page = Self::sample();
        Self {
            title: "主治医意見書".into(),
            groups: vec![ItemGroup { heading: "1　傷病に関する意見".into(), items }],
            remarks: Vec::new(),
            original: None,
            ..page
        }
    }
}

impl Balance {
    pub(crate) fn samples() -> Vec<Self> {
        let used = |on: &str, what: &str, by: &str, cost, chip| UseRow {
            on: on.into(),
            what: what.into(),
            by: by.into(),
            cost,
            chip,
        };
        vec![
            Self {
                id: "home".into(),
                heading: "住宅改修".into(),
                over: "いまの住まいについて".into(),
                limit: 200_000,
                used: 118_000,
                pending: 42_000,
                remaining: 40_000,
                explain: vec![
                    "工事の前に申請が必要です。申請の前に始めた工事には出ません。".into(),
                    "負担割合が2割なので、かかった費用の8割（40,000円のうち 32,000円）が出ます。".into(),
                ],
                resets:
                    "引っ越したときと、介護の必要の程度が3段階以上上がったときに、あらためて 200,000円まで使えます。"
                        .into(),
                rows: vec![
                    used(
                        "2026年11月10日 申請",
                        "段差の解消（玄関）",
                        "住まいの工房 はぎ",
                        42_000,
                        Chip::new(Tone::Info, "申請中"),
                    ),
                    used(
                        "2025年6月12日 着工",
                        "手すりの取付け（廊下・トイレ）",
                        "住まいの工房 はぎ",
                        118_000,
                        Chip::new(Tone::Good, "支給済み"),
                    ),
                    used(
                        "2017年3月2日 着工",
                        "手すりの取付け",
                        "石見ホーム",
                        65_000,
                        Chip::new(Tone::Plain, "前の住まい"),
                    ),
                ],
            },
            Self {
                id: "equipment".into(),
                heading: "福祉用具購入".into(),
                over: "2026年度（2027年3月31日まで）".into(),
                limit: 100_000,
                used: 0,
                pending: 0,
                remaining: 100_000,
                explain: vec!["指定を受けた販売店で買ったものが対象です。".into()],
                resets: "2027年4月1日から、新しい年度の 100,000円になります。残りはくりこせません。".into(),
                rows: Vec::new(),
            },
        ]
    }
}

impl Balances {
    pub(crate) fn sample() -> Self {
        Self { shell: Shell::sample(), person: PersonFrame::sample(), absence: None, blocks: Balance::samples() }
    }
}

impl History {
    pub(crate) fn sample() -> Self {
        let look = |at: &str, what: &str, why: &str, tone, word: &str| LookRow {
            at: at.into(),
            who: "出雲 太郎（介護支援専門員）".into(),
            what: what.into(),
            why: why.into(),
            result: Chip::new(tone, word),
        };
        Self {
            shell: Shell::sample(),
            person: PersonFrame::sample(),
            absence: None,
            rows: vec![
                look(
                    "2026年11月22日 9:15",
                    "認定調査票（2024年10月4日 更新申請）",
                    "居宅サービス計画の作成",
                    Tone::Good,
                    "見た",
                ),
                look("2026年11月22日 9:14", "被保険者証など", "", Tone::Good, "見た"),
                look(
                    "2026年7月28日 16:02",
                    "主治医意見書（2026年10月2日 更新申請）",
                    "計画の見直し・モニタリング",
                    Tone::Warn,
                    "見られなかった",
                ),
            ],
            paging: Paging {
                previous: Some("/people/4f7a/history".into()),
                next: Some("/people/4f7a/history?after=x".into()),
                say: "51件目から".into(),
            },
        }
    }
}

impl Charge {
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(),
            person: PersonFrame::sample(),
            facts: vec![
                Fact::new("担当の始まり", "2026年9月1日"),
                Fact::new("担当の終わり", "2026年12月20日").chip(Tone::Warn, "あと28日"),
                Fact::new("本人確認", "2026年9月1日 10:20　被保険者証の原本")
                    .note("出雲 太郎（介護支援専門員）が確かめました"),
            ],
            notice: Some(Notice {
                tone: Tone::Warn,
                heading: "担当がまもなく終わります".into(),
                say: "2026年12月20日をすぎると、この方の情報は見られなくなります。".into(),
            }),
            claims: vec![
                ClaimRow {
                    month: "2026年9月".into(),
                    state: Chip::new(Tone::Good, "請求あり"),
                    received: "2026年10月の審査".into(),
                },
                ClaimRow {
                    month: "2026年8月".into(),
                    state: Chip::new(Tone::Warn, "返戻"),
                    received: "2026年9月の審査".into(),
                },
            ],
            held: "2026年9月分の請求により、2026年12月31日まで担当が続きます（請求の月から3か月）。".into(),
            keep_until: Some("2027年5月31日".into()),
            can_end: true,
        }
    }
}

impl ChargeEnd {
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(),
            person: PersonFrame::sample(),
            errors: Vec::new(),
            reasons: vec![
                Choice::new("finished", "サービスの利用が終わった"),
                Choice::new("moved", "ほかの事業所にかわった"),
                Choice::new("mistake", "まちがって登録した"),
            ],
        }
    }
}
