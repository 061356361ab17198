//! CodeCommit's gate: who may talk to which repository. Behind it stands git itself.
//!
//! Without credentials the answer is 401, so that git asks for some; with wrong ones it is
//! 403, on which git neither asks again nor forgets a stored password.

mod api;
mod password;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, header};

use self::password::{Password, Proof};
use crate::bed::Bed;
use crate::git_backend::{self, Call};
use crate::ledger::Service;
use crate::regions;
use crate::repositories;
use crate::server::{Answer, Heard};
use crate::text;

const PREFIX: &str = "/v1/repos/";
const REALM: &str = "Basic realm=\"CodeCommit\", charset=\"UTF-8\"";

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    if request.headers().contains_key("x-amz-target") {
        return api::handle(&bed, request).await;
    }
    let (heard, body) = Heard::head(request);
    let ticket = heard.enter(&bed, Service::CodeCommit, &[]);
    if bed
        .flaws
        .strikes(&format!("{} {}?{}", heard.method, heard.path, heard.query))
    {
        let answer = plain(500, "").note("a flaw");
        return answer.send(ticket, bed.clock.now());
    }
    let admitted = admit(&bed, &heard);
    let answer = match &admitted {
        Ok(admitted) => {
            let call = Call {
                program: &bed.http_backend,
                heard: &heard,
                root: bed.repositories.join(admitted.region),
                path: format!("/{}{}", admitted.repository, admitted.rest),
                home: &bed.home,
                user: &admitted.user,
            };
            match git_backend::run(&call, body).await {
                Ok(answer) => answer.note(&admitted.note),
                Err(error) => plain(500, "git http-backend failed\n").note(error),
            }
        }
        Err(refusal) => refusal.answer(),
    };
    answer.send(ticket, bed.clock.now())
}

/// What a request that may pass has proved.
struct Admitted<'a> {
    region: &'static str,
    repository: &'a str,
    /// What follows the repository: `/info/refs`, `/git-upload-pack`, `/git-receive-pack`.
    rest: &'a str,
    user: String,
    note: String,
}

enum Refusal {
    NoCredentials,
    Wrong(&'static str),
    NoSuchRepository,
}

impl Refusal {
    fn answer(&self) -> Answer {
        match self {
            Refusal::NoCredentials => plain(401, "")
                .header(header::WWW_AUTHENTICATE, REALM)
                .note("no credentials"),
            Refusal::Wrong(why) => plain(
                403,
                "The security token included in the request is invalid\n",
            )
            .note(format!("refused: {why}")),
            Refusal::NoSuchRepository => {
                plain(404, "Repository not found\n").note("no such repository")
            }
        }
    }
}

fn admit<'a>(bed: &Bed, heard: &'a Heard) -> Result<Admitted<'a>, Refusal> {
    if !heard.headers.contains_key(header::AUTHORIZATION) {
        return Err(Refusal::NoCredentials);
    }
    let (user, password) = basic(heard).ok_or(Refusal::Wrong("not HTTP Basic"))?;
    let password =
        Password::parse(&user, &password).ok_or(Refusal::Wrong("not a signed password"))?;
    bed.secrets.add(password.signature);

    let path = heard
        .path
        .strip_prefix(PREFIX)
        .ok_or(Refusal::Wrong("not a repository's path"))?;
    let (repository, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    // On loopback the region is whichever the signature is for; where no region has the
    // repository, any region's signature is enough to be told so.
    let regions = regions::regions_of("git-codecommit", heard.host_name());
    let with_repository: Vec<&'static str> = regions
        .iter()
        .copied()
        .filter(|region| repositories::exists(&bed.repositories, region, repository))
        .collect();
    let exists = !with_repository.is_empty();
    let candidates = if exists { with_repository } else { regions };
    let hosts = [heard.host.as_str(), heard.host_name()];
    let signed_path = format!("{PREFIX}{repository}");
    let proof = password
        .verify(
            &signed_path,
            &hosts,
            &candidates,
            &bed.keys,
            bed.clock.now(),
        )
        .map_err(Refusal::Wrong)?;
    if !exists {
        return Err(Refusal::NoSuchRepository);
    }
    let note = format!("signature ok ({})", which_host(&hosts, &proof));
    let user = user.split('%').next().unwrap_or_default().to_owned();
    Ok(Admitted {
        region: proof.region,
        repository,
        rest,
        user,
        note,
    })
}

/// Clients disagree on a port that is not the usual one: some sign the host with it, some
/// without.
fn which_host(hosts: &[&str; 2], proof: &Proof) -> &'static str {
    match proof.host {
        0 if hosts[0] == hosts[1] => "host",
        0 => "host with port",
        _ => "host without port",
    }
}

fn basic(heard: &Heard) -> Option<(String, String)> {
    let (scheme, encoded) = heard.header("authorization").split_once(' ')?;
    let decoded = text::from_base64(encoded.trim())?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    scheme
        .eq_ignore_ascii_case("basic")
        .then(|| (user.to_owned(), password.to_owned()))
}

fn plain(status: u16, body: &str) -> Answer {
    Answer::new(status, "text/plain; charset=utf-8", body)
}
