use std::io::Read;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::Loaded;
use crate::credentials::{Own, users, warm};
use crate::format::git_credential::{QUIT, Question, answer, key_id, stamp};
use crate::git::choice::{Reason, Signer, choose};
use crate::git::helper::{NotOurs, Wanted, wanted};
use crate::git::place::{codecommit_region, of_repo};
use crate::git::sign::{PAIR_LIFETIME, sign};
use crate::model::{Credentials, ExposeSecret, Model, ProfileName, Region, Repo};
use crate::sys::clock;

use super::candidates;
use super::served::{self, Whose};
use super::target::is_there;
use super::{Context, wired};

/// Answer git's credential-helper protocol
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Sign with this profile's credentials; by the declared repositories where left out
    #[arg(long, value_name = "NAME", add = candidates::profiles())]
    profile: Option<ProfileName>,
    /// Sign with the keys in the environment
    #[arg(long, conflicts_with = "profile")]
    environment: bool,
    /// Sign for this region, where the host does not tell it
    #[arg(long, value_name = "REGION", add = candidates::regions())]
    region: Option<Region>,
    /// Answer for this host too, which is not one of CodeCommit's own
    #[arg(long, value_name = "HOST[:PORT]")]
    host: Option<String>,
    /// What git wants: get, store or erase; anything else is for helpers of another sort
    #[arg(value_name = "get|store|erase")]
    operation: String,
}

/// git's questions are a few hundred bytes, and what the server said.
const LONGEST_QUESTION: u64 = 1 << 20;

/// Answers `get`; forgets what `erase` says was refused. A pair is made anew each time, so `store` has
/// nothing to do.
///
/// # Errors
/// Whatever stands between the question and its answer; git is told to stop, so that it does not
/// go on to ask the person for a user name.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    match args.operation.as_str() {
        "get" => match get(context, args) {
            Ok(exit) => Ok(exit),
            Err(failure) => {
                context.ui.data(QUIT)?;
                Err(failure)
            }
        },
        "erase" => {
            // git is on its way to another error, and listens to nobody.
            if let Err(failure) = erase(context, args) {
                context.ui.explain(&failure.render(false));
            }
            Ok(Exit::Done)
        }
        // gitcredentials(7): other operations are to be passed over in silence.
        _ => Ok(Exit::Done),
    }
}

fn get(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let Some((question, wanted)) = asked(args)? else {
        return Ok(Exit::Done);
    };
    log::info!("git asks for {} at {}", wanted.repo, wanted.host);
    let (credentials, region) = credentials(context, args, &question, &wanted)?;
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

/// git's question; `None` where another helper may know.
fn asked(args: &Args) -> Result<Option<(Question, Wanted)>, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(LONGEST_QUESTION)
        .read_to_end(&mut bytes)?;
    // What a server said goes through here too, in whatever encoding.
    let question =
        Question::parse(&String::from_utf8_lossy(&bytes)).map_err(|e| Failure::git_question(&e))?;
    match wanted(&question, args.host.as_deref()) {
        Ok(wanted) => Ok(Some((question, wanted))),
        Err(NotOurs::Host(_)) => Ok(None),
        Err(other) => Err(Failure::git_question(&other)),
    }
}

/// A pair that the server refused although its time was not over: the credentials behind it were
/// revoked, and the next answer must not be made of them.
fn erase(context: &Context<'_>, args: &Args) -> Result<(), Failure> {
    let Some((question, wanted)) = asked(args)? else {
        return Ok(());
    };
    let (Some(id), Some(made)) = (key_id(&question), stamp(&question)) else {
        return Ok(());
    };
    let age = clock::now().since(made);
    if !(0..PAIR_LIFETIME).contains(&age) {
        // Merely old: a new pair of the same credentials will do.
        return Ok(());
    }
    let loaded = served::load(context.env, &context.paths, &context.selection)?;
    let (signer, _) = signer(context, args, &question, &wanted, loaded.as_ref())?;
    let Signer::Profile(profile) = signer else {
        return Ok(());
    };
    let notes = |text: &str| context.ui.warn(text);
    let empty = Model::default();
    match whose(context, &profile)? {
        Whose::Declared(loaded) => {
            let broker = context.broker(&loaded.model, &notes)?;
            broker.drop_refused(&profile, id)?;
        }
        Whose::Own(_) => {
            context.broker(&empty, &notes)?.drop_own(&profile, id)?;
        }
    }
    Ok(())
}

fn credentials(
    context: &Context<'_>,
    args: &Args,
    question: &Question,
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
    let loaded = match args.profile.is_some() || args.environment {
        true => None,
        false => served::load(context.env, &context.paths, &context.selection)?,
    };
    let (signer, declared) = signer(context, args, question, wanted, loaded.as_ref())?;
    let region = region.or(declared);
    let around = || Ok::<_, Failure>(served::region(context.env)?.map(|(_, region)| region));
    let no_region = || Failure::no_region(&wanted.host);
    let Signer::Profile(profile) = signer else {
        let keys = users::of_environment(context.env)
            .map_err(|name| Failure::variable(name, "it is not set beside AWS_ACCESS_KEY_ID"))?;
        let keys = keys.ok_or_else(|| Failure::no_profile(wanted.repo.as_str()))?;
        let region = match region {
            Some(region) => Some(region),
            None => around()?,
        };
        return Ok((keys, region.ok_or_else(no_region)?));
    };
    let notes = |text: &str| context.ui.warn(text);
    match whose(context, &profile)? {
        Whose::Declared(loaded) => {
            let known = loaded.model.profiles.get(&profile);
            let region = region
                .or_else(|| Some(known?.region.clone()))
                .ok_or_else(no_region)?;
            let broker = context.broker(&loaded.model, &notes)?;
            let (profile, found) = (profile.as_str(), broker.get(profile.as_str())?);
            let (env, selection) = (context.env, &context.selection);
            let root = context.cache()?;
            let also = broker.rests_on(profile);
            warm::remember(&root, env, selection, profile, &loaded, also, &found.key);
            Ok((found.credentials, region))
        }
        Whose::Own(own) => {
            let region = region.or_else(|| own?.parse().ok()).ok_or_else(no_region)?;
            let empty = Model::default();
            let broker = context.broker(&empty, &notes)?;
            Ok((broker.of_own_profile(&profile)?, region))
        }
    }
}

fn whose(context: &Context<'_>, profile: &ProfileName) -> Result<Whose, Failure> {
    let own = Own::default();
    let (env, paths) = (context.env, &context.paths);
    let whose = served::whose(env, paths, &context.selection, profile, &own)?;
    whose.ok_or_else(|| {
        Failure::unknown_profile(profile.as_str(), &own.names(env).unwrap_or_default())
    })
}

/// Whose credentials, and the region that a declaration gives.
fn signer(
    context: &Context<'_>,
    args: &Args,
    question: &Question,
    wanted: &Wanted,
    loaded: Option<&Loaded>,
) -> Result<(Signer, Option<Region>), Failure> {
    if args.environment {
        return Ok((Signer::Environment, None));
    }
    if let Some(profile) = &args.profile {
        return Ok((Signer::Profile(profile.clone()), None));
    }
    let empty = Model::default();
    let model = loaded.map_or(&empty, |loaded| &loaded.model);
    let named = question.username.as_ref().map(ExposeSecret::expose_secret);
    let chosen = chosen(context, named, wanted, model)?;
    let (signer, reason) = chosen.ok_or_else(|| Failure::no_profile(wanted.repo.as_str()))?;
    let region = match &reason {
        Reason::Declared(alias) => {
            let mut repos = model.repos_named(&wanted.repo).into_iter();
            let repo = repos.find(|repo| repo.alias == *alias);
            repo.map(|repo| repo.region)
        }
        _ => None,
    };
    Ok((signer, region))
}

/// Who signs for an https address, and why. `named` is the user name in it: a profile, where there is
/// one of that name.
pub(super) fn chosen(
    context: &Context<'_>,
    named: Option<&str>,
    wanted: &Wanted,
    model: &Model,
) -> Result<Option<(Signer, Reason)>, Failure> {
    let own = Own::default();
    let there = |name: &str| is_there(context.env, &own, model, name);
    let named: Option<ProfileName> = named
        .filter(|name| there(name))
        .and_then(|name| name.parse().ok());
    let everywhere = wired::endpoint(context.env)?;
    let host_region = codecommit_region(&wanted.host);
    let fits = |repo: &&Repo| {
        let place = of_repo(repo, everywhere.as_ref());
        // Another name of the same service: FIPS, a VPC endpoint.
        let elsewhere = repo.endpoint.is_none() && host_region.as_ref() == Some(&repo.region);
        repo.trusted && (place.host == wanted.host || elsewhere)
    };
    Ok(choose(
        named.as_ref(),
        model.repos_named(&wanted.repo).iter().filter(fits),
        &served::around(context.env)?,
        || served::own_profiles(context.env, &context.paths, &context.selection),
        || there("default"),
    ))
}
