//! The addresses of AWS sign-in and of the console, by region.

use secrecy::SecretString;
use url::{ParseError, Url};

use crate::model::{Partition, Region};

/// What signs a browser in with the credentials of another session.
const FEDERATION: &str = "federation";

/// Services whose console is not at their own name.
const ELSEWHERE: &[(&str, &str)] = &[
    ("cfn", "cloudformation"),
    ("codeartifact", "codesuite/codeartifact"),
    ("codebuild", "codesuite/codebuild"),
    ("codecommit", "codesuite/codecommit"),
    ("codedeploy", "codesuite/codedeploy"),
    ("codepipeline", "codesuite/codepipeline"),
    ("eventbridge", "events"),
    ("logs", "cloudwatch"),
    ("sns", "sns/v3"),
    ("sqs", "sqs/v3"),
    ("ssm", "systems-manager"),
    ("stepfunctions", "states"),
];

/// The path of a service's console; `None` where no service can be called that.
pub(super) fn path(service: Option<&str>) -> Option<String> {
    let service = service.unwrap_or("console");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut parts = service.split('/');
    if !parts.all(|part| !part.is_empty() && part.chars().all(plain)) {
        return None;
    }
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == service);
    let path = elsewhere.map_or(service, |(_, path)| path);
    Some(format!("{path}/home"))
}

/// Where a browser ends up.
pub(super) fn destination(region: &Region, path: &str) -> Result<Url, ParseError> {
    let host = of_region(region, console_host(region.partition()));
    Url::parse(&format!("https://{host}/{path}?region={region}"))
}

/// Where credentials become a sign-in token, and a token a session.
/// <https://docs.aws.amazon.com/general/latest/gr/signin-service.html>
pub(super) fn federation(region: &Region) -> Result<Url, ParseError> {
    let host = of_region(region, region.partition().signin_host());
    Url::parse(&format!("https://{host}/{FEDERATION}"))
}

/// The same at an endpoint that the user named.
pub(super) fn below(mut endpoint: Url) -> Url {
    if let Ok(mut path) = endpoint.path_segments_mut() {
        path.pop_if_empty().push(FEDERATION);
    }
    endpoint
}

/// The whole address for the browser.
pub(super) fn sign_in(federation: &Url, destination: &Url, token: &str) -> SecretString {
    let mut url = federation.clone();
    url.query_pairs_mut()
        .append_pair("Action", "login")
        .append_pair("Destination", destination.as_str())
        .append_pair("SigninToken", token);
    SecretString::from(String::from(url))
}

/// A partition's first region has the bare host, every other one its own. The European Sovereign
/// Cloud has no bare host.
fn of_region(region: &Region, host: &str) -> String {
    let partition = region.partition();
    if partition != Partition::EuropeanSovereign && *region == partition.default_region() {
        host.to_owned()
    } else {
        format!("{region}.{host}")
    }
}

fn console_host(partition: Partition) -> &'static str {
    match partition {
        Partition::Aws => "console.aws.amazon.com",
        Partition::China => "console.amazonaws.cn",
        Partition::GovCloud => "console.amazonaws-us-gov.com",
        Partition::EuropeanSovereign => "console.amazonaws-eusc.eu",
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn each_partition_has_its_hosts() {
        for (region, sign_in, console) in [
            (
                "us-east-1",
                "signin.aws.amazon.com",
                "console.aws.amazon.com",
            ),
            (
                "eu-west-1",
                "eu-west-1.signin.aws.amazon.com",
                "eu-west-1.console.aws.amazon.com",
            ),
            ("cn-north-1", "signin.amazonaws.cn", "console.amazonaws.cn"),
            (
                "cn-northwest-1",
                "cn-northwest-1.signin.amazonaws.cn",
                "cn-northwest-1.console.amazonaws.cn",
            ),
            (
                "us-gov-west-1",
                "signin.amazonaws-us-gov.com",
                "console.amazonaws-us-gov.com",
            ),
            (
                "eusc-de-east-1",
                "eusc-de-east-1.signin.amazonaws-eusc.eu",
                "eusc-de-east-1.console.amazonaws-eusc.eu",
            ),
        ] {
            let of = region.parse().unwrap();
            assert_eq!(
                federation(&of).unwrap().as_str(),
                format!("https://{sign_in}/federation")
            );
            assert_eq!(
                destination(&of, "s3/home").unwrap().as_str(),
                format!("https://{console}/s3/home?region={region}")
            );
        }
    }

    #[test]
    fn a_service_cannot_lead_elsewhere() {
        assert_eq!(path(None).as_deref(), Some("console/home"));
        assert_eq!(path(Some("s3")).as_deref(), Some("s3/home"));
        assert_eq!(
            path(Some("codecommit")).as_deref(),
            Some("codesuite/codecommit/home")
        );
        for bad in [
            "",
            "..",
            "a//b",
            "/s3",
            "s3?x",
            "s3#x",
            "@evil.example",
            "S3",
            "a b",
        ] {
            assert_eq!(path(Some(bad)), None, "{bad}");
        }
    }

    #[test]
    fn a_token_is_encoded_and_an_endpoint_keeps_its_path() {
        let endpoint = below("http://127.0.0.1:9/base/".parse().unwrap());
        assert_eq!(endpoint.as_str(), "http://127.0.0.1:9/base/federation");
        let url = sign_in(&endpoint, &"https://c/a?b=c".parse().unwrap(), "a+b&c=d/");
        assert_eq!(
            url.expose_secret(),
            "http://127.0.0.1:9/base/federation?Action=login\
             &Destination=https%3A%2F%2Fc%2Fa%3Fb%3Dc&SigninToken=a%2Bb%26c%3Dd%2F"
        );
    }
}
