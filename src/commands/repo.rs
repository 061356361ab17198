use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::git::place::of_repo;
use crate::model::RepoPattern;

use super::{Context, repo_add, repo_remote, repo_sync, wired};

/// Declared repositories
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List them; with --remote, those that CodeCommit has
    List(List),
    /// Declare one
    Add(repo_add::Add),
    /// Fetch every clone and fast-forward it; a tree with changes is never touched
    Sync(repo_sync::Sync),
}

/// List declared repositories
#[derive(Debug, clap::Args)]
pub struct List {
    /// Those that CodeCommit has, in every region of every declared role
    #[arg(long)]
    remote: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    alias: String,
    name: String,
    profile: String,
    region: String,
    url: String,
}

/// Lists.
///
/// # Errors
/// Mistakes in the configuration.
pub fn run(context: &Context<'_>, command: &Command) -> Result<Exit, Failure> {
    let args = match command {
        Command::List(args) if args.remote => return repo_remote::run(context, args.json),
        Command::List(args) => args,
        Command::Add(args) => return repo_add::run(context, args),
        Command::Sync(args) => return repo_sync::run(context, args),
    };
    let loaded = context.load()?;
    let everywhere = wired::everywhere(context.env)?;
    let mut rows: Vec<Row> = loaded
        .model
        .repos
        .values()
        .map(|repo| Row {
            alias: repo.alias.to_string(),
            name: repo.name.to_string(),
            profile: repo.profile.to_string(),
            region: repo.region.to_string(),
            url: of_repo(repo, &everywhere).to_string(),
        })
        .collect();
    rows.extend(loaded.model.repo_groups.values().map(|group| {
        let names: Vec<&str> = group.names.iter().map(RepoPattern::as_str).collect();
        let region = &group.region;
        let host = group.endpoint.as_ref().map_or_else(
            || {
                format!(
                    "https://git-codecommit.{region}.{}",
                    region.partition().dns_suffix()
                )
            },
            |endpoint| endpoint.origin().ascii_serialization(),
        );
        Row {
            alias: group.alias.to_string(),
            profile: group.profile.to_string(),
            region: region.to_string(),
            url: format!("{host}/v1/repos/{}", names.join(",")),
            name: names.join(","),
        }
    }));
    if args.json {
        let report = serde_json::json!({ "repositories": rows });
        context.ui.data(&format!("{report}\n"))?;
        return Ok(Exit::Done);
    }
    let alias = rows.iter().map(|row| row.alias.len()).max().unwrap_or(0);
    let profile = rows.iter().map(|row| row.profile.len()).max().unwrap_or(0);
    let lines: String = rows
        .iter()
        .map(|row| {
            format!(
                "{:alias$}  {:profile$}  {}\n",
                row.alias, row.profile, row.url
            )
        })
        .collect();
    context.ui.data(&lines)?;
    Ok(Exit::Done)
}
