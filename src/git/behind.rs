//! Helpers that git asks and tells after ours.

/// The helpers that come after fedgit's for an address, as `git config --null --get-regexp` lists
/// all that are configured; none where fedgit's is none of them.
#[must_use]
pub fn behind(listed: &str, address: &str) -> Vec<String> {
    let mut helpers: Vec<&str> = Vec::new();
    for entry in listed.split('\0') {
        let (key, value) = entry.split_once('\n').unwrap_or((entry, ""));
        let Some(scope) = key
            .strip_prefix("credential.")
            .and_then(|key| key.strip_suffix("helper"))
        else {
            continue;
        };
        let scope = scope.strip_suffix('.').unwrap_or(scope);
        if !scope.is_empty() && !covers(scope, address) {
            continue;
        }
        match value {
            "" => helpers.clear(),
            helper => helpers.push(helper),
        }
    }
    let is_ours = |helper: &&str| helper.starts_with('!') && helper.contains(" git-credential");
    match helpers.iter().rposition(is_ours) {
        Some(ours) => helpers
            .iter()
            .skip(ours + 1)
            .map(|h| (*h).to_owned())
            .collect(),
        None => Vec::new(),
    }
}

/// Whether `credential.<scope>` is meant for an address, as git matches the two: an asterisk stands
/// for one part of a host's name, and a path for itself and all below it.
fn covers(scope: &str, address: &str) -> bool {
    let parts = |text: &str| -> Option<(String, String, String)> {
        let (scheme, rest) = text.split_once("://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = host.rsplit('@').next().unwrap_or(host);
        let path = path.trim_end_matches('/');
        Some((scheme.to_owned(), host.to_owned(), path.to_owned()))
    };
    let (Some(scope), Some(address)) = (parts(scope), parts(address)) else {
        return false;
    };
    let labels = |host: &str| host.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (wanted, is) = (labels(&scope.1), labels(&address.1));
    let host = wanted.len() == is.len() && wanted.iter().zip(&is).all(|(w, i)| w == "*" || w == i);
    let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    let path = scope.2.is_empty() || address.2.strip_prefix(&scope.2).is_some_and(below);
    scope.0 == address.0 && host && path
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/R";
    const OURS: &str = "!/opt/fedgit git-credential --profile=adfs";

    fn of(entries: &[(&str, &str)]) -> Vec<String> {
        let listed = entries
            .iter()
            .map(|(key, value)| format!("{key}\n{value}\0"));
        behind(&listed.collect::<String>(), URL)
    }

    #[test]
    fn what_comes_after_ours() {
        let ours = format!("credential.{URL}.helper");
        let all = "credential.helper";
        let pattern = "credential.https://git-codecommit.*.amazonaws.com.helper";
        assert_eq!(of(&[(all, "store"), (&ours, ""), (&ours, OURS)]), [""; 0]);
        assert_eq!(of(&[(&ours, OURS), (all, "store")]), ["store"]);
        assert_eq!(of(&[(&ours, OURS), (pattern, "cache")]), ["cache"]);
        // Ours once more, and the list begun anew.
        assert_eq!(of(&[(&ours, OURS), (all, "store"), (all, OURS)]), [""; 0]);
        assert_eq!(of(&[(&ours, OURS), (all, "store"), (all, "")]), [""; 0]);
        // Not for this address, or nothing of ours at all.
        for other in [
            "credential.https://github.com.helper",
            "credential.https://git-codecommit.us-east-1.amazonaws.com/v1/repos/Rest.helper",
            "credential.http://git-codecommit.us-east-1.amazonaws.com.helper",
            "credential.https://*.amazonaws.com.helper",
        ] {
            assert_eq!(of(&[(&ours, OURS), (other, "store")]), [""; 0], "{other}");
        }
        assert_eq!(of(&[(all, "store")]), [""; 0]);
    }
}
