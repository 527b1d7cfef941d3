//! The letter with a code, and the person who acts in another's place: no card, no telephone, no other way to guess.

use crate::consent::page_of;
use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, SADA, TOME, USUAL, World, on_both};

/// The birth date of 三上 サダ in the demo.
fn born_of_sada() -> String {
    "1934-11-01".to_owned()
}

/// Issues a letter from a form of the person's page: the person's own, or the first proxy's.
async fn issue(clerk: &mut Browser<'_>, person: &str, to_proxy: bool) -> Page {
    let action = format!("{person}/letters");
    let page = clerk.get(person).await;
    let mut forms = page.html.split(&format!("action=\"{action}\"")).skip(1).map(str::to_owned).collect::<Vec<_>>();
    let form = if to_proxy { forms.remove(0) } else { forms.pop().unwrap() };
    let form = form.split("</form>").next().unwrap().to_owned();
    let value = |name: &str| {
        let (_, rest) = form.split_once(&format!("name=\"{name}\" value=\""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let (key, proxy) = (value("submit_key").unwrap(), value("proxy_id").unwrap_or_default());
    let mut place = String::new();
    for _ in 0..2 {
        let sent = clerk.post(&action, &[("submit_key", &key), ("proxy_id", &proxy)]).await;
        sent.is(303).location().clone_into(&mut place);
    }
    clerk.get(&place).await
}

fn code(letter: &Page) -> String {
    let (_, rest) = letter.html.split_once("k-big-code\"><code>").expect("the code is printed");
    rest.split('<').next().unwrap().to_owned()
}

async fn begin<'w>(world: &'w World<'_>, (no, birth, code): (&str, &str, &str)) -> (Browser<'w>, Page) {
    let mut browser = world.browser();
    browser.get("/start").await.is(200);
    let insurer_no = world.insurer(KIYOSHI).to_string();
    let fields = [("insurer_no", &*insurer_no), ("insured_no", no), ("birth", birth), ("code", code)];
    let page = browser.post("/start", &fields).await;
    (browser, page)
}

/// Goes on to the end with numbers on paper; answers them.
async fn on_paper(browser: &mut Browser<'_>, login: &str, password: &str) -> Vec<String> {
    browser.get("/start/account").await.is(200);
    browser.post("/start/account", &[("login", login), ("password", "12345678"), ("factor", "paper")]).await.is(422);
    let chosen = [("login", login), ("password", password), ("factor", "paper")];
    browser.post("/start/account", &chosen).await.moves_to("/start/factor");
    let page = browser.get("/start/factor").await;
    let list = page.is(200).html.split("<ol").nth(1).unwrap().split("</ol>").next().unwrap().to_owned();
    let codes: Vec<String> =
        list.split("<code class=\"k-code\">").skip(1).map(|c| c.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 10);
    assert!(browser.post("/start/factor", &[("code", "AAAA-AAAA")]).await.is(422).has("code-error"));
    for _ in 0..2 {
        browser.post("/start/factor", &[("code", &codes[0])]).await.moves_to("/login?done=started");
    }
    codes
}

async fn enter(browser: &mut Browser<'_>, login: &str, password: &str, code: &str) -> Page {
    browser.get("/login").await;
    browser.post("/login", &[("login", login), ("password", password)]).await.moves_to("/login/code");
    browser.get("/login/code").await;
    browser.post("/login/code", &[("code", code)]).await
}

#[test]
fn a_letter_leads_to_an_account_once() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let person = page_of(&mut clerk, SADA).await;
        let born = born_of_sada();
        let first = code(&issue(&mut clerk, &person, false).await);
        let letter = issue(&mut clerk, &person, false).await;
        let second = code(&letter);
        assert!(first != second && letter.has("三上 サダ") && letter.has("まで、1回だけ使えます"), "{}", letter.html);
        for row in world.test.dump("letter") {
            assert!(!row.contains(&second.replace('-', "")) && !row.contains(&second), "the code stands in no table");
        }
        // An unknown number, a wrong code, a wrong birth date, an older letter: one answer.
        let wrong = second.replace(second.chars().next().unwrap(), if second.starts_with('A') { "B" } else { "A" });
        let tries = [
            ("9999999999", &*born, &*second),
            (SADA, "1901-01-01", &second),
            (SADA, &born, &wrong),
            (SADA, &born, &first),
        ];
        let mut answers = Vec::new();
        for (no, birth, code) in tries {
            let (_, page) = begin(world, (no, birth, code)).await;
            assert!(page.is(422).has("組み合わせが合いません"), "{}", page.html);
            answers.push(page.without(&[no, birth]).replace(&page.all("value").join(""), ""));
        }
        assert_eq!(answers[0], answers[1], "unknown and wrong look the same");
        // As typed by hand: small letters, no hyphens.
        let (mut browser, page) = begin(world, (SADA, &born, &second.to_lowercase().replace('-', " "))).await;
        page.moves_to("/start/account");
        assert!(browser.get("/start/account").await.has("三上 サダ"));
        let taken = [("login", "kiyoshi"), ("password", "umi-to-yama-7"), ("factor", "paper")];
        assert!(browser.post("/start/account", &taken).await.is(422).has("ほかの人が使っています"));
        let codes = on_paper(&mut browser, "sada1938", "umi-to-yama-7").await;
        // Each number is good once, in place of the code of an app.
        let mut me = world.browser();
        enter(&mut me, "sada1938", "umi-to-yama-7", &codes[0].to_lowercase()).await.moves_to("/");
        assert!(me.get("/my").await.is(200).has("三上"));
        assert!(enter(&mut world.browser(), "sada1938", "umi-to-yama-7", &codes[0]).await.is(422).has("code-error"));
        // The letter is used up, and its page shows no code.
        begin(world, (SADA, &born, &second)).await.1.is(422);
        assert!(clerk.get(&person).await.has("登録に使われました"));
        let log = world.log_of(SADA).await;
        for act in ["issue-letter", "print-letter", "start-account", "open-account"] {
            assert!(log.iter().any(|e| e.act == act && e.outcome == "done"), "{act}");
        }
        assert!(log.iter().any(|e| e.act == "start-account" && e.outcome == "refused"));
        // A forgotten password: a new letter gives the same account a new one, and ends what is open.
        let again = code(&issue(&mut clerk, &person, false).await);
        world.wait_minutes(61);
        let (mut browser, page) = begin(world, (SADA, &born, &again)).await;
        page.moves_to("/start/account");
        assert!(browser.get("/start/account").await.has("すでに登録があります"));
        let fresh = on_paper(&mut browser, "sada1938", "yama-to-umi-8").await;
        me.get("/my").await.wants_login("/my");
        enter(&mut world.browser(), "sada1938", "yama-to-umi-8", &fresh[3]).await.moves_to("/");
        assert_eq!(world.test.dump("account").iter().filter(|row| row.contains("sada1938")).count(), 1);
    });
}

#[test]
fn guessing_waits_whether_there_is_a_letter_or_not() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let person = page_of(&mut clerk, SADA).await;
        let letter = code(&issue(&mut clerk, &person, false).await);
        let born = born_of_sada();
        for no in [SADA, "9999999999"] {
            for _ in 0..5 {
                begin(world, (no, &born, "AAAA-AAAA-AAAA")).await.1.is(422);
            }
            begin(world, (no, &born, &letter)).await.1.is(429);
        }
        world.wait_minutes(61);
        for _ in 0..5 {
            begin(world, (SADA, &born, "AAAA-AAAA-AAAA")).await.1.is(422);
        }
        world.wait_minutes(61);
        begin(world, (SADA, &born, &letter)).await.1.is(422);
        assert!(clerk_sees(world, &person).await, "ten wrong tries use a letter up");
        world.wait_days(31);
    });
}

async fn clerk_sees(world: &World<'_>, person: &str) -> bool {
    world.login("shiyakusho").await.get(person).await.has("まちがいが続いたため使えません")
}

#[test]
fn a_proxy_acts_within_the_scope_until_it_ends() {
    on_both(USUAL, async |world| {
        let mut clerk = world.login("shiyakusho").await;
        let person = page_of(&mut clerk, TOME).await;
        let path = format!("{person}/proxies/new");
        let page = clerk.post(&path, &[]).await;
        for field in ["kind-error", "name-error", "kana-error", "birth-error", "scope-error", "evidence-error"] {
            assert!(page.is(422).has(field), "{field}");
        }
        let key = clerk.get(&path).await.hidden(&path);
        let key = &key.iter().find(|(name, _)| name == "submit_key").unwrap().1;
        let daughter = |scope: &'static str, evidence: &'static str| {
            [
                ("submit_key", key.as_str()),
                ("kind", "family"),
                ("name", "久城 花子"),
                ("kana", "クシロ ハナコ"),
                ("relation", "長女"),
                ("birth", "昭和38年5月5日"),
                ("scope", scope),
                ("evidence", evidence),
            ]
        };
        let page = clerk.post(&path, &daughter("no-documents", "register-certificate")).await;
        assert!(page.is(422).has("evidence-error") && page.has("value=\"久城 花子\""), "{}", page.html);
        for _ in 0..2 {
            let page = clerk.post(&path, &daughter("no-documents", "at-the-desk")).await;
            page.moves_to(&format!("{person}?done=proxy-recorded"));
        }
        assert_eq!(world.test.dump("proxy").len(), 1);

        let letter = issue(&mut clerk, &person, true).await;
        assert!(letter.has("久城 花子") && letter.has("久城 トメ 様の代理人"), "{}", letter.html);
        let code = code(&letter);
        // The birth date is the proxy's own.
        begin(world, (TOME, "1938-04-12", &code)).await.1.is(422);
        let (mut browser, page) = begin(world, (TOME, "1963-05-05", &code)).await;
        page.moves_to("/start/account");
        let codes = on_paper(&mut browser, "hanako63", "umi-to-yama-7").await;
        let mut hanako = world.browser();
        enter(&mut hanako, "hanako63", "umi-to-yama-7", &codes[1]).await.moves_to("/");
        let page = hanako.get("/my").await;
        assert!(page.is(200).has("久城 トメさんの代理（長女）") && page.has("久城 花子"), "{}", page.html);
        // Within the scope: the log and the plans' absence; outside: consent, and who else acts.
        hanako.get("/my/log").await.is(200);
        hanako.get("/my/family").await.is(200);
        let form = hanako.get("/my/consent/give").await;
        let hidden = form.is(200).hidden("/my/consent/give");
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fields.push(("agreed", "yes"));
        let page = hanako.post("/my/consent/give", &fields).await;
        assert!(page.is(403).has("代理で見られる範囲"), "{}", page.html);
        let log = world.log_of(TOME).await;
        assert!(log.iter().any(|e| e.account_name == "久城 花子（代理：長女）" && e.outcome == "done"));
        assert!(log.iter().any(|e| e.rule.as_deref() == Some("outside-proxy")));

        // The person ends it: the next request finds nobody.
        let mut tome = world.login("tome").await;
        let family = tome.get("/my/family").await;
        let end = family.is(200).all("href").into_iter().find(|href| href.ends_with("/end")).unwrap();
        hanako.post(&end, &[("reason", "asked")]).await.is(403);
        world.login("kiyoshi").await.get(&end).await.is(404);
        tome.get(&end).await.is(200);
        tome.post(&end, &[]).await.is(422);
        for _ in 0..2 {
            tome.post(&end, &[("reason", "asked")]).await.moves_to("/my/family?done=proxy-ended");
        }
        hanako.get("/my").await.wants_login("/my");
        tome.get("/my").await.is(200);
    });
}
