//! `[idp.NAME]`: the keys that each kind wants.

use std::path::PathBuf;

use url::Url;

use super::Checker;
use crate::config::diagnostic::{Code, Part};
use crate::config::wire;
use crate::model::{IdentityCenter, Idp, IdpKind, IdpName, Model, Region, SamlForms, is_loopback};

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
        let native = wire.profiles == Some(wire::ProfileForm::Native);
        if native && kind != wire::IdpKind::IdentityCenter {
            self.report(
                Code::BadValue,
                &["idp", name, "profiles"],
                Part::Value,
                format!("profiles of kind {:?} have no native form", kind.as_str()),
                Some("leave it out: only IAM Identity Center's have one".to_owned()),
            );
        }
        match kind {
            wire::IdpKind::Adfs => {
                let url = self.idp_url(name, "url", wire.url.as_deref());
                let ca_bundle = self.ca_bundle(name, wire.ca_bundle.as_deref());
                Some(IdpKind::Adfs(SamlForms {
                    url: url?,
                    username: wire.username.clone().filter(|text| !text.is_empty()),
                    password_command: self.command(
                        &["idp", name, "password_command"],
                        wire.password_command.as_deref(),
                    ),
                    mfa_command: self
                        .command(&["idp", name, "mfa_command"], wire.mfa_command.as_deref()),
                    ca_bundle,
                }))
            }
            wire::IdpKind::Okta | wire::IdpKind::Saml | wire::IdpKind::Browser => {
                self.idp_url(name, "url", wire.url.as_deref())?;
                Some(IdpKind::NotYet(kind.as_str()))
            }
            wire::IdpKind::IdentityCenter => {
                let url = self.idp_url(name, "start_url", wire.start_url.as_deref());
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
                    native,
                    declared_in: self.declared_in(&["idp", name]),
                }))
            }
            wire::IdpKind::Command => Some(IdpKind::NotYet(kind.as_str())),
        }
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
