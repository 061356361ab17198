//! After a login: every role of the identity provider, side by side.

use std::cell::Cell;
use std::collections::HashMap;

use futures_util::StreamExt as _;
use futures_util::stream;

use secrecy::SecretString;

use crate::format::saml;
use crate::model::{Assertion, IdpName, Keys};
use crate::sys::http::Http;

use super::asking::Asking;
use super::center::Portal;
use super::error::CredentialError;
use super::exchange::LONGEST_CALL;
use super::key::Key;
use super::obtain::{tell, with_token};
use super::pace::{AT_ONCE, Pace};
use super::route::{Hop, Login, Route, StsPlace};
use super::{Broker, Found, LoginResults};

/// What became of each hop.
type Done = HashMap<Key, Result<Found, CredentialError>>;

/// What a login gave.
pub(super) enum Given<'a> {
    /// An assertion.
    Assertion {
        login: Login<'a>,
        assertion: &'a Assertion,
        /// What it says.
        response: saml::Response,
    },
    /// A token of IAM Identity Center.
    Token {
        idp: &'a IdpName,
        portal: Portal,
        pace: Pace,
        token: &'a SecretString,
    },
}

/// Gets the credentials of every route by one login; roles before those that are assumed from them.
pub(super) fn fetch(
    broker: &Broker<'_>,
    given: &Given<'_>,
    routes: &[Route<'_>],
    http: &Http,
    sts: &StsPlace,
    progress: &dyn Fn(usize, usize),
) -> LoginResults {
    // One for STS in all regions: each has its own limit, and a throttled one slows the others a little.
    let pace = Pace::default();
    let asking = Asking {
        broker,
        http,
        sts,
        anew: true,
        limit: LONGEST_CALL,
        pace: Some(&pace),
    };
    let total = hops(routes, None).len();
    let deepest = routes.iter().map(|route| route.chain.len()).max();
    let (mut done, count) = (Done::new(), Cell::new(0));
    progress(0, total);
    for depth in 0..=deepest.unwrap_or(0) {
        let jobs = hops(routes, Some(depth));
        let asked = stream::iter(jobs.iter().map(|(route, hop)| {
            let source = depth.checked_sub(1).and_then(|at| route.hops().nth(at));
            let from = match source {
                None => Ok(From::Login),
                Some(source) => match done.get(&source.key) {
                    Some(Ok(found)) => Ok(From::Role(Keys::from(&found.credentials))),
                    // What the login did not give, no second one would.
                    _ => Err(CredentialError::SourceFailed {
                        profile: hop.profile.clone(),
                        source_profile: source.profile.clone(),
                    }),
                },
            };
            async {
                tell(hop, route.center());
                let credentials = match from {
                    Ok(From::Login) => match given {
                        Given::Assertion {
                            login,
                            assertion,
                            response,
                        } => {
                            asking
                                .with_assertion(*login, hop, assertion, response)
                                .await
                        }
                        Given::Token {
                            idp,
                            portal,
                            pace,
                            token,
                        } => with_token(idp, portal, pace, token, hop).await,
                    },
                    Ok(From::Role(source)) => asking.with_keys(hop, &source, None).await,
                    Err(error) => Err(error),
                };
                let found = credentials.and_then(|credentials| broker.keep(hop, credentials));
                count.set(count.get() + 1);
                progress(count.get(), total);
                (hop.key.clone(), found)
            }
        }));
        let answers = http.block_on(asked.buffer_unordered(AT_ONCE).collect::<Vec<_>>());
        match answers {
            Ok(answers) => done.extend(answers),
            // Nothing can be sent: the hops stay without an answer.
            Err(error) => (broker.notes)(&error.to_string()),
        }
    }
    let mut results = LoginResults::new();
    for route in routes {
        let last = route.last();
        // Profiles with one role and one login have one answer; the first of them tells its error.
        let found = match done.get(&last.key) {
            Some(Ok(found)) => Ok(found.clone()),
            Some(Err(_)) => match done.remove(&last.key) {
                Some(Err(error)) => Err(error),
                _ => continue,
            },
            None => continue,
        };
        results.push((last.profile.clone(), found));
    }
    results
}

/// The hops of all routes, or of one depth, each entry once.
fn hops<'r, 'm>(routes: &'r [Route<'m>], depth: Option<usize>) -> Vec<(&'r Route<'m>, &'r Hop)> {
    let mut seen = std::collections::HashSet::new();
    let all = routes.iter().flat_map(|route| {
        let hops = route.hops().enumerate();
        let of_depth = hops.filter(move |(at, _)| depth.is_none_or(|depth| depth == *at));
        of_depth.map(move |(_, hop)| (route, hop))
    });
    all.filter(|(_, hop)| seen.insert(&hop.key)).collect()
}

/// What a role's credentials are got for.
enum From {
    Login,
    Role(Keys),
}
