//! Twenty profiles of one identity provider, asked for by a hundred processes at once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Output};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use fedgit_testbed::LoginGate;

use super::*;

/// A hundred processes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

const WAITING: &str = "is logging in to corp; waiting for it";

/// One of the hundred, with what it says on stderr.
struct Caller {
    profile: usize,
    child: Child,
    heard: JoinHandle<String>,
}

impl Caller {
    fn start(home: &Home, number: usize, password: &str, waits: Sender<usize>) -> Self {
        let profile = number % 20;
        let mut child = start_with(home, &format!("p{profile}"), password);
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let heard = std::thread::spawn(move || {
            let mut heard = String::new();
            for line in stderr.lines().map_while(Result::ok) {
                if line.contains(WAITING) {
                    let _ = waits.send(number);
                }
                heard.push_str(&line);
                heard.push('\n');
            }
            heard
        });
        Self {
            profile,
            child,
            heard,
        }
    }

    /// What it came to, and what it said.
    fn end(self) -> (usize, Output, String) {
        let output = self.child.wait_with_output().unwrap();
        (self.profile, output, self.heard.join().unwrap())
    }
}

/// Starts all of them, and returns once one logs in and every other one has said that it waits for it;
/// that one's number comes first.
fn start_all(home: &Home, gate: &LoginGate, password: &str) -> (usize, BTreeMap<usize, Caller>) {
    let (waits, waiting): (_, Receiver<usize>) = channel();
    let callers: BTreeMap<usize, Caller> = (0..100)
        .map(|n| (n, Caller::start(home, n, password, waits.clone())))
        .collect();
    assert!(gate.wait_for(1, PATIENCE), "nobody logs in");
    let mut rest: BTreeSet<usize> = callers.keys().copied().collect();
    while rest.len() > 1 {
        let waits = waiting.recv_timeout(PATIENCE);
        rest.remove(&waits.unwrap_or_else(|e| panic!("{rest:?} do not wait: {e}")));
    }
    assert_eq!(gate.waiting(), 1, "one login at a time");
    (rest.pop_first().unwrap(), callers)
}

/// All of them answer, and each profile's have the same answer.
fn all_answer(callers: BTreeMap<usize, Caller>) {
    let mut answers: BTreeMap<usize, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for caller in callers.into_values() {
        let (profile, output, said) = caller.end();
        assert!(output.status.success(), "p{profile}: {said}");
        answers.entry(profile).or_default().insert(output.stdout);
    }
    assert_eq!(answers.len(), 20);
    for (profile, answers) in answers {
        assert_eq!(answers.len(), 1, "p{profile}: STS was asked once");
    }
}

#[test]
fn one_password_serves_every_profile() {
    let home = twenty_profiles();
    let gate = home.world.hold_logins();
    let (_, callers) = start_all(&home, &gate, home.world.password());
    gate.release();
    all_answer(callers);
    let ledger = home.world.ledger();
    assert_eq!(ledger.login_attempts(), 1);
    assert_eq!(ledger.count(Service::Sts), 20);
}

#[test]
fn when_the_one_that_logs_in_is_killed_one_other_does() {
    let home = twenty_profiles();
    let gate = home.world.hold_logins();
    let (first, mut callers) = start_all(&home, &gate, home.world.password());
    let mut killed = callers.remove(&first).unwrap();
    killed.child.kill().unwrap();
    let (_, output, _) = killed.end();
    assert!(output.stdout.is_empty());
    let attempts = || home.world.ledger().login_attempts();
    let start = std::time::Instant::now();
    while attempts() < 2 {
        assert!(start.elapsed() < PATIENCE, "nobody takes over");
        std::thread::sleep(Duration::from_millis(5));
    }
    gate.release();
    all_answer(callers);
    let ledger = home.world.ledger();
    assert_eq!(ledger.login_attempts(), 2, "one more");
    assert_eq!(ledger.count(Service::Sts), 20);
}

#[test]
fn a_wrong_password_is_sent_once() {
    let home = twenty_profiles();
    let gate = home.world.hold_logins();
    let (first, mut callers) = start_all(&home, &gate, "not the password");
    gate.release();
    let (_, output, said) = callers.remove(&first).unwrap().end();
    assert_eq!(output.status.code(), Some(5));
    assert!(said.contains("Incorrect user ID or password"), "{said}");
    for caller in callers.into_values() {
        let (profile, output, said) = caller.end();
        assert_eq!(output.status.code(), Some(5), "p{profile}: {said}");
        assert!(output.stdout.is_empty());
        for part in [
            "so the password was not sent again",
            "Incorrect user ID or password",
            "with the right password: fedgit login corp",
        ] {
            assert!(said.contains(part), "p{profile}: {part:?} not in {said}");
        }
    }
    assert_eq!(home.world.ledger().login_attempts(), 1);
}
