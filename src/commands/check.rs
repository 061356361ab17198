use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::{self, ConfigError};

use super::Context;

/// Read every layer and report every mistake
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print the mistakes as JSON, for editors
    #[arg(long)]
    json: bool,
}

/// Says what is wrong, or what is declared.
///
/// # Errors
/// The mistakes; exit code 2.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    match config::load(context.env, &context.paths, &context.selection) {
        Ok(loaded) => {
            let model = &loaded.model;
            if args.json {
                context.ui.data("{\"diagnostics\":[]}\n")?;
            }
            context.ui.say(&format!(
                "the configuration is right: {}, {}, {}",
                count(model.idps.len(), "identity provider", "identity providers"),
                count(model.profiles.len(), "profile", "profiles"),
                count(model.repos.len(), "repository", "repositories"),
            ));
            Ok(Exit::Done)
        }
        Err(ConfigError::Mistakes {
            diagnostics,
            layers,
        }) if args.json => {
            let located: Vec<_> = diagnostics.iter().map(|d| d.locate(&layers)).collect();
            let report = serde_json::json!({ "diagnostics": located });
            context.ui.data(&format!("{report}\n"))?;
            Ok(Exit::Usage)
        }
        Err(other) => Err(other.into()),
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
