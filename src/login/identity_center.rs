//! Signing in to IAM Identity Center: what is sent, and what an answer means. Nothing here touches the
//! network or a browser.
//!
//! RFC 6749 and 7636 (authorization code with PKCE), RFC 8252 (the loopback redirect) and RFC 8628
//! (device code), as the AWS CLI speaks them.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::{Url, form_urlencoded};

use crate::format::printable::printable;

/// What listing accounts and getting credentials takes; with it comes a refresh token.
pub const SCOPE: &str = "sso:account:access";
/// What a client is registered for that signs in by a browser here.
pub const BROWSER_GRANTS: [&str; 2] = ["authorization_code", "refresh_token"];
/// The redirect that it registers; the port is chosen when it listens (RFC 8252, section 7.3).
pub const REDIRECT: &str = "http://127.0.0.1/oauth/callback";
/// Where the browser comes back to.
pub const CALLBACK: &str = "/oauth/callback";

/// Bytes of randomness: 86 characters as a verifier, where 43 to 128 are allowed.
pub const RANDOM: usize = 64;

/// What only this process knows of one sign-in by browser. Without Debug on purpose.
pub struct Secret {
    verifier: SecretString,
    state: String,
}

impl Secret {
    /// From random bytes for the verifier and for the state.
    #[must_use]
    pub fn new(verifier: &[u8; RANDOM], state: &[u8; 32]) -> Self {
        Self {
            verifier: SecretString::from(URL_SAFE_NO_PAD.encode(verifier)),
            state: URL_SAFE_NO_PAD.encode(state),
        }
    }

    /// What proves that whoever redeems the code asked for it.
    #[must_use]
    pub fn verifier(&self) -> &SecretString {
        &self.verifier
    }

    /// The page that asks the person.
    #[must_use]
    pub fn page(&self, oidc: &Url, client: &str, redirect: &str) -> Url {
        let hash = Sha256::digest(self.verifier.expose_secret().as_bytes());
        let mut page = oidc.clone();
        let path = format!("{}/authorize", oidc.path().trim_end_matches('/'));
        page.set_path(&path);
        page.query_pairs_mut()
            .clear()
            .append_pair("response_type", "code")
            .append_pair("client_id", client)
            .append_pair("redirect_uri", redirect)
            .append_pair("state", &self.state)
            .append_pair("code_challenge_method", "S256")
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(hash))
            .append_pair("scopes", SCOPE);
        page
    }

    /// What the browser brought back, by the query of its address. `None` where that is no answer to
    /// this sign-in: whoever cannot tell its state did not come from its page.
    #[must_use]
    pub fn answer(&self, query: &str) -> Option<Answer> {
        let mut found = [const { None::<String> }; 4];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let names = ["state", "code", "error", "error_description"];
            let place = names.iter().position(|known| *known == name);
            let Some(place) = place.and_then(|at| found.get_mut(at)) else {
                continue;
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        let [state, code, error, description] = found;
        if !is_same(state.unwrap_or_default().as_bytes(), self.state.as_bytes()) {
            return None;
        }
        match (code, error) {
            (Some(code), None) if !code.is_empty() => Some(Answer::Code(SecretString::from(code))),
            (None, Some(error)) => Some(Answer::Refused(Refused {
                denied: error == "access_denied",
                text: printable(description.as_deref().unwrap_or(&error), 300),
            })),
            _ => None,
        }
    }
}

/// What the browser brought back. Without Debug on purpose.
pub enum Answer {
    /// Worth a token, once.
    Code(SecretString),
    /// A no.
    Refused(Refused),
}

/// A no, with the service's own words, fit to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Whether the person said it.
    pub denied: bool,
    /// The words.
    pub text: String,
}

/// In a time that does not tell where they differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let differ = one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && differ == 0
}

/// How often a device's token is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Polling {
    interval: Duration,
}

/// RFC 8628, section 3.5.
const SLOWER: Duration = Duration::from_secs(5);

impl Polling {
    /// As the service says, in seconds, within reason.
    #[must_use]
    pub fn every(seconds: i32) -> Self {
        let seconds = u64::try_from(seconds).unwrap_or(0);
        Self {
            interval: Duration::from_secs(seconds.clamp(1, 60)),
        }
    }

    /// How long to wait before the next question.
    #[must_use]
    pub fn pause(&self) -> Duration {
        self.interval
    }

    /// The service was asked too often.
    pub fn slow_down(&mut self) {
        self.interval += SLOWER;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new(&[7; RANDOM], &[9; 32])
    }

    #[test]
    fn the_page_has_what_the_service_wants() {
        let oidc: Url = "https://oidc.eu-west-1.amazonaws.com".parse().unwrap();
        let page = secret().page(&oidc, "c/+=", "http://127.0.0.1:5/oauth/callback");
        assert_eq!(page.path(), "/authorize");
        let pairs: Vec<(String, String)> = page.query_pairs().into_owned().collect();
        let value = |name: &str| pairs.iter().find(|(n, _)| n == name).unwrap().1.clone();
        assert_eq!(value("client_id"), "c/+=");
        assert_eq!(value("code_challenge").len(), 43);
        assert_eq!(value("scopes"), SCOPE);
        assert!(!page.as_str().contains(secret().verifier().expose_secret()));
        assert_eq!(pairs.len(), 7);
        let below: Url = "https://127.0.0.1:1/x/".parse().unwrap();
        assert_eq!(secret().page(&below, "c", "r").path(), "/x/authorize");
    }

    #[test]
    fn only_an_answer_with_the_state_is_one() {
        let secret = secret();
        let state = secret.state.clone();
        let code = |query: &str| match secret.answer(query) {
            Some(Answer::Code(code)) => Some(code.expose_secret().to_owned()),
            _ => None,
        };
        assert_eq!(
            code(&format!("code=a%2Fb&state={state}")).as_deref(),
            Some("a/b")
        );
        for bad in [
            String::new(),
            "code=a".to_owned(),
            "code=a&state=".to_owned(),
            format!("code=a&state={}x", state),
            format!("code=a&state={}", &state[1..]),
            format!("code=a&code=b&state={state}"),
            format!("code=a&state={state}&state={state}"),
            format!("code=&state={state}"),
            format!("state={state}"),
            format!("code=a&error=b&state={state}"),
            "error=access_denied".to_owned(),
        ] {
            assert!(secret.answer(&bad).is_none(), "{bad}");
        }
        let said = format!("error=access_denied&error_description=No%1b[31m&state={state}");
        match secret.answer(&said) {
            Some(Answer::Refused(refused)) => {
                assert!(refused.denied && refused.text == "No[31m", "{refused:?}");
            }
            _ => panic!("a no is an answer"),
        }
    }

    #[test]
    fn polling_slows_down_when_told() {
        let mut polling = Polling::every(1);
        polling.slow_down();
        assert_eq!(polling.pause(), Duration::from_secs(6));
        assert_eq!(Polling::every(-5).pause(), Duration::from_secs(1));
        assert_eq!(Polling::every(i32::MAX).pause(), Duration::from_secs(60));
    }
}
