//! What pages stand on: steps of paths, `uses`, links.
//!
//! In: the site. Out: the [`Graph`], edges sorted, and steps that lead nowhere. Nothing includes one
//! page into another, so there is no such edge.

use std::collections::BTreeSet;

use super::names::PageNames;
use super::{PageId, Site, Target};
use crate::source::Spanned;
use crate::yaml::{Node, Value};

/// How one page stands on another, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// A step of a path.
    Step,
    /// `uses`.
    Uses,
    /// A link in its text.
    Link,
}

/// What pages stand on.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// By page: the pages it stands on, each once by its strongest edge, sorted by page.
    pub edges: Vec<Vec<(PageId, EdgeKind)>>,
    /// By page: steps as written that name no page.
    pub missing_steps: Vec<Vec<Spanned<String>>>,
}

impl Graph {
    /// The graph of a site.
    pub fn of(site: &Site, names: &PageNames) -> Self {
        let mut graph = Self::default();
        for (id, page) in site.pages.iter().enumerate() {
            let mut edges: BTreeSet<(PageId, EdgeKind)> = BTreeSet::new();
            let mut missing = Vec::new();
            for step in steps(page.parsed.front.field("steps").filter(|_| page.kind == "path")) {
                match names.find(&step.value, Some(page)) {
                    Some(to) => drop(edges.insert((to, EdgeKind::Step))),
                    None => missing.push(step),
                }
            }
            let uses = page.parsed.front.field("uses").map(Node::items).unwrap_or_default();
            let uses = uses.iter().filter_map(|node| names.find(node.text()?.trim(), Some(page)));
            edges.extend(uses.map(|to| (to, EdgeKind::Uses)));
            let links = page.links.iter().filter_map(|target| match target {
                Target::Page { page, .. } => Some((*page, EdgeKind::Link)),
                _ => None,
            });
            edges.extend(links);
            let mut edges: Vec<_> = edges.into_iter().filter(|(to, _)| *to != id).collect();
            edges.dedup_by_key(|(to, _)| *to);
            graph.edges.push(edges);
            graph.missing_steps.push(missing);
        }
        graph
    }
}

/// The pages that steps name: plain texts, `use`, `runbook`, `module`, `page`, and each of `of`.
fn steps(node: Option<&Node>) -> Vec<Spanned<String>> {
    let mut steps = Vec::new();
    let mut add = |node: &Node| {
        if let Some(text) = node.text().map(str::trim).filter(|text| !text.is_empty()) {
            steps.push(Spanned { value: text.to_owned(), span: node.span });
        }
    };
    for item in node.map(Node::items).unwrap_or_default() {
        if let Value::Map(entries) = &item.value {
            for (key, value) in entries {
                if matches!(key.value.as_str(), "use" | "runbook" | "module" | "page" | "of") {
                    value.items().iter().for_each(&mut add);
                }
            }
        } else {
            add(item);
        }
    }
    steps
}
