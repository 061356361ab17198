//! What to choose where an identity provider offers a choice: one name, or one for each choice.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Error, SeqAccess, Visitor};

/// One name, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes(pub Vec<String>);

impl<'de> Deserialize<'de> for Wishes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Wishes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name, or a list of names")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Wishes, E> {
                Ok(Wishes(vec![text.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Wishes, A::Error> {
                let mut list = Vec::new();
                while let Some(wish) = seq.next_element()? {
                    list.push(wish);
                }
                Ok(Wishes(list))
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

impl JsonSchema for Wishes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Wishes".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "oneOf": [
                { "type": "string", "minLength": 1 },
                { "type": "array", "items": { "type": "string", "minLength": 1 }, "minItems": 1 }
            ],
            "examples": ["push", ["totp", "yes"]]
        })
    }
}
