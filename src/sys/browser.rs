//! The program that opens addresses in the user's browser.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::env::Env;
use super::process::Invocation;
use super::programs::which;

/// What opens `url`: the program that the user `wanted`, with its first arguments, else the system's
/// own, which knows the user's choice. `None` where this machine has no such program. The address
/// stands in its arguments, which others can read.
#[must_use]
pub fn opener(env: &Env, wanted: Option<&[String]>, url: &str) -> Option<Invocation> {
    let (program, args) = match wanted {
        Some(words) => command(env, words.iter().map(String::as_str), url)?,
        None => system(env, url).or_else(|| by_variable(env, url))?,
    };
    Some(Invocation {
        program: program.into(),
        args,
        env: Vec::new(),
        inherits_login: false,
    })
}

type Opening = (PathBuf, Vec<OsString>);

/// Never by a bare name: on Windows that would be looked for in the working directory first.
fn system(env: &Env, url: &str) -> Option<Opening> {
    if cfg!(windows) {
        let system = env
            .path("SystemRoot")?
            .join("System32")
            .join("rundll32.exe");
        return Some((
            system,
            vec!["url.dll,FileProtocolHandler".into(), url.into()],
        ));
    }
    let name = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    command(env, [name], url)
}

/// `BROWSER`, as `xdg-open` reads it: programs with arguments, the first that is there; `%s` in them
/// stands for the address.
fn by_variable(env: &Env, url: &str) -> Option<Opening> {
    let browsers = env.text("BROWSER")?;
    let mut each = browsers.split(':');
    each.find_map(|browser| command(env, browser.split_whitespace(), url))
}

fn command<'a>(env: &Env, words: impl IntoIterator<Item = &'a str>, url: &str) -> Option<Opening> {
    let mut words = words.into_iter();
    let program = which(env, Path::new(words.next()?))?;
    let mut has_url = false;
    let mut args: Vec<OsString> = words
        .map(|word| {
            has_url |= word.contains("%s");
            word.replace("%s", url).into()
        })
        .collect();
    if !has_url {
        args.push(url.into());
    }
    Some((program, args))
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    /// What would be run, by the programs of a folder.
    fn opened(there: &[&str], wanted: Option<&[&str]>, browser: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        for name in there {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create(true).truncate(true);
            drop(options.open(folder.path().join(name)).unwrap());
        }
        let path = folder.path().to_str().unwrap();
        let env = Env::fixed([("PATH", path), ("BROWSER", browser)]);
        let wanted: Option<Vec<String>> =
            wanted.map(|words| words.iter().map(|word| (*word).to_owned()).collect());
        let found = opener(&env, wanted.as_deref(), "http://127.0.0.1:1/")?;
        let name = Path::new(&found.program).file_name()?.to_str()?.to_owned();
        let args = found
            .args
            .iter()
            .map(|arg| arg.to_str().unwrap().to_owned());
        Some([name].into_iter().chain(args).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_users_choice_comes_first_and_then_the_systems() {
        let all = ["xdg-open", "firefox", "w3m"];
        let wanted = ["firefox", "--private-window"];
        assert_eq!(
            opened(&all, Some(&wanted), "w3m").unwrap(),
            "firefox --private-window http://127.0.0.1:1/"
        );
        assert_eq!(
            opened(&all, None, "w3m").unwrap(),
            "xdg-open http://127.0.0.1:1/"
        );
        assert_eq!(
            opened(&["w3m"], None, "gone:w3m -T %s -x").unwrap(),
            "w3m -T http://127.0.0.1:1/ -x"
        );
        assert_eq!(opened(&["w3m"], None, ""), None);
        assert_eq!(opened(&all, Some(&["gone"]), "w3m"), None);
    }
}
