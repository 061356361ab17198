use super::*;

const FILE: &str = "\
# written by saml2aws configure
[default]
name                    = default
app_id                  =
url                     = https://adfs.example.com
username                = CORP\\jane
provider                = ADFS
mfa                     = Auto
skip_verify             = false
timeout                 = 0
aws_urn                 = urn:amazon:webservices
aws_session_duration    = 28800
aws_profile             = saml
role_arn                = arn:aws:iam::111122223333:role/ADFS-Production
region                  = eu-west-1
cache_saml              = false

[default.other]  ; takes the rest from [default]
role_arn    = `arn:aws:iam::111122223333:role/Other`   # quoted
aws_profile = other

[asks]
url = https://id.example.com/auth/realms/x/protocol/saml/clients/aws
provider = KeyCloak
";

fn read(file: &str) -> (Vec<Account>, Found) {
    let mut found = Found::default();
    let text = Text {
        file: ".saml2aws".to_owned(),
        bytes: file.as_bytes().to_vec(),
    };
    let accounts = accounts(&text, &mut found);
    (accounts, found)
}

#[test]
fn accounts_become_roles() {
    let (accounts, mut found) = read(FILE);
    roles(&accounts, &mut found);
    let [first, second] = found.tool_roles.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(first.profile.as_str(), "saml");
    assert_eq!(first.region.as_ref().unwrap().as_str(), "eu-west-1");
    assert_eq!(first.duration.unwrap().seconds(), 28_800);
    assert_eq!(second.arn().unwrap().role_name(), "Other");
    for role in [first, second] {
        let From::Idp(idp) = &role.from else { panic!() };
        assert_eq!(idp.username.as_deref(), Some("CORP\\jane"));
        assert_eq!(
            idp.kind.url().as_str(),
            "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices"
        );
    }
    assert_eq!(found.idps.len(), 1);
    assert_eq!(found.left_out.len(), 1, "{:?}", found.left_out);
    assert!(found.left_out[0].why.contains("no role_arn"));
    assert_eq!(found.left_out[0].at.line, Some(22));
}

#[test]
fn lines_start_from_an_account() {
    let (mut accounts, _) = read(FILE);
    let mut login = |line: &str| {
        let words = options::words(line).unwrap();
        command(&words, &mut accounts, &mut Notes::default())
    };
    let documented = login(
        "saml2aws login --skip-prompt --quiet --credential-process \
         --role arn:aws:iam::444455556666:role/Deploy --profile mybucket",
    )
    .unwrap();
    assert_eq!(documented.arn.role_name(), "Deploy");
    assert_eq!(documented.duration.unwrap().seconds(), 28_800);
    let own = login("saml2aws login --credential-process -a default --session-duration=3600");
    assert_eq!(own.unwrap().duration.unwrap().seconds(), 3_600);
    for (line, why) in [
        ("saml2aws login -a nobody", "no account [nobody]"),
        ("saml2aws login -a asks", "names a role"),
        ("saml2aws exec x", "not saml2aws login"),
        (
            "saml2aws login --password hunter2",
            "does not know its option --password",
        ),
        ("saml2aws login --url https://x", "--url"),
    ] {
        let told = login(line).unwrap_err();
        assert!(
            told.contains(why) && !told.contains("hunter2"),
            "{line}: {told}"
        );
    }
}

#[test]
fn what_fedgit_cannot_sign_in_to() {
    let (_, found) = read(
        "[a]\nurl = http://adfs.example.com\nprovider = ADFS\n\
         [b]\nurl = https://x\nprovider = F5APM\n\
         [c]\nurl = https://x\nprovider = ADFS2\n\
         [d]\nurl = https://jane:hunter2@x\nprovider = adfs\nskip_verify = true\nmfa = PUSH\n",
    );
    let told: Vec<String> = found.left_out.iter().map(ToString::to_string).collect();
    let told = told.join("\n");
    for part in [
        ".saml2aws:1: the account [a] is not carried over: its sign-on address is plain http",
        ".saml2aws:4: the account [b] is not carried over: fedgit has no way",
        ".saml2aws:7: the account [c]",
        "the user name and password in the address of the account [d]",
        "skip_verify = true of the account [d]",
        "mfa of the account [d]",
    ] {
        assert!(told.contains(part), "{part:?} is not in\n{told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_section_that_stands_twice_is_one() {
    let (accounts, found) = read(
        "provider = ADFS\n[a]\nurl = https://adfs.example.com\n[a]\nprovider = ADFS\nrole_arn = x\n\
         [a]\nrole_arn = arn:aws:iam::111122223333:role/A\n",
    );
    assert_eq!(found.left_out, []);
    let [account] = accounts.as_slice() else {
        panic!("{accounts:?}")
    };
    assert_eq!(account.arn.as_ref().unwrap().role_name(), "A");
    assert_eq!(account.at.line, Some(2));
}
