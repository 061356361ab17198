//! Every request that a service of the bed has seen, with its secrets blotted out.
//!
//! An entry is written when the request arrives and completed when it is answered, so a
//! test can see a login that is being held. Status 0 is a request without an answer yet.

use std::sync::{Arc, Mutex, MutexGuard};

/// One of the services of the bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Service {
    /// The identity provider.
    Adfs,
    /// The Okta org.
    Okta,
    /// Okta Verify on the person's machine.
    OktaVerify,
    /// The identity provider whose pages a test writes.
    Site,
    /// The Security Token Service.
    Sts,
    /// IAM, which tells an account's alias.
    Iam,
    /// Signing in to the console.
    SignIn,
    /// IAM Identity Center's sign-in.
    Oidc,
    /// IAM Identity Center's portal.
    Portal,
    /// Duo's service.
    Duo,
    /// Git over HTTPS.
    CodeCommit,
    /// CodeCommit's service, which is asked what repositories there are.
    CodeCommitApi,
    /// The CONNECT proxy.
    Proxy,
}

/// One request and what came of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who was asked.
    pub service: Service,
    /// The HTTP method.
    pub method: String,
    /// The `Host` header; for the proxy, the name and port asked for.
    pub host: String,
    /// The path, without the query.
    pub path: String,
    /// The query as it was sent, with known secrets as `[secret]`.
    pub query: String,
    /// The fields of a form body; what is secret is `[secret]`.
    pub form: Vec<(String, String)>,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The status of the answer; 0 as long as there is none.
    pub status: u16,
    /// What was decided, such as "password accepted" or "refused: expired".
    pub note: String,
}

/// What the services had seen at one moment.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
    logins: usize,
    login_attempts: usize,
}

impl Ledger {
    /// All requests, in the order of their arrival.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Passwords accepted, and sign-ins to IAM Identity Center allowed.
    pub fn logins(&self) -> usize {
        self.logins
    }

    /// Passwords posted, right or wrong, answered or still held; and sign-ins to IAM Identity Center
    /// begun.
    pub fn login_attempts(&self) -> usize {
        self.login_attempts
    }

    /// How many requests a service has seen.
    pub fn count(&self, service: Service) -> usize {
        self.of(service).count()
    }

    /// The requests of one service, in the order of their arrival.
    pub fn of(&self, service: Service) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.service == service)
    }
}

/// The ledger while it is being written.
#[derive(Debug, Default)]
pub(crate) struct Book {
    ledger: Mutex<Ledger>,
}

impl Book {
    pub(crate) fn snapshot(&self) -> Ledger {
        self.lock().clone()
    }

    pub(crate) fn open(self: &Arc<Self>, entry: Entry) -> Ticket {
        let mut ledger = self.lock();
        ledger.entries.push(entry);
        Ticket {
            book: Arc::clone(self),
            index: ledger.entries.len() - 1,
            closed: false,
        }
    }

    pub(crate) fn password_posted(&self) {
        self.lock().login_attempts += 1;
    }

    pub(crate) fn password_accepted(&self) {
        self.lock().logins += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger
            .lock()
            .expect("no thread panicked with the ledger")
    }
}

/// An entry that waits for its answer.
pub(crate) struct Ticket {
    book: Arc<Book>,
    index: usize,
    closed: bool,
}

impl Ticket {
    pub(crate) fn close(mut self, status: u16, note: &str) {
        let mut ledger = self.book.lock();
        let entry = &mut ledger.entries[self.index];
        entry.status = status;
        note.clone_into(&mut entry.note);
        drop(ledger);
        self.closed = true;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.closed {
            let gone = "the client went away before it was answered";
            gone.clone_into(&mut self.book.lock().entries[self.index].note);
        }
    }
}
