use super::*;
use crate::import::found::Role;
use crate::model::Region;

fn place(file: &str) -> Place {
    Place {
        file: file.to_owned(),
        line: Some(3),
    }
}

fn declared(file: &str) -> Declared {
    let region: Region = "eu-west-1".parse().unwrap();
    let idp = Idp {
        kind: Kind::IdentityCenter {
            start_url: url::Url::parse("https://d-1.awsapps.com/start").unwrap(),
            region: region.clone(),
        },
        username: None,
        ca_bundle: None,
        name: Some("corp".parse().unwrap()),
        section: None,
        at: place(file),
        tool: "an sso-session",
    };
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let role = Role {
        profile: "a.b".parse().unwrap(),
        from: From::Idp(Box::new(idp.clone())),
        target: Target::PermissionSet {
            account: "012345678901".parse().unwrap(),
            name: "Admin".to_owned(),
        },
        account_name: None,
        region: Some(region),
        duration: SessionDuration::from_seconds(5400).ok(),
        external_id: Some("third-party".to_owned()),
        session_name: Some("jane".to_owned()),
        extras: vec![
            (
                "s3".to_owned(),
                Extra::Table(vec![pair("addressing_style", "path")]),
            ),
            ("output".to_owned(), Extra::Value("json".to_owned())),
            ("max_attempts".to_owned(), Extra::Value("5".to_owned())),
            ("odd".to_owned(), Extra::Value("05".to_owned())),
            (
                "use_fips_endpoint".to_owned(),
                Extra::Value("true".to_owned()),
            ),
        ],
        section: None,
        at: place(file),
        tool: "an Identity Center profile",
    };
    Declared {
        idps: vec![("corp".to_owned(), idp)],
        accounts: vec![("prod".to_owned(), "012345678901".parse().unwrap())],
        roles: vec![DeclaredRole {
            name: "a.b".to_owned(),
            from: "corp".to_owned(),
            role,
        }],
        repos: Vec::new(),
    }
}

#[test]
fn this_versions_text() {
    let text = write(&declared("/home/jane/.aws/config"));
    let expected = r#"
# from /home/jane/.aws/config:3: an sso-session
[idp.corp]
kind = "identity-center"
start_url = "https://d-1.awsapps.com/start"
region = "eu-west-1"
profiles = "native"

[account.prod]
id = "012345678901"

# from /home/jane/.aws/config:3: an Identity Center profile
[role."a.b"]
idp = "corp"
account = "prod"
permission_set = "Admin"
profile = "a.b"
region = "eu-west-1"
session_duration = "90m"
external_id = "third-party"
session_name = "jane"

[role."a.b".aws]
output = "json"
max_attempts = 5
odd = "05"
use_fips_endpoint = true

[role."a.b".aws.s3]
addressing_style = "path"
"#;
    assert_eq!(text.strip_prefix(TOP).unwrap(), expected);
}

#[test]
fn a_file_name_cannot_leave_its_comment() {
    let text = write(&declared("a\n[idp.evil]\rkind = \u{1b}[31m\u{2028}"));
    let table: toml::Table = toml::from_str(&text).unwrap();
    let names: Vec<&String> = table["idp"].as_table().unwrap().keys().collect();
    assert_eq!(names, ["corp"]);
    assert!(!text.contains('\u{1b}'));
}
