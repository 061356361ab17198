use super::*;

const FILE: &str = "\
[DEFAULT]
okta_org_url = https://example.okta.com
okta_auth_server =
client_id =
gimme_creds_server = appurl
aws_appname =
aws_rolename = arn:aws:iam::111122223333:role/Analyst
write_aws_creds = True
cred_profile = acc-role
okta_username = jane@example.com
app_url = https://example.okta.com/home/amazon_aws/0oa1example/272
resolve_aws_alias = n
preferred_mfa_type = push
aws_default_duration = 43200
device_token = hunter2

[two]
aws_rolename = arn:aws:iam::111122223333:role/One, arn:aws:iam::444455556666:role/Two,all,/x/,Name
cred_profile = role

[base]
client_id = abc
cred_profile = MyProfile

[plain]
cred_profile = plain

[heir]
inherits = base
aws_rolename = arn:aws:iam::111122223333:role/Heir

[orphan]
inherits = nobody
[ring]
inherits = ring
aws_rolename = x
";

fn found(file: &str) -> Found {
    let mut found = Found::default();
    let text = Text {
        file: "okta".to_owned(),
        bytes: file.as_bytes().to_vec(),
    };
    read(&text, &mut found);
    found
}

#[test]
fn configurations_become_roles() {
    let found = found(FILE);
    let profiles: Vec<&str> = found
        .tool_roles
        .iter()
        .map(|r| r.profile.as_str())
        .collect();
    assert_eq!(
        profiles,
        [
            "111122223333-Analyst",
            "One",
            "Two",
            "plain",
            "111122223333-Heir"
        ]
    );
    for role in &found.tool_roles {
        let From::Idp(idp) = &role.from else { panic!() };
        assert_eq!(idp.username.as_deref(), Some("jane@example.com"));
        assert_eq!(role.duration.unwrap().seconds(), 43_200);
    }
    let told: Vec<String> = found.left_out.iter().map(ToString::to_string).collect();
    let told = told.join("\n");
    for part in [
        "okta:1: preferred_mfa_type of the configuration [DEFAULT]",
        "okta:17: the role \"all\" of the configuration [two]",
        "a pattern for roles",
        "its role is not named by its ARN",
        "okta:32: the configuration [orphan] is not carried over: it inherits from a configuration",
        "okta:34: the configuration [ring] is not carried over: what it inherits",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert!(!told.contains("hunter2"));
}

#[test]
fn without_the_application_there_is_no_start() {
    let found =
        found("[x]\nokta_org_url = https://example.okta.com\ngimme_creds_server = internal\n");
    assert!(found.left_out[0].why.contains("no app_url"), "{found:?}");
}

#[test]
fn without_written_profiles_the_configuration_names_them() {
    let found = found(
        "[work]\napp_url = https://example.okta.com/home/amazon_aws/0oa1/272\n\
         write_aws_creds = False\naws_rolename = arn:aws:iam::111122223333:role/R\n",
    );
    assert_eq!(found.tool_roles[0].profile.as_str(), "work");
}
