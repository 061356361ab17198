//! What a page after the password wants: a code, another answer, or nothing more.

use super::*;

/// Names that a code's names stand in are none; what the file names is settled before anything is guessed.
#[test]
fn a_code_is_asked_for_where_one_is_wanted() {
    let fields = |username: &str, password: &str, code: &str| {
        let said = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
        FormFields {
            username: said(username),
            password: said(password),
            code: said(code),
            form: None,
        }
    };
    let none = || fields("", "", "");
    for (form, said, expected) in [
        (
            "<input name=employee_code><input type=password name=pwd>",
            none(),
            "employee_code=jane pwd=*hunter2",
        ),
        (
            "<input name=code_utilisateur><input type=password name=p>",
            none(),
            "code_utilisateur=jane p=*hunter2",
        ),
        (
            "<input name=pinpoint_user><input type=password name=p>",
            none(),
            "pinpoint_user=jane p=*hunter2",
        ),
        (
            "<input name=code><input type=password name=p>",
            none(),
            "code=jane p=*hunter2",
        ),
        (
            "<input name=j_user><input type=password name=j_pin>",
            none(),
            "j_user=jane j_pin=*hunter2",
        ),
        (
            "<input name=user><input type=password name=p><input type=password name=otp>",
            none(),
            "user=jane p=*hunter2 otp=*123456",
        ),
        (
            "<input name=c autocomplete=one-time-code><input name=user><input type=password name=p>",
            none(),
            "c=*123456 user=jane p=*hunter2",
        ),
        (
            "<input name=IDToken1><input type=password name=IDToken2>",
            fields("IDToken1", "IDToken2", ""),
            "IDToken1=jane IDToken2=*hunter2",
        ),
        (
            "<input name=otp><input name=pin><input name=code>",
            fields("otp", "pin", "code"),
            "otp=jane pin=*hunter2 code=*123456",
        ),
        (
            "<input type=password name=response>",
            fields("", "", "response"),
            "response=*123456",
        ),
        ("<input type=password name=otp>", none(), "otp=*123456"),
        (
            "<input name=x><input name=y type=hidden><input type=password name=p>",
            fields("y", "", ""),
            "x= y=jane p=*hunter2",
        ),
        // What the page has filled in stays.
        (
            "<input name=user value=fixed readonly><input type=password name=p>",
            none(),
            "user=fixed p=*hunter2",
        ),
        (
            "<input name=user readonly><input type=password name=p>",
            none(),
            "user=jane p=*hunter2",
        ),
    ] {
        let mut talk = Talk::new(Some("jane"), said);
        assert!(
            talk.shows(&format!("<form method=post>{form}</form>"))
                .is_none(),
            "{form}"
        );
        assert_eq!(
            talk.said.last().unwrap(),
            &format!("POST /start {expected}"),
            "{form}"
        );
    }
}

/// The same form is the same question, wherever it leads: a session's name in its path, or a path of its own
/// for the second try. No code goes into it.
#[test]
fn the_same_fields_at_another_path_say_no() {
    let both = |path: &str| {
        format!("<form method=post action={path}><input name=u><input type=password name=p></form>")
    };
    let lone =
        |path: &str| format!("<form method=post action={path}><input type=password name=p></form>");
    for (first, again) in [
        (both("/in;jsessionid=AB"), both("/in")),
        (both("/in"), both("/again")),
        (lone("/p/1"), lone("/p/2")),
    ] {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        assert!(talk.shows(&first).is_none());
        let step = talk.shows(&again);
        assert!(
            matches!(&step, Some(Step::Refuse(r)) if r.what == Refused::Password),
            "{again}: {step:?}"
        );
        let asked = talk.said.iter().filter(|said| said.starts_with("? "));
        assert_eq!(asked.count(), 1, "{:?}", talk.said);
    }
}

/// A button is told by what it sends, too.
#[test]
fn no_code_is_asked_for_anew_with_the_code() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("openam-sign-in").is_none());
    let page = "<form method=post action=/otp><input name=otp>\
                <button name=act value=resend>Again</button>\
                <button name=act value=verify>Verify</button></form>";
    assert!(talk.shows(page).is_none());
    let sent = talk.said.last().unwrap();
    assert!(sent.ends_with("act=verify"), "{sent}");
}

/// What follows a right password is no refusal of it, unless it says so or asks the same again.
#[test]
fn another_form_after_the_password_is_another_question() {
    let after = |page: &str| {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        assert!(talk.sample("openam-sign-in").is_none());
        let step = talk.shows(page);
        (step, talk)
    };
    let (step, _) = after(sample("keycloak-update-profile"));
    assert!(
        matches!(step, Some(Step::Fail(FlowError::Unknown { .. }))),
        "{step:?}"
    );
    let other = "<form method=post action=/x><input name=user><input type=password name=p></form>";
    let (step, _) = after(other);
    assert!(
        matches!(step, Some(Step::Fail(FlowError::Unknown { .. }))),
        "{step:?}"
    );
    for page in [
        sample("openam-sign-in").to_owned(),
        format!("<p role=alert>Wrong password</p>{other}"),
    ] {
        let (step, _) = after(&page);
        let is_password = |r: &Refusal| r.what == Refused::Password && r.hint.contains("password");
        assert!(
            matches!(&step, Some(Step::Refuse(r)) if is_password(r)),
            "{step:?}"
        );
    }
    // A picture to read beside the same fields says no all the same.
    let (step, _) =
        after(&sample("openam-sign-in").replace("</form>", "<input name=captcha></form>"));
    assert!(
        matches!(&step, Some(Step::Refuse(r)) if r.what == Refused::Password),
        "{step:?}"
    );
    let (step, mut talk) = after(sample("code-typed-unseen"));
    assert!(step.is_none());
    assert_eq!(
        talk.said[2..],
        [
            "? the one-time code (Token)",
            "POST /radius response=*123456"
        ]
    );
    talk.refuses("code-typed-unseen", Refused::Code, "");
    for name in ["telephone", "unknown"] {
        let (step, _) = after(sample(name));
        let is_unknown = matches!(step, Some(Step::Fail(FlowError::Unknown { .. })));
        assert!(is_unknown, "{name}: {step:?}");
    }
}
