//! Which profile a section header names. botocore and the AWS SDK for Rust disagree on odd
//! spellings; a collision must be seen in either reading.

use crate::format::shlex;

/// The profiles that a header means, without repeats. `name` is botocore's cut of the header,
/// `line` the whole line.
pub(super) fn profiles(name: &str, line: &str) -> Vec<String> {
    let mut names: Vec<String> = botocore(name).into_iter().collect();
    names.extend(rust_sdk(line).filter(|other| !names.contains(other)));
    names
}

/// `build_profile_map` of `configloader.py`: the prefix test is `startswith`, so `[profiles x]` is
/// the profile `x` as well.
pub(super) fn botocore(name: &str) -> Option<String> {
    if name == "default" {
        return Some(name.to_owned());
    }
    if !name.starts_with("profile") {
        return None;
    }
    match shlex::split(name)?.as_mut_slice() {
        [_, profile] => Some(std::mem::take(profile)),
        _ => None,
    }
}

/// `env_config/{parse,normalize}.rs` of aws-runtime: comments end a header line, blanks around the
/// name do not matter, quotes are not understood.
fn rust_sdk(line: &str) -> Option<String> {
    const BLANK: &[char] = &[' ', '\t'];
    if !line.starts_with('[') {
        return None;
    }
    let header = line.split(['#', ';']).next()?.trim_matches(BLANK);
    let name = header
        .strip_prefix('[')?
        .strip_suffix(']')?
        .trim_matches(BLANK);
    if name == "default" {
        return Some(name.to_owned());
    }
    let (prefix, profile) = name.split_once(BLANK)?;
    let profile = profile.trim();
    let identifier = |c: char| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c);
    (prefix == "profile" && profile.chars().all(identifier)).then(|| profile.to_owned())
}
