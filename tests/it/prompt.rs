//! A person at the terminal: fedgit's questions reach them although stdin, stdout and stderr belong
//! to somebody else.

use std::process::Command;

use fedgit_testbed::Scenario;
use rexpect::session::{PtySession, spawn_command};

use crate::world::Home;

/// Only a test that fails takes it: a machine may be slow.
const LIMIT: Option<u64> = Some(60_000);

/// A shell line on a terminal of its own, with this home.
pub(crate) fn at_terminal(home: &Home, line: &str) -> PtySession {
    at_terminal_for(home, line, LIMIT)
}

/// The same, where what runs there may be silent for so many milliseconds.
pub(crate) fn at_terminal_for(home: &Home, line: &str, limit: Option<u64>) -> PtySession {
    // A person's shell ignores no signal, whatever the runner of these tests does.
    let mut command: Command = home.command("env");
    command.args(["--default-signal=HUP,INT,QUIT,TERM", "sh", "-c", line]);
    command.env_remove("GIT_TERMINAL_PROMPT");
    // The harness gives every program an empty stdin; a person's terminal is stdin too.
    command.stdin(std::process::Stdio::inherit());
    spawn_command(command, limit).unwrap()
}

fn fedgit() -> &'static str {
    env!("CARGO_BIN_EXE_fedgit")
}

#[test]
fn the_password_is_asked_once_and_not_echoed() {
    let home = Home::new(Scenario::adfs());
    // As an SDK starts it: stdout and stderr are pipes, stdin is whatever it was.
    let line = format!(
        "{} credential-process --profile adfs 2>err >out </dev/null; echo \"code $?\"",
        fedgit()
    );
    let mut person = at_terminal(&home, &line);
    let before = person
        .exp_string("password of username@domain for corp (127.0.0.1): ")
        .unwrap();
    assert!(!before.contains("code"), "{before}");
    person.send_line(home.world.password()).unwrap();
    let shown = person.exp_string("code 0").unwrap();
    assert!(
        !shown.contains(home.world.password()),
        "the password was echoed"
    );
    let answer = home.read("out");
    assert!(
        answer.contains("\"SessionToken\""),
        "credentials are on stdout alone"
    );
    assert_eq!(home.read("err"), "");
    std::fs::remove_file(home.file("out")).unwrap();

    // And not again.
    drop(person);
    let mut person = at_terminal(&home, &line);
    person.exp_string("code 0").unwrap();
    std::fs::remove_file(home.file("out")).unwrap();
    assert_eq!(home.world.ledger().logins(), 1);
}

#[test]
fn ctrl_c_gives_the_terminal_back() {
    let home = Home::new(Scenario::adfs());
    let line = format!(
        "stty -a >before; {} credential-process --profile adfs; echo \"code $?\"; stty -a >after",
        fedgit()
    );
    let mut person = at_terminal(&home, &line);
    person.exp_string("password of").unwrap();
    person.send_control('c').unwrap();
    person.exp_string("code 130").unwrap();
    person.exp_eof().unwrap();
    assert_eq!(home.read("before"), home.read("after"));
    assert_eq!(home.world.ledger().login_attempts(), 0);
}

/// It ends the question and every one that would come after it, and is told by the number.
#[test]
fn ctrl_c_at_a_question_is_meant_for_all_of_them() {
    use rexpect::process::WaitStatus;
    let home = Home::new(Scenario::adfs());
    let (idp, rest) = home.example().split_once("\n\n").map_or_else(
        || panic!("an identity provider comes first"),
        |(idp, rest)| (idp.to_owned(), rest.to_owned()),
    );
    let other = idp
        .replace("corp", "other")
        .replace("username@domain", "other@domain");
    let second =
        "[role.second]\nidp = \"other\"\narn = \"arn:aws:iam::111122223333:role/Second\"\n";
    home.write(
        ".config/fedgit/fedgit.toml",
        format!("{idp}\n\n{other}\n\n{second}\n{rest}"),
    );
    for args in ["credential-process --profile second", "login", "whoami"] {
        let line = format!("exec {} {args}", fedgit());
        let mut person = at_terminal(&home, &line);
        person.exp_string("password of").unwrap();
        person.send_control('c').unwrap();
        let shown = person.exp_eof().unwrap();
        assert!(!shown.contains("password of"), "asked again: {shown}");
        let ended = person.process().wait().unwrap();
        assert!(
            matches!(ended, WaitStatus::Exited(_, 130)),
            "{args}: {ended:?}"
        );
    }
}

#[test]
fn a_wrong_password_at_the_terminal_is_told_and_not_asked_again() {
    let home = Home::new(Scenario::adfs());
    let line = format!("{} login corp; echo \"code $?\"", fedgit());
    let mut person = at_terminal(&home, &line);
    person.exp_string("password of").unwrap();
    person.send_line("wrong").unwrap();
    person.exp_string("Incorrect user ID or password").unwrap();
    person.exp_string("code 5").unwrap();
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn a_missing_user_name_is_asked_for_and_editing_keys_work() {
    let home = Home::empty(Scenario::adfs());
    let user = format!("username = \"{}\"\n", home.world.username());
    home.write(
        ".config/fedgit/fedgit.toml",
        home.example().replace(&user, ""),
    );
    let line = format!("{} login corp; echo \"code $?\"", fedgit());
    let mut person = at_terminal(&home, &line);
    person
        .exp_string("user name for corp (127.0.0.1): ")
        .unwrap();
    // Typed wrong, wiped with Ctrl-U, and one slip taken back with Backspace.
    person.send("nobody\u{15}username@domainx\u{7f}\n").unwrap();
    person.flush().unwrap();
    person
        .exp_string("password of username@domain for corp")
        .unwrap();
    person.send_line(home.world.password()).unwrap();
    person.exp_string("code 0").unwrap();
}

/// What was meant to move the cursor, or to stop the program, is not sent as a part of the password.
#[test]
fn keys_that_do_nothing_are_told_and_not_sent() {
    let home = Home::new(Scenario::adfs());
    let line = format!("{} login corp; echo \"code $?\"", fedgit());
    let mut person = at_terminal(&home, &line);
    person.exp_string("password of").unwrap();
    for key in ["\u{1b}[D", "\u{1a}", "\u{1b}"] {
        person.send("half of it").unwrap();
        person.send(key).unwrap();
        person.flush().unwrap();
        person.exp_string("that key does nothing here").unwrap();
        person.exp_string("from the start: ").unwrap();
    }
    person.send_line(&"x".repeat(4097)).unwrap();
    person.exp_string("4096 bytes at most").unwrap();
    // Before anything is typed there is nothing to begin anew.
    person.send("\u{1b}[A").unwrap();
    person.send_line(home.world.password()).unwrap();
    person.exp_string("code 0").unwrap();
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

#[test]
fn git_asks_through_fedgit_although_it_holds_stdin() {
    let home = Home::new(Scenario::adfs());
    home.world
        .add_repository("us-east-1", "ExampleCorpRepository");
    let line = "git clone codecommit://adfs@ExampleCorpRepository one; echo \"code $?\"";
    let mut person = at_terminal(&home, line);
    if cfg!(target_os = "linux") {
        person
            .exp_string("fedgit: git clone in ~ needs corp")
            .unwrap();
    }
    person
        .exp_string("password of username@domain for corp")
        .unwrap();
    person.send_line(home.world.password()).unwrap();
    person.exp_string("code 0").unwrap();
    assert!(home.file("one/README.md").exists());
}

#[test]
fn apply_shows_the_plan_and_asks() {
    let home = Home::new(Scenario::adfs());
    let line = format!("{} apply; echo \"code $?\"", fedgit());
    let mut person = at_terminal(&home, &line);
    person.exp_string("1 to add").unwrap();
    person.exp_string("Write this? [Y/n]").unwrap();
    person.send_line("n").unwrap();
    person.exp_string("nothing was written").unwrap();
    assert!(!home.file(".aws/config").exists());

    drop(person);
    let mut person = at_terminal(&home, &line);
    person.exp_string("Write this? [Y/n]").unwrap();
    person.send_line("").unwrap();
    person.exp_string("code 0").unwrap();
    assert!(home.file(".aws/config").exists());
}

#[test]
fn two_questions_on_one_terminal_come_one_after_the_other() {
    let home = Home::empty(Scenario::adfs());
    let other = home
        .example()
        .replace("corp", "other")
        .replace("adfs\"\n\n[repo", "second\"\n\n[repo");
    // Another login: the same page for another user.
    let other = other.replace("username@domain", "nobody@domain");
    home.write("one.toml", home.example());
    home.write("two.toml", other);
    let line = format!(
        "{0} --config one.toml login & until [ -e go ]; do sleep 0.02; done; \
         {0} --config two.toml login & wait; echo done",
        fedgit()
    );
    let mut person = at_terminal(&home, &line);
    person
        .exp_string("password of username@domain for corp")
        .unwrap();
    home.write("go", "");
    // Time for the second one to ask; one that is late asks when it comes.
    std::thread::sleep(std::time::Duration::from_millis(700));
    person.send_line(home.world.password()).unwrap();
    let between = person
        .exp_string("password of nobody@domain for other")
        .unwrap();
    person.send_line("SECOND").unwrap();
    let shown = between + &person.exp_string("done").unwrap();
    assert!(shown.contains("adfs: credentials until"), "{shown}");
    for password in [home.world.password(), "SECOND"] {
        assert!(!shown.contains(password), "a password was echoed");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_gives_the_terminal_back() {
    let home = Home::new(Scenario::adfs());
    for signal in ["TERM", "HUP", "INT"] {
        let line = format!(
            "stty -a >before; sh -c 'echo $$ >pid; exec {} login corp'; stty -a >after",
            fedgit()
        );
        let mut person = at_terminal(&home, &line);
        person.exp_string("password of").unwrap();
        let pid = home.read("pid");
        let sent = home.run(home.command("kill").args(["-s", signal, pid.trim()]));
        sent.exits(0);
        person.exp_eof().unwrap();
        assert_eq!(home.read("before"), home.read("after"), "{signal}");
    }
}

/// A `fedgit.toml` with a program that answers for the password.
fn with_password_command(home: &Home, script: &str) {
    let path = home.program("ask", format!("#!/bin/sh\n{script}\n"));
    let command = format!("password_command = [{:?}]\n\n[role.", path.display());
    let text = home.example().replacen("[role.", &command, 1);
    home.write(".config/fedgit/fedgit.toml", text);
}

#[test]
fn a_password_command_may_ask_at_the_terminal() {
    let home = Home::new(Scenario::adfs());
    with_password_command(
        &home,
        "printf 'touch the key: ' >/dev/tty; read -r line </dev/tty; cat secret",
    );
    home.write("secret", home.world.password());
    let line = format!("{} login corp </dev/null; echo \"code $?\"", fedgit());
    let mut person = at_terminal(&home, &line);
    person.exp_string("touch the key: ").unwrap();
    person.send_line("yes").unwrap();
    person.exp_string("code 0").unwrap();
    std::fs::remove_file(home.file("secret")).unwrap();
}

#[test]
fn ctrl_c_ends_a_password_command_too() {
    let home = Home::new(Scenario::adfs());
    with_password_command(
        &home,
        "echo $$ >pid; printf 'touch the key: ' >/dev/tty; exec sleep 600",
    );
    let line = format!("trap : INT; {} login corp; echo \"code $?\"", fedgit());
    let mut person = at_terminal(&home, &line);
    person.exp_string("touch the key: ").unwrap();
    person.send_control('c').unwrap();
    person.exp_string("code 130").unwrap();
    let process = format!("/proc/{}", home.read("pid").trim());
    assert!(!std::path::Path::new(&process).exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_that_hangs_up_ends_the_question() {
    let home = Home::new(Scenario::adfs());
    let fedgit = format!("{} credential-process --profile adfs", fedgit());
    // The shell lives on, and tells what became of the question.
    let line =
        format!("trap : HUP; {fedgit} 2>err >out; echo \"code $?\" >after.new; mv after.new after");
    let mut command = home.command("env");
    command
        .args(["--default-signal=HUP,INT,QUIT,TERM", "script"])
        .args(["-q", "-f", "-c", &line, "shown"])
        .env("SHELL", "/bin/sh")
        .env_remove("GIT_TERMINAL_PROMPT")
        .stdout(std::process::Stdio::null());
    let mut terminal = command.spawn().unwrap();
    let until = |what: &str, done: &dyn Fn() -> bool| {
        for _ in 0..2000 {
            if done() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("waited in vain until {what}");
    };
    let shown = || std::fs::read_to_string(home.file("shown")).unwrap_or_default();
    until("it asks", &|| shown().contains("password of"));
    terminal.kill().unwrap();
    terminal.wait().unwrap();
    until("it ends", &|| home.file("after").exists());
    // Ended by the signal, or by the reading: whichever the kernel gave first.
    let after = home.read("after");
    assert!(
        ["code 129\n", "code 130\n"].contains(&after.as_str()),
        "{after}"
    );
    assert_eq!(home.read("out"), "");
    assert!(!home.read("err").contains("panicked"));
    assert_eq!(home.world.ledger().login_attempts(), 0);
    // And the lock of the login is free again.
    home.fedgit_as_script(&["login"]).exits(0);
}

#[test]
#[cfg(target_os = "linux")]
fn even_kill_9_gives_the_terminal_back() {
    let home = Home::new(Scenario::adfs());
    // Until then another process has it to do.
    let until_same = "i=0; while [ $i -lt 500 ]; do stty -a >after; cmp -s before after && break; \
                      i=$((i+1)); sleep 0.02; done";
    let line = format!(
        "stty -a >before; sh -c 'echo $$ >pid; exec {} login corp' & wait; {until_same}; echo over",
        fedgit()
    );
    let mut person = at_terminal(&home, &line);
    person.exp_string("password of").unwrap();
    person.send("half a pass").unwrap();
    person.flush().unwrap();
    let pid = home.read("pid");
    let killed = home.run(home.command("kill").args(["-9", pid.trim()]));
    killed.exits(0);
    person.exp_string("over").unwrap();
    assert_eq!(home.read("before"), home.read("after"));
}

#[test]
fn a_question_after_a_killed_one_is_a_whole_one() {
    let home = Home::new(Scenario::adfs());
    let other = home.example().replace("username@domain", "other@domain");
    home.write("other.toml", other);
    let line = format!(
        "stty -a >before; sh -c 'echo $$ >pid; exec {0} login corp' & \
         (until [ -e go ]; do sleep 0.02; done; exec {0} --config other.toml login) & \
         wait; stty -a >after; echo over",
        fedgit()
    );
    let mut person = at_terminal(&home, &line);
    person.exp_string("password of username@domain").unwrap();
    home.write("go", "");
    // The second one waits for the terminal by then, or comes later: either way it asks next.
    std::thread::sleep(std::time::Duration::from_millis(700));
    let pid = home.read("pid");
    let killed = home.run(home.command("kill").args(["-9", pid.trim()]));
    killed.exits(0);
    person.exp_string("password of other@domain").unwrap();
    person.send_line("SECOND").unwrap();
    let shown = person.exp_string("over").unwrap();
    assert!(!shown.contains("SECOND"), "it was echoed: {shown}");
    assert_eq!(home.read("before"), home.read("after"));
}

#[test]
#[cfg(target_os = "linux")]
fn what_nohup_wants_ignored_stays_ignored() {
    let home = Home::new(Scenario::adfs());
    with_password_command(&home, "kill -HUP $PPID; cat secret");
    home.write("secret", home.world.password());
    let mut command = home.command("nohup");
    command.args([fedgit(), "login", "corp"]);
    home.run(&mut command).exits(0);
    // And without it, the signal ends what it should.
    home.fedgit(&["logout"]).exits(0);
    // Whatever runs these tests may want it ignored too.
    let mut command = home.command("env");
    command.args(["--default-signal=HUP", fedgit(), "login", "corp"]);
    home.run(&mut command).exits(-1);
    std::fs::remove_file(home.file("secret")).unwrap();
}

#[test]
fn a_login_shows_how_far_it_has_come() {
    let home = Home::new(Scenario::adfs());
    let more = (0..3).map(|n| {
        format!(
            "[role.r{n}]\nsource = \"developer\"\narn = \"arn:aws:iam::444455556666:role/R{n}\"\n"
        )
    });
    let config = format!("{}{}", home.example(), more.collect::<String>());
    home.write(".config/fedgit/fedgit.toml", config);
    let line = format!("{} login corp; echo \"code $?\"", fedgit());
    let mut person = at_terminal(&home, &line);
    person.exp_string("password of").unwrap();
    person.send_line(home.world.password()).unwrap();
    for done in 0..4 {
        person.exp_string(&format!("\r{done} of 4 roles")).unwrap();
    }
    // And it is taken away again.
    person.exp_string("\r\x1b[K").unwrap();
    person.exp_string("adfs: credentials until").unwrap();
    person.exp_string("code 0").unwrap();
}

#[test]
#[ignore = "takes two minutes: .ci/run runs this"]
fn nobody_answers() {
    let home = Home::new(Scenario::adfs());
    let line = format!(
        "stty echo; {} credential-process --profile adfs; echo \"code $?\"; stty -a",
        fedgit()
    );
    let mut person = at_terminal_for(&home, &line, Some(180_000));
    person.exp_string("password of").unwrap();
    let told = person.exp_string("code 4").unwrap();
    for part in ["nobody answered within 120 seconds", "fedgit login corp"] {
        assert!(told.contains(part), "{told}");
    }
    person.exp_string(" echo ").unwrap();
}
