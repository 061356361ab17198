//! What git itself says: of its version, its configuration, the clone that it is in.

use std::ffi::OsStr;

use crate::cli::report::Failure;
use crate::sys::process::{self, Invocation, RunError};

/// What git prints.
pub(super) fn git(args: &[&str]) -> Result<String, Failure> {
    Ok(asked(args)?)
}

/// The same; nothing where it has nothing to print, which it says by its exit code.
pub(super) fn git_or_nothing(args: &[impl AsRef<OsStr>]) -> Result<String, Failure> {
    match asked(args) {
        Err(RunError::Failed { status, .. }) if status.code() == Some(1) => Ok(String::new()),
        output => Ok(output?),
    }
}

fn asked(args: &[impl AsRef<OsStr>]) -> Result<String, RunError> {
    process::output(&Invocation {
        program: "git".into(),
        args: args.iter().map(|arg| arg.as_ref().to_owned()).collect(),
        env: Vec::new(),
        inherits_login: false,
    })
}
