//! How a person is reached for an answer: a program or the environment that answers for them, the
//! terminal, or a window.

use std::path::Path;
use std::time::Duration;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::config::env as names;
use crate::login::NoAnswer;
use crate::sys::env::{Env, current_dir};
use crate::sys::lock::Lock;
use crate::sys::process::{self, Asked};
use crate::sys::terminal::{self, Echo, Reply};
use crate::sys::{programs, relatives};

use super::askers::{Means, PINENTRIES, Surroundings, means};
use super::caller::caller;
use super::dialog::{Missing, Window};

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
    /// Whether there is any means to ask by.
    pub(super) fn is_there(&self) -> bool {
        let reached = |by: &Means| *by != Means::Terminal || terminal::is_ours();
        self.may_ask && self.means().iter().any(reached)
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
            true => Some(self.one_at_a_time(&format!("terminal-{}", terminal::session()))?),
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
        let _display = self.one_at_a_time("display")?;
        let who = caller.map(|caller| format!("{caller} needs {}\n", self.needs));
        let window = Window {
            text: &format!("{}{}", who.unwrap_or_default(), asking.what),
            field: asking.field,
            limit_seconds: LIMIT_SECONDS,
        };
        match means {
            Means::Terminal => Ok(None),
            Means::Askpass(command) => window.askpass(command, Missing::Told),
            Means::SshAskpass(program) => {
                window.askpass(std::slice::from_ref(program), Missing::PassedOver)
            }
            Means::Pinentry(program) => window.pinentry(program),
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
        let lock = self.one_at_a_time(&format!("terminal-{}", terminal::session()))?;
        let who = caller.map(|caller| format!("fedgit: {caller} needs {}\n", self.needs));
        let what = &asking.what;
        let prompt = format!("{}fedgit: {what}: ", who.unwrap_or_default());
        match terminal::ask(&prompt, asking.echo, LIMIT_SECONDS, Some(&lock)) {
            Ok(Reply::Line(line)) => Ok(Some(line)),
            Ok(Reply::Interrupted) => Err(NoAnswer::Interrupted),
            Ok(Reply::TimedOut) => Err(NoAnswer::Failed(format!(
                "nobody answered within {LIMIT_SECONDS} seconds: {what}"
            ))),
            // It went to the background, or away, meanwhile.
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(NoAnswer::Failed(format!("cannot ask for {what}: {e}"))),
        }
    }

    /// One question at a time in one place: two readers of a terminal would take each other's keys, and
    /// the first to finish would show what the other is typed; of two windows the person sees one.
    fn one_at_a_time(&self, place: &str) -> Result<Lock, NoAnswer> {
        let wait = Duration::from_secs(u64::from(LIMIT_SECONDS));
        Lock::acquire(&self.root.join("locks").join(place), wait, |_| {})
            .map_err(|e| NoAnswer::Failed(e.to_string()))
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

fn nobody(what: &str, caller: Option<String>) -> NoAnswer {
    let who = caller.map(|caller| format!(", which {caller} needs"));
    NoAnswer::Nobody(format!("{what}{}", who.unwrap_or_default()))
}
