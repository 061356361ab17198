use super::*;

const ARN: &str = "arn:aws:iam::111122223333:role/team/ADFS-Production";

fn given(answers: &[(Question, &str)]) -> Answers {
    let mut form = Answers::default();
    for (question, text) in answers {
        form.answer(*question, text).unwrap();
    }
    form
}

fn refused(form: &Answers, question: Question, text: &str) -> String {
    let bad = form.clone().answer(question, text).unwrap_err();
    format!("{bad} / {}", bad.hint.as_deref().unwrap_or_default())
}

#[test]
fn what_only_the_person_knows_remains() {
    let mut form = Answers::default();
    assert_eq!(form.settle(), [Question::Url, Question::RoleArn]);
    let mut form = given(&[(Question::Kind, "identity-center")]);
    assert_eq!(
        form.settle(),
        [
            Question::StartUrl,
            Question::IdpRegion,
            Question::Account,
            Question::PermissionSet,
        ]
    );
    let mut form = given(&[(Question::Kind, "command"), (Question::RoleArn, ARN)]);
    assert_eq!(form.settle(), [Question::Command]);
    let mut form = given(&[
        (Question::Kind, "command"),
        (Question::Command, "my-login"),
        (Question::RoleArn, ARN),
    ]);
    assert_eq!(form.settle(), []);
    assert_eq!(form.get(Question::Profile), Some("ADFS-Production"));
    assert_eq!(form.get(Question::Region), Some("us-east-1"));
    assert_eq!(form.get(Question::Repo), None);
    assert_eq!(form.next(), None);
    // A comma is right in a role's name and wrong in a profile's.
    let mut form = given(&[
        (Question::Kind, "command"),
        (Question::Command, "my-login"),
        (Question::RoleArn, "arn:aws:iam::111122223333:role/a,b"),
    ]);
    assert_eq!(form.settle(), [Question::Profile]);
}

#[test]
fn a_host_alone_is_an_ad_fs() {
    let form = given(&[(Question::Url, " adfs.example.com ")]);
    assert_eq!(
        form.get(Question::Url),
        Some(
            "https://adfs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices"
        )
    );
    assert!(
        given(&[(Question::Url, "adfs.example.com:8443")])
            .get(Question::Url)
            .is_some_and(|url| url.starts_with("https://adfs.example.com:8443/adfs/"))
    );
    let okta = given(&[(Question::Kind, "okta")]);
    assert!(refused(&okta, Question::Url, "example.okta.com").contains("not a URL"));
}

#[test]
fn wrong_answers_are_told_and_secrets_in_them_are_not() {
    let form = Answers::default();
    for (question, text, told) in [
        (Question::Kind, "adsf", "did you mean \"adfs\"?"),
        (Question::Name, "my corp", "identity provider name"),
        (Question::Name, "", "it is empty"),
        (Question::Url, "http://adfs.example.com/", "use https"),
        (Question::Url, "https://x\u{1b}[2J/", "control character"),
        (Question::RoleArn, "arn:aws:s3:::bucket", "role ARN"),
        (Question::Region, "us-east", "looks like us-east-1"),
        (Question::Profile, "two words", "profile name"),
        (Question::Repo, "a/b", "repository name"),
        (Question::StartUrl, "https://x/", "--kind identity-center"),
        (Question::Account, "111122223333", "--kind identity-center"),
    ] {
        let message = refused(&form, question, text);
        assert!(message.contains(told), "{text:?}: {message}");
    }
    for (question, text) in [
        (Question::Url, "https://jane:hunter2@adfs.example.com/"),
        (Question::Url, "jane:hunter2@adfs.example.com"),
        (Question::Username, "jane:hunter2"),
    ] {
        assert!(!refused(&form, question, text).contains("hunter2"));
    }
}

#[test]
fn a_region_is_of_the_roles_partition() {
    let form = given(&[(
        Question::RoleArn,
        "arn:aws-cn:iam::111122223333:role/Developer",
    )]);
    assert_eq!(form.usual(Question::Region).unwrap(), "cn-north-1");
    assert!(refused(&form, Question::Region, "us-east-1").contains("aws-cn"));
    assert!(
        form.clone()
            .answer(Question::Region, "cn-northwest-1")
            .is_ok()
    );
    let form = given(&[(Question::Region, "cn-north-1")]);
    assert!(refused(&form, Question::RoleArn, ARN).contains("a region of aws is us-east-1"));
}

#[test]
fn identity_center_names_account_and_permission_set() {
    let form = given(&[(Question::Kind, "identity-center")]);
    assert!(refused(&form, Question::Account, "1111").contains("twelve digits"));
    assert!(refused(&form, Question::PermissionSet, "a b").contains("permission set"));
    assert!(refused(&form, Question::RoleArn, ARN).contains("--role-arn has no place"));
}
