//! What other programs take for the same file, where they are installed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::watch::{Seen, watched};
use crate::whole::{Row, middle};

/// What to do to have them.
pub(crate) const HOW: &str =
    "FEDGIT_PEERS names a virtual environment with botocore and aws-sso-lib, as .ci/run makes one";

/// The row of botocore's reading.
pub(crate) const READ: &str = "botocore's load_config";

/// They are slow, and none of them is what is measured here.
const RUNS: usize = 3;

/// aws-sso-util's writer reads the whole file again for every profile: 10,000 take minutes.
const MOST_WRITTEN: usize = 1_000;

/// A Python with the peers.
pub(crate) struct Peers {
    python: PathBuf,
}

impl Peers {
    /// The virtual environment that `FEDGIT_PEERS` names.
    pub(crate) fn find() -> Option<Self> {
        let folder = std::path::absolute(std::env::var_os("FEDGIT_PEERS")?).unwrap();
        let python = folder.join("bin/python");
        assert!(python.exists(), "{} is not there", python.display());
        Some(Self { python })
    }

    /// botocore merely reading the file, as every command of the AWS CLI does first.
    pub(crate) fn botocore(&self, file: &Path) -> Row {
        Row {
            what: READ.to_owned(),
            seen: self.middle(&["botocore".as_ref(), file]),
        }
    }

    /// aws-sso-util's writer: all the profiles, as far as it can be waited for, and one more.
    pub(crate) fn aws_sso_util(&self, file: &Path, profiles: usize) -> Vec<Row> {
        if !self.has("aws_sso_lib") {
            println!("  aws-sso-util's writer was left out: {HOW}");
            return Vec::new();
        }
        let mut rows = Vec::new();
        if profiles <= MOST_WRITTEN {
            let count = profiles.to_string();
            rows.push(Row {
                what: "aws-sso-util's writer, all new".to_owned(),
                seen: self.middle(&["aws-sso-util".as_ref(), "-".as_ref(), count.as_ref()]),
            });
        }
        rows.push(Row {
            what: "aws-sso-util's writer, 1 profile more".to_owned(),
            seen: self.middle(&["aws-sso-util".as_ref(), file, "1".as_ref()]),
        });
        rows
    }

    fn has(&self, module: &str) -> bool {
        let mut python = Command::new(&self.python);
        let output = python.args(["-c", &format!("import {module}")]).output();
        output.is_ok_and(|output| output.status.success())
    }

    /// The script tells the time of the work alone: starting Python and importing is not counted.
    fn middle(&self, arguments: &[&Path]) -> Seen {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers.py");
        let run = |_| {
            let mut command = Command::new(&self.python);
            command.arg(&script).args(arguments);
            let seen = watched(&command);
            assert_eq!(seen.code, Some(0), "{arguments:?}: {seen:?}");
            let seconds = |text: &str| Duration::from_secs_f64(text.parse().unwrap());
            let (time, cpu) = seen.out.split_once(' ').unwrap();
            Seen {
                time: seconds(time),
                cpu: Some(seconds(cpu)),
                ..seen
            }
        };
        middle((0..RUNS).map(run).collect())
    }
}
