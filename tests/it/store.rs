//! Where secrets live between runs, and that they go nowhere else; with a real keyring in
//! `interop/keyring.rs`.

use fedgit_testbed::Scenario;

use crate::world::Home;

const PROFILE: [&str; 3] = ["credential-process", "--profile", "adfs"];

fn with_store(store: &str) -> Home {
    let home = Home::empty(Scenario::adfs());
    let text = format!("[settings]\nstore = \"{store}\"\n\n{}", home.example());
    home.write(".config/fedgit/fedgit.toml", text);
    home
}

/// The files of a folder in fedgit's cache.
fn kept(home: &Home, folder: &str) -> usize {
    let folder = home.file(".cache/fedgit").join(folder);
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn a_store_of_none_keeps_nothing() {
    let home = Home::new(Scenario::adfs());
    home.fedgit_as_script(&PROFILE).exits(0);
    home.fedgit(&PROFILE).exits(0);
    assert_eq!(
        (kept(&home, "credentials"), kept(&home, "sessions")),
        (1, 1)
    );
    // Said by a variable, to see that the warm path heeds it too.
    let none = |password: bool| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(PROFILE).env("FEDGIT_SETTINGS__STORE", "none");
        if password {
            command.env("FEDGIT_PASSWORD", home.world.password());
        }
        home.run(&mut command)
    };
    none(false).exits(4);
    for logins in 2..=3 {
        let said = none(true).exits(0);
        assert_eq!(said.err, "");
        assert_eq!(home.world.ledger().logins(), logins);
        let all = (kept(&home, "credentials"), kept(&home, "sessions"));
        assert_eq!(all, (0, 0), "not even from before");
    }
    // What such a login is good for is said.
    let mut login = home.command(env!("CARGO_BIN_EXE_fedgit"));
    login
        .args(["login", "corp"])
        .env("FEDGIT_SETTINGS__STORE", "none")
        .env("FEDGIT_PASSWORD", home.world.password());
    home.run(&mut login).exits(0).tells(&[
        "adfs: credentials until",
        "store = \"none\" keeps nothing",
        "fedgit exec",
    ]);
    let said = home.fedgit_as_script(&["login", "corp"]).exits(0);
    assert!(!said.err.contains("keeps nothing"), "{}", said.err);
}

#[test]
fn without_a_keyring_nothing_is_kept_and_nothing_is_withheld() {
    let home = with_store("keyring");
    for logins in 1..=2 {
        let said = home.fedgit_as_script(&PROFILE).exits(0);
        assert!(said.out.contains("SessionToken"));
        assert_eq!(said.err.matches("warning:").count(), 1, "{}", said.err);
        said.tells(&[
            "there is no keyring",
            "so nothing is kept there",
            "[settings] store = \"file\"",
        ]);
        assert_eq!(home.world.ledger().logins(), logins);
    }
    for folder in ["credentials", "sessions", "pointers"] {
        assert_eq!(kept(&home, folder), 0, "{folder}");
    }
    // What may be there cannot be forgotten now, and that is said. What can be is forgotten.
    for logout in [&["logout", "corp"][..], &["logout"]] {
        let mut files = home.command(env!("CARGO_BIN_EXE_fedgit"));
        files
            .args(PROFILE)
            .env("FEDGIT_SETTINGS__STORE", "file")
            .env("FEDGIT_PASSWORD", home.world.password());
        home.run(&mut files).exits(0);
        assert_eq!(
            (kept(&home, "credentials"), kept(&home, "sessions")),
            (1, 1)
        );
        home.fedgit(logout)
            .exits(1)
            .tells(&["cannot remove what is kept", "there is no keyring"]);
        assert_eq!(
            (kept(&home, "credentials"), kept(&home, "sessions")),
            (0, 0)
        );
    }
}

#[test]
fn a_password_is_saved_in_a_keyring_or_not_at_all() {
    let home = Home::new(Scenario::adfs());
    // Before anybody typed it.
    home.fedgit(&["login", "--save-password"])
        .exits(1)
        .tells(&["cannot save the password for corp: there is no keyring"]);
    home.fedgit_as_script(&["login", "--save-password"])
        .exits(2)
        .tells(&["FEDGIT_PASSWORD is set, and --save-password saves what is typed"]);
    let mut none = home.command(env!("CARGO_BIN_EXE_fedgit"));
    none.args(["login", "--save-password"])
        .env("FEDGIT_SETTINGS__STORE", "none");
    home.run(&mut none)
        .exits(2)
        .tells(&["[settings] store = \"none\" keeps nothing"]);
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .args(["login", "--save-password"])
        .env("FEDGIT_IDP__CORP__PASSWORD_COMMAND", "['false']");
    home.run(&mut command)
        .exits(2)
        .tells(&["its password_command answers for it"]);
    assert_eq!(home.world.ledger().entries().len(), 0);
}

#[test]
fn a_project_file_that_is_not_trusted_says_nothing_of_it() {
    let home = with_store("none");
    home.write("project/fedgit.toml", "[settings]\nstore = \"file\"\n");
    let mut check = home.command(env!("CARGO_BIN_EXE_fedgit"));
    check.current_dir(home.file("project")).arg("check");
    home.run(&mut check)
        .exits(2)
        .tells(&["[settings] is more than accounts", "not trusted"]);
}

/// A process that dies with a password in its memory leaves no core. Shown beside one that does.
#[test]
#[cfg(target_os = "linux")]
fn no_core_dump_holds_a_password() {
    let home = Home::new(Scenario::adfs());
    let cores = || {
        let names = std::fs::read_dir(home.path()).unwrap().flatten();
        names
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("core"))
            .count()
    };
    let gate = home.world.hold_logins();
    let line = format!(
        "ulimit -c unlimited; sh -c 'echo \"pid $$.\"; exec {} login corp'; echo \"code $?\"",
        env!("CARGO_BIN_EXE_fedgit")
    );
    let mut person = crate::prompt::at_terminal(&home, &line);
    person.exp_string("pid ").unwrap();
    let id = person.exp_string(".").unwrap();
    person.exp_string("password of").unwrap();
    person.send_line(home.world.password()).unwrap();
    assert!(gate.wait_for(1, std::time::Duration::from_secs(20)));
    // Not SEGV: the handler that Rust puts there takes the first one for a full stack.
    let kill = home
        .command("sh")
        .args(["-c", &format!("kill -ABRT {id}")])
        .status();
    assert!(kill.unwrap().success());
    let said = person.exp_string("code 134").unwrap();
    gate.release();
    assert!(!said.contains("core dumped"), "{said}");
    assert_eq!(cores(), 0);

    let mut other = home.command("sh");
    other.args(["-c", "ulimit -c unlimited; sh -c 'kill -ABRT $$'; exit $?"]);
    let said = home.run(&mut other);
    assert!(said.code == 134, "{}", said.err);
    if !said.err.contains("core dumped") {
        eprintln!("this machine dumps no cores at all: the half of it that can be seen was seen");
    }
}

/// A browser's profile of an identity provider, as a login leaves it; its number is whatever the login's
/// address made of it then.
fn browser_profile(home: &Home, number: u32, idp: &str) -> std::path::PathBuf {
    let name = format!(".cache/fedgit/browser/{number:040}");
    home.write(&format!("{name}/idp"), idp);
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(home.file(&format!("{name}/idp")), private).unwrap();
    home.write(&format!("{name}/profile/Default/Cookies"), "a session");
    home.file(&name)
}

#[test]
fn logout_takes_every_browser_session_of_an_identity_provider() {
    let home = Home::empty(Scenario::adfs());
    // No role of it is declared, and its address was another one.
    let text = "[idp.corp]\nkind = \"browser\"\nurl = \"https://idp.example.com/aws\"\n";
    home.write(".config/fedgit/fedgit.toml", text);
    let before = browser_profile(&home, 1, "corp");
    let other = browser_profile(&home, 2, "other");
    let said = home.fedgit(&["logout", "corp"]).exits(0);
    said.tells(&["corp: session forgotten"]);
    assert!(!before.exists() && other.exists());

    // One that is in use is told, and keeps no other one from going.
    let used = browser_profile(&home, 3, "corp");
    let unused = [1, 4].map(|number| browser_profile(&home, number, "corp"));
    let mut user = home.command("sh");
    user.args(["-c", "read _; exit 0"])
        .arg(used.join("profile"));
    let mut user = user.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let lock = used.join("profile/SingletonLock");
    std::os::unix::fs::symlink(format!("here-{}", user.id()), lock).unwrap();
    for logout in [&["logout", "corp"][..], &["logout"]] {
        let said = home.fedgit(logout).exits(1);
        said.tells(&["is in use by process"]);
        assert!(used.exists() && unused.iter().all(|profile| !profile.exists()));
        for number in [1, 4] {
            browser_profile(&home, number, "corp");
        }
    }
    drop(user.stdin.take());
    user.wait().unwrap();
    let said = home.fedgit(&["logout"]).exits(0);
    said.tells(&["forgot 0 cached logins", "the browser profiles of 3 logins"]);
}
