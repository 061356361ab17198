use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::*;

#[test]
fn twenty_applies_at_once_end_with_all_profiles_of_all() {
    let home = home();
    let user = User::new(&home, "many");
    fs::write(user.config(), "# mine\n").unwrap();
    let names: Vec<String> = (0..20).map(|n| format!("team{n}")).collect();
    for name in &names {
        fs::write(
            user.file(&format!("{name}.toml")),
            declaring(name, "us-east-1"),
        )
        .unwrap();
    }
    let at_once = |extra: &str| {
        std::thread::scope(|scope| {
            for name in &names {
                let user = &user;
                scope.spawn(move || {
                    let file = format!("{name}.toml");
                    user.fedgit(&["--config", &file, "apply", extra]).exits(0);
                });
            }
        });
    };
    at_once("--json");
    let text = fs::read_to_string(user.config()).unwrap();
    for name in &names {
        let header = format!("[profile {name}]");
        assert_eq!(text.matches(&header).count(), 1, "{name} in\n{text}");
    }
    assert!(text.starts_with("# mine\n"));
    assert_eq!(user.litter(), [""; 0]);
    // The version before is that before the last one: all but one.
    user.fedgit(&["apply", "--restore"]).exits(0);
    let before = fs::read_to_string(user.config()).unwrap();
    assert_eq!(before.matches("[profile team").count(), 19);
    // And all of them leave as they came.
    for name in &names {
        fs::write(user.file(&format!("{name}.toml")), "").unwrap();
    }
    at_once("--yes");
    assert_eq!(fs::read_to_string(user.config()).unwrap(), "# mine\n");
}

/// What came in between is seen, also where it is in the way.
#[test]
fn a_conflict_found_under_the_lock_is_a_conflict() {
    let home = home();
    let user = User::new(&home, "late");
    for (name, region) in [("one", "us-east-1"), ("two", "eu-west-1")] {
        fs::write(
            user.file(&format!("{name}.toml")),
            declaring("shared", region),
        )
        .unwrap();
    }
    // Two files want the same profile: one gets it, the other is told, in whatever order.
    for _ in 0..5 {
        let _ = fs::remove_file(user.config());
        let codes = std::thread::scope(|scope| {
            let both = ["one.toml", "two.toml"].map(|file| {
                let user = &user;
                scope.spawn(move || user.fedgit(&["--config", file, "apply", "--json"]))
            });
            both.map(|thread| thread.join().unwrap())
        });
        let mut sorted: Vec<i32> = codes.iter().map(|said| said.code).collect();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 6]);
        for said in codes {
            let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
            let what = if said.code == 0 { "add" } else { "conflicts" };
            assert!(report.get(what).is_some(), "{report}");
        }
    }
}

/// A program that knows nothing of our lock, at it all the time.
#[test]
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn another_programs_profiles_are_not_lost() {
    let home = home();
    let user = User::new(&home, "other");
    fs::write(user.config(), "# mine\n").unwrap();
    let stop = AtomicBool::new(false);
    let written = std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let mut written = 0;
            while !stop.load(Ordering::Relaxed) {
                let mut text = fs::read_to_string(user.config()).unwrap();
                text += &format!("[profile other-{written}]\nregion = eu-north-1\n");
                let beside = user.file("others-own");
                fs::write(&beside, text).unwrap();
                fs::rename(&beside, user.config()).unwrap();
                written += 1;
                // Now in the middle of an apply, now letting one through.
                std::thread::sleep(Duration::from_millis(20 << (written % 4)));
            }
            written
        });
        for round in 0..16 {
            user.declare("adfs", ["us-east-1", "eu-west-1"][round % 2]);
            let said = user.fedgit(&["apply", "--yes"]);
            // A slow machine may never get its turn; then it says so.
            if said.code != 0 {
                said.exits(1)
                    .tells(&["was written by another program each time", "help:"]);
            }
        }
        stop.store(true, Ordering::Relaxed);
        other.join().unwrap()
    });
    let text = fs::read_to_string(user.config()).unwrap();
    let lost: Vec<usize> = (0..written)
        .filter(|n| !text.contains(&format!("[profile other-{n}]\n")))
        .collect();
    assert!(lost.is_empty(), "{lost:?} of {written} in\n{text}");
    assert!(text.starts_with("# mine\n"));
    assert_eq!(user.litter(), [""; 0]);
    // The other one may have driven out ours; that is for the next apply.
    user.fedgit(&["apply"]).exits(0);
    user.fedgit(&["plan"]).exits(0);
    user.fedgit(&["apply", "--restore"]).exits(0);
}

/// A person agreed to a plan for another file than the one that is there by then: they are shown
/// the new plan, and asked again.
#[test]
#[cfg(unix)]
fn a_plan_that_was_agreed_to_is_not_exchanged_for_another() {
    use rexpect::session::spawn_command;
    let home = home();
    let user = User::new(&home, "asked");
    fs::write(user.config(), "# mine\n").unwrap();
    let mut command = user.command("sh");
    command
        .args(["-c", &format!("{FEDGIT} apply; echo \"code $?\"")])
        .env_remove("GIT_TERMINAL_PROMPT")
        .stdin(std::process::Stdio::inherit());
    let mut person = spawn_command(command, Some(20_000)).unwrap();
    person.exp_string("1 to add, 0 to change").unwrap();
    person.exp_string("Write this? [Y/n]").unwrap();
    // Meanwhile the same file is applied from elsewhere, with another region.
    fs::write(user.file("x.toml"), declaring("adfs", "eu-west-1")).unwrap();
    let declared = user.file(".config/fedgit/fedgit.toml");
    let first = fs::read(&declared).unwrap();
    user.declare("adfs", "eu-west-1");
    user.fedgit(&["apply"]).exits(0);
    let theirs = fs::read_to_string(user.config()).unwrap();
    fs::write(&declared, first).unwrap();
    person.send_line("y").unwrap();
    person
        .exp_string("was changed by another program meanwhile")
        .unwrap();
    person.exp_string("-   region = eu-west-1").unwrap();
    person.exp_string("0 to add, 1 to change").unwrap();
    person.exp_string("Write this? [Y/n]").unwrap();
    assert_eq!(fs::read_to_string(user.config()).unwrap(), theirs);
    person.send_line("y").unwrap();
    person.exp_string("code 0").unwrap();
    let text = fs::read_to_string(user.config()).unwrap();
    assert!(text.contains("region = us-east-1"), "{text}");
}
