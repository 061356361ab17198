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
        (&["fedgit", "roles", ""], "corp"),
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

/// The script in a bash that nobody types into.
#[test]
fn a_real_bash_completes() {
    let home = Home::new(Scenario::adfs());
    let script = "eval \"$(fedgit completions bash)\"\n\
                  COMP_WORDS=(fedgit clone exa) COMP_CWORD=2 COMP_TYPE=9\n\
                  _clap_complete_fedgit fedgit exa clone 2>/dev/null\n\
                  echo \"got ${COMPREPLY[*]}\"\n";
    home.write("complete.bash", script);
    let mut bash = home.command("bash");
    let said = home.run(bash.args(["--norc", "complete.bash"])).exits(0);
    assert!(said.out.contains("got example"), "{said:?}");
}

/// What is typed into each shell, Tab behind it, and what stands on the line then.
const TYPED: &[(&str, &str)] = &[
    ("fedgit clone exa", "fedgit clone example"),
    ("fedgit login co", "fedgit login corp"),
    ("fedgit roles co", "fedgit roles corp"),
    (
        "fedgit credential-process --profile ad",
        "fedgit credential-process --profile adfs",
    ),
    (
        "fedgit repo add R --region il-",
        "fedgit repo add R --region il-central-1",
    ),
    (
        "fedgit --config other.toml clone els",
        "fedgit --config other.toml clone elsewhere",
    ),
    (
        "fedgit clone --all --jobs 2 wor",
        "fedgit clone --all --jobs 2 workplace/",
    ),
    ("fedgit git why upst", "fedgit git why upstream"),
];

/// Types into a shell on a terminal of its own, presses Tab, and has the shell write down its line.
const TYPE: &str = r#"
zmodload zsh/zpty
zpty -b shell "$1"
repeat 600; do [ -e ready ] && break; sleep 0.05; done
zpty -w -n shell "$2"$'\t'
# Readline reads what was typed before it answers Tab, and what comes then behind it.
zpty -w -n shell $'\x18p'
repeat 600; do [ -s line ] && break; sleep 0.05; done
cat line
zpty -d shell
"#;

/// bash, zsh and fish as people have them: installed as the README says, and typed into.
#[test]
#[ignore = "needs zsh and fish: .ci/run installs them and runs this"]
fn what_is_typed_into_real_shells_completes() {
    let home = Home::new(Scenario::adfs());
    let other = home.example().replace("[repo.example]", "[repo.elsewhere]");
    home.write("other.toml", other);
    std::fs::create_dir(home.file("workplace")).unwrap();
    home.git(".", &["init", "--quiet"]).exits(0);
    let remote = ["remote", "add", "upstream", "codecommit://R"];
    home.git(".", &remote).exits(0);
    let installed = |shell: &str, place: &str| {
        let script = home.fedgit(&["completions", shell]).exits(0).out;
        home.write(place, script);
    };
    installed("bash", "completion.bash");
    installed("zsh", "functions/_fedgit");
    installed("fish", ".config/fish/completions/fedgit.fish");
    home.write(
        "rc.bash",
        ". ./completion.bash\nwritten() { printf '%s' \"$READLINE_LINE\" > line; }\n\
         bind -x '\"\\C-xp\": written'\nPROMPT_COMMAND='> ready'\n",
    );
    home.write(
        ".zshrc",
        "fpath=(~/functions $fpath)\nautoload -U compinit && compinit -u -D\n\
         written() { print -rn -- \"$BUFFER\" > line }\nzle -N written\n\
         bindkey '^Xp' written\nzle-line-init() { : > ready }\nzle -N zle-line-init\n",
    );
    home.write("type.zsh", TYPE);
    for (typed, wanted) in TYPED {
        for shell in ["bash --rcfile rc.bash -i", "zsh -i"] {
            for file in ["ready", "line"] {
                let _ = std::fs::remove_file(home.file(file));
            }
            let mut driver = home.command("zsh");
            driver
                .args(["-f", "type.zsh", shell, typed])
                .env("TERM", "xterm");
            let said = home.run(&mut driver).exits(0);
            assert_eq!(said.out.trim_end(), *wanted, "{shell}: {said:?}");
        }
        // fish's own question to its completions; it has no other ear for what is not a person.
        let mut fish = home.command("fish");
        fish.args(["-c", &format!("complete -C '{typed}'")]);
        let said = home.run(&mut fish).exits(0);
        let last = wanted.rsplit(' ').next().unwrap();
        let mut offered = said.out.lines().filter_map(|line| line.split('\t').next());
        assert!(offered.any(|name| name == last), "fish: {typed}: {said:?}");
    }
}
