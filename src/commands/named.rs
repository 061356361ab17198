//! What a name on the command line stands for: a profile, or the role that profiles come from.

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::model::{Model, Profile, ProfileName};

/// The profiles that a name stands for: the one of that name, else all of the role of that name.
pub(super) fn profiles<'m>(model: &'m Model, name: &str) -> Vec<&'m Profile> {
    match model.profiles.get(name) {
        Some(profile) => vec![profile],
        None => model
            .profiles
            .values()
            .filter(|profile| profile.role.as_str() == name)
            .collect(),
    }
}

/// The one profile that a name stands for.
///
/// # Errors
/// A name that stands for nothing, or a role of several profiles.
pub(super) fn profile<'m>(model: &'m Model, name: &str) -> Result<&'m Profile, Failure> {
    let found = profiles(model, name);
    match found.as_slice() {
        [profile] => Ok(profile),
        [] => {
            let profiles = model.profiles.keys().map(ProfileName::as_str);
            // A role that gives a profile of another name is a name too.
            let roles = model.profiles.values().map(|profile| profile.role.as_str());
            let mut known: Vec<&str> = profiles.chain(roles).collect();
            known.sort_unstable();
            known.dedup();
            Err(Failure::unknown_name("role or profile", name, known))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|p| p.name.as_str()).take(20).collect();
            Err(Failure::new(
                Exit::Usage,
                format!("the role {name:?} has several profiles"),
            )
            .hint(format!("name one of: {}", names.join(", "))))
        }
    }
}
