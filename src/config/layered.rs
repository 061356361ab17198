//! A value as the layers give it together: later ones win, tables key by key. Nothing is copied
//! before two layers have a say in the same table, which is rare: a declaration may hold a hundred
//! thousand tables.

use std::borrow::Cow;
use std::collections::BTreeSet;

use figment::value::{Dict, Value};

use super::layer::Layer;

/// Either one value that is no table, or tables that add up, lowest layer first. Never empty.
#[derive(Debug, Clone)]
pub(super) struct Layered<'a>(Vec<(usize, &'a Value)>);

impl<'a> Layered<'a> {
    /// What stands at a path.
    pub(super) fn find<S: AsRef<str>>(layers: &'a [Layer], path: &[S]) -> Option<Self> {
        let (first, rest) = path.split_first()?;
        let tables = layers.iter().map(|layer| &layer.values).enumerate();
        let found = Self::at_key(tables, first.as_ref())?;
        rest.iter()
            .try_fold(found, |found, key| found.get(key.as_ref()))
    }

    /// What stands at a key of this table.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        Self::at_key(self.tables(), key)
    }

    /// The keys of this table, sorted.
    pub(super) fn keys(&self) -> Vec<&'a str> {
        sorted(self.tables().map(|(_, table)| table))
    }

    /// Whether it is a table.
    pub(super) fn is_table(&self) -> bool {
        self.tables().next().is_some()
    }

    /// The value, where it is no table.
    pub(super) fn leaf(&self) -> Option<&'a Value> {
        let (_, value) = self.0.first()?;
        value.as_dict().is_none().then_some(*value)
    }

    /// The layer that it came from; for a table, the last that adds to it.
    pub(super) fn layer(&self) -> Option<usize> {
        self.0.last().map(|(layer, _)| *layer)
    }

    /// The value, put together where it must be.
    pub(super) fn value(&self) -> Cow<'a, Value> {
        if let [(_, value)] = self.0.as_slice() {
            return Cow::Borrowed(value);
        }
        let inner = |key: &'a str| Some((key.to_owned(), self.get(key)?.value().into_owned()));
        Cow::Owned(Value::from(
            self.keys().into_iter().filter_map(inner).collect::<Dict>(),
        ))
    }

    fn tables(&self) -> impl Iterator<Item = (usize, &'a Dict)> {
        let tables = self.0.iter();
        tables.filter_map(|(layer, value)| Some((*layer, value.as_dict()?)))
    }

    fn at_key(tables: impl Iterator<Item = (usize, &'a Dict)>, key: &str) -> Option<Self> {
        let mut found: Vec<(usize, &Value)> = Vec::new();
        for (layer, table) in tables {
            let Some(value) = table.get(key) else {
                continue;
            };
            let both_tables = |(_, below): &(usize, &Value)| {
                below.as_dict().is_some() && value.as_dict().is_some()
            };
            if !found.first().is_some_and(both_tables) {
                found.clear();
            }
            found.push((layer, value));
        }
        (!found.is_empty()).then_some(Self(found))
    }
}

/// The names of all the tables of the layers, sorted.
pub(super) fn top_keys(layers: &[Layer]) -> Vec<&str> {
    sorted(layers.iter().map(|layer| &layer.values))
}

fn sorted<'a>(tables: impl Iterator<Item = &'a Dict>) -> Vec<&'a str> {
    let keys: BTreeSet<&str> = tables.flat_map(Dict::keys).map(String::as_str).collect();
    keys.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layer::Origin;

    fn layers(texts: &[&str]) -> Vec<Layer> {
        let layer = |text: &&str| Layer::parse(Origin::Builtin, (*text).to_owned()).unwrap();
        texts.iter().map(layer).collect()
    }

    #[test]
    fn tables_add_up_and_other_values_replace() {
        let layers = layers(&[
            "[t]\na = 1\nb = 1\n[t.c]\nd = 1",
            "[t]\nb = 2\n[t.c]\ne = 2",
        ]);
        let table = Layered::find(&layers, &["t"]).unwrap();
        assert_eq!(table.keys(), ["a", "b", "c"]);
        assert_eq!(table.get("c").unwrap().keys(), ["d", "e"]);
        let layer = |path: &[&str]| Layered::find(&layers, path).unwrap().layer();
        assert_eq!((layer(&["t", "a"]), layer(&["t", "b"])), (Some(0), Some(1)));
        assert_eq!(layer(&["t", "c"]), Some(1));
        let value = table.value();
        assert_eq!(value.find_ref("b"), Some(&Value::from(2)));
        assert_eq!(value.find_ref("c.d"), Some(&Value::from(1)));
        assert!(Layered::find(&layers, &["t", "a", "x"]).is_none());
    }

    #[test]
    fn a_table_and_another_value_do_not_add_up() {
        for texts in [
            ["[t.a]\nb = 1", "[t]\na = 2", "[t.a]\nc = 3"],
            ["[t]\na = 1", "[t.a]\nb = 2", "[t.a]\nc = 3"],
        ] {
            let layers = layers(&texts);
            let whole = Layered::find(&layers, &["t", "a"]).unwrap();
            let two = Layered::find(&layers[..2], &["t", "a"]).unwrap();
            assert_eq!(two.layer(), Some(1));
            assert_eq!(two.is_table(), texts[1].contains("b = 2"));
            assert_eq!(whole.keys().contains(&"b"), texts[1].contains("b = 2"));
            assert!(whole.keys().contains(&"c"));
        }
    }
}
