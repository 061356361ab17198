//! The user's own browser: the person signs in there as always, and the response is taken from the form
//! that would have brought it to AWS, before it is sent.

mod catch;
mod cookies;
mod pages;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde_json::json;
use url::Url;

use crate::model::{Assertion, IdpName};
use crate::sys::clock;
use crate::sys::devtools::{Browser, DevtoolsError, Ended, Happened, Message};

use super::{FlowError, LoginError, NoAnswer, origin};
use catch::{Paused, Verdict, judge};
pub use catch::{Wanted, admit};
use pages::Pages;

/// A login without a window takes no longer.
const UNSEEN: Duration = Duration::from_secs(30);

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
    #[error("the browser ended before anybody had signed in ({})", .0.how)]
    Crashed(Ended),
    /// It runs, and does not answer any more.
    #[error("the browser does not answer any more")]
    Mute,
    /// It opens no page.
    #[error("the browser opens no page: {why}")]
    NoPage {
        /// What it says, fit to print.
        why: String,
    },
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
            Self::Crashed(_) | Self::Mute | Self::NoPage { .. } => Some("try again"),
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
            Self::Crashed(_) | Self::Mute | Self::NoPage { .. } | Self::Unreachable { .. } => None,
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
            Happened::Gone => return Err(silent(browser).into()),
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
    Ok(answer.ok_or_else(|| silent(browser))?)
}

/// Why it says nothing more.
fn silent(browser: &mut Browser) -> BrowserError {
    match browser.ended() {
        Some(ended) => BrowserError::Crashed(ended),
        None => BrowserError::Mute,
    }
}
