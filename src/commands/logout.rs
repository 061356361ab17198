use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::forget_all;
use crate::model::{Model, Profile, ProfileName, Source};

use super::Context;

/// Forget cached credentials
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An identity provider, or a role or profile of it; everything where left out
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Forgets credentials of the named profiles, and of those that came from them.
///
/// # Errors
/// A name that stands for nothing; what the file system says.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    // Needs no configuration: that may be somebody else's by now, or broken.
    if args.names.is_empty() {
        let count = forget_all(&context.cache()?)?;
        context.ui.say(&format!(
            "forgot {count} cached {}",
            if count == 1 { "login" } else { "logins" }
        ));
        return Ok(Exit::Done);
    }
    let loaded = context.load()?;
    let model = &loaded.model;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(model, &notes)?;
    for name in &args.names {
        let known = model.idps.contains_key(name.as_str())
            || model
                .profiles
                .values()
                .any(|profile| is_called(profile, name));
        if !known {
            let names = model.profiles.keys().map(ProfileName::as_str);
            return Err(Failure::unknown_name(
                "identity provider, role or profile",
                name,
                names,
            ));
        }
    }
    for profile in model.profiles.values() {
        let meant =
            args.names.is_empty() || args.names.iter().any(|name| leads(model, profile, name));
        if !meant {
            continue;
        }
        // A kind that cannot log in yet has nothing to forget.
        if broker.cached(profile.name.as_str()).is_err() {
            continue;
        }
        if broker.forget(profile.name.as_str())? {
            context.ui.say(&format!("{}: forgotten", profile.name));
        }
    }
    Ok(Exit::Done)
}

fn is_called(profile: &Profile, name: &str) -> bool {
    profile.name.as_str() == name || profile.role.as_str() == name
}

/// Whether a profile, or one that its credentials come from, or their identity provider, has this
/// name.
fn leads(model: &Model, profile: &Profile, name: &str) -> bool {
    let mut here = Some(profile);
    while let Some(profile) = here {
        if is_called(profile, name) {
            return true;
        }
        match &profile.source {
            Source::Idp(idp) => return idp.as_str() == name,
            Source::Profile(source) => here = model.profiles.get(source),
        }
    }
    false
}
