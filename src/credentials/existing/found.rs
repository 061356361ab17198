//! What the user's AWS files say about one profile.

use super::{Files, Link, NoWay};
use crate::format::ini::Section;
use crate::model::{Assume, ProfileName, SessionDuration};

pub(super) const ID: &str = "aws_access_key_id";
pub(super) const SECRET: &str = "aws_secret_access_key";

pub(super) struct Found<'a> {
    pub(super) name: &'a ProfileName,
    /// Its section of the credentials file.
    pub(super) credentials: Option<&'a Section>,
    /// The one of the config file.
    pub(super) config: Option<&'a Section>,
}

impl<'a> Found<'a> {
    pub(super) fn of(files: Files<'a>, name: &'a ProfileName) -> Result<Self, NoWay> {
        // There a section is a profile without saying so.
        let mut sections = files.credentials.sections().iter();
        let credentials = sections.find(|section| section.name.trim() == name.as_str());
        let config = files.config.profile(name.as_str());
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

    pub(super) fn half(&self, key: &'static str) -> NoWay {
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
