//! What accounts are called by their owners: each account's alias, which IAM tells whoever has
//! credentials of a role in it and the permission. Nothing depends on it, so nothing fails for it.

mod iam;
mod kept;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use url::Url;

use crate::config::env as names;
use crate::format::sigv4;
use crate::model::{
    AccountId, Assertion, Assume, Credentials, Partition, Region, RoleArn, SessionDuration, Target,
    is_loopback,
};
use crate::sys::clock;
use crate::sys::http::Http;

use self::iam::Said;
use super::Broker;
use super::exchange::{Repeats, Sts};
use super::route::StsPlace;

/// Accounts that are asked about at the same time.
const AT_ONCE: usize = 8;
/// Roles of one account that are tried, where the ones before may not know.
const MOST_ROLES: usize = 3;
/// How long the whole of it may take: a list of roles is worth more than the names in it.
const LONGEST: Duration = Duration::from_secs(20);
/// How long one answer may.
const LONGEST_ANSWER: Duration = Duration::from_secs(10);
/// More is no answer.
const LARGEST_ANSWER: usize = 64 << 10;

/// The aliases of accounts, as far as they are known.
pub type Aliases = BTreeMap<AccountId, String>;

/// The alias that was asked for lately.
#[must_use]
pub fn known_alias(root: &Path, role: &RoleArn) -> Option<String> {
    kept::get(root, role.partition(), role.account(), clock::now()).flatten()
}

/// An account to ask about, and how.
struct Unknown<'a> {
    account: &'a AccountId,
    partition: Partition,
    /// Credentials of a role in it, where there are any.
    held: Option<Credentials>,
    /// Roles that the login offers, each with its provider.
    offered: Vec<(&'a RoleArn, &'a str)>,
}

impl Broker<'_> {
    /// The aliases of the accounts of these roles: what was told lately, else by IAM, with credentials of a
    /// role in the account that are at hand or that this assertion gives.
    pub(super) fn aliases(
        &self,
        roles: &[(RoleArn, String)],
        assertion: &Assertion,
        progress: &dyn Fn(usize, usize),
    ) -> Aliases {
        let mut aliases = Aliases::new();
        let mut unknown: BTreeMap<&AccountId, Unknown<'_>> = BTreeMap::new();
        let declared = self.declared_roles();
        for (role, provider) in roles {
            let (account, partition) = (role.account(), role.partition());
            match kept::get(&self.root, partition, account, clock::now()) {
                Some(Some(alias)) => {
                    aliases.insert(account.clone(), alias);
                }
                Some(None) => {}
                None => {
                    let of_account = |(held, _): &&(RoleArn, Credentials)| {
                        held.account() == account && held.partition() == partition
                    };
                    let held = declared.iter().find(of_account);
                    let entry = unknown.entry(account).or_insert_with(|| Unknown {
                        account,
                        partition,
                        held: held.map(|(_, credentials)| credentials.clone()),
                        offered: Vec::new(),
                    });
                    entry.offered.push((role, provider));
                }
            }
        }
        if unknown.is_empty() || self.is_emulated() {
            return aliases;
        }
        let (http, total, done) = (self.http(), unknown.len(), Cell::new(0));
        progress(0, total);
        let asked = stream::iter(unknown.into_values()).map(async |unknown| {
            let said = self.alias(&http, &unknown, assertion).await;
            done.set(done.get() + 1);
            progress(done.get(), total);
            (unknown.account.clone(), unknown.partition, said)
        });
        let mut asked = asked.buffer_unordered(AT_ONCE);
        let all = async {
            while let Some((account, partition, said)) = asked.next().await {
                let alias = match said {
                    Some(Said::Alias(alias)) => Some(alias),
                    Some(Said::None | Said::Denied) => None,
                    Some(Said::Unclear) | None => continue,
                };
                kept::put(
                    &self.root,
                    partition,
                    &account,
                    alias.as_deref(),
                    clock::now(),
                );
                if let Some(alias) = alias {
                    aliases.insert(account, alias);
                }
            }
        };
        // Whatever is not told by then is asked for the next time.
        let _ = http.block_on(async { tokio::time::timeout(LONGEST, all).await });
        progress(total, total);
        aliases
    }

    /// Whether STS is one on this machine and no IAM beside it is named: AWS's own knows nothing of what
    /// that one hands out, and is not to be shown it.
    fn is_emulated(&self) -> bool {
        let at = |name| self.endpoint(name).ok().flatten();
        at(names::AWS_ENDPOINT_URL_IAM).is_none()
            && at(names::AWS_ENDPOINT_URL_STS).is_some_and(|url| is_loopback(&url))
    }

    /// Credentials in the cache, with the roles that they are of.
    fn declared_roles(&self) -> Vec<(RoleArn, Credentials)> {
        let Ok(sts) = self.sts_place() else {
            return Vec::new();
        };
        let of = |name: &str| {
            let route = self.route(name, &sts).ok()?;
            let hop = route.last();
            // What narrows a session may also take the permission.
            let is_whole = hop.assume.policy.is_none() && hop.assume.policy_arns.is_empty();
            match &hop.role {
                Target::Role(role) if is_whole => {
                    Some((role.clone(), self.usable(hop)?.credentials))
                }
                _ => None,
            }
        };
        let profiles = self.model.profiles.keys();
        profiles.filter_map(|name| of(name.as_str())).collect()
    }

    /// By one role after the other, until one may know.
    async fn alias(
        &self,
        http: &Http,
        unknown: &Unknown<'_>,
        assertion: &Assertion,
    ) -> Option<Said> {
        let partition = unknown.partition;
        if let Some(held) = &unknown.held {
            match self.ask(http, partition, held).await {
                Some(Said::Denied) => {}
                other => return other,
            }
        }
        for offered in unknown.offered.iter().take(MOST_ROLES) {
            // Too old an assertion, say: the next time may be better.
            let credentials = self.for_a_moment(http, *offered, assertion).await?;
            match self.ask(http, partition, &credentials).await {
                Some(Said::Denied) => {}
                other => return other,
            }
        }
        Some(Said::Denied)
    }

    /// Credentials of a role that is offered. They are kept nowhere.
    async fn for_a_moment(
        &self,
        http: &Http,
        (role, provider): (&RoleArn, &str),
        assertion: &Assertion,
    ) -> Option<Credentials> {
        let place: StsPlace = self.sts_place().ok()?;
        let region = self.region_in(role.partition());
        let sts = Sts::new(http, &region, &place, LONGEST_ANSWER, Repeats::Sdk).ok()?;
        let shortest = SessionDuration::from_seconds(900).ok()?;
        let whole = Assume::default();
        let asked = sts.assume_with_saml(assertion, role, provider, shortest, &whole);
        asked.await.ok()
    }

    /// One question.
    async fn ask(
        &self,
        http: &Http,
        partition: Partition,
        credentials: &Credentials,
    ) -> Option<Said> {
        let fips = self.env.switch(names::AWS_USE_FIPS_ENDPOINT);
        let url = match self.endpoint(names::AWS_ENDPOINT_URL_IAM).ok()? {
            Some(url) => url,
            None => Url::parse(iam::address(partition, fips).0).ok()?,
        };
        let region = iam::region(partition)?;
        let asked = asked(http, &url, credentials, &region);
        tokio::time::timeout(LONGEST_ANSWER, asked).await.ok()?
    }

    /// A region that is in use where the roles are, else the partition's first.
    fn region_in(&self, partition: Partition) -> Region {
        let regions = self.model.profiles.values().map(|profile| &profile.region);
        let mut own = regions.filter(|region| region.partition() == partition);
        own.next()
            .cloned()
            .unwrap_or_else(|| partition.default_region())
    }
}

/// Sends it.
async fn asked(http: &Http, url: &Url, credentials: &Credentials, region: &Region) -> Option<Said> {
    let own = [("content-type", iam::CONTENT_TYPE)];
    let service = ("iam", region);
    let headers = sigv4::signed(url, &own, iam::BODY, credentials, service, clock::now());
    let mut request = http.plain(url).ok()?.post(url.clone()).body(iam::BODY);
    for (name, value) in &headers {
        request = request.header(*name, value.as_str());
    }
    let mut answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        if bytes.len() + chunk.len() > LARGEST_ANSWER {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    Some(iam::read(status, &String::from_utf8_lossy(&bytes)))
}
