use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::edit;
use crate::model::{ProfileName, Region, RepoAlias, RepoName, RoleName};

use super::candidates;
use super::{Context, config};

/// Declare a repository
#[derive(Debug, clap::Args)]
pub struct Add {
    /// Its name in CodeCommit
    name: RepoName,
    /// What to call it here; its name where left out
    #[arg(long)]
    alias: Option<RepoAlias>,
    /// The role whose credentials sign; the only one where left out
    #[arg(long, conflicts_with = "profile", add = candidates::declared_roles())]
    role: Option<RoleName>,
    /// The profile whose credentials sign, where the role has several
    #[arg(long, add = candidates::profiles())]
    profile: Option<ProfileName>,
    /// Its region; the profile's where left out
    #[arg(long, add = candidates::regions())]
    region: Option<Region>,
    /// The file to change; --config's, else the user's own where left out
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Adds a `[repo.ALIAS]`, comments kept.
///
/// # Errors
/// An alias that is taken; a role or profile that is not declared; what the file system says.
pub(super) fn run(context: &Context<'_>, args: &Add) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let model = &loaded.model;
    let alias = args
        .alias
        .as_ref()
        .map_or(args.name.as_str(), RepoAlias::as_str);
    let taken = model.repos.contains_key(alias) || model.repo_groups.contains_key(alias);
    if taken {
        let text = format!("[repo.{alias}] is there already");
        return Err(Failure::new(Exit::Usage, text).hint("name another one with --alias"));
    }
    let mut roles: Vec<&str> = model.profiles.values().map(|p| p.role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    let (key, value) = match (&args.role, &args.profile) {
        (_, Some(profile)) => {
            let names = model.profiles.keys().map(ProfileName::as_str);
            if !model.profiles.contains_key(profile) {
                return Err(Failure::unknown_name("profile", profile.as_str(), names));
            }
            ("profile", profile.as_str())
        }
        (Some(role), None) if roles.contains(&role.as_str()) => ("role", role.as_str()),
        (Some(role), None) => return Err(Failure::unknown_name("role", role.as_str(), roles)),
        (None, None) => match roles.as_slice() {
            [only] => ("role", *only),
            _ => {
                let text = "which role's credentials sign is not said";
                return Err(Failure::new(Exit::Usage, text)
                    .hint(format!("--role with one of: {}", roles.join(", "))));
            }
        },
    };
    let of_role = model
        .profiles
        .values()
        .filter(|p| key == "role" && p.role.as_str() == value);
    let of_role: Vec<&str> = of_role.map(|profile| profile.name.as_str()).collect();
    if of_role.len() > 1 {
        let text = format!("the role {value:?} has several profiles");
        let some: Vec<&str> = of_role.into_iter().take(20).collect();
        return Err(Failure::new(Exit::Usage, text)
            .hint(format!("--profile with one of: {}", some.join(", "))));
    }
    let mut keys = vec![(key, value)];
    if args.alias.is_some() {
        keys.push(("name", args.name.as_str()));
    }
    keys.extend(
        args.region
            .as_ref()
            .map(|region| ("region", region.as_str())),
    );
    config::change(context, args.file.as_deref(), |text| {
        keys.iter().try_fold(text.to_owned(), |text, (key, value)| {
            edit::set(&text, &format!("repo.\"{alias}\".{key}"), value)
        })
    })
}
