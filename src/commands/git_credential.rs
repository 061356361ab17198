use std::io::Read;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::Loaded;
use crate::credentials::warm;
use crate::format::git_credential::{QUIT, Question, answer};
use crate::git::helper::{NotOurs, Wanted, wanted};
use crate::git::sign::{PAIR_LIFETIME, sign};
use crate::model::{Credentials, ProfileName, Region};
use crate::sys::clock;

use super::Context;

/// Answer git's credential-helper protocol
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Sign with this profile's credentials; by the declared repositories where left out
    #[arg(long, value_name = "NAME")]
    profile: Option<ProfileName>,
    /// Sign for this region, where the host does not tell it
    #[arg(long, value_name = "REGION")]
    region: Option<Region>,
    /// Answer for this host too, which is not one of CodeCommit's own
    #[arg(long, value_name = "HOST[:PORT]")]
    host: Option<String>,
    /// What git wants
    #[arg(value_enum)]
    operation: Operation,
}

/// git's three operations. `store` and `erase` have nothing to do: a pair is made anew each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Operation {
    /// Answer a question.
    Get,
    /// git tells of a pair that worked.
    Store,
    /// git tells of a pair that was refused.
    Erase,
}

/// git's questions are a few hundred bytes.
const LONGEST_QUESTION: u64 = 64 << 10;

/// Answers `get`; takes note of nothing else.
///
/// # Errors
/// Whatever stands between the question and its answer; git is told to stop, so that it does not
/// go on to ask the person for a user name.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    if args.operation != Operation::Get {
        return Ok(Exit::Done);
    }
    match get(context, args) {
        Ok(exit) => Ok(exit),
        Err(failure) => {
            context.ui.data(QUIT)?;
            Err(failure)
        }
    }
}

fn get(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(LONGEST_QUESTION)
        .read_to_string(&mut text)?;
    let question = Question::parse(&text).map_err(|e| Failure::git_question(&e))?;
    let wanted = match wanted(&question, args.host.as_deref()) {
        Ok(wanted) => wanted,
        // Another helper may know.
        Err(NotOurs::Host(_)) => return Ok(Exit::Done),
        Err(other) => return Err(Failure::git_question(&other)),
    };
    log::info!("git asks for {} at {}", wanted.repo, wanted.host);
    let (credentials, region) = credentials(context, args, &wanted)?;
    let now = clock::now();
    let pair = sign(
        &credentials,
        &region,
        &wanted.signed_host,
        &wanted.path,
        now,
    );
    let until = now.plus(PAIR_LIFETIME).min(credentials.expiration);
    context.ui.data(&answer(
        &question,
        &pair.username,
        &pair.password,
        until.unix(),
    ))?;
    Ok(Exit::Done)
}

fn credentials(
    context: &Context<'_>,
    args: &Args,
    wanted: &Wanted,
) -> Result<(Credentials, Region), Failure> {
    // The host tells the region, and wins: a signature for another region is refused anyway.
    let region = wanted.region.clone().or_else(|| args.region.clone());
    if let (Some(profile), Some(region)) = (&args.profile, &region) {
        let warm = warm::credentials(
            context.env,
            &context.selection,
            profile.as_str(),
            clock::now(),
        );
        if let Some(credentials) = warm {
            return Ok((credentials, region.clone()));
        }
    }
    let loaded = match &args.profile {
        Some(profile) => context.load_for(profile.as_str())?,
        None => context.load()?,
    };
    let (profile, declared) = profile(context, args, wanted, &loaded)?;
    let region = region
        .or(declared)
        .ok_or_else(|| Failure::no_region(&wanted.host))?;
    let notes = |text: &str| context.ui.warn(text);
    let broker = context.broker(&loaded.model, &notes)?;
    let (profile, found) = (profile.as_str(), broker.get(profile.as_str())?);
    let (env, selection) = (context.env, &context.selection);
    let root = context.cache()?;
    let also = broker.rests_on(profile);
    warm::remember(&root, env, selection, profile, &loaded, also, &found.key);
    Ok((found.credentials, region))
}

/// Whose credentials: the profile that was named, else that of the declared repository, else
/// `AWS_PROFILE`.
fn profile(
    context: &Context<'_>,
    args: &Args,
    wanted: &Wanted,
    loaded: &Loaded,
) -> Result<(ProfileName, Option<Region>), Failure> {
    let model = &loaded.model;
    let region_of = |name: &ProfileName| model.profiles.get(name).map(|p| p.region.clone());
    if let Some(profile) = &args.profile {
        return Ok((profile.clone(), region_of(profile)));
    }
    let everywhere = super::wired::endpoint(context.env)?;
    let declared = model.repos.values().find(|repo| {
        let place = crate::git::place::of_repo(repo, everywhere.as_ref());
        repo.trusted && repo.name == wanted.repo && place.host == wanted.host
    });
    if let Some(repo) = declared {
        return Ok((repo.profile.clone(), Some(repo.region.clone())));
    }
    let named = context.env.text(crate::config::env::AWS_PROFILE);
    match named.and_then(|name| name.parse::<ProfileName>().ok()) {
        Some(profile) => Ok((profile.clone(), region_of(&profile))),
        None => Err(Failure::no_profile(wanted.repo.as_str())),
    }
}
