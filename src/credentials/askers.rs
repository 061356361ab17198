//! By which means a person can be asked, and in which order.

use std::path::PathBuf;

/// What has a say in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings<'a> {
    /// `[settings] askpass`.
    pub(super) askpass: Option<&'a [String]>,
    /// `SSH_ASKPASS`.
    pub(super) ssh_askpass: Option<String>,
    /// `SSH_ASKPASS_REQUIRE`.
    pub(super) ssh_askpass_require: Option<String>,
    /// Whether there is a display: `DISPLAY` or `WAYLAND_DISPLAY`.
    pub(super) display: bool,
    /// Whether the desktop is macOS's, and in front of the person.
    pub(super) mac: bool,
    /// The pinentry programs on PATH.
    pub(super) pinentries: Vec<PathBuf>,
}

/// The names that a pinentry program with a window may have, the distribution's own choice first.
pub(super) const PINENTRIES: &[&str] = &[
    "pinentry",
    "pinentry-mac",
    "pinentry-gnome3",
    "pinentry-qt",
    "pinentry-qt6",
    "pinentry-qt5",
    "pinentry-gtk",
    "pinentry-gtk-2",
    "pinentry-efl",
    "pinentry-fltk",
    "pinentry-x11",
];

/// A way to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Means {
    /// The controlling terminal.
    Terminal,
    /// The program that the user named.
    Askpass(Vec<String>),
    /// The program that ssh would use. It may be named and not be there.
    SshAskpass {
        /// As it is named.
        program: String,
        /// Whether it can open its window for all that is known: there is a display, or the user says
        /// that it needs none.
        is_sure: bool,
    },
    /// A pinentry program.
    Pinentry {
        /// The program.
        program: PathBuf,
        /// As above.
        is_sure: bool,
    },
    /// macOS's own dialog.
    MacDialog,
}

/// The means in the order in which they are tried.
pub(super) fn means(around: &Surroundings<'_>) -> Vec<Means> {
    let required = around.ssh_askpass_require.as_deref().unwrap_or_default();
    let is = |word| required.eq_ignore_ascii_case(word);
    // As OpenSSH has it (ssh(1), SSH_ASKPASS_REQUIRE), but that git runs the program without a display
    // as well: an editor's own may need none. Whether one does, only a try tells.
    let is_sure = around.display || is("force");
    let first = is("force") || (is("prefer") && around.display);

    let ssh = around.ssh_askpass.clone().filter(|_| !is("never"));
    let askpass = match around.askpass {
        Some(command) => Some(Means::Askpass(command.to_vec())),
        None => ssh.map(|program| Means::SshAskpass { program, is_sure }),
    };
    let mut means = vec![Means::Terminal];
    means.extend(askpass);
    if first {
        means.rotate_left(1);
    }
    // Without a display only one that is not known to need it is asked: people have programs of their
    // own under that name.
    let is_sure = around.display || around.mac;
    let pinentries = around.pinentries.iter().cloned();
    means.extend(pinentries.map(|program| Means::Pinentry { program, is_sure }));
    means.extend(around.mac.then_some(Means::MacDialog));
    means
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(around: &Surroundings<'_>) -> Vec<String> {
        let name = |means: Means| match means {
            Means::Terminal => "terminal".to_owned(),
            Means::Askpass(command) => command.join(" "),
            Means::SshAskpass { program, is_sure } => match is_sure {
                true => program,
                false => format!("{program}?"),
            },
            Means::Pinentry { program, is_sure } => match is_sure {
                true => program.display().to_string(),
                false => format!("{}?", program.display()),
            },
            Means::MacDialog => "mac".to_owned(),
        };
        means(around).into_iter().map(name).collect()
    }

    #[test]
    fn the_terminal_then_askpass_then_pinentry() {
        let own = ["own".to_owned(), "x".to_owned()];
        let everything = Surroundings {
            askpass: Some(&own),
            ssh_askpass: Some("ssh".to_owned()),
            ssh_askpass_require: None,
            display: true,
            mac: true,
            pinentries: vec!["/p".into()],
        };
        assert_eq!(named(&everything), ["terminal", "own x", "/p", "mac"]);
        let no_own = Surroundings {
            askpass: None,
            ..everything.clone()
        };
        assert_eq!(named(&no_own), ["terminal", "ssh", "/p", "mac"]);
        let no_desktop = Surroundings {
            display: false,
            mac: false,
            ..everything
        };
        // The user's own program may need no display.
        assert_eq!(named(&no_desktop), ["terminal", "own x", "/p?"]);
        let neither = Surroundings {
            askpass: None,
            ..no_desktop
        };
        assert_eq!(named(&neither), ["terminal", "ssh?", "/p?"]);
        assert_eq!(named(&Surroundings::default()), ["terminal"]);
    }

    #[test]
    fn sshs_askpass_is_used_as_ssh_and_git_use_it() {
        for (require, display, expected) in [
            ("", true, &["terminal", "ssh"][..]),
            ("", false, &["terminal", "ssh?"]),
            ("never", true, &["terminal"]),
            ("never", false, &["terminal"]),
            ("prefer", true, &["ssh", "terminal"]),
            ("prefer", false, &["terminal", "ssh?"]),
            ("force", false, &["ssh", "terminal"]),
            ("FORCE", true, &["ssh", "terminal"]),
            ("nonsense", true, &["terminal", "ssh"]),
        ] {
            let around = Surroundings {
                ssh_askpass: Some("ssh".to_owned()),
                ssh_askpass_require: Some(require.to_owned()),
                display,
                ..Surroundings::default()
            };
            assert_eq!(named(&around), expected, "{require} {display}");
            // Where there is nothing to prefer, the order stays.
            let none = Surroundings {
                ssh_askpass: None,
                ..around
            };
            assert_eq!(named(&none), ["terminal"], "{require} {display}");
        }
    }
}
