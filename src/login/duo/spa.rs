//! Duo's newest prompt, which is one page of script. What the script would do is asked of the same
//! addresses, which answer in JSON, under a key that stands in the page.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value as Json, json};
use url::Url;

use crate::format::printable::printable;
use crate::format::secret_json;
use crate::login::{Body, Method, Offer, Request};

use super::answer::{self, Said};
use super::{frame, host};

/// Devices that are offered; nobody has more.
const MOST: usize = 20;
/// What this browser can do: nothing.
const FEATURES: &str = r#"{"touch_supported":false,"platform_authenticator_status":"unavailable","webauthn_supported":false}"#;

/// The page, with what was chosen so far.
pub(super) struct Spa {
    page: Url,
    akey: String,
    authkey: String,
    trace: String,
    ways: Vec<Way>,
    chosen: usize,
    txid: String,
    polled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    factor: Factor,
    pkey: String,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Factor {
    Push,
    Call,
    Code,
}

/// How it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stands {
    Allowed,
    Pending,
}

impl Spa {
    /// The keys of this page, where it is one.
    pub(super) fn read(text: &str, url: &Url) -> Option<Self> {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let akey = frame::quoted(text, &["data-akey"])?;
        // It becomes a part of a path.
        let akey = Some(akey).filter(|akey| !akey.is_empty() && akey.chars().all(is_word))?;
        Some(Self {
            page: url.clone(),
            akey,
            authkey: frame::quoted(text, &["data-authkey"])?,
            trace: frame::quoted(text, &["data-req-trace-group"])
                .filter(|trace| trace.chars().all(is_word))
                .unwrap_or_default(),
            ways: Vec::new(),
            chosen: 0,
            txid: String::new(),
            polled: false,
        })
    }

    /// The three calls before there is anything to choose from.
    pub(super) fn opening(&self, step: usize) -> Option<Request> {
        match step {
            0 => Some(self.get("/pre_authn/initialization", &[("is_ipad", "false")])),
            1 => {
                let undecided = ("local_trust_choice", "undecided");
                Some(self.get(
                    "/pre_authn/evaluation",
                    &[("browser_features", FEATURES), undecided],
                ))
            }
            2 => Some(self.get("/auth/payload", &[("browser_features", FEATURES)])),
            _ => None,
        }
    }

    /// What the last of them says; `false` where there is nothing that a program can answer.
    pub(super) fn offered(&mut self, response: &Json) -> bool {
        let context = response.get("auth_factors_context").unwrap_or(response);
        let factors = context.pointer("/available_unified_auth_factors/factors");
        for factor in factors.and_then(Json::as_array).into_iter().flatten() {
            let text =
                |value: Option<&Json>| value.and_then(Json::as_str).unwrap_or_default().to_owned();
            let kind = match text(factor.get("factor_type")).as_str() {
                "push" => Factor::Push,
                "phone_call" => Factor::Call,
                "mobile_otp" => Factor::Code,
                _ => continue,
            };
            let device = ["device_info", "phone_info"];
            let device = device.into_iter().find_map(|name| factor.get(name));
            let of_device = |name| text(device.and_then(|device| device.get(name)));
            let (name, end) = (of_device("name"), of_device("end_of_number"));
            let way = match kind {
                Factor::Code => Way {
                    factor: kind,
                    pkey: String::new(),
                    name: String::new(),
                },
                _ => Way {
                    factor: kind,
                    pkey: of_device("pkey"),
                    name: printable(&format!("{name} {end}"), 60),
                },
            };
            let is_whole = kind == Factor::Code || !way.pkey.is_empty();
            if is_whole && self.ways.len() < MOST && !self.ways.contains(&way) {
                self.ways.push(way);
            }
        }
        !self.ways.is_empty()
    }

    /// What there is to choose from, called as on the older pages.
    pub(super) fn offers(&self) -> Vec<Offer> {
        let offer = |way: &Way| {
            let (id, label) = match way.factor {
                Factor::Push => (
                    format!("Duo Push {}", way.pkey),
                    format!("push to {}", way.name),
                ),
                Factor::Call => (
                    format!("Phone Call {}", way.pkey),
                    format!("call {}", way.name),
                ),
                Factor::Code => ("Passcode".to_owned(), "passcode".to_owned()),
            };
            let label = label.trim().to_owned();
            Offer { id, label }
        };
        self.ways.iter().map(offer).collect()
    }

    pub(super) fn choose(&mut self, at: usize) -> Option<()> {
        self.chosen = at;
        self.ways.get(at).map(|_| ())
    }

    pub(super) fn wants_code(&self) -> bool {
        self.factor() == Some(Factor::Code)
    }

    /// The choice.
    pub(super) fn request(&self, code: Option<&SecretString>) -> Option<Request> {
        let way = self.ways.get(self.chosen)?;
        let code = code
            .map(|code| code.expose_secret().trim())
            .unwrap_or_default();
        let (path, body) = match way.factor {
            Factor::Push => (
                "/auth/factors/push/auth",
                json!({"authkey": self.authkey, "pkey": way.pkey}),
            ),
            Factor::Call => (
                "/auth/factors/phone_call",
                json!({"authkey": self.authkey, "pkey": way.pkey}),
            ),
            Factor::Code => (
                "/auth/factors/mobile_otp",
                json!({"authkey": self.authkey, "mobile_otp": code}),
            ),
        };
        let body = secret_json::render(&body).ok()?;
        let body = String::from_utf8(body.to_vec()).ok()?;
        let mut request = self.get(path, &[]);
        // The key is in the body.
        request.url.set_query(None);
        Some(Request {
            method: Method::Post,
            body: Body::Json(SecretString::from(body)),
            carries_secret: true,
            ..request
        })
    }

    /// What was begun, and the number to enter, where there is one. `None` where it has no name.
    pub(super) fn begun(&mut self, response: &Json) -> Option<Option<String>> {
        let text = |name| response.get(name).and_then(Json::as_str);
        let txid = text("push_txid").or_else(|| text("txid"))?;
        txid.clone_into(&mut self.txid);
        let number = text("step_up_code").filter(|number| !number.is_empty());
        Some(number.map(|number| printable(number, 20)))
    }

    /// The question how it stands.
    pub(super) fn status(&mut self) -> Request {
        let good_news = if self.polled { "true" } else { "false" };
        self.polled = true;
        let request = match self.factor() {
            Some(Factor::Call) => {
                self.get("/auth/factors/phone_call/poll", &[("txid", &self.txid)])
            }
            _ => self.get(
                "/auth/factors/push/status",
                &[("push_txid", &self.txid), ("saw_good_news", good_news)],
            ),
        };
        Request {
            slow: true,
            ..request
        }
    }

    /// The way out: where it is told, then the address that is told.
    pub(super) fn finish(&self) -> Request {
        self.get("/auth/finalize_auth", &[])
    }

    pub(super) fn leads_to(&self, response: &Json) -> Option<Url> {
        let url = response.get("url").and_then(Json::as_str)?;
        self.page.join(url).ok()
    }

    fn factor(&self) -> Option<Factor> {
        self.ways.get(self.chosen).map(|way| way.factor)
    }

    fn get(&self, path: &str, pairs: &[(&str, &str)]) -> Request {
        let mut url = host::at(&self.page, &format!("/prompt/{}{path}", self.akey));
        url.query_pairs_mut()
            .append_pair("authkey", &self.authkey)
            .extend_pairs(pairs);
        Request {
            headers: vec![
                ("accept", "application/json".to_owned()),
                ("x-requested-with", "XMLHttpRequest".to_owned()),
                ("x-duo-req-trace-group", self.trace.clone()),
            ],
            ..Request::get(url)
        }
    }
}

/// How it stands: a push tells it in an object of its own, a call in a word.
pub(super) fn stands(text: &str) -> Said<Stands> {
    let response = match answer::response(text) {
        Said::Yes(response) => response,
        Said::No(text) => return Said::No(text),
        Said::Nothing => return Said::Nothing,
    };
    let word = |value: &Json| {
        let word = ["result", "status_code"]
            .into_iter()
            .find_map(|name| value.get(name));
        word.and_then(Json::as_str).map(str::to_ascii_uppercase)
    };
    let inner = response.get("result").filter(|inner| inner.is_object());
    let detail = inner.unwrap_or(&response);
    let word = word(detail).unwrap_or_default();
    let said = ["status", "reason"]
        .into_iter()
        .find_map(|name| detail.get(name)?.as_str());
    match word.as_str() {
        "SUCCESS" | "ALLOW" => Said::Yes(Stands::Allowed),
        "FAILURE" | "DENY" | "FRAUD" | "ERROR" | "TIMEOUT" | "EXPIRED" => {
            Said::No(printable(said.unwrap_or(&word), 200))
        }
        _ => Said::Yes(Stands::Pending),
    }
}
