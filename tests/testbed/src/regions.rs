//! The regions of the bed and the AWS host names that it answers for.

/// Where CodeCommit is offered, in all partitions with a public DNS name; and the European Sovereign
/// Cloud's first region, where it will be by its names.
pub(crate) const REGIONS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
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
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "eusc-de-east-1",
];

/// The Okta org.
pub(crate) const OKTA_HOST: &str = "example.okta.com";

/// The AD FS of the bed, as it calls itself.
pub(crate) const ADFS_HOST: &str = "adfs.example.com";

/// Duo, as its customers know it.
pub(crate) const DUO_HOST: &str = "api-1a2b3c4d.duosecurity.com";

/// STS without a region signs for us-east-1.
const GLOBAL_STS: &str = "sts.amazonaws.com";

pub(crate) fn sts_hosts() -> Vec<String> {
    let mut hosts = vec![GLOBAL_STS.to_owned()];
    hosts.extend(
        REGIONS
            .iter()
            .map(|region| format!("sts.{region}.{}", suffix(region))),
    );
    hosts
}

pub(crate) fn codecommit_hosts() -> Vec<String> {
    REGIONS
        .iter()
        .flat_map(|region| {
            ["git-codecommit", "git-codecommit-fips", "codecommit"]
                .map(|service| format!("{service}.{region}.{}", suffix(region)))
        })
        .collect()
}

/// IAM of each partition, with the region that its signatures name.
const IAM: [(&str, &str); 4] = [
    ("iam.amazonaws.com", "us-east-1"),
    ("iam-fips.amazonaws.com", "us-east-1"),
    ("iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
    ("iam.us-gov.amazonaws.com", "us-gov-west-1"),
];

pub(crate) fn iam_hosts() -> Vec<String> {
    IAM.map(|(host, _)| host.to_owned()).into()
}

/// The regions that a signature may name when it comes to this host of IAM's.
pub(crate) fn iam_regions(host: &str) -> Vec<&'static str> {
    let loopback = host == "127.0.0.1" || host == "localhost";
    let own = IAM
        .into_iter()
        .filter(|(name, _)| loopback || *name == host);
    own.map(|(_, region)| region).collect()
}

/// IAM Identity Center's sign-in in every region.
pub(crate) fn oidc_hosts() -> Vec<String> {
    named("oidc")
}

/// IAM Identity Center's portals in every region.
pub(crate) fn portal_hosts() -> Vec<String> {
    named("portal.sso")
}

fn named(service: &str) -> Vec<String> {
    let host = |region: &&str| format!("{service}.{region}.{}", suffix(region));
    REGIONS.iter().map(host).collect()
}

/// Where browsers sign in: a bare host for the first region of a partition, and one for each other
/// region.
pub(crate) fn sign_in_hosts() -> Vec<String> {
    REGIONS
        .iter()
        .map(|region| {
            let (first, host) = match region.split('-').collect::<Vec<_>>()[..] {
                ["cn", ..] => ("cn-north-1", "signin.amazonaws.cn"),
                ["us", "gov", ..] => ("us-gov-west-1", "signin.amazonaws-us-gov.com"),
                // Every region has its own name there.
                ["eusc", ..] => ("", "signin.amazonaws-eusc.eu"),
                _ => ("us-east-1", "signin.aws.amazon.com"),
            };
            if *region == first {
                host.to_owned()
            } else {
                format!("{region}.{host}")
            }
        })
        .collect()
}

/// The regions that a signature may name when it comes to this host (without port): the
/// host's own, or any of them on loopback.
pub(crate) fn regions_of(service: &str, host: &str) -> Vec<&'static str> {
    // A name is the same in any letters.
    let host = host.to_ascii_lowercase();
    if host == "127.0.0.1" || host == "localhost" {
        return REGIONS.to_vec();
    }
    if host == GLOBAL_STS && service == "sts" {
        return vec!["us-east-1"];
    }
    let is_of = |region: &&str| {
        let rest = format!("{region}.{}", suffix(region));
        host == format!("{service}.{rest}") || host == format!("{service}-fips.{rest}")
    };
    REGIONS.iter().copied().filter(is_of).collect()
}

fn suffix(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "amazonaws.com.cn"
    } else if region.starts_with("eusc-") {
        "amazonaws.eu"
    } else {
        "amazonaws.com"
    }
}
