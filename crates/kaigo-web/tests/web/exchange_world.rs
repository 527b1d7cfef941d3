//! The exchange in a test's world: who takes part, what みなと has to send.

use kaigo_app::exchange::{partner, send};
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_core::policy::{Caller, Staff};
use kaigo_store::access_log::Entry;

use crate::world::World;

/// Offices that take part.
pub(crate) const MEMBERS: &[&str] = &["izumo", "hamanasu", "kamome", "engawa"];

/// 連番 that the demo has not used.
pub(crate) const SERIAL: &str = "20261122090000";
/// A later one.
pub(crate) const LATER: &str = "20261122093000";

/// Somebody as the administrator of their office.
pub(crate) fn admin(world: &World<'_>, login: &str) -> Caller {
    let Caller::Staff(staff) = world.staff(login) else { panic!("{login} works in no office") };
    Caller::Staff(Staff { is_admin: true, ..staff })
}

/// The offices join.
pub(crate) async fn join(world: &World<'_>) {
    for login in MEMBERS {
        partner::join(&world.app, &world.ctx(), &admin(world, login)).await.unwrap();
    }
}

/// The last set of that kind from one to the other in the demo, under another 連番.
pub(crate) fn files(world: &World<'_>, from: &str, to: &str, unit: Unit, serial: &str) -> Vec<InFile> {
    let (from, to) = (world.office(from), world.office(to));
    let exchange = world.nation.exchange();
    let fits = |send: &&kaigo_demo::exchange::DemoSend| {
        send.unit == Some(unit) && send.from.office_no == from && send.to.office_no == to
    };
    let send = exchange.sends.iter().rev().find(fits).expect("the demo has such a set");
    let old = send.files[0].name.rsplit_once('_').unwrap().1.split('.').next().unwrap().to_owned();
    send.files.iter().map(|file| InFile { name: file.name.replace(&old, serial), bytes: file.bytes.clone() }).collect()
}

/// Sends files as somebody and answers the set's identifier.
pub(crate) async fn sent(world: &World<'_>, login: &str, files: Vec<InFile>) -> String {
    let sent = send::direct(&world.app, &world.ctx(), &world.staff(login), files).await.unwrap();
    let [one] = &sent.results[..] else { panic!("{:?}", sent.results) };
    let send::Outcome::Sent { set_id, .. } = &one.outcome else { panic!("{:?}", one.outcome) };
    set_id.clone()
}

/// The files as a browser's form has them.
pub(crate) fn parts(files: &[InFile]) -> Vec<(&str, &[u8])> {
    files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())).collect()
}

/// 被保険者番号 of the first row of the planned use or results.
pub(crate) fn first_person(files: &[InFile]) -> String {
    let table = files.iter().find(|f| f.name.starts_with("UPPLAN") || f.name.starts_with("UPJSK")).unwrap();
    let text = String::from_utf8_lossy(&table.bytes);
    text.split(',').nth(2).unwrap().trim_matches('"').to_owned()
}

/// Acts of the exchange in a log.
pub(crate) fn acts(log: &[Entry]) -> Vec<(&str, &str)> {
    let own = ["send-set", "open-set", "fetch-set", "recall-set", "list-sets"];
    log.iter().filter(|e| own.contains(&e.act.as_str())).map(|e| (e.act.as_str(), e.outcome.as_str())).collect()
}
