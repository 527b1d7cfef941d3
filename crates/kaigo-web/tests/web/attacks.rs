//! What attackers try first, beside what other files hold already (SECURITY.md names all of it): guessing, planted sessions, frames,
//! ways that lead elsewhere, files that lie, and questions that would tell who exists.

use kaigo_app::account::mail_code;
use kaigo_app::{Error, login, mail, registration};
use kaigo_careplan::pack::pack;
use kaigo_core::policy::{Act, Caller, decide_act};
use kaigo_testkit::authenticator::Authenticator;
use kaigo_web::{Access, routes};

use crate::account::{self, ORIGIN, add_passkey, answered, challenge, code_in, invite_at, mails, staff};
use crate::exchange_world::join;
use crate::page::{Browser, Page, encode};
use crate::world::{KIYOSHI, USUAL, World, on_both};

const ELSEWHERE: &str = "elsewhere.example";

// ---- guessing ----

#[test]
fn who_took_a_session_cannot_guess_its_password() {
    on_both(USUAL, async |world| {
        let mut taken = world.login("izumo").await;
        taken.get("/account").await.is(200);
        for n in 0..5 {
            let guess = format!("guess number {n}");
            let page = match n % 2 {
                0 => taken.post("/account/prove", &[("password", &guess), ("next", "/account")]).await,
                _ => {
                    taken.post("/account/password", &[("password", &guess), ("new_password", "tsukimi zakuro 7")]).await
                }
            };
            page.is(422);
        }
        let right = world.password_of("izumo");
        taken.post("/account/prove", &[("password", right), ("next", "/account")]).await.is(429);
        let change = [("password", right), ("new_password", "tsukimi zakuro 7")];
        taken.post("/account/password", &change).await.is(429);
        // The count is the login's own, wherever it was guessed.
        let mut browser = world.browser();
        browser.get("/login").await;
        world.password(&mut browser, "izumo").await.is(429);
    });
}

#[test]
fn numbers_on_paper_and_invitations_cannot_be_guessed() {
    on_both(USUAL, async |world| {
        let mut browser = world.browser();
        browser.get("/login").await;
        world.password(&mut browser, "izumo").await.moves_to("/login/code");
        browser.get("/login/code").await;
        for n in 0..5 {
            browser.post("/login/code", &[("code", &format!("ABCD-EFG{}", n + 2))]).await.is(422);
        }
        browser.post("/login/code", &[("code", "ABCD-EFGH")]).await.is(429);

        // Nobody's login stands behind an invitation: its wrong codes count for where they come from.
        let mut guesser = world.browser();
        guesser.came = Some(("198.51.100.7".parse().unwrap(), "curl/8"));
        guesser.get("/invitation").await.is(200);
        let mut seen = Vec::new();
        for n in 0..31 {
            let code = format!("ABCD-EFGH-2345-{:04}", 2222 + n);
            seen.push(guesser.post("/invitation", &[("code", &code)]).await.status);
        }
        assert_eq!((seen[..30].iter().all(|s| *s == 422), seen[30]), (true, 429), "{seen:?}");
        let mut neighbour = world.browser();
        neighbour.came = Some(("198.51.101.7".parse().unwrap(), "curl/8"));
        neighbour.get("/invitation").await.is(200);
        neighbour.post("/invitation", &[("code", "ABCD-EFGH-2345-2222")]).await.is(422);
    });
}

#[test]
fn who_writes_another_address_into_a_header_is_counted_all_the_same() {
    on_both(USUAL, async |world| {
        let mut guesser = world.browser();
        guesser.came = Some(("198.51.100.8".parse().unwrap(), "curl/8"));
        guesser.get("/login").await;
        let from = guesser.from.clone();
        for n in 0..31 {
            // Nothing is a trusted proxy here, so that these are the guesser's own words.
            let other: &'static str = Box::leak(format!("203.0.113.{n}").into_boxed_str());
            guesser.from.clone_from(&from);
            for name in ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "true-client-ip"] {
                guesser.from.push((name, other));
            }
            let login = format!("guess{n}");
            let page = guesser.post("/login", &[("login", &login), ("password", "x")]).await;
            page.is(if n < 30 { 422 } else { 429 });
        }
    });
}

#[test]
fn guesses_that_are_sent_at_once_count_as_well() {
    on_both(USUAL, async |world| {
        // A login that was issued to an office, and the login of somebody who is there: twenty-four guesses in the same moment.
        let at_once = 24;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..at_once {
            let (app, ctx) = (world.app.clone(), world.ctx());
            tasks.spawn(async move {
                let guess = format!("guess number {n}");
                let issued = registration::begin(&app, &ctx, "KJ000000000003", &guess).await;
                let login = login::password(&app, &ctx, "izumo", &guess).await;
                (matches!(issued, Err(Error::Invalid(_))), matches!(login, Err(Error::Invalid(_))))
            });
        }
        let judged = tasks.join_all().await;
        assert_eq!(judged.len(), at_once);
        let issued = judged.iter().filter(|(issued, _)| *issued).count();
        let login = judged.iter().filter(|(_, login)| *login).count();
        assert_eq!((issued, login), (5, 5), "of {at_once} five were judged");
    });
}

#[test]
fn a_code_for_an_address_is_worth_five_tries() {
    on_both(USUAL, async |world| {
        let mut app = world.app.clone();
        app.mail = Some(ORIGIN.to_owned());
        let caller = Caller::Staff(staff(world, "izumo").await);
        mail::ask_code(&app, &world.ctx(), &caller, "izumo@example.jp").await.unwrap();
        let code = code_in(&mails(world)[0]);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            mail::confirm(&app, &world.ctx(), &caller, wrong).await.unwrap_err();
        }
        mail::confirm(&app, &world.ctx(), &caller, &code).await.unwrap_err();
    });
}

// ---- sessions: planted, borrowed, endless ----

#[test]
fn a_planted_session_never_becomes_the_victims() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("izumo").await;
        let mut key = Authenticator::p256(ORIGIN);
        add_passkey(&mut desk, &key).await;
        key.count = 5;
        // The attacker's own sessions: one that waits for its code, one that is whole.
        let mut waiting = world.browser();
        waiting.get("/login").await;
        world.password(&mut waiting, "kamome").await.moves_to("/login/code");
        let whole = world.login("hamanasu").await;
        for planted in [waiting.token().to_owned(), whole.token().to_owned()] {
            // By passkey.
            let mut victim = world.browser();
            victim.cookies.insert("kiban_session".to_owned(), planted.clone());
            victim.get("/login").await.is(200);
            let answer = answered(&mut key, &challenge(&mut victim, "/login/passkey").await);
            victim.post("/login/passkey", &[("answer", &answer)]).await.moves_to("/");
            assert_ne!(victim.token(), planted);
            assert!(victim.get("/people").await.is(200).has("出雲 太郎"));
            // By password and code.
            let mut second = world.browser();
            second.cookies.insert("kiban_session".to_owned(), planted.clone());
            second.get("/login").await.is(200);
            world.password(&mut second, "izumo").await.moves_to("/login/code");
            assert_ne!(second.token(), planted);
            second.get("/login/code").await;
            let code = world.code("izumo");
            second.post("/login/code", &[("code", &code)]).await.moves_to("/");
            assert_ne!(second.token(), planted);
            // What was planted shows nothing of the victim's.
            let mut attacker = world.browser();
            attacker.cookies.insert("kiban_session".to_owned(), planted);
            let page = attacker.get("/people").await;
            assert!(!page.has("出雲 太郎"), "{}", page.html);
        }
    });
}

#[test]
fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let mut minutes = 0;
        while minutes + 20 < login::SESSION_HOURS * 60 {
            world.wait_minutes(20);
            minutes += 20;
            office.get("/people").await.is(200);
        }
        world.wait_minutes(10);
        // The time that is left is told as it is, and one press does not lengthen it.
        let page = office.get("/people").await;
        let left = page.html.split("data-session-seconds=\"").nth(1).unwrap().split('"').next().unwrap();
        let left: i64 = left.parse().unwrap();
        assert!(left > 0 && left <= 10 * 60, "{left}");
        assert!(office.post("/session/keep", &[]).await.is(409).has("12時間"));
        world.wait_minutes(10);
        office.get("/people").await.wants_login("/people");
        // What was typed then is not lost: the form comes back after the login.
        let path = format!("/people/{}/charge/keep", world.charge("izumo", KIYOSHI));
        assert!(office.post(&path, &[]).await.is(401).has("入力した内容は残っています"));
        world.login("izumo").await.get("/people").await.is(200);
    });
}

#[test]
fn a_mailed_code_is_good_only_in_the_browser_that_asked_for_it() {
    on_both(USUAL, async |world| {
        let mut app = world.app.clone();
        app.mail = Some(ORIGIN.to_owned());
        let caller = Caller::Staff(staff(world, "izumo").await);
        mail::ask_code(&app, &world.ctx(), &caller, "izumo@example.jp").await.unwrap();
        mail::confirm(&app, &world.ctx(), &caller, &code_in(&mails(world)[0])).await.unwrap();
        let password = world.password_of("izumo");
        let owner = login::password(&app, &world.ctx(), "izumo", password).await.unwrap().token;
        let thief = login::password(&app, &world.ctx(), "izumo", password).await.unwrap().token;
        mail_code::send(&app, &world.ctx(), &owner).await.unwrap();
        let sent = mails(world).into_iter().find(|row| row.contains("login-code")).unwrap();
        let code = code_in(&sent);
        login::code(&app, &world.ctx(), &thief, &code).await.unwrap_err();
        let opened = login::code(&app, &world.ctx(), &owner, &code).await.unwrap();
        assert!(login::caller(&app, &world.ctx(), &opened.token).await.is_ok());
    });
}

#[test]
fn the_address_for_mail_changes_only_with_a_fresh_proof() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        office.get("/notices/mail").await.is(200);
        // Right after the login nothing more is asked: this world sends no mail, which is the next answer.
        office.post("/notices/mail/address", &[("address", "thief@example.jp")]).await.is(409);
        world.wait_minutes(11);
        let prove = "/account/prove?next=%2Fnotices%2Fmail";
        for (path, fields) in
            [("/notices/mail/address", &[("address", "thief@example.jp")][..]), ("/notices/mail/forget", &[])]
        {
            office.post(path, fields).await.moves_to(prove);
        }
        office.get(prove).await.is(200);
        let code = world.code("izumo");
        let right = [("password", world.password_of("izumo")), ("code", &code), ("next", "/notices/mail")];
        office.post("/account/prove", &right).await.moves_to("/notices/mail");
        office.post("/notices/mail/address", &[("address", "izumo@example.jp")]).await.is(409);
        office.post("/notices/mail/forget", &[]).await.moves_to("/notices/mail?done=mail-forgotten");
    });
}

// ---- ways that lead elsewhere ----

/// Every way to write another site that a browser would follow.
const AWAY: &[&str] = &[
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example/",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example/",
    "/\r\n/elsewhere.example/",
    " https://elsewhere.example/",
    "https:elsewhere.example",
    "javascript:alert('elsewhere.example')",
    "data:text/html,elsewhere.example",
];

/// Names under which a way may be asked for.
const WAYS: &[&str] = &["next", "back", "to", "return", "url", "redirect", "href", "kept"];

/// An answer sends nobody elsewhere: neither at once nor by a link, a form, or a refresh.
fn stays_here(page: &Page, place: &str) {
    let to = page.location();
    let is_local = to.is_empty() || (to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"));
    assert!(is_local && !to.contains(char::is_control), "{place} leads to {to:?}");
    assert!(page.header("refresh").is_empty(), "{place}");
    for attribute in ["href", "action", "formaction", "src"] {
        for value in page.all(attribute) {
            let starts_here = (value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\"))
                || value.starts_with(['#', '?']);
            assert!(starts_here || !value.contains(ELSEWHERE), "{place}: {attribute}={value:?}");
        }
    }
}

#[test]
fn no_address_and_no_field_leads_to_another_site() {
    on_both(USUAL, async |world| {
        let table = routes();
        for who in ["", "izumo", "kiyoshi", "shiyakusho"] {
            let mut browser = if who.is_empty() { world.browser() } else { world.login(who).await };
            if who.is_empty() {
                browser.get("/login").await;
            }
            let csrf = browser.csrf.clone();
            for route in &table {
                let machine = matches!(route.access, Access::Program | Access::Terminal);
                // Those end the session, or change the account that the test needs.
                if machine || matches!(route.path, "/logout" | "/account/sessions/others/end") {
                    continue;
                }
                let path: Vec<_> =
                    route.path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
                let path = path.join("/");
                // One way to write it for each route and, where ways are looked at, all of them.
                let ways = if route.path.starts_with("/login") || route.path.starts_with("/preferences") {
                    AWAY
                } else {
                    &AWAY[..2]
                };
                for away in ways {
                    let place = format!("{who} {} {path} {away:?}", route.method);
                    browser.csrf.clone_from(&csrf);
                    let page = if route.method == "GET" {
                        let query: Vec<_> = WAYS.iter().map(|name| format!("{name}={}", encode(away))).collect();
                        browser.clone().get(&format!("{path}?{}", query.join("&"))).await
                    } else {
                        let fields: Vec<_> = WAYS.iter().map(|name| (*name, *away)).collect();
                        browser.clone().post(&path, &fields).await
                    };
                    stays_here(&page, &place);
                }
            }
        }
        // The proof of who sits there, when it was given; the empty ones above have locked it for a while.
        world.wait_minutes(61);
        let mut office = world.login("izumo").await;
        for away in AWAY {
            office.get(&format!("/account/prove?next={}", encode(away))).await.is(200);
            let code = world.code("izumo");
            let proof = [("password", world.password_of("izumo")), ("code", &code), ("next", away)];
            office.post("/account/prove", &proof).await.moves_to("/account");
        }
    });
}

// ---- files that lie ----

/// A form with files whose kind and name are the sender's word.
async fn inquire(office: &mut Browser<'_>, name: &str, kind: &str, bytes: &[u8]) -> Page {
    let path = "/office/inquiries/new";
    let page = office.get(path).await;
    let key = page.is(200).hidden(path).into_iter().find(|(n, _)| n == "submit_key").unwrap().1;
    let csrf = office.csrf.clone();
    let mut body = Vec::new();
    for (field, value) in [
        ("csrf", csrf.as_str()),
        ("submit_key", &key),
        ("kind", "certificate"),
        ("subject", "台数"),
        ("body", "何台？"),
    ] {
        let part = format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: {kind}\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    office.raw(path, "multipart/form-data; boundary=x", body).await
}

fn png() -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n"[..], &[0, 0, 0, 13], b"IHDR", &[0; 17], &[0, 0, 0, 0], b"IEND", &[0; 4]].concat()
}

#[test]
fn a_file_is_what_is_in_it_whatever_its_name_and_kind_say() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let html = b"<!doctype html><script>alert(1)</script>".to_vec();
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
        let pdf = |inside: &str| format!("%PDF-1.7\n1 0 obj {inside} endobj\ntrailer << >>\n%%EOF\n").into_bytes();
        let zip = pack([("", "a.txt", &b"x"[..])]);
        for (name, kind, bytes, say) in [
            ("画面.png", "image/png", html.clone(), "どれでもありません"),
            ("画面.png", "image/png", svg, "どれでもありません"),
            ("画面.jpg", "image/jpeg", b"MZ\x90\0\x03".to_vec(), "どれでもありません"),
            ("書類.pdf", "application/pdf", zip, "どれでもありません"),
            ("書類.pdf", "application/pdf", b"  %PDF-1.7\n%%EOF\n".to_vec(), "どれでもありません"),
            (
                "書類.pdf",
                "application/pdf",
                pdf("<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"),
                "埋めこまれて",
            ),
            ("書類.pdf", "application/pdf", pdf("<< /S /#4aavaScript /#4A#53 (x) >>"), "埋めこまれて"),
            ("書類.pdf", "application/pdf", pdf("<< /S /Launch /F (cmd.exe) >>"), "埋めこまれて"),
            ("書類.pdf", "application/pdf", pdf("<< /Type /EmbeddedFile >>"), "埋めこまれて"),
            ("書類.pdf", "application/pdf", pdf("<< /Encrypt 5 0 R >>"), "パスワード"),
            ("画面.png", "image/png", [png(), vec![0; 20 << 20]].concat(), "20MB"),
            ("画面.png", "image/png", Vec::new(), "空です"),
        ] {
            let page = inquire(&mut office, name, kind, &bytes).await;
            assert!(page.is(422).has(say) && !page.has("<script>alert"), "{name} {say}: {}", page.html);
        }
        assert!(world.test.dump("inquiry").is_empty(), "nothing was kept");

        // A picture that calls itself a page and comes with a way in its name: kept as what it is, saved and never shown.
        let names = [
            "../../../../etc/cron.d/evil.html",
            "..\\..\\evil.html",
            "evil.html; filename=other.exe",
            "C:\\Windows\\evil.html",
        ];
        for name in names {
            let page = inquire(&mut office, name, "text/html", &[png(), html.clone()].concat()).await;
            let thread = page.is(303).location().split('?').next().unwrap().to_owned();
            let page = office.get(&thread).await;
            assert!(page.is(200).has("evil.html") && !page.has("cron.d") && !page.has("Windows"), "{}", page.html);
            let links = page.all("href");
            let file = links.iter().find(|href| href.starts_with(&format!("{thread}/files/"))).unwrap();
            let got = office.get(file).await;
            assert_eq!(got.is(200).header("content-type"), "image/png", "{name}");
            assert_eq!(got.header("x-content-type-options"), "nosniff");
            let place = got.header("content-disposition");
            assert!(place.starts_with("attachment; filename*=UTF-8''"), "{place}");
            assert!(!place.contains(['/', '\\', '"']) && place.matches(';').count() == 1, "{place}");
        }
        // Nothing on the disk has a name that a sender chose.
        for entry in every_file(&world.test.folder.join("objects")) {
            let name = entry.file_name().unwrap().to_str().unwrap();
            assert!(name.bytes().all(|b| b.is_ascii_hexdigit() || b == b'.' || b == b'#'), "{}", entry.display());
        }
    });
}

fn every_file(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(every_file(&path)) } else { all.push(path) }
    }
    assert!(!all.is_empty() || folder.file_name().unwrap() != "objects");
    all
}

#[test]
fn archives_are_unpacked_within_bounds_and_nowhere_else() {
    on_both(USUAL, async |world| {
        join(world).await;
        let mut office = world.login("izumo").await;
        office.get("/exchange/send").await.is(200);
        let zeros = vec![0_u8; 21 << 20];
        // Small outside, large inside.
        let bomb = pack([("", "a.CSV", &zeros[..])]);
        let inner = pack([("", "a.CSV", &b"x"[..])]);
        let nested = pack([("", "inner.zip", &inner[..])]);
        let mut locked = inner.clone();
        // The bit that says «encrypted», in the local header and in the directory.
        locked[6] |= 1;
        let directory = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        locked[directory + 8] |= 1;
        assert!(bomb.len() < 1 << 20);
        for (name, bytes, status, say) in [
            ("bomb.zip", &bomb, 422, "大きすぎます"),
            ("nested.zip", &nested, 422, "zipの中のzip"),
            ("locked.zip", &locked, 422, "パスワード"),
            ("cut.zip", &inner[..inner.len() - 8].to_vec(), 422, "zipとして開けません"),
        ] {
            let page = office.upload("/exchange/send", &[(name, bytes)]).await;
            assert!(page.is(status).has(say), "{name}: {}", page.html);
        }
        assert!(world.test.dump("exchange_draft").is_empty(), "nothing was kept");

        // Names that lead out of a folder lose their way.
        let slip = pack([
            ("../../..", "evil.CSV", &b"x"[..]),
            ("C:\\Windows", "evil2.CSV", &b"y"[..]),
            ("/etc", "evil3.CSV", b"z"),
        ]);
        let draft = office.upload("/exchange/send", &[("slip.zip", &slip)]).await.is(303).location().to_owned();
        let page = office.get(&draft).await;
        assert!(page.is(200).has("evil.CSV") && page.has("evil2.CSV") && page.has("evil3.CSV"), "{}", page.html);
        for way in ["../", "C:\\", "Windows", "/etc"] {
            assert!(!page.has(&format!("{way}evil")) && !page.has(&format!("{way}\\evil")), "{way}: {}", page.html);
        }
    });
}

#[test]
fn files_cannot_be_framed_or_taken_for_pages() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let c = world.charge("izumo", KIYOSHI);
        let page = inquire(&mut office, "画面.png", "image/png", &png()).await;
        let thread = page.is(303).location().split('?').next().unwrap().to_owned();
        let links = office.get(&thread).await.all("href");
        let enclosed = links.into_iter().find(|href| href.starts_with(&format!("{thread}/files/"))).unwrap();
        let documents = office.get(&format!("/people/{c}/documents")).await;
        let document = format!("/people/{c}/documents/survey-1/file?purpose=care-plan");
        assert!(documents.is(200).has("documents/"), "{}", documents.html);
        let mut seen = 0;
        for path in [enclosed, document, "/portal/feed.atom".to_owned(), "/pki/crl.der".to_owned()] {
            let page = office.get(&path).await;
            seen += u32::from(page.status == 200);
            let policy = page.header("content-security-policy");
            assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
            assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(page.header("cross-origin-resource-policy"), "same-origin", "{path}");
        }
        assert!(seen >= 2, "files were there to look at");
    });
}

#[test]
fn a_form_that_is_too_long_is_refused_before_it_is_read() {
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        office.get("/people").await;
        let csrf = office.csrf.clone();
        let before = world.state();
        for path in ["/account/password", "/notices/mail", "/identity", "/people/x/charge/keep"] {
            let form = format!("csrf={csrf}&password={}", "x".repeat(70_000));
            office.ask("POST", path, form).await.is(413);
        }
        assert_eq!(world.state(), before);
    });
}

// ---- who exists ----

/// Login and password, then what the page says without what was typed.
async fn tried(world: &World<'_>, login: &str, password: &str) -> (u16, String) {
    let mut browser = world.browser();
    browser.get("/login").await;
    let page = browser.post("/login", &[("login", login), ("password", password)]).await;
    (page.status, page.without(&[login]))
}

#[test]
fn an_account_that_was_switched_off_looks_like_none() {
    on_both(USUAL, async |world| {
        let id = staff(world, "hamanasu").await.account_id;
        let right = world.password_of("hamanasu");
        let unknown = tried(world, "nobody-at-all", right).await;
        assert_eq!(tried(world, "hamanasu", "not-the-password").await, unknown);
        assert_eq!(tried(world, "hamanasu", right).await.0, 303, "it was the right one");
        let now = world.ctx().instant();
        let grant = decide_act(&Caller::Operator, Act::Operate).unwrap();
        let off = world.app.db.write(move |tx| kaigo_store::colleague::suspend(tx, &grant, &id, &now, "休み"));
        assert!(off.await.unwrap());
        assert_eq!(tried(world, "hamanasu", right).await, unknown, "the right password tells nothing any more");
    });
}

#[test]
fn passkeys_and_invitations_tell_nobody_who_exists() {
    on_both(USUAL, async |world| {
        let mut desk = world.login("izumo").await;
        let mut known = Authenticator::p256(ORIGIN);
        add_passkey(&mut desk, &known).await;
        // The question is for everybody: it names no login and no key.
        let mut browser = world.browser();
        browser.get("/login").await;
        let page = browser.get("/login/passkey").await;
        let options: serde_json::Value = serde_json::from_slice(&page.is(200).bytes).unwrap();
        let allowed = options.get("allowCredentials").and_then(|list| list.as_array());
        assert!(allowed.is_none_or(Vec::is_empty), "{options}");
        assert!(!page.has("izumo") && !page.has("出雲"));
        // A key that nobody has, and a known one with a wrong signature: the same page.
        let mut unknown = Authenticator::p256(ORIGIN);
        let question = challenge(&mut browser, "/login/passkey").await;
        let of_nobody = answered(&mut unknown, &question);
        let of_izumo = answered(&mut known, &question);
        let mut forged: serde_json::Value = serde_json::from_str(&of_izumo).unwrap();
        let signature: serde_json::Value =
            serde_json::from_str::<serde_json::Value>(&of_nobody).unwrap()["signature"].clone();
        forged["signature"] = signature;
        let forged = forged.to_string();
        let mut pages = Vec::new();
        for answer in [&of_nobody, &forged] {
            let page = browser.post("/login/passkey", &[("answer", answer)]).await;
            pages.push((page.status, page.without(&[])));
        }
        assert_eq!(pages[0], pages[1]);
        // An invitation that is used up, taken back, over, or never was: the same page.
        let mut admin = world.login("minato-admin").await;
        let (_, used) = invite_at(&mut admin, "/office", "新田 一").await;
        account::join(world, &used, "nitta").await;
        let (place, taken_back) = invite_at(&mut admin, "/office", "窓口 二郎").await;
        let place = place.split('?').next().unwrap();
        admin.post(&format!("{place}/revoke"), &[]).await.is(303);
        let (_, over) = invite_at(&mut admin, "/office", "三浦 三郎").await;
        world.wait_days(8);
        let mut codes = Vec::new();
        browser.get("/invitation").await.is(200);
        for code in [&used, &taken_back, &over, "ZZZZ-ZZZZ-ZZZZ-ZZZZ"] {
            let page = browser.post("/invitation", &[("code", code)]).await;
            codes.push((page.is(422).status, page.without(&[code])));
        }
        assert!(codes.iter().all(|code| *code == codes[3]), "{codes:?}");
    });
}
