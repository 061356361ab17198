//! What holds for any file: nothing of the user's is ever lost, and everything of ours goes.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::model::AwsKey;

const OWNERS: [&str; 3] = ["/a/fedgit.toml", "/b b/fedgit.toml", ""];

#[test]
fn every_file_of_the_corpus_survives_a_profile_that_comes_and_goes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/aws-config-corpus");
    let (mut survived, mut refused) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_none_or(|extension| extension != "config")
        {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let name = path.display();
        match plan(&[adfs()], &[], Some(&bytes), false) {
            Ok(plan) => {
                let with = plan.after().unwrap();
                assert!(
                    with.len() > bytes.len() && with.starts_with(&bytes),
                    "{name}"
                );
                assert_eq!(
                    applied(&[], &[JANE], Some(with)).as_ref(),
                    Some(&bytes),
                    "{name}"
                );
                survived += 1;
            }
            Err(PlanError::Unreadable(error)) => {
                assert!(error.line > 0 && !error.hint.is_empty(), "{name}");
                refused += 1;
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
    assert_eq!((survived, refused), (98, 17));
}

#[test]
fn endings_of_every_kind_come_back() {
    for before in [
        "",
        "\n",
        "\r",
        "\r\n",
        "# c",
        "   ",
        "\n\n\n",
        "[a]\r",
        "[a]\r\n",
        "[a]\nk = v\r",
        "[a]\rk = v\n",
        "[a]\r\nk = v",
        "[a]\rk = v",
        "[a]\ns3 =\n  a = 1",
        "[a]\ns3 =\n  a = 1\n  ",
        "[a]\nk = v\n\n  more\n\n",
        "[a]\n  k = v\n",
        "  [a]\n  k = v",
        "# c\n\n\t\n# d\r\r\n",
    ] {
        let with = applied(&[adfs()], &[], Some(before.as_bytes()));
        let again = applied(&[], &[JANE], with.as_deref());
        assert_eq!(again.as_deref(), Some(before.as_bytes()), "{before:?}");
        // New lines end as the file's last line does.
        let added = text(with.clone())[before.len()..].to_owned();
        if let Some(ending) = ["\r\n", "\n", "\r"]
            .into_iter()
            .find(|e| before.ends_with(e))
        {
            assert_eq!(
                added.replace(ending, "").find(['\r', '\n']),
                None,
                "{before:?} {added:?}"
            );
        }
    }
    assert_eq!(
        applied(&[], &[JANE], applied(&[adfs()], &[], None).as_deref()),
        None
    );
}

/// One run of fedgit: an owner, and which of its profiles it wants with which keys.
#[derive(Debug, Clone)]
struct Run {
    owner: usize,
    profiles: Vec<(u8, Vec<(u8, AwsValue)>)>,
}

impl Run {
    fn wanted(&self) -> Vec<Wanted> {
        let mut seen = Vec::new();
        let fresh = self.profiles.iter().filter(|(name, _)| {
            let fresh = !seen.contains(name);
            seen.push(*name);
            fresh
        });
        fresh
            .map(|(name, keys)| {
                let keys: BTreeMap<AwsKey, AwsValue> = keys
                    .iter()
                    .map(|(k, v)| (format!("k{k}").parse().unwrap(), v.clone()))
                    .collect();
                // Names sort differently among owners, so their sections mix.
                let name = format!("p{name}-{}", self.owner);
                let owner = Owner::named(OWNERS[self.owner]);
                let keys = keys.into_iter().collect();
                // Sections of both sorts.
                match name.starts_with("p0") {
                    true => Wanted::sso_session(&name.parse().unwrap(), keys, owner).unwrap(),
                    false => Wanted::profile(&name.parse().unwrap(), keys, owner).unwrap(),
                }
            })
            .collect()
    }

    fn apply(&self, before: Option<&[u8]>) -> Option<Vec<u8>> {
        let after = applied(&self.wanted(), &[OWNERS[self.owner]], before);
        let again = plan(
            &self.wanted(),
            &[Owner::named(OWNERS[self.owner])],
            after.as_deref(),
            false,
        );
        let again = again.unwrap();
        assert!(again.is_empty(), "{again}");
        assert_eq!(again.after(), after.as_deref());
        after
    }
}

fn run() -> impl Strategy<Value = Run> {
    let text = || "[a-z0-9/.\"]{1,6}".prop_map(|text| text.parse().unwrap());
    let nested = prop::collection::btree_map(0..3_u8, text(), 1..3).prop_map(|keys| {
        let key = |n: u8| format!("n{n}").parse().unwrap();
        AwsValue::Nested(keys.into_iter().map(|(n, value)| (key(n), value)).collect())
    });
    let value = prop_oneof![3 => text().prop_map(AwsValue::Text), 1 => nested];
    let keys = prop::collection::vec((0..3_u8, value), 0..3);
    let profiles = prop::collection::vec((0..4_u8, keys), 0..4);
    (0..OWNERS.len(), profiles).prop_map(|(owner, profiles)| Run { owner, profiles })
}

fn ending() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["\n", "\n", "\r\n", "\r"])
}

/// Lines as people write them, good and odd; what does not parse is skipped by the laws.
fn file() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        (0..9_u8).prop_map(|n| format!("[profile u{n}]")),
        (0..9_u8).prop_map(|n| format!("  [u{n}] # [c]")),
        (0..99_u8).prop_map(|n| format!("u{n} = v")),
        (0..99_u8).prop_map(|n| format!("u{n}:")),
        (0..99_u8).prop_map(|n| format!("  u{n} = v")),
        Just("# comment".to_owned()),
        Just("   ; comment".to_owned()),
        Just(String::new()),
        Just(" \t".to_owned()),
        Just("\u{a0}\u{c}".to_owned()),
    ];
    let lines = prop::collection::vec((line, ending()), 0..12);
    (prop::bool::ANY, lines, prop::bool::ANY).prop_map(|(headed, lines, ended)| {
        let mut text = if headed {
            "[default]\n".to_owned()
        } else {
            String::new()
        };
        let count = lines.len();
        for (i, (line, ending)) in lines.into_iter().enumerate() {
            text.push_str(&line);
            if ended || i + 1 < count {
                text.push_str(ending);
            }
        }
        text
    })
}

fn parses(text: &str) -> bool {
    crate::format::ini::Document::parse(text.as_bytes()).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_and_goes_the_users_bytes_come_back(
        file in prop::option::weighted(0.9, file()),
        runs in prop::collection::vec(run(), 1..8),
        order in Just(vec![0, 1, 2]).prop_shuffle(),
    ) {
        prop_assume!(file.as_deref().is_none_or(parses));
        let original = file.map(String::into_bytes);
        let mut state = original.clone();
        for run in &runs {
            state = run.apply(state.as_deref());
        }
        for owner in order {
            state = Run { owner, profiles: Vec::new() }.apply(state.as_deref());
        }
        prop_assert_eq!(state, original);
    }

    #[test]
    fn what_the_user_adds_meanwhile_stays(
        file in file(),
        added in file(),
        runs in prop::collection::vec(run(), 1..5),
        more in prop::collection::vec(run(), 0..3),
    ) {
        let added = format!("# added\n[profile added]\n{}", added.replace("u", "w").replace("[default]", ""));
        prop_assume!(parses(&file) && parses(&format!("{file}\n{added}")));
        let mut state = Some(file.clone().into_bytes());
        for run in &runs {
            state = run.apply(state.as_deref());
        }
        let with_ours = state.as_ref().unwrap().len() > file.len();
        let mut bytes = state.unwrap();
        if !with_ours && !file.is_empty() && !file.ends_with(['\n', '\r']) {
            bytes.push(b'\n');
        }
        // A lone \r and the user's \n would be one line ending.
        bytes.extend_from_slice(added.as_bytes());
        state = Some(bytes);
        for run in &more {
            state = run.apply(state.as_deref());
        }
        for owner in 0..OWNERS.len() {
            state = Run { owner, profiles: Vec::new() }.apply(state.as_deref());
        }
        let left = text(state);
        let between = left.strip_prefix(file.as_str()).and_then(|left| left.strip_suffix(added.as_str()));
        prop_assert!(matches!(between, Some("" | "\n" | "\r\n" | "\r")), "{:?}", left);
    }
}
