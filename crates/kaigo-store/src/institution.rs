//! Medical institutions (医療機関) and certification boards (介護認定審査会), firms that set up offices: master data.

use kaigo_core::id::{InstitutionNo, InsurerNo};
use kaigo_core::policy::{Act, ActGrant};

use crate::db::{Error, Row, Tx};

statements! {
    FIND = "SELECT institution_no, name, name_kana, address, phone FROM institution WHERE institution_no = ?1";
    LIST = "SELECT institution_no, name, name_kana, address, phone FROM institution ORDER BY name_kana, institution_no";
    UPSERT = "INSERT INTO institution (institution_no, name, name_kana, address, phone, loaded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
              ON CONFLICT (institution_no) DO UPDATE SET name = excluded.name, name_kana = excluded.name_kana, address = excluded.address, \
              phone = excluded.phone, loaded_at = excluded.loaded_at";
    BOARD = "SELECT board_id, name, phone FROM board WHERE board_id = ?1";
    BOARDS_OF = "SELECT b.board_id, b.name, b.phone FROM board b JOIN board_insurer i ON i.board_id = b.board_id WHERE i.insurer_no = ?1 ORDER BY b.board_id";
    BOARD_INSURERS = "SELECT insurer_no FROM board_insurer WHERE board_id = ?1 ORDER BY insurer_no";
    PUT_BOARD = "INSERT INTO board (board_id, name, phone) VALUES (?1, ?2, ?3) ON CONFLICT (board_id) DO UPDATE SET name = excluded.name, phone = excluded.phone";
    SUPPORTER = "SELECT name FROM supporter WHERE supporter_id = ?1";
    PUT_SUPPORTER = "INSERT INTO supporter (supporter_id, name, phone) VALUES (?1, ?2, ?3) ON CONFLICT (supporter_id) DO UPDATE SET name = excluded.name, phone = excluded.phone";
    SERVE = "INSERT INTO board_insurer (board_id, insurer_no) VALUES (?1, ?2) ON CONFLICT (board_id, insurer_no) DO NOTHING";
}

/// A medical institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    /// Number (医療機関コード, ten digits).
    pub institution_no: InstitutionNo,
    /// Name.
    pub name: String,
    /// Name in kana.
    pub name_kana: String,
    /// Address.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
}

/// A certification board, a body of its own: it may serve several insurers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Identifier.
    pub board_id: String,
    /// Name.
    pub name: String,
    /// Telephone of its secretariat.
    pub phone: Option<String>,
}

/// Finds an institution.
pub fn find(tx: &mut Tx<'_>, institution_no: InstitutionNo) -> Result<Option<Institution>, Error> {
    tx.query_opt(FIND, args![institution_no])?.as_ref().map(read).transpose()
}

/// All institutions by kana.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Institution>, Error> {
    tx.query(LIST, &[])?.iter().map(read).collect()
}

/// Adds or changes an institution.
pub fn put(tx: &mut Tx<'_>, grant: &ActGrant, institution: &Institution, now: &str) -> Result<(), Error> {
    operator(grant)?;
    let Institution { institution_no, name, name_kana, address, phone } = institution;
    tx.execute(UPSERT, args![*institution_no, name, name_kana, address.as_ref(), phone.as_ref(), now]).map(drop)
}

/// Finds a board.
pub fn board(tx: &mut Tx<'_>, board_id: &str) -> Result<Option<Board>, Error> {
    tx.query_opt(BOARD, args![board_id])?.as_ref().map(read_board).transpose()
}

/// Name of a firm that sets up offices (導入支援事業者).
pub fn supporter(tx: &mut Tx<'_>, supporter_id: &str) -> Result<Option<String>, Error> {
    tx.query_opt(SUPPORTER, args![supporter_id])?.map(|row| row.text(0).map(str::to_owned)).transpose()
}

/// Adds or changes a firm that sets up offices.
///
/// # Errors
/// [`Error::NotCovered`] without the operator's right.
pub fn put_supporter(
    tx: &mut Tx<'_>,
    grant: &ActGrant,
    (supporter_id, name, phone): (&str, &str, Option<&str>),
) -> Result<(), Error> {
    operator(grant)?;
    tx.execute(PUT_SUPPORTER, args![supporter_id, name, phone]).map(drop)
}

/// The boards that serve an insurer.
pub fn boards_of(tx: &mut Tx<'_>, insurer_no: InsurerNo) -> Result<Vec<Board>, Error> {
    tx.query(BOARDS_OF, args![insurer_no])?.iter().map(read_board).collect()
}

/// The insurers that a board serves.
pub fn insurers_of(tx: &mut Tx<'_>, board_id: &str) -> Result<Vec<InsurerNo>, Error> {
    let rows = tx.query(BOARD_INSURERS, args![board_id])?;
    rows.iter()
        .map(|row| InsurerNo::parse(row.text(0)?).map_err(|_| Error::Broken("board_insurer".to_owned())))
        .collect()
}

/// Adds or changes a board and the insurers that it serves.
pub fn put_board(tx: &mut Tx<'_>, grant: &ActGrant, board: &Board, insurers: &[InsurerNo]) -> Result<(), Error> {
    operator(grant)?;
    tx.execute(PUT_BOARD, args![&board.board_id, &board.name, board.phone.as_ref()])?;
    insurers.iter().try_for_each(|no| tx.execute(SERVE, args![&board.board_id, *no]).map(drop))
}

fn operator(grant: &ActGrant) -> Result<(), Error> {
    if grant.act() == Act::Operate { Ok(()) } else { Err(Error::NotCovered) }
}

fn read(row: &Row) -> Result<Institution, Error> {
    Ok(Institution {
        institution_no: InstitutionNo::parse(row.text(0)?).map_err(|_| Error::Broken("institution_no".to_owned()))?,
        name: row.text(1)?.to_owned(),
        name_kana: row.text(2)?.to_owned(),
        address: row.opt_text(3)?.map(str::to_owned),
        phone: row.opt_text(4)?.map(str::to_owned),
    })
}

fn read_board(row: &Row) -> Result<Board, Error> {
    Ok(Board {
        board_id: row.text(0)?.to_owned(),
        name: row.text(1)?.to_owned(),
        phone: row.opt_text(2)?.map(str::to_owned),
    })
}
