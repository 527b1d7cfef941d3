//! ケアプラン連携: upload, check, send; receive, see, take back; the month; the directory.
