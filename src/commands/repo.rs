use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::git::place::of_repo;

use super::{Context, wired};

/// Declared repositories
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List them
    List(List),
}

/// List declared repositories
#[derive(Debug, clap::Args)]
pub struct List {
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
    let Command::List(args) = command;
    let loaded = context.load()?;
    let everywhere = wired::endpoint(context.env)?;
    let rows: Vec<Row> = loaded
        .model
        .repos
        .values()
        .map(|repo| Row {
            alias: repo.alias.to_string(),
            name: repo.name.to_string(),
            profile: repo.profile.to_string(),
            region: repo.region.to_string(),
            url: of_repo(repo, everywhere.as_ref()).to_string(),
        })
        .collect();
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
