//! The user's own AWS files and the programs that they name.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::Watched;
use crate::format::ini::Document;
use crate::format::process::{self, BadAnswer};
use crate::model::{Keys, ProfileName};
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::process::{Asked, RunError, printed};
use crate::sys::{clock, fs, private};

use super::existing::{Files, Known, NoWay, Way, known, names, sdk_way, way};

/// Far more than anybody has.
const LARGEST: u64 = 16 << 20;

/// How long a program may take: it may ask the person for a code.
pub(super) const PROCESS_LIMIT: Duration = Duration::from_secs(120);

/// The files, read once, when they are first needed.
#[derive(Debug, Default)]
pub struct Own(OnceCell<Result<Read, NoWay>>);

#[derive(Debug)]
struct Read {
    config: Document,
    credentials: Document,
    watched: Option<Vec<Watched>>,
}

impl Read {
    fn files(&self) -> Files<'_> {
        Files {
            config: &self.config,
            credentials: &self.credentials,
        }
    }
}

/// Why a program of the user's own gave no keys.
#[derive(Debug, thiserror::Error)]
pub enum NoKeys {
    /// It did not run to a good end.
    #[error(transparent)]
    Run(#[from] RunError),
    /// What it printed is no answer.
    #[error("what it printed is not the answer of a credential_process: {0}")]
    Answer(#[from] BadAnswer),
    /// Its keys have ended.
    #[error("it printed keys that have ended already")]
    Ended,
}

impl Own {
    /// The way to the credentials of a profile.
    pub(super) fn way(&self, env: &Env, profile: &ProfileName) -> Result<Way, NoWay> {
        way(self.read(env)?.files(), profile, &|name| env.text(name))
    }

    /// The way to the credentials of a profile, as an SDK goes it.
    pub(super) fn sdk_way(&self, env: &Env, profile: &ProfileName) -> Result<Way, NoWay> {
        sdk_way(self.read(env)?.files(), profile, &|name| env.text(name))
    }

    /// What the files say about a profile; `None` where no file has it.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn known(&self, env: &Env, profile: &ProfileName) -> Result<Option<Known>, NoWay> {
        Ok(known(self.read(env)?.files(), profile))
    }

    /// The names of all profiles that the files have.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub fn names(&self, env: &Env) -> Result<Vec<String>, NoWay> {
        let names = names(self.read(env)?.files());
        Ok(names.into_iter().map(str::to_owned).collect())
    }

    /// Whether a profile leads to credentials, as far as that can be told without asking anybody.
    ///
    /// # Errors
    /// [`NoWay`].
    pub fn leads(&self, env: &Env, profile: &ProfileName) -> Result<(), NoWay> {
        self.sdk_way(env, profile).map(drop)
    }

    /// The stamps of the files, taken before they were read; `None` where they have none.
    pub fn watched(&self, env: &Env) -> Option<Vec<Watched>> {
        self.read(env).ok()?.watched.clone()
    }

    fn read(&self, env: &Env) -> Result<&Read, NoWay> {
        let read = self.0.get_or_init(|| {
            let paths = Paths::new(env);
            let (config, credentials) = (paths.aws_config(), paths.aws_credentials());
            let watched = watch(&[&config, &credentials]);
            Ok(Read {
                config: document(config.as_deref())?,
                credentials: document(credentials.as_deref())?,
                watched,
            })
        });
        read.as_ref().map_err(Clone::clone)
    }
}

fn watch(paths: &[&Option<PathBuf>]) -> Option<Vec<Watched>> {
    let paths = paths.iter().copied().flatten();
    let watched = paths.map(|path| {
        // A relative one is another file elsewhere.
        let stamp = path.is_absolute().then(|| private::stamp(path).ok())??;
        let path = path.clone();
        Some(Watched { path, stamp })
    });
    watched.collect()
}

fn document(path: Option<&Path>) -> Result<Document, NoWay> {
    let bytes = path.map(|path| fs::read_bounded_or_null(path, LARGEST));
    let bytes = bytes.transpose().map_err(|e| NoWay::File(e.to_string()))?;
    // The error names the line and never quotes it: it may be a secret.
    Document::parse(&bytes.flatten().unwrap_or_default()).map_err(|e| {
        let path = path.unwrap_or(Path::new("")).display();
        NoWay::File(format!("cannot read {path}: {e}"))
    })
}

/// The keys that a program of a profile's prints.
pub(super) fn run(command: &[String]) -> Result<Keys, NoKeys> {
    let output = printed(&Asked {
        command,
        env: &[],
        input: "",
        limit: PROCESS_LIMIT,
        may_talk: true,
    })?;
    let answer = process::read(&output)?;
    if answer.expiration.is_some_and(|end| end <= clock::now()) {
        return Err(NoKeys::Ended);
    }
    Ok(answer.keys)
}
