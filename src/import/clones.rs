//! Clones of CodeCommit repositories, by the text of their `.git/config`: `codecommit://` remotes,
//! and `https` ones whose credentials come from `aws codecommit credential-helper`.

use url::{Host, Url};

use super::facts::{self, holds_secret};
use super::found::{Found, Place, Repo, Text};
use crate::format::git_config::{Variable, variables};
use crate::format::printable::printable;
use crate::format::shlex;
use crate::git::place::codecommit_region;
use crate::git::remote::RemoteUrl;
use crate::model::{ProfileName, RepoName};

/// The profile that the AWS tools take where none is named.
const UNNAMED: &str = "default";

/// Reads a clone's configuration; `own` is the user's own, which helpers may stand in.
pub(super) fn read(clone: &Text, own: &[Text], found: &mut Found) {
    let text = String::from_utf8_lossy(&clone.bytes);
    let clone_variables = variables(&text);
    for remote in &clone_variables {
        if remote.section != "remote" || remote.key != "url" {
            continue;
        }
        let at = Place {
            file: clone.file.clone(),
            line: Some(remote.line),
        };
        let what = format!("the remote {:?}", printable(&remote.subsection, 60));
        let url = remote.value.as_str();
        let repo = if url.starts_with("codecommit:") {
            found.keep(&at, &what, |_| by_helper_url(url, &at))
        } else if is_ssh(url) {
            let why = "it is signed with an SSH key; change its URL to https or codecommit://";
            found.leave(&at, &what, why);
            None
        } else if let Some(https) = https(url) {
            found.keep(&at, &what, |notes| {
                if !https.username().is_empty() || https.password().is_some() {
                    notes.part(
                        "the user name and password in the address",
                        "fedgit.toml holds no secret",
                    );
                }
                let owned = own
                    .iter()
                    .flat_map(|text| variables(&String::from_utf8_lossy(&text.bytes)));
                let all: Vec<Variable> = clone_variables.iter().cloned().chain(owned).collect();
                by_https(&https, &all, &at)
            })
        } else {
            // Another service's.
            continue;
        };
        found.repos.extend(repo);
    }
}

fn by_helper_url(url: &str, at: &Place) -> Result<Repo, String> {
    let remote: RemoteUrl = url
        .parse()
        .map_err(|_| "its URL is not codecommit://[PROFILE@]REPOSITORY".to_owned())?;
    if remote
        .profile
        .as_ref()
        .is_some_and(|name| holds_secret(name.as_str()))
    {
        return Err("its URL holds another address".to_owned());
    }
    Ok(Repo {
        name: remote.repo,
        profile: match remote.profile {
            Some(profile) => profile,
            None => unnamed()?,
        },
        region: remote.region,
        endpoint: None,
        at: at.clone(),
    })
}

fn unnamed() -> Result<ProfileName, String> {
    UNNAMED
        .parse()
        .map_err(|_| "it names no profile".to_owned())
}

/// A CodeCommit address over https, by its whole host.
fn https(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let Some(Host::Domain(host)) = url.host() else {
        return None;
    };
    (url.scheme() == "https" && codecommit_region(host).is_some()).then_some(url)
}

fn is_ssh(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    url.scheme() == "ssh"
        && url
            .host_str()
            .is_some_and(|host| codecommit_region(host).is_some())
}

fn by_https(url: &Url, variables: &[Variable], at: &Place) -> Result<Repo, String> {
    let host = url.host_str().unwrap_or_default();
    let name: RepoName = url
        .path()
        .trim_end_matches('/')
        .strip_prefix("/v1/repos/")
        .and_then(|name| name.parse().ok())
        .ok_or("its path is not /v1/repos/NAME")?;
    let usual = host.starts_with("git-codecommit.") && url.port().is_none();
    let endpoint = match usual {
        true => None,
        false => Url::parse(&format!("https://{}", authority(url))).ok(),
    };
    Ok(Repo {
        name,
        profile: signer(url, variables)?,
        region: codecommit_region(host),
        endpoint,
        at: at.clone(),
    })
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The profile of the first credential helper for this address that is the AWS CLI's or fedgit's.
/// The helper's line is read and never run.
fn signer(url: &Url, variables: &[Variable]) -> Result<ProfileName, String> {
    for helper in variables {
        if helper.section != "credential" || helper.key != "helper" {
            continue;
        }
        if !(helper.subsection.is_empty() || fits(&helper.subsection, url)) {
            continue;
        }
        let line = helper.value.trim_start_matches('!');
        let words = shlex::split(line).unwrap_or_default();
        let is_ours = words
            .iter()
            .any(|word| word == "credential-helper" || word == "git-credential");
        if !is_ours {
            continue;
        }
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let named = match word.strip_prefix("--profile") {
                Some("") => words.next().map(String::as_str),
                Some(glued) => glued.strip_prefix('='),
                None => None,
            };
            if let Some(profile) = named {
                return facts::profile(profile);
            }
        }
        return unnamed();
    }
    Err("no AWS credential helper says whose credentials it takes".to_owned())
}

/// Whether `[credential "ADDRESS"]` is for this remote: the same host, and git's `*` for a label.
fn fits(address: &str, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let named = rest.split('/').next().unwrap_or_default();
    let (named, host): (Vec<&str>, Vec<&str>) =
        (named.split('.').collect(), host.split('.').collect());
    named.len() == host.len() && named.iter().zip(&host).all(|(n, h)| *n == "*" || n == h)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repos(clone: &str, own: &str) -> Found {
        let text = |file: &str, text: &str| Text {
            file: file.to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        let mut found = Found::default();
        read(&text("c", clone), &[text("g", own)], &mut found);
        found
    }

    fn remote(url: &str) -> String {
        format!("[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {url}\n")
    }

    #[test]
    fn remotes_of_the_remote_helper() {
        for (url, profile, region) in [
            ("codecommit://dev@Repo", "dev", None),
            ("codecommit::eu-west-1://dev@Repo", "dev", Some("eu-west-1")),
            ("codecommit://Repo", "default", None),
        ] {
            let found = repos(&remote(url), "");
            let repo = &found.repos[0];
            assert_eq!(repo.name.as_str(), "Repo");
            assert_eq!(repo.profile.as_str(), profile);
            assert_eq!(repo.region.as_ref().map(|r| r.as_str()), region);
            assert_eq!(repo.at.to_string(), "c:4");
        }
    }

    #[test]
    fn https_remotes_with_the_clis_helper() {
        let https = remote("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/Repo");
        let helper = "!aws --profile dev codecommit credential-helper $@";
        let scoped = "[credential \"https://git-codecommit.*.amazonaws.com\"]";
        for own in [
            format!("[credential]\n\thelper = {helper}\n\tUseHttpPath = true\n"),
            format!("{scoped}\nhelper =\nhelper = {helper}\n"),
            "[credential]\nhelper = osxkeychain\nhelper = !aws codecommit --profile=dev credential-helper $@\n".to_owned(),
        ] {
            let found = repos(&https, &own);
            assert_eq!(found.repos[0].profile.as_str(), "dev", "{own}");
            assert_eq!(found.repos[0].endpoint, None);
        }
        let found = repos(
            &format!("{https}[credential]\nhelper = !aws codecommit credential-helper $@\n"),
            "",
        );
        assert_eq!(found.repos[0].profile.as_str(), "default");
        for other in ["us-west-2.amazonaws.com", "eu-west-1.evil.example"] {
            let own =
                format!("[credential \"https://git-codecommit.{other}\"]\nhelper = {helper}\n");
            assert!(repos(&https, &own).repos.is_empty(), "{other}");
        }
        let found = repos(&https, "[credential]\nhelper = osxkeychain\n");
        assert!(found.left_out[0].why.contains("no AWS credential helper"));
        let vpce = "https://vpce-0b47-x.git-codecommit.us-east-1.vpce.amazonaws.com/v1/repos/R";
        let found = repos(&remote(vpce), &format!("[credential]\nhelper = {helper}\n"));
        let endpoint = found.repos[0].endpoint.as_ref().unwrap();
        assert_eq!(
            endpoint.as_str(),
            "https://vpce-0b47-x.git-codecommit.us-east-1.vpce.amazonaws.com/"
        );
    }

    #[test]
    fn what_is_left_out_or_none_of_ours() {
        let found = repos(
            &remote("ssh://KEY@git-codecommit.us-east-1.amazonaws.com/v1/repos/R"),
            "",
        );
        assert!(found.left_out[0].why.contains("SSH key"));
        let secret = "https://u:hunter2@git-codecommit.us-east-1.amazonaws.com/v1/repos/R";
        let found = repos(
            &remote(secret),
            "[credential]\nhelper = !aws codecommit credential-helper $@\n",
        );
        assert_eq!(found.repos.len(), 1);
        assert!(!format!("{:?}", found.left_out).contains("hunter2"));
        for other in [
            "https://github.com/a/b",
            "git@github.com:a/b.git",
            "https://git-codecommit.us-east-1.amazonaws.com.evil.example/v1/repos/R",
            "/srv/git/x",
        ] {
            let found = repos(&remote(other), "");
            assert!(
                found.repos.is_empty() && found.left_out.is_empty(),
                "{other}"
            );
        }
        let found = repos(&remote("codecommit://a b@R"), "");
        assert!(found.left_out[0].why.contains("its URL is not"));
    }
}
