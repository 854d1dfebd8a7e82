//! Members of JSON records, as leniently as ticket systems write them.
//!
//! A number where a text is meant, an object that stands for its name, a list that is `null`: none of
//! these costs a record.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text, a number as a text, or nothing. Of an object, the member that names what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text<'a>(pub Option<Cow<'a, str>>);

/// The same, but of an object the member that identifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Key<'a>(pub Option<Cow<'a, str>>);

/// Texts; `null` is none, one alone is a list of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts<'a>(pub Vec<Cow<'a, str>>);

/// Whether something stands there that is neither `null` nor `false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Given(pub bool);

const NAMES: &[&str] = &["display_value", "score", "summary", "username", "login", "name", "value", "id"];
const KEYS: &[&str] = &["id", "accountId", "key", "value", "display_value", "name"];

impl<'a> Text<'a> {
    /// The text, unless it is empty.
    pub fn get(self) -> Option<Cow<'a, str>> {
        self.0.filter(|text| !text.trim().is_empty())
    }

    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default().trim()
    }
}

impl<'a> Key<'a> {
    pub fn get(self) -> Option<Cow<'a, str>> {
        self.0.filter(|text| !text.trim().is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(One { members: NAMES, life: PhantomData }).map(Self)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(One { members: KEYS, life: PhantomData }).map(Self)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Texts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Many(PhantomData)).map(Self)
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any).map(Self)
    }
}

/// Reads one text.
struct One<'a> {
    /// Members of an object that may stand for it, the best first.
    members: &'static [&'static str],
    life: PhantomData<&'a ()>,
}

macro_rules! scalars {
    ($de:lifetime, $wrap:expr) => {
        fn visit_borrowed_str<E>(self, text: &$de str) -> Result<Self::Value, E> {
            Ok($wrap(Cow::Borrowed(text)))
        }
        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok($wrap(Cow::Owned(text.to_owned())))
        }
        fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
            Ok($wrap(Cow::Owned(number.to_string())))
        }
        fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
            Ok($wrap(Cow::Owned(number.to_string())))
        }
        fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
            Ok($wrap(Cow::Owned(number.to_string())))
        }
        fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
            Ok($wrap(Cow::Owned(value.to_string())))
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

impl<'de: 'a, 'a> Visitor<'de> for One<'a> {
    type Value = Option<Cow<'a, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    scalars!('de, Some);

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut best = (usize::MAX, None);
        while let Some(member) = object.next_key::<Cow<'de, str>>()? {
            let rank = self.members.iter().position(|known| *known == member);
            match rank.filter(|rank| *rank < best.0) {
                Some(rank) => {
                    let text: Scalar<'a> = object.next_value()?;
                    if text.0.is_some() {
                        best = (rank, text.0);
                    }
                }
                None => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(best.1)
    }
}

/// A text or a number; objects and lists are nothing.
struct Scalar<'a>(Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(One { members: &[], life: PhantomData }).map(Self)
    }
}

struct Many<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for Many<'a> {
    type Value = Vec<Cow<'a, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    scalars!('de, |text| vec![text]);

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element::<Text<'a>>()? {
            texts.extend(text.get());
        }
        Ok(texts)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        let one = One { members: NAMES, life: PhantomData }.visit_map(object)?;
        Ok(one.into_iter().collect())
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
        Ok(value)
    }
    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(true)
    }
    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(true)
    }
    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(true)
    }
    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(true)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(true)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(true)
    }
}
