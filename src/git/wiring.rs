//! How git is told to ask fedgit: configuration values, without a secret among them.

use std::ffi::OsString;
use std::path::Path;

use crate::model::Region;

use super::choice::Signer;
use super::place::Place;

/// Who answers for a repository.
#[derive(Debug, Clone)]
pub struct Wiring<'a> {
    /// The `fedgit` program: an absolute path, or a name on PATH.
    pub program: &'a Path,
    /// The arguments that choose the configuration (`--config FILE` and the like).
    pub selection: &'a [String],
    /// Whose credentials sign.
    pub signer: &'a Signer,
    /// The region to sign for.
    pub region: &'a Region,
    /// The certificate authorities for the connection, where the user named some for AWS.
    pub ca_bundle: Option<&'a Path>,
}

/// The configuration that makes plain git work with one repository: fedgit is the first of its
/// helpers, for exactly its host and path.
///
/// The empty helper comes first and makes git forget the helpers before: a keychain that stored a
/// pair would offer it again when it has long expired, and CodeCommit's answer to that (403) makes
/// git give up instead of asking the next helper.
#[must_use]
pub fn settings(place: &Place, wiring: &Wiring<'_>) -> Vec<(String, String)> {
    let credential = format!("credential.{place}");
    let mut settings = vec![
        (format!("{credential}.helper"), String::new()),
        (format!("{credential}.helper"), helper(place, wiring)),
        (format!("{credential}.useHttpPath"), "true".to_owned()),
        // Saves the request that is only refused; git before 2.46 passes over it.
        (format!("http.{place}.proactiveAuth"), "basic".to_owned()),
    ];
    if let Some(bundle) = wiring.ca_bundle {
        settings.push((
            format!("http.{place}.sslCAInfo"),
            bundle.display().to_string(),
        ));
    }
    settings
}

/// The configuration for a whole host, where it is not known beforehand which repositories are meant:
/// the helper then finds out who signs. `host` is one that is not CodeCommit's own.
#[must_use]
pub fn host_settings(
    origin: &str,
    host: Option<&str>,
    program: &Path,
    selection: &[String],
    ca_bundle: Option<&Path>,
) -> Vec<(String, String)> {
    let helper = helper_line(program, selection, &[], host);
    let mut settings = vec![
        (format!("credential.{origin}.helper"), String::new()),
        (format!("credential.{origin}.helper"), helper),
        (
            format!("credential.{origin}.useHttpPath"),
            "true".to_owned(),
        ),
        (format!("http.{origin}.proactiveAuth"), "basic".to_owned()),
    ];
    if let Some(bundle) = ca_bundle {
        let bundle = bundle.display().to_string();
        settings.push((format!("http.{origin}.sslCAInfo"), bundle));
    }
    settings
}

/// The settings as `-c` arguments.
#[must_use]
pub fn as_args(settings: &[(String, String)]) -> Vec<OsString> {
    settings
        .iter()
        .flat_map(|(key, value)| {
            [
                OsString::from("-c"),
                OsString::from(format!("{key}={value}")),
            ]
        })
        .collect()
}

/// The helper line for one repository.
fn helper(place: &Place, wiring: &Wiring<'_>) -> String {
    let who = match wiring.signer {
        Signer::Profile(profile) => format!("--profile={}", quote(profile.as_str())),
        Signer::Environment => "--environment".to_owned(),
    };
    let region = format!("--region={}", wiring.region);
    let ours = super::place::codecommit_region(&place.host).is_some();
    let host = (!ours).then_some(place.host.as_str());
    helper_line(wiring.program, wiring.selection, &[who, region], host)
}

/// A helper line. git runs it through `sh`, also on Windows, and adds `get`, `store` or `erase`.
/// `words` are for `sh` already.
pub(super) fn helper_line(
    program: &Path,
    selection: &[String],
    words: &[String],
    host: Option<&str>,
) -> String {
    let program = program.display().to_string();
    // git's own shell on Windows takes forward slashes.
    let program = if cfg!(windows) {
        program.replace('\\', "/")
    } else {
        program
    };
    let mut line = vec![quote(&program), "git-credential".to_owned()];
    line.extend(selection.iter().map(|word| quote(word)));
    line.extend_from_slice(words);
    line.extend(host.map(|host| format!("--host={}", quote(host))));
    format!("!{}", line.join(" "))
}

/// One word for `sh`.
fn quote(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_helper_for_exactly_one_repository() {
        let region: Region = "us-east-1".parse().unwrap();
        let place = Place::in_region(&region, "R".parse().unwrap());
        let wiring = Wiring {
            program: Path::new("/opt/my tools/fedgit"),
            selection: &["--config".into(), "/it's/f.toml".into()],
            signer: &Signer::Profile("adfs".parse().unwrap()),
            region: &region,
            ca_bundle: None,
        };
        let settings = settings(&place, &wiring);
        let url = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/R";
        assert_eq!(
            settings[0],
            (format!("credential.{url}.helper"), String::new())
        );
        assert_eq!(
            settings[1].1,
            "!'/opt/my tools/fedgit' git-credential --config '/it'\\''s/f.toml' \
             --profile=adfs --region=us-east-1"
        );
        assert_eq!(
            settings[2],
            (format!("credential.{url}.useHttpPath"), "true".to_owned())
        );
    }
}
