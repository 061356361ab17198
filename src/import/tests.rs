use super::*;

use proptest::prelude::*;

fn text(file: &str, text: &str) -> Text {
    Text {
        file: file.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

const LINE: &str = "awsprocesscreds-saml -e https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices -u jane -p adfs -a arn:aws:iam::111122223333:role/R";

#[test]
fn a_home_with_several_tools() {
    let sources = Sources {
        aws_config: Some(text(
            "config",
            &format!(
                "[profile adfs]\ncredential_process = {LINE}\n\
                 [profile deploy]\nrole_arn = arn:aws:iam::444455556666:role/D\nsource_profile = adfs\n\
                 [profile bucket]\ncredential_process = saml2aws login --credential-process --role arn:aws:iam::111122223333:role/B\n\
                 [sso-session corp]\nsso_start_url = https://d-1.awsapps.com/start\nsso_region = eu-west-1\n"
            ),
        )),
        saml2aws: Some(text(
            "saml2aws",
            "[default]\nurl = https://adfs.example.com\nprovider = ADFS\nusername = jane\n",
        )),
        clones: vec![text(
            "c",
            "[remote \"origin\"]\nurl = codecommit://deploy@Repo\n",
        )],
        ..Sources::default()
    };
    let imported = import(&sources).unwrap();
    assert_eq!(imported.left_out, []);
    assert_eq!(
        imported.sections(),
        [
            "profile adfs",
            "profile deploy",
            "profile bucket",
            "sso-session corp"
        ]
    );
    let names: Vec<&str> = imported
        .declared
        .idps
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        names,
        ["corp", "example"],
        "saml2aws's AD FS is awsprocesscreds's"
    );
    assert_eq!(imported.declared.repos.len(), 1);
}

#[test]
fn other_keys_are_carried_over_but_what_check_refuses() {
    let config = format!(
        "[profile adfs]\noutput = json\nca_bundle = a ]\napi_key = K1\nproxy = jane:pw@proxy:1\nhelper = tool --token T1\nurl = https://h/?sig=S1\ncredential_process = {LINE}\ns3 =\n  a = b\n"
    );
    let sources = Sources {
        aws_config: Some(text("config", &config)),
        ..Sources::default()
    };
    let imported = import(&sources).unwrap();
    let aws = "[role.adfs.aws]\noutput = \"json\"\n\n[role.adfs.aws.s3]\na = \"b\"\n";
    assert!(imported.text.contains(aws), "{}", imported.text);
    let told: Vec<String> = imported.left_out.iter().map(ToString::to_string).collect();
    for key in ["ca_bundle", "api_key", "proxy", "helper", "url"] {
        let what = format!("{key} of [profile adfs]");
        assert!(
            told.iter().any(|told| told.contains(&what)),
            "{key}: {told:?}"
        );
    }
}

/// What the rest of fedgit refuses for a reason of its own is left out, with all that needs it.
#[test]
fn what_check_refuses_goes_with_what_hangs_on_it() {
    let config = format!(
        "[profile adfs]\ncredential_process = {LINE}\n\
         [profile deploy]\nrole_arn = arn:aws:iam::444455556666:role/D\nsource_profile = adfs\n"
    );
    let sources = Sources {
        aws_config: Some(text("config", &config)),
        clones: vec![text(
            "c",
            "[remote \"origin\"]\nurl = codecommit://deploy@Repo\n",
        )],
        ..Sources::default()
    };
    let Imported { mut declared, .. } = import(&sources).unwrap();
    declared.idps.clear();
    let mut left_out = Vec::new();
    let text = checked(&mut declared, &mut left_out).unwrap();
    assert!(!text.contains("[role"), "{text}");
    assert_eq!(left_out.len(), 3, "{left_out:?}");
    assert!(
        left_out[0].to_string().contains("fedgit check refuses it"),
        "{left_out:?}"
    );
}

proptest! {
    /// Whatever stands in the files, the text passes the check, and no secret is in it.
    #[test]
    fn the_text_always_passes_the_check(
        names in prop::collection::vec("[a-c.@/ \"'\\]\\[é-]{0,4}", 1..5),
        values in prop::collection::vec(
            prop_oneof![
                Just("https://adfs.example.com/x".to_owned()),
                Just("https://jane:hunter2@adfs.example.com/x".to_owned()),
                Just("arn:aws:iam::111122223333:role/R".to_owned()),
                Just("arn:aws-cn:iam::111122223333:role/R".to_owned()),
                Just("adfs".to_owned()), Just("okta".to_owned()), Just("us-east-1".to_owned()),
                Just("111122223333".to_owned()), Just("a".to_owned()), Just("ADFS".to_owned()),
                "\\PC{0,12}",
            ], 24),
        lines in prop::collection::vec((0_usize..12, 0_usize..24, 0_usize..24, 0_usize..24), 1..12),
    ) {
        const KEYS: [&str; 12] = [
            "region", "role_arn", "source_profile", "sso_session", "sso_account_id",
            "sso_role_name", "sso_start_url", "sso_region", "adfs_config.adfs_host",
            "adfs_config.role_arn", "output", "duration_seconds",
        ];
        let mut config = String::new();
        for (number, name) in names.iter().enumerate() {
            config.push_str(&format!("[profile {name}{number}]\n"));
            let mut seen = std::collections::BTreeSet::new();
            for (key, a, b, c) in &lines {
                if seen.insert(key) {
                    config.push_str(&format!("{} = {}\n", KEYS[*key], values[(a + number) % 24]));
                }
                if seen.insert(&100) {
                    let (e, u, a) = (&values[*a], &values[*b], &values[*c]);
                    let odd = format!("awsprocesscreds-saml -e '{e}' -u '{u}' -p adfs -a '{a}'");
                    let line = if number % 2 == 0 { LINE } else { &odd };
                    config.push_str(&format!("credential_process = {line}\n"));
                }
            }
        }
        let flat = format!(
            "[x]\nurl = {}\nprovider = {}\nrole_arn = {}\naws_profile = {}\n",
            values[0], values[1], values[2], values[3]
        );
        let okta = format!("[x]\napp_url = {}\naws_rolename = {}\ncred_profile = {}\n", values[4], values[5], values[6]);
        let sources = Sources {
            aws_config: Some(text("config", &config)),
            saml2aws: Some(text("s", &flat)),
            gimme: Some(text("g", &okta)),
            git: Vec::new(),
            clones: vec![text("c", &format!("[remote \"o\"]\nurl = codecommit://{}@a\n", values[7]))],
        };
        let imported = import(&sources).unwrap();
        prop_assert!(mistakes(&imported.text).unwrap().is_empty());
        prop_assert!(!imported.text.contains("hunter2"), "{}", imported.text);
        let told: String = imported.left_out.iter().map(ToString::to_string).collect();
        prop_assert!(!told.contains("jane:hunter2"), "{told}");
    }
}
