//! `fedgit import`: homes as other tools leave them, and what becomes of them.

use std::fs;
use std::path::Path;

use fedgit_testbed::Scenario;

use crate::world::{Home, Said};

const PRODUCTION: &str = "arn:aws:iam::111122223333:role/ADFS-Production";
const FEDGIT_TOML: &str = ".config/fedgit/fedgit.toml";

/// `https://HOST:PORT` of the AD FS.
fn origin(home: &Home) -> String {
    let url = home.world.adfs_url();
    let end = url.find("/adfs/").unwrap();
    url[..end].to_owned()
}

fn awsprocesscreds(home: &Home) -> String {
    format!(
        "awsprocesscreds-saml -e '{}' -u {} -p adfs -a {PRODUCTION}",
        home.world.adfs_url(),
        home.world.username()
    )
}

/// Imports, and goes the way that import names: check, plan, apply.
#[track_caller]
fn import(home: &Home, args: &[&str]) -> Said {
    let said = home
        .fedgit(&[&["import"], args].concat())
        .exits(0)
        .tells(&["is written", "fedgit check, fedgit plan"]);
    assert_eq!(said.out, "");
    home.fedgit(&["check"]).exits(0);
    // What was imported is taken over without being asked for again.
    home.fedgit(&["plan"]).exits(3);
    home.fedgit(&["apply"]).exits(0);
    home.fedgit(&["plan"]).exits(0);
    said
}

#[track_caller]
fn works(home: &Home, profile: &str) {
    let said = home
        .fedgit_as_script(&["credential-process", "--profile", profile])
        .exits(0);
    let answer: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert!(!answer["AccessKeyId"].as_str().unwrap().is_empty());
}

#[test]
fn awsprocesscreds_and_a_role_behind_it() {
    let home = Home::empty(Scenario::adfs());
    home.write(
        ".aws/config",
        format!(
            "# mine\n[default]\nregion = eu-west-1\n\n\
             [profile adfs]\nregion = eu-west-1\ncredential_process = {}\n\n\
             [profile deploy]\nrole_arn = arn:aws:iam::444455556666:role/Deploy\n\
             source_profile = adfs\nduration_seconds = 7200\n\n\
             [profile keys]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = hunter2\n",
            awsprocesscreds(&home)
        ),
    );
    let config = home.file(".aws/config");
    let said = import(&home, &[]).tells(&[
        &format!(
            "{}:14: [profile keys] is not carried over: it holds keys",
            config.display()
        ),
        "the session duration of 7200 seconds of [profile deploy]",
        "1 identity provider, 2 roles, 0 repositories",
    ]);
    assert!(!said.err.contains("hunter2"), "{}", said.err);
    let written = home.read(FEDGIT_TOML);
    assert!(written.starts_with("#:schema "), "{written}");
    let from = format!(
        "# from {}:5: awsprocesscreds-saml\n[role.adfs]\n",
        config.display()
    );
    assert!(written.contains(&from), "{written}");
    let aws = home.read(".aws/config");
    assert!(
        aws.starts_with(
            "# mine\n[default]\nregion = eu-west-1\n\n[profile adfs]\nregion = eu-west-1\n"
        ),
        "{aws}"
    );
    assert!(!aws.contains("awsprocesscreds"), "{aws}");
    assert!(
        aws.contains("aws_secret_access_key = hunter2"),
        "what was not carried over stays"
    );
    works(&home, "adfs");
    works(&home, "deploy");
    assert_eq!(home.world.ledger().logins(), 1);
}

#[test]
#[cfg(unix)]
fn the_file_is_for_the_user_alone_and_never_replaced() {
    use std::os::unix::fs::PermissionsExt;

    let home = Home::empty(Scenario::adfs());
    let line = format!(
        "[profile adfs]\ncredential_process = {}\n",
        awsprocesscreds(&home)
    );
    home.write(".aws/config", line);
    home.fedgit(&["import"]).exits(0);
    let mode = fs::metadata(home.file(FEDGIT_TOML))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);

    let before = home.read(FEDGIT_TOML);
    home.write(FEDGIT_TOML, format!("{before}# mine\n"));
    home.fedgit(&["import"])
        .exits(2)
        .tells(&["is there already", "--print", "--output FILE"]);
    assert_eq!(home.read(FEDGIT_TOML), format!("{before}# mine\n"));
    std::os::unix::fs::symlink("nowhere.toml", home.file("link.toml")).unwrap();
    home.fedgit(&["import", "--output", "link.toml"]).exits(2);
    assert!(!home.file("nowhere.toml").exists());

    let printed = home.fedgit(&["import", "--print"]).exits(0);
    assert_eq!(printed.out, before);
    home.fedgit(&["import", "--output", "new/other.toml"])
        .exits(0)
        .tells(&["fedgit --config new/other.toml check"]);
    assert_eq!(home.read("new/other.toml"), before);
    home.fedgit(&["--config", "new/named.toml", "import"])
        .exits(0);
    home.fedgit(&["--config", "new/named.toml", "check"])
        .exits(0);
    home.fedgit(&["import", "--print", "--output", "x"])
        .exits(2);
}

#[test]
fn saml2aws_accounts_and_lines() {
    let home = Home::empty(Scenario::adfs());
    home.write(
        ".saml2aws",
        format!(
            "[default]\nname                    = default\napp_id                  = \n\
             url                     = {}\nusername                = {}\n\
             provider                = ADFS\nmfa                     = Auto\n\
             skip_verify             = false\ntimeout                 = 0\n\
             aws_urn                 = urn:amazon:webservices\naws_session_duration    = 3600\n\
             aws_profile             = saml\nresource_id             = \n\
             role_arn                = {PRODUCTION}\nregion                  = us-east-1\n\n\
             [ping]\nurl = https://id.example.com\nusername = jane\nprovider = Ping\nmfa = Auto\naws_profile = ping\n",
            origin(&home),
            home.world.username()
        ),
    );
    home.write(
        ".aws/config",
        format!(
            "[profile saml]\nregion = eu-west-1\n\n[profile mybucket]\nregion = us-west-1\n\
             credential_process = saml2aws login --skip-prompt --quiet --credential-process --role {PRODUCTION} --profile mybucket\n\n\
             [profile second]\nsource_profile=saml\nrole_arn=arn:aws:iam::444455556666:role/Other\nrole_session_name=jane\n"
        ),
    );
    import(&home, &[])
        .tells(&["a role of the account [ping] is not carried over: it names no role_arn"]);
    let text = home.read(".config/fedgit/fedgit.toml");
    assert!(text.contains("session_name = \"jane\"\n"), "{text}");
    for profile in ["saml", "mybucket", "second"] {
        works(&home, profile);
    }
    assert_eq!(
        home.world.ledger().logins(),
        1,
        "one AD FS behind all of them"
    );
    let aws = home.read(".aws/config");
    assert!(
        aws.contains("[profile saml]\nregion = eu-west-1\n"),
        "{aws}"
    );
    assert!(aws.contains("region = us-west-1\n"), "{aws}");
}

#[test]
fn aws_adfs_keys_and_lines() {
    let home = Home::empty(Scenario::adfs());
    let host = origin(&home).trim_start_matches("https://").to_owned();
    home.write(
        ".aws/config",
        format!(
            "[default]\nregion = us-east-1\noutput = json\n\
             adfs_config.ssl_verification = True\nadfs_config.role_arn = {PRODUCTION}\n\
             adfs_config.adfs_host = {host}\nadfs_config.adfs_user = {}\n\
             adfs_config.session_duration = 3600\n\
             adfs_config.provider_id = urn:amazon:webservices\nadfs_config.sspi = False\n\
             adfs_config.u2f_trigger_default = True\n\n\
             [profile ue1]\n\
             credential_process=aws-adfs login --region=us-east-1 --role-arn={PRODUCTION} --adfs-host={host} --stdout\n",
            home.world.username()
        ),
    );
    home.write(
        ".aws/credentials",
        "[default]\naws_access_key_id = AKIAEXAMPLE\n",
    );
    import(&home, &[]);
    works(&home, "default");
    works(&home, "ue1");
    assert_eq!(home.world.ledger().logins(), 1);
    let aws = home.read(".aws/config");
    assert!(!aws.contains("adfs_config"), "{aws}");
}

#[test]
fn okta_is_declared() {
    let home = Home::empty(Scenario::adfs());
    home.write(
        ".okta_aws_login_config",
        "[DEFAULT]\nokta_org_url = https://example.okta.com\nokta_auth_server = \nclient_id = \n\
         gimme_creds_server = appurl\naws_appname = \n\
         aws_rolename = arn:aws:iam::111122223333:role/Analyst,arn:aws:iam::444455556666:role/Analyst\n\
         write_aws_creds = True\ncred_profile = acc-role\nokta_username = jane@example.com\n\
         app_url = https://example.okta.com/home/amazon_aws/0oa1example/272\n\
         aws_default_duration = 3600\ndevice_token = hunter2\n",
    );
    home.write(
        ".aws/config",
        "[profile okta]\ncredential_process = awsprocesscreds-saml -e https://example.okta.com/home/amazon_aws/0oa1example/272 \
         -u Jane@example.com -p okta -a arn:aws:iam::111122223333:role/Other\n",
    );
    let said = import(&home, &[]).tells(&["1 identity provider, 3 roles"]);
    let written = home.read(FEDGIT_TOML);
    assert!(!written.contains("hunter2") && !said.err.contains("hunter2"));
    for profile in ["111122223333-Analyst", "444455556666-Analyst", "okta"] {
        assert!(
            home.read(".aws/config")
                .contains(&format!("[profile {profile}]"))
        );
    }
}

#[test]
fn identity_center_is_declared() {
    let home = Home::empty(Scenario::adfs());
    home.write(
        ".aws/config",
        "[sso-session corp]\nsso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = eu-west-1\n\
         sso_registration_scopes = sso:account:access\n\n\
         [profile admin]\nsso_session = corp\nsso_account_id = 012345678901\n\
         sso_role_name = AdministratorAccess\nregion = eu-central-1\n\n\
         [profile Prod.ReadOnly]\nsso_start_url = https://other.awsapps.com/start\nsso_region = us-east-1\n\
         sso_account_name = Prod\nsso_account_id = 111122223333\nsso_role_name = ReadOnly\nregion = us-east-1\n\
         credential_process = aws-sso-util credential-process --profile Prod.ReadOnly\nsso_auto_populated = true\n",
    );
    import(&home, &[]).tells(&["2 identity providers, 2 roles"]);
    let written = home.read(FEDGIT_TOML);
    for part in [
        "[idp.corp]",
        "[idp.other]",
        "account = \"012345678901\"",
        "account = \"prod\"",
        "[role.\"Prod.ReadOnly\"]",
    ] {
        assert!(written.contains(part), "{part} is not in\n{written}");
    }
}

#[test]
fn clones_under_a_folder() {
    let home = Home::empty(Scenario::adfs());
    home.world
        .add_repository("us-east-1", "ExampleCorpRepository");
    home.write(
        ".aws/config",
        format!(
            "[profile adfs]\nregion = us-east-1\ncredential_process = {}\n",
            awsprocesscreds(&home)
        ),
    );
    home.write(
        ".gitconfig",
        "[credential]\n\thelper = !aws --profile adfs codecommit credential-helper $@\n\tUseHttpPath = true\n",
    );
    for (clone, url) in [
        ("work/a", "codecommit://adfs@ExampleCorpRepository"),
        ("work/deep/er/b", "codecommit::eu-west-1://adfs@Other"),
        (
            "work/c",
            "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/Third",
        ),
        ("work/d", "codecommit://nobody@Fourth"),
        ("work/e", "https://github.com/x/y"),
    ] {
        home.write(
            &format!("{clone}/.git/config"),
            format!("[remote \"origin\"]\n\turl = {url}\n"),
        );
    }
    // What git would run, if anybody ran git here.
    let hook = format!("touch {}", home.file("ran").display());
    home.write(
        "work/evil/.git/config",
        format!("[core]\n\tfsmonitor = {hook}\n\tsshCommand = {hook}\n[remote \"o\"]\n\turl = codecommit://adfs@Evil\n[credential]\n\thelper = !{hook}\n"),
    );
    let endpoint = home.world.codecommit_url();
    import(&home, &["--under", "work"]).tells(&[
        "work/d/.git/config:2: the repository Fourth is not carried over: its profile nobody",
        "1 role, 4 repositories",
    ]);
    assert!(!home.file("ran").exists());
    let listed = home.fedgit(&["repo", "list"]).exits(0);
    for name in ["ExampleCorpRepository", "Other", "Third", "Evil"] {
        assert!(listed.out.contains(name), "{}", listed.out);
    }
    home.fedgit(&[
        "config",
        "set",
        "repo.ExampleCorpRepository.endpoint",
        &endpoint,
    ])
    .exits(0);
    home.fedgit_as_script(&["clone", "ExampleCorpRepository", "clone"])
        .exits(0);
    home.fedgit(&["import", "--print", "--under", "nowhere"])
        .exits(2)
        .tells(&["there is no folder nowhere"]);
}

#[test]
fn nothing_to_import() {
    let home = Home::empty(Scenario::adfs());
    home.write(".aws/config", "[profile a]\nregion = us-east-1\n");
    home.fedgit(&["import"]).exits(1).tells(&[
        "nothing was found",
        ".aws/config",
        ".saml2aws",
        ".okta_aws_login_config",
        "--under",
    ]);
    assert!(!home.file(FEDGIT_TOML).exists());
    for flag in ["--saml2aws", "--gimme-aws-creds"] {
        home.fedgit(&["import", flag, "nowhere"])
            .exits(2)
            .tells(&["there is no file nowhere"]);
    }
}

/// One bad file does not keep the others from being read, and is told.
#[test]
#[cfg(unix)]
fn files_that_cannot_be_read() {
    let home = Home::empty(Scenario::adfs());
    let good = format!(
        "[default]\nurl = {}\nprovider = ADFS\nrole_arn = {PRODUCTION}\n",
        origin(&home)
    );
    home.write("good", good);
    let big = home.file("big");
    let fifo = home.file("fifo");
    fs::File::create(&big).unwrap().set_len(50 << 20).unwrap();
    home.run(home.command("mkfifo").arg(&fifo)).exits(0);
    home.write("folder/x", "");
    std::os::unix::fs::symlink("loop", home.file("loop")).unwrap();
    home.write("latin1", b"[a]\nregion = \xe9\n");
    home.write("text", "Dear all,\nthis is no INI.\n");
    home.write("nul", b"[a]\nx = \0\x1b[31m\n[b\0\x1b]\n[b\0\x1b]\n");
    home.write("conflict", "[default]\n<<<<<<< HEAD\nregion = a\n=======\n");
    for (file, why) in [
        ("big", "it is larger than"),
        ("fifo", "it is not a regular file"),
        ("folder", "it is a folder"),
        ("loop", "form a loop"),
        (
            "latin1",
            "latin1:2: the file is not carried over: the file is not UTF-8",
        ),
        ("text", "text:1: the file"),
        ("nul", "nul:4: the file"),
        ("conflict", "conflict:2: the file"),
    ] {
        let mut command = home.command(env!("CARGO_BIN_EXE_fedgit"));
        command
            .args(["import", "--print", "--saml2aws", "good"])
            .env("AWS_CONFIG_FILE", home.file(file))
            .env("OKTA_CONFIG", home.file(file));
        let said = home.run(&mut command).exits(0).tells(&[why]);
        assert!(said.out.contains("[role.saml]"), "{file}: {}", said.out);
        assert!(
            !said.err.contains('\u{1b}') && !said.out.contains('\u{1b}'),
            "{file}"
        );
        // Named by a flag it is what was asked for.
        if ["big", "fifo", "folder", "loop"].contains(&file) {
            home.fedgit(&["import", "--print", "--saml2aws", file])
                .exits(1)
                .tells(&[why]);
        }
    }
    // The search for secrets at the end would wait for its other end.
    fs::remove_file(fifo).unwrap();
}

#[test]
#[cfg(unix)]
fn hostile_names_break_out_of_nothing() {
    let home = Home::empty(Scenario::adfs());
    let line = awsprocesscreds(&home);
    let hostile = line.replace(home.world.username(), "'a\"\u{1b}[31m\\\n[idp.evil]'");
    home.write(
        ".aws/config",
        format!(
            "[profile good]\ncredential_process = {line}\n\
             [profile a]b]\ncredential_process = {line}\n\
             [profile \"x\u{1b}[31m\"]\ncredential_process = {line}\n\
             [profile 'q\"uote']\ncredential_process = {line}\n\
             [profile user]\ncredential_process = {}\n\
             [profile evil]\ncredential_process = /opt/\u{1b}]0;title\u{7} --password hunter2\n",
            hostile.replace('\n', "\n  ")
        ),
    );
    let folder = "work/a\n[idp.evil]\u{1b}[31m";
    home.write(
        &format!("{folder}/.git/config"),
        "[remote \"o\u{1b}[31m\"]\n\turl = codecommit://good@Repo\n[remote \"p\u{1b}\"]\n\turl = codecommit://a\u{1b}b@Repo\n",
    );
    let said = home.fedgit(&["import", "--under", "work"]).exits(0);
    assert!(
        !said.err.contains('\u{1b}') && !said.err.contains('\u{7}'),
        "{:?}",
        said.err
    );
    assert!(!said.err.contains("hunter2"), "{}", said.err);
    let written = home.read(FEDGIT_TOML);
    assert!(!written.contains('\u{1b}'), "{written:?}");
    let table: toml::Table = toml::from_str(&written).unwrap();
    let keys = |table: &toml::Value| -> Vec<String> {
        table.as_table().unwrap().keys().cloned().collect()
    };
    assert!(!keys(&table["idp"]).contains(&"evil".to_owned()));
    assert_eq!(keys(&table["repo"]), ["Repo"]);
    home.fedgit(&["check"]).exits(0);
    assert!(Path::new(&home.file(folder)).exists());
}
