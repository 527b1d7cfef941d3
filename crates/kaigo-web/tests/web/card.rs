//! 本人確認 by マイナンバーカード: the whole way with cards in memory, and everybody who tries another one.

use std::path::Path;
use std::sync::OnceLock;

use kaigo_app::card::transaction::{self, MATCH_CODE};
use kaigo_app::card::{answer, terminal};
use kaigo_card::certificate::hex;
use kaigo_card::challenge::Challenge;
use kaigo_card::device::DeviceKey;
use kaigo_card::jpki::{AskPin, CardError, TriesLeft, prove, show};
use kaigo_card::pin::Pin;
use kaigo_card::protocol::{
    ANSWER, Answer, ENROL, Enrol, Enrolled, FETCH, Fetch, Fetched, Link, Said, Taken, Terminal,
};
use kaigo_card::test_set::{self, CardFile, Kind, PIN};
use kaigo_card::virtual_card::VirtualCard;
use kaigo_core::policy::{Caller, Staff};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::page::{Browser, Page};
use crate::world::{MITSU, TOME, USUAL, World, on_both};

const ORIGIN: &str = "http://kiban.test";
const MINATOGAWA: &str = "981019";
const BIRTH: &str = "昭和14年3月3日";

/// The set of cards, made once: keys take time.
fn set() -> &'static Path {
    static SET: OnceLock<tempfile::TempDir> = OnceLock::new();
    let make = || {
        let folder = tempfile::tempdir().unwrap();
        test_set::make(folder.path(), 2026).unwrap();
        folder
    };
    SET.get_or_init(make).path()
}

fn card(kind: Kind) -> CardFile {
    CardFile::read(&set().join(format!("{}.card", kind.name()))).unwrap()
}

/// Gives the server the anchors and lists of the set.
fn trust(world: &World<'_>) {
    let there = world.test.folder.join("anchors");
    std::fs::create_dir_all(&there).unwrap();
    for entry in std::fs::read_dir(set().join("anchors")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, there.join(path.file_name().unwrap())).unwrap();
    }
}

/// An enrolled terminal.
struct Desk {
    key: DeviceKey,
    enrolled: Enrolled,
    origin: String,
}

impl Desk {
    fn terminal(&self) -> Terminal<'_> {
        let e = &self.enrolled;
        Terminal { office_no: &e.office_no, terminal_id: &e.terminal_id, origin: &self.origin }
    }

    fn fetch_of(&self, link: &Link) -> Fetch {
        Fetch::new(&self.key, self.terminal(), (&link.transaction, &link.secret))
    }

    fn answer_of(&self, link: &Link, nonce: &str, said: Said) -> Answer {
        Answer::new(&self.key, self.terminal(), (&link.transaction, &link.secret), nonce, said)
    }
}

async fn send(world: &World<'_>, path: &str, message: &impl Serialize) -> Page {
    let body = serde_json::to_vec(message).unwrap();
    world.browser().raw(path, "application/json", body).await
}

fn read<T: DeserializeOwned>(page: &Page) -> T {
    serde_json::from_str(&page.is(200).html).unwrap()
}

/// The administrator makes a terminal on the page; the terminal enrols with the code that stands there.
async fn enrol(world: &World<'_>, admin: &mut Browser<'_>, name: &str) -> Desk {
    let page = admin.get("/card/terminals").await;
    let form = page.is(200).hidden("/card/terminals");
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.push(("name", name));
    admin.post("/card/terminals", &fields).await.moves_to("/card/terminals");
    // The form once more is the same terminal.
    admin.post("/card/terminals", &fields).await.moves_to("/card/terminals");
    let page = admin.get("/card/terminals").await;
    assert_eq!(page.html.matches(&format!("<th scope=\"row\">{name}</th>")).count(), 1);
    let code = page.html.split("登録コード：<code class=\"k-code\">").nth(1).unwrap().split('<').next().unwrap();
    let key = DeviceKey::from_pkcs8(&DeviceKey::make().unwrap()).unwrap();
    let message = Enrol::new(&key, ORIGIN, code);
    let enrolled: Enrolled = read(&send(world, ENROL, &message).await);
    assert_eq!(enrolled.name, name);
    // The code is used up.
    send(world, ENROL, &Enrol::new(&key, ORIGIN, code)).await.is(401);
    Desk { key, enrolled, origin: ORIGIN.to_owned() }
}

/// Begins a transaction on the page: its address and its link.
async fn begin(office: &mut Browser<'_>, way: &str) -> (String, Link) {
    let page = office.get("/identity").await;
    let form = page.is(200).hidden("/card");
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.push(("way", way));
    let first = office.post("/card", &fields).await;
    let again = office.post("/card", &fields).await;
    assert_eq!(first.location(), again.location(), "a second click begins nothing new");
    let path = first.is(303).location().to_owned();
    let page = office.get(&path).await;
    let link = page.is(200).all("href").into_iter().find_map(|href| Link::parse(&href)).unwrap();
    assert!(page.has("<svg class=\"k-qr\""));
    (path, link)
}

/// Somebody with a PIN.
struct Holder(&'static str);

impl AskPin for Holder {
    fn pin(&mut self, _tries: TriesLeft) -> Option<Pin> {
        Pin::parse(self.0)
    }

    fn go_on_with_last_try(&mut self) -> bool {
        true
    }
}

fn challenge(link: &Link, fetched: &Fetched, origin: &str) -> Challenge {
    Challenge {
        origin: origin.to_owned(),
        transaction: link.transaction.clone(),
        purpose: fetched.purpose.clone(),
        office_no: fetched.office_no.clone(),
        nonce: fetched.nonce.clone(),
        issued_at: fetched.issued_at.clone(),
    }
}

/// What a card says to a challenge, as the terminal's program passes it on.
fn say(card: VirtualCard, challenge: &Challenge, pin: &'static str) -> Said {
    match prove(card, challenge, &mut Holder(pin)) {
        Ok(evidence) => Said::Signed {
            certificate: hex(&evidence.certificate),
            signature: hex(&evidence.signature),
            token: evidence.token.code().to_owned(),
        },
        Err(error) => {
            let left = if let CardError::WrongPin { left } = error { Some(left) } else { None };
            Said::Failed { code: error.code().to_owned(), left }
        }
    }
}

/// Fetches a transaction and lets a card answer it.
async fn put(world: &World<'_>, desk: &Desk, link: &Link, kind: Kind, pin: &'static str) -> Taken {
    let fetched: Fetched = read(&send(world, FETCH, &desk.fetch_of(link)).await);
    let said = if fetched.way == "visual" {
        let (token, certificate) = show(card(kind).insert().unwrap()).unwrap();
        Said::Shown { certificate: hex(&certificate), token: token.code().to_owned() }
    } else {
        say(card(kind).insert().unwrap(), &challenge(link, &fetched, ORIGIN), pin)
    };
    read(&send(world, ANSWER, &desk.answer_of(link, &fetched.nonce, said)).await)
}

/// Where the page of a transaction leads once the person is known.
async fn check_of(office: &mut Browser<'_>, path: &str) -> String {
    let page = office.get(path).await;
    assert!(page.is(303).location().starts_with("/identity/"));
    page.location().to_owned()
}

async fn link(office: &mut Browser<'_>, path: &str, insured_no: &str, birth: &str) -> Page {
    let fields = [("insurer_no", MINATOGAWA), ("insured_no", insured_no), ("birth", birth), ("seen", "yes")];
    office.post(path, &fields).await
}

#[test]
fn a_new_card_is_linked_once_and_recognised_afterwards() {
    on_both(USUAL, async |world| {
        trust(world);
        let (mut admin, mut office) = (world.login("minato-admin").await, world.login("izumo").await);
        let desk = enrol(world, &mut admin, "受付のパソコン").await;
        let (path, first) = begin(&mut office, "pin").await;
        let page = office.get(&path).await;
        assert!(page.has("data-state=\"waiting\"") && page.has("画面を新しくする"));
        assert!(office.get(&format!("{path}/events")).await.is(200).has("data: waiting"));
        let taken = put(world, &desk, &first, Kind::Normal, PIN).await;
        assert_eq!(taken.outcome, "new", "{}", taken.say);
        assert!(office.get(&format!("{path}/events")).await.has("data: new"));
        // Whose it is, is shown by the 被保険者証: a wrong date finds nobody and is entered in that person's log.
        assert!(office.get(&path).await.is(200).has("はじめてのカード"));
        let unseen = office.post(&path, &[("insurer_no", MINATOGAWA), ("insured_no", MITSU), ("birth", BIRTH)]).await;
        assert!(
            unseen.is(422).has("見比べたら、チェックを入れてください") && unseen.has(&format!("value=\"{MITSU}\""))
        );
        assert!(link(&mut office, &path, MITSU, "昭和14年3月4日").await.is(422).has("確認できませんでした"));
        assert!(!link(&mut office, &path, "123456789018", BIRTH).await.is(422).has("123456789018"));
        let linked = link(&mut office, &path, MITSU, BIRTH).await;
        let check = linked.is(303).location().to_owned();
        link(&mut office, &path, MITSU, BIRTH).await.moves_to(&check);
        let page = office.get(&check).await;
        assert!(page.is(200).has("春日 ミツ") && page.has("マイナンバーカードと暗証番号で確認できています"));
        let done = office.post(&check, &[]).await;
        let people = office.get(done.is(303).location()).await;
        assert!(people.is(200).has("担当事業所として登録しました") && people.has("春日 ミツ"));
        let charge = people.all("href").into_iter().find(|href| href.ends_with("/charge")).unwrap();
        assert!(office.get(&charge).await.has("マイナンバーカードと暗証番号"));

        // Another office, by sight: the card is known, the face is what staff vouch for.
        let (mut other, mut boss) = (world.login("kamome").await, world.login("kamome").await);
        let refused = boss.get("/card/terminals").await.status;
        assert_eq!(refused, 403, "who does not administer an office enrols nothing");
        let (own, visual) = begin(&mut office, "visual").await;
        assert_eq!(put(world, &desk, &visual, Kind::Normal, PIN).await.outcome, "known");
        let check = check_of(&mut office, &own).await;
        // The office has the person already: its registration is shown.
        assert!(office.get(&check).await.is(303).location().ends_with("/certificates"));
        assert_eq!(other.get(&own).await.status, 404, "somebody else's transaction is nothing");

        // A renewed certificate takes the place of the first, which is new again afterwards.
        let (path, renewed) = begin(&mut office, "pin").await;
        assert_eq!(put(world, &desk, &renewed, Kind::Renewed, PIN).await.outcome, "new");
        link(&mut office, &path, MITSU, BIRTH).await.is(303);
        let rows = world.test.dump("card_link");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows.iter().filter(|row| row.contains("renewed")).count(), 1, "{rows:?}");
        let (_, old) = begin(&mut office, "pin").await;
        assert_eq!(put(world, &desk, &old, Kind::Normal, PIN).await.outcome, "new");
        let (_, new) = begin(&mut office, "pin").await;
        assert_eq!(put(world, &desk, &new, Kind::Renewed, PIN).await.outcome, "known");

        // The log says how.
        let log = world.log_of(MITSU).await;
        for (act, way) in [
            ("check-identity", "card-pin"),
            ("check-identity", "card-visual"),
            ("link-card", "card-pin"),
            ("register-charge", "card-pin"),
        ] {
            assert!(log.iter().any(|e| e.act == act && e.document.as_deref() == Some(way)), "{act} {way}: {log:?}");
        }
        assert!(log.iter().any(|e| e.rule.as_deref() == Some("identity-no-match")));
        nothing_of_the_card_is_kept(world);
    });
}

/// Neither PIN, certificate, key nor number stands anywhere in the database or in the folder.
fn nothing_of_the_card_is_kept(world: &World<'_>) {
    let tables =
        ["card_terminal", "card_transaction", "card_link", "card_index", "identity_check", "access_log", "charge"];
    let text: String = tables.iter().flat_map(|table| world.test.dump(table)).collect();
    for kind in [Kind::Normal, Kind::Renewed] {
        let file = card(kind);
        let serial = format!("{:x}", file.card.serial);
        for secret in [hex(&file.card.certificate), hex(&file.card.key), format!("'{PIN}'"), "123456789018".to_owned()]
        {
            assert!(!text.contains(&secret), "{kind:?}");
        }
        assert!(!text.contains(&format!("0{serial}")), "the serial number as it is: {kind:?}");
        for name in ["TEST CA", "kaigo-kiban TEST"] {
            assert!(!text.contains(name), "the issuer as it is");
        }
    }
    // Raw bytes of the embedded database and of every other file: what an index or a free page might still hold.
    let needles = [card(Kind::Normal).card.certificate, card(Kind::Normal).card.key];
    for path in files(&world.test.folder) {
        let bytes = std::fs::read(&path).unwrap_or_default();
        for needle in &needles {
            let middle = &needle[needle.len() / 2..needle.len() / 2 + 24];
            assert!(!bytes.windows(24).any(|window| window == middle), "{}", path.display());
        }
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

#[test]
fn bad_cards_are_told_apart_on_the_page() {
    on_both(USUAL, async |world| {
        trust(world);
        let (mut admin, mut office) = (world.login("minato-admin").await, world.login("izumo").await);
        let desk = enrol(world, &mut admin, "受付").await;
        let cases = [
            (Kind::Locked, PIN, "暗証番号がロックされています"),
            (Kind::Normal, "9999", "あと2回ためせます"),
            (Kind::OneTry, "9999", "暗証番号がロックされています"),
            (Kind::Normal, "12", "カードでの確認をやめました"),
            (Kind::Expired, PIN, "有効期限が切れています"),
            (Kind::Revoked, PIN, "失効しています"),
            (Kind::Foreign, PIN, "確かめられる発行者のものではありません"),
            (Kind::Removed, PIN, "読み取りの途中でカードが離れました"),
            (Kind::Other, PIN, "マイナンバーカードではない"),
        ];
        for (kind, pin, sentence) in cases {
            let (path, link) = begin(&mut office, "pin").await;
            let taken = put(world, &desk, &link, kind, pin).await;
            assert_eq!(taken.outcome, "failed", "{kind:?}");
            let page = office.get(&path).await;
            assert!(page.is(200).has(sentence) && taken.say.contains(sentence), "{kind:?}: {}", page.html);
            assert!(page.has("もう一度カードを読み取る") && page.has("被保険者証で確認する"));
        }
        // What has no card behind it: reader and codes as a terminal reports them. A code of its own making says nothing.
        for (code, sentence) in [
            ("card-no-reader", "カードリーダーが見つかりません"),
            ("card-several", "1枚だけにしてください"),
            ("card-none", "置きなおしてください"),
            ("<script>alert(1)</script>", "受け付けませんでした"),
            (MATCH_CODE, "番号がちがいました"),
        ] {
            let (path, link) = begin(&mut office, "pin").await;
            let fetched: Fetched = read(&send(world, FETCH, &desk.fetch_of(&link)).await);
            let said = Said::Failed { code: code.to_owned(), left: None };
            read::<Taken>(&send(world, ANSWER, &desk.answer_of(&link, &fetched.nonce, said)).await);
            let page = office.get(&path).await;
            assert!(page.is(200).has(sentence) && !page.has("<script>alert"), "{code}: {}", page.html);
        }
        // Good ones of both generations.
        for kind in [Kind::OneTry, Kind::Next] {
            let (_, link) = begin(&mut office, "pin").await;
            assert_eq!(put(world, &desk, &link, kind, PIN).await.outcome, "new", "{kind:?}");
        }
        // Without lists nobody can tell what was revoked: nothing counts.
        for name in ["test.crl", "test-next.crl"] {
            std::fs::remove_file(world.test.folder.join("anchors").join(name)).unwrap();
        }
        let (_, link) = begin(&mut office, "pin").await;
        let taken = put(world, &desk, &link, Kind::Normal, PIN).await;
        assert!(taken.outcome == "failed" && taken.say.contains("いま確かめられません"), "{}", taken.say);
    });
}

#[test]
fn replays_relays_stolen_links_and_forged_terminals_get_nowhere() {
    on_both(USUAL, async |world| {
        trust(world);
        let (mut admin, mut office) = (world.login("minato-admin").await, world.login("izumo").await);
        let desk = enrol(world, &mut admin, "受付").await;
        let second = enrol(world, &mut admin, "相談室").await;
        let (path, link) = begin(&mut office, "pin").await;
        // Forged: another key under the terminal's name; no terminal at all; bytes that are no message.
        let forged = Desk { key: DeviceKey::from_seed(&[9; 32]).unwrap(), ..clone(&desk) };
        send(world, FETCH, &forged.fetch_of(&link)).await.is(401);
        let mut unknown = clone(&desk);
        unknown.enrolled.terminal_id = "0".repeat(32);
        send(world, FETCH, &unknown.fetch_of(&link)).await.is(401);
        for body in ["", "{}", "[]", "null", "{\"office_no\":1}"] {
            for path in [ENROL, FETCH, ANSWER] {
                world.browser().raw(path, "application/json", body.as_bytes().to_vec()).await.is(401);
            }
        }
        // A link with another secret, or to nothing.
        let guessed = Link { secret: "0".repeat(32), ..link.clone() };
        send(world, FETCH, &desk.fetch_of(&guessed)).await.is(404);
        // Pinned to another server: what it signs is worth nothing here.
        let elsewhere = Desk { origin: "https://evil.example".to_owned(), ..clone(&desk) };
        send(world, FETCH, &elsewhere.fetch_of(&link)).await.is(401);
        let fetched: Fetched = read(&send(world, FETCH, &desk.fetch_of(&link)).await);
        assert!(office.get(&path).await.has("カードを読み取っています"));
        // Fetched again by the same terminal: the same. By another one: in other hands.
        assert_eq!(read::<Fetched>(&send(world, FETCH, &desk.fetch_of(&link)).await), fetched);
        assert!(send(world, FETCH, &second.fetch_of(&link)).await.is(422).has("card-other-terminal"));
        // A card that signed for another origin, office, or transaction: its signature does not fit.
        let good = say(card(Kind::Normal).insert().unwrap(), &challenge(&link, &fetched, ORIGIN), PIN);
        let relayed =
            say(card(Kind::Normal).insert().unwrap(), &challenge(&link, &fetched, "https://evil.example"), PIN);
        let by = |desk: &Desk, said: &Said| desk.answer_of(&link, &fetched.nonce, said.clone());
        send(world, ANSWER, &by(&second, &good)).await.is(422);
        send(world, ANSWER, &by(&forged, &good)).await.is(401);
        send(world, ANSWER, &desk.answer_of(&link, &"0".repeat(64), good.clone())).await.is(401);
        let taken: Taken = read(&send(world, ANSWER, &by(&desk, &relayed)).await);
        assert!(taken.outcome == "failed" && taken.say.contains("署名を確かめられませんでした"), "{}", taken.say);
        // Single use: nothing more can be said to it, and what was said stays what it was.
        assert!(send(world, ANSWER, &by(&desk, &good)).await.is(422).has("card-over"));
        assert_eq!(read::<Taken>(&send(world, ANSWER, &by(&desk, &relayed)).await), taken);
        assert!(send(world, FETCH, &desk.fetch_of(&link)).await.is(422).has("card-over"));

        // Replay of a whole evidence in the next transaction; a certificate alone where a signature was asked for.
        for said in [good.clone(), shown(Kind::Normal)] {
            let (_, next) = begin(&mut office, "pin").await;
            let fetched: Fetched = read(&send(world, FETCH, &desk.fetch_of(&next)).await);
            let taken: Taken = read(&send(world, ANSWER, &desk.answer_of(&next, &fetched.nonce, said)).await);
            assert_eq!(taken.outcome, "failed");
        }
        // Run out: three minutes, neither fetched nor answered afterwards.
        let (path, late) = begin(&mut office, "pin").await;
        let fetched: Fetched = read(&send(world, FETCH, &desk.fetch_of(&late)).await);
        let (_, unfetched) = begin(&mut office, "pin").await;
        world.wait_minutes(3);
        let said = say(card(Kind::Normal).insert().unwrap(), &challenge(&late, &fetched, ORIGIN), PIN);
        assert!(send(world, ANSWER, &desk.answer_of(&late, &fetched.nonce, said)).await.is(422).has("card-over"));
        assert!(send(world, FETCH, &desk.fetch_of(&unfetched)).await.is(422).has("card-over"));
        assert!(office.get(&path).await.is(200).has("時間が過ぎました"));
        // Given up on the page; and a terminal that the administrator ended.
        let (path, link) = begin(&mut office, "pin").await;
        office.post(&format!("{path}/cancel"), &[]).await.moves_to("/identity");
        assert!(send(world, FETCH, &desk.fetch_of(&link)).await.is(422).has("card-over"));
        let (_, link) = begin(&mut office, "pin").await;
        admin.get("/card/terminals").await;
        let end = format!("/card/terminals/{}/end", desk.enrolled.terminal_id);
        admin.post(&end, &[]).await.moves_to("/card/terminals");
        send(world, FETCH, &desk.fetch_of(&link)).await.is(401);
        // A stolen link in another office's hands: its terminal knows nothing of it, whatever it signs.
        let stranger = other_office(world, &second).await;
        send(world, FETCH, &stranger.fetch_of(&link)).await.is(404);
        assert!(world.test.dump("card_link").is_empty());
        assert_eq!(
            world.log_of(MITSU).await.len() + world.log_of(TOME).await.iter().filter(|e| e.act == "link-card").count(),
            0
        );
    });
}

fn clone(desk: &Desk) -> Desk {
    Desk { key: DeviceKey::from_seed(&[9; 32]).unwrap(), enrolled: desk.enrolled.clone(), origin: desk.origin.clone() }
}

fn shown(kind: Kind) -> Said {
    let (token, certificate) = show(card(kind).insert().unwrap()).unwrap();
    Said::Shown { certificate: hex(&certificate), token: token.code().to_owned() }
}

/// A terminal of かもめ, enrolled by the use cases.
async fn other_office(world: &World<'_>, _like: &Desk) -> Desk {
    terminal_of(world, "kamome", 4).await
}

/// A terminal of somebody's office, enrolled by the use cases.
async fn terminal_of(world: &World<'_>, login: &str, seed: u8) -> Desk {
    let Caller::Staff(staff) = world.staff(login) else { panic!("staff") };
    let admin = Caller::Staff(Staff { is_admin: true, ..staff });
    let id = terminal::make(&world.app, &world.ctx(), &admin, "端末", "test").await.unwrap();
    let lines = terminal::list(&world.app, &world.ctx(), &admin).await.unwrap();
    let code = lines.into_iter().find(|line| line.terminal.terminal_id == id).unwrap().code.unwrap();
    let key = DeviceKey::from_seed(&[seed; 32]).unwrap();
    let enrolled = terminal::enrol(&world.app, &world.ctx(), ORIGIN, &Enrol::new(&key, ORIGIN, &code)).await.unwrap();
    Desk { key, enrolled, origin: ORIGIN.to_owned() }
}

/// One of a hundred: who asks, with which card, and how far it is.
struct Run<'d> {
    caller: Caller,
    desk: &'d Desk,
    kind: Kind,
    link: Option<Link>,
    fetched: Option<Fetched>,
    said: Option<Said>,
    taken: Option<Taken>,
}

impl Run<'_> {
    /// Its next step.
    async fn step(&mut self, world: &World<'_>) {
        let (app, ctx) = (&world.app, world.ctx());
        match (&self.link, &self.fetched) {
            (None, _) => {
                let id = transaction::start(app, &ctx, &self.caller, transaction::PIN, "").await.unwrap();
                self.link = Some(Link::new(ORIGIN, &id, &transaction::link_secret(app, &id)));
            }
            (Some(link), None) => {
                let fetched = answer::fetch(app, &ctx, ORIGIN, &self.desk.fetch_of(link)).await.unwrap();
                self.said = Some(say(card(self.kind).insert().unwrap(), &challenge(link, &fetched, ORIGIN), PIN));
                self.fetched = Some(fetched);
            }
            (Some(link), Some(fetched)) => {
                let said = self.said.clone().unwrap();
                let message = self.desk.answer_of(link, &fetched.nonce, said);
                self.taken = Some(answer::answer(app, &ctx, ORIGIN, &message).await.unwrap());
            }
        }
    }
}

#[test]
fn a_hundred_at_once_and_none_is_crossed() {
    const KINDS: [Kind; 4] = [Kind::Normal, Kind::Second, Kind::Next, Kind::Renewed];
    on_both(USUAL, async |world| {
        trust(world);
        let logins = ["izumo", "kamome", "hamanasu", "engawa"];
        let mut desks = Vec::new();
        for (login, seed) in logins.into_iter().zip(20..) {
            desks.push(terminal_of(world, login, seed).await);
        }
        let mut accounts = Vec::new();
        for login in logins {
            let account = world.app.db.read(move |tx| kaigo_store::account::by_login(tx, login)).await.unwrap();
            let Caller::Staff(staff) = world.staff(login) else { panic!("staff") };
            accounts.push(Caller::Staff(Staff { account_id: account.unwrap().account_id, ..staff }));
        }
        let mut runs: Vec<Run<'_>> = (0..100)
            .map(|n| Run {
                caller: accounts[n % 4].clone(),
                desk: &desks[n % 4],
                kind: KINDS[n / 4 % 4],
                link: None,
                fetched: None,
                said: None,
                taken: None,
            })
            .collect();
        // Steps of those that are not done, some at a time, in an order that nobody chose.
        let mut dice = 0x2545_F491_4F6C_DD1D_u64;
        while runs.iter().any(|run| run.taken.is_none()) {
            let now = runs.iter_mut().filter(|run| {
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                run.taken.is_none() && dice % 5 < 2
            });
            futures_util::future::join_all(now.map(|run| run.step(world))).await;
        }
        let mut digests = std::collections::BTreeMap::new();
        for run in &runs {
            assert_eq!(run.taken.as_ref().unwrap().outcome, "new", "{:?}", run.kind);
            let id = &run.link.as_ref().unwrap().transaction;
            let shown = transaction::show(&world.app, &world.ctx(), &run.caller, ORIGIN, id).await.unwrap();
            let digest = shown.transaction.card_digest.unwrap();
            assert_eq!(
                digests.entry(run.kind.name()).or_insert_with(|| digest.clone()),
                &digest,
                "the card's own digest"
            );
            assert_eq!(shown.transaction.terminal_id.as_ref(), Some(&run.desk.enrolled.terminal_id));
        }
        let different: std::collections::BTreeSet<&String> = digests.values().collect();
        assert_eq!((digests.len(), different.len()), (4, 4));
        // What a card said to one is worth nothing to another: none takes a neighbour's evidence.
        for n in 0..4 {
            let mut run = Run {
                link: None,
                fetched: None,
                said: None,
                taken: None,
                caller: accounts[n].clone(),
                desk: &desks[n],
                kind: KINDS[n],
            };
            run.step(world).await;
            run.step(world).await;
            run.said.clone_from(&runs[n].said);
            run.step(world).await;
            assert_eq!(run.taken.unwrap().outcome, "failed");
        }
    });
}

/// The virtual reader of the demo is no route of a server without it.
#[test]
fn a_server_without_the_demo_has_no_virtual_reader() {
    assert!(!kaigo_web::routes().iter().any(|route| route.path.starts_with("/demo")));
    on_both(USUAL, async |world| {
        trust(world);
        let mut office = world.login("izumo").await;
        let (path, _) = begin(&mut office, "pin").await;
        assert!(!office.get(&path).await.has("/demo/card"));
        let id = path.strip_prefix("/card/").unwrap();
        office.get(&format!("/demo/card/{id}")).await.is(404);
        office.post(&format!("/demo/card/{id}"), &[("card", "normal"), ("pin", PIN), ("same", "yes")]).await.is(404);
    });
}
