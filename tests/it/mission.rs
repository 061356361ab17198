//! What fedgit was asked for, from the file to the push.

use std::fs;

use fedgit_testbed::{Scenario, Service};

use crate::world::{Home, Said};

const REPOSITORY: &str = "ExampleCorpRepository";

fn ready(scenario: Scenario) -> Home {
    let home = Home::new(scenario);
    home.world.add_repository("us-east-1", REPOSITORY);
    home.fedgit(&["apply"]).exits(0);
    home
}

#[test]
fn check_plan_apply_and_again() {
    let home = Home::new(Scenario::adfs());
    home.fedgit(&["check"])
        .exits(0)
        .tells(&["1 identity provider, 1 profile, 1 repository"]);
    let plan = home.fedgit(&["plan"]).exits(3);
    assert!(plan.out.contains("+ [profile adfs]"), "{}", plan.out);
    assert!(
        plan.out
            .contains("1 to add, 0 to change, 0 to remove, 0 kept"),
        "{}",
        plan.out
    );
    assert!(!home.file(".aws/config").exists(), "plan writes nothing");
    home.fedgit(&["apply", "--check"]).exits(3);
    assert!(
        !home.file(".aws/config").exists(),
        "apply --check writes nothing"
    );

    home.fedgit(&["apply"]).exits(0).tells(&["1 added"]);
    let written = home.read(".aws/config");
    let line = format!(
        "credential_process = {} credential-process --profile adfs --user {}\n",
        env!("CARGO_BIN_EXE_fedgit"),
        home.file(".config/fedgit/fedgit.toml").display()
    );
    assert!(
        written.starts_with("[profile adfs]\nregion = us-east-1\n"),
        "{written}"
    );
    assert!(written.contains(&line), "{written}");

    home.fedgit(&["plan"]).exits(0);
    home.fedgit(&["apply"]).exits(0).tells(&["in sync"]);
    assert_eq!(home.read(".aws/config"), written, "twice changes nothing");
}

#[test]
fn twenty_calls_and_one_login() {
    for scenario in [Scenario::adfs(), Scenario::adfs_2_0()] {
        let home = ready(scenario);
        let first = home
            .fedgit_as_script(&["credential-process", "--profile", "adfs"])
            .exits(0);
        let answer = answer(&first);
        assert_eq!(answer["Version"], 1);
        assert_eq!(answer["AccountId"], "111122223333");
        for key in ["AccessKeyId", "SecretAccessKey", "SessionToken"] {
            assert!(!answer[key].as_str().unwrap().is_empty(), "{key}");
        }
        let expiration = answer["Expiration"].as_str().unwrap();
        assert!(
            expiration.ends_with('Z') && expiration.len() == 20,
            "{expiration}"
        );
        for _ in 0..19 {
            // Nobody to ask and no password: only the cache can answer.
            let again = home
                .fedgit(&["credential-process", "--profile", "adfs"])
                .exits(0);
            assert_eq!(again.out, first.out);
        }
        let ledger = home.world.ledger();
        assert_eq!(ledger.logins(), 1);
        assert_eq!(ledger.count(Service::Sts), 1);
    }
}

fn answer(said: &Said) -> serde_json::Value {
    assert_eq!(
        said.out.lines().count(),
        1,
        "one object and nothing else: {}",
        said.out
    );
    serde_json::from_str(&said.out).unwrap()
}

#[test]
fn the_long_way_gives_the_same_answer() {
    let home = ready(Scenario::adfs());
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let mut answers = Vec::new();
    for args in [
        // Exactly what `apply` writes, before and after the pointer is there; then spellings that
        // only the whole command line knows.
        &["credential-process", "--profile", "adfs"][..],
        &["credential-process", "--profile", "adfs"],
        &["credential-process", "--profile=adfs"],
        &["-q", "credential-process", "--profile", "adfs"],
    ] {
        answers.push(home.fedgit(args).exits(0).out);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(home.world.ledger().logins(), 1);
}

#[test]
fn clone_by_alias_then_plain_git() {
    let home = ready(Scenario::adfs());
    home.fedgit_as_script(&["clone", "example"]).exits(0);
    change_and_push(&home, REPOSITORY, "one.txt");
    home.git(REPOSITORY, &["pull"]).exits(0);

    // The clone's own configuration makes it work, for exactly this host and path.
    let config = home.read(&format!("{REPOSITORY}/.git/config"));
    let place = format!("{}/v1/repos/{REPOSITORY}", home.world.codecommit_url());
    assert!(
        config.contains(&format!("[credential \"{place}\"]")),
        "{config}"
    );
    let (empty, ours) = (config.find("helper = \n"), config.find("git-credential"));
    assert!(
        empty.is_some() && empty < ours,
        "an empty helper comes first: {config}"
    );
    assert!(
        config.to_lowercase().contains("usehttppath = true"),
        "{config}"
    );
    assert_eq!(home.world.ledger().logins(), 1);
}

#[test]
fn clone_by_url_then_plain_git() {
    let home = ready(Scenario::adfs());
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let url = format!("codecommit://adfs@{REPOSITORY}");
    home.git(".", &["clone", &url]).exits(0);
    change_and_push(&home, REPOSITORY, "two.txt");
    home.git(REPOSITORY, &["pull"]).exits(0);
    home.git(".", &["ls-remote", &url]).exits(0);
    let log = home
        .git(REPOSITORY, &["log", "--oneline", "origin/main"])
        .exits(0);
    assert!(log.out.contains("Add two.txt"), "{}", log.out);
    assert_eq!(home.world.ledger().logins(), 1);
}

#[test]
fn a_big_push_and_the_other_clone_sees_it() {
    let home = ready(Scenario::adfs());
    home.fedgit_as_script(&["clone", "example", "one"]).exits(0);
    home.fedgit(&["clone", "example", "two", "--", "--depth", "1"])
        .exits(0);
    // Not compressible, so that git sends it in chunks. Without git's traces: see
    // `git_credential::answer` for what git 2.47 shows of such a push.
    let mut noise = 1_u64;
    let bytes: Vec<u8> = (0..3 << 20)
        .map(|_| {
            noise = noise
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (noise >> 33).to_le_bytes()[0]
        })
        .collect();
    fs::write(home.file("one/noise"), &bytes).unwrap();
    let git = |folder: &str, args: &[&str]| {
        home.run(
            home.command("git")
                .current_dir(home.file(folder))
                .args(args),
        )
        .exits(0)
    };
    git("one", &["add", "noise"]);
    git("one", &["commit", "-m", "Make noise"]);
    git("one", &["push"]);
    git("two", &["pull"]);
    assert_eq!(fs::read(home.file("two/noise")).unwrap(), bytes);
}

fn change_and_push(home: &Home, clone: &str, file: &str) {
    let path = home.file(&format!("{clone}/{file}"));
    if !path.exists() {
        fs::write(&path, "hello\n").unwrap();
    }
    home.git(clone, &["add", file]).exits(0);
    home.git(clone, &["commit", "-m", &format!("Add {file}")])
        .exits(0);
    home.git(clone, &["push"]).exits(0);
}

#[test]
fn git_with_credentials_wired_in_for_one_run() {
    let home = ready(Scenario::adfs());
    home.fedgit_as_script(&["login"]).exits(0);
    let url = format!("{}/v1/repos/{REPOSITORY}", home.world.codecommit_url());
    let listed = home
        .fedgit(&["git", "--repo", "example", "ls-remote", &url])
        .exits(0);
    assert!(listed.out.contains("refs/heads/main"), "{}", listed.out);
    // Without the wiring nobody answers.
    assert_ne!(home.git(".", &["ls-remote", &url]).code, 0);
    // git's own exit code is given back.
    home.fedgit(&["git", "rev-parse", "--verify", "nonsense"])
        .exits(128);
}

#[test]
fn real_aws_names_through_a_proxy() {
    let home = Home::empty(Scenario::adfs());
    home.world.add_repository("us-east-1", REPOSITORY);
    let example = home.example();
    let without_endpoint: String = example
        .lines()
        .filter(|line| !line.starts_with("endpoint"))
        .map(|l| format!("{l}\n"))
        .collect();
    home.write(".config/fedgit/fedgit.toml", without_endpoint);
    let with_proxy = |program: &str, args: &[&str]| {
        let mut command = home.command(program);
        command
            .args(args)
            .env("HTTPS_PROXY", home.world.proxy_url())
            .env("https_proxy", home.world.proxy_url())
            .env_remove("AWS_ENDPOINT_URL_STS")
            .env("FEDGIT_PASSWORD", home.world.password());
        home.run(&mut command)
    };
    let fedgit = env!("CARGO_BIN_EXE_fedgit");
    with_proxy(fedgit, &["clone", "example"]).exits(0);
    let ledger = home.world.ledger();
    let hosts: Vec<&str> = ledger
        .entries()
        .iter()
        .map(|entry| entry.host.as_str())
        .collect();
    assert!(
        hosts
            .iter()
            .any(|host| host.starts_with("sts.us-east-1.amazonaws.com")),
        "{hosts:?}"
    );
    assert!(
        hosts
            .iter()
            .any(|host| host.starts_with("git-codecommit.us-east-1.amazonaws.com")),
        "{hosts:?}"
    );
    let config = home.read(&format!("{REPOSITORY}/.git/config"));
    assert!(
        config.contains(
            "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/ExampleCorpRepository"
        ),
        "{config}"
    );
}

#[test]
fn status_login_logout() {
    let home = ready(Scenario::adfs());
    let state = |home: &Home| {
        let said = home.fedgit(&["status", "--json"]).exits(0);
        let status: serde_json::Value = serde_json::from_str(&said.out).unwrap();
        (
            status["profiles"][0]["state"].clone(),
            status["profiles"][0]["next"].clone(),
        )
    };
    assert_eq!(state(&home), ("none".into(), "fedgit login corp".into()));
    home.fedgit_as_script(&["login", "adfs"])
        .exits(0)
        .tells(&["adfs: credentials until"]);
    assert_eq!(state(&home).0, "fresh");
    home.fedgit(&["logout", "corp"])
        .exits(0)
        .tells(&["adfs: forgotten"]);
    assert_eq!(state(&home).0, "none");
    home.fedgit(&["credential-process", "--profile", "adfs"])
        .exits(4)
        .tells(&["fedgit login corp"]);

    // Without names everything goes, also what no declaration leads to any more.
    home.fedgit_as_script(&["login"]).exits(0);
    home.write(
        ".config/fedgit/fedgit.toml",
        "# nothing is declared any more\n",
    );
    home.fedgit(&["logout"]).exits(0).tells(&["forgot 1"]);
    assert_eq!(
        std::fs::read_dir(home.file(".cache/fedgit/credentials"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn a_chain_of_roles() {
    let home = Home::empty(Scenario::adfs());
    let chain = "[role.deployer]\nsource = \"developer\"\n\
                 arn = \"arn:aws:iam::444455556666:role/Deploy\"\nsession_duration = \"15m\"\n";
    home.write(
        ".config/fedgit/fedgit.toml",
        format!("{}{chain}", home.example()),
    );
    home.fedgit(&["apply"]).exits(0).tells(&["2 added"]);
    let said = home
        .fedgit_as_script(&["credential-process", "--profile", "deployer"])
        .exits(0);
    assert_eq!(answer(&said)["AccountId"], "444455556666");
    let again = home
        .fedgit(&["credential-process", "--profile", "deployer"])
        .exits(0);
    assert_eq!(again.out, said.out);
    // `login` gets the whole chain.
    home.fedgit(&["logout"]).exits(0).tells(&["forgot 2"]);
    let said = home.fedgit_as_script(&["login", "deployer"]).exits(0);
    said.tells(&["adfs: credentials until", "deployer: credentials until"]);
    home.fedgit(&["credential-process", "--profile", "deployer"])
        .exits(0);
    home.fedgit(&["credential-process", "--profile", "adfs"])
        .exits(0);
    assert_eq!(home.world.ledger().logins(), 2);
    assert_eq!(home.world.ledger().count(Service::Sts), 4);
}

#[test]
fn what_goes_with_a_role_when_it_is_assumed() {
    let home = Home::empty(Scenario::adfs());
    let policy = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let own = format!(
        "policy = '{policy}'\npolicy_arns = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n\n[repo."
    );
    let chain = "[role.deployer]\nsource = \"developer\"\n\
                 arn = \"arn:aws:iam::444455556666:role/Deploy\"\nexternal_id = \"third:party/1\"\n\
                 session_name = \"jane@example.com\"\nsource_identity = \"jane\"\n\
                 session_tags = { team = \"blue\", \"cost center\" = \"1/2\" }\n\
                 transitive_tags = [\"team\"]\n";
    let config = home.example().replace("[repo.", &own);
    home.write(".config/fedgit/fedgit.toml", format!("{config}{chain}"));
    home.fedgit_as_script(&["credential-process", "--profile", "deployer"])
        .exits(0);
    let ledger = home.world.ledger();
    let asked: Vec<_> = ledger.of(Service::Sts).collect();
    let sent = |entry: &fedgit_testbed::Entry, key: &str| -> Option<String> {
        let field = entry.form.iter().find(|(name, _)| name == key);
        field.map(|(_, value)| value.clone())
    };
    assert_eq!(sent(asked[0], "Policy").as_deref(), Some(policy));
    let arn = sent(asked[0], "PolicyArns.member.1.arn");
    assert_eq!(
        arn.as_deref(),
        Some("arn:aws:iam::aws:policy/ReadOnlyAccess")
    );
    for (key, value) in [
        ("ExternalId", "third:party/1"),
        ("RoleSessionName", "jane@example.com"),
        ("SourceIdentity", "jane"),
        ("Tags.member.1.Key", "cost center"),
        ("Tags.member.1.Value", "1/2"),
        ("Tags.member.2.Key", "team"),
        ("TransitiveTagKeys.member.1", "team"),
    ] {
        assert_eq!(sent(asked[1], key).as_deref(), Some(value), "{key}");
    }
    // Other options are other credentials.
    let other = chain.replace("blue", "red");
    home.write(".config/fedgit/fedgit.toml", format!("{config}{other}"));
    home.fedgit(&["credential-process", "--profile", "deployer"])
        .exits(0);
    assert_eq!(home.world.ledger().count(Service::Sts), 3);
}

#[test]
fn one_password_is_not_sent_to_two_identity_providers() {
    let home = Home::empty(Scenario::adfs());
    let second = "[idp.other]\nkind = \"adfs\"\nurl = \"https://127.0.0.1:9/adfs\"\n\
                  [role.other]\nidp = \"other\"\narn = \"arn:aws:iam::111122223333:role/Other\"\n";
    home.write(
        ".config/fedgit/fedgit.toml",
        format!("{}{second}", home.example()),
    );
    home.fedgit_as_script(&["login"])
        .exits(2)
        .tells(&["more than one identity provider"]);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    home.fedgit(&["logout"]).exits(0);
    // One that fails keeps no other from being tried.
    home.fedgit(&["login"])
        .exits(4)
        .tells(&["fedgit login corp", "cannot log in to other"]);
}

#[test]
#[cfg(unix)]
fn a_changed_configuration_is_seen_at_once() {
    let home = Home::empty(Scenario::adfs());
    home.write("one.toml", home.example());
    let other = home.example().replace("ADFS-Production", "Nothing");
    home.write("two.toml", other);
    let link = home.file("link.toml");
    std::os::unix::fs::symlink("one.toml", &link).unwrap();
    let args = [
        "credential-process",
        "--profile",
        "adfs",
        "--config",
        link.to_str().unwrap(),
    ];
    home.fedgit_as_script(&args).exits(0);
    home.fedgit(&args).exits(0);
    // The link leads elsewhere, to a file that is older than the answer.
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("two.toml", &link).unwrap();
    home.fedgit_as_script(&args)
        .exits(5)
        .tells(&["does not offer"]);
    // The same size in the same file.
    let text = home.read("two.toml");
    home.write("two.toml", text.replace("role/Nothing", "role/Nothinf"));
    home.fedgit_as_script(&args)
        .exits(5)
        .tells(&["role/Nothinf"]);
}

#[test]
#[cfg(unix)]
fn a_change_under_the_old_time_of_modification_is_seen() {
    let home = Home::new(Scenario::adfs());
    let config = home.file(".config/fedgit/fedgit.toml");
    let args = ["credential-process", "--profile", "adfs"];
    home.fedgit_as_script(&args).exits(0);
    home.fedgit(&args).exits(0);
    let modified = fs::metadata(&config).unwrap().modified().unwrap();
    let text = home.example().replace("ADFS-Production", "ADFS-Productiom");
    home.write(".config/fedgit/fedgit.toml", text);
    let file = fs::File::options().write(true).open(&config).unwrap();
    file.set_modified(modified).unwrap();
    home.fedgit_as_script(&args)
        .exits(5)
        .tells(&["ADFS-Productiom"]);
}
