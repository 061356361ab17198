//! AWS's own identifiers.

use std::fmt;
use std::str::FromStr;

use super::BadName;

/// Twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        Err(BadName {
            what: "an AWS account id",
            text: text.to_owned(),
            why: "an account id is twelve digits, in quotes so that leading zeros stay".to_owned(),
        })
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a permission set of IAM Identity Center, as it came.
///
/// # Errors
/// Where no permission set is called so.
pub fn permission_set(text: &str) -> Result<&str, BadName> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    if (1..=64).contains(&text.len()) && text.chars().all(plain) {
        return Ok(text);
    }
    Err(BadName {
        what: "the name of a permission set",
        text: text.to_owned(),
        why: "it is made of A-Z a-z 0-9 _ + = , . @ -: fedgit roles shows which there are"
            .to_owned(),
    })
}

/// A separate AWS with its own accounts, ARNs and host names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// The commercial regions.
    Aws,
    /// China: operated apart, under `amazonaws.com.cn`.
    China,
    /// GovCloud (US).
    GovCloud,
    /// European Sovereign Cloud.
    EuropeanSovereign,
}

impl Partition {
    /// Every partition that fedgit knows.
    pub const ALL: [Self; 4] = [
        Self::Aws,
        Self::China,
        Self::GovCloud,
        Self::EuropeanSovereign,
    ];

    /// The partition's name as the second part of its ARNs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::GovCloud => "aws-us-gov",
            Self::EuropeanSovereign => "aws-eusc",
        }
    }

    /// The host suffix of its services.
    #[must_use]
    pub fn dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::GovCloud => "amazonaws.com",
            Self::China => "amazonaws.com.cn",
            Self::EuropeanSovereign => "amazonaws.eu",
        }
    }

    /// Where an identity provider posts its SAML response: the assertion consumer service's host.
    /// A regional host (`REGION.HOST`) belongs to the partition too.
    #[must_use]
    pub fn signin_host(self) -> &'static str {
        match self {
            Self::Aws => "signin.aws.amazon.com",
            Self::China => "signin.amazonaws.cn",
            Self::GovCloud => "signin.amazonaws-us-gov.com",
            Self::EuropeanSovereign => "signin.amazonaws-eusc.eu",
        }
    }

    /// What AWS calls itself to identity providers: the relying party of AD FS, the entity id of SAML.
    /// Each partition's `static/saml-metadata.xml` on its sign-in host says so.
    #[must_use]
    pub fn relying_party(self) -> &'static str {
        match self {
            Self::Aws => "urn:amazon:webservices",
            Self::China => "urn:amazon:webservices:cn-north-1",
            Self::GovCloud => "urn:amazon:webservices:govcloud",
            Self::EuropeanSovereign => "urn:amazon:webservices:eusc",
        }
    }

    /// The region whose STS and profile are used where the file names none.
    #[must_use]
    pub fn default_region(self) -> Region {
        Region(
            match self {
                Self::Aws => "us-east-1",
                Self::China => "cn-north-1",
                Self::GovCloud => "us-gov-west-1",
                Self::EuropeanSovereign => "eusc-de-east-1",
            }
            .to_owned(),
        )
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A region by its shape, `us-east-1` or `us-gov-west-1`. There is no list of regions: AWS opens
/// new ones faster than programs are updated, and a hard list is a standing complaint about
/// git-remote-codecommit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(String);

impl Region {
    /// The region's code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition that the region's prefix belongs to.
    #[must_use]
    pub fn partition(&self) -> Partition {
        if self.0.starts_with("cn-") {
            Partition::China
        } else if self.0.starts_with("us-gov-") {
            Partition::GovCloud
        } else if self.0.starts_with("eusc-") {
            Partition::EuropeanSovereign
        } else {
            Partition::Aws
        }
    }
}

impl FromStr for Region {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let parts: Vec<&str> = text.split('-').collect();
        let letters = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        let shaped = match parts.as_slice() {
            [area, middle @ .., number] if !middle.is_empty() => {
                (2..=4).contains(&area.len())
                    && letters(area)
                    && middle.iter().all(|part| letters(part))
                    && (1..=2).contains(&number.len())
                    && number.bytes().all(|b| b.is_ascii_digit())
            }
            _ => false,
        };
        if shaped && text.len() <= 32 {
            return Ok(Self(text.to_owned()));
        }
        Err(BadName {
            what: "an AWS region",
            text: text.to_owned(),
            why: "a region looks like us-east-1 or us-gov-west-1".to_owned(),
        })
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleArn {
    text: String,
    account: AccountId,
}

impl RoleArn {
    /// The whole ARN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The account that the role is in.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The partition that the ARN names.
    #[must_use]
    pub fn partition(&self) -> Partition {
        let named = self.text.split(':').nth(1).unwrap_or_default();
        // The constructor admits known partitions only.
        Partition::ALL
            .into_iter()
            .find(|p| p.as_str() == named)
            .unwrap_or(Partition::Aws)
    }

    /// The role's name without its path.
    #[must_use]
    pub fn role_name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }

    /// The ARN of a role by account and name (a path before the name is allowed).
    ///
    /// # Errors
    /// Where the name is not one that IAM takes.
    pub fn new(partition: Partition, account: &AccountId, name: &str) -> Result<Self, BadName> {
        format!("arn:{partition}:iam::{account}:role/{name}").parse()
    }
}

impl FromStr for RoleArn {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let refuse = |why: &str| BadName {
            what: "a role ARN",
            text: text.to_owned(),
            why: why.to_owned(),
        };
        let shape = "a role ARN looks like arn:aws:iam::111122223333:role/Name";
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next().unwrap_or_default();
        let (arn, partition, service, region, account, resource) =
            (next(), next(), next(), next(), next(), next());
        if arn != "arn" || service != "iam" || !region.is_empty() {
            return Err(refuse(shape));
        }
        if !Partition::ALL.iter().any(|p| p.as_str() == partition) {
            return Err(refuse(
                "its partition is none of aws, aws-cn, aws-us-gov, aws-eusc",
            ));
        }
        let account = account
            .parse::<AccountId>()
            .map_err(|_| refuse("its account id is not twelve digits"))?;
        let Some(path) = resource.strip_prefix("role/") else {
            return Err(refuse(shape));
        };
        // IAM API reference: role names are [\w+=,.@-]{1,64}, paths printable ASCII between slashes.
        let name = path.rsplit('/').next().unwrap_or_default();
        let name_char = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
        if name.is_empty() || name.len() > 64 || !name.chars().all(name_char) {
            return Err(refuse(
                "a role's name is 1 to 64 of A-Z a-z 0-9 _ + = , . @ -",
            ));
        }
        if !path.bytes().all(|b| b.is_ascii_graphic()) || path.len() > 576 {
            return Err(refuse("a role's path is printable ASCII without blanks"));
        }
        Ok(Self {
            text: text.to_owned(),
            account,
        })
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// How long credentials are asked for: 15 minutes to 12 hours, STS's own limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionDuration(u32);

impl SessionDuration {
    /// What is asked for where nobody says: an hour, which every role allows.
    pub const DEFAULT: Self = Self(3600);
    /// What STS gives at most to a chained role.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>
    pub const CHAINED_MAX: Self = Self(3600);

    /// The duration in seconds.
    #[must_use]
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// From a number of seconds.
    ///
    /// # Errors
    /// Where it is outside 15 minutes to 12 hours.
    pub fn from_seconds(seconds: i64) -> Result<Self, BadName> {
        match u32::try_from(seconds) {
            Ok(s @ 900..=43_200) => Ok(Self(s)),
            _ => Err(BadName {
                what: "a session duration",
                text: seconds.to_string(),
                why: "STS gives sessions of 15 minutes (900) to 12 hours (43200)".to_owned(),
            }),
        }
    }
}

/// `1h`, `90m`, `1h30m`, `5400s` or plain seconds.
impl FromStr for SessionDuration {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let refuse = || BadName {
            what: "a session duration",
            text: text.to_owned(),
            why: "write \"1h\", \"90m\", \"1h30m\" or a number of seconds".to_owned(),
        };
        let as_written = |bad: BadName| BadName {
            text: text.to_owned(),
            ..bad
        };
        if let Ok(seconds) = text.parse::<i64>() {
            return Self::from_seconds(seconds).map_err(as_written);
        }
        let (mut total, mut digits) = (0_i64, String::new());
        for c in text.chars() {
            let unit = match c {
                '0'..='9' => {
                    digits.push(c);
                    continue;
                }
                'h' => 3600,
                'm' => 60,
                's' => 1,
                _ => return Err(refuse()),
            };
            let count: i64 = digits.parse().map_err(|_| refuse())?;
            digits.clear();
            total = count
                .checked_mul(unit)
                .and_then(|s| total.checked_add(s))
                .ok_or_else(refuse)?;
        }
        if !digits.is_empty() || text.is_empty() {
            return Err(refuse());
        }
        Self::from_seconds(total).map_err(as_written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_arns() {
        let arn: RoleArn = "arn:aws-cn:iam::111122223333:role/team/Deploy"
            .parse()
            .unwrap();
        assert_eq!(arn.partition(), Partition::China);
        assert_eq!(arn.account().as_str(), "111122223333");
        assert_eq!(arn.role_name(), "Deploy");
        for bad in [
            "",
            "arn:aws:iam::1111:role/X",
            "arn:aws:iam::111122223333:user/X",
            "arn:aws:iam::111122223333:role/",
            "arn:aws-xx:iam::111122223333:role/X",
            "arn:aws:iam::111122223333:role/X\nregion = evil",
            "arn:aws:iam:us-east-1:111122223333:role/X",
        ] {
            assert!(bad.parse::<RoleArn>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn regions_by_shape() {
        for (good, partition) in [
            ("us-east-1", Partition::Aws),
            ("ap-southeast-7", Partition::Aws),
            ("cn-northwest-1", Partition::China),
            ("us-gov-west-1", Partition::GovCloud),
            ("eusc-de-east-1", Partition::EuropeanSovereign),
        ] {
            assert_eq!(good.parse::<Region>().unwrap().partition(), partition);
        }
        for bad in [
            "",
            "github",
            "us-east",
            "US-EAST-1",
            "us-east-1.evil.example",
            "us--1",
            "-a-1",
        ] {
            assert!(bad.parse::<Region>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn durations() {
        for (text, seconds) in [("1h", 3600), ("90m", 5400), ("1h30m", 5400), ("900", 900)] {
            assert_eq!(text.parse::<SessionDuration>().unwrap().seconds(), seconds);
        }
        for bad in [
            "",
            "h",
            "1",
            "13h",
            "1d",
            "1h3",
            "-1h",
            "99999999999999999999h",
        ] {
            assert!(bad.parse::<SessionDuration>().is_err(), "{bad:?}");
        }
    }
}
