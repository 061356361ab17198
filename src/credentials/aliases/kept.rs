//! Aliases that were asked for, so that a list of roles need not ask each time.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::credentials::key::Key;
use crate::model::{AccountId, Partition, Timestamp};
use crate::sys::{fs, private};

use super::iam;

/// An alias is a word.
const LARGEST: u64 = 1000;
/// How long one is taken for true, and that there is none: whoever sets one wants to see it.
const SECONDS: i64 = 7 * 24 * 3600;
const SECONDS_WITHOUT: i64 = 24 * 3600;

#[derive(Serialize, Deserialize)]
struct Entry {
    account: String,
    alias: Option<String>,
    asked: i64,
}

/// What is known of an account's alias; the outer `None` where it is to be asked for.
pub(super) fn get(
    root: &Path,
    partition: Partition,
    account: &AccountId,
    now: Timestamp,
) -> Option<Option<String>> {
    let path = root.join("aliases").join(name(partition, account));
    let bytes = private::read(&path, LARGEST).ok()??;
    let entry: Entry = serde_json::from_slice(&bytes).ok()?;
    let limit = match entry.alias {
        Some(_) => SECONDS,
        None => SECONDS_WITHOUT,
    };
    let is_good = entry.alias.as_deref().is_none_or(iam::is_alias);
    let age = now.unix() - entry.asked;
    (is_good && entry.account == account.as_str() && (0..limit).contains(&age))
        .then_some(entry.alias)
}

/// Where it cannot be kept it is asked for again.
pub(super) fn put(
    root: &Path,
    partition: Partition,
    account: &AccountId,
    alias: Option<&str>,
    now: Timestamp,
) {
    let entry = Entry {
        account: account.to_string(),
        alias: alias.map(str::to_owned),
        asked: now.unix(),
    };
    let Ok(bytes) = serde_json::to_vec(&entry) else {
        return;
    };
    let _ = fs::write_private(&root.join("aliases"), &name(partition, account), &bytes);
}

fn name(partition: Partition, account: &AccountId) -> String {
    let parts = [partition.as_str().as_bytes(), account.as_str().as_bytes()];
    Key::of("alias", &parts).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_some_days() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let account: AccountId = "111122223333".parse().unwrap();
        let at = |seconds| Timestamp::from_unix(1_700_000_000 + seconds);
        let get = |seconds| get(root, Partition::Aws, &account, at(seconds));
        assert_eq!(get(0), None);
        put(root, Partition::Aws, &account, Some("acme-prod"), at(0));
        assert_eq!(get(SECONDS - 1), Some(Some("acme-prod".into())));
        assert_eq!(get(SECONDS), None);
        assert_eq!(get(-1), None);
        assert_eq!(super::get(root, Partition::China, &account, at(0)), None);
        put(root, Partition::Aws, &account, None, at(0));
        assert_eq!(get(SECONDS_WITHOUT - 1), Some(None));
        assert_eq!(get(SECONDS_WITHOUT), None);
        put(root, Partition::Aws, &account, Some("\u{1b}[31m"), at(0));
        assert_eq!(get(0), None);
    }
}
