//! Keys and values of `~/.aws/config`, in the subset that botocore, the AWS CLI and the AWS SDK for
//! Rust read alike. A name from a matrix or a value from a project's file can therefore never break
//! out of its line, nor be cut short by one SDK and not by another.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::name::BadName;

/// A key: `a-z 0-9 _ -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AwsKey(Cow<'static, str>);

/// A value on one line; may be empty, as in `cli_pager =`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AwsText(String);

/// The key by which fedgit knows its own profiles again. Every SDK passes over keys that it does not know.
pub const MARKER: &str = "fedgit_managed";

/// That of an sso-session: botocore refuses a profile that has a key of its sso-session's with another
/// value, whether it knows the key or not.
pub const SESSION_MARKER: &str = "fedgit_managed_session";

/// Keys, `s3.KEY` for nested ones, whose values are no secrets, name no host and run no program: fit
/// to be shown, and to be set by somebody who is not trusted.
pub const HARMLESS: &[&str] = &[
    "cli_timestamp_format",
    "defaults_mode",
    "max_attempts",
    "output",
    "parameter_validation",
    "retry_mode",
    "s3.addressing_style",
    "s3.max_bandwidth",
    "s3.max_concurrent_requests",
    "s3.max_queue_size",
    "s3.multipart_chunksize",
    "s3.multipart_threshold",
    "s3.use_accelerate_endpoint",
    "sts_regional_endpoints",
    "tcp_keepalive",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
];

/// What a key of a section holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AwsValue {
    /// `key = value`
    Text(AwsText),
    /// The one level of nesting that the SDKs know: `s3 =` with indented keys below.
    Nested(BTreeMap<AwsKey, AwsText>),
}

impl AwsKey {
    /// A key that is part of this program.
    #[must_use]
    pub const fn known(key: &'static str) -> Self {
        Self(Cow::Borrowed(key))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AwsKey {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if text.is_empty() || !text.chars().all(plain) {
            return Err(BadName {
                what: "a key of ~/.aws/config",
                text: text.to_owned(),
                why: "keys are made of a-z 0-9 _ -".to_owned(),
            });
        }
        Ok(Self(Cow::Owned(text.to_owned())))
    }
}

impl fmt::Display for AwsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AwsText {
    /// The value as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AwsText {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        match every_sdk_reads(text) {
            Ok(()) => Ok(Self(text.to_owned())),
            Err(why) => Err(BadName {
                what: "a value that every AWS SDK reads",
                text: text.to_owned(),
                why,
            }),
        }
    }
}

impl AwsValue {
    /// The value as the SDKs read it back: a nested block is one text, each of its lines after a
    /// newline.
    #[must_use]
    pub fn as_read(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.as_str()),
            Self::Nested(keys) => keys
                .iter()
                .flat_map(|(key, value)| ["\n", key.as_str(), " = ", value.as_str()])
                .collect::<String>()
                .into(),
        }
    }
}

fn every_sdk_reads(text: &str) -> Result<(), String> {
    if let Some(c) = text
        .chars()
        .find(|c| c.is_control() || ('\u{2028}'..='\u{2029}').contains(c))
    {
        return Err(format!("it holds the control character {c:?}"));
    }
    if text.trim() != text {
        return Err("it has a blank at its start or end".to_owned());
    }
    // No SDK takes it for a header here; simpler tools that edit this file do.
    if text.contains(']') {
        return Err("it holds a ]".to_owned());
    }
    // The AWS SDK for Rust cuts a value there, botocore does not.
    let mut after_blank = true;
    for c in text.chars() {
        if after_blank && (c == '#' || c == ';') {
            return Err(format!(
                "it has a {c} after a blank, where some SDKs see a comment"
            ));
        }
        after_blank = c.is_whitespace();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_its_line() {
        for good in ["us-east-1", "", r#""/a b/fedgit" x --profile "J#;ö""#] {
            assert_eq!(good.parse::<AwsText>().unwrap().as_str(), good);
        }
        for bad in [
            " a",
            "a ",
            "a\u{a0}",
            "a\nb",
            "a\r[profile evil]",
            "a\r\ncredential_process = evil",
            "a\u{b}b",
            "a\u{c}b",
            "a\u{1c}b",
            "a\u{85}b",
            "a\u{2028}b",
            "a\0b",
            "a\u{1b}[2Jb",
            "a]b",
            "a # b",
            "a\u{a0};b",
            "# a",
            ";",
        ] {
            assert!(bad.parse::<AwsText>().is_err(), "{bad:?}");
        }
        for bad in [
            "", "Region", "a b", "a=b", "a:b", "[x", "#x", " x", "x\n", "é",
        ] {
            assert!(bad.parse::<AwsKey>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_nested_value_reads_as_the_sdks_join_it() {
        let pair = |key: &str, value: &str| (key.parse().unwrap(), value.parse().unwrap());
        let nested = AwsValue::Nested([pair("b", "2"), pair("a", "1")].into());
        assert_eq!(nested.as_read(), "\na = 1\nb = 2");
    }
}
