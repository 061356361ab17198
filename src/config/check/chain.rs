//! Chains of roles: that each has an end, and how long one may be.

use std::collections::BTreeSet;

use super::Checker;
use crate::config::diagnostic::{Code, Part};

/// How many roles may assume one another behind a login.
///
/// Nobody else says: STS documents no limit (only that each chained session ends after an hour), and
/// botocore and the other SDKs follow `source_profile` for as long as no profile comes twice. But
/// every link is one more request to STS that waits for the one before, while a person waits for
/// all of them, and one more hour that may end in the middle. A login, a hub account, a workload
/// account and a role for one service are three links; eight is more than twice that.
const MOST_LINKS: usize = 8;

impl Checker<'_> {
    /// Roles whose sources lead back to themselves; each loop is told once.
    pub(super) fn loops(&mut self) {
        let roles = &self.settings.file.role;
        // No role is walked over twice: a file may have thousands behind each other.
        let mut walked: BTreeSet<&str> = BTreeSet::new();
        for start in roles.keys() {
            let mut trail: Vec<&str> = Vec::new();
            let mut here = Some(start.as_str());
            while let Some(name) = here {
                if !walked.insert(name) {
                    // Back on this very trail, or on one that was told of.
                    if let Some(at) = trail.iter().position(|step| *step == name) {
                        let ring = trail[at..].iter().copied().chain([name]);
                        let shown: Vec<&str> = ring.collect();
                        self.report(
                            Code::SourceLoop,
                            &["role", name, "source"],
                            Part::Value,
                            format!("sources lead back to their start: {}", shown.join(" -> ")),
                            Some("one of these roles needs an idp instead of a source".to_owned()),
                        );
                    }
                    break;
                }
                trail.push(name);
                here = roles.get(name).and_then(|role| role.source.as_deref());
            }
        }
    }

    /// Tells the first role of each chain that is beyond the limit; those behind it are right once
    /// it is.
    pub(super) fn depths(&mut self) {
        let settings = self.settings;
        for name in settings.file.role.keys() {
            if self.links(name) == Some(MOST_LINKS + 1) {
                self.report(
                    Code::ChainTooDeep,
                    &["role", name, "source"],
                    Part::Value,
                    format!(
                        "[role.{name}] is {} roles away from its login, and {MOST_LINKS} is the most",
                        MOST_LINKS + 1
                    ),
                    Some(
                        "let it be assumed from a role that is nearer to the login, or give it an idp"
                            .to_owned(),
                    ),
                );
            }
        }
    }

    /// How many sources lead from a role to one that has none; `None` where they are too many to be
    /// this role's own mistake, as in a loop.
    fn links(&self, name: &str) -> Option<usize> {
        let roles = &self.settings.file.role;
        let mut here = name;
        for links in 0..=MOST_LINKS + 1 {
            match roles.get(here).and_then(|role| role.source.as_deref()) {
                Some(source) => here = source,
                None => return Some(links),
            }
        }
        None
    }
}
