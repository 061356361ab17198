//! Changing one key of a user's `fedgit.toml`: everything else of the text stays as it is.

use toml_edit::{Array, DocumentMut, Item, Key, Table, Value};

/// Why a key was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The file is not TOML.
    #[error("the file is not TOML: {0}")]
    NotToml(String),
    /// The key is not one that TOML can write.
    #[error("{key:?} is not a key: {why}")]
    BadKey {
        /// What was given.
        key: String,
        /// What is wrong with it.
        why: String,
    },
    /// On the way to the key stands something that is no table.
    #[error("{0:?} is not a table")]
    NotATable(String),
    /// The key to take out is not there.
    #[error("there is no key {0:?}")]
    NotThere(String),
}

/// `idp.corp.url`, or `role."a.b".arn`.
///
/// # Errors
/// [`EditError::BadKey`].
pub fn path(key: &str) -> Result<Vec<String>, EditError> {
    let bad = |why: String| EditError::BadKey {
        key: key.to_owned(),
        why,
    };
    let path = Key::parse(key).map_err(|e| bad(e.message().trim().to_owned()))?;
    match path.len() {
        2 | 3 => Ok(path.into_iter().map(|part| part.get().to_owned()).collect()),
        _ => Err(bad(
            "a key looks like idp.corp.url or defaults.region".to_owned()
        )),
    }
}

/// The text with the key set. A value that starts with `[` is a list, any other is text.
///
/// # Errors
/// [`EditError`].
pub fn set(text: &str, key: &str, value: &str) -> Result<String, EditError> {
    let (mut document, path) = (parse(text)?, path(key)?);
    let (last, tables) = path
        .split_last()
        .ok_or_else(|| EditError::NotThere(key.to_owned()))?;
    let mut table = document.as_table_mut();
    for (depth, step) in tables.iter().enumerate() {
        let missing = || {
            let mut table = Table::new();
            // `[idp.corp]` alone, without an `[idp]` before it.
            table.set_implicit(depth + 1 < tables.len());
            Item::Table(table)
        };
        table = table
            .entry(step)
            .or_insert_with(missing)
            .as_table_mut()
            .ok_or_else(|| EditError::NotATable(step.clone()))?;
    }
    let mut new = typed(value);
    // The comment behind the old value stays.
    if let Some(old) = table.get(last).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    match table.get_mut(last) {
        Some(item) => *item = Item::Value(new),
        None => {
            table.insert(last, Item::Value(new));
        }
    }
    Ok(document.to_string())
}

/// The text without the key.
///
/// # Errors
/// [`EditError`].
pub fn unset(text: &str, key: &str) -> Result<String, EditError> {
    let (mut document, path) = (parse(text)?, path(key)?);
    let not_there = || EditError::NotThere(key.to_owned());
    let (last, tables) = path.split_last().ok_or_else(not_there)?;
    let mut table = document.as_table_mut();
    for step in tables {
        table = table
            .get_mut(step)
            .and_then(Item::as_table_mut)
            .ok_or_else(not_there)?;
    }
    table.remove(last).ok_or_else(not_there)?;
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, EditError> {
    text.parse()
        .map_err(|e: toml_edit::TomlError| EditError::NotToml(e.message().to_owned()))
}

fn typed(value: &str) -> Value {
    if value.trim_start().starts_with('[')
        && let Ok(Value::Array(array)) = value.parse::<Value>()
    {
        return Value::Array(array.into_iter().collect::<Array>());
    }
    Value::from(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# mine\n[idp.corp]   # work\nkind = 'adfs'\nurl = \"https://old\"  # the page\n";

    #[test]
    fn a_changed_key_keeps_everything_around_it() {
        let text = set(TEXT, "idp.corp.url", "https://new").unwrap();
        assert_eq!(text, TEXT.replace("https://old", "https://new"));
    }

    #[test]
    fn new_keys_and_tables() {
        let text = set(TEXT, "idp.corp.username", "jane").unwrap();
        assert_eq!(text, format!("{TEXT}username = \"jane\"\n"));
        let text = set(TEXT, "role.dev.regions", "[\"a\", \"b\"]").unwrap();
        assert_eq!(
            text,
            format!("{TEXT}\n[role.dev]\nregions = [\"a\", \"b\"]\n")
        );
        let text = set("", "account.prod.id", "012345678901").unwrap();
        assert_eq!(text, "[account.prod]\nid = \"012345678901\"\n");
    }

    #[test]
    fn a_key_goes_and_comes_back() {
        let text = set(TEXT, "idp.corp.username", "jane").unwrap();
        assert_eq!(unset(&text, "idp.corp.username").unwrap(), TEXT);
        assert_eq!(
            unset(TEXT, "idp.corp.x"),
            Err(EditError::NotThere("idp.corp.x".into()))
        );
    }

    #[test]
    fn what_is_no_key() {
        for bad in ["", "url", "a.b.c.d", "a..b", "a b.c"] {
            assert!(path(bad).is_err(), "{bad:?}");
        }
        assert_eq!(path("role.\"a.b\".arn").unwrap(), ["role", "a.b", "arn"]);
        assert!(set("idp = 3", "idp.corp.url", "x").is_err());
        assert!(matches!(
            set("[x", "idp.corp.url", "x"),
            Err(EditError::NotToml(_))
        ));
    }
}
