use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::*;

const KILLS: usize = 200;
const SEED: u64 = 0x5eed_fed6_1700_0001;

/// What became of the kills; told, not judged: it depends on the machine.
#[derive(Default)]
struct Count {
    before: AtomicUsize,
    after: AtomicUsize,
    leftovers: AtomicUsize,
    too_late: AtomicUsize,
}

#[test]
#[cfg(unix)]
fn kill_9_at_200_moments_leaves_the_old_file_or_the_new_one() {
    let home = home();
    println!("seed {SEED:#x}");
    let threads = 4;
    let count = Count::default();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (home, count) = (&home, &count);
            scope.spawn(move || {
                let user = User::new(home, &format!("killed-{thread}"));
                kill_again_and_again(&user, KILLS / threads, SEED + thread as u64, count);
            });
        }
    });
    let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
    println!(
        "{KILLS} kills: {} before the file was replaced, {} after, {} when it was over; {} left a \
         new version behind on its way",
        of(&count.before),
        of(&count.after),
        of(&count.too_late),
        of(&count.leftovers)
    );
}

fn kill_again_and_again(user: &User<'_>, kills: usize, seed: u64, count: &Count) {
    let versions = two_versions(user);
    let regions = ["us-east-1", "eu-west-1"];
    let which = || {
        let now = fs::read(user.config()).unwrap();
        versions.iter().position(|version| *version == now)
    };
    let started = Instant::now();
    user.declare("adfs", regions[0]);
    user.fedgit(&["apply"]).exits(0);
    let mut whole = started.elapsed();
    let mut random = Random(seed);
    for number in 0..kills {
        let old = which().expect("the old version or the new one");
        user.declare("adfs", regions[1 - old]);
        let mut apply = user
            .command(FEDGIT)
            .arg("apply")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // By the clock over the whole run, and then into the part of it that writes.
        match number % 4 {
            0 | 1 => std::thread::sleep(random.up_to(whole)),
            2 => await_newborn(&mut apply, &[user.file(".aws")]),
            _ => await_newborn(&mut apply, &kept_versions(&user.folder)),
        }
        if number % 4 > 1 {
            std::thread::sleep(random.up_to(whole / 32));
        }
        let over = apply.try_wait().unwrap().is_some();
        // How long a run takes changes with the machine's load.
        whole = if over {
            whole - whole / 16
        } else {
            whole + whole / 64
        };
        // SIGKILL, as std spells it.
        apply.kill().unwrap();
        apply.wait().unwrap();
        let now =
            which().unwrap_or_else(|| panic!("kill {number}, seed {seed:#x}: neither old nor new"));
        let counter = match (over, now == old) {
            (true, _) => &count.too_late,
            (false, true) => &count.before,
            (false, false) => &count.after,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        count
            .leftovers
            .fetch_add(usize::from(!user.litter().is_empty()), Ordering::Relaxed);

        // Without any cleaning: on to the version declared, or back to the one before.
        let then = if number % 2 == 0 {
            user.declare("adfs", regions[1 - now]);
            user.fedgit(&["apply"])
        } else {
            user.fedgit(&["apply", "--restore"])
        };
        then.exits(0);
        assert_eq!(which(), Some(1 - now), "kill {number}, seed {seed:#x}");
        assert_eq!(user.litter(), [""; 0], "kill {number}, seed {seed:#x}");
        for kept in kept_versions(&user.folder) {
            assert_eq!(names_in(&kept).len(), 1, "{:?}", names_in(&kept));
        }
    }
}

/// The file with one region and with the other, large enough to be written for a while.
fn two_versions(user: &User<'_>) -> [Vec<u8>; 2] {
    fs::write(user.config(), somebodys_file(100_000)).unwrap();
    let apply = |region: &str| {
        user.declare("adfs", region);
        user.fedgit(&["apply"]).exits(0);
        fs::read(user.config()).unwrap()
    };
    let versions = [apply("us-east-1"), apply("eu-west-1")];
    assert_ne!(versions[0], versions[1]);
    versions
}

/// Until a new version is on its way in one of the folders, or all is over.
fn await_newborn(apply: &mut Child, folders: &[PathBuf]) {
    let is_newborn = |folder: &PathBuf| names_in(folder).iter().any(|name| name.ends_with(".tmp"));
    while apply.try_wait().unwrap().is_none() && !folders.iter().any(is_newborn) {
        std::hint::spin_loop();
    }
}

/// `splitmix64`: the same moments for the same seed, as far as a clock can tell.
struct Random(u64);

impl Random {
    fn up_to(&mut self, most: Duration) -> Duration {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let most = u64::try_from(most.as_nanos()).unwrap().max(1);
        Duration::from_nanos((z ^ (z >> 31)) % most)
    }
}

/// What is removed is what fedgit left behind for this very file, and nothing else.
#[test]
#[cfg(unix)]
fn only_what_fedgit_left_behind_is_swept() {
    use std::os::unix::fs::symlink;
    let home = home();
    let user = User::new(&home, "sweep");
    // The name as fedgit gives it, from one that a full disk's stand-in leaves: a killed apply.
    let name = leftover_name(&user);
    let aws = user.file(".aws");
    let beside = |random: &str| aws.join(name.replace("RANDOM", random));
    fs::write(beside("gone00"), "half of a new ver").unwrap();
    let in_use = fs::File::create(beside("inuse0")).unwrap();
    in_use.lock().unwrap();
    fs::write(user.file("precious"), "mine").unwrap();
    symlink(user.file("precious"), beside("link00")).unwrap();
    fs::hard_link(user.file("precious"), beside("hard00")).unwrap();
    fs::create_dir(beside("folder")).unwrap();
    let fifo = beside("fifo00");
    assert!(can(user.command("mkfifo").arg(&fifo)));
    for name in [
        ".fedgit-notes.tmp",
        ".fedgit-0123456789abcdef-abcdef.tmp",
        "config.tmp",
    ] {
        fs::write(aws.join(name), "mine").unwrap();
    }
    fs::write(beside("toolong"), "mine").unwrap();
    fs::write(beside("a b-c."), "mine").unwrap();
    let mut before = names_in(&aws);
    user.fedgit(&["apply"]).exits(0);
    before.retain(|name| !name.contains("gone00"));
    before.push("config".to_owned());
    before.sort();
    assert_eq!(names_in(&aws), before);
    assert_eq!(fs::read_to_string(user.file("precious")).unwrap(), "mine");
    // And once its maker has ended:
    drop(in_use);
    user.declare("adfs", "eu-west-1");
    user.fedgit(&["apply"]).exits(0);
    assert!(!beside("inuse0").exists());
    // The search for secrets at the end reads every file.
    fs::remove_file(fifo).unwrap();
}

/// The name of a leftover, with `RANDOM` where it is random: seen while an apply is at it.
#[cfg(unix)]
fn leftover_name(user: &User<'_>) -> String {
    fs::write(user.config(), somebodys_file(400_000)).unwrap();
    for _ in 0..50 {
        let mut apply = user
            .command(FEDGIT)
            .arg("apply")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        await_newborn(&mut apply, &[user.file(".aws")]);
        apply.kill().unwrap();
        apply.wait().unwrap();
        let left = user.litter();
        fs::write(user.config(), somebodys_file(400_000)).unwrap();
        if let Some(name) = left.first() {
            fs::remove_file(user.file(".aws").join(name)).unwrap();
            fs::remove_file(user.config()).unwrap();
            let (head, _) = name.rsplit_once('-').unwrap();
            return format!("{head}-RANDOM.tmp");
        }
    }
    panic!("no apply could be killed while it wrote");
}
