//! No terminal: the question reaches the person by an askpass or a pinentry program, or it ends at
//! once and says what to run.

use std::fs;
use std::path::Path;
use std::process::Command;

use fedgit_testbed::Scenario;

use crate::world::{Home, Said, path};

/// A user without a terminal, whose programs know the password by a file.
struct Desk {
    home: Home,
}

impl Desk {
    fn new() -> Self {
        let home = Home::new(Scenario::adfs());
        home.write("secret", format!("{}\n", home.world.password()));
        Self { home }
    }

    /// `fedgit credential-process` in a session of its own, so that it has no terminal whoever runs the
    /// test.
    fn credentials(&self) -> Command {
        let mut command = self.home.command("setsid");
        command
            .args(["--wait", env!("CARGO_BIN_EXE_fedgit")])
            .args(["credential-process", "--profile", "adfs"])
            .env_remove("GIT_TERMINAL_PROMPT");
        command
    }

    /// The same again, with nothing kept from the last time.
    fn run(&self, command: &mut Command) -> Said {
        self.home.fedgit(&["logout"]).exits(0);
        let _ = fs::remove_file(self.home.file("asked"));
        self.home.run(command)
    }

    /// A program that notes its arguments, and goes on as the script says.
    fn program(&self, name: &str, script: &str) -> String {
        let noted = self.home.file("asked").display().to_string();
        let script = format!("#!/bin/sh\nfor a; do echo \"$a\" >>{noted}; done\n{script}\n");
        self.home.program(name, script).display().to_string()
    }

    /// One that answers.
    fn answering(&self, name: &str) -> String {
        self.program(name, &format!("cat {}", self.secret()))
    }

    fn secret(&self) -> String {
        self.home.file("secret").display().to_string()
    }

    /// The arguments of the last question, if there was one.
    fn asked(&self) -> Option<String> {
        fs::read_to_string(self.home.file("asked")).ok()
    }

    /// The `fedgit.toml` with an `askpass`.
    fn set(&self, askpass: &str) {
        let text = format!("{}\n[settings]\naskpass = {askpass}\n", self.home.example());
        self.home.write(".config/fedgit/fedgit.toml", text);
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        fs::remove_file(self.home.file("secret")).unwrap();
    }
}

const QUESTION: &str = "password of username@domain for corp (127.0.0.1): \n";

#[test]
fn the_users_own_program_asks() {
    let desk = Desk::new();
    let program = desk.answering(".config/fedgit/ask");
    // By its path, beside the file, and on PATH; also where there is no display.
    desk.set(&format!("[{program:?}, \"--title\", \"a b\"]"));
    let said = desk.run(&mut desk.credentials()).exits(0);
    assert!(said.out.contains("\"SessionToken\""), "{}", said.err);
    assert_eq!(desk.asked().unwrap(), format!("--title\na b\n{QUESTION}"));
    desk.set("[\"./ask\"]");
    desk.run(desk.credentials().current_dir("/")).exits(0);
    assert_eq!(desk.asked().unwrap(), QUESTION);
    desk.set("[\"ask\"]");
    let folders = [Path::new(&program).parent().unwrap().into(), path()];
    let folders = folders.iter().flat_map(std::env::split_paths);
    let on_path = std::env::join_paths(folders).unwrap();
    desk.run(desk.credentials().env("PATH", on_path)).exits(0);
    assert_eq!(desk.asked().unwrap(), QUESTION);
    // From the environment, and over ssh's own.
    desk.set("[\"false\"]");
    let own = format!("[{program:?}]");
    let mut command = desk.credentials();
    command
        .env("FEDGIT_SETTINGS__ASKPASS", own)
        .env("SSH_ASKPASS", "/bin/false")
        .env("SSH_ASKPASS_REQUIRE", "force");
    desk.run(&mut command).exits(0);
    assert_eq!(desk.home.world.ledger().logins(), 4);
}

#[test]
fn a_user_name_is_asked_for_too() {
    let desk = Desk::new();
    let name = desk.home.world.username().to_owned();
    let script = format!(
        "case $1 in user*) echo {name};; *) cat {};; esac",
        desk.secret()
    );
    desk.set(&format!("[{:?}]", desk.program("ask", &script)));
    let file = ".config/fedgit/fedgit.toml";
    let user = format!("username = \"{name}\"\n");
    desk.home
        .write(file, desk.home.read(file).replace(&user, ""));
    desk.run(&mut desk.credentials()).exits(0);
    let asked = format!("user name for corp (127.0.0.1): \n{QUESTION}");
    assert_eq!(desk.asked().unwrap(), asked);
}

#[test]
fn a_no_is_a_no() {
    let desk = Desk::new();
    for script in ["exit 1", "cat /dev/null", "echo", "echo half; exit 3"] {
        desk.set(&format!("[{:?}]", desk.program("ask", script)));
        desk.run(&mut desk.credentials())
            .exits(130)
            .tells(&["cannot log in to corp", "was closed without an answer"]);
        assert_eq!(desk.asked().unwrap(), QUESTION, "{script}");
    }
    desk.set(&format!("[{:?}]", desk.program("ask", "kill -SEGV $$")));
    desk.run(&mut desk.credentials())
        .exits(1)
        .tells(&["ask ended with"]);
    desk.set("[\"/nowhere/ask\"]");
    desk.run(&mut desk.credentials())
        .exits(1)
        .tells(&["cannot start /nowhere/ask"]);
    assert_eq!(desk.home.world.ledger().login_attempts(), 0);
}

#[test]
fn sshs_program_asks_where_ssh_or_git_would_use_it() {
    let desk = Desk::new();
    let program = desk.answering("ask");
    for (set, asks) in [
        (&[][..], true),
        (&[("DISPLAY", ":fedgit-it")], true),
        (&[("WAYLAND_DISPLAY", "fedgit-it")], true),
        (&[("SSH_ASKPASS_REQUIRE", "force")], true),
        (&[("SSH_ASKPASS_REQUIRE", "prefer")], true),
        (&[("SSH_ASKPASS_REQUIRE", "never")], false),
        (
            &[("DISPLAY", ":fedgit-it"), ("SSH_ASKPASS_REQUIRE", "never")],
            false,
        ),
    ] {
        let mut command = desk.credentials();
        command
            .env("SSH_ASKPASS", &program)
            .envs(set.iter().copied());
        let said = desk.run(&mut command).exits(if asks { 0 } else { 4 });
        assert_eq!(desk.asked().is_some(), asks, "{set:?}");
        if !asks {
            said.tells(&["nobody is there to be asked", "fedgit login corp"]);
        }
    }
    // It may be named and not be installed.
    for display in [":fedgit-it", ""] {
        let mut command = desk.credentials();
        command
            .env("SSH_ASKPASS", "/usr/libexec/nothing")
            .env("DISPLAY", display);
        desk.run(&mut command)
            .exits(4)
            .tells(&["nobody is there to be asked", "fedgit login corp"]);
    }
}

/// As graphical ones end where no window can be opened. Nobody said no, and nothing was refused.
#[test]
fn sshs_program_that_needs_a_display_is_nobody_without_one() {
    let desk = Desk::new();
    for script in [
        "exit 1",
        "exit 255",
        "kill -SEGV $$",
        "cat /dev/null",
        "echo",
    ] {
        let program = desk.program("ask", script);
        let mut command = desk.credentials();
        command.env("SSH_ASKPASS", &program);
        desk.run(&mut command)
            .exits(4)
            .tells(&["nobody is there to be asked", "fedgit login corp"]);
        assert_eq!(desk.asked().unwrap(), QUESTION, "{script}");
        // The next one is held up by nothing.
        desk.answering("ask");
        desk.home.run(&mut command).exits(0);
        // Where there is a display it is a "no".
        desk.program("ask", script);
        if !script.starts_with("kill") {
            desk.run(command.env("DISPLAY", ":fedgit-it")).exits(130);
        }
    }
    assert_eq!(desk.home.world.ledger().logins(), 5);
}

#[test]
fn nobody_is_asked_in_the_background() {
    let desk = Desk::new();
    desk.set(&format!("[{:?}]", desk.answering("ask")));
    for (name, value) in [
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_TERMINAL_PROMPT", "false"),
        ("FEDGIT_NO_INPUT", "1"),
        ("VSCODE_GIT_COMMAND", "fetch"),
    ] {
        let mut command = desk.credentials();
        command.env(name, value).env("DISPLAY", ":fedgit-it");
        command.env("SSH_ASKPASS", desk.home.file("ask"));
        command.env("SSH_ASKPASS_REQUIRE", "force");
        desk.run(&mut command).exits(4).tells(&[
            "nobody is there to be asked for password of username@domain",
            "run this in a terminal, then try again: fedgit login corp",
        ]);
        assert_eq!(desk.asked(), None, "{name}={value}");
    }
    desk.run(desk.credentials().arg("--no-input")).exits(4);
    assert_eq!(desk.asked(), None);
    // Not even the sign-on page was asked for.
    assert_eq!(desk.home.world.ledger().login_attempts(), 0);
    // A person who types `fedgit login` is there, whatever git was told.
    let mut command = desk.home.command("setsid");
    command.args(["--wait", env!("CARGO_BIN_EXE_fedgit"), "login", "corp"]);
    desk.run(&mut command).exits(0);
}

/// As a pinentry of this flavor.
fn pinentry(desk: &Desk, flavor: &str, getpin: &str) -> Command {
    let flavor = format!("echo 'D {flavor}'; echo OK");
    pinentry_that_replies(desk, &flavor, getpin)
}

/// Notes what it is told, and replies as the scripts say.
fn pinentry_that_replies(desk: &Desk, flavor: &str, getpin: &str) -> Command {
    let noted = desk.home.file("asked").display().to_string();
    let script = format!(
        "echo 'OK Pleased to meet you'\n\
         while read -r line; do echo \"$line\" >>{noted}; case $line in\n\
         'GETINFO flavor') {flavor};;\n\
         GETPIN) {getpin};;\n\
         BYE) echo 'OK closing connection'; exit;;\n\
         SETTIMEOUT*) echo 'ERR 536871187 Unknown IPC command';;\n\
         *) echo 'S x'; echo OK;; esac; done"
    );
    desk.program("bin/pinentry", &script);
    let folders = [desk.home.file("bin").into_os_string(), path()];
    let folders = folders.iter().flat_map(std::env::split_paths);
    let mut command = desk.credentials();
    command
        .env("PATH", std::env::join_paths(folders).unwrap())
        .env("DISPLAY", ":fedgit-it");
    command
}

#[test]
fn a_pinentry_asks() {
    let desk = Desk::new();
    // As Assuan spells it: the percent sign stands for what cannot stand for itself.
    let typed = format!("printf 'D '; sed 's/%/%25/g' {}; echo OK", desk.secret());
    desk.run(&mut pinentry(&desk, "gtk2", &typed)).exits(0);
    assert_eq!(
        desk.asked().unwrap(),
        "GETINFO flavor\nBYE\n\
         SETTIMEOUT 120\nSETTITLE fedgit\nSETDESC password of username@domain for corp (127.0.0.1)\n\
         SETPROMPT Password:\nGETPIN\nBYE\n"
    );
    // Not without a display.
    let mut command = pinentry(&desk, "gtk2", &typed);
    desk.run(command.env_remove("DISPLAY")).exits(4);
    assert_eq!(desk.asked().unwrap(), "GETINFO flavor\nBYE\n");
    for (flavor, getpin, code, told) in [
        (
            "gnome3",
            "echo 'ERR 83886179 Operation cancelled'",
            130,
            "without an answer",
        ),
        ("gnome3", "echo OK", 130, "without an answer"),
        (
            "gnome3",
            "echo 'ERR 83886142 Timeout'",
            4,
            "nobody answered within 120",
        ),
        ("gnome3", "echo 'ERR 83918950 ioctl'", 4, "nobody is there"),
        ("gnome3", "exit 1", 4, "nobody is there"),
    ] {
        desk.run(&mut pinentry(&desk, flavor, getpin))
            .exits(code)
            .tells(&[told]);
        assert!(
            desk.asked().unwrap().contains("GETPIN"),
            "{flavor} {getpin}"
        );
    }
    assert_eq!(desk.home.world.ledger().login_attempts(), 1);
}

#[test]
fn a_pinentry_for_terminals_is_not_asked() {
    let desk = Desk::new();
    let typed = format!("cat {}", desk.secret());
    for flavor in ["curses", "tty", "qt:curses"] {
        desk.run(&mut pinentry(&desk, flavor, &typed))
            .exits(4)
            .tells(&["nobody is there to be asked"]);
        assert_eq!(desk.asked().unwrap(), "GETINFO flavor\nBYE\n", "{flavor}");
    }
    assert_eq!(desk.home.world.ledger().login_attempts(), 0);
}

/// Old ones know no flavor, and people's own reply OK to whatever they are told.
#[test]
fn a_pinentry_without_a_flavor_asks() {
    let desk = Desk::new();
    let typed = format!("printf 'D '; sed 's/%/%25/g' {}; echo OK", desk.secret());
    for flavor in [
        "echo OK",
        "echo 'D '; echo OK",
        "echo 'ERR 536871187 Unknown'",
        ":",
    ] {
        let mut command = pinentry_that_replies(&desk, flavor, &typed);
        desk.run(&mut command).exits(0);
        assert!(desk.asked().unwrap().contains("GETPIN"), "{flavor}");
    }
    assert_eq!(desk.home.world.ledger().logins(), 4);
    // Nor is a display known to be needed; what is a "no" then may be a window that did not open.
    let mut command = pinentry_that_replies(&desk, "echo OK", &typed);
    desk.run(command.env_remove("DISPLAY")).exits(0);
    let mut command = pinentry_that_replies(&desk, "echo OK", "echo OK");
    desk.run(command.env_remove("DISPLAY"))
        .exits(4)
        .tells(&["nobody is there to be asked"]);
    assert_eq!(desk.home.world.ledger().logins(), 5);
}

#[test]
fn a_real_pinentry_for_terminals_is_passed_over() {
    let Some(real) = std::env::split_paths(&path())
        .map(|folder| folder.join("pinentry-curses"))
        .find(|program| program.exists())
    else {
        return;
    };
    let desk = Desk::new();
    fs::create_dir(desk.home.file("bin")).unwrap();
    std::os::unix::fs::symlink(real, desk.home.file("bin/pinentry")).unwrap();
    let folders = [desk.home.file("bin").into_os_string(), path()];
    let folders = folders.iter().flat_map(std::env::split_paths);
    let mut command = desk.credentials();
    command
        .env("PATH", std::env::join_paths(folders).unwrap())
        .env("DISPLAY", ":fedgit-it");
    desk.run(&mut command)
        .exits(4)
        .tells(&["nobody is there to be asked"]);
}

#[test]
#[cfg(target_os = "linux")]
fn the_question_says_who_asks() {
    let desk = Desk::new();
    desk.set(&format!("[{:?}]", desk.answering("ask")));
    let world = &desk.home.world;
    world.add_repository("us-east-1", "ExampleCorpRepository");
    fs::create_dir(desk.home.file("src")).unwrap();
    let mut command = desk.home.command("setsid");
    command
        .args(["--wait", "git", "-c", "x.y=SECRET", "clone"])
        .args(["codecommit://adfs@ExampleCorpRepository", "one"])
        .current_dir(desk.home.file("src"))
        .env_remove("GIT_TERMINAL_PROMPT");
    desk.run(&mut command).exits(0);
    assert_eq!(
        desk.asked().unwrap(),
        format!("git clone in ~/src needs corp\n{QUESTION}")
    );
    // As an SDK runs it: by a shell, from a program that was told secrets.
    let tool = desk.home.file("tool").display().to_string();
    let line = format!(
        "{} credential-process --profile adfs",
        env!("CARGO_BIN_EXE_fedgit")
    );
    desk.home.write(
        "tool",
        format!("sh -c '{line}; exit' >/dev/null\nexit $?\n"),
    );
    let mut command = desk.home.command("setsid");
    command
        .args(["--wait", "bash", &tool, "SECRET"])
        .env_remove("GIT_TERMINAL_PROMPT");
    desk.run(&mut command).exits(0);
    let asked = desk.asked().unwrap();
    assert_eq!(asked, format!("tool in ~ needs corp\n{QUESTION}"));
}

#[test]
fn two_questions_on_one_display_come_one_after_the_other() {
    let desk = Desk::new();
    let here = desk.home.path().display().to_string();
    let script = format!(
        "mkdir {here}/open || echo twice >>{here}/overlap; sleep 0.3; rmdir {here}/open; exit 1"
    );
    desk.set(&format!("[{:?}]", desk.program("ask", &script)));
    let file = ".config/fedgit/fedgit.toml";
    // Another login: the same page for another user.
    let other = desk
        .home
        .read(file)
        .replace("username@domain", "other@domain");
    desk.home.write("other.toml", other);
    let other = desk.home.file("other.toml");
    std::thread::scope(|scope| {
        for config in [desk.home.file(file), other] {
            let desk = &desk;
            scope.spawn(move || {
                let mut command = desk.credentials();
                desk.home
                    .run(command.arg("--config").arg(config))
                    .exits(130);
            });
        }
    });
    assert_eq!(desk.asked().unwrap().lines().count(), 2);
    assert!(!desk.home.file("overlap").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn a_question_goes_with_whoever_asked_it() {
    let desk = Desk::new();
    let pid = desk.home.file("pid").display().to_string();
    let script = format!("sleep 600 & echo $! >{pid}.new; mv {pid}.new {pid}; wait");
    desk.set(&format!("[{:?}]", desk.program("ask", &script)));
    let until = |what: &str, done: &dyn Fn() -> bool| {
        for _ in 0..2000 {
            if done() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("waited in vain until {what}");
    };
    let mut asking = desk.credentials().spawn().unwrap();
    until("it asks", &|| desk.home.file("pid").exists());
    let mut command = desk.home.command("kill");
    desk.home.run(command.arg(asking.id().to_string())).exits(0);
    assert_eq!(asking.wait().unwrap().code(), None, "ended by the signal");
    let stat = format!("/proc/{}/stat", desk.home.read("pid").trim());
    let gone = || fs::read_to_string(&stat).map_or(true, |stat| stat.contains(") Z "));
    until("the window is gone", &gone);
}
