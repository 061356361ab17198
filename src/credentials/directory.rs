//! What IAM Identity Center offers: every permission set in every account of the person's.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use futures_util::StreamExt as _;
use futures_util::stream;
use secrecy::SecretString;

use super::center::{Account, Assignment, CenterError, Portal};
use super::error::CredentialError;
use super::exchange::LONGEST_CALL;
use super::manner::Patience;
use super::pace::{AT_ONCE, Pace};
use super::route::CenterLogin;
use super::{Broker, Watched};
use crate::model::{AccountId, IdentityCenter, IdpName};

/// More pages of one list than there are accounts in an organization.
const MOST_PAGES: usize = 2000;

/// What was asked for, and what was not.
pub struct Listing {
    /// Every permission set in every account that was asked about, by the portal's order of accounts.
    pub found: Vec<Assignment>,
    /// The accounts that were passed over.
    pub skipped: HashSet<AccountId>,
}

impl Broker<'_> {
    /// Every permission set in every account that is `wanted`. `progress` is told how many of how many
    /// accounts are done.
    ///
    /// # Errors
    /// [`CredentialError`] where nobody is signed in and nobody can, or the portal gives no answer.
    pub fn assignments(
        &self,
        idp: &IdpName,
        instance: &IdentityCenter,
        wanted: &dyn Fn(&Account) -> bool,
        progress: &dyn Fn(usize, usize),
    ) -> Result<Listing, CredentialError> {
        let login = CenterLogin {
            idp,
            center: instance,
        };
        let (http, place) = (self.http_of(instance), self.center_place()?);
        let center = self.center(login, &place, &http, Watched::Yes);
        let region = &instance.region;
        let portal = Portal::new(&http, region, place.portal.as_ref(), LONGEST_CALL);
        let portal = portal.map_err(|e| center.failed(e))?;
        let ask = |token: &SecretString| {
            let found = http.block_on(discover(&portal, token, self.notes, wanted, progress));
            found
                .map_err(CenterError::from)
                .and_then(|found| found)
                .map_err(|source| CredentialError::Directory {
                    idp: idp.clone(),
                    source: Box::new(source),
                })
        };
        center.with_token(Patience::UntilDone, || None, ask)
    }
}

async fn discover(
    portal: &Portal,
    token: &SecretString,
    notes: &dyn Fn(&str),
    wanted: &dyn Fn(&Account) -> bool,
    progress: &dyn Fn(usize, usize),
) -> Result<Listing, CenterError> {
    let pace = Pace::default();
    let accounts = accounts(portal, &pace, token).await?;
    let (accounts, skipped): (Vec<_>, Vec<_>) = accounts.into_iter().partition(wanted);
    let (total, done) = (accounts.len(), Cell::new(0));
    let failure: RefCell<Option<CenterError>> = RefCell::default();
    progress(0, total);
    let asked = stream::iter(accounts).map(async |account: Account| {
        // Nothing more is asked once it cannot be whole any more.
        if failure.borrow().is_some() {
            return Vec::new();
        }
        let found = permission_sets(portal, &pace, token, &account).await;
        done.set(done.get() + 1);
        progress(done.get(), total);
        match found {
            Ok(sets) => sets
                .into_iter()
                .map(|permission_set| Assignment {
                    account: account.clone(),
                    permission_set,
                })
                .collect(),
            // Closed a moment ago, or taken away: the others are as they are.
            Err(error) if error.is_of_the_role() => {
                notes(&format!("account {} is left out: {error}", account.id));
                Vec::new()
            }
            Err(error) => {
                failure.replace(Some(error));
                Vec::new()
            }
        }
    });
    let found: Vec<Vec<Assignment>> = asked.buffered(AT_ONCE).collect().await;
    match failure.into_inner() {
        Some(error) => Err(error),
        None => Ok(Listing {
            found: found.into_iter().flatten().collect(),
            skipped: skipped.into_iter().map(|account| account.id).collect(),
        }),
    }
}

async fn accounts(
    portal: &Portal,
    pace: &Pace,
    token: &SecretString,
) -> Result<Vec<Account>, CenterError> {
    let (mut all, mut seen) = (Vec::new(), HashSet::new());
    let mut next: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let part = pace
            .ask(async || portal.accounts(token, next.as_deref()).await)
            .await?;
        all.extend(part.items.into_iter().filter(|a| seen.insert(a.id.clone())));
        next = part.next;
        if next.is_none() {
            return Ok(all);
        }
    }
    // Half a list would be taken for the whole one.
    Err(portal.unreadable("its list does not end"))
}

async fn permission_sets(
    portal: &Portal,
    pace: &Pace,
    token: &SecretString,
    account: &Account,
) -> Result<Vec<String>, CenterError> {
    let mut all = Vec::new();
    let mut next: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let part = pace
            .ask(async || {
                portal
                    .permission_sets(token, &account.id, next.as_deref())
                    .await
            })
            .await?;
        all.extend(part.items);
        next = part.next;
        if next.is_none() {
            return Ok(all);
        }
    }
    // Half a list would be taken for the whole one.
    Err(portal.unreadable("its list does not end"))
}
