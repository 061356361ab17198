//! What the services of one World share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use crate::adfs::Sessions;
use crate::clock::Clock;
use crate::duo::Transactions;
use crate::flaws::Flaws;
use crate::gate::Gates;
use crate::identity_center;
use crate::keys::Keys;
use crate::ledger::Book;
use crate::okta::Org;
use crate::saml::Issued;
use crate::scenario::Scenario;
use crate::secrets::Secrets;
use crate::site::Site;
use crate::sts::Trust;
use crate::text;
use crate::throttle::Bucket;

pub(crate) struct Bed {
    pub(crate) scenario: Scenario,
    pub(crate) clock: Clock,
    pub(crate) book: Arc<Book>,
    pub(crate) secrets: Secrets,
    pub(crate) gates: Arc<Gates>,
    pub(crate) user: User,
    /// What the person's device shows.
    pub(crate) codes: Codes,
    /// What was begun at Duo.
    pub(crate) duo: Transactions,
    /// Browser sessions, view states and wrong passwords of the AD FS.
    pub(crate) sessions: Sessions,
    /// Logins, sessions and devices of the Okta org.
    pub(crate) okta: Org,
    /// The org's origin, which Okta Verify is enrolled with.
    pub(crate) okta_origin: String,
    /// Where the org says that Okta Verify listens.
    pub(crate) verify_ports: [u16; 3],
    /// Assertions that the identity providers have issued.
    pub(crate) issued: Issued,
    /// Further identity providers.
    pub(crate) trust: Trust,
    pub(crate) keys: Keys,
    /// The identity provider whose pages a test writes.
    pub(crate) site: Site,
    /// Clients, devices, codes and tokens of IAM Identity Center.
    pub(crate) center: identity_center::State,
    pub(crate) sts_calls: AtomicUsize,
    pub(crate) sts_bucket: Bucket,
    /// Of CodeCommit.
    pub(crate) flaws: Flaws,
    /// The port of the AD FS, for forms that name it.
    pub(crate) adfs_port: u16,
    /// A folder per region, a bare repository per name.
    pub(crate) repositories: PathBuf,
    pub(crate) http_backend: PathBuf,
    /// An empty folder for git.
    pub(crate) home: PathBuf,
}

/// What the person's device shows.
pub(crate) struct Codes {
    pub(crate) now: String,
    pub(crate) next: String,
    /// No secret: it is shown at both ends.
    pub(crate) number: String,
}

impl Codes {
    /// Of eight digits, so that none of them stands somewhere by chance.
    pub(crate) fn new(secrets: &Secrets) -> Codes {
        let [a, b, c] = text::random::<3>();
        let number = |seed: u8| {
            let bytes = text::random::<4>();
            let value = u32::from_be_bytes(bytes) % 9_000_000 + 1_000_000;
            format!("{}{value}", seed % 9 + 1)
        };
        let (now, next) = (number(a), number(b));
        secrets.add(&now);
        secrets.add(&next);
        Codes {
            now,
            next,
            number: (c % 90 + 10).to_string(),
        }
    }
}

/// The one person whom the AD FS knows.
pub(crate) struct User {
    pub(crate) name: &'static str,
    pub(crate) password: String,
    /// The one-time code of the identity provider whose pages a test writes; as unmistakable.
    pub(crate) code: String,
    /// The cookie of a session there.
    pub(crate) site_session: String,
}

impl User {
    pub(crate) const NAME: &str = "username@domain";

    /// The marker makes the password unmistakable; the rest must be encoded in a form.
    pub(crate) fn new(secrets: &Secrets) -> User {
        let marker = format!("Pw{}", text::hex(&text::random::<8>()));
        let password = format!("{marker}&50%+ one ü");
        secrets.add(&password);
        secrets.add(&marker);
        let code = format!("Cd{}", text::hex(&text::random::<8>()));
        let site_session = format!("Sc{}", text::hex(&text::random::<8>()));
        secrets.add(&code);
        secrets.add(&site_session);
        User {
            name: Self::NAME,
            password,
            code,
            site_session,
        }
    }

    /// AD FS takes the UPN and `DOMAIN\user` alike, in any case.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        let (user, domain) = self.name.split_once('@').unwrap_or((self.name, ""));
        name.eq_ignore_ascii_case(self.name)
            || name.eq_ignore_ascii_case(&format!("{domain}\\{user}"))
    }
}
