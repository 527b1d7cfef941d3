//! What arrived and what was sent; a set with its files; what becomes of it.

use axum::extract::Path;
use axum::response::Response;
use kaigo_app::exchange::mailbox::{self, Current, Filter, PersonRow, SetPage, State, Wanted};
use kaigo_app::{Error, Wrong};
use kaigo_careplan::batch::InFile;
use kaigo_careplan::kind::Unit;
use kaigo_careplan::pack::pack;
use kaigo_core::policy::Caller;

use super::problem::problem;
use super::shape::{End, Page, Person, SetRow, SetShape};
use super::upload::{file, shape_of};
use super::{Program, bytes};

/// GET /api/v1/exchange/inbox
pub(crate) async fn inbox(program: Program) -> Response {
    let page = match filter(&program) {
        Ok((filter, before)) => mailbox::inbox(&program.web.app, &program.ctx, &program.caller, &filter, &before).await,
        Err(error) => Err(error),
    };
    program.answer(page.map(|page| listed(&program.caller, page)))
}

/// GET /api/v1/exchange/sent
pub(crate) async fn sent(program: Program) -> Response {
    let page = match filter(&program) {
        Ok((filter, before)) => mailbox::sent(&program.web.app, &program.ctx, &program.caller, &filter, &before).await,
        Err(error) => Err(error),
    };
    program.answer(page.map(|page| listed(&program.caller, page)))
}

/// Which page of which sets is asked for.
fn filter(program: &Program) -> Result<(Filter, String), Error> {
    let wrong = |field: &'static str| {
        let say = format!("{field} の値が読めません。docs/openapi.json にある値にしてください。");
        Error::Invalid(vec![Wrong { field, code: "value", say }])
    };
    let state = match program.asked("state") {
        "" => None,
        state => Some(State::parse(state).ok_or_else(|| wrong("state"))?),
    };
    let before = unsealed(program.asked("before")).ok_or_else(|| wrong("before"))?;
    Ok((Filter { state, ..Filter::default() }, before))
}

/// The place of a page as one word: digits of an instant and an identifier could look like a 個人番号 in an address.
fn sealed(place: &str) -> String {
    kaigo_app::ctx::hex(place.as_bytes())
}

fn unsealed(word: &str) -> Option<String> {
    let digits: Vec<u8> =
        word.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(high * 16 + low),
        _ => None,
    });
    String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()
}

fn listed(caller: &Caller, page: mailbox::Page) -> Page {
    let sets = page.rows.into_iter().map(|row| row_of(caller, row)).collect();
    Page { sets, next: page.next.as_deref().map(sealed) }
}

fn row_of(caller: &Caller, row: mailbox::SetRow) -> SetRow {
    let end = |end: kaigo_careplan::name::End| -> End {
        let name = match caller {
            Caller::Staff(staff) if staff.office_no == end.office_no => staff.office_name.clone(),
            Caller::Staff(_)
            | Caller::Person { .. }
            | Caller::Insurer(_)
            | Caller::Medical(_)
            | Caller::Board(_)
            | Caller::InsurerSystem { .. }
            | Caller::Operator
            | Caller::OperatorStaff(_)
            | Caller::Supporter(_) => row.partner.name.clone(),
        };
        shape_of(end, name)
    };
    SetRow {
        from: end(row.from),
        to: end(row.to),
        set_id: row.set_id,
        unit: row.unit.map(Unit::code),
        month: row.month.map(|month| month.to_string()),
        serial: row.serial,
        state: row.state.code(),
        size: row.size,
        file_count: row.file_count,
        people_count: row.person_count,
        warning_count: row.warning_count,
        sent_at: row.sent_at,
        fetched_at: row.fetched_at,
        imported_at: row.imported_at,
        recalled_at: row.recalled_at,
    }
}

/// GET /api/v1/exchange/sets/{id}
pub(crate) async fn set(program: Program, Path(id): Path<String>) -> Response {
    let set = found(&program, &id).await;
    program.answer(set)
}

async fn found(program: &Program, id: &str) -> Result<SetShape, Error> {
    let SetPage { row, files, people, .. } = mailbox::set(&program.web.app, &program.ctx, &program.caller, id).await?;
    Ok(SetShape {
        row: row_of(&program.caller, row),
        files: files.into_iter().map(file).collect(),
        people: people.into_iter().map(person).collect(),
    })
}

fn person(row: PersonRow) -> Person {
    Person {
        place: row.place,
        insurer_no: row.insurer_no,
        insured_no: row.insured_no,
        name: row.name,
        kana: row.kana,
        doc: row.doc.map(kaigo_careplan::batch::Doc::code),
        key: row.key,
        deletes: row.deletes,
        state: match row.current {
            Current::Yes => "current",
            Current::Replaced { .. } => "replaced",
            Current::Withdrawn { .. } => "withdrawn",
        },
    }
}

/// GET /api/v1/exchange/sets/{id}/files
pub(crate) async fn files(program: Program, Path(id): Path<String>) -> Response {
    match fetch(&program, &id).await {
        Ok(files) => {
            let packed = pack(files.iter().map(|file| ("", file.name.as_str(), file.bytes.as_slice())));
            bytes::file(&program.headers, "application/zip", &format!("{id}.zip"), packed)
        }
        Err(error) => problem(&program.ctx, &error),
    }
}

/// GET /api/v1/exchange/sets/{id}/files/{n}
pub(crate) async fn one_file(program: Program, Path((id, n)): Path<(String, String)>) -> Response {
    // A place that no set has is not asked for: nothing is marked as fetched for it.
    let place = match n.parse::<usize>() {
        Ok(place) => found(&program, &id)
            .await
            .and_then(|set| if place < set.files.len() { Ok(place) } else { Err(Error::NotFound) }),
        Err(_) => Err(Error::NotFound),
    };
    let file = match place {
        Ok(place) => fetch(&program, &id).await.and_then(|files| files.into_iter().nth(place).ok_or(Error::NotFound)),
        Err(error) => Err(error),
    };
    match file {
        Ok(file) => bytes::file(&program.headers, "application/octet-stream", &file.name, file.bytes),
        Err(error) => problem(&program.ctx, &error),
    }
}

/// The files of a set in the office's mailbox, which is marked as fetched by it.
async fn fetch(program: &Program, id: &str) -> Result<Vec<InFile>, Error> {
    let wanted = Wanted::These(vec![id.to_owned()]);
    let fetched = mailbox::fetch(&program.web.app, &program.ctx, &program.caller, wanted).await?;
    fetched.into_iter().next().map(|set| set.files).ok_or(Error::NotFound)
}

/// POST /api/v1/exchange/sets/{id}/imported
pub(crate) async fn imported(program: Program, Path(id): Path<String>) -> Response {
    let done = mailbox::imported(&program.web.app, &program.ctx, &program.caller, &id).await;
    after(&program, &id, done).await
}

/// POST /api/v1/exchange/sets/{id}/recall
pub(crate) async fn recall(program: Program, Path(id): Path<String>) -> Response {
    let done = mailbox::recall(&program.web.app, &program.ctx, &program.caller, &id).await;
    after(&program, &id, done).await
}

/// The set as it is after something was done with it.
async fn after(program: &Program, id: &str, done: Result<(), Error>) -> Response {
    let set = match done {
        Ok(()) => found(program, id).await,
        Err(error) => Err(error),
    };
    program.answer(set)
}

/// GET /api/v1/exchange/sets/{id}/receipt
pub(crate) async fn receipt(program: Program, Path(id): Path<String>) -> Response {
    let receipt = mailbox::receipt(&program.web.app, &program.ctx, &program.caller, &id).await;
    program.answer(receipt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_the_address() {
        for place in ["", "2026-11-22T01:00:00.000Z_019ab3c4d5e6f70123456789abcdef01"] {
            assert_eq!(unsealed(&sealed(place)).as_deref(), Some(place));
        }
        for bad in ["a", "zz", "あ", "ff"] {
            assert_eq!(unsealed(bad), None, "{bad}");
        }
    }
}
