//! Whether and how a credential question is ours: pure; the answer itself needs credentials.

use url::Url;

use crate::format::git_credential::Question;
use crate::model::{Region, RepoName, is_loopback};

use super::place::{WITHOUT_REGION, codecommit_region};

/// A question that we answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The host as it is signed.
    pub signed_host: String,
    /// The host as git named it; one of CodeCommit's own in small letters and without its port.
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
    /// Git LFS asks.
    #[error(
        "CodeCommit has no Git LFS, and git-lfs asks there for files of {0}. Name a server that has \
         it (git config lfs.url URL), or take the files out of LFS (git lfs migrate export)"
    )]
    Lfs(RepoName),
}

/// Matches a question against CodeCommit's real hosts, whole, and against one other host that the
/// user's own configuration named for this repository.
///
/// # Errors
/// [`NotOurs`].
pub fn wanted(question: &Question, named_host: Option<&str>) -> Result<Wanted, NotOurs> {
    let host = question.host.as_deref().unwrap_or_default();
    // git names it as it stands in the address; one of CodeCommit's own is the same in any letters, and
    // with the port that https has anyway.
    let plain = host.to_ascii_lowercase();
    let plain = plain.strip_suffix(":443").unwrap_or(&plain);
    let region = codecommit_region(plain);
    let ours = region.is_some() || plain == WITHOUT_REGION;
    if !ours && (host.is_empty() || named_host != Some(host)) {
        return Err(NotOurs::Host(host.to_owned()));
    }
    // In the letters in which git sends it.
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
    if let Some(repo) = of_lfs(repo) {
        return Err(NotOurs::Lfs(repo));
    }
    let repo: RepoName = repo
        .trim_end_matches('/')
        .parse()
        .map_err(|_| not_a_repo())?;
    Ok(Wanted {
        // Without the port: the AWS CLI's helper leaves it out on purpose, and libcurl sends no usual one. git-remote-codecommit signs it, by having no rule for it.
        signed_host: name.to_owned(),
        host: if ours { plain } else { host }.to_owned(),
        // As it was given, again as the AWS CLI's helper signs: git gives it without the first slash.
        path: format!("/{path}"),
        repo,
        region,
    })
}

/// The repository in a path of git-lfs: `NAME.git/info/lfs`, and what is below it.
fn of_lfs(path: &str) -> Option<RepoName> {
    let (repo, rest) = path.split_once("/info/lfs")?;
    let name = repo.strip_suffix(".git").unwrap_or(repo);
    (rest.is_empty() || rest.starts_with('/')).then(|| name.parse().ok())?
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
            ..Question::default()
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

    /// Any spelling of CodeCommit's own hosts; what is signed is what git sends.
    #[test]
    fn real_hosts_however_they_are_written() {
        let path = Some("v1/repos/R");
        for (host, signed) in [
            (
                "git-codecommit.us-east-1.amazonaws.com:443",
                "git-codecommit.us-east-1.amazonaws.com",
            ),
            (
                "GIT-CodeCommit.us-east-1.amazonaws.com",
                "GIT-CodeCommit.us-east-1.amazonaws.com",
            ),
        ] {
            let found = ask("https", host, path, None).unwrap();
            assert_eq!(found.signed_host, signed);
            assert_eq!(found.host, "git-codecommit.us-east-1.amazonaws.com");
            assert_eq!(found.region.unwrap().as_str(), "us-east-1");
        }
        let host = "git-codecommit.us-east-1.amazonaws.com:8443";
        assert!(ask("https", host, path, None).is_err());
        // In clear it is refused however it is written.
        let host = "GIT-CODECOMMIT.us-east-1.amazonaws.com:443";
        assert!(matches!(
            ask("http", host, path, None),
            Err(NotOurs::Protocol(_))
        ));
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

    #[test]
    fn lfs_is_told_that_there_is_none() {
        let host = "git-codecommit.us-east-1.amazonaws.com";
        for path in [
            "v1/repos/R/info/lfs",
            "v1/repos/R.git/info/lfs",
            "v1/repos/R.git/info/lfs/objects/batch",
        ] {
            let asked = ask("https", host, Some(path), None);
            assert_eq!(asked, Err(NotOurs::Lfs("R".parse().unwrap())), "{path}");
        }
        for path in ["v1/repos/R/info/lfsx", "v1/repos/a/b/info/lfs"] {
            let asked = ask("https", host, Some(path), None);
            assert!(matches!(asked, Err(NotOurs::Path(_))), "{path}");
        }
    }

    /// What the AWS CLI's helper answers where fedgit deliberately differs.
    const DIFFERENT: [&str; 3] = [
        // It signs for every host with `amazonaws.com` somewhere in it.
        "helper-look-alike-host",
        "helper-s3-host",
        // It does not know the suffix of the European Sovereign Cloud, and so stays silent.
        "helper-aws-eusc-host",
    ];

    #[test]
    fn every_published_answer_of_the_aws_helper() {
        let text = include_str!("../../tests/cases/vectors-codecommit.json");
        let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
        let of = |list: &str| vectors[list].as_array().unwrap().clone();
        let mut seen = 0;
        for vector in of("vectors") {
            answers(&vector, &vector["credential_helper"]);
            seen += 1;
        }
        for vector in of("helper_vectors") {
            let id = vector["id"].as_str().unwrap();
            if !DIFFERENT.contains(&id) {
                answers(&vector, &vector);
                seen += 1;
            }
        }
        assert_eq!(seen, 27);
    }

    fn answers(vector: &serde_json::Value, helper: &serde_json::Value) {
        use crate::format::git_credential::answer;
        use crate::git::sign::{sign, vectors};

        let input = &vector["input"];
        let question = Question::parse(helper["stdin"].as_str().unwrap()).unwrap();
        // A host of one's own is named in the configuration, where the rival checks no host at all.
        let host = question.host.clone().unwrap();
        let found = wanted(&question, Some(&host)).unwrap();
        let named = input["region"]
            .as_str()
            .or(input["session_region"].as_str())
            .unwrap();
        let region = found.region.unwrap_or_else(|| named.parse().unwrap());
        let (credentials, now) = (vectors::credentials(input), vectors::time(input));
        let pair = sign(&credentials, &region, &found.signed_host, &found.path, now);
        let ours = answer(&question, &pair.username, &pair.password, 0);
        // With a line more than the rival: until when the pair is good.
        let ours = ours.replace("password_expiry_utc=0\n", "");
        assert_eq!(ours, helper["stdout"].as_str().unwrap(), "{}", vector["id"]);
    }

    #[test]
    fn the_named_differences() {
        let path = Some("v1/repos/myrepo");
        for host in [
            "git-codecommit.us-east-1.amazonaws.com.evil.example",
            "s3.us-east-1.amazonaws.com",
        ] {
            assert!(matches!(
                ask("https", host, path, None),
                Err(NotOurs::Host(_))
            ));
        }
        let eusc = ask(
            "https",
            "git-codecommit.eusc-de-east-1.amazonaws.eu",
            path,
            None,
        )
        .unwrap();
        assert_eq!(eusc.region.unwrap().as_str(), "eusc-de-east-1");
    }
}
