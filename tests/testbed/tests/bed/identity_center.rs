//! IAM Identity Center says no wherever the real one would.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fedgit_testbed::{Scenario, World};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Client, Response};

const VERIFIER: &str = "0123456789012345678901234567890123456789012-._~";
const REDIRECT: &str = "http://127.0.0.1:5555/oauth/callback";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

struct Asker {
    world: World,
    client: Client,
}

impl Asker {
    fn new(scenario: Scenario) -> Asker {
        let world = World::start(scenario);
        let client = Client::of(&world);
        Asker { world, client }
    }

    fn post(&self, path: &str, body: &Value) -> Response {
        let url = format!("{}{path}", self.world.oidc_url());
        self.client.post_json(&url, body)
    }

    fn portal(&self, path: &str, token: &str) -> Response {
        let url = format!("{}{path}", self.world.portal_url());
        self.client.get(&url, &[("x-amz-sso_bearer_token", token)])
    }

    /// A client for both flows.
    fn registered(&self) -> Value {
        let answer = self.post("/client/register", &self.registration());
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    fn registration(&self) -> Value {
        json!({
            "clientName": "x", "clientType": "public", "scopes": ["sso:account:access"],
            "grantTypes": ["authorization_code", "refresh_token", DEVICE],
            "redirectUris": ["http://127.0.0.1/oauth/callback"],
            "issuerUrl": self.world.start_url(),
        })
    }

    fn page(&self, client: &Value, change: (&str, &str)) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut page = format!("{}/authorize?", self.world.oidc_url());
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", client["clientId"].as_str().unwrap()),
            ("redirect_uri", REDIRECT),
            ("state", "0123456789abcdef"),
            ("code_challenge_method", "S256"),
            ("code_challenge", &challenge),
            ("scopes", "sso:account:access"),
        ] {
            let value = if name == change.0 { change.1 } else { value };
            if !value.is_empty() {
                page.push_str(&format!("{name}={}&", crate::client::encoded(value)));
            }
        }
        page.pop();
        page
    }

    /// The code of a page that somebody allowed.
    fn code(&self, client: &Value) -> String {
        let page = self.client.get(&self.page(client, ("", "")), &[]);
        let ticket = page.between("name=\"ticket\" value=\"", "\"");
        let url = format!("{}/authorize/consent", self.world.oidc_url());
        let answer = self
            .client
            .post(&url, &[("ticket", &ticket), ("action", "allow")]);
        let to = answer.header("location").to_owned();
        let (_, code) = to.split_once("code=").unwrap();
        let code = code.split('&').next().unwrap();
        percent_encoding::percent_decode_str(code)
            .decode_utf8()
            .unwrap()
            .into_owned()
    }

    fn token(&self, client: &Value, with: &Value) -> Response {
        let mut body = json!({
            "clientId": client["clientId"], "clientSecret": client["clientSecret"],
        });
        for (name, value) in with.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.post("/token", &body)
    }

    fn by_code(&self, client: &Value, code: &str, verifier: &str, redirect: &str) -> Response {
        let with = json!({
            "grantType": "authorization_code", "code": code, "codeVerifier": verifier,
            "redirectUri": redirect,
        });
        self.token(client, &with)
    }
}

/// The name of the exception, and the status.
fn refusal(answer: &Response) -> (u16, String) {
    (answer.status, answer.header("x-amzn-errortype").to_owned())
}

#[test]
fn a_registration_is_as_the_reference_has_it() {
    let asker = Asker::new(Scenario::adfs());
    for (name, value, refused) in [
        (
            "clientType",
            json!("confidential"),
            "InvalidRequestException",
        ),
        ("clientName", json!(""), "InvalidRequestException"),
        ("scopes", json!(["sso:everything"]), "InvalidScopeException"),
        (
            "scopes",
            json!("sso:account:access"),
            "InvalidRequestException",
        ),
        (
            "grantTypes",
            json!(["password"]),
            "UnsupportedGrantTypeException",
        ),
        ("redirectUris", json!([]), "InvalidRedirectUriException"),
        (
            "redirectUris",
            json!(["https://evil.example/"]),
            "InvalidRedirectUriException",
        ),
        (
            "issuerUrl",
            json!("https://d-0.awsapps.com/start"),
            "InvalidRequestException",
        ),
        ("other", json!("x"), "InvalidRequestException"),
    ] {
        let mut body = asker.registration();
        body[name] = value.clone();
        let answer = asker.post("/client/register", &body);
        assert_eq!(
            refusal(&answer),
            (400, refused.to_owned()),
            "{name} {value}"
        );
    }
    let url = format!("{}/client/register", asker.world.oidc_url());
    let answer = asker.client.post(&url, &[("clientName", "x")]);
    assert_eq!(answer.status, 400, "a form is no JSON");
}

#[test]
fn an_authorization_page_wants_every_parameter() {
    let asker = Asker::new(Scenario::adfs());
    let client = asker.registered();
    for name in [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "code_challenge",
        "scopes",
    ] {
        assert_ne!(
            asker
                .client
                .get(&asker.page(&client, (name, "")), &[])
                .status,
            200,
            "{name}"
        );
    }
    for (name, value) in [
        ("response_type", "token"),
        ("client_id", "other"),
        ("redirect_uri", "http://127.0.0.1/oauth/callback"),
        ("redirect_uri", "http://127.0.0.1:5555/other"),
        (
            "redirect_uri",
            "http://127.0.0.1:5555@evil.example/oauth/callback",
        ),
        ("state", "short"),
        ("code_challenge_method", "plain"),
        ("code_challenge", "short"),
        ("scopes", "sso:everything"),
    ] {
        let page = asker.page(&client, (name, value));
        assert_ne!(asker.client.get(&page, &[]).status, 200, "{name}={value}");
    }
    let twice = format!("{}&state=0123456789abcdef", asker.page(&client, ("", "")));
    assert_ne!(asker.client.get(&twice, &[]).status, 200);
}

#[test]
fn a_code_serves_once_and_only_who_asked_for_it() {
    let asker = Asker::new(Scenario::adfs());
    let client = asker.registered();
    let grant = (400, "InvalidGrantException".to_owned());
    let other_verifier = VERIFIER.replace('0', "1");
    let refused = asker.by_code(&client, &asker.code(&client), &other_verifier, REDIRECT);
    assert_eq!(refusal(&refused), grant);
    let other_redirect = REDIRECT.replace("5555", "5556");
    let refused = asker.by_code(&client, &asker.code(&client), VERIFIER, &other_redirect);
    assert_eq!(refusal(&refused), grant);
    let other_client = asker.registered();
    let refused = asker.by_code(&other_client, &asker.code(&client), VERIFIER, REDIRECT);
    assert_eq!(refusal(&refused), grant);
    let code = asker.code(&client);
    assert_eq!(
        asker.by_code(&client, &code, VERIFIER, REDIRECT).status,
        200
    );
    assert_eq!(
        refusal(&asker.by_code(&client, &code, VERIFIER, REDIRECT)),
        grant
    );
    let mut stranger = client.clone();
    stranger["clientSecret"] = json!("x");
    let refused = asker.by_code(&stranger, &asker.code(&client), VERIFIER, REDIRECT);
    assert_eq!(
        refusal(&refused),
        (401, "InvalidClientException".to_owned())
    );
}

#[test]
fn a_refresh_token_serves_once() {
    let asker = Asker::new(Scenario::adfs());
    let client = asker.registered();
    let answer = asker.by_code(&client, &asker.code(&client), VERIFIER, REDIRECT);
    let first: Value = serde_json::from_str(&answer.body).unwrap();
    let with = json!({ "grantType": "refresh_token", "refreshToken": first["refreshToken"] });
    let answer = asker.token(&client, &with);
    let second: Value = serde_json::from_str(&answer.body).unwrap();
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    assert_eq!(
        refusal(&asker.token(&client, &with)).1,
        "InvalidGrantException"
    );
    let mut more = with.clone();
    more["refreshToken"] = second["refreshToken"].clone();
    more["deviceCode"] = json!("x");
    assert_eq!(
        refusal(&asker.token(&client, &more)).1,
        "InvalidRequestException"
    );
}

#[test]
fn a_device_waits_for_its_person() {
    let asker = Asker::new(Scenario::adfs());
    let client = asker.registered();
    let start = |url: &str| {
        let body = json!({
            "clientId": client["clientId"], "clientSecret": client["clientSecret"], "startUrl": url,
        });
        asker.post("/device_authorization", &body)
    };
    assert_eq!(
        refusal(&start("https://d-0.awsapps.com/start")).1,
        "InvalidRequestException"
    );
    let device: Value = serde_json::from_str(&start(asker.world.start_url()).body).unwrap();
    let poll = || {
        let with = json!({ "grantType": DEVICE, "deviceCode": device["deviceCode"] });
        asker.token(&client, &with)
    };
    assert_eq!(refusal(&poll()).1, "AuthorizationPendingException");
    // Whoever asks again at once; a busy machine may take longer than that.
    let hurried = (0..20)
        .map(|_| refusal(&poll()).1)
        .find(|code| code != "AuthorizationPendingException");
    assert_eq!(hurried.as_deref(), Some("SlowDownException"));
    assert!(
        asker
            .world
            .allow_device(device["userCode"].as_str().unwrap())
    );
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(poll().status, 200);
    assert_eq!(refusal(&poll()).1, "InvalidGrantException");
}

#[test]
fn the_portal_opens_to_a_token_alone() {
    let asker = Asker::new(Scenario::adfs().assignments(30, &["A"]));
    let client = asker.registered();
    let answer = asker.by_code(&client, &asker.code(&client), VERIFIER, REDIRECT);
    let token: Value = serde_json::from_str(&answer.body).unwrap();
    let token = token["accessToken"].as_str().unwrap();
    let unauthorized = (401, "UnauthorizedException".to_owned());
    assert_eq!(
        refusal(&asker.portal("/assignment/accounts", "")),
        unauthorized
    );
    assert_eq!(
        refusal(&asker.portal("/assignment/accounts", "x")),
        unauthorized
    );
    for path in [
        "/assignment/accounts?max_result=101",
        "/assignment/accounts?maxResults=10",
        "/assignment/accounts?next_token=x",
        "/assignment/roles?account_id=1",
        "/federation/credentials?account_id=100000000001",
    ] {
        assert_eq!(
            refusal(&asker.portal(path, token)).1,
            "InvalidRequestException",
            "{path}"
        );
    }
    let page: Value =
        serde_json::from_str(&asker.portal("/assignment/accounts", token).body).unwrap();
    assert_eq!(page["accountList"].as_array().unwrap().len(), 20);
    let next = crate::client::encoded(page["nextToken"].as_str().unwrap());
    let path = format!("/assignment/accounts?next_token={next}");
    let page: Value = serde_json::from_str(&asker.portal(&path, token).body).unwrap();
    assert_eq!(page["accountList"].as_array().unwrap().len(), 10);
    assert!(page.get("nextToken").is_none());
    let none = asker.portal(
        "/federation/credentials?account_id=100000000001&role_name=B",
        token,
    );
    assert_eq!(refusal(&none), (403, "ForbiddenException".to_owned()));
}

#[test]
fn the_portal_throttles() {
    let asker = Asker::new(Scenario::adfs().requests_per_second(2));
    let mut answers = (0..100).map(|_| asker.portal("/assignment/accounts", "x").status);
    assert!(answers.any(|status| status == 429));
    std::thread::sleep(std::time::Duration::from_secs(1));
    assert_eq!(asker.portal("/assignment/accounts", "x").status, 401);
}
