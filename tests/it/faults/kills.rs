use std::process::Stdio;
use std::time::Instant;

use super::*;

/// Kills, spread evenly over a run from its start to its end.
const KILLS: u32 = 40;

/// A `credential-process` that logs in, killed at many moments: the next one answers, and finds the
/// way free. Which moments they are depends on the machine, and none of them may matter.
#[test]
fn kill_9_at_any_moment_leaves_the_way_free() {
    let home = Home::new(Scenario::adfs());
    let started = Instant::now();
    home.fedgit_as_script(&PROFILE).exits(0);
    let whole = started.elapsed();
    for number in 0..KILLS {
        home.fedgit(&["logout"]).exits(0);
        let before = home.world.ledger().login_attempts();
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(PROFILE)
            .env("FEDGIT_PASSWORD", home.world.password());
        let mut killed = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * number / KILLS);
        killed.kill().unwrap();
        killed.wait().unwrap();
        let said = home.fedgit_as_script(&PROFILE).exits(0);
        assert_eq!(said.err, "", "kill {number}: nothing to wait for");
        assert_eq!(home.fedgit(&PROFILE).exits(0).out, said.out);
        let logins = home.world.ledger().login_attempts() - before;
        assert!((1..=2).contains(&logins), "kill {number}: {logins} logins");
    }
}
