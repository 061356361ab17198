//! The Okta org walked answer by answer: what it takes, and that it takes nothing else.

use fedgit_testbed::{Scenario, World};
use serde_json::{Value, json};

use crate::client::{Client, Response, split};

const ION: &str = "application/ion+json; okta-version=1.0.0";
const JSON: &str = "application/json";

struct Org {
    world: World,
    client: Client,
}

impl Org {
    fn start(scenario: Scenario) -> Org {
        let world = World::start(scenario);
        let client = Client::of(&world);
        Org { world, client }
    }

    fn url(&self, path: &str) -> String {
        let app = self.world.okta_url();
        format!("https://{}{path}", split(&app).0)
    }

    fn post(&self, kind: &str, url: &str, body: &Value) -> Response {
        let headers = [("content-type", kind), ("accept", kind)];
        self.client.send("POST", url, &headers, &body.to_string())
    }

    fn authn(&self, body: &Value) -> Response {
        self.post(JSON, &self.url("/api/v1/authn"), body)
    }

    fn password(&self) -> Value {
        json!({ "username": self.world.username(), "password": self.world.password() })
    }
}

fn read(response: &Response) -> Value {
    serde_json::from_str(&response.body).expect("JSON")
}

fn code(response: &Response) -> String {
    read(response)["errorCode"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_session_token_becomes_a_session_once() {
    let org = Org::start(Scenario::okta_classic());
    let answer = read(&org.authn(&org.password()));
    assert_eq!(answer["status"], "SUCCESS");
    let token = answer["sessionToken"].as_str().expect("a token");
    let app = org.world.okta_url().replace(':', "%3A").replace('/', "%2F");
    let url = format!("/login/sessionCookieRedirect?token={token}&redirectUrl={app}");
    let elsewhere = url.replace("272", "273");
    assert_eq!(org.client.get(&org.url(&elsewhere), &[]).status, 400);
    let first = org.client.get(&org.url(&url), &[]);
    assert_eq!(
        (first.status, first.header("location")),
        (302, org.world.okta_url().as_str())
    );
    assert_eq!(org.client.get(&org.url(&url), &[]).status, 403);
    let cookie = first.cookie("sid");
    let page = org
        .client
        .get(&org.world.okta_url(), &[("cookie", &cookie)]);
    assert!(page.body.contains("SAMLResponse"), "{}", page.body);
    let page = org.client.get(&org.world.okta_url(), &[]);
    assert!(page.body.contains("var stateToken = '';"), "{}", page.body);
}

#[test]
fn nothing_but_what_the_state_asks_for() {
    let org = Org::start(Scenario::okta_classic().okta_factors(&["sms", "totp", "question"]));
    let (right, url) = (org.password(), org.url("/api/v1/authn"));
    assert_eq!(org.post("text/plain", &url, &right).status, 415);
    let mut more = right.clone();
    more["audience"] = json!("x");
    assert_eq!(code(&org.authn(&more)), "E0000003");
    assert_eq!(code(&org.authn(&json!({ "username": "jane" }))), "E0000001");
    let wrong = json!({ "username": org.world.username(), "password": "wrong" });
    let refused = org.authn(&wrong);
    assert_eq!((refused.status, code(&refused).as_str()), (401, "E0000004"));
    assert_eq!(
        code(&org.authn(&json!({ "stateToken": "none" }))),
        "E0000011"
    );

    let answer = read(&org.authn(&right));
    let token = &answer["stateToken"];
    let verify = |at: usize| {
        let href = &answer["_embedded"]["factors"][at]["_links"]["verify"]["href"];
        href.as_str().expect("a link").to_owned()
    };
    let right = org.world.okta_code();
    // Before it was sent a code is nobody's, right as it may be.
    let body = json!({ "stateToken": token, "passCode": right });
    assert_eq!(code(&org.post(JSON, &verify(0), &body)), "E0000079");
    assert_eq!(
        code(&org.post(JSON, &format!("{}x", verify(1)), &body)),
        "E0000007"
    );
    let remembered = format!("{}?rememberDevice=true", verify(1));
    assert_eq!(code(&org.post(JSON, &remembered, &body)), "E0000001");
    // The answer to a question is no code.
    assert_eq!(code(&org.post(JSON, &verify(2), &body)), "E0000001");
    let other = json!({ "stateToken": token, "passCode": "1" });
    assert_eq!(code(&org.post(JSON, &verify(1), &other)), "E0000068");
    assert_eq!(
        read(&org.post(JSON, &verify(1), &body))["status"],
        "SUCCESS"
    );
    // And the login is over.
    assert_eq!(code(&org.post(JSON, &verify(1), &body)), "E0000011");
}

#[test]
fn too_many_wrong_passwords_lock_the_account() {
    let org = Org::start(Scenario::okta_classic());
    for _ in 0..5 {
        org.authn(&json!({ "username": org.world.username(), "password": "wrong" }));
    }
    let answer = read(&org.authn(&org.password()));
    assert_eq!(answer["status"], "LOCKED_OUT");
    let ledger = org.world.ledger();
    assert_eq!((ledger.login_attempts(), ledger.logins()), (6, 0));
}

#[test]
fn the_identity_engine_goes_step_by_step() {
    let org = Org::start(Scenario::okta_identity_engine().okta_factors(&["totp"]));
    let page = org.client.get(&org.world.okta_url(), &[]);
    let token = page.between("stateToken = '", "'").replace("\\x2D", "-");
    let post = |path: &str, body: &Value| org.post(ION, &org.url(path), body);
    let introspect = "/idp/idx/introspect";
    let body = json!({ "stateToken": token });
    assert_eq!(org.post(JSON, &org.url(introspect), &body).status, 415);
    let answer = read(&post(introspect, &body));
    assert_eq!(answer["remediation"]["value"][0]["name"], "identify");
    let handle = &answer["stateHandle"];
    let password = json!({ "passcode": org.world.password() });
    let right = json!({ "totp": org.world.okta_code() });
    // Neither the password nor the code before its turn.
    for credentials in [&password, &right] {
        let body = json!({ "credentials": credentials, "stateHandle": handle });
        assert_eq!(code(&post("/idp/idx/challenge/answer", &body)), "E0000079");
    }
    let body = json!({ "identifier": org.world.username(), "stateHandle": handle });
    post("/idp/idx/identify", &body);
    let body = json!({ "credentials": password, "stateHandle": handle });
    let answer = read(&post("/idp/idx/challenge/answer", &body));
    let step = &answer["remediation"]["value"][0];
    assert_eq!(step["name"], "select-authenticator-authenticate");
    let body = json!({ "authenticator": { "id": "totp0x0h7", "methodType": "push" }, "stateHandle": handle });
    assert_eq!(code(&post("/idp/idx/challenge", &body)), "E0000001");
    let body = json!({ "authenticator": { "id": "totp0x0h7", "methodType": "totp" }, "stateHandle": handle });
    post("/idp/idx/challenge", &body);
    let passcode =
        json!({ "credentials": { "passcode": org.world.okta_code() }, "stateHandle": handle });
    assert_eq!(
        code(&post("/idp/idx/challenge/answer", &passcode)),
        "E0000001"
    );
    let body = json!({ "credentials": right, "stateHandle": handle });
    let answer = read(&post("/idp/idx/challenge/answer", &body));
    let href = answer["success"]["href"].as_str().expect("a link");
    let done = org.client.get(href, &[]);
    assert_eq!(done.status, 302);
    assert_eq!(org.client.get(href, &[]).status, 403);
}

#[test]
fn a_device_login_wants_its_own_tokens() {
    let org = Org::start(Scenario::okta_identity_engine());
    let (client_id, app) = org.world.okta_ids();
    let json = [("accept", JSON)];
    let post =
        |path: &str, form: &[(&str, &str)]| org.client.post_with(&org.url(path), &json, form);
    let scope = ("scope", "openid okta.apps.sso");
    let other = post(
        "/oauth2/v1/device/authorize",
        &[("client_id", "other"), scope],
    );
    assert_eq!(other.status, 401);
    let id = ("client_id", client_id);
    let none = post("/oauth2/v1/device/authorize", &[id, ("scope", "openid")]);
    assert_eq!(none.status, 400);
    let answer = read(&post("/oauth2/v1/device/authorize", &[id, scope]));
    let device = answer["device_code"].as_str().expect("a code");
    let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    let poll = || post("/oauth2/v1/token", &[id, grant, ("device_code", device)]);
    assert_eq!(read(&poll())["error"], "authorization_pending");
    let tokens = read(&poll());
    let audience = format!("urn:okta:apps:{app}");
    let exchange = |actor: &str, audience: &str| {
        post(
            "/oauth2/v1/token",
            &[
                id,
                (
                    "grant_type",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                ),
                ("actor_token", actor),
                (
                    "actor_token_type",
                    "urn:ietf:params:oauth:token-type:access_token",
                ),
                (
                    "subject_token",
                    tokens["id_token"].as_str().expect("a token"),
                ),
                (
                    "subject_token_type",
                    "urn:ietf:params:oauth:token-type:id_token",
                ),
                (
                    "requested_token_type",
                    "urn:okta:oauth:token-type:web_sso_token",
                ),
                ("audience", audience),
            ],
        )
    };
    let access = tokens["access_token"].as_str().expect("a token");
    assert_eq!(
        read(&exchange("other", &audience))["error"],
        "invalid_grant"
    );
    assert_eq!(
        read(&exchange(access, "urn:okta:apps:other"))["error"],
        "invalid_target"
    );
    let token = read(&exchange(access, &audience));
    let token = [("token", token["access_token"].as_str().expect("a token"))];
    let page = org.client.post(&org.url("/login/token/sso"), &token);
    assert!(page.body.contains("SAMLResponse"), "{}", page.body);
    assert_eq!(
        org.client.post(&org.url("/login/token/sso"), &token).status,
        403
    );
}
