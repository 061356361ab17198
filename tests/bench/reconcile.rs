//! How long `plan` and `apply` take, how much memory they hold, and how both grow: told, never
//! judged.
//!
//! ```console
//! $ cargo bench                                    # everything; about three minutes
//! $ cargo bench -- plan                            # the steps inside whose names hold "plan"
//! $ FEDGIT_PEERS=target/peers cargo bench          # and what other programs take for the same file
//! ```
//!
//! Two parts. divan measures the steps inside one process. Then the program itself is run from start
//! to end, which is what a person waits for: that table is also what `.ci/run` prints, of the release
//! build that `FEDGIT_RELEASE` names, with `FEDGIT_BENCH_SIZES=1000,10000`.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark reads the clock and the file system, and stops where something is not as it should be"
)]

mod declaration;
mod peers;
mod steps;
mod watch;
mod whole;

/// Lets divan tell what a step allocates at most at one time.
#[global_allocator]
static ALLOCATOR: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if let [flag, command @ ..] = arguments.as_slice()
        && flag == watch::FLAG
    {
        return watch::report(command);
    }
    // Without optimisation the steps tell nothing; the whole program may be another build.
    if !cfg!(debug_assertions) {
        divan::main();
    }
    // With a filter or `--list` only the steps are asked for.
    if arguments.iter().all(|argument| argument == "--bench") {
        whole::table();
    }
}
