//! Okta Verify on this machine.

use std::time::Duration;

use super::*;
use crate::login::LocalAnswer;

const TAKEN: Event = Event::Local(LocalAnswer::Taken);

/// An org that waits for it after these words of its answer were replaced.
fn waits(replace: &str, by: &str) -> Step {
    let text = sample("idx-poll-loopback.json");
    assert!(text.contains(replace), "{replace}");
    idx(vec![page_at(APP, 200, &text.replace(replace, by))])
}

#[test]
fn what_it_is_given_and_by_whom() {
    let Step::Local(local) = idx(vec![page("idx-poll-loopback.json")]) else {
        panic!()
    };
    assert_eq!(
        local.body.expose_secret(),
        r#"{"challengeRequest":"eyJ.x"}"#
    );
    assert_eq!(local.origin, "https://example.okta.com");
    assert!(!format!("{local:?}").contains("eyJ"));
}

/// An answer has fedgit speak to nothing but such a program on this machine.
#[test]
fn it_is_nowhere_else() {
    for elsewhere in [
        "http://evil.example",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "https://localhost",
        "file:///localhost",
        "",
    ] {
        let step = waits("http://localhost", elsewhere);
        assert!(shown(&step).starts_with("post: "), "{elsewhere}: {step:?}");
    }
    for port in ["22", "0", "-1", "70000", "8769/x", ""] {
        let step = waits("8769", port);
        assert!(shown(&step).starts_with("post: "), "{port}: {step:?}");
    }
    let many = vec!["\"8769\""; 100].join(",");
    let Step::Local(local) = waits("\"8769\"", &many) else {
        panic!()
    };
    assert_eq!(local.places.len(), 16);
    let step = waits("\"ports\"", "\"probeTimeoutMillis\": 999999, \"ports\"");
    let Step::Local(local) = step else { panic!() };
    assert_eq!(local.probe, Duration::from_secs(1));
}

#[test]
fn the_org_is_asked_what_came_of_it_and_the_waiting_ends() {
    let polled = |mut events: Vec<Event>| {
        let mut all = vec![page("idx-poll-loopback.json"), TAKEN];
        all.append(&mut events);
        idx(all)
    };
    assert_eq!(shown(&polled(vec![])), "wait: 2");
    let step = polled(vec![Event::Continue]);
    assert_eq!(shown(&step), "post: /idp/idx/authenticators/poll");
    // It is not given the same again, nor is anything said anew.
    let step = polled(vec![Event::Continue, page("idx-poll-loopback.json")]);
    assert_eq!(shown(&step), "wait: 2");
    let step = polled(vec![Event::Continue, page("idx-success.json")]);
    assert_eq!(shown(&step), "get: /login/token/redirect");
    let mut events = Vec::new();
    for _ in 0..90 {
        events.extend([Event::Continue, page("idx-poll-loopback.json")]);
    }
    let step = polled(events);
    assert!(shown(&step).contains("within 180 seconds"), "{step:?}");
}

#[test]
fn the_org_is_told_where_it_did_not() {
    for (answer, told) in [
        (LocalAnswer::Nobody, r#""OV_UNREACHABLE_BY_LOOPBACK","#),
        (
            LocalAnswer::Refused { status: Some(500) },
            r#""OV_RETURNED_ERROR","statusCode":500,"#,
        ),
        (
            LocalAnswer::Refused { status: None },
            r#""OV_RETURNED_ERROR","#,
        ),
    ] {
        let events = || vec![page("idx-poll-loopback.json"), Event::Local(answer)];
        let step = idx(events());
        assert_eq!(shown(&step), "post: /idp/idx/authenticators/poll/cancel");
        let expected = format!(r#"{{"reason":{told}"stateHandle":"02s"}}"#);
        assert_eq!(body(&step), expected);
        // It is not offered again in this login, nor asked.
        let mut again = events();
        again.push(page("idx-select.json"));
        assert_eq!(shown(&idx(again)), "choose: push totp sms call google");
        let mut again = events();
        again.push(page("idx-poll-loopback.json"));
        let step = idx(again);
        assert!(shown(&step).contains("only a browser can give"), "{step:?}");
    }
}
