//! What git itself says: of its version, its configuration, the clone that it is in.

use std::ffi::OsString;

use crate::cli::report::Failure;
use crate::sys::process::{self, Invocation, RunError};

/// What git prints.
pub(super) fn git(args: &[&str]) -> Result<String, Failure> {
    Ok(asked(args)?)
}

/// The same; nothing where it has nothing to print, which it says by its exit code.
pub(super) fn git_or_nothing(args: &[&str]) -> Result<String, Failure> {
    match asked(args) {
        Err(RunError::Failed { status, .. }) if status.code() == Some(1) => Ok(String::new()),
        output => Ok(output?),
    }
}

fn asked(args: &[&str]) -> Result<String, RunError> {
    process::output(&Invocation {
        program: "git".into(),
        args: args.iter().map(OsString::from).collect(),
        env: Vec::new(),
        inherits_login: false,
    })
}
