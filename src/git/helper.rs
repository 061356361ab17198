//! Whether and how a credential question is ours: pure; the answer itself needs credentials.

use url::Url;

use crate::format::git_credential::Question;
use crate::model::{Region, RepoName, is_loopback};

use super::place::codecommit_region;

/// A question that we answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The host as it is signed.
    pub signed_host: String,
    /// The host as git named it.
    pub host: String,
    /// The path as it is signed.
    pub path: String,
    /// The repository.
    pub repo: RepoName,
    /// The region, where the host tells it.
    pub region: Option<Region>,
}

/// Why a question is not ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOurs {
    /// Another host: other helpers may know it.
    #[error("the host {0:?} is not CodeCommit's")]
    Host(String),
    /// Not encrypted.
    #[error("{0:?} is not https, and a signature in clear could be used by whoever reads it")]
    Protocol(String),
    /// No path in the question.
    #[error(
        "git did not say which repository; the signature needs it. Run: git config \
         credential.useHttpPath true"
    )]
    NoPath,
    /// A path that is none of CodeCommit's.
    #[error("the path {0:?} is not v1/repos/NAME")]
    Path(String),
}

/// Matches a question against CodeCommit's real hosts, whole, and against one other host that the
/// user's own configuration named for this repository.
///
/// # Errors
/// [`NotOurs`].
pub fn wanted(question: &Question, named_host: Option<&str>) -> Result<Wanted, NotOurs> {
    let host = question.host.as_deref().unwrap_or_default();
    let region = codecommit_region(host);
    if region.is_none() && (host.is_empty() || named_host != Some(host)) {
        return Err(NotOurs::Host(host.to_owned()));
    }
    let name = without_port(host);
    match question.protocol.as_deref() {
        Some("https") => {}
        // Only a host that the configuration named gets here with http, and only on this machine.
        Some("http") if Url::parse(&format!("http://{host}")).is_ok_and(|u| is_loopback(&u)) => {}
        other => return Err(NotOurs::Protocol(other.unwrap_or_default().to_owned())),
    }
    let path = question.path.as_deref().ok_or(NotOurs::NoPath)?;
    let not_a_repo = || NotOurs::Path(path.to_owned());
    let repo = path
        .trim_start_matches('/')
        .strip_prefix("v1/repos/")
        .ok_or_else(not_a_repo)?;
    let repo: RepoName = repo
        .trim_end_matches('/')
        .parse()
        .map_err(|_| not_a_repo())?;
    Ok(Wanted {
        // As the AWS CLI's helper signs; a port is only there with an endpoint of one's own.
        signed_host: name.to_owned(),
        host: host.to_owned(),
        path: format!("/v1/repos/{repo}"),
        repo,
        region,
    })
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(
        protocol: &str,
        host: &str,
        path: Option<&str>,
        named: Option<&str>,
    ) -> Result<Wanted, NotOurs> {
        let question = Question {
            protocol: Some(protocol.into()),
            host: Some(host.into()),
            path: path.map(str::to_owned),
            takes_authtype: false,
        };
        wanted(&question, named)
    }

    #[test]
    fn real_hosts_and_the_named_one() {
        let host = "git-codecommit.us-east-1.amazonaws.com";
        let found = ask("https", host, Some("v1/repos/R"), None).unwrap();
        assert_eq!(found.path, "/v1/repos/R");
        assert_eq!(found.region.unwrap().as_str(), "us-east-1");
        let found = ask(
            "https",
            "127.0.0.1:8443",
            Some("v1/repos/R"),
            Some("127.0.0.1:8443"),
        )
        .unwrap();
        assert_eq!(found.signed_host, "127.0.0.1");
        assert_eq!(found.region, None);
    }

    #[test]
    fn nothing_for_anyone_else() {
        let path = Some("v1/repos/R");
        assert!(matches!(
            ask("https", "github.com", path, None),
            Err(NotOurs::Host(_))
        ));
        assert!(matches!(
            ask("https", "h:1", path, Some("h:2")),
            Err(NotOurs::Host(_))
        ));
        assert!(matches!(
            ask("https", "", path, Some("")),
            Err(NotOurs::Host(_))
        ));
        let host = "git-codecommit.us-east-1.amazonaws.com";
        assert!(matches!(
            ask("http", host, path, None),
            Err(NotOurs::Protocol(_))
        ));
        assert_eq!(ask("https", host, None, None), Err(NotOurs::NoPath));
        for bad in [
            "v1/repos/",
            "v1/repos/a/b",
            "v2/repos/a",
            "v1/repos/../x",
            "v1/repos/a%2fb",
        ] {
            assert!(
                matches!(ask("https", host, Some(bad), None), Err(NotOurs::Path(_))),
                "{bad}"
            );
        }
    }
}
