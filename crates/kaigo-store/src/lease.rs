//! Leases of jobs: of all processes, one does a job at a time.

use crate::db::{Error, Tx};

statements! {
    TAKE = "INSERT INTO job_lease (job, holder, until_at) VALUES (?1, ?2, ?3) ON CONFLICT (job) DO UPDATE SET \
            holder = excluded.holder, until_at = excluded.until_at WHERE job_lease.holder = excluded.holder OR job_lease.until_at < ?4";
    ALL = "SELECT job, until_at FROM job_lease ORDER BY job";
}

/// Takes or renews the lease of a job until an instant. Answers whether this holder has it.
pub fn take(tx: &mut Tx<'_>, job: &str, holder: &str, until: &str, now: &str) -> Result<bool, Error> {
    Ok(tx.execute(TAKE, args![job, holder, until, now])? == 1)
}

/// Every lease that was ever taken: job, and the instant until which its last step had it.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, Error> {
    tx.query(ALL, &[])?.iter().map(|row| Ok((row.text(0)?.to_owned(), row.text(1)?.to_owned()))).collect()
}
