//! The tour: `cargo run --example demo`.
//!
//! Starts an AD FS, an STS and a CodeCommit on this machine, writes a `fedgit.toml`, and does with
//! the real program what a user does: check, plan, apply, log in, clone, edit, push. With `--keep`
//! it leaves everything up and prints what to export, so that you can go on by hand. With
//! `--mfa KIND` the AD FS wants a second factor (push, denied, ignored, call, code, rsa, duo,
//! methods), and there is no tour: a person answers.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a tour talks to its reader, and stops where something is not as it should be"
)]

mod mfa;
mod stage;

use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use fedgit_testbed::{Scenario, World};

use stage::Stage;

fn main() -> ExitCode {
    // One executable plays all parts: the stage links it under the names of the real programs, so
    // that the profile's line, git's helper and git's remote helper all lead back here.
    let name = std::env::args_os().next().unwrap_or_default();
    match Path::new(&name).file_stem().and_then(|stem| stem.to_str()) {
        Some("fedgit") => return fedgit::cli::main(),
        Some("git-remote-codecommit") => return fedgit::cli::remote_helper(),
        _ => {}
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    let keep = args.iter().any(|arg| arg == "--keep");
    let kind = args.iter().position(|arg| arg == "--mfa");
    let kind = kind.and_then(|at| args.get(at + 1));
    let scenario = match kind {
        Some(kind) => {
            mfa::scenario(kind).unwrap_or_else(|| panic!("--mfa is one of {}", mfa::KINDS))
        }
        None => Scenario::adfs(),
    };

    let world = World::start(scenario);
    world.add_repository("us-east-1", "ExampleCorpRepository");
    let stage = Stage::set(&world);
    if kind.is_some() {
        println!(
            "The codes are {}, then {}.",
            world.mfa_code(),
            world.next_mfa_code()
        );
        println!(
            "Duo has its own name: export HTTPS_PROXY={}",
            world.proxy_url()
        );
        wait(&stage, &world);
        return ExitCode::SUCCESS;
    }
    tour(&stage, &world);
    if keep {
        wait(&stage, &world);
    }
    ExitCode::SUCCESS
}

fn tour(stage: &Stage, world: &World) {
    stage.say(
        "An AD FS, an STS and a CodeCommit are running on 127.0.0.1. This is the fedgit.toml:",
    );
    stage.show(&stage.config());

    stage.say("Is it right? What would it change in ~/.aws/config? Then make it so.");
    stage.fedgit(&["check"], 0);
    stage.fedgit(&["plan"], 3);
    // On a terminal it would ask first; this is a story, and nobody need answer.
    stage.fedgit(&["apply", "--yes"], 0);
    stage.show(&stage.home.join(".aws/config"));

    stage
        .say("Without a person or a password nothing hangs: the message names the command to run.");
    stage.fedgit(
        &["--no-input", "credential-process", "--profile", "adfs"],
        4,
    );

    stage.say(
        "Log in. A person is asked on the terminal; this tour answers as a script does, by \
         FEDGIT_PASSWORD.",
    );
    stage.fedgit_with_password(&["login", "corp"], world.password());
    stage.fedgit(&["status"], 0);

    stage.say("From now on every AWS SDK and CLI gets credentials through the profile, unasked.");
    stage.credentials();

    stage.say("Clone by alias; then plain git, in a clone that holds no secret.");
    stage.fedgit(&["clone", "example"], 0);
    let clone = stage.work.join("ExampleCorpRepository");
    stage.write(&clone.join("hello.txt"), "hello from fedgit\n");
    stage.git(&clone, &["add", "hello.txt"]);
    stage.git(&clone, &["commit", "--quiet", "--message", "Say hello"]);
    stage.git(&clone, &["push", "--quiet"]);
    stage.git(&clone, &["config", "--local", "--list"]);

    stage.say("The well-known URLs of git-remote-codecommit work too.");
    stage.git(
        &stage.work,
        &[
            "clone",
            "--quiet",
            "codecommit://adfs@ExampleCorpRepository",
            "again",
        ],
    );
    stage.git(&stage.work.join("again"), &["log", "--oneline"]);

    let ledger = world.ledger();
    stage.say(&format!(
        "The identity provider saw {} login in all this; STS and CodeCommit answered {} and {} requests.",
        ledger.logins(),
        ledger.count(fedgit_testbed::Service::Sts),
        ledger.count(fedgit_testbed::Service::CodeCommit),
    ));
    assert_eq!(ledger.logins(), 1, "one login serves everything");
}

/// Leaves the services up for a person.
fn wait(stage: &Stage, world: &World) {
    stage.say("Everything stays up. In another terminal:");
    println!("{}", stage.exports());
    println!("The password is: {}", world.password());
    println!(
        "Try: fedgit login corp; aws sts get-caller-identity --profile adfs; fedgit logout; fedgit clone example\n"
    );
    if std::io::stdin().is_terminal() {
        println!("Press Enter here to stop.");
        let _ = std::io::stdin().read_line(&mut String::new());
    } else {
        println!("End this process to stop.");
        loop {
            std::thread::park();
        }
    }
}
