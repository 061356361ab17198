//! Whose connection it is. Another user of the machine can read the browser's arguments, and so could
//! be faster than the browser; on Linux the kernel tells them apart.

use std::net::{SocketAddrV4, TcpStream};

/// Whether the other end is a program of this user's; yes where the system does not tell.
pub(in crate::sys) fn is_this_user(visitor: &TcpStream, ours: SocketAddrV4) -> bool {
    platform::is_this_user(visitor, ours)
}

/// Whether the other end is known to be another user's. Root is none: it reads what it likes, and what is
/// handed on to this machine (a container, a virtual machine) comes from it.
pub(in crate::sys) fn is_another_users(visitor: &TcpStream, ours: SocketAddrV4) -> bool {
    platform::is_another_users(visitor, ours)
}

#[cfg(target_os = "linux")]
mod platform {
    use std::fs::File;
    use std::io::Read;
    use std::net::{SocketAddr, SocketAddrV4, TcpStream};

    use super::{is_stranger, owner};

    /// A line for each connection of the machine.
    const LONGEST_TABLE: u64 = 64 << 20;

    pub(super) fn is_this_user(visitor: &TcpStream, ours: SocketAddrV4) -> bool {
        let Ok(SocketAddr::V4(theirs)) = visitor.peer_addr() else {
            return false;
        };
        let Some(table) = table() else {
            return true;
        };
        owner(&table, theirs, ours) == Some(own())
    }

    pub(super) fn is_another_users(visitor: &TcpStream, ours: SocketAddrV4) -> bool {
        let Ok(SocketAddr::V4(theirs)) = visitor.peer_addr() else {
            return false;
        };
        let user = table().and_then(|table| owner(&table, theirs, ours));
        user.is_some_and(|user| is_stranger(user, own()))
    }

    fn own() -> u32 {
        rustix::process::geteuid().as_raw()
    }

    #[expect(clippy::disallowed_methods, reason = "one of the doors; bounded")]
    fn table() -> Option<String> {
        let mut table = String::new();
        let file = File::open("/proc/net/tcp").ok()?;
        file.take(LONGEST_TABLE).read_to_string(&mut table).ok()?;
        Some(table)
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use std::net::{SocketAddrV4, TcpStream};

    pub(super) fn is_this_user(_: &TcpStream, _: SocketAddrV4) -> bool {
        true
    }

    pub(super) fn is_another_users(_: &TcpStream, _: SocketAddrV4) -> bool {
        false
    }
}

#[cfg(target_os = "linux")]
fn is_stranger(user: u32, own: u32) -> bool {
    user != own && user != 0
}

/// The user of the end at `theirs` of a connection to `ours`, by the text of `/proc/net/tcp`.
#[cfg(target_os = "linux")]
fn owner(table: &str, theirs: SocketAddrV4, ours: SocketAddrV4) -> Option<u32> {
    // An address there is the kernel's number in the machine's own byte order.
    let end = |address: SocketAddrV4| {
        let number = u32::from_ne_bytes(address.ip().octets());
        format!("{number:08X}:{:04X}", address.port())
    };
    let ends = (end(theirs), end(ours));
    table.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let found = (fields.next()?, fields.next()?);
        if found != (ends.0.as_str(), ends.1.as_str()) {
            return None;
        }
        // State, queues, timer and retransmissions stand between.
        fields.nth(4)?.parse().ok()
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn the_owner_of_the_other_end() {
        let table = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12 1
   2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 13 1
";
        let (theirs, ours) = (
            "127.0.0.1:50000".parse().unwrap(),
            "127.0.0.1:8080".parse().unwrap(),
        );
        assert_eq!(owner(table, theirs, ours), Some(1000));
        assert_eq!(owner(table, ours, theirs), Some(0));
        assert_eq!(owner(table, "127.0.0.1:50001".parse().unwrap(), ours), None);
        assert_eq!(owner("", theirs, ours), None);
    }

    #[test]
    fn neither_root_nor_oneself_is_a_stranger() {
        assert!(is_stranger(1001, 1000) && is_stranger(1000, 0));
        assert!(!is_stranger(1000, 1000) && !is_stranger(0, 1000));
    }
}
