//! Further keys of profiles, as `fedgit.toml` writes them and as `~/.aws/config` shall have them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{MARKER, SESSION_MARKER};

/// Further keys of a profile, as they shall stand in `~/.aws/config`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct AwsKeys(pub BTreeMap<String, AwsValue>);

/// Keys that say where a profile's credentials come from, which is fedgit's to say. Those that
/// start with `sso_` are more of them.
pub const SOURCES: &[&str] = &[
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "credential_process",
    "credential_source",
    "duration_seconds",
    "external_id",
    "login_session",
    "mfa_serial",
    "role_arn",
    "role_session_name",
    "source_profile",
    "web_identity_token_file",
];

/// A value of `~/.aws/config`: text, a number, true or false, or a table of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AwsValue {
    /// As it shall stand there.
    Text(String),
    /// A nested block.
    Nested(BTreeMap<String, AwsText>),
}

/// A value of a nested block of `~/.aws/config`: text, a number, true or false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsText(pub String);

impl<'de> Deserialize<'de> for AwsValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrTable;
        impl<'de> serde::de::Visitor<'de> for TextOrTable {
            type Value = AwsValue;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("text, a number, true or false, or a table of these")
            }
            fn visit_str<E>(self, text: &str) -> Result<AwsValue, E> {
                Ok(AwsValue::Text(text.to_owned()))
            }
            fn visit_bool<E>(self, value: bool) -> Result<AwsValue, E> {
                Ok(AwsValue::Text(value.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<AwsValue, E> {
                Ok(AwsValue::Text(number.to_string()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<AwsValue, E> {
                Ok(AwsValue::Text(number.to_string()))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<AwsValue, A::Error> {
                let table = serde::de::value::MapAccessDeserializer::new(map);
                Deserialize::deserialize(table).map(AwsValue::Nested)
            }
        }
        deserializer.deserialize_any(TextOrTable)
    }
}

impl<'de> Deserialize<'de> for AwsText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = AwsText;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("text, a number, true or false")
            }
            fn visit_str<E>(self, text: &str) -> Result<AwsText, E> {
                Ok(AwsText(text.to_owned()))
            }
            fn visit_bool<E>(self, value: bool) -> Result<AwsText, E> {
                Ok(AwsText(value.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<AwsText, E> {
                Ok(AwsText(number.to_string()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<AwsText, E> {
                Ok(AwsText(number.to_string()))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

impl JsonSchema for AwsKeys {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AwsKeys".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let value = generator.subschema_for::<AwsValue>();
        let own = ["region", MARKER, SESSION_MARKER];
        let taken: Vec<&str> = SOURCES.iter().copied().chain(own).collect();
        schemars::json_schema!({
            "type": "object",
            "propertyNames": {
                "pattern": "^[a-z0-9_-]+$",
                "not": { "anyOf": [{ "enum": taken }, { "pattern": "^sso_" }] }
            },
            "additionalProperties": value,
            "examples": [{ "output": "json", "s3": { "addressing_style": "path" } }]
        })
    }
}

impl JsonSchema for AwsValue {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AwsValue".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let text = generator.subschema_for::<AwsText>();
        schemars::json_schema!({
            "anyOf": [
                text,
                {
                    "type": "object",
                    "propertyNames": { "pattern": "^[a-z0-9_-]+$" },
                    "additionalProperties": text,
                    "minProperties": 1
                }
            ]
        })
    }
}

impl JsonSchema for AwsText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AwsText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "anyOf": [
                { "type": "string", "pattern": r"^([^\] ]([^\]]*[^\] ])?)?$" },
                { "type": "integer" },
                { "type": "boolean" }
            ]
        })
    }
}
