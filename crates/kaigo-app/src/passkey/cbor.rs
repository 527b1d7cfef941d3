//! As much of CBOR (RFC 8949) as authenticators write (CTAP2 canonical form): definite lengths, little depth.

/// Depth of lists and maps in one another at most; CTAP2 allows four levels.
const DEPTH: u8 = 6;

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A whole number.
    Int(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// A list; nobody here asks what stands in it.
    List,
    /// A map, in the order of the bytes.
    Map(Vec<(Item<'a>, Item<'a>)>),
    /// True, false, null and numbers with a point.
    Other,
}

/// Reads one item; answers it and what follows. None for what is cut, too deep or not definite.
pub(super) fn read(bytes: &[u8]) -> Option<(Item<'_>, &[u8])> {
    item(bytes, DEPTH)
}

fn item(bytes: &[u8], depth: u8) -> Option<(Item<'_>, &[u8])> {
    let depth = depth.checked_sub(1)?;
    let (first, rest) = bytes.split_first()?;
    let (major, info) = (first >> 5, first & 31);
    let (number, rest) = argument(info, rest)?;
    match major {
        0 => Some((Item::Int(i64::try_from(number).ok()?), rest)),
        1 => Some((Item::Int(i64::try_from(number).ok()?.checked_neg()?.checked_sub(1)?), rest)),
        2 | 3 => {
            let (content, rest) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            let item = if major == 2 { Item::Bytes(content) } else { Item::Text(core::str::from_utf8(content).ok()?) };
            Some((item, rest))
        }
        4 => {
            let mut rest = rest;
            for _ in 0..number {
                (_, rest) = item(rest, depth)?;
            }
            Some((Item::List, rest))
        }
        5 => {
            let (mut all, mut rest) = (Vec::new(), rest);
            for _ in 0..number {
                let (key, after) = item(rest, depth)?;
                let (value, after) = item(after, depth)?;
                // A key that stands there twice could be read in two ways.
                if all.iter().any(|(other, _)| *other == key) {
                    return None;
                }
                all.push((key, value));
                rest = after;
            }
            Some((Item::Map(all), rest))
        }
        7 => Some((Item::Other, rest)),
        // Tags: no authenticator writes them here.
        _ => None,
    }
}

/// The number after the first byte; lengths that are not known before are not taken.
fn argument(info: u8, rest: &[u8]) -> Option<(u64, &[u8])> {
    let bytes = match info {
        0..=23 => return Some((u64::from(info), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let (number, rest) = rest.split_at_checked(bytes)?;
    Some((number.iter().fold(0, |n, b| (n << 8) | u64::from(*b)), rest))
}
