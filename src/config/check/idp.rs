//! `[idp.NAME]`: the keys that each kind wants.

use std::path::PathBuf;

use url::Url;

use super::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::wire;
use crate::model::{
    FormFields, IdentityCenter, Idp, IdpKind, IdpName, Model, Okta, OktaDevice, Region, SamlLogin,
    SamlWay, is_loopback,
};

impl Checker<'_> {
    pub(super) fn idps(&mut self, model: &mut Model) {
        for (text, wire) in &self.settings.file.idp {
            let path = ["idp", text.as_str()];
            let name: Option<IdpName> = self.name(text, &path);
            let kind = self.idp_kind(text, wire);
            if let (Some(name), Some(kind)) = (name, kind) {
                model.idps.insert(name.clone(), Idp { name, kind });
            }
        }
    }

    fn idp_kind(&mut self, name: &str, wire: &wire::Idp) -> Option<IdpKind> {
        let Some(kind) = wire.kind else {
            self.missing(
                &["idp", name, "kind"],
                &format!("[idp.{name}] does not say what kind of identity provider it is"),
                "add kind = \"adfs\" (or okta, identity-center, saml, browser, command)",
            );
            return None;
        };
        self.commands(name, wire);
        self.misplaced(name, kind, wire);
        match kind {
            wire::IdpKind::IdentityCenter => {
                let native = wire.profiles == Some(wire::ProfileForm::Native);
                let url = self.idp_url(name, "start_url", wire.start_url.as_deref());
                let url = url.map(as_portal);
                let path = ["idp", name, "region"];
                let region = match &wire.region {
                    Some(text) => self.parse::<Region>(text, &path),
                    None => {
                        self.missing(
                            &path,
                            &format!("[idp.{name}] does not name its region"),
                            "add the region of the Identity Center instance, as region = \"eu-west-1\"",
                        );
                        None
                    }
                };
                Some(IdpKind::IdentityCenter(IdentityCenter {
                    start_url: url?,
                    region: region?,
                    by_device_code: wire.sign_in == Some(wire::SignInForm::DeviceCode),
                    native,
                    ca_bundle: self.ca_bundle(name, wire.ca_bundle.as_deref()),
                    declared_in: self.declared_in(&["idp", name]),
                }))
            }
            _ => {
                let ca_bundle = self.ca_bundle(name, wire.ca_bundle.as_deref());
                let allow_hosts = self.allow_hosts(name, wire);
                let command = |key, words| self.command(&["idp", name, key], words);
                let password_command =
                    command("password_command", wire.password_command.as_deref());
                let mfa_command = command("mfa_command", wire.mfa_command.as_deref());
                Some(IdpKind::Saml(SamlLogin {
                    way: self.saml_way(name, kind, wire)?,
                    username: wire.username.clone().filter(|text| !text.is_empty()),
                    password_command,
                    mfa_command,
                    ca_bundle,
                    allow_hosts,
                    mfa: self.wishes(name, wire),
                    sp_initiated: wire.sp_initiated.unwrap_or(false),
                }))
            }
        }
    }

    fn saml_way(&mut self, name: &str, kind: wire::IdpKind, wire: &wire::Idp) -> Option<SamlWay> {
        if kind == wire::IdpKind::Command {
            let path = ["idp", name, "url"];
            if wire.command.is_none() {
                self.missing(
                    &["idp", name, "command"],
                    &format!("[idp.{name}] does not say which program signs in"),
                    "add the program that prints the base64 SAMLResponse, as command = [\"my-login\"]",
                );
            }
            return Some(SamlWay::Command {
                program: self
                    .command(&["idp", name, "command"], wire.command.as_deref())
                    .unwrap_or_default(),
                url: match &wire.url {
                    Some(text) => Some(self.url(text, &path)?),
                    None => None,
                },
            });
        }
        let url = self.idp_url(name, "url", wire.url.as_deref())?;
        Some(match kind {
            wire::IdpKind::Okta => SamlWay::Okta(Okta {
                url,
                device: self.okta_device(name, wire)?,
            }),
            wire::IdpKind::Saml => SamlWay::Forms {
                url,
                fields: FormFields {
                    username: wire.username_field.clone(),
                    password: wire.password_field.clone(),
                    code: wire.code_field.clone(),
                    form: wire.form.clone(),
                },
            },
            wire::IdpKind::Browser => SamlWay::Browser { url },
            _ => SamlWay::Adfs { url },
        })
    }

    /// Both ids, or neither; `None` where one is missing.
    fn okta_device(&mut self, name: &str, wire: &wire::Idp) -> Option<Option<OktaDevice>> {
        let (there, missing) = match (&wire.client_id, &wire.app_id) {
            (Some(client_id), Some(app_id)) => {
                return Some(Some(OktaDevice {
                    client_id: client_id.clone(),
                    app_id: app_id.clone(),
                }));
            }
            (None, None) => return Some(None),
            (Some(_), None) => ("client_id", "app_id"),
            (None, Some(_)) => ("app_id", "client_id"),
        };
        self.missing(
            &["idp", name, missing],
            &format!("[idp.{name}] has {there} and no {missing}"),
            "a login by device code needs both: client_id of the native application, app_id of the AWS \
             application; leave both out to sign in with a password",
        );
        None
    }

    /// Keys that say nothing to this kind are a mistake, and not passed over. `ca_bundle` says whom to trust
    /// for an identity provider, whoever connects to it.
    fn misplaced(&mut self, name: &str, kind: wire::IdpKind, wire: &wire::Idp) {
        use wire::IdpKind::{Adfs, Browser, Command, IdentityCenter, Okta, Saml};
        let forms: &[wire::IdpKind] = &[Adfs, Okta, Saml];
        let center: &[wire::IdpKind] = &[IdentityCenter];
        let keys: [(&str, bool, &[wire::IdpKind]); 18] = [
            (
                "url",
                wire.url.is_some(),
                &[Adfs, Okta, Saml, Browser, Command],
            ),
            (
                "username",
                wire.username.is_some(),
                &[Adfs, Okta, Saml, Browser, Command],
            ),
            ("password_command", wire.password_command.is_some(), forms),
            ("mfa_command", wire.mfa_command.is_some(), forms),
            ("mfa", wire.mfa.is_some(), forms),
            ("allow_hosts", wire.allow_hosts.is_some(), forms),
            (
                "sp_initiated",
                wire.sp_initiated.is_some(),
                &[Adfs, Saml, Browser],
            ),
            ("client_id", wire.client_id.is_some(), &[Okta]),
            ("app_id", wire.app_id.is_some(), &[Okta]),
            ("username_field", wire.username_field.is_some(), &[Saml]),
            ("password_field", wire.password_field.is_some(), &[Saml]),
            ("code_field", wire.code_field.is_some(), &[Saml]),
            ("form", wire.form.is_some(), &[Saml]),
            ("command", wire.command.is_some(), &[Command]),
            ("start_url", wire.start_url.is_some(), center),
            ("region", wire.region.is_some(), center),
            ("sign_in", wire.sign_in.is_some(), center),
            ("profiles", wire.profiles.is_some(), center),
        ];
        for (key, is_there, kinds) in keys {
            if !is_there || kinds.contains(&kind) {
                continue;
            }
            let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
            self.report(
                Code::BadValue,
                &["idp", name, key],
                Part::Key,
                format!(
                    "{key} says nothing to an identity provider of kind {:?}",
                    kind.as_str()
                ),
                Some(format!("leave it out: it is for {}", kinds.join(", "))),
            );
        }
    }

    /// What to choose. An empty name would fit whatever is offered, a consent too.
    fn wishes(&mut self, name: &str, wire: &wire::Idp) -> Vec<String> {
        let Some(wire::Wishes(wishes)) = &wire.mfa else {
            return Vec::new();
        };
        if wishes.is_empty() || wishes.iter().any(|wish| wish.trim().is_empty()) {
            self.report(
                Code::BadValue,
                &["idp", name, "mfa"],
                Part::Value,
                "mfa names nothing that could be chosen".to_owned(),
                Some("write the name of a method, or leave mfa out to be asked".to_owned()),
            );
        }
        wishes.clone()
    }

    /// Host names as they stand in an address, and nothing more.
    fn allow_hosts(&mut self, name: &str, wire: &wire::Idp) -> Vec<String> {
        let mut hosts = Vec::new();
        for text in wire.allow_hosts.iter().flatten() {
            match url::Host::parse(text) {
                Ok(host) => hosts.push(host.to_string()),
                Err(_) => self.report(
                    Code::BadValue,
                    &["idp", name, "allow_hosts"],
                    Part::Value,
                    format!("{text:?} is not the name of a host"),
                    Some("write the host alone, as in \"login.example.com\"".to_owned()),
                ),
            }
        }
        hosts
    }

    fn idp_url(&mut self, name: &str, key: &str, text: Option<&str>) -> Option<Url> {
        let path = ["idp", name, key];
        let Some(text) = text else {
            self.missing(
                &path,
                &format!("[idp.{name}] has no {key}"),
                "add the address of its sign-on page",
            );
            return None;
        };
        self.url(text, &path)
    }

    /// An https URL, or http on this machine, without a user name or password inside.
    pub(super) fn url(&mut self, text: &str, path: &[&str]) -> Option<Url> {
        let (why, secret) = match usable_url(text) {
            Ok(url) => return Some(url),
            Err(why) => why,
        };
        self.report(Code::BadValue, path, Part::Value, why, None);
        if let (true, Some(told)) = (secret, self.diagnostics.last_mut()) {
            told.secret = true;
        }
        None
    }

    fn ca_bundle(&self, name: &str, text: Option<&str>) -> Option<PathBuf> {
        text.map(|text| self.beside(&["idp", name, "ca_bundle"], text))
    }

    /// A program that is named by a relative path is meant beside the file, and not in whatever
    /// directory, a clone perhaps, the command happens to run. A bare name is looked up on PATH.
    pub(super) fn command(&self, key: &[&str], words: Option<&[String]>) -> Option<Vec<String>> {
        let mut words = words?.to_vec();
        if let Some(program) = words
            .first_mut()
            .filter(|program| program.contains(['/', '\\']))
        {
            let beside = self.beside(key, program);
            *program = beside.to_string_lossy().into_owned();
        }
        Some(words)
    }

    /// Relative to the file that says it, not to the working directory.
    fn beside(&self, key: &[&str], text: &str) -> PathBuf {
        let layer = self
            .settings
            .layer_of(key)
            .and_then(|index| self.layers.get(index));
        let folder = layer
            .and_then(|layer| layer.origin.path())
            .and_then(std::path::Path::parent);
        folder.map_or_else(|| PathBuf::from(text), |folder| folder.join(text))
    }

    fn commands(&mut self, name: &str, wire: &wire::Idp) {
        for (key, command) in [
            ("password_command", &wire.password_command),
            ("mfa_command", &wire.mfa_command),
            ("command", &wire.command),
        ] {
            self.names_a_program(&["idp", name, key], command.as_deref());
        }
    }

    pub(super) fn names_a_program(&mut self, path: &[&str], command: Option<&[String]>) {
        if command.is_some_and(|c| c.first().is_none_or(String::is_empty)) {
            let key = path.last().copied().unwrap_or_default();
            self.report(
                Code::BadValue,
                path,
                Part::Value,
                format!("{key} names no program"),
                Some("write a list: the program first, then its arguments".to_owned()),
            );
        }
    }
}

/// A start URL as its own page shows it in the address bar is the portal's with a fragment, which no
/// service is told.
fn as_portal(mut url: Url) -> Url {
    url.set_fragment(None);
    if url.path().len() > 1 && url.path().ends_with('/') {
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
    }
    url
}

/// A URL that may be used.
///
/// # Errors
/// Why it may not, without quoting what may be a secret; and whether it may hold one.
pub fn usable_url(text: &str) -> Result<Url, (String, bool)> {
    // `jane:secret@host` without a scheme is no URL, and would be quoted.
    let secret = text.contains('@');
    let shown = if secret {
        "this".to_owned()
    } else {
        format!("{text:?}")
    };
    let url = Url::parse(text).map_err(|e| (format!("{shown} is not a URL ({e})"), secret))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(("a URL here holds no user name or password".to_owned(), true));
    }
    match url.scheme() {
        "https" if url.has_host() => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err((
            "plain http is accepted for loopback hosts alone, since a password or a signature \
             would cross the network in clear; use https"
                .to_owned(),
            false,
        )),
        _ => Err((format!("{shown} does not start with https://"), secret)),
    }
}
