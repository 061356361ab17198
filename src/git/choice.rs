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
    /// The URL names the profile.
    Named,
    /// The helper's line in git's configuration says so.
    Line,
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
            Self::Line => f.write_str("the helper's line in git's configuration says so"),
            Self::Declared(alias) => write!(f, "fedgit.toml declares it in [repo.{alias}]"),
            Self::Keys => f.write_str("AWS_ACCESS_KEY_ID is set"),
            Self::Variable(name) => write!(f, "{name} names it"),
            Self::Default => f.write_str("nothing names another one"),
            Self::Only => f.write_str("it is the only one that fedgit.toml declares"),
        }
    }
}

/// What the environment says.
#[derive(Debug, Clone)]
pub struct Around<F> {
    /// Whether it holds keys.
    pub keys: bool,
    /// The profile that it names, and by which variable. Asked for only where it has a say: a value
    /// that is no use is no harm to what something else decides.
    pub profile: F,
}

/// Who signs: whom the URL names; else whom fedgit.toml declares for the repository; else, as for
/// every AWS tool, the keys in the environment, the profile that the environment names, `default`.
/// Where there is no `default`, the only profile that is declared.
///
/// The URL comes before the declaration although fedgit.toml is where everything else is decided:
/// `codecommit://PROFILE@REPO` means that profile wherever git-remote-codecommit stood before, and a
/// drop-in that signed as somebody else would be none.
///
/// `repos` are the declarations that fit, `profiles` the profiles that the user's own files declare;
/// `has_default` is whether there is a profile of that name anywhere.
///
/// # Errors
/// Those of what is asked.
pub fn choose<'m, E>(
    named: Option<&ProfileName>,
    repos: impl IntoIterator<Item = &'m Repo>,
    around: Around<impl FnOnce() -> Result<Option<(&'static str, ProfileName)>, E>>,
    profiles: impl FnOnce() -> Vec<ProfileName>,
    has_default: impl FnOnce() -> Result<bool, E>,
) -> Result<Option<(Signer, Reason)>, E> {
    if let Some(profile) = named {
        return Ok(Some((Signer::Profile(profile.clone()), Reason::Named)));
    }
    if let Some(repo) = only_one(repos) {
        let reason = Reason::Declared(repo.alias.clone());
        return Ok(Some((Signer::Profile(repo.profile.clone()), reason)));
    }
    if around.keys {
        return Ok(Some((Signer::Environment, Reason::Keys)));
    }
    if let Some((variable, profile)) = (around.profile)()? {
        let signer = Signer::Profile(profile);
        return Ok(Some((signer, Reason::Variable(variable))));
    }
    if has_default()? {
        let default = "default".parse().ok();
        return Ok(default.map(|default| (Signer::Profile(default), Reason::Default)));
    }
    Ok(match profiles().as_slice() {
        [only] => Some((Signer::Profile(only.clone()), Reason::Only)),
        _ => None,
    })
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
        let url = profile("url");
        let (only, two) = (profile("only"), profile("two"));
        let env = || Ok::<_, ()>(Some(("AWS_PROFILE", profile("env"))));
        let none = || Ok(None);
        let chosen =
            |named: Option<&ProfileName>, repos: &[Repo], keys, variable: bool, default| {
                let around = Around {
                    keys,
                    profile: || if variable { env() } else { none() },
                };
                choose(named, repos, around, || vec![only.clone()], || Ok(default))
                    .unwrap()
                    .map(|(signer, reason)| format!("{signer}: {reason}"))
                    .unwrap()
            };
        let one = [repo("declared")];
        assert_eq!(
            chosen(Some(&url), &one, true, true, true),
            "profile url: the URL names it"
        );
        assert_eq!(
            chosen(None, &one, true, true, true),
            "profile declared: fedgit.toml declares it in [repo.r]"
        );
        // Two that do not agree decide nothing.
        let differ = [repo("a"), repo("b")];
        assert_eq!(
            chosen(None, &differ, true, true, true),
            "the keys in the environment: AWS_ACCESS_KEY_ID is set"
        );
        assert_eq!(
            chosen(None, &[], false, true, true),
            "profile env: AWS_PROFILE names it"
        );
        assert_eq!(
            chosen(None, &[], false, false, true),
            "profile default: nothing names another one"
        );
        assert!(chosen(None, &[], false, false, false).starts_with("profile only: "));
        let nothing = Around {
            keys: false,
            profile: none,
        };
        let several = choose(None, &[], nothing, || vec![only.clone(), two], || Ok(false));
        assert_eq!(several, Ok(None));
    }

    #[test]
    fn what_is_not_needed_is_not_asked_for() {
        let unusable = |keys| Around {
            keys,
            profile: || Err("AWS_PROFILE"),
        };
        let choose = |named: Option<&ProfileName>, repos: &[Repo], keys| {
            choose(named, repos, unusable(keys), Vec::new, || Err("default"))
        };
        assert!(choose(Some(&profile("url")), &[], false).is_ok());
        assert!(choose(None, &[repo("declared")], false).is_ok());
        assert!(choose(None, &[], true).is_ok());
        assert_eq!(choose(None, &[], false), Err("AWS_PROFILE"));
    }
}
