use super::*;
use crate::import::found::{Kind, Place};
use crate::model::SessionDuration;

use url::Url;

fn at() -> Place {
    Place {
        file: "f".to_owned(),
        line: Some(1),
    }
}

fn idp(kind: Kind, username: Option<&str>) -> Idp {
    Idp {
        kind,
        username: username.map(str::to_owned),
        ca_bundle: None,
        name: None,
        section: None,
        at: at(),
        tool: "t",
    }
}

fn adfs_idp(url: &str, username: Option<&str>) -> From {
    From::Idp(Box::new(idp(
        Kind::Adfs(Url::parse(url).unwrap()),
        username,
    )))
}

fn role(profile: &str, from: From, name: &str) -> Role {
    Role {
        profile: profile.parse().unwrap(),
        from,
        target: Target::Role(
            format!("arn:aws:iam::111122223333:role/{name}")
                .parse()
                .unwrap(),
        ),
        account_name: None,
        region: None,
        duration: Some(SessionDuration::DEFAULT),
        external_id: None,
        session_name: None,
        extras: Vec::new(),
        section: None,
        at: at(),
        tool: "t",
    }
}

fn source(profile: &str) -> From {
    From::Profile(profile.parse().unwrap())
}

fn merged(found: Found) -> (Declared, String) {
    let (declared, left_out) = merge(found);
    let told: Vec<String> = left_out.iter().map(ToString::to_string).collect();
    (declared, told.join("\n"))
}

const PAGE: &str =
    "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices";

#[test]
fn one_page_in_many_spellings_is_one_identity_provider() {
    let other = "https://ADFS.example.com/adfs/ls/idpinitiatedsignon.aspx?logintorp=urn%3Aamazon%3Awebservices";
    let (declared, told) = merged(Found {
        roles: vec![
            role("asks", adfs_idp(PAGE, None), "A"),
            role("jane", adfs_idp(PAGE, Some("CORP\\jane")), "B"),
            role("again", adfs_idp(other, Some("corp\\Jane")), "C"),
            role("john", adfs_idp(PAGE, Some("CORP\\john")), "D"),
            role(
                "gov",
                adfs_idp(&format!("{PAGE}:govcloud"), Some("CORP\\jane")),
                "E",
            ),
        ],
        ..Found::default()
    });
    assert_eq!(told, "");
    let names: Vec<&str> = declared
        .idps
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["example", "example-2", "example-3"]);
    let from: Vec<&str> = declared
        .roles
        .iter()
        .map(|role| role.from.as_str())
        .collect();
    assert_eq!(
        from,
        ["example", "example", "example", "example-2", "example-3"]
    );
}

#[test]
fn chains_need_a_login_at_their_start() {
    let (declared, told) = merged(Found {
        roles: vec![
            role("three", source("two"), "C"),
            role("two", source("one"), "B"),
            role("one", adfs_idp(PAGE, None), "A"),
            role("lost", source("nobody"), "L"),
            role("ring", source("gnir"), "R"),
            role("gnir", source("ring"), "G"),
            role("below", source("lost"), "X"),
        ],
        ..Found::default()
    });
    let names: Vec<&str> = declared
        .roles
        .iter()
        .map(|role| role.name.as_str())
        .collect();
    assert_eq!(names, ["three", "two", "one"]);
    for part in [
        "[profile lost] is not carried over: its source_profile nobody",
        "[profile ring] is not carried over: its source_profile leads back",
        "[profile gnir]",
        "[profile below] is not carried over: its source_profile nobody",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
}

#[test]
fn roles_of_other_files_find_their_profile_or_another_name() {
    let settings = Settings {
        profile: "saml".parse().unwrap(),
        region: Some("eu-west-1".to_owned()),
        extras: vec![(
            "output".to_owned(),
            super::super::found::Extra::Value("json".to_owned()),
        )],
        section: "profile saml".to_owned(),
        at: at(),
        left_out: Vec::new(),
    };
    let (declared, told) = merged(Found {
        roles: vec![role("dev", adfs_idp(PAGE, None), "Dev")],
        taken: vec!["dev".parse().unwrap(), "keys".parse().unwrap()],
        tool_roles: vec![
            role("dev", adfs_idp(PAGE, None), "Dev"),
            role("saml", adfs_idp(PAGE, None), "One"),
            role("saml", adfs_idp(PAGE, None), "Two"),
            role("keys", adfs_idp(PAGE, None), "Three"),
        ],
        settings: vec![settings],
        ..Found::default()
    });
    let names: Vec<&str> = declared
        .roles
        .iter()
        .map(|role| role.name.as_str())
        .collect();
    assert_eq!(names, ["dev", "saml", "two", "three"]);
    let saml = &declared.roles[1].role;
    assert_eq!(saml.region.as_ref().unwrap().as_str(), "eu-west-1");
    assert_eq!(saml.section.as_deref(), Some("profile saml"));
    assert_eq!(saml.extras.len(), 1);
    assert!(
        told.contains("the profile name saml of a role of t"),
        "{told}"
    );
    assert!(told.contains("its profile is \"three\" now"), "{told}");
}

#[test]
fn repositories_are_declared_once_and_apart() {
    let repo = |name: &str, profile: &str, region: Option<&str>| Repo {
        name: name.parse().unwrap(),
        profile: profile.parse().unwrap(),
        region: region.map(|region| region.parse().unwrap()),
        endpoint: None,
        at: at(),
    };
    let (declared, told) = merged(Found {
        roles: vec![role("dev", adfs_idp(PAGE, None), "Dev")],
        repos: vec![
            repo("Repo", "dev", None),
            repo("Repo", "dev", None),
            repo("Repo", "dev", Some("eu-west-1")),
            repo("Other", "nobody", None),
        ],
        ..Found::default()
    });
    let aliases: Vec<&str> = declared
        .repos
        .iter()
        .map(|(alias, ..)| alias.as_str())
        .collect();
    assert_eq!(aliases, ["Repo", "Repo-eu-west-1"]);
    assert!(
        told.contains("the repository Other is not carried over: its profile nobody"),
        "{told}"
    );
}

#[test]
fn an_older_profile_joins_the_session_of_its_portal() {
    let center = |url: &str| Kind::IdentityCenter {
        start_url: Url::parse(url).unwrap(),
        region: "eu-west-1".parse().unwrap(),
    };
    let session = Idp {
        name: Some("corp".parse().unwrap()),
        section: Some("sso-session corp".to_owned()),
        ..idp(center("https://d-1.awsapps.com/start#"), None)
    };
    let old = idp(center("https://d-1.awsapps.com/start/"), None);
    let set = |profile: &str, from: Idp, name: &str| Role {
        target: Target::PermissionSet {
            account: "111122223333".parse().unwrap(),
            name: "Admin".to_owned(),
        },
        account_name: Some(name.to_owned()),
        ..role(profile, From::Idp(Box::new(from)), "x")
    };
    let (declared, _) = merged(Found {
        idps: vec![session.clone()],
        roles: vec![
            set("new", session, "Prod (EU)"),
            set("old", old, "Prod again"),
        ],
        ..Found::default()
    });
    assert_eq!(declared.idps.len(), 1);
    assert_eq!(declared.roles[1].from, "corp");
    assert_eq!(declared.accounts.len(), 1);
    assert_eq!(declared.accounts[0].0, "prod-eu");
}
