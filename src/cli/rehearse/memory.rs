//! The memory of a process, as Linux counts it.

use std::fs;

/// A figure of `/proc/PID/status` in KiB, such as `VmRSS`, or `VmHWM`: the most that was ever
/// resident. None where the system does not tell.
pub fn memory_kib(pid: u32, name: &str) -> Option<u64> {
    kib(&fs::read_to_string(format!("/proc/{pid}/status")).ok()?, name)
}

fn kib(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_found_by_its_name() {
        let status = "VmPeak:\t  9 kB\nVmHWM:\t   45312 kB\nVmRSS:\t 1 kB\n";
        assert_eq!(kib(status, "VmHWM"), Some(45_312));
        assert_eq!(kib("VmRSS:\t 1 kB\n", "VmHWM"), None);
    }
}
