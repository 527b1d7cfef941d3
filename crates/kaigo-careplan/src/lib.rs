//! ケアプランデータ連携標準仕様: the files in which care offices exchange care plans, planned use and results.
//!
//! Pure: bytes in, values out. [`name`] reads what a file's name says, [`table`] its bytes, by the columns of [`layout`];
//! [`batch`] sorts a heap of files into the sets that travel together. Nothing here panics on any bytes, and nothing refuses a
//! file: what is wrong is a value with its place.

pub mod attachment;
pub mod batch;
pub mod check;
pub mod difference;
pub mod finding;
pub mod kind;
pub mod layout;
pub mod name;
pub mod pack;
pub mod repair;
pub mod result;
pub mod service_name;
pub mod sheet;
pub mod table;
