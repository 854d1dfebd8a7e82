//! Ids that changed: what names the old one finds nothing any more.
//!
//! In: the site, and the ids that its pages had. Out: a finding for each page that had another.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::rules::training::ID_CHANGED;
use crate::model::{Page, Site};
use crate::source::Span;
use crate::yaml::Node;

/// An id that a page had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OldId {
    /// The page's file, relative to the knowledge base.
    pub path: String,
    /// The id.
    pub id: String,
    /// The commit that left it so; the full hash.
    pub commit: String,
    /// When that landed, `YYYY-MM-DD`.
    pub day: String,
}

/// Whether others name a page by its id.
pub fn keeps_its_id(page: &Page) -> bool {
    page.parsed.front.id.is_some() || matches!(page.kind.as_str(), "path" | "module")
}

/// Findings about pages that had another id; `old` is sorted from the newest on. An id that another page
/// has now, or that the page remembers in `former_ids`, is still found.
pub fn check_changed_ids(site: &Site, old: &[OldId]) -> Vec<Diagnostic> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for page in &site.pages {
        let former = page.parsed.front.field("former_ids").map(Node::items).unwrap_or_default();
        let former = former.iter().filter_map(Node::text);
        let own = page.parsed.front.id.as_ref().map(|id| id.value.as_str());
        known.extend(former.chain(own).map(|id| id.trim().to_lowercase()));
    }
    let mut findings = Vec::new();
    for page in &site.pages {
        let path = page.parsed.file.path();
        let lost = old.iter().find(|old| old.path == path && !known.contains(&old.id.to_lowercase()));
        let Some(lost) = lost else { continue };
        let front = &page.parsed.front;
        let (place, now) = match &front.id {
            Some(id) => (id.span, format!("the id `{}` was", id.value)),
            None => (
                front.title.as_ref().map_or(Span::default(), |title| title.span),
                "this page had the id".into(),
            ),
        };
        let commit: String = lost.commit.chars().take(8).collect();
        let message = format!("{now} `{}` in commit {commit} of {}", lost.id, lost.day);
        findings.push(Diagnostic::new(&ID_CHANGED, message).at(&page.parsed.file, place, "").help(format!(
            "put it back, or add `former_ids: [{}]`, so that steps and completions still find the page",
            lost.id
        )));
    }
    findings
}
