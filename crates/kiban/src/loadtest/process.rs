//! What the system says of a process: CPU seconds, memory, who listens on a port. Linux only; elsewhere the answer is none.

use std::fs;

/// Ticks in a second of the CPU times in /proc; the kernel's ABI fixes it.
const TICKS: f64 = 100.0;

/// CPU seconds of a process, user and system.
pub(super) fn cpu_seconds(pid: u32) -> Option<f64> {
    stat_seconds(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// CPU seconds of this thread.
pub(super) fn thread_cpu_seconds() -> Option<f64> {
    stat_seconds(&fs::read_to_string("/proc/thread-self/stat").ok()?)
}

/// Fields 14 and 15 of a stat line; the name in parentheses may hold blanks.
fn stat_seconds(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

/// Forgets this process's peak of memory, so that the next one counts.
pub(super) fn reset_peak() {
    // Where the system cannot, the peak is that of the whole life of the process: higher, never lower.
    drop(fs::write("/proc/self/clear_refs", "5"));
}

/// Peak of memory of this process in megabytes (VmHWM).
pub(super) fn peak_megabytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024)
}

/// The process that listens on a local port.
pub(super) fn listener(port: u16) -> Option<u32> {
    let inode = listening_inode(&fs::read_to_string("/proc/net/tcp").ok()?, port)?;
    let socket = format!("socket:[{inode}]");
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let Ok(files) = fs::read_dir(entry.path().join("fd")) else { continue };
        let mut targets = files.flatten().filter_map(|file| fs::read_link(file.path()).ok());
        if targets.any(|target| target.to_str() == Some(&socket)) {
            return Some(pid);
        }
    }
    None
}

fn listening_inode(table: &str, port: u16) -> Option<u64> {
    let ending = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // 0A: listening.
        let is_it = fields.get(1)?.ends_with(&ending) && *fields.get(3)? == "0A";
        is_it.then(|| fields.get(9)?.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stat_line_is_read_whatever_the_name() {
        let line = "12 (a) b (c) S 1 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 1 1";
        assert_eq!(stat_seconds(line), Some(3.0));
        assert_eq!(stat_seconds("nothing"), None);
    }

    #[test]
    fn the_listening_socket_is_found() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 0100007F:1F90 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 1 1\n\
            1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1\n";
        assert_eq!(listening_inode(table, 8080), Some(4711));
        assert_eq!(listening_inode(table, 8081), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_is_found_by_its_port() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        assert_eq!(listener(port), Some(std::process::id()));
        assert!(peak_megabytes().is_some() && cpu_seconds(std::process::id()).is_some());
    }
}
