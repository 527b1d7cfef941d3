//! ケアプランデータ連携: uploads, sets between offices, receipts.

pub mod receipt;
