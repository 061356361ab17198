//! The part of git's configuration that makes fedgit the helper of every CodeCommit host, as text with
//! a mark before and behind: it can be taken out again, and what it stood in is then as it was, byte
//! for byte.

use std::fmt::Write as _;
use std::path::Path;

use super::place;

/// The line before.
const BEGIN: &str = "# fedgit git setup: begin; take it out with: fedgit git setup --undo";
/// What it says more where the file was made for it.
const NEW_FILE: &str = " (new file)";
/// What it says more where the line before had no end.
const LINE_ENDED: &str = " (line end added)";
/// The line behind.
const END: &str = "# fedgit git setup: end";

/// What is written.
#[derive(Debug, Clone)]
pub struct Setup<'a> {
    /// `fedgit`, as an absolute path.
    pub program: &'a Path,
    /// The arguments that choose the configuration.
    pub selection: &'a [String],
    /// Whether this git takes an asterisk in `credential.<url>`.
    pub asterisks: bool,
    /// Hosts of one's own, as origins (`https://HOST[:PORT]`).
    pub endpoints: &'a [String],
    /// The certificate authorities for the connections, where the user named some for AWS.
    pub ca_bundle: Option<&'a Path>,
}

/// The lines between the marks.
#[must_use]
pub fn body(setup: &Setup<'_>) -> String {
    let mut text = String::new();
    let hosts: Vec<String> = match setup.asterisks {
        true => place::patterns(),
        false => place::listed(),
    };
    for host in hosts {
        section(&mut text, setup, &format!("https://{host}"), None);
    }
    for origin in setup.endpoints {
        let host = origin.split_once("://").map(|(_, host)| host);
        section(&mut text, setup, origin, host);
    }
    // Without it git uses `codecommit://` in no submodule.
    text.push_str("[protocol \"codecommit\"]\n\tallow = always\n");
    text
}

fn section(text: &mut String, setup: &Setup<'_>, origin: &str, host: Option<&str>) {
    let helper = super::wiring::helper_line(setup.program, setup.selection, &[], host);
    // Helpers before it would offer what they stored when it has long ended.
    let _ = write!(
        text,
        "[credential {origin}]\n\thelper =\n\thelper = {helper}\n\tuseHttpPath = true\n\
         [http {origin}]\n\tproactiveAuth = basic\n",
        origin = quoted(origin),
        helper = quoted(&helper),
    );
    if let Some(bundle) = setup.ca_bundle {
        let bundle = quoted(&bundle.display().to_string());
        let _ = writeln!(text, "\tsslCAInfo = {bundle}");
    }
}

/// A value as git reads it: git-config(1), "Values".
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n"))
}

/// The file with the part at its end; one that stands there goes.
#[must_use]
pub fn put(before: Option<&[u8]>, body: &str) -> Vec<u8> {
    let (mut text, mut note) = match before {
        None => (Vec::new(), NEW_FILE),
        Some(before) => match take(before) {
            Some(Taken::File(text)) => (text, ""),
            Some(Taken::Nothing) => (Vec::new(), NEW_FILE),
            None => (before.to_vec(), ""),
        },
    };
    if text.last().is_some_and(|last| *last != b'\n') {
        text.push(b'\n');
        note = LINE_ENDED;
    }
    text.extend_from_slice(format!("{BEGIN}{note}\n{body}{END}\n").as_bytes());
    text
}

/// What is left without the part.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// A file.
    File(Vec<u8>),
    /// Nothing: there was no file before.
    Nothing,
}

fn bare(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end().to_owned()
}

/// The lines of the marks. A mark before without one behind, as `git config --remove-section` leaves
/// it, is none: what follows it is the user's.
fn marks(lines: &[&[u8]]) -> Option<(usize, usize)> {
    let mut begin = None;
    for (at, line) in lines.iter().enumerate() {
        let line = bare(line);
        if line.starts_with(BEGIN) {
            begin = Some(at);
        } else if line == END
            && let Some(begin) = begin
        {
            return Some((begin, at));
        }
    }
    None
}

/// What stands first between the marks and is none of fedgit's lines: `git config` adds to a section
/// wherever it is. Only what is before its `=`, since the value may be a secret.
#[must_use]
pub fn added(text: &[u8]) -> Option<String> {
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let (begin, end) = marks(&lines)?;
    let between = lines.get(begin + 1..end)?.iter().map(|line| bare(line));
    let is_ours = |line: &String| {
        let exact = [
            "[protocol \"codecommit\"]",
            "\thelper =",
            "\tuseHttpPath = true",
            "\tproactiveAuth = basic",
            "\tallow = always",
        ];
        let starts = ["[credential \"", "[http \"", "\tsslCAInfo = "];
        exact.contains(&line.as_str())
            || starts.iter().any(|start| line.starts_with(start))
            || (line.starts_with("\thelper = \"!") && line.contains(" git-credential"))
    };
    let mut others = between.filter(|line| !is_ours(line));
    let key = |line: String| line.split('=').next().unwrap_or_default().trim().to_owned();
    others.next().map(key)
}

/// The file without the part; `None` where it has none.
#[must_use]
pub fn take(text: &[u8]) -> Option<Taken> {
    let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let (begin, end) = marks(&lines)?;
    let note = bare(lines.get(begin)?).get(BEGIN.len()..)?.to_owned();
    let mut before = lines.get(..begin)?.concat();
    let behind = lines.get(end + 1..)?.concat();
    if note == LINE_ENDED && behind.is_empty() && before.last() == Some(&b'\n') {
        before.pop();
    }
    before.extend_from_slice(&behind);
    if note == NEW_FILE && before.is_empty() {
        return Some(Taken::Nothing);
    }
    Some(Taken::File(before))
}

/// The first git that takes an asterisk in `credential.<url>`.
pub const ASTERISKS: (u32, u32) = (2, 26);

/// The first git that takes a whole `Authorization` value of a helper, and so need not be given a pair
/// that other helpers would keep.
pub const WHOLE_VALUES: (u32, u32) = (2, 46);

/// Whether a git (`git version 2.39.5`) is of this version or a newer one; one whose version cannot be
/// told is not.
#[must_use]
pub fn is_at_least(version: &str, wanted: (u32, u32)) -> bool {
    let number = version.strip_prefix("git version ").unwrap_or_default();
    let mut parts = number.split('.').map_while(|part| part.parse::<u32>().ok());
    (parts.next(), parts.next()) >= (Some(wanted.0), Some(wanted.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "[x]\n\ty = z\n";

    #[test]
    fn what_is_put_can_be_taken_out_byte_for_byte() {
        for before in [
            "",
            "[user]\n\tname = Jane\n",
            "[user]\n\tname = Jane",
            "\r\n[a]\r\nb=c\r\n",
            "# \u{fc}\n\n\n",
            "\n",
        ] {
            let put_in = put(Some(before.as_bytes()), BODY);
            assert_eq!(
                take(&put_in),
                Some(Taken::File(before.into())),
                "{before:?}"
            );
            // Once more changes nothing.
            assert_eq!(put(Some(&put_in), BODY), put_in, "{before:?}");
        }
        let new = put(None, BODY);
        assert_eq!(take(&new), Some(Taken::Nothing));
        assert_eq!(put(Some(&new), BODY), new);
        assert_eq!(take(b"[user]\n"), None);
        let not_utf8 = b"\xff\xfe\n";
        assert_eq!(
            take(&put(Some(not_utf8), BODY)),
            Some(Taken::File(not_utf8.to_vec()))
        );
    }

    #[test]
    fn what_was_written_behind_it_stays() {
        let mut text = put(Some(b"[a]\n"), BODY);
        text.extend_from_slice(b"[b]\n\tc = d\n");
        assert_eq!(
            take(&text),
            Some(Taken::File(b"[a]\n[b]\n\tc = d\n".to_vec()))
        );
        // A mark without its end, as git leaves it, swallows nothing that follows it.
        let lost = "[a]\n".to_owned() + BEGIN + "\n[x]\n[user]\n\tname = Jane\n";
        let again = put(Some(lost.as_bytes()), BODY);
        assert_eq!(take(&again), Some(Taken::File(lost.into_bytes())));
        // Half of it is not ours to guess.
        let half: Vec<u8> = text.split(|b| *b == b'\n').next().unwrap().to_vec();
        assert_eq!(take(&half), None);
    }

    #[test]
    fn lines_of_the_users_own_are_seen() {
        let endpoints = ["https://vpce.example:8443".to_owned()];
        let selection = ["--user".to_owned(), "/a b/f.toml".to_owned()];
        for asterisks in [false, true] {
            let text = body(&Setup {
                program: Path::new("/opt/my \"tools\"/fedgit"),
                selection: &selection,
                asterisks,
                endpoints: &endpoints,
                ca_bundle: Some(Path::new("/ca.pem")),
            });
            let whole = put(Some(b"[a]\n\tb = c\n"), &text);
            assert_eq!(added(&whole), None);
            let whole = String::from_utf8(whole).unwrap();
            for line in [
                "\textraHeader = s3cret",
                "\thelper = store",
                "[user]",
                "# mine",
            ] {
                let with = whole.replace("\tallow", &format!("{line}\n\tallow"));
                let told = added(with.as_bytes()).unwrap();
                assert!(line.contains(&told) && !told.contains("s3cret"), "{told}");
            }
            let changed = whole.replace("allow = always", "allow = never");
            assert_eq!(added(changed.as_bytes()).unwrap(), "allow");
        }
    }

    #[test]
    fn asterisks_where_git_takes_them() {
        for (version, takes) in [
            ("git version 2.26.0", true),
            ("git version 2.47.3", true),
            ("git version 3.0.0", true),
            ("git version 2.39.5 (Apple Git-154)", true),
            ("git version 2.25.1", false),
            ("git version 2.20.1", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_at_least(version, ASTERISKS), takes, "{version}");
        }
        let setup = Setup {
            program: Path::new("/opt/my \"tools\"/fedgit"),
            selection: &[],
            asterisks: false,
            endpoints: &["https://vpce.example:8443".to_owned()],
            ca_bundle: None,
        };
        let text = body(&setup);
        assert!(
            text.contains("[credential \"https://git-codecommit.cn-north-1.amazonaws.com.cn\"]")
        );
        assert!(!text.contains('*'));
        assert!(text.contains("--host=vpce.example:8443"));
        assert!(
            text.contains("helper = \"!'/opt/my \\\"tools\\\"/fedgit' git-credential\"\n"),
            "{text}"
        );
    }
}
