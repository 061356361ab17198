//! Which files of the shared cache may hold a token. No effects.

use crate::format::sso_cache::{is_name, may_hold_token};

/// Of files that only their owner knows by name, more than anybody has: each is read.
const MOST_OTHERS: usize = 200;

/// The files to read, of those that stand in the folder: first the ones that are looked up by name,
/// however little of a large folder was listed; then those that the AWS CLI and the SDKs name; then
/// whatever else may hold a token, by name, so that it is the same ones each time.
pub(super) fn candidates(listed: Vec<String>, looked_up: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let (named, mut others): (Vec<String>, Vec<String>) =
        listed.into_iter().partition(|name| is_name(name));
    for name in looked_up.iter().cloned().chain(named) {
        if all.iter().take(looked_up.len()).all(|had| *had != name) {
            all.push(name);
        }
    }
    others.retain(|name| may_hold_token(name));
    others.sort();
    others.truncate(MOST_OTHERS);
    all.extend(others);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_up_by_name_comes_first_and_the_rest_is_bounded() {
        let (own, other) = ("a".repeat(40) + ".json", "b".repeat(40) + ".json");
        let listed = [
            "z.json",
            "botocore-client-id-eu-west-1.json",
            &other,
            "x.txt",
            &own,
            "a.json",
        ];
        let listed: Vec<String> = listed.map(str::to_owned).to_vec();
        assert_eq!(
            candidates(listed.clone(), std::slice::from_ref(&own)),
            [own.as_str(), &other, "a.json", "z.json"]
        );
        assert_eq!(candidates(listed, &[]).len(), 4);
        let crowd = (0..5000).map(|n| format!("{n:04}.json")).collect();
        let found = candidates(crowd, std::slice::from_ref(&own));
        assert_eq!(found.len(), MOST_OTHERS + 1);
        assert_eq!(found[..2], [own, "0000.json".to_owned()]);
    }
}
