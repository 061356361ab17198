//! The command line: the global flags, and the list of commands.

use clap::{Parser, Subcommand};

use super::global::Global;
use crate::commands;

/// Corporate identities to AWS profiles and CodeCommit clones, from one fedgit.toml.
#[derive(Debug, Parser)]
#[command(name = "fedgit", version, max_term_width = 100)]
pub struct Cli {
    /// The flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands; each is a file of `commands/`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ask a few questions, or take them as flags, and write a commented fedgit.toml
    ///
    /// Asks on a terminal for what no flag says; Enter alone takes what stands in brackets. With
    /// --no-input, or without a terminal, the flags must say it all: --url and --role-arn for AD FS.
    /// A file that is there is never touched.
    Init(Box<commands::init::Args>),
    /// Read every layer and report every mistake
    Check(commands::check::Args),
    /// Show what `apply` would change; exit code 3 where changes are pending
    Plan(commands::plan::Args),
    /// Make ~/.aws/config agree with fedgit.toml
    Apply(commands::apply::Args),
    /// Print a profile's credentials as JSON: the `credential_process` entry of a profile
    CredentialProcess(commands::credential_process::Args),
    /// Log in, and fetch the credentials of every role of the identity provider
    Login(commands::login::Args),
    /// Forget cached credentials
    Logout(commands::logout::Args),
    /// Show the roles that an identity provider offers, and which of them fedgit.toml declares
    Roles(commands::roles::Args),
    /// Show every profile: its identity provider, when its credentials expire, what to do next
    Status(commands::status::Args),
    /// Run a command with a role's credentials in its environment
    ///
    /// The AWS variables that would lead to other credentials are taken out, and so are fedgit's own
    /// FEDGIT_PASSWORD and FEDGIT_MFA_CODE. The exit code is the command's own; 127 where there is
    /// no such command, 126 where it cannot be run.
    Exec(commands::exec::Args),
    /// Print a role's credentials as assignments for a shell
    ///
    /// For example: eval "$(fedgit env ROLE)". The AWS variables that would lead to other
    /// credentials are unset. What is printed is secret.
    Env(commands::env::Args),
    /// Ask STS who a role's credentials are
    ///
    /// Without ROLE: AWS_PROFILE where it is set, else every profile.
    Whoami(commands::whoami::Args),
    /// Open the AWS console in the browser, signed in as a role
    Console(commands::console::Args),
    /// Open a repository's page in the AWS console, signed in as its role
    Open(commands::open::Args),
    /// Clone a declared repository; plain git works in the clone from then on
    Clone(commands::clone::Args),
    /// Run git with CodeCommit credentials wired in
    Git(commands::git::Args),
    /// Answer git's credential-helper protocol
    GitCredential(commands::git_credential::Args),
    /// Declared repositories
    #[command(subcommand)]
    Repo(commands::repo::Command),
    /// Write a fedgit.toml from what other tools are configured with
    ///
    /// Reads ~/.aws/config (awsprocesscreds, aws-adfs, saml2aws and Identity Center profiles, and
    /// roles that they are the source of), ~/.saml2aws, ~/.okta_aws_login_config and, with --under,
    /// clones of CodeCommit repositories. None of them is changed, and no secret is carried over.
    /// What fedgit cannot take is told, with the reason.
    Import(commands::import::Args),
    /// Look at the configuration and change it
    #[command(subcommand)]
    Config(commands::config::Command),
    /// Print the JSON Schema of fedgit.toml
    Schema(commands::schema::Args),
    /// Print a completion script
    Completions(commands::completions::Args),
    /// Trust a project's fedgit.toml as it is now
    ///
    /// A fedgit.toml found by walking up may have come with a clone, so until it is trusted it may
    /// only add accounts, roles and repositories. Read it first; a changed file must be trusted
    /// again.
    Trust(commands::trust::Args),
}
