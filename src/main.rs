//! `fedgit`. Everything is in the library.

fn main() -> std::process::ExitCode {
    fedgit::cli::main()
}
