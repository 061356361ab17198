//! IAM's ListAccountAliases, as texts both ways. An account has one alias, or none. Pure.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html>

use crate::model::{Partition, Region};

/// What is posted.
pub(super) const BODY: &str = "Action=ListAccountAliases&Version=2010-05-08";
/// How.
pub(super) const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// IAM of a partition: one address, and the one region that its signatures name.
/// <https://docs.aws.amazon.com/general/latest/gr/iam-service.html>
pub(super) fn address(partition: Partition, fips: bool) -> (&'static str, &'static str) {
    match (partition, fips) {
        (Partition::Aws, false) => ("https://iam.amazonaws.com/", "us-east-1"),
        (Partition::Aws, true) => ("https://iam-fips.amazonaws.com/", "us-east-1"),
        (Partition::China, _) => ("https://iam.cn-north-1.amazonaws.com.cn/", "cn-north-1"),
        (Partition::GovCloud, _) => ("https://iam.us-gov.amazonaws.com/", "us-gov-west-1"),
        (Partition::EuropeanSovereign, _) => {
            ("https://iam.eusc-de-east-1.amazonaws.eu/", "eusc-de-east-1")
        }
    }
}

/// The same region as a value.
pub(super) fn region(partition: Partition) -> Option<Region> {
    address(partition, false).1.parse().ok()
}

/// What an answer comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The account's alias.
    Alias(String),
    /// It has none.
    None,
    /// This role may not know, and will hardly be let to in a day.
    Denied,
    /// Nothing that would hold for long.
    Unclear,
}

/// Reads an answer.
pub(super) fn read(status: u16, body: &str) -> Said {
    match status {
        200 => {}
        403 if body.contains("<Code>AccessDenied") => return Said::Denied,
        _ => return Said::Unclear,
    }
    let inside = |text: &str, tag: &str| {
        let (_, after) = text.split_once(&format!("<{tag}>"))?;
        let (inside, _) = after.split_once(&format!("</{tag}>"))?;
        Some(inside.to_owned())
    };
    if !body.contains("<ListAccountAliasesResult>") {
        return Said::Unclear;
    }
    let listed = inside(body, "AccountAliases").unwrap_or_default();
    match inside(&listed, "member") {
        None => Said::None,
        Some(alias) if is_alias(&alias) => Said::Alias(alias),
        Some(_) => Said::Unclear,
    }
}

/// What IAM takes for one, so that nothing else is ever shown.
pub(super) fn is_alias(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (3..=63).contains(&text.len()) && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let of = |aliases: &str| {
            format!(
                "<ListAccountAliasesResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\n\
                 <ListAccountAliasesResult>\n<IsTruncated>false</IsTruncated>\n{aliases}\n\
                 </ListAccountAliasesResult>\n</ListAccountAliasesResponse>"
            )
        };
        let one = of("<AccountAliases>\n<member>acme-prod</member>\n</AccountAliases>");
        assert_eq!(read(200, &one), Said::Alias("acme-prod".into()));
        for none in ["<AccountAliases/>", "<AccountAliases></AccountAliases>"] {
            assert_eq!(read(200, &of(none)), Said::None);
        }
        let odd = of("<AccountAliases><member>\u{1b}[31m</member></AccountAliases>");
        assert_eq!(read(200, &odd), Said::Unclear);
        assert_eq!(
            read(200, "<html>Sign in to the proxy</html>"),
            Said::Unclear
        );
        let denied = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>";
        assert_eq!(read(403, denied), Said::Denied);
        assert_eq!(read(403, "<Code>ExpiredToken</Code>"), Said::Unclear);
        assert_eq!(read(503, denied), Said::Unclear);
    }

    #[test]
    fn one_address_for_each_partition() {
        for partition in Partition::ALL {
            let (address, region) = address(partition, false);
            let region: Region = region.parse().unwrap();
            assert_eq!(region.partition(), partition);
            assert!(address.ends_with(&format!("{}/", partition.dns_suffix())));
        }
    }
}
