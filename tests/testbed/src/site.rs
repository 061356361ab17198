//! An identity provider whose pages a test writes: for products with forms of their own, and for hostile
//! ones. What a page is shown for is as strict as the test says: a field too many, or one too few, is
//! another request.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Response, header};

use crate::bed::Bed;
use crate::ledger::Service;
use crate::server::{Answer, Heard};
use crate::{saml, text};

/// The names by which the proxy knows it.
pub(crate) const HOSTS: [&str; 2] = ["idp.example.com", "login.example.net"];

const COOKIE: &str = "site_session";

/// A page and the request that it answers. In bodies, fields and header values `{username}`,
/// `{password}` and `{code}` stand for the person's, `{assertion}` for a fresh response for AWS.
#[derive(Clone, Debug)]
pub struct Page {
    method: &'static str,
    path: String,
    /// All fields that must come, and no others; whatever comes where `None`.
    wants: Option<Vec<(String, String)>>,
    needs_session: bool,
    begins_session: bool,
    status: u16,
    headers: Vec<(HeaderName, String)>,
    body: String,
}

impl Page {
    /// For a GET of this path, whatever the query.
    pub fn get(path: &str, body: impl Into<String>) -> Page {
        Page::of("GET", path, body)
    }

    /// For a POST to this path.
    pub fn post(path: &str, body: impl Into<String>) -> Page {
        Page::of("POST", path, body)
    }

    fn of(method: &'static str, path: &str, body: impl Into<String>) -> Page {
        Page {
            method,
            path: path.to_owned(),
            wants: None,
            needs_session: false,
            begins_session: false,
            status: 200,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Only where exactly these fields come, in any order: of the body, or of a GET's query.
    pub fn wants(mut self, fields: &[(&str, &str)]) -> Page {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.wants = Some(fields.iter().map(own).collect());
        self
    }

    /// Only where the cookie of a session comes along.
    pub fn needs_session(mut self) -> Page {
        self.needs_session = true;
        self
    }

    /// Sets the cookie of a session.
    pub fn begins_session(mut self) -> Page {
        self.begins_session = true;
        self
    }

    /// With this HTTP status.
    pub fn status(mut self, status: u16) -> Page {
        self.status = status;
        self
    }

    /// A redirect, with this status.
    pub fn redirects(mut self, status: u16, to: &str) -> Page {
        self.headers.push((header::LOCATION, to.to_owned()));
        self.status(status)
    }

    fn answers(&self, heard: &Heard, person: &Person<'_>) -> bool {
        let came = match self.method {
            "GET" => text::pairs(&heard.query),
            _ => heard.form.clone(),
        };
        let wanted = |wants: &Vec<(String, String)>| {
            let mut wants: Vec<_> = wants
                .iter()
                .map(|(name, value)| (name.clone(), person.fill(value)))
                .collect();
            let mut came = came.clone();
            wants.sort();
            came.sort();
            wants == came
        };
        self.method == heard.method
            && self.path == heard.path
            && self.wants.as_ref().is_none_or(wanted)
            && (!self.needs_session || heard.header("cookie").contains(&person.cookie()))
    }
}

/// The pages, in the order in which they are tried.
#[derive(Debug, Default)]
pub(crate) struct Site {
    pages: Mutex<Vec<Page>>,
}

impl Site {
    pub(crate) fn add(&self, page: Page) {
        self.lock().push(page);
    }

    fn find(&self, heard: &Heard, person: &Person<'_>) -> Option<Page> {
        let pages = self.lock();
        pages
            .iter()
            .find(|page| page.answers(heard, person))
            .cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Page>> {
        self.pages
            .lock()
            .expect("no thread panicked with the pages")
    }
}

/// Who signs in, as the pages' placeholders have them.
struct Person<'a> {
    bed: &'a Bed,
}

impl Person<'_> {
    fn fill(&self, text: &str) -> String {
        let user = &self.bed.user;
        let mut filled = text
            .replace("{username}", user.name)
            .replace("{password}", &user.password)
            .replace("{code}", &user.code);
        if filled.contains("{assertion}") {
            let now = self.bed.clock.now();
            let response = saml::issue(&self.bed.scenario, &self.bed.issued, user.name, now);
            self.bed.secrets.add(&response);
            filled = filled.replace("{assertion}", &response);
        }
        filled
    }

    fn cookie(&self) -> String {
        format!("{COOKIE}={}", self.bed.user.site_session)
    }
}

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::Site, &["SAMLResponse"]);
    let person = Person { bed: &bed };
    let carries = |secret: &str| heard.form.iter().any(|(_, value)| value == secret);
    if carries(&bed.user.password) {
        bed.book.password_posted();
    }
    let answer = match bed.site.find(&heard, &person) {
        Some(page) => {
            if carries(&bed.user.password) && page.wants.is_some() {
                bed.book.password_accepted();
            }
            let body = person.fill(&page.body);
            let mut answer = Answer::new(page.status, "text/html; charset=utf-8", body);
            for (name, value) in &page.headers {
                answer = answer.header(name.clone(), person.fill(value));
            }
            if page.begins_session {
                let cookie = format!("{}; Path=/; HttpOnly; Secure", person.cookie());
                answer = answer.header(header::SET_COOKIE, cookie);
            }
            answer.note(format!("page of {} {}", page.method, page.path))
        }
        None => Answer::new(404, "text/html", "<title>Not found</title>").note("no such page"),
    };
    answer.send(ticket, bed.clock.now())
}
