//! Many repositories at once: which there are, one login for all of them, and so many gits side by
//! side.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::config::env as names;
use crate::credentials::Broker;
use crate::credentials::key::Key;
use crate::git::service::{Asked, Service};
use crate::model::{Credentials, IdpName, Model, ProfileName, Region, Repo, RepoName};
use crate::sys::process::Interrupts;

use super::Context;
use super::reasons::Reasons;

/// How many gits run side by side where nobody says.
pub(super) const JOBS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// A repository with the name of its folder.
pub(super) struct Wanted {
    pub(super) repo: Repo,
    pub(super) folder: PathBuf,
}

/// The credentials of profiles; one login serves all that come from it.
pub(super) type Given = BTreeMap<ProfileName, Credentials>;

/// A repository where it was found: by whose credentials, in which region.
pub(super) type Place = (ProfileName, Region, RepoName);

/// How many profiles get their credentials at the same time, once somebody is logged in.
const AT_ONCE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// Gets the credentials of these profiles; whoever has none is told, and why is kept. One profile of each identity
/// provider logs in, and the others follow side by side; where the login comes to nothing, that is
/// told once, and nobody is asked again for the others.
///
/// # Errors
/// Ctrl-C at a question, which is meant for all of them.
pub(super) fn log_in<'p>(
    context: &Context<'_>,
    broker: &Broker<'_>,
    profiles: impl IntoIterator<Item = &'p ProfileName>,
) -> Result<(Given, Reasons), Failure> {
    let model = broker.model;
    let profiles: BTreeSet<&ProfileName> = profiles.into_iter().collect();
    let mut by_idp: BTreeMap<Option<&IdpName>, Vec<&ProfileName>> = BTreeMap::new();
    for profile in profiles {
        let declared = model.profiles.get(profile);
        let idp = declared.and_then(|declared| model.idp_of(declared));
        by_idp.entry(idp).or_default().push(profile);
    }
    let (mut given, mut reasons) = (Given::new(), Reasons::default());
    let mut others = Vec::new();
    for (idp, profiles) in by_idp {
        let mut profiles = profiles.into_iter();
        while let Some(profile) = profiles.next() {
            match broker.get(profile.as_str()) {
                Ok(found) => {
                    given.insert(profile.clone(), found.credentials);
                    // Those without a login may each ask for a code of their own.
                    if idp.is_some() {
                        break;
                    }
                }
                Err(error) => {
                    let is_over = error.is_of_the_login();
                    let failure = Failure::from(error);
                    if failure.exit() == Exit::CtrlC {
                        return Err(failure);
                    }
                    context.ui.tell(&failure.render(false));
                    reasons.add(failure.exit());
                    if is_over {
                        profiles = Vec::new().into_iter();
                    }
                }
            }
        }
        others.extend(profiles);
    }
    given.extend(follow(context, model, &others, &mut reasons)?);
    Ok((given, reasons))
}

/// The credentials of profiles whose login is done.
fn follow(
    context: &Context<'_>,
    model: &Model,
    profiles: &[&ProfileName],
    reasons: &mut Reasons,
) -> Result<Given, Failure> {
    let next = AtomicUsize::new(0);
    let given = Mutex::new(Given::new());
    let reasons = Mutex::new(reasons);
    // The first profile may have had what it wanted in the cache.
    let failed: Mutex<BTreeSet<&IdpName>> = Mutex::default();
    let interrupted = Mutex::new(None);
    let work = || {
        let notes = |text: &str| context.ui.warn(text);
        // Where there is no cache folder there was no first profile either.
        let Ok(broker) = context.broker_here(model, &notes) else {
            return;
        };
        while let Some(profile) = profiles.get(next.fetch_add(1, Ordering::SeqCst)) {
            match broker.get(profile.as_str()) {
                Ok(found) => {
                    let mut given = given.lock().unwrap_or_else(PoisonError::into_inner);
                    given.insert((*profile).clone(), found.credentials);
                }
                Err(error) => {
                    let declared = model.profiles.get(*profile);
                    let idp = declared.and_then(|declared| model.idp_of(declared));
                    let mut failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
                    let is_new =
                        !error.is_of_the_login() || idp.is_none_or(|idp| failed.insert(idp));
                    let failure = Failure::from(error);
                    if failure.exit() == Exit::CtrlC {
                        // Nobody begins another one.
                        next.store(profiles.len(), Ordering::SeqCst);
                        *interrupted.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
                    } else {
                        let mut reasons = reasons.lock().unwrap_or_else(PoisonError::into_inner);
                        reasons.add(failure.exit());
                        if is_new {
                            context.ui.tell(&failure.render(false));
                        }
                    }
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.get().min(profiles.len()) {
            scope.spawn(work);
        }
    });
    match interrupted
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
    {
        Some(failure) => Err(failure),
        None => Ok(given.into_inner().unwrap_or_else(PoisonError::into_inner)),
    }
}

/// What the service says is in these places; what it refuses is told. The second is whether every one
/// answered.
pub(super) fn discover(
    context: &Context<'_>,
    given: &Given,
    places: &BTreeSet<(ProfileName, Region)>,
    reasons: &mut Reasons,
) -> Result<(Vec<Place>, bool), Failure> {
    let mut asked = Vec::new();
    let mut known = Vec::new();
    for (profile, region) in places {
        if let Some(credentials) = given.get(profile) {
            known.push((profile, region));
            asked.push(Asked {
                credentials: credentials.clone(),
                region: region.clone(),
            });
        }
    }
    let service = Service::new(context.env);
    let total = asked.len();
    let progress = |done: usize| context.ui.progress("places asked", done, total);
    let answers = service.repositories(&asked, &progress)?;
    let mut whole = known.len() == places.len();
    let mut found = Vec::new();
    for ((profile, region), answer) in known.into_iter().zip(answers) {
        match answer {
            Ok(there) => {
                let place = |name| (profile.clone(), region.clone(), name);
                found.extend(there.names.into_iter().map(place));
                for odd in there.odd {
                    context.ui.warn(&format!(
                        "{odd:?} in {region} (profile {profile}) is left out: fedgit takes no \
                         repository of such a name, which git would take for an option or a path"
                    ));
                }
            }
            Err(error) => {
                whole = false;
                context.ui.warn(&format!("profile {profile}: {error}"));
                reasons.add(Failure::from(error).exit());
            }
        }
    }
    Ok((found, whole))
}

/// Every repository that is declared, and that the service has for the declared patterns. The second
/// is whether every place answered.
pub(super) fn all(
    context: &Context<'_>,
    model: &Model,
    given: &Given,
    reasons: &mut Reasons,
) -> Result<(Vec<Wanted>, bool), Failure> {
    let groups = model.repo_groups.values();
    let places: BTreeSet<(ProfileName, Region)> = groups
        .map(|group| (group.profile.clone(), group.region.clone()))
        .collect();
    let (found, whole) = match places.is_empty() {
        true => (Vec::new(), true),
        false => discover(context, given, &places, reasons)?,
    };
    let mut repos: Vec<Repo> = model.repos.values().cloned().collect();
    for (profile, region, name) in found {
        // As in a shell: `*` is not meant for what begins with a dot. A folder `.cargo` or `.vscode`
        // would have a say in every clone beside it.
        let is_hidden = name.as_str().starts_with('.');
        let group = model
            .repo_groups
            .values()
            .find(|group| group.profile == profile && group.region == region && group.has(&name));
        let is_declared =
            |repo: &Repo| repo.name == name && repo.profile == profile && repo.region == region;
        match group.filter(|_| !repos.iter().any(is_declared)) {
            Some(group) if is_hidden => context.ui.warn(&format!(
                "{name} is left out: it begins with a dot, and [repo.{}] has it only by a pattern; \
                 declare it by its own name",
                group.alias
            )),
            Some(group) => repos.push(group.repo(name)),
            None => {}
        }
    }
    Ok((folders(repos), whole))
}

/// Each repository in the folder of its name; where several have one name, with profile and region.
/// No two have one folder: two gits would work in it at once.
fn folders(repos: Vec<Repo>) -> Vec<Wanted> {
    let by_name = |repo: &Repo| repo.name.to_string();
    let by_profile = |repo: &Repo| {
        let profile = repo.profile.as_str().replace(['/', ':'], "-");
        format!("{}.{profile}.{}", repo.name, repo.region)
    };
    // Another repository may be called as this one's folder would be, or differ by its letters' case.
    let by_alias = |repo: &Repo| {
        let parts = [
            repo.alias.as_str(),
            repo.profile.as_str(),
            repo.name.as_str(),
        ];
        let key = Key::of("folder", &parts.map(str::as_bytes));
        let digits: String = key.as_str().chars().take(12).collect();
        format!("{}.{digits}", by_profile(repo))
    };
    let names: Vec<String> = repos.iter().map(by_name).collect();
    let taken = counted(&names);
    let names: Vec<String> = repos
        .iter()
        .zip(names)
        .map(|(repo, name)| match taken.get(&folded(&name)) {
            Some(2..) => by_profile(repo),
            _ => name,
        })
        .collect();
    let taken = counted(&names);
    repos
        .into_iter()
        .zip(names)
        .map(|(repo, name)| Wanted {
            folder: PathBuf::from(match taken.get(&folded(&name)) {
                Some(2..) => by_alias(&repo),
                _ => name,
            }),
            repo,
        })
        .collect()
}

fn counted(names: &[String]) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for name in names {
        *count.entry(folded(name)).or_default() += 1;
    }
    count
}

/// Some file systems take two spellings for one name.
fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Does the work for every item, so many at a time, and tells how far it has come; what was not begun
/// when an interrupt came has no result.
pub(super) fn side_by_side<T: Sync, R: Send>(
    items: &[T],
    jobs: NonZeroUsize,
    interrupts: Interrupts,
    name: impl Fn(&T) -> String + Sync,
    tell: impl Fn(usize, &[String]) + Sync,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<Option<R>> {
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let running: Mutex<Vec<String>> = Mutex::default();
    let results: Mutex<Vec<Option<R>>> = Mutex::new(items.iter().map(|_| None).collect());
    let told = |change: &dyn Fn(&mut Vec<String>)| {
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut running);
        tell(done.load(Ordering::SeqCst), &running);
    };
    thread::scope(|scope| {
        for _ in 0..jobs.get().min(items.len()) {
            scope.spawn(|| {
                while !interrupts.came() {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    let Some(item) = items.get(at) else { break };
                    let name = name(item);
                    told(&|running| running.push(name.clone()));
                    let result = work(item);
                    done.fetch_add(1, Ordering::SeqCst);
                    told(&|running| running.retain(|other| *other != name));
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(slot) = results.get_mut(at) {
                        *slot = Some(result);
                    }
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// For a git whose words are read: in English, whoever starts it, and never at a terminal. Whoever is
/// asked was asked before.
pub(super) fn readable() -> Vec<(String, OsString)> {
    let set = [
        (names::GIT_TERMINAL_PROMPT, "0"),
        ("LC_ALL", "C"),
        ("LANGUAGE", ""),
    ];
    set.map(|(name, value)| (name.to_owned(), value.into()))
        .to_vec()
}

/// Waits before the next attempt, unless an interrupt comes.
pub(super) fn pause(attempt: u32, interrupts: Interrupts) {
    for _ in 0..(1_u32 << attempt.min(5)) {
        if interrupts.came() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Whether git failed in a way that the next attempt may not: not where the answer is a no.
pub(super) fn may_pass(said: &str) -> bool {
    const FINAL: &[&str] = &[
        "error: 403",
        "error: 404",
        "not found",
        "told us to quit",
        "could not read Username",
        "already exists",
        "No space left",
        "Permission denied",
    ];
    !FINAL.iter().any(|text| said.contains(text))
}

/// What git said last, for one line.
pub(super) fn last_words(said: &str) -> String {
    let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let told: Vec<&str> = lines
        .filter(|line| {
            ["error:", "fatal:", "remote:", "help:"]
                .iter()
                .any(|start| line.starts_with(start))
        })
        .collect();
    match told.as_slice() {
        [] => said.lines().last().unwrap_or("git said nothing").to_owned(),
        [.., a, b] => format!("{a}; {b}"),
        [only] => (*only).to_owned(),
    }
}

/// `DIR/NAME` as it is told.
pub(super) fn shown(dir: &Path, wanted: &Wanted) -> String {
    dir.join(&wanted.folder).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_have_one_folder() {
        let repo = |name: &str, profile: &str| Repo {
            alias: "r".parse().unwrap(),
            profile: profile.parse().unwrap(),
            name: name.parse().unwrap(),
            region: "us-east-1".parse().unwrap(),
            endpoint: None,
            trusted: true,
        };
        let all = [
            ("plain", "p"),
            ("Foo", "p"),
            ("foo", "p"),
            ("two", "a/b"),
            ("two", "a:b"),
            ("a", "p"),
            ("a", "q"),
            ("a.p.us-east-1", "p"),
        ];
        let all = folders(all.map(|(name, profile)| repo(name, profile)).to_vec());
        assert_eq!(all[0].folder, PathBuf::from("plain"));
        assert_eq!(all[6].folder, PathBuf::from("a.q.us-east-1"));
        let mut names: Vec<String> = all
            .iter()
            .map(|wanted| folded(wanted.folder.to_str().unwrap()))
            .collect();
        assert!(names.iter().all(|name| !name.contains(['/', '\\'])));
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all.len(), "{names:?}");
    }
}
