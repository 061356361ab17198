use super::*;
use crate::model::ExposeSecret as _;

const ROLE: &str = "arn:aws:iam::111122223333:role/Hub";

fn way_of(config: &str, credentials: &str, profile: &str) -> Result<Way, NoWay> {
    let (config, credentials) = (
        Document::parse(config.as_bytes()).unwrap(),
        Document::parse(credentials.as_bytes()).unwrap(),
    );
    let files = Files {
        config: &config,
        credentials: &credentials,
    };
    let variable = |name: &str| match name {
        "AWS_ACCESS_KEY_ID" => Some("AKIAENV".to_owned()),
        "AWS_SECRET_ACCESS_KEY" => Some("secret-env".to_owned()),
        _ => None,
    };
    way(files, &profile.parse().unwrap(), &variable)
}

fn refused(config: &str, profile: &str) -> String {
    way_of(config, "", profile).unwrap_err().to_string()
}

#[test]
fn keys_of_the_credentials_file_come_first_and_whole() {
    let config = "[profile me]\naws_access_key_id = AKIACONFIG\naws_secret_access_key = one\n\
                  aws_session_token = other\n";
    let credentials = "[me]\naws_access_key_id = AKIACREDENTIALS\naws_secret_access_key = two\n";
    let Start::Keys { keys, .. } = way_of(config, credentials, "me").unwrap().start else {
        panic!("no keys");
    };
    assert_eq!(keys.access_key_id, "AKIACREDENTIALS");
    assert_eq!(keys.secret_access_key.expose_secret(), "two");
    assert!(keys.session_token.is_none());
    let Start::Keys { keys, .. } = way_of(config, "", "me").unwrap().start else {
        panic!("no keys");
    };
    assert_eq!(keys.session_token.unwrap().expose_secret(), "other");
}

#[test]
fn a_section_of_the_config_file_is_a_profile_only_where_it_says_so() {
    let keys = "aws_access_key_id = a\naws_secret_access_key = b\n";
    assert!(way_of(&format!("[me]\n{keys}"), "", "me").is_err());
    assert!(way_of(&format!("[default]\n{keys}"), "", "default").is_ok());
    assert!(way_of("", &format!("[me]\n{keys}"), "me").is_ok());
}

#[test]
fn roles_lead_to_what_they_start_from() {
    let config = format!(
        "[profile top]\nrole_arn = {ROLE}2\nsource_profile = hub\nexternal_id = ex\n\
         [profile hub]\nrole_arn = {ROLE}\nsource_profile = tool\nmfa_serial = arn:aws:iam::1:mfa/me\n\
         duration_seconds = 1800\nrole_session_name = me\n\
         [profile tool]\ncredential_process = \"/opt/a tool\" --for me\n"
    );
    let way = way_of(&config, "", "top").unwrap();
    let names: Vec<&str> = way.links.iter().map(|link| link.profile.as_str()).collect();
    assert_eq!(names, ["hub", "top"]);
    let [hub, top] = way.links.as_slice() else {
        panic!("{:?}", way.links);
    };
    assert_eq!(hub.duration.seconds(), 1800);
    assert_eq!(
        hub.assume.mfa_serial.as_deref(),
        Some("arn:aws:iam::1:mfa/me")
    );
    assert_eq!(hub.assume.session_name.as_deref(), Some("me"));
    assert_eq!(top.assume.external_id.as_deref(), Some("ex"));
    let Start::Process { command, .. } = &way.start else {
        panic!("{:?}", way.start);
    };
    assert_eq!(command, &["/opt/a tool", "--for", "me"]);
}

#[test]
fn keys_come_before_a_role_so_a_profile_may_be_its_own_source() {
    let config = format!("[profile me]\nrole_arn = {ROLE}\nsource_profile = me\n");
    let keys = "[me]\naws_access_key_id = a\naws_secret_access_key = b\n";
    let way = way_of(&config, keys, "me").unwrap();
    assert!(way.links.is_empty() && matches!(way.start, Start::Keys { .. }));
    assert_eq!(
        refused(&config, "me"),
        "the profiles lead back to their start: me -> me"
    );
}

#[test]
fn the_environment_where_a_role_says_so() {
    let config = format!("[profile me]\nrole_arn = {ROLE}\ncredential_source = Environment\n");
    let way = way_of(&config, "", "me").unwrap();
    assert!(matches!(way.start, Start::Environment(keys) if keys.access_key_id == "AKIAENV"));
}

#[test]
fn the_rest_is_refused_by_its_name() {
    for (lines, told) in [
        ("sso_session = corp", "come from IAM Identity Center"),
        ("sso_start_url = https://x", "come from IAM Identity Center"),
        (
            "role_arn = x\nweb_identity_token_file = /t",
            "come from a web identity token",
        ),
        ("login_session = x", "come from aws login"),
        ("region = us-east-1", "does not say where"),
        ("fedgit_managed = x", "fedgit wrote the profile me"),
        ("aws_access_key_id = x", "has no aws_secret_access_key"),
        ("aws_secret_access_key = x", "has no aws_access_key_id"),
        ("credential_process = 'x", "its quotes do not match"),
        ("role_arn = nonsense\nsource_profile = x", "role_arn"),
    ] {
        let text = refused(&format!("[profile me]\n{lines}\n"), "me");
        assert!(text.contains(told), "{lines}: {text}");
    }
    let ec2 = format!("[profile me]\nrole_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\n");
    assert!(refused(&ec2, "me").contains("come from Ec2InstanceMetadata"));
    let both = format!(
        "[profile me]\nrole_arn = {ROLE}\ncredential_source = Environment\nsource_profile = x\n"
    );
    assert!(refused(&both, "me").contains("exclude each other"));
    assert!(refused("", "me").contains("neither"));
}

#[test]
fn loops_and_endless_ways_are_told() {
    let link = |from: &str, to: &str| {
        format!("[profile {from}]\nrole_arn = {ROLE}\nsource_profile = {to}\n")
    };
    let ring = [link("a", "b"), link("b", "c"), link("c", "b")].concat();
    assert_eq!(
        refused(&ring, "a"),
        "the profiles lead back to their start: b -> c -> b"
    );
    let links = |n: usize| -> String {
        let own = (1..=n).map(|i| link(&format!("p{i}"), &format!("p{}", i - 1)));
        own.collect::<String>() + "[profile p0]\ncredential_process = x\n"
    };
    assert_eq!(way_of(&links(8), "", "p8").unwrap().links.len(), 8);
    assert!(refused(&links(9), "p9").contains("more than 8"));
}

#[test]
fn other_keys_are_another_start() {
    let parts = |credentials: &str| {
        let way = way_of("", credentials, "me").unwrap();
        way.start.parts().concat()
    };
    let keys =
        |id: &str| format!("[me]\naws_access_key_id = {id}\naws_secret_access_key = s3cret\n");
    assert_ne!(parts(&keys("AKIA1")), parts(&keys("AKIA2")));
    let text = String::from_utf8(parts(&keys("AKIA1"))).unwrap();
    assert!(!text.contains("s3cret"));
}

#[test]
fn a_profile_of_a_portal_in_both_forms() {
    let session = "[sso-session corp]\nsso_start_url = https://d-1.awsapps.com/start\n\
                   sso_region = eu-west-1\n";
    let role = "sso_account_id = 111122223333\nsso_role_name = ReadOnly\n";
    let old = "sso_start_url = https://d-1.awsapps.com/start\nsso_region = eu-west-1\n";
    let read = |config: &str| {
        let document = |text: &str| Document::parse(text.as_bytes()).unwrap();
        let files = Files {
            config: &document(config),
            credentials: &document(""),
        };
        at_portal(files, &"me".parse().unwrap())
    };
    let by_session = read(&format!(
        "{session}[profile me]\nsso_session = corp\n{role}"
    ));
    let by_session = by_session.unwrap().unwrap();
    assert_eq!(by_session.session.as_str(), "corp");
    assert_eq!(by_session.region.as_str(), "eu-west-1");
    let legacy = read(&format!("[profile me]\n{old}{role}"))
        .unwrap()
        .unwrap();
    assert_eq!(legacy.start_url, by_session.start_url);
    assert_eq!(legacy.permission_set, "ReadOnly");
    for (lines, told) in [
        (
            "sso_session = other\n".to_owned() + role,
            "no [sso-session other]",
        ),
        ("sso_session = corp\n".to_owned(), "sso_account_id"),
        (old.replace("sso_region", "x") + role, "sso_region"),
    ] {
        let error = read(&format!("{session}[profile me]\n{lines}")).unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
    }
    // What comes before.
    let keys = "aws_access_key_id = a\naws_secret_access_key = b\n";
    assert_eq!(read(&format!("[profile me]\n{keys}{old}{role}")), Ok(None));
    assert_eq!(read("[profile me]\nregion = eu-west-1\n"), Ok(None));
}
