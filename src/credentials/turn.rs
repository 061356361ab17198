//! The turn to log in: one process has it at a time, and the others are told whom they wait for.

use std::time::Duration;

use crate::model::{IdpName, Timestamp};
use crate::sys::clock;
use crate::sys::lock::{Lock, LockError};

use super::key::Key;
use super::reach::Reach;

/// The turn to log in, held until dropped. The kernel gives it back when its holder dies.
pub(super) struct Turn {
    _lock: Option<Lock>,
    /// Since when this process waited for another one's login.
    pub(super) waited_since: Option<Timestamp>,
}

/// Waits for the turn of one login, and says so once where another process has it. Where there can be
/// no lock, for want of room or of the right to write, whoever comes has it: better two questions than
/// no credentials.
///
/// # Errors
/// Where the other process has it all the time, or somebody made the place of the locks unsafe.
pub(super) fn turn(
    reach: &Reach<'_>,
    login: &Key,
    idp: &IdpName,
    wait: Duration,
) -> Result<Turn, LockError> {
    let path = reach.root.join("locks").join(login.as_str());
    let (mut waited_since, mut told) = (None, None);
    let lock = Lock::acquire(&path, wait, |holder| {
        waited_since = Some(clock::now());
        let text = format!("{holder} is logging in to {idp}; waiting for it");
        told = reach.tell_of(holder, &text);
    });
    drop(told);
    let lock = match lock {
        Ok(lock) => Some(lock),
        Err(error) if error.is_of_the_place() => {
            (reach.notes)(&format!(
                "{error}, so other processes that log in to {idp} now may ask as well"
            ));
            None
        }
        Err(error) => return Err(error),
    };
    Ok(Turn {
        _lock: lock,
        waited_since,
    })
}
