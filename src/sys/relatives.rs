//! What stands around this process, as Linux's `/proc` tells it: the processes above it and below its
//! children, and what was inherited. Other systems tell it only to unsafe code; there nothing is known.

use std::path::Path;

use super::fs::read_bounded;

/// A process above this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ancestor {
    /// Its arguments, its own name first. They may hold secrets: not to be shown as they are.
    pub args: Vec<String>,
}

/// A chain of processes that is longer is a loop, or nobody's business.
const MOST: usize = 32;

/// Arguments beyond this are not read.
const LONGEST_ARGS: u64 = 64 << 10;

/// The processes that led to this one, the nearest first, as far as they are of its own session: what
/// started a terminal, or a service, asks for nothing.
#[must_use]
pub fn ancestors() -> Vec<Ancestor> {
    let mut found = Vec::new();
    let Some(own) = stat("self") else {
        return found;
    };
    let mut next = own.parent;
    while found.len() < MOST {
        let Some(process) = stat(&next.to_string()).filter(|it| it.session == own.session) else {
            break;
        };
        let path = format!("/proc/{next}/cmdline");
        let line = read_bounded(Path::new(&path), LONGEST_ARGS).ok().flatten();
        let line = String::from_utf8_lossy(&line.unwrap_or_default()).into_owned();
        let args = line.split_terminator('\0').map(str::to_owned).collect();
        found.push(Ancestor { args });
        next = process.parent;
    }
    found
}

/// The processes that a process started, and theirs.
pub(super) fn descendants(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let mut at = 0;
    while let Some(pid) = found.get(at).copied() {
        let path = format!("/proc/{pid}/task/{pid}/children");
        let line = read_bounded(Path::new(&path), LONGEST_ARGS).ok().flatten();
        let line = String::from_utf8_lossy(&line.unwrap_or_default()).into_owned();
        let children = line.split_whitespace().filter_map(|pid| pid.parse().ok());
        found.extend(children.collect::<Vec<u32>>());
        at += 1;
    }
    found.split_off(1)
}

/// The signals that this process was started to ignore, a bit for each, the first one lowest.
pub(super) fn ignored_signals() -> u64 {
    let status = read_bounded(Path::new("/proc/self/status"), LONGEST_ARGS);
    let status = String::from_utf8_lossy(&status.ok().flatten().unwrap_or_default()).into_owned();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

struct Stat {
    parent: u32,
    session: i32,
}

fn stat(process: &str) -> Option<Stat> {
    let path = format!("/proc/{process}/stat");
    let line = read_bounded(Path::new(&path), 4096).ok()??;
    let line = String::from_utf8_lossy(&line).into_owned();
    // The name is in parentheses, and may hold some.
    let (_, rest) = line.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let parent = fields.nth(1)?.parse().ok()?;
    let session = fields.nth(1)?.parse().ok()?;
    Some(Stat { parent, session })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_chain_starts_at_the_parent() {
        let parent = std::os::unix::process::parent_id();
        assert_eq!(stat("self").unwrap().parent, parent);
        let line = format!("/proc/{parent}/cmdline");
        let line = read_bounded(Path::new(&line), LONGEST_ARGS)
            .unwrap()
            .unwrap();
        let chain = ancestors();
        // The test's runner may be of another session.
        if let Some(first) = chain.first() {
            let args: Vec<&str> = first.args.iter().map(String::as_str).collect();
            assert_eq!(
                args.join("\0").trim_end_matches('\0'),
                String::from_utf8_lossy(&line).trim_end_matches('\0')
            );
        }
        assert!(chain.len() <= MOST);
    }
}
