//! Login, home, identity check, people.

use crate::view::home::{Home, Queue, QueueRow, StepCount};
use crate::view::identity::{DemoPerson, Identity, IdentityTyped, Register};
use crate::view::login::{DemoAccount, KeptForm, Login, LoginCode, LoginLocked};
use crate::view::people::{People, PersonRow};
use crate::view::{Chip, FieldError, Link, Paging, Shell, Tone};

impl Login {
    pub(crate) fn sample() -> Self {
        let account = |name: &str, role: &str, login: &str| DemoAccount {
            name: name.into(),
            role: role.into(),
            login: login.into(),
            password: "minato-2026".into(),
        };
        Self {
            shell: Shell::sample_public(),
            errors: Vec::new(),
            login: String::new(),
            next: String::new(),
            kept: String::new(),
            demo_accounts: vec![
                account("出雲 太郎", "居宅介護支援事業所 みなと・介護支援専門員", "izumo"),
                account("津和野 さくら", "訪問介護 はまなす・サービス提供責任者", "tsuwano"),
                account("久城 トメ", "ご本人", "kushiro"),
            ],
        }
    }
}

impl LoginCode {
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample_public(),
            errors: Vec::new(),
            next: "/people".into(),
            kept: String::new(),
            mail: "i•••@example.jp".into(),
            demo_code: Some("482 913".into()),
        }
    }
}

impl KeptForm {
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(),
            place: "利用者の画面".into(),
            action: "/people/4f7a/charge/end".into(),
            typed: vec!["契約が終わったため".into(), "11月末で終了\n引きつぎずみ".into()],
            fields: vec![
                ("reason".into(), "契約が終わったため".into()),
                ("note".into(), "11月末で終了\n引きつぎずみ".into()),
            ],
        }
    }
}

impl LoginLocked {
    pub(crate) fn sample() -> Self {
        Self { shell: Shell::sample_public(), wait: "15分".into() }
    }
}

fn row(tone: Tone, word: &str, text: &str, small: &str, action: &str) -> QueueRow {
    QueueRow {
        chip: Chip::new(tone, word),
        text: text.into(),
        href: "/people/4f7a/certification".into(),
        small: small.into(),
        action: (!action.is_empty()).then(|| Link::new(action, "/people/4f7a/certification")),
    }
}

fn queue(rows: Vec<QueueRow>, more: Option<Link>) -> Queue {
    Queue { count: rows.len(), rows, more }
}

impl Home {
    pub(crate) fn sample() -> Self {
        let step = |word: &str, count| StepCount { word: word.into(), count };
        let arrived = vec![
            row(
                Tone::Info,
                "認定結果",
                "高津 ふみ さん：要介護2（2026年12月1日から2029年11月30日まで）",
                "益田市が 11月20日 5:10 に登録",
                "確認する",
            ),
            row(
                Tone::Info,
                "認定書類",
                "大谷 清 さん：認定調査票・主治医意見書が見られるようになりました",
                "益田市が 11月20日 5:10 に登録",
                "開く",
            ),
            row(
                Tone::Info,
                "証の変更",
                "久城 トメ さん：負担割合が 1割から 2割に変わりました（2026年8月1日から）",
                "益田市が 11月19日 5:10 に登録",
                "確認する",
            ),
        ];
        let expiring = vec![
            row(
                Tone::Bad,
                "あと9日",
                "久城 トメ さん：認定有効期間 2026年11月30日まで",
                "更新申請 10月2日 受付済み・審査会 11月26日 予定",
                "進み具合",
            ),
            row(
                Tone::Warn,
                "あと30日",
                "中島 義男 さん：認定有効期間 2026年12月22日まで",
                "更新申請がまだありません",
                "確認する",
            ),
            row(
                Tone::Warn,
                "あと28日",
                "遠田 キヨ さん：担当 2026年12月20日まで",
                "サービスが続いているときは、担当を続ける手続きをしてください",
                "担当を続ける",
            ),
        ];
        let pending = vec![
            row(Tone::Info, "審査会待ち", "久城 トメ さん：更新申請", "申請 10月2日（51日目）　益田市", ""),
            row(
                Tone::Warn,
                "意見書待ち",
                "美都 ハル さん：区分変更申請",
                "申請 10月20日（33日目）　益田市　法定の30日をこえています",
                "",
            ),
        ];
        Self {
            shell: Shell::sample(),
            today: "2026年11月22日（日）".into(),
            begins: String::new(),
            arrived: queue(arrived, None),
            expiring: queue(expiring, Some(Link::new("期限が近い 7件をすべて見る", "/people?row="))),
            steps: vec![step("調査待ち", 0), step("意見書待ち", 1), step("審査会待ち", 1), step("結果待ち", 0)],
            pending: queue(pending, None),
        }
    }
}

impl Identity {
    pub(crate) fn sample() -> Self {
        let person = |name: &str, what: &str, no: &str, kana: &str, birth: &str| DemoPerson {
            name: name.into(),
            what: what.into(),
            insurer_no: "322040".into(),
            insured_no: no.into(),
            kana: kana.into(),
            birth: birth.into(),
        };
        Self {
            shell: Shell::sample(),
            errors: Vec::new(),
            typed: IdentityTyped::default(),
            outcome: None,
            has_disaster: false,
            card: None,
            demo_people: vec![
                person("久城 トメ", "更新申請の途中", "9900000123", "クシロ トメ", "昭和13年4月12日"),
                person("高津 ふみ", "新しい認定結果", "9900000321", "タカツ フミ", "昭和10年7月3日"),
            ],
        }
    }

    pub(crate) fn sample_typed() -> Self {
        let typed = IdentityTyped {
            insurer_no: "322040".into(),
            insured_no: "9900 000 123".into(),
            kana: "クシロ トメ".into(),
            birth: "S13.4.13".into(),
        };
        Self { typed, ..Self::sample() }
    }

    pub(crate) fn sample_invalid() -> Self {
        let errors = vec![
            FieldError::new("insured_no", "被保険者番号は10けたで入力してください。いま9けたです。"),
            FieldError::new(
                "birth",
                "生年月日の「昭和65年」はありません。昭和は64年までです。証のとおりか確かめてください。",
            ),
        ];
        let typed = IdentityTyped {
            insured_no: "990000012".into(),
            birth: "昭和65年1月1日".into(),
            ..Self::sample_typed().typed
        };
        Self { errors, typed, ..Self::sample() }
    }
}

impl Register {
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(),
            id: "c7d1".into(),
            errors: Vec::new(),
            name: "久城 トメ".into(),
            kana: "クシロ トメ".into(),
            birth: "1938年（昭和13年）4月12日".into(),
            age: "88歳".into(),
            insurer: "益田市".into(),
            number: "9900 000 123".into(),
            until: "2027年2月28日".into(),
            disaster: None,
            method: "insured-certificate".into(),
            seen: true,
        }
    }
}

impl People {
    pub(crate) fn sample() -> Self {
        let person = |name: &str, kana: &str, level: &str, expiry: Chip, on: &str| PersonRow {
            href: "/people/4f7a/certificates".into(),
            name: name.into(),
            kana: kana.into(),
            birth: "1938年（昭和13年）4月12日".into(),
            age: "88歳".into(),
            number: "9900 000 123".into(),
            insurer: "益田市".into(),
            level: Chip::new(Tone::Plain, level),
            expiry: Some(expiry),
            expiry_on: on.into(),
            charge_until: "2027年2月28日".into(),
        };
        let few = [
            person("久城 トメ", "クシロ トメ", "要介護3", Chip::new(Tone::Bad, "あと9日"), "2026年11月30日"),
            person("小浜 正", "コハマ タダシ", "要支援2", Chip::new(Tone::Warn, "あと52日"), "2027年1月12日"),
            person("神田 ヨシエ", "カンダ ヨシエ", "要介護1", Chip::new(Tone::Good, "期限内"), "2029年3月31日"),
            person("木部 勇", "キベ イサム", "申請中", Chip::new(Tone::Plain, "認定なし"), ""),
        ];
        Self {
            shell: Shell::sample(),
            errors: Vec::new(),
            q: String::new(),
            number: String::new(),
            birth: String::new(),
            row: "か".into(),
            found: "か行　50人（全部で 61人）".into(),
            rows: few.iter().cycle().take(50).cloned().collect(),
            paging: Paging {
                previous: None,
                next: Some("/people?row=%E3%81%8B&after=abc".into()),
                say: "1人目から50人目".into(),
            },
        }
    }
}
