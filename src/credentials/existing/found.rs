//! What the user's AWS files say about one profile.

use super::portal::of_portal;
use super::{Files, Link, NoWay, Start};
use crate::format::ini::Section;
use crate::format::shlex;
use crate::model::{Assume, Keys, ProfileName, SecretString, SessionDuration};

const ID: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";

/// The token of a session's keys; the older name comes first, as in botocore.
const TOKENS: [&str; 2] = ["aws_security_token", "aws_session_token"];

pub(super) struct Found<'a> {
    pub(super) name: &'a ProfileName,
    credentials: Option<&'a Section>,
    config: Option<&'a Section>,
}

impl<'a> Found<'a> {
    pub(super) fn of(files: Files<'a>, name: &'a ProfileName) -> Result<Self, NoWay> {
        // There a section is a profile without saying so.
        let mut sections = files.credentials.sections().iter();
        let credentials = sections.find(|section| section.name.trim() == name.as_str());
        let mut sections = files.config.sections().iter();
        let config = sections.find(|section| section.is_profile(name.as_str()));
        let found = Self {
            name,
            credentials,
            config,
        };
        if credentials.is_none() && config.is_none() {
            return Err(NoWay::NotThere(name.clone()));
        }
        Ok(found)
    }

    /// The value of a key; the credentials file comes first.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        let sections = [self.credentials, self.config];
        let mut values = sections.into_iter().flatten().filter_map(|s| s.get(key));
        values.next().filter(|value| !value.is_empty())
    }

    /// Whether it has keys of its own, whole or not.
    pub(super) fn has_keys(&self) -> bool {
        self.get(ID).is_some() || self.get(SECRET).is_some()
    }

    /// The role that it assumes.
    pub(super) fn link(&self) -> Result<Option<Link>, NoWay> {
        if self.get("web_identity_token_file").is_some() {
            return Ok(None);
        }
        let Some(arn) = self.get("role_arn") else {
            return Ok(None);
        };
        let text = |key| self.get(key).map(str::to_owned);
        let seconds = self.get("duration_seconds");
        let duration = seconds.map(|text| text.parse::<SessionDuration>());
        let duration = duration
            .transpose()
            .map_err(|e| self.value("duration_seconds", &e))?;
        Ok(Some(Link {
            profile: self.name.clone(),
            role: arn.parse().map_err(|e| self.value("role_arn", &e))?,
            region: self.get("region").and_then(|region| region.parse().ok()),
            duration: duration.unwrap_or(SessionDuration::DEFAULT),
            assume: Assume {
                mfa_serial: text("mfa_serial"),
                external_id: text("external_id"),
                session_name: text("role_session_name"),
                ..Assume::default()
            },
        }))
    }

    /// What it starts from where it assumes no role, in botocore's order.
    pub(super) fn start(&self, files: Files<'_>) -> Result<Start, NoWay> {
        if self.get("web_identity_token_file").is_some() {
            return Err(self.other("a web identity token"));
        }
        let at_portal = ["sso_account_id", "sso_role_name"];
        if at_portal.into_iter().any(|key| self.get(key).is_some()) {
            return Ok(Start::Portal(of_portal(files, self)?));
        }
        if let Some(keys) = self.keys(self.credentials)? {
            return Ok(keys);
        }
        if self.get("login_session").is_some() {
            return Err(self.other("aws login"));
        }
        if let Some(process) = self.process()? {
            return Ok(process);
        }
        if let Some(keys) = self.keys(self.config)? {
            return Ok(keys);
        }
        Err(self.nothing())
    }

    /// What it lacks, where it gives nothing.
    fn nothing(&self) -> NoWay {
        if self.get(SECRET).is_some() {
            return self.half(ID);
        }
        let portal = ["sso_session", "sso_start_url"];
        if portal.into_iter().any(|key| self.get(key).is_some()) {
            return self.value("sso_account_id", &"it is not there");
        }
        NoWay::Nothing(self.name.clone())
    }

    /// All of them from one file.
    fn keys(&self, section: Option<&Section>) -> Result<Option<Start>, NoWay> {
        let get = |key: &str| section?.get(key).filter(|value| !value.is_empty());
        let Some(id) = get(ID) else { return Ok(None) };
        let secret = get(SECRET).ok_or_else(|| self.half(SECRET))?;
        let token = TOKENS.into_iter().find_map(get);
        Ok(Some(Start::Keys {
            profile: self.name.clone(),
            keys: Keys {
                access_key_id: id.to_owned(),
                secret_access_key: secret.into(),
                session_token: token.map(SecretString::from),
            },
        }))
    }

    fn process(&self) -> Result<Option<Start>, NoWay> {
        let Some(line) = self.get("credential_process") else {
            return Ok(None);
        };
        // Never the line itself: an argument may be a secret.
        let command = shlex::split(line).filter(|words| !words.is_empty());
        Ok(Some(Start::Process {
            profile: self.name.clone(),
            command: command
                .ok_or_else(|| self.value("credential_process", &"its quotes do not match"))?,
        }))
    }

    fn half(&self, key: &'static str) -> NoWay {
        NoWay::Half {
            profile: self.name.clone(),
            key,
        }
    }

    pub(super) fn value(&self, key: &'static str, why: &dyn std::fmt::Display) -> NoWay {
        NoWay::Value {
            profile: self.name.clone(),
            key,
            why: why.to_string(),
        }
    }

    pub(super) fn other(&self, what: &str) -> NoWay {
        NoWay::Other {
            profile: self.name.clone(),
            what: what.to_owned(),
        }
    }
}
