//! Situations in which git-remote-codecommit is called, what it does in each, and what fedgit does:
//! the same, or something else for a reason that stands beside it.

mod environment;
mod files;
mod profiles;
mod urls;

/// What comes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Out {
    /// git is sent to this host for this repository, with this access key (and token).
    Serves(&'static str, &'static str, &'static str),
    /// It ends with 1, and says this.
    Says(&'static str),
    /// It ends with a Python traceback.
    Traceback,
}

/// One situation.
pub(super) struct Row {
    pub(super) what: &'static str,
    /// The second argument, as git gives it.
    pub(super) url: &'static str,
    /// `~/.aws/config`.
    pub(super) config: &'static str,
    pub(super) env: &'static [(&'static str, &'static str)],
    /// What git-remote-codecommit 1.17 does.
    pub(super) rival: Out,
    /// What fedgit does, where that is something else, and why.
    pub(super) ours: Option<(Out, &'static str)>,
}

use Out::{Says, Serves, Traceback};

const NONE: &[(&str, &str)] = &[];

/// Nobody answers there.
const OFFLINE: &[(&str, &str)] = &[("HTTPS_PROXY", "http://127.0.0.1:9")];
const KEYS: &[(&str, &str)] = &[
    ENV_KEYS[0],
    ENV_KEYS[1],
    ("AWS_DEFAULT_REGION", "us-west-2"),
];

const ENV_KEYS: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "AKIDENV"),
    ("AWS_SECRET_ACCESS_KEY", "env-secret"),
];

/// Two profiles with keys, one with a token, one without a region, one without anything.
const CONFIG: &str = "[default]\nregion = us-east-1\naws_access_key_id = AKIDDEFAULT\n\
    aws_secret_access_key = s0\n[profile p1]\nregion = eu-west-1\naws_access_key_id = AKIDONE\n\
    aws_secret_access_key = s1\n[profile token]\nregion = eu-west-1\naws_access_key_id = ASIATOKEN\n\
    aws_secret_access_key = s2\naws_session_token = a/b+c==\n[profile nowhere]\n\
    aws_access_key_id = AKIDNOWHERE\naws_secret_access_key = s3\n[profile bare]\nregion = us-east-1\n\
    [profile gov]\nregion = us-gov-east-1\naws_access_key_id = AKIDGOV\naws_secret_access_key = s4\n\
    [profile odd]\nregion = us-nowhere-1\naws_access_key_id = AKIDODD\naws_secret_access_key = s5\n\
    [profile half]\nregion = us-east-1\naws_access_key_id = AKIDHALF\n\
    [profile program]\nregion = us-east-1\ncredential_process = /bin/cat keys.json\n\
    [profile broken]\nregion = us-east-1\ncredential_process = /bin/false\n\
    [profile minting]\nregion = us-east-1\ncredential_process = /bin/sh minting.sh\n\
    [profile again]\nregion = us-east-1\nrole_arn = arn:aws:iam::111122223333:role/R\n\
    source_profile = missing\n";

/// Profiles that say several things at once; `~/.aws/credentials` has `OTHER_KEYS`.
const SEVERAL: &str = "[profile role]\nregion = us-east-1\n\
    role_arn = arn:aws:iam::111122223333:role/Own\nsource_profile = role\n\
    [profile portal]\nregion = us-east-1\nsso_start_url = https://d-1.awsapps.com/start\n\
    sso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = ReadOnly\n\
    [profile program]\nregion = us-east-1\naws_access_key_id = AKIDCONFIG\n\
    aws_secret_access_key = s1\ncredential_process = /bin/cat keys.json\n\
    [profile keys]\nregion = us-east-1\ncredential_process = /bin/cat keys.json\n\
    [profile session]\nregion = us-east-1\nsso_session = corp\naws_access_key_id = AKIDCONFIG\n\
    aws_secret_access_key = s1\n[sso-session corp]\nsso_region = eu-west-1\n\
    sso_start_url = https://d-1.awsapps.com/start\n";

/// What `~/.aws/credentials` has in every row.
pub(super) const OTHER_KEYS: &str = "[role]\naws_access_key_id = AKIDROLE\n\
    aws_secret_access_key = s1\n[portal]\naws_access_key_id = AKIDPORTAL\n\
    aws_secret_access_key = s1\n[keys]\naws_access_key_id = AKIDKEYS\n\
    aws_secret_access_key = s1\n";

const EAST: &str = "git-codecommit.us-east-1.amazonaws.com";
const WEST: &str = "git-codecommit.us-west-2.amazonaws.com";
const IRELAND: &str = "git-codecommit.eu-west-1.amazonaws.com";

const MALFORMED: &str = "The following URL is malformed: ";

/// A row in which both do the same.
const fn same(
    what: &'static str,
    url: &'static str,
    env: &'static [(&'static str, &'static str)],
    out: Out,
) -> Row {
    Row {
        what,
        url,
        config: CONFIG,
        env,
        rival: out,
        ours: None,
    }
}

/// The same among profiles that say several things at once.
const fn several(what: &'static str, url: &'static str, out: Out) -> Row {
    Row {
        what,
        url,
        config: SEVERAL,
        env: OFFLINE,
        rival: out,
        ours: None,
    }
}

/// Several sections for one profile, of which the last counts.
const fn two_sections(
    what: &'static str,
    url: &'static str,
    config: &'static str,
    out: Out,
) -> Row {
    Row {
        what,
        url,
        config,
        env: NONE,
        rival: out,
        ours: None,
    }
}

/// The same, where they differ.
const fn several_differ(
    what: &'static str,
    url: &'static str,
    ours: Out,
    why: &'static str,
) -> Row {
    Row {
        what,
        url,
        config: SEVERAL,
        env: OFFLINE,
        rival: Traceback,
        ours: Some((ours, why)),
    }
}

/// A row in which they differ.
const fn differs(
    what: &'static str,
    url: &'static str,
    env: &'static [(&'static str, &'static str)],
    rival: Out,
    ours: Out,
    why: &'static str,
) -> Row {
    Row {
        what,
        url,
        config: CONFIG,
        env,
        rival,
        ours: Some((ours, why)),
    }
}

/// All of them.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    let all = [urls::ROWS, profiles::ROWS, environment::ROWS, files::ROWS];
    all.into_iter().flatten()
}
