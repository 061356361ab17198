//! Where programs are: this one, the one installed beside it, and those on PATH.

use std::io;
use std::path::{Path, PathBuf};

use super::env::{Env, args};

/// The path by which this program was started, links unresolved: what is written into files must go
/// on working when a package manager points its link at the next version.
///
/// # Errors
/// Where the system cannot tell what is running.
pub fn program() -> io::Result<PathBuf> {
    let running = current_exe()?;
    let Some(arg0) = args().into_iter().next().map(PathBuf::from) else {
        return Ok(running);
    };
    let started = if arg0.components().count() > 1 {
        std::path::absolute(&arg0).ok()
    } else {
        which(&Env::real(), &arg0)
    };
    // Only where it is this very program: anybody may put anything into the first argument.
    let same = |path: &PathBuf| path.canonicalize().ok() == running.canonicalize().ok();
    Ok(started.filter(same).unwrap_or(running))
}

/// The program beside the running one, else the bare name for PATH: `fedgit` and
/// `git-remote-codecommit` are installed together.
#[must_use]
pub fn sibling(name: &str) -> PathBuf {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    [program(), current_exe()]
        .into_iter()
        .flatten()
        .map(|program| program.with_file_name(&file))
        .find(|beside| beside.is_file())
        .unwrap_or_else(|| PathBuf::from(file))
}

/// Where PATH finds a program; an absolute path stands for itself.
#[must_use]
pub fn which(env: &Env, name: &Path) -> Option<PathBuf> {
    if name.is_absolute() {
        return Some(name.to_owned());
    }
    let path = env.os("PATH")?;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// The absolute path of the running program, links resolved as the system does.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn current_exe() -> io::Result<PathBuf> {
    std::env::current_exe()
}
