//! One file a command: its arguments, and a function that loads, asks a room, and shows.

mod after_git;
pub mod apply;
mod ask_git;
mod asked;
mod candidates;
pub mod check;
mod choose;
pub mod clone;
mod clone_all;
pub mod completions;
pub mod config;
pub mod console;
pub mod credential_process;
mod discovered;
pub mod env;
pub mod exec;
pub mod git;
pub mod git_credential;
pub mod git_setup;
pub mod git_why;
mod helpers;
pub mod import;
mod import_center;
pub mod init;
mod later_helpers;
pub mod login;
pub mod logout;
mod many;
mod named;
pub mod open;
mod owners;
pub mod plan;
mod profiles;
mod reasons;
pub mod remote_codecommit;
pub mod repo;
mod repo_add;
mod repo_remote;
mod repo_sync;
pub mod roles;
pub mod schema;
mod sections;
mod served;
pub mod status;
mod target;
pub mod trust;
pub mod whoami;
mod wired;

use std::path::PathBuf;

use crate::cli::global::Global;
use crate::cli::report::Failure;
use crate::cli::ui::Ui;
use crate::config::{self as configuration, ConfigError, Loaded, Selection, env as names};
use crate::credentials::{Broker, By, Entries, Own};
use crate::model::Model;
use crate::sys::env::Env;
use crate::sys::paths::Paths;
use crate::sys::private;

/// What every command is run with.
pub struct Context<'a> {
    /// The environment.
    pub env: &'a Env,
    /// The two streams.
    pub ui: &'a Ui,
    /// Where things live.
    pub paths: Paths,
    /// Which configuration files take part.
    pub selection: Selection,
    /// Whether a person may be asked.
    pub may_ask: bool,
    /// The same for a command that a person types, whatever git's variables say.
    pub may_ask_here: bool,
}

impl<'a> Context<'a> {
    /// From the environment and the global flags.
    #[must_use]
    pub fn new(env: &'a Env, ui: &'a Ui, global: &Global) -> Self {
        let may_ask_here = !global.no_input && !env.switch(names::FEDGIT_NO_INPUT);
        // An editor's background fetch says so, or is told by its own mark.
        let git_forbids = env
            .text(names::GIT_TERMINAL_PROMPT)
            .is_some_and(|value| value == "0" || value.eq_ignore_ascii_case("false"))
            || env.os(names::VSCODE_GIT_COMMAND).is_some();
        Self {
            env,
            ui,
            paths: Paths::new(env),
            selection: global.selection(),
            may_ask: may_ask_here && !git_forbids,
            may_ask_here,
        }
    }

    /// The configuration.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn load(&self) -> Result<Loaded, Failure> {
        Ok(configuration::load(self.env, &self.paths, &self.selection)?)
    }

    /// The same for what needs no list of an identity provider's, or gets a new one: where such a list is
    /// all that makes a mistake of it, without.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load_or_without_lists(&self) -> Result<Loaded, Failure> {
        let (env, paths, selection) = (self.env, &self.paths, &self.selection);
        let mut without = false;
        let loaded = configuration::load_or_without_lists(env, paths, selection, |_| {
            without = true;
            true
        })?;
        if without {
            self.ui.warn(
                "what an identity provider offers makes a mistake of the configuration, so every role with \
                 accounts = \"*\" is left out here; fedgit check tells which",
            );
        }
        Ok(loaded)
    }

    /// The configuration as it is in any directory without a project's file; `None` where there is
    /// none, or where it is whole only together with the project's.
    #[must_use]
    pub fn load_elsewhere(&self) -> Option<Loaded> {
        let anywhere = Selection {
            no_walk: true,
            project: None,
            ..self.selection.clone()
        };
        configuration::load(self.env, &self.paths, &anywhere).ok()
    }

    /// The configuration that a profile is served from.
    ///
    /// A line of `~/.aws/config` or of a clone's configuration is run from any directory and must
    /// mean the same in all of them, so a project's file takes part only where the line names it:
    /// least of all one that came with the clone. A person who types the command in a project still
    /// gets the project's profile.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn load_for(&self, profile: &str) -> Result<Loaded, Failure> {
        load_for(self.env, &self.paths, &self.selection, profile)
    }

    /// `~/.aws/config`, wherever it is.
    ///
    /// # Errors
    /// Where no home folder is known.
    pub fn aws_config(&self) -> Result<PathBuf, Failure> {
        let path = self.paths.aws_config();
        path.ok_or_else(|| Failure::no_home("~/.aws/config", "AWS_CONFIG_FILE"))
    }

    /// The cache folder.
    ///
    /// # Errors
    /// Where no home folder is known.
    pub fn cache(&self) -> Result<PathBuf, Failure> {
        let root = self
            .paths
            .cache()
            .ok_or_else(|| Failure::no_home("a cache folder", "FEDGIT_CACHE_DIR"))?;
        // Where others can write, they could put their own entries and links.
        match private::is_own_folder_anywhere(&root) {
            Ok(_) => Ok(root),
            // Where one may not even look, nothing is read or kept either, which is told where it is due.
            Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Ok(root),
            Err(e) => Err(Failure::message(&e.to_string())
                .hint("for another cache folder, set FEDGIT_CACHE_DIR")),
        }
    }

    /// The state folder.
    ///
    /// # Errors
    /// Where no home folder is known.
    pub fn state(&self) -> Result<PathBuf, Failure> {
        self.paths
            .state()
            .ok_or_else(|| Failure::no_home("a state folder", "XDG_STATE_HOME"))
    }

    /// What gets credentials.
    ///
    /// # Errors
    /// Where there is no cache folder.
    pub fn broker<'b>(
        &'b self,
        model: &'b Model,
        notes: &'b dyn Fn(&str),
    ) -> Result<Broker<'b>, Failure> {
        self.broker_that(self.may_ask, model, notes)
    }

    /// The same for a command that a person types.
    ///
    /// # Errors
    /// Where there is no cache folder.
    pub fn broker_here<'b>(
        &'b self,
        model: &'b Model,
        notes: &'b dyn Fn(&str),
    ) -> Result<Broker<'b>, Failure> {
        self.broker_that(self.may_ask_here, model, notes)
    }

    fn broker_that<'b>(
        &'b self,
        may_ask: bool,
        model: &'b Model,
        notes: &'b dyn Fn(&str),
    ) -> Result<Broker<'b>, Failure> {
        let root = self.cache()?;
        Ok(Broker {
            model,
            env: self.env,
            entries: Entries::new(model.settings.store, &root, may_ask, notes),
            root,
            may_ask,
            notes,
            own: Own::default(),
            capture: None,
            say: {
                let ui = *self.ui;
                Box::new(move |text| ui.tell(text))
            },
            done: {
                let ui = *self.ui;
                Box::new(move |text| ui.say(text))
            },
            by: By::default(),
        })
    }
}

fn load_for(
    env: &Env,
    paths: &Paths,
    selection: &Selection,
    profile: &str,
) -> Result<Loaded, Failure> {
    let anywhere = Selection {
        no_walk: true,
        ..selection.clone()
    };
    let gives = |model: &Model| model.profiles.contains_key(profile);
    let load = |selection| configuration::load_or_without_lists(env, paths, selection, gives);
    match load(&anywhere) {
        Ok(loaded) if gives(&loaded.model) => Ok(loaded),
        Ok(_) | Err(ConfigError::Nowhere(_)) => Ok(load(selection)?),
        Err(other) => Err(other.into()),
    }
}
