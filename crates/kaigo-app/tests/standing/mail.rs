//! Mail: an address counts once its code was typed; a digest is made once, tells no personal data, and survives failures.

use std::sync::Mutex;

use jiff::SignedDuration;
use kaigo_app::mail::{self, Done, Letter, NotSent};
use kaigo_app::{Ctx, Error};
use kaigo_core::notice::{Frequency, Topic};
use kaigo_core::policy::Caller;

use crate::notice::told;
use crate::world::{PLANNER, SERVICE, World, staff, worlds};

/// A server: what it took, and what it answers next.
#[derive(Default)]
struct Server {
    took: Mutex<Vec<Letter>>,
    refuses: Mutex<Option<NotSent>>,
}

impl Server {
    fn send(&self, letter: Letter) -> std::future::Ready<Result<(), NotSent>> {
        std::future::ready(if let Some(no) = self.refuses.lock().unwrap().clone() {
            Err(no)
        } else {
            self.took.lock().unwrap().push(letter);
            Ok(())
        })
    }

    fn took(&self) -> Vec<Letter> {
        std::mem::take(&mut *self.took.lock().unwrap())
    }
}

fn later(ctx: &Ctx, minutes: i64) -> Ctx {
    Ctx::new(ctx.now + SignedDuration::from_mins(minutes), ctx.ids.clone())
}

fn work(world: &World<'_>, ctx: &Ctx, server: &Server) -> Done {
    world.run(mail::work(&world.app, ctx, "job", |letter| server.send(letter))).unwrap()
}

/// An account with a confirmed address, mailed that often.
fn reader(world: &World<'_>, server: &Server, office: &str, frequency: Frequency) -> Caller {
    let login = format!("login-{office}");
    let caller = staff(office, &world.account(office, &login));
    let ctx = world.ctx(0);
    let address = format!("{login}@example.jp");
    world.run(mail::ask_code(&world.app, &ctx, &caller, &address)).unwrap();
    work(world, &ctx, server);
    let letter = server.took().remove(0);
    assert_eq!(letter.to, address);
    let code = letter.body.split("確認コード：").nth(1).unwrap().get(..6).unwrap().to_owned();
    world.run(mail::confirm(&world.app, &ctx, &caller, &code)).unwrap();
    world.run(mail::save(&world.app, &ctx, &caller, frequency, Topic::ALL.to_vec())).unwrap();
    caller
}

#[test]
fn an_address_counts_once_its_code_was_typed() {
    worlds(|world| {
        let (server, ctx) = (Server::default(), world.ctx(0));
        let caller = staff(PLANNER, &world.account(PLANNER, "a"));
        for bad in ["", "a", "a@b", "a@example.jp, b@example.jp", "a@example.jp\r\nBcc: x@example.jp"] {
            let asked = world.run(mail::ask_code(&world.app, &ctx, &caller, bad));
            assert!(matches!(asked, Err(Error::Invalid(_))), "{bad:?}: {asked:?}");
        }
        world.run(mail::ask_code(&world.app, &ctx, &caller, "a@example.jp")).unwrap();
        let again = world.run(mail::ask_code(&world.app, &ctx, &caller, "a@example.jp"));
        assert_eq!(again, Err(Error::TooMany { minutes: 1 }));
        work(world, &ctx, &server);
        let code = server.took()[0].body.split("確認コード：").nth(1).unwrap().get(..6).unwrap().to_owned();
        assert!(world.db.dump("mail").iter().all(|row| !row.contains(&code)), "a sent code is kept nowhere");
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..5 {
            assert!(world.run(mail::confirm(&world.app, &ctx, &caller, wrong)).is_err());
        }
        assert!(world.run(mail::confirm(&world.app, &ctx, &caller, &code)).is_err(), "five wrong ones end it");
        // A new one; too late; and once more.
        let next = |ctx: &Ctx| {
            world.run(mail::ask_code(&world.app, ctx, &caller, "a@example.jp")).unwrap();
            work(world, ctx, &server);
            server.took()[0].body.split("確認コード：").nth(1).unwrap().get(..6).unwrap().to_owned()
        };
        let ctx = later(&ctx, 2);
        let code = next(&ctx);
        assert!(world.run(mail::confirm(&world.app, &later(&ctx, 31), &caller, &code)).is_err());
        let ctx = later(&ctx, 40);
        let code = next(&ctx);
        assert_eq!(world.run(mail::view(&world.app, &ctx, &caller)).unwrap().setting.address, None);
        world.run(mail::confirm(&world.app, &ctx, &caller, &code)).unwrap();
        let page = world.run(mail::view(&world.app, &ctx, &caller)).unwrap();
        assert_eq!((page.setting.address.as_deref(), page.code_waits), (Some("a@example.jp"), false));
    });
}

#[test]
fn a_digest_is_made_once_and_tells_no_personal_data() {
    worlds(|world| {
        let server = Server::default();
        let daily = reader(world, &server, PLANNER, Frequency::Daily);
        reader(world, &server, SERVICE, Frequency::AtOnce);
        for no in [PLANNER, SERVICE] {
            told(world, 0, no, Topic::ResultDecided, "result 1").unwrap();
            told(world, 0, no, Topic::ClaimGap, "gap 1").unwrap();
        }
        let ctx = later(&world.ctx(0), 1);
        assert_eq!(work(world, &ctx, &server), Done { made: 1, sent: 1, ..Done::default() });
        let letter = server.took().remove(0);
        assert_eq!(letter.to, format!("login-{SERVICE}@example.jp"));
        assert!(letter.subject.contains("2件") && letter.body.contains("認定の結果　1件"), "{letter:?}");
        assert!(letter.body.contains("https://kiban.example.jp/notices"));
        for secret in ["9900000001", "/people/", "12月10日", "出雲"] {
            assert!(!letter.body.contains(secret) && !letter.subject.contains(secret), "{secret}: {letter:?}");
        }
        assert_eq!(work(world, &ctx, &server), Done::default(), "never the same digest twice");
        // 10:00 on Sunday in Japan: the daily one leaves at 8:00 on Monday; what was read by then is not told.
        assert_eq!(work(world, &later(&ctx, 21 * 60), &server), Done::default());
        world.run(async {
            let page =
                kaigo_app::notice::list(&world.app, &ctx, &daily, kaigo_app::notice::Search::default()).await.unwrap();
            kaigo_app::notice::open(&world.app, &ctx, &daily, &page.rows[0].0.notice_id).await.unwrap();
        });
        let morning = later(&ctx, 22 * 60);
        assert_eq!(work(world, &morning, &server), Done { made: 1, sent: 1, ..Done::default() });
        assert!(server.took()[0].subject.contains("1件"));
        assert_eq!(work(world, &later(&morning, 1440), &server), Done::default());
    });
}

#[test]
fn topics_and_frequency_are_what_was_chosen() {
    worlds(|world| {
        let (server, ctx) = (Server::default(), world.ctx(0));
        let caller = reader(world, &server, PLANNER, Frequency::AtOnce);
        let none = world.run(mail::save(&world.app, &ctx, &caller, Frequency::Daily, Vec::new()));
        assert!(matches!(none, Err(Error::Invalid(_))));
        // A topic that an office is never told of is not kept.
        let topics = vec![Topic::ClaimGap, Topic::QuestionAsked];
        world.run(mail::save(&world.app, &ctx, &caller, Frequency::AtOnce, topics)).unwrap();
        let setting = world.run(mail::view(&world.app, &ctx, &caller)).unwrap().setting;
        assert_eq!(setting.topics, [Topic::ClaimGap]);
        told(world, 0, PLANNER, Topic::ResultDecided, "result 1").unwrap();
        assert_eq!(work(world, &later(&ctx, 1), &server), Done::default());
        world.run(mail::save(&world.app, &ctx, &caller, Frequency::Never, Vec::new())).unwrap();
        told(world, 0, PLANNER, Topic::ClaimGap, "gap 1").unwrap();
        assert_eq!(work(world, &later(&ctx, 2), &server), Done::default());
    });
}

#[test]
fn a_server_that_is_down_gets_it_later_and_one_that_says_never_is_believed() {
    worlds(|world| {
        let server = Server::default();
        let caller = reader(world, &server, PLANNER, Frequency::AtOnce);
        told(world, 0, PLANNER, Topic::ClaimGap, "gap 1").unwrap();
        *server.refuses.lock().unwrap() = Some(NotSent::Later("connection refused".to_owned()));
        let ctx = later(&world.ctx(0), 1);
        assert_eq!(work(world, &ctx, &server), Done { made: 1, later: 1, ..Done::default() });
        assert_eq!(work(world, &ctx, &server), Done::default(), "not before its time");
        assert_eq!(work(world, &later(&ctx, 1), &server), Done { later: 1, ..Done::default() });
        *server.refuses.lock().unwrap() = None;
        assert_eq!(work(world, &later(&ctx, 3), &server), Done::default(), "five minutes after the second try");
        assert_eq!(work(world, &later(&ctx, 6), &server), Done { sent: 1, ..Done::default() });
        assert_eq!(server.took().len(), 1);
        // No such mailbox: given up, said on the settings' page, and nothing more is made for it.
        *server.refuses.lock().unwrap() = Some(NotSent::Never("550 no such user".to_owned()));
        told(world, 0, PLANNER, Topic::ClaimGap, "gap 2").unwrap();
        let ctx = later(&ctx, 10);
        assert_eq!(work(world, &ctx, &server), Done { made: 1, failed: 1, ..Done::default() });
        assert!(world.run(mail::view(&world.app, &ctx, &caller)).unwrap().setting.refused_at.is_some());
        told(world, 0, PLANNER, Topic::ClaimGap, "gap 3").unwrap();
        assert_eq!(work(world, &later(&ctx, 5), &server), Done::default());
    });
}

#[test]
fn a_process_that_died_after_sending_sends_the_same_mail_again() {
    worlds(|world| {
        let server = Server::default();
        reader(world, &server, PLANNER, Frequency::AtOnce);
        told(world, 0, PLANNER, Topic::ClaimGap, "gap 1").unwrap();
        let ctx = later(&world.ctx(0), 3);
        // It dies with the letter on its way: the future is dropped after the server took it, before the mark.
        let sent = world.run(async {
            let (told, heard) = tokio::sync::oneshot::channel();
            let told = Mutex::new(Some(told));
            let send = |letter: Letter| {
                let told = told.lock().unwrap().take();
                async move {
                    told.unwrap().send(letter).unwrap();
                    std::future::pending::<Result<(), NotSent>>().await
                }
            };
            tokio::select! {
                _ = mail::work(&world.app, &ctx, "dies", send) => panic!("it ends"),
                letter = heard => letter.unwrap(),
            }
        });
        // The dead process had the lease for two minutes, and the next try is due after one.
        assert_eq!(work(world, &later(&ctx, 1), &server), Done::default());
        assert_eq!(work(world, &later(&ctx, 3), &server), Done { sent: 1, ..Done::default() });
        assert_eq!(server.took(), [sent], "the same identifier, so that the receiver can tell");
        assert_eq!(work(world, &later(&ctx, 60), &server), Done::default());
    });
}

#[test]
fn who_left_gets_no_mail_and_who_does_not_want_any_gets_none() {
    worlds(|world| {
        let (server, ctx) = (Server::default(), world.ctx(0));
        let leaves = reader(world, &server, PLANNER, Frequency::AtOnce);
        let stops = reader(world, &server, SERVICE, Frequency::AtOnce);
        let id = leaves.account_id().to_owned();
        world.db.run(&format!("UPDATE account SET disabled_at = 'x' WHERE account_id = '{id}'"));
        world.run(mail::forget(&world.app, &ctx, &stops)).unwrap();
        for no in [PLANNER, SERVICE] {
            told(world, 0, no, Topic::ClaimGap, "gap 1").unwrap();
        }
        assert_eq!(work(world, &later(&ctx, 1), &server), Done::default());
        assert!(world.db.dump("mail_setting").iter().all(|row| !row.contains(&format!("login-{SERVICE}@"))));
    });
}
