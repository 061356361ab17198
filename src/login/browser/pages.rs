//! The pages of a browser: which are open, and without a window, whether the one page still goes on by
//! itself.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::{BrowserError, Visit, must};
use crate::format::printable::printable;
use crate::login::LoginError;
use crate::sys::clock;
use crate::sys::devtools::{Browser, Message};

/// A page that has been still for so long without a window waits for a person.
const STILL: Duration = Duration::from_secs(4);

/// As long as a busy machine's browser may say that it has no room for a page yet.
const COMING_UP: Duration = Duration::from_secs(60);

/// What a browser says of a host that it does not get to. Whatever else it says (an HTTP status, a
/// certificate to choose) a person may have an answer to.
/// <https://source.chromium.org/chromium/chromium/src/+/main:net/base/net_error_list.h>
const UNREACHABLE: [&str; 9] = [
    "net::ERR_NAME_",
    "net::ERR_CONNECTION_",
    "net::ERR_ADDRESS_",
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_NETWORK_",
    "net::ERR_PROXY_CONNECTION_FAILED",
    "net::ERR_TUNNEL_CONNECTION_FAILED",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_TIMED_OUT",
];

fn is_unreachable(error: &str) -> bool {
    UNREACHABLE.iter().any(|start| error.starts_with(start))
}

/// A new page. A browser that is still coming up may have no room for one yet.
fn page(browser: &mut Browser, params: &serde_json::Value) -> Result<String, LoginError> {
    let began = clock::start();
    loop {
        let created = browser.send("Target.createTarget", params);
        let answer = must(browser, created)?;
        if let Some(Target { target_id, .. }) = answer.result() {
            return Ok(target_id);
        }
        if began.elapsed() >= COMING_UP {
            let why = printable(&answer.refusal(), 100);
            return Err(BrowserError::NoPage { why }.into());
        }
        std::thread::sleep(Duration::from_millis(250));
    }
}

/// The pages that are open; without a window, whether the one page still goes on by itself.
pub(super) struct Pages {
    open: BTreeSet<String>,
    opened: bool,
    /// The page's session and state, where nobody sees it.
    unseen: Option<Unseen>,
}

struct Unseen {
    session: String,
    /// The command that opened the address, and why it could not be.
    opened: u64,
    failed: Option<String>,
    /// Since when it has not gone on.
    still: Option<Instant>,
    /// The question whether it asks for a password, and that it does.
    asked: Option<u64>,
    asks: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target {
    target_id: String,
    #[serde(default, rename = "type")]
    kind: String,
}

/// Whether a password is asked for where a person could see it.
const ASKS: &str = "Array.from(document.querySelectorAll('input[type=password]'))\
                    .some(field => field.getClientRects().length > 0)";

impl Pages {
    pub(super) fn open(browser: &mut Browser, visit: &Visit<'_>) -> Result<Self, LoginError> {
        browser.send("Target.setDiscoverTargets", &json!({ "discover": true }));
        let mut pages = Self {
            open: BTreeSet::new(),
            opened: false,
            unseen: None,
        };
        let url = visit.url.as_str();
        if visit.window {
            let window = page(browser, &json!({ "url": url, "newWindow": true }))?;
            pages.open.insert(window);
            pages.opened = true;
            return Ok(pages);
        }
        let target = page(browser, &json!({ "url": "about:blank" }))?;
        // That it was created is told before the answer.
        pages.open.insert(target.clone());
        pages.opened = true;
        let params = json!({ "targetId": target, "flatten": true });
        let attached = browser.send("Target.attachToTarget", &params);
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Attached {
            session_id: String,
        }
        let attached: Option<Attached> = must(browser, attached)?.result();
        let session = attached.ok_or(BrowserError::Mute)?.session_id;
        browser.send_to(Some(&session), "Page.enable", &json!({}));
        let opened = browser.send_to(Some(&session), "Page.navigate", &json!({ "url": url }));
        pages.unseen = Some(Unseen {
            session,
            opened,
            failed: None,
            still: None,
            asked: None,
            asks: false,
        });
        Ok(pages)
    }

    /// Takes note of what was said.
    pub(super) fn note(&mut self, browser: &mut Browser, message: &Message) {
        match message.event() {
            "Target.targetCreated" => {
                #[derive(Deserialize)]
                #[serde(rename_all = "camelCase")]
                struct Created {
                    target_info: Target,
                }
                if let Some(Created { target_info }) = message.params()
                    && target_info.kind == "page"
                {
                    self.open.insert(target_info.target_id);
                    self.opened = true;
                }
            }
            "Target.targetDestroyed" => {
                if let Some(Target { target_id, .. }) = message.params() {
                    self.open.remove(&target_id);
                }
            }
            event => {
                if let Some(unseen) = &mut self.unseen {
                    unseen.note(browser, message, event);
                }
            }
        }
    }

    /// Why the address could not be opened.
    pub(super) fn failed(&self) -> Option<String> {
        let failed = self.unseen.as_ref()?.failed.as_deref()?;
        Some(printable(failed, 100))
    }

    /// Whether the person has closed the last page.
    pub(super) fn are_closed(&self) -> bool {
        self.opened && self.open.is_empty()
    }

    pub(super) fn are_still(&self) -> bool {
        let is = |unseen: &Unseen| unseen.still.is_some_and(|since| since.elapsed() >= STILL);
        self.unseen
            .as_ref()
            .is_some_and(|unseen| unseen.asks || is(unseen))
    }

    /// How long nothing may be heard.
    pub(super) fn patience(&self) -> Duration {
        match &self.unseen {
            Some(unseen) if unseen.asks => Duration::ZERO,
            Some(_) => Duration::from_millis(250),
            None => Duration::MAX,
        }
    }

    /// Whether a frame is a page of its own, and not part of one.
    pub(super) fn is_page(&self, frame: &str) -> bool {
        self.open.contains(frame)
    }
}

impl Unseen {
    fn note(&mut self, browser: &mut Browser, message: &Message, event: &str) {
        match event {
            "Page.loadEventFired" => {
                let asks = json!({ "expression": ASKS, "returnByValue": true });
                let session = Some(self.session.as_str());
                self.asked = Some(browser.send_to(session, "Runtime.evaluate", &asks));
                self.still = Some(clock::start());
            }
            "Page.frameStoppedLoading" => self.still = Some(clock::start()),
            "Page.frameStartedLoading" | "Page.frameRequestedNavigation" => self.still = None,
            _ if message.answers(self.opened) => {
                #[derive(Deserialize)]
                #[serde(rename_all = "camelCase")]
                struct Navigated {
                    #[serde(default)]
                    error_text: String,
                }
                let navigated: Option<Navigated> = message.result();
                let text = navigated.map(|navigated| navigated.error_text);
                self.failed = text.filter(|text| is_unreachable(text));
            }
            _ if self.asked.is_some_and(|id| message.answers(id)) => {
                #[derive(Deserialize)]
                struct Evaluated {
                    result: Remote,
                }
                #[derive(Deserialize)]
                struct Remote {
                    value: Option<bool>,
                }
                let evaluated: Option<Evaluated> = message.result();
                self.asks |= evaluated.and_then(|e| e.result.value).unwrap_or(false);
            }
            _ => {}
        }
    }
}
