//! A password that somebody asked to save (`fedgit login --save-password`). It is bound to the origin
//! that it was typed for and to its user: another `url` is another password.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::format::secret_json;
use crate::model::SamlLogin;

use super::entries::{Entries, EntryError};
use super::key::Key;
use super::kind::Kind;

/// The version of the entry's form; another one is a miss.
const VERSION: u32 = 1;

/// What a login does with saved passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saving {
    /// Uses one that is there.
    Use,
    /// Asks for it, and saves it once it worked.
    Save,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    /// The entry's own place: one that was moved into another's is not taken for it.
    origin: String,
    username: String,
    password: Zeroizing<String>,
}

/// The saved password of one login. Without Debug on purpose.
pub(super) struct Saved<'a> {
    entries: &'a Entries<'a>,
    /// What the password is for.
    origin: String,
    saving: Saving,
    /// Whose saved password was given.
    used: Option<String>,
    /// What was typed instead, and whose it is.
    typed: Option<(String, SecretString)>,
}

impl<'a> Saved<'a> {
    pub(super) fn of(entries: &'a Entries<'a>, origin: String, saving: Saving) -> Self {
        Self {
            entries,
            origin,
            saving,
            used: None,
            typed: None,
        }
    }

    /// The saved password, if there is one and it is to be used. Given once.
    pub(super) fn password(&mut self, username: &str) -> Option<SecretString> {
        if self.saving == Saving::Save || self.used.is_some() {
            return None;
        }
        let bytes = self
            .entries
            .get(Kind::Password, &key(&self.origin, username))?;
        let stored: Stored = serde_json::from_slice(&bytes).ok()?;
        let is_it = stored.version == VERSION
            && stored.origin == self.origin
            && stored.username == username;
        if !is_it {
            return None;
        }
        self.used = Some(username.to_owned());
        Some(SecretString::from(stored.password.as_str()))
    }

    /// Whether one may be there to be used. Asks no keychain.
    pub(super) fn is_there(&self, saml: &SamlLogin) -> bool {
        self.saving == Saving::Use && is_there(self.entries, saml)
    }

    /// What a person typed. Held only where it is to be saved.
    pub(super) fn typed(&mut self, username: &str, password: &SecretString) {
        if self.saving == Saving::Save {
            self.typed = Some((username.to_owned(), password.clone()));
        }
    }

    /// The login worked: saves what was typed, where that was asked for. Whose password was saved.
    pub(super) fn keep(&mut self) -> Result<Option<String>, EntryError> {
        let Some((username, password)) = self.typed.take() else {
            return Ok(None);
        };
        let stored = Stored {
            version: VERSION,
            origin: self.origin.clone(),
            username: username.clone(),
            password: Zeroizing::new(password.expose_secret().to_owned()),
        };
        let bytes = secret_json::render(&stored).map_err(std::io::Error::from)?;
        let what = description(&self.origin, &username);
        self.entries
            .try_put(Kind::Password, &key(&self.origin, &username), &what, &bytes)?;
        Ok(Some(username))
    }

    /// The identity provider refused the password: a saved one is forgotten. Whose it was.
    pub(super) fn refused(&mut self) -> Option<String> {
        let username = self.used.clone()?;
        // Where it cannot be removed it is at least not given again in this login.
        let _ = self
            .entries
            .forget(Kind::Password, &key(&self.origin, &username));
        Some(username)
    }
}

/// Whether a password may be saved for this login. Asks no keychain.
pub(super) fn is_there(entries: &Entries<'_>, saml: &SamlLogin) -> bool {
    let username = saml.username.as_deref();
    entries.keeps()
        && username.is_some_and(|username| {
            entries.is_in_keyring(Kind::Password, &key(&saml.origin(), username))
        })
}

/// Those that may be saved for a login, whoever its user is: keys, and what they are.
pub(super) fn all_of(entries: &Entries<'_>, saml: &SamlLogin) -> Vec<(Key, String)> {
    let mut saved = entries.in_keyring(Kind::Password);
    match &saml.username {
        Some(username) => {
            let own = key(&saml.origin(), username);
            saved.retain(|(key, _)| *key == own);
        }
        None => {
            let here = format!(" at {}", saml.origin());
            saved.retain(|(_, what)| what.ends_with(&here));
        }
    }
    saved
}

fn description(origin: &str, username: &str) -> String {
    format!("password of {username} at {origin}")
}

fn key(origin: &str, username: &str) -> Key {
    Key::of("password", &[origin.as_bytes(), username.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_origin_or_user_is_another_password() {
        let origin = |text: &str| {
            let url = text.parse::<url::Url>().unwrap();
            url.origin().ascii_serialization()
        };
        let of = |text: &str| key(&origin(text), "jane");
        let here = of("https://idp.example.com/adfs/ls/?loginToRp=x");
        assert_eq!(here, of("https://idp.example.com:443/other"));
        for other in [
            "http://idp.example.com/adfs/ls/?loginToRp=x",
            "https://idp.example.com:8443/",
            "https://idp.example.com.evil.example/",
            "https://evil.example/",
        ] {
            assert_ne!(here, of(other), "{other}");
        }
        assert_ne!(here, key(&origin("https://idp.example.com/"), "joe"));
    }
}
