use super::*;
use crate::model::ExposeSecret as _;

const ROLE: &str = "arn:aws:iam::111122223333:role/Hub";

/// As what a declared role has as its `source_profile`.
fn way_of(config: &str, credentials: &str, profile: &str) -> Result<Way, NoWay> {
    by(way, config, credentials, profile)
}

/// As one that is asked for by its name.
fn named(config: &str, credentials: &str, profile: &str) -> Result<Way, NoWay> {
    by(sdk_way, config, credentials, profile)
}

type Follow = fn(Files<'_>, &ProfileName, &dyn Fn(&str) -> Option<String>) -> Result<Way, NoWay>;

fn by(follow: Follow, config: &str, credentials: &str, profile: &str) -> Result<Way, NoWay> {
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
    follow(files, &profile.parse().unwrap(), &variable)
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
fn a_source_is_its_keys_and_a_name_is_its_role() {
    let config = format!("[profile me]\nrole_arn = {ROLE}\nsource_profile = me\n");
    let keys = "[me]\naws_access_key_id = a\naws_secret_access_key = b\n";
    let source = way_of(&config, keys, "me").unwrap();
    assert!(source.links.is_empty() && matches!(source.start, Start::Keys { .. }));
    let role = named(&config, keys, "me").unwrap();
    assert!(role.links.len() == 1 && matches!(role.start, Start::Keys { .. }));
    for follow in [way_of, named] {
        assert_eq!(
            follow(&config, "", "me").unwrap_err().to_string(),
            "the profiles lead back to their start: me -> me"
        );
    }
    // Its own keys, not those at the end of a ring.
    let ring = format!(
        "[profile me]\nrole_arn = {ROLE}\nsource_profile = hub\n\
         [profile hub]\nrole_arn = {ROLE}\nsource_profile = me\n"
    );
    assert!(matches!(named(&ring, keys, "me"), Err(NoWay::Loop(_))));
    // A role elsewhere by other keys, although there are keys of that name.
    let hub = format!(
        "[profile me]\nrole_arn = {ROLE}\nsource_profile = hub\n\
         [profile hub]\naws_access_key_id = hub\naws_secret_access_key = b\n"
    );
    let way = named(&hub, keys, "me").unwrap();
    assert_eq!(way.links.len(), 1);
    assert!(matches!(way.start, Start::Keys { keys, .. } if keys.access_key_id == "hub"));
}

/// What a profile starts from, where it says several things at once.
#[test]
fn the_order_of_what_a_profile_starts_from() {
    let portal = "sso_start_url = https://d-1.awsapps.com/start\nsso_region = eu-west-1\n\
                  sso_account_id = 111122223333\nsso_role_name = ReadOnly\n";
    let keys = |id: &str| format!("aws_access_key_id = {id}\naws_secret_access_key = b\n");
    let program = "credential_process = x\n";
    let all = ["[profile me]\n", &keys("config"), program].concat();
    let credentials = format!("[me]\n{}", keys("credentials"));
    let starts = |config: &str, credentials: &str| {
        let [by_name, as_source] =
            [named, way_of].map(
                |follow| match follow(config, credentials, "me").unwrap().start {
                    Start::Keys { keys, .. } => keys.access_key_id,
                    Start::Environment(_) => "environment".to_owned(),
                    Start::Process { .. } => "program".to_owned(),
                    Start::Portal(_) => "portal".to_owned(),
                },
            );
        assert_eq!(by_name, as_source);
        by_name
    };
    assert_eq!(starts(&format!("{all}{portal}"), &credentials), "portal");
    assert_eq!(starts(&all, &credentials), "credentials");
    assert_eq!(starts(&all, ""), "program");
    let config = format!("[profile me]\n{}", keys("config"));
    assert_eq!(starts(&config, ""), "config");
    // A session without an account is for tokens alone.
    let session = format!("[profile me]\nsso_session = corp\n{}", keys("config"));
    assert_eq!(starts(&session, ""), "config");
}

#[test]
fn a_role_that_starts_from_a_portal() {
    let config = format!(
        "[profile top]\nrole_arn = {ROLE}\nsource_profile = me\n[profile me]\n\
         sso_start_url = https://d-1.awsapps.com/start\nsso_region = eu-west-1\n\
         sso_account_id = 111122223333\nsso_role_name = ReadOnly\n"
    );
    let way = named(&config, "", "top").unwrap();
    assert_eq!(way.links.len(), 1);
    let Start::Portal(at) = way.start else {
        panic!("{:?}", way.start);
    };
    assert_eq!(at.profile.as_str(), "me");
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
        ("sso_session = corp", "sso_account_id"),
        ("sso_start_url = https://x", "sso_account_id"),
        ("sso_role_name = x", "sso_start_url"),
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
    let read = |config: &str| -> Result<AtPortal, NoWay> {
        match named(config, "", "me")?.start {
            Start::Portal(at) => Ok(at),
            other => panic!("{other:?}"),
        }
    };
    let by_session = read(&format!(
        "{session}[profile me]\nsso_session = corp\n{role}"
    ));
    let by_session = by_session.unwrap();
    assert_eq!(by_session.session.as_str(), "corp");
    assert_eq!(by_session.region.as_str(), "eu-west-1");
    let legacy = read(&format!("[profile me]\n{old}{role}")).unwrap();
    assert_eq!(legacy.start_url, by_session.start_url);
    assert_eq!(legacy.permission_set, "ReadOnly");
    for (lines, told) in [
        (
            "sso_session = other\n".to_owned() + role,
            "no [sso-session other]",
        ),
        (
            "sso_session = corp\nsso_role_name = x\n".to_owned(),
            "sso_account_id",
        ),
        (old.replace("sso_region", "x") + role, "sso_region"),
    ] {
        let error = read(&format!("{session}[profile me]\n{lines}")).unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
    }
}

/// botocore has the later section of one profile take the place of the earlier, whole.
#[test]
fn the_later_of_two_sections_is_the_profile() {
    let keys = |header: &str, id: &str| {
        format!("[{header}]\naws_access_key_id = {id}\naws_secret_access_key = b\n")
    };
    for (one, other, name) in [
        ("profile x", "profile \"x\"", "x"),
        ("profile 'x'", "profile x", "x"),
        ("default", "profile default", "default"),
        ("profile default", "default", "default"),
    ] {
        let both = keys(one, "FIRST") + &keys(other, "LAST");
        let start = named(&both, "", name).unwrap().start;
        assert!(
            matches!(start, Start::Keys { keys, .. } if keys.access_key_id == "LAST"),
            "{one}, {other}"
        );
        // Nothing of the earlier one is left, its region neither.
        let config = format!("[{one}]\nregion = eu-west-1\n") + &keys(other, "LAST");
        let config = Document::parse(config.as_bytes()).unwrap();
        let none = Document::parse(b"").unwrap();
        let files = Files {
            config: &config,
            credentials: &none,
        };
        let known = known(files, &name.parse().unwrap()).unwrap();
        assert_eq!(known.region, None, "{one}, {other}");
    }
    // A header that only the AWS SDK for Rust reads takes no place of one that botocore reads.
    let both = keys("profile x", "BOTOCORE") + &keys(" profile x ", "RUST");
    let start = named(&both, "", "x").unwrap().start;
    assert!(matches!(start, Start::Keys { keys, .. } if keys.access_key_id == "BOTOCORE"));
}

#[test]
fn the_later_of_two_sessions_is_the_portal() {
    let session = |header: &str, host: &str| {
        format!("[{header}]\nsso_start_url = https://{host}/start\nsso_region = eu-west-1\n")
    };
    let config = session("sso-session corp", "first.example")
        + &session("sso-session \"corp\"", "last.example")
        + "[profile me]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = x\n";
    let Start::Portal(at) = named(&config, "", "me").unwrap().start else {
        panic!("no portal");
    };
    assert_eq!(at.start_url.as_str(), "https://last.example/start");
}
