//! `codecommit://[PROFILE@]REPO` and `codecommit::REGION://[PROFILE@]REPO`, as git hands them to a
//! remote helper: the first whole, the second without `codecommit::`.

use std::str::FromStr;

use crate::model::{BadName, ProfileName, Region, RepoName};

/// What such a URL says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteUrl {
    /// The region, where the URL names one.
    pub region: Option<Region>,
    /// The profile, where the URL names one.
    pub profile: Option<ProfileName>,
    /// The repository.
    pub repo: RepoName,
}

/// Why a URL is none of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRemote {
    /// Not of the form at all.
    #[error(
        "The following URL is malformed: {0}. A URL must be in one of the two following formats: \
         codecommit://<profile>@<repository> or codecommit::<region>://<profile>@<repository>"
    )]
    Malformed(String),
    /// The address of a repository for https, with another scheme before it.
    #[error(
        "in {url}: what follows the scheme is a host and a path, and they are no profile and no \
         repository. Use the https URL as it is, or the repository's name: codecommit::<region>://\
         <profile>@<repository>"
    )]
    Pasted {
        /// The URL.
        url: String,
    },
    /// A partition of AWS that offers no CodeCommit, or whose hosts fedgit cannot name.
    #[error(
        "The following AWS Region is not available for use with AWS CodeCommit: {0}. For more \
         information about CodeCommit's availability in AWS Regions, see the AWS CodeCommit User \
         Guide."
    )]
    NoRegion(String),
    /// The form is right, a part of it is not.
    #[error("in {url}: {bad}")]
    Part {
        /// The URL.
        url: String,
        /// The part.
        bad: BadName,
    },
}

impl FromStr for RemoteUrl {
    type Err = BadRemote;

    fn from_str(url: &str) -> Result<Self, BadRemote> {
        let malformed = || BadRemote::Malformed(printable(url));
        let part = |bad| BadRemote::Part {
            url: printable(url),
            bad,
        };
        let rest = url.strip_prefix("codecommit::").unwrap_or(url);
        let (scheme, rest) = rest.split_once("://").ok_or_else(malformed)?;
        if rest.is_empty() || rest.starts_with('/') {
            return Err(malformed());
        }
        let scheme = scheme.to_ascii_lowercase();
        let region = match scheme.as_str() {
            "codecommit" => None,
            region => Some(region.parse::<Region>().map_err(|_| malformed())?),
        };
        if let Some(region) = region.as_ref().filter(|region| is_isolated(region)) {
            return Err(BadRemote::NoRegion(region.to_string()));
        }
        // A single final slash is what shells complete. Anything more is not dropped in silence,
        // as git-remote-codecommit drops it: a pasted https URL would name the wrong repository.
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains("/v1/repos/") {
            return Err(BadRemote::Pasted {
                url: printable(url),
            });
        }
        // The last `@`, since a profile's name may hold one and a repository's may not.
        let (profile, repo) = match rest.rsplit_once('@') {
            Some((profile, repo)) => (Some(profile.parse().map_err(part)?), repo),
            None => (None, rest),
        };
        Ok(Self {
            region,
            profile,
            repo: repo.parse().map_err(part)?,
        })
    }
}

/// The partitions without a way in from the internet, `us-iso-east-1` and the like.
fn is_isolated(region: &Region) -> bool {
    let area = region.as_str().split('-').nth(1);
    area.is_some_and(|area| area.starts_with("iso"))
}

fn printable(url: &str) -> String {
    url.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .take(300)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        let url: RemoteUrl = "codecommit://adfs@ExampleCorpRepository".parse().unwrap();
        assert_eq!(url.profile.unwrap().as_str(), "adfs");
        assert_eq!(url.repo.as_str(), "ExampleCorpRepository");
        assert_eq!(url.region, None);
        let url: RemoteUrl = "eu-west-1://a@b@repo/".parse().unwrap();
        assert_eq!(url.region.unwrap().as_str(), "eu-west-1");
        assert_eq!(url.profile.unwrap().as_str(), "a@b");
        let url: RemoteUrl = "CODECOMMIT://a.b_c-D".parse().unwrap();
        assert_eq!(url.repo.as_str(), "a.b_c-D");
    }

    #[test]
    fn what_is_no_remote() {
        for bad in [
            "",
            "boom",
            "codecommit:/repo",
            "codecommit//repo",
            "://repo",
            "codecommit://",
            "codecommit:://repo",
            "codecommit:///repo",
            "github://repo",
            "codecommit://p@",
            "codecommit://@repo",
            "codecommit://repo/sub",
            "codecommit://repo?x",
            "codecommit://repo:80",
            "codecommit://-repo",
            "codecommit://a b@repo",
            "us-east-1.evil.example://repo",
            "codecommit://repo\nhost=evil",
            "codecommit://re%2fpo",
            "codecommit://..",
            "codecommit://repo.git/../x",
            "us-iso-east-1://repo",
            "codecommit://git-codecommit.us-west-2.amazonaws.com/v1/repos/hello",
        ] {
            assert!(bad.parse::<RemoteUrl>().is_err(), "{bad:?}");
        }
    }
}
