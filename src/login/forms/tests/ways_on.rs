//! How a page goes on: by a button, by itself, to another identity provider, or not at all.

use super::*;

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

fn shown(body: &str) -> Event {
    Event::Page(PageEvent {
        url: PAGE.parse().unwrap(),
        status: 200,
        www_authenticate: vec![],
        body: body.to_owned().into(),
    })
}

/// `Confirm 42 on your phone`, and the page comes again until somebody has.
#[test]
fn a_page_that_comes_again_after_the_password_is_waited_for() {
    let page = |text: &str, delay: u32| {
        format!("<meta http-equiv=refresh content='{delay}; url=/wait'><p>{text}</p>")
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
    match flow.next(shown(&confirm)) {
        Step::Show(text) => assert_eq!(text, "Confirm 42 on your phone"),
        other => panic!("{other:?}"),
    }
    assert!(is_wait(flow.next(Event::Continue), 2));
    assert!(is_look(flow.next(Event::Continue)));
    // What is known is not told again.
    for _ in 0..40 {
        assert!(is_wait(flow.next(shown(&confirm)), 2));
        assert!(is_look(flow.next(Event::Continue)));
    }
    assert!(matches!(
        flow.next(shown(&page("Confirm 43 on your phone", 20))),
        Step::Show(_)
    ));
    assert!(is_wait(flow.next(Event::Continue), 20));
    assert!(is_look(flow.next(Event::Continue)));
    assert!(is_wait(flow.next(shown(&page("", 1))), 1));

    // What only leads on, and what comes before the password, is gone along with at once.
    assert!(is_look(begun().next(shown(&page("Welcome", 0)))));
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(is_look(talk.flow.next(shown(&page("Welcome", 2)))));
    // A session that runs out under the reader.
    let step = begun().next(shown(&page("Welcome", 600)));
    assert!(
        matches!(step, Step::Fail(FlowError::NoForm { .. })),
        "{step:?}"
    );
}

/// The same by a script that sends the form after a pause, which only shows in that it comes again.
#[test]
fn a_form_that_comes_again_after_the_password_is_waited_for() {
    let page = |token: u32, action: &str, text: &str| {
        format!(
            "<p>{text}</p><form method=post action={action}><input type=hidden name=state value={token}></form>\
             <script>setTimeout(() => document.forms[0].submit(), 3000)</script>"
        )
    };
    let confirm = |token| page(token, "/check?n=1", "Confirm 42 on your phone");
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(talk.sample("openam-sign-in").is_none());
    let mut flow = talk.flow;
    let is_sent = |step: Step| matches!(step, Step::Send(r) if r.url.path() == "/check");
    let is_wait = |step: Step| matches!(step, Step::Wait(time) if time == Duration::from_secs(2));
    // Once it may be a page on the way.
    assert!(is_sent(flow.next(shown(&confirm(1)))));
    match flow.next(shown(&confirm(2))) {
        Step::Show(text) => assert_eq!(text, "Confirm 42 on your phone"),
        other => panic!("{other:?}"),
    }
    assert!(is_wait(flow.next(Event::Continue)));
    assert!(is_sent(flow.next(Event::Continue)));
    for token in 3..40 {
        assert!(is_wait(flow.next(shown(&confirm(token)))));
        assert!(is_sent(flow.next(Event::Continue)));
    }
    // Another form goes on at once; so does the first one where another page was between.
    let other = flow.next(shown(&page(1, "/other", "")));
    assert!(matches!(other, Step::Send(r) if r.url.path() == "/other"));
    assert!(is_sent(flow.next(shown(&confirm(40)))));

    // Without a timer it is a way that leads nowhere.
    let at_once = "<form method=post action=/check><input type=hidden name=state value=1></form>\
                   <script>document.forms[0].submit()</script>";
    for _ in 0..3 {
        assert!(is_sent(flow.next(shown(at_once))));
    }

    // Before the password nobody can have been asked to confirm anything.
    let mut talk = Talk::new(Some("jane"), FormFields::default());
    assert!(is_sent(talk.flow.next(shown(&confirm(1)))));
    assert!(is_sent(talk.flow.next(shown(&confirm(2)))));
}
