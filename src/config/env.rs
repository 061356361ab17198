//! Every environment variable that has a say in what fedgit does, once, with its meaning. Those that
//! say where files are stand in `sys/paths`.

/// Replaces all the configuration files by this one.
pub const FEDGIT_CONFIG: &str = "FEDGIT_CONFIG";
/// Never ask; as `--no-input`.
pub const FEDGIT_NO_INPUT: &str = "FEDGIT_NO_INPUT";
/// For scripts: the password of the login at hand.
pub const FEDGIT_PASSWORD: &str = "FEDGIT_PASSWORD";
/// For scripts: the one-time code of the login at hand.
pub const FEDGIT_MFA_CODE: &str = "FEDGIT_MFA_CODE";
/// git's own switch: ask nothing on the terminal. An editor's background fetch sets it.
pub const GIT_TERMINAL_PROMPT: &str = "GIT_TERMINAL_PROMPT";
/// The profile that AWS tools use where none is named.
pub const AWS_PROFILE: &str = "AWS_PROFILE";
/// Another endpoint for every AWS service.
pub const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
/// Another endpoint for STS.
pub const AWS_ENDPOINT_URL_STS: &str = "AWS_ENDPOINT_URL_STS";
/// Another endpoint for signing in to the console.
pub const AWS_ENDPOINT_URL_SIGNIN: &str = "AWS_ENDPOINT_URL_SIGNIN";
/// Another endpoint for CodeCommit's API. git remotes follow it only on this machine, where an
/// emulator serves both.
pub const AWS_ENDPOINT_URL_CODECOMMIT: &str = "AWS_ENDPOINT_URL_CODECOMMIT";
/// PEM file of the certificate authorities to trust instead of the system's.
pub const AWS_CA_BUNDLE: &str = "AWS_CA_BUNDLE";
/// The host (and port) of CodeCommit's git service, as the Python git-remote-codecommit reads it.
pub const CODE_COMMIT_ENDPOINT: &str = "CODE_COMMIT_ENDPOINT";

/// What a variable starts with that sets a key of `fedgit.toml`:
/// `FEDGIT_<TABLE>__<NAME>__<KEY>`.
pub const KEY_PREFIX: &str = "FEDGIT_";
