//! An AD FS that signs one person in to AWS.
//!
//! The field names, the cookie, the redirect and the error on HTTP 200 are those of captures
//! of real pages; see MS-MWBF for the sign-on loop and "AD FS sign-in pages" of Microsoft's
//! documentation. A client that sends anything but what the page asks for gets nowhere: there
//! is no guessing of field names and no forgiveness for a lost cookie.

mod factor_pages;
mod factors;
mod pages;
mod realm;
mod request;
mod sessions;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, header};

pub(crate) use self::sessions::Sessions;
use crate::bed::Bed;
use crate::ledger::Service;
use crate::scenario::SignIn;
use crate::server::{Answer, Heard};
use crate::{saml, text};

/// Where sign-in that the identity provider starts itself begins, in lower case: IIS does not
/// mind case.
const SIGN_ON: &str = "/adfs/ls/idpinitiatedsignon.aspx";
/// Outside of AD FS: where `Scenario::password_to_other_host` would have the password sent.
const COLLECTOR: &str = "/collect";

const RELYING_PARTY: &str = "urn:amazon:webservices";
const COOKIE: &str = "MSISAuth";

/// The single sign-on service, which takes SAML requests.
const SERVICE: &str = "/adfs/ls/";

const SECRET_FIELDS: &[&str] = &[
    "Password",
    PASSWORD_2_0,
    "SAMLResponse",
    "Context",
    "adfs_context",
    "sig_response",
    "duo_code",
];
const USER_2_0: &str = "ctl00$ContentPlaceHolder1$UsernameTextBox";
const PASSWORD_2_0: &str = "ctl00$ContentPlaceHolder1$PasswordTextBox";
const SUBMIT_2_0: &str = "ctl00$ContentPlaceHolder1$SubmitButton";

const WRONG: &str =
    "Incorrect user ID or password. Type the correct user ID and password, and try again.";
const LOCKED: &str = "Your account is locked because of too many incorrect passwords. \
                      Contact your administrator.";

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::Adfs, SECRET_FIELDS);
    let answer = answer(&bed, &heard).await;
    answer.send(ticket, bed.clock.now())
}

async fn answer(bed: &Bed, heard: &Heard) -> Answer {
    if bed.scenario.sign_in == SignIn::WindowsIntegrated {
        return page(401, pages::unauthorized())
            .header(header::WWW_AUTHENTICATE, "Negotiate")
            .header(header::WWW_AUTHENTICATE, "NTLM")
            .note("Windows authentication wanted");
    }
    match (
        heard.method.as_str(),
        heard.path.to_ascii_lowercase().as_str(),
    ) {
        ("GET", SIGN_ON) if bed.scenario.sign_in == SignIn::SpOnly => page(
            503,
            pages::error("The resource you are trying to access is not available."),
        )
        .note("refused: the sign-on page is disabled"),
        ("GET" | "HEAD" | "POST", SIGN_ON) => sign_on(bed, heard).await,
        ("GET" | "POST", SERVICE) if bed.scenario.sign_in == SignIn::SpOnly => {
            match request::fault(heard, bed.clock.now()) {
                None => sign_on(bed, heard).await,
                Some(why) => {
                    page(200, pages::error("An error occurred.")).note(format!("refused: {why}"))
                }
            }
        }
        ("POST", COLLECTOR) => {
            if password(&heard.form, "Password").is_some() {
                bed.book.password_posted();
            }
            page(200, pages::error("Thank you.")).note("a form was sent to another origin")
        }
        (_, SIGN_ON | COLLECTOR) => page(405, pages::error("Method not allowed.")),
        _ => page(404, pages::error("Not found.")),
    }
}

async fn sign_on(bed: &Bed, heard: &Heard) -> Answer {
    match bed.scenario.sign_in {
        SignIn::NoForm => return page(200, pages::without_form()).note("page without a form"),
        SignIn::FormLoop => return form_loop(heard),
        _ => {}
    }
    let by_request = bed.scenario.sign_in == SignIn::SpOnly;
    if !by_request && relying_party(heard).as_deref() != Some(RELYING_PARTY) {
        return page(200, pages::error("The relying party is not known."))
            .note("refused: loginToRp");
    }
    let cookie = cookie(heard, COOKIE).unwrap_or_default();
    let session = bed.sessions.get(&cookie, bed.clock.now());
    if let Some(session) = session.filter(|session| !session.passed) {
        return factors::at(bed, heard, &cookie, session).await;
    }
    if heard.method == "POST" {
        if let Some(answer) = realm::posted(bed, heard) {
            return answer;
        }
        return match bed.scenario.sign_in {
            SignIn::Forms20 | SignIn::HomeRealm20 => posted_2_0(bed, heard).await,
            _ => posted(bed, heard).await,
        };
    }
    match bed.sessions.get(&cookie, bed.clock.now()) {
        Some(session) => signed_in(bed, &session.user),
        None => realm::asked(bed, heard)
            .unwrap_or_else(|| ask(bed, heard, "", "").note("asked for a password")),
    }
}

/// AD FS 3.0 and later. Only forms authentication is offered.
async fn posted(bed: &Bed, heard: &Heard) -> Answer {
    let user = joined(&heard.form, "UserName").unwrap_or_default();
    let password = password(&heard.form, "Password");
    if password.is_some() {
        bed.book.password_posted();
        bed.gates.pass().await;
    }
    if joined(&heard.form, "AuthMethod").as_deref() != Some("FormsAuthentication") {
        return ask(bed, heard, &user, "").note("refused: AuthMethod is not FormsAuthentication");
    }
    check(bed, heard, &user, password.unwrap_or_default())
}

/// AD FS 2.0: an ASP.NET post-back, which must bring the page's own state along, and the name
/// of the button, without which no button was pressed.
async fn posted_2_0(bed: &Bed, heard: &Heard) -> Answer {
    let user = joined(&heard.form, USER_2_0).unwrap_or_default();
    let password = password(&heard.form, PASSWORD_2_0);
    if password.is_some() {
        bed.book.password_posted();
        bed.gates.pass().await;
    }
    let view_state = joined(&heard.form, "__VIEWSTATE").unwrap_or_default();
    let validation = joined(&heard.form, "__EVENTVALIDATION").unwrap_or_default();
    if !bed.sessions.is_view_state(&view_state, &validation) {
        return page(500, pages::error("Validation of the view state failed."))
            .note("refused: __VIEWSTATE or __EVENTVALIDATION is not the page's");
    }
    if joined(&heard.form, SUBMIT_2_0).as_deref() != Some(pages::SUBMIT_LABEL_2_0) {
        return ask(bed, heard, &user, "").note("refused: no button was pressed");
    }
    check(bed, heard, &user, password.unwrap_or_default())
}

fn check(bed: &Bed, heard: &Heard, user: &str, password: String) -> Answer {
    if bed.sessions.is_locked(user) {
        return ask(bed, heard, user, LOCKED).note("refused: the account is locked");
    }
    if !bed.user.is_called(user) || password != bed.user.password {
        bed.sessions.wrong_password(user);
        return ask(bed, heard, user, WRONG).note("refused: wrong user name or password");
    }
    if bed.scenario.sign_in == SignIn::PasswordExpired {
        return page(200, pages::update_password(user)).note("the password must be changed");
    }
    bed.book.password_accepted();
    let passed = bed.scenario.factors.is_empty();
    let cookie = bed.sessions.begin(user, passed, bed.clock.now());
    bed.secrets.add(&cookie);
    page(302, pages::moved())
        .header(header::LOCATION, here(heard))
        .header(
            header::SET_COOKIE,
            format!("{COOKIE}={cookie}; path=/adfs; HttpOnly; Secure"),
        )
        .note("password accepted")
}

/// The page that posts the response to AWS.
fn signed_in(bed: &Bed, user: &str) -> Answer {
    let now = bed.clock.now();
    let response = saml::issue(&bed.scenario, &bed.issued, user, now);
    bed.secrets.add(&response);
    let authenticated = text::base64(crate::clock::rfc3339(now).as_bytes());
    page(200, pages::hidden_form(&response))
        .header(
            header::SET_COOKIE,
            format!("MSISAuthenticated={authenticated}; path=/adfs; HttpOnly; Secure"),
        )
        .header(
            header::SET_COOKIE,
            "MSISLoopDetectionCookie=; path=/adfs; Secure; HttpOnly",
        )
        .note("assertion issued")
}

/// The sign-in page, with or without an error. Its action is relative, and the ampersand in
/// it is not escaped: so AD FS writes it.
fn ask(bed: &Bed, heard: &Heard, user: &str, error: &str) -> Answer {
    let mut query = heard.query.replace(['"', '<', '>'], "");
    if !query.contains("client-request-id=") {
        query = format!("{query}&client-request-id={}", text::uuid());
    }
    let body = match bed.scenario.sign_in {
        SignIn::Forms20 | SignIn::HomeRealm20 => {
            let (view_state, validation) = bed.sessions.new_view_state();
            // Relative to the page, not to the host.
            let action = format!("IdpInitiatedSignOn.aspx?{query}");
            pages::sign_in_2_0(&action, user, error, &view_state, &validation)
        }
        SignIn::Forms2019 => {
            let action = format!("{}?{query}", heard.path);
            pages::sign_in_2019(&action, user, error)
        }
        SignIn::Forms2016 => {
            let action = format!("{}?{query}", heard.path);
            let options = format!("https://{}{action}", with_port(&heard.host));
            let page = pages::sign_in(&action, &options, user, error);
            page.replace("</form></div>", pages::OTHER_METHODS)
        }
        SignIn::PasswordToOtherHost => {
            let action = format!("https://localhost:{}{COLLECTOR}", bed.adfs_port);
            pages::sign_in(&action, &action, user, error)
        }
        _ => {
            let action = format!("{}?{query}", heard.path);
            let options = format!("https://{}{action}", with_port(&heard.host));
            pages::sign_in(&action, &options, user, error)
        }
    };
    page(200, body)
}

fn form_loop(heard: &Heard) -> Answer {
    let round = text::value(&heard.form, "round")
        .and_then(|round| round.parse().ok())
        .unwrap_or(0);
    let action = format!(
        "{}?{}",
        heard.path,
        heard.query.replace(['"', '<', '>'], "")
    );
    page(200, pages::next_in_loop(&action, round + 1)).note(format!("loop, round {round}"))
}

/// This page's own address.
fn here(heard: &Heard) -> String {
    format!(
        "https://{}{}?{}",
        with_port(&heard.host),
        heard.path,
        heard.query
    )
}

fn relying_party(heard: &Heard) -> Option<String> {
    text::pairs(&heard.query)
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("loginToRp"))
        .map(|(_, value)| value)
}

fn cookie(heard: &Heard, wanted: &str) -> Option<String> {
    let headers = heard.headers.get_all(header::COOKIE);
    headers
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value.to_owned())
}

/// ASP.NET's reading of a field that was sent more than once.
fn joined(form: &[(String, String)], name: &str) -> Option<String> {
    let values: Vec<&str> = form
        .iter()
        .filter(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .collect();
    (!values.is_empty()).then(|| values.join(","))
}

/// A password that was really posted.
fn password(form: &[(String, String)], name: &str) -> Option<String> {
    joined(form, name).filter(|password| !password.is_empty())
}

/// AD FS names its port in every URL, also where it is the usual one.
fn with_port(host: &str) -> String {
    if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:443")
    }
}

fn page(status: u16, body: String) -> Answer {
    Answer::new(status, "text/html; charset=utf-8", body)
        .header(header::CACHE_CONTROL, "no-cache,no-store")
        .header(header::PRAGMA, "no-cache")
        .header(header::SERVER, "Microsoft-HTTPAPI/2.0")
}
