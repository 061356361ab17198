//! Nothing is sent twice in one login, through all that the application asks for after it.

use super::*;

fn code(text: &str) -> Event {
    Event::Answer(text.into())
}

fn refused(step: &Step) -> Refused {
    match step {
        Step::Refuse(refusal) => refusal.what,
        other => panic!("{other:?}"),
    }
}

/// An Identity Engine login with a password, and the application's page that asks for more.
fn stepped_up(answers: Vec<Event>) -> Step {
    let mut events = vec![
        page("idx-challenge-password.json"),
        password(),
        page("idx-success.json"),
        page("sign-in.html"),
    ];
    events.extend(answers);
    idx(events)
}

#[test]
fn a_step_up_asks_for_a_factor_and_never_for_the_password() {
    let step = stepped_up(vec![page("idx-challenge-totp.json")]);
    assert!(
        shown(&step).starts_with("ask: the one-time code"),
        "{step:?}"
    );
    for name in ["idx-challenge-password.json", "idx-identify-password.json"] {
        let step = stepped_up(vec![page(name)]);
        // It was right: a saved one must not be forgotten for this.
        assert_eq!(refused(&step), Refused::Other, "{name}");
        assert!(shown(&step).contains("a second time"), "{step:?}");
    }
    let step = stepped_up(vec![page("idx-select-password.json")]);
    assert!(!shown(&step).starts_with("post"), "{step:?}");
}

#[test]
fn the_identity_engine_gets_each_code_once() {
    let totp = || page("idx-challenge-totp.json");
    let email = || page("idx-challenge-email.json");
    // The same question again is a no.
    let step = idx(vec![totp(), code("123456"), totp()]);
    assert_eq!(refused(&step), Refused::Code);
    // Another one is not, but the same code is.
    let step = idx(vec![totp(), code("123456"), email(), code("123 456")]);
    assert_eq!(refused(&step), Refused::Code);
    let step = idx(vec![totp(), code("123456"), email(), code("234567")]);
    assert!(shown(&step).starts_with("post"), "{step:?}");
    // A step-up is the same login.
    let again = |then| {
        let more = page("sign-in.html");
        vec![
            totp(),
            code("123456"),
            page("idx-success.json"),
            more,
            totp(),
            code(then),
        ]
    };
    assert!(shown(&idx(again("234567"))).starts_with("post"));
    assert_eq!(refused(&idx(again("123456"))), Refused::Code);
}

#[test]
fn classic_gets_each_code_once() {
    let sms = || page("classic-challenge-sms.json");
    let email = || page("classic-challenge-email.json");
    let step = classic(vec![sms(), code("123456"), sms()]);
    assert_eq!(refused(&step), Refused::Code);
    let step = classic(vec![sms(), code("123456"), email(), code("123456")]);
    assert_eq!(refused(&step), Refused::Code);
    let step = classic(vec![sms(), code("123456"), email(), code("234567")]);
    assert!(shown(&step).starts_with("post"), "{step:?}");
}

#[test]
fn a_push_that_came_to_nothing_is_the_factors_no() {
    for name in ["classic-push-rejected.json", "classic-push-timeout.json"] {
        assert_eq!(
            refused(&classic(vec![page(name)])),
            Refused::Factor,
            "{name}"
        );
    }
    let push = || page("idx-poll-push.json");
    let begun = || vec![push(), Event::Continue, Event::Continue];
    let no = page_at(APP, 400, sample("idx-wrong-code.json"));
    let step = idx(begun().into_iter().chain([no]).collect());
    assert_eq!(refused(&step), Refused::Factor);
    // Nobody answers it.
    let mut events = vec![push(), Event::Continue];
    let mut last = None;
    for _ in 0..200 {
        let step = idx(events.iter().map(again).collect());
        if let Step::Refuse(refusal) = step {
            last = Some(refusal.what);
            break;
        }
        events.extend([Event::Continue, push()]);
    }
    assert_eq!(last, Some(Refused::Factor));
}

fn again(event: &Event) -> Event {
    match event {
        Event::Page(_) => page("idx-poll-push.json"),
        _ => Event::Continue,
    }
}

#[test]
fn words_that_an_org_makes_up_are_cut() {
    let factors: Vec<String> = (0..50)
        .map(|at| {
            format!(
                "{{\"factorType\":\"web{at}{}\",\"id\":\"{at}\"}}",
                "x".repeat(50)
            )
        })
        .collect();
    for status in ["MFA_REQUIRED", "MFA_ENROLL"] {
        let text = format!(
            "{{\"status\":\"{status}\",\"stateToken\":\"t\",\"_embedded\":{{\"factors\":[{}]}}}}",
            factors.join(",")
        );
        let said = shown(&classic(vec![page_at(APP, 200, &text)]));
        assert!(said.starts_with("fail:") && said.len() < 400, "{said}");
    }
}
