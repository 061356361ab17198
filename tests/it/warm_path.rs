//! What a warm `credential-process` costs. Every AWS call and every git command runs it, so it is
//! held to counts that do not depend on the machine's load: calls to the system, and instructions.

use std::path::PathBuf;
use std::process::Command;

use fedgit_testbed::Scenario;

use crate::world::Home;

/// Instructions of the whole process, the dynamic loader included.
const MOST_INSTRUCTIONS: u64 = 1_300_000;

fn release() -> PathBuf {
    let Some(program) = std::env::var_os("FEDGIT_RELEASE") else {
        panic!(
            "FEDGIT_RELEASE is not set: it names the release build of fedgit, as .ci/run makes it"
        );
    };
    std::path::absolute(program).unwrap()
}

#[test]
#[ignore = "needs strace, valgrind and a release build: .ci/run provides them and runs this"]
fn warm_path() {
    let fedgit = release();
    let home = Home::new(Scenario::adfs());
    home.run(home.command(&fedgit).arg("apply")).exits(0);
    let mut login = home.command(&fedgit);
    login
        .args(["login", "corp"])
        .env("FEDGIT_PASSWORD", home.world.password());
    home.run(&mut login).exits(0);
    let credentials = ["credential-process", "--profile", "adfs"];
    // The first call remembers the way for the next ones.
    let first = home
        .run(home.command(&fedgit).args(credentials))
        .exits(0)
        .out;
    let requests = home.world.ledger().entries().len();

    let under = |tool: &str, flags: &[&str]| {
        let mut command: Command = home.command(tool);
        command.args(flags).arg(&fedgit).args(credentials);
        let said = home.run(&mut command).exits(0);
        assert_eq!(said.out, first);
        said.err
    };
    let counted = under("strace", &["-f", "-c"]);
    let calls = system_calls(&counted);
    let of = |name: &str| {
        calls
            .iter()
            .find(|(call, _)| call == name)
            .map_or(0, |(_, n)| *n)
    };
    assert_eq!(of("execve"), 1, "{counted}");
    for call in [
        "clone",
        "clone3",
        "fork",
        "vfork",
        "socket",
        "socketpair",
        "connect",
    ] {
        assert_eq!(of(call), 0, "{call}: {counted}");
    }

    let report = under(
        "valgrind",
        &["--tool=callgrind", "--callgrind-out-file=/dev/null"],
    );
    let instructions = collected(&report);
    let total: u64 = calls.iter().map(|(_, n)| n).sum();
    println!("a warm credential-process: {total} system calls, {instructions} instructions");
    assert!(
        instructions <= MOST_INSTRUCTIONS,
        "{instructions} instructions: {report}"
    );
    assert_eq!(home.world.ledger().entries().len(), requests);
}

/// However many profiles are declared, a warm call reads none of them.
#[test]
#[ignore = "needs strace, valgrind and a release build: .ci/run provides them and runs this"]
fn ten_thousand_profiles_cost_what_one_costs() {
    let fedgit = release();
    let credentials = ["credential-process", "--profile", "adfs"];
    let [one, many] = [1, 10_000].map(|profiles| {
        let home = Home::new(Scenario::adfs());
        let mut config = home.example();
        for number in 1..profiles {
            config.push_str(&format!(
                "[role.r{number}]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/R{number}\"\n"
            ));
        }
        home.write(".config/fedgit/fedgit.toml", config);
        let mut cold = home.command(&fedgit);
        cold.args(credentials)
            .env("FEDGIT_PASSWORD", home.world.password());
        let first = home.run(&mut cold).exits(0).out;
        let mut command = home.command("valgrind");
        command
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(&fedgit)
            .args(credentials);
        let said = home.run(&mut command).exits(0);
        assert_eq!(said.out, first);
        collected(&said.err)
    });
    println!("a warm credential-process: {one} instructions with 1 profile, {many} with 10,000");
    // A temporary folder's name, and a signature of another length, are not the same twice.
    assert!(one.abs_diff(many) * 100 <= one * 3, "{one} and {many}");
}

/// Name and number from strace's table: `% time, seconds, usecs/call, calls, [errors,] syscall`.
fn system_calls(table: &str) -> Vec<(String, u64)> {
    let calls: Vec<(String, u64)> = table
        .lines()
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let name = *words
                .last()
                .filter(|name| words.len() >= 5 && **name != "total")?;
            Some((name.to_owned(), words[3].parse().ok()?))
        })
        .collect();
    assert!(calls.iter().any(|(name, _)| name == "write"), "{table}");
    calls
}

/// The sum that callgrind gives at the end.
fn collected(report: &str) -> u64 {
    let sum = report
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let (_, sum) = sum.unwrap_or_else(|| panic!("{report}"));
    sum.trim().parse().unwrap()
}
