//! Certificates of terminals: asked for, reviewed, handed over once, bound to the session, revoked, told before their end.

use std::sync::Arc;

use kaigo_app::pki::{ca, watch};
use kaigo_core::terminal::TerminalCertificate;

use crate::page::{Browser, Page};
use crate::world::{MINATO, PROXY, USUAL, World, on_both};

const ADMIN: &str = "minato-admin";

/// The address of the terminal with that name on a list.
fn listed(page: &Page, start: &str, name: &str) -> String {
    let before = page.html.split(name).next().unwrap();
    let rest = before.rsplit(&format!("href=\"{start}")).next().expect("the terminal is listed");
    format!("{start}{}", rest.split('"').next().unwrap())
}

async fn ask(admin: &mut Browser<'_>, names: &str) -> String {
    let form = admin.get("/office/certificates").await.is(200).hidden("/office/certificates");
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.extend([("names", names), ("way", "file")]);
    admin.post("/office/certificates", &fields).await.moves_to("/office/certificates?done=certificate-asked");
    // Sent twice, it is asked for once.
    admin.post("/office/certificates", &fields).await.moves_to("/office/certificates?done=certificate-asked");
    let page = admin.get("/office/certificates").await;
    assert_eq!(page.html.matches(names).count(), 1, "{}", page.html);
    listed(&page, "/office/certificates/", names)
}

/// Opens the file as a browser would; answers the certificate.
fn opened(file: &[u8], code: &str) -> Option<Vec<u8>> {
    let store = p12_keystore::KeyStore::from_pkcs12(file, code, p12_keystore::Pkcs12ImportPolicy::Strict).ok()?;
    let (_, chain) = store.private_key_chain()?;
    Some(chain.certs().first()?.as_der().to_vec())
}

async fn issued(world: &World<'_>, admin: &mut Browser<'_>, names: &str) -> (String, TerminalCertificate) {
    let own = ask(admin, names).await;
    let desk_place = own.replace("/office/", "/operator/");
    let mut desk = world.login("unei").await;
    desk.get(&desk_place).await.is(200);
    desk.post(&format!("{desk_place}/approve"), &[]).await;
    let page = admin.get(&own).await;
    page.is(200);
    let code = page.html.split("id=\"code\" data-as-is>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let file = admin.post(&format!("{own}/file"), &[]).await;
    file.is(200);
    assert_eq!(file.header("content-type"), "application/x-pkcs12");
    assert_eq!(opened(&file.bytes, "ABCD-EFGH-JKLM-NPQR"), None, "another code opens nothing");
    let der = opened(&file.bytes, &code).expect("the code opens the file");
    // Handed over once: neither the file nor its code comes again.
    admin.post(&format!("{own}/file"), &[]).await.is(409);
    assert!(!admin.get(&own).await.has(&code));
    (own, ca::terminal_of(&der).expect("names its terminal"))
}

#[test]
fn a_certificate_is_asked_for_reviewed_handed_over_once_and_binds_the_session() {
    on_both(USUAL, async |world| {
        let mut admin = world.login(ADMIN).await;
        // Without an authority the desk says so, and nothing is lost.
        let early = ask(&mut admin, "相談室のパソコン1").await;
        let mut desk = world.login("unei").await;
        let early_at_desk = early.replace("/office/", "/operator/");
        desk.get(&early_at_desk).await.is(200);
        desk.post(&format!("{early_at_desk}/approve"), &[]).await.is(409);
        desk.get("/operator").await.is(200);
        desk.post(&format!("{early_at_desk}/refuse"), &[("reason", "")]).await.is(422);
        desk.post(&format!("{early_at_desk}/refuse"), &[("reason", "台数を確かめてください。")]).await;
        assert!(admin.get(&early).await.has("台数を確かめてください。"));

        ca::init(&world.app, &world.ctx(), "テスト").await.unwrap();
        let (own, certificate) = issued(world, &mut admin, "相談室のパソコン2").await;
        assert_eq!(certificate.office_no, world.office(MINATO));
        let certificate = Arc::new(certificate);

        // On that terminal a member of the office logs in; the session is good there only.
        let mut at_work = world.browser();
        at_work.terminal = Some(Arc::clone(&certificate));
        enter(world, &mut at_work, "izumo").await;
        at_work.get("/people").await.is(200);
        let mut thief = at_work.clone();
        thief.terminal = None;
        assert_eq!(thief.get("/people").await.status, 303, "a stolen cookie opens nothing without the certificate");
        thief.terminal = Some(Arc::new(TerminalCertificate { serial: "4b".to_owned(), ..(*certificate).clone() }));
        assert_eq!(thief.get("/people").await.status, 303, "nor with another one of the same office");

        // Staff of another office do not get in on this terminal, and no session of theirs is good there.
        let mut stranger = world.browser();
        stranger.terminal = Some(Arc::clone(&certificate));
        stranger.get("/login").await;
        let page = world.password(&mut stranger, "hamanasu").await;
        assert_eq!(page.status, 422);
        assert!(page.has("ほかの事業所"), "{}", page.html);
        let mut moved = world.login("hamanasu").await;
        moved.get("/people").await.is(200);
        moved.terminal = Some(Arc::clone(&certificate));
        assert_eq!(moved.get("/people").await.status, 303);
        // Nobody else sees or touches the terminal.
        let mut other = world.login("kamome").await;
        assert!(other.get(&own).await.status >= 403);
        assert!(other.post(&format!("{own}/revoke"), &[("reason", "lost")]).await.status >= 403);

        // The notebook is lost: the office itself revokes, and the open session ends at once.
        admin.get(&own).await;
        admin.post(&format!("{own}/revoke"), &[]).await.is(422);
        let done = "/office/certificates?done=certificate-revoked";
        admin.post(&format!("{own}/revoke"), &[("reason", "lost")]).await.moves_to(done);
        assert_eq!(at_work.get("/people").await.status, 303);
        let list = ca::crl(&world.app, &world.ctx()).await.unwrap();
        assert_eq!(ca::serials(&list), Some(vec![certificate.serial.clone()]));
        let page = world.browser().get("/pki/crl.der").await;
        page.is(200);
        assert_eq!(ca::serials(&page.bytes), Some(vec![certificate.serial.clone()]));
    });
}

async fn enter(world: &World<'_>, browser: &mut Browser<'_>, login: &str) {
    browser.get("/login").await.is(200);
    world.password(browser, login).await;
    browser.get("/login/code").await.is(200);
    let code = world.code(login);
    browser.post("/login/code", &[("code", &code)]).await;
}

#[test]
fn the_office_is_told_before_the_end_and_renews_without_another_review() {
    on_both(USUAL, async |world| {
        ca::init(&world.app, &world.ctx(), "テスト").await.unwrap();
        let mut admin = world.login(ADMIN).await;
        let (own, old) = issued(world, &mut admin, "相談室のパソコン").await;
        let ended = |page: &Page| page.html.matches("<b>端末の電子証明書の期限が近づいています").count();
        for (wait, told) in [(600, 0), (45, 1), (60, 2), (20, 3), (1, 3)] {
            world.wait_days(wait);
            watch::work(&world.app, &world.ctx(), "test").await.unwrap();
            let mut admin = world.login(ADMIN).await;
            assert_eq!(ended(&admin.get("/notices").await), told, "after {wait} more days");
        }
        let mut admin = world.login(ADMIN).await;
        let form = admin.get(&own).await.hidden(&format!("{own}/renew"));
        let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let next = admin.post(&format!("{own}/renew"), &fields).await;
        assert_eq!(next.status, 303);
        // Sent twice, it is the same one; another time it is too much.
        assert_eq!(admin.post(&format!("{own}/renew"), &fields).await.location(), next.location());
        admin.post(&format!("{own}/renew"), &[("submit_key", "other")]).await.is(409);
        let place = next.location().split('?').next().unwrap().to_owned();
        let page = admin.get(&place).await;
        page.is(200);
        let code = page.html.split("id=\"code\" data-as-is>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let file = admin.post(&format!("{place}/file"), &[]).await;
        file.is(200);
        let new = ca::terminal_of(&opened(&file.bytes, &code).unwrap()).unwrap();
        assert_eq!((new.office_no, new.terminal_no), (old.office_no, old.terminal_no));
        assert_ne!(new.serial, old.serial);
    });
}

/// What the third of the five steps says of the connection, for headers that come from an address.
#[test]
fn only_the_proxy_of_the_installation_is_believed_about_the_connection() {
    const UNKNOWN: &str = "通信の方式は、このページからは分かりません";
    const HTTPS: &str = "通信は https（TLS）で守られています";
    on_both(USUAL, async |world| {
        let mut office = world.login("izumo").await;
        let cases: [(&str, &[(&str, &str)], &str); 11] = [
            (PROXY, &[], UNKNOWN),
            (PROXY, &[("tls-version", "TLSv1.3"), ("x-forwarded-proto", "https")], "通信は TLS 1.3 で守られています"),
            (PROXY, &[("tls-version", "TLSv1.2")], "通信が TLSv1.2 です"),
            (PROXY, &[("tls-version", "<b>TLSv1.3</b>")], UNKNOWN),
            (PROXY, &[("x-forwarded-proto", "https")], HTTPS),
            (PROXY, &[("x-forwarded-proto", "https, https")], HTTPS),
            (PROXY, &[("x-forwarded-proto", "https, http")], "通信が守られていません（http）"),
            (PROXY, &[("x-forwarded-proto", "ftp")], UNKNOWN),
            ("192.0.2.7", &[("tls-version", "TLSv1.3")], UNKNOWN),
            ("192.0.2.7", &[("x-forwarded-proto", "https")], UNKNOWN),
            ("192.0.2.7", &[("x-forwarded-for", PROXY), ("tls-version", "TLSv1.3")], UNKNOWN),
        ];
        for (from, says, wanted) in cases {
            office.came = Some((from.parse().unwrap(), "Mozilla/5.0"));
            office.says = says.to_vec();
            let page = office.get("/office/steps").await;
            let all = [UNKNOWN, HTTPS, "TLS 1.3 で守られています", "通信が TLSv1.2 です", "通信が守られていません"];
            let said: Vec<_> = all.into_iter().filter(|one| page.is(200).has(one)).collect();
            assert!(said.len() == 1 && wanted.contains(said[0]), "{from} {says:?}: {said:?}");
        }
    });
}
