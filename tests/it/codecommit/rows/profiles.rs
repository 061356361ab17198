//! By which profile is meant, and what it holds.

use super::*;

pub(super) const ROWS: &[Row] = &[
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
];
