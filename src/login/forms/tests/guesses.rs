//! Which field is for what, by its name, its kind and what was given before.

use super::*;

/// A password field that the page hides beside the user name is for a later page.
#[test]
fn a_hidden_password_field_is_not_filled_beside_the_name() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    let first = "<form method=post action=/u><input name=user>\
                 <input type=password name=p style='display:none'></form>";
    assert!(talk.shows(first).is_none());
    assert_eq!(talk.said, ["POST /u user=jane p="]);
    let second = "<form method=post action=/p><input type=password name=passwd></form>";
    assert!(talk.shows(second).is_none());
    assert_eq!(
        talk.said[1..],
        ["? the password of jane", "POST /p passwd=*hunter2"]
    );
}

/// Which organization's, and then who: two pages for a user name, each of which may say no to it.
#[test]
fn a_user_name_is_asked_for_by_two_pages() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(
        talk.shows("<form method=post action=/d><input type=email name=e></form>")
            .is_none()
    );
    assert!(talk.sample("authelia-user-name").is_none());
    match talk.sample("authelia-user-name") {
        Some(Step::Refuse(refusal)) => {
            assert!(refusal.hint.contains("no password yet"), "{refusal:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        talk.said,
        ["POST /d e=jane", "POST /firstfactor identifier=jane"]
    );
}

#[test]
fn traps_stay_empty_and_hidden_fields_may_be_named() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("trap").is_none());
    assert_eq!(
        talk.said[1],
        "POST /in email= decoy= username=jane password=*hunter2"
    );
    let fields = FormFields {
        username: Some("username".to_owned()),
        ..FormFields::default()
    };
    let mut talk = Talk::new(Some("jane"), fields);
    assert!(talk.sample("wso2-sign-in").is_none());
    assert_eq!(
        talk.said[1],
        "POST /commonauth usernameUserInput= username=jane password=*hunter2 sessionDataKey=k"
    );
}

/// ForgeRock's fields are numbered anew on each page.
#[test]
fn a_field_that_is_named_for_the_user_name_may_be_a_code_later() {
    let begun = || {
        let fields = FormFields {
            username: Some("IDToken1".to_owned()),
            ..FormFields::default()
        };
        let mut talk = Talk::new(Some("jane"), fields);
        assert!(talk.sample("openam-sign-in").is_none());
        talk
    };
    for kind in ["text", "password"] {
        let mut talk = begun();
        let page = format!(
            "<form method=post action=/openam/UI/Login><input type={kind} name=IDToken1></form>"
        );
        assert!(talk.shows(&page).is_none());
        assert_eq!(
            talk.said.last().unwrap(),
            "POST /openam/UI/Login IDToken1=*123456"
        );
        let step = talk.shows(&page);
        assert!(
            matches!(&step, Some(Step::Refuse(r)) if r.what == Refused::Code),
            "{step:?}"
        );
    }
    // The user name alone, as before the password: it was no good.
    let fields = FormFields {
        username: Some("who".to_owned()),
        ..FormFields::default()
    };
    let mut talk = Talk::new(Some("jane"), fields);
    let name = "<form method=post action=/name><input name=who></form>";
    assert!(talk.shows(name).is_none());
    assert!(talk.sample("authelia-password").is_none());
    let step = talk.shows(name);
    assert!(
        matches!(&step, Some(Step::Refuse(r)) if r.what == Refused::Password),
        "{step:?}"
    );
}

#[test]
fn a_field_of_any_name_that_stands_alone_is_the_user_name() {
    let alone = |field: &str| {
        format!("<form action=/step1 method=post>{field}<button>Weiter</button></form>")
    };
    let kennung = alone("<input type=hidden name=h value=1><input name=kennung type=text>");
    let password = "<form action=/step2 method=post><input name=geheim type=password></form>";
    for beside in [
        "",
        "<form action=/search role=search><input type=search name=q></form>",
        "<form action=/lang><select name=lang><option>de<option>en</select><button>ok</button></form>",
    ] {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        assert!(talk.shows(&format!("{kennung}{beside}")).is_none());
        assert!(talk.shows(password).is_none());
        assert_eq!(
            talk.said,
            [
                "POST /step1 h=1 kennung=jane",
                "? the password of jane",
                "POST /step2 geheim=*hunter2"
            ],
            "{beside}"
        );
    }
    // The same page with a complaint says no to it.
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.shows(&kennung).is_none());
    let step = talk.shows(&format!("<p role=alert>Unbekannt</p>{kennung}"));
    assert!(
        matches!(&step, Some(Step::Refuse(r)) if r.text == "Unbekannt" && r.hint.contains("no password yet")),
        "{step:?}"
    );
    for page in [
        alone("<input name=a><input name=b>"),
        alone("<input name=phoneNumber>"),
        alone("<textarea name=words></textarea>"),
        alone("<input name=kennung style='display:none'>"),
        format!("{kennung}{kennung}"),
        kennung.replace("method=post", ""),
    ] {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        let step = talk.shows(&page);
        match step {
            Some(Step::Fail(error @ FlowError::Unknown { .. })) => {
                for key in ["username_field", "code_field", "form"] {
                    assert!(error.hint().contains(key), "{}", error.hint());
                }
            }
            other => panic!("{page}: {other:?} {:?}", talk.said),
        }
    }
    // What is asked for on a page that says no is a word to the administrators.
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    let step = talk.shows(&format!("<p role=alert>Locked</p>{kennung}"));
    assert!(
        matches!(&step, Some(Step::Refuse(r)) if r.text == "Locked"),
        "{step:?}"
    );
    // After the password it is a code.
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("openam-sign-in").is_none());
    assert!(talk.shows(&kennung).is_none());
    assert_eq!(talk.said[3], "POST /step1 h=1 kennung=*123456");
}
