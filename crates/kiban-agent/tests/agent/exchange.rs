//! Two offices, a real server, the program on both sides.

use std::fs;

use kaigo_careplan::batch::InFile;
use kaigo_store::objects::sha256_hex;
use kaigo_testkit::both;

use crate::cut::{Then, Wire};
use crate::program::Desk;
use crate::world::{HELPER, PLANNER, World};

/// Files by name with the SHA-256 of their bytes, from whatever folders they lie in.
type Heap = Vec<(String, String)>;

fn put(desk: &Desk, folder: &str, files: &[InFile]) {
    let folder = desk.dir().join(folder);
    fs::create_dir_all(&folder).unwrap();
    for file in files {
        fs::write(folder.join(&file.name), &file.bytes).unwrap();
    }
}

fn heap(files: &[InFile]) -> Heap {
    let mut heap: Heap = files.iter().map(|file| (file.name.clone(), sha256_hex(&file.bytes))).collect();
    heap.sort();
    heap
}

/// The files of the desk below a folder, without their folders.
fn below(desk: &Desk, folder: &str) -> Heap {
    let own = desk.files().into_iter().filter(|(path, _)| path.starts_with(folder));
    let mut heap: Heap =
        own.map(|(path, bytes)| (path.rsplit('/').next().unwrap().to_owned(), sha256_hex(&bytes))).collect();
    heap.sort();
    heap
}

/// So many sets of planned use for the helper.
fn sets(world: &World, count: usize) -> Vec<InFile> {
    (0..count).flat_map(|_| world.files("usage")).collect()
}

#[test]
fn a_folder_goes_out_and_comes_in_once() {
    both(|db| {
        let world = World::new(db);
        let (sender, receiver) = (world.desk(PLANNER), world.desk(HELPER));
        let files = sets(&world, 2);
        let (one, two) = files.split_at(files.len() / 2);
        put(&sender, "", one);
        put(&sender, "month/deep", two);
        fs::write(sender.dir().join("memo.txt"), "x").unwrap();
        let sent = sender.run("send", &[]);
        assert_eq!((sent.is(0).all("sent").len(), sent.all("skipped").len()), (2, 1), "{}", sent.text);
        assert!(sent.all("sent").iter().all(|event| event["to"] == HELPER && event["repeated"] == false));
        let before = sender.files();

        let again = sender.run("send", &[]);
        assert!(again.is(0).all("sent").is_empty(), "{}", again.text);
        assert_eq!(again.only("summary")["unchanged"], 2);
        fs::remove_dir_all(sender.dir().join(".kiban-agent")).unwrap();
        let without_memory = sender.run("send", &[]);
        assert!(without_memory.is(0).all("sent").iter().all(|event| event["repeated"] == true));
        assert_eq!(without_memory.only("summary")["repeated"], 2);
        assert_eq!(sender.files(), before, "the user's files are where they were");

        let received = receiver.run("receive", &[]);
        assert_eq!(received.is(0).all("received").len(), 2);
        assert_eq!(below(&receiver, ""), heap(&files));
        for event in received.all("received") {
            let folder = receiver.dir().join(event["folder"].as_str().unwrap());
            let names: Vec<String> = serde_json::from_value(event["files"].clone()).unwrap();
            assert!(!names.is_empty() && names.iter().all(|name| folder.join(name).is_file()));
        }
        fs::remove_dir_all(receiver.dir().join(received.all("received")[0]["folder"].as_str().unwrap())).unwrap();
        assert!(receiver.run("receive", &["--all"]).is(0).all("received").is_empty(), "what was taken away stays away");

        let other_pc = world.desk(HELPER);
        assert!(other_pc.run("receive", &[]).is(0).all("received").is_empty(), "it was fetched already");
        assert_eq!(other_pc.run("receive", &["--all"]).is(0).all("received").len(), 2);
        assert_eq!(below(&other_pc, ""), heap(&files));
    });
}

#[test]
fn a_watched_folder_sends_moves_and_receives() {
    both(|db| {
        let world = World::new(db);
        let (sender, receiver) = (world.desk(PLANNER), world.desk(HELPER));
        let plan = sets(&world, 1);
        put(&sender, "out", &plan);
        let results = world.files("result");
        world.send(HELPER, results.clone());
        let round = ["--rounds", "1", "--settle", "0", "--move"];
        let watched = sender.run("watch", &round);
        assert_eq!((watched.is(0).all("sent").len(), watched.all("received").len()), (1, 1), "{}", watched.text);
        let set_id = watched.only("sent")["set_id"].as_str().unwrap();
        assert_eq!(below(&sender, &format!("sent/{set_id}/")), heap(&plan));
        assert_eq!(below(&sender, "in/"), heap(&results));
        assert!(below(&sender, "out/").is_empty());

        assert!(sender.run("watch", &round).is(0).all("received").is_empty());
        assert_eq!(receiver.run("watch", &round).is(0).all("received").len(), 1);
        assert_eq!(below(&receiver, "in/"), heap(&plan));
    });
}

#[test]
fn what_cannot_go_is_told_with_its_mend_and_stops_nothing_else() {
    both(|db| {
        let world = World::new(db);
        let (sender, receiver) = (world.desk(PLANNER), world.desk(HELPER));
        let good = sets(&world, 1);
        let half = sets(&world, 1).into_iter().take(1).collect::<Vec<_>>();
        put(&sender, "", &good);
        put(&sender, "", &half);
        put(&sender, "", &world.files("result"));
        let sent = sender.run("send", &[]);
        assert_eq!((sent.is(1).all("sent").len(), sent.all("refused").len()), (1, 2), "{}", sent.text);
        let by = |by: &str| *sent.all("refused").iter().find(|event| event["by"] == by).unwrap();
        let findings = by("check")["findings"].as_array().unwrap();
        assert!(findings.iter().any(|f| f["severity"] == "error" && !f["mend"].as_str().unwrap().is_empty()));
        assert_eq!(by("server")["code"], "wrong-sender");
        receiver.run("receive", &[]).is(0).only("received");
        assert_eq!(below(&receiver, ""), heap(&good));

        let wrong = Desk::new(&format!("http://{}", world.address), "kiban_00112233445566778899aabbccddeeff");
        put(&wrong, "", &good);
        assert_eq!(wrong.run("send", &[]).is(4).only("error")["code"], "token");
    });
}

/// Kills the program again and again, each time after a few more bytes, until it comes to its end.
fn kill_until_done(wire: &Wire, desk: &Desk, what: &str, more: &[&str]) -> usize {
    let mut kills = 0;
    while wire.kill_after(i64::try_from(100 + 350 * kills).unwrap(), desk.command(what, more)) {
        kills += 1;
        assert!(kills < 500, "it comes to no end");
    }
    kills
}

#[test]
fn killed_while_sending_it_loses_nothing_and_doubles_nothing() {
    both(|db| {
        let world = World::new(db);
        let receiver = world.desk(HELPER);
        for then in [Then::Silence, Then::More] {
            let wire = Wire::new(world.address, then);
            let sender = world.desk_at(PLANNER, &wire.url);
            let files = sets(&world, 3);
            put(&sender, "", &files);
            assert!(kill_until_done(&wire, &sender, "send", &["--move", "--retries", "0"]) > 3);
            let end = sender.run("send", &["--move"]);
            assert!(end.is(0).all("sent").is_empty(), "{}", end.text);
            assert_eq!(below(&sender, "sent/"), heap(&files), "each file was moved once");
            assert_eq!(sender.files().len(), files.len(), "and lies nowhere else");
            let received = receiver.run("receive", &[]);
            assert_eq!(received.is(0).all("received").len(), 3, "{}", received.text);
            assert!(heap(&files).iter().all(|file| below(&receiver, "").contains(file)));
        }
        assert_eq!(receiver.files().len(), 6 * world.files("usage").len());
    });
}

#[test]
fn killed_while_receiving_it_loses_nothing_and_doubles_nothing() {
    both(|db| {
        let world = World::new(db);
        for then in [Then::Silence, Then::More] {
            let wire = Wire::new(world.address, then);
            let receiver = world.desk_at(HELPER, &wire.url);
            let files = sets(&world, 3);
            world.send(PLANNER, files.clone());
            assert!(kill_until_done(&wire, &receiver, "receive", &["--retries", "0"]) > 3);
            let end = receiver.run("receive", &[]);
            assert!(end.is(0).all("received").is_empty(), "{}", end.text);
            assert_eq!(below(&receiver, ""), heap(&files), "each file is there once");
        }
    });
}
