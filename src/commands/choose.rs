//! Which profile is meant, where what was typed leaves a choice: the person picks one of a list.

use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::known_alias;
use crate::format::printable::printable;
use crate::model::{Model, Profile, Target};
use crate::sys::{pick, terminal};

use super::{Context, named};

/// The one profile that a name stands for. A role of several profiles, and no name at all where there
/// are several, are for the person to settle; where nobody may be asked, a mistake.
///
/// # Errors
/// A name that stands for nothing; a choice that nobody makes.
pub(super) fn profile<'m>(
    context: &Context<'_>,
    model: &'m Model,
    name: Option<&str>,
) -> Result<&'m Profile, Failure> {
    let fitting: Vec<&Profile> = match name {
        Some(name) => named::profiles(model, name),
        None => model.profiles.values().collect(),
    };
    match fitting.as_slice() {
        [only] => Ok(only),
        [_, _, ..] if context.may_ask_here && terminal::is_interactive() => {
            picked(context, model, &fitting)
        }
        several => match (name, several) {
            (Some(name), _) => named::profile(model, name),
            (None, []) => Err(Failure::new(Exit::Usage, "fedgit.toml declares no profile")),
            (None, _) => Err(
                Failure::new(Exit::Usage, "no role is named, and there are several")
                    .hint("name a role or a profile; fedgit status lists them"),
            ),
        },
    }
}

fn picked<'m>(
    context: &Context<'_>,
    model: &Model,
    fitting: &[&'m Profile],
) -> Result<&'m Profile, Failure> {
    let root = context.cache().ok();
    let width = fitting
        .iter()
        .map(|p| p.name.as_str().chars().count())
        .max();
    let width = width.unwrap_or(0);
    let items: Vec<String> = fitting
        .iter()
        .map(|profile| {
            let account = called(model, root.as_deref(), &profile.target);
            format!(
                "{:width$}  {}{account}",
                profile.name.as_str(),
                profile.target
            )
        })
        .collect();
    pick::pick("which profile? (type a part of it)", &items)?
        .and_then(|at| fitting.get(at).copied())
        .ok_or_else(|| Failure::new(Exit::Interrupted, "no profile was chosen"))
}

/// What the account of a role is called: by the file, else by its owner, where that is known already.
fn called(model: &Model, root: Option<&Path>, target: &Target) -> String {
    let Target::Role(role) = target else {
        return String::new();
    };
    let declared = model.accounts.get(role.account()).cloned();
    let name = declared.or_else(|| known_alias(root?, role));
    name.map(|name| format!(" ({})", printable(&name, 100)))
        .unwrap_or_default()
}
