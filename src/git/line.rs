//! A helper's line in git's configuration, read again: the other half of `wiring`.

use std::path::{Path, PathBuf};

use crate::config::Selection;
use crate::format::shlex;
use crate::model::{ProfileName, Region};

/// What a line of fedgit's says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Whose credentials sign.
    pub profile: Option<ProfileName>,
    /// Whether the keys in the environment do.
    pub environment: bool,
    /// For which region, where the host does not tell it.
    pub region: Option<Region>,
    /// The host beside CodeCommit's own that it answers for.
    pub host: Option<String>,
    /// The files that it reads; nothing where they are the caller's.
    pub selection: Selection,
}

/// Whom git asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Helpers {
    /// Nobody of fedgit's.
    Others,
    /// fedgit.
    Ours {
        /// By this line.
        line: Line,
        /// Whether git asks another program before.
        is_first: bool,
    },
}

/// Reads the values of `credential.helper` that hold for an address, in git's order.
#[must_use]
pub fn helpers(values: &[String]) -> Helpers {
    // An empty one makes git forget those before it.
    let from = values.iter().rposition(String::is_empty);
    let asked = values.get(from.map_or(0, |at| at + 1)..);
    let asked = asked.unwrap_or_default();
    let mut lines = asked.iter().map(|value| read(value));
    match lines.position(|line| line.is_some()) {
        Some(at) => Helpers::Ours {
            line: asked.get(at).and_then(|v| read(v)).unwrap_or_default(),
            is_first: at == 0,
        },
        None => Helpers::Others,
    }
}

/// The lines of fedgit's that name who signs at one address, as git's settings, in a listing by
/// `git config --null --get-regexp`; each with whatever else stands in its section. What git is told on
/// its command line comes after them, and an empty helper there would take their place.
#[must_use]
pub fn naming(listed: &str) -> Vec<(String, String)> {
    let entries = listed.split_terminator('\0').filter_map(|entry| {
        // A key without a value is no helper; and where git's command line ends a key, none may go on.
        let (key, value) = entry.split_once('\n')?;
        (key != "credential.helper" && !key.contains('=')).then_some((key, value))
    });
    let entries: Vec<(&str, &str)> = entries.collect();
    let names =
        |value: &str| read(value).is_some_and(|line| line.profile.is_some() || line.environment);
    let ours = |key: &str| entries.iter().any(|(k, value)| *k == key && names(value));
    let kept = entries.iter().filter(|(key, _)| ours(key));
    kept.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

/// A value, where it is a line of fedgit's.
fn read(value: &str) -> Option<Line> {
    let words = shlex::split(value.strip_prefix('!').unwrap_or(value))?;
    let program = Path::new(words.first()?).file_stem()?;
    if program != "fedgit" {
        return None;
    }
    // `fedgit --config FILE git-credential` is the same as the other way round.
    if !words.iter().any(|word| word == "git-credential") {
        return None;
    }
    let mut line = Line::default();
    let mut words = words.into_iter().skip(1);
    while let Some(word) = words.next() {
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
            None => (word, None),
        };
        let takes_one = [
            "--profile",
            "--region",
            "--host",
            "--config",
            "--user",
            "--project",
        ];
        if flag == "--environment" {
            line.environment = true;
        }
        if !takes_one.contains(&flag.as_str()) {
            continue;
        }
        let value = value.or_else(|| words.next())?;
        match flag.as_str() {
            "--profile" => line.profile = Some(value.parse().ok()?),
            "--region" => line.region = Some(value.parse().ok()?),
            "--host" => line.host = Some(value),
            "--config" => line.selection.config = Some(PathBuf::from(value)),
            "--user" => line.selection.user = Some(PathBuf::from(value)),
            _ => line.selection.project = Some(PathBuf::from(value)),
        }
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::{Place, Signer, wiring};

    #[test]
    fn lines_that_name_somebody_are_kept_whole() {
        let listed = "credential.helper\n!fedgit git-credential --profile=a\0\
                      credential.https://h/v1/repos/R.helper\n\0\
                      credential.https://h/v1/repos/R.helper\n!/x/fedgit git-credential --profile=a\0\
                      credential.https://h.helper\n!fedgit git-credential\0\
                      credential.https://o.helper\nstore\0\
                      credential.https://k.helper\n!fedgit git-credential --environment\0\
                      credential.https://e=.helper\n!fedgit git-credential --profile=a\0\
                      credential.https://v.helper\0";
        let keys: Vec<(String, String)> = naming(listed);
        let keys: Vec<(&str, &str)> = keys.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let repo = "credential.https://h/v1/repos/R.helper";
        assert_eq!(
            keys,
            [
                (repo, ""),
                (repo, "!/x/fedgit git-credential --profile=a"),
                (
                    "credential.https://k.helper",
                    "!fedgit git-credential --environment"
                ),
            ]
        );
    }

    fn of(values: &[&str]) -> Helpers {
        let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
        helpers(&values)
    }

    #[test]
    fn what_is_wired_is_read() {
        let region: Region = "us-east-1".parse().unwrap();
        let endpoint = url::Url::parse("https://127.0.0.1:8443").unwrap();
        let place = Place::at(&endpoint, "R".parse().unwrap());
        let wiring = wiring::Wiring {
            program: Path::new("/opt/my tools/fedgit"),
            selection: &["--config".into(), "/it's/f.toml".into()],
            signer: &Signer::Profile("adfs".parse().unwrap()),
            region: &region,
            ca_bundle: None,
        };
        let settings = wiring::settings(&place, &wiring);
        let mut values = vec!["store".to_owned()];
        let helper = settings
            .into_iter()
            .filter(|(key, _)| key.ends_with(".helper"));
        values.extend(helper.map(|(_, value)| value));
        let Helpers::Ours { line, is_first } = helpers(&values) else {
            panic!("{values:?}");
        };
        assert!(is_first);
        assert_eq!(line.profile.unwrap().as_str(), "adfs");
        assert_eq!(line.region, Some(region));
        assert_eq!(line.host.as_deref(), Some("127.0.0.1:8443"));
        assert_eq!(line.selection.config, Some("/it's/f.toml".into()));
        assert!(!line.environment);
    }

    #[test]
    fn others_and_their_place() {
        assert_eq!(of(&[]), Helpers::Others);
        assert_eq!(
            of(&["store", "!aws codecommit credential-helper $@"]),
            Helpers::Others
        );
        assert_eq!(of(&["!fedgit git-credential", ""]), Helpers::Others);
        assert_eq!(of(&["!fedgit login"]), Helpers::Others);
        let after = of(&["", "cache", "!fedgit git-credential --environment"]);
        let Helpers::Ours { line, is_first } = after else {
            panic!("{after:?}");
        };
        assert!(line.environment && !is_first);
    }
}
