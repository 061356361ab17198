#![cfg(target_os = "linux")]

use super::*;

/// Runs a script in a mount namespace of its own, with a small disk at `place` under home. The rest
/// of the script finds fedgit as `$FEDGIT` and the place as `$PLACE`, and can fill it with `fill`.
fn with_small_disk(user: &User<'_>, place: &str, script: &str) -> Option<Said> {
    let apart = ["--user", "--map-root-user", "--mount"];
    let mount = "mount -t tmpfs -o size=128k,mode=700 tmpfs \"$PLACE\"";
    let place = user.file(place);
    fs::create_dir_all(&place).unwrap();
    let with = |text: &str| {
        let mut command = user.command("unshare");
        command.args(apart).args(["sh", "-c", text]);
        command.env("PLACE", &place).env("FEDGIT", FEDGIT);
        command
    };
    if !can(&mut with(mount)) {
        eprintln!("left out: this machine does not let its users mount a disk of their own");
        return None;
    }
    let fill = "fill() { dd if=/dev/zero of=\"$PLACE/fill\" bs=4k; } 2>/dev/null";
    let text = format!("{mount} || exit 99\n{fill}\n{script}");
    Some(user.home.run(&mut with(&text)).exits(0))
}

/// What each step of a script said, by `step NAME CODE` lines on stdout; the file's content between.
fn assert_steps(said: &Said, expected: &[&str]) {
    let steps: Vec<&str> = said
        .out
        .lines()
        .filter(|line| line.starts_with("step "))
        .collect();
    assert_eq!(steps, expected, "{}\n{}", said.out, said.err);
}

#[test]
fn the_files_own_disk_is_full() {
    let home = home();
    let user = User::new(&home, "full");
    fs::write(user.file("mine"), somebodys_file(20_000)).unwrap();
    let second = declaring("adfs", "eu-west-1");
    fs::write(user.file("second.toml"), second).unwrap();
    let script = r#"
        cp mine .aws/config
        "$FEDGIT" apply; echo "step first $?"
        cp .aws/config applied
        cp second.toml .config/fedgit/fedgit.toml
        fill
        "$FEDGIT" apply; echo "step full $?"
        cmp applied .aws/config; echo "step intact $?"
        echo "step beside" $(ls -A .aws)
        "$FEDGIT" apply --restore; echo "step restore-full $?"
        cmp applied .aws/config; echo "step intact $?"
        echo "step beside" $(ls -A .aws)
        rm .aws/fill
        "$FEDGIT" apply --restore; echo "step restore $?"
        cmp mine .aws/config; echo "step back $?"
        "$FEDGIT" apply; echo "step again $?"
        "$FEDGIT" plan; echo "step plan $?"
        exit 0
    "#;
    let Some(said) = with_small_disk(&user, ".aws", script) else {
        return;
    };
    assert_steps(
        &said,
        &[
            "step first 0",
            "step full 1",
            "step intact 0",
            "step beside config fill",
            "step restore-full 1",
            "step intact 0",
            "step beside config fill",
            "step restore 0",
            "step back 0",
            "step again 0",
            "step plan 0",
        ],
    );
    said.tells(&[
        ".aws/config",
        "No space left on device",
        "help: free some space",
        "nothing was changed",
    ]);
}

/// Where the version before cannot be kept, nothing is written.
#[test]
fn the_disk_of_the_version_before_is_full() {
    let home = home();
    let user = User::new(&home, "full");
    fs::write(user.file("mine"), somebodys_file(20_000)).unwrap();
    fs::write(user.file("second.toml"), declaring("adfs", "eu-west-1")).unwrap();
    let script = r#"
        cp mine .aws/config
        "$FEDGIT" apply; echo "step first $?"
        cp .aws/config applied
        cp second.toml .config/fedgit/fedgit.toml
        fill
        "$FEDGIT" apply; echo "step full $?"
        cmp applied .aws/config; echo "step intact $?"
        echo "step beside" $(ls -A .aws)
        echo "step kept" $(ls -A "$PLACE"/fedgit/previous/*)
        rm "$PLACE/fill"
        "$FEDGIT" apply --restore; echo "step restore $?"
        cmp mine .aws/config; echo "step back $?"
        exit 0
    "#;
    let Some(said) = with_small_disk(&user, ".local/state", script) else {
        return;
    };
    assert_steps(
        &said,
        &[
            "step first 0",
            "step full 1",
            "step intact 0",
            "step beside config",
            "step kept config.1",
            "step restore 0",
            "step back 0",
        ],
    );
    said.tells(&[
        ".local/state",
        "No space left on device",
        "help: free some space",
    ]);
}

/// A limit on the size of files ends who exceeds it; fedgit is to live on and say so. Works on every
/// machine, also where no disk can be mounted.
#[test]
fn the_size_of_files_is_limited() {
    let home = home();
    let user = User::new(&home, "limited");
    let block = 512;
    let mut mine = somebodys_file(20_000);
    mine.resize(mine.len().next_multiple_of(block) - 1, b'#');
    mine.push(b'\n');
    fs::write(user.config(), &mine).unwrap();
    let exactly = mine.len() / block;
    let limited = |blocks: usize, args: &str| {
        let mut command = user.command("sh");
        command.args([
            "-c",
            &format!("ulimit -f {blocks} && exec '{FEDGIT}' {args}"),
        ]);
        home.run(&mut command)
    };
    // Not even the version before fits; then that one does, and the new one does not.
    for (blocks, place) in [(8, ".local/state"), (exactly, ".aws/config")] {
        limited(blocks, "apply").exits(1).tells(&[
            "cannot write",
            place,
            "File too large",
            "help:",
            "ulimit -f",
        ]);
        assert_eq!(fs::read(user.config()).unwrap(), mine);
        assert_eq!(user.litter(), [""; 0]);
    }
    user.fedgit(&["apply"]).exits(0);
    let applied = fs::read(user.config()).unwrap();
    limited(8, "apply --restore")
        .exits(1)
        .tells(&["File too large"]);
    assert_eq!(fs::read(user.config()).unwrap(), applied);
    assert_eq!(user.litter(), [""; 0]);
    user.fedgit(&["apply", "--restore"]).exits(0);
    assert_eq!(fs::read(user.config()).unwrap(), mine);
}
