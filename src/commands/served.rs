//! What git's helpers are served from: the configuration and the user's own AWS files, each read once
//! and only where something needs it; and what the environment says to them.

use std::cell::OnceCell;

use crate::cli::report::Failure;
use crate::config::layer::Origin;
use crate::config::{self, ConfigError, Loaded, Selection, Watched, env as names, origins};
use crate::credentials::{Own, users};
use crate::git::choice::Around;
use crate::git::remembered::projects;
use crate::model::{BadName, Model, ProfileName, Region};
use crate::sys::clock;
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::private;

/// Where a profile is served from.
pub(super) enum Whose<'s> {
    /// fedgit.toml declares it.
    Declared(&'s Loaded),
    /// `~/.aws/config` or `~/.aws/credentials` has it, with this region.
    Own(Option<String>),
}

/// What a helper is served from.
pub(super) struct Served<'a> {
    pub(super) env: &'a Env,
    pub(super) paths: &'a Paths,
    pub(super) selection: &'a Selection,
    /// The user's own AWS files.
    pub(super) own: Own,
    warn: &'a dyn Fn(&str),
    here: OnceCell<Option<Loaded>>,
    anywhere: OnceCell<Option<Loaded>>,
    nothing: Model,
}

/// A region, and what says so.
pub(super) type Told = (Region, String);

impl<'a> Served<'a> {
    /// Reads nothing yet.
    pub(super) fn new(
        env: &'a Env,
        paths: &'a Paths,
        selection: &'a Selection,
        warn: &'a dyn Fn(&str),
    ) -> Self {
        Self {
            env,
            paths,
            selection,
            own: Own::default(),
            warn,
            here: OnceCell::new(),
            anywhere: OnceCell::new(),
            nothing: Model::default(),
        }
    }

    /// The configuration; `None` where there is none at all: whoever comes from another helper has no
    /// fedgit.toml.
    ///
    /// A project's file that is wrong, or says more than it may, is left out with a warning: it came
    /// by git, and so does its correction.
    pub(super) fn here(&self) -> Result<Option<&Loaded>, Failure> {
        let origins = origins(self.env, self.paths, self.selection).unwrap_or_default();
        let project = origins.into_iter().find_map(|origin| match origin {
            Origin::Project(path) if self.selection.project.is_none() => Some(path),
            _ => None,
        });
        let Some(project) = project else {
            return self.anywhere();
        };
        once(&self.here, || {
            let failure = match load(self.env, self.paths, self.selection) {
                Ok(loaded) => return Ok(loaded),
                Err(failure) => failure,
            };
            let elsewhere = load(self.env, self.paths, &self.without_project());
            let elsewhere = elsewhere.map_err(|_| failure)?;
            (self.warn)(&format!(
                "{} is left out: it has mistakes, or says more than a file that is not trusted may; \
                 fedgit check tells which",
                project.display()
            ));
            Ok(elsewhere)
        })
    }

    /// The configuration as it is in any directory.
    fn anywhere(&self) -> Result<Option<&Loaded>, Failure> {
        once(&self.anywhere, || {
            load(self.env, self.paths, &self.without_project())
        })
    }

    fn without_project(&self) -> Selection {
        Selection {
            no_walk: true,
            ..self.selection.clone()
        }
    }

    /// What is declared; nothing where there is no configuration.
    pub(super) fn model(&self) -> Result<&Model, Failure> {
        Ok(self.here()?.map_or(&self.nothing, |loaded| &loaded.model))
    }

    /// Whose a profile is; `None` where nobody has it.
    ///
    /// A project's file comes last: git runs its helpers in the clone, and a file that came with it is
    /// not to take the place of a profile that the user has. A profile that fedgit wrote for a project
    /// comes after that project's own file, by the line that stands in it.
    pub(super) fn whose(&self, profile: &ProfileName) -> Result<Option<Whose<'_>>, Failure> {
        let declares = |loaded: &&Loaded| loaded.model.profiles.contains_key(profile.as_str());
        if let Some(loaded) = self.anywhere()?.filter(declares) {
            return Ok(Some(Whose::Declared(loaded)));
        }
        let known = self
            .own
            .known(self.env, profile)
            .map_err(|e| Failure::message(&e.to_string()).hint(e.hint()))?;
        if let Some(known) = known.as_ref().filter(|known| !known.ours) {
            return Ok(Some(Whose::Own(known.region.clone())));
        }
        if let Some(loaded) = self.here()?.filter(declares) {
            return Ok(Some(Whose::Declared(loaded)));
        }
        Ok(known.map(|known| Whose::Own(known.region)))
    }

    /// Whether anybody has a profile of that name.
    pub(super) fn is_there(&self, name: &str) -> Result<bool, Failure> {
        let known = |name: ProfileName| self.own.known(self.env, &name).ok().flatten().is_some();
        Ok(self.model()?.profiles.contains_key(name) || name.parse().is_ok_and(known))
    }

    /// The profiles that the user's own and the system's file declare: a project's file does not decide
    /// who signs by being the only one to declare anybody.
    pub(super) fn own_profiles(&self) -> Vec<ProfileName> {
        let loaded = self.anywhere().ok().flatten();
        loaded.map_or_else(Vec::new, |loaded| {
            loaded.model.profiles.keys().cloned().collect()
        })
    }

    /// That nobody has a profile, with those that there are.
    pub(super) fn unknown(&self, profile: &ProfileName) -> Failure {
        let mut known = self.own.names(self.env).unwrap_or_default();
        let model = self.model().ok();
        for name in model.into_iter().flat_map(|model| model.profiles.keys()) {
            if !known.iter().any(|known| known == name.as_str()) {
                known.push(name.to_string());
            }
        }
        Failure::unknown_profile(profile.as_str(), &known)
    }

    /// What the environment says about whose credentials to use.
    pub(super) fn around(&self) -> Around<impl FnOnce() -> Result<Option<Variable>, Failure> + '_> {
        Around {
            keys: self.env.os(names::AWS_ACCESS_KEY_ID).is_some(),
            profile: || self.variable(),
        }
    }

    /// The profile that the environment names. `AWS_DEFAULT_PROFILE` comes first, as in botocore.
    fn variable(&self) -> Result<Option<Variable>, Failure> {
        let named = [names::AWS_DEFAULT_PROFILE, names::AWS_PROFILE]
            .into_iter()
            .find_map(|name| Some((name, self.env.text(name)?)));
        let Some((name, text)) = named else {
            return Ok(None);
        };
        let profile = text.parse();
        let profile = profile.map_err(|e: BadName| Failure::variable(name, &e.to_string()))?;
        Ok(Some((name, profile)))
    }

    /// The keys in the environment are whole, and have not ended.
    pub(super) fn keys_are_whole(&self) -> Result<(), Failure> {
        users::of_environment(self.env, clock::now())?;
        Ok(())
    }

    /// The region for the keys in the environment: the one that a variable names, else, as in
    /// botocore, that of the profile that would serve without them.
    pub(super) fn region_of_keys(&self) -> Result<Option<Told>, Failure> {
        if let Some(region) = self.region_by_variable()? {
            return Ok(Some(region));
        }
        let default = || {
            "default"
                .parse()
                .map_err(|e: BadName| Failure::message(&e.to_string()))
        };
        let (profile, is_named) = match self.variable()? {
            Some((_, profile)) => (profile, true),
            None => (default()?, false),
        };
        match self.whose(&profile)? {
            Some(Whose::Own(region)) => of_profile(&profile, region.as_deref()),
            Some(Whose::Declared(loaded)) => {
                let declared = loaded.model.profiles.get(&profile);
                Ok(declared.map(|p| (p.region.clone(), format!("[role.{}]", p.role))))
            }
            None if is_named => Err(self.unknown(&profile)),
            None => Ok(None),
        }
    }

    /// The region for a profile of the user's own, which says this about it.
    pub(super) fn region_of_own(
        &self,
        profile: &ProfileName,
        text: Option<&str>,
    ) -> Result<Option<Told>, Failure> {
        match self.region_by_variable()? {
            Some(region) => Ok(Some(region)),
            None => of_profile(profile, text),
        }
    }

    /// The region that the environment names.
    pub(super) fn region_by_variable(&self) -> Result<Option<Told>, Failure> {
        let named = [names::AWS_REGION, names::AWS_DEFAULT_REGION]
            .into_iter()
            .find_map(|name| Some((name, self.env.text(name)?)));
        let Some((name, text)) = named else {
            return Ok(None);
        };
        let region = text.parse();
        let region = region.map_err(|e: BadName| Failure::variable(name, &e.to_string()))?;
        Ok(Some((region, name.to_owned())))
    }

    /// The stamps of everything that a choice rests on; to be taken before anything is read, so that a
    /// file that changes meanwhile is seen as changed. `by_place` is whether a project's file would
    /// have a say; `None` where one has, or where something cannot be watched.
    pub(super) fn watched(&self, by_place: bool) -> Option<Vec<Watched>> {
        let mut watched = self.own.watched(self.env)?;
        let watch = |path: std::path::PathBuf| {
            let stamp = private::stamp(&path).ok()?;
            Some(Watched { path, stamp })
        };
        for origin in origins(self.env, self.paths, &self.without_project()).ok()? {
            watched.push(watch(origin.path()?.to_owned())?);
        }
        // The named path too: a link may lead elsewhere tomorrow.
        let named = self.selection.clone().with_environment(self.env);
        let walks = named.config.is_none() && named.project.is_none();
        for path in [named.config, named.project].into_iter().flatten() {
            watched.push(watch(path)?);
        }
        if by_place && walks {
            let projects = projects()?;
            // One that is there may be the user's own; that a link leads to it is not worth
            // remembering.
            if projects.iter().any(|project| project.stamp.is_some()) {
                return None;
            }
            watched.extend(projects);
        }
        Some(watched)
    }

    /// The same with what was discovered of identity providers, where that has a say too.
    pub(super) fn with_discovered(&self, mut watched: Vec<Watched>) -> Vec<Watched> {
        let loaded = self.anywhere.get().and_then(Option::as_ref);
        for also in loaded.iter().flat_map(|loaded| &loaded.watched).flatten() {
            if !watched.contains(also) {
                watched.push(also.clone());
            }
        }
        watched
    }
}

/// A profile, and the variable that names it.
pub(super) type Variable = (&'static str, ProfileName);

fn of_profile(profile: &ProfileName, text: Option<&str>) -> Result<Option<Told>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let region = text.parse().map_err(|e: BadName| {
        Failure::message(&format!(
            "the profile {profile} has a region that is none: {e}"
        ))
    })?;
    Ok(Some((region, format!("the profile {profile}"))))
}

fn once(
    cell: &OnceCell<Option<Loaded>>,
    load: impl FnOnce() -> Result<Option<Loaded>, Failure>,
) -> Result<Option<&Loaded>, Failure> {
    if cell.get().is_none() {
        let loaded = load()?;
        return Ok(cell.get_or_init(|| loaded).as_ref());
    }
    Ok(cell.get().and_then(Option::as_ref))
}

/// The configuration; `None` where there is none at all.
pub(super) fn load(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
) -> Result<Option<Loaded>, Failure> {
    match config::load_or_without_lists(env, paths, selection, |_| true) {
        Ok(loaded) => Ok(Some(loaded)),
        Err(ConfigError::Nowhere(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
