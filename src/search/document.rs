//! A page as search sees it.
//!
//! In: the [`Site`]. Out: one [`Document`] a page, and the hash of all that they are made of.

use serde::{Deserialize, Serialize};

use crate::model::tags::tag_slug;
use crate::model::{Page, Site};
use crate::parse::text;
use crate::source::Spanned;
use crate::yaml::{Node, Value};

/// A page as search sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Path of the file, relative to the knowledge base. Documents are numbered in its order.
    pub path: String,
    /// Address from the root of the site.
    pub url: String,
    /// Title of the page.
    pub title: String,
    /// Name of the kind.
    pub kind: String,
    /// Names and slugs of its tags.
    pub tags: Vec<String>,
    /// Other names of its tags, from the config; `tag:` finds it by them.
    pub tag_synonyms: Vec<String>,
    /// Who owns it.
    pub owners: Vec<String>,
    /// What its owners are called in `owners.yaml`, in their order; `owner:` finds it by both.
    pub owner_names: Vec<String>,
    /// What its front matter says it is about: `description`.
    pub description: String,
    /// The alerts that its front matter says it answers: `alerts`.
    pub alerts: Vec<String>,
    /// Distinct texts of the links to it, sorted.
    pub link_texts: Vec<String>,
    /// What it says, in order.
    pub sections: Vec<Section>,
}

/// The text under one heading of a page, or before the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Section {
    /// Text of the heading; empty before the first.
    pub heading: String,
    /// Its id; empty before the first.
    pub id: String,
    /// Text, blocks separated by `\n`.
    pub text: String,
}

impl Document {
    /// The document of a page.
    pub fn of(site: &Site, page: &Page) -> Self {
        let front = &page.parsed.front;
        let mut link_texts: Vec<String> =
            page.backlinks.iter().flat_map(|link| &link.texts).map(|text| text.trim().to_owned()).collect();
        link_texts.sort_unstable();
        link_texts.dedup();
        let tags = page.tags.iter().filter_map(|tag| site.tags.get(*tag));
        Self {
            path: page.parsed.file.path().to_owned(),
            url: page.url.clone(),
            title: page.title.clone(),
            kind: page.kind.clone(),
            tags: tags.flat_map(|tag| [tag.slug.clone(), tag.name.clone()]).collect(),
            tag_synonyms: tag_synonyms(site, page),
            owners: page.owners.clone(),
            owner_names: owner_names(site, page),
            description: front.description.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
            alerts: alerts(front.fields.iter().chain(&front.extra)),
            link_texts,
            sections: sections(page),
        }
    }
}

/// What the config calls a page's tags besides their names.
fn tag_synonyms(site: &Site, page: &Page) -> Vec<String> {
    let tags: Vec<&str> =
        page.tags.iter().filter_map(|tag| site.tags.get(*tag)).map(|tag| tag.slug.as_str()).collect();
    let synonyms = site.config.tag_synonyms.iter();
    synonyms.filter(|(_, to)| tags.contains(&tag_slug(to).as_str())).map(|(from, _)| from.clone()).collect()
}

/// What `owners.yaml` calls a page's owners, where that is not their key.
fn owner_names(site: &Site, page: &Page) -> Vec<String> {
    let named = page.owners.iter().filter_map(|owner| site.owners.get(owner).map(|known| (owner, known)));
    named.filter(|(key, known)| **key != known.name).map(|(_, known)| known.name.clone()).collect()
}

fn sections(page: &Page) -> Vec<Section> {
    let texts = text::sections(&page.parsed);
    let named = texts.into_iter().map(|section| {
        let heading = section.heading.and_then(|index| page.parsed.headings.get(index));
        Section {
            heading: heading.map(|heading| heading.text.clone()).unwrap_or_default(),
            id: heading.map(|heading| heading.id.clone()).unwrap_or_default(),
            text: section.text,
        }
    });
    named.collect()
}

/// Names under the key `alerts`: texts, or mappings with a `name`.
fn alerts<'a>(fields: impl Iterator<Item = &'a (Spanned<String>, Node)>) -> Vec<String> {
    let mut names = Vec::new();
    for (_, node) in fields.filter(|(key, _)| key.value == "alerts") {
        let nodes =
            if let Value::List(nodes) = &node.value { nodes.as_slice() } else { std::slice::from_ref(node) };
        for node in nodes {
            match &node.value {
                Value::Text { text, .. } => names.push(text.clone()),
                Value::Map(entries) => {
                    let called = entries.iter().filter(|(key, _)| matches!(&*key.value, "name" | "alert"));
                    names.extend(called.filter_map(|(_, value)| match &value.value {
                        Value::Text { text, .. } => Some(text.clone()),
                        _ => None,
                    }));
                }
                Value::Null | Value::List(_) => {}
            }
        }
    }
    names
}

/// The hash of everything that a site's index is made of. Two sites with the same hash have the
/// same index, so it is cheap on purpose: files as read, not texts as extracted from them.
pub fn content_hash(site: &Site) -> [u8; 32] {
    let mut hash = Hash(blake3::Hasher::new());
    hash.text(env!("CARGO_PKG_VERSION"));
    hash.text(&site.config.language);
    hash.count(site.pages.len());
    for page in &site.pages {
        let parsed = &page.parsed;
        for text in [parsed.file.path(), parsed.file.text(), &page.url, &page.title, &page.kind] {
            hash.text(text);
        }
        hash.count(page.tags.len());
        for tag in page.tags.iter().filter_map(|tag| site.tags.get(*tag)) {
            hash.text(&tag.slug);
            hash.text(&tag.name);
        }
        for list in [&page.owners, &owner_names(site, page), &tag_synonyms(site, page)] {
            hash.count(list.len());
            for text in list {
                hash.text(text);
            }
        }
        hash.count(parsed.headings.len());
        for heading in &parsed.headings {
            hash.text(&heading.id);
            hash.text(&heading.text);
        }
        hash.count(page.backlinks.len());
        for backlink in &page.backlinks {
            hash.count(backlink.texts.len());
            backlink.texts.iter().for_each(|text| hash.text(text));
        }
    }
    *hash.0.finalize().as_bytes()
}

/// Lengths are hashed too, so that `ab` + `c` is not `a` + `bc`.
struct Hash(blake3::Hasher);

impl Hash {
    fn count(&mut self, count: usize) {
        self.0.update(&(count as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text.as_bytes());
    }
}
