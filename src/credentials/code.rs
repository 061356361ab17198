//! The code of an IAM user's MFA device.

use secrecy::{ExposeSecret, SecretString};

use crate::config::env as names;
use crate::login::NoAnswer;
use crate::sys::terminal::Echo;

use super::obtain::PERSON_WAIT;
use super::reach::{Asking, Reach};
use super::route::Hop;
use super::{Broker, CredentialError};

impl Broker<'_> {
    /// The code that goes with a hop, asked for where there is a device.
    pub(super) fn code(
        &self,
        hop: &Hop,
        may_ask: bool,
    ) -> Result<Option<SecretString>, CredentialError> {
        let Some(device) = &hop.assume.mfa_serial else {
            return Ok(None);
        };
        let reach = self.reach(hop, may_ask);
        let given = reach.given(names::FEDGIT_MFA_CODE, None);
        let answer = given.unwrap_or_else(|| {
            reach.ask(&Asking {
                what: format!("code of {device} for {}", hop.profile),
                field: "Code",
                echo: Echo::Off,
            })
        });
        let code = answer.and_then(|code| code_in(code.expose_secret()));
        code.map(Some).map_err(|source| CredentialError::Code {
            profile: hop.profile.clone(),
            source,
        })
    }

    /// The way to the person whose profile it is.
    pub(super) fn reach<'r>(&'r self, hop: &'r Hop, may_ask: bool) -> Reach<'r> {
        Reach {
            env: self.env,
            needs: hop.profile.as_str(),
            askpass: self.model.settings.askpass.as_deref(),
            may_ask,
            root: &self.root,
            notes: self.notes,
            wait: PERSON_WAIT,
        }
    }
}

/// STS takes six digits, and authenticators show a blank among them.
fn code_in(text: &str) -> Result<SecretString, NoAnswer> {
    let code: zeroize::Zeroizing<String> =
        zeroize::Zeroizing::new(text.chars().filter(|c| !c.is_whitespace()).collect());
    if code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(SecretString::from(code.as_str()));
    }
    Err(NoAnswer::Failed("a code is six digits".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_however_they_are_typed() {
        assert_eq!(code_in(" 123 456\n").unwrap().expose_secret(), "123456");
        for bad in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert!(code_in(bad).is_err(), "{bad}");
        }
    }
}
