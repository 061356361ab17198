//! Situations in which git-remote-codecommit is called, what it does in each, and what fedgit does:
//! the same, or something else for a reason that stands beside it.

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

pub(super) const ROWS: &[Row] = &[
    // URLs.
    same(
        "a repository",
        "codecommit://repo",
        NONE,
        Serves(EAST, "repo", "AKIDDEFAULT"),
    ),
    same(
        "a profile",
        "codecommit://p1@repo",
        NONE,
        Serves(IRELAND, "repo", "AKIDONE"),
    ),
    same(
        "a region",
        "ca-central-1://repo",
        NONE,
        Serves(
            "git-codecommit.ca-central-1.amazonaws.com",
            "repo",
            "AKIDDEFAULT",
        ),
    ),
    same(
        "both",
        "ca-central-1://p1@repo",
        NONE,
        Serves(
            "git-codecommit.ca-central-1.amazonaws.com",
            "repo",
            "AKIDONE",
        ),
    ),
    same(
        "China",
        "cn-north-1://p1@repo",
        NONE,
        Serves(
            "git-codecommit.cn-north-1.amazonaws.com.cn",
            "repo",
            "AKIDONE",
        ),
    ),
    same(
        "GovCloud by the profile",
        "codecommit://gov@repo",
        NONE,
        Serves(
            "git-codecommit.us-gov-east-1.amazonaws.com",
            "repo",
            "AKIDGOV",
        ),
    ),
    same(
        "GovCloud by the URL",
        "us-gov-west-1://p1@repo",
        NONE,
        Serves(
            "git-codecommit.us-gov-west-1.amazonaws.com",
            "repo",
            "AKIDONE",
        ),
    ),
    same(
        "a final slash",
        "codecommit://p1@repo/",
        NONE,
        Serves(IRELAND, "repo", "AKIDONE"),
    ),
    same(
        "a scheme in capitals",
        "CODECOMMIT://p1@repo",
        NONE,
        Serves(IRELAND, "repo", "AKIDONE"),
    ),
    same(
        "an odd and legal name",
        "codecommit://p1@a.b_c-D",
        NONE,
        Serves(IRELAND, "a.b_c-D", "AKIDONE"),
    ),
    same(
        "a name like an address",
        "codecommit://p1@1.2.3.4",
        NONE,
        Serves(IRELAND, "1.2.3.4", "AKIDONE"),
    ),
    same(
        "a session",
        "codecommit://token@repo",
        NONE,
        Serves(IRELAND, "repo", "ASIATOKEN%a/b+c=="),
    ),
    same(
        "a program",
        "codecommit://program@repo",
        NONE,
        Serves(EAST, "repo", "ASIAPROGRAM%token"),
    ),
    same("no URL", "boom", NONE, Says(MALFORMED)),
    same("an empty one", "", NONE, Says(MALFORMED)),
    same("one slash", "codecommit:/repo", NONE, Says(MALFORMED)),
    same("no colon", "codecommit//repo", NONE, Says(MALFORMED)),
    same("no scheme", "://repo", NONE, Says(MALFORMED)),
    same("nothing behind", "codecommit://", NONE, Says(MALFORMED)),
    same("two colons", "codecommit:://repo", NONE, Says(MALFORMED)),
    same("three slashes", "codecommit:///repo", NONE, Says(MALFORMED)),
    same("another service", "github://repo", NONE, Says(MALFORMED)),
    same(
        "an isolated region",
        "us-iso-east-1://repo",
        NONE,
        Says(
            "The following AWS Region is not available for use with AWS CodeCommit: us-iso-east-1.",
        ),
    ),
    differs(
        "with the prefix",
        "codecommit::eu-west-1://p1@repo",
        NONE,
        Says(MALFORMED),
        Serves(IRELAND, "repo", "AKIDONE"),
        "git takes the prefix off, and who tries the helper by hand leaves it on",
    ),
    differs(
        "a path",
        "codecommit://p1@repo/sub",
        NONE,
        Serves(IRELAND, "repo", "AKIDONE"),
        Says("is not a CodeCommit repository name"),
        "what is dropped in silence is looked for in the wrong repository",
    ),
    differs(
        "a query",
        "codecommit://p1@repo?x",
        NONE,
        Serves(IRELAND, "repo", "AKIDONE"),
        Says("is not a CodeCommit repository name"),
        "as for a path",
    ),
    differs(
        "a fragment",
        "codecommit://p1@repo#x",
        NONE,
        Serves(IRELAND, "repo", "AKIDONE"),
        Says("is not a CodeCommit repository name"),
        "as for a path",
    ),
    differs(
        "a port",
        "codecommit://p1@repo:80",
        NONE,
        Serves(IRELAND, "repo:80", "AKIDONE"),
        Says("is not a CodeCommit repository name"),
        "no repository can have that name",
    ),
    differs(
        "a blank",
        "codecommit://p1@my repo",
        NONE,
        Serves(IRELAND, "my repo", "AKIDONE"),
        Says("is not a CodeCommit repository name"),
        "no repository can have that name",
    ),
    differs(
        "percent signs",
        "codecommit://p1@my%20repo",
        NONE,
        Serves(IRELAND, "my%20repo", "AKIDONE"),
        Says("is not a CodeCommit repository name"),
        "no repository can have that name",
    ),
    differs(
        "climbing",
        "codecommit://p1@..",
        NONE,
        Serves(IRELAND, "..", "AKIDONE"),
        Says("climb"),
        "the URL would lead to another path than the one that is signed",
    ),
    differs(
        "a leading dash",
        "codecommit://p1@-upload-pack",
        NONE,
        Serves(IRELAND, "-upload-pack", "AKIDONE"),
        Says("starts with a dash"),
        "git takes such a folder for an option",
    ),
    differs(
        "no repository",
        "codecommit://p1@",
        NONE,
        Serves(IRELAND, "", "AKIDONE"),
        Says("is not a CodeCommit repository name"),
        "it signs for every repository's parent",
    ),
    differs(
        "an empty profile",
        "codecommit://@repo",
        NONE,
        Says("The following profile was not found: ."),
        Says("is not a profile name"),
        "it says what is wrong",
    ),
    differs(
        "two at-signs",
        "codecommit://p1@x@repo",
        NONE,
        Serves(IRELAND, "x@repo", "AKIDONE"),
        Says("The following profile was not found: p1@x."),
        "a profile's name may hold an at-sign, a repository's may not",
    ),
    differs(
        "a pasted https URL",
        "codecommit://git-codecommit.us-west-2.amazonaws.com/v1/repos/hello",
        NONE,
        Serves(
            EAST,
            "git-codecommit.us-west-2.amazonaws.com",
            "AKIDDEFAULT",
        ),
        Says("Use the https URL as it is"),
        "its issue 49: the host is taken for the repository, which is then not found",
    ),
    differs(
        "a region that it does not list",
        "mx-central-1://p1@repo",
        NONE,
        Says("The following AWS Region is not available"),
        Serves(
            "git-codecommit.mx-central-1.amazonaws.com",
            "repo",
            "AKIDONE",
        ),
        "its issue 33: a list is out of date; a warning is told, and it is tried",
    ),
    differs(
        "the European Sovereign Cloud",
        "eusc-de-east-1://p1@repo",
        NONE,
        Says(MALFORMED),
        Serves(
            "git-codecommit.eusc-de-east-1.amazonaws.eu",
            "repo",
            "AKIDONE",
        ),
        "a partition is not known to it",
    ),
    // Profiles.
    same(
        "a profile that is not there",
        "codecommit://nobody@repo",
        NONE,
        Says("The following profile was not found: nobody. Available profiles are: "),
    ),
    same(
        "no region",
        "codecommit://nowhere@repo",
        NONE,
        Says("The following profile does not have an AWS Region: nowhere."),
    ),
    same(
        "no credentials",
        "codecommit://bare@repo",
        NONE,
        Says("The following profile does not have credentials configured: bare."),
    ),
    differs(
        "half a pair of keys",
        "codecommit://half@repo",
        NONE,
        Traceback,
        Says("the profile half has no aws_secret_access_key"),
        "a sentence instead of a traceback",
    ),
    differs(
        "a source that is missing",
        "codecommit://again@repo",
        NONE,
        Traceback,
        Says("missing"),
        "a sentence instead of a traceback",
    ),
    differs(
        "a region that is none",
        "codecommit://odd@repo",
        NONE,
        Says("The following AWS Region is not available"),
        Serves(
            "git-codecommit.us-nowhere-1.amazonaws.com",
            "repo",
            "AKIDODD",
        ),
        "as for every region that it does not list",
    ),
    differs(
        "a program that fails",
        "codecommit://broken@repo",
        NONE,
        Traceback,
        Says("the credential_process of the profile broken failed"),
        "a sentence instead of a traceback",
    ),
    differs(
        "a program that gives other keys each time, which end soon",
        "codecommit://minting@repo",
        NONE,
        Serves(EAST, "repo", "ASIA4%T3"),
        Serves(EAST, "repo", "ASIA1%T1"),
        "its issue 7: one triple, asked for once; the other mixes three",
    ),
    several_differ(
        "a role, and keys of its name",
        "codecommit://role@repo",
        Says("cannot connect to sts.us-east-1.amazonaws.com"),
        "a sentence instead of a traceback; both ask for the role",
    ),
    several_differ(
        "IAM Identity Center, and keys of its name",
        "codecommit://portal@repo",
        Says("nobody is signed in there"),
        "a sentence instead of a traceback; both ask for the token",
    ),
    several(
        "a program, and keys beside it",
        "codecommit://program@repo",
        Serves(EAST, "repo", "ASIAPROGRAM%token"),
    ),
    several(
        "a program, and keys of its name in ~/.aws/credentials",
        "codecommit://keys@repo",
        Serves(EAST, "repo", "AKIDKEYS"),
    ),
    several(
        "keys, and a session for tokens alone",
        "codecommit://session@repo",
        Serves(EAST, "repo", "AKIDCONFIG"),
    ),
    // The environment.
    same(
        "keys in the environment",
        "codecommit://repo",
        KEYS,
        Serves(WEST, "repo", "AKIDENV"),
    ),
    same(
        "a profile in the URL comes before them",
        "codecommit://p1@repo",
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
        ],
        Serves(IRELAND, "repo", "AKIDONE"),
    ),
    same(
        "a session in the environment",
        "us-east-1://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "ASIAENV"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
            ("AWS_SESSION_TOKEN", "t/+="),
        ],
        Serves(EAST, "repo", "ASIAENV%t/+="),
    ),
    same(
        "the older name of the token comes first",
        "us-east-1://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "ASIAENV"),
            ("AWS_SECRET_ACCESS_KEY", "x"),
            ("AWS_SESSION_TOKEN", "new"),
            ("AWS_SECURITY_TOKEN", "old"),
        ],
        Serves(EAST, "repo", "ASIAENV%old"),
    ),
    differs(
        "half a pair in the environment",
        "us-east-1://repo",
        &[("AWS_ACCESS_KEY_ID", "AKIDENV")],
        Traceback,
        Says("AWS_SECRET_ACCESS_KEY"),
        "a sentence instead of a traceback",
    ),
    differs(
        "half a pair in the environment, and no region",
        "codecommit://repo",
        &[("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_PROFILE", "nowhere")],
        Says("The following profile does not have an AWS Region: default."),
        Says("AWS_SECRET_ACCESS_KEY"),
        "it says what is wrong",
    ),
    same(
        "keys in the environment that end later",
        "us-east-1://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "env-secret"),
            ("AWS_CREDENTIAL_EXPIRATION", "2999-01-01T00:00:00Z"),
        ],
        Serves(EAST, "repo", "AKIDENV"),
    ),
    differs(
        "keys in the environment that have ended",
        "us-east-1://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "env-secret"),
            ("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z"),
        ],
        Traceback,
        Says("the keys in the environment ended at 2020-01-01T00:00:00Z"),
        "a sentence instead of a traceback",
    ),
    differs(
        "keys in the environment whose end cannot be read",
        "us-east-1://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "env-secret"),
            ("AWS_CREDENTIAL_EXPIRATION", "tomorrow or so"),
        ],
        Traceback,
        Says("AWS_CREDENTIAL_EXPIRATION"),
        "a sentence instead of a traceback",
    ),
    same(
        "keys in the environment, in the region of the default profile",
        "codecommit://repo",
        ENV_KEYS,
        Serves(EAST, "repo", "AKIDENV"),
    ),
    same(
        "keys in the environment, in the region of AWS_PROFILE",
        "codecommit://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "env-secret"),
            ("AWS_PROFILE", "p1"),
        ],
        Serves(IRELAND, "repo", "AKIDENV"),
    ),
    differs(
        "keys in the environment, and AWS_PROFILE that is not there",
        "codecommit://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "env-secret"),
            ("AWS_PROFILE", "nobody"),
        ],
        Traceback,
        Says("The following profile was not found: nobody."),
        "a sentence instead of a traceback",
    ),
    differs(
        "the same where the URL names the region",
        "us-east-1://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "env-secret"),
            ("AWS_PROFILE", "nobody"),
        ],
        Traceback,
        Serves(EAST, "repo", "AKIDENV"),
        "what is not needed is not looked at",
    ),
    same(
        "an AWS_REGION that is none where the URL names the region",
        "us-east-1://p1@repo",
        &[("AWS_REGION", "junk")],
        Serves(EAST, "repo", "AKIDONE"),
    ),
    same(
        "AWS_PROFILE",
        "codecommit://repo",
        &[("AWS_PROFILE", "p1")],
        Serves(IRELAND, "repo", "AKIDONE"),
    ),
    same(
        "AWS_DEFAULT_PROFILE",
        "codecommit://repo",
        &[("AWS_DEFAULT_PROFILE", "p1")],
        Serves(IRELAND, "repo", "AKIDONE"),
    ),
    same(
        "AWS_DEFAULT_PROFILE before AWS_PROFILE",
        "codecommit://repo",
        &[("AWS_DEFAULT_PROFILE", "p1"), ("AWS_PROFILE", "gov")],
        Serves(IRELAND, "repo", "AKIDONE"),
    ),
    differs(
        "AWS_PROFILE that is not there",
        "codecommit://repo",
        &[("AWS_PROFILE", "nobody")],
        Traceback,
        Says("The following profile was not found: nobody."),
        "a sentence instead of a traceback",
    ),
    same(
        "AWS_DEFAULT_REGION comes before the profile's",
        "codecommit://p1@repo",
        &[("AWS_DEFAULT_REGION", "us-west-2")],
        Serves(WEST, "repo", "AKIDONE"),
    ),
    same(
        "the URL's region comes before it",
        "us-east-1://p1@repo",
        &[("AWS_DEFAULT_REGION", "us-west-2")],
        Serves(EAST, "repo", "AKIDONE"),
    ),
    differs(
        "AWS_REGION",
        "codecommit://p1@repo",
        &[("AWS_REGION", "us-west-2")],
        Serves(IRELAND, "repo", "AKIDONE"),
        Serves(WEST, "repo", "AKIDONE"),
        "every other AWS SDK, and the AWS CLI of today, reads it",
    ),
    same(
        "another host",
        "codecommit://p1@repo",
        &[("CODE_COMMIT_ENDPOINT", "land.called.honahlee")],
        Serves("land.called.honahlee", "repo", "AKIDONE"),
    ),
    same(
        "another host with a port",
        "codecommit://p1@repo",
        &[("CODE_COMMIT_ENDPOINT", "localhost:8443")],
        Serves("localhost:8443", "repo", "AKIDONE"),
    ),
    differs(
        "an empty CODE_COMMIT_ENDPOINT",
        "codecommit://p1@repo",
        &[("CODE_COMMIT_ENDPOINT", "")],
        Serves("", "repo", "AKIDONE"),
        Serves(IRELAND, "repo", "AKIDONE"),
        "an empty variable is no host",
    ),
    differs(
        "an empty AWS_DEFAULT_REGION",
        "codecommit://p1@repo",
        &[("AWS_DEFAULT_REGION", "")],
        Says("The following profile does not have an AWS Region: p1."),
        Serves(IRELAND, "repo", "AKIDONE"),
        "an empty variable is no region",
    ),
    differs(
        "an empty AWS_PROFILE",
        "codecommit://repo",
        &[("AWS_PROFILE", "")],
        Traceback,
        Serves(EAST, "repo", "AKIDDEFAULT"),
        "an empty variable is no profile",
    ),
    differs(
        "AWS_USE_FIPS_ENDPOINT",
        "us-east-1://p1@repo",
        &[("AWS_USE_FIPS_ENDPOINT", "true")],
        Serves(EAST, "repo", "AKIDONE"),
        Serves(
            "git-codecommit-fips.us-east-1.amazonaws.com",
            "repo",
            "AKIDONE",
        ),
        "its issue 45",
    ),
    // Files.
    Row {
        what: "nothing configured",
        url: "codecommit://repo",
        config: "",
        env: NONE,
        rival: Says("The following profile does not have an AWS Region: default."),
        ours: None,
    },
    Row {
        what: "nothing configured but a region",
        url: "us-east-1://repo",
        config: "",
        env: NONE,
        rival: Says("The following profile does not have credentials configured: default."),
        ours: None,
    },
    Row {
        what: "a file that cannot be read",
        url: "codecommit://p1@repo",
        config: "[profile p1\nregion=x\n",
        env: NONE,
        rival: Traceback,
        ours: Some((Says("line 1"), "a sentence instead of a traceback")),
    },
    same(
        "no ~/.aws/credentials on purpose",
        "codecommit://p1@repo",
        &[("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")],
        Serves(IRELAND, "repo", "AKIDONE"),
    ),
    same(
        "no AWS file on purpose, and keys in the environment",
        "us-east-1://repo",
        &[
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "env-secret"),
            ("AWS_CONFIG_FILE", "/dev/null"),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ],
        Serves(EAST, "repo", "AKIDENV"),
    ),
    two_sections(
        "a profile in two spellings",
        "us-east-1://x@repo",
        "[profile x]\nregion = eu-west-1\naws_access_key_id = AKIDFIRST\n\
         aws_secret_access_key = s\n[profile \"x\"]\naws_access_key_id = AKIDLAST\n\
         aws_secret_access_key = s\n",
        Serves(EAST, "repo", "AKIDLAST"),
    ),
    two_sections(
        "a profile in two spellings, the other way round",
        "us-east-1://x@repo",
        "[profile 'x']\naws_access_key_id = AKIDFIRST\naws_secret_access_key = s\n[profile x]\n\
         aws_access_key_id = AKIDLAST\naws_secret_access_key = s\n",
        Serves(EAST, "repo", "AKIDLAST"),
    ),
    two_sections(
        "the default in two spellings",
        "us-east-1://repo",
        "[default]\naws_access_key_id = AKIDFIRST\naws_secret_access_key = s\n[profile default]\n\
         aws_access_key_id = AKIDLAST\naws_secret_access_key = s\n",
        Serves(EAST, "repo", "AKIDLAST"),
    ),
    two_sections(
        "a region in the section that does not count",
        "codecommit://x@repo",
        "[profile x]\nregion = eu-west-1\n[profile \"x\"]\naws_access_key_id = AKIDLAST\n\
         aws_secret_access_key = s\n",
        Says("The following profile does not have an AWS Region: x."),
    ),
    Row {
        what: "keys that every profile inherits in Python",
        url: "us-east-1://x@repo",
        config: "[DEFAULT]\naws_access_key_id = AKIDALL\naws_secret_access_key = s\n[profile x]\n\
                 region = eu-west-1\n",
        env: NONE,
        rival: Serves(EAST, "repo", "AKIDALL"),
        ours: Some((
            Says("The following profile does not have credentials configured: x."),
            "no other AWS SDK reads [DEFAULT], and plan and import tell of it",
        )),
    },
    Row {
        what: "the default's region is not another profile's",
        url: "codecommit://p1@repo",
        config: "[default]\nregion = us-east-1\n[profile p1]\naws_access_key_id = a\naws_secret_access_key = b\n",
        env: NONE,
        rival: Says("The following profile does not have an AWS Region: p1."),
        ours: None,
    },
];
