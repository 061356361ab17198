//! How a person is reached for an answer: a program or the environment that answers for them, the
//! terminal, or a window.

use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::config::env as names;
use crate::login::NoAnswer;
use crate::sys::env::{Env, current_dir};
use crate::sys::lock::{Holder, Lock, LockError};
use crate::sys::process::{self, Asked};
use crate::sys::terminal::{self, Echo, Reply};
use crate::sys::{programs, relatives};

use super::askers::{Means, PINENTRIES, Surroundings, means};
use super::caller::caller;
use super::dialog::{Failing, Window};

/// How long a question waits for the person, in seconds. Whoever went for a coffee finds an error
/// that says so, not a terminal that eats what is typed into the next program.
const LIMIT_SECONDS: u32 = 120;

/// The way to the person.
pub(super) struct Reach<'a> {
    /// Where a script puts its answers.
    pub(super) env: &'a Env,
    /// What the person is asked for by the caller: an identity provider, or a profile.
    pub(super) needs: &'a str,
    /// The program that asks the person where there is no terminal.
    pub(super) askpass: Option<&'a [String]>,
    /// Whether a person may be asked.
    pub(super) may_ask: bool,
    /// The cache folder, for the locks of terminals.
    pub(super) root: &'a Path,
    /// Where to say what reaches no terminal.
    pub(super) notes: &'a dyn Fn(&str),
    /// How long another question may stand where this one is to be put: as long as its login may take.
    pub(super) wait: Duration,
}

/// A question to the person.
pub(super) struct Asking {
    /// What is asked for.
    pub(super) what: String,
    /// The same in a word.
    pub(super) field: &'static str,
    /// Whether a terminal shows what is typed.
    pub(super) echo: Echo,
}

impl Reach<'_> {
    /// Whether there is any means to ask by that can be counted on.
    pub(super) fn is_there(&self) -> bool {
        let is_sure = |by: &Means| {
            !matches!(
                by,
                Means::SshAskpass { is_sure: false, .. } | Means::Pinentry { is_sure: false, .. }
            )
        };
        self.has_means(is_sure)
    }

    /// Whether there is any means to ask by, if only one that is worth a try.
    pub(super) fn may_be_there(&self) -> bool {
        self.has_means(|_| true)
    }

    fn has_means(&self, counts: impl Fn(&Means) -> bool) -> bool {
        let reached = |by: &Means| *by != Means::Terminal || terminal::is_ours();
        self.may_ask && self.means().iter().any(|by| reached(by) && counts(by))
    }

    /// That nobody can be asked for this.
    pub(super) fn nobody(&self, what: &str) -> NoAnswer {
        nobody(what, self.caller())
    }

    /// What a script put into its environment, or a program answers.
    pub(super) fn given(
        &self,
        variable: &str,
        command: Option<&[String]>,
    ) -> Option<Result<SecretString, NoAnswer>> {
        if let Some(text) = self.env.text(variable) {
            return Some(Ok(SecretString::from(text)));
        }
        let line = process::first_line(&Asked {
            command: command?,
            env: &[],
            input: "",
            limit: Duration::from_secs(u64::from(LIMIT_SECONDS)),
            may_talk: true,
        });
        Some(line.map_err(|e| NoAnswer::Failed(e.to_string())))
    }

    /// What a program prints that may ask the person by itself: it has the terminal alone meanwhile.
    pub(super) fn run(
        &self,
        command: &[String],
        env: &[(&str, &str)],
        limit: Duration,
    ) -> Result<Zeroizing<Vec<u8>>, NoAnswer> {
        let _terminal = match terminal::is_ours() {
            true => self.one_at_a_time(&at_this_terminal(), self.needs)?,
            false => None,
        };
        process::printed(&Asked {
            command,
            env,
            input: "",
            limit,
            may_talk: true,
        })
        .map_err(|e| NoAnswer::Failed(e.to_string()))
    }

    /// By the first means that reaches the person.
    pub(super) fn ask(&self, asking: &Asking) -> Result<SecretString, NoAnswer> {
        let caller = self.caller();
        if self.may_ask {
            for means in self.means() {
                if let Some(line) = self.ask_by(&means, asking, caller.as_deref())? {
                    return Ok(line);
                }
            }
        }
        Err(nobody(&asking.what, caller))
    }

    /// Tells the person something, on the terminal where they sit; whether that reached one.
    pub(super) fn tell(&self, text: &str) -> bool {
        self.may_ask && terminal::tell(&format!("fedgit: {text}\n")).is_ok()
    }

    /// Tells the person whom this process waits for, while what is returned is held: on their terminal,
    /// unless whoever is waited for is at it and asks there; once, however many wait. Else where the
    /// caller may read it.
    pub(super) fn tell_of(&self, holder: Holder, text: &str) -> Option<Lock> {
        let is_seen = self.may_ask && !holder.process().is_some_and(terminal::has);
        if is_seen && terminal::is_ours() {
            let place = format!("waiting-{}", terminal::session());
            let first = Lock::acquire(&self.lock(&place), Duration::ZERO, |_| {});
            if first.is_ok() && self.tell(text) {
                return first.ok();
            }
        }
        (self.notes)(text);
        None
    }

    /// `None` where this means does not reach anybody.
    fn ask_by(
        &self,
        means: &Means,
        asking: &Asking,
        caller: Option<&str>,
    ) -> Result<Option<SecretString>, NoAnswer> {
        if *means == Means::Terminal {
            return self.at_terminal(asking, caller);
        }
        let _display = self.one_at_a_time("display", &asking.what)?;
        let who = caller.map(|caller| format!("{caller} needs {}\n", self.needs));
        let window = Window {
            text: &format!("{}{}", who.unwrap_or_default(), asking.what),
            field: asking.field,
            limit_seconds: LIMIT_SECONDS,
        };
        match means {
            Means::Terminal => Ok(None),
            Means::Askpass(command) => window.askpass(command, Failing::Told),
            Means::SshAskpass { program, is_sure } => {
                let failing = match is_sure {
                    true => Failing::WhereMissing,
                    false => Failing::PassedOver,
                };
                window.askpass(std::slice::from_ref(program), failing)
            }
            Means::Pinentry { program, is_sure } => window.pinentry(program, *is_sure),
            Means::MacDialog => window.mac(),
        }
    }

    fn at_terminal(
        &self,
        asking: &Asking,
        caller: Option<&str>,
    ) -> Result<Option<SecretString>, NoAnswer> {
        if !terminal::is_ours() {
            return Ok(None);
        }
        let lock = self.one_at_a_time(&at_this_terminal(), &asking.what)?;
        let who = caller.map(|caller| format!("fedgit: {caller} needs {}\n", self.needs));
        let what = &asking.what;
        let prompt = format!("{}fedgit: {what}: ", who.unwrap_or_default());
        match terminal::ask(&prompt, asking.echo, LIMIT_SECONDS, lock.as_ref()) {
            Ok(Reply::Line(line)) => Ok(Some(line)),
            Ok(Reply::Interrupted) => Err(NoAnswer::Interrupted),
            Ok(Reply::TimedOut) => Err(NoAnswer::TimedOut {
                seconds: LIMIT_SECONDS,
                what: what.clone(),
            }),
            // It went to the background, or away, meanwhile.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(NoAnswer::Failed(format!("cannot ask for {what}: {e}"))),
        }
    }

    /// One question at a time in one place: two readers of a terminal would take each other's keys, and
    /// the first to finish would show what the other is typed; of two windows the person sees one.
    fn one_at_a_time(&self, place: &str, what: &str) -> Result<Option<Lock>, NoAnswer> {
        let lock = Lock::acquire(&self.lock(place), self.wait, |holder| {
            // The person sees that question; a word in the midst of it would only be in its way.
            log::info!("{holder} is asking there; {what} is asked for next");
        });
        match lock {
            Ok(lock) => Ok(Some(lock)),
            Err(LockError::Busy { holder, waited, .. }) => Err(NoAnswer::Engaged(format!(
                "{holder} was asking there for {} s, so nobody was asked for {what}",
                waited.as_secs()
            ))),
            // A question without it is better than none.
            Err(error) if error.is_of_the_place() => Ok(None),
            Err(error) => Err(NoAnswer::Failed(error.to_string())),
        }
    }

    fn lock(&self, place: &str) -> PathBuf {
        self.root.join("locks").join(place)
    }

    fn means(&self) -> Vec<Means> {
        let is_set = |name| self.env.os(name).is_some();
        // Somebody who came by ssh does not see this machine's desktop.
        let mac = cfg!(target_os = "macos") && !is_set(names::SSH_CONNECTION);
        let pinentry = |name: &&str| programs::which(self.env, Path::new(name));
        means(&Surroundings {
            askpass: self.askpass,
            ssh_askpass: self.env.text(names::SSH_ASKPASS),
            ssh_askpass_require: self.env.text(names::SSH_ASKPASS_REQUIRE),
            display: is_set(names::DISPLAY) || is_set(names::WAYLAND_DISPLAY),
            mac,
            pinentries: PINENTRIES.iter().filter_map(pinentry).collect(),
        })
    }

    /// What wants the credentials.
    fn caller(&self) -> Option<String> {
        let chain = relatives::ancestors();
        let folder = current_dir().ok();
        caller(
            chain.iter().map(|process| process.args.as_slice()),
            folder.as_deref(),
            self.env.path("HOME").as_deref(),
        )
    }
}

/// The lock of the terminal that this process is at.
fn at_this_terminal() -> String {
    format!("terminal-{}", terminal::session())
}

fn nobody(what: &str, caller: Option<String>) -> NoAnswer {
    let who = caller.map(|caller| format!(", which {caller} needs"));
    NoAnswer::Nobody(format!("{what}{}", who.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_could_not_be_put_is_no_answer() {
        let root = tempfile::tempdir().unwrap();
        let reach = Reach {
            env: &Env::fixed([("", ""); 0]),
            needs: "corp",
            askpass: None,
            may_ask: true,
            root: root.path(),
            notes: &|text| panic!("{text}"),
            wait: Duration::from_millis(40),
        };
        let _other = reach.one_at_a_time("here", "a code").unwrap();
        let error = reach.one_at_a_time("here", "the password").unwrap_err();
        assert!(error.was_not_asked() && error.wants_a_person(), "{error}");
        let own = format!("process {}", std::process::id());
        assert!(error.to_string().contains(&own), "{error}");
    }
}
