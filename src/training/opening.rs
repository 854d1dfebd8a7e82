//! What the front matter of an opening says, typed.
//!
//! In: the page. Out: an [`Opening`], every value with its place. Not here: whether the values mean
//! anything (`check`), and how they are shown and written for search engines (`render`).

use crate::model::Page;
use crate::source::{Span, Spanned};
use crate::yaml::{Node, Value};

/// An opening.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// `date_posted`.
    pub posted: Option<Spanned<String>>,
    /// `valid_through`: the last day.
    pub until: Option<Spanned<String>>,
    /// `employment_type`.
    pub employment: Vec<Spanned<String>>,
    /// `location`: the work is done from home.
    pub remote: bool,
    /// `location`: where one may live who works from home.
    pub countries: Vec<Spanned<String>>,
    /// `location`: places of work.
    pub places: Vec<Place>,
    /// `salary`.
    pub salary: Option<Salary>,
    /// `organization`.
    pub employer: Option<Employer>,
    /// Keys in groups that mean nothing, with the name of the group.
    pub unknown: Vec<(&'static str, Spanned<String>)>,
}

/// A place of work.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Street and number.
    pub street: Option<String>,
    /// Town.
    pub locality: Option<String>,
    /// State or province.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country, two letters.
    pub country: Option<Spanned<String>>,
    /// Where it is written.
    pub span: Span,
}

/// A salary.
#[derive(Clone, Debug, Default)]
pub struct Salary {
    /// Three letters.
    pub currency: Option<Spanned<String>>,
    /// The least.
    pub min: Option<Spanned<String>>,
    /// The most.
    pub max: Option<Spanned<String>>,
    /// For which time.
    pub unit: Option<Spanned<String>>,
    /// Where it is written.
    pub span: Span,
}

/// Who hires.
#[derive(Clone, Debug, Default)]
pub struct Employer {
    /// Its name.
    pub name: String,
    /// Address of its site.
    pub url: Option<Spanned<String>>,
    /// Its logo.
    pub logo: Option<String>,
}

/// Keys of the groups, by group.
pub const KEYS: &[(&str, &[&str])] = &[
    ("location", &["remote", "countries", "street", "locality", "region", "postal_code", "country"]),
    ("salary", &["currency", "min", "max", "unit"]),
    ("organization", &["name", "url", "logo"]),
];

impl Opening {
    /// Reads the page of an opening.
    pub fn of(page: &Page) -> Self {
        let field = |key: &str| page.parsed.front.field(key);
        let mut opening = Self {
            posted: field("date_posted").and_then(text),
            until: field("valid_through").and_then(text),
            employment: field("employment_type").map(texts).unwrap_or_default(),
            ..Self::default()
        };
        for item in field("location").map(Node::items).unwrap_or_default() {
            opening.add_location(item);
        }
        if let Some(node) = field("salary") {
            opening.note_unknown("salary", node);
            let value = |key: &str| node.get(key).and_then(text);
            opening.salary = Some(Salary {
                currency: value("currency"),
                min: value("min"),
                max: value("max"),
                unit: value("unit"),
                span: node.span,
            });
        }
        if let Some(node) = field("organization") {
            opening.note_unknown("organization", node);
            let name = text(node).or_else(|| node.get("name").and_then(text));
            opening.employer = name.map(|name| Employer {
                name: name.value,
                url: node.get("url").and_then(text),
                logo: node.get("logo").and_then(text).map(|logo| logo.value),
            });
        }
        opening
    }

    /// Whether one can still apply on a day, `YYYY-MM-DD`.
    pub fn is_open(&self, today: &str) -> bool {
        self.until.as_ref().is_none_or(|until| until.value.as_str() >= today)
    }

    /// What search engines require beside a title and a description, as the front matter calls it.
    pub fn lacks(&self) -> Vec<&'static str> {
        let has_place = if self.remote {
            !self.countries.is_empty()
        } else {
            self.places.iter().any(|place| place.country.is_some() && place.locality.is_some())
        };
        let known = [
            ("date_posted", self.posted.is_some()),
            ("organization", self.employer.is_some()),
            ("location", has_place),
        ];
        known.into_iter().filter(|(_, known)| !known).map(|(name, _)| name).collect()
    }

    /// One entry of `location`: a town, or a group of keys.
    fn add_location(&mut self, node: &Node) {
        if let Some(town) = text(node) {
            let remote = ["remote", "telecommute", "anywhere"].contains(&town.value.to_lowercase().as_str());
            if remote {
                self.remote = true;
            } else {
                self.places.push(Place { locality: Some(town.value), span: node.span, ..Place::default() });
            }
            return;
        }
        self.note_unknown("location", node);
        self.remote |= node.get("remote").and_then(Node::text) == Some("true");
        self.countries.extend(node.get("countries").map(texts).unwrap_or_default());
        let value = |key: &str| node.get(key).and_then(text).map(|value| value.value);
        let place = Place {
            street: value("street"),
            locality: value("locality"),
            region: value("region"),
            postal_code: value("postal_code"),
            country: node.get("country").and_then(text),
            span: node.span,
        };
        if place.country.is_some() || place.locality.is_some() {
            self.places.push(place);
        }
    }

    fn note_unknown(&mut self, group: &'static str, node: &Node) {
        let keys = KEYS.iter().find(|(name, _)| *name == group).map(|(_, keys)| *keys).unwrap_or_default();
        let unknown =
            node.entries().iter().map(|(key, _)| key).filter(|key| !keys.contains(&key.value.as_str()));
        self.unknown.extend(unknown.map(|key| (group, key.clone())));
    }
}

fn text(node: &Node) -> Option<Spanned<String>> {
    let text = node.text().map(str::trim).filter(|text| !text.is_empty())?;
    Some(Spanned { value: text.to_owned(), span: node.span })
}

fn texts(node: &Node) -> Vec<Spanned<String>> {
    match node.value {
        Value::Map(_) => Vec::new(),
        _ => node.items().iter().filter_map(text).collect(),
    }
}
