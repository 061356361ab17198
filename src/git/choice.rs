//! Who signs for a repository, and why: the rule that the remote helper, the credential helper and
//! `fedgit git why` share.

use std::fmt;

use crate::model::{ProfileName, Repo, RepoAlias};

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signer {
    /// A profile: one that fedgit.toml declares, else one of the user's own.
    Profile(ProfileName),
    /// The keys in the environment.
    Environment,
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(profile) => write!(f, "profile {profile}"),
            Self::Environment => f.write_str("the keys in the environment"),
        }
    }
}

/// What the choice rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The URL, or the helper's line, names the profile.
    Named,
    /// fedgit.toml declares the repository.
    Declared(RepoAlias),
    /// The environment holds keys.
    Keys,
    /// A variable names the profile.
    Variable(&'static str),
    /// Nothing says anything.
    Default,
    /// Nothing says anything, and this is the only profile there is.
    Only,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named => f.write_str("the URL names it"),
            Self::Declared(alias) => write!(f, "fedgit.toml declares it in [repo.{alias}]"),
            Self::Keys => f.write_str("AWS_ACCESS_KEY_ID is set"),
            Self::Variable(name) => write!(f, "{name} names it"),
            Self::Default => f.write_str("nothing names another one"),
            Self::Only => f.write_str("it is the only one that fedgit.toml declares"),
        }
    }
}

/// What the environment says.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// Whether it holds keys.
    pub keys: bool,
    /// The profile that it names, and by which variable.
    pub profile: Option<(&'static str, ProfileName)>,
}

/// Who signs: whom the URL names; else whom fedgit.toml declares for the repository; else, as for
/// every AWS tool, the keys in the environment, the profile that the environment names, `default`.
/// Where there is no `default`, the only profile that is declared.
///
/// `repos` are the declarations that fit, `profiles` the profiles that the user's own files declare;
/// `has_default` is whether there is a profile of that name anywhere.
#[must_use]
pub fn choose<'m>(
    named: Option<&ProfileName>,
    repos: impl IntoIterator<Item = &'m Repo>,
    around: &Around,
    profiles: impl FnOnce() -> Vec<ProfileName>,
    has_default: impl FnOnce() -> bool,
) -> Option<(Signer, Reason)> {
    if let Some(profile) = named {
        return Some((Signer::Profile(profile.clone()), Reason::Named));
    }
    if let Some(repo) = only_one(repos) {
        let reason = Reason::Declared(repo.alias.clone());
        return Some((Signer::Profile(repo.profile.clone()), reason));
    }
    if around.keys {
        return Some((Signer::Environment, Reason::Keys));
    }
    if let Some((variable, profile)) = &around.profile {
        let signer = Signer::Profile(profile.clone());
        return Some((signer, Reason::Variable(variable)));
    }
    if has_default() {
        let default = "default".parse().ok()?;
        return Some((Signer::Profile(default), Reason::Default));
    }
    match profiles().as_slice() {
        [only] => Some((Signer::Profile(only.clone()), Reason::Only)),
        _ => None,
    }
}

/// The declaration that fits, unless several do and differ in who signs.
fn only_one<'m>(repos: impl IntoIterator<Item = &'m Repo>) -> Option<&'m Repo> {
    let mut repos = repos.into_iter();
    let first = repos.next()?;
    repos
        .all(|other| other.profile == first.profile)
        .then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(name: &str) -> ProfileName {
        name.parse().unwrap()
    }

    fn repo(profile: &str) -> Repo {
        Repo {
            alias: "r".parse().unwrap(),
            profile: profile.parse().unwrap(),
            name: "R".parse().unwrap(),
            region: "us-east-1".parse().unwrap(),
            endpoint: None,
            trusted: true,
        }
    }

    #[test]
    fn the_order() {
        let everything = Around {
            keys: true,
            profile: Some(("AWS_PROFILE", profile("env"))),
        };
        let url = profile("url");
        let (only, two) = (profile("only"), profile("two"));
        let chosen = |named: Option<&ProfileName>, repos: &[Repo], around: &Around, default| {
            choose(named, repos, around, || vec![only.clone()], || default)
                .map(|(signer, reason)| format!("{signer}: {reason}"))
                .unwrap()
        };
        let one = [repo("declared")];
        assert_eq!(
            chosen(Some(&url), &one, &everything, true),
            "profile url: the URL names it"
        );
        assert_eq!(
            chosen(None, &one, &everything, true),
            "profile declared: fedgit.toml declares it in [repo.r]"
        );
        // Two that do not agree decide nothing.
        let differ = [repo("a"), repo("b")];
        assert_eq!(
            chosen(None, &differ, &everything, true),
            "the keys in the environment: AWS_ACCESS_KEY_ID is set"
        );
        let no_keys = Around {
            keys: false,
            ..everything
        };
        assert_eq!(
            chosen(None, &[], &no_keys, true),
            "profile env: AWS_PROFILE names it"
        );
        let nothing = Around::default();
        assert_eq!(
            chosen(None, &[], &nothing, true),
            "profile default: nothing names another one"
        );
        assert!(chosen(None, &[], &nothing, false).starts_with("profile only: "));
        let several = choose(None, &[], &nothing, || vec![only.clone(), two], || false);
        assert_eq!(several, None);
    }
}
