//! The flags that every command takes.

use std::path::PathBuf;

use super::ui::Colour;
use crate::config::Selection;

/// The flags that every command takes.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// Read this file instead of all the others (FEDGIT_CONFIG)
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Read this file as the user's own; written by `apply` where XDG_CONFIG_HOME is set
    #[arg(long, global = true, value_name = "FILE", hide = true)]
    pub user: Option<PathBuf>,
    /// Read this file as the project's; written by `apply` into a project's profiles
    #[arg(long, global = true, value_name = "FILE", hide = true)]
    pub project: Option<PathBuf>,
    /// Never ask: fail with exit code 4 where a person is needed (FEDGIT_NO_INPUT)
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Say less
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more: what is done (-v), what the cache, the locks and the network say (-vv), every step (-vvv); never a secret
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Colour,
}

impl Global {
    /// Which configuration files take part.
    #[must_use]
    pub fn selection(&self) -> Selection {
        Selection {
            config: self.config.clone(),
            user: self.user.clone(),
            project: self.project.clone(),
            no_walk: false,
        }
    }
}
