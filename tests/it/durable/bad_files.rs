use super::*;

/// A file that is refused: how it is made, and what is said.
struct Refused {
    name: &'static str,
    content: &'static [u8],
    tells: &'static [&'static str],
}

const REFUSED: &[Refused] = &[
    Refused {
        name: "merge conflict markers",
        content: b"[default]\nregion = x\n<<<<<<< HEAD\noutput = json\n=======\noutput = text\n>>>>>>> theirs\n",
        tells: &["line 3", "merge conflict", "settle the conflict"],
    },
    Refused {
        name: "the middle of a merge conflict",
        content: b"[default]\noutput = json\n=======\noutput = text\n",
        tells: &["line 3", "merge conflict", "settle the conflict"],
    },
    Refused {
        name: "a section twice",
        content: b"[profile a]\nregion = x\n\n[profile a]\nregion = y\n",
        tells: &["line 4", "[profile a] stands a second time", "merge the two sections"],
    },
    Refused {
        name: "a key twice",
        content: b"[profile a]\nregion = x\nregion = y\n",
        tells: &["line 3", "\"region\" stands a second time", "remove one of the two"],
    },
    Refused {
        name: "an unclosed bracket",
        content: b"[profile a]\nregion = x\n[profile b\nregion = y\n",
        tells: &["line 3", "neither a [section] nor a key = value", "complete the line"],
    },
    Refused {
        name: "an unclosed bracket at the start",
        content: b"[profile a\nregion = x\n",
        tells: &["line 1", "before the first [section]", "put a header"],
    },
    Refused {
        name: "a line of NUL bytes",
        content: b"[default]\nregion = x\n\0\0\0\0\0\0\0\0",
        tells: &["line 3", "NUL bytes", "from a backup"],
    },
    Refused {
        name: "nothing but NUL bytes, as a crash leaves it",
        content: &[0; 4096],
        tells: &["line 1", "NUL bytes", "from a backup"],
    },
    Refused {
        name: "a byte order mark",
        content: b"\xef\xbb\xbf[default]\nregion = x\n",
        tells: &["line 1", "byte order mark", "save the file as UTF-8 without"],
    },
    Refused {
        name: "UTF-16",
        content: b"\xff\xfe[\0d\0]\0",
        tells: &["UTF-16", "save the file as UTF-8"],
    },
    Refused {
        name: "Latin-1",
        content: b"[default]\n# M\xfcnchen\nregion = x\n",
        tells: &["line 2", "0xfc is not UTF-8", "save the file as UTF-8"],
    },
];

/// Name, bytes, and on Unix mode and number: whether it is the very same file.
fn identity(path: &Path) -> (Vec<u8>, u64, u32) {
    #[cfg(unix)]
    let (number, mode) = {
        use std::os::unix::fs::MetadataExt;
        let metadata = fs::metadata(path).unwrap();
        (metadata.ino(), metadata.mode())
    };
    #[cfg(not(unix))]
    let (number, mode) = (0, 0);
    (fs::read(path).unwrap(), number, mode)
}

#[test]
fn what_cannot_be_read_is_told_and_left_alone() {
    let home = home();
    let user = User::new(&home, "refused");
    for Refused {
        name,
        content,
        tells,
    } in REFUSED
    {
        eprintln!("{name}");
        fs::write(user.config(), content).unwrap();
        let before = identity(&user.config());
        for args in [&["plan"][..], &["apply"], &["apply", "--adopt", "--yes"]] {
            let said = user.fedgit(args).exits(1);
            said.tells(tells).tells(&[".aws/config: line", "help:"]);
            assert_eq!(identity(&user.config()), before);
        }
        assert_eq!(user.litter(), [""; 0]);
        // Nothing was replaced, so there is nothing to go back to.
        user.fedgit(&["apply", "--restore"])
            .exits(1)
            .tells(&["no earlier version"]);
    }
}

/// A file that broke after an apply: the version before it comes back all the same.
#[test]
fn a_file_that_broke_since_can_be_restored() {
    let home = home();
    let user = User::new(&home, "broke");
    for Refused { content, .. } in REFUSED {
        fs::write(user.config(), "# mine\n").unwrap();
        user.fedgit(&["apply"]).exits(0);
        fs::write(user.config(), content).unwrap();
        user.fedgit(&["apply"]).exits(1);
        user.fedgit(&["apply", "--restore"]).exits(0);
        assert_eq!(fs::read(user.config()).unwrap(), b"# mine\n");
        // Not even the broken one is lost.
        user.fedgit(&["apply", "--restore"]).exits(0);
        assert_eq!(fs::read(user.config()).unwrap(), *content);
    }
}

#[test]
fn line_ends_of_every_kind_stay() {
    let home = home();
    let user = User::new(&home, "ends");
    for end in ["\r\n", "\r", "\n"] {
        for last in [end, ""] {
            let mine = ["# mine", "[default]", "region = x", "output = json"].join(end) + last;
            fs::write(user.config(), &mine).unwrap();
            user.fedgit(&["apply"]).exits(0);
            let applied = fs::read_to_string(user.config()).unwrap();
            assert!(applied.starts_with(&mine) && applied.contains("[profile adfs]"));
            let foreign = applied.replace(end, "").contains(['\r', '\n']);
            assert!(!foreign, "new lines end as the file's do: {applied:?}");
            user.fedgit(&["plan"]).exits(0);
            user.fedgit(&["apply", "--restore"]).exits(0);
            assert_eq!(fs::read_to_string(user.config()).unwrap(), mine);
        }
    }
}

/// Odd, but every reader takes it for part of the value: it stays.
#[test]
fn a_nul_byte_in_a_value_stays() {
    let home = home();
    let user = User::new(&home, "nul");
    let mine = b"[profile mine]\nregion = eu\0west\n";
    fs::write(user.config(), mine).unwrap();
    user.fedgit(&["apply"]).exits(0);
    let applied = fs::read(user.config()).unwrap();
    assert!(applied.starts_with(mine) && applied.len() > mine.len());
    user.fedgit(&["apply", "--restore"]).exits(0);
    assert_eq!(fs::read(user.config()).unwrap(), mine);
}

/// Fifty megabytes are a file like any other; what is larger than any file of profiles is not read.
#[test]
fn huge_files() {
    let home = home();
    let user = User::new(&home, "huge");
    let mut mine = b"[default]\nregion = x\n".to_vec();
    let line = [&b"# "[..], &[b'x'; 1 << 20], &b"\n"[..]].concat();
    while mine.len() < 50_000_000 {
        mine.extend_from_slice(&line);
    }
    fs::write(user.config(), &mine).unwrap();
    user.fedgit(&["apply"]).exits(0);
    let applied = fs::read(user.config()).unwrap();
    assert!(applied.starts_with(&mine) && applied.len() < mine.len() + 1000);
    user.fedgit(&["apply", "--restore"]).exits(0);
    assert!(fs::read(user.config()).unwrap() == mine);

    let sparse = fs::File::create(user.config()).unwrap();
    sparse.set_len((64 << 20) + 1).unwrap();
    for args in [&["plan"][..], &["apply"]] {
        let said = user.fedgit(args).exits(1);
        said.tells(&[".aws/config", "larger than 67108864 bytes", "help:"]);
    }
    assert_eq!(fs::metadata(user.config()).unwrap().len(), (64 << 20) + 1);
    assert_eq!(user.litter(), [""; 0]);
    // The search for secrets at the end need not go through them.
    fs::remove_dir_all(&user.folder).unwrap();
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// What stands there is no file: said by every command, and it stays.
    #[test]
    fn what_is_no_file_stays() {
        let home = home();
        let user = User::new(&home, "odd");
        let make_fifo = |path: &Path| assert!(can(user.command("mkfifo").arg(path)));
        let make_loop = |path: &Path| {
            symlink("other", path).unwrap();
            symlink("config", path.with_file_name("other")).unwrap();
        };
        type Make<'a> = &'a dyn Fn(&Path);
        let cases: [(Make<'_>, &str); 4] = [
            (&|path| fs::create_dir(path).unwrap(), "it is a folder"),
            (&make_fifo, "it is not a regular file"),
            (
                &|path| symlink("/dev/zero", path).unwrap(),
                "it is not a regular file",
            ),
            (&make_loop, "its symbolic links form a loop"),
        ];
        for (make, why) in cases {
            make(&user.config());
            let before = fs::symlink_metadata(user.config()).unwrap().file_type();
            for args in [&["plan"][..], &["apply"], &["apply", "--restore"]] {
                let said = user.fedgit(args).exits(1);
                said.tells(&[why, "help: put a regular file in its place"]);
            }
            let after = fs::symlink_metadata(user.config()).unwrap().file_type();
            assert_eq!(after, before, "{why}");
            let _ = fs::remove_dir(user.config());
            fs::remove_dir_all(user.file(".aws")).unwrap();
            fs::create_dir(user.file(".aws")).unwrap();
        }
        // Nor is a file a folder.
        fs::remove_dir(user.file(".aws")).unwrap();
        fs::write(user.file(".aws"), "mine").unwrap();
        for args in [&["plan"][..], &["apply"]] {
            let said = user.fedgit(args).exits(1);
            said.tells(&[
                ".aws",
                "help: move the file away that stands where a folder should be",
            ]);
        }
        assert_eq!(fs::read(user.file(".aws")).unwrap(), b"mine");
    }

    #[test]
    fn a_dangling_link_gets_its_target() {
        let home = home();
        let user = User::new(&home, "dangling");
        symlink("../dotfiles/aws", user.config()).unwrap();
        user.fedgit(&["apply"]).exits(0);
        assert!(user.config().is_symlink());
        assert!(
            fs::read_to_string(user.file("dotfiles/aws"))
                .unwrap()
                .contains("[profile adfs]")
        );
        user.fedgit(&["apply", "--restore"]).exits(0);
        assert!(user.config().is_symlink() && !user.file("dotfiles/aws").exists());
        user.fedgit(&["apply", "--restore"]).exits(0);
        assert!(user.file("dotfiles/aws").exists());
        assert_eq!(names_in(&user.file("dotfiles")), ["aws"]);
    }

    #[test]
    fn what_is_read_only_stays_as_it_is() {
        let home = home();
        let user = User::new(&home, "read-only");
        fs::write(user.config(), "# mine\n").unwrap();
        user.fedgit(&["apply"]).exits(0);
        user.declare("adfs", "eu-west-1");
        let (file, folder) = (user.config(), user.file(".aws"));
        let cases = [
            (&file, 0o444, 0o600, "it is read-only"),
            (&folder, 0o555, 0o700, "the folder is read-only"),
        ];
        for (path, closed, open, why) in cases {
            set_mode(path, closed);
            let before = identity(&user.config());
            for args in [&["apply"][..], &["apply", "--restore"]] {
                let said = user.fedgit(args).exits(1);
                said.tells(&[".aws", why, "help:", "chmod u+w"]);
                assert_eq!(identity(&user.config()), before);
            }
            user.fedgit(&["plan"]).exits(3);
            set_mode(path, open);
            assert_eq!(user.litter(), [""; 0]);
        }
        user.fedgit(&["apply", "--restore"]).exits(0);
        assert_eq!(fs::read(user.config()).unwrap(), b"# mine\n");
    }
}
