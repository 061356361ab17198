//! Duo's prompt page: the person's devices, the ways to confirm, and where the choice goes.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::format::html::{Form, Page};
use crate::format::printable::printable;
use crate::login::{Body, Offer, Request, Value};

use super::{host, post};

const PASSCODE: &str = "Passcode";
/// Devices that are offered; nobody has more.
const MOST: usize = 20;

/// The prompt, with what was chosen so far.
pub(super) struct Prompt {
    page: Url,
    sid: String,
    xsrf: String,
    /// The name that the page about the browser went by.
    tx: String,
    /// Where the choice goes.
    target: Url,
    /// The page's own last form, where it has one.
    exit: Option<Vec<(String, String)>>,
    exit_target: Url,
    ways: Vec<Way>,
    /// The device that the person prefers.
    preferred: String,
    chosen: usize,
    /// Of what was begun.
    pub(super) txid: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    factor: String,
    device: String,
    device_name: String,
}

/// The answer of a device that Duo trusts already.
pub(super) fn cookie(page: &Page) -> Option<SecretString> {
    let mut forms = page.forms.iter();
    let control = forms.find_map(|form| form.control("js_cookie"))?;
    (!control.value.is_empty()).then(|| SecretString::from(control.value.as_str()))
}

impl Prompt {
    /// The prompt of this page, where it is one: a form, or only its fields, tells what the person
    /// prefers.
    pub(super) fn read(page: &Page, url: &Url) -> Option<Self> {
        let is_prompt = |form: &&Form| {
            form.control("preferred_factor").is_some() || form.control("factor").is_some()
        };
        let form = page.forms.iter().find(is_prompt)?;
        let value = |name: &str| {
            let mut forms = std::iter::once(form).chain(&page.forms);
            let found = forms.find_map(|form| form.control(name));
            found.map(|c| c.value.clone()).unwrap_or_default()
        };
        let query = |name: &str| {
            let mut pairs = url.query_pairs();
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, v)| v.into_owned())
        };
        let sid = Some(value("sid")).filter(|sid| !sid.is_empty());
        let sid = sid.or_else(|| query("sid"))?;
        // Where the page has no address for the choice, it is the newest, whose script knows.
        let own = url.join(&form.action).ok();
        let own = own.filter(|own| own.path().ends_with("/prompt") && host::is_same(own, url));
        let (target, exit_path) = match own {
            Some(own) if !form.action.is_empty() => {
                let exit = format!("{}/oidc/exit", own.path());
                (own, exit)
            }
            _ => (
                host::at(url, "/frame/v4/prompt"),
                "/frame/v4/oidc/exit".to_owned(),
            ),
        };
        let is_exit = |form: &&Form| form.action.ends_with("/oidc/exit");
        let exit_form = page.forms.iter().find(is_exit);
        let exit_target = exit_form
            .and_then(|form| url.join(&form.action).ok())
            .filter(|target| host::is_same(target, url))
            .unwrap_or_else(|| host::at(url, &exit_path));
        Some(Self {
            page: url.clone(),
            sid,
            xsrf: value("_xsrf"),
            tx: query("tx").unwrap_or_default(),
            target,
            exit: exit_form.map(|form| {
                let fields = form
                    .controls
                    .iter()
                    .filter(|c| c.sent && !c.name.is_empty());
                fields.map(|c| (c.name.clone(), c.value.clone())).collect()
            }),
            exit_target,
            ways: ways(form),
            preferred: value("preferred_device"),
            chosen: 0,
            txid: String::new(),
        })
    }

    /// What there is to choose from; what the person prefers comes first.
    pub(super) fn offers(&self) -> Vec<Offer> {
        let offer = |way: &Way| {
            let name = &way.device_name;
            Offer {
                id: format!("{} {}", way.factor, way.device).trim().to_owned(),
                label: match way.factor.as_str() {
                    "Duo Push" => format!("push to {name}"),
                    "Phone Call" => format!("call {name}"),
                    PASSCODE => "passcode".to_owned(),
                    other => format!("{} {name}", printable(other, 60)),
                },
            }
        };
        self.ways.iter().map(offer).collect()
    }

    /// The ways by the device that the person prefers, which may be others than the one they prefer.
    pub(super) fn preferred(&self) -> Vec<usize> {
        let all = (0..).zip(&self.ways);
        all.filter(|(_, way)| !way.device.is_empty() && way.device == self.preferred)
            .map(|(at, _)| at)
            .collect()
    }

    pub(super) fn choose(&mut self, at: usize) -> Option<()> {
        self.chosen = at;
        self.ways.get(at).map(|_| ())
    }

    /// Whether the way chosen is a code that somebody types.
    pub(super) fn wants_code(&self) -> bool {
        self.way().is_some_and(|way| way.factor == PASSCODE)
    }

    /// The choice.
    pub(super) fn request(&self, code: Option<&SecretString>) -> Request {
        let (factor, device) = match self.way() {
            Some(way) => (way.factor.as_str(), way.device.as_str()),
            None => ("", ""),
        };
        let device = if device.is_empty() { "None" } else { device };
        let fields = [
            ("sid", self.sid.as_str()),
            ("factor", factor),
            ("device", device),
        ];
        let mut request = post(self.target.clone(), &fields);
        if let (Some(code), Body::Form(fields)) = (code, &mut request.body) {
            let code = SecretString::from(code.expose_secret().trim());
            fields.push(("passcode".to_owned(), Value::Secret(code)));
            request.carries_secret = true;
        }
        request
    }

    /// The question how it stands.
    pub(super) fn status(&self) -> Request {
        let path = self.target.path();
        let path = path.strip_suffix("prompt").unwrap_or(path);
        let url = host::at(&self.target, &format!("{path}status"));
        Request {
            slow: true,
            ..post(url, &[("sid", &self.sid), ("txid", &self.txid)])
        }
    }

    /// Where the signed answer is; `None` where that is no path of this host.
    pub(super) fn result(&self, path: &str) -> Option<Request> {
        let url = self.page.join(path).ok()?;
        host::is_same(&url, &self.page).then(|| post(url, &[("sid", &self.sid)]))
    }

    /// The way out of the Universal Prompt.
    pub(super) fn exit(&self) -> Option<Request> {
        let url = self.exit_target.clone();
        let Some(fields) = &self.exit else {
            let factor = self
                .way()
                .map(|way| way.factor.as_str())
                .unwrap_or_default();
            let fields = [
                ("sid", self.sid.as_str()),
                ("txid", &self.txid),
                ("factor", factor),
                ("device_key", ""),
                ("_xsrf", &self.xsrf),
                ("dampen_choice", "false"),
            ];
            return Some(post(url, &fields));
        };
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| match name.as_str() {
                "txid" => ("txid", self.txid.as_str()),
                name => (name, value.as_str()),
            })
            .collect();
        Some(post(url, &fields))
    }

    /// What the newest pages want before they take a choice: themselves once more.
    pub(super) fn call(&self) -> Option<Request> {
        let is_newest = self.target.path().starts_with("/frame/v4/");
        let mut url = self.page.clone();
        url.set_query(None);
        url.query_pairs_mut()
            .append_pair("sid", &self.sid)
            .append_pair("tx", &self.tx);
        is_newest.then(|| {
            post(
                url,
                &[("tx", &self.tx), ("parent", "None"), ("_xsrf", &self.xsrf)],
            )
        })
    }

    fn way(&self) -> Option<&Way> {
        self.ways.get(self.chosen)
    }
}

/// Each way on each telephone. A page that does not say what there is has a push and a call for the
/// first one, and codes.
fn ways(form: &Form) -> Vec<Way> {
    let value = |name: &str| {
        let control = form.control(name).map(|c| c.value.clone());
        control.filter(|value| !value.is_empty())
    };
    let named = |name: &'static str| form.controls.iter().filter(move |c| c.name == name);
    let preferred = (value("preferred_factor"), value("preferred_device"));
    let mut factors: Vec<String> = named("factor").map(|c| c.value.clone()).collect();
    if factors.is_empty() {
        factors = ["Duo Push", "Phone Call", PASSCODE]
            .map(str::to_owned)
            .to_vec();
    }
    // Keys are for browsers, which the person has.
    let is_phone = |value: &str| value.starts_with("phone") || value.starts_with("DP");
    let mut devices: Vec<(String, String)> = named("device")
        .flat_map(|c| c.options.iter().cloned())
        .filter(|(value, _)| is_phone(value))
        .take(MOST)
        .collect();
    if devices.is_empty() {
        let device = preferred.1.clone().filter(|device| is_phone(device));
        let device = device.unwrap_or_else(|| "phone1".to_owned());
        devices.push((device.clone(), printable(&device, 40)));
    }
    let mut ways: Vec<Way> = Vec::new();
    for factor in &factors {
        let is_code = factor == PASSCODE;
        let possible = is_code || factor == "Duo Push" || factor == "Phone Call";
        for (device, device_name) in devices.iter().filter(|_| possible) {
            let way = Way {
                factor: factor.clone(),
                device: if is_code {
                    String::new()
                } else {
                    device.clone()
                },
                device_name: if is_code {
                    String::new()
                } else {
                    device_name.clone()
                },
            };
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
    }
    let is_preferred = |way: &Way| {
        preferred.0.as_deref() == Some(&way.factor)
            && (way.device.is_empty() || preferred.1.as_deref() == Some(&way.device))
    };
    ways.sort_by_key(|way| !is_preferred(way));
    ways
}
