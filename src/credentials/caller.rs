//! Who needs the credentials, in words: the person did not start fedgit, but something that did. Only
//! names of programs are told, and git's own subcommands; other arguments may be secrets.

use std::path::Path;

use crate::format::printable::printable;

/// Programs that run others and want nothing for themselves.
const BETWEEN: &[&str] = &[
    "doas", "env", "fedgit", "nice", "nohup", "setsid", "stdbuf", "strace", "sudo", "timeout",
    "xargs",
];

/// Programs whose first argument may be a script, which is who asks then.
const SHELLS: &[&str] = &[
    "ash", "bash", "dash", "fish", "ksh", "mksh", "pwsh", "sh", "zsh",
];
const INTERPRETERS: &[&str] = &["node", "perl", "php", "pypy", "python", "ruby"];

/// Options of git's own that take the next argument as their value.
const WITH_VALUE: &[&str] = &[
    "-C",
    "-c",
    "--attr-source",
    "--config-env",
    "--exec-path",
    "--git-dir",
    "--list-cmds",
    "--namespace",
    "--super-prefix",
    "--work-tree",
];

/// The longest name that is told.
const LONGEST_NAME: usize = 40;

/// The longest folder that is told.
const LONGEST_FOLDER: usize = 80;

/// `git fetch in ~/src/x`: what wants the credentials, by the arguments of the processes that led here,
/// the nearest first. `None` where a person typed fedgit's own name, or nothing is known.
#[must_use]
pub(super) fn caller<'a>(
    chain: impl IntoIterator<Item = &'a [String]>,
    folder: Option<&Path>,
    home: Option<&Path>,
) -> Option<String> {
    let name = program(chain)?;
    match folder {
        Some(folder) => Some(format!("{name} in {}", shortened(folder, home))),
        None => Some(name),
    }
}

fn program<'a>(chain: impl IntoIterator<Item = &'a [String]>) -> Option<String> {
    let mut git = None;
    for args in chain {
        let [path, rest @ ..] = args else { break };
        let name = base(path);
        if name == "git" || name.starts_with("git-") {
            // git starts git; the first one is the command that somebody gave.
            git = Some(git_command(&name, rest));
        } else if SHELLS.contains(&name.as_str()) {
            match rest.first() {
                Some(flag) if is_command_flag(flag) => {}
                Some(script) if git.is_none() => return script_name(script),
                _ => break,
            }
        } else if !BETWEEN.contains(&name.as_str()) {
            return git.or_else(|| Some(told(&name, rest)));
        }
    }
    git
}

/// `-c`, `-ec`, `-lc`.
fn is_command_flag(flag: &str) -> bool {
    flag.strip_prefix('-')
        .is_some_and(|letters| !letters.starts_with('-') && letters.ends_with('c'))
}

/// A program's name, or that of the script that it runs.
fn told(name: &str, rest: &[String]) -> String {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let script = INTERPRETERS
        .contains(&plain)
        .then(|| rest.first())
        .flatten();
    script
        .and_then(|script| script_name(script))
        .unwrap_or_else(|| printable(name, LONGEST_NAME))
}

fn script_name(script: &str) -> Option<String> {
    let name = printable(&base(script), LONGEST_NAME);
    (!script.starts_with('-') && !name.is_empty()).then_some(name)
}

fn git_command(name: &str, rest: &[String]) -> String {
    let subcommand = (name == "git").then(|| subcommand(rest)).flatten();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match subcommand.filter(|word| word.len() <= LONGEST_NAME && word.chars().all(plain)) {
        Some(word) => format!("git {word}"),
        None => "git".to_owned(),
    }
}

/// The first word that is neither an option of git's own nor its value.
fn subcommand(args: &[String]) -> Option<&str> {
    let mut args = args.iter();
    loop {
        let word = args.next()?;
        if WITH_VALUE.contains(&word.as_str()) {
            args.next();
        } else if !word.starts_with('-') {
            return Some(word);
        }
    }
}

/// The last part of a path, on any system; a login shell's dash is not part of its name.
fn base(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    // Some programs write a title of their own here: "sshd: jane@pts/0".
    let name = name.split([' ', ':']).next().unwrap_or(name);
    name.trim_start_matches('-').to_owned()
}

fn shortened(folder: &Path, home: Option<&Path>) -> String {
    let below = home
        .filter(|home| home.parent().is_some())
        .and_then(|home| folder.strip_prefix(home).ok());
    let text = match below {
        Some(below) => Path::new("~").join(below),
        None => folder.to_owned(),
    };
    let text = text.to_string_lossy();
    let text = match text.trim_end_matches('/') {
        // The root is nothing but what was taken off.
        "" => "/",
        text => text,
    };
    printable(text, LONGEST_FOLDER)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The caller of a chain of command lines.
    fn of(chain: &[&str]) -> Option<String> {
        let chain: Vec<Vec<String>> = chain
            .iter()
            .map(|line| line.split('|').map(str::to_owned).collect())
            .collect();
        caller(chain.iter().map(Vec::as_slice), None, None)
    }

    #[test]
    fn git_is_told_by_its_subcommand() {
        let helper = "/bin/sh|-c|fedgit git-credential get";
        for (command, expected) in [
            ("git|fetch|--all", "git fetch"),
            (
                "/usr/bin/git|-C|/x|-c|http.extraHeader=SECRET|pull",
                "git pull",
            ),
            ("git|--git-dir|/x|--no-pager|push", "git push"),
            ("git|--git-dir=/x|clone|https://u:SECRET@h/", "git clone"),
            ("git|-c", "git"),
            ("git|SECRET/Key", "git"),
            ("git", "git"),
        ] {
            let inner = "git|remote-https|origin|https://u:SECRET@h/";
            let helped = "/usr/lib/git-core/git-remote-https|origin|https://u:SECRET@h/";
            let chain = [helper, helped, inner, command, "-bash"];
            assert_eq!(of(&chain).as_deref(), Some(expected), "{command}");
            let by_editor = [
                helper,
                helped,
                command,
                "/usr/share/code/code|--type=utility",
            ];
            assert_eq!(of(&by_editor).as_deref(), Some(expected), "{command}");
            // The hook of a command that somebody gave.
            let hook = [
                helper,
                "git|fetch",
                "/bin/sh|.git/hooks/pre-push",
                "git|push",
                "zsh",
            ];
            assert_eq!(of(&hook).as_deref(), Some("git fetch"));
        }
    }

    #[test]
    fn programs_are_told_by_their_name_alone() {
        for (command, expected) in [
            ("aws|s3|ls|--token|SECRET", "aws"),
            ("/usr/bin/python3.12|/usr/local/bin/aws|s3|ls", "aws"),
            ("python3|-c|SECRET", "python3"),
            ("node|/opt/cdk/bin/cdk|deploy", "cdk"),
            ("/opt/terraform_1.9|apply|-var|SECRET", "terraform_1.9"),
            ("C:\\tools\\aws.exe|s3", "aws.exe"),
            ("/x/e\u{1b}[31mvil", "e[31mvil"),
            ("bash|./deploy.sh|SECRET", "deploy.sh"),
        ] {
            for between in ["sh|-c|fedgit x", "timeout|5|fedgit|x", "bash|-ec|fedgit x"] {
                let chain = [between, command, "bash", "tmux: server"];
                assert_eq!(of(&chain).as_deref(), Some(expected), "{command}");
            }
        }
    }

    #[test]
    fn a_person_who_typed_it_knows() {
        for chain in [
            &["bash"][..],
            &["-zsh", "login"],
            &["/bin/bash|--norc", "terminal"],
            &["sh|-c|fedgit login", "bash"],
            &["fedgit|clone|x", "fish"],
            &["git|", "x"][..0],
            &[],
        ] {
            assert_eq!(of(chain), None, "{chain:?}");
        }
    }

    #[test]
    fn folders_are_told_from_home() {
        let chain = [vec!["aws".to_owned()]];
        let text = |folder: &str, home: &str| {
            let chain = chain.iter().map(Vec::as_slice);
            caller(chain, Some(Path::new(folder)), Some(Path::new(home))).unwrap()
        };
        assert_eq!(text("/home/j/src/x", "/home/j"), "aws in ~/src/x");
        assert_eq!(text("/home/j", "/home/j"), "aws in ~");
        assert_eq!(text("/home/jane", "/home/j"), "aws in /home/jane");
        assert_eq!(text("/srv/x", "/"), "aws in /srv/x");
        for home in ["/home/j", "/"] {
            assert_eq!(text("/", home), "aws in /");
        }
        assert_eq!(text("/srv/a\nb\u{1b}c", "/home/j"), "aws in /srv/a bc");
    }
}
