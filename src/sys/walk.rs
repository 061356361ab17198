//! Looks for clones below a folder: within bounds, along no link, and without asking git, which
//! would do what a stranger's configuration says.

use std::fs;
use std::path::{Path, PathBuf};

/// How deep below the folder a clone may be.
const DEEPEST: usize = 12;
/// How many entries are looked at: more than anybody's folder of clones has, outside of what
/// clones themselves hold.
const MOST_ENTRIES: usize = 500_000;

/// What was found below a folder.
#[derive(Debug, Default)]
pub struct Clones {
    /// The configuration files of the clones, in the order of their paths.
    pub configs: Vec<PathBuf>,
    /// Whether there was more than the bounds allow.
    pub cut_short: bool,
}

/// The configuration file of every clone at or below a folder. Folders that cannot be listed hold
/// none.
#[must_use]
pub fn clones(root: &Path) -> Clones {
    let mut found = Clones::default();
    let (mut folders, mut seen) = (vec![(root.to_owned(), 0)], 0_usize);
    while let Some((folder, depth)) = folders.pop() {
        found.configs.extend(config_of(&folder));
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            seen += 1;
            if seen > MOST_ENTRIES {
                found.cut_short = true;
                found.configs.sort();
                return found;
            }
            // Of the entry itself: a link to a folder is no folder here.
            if !entry.file_type().is_ok_and(|sort| sort.is_dir()) || entry.file_name() == ".git" {
                continue;
            }
            if depth == DEEPEST {
                found.cut_short = true;
                continue;
            }
            folders.push((entry.path(), depth + 1));
        }
    }
    found.configs.sort();
    found
}

/// Of a clone with a working tree, or of a bare one.
fn config_of(folder: &Path) -> Option<PathBuf> {
    let is = |path: &Path, wanted: fn(&fs::Metadata) -> bool| {
        fs::symlink_metadata(path).is_ok_and(|found| wanted(&found))
    };
    let inside = folder.join(".git");
    let place = if is(&inside, fs::Metadata::is_dir) {
        inside
    } else if is(&folder.join("objects"), fs::Metadata::is_dir)
        && is(&folder.join("HEAD"), fs::Metadata::is_file)
    {
        folder.to_owned()
    } else {
        return None;
    };
    let config = place.join("config");
    is(&config, fs::Metadata::is_file).then_some(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn clones_and_no_links() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        let make = |path: &str| {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            tempfile::Builder::new()
                .tempfile_in(root.path())
                .unwrap()
                .persist(at(path))
                .unwrap();
        };
        for file in [
            "a/.git/config",
            "a/sub/b/.git/config",
            "bare/config",
            "bare/HEAD",
            "no/config",
        ] {
            make(file);
        }
        fs::create_dir_all(at("bare/objects")).unwrap();
        fs::create_dir_all(at("linked/.git")).unwrap();
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(at(to), at(name)).unwrap();
        link("a/.git/config", "linked/.git/config");
        link("a", "a/loop");
        link("a/.git", "no/.git");
        let found = clones(root.path());
        let expected = ["a/.git/config", "a/sub/b/.git/config", "bare/config"].map(at);
        assert_eq!(found.configs, expected);
        assert!(!found.cut_short);
    }
}
