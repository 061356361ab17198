//! `fedgit repo list --remote`: what CodeCommit has, in every region of every declared role.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::model::{Model, ProfileName, Region, RepoName};

use super::Context;
use super::many::{discover, log_in};

#[derive(Serialize)]
struct Row {
    name: String,
    profile: String,
    region: String,
    /// The `[repo]` that declares it, if any does.
    declared: Option<String>,
}

/// Lists them.
pub(super) fn run(context: &Context<'_>, json: bool) -> Result<Exit, Failure> {
    let loaded = context.load()?;
    let model = &loaded.model;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker_here(model, &notes)?;
    let (given, mut reasons) = log_in(context, &broker, model.profiles.keys())?;
    let places = places(model);
    let (found, whole) = discover(context, &given, &places, &mut reasons)?;
    let rows: Vec<Row> = found
        .iter()
        .map(|(profile, region, name)| Row {
            declared: declared(model, profile, region, name),
            name: name.to_string(),
            profile: profile.to_string(),
            region: region.to_string(),
        })
        .collect();
    if json {
        let report = serde_json::json!({ "repositories": rows });
        context.ui.data(&format!("{report}\n"))?;
    } else {
        let width = |of: fn(&Row) -> &str| rows.iter().map(|row| of(row).len()).max().unwrap_or(0);
        let (name, profile) = (width(|row| &row.name), width(|row| &row.profile));
        let region = width(|row| &row.region);
        let line = |row: &Row| {
            let declared = row
                .declared
                .as_ref()
                .map(|alias| format!("  [repo.{alias}]"));
            format!(
                "{:name$}  {:profile$}  {:region$}{}\n",
                row.name,
                row.profile,
                row.region,
                declared.unwrap_or_default()
            )
        };
        context
            .ui
            .data(&rows.iter().map(line).collect::<String>())?;
    }
    match whole {
        true => Ok(Exit::Done),
        false => Ok(reasons.exit()),
    }
}

/// Each role's own region, and those of the repositories that it is declared for.
fn places(model: &Model) -> BTreeSet<(ProfileName, Region)> {
    let own = model
        .profiles
        .values()
        .map(|p| (p.name.clone(), p.region.clone()));
    let repos = model
        .repos
        .values()
        .map(|r| (r.profile.clone(), r.region.clone()));
    let groups = model.repo_groups.values();
    let groups = groups.map(|group| (group.profile.clone(), group.region.clone()));
    own.chain(repos).chain(groups).collect()
}

fn declared(
    model: &Model,
    profile: &ProfileName,
    region: &Region,
    name: &RepoName,
) -> Option<String> {
    let repos = model.repos_named(name).into_iter();
    let mut repos = repos.filter(|repo| repo.profile == *profile && repo.region == *region);
    repos.next().map(|repo| repo.alias.to_string())
}
