//! The services that fedgit talks to, on loopback, for its tests and its demo.
//!
//! A [`World`] is an AD FS with Duo behind it, a Security Token Service, an IAM, an AWS sign-in, an IAM Identity
//! Center and a CodeCommit, each behind TLS on a port of its own, with a CONNECT proxy that takes the real
//! AWS names to them. A
//! [`Scenario`] says how it behaves; the [`Ledger`] tells what was asked of it.
//!
//! This crate judges fedgit. It shares no code with it, so that a mistake in one cannot hide
//! a mistake in the other, and it is as strict as the real services are.
#![allow(
    clippy::disallowed_methods,
    reason = "the bed is no part of the product: it reads clocks, files and the environment itself"
)]

mod adfs;
mod bed;
mod browser;
mod ca;
mod clock;
mod codecommit;
mod duo;
mod flaws;
mod gate;
mod git_backend;
mod iam;
mod identity_center;
mod keys;
mod ledger;
mod okta;
mod proxy;
mod regions;
mod repositories;
mod saml;
mod scenario;
mod secrets;
mod server;
mod sign_in;
mod sigv4;
mod site;
mod sts;
mod text;
mod throttle;

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;

pub use crate::browser::Seen;
pub use crate::gate::LoginGate;
pub use crate::identity_center::Failing;
pub use crate::ledger::{Entry, Ledger, Service};
pub use crate::okta::{Browser, Hostile, Push, Verify};
pub use crate::scenario::{AtPhone, Factor, Scenario};
pub use crate::site::Page;

use crate::bed::{Bed, Codes, User};
use crate::keys::{Key, Principal};

const SIGN_ON: &str = "/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices";

/// A running test-bed. Dropping it stops its services and removes its files.
pub struct World {
    /// `None` only while it is being dropped.
    runtime: Option<Runtime>,
    bed: Arc<Bed>,
    ca_file: PathBuf,
    adfs: SocketAddr,
    adfs_service: AbortHandle,
    /// Keeps the address of the AD FS that was stopped.
    adfs_stopped: OnceLock<TcpSocket>,
    /// The ports of programs of the user's that are not there.
    _silent: Vec<TcpSocket>,
    okta: SocketAddr,
    sts: SocketAddr,
    iam: SocketAddr,
    sign_in: SocketAddr,
    site: SocketAddr,
    oidc: SocketAddr,
    portal: SocketAddr,
    codecommit: SocketAddr,
    duo: SocketAddr,
    proxy: SocketAddr,
    /// Removed after everything else.
    _folder: TempDir,
}

impl World {
    /// Starts every service.
    ///
    /// # Panics
    ///
    /// Where that cannot be done: no loopback, no temporary folder, no git with its http-backend.
    pub fn start(scenario: Scenario) -> World {
        match World::try_start(scenario) {
            Ok(world) => world,
            Err(error) => panic!("the test-bed cannot start: {error}"),
        }
    }

    fn try_start(scenario: Scenario) -> Result<World, Box<dyn Error>> {
        let folder = tempfile::Builder::new()
            .prefix("fedgit-testbed-")
            .tempdir()?;
        let home = folder.path().join("home");
        let repositories = folder.path().join("repositories");
        std::fs::create_dir(&home)?;
        std::fs::create_dir(&repositories)?;
        let authority = ca::Authority::mint()?;
        let ca_file = folder.path().join("ca.pem");
        std::fs::write(&ca_file, authority.pem())?;

        let (adfs_listener, adfs) = server::listen()?;
        let (okta_listener, okta) = server::listen()?;
        let (sts_listener, sts) = server::listen()?;
        let (iam_listener, iam) = server::listen()?;
        let (sign_in_listener, sign_in) = server::listen()?;
        let (site_listener, site) = server::listen()?;
        let (oidc_listener, oidc) = server::listen()?;
        let (portal_listener, portal) = server::listen()?;
        let (codecommit_listener, codecommit) = server::listen()?;
        let (duo_listener, duo) = server::listen()?;
        let (proxy_listener, proxy) = server::listen()?;
        // Nobody listens at the first of the three; at the others, where there is such a program.
        let (nobody, nowhere) = server::reserve()?;
        let (for_others, others) = server::reserve()?;
        let (for_verify, verify) = server::reserve()?;
        let duo_hosts = vec![regions::DUO_HOST.to_owned()];
        let okta_hosts = vec![regions::OKTA_HOST.to_owned()];
        let adfs_hosts = vec![regions::ADFS_HOST.to_owned()];
        let (sts_hosts, codecommit_hosts) = (regions::sts_hosts(), regions::codecommit_hosts());
        let sign_in_hosts = regions::sign_in_hosts();
        let iam_hosts = regions::iam_hosts();
        let site_hosts: Vec<String> = site::HOSTS.map(str::to_owned).into();
        let (oidc_hosts, portal_hosts) = (regions::oidc_hosts(), regions::portal_hosts());

        let secrets = secrets::Secrets::default();
        let bed = Arc::new(Bed {
            scenario,
            clock: clock::Clock::default(),
            book: Arc::default(),
            user: User::new(&secrets),
            codes: Codes::new(&secrets),
            okta: okta::Org::new(&secrets),
            okta_origin: format!("https://{okta}"),
            verify_ports: [nowhere.port(), others.port(), verify.port()],
            secrets,
            gates: gate::Gates::new(),
            sessions: adfs::Sessions::default(),
            duo: duo::Transactions::default(),
            issued: saml::Issued::default(),
            trust: sts::Trust::default(),
            keys: keys::Keys::default(),
            site: site::Site::default(),
            center: identity_center::State::default(),
            sts_calls: AtomicUsize::new(0),
            sts_bucket: throttle::Bucket::default(),
            flaws: flaws::Flaws::default(),
            adfs_port: adfs.port(),
            http_backend: repositories::http_backend(&home)?,
            repositories,
            home,
        });

        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("testbed")
            .enable_all()
            .build()?;
        let serve = |listener, hosts: &[String], service| -> Result<AbortHandle, Box<dyn Error>> {
            Ok(server::serve(
                &runtime,
                listener,
                authority.server(hosts)?,
                service,
            )?)
        };
        let adfs_service = serve(adfs_listener, &adfs_hosts, adfs::service(Arc::clone(&bed)))?;
        serve(okta_listener, &okta_hosts, okta::service(Arc::clone(&bed)))?;
        serve(site_listener, &site_hosts, site::service(Arc::clone(&bed)))?;
        serve(sts_listener, &sts_hosts, sts::service(Arc::clone(&bed)))?;
        serve(iam_listener, &iam_hosts, iam::service(Arc::clone(&bed)))?;
        serve(
            sign_in_listener,
            &sign_in_hosts,
            sign_in::service(Arc::clone(&bed)),
        )?;
        let oidc_service = identity_center::oidc(Arc::clone(&bed));
        serve(oidc_listener, &oidc_hosts, oidc_service)?;
        let portal_service = identity_center::portal(Arc::clone(&bed));
        serve(portal_listener, &portal_hosts, portal_service)?;
        serve(
            codecommit_listener,
            &codecommit_hosts,
            codecommit::service(Arc::clone(&bed)),
        )?;
        serve(duo_listener, &duo_hosts, duo::service(Arc::clone(&bed)))?;
        let mut names = proxy::Names::new();
        for (hosts, address) in [
            (adfs_hosts, adfs),
            (okta_hosts, okta),
            (site_hosts, site),
            (sts_hosts, sts),
            (iam_hosts, iam),
            (sign_in_hosts, sign_in),
            (oidc_hosts, oidc),
            (portal_hosts, portal),
            (codecommit_hosts, codecommit),
            (duo_hosts, duo),
        ] {
            names.extend(
                hosts
                    .into_iter()
                    .map(|host| (format!("{host}:443"), address)),
            );
        }
        let mut silent = vec![nobody];
        if bed.scenario.okta.verify.is_some() {
            let others = okta::verify::of_another(Arc::clone(&bed));
            server::serve_plainly(&runtime, for_others, others)?;
            let own = okta::verify::own(Arc::clone(&bed));
            server::serve_plainly(&runtime, for_verify, own)?;
        } else {
            silent.extend([for_others, for_verify]);
        }
        proxy::serve(&runtime, proxy_listener, Arc::clone(&bed), names)?;
        Ok(World {
            runtime: Some(runtime),
            bed,
            ca_file,
            adfs,
            adfs_service,
            adfs_stopped: OnceLock::new(),
            _silent: silent,
            okta,
            sts,
            iam,
            sign_in,
            site,
            oidc,
            portal,
            codecommit,
            duo,
            proxy,
            _folder: folder,
        })
    }

    /// Where signing in to AWS begins.
    pub fn adfs_url(&self) -> String {
        format!("https://{}{SIGN_ON}", self.adfs)
    }

    /// Where the identity provider is whose pages [`World::shows`] puts up.
    pub fn site_url(&self, path: &str) -> String {
        format!("https://{}{path}", self.site)
    }

    /// A response for AWS as the bed's identity provider gives it, for one that has no pages.
    pub fn issue_assertion(&self) -> String {
        let (user, now) = (self.bed.user.name, self.bed.clock.now());
        let response = saml::issue(&self.bed.scenario, &self.bed.issued, user, now);
        self.bed.secrets.add(&response);
        response
    }

    /// Puts up one more page there. The first that fits a request answers it.
    pub fn shows(&self, page: Page) {
        self.bed.site.add(page);
    }

    /// The person's one-time code there.
    pub fn site_code(&self) -> &str {
        &self.bed.user.code
    }

    /// The AD FS's single sign-on service, which takes SAML requests.
    pub fn adfs_service_url(&self) -> String {
        format!("https://{}/adfs/ls/", self.adfs)
    }

    /// The same sign-on page by the name that the AD FS has, for those who use the proxy.
    pub fn adfs_named_url(&self) -> String {
        format!("https://{}{SIGN_ON}", regions::ADFS_HOST)
    }

    /// Host and port of Duo, which is called something else by everybody.
    pub fn duo_host(&self) -> String {
        self.duo.to_string()
    }

    /// The code that the person's device shows.
    pub fn mfa_code(&self) -> &str {
        &self.bed.codes.now
    }

    /// The one that it shows next.
    pub fn next_mfa_code(&self) -> &str {
        &self.bed.codes.next
    }

    /// The number that a push asks for.
    pub fn number(&self) -> &str {
        &self.bed.codes.number
    }

    /// The embed link of the Okta org's AWS application.
    pub fn okta_url(&self) -> String {
        format!("https://{}{}", self.okta, okta::APP)
    }

    /// The same by the name that the org has, for those who use the proxy.
    pub fn okta_named_url(&self) -> String {
        format!("https://{}{}", regions::OKTA_HOST, okta::APP)
    }

    /// The client id of the org's native application and the id of its AWS application, for a device
    /// login.
    pub fn okta_ids(&self) -> (&'static str, &'static str) {
        (okta::CLIENT_ID, okta::APP_ID)
    }

    /// The code that every device of the person shows, and every message of the org tells.
    pub fn okta_code(&self) -> &str {
        &self.bed.okta.code
    }

    /// The answer to the person's security question.
    pub fn okta_answer(&self) -> &str {
        &self.bed.okta.answer
    }

    /// The endpoint of STS, for every region.
    pub fn sts_url(&self) -> String {
        format!("https://{}", self.sts)
    }

    /// The endpoint of IAM, for every partition.
    pub fn iam_url(&self) -> String {
        format!("https://{}", self.iam)
    }

    /// The endpoint of AWS sign-in, for every region.
    pub fn sign_in_url(&self) -> String {
        format!("https://{}", self.sign_in)
    }

    /// The endpoint of IAM Identity Center's sign-in.
    pub fn oidc_url(&self) -> String {
        format!("https://{}", self.oidc)
    }

    /// The endpoint of IAM Identity Center's portal.
    pub fn portal_url(&self) -> String {
        format!("https://{}", self.portal)
    }

    /// The start URL of the one instance of IAM Identity Center, which no program needs to open.
    pub fn start_url(&self) -> &'static str {
        identity_center::START_URLS[0]
    }

    /// Where that instance is.
    pub fn center_region(&self) -> &'static str {
        identity_center::REGION
    }

    /// The codes of devices that nobody has decided on yet.
    pub fn user_codes(&self) -> Vec<String> {
        self.bed.center.open_user_codes()
    }

    /// A person types a device's code and allows it; whether there is such a code.
    pub fn allow_device(&self, user_code: &str) -> bool {
        let allowed = identity_center::Decision::Allowed;
        self.bed.center.decide(user_code, allowed)
    }

    /// A person opens an address in a browser, presses the button with this id wherever there is one
    /// (`allow` or `deny`), and sees these pages.
    ///
    /// # Panics
    ///
    /// Where somebody does not answer.
    pub fn browse(&self, url: &str, button: &str) -> Vec<Seen> {
        let pages = browser::Browser::trusting(&self.ca_file)
            .and_then(|browser| browser.visit(url, button));
        match pages {
            Ok(pages) => pages,
            Err(error) => panic!("the browser cannot open {url}: {error}"),
        }
    }

    /// Ends every access and refresh token of IAM Identity Center.
    pub fn revoke_tokens(&self) {
        self.bed.center.revoke_tokens();
    }

    /// Forgets every client that registered with IAM Identity Center.
    pub fn forget_clients(&self) {
        self.bed.center.forget_clients();
    }

    /// Closes an account, or takes a permission set away: from everywhere by its name, or from one
    /// account by `ACCOUNT/NAME`.
    pub fn unassign(&self, name: &str) {
        self.bed.center.remove(name);
    }

    /// The endpoint of CodeCommit, for every region.
    pub fn codecommit_url(&self) -> String {
        format!("https://{}", self.codecommit)
    }

    /// Host and port of CodeCommit.
    pub fn codecommit_host(&self) -> String {
        self.codecommit.to_string()
    }

    /// A CONNECT proxy that takes the real AWS names, adfs.example.com, and idp.example.com and
    /// login.example.net (where [`World::shows`] puts up its pages) to this World, and refuses every
    /// other name.
    pub fn proxy_url(&self) -> String {
        format!("http://{}", self.proxy)
    }

    /// The certificate of the CA that vouches for the services, in PEM.
    pub fn ca_file(&self) -> &Path {
        &self.ca_file
    }

    /// The name of the person whom the AD FS knows.
    pub fn username(&self) -> &str {
        self.bed.user.name
    }

    /// Their password, which no other World shares and which a form must encode.
    pub fn password(&self) -> &str {
        &self.bed.user.password
    }

    /// Makes a bare repository with a README.md on the branch main.
    ///
    /// # Panics
    ///
    /// Where the region or the name is not one of CodeCommit's, or git cannot be run.
    pub fn add_repository(&self, region: &str, name: &str) {
        assert!(
            regions::REGIONS.contains(&region),
            "{region} is not a region of the test-bed"
        );
        assert!(
            repositories::is_name(name),
            "{name} is not a name for a repository"
        );
        if let Err(error) =
            repositories::create(&self.bed.repositories, &self.bed.home, region, name)
        {
            panic!("the test-bed cannot make the repository {name}: {error}");
        }
    }

    /// The same repository under other names.
    ///
    /// # Panics
    ///
    /// Where a name is not one of CodeCommit's, or a file cannot be copied.
    pub fn copy_repository(&self, region: &str, from: &str, to: &[String]) {
        let root = &self.bed.repositories;
        for name in to {
            assert!(
                repositories::is_name(name),
                "{name} is not a name for a repository"
            );
            let from = repositories::path(root, region, from);
            let to = repositories::path(root, region, name);
            if let Err(error) = repositories::copy(&from, &to) {
                panic!("the test-bed cannot copy to {name}: {error}");
            }
        }
    }

    /// The folder of a bare repository.
    pub fn repository_path(&self, region: &str, name: &str) -> PathBuf {
        repositories::path(&self.bed.repositories, region, name)
    }

    /// An IAM user's access key id and secret access key, good for STS and CodeCommit.
    pub fn add_static_key(&self) -> (String, String) {
        let account = "111122223333";
        let key = Key::long_term(Principal {
            arn: format!("arn:aws:iam::{account}:user/example"),
            user_id: keys::id("AIDA"),
            account: account.to_owned(),
        });
        self.bed.secrets.add(&key.secret);
        let pair = (key.id.clone(), key.secret.clone());
        self.bed.keys.add(key);
        pair
    }

    /// What the services have seen so far.
    pub fn ledger(&self) -> Ledger {
        self.bed.book.snapshot()
    }

    /// Everything so far that must never be seen outside of where it belongs: the password,
    /// its random part, AD FS session cookies, assertions, secret access keys, session tokens,
    /// sign-in tokens, tokens, codes and client secrets of IAM Identity Center, and the signatures that clients have presented; each as it is, and URL-encoded.
    pub fn secrets(&self) -> Vec<String> {
        self.bed.secrets.all()
    }

    /// From now on every so manieth request to CodeCommit that it has not seen before fails, and
    /// succeeds when it is sent again; 0 for none.
    pub fn fail_once(&self, every: usize) {
        self.bed.flaws.set(every);
    }

    /// The same for the portal of IAM Identity Center, which fails in this way.
    pub fn portal_fails_once(&self, every: usize, how: Failing) {
        self.bed.center.lock().fails = Some(how);
        self.bed.flaws.set(every);
    }

    /// The next so many requests for a token of IAM Identity Center are not answered by it.
    pub fn no_tokens(&self, requests: usize) {
        self.bed.center.lock().down = requests;
    }

    /// From now on every login waits with its answer until the gate is released or dropped.
    pub fn hold_logins(&self) -> LoginGate {
        self.bed.gates.close()
    }

    /// Ends the sessions of everybody who is signed in: the next page asks for a password.
    pub fn end_sessions(&self) {
        self.bed.sessions.end_all();
        self.bed.okta.end_all();
    }

    /// Whoever is signed in is asked for the second factor once more, and not for the password.
    pub fn forget_second_factors(&self) {
        self.bed.sessions.forget_factors();
        self.bed.okta.forget_factors();
    }

    /// From now on nobody answers at the AD FS's address.
    ///
    /// # Panics
    ///
    /// Where it does not end.
    pub fn stop_adfs(&self) {
        match server::stop(&self.adfs_service, self.adfs) {
            Ok(socket) => drop(self.adfs_stopped.set(socket)),
            Err(error) => panic!("the AD FS does not stop: {error}"),
        }
    }

    /// From now on STS takes responses of another identity provider, too, that are signed as a whole
    /// with the key of this certificate (PEM). `xmlsec1` checks the signature.
    pub fn trust_idp(&self, issuer: &str, certificate: &Path) {
        self.bed.trust.add(issuer, certificate);
    }

    /// Ends every access key that was given out so far.
    pub fn revoke_keys(&self) {
        self.bed.keys.forget_all();
    }

    /// Moves the clock by which the services decide what has expired.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.bed.clock.set_offset(seconds);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Ends every connection and kills every git that still runs.
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}
