//! The program that opens addresses in the user's browser.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::env::Env;
use super::process::Invocation;
use super::programs::which;

/// What opens `url`; `None` where this machine has no such program. The address stands in its
/// arguments, which others can read.
#[must_use]
pub fn opener(env: &Env, url: &str) -> Option<Invocation> {
    let (program, mut args) = program(env)?;
    args.push(url.into());
    Some(Invocation {
        program: program.into(),
        args,
        env: Vec::new(),
        inherits_login: false,
    })
}

/// Never by a bare name: on Windows that would be looked for in the working directory first.
fn program(env: &Env) -> Option<(PathBuf, Vec<OsString>)> {
    if cfg!(windows) {
        let system = env
            .path("SystemRoot")?
            .join("System32")
            .join("rundll32.exe");
        return Some((system, vec!["url.dll,FileProtocolHandler".into()]));
    }
    let name = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    which(env, Path::new(name)).map(|program| (program, Vec::new()))
}
