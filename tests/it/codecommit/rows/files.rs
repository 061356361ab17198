//! By what stands in the files.

use super::*;

pub(super) const ROWS: &[Row] = &[
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
