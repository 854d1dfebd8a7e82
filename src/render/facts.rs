//! The facts box below a page's title, from its front matter.
//!
//! In: the typed fields of a page. Out: labelled values, links where a value leads somewhere. Which
//! fields a kind has is the config's table; four of a runbook's have a form of their own.

use super::Links;
use super::context::{Fact, FactValue};
use crate::config::kinds::FieldType;
use crate::model::names::PageNames;
use crate::model::outputs::owner_address;
use crate::model::tags::tag_slug;
use crate::model::{Output, Page, Site};
use crate::yaml::{Node, Value};

/// Fields that runbooks show first, in this order: key, label, form.
const RUNBOOK: &[(&str, &str, &str)] = &[
    ("severity", "Severity", "severity"),
    ("alerts", "Alerts", "alerts"),
    ("dashboards", "Look at", "text"),
    ("escalation", "Call", "text"),
];

/// The facts of a page, in the order of the table of kinds; its owners last.
pub(super) fn facts(site: &Site, names: &PageNames, links: &Links<'_>, page: &Page) -> Vec<Fact> {
    let fields = &page.parsed.front.fields;
    let find = |key: &str| fields.iter().find(|(name, _)| name.value == key).map(|(_, node)| node);
    let mut facts = Vec::new();
    for (key, label, form) in RUNBOOK {
        if let Some(node) = find(key) {
            let values = values(node);
            facts.push(Fact { label: (*label).to_owned(), form, values });
        }
    }
    let known = site.config.kinds.find(&page.kind).map(|kind| kind.fields.as_slice()).unwrap_or_default();
    for field in known.iter().filter(|field| RUNBOOK.iter().all(|(key, ..)| *key != field.name)) {
        if !is_plain(&field.kind) || has_own_form(&page.kind, &field.name) {
            continue;
        }
        let Some(node) = find(&field.name) else { continue };
        let mut values = values(node);
        if leads_to_page(&field.kind) {
            for value in &mut values {
                if let Some(target) = names.find(&value.text, Some(page)) {
                    let target = &site.pages[target];
                    value.url = Some(links.to(&target.url));
                    value.text.clone_from(&target.title);
                }
            }
        }
        facts.push(Fact { label: readable(&field.name), form: "text", values });
    }
    if !page.owners.is_empty() {
        let values = owners(site, links, page);
        let label = if page.owners.len() == 1 { "Owner" } else { "Owners" };
        facts.push(Fact { label: label.to_owned(), form: "owners", values });
    }
    facts.retain(|fact| !fact.values.is_empty());
    facts
}

/// The owners of a page, with links to what else is theirs.
pub(super) fn owners(site: &Site, links: &Links<'_>, page: &Page) -> Vec<FactValue> {
    let value = |owner: &String| {
        let text = site.owners.get(owner).map_or(owner, |known| &known.name).clone();
        FactValue::new(text, owner_url(site, links, owner))
    };
    page.owners.iter().map(value).collect()
}

/// The address of an owner's pages, unless an author's page stands there.
pub(super) fn owner_url(site: &Site, links: &Links<'_>, owner: &str) -> Option<String> {
    let slug = tag_slug(owner);
    let id = site.owned.binary_search_by(|known| known.slug.cmp(&slug)).ok()?;
    let url = owner_address(&site.owned[id]);
    (site.outputs.get(&url) == Some(&Output::Owner(id))).then(|| links.to(&url))
}

/// Fields of training and jobs that their pages show in a form of their own.
fn has_own_form(kind: &str, field: &str) -> bool {
    match kind {
        "module" => matches!(field, "needs" | "teaches" | "level" | "duration" | "uses" | "optional"),
        "path" => matches!(field, "roles" | "outcome" | "refresh_every"),
        "job" => matches!(field, "requires" | "levels"),
        "opening" => true,
        _ => false,
    }
}

fn is_plain(kind: &FieldType) -> bool {
    match kind {
        FieldType::Any | FieldType::Group => false,
        FieldType::List(inner) => is_plain(inner),
        _ => true,
    }
}

fn leads_to_page(kind: &FieldType) -> bool {
    match kind {
        FieldType::Page(_) => true,
        FieldType::List(inner) => leads_to_page(inner),
        _ => false,
    }
}

/// The values of a field: a text, a list, a map of names to addresses, or a list of such.
fn values(node: &Node) -> Vec<FactValue> {
    match &node.value {
        Value::Null => Vec::new(),
        Value::Text { text, .. } => vec![value(text)],
        Value::List(list) => list.iter().flat_map(flat).collect(),
        Value::Map(_) => flat(node),
    }
}

/// The values of one entry; lists inside lists are not shown.
fn flat(node: &Node) -> Vec<FactValue> {
    match &node.value {
        Value::Text { text, .. } => vec![value(text)],
        Value::Map(map) => {
            let text =
                |key: &str| map.iter().find(|(name, _)| name.value == key).and_then(|(_, node)| node.text());
            if let (Some(name), Some(url)) = (text("title").or_else(|| text("name")), text("url")) {
                return vec![named(name, url)];
            }
            map.iter().filter_map(|(name, node)| Some(named(&name.value, node.text()?))).collect()
        }
        Value::Null | Value::List(_) => Vec::new(),
    }
}

fn named(name: &str, said: &str) -> FactValue {
    if is_web(said) {
        FactValue::new(name, Some(said.to_owned()))
    } else {
        FactValue::new(format!("{name}: {said}"), None)
    }
}

/// A text; an address of the web is a link that shows its host and path.
fn value(text: &str) -> FactValue {
    if is_web(text) {
        let shown = text.split_once("://").map_or(text, |(_, rest)| rest);
        let shown = shown.split(['?', '#']).next().unwrap_or(shown).trim_end_matches('/');
        return FactValue::new(shown, Some(text.to_owned()));
    }
    FactValue::new(text, None)
}

fn is_web(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

/// A key for people: `reports_to` is `Reports to`.
fn readable(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
