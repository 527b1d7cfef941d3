//! ケアプランデータ連携: uploads that are checked and sent, mailboxes, receipts, the month's board, partners, results typed here.
//!
//! Read [`send`] first. The two offices of a set are the parties of the plan: the exchange asks neither for the insurer's start nor
//! for 担当 or consent. Each person of a set finds in their log who sent, opened, fetched or took it back.

pub mod board;
pub mod compare;
pub mod mailbox;
pub mod partner;
pub mod receipt;
pub mod results;
pub mod send;
pub mod tidy;
pub mod token;
pub mod upload;
pub mod withdrawal;

use kaigo_careplan::batch::InFile;
use kaigo_core::id::OfficeNo;
use kaigo_core::policy::{Act, Caller, Item, Purpose, Refusal, Staff};
use kaigo_store::access_log::{self, Entry, Outcome};
use kaigo_store::db::Tx;
use kaigo_store::exchange::set::FileRow;
use kaigo_store::{exchange as store, office};

use crate::keys::digest_of;
use crate::run::entry;
use crate::{App, Ctx, Error};

/// Bytes up to which a file lies in the database beside its row; larger ones lie among the objects.
const INLINE: usize = 1 << 20;

/// The office at the other end of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// 事業所番号.
    pub office_no: OfficeNo,
    /// Name; empty where it is not known.
    pub name: String,
    /// Telephone, where it is known.
    pub phone: Option<String>,
    /// Whether it takes part in the exchange.
    pub registered: bool,
}

/// A file by name, size and digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// Name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

fn staff(caller: &Caller) -> Result<&Staff, Error> {
    match caller {
        Caller::Staff(staff) => Ok(staff),
        Caller::Person { .. }
        | Caller::Insurer(_)
        | Caller::Medical(_)
        | Caller::Board(_)
        | Caller::InsurerSystem { .. }
        | Caller::Operator
        | Caller::OperatorStaff(_)
        | Caller::Supporter(_) => Err(Refusal::NotAllowed.into()),
    }
}

fn partner_of(tx: &mut Tx<'_>, office_no: OfficeNo) -> Result<Partner, Error> {
    let (name, phone) = office::name(tx, office_no)?.unwrap_or_default();
    let registered = store::member::joined_at(tx, office_no)?.is_some();
    Ok(Partner { office_no, name, phone, registered })
}

/// Enters an act on a set in the logs of these people, each once.
fn log<'a>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    act: Act,
    set_id: &str,
    people: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<(), Error> {
    access_log::append_all(tx, &entries(ctx, caller, act, set_id, people)).map_err(Error::from)
}

/// The entries about an act on a set, one for each of these people.
fn entries<'a>(
    ctx: &Ctx,
    caller: &Caller,
    act: Act,
    set_id: &str,
    people: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<Entry> {
    let mut seen = std::collections::HashSet::new();
    let of = |whom| {
        let mut entry = entry(ctx, caller, whom, act.code(), Purpose::CarePlan);
        Item::CarePlan.code().clone_into(&mut entry.items);
        entry.document = Some(set_id.to_owned());
        entry
    };
    people.into_iter().filter(|whom| seen.insert(*whom)).map(of).collect()
}

/// Enters that these people were shown in a list: once a day and account (docs/decisions/0006).
fn listed<'a>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    caller: &Caller,
    people: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<(), Error> {
    let mut seen = std::collections::HashSet::new();
    let day: String = ctx.today.to_string().chars().filter(char::is_ascii_digit).collect();
    for whom in people {
        if seen.insert(whom) {
            let mut entry = entry(ctx, caller, whom, Act::ListSets.code(), Purpose::CarePlan);
            let once = format!("list-sets {} {} {}", entry.account_id, whom.1, ctx.today);
            entry.entry_id = format!("{day}{}", digest_of(&once).get(..24).unwrap_or_default());
            Item::CarePlan.code().clone_into(&mut entry.items);
            access_log::append(tx, &entry)?;
        }
    }
    Ok(())
}

/// Enters in the logs of a set's people that somebody else's office tried it. Nothing where there is no such set.
async fn stranger<T>(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    act: Act,
    set_id: &str,
    done: Result<T, Error>,
) -> Result<T, Error> {
    if !matches!(done, Err(Error::NotFound)) {
        return done;
    }
    let (ctx, caller, id) = (ctx.clone(), caller.clone(), set_id.to_owned());
    app.db
        .write(move |tx| {
            for (insurer_no, insured_no) in store::person::whose(tx, &id)? {
                let mut entry = entry(&ctx, &caller, (&insurer_no, &insured_no), act.code(), Purpose::CarePlan);
                Item::CarePlan.code().clone_into(&mut entry.items);
                entry.document = Some(id.clone());
                Outcome::Refused.code().clone_into(&mut entry.outcome);
                entry.rule = Some(Refusal::NotInCharge.code().to_owned());
                access_log::append(tx, &entry)?;
            }
            Ok::<(), Error>(())
        })
        .await?;
    done
}

/// The bytes of a file, opened and compared with its digest.
async fn open_file(app: &App, set_id: &str, file: &FileRow) -> Result<Vec<u8>, Error> {
    let bytes = match &file.object {
        Some(name) => app.objects.get(name).await?.ok_or_else(|| Error::Internal("an object is gone".to_owned()))?,
        None => app.keys.data().open(&place(set_id, file.place), &file.sealed)?,
    };
    if kaigo_store::objects::sha256_hex(&bytes) == file.sha256 {
        Ok(bytes)
    } else {
        Err(Error::Internal(format!("file {} of set {set_id} is damaged", file.place)))
    }
}

/// For what place a file's bytes are sealed.
fn place(set_id: &str, file: i32) -> String {
    format!("exchange/{set_id}/{file}")
}

/// SHA-256 over names and digests: what makes two heaps of files the same.
fn digest(files: &[(&str, &str)]) -> String {
    let mut lines: Vec<String> = files.iter().map(|(name, sha256)| format!("{sha256} {name}\n")).collect();
    lines.sort();
    kaigo_store::objects::sha256_hex(lines.concat().as_bytes())
}

/// The attachments of a set as files beside it.
fn all_files(set: &kaigo_careplan::batch::Set) -> impl Iterator<Item = (&str, &[u8])> {
    let own = set.files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()));
    own.chain(set.attachments.iter().map(|file: &InFile| (file.name.as_str(), file.bytes.as_slice())))
}

/// The instant so many seconds from now, as the store writes it.
fn seconds_from_now(ctx: &Ctx, seconds: i64) -> String {
    let at = ctx.now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(ctx.now);
    kaigo_store::time::instant(at)
}
