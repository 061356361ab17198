//! `git-remote-codecommit`: git's remote helper for `codecommit://`. Everything is in the library.

fn main() -> std::process::ExitCode {
    fedgit::cli::remote_helper()
}
