//! What a shell asks while somebody types.

use fedgit_testbed::Scenario;

use crate::world::Home;

/// What completes the last word, in bash's way of asking.
fn completed(home: &Home, words: &[&str]) -> Vec<String> {
    let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
    command
        .arg("--")
        .args(words)
        .env("FEDGIT_COMPLETE", "bash")
        .env("_CLAP_IFS", "\n")
        .env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string())
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "true");
    let said = home.run(&mut command).exits(0);
    said.out
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

#[test]
fn declared_names_complete() {
    let home = Home::new(Scenario::adfs());
    let requests = home.world.ledger().entries().len();
    for (words, name) in [
        (&["fedgit", "clone", ""][..], "example"),
        (&["fedgit", "clone", "ex"], "example"),
        (&["fedgit", "open", ""], "example"),
        (&["fedgit", "git", "--repo", ""], "example"),
        (&["fedgit", "login", "co"], "corp"),
        (&["fedgit", "logout", "ad"], "adfs"),
        (&["fedgit", "exec", "dev"], "developer"),
        (&["fedgit", "whoami", "a"], "adfs"),
        (&["fedgit", "credential-process", "--profile", ""], "adfs"),
        (
            &["fedgit", "repo", "add", "R", "--region", "eu-w"],
            "eu-west-1",
        ),
        (&["fedgit", "repo", "add", "R", "--role", ""], "developer"),
        (&["fedgit", "git", "se"], "setup"),
    ] {
        let found = completed(&home, words);
        assert!(
            found.iter().any(|found| found == name),
            "{words:?}: {found:?}"
        );
    }
    let names = |words: &[&str]| -> Vec<String> {
        let mut found = completed(&home, words);
        found.retain(|found| !found.starts_with("--"));
        found
    };
    assert_eq!(names(&["fedgit", "clone", "zz"]), [""; 0]);
    // Nobody is asked, and a file that is wrong is no reason to disturb who types.
    assert_eq!(home.world.ledger().entries().len(), requests);
    home.write(".config/fedgit/fedgit.toml", "[repo.x\n");
    assert_eq!(names(&["fedgit", "clone", ""]), [""; 0]);
}

/// The script in a real bash, and in the other shells where they are installed.
#[test]
fn a_real_shell_completes() {
    let home = Home::new(Scenario::adfs());
    let script = "eval \"$(fedgit completions bash)\"\n\
                  COMP_WORDS=(fedgit clone exa) COMP_CWORD=2 COMP_TYPE=9\n\
                  _clap_complete_fedgit fedgit exa clone 2>/dev/null\n\
                  echo \"got ${COMPREPLY[*]}\"\n";
    home.write("complete.bash", script);
    let mut bash = home.command("bash");
    let said = home.run(bash.args(["--norc", "complete.bash"])).exits(0);
    assert!(said.out.contains("got example"), "{said:?}");
    for (shell, line) in [
        (
            "fish",
            "fedgit completions fish | source; complete -C 'fedgit clone exa'",
        ),
        (
            "zsh",
            "autoload -U compinit && compinit -u; eval \"$(fedgit completions zsh)\"; whence -w _clap_dynamic_completer_fedgit",
        ),
    ] {
        if !on_path(shell) {
            continue;
        }
        let mut command = home.command(shell);
        let said = home.run(command.args(["-c", line])).exits(0);
        let wanted = if shell == "fish" {
            "example"
        } else {
            "function"
        };
        assert!(said.out.contains(wanted), "{shell}: {said:?}");
    }
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
