//! An identity provider that we did not write: SimpleSAMLphp from Debian, on PHP's own server, with AWS
//! as its service provider. The test-bed's STS checks its signatures with xmlsec1.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fedgit_testbed::{Scenario, Service};
use serde_json::Value;

use crate::world::Home;

/// Where Debian's package puts it.
const PRODUCT: &str = "/usr/share/simplesamlphp/www";
const ISSUER: &str = "https://idp.example.org/metadata";
const ROLES: [&str; 2] = ["Developer", "Auditor"];

/// The product with a configuration of its own in the home folder; nothing under /etc is read.
pub(super) struct SimpleSaml {
    server: Child,
    port: u16,
    log: PathBuf,
}

impl SimpleSaml {
    /// `modules` are those that come before the assertion: `consent`, `multiauth`.
    pub(super) fn start(home: &Home, modules: &[&str]) -> Self {
        assert!(
            Path::new(PRODUCT).exists(),
            "Debian's simplesamlphp is not installed; .ci/run installs it"
        );
        // Not in the home, which is searched for the password: it stands in the configuration here.
        let folder = tempfile::Builder::new()
            .prefix("ssp-")
            .tempdir()
            .unwrap()
            .keep();
        for name in ["conf/metadata", "cert", "log", "data", "tmp", "www"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        std::os::unix::fs::symlink(PRODUCT, folder.join("www/simplesaml")).unwrap();
        // Before its configuration, which names the port; that is read anew with each request.
        let idp = Self::serve(&folder);
        let port = idp.port;
        let certificate = key_pair(&folder.join("cert"));
        home.world.trust_idp(ISSUER, &certificate);
        let has = |module: &str| modules.contains(&module);
        let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
        let at = |name: &str| format!("{}/{name}/", folder.display());
        write(
            "conf/config.php",
            format!(
                "<?php $config = ['baseurlpath' => 'http://127.0.0.1:{port}/simplesaml/', \
                 'certdir' => '{}', 'loggingdir' => '{}', 'datadir' => '{}', 'tempdir' => '{}', \
                 'metadatadir' => '{}', 'secretsalt' => 'salt', 'auth.adminpassword' => 'x', \
                 'timezone' => 'UTC', 'logging.handler' => 'file', 'enable.saml20-idp' => true, \
                 'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true, \
                 'consent' => {}, 'multiauth' => {}], \
                 'session.cookie.secure' => false, 'session.cookie.samesite' => null, \
                 'language.cookie.secure' => false, 'store.type' => 'phpsession', \
                 'session.phpsession.savepath' => '{}', \
                 'metadata.sources' => [['type' => 'flatfile']], 'authproc.idp' => [{}]];",
                at("cert"),
                at("log"),
                at("data"),
                at("tmp"),
                at("conf/metadata"),
                has("consent"),
                has("multiauth"),
                at("tmp"),
                if has("consent") {
                    "90 => ['class' => 'consent:Consent']"
                } else {
                    ""
                },
            ),
        );
        let source = |name: &str, user: &str| {
            let roles: Vec<String> = ROLES
                .iter()
                .map(|role| format!("'{}'", pair(role)))
                .collect();
            format!(
                "'{name}' => ['exampleauth:UserPass', '{user}:{}' => ['uid' => ['{user}'], \
                 'https://aws.amazon.com/SAML/Attributes/Role' => [{}], \
                 'https://aws.amazon.com/SAML/Attributes/RoleSessionName' => ['{user}'], \
                 'https://aws.amazon.com/SAML/Attributes/SessionDuration' => ['3600']]], ",
                home.world.password(),
                roles.join(", "),
            )
        };
        write(
            "conf/authsources.php",
            format!(
                "<?php $config = [{}{}'both' => ['multiauth:MultiAuth', 'sources' => \
                 ['staff' => ['text' => ['en' => 'Staff']], 'guests' => ['text' => ['en' => 'Guests']]]]];",
                source("staff", "jane"),
                source("guests", "joe"),
            ),
        );
        write(
            "conf/metadata/saml20-idp-hosted.php",
            format!(
                "<?php $metadata['{ISSUER}'] = ['host' => '__DEFAULT__', 'privatekey' => 'idp.key', \
                 'certificate' => 'idp.crt', 'auth' => '{}', \
                 'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'];",
                if has("multiauth") { "both" } else { "staff" }
            ),
        );
        let name_id = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
        write(
            "conf/metadata/saml20-sp-remote.php",
            format!(
                "<?php $metadata['urn:amazon:webservices'] = ['AssertionConsumerService' => \
                 'https://signin.aws.amazon.com/saml', 'NameIDFormat' => '{name_id}', \
                 'saml20.sign.response' => true, 'authproc' => [5 => ['class' => \
                 'saml:AttributeNameID', 'attribute' => 'uid', 'Format' => '{name_id}']]];"
            ),
        );
        idp
    }

    /// PHP's own server on a port of its choice. One that was found free before could be somebody
    /// else's by the time it listens.
    fn serve(folder: &Path) -> Self {
        let log = folder.join("server.log");
        let server = Command::new("php")
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("SIMPLESAMLPHP_CONFIG_DIR", folder.join("conf"))
            .args(["-S", "127.0.0.1:0", "-t"])
            .arg(folder.join("www"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .expect("php-cli is installed");
        let mut idp = Self {
            server,
            port: 0,
            log,
        };
        let patience = Instant::now() + Duration::from_secs(30);
        while idp.port == 0 {
            let told = fs::read_to_string(&idp.log).unwrap();
            idp.port = told
                .split_once("(http://127.0.0.1:")
                .and_then(|(_, rest)| rest.split_once(") started"))
                .map_or(0, |(port, _)| port.parse().unwrap());
            assert!(
                Instant::now() < patience,
                "PHP's server does not start: {told}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        idp
    }

    /// The `fedgit.toml` that signs in there.
    pub(super) fn declaration(&self, more: &str) -> String {
        let roles: String = ROLES
            .iter()
            .map(|role| {
                format!(
                    "\n[role.{role}]\nidp = \"corp\"\narn = \"arn:aws:iam::111122223333:role/{role}\"\n"
                )
            })
            .collect();
        format!(
            "[idp.corp]\nkind = \"saml\"\nusername = \"jane\"\nurl = \"http://127.0.0.1:{}/simplesaml/saml2/idp/\
             SSOService.php?spentityid=urn:amazon:webservices\"\n{more}{roles}",
            self.port
        )
    }

    /// How often its pages were posted a form.
    pub(super) fn posts(&self) -> usize {
        fs::read_to_string(&self.log)
            .unwrap()
            .lines()
            .filter(|line| line.contains(": POST "))
            .count()
    }
}

impl Drop for SimpleSaml {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(self.log.parent().unwrap());
    }
}

fn pair(role: &str) -> String {
    let account = "arn:aws:iam::111122223333";
    format!("{account}:role/{role},{account}:saml-provider/SimpleSAMLphp")
}

/// An RSA key and its certificate, as the product's own guide makes them.
fn key_pair(folder: &Path) -> PathBuf {
    let certificate = folder.join("idp.crt");
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args(["-subj", "/CN=idp.example.org", "-keyout"])
        .arg(folder.join("idp.key"))
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    certificate
}

fn with(modules: &[&str], more: &str) -> (Home, SimpleSaml) {
    let home = Home::empty(Scenario::adfs());
    let idp = SimpleSaml::start(&home, modules);
    home.write(".config/fedgit/fedgit.toml", idp.declaration(more));
    (home, idp)
}

/// Whom STS takes the profile for.
fn identity(home: &Home, profile: &str) -> String {
    let said = home.fedgit(&["whoami", profile, "--json"]).exits(0).out;
    let said: Value = serde_json::from_str(&said).unwrap();
    said["identities"][0]["arn"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
#[ignore = "needs Debian's simplesamlphp, php-cli and xmlsec1: .ci/run installs them and runs this"]
fn one_login_serves_every_role_and_a_session_needs_no_password() {
    let (home, idp) = with(&[], "");
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    assert_eq!(idp.posts(), 1, "the password goes out once for both roles");
    for role in ROLES {
        let arn = format!("arn:aws:sts::111122223333:assumed-role/{role}/jane");
        assert_eq!(identity(&home, role), arn);
    }
    // Credentials and the assertion are gone; the session's cookies are not.
    fs::remove_dir_all(home.file(".cache/fedgit/credentials")).unwrap();
    let said = home.fedgit(&["login", "corp"]).exits(0);
    assert!(!said.err.contains("password"), "{}", said.err);
    assert_eq!(idp.posts(), 1, "the session needs no password");
    let ledger = home.world.ledger();
    assert_eq!(ledger.count(Service::Adfs), 0);
}

#[test]
#[ignore = "needs Debian's simplesamlphp, php-cli and xmlsec1: .ci/run installs them and runs this"]
fn a_wrong_password_is_told_once_in_its_own_words() {
    let (home, idp) = with(&[], "");
    let mut login = home.command(env!("CARGO_BIN_EXE_fedgit"));
    login
        .args(["login", "corp"])
        .env("FEDGIT_PASSWORD", "wrong");
    home.run(&mut login).exits(5).tells(&[
        "refused the user name or password",
        "Incorrect username or password",
    ]);
    assert_eq!(idp.posts(), 1);
    // Nor is it sent again by the next one.
    let mut again = home.command(env!("CARGO_BIN_EXE_fedgit"));
    again
        .args(["credential-process", "--profile", "Developer"])
        .env("FEDGIT_PASSWORD", "wrong");
    home.run(&mut again).exits(5);
    assert_eq!(idp.posts(), 1);
}

/// The choice comes from `mfa`, as nobody is there to make it.
#[test]
#[ignore = "needs Debian's simplesamlphp, php-cli and xmlsec1: .ci/run installs them and runs this"]
fn a_choice_of_sources_and_a_consent_are_gone_through() {
    let (home, _idp) = with(&["multiauth"], "mfa = \"Staff\"\n");
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let arn = "arn:aws:sts::111122223333:assumed-role/Auditor/jane";
    assert_eq!(identity(&home, "Auditor"), arn);

    let (home, idp) = with(&["consent"], "");
    home.fedgit_as_script(&["login", "corp"])
        .exits(4)
        .tells(&["nobody is there to be asked", "consent"]);
    home.write(
        ".config/fedgit/fedgit.toml",
        idp.declaration("mfa = \"yes\"\n"),
    );
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let arn = "arn:aws:sts::111122223333:assumed-role/Developer/jane";
    assert_eq!(identity(&home, "Developer"), arn);
}

/// What STS is told to trust is really looked at.
#[test]
#[ignore = "needs Debian's simplesamlphp, php-cli and xmlsec1: .ci/run installs them and runs this"]
fn another_key_signs_for_nobody() {
    let (home, idp) = with(&[], "");
    let stranger = Home::empty(Scenario::adfs());
    let folder = tempfile::tempdir().unwrap();
    stranger.world.trust_idp(ISSUER, &key_pair(folder.path()));
    stranger.write(".config/fedgit/fedgit.toml", idp.declaration(""));
    let mut login = stranger.command(env!("CARGO_BIN_EXE_fedgit"));
    login
        .args(["login", "corp"])
        .env("FEDGIT_PASSWORD", home.world.password());
    let said = stranger.run(&mut login);
    assert_ne!(said.code, 0);
    assert!(said.err.contains("signature"), "{}", said.err);
}

/// A login that AWS begins: the product takes the request, and answers it.
#[test]
#[ignore = "needs Debian's simplesamlphp, php-cli and xmlsec1: .ci/run installs them and runs this"]
fn a_saml_request_begins_the_login() {
    let (home, idp) = with(&[], "sp_initiated = true\n");
    let text = idp
        .declaration("sp_initiated = true\n")
        .replace("?spentityid=urn:amazon:webservices", "");
    home.write(".config/fedgit/fedgit.toml", text);
    home.fedgit_as_script(&["login", "corp"]).exits(0);
    let arn = "arn:aws:sts::111122223333:assumed-role/Developer/jane";
    assert_eq!(identity(&home, "Developer"), arn);
}
