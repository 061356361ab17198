//! Whose turn it is: who is asked, who waits for whom, and who is told so.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use fedgit_testbed::Scenario;

use crate::concurrent::twenty_profiles;
use crate::prompt::at_terminal;
use crate::world::Home;

fn line(args: &str) -> String {
    format!("{} {args}; echo \"code $?\"", env!("CARGO_BIN_EXE_fedgit"))
}

/// As an SDK starts it, which keeps what it says to itself.
fn quiet(name: &str) -> String {
    line(&format!(
        "credential-process --profile adfs >{name}.out 2>{name}.err </dev/null"
    ))
}

/// The one who typed `fedgit login` is asked, whatever came of the question that they waited for; whoever
/// an SDK started is not. Both see on their own terminal whom they wait for.
#[test]
fn a_login_that_waited_for_an_interrupted_one_asks() {
    let home = Home::new(Scenario::adfs());
    let mut first = at_terminal(&home, &quiet("first"));
    first.exp_string("password of username@domain").unwrap();
    let waits = "is logging in to corp; waiting for it";
    let mut login = at_terminal(&home, &line("login corp"));
    let before = login.exp_string(waits).unwrap();
    assert!(before.contains("another fedgit (process "), "{before}");
    let mut other = at_terminal(&home, &quiet("other"));
    other.exp_string(waits).unwrap();
    first.send_control('c').unwrap();
    first.exp_string("code 130").unwrap();
    drop(first);
    login.exp_string("password of username@domain").unwrap();
    login.send_line(home.world.password()).unwrap();
    login.exp_string("code 0").unwrap();
    drop(login);
    // It got there before, and nobody answered it; or after, and the login serves it.
    other.exp_string("code ").unwrap();
    assert_eq!(home.world.ledger().login_attempts(), 1);
    for name in ["first", "other"] {
        std::fs::remove_file(home.file(&format!("{name}.out"))).unwrap();
    }
}

/// Who sits at the terminal where the question stands sees the question.
#[test]
fn nobody_is_told_of_a_question_that_they_see() {
    let home = Home::new(Scenario::adfs());
    let both = format!("({}) & ({}) & wait", quiet("one"), quiet("two"));
    let mut person = at_terminal(&home, &both);
    let mut shown = person.exp_string("password of username@domain").unwrap();
    person.send_line(home.world.password()).unwrap();
    shown += &person.exp_string("code 0").unwrap();
    shown += &person.exp_string("code 0").unwrap();
    assert!(!shown.contains("waiting for it"), "{shown}");
    for name in ["one", "two"] {
        std::fs::remove_file(home.file(&format!("{name}.out"))).unwrap();
    }
}

/// Waits for a question at a service that answers nothing while what is returned is held.
fn asked(silent: TcpListener) -> TcpStream {
    let (tell, is_asked) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut connection, _) = silent.accept().unwrap();
        let _ = connection.read(&mut [0; 64]);
        let _ = tell.send(connection);
    });
    is_asked.recv_timeout(Duration::from_secs(20)).unwrap()
}

/// STS hangs for one; the assertion is kept, and serves the others meanwhile.
#[test]
fn nobody_waits_for_an_sts_that_another_waits_for() {
    let home = twenty_profiles();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let start = |profile: &str, sts: &str| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(["credential-process", "--profile", profile])
            .env("FEDGIT_PASSWORD", home.world.password())
            .env("AWS_ENDPOINT_URL_STS", sts)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut first = start("p0", &address);
    let _connection = asked(silent);
    let other = start("p1", &home.world.sts_url());
    let said = other.wait_with_output().unwrap();
    assert!(said.status.success());
    let told = String::from_utf8_lossy(&said.stderr);
    assert_eq!(told, "", "it waited for nobody");
    assert!(first.try_wait().unwrap().is_none(), "STS hangs for it");
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

/// Ctrl-C is a number also where nothing is asked: who starts fedgit from a program sees no signal.
#[test]
#[cfg(unix)]
fn an_interrupted_wait_ends_with_the_number() {
    let home = Home::empty(Scenario::adfs());
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let config = format!("[idp.corp]\nkind = \"saml\"\nurl = \"{url}\"\n");
    home.write(".config/fedgit/fedgit.toml", config);
    // Whatever the runner of these tests ignores.
    let mut command = home.command("env");
    command.args([
        "--default-signal=INT",
        env!("CARGO_BIN_EXE_fedgit"),
        "login",
        "corp",
    ]);
    let mut run = command.spawn().unwrap();
    let _connection = asked(silent);
    let interrupted = Command::new("kill")
        .args(["-INT", &run.id().to_string()])
        .status();
    assert!(interrupted.unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
}
