//! Where a repository is served: CodeCommit's real hosts, or an endpoint that the user named.

use std::fmt;

use url::Url;

use crate::model::{Partition, Region, Repo, RepoName, is_loopback};

/// What CodeCommit's hosts start with.
const SERVICE: &str = "git-codecommit";

/// The same with validated cryptography.
const FIPS_SERVICE: &str = "git-codecommit-fips";

/// A host without a region, which the AWS CLI's helper knows: the region is the caller's.
pub const WITHOUT_REGION: &str = "git-codecommit.amazonaws.com";

/// Where CodeCommit was offered when this was written. Another region is tried all the same: a hard
/// list is a standing complaint about git-remote-codecommit.
const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ca-central-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// Whether CodeCommit is known to be offered in a region.
#[must_use]
pub fn is_offered_in(region: &Region) -> bool {
    REGIONS.contains(&region.as_str())
}

/// The known regions.
pub fn regions() -> impl Iterator<Item = Region> {
    REGIONS.iter().filter_map(|region| region.parse().ok())
}

/// A repository's address for git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `https://HOST[:PORT]`, without a final slash.
    pub origin: String,
    /// `HOST[:PORT]` as git writes it.
    pub host: String,
    /// The repository.
    pub repo: RepoName,
}

impl Place {
    /// At CodeCommit's own host in a region.
    #[must_use]
    pub fn in_region(region: &Region, repo: RepoName) -> Self {
        Self::named(SERVICE, region, repo)
    }

    /// At CodeCommit's own host in a region whose cryptography is validated by FIPS 140.
    #[must_use]
    pub fn by_fips(region: &Region, repo: RepoName) -> Self {
        Self::named(FIPS_SERVICE, region, repo)
    }

    fn named(service: &str, region: &Region, repo: RepoName) -> Self {
        let host = format!("{service}.{region}.{}", region.partition().dns_suffix());
        Self {
            origin: format!("https://{host}"),
            host,
            repo,
        }
    }

    /// At an endpoint. Its path, if any, plays no part: CodeCommit's path is fixed.
    #[must_use]
    pub fn at(endpoint: &Url, repo: RepoName) -> Self {
        let name = endpoint.host_str().unwrap_or_default();
        let host = match endpoint.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        Self {
            origin: format!("{}://{host}", endpoint.scheme()),
            host,
            repo,
        }
    }

    /// The path that is signed.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/v1/repos/{}", self.repo)
    }
}

/// The URL for git.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path())
    }
}

/// What the environment says of where all repositories are.
#[derive(Debug, Clone, Default)]
pub struct Everywhere {
    /// An endpoint for those without one of their own.
    pub endpoint: Option<Url>,
    /// Whether CodeCommit's hosts are those with validated cryptography.
    pub fips: bool,
}

impl Everywhere {
    /// Where a repository is served: at its own endpoint, else at the one for all, else at
    /// CodeCommit's own host.
    #[must_use]
    pub fn place(&self, own: Option<&Url>, region: &Region, repo: RepoName) -> Place {
        match own.or(self.endpoint.as_ref()) {
            Some(endpoint) => Place::at(endpoint, repo),
            None if self.fips => Place::by_fips(region, repo),
            None => Place::in_region(region, repo),
        }
    }
}

/// Where a declared repository is served.
#[must_use]
pub fn of_repo(repo: &Repo, everywhere: &Everywhere) -> Place {
    everywhere.place(repo.endpoint.as_ref(), &repo.region, repo.name.clone())
}

/// An endpoint as an environment variable holds it: a host with or without a port, as
/// git-remote-codecommit reads `CODE_COMMIT_ENDPOINT`, or a URL.
///
/// # Errors
/// What is wrong with it.
pub fn endpoint(text: &str) -> Result<Url, String> {
    let url = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&url).map_err(|e| e.to_string())?;
    if !url.has_host() || !url.username().is_empty() || url.password().is_some() {
        return Err("it is not a host".to_owned());
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err("plain http is accepted for loopback hosts alone".to_owned()),
    }
}

/// The region of a host, if the whole host is one of CodeCommit's own:
/// `[vpce-ID.]git-codecommit[-fips].REGION.[vpce.]SUFFIX`, the suffix that of the region's
/// partition: its own, or the one of names that have IPv6 addresses too. The AWS CLI looks for `amazonaws.com` anywhere in the host, and so would sign for
/// `git-codecommit.us-east-1.amazonaws.com.evil.example`.
#[must_use]
pub fn codecommit_region(host: &str) -> Option<Region> {
    let (service, endpoint) = match host.strip_prefix("vpce-") {
        Some(rest) => {
            let (id, service) = rest.split_once('.')?;
            let id_char = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            if id.is_empty() || !id.bytes().all(id_char) {
                return None;
            }
            (service, true)
        }
        None => (host, false),
    };
    let rest = service
        .strip_prefix("git-codecommit-fips.")
        .or_else(|| service.strip_prefix("git-codecommit."))?;
    let (region, suffix) = rest.split_once('.')?;
    let region: Region = region.parse().ok()?;
    let partition = region.partition();
    let suffix = if endpoint {
        suffix.strip_prefix("vpce.")?
    } else if suffix == dual_stack_suffix(partition) {
        return Some(region);
    } else {
        suffix
    };
    (suffix == partition.dns_suffix()).then_some(region)
}

/// Every host that [`codecommit_region`] knows, and the one without a region, for git 2.26 and newer:
/// an asterisk stands for one part of a host's name.
#[must_use]
pub fn patterns() -> Vec<String> {
    let partitions = [
        Partition::Aws,
        Partition::China,
        Partition::EuropeanSovereign,
    ];
    let mut hosts = vec![WITHOUT_REGION.to_owned()];
    for service in [SERVICE, FIPS_SERVICE] {
        for partition in partitions {
            let suffix = partition.dns_suffix();
            let dual_stack = dual_stack_suffix(partition);
            hosts.push(format!("{service}.*.{suffix}"));
            hosts.push(format!("{service}.*.{dual_stack}"));
            hosts.push(format!("*.{service}.*.vpce.{suffix}"));
        }
    }
    hosts
}

/// The hosts of the known regions, for a git that takes no asterisks. VPC endpoints cannot be known.
#[must_use]
pub fn listed() -> Vec<String> {
    let mut hosts = vec![WITHOUT_REGION.to_owned()];
    for region in regions() {
        let partition = region.partition();
        for service in [SERVICE, FIPS_SERVICE] {
            for suffix in [partition.dns_suffix(), dual_stack_suffix(partition)] {
                hosts.push(format!("{service}.{region}.{suffix}"));
            }
        }
    }
    hosts
}

/// As the SDKs' partitions have it.
fn dual_stack_suffix(partition: Partition) -> &'static str {
    match partition {
        Partition::Aws | Partition::GovCloud => "api.aws",
        Partition::China => "api.amazonwebservices.com.cn",
        Partition::EuropeanSovereign => "api.amazonwebservices.eu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let repo: RepoName = "R".parse().unwrap();
        let at =
            |region: &str| Place::in_region(&region.parse().unwrap(), repo.clone()).to_string();
        assert_eq!(
            at("eu-west-1"),
            "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/R"
        );
        assert_eq!(
            at("cn-north-1"),
            "https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/R"
        );
        let endpoint = Url::parse("https://127.0.0.1:8443/ignored?x").unwrap();
        let place = Place::at(&endpoint, repo);
        assert_eq!(place.to_string(), "https://127.0.0.1:8443/v1/repos/R");
        assert_eq!(place.host, "127.0.0.1:8443");
    }

    /// What git is told to ask us for is what we answer for.
    #[test]
    fn the_lists_for_git_are_what_is_answered() {
        let fits = |pattern: &str, host: &str| {
            let (pattern, host): (Vec<_>, Vec<_>) =
                (pattern.split('.').collect(), host.split('.').collect());
            let same = |(p, h): (&&str, &&str)| *p == "*" || p == h;
            pattern.len() == host.len() && pattern.iter().zip(&host).all(same)
        };
        let patterns = patterns();
        let mut answered = listed();
        for region in regions().chain(["eusc-de-east-1".parse().unwrap()]) {
            let suffix = region.partition().dns_suffix();
            let dual_stack = dual_stack_suffix(region.partition());
            for service in [SERVICE, FIPS_SERVICE] {
                answered.push(format!("{service}.{region}.{suffix}"));
                answered.push(format!("{service}.{region}.{dual_stack}"));
                answered.push(format!("vpce-0b47-jkl.{service}.{region}.vpce.{suffix}"));
            }
        }
        for host in &answered {
            let known = codecommit_region(host).is_some() || host == WITHOUT_REGION;
            assert!(known, "{host} is listed, and not answered for");
            let listed = patterns.iter().any(|pattern| fits(pattern, host));
            assert!(listed, "{host} is answered for, and not listed");
        }
        for pattern in &patterns {
            let used = answered.iter().any(|host| fits(pattern, host));
            assert!(used, "{pattern} is listed, and no host fits it");
        }
    }

    #[test]
    fn only_whole_codecommit_hosts_have_a_region() {
        for (host, region) in [
            ("git-codecommit.us-east-1.amazonaws.com", "us-east-1"),
            (
                "git-codecommit-fips.us-gov-west-1.amazonaws.com",
                "us-gov-west-1",
            ),
            ("git-codecommit.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            (
                "vpce-0b47-jkl-us-east-1a.git-codecommit.us-east-1.vpce.amazonaws.com",
                "us-east-1",
            ),
            (
                "vpce-0b47-jkl.git-codecommit-fips.us-gov-west-1.vpce.amazonaws.com",
                "us-gov-west-1",
            ),
            ("git-codecommit.eu-west-1.api.aws", "eu-west-1"),
            ("git-codecommit-fips.us-east-1.api.aws", "us-east-1"),
            (
                "git-codecommit.cn-north-1.api.amazonwebservices.com.cn",
                "cn-north-1",
            ),
        ] {
            assert_eq!(codecommit_region(host).unwrap().as_str(), region, "{host}");
        }
        for host in [
            "git-codecommit.us-east-1.amazonaws.com.evil.example",
            "git-codecommit.us-east-1.amazonaws.com.cn",
            "evil.git-codecommit.us-east-1.amazonaws.com",
            "xgit-codecommit.us-east-1.amazonaws.com",
            "git-codecommit.us-east-1.vpce.amazonaws.com",
            "git-codecommit.cn-north-1.api.aws",
            "git-codecommit.us-east-1.api.aws.evil.example",
            "git-codecommit.us-east-1.amazonaws.com.",
            "git-codecommit.amazonaws.com",
            "vpce-.git-codecommit.us-east-1.vpce.amazonaws.com",
            "GIT-CODECOMMIT.us-east-1.amazonaws.com",
            "git-codecommit.github.amazonaws.com",
            "git-codecommit.us-east-1.amazonaws.com:8443",
            "s3.us-east-1.amazonaws.com",
            "",
        ] {
            assert_eq!(codecommit_region(host), None, "{host}");
        }
    }
}
