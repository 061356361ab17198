//! Brings `~/.aws/config` in line with `fedgit.toml`: wanted, found and last written go into a
//! plan; the plan is printed, compared, thrown away or applied.
//!
//! What fedgit last wrote is not kept anywhere but in the file itself. Each section of ours ends
//! with one key that every SDK passes over:
//!
//! ```text
//! fedgit_managed = 0123456789abcdef /home/jane/work/fedgit.toml blank
//! ```
//!
//! the fingerprint of the section as we wrote it, the declaration it comes from, and what we owe
//! the file for having put it there ([`owned`]). So ownership survives another tool that reorders,
//! reformats or drops comments, a copy to another machine, and a lost cache; and a section whose
//! fingerprint no longer fits was edited by hand: a conflict, never an overwrite.
//!
//! Two laws, tested over a corpus and over generated files: applying twice changes nothing the
//! second time; and applying, then applying nothing for the same owners, gives the original bytes
//! back, whatever other owners did in between.
//!
//! All of it is pure but [`mod@apply`] and what it and `import` keep ([`backup`], [`consent`]).

pub mod apply;
pub mod backup;
pub mod change;
pub mod conflict;
pub mod consent;
pub mod desired;
pub mod diff;
pub mod found;
mod hash;
pub mod observed;
pub mod owned;
pub mod owner;
pub mod plan;
pub mod quote;
pub mod stale;
pub mod terms;

mod decide;
mod rewrite;
pub mod show;
#[cfg(test)]
mod tests;
mod verify;

pub use apply::{Applied, ApplyError, Places, apply, apply_latest, read, restore};
pub use backup::Backup;
pub use change::{Action, Change};
pub use conflict::{Conflict, PlanError, Warning};
pub use consent::Consent;
pub use desired::{BadWanted, Wanted};
pub use diff::KeyChange;
pub use found::Found;
pub use owner::Owner;
pub use plan::{Plan, plan};
pub use quote::{BadWord, quote_word};
pub use stale::{Stale, stale};
pub use terms::{Adopt, Terms, consent_for};
