//! One question to STS for one role: for how long, and what its answer tells besides credentials.

use std::time::Duration;

use crate::format::saml;
use crate::login::choose;
use crate::model::{
    Assertion, Credentials, Keys, ProfileName, RoleArn, SecretString, SessionDuration,
};
use crate::sys::clock;
use crate::sys::http::Http;

use super::Broker;
use super::error::CredentialError;
use super::exchange::{Repeats, Sts, StsError};
use super::longest::{Longest, shorter};
use super::pace::Pace;
use super::route::{Hop, Login, StsPlace};

/// Asks STS.
pub(super) struct Asking<'a> {
    pub(super) broker: &'a Broker<'a>,
    pub(super) http: &'a Http,
    pub(super) sts: &'a StsPlace,
    /// Whether to find out anew how long sessions may be.
    pub(super) anew: bool,
    /// How long STS may take.
    pub(super) limit: Duration,
    /// The rhythm of all that are asked together, where this is one of many.
    pub(super) pace: Option<&'a Pace>,
}

impl Asking<'_> {
    /// By an assertion; `response` is what it says.
    pub(super) async fn with_assertion(
        &self,
        login: Login<'_>,
        hop: &Hop,
        assertion: &Assertion,
        response: &saml::Response,
    ) -> Result<Credentials, CredentialError> {
        let (role, provider) = offered(login, hop, response)?;
        let sts = self.sts(hop)?;
        self.longest(hop, &sts, &role, hop.duration, async |duration| {
            sts.assume_with_saml(assertion, &role, &provider, duration, &hop.assume)
                .await
        })
        .await
    }

    /// By an IAM user's keys or another role's, with the code of the user's MFA device.
    pub(super) async fn with_keys(
        &self,
        hop: &Hop,
        source: &Keys,
        code: Option<&SecretString>,
    ) -> Result<Credentials, CredentialError> {
        let sts = self.sts(hop)?;
        let session = match &hop.assume.session_name {
            Some(name) => name.clone(),
            None => session_name(&hop.profile),
        };
        // Of a role that a session assumes STS never gives more.
        let most = match source.session_token {
            Some(_) => hop.duration.min(SessionDuration::CHAINED_MAX),
            None => hop.duration,
        };
        let role = hop.arn()?;
        self.longest(hop, &sts, role, most, async |duration| {
            sts.assume(source, role, &session, duration, &hop.assume, code)
                .await
        })
        .await
    }

    /// Where the role allows no session of the length that is wanted, for the longest that it does.
    async fn longest(
        &self,
        hop: &Hop,
        sts: &Sts,
        role: &RoleArn,
        wanted: SessionDuration,
        ask: impl AsyncFn(SessionDuration) -> Result<Credentials, StsError>,
    ) -> Result<Credentials, CredentialError> {
        let longest = Longest::of(&self.broker.root, role, wanted);
        let known = longest.known(clock::now()).filter(|_| !self.anew);
        let mut asked = known.unwrap_or(wanted);
        let credentials = loop {
            match self.in_turn(async || ask(asked).await).await {
                Ok(credentials) => break credentials,
                Err(error) => match shorter(asked, &error) {
                    Some(next) => asked = next,
                    None => return Err(told(hop, sts, error)),
                },
            }
        };
        if asked != wanted && known != Some(asked) {
            longest.remember(asked, clock::now());
            (self.broker.notes)(&format!(
                "{role} allows sessions of {} at most, not {}: set session_duration, or have its \
                 maximum raised",
                hours(asked.seconds()),
                hours(wanted.seconds())
            ));
        }
        self.tell_clock(sts);
        Ok(credentials)
    }

    /// At once, and again by the SDK, where it is the only one; else as the others leave room for it.
    async fn in_turn<T>(
        &self,
        question: impl AsyncFn() -> Result<T, StsError>,
    ) -> Result<T, StsError> {
        match self.pace {
            Some(pace) => pace.ask(question).await,
            None => question().await,
        }
    }

    fn sts(&self, hop: &Hop) -> Result<Sts, CredentialError> {
        let repeats = match self.pace {
            Some(_) => Repeats::Pace,
            None => Repeats::Sdk,
        };
        let sts = Sts::new(self.http, &hop.region, self.sts, self.limit, repeats);
        sts.map_err(|source| CredentialError::Sts {
            profile: hop.profile.clone(),
            source: Box::new(source),
            clock: None,
        })
    }

    fn tell_clock(&self, sts: &Sts) {
        if let Some(text) = sts.clock() {
            (self.broker.notes)(&text);
        }
    }
}

fn told(hop: &Hop, sts: &Sts, source: StsError) -> CredentialError {
    CredentialError::Sts {
        profile: hop.profile.clone(),
        source: Box::new(source),
        clock: sts.clock(),
    }
}

/// What an assertion says.
pub(super) fn read(
    login: Login<'_>,
    assertion: &Assertion,
) -> Result<saml::Response, CredentialError> {
    saml::read(assertion).map_err(|source| CredentialError::Saml {
        idp: login.idp.name.clone(),
        source,
    })
}

/// The role that is offered for a hop, and its provider.
fn offered(
    login: Login<'_>,
    hop: &Hop,
    response: &saml::Response,
) -> Result<(RoleArn, String), CredentialError> {
    choose(&response.roles, hop.arn()?).map_err(|source| CredentialError::NotOffered {
        idp: login.idp.name.clone(),
        profile: hop.profile.clone(),
        source: Box::new(source),
    })
}

/// STS takes 2 to 64 of `A-Z a-z 0-9 _ + = , . @ -` as a session name.
fn session_name(profile: &ProfileName) -> String {
    let name: String = profile
        .as_str()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .take(57)
        .collect();
    format!("fedgit-{name}")
}

/// `2h`, or `1h30m`.
fn hours(seconds: u32) -> String {
    match (seconds / 3600, seconds % 3600 / 60) {
        (hours, 0) => format!("{hours}h"),
        (0, minutes) => format!("{minutes}m"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    }
}
