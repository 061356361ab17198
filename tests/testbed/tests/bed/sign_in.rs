//! AWS sign-in: a token for whoever holds the credentials, and for nobody else.

use fedgit_testbed::{Scenario, Service, World};

use crate::client::{Client, Credentials, Response, assume, credentials, signed_call};

/// Credentials as the federation endpoint wants them.
fn session(credentials: &Credentials) -> String {
    serde_json::json!({
        "sessionId": credentials.id,
        "sessionKey": credentials.secret,
        "sessionToken": credentials.token,
    })
    .to_string()
}

fn ask(world: &World, client: &Client, session: &str, duration: Option<&str>) -> Response {
    let mut form = vec![("Action", "getSigninToken"), ("Session", session)];
    form.extend(duration.map(|seconds| ("SessionDuration", seconds)));
    client.post(&format!("{}/federation", world.sign_in_url()), &form)
}

#[test]
fn credentials_become_a_token() {
    let world = World::start(Scenario::adfs());
    let client = Client::of(&world);
    let found = assume(&world, &client);
    let answer = ask(&world, &client, &session(&found), Some("43200"));
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.between("{\"SigninToken\":\"", "\"");
    assert!(world.secrets().contains(&token));
    let ledger = world.ledger();
    let entry = ledger.of(Service::SignIn).next().expect("an entry");
    assert!(
        entry
            .form
            .contains(&("Session".to_owned(), "[secret]".to_owned()))
    );
}

#[test]
fn others_are_refused() {
    let world = World::start(Scenario::adfs());
    let client = Client::of(&world);
    let found = assume(&world, &client);
    let good = session(&found);
    let token = found.token.clone().expect("a token");
    for (session, duration) in [
        ("{".to_owned(), None),
        (good.replace(&found.id, "ASIAEXAMPLE"), None),
        (good.replace(&token, "other"), None),
        (good.clone(), Some("899")),
        (good.clone(), Some("43201")),
    ] {
        let answer = ask(&world, &client, &session, duration);
        assert_eq!(answer.status, 400, "{session} {duration:?}");
    }
    // A chained role has no duration to ask for.
    let chained = [
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", "arn:aws:iam::444455556666:role/Deploy"),
        ("RoleSessionName", "jane@example.com"),
    ];
    let chained = credentials(&signed_call(&world, &client, &found, &chained));
    let chained = session(&chained);
    assert_eq!(ask(&world, &client, &chained, Some("900")).status, 400);
    assert_eq!(ask(&world, &client, &chained, None).status, 200);
    // No URL, and no later than the credentials.
    let url = format!("{}/federation?Action=getSigninToken", world.sign_in_url());
    assert_eq!(client.get(&url, &[]).status, 400);
    assert_eq!(client.post(&url, &[("Session", &good)]).status, 400);
    world.set_clock_offset(24 * 3600);
    assert_eq!(ask(&world, &client, &good, None).status, 400);
}
