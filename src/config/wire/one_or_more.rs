//! Keys that take one text, or a list of them.

use std::fmt::Formatter;
use std::ops::Deref;

use schemars::JsonSchema;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What to choose where an identity provider offers a choice: one name, or one for each choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes(pub Vec<String>);

impl<'de> Deserialize<'de> for Wishes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = OneOrMore("a name, or a list of names");
        deserializer.deserialize_any(visitor).map(Self)
    }
}

/// A program: alone, which may hold blanks, or with its first arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program(Vec<String>);

impl Deref for Program {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Program {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let visitor = OneOrMore("a program, or a list of it and its arguments");
        deserializer.deserialize_any(visitor).map(Self)
    }
}

/// With what it expects.
struct OneOrMore(&'static str);

impl<'de> Visitor<'de> for OneOrMore {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<String>, E> {
        Ok(vec![text.to_owned()])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<String>, A::Error> {
        let mut list = Vec::new();
        while let Some(text) = seq.next_element()? {
            list.push(text);
        }
        Ok(list)
    }
}

impl JsonSchema for Wishes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Wishes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        one_or_more(&serde_json::json!(["push", ["totp", "yes"]]))
    }
}

impl JsonSchema for Program {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Program".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        one_or_more(&serde_json::json!([
            "/usr/bin/chromium",
            ["chromium", "--incognito"]
        ]))
    }
}

fn one_or_more(examples: &serde_json::Value) -> schemars::Schema {
    schemars::json_schema!({
        "oneOf": [
            { "type": "string", "minLength": 1 },
            { "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1 }
        ],
        "examples": examples
    })
}
