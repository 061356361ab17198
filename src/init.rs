//! A first `fedgit.toml`: the questions, what their answers may be, and the commented file that they
//! make. Pure: who asks and who writes is `commands/init.rs`.

pub mod answers;
pub mod question;
pub mod text;

pub use answers::{Answers, BadAnswer};
pub use question::Question;
pub use text::text;
