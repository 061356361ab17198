//! The browsers of the Chromium family that are installed on this machine.

use std::path::{Path, PathBuf};

use super::env::Env;
use super::programs::which;

/// Their names on PATH, in the order in which they are preferred.
const NAMES: &[&str] = &[
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "chromium",
    "chromium-browser",
    "brave-browser",
    "brave",
];

/// Their programs beneath an application folder of macOS.
const MAC: &[&str] = &[
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Chromium.app/Contents/MacOS/Chromium",
    "Brave Browser.app/Contents/MacOS/Brave Browser",
];

/// Their programs beneath a program folder of Windows.
const WINDOWS: &[&str] = &[
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
    r"BraveSoftware\Brave-Browser\Application\brave.exe",
];

/// A browser, and arguments that the user wants it to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The program.
    pub program: PathBuf,
    /// Its first arguments.
    pub args: Vec<String>,
}

/// The browser that the user names, else the first that is there.
#[must_use]
pub fn installed(env: &Env, named: Option<&[String]>) -> Option<Installed> {
    if let Some([program, args @ ..]) = named {
        let program = which(env, Path::new(program)).filter(|program| program.is_file())?;
        let args = args.to_vec();
        return Some(Installed { program, args });
    }
    let program = candidates(env).find(|program| program.is_file())?;
    Some(Installed {
        program,
        args: Vec::new(),
    })
}

/// Whether a window would be seen: there is a display, and it is not that of a machine that the person
/// only came to by ssh.
#[must_use]
pub fn has_display(env: &Env) -> bool {
    if cfg!(any(target_os = "macos", windows)) {
        return env.os("SSH_CONNECTION").is_none();
    }
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env.os(name).is_some_and(|value| !value.is_empty()))
}

fn candidates(env: &Env) -> impl Iterator<Item = PathBuf> {
    let (folders, names): (Vec<PathBuf>, &[&str]) = if cfg!(target_os = "macos") {
        let own = env.path("HOME").map(|home| home.join("Applications"));
        let folders = std::iter::once(PathBuf::from("/Applications")).chain(own);
        (folders.collect(), MAC)
    } else if cfg!(windows) {
        let folders = ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"];
        let folders = folders.iter().filter_map(|name| env.path(name));
        (folders.collect(), WINDOWS)
    } else {
        (Vec::new(), &[])
    };
    let placed = names
        .iter()
        .flat_map(move |name| folders.clone().into_iter().map(move |at| at.join(name)));
    let on_path: Vec<PathBuf> = NAMES
        .iter()
        .filter_map(|name| which(env, Path::new(name)))
        .collect();
    placed.chain(on_path)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_named_one_or_the_first_there() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| {
            let path = folder.path().join(name);
            let made = std::fs::OpenOptions::new()
                .create(true)
                .write(true)
                .truncate(true)
                .open(&path);
            drop(made.unwrap());
            path
        };
        let env = Env::fixed([("PATH", folder.path().to_str().unwrap())]);
        if cfg!(not(target_os = "macos")) {
            assert_eq!(installed(&env, None), None);
        }
        let brave = file("brave");
        let chromium = file("chromium");
        if cfg!(not(target_os = "macos")) {
            assert_eq!(installed(&env, None).unwrap().program, chromium);
        }
        let named = ["brave".to_owned(), "--incognito".to_owned()];
        let found = installed(&env, Some(&named)).unwrap();
        assert_eq!((found.program, found.args.as_slice()), (brave, &named[1..]));
        assert_eq!(installed(&env, Some(&["nothing".to_owned()])), None);
    }
}
