//! Where a browser on Linux shares memory among its processes.

/// Bytes. A container has 64 MiB for all of its programs unless told otherwise. One page may want more, and
/// the kernel then ends the browser (`SIGBUS`) in the middle of a login.
const ENOUGH: u64 = 256 << 20;

/// Has the browser use files of the temporary folder instead, which it removes as soon as they are open.
const BY_FILES: &str = "--disable-dev-shm-usage";

/// What a browser on this machine is to be told.
pub(super) fn argument() -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    {
        let place = rustix::fs::statvfs("/dev/shm").ok();
        for_room(place.map(|place| place.f_bavail.saturating_mul(place.f_frsize)))
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// The same where the usual place has so many bytes left; `None` where it is missing.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "others share it by the kernel alone")
)]
fn for_room(left: Option<u64>) -> Option<&'static str> {
    left.is_none_or(|left| left < ENOUGH).then_some(BY_FILES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_containers_shared_memory_is_too_small() {
        assert_eq!(for_room(Some(64 << 20)), Some(BY_FILES));
        assert_eq!(for_room(None), Some(BY_FILES));
        assert_eq!(for_room(Some(ENOUGH)), None);
    }
}
