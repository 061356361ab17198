//! What `accounts = "*"` is expanded from: kept by whoever asks the identity provider.

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::discovered::{Account, Offer, file, read, write};
use crate::config::kept_beside;
use crate::credentials::{Assignment, Listing};
use crate::format::sso_cache::same_portal;
use crate::model::{AccountId, IdentityCenter, IdpName, Model};
use crate::sys::fs;

use super::Context;

/// Keeps what was found, beside what was known of accounts that were passed over. Where it cannot be
/// kept that is told.
pub(super) fn keep(
    context: &Context<'_>,
    idp: &IdpName,
    center: &IdentityCenter,
    listing: &Listing,
) {
    let Some(beside) = kept_beside(context.env, &context.paths, &context.selection) else {
        return;
    };
    let path = file(&beside, idp.as_str());
    let before = fs::read_bounded(&path, crate::config::discovered::LARGEST);
    let mut offer = offer(center, &listing.found);
    if !listing.skipped.is_empty() {
        // Without the others the list would be taken for all that there is.
        let Some(others) = known(&before, center) else {
            return;
        };
        let skipped = |account: &Account| {
            let id: Option<AccountId> = account.id.parse().ok();
            id.is_some_and(|id| listing.skipped.contains(&id))
        };
        offer.account.extend(others.into_iter().filter(skipped));
        offer.account.sort_by(|a, b| a.id.cmp(&b.id));
    }
    let text = write(idp.as_str(), &offer);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
    else {
        return;
    };
    // The same list is not written anew, so that nothing that watches it sees a change.
    if matches!(&before, Ok(Some(bytes)) if bytes == text.as_bytes()) {
        return;
    }
    if let Err(error) = fs::write_private(folder, name, text.as_bytes()) {
        context.ui.warn(&format!(
            "cannot keep what {idp} offers in {}: {error}",
            path.display()
        ));
    }
}

/// Nothing is planned from a list that is not there: all the profiles of it would go.
///
/// # Errors
/// Names the first such role, and what to run.
pub(super) fn must_be_known(model: &Model) -> Result<(), Failure> {
    match model.undiscovered.first() {
        None => Ok(()),
        Some((role, idp)) => Err(Failure::new(
            Exit::Usage,
            format!("[role.{role}] is in every account, and which these are is not known yet"),
        )
        .hint(format!("ask for them: fedgit roles {idp}"))),
    }
}

/// The accounts of the list that is kept, if it is of this portal.
fn known(
    before: &std::io::Result<Option<Vec<u8>>>,
    center: &IdentityCenter,
) -> Option<Vec<Account>> {
    let bytes = before.as_ref().ok()?.as_ref()?;
    let offer = read(std::str::from_utf8(bytes).ok()?)?;
    same_portal(&offer.start_url, center.start_url.as_str()).then_some(offer.account)
}

fn offer(center: &IdentityCenter, found: &[Assignment]) -> Offer {
    let mut offer = Offer {
        start_url: center.start_url.as_str().to_owned(),
        account: Vec::new(),
    };
    let mut sorted: Vec<&Assignment> = found.iter().collect();
    sorted.sort_by(|a, b| a.account.id.as_str().cmp(b.account.id.as_str()));
    for assignment in sorted {
        let id = assignment.account.id.as_str();
        if offer.account.last().is_none_or(|last| last.id != id) {
            offer.account.push(Account {
                id: id.to_owned(),
                name: assignment.account.name.clone(),
                permission_sets: Default::default(),
            });
        }
        if let Some(last) = offer.account.last_mut() {
            last.permission_sets
                .insert(assignment.permission_set.clone());
        }
    }
    offer
}
