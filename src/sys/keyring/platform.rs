//! The keychain of this platform, by the crate keyring-core.

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use super::{Answer, Ask, Item, KeyringError, Reply};

pub(super) struct Platform(Arc<CredentialStore>);

impl Platform {
    pub(super) fn open() -> Result<Self, KeyringError> {
        match store() {
            Ok(store) => Ok(Self(store)),
            Err(Error::PlatformFailure(why) | Error::NoStorageAccess(why)) => {
                Err(KeyringError::Absent(why.to_string()))
            }
            Err(other) => Err(KeyringError::Absent(other.to_string())),
        }
    }

    pub(super) fn answer(&self, ask: Ask) -> Reply {
        match ask {
            Ask::Open => Ok(Answer::Done),
            Ask::Get(item) => match self.entry(&item, None)?.get_secret() {
                Ok(secret) => Ok(Answer::Secret(Some(Zeroizing::new(secret)))),
                // Two of one name, which nothing of ours makes: neither is to be believed.
                Err(Error::NoEntry | Error::Ambiguous(_)) => Ok(Answer::Secret(None)),
                Err(error) => Err(failure(error)),
            },
            Ask::Put {
                item,
                label,
                secret,
            } => {
                let entry = self.entry(&item, Some(&label))?;
                let done = match entry.set_secret(&secret) {
                    Err(Error::Ambiguous(several)) => {
                        remove_each(&several)?;
                        entry.set_secret(&secret)
                    }
                    done => done,
                };
                done.map(|()| Answer::Done).map_err(failure)
            }
            Ask::Remove(item) => match self.entry(&item, None)?.delete_credential() {
                Ok(()) => Ok(Answer::Removed(1)),
                Err(Error::NoEntry) => Ok(Answer::Removed(0)),
                Err(Error::Ambiguous(several)) => remove_each(&several).map(Answer::Removed),
                Err(error) => Err(failure(error)),
            },
            Ask::RemoveAll(service) => {
                let wanted = HashMap::from([("service", service.as_str())]);
                match self.0.search(&wanted) {
                    Ok(entries) => remove_each(&entries).map(Answer::Removed),
                    // Windows has no search without a regex engine.
                    Err(Error::NotSupportedByStore(_) | Error::Invalid(..)) => {
                        Ok(Answer::Removed(0))
                    }
                    Err(error) => Err(failure(error)),
                }
            }
        }
    }

    fn entry(&self, item: &Item, label: Option<&str>) -> Result<Entry, KeyringError> {
        // Only the Secret Service knows labels.
        let knows = cfg!(all(unix, not(target_os = "macos")));
        let label = label
            .filter(|_| knows)
            .map(|label| HashMap::from([("label", label)]));
        self.0
            .build(&item.service, &item.name, label.as_ref())
            .map_err(failure)
    }
}

fn remove_each(entries: &[Entry]) -> Result<usize, KeyringError> {
    for entry in entries {
        match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => {}
            Err(error) => return Err(failure(error)),
        }
    }
    Ok(entries.len())
}

/// By Display alone: the Debug form of some errors holds the secret's bytes.
fn failure(error: Error) -> KeyringError {
    match error {
        Error::NoStorageAccess(why) => KeyringError::Locked(why.to_string()),
        Error::TooLong(_, limit) => KeyringError::TooLarge(limit),
        Error::PlatformFailure(why) => KeyringError::Failed(why.to_string()),
        other => KeyringError::Failed(other.to_string()),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}
