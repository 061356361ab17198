//! git with the user's own profiles of IAM Identity Center, by the token that somebody's sign-in left.

use fedgit_testbed::{Scenario, Service};

use super::Center;
use crate::world::Said;

/// As boto3 does: what is due, or over, is renewed without a question, and goes back to its file.
#[test]
fn git_renews_what_is_due() {
    let center = Center::signed_in(Scenario::adfs().token_lifetime(600));
    let home = &center.home;
    home.world
        .add_repository("us-east-1", "ExampleCorpRepository");
    std::fs::remove_file(home.file(".config/fedgit/fedgit.toml")).unwrap();
    center.writes_own_profile();
    let mut before = center.token();
    for over in [false, true] {
        if over {
            let mut token = center.token();
            token["expiresAt"] = "2020-01-02T03:04:05Z".into();
            std::fs::write(center.token_file(), token.to_string()).unwrap();
        }
        let mut git = home.command("git");
        git.args(["ls-remote", "codecommit://mine@ExampleCorpRepository"])
            .env("CODE_COMMIT_ENDPOINT", home.world.codecommit_host());
        home.run(&mut git).exits(0);
        let after = center.token();
        assert_ne!(before["refreshToken"], after["refreshToken"]);
        before = after;
    }
    assert_eq!(center.sign_ins(), 1);
}

#[test]
fn git_is_served_by_the_token_that_is_there_and_by_no_other() {
    let center = Center::signed_in(Scenario::adfs());
    let home = &center.home;
    home.world
        .add_repository("us-east-1", "ExampleCorpRepository");
    // Nothing is declared: the profiles are the user's own.
    std::fs::remove_file(home.file(".config/fedgit/fedgit.toml")).unwrap();
    let place = format!(
        "sso_start_url = {}\nsso_region = {}\n",
        home.world.start_url(),
        home.world.center_region()
    );
    let role = |name: &str| {
        format!("sso_account_id = 111122223333\nsso_role_name = {name}\nregion = us-east-1\n")
    };
    home.write(
        ".aws/config",
        format!(
            "[sso-session corp]\n{place}[profile mine]\nsso_session = corp\n{}\
             [profile old]\n{place}{}[profile other]\n{place}{}\
             [profile chain]\nregion = us-east-1\nsource_profile = mine\n\
             role_arn = arn:aws:iam::444455556666:role/Deploy\n",
            role("ReadOnly"),
            role("ReadOnly"),
            role("NotMine"),
        ),
    );
    let listed = |profile: &str| -> Said {
        let mut git = home.command("git");
        git.args([
            "ls-remote",
            &format!("codecommit://{profile}@ExampleCorpRepository"),
        ])
        .env("CODE_COMMIT_ENDPOINT", home.world.codecommit_host());
        home.run(&mut git)
    };
    let sign_ins = center.sign_ins();
    for profile in ["mine", "old"] {
        let said = listed(profile).exits(0);
        assert!(said.out.contains("refs/heads/main"), "{}", said.out);
    }
    let asked = home.world.ledger().count(Service::Sts);
    // A role behind it, whose session is kept as every role's is.
    for _ in 0..2 {
        let said = listed("chain").exits(0);
        assert!(said.out.contains("refs/heads/main"), "{}", said.out);
    }
    assert_eq!(home.world.ledger().count(Service::Sts), asked + 1);
    // The same for a declared one.
    home.write(
        ".config/fedgit/fedgit.toml",
        "[role.deployer]\nsource_profile = \"mine\"\nregion = \"us-east-1\"\n\
         arn = \"arn:aws:iam::444455556666:role/Declared\"\n",
    );
    listed("deployer").exits(0);
    assert_eq!(home.world.ledger().count(Service::Sts), asked + 2);
    std::fs::remove_file(home.file(".config/fedgit/fedgit.toml")).unwrap();
    let refused = listed("other");
    assert_ne!(refused.code, 0);
    refused.tells(&["no credentials for profile other (NotMine in 111122223333)"]);
    // Nobody is signed in any more: nobody is asked, and it is said who signs in.
    std::fs::remove_file(center.token_file()).unwrap();
    let said = listed("mine");
    assert_ne!(said.code, 0);
    said.tells(&["nobody is signed in there", "aws sso login --profile mine"]);
    listed("chain").exits(0);
    home.fedgit(&["logout"]).exits(0);
    listed("chain").tells(&["aws sso login --profile mine"]);
    let question = "protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\n\
                    path=v1/repos/ExampleCorpRepository\n";
    home.write("question", question);
    let mut helper = center.fedgit(&["git-credential", "--profile=mine", "get"]);
    helper.stdin(std::fs::File::open(home.file("question")).unwrap());
    home.run(&mut helper).exits(4);
    assert_eq!(center.sign_ins(), sign_ins);
}
