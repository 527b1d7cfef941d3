//! The person's own pages.

use crate::view::certification::{Progress, Step, StepState};
use crate::view::citizen::{LogDay, LogRow, My, MyCertification, MyLog, Myself, PlainCard};
use crate::view::{Fact, Paging, Shell, Tone};

impl Myself {
    pub(crate) fn sample() -> Self {
        Self {
            name: "久城 トメ".into(),
            kana: "クシロ トメ".into(),
            birth: "1938年（昭和13年）4月12日".into(),
            number: "9900 000 123".into(),
            insurer: "益田市".into(),
            insurer_yomi: "ますだし".into(),
            phone: "00-0000-0001".into(),
            registered: Some("2026年11月20日 5:10".into()),
        }
    }
}

impl My {
    pub(crate) fn sample() -> Self {
        let card = |id: &str, title: &str, plain: &str, facts| PlainCard {
            id: id.into(),
            title: title.into(),
            plain: plain.into(),
            facts,
        };
        let insured = vec![
            Fact::new("介護の必要の程度", "要介護3").note("要介護状態区分〈どのくらい介護が必要かの区分〉"),
            Fact::new("使える期間", "2024年12月1日から 2026年11月30日まで")
                .chip(Tone::Warn, "あと9日")
                .note("認定有効期間〈この認定が使える期間〉"),
            Fact::new("1か月に使えるサービスの量", "27,048単位")
                .note("区分支給限度基準額〈これをこえた分は、ぜんぶ自分で払います〉"),
        ];
        let burden = vec![
            Fact::new("あなたが払う割合", "2割").changed("2026年8月1日から。前は 1割でした"),
            Fact::new("使える期間", "2026年8月1日から 2027年7月31日まで"),
        ];
        Self {
            shell: Shell::sample_citizen(),
            me: Myself::sample(),
            absence: None,
            next: vec![
                "認定を続けるための申請は、10月2日に受け付けました。いま、11月26日の審査会を待っています。".into(),
                "結果が決まると、市から新しい被保険者証が届きます。それまでは、いまの証をそのまま使えます。".into(),
            ],
            cards: vec![
                card(
                    "insured",
                    "介護保険被保険者証",
                    "介護保険に入っていることと、介護の必要の程度を示す証です。",
                    insured,
                ),
                card("burden", "介護保険負担割合証", "サービスを使ったときに、あなたが払う割合を示す証です。", burden),
            ],
            looks: "この30日で 12回".into(),
        }
    }
}

impl MyCertification {
    pub(crate) fn sample() -> Self {
        let step = |state, title: &str, when: &str| Step { state, title: title.into(), when: when.into() };
        let progress = Progress {
            title: "認定を続けるための申請".into(),
            say: "申請から 51日たちました。審査会〈医師などの専門家が話し合う会〉を待っています。".into(),
            chip: None,
            steps: vec![
                step(StepState::Done, "申請を受け付けました", "2026年10月2日"),
                step(StepState::Done, "調査の人が会いに来ました", "10月19日"),
                step(StepState::Done, "お医者さんの意見書が届きました", "11月5日　益田中央クリニック"),
                step(StepState::Now, "審査会を待っています", "11月26日の予定です"),
                step(StepState::Next, "結果が決まります", "決まると、新しい被保険者証が家に届きます"),
            ],
            contact: String::new(),
        };
        Self {
            shell: Shell::sample_citizen(),
            me: Myself::sample(),
            absence: None,
            pending: Some(progress),
            current: My::sample().cards.swap_remove(0).facts,
        }
    }
}

impl MyLog {
    pub(crate) fn sample() -> Self {
        let row = |time: &str, who: &str, office: &str, what: &str, why: &str| LogRow {
            id: "0123".into(),
            own: who == "あなた",
            time: time.into(),
            who: who.into(),
            office: office.into(),
            what: what.into(),
            why: why.into(),
            refused: false,
        };
        let refused = LogRow {
            refused: true,
            ..row("13:40", "津和野 さくら（サービス提供責任者）", "訪問介護 はまなす", "主治医意見書", "計画の見直し")
        };
        let day = |day: &str, rows| LogDay { day: day.into(), rows };
        let today = vec![
            row("9:20", "あなた", "", "被保険者証など", ""),
            row(
                "9:15",
                "出雲 太郎（介護支援専門員）",
                "居宅介護支援事業所 みなと",
                "認定調査票",
                "居宅サービス計画の作成",
            ),
            row("9:14", "出雲 太郎（介護支援専門員）", "居宅介護支援事業所 みなと", "被保険者証など", ""),
        ];
        Self {
            shell: Shell::sample_citizen(),
            me: Myself::sample(),
            answers: 1,
            days: vec![day("2026年11月22日（日）", today), day("2026年11月18日（水）", vec![refused])],
            paging: Paging { previous: None, next: Some("/my/log?before=x".into()), say: String::new() },
        }
    }
}
