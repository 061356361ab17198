//! The operating system's keychain: the Secret Service, the macOS Keychain, the Windows Credential
//! Manager. Opened when it is first needed: a run that needs none touches no bus.
//!
//! It is asked on a thread of its own. The Secret Service's client waits on a runtime, which must not
//! be started inside of ours; and a keychain may wait for its person, who need not be there, while an
//! SDK waits for us.

use std::cell::RefCell;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use zeroize::Zeroizing;

#[cfg(feature = "keyring")]
mod platform;

/// Which item. All of it can be read without unlocking the keychain, so none of it is a secret.
#[derive(Debug, Clone)]
pub struct Item {
    /// The sort of item.
    pub service: String,
    /// Its name, one of its sort.
    pub name: String,
}

/// Why the keychain did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// Left out when this program was built.
    #[error("this fedgit was built without the keyring")]
    NotBuilt,
    /// There is none.
    #[error("there is no keyring: {0}")]
    Absent(String),
    /// It is locked and nobody unlocked it.
    #[error("the keyring is locked: {0}")]
    Locked(String),
    /// It does not answer, or waits for a person who does not.
    #[error("the keyring did not answer within {0} seconds")]
    Silent(u64),
    /// It takes no item of this size.
    #[error("the keyring takes no more than {0} bytes in an item")]
    TooLarge(u32),
    /// Anything else.
    #[error("the keyring failed: {0}")]
    Failed(String),
}

impl KeyringError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotBuilt => "build it with --features keyring, or do without one",
            Self::Absent(_) => {
                "start a desktop session, or a Secret Service (gnome-keyring, KWallet, KeePassXC) \
                 under dbus-run-session; or do without one: [settings] store = \"file\""
            }
            Self::Locked(_) | Self::Silent(_) => {
                "unlock the keyring and try again, or do without one: [settings] store = \"file\""
            }
            Self::TooLarge(_) | Self::Failed(_) => {
                "to do without a keyring: [settings] store = \"file\""
            }
        }
    }

    /// Whether the next question would come to the same, after as long a wait perhaps.
    fn is_lasting(&self) -> bool {
        match self {
            Self::NotBuilt | Self::Absent(_) | Self::Locked(_) | Self::Silent(_) => true,
            Self::TooLarge(_) | Self::Failed(_) => false,
        }
    }
}

/// What is asked of the keychain. Without Debug on purpose.
#[cfg_attr(
    not(feature = "keyring"),
    expect(dead_code, reason = "nobody is there to answer")
)]
enum Ask {
    Open,
    Get(Item),
    Put {
        item: Item,
        label: String,
        secret: Zeroizing<Vec<u8>>,
    },
    Remove(Item),
    RemoveAll(String),
}

/// What it answers.
#[cfg_attr(
    not(feature = "keyring"),
    expect(dead_code, reason = "nobody is there to answer")
)]
enum Answer {
    Done,
    Secret(Option<Zeroizing<Vec<u8>>>),
    Removed(usize),
}

type Reply = Result<Answer, KeyringError>;
type Asked = (Ask, Sender<Reply>);

enum State {
    Closed,
    Open(Sender<Asked>),
    /// Not tried again in this process.
    Given(KeyringError),
}

/// The keychain of this user.
pub struct Keyring {
    limit: Duration,
    state: RefCell<State>,
}

impl Keyring {
    /// Does nothing yet. `limit` is how long an answer may take, a person's unlocking included.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self {
            limit,
            state: RefCell::new(State::Closed),
        }
    }

    /// Whether there is one that answers.
    ///
    /// # Errors
    /// Where there is none.
    pub fn open(&self) -> Result<(), KeyringError> {
        self.ask(Ask::Open).map(drop)
    }

    /// An item's secret, if there is such an item.
    ///
    /// # Errors
    /// Where the keychain cannot tell.
    pub fn get(&self, item: Item) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        match self.ask(Ask::Get(item))? {
            Answer::Secret(secret) => Ok(secret),
            Answer::Done | Answer::Removed(_) => Ok(None),
        }
    }

    /// Keeps a secret, in the place of the item's old one. The label, no secret either, is for a
    /// person who looks into the keychain.
    ///
    /// # Errors
    /// Where it is not kept.
    pub fn put(&self, item: Item, label: &str, secret: &[u8]) -> Result<(), KeyringError> {
        let (label, secret) = (label.to_owned(), Zeroizing::new(secret.to_vec()));
        self.ask(Ask::Put {
            item,
            label,
            secret,
        })
        .map(drop)
    }

    /// Removes an item; whether there was one.
    ///
    /// # Errors
    /// Where it may still be there.
    pub fn remove(&self, item: Item) -> Result<bool, KeyringError> {
        Ok(matches!(self.ask(Ask::Remove(item))?, Answer::Removed(n) if n > 0))
    }

    /// Removes every item of a sort that the keychain can list; how many there were.
    ///
    /// # Errors
    /// Where some may still be there.
    pub fn remove_all(&self, service: &str) -> Result<usize, KeyringError> {
        match self.ask(Ask::RemoveAll(service.to_owned()))? {
            Answer::Removed(count) => Ok(count),
            Answer::Done | Answer::Secret(_) => Ok(0),
        }
    }

    fn ask(&self, ask: Ask) -> Reply {
        let reply = self.send(ask);
        if let Err(error) = &reply
            && error.is_lasting()
        {
            *self.state.borrow_mut() = State::Given(error.clone());
        }
        reply
    }

    fn send(&self, ask: Ask) -> Reply {
        let mut state = self.state.borrow_mut();
        let questions = match &*state {
            State::Open(questions) => questions.clone(),
            State::Given(error) => return Err(error.clone()),
            State::Closed => {
                let questions = start()?;
                *state = State::Open(questions.clone());
                questions
            }
        };
        let (reply, answers) = mpsc::channel();
        let gone = || KeyringError::Failed("its thread ended".to_owned());
        questions.send((ask, reply)).map_err(|_| gone())?;
        match answers.recv_timeout(self.limit) {
            Ok(reply) => reply,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(KeyringError::Silent(self.limit.as_secs())),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }
}

/// The thread that asks, which ends with the last sender. One that waits for ever ends with us.
#[cfg(feature = "keyring")]
fn start() -> Result<Sender<Asked>, KeyringError> {
    let (questions, asked) = mpsc::channel::<Asked>();
    std::thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            let platform = platform::Platform::open();
            for (ask, reply) in asked {
                let answer = platform
                    .as_ref()
                    .map_err(Clone::clone)
                    .and_then(|platform| platform.answer(ask));
                // Whoever asked may have given up.
                let _ = reply.send(answer);
            }
        })
        .map_err(|e| KeyringError::Failed(e.to_string()))?;
    Ok(questions)
}

#[cfg(not(feature = "keyring"))]
fn start() -> Result<Sender<Asked>, KeyringError> {
    Err(KeyringError::NotBuilt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_does_not_answer_is_asked_once() {
        let (questions, asked) = mpsc::channel();
        let keyring = Keyring {
            limit: Duration::from_millis(1),
            state: RefCell::new(State::Open(questions)),
        };
        assert_eq!(keyring.open(), Err(KeyringError::Silent(0)));
        assert_eq!(keyring.open(), Err(KeyringError::Silent(0)));
        assert_eq!(asked.iter().count(), 1);
    }

    #[test]
    fn what_one_item_is_refused_for_is_not_held_against_the_next() {
        let (questions, asked) = mpsc::channel::<Asked>();
        let keyring = Keyring {
            limit: Duration::from_secs(60),
            state: RefCell::new(State::Open(questions)),
        };
        let thread = std::thread::spawn(move || {
            let replies = [Err(KeyringError::TooLarge(2560)), Ok(Answer::Done)];
            for (reply, (_, to)) in replies.into_iter().zip(asked) {
                to.send(reply).unwrap();
            }
        });
        assert_eq!(keyring.open(), Err(KeyringError::TooLarge(2560)));
        assert_eq!(keyring.open(), Ok(()));
        thread.join().unwrap();
    }
}
