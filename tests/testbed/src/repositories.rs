//! The bare repositories behind CodeCommit, made by real git in a world of its own.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program of git's with nobody's configuration but the repository's.
pub(crate) fn hermetic(program: impl AsRef<OsStr>, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env(
            "GIT_CONFIG_GLOBAL",
            if cfg!(windows) { "NUL" } else { "/dev/null" },
        )
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .env("TZ", "UTC");
    command
}

/// The CGI program, which stands among git's own and on nobody's PATH.
pub(crate) fn http_backend(home: &Path) -> Result<PathBuf, String> {
    let folder = run(home, home, &["--exec-path"], "")?;
    let program =
        Path::new(&folder).join(format!("git-http-backend{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    Err(format!(
        "{} is missing: git was installed without it",
        program.display()
    ))
}

pub(crate) fn path(root: &Path, region: &str, name: &str) -> PathBuf {
    root.join(region).join(name)
}

pub(crate) fn exists(root: &Path, region: &str, name: &str) -> bool {
    is_name(name) && path(root, region, name).is_dir()
}

/// CodeCommit's own rule; `.` and `..` must not become folders.
pub(crate) fn is_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=100).contains(&name.len())
        && name.chars().all(is_allowed)
        && !name.ends_with(".git")
        && name != "."
        && name != ".."
}

/// A bare repository with one commit on `main`.
pub(crate) fn create(root: &Path, home: &Path, region: &str, name: &str) -> Result<(), String> {
    let path = path(root, region, name);
    std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    run(
        home,
        &path,
        &["init", "--quiet", "--bare", "--initial-branch=main", "."],
        "",
    )?;
    // Nothing may go on running behind a World that has ended.
    for setting in ["gc.auto", "maintenance.auto", "receive.autoGC"] {
        run(home, &path, &["config", setting, "0"], "")?;
    }
    let text = format!("# {name}\n\nA repository of the test-bed, in {region}.\n");
    let blob = run(home, &path, &["hash-object", "-w", "--stdin"], &text)?;
    let tree = run(
        home,
        &path,
        &["mktree"],
        &format!("100644 blob {blob}\tREADME.md\n"),
    )?;
    let commit = run(home, &path, &["commit-tree", &tree, "-m", "Begin"], "")?;
    run(home, &path, &["update-ref", "refs/heads/main", &commit], "")?;
    Ok(())
}

/// The same repository under another name.
pub(crate) fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}

fn run(home: &Path, repository: &Path, args: &[&str], input: &str) -> Result<String, String> {
    let fail = |error: &dyn std::fmt::Display| format!("git {}: {error}", args.join(" "));
    let mut child = hermetic("git", home)
        .current_dir(repository)
        .args(args)
        .env("GIT_AUTHOR_NAME", "Test Bed")
        .env("GIT_AUTHOR_EMAIL", "testbed@example.com")
        .env("GIT_AUTHOR_DATE", "2026-01-02T03:04:05Z")
        .env("GIT_COMMITTER_NAME", "Test Bed")
        .env("GIT_COMMITTER_EMAIL", "testbed@example.com")
        .env("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| fail(&error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A git that does not read its input is no failure.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| fail(&error))?;
    if !output.status.success() {
        return Err(fail(&String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
