use super::*;
use crate::import::found::{Extra, Kind};

fn read_config(text: &str) -> Found {
    let mut found = Found::default();
    let text = Text {
        file: "config".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    read(&text, &mut [], &mut found);
    found
}

fn told(found: &Found) -> String {
    let told: Vec<String> = found.left_out.iter().map(ToString::to_string).collect();
    told.join("\n")
}

#[test]
fn awsprocesscreds_profiles_keep_what_the_aws_tools_read() {
    let found = read_config(
        "[default]\nregion = eu-central-1\n\n\
         [profile adfs]\n; by hand\nRegion=eu-west-1\nOutput = json\ns3 =\n  addressing_style = path\n  max_queue_size = 5\n\
         credential_process = awsprocesscreds-saml -e https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices -u jane -p adfs -a arn:aws:iam::111122223333:role/R\n",
    );
    assert_eq!(told(&found), "");
    let [role] = found.roles.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(role.profile.as_str(), "adfs");
    assert_eq!(role.section.as_deref(), Some("profile adfs"));
    assert_eq!(role.region.as_ref().unwrap().as_str(), "eu-west-1");
    assert_eq!(role.at.to_string(), "config:4");
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        role.extras,
        [
            ("output".to_owned(), Extra::Value("json".to_owned())),
            (
                "s3".to_owned(),
                Extra::Table(vec![
                    pair("addressing_style", "path"),
                    pair("max_queue_size", "5")
                ])
            ),
        ]
    );
    assert_eq!(found.settings.len(), 1, "a profile without credentials");
}

/// As aws-adfs 2.x writes a profile after a login.
#[test]
fn aws_adfs_keys() {
    let found = read_config(
        "[profile work]\nregion = us-gov-west-1\noutput = json\n\
         adfs_config.ssl_verification = True\n\
         adfs_config.role_arn = arn:aws-us-gov:iam::111122223333:role/ADFS-Production\n\
         adfs_config.adfs_host = adfs.example.com\nadfs_config.adfs_user = CORP\\jane\n\
         adfs_config.session_duration = 28800\n\
         adfs_config.provider_id = urn:amazon:webservices:govcloud\n\
         adfs_config.sspi = False\nadfs_config.duo_factor = None\nadfs_config.duo_device = None\n\
         [profile odd]\nadfs_config.adfs_host = adfs.example.com\nadfs_config.ssl_verification = False\n\
         adfs_config.sspi = True\nadfs_config.username_password_command = echo hunter2\n\
         adfs_config.role_arn = arn:aws:iam::111122223333:role/R\n\
         [profile none]\nadfs_config.adfs_host = adfs.example.com\nadfs_config.role_arn = None\n",
    );
    let [work, odd] = found.roles.as_slice() else {
        panic!("{found:?}");
    };
    let From::Idp(idp) = &work.from else { panic!() };
    assert_eq!(
        idp.kind.url().as_str(),
        "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices:govcloud"
    );
    assert_eq!(idp.username.as_deref(), Some("CORP\\jane"));
    assert_eq!(work.duration.unwrap().seconds(), 28_800);
    assert_eq!(
        work.extras,
        [("output".to_owned(), Extra::Value("json".to_owned()))]
    );
    assert_eq!(odd.extras, []);
    let told = told(&found);
    for part in [
        "config:13: ssl_verification = False of [profile odd] is not carried over",
        "sspi = True of [profile odd]",
        "username_password_command of [profile odd]",
        "config:19: [profile none] is not carried over: it names no role_arn",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert!(!told.contains("hunter2"));
}

#[test]
fn aws_adfs_lines_come_before_the_keys_that_they_start_from() {
    let found = read_config(
        "[default]\nadfs_config.adfs_host = other.example.com\nadfs_config.adfs_user = jane\n\
         [profile ue1]\ncredential_process=aws-adfs login --region=us-east-1 --role-arn=arn:aws:iam::111122223333:role/example-role --adfs-host=adfs.example.com --stdout\n",
    );
    let role = &found.roles[0];
    let From::Idp(idp) = &role.from else { panic!() };
    assert_eq!(idp.kind.url().host_str(), Some("adfs.example.com"));
    assert_eq!(idp.username.as_deref(), Some("jane"));
    assert_eq!(role.region.as_ref().unwrap().as_str(), "us-east-1");
}

/// As `aws configure sso` and `aws-sso-util configure populate` write them.
#[test]
fn identity_center_profiles_new_and_old() {
    let found = read_config(
        "[sso-session corp]\nsso_start_url = https://d-1234567890.awsapps.com/start#\nsso_region = eu-west-1\n\
         sso_registration_scopes = sso:account:access\n\
         [profile admin]\nsso_session = corp\nsso_account_id = 012345678901\nsso_role_name = AdministratorAccess\noutput = json\n\
         [profile Prod.ReadOnly]\nsso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = eu-west-1\n\
         sso_account_name = Prod (EU)\nsso_account_id = 111122223333\nsso_role_name = ReadOnly\nregion = eu-west-1\n\
         credential_process = aws-sso-util credential-process --profile Prod.ReadOnly\nsso_auto_populated = true\n\
         [profile tokens]\nsso_session = corp\n\
         [profile lost]\nsso_session = nobody\nsso_account_id = 012345678901\nsso_role_name = R\n\
         [sso-session scoped]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access, codewhisperer:completions\n\
         [sso-session plain]\nsso_start_url = http://x.awsapps.com/start\nsso_region = eu-west-1\n",
    );
    let [admin, old] = found.roles.as_slice() else {
        panic!("{found:?}");
    };
    let From::Idp(idp) = &admin.from else {
        panic!()
    };
    assert_eq!(idp.name.as_ref().unwrap().as_str(), "corp");
    assert!(
        matches!(&admin.target, Target::PermissionSet { account, name }
        if account.as_str() == "012345678901" && name == "AdministratorAccess")
    );
    assert_eq!(admin.extras.len(), 1);
    let From::Idp(idp) = &old.from else { panic!() };
    assert!(matches!(idp.kind, Kind::IdentityCenter { .. }));
    assert_eq!(old.account_name.as_deref(), Some("Prod (EU)"));
    assert_eq!(old.extras, [], "what aws-sso-util keeps there is its own");
    assert_eq!(found.idps.len(), 2);
    let told = told(&found);
    for part in [
        "[profile tokens] is not carried over: it has no sso_account_id",
        "[profile lost] is not carried over: there is no [sso-session] of",
        "sso_registration_scopes of [sso-session scoped]",
        "[sso-session plain] is not carried over: its sign-on address is plain http",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
}

#[test]
fn chains_keep_their_hour() {
    let found = read_config(
        "[profile deploy]\nrole_arn = arn:aws:iam::444455556666:role/Deploy\nsource_profile = adfs\n\
         duration_seconds = 43200\nrole_session_name = jane\nregion = us-east-1\n\
         [profile ext]\nrole_arn = arn:aws:iam::444455556666:role/D\nsource_profile = adfs\nexternal_id = 3rd\n\
         [profile mfa]\nrole_arn = arn:aws:iam::444455556666:role/D\nsource_profile = adfs\nmfa_serial = arn:aws:iam::1:mfa/jane\n\
         [profile own]\nrole_arn = arn:aws:iam::444455556666:role/D\nsource_profile = own\n\
         [profile ec2]\nrole_arn = arn:aws:iam::444455556666:role/D\ncredential_source = Ec2InstanceMetadata\n\
         [profile web]\nrole_arn = arn:aws:iam::444455556666:role/D\nweb_identity_token_file = /t\n",
    );
    let [deploy, ext] = found.roles.as_slice() else {
        panic!("{found:?}");
    };
    assert!(matches!(&deploy.from, From::Profile(source) if source.as_str() == "adfs"));
    assert_eq!(deploy.duration.unwrap().seconds(), 3_600);
    assert_eq!(deploy.session_name.as_deref(), Some("jane"));
    assert_eq!(ext.external_id.as_deref(), Some("3rd"));
    let told = told(&found);
    for part in [
        "the session duration of 43200 seconds of [profile deploy]",
        "[profile mfa]",
        "[profile own] is not carried over: it is its own source_profile",
        "[profile ec2]",
        "[profile web]",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
}

#[test]
fn what_has_no_place_is_told_without_its_secrets() {
    let found = read_config(
        "[profile keys]\naws_access_key_id = AKIAX\naws_secret_access_key = hunter2\n\
         [profile other]\ncredential_process = /opt/tool --password hunter2\n\
         [profile open]\ncredential_process = awsprocesscreds-saml 'hunter2\n\
         [profile console]\nlogin_session = arn:aws:iam::1:user/x\n\
         [profile ours]\ncredential_process = fedgit credential-process --profile ours\nfedgit_managed = x\n\
         [profile two words]\nregion = x\n\
         [profile \"two words\"]\nregion = x\n\
         [profile \"b\"]\nsource_profile = x\n\
         [DEFAULT]\nregion = us-east-1\n\
         [plugins]\ncli_legacy_plugin_path = x\n",
    );
    assert_eq!(found.roles, []);
    let told = told(&found);
    for part in [
        "[profile keys] is not carried over: it holds keys",
        "[profile other] is not carried over: its credential_process runs tool, which",
        "[profile open] is not carried over: its credential_process has an unclosed quote",
        "[profile console]",
        "[profile ours] is not carried over: fedgit wrote it",
        "[profile two words] is not carried over: no AWS tool reads",
        "[profile \"two words\"] is not carried over: its profile's name is not usable",
        "[DEFAULT] is not carried over: Python tools",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert!(
        !told.contains("hunter2") && !told.contains("plugins"),
        "{told}"
    );
}

#[test]
fn other_keys_are_passed_on_without_secrets() {
    let mut found = read_config(
        "[profile a]\noutput = json\nsome_password = hunter2\nendpoint_url = https://jane:hunter2@h/\n\
         mail = jane@example.com\nempty =\ns3 =\n  a = b\nnested =\n  Password = hunter2\n\
         long = a\n  b\n\
         mfa_serial = x\n",
    );
    let keys: Vec<&str> = found.settings[0]
        .extras
        .iter()
        .map(|(key, _)| key.as_str())
        .collect();
    assert_eq!(keys, ["output", "mail", "s3"]);
    assert_eq!(found.left_out, [], "nobody needs it yet");
    found.left_out.clone_from(&found.settings[0].left_out);
    let told = told(&found);
    for key in ["some_password", "endpoint_url", "nested", "long", "empty"] {
        let part = format!("{key} of [profile a] is not carried over");
        assert!(told.contains(&part), "{part:?} is not in\n{told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_profile_in_two_sections_is_taken_once() {
    let line =
        "awsprocesscreds-saml -e https://h/ -u u -p adfs -a arn:aws:iam::111122223333:role/R";
    let found = read_config(&format!(
        "[profile a]\ncredential_process = {line}\n[profile \"a\"]\ncredential_process = {line}\n"
    ));
    assert_eq!(found.roles.len(), 1);
    // The AWS tools read the later one.
    assert_eq!(found.roles[0].at.to_string(), "config:3");
    assert!(
        told(&found).contains("config:1: [profile a] is not carried over: the AWS tools read the"),
        "{found:?}"
    );
    let found = read_config(&format!(
        "[profile default]\ncredential_process = {line}\n[default]\nregion = eu-west-1\n"
    ));
    assert_eq!(found.roles, [], "no AWS tool reads it");
    assert_eq!(found.settings.len(), 1);
}

#[test]
fn a_session_in_two_sections_is_the_later_one() {
    let session = |header: &str, host: &str| {
        format!("[{header}]\nsso_start_url = https://{host}/start\nsso_region = eu-west-1\n")
    };
    let found = read_config(
        &[
            session("sso-session corp", "first.example"),
            session("sso-session \"corp\"", "last.example"),
            "[profile me]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = R\n"
                .to_owned(),
        ]
        .concat(),
    );
    let [idp] = found.idps.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(idp.kind.url().host_str(), Some("last.example"));
    let From::Idp(idp) = &found.roles[0].from else {
        panic!()
    };
    assert_eq!(idp.kind.url().host_str(), Some("last.example"));
    assert!(told(&found).contains("config:1: [sso-session corp]"));
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_line() {
    for (bytes, part) in [
        (
            &b"[a]\nx = \xe9\n"[..],
            "config:2: the file is not carried over: the file is not UTF-8",
        ),
        (b"[a]\n[a]\n", "config:2: the file"),
        (b"<<<<<<< HEAD\n", "config:1: the file"),
    ] {
        let mut found = Found::default();
        let text = Text {
            file: "config".to_owned(),
            bytes: bytes.to_vec(),
        };
        read(&text, &mut [], &mut found);
        assert!(told(&found).contains(part), "{}", told(&found));
    }
}
