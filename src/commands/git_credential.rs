use std::io::Read;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::env as names;
use crate::credentials::{users, warm};
use crate::format::git_credential::{QUIT, Question, answer, key_id, stamp};
use crate::git::choice::Signer;
use crate::git::choices::{self, Asked, Choice};
use crate::git::helper::{NotOurs, Wanted, wanted};
use crate::git::line::Line;
use crate::git::sign::{PAIR_LIFETIME, sign};
use crate::model::{Credentials, ExposeSecret, Model, ProfileName, Region};
use crate::sys::clock;

use super::asked::{chosen, nobody, whose};
use super::served::{Served, Whose};
use super::{Context, candidates};

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
    let Some((question, wanted)) = question(args)? else {
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
fn question(args: &Args) -> Result<Option<(Question, Wanted)>, Failure> {
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
    let Some((question, wanted)) = question(args)? else {
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
    let warn = |text: &str| context.ui.warn(text);
    let served = Served::new(context.env, &context.paths, &context.selection, &warn);
    let username = question.username.as_ref().map(ExposeSecret::expose_secret);
    let chosen = chosen(&served, &args.line(), username, &wanted)?;
    let Some(Signer::Profile(profile)) = chosen.map(|chosen| chosen.signer) else {
        return Ok(());
    };
    let empty = Model::default();
    match whose(&served, &profile)? {
        Whose::Declared(loaded) => {
            let broker = context.broker(&loaded.model, &warn)?;
            broker.drop_refused(&profile, id)?;
        }
        Whose::Own(_) => {
            context.broker(&empty, &warn)?.drop_own(&profile, id)?;
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
    let (env, selection) = (context.env, &context.selection);
    let warm =
        |profile: &ProfileName| warm::credentials(env, selection, profile.as_str(), clock::now());
    let region = wanted.region.as_ref().or(args.region.as_ref());
    if let (Some(profile), Some(region)) = (&args.profile, region)
        && let Some(credentials) = warm(profile)
    {
        return Ok((credentials, region.clone()));
    }
    let username = question.username.as_ref().map(ExposeSecret::expose_secret);
    let asked = Asked {
        host: &wanted.host,
        path: &wanted.path,
        username,
        region: args.region.as_ref(),
    };
    // What the line says itself need not be remembered.
    let by_rule = args.profile.is_none() && !args.environment;
    if by_rule && let Some(choice) = choices::recall(env, selection, &asked) {
        let credentials = match &choice.signer {
            Signer::Environment => users::of_environment(env, clock::now()).ok().flatten(),
            Signer::Profile(profile) if choice.is_own => Some(own(context, profile)?),
            Signer::Profile(profile) => warm(profile),
        };
        if let Some(credentials) = credentials {
            return Ok((credentials, choice.region));
        }
    }
    let notes = |text: &str| context.ui.warn(text);
    let served = Served::new(env, &context.paths, selection, &notes);
    // Before anything is read.
    let watched = by_rule.then(|| served.watched(true)).flatten();
    let chosen = chosen(&served, &args.line(), username, wanted)?;
    let chosen = match chosen {
        Some(chosen) => chosen,
        None => return Err(nobody(&served, wanted)?),
    };
    let (region, _) = chosen
        .region
        .ok_or_else(|| Failure::no_region(&wanted.host))?;
    let remember = |is_own| {
        if let Some(watched) = watched {
            let watched = served.with_discovered(watched);
            let choice = Choice {
                signer: chosen.signer.clone(),
                is_own,
                region: region.clone(),
            };
            choices::remember(env, selection, &asked, &choice, &watched);
        }
    };
    let Signer::Profile(profile) = &chosen.signer else {
        let keys = users::of_environment(env, clock::now())?;
        let keys = keys.ok_or_else(|| {
            let why = "the helper's line is for the keys in the environment, and it is not set";
            Failure::variable(names::AWS_ACCESS_KEY_ID, why)
        })?;
        remember(false);
        return Ok((keys, region));
    };
    match whose(&served, profile)? {
        Whose::Declared(loaded) => {
            remember(false);
            let broker = context.broker(&loaded.model, &notes)?;
            let found = broker.get(profile.as_str())?;
            let root = context.cache()?;
            let (name, also) = (profile.as_str(), broker.rests_on(profile.as_str()));
            warm::remember(&root, env, selection, name, loaded, also, &found.key);
            Ok((found.credentials, region))
        }
        Whose::Own(_) => {
            remember(true);
            Ok((own(context, profile)?, region))
        }
    }
}

/// The credentials of a profile of the user's own.
fn own(context: &Context<'_>, profile: &ProfileName) -> Result<Credentials, Failure> {
    let notes = |text: &str| context.ui.warn(text);
    let empty = Model::default();
    Ok(context.broker(&empty, &notes)?.of_own_profile(profile)?)
}

impl Args {
    fn line(&self) -> Line {
        Line {
            profile: self.profile.clone(),
            environment: self.environment,
            region: self.region.clone(),
            ..Line::default()
        }
    }
}
