//! Letters with a code (登録番号の手紙): issued and printed by a clerk, and what somebody does with one who has no account yet.
//!
//! No card is ever required: insurer number, insured number, birth date and the code of the letter lead to an account with a
//! login, a password and a second factor, which may be a paper with ten numbers.

mod start;

use kaigo_core::date::add_days;
use kaigo_core::id::{InsuredNo, InsurerNo};
use kaigo_core::policy::{Act, Caller, Item, Purpose};
use kaigo_store::letter::{self, Letter};
use kaigo_store::proxy::{self, Proxy};
use kaigo_store::time::parse_instant;

pub use start::{Begun, Chosen, Factor, TypedStart, begin, choose, factor, finish, started};
pub(crate) use start::{base32, same};

use crate::ctx::day_in_japan;
use crate::keys::Keys;
use crate::person::{self, Head};
use crate::run::{Deed, Look, Target, act, look};
use crate::{App, Ctx, Error};

/// Days for which a letter is good.
pub const VALID_DAYS: i32 = 30;

/// Letters and digits of codes: none that are taken for one another (0 O, 1 I L, U V).
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code of so many characters in groups of four, made of a text with the secret.
pub(crate) fn code(keys: &Keys, text: &str, length: usize) -> String {
    let mut out = String::new();
    let mut counter = 0_u32;
    while out.len() < length {
        // 240 is the largest multiple of 30 that a byte holds: what lies above would favour some characters.
        for byte in keys.code_bytes(&format!("{text} {counter}")).into_iter().filter(|byte| *byte < 240) {
            if out.len() < length {
                out.push(char::from(ALPHABET.get(usize::from(byte % 30)).copied().unwrap_or(b'2')));
            }
        }
        counter += 1;
    }
    out
}

/// A code as it is printed: groups of four.
pub(crate) fn grouped(code: &str) -> String {
    let chars: Vec<char> = code.chars().collect();
    chars.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A code as it is compared: width, case, spaces and hyphens do not count.
pub(crate) fn plain(typed: &str) -> String {
    kaigo_core::text::halfwidth(typed).chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

fn letter_code(keys: &Keys, letter: &Letter) -> String {
    code(keys, &format!("letter {} {} {}", letter.insurer_no, letter.insured_no, letter.letter_id), 12)
}

/// What is kept of a recovery code.
pub(crate) fn recovery_digest(keys: &Keys, account_id: &str, typed: &str) -> String {
    crate::ctx::hex(&keys.code_bytes(&format!("recovery digest {account_id} {}", plain(typed))))
}

/// Issues a letter to the person, or to a proxy of theirs. Sent twice with one key, the first one is answered.
///
/// # Errors
/// [`Error::NotFound`] for another insurer's person, and for a proxy who does not stand.
pub async fn issue(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    (proxy_id, submit_key): (Option<String>, String),
) -> Result<Letter, Error> {
    let Caller::Insurer(staff) = caller else { return Err(Error::NotFound) };
    let new = Letter {
        insurer_no,
        insured_no,
        letter_id: ctx.ids.id(),
        proxy_id,
        issued_by: staff.name.clone(),
        issued_at: ctx.instant(),
        valid_until: add_days(ctx.today, VALID_DAYS),
        tries: 0,
        start_until: None,
        chosen: None,
        used_at: None,
        revoked_at: None,
        submit_key,
    };
    let today = ctx.today;
    let purpose = if new.proxy_id.is_some() { Purpose::Proxy } else { Purpose::Own };
    let deed = Deed::new(Target::Insured(insurer_no, insured_no), Act::IssueLetter, purpose);
    act(app, ctx, caller, deed, move |tx, right| {
        if let Some(id) = &new.proxy_id {
            proxy::find(tx, (insurer_no, insured_no), id)?.filter(|p| p.stands(today)).ok_or(Error::NotFound)?;
        }
        Ok(letter::insert(tx, &right.act, &new)?)
    })
    .await
}

/// A letter to print.
#[derive(Clone, Debug)]
pub struct LetterPage {
    /// The person.
    pub head: Head,
    /// The letter.
    pub letter: Letter,
    /// The proxy it goes to.
    pub proxy: Option<Proxy>,
    /// The code in groups of four: on the day of its issue only, and only while the letter counts.
    pub code: Option<String>,
}

/// Looks at a letter to print it. That the code was shown is entered in the person's log.
///
/// # Errors
/// [`Error::NotFound`] if the person has no such letter.
pub async fn print(
    app: &App,
    ctx: &Ctx,
    caller: &Caller,
    (insurer_no, insured_no): (InsurerNo, InsuredNo),
    letter_id: &str,
) -> Result<LetterPage, Error> {
    let (ctx2, keys, id) = (ctx.clone(), std::sync::Arc::clone(&app.keys), letter_id.to_owned());
    let what = Look {
        act: "print-letter",
        ..Look::view(
            Target::Insured(insurer_no, insured_no),
            &[Item::InsuredCertificate, Item::ConsentStatus],
            Purpose::Own,
        )
    };
    look(app, ctx, caller, what, move |tx, seen| {
        let letter = letter::find(tx, &seen.grant, &id)?.ok_or(Error::NotFound)?;
        let proxy = match &letter.proxy_id {
            Some(id) => proxy::find(tx, (insurer_no, insured_no), id)?,
            None => None,
        };
        let fresh = parse_instant(&letter.issued_at).is_ok_and(|at| day_in_japan(at) == day_in_japan(ctx2.now));
        let counts = letter.used_at.is_none() && letter.revoked_at.is_none();
        let code = (fresh && counts).then(|| grouped(&letter_code(&keys, &letter)));
        Ok(LetterPage { head: person::head(tx, seen, ctx2.today)?, letter, proxy, code })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_even_and_read_kindly() {
        let keys = Keys::from_secret(&[7; 32]).unwrap();
        let mut seen = std::collections::HashMap::new();
        for n in 0..3_000 {
            let code = code(&keys, &format!("test {n}"), 12);
            assert!(code.len() == 12 && code.bytes().all(|b| ALPHABET.contains(&b)), "{code}");
            for c in code.chars() {
                *seen.entry(c).or_insert(0_u32) += 1;
            }
        }
        // 36,000 characters over 30: 1,200 each, give or take.
        assert!(seen.len() == 30 && seen.values().all(|n| (1_000..1_400).contains(n)), "{seen:?}");
        assert_eq!(grouped("ABCDEFGH2345"), "ABCD-EFGH-2345");
        assert_eq!(plain("ａｂｃｄ－efgh 2345"), "ABCDEFGH2345");
    }
}
