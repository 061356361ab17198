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
/// For the program of `kind = "command"`: the identity provider's name in `fedgit.toml`.
pub const FEDGIT_IDP_NAME: &str = "FEDGIT_IDP_NAME";
/// For the same: its `url`; empty where it has none.
pub const FEDGIT_IDP_URL: &str = "FEDGIT_IDP_URL";
/// For the same: its `username`; empty where it has none.
pub const FEDGIT_IDP_USERNAME: &str = "FEDGIT_IDP_USERNAME";
/// For the same: the path of its `ca_bundle`; not set where it has none.
pub const FEDGIT_IDP_CA_BUNDLE: &str = "FEDGIT_IDP_CA_BUNDLE";
/// git's own switch: ask nothing on the terminal. An editor's background fetch sets it.
pub const GIT_TERMINAL_PROMPT: &str = "GIT_TERMINAL_PROMPT";
/// What VS Code's own git runs with: somebody clicked, or nobody did, but there is no terminal to look
/// at. Its terminals are without it.
pub const VSCODE_GIT_COMMAND: &str = "VSCODE_GIT_COMMAND";
/// ssh's program to ask with where there is no terminal.
pub const SSH_ASKPASS: &str = "SSH_ASKPASS";
/// When ssh uses it: `never`, `prefer` (to the terminal) or `force` (also without a display).
pub const SSH_ASKPASS_REQUIRE: &str = "SSH_ASKPASS_REQUIRE";
/// Set where the person came by ssh.
pub const SSH_CONNECTION: &str = "SSH_CONNECTION";
/// An X display.
pub const DISPLAY: &str = "DISPLAY";
/// A Wayland display.
pub const WAYLAND_DISPLAY: &str = "WAYLAND_DISPLAY";
/// The profile that AWS tools use where none is named.
pub const AWS_PROFILE: &str = "AWS_PROFILE";
/// The same, as botocore also reads it, and first.
pub const AWS_DEFAULT_PROFILE: &str = "AWS_DEFAULT_PROFILE";
/// The region that AWS tools use where none is named.
pub const AWS_REGION: &str = "AWS_REGION";
/// The same, as botocore reads it.
pub const AWS_DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
/// Keys that stand in the environment.
pub const AWS_ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
/// Their other half.
pub const AWS_SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
/// What goes with the keys of a session.
pub const AWS_SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
/// The same under its old name; botocore reads it first.
pub const AWS_SECURITY_TOKEN: &str = "AWS_SECURITY_TOKEN";
/// When the keys of a session end.
pub const AWS_CREDENTIAL_EXPIRATION: &str = "AWS_CREDENTIAL_EXPIRATION";
/// Whether to use endpoints of FIPS 140.
pub const AWS_USE_FIPS_ENDPOINT: &str = "AWS_USE_FIPS_ENDPOINT";
/// Another file than `~/.aws/config`.
pub const AWS_CONFIG_FILE: &str = "AWS_CONFIG_FILE";
/// Another file than `~/.aws/credentials`.
pub const AWS_SHARED_CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";
/// Another endpoint for every AWS service.
pub const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
/// Another endpoint for STS.
pub const AWS_ENDPOINT_URL_STS: &str = "AWS_ENDPOINT_URL_STS";
/// Another endpoint for IAM, which tells the aliases of accounts.
pub const AWS_ENDPOINT_URL_IAM: &str = "AWS_ENDPOINT_URL_IAM";
/// Another endpoint for IAM Identity Center's portal.
pub const AWS_ENDPOINT_URL_SSO: &str = "AWS_ENDPOINT_URL_SSO";
/// Another endpoint for signing in to IAM Identity Center.
pub const AWS_ENDPOINT_URL_SSO_OIDC: &str = "AWS_ENDPOINT_URL_SSO_OIDC";
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
