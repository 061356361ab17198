//! Looks over the shoulder of every process of a test: arguments and environment, as `ps` and
//! anybody with the same user id can read them. Linux only; elsewhere git's traces have to do.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// The variable that tells a test's processes from all others.
pub(crate) const MARK: &str = "FEDGIT_IT_HOME";

/// What a process has in its environment that was given credentials there: what `fedgit exec` is for.
pub(crate) const GIVEN: &str = "FEDGIT_IT_GIVEN=1";

/// The variables that it may hold them in.
const CREDENTIALS: &[&str] = &["AWS_SECRET_ACCESS_KEY=", "AWS_SESSION_TOKEN="];

/// What of which process, and the bytes.
type Seen = BTreeSet<(String, Vec<u8>)>;

/// Samples until dropped.
pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    seen: Arc<Mutex<Seen>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub(crate) fn start(home: &Path) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let mark = format!("{MARK}={}", home.display()).into_bytes();
        let thread = cfg!(target_os = "linux").then(|| {
            let (stop, seen) = (Arc::clone(&stop), Arc::clone(&seen));
            std::thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    sample(&mark, &seen);
                    // Short beside the life of any process that waits for a network answer.
                    std::thread::sleep(std::time::Duration::from_millis(5));
                }
            })
        });
        Self { stop, seen, thread }
    }

    /// What processes were seen with.
    pub(crate) fn seen(&self) -> Vec<(String, Vec<u8>)> {
        self.seen.lock().unwrap().iter().cloned().collect()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn sample(mark: &[u8], seen: &Mutex<Seen>) {
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let process = entry.path();
        let is_process = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.bytes().all(|b| b.is_ascii_digit()));
        if !is_process {
            continue;
        }
        let image = || std::fs::read_link(process.join("exe")).ok();
        let before = image();
        let environment = match std::fs::read(process.join("environ")) {
            Ok(environment) if super::contains(&environment, mark) => environment,
            // fedgit's own is closed, and everybody's arguments are open: another test's fedgit is
            // searched for this one's secrets too, which does no harm.
            Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Vec::new(),
            _ => continue,
        };
        let arguments = std::fs::read(process.join("cmdline")).unwrap_or_default();
        if environment.is_empty() {
            let program = arguments.split(|byte| *byte == 0).next();
            if program.is_some_and(|program| program.ends_with(b"fedgit")) {
                let name = String::from_utf8_lossy(&arguments).replace('\0', " ");
                let mut seen = seen.lock().unwrap();
                seen.insert((format!("arguments of {name}"), arguments));
            }
            continue;
        }
        let environment = without_given(environment);
        let name = String::from_utf8_lossy(&arguments).replace('\0', " ");
        // Between fork and exec a process still is its parent's image; one that ends is nobody's. And
        // one that became another program meanwhile had that one's environment or the other's.
        let Some(program) = image().filter(|after| before.as_ref() == Some(after)) else {
            continue;
        };
        let mut seen = seen.lock().unwrap();
        seen.insert((format!("arguments of {name}"), arguments));
        // A password in our own environment was put there by the caller, for us.
        if !program.ends_with("fedgit") {
            seen.insert((format!("environment of {name}"), environment));
        }
    }
}

/// The environment without what its process was given on purpose.
fn without_given(environment: Vec<u8>) -> Vec<u8> {
    let variables = || environment.split(|byte| *byte == 0);
    if !variables().any(|variable| variable == GIVEN.as_bytes()) {
        return environment;
    }
    let is_given = |variable: &&[u8]| {
        CREDENTIALS
            .iter()
            .any(|name| variable.starts_with(name.as_bytes()))
    };
    let kept: Vec<&[u8]> = variables().filter(|variable| !is_given(variable)).collect();
    kept.join(&0)
}
