use serde::Serialize;
use url::Url;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::format::git_credential::Question;
use crate::git::helper::wanted;
use crate::git::line::{Helpers, Line};
use crate::git::{RemoteUrl, Signer};
use crate::model::{Region, RepoName, SecretString, Source};

use super::asked::{by_address, chosen};
use super::served::{Served, Whose};
use super::target::resolve;
use super::{Context, ask_git, candidates, helpers, later_helpers};

/// Say who would sign for a URL, and why
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An https or codecommit:// URL, or the name of a remote; origin where left out
    #[arg(add = candidates::remotes())]
    url: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The answer; its fields are those of `--json`.
#[derive(Debug, Serialize)]
struct Answer {
    url: String,
    repository: String,
    region: Option<String>,
    region_by: Option<String>,
    host: String,
    signer: Option<String>,
    why: String,
    credentials: Option<String>,
    until: Option<String>,
    helper: Helper,
}

/// Whom git asks for the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Helper {
    /// fedgit.
    Fedgit,
    /// Another program, and fedgit where that does not know.
    Behind,
    /// Nobody of fedgit's.
    None,
}

impl Helper {
    /// What the person should know about it.
    fn told(self) -> Option<&'static str> {
        match self {
            Self::Fedgit => None,
            Self::Behind => Some(
                "another one that git asks before fedgit; put an empty one between, or run: fedgit git setup",
            ),
            Self::None => Some(
                "none of fedgit's, so git does not ask it; run: fedgit git setup, or fedgit clone",
            ),
        }
    }
}

/// Explains. Nobody is asked for anything, and nothing is sent.
///
/// # Errors
/// A URL that is not CodeCommit's; mistakes in the configuration; a profile that nobody has.
pub fn run(context: &Context<'_>, args: &Args) -> Result<Exit, Failure> {
    let text = match &args.url {
        Some(url) if url.contains("://") => url.clone(),
        remote => {
            let remote = remote.as_deref().unwrap_or("origin");
            ask_git::git(&["remote", "get-url", "--", remote])?
        }
    };
    let warn = |text: &str| context.ui.warn(text);
    let served = |selection| Served::new(context.env, &context.paths, selection, &warn);
    let here = served(&context.selection);
    let own_selection;
    let mut by_line = None;
    let mut answer = match Url::parse(&text) {
        Ok(url) if ["https", "http"].contains(&url.scheme()) => {
            let (helper, line) = match helpers::asked(&for_git(&here, &url)?)? {
                Helpers::Others => (Helper::None, Line::default()),
                Helpers::Ours { line, is_first } if is_first => (Helper::Fedgit, line),
                Helpers::Ours { line, .. } => (Helper::Behind, line),
            };
            if !line.selection.flags().is_empty() {
                own_selection = line.selection.clone();
                by_line = Some(served(&own_selection));
            }
            of_https(by_line.as_ref().unwrap_or(&here), &url, helper, &line)?
        }
        _ if text.starts_with("codecommit:") || !text.contains(['@', '?']) => {
            of_codecommit(&here, &text)?
        }
        _ => match text.parse::<RemoteUrl>() {
            Ok(_) => of_codecommit(&here, &text)?,
            // What is wrong with it is told with the whole of it, and there may be a password in it.
            Err(_) => {
                let scheme = text.split(':').next().unwrap_or_default();
                return Err(Failure::message(&format!(
                    "fedgit does not answer for this {scheme} URL, which is none of CodeCommit's"
                )));
            }
        },
    };
    if let Some(signer) = &answer.signer {
        let served = by_line.as_ref().unwrap_or(&here);
        let (credentials, until) = credentials(context, served, signer)?;
        (answer.credentials, answer.until) = (Some(credentials), until);
    }
    if args.json {
        let json = serde_json::to_string(&answer).map_err(|e| Failure::message(&e.to_string()))?;
        context.ui.data(&format!("{json}\n"))?;
    } else {
        context.ui.data(&lines(&answer))?;
    }
    let is_named =
        Url::parse(&text).is_ok_and(|url| url.scheme() == "https" && url.username() != "");
    later_helpers::warn(context, None, &answer.url, is_named);
    Ok(Exit::Done)
}

fn lines(answer: &Answer) -> String {
    let none = || "none".to_owned();
    let region = match (&answer.region, &answer.region_by) {
        (Some(region), Some(by)) => format!("{region} (by {by})"),
        _ => none(),
    };
    let signer = match &answer.signer {
        Some(signer) if signer == ENVIRONMENT => format!("{signer} ({})", answer.why),
        Some(signer) => format!("profile {signer} ({})", answer.why),
        None => format!("nobody ({})", answer.why),
    };
    let mut rows = vec![
        ("repository", answer.repository.clone()),
        ("region", region),
        ("address", answer.url.clone()),
        ("signs", signer),
    ];
    rows.extend(answer.credentials.clone().map(|text| ("credentials", text)));
    rows.extend(answer.until.clone().map(|text| ("cached until", text)));
    let told = answer.helper.told();
    rows.extend(told.map(|text| ("helper", text.to_owned())));
    let row = |(name, value): (&str, String)| format!("{name:<14}{value}\n");
    rows.into_iter().map(row).collect()
}

/// What stands for the signer where no profile does.
const ENVIRONMENT: &str = "the keys in the environment";

fn name(signer: &Signer) -> String {
    match signer {
        Signer::Profile(profile) => profile.to_string(),
        Signer::Environment => ENVIRONMENT.to_owned(),
    }
}

/// Who would sign for a URL with which region's name, where fedgit answers for it at all.
pub(super) fn asked(
    context: &Context<'_>,
    text: &str,
) -> Option<(Signer, Option<Region>, RepoName)> {
    // Whatever there is to say about the configuration is said elsewhere.
    let silent = |_: &str| {};
    let served = Served::new(context.env, &context.paths, &context.selection, &silent);
    let answer = match Url::parse(text) {
        Ok(url) if ["https", "http"].contains(&url.scheme()) => {
            of_https(&served, &url, Helper::Fedgit, &Line::default())
        }
        _ => of_codecommit(&served, text),
    };
    let answer = answer.ok()?;
    let signer = match answer.signer?.as_str() {
        ENVIRONMENT => Signer::Environment,
        profile => Signer::Profile(profile.parse().ok()?),
    };
    let region = answer.region.and_then(|region| region.parse().ok());
    Some((signer, region, answer.repository.parse().ok()?))
}

fn of_codecommit(served: &Served<'_>, text: &str) -> Result<Answer, Failure> {
    let url: RemoteUrl = text.parse()?;
    let resolved = resolve(served, &url)?;
    let target = resolved.target;
    Ok(Answer {
        url: target.place.to_string(),
        repository: url.repo.to_string(),
        region: Some(target.region.to_string()),
        region_by: Some(resolved.region_by),
        host: target.place.host.clone(),
        signer: Some(name(&target.signer)),
        why: resolved.reason.to_string(),
        credentials: None,
        until: None,
        helper: Helper::Fedgit,
    })
}

fn of_https(
    served: &Served<'_>,
    url: &Url,
    helper: Helper,
    line: &Line,
) -> Result<Answer, Failure> {
    let place = without_user(url);
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let question = Question {
        protocol: Some(url.scheme().to_owned()),
        host: Some(host.clone()),
        path: Some(url.path().trim_start_matches('/').to_owned()),
        username: Some(SecretString::from(url.username())),
        ..Question::default()
    };
    // A host of one's own is ours where the line names it, or a repository is declared there.
    let repo = url
        .path()
        .rsplit('/')
        .next()
        .and_then(|name| name.parse().ok());
    let model = served.model()?;
    let declared = repo.iter().flat_map(|name| model.repos_named(name));
    let declared = declared.filter_map(|repo| {
        let endpoint = repo.endpoint.as_ref().filter(|_| repo.trusted)?;
        Some(crate::git::Place::at(endpoint, repo.name.clone()).host)
    });
    let mut hosts = line.host.iter().cloned().chain(declared);
    let named = hosts.find(|named| *named == host);
    let wanted = wanted(&question, named.as_deref())
        .map_err(|why| Failure::message(&format!("fedgit does not answer for {place}: {why}")))?;
    let chosen = chosen(served, line, Some(url.username()), &wanted)?;
    let told = match &chosen {
        Some(chosen) => chosen.region.clone(),
        // Where nobody signs, the host tells it all the same.
        None => by_address(line, &wanted),
    };
    let (region, region_by) = told.unzip();
    Ok(Answer {
        url: place.to_string(),
        repository: wanted.repo.to_string(),
        region: region.map(|region| region.to_string()),
        region_by,
        host,
        signer: chosen.as_ref().map(|chosen| name(&chosen.signer)),
        why: match &chosen {
            Some(chosen) => chosen.reason.to_string(),
            None => {
                "no [repo] fits, and neither the URL nor the environment names a profile".to_owned()
            }
        },
        credentials: None,
        until: None,
        helper,
    })
}

/// Whoever wrote a password there does not want it shown.
fn without_user(url: &Url) -> Url {
    let mut place = url.clone();
    let _ = (place.set_username(""), place.set_password(None));
    place.set_query(None);
    place.set_fragment(None);
    place
}

/// The address as git matches it against its sections: with the user name where that is a profile, and
/// not part of a pair.
fn for_git(served: &Served<'_>, url: &Url) -> Result<Url, Failure> {
    let mut place = without_user(url);
    if served.is_there(url.username())? {
        let _ = place.set_username(url.username());
    }
    Ok(place)
}

/// Where a signer's credentials come from, and until when some are cached.
fn credentials(
    context: &Context<'_>,
    served: &Served<'_>,
    signer: &str,
) -> Result<(String, Option<String>), Failure> {
    if signer == ENVIRONMENT {
        return Ok((ENVIRONMENT.to_owned(), None));
    }
    let Ok(profile) = signer.parse() else {
        return Ok((signer.to_owned(), None));
    };
    match served.whose(&profile)? {
        None => Err(served.unknown(&profile)),
        Some(Whose::Own(_)) => Ok((
            "a profile of your own, as any AWS tool reads it".to_owned(),
            None,
        )),
        Some(Whose::Declared(loaded)) => {
            let model = &loaded.model;
            let Some(declared) = model.profiles.get(&profile) else {
                return Ok((signer.to_owned(), None));
            };
            let start = match (model.idp_of(declared), &declared.source) {
                (Some(idp), _) => format!("a login to {idp}"),
                (None, Source::Existing(source)) => format!("your own profile {source}"),
                (None, _) => "a profile of your own".to_owned(),
            };
            let file = declared.declared_in.as_ref();
            let file = file.map(|file| format!(" of {}", file.display()));
            let text = format!(
                "[role.{}]{}, by {start}",
                declared.role,
                file.unwrap_or_default()
            );
            let notes = |text: &str| context.ui.warn(text);
            let broker = context.broker(model, &notes)?;
            let cached = broker.cached(profile.as_str()).ok().flatten();
            let until = cached.map(|entry| entry.credentials.expiration.to_string());
            Ok((text, until))
        }
    }
}
