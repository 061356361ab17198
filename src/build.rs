//! Build script: how the release binaries are linked.
//!
//! Every AWS call and every git command starts this program, and what a start costs is mostly the
//! dynamic loader: a position-independent executable of this size has some 19,000 addresses to fix
//! up, half of them in html5ever's table of entities, and a page fault for every page of them. On
//! Linux an executable at a fixed address starts in 1.3 times the time of a hello-world program,
//! against 1.65 times.
//!
//! The price is the randomized address of the program's own image (stack, heap and libraries stay
//! randomized). That hardening is against memory errors; fedgit has no unsafe code, and the C and
//! assembly in it is that of the TLS library. Whoever prefers it builds with `FEDGIT_PIE=1`.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script talks to cargo by its environment and its output"
)]

fn main() {
    println!("cargo:rerun-if-env-changed=FEDGIT_PIE");
    println!("cargo:rerun-if-changed=src/build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|found| found == value);
    let linux = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let wants_pie = std::env::var_os("FEDGIT_PIE").is_some();
    if linux && is("PROFILE", "release") && !wants_pie {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
