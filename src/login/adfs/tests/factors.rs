//! Second factors and choices, page by page.

use super::*;

const OPTIONS: &str = "https://idp.example.com/adfs/ls/?client-request-id=1";

fn chosen(step: Step) -> Choice {
    match step {
        Step::Choose(choice) => choice,
        other => panic!("{other:?}"),
    }
}

fn shown(step: Step) -> String {
    match step {
        Step::Show(text) => text,
        other => panic!("{other:?}"),
    }
}

fn waits(step: Step) {
    assert!(
        matches!(step, Step::Wait(time) if time == PAUSE),
        "{step:?}"
    );
}

fn at_code(name: &str) -> (Adfs, String) {
    let mut flow = after_the_password("jane");
    let Question::Code { prompt } = asked(flow.next(page(sample(name)))) else {
        panic!("no code is asked for");
    };
    (flow, prompt)
}

const ECHO: &str = "Context=<EncryptedData>b3BhcXVl+/=</EncryptedData>";

#[test]
fn each_code_goes_into_its_adapters_field() {
    for (name, adapter, field, button) in [
        (
            "mfa-entra-code",
            "AzureMfaAuthentication",
            "VerificationCode",
            Some("SignIn=Sign in"),
        ),
        (
            "mfa-vip",
            "VIPAuthenticationProviderUPN",
            "security_code",
            Some("Continue=Continue"),
        ),
        ("mfa-vip-old", "SymantecVipAdapter", "SecurityCode", None),
        ("mfa-safenet", "SafeNet-MFA", "SAFENET_PASSWORD", None),
        ("mfa-defender", "Defender AD FS Adapter", "OathCode", None),
        ("mfa-totp", "Example.Totp.Adapter", "q4z", Some("go=OK")),
    ] {
        let (mut flow, prompt) = at_code(name);
        assert!(prompt.starts_with("code ("), "{prompt}");
        let request = sent(flow.next(answer(" 123456\n")));
        assert_eq!(
            (request.method, request.carries_secret),
            (Method::Post, true)
        );
        assert_eq!(request.url.as_str(), SIGN_ON, "{name}");
        let method = format!("AuthMethod={adapter}");
        let code = format!("{field}=secret 123456");
        let expected = [Some(method.as_str()), Some(ECHO), Some(&code), button];
        let expected: Vec<&str> = expected.into_iter().flatten().collect();
        assert_eq!(fields(&request), expected, "{name}");
        done(flow.next(page(sample("assertion"))));
    }
}

#[test]
fn rsa_asks_for_the_next_tokencode_and_a_wrong_one_ends_it() {
    let (mut flow, _) = at_code("mfa-passcode");
    sent(flow.next(answer("111111")));
    asked(flow.next(page(sample("mfa-next-tokencode"))));
    let request = sent(flow.next(answer("222222")));
    let expected = [
        "AuthMethod=SecurIDAuthentication",
        ECHO,
        "Passcode=",
        "NextCode=secret 222222",
        "Submit=Submit",
    ];
    assert_eq!(fields(&request), expected);
    done(flow.next(page(sample("assertion"))));

    let (mut flow, _) = at_code("mfa-passcode");
    sent(flow.next(answer("111111")));
    let refusal = refused(flow.next(page(sample("mfa-wrong-passcode"))));
    assert_eq!(
        (refusal.what, refusal.text.as_str()),
        (
            Refused::Code,
            "Authentication failed. Enter a valid passcode."
        )
    );

    // Without words it is a no all the same, and so is the sign-in page.
    for name in ["mfa-passcode", "sign-in"] {
        let (mut flow, _) = at_code("mfa-passcode");
        sent(flow.next(answer("111111")));
        let refusal = refused(flow.next(page(sample(name))));
        assert_eq!(
            (refusal.what, refusal.text.as_str()),
            (Refused::Code, ""),
            "{name}"
        );
    }
}

#[test]
fn no_code_goes_out_twice() {
    let (mut flow, _) = at_code("mfa-passcode");
    sent(flow.next(answer("111111")));
    asked(flow.next(page(sample("mfa-next-tokencode"))));
    let refusal = refused(flow.next(answer("111111 ")));
    assert_eq!(refusal.what, Refused::Code);
    // Nor do pages that ask anew each time keep somebody at it.
    let (mut flow, _) = at_code("mfa-passcode");
    for round in 0..10 {
        sent(flow.next(answer(&format!("{round}"))));
        let body = sample("mfa-next-tokencode").replace("next one", &format!("one, {round}"));
        match flow.next(page(&body)) {
            Step::Ask(_) => assert!(round < 3),
            step => {
                assert_eq!(refused(step).what, Refused::Code);
                return;
            }
        }
    }
    panic!("it went on");
}

/// Nor to Duo, behind another method.
#[test]
fn no_code_goes_out_twice_where_one_is_duos() {
    for (code, goes) in [("222222", true), ("111 111", false)] {
        let (mut flow, _) = at_code("mfa-passcode");
        sent(flow.next(answer("111111")));
        let way =
            sample("mfa-duo").replace("api-0.duosecurity.example", "api-1a2b3c4d.duosecurity.com");
        sent(flow.next(page(&way)));
        let prompt = include_str!("../../../../tests/cases/pages/duo/prompt.html");
        let url = "https://api-1a2b3c4d.duosecurity.com/frame/prompt?sid=s1&tx=dHg";
        let ways = chosen(flow.next(page_at(url, prompt)));
        let passcode = ways.options.iter().position(|offer| offer.id == "Passcode");
        asked(flow.next(Event::Chosen(passcode.unwrap())));
        let step = flow.next(answer(code));
        match goes {
            true => assert!(sent(step).carries_secret),
            false => assert_eq!(refused(step).what, Refused::Code),
        }
    }
}

#[test]
fn rsa_v2_and_entra_begin_with_a_page_that_leads_on() {
    for (start, then) in [
        ("mfa-securid-v2-start", "mfa-passcode"),
        ("mfa-entra-start", "mfa-entra-code"),
    ] {
        let mut flow = after_the_password("jane");
        let request = match flow.next(page(sample(start))) {
            Step::Show(_) => sent(flow.next(Event::Continue)),
            step => sent(step),
        };
        assert_eq!(fields(&request)[1], ECHO);
        let then = sample(then).replace("SecurIDAuthentication", "SecurIDv2Authentication");
        asked(flow.next(page(&then)));
        sent(flow.next(answer("123456")));
        done(flow.next(page(sample("assertion"))));
    }
}

#[test]
fn a_push_is_told_once_with_its_number_and_waited_for() {
    let mut flow = after_the_password("jane");
    let request = sent(flow.next(page(sample("mfa-entra-start"))));
    assert!(request.slow);
    assert_eq!(
        fields(&request),
        ["AuthMethod=AzureMfaAuthentication", ECHO, "__EVENTTARGET="]
    );
    let text = shown(flow.next(page(sample("mfa-entra"))));
    assert_eq!(
        text,
        "the number to choose is 44: We need to know that it is you."
    );
    for round in 0..3 {
        if round > 0 {
            waits(flow.next(page(sample("mfa-entra"))));
        } else {
            waits(flow.next(Event::Continue));
        }
        let request = sent(flow.next(Event::Continue));
        assert_eq!(fields(&request)[1], "Context=<context>b3BhcXVl</context>");
    }
    // Another number is told.
    let other = sample("mfa-entra").replace(">44<", ">45<");
    assert!(shown(flow.next(page(&other))).contains("45"));
    waits(flow.next(Event::Continue));
    sent(flow.next(Event::Continue));
    let mut denied = flow;
    let refusal = refused(denied.next(page(sample("mfa-entra-denied"))));
    assert_eq!(
        (refusal.what, refusal.text.as_str()),
        (Refused::Factor, "The request was denied.")
    );
}

#[test]
fn a_server_that_holds_its_answer_back_is_waited_for() {
    for (name, words) in [
        (
            "mfa-server",
            "We are calling your phone. Answer it to go on.",
        ),
        ("mfa-silverfort", "Confirm the request on your phone."),
    ] {
        let mut flow = after_the_password("jane");
        assert_eq!(shown(flow.next(page(sample(name)))), words);
        assert!(sent(flow.next(Event::Continue)).slow);
        done(flow.next(page(sample("assertion"))));
    }
    for (body, words) in [
        (sample("silverfort-refused"), "Not authorized"),
        ("<html><body>Not authorized</body></html>", "Not authorized"),
        ("Not authorized", "Not authorized"),
        ("<title>Not authorized</title>", "Not authorized"),
        (
            "<html><body><h1>Silverfort</h1>MFA request expired</body></html>",
            "MFA request expired",
        ),
    ] {
        let mut flow = after_the_password("jane");
        shown(flow.next(page(sample("mfa-silverfort"))));
        sent(flow.next(Event::Continue));
        let refusal = refused(flow.next(page(body)));
        assert_eq!(
            (refusal.what, refusal.text.as_str()),
            (Refused::Factor, words),
            "{body}"
        );
    }
}

#[test]
fn a_method_is_chosen_by_its_name() {
    let mut flow = after_the_password("jane");
    let choice = chosen(flow.next(page(sample("mfa-options"))));
    let ids: Vec<&str> = choice
        .options
        .iter()
        .map(|offer| offer.id.as_str())
        .collect();
    assert_eq!(
        (choice.what.as_str(), ids),
        (
            "second factor",
            vec!["AzureMfaAuthentication", "SecurIDAuthentication"]
        )
    );
    let request = sent(flow.next(Event::Chosen(1)));
    assert_eq!(request.url.as_str(), OPTIONS);
    assert_eq!(fields(&request), ["AuthMethod=SecurIDAuthentication"]);
    asked(flow.next(page(sample("mfa-passcode"))));

    // What no form can answer is not offered, and the password is no second factor.
    let more = sample("mfa-options").replace("AzureMfaAuthentication", "CertificateAuthentication");
    let mut flow = after_the_password("jane");
    assert_eq!(chosen(flow.next(page(&more))).options.len(), 1);
    let only = more.replace("SecurIDAuthentication", "ExampleFidoAdapter");
    let error = failed(after_the_password("jane").next(page(&only)));
    assert!(matches!(error, FlowError::MfaOptions { .. }), "{error}");

    // Where the password is one of several ways to begin, it is the one taken.
    let begin = sample("mfa-options").replace("AzureMfaAuthentication", "FormsAuthentication");
    let mut flow = adfs(Some("jane"));
    sent(flow.next(Event::Start));
    let request = sent(flow.next(page(&begin)));
    assert_eq!(fields(&request), ["AuthMethod=FormsAuthentication"]);

    // Offered again and again, it comes to an end.
    let mut flow = after_the_password("jane");
    for _ in 0..2 {
        chosen(flow.next(page(sample("mfa-options"))));
        sent(flow.next(Event::Chosen(0)));
    }
    let refusal = refused(flow.next(page(sample("mfa-options"))));
    assert_eq!(refusal.what, Refused::Factor);
}

/// What a method's page has links to.
const OTHERS: &str = "<form id=options method=post action='/adfs/ls/?client-request-id=1'>\
     <input type=hidden name=AuthMethod><a class=actionLink id=SecurIDAuthentication href=# \
     onclick=\"return SelectOption('SecurIDAuthentication')\">RSA</a>\
     <a class=actionLink id=CertificateAuthentication href=#>Certificate</a></form>";

#[test]
fn the_method_that_is_meant_is_taken_by_a_link_of_another_ones_page() {
    let body = sample("mfa-entra").to_owned() + OTHERS;
    let preferred = |step| match step {
        Step::Prefer(choice) => choice,
        other => panic!("{other:?}"),
    };
    let mut flow = after_the_password("jane");
    let choice = preferred(flow.next(page(&body)));
    let ids: Vec<&str> = choice.options.iter().map(|o| o.id.as_str()).collect();
    assert_eq!(ids, ["AzureMfaAuthentication", "SecurIDAuthentication"]);
    let request = sent(flow.next(Event::Chosen(1)));
    assert_eq!(request.url.as_str(), OPTIONS);
    assert_eq!(fields(&request), ["AuthMethod=SecurIDAuthentication"]);
    // That one's page has links, too, and nobody is led back.
    asked(flow.next(page(&(sample("mfa-passcode").to_owned() + OTHERS))));

    // Its own, where nothing else is meant; and that once.
    let mut flow = after_the_password("jane");
    preferred(flow.next(page(&body)));
    assert!(shown(flow.next(Event::Chosen(0))).contains("44"));
    waits(flow.next(Event::Continue));
    sent(flow.next(Event::Continue));
    waits(flow.next(page(&body)));

    // Where its own needs a browser, the others are what there is to choose from.
    let key =
        sample("mfa-passcode").replace("SecurIDAuthentication", "ExampleFidoAdapter") + OTHERS;
    let mut flow = after_the_password("jane");
    assert_eq!(chosen(flow.next(page(&key))).options.len(), 1);
    sent(flow.next(Event::Chosen(0)));

    // No link leads the session away.
    let away = body.replace("https://idp.example.com:443/", "https://evil.example/");
    let mut flow = after_the_password("jane");
    preferred(flow.next(page(&away)));
    failed(flow.next(Event::Chosen(1)));
}

/// It may telephone somebody each time.
#[test]
fn the_form_of_a_method_that_nobody_knows_is_not_sent_on_and_on() {
    let body = sample("mfa-entra-start").replace("AzureMfaAuthentication", "Acme.Push");
    let mut flow = after_the_password("jane");
    sent(flow.next(page(&body)));
    let mut posts = 1;
    let error = loop {
        assert!(posts < 3, "it goes on");
        match flow.next(page(&body)) {
            Step::Show(_) => {
                waits(flow.next(Event::Continue));
                sent(flow.next(Event::Continue));
            }
            Step::Fail(error) => break error,
            step => {
                waits(step);
                sent(flow.next(Event::Continue));
            }
        }
        posts += 1;
    };
    assert_eq!(posts, 2);
    assert!(error.to_string().contains("Acme.Push"), "{error}");
}

#[test]
fn an_organization_is_chosen_once() {
    let mut flow = adfs(Some("jane"));
    sent(flow.next(Event::Start));
    let choice = chosen(flow.next(page(sample("home-realm"))));
    assert_eq!(choice.what, ORGANIZATION);
    let request = sent(flow.next(Event::Chosen(1)));
    assert_eq!(
        fields(&request),
        [
            "HomeRealmSelection=https://partner.example.org/saml",
            "Email="
        ]
    );
    let error = failed(flow.next(page(sample("home-realm"))));
    assert!(matches!(error, FlowError::HomeRealm { .. }));

    let mut flow = adfs(Some("jane"));
    sent(flow.next(Event::Start));
    chosen(flow.next(page(sample("home-realm-2.0"))));
    let request = sent(flow.next(Event::Chosen(1)));
    let expected = [
        "__VIEWSTATE=dmlldw==",
        "ctl00$ContentPlaceHolder1$PassiveIdentityProvidersDropDownList=urn:two",
        "ctl00$ContentPlaceHolder1$PassiveSignInButton=Continue to Sign In",
    ];
    assert_eq!(fields(&request), expected);
    asked(flow.next(page(sample("sign-in"))));
}

#[test]
fn nothing_of_a_second_factor_leaves_the_identity_provider() {
    let actions = [
        "https://evil.example/",
        "http://idp.example.com/adfs/ls/",
        "https://idp.example.com:8443/",
        "javascript:steal()",
        "file:///etc/passwd",
    ];
    for name in ["mfa-passcode", "mfa-entra", "mfa-server", "mfa-totp"] {
        for action in actions {
            let body = sample(name).replacen(
                "<form method=\"post\"",
                &format!("<form method=\"post\" action=\"{action}\""),
                1,
            );
            let error = failed(after_the_password("jane").next(page(&body)));
            assert!(
                matches!(
                    error,
                    FlowError::PasswordElsewhere { .. } | FlowError::BadAction { .. }
                ),
                "{name} {action}: {error}"
            );
        }
    }
    for action in actions {
        let body = sample("mfa-options").replace(
            "https://idp.example.com:443/adfs/ls/?client-request-id=1",
            action,
        );
        failed(after_the_password("jane").next(page(&body)));
    }
}

#[test]
fn a_context_of_a_megabyte_goes_back_or_is_refused() {
    let large = "x".repeat(1_000_000);
    let body = sample("mfa-passcode").replace("b3BhcXVl", &large);
    let mut flow = after_the_password("jane");
    match flow.next(page(&body)) {
        Step::Ask(_) => assert!(fields(&sent(flow.next(answer("1"))))[1].len() > large.len()),
        step => assert!(matches!(failed(step), FlowError::TooMuch { .. })),
    }
}

#[test]
fn debug_shows_no_code() {
    let (mut flow, _) = at_code("mfa-passcode");
    let request = sent(flow.next(answer("MARKER")));
    let shown = format!("{flow:?} {request:?}");
    assert!(
        !shown.contains("MARKER") && !shown.contains("b3BhcXVl"),
        "{shown}"
    );
}
