//! The user's own browser: the person signs in there as always, and the response is taken from the form
//! that would have brought it to AWS, before it is sent.

mod catch;
mod cookies;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::format::printable::printable;
use crate::model::{Assertion, IdpName};
use crate::sys::clock;
use crate::sys::devtools::{Browser, DevtoolsError, Happened, Message};

use super::{FlowError, LoginError, NoAnswer, origin};
use catch::{Paused, Verdict, judge};
pub use catch::{Wanted, admit};

/// A page that has been still for so long without a window waits for a person.
const STILL: Duration = Duration::from_secs(4);

/// As long as a busy machine's browser may say that it has no room for a page yet.
const COMING_UP: Duration = Duration::from_secs(60);

/// Nor does a login without one take longer.
const UNSEEN: Duration = Duration::from_secs(30);

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

/// Instead of AWS's own page, for a response that is refused.
const NOT_TAKEN: &str = "<!DOCTYPE html><title>Not taken - fedgit</title><h1>This response is not taken\
                         </h1><p>It was not sent to AWS. Close this window, and fedgit tells why.";

/// Why the user's browser could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrowserError {
    /// There is none.
    #[error("{}", match .named {
        Some(name) => format!("there is no browser {name:?}, which [settings] browser names"),
        None => "no browser of the Chromium family (Chrome, Edge, Chromium, Brave) is installed here"
            .to_owned(),
    })]
    Missing {
        /// The program that the user named.
        named: Option<String>,
    },
    /// A person has to sign in, and could not see the window.
    #[error("a person has to sign in in a browser, and there is no display here for its window")]
    NoDisplay,
    /// A person has to sign in, and may not be asked.
    #[error("a person has to sign in in a browser, and nobody is to be asked")]
    Forbidden,
    /// A person has to sign in, which can wait.
    #[error(
        "a person has to sign in in a browser, and no window is opened for that while there are \
         valid credentials"
    )]
    NotYet,
    /// A person has to sign in, and one closed the window.
    #[error(
        "a person has to sign in in a browser, and {seconds} s ago nobody did, so no window is opened"
    )]
    NotAgain {
        /// How long ago.
        seconds: i64,
    },
    /// The page could not be loaded.
    #[error("the browser cannot reach {origin}: {why}")]
    Unreachable {
        /// The identity provider.
        origin: String,
        /// The browser's own name for it, fit to print.
        why: String,
    },
    /// It could not be talked to.
    #[error(transparent)]
    Devtools(DevtoolsError),
    /// It ended in the middle.
    #[error("the browser ended before anybody had signed in")]
    Crashed,
}

impl BrowserError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Missing { .. } => {
                Some("install one, or name its program: [settings] browser = [\"/path/to/it\"]")
            }
            Self::NoDisplay | Self::Forbidden | Self::NotYet | Self::NotAgain { .. } => None,
            Self::Unreachable { .. } => Some("check the network, a VPN and the proxy that it uses"),
            Self::Devtools(DevtoolsError::Start { source, .. })
                if source.kind() == std::io::ErrorKind::Unsupported =>
            {
                None
            }
            Self::Devtools(DevtoolsError::EndedAtOnce { .. } | DevtoolsError::Start { .. }) => {
                Some(
                    "start it by hand to see what is wrong; one from a snap or Flatpak cannot use \
                 fedgit's folder, and root needs [settings] browser = [\"PROGRAM\", \"--no-sandbox\"]",
                )
            }
            Self::Devtools(DevtoolsError::Mute { .. }) => Some(
                "a policy of your organization may forbid it (RemoteDebuggingAllowed); chrome://policy \
                 shows that",
            ),
            Self::Devtools(DevtoolsError::Busy { .. }) => {
                Some("close that browser, or wait until it has ended")
            }
            Self::Devtools(DevtoolsError::NoScreen { .. }) => None,
            Self::Crashed => Some("try again"),
        }
    }

    /// The command that gets on without this browser.
    #[must_use]
    pub fn instead(&self, idp: &IdpName) -> Option<String> {
        match self {
            Self::NoDisplay => Some(format!(
                "sign in in a browser anywhere, and give its response to: fedgit login {idp} --paste"
            )),
            Self::Forbidden => Some(format!(
                "run this where you see a window, then try again: fedgit login {idp}"
            )),
            Self::NotYet | Self::NotAgain { .. } => {
                Some(format!("sign in, then try again: fedgit login {idp}"))
            }
            Self::Missing { .. } | Self::Devtools(_) => {
                Some(format!("or without it: fedgit login {idp} --paste"))
            }
            Self::Crashed | Self::Unreachable { .. } => None,
        }
    }

    /// Whether all that is missing is a person who sees a window.
    #[must_use]
    pub fn is_of_the_person(&self) -> bool {
        matches!(
            self,
            Self::NoDisplay | Self::Forbidden | Self::NotYet | Self::NotAgain { .. }
        )
    }
}

impl From<DevtoolsError> for BrowserError {
    fn from(error: DevtoolsError) -> Self {
        match error {
            // A name is set, of a display that is there no more.
            DevtoolsError::NoScreen { .. } => Self::NoDisplay,
            other => Self::Devtools(other),
        }
    }
}

/// What a browser is to do.
#[derive(Debug)]
pub struct Visit<'a> {
    /// The page that it opens.
    pub url: &'a Url,
    /// What its response is to be for.
    pub wanted: &'a Wanted,
    /// The cookies without an end that its last run left.
    pub cookies: Option<&'a SecretString>,
    /// Whether a person sees it.
    pub window: bool,
    /// How long they may take.
    pub limit: Duration,
}

/// What came of it. Without Debug on purpose.
pub enum Outcome {
    /// A response.
    Caught {
        /// It.
        assertion: Assertion,
        /// The cookies without an end, which the browser itself forgets.
        cookies: SecretString,
    },
    /// Without a person it goes no further; with the reason, where a response came that was not taken.
    PersonNeeded(Option<LoginError>),
}

/// Why responses were not taken: what the person is told where none is in the end.
#[derive(Default)]
struct Blocked {
    /// The last one of a page itself, as the identity provider's own is.
    page: Option<LoginError>,
    /// The last one of a frame within, which anybody may have put there.
    frame: Option<LoginError>,
}

impl Blocked {
    fn note(&mut self, why: Option<LoginError>, by_page: bool) {
        let last = match by_page {
            true => &mut self.page,
            false => &mut self.frame,
        };
        *last = why.or(last.take());
    }

    fn or_else(self, other: impl FnOnce() -> LoginError) -> LoginError {
        self.page.or(self.frame).unwrap_or_else(other)
    }

    /// A frame that nobody sees does not speak for the identity provider.
    fn person_needed(self) -> Outcome {
        Outcome::PersonNeeded(self.page)
    }
}

/// Opens the page and waits for the response. The browser is closed at the end, whatever comes.
///
/// # Errors
/// Where there is no response: the person closed the window, or took too long, or it is not for AWS.
pub fn visit(mut browser: Browser, visit: &Visit<'_>) -> Result<Outcome, LoginError> {
    let outcome = run(&mut browser, visit);
    browser.close();
    outcome
}

fn run(browser: &mut Browser, visit: &Visit<'_>) -> Result<Outcome, LoginError> {
    // On the browser itself: in every page and frame that it may open.
    let patterns: Vec<_> = catch::patterns()
        .into_iter()
        .map(|pattern| json!({ "urlPattern": pattern }))
        .collect();
    let enabled = browser.send("Fetch.enable", &json!({ "patterns": patterns }));
    must(browser, enabled)?;
    if let Some(cookies) = visit.cookies.and_then(cookies::params) {
        let set = browser.send("Storage.setCookies", &cookies);
        // Without them the person signs in once more.
        browser.answer(set);
    }
    let mut pages = Pages::open(browser, visit)?;
    let began = clock::start();
    let limit = if visit.window { visit.limit } else { UNSEEN };
    let mut refused = Blocked::default();
    loop {
        let Some(left) = limit.checked_sub(began.elapsed()) else {
            return match visit.window {
                true => Err(refused.or_else(|| timed_out(visit))),
                false => Ok(refused.person_needed()),
            };
        };
        let message = match browser.next(left.min(pages.patience())) {
            Happened::Said(message) => message,
            Happened::Nothing if pages.are_still() => return Ok(refused.person_needed()),
            Happened::Nothing => continue,
            Happened::Interrupted => return Err(NoAnswer::Interrupted.into()),
            Happened::Gone if pages.are_closed() => return Err(refused.or_else(closed)),
            Happened::Gone => return Err(BrowserError::Crashed.into()),
        };
        if message.event() == "Fetch.requestPaused" {
            // What is not understood is not sent either.
            let Some(paused) = message.params::<Paused>() else {
                return Err(FlowError::OutOfTurn.into());
            };
            match judge(&paused, visit.wanted) {
                Verdict::Pass => {
                    let request = json!({ "requestId": paused.request_id });
                    browser.send("Fetch.continueRequest", &request);
                }
                Verdict::Block(why) => {
                    browser.send("Fetch.fulfillRequest", &not_taken(&paused, why.is_some()));
                    refused.note(why, pages.is_page(&paused.frame_id));
                }
                Verdict::Take(assertion) => {
                    return Ok(Outcome::Caught {
                        assertion,
                        cookies: taken(browser, &paused),
                    });
                }
            }
            continue;
        }
        pages.note(browser, &message);
        if let Some(why) = pages.failed() {
            let origin = origin(visit.url);
            return Err(BrowserError::Unreachable { origin, why }.into());
        }
        if pages.are_closed() {
            return match visit.window {
                true => Err(refused.or_else(closed)),
                false => Ok(refused.person_needed()),
            };
        }
    }
}

/// The session's cookies. The form has gone nowhere, and stays out of the browser's history: an answer
/// without content leaves the page that it was sent from.
fn taken(browser: &mut Browser, paused: &Paused) -> SecretString {
    let no_content = json!({ "requestId": paused.request_id, "responseCode": 204 });
    browser.send("Fetch.fulfillRequest", &no_content);
    let asked = browser.send("Storage.getCookies", &json!({}));
    let answer = browser.answer(asked);
    cookies::kept(answer.and_then(|answer| answer.result()))
}

/// What the browser gets for a request that is not sent: nothing, or where somebody waits for it, a page.
fn not_taken(paused: &Paused, shown: bool) -> serde_json::Value {
    let mut answer = json!({ "requestId": paused.request_id, "responseCode": 204 });
    if let (true, Some(fields)) = (shown, answer.as_object_mut()) {
        fields.insert("responseCode".to_owned(), 200.into());
        let html = json!([{ "name": "Content-Type", "value": "text/html; charset=utf-8" }]);
        fields.insert("responseHeaders".to_owned(), html);
        fields.insert("body".to_owned(), STANDARD.encode(NOT_TAKEN).into());
    }
    answer
}

fn timed_out(visit: &Visit<'_>) -> LoginError {
    let seconds = visit.limit.as_secs();
    NoAnswer::Failed(format!(
        "nobody signed in in the browser within {seconds} seconds"
    ))
    .into()
}

fn closed() -> LoginError {
    NoAnswer::Declined("the browser's window".to_owned()).into()
}

/// An answer, whatever it says.
fn must(browser: &mut Browser, id: u64) -> Result<Message, LoginError> {
    let answer = browser.answer(id);
    Ok(answer.ok_or(BrowserError::Crashed)?)
}

/// A new page. A browser that is still coming up may have no room for one yet.
fn page(browser: &mut Browser, params: &serde_json::Value) -> Result<String, LoginError> {
    let began = clock::start();
    while began.elapsed() < COMING_UP {
        let created = browser.send("Target.createTarget", params);
        if let Some(Target { target_id, .. }) = must(browser, created)?.result() {
            return Ok(target_id);
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    Err(BrowserError::Crashed.into())
}

/// The pages that are open; without a window, whether the one page still goes on by itself.
struct Pages {
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
    fn open(browser: &mut Browser, visit: &Visit<'_>) -> Result<Self, LoginError> {
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
        let session = attached.ok_or(BrowserError::Crashed)?.session_id;
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
    fn note(&mut self, browser: &mut Browser, message: &Message) {
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
    fn failed(&self) -> Option<String> {
        let failed = self.unseen.as_ref()?.failed.as_deref()?;
        Some(printable(failed, 100))
    }

    /// Whether the person has closed the last page.
    fn are_closed(&self) -> bool {
        self.opened && self.open.is_empty()
    }

    fn are_still(&self) -> bool {
        let is = |unseen: &Unseen| unseen.still.is_some_and(|since| since.elapsed() >= STILL);
        self.unseen
            .as_ref()
            .is_some_and(|unseen| unseen.asks || is(unseen))
    }

    /// How long nothing may be heard.
    fn patience(&self) -> Duration {
        match &self.unseen {
            Some(unseen) if unseen.asks => Duration::ZERO,
            Some(_) => Duration::from_millis(250),
            None => Duration::MAX,
        }
    }

    /// Whether a frame is a page of its own, and not part of one.
    fn is_page(&self, frame: &str) -> bool {
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
