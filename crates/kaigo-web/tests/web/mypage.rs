//! An office's own procedures: the way in with an issued login, several offices, a supporter; subsidy, inquiries, licence.

use kaigo_app::login::totp_at;
use kaigo_app::setup;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::JobType;

use crate::page::{Browser, Page};
use crate::world::{KIYOSHI, USUAL, World, on_both};

/// An office in which nobody of the story works: number and name.
fn free_office(world: &World<'_>) -> (OfficeNo, String) {
    let accounts = world.nation.accounts();
    let offices = world.nation.offices();
    let free = offices.iter().find(|o| !accounts.iter().any(|a| a.office_no == Some(o.office_no))).unwrap();
    (free.office_no, free.name.to_owned())
}

fn unbase32(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text
        .bytes()
        .filter_map(|b| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|d| *d == b))
        .map(|n| u32::try_from(n).unwrap())
        .collect();
    let bits: Vec<u32> = digits.iter().flat_map(|d| (0..5).rev().map(move |i| (d >> i) & 1)).collect();
    bits.chunks_exact(8).map(|c| u8::try_from(c.iter().fold(0, |n, bit| n * 2 + bit)).unwrap()).collect()
}

/// The text of the page's n-th `<code>`.
fn code_on(page: &Page, n: usize) -> String {
    // It may have more classes than that one.
    let part = page.html.split("class=\"k-code").nth(n).unwrap();
    part.split(['>', '<']).nth(1).unwrap().replace(' ', "")
}

fn links(page: &Page, start: &str) -> Vec<String> {
    page.all("href").into_iter().filter(|href| href.starts_with(start)).collect()
}

/// Registers the office; answers the secret of the second factor.
async fn register(world: &World<'_>, browser: &mut Browser<'_>, (id, password): (&str, &str), login: &str) -> Vec<u8> {
    browser.get("/portal/register").await.is(200);
    let fields = [("claim_id", id), ("password", password)];
    browser.post("/portal/register", &fields).await.moves_to("/portal/register/address");
    browser.get("/portal/register/account").await.moves_to("/portal/register/address");
    let page = browser.get("/portal/register/address").await;
    assert!(page.is(200).has("セキュリティ用のメールアドレス"));
    browser.post("/portal/register/address", &[("address", "x")]).await.is(422);
    browser
        .post("/portal/register/address", &[("address", "office@example.jp")])
        .await
        .moves_to("/portal/register/code");
    let page = browser.get("/portal/register/code").await;
    // No server for mail is configured: the page shows the code itself.
    let code: String = page.is(200).html.split("k-big-code\">").nth(1).unwrap().chars().take(6).collect();
    let other = if code == "000000" { "000001" } else { "000000" };
    assert!(browser.post("/portal/register/code", &[("code", other)]).await.is(422).has("確認コードがちがいます"));
    browser.post("/portal/register/code", &[("code", &code)]).await.moves_to("/portal/register/account");
    let page = browser.get("/portal/register/account").await;
    assert!(page.is(200).has("管理者の氏名"));
    let job = JobType::Clerk.code();
    let account = |password: &'static str| {
        vec![("name", "岬 さゆり"), ("job", job), ("login", login), ("password", password), ("again", password)]
    };
    let page = browser.post("/portal/register/account", &account("kari-4321-misaki")).await;
    assert!(page.is(422).has("仮のパスワードは使えません") && page.has("岬 さゆり"), "{}", page.html);
    browser
        .post("/portal/register/account", &account("shiokaze no hikari 77"))
        .await
        .moves_to("/portal/register/factor");
    let page = browser.get("/portal/register/factor").await;
    let secret = unbase32(&code_on(page.is(200), 2));
    assert_eq!(secret.len(), 20);
    browser.post("/portal/register/factor", &[("code", "1")]).await.is(422);
    let now = totp_at(&secret, world.now());
    browser.post("/portal/register/factor", &[("code", &now)]).await.moves_to("/login?done=started");
    secret
}

async fn log_in<'w>(world: &'w World<'w>, login: &str, secret: &[u8]) -> Browser<'w> {
    let mut browser = world.browser();
    browser.get("/login").await.is(200);
    let fields = [("login", login), ("password", "shiokaze no hikari 77")];
    browser.post("/login", &fields).await.moves_to("/login/code");
    browser.get("/login/code").await.is(200);
    world.wait_minutes(1);
    let code = totp_at(secret, world.now());
    browser.post("/login/code", &[("code", &code)]).await.moves_to("/");
    browser.get("/").await.is(200);
    browser
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn an_office_registers_with_its_issued_login_and_works_with_others() {
    on_both(USUAL, async |world| {
        let (office_no, name) = free_office(world);
        // Twelve digits that look like an individual number are an issued login all the same.
        let id = "KJ123456789018";
        let list = format!(
            "電子請求受付システムID,仮パスワード,事業所番号,事業所名,有効期限\r\n{id},kari-4321-misaki,{office_no},{name},\r\nKJ1,x,1,,\r\n"
        );
        let mut desk = world.login("unei").await;
        desk.get("/operator/offices").await.is(200);
        let csrf = desk.csrf.clone();
        let page = desk.send_parts("/operator/offices", &[("csrf", &csrf)], &[("ids.csv", list.as_bytes())]).await;
        assert!(page.is(200).has("1件を取り込みました") && page.has("KJ と12けたの数字です"), "{}", page.html);
        let dump = world.test.dump("office_claim").concat();
        assert!(!dump.contains("kari-4321") && dump.contains("$argon2id$"), "no password in clear: {dump}");
        let home = desk.get("/operator").await;
        assert!(home.has("まだ登録していない事業所") && home.has("記録の取込がおくれている市町村"), "{}", home.html);
        // No server runs here, so nobody does the jobs, and the desk is told.
        assert!(home.has("電子証明書の期限のお知らせ、ライセンスの自動更新"), "{}", home.html);

        // Unknown and wrong are one sentence, and waiting starts for both after five tries.
        let mut guess = world.browser();
        guess.get("/portal/register").await.is(200);
        let wrong = guess.post("/portal/register", &[("claim_id", id), ("password", "kari-0000-misaki")]).await;
        let unknown =
            guess.post("/portal/register", &[("claim_id", "KJ000000000003"), ("password", "kari-4321-misaki")]).await;
        assert_eq!(wrong.is(422).without(&[id]), unknown.is(422).without(&["KJ000000000003"]));
        for _ in 0..4 {
            guess.post("/portal/register", &[("claim_id", "KJ000000000003"), ("password", "x")]).await.is(422);
        }
        guess.post("/portal/register", &[("claim_id", "KJ000000000003"), ("password", "x")]).await.is(429);
        guess.post("/portal/register", &[("claim_id", "123456789018"), ("password", "x")]).await.is(422);
        assert!(!world.test.dump("office_claim_try").concat().contains("KJ000000000003"), "no login is kept of a try");

        let mut browser = world.browser();
        let secret = register(world, &mut browser, (id, "kari-4321-misaki"), "misaki-kanri").await;
        // The login is used up.
        let mut late = world.browser();
        late.get("/portal/register").await.is(200);
        let fields = [("claim_id", id), ("password", "kari-4321-misaki")];
        assert!(late.post("/portal/register", &fields).await.is(422).has("組み合わせが合わない"));
        let page = desk.send_parts("/operator/offices", &[("csrf", &csrf)], &[("ids.csv", list.as_bytes())]).await;
        assert!(page.is(200).has("変えなかったもの：1件"), "{}", page.html);

        let mut misaki = log_in(world, "misaki-kanri", &secret).await;
        let page = misaki.get("/office").await;
        assert!(page.is(200).has(&name) && page.has("5つのステップ"), "{}", page.html);
        let page = misaki.get("/office/steps").await;
        assert!(page.is(200).has("管理者のアカウントが1つあります") && page.has("まだ始めていません"), "{}", page.html);

        // One login, several offices: 港 works for 岬's office, too, until that ends.
        let mut minato = world.login("minato-admin").await;
        misaki.get("/office/all").await.is(200);
        let key = "0".repeat(32);
        let invite =
            [("for_name", "港 明子"), ("job", JobType::Clerk.code()), ("is_admin", "on"), ("submit_key", &key)];
        let page = misaki.post("/office/invite", &invite).await;
        let code: String =
            page.is(200).html.split("k-big-code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let again = misaki.post("/office/invite", &invite).await;
        assert!(again.is(200).has(&code), "the same form again is the same code");
        minato.post("/office/join", &[("code", "AAAA-BBBB-CCCC")]).await.is(422);
        minato.post("/office/switch", &[("office", office_no.as_str())]).await.is(404);
        minato.post("/office/join", &[("code", &code)]).await.moves_to("/office/all?done=office-joined");
        let page = minato.get("/office/all").await;
        assert!(page.is(200).has(&name) && page.has("合計"), "{}", page.html);
        let mut izumo = world.login("izumo").await;
        izumo.post("/office/join", &[("code", &code)]).await.is(422);
        let c = world.charge("izumo", KIYOSHI);
        minato.get(&format!("/people/{c}/certificates")).await.is(200);
        minato.post("/office/switch", &[("office", office_no.as_str())]).await.moves_to("/?done=office-switched");
        let page = minato.get("/office").await;
        assert!(page.is(200).has(&name), "{}", page.html);
        // Another office, another circle of people: the own ones are strangers there.
        minato.get(&format!("/people/{c}/certificates")).await.is(404);

        // 岬 ends it: nothing of the office is seen from the next request on.
        let page = misaki.get("/office/all").await;
        let end = page.all("action").into_iter().find(|a| a.starts_with("/office/members/")).unwrap();
        izumo.post(&end, &[]).await.is(403);
        misaki.post(&end, &[]).await.moves_to("/office/all?done=member-ended");
        let page = minato.get("/office").await;
        assert!(page.is(200).has("みなと") && !page.has(&name), "{}", page.html);

        // A supporter sees the steps of who entrusted them, and of nobody else.
        let firm = setup::put_supporter(&world.app, "minato-shien".to_owned(), "みなと導入支援".to_owned(), None);
        firm.await.unwrap();
        let mut shien = world.login("shien").await;
        assert!(shien.get("/support").await.is(200).has("まだありません"));
        let place = format!("/support/offices/{office_no}");
        shien.get(&place).await.is(404);
        misaki.post("/office/support", &[("supporter", "")]).await.is(422);
        for _ in 0..2 {
            misaki
                .post("/office/support", &[("supporter", "minato-shien")])
                .await
                .moves_to("/office/support?done=entrusted");
        }
        assert_eq!(world.test.dump("entrustment").len(), 1);
        assert!(shien.get("/support").await.is(200).has(&name));
        assert!(shien.get(&place).await.is(200).has("管理者のアカウントが1つ"));
        let page = misaki.get("/office/support").await;
        let end = page.all("action").into_iter().find(|a| a.ends_with("/end")).unwrap();
        minato.post(&end, &[]).await.is(404);
        misaki.post(&end, &[]).await.moves_to("/office/support?done=entrustment-ended");
        shien.get(&place).await.is(404);
    });
}

/// A PDF with one line of text.
fn pdf(text: &str) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 10 10 Td ({text}) Tj ET");
    format!(
        "%PDF-1.4\n4 0 obj\n<< /Length {} >>\nstream\n{content}\nendstream\nendobj\ntrailer << >>\n%%EOF\n",
        content.len()
    )
    .into_bytes()
}

fn line(n: usize, item: &str, model: &str, yen: &str) -> Vec<(String, String)> {
    let kind = if model.is_empty() { "support" } else { "reader" };
    let of = [
        ("kind", kind),
        ("item", item),
        ("model", model),
        ("quantity", "1"),
        ("yen", yen),
        ("paid_on", "令和8年10月1日"),
        ("purpose", "資格確認のため"),
        ("addressee", "居宅介護支援事業所 みなと"),
    ];
    of.map(|(name, value)| (format!("{name}-{n}"), value.to_owned())).to_vec()
}

/// The form of an application as somebody would fill it.
fn application(office_no: &str, services: &[String], item: &str) -> Vec<(String, String)> {
    let rest = [
        ("address", "みなと川市1-1"),
        ("phone", "00-0000-0001"),
        ("contact", "港 明子"),
        ("compatible", "on"),
        ("post", "bank"),
        ("bank_code", "0001"),
        ("bank_name", "みなと川銀行"),
        ("branch_code", "101"),
        ("branch_name", "本店"),
        ("account_kind", "ordinary"),
        ("account_no", "7654321"),
        ("holder", "フク）ミナトカイ"),
        ("screen_user", "member"),
        ("screen_office_no", office_no),
    ];
    let mut all: Vec<(String, String)> = rest.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
    all.extend(services.iter().map(|s| (s.clone(), "on".to_owned())));
    all.extend(line(1, item, "RW-200", "8,980"));
    all.extend(line(2, "証明書の設定", "", "22000"));
    all
}

async fn save(browser: &mut Browser<'_>, place: &str, fields: &[(String, String)], next: &str) -> Page {
    let page = browser.get(place).await;
    let hidden = page.is(200).hidden(place);
    let mut all: Vec<(&str, &str)> = hidden.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    all.extend(fields.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    all.push(("next", next));
    browser.post(place, &all).await
}

async fn enclose(browser: &mut Browser<'_>, place: &str, kind: &str, (name, bytes): (&str, &[u8])) -> Page {
    let csrf = browser.csrf.clone();
    browser.send_parts(&format!("{place}/files"), &[("csrf", &csrf), ("kind", kind)], &[(name, bytes)]).await
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story")]
fn an_office_applies_for_the_subsidy_and_asks_the_operator() {
    on_both(USUAL, async |world| {
        let mut office = world.login("minato-admin").await;
        let mut desk = world.login("unei").await;
        let page = office.get("/office/subsidy").await;
        assert!(page.is(200).has("64,000円") && page.has("55,000円") && page.has("42,000円"), "{}", page.html);
        let key = page.hidden("/office/subsidy").into_iter().find(|(n, _)| n == "submit_key").unwrap().1;
        let page = office.post("/office/subsidy", &[("submit_key", &key)]).await;
        let place = page.location().to_owned();
        office.post("/office/subsidy", &[("submit_key", &key)]).await.moves_to(&place);
        assert_eq!(world.test.dump("subsidy").len(), 1, "begun once");

        // What would bounce is found before: nothing is filed.
        let page = office.get(&place).await;
        let services: Vec<String> = page.all("name").into_iter().filter(|n| n.starts_with("service-")).collect();
        assert!(!services.is_empty(), "{}", page.html);
        let no = world.office("minato-admin").to_string();
        let typed = application(&no, &services, "カードリーダー一式");
        let check = format!("{place}/check");
        save(&mut office, &place, &typed, "check").await.moves_to(&check);
        let page = office.get(&check).await;
        assert!(page.is(200).has("まとめて書かれた領収書は") && page.has("通帳の写しがありません"), "{}", page.html);
        assert!(!page.has(&format!("action=\"{place}/file\"")), "no button to file");
        let revision = |page: &Page| {
            page.html.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        let now = revision(&office.get(&place).await);
        office.post(&format!("{place}/file"), &[("revision", &now)]).await.is(422);

        // What was typed stays; the files are judged by what is in them.
        let page = office.get(&place).await;
        assert!(page.has("カードリーダー一式") && page.has("7654321") && page.has("30,000円"), "{}", page.html);
        assert!(enclose(&mut office, &place, "receipt", ("a.pdf", b"MZ\x90")).await.is(422).has("どれでもありません"));
        let number = pdf("1234 5678 9018");
        assert!(enclose(&mut office, &place, "receipt", ("a.pdf", &number)).await.is(422).has("個人番号"));
        office.get(&place).await.is(200);
        for (kind, count) in [("passbook", 1), ("receipt", 1), ("screen", 1), ("designation", services.len())] {
            for n in 0..count {
                let bytes = pdf(&format!("{kind} {n} {no} 7654321"));
                let page = enclose(&mut office, &place, kind, ("書類.pdf", &bytes)).await;
                page.moves_to(&format!("{place}?done=subsidy-enclosed#file-{kind}"));
            }
        }
        let typed = application(&no, &services, "ICカードリーダー");
        let stale = [("revision", "1"), ("address", "ほかの画面")];
        office.post(&place, &stale).await.is(409);
        save(&mut office, &place, &typed, "check").await.moves_to(&check);
        let page = office.get(&check).await;
        assert!(page.is(200).has("見つかりませんでした") && page.has("2026年12月31日までに"), "{}", page.html);
        let (now, file) = (revision(&page), format!("{place}/file"));
        for _ in 0..2 {
            office.post(&file, &[("revision", &now)]).await.moves_to(&format!("{place}?done=subsidy-filed"));
        }
        assert!(office.get(&place).await.is(200).has("審査中です"));
        let dump = world.test.dump("subsidy").concat();
        assert!(!dump.contains("7654321") && !dump.contains("ミナトカイ"), "the account is sealed");

        // Nobody else sees it: colleagues, other offices, supporters.
        world.login("izumo").await.get(&place).await.is(403);
        world.login("shien").await.get(&place).await.is(404);

        // The desk returns it with a reason, the office mends, the desk grants and pays.
        assert!(desk.get("/operator").await.has("審査を待っている助成金の申請"));
        let page = desk.get("/operator/subsidies?state=filed").await;
        let case = links(page.is(200), "/operator/subsidies/").remove(0);
        assert!(desk.get(&case).await.is(200).has("7654321"));
        assert!(world.test.dump("admin_log").concat().contains("view-subsidy"), "who saw an account is noted");
        desk.post(&case, &[("decision", "return"), ("reason", "")]).await.is(422);
        let done = "/operator/subsidies?state=filed&done=subsidy-decided";
        let back = [("decision", "return"), ("reason", "画面の写しに、事業所名が写っていません。")];
        for _ in 0..2 {
            desk.post(&case, &back).await.moves_to(done);
        }
        desk.post(&case, &[("decision", "grant"), ("grant", "30000")]).await.is(409);
        let page = office.get(&place).await;
        assert!(page.is(200).has("差し戻しの理由") && page.has("事業所名が写っていません"), "{}", page.html);
        assert!(office.get("/notices").await.has("助成金の審査の結果が出ました"));
        let remove = page.all("action").into_iter().filter(|a| a.ends_with("/remove")).collect::<Vec<_>>();
        office.post(&remove[0], &[]).await.moves_to(&format!("{place}?done=subsidy-removed"));
        assert!(office.get(&check).await.has("通帳の写しがありません"));
        let bytes = pdf(&format!("passbook again 7654321 {no}"));
        enclose(&mut office, &place, "passbook", ("通帳.pdf", &bytes)).await;
        let now = revision(&office.get(&check).await);
        office.post(&file, &[("revision", &now)]).await.moves_to(&format!("{place}?done=subsidy-filed"));
        desk.post(&case, &[("decision", "grant"), ("grant", "31000")]).await.is(422);
        desk.post(&case, &[("decision", "grant"), ("grant", "30,000円")]).await.moves_to(done);
        let page = office.get(&place).await;
        assert!(page.is(200).has("30,000円の交付が決まりました"), "{}", page.html);
        office.post(&format!("{place}/withdraw"), &[]).await.is(409);
        desk.get(&case).await.is(200);
        let csv = desk.post("/operator/subsidies/payments", &[]).await;
        assert!(csv.is(200).has("\"7654321\"") && csv.has("\"30000\""), "{}", csv.html);
        desk.get(&case).await.is(200);
        desk.post(&case, &[("decision", "paid"), ("paid_on", "2026-12-25")]).await.moves_to(done);
        assert!(office.get(&place).await.is(200).has("2028年4月30日"));
        let page = office.post("/office/subsidy", &[("submit_key", &"1".repeat(32))]).await;
        assert!(page.is(409).has("1事業所番号につき1回"), "{}", page.html);

        inquiries(world, &mut office, &mut desk).await;
        licence(world, &mut office).await;
    });
}

async fn inquiries(world: &World<'_>, office: &mut Browser<'_>, desk: &mut Browser<'_>) {
    let page = office.get("/office/inquiries/new").await;
    let key = page.is(200).hidden("/office/inquiries/new").into_iter().find(|(n, _)| n == "submit_key").unwrap().1;
    let csrf = office.csrf.clone();
    let written = |body: &'static str, key: &str, csrf: &str| {
        [("csrf", csrf), ("submit_key", key), ("kind", "certificate"), ("subject", "証明書の台数"), ("body", body)]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
    };
    let send = async |browser: &mut Browser<'_>, path: &str, fields: &[(String, String)], files: &[(&str, &[u8])]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        browser.send_parts(path, &fields, files).await
    };
    let path = "/office/inquiries/new";
    assert!(send(office, path, &written("", &key, &csrf), &[]).await.is(422).has("証明書の台数"));
    assert!(
        send(office, path, &written("x", &key, &csrf), &[("a.exe", b"MZ")]).await.is(422).has("どれでもありません")
    );
    send(office, path, &written("123456789018", &key, &csrf), &[]).await.is(422);
    let picture = pdf("screen");
    let mut place = String::new();
    for _ in 0..2 {
        let page = send(office, path, &written("何台分？\n<b>急ぎ</b>", &key, &csrf), &[("画面.html", &picture)]).await;
        page.location().split('?').next().unwrap().clone_into(&mut place);
    }
    assert_eq!(world.test.dump("inquiry").len(), 1, "sent twice, asked once");
    let page = office.get(&place).await;
    assert!(page.is(200).has("&#60;b&#62;急ぎ") && page.has("回答待ち"), "{}", page.html);
    let file = links(&page, &format!("{place}/files/")).remove(0);
    let got = office.get(&file).await;
    assert_eq!((got.is(200).bytes.as_slice(), got.header("content-type")), (picture.as_slice(), "application/pdf"));
    // Its name ends as its content does, whatever it was called.
    assert!(page.has("画面.html.pdf"), "{}", page.html);
    let name = got.header("content-disposition").to_owned();
    assert!(name.starts_with("attachment; filename*=UTF-8''%") && name.ends_with(".html.pdf"), "{name}");
    world.login("hamanasu").await.get(&place).await.is(404);
    world.login("hamanasu").await.get(&file).await.is(404);

    assert!(desk.get("/operator").await.has("回答を待っている問い合わせ"));
    // Width and kana do not count in the search.
    let page = desk.get("/operator/inquiries?q=%EF%BC%A2").await;
    assert!(page.is(200).has("証明書の台数"), "{}", page.html);
    let case = links(&page, "/operator/inquiries/").remove(0);
    let page = desk.get(&case).await;
    let key = page.is(200).hidden(&case).into_iter().find(|(n, _)| n == "submit_key").unwrap().1;
    let answer = [
        ("csrf", desk.csrf.clone()),
        ("submit_key", key),
        ("state", "answered".to_owned()),
        ("body", "台数分です。".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = answer.iter().map(|(n, v)| (*n, v.as_str())).collect();
    for _ in 0..2 {
        desk.send_parts(&case, &fields, &[]).await.moves_to("/operator/inquiries?state=new&done=inquiry-answered");
    }
    assert_eq!(world.test.dump("inquiry_message").len(), 2);
    let page = office.get(&place).await;
    assert!(page.is(200).has("台数分です。") && page.has("回答あり"), "{}", page.html);
    assert!(office.get("/notices").await.has("運営から回答がありました"));
    office.post(&format!("{place}/close"), &[]).await.moves_to("/office/inquiries?done=inquiry-closed");

    // Without a login: a code follows the thread.
    let mut public = world.browser();
    let page = public.get("/portal/inquiry").await;
    let key = page.is(200).hidden("/portal/inquiry").into_iter().find(|(n, _)| n == "submit_key").unwrap().1;
    let typed = [
        ("name", "訪問看護"),
        ("kind", "other"),
        ("subject", "通知書"),
        ("body", "なくしました"),
        ("submit_key", &key),
    ];
    public.post("/portal/inquiry", &typed[1..]).await.is(422);
    let page = public.post("/portal/inquiry", &typed).await;
    let code: String = page.is(200).html.split("k-big-code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(public.post("/portal/inquiry", &typed).await.is(200).has(&code), "the same form again is the same code");
    public.post("/portal/inquiry/follow", &[("code", "AAAA-BBBB-CCCC")]).await.is(422);
    let page = public.post("/portal/inquiry/follow", &[("code", &code.to_lowercase())]).await;
    assert!(page.is(200).has("なくしました"), "{}", page.html);
    let more = [("code", code.as_str()), ("say", "1"), ("body", "見つかりました"), ("submit_key", "k1")];
    assert!(public.post("/portal/inquiry/follow", &more).await.is(200).has("見つかりました"));
    assert!(!world.test.dump("inquiry").concat().contains(&code.replace('-', "")), "no code in clear");
}

async fn licence(world: &World<'_>, office: &mut Browser<'_>) {
    let page = office.get("/office/licence").await;
    assert!(
        page.is(200).has("21,000円") && page.has("キャンペーン") && page.has("まだ申請していません"),
        "{}",
        page.html
    );
    let key = page.hidden("/office/licence/apply").into_iter().find(|(n, _)| n == "submit_key").unwrap().1;
    world.login("izumo").await.post("/office/licence/apply", &[("submit_key", &key)]).await.is(403);
    for _ in 0..2 {
        let fields = [("submit_key", key.as_str()), ("auto_renew", "on")];
        office.post("/office/licence/apply", &fields).await.moves_to("/office/licence?done=licence-applied");
    }
    assert_eq!(world.test.dump("licence").len(), 1);
    let page = office.get("/office/licence/proof").await;
    assert!(page.is(200).has("第1号") && page.has("2026年12月31日まで"), "{}", page.html);
    office
        .post("/office/licence/renewal", &[("auto_renew", "off")])
        .await
        .moves_to("/office/licence?done=licence-renewal");
    assert!(office.get("/office/licence").await.has("しない"));
}
