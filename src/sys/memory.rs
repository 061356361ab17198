//! What must not get out of this process's memory.

/// From here on no core dump holds what this process knows, wherever the system would put it.
///
/// Linux: the process is made undumpable. That holds where cores go into a pipe too (systemd-coredump),
/// which a limit on their size does not, keeps other processes of the user's from reading this one's
/// memory, and ends with the `exec` of any program that we start: their cores are theirs. It is one
/// system call, so every run makes it, whether it will hold a secret or not.
///
/// Other unixes: the soft limit on the size of cores, which programs that we start inherit and may
/// raise again.
///
/// Where it fails there is no harm but the old one.
pub fn no_core_dumps() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
    #[cfg(all(unix, not(target_os = "linux")))]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { maximum, .. } = getrlimit(Resource::Core);
        let current = Some(0);
        let _ = setrlimit(Resource::Core, Rlimit { current, maximum });
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, dumpable_behavior};

    #[test]
    fn this_process_leaves_no_core() {
        super::no_core_dumps();
        let behavior = dumpable_behavior().unwrap();
        assert_eq!(behavior, DumpableBehavior::NotDumpable);
    }
}
