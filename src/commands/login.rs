use std::collections::BTreeSet;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::model::{IdpName, Model, Source};

use super::Context;

/// Log in, and fetch the credentials of every role of the identity provider
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An identity provider, or a role or profile of it; all identity providers where left out
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Logs in whatever the cache holds.
///
/// # Errors
/// The first login that fails. A role that fails is told, and the first such decides the exit code.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(&loaded.model, &notes)?;
    let mut first_failure = None;
    for idp in idps(&loaded.model, &args.names)? {
        for (profile, found) in broker.login(&idp)? {
            match found {
                Ok(found) => context.ui.say(&format!(
                    "{profile}: credentials until {}",
                    found.credentials.expiration
                )),
                Err(error) => {
                    let failure = Failure::from(error);
                    if first_failure.is_none() {
                        first_failure = Some(failure);
                    } else {
                        context.ui.tell(&failure.render(context.ui.colours_talk()));
                    }
                }
            }
        }
    }
    first_failure.map_or(Ok(Exit::Done), Err)
}

/// The identity providers that names stand for, each once.
fn idps(model: &Model, names: &[String]) -> Result<BTreeSet<IdpName>, Failure> {
    if names.is_empty() {
        let used = model
            .profiles
            .values()
            .filter_map(|profile| match &profile.source {
                Source::Idp(idp) => Some(idp.clone()),
                Source::Profile(_) => None,
            });
        return Ok(used.collect());
    }
    names.iter().map(|name| idp(model, name)).collect()
}

fn idp(model: &Model, name: &str) -> Result<IdpName, Failure> {
    if let Some(idp) = model.idps.get(name) {
        return Ok(idp.name.clone());
    }
    let by_role = || {
        model
            .profiles
            .values()
            .find(|profile| profile.role.as_str() == name)
    };
    let mut profile = model.profiles.get(name).or_else(by_role);
    while let Some(here) = profile {
        match &here.source {
            Source::Idp(idp) => return Ok(idp.clone()),
            Source::Profile(source) => profile = model.profiles.get(source),
        }
    }
    let known = model.idps.keys().map(IdpName::as_str);
    Err(Failure::unknown_name(
        "identity provider, role or profile",
        name,
        known,
    ))
}
