//! Which profile a section header names. botocore and the AWS SDK for Rust disagree on odd
//! spellings; a collision must be seen in either reading.

use std::borrow::Cow;

use crate::format::shlex;

/// The profiles that a header means, without repeats. `name` is botocore's cut of the header,
/// `line` the whole line.
pub(super) fn profiles(name: &str, line: &str) -> Vec<String> {
    let botocore = botocore(name);
    let rust_sdk = rust_sdk(line).filter(|other| botocore.as_deref() != Some(*other));
    let mut names: Vec<String> = botocore.into_iter().map(Cow::into_owned).collect();
    names.extend(rust_sdk.map(str::to_owned));
    names
}

/// `build_profile_map` of `configloader.py`: the prefix test is `startswith`, so `[profiles x]` is
/// the profile `x` as well.
pub(super) fn botocore(name: &str) -> Option<Cow<'_, str>> {
    if name == "default" {
        return Some(Cow::Borrowed(name));
    }
    // Nearly every header: two words in which a shell finds nothing to do.
    if let Some(profile) = name.strip_prefix("profile ")
        && !profile.is_empty()
        && !profile.contains(shlex::ACTS)
    {
        return Some(Cow::Borrowed(profile));
    }
    if !name.starts_with("profile") {
        return None;
    }
    match shlex::split(name)?.as_mut_slice() {
        [_, profile] => Some(Cow::Owned(std::mem::take(profile))),
        _ => None,
    }
}

/// `env_config/{parse,normalize}.rs` of aws-runtime: comments end a header line, blanks around the
/// name do not matter, quotes are not understood.
fn rust_sdk(line: &str) -> Option<&str> {
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
        return Some(name);
    }
    let (prefix, profile) = name.split_once(BLANK)?;
    let profile = profile.trim();
    let identifier = |c: char| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c);
    (prefix == "profile" && profile.chars().all(identifier)).then_some(profile)
}
