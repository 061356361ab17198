//! The credential helper, called as git calls it, beside the AWS CLI's.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fedgit_testbed::{Scenario, Service};

use super::{peer, told};
use crate::world::{Home, Said};

const CONFIG: &str = "[default]\nregion = us-east-1\naws_access_key_id = AKIDDEFAULT\n\
    aws_secret_access_key = s0\n[profile token]\nregion = eu-west-1\naws_access_key_id = ASIATOKEN\n\
    aws_secret_access_key = s2\naws_session_token = a/b+c==\n";

/// What a helper answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Out {
    /// A pair of this access key.
    Pair(&'static str),
    /// Nothing, and no failure: another helper may know.
    Nothing,
    /// A failure.
    Fails,
}

use Out::{Fails, Nothing, Pair};

/// A situation: what it is, the flags, the operation, what git says, what the AWS CLI's helper does,
/// and what fedgit does where that is something else, with the reason.
type Row = (
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static str,
    Out,
    Option<(Out, &'static str)>,
);

const EAST: &str =
    "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/myrepo";

const ROWS: &[Row] = &[
    ("a question", &[], "get", EAST, Pair("AKIDDEFAULT"), None),
    (
        "a session",
        &["--profile", "token"],
        "get",
        EAST,
        Pair("ASIATOKEN%a/b+c=="),
        None,
    ),
    (
        "with an empty line",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/myrepo\n\n",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "with Windows' line ends",
        &[],
        "get",
        "protocol=https\r\nhost=git-codecommit.us-east-1.amazonaws.com\r\npath=v1/repos/myrepo\r\n",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "all that git 2.47 says",
        &[],
        "get",
        "capability[]=authtype\ncapability[]=state\nprotocol=https\n\
         host=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/myrepo\n\
         wwwauth[]=Basic realm=\"CodeCommit\", charset=\"UTF-8\"\nstate[]=x.y=1\nunheard=of\n",
        Pair("AKIDDEFAULT"),
        None,
    ),
    ("store", &[], "store", EAST, Nothing, None),
    ("erase", &[], "erase", EAST, Nothing, None),
    (
        "an operation that is none",
        &[],
        "nonsense",
        EAST,
        Fails,
        Some((
            Nothing,
            "gitcredentials(7): a helper passes over what it does not know",
        )),
    ),
    (
        "a FIPS host",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit-fips.us-west-1.amazonaws.com\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "a VPC endpoint",
        &[],
        "get",
        "protocol=https\nhost=vpce-0b47-jkl-us-west-2a.git-codecommit.us-west-2.vpce.amazonaws.com\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "a FIPS VPC endpoint",
        &[],
        "get",
        "protocol=https\nhost=vpce-0b47-jkl.git-codecommit-fips.us-west-2.vpce.amazonaws.com\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "China",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.cn-north-1.amazonaws.com.cn\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "GovCloud",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.us-gov-west-1.amazonaws.com\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "a host without a region",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.amazonaws.com\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "another host",
        &[],
        "get",
        "protocol=https\nhost=github.com\npath=v1/repos/myrepo",
        Nothing,
        None,
    ),
    (
        "a host in capitals",
        &[],
        "get",
        "protocol=https\nhost=GIT-CODECOMMIT.US-EAST-1.AMAZONAWS.COM\npath=v1/repos/myrepo",
        Nothing,
        Some((Pair("AKIDDEFAULT"), "a host is the same in any letters")),
    ),
    (
        "a host in some capitals",
        &[],
        "get",
        "protocol=https\nhost=Git-CodeCommit.us-east-1.amazonaws.com\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "the port that https has",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com:443\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        None,
    ),
    (
        "another port",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com:8443\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        Some((Nothing, "CodeCommit has no such port")),
    ),
    (
        "blanks around the lines",
        &[],
        "get",
        " protocol=https \n host=git-codecommit.us-east-1.amazonaws.com \n path=v1/repos/myrepo ",
        Pair("AKIDDEFAULT"),
        Some((
            Nothing,
            "git writes none, and they belong to what they stand in",
        )),
    ),
    (
        "a look-alike",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com.evil.example\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        Some((Nothing, "whoever owns that host could use the pair")),
    ),
    (
        "amazon.com in the middle",
        &[],
        "get",
        "protocol=https\nhost=xamazon.community.example\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        Some((Nothing, "the same")),
    ),
    (
        "another service of AWS",
        &[],
        "get",
        "protocol=https\nhost=s3.us-east-1.amazonaws.com\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        Some((Nothing, "it is not CodeCommit")),
    ),
    (
        "the European Sovereign Cloud",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.eusc-de-east-1.amazonaws.eu\npath=v1/repos/myrepo",
        Nothing,
        Some((
            Pair("AKIDDEFAULT"),
            "it is CodeCommit, in a partition that the other does not know",
        )),
    ),
    (
        "a name with IPv6 addresses",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.eu-west-1.api.aws\npath=v1/repos/myrepo",
        Nothing,
        Some((Pair("AKIDDEFAULT"), "it is AWS's name")),
    ),
    (
        "without encryption",
        &[],
        "get",
        "protocol=http\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/myrepo",
        Pair("AKIDDEFAULT"),
        Some((Fails, "whoever reads along could use the pair")),
    ),
    (
        "no path",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com",
        Fails,
        None,
    ),
    (
        "no host",
        &[],
        "get",
        "protocol=https\npath=v1/repos/myrepo",
        Fails,
        Some((Nothing, "no host is not CodeCommit's")),
    ),
    (
        "a line without a sign",
        &[],
        "get",
        "protocol=https\nnonsense\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/myrepo",
        Fails,
        None,
    ),
    (
        "another path",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v2/else/where",
        Pair("AKIDDEFAULT"),
        Some((Fails, "CodeCommit has no such path")),
    ),
    (
        "a climbing path",
        &[],
        "get",
        "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/../x",
        Pair("AKIDDEFAULT"),
        Some((Fails, "CodeCommit has no such path")),
    ),
    (
        "a profile that is not there",
        &["--profile", "nobody"],
        "get",
        EAST,
        Fails,
        None,
    ),
];

/// The same with variables.
const AROUND: &[(&[(&str, &str)], Row)] = &[
    (
        KEYS,
        (
            "keys in the environment",
            &[],
            "get",
            EAST,
            Pair("AKIDENV"),
            None,
        ),
    ),
    (
        KEYS,
        (
            "a profile that the line names comes before them",
            &["--profile", "token"],
            "get",
            EAST,
            Pair("ASIATOKEN%a/b+c=="),
            None,
        ),
    ),
    (
        &[("AWS_PROFILE", "token")],
        (
            "AWS_PROFILE",
            &[],
            "get",
            EAST,
            Pair("ASIATOKEN%a/b+c=="),
            None,
        ),
    ),
    (
        &[KEYS[0], KEYS[1], ("AWS_PROFILE", "token")],
        (
            "keys in the environment come before it",
            &[],
            "get",
            EAST,
            Pair("AKIDENV"),
            None,
        ),
    ),
    (
        &[KEYS[0], KEYS[1], ("AWS_PROFILE", "token")],
        (
            "and take its region where the host has none",
            &[],
            "get",
            WITHOUT_REGION,
            Pair("AKIDENV"),
            None,
        ),
    ),
    (
        &[("CODE_COMMIT_ENDPOINT", "other.example")],
        (
            "CODE_COMMIT_ENDPOINT",
            &[],
            "get",
            EAST,
            Pair("AKIDDEFAULT"),
            None,
        ),
    ),
    (
        &[("CODE_COMMIT_ENDPOINT", "other.example")],
        (
            "the host that it names",
            &[],
            "get",
            "protocol=https\nhost=other.example\npath=v1/repos/myrepo",
            Nothing,
            None,
        ),
    ),
    (
        &[("AWS_CONFIG_FILE", "nowhere")],
        ("no credentials", &[], "get", EAST, Fails, None),
    ),
    (
        &[("AWS_PROFILE", "")],
        (
            "an empty AWS_PROFILE",
            &[],
            "get",
            EAST,
            Fails,
            Some((Pair("AKIDDEFAULT"), "an empty variable is no profile")),
        ),
    ),
    (
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "s"),
            ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z"),
        ],
        (
            "keys in the environment that have ended",
            &[],
            "get",
            EAST,
            Fails,
            None,
        ),
    ),
    (&[], ("no operation", &[], "", EAST, Fails, None)),
    (
        &[],
        (
            "any host at all",
            &[],
            "get --ignore-host-check",
            "protocol=https\nhost=other.example\npath=v1/repos/myrepo",
            Pair("AKIDDEFAULT"),
            Some((
                Fails,
                "--host=HOST names the one that is meant; any host would get a pair",
            )),
        ),
    ),
];

const KEYS: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "AKIDENV"),
    ("AWS_SECRET_ACCESS_KEY", "s"),
];

const WITHOUT_REGION: &str =
    "protocol=https\nhost=git-codecommit.amazonaws.com\npath=v1/repos/myrepo";

fn did(said: &Said) -> Out {
    let username = said
        .out
        .lines()
        .find_map(|line| line.strip_prefix("username="));
    // A whole value, base64 of the pair with a colon between.
    let value = said
        .out
        .lines()
        .find_map(|line| line.strip_prefix("credential=QUtJRERFRkFVTFQ6"));
    let username = username.or(value.map(|_| "AKIDDEFAULT"));
    match (said.code, username) {
        (0, Some("AKIDDEFAULT")) => Pair("AKIDDEFAULT"),
        (0, Some("AKIDENV")) => Pair("AKIDENV"),
        (0, Some("ASIATOKEN%a/b+c==")) => Pair("ASIATOKEN%a/b+c=="),
        (0, None) if said.out.is_empty() => Nothing,
        (0, _) => panic!("{said:?}"),
        _ => Fails,
    }
}

fn wrong(home: &Home, of: impl Fn(&Row) -> (Command, Out)) -> Vec<String> {
    home.write(".aws/config", CONFIG);
    let none: &[(&str, &str)] = &[];
    let rows = ROWS.iter().map(|row| (none, row));
    let around = AROUND.iter().map(|(env, row)| (*env, row));
    let judge = |(env, row): (&[(&str, &str)], &Row)| {
        let (mut command, out) = of(row);
        command.envs(env.iter().copied());
        let said = told(home, &mut command, row.3);
        (did(&said) != out).then(|| format!("{}: {said:?}", row.0))
    };
    rows.chain(around).filter_map(judge).collect()
}

#[test]
fn fedgit_in_every_situation() {
    let home = Home::empty(Scenario::adfs());
    let wrong = wrong(&home, |(what, flags, operation, _, rival, ours)| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.arg("git-credential").args(*flags);
        command.args(operation.split_whitespace());
        let out = ours.map_or(*rival, |(out, why)| {
            assert!(!why.is_empty() && out != *rival, "{what}");
            out
        });
        (command, out)
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
#[ignore = "needs the AWS CLI: .ci/run installs it and runs this"]
fn the_rival_in_every_situation() {
    let aws = peer("aws");
    let home = Home::empty(Scenario::adfs());
    let wrong = wrong(&home, |(_, flags, operation, _, rival, _)| {
        let mut command = home.command(&aws);
        command.args(*flags);
        // What `run` takes for a helper's answer, which may hold a pair.
        command.args(["codecommit", "credential-helper"]);
        command.args(operation.split_whitespace());
        command.env("CALLED", "git-credential");
        (command, *rival)
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A pair that AWS refuses although its time is not over.
#[test]
fn what_was_refused_is_forgotten_and_what_is_merely_old_is_not() {
    let home = Home::new(Scenario::adfs());
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let ask = |operation: &str, question: &str| {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command.args(["git-credential", "--profile=adfs", operation]);
        command.env("FEDGIT_PASSWORD", home.world.password());
        told(&home, &mut command, question).exits(0).out
    };
    let key = |answer: &str| {
        let name = answer
            .lines()
            .find_map(|line| line.strip_prefix("username="));
        name.unwrap().split('%').next().unwrap().to_owned()
    };
    let pair = |answer: &str| -> String {
        let lines = answer
            .lines()
            .filter(|line| line.starts_with("username=") || line.starts_with("password="));
        let lines: Vec<&str> = lines.collect();
        format!("{EAST}\n{}\n", lines.join("\n"))
    };
    let first = ask("get", EAST);
    assert_eq!(key(&ask("get", EAST)), key(&first));
    // Another's pair, and one whose 15 minutes are over, say nothing about what is cached.
    let stamp = first
        .lines()
        .find_map(|line| line.strip_prefix("password="))
        .unwrap();
    let old = pair(&first).replace(&stamp[..4], "2001");
    let other = pair(&first).replace(&key(&first), "ASIAOTHER");
    for question in [&old, &other, &EAST.to_owned()] {
        ask("erase", question);
        assert_eq!(key(&ask("get", EAST)), key(&first));
    }
    home.world.revoke_keys();
    let sts = home.world.ledger().count(Service::Sts);
    ask("erase", &pair(&first));
    let second = ask("get", EAST);
    assert_ne!(key(&second), key(&first));
    assert_eq!(home.world.ledger().count(Service::Sts), sts + 1);
    // A whole value, as git 2.46 and newer tells of it.
    let value = |answer: &str| {
        let pair = pair(answer);
        let values: Vec<&str> = pair
            .lines()
            .skip(EAST.lines().count())
            .map(|line| line.split_once('=').unwrap().1)
            .collect();
        let value = STANDARD.encode(values.join(":"));
        format!("{EAST}\nauthtype=Basic\ncredential={value}\nephemeral=1\n")
    };
    ask("erase", &value(&second));
    assert_ne!(key(&ask("get", EAST)), key(&second));
    assert_eq!(home.world.ledger().count(Service::Sts), sts + 2);
    // The session of the login was not in doubt.
    assert_eq!(home.world.ledger().login_attempts(), 1);
}

/// git 2.46 and newer sends the pair at once; older ones ask without it first.
#[test]
fn one_round_trip_fewer_where_git_has_it() {
    let home = Home::new(Scenario::adfs());
    let repository = "ExampleCorpRepository";
    home.world.add_repository("us-east-1", repository);
    home.fedgit_as_script(&["clone", "example"]).exits(0);
    let refused = || {
        let ledger = home.world.ledger();
        let refused = ledger.of(Service::CodeCommit);
        refused.filter(|entry| entry.status == 401).count()
    };
    let version = |git: &str| {
        let said = home.run(home.command(git).arg("version")).exits(0).out;
        let number = said.trim().strip_prefix("git version ").unwrap().to_owned();
        let mut parts = number
            .split('.')
            .map(|part| part.parse::<u32>().unwrap_or(0));
        (parts.next().unwrap(), parts.next().unwrap())
    };
    let mut seen = Vec::new();
    for git in ["git", "/usr/bin/git"] {
        if git.starts_with('/') && !std::path::Path::new(git).exists() {
            continue;
        }
        for url in ["origin", "codecommit://adfs@ExampleCorpRepository"] {
            let before = refused();
            let mut command = home.command(git);
            home.run(command.args(["-C", repository, "ls-remote", url]))
                .exits(0);
            let expected = usize::from(version(git) < (2, 46));
            assert_eq!(refused() - before, expected, "{git} {url}");
        }
        seen.push(version(git));
    }
    println!("proven with git {seen:?}");
}
