//! The tour's surroundings: a home folder of its own, the programs under their names, and a teller.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use fedgit_testbed::World;

/// A home folder, a working folder and the environment that leads to the test-bed.
pub(crate) struct Stage {
    _folder: tempfile::TempDir,
    pub(crate) home: PathBuf,
    pub(crate) work: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Stage {
    pub(crate) fn set(world: &World) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("fedgit-demo-")
            .tempdir()
            .unwrap();
        let root = folder.path().canonicalize().unwrap();
        let (home, work, bin) = (root.join("home"), root.join("work"), root.join("bin"));
        for folder in [&home, &work, &bin, &home.join(".config/fedgit")] {
            fs::create_dir_all(folder).unwrap();
        }
        link(&bin, "fedgit");
        link(&bin, "git-remote-codecommit");

        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(bin).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(path).unwrap();
        let ca = world.ca_file().display().to_string();
        let environment = vec![
            ("HOME", home.display().to_string()),
            ("PATH", path.to_string_lossy().into_owned()),
            ("AWS_ENDPOINT_URL_STS", world.sts_url()),
            ("AWS_ENDPOINT_URL_IAM", world.iam_url()),
            ("AWS_CA_BUNDLE", ca.clone()),
            ("GIT_SSL_CAINFO", ca),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
        ];
        let stage = Self {
            _folder: folder,
            home,
            work,
            environment,
        };
        stage.write(&stage.config(), &configuration(world));
        let git =
            "[user]\n\tname = Jane\n\temail = jane@example.com\n[init]\n\tdefaultBranch = main\n";
        stage.write(&stage.home.join(".gitconfig"), git);
        stage
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.home.join(".config/fedgit/fedgit.toml")
    }

    pub(crate) fn say(&self, text: &str) {
        println!("\n# {text}\n");
    }

    pub(crate) fn write(&self, path: &Path, text: &str) {
        fs::write(path, text).unwrap();
    }

    /// A file's content.
    pub(crate) fn show(&self, path: &Path) {
        println!("$ cat {}", path.display());
        println!("{}", fs::read_to_string(path).unwrap());
    }

    pub(crate) fn fedgit(&self, args: &[&str], expected: i32) {
        self.run("fedgit", &self.work, args, &[], expected);
    }

    pub(crate) fn fedgit_with_password(&self, args: &[&str], password: &str) {
        self.run(
            "fedgit",
            &self.work,
            args,
            &[("FEDGIT_PASSWORD", password)],
            0,
        );
    }

    pub(crate) fn git(&self, folder: &Path, args: &[&str]) {
        self.run("git", folder, args, &[], 0);
    }

    /// What an SDK reads from the profile, with the secrets hidden from the screen.
    pub(crate) fn credentials(&self) {
        println!("$ fedgit credential-process --profile adfs");
        let output = self
            .command("fedgit", &self.work)
            .args(["credential-process", "--profile", "adfs"])
            .output()
            .unwrap();
        assert!(output.status.success());
        let mut answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        for secret in ["SecretAccessKey", "SessionToken"] {
            answer[secret] = "(hidden here)".into();
        }
        println!("{answer:#}");
    }

    /// What to type to be on this stage.
    pub(crate) fn exports(&self) -> String {
        let lines: Vec<String> = self
            .environment
            .iter()
            .map(|(name, value)| format!("export {name}='{value}'"))
            .collect();
        format!("{}\ncd '{}'\n", lines.join("\n"), self.work.display())
    }

    fn run(
        &self,
        program: &str,
        folder: &Path,
        args: &[&str],
        more: &[(&str, &str)],
        expected: i32,
    ) {
        println!("$ {program} {}", args.join(" "));
        let status = self
            .command(program, folder)
            .args(args)
            .envs(more.iter().copied())
            .status()
            .unwrap();
        if expected != 0 {
            println!("(exit code {})", status.code().unwrap_or_default());
        }
        assert_eq!(status.code(), Some(expected), "{program} {args:?}");
    }

    fn command(&self, program: &str, folder: &Path) -> Command {
        // On PATH as it will be for the program, not as it is here.
        let found = self
            .environment
            .iter()
            .find(|(name, _)| *name == "PATH")
            .map(|(_, path)| {
                std::env::split_paths(path)
                    .map(|folder| folder.join(program))
                    .find(|p| p.is_file())
            });
        let mut command = Command::new(found.flatten().unwrap_or_else(|| program.into()));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            let ours = ["FEDGIT_", "AWS_", "GIT_", "XDG_"]
                .iter()
                .any(|p| name.starts_with(p));
            if ours || name.to_ascii_lowercase().ends_with("_proxy") {
                command.env_remove(name.as_ref());
            }
        }
        command
            .current_dir(folder)
            .envs(self.environment.iter().map(|(n, v)| (*n, v.as_str())));
        command
    }
}

fn configuration(world: &World) -> String {
    format!(
        r#"[idp.corp]
kind = "adfs"
url = "{url}"
username = "{username}"
ca_bundle = "{ca}"

[role.developer]
idp = "corp"
arn = "arn:aws:iam::111122223333:role/ADFS-Production"
profile = "adfs"

[repo.example]
role = "developer"
name = "ExampleCorpRepository"
endpoint = "{endpoint}"
"#,
        url = world.adfs_url(),
        username = world.username(),
        ca = world.ca_file().display(),
        endpoint = world.codecommit_url(),
    )
}

/// This executable under another name.
fn link(folder: &Path, name: &str) {
    let own = std::env::current_exe().unwrap();
    let link = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    #[cfg(unix)]
    std::os::unix::fs::symlink(own, link).unwrap();
    #[cfg(not(unix))]
    fs::copy(own, link).map(|_| ()).unwrap();
}
