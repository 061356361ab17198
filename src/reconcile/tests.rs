#![expect(clippy::disallowed_methods, reason = "the cases are folders of files")]

mod cases;
mod laws;

use std::collections::BTreeSet;

use super::*;
use crate::format::ini::Subject;
use crate::model::{AwsValue, MARKER};

const JANE: &str = "/home/jane/fedgit.toml";

fn wanted(name: &str, keys: &[(&str, &str)], owner: &str) -> Wanted {
    let text = |value: &str| AwsValue::Text(value.parse().unwrap());
    let keys = keys.iter().map(|(k, v)| (k.parse().unwrap(), text(v)));
    Wanted::profile(&name.parse().unwrap(), keys.collect(), Owner::named(owner)).unwrap()
}

fn adfs() -> Wanted {
    wanted(
        "adfs",
        &[
            ("region", "us-east-1"),
            ("credential_process", "/bin/fedgit x"),
        ],
        JANE,
    )
}

/// The plan where the given owners take part, with everything in the way taken over or nothing.
fn plan(
    wanted: &[Wanted],
    here: &[Owner],
    before: Option<&[u8]>,
    adopt: bool,
) -> Result<Plan, PlanError> {
    let terms = Terms {
        here: here.iter().cloned().collect(),
        adopt: if adopt {
            Adopt::Everything
        } else {
            Adopt::Nothing
        },
        ..Terms::default()
    };
    super::plan(wanted, &Found::read(before)?, &terms)
}

/// The file after `wanted` of the given owners was applied; panics where it cannot be.
fn applied(wanted: &[Wanted], owners: &[&str], before: Option<&[u8]>) -> Option<Vec<u8>> {
    let owners: Vec<_> = owners.iter().map(|owner| Owner::named(*owner)).collect();
    let plan = plan(wanted, &owners, before, false).unwrap_or_else(|error| panic!("{error}"));
    plan.after().map(<[u8]>::to_vec)
}

fn text(bytes: Option<Vec<u8>>) -> String {
    String::from_utf8(bytes.unwrap()).unwrap()
}

#[test]
fn a_copy_of_our_section_under_another_name_is_the_users() {
    let before = text(applied(&[adfs()], &[], None));
    let copied = format!("{before}{}", before.replace("adfs", "mine"));
    let error = plan(
        &[adfs()],
        &[Owner::named(JANE)],
        Some(copied.as_bytes()),
        false,
    )
    .unwrap_err();
    let PlanError::Conflicts(conflicts) = error else {
        panic!("{error}")
    };
    assert!(
        matches!(&conflicts[..], [Conflict::EditedByHand { subject, .. }] if subject.name() == "mine")
    );
}

#[test]
fn an_edit_that_fedgit_toml_follows_is_no_conflict() {
    let edited = text(applied(&[adfs()], &[], None)).replace("us-east-1", "eu-west-1");
    let now = wanted(
        "adfs",
        &[
            ("region", "eu-west-1"),
            ("credential_process", "/bin/fedgit x"),
        ],
        JANE,
    );
    let plan = plan(
        std::slice::from_ref(&now),
        &[],
        Some(edited.as_bytes()),
        false,
    )
    .unwrap();
    assert_eq!(plan.changes[0].action, Action::Change);
    assert_eq!(plan.changes[0].keys[0].key, MARKER);
    assert_eq!(plan.after(), applied(&[now], &[], None).as_deref());
}

#[test]
fn what_is_indented_under_our_marker_is_an_edit() {
    let before = text(applied(&[adfs()], &[], None)) + "  [profile b]\n";
    let error = plan(&[], &[Owner::named(JANE)], Some(before.as_bytes()), false).unwrap_err();
    assert!(matches!(error, PlanError::Conflicts(_)), "{error}");
}

#[test]
fn an_edit_that_would_change_other_sections_is_refused() {
    // Another tool indented what follows our header; without our keys, `[profile b]` would continue `k`.
    let ours = text(applied(&[adfs()], &[], Some(b"[profile a]\nk = v\n")));
    let (head, keys) = ours.split_at(ours.find("region").unwrap());
    let keys = indented(keys);
    let before = format!("{head}{keys}  [profile b]\n  k = w\n");
    let run = |wanted: &[Wanted]| {
        plan(
            wanted,
            &[Owner::named(JANE)],
            Some(before.as_bytes()),
            false,
        )
    };
    assert!(run(&[adfs()]).unwrap().is_empty());
    let error = run(&[]).unwrap_err();
    assert!(
        matches!(&error, PlanError::Disturbs { section, .. } if section == "profile a"),
        "{error}"
    );
}

/// The same lines, each a little further to the right.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

#[test]
fn a_section_that_another_tool_indented_is_put_straight_when_it_changes() {
    let ours = text(applied(&[adfs()], &[], None));
    let (header, keys) = ours.split_once('\n').unwrap();
    let keys_now = [
        ("region", "eu-west-1"),
        ("credential_process", "/bin/fedgit x"),
        ("output", "json"),
    ];
    let now = wanted("adfs", &keys_now, JANE);
    let expected = text(applied(std::slice::from_ref(&now), &[], None));
    for before in [
        format!("{header}\n{}", indented(keys)),
        indented(&ours),
        format!("  {header}\n{keys}"),
    ] {
        let after = applied(std::slice::from_ref(&now), &[], Some(before.as_bytes()));
        assert_eq!(text(after), expected, "{before}");
    }
}

#[test]
fn a_section_without_its_newline_is_taken_over() {
    let plan = plan(&[adfs()], &[], Some(b"[profile adfs]"), true).unwrap();
    let after = text(plan.after().map(<[u8]>::to_vec));
    assert!(
        after.starts_with("[profile adfs]\nregion = us-east-1\n"),
        "{after}"
    );
}

#[test]
fn a_debt_is_handed_to_a_section_in_its_own_layout() {
    let both = [adfs(), wanted("b", &[("region", "r")], "/other")];
    let before = text(applied(&both, &[], None));
    let (first, second) = before.split_at(before.find("\n[profile b]").unwrap() + 1);
    let before = format!(
        "{first}{}",
        indented(second).replace("  [profile b]", "[profile b]")
    );
    let after = text(applied(&[], &[JANE], Some(before.as_bytes())));
    assert!(after.contains("\n  fedgit_managed = "), "{after}");
    assert!(after.ends_with("/other created blank\n"), "{after}");
    assert_eq!(applied(&[], &["/other"], Some(after.as_bytes())), None);
}

#[test]
fn an_edit_that_would_make_the_file_unreadable_is_refused() {
    let ours = text(applied(&[adfs()], &[], Some(b"[profile a]\ns3 =\n")));
    let (head, keys) = ours.split_at(ours.find("region").unwrap());
    let keys = indented(keys);
    let before = format!("{head}{keys}  [profile b]\n");
    let error = plan(&[], &[Owner::named(JANE)], Some(before.as_bytes()), false).unwrap_err();
    assert!(
        matches!(&error, PlanError::Disturbs { line: 4, .. }),
        "{error}"
    );
}

#[test]
fn taking_over_refuses_to_swallow_what_follows() {
    let before = b"  [profile adfs]\n  region = x\n  [profile b]\n  region = y\n";
    let error = plan(&[adfs()], &[], Some(before), true).unwrap_err();
    assert!(
        matches!(&error, PlanError::Disturbs { section, .. } if section == "profile b"),
        "{error}"
    );
    assert!(!error.hint().is_empty());
}

#[test]
fn every_other_spelling_goes_when_one_is_taken_over() {
    let before =
        b"[profile \"adfs\"]\nregion = a\n# kept\n\n[profile b]\n[profile adfs]\nrole_arn = r\n";
    let plan = plan(&[adfs()], &[], Some(before), true).unwrap();
    assert_eq!(plan.count(Action::Adopt), 1);
    let after = text(plan.after().map(<[u8]>::to_vec));
    assert!(
        after.starts_with("# kept\n\n[profile b]\n[profile adfs]\nregion = us-east-1\n"),
        "{after}"
    );
    assert!(!after.contains("role_arn") && !after.contains('"'));
}

#[test]
fn default_is_found_in_both_spellings() {
    let default = wanted("default", &[("region", "us-east-1")], JANE);
    assert!(text(applied(std::slice::from_ref(&default), &[], None)).starts_with("[default]\n"));
    for header in ["[default]", "[profile default]", "[ default ]"] {
        let before = format!("{header}\nregion = x\n");
        let error = plan(
            std::slice::from_ref(&default),
            &[],
            Some(before.as_bytes()),
            false,
        );
        assert!(matches!(error, Err(PlanError::Conflicts(_))), "{header}");
        let after = plan(
            std::slice::from_ref(&default),
            &[],
            Some(before.as_bytes()),
            true,
        )
        .unwrap();
        assert!(
            after
                .after()
                .unwrap()
                .starts_with(b"[default]\nregion = us-east-1\n")
        );
    }
}

#[test]
fn a_moved_section_owes_nothing_to_its_new_neighbours() {
    // Our section, put there after a last line without its newline, moved to the top by another tool.
    let ours = text(applied(&[adfs()], &[], Some(b"[profile a]\nk = v")));
    let (head, section) = ours.split_at(ours.find("\n\n[profile adfs]").unwrap() + 2);
    let moved = format!("[profile z]\nk = v2\n\n{section}{head}");
    assert_eq!(
        text(applied(&[], &[JANE], Some(moved.as_bytes()))),
        format!("[profile z]\nk = v2\n{head}")
    );
    let moved = format!("{head}[profile z]\nk = v2\n\n{section}");
    assert_eq!(
        text(applied(&[], &[JANE], Some(moved.as_bytes()))),
        format!("{head}[profile z]\nk = v2\n")
    );
}

#[test]
fn secrets_of_a_profile_to_be_taken_over_are_not_shown() {
    let before = b"[profile adfs]\naws_access_key_id = AKIA\naws_secret_access_key = MARKER\naws_session_token = MARKER\n";
    let plan = plan(&[adfs()], &[], Some(before), true).unwrap();
    let shown = format!("{plan} {}", serde_json::to_string(&plan).unwrap());
    assert!(
        shown.contains("aws_secret_access_key") && !shown.contains("MARKER"),
        "{shown}"
    );
}

#[test]
fn what_stands_in_the_file_does_not_reach_the_terminal_raw() {
    let before = b"[profile adfs]\nregion = a\x1b[2J\x07\n  b\n";
    let plan = plan(&[adfs()], &[], Some(before), true).unwrap();
    assert!(!plan.to_string().contains('\x1b'), "{plan}");
    assert!(plan.to_string().contains("\\nb"), "{plan}");
}

#[test]
fn the_json_shape_is_stable() {
    let before = text(applied(
        &[adfs(), wanted("old", &[("region", "r")], JANE)],
        &[],
        None,
    ));
    let before = format!("[DEFAULT]\noutput = json\n{before}");
    let now = [adfs(), wanted("new", &[("region", "us-east-1")], JANE)];
    let plan = plan(&now, &[Owner::named(JANE)], Some(before.as_bytes()), false).unwrap();
    let expected = serde_json::json!({
        "add": [{
            "profile": "new", "owner": JANE,
            "keys": [{"key": "region", "before": null, "after": "us-east-1"}],
        }],
        "change": [],
        "remove": [{
            "profile": "old", "owner": JANE,
            "keys": [{"key": "region", "before": "r", "after": null}],
        }],
        "adopt": [],
        "kept": 1,
        "warnings": [{"kind": "default_leaks", "line": 1, "keys": ["output"]}],
    });
    assert_eq!(serde_json::to_value(&plan).unwrap(), expected);
    assert!(plan.warnings[0].to_string().contains("output"));
}

#[test]
fn what_the_user_imported_is_taken_over_as_it_was_then() {
    let before = b"[profile adfs]\nregion = x\n[profile b]\nk = v\n";
    let found = Found::read(Some(before)).unwrap();
    let imported = BTreeSet::from(["profile adfs".to_owned()]);
    let terms = Terms {
        adopt: Adopt::These(
            found
                .fingerprints(&imported)
                .iter()
                .map(|print| consent_for(print, &Owner::named(JANE)))
                .collect(),
        ),
        ..Terms::default()
    };
    let plan = super::plan(&[adfs()], &found, &terms).unwrap();
    assert_eq!(plan.count(Action::Adopt), 1);
    let changed = b"[profile adfs]\nregion = y\n";
    let found = Found::read(Some(changed)).unwrap();
    let error = super::plan(&[adfs()], &found, &terms).unwrap_err();
    assert!(matches!(error, PlanError::Conflicts(_)), "{error}");
}

#[test]
fn nothing_is_wanted_twice() {
    let error = plan(&[adfs(), adfs()], &[], None, false).unwrap_err();
    assert_eq!(
        error,
        PlanError::WantedTwice(Subject::Profile("adfs".to_owned()))
    );
}

#[test]
fn a_huge_file_is_planned_in_linear_time() {
    let region = [("region", "us-east-1")];
    let all: Vec<_> = (0..20_000)
        .map(|n| wanted(&format!("p{n}"), &region, JANE))
        .collect();
    let full = applied(&all, &[], Some(b"# mine"));
    assert!(plan(&all, &[], full.as_deref(), false).unwrap().is_empty());
    assert_eq!(applied(&[], &[JANE], full.as_deref()).unwrap(), b"# mine");
}

/// botocore compares what a profile and its sso-session have in common, by every key of any name.
#[test]
fn an_sso_session_has_a_mark_of_its_own_name() {
    let keys = [("sso_region", "eu-west-1"), ("sso_start_url", "https://x/")];
    let text = |value: &str| AwsValue::Text(value.parse().unwrap());
    let keys = keys.map(|(key, value)| (key.parse().unwrap(), text(value)));
    let name = "cloud".parse().unwrap();
    let session = Wanted::sso_session(&name, keys.to_vec(), Owner::named(JANE)).unwrap();
    let wanted = [session];
    let written = self::text(applied(&wanted, &[JANE], None));
    assert!(written.contains("\nfedgit_managed_session = "), "{written}");
    assert!(!written.contains("fedgit_managed ="), "{written}");
    let again = applied(&wanted, &[JANE], Some(written.as_bytes()));
    assert_eq!(self::text(again), written);

    // One from before is known again and made good, and removed as it was.
    let before = written.replace("fedgit_managed_session", "fedgit_managed");
    let after = applied(&wanted, &[JANE], Some(before.as_bytes()));
    assert_eq!(self::text(after), written);
    assert_eq!(applied(&[], &[JANE], Some(before.as_bytes())), None);
}
