//! Where things live: `fedgit.toml` layers, cache, state, and the AWS files.

mod variables;

use std::path::{Path, PathBuf};

use super::env::Env;

/// The folders and files that this run uses, read from the environment once.
#[derive(Debug, Clone)]
pub struct Paths {
    env: Env,
    home: Option<PathBuf>,
}

impl Paths {
    /// From the environment; `HOME` (or the account's entry) where XDG variables say nothing.
    #[must_use]
    pub fn new(env: &Env) -> Self {
        let home = env.path("HOME").or_else(|| etcetera::home_dir().ok());
        Self {
            env: env.clone(),
            home,
        }
    }

    /// `$XDG_CONFIG_HOME/fedgit/fedgit.toml`, or the platform's own folder on macOS and Windows.
    #[must_use]
    pub fn user_config(&self) -> Option<PathBuf> {
        let folder = match self.xdg("XDG_CONFIG_HOME") {
            Some(folder) => folder,
            None => self
                .native_config()
                .or_else(|| self.under_home(".config"))?,
        };
        Some(folder.join("fedgit").join("fedgit.toml"))
    }

    /// `/etc/fedgit/fedgit.toml`.
    #[must_use]
    pub fn system_config(&self) -> PathBuf {
        if cfg!(windows) {
            let data = self
                .env
                .path("ProgramData")
                .unwrap_or_else(|| "C:\\ProgramData".into());
            return data.join("fedgit").join("fedgit.toml");
        }
        PathBuf::from("/etc/fedgit/fedgit.toml")
    }

    /// The cache folder: `FEDGIT_CACHE_DIR`, else `$XDG_CACHE_HOME/fedgit`.
    #[must_use]
    pub fn cache(&self) -> Option<PathBuf> {
        if let Some(folder) = self.env.path("FEDGIT_CACHE_DIR") {
            return Some(folder);
        }
        let folder = match self.xdg("XDG_CACHE_HOME") {
            Some(folder) => folder,
            None => self.under_home(".cache")?,
        };
        Some(folder.join("fedgit"))
    }

    /// What must outlive a cleared cache: which project files the user trusts.
    #[must_use]
    pub fn state(&self) -> Option<PathBuf> {
        let folder = match self.xdg("XDG_STATE_HOME") {
            Some(folder) => folder,
            None => self.under_home(".local/state")?,
        };
        Some(folder.join("fedgit"))
    }

    /// `AWS_CONFIG_FILE`, else `~/.aws/config`.
    #[must_use]
    pub fn aws_config(&self) -> Option<PathBuf> {
        match self.env.path("AWS_CONFIG_FILE") {
            Some(path) => Some(self.expanded(&path)),
            None => self.under_home(".aws/config"),
        }
    }

    /// `AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`.
    #[must_use]
    pub fn aws_credentials(&self) -> Option<PathBuf> {
        match self.env.path("AWS_SHARED_CREDENTIALS_FILE") {
            Some(path) => Some(self.expanded(&path)),
            None => self.under_home(".aws/credentials"),
        }
    }

    /// With variables and then a leading `~/`, as botocore expands them.
    fn expanded(&self, path: &Path) -> PathBuf {
        let path = PathBuf::from(variables::expanded(&self.env, path.as_os_str()));
        match (path.strip_prefix("~"), &self.home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path,
        }
    }

    /// A file under the home folder.
    #[must_use]
    pub fn under_home(&self, rest: &str) -> Option<PathBuf> {
        self.home.as_ref().map(|home| home.join(rest))
    }

    /// The XDG Base Directory Specification: a relative path is invalid and ignored.
    fn xdg(&self, name: &str) -> Option<PathBuf> {
        self.env.path(name).filter(|path| path.is_absolute())
    }

    #[cfg(any(target_os = "macos", windows))]
    fn native_config(&self) -> Option<PathBuf> {
        use etcetera::base_strategy::{BaseStrategy, choose_native_strategy};
        choose_native_strategy().ok().map(|dirs| dirs.config_dir())
    }

    #[cfg(not(any(target_os = "macos", windows)))]
    fn native_config(&self) -> Option<PathBuf> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_lead_to_the_aws_files() {
        let paths = Paths::new(&Env::fixed([
            ("HOME", "/home/jane"),
            ("HERE", "~/here"),
            ("AWS_CONFIG_FILE", "$HERE/config"),
            ("AWS_SHARED_CREDENTIALS_FILE", "${HOME}/$UNSET/keys"),
        ]));
        assert_eq!(
            paths.aws_config().unwrap(),
            Path::new("/home/jane/here/config")
        );
        assert_eq!(
            paths.aws_credentials().unwrap(),
            Path::new("/home/jane/$UNSET/keys")
        );
    }

    #[test]
    fn environment_decides_before_home() {
        let paths = Paths::new(&Env::fixed([
            ("HOME", "/home/jane"),
            ("XDG_CONFIG_HOME", "/cfg"),
            ("XDG_CACHE_HOME", "relative/is/ignored"),
            ("AWS_CONFIG_FILE", "~/aws.ini"),
        ]));
        assert_eq!(
            paths.user_config().unwrap(),
            Path::new("/cfg/fedgit/fedgit.toml")
        );
        assert_eq!(
            paths.cache().unwrap(),
            Path::new("/home/jane/.cache/fedgit")
        );
        assert_eq!(paths.aws_config().unwrap(), Path::new("/home/jane/aws.ini"));
        assert_eq!(
            paths.aws_credentials().unwrap(),
            Path::new("/home/jane/.aws/credentials")
        );
    }
}
