//! Rows of a JSON file: one array of flat objects, read one object at a time.

use std::fmt;
use std::io::{BufRead, Read};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::csv_rows::{COLUMN_LIMIT, ROW_LIMIT};
use crate::encoding::Decoder;
use crate::problem::{Error, Position, Problem, ProblemKind};
use crate::row::RowBuf;

/// Reads objects as rows whose cells stand in the order of `header`; names that are not in it are added at its end.
pub(crate) struct JsonRows {
    pub(crate) header: Vec<String>,
    number: u64,
    place: Place,
    object: Vec<u8>,
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    AfterOpen,
    AfterObject,
    End,
}

/// One cell on its way: its text and the row it was last set in.
#[derive(Default)]
struct Slot {
    text: String,
    set_in: u64,
}

impl JsonRows {
    pub(crate) fn new(wanted: &[&str]) -> Self {
        Self {
            header: wanted.iter().map(|&name| name.to_owned()).collect(),
            number: 0,
            place: Place::Start,
            object: Vec::new(),
            slots: wanted.iter().map(|_| Slot::default()).collect(),
        }
    }

    /// The next object; `false` at the end of the array.
    pub(crate) fn next<R: Read>(&mut self, input: &mut Decoder<R>, row: &mut RowBuf) -> Result<bool, Error> {
        row.clear();
        if !self.find_object(input)? {
            return Ok(false);
        }
        self.number += 1;
        row.number = self.number;
        self.copy_object(input)?;
        let visitor = Object {
            number: self.number,
            header: &mut self.header,
            slots: &mut self.slots,
            problems: &mut row.problems,
        };
        let mut parser = serde_json::Deserializer::from_slice(&self.object);
        let read = parser.deserialize_map(visitor).and_then(|()| parser.end());
        if read.is_err() {
            row.problems.push(Problem::row(ProblemKind::JsonObject, self.number));
        }
        if self.header.len() > COLUMN_LIMIT {
            return Err(Problem::row(ProblemKind::TooManyColumns { limit: COLUMN_LIMIT }, self.number).into());
        }
        for slot in &self.slots {
            if slot.set_in == self.number {
                row.text.push_str(&slot.text);
            }
            row.ends.push(row.text.len());
        }
        Ok(true)
    }

    /// Goes to the `{` of the next object; `false` after the `]`.
    fn find_object<R: Read>(&mut self, input: &mut Decoder<R>) -> Result<bool, Error> {
        loop {
            let byte = input.fill_buf()?.first().copied();
            let place = self.place;
            match byte {
                Some(b' ' | b'\t' | b'\r' | b'\n') => {}
                Some(b'[') if place == Place::Start => self.place = Place::AfterOpen,
                Some(b',') if place == Place::AfterObject => self.place = Place::AfterOpen,
                Some(b']') if matches!(place, Place::AfterOpen | Place::AfterObject) => self.place = Place::End,
                Some(b'{') if place == Place::AfterOpen => {
                    self.place = Place::AfterObject;
                    return Ok(true);
                }
                None if place == Place::End => return Ok(false),
                None if place == Place::Start => return Err(self.fail(ProblemKind::JsonShape)),
                None => return Err(self.fail(ProblemKind::JsonEnd)),
                Some(_) if place == Place::End => return Err(self.fail(ProblemKind::JsonEnd)),
                Some(_) => return Err(self.fail(ProblemKind::JsonShape)),
            }
            input.consume(1);
        }
    }

    /// Copies the object from its `{` to the `}` that closes it.
    fn copy_object<R: Read>(&mut self, input: &mut Decoder<R>) -> Result<(), Error> {
        self.object.clear();
        let (mut depth, mut quoted, mut escaped) = (0_u32, false, false);
        loop {
            let bytes = input.fill_buf()?;
            if bytes.is_empty() {
                return Err(self.fail(ProblemKind::JsonEnd));
            }
            let mut used = 0;
            let mut closed = false;
            for byte in bytes {
                used += 1;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if quoted => escaped = true,
                    b'"' => quoted = !quoted,
                    b'{' | b'[' if !quoted => depth += 1,
                    b'}' | b']' if !quoted => {
                        depth = depth.saturating_sub(1);
                        closed = depth == 0;
                    }
                    _ => {}
                }
                if closed {
                    break;
                }
            }
            self.object.extend(bytes.iter().take(used));
            input.consume(used);
            if closed {
                return Ok(());
            }
            if self.object.len() > ROW_LIMIT {
                return Err(Problem::row(ProblemKind::RowTooLong { limit: ROW_LIMIT }, self.number).into());
            }
        }
    }

    /// What ends the reading; reading on would give the same.
    fn fail(&self, kind: ProblemKind) -> Error {
        Problem::row(kind, self.number.max(1)).into()
    }
}

/// Puts the members of an object into their slots.
struct Object<'a> {
    number: u64,
    header: &'a mut Vec<String>,
    slots: &'a mut Vec<Slot>,
    problems: &'a mut Vec<Problem>,
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut guess = 0;
        loop {
            let name = Name { guess, header: &mut *self.header };
            let Some(column) = map.next_key_seed(name)? else {
                return Ok(());
            };
            guess = column + 1;
            if self.slots.len() < self.header.len() {
                self.slots.resize_with(self.header.len(), Slot::default);
            }
            let Some(slot) = self.slots.get_mut(column) else {
                continue;
            };
            let again = slot.set_in == self.number;
            slot.set_in = self.number;
            slot.text.clear();
            let flat = map.next_value_seed(Value(&mut slot.text))?;
            if !flat || again {
                let name = self.header.get(column).cloned().unwrap_or_default();
                let kind = if flat { ProblemKind::JsonSameName(name) } else { ProblemKind::JsonNested(name) };
                self.problems.push(Problem {
                    kind,
                    at: Position { row: self.number, column: u32::try_from(column + 1).ok(), byte: None },
                });
            }
        }
    }
}

/// A name of a member, as the index of its column; objects mostly repeat one order, so `guess` is tried first.
struct Name<'a> {
    guess: usize,
    header: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<usize, E> {
        if self.header.get(self.guess).is_some_and(|known| known == name) {
            return Ok(self.guess);
        }
        if let Some(column) = self.header.iter().position(|known| known == name) {
            return Ok(column);
        }
        if self.header.len() <= COLUMN_LIMIT {
            self.header.push(name.to_owned());
        }
        Ok(self.header.len() - 1)
    }
}

/// A value as text, appended; `false` for an array or object, which is passed over.
struct Value<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<bool, E> {
        self.0.push_str(text);
        Ok(true)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<bool, E> {
        self.0.push(if yes { '1' } else { '0' });
        Ok(true)
    }

    fn visit_u64<E>(self, n: u64) -> Result<bool, E> {
        self.0.push_str(&n.to_string());
        Ok(true)
    }

    fn visit_i64<E>(self, n: i64) -> Result<bool, E> {
        self.0.push_str(&n.to_string());
        Ok(true)
    }

    fn visit_f64<E>(self, n: f64) -> Result<bool, E> {
        self.0.push_str(&n.to_string());
        Ok(true)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }
}
