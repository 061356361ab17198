//! A Security Token Service: AssumeRoleWithSAML, AssumeRole and GetCallerIdentity.
//!
//! Follows the AWS STS API reference, version 2011-06-15, Query protocol. Error codes and
//! sentences are AWS's own where a client may look at them.

mod answers;
mod assertion;
mod trust;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use time::Duration;

use self::answers::Fault;
use self::assertion::Assertion;
pub(crate) use self::trust::Trust;
use crate::bed::Bed;
use crate::keys::{self, Key, Principal};
use crate::ledger::Service;
use crate::regions;
use crate::scenario::StsMood;
use crate::server::{Answer, Heard};
use crate::sigv4;
use crate::text;

const VERSION: &str = "2011-06-15";
const DEFAULT_DURATION: u32 = 3600;
/// What AWS allows for any role, and for a role assumed by a role.
const MAX_DURATION: u32 = 43_200;
const MAX_CHAINED: u32 = 3600;

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::Sts, &["SAMLAssertion", "TokenCode"]);
    let answer = answer(&bed, &heard).unwrap_or_else(Fault::into_answer);
    answer.send(ticket, bed.clock.now())
}

/// The parameters of a call, from the query of a GET or the form of a POST.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn get(&self, name: &str) -> Option<&str> {
        text::value(&self.0, name).filter(|value| !value.is_empty())
    }

    fn need(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or_else(|| {
            let field = name[..1].to_ascii_lowercase() + &name[1..];
            Fault::validation(format!(
                "1 validation error detected: Value null at '{field}' failed to satisfy \
                 constraint: Member must not be null"
            ))
        })
    }

    fn duration(&self) -> Result<u32, Fault> {
        let Some(text) = self.get("DurationSeconds") else {
            return Ok(DEFAULT_DURATION);
        };
        let seconds: u32 = text
            .parse()
            .map_err(|_| Fault::new(400, "MalformedInput", "DurationSeconds is not a number"))?;
        let limit = match seconds {
            ..900 => "greater than or equal to 900",
            900..=MAX_DURATION => return Ok(seconds),
            _ => "less than or equal to 43200",
        };
        Err(Fault::validation(format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to \
             satisfy constraint: Member must have value {limit}"
        )))
    }
}

fn answer(bed: &Bed, heard: &Heard) -> Result<Answer, Fault> {
    let call = bed.sts_calls.fetch_add(1, Ordering::SeqCst);
    if let StsMood::Throttles(n) = bed.scenario.sts
        && call < n
    {
        return Err(Fault::throttling());
    }
    if let StsMood::PerSecond(requests) = bed.scenario.sts
        && !bed.sts_bucket.take(f64::from(requests))
    {
        return Err(Fault::throttling());
    }
    let parameters = match (heard.method.as_str(), heard.path.as_str()) {
        ("POST", "/") => Parameters(heard.form.clone()),
        ("GET", "/") => Parameters(text::pairs(&heard.query)),
        _ => {
            return Err(Fault::new(
                404,
                "UnknownOperationException",
                "There is no such path",
            ));
        }
    };
    let Some(action) = parameters.get("Action") else {
        return Err(Fault::new(400, "MissingAction", "Missing Action"));
    };
    if parameters.get("Version") != Some(VERSION) {
        return Err(Fault::new(
            400,
            "InvalidAction",
            format!("Could not find operation {action} for version NO_VERSION_SPECIFIED"),
        ));
    }
    match action {
        "AssumeRoleWithSAML" => assume_role_with_saml(bed, &parameters),
        "AssumeRole" => assume_role(bed, caller(bed, heard)?, &parameters),
        "GetCallerIdentity" => Ok(answers::caller_identity(&caller(bed, heard)?.principal)),
        action => Err(Fault::new(
            400,
            "InvalidAction",
            format!("Could not find operation {action} for version {VERSION}"),
        )),
    }
}

fn assume_role_with_saml(bed: &Bed, parameters: &Parameters) -> Result<Answer, Fault> {
    let role = Role::parse(parameters.need("RoleArn")?)?;
    let provider = parameters.need("PrincipalArn")?;
    let encoded = parameters.need("SAMLAssertion")?;
    let duration = parameters.duration()?;
    let not_authorized = || {
        Fault::new(
            403,
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithSAML",
        )
    };
    match bed.scenario.sts {
        StsMood::ExpiredToken => return Err(Fault::expired_assertion()),
        StsMood::AccessDenied => return Err(not_authorized()),
        _ => {}
    }
    let assertion = Assertion::read(encoded, &bed.issued, &bed.trust, bed.clock.now())?;
    // Of another identity provider's, nobody else has told the bed.
    bed.secrets.add(encoded);
    if !assertion.offers(role.arn, provider) {
        return Err(not_authorized());
    }
    check_max_duration(bed, duration)?;
    let assumed = role.assumed(&assertion.session_name);
    let note = format!("AssumeRoleWithSAML {}", role.arn);
    let key = issue(bed, &assumed, duration, None);
    Ok(answers::assume_role_with_saml(&key, &assertion, provider, &role.account).note(note))
}

/// The bed has no trust policies: any well-formed role may be assumed by whoever is somebody.
fn assume_role(bed: &Bed, caller: Key, parameters: &Parameters) -> Result<Answer, Fault> {
    let role = Role::parse(parameters.need("RoleArn")?)?;
    let session = parameters.need("RoleSessionName")?;
    if !is_session_name(session) {
        return Err(Fault::validation(format!(
            "1 validation error detected: Value '{session}' at 'roleSessionName' failed to \
             satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        )));
    }
    let duration = parameters.duration()?;
    // Only a temporary key has a token, and the bed gives those to roles alone.
    if caller.token.is_some() && duration > MAX_CHAINED {
        return Err(Fault::validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed \
             by role chaining",
        ));
    }
    check_max_duration(bed, duration)?;
    check_mfa(bed, &caller, &role, parameters)?;
    let key = issue(bed, &role.assumed(session), duration, Some(&caller));
    Ok(answers::assume_role(&key).note(format!(
        "AssumeRole {} by {}",
        role.arn, caller.principal.arn
    )))
}

/// A trust policy that asks for `aws:MultiFactorAuthPresent` of IAM users.
fn check_mfa(
    bed: &Bed,
    caller: &Key,
    role: &Role<'_>,
    parameters: &Parameters,
) -> Result<(), Fault> {
    let given = (parameters.get("SerialNumber"), parameters.get("TokenCode"));
    let denied = |why: String| Err(Fault::new(403, "AccessDenied", why));
    match (&bed.scenario.mfa, given) {
        (None, (None, None)) => Ok(()),
        (Some(_), (None, None)) if caller.token.is_some() => Ok(()),
        (Some(_), (None, None)) => denied(format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {}",
            caller.principal.arn, role.arn
        )),
        (Some((serial, code)), (Some(given), Some(token))) if serial == given && code == token => {
            Ok(())
        }
        _ => denied(
            "MultiFactorAuthentication failed with invalid MFA one time pass code.".to_owned(),
        ),
    }
}

fn check_max_duration(bed: &Bed, duration: u32) -> Result<(), Fault> {
    match bed.scenario.sts {
        StsMood::MaxDuration(max) if duration > max => Err(Fault::validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )),
        _ => Ok(()),
    }
}

fn issue(bed: &Bed, assumed: &Principal, duration: u32, by: Option<&Key>) -> Key {
    let lifetime = bed
        .scenario
        .credential_lifetime
        .unwrap_or(i64::from(duration));
    let expires = bed.clock.now() + Duration::seconds(lifetime);
    let mut key = Key::temporary(assumed.clone(), expires);
    key.is_chained = by.is_some_and(|by| by.token.is_some());
    bed.secrets.add(&key.secret);
    key.token.iter().for_each(|token| bed.secrets.add(token));
    bed.keys.add(key.clone());
    key
}

/// Who signed the request.
fn caller(bed: &Bed, heard: &Heard) -> Result<Key, Fault> {
    let request = sigv4::Request {
        method: &heard.method,
        path: &heard.path,
        query: &heard.query,
        headers: &heard.headers,
        body: &heard.body,
    };
    let regions = regions::regions_of("sts", heard.host_name());
    sigv4::verify(&request, "sts", &regions, &bed.keys, bed.clock.now()).map_err(|refusal| {
        let status = if refusal.code == "IncompleteSignature" {
            400
        } else {
            403
        };
        Fault::new(status, refusal.code, refusal.message)
    })
}

/// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`
struct Role<'a> {
    arn: &'a str,
    partition: &'a str,
    account: String,
    name: &'a str,
}

impl<'a> Role<'a> {
    fn parse(arn: &'a str) -> Result<Role<'a>, Fault> {
        let invalid = || Fault::validation(format!("{arn} is invalid"));
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts[..] else {
            return Err(invalid());
        };
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let path = resource.strip_prefix("role/").ok_or_else(invalid)?;
        let name = path
            .rsplit('/')
            .next()
            .filter(|name| !name.is_empty())
            .ok_or_else(invalid)?;
        if !is_account || !["aws", "aws-cn", "aws-us-gov"].contains(&partition) {
            return Err(invalid());
        }
        Ok(Role {
            arn,
            partition,
            account: account.to_owned(),
            name,
        })
    }

    /// The session; the role's path is not part of its ARN.
    fn assumed(&self, session: &str) -> Principal {
        let Role {
            partition,
            account,
            name,
            ..
        } = self;
        Principal {
            arn: format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}"),
            user_id: format!("{}:{session}", keys::id_of("AROA", self.arn)),
            account: account.clone(),
        }
    }
}

fn is_session_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    (2..=64).contains(&name.len()) && name.chars().all(is_allowed)
}
