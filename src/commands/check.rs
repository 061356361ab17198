use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::{self, ConfigError};
use crate::model::{IdpKind, Model};
use crate::sys::fs;

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
            warn_of_bundles(context, model);
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

/// A `ca_bundle` that is not there yet: the file that names it is right, and one cannot log in.
fn warn_of_bundles(context: &Context<'_>, model: &Model) {
    for idp in model.idps.values() {
        let bundle = match &idp.kind {
            IdpKind::Saml(saml) => &saml.ca_bundle,
            IdpKind::IdentityCenter(center) => &center.ca_bundle,
        };
        let Some(path) = bundle else { continue };
        let why = match fs::exists(path) {
            Ok(true) => continue,
            Ok(false) => "it is not there".to_owned(),
            Err(error) => error.to_string(),
        };
        let path = path.display();
        context.ui.warn(&format!(
            "[idp.{}]: its ca_bundle {path} cannot be read ({why}), and before it can be nobody logs in",
            idp.name
        ));
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
