//! What a page asks for, read by what it holds and by what was given before.

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

/// What a browser would send goes along; what is about the person is theirs to choose.
#[test]
fn a_select_beside_the_fields_is_asked_for_where_it_matters() {
    let form = |name: &str, first: &str| {
        format!(
            "<form method=post action=/in><select name={name}><option value='{first}'>x</option>\
             <option value=b>y</option><option value=c>z</option></select><input name=u>\
             <input type=password name=p></form>"
        )
    };
    for (name, first, asks) in [
        ("remember_for", "1h", false),
        ("remember_for", "", true),
        ("organization", "a", true),
        ("realm", "a", true),
    ] {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        assert!(talk.shows(&form(name, first)).is_none());
        let asked = talk.said.iter().filter(|said| said.starts_with("? "));
        assert_eq!(
            asked.count(),
            1 + usize::from(asks),
            "{name}: {:?}",
            talk.said
        );
    }
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
fn a_list_is_chosen_from() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("discovery").is_none());
    assert!(talk.sample("simplesamlphp-organization").is_none());
    let expected = [
        "? way to sign in (Select your identity provider)",
        "GET /disco entityID=https://sp.example.org return=r idpentityid=https://b.example.org/idp go=Select",
        "? way to sign in (Organization)",
        "? the password of jane",
        "POST /start username=jane password=*hunter2 organization=guests lang=en AuthState=_1",
    ];
    assert_eq!(talk.said, expected);
}

#[test]
fn a_button_and_a_base_say_where_to() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("button-with-action").is_none());
    assert_eq!(
        talk.said[1],
        "POST /app/in relay=r username=jane password=*hunter2 go=1"
    );
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    let step = talk.shows(
        "<form method=post><input type=password name=p><button formaction=//evil.example/>Go</button></form>",
    );
    assert!(
        matches!(step, Some(Step::Fail(FlowError::PasswordElsewhere { .. }))),
        "{step:?}"
    );
    assert_eq!(talk.said, [""; 0], "nobody types for another host");
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

#[test]
fn a_partners_response_is_passed_on() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("partner-response").is_none());
    assert_eq!(talk.said, ["POST /acs SAMLResponse=*QUJD RelayState=r"]);
    assert!(matches!(talk.sample("assertion"), Some(Step::Done(_))));
}

#[test]
fn what_no_script_is_run_for() {
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("no-scripts").is_none());
    assert!(talk.sample("refresh-beside-search").is_none());
    assert!(talk.sample("auto-get").is_none());
    let expected = [
        "POST /app/hop a=b",
        "GET /next ",
        "GET /saml SAMLRequest=fVLB",
    ];
    assert_eq!(talk.said, expected);
    assert!(matches!(
        talk.sample("response-in-script"),
        Some(Step::Done(_))
    ));
    // What they say to those without scripts is no complaint about a login.
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    let step =
        talk.shows("<script></script><noscript><p class=error>Enable scripts</p></noscript>");
    assert!(
        matches!(step, Some(Step::Fail(FlowError::NeedsScripts { .. }))),
        "{step:?}"
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

/// Before anybody is asked for a password that would be sent for nothing.
#[test]
fn a_captcha_ends_the_login_before_the_password() {
    let form = |extra: &str| {
        format!(
            "<form method=post><input name=user><input type=password name=p>{extra}<button>Go</button></form>"
        )
    };
    for extra in [
        "<div class='g-recaptcha' data-sitekey=k></div>",
        "<div class='h-captcha' data-sitekey=k></div>",
        "<div class='cf-turnstile' data-sitekey=k></div>",
        "<input type=hidden name=g-recaptcha-response>",
        "<input type=hidden name=h-captcha-response>",
        "<input type=hidden name=cf-turnstile-response>",
        "<textarea name=g-recaptcha-response style='display:none'></textarea>",
    ] {
        let mut talk = Talk::new(None, FormFields::default());
        let step = talk.shows(&form(extra));
        assert!(
            matches!(step, Some(Step::Fail(FlowError::Captcha { .. }))),
            "{extra}: {step:?}"
        );
        assert_eq!(talk.said, [""; 0], "{extra}");
    }
    // Loaded for another form, or not asked for yet.
    for (extra, beside) in [
        (
            "",
            "<script src=https://www.google.com/recaptcha/api.js></script>",
        ),
        ("", "<div class=g-recaptcha data-size=invisible></div>"),
        ("<div class=g-recaptcha hidden></div>", ""),
    ] {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        let page = format!("{}{beside}", form(extra));
        assert!(talk.shows(&page).is_none(), "{extra}{beside}");
    }
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

/// `Confirm 42 on your phone`, and the page comes again until somebody has.
#[test]
fn a_page_that_comes_again_after_the_password_is_waited_for() {
    let page = |text: &str, delay: u32| {
        format!("<meta http-equiv=refresh content='{delay}; url=/wait'><p>{text}</p>")
    };
    let event = |body: &str| {
        Event::Page(PageEvent {
            url: PAGE.parse().unwrap(),
            status: 200,
            www_authenticate: vec![],
            body: body.to_owned().into(),
        })
    };
    let begun = || {
        let mut talk = Talk::new(Some("jane"), FormFields::default());
        assert!(talk.sample("openam-sign-in").is_none());
        talk.flow
    };
    let is_wait = |step: Step, seconds| matches!(step, Step::Wait(time) if time == Duration::from_secs(seconds));
    let is_look = |step: Step| matches!(step, Step::Send(r) if r.url.path() == "/wait");
    let mut flow = begun();
    let confirm = page("Confirm <b>42</b> on your phone", 2);
    match flow.next(event(&confirm)) {
        Step::Show(text) => assert_eq!(text, "Confirm 42 on your phone"),
        other => panic!("{other:?}"),
    }
    assert!(is_wait(flow.next(Event::Continue), 2));
    assert!(is_look(flow.next(Event::Continue)));
    // What is known is not told again.
    for _ in 0..40 {
        assert!(is_wait(flow.next(event(&confirm)), 2));
        assert!(is_look(flow.next(Event::Continue)));
    }
    assert!(matches!(
        flow.next(event(&page("Confirm 43 on your phone", 20))),
        Step::Show(_)
    ));
    assert!(is_wait(flow.next(Event::Continue), 20));
    assert!(is_look(flow.next(Event::Continue)));
    assert!(is_wait(flow.next(event(&page("", 1))), 1));

    // What only leads on, and what comes before the password, is gone along with at once.
    assert!(is_look(begun().next(event(&page("Welcome", 0)))));
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(is_look(talk.flow.next(event(&page("Welcome", 2)))));
    // A session that runs out under the reader.
    let step = begun().next(event(&page("Welcome", 600)));
    assert!(
        matches!(step, Step::Fail(FlowError::NoForm { .. })),
        "{step:?}"
    );
}

/// LemonLDAP::NG's "Choice": which directory a password goes to is nobody's guess.
#[test]
fn forms_that_differ_in_a_hidden_field_are_a_choice() {
    let form = |n: &str, hidden: &str| {
        format!(
            "<div id={n}><form id=lform{n} action='/' method=post>{hidden}<input name=user>\
             <input type=password name=password><button>Connect</button></form></div>"
        )
    };
    let auth = |n: &str| {
        let token = format!("<input type=hidden name=token value=t{n}>");
        form(
            n,
            &format!("{token}<input type=hidden name=lmAuth value={n}>"),
        )
    };
    let tabs = "<a href='#1_LDAP'><div>Annuaire LDAP</div></a><a href='#2_DB'>Partenaires</a>";
    let both = format!("{tabs}{}{}", auth("1_LDAP"), auth("2_DB"));
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    let event = PageEvent {
        url: talk.url.clone(),
        status: 200,
        www_authenticate: vec![],
        body: both.clone().into(),
    };
    match talk.flow.next(Event::Page(event)) {
        Step::Choose(choice) => {
            let offers: Vec<_> = choice.options.iter().map(|o| (&*o.id, &*o.label)).collect();
            let expected = [
                ("1_LDAP", "Annuaire LDAP (lform1_LDAP)"),
                ("2_DB", "Partenaires (lform2_DB)"),
            ];
            assert_eq!(offers, expected);
            assert!(choice.what.contains("`form`"));
        }
        other => panic!("{other:?}"),
    }

    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.shows(&both).is_none());
    assert_eq!(
        talk.said[1..],
        [
            "? the password of jane",
            "POST / token=t2_DB lmAuth=2_DB user=jane password=*hunter2"
        ]
    );
    // It asks again: for nothing that would be chosen anew.
    assert!(matches!(talk.shows(&both), Some(Step::Refuse(r)) if r.what == Refused::Password));

    let named = FormFields {
        form: Some("lform1_LDAP".to_owned()),
        ..FormFields::default()
    };
    let token = |value: &str| {
        form(
            value,
            &format!("<input type=hidden name=csrf value={value}>"),
        )
    };
    let same = |value: &str| form(value, "<input type=hidden name=lmAuth value=LDAP>");
    for (page, fields) in [
        (both, named),
        // Twice the same, for two sizes of screen.
        (token("a") + &token("b"), FormFields::default()),
        (same("a") + &same("b"), FormFields::default()),
        (auth("1_LDAP"), FormFields::default()),
    ] {
        let mut talk = Talk::new(Some("jane"), fields);
        assert!(talk.shows(&page).is_none());
        assert_eq!(talk.said[0], "? the password of jane", "{page}");
    }
}
