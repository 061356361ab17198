//! Answers of somebody who holds the org, or its place.

use proptest::prelude::*;

use super::*;
use crate::login::fuzzing::fuzz;

#[test]
fn links_stay_on_the_org() {
    let home = "https://example.okta.com";
    for other in [
        "https://evil.example",
        "https://example.okta.com.evil.example",
        "https://example.okta.com@evil.example",
        "http://example.okta.com",
        "https://example.okta.com:8443",
        "javascript:alert(1)//",
        "file://example.okta.com",
        "//evil.example",
    ] {
        let text = |name: &str| page_at(APP, 200, &sample(name).replace(home, other));
        for answers in [
            vec![text("classic-mfa-required.json"), Event::Chosen(0)],
            vec![text("classic-step-up-done.json")],
            vec![text("classic-password-warn.json")],
            vec![text("classic-challenge-sms.json")],
            vec![text("classic-challenge-push.json")],
        ] {
            let step = classic(answers);
            assert!(
                shown(&step).contains("not on the Okta org"),
                "{other}: {step:?}"
            );
        }
        for answers in [
            vec![text("idx-identify.json")],
            vec![text("idx-challenge-totp.json"), Event::Answer("1".into())],
            vec![text("idx-challenge-password.json"), password()],
            vec![text("idx-poll-push.json")],
            vec![text("idx-poll-loopback.json")],
            vec![text("idx-select-password.json")],
            vec![text("idx-password-warning.json")],
            vec![text("idx-success.json")],
        ] {
            let step = idx(answers);
            assert!(
                shown(&step).contains("not on the Okta org"),
                "{other}: {step:?}"
            );
        }
    }
}

/// A host that the configuration names may be led to, and no other.
#[test]
fn allowed_hosts_may_know() {
    let url: Url = APP.parse().unwrap();
    let origins = Origins::new(&url, &["sso.example.net".to_owned()]);
    let okta = model::Okta { url, device: None };
    for (host, expected) in [
        ("https://sso.example.net", "post: /idp/idx/identify"),
        ("https://other.example.net", "fail: an answer of"),
    ] {
        let flow = Okta::new(&okta, origins.clone(), Some("jane".to_owned()));
        let text = sample("idx-identify.json").replace("https://example.okta.com", host);
        let events = vec![
            page("sign-in.html"),
            page("organization-identity-engine.json"),
            page_at(APP, 200, &text),
        ];
        let shown = shown(&after(flow, events).1);
        assert!(shown.starts_with(expected), "{host}: {shown}");
    }
}

#[test]
fn debug_of_what_waits_shows_no_secret() {
    let step = classic(vec![page("classic-mfa-required.json"), Event::Chosen(0)]);
    assert!(!format!("{step:?}").contains("02s"));
    let step = classic(vec![page("classic-success.json")]);
    assert!(!format!("{step:?}").contains("20111abc"));
}

/// JSON as the API has it, with one thing anywhere that should not be.
fn spoilt() -> impl Strategy<Value = (usize, String)> {
    let names: Vec<usize> = (0..NAMES.len())
        .filter(|at| NAMES[*at].ends_with(".json"))
        .collect();
    let odd = prop_oneof![
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("-1e400".to_owned()),
        Just("18446744073709551615".to_owned()),
        Just("\"\\u0000\\u001b[31m\\u202e\"".to_owned()),
        Just(format!("{}1{}", "[".repeat(100), "]".repeat(100))),
        any::<u64>().prop_map(|n| n.to_string()),
        ".*".prop_map(|text| serde_json::Value::from(text).to_string()),
    ];
    (
        proptest::sample::select(names),
        any::<prop::sample::Index>(),
        odd,
        any::<bool>(),
    )
        .prop_map(|(at, place, odd, cut)| {
            let text = sample(NAMES[at]);
            // After a colon there is a value.
            let places: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
            let start = *place.get(&places);
            let end = text[start..]
                .find([',', '\n'])
                .map_or(text.len(), |n| start + n);
            let text = match cut {
                true => text[..start].to_owned(),
                false => format!("{}{odd}{}", &text[..start], &text[end..]),
            };
            (at, text)
        })
}

/// Whatever is answered, there is a next step, and no terminal's control sequence in it.
#[test]
fn any_answer_leads_to_a_step() {
    fuzz((spoilt(), 100_u16..600), |((_, text), status)| {
        let here = || page_at(APP, status, &text);
        for step in [
            classic(vec![here()]),
            idx(vec![here()]),
            device(vec![here()]),
            after(flow(None, false), vec![page("sign-in.html"), here()]).1,
            after(flow(None, false), vec![here()]).1,
        ] {
            let shown = shown(&step);
            let is_control = |c: char| c.is_control() && c != '\n';
            prop_assert!(!shown.chars().any(is_control), "{:?}", shown);
            if let Step::Send(request) = &step {
                let url = request.url.as_str();
                // What Duo is told first is the org's request alone.
                let is_duo =
                    url.starts_with("https://api-1a2b3c4d.duosecurity.com/frame/web/v1/auth?tx=TX");
                let is_org = url.starts_with("https://example.okta.com/");
                prop_assert!(is_duo || is_org, "{}", url);
                let is_told = url.contains("02s") || request.carries_secret;
                prop_assert!(!(is_duo && is_told), "{}", url);
            }
        }
        Ok(())
    });
}
