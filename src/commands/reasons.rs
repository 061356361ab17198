//! How a run ends of which parts came to nothing: where all of them did for one reason, a script is told
//! that reason, as it is where there is one part alone.

use crate::cli::exit::Exit;

/// Why parts of a run came to nothing.
#[derive(Debug, Default)]
pub(super) struct Reasons(Vec<Exit>);

impl Reasons {
    /// One more.
    pub(super) fn add(&mut self, reason: Exit) {
        self.0.push(reason);
    }

    /// The reason, where they have one.
    pub(super) fn exit(&self) -> Exit {
        match self.0.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => *first,
            _ => Exit::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_is_told_and_several_are_a_failure() {
        let of = |all: &[Exit]| {
            let mut reasons = Reasons::default();
            all.iter().for_each(|reason| reasons.add(*reason));
            reasons.exit()
        };
        assert_eq!(of(&[Exit::PersonNeeded; 3]), Exit::PersonNeeded);
        assert_eq!(of(&[Exit::Refused]), Exit::Refused);
        assert_eq!(of(&[Exit::Refused, Exit::PersonNeeded]), Exit::Failed);
        assert_eq!(of(&[Exit::Refused, Exit::Failed]), Exit::Failed);
        assert_eq!(of(&[]), Exit::Failed);
    }
}
