//! 「このことを市町村に聞く」: the entry goes with the question, the answer comes back.

use crate::world::{KIYOSHI, USUAL, on_both};

#[test]
fn a_question_about_an_entry_is_answered() {
    on_both(USUAL, async |world| {
        let c = world.charge("izumo", KIYOSHI);
        world.login("izumo").await.get(&format!("/people/{c}/certificates")).await.is(200);
        let mut me = world.login("kiyoshi").await;
        let log = me.get("/my/log").await;
        let ask =
            log.is(200).all("href").into_iter().find(|href| href.starts_with("/my/questions/new?entry=")).unwrap();
        let page = me.get(&ask).await;
        assert!(page.is(200).has("出雲 太郎"), "{}", page.html);
        let hidden = page.hidden("/my/questions/new");
        let typed = |body: &'static str| {
            let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            fields.push(("body", body));
            fields
        };
        let page = me.post("/my/questions/new", &typed("")).await;
        assert!(page.is(422).has("body-error") && page.has("出雲 太郎"), "{}", page.html);
        let text = "この人は、だれですか。\n<b>知りません</b>";
        for _ in 0..2 {
            me.post("/my/questions/new", &typed(text)).await.moves_to("/my/questions?done=asked");
        }
        assert_eq!(world.test.dump("question").len(), 1, "sent twice, asked once");
        assert!(me.get("/my/questions").await.is(200).has("答えを待っています"));
        // Somebody else's entry is nobody's.
        let mut other = world.login("tome").await;
        other.get(&ask).await.is(404);
        world.login("yamanoha-yakuba").await.get("/insurer/questions").await.is(200);

        let mut clerk = world.login("shiyakusho").await;
        assert!(clerk.get("/insurer").await.has("回答を待っている問い合わせ"));
        let inbox = clerk.get("/insurer/questions").await;
        let link = inbox.is(200).all("href").into_iter().find(|href| href.starts_with("/insurer/questions/")).unwrap();
        let page = clerk.get(&link).await;
        assert!(page.is(200).has("出雲 太郎") && page.has("&#60;b&#62;知りません"), "{}", page.html);
        clerk.post(&link, &[("answer", "")]).await.is(422);
        for _ in 0..2 {
            let answer = [("answer", "あなたの担当のケアマネジャーです。")];
            clerk.post(&link, &answer).await.moves_to("/insurer/questions?done=answered");
        }
        let page = clerk.post(&link, &[("answer", "ちがう答え")]).await;
        assert!(page.is(409).has("先に回答しています"), "{}", page.html);
        world.login("yamanoha-yakuba").await.get(&link).await.is(404);

        let page = me.get("/my/log").await;
        assert!(page.has("新しい答え 1件"), "{}", page.html);
        let page = me.get("/my/questions").await;
        assert!(page.is(200).has("あなたの担当のケアマネジャーです。") && page.has("市川 恵子"), "{}", page.html);
        assert!(!me.get("/my/log").await.has("新しい答え 1件"), "read");
        let log = world.log_of(KIYOSHI).await;
        for act in ["ask-question", "answer-question", "list-insured"] {
            assert!(log.iter().any(|e| e.act == act && e.outcome == "done"), "{act}");
        }
    });
}
