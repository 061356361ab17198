//! STS: what it gives, and everything that it refuses.

use fedgit_testbed::{Scenario, Service, World};

use crate::client::{
    Client, Credentials, PROVIDER, ROLE, Response, assume, credentials, sign_in, signed_call,
    with_saml,
};

fn start(scenario: Scenario) -> (World, Client) {
    let world = World::start(scenario);
    let client = Client::of(&world);
    (world, client)
}

#[track_caller]
fn refused(response: &Response, status: u16, code: &str, message: &str) {
    assert_eq!(response.status, status, "{}", response.body);
    assert_eq!(response.between("<Code>", "<"), code);
    let said = response.between("<Message>", "</");
    assert!(said.contains(message), "{said}");
    assert!(response.body.contains("<Type>Sender</Type>"));
    assert!(
        response
            .body
            .contains("xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"")
    );
}

const WHO: [(&str, &str); 2] = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];

fn chained(duration: &str) -> [(&str, &str); 5] {
    [
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", "arn:aws:iam::444455556666:role/path/Deploy"),
        ("RoleSessionName", "jane@example.com"),
        ("DurationSeconds", duration),
    ]
}

#[test]
fn an_assertion_becomes_credentials_that_sign() {
    let (world, client) = start(Scenario::adfs());
    let assertion = sign_in(&world, &client);
    let response = client.post(&world.sts_url(), &with_saml(&assertion, "43200"));
    let found = credentials(&response);
    assert!(found.id.starts_with("ASIA") && found.id.len() == 20);
    assert!(found.secret.len() == 40 && found.secret.contains('/') && found.secret.contains('+'));
    let token = found.token.clone().expect("a token");
    assert!(token.len() == 400 && token.ends_with('='));
    for name in [
        "Subject",
        "SubjectType",
        "Issuer",
        "Audience",
        "NameQualifier",
        "RequestId",
    ] {
        assert!(
            !response.between(&format!("<{name}>"), "<").is_empty(),
            "{name}"
        );
    }
    let arn = "arn:aws:sts::111122223333:assumed-role/ADFS-Production/username@domain";
    assert_eq!(response.between("<Arn>", "<"), arn);

    let who = signed_call(&world, &client, &found, &WHO);
    assert_eq!((who.status, who.between("<Arn>", "<").as_str()), (200, arn));
    let entry = world
        .ledger()
        .of(Service::Sts)
        .next()
        .cloned()
        .expect("an entry");
    assert_eq!(entry.note, format!("AssumeRoleWithSAML {ROLE}"));
    assert!(
        entry
            .form
            .contains(&("SAMLAssertion".to_owned(), "[secret]".to_owned()))
    );
}

#[test]
fn a_chained_session_lasts_an_hour_at_most() {
    let (world, client) = start(Scenario::adfs());
    let found = assume(&world, &client);
    let response = signed_call(&world, &client, &found, &chained("3600"));
    let arn = "arn:aws:sts::444455556666:assumed-role/Deploy/jane@example.com";
    assert_eq!(response.between("<Arn>", "<"), arn);
    let deploy = credentials(&response);
    assert_eq!(
        signed_call(&world, &client, &deploy, &WHO).between("<Arn>", "<"),
        arn
    );
    let response = signed_call(&world, &client, &found, &chained("3601"));
    refused(
        &response,
        400,
        "ValidationError",
        "1 hour session limit for roles assumed by role",
    );

    let (id, secret) = world.add_static_key();
    let user = Credentials {
        id,
        secret,
        token: None,
    };
    credentials(&signed_call(&world, &client, &user, &chained("3601")));
}

#[test]
fn signatures_that_are_not_right() {
    let (world, client) = start(Scenario::adfs());
    let found = assume(&world, &client);
    let call = |who: &Credentials| signed_call(&world, &client, who, &WHO);
    let wrong = Credentials {
        secret: "x".to_owned(),
        ..found.clone()
    };
    refused(
        &call(&wrong),
        403,
        "SignatureDoesNotMatch",
        "does not match",
    );
    let wrong = Credentials {
        id: "ASIAAAAAAAAAAAAAAAAA".to_owned(),
        ..found.clone()
    };
    refused(&call(&wrong), 403, "InvalidClientTokenId", "invalid");
    let wrong = Credentials {
        token: None,
        ..found.clone()
    };
    refused(&call(&wrong), 403, "InvalidClientTokenId", "invalid");
    let unsigned = client.post(&world.sts_url(), &WHO);
    refused(&unsigned, 403, "MissingAuthenticationToken", "missing");
    world.set_clock_offset(960);
    refused(
        &call(&found),
        403,
        "SignatureDoesNotMatch",
        "Signature expired",
    );
    world.set_clock_offset(-960);
    refused(
        &call(&found),
        403,
        "SignatureDoesNotMatch",
        "Signature not yet current",
    );
    world.set_clock_offset(3601);
    refused(&call(&found), 403, "ExpiredToken", "expired");
}

#[test]
fn credentials_may_be_born_expired() {
    for lifetime in [0, -60] {
        let (world, client) = start(Scenario::adfs().credential_lifetime(lifetime));
        let found = assume(&world, &client);
        refused(
            &signed_call(&world, &client, &found, &WHO),
            403,
            "ExpiredToken",
            "expired",
        );
    }
}

#[test]
fn assertions_that_are_not_good() {
    let (world, client) = start(Scenario::adfs());
    let assertion = sign_in(&world, &client);
    let call =
        |assertion: &str, duration| client.post(&world.sts_url(), &with_saml(assertion, duration));
    refused(
        &call(&assertion, "899"),
        400,
        "ValidationError",
        "greater than or equal to 900",
    );
    refused(
        &call(&assertion, "43201"),
        400,
        "ValidationError",
        "less than or equal to 43200",
    );
    refused(&call("%%%", "900"), 400, "InvalidIdentityToken", "base64");
    let (other_world, other_client) = start(Scenario::adfs());
    let elsewhere = sign_in(&other_world, &other_client);
    refused(
        &call(&elsewhere, "900"),
        400,
        "InvalidIdentityToken",
        "signature",
    );
    world.set_clock_offset(301);
    refused(
        &call(&assertion, "900"),
        400,
        "ExpiredTokenException",
        "within 5 minutes",
    );

    let (world, client) = start(Scenario::adfs().assertion_lifetime(0));
    let assertion = sign_in(&world, &client);
    let response = client.post(&world.sts_url(), &with_saml(&assertion, "900"));
    refused(&response, 400, "ExpiredTokenException", "within 5 minutes");

    let other = "arn:aws:iam::111122223333:role/Other";
    let (world, client) = start(Scenario::adfs().roles(&[(other, PROVIDER)]));
    let assertion = sign_in(&world, &client);
    let response = client.post(&world.sts_url(), &with_saml(&assertion, "900"));
    refused(
        &response,
        403,
        "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithSAML",
    );
}

#[test]
fn scenarios_of_refusal() {
    let call = |scenario, duration| {
        let (world, client) = start(scenario);
        let assertion = sign_in(&world, &client);
        client.post(&world.sts_url(), &with_saml(&assertion, duration))
    };
    let response = call(Scenario::sts_expired_token(), "900");
    refused(&response, 400, "ExpiredTokenException", "within 5 minutes");
    let response = call(Scenario::sts_access_denied(), "900");
    refused(
        &response,
        403,
        "AccessDenied",
        "Not authorized to perform sts:AssumeRoleWithSAML",
    );
    let response = call(Scenario::sts_over_max_duration(7200), "7201");
    let text = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    refused(&response, 400, "ValidationError", text);
    assert_eq!(
        call(Scenario::sts_over_max_duration(7200), "7200").status,
        200
    );

    let (world, client) = start(Scenario::sts_throttles(2));
    let assertion = sign_in(&world, &client);
    let call = || client.post(&world.sts_url(), &with_saml(&assertion, "900"));
    refused(&call(), 400, "Throttling", "Rate exceeded");
    refused(&call(), 400, "Throttling", "Rate exceeded");
    assert_eq!(call().status, 200);
}

#[test]
fn so_many_calls_a_second() {
    let (world, client) = start(Scenario::sts_requests_per_second(1));
    let assertion = sign_in(&world, &client);
    let call = || client.post(&world.sts_url(), &with_saml(&assertion, "900"));
    assert_eq!(call().status, 200);
    let throttled = (0..20).map(|_| call()).find(|answer| answer.status != 200);
    refused(&throttled.unwrap(), 400, "Throttling", "Rate exceeded");
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(call().status, 200);
}

#[test]
fn an_iam_user_without_the_code_of_the_device() {
    let serial = "arn:aws:iam::111122223333:mfa/example";
    let (world, client) = start(Scenario::sts_asks_for_mfa(serial, "123456"));
    let (id, secret) = world.add_static_key();
    let user = Credentials {
        id,
        secret,
        token: None,
    };
    let with = |more: &[(&'static str, &'static str)]| {
        let plain = chained("900");
        let mut fields: Vec<(&str, &str)> = plain.to_vec();
        fields.extend(more);
        signed_call(&world, &client, &user, &fields)
    };
    refused(&with(&[]), 403, "AccessDenied", "sts:AssumeRole");
    let wrong = with(&[("SerialNumber", serial), ("TokenCode", "000000")]);
    refused(&wrong, 403, "AccessDenied", "MultiFactorAuthentication");
    credentials(&with(&[("SerialNumber", serial), ("TokenCode", "123456")]));
}
